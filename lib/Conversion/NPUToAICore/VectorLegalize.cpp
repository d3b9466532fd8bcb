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

static Value number(ImplicitLocOpBuilder &b, double value) {
  return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
}

/// e^x - 1 = tanh(x / 2) (e^x + 1), which loses nothing near 0.
static Value expandExpM1(ImplicitLocOpBuilder &b, Value x) {
  Value half = math::TanhOp::create(b, arith::MulFOp::create(b, x, number(b, 0.5)));
  Value sum = arith::AddFOp::create(b, math::ExpOp::create(b, x), number(b, 1));
  return arith::MulFOp::create(b, half, sum);
}

/// ln(1 + x), where s = 1 + x is rounded, is ln(s) x / (s - 1) (Kahan); x itself if s is
/// 1, or infinite.
static Value expandLog1p(ImplicitLocOpBuilder &b, Value x) {
  Value sum = arith::AddFOp::create(b, x, number(b, 1));
  Value rest = arith::SubFOp::create(b, sum, number(b, 1));
  Value result = arith::MulFOp::create(b, math::LogOp::create(b, sum), arith::DivFOp::create(b, x, rest));
  for (Value limit : {number(b, 1), number(b, std::numeric_limits<double>::infinity())})
    result = arith::SelectOp::create(b, arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sum, limit), x, result);
  return result;
}

namespace {

/// Computes a function of one number by `expand`, in f32.
template <typename OpTy, Value (*expand)(ImplicitLocOpBuilder &, Value)>
struct Expand : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!type.isF16() && !type.isBF16() && !type.isF32())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value x = op.getOperand();
    Value result = expand(b, type.isF32() ? x : arith::ExtFOp::create(b, b.getF32Type(), x).getResult());
    rewriter.replaceOp(op, type.isF32() ? result : arith::TruncFOp::create(b, type, result).getResult());
    return success();
  }
};

/// A buffer that is copied into a part of a result is read by loops of its own.
struct ReadInserted : OpRewritePattern<tensor::InsertSliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::InsertSliceOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = op.getSourceType();
    if (!getBuffer(op.getSource()) || !type.getRank())
      return failure();
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes;
    const llvm::SmallBitVector dropped = op.getDroppedDims();
    for (auto [i, size] : llvm::enumerate(op.getMixedSizes()))
      if (!dropped.test(i))
        sizes.push_back(size);
    Value empty = tensor::EmptyOp::create(rewriter, loc, sizes, type.getElementType());
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
  patterns.add<Expand<math::ExpM1Op, expandExpM1>, Expand<math::Log1pOp, expandLog1p>, ReadInserted>(
      kernel.getContext());
  walkAndApplyPatterns(kernel, std::move(patterns));
}
