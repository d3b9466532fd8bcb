//===- Slices.cpp - slices that are ranges of bytes -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Slices.h"

using namespace mlir;

std::optional<int64_t> npu::getContiguousOffset(ArrayRef<int64_t> shape, ArrayRef<int64_t> offsets,
                                                ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  auto isDynamic = [](int64_t size) { return ShapedType::isDynamic(size); };
  if (llvm::any_of(shape, isDynamic) || llvm::count_if(offsets, isDynamic) > 1 || llvm::any_of(sizes, isDynamic) ||
      llvm::any_of(strides, [](int64_t stride) { return stride != 1; }))
    return std::nullopt;
  int64_t offset = 0, stride = 1;
  bool partial = false; // a dimension further in is not whole
  for (int64_t i = static_cast<int64_t>(shape.size()) - 1; i >= 0; --i) {
    if (partial && sizes[i] != 1)
      return std::nullopt;
    if (!isDynamic(offsets[i]))
      offset += offsets[i] * stride;
    stride *= shape[i];
    partial |= sizes[i] != shape[i];
  }
  return offset;
}
