//===- LegalizeONNXMicrosoft.cpp - com.microsoft's fused operators ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ONNX Runtime's optimizer and exporters write: two or three operators as
// one.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXWindow.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

float toFloat(double value) { return static_cast<float>(value); }

/// An activation by its ONNX name, with up to two parameters.
Value activate(Node &n, Value x, StringRef name, ArrayRef<double> parameters) {
  auto parameter = [&](size_t i, double fallback) { return i < parameters.size() ? parameters[i] : fallback; };
  if (name.empty())
    return x;
  if (name == "Relu")
    return n.emit<ReluOp>(x);
  if (name == "Tanh")
    return n.emit<TanhOp>(x);
  if (name == "Sigmoid")
    return n.emit<SigmoidOp>(x);
  if (name == "LeakyRelu")
    return n.emit<LeakyReluOp>(x, toFloat(parameter(0, 0.01)));
  if (name == "HardSigmoid")
    return n.emit<HardSigmoidOp>(x, toFloat(parameter(0, 0.2)), toFloat(parameter(1, 0.5)));
  if (name == "HardSwish")
    return n.emit<HardSwishOp>(x);
  if (name == "Clip" && parameters.size() == 2)
    return n.emit<ClipByValueV2Op>(x, n.scalarLike(x, parameters[0]), n.scalarLike(x, parameters[1]));
  if (name == "Elu")
    return n.emit<EluOp>(x, toFloat(parameter(0, 1)), 1.0f, 1.0f);
  if (name == "Softplus")
    return n.emit<SoftplusOp>(x);
  if (name == "Softsign")
    return n.emit<SoftsignOp>(x);
  return n.unsupported("activation '" + name + "'");
}

void mapFusedConv(Node &n) {
  Value y = convolve(n, n.need(0), n.need(1), n.in(2));
  if (n.has(3))
    y = n.add(y, n.in(3));
  n.set(0, activate(n, y, n.getString("activation", ""), n.getFloats("activation_params")));
}

void mapFusedGemm(Node &n) {
  Value y = multiplyMatrices(n, n.need(0), n.need(1), n.in(2));
  SmallVector<double> parameters;
  for (StringRef name : {"activation_alpha", "activation_beta"})
    if (n.hasAttr(name))
      parameters.push_back(n.getFloat(name, 0));
  n.set(0, activate(n, y, n.getString("activation", ""), parameters));
}

/// Swaps two of the last dimensions, counted from the end.
Value swapDimensions(Node &n, Value x, ArrayRef<int64_t> fromEnd) {
  int64_t rank = n.rank(x);
  Ints order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (rank < 2)
    return x;
  Ints last(order.end() - fromEnd.size(), order.end());
  for (auto [i, place] : llvm::enumerate(fromEnd))
    order[rank - fromEnd.size() + i] = last[place];
  return n.transpose(x, order);
}

void mapFusedMatMul(Node &n) {
  Value factors[2] = {n.need(0), n.need(1)};
  const char *names[2][2] = {{"transA", "transBatchA"}, {"transB", "transBatchB"}};
  for (unsigned i = 0; i < 2; ++i) {
    if (!factors[i] || !n.typeOf(factors[i]))
      return;
    int64_t rank = n.rank(factors[i]);
    // The matrix's rows come before the batch.
    if (n.getInt(names[i][1], 0)) {
      if (rank < 3)
        return (void)n.invalid(Twine(names[i][1]) + "=1 of a matrix");
      Ints order = llvm::to_vector(llvm::seq<int64_t>(1, rank - 1));
      order.push_back(0);
      order.push_back(rank - 1);
      factors[i] = n.transpose(factors[i], order);
    }
    if (n.getInt(names[i][0], 0))
      factors[i] = swapDimensions(n, factors[i], {1, 0});
  }
  n.set(0, n.mulScalar(n.matmul(factors[0], factors[1]), n.getFloat("alpha", 1)));
}

void mapBiasAdd(Node &n) { n.set(0, n.add(n.add(n.need(0), n.need(1)), n.need(2))); }

void mapBiasGelu(Node &n) { n.set(0, n.emit<GeluV2Op>(n.add(n.need(0), n.need(1)), StringRef("none"))); }

void mapFastGelu(Node &n) {
  Value x = n.need(0);
  n.set(0, n.emit<GeluV2Op>(n.has(1) ? n.add(x, n.in(1)) : x, StringRef("tanh")));
}

void mapGemmFastGelu(Node &n) {
  Value y = n.matmul(n.need(0), n.need(1));
  n.set(0, n.emit<GeluV2Op>(n.has(2) ? n.add(y, n.in(2)) : y, StringRef("tanh")));
}

void mapQuickGelu(Node &n) { n.set(0, n.emit<SwishOp>(n.need(0), toFloat(n.getFloat("alpha", 1.702)))); }

/// Half of the channels times gelu of the other half.
void mapBiasSplitGelu(Node &n) {
  Value x = n.add(n.need(0), n.need(1));
  if (!x || !n.needStatic(x))
    return;
  if (n.rank(x) == 0)
    return (void)n.invalid("the input is a scalar");
  int64_t axis = n.rank(x) - 1, half = n.shapeOf(x)[axis] / 2;
  Value gate = n.emit<GeluV2Op>(n.sliceAxis(x, axis, half, 2 * half), StringRef("none"));
  n.set(0, n.mul(n.sliceAxis(x, axis, 0, half), gate));
}

/// Adds the skip connection, then normalizes; the sum is the fourth output.
template <bool IsSimplified>
void mapSkipLayerNorm(Node &n) {
  Value sum = n.add(n.need(0), n.need(1)), gamma = n.need(2);
  unsigned biasSlot = IsSimplified ? 3 : 4;
  if (n.has(biasSlot))
    sum = n.add(sum, n.in(biasSlot));
  if (!sum || !gamma || !n.typeOf(sum))
    return;
  n.set(3, sum);
  float epsilon = toFloat(n.getFloat("epsilon", 1e-12));
  int64_t axis = n.rank(sum) - 1;
  if (IsSimplified)
    return n.set(0, n.emitMany<RmsNormOp>(2, sum, gamma, epsilon)[0]);
  Value beta = n.has(3) ? n.in(3) : n.zerosLike(gamma);
  auto results = n.emitMany<LayerNormV3Op>(3, sum, gamma, beta, axis, axis, epsilon);
  for (unsigned i = 0; i < 3; ++i)
    n.set(i, results[i]);
}

/// Groups of channels of images, whose channels are last unless the node says so.
void mapGroupNorm(Node &n) {
  Value x = n.need(0), gamma = n.need(1), beta = n.need(2);
  if (!x || !gamma || !beta || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x);
  bool last = n.getInt("channels_last", 1) != 0;
  int64_t groups = n.getInt("groups", 1), activation = n.getInt("activation", 0);
  if (shape.size() != 4 || groups <= 0 || shape[last ? 3 : 1] % groups || activation < 0 || activation > 1)
    return (void)n.invalid("the image's channels do not split into " + Twine(groups) + " groups");
  Value image = last ? n.transpose(x, {0, 3, 1, 2}) : x;
  Ints own = n.shapeOf(image);
  if (n.hasFailed())
    return;
  Value grouped =
      n.reshape(n.cast(image, n.builder().getF32Type()), {own[0], groups, own[1] / groups, own[2] * own[3]});
  Value centred = n.sub(grouped, n.reduceMean(grouped, {2, 3}));
  Value variance = n.reduceMean(n.emit<SquareOp>(centred), {2, 3});
  Value y = n.mul(centred, n.emit<RsqrtOp>(n.addScalar(variance, n.getFloat("epsilon", 1e-5))));
  y = n.add(n.mul(n.reshape(y, own), n.alignTo(gamma, 1, 4)), n.alignTo(beta, 1, 4));
  if (activation == 1)
    y = n.emit<SwishOp>(y, 1.0f);
  y = n.cast(y, n.elem(x));
  n.set(0, last ? n.transpose(y, {0, 2, 3, 1}) : y);
}

} // namespace

void mlir::ge::onnx::populateMicrosoft(MappingTable &table) {
  constexpr StringLiteral domain = "com.microsoft";
  table.add(domain, "FusedConv", mapFusedConv);
  table.add(domain, "FusedGemm", mapFusedGemm);
  table.add(domain, "FusedMatMul", mapFusedMatMul);
  table.add(domain, "TransposeMatMul", mapFusedMatMul);
  table.add(domain, "BiasAdd", mapBiasAdd);
  table.add(domain, "BiasGelu", mapBiasGelu);
  table.add(domain, "BiasSplitGelu", mapBiasSplitGelu);
  table.add(domain, "FastGelu", mapFastGelu);
  table.add(domain, "GemmFastGelu", mapGemmFastGelu);
  table.add(domain, "QuickGelu", mapQuickGelu);
  table.add(domain, "SkipLayerNormalization", mapSkipLayerNorm<false>);
  table.add(domain, "SkipSimplifiedLayerNormalization", mapSkipLayerNorm<true>);
  table.add(domain, "GroupNorm", mapGroupNorm);
}
