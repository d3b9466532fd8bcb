//===- ModelRun.h - runs a whole model on a simulated NPU -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H
#define GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H

#include "Timeline.h"
#include "ge-mlir/Runtime/Model.h"

#include <map>
#include <string>

namespace gemlir {

/// What to report of an execution beside the table of its kernels.
struct ModelReport {
  /// Files to write, or empty; the first two need `SimulationOptions::trace`.
  std::string trace, timeline, json;
  TimelineView view;
  /// Of inputs whose dimensions are open.
  std::map<std::string, std::vector<int64_t>> inputShapes;
  /// How fast the simulator was.
  bool speed = false;
  /// Of the host; 0 for the runtime's choice.
  unsigned threads = 0;
};

/// Executes an offline model once, with inputs that are generated, and reports
/// what each kernel took. Returns an error if it cannot.
Error runModel(const std::string &path, const runtime::SimulationOptions &simulation, const ModelReport &wanted);

/// What an execution of a model costs on the NPU that it was compiled for.
struct ModelCost {
  uint64_t cycles = 0, bytesRead = 0, bytesWritten = 0;
  /// Of the cycles of the cores that have a cube or a vector unit, and take part.
  double cubeUse = 0, vectorUse = 0;
  uint64_t aicpuLaunches = 0;
};
Error measureModel(const std::string &path, ModelCost &cost);

} // namespace gemlir

#endif // GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H
