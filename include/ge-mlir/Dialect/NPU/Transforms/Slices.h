//===- Slices.h - slices that are ranges of bytes -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H
#define GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::npu {

/// The element offset of a slice of static size of a tensor of `shape` if its
/// elements are contiguous in row-major order, else nothing. One of the offsets may
/// be dynamic and counts as 0.
std::optional<int64_t> getContiguousOffset(ArrayRef<int64_t> shape, ArrayRef<int64_t> offsets,
                                           ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides);

inline bool isContiguousSlice(tensor::ExtractSliceOp op) {
  return getContiguousOffset(op.getSourceType().getShape(), op.getStaticOffsets(), op.getStaticSizes(),
                             op.getStaticStrides())
      .has_value();
}

inline bool isContiguousSlice(tensor::InsertSliceOp op) {
  return getContiguousOffset(op.getDestType().getShape(), op.getStaticOffsets(), op.getStaticSizes(),
                             op.getStaticStrides())
      .has_value();
}

} // namespace mlir::npu

#endif // GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H
