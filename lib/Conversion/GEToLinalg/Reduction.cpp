//===- Reduction.cpp - reductions over some dimensions -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"

using namespace mlir;
using namespace gemlir::lowering;

Value gemlir::lowering::divideByCount(Emitter &b, Scalar &s, Value value, Dim count) {
  bool floating = isa<FloatType>(s.getType());
  if (floating && count.isStatic())
    return s.mul(value, s.constant(1.0 / *count.known()));
  return s.div(value, b.toScalar(count, s.getType()));
}

Shape gemlir::lowering::keepDims(const Shape &shape, ArrayRef<int64_t> axes) {
  Shape result(shape);
  for (int64_t axis : axes)
    result[axis] = 1;
  return result;
}

Tensor gemlir::lowering::reduce(Emitter &b, const Shape &shape, ArrayRef<Tensor> operands, ArrayRef<int64_t> axes,
                                Type accumulator, llvm::function_ref<Value(Scalar &)> initial, Combine combine) {
  SmallVector<IteratorType> iterators(shape.size(), IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = IteratorType::reduction;
  Shape kept;
  SmallVector<AffineExpr> indices;
  for (auto [dim, size] : llvm::enumerate(shape))
    if (iterators[dim] == IteratorType::parallel) {
      kept.push_back(size);
      indices.push_back(b.d(dim));
    }
  Scalar s(b, accumulator);
  Access init{b.fill(kept, accumulator, initial(s)), b.map(shape.size(), indices)};
  SmallVector<Access> accesses;
  for (const Tensor &operand : operands)
    accesses.push_back({operand, b.broadcastMap(operand.shape(), shape)});
  return b.generic(accesses, init, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
    return SmallVector<Value>{combine(s, out[0], in)};
  })[0];
}

Tensor gemlir::lowering::reduceSum(Emitter &b, Tensor x, ArrayRef<int64_t> axes, Type accumulator) {
  return reduce(
      b, x.shape(), x, axes, accumulator, [](Scalar &s) { return s.constant(0); },
      [&](Scalar &s, Value total, ArrayRef<Value> in) {
        return s.add(total, castScalar(b, in[0], x.element, accumulator));
      });
}

Tensor gemlir::lowering::reduceMax(Emitter &b, Tensor x, ArrayRef<int64_t> axes) {
  return reduce(
      b, x.shape(), x, axes, x.element, [](Scalar &s) { return s.lowest(); },
      [](Scalar &s, Value total, ArrayRef<Value> in) { return s.maximum(total, in[0]); });
}

//===----------------------------------------------------------------------===//
// Reduce operators
//===----------------------------------------------------------------------===//

namespace {
/// A reduction with its axes in storage.
struct Reduction {
  Tensor x;
  RankedTensorType type;
  SmallVector<int64_t> axes;
  /// Number of elements that become one.
  Dim count = 1;
};
} // namespace

static FailureOr<Reduction> analyze(Operation *op, Value x, Value axesOperand, bool noopWithEmptyAxes, Emitter &b) {
  auto xType = cast<RankedTensorType>(x.getType());
  Reduction reduction{b.get(x), cast<RankedTensorType>(op->getResult(0).getType()), {}};
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(axesOperand);
  if (failed(axes)) {
    emitLoweringError(op) << "expects constant 'axes'";
    return failure();
  }
  int64_t originRank = getOriginShape(xType).size();
  if (axes->empty() && !noopWithEmptyAxes)
    llvm::append_range(*axes, llvm::seq<int64_t>(0, originRank));
  reduction.axes = normalizeAxes(*axes, originRank);
  if (isBlocked(xType)) // height and width are where they are in NCHW
    for (int64_t axis : reduction.axes)
      if (axis != 2 && axis != 3) {
        emitLoweringError(op) << "expects to reduce height and width of NC1HWC0 only, but got axis " << axis;
        return failure();
      }
  for (int64_t axis : reduction.axes)
    reduction.count *= reduction.x.dim(axis);
  return reduction;
}

/// Reduces, applies `finish` to each element and gives it the result's shape.
static LogicalResult finishReduction(Operation *op, Emitter &b, const Reduction &reduction, Tensor reduced,
                                     llvm::function_ref<Value(Scalar &, Value)> finish = {}) {
  Type element = reduction.type.getElementType();
  if (finish || reduced.element != element) {
    Tensor from = reduced;
    reduced = b.elementwise(from.shape(), element, from, [&](ArrayRef<Value> in) {
      Scalar s(b, from.element);
      return castScalar(b, finish ? finish(s, in[0]) : in[0], from.element, element);
    });
  }
  b.set(op->getResult(0), b.reshape(reduced, b.getShape(op->getResult(0))).value);
  return success();
}

/// Partial results of half precision stay in f32, those of integers keep their type.
static Type getAccumulator(Type element) { return isa<FloatType>(element) ? getComputeElement(element) : element; }

template <typename OpTy>
static void addReduction(LoweringTable &table, Value (*initial)(Scalar &), Value (*combine)(Scalar &, Value, Value)) {
  table.add(OpTy::getOperationName(), [=](Operation *operation, Emitter &b) -> LogicalResult {
    auto op = cast<OpTy>(operation);
    bool noop = true;
    if constexpr (!std::is_same_v<OpTy, ge::ReduceAllOp> && !std::is_same_v<OpTy, ge::ReduceAnyOp>)
      noop = op.getNoopWithEmptyAxes();
    FailureOr<Reduction> reduction = analyze(op, op.getX(), op.getAxes(), noop, b);
    if (failed(reduction))
      return failure();
    if (reduction->axes.empty()) {
      b.set(op.getY(), reduction->x.value);
      return success();
    }
    Tensor reduced =
        reduce(b, reduction->x.shape(), reduction->x, reduction->axes, getAccumulator(reduction->x.element), initial,
               [&](Scalar &s, Value total, ArrayRef<Value> in) { return combine(s, total, in[0]); });
    return finishReduction(op, b, *reduction, reduced);
  });
}

static LogicalResult lowerReduceMean(ge::ReduceMeanOp op, Emitter &b) {
  FailureOr<Reduction> reduction = analyze(op, op.getX(), op.getAxes(), op.getNoopWithEmptyAxes(), b);
  if (failed(reduction))
    return failure();
  if (reduction->axes.empty()) {
    b.set(op.getY(), reduction->x.value);
    return success();
  }
  bool floating = isa<FloatType>(reduction->x.element);
  Type accumulator = floating ? getComputeElement(reduction->x.element) : Type(b.getI64Type());
  Tensor sum = reduceSum(b, reduction->x, reduction->axes, accumulator);
  return finishReduction(op, b, *reduction, sum,
                         [&](Scalar &s, Value value) { return divideByCount(b, s, value, reduction->count); });
}

/// max + log(sum(exp(x - max))); a maximum that is infinite is not subtracted.
static LogicalResult lowerReduceLogSumExp(ge::ReduceLogSumExpOp op, Emitter &b) {
  FailureOr<Reduction> reduction = analyze(op, op.getX(), op.getAxes(), op.getNoopWithEmptyAxes(), b);
  if (failed(reduction))
    return failure();
  const Tensor &x = reduction->x;
  if (reduction->axes.empty()) {
    b.set(op.getY(), x.value);
    return success();
  }
  Type accumulator = getComputeElement(x.element);
  Tensor greatest = reduceMax(b, x, reduction->axes);
  Tensor shift = b.elementwise(greatest.shape(), greatest.element, greatest, [&](ArrayRef<Value> in) {
    Scalar s(b, greatest.element);
    Value finite = s.compare(Compare::Less, s.abs(in[0]), s.constant(INFINITY));
    return b.select(finite, in[0], s.constant(0));
  });
  Tensor rows = b.reshape(shift, keepDims(x.shape(), reduction->axes));
  Tensor sum = reduce(
      b, x.shape(), {x, rows}, reduction->axes, accumulator, [](Scalar &s) { return s.constant(0); },
      [&](Scalar &s, Value total, ArrayRef<Value> in) { return s.add(total, s.exp(s.sub(in[0], in[1]))); });
  Tensor result = b.elementwise(sum.shape(), x.element, {sum, shift}, [&](ArrayRef<Value> in) {
    Scalar s(b, accumulator);
    return s.add(s.log(in[0]), in[1]);
  });
  return finishReduction(op, b, *reduction, result);
}

//===----------------------------------------------------------------------===//
// ArgMaxV2 and ArgMin
//===----------------------------------------------------------------------===//

/// The first index of the extreme element; a NaN is more extreme than any number.
static LogicalResult lowerArg(Operation *op, Emitter &b, Value xValue, Value dimension, bool isMax) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(dimension);
  if (failed(axes) || axes->size() != 1)
    return emitLoweringError(op) << "expects a constant 'dimension'";
  Tensor x = b.get(xValue);
  int64_t axis = normalizeAxes(*axes, x.rank()).front();
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<IteratorType> iterators(x.rank(), IteratorType::parallel);
  iterators[axis] = IteratorType::reduction;
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < x.rank(); ++dim)
    if (dim != axis)
      indices.push_back(b.d(dim));
  AffineMap kept = b.map(x.rank(), indices);
  Scalar s(b, x.element);
  Shape shape = b.getShape(op->getResult(0));
  Access best{b.fill(shape, x.element, isMax ? s.lowest() : s.highest()), kept};
  Access where{b.fillZero(shape, type.getElementType()), kept};
  SmallVector<Tensor> results = b.generic(
      Access{x, b.identity(x.rank())}, {best, where}, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
        Value better = s.compare(isMax ? Compare::Greater : Compare::Less, in[0], out[0]);
        if (s.isFloat()) {
          Value fresh = s.compare(Compare::NotEqual, in[0], in[0]);
          Value known = s.compare(Compare::Equal, out[0], out[0]);
          better = arith::OrIOp::create(b, better, arith::AndIOp::create(b, fresh, known));
        }
        Value index = arith::IndexCastOp::create(b, type.getElementType(), b.loopIndex(axis));
        return SmallVector<Value>{b.select(better, in[0], out[0]), b.select(better, index, out[1])};
      });
  b.set(op->getResult(0), results[1].value);
  return success();
}

static LogicalResult lowerArgMax(ge::ArgMaxV2Op op, Emitter &b) {
  return lowerArg(op, b, op.getX(), op.getDimension(), /*isMax=*/true);
}

static LogicalResult lowerArgMin(ge::ArgMinOp op, Emitter &b) {
  return lowerArg(op, b, op.getX(), op.getDimension(), /*isMax=*/false);
}

//===----------------------------------------------------------------------===//
// Cumsum and Cumprod
//===----------------------------------------------------------------------===//

static Tensor reverse(Emitter &b, Tensor x, int64_t axis) {
  return b.generate(x.shape(), x.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> indices;
    for (int64_t dim = 0; dim < x.rank(); ++dim)
      indices.push_back(b.loopIndex(dim));
    indices[axis] = arith::SubIOp::create(b, b.index(x.dim(axis) - 1), indices[axis]);
    return b.extract(x, indices);
  });
}

/// A scan: the axis is a reduction loop that carries the total in a second
/// destination and writes each value on its way.
static LogicalResult lowerScan(Operation *op, Emitter &b, Value xValue, Value axisOperand, bool exclusive,
                               bool isReverse, double initial, Value (*combine)(Scalar &, Value, Value)) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(axisOperand);
  if (failed(axes) || axes->size() != 1)
    return emitLoweringError(op) << "expects a constant 'axis'";
  Tensor x = b.get(xValue);
  int64_t axis = normalizeAxes(*axes, x.rank()).front();
  if (isReverse)
    x = reverse(b, x, axis);
  SmallVector<IteratorType> iterators(x.rank(), IteratorType::parallel);
  iterators[axis] = IteratorType::reduction;
  Shape shape;
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < x.rank(); ++dim)
    if (dim != axis) {
      shape.push_back(x.dim(dim));
      indices.push_back(b.d(dim));
    }
  Type accumulator = getAccumulator(x.element);
  Scalar s(b, accumulator);
  Access total{b.fill(shape, accumulator, s.constant(initial)), b.map(x.rank(), indices)};
  Access result{b.empty(x.shape(), x.element), b.identity(x.rank())};
  Tensor scanned = b.generic(Access{x, b.identity(x.rank())}, {result, total}, iterators,
                             [&](ArrayRef<Value> in, ArrayRef<Value> out) {
                               Value next = combine(s, out[1], in[0]);
                               return SmallVector<Value>{exclusive ? out[1] : next, next};
                             })[0];
  b.set(op->getResult(0), (isReverse ? reverse(b, scanned, axis) : scanned).value);
  return success();
}

static LogicalResult lowerCumsum(ge::CumsumOp op, Emitter &b) {
  return lowerScan(op, b, op.getX(), op.getAxis(), op.getExclusive(), op.getReverse(), 0,
                   [](Scalar &s, Value total, Value x) { return s.add(total, x); });
}

static LogicalResult lowerCumprod(ge::CumprodOp op, Emitter &b) {
  return lowerScan(op, b, op.getX(), op.getAxis(), op.getExclusive(), op.getReverse(), 1,
                   [](Scalar &s, Value total, Value x) { return s.mul(total, x); });
}

void gemlir::lowering::populateReduction(LoweringTable &table) {
  auto zero = [](Scalar &s) { return s.constant(0); };
  auto one = [](Scalar &s) { return s.constant(1); };
  addReduction<ge::ReduceSumOp>(table, zero, [](Scalar &s, Value total, Value x) { return s.add(total, x); });
  addReduction<ge::ReduceProdOp>(table, one, [](Scalar &s, Value total, Value x) { return s.mul(total, x); });
  addReduction<ge::ReduceMaxOp>(
      table, [](Scalar &s) { return s.lowest(); }, [](Scalar &s, Value total, Value x) { return s.maximum(total, x); });
  addReduction<ge::ReduceMinOp>(
      table, [](Scalar &s) { return s.highest(); },
      [](Scalar &s, Value total, Value x) { return s.minimum(total, x); });
  addReduction<ge::ReduceAllOp>(table, one, [](Scalar &s, Value total, Value x) { return s.mul(total, x); });
  addReduction<ge::ReduceAnyOp>(table, zero, [](Scalar &s, Value total, Value x) { return s.add(total, x); });
  table.add(lowerReduceMean);
  table.add(lowerReduceLogSumExp);
  table.add(lowerArgMax);
  table.add(lowerArgMin);
  table.add(lowerCumsum);
  table.add(lowerCumprod);
}
