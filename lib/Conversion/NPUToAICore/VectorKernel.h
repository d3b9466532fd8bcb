//===- VectorKernel.h - kernels of the vector unit -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORKERNEL_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORKERNEL_H

#include "LocalBuffers.h"

namespace gemlir {

/// Rows and columns of a tile.
struct VectorTile {
  int64_t rows = 1, columns = 1;
};

/// The iteration space of a kernel for the vector unit: the last loop gives the
/// columns of a tile, another one the rows.
struct VectorSpace {
  /// Sizes; negative if only the execution knows.
  llvm::SmallVector<int64_t> sizes;
  /// The loop of the rows: the last but one, or that along which an operand is dense
  /// whose columns are not.
  unsigned rowLoop = 0;
  /// Whether the last loop is reduced, so that a tile has all columns.
  bool wholeRows = false;
  /// Whether the loop of the rows is reduced, so that a tile walks all of them.
  bool reducesRows = false;
  /// Whether an operand is turned on its way.
  bool isTurned = false;
  /// Bytes of the widest element.
  int64_t elementBytes = 4;

  int64_t columns() const { return sizes.back(); }
  /// Product of the sizes of the loops that neither rows nor columns walk.
  int64_t outer() const;
  int64_t rows() const { return sizes.size() > 1 ? sizes[rowLoop] : 1; }
};

/// Rewrites functions without a command, and copies into parts of results, as what has.
void legalizeVectorKernel(mlir::npu::KernelOp kernel);

/// Says in `reason` why the vector unit cannot execute the kernel, and fails.
llvm::FailureOr<VectorSpace> analyzeVectorKernel(mlir::npu::KernelOp kernel, std::string &reason);

/// Replaces the body by a loop over tiles with local buffers. Fails with a reason
/// and leaves a broken body where the vector unit lacks a command.
llvm::LogicalResult emitVectorKernel(mlir::npu::KernelOp kernel, const VectorTile &tile, std::string &reason);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORKERNEL_H
