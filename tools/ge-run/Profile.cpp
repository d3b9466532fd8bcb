//===- Profile.cpp - where the time of an execution goes ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Profile.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>

namespace gemlir::run {

using runtime::LaunchProfile;
using Json = nlohmann::ordered_json;

void KernelProfile::add(const sim::Result &result) {
  cycles += result.cycles;
  bytesRead += result.bytesRead;
  bytesWritten += result.bytesWritten;
  cacheHits += result.cacheHits;
  cacheMisses += result.cacheMisses;
  cores = std::max(cores, result.cores.size());
  bool onCubes = false, onVectors = false;
  for (const sim::CoreStatistics &core : result.cores) {
    total += core;
    onCubes |= core.kind == 0 || core.kind == 2;
    onVectors |= core.kind == 1 || core.kind == 2;
  }
  cubeCoreCycles += onCubes ? result.cycles * result.cubeCores : 0;
  vectorCoreCycles += onVectors ? result.cycles * result.vectorCores : 0;
}

static bool hasCycles(const std::vector<KernelProfile> &kernels) {
  return std::any_of(kernels.begin(), kernels.end(), [](const KernelProfile &kernel) { return kernel.cycles != 0; });
}

std::vector<KernelProfile> summarize(const std::vector<LaunchProfile> &launches) {
  // Launches of one execution come in the same order each time; a kernel and its
  // origin name one of them.
  std::map<std::pair<std::string, std::string>, KernelProfile> kernels;
  for (const LaunchProfile &launch : launches) {
    KernelProfile &kernel = kernels[{launch.kernel, launch.origin}];
    kernel.kernel = launch.kernel;
    kernel.origin = launch.origin;
    kernel.unit = launch.unit;
    kernel.tiles = launch.tiles;
    kernel.nanoseconds += launch.nanoseconds;
    ++kernel.launches;
    if (launch.result)
      kernel.add(*launch.result);
  }
  std::vector<KernelProfile> rows;
  for (auto &entry : kernels)
    rows.push_back(std::move(entry.second));
  const bool byCycles = hasCycles(rows);
  std::stable_sort(rows.begin(), rows.end(), [&](const KernelProfile &a, const KernelProfile &b) {
    return byCycles ? a.cycles > b.cycles : a.nanoseconds > b.nanoseconds;
  });
  return rows;
}

static double percent(uint64_t part, uint64_t whole) { return whole ? 100.0 * double(part) / double(whole) : 0; }

/// "734", "12.3K", "1.25G".
static std::string toShort(uint64_t count) {
  char text[32];
  double value = double(count);
  const char *unit = "";
  for (const char *next : {"K", "M", "G", "T"}) {
    if (value < 1000)
      break;
    value /= 1000;
    unit = next;
  }
  std::snprintf(text, sizeof(text),
                *unit && value < 10    ? "%.2f%s"
                : *unit && value < 100 ? "%.1f%s"
                                       : "%.0f%s",
                value, unit);
  return text;
}

/// "12.5", or a dot for nothing.
static std::string toShare(uint64_t part, uint64_t whole) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", percent(part, whole));
  return part ? text : ".";
}

/// The most expensive kernels, which take nearly all cycles.
static std::vector<const KernelProfile *> chooseKernels(const std::vector<KernelProfile> &kernels) {
  constexpr double kNearlyAll = 0.95;
  uint64_t total = 0, sum = 0;
  for (const KernelProfile &kernel : kernels)
    total += kernel.cycles;
  std::vector<const KernelProfile *> chosen;
  for (const KernelProfile &kernel : kernels) {
    if (double(sum) >= kNearlyAll * double(total))
      break;
    sum += kernel.cycles;
    if (kernel.total.commands)
      chosen.push_back(&kernel);
  }
  return chosen;
}

/// Paths that any of the kernels uses.
static std::vector<std::pair<unsigned, unsigned>> getPaths(const sim::CoreStatistics &total) {
  std::vector<std::pair<unsigned, unsigned>> paths;
  for (unsigned from = 0; from < sim::CoreStatistics::kSpaces; ++from)
    for (unsigned to = 0; to < sim::CoreStatistics::kSpaces; ++to)
      if (total.moved[from][to])
        paths.push_back({from, to});
  return paths;
}

static std::string nameOfPath(std::pair<unsigned, unsigned> path) {
  return std::string(engine::kSpaceNames[path.first]) + "-" + engine::kSpaceNames[path.second];
}

static void printPaths(const std::vector<const KernelProfile *> &kernels, size_t executions) {
  sim::CoreStatistics all;
  for (const KernelProfile *kernel : kernels)
    all += kernel->total;
  const auto paths = getPaths(all);
  std::printf("\nbytes by path\n");
  for (const auto &path : paths)
    std::printf("%9s", nameOfPath(path).c_str());
  std::printf("%9s  kernel\n", "L2 hit%");
  for (const KernelProfile *k : kernels) {
    for (const auto &[from, to] : paths)
      std::printf("%9s", k->total.moved[from][to] ? toShort(k->total.moved[from][to] / executions).c_str() : ".");
    std::printf("%9s  %s\n", toShare(k->cacheHits, k->cacheHits + k->cacheMisses).c_str(), k->kernel.c_str());
  }
}

/// Whose flags a queue waits for, the longest wait first.
static std::string describeFlags(const KernelProfile &k, unsigned queue) {
  const uint64_t whole = k.total.cycles;
  std::vector<std::pair<uint64_t, unsigned>> from;
  for (unsigned other = 0; other < engine::kQueues; ++other)
    if (other != queue && k.total.flagsFrom[queue][other] * 1000 >= whole)
      from.push_back({k.total.flagsFrom[queue][other], other});
  std::sort(from.rbegin(), from.rend());
  std::string text;
  for (const auto &[cycles, other] : from)
    text += (text.empty() ? "" : ", ") + std::string(engine::kQueueNames[other]) + " " + toShare(cycles, whole);
  return text;
}

static void printStalls(const std::vector<const KernelProfile *> &kernels) {
  std::printf("\npercent of the cores' cycles in which a queue is busy (shared: of these, what sharing the cache and\n"
              "memory costs), empty, or waits: for flags, other cores, results; S for full queues, barriers, launches\n"
              "%6s%7s%7s%7s%7s%7s%7s%7s%8s%7s  flags of\n",
              "queue", "busy", "shared", "empty", "flag", "cores", "result", "full", "barrier", "launch");
  for (const KernelProfile *k : kernels) {
    std::printf("%s: %s\n", k->kernel.c_str(), k->origin.c_str());
    const sim::CoreStatistics &c = k->total;
    for (unsigned q = 0; q < engine::kQueues; ++q) {
      if (!c.busy[q])
        continue;
      std::printf("%6s%7s%7s", engine::kQueueNames[q], toShare(c.busy[q], c.cycles).c_str(),
                  toShare(c.shared[q], c.cycles).c_str());
      for (unsigned cause = 0; cause < sim::kStalls; ++cause)
        std::printf("%*s", sim::Stall(cause) == sim::Stall::Barrier ? 8 : 7,
                    toShare(c.stalls[q][cause], c.cycles).c_str());
      const std::string flags = describeFlags(*k, q);
      std::printf("%s%s\n", flags.empty() ? "" : "  ", flags.c_str());
    }
  }
}

static void printCycles(const std::vector<KernelProfile> &kernels, size_t executions) {
  uint64_t total = 0;
  for (const KernelProfile &kernel : kernels)
    total += kernel.cycles;
  std::printf("%12s %6s %8s %6s %6s %6s %6s %9s %9s  %s\n", "cycles", "%", "launches", "unit", "cores", "cube%", "vec%",
              "read", "written", "kernel: origin");
  for (const KernelProfile &k : kernels)
    std::printf("%12" PRIu64 " %6.2f %8zu %6s %6zu %6s %6s %9s %9s  %s: %s\n", k.cycles / executions,
                percent(k.cycles, total), k.launches / executions, k.unit.c_str(), k.cores,
                toShare(uint64_t(k.total.cubeCycles), k.cubeCoreCycles).c_str(),
                toShare(k.total.busy[unsigned(engine::Queue::V)], k.vectorCoreCycles).c_str(),
                toShort(k.bytesRead / executions).c_str(), toShort(k.bytesWritten / executions).c_str(),
                k.kernel.c_str(), k.origin.c_str());
  const std::vector<const KernelProfile *> chosen = chooseKernels(kernels);
  if (chosen.empty())
    return;
  printPaths(chosen, executions);
  printStalls(chosen);
}

void print(const std::vector<KernelProfile> &kernels, size_t executions) {
  if (hasCycles(kernels))
    return printCycles(kernels, executions);
  int64_t total = 0;
  for (const KernelProfile &kernel : kernels)
    total += kernel.nanoseconds;
  std::printf("%10s %6s %8s %6s  %s\n", "us", "%", "launches", "tiles", "kernel: origin");
  for (const KernelProfile &k : kernels)
    std::printf("%10.2f %6.2f %8zu %6lld  %s: %s\n", double(k.nanoseconds) / 1e3 / double(executions),
                percent(uint64_t(k.nanoseconds), uint64_t(total)), k.launches / executions, (long long)k.tiles,
                k.kernel.c_str(), k.origin.c_str());
}

Json toJson(const sim::CoreStatistics &c, size_t executions) {
  Json queues = Json::object(), paths = Json::object();
  for (unsigned q = 0; q < engine::kQueues; ++q) {
    if (!c.busy[q])
      continue;
    Json queue = {{"busy", c.busy[q] / executions}, {"shared", c.shared[q] / executions}};
    for (unsigned cause = 0; cause < sim::kStalls; ++cause)
      if (c.stalls[q][cause])
        queue[sim::kStallNames[cause]] = c.stalls[q][cause] / executions;
    for (unsigned from = 0; from < engine::kQueues; ++from)
      if (c.flagsFrom[q][from])
        queue["flags_of"][engine::kQueueNames[from]] = c.flagsFrom[q][from] / executions;
    queues[engine::kQueueNames[q]] = std::move(queue);
  }
  for (const auto &path : getPaths(c))
    paths[nameOfPath(path)] = c.moved[path.first][path.second] / executions;
  return {{"queues", std::move(queues)}, {"paths", std::move(paths)}};
}

Json toJson(const std::vector<KernelProfile> &kernels, size_t executions) {
  Json rows = Json::array();
  for (const KernelProfile &k : kernels) {
    Json row = {{"kernel", k.kernel},
                {"origin", k.origin},
                {"tiles", k.tiles},
                {"launches", k.launches / executions},
                {"microseconds", double(k.nanoseconds) / 1e3 / double(executions)}};
    if (k.unit != "host")
      row.update({{"unit", k.unit},
                  {"cycles", k.cycles / executions},
                  {"cores", k.cores},
                  {"cube_core_cycles", k.cubeCoreCycles / executions},
                  {"vector_core_cycles", k.vectorCoreCycles / executions},
                  {"instructions", k.total.instructions / executions},
                  {"commands", k.total.commands / executions},
                  {"core_cycles", k.total.cycles / executions},
                  {"cube_cycles", uint64_t(k.total.cubeCycles) / executions},
                  {"vector_cycles", k.total.busy[unsigned(engine::Queue::V)] / executions},
                  {"bytes_read", k.bytesRead / executions},
                  {"bytes_written", k.bytesWritten / executions},
                  {"cache_hits", k.cacheHits / executions},
                  {"cache_misses", k.cacheMisses / executions}});
    if (k.total.cycles)
      row.update(toJson(k.total, executions));
    rows.push_back(std::move(row));
  }
  return rows;
}

} // namespace gemlir::run
