//===- Selection.cpp - results as large as the data say -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is found goes, in order, into room for all that there could be: each step
// of a loop writes to the next place, and moves on if there was something. How
// many there are is read by the program, and the result is the front of the room.
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace gemlir::lowering;

/// A loop from 0 that passes values on. `body` gets the counter and the values.
static SmallVector<Value> loop(Emitter &b, Value count, ValueRange inits,
                               llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto op = scf::ForOp::create(b, b.index(int64_t(0)), count, b.index(int64_t(1)), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  scf::YieldOp::create(b, body(op.getInductionVar(), op.getRegionIterArgs()));
  return SmallVector<Value>(op.getResults());
}

static Value store(Emitter &b, Value scalar, Value tensor, ValueRange place) {
  return tensor::InsertOp::create(b, scalar, tensor, place);
}

static Value castIndex(Emitter &b, Value value, Type type) { return arith::IndexCastOp::create(b, type, value); }

/// 1 or 0.
static Value toCount(Emitter &b, Value flag) { return arith::IndexCastUIOp::create(b, b.getIndexType(), flag); }

static Value both(Emitter &b, Value lhs, Value rhs) { return arith::AndIOp::create(b, lhs, rhs); }

static Value isLess(Emitter &b, Value lhs, Value rhs) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, lhs, rhs);
}

/// Says how large a result is, or checks what its type says.
static void setCount(Emitter &b, OpResult result, unsigned dim, Value count) {
  if (b.isOpen(result, dim))
    return b.setSize(result, dim, count);
  Value known = b.index(b.getShape(result)[dim]);
  b.check(arith::CmpIOp::create(b, arith::CmpIPredicate::eq, count, known), result.getOwner(),
          "another number of elements than its result has");
}

/// The front of `room`, as large as `result`.
static void setFront(Emitter &b, OpResult result, Tensor room) {
  b.set(result, b.slice(room, Shape(SmallVector<int64_t>(room.rank(), 0)), b.getShape(result)).value);
}

//===----------------------------------------------------------------------===//
// NonZero
//===----------------------------------------------------------------------===//

/// How many elements of a vector are not zero.
static Value countNonZero(Emitter &b, Tensor x) {
  Scalar s(b, x.element), n(b, b.getI64Type());
  AffineMap all = b.map(1, {});
  Tensor count =
      b.generic(Access{x, b.identity(1)}, Access{b.fillZero({}, b.getI64Type()), all}, IteratorType::reduction,
                [&](ArrayRef<Value> in, ArrayRef<Value> out) {
                  Value one = arith::ExtUIOp::create(b, b.getI64Type(), s.isTrue(in[0]));
                  return SmallVector<Value>{n.add(out[0], one)};
                })
          .front();
  return b.readIndex(count);
}

/// The places of the elements of a vector that are not zero.
static Tensor findNonZero(Emitter &b, Tensor x) {
  Scalar s(b, x.element);
  Tensor room = b.empty(x.shape(), b.getI64Type());
  SmallVector<Value> results =
      loop(b, b.index(x.dim(0)), {room.value, b.index(int64_t(0))}, [&](Value i, ValueRange at) {
        Value next = toCount(b, s.isTrue(b.extract(x, i)));
        return SmallVector<Value>{store(b, castIndex(b, i, b.getI64Type()), at[0], at[1]), b.addIndex(at[1], next)};
      });
  return {results.front(), room.element, room.shape()};
}

static LogicalResult lowerNonZero(ge::NonZeroOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  Shape dims = x.rank() == 0 ? Shape({Dim(1)}) : x.shape();
  x = b.reshape(x, {x.size()});
  // A constant would be a mask of its own for each element.
  x.splat = {};
  OpResult y = cast<OpResult>(op.getY());
  const bool transposed = op.getTranspose();
  setCount(b, y, transposed ? 0 : 1, countNonZero(b, x));
  Tensor places = findNonZero(b, x);
  Dim count = b.getShape(y)[transposed ? 0 : 1];
  Scalar n(b, places.element);
  Tensor result = b.empty({Dim(int64_t(dims.size())), count}, op.getDtype());
  Dim stride = 1;
  for (int64_t dim = dims.size(); dim-- > 0; stride = stride * dims[dim]) {
    Tensor row = b.generate({Dim(1), count}, op.getDtype(), {}, [&](ArrayRef<Value>) {
      Value place = n.div(b.extract(places, b.loopIndex(1)), b.toScalar(stride, places.element));
      if (dim > 0)
        place = n.rem(place, b.toScalar(dims[dim], places.element));
      return castScalar(b, place, places.element, op.getDtype());
    });
    result = b.insert(row, result, {Dim(dim), Dim(0)});
  }
  b.set(y, transposed ? b.transpose(result, {1, 0}).value : result.value);
  return success();
}

//===----------------------------------------------------------------------===//
// Unique
//===----------------------------------------------------------------------===//

/// Each element is looked for among the different ones before it.
static LogicalResult lowerUnique(ge::UniqueOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  x.splat = {};
  Scalar s(b, x.element);
  Tensor room = b.empty(x.shape(), x.element), places = b.empty(x.shape(), op.getOutIdx()),
         total = b.fillZero({Dim(1)}, b.getI64Type());
  Value zero = b.index(int64_t(0)), none = b.index(int64_t(-1));
  SmallVector<Value> results =
      loop(b, b.index(x.dim(0)), {room.value, places.value, total.value}, [&](Value i, ValueRange at) {
        Value element = b.extract(x, i);
        Value count = castIndex(b, tensor::ExtractOp::create(b, at[2], zero), b.getIndexType());
        Value place = loop(b, count, none, [&](Value j, ValueRange found) {
                        Value other = b.extract({at[0], x.element, x.shape()}, j);
                        Value same = s.compare(Compare::Equal, element, other);
                        return SmallVector<Value>{b.select(same, j, found[0])};
                      }).front();
        Value isNew = isLess(b, place, zero);
        Value own =
            castScalar(b, castIndex(b, b.select(isNew, count, place), b.getI64Type()), b.getI64Type(), op.getOutIdx());
        Value next = castIndex(b, b.addIndex(count, toCount(b, isNew)), b.getI64Type());
        return SmallVector<Value>{store(b, b.store(element, x.element), at[0], count), store(b, own, at[1], i),
                                  store(b, next, at[2], zero)};
      });
  OpResult y = cast<OpResult>(op.getY());
  setCount(b, y, 0, b.readIndex({results[2], total.element, total.shape()}));
  setFront(b, y, {results[0], x.element, x.shape()});
  b.set(op.getIdx(), results[1]);
  return success();
}

//===----------------------------------------------------------------------===//
// NonMaxSuppression
//===----------------------------------------------------------------------===//

namespace {

/// Selects boxes. A list holds those of a class that are left, in their order; a
/// walk over it drops what overlaps with the best box and finds the next best. The
/// first walk is over all boxes. Only tensors leave a loop: those over batches and
/// classes may disappear, and what is left must be kernels.
class Suppression {
public:
  Suppression(ge::NonMaxSuppressionV6Op op, Emitter &b);
  LogicalResult run();

private:
  void readLimits(Dim count);
  Tensor corner(int64_t first, int64_t second, bool high);
  Value overlaps(Value batch, Value box, Value other);
  Value keeps(Value isFirst, Value batch, Value best, Value box, Value score);
  SmallVector<Value> walk(Value isFirst, Value batch, Value kind, ValueRange at);
  SmallVector<Value> selectBoxes(Value batch, Value kind, ValueRange all);

  ge::NonMaxSuppressionV6Op op;
  Emitter &b;
  Tensor boxes, scores;
  Tensor low[2], high[2], area; ///< [batch, box]
  Dim room = 0;                 ///< for boxes of a batch and class
  Value most;                   ///< boxes of a batch and class
  Value threshold, least;       ///< of overlap and score, the latter null if there is none
  Scalar s;
};

} // namespace

Suppression::Suppression(ge::NonMaxSuppressionV6Op op, Emitter &b)
    : op(op), b(b), boxes(b.get(op.getBoxes())), scores(b.get(op.getScores())), s(b, b.getF32Type()) {
  boxes.splat = scores.splat = {};
}

void Suppression::readLimits(Dim count) {
  Value limit = op.getMaxOutputSize();
  most = b.clampIndex(limit ? b.readIndex(b.get(limit)) : b.index(int64_t(0)), 0, count);
  room = count;
  if (!limit)
    room = 0;
  else if (FailureOr<SmallVector<int64_t>> known = Emitter::getInts(limit); succeeded(known))
    room = b.getShapes().min(count, std::max<int64_t>(known->front(), 0));
  if (Value overlap = op.getIouThreshold())
    threshold = b.extractOnly(b.get(overlap));
  else
    threshold = s.constant(0);
  if (Value score = op.getScoreThreshold())
    least = b.extractOnly(b.get(score));
}

/// One of the four corners' coordinates of all boxes.
Tensor Suppression::corner(int64_t first, int64_t second, bool isHigh) {
  return b.generate({boxes.dim(0), boxes.dim(1)}, b.getF32Type(), {}, [&](ArrayRef<Value>) {
    auto at = [&](int64_t which) { return b.extract(boxes, {b.loopIndex(0), b.loopIndex(1), b.index(which)}); };
    Value x = at(first), y = at(second);
    if (!op.getCenterPointBox())
      return isHigh ? s.maximum(x, y) : s.minimum(x, y);
    Value half = s.mul(y, s.constant(0.5));
    return isHigh ? s.add(x, half) : s.sub(x, half);
  });
}

/// Whether two boxes share more than the threshold of what they cover.
Value Suppression::overlaps(Value batch, Value box, Value other) {
  Value common;
  for (int i = 0; i < 2; ++i) {
    auto at = [&](Tensor of, Value which) { return b.extract(of, {batch, which}); };
    Value from = s.maxKeeping(at(low[i], box), at(low[i], other));
    Value length = s.maxKeeping(s.sub(s.minKeeping(at(high[i], box), at(high[i], other)), from), s.constant(0));
    common = common ? s.mul(common, length) : length;
  }
  Value sum = s.add(b.extract(area, {batch, box}), b.extract(area, {batch, other}));
  return s.compare(Compare::Greater, s.div(common, s.sub(sum, common)), threshold);
}

/// Whether a walk keeps a box: the first one those that take part, the others what
/// does not overlap with the best one.
Value Suppression::keeps(Value isFirst, Value batch, Value best, Value box, Value score) {
  Value takesPart = b.scalar(b.getI1Type(), 1), all = takesPart;
  if (least)
    takesPart = s.compare(Compare::Greater, score, least);
  Value isBest = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, box, best);
  Value goes = arith::OrIOp::create(b, isBest, overlaps(batch, best, box));
  return b.select(isFirst, takesPart, arith::XOrIOp::create(b, goes, all));
}

/// One walk over the list `at` = (list, length, best box): what follows it.
SmallVector<Value> Suppression::walk(Value isFirst, Value batch, Value kind, ValueRange at) {
  Value zero = b.index(int64_t(0));
  SmallVector<Value> inits{at[0], zero, zero, s.lowest()};
  return loop(b, at[1], inits, [&](Value j, ValueRange left) {
    Value listed = castIndex(b, tensor::ExtractOp::create(b, left[0], j), b.getIndexType());
    Value box = b.select(isFirst, j, listed), score = b.extract(scores, {batch, kind, box});
    Value keep = keeps(isFirst, batch, at[2], box, score);
    Value isOnly = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, left[1], zero);
    Value isBest = both(b, keep, arith::OrIOp::create(b, isOnly, s.compare(Compare::Greater, score, left[3])));
    return SmallVector<Value>{store(b, castIndex(b, box, b.getI32Type()), left[0], left[1]),
                              b.addIndex(left[1], toCount(b, keep)), b.select(isBest, box, left[2]),
                              b.select(isBest, score, left[3])};
  });
}

/// Selects boxes of one class. `all` and the results are the rows, how many of
/// them count, and the list. Every step but the first finds a row.
SmallVector<Value> Suppression::selectBoxes(Value batch, Value kind, ValueRange all) {
  Value zero = b.index(int64_t(0));
  SmallVector<Value> inits(all);
  inits.append({b.index(boxes.dim(1)), zero});
  SmallVector<Value> results = loop(b, b.addIndex(most, 1), inits, [&](Value step, ValueRange at) {
    Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, step, zero);
    Value count = castIndex(b, tensor::ExtractOp::create(b, at[1], zero), b.getIndexType()), rows = at[0];
    SmallVector<Value> columns{batch, kind, at[4]};
    for (auto [column, value] : llvm::enumerate(columns))
      rows = store(b, castIndex(b, value, b.getI32Type()), rows, {count, b.index(int64_t(column))});
    Value found = both(b, isLess(b, zero, step), isLess(b, zero, at[3]));
    Value next = castIndex(b, b.addIndex(count, toCount(b, found)), b.getI64Type());
    SmallVector<Value> left = walk(isFirst, batch, kind, {at[2], at[3], at[4]});
    return SmallVector<Value>{rows, store(b, next, at[1], zero), left[0], left[1], left[2]};
  });
  results.resize(3);
  return results;
}

LogicalResult Suppression::run() {
  for (int i = 0; i < 2; ++i) {
    low[i] = corner(i, i + 2, /*isHigh=*/false);
    high[i] = corner(i, i + 2, /*isHigh=*/true);
  }
  SmallVector<Tensor> sides{high[0], low[0], high[1], low[1]};
  area = b.elementwise(low[0].shape(), b.getF32Type(), sides,
                       [&](ArrayRef<Value> in) { return s.mul(s.sub(in[0], in[1]), s.sub(in[2], in[3])); });
  Dim count = boxes.dim(1), groups = scores.dim(0) * scores.dim(1);
  readLimits(count);
  // A row more, where the step after the last one writes.
  Tensor rows = b.empty({groups * room + 1, Dim(3)}, b.getI32Type());
  Tensor total = b.fillZero({Dim(1)}, b.getI64Type()), list = b.empty({count}, b.getI32Type());
  SmallVector<Value> results =
      loop(b, b.index(scores.dim(0)), {rows.value, total.value, list.value}, [&](Value batch, ValueRange outer) {
        return loop(b, b.index(scores.dim(1)), outer,
                    [&](Value kind, ValueRange all) { return selectBoxes(batch, kind, all); });
      });
  OpResult selected = cast<OpResult>(op.getSelectedIndices());
  Value found = b.readIndex({results[1], total.element, total.shape()});
  if (int64_t bound = op.getMaxBoxesSize())
    found = arith::MinSIOp::create(b, found, b.index(bound));
  setCount(b, selected, 0, found);
  setFront(b, selected, {results[0], rows.element, rows.shape()});
  return success();
}

static LogicalResult lowerNonMaxSuppression(ge::NonMaxSuppressionV6Op op, Emitter &b) {
  return Suppression(op, b).run();
}

void gemlir::lowering::populateSelection(LoweringTable &table) {
  table.add(lowerNonZero);
  table.add(lowerUnique);
  table.add(lowerNonMaxSuppression);
}
