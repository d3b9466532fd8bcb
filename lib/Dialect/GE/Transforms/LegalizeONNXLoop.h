//===- LegalizeONNXLoop.h - loops that mappings emit ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXLOOP_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXLOOP_H

#include "LegalizeONNXNode.h"

namespace mlir::ge::onnx {

/// Builds one `ge.while` that counts from 0 to a limit. From its construction to
/// `finish` the node emits into the body.
class LoopBuilder {
public:
  /// `limit` is an i64 scalar; null if nothing limits the steps.
  LoopBuilder(Node &n, Value limit);
  LoopBuilder(Node &n, int64_t steps) : LoopBuilder(n, n.intScalar(steps)) {}
  ~LoopBuilder();

  /// The number of the step, an i64 scalar.
  Value counter() { return body->getArgument(0); }
  /// A value that each step passes to the next, as the step finds it.
  Value carry(Value init);
  /// A value from before the loop.
  Value use(Value outer);
  /// Slice `index` (a scalar of the body) of a value from before the loop, along
  /// its first dimension, which is taken away.
  Value sliceOf(Value outer, Value index);
  /// Whether the loop goes on, as it is known before the first step.
  void setCondition(Value init) { condition = carry(init); }

  /// Ends the body. `next` has what follows each carried value, in the order of
  /// `carry`. Returns their last values; null ones after a failure.
  SmallVector<Value> finish(ArrayRef<Value> next);

private:
  Node &n;
  Value limit, condition;
  OpBuilder::InsertionGuard guard;
  std::unique_ptr<Region> region;
  Block *body;
  SmallVector<Value> operands;
  SmallVector<unsigned> carried;
  llvm::DenseMap<Value, Value> known;
};

/// Collects a value of each step of a loop, along a new first dimension.
class Collector {
public:
  /// For `steps` values of the type of `slice`.
  Collector(LoopBuilder &loop, Node &n, RankedTensorType slice, int64_t steps);
  /// Into a value from before the loop.
  Collector(LoopBuilder &loop, Value room) : current(loop.carry(room)) {}
  /// What follows after `slice` is put at `index`.
  Value put(Node &n, Value index, Value slice);

private:
  Value current;
};

} // namespace mlir::ge::onnx

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXLOOP_H
