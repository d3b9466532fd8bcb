//===- Profile.h - where the time of an execution goes ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_RUN_PROFILE_H
#define GEMLIR_TOOLS_GE_RUN_PROFILE_H

#include "ge-mlir/Runtime/Model.h"

#include <nlohmann/json.hpp>

namespace gemlir::run {

/// The launches of one kernel for the same nodes.
struct KernelProfile {
  std::string kernel, origin, unit;
  int64_t tiles = 0, nanoseconds = 0;
  size_t launches = 0;
  /// Of a simulated NPU: cycles from begin to end, what its cores executed, their
  /// cycles, those in which cubes and vector units worked, and in which a queue's
  /// next command waited.
  uint64_t cycles = 0, instructions = 0, commands = 0;
  uint64_t coreCycles = 0, cubeCycles = 0, vectorCycles = 0, waitCycles = 0;
  uint64_t bytesRead = 0, bytesWritten = 0;
};

/// Joins the launches of `executions` executions; the most expensive ones first.
std::vector<KernelProfile> summarize(const std::vector<runtime::LaunchProfile> &launches);

/// Prints a table to standard output, per execution: cycles where they were
/// counted, else microseconds.
void print(const std::vector<KernelProfile> &kernels, size_t executions);

nlohmann::ordered_json toJson(const std::vector<KernelProfile> &kernels, size_t executions);

} // namespace gemlir::run

#endif // GEMLIR_TOOLS_GE_RUN_PROFILE_H
