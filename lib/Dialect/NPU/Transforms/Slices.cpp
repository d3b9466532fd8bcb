//===- Slices.cpp - slices that are ranges of bytes -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Slices.h"

using namespace mlir;
using gemlir::Dim;

std::optional<Dim> npu::getContiguousOffset(ArrayRef<Dim> shape, ArrayRef<Dim> offsets, ArrayRef<Dim> sizes,
                                            ArrayRef<Dim> strides) {
  if (llvm::any_of(strides, [](Dim stride) { return stride != 1; }))
    return std::nullopt;
  Dim offset = 0, stride = 1;
  bool partial = false; // a dimension further in is not whole
  for (int64_t i = static_cast<int64_t>(shape.size()) - 1; i >= 0; --i) {
    if (partial && sizes[i] != 1)
      return std::nullopt;
    offset += offsets[i] * stride;
    stride *= shape[i];
    partial |= sizes[i] != shape[i];
  }
  return offset;
}

std::optional<Dim> npu::getContiguousOffset(tensor::ExtractSliceOp op, SizeResolver &sizes) {
  return getContiguousOffset(sizes.getDims(op.getSource()), sizes.getDims(op.getMixedOffsets()),
                             sizes.getDims(op.getMixedSizes()), sizes.getDims(op.getMixedStrides()));
}

std::optional<Dim> npu::getContiguousOffset(tensor::InsertSliceOp op, SizeResolver &sizes) {
  return getContiguousOffset(sizes.getDims(op.getDest()), sizes.getDims(op.getMixedOffsets()),
                             sizes.getDims(op.getMixedSizes()), sizes.getDims(op.getMixedStrides()));
}
