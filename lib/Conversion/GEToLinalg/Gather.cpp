//===- Gather.cpp - elements picked by index -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Indices from data are clamped to the tensor: a wrong index reads some element,
// never other memory.
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

using namespace mlir;
using namespace gemlir::lowering;

static RankedTensorType resultType(Operation *op) { return cast<RankedTensorType>(op->getResult(0).getType()); }

static LogicalResult requirePlain(Operation *op, Value x) {
  if (!isBlocked(x.getType()))
    return success();
  return emitLoweringError(op) << "expects an operand without storage format, but got " << x.getType();
}

/// Loops over the result [x before axis, indices after batch_dims, x after axis].
static LogicalResult lowerGatherV2(ge::GatherV2Op op, Emitter &b) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(op.getAxis());
  if (failed(axes) || axes->size() != 1)
    return emitLoweringError(op) << "expects a constant 'axis'";
  if (failed(requirePlain(op, op.getX())))
    return failure();
  Tensor x = b.get(op.getX()), indices = b.get(op.getIndices());
  RankedTensorType type = resultType(op);
  int64_t axis = normalizeAxes(*axes, x.rank()).front(), batch = op.getBatchDims();
  batch = batch < 0 ? batch + indices.rank() : batch;
  int64_t inserted = indices.rank() - batch;
  if (auto index = dyn_cast_if_present<IntegerAttr>(indices.splat); index && inserted == 0 && batch == 0) {
    // One known index: a part of the tensor.
    Shape offsets(x.rank(), 0), sizes(x.shape());
    Dim place = index.getValue().getSExtValue(), extent = x.dim(axis);
    if (*place.known() < 0)
      place = place + extent;
    if (place.isStatic() && extent.isStatic())
      place = std::clamp<int64_t>(*place.known(), 0, *extent.known() - 1);
    else
      place = b.getShapes().max(b.getShapes().min(place, extent - 1), 0);
    offsets[axis] = place;
    sizes[axis] = 1;
    b.set(op.getY(), b.reshape(b.slice(x, offsets, sizes), b.getShape(op.getY())).value);
    return success();
  }
  // At a counter of the program: a view, if the slice is one range of memory.
  bool isRange = llvm::all_of(ArrayRef<Dim>(x.shape()).take_front(axis), [](Dim size) { return size == 1; });
  if (Value place = inserted == 0 && batch == 0 && isRange ? traceRegister(op.getIndices(), b) : Value()) {
    b.set(op.getY(), b.reshape(b.sliceAt(x, axis, place), b.getShape(op.getY())).value);
    return success();
  }
  SmallVector<AffineExpr> where;
  for (int64_t dim = 0; dim < indices.rank(); ++dim)
    where.push_back(b.d(dim < batch ? dim : dim - batch + axis));
  Access index{indices, b.map(type.getRank(), where)};
  Tensor result = b.generate(b.getShape(op.getY()), x.element, index, [&](ArrayRef<Value> in) {
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < x.rank(); ++dim) {
      if (dim == axis)
        places.push_back(b.toIndex(in[0], indices.element, x.dim(axis)));
      else
        places.push_back(b.loopIndex(dim < axis ? dim : dim - 1 + inserted));
    }
    return b.extract(x, places);
  });
  b.set(op.getY(), result.value);
  return success();
}

/// Loops over the result [indices without the last dimension, rest of x].
static LogicalResult lowerGatherNd(ge::GatherNdOp op, Emitter &b) {
  if (failed(requirePlain(op, op.getX())))
    return failure();
  Tensor x = b.get(op.getX()), indices = b.get(op.getIndices());
  RankedTensorType type = resultType(op);
  int64_t named = b.fixed(indices.shape().back(), "the length of the tuples"), outer = indices.rank() - 1;
  SmallVector<Access> operands;
  for (int64_t component = 0; component < named; ++component) {
    SmallVector<AffineExpr> where;
    for (int64_t dim = 0; dim < outer; ++dim)
      where.push_back(b.d(dim));
    where.push_back(b.c(component));
    operands.push_back({indices, b.map(type.getRank(), where)});
  }
  Tensor result = b.generate(b.getShape(op.getY()), x.element, operands, [&](ArrayRef<Value> in) {
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < x.rank(); ++dim)
      places.push_back(dim < named ? b.toIndex(in[dim], indices.element, x.dim(dim))
                                   : b.loopIndex(dim - named + outer));
    return b.extract(x, places);
  });
  b.set(op.getY(), result.value);
  return success();
}

static LogicalResult lowerGatherElements(ge::GatherElementsOp op, Emitter &b) {
  if (failed(requirePlain(op, op.getX())))
    return failure();
  Tensor x = b.get(op.getX()), indices = b.get(op.getIndex());
  RankedTensorType type = resultType(op);
  int64_t axis = normalizeAxes(op.getDim(), x.rank()).front();
  Access index{indices, b.identity(type.getRank())};
  Tensor result = b.generate(b.getShape(op.getY()), x.element, index, [&](ArrayRef<Value> in) {
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < x.rank(); ++dim)
      places.push_back(dim == axis ? b.toIndex(in[0], indices.element, x.dim(dim)) : b.loopIndex(dim));
    return b.extract(x, places);
  });
  b.set(op.getY(), result.value);
  return success();
}

void gemlir::lowering::populateGather(LoweringTable &table) {
  table.add(lowerGatherV2);
  table.add(lowerGatherNd);
  table.add(lowerGatherElements);
}
