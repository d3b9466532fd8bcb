//===- Scatter.cpp - elements written by index -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes by index happen in order, so they are loops over tensors that start with
// the operand and make one update after the other: in its memory if no one else
// needs it, like a state that a step changes. Indices are clamped to the tensor.
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace gemlir::lowering;

/// The value to write, from the one there and the update.
using Combine = llvm::function_ref<Value(Value, Value)>;
/// Where the update at some indices goes.
using Target = llvm::function_ref<SmallVector<Value>(ArrayRef<Value>)>;

/// A loop nest over `updates` that passes the tensor on.
static Value buildUpdates(Emitter &b, Tensor data, Tensor updates, Target target, Combine combine,
                          SmallVectorImpl<Value> &indices) {
  size_t dim = indices.size();
  if (static_cast<int64_t>(dim) == updates.rank()) {
    SmallVector<Value> place = target(indices);
    Value value = b.extract(updates, indices);
    if (combine)
      value = combine(b.extract(data, place), value);
    return tensor::InsertOp::create(b, b.store(value, data.element), data.value, place);
  }
  auto loop = scf::ForOp::create(b, b.index(int64_t(0)), b.index(updates.dim(dim)), b.index(int64_t(1)), data.value);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  indices.push_back(loop.getInductionVar());
  Value next =
      buildUpdates(b, {loop.getRegionIterArg(0), data.element, data.shape()}, updates, target, combine, indices);
  indices.pop_back();
  scf::YieldOp::create(b, next);
  return loop.getResult(0);
}

static LogicalResult scatter(Operation *op, Emitter &b, Tensor data, Tensor updates, Target target, Combine combine) {
  updates.splat = {};
  SmallVector<Value> indices;
  Value result = buildUpdates(b, data, updates, target, combine, indices);
  b.set(op->getResult(0), result);
  return success();
}

/// What a loop of updates starts with: `data`, or a tensor of its own with the same
/// elements if the updates read it.
static Tensor start(Emitter &b, Tensor data, Tensor indices, Tensor updates) {
  data.splat = {};
  if (data.value != indices.value && data.value != updates.value)
    return data;
  // Not as an operand, which would be an identity that folds to `data`.
  return b.generate(data.shape(), data.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> place;
    for (int64_t dim = 0; dim < data.rank(); ++dim)
      place.push_back(b.loopIndex(dim));
    return b.extract(data, place);
  });
}

static LogicalResult requirePlain(Operation *op) {
  for (Value operand : op->getOperands())
    if (isBlocked(operand.getType()))
      return emitLoweringError(op) << "expects operands without storage format, but got " << operand.getType();
  return success();
}

static LogicalResult lowerScatterElements(ge::ScatterElementsOp op, Emitter &b) {
  if (failed(requirePlain(op)))
    return failure();
  Tensor data = b.get(op.getData()), indices = b.get(op.getIndices()), updates = b.get(op.getUpdates());
  int64_t axis = normalizeAxes(op.getAxis(), data.rank()).front();
  StringRef reduction = op.getReduction();
  auto target = [&](ArrayRef<Value> at) {
    SmallVector<Value> place(at);
    place[axis] = b.toIndex(b.extract(indices, at), indices.element, data.dim(axis));
    return place;
  };
  auto combine = [&](Value old, Value update) -> Value {
    Scalar s(b, data.element);
    if (reduction == "add")
      return s.add(old, update);
    if (reduction == "mul")
      return s.mul(old, update);
    return reduction == "max" ? s.maximum(old, update) : s.minimum(old, update);
  };
  return scatter(op, b, start(b, data, indices, updates), updates, target,
                 reduction == "none" ? Combine() : Combine(combine));
}

/// The place that a tuple names, followed by the update's own indices.
static SmallVector<Value> findPlace(Emitter &b, Tensor indices, Tensor data, ArrayRef<Value> at) {
  int64_t outer = indices.rank() - 1;
  SmallVector<Value> place;
  for (int64_t component = 0, count = b.fixed(indices.shape().back(), "the length of the tuples"); component < count;
       ++component) {
    SmallVector<Value> tuple(at.take_front(outer));
    tuple.push_back(b.index(component));
    place.push_back(b.toIndex(b.extract(indices, tuple), indices.element, data.dim(component)));
  }
  llvm::append_range(place, at.drop_front(outer));
  return place;
}

static LogicalResult lowerTensorScatterUpdate(ge::TensorScatterUpdateOp op, Emitter &b) {
  if (failed(requirePlain(op)))
    return failure();
  Tensor data = b.get(op.getX()), indices = b.get(op.getIndices()), updates = b.get(op.getUpdates());
  // One slice at a counter of the program: an update in place.
  bool isSlice = data.rank() > 0 && indices.rank() == 1 && indices.size() == 1;
  if (Value place = isSlice ? traceRegister(op.getIndices(), b) : Value()) {
    Shape shape = data.shape();
    shape.front() = 1;
    b.set(op.getY(), b.insertAt(b.reshape(updates, shape), data, 0, place).value);
    return success();
  }
  auto target = [&](ArrayRef<Value> at) { return findPlace(b, indices, data, at); };
  return scatter(op, b, start(b, data, indices, updates), updates, target, Combine());
}

static LogicalResult lowerScatterNd(ge::ScatterNdOp op, Emitter &b) {
  if (failed(requirePlain(op)))
    return failure();
  Tensor indices = b.get(op.getIndices()), updates = b.get(op.getX());
  auto type = cast<RankedTensorType>(op.getY().getType());
  Tensor data = b.fillZero(b.getShape(op.getY()), type.getElementType());
  auto target = [&](ArrayRef<Value> at) { return findPlace(b, indices, data, at); };
  auto combine = [&](Value old, Value update) { return Scalar(b, data.element).add(old, update); };
  return scatter(op, b, data, updates, target, combine);
}

void gemlir::lowering::populateScatter(LoweringTable &table) {
  table.add(lowerScatterElements);
  table.add(lowerTensorScatterUpdate);
  table.add(lowerScatterNd);
}
