//===- ExpandMath.cpp - mathematical functions as arithmetic --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"

#include "MathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUEXPANDMATH
#include "ge-mlir/Conversion/NPUToLLVM/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using gemlir::Real;

namespace {

/// Computes `OpTy` with `function`; narrow types in f32.
template <typename OpTy, typename Function>
struct Expand : OpRewritePattern<OpTy> {
  Expand(MLIRContext *context, Function function) : OpRewritePattern<OpTy>(context), function(function) {}

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    Type type = op.getType(), element = getElementTypeOrSelf(type);
    if (!element.isF16() && !element.isBF16() && !element.isF32() && !element.isF64())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    bool narrow = element.getIntOrFloatBitWidth() < 32;
    SmallVector<Real> operands;
    for (Value operand : op->getOperands())
      operands.emplace_back(b, narrow ? extend(b, operand) : operand);
    Value result = call(operands, std::make_index_sequence<std::is_invocable_v<Function, Real, Real> ? 2 : 1>());
    if (narrow)
      result = arith::TruncFOp::create(b, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value extend(ImplicitLocOpBuilder &b, Value value) {
    Type type = b.getF32Type();
    if (auto vector = dyn_cast<VectorType>(value.getType()))
      type = vector.clone(type);
    return arith::ExtFOp::create(b, type, value);
  }
  template <size_t... I>
  Value call(ArrayRef<Real> operands, std::index_sequence<I...>) const {
    return function(operands[I]...).value();
  }

  Function function;
};

template <typename OpTy, typename Function>
void add(RewritePatternSet &patterns, Function function) {
  patterns.add<Expand<OpTy, Function>>(patterns.getContext(), function);
}

/// The exact remainder is a loop, so vectors go element by element.
struct UnrollRemainder : OpRewritePattern<arith::RemFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::RemFOp op, PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    if (!type || type.getRank() != 1 || type.isScalable())
      return failure();
    Location loc = op.getLoc();
    SmallVector<Value> elements;
    for (int64_t i = 0; i < type.getDimSize(0); ++i) {
      Value x = vector::ExtractOp::create(rewriter, loc, op.getLhs(), i);
      Value y = vector::ExtractOp::create(rewriter, loc, op.getRhs(), i);
      elements.push_back(arith::RemFOp::create(rewriter, loc, x, y));
    }
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(op, type, elements);
    return success();
  }
};

/// f64 has no instruction to f16 on processors that have one from f32, and two
/// roundings are not one: f32 rounds to odd, which the second rounding corrects.
struct TruncateInTwoSteps : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncFOp op, PatternRewriter &rewriter) const override {
    Type to = op.getType(), from = op.getIn().getType();
    if (!getElementTypeOrSelf(from).isF64() || getElementTypeOrSelf(to).getIntOrFloatBitWidth() > 16)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto like = [&](Type element) -> Type {
      auto vector = dyn_cast<VectorType>(to);
      return vector ? Type(vector.clone(element)) : element;
    };
    Type f32 = like(b.getF32Type()), i32 = like(b.getI32Type());
    auto constant = [&](int64_t value) -> Value {
      TypedAttr attr = b.getI32IntegerAttr(value);
      if (auto vector = dyn_cast<VectorType>(i32))
        attr = DenseElementsAttr::get(vector, Attribute(attr));
      return arith::ConstantOp::create(b, attr);
    };
    Value narrow = arith::TruncFOp::create(b, f32, op.getIn());
    Value back = arith::ExtFOp::create(b, from, narrow);
    Value bits = arith::BitcastOp::create(b, i32, narrow);
    // Towards zero where the magnitude grew, then the last bit set if anything
    // was lost.
    Value grew = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, math::AbsFOp::create(b, back),
                                       math::AbsFOp::create(b, op.getIn()));
    Value inexact = arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, back, op.getIn());
    bits = arith::SelectOp::create(b, grew, arith::SubIOp::create(b, bits, constant(1)), bits);
    bits = arith::SelectOp::create(b, inexact, arith::OrIOp::create(b, bits, constant(1)), bits);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, to, arith::BitcastOp::create(b, f32, bits));
    return success();
  }
};

struct NPUExpandMath : gemlir::impl::NPUExpandMathBase<NPUExpandMath> {
  void runOnOperation() override {
    unsigned before = count();
    RewritePatternSet patterns(&getContext());
    gemlir::populateExpandMathPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    numExpanded += before - std::min(before, count());
  }

  /// Functions that are not instructions.
  unsigned count() {
    unsigned functions = 0;
    getOperation()->walk([&](Operation *op) {
      functions += isa<math::MathDialect>(op->getDialect()) &&
                   !isa<math::FmaOp, math::AbsFOp, math::SqrtOp, math::TruncOp, math::RoundEvenOp, math::CopySignOp,
                        math::FloorOp, math::CeilOp, math::RoundOp>(op);
    });
    return functions;
  }
};

} // namespace

void gemlir::populateExpandMathPatterns(RewritePatternSet &patterns) {
  using Unary = Real (*)(Real);
  using Binary = Real (*)(Real, Real);
  add<math::ExpOp>(patterns, Unary(exp));
  add<math::Exp2Op>(patterns, Unary(exp2));
  add<math::ExpM1Op>(patterns, Unary(expm1));
  add<math::LogOp>(patterns, Unary(log));
  add<math::Log1pOp>(patterns, Unary(log1p));
  add<math::Log2Op>(patterns, Unary(log2));
  add<math::Log10Op>(patterns, Unary(log10));
  add<math::PowFOp>(patterns, Binary(pow));
  add<math::CbrtOp>(patterns, Unary(cbrt));
  add<math::SinOp>(patterns, Unary(sin));
  add<math::CosOp>(patterns, Unary(cos));
  add<math::TanOp>(patterns, Unary(tan));
  add<math::AsinOp>(patterns, Unary(asin));
  add<math::AcosOp>(patterns, Unary(acos));
  add<math::AtanOp>(patterns, Unary(atan));
  add<math::Atan2Op>(patterns, Binary(atan2));
  add<math::SinhOp>(patterns, Unary(sinh));
  add<math::CoshOp>(patterns, Unary(cosh));
  add<math::TanhOp>(patterns, Unary(tanh));
  add<math::AsinhOp>(patterns, Unary(asinh));
  add<math::AcoshOp>(patterns, Unary(acosh));
  add<math::AtanhOp>(patterns, Unary(atanh));
  add<math::ErfOp>(patterns, Unary(erf));
  add<math::ErfcOp>(patterns, Unary(erfc));
  add<math::RsqrtOp>(patterns, [](Real x) { return x.constant(1) / sqrt(x); });
  patterns.add<UnrollRemainder>(patterns.getContext(), /*benefit=*/2);
  patterns.add<TruncateInTwoSteps>(patterns.getContext());
  add<arith::RemFOp>(patterns, [](Real x, Real y) { return remainder(x, y); });
  math::populateExpansionPatterns(patterns, {"clampf", "fpowi", "ipowi"});
}
