//===- Registers.h - the registers of a program -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_REGISTERS_H
#define GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_REGISTERS_H

#include "ge-mlir/Dialect/NPU/Transforms/Sizes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Slices.h"

#include "mlir/IR/IRMapping.h"

namespace mlir::npu {

/// Takes the arithmetic on scalars of a block of launches over into a program,
/// and answers there how large tensors are.
class Registers {
public:
  Registers(Block &block, OpBuilder &builder) : builder(builder), sizes(block), block(block) {}

  /// Adds what slices and copies need to know to `block`, and moves each
  /// operation on scalars to where its operands are known, so that a buffer may
  /// be made as early as its size is known.
  LogicalResult prepare();

  /// Whether `op` computes scalars, from tensors or not.
  static bool isScalar(Operation &op);
  /// Takes `op` over; `buffer` is that of the tensor that it looks at, if any.
  LogicalResult convert(Operation &op, Value buffer);
  /// The register for a scalar of the block.
  Value lookup(Value scalar) { return mapping.lookup(scalar); }
  void map(Value scalar, Value value) { mapping.map(scalar, value); }

  /// The dynamic dimensions of a tensor of the block as registers of type index,
  /// or nothing if they are not known yet.
  std::optional<SmallVector<Value>> getDynamicSizes(Value tensor);
  /// The bytes of a tensor of dynamic shape as a register.
  Value getBytes(Value tensor, Location loc);
  /// The bytes before the slice that `op` takes or replaces, as a register.
  Value getByteOffset(Operation *op, Location loc);
  bool isContiguous(Operation *op) { return offsets.count(op); }
  Value toI64(Value value, Location loc);

private:
  OpBuilder &builder;
  SizeResolver sizes;
  Block &block;
  IRMapping mapping;
  /// Element offsets of contiguous slices; values of the block if not constant.
  DenseMap<Operation *, OpFoldResult> offsets;
};

} // namespace mlir::npu

#endif // GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_REGISTERS_H
