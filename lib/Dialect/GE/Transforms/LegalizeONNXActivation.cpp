//===- LegalizeONNXActivation.cpp - activations -------------------------===//
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

template <typename OpTy>
void mapUnary(Node &n) {
  n.set(0, n.emit<OpTy>(n.need(0)));
}

float toFloat(double value) { return static_cast<float>(value); }

void mapLeakyRelu(Node &n) { n.set(0, n.emit<LeakyReluOp>(n.need(0), toFloat(n.getFloat("alpha", 0.01)))); }

/// The slope broadcasts to the input; a vector before version 7 is per channel.
void mapPRelu(Node &n) {
  Value x = n.need(0), slope = n.need(1);
  if (!x || !slope || !n.typeOf(x) || !n.typeOf(slope))
    return;
  bool perChannel = n.version() < 7 && n.rank(slope) == 1;
  if (n.isFloat(x)) {
    // A vector would be taken for one slope a channel, where ONNX aligns it to the last dimension.
    if (n.rank(slope) < n.rank(x) && !perChannel)
      slope = n.alignTo(slope, n.rank(x) - n.rank(slope), n.rank(x));
    return n.set(0, n.emit<PReluOp>(x, slope));
  }
  Value zero = n.scalarLike(x, 0);
  n.set(0, n.select(n.emit<LessOp>(x, zero), n.mul(x, slope), x));
}

void mapElu(Node &n) { n.set(0, n.emit<EluOp>(n.need(0), toFloat(n.getFloat("alpha", 1.0)), 1.0f, 1.0f)); }

void mapSelu(Node &n) {
  // Defaults differ between versions 1 and 6 in digits only.
  double alpha = n.getFloat("alpha", 1.67326319217681884765625), gamma = n.getFloat("gamma", 1.05070102214813232421875);
  n.set(0, n.emit<EluOp>(n.need(0), toFloat(alpha), toFloat(gamma), 1.0f));
}

void mapCelu(Node &n) {
  float alpha = toFloat(n.getFloat("alpha", 1.0));
  n.set(0, n.emit<CeluOp>(n.need(0), alpha, alpha, 1.0f));
}

void mapHardSigmoid(Node &n) {
  n.set(0, n.emit<HardSigmoidOp>(n.need(0), toFloat(n.getFloat("alpha", 0.2)), toFloat(n.getFloat("beta", 0.5))));
}

void mapThresholdedRelu(Node &n) { n.set(0, n.emit<ThresholdedReluOp>(n.need(0), toFloat(n.getFloat("alpha", 1.0)))); }

void mapGelu(Node &n) { n.set(0, n.emit<GeluV2Op>(n.need(0), n.getString("approximate", "none"))); }

void mapSwish(Node &n) { n.set(0, n.emit<SwishOp>(n.need(0), toFloat(n.getFloat("alpha", 1.0)))); }

/// x - bias above lambd, x + bias below -lambd, else 0.
void mapShrink(Node &n) {
  Value x = n.need(0);
  double bias = n.getFloat("bias", 0), lambd = n.getFloat("lambd", 0.5);
  Type element = n.elem(x);
  if (!element)
    return;
  // Integers are compared with a fractional threshold.
  Value wide = n.isFloat(x) ? x : n.cast(x, n.builder().getF32Type());
  Value zero = n.scalarLike(wide, 0);
  Value high = n.emit<GreaterOp>(wide, n.scalarLike(wide, lambd));
  Value low = n.emit<LessOp>(wide, n.scalarLike(wide, -lambd));
  Value result = n.select(high, n.addScalar(wide, -bias), n.select(low, n.addScalar(wide, bias), zero));
  n.set(0, n.cast(result, element));
}

/// Softmax and its relatives before version 13 work on the matrix of the
/// dimensions before `axis` and those from `axis` on.
struct FlattenedAxis {
  Value matrix;
  Ints shape;
  int64_t axis = 0;
};

FlattenedAxis flattenAxis(Node &n, Value x) {
  FlattenedAxis result;
  bool flattens = n.version() < 13;
  if (!x || !n.typeOf(x))
    return result;
  result.shape = n.shapeOf(x);
  int64_t axis = n.normalizeAxis(n.getInt("axis", flattens ? 1 : -1), n.rank(x));
  result.matrix = x;
  result.axis = axis;
  // The last axis is the same under both rules.
  if (!flattens || axis == n.rank(x) - 1)
    return result;
  if (!n.typeOf(x).hasStaticShape()) {
    result.matrix = n.emit<FlattenOp>(x, axis);
    result.axis = 1;
    return result;
  }
  int64_t rows = 1, columns = 1;
  for (auto [i, dim] : llvm::enumerate(result.shape))
    (int64_t(i) < axis ? rows : columns) *= dim;
  result.matrix = n.reshape(x, {rows, columns});
  result.axis = 1;
  return result;
}

template <typename OpTy>
void mapSoftmax(Node &n) {
  FlattenedAxis x = flattenAxis(n, n.need(0));
  Value result = n.emit<OpTy>(x.matrix, ArrayRef<int64_t>{x.axis});
  n.set(0, result ? n.reshapeLike(result, n.in(0)) : result);
}

/// 1 at the first maximum along the axis, else 0.
void mapHardmax(Node &n) {
  FlattenedAxis x = flattenAxis(n, n.need(0));
  if (!x.matrix)
    return;
  Type element = n.elem(x.matrix);
  Value index = n.argExtreme<ArgMaxV2Op>(x.matrix, x.axis);
  Ints shape = n.shapeOf(x.matrix);
  if (n.hasFailed())
    return;
  Value places = n.counting(n.builder().getI64Type(), n.dimsOf(x.matrix)[x.axis], x.axis, shape.size());
  shape[x.axis] = 1;
  Value hit = n.cast(n.emit<EqualOp>(n.reshape(index, shape), places), element);
  n.set(0, hit ? n.reshapeLike(hit, n.in(0)) : hit);
}

/// Inference: the input itself, and a mask that drops nothing.
void mapDropout(Node &n) {
  Value x = n.need(0);
  bool trains = false;
  if (n.version() >= 12 && n.has(2)) {
    Ints mode;
    if (!n.needInts(n.in(2), "training_mode", mode))
      return;
    trains = !mode.empty() && mode[0] != 0;
  } else if (n.version() < 7) {
    trains = n.getInt("is_test", 0) == 0 && n.isUsed(1);
  }
  double ratio = n.getFloat("ratio", 0.5);
  if (trains && n.has(1)) {
    SmallVector<double> values;
    if (!n.needFloats(n.in(1), "ratio", values))
      return;
    ratio = values.empty() ? 0.5 : values[0];
  }
  if (trains && ratio != 0)
    return dropRandomly(n, x, ratio);
  n.set(0, x);
  if (n.isUsed(1) && x && n.typeOf(x))
    n.set(1, n.fill(n.version() >= 10 ? Type(n.builder().getI1Type()) : n.elem(x), n.dimsOf(x), 1));
}

} // namespace

void mlir::ge::onnx::populateActivation(MappingTable &table) {
  table.add("Relu", mapUnary<ReluOp>);
  table.add("Sigmoid", mapUnary<SigmoidOp>);
  table.add("Tanh", mapUnary<TanhOp>);
  table.add("Softplus", mapUnary<SoftplusOp>);
  table.add("Softsign", mapUnary<SoftsignOp>);
  table.add("HardSwish", mapUnary<HardSwishOp>);
  table.add("Mish", mapUnary<MishOp>);
  table.add("LeakyRelu", mapLeakyRelu);
  table.add("PRelu", mapPRelu);
  table.add("Elu", mapElu);
  table.add("Selu", mapSelu);
  table.add("Celu", mapCelu);
  table.add("HardSigmoid", mapHardSigmoid);
  table.add("ThresholdedRelu", mapThresholdedRelu);
  table.add("Gelu", mapGelu);
  table.add("com.microsoft", "Gelu", mapGelu);
  table.add("Swish", mapSwish);
  table.add("Shrink", mapShrink);
  table.add("Softmax", mapSoftmax<SoftmaxV2Op>);
  table.add("LogSoftmax", mapSoftmax<LogSoftmaxV2Op>);
  table.add("Hardmax", mapHardmax);
  table.add("Dropout", mapDropout);
}
