//===- npu-sim.cpp - runs kernels on a simulated NPU ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"
#include "ModelRun.h"
#include "Profile.h"
#include "Sweep.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

using namespace gemlir;
using namespace gemlir::sim;

static const char *const kUsage =
    R"(usage: npu-sim KERNEL.elf|MODEL.om [options]
       npu-sim MODEL.onnx|MODEL.mlir --sweep=FIGURE=A:B,... [options]
       npu-sim --calibrate

Runs a kernel's cube core from the symbol cube_main, its vector cores from
vector_main. Options that give an argument are passed in their order. Or runs a
model, on the NPU that it was compiled for and with generated inputs, and prints a
table of its kernels; then the options are those from --timing on. Or compiles a
model's source, by the ge-compile beside this program, for the device and for each
combination of changed figures of it, and prints what they cost.

  --device=NAME       the NPU, a slice of it (Ascend910B1:4), or a JSON file
  --blocks=N          blocks of the launch
  --buffer=BYTES      an argument: a buffer of zeros
  --pattern=F16:N     an argument: a buffer of N numbers, -2 to 2 in quarters (F16, F32, S8, S32)
  --input=FILE        an argument: a buffer with the file's bytes
  --arg=N             an argument: a number
  --output=I:FILE     writes argument I, a buffer, to a file
  --print=I:F32:N     prints the first N numbers of argument I
  --timing            counts cycles
  --no-payload        only time passes: commands neither compute nor move
  --check-races       reports accesses without an order
  --threads=N         threads of the host; their number changes neither results nor cycles
  --trace=FILE        writes the time line as Chrome's JSON
  --timeline=FILE     draws the time line: a page (.html) or a picture (.svg)
  --window=A:B        of the picture: only these cycles
  --cores=N           of the picture: so many cores get a lane for each queue; 1
  --json=FILE         writes cycles, use, stalls and bytes by path, of each core or kernel
  --profile           prints them for a kernel, as for the kernels of a model
  --speed             prints how fast the simulator was
  --sweep=F=A:B,G=C   compiles for devices whose figures F are A or B, and G is C: memories
                      (ub=128K), paths (GM-L1=256), fields of a device (cube_cores=12)
  --keep=FOLDER       of --sweep: keeps the devices and models, 0.json and 0.om for the first row
  --compile-option=O  of --sweep: a further option of ge-compile
  --calibrate         prints published and simulated cycles
)";

namespace {

struct Buffer {
  std::vector<uint8_t> bytes;
  bool isNumber = false;
  uint64_t number = 0;
};

struct Settings {
  std::string kernel, device = "Ascend910B1";
  ModelReport wanted;
  std::vector<SweepParameter> sweep;
  std::vector<std::string> compileOptions;
  std::string keep;
  Options options;
  bool profile = false;
  Launch launch;
  std::vector<Buffer> arguments;
  std::vector<std::pair<size_t, std::string>> outputs, prints;
};

int fail(const std::string &text) {
  fprintf(stderr, "npu-sim: %s\n", text.c_str());
  return 1;
}

bool readFile(const std::string &path, std::vector<uint8_t> &bytes) {
  std::ifstream file(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return file.good() || (file.eof() && !bytes.empty());
}

bool writeFile(const std::string &path, const void *data, size_t size) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char *>(data), std::streamsize(size));
  return file.good();
}

/// Half precision of a quarter between -2 and 2, which is exact.
uint16_t halfOfQuarters(int quarters) {
  if (!quarters)
    return 0;
  const float value = float(quarters) / 4;
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return uint16_t((bits >> 16 & 0x8000) | (((bits >> 23 & 0xff) - 112) << 10) | (bits >> 13 & 0x3ff));
}

bool makePattern(const std::string &text, Buffer &buffer) {
  const size_t colon = text.find(':');
  const std::string type = text.substr(0, colon);
  const size_t count = colon == std::string::npos ? 0 : strtoull(text.c_str() + colon + 1, nullptr, 0);
  const size_t bytes = type == "F16" ? 2 : type == "S8" ? 1 : type == "F32" || type == "S32" ? 4 : 0;
  if (!bytes || !count)
    return false;
  buffer.bytes.resize(count * bytes);
  const char kind = type[0];
  uint32_t state = 1;
  for (size_t i = 0; i < count; ++i) {
    state = state * 1664525 + 1013904223;
    const int quarters = int(state >> 24) % 17 - 8;
    const float value = float(quarters) / 4;
    const uint16_t half = halfOfQuarters(quarters);
    const int32_t word = quarters;
    const int8_t byte = int8_t(quarters);
    const void *from = bytes == 2    ? static_cast<const void *>(&half)
                       : bytes == 1  ? static_cast<const void *>(&byte)
                       : kind == 'F' ? static_cast<const void *>(&value)
                                     : static_cast<const void *>(&word);
    memcpy(&buffer.bytes[i * bytes], from, bytes);
  }
  return true;
}

/// "I:REST"
bool splitIndex(const std::string &text, std::vector<std::pair<size_t, std::string>> &list) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos)
    return false;
  list.push_back({strtoull(text.c_str(), nullptr, 10), text.substr(colon + 1)});
  return true;
}

bool readOption(const std::string &option, Settings &s) {
  const size_t equals = option.find('=');
  const std::string name = option.substr(0, equals),
                    value = equals == std::string::npos ? "" : option.substr(equals + 1);
  Buffer buffer;
  if (name == "--device")
    s.device = value;
  else if (name == "--blocks")
    s.launch.blocks = unsigned(strtoul(value.c_str(), nullptr, 0));
  else if (name == "--timing")
    s.options.timing = true;
  else if (name == "--no-payload")
    s.options.functional = false;
  else if (name == "--check-races")
    s.options.races = true;
  else if (name == "--threads")
    return (s.wanted.threads = unsigned(strtoul(value.c_str(), nullptr, 10))) > 0;
  else if (name == "--profile")
    s.profile = s.options.timing = true;
  else if (name == "--speed")
    s.wanted.speed = true;
  else if (name == "--trace")
    s.wanted.trace = value;
  else if (name == "--timeline")
    s.wanted.timeline = value;
  else if (name == "--sweep")
    return parseSweep(value, s.sweep);
  else if (name == "--keep")
    s.keep = value;
  else if (name == "--compile-option")
    s.compileOptions.push_back(value);
  else if (name == "--window")
    return parseWindow(value, s.wanted.view);
  else if (name == "--cores")
    return (s.wanted.view.cores = unsigned(strtoul(value.c_str(), nullptr, 10))) > 0;
  else if (name == "--json")
    s.wanted.json = value;
  else if (name == "--output")
    return splitIndex(value, s.outputs);
  else if (name == "--print")
    return splitIndex(value, s.prints);
  else if (name == "--buffer" || name == "--pattern" || name == "--input" || name == "--arg") {
    constexpr uint64_t kLargest = uint64_t(1) << 36;
    const uint64_t number = strtoull(value.c_str(), nullptr, 0);
    if (name == "--arg") {
      buffer.isNumber = true;
      buffer.number = number;
    } else if (name == "--buffer"    ? number == 0 || number > kLargest
               : name == "--pattern" ? !makePattern(value, buffer)
                                     : !readFile(value, buffer.bytes)) {
      return false;
    } else if (name == "--buffer") {
      buffer.bytes.resize(number);
    }
    s.arguments.push_back(std::move(buffer));
  } else {
    return false;
  }
  return true;
}

bool printNumbers(const Buffer &buffer, const std::string &what) {
  const size_t colon = what.find(':');
  const std::string type = what.substr(0, colon);
  const size_t count = colon == std::string::npos ? 0 : strtoull(what.c_str() + colon + 1, nullptr, 0);
  const size_t bytes = type == "S8" ? 1 : 4;
  if ((type != "F32" && type != "S32" && type != "S8") || count > buffer.bytes.size() / bytes)
    return false;
  for (size_t i = 0; i < count; ++i) {
    float value;
    int32_t word;
    memcpy(&value, &buffer.bytes[i * bytes], bytes);
    memcpy(&word, &buffer.bytes[i * bytes], bytes);
    if (type == "F32")
      printf("%s%g", i ? " " : "", double(value));
    else
      printf("%s%d", i ? " " : "", type == "S8" ? int(int8_t(buffer.bytes[i])) : word);
  }
  printf("\n");
  return true;
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

bool isModel(const std::string &path) { return path.size() > 3 && path.compare(path.size() - 3, 3, ".om") == 0; }

int runSweep(const Settings &s) {
  if (isModel(s.kernel))
    return fail("'" + s.kernel + "' is compiled already, expected the source of a model");
  Error error = sweep({s.kernel, s.device, s.sweep, s.compileOptions, s.wanted.json, s.keep});
  return error ? fail(error.text()) : 0;
}

int runModelFile(const Settings &s) {
  runtime::SimulationOptions simulation;
  simulation.functional = s.options.functional;
  simulation.timing = s.options.timing;
  simulation.races = s.options.races;
  simulation.trace = s.options.trace;
  Error error = runModel(s.kernel, simulation, s.wanted);
  return error ? fail(error.text()) : 0;
}

int report(const Settings &s, const Result &result, double seconds) {
  for (const std::string &line : result.printed)
    printf("%s\n", line.c_str());
  if (result.trap)
    return fail(result.trap->message());
  uint64_t instructions = 0, coreCycles = 0, multiplyAdds = 0;
  for (const CoreStatistics &core : result.cores) {
    instructions += core.instructions;
    multiplyAdds += core.multiplyAdds;
    coreCycles += core.cycles;
  }
  printf("%zu cores, %" PRIu64 " instructions", result.cores.size(), instructions);
  if (s.options.timing) {
    printf(", %" PRIu64 " cycles", result.cycles);
    if (result.cubeUse() > 0)
      printf(", cube %.1f %%", 100 * result.cubeUse());
  }
  printf("\n");
  const std::string name = s.kernel.substr(s.kernel.rfind('/') + 1),
                    origin = std::to_string(s.launch.blocks) + " blocks";
  const char *unit = KernelEntry{"", s.launch.cubeEntry, s.launch.vectorEntry}.unit();
  if (s.profile) {
    run::KernelProfile kernel;
    kernel.kernel = name;
    kernel.origin = origin;
    kernel.unit = unit;
    kernel.launches = 1;
    kernel.add(result);
    run::print({kernel}, 1);
  }
  if (s.wanted.speed)
    printf("%.1f million core-cycles, %.1f billion operations of cubes per second\n",
           double(coreCycles) / seconds / 1e6, 2 * double(multiplyAdds) / seconds / 1e9);
  for (const auto &[index, what] : s.prints)
    if (index >= s.arguments.size() || !printNumbers(s.arguments[index], what))
      return fail("--print: argument " + std::to_string(index) + " is no buffer of " + what);
  for (const auto &[index, path] : s.outputs)
    if (index >= s.arguments.size() ||
        !writeFile(path, s.arguments[index].bytes.data(), s.arguments[index].bytes.size()))
      return fail("cannot write '" + path + "'");
  auto write = [](const std::string &path, const std::string &text) {
    return writeFile(path, text.data(), text.size()) ? 0 : fail("cannot write '" + path + "'");
  };
  int failed = 0;
  if (!s.wanted.trace.empty())
    failed |= write(s.wanted.trace, result.traceJson());
  if (!s.wanted.timeline.empty()) {
    Timeline timeline;
    timeline.title = s.kernel;
    timeline.reserve(result);
    timeline.add(result, name, origin, unit);
    failed |= write(s.wanted.timeline, drawTimeline(timeline, s.wanted.view, isPage(s.wanted.timeline)));
  }
  if (!s.wanted.json.empty())
    failed |= write(s.wanted.json, toJson(result).dump(2) + "\n");
  return failed;
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

int runKernel(Settings &s) {
  device::Description device;
  std::string error;
  if (!device::lookup(s.device, device, error))
    return fail(error);
  if (device.kind != device::Kind::AICore)
    return fail("found device '" + s.device + "', expected an NPU");
  std::vector<uint8_t> bytes;
  if (!readFile(s.kernel, bytes))
    return fail("cannot read '" + s.kernel + "'");
  Image image;
  if (!image.load(bytes.data(), bytes.size(), error))
    return fail("'" + s.kernel + "': " + error);
  s.launch.cubeEntry = image.find("cube_main");
  s.launch.vectorEntry = image.find("vector_main");
  if (!s.launch.cubeEntry && !s.launch.vectorEntry)
    return fail("'" + s.kernel + "': found neither cube_main nor vector_main");
  if (s.launch.blocks < 1 || s.launch.blocks > 65535)
    return fail("--blocks: expected 1 to 65535");
  if (s.wanted.threads > 1)
    s.options.parallel = [threads = s.wanted.threads](unsigned count, const std::function<void(unsigned)> &work) {
      shareWork(threads, count, work);
    };
  Simulator simulator(device, s.options);
  simulator.load(image);
  for (Buffer &argument : s.arguments)
    s.launch.arguments.push_back(argument.isNumber ? argument.number
                                                   : simulator.map(argument.bytes.data(), argument.bytes.size(), true));
  const auto start = std::chrono::steady_clock::now();
  const Result result = simulator.run(s.launch);
  return report(s, result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--help") {
      printf("%s", kUsage);
      return 0;
    }
    if (option == "--calibrate")
      return calibrate();
    if (option.rfind("--", 0) != 0 && settings.kernel.empty())
      settings.kernel = option;
    else if (!readOption(option, settings))
      return fail("cannot use '" + option + "'; see --help");
  }
  if (settings.kernel.empty()) {
    fprintf(stderr, "%s", kUsage);
    return 2;
  }
  if (!settings.sweep.empty())
    return runSweep(settings);
  settings.options.trace = !settings.wanted.trace.empty() || !settings.wanted.timeline.empty();
  settings.options.timing |= settings.options.trace || !settings.wanted.json.empty() || !settings.options.functional;
  return isModel(settings.kernel) ? runModelFile(settings) : runKernel(settings);
}
