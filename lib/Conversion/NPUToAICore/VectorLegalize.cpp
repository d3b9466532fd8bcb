//===- VectorLegalize.cpp - what the vector unit has no command for -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewrites a kernel's body into operations that VectorKernel.cpp takes: functions that
// are no commands in terms of those that are, and copies into a part of a result as
// loops that compute the part.
//
//===----------------------------------------------------------------------===//

#include "VectorKernel.h"

#include "BufferAddress.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include <limits>

using namespace mlir;
using namespace gemlir;

/// Computes a function of one number in f32.
template <typename OpTy>
static void expandWide(OpTy op, PatternRewriter &rewriter, Value (*expand)(ImplicitLocOpBuilder &, Value)) {
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  const bool isNarrow = !op.getType().isF32();
  Value x = op.getOperand();
  if (isNarrow)
    x = arith::ExtFOp::create(b, b.getF32Type(), x);
  Value result = expand(b, x);
  if (isNarrow)
    result = arith::TruncFOp::create(b, op.getType(), result);
  rewriter.replaceOp(op, result);
}

static Value number(ImplicitLocOpBuilder &b, double value) {
  return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
}

static bool isFloat(Type type) { return type.isF16() || type.isBF16() || type.isF32(); }

namespace {

/// e^x - 1 = tanh(x / 2) (e^x + 1), which loses nothing near 0.
struct ExpandExpM1 : OpRewritePattern<math::ExpM1Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpM1Op op, PatternRewriter &rewriter) const override {
    if (!isFloat(op.getType()))
      return failure();
    expandWide(
        op, rewriter, +[](ImplicitLocOpBuilder &b, Value x) -> Value {
          Value half = math::TanhOp::create(b, arith::MulFOp::create(b, x, number(b, 0.5)));
          Value sum = arith::AddFOp::create(b, math::ExpOp::create(b, x), number(b, 1));
          return arith::MulFOp::create(b, half, sum);
        });
    return success();
  }
};

/// ln(1 + x), where s = 1 + x is rounded, is ln(s) x / (s - 1) (Kahan); x itself if s is
/// 1, or infinite.
struct ExpandLog1p : OpRewritePattern<math::Log1pOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Log1pOp op, PatternRewriter &rewriter) const override {
    if (!isFloat(op.getType()))
      return failure();
    expandWide(
        op, rewriter, +[](ImplicitLocOpBuilder &b, Value x) -> Value {
          Value sum = arith::AddFOp::create(b, x, number(b, 1));
          Value rest = arith::SubFOp::create(b, sum, number(b, 1));
          Value result = arith::MulFOp::create(b, math::LogOp::create(b, sum), arith::DivFOp::create(b, x, rest));
          for (Value limit : {number(b, 1), number(b, std::numeric_limits<double>::infinity())})
            result =
                arith::SelectOp::create(b, arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sum, limit), x, result);
          return result;
        });
    return success();
  }
};

/// A buffer that is copied into a part of a result is read by loops of its own.
struct ReadInserted : OpRewritePattern<tensor::InsertSliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::InsertSliceOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = op.getSourceType();
    if (!getBuffer(op.getSource()) || !type.hasStaticShape() || !type.getRank())
      return failure();
    Location loc = op.getLoc();
    Value empty = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
    AffineMap map = rewriter.getMultiDimIdentityMap(type.getRank());
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
    auto copy = linalg::GenericOp::create(
        rewriter, loc, type, op.getSource(), empty, {map, map}, iterators,
        [](OpBuilder &b, Location loc, ValueRange elements) { linalg::YieldOp::create(b, loc, elements[0]); });
    rewriter.modifyOpInPlace(op, [&] { op.getSourceMutable().assign(copy.getResult(0)); });
    return success();
  }
};

} // namespace

void gemlir::legalizeVectorKernel(npu::KernelOp kernel) {
  RewritePatternSet patterns(kernel.getContext());
  patterns.add<ExpandExpM1, ExpandLog1p, ReadInserted>(kernel.getContext());
  walkAndApplyPatterns(kernel, std::move(patterns));
}
