//===- CubeKernel.h - kernels of the cube -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H

#include "LocalBuffers.h"

namespace gemlir {

/// Rows and columns of the accumulators of a tile, the depth of what is staged in
/// L1, and of what is fed to the cube at once.
struct CubeTile {
  int64_t rows = 16, columns = 16, slab = 16, step = 16;
  /// Tiles side by side before the walk goes down a row, so that what cores load
  /// at a time is still in the cache.
  int64_t across = 1;
};

/// A product for the cube; sizes are negative if only the execution knows.
struct CubeSpace {
  mlir::npu::MmadOp mmad;
  /// Whether rows are pixels: both sides are NC1HWC0 images, of which the left
  /// one's patches are its pixels.
  bool isImage = false;
  int64_t batch = 1, m = 0, n = 0, k = 0;
  mlir::Type element;
  /// The operand that is added to each column, or null; what follows it.
  mlir::Value bias;
  bool relu = false;
};

/// Says in `reason` why the cube cannot execute the kernel, and fails.
llvm::FailureOr<CubeSpace> analyzeCubeKernel(mlir::npu::KernelOp kernel, std::string &reason);

/// The tile with the least estimated time on the device.
CubeTile chooseCubeTile(const CubeSpace &space, const device::Description &device);

/// Replaces the body by loops over tiles, slabs and steps with local buffers.
void emitCubeKernel(mlir::npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H
