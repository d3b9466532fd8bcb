//===- RecognizeActivations.cpp - activations that a graph spells out -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;

namespace {

bool isFloatTensor(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

/// `x + 3`
bool isPlusThree(Value value, Value x) {
  std::optional<Polynomial> p = getPolynomial(value, x);
  return p && isClose((*p)[0], 3) && isClose((*p)[1], 1) && (*p)[2] == 0 && (*p)[3] == 0;
}

/// The single operand of a unary operation that is the other factor's function.
template <typename OpTy>
Value getArgument(Value value) {
  auto op = value.getDefiningOp<OpTy>();
  return op ? op->getOperand(0) : Value();
}

/// The argument of `f(x) + 1`.
template <typename OpTy>
Value getArgumentPlusOne(Value value) {
  auto add = value.getDefiningOp<AddOp>();
  if (!add)
    return {};
  for (int i = 0; i < 2; ++i) {
    std::optional<double> one = getScalar(add->getOperand(i));
    if (one && *one == 1 && add->getOperand(1 - i).getType() == value.getType())
      return getArgument<OpTy>(add->getOperand(1 - i));
  }
  return {};
}

/// x * f(x) for the functions f that make an activation of one operand. `scale`
/// is the product of the scalar factors.
Value buildGated(PatternRewriter &rewriter, Location loc, Value x, Value gate, double scale) {
  if (Value inner = getArgument<SigmoidOp>(gate); inner && scale == 1) {
    std::optional<Polynomial> p = getPolynomial(inner, x);
    if (p && (*p)[0] == 0 && (*p)[1] != 0 && (*p)[2] == 0 && (*p)[3] == 0)
      return SwishOp::create(rewriter, loc, x, rewriter.getF32FloatAttr(float((*p)[1])));
  }
  if (Value inner = getArgument<TanhOp>(gate); inner && scale == 1 && getArgument<SoftplusOp>(inner) == x)
    return MishOp::create(rewriter, loc, x);
  if (Value inner = getArgument<Relu6Op>(gate); inner && isClose(scale, 1.0 / 6) && isPlusThree(inner, x))
    return HardSwishOp::create(rewriter, loc, x);
  if (auto hard = gate.getDefiningOp<HardSigmoidOp>();
      hard && scale == 1 && hard.getInputX() == x && isClose(hard.getAlpha(), 1.0 / 6) && isClose(hard.getBeta(), 0.5))
    return HardSwishOp::create(rewriter, loc, x);
  if (Value inner = getArgumentPlusOne<ErfOp>(gate); inner && isClose(scale, 0.5)) {
    std::optional<Polynomial> p = getPolynomial(inner, x);
    if (p && (*p)[0] == 0 && isClose((*p)[1], M_SQRT1_2) && (*p)[2] == 0 && (*p)[3] == 0)
      return GeluV2Op::create(rewriter, loc, x);
  }
  if (Value inner = getArgumentPlusOne<TanhOp>(gate); inner && isClose(scale, 0.5)) {
    std::optional<Polynomial> p = getPolynomial(inner, x);
    double first = std::sqrt(2 / M_PI);
    if (p && (*p)[0] == 0 && isClose((*p)[1], first) && (*p)[2] == 0 && isClose((*p)[3], first * 0.044715))
      return GeluOp::create(rewriter, loc, x);
  }
  return {};
}

/// A product of exactly `x`, a function of `x`, and scalars.
struct GatedActivation : RewritePattern {
  GatedActivation(MLIRContext *context, StringRef root) : RewritePattern(root, 2, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    Value y = op->getResult(0);
    if (!isFloatTensor(y))
      return failure();
    Product product = getProduct(y);
    if (product.factors.size() != 2)
      return failure();
    for (int i = 0; i < 2; ++i) {
      Value x = product.factors[i], gate = product.factors[1 - i];
      if (x.getType() != y.getType() || gate.getType() != y.getType())
        continue;
      if (Value activation = buildGated(rewriter, op->getLoc(), x, gate, product.scale)) {
        rewriter.replaceOp(op, activation);
        return success();
      }
    }
    return failure();
  }
};

/// relu6(x + 3) / 6
struct SpelledHardSigmoid : RewritePattern {
  SpelledHardSigmoid(MLIRContext *context, StringRef root) : RewritePattern(root, 1, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    Value y = op->getResult(0);
    Product product = getProduct(y);
    if (!isFloatTensor(y) || product.factors.size() != 1 || !isClose(product.scale, 1.0 / 6))
      return failure();
    Value inner = getArgument<Relu6Op>(product.factors[0]);
    auto add = inner ? inner.getDefiningOp<AddOp>() : AddOp();
    if (!add || inner.getType() != y.getType())
      return failure();
    for (Value x : add->getOperands())
      if (x.getType() == y.getType() && isPlusThree(inner, x)) {
        rewriter.replaceOpWithNewOp<HardSigmoidOp>(op, x, rewriter.getF32FloatAttr(float(1.0 / 6)),
                                                   rewriter.getF32FloatAttr(0.5f));
        return success();
      }
    return failure();
  }
};

/// Limits 0 and 6 (or none) have operators of their own.
struct ClipToRelu : OpRewritePattern<ClipByValueV2Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ClipByValueV2Op op, PatternRewriter &rewriter) const override {
    std::optional<double> low = getScalar(op.getClipValueMin()), high = getScalar(op.getClipValueMax());
    if (!low || !high || *low != 0 || op.getX().getType() != op.getY().getType() || !isFloatTensor(op.getY()))
      return failure();
    if (*high == 6)
      rewriter.replaceOpWithNewOp<Relu6Op>(op, op.getX());
    else if (*high >= 3.4028234e38)
      rewriter.replaceOpWithNewOp<ReluOp>(op, op.getX());
    else
      return failure();
    return success();
  }
};

/// min(max(x, 0), 6) and max(min(x, 6), 0), and max(x, 0).
template <typename OpTy>
struct MinMaxToRelu : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    for (int i = 0; i < 2; ++i) {
      std::optional<double> bound = getScalar(op->getOperand(i));
      Value x = op->getOperand(1 - i);
      if (!bound || x.getType() != op.getY().getType() || !isFloatTensor(x))
        continue;
      if (std::is_same_v<OpTy, MaximumOp> && *bound == 0) {
        rewriter.replaceOpWithNewOp<ReluOp>(op, x);
        return success();
      }
      auto relu = x.template getDefiningOp<ReluOp>();
      if (std::is_same_v<OpTy, MinimumOp> && *bound == 6 && relu) {
        rewriter.replaceOpWithNewOp<Relu6Op>(op, relu.getX());
        return success();
      }
    }
    return failure();
  }
};

} // namespace

void ge::populateActivationPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  for (StringRef root : {MulOp::getOperationName(), RealDivOp::getOperationName(), DivOp::getOperationName()}) {
    patterns.add<GatedActivation, SpelledHardSigmoid>(context, root);
  }
  patterns.add<ClipToRelu, MinMaxToRelu<MaximumOp>, MinMaxToRelu<MinimumOp>>(context);
}
