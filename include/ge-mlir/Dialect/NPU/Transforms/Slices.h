//===- Slices.h - slices that are ranges of bytes ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H
#define GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H

#include "ge-mlir/Dialect/NPU/Transforms/Sizes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::npu {

/// The element offset of a slice of a tensor of `shape` if its elements are known
/// to be contiguous in row-major order, else nothing.
std::optional<gemlir::Dim> getContiguousOffset(ArrayRef<gemlir::Dim> shape, ArrayRef<gemlir::Dim> offsets,
                                               ArrayRef<gemlir::Dim> sizes, ArrayRef<gemlir::Dim> strides);
std::optional<gemlir::Dim> getContiguousOffset(tensor::ExtractSliceOp op, SizeResolver &sizes);
std::optional<gemlir::Dim> getContiguousOffset(tensor::InsertSliceOp op, SizeResolver &sizes);

template <typename SliceOp>
bool isContiguousSlice(SliceOp op, SizeResolver &sizes) {
  return getContiguousOffset(op, sizes).has_value();
}

} // namespace mlir::npu

#endif // GEMLIR_DIALECT_NPU_TRANSFORMS_SLICES_H
