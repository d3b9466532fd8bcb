//===- Options.cpp - command line of ge-run
//------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace gemlir::run {

const char *const kUsage =
    R"(usage: ge-run MODEL.om [options]

Executes an offline model.

  --input NAME=FILE        take an input from a .npy file, or raw bytes (.bin)
  --input-shape NAME:DIMS  dimensions of a generated or raw input, as 1,3,48,320
  --seed N                 what inputs that are not given are generated from (0)
  --output-dir DIR         write every output there as a .npy file, or raw bytes
                           (.bin) of types that NumPy does not have
  --expect NAME=FILE       compare an output with a .npy file
  --tolerance X            |a - b| <= X * max(|b|, rms(b)) is close (0.001)
  --threads N              threads that take part (0: $GE_MLIR_NUM_THREADS, or
                           what the process may use)
  --spin N                 microseconds that a waiting thread spins before it sleeps
                           ($GE_MLIR_SPIN; 100, with a quota on time 0)
  --warmup N               executions that are not timed (0)
  --iterations N           executions that are timed (1)
  --json FILE              write shapes, types and times there
  --profile                print the time of every kernel
  --check-races            of a model for an NPU: stop at accesses without an order
  --allow-host-kernels     load native code that a model for an NPU brings along
  --verify                 check the hashes of the weights too
  --help                   print this text

Exit status: 0 success, 1 failure, 2 an output differs from what was expected.
)";

namespace {

Error fail(const std::string &text) { return Error(ErrorCode::InvalidArgument, text); }

template <typename T>
Error parseNumber(const std::string &option, const std::string &text, T &result) {
  errno = 0;
  char *end = nullptr;
  unsigned long long value = std::strtoull(text.c_str(), &end, 10);
  if (text.empty() || *end || errno || text[0] == '-' || value > std::numeric_limits<T>::max())
    return fail(option + ": found '" + text + "', expected a number");
  result = T(value);
  return Error::success();
}

Error parseTolerance(const std::string &text, double &result) {
  char *end = nullptr;
  result = std::strtod(text.c_str(), &end);
  if (text.empty() || *end || !(result >= 0))
    return fail("--tolerance: found '" + text + "', expected a number");
  return Error::success();
}

Error parsePair(const std::string &option, const std::string &text, std::map<std::string, std::string> &result) {
  size_t split = text.find('=');
  if (split == std::string::npos || split == 0 || split + 1 == text.size())
    return fail(option + ": found '" + text + "', expected NAME=FILE");
  result[text.substr(0, split)] = text.substr(split + 1);
  return Error::success();
}

} // namespace

Error parseShape(const std::string &text, std::map<std::string, std::vector<int64_t>> &result) {
  size_t split = text.rfind(':');
  if (split == std::string::npos || split == 0)
    return fail("--input-shape: found '" + text + "', expected NAME:DIMS");
  std::vector<int64_t> &dims = result[text.substr(0, split)];
  for (size_t at = split + 1; at < text.size();) {
    size_t end = std::min(text.find(',', at), text.size());
    uint32_t dim;
    if (Error error = parseNumber("--input-shape", text.substr(at, end - at), dim))
      return error;
    dims.push_back(dim);
    at = end + 1;
  }
  return Error::success();
}

namespace {

Error apply(const std::string &name, const std::string &value, Options &options) {
  if (name == "--input")
    return parsePair(name, value, options.inputFiles);
  if (name == "--expect")
    return parsePair(name, value, options.expectedFiles);
  if (name == "--input-shape")
    return parseShape(value, options.inputShapes);
  if (name == "--seed")
    return parseNumber(name, value, options.seed);
  if (name == "--threads")
    return parseNumber(name, value, options.threads);
  if (name == "--spin")
    return parseNumber(name, value, options.spin.emplace());
  if (name == "--warmup")
    return parseNumber(name, value, options.warmup);
  if (name == "--iterations") {
    if (Error error = parseNumber(name, value, options.iterations))
      return error;
    return options.iterations ? Error::success() : fail("--iterations: expected at least 1");
  }
  if (name == "--tolerance")
    return parseTolerance(value, options.tolerance);
  if (name == "--output-dir")
    options.outputDir = value;
  else if (name == "--json")
    options.jsonFile = value;
  else
    return fail("unknown option '" + name + "'");
  return Error::success();
}

} // namespace

Error parseOptions(int argc, char **argv, Options &options) {
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      options.help = true;
      return Error::success();
    }
    if (argument == "--profile") {
      options.profile = true;
      continue;
    }
    if (argument == "--check-races") {
      options.races = true;
      continue;
    }
    if (argument == "--allow-host-kernels") {
      options.allowHostKernels = true;
      continue;
    }
    if (argument == "--verify") {
      options.verify = true;
      continue;
    }
    if (argument.compare(0, 2, "--")) {
      if (!options.model.empty())
        return fail("found two models, '" + options.model + "' and '" + argument + "'");
      options.model = argument;
      continue;
    }
    // "--name=value" or "--name value".
    size_t split = argument.find('=');
    std::string name = argument.substr(0, split), value;
    if (split != std::string::npos)
      value = argument.substr(split + 1);
    else if (i + 1 < argc)
      value = argv[++i];
    else
      return fail(name + ": a value is missing");
    if (Error error = apply(name, value, options))
      return error;
  }
  if (options.model.empty())
    return fail("no model given");
  return Error::success();
}

} // namespace gemlir::run
