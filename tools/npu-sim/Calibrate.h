//===- Calibrate.h - published against simulated cycles --------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H
#define GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H

/// Prints the table; returns 1 if a row is beyond its tolerance.
int calibrate();

#endif // GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H
