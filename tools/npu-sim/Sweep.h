//===- Sweep.h - what a model costs on changed devices ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_SWEEP_H
#define GE_MLIR_TOOLS_NPU_SIM_SWEEP_H

#include "ge-mlir/Support/Error.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace gemlir {

/// A figure of a device with the values to try.
struct SweepParameter {
  std::string name;
  std::vector<std::string> values;
};

/// Reads "ub=128K:256K,l1=512K"; false if it is something else or names a figure twice.
bool parseSweep(const std::string &text, std::vector<SweepParameter> &parameters);

/// Sets a figure of a device's description: a memory's bytes ("ub"), a path's bytes
/// per cycle ("GM-L1"), or a field ("cube_cores", "aicpu.harts"). A value may end in
/// K or M. Returns an error if there is no such figure or it is no number.
Error setFigure(nlohmann::ordered_json &device, const std::string &name, const std::string &value);

struct SweepOptions {
  /// The model's source, which is compiled for each device.
  std::string model;
  /// The device that is changed.
  std::string device;
  std::vector<SweepParameter> parameters;
  /// Further options of ge-compile.
  std::vector<std::string> compileOptions;
  /// A file to write the table to as JSON, or empty.
  std::string json;
  /// A folder to keep the devices and models in, as 0.json and 0.om for the
  /// first row; empty to keep none.
  std::string keep;
};

/// Compiles and simulates the model for the device as it is and for each combination
/// of values, and prints a table. A device that the model cannot be compiled for is a
/// row that says why. Needs ge-compile in the folder of this program.
Error sweep(const SweepOptions &options);

} // namespace gemlir

#endif // GE_MLIR_TOOLS_NPU_SIM_SWEEP_H
