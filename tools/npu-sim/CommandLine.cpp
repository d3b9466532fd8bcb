//===- CommandLine.cpp - options of npu-sim --------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Options.h"
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

namespace gemlir {

const char *const kUsage =
    R"(usage: npu-sim KERNEL.elf|MODEL.om [options]
       npu-sim MODEL.onnx|MODEL.mlir --sweep=FIGURE=A:B,... [options]
       npu-sim --describe --device=NAME
       npu-sim --calibrate

Runs a kernel's cube core from the symbol cube_main, its vector cores from
vector_main, or a kernel of a device binary (ge-compile --emit=obj). Options that give
an argument are passed in their order. Or runs a model, on the NPU that it was compiled
for and with generated inputs, and prints a table of its kernels. Or compiles a model's
source, by the ge-compile beside this program, for the device and for each combination
of changed figures of it, and prints what they cost.

of a kernel:
  --device=NAME       the NPU, a slice of it (Ascend910B1:4), or a JSON file; the one
                      that the kernel was compiled for, or Ascend910B1
  --kernel=NAME       of a device binary with several: which
  --blocks=N          blocks of the launch; 1, or those that the kernel was compiled for
  --buffer=BYTES      an argument: a buffer of zeros
  --pattern=F16:N     an argument: a buffer of N numbers, -2 to 2 in quarters (F16, F32, S8, S32)
  --input=FILE        an argument: a buffer with the file's bytes
  --arg=N             an argument: a number
  --output=I:FILE     writes argument I, a buffer, to a file
  --print=I:F32:N     prints the first N numbers of argument I (F32, S8, S32)
  --profile           prints cycles, stalls and bytes by path, as for the kernels of a model

of a kernel or a model:
  --timing            counts cycles
  --no-payload        only time passes: commands neither compute nor move
  --check-races       reports accesses without an order
  --threads=N         threads of the host; their number changes neither results nor cycles
  --trace=FILE        writes the time line as Chrome's JSON
  --timeline=FILE     draws the time line: a page (.html) or a picture (.svg)
  --window=A:B        of the picture: only these cycles
  --cores=N           of the picture: so many cores get a lane for each queue; 1
  --json=FILE         writes cycles, use, stalls and bytes by path, of each core or kernel
  --speed             prints how fast the simulator was

of a model:
  --input-shape=NAME:DIMS dimensions of an input that has open ones, as x:1,3,48,320

of a sweep:
  --sweep=F=A:B,G=C   compiles for devices whose figures F are A or B, and G is C: memories
                      (ub=128K), paths (GM-L1=256), fields of a device (cube_cores=12)
  --device=NAME       the device that is changed; Ascend910B1
  --keep=FOLDER       keeps the devices and models, 0.json and 0.om for the first row
  --compile-option=O  a further option of ge-compile
  --json=FILE         writes the table

  --describe          prints the device as JSON, which --device=FILE.json takes
  --calibrate         prints published and simulated cycles
  --help              prints this text
)";

static Error fail(const std::string &text) { return Error(ErrorCode::InvalidArgument, text); }

Error readFile(const std::string &path, std::vector<uint8_t> &bytes) {
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(path, file))
    return error;
  auto *begin = static_cast<const uint8_t *>(file->data());
  bytes.assign(begin, begin + file->size());
  return Error::success();
}

static Error parseNumber(const std::string &name, const std::string &text, uint64_t least, uint64_t most,
                         uint64_t &number) {
  errno = 0;
  char *end = nullptr;
  number = std::strtoull(text.c_str(), &end, 0);
  if (text.empty() || *end || errno || !std::isdigit(static_cast<unsigned char>(text[0])) || number < least ||
      number > most)
    return fail(name + ": found '" + text + "', expected a number from " + std::to_string(least) + " to " +
                std::to_string(most));
  return Error::success();
}

NumberForm parseForm(const std::string &text) {
  const size_t colon = text.find(':');
  NumberForm form;
  form.type = text.substr(0, colon);
  uint64_t count = 0;
  if (colon == std::string::npos || parseNumber("", text.substr(colon + 1), 1, uint64_t(1) << 36, count))
    return form;
  form.count = count;
  form.bytes = form.type == "F16" ? 2 : form.type == "S8" ? 1 : form.type == "F32" || form.type == "S32" ? 4 : 0;
  return form;
}

//===----------------------------------------------------------------------===//
// Arguments of a kernel
//===----------------------------------------------------------------------===//

/// Half precision of a quarter between -2 and 2, which is exact.
static uint16_t halfOfQuarters(int quarters) {
  if (!quarters)
    return 0;
  const float value = float(quarters) / 4;
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return uint16_t((bits >> 16 & 0x8000) | (((bits >> 23 & 0xff) - 112) << 10) | (bits >> 13 & 0x3ff));
}

static Error makePattern(const std::string &text, KernelArgument &buffer) {
  const NumberForm form = parseForm(text);
  if (!form.bytes)
    return fail("--pattern: found '" + text + "', expected F16, F32, S8 or S32 and a number of them, as F16:64");
  buffer.bytes.resize(form.count * form.bytes);
  uint32_t state = 1;
  for (size_t i = 0; i < form.count; ++i) {
    state = state * 1664525 + 1013904223;
    const int quarters = int(state >> 24) % 17 - 8;
    const float value = float(quarters) / 4;
    const uint16_t half = halfOfQuarters(quarters);
    const int32_t word = quarters;
    const int8_t byte = int8_t(quarters);
    const void *from = form.bytes == 2       ? static_cast<const void *>(&half)
                       : form.bytes == 1     ? static_cast<const void *>(&byte)
                       : form.type[0] == 'F' ? static_cast<const void *>(&value)
                                             : static_cast<const void *>(&word);
    memcpy(&buffer.bytes[i * form.bytes], from, form.bytes);
  }
  return Error::success();
}

static Error addArgument(const std::string &name, const std::string &value, CommandLine &command) {
  constexpr uint64_t kLargest = uint64_t(1) << 36;
  KernelArgument &argument = command.arguments.emplace_back();
  if (name == "--pattern")
    return makePattern(value, argument);
  if (name == "--input")
    return readFile(value, argument.bytes);
  if (name == "--arg") {
    argument.isNumber = true;
    return parseNumber(name, value, 0, ~uint64_t(0), argument.number);
  }
  uint64_t size = 0;
  if (Error error = parseNumber(name, value, 1, kLargest, size))
    return error;
  argument.bytes.resize(size);
  return Error::success();
}

/// "I:REST"
static Error splitIndex(const std::string &name, const std::string &text,
                        std::vector<std::pair<size_t, std::string>> &list) {
  const size_t colon = text.find(':');
  uint64_t index = 0;
  if (colon == std::string::npos || colon + 1 == text.size() ||
      parseNumber(name, text.substr(0, colon), 0, 1 << 20, index))
    return fail(name + ": found '" + text + "', expected " + (name == "--output" ? "I:FILE" : "I:F32:N") +
                ", I the number of an argument");
  list.push_back({index, text.substr(colon + 1)});
  return Error::success();
}

/// Checks that what is written or printed is a buffer, and long enough.
static Error checkUses(const CommandLine &command) {
  auto check = [&](const char *name, size_t index) {
    if (index < command.arguments.size() && !command.arguments[index].isNumber)
      return Error::success();
    return fail(std::string(name) + ": argument " + std::to_string(index) + " is no buffer");
  };
  for (const auto &[index, path] : command.outputs)
    if (Error error = check("--output", index))
      return error;
  for (const auto &[index, text] : command.prints) {
    if (Error error = check("--print", index))
      return error;
    const NumberForm form = parseForm(text);
    if (!form.bytes || form.type == "F16")
      return fail("--print: found '" + text + "', expected F32, S8 or S32 and a number of them, as F32:64");
    if (form.count > command.arguments[index].bytes.size() / form.bytes)
      return fail("--print: argument " + std::to_string(index) + " has " +
                  std::to_string(command.arguments[index].bytes.size()) + " bytes, expected " + text);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

/// Options of one kind, which have a value or have none.
static Error readOption(const std::string &name, bool hasValue, const std::string &value, CommandLine &c) {
  bool noPayload = false;
  const std::map<std::string, bool *> flags = {{"--timing", &c.options.timing},
                                               {"--check-races", &c.options.races},
                                               {"--profile", &c.profile},
                                               {"--speed", &c.wanted.speed},
                                               {"--no-payload", &noPayload}};
  if (auto flag = flags.find(name); flag != flags.end()) {
    *flag->second = true;
    c.options.functional &= !noPayload;
    return hasValue ? fail(name + ": found '" + value + "', expected no value") : Error::success();
  }
  const std::map<std::string, CommandLine::Mode> modes = {{"--calibrate", CommandLine::Mode::Calibrate},
                                                          {"--describe", CommandLine::Mode::Describe}};
  if (auto mode = modes.find(name); mode != modes.end() && !hasValue) {
    c.mode = mode->second;
    return Error::success();
  }
  if (name == "--buffer" || name == "--pattern" || name == "--input" || name == "--arg")
    return addArgument(name, value, c);
  if (name == "--output" || name == "--print")
    return splitIndex(name, value, name == "--output" ? c.outputs : c.prints);
  const std::map<std::string, std::string *> texts = {{"--device", &c.device},      {"--kernel", &c.kernel},
                                                      {"--trace", &c.wanted.trace}, {"--timeline", &c.wanted.timeline},
                                                      {"--json", &c.wanted.json},   {"--keep", &c.keep}};
  if (auto text = texts.find(name); text != texts.end()) {
    *text->second = value;
    return value.empty() ? fail(name + ": expected a value, as " + name + "=...") : Error::success();
  }
  const std::map<std::string, std::pair<unsigned *, unsigned>> numbers = {{"--blocks", {&c.blocks, 65535}},
                                                                          {"--threads", {&c.wanted.threads, 1024}},
                                                                          {"--cores", {&c.wanted.view.cores, 1024}}};
  if (auto found = numbers.find(name); found != numbers.end()) {
    uint64_t number = 0;
    if (Error error = parseNumber(name, value, 1, found->second.second, number))
      return error;
    *found->second.first = unsigned(number);
    return Error::success();
  }
  if (name == "--input-shape")
    return run::parseShape(value, c.wanted.inputShapes);
  if (name == "--compile-option") {
    c.compileOptions.push_back(value);
    return Error::success();
  }
  if (name == "--window")
    return parseWindow(value, c.wanted.view)
               ? Error::success()
               : fail("--window: found '" + value + "', expected two cycles, the first one smaller, as 1000:2000");
  if (name == "--sweep") {
    c.mode = CommandLine::Mode::Sweep;
    return parseSweep(value, c.sweep)
               ? Error::success()
               : fail("--sweep: found '" + value + "', expected figures and values, as ub=64K:128K");
  }
  return fail("unknown option '" + name + "'; see --help");
}

/// A model by its name or its first bytes.
static bool isModel(const std::string &path) {
  std::unique_ptr<MappedFile> file;
  return (path.size() > 3 && path.compare(path.size() - 3, 3, ".om") == 0) ||
         (!MappedFile::open(path, file) && file->size() >= 4 && memcmp(file->data(), "IMOD", 4) == 0);
}

/// What an option that is of no use says of itself; silence would hide a mistake.
static Error checkMode(const CommandLine &command, const std::vector<std::string> &used) {
  const std::vector<std::string> ofKernels = {"--device", "--kernel", "--blocks", "--buffer", "--pattern",
                                              "--input",  "--arg",    "--output", "--print"},
                                 ofSweeps = {"--sweep", "--device", "--keep", "--compile-option", "--json"};
  auto isIn = [](const std::vector<std::string> &list, const std::string &name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const std::string &name : used) {
    const bool ofBoth = name == "--device" || name == "--json";
    if (command.mode == CommandLine::Mode::Sweep && !isIn(ofSweeps, name))
      return fail(name + " is not an option of a sweep");
    if (command.mode == CommandLine::Mode::Kernel && name == "--input-shape")
      return fail(name + " is an option of a model");
    if (command.mode == CommandLine::Mode::Model && isIn(ofKernels, name))
      return fail(name + " is an option of a kernel, but '" + command.file + "' is a model, with its own device");
    if (command.mode != CommandLine::Mode::Sweep && !ofBoth && isIn(ofSweeps, name))
      return fail(name + " is an option of --sweep");
  }
  return Error::success();
}

Error parseCommandLine(int argc, char **argv, CommandLine &command) {
  std::vector<std::string> used;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--help") {
      command.mode = CommandLine::Mode::Help;
      return Error::success();
    }
    const size_t equals = std::min(option.find('='), option.size());
    if (option.rfind("--", 0) == 0) {
      used.push_back(option.substr(0, equals));
      const bool hasValue = equals < option.size();
      if (Error error = readOption(used.back(), hasValue, hasValue ? option.substr(equals + 1) : "", command))
        return error;
    } else if (!command.file.empty()) {
      return fail("found '" + command.file + "' and '" + option + "', expected one file");
    } else {
      command.file = option;
    }
  }
  if (command.mode == CommandLine::Mode::Calibrate || command.mode == CommandLine::Mode::Describe)
    return command.file.empty() ? Error::success()
                                : fail("found '" + command.file + "', expected no file with --calibrate or --describe");
  if (command.file.empty())
    return fail("expected a kernel, a model or a model's source; see --help");
  const bool model = isModel(command.file);
  if (command.mode == CommandLine::Mode::Sweep && model)
    return fail("'" + command.file + "' is compiled already, expected the source of a model");
  if (command.mode == CommandLine::Mode::Kernel && model)
    command.mode = CommandLine::Mode::Model;
  if (Error error = checkMode(command, used))
    return error;
  command.options.trace = !command.wanted.trace.empty() || !command.wanted.timeline.empty();
  command.options.timing |=
      command.options.trace || command.profile || !command.wanted.json.empty() || !command.options.functional;
  return checkUses(command);
}

} // namespace gemlir
