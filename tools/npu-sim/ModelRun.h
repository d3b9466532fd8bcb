//===- ModelRun.h - runs a whole model on a simulated NPU -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H
#define GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H

#include "ge-mlir/Runtime/Model.h"

#include <string>

namespace gemlir {

/// Executes an offline model once, with inputs that are generated, and reports
/// what each kernel took, and how fast the simulator was if `speed`. `trace` and `json`
/// are files to write, or empty.
/// Returns an error if it cannot.
Error runModel(const std::string &path, const runtime::SimulationOptions &simulation, const std::string &trace,
               const std::string &json, bool speed);

} // namespace gemlir

#endif // GE_MLIR_TOOLS_NPU_SIM_MODELRUN_H
