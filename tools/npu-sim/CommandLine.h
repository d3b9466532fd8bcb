//===- CommandLine.h - options of npu-sim ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_COMMANDLINE_H
#define GE_MLIR_TOOLS_NPU_SIM_COMMANDLINE_H

#include "ModelRun.h"
#include "Sweep.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <string>
#include <utility>
#include <vector>

namespace gemlir {

/// An argument of a kernel: a buffer or a number.
struct KernelArgument {
  std::vector<uint8_t> bytes;
  bool isNumber = false;
  uint64_t number = 0;
};

/// What npu-sim is to do.
struct CommandLine {
  enum class Mode { Kernel, Model, Sweep, Calibrate, Describe, Help };
  Mode mode = Mode::Kernel;
  /// A kernel, a model or, of a sweep, its source.
  std::string file;
  /// Of a kernel that says itself what device it is for, empty unless it was given.
  std::string device;
  /// Of a file with several.
  std::string kernel;
  ModelReport wanted;
  std::vector<SweepParameter> sweep;
  std::vector<std::string> compileOptions;
  std::string keep;
  sim::Options options;
  bool profile = false;
  /// Of the launch; 0 if it was not given.
  unsigned blocks = 0;
  std::vector<KernelArgument> arguments;
  /// Argument and file, and argument and form ("F32:8").
  std::vector<std::pair<size_t, std::string>> outputs, prints;
};

/// Reads the options. An error names the option, what was found and what was expected.
Error parseCommandLine(int argc, char **argv, CommandLine &command);

extern const char *const kUsage;

/// Reads a whole file. An error names it and says why.
Error readFile(const std::string &path, std::vector<uint8_t> &bytes);

/// What printing needs to know of "F32:8": the bytes of a number, 0 for an unknown type.
struct NumberForm {
  std::string type;
  size_t bytes = 0;
  uint64_t count = 0;
};
NumberForm parseForm(const std::string &text);

} // namespace gemlir

#endif // GE_MLIR_TOOLS_NPU_SIM_COMMANDLINE_H
