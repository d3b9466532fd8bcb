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
#include "ge-mlir/Simulator/Simulator.h"

#include <nlohmann/json.hpp>

namespace gemlir::run {

/// The launches of one kernel for the same nodes.
struct KernelProfile {
  std::string kernel, origin, unit;
  int64_t tiles = 0, nanoseconds = 0;
  size_t launches = 0;
  /// Of a simulated NPU: cycles from begin to end, the most cores of a launch, and
  /// what they did together.
  uint64_t cycles = 0;
  size_t cores = 0;
  sim::CoreStatistics total;
  /// Cycles of all cores of the device that have a cube, in launches on any of them, and
  /// of those that have a vector unit.
  uint64_t cubeCoreCycles = 0, vectorCoreCycles = 0;
  uint64_t bytesRead = 0, bytesWritten = 0, cacheHits = 0, cacheMisses = 0;

  void add(const sim::Result &result);
};

/// Joins the launches of `executions` executions; the most expensive ones first.
std::vector<KernelProfile> summarize(const std::vector<runtime::LaunchProfile> &launches);

/// Prints tables to standard output, per execution: where cycles were counted, the
/// kernels, then for those that take most of them what they move and what their
/// queues wait for; else microseconds.
void print(const std::vector<KernelProfile> &kernels, size_t executions);

nlohmann::ordered_json toJson(const std::vector<KernelProfile> &kernels, size_t executions);
/// "queues" with the cycles of each, and "paths" with bytes.
nlohmann::ordered_json toJson(const sim::CoreStatistics &statistics, size_t executions);

} // namespace gemlir::run

#endif // GEMLIR_TOOLS_GE_RUN_PROFILE_H
