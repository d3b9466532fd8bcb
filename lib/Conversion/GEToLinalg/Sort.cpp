//===- Sort.cpp - the greatest elements -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

using namespace mlir;
using namespace gemlir::lowering;

namespace {
/// Values of the innermost loop of a selection.
struct Selection {
  Value element, position, best, bestPosition, last, lastPosition;
};
} // namespace

/// The best so far, after looking at one more element. The first element of a
/// sweep finds no best, the first sweep no last one: both have position -1.
static SmallVector<Value> select(Emitter &b, Scalar &s, Scalar &p, bool largest, Value last, const Selection &at) {
  Compare before = largest ? Compare::Greater : Compare::Less;
  auto either = [&](Value lhs, Value rhs) -> Value { return arith::OrIOp::create(b, lhs, rhs); };
  auto both = [&](Value lhs, Value rhs) -> Value { return arith::AndIOp::create(b, lhs, rhs); };
  Value none = p.constant(-1), zero = p.constant(0);
  Value isFirst = p.compare(Compare::Equal, at.position, zero);
  Value bestPosition = b.select(isFirst, none, at.bestPosition);
  // What comes after the last one found: smaller, or as great with a higher index.
  Value follows =
      either(s.compare(before, at.last, at.element), both(s.compare(Compare::Equal, at.last, at.element),
                                                          p.compare(Compare::Greater, at.position, at.lastPosition)));
  Value eligible = either(p.compare(Compare::Less, at.lastPosition, zero), follows);
  Value better = either(p.compare(Compare::Less, bestPosition, zero), s.compare(before, at.element, at.best));
  Value takes = both(eligible, better);
  Value best = b.select(takes, at.element, at.best);
  bestPosition = b.select(takes, at.position, bestPosition);
  Value ends = p.compare(Compare::Equal, at.position, last);
  return {best, bestPosition, b.select(ends, best, at.last), b.select(ends, bestPosition, at.lastPosition)};
}

/// k sweeps over the dimension, each of which finds the best element after the
/// last one found. The loops over k and over the dimension are reductions, that
/// is, in order; two destinations without them carry the last one found.
static LogicalResult lowerTopK(ge::TopKV2Op op, Emitter &b) {
  Tensor x = b.get(op.getX());
  Type position = cast<RankedTensorType>(op.getIndices().getType()).getElementType();
  unsigned rank = x.rank();
  int64_t axis = normalizeAxes(op.getDim(), rank).front();
  Dim extent = x.dim(axis);
  Shape found = b.getShape(op.getValues());
  bool largest = op.getLargest();
  SmallVector<AffineExpr> read, write, carried;
  Shape carriedShape;
  for (unsigned dim = 0; dim < rank; ++dim) {
    bool isAxis = dim == axis;
    read.push_back(b.d(isAxis ? rank : dim));
    write.push_back(b.d(dim));
    if (!isAxis) {
      carried.push_back(b.d(dim));
      carriedShape.push_back(x.dim(dim));
    }
  }
  SmallVector<IteratorType> iterators(rank + 1, IteratorType::parallel);
  iterators[axis] = iterators[rank] = IteratorType::reduction;
  AffineMap writeMap = b.map(rank + 1, write), carriedMap = b.map(rank + 1, carried);
  Scalar s(b, x.element), p(b, position);
  SmallVector<Access> inits{{b.empty(found, x.element), writeMap},
                            {b.empty(found, position), writeMap},
                            {b.fillZero(carriedShape, x.element), carriedMap},
                            {b.fill(carriedShape, position, p.constant(-1)), carriedMap}};
  SmallVector<Tensor> results =
      b.generic(Access{x, b.map(rank + 1, read)}, inits, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
        Value here = arith::IndexCastOp::create(b, position, b.loopIndex(rank));
        return select(b, s, p, largest, b.toScalar(extent - 1, position),
                      {in[0], here, out[0], out[1], out[2], out[3]});
      });
  b.set(op.getValues(), results[0].value);
  b.set(op.getIndices(), results[1].value);
  return success();
}

void gemlir::lowering::populateSort(LoweringTable &table) { table.add(lowerTopK); }
