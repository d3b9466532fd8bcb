//===- Sizes.h - sizes of tensors that only the execution knows -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_TRANSFORMS_SIZES_H
#define GEMLIR_DIALECT_NPU_TRANSFORMS_SIZES_H

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "ge-mlir/Dialect/Utils/Dim.h"

namespace mlir::npu {

/// Sizes of the tensors of a function as constants or values of type `index`
/// that come before every use of the tensor. One value for each size: what a
/// destination was made with, what a reshape or slice states, what a launch was
/// given, or `tensor.dim` of an argument.
class SizeResolver {
public:
  explicit SizeResolver(Block &block) : block(block), scope(block.getParentOp()->getContext()) {}

  /// Null if nothing states the size.
  OpFoldResult getSize(Value tensor, unsigned dim);
  /// All sizes, or failure.
  FailureOr<SmallVector<OpFoldResult>> getSizes(Value tensor);
  void setSizes(Value tensor, ArrayRef<OpFoldResult> sizes);
  /// Sizes as numbers and symbols, the same symbol for the same value. A size
  /// that nothing states is a symbol of its own.
  gemlir::Dim getDim(OpFoldResult size);
  SmallVector<gemlir::Dim> getDims(ArrayRef<OpFoldResult> sizes);
  SmallVector<gemlir::Dim> getDims(Value tensor);
  /// The value of `dim` before `op`.
  Value materialize(gemlir::Dim dim, Operation *op);
  /// Replaces `tensor.dim` of what is no argument.
  LogicalResult resolveDimOps();

private:
  OpFoldResult computeSize(Value tensor, unsigned dim);

  Block &block;
  gemlir::DimScope scope;
  DenseMap<std::pair<Value, unsigned>, OpFoldResult> known;
};

/// A size in the body of a kernel, with the kernel's scalars as symbols, or
/// nothing if it is not one of the kernel's.
std::optional<gemlir::Dim> traceSize(KernelOp kernel, OpFoldResult size);
/// The sizes of a tensor or memref that follow so, as a kernel's body has them
/// before it is tiled.
SmallVector<gemlir::Dim> traceSizes(KernelOp kernel, Value tensor);

} // namespace mlir::npu

#endif // GEMLIR_DIALECT_NPU_TRANSFORMS_SIZES_H
