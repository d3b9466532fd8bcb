//===- Normalization.cpp - softmax and normalisations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each operator is a sequence of generics over rows: statistics of a row are
// tensors without the reduced dimensions, read by maps that drop those, so that
// the sequence can become one kernel that keeps a row in cache.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "Reduction.h"

#include <cmath>

using namespace mlir;
using namespace gemlir::lowering;

/// Reads a tensor of the dimensions other than `axes` in loops over all of them.
static Access rowAccess(Emitter &b, Tensor row, int64_t rank, ArrayRef<int64_t> axes) {
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(axes, dim))
      indices.push_back(b.d(dim));
  return {row, b.map(rank, indices)};
}

static Access fullAccess(Emitter &b, Tensor tensor) { return {tensor, b.identity(tensor.rank())}; }

/// Reduces a function of the element of `x` and of its row's statistics.
static Tensor sumRows(Emitter &b, Tensor x, ArrayRef<int64_t> axes, ArrayRef<Tensor> rows, Type accumulator,
                      llvm::function_ref<Value(Scalar &, ArrayRef<Value>)> term) {
  SmallVector<IteratorType> iterators(x.rank(), IteratorType::parallel);
  Shape kept;
  for (int64_t axis : axes)
    iterators[axis] = IteratorType::reduction;
  for (int64_t dim = 0; dim < x.rank(); ++dim)
    if (iterators[dim] == IteratorType::parallel)
      kept.push_back(x.dim(dim));
  SmallVector<Access> operands{fullAccess(b, x)};
  for (const Tensor &row : rows)
    operands.push_back(rowAccess(b, row, x.rank(), axes));
  Access init = rowAccess(b, b.fillZero(kept, accumulator), x.rank(), axes);
  Scalar s(b, accumulator);
  return b.generic(operands, init, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
    return SmallVector<Value>{s.add(out[0], term(s, in))};
  })[0];
}

/// A function of each statistic.
static Tensor mapRows(Emitter &b, ArrayRef<Tensor> rows, Type element,
                      llvm::function_ref<Value(Scalar &, ArrayRef<Value>)> fn) {
  return b.elementwise(rows.front().shape(), element, rows, [&](ArrayRef<Value> in) {
    Scalar s(b, rows.front().element);
    return fn(s, in);
  });
}

static Dim countElements(Tensor x, ArrayRef<int64_t> axes) {
  Dim count = 1;
  for (int64_t axis : axes)
    count *= x.dim(axis);
  return count;
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

static LogicalResult lowerSoftmax(ge::SoftmaxV2Op op, Emitter &b) {
  Tensor x = b.get(op.getX());
  Type element = getResultElement(op), accumulator = getComputeElement(x.element);
  SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), x.rank());
  Scalar s(b, accumulator);
  Tensor greatest = reduceMax(b, x, axes);
  Tensor power = b.generate(x.shape(), accumulator, {fullAccess(b, x), rowAccess(b, greatest, x.rank(), axes)},
                            [&](ArrayRef<Value> in) { return s.exp(s.sub(in[0], in[1])); });
  Tensor sum = reduceSum(b, power, axes, accumulator);
  Tensor scale = mapRows(b, sum, accumulator, [](Scalar &s, ArrayRef<Value> in) { return s.reciprocal(in[0]); });
  Tensor result =
      b.generate(x.shape(), element, {fullAccess(b, power), rowAccess(b, scale, x.rank(), axes)},
                 [&](ArrayRef<Value> in) { return castScalar(b, s.mul(in[0], in[1]), accumulator, element); });
  b.set(op.getY(), result.value);
  return success();
}

static LogicalResult lowerLogSoftmax(ge::LogSoftmaxV2Op op, Emitter &b) {
  Tensor x = b.get(op.getLogits());
  Type accumulator = getComputeElement(x.element);
  SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), x.rank());
  Tensor greatest = reduceMax(b, x, axes);
  Tensor sum = sumRows(b, x, axes, greatest, accumulator,
                       [](Scalar &s, ArrayRef<Value> in) { return s.exp(s.sub(in[0], in[1])); });
  Tensor log = mapRows(b, sum, accumulator, [](Scalar &s, ArrayRef<Value> in) { return s.log(in[0]); });
  Scalar s(b, accumulator);
  // The difference first: the sum of the greatest and the logarithm would lose what of
  // this is less than a unit of the greatest.
  Tensor result = b.generate(
      x.shape(), x.element,
      {fullAccess(b, x), rowAccess(b, greatest, x.rank(), axes), rowAccess(b, log, x.rank(), axes)},
      [&](ArrayRef<Value> in) { return s.sub(s.sub(in[0], in[1]), in[2]); });
  b.set(op.getLogsoftmax(), result.value);
  return success();
}

//===----------------------------------------------------------------------===//
// Mean and variance
//===----------------------------------------------------------------------===//

namespace {
struct Moments {
  Tensor mean, variance, rstd;
};
} // namespace

/// In two sweeps: E[x²] - mean² would lose what the mean is large by.
static Moments computeMoments(Emitter &b, Tensor x, ArrayRef<int64_t> axes, double epsilon) {
  Type accumulator = getComputeElement(x.element);
  Dim count = countElements(x, axes);
  auto scaled = [&](Scalar &s, ArrayRef<Value> in) { return divideByCount(b, s, in[0], count); };
  Moments moments;
  moments.mean = mapRows(b, reduceSum(b, x, axes, accumulator), accumulator, scaled);
  Tensor squares = sumRows(b, x, axes, moments.mean, accumulator,
                           [](Scalar &s, ArrayRef<Value> in) { return s.square(s.sub(in[0], in[1])); });
  moments.variance = mapRows(b, squares, accumulator, scaled);
  moments.rstd = mapRows(b, squares, accumulator, [&](Scalar &s, ArrayRef<Value> in) {
    return s.reciprocal(s.sqrt(s.add(scaled(s, in), s.constant(epsilon))));
  });
  return moments;
}

/// (x - mean) * rstd * gamma + beta, with accesses to gamma and beta.
static Tensor normalize(Emitter &b, Tensor x, ArrayRef<int64_t> axes, const Moments &moments, Access gamma,
                        Access beta) {
  SmallVector<Access> operands{fullAccess(b, x), rowAccess(b, moments.mean, x.rank(), axes),
                               rowAccess(b, moments.rstd, x.rank(), axes), gamma, beta};
  return b.generate(x.shape(), x.element, operands, [&](ArrayRef<Value> in) {
    Scalar s(b, x.element);
    return s.add(s.mul(s.mul(s.sub(in[0], in[1]), in[2]), in[3]), in[4]);
  });
}

/// A statistic as a result of the operator.
static void setStatistic(Emitter &b, Value result, Tensor row) {
  if (result.use_empty())
    return;
  auto type = cast<RankedTensorType>(result.getType());
  b.set(result, b.reshape(b.convert(row, type.getElementType()), b.getShape(result)).value);
}

static LogicalResult lowerLayerNorm(ge::LayerNormV3Op op, Emitter &b) {
  Tensor x = b.get(op.getX());
  int64_t begin = normalizeAxes(op.getBeginNormAxis(), x.rank()).front();
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(begin, x.rank()));
  Moments moments = computeMoments(b, x, axes, op.getEpsilon());
  Tensor gamma = b.get(op.getGamma()), beta = b.get(op.getBeta());
  Tensor y = normalize(b, x, axes, moments, {gamma, b.broadcastMap(gamma.shape(), x.shape())},
                       {beta, b.broadcastMap(beta.shape(), x.shape())});
  b.set(op.getY(), y.value);
  setStatistic(b, op.getMean(), moments.mean);
  setStatistic(b, op.getRstd(), moments.rstd);
  return success();
}

static LogicalResult lowerRmsNorm(ge::RmsNormOp op, Emitter &b) {
  Tensor x = b.get(op.getX()), gamma = b.get(op.getGamma());
  Type accumulator = getComputeElement(x.element);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(x.rank() - gamma.rank(), x.rank()));
  Dim count = countElements(x, axes);
  double epsilon = op.getEpsilon();
  Tensor squares = sumRows(b, x, axes, {}, accumulator, [](Scalar &s, ArrayRef<Value> in) { return s.square(in[0]); });
  Tensor rstd = mapRows(b, squares, accumulator, [&](Scalar &s, ArrayRef<Value> in) {
    return s.reciprocal(s.sqrt(s.add(divideByCount(b, s, in[0], count), s.constant(epsilon))));
  });
  SmallVector<Access> operands{
      fullAccess(b, x), rowAccess(b, rstd, x.rank(), axes), {gamma, b.broadcastMap(gamma.shape(), x.shape())}};
  Tensor y = b.generate(x.shape(), x.element, operands, [&](ArrayRef<Value> in) {
    Scalar s(b, x.element);
    return s.mul(s.mul(in[0], in[1]), in[2]);
  });
  b.set(op.getY(), y.value);
  setStatistic(b, op.getRstd(), rstd);
  return success();
}

static LogicalResult lowerInstanceNorm(ge::InstanceNormOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  if (isBlocked(op.getX().getType()))
    return emitLoweringError(op) << "expects an operand without storage format";
  int64_t channel = op.getDataFormat().ends_with("C") ? x.rank() - 1 : 1;
  SmallVector<int64_t> axes;
  for (int64_t dim = 1; dim < x.rank(); ++dim)
    if (dim != channel)
      axes.push_back(dim);
  Moments moments = computeMoments(b, x, axes, op.getEpsilon());
  AffineMap perChannel = b.map(x.rank(), {b.d(channel)});
  Tensor y = normalize(b, x, axes, moments, {b.get(op.getGamma()), perChannel}, {b.get(op.getBeta()), perChannel});
  b.set(op.getY(), y.value);
  setStatistic(b, op.getMean(), moments.mean);
  setStatistic(b, op.getVariance(), moments.variance);
  return success();
}

/// On [N, G, C / G, rest] of an image whose channels come first.
static LogicalResult lowerGroupNorm(ge::GroupNormOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  if (isBlocked(op.getX().getType()))
    return emitLoweringError(op) << "expects an operand without storage format";
  bool channelsLast = op.getDataFormat().ends_with("C") && x.rank() > 2;
  SmallVector<int64_t> toFirst{0, x.rank() - 1}, toLast{0};
  for (int64_t dim = 1; dim + 1 < x.rank(); ++dim) {
    toFirst.push_back(dim);
    toLast.push_back(dim + 1);
  }
  toLast.push_back(1);
  if (channelsLast)
    x = b.transpose(x, toFirst);
  Shape original(x.shape());
  int64_t groups = op.getNumGroups();
  Dim channels = floorDiv(x.dim(1), groups);
  x = b.reshape(x, {x.dim(0), groups, channels, floorDiv(x.size(), x.dim(0) * x.dim(1))});
  SmallVector<int64_t> axes{2, 3};
  Moments moments = computeMoments(b, x, axes, op.getEps());
  auto perChannel = [&](Value vector) {
    return Access{b.reshape(b.get(vector), {groups, channels}), b.map(4, {b.d(1), b.d(2)})};
  };
  Tensor y = normalize(b, x, axes, moments, perChannel(op.getGamma()), perChannel(op.getBeta()));
  y = b.reshape(y, original);
  b.set(op.getY(), (channelsLast ? b.transpose(y, toLast) : y).value);
  setStatistic(b, op.getMean(), moments.mean);
  setStatistic(b, op.getVariance(), moments.variance);
  return success();
}

/// With given statistics: a scale per channel, then one generic over the image.
static LogicalResult lowerBatchNorm(ge::BatchNormOp op, Emitter &b) {
  if (op.getIsTraining())
    return emitLoweringError(op) << "expects 'is_training' = false";
  auto type = cast<RankedTensorType>(op.getY().getType());
  Tensor x = b.get(op.getX()), mean = b.get(op.getMean()), variance = b.get(op.getVariance());
  double epsilon = op.getEpsilon();
  Tensor scale = b.elementwise(mean.shape(), b.getF32Type(), {b.get(op.getScale()), variance}, [&](ArrayRef<Value> in) {
    Scalar s(b, variance.element);
    Value factor = s.div(castScalar(b, in[0], getOperandElement(op, 1), variance.element),
                         s.sqrt(s.add(in[1], s.constant(epsilon))));
    return castScalar(b, factor, variance.element, b.getF32Type());
  });
  int64_t channelAxis = op.getDataFormat().ends_with("C") && !isBlocked(type) ? type.getRank() - 1 : 1;
  SmallVector<Tensor> operands{x};
  for (Tensor vector : {mean, scale, b.get(op.getOffset())})
    operands.push_back(alignChannels(b, vector, type, channelAxis));
  Tensor y = b.elementwise(b.getShape(op.getY()), x.element, operands, [&](ArrayRef<Value> in) {
    Scalar s(b, x.element);
    SmallVector<Value> values;
    for (auto [value, operand] : llvm::zip_equal(in, operands))
      values.push_back(castScalar(b, value, operand.element, x.element));
    return s.add(s.mul(s.sub(values[0], values[1]), values[2]), values[3]);
  });
  b.set(op.getY(), y.value);
  for (auto [result, vector] : {std::pair{op.getBatchMean(), mean}, std::pair{op.getBatchVariance(), variance},
                                std::pair{op.getReserveSpace_1(), mean}, std::pair{op.getReserveSpace_2(), variance},
                                std::pair{op.getReserveSpace_3(), variance}})
    setStatistic(b, result, vector);
  return success();
}

/// Sums the squares of neighbouring channels in one body.
static LogicalResult lowerLRN(ge::LRNOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  if (isBlocked(op.getX().getType()))
    return emitLoweringError(op) << "expects an operand without storage format";
  int64_t radius = op.getDepthRadius();
  if (std::optional<int64_t> channels = x.dim(1).known())
    radius = std::min<int64_t>(radius, *channels - 1);
  Tensor y = b.generate(x.shape(), x.element, fullAccess(b, x), [&](ArrayRef<Value> in) {
    Scalar s(b, x.element);
    Value sum = s.square(in[0]);
    for (int64_t distance = -radius; distance <= radius; ++distance) {
      if (distance == 0)
        continue;
      Value channel = b.addIndex(b.loopIndex(1), distance);
      Value element =
          b.extract(x, {b.loopIndex(0), b.clampIndex(channel, 0, x.dim(1) - 1), b.loopIndex(2), b.loopIndex(3)});
      sum = s.add(sum, b.select(b.inRange(channel, 0, x.dim(1)), s.square(element), s.constant(0)));
    }
    Value base = s.add(s.constant(op.getBias()), s.mul(s.constant(op.getAlpha()), sum));
    if (op.getBeta() == 0.75f) { // the usual one, by roots
      Value root = s.sqrt(base);
      return s.div(in[0], s.mul(root, s.sqrt(root)));
    }
    return s.mul(in[0], s.powConstant(base, -op.getBeta()));
  });
  b.set(op.getY(), y.value);
  return success();
}

void gemlir::lowering::populateNormalization(LoweringTable &table) {
  table.add(lowerSoftmax);
  table.add(lowerLogSoftmax);
  table.add(lowerLayerNorm);
  table.add(lowerRmsNorm);
  table.add(lowerInstanceNorm);
  table.add(lowerGroupNorm);
  table.add(lowerBatchNorm);
  table.add(lowerLRN);
}
