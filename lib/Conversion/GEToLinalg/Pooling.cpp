//===- Pooling.cpp - sliding windows -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One parallel generic computes a whole window per element, so that no partial
// result goes through memory and the innermost dimension (C0, or the width) runs
// over consecutive elements. Windows too large to write out become a generic
// with reduction loops, global pooling a reduction of whole images.
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"

using namespace mlir;
using namespace gemlir::lowering;

namespace {
/// A pooling operator; spatial quantities are {height, width}.
struct Pool {
  Operation *op;
  Tensor x;
  RankedTensorType resultType;
  /// Dimension of the height in storage.
  int64_t heightAxis;
  Shape size, out, kernel, strides, padsBefore, padsAfter;
  bool isAverage, exclusive;
  /// Whether every window lies in the image, or in it and its padding.
  bool inImage[2], inPadding[2];
  int64_t divisorOverride;
};
} // namespace

template <typename OpTy>
static FailureOr<Pool> analyze(OpTy op, Emitter &b) {
  Pool pool;
  pool.op = op;
  pool.x = b.get(op.getX());
  pool.resultType = cast<RankedTensorType>(op.getY().getType());
  bool isNHWC = op.getDataFormat() == "NHWC";
  pool.heightAxis = isNHWC && !isBlocked(op.getX().getType()) ? 1 : 2;
  if (pool.x.rank() < 4 || op.getKsize().size() != 4 || op.getStrides().size() != 4 ||
      isBlocked(op.getX().getType()) != isBlocked(pool.resultType)) {
    emitLoweringError(op) << "expects two-dimensional images in one format, but got " << op.getX().getType() << " and "
                          << pool.resultType;
    return failure();
  }
  for (int64_t axis : {0, 1}) {
    int64_t attribute = axis + (isNHWC ? 1 : 2);
    Dim size = pool.x.dim(pool.heightAxis + axis), out = b.getShape(op.getY())[pool.heightAxis + axis];
    Dim kernel = op.getGlobalPooling() ? size : Dim(op.getKsize()[attribute]);
    Dim stride = op.getGlobalPooling() ? 1 : op.getStrides()[attribute];
    Dim before = 0, after = 0;
    if (!op.getGlobalPooling() && op.getPaddingMode() == "CALCULATED") {
      before = op.getPads()[2 * axis];
      after = op.getPads()[2 * axis + 1];
    } else if (!op.getGlobalPooling() && op.getPaddingMode() == "SAME") {
      Dim total = b.getShapes().max((out - 1) * stride + kernel - size, 0);
      before = floorDiv(total, 2);
      after = total - before;
    }
    // Rounding down, windows fit by the way they are counted.
    std::optional<int64_t> room = (size - (out - 1) * stride - kernel).known();
    std::optional<int64_t> padded = (size + before + after - (out - 1) * stride - kernel).known();
    bool fits = op.getGlobalPooling() || !op.getCeilMode();
    pool.inImage[axis] = before == 0 && (room ? *room >= 0 : fits && after == 0);
    pool.inPadding[axis] = padded ? *padded >= 0 : fits;
    pool.size.push_back(size);
    pool.out.push_back(out);
    pool.kernel.push_back(kernel);
    pool.strides.push_back(stride);
    pool.padsBefore.push_back(before);
    pool.padsAfter.push_back(after);
  }
  return pool;
}

/// What one axis of a window contributes at the current loop indices.
namespace {
struct Axis {
  /// First position of the window, which may lie before the image.
  Value start;
  /// Number of positions that count for the divisor, an index.
  Value count;
};
} // namespace

static Axis getAxis(Emitter &b, const Pool &pool, unsigned axis) {
  Axis result;
  Dim before = pool.padsBefore[axis], kernel = pool.kernel[axis];
  result.start = b.addIndex(b.mulIndex(b.loopIndex(pool.heightAxis + axis), pool.strides[axis]), before * -1);
  if (!pool.isAverage || pool.divisorOverride != 0)
    return result;
  // Padding counts unless exclusive, what lies beyond the padding never.
  Dim low = pool.exclusive ? Dim(0) : before * -1;
  Dim high = pool.size[axis] + (pool.exclusive ? Dim(0) : pool.padsAfter[axis]);
  Value first = arith::MaxSIOp::create(b, result.start, b.index(low));
  Value last = arith::MinSIOp::create(b, b.addIndex(result.start, kernel), b.index(high));
  result.count = arith::SubIOp::create(b, last, first);
  return result;
}

/// The element under a tap, or what does not change the result if there is none.
static Value readTap(Emitter &b, const Pool &pool, ArrayRef<Value> position, Scalar &s, Value neutral) {
  SmallVector<Value> indices;
  for (int64_t dim = 0; dim < pool.x.rank(); ++dim)
    indices.push_back(b.loopIndex(dim));
  Value valid;
  for (unsigned axis : {0, 1}) {
    Value at = position[axis];
    if (!pool.inImage[axis]) {
      Value inside = b.inRange(at, 0, pool.size[axis]);
      valid = valid ? Value(arith::AndIOp::create(b, valid, inside)) : inside;
      at = b.clampIndex(at, 0, pool.size[axis] - 1);
    }
    indices[pool.heightAxis + axis] = at;
  }
  Value element = b.extract(pool.x, indices);
  // A maximum that meets the border's elements again stays what it is.
  return valid && pool.isAverage ? b.select(valid, element, neutral) : element;
}

static Value scaleAverage(Emitter &b, const Pool &pool, Scalar &s, Value sum, const Axis &height, const Axis &width) {
  if (pool.divisorOverride != 0)
    return s.div(sum, s.constant(pool.divisorOverride));
  bool countsPadding = !pool.exclusive && pool.inPadding[0] && pool.inPadding[1];
  Dim area = pool.kernel[0] * pool.kernel[1];
  if (countsPadding || (pool.inImage[0] && pool.inImage[1]))
    return area.isStatic() ? s.mul(sum, s.constant(1.0 / *area.known())) : s.div(sum, b.toScalar(area, s.getType()));
  Value count = arith::MulIOp::create(b, height.count, width.count);
  Value asInt = arith::IndexCastOp::create(b, b.getI32Type(), count);
  return s.div(sum, arith::SIToFPOp::create(b, s.getType(), asInt));
}

/// All taps of a window in one body.
static Tensor poolUnrolled(Emitter &b, const Pool &pool) {
  int64_t rows = *pool.kernel[0].known(), columns = *pool.kernel[1].known();
  return b.generate(b.getShape(pool.op->getResult(0)), pool.x.element, {}, [&](ArrayRef<Value>) {
    Scalar s(b, pool.x.element);
    Axis height = getAxis(b, pool, 0), width = getAxis(b, pool, 1);
    Value neutral = pool.isAverage ? s.constant(0) : Value();
    Value total;
    for (int64_t kh = 0; kh < rows; ++kh)
      for (int64_t kw = 0; kw < columns; ++kw) {
        Value element = readTap(b, pool, {b.addIndex(height.start, kh), b.addIndex(width.start, kw)}, s, neutral);
        if (!total)
          total = element;
        else
          total = pool.isAverage ? s.add(total, element) : s.maxKeeping(total, element);
      }
    return pool.isAverage ? scaleAverage(b, pool, s, total, height, width) : total;
  });
}

/// Reduction loops over the window outside the innermost dimension.
static Tensor poolInLoops(Emitter &b, const Pool &pool) {
  Shape shape = b.getShape(pool.op->getResult(0));
  Type accumulator = pool.isAverage ? getComputeElement(pool.x.element) : pool.x.element;
  Scalar s(b, accumulator);
  unsigned rank = shape.size();
  // The window's extent is that of a tensor nobody reads.
  Access window{b.empty(pool.kernel, pool.x.element), b.map(rank + 2, {b.d(rank), b.d(rank + 1)})};
  SmallVector<AffineExpr> indices;
  for (unsigned dim = 0; dim < rank; ++dim)
    indices.push_back(b.d(dim));
  Value neutral = pool.isAverage ? s.constant(0) : s.lowest();
  Tensor init = b.fill(shape, accumulator, neutral);
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  iterators.append(2, IteratorType::reduction);
  Tensor total =
      b.generic(window, Access{init, b.map(rank + 2, indices)}, iterators, [&](ArrayRef<Value>, ArrayRef<Value> out) {
        SmallVector<Value> position;
        for (unsigned axis : {0, 1})
          position.push_back(b.addIndex(getAxis(b, pool, axis).start, b.loopIndex(rank + axis)));
        Value zero = pool.isAverage ? s.constant(0) : Value();
        Value element = readTap(b, pool, position, s, zero);
        return SmallVector<Value>{pool.isAverage ? s.add(out[0], element) : s.maxKeeping(out[0], element)};
      })[0];
  if (!pool.isAverage)
    return total;
  return b.elementwise(shape, pool.x.element, total, [&](ArrayRef<Value> in) {
    return scaleAverage(b, pool, s, in[0], getAxis(b, pool, 0), getAxis(b, pool, 1));
  });
}

static LogicalResult lowerPool(Emitter &b, const Pool &pool) {
  constexpr int64_t largestUnrolled = 25;
  std::optional<int64_t> area = (pool.kernel[0] * pool.kernel[1]).known();
  bool unrolled = area && *area <= largestUnrolled;
  b.set(pool.op->getResult(0), (unrolled ? poolUnrolled(b, pool) : poolInLoops(b, pool)).value);
  return success();
}

static LogicalResult lowerMaxPool(ge::MaxPoolV3Op op, Emitter &b) {
  FailureOr<Pool> pool = analyze(op, b);
  if (failed(pool))
    return failure();
  pool->isAverage = pool->exclusive = false;
  pool->divisorOverride = 0;
  return lowerPool(b, *pool);
}

static LogicalResult lowerAvgPool(ge::AvgPoolV2Op op, Emitter &b) {
  FailureOr<Pool> pool = analyze(op, b);
  if (failed(pool))
    return failure();
  pool->isAverage = true;
  pool->exclusive = op.getExclusive();
  pool->divisorOverride = op.getDivisorOverride();
  return lowerPool(b, *pool);
}

/// A sum over the spatial dimensions, outside a blocked tensor's lanes.
static LogicalResult lowerGlobalAveragePool(ge::GlobalAveragePoolOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  auto type = cast<RankedTensorType>(op.getY().getType());
  bool blocked = isBlocked(op.getX().getType());
  if (blocked != isBlocked(type))
    return emitLoweringError(op) << "expects operand and result in one format";
  int64_t end = blocked ? 4 : x.rank();
  Shape shape{x.dim(0), x.dim(1)};
  SmallVector<AffineExpr> indices{b.d(0), b.d(1)};
  SmallVector<IteratorType> iterators(x.rank(), IteratorType::parallel);
  Dim count = 1;
  for (int64_t dim = 2; dim < end; ++dim) {
    iterators[dim] = IteratorType::reduction;
    count *= x.dim(dim);
  }
  if (blocked) {
    shape.push_back(x.dim(4));
    indices.push_back(b.d(4));
  }
  Type accumulator = getComputeElement(x.element);
  Scalar s(b, accumulator);
  Access init{b.fillZero(shape, accumulator), b.map(x.rank(), indices)};
  Tensor sum =
      b.generic(Access{x, b.identity(x.rank())}, init, iterators,
                [&](ArrayRef<Value> in, ArrayRef<Value> out) { return SmallVector<Value>{s.add(out[0], in[0])}; })[0];
  Tensor mean =
      b.elementwise(shape, x.element, sum, [&](ArrayRef<Value> in) { return divideByCount(b, s, in[0], count); });
  b.set(op.getY(), b.reshape(mean, b.getShape(op.getY())).value);
  return success();
}

void gemlir::lowering::populatePooling(LoweringTable &table) {
  table.add(lowerMaxPool);
  table.add(lowerAvgPool);
  table.add(lowerGlobalAveragePool);
}
