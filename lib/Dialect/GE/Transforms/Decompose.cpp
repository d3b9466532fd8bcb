//===- Decompose.cpp - rewrite composite operators ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Channels.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

namespace mlir::ge {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

/// Whether a value is the constant `number` in every element.
bool isSplat(Value value, double number) {
  std::optional<double> splat = getSplatValue(getConstantAttr(value));
  return splat && *splat == number;
}

/// A constant of one element, as a scalar, so that it broadcasts without adding
/// dimensions.
Value asScalar(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() == 0)
    return value;
  Value shape = ConstOp::create(builder, loc, makeIntConstant(builder.getContext(), {}));
  return ReshapeOp::create(builder, loc, value, shape);
}

/// `alpha * a * b + beta * c`: the addend is a bias of the product if it is a row,
/// and scaling remains only where a factor is not 1.
bool decompose(GEMMOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto type = dyn_cast<RankedTensorType>(op.getY().getType());
  auto addendType = dyn_cast<RankedTensorType>(op.getC().getType());
  if (!type || type.getRank() != 2 || !addendType)
    return false;
  bool hasAddend = !isSplat(op.getBeta(), 0), unscaled = isSplat(op.getAlpha(), 1);
  Value addend = op.getC();
  if (hasAddend && !isSplat(op.getBeta(), 1))
    addend = MulOp::create(builder, loc, addend, asScalar(builder, loc, op.getBeta()));
  int64_t columns = type.getDimSize(1);
  bool isRow = hasAddend && unscaled && addendType.hasStaticShape() && !ShapedType::isDynamic(columns) &&
               addendType.getNumElements() == columns &&
               (addendType.getRank() >= 1 && addendType.getShape().back() == columns);
  Value bias;
  if (isRow) {
    bias = addend;
    if (addendType.getRank() != 1) {
      Value shape = ConstOp::create(builder, loc, makeIntConstant(builder.getContext(), {columns}));
      bias = ReshapeOp::create(builder, loc, addend, shape);
    }
  }
  Value y =
      MatMulV2Op::create(builder, loc, op.getA(), op.getB(), bias, Value(), op.getTransposeA(), op.getTransposeB());
  if (!unscaled)
    y = MulOp::create(builder, loc, y, asScalar(builder, loc, op.getAlpha()));
  if (hasAddend && !isRow)
    y = AddOp::create(builder, loc, y, addend);
  op.getY().replaceAllUsesWith(y);
  op.erase();
  return true;
}

/// A vector of parameters, so shaped that it broadcasts along the channels.
Value alongChannels(OpBuilder &builder, Location loc, Value vector, int64_t rank, int64_t channel) {
  if (channel == rank - 1)
    return vector;
  SmallVector<int64_t> shape(rank, 1);
  shape[channel] = -1;
  return ReshapeOp::create(builder, loc, vector,
                           ConstOp::create(builder, loc, makeIntConstant(builder.getContext(), shape)));
}

/// With given statistics: `x * factor + shift`, where
/// `factor = scale / sqrt(variance + epsilon)` and `shift = offset - mean * factor`.
bool decompose(BatchNormOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getX().getType());
  bool onlyFirst = llvm::all_of(op->getResults().drop_front(), [](Value value) { return value.use_empty(); });
  if (!type || type.getEncoding() || !onlyFirst || op.getIsTraining() || !op.getMean() || !op.getVariance())
    return false;
  OpBuilder builder(op);
  Location loc = op.getLoc();
  int64_t rank = type.getRank(), channel = getChannelDim(op.getDataFormat(), rank);
  Value factor, shift;
  if (std::optional<ChannelAffine> affine = getBatchNormAffine(op)) {
    factor = makeChannelConstant(builder, loc, type.getElementType(), affine->factor, rank, channel);
    shift = makeChannelConstant(builder, loc, type.getElementType(), affine->shift, rank, channel);
  } else {
    Type element = getElementTypeOrSelf(op.getVariance().getType());
    Value epsilon = makeChannelConstant(builder, loc, element, {double(op.getEpsilon())});
    Value deviation = RsqrtOp::create(builder, loc, AddOp::create(builder, loc, op.getVariance(), epsilon));
    factor = MulOp::create(builder, loc, op.getScale(), deviation);
    shift = SubOp::create(builder, loc, op.getOffset(), MulOp::create(builder, loc, op.getMean(), factor));
    if (element != type.getElementType()) {
      factor = CastOp::create(builder, loc, factor, type.getElementType());
      shift = CastOp::create(builder, loc, shift, type.getElementType());
    }
    factor = alongChannels(builder, loc, factor, rank, channel);
    shift = alongChannels(builder, loc, shift, rank, channel);
  }
  Value y = AddOp::create(builder, loc, MulOp::create(builder, loc, op.getX(), factor), shift);
  op.getY().replaceAllUsesWith(y);
  op.erase();
  return true;
}

struct Decompose : ge::impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (auto gemm = dyn_cast<GEMMOp>(op))
        numDecomposed += decompose(gemm);
      else if (auto norm = dyn_cast<BatchNormOp>(op))
        numDecomposed += decompose(norm);
    });
  }
};

} // namespace
