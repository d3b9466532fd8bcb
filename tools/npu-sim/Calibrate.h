//===- Calibrate.h - published against simulated cycles --------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H
#define GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H

#include <cstdint>

/// Prints the table; returns 1 if a row is beyond its tolerance.
int calibrate();

/// What all cores make of the published schedule of a square product of f16.
struct ProductUse {
  /// Of the cubes, 0 to 1, and the loads into L0A and L0B as a part of the time in which
  /// the cubes compute.
  double cube, loads;
};

/// `size` is a multiple of 1536; NaN if it cannot run, which is printed.
ProductUse measureProduct(uint64_t size);

#endif // GE_MLIR_TOOLS_NPU_SIM_CALIBRATE_H
