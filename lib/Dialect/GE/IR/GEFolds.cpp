//===- GEFolds.cpp - folds and canonicalisation of ge operations ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Folds return existing values only; constants are computed by the constant
// folding pass. A fold keeps the value's type, so what was refined stays refined.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::ge;

/// `value` if it has the type of the operation's result.
static OpFoldResult sameType(Operation *op, Value value) {
  return value.getType() == op->getResult(0).getType() ? OpFoldResult(value) : OpFoldResult();
}

OpFoldResult ge::foldIdempotent(Operation *op) {
  Operation *inner = op->getOperand(0).getDefiningOp();
  if (!inner || inner->getName() != op->getName())
    return {};
  return sameType(op, op->getOperand(0));
}

OpFoldResult ge::foldInvolution(Operation *op) {
  Operation *inner = op->getOperand(0).getDefiningOp();
  if (!inner || inner->getName() != op->getName())
    return {};
  return sameType(op, inner->getOperand(0));
}

//===----------------------------------------------------------------------===//
// Element-wise operations
//===----------------------------------------------------------------------===//

/// Whether all elements of a constant are `number`.
static bool isSplatOf(Attribute attr, int64_t number) {
  auto elements = dyn_cast_if_present<DenseElementsAttr>(attr);
  if (!elements || !elements.isSplat())
    return false;
  if (isa<FloatType>(elements.getElementType())) {
    APFloat value = elements.getSplatValue<APFloat>();
    bool ignored;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &ignored);
    return value.convertToDouble() == double(number);
  }
  if (!elements.getElementType().isIntOrIndex())
    return false;
  APInt value = elements.getSplatValue<APInt>();
  return value.getBitWidth() == 1 ? value.getZExtValue() == uint64_t(number) : value.getSExtValue() == number;
}

/// The left operand if the right one is `neutral`.
static OpFoldResult foldNeutral(Operation *op, ArrayRef<Attribute> operands, int64_t neutral) {
  return isSplatOf(operands[1], neutral) ? sameType(op, op->getOperand(0)) : OpFoldResult();
}

/// The operand if both are the same value.
static OpFoldResult foldEqualOperands(Operation *op) {
  return op->getOperand(0) == op->getOperand(1) ? sameType(op, op->getOperand(0)) : OpFoldResult();
}

// The sign of a zero may differ: -0 + 0 is 0.
OpFoldResult AddOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 0); }
OpFoldResult SubOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 0); }
OpFoldResult MulOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 1); }
OpFoldResult DivOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 1); }
OpFoldResult RealDivOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 1); }
OpFoldResult PowOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, adaptor.getOperands(), 1); }
OpFoldResult MaximumOp::fold(FoldAdaptor) { return foldEqualOperands(*this); }
OpFoldResult MinimumOp::fold(FoldAdaptor) { return foldEqualOperands(*this); }

OpFoldResult LogicalAndOp::fold(FoldAdaptor adaptor) {
  if (OpFoldResult result = foldEqualOperands(*this))
    return result;
  return foldNeutral(*this, adaptor.getOperands(), 1);
}

OpFoldResult LogicalOrOp::fold(FoldAdaptor adaptor) {
  if (OpFoldResult result = foldEqualOperands(*this))
    return result;
  return foldNeutral(*this, adaptor.getOperands(), 0);
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getX1() == getX2() || isSplatOf(adaptor.getCondition(), 1))
    return sameType(*this, getX1());
  if (isSplatOf(adaptor.getCondition(), 0))
    return sameType(*this, getX2());
  return {};
}

OpFoldResult IdentityOp::fold(FoldAdaptor) { return sameType(*this, getX()); }

/// Whether every value of `from` is a value of `to`.
static bool holdsAll(Type to, Type from) {
  if (auto narrow = dyn_cast<FloatType>(from)) {
    auto wide = dyn_cast<FloatType>(to);
    return wide &&
           APFloat::semanticsPrecision(wide.getFloatSemantics()) >=
               APFloat::semanticsPrecision(narrow.getFloatSemantics()) &&
           APFloat::semanticsMaxExponent(wide.getFloatSemantics()) >=
               APFloat::semanticsMaxExponent(narrow.getFloatSemantics());
  }
  if (from.isInteger(1))
    return isa<FloatType>(to) || to.isInteger();
  return from.isInteger() && to.isInteger() && from.isUnsignedInteger() == to.isUnsignedInteger() &&
         to.getIntOrFloatBitWidth() >= from.getIntOrFloatBitWidth();
}

OpFoldResult CastOp::fold(FoldAdaptor) {
  if (getX().getType() == getType())
    return getX();
  // There and back again, without a loss in between.
  auto inner = getX().getDefiningOp<CastOp>();
  if (inner && holdsAll(inner.getType().getElementType(), inner.getX().getType().getElementType()))
    return sameType(*this, inner.getX());
  return {};
}

//===----------------------------------------------------------------------===//
// The same elements under another shape
//===----------------------------------------------------------------------===//

/// Whether an operation keeps all elements in their order.
static bool isView(Operation *op) {
  return isa_and_present<ReshapeOp, SqueezeOp, UnsqueezeOp, ExpandDimsOp, FlattenOp, FlattenV2Op>(op);
}

/// Whether a type and a number of elements determine the shape.
static bool isDetermined(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getNumDynamicDims() <= 1;
}

/// Whether an operation says that a size is 1 which its type leaves open: without
/// it no one would.
static bool saysSize(Operation *op) {
  auto squeeze = dyn_cast_or_null<SqueezeOp>(op);
  auto type = squeeze ? dyn_cast<RankedTensorType>(squeeze.getX().getType()) : RankedTensorType();
  return type && llvm::any_of(squeeze.getAxis(),
                              [&](int64_t axis) { return type.isDynamicDim(axis < 0 ? axis + type.getRank() : axis); });
}

/// The value of the result's type that a chain of views starts from or passes.
static OpFoldResult foldViews(Operation *op) {
  if (!isDetermined(op->getResult(0).getType()) || saysSize(op))
    return {};
  for (Value value = op->getOperand(0);; value = value.getDefiningOp()->getOperand(0)) {
    if (value.getType() == op->getResult(0).getType())
      return value;
    if (!isView(value.getDefiningOp()) || saysSize(value.getDefiningOp()))
      return {};
  }
}

OpFoldResult SqueezeOp::fold(FoldAdaptor) { return foldViews(*this); }
OpFoldResult UnsqueezeOp::fold(FoldAdaptor) { return foldViews(*this); }
OpFoldResult ExpandDimsOp::fold(FoldAdaptor) { return foldViews(*this); }
OpFoldResult FlattenOp::fold(FoldAdaptor) { return foldViews(*this); }
OpFoldResult FlattenV2Op::fold(FoldAdaptor) { return foldViews(*this); }

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (OpFoldResult result = foldViews(*this))
    return result;
  // A shape that says all does not need the views before it.
  auto shape = getConstantInts(getShape());
  if (!shape || llvm::is_contained(*shape, 0) || getAxis() != 0 || getNumAxes() != -1 ||
      !isView(getX().getDefiningOp()) || saysSize(getX().getDefiningOp()))
    return {};
  getXMutable().assign(getX().getDefiningOp()->getOperand(0));
  return getResult();
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  auto perm = getConstantInts(getPerm());
  if (perm && llvm::equal(*perm, llvm::seq<int64_t>(0, perm->size())))
    return sameType(*this, getX());
  return {};
}

namespace {
/// transpose(transpose(x, p), q) is transpose(x, p[q]).
struct ComposeTransposes : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<TransposeOp>();
    if (!inner)
      return failure();
    auto outerPerm = getConstantInts(op.getPerm()), innerPerm = getConstantInts(inner.getPerm());
    if (!outerPerm || !innerPerm || outerPerm->size() != innerPerm->size())
      return failure();
    SmallVector<int64_t> perm;
    for (int64_t from : *outerPerm)
      perm.push_back((*innerPerm)[from]);
    auto type = RankedTensorType::get({int64_t(perm.size())}, rewriter.getI64Type());
    Value constant = ConstOp::create(rewriter, op.getPerm().getLoc(),
                                     cast<ElementsAttr>(DenseIntElementsAttr::get(type, ArrayRef<int64_t>(perm))));
    rewriter.modifyOpInPlace(op, [&] {
      op.getXMutable().assign(inner.getX());
      op.getPermMutable().assign(constant);
    });
    return success();
  }
};
} // namespace

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ComposeTransposes>(context);
}

OpFoldResult TransDataOp::fold(FoldAdaptor) {
  if (getSrc().getType() == getType() && getSrcFormat() == getDstFormat())
    return getSrc();
  // Padding lanes, which a round trip may change, have no value to keep.
  auto inner = getSrc().getDefiningOp<TransDataOp>();
  if (inner && inner.getSrcFormat() == getDstFormat() && inner.getDstFormat() == getSrcFormat())
    return sameType(*this, inner.getSrc());
  return {};
}

OpFoldResult ConcatV2Op::fold(FoldAdaptor) {
  return getX().size() == 1 ? sameType(*this, getX().front()) : OpFoldResult();
}

OpFoldResult TileOp::fold(FoldAdaptor adaptor) {
  return isSplatOf(adaptor.getMultiples(), 1) ? sameType(*this, getX()) : OpFoldResult();
}

/// The operand if a static shape shows that nothing was cut off or repeated.
static OpFoldResult foldWhole(Operation *op) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  return type && type.hasStaticShape() ? sameType(op, op->getOperand(0)) : OpFoldResult();
}

OpFoldResult SliceOp::fold(FoldAdaptor) { return foldWhole(*this); }
OpFoldResult BroadcastToOp::fold(FoldAdaptor) { return foldWhole(*this); }

OpFoldResult PadV3Op::fold(FoldAdaptor adaptor) {
  return isSplatOf(adaptor.getPaddings(), 0) ? sameType(*this, getX()) : OpFoldResult();
}
