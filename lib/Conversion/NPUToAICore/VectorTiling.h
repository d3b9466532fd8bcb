//===- VectorTiling.h - what tiles of the vector unit cost ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTILING_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTILING_H

#include "LocalBuffers.h"

#include <optional>

namespace gemlir {

/// Cycles that the busiest vector core is expected to need for a kernel that has its
/// tiles, without the launch: the longest of what its queues do in a tile, or of what its
/// share of the memory takes, times its tiles, and once the moves and computations that
/// nothing hides. None if only the execution knows how many tiles there are.
std::optional<double> estimateVectorKernel(mlir::npu::KernelOp tiled, const device::Description &device);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTILING_H
