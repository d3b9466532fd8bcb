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

static void add(KernelProfile &kernel, const sim::Result &result) {
  kernel.cycles += result.cycles;
  kernel.bytesRead += result.bytesRead;
  kernel.bytesWritten += result.bytesWritten;
  for (const sim::CoreStatistics &core : result.cores) {
    kernel.instructions += core.instructions;
    kernel.commands += core.commands;
    kernel.coreCycles += core.cycles;
    kernel.cubeCycles += core.cubeCycles;
    kernel.vectorCycles += core.busy[unsigned(engine::Queue::V)];
    for (uint64_t waiting : core.waiting)
      kernel.waitCycles += waiting;
  }
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
      add(kernel, *launch.result);
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

static void printCycles(const std::vector<KernelProfile> &kernels, size_t executions) {
  uint64_t total = 0;
  for (const KernelProfile &kernel : kernels)
    total += kernel.cycles;
  std::printf("%12s %6s %8s %6s %6s %6s %6s %10s %10s  %s\n", "cycles", "%", "launches", "unit", "cube%", "vec%",
              "wait%", "read", "written", "kernel: origin");
  for (const KernelProfile &k : kernels)
    std::printf("%12" PRIu64 " %6.2f %8zu %6s %6.1f %6.1f %6.1f %10" PRIu64 " %10" PRIu64 "  %s: %s\n",
                k.cycles / executions, percent(k.cycles, total), k.launches / executions, k.unit.c_str(),
                percent(k.cubeCycles, k.coreCycles), percent(k.vectorCycles, k.coreCycles),
                percent(k.waitCycles, k.coreCycles), k.bytesRead / executions, k.bytesWritten / executions,
                k.kernel.c_str(), k.origin.c_str());
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
                  {"instructions", k.instructions / executions},
                  {"commands", k.commands / executions},
                  {"core_cycles", k.coreCycles / executions},
                  {"cube_cycles", k.cubeCycles / executions},
                  {"vector_cycles", k.vectorCycles / executions},
                  {"wait_cycles", k.waitCycles / executions},
                  {"bytes_read", k.bytesRead / executions},
                  {"bytes_written", k.bytesWritten / executions}});
    rows.push_back(std::move(row));
  }
  return rows;
}

} // namespace gemlir::run
