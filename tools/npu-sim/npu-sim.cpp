//===- npu-sim.cpp - runs kernels on a simulated NPU ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"
#include "CommandLine.h"
#include "Profile.h"
#include "ge-mlir/Model/OM.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <thread>

using namespace gemlir;
using namespace gemlir::sim;

namespace {

const char *const kDefaultDevice = "Ascend910B1";

int fail(const std::string &text) {
  fprintf(stderr, "npu-sim: error: %s\n", text.c_str());
  return 1;
}

Error writeFile(const std::string &path, const void *data, size_t size) {
  return model::writeFileAtomically({{static_cast<const uint8_t *>(data), size}}, path);
}

void printNumbers(const KernelArgument &buffer, const std::string &text) {
  const NumberForm form = parseForm(text);
  for (size_t i = 0; i < form.count; ++i) {
    float value;
    int32_t word;
    memcpy(&value, &buffer.bytes[i * form.bytes], form.bytes);
    memcpy(&word, &buffer.bytes[i * form.bytes], form.bytes);
    if (form.type == "F32")
      printf("%s%g", i ? " " : "", double(value));
    else
      printf("%s%d", i ? " " : "", form.type == "S8" ? int(int8_t(buffer.bytes[i])) : word);
  }
  printf("\n");
}

nlohmann::ordered_json toJson(const Result &result) {
  nlohmann::ordered_json cores = nlohmann::ordered_json::array();
  for (const CoreStatistics &c : result.cores) {
    nlohmann::ordered_json core = {{"kind", c.kind},
                                   {"cycles", c.cycles},
                                   {"instructions", c.instructions},
                                   {"commands", c.commands},
                                   {"cube_cycles", uint64_t(c.cubeCycles)}};
    core.update(run::toJson(c, 1));
    cores.push_back(std::move(core));
  }
  return {{"cycles", result.cycles},        {"cube_use", result.cubeUse()},
          {"bytes_read", result.bytesRead}, {"bytes_written", result.bytesWritten},
          {"cache_hits", result.cacheHits}, {"cache_misses", result.cacheMisses},
          {"cores", std::move(cores)}};
}

Error runSweep(const CommandLine &c) {
  return sweep(
      {c.file, c.device.empty() ? kDefaultDevice : c.device, c.sweep, c.compileOptions, c.wanted.json, c.keep});
}

Error runModelFile(const CommandLine &c) {
  runtime::SimulationOptions simulation;
  simulation.functional = c.options.functional;
  simulation.timing = c.options.timing;
  simulation.races = c.options.races;
  simulation.trace = c.options.trace;
  return runModel(c.file, simulation, c.wanted);
}

Error writeFiles(const CommandLine &c, const Result &result, const Timeline &timeline) {
  auto write = [](const std::string &path, const std::string &text) {
    return path.empty() ? Error::success() : writeFile(path, text.data(), text.size());
  };
  for (const auto &[index, path] : c.outputs)
    if (Error error = writeFile(path, c.arguments[index].bytes.data(), c.arguments[index].bytes.size()))
      return error;
  if (!c.wanted.trace.empty())
    if (Error error = write(c.wanted.trace, result.traceJson()))
      return error;
  if (!c.wanted.timeline.empty())
    if (Error error = write(c.wanted.timeline, drawTimeline(timeline, c.wanted.view, isPage(c.wanted.timeline))))
      return error;
  return write(c.wanted.json, toJson(result).dump(2) + "\n");
}

Error report(const CommandLine &c, const KernelEntry &kernel, const Result &result, double seconds) {
  for (const std::string &line : result.printed)
    printf("%s\n", line.c_str());
  if (result.trap)
    return Error(ErrorCode::Execution, result.trap->message());
  uint64_t instructions = 0, coreCycles = 0, multiplyAdds = 0;
  for (const CoreStatistics &core : result.cores) {
    instructions += core.instructions;
    multiplyAdds += core.multiplyAdds;
    coreCycles += core.cycles;
  }
  printf("%zu cores, %" PRIu64 " instructions", result.cores.size(), instructions);
  if (c.options.timing) {
    printf(", %" PRIu64 " cycles", result.cycles);
    if (result.cubeUse() > 0)
      printf(", cube %.1f %%", 100 * result.cubeUse());
  }
  printf("\n");
  const std::string origin = std::to_string(kernel.blocks) + " blocks";
  if (c.profile) {
    run::KernelProfile profile;
    profile.kernel = kernel.name;
    profile.origin = origin;
    profile.unit = kernel.unit();
    profile.launches = 1;
    profile.add(result);
    run::print({profile}, 1);
  }
  if (c.wanted.speed)
    printf("%.1f million core-cycles, %.1f billion operations of cubes per second\n",
           double(coreCycles) / seconds / 1e6, 2 * double(multiplyAdds) / seconds / 1e9);
  for (const auto &[index, text] : c.prints)
    printNumbers(c.arguments[index], text);
  Timeline timeline;
  timeline.title = c.file;
  timeline.reserve(result);
  timeline.add(result, kernel.name, origin, kernel.unit());
  return writeFiles(c, result, timeline);
}

/// Threads take the next number each, until there is none.
void shareWork(unsigned threads, unsigned count, const std::function<void(unsigned)> &work) {
  std::atomic<unsigned> next{0};
  auto take = [&] {
    for (unsigned i = next++; i < count; i = next++)
      work(i);
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < std::min(threads, count); ++i)
    helpers.emplace_back(take);
  take();
  for (std::thread &helper : helpers)
    helper.join();
}

/// The kernel to run: of the table of a device binary, or of the symbols of another file.
Error findKernel(const CommandLine &c, const Image &image, KernelEntry &kernel) {
  const std::string file = "'" + c.file + "': ";
  if (image.kernels().empty()) {
    if (!c.kernel.empty())
      return Error(ErrorCode::InvalidArgument,
                   file + "found no table of kernels, expected one with '" + c.kernel + "'");
    kernel = {c.file.substr(c.file.rfind('/') + 1), image.find("cube_main"), image.find("vector_main")};
    return kernel.cube || kernel.vector
               ? Error::success()
               : Error(ErrorCode::InvalidArgument, file + "found neither cube_main nor vector_main");
  }
  const bool isOnly = c.kernel.empty() && image.kernels().size() == 1;
  std::string known;
  for (const KernelEntry &entry : image.kernels()) {
    known += " '" + entry.name + "'";
    if (!isOnly && entry.name != c.kernel)
      continue;
    kernel = entry;
    return entry.aicpu ? Error(ErrorCode::Unsupported,
                               file + "kernel '" + entry.name + "' is one for AICPUs, which only a model can launch")
                       : Error::success();
  }
  return Error(ErrorCode::InvalidArgument,
               file +
                   (c.kernel.empty() ? "found several kernels, expected --kernel=NAME with one of"
                                     : "found no kernel '" + c.kernel + "', expected one of") +
                   known);
}

Error findDevice(const CommandLine &c, const Image &image, device::Description &device) {
  std::string error;
  if (c.device.empty() && !image.target().empty()) {
    if (!device::fromJson(image.target(), device, error))
      return Error(ErrorCode::ModelFormat, "'" + c.file + "': section .npu.target: " + error);
  } else if (!device::lookup(c.device.empty() ? kDefaultDevice : c.device, device, error)) {
    return Error(ErrorCode::InvalidArgument, error);
  }
  if (device.kind != device::Kind::AICore)
    return Error(ErrorCode::InvalidArgument, "found device '" + device.name + "', expected an NPU");
  return Error::success();
}

Error runKernel(CommandLine &c) {
  std::vector<uint8_t> bytes;
  if (Error error = readFile(c.file, bytes))
    return error;
  Image image;
  std::string problem;
  if (!image.load(bytes.data(), bytes.size(), problem))
    return Error(ErrorCode::ModelFormat, "'" + c.file + "': " + problem);
  KernelEntry kernel;
  device::Description device;
  if (Error error = findKernel(c, image, kernel))
    return error;
  if (Error error = findDevice(c, image, device))
    return error;
  kernel.blocks = c.blocks ? c.blocks : std::max(1u, kernel.blocks);
  if (c.wanted.threads > 1)
    c.options.parallel = [threads = c.wanted.threads](unsigned count, const std::function<void(unsigned)> &work) {
      shareWork(threads, count, work);
    };
  Simulator simulator(device, c.options);
  simulator.load(image);
  Launch launch{kernel.cube, kernel.vector, kernel.blocks, {}};
  for (KernelArgument &argument : c.arguments)
    launch.arguments.push_back(argument.isNumber ? argument.number
                                                 : simulator.map(argument.bytes.data(), argument.bytes.size(), true));
  const auto start = std::chrono::steady_clock::now();
  const Result result = simulator.run(launch);
  return report(c, kernel, result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

Error describe(const CommandLine &c) {
  device::Description device;
  std::string problem;
  if (!device::lookup(c.device.empty() ? kDefaultDevice : c.device, device, problem))
    return Error(ErrorCode::InvalidArgument, problem);
  printf("%s", device::toJson(device).c_str());
  return Error::success();
}

Error perform(CommandLine &c) {
  switch (c.mode) {
  case CommandLine::Mode::Kernel: return runKernel(c);
  case CommandLine::Mode::Model: return runModelFile(c);
  case CommandLine::Mode::Sweep: return runSweep(c);
  case CommandLine::Mode::Describe: return describe(c);
  default: printf("%s", kUsage); return Error::success();
  }
}

} // namespace

int main(int argc, char **argv) {
  try {
    CommandLine command;
    if (Error error = parseCommandLine(argc, argv, command))
      return fail(error.text());
    if (command.mode == CommandLine::Mode::Calibrate)
      return calibrate();
    if (Error error = perform(command))
      return fail(error.text());
  } catch (const std::bad_alloc &) {
    return fail("no memory for the buffers");
  }
  return fflush(stdout) || ferror(stdout) ? fail(std::string("cannot write standard output: ") + strerror(errno)) : 0;
}
