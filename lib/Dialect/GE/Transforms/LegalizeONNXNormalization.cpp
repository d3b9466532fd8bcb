//===- LegalizeONNXNormalization.cpp - normalizations -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

float toFloat(double value) { return static_cast<float>(value); }

/// A parameter of one element a channel, shaped to broadcast to `x`.
Value perChannel(Node &n, Value parameter, Value x) { return n.alignTo(parameter, 1, n.rank(x)); }

Ints allAxesBut(Node &n, Value x, int64_t kept) {
  Ints axes;
  for (int64_t i = 0; i < n.rank(x); ++i)
    if (i != kept)
      axes.push_back(i);
  return axes;
}

struct Moments {
  Value mean, variance, centred;
};

Moments computeMoments(Node &n, Value x, ArrayRef<int64_t> axes) {
  Moments result;
  result.mean = n.reduceMean(x, axes);
  result.centred = n.sub(x, result.mean);
  result.variance = n.reduceMean(n.emit<SquareOp>(result.centred), axes);
  return result;
}

Value reciprocalDeviation(Node &n, Value variance, double epsilon) {
  return n.emit<RsqrtOp>(n.addScalar(variance, epsilon));
}

/// Training: the batch's own moments, and running ones moved towards them.
void mapTrainingBatchNorm(Node &n, Value x, double epsilon) {
  double momentum = n.getFloat("momentum", 0.9);
  Moments m = computeMoments(n, x, allAxesBut(n, x, 1));
  Value scaled = n.mul(n.mul(m.centred, reciprocalDeviation(n, m.variance, epsilon)), perChannel(n, n.need(1), x));
  n.set(0, n.add(scaled, perChannel(n, n.need(2), x)));
  auto move = [&](Value old, Value current) {
    Value flat = current ? n.reshape(current, n.shapeOf(old)) : Value();
    return n.add(n.mulScalar(old, momentum), n.mulScalar(flat, 1 - momentum));
  };
  n.set(1, move(n.need(3), m.mean));
  n.set(2, move(n.need(4), m.variance));
}

void mapBatchNorm(Node &n) {
  Value x = n.need(0), scale = n.need(1), offset = n.need(2), mean = n.need(3), variance = n.need(4);
  if (!x || !n.typeOf(x))
    return;
  double epsilon = n.getFloat("epsilon", 1e-5);
  bool trains = n.version() >= 14 ? n.getInt("training_mode", 0) != 0
                                  : n.version() < 7 && n.getInt("is_test", 0) == 0 && n.isUsed(1);
  if (trains)
    return mapTrainingBatchNorm(n, x, epsilon);
  if (n.version() < 9 && n.getInt("spatial", 1) == 0)
    return (void)n.unsupported("spatial=0, statistics of each element",
                               "export the model with operator set 9 or later");
  bool oneType = n.elem(scale) == n.elem(x) && n.elem(mean) == n.elem(x);
  if (n.rank(x) == 4 && n.isFloat(x) && oneType) {
    auto results = n.emitMany<BatchNormOp>(6, x, scale, offset, Node::Optional{mean}, Node::Optional{variance},
                                           toFloat(epsilon), StringRef("NCHW"), false, 1.0f);
    return n.set(0, results[0]);
  }
  // Statistics may have another type than the input.
  Type element = n.elem(x);
  Value factor = n.mul(n.cast(scale, element), reciprocalDeviation(n, n.cast(variance, element), epsilon));
  int64_t rank = n.rank(x);
  if (rank == 1)
    return (void)n.invalid("the input has rank 1, expected a batch and channels");
  Value centred = n.sub(x, perChannel(n, n.cast(mean, element), x));
  n.set(0, n.add(n.mul(centred, perChannel(n, factor, x)), perChannel(n, n.cast(offset, element), x)));
}

void mapInstanceNorm(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Moments m = computeMoments(n, x, llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, n.rank(x)))));
  Value normal = n.mul(m.centred, reciprocalDeviation(n, m.variance, n.getFloat("epsilon", 1e-5)));
  n.set(0, n.add(n.mul(normal, perChannel(n, n.need(1), x)), perChannel(n, n.need(2), x)));
}

void mapGroupNorm(Node &n) {
  Value x = n.need(0), scale = n.need(1), bias = n.need(2);
  if (!x || !n.needStatic(x) || n.rank(x) < 2)
    return;
  Ints shape = n.shapeOf(x);
  int64_t groups = n.getInt("num_groups", 1);
  if (groups <= 0 || shape[1] % groups)
    return (void)n.invalid("num_groups is " + Twine(groups) + ", expected a divisor of " + Twine(shape[1]));
  Ints grouped = {shape[0], groups, shape[1] / groups};
  grouped.append(shape.begin() + 2, shape.end());
  Value parts = n.reshape(x, grouped);
  Moments m = computeMoments(n, parts, llvm::to_vector(llvm::seq<int64_t>(2, grouped.size())));
  Value normal = n.mul(m.centred, reciprocalDeviation(n, m.variance, n.getFloat("epsilon", 1e-5)));
  // Version 18 has parameters of groups, later ones of channels.
  if (n.version() < 21 && scale && n.typeOf(scale) && n.shapeOf(scale) == Ints{groups}) {
    normal = n.add(n.mul(normal, perChannel(n, scale, parts)), perChannel(n, bias, parts));
    return n.set(0, normal ? n.reshape(normal, shape) : normal);
  }
  normal = normal ? n.reshape(normal, shape) : normal;
  n.set(0, n.add(n.mul(normal, perChannel(n, scale, x)), perChannel(n, bias, x)));
}

void mapLayerNorm(Node &n) {
  Value x = n.need(0), scale = n.need(1), bias = n.in(2);
  if (!x || !scale || !n.typeOf(x) || !n.typeOf(scale))
    return;
  int64_t rank = n.rank(x), axis = n.normalizeAxis(n.getInt("axis", -1), rank);
  double epsilon = n.getFloat("epsilon", 1e-5);
  Ints shape = n.shapeOf(x), tail(shape.begin() + std::min(axis, rank), shape.end());
  if (n.hasFailed())
    return;
  bool whole = n.typeOf(scale).hasStaticShape() && n.shapeOf(scale) == tail && n.elem(scale) == n.elem(x) &&
               n.isFloat(x) && (!bias || n.shapeOf(bias) == tail);
  if (whole) {
    Value shift = bias ? bias : n.zerosLike(scale);
    auto results = n.emitMany<LayerNormV3Op>(3, x, scale, shift, axis, axis, toFloat(epsilon));
    for (unsigned i = 0; i < 3; ++i)
      n.set(i, results[i]);
    return;
  }
  Moments m = computeMoments(n, x, llvm::to_vector(llvm::seq<int64_t>(axis, rank)));
  Value deviation = reciprocalDeviation(n, m.variance, epsilon);
  Value y = n.mul(n.mul(m.centred, deviation), scale);
  n.set(0, bias ? n.add(y, bias) : y);
  n.set(1, m.mean);
  n.set(2, deviation);
}

void mapRMSNorm(Node &n) {
  Value x = n.need(0), scale = n.need(1);
  if (!x || !scale || !n.typeOf(x) || !n.typeOf(scale))
    return;
  int64_t rank = n.rank(x), axis = n.normalizeAxis(n.getInt("axis", -1), rank);
  double epsilon = n.getFloat("epsilon", 1e-5);
  Ints shape = n.shapeOf(x), tail(shape.begin() + std::min(axis, rank), shape.end());
  if (!n.hasFailed() && n.shapeOf(scale) == tail && n.elem(scale) == n.elem(x))
    return n.set(0, n.emitMany<RmsNormOp>(2, x, scale, toFloat(epsilon))[0]);
  Value mean = n.reduceMean(n.emit<SquareOp>(x), llvm::to_vector(llvm::seq<int64_t>(axis, rank)));
  n.set(0, n.mul(n.mul(x, reciprocalDeviation(n, mean, epsilon)), scale));
}

void mapMeanVarianceNorm(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Ints axes = n.getInts("axes", {0, 2, 3});
  if (!n.normalizeAxes(axes, n.rank(x)))
    return;
  Moments m = computeMoments(n, x, axes);
  n.set(0, n.div(m.centred, n.addScalar(n.emit<SqrtOp>(m.variance), 1e-9)));
}

void mapLpNormalization(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", -1), n.rank(x)), p = n.getInt("p", 2);
  if (p != 1 && p != 2)
    return (void)n.invalid("p is " + Twine(p) + ", expected 1 or 2");
  Value norm =
      p == 1 ? n.reduceSum(n.emit<AbsOp>(x), {axis}) : n.emit<SqrtOp>(n.reduceSum(n.emit<SquareOp>(x), {axis}));
  // A vector of zeros stays one.
  Value isZero = n.emit<EqualOp>(norm, n.scalarLike(norm, 0));
  n.set(0, n.select(isZero, n.scalarLike(x, 0), n.div(x, norm)));
}

/// Sums squares over `size` neighbouring channels.
void mapLRN(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  int64_t size = n.getInt("size", 1);
  double alpha = n.getFloat("alpha", 1e-4), beta = n.getFloat("beta", 0.75), bias = n.getFloat("bias", 1.0);
  if (size <= 0)
    return (void)n.invalid("size is " + Twine(size) + ", expected a positive number");
  if (size % 2 == 1 && n.rank(x) == 4)
    return n.set(0, n.emit<LRNOp>(x, (size - 1) / 2, toFloat(bias), toFloat(alpha / size), toFloat(beta),
                                  StringRef("ACROSS_CHANNELS")));
  if (!n.needStatic(x) || n.rank(x) < 2)
    return;
  Ints shape = n.shapeOf(x), pads(2 * shape.size(), 0);
  pads[2] = (size - 1) / 2;
  pads[3] = size - 1 - pads[2];
  Value squares = n.emit<PadV3Op>(n.emit<SquareOp>(x), n.ints(pads), Node::Optional{}, StringRef("constant"), true),
        sum;
  for (int64_t i = 0; i < size && !n.hasFailed(); ++i) {
    Value part = n.sliceAxis(squares, 1, i, i + shape[1]);
    sum = i == 0 ? part : n.add(sum, part);
  }
  Value base = n.addScalar(n.mulScalar(sum, alpha / size), bias);
  n.set(0, n.div(x, n.emit<PowOp>(base, n.scalarLike(x, beta))));
}

} // namespace

void mlir::ge::onnx::populateNormalization(MappingTable &table) {
  table.add("BatchNormalization", mapBatchNorm);
  table.add("InstanceNormalization", mapInstanceNorm);
  table.add("GroupNormalization", mapGroupNorm);
  table.add("LayerNormalization", mapLayerNorm);
  table.add("RMSNormalization", mapRMSNorm);
  table.add("SimplifiedLayerNormalization", mapRMSNorm);
  table.add("MeanVarianceNormalization", mapMeanVarianceNorm);
  table.add("LpNormalization", mapLpNormalization);
  table.add("LRN", mapLRN);
}
