//===- RecognizeArithmetic.cpp - powers, divisions and convolutions in simpler form -===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

bool isFloatTensor(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

struct PowToProduct : OpRewritePattern<PowOp> {
  PowToProduct(MLIRContext *context, bool fastMath) : OpRewritePattern(context), fastMath(fastMath) {}
  LogicalResult matchAndRewrite(PowOp op, PatternRewriter &rewriter) const override {
    Value x = op->getOperand(0), y = op->getResult(0);
    std::optional<double> exponent = getScalar(op->getOperand(1));
    if (!exponent || x.getType() != y.getType())
      return failure();
    if (*exponent == 2) {
      rewriter.replaceOpWithNewOp<SquareOp>(op, x);
      return success();
    }
    if (!isFloatTensor(x))
      return failure();
    if (*exponent == 3 && fastMath) {
      Value square = SquareOp::create(rewriter, op.getLoc(), x);
      rewriter.replaceOpWithNewOp<MulOp>(op, square, x);
    } else if (*exponent == -1) {
      rewriter.replaceOpWithNewOp<ReciprocalOp>(op, x);
    } else if (*exponent == 0.5 && fastMath) {
      // Differs for -0 and -infinity only.
      rewriter.replaceOpWithNewOp<SqrtOp>(op, x);
    } else if (*exponent == -0.5 && fastMath) {
      rewriter.replaceOpWithNewOp<RsqrtOp>(op, x);
    } else {
      return failure();
    }
    return success();
  }
  bool fastMath;
};

struct SelfProduct : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MulOp op, PatternRewriter &rewriter) const override {
    if (op.getX1() != op.getX2() || op.getX1().getType() != op.getY().getType())
      return failure();
    rewriter.replaceOpWithNewOp<SquareOp>(op, op.getX1());
    return success();
  }
};

/// The reciprocal is exact for powers of two; `fastMath` takes it anyway.
template <typename OpTy>
struct DivisionToProduct : OpRewritePattern<OpTy> {
  DivisionToProduct(MLIRContext *context, bool fastMath) : OpRewritePattern<OpTy>(context), fastMath(fastMath) {}
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    Value divisor = op->getOperand(1);
    ElementsAttr attr = getConstantAttr(divisor);
    FailureOr<std::vector<float>> values = getFloatValues(attr);
    if (failed(values) || !isa<RankedTensorType>(attr.getType()) || attr.getElementType().isF64())
      return failure();
    auto isExact = [](float value) {
      int exponent;
      return std::isfinite(value) && std::fabs(std::frexp(value, &exponent)) == 0.5f && std::abs(exponent) < 100;
    };
    bool narrow = !attr.getElementType().isF32();
    for (float &value : *values) {
      if (value == 0 || !std::isfinite(1 / value) || (!isExact(value) && (!fastMath || narrow)))
        return failure();
      value = float(1 / double(value));
    }
    RankedTensorType type = cast<RankedTensorType>(attr.getType());
    Value factor = ConstOp::create(rewriter, divisor.getLoc(), makeFloatConstant(type, *values));
    rewriter.replaceOpWithNewOp<MulOp>(op, op->getOperand(0), factor);
    return success();
  }
  bool fastMath;
};

/// 1 / sqrt(x)
struct ReciprocalOfSqrt : OpRewritePattern<ReciprocalOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReciprocalOp op, PatternRewriter &rewriter) const override {
    auto sqrt = op.getX().getDefiningOp<SqrtOp>();
    if (!sqrt)
      return failure();
    rewriter.replaceOpWithNewOp<RsqrtOp>(op, sqrt.getX());
    return success();
  }
};

template <typename OpTy>
struct OneOver : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    std::optional<double> one = getScalar(op->getOperand(0));
    if (!one || *one != 1 || !isFloatTensor(op.getY()) || op->getOperand(1).getType() != op.getY().getType())
      return failure();
    rewriter.replaceOpWithNewOp<ReciprocalOp>(op, op->getOperand(1));
    return success();
  }
};

/// A group for each channel.
struct GroupedToDepthwise : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op, PatternRewriter &rewriter) const override {
    auto x = dyn_cast<RankedTensorType>(op.getX().getType()),
         filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
    if (op.getDataFormat() != "NCHW" || !x || !filter || x.getRank() != 4 || filter.getRank() != 4 || x.getEncoding() ||
        op.getGroups() == 1 || x.getDimSize(1) != op.getGroups() || filter.getDimSize(1) != 1)
      return failure();
    rewriter.replaceOpWithNewOp<DepthwiseConv2DOp>(op, op.getX(), op.getFilter(), op.getBias(), op.getOffsetW(),
                                                   op.getStridesAttr(), op.getDilationsAttr(), op.getPadsAttr(),
                                                   op.getDataFormatAttr(), op.getOffsetXAttr());
    return success();
  }
};

} // namespace

void ge::populateArithmeticPatterns(RewritePatternSet &patterns, bool fastMath) {
  MLIRContext *context = patterns.getContext();
  patterns.add<PowToProduct, DivisionToProduct<RealDivOp>, DivisionToProduct<DivOp>>(context, fastMath);
  patterns.add<SelfProduct, ReciprocalOfSqrt, OneOver<RealDivOp>, OneOver<DivOp>, GroupedToDepthwise>(context);
}
