//===- FuseConvBiasBN.cpp - fold per-channel constants into weights -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Channels.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <functional>

namespace mlir::ge {
#define GEN_PASS_DEF_FUSECONVBIASBNPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

/// A linear operator with weights and a bias per output channel.
struct Anchor {
  OpOperand *weights;
  MutableOperandRange bias;
  int64_t channel;
  /// The output channel of element `i` of the weights, and of the elements up to
  /// the next multiple of `run`.
  std::function<int64_t(int64_t i)> channelOf;
  int64_t run;
};

/// Elements in the dimensions behind `dim`.
int64_t innerSize(ArrayRef<int64_t> shape, size_t dim) { return ShapedType::getNumElements(shape.drop_front(dim + 1)); }

/// Output channels run along one dimension of the weights.
std::function<int64_t(int64_t)> alongDim(ArrayRef<int64_t> shape, size_t dim) {
  return [inner = innerSize(shape, dim), extent = shape[dim]](int64_t i) { return i / inner % extent; };
}

std::optional<Anchor> getConvAnchor(Conv2DOp op, ArrayRef<int64_t> shape) {
  bool isNCHW = op.getDataFormat() == "NCHW";
  return Anchor{&op.getFilterMutable(), op.getBiasMutable(), isNCHW ? 1 : 3, alongDim(shape, isNCHW ? 0 : 3),
                innerSize(shape, isNCHW ? 0 : 3)};
}

std::optional<Anchor> getDepthwiseAnchor(DepthwiseConv2DOp op, ArrayRef<int64_t> shape) {
  bool isNCHW = op.getDataFormat() == "NCHW";
  // NHWC keeps the multiplier behind the channels: together they are the output channel.
  auto channels = [n = isNCHW ? 0 : shape[2] * shape[3]](int64_t i) { return i % n; };
  return Anchor{&op.getFilterMutable(), op.getBiasMutable(), isNCHW ? 1 : 3,
                isNCHW ? alongDim(shape, 0) : std::function<int64_t(int64_t)>(channels),
                isNCHW ? innerSize(shape, 0) : 1};
}

std::optional<Anchor> getTransposeAnchor(Conv2DTransposeOp op, ArrayRef<int64_t> shape) {
  bool isNCHW = op.getDataFormat() == "NCHW";
  size_t inDim = isNCHW ? 0 : 3, outDim = isNCHW ? 1 : 2;
  int64_t perGroup = shape[inDim] / op.getGroups();
  return Anchor{&op.getFilterMutable(), op.getBiasMutable(), isNCHW ? 1 : 3,
                [=, in = alongDim(shape, inDim), out = alongDim(shape, outDim), extent = shape[outDim]](int64_t i) {
                  return in(i) / perGroup * extent + out(i);
                },
                isNCHW ? innerSize(shape, 1) : 1};
}

/// Columns are the last dimension of the right side, or the one before if it is
/// transposed.
template <typename OpTy>
Anchor getProductAnchor(OpTy op, bool transposed, ArrayRef<int64_t> shape, int64_t resultRank) {
  size_t dim = shape.size() - (transposed ? 2 : 1);
  return Anchor{&op.getX2Mutable(), op.getBiasMutable(), resultRank - 1, alongDim(shape, dim), innerSize(shape, dim)};
}

std::optional<Anchor> getAnchor(Operation *op) {
  Value weights = isa<Conv2DTransposeOp>(op) ? op->getOperand(2)
                  : op->getNumOperands() > 1 ? op->getOperand(1)
                                             : Value();
  auto type = weights ? dyn_cast<RankedTensorType>(weights.getType()) : RankedTensorType();
  auto result = op->getNumResults() == 1 ? dyn_cast<RankedTensorType>(op->getResult(0).getType()) : RankedTensorType();
  if (!type || !type.hasStaticShape() || !result || result.getEncoding() || !isa<FloatType>(result.getElementType()) ||
      result.getElementType().isF64())
    return std::nullopt;
  ArrayRef<int64_t> shape = type.getShape();
  return llvm::TypeSwitch<Operation *, std::optional<Anchor>>(op)
      .Case([&](Conv2DOp conv) { return getConvAnchor(conv, shape); })
      .Case([&](DepthwiseConv2DOp conv) { return getDepthwiseAnchor(conv, shape); })
      .Case([&](Conv2DTransposeOp conv) { return getTransposeAnchor(conv, shape); })
      .Case([&](MatMulV2Op product) {
        return getProductAnchor(product, product.getTransposeX2(), shape, result.getRank());
      })
      .Case([&](BatchMatMulV2Op product) {
        return getProductAnchor(product, product.getAdjX2(), shape, result.getRank());
      })
      .Default([](Operation *) { return std::nullopt; });
}

bool isOne(double value) { return value == 1; }

/// Takes `affine` into the constants of `anchor`; fails if they are not constant.
LogicalResult absorb(Operation *op, Anchor &anchor, const ChannelAffine &affine) {
  if (!llvm::all_of(affine.factor, [](double value) { return std::isfinite(value); }))
    return failure();
  bool scales = !llvm::all_of(affine.factor, isOne);
  auto resultType = cast<RankedTensorType>(op->getResult(0).getType());
  int64_t channels = affine.shift.size();
  std::vector<double> bias(channels, 0);
  if (!anchor.bias.empty()) {
    FailureOr<std::vector<float>> old = getFloatValues(getConstantAttr(anchor.bias[0].get()));
    if (failed(old) || int64_t(old->size()) != channels)
      return failure();
    llvm::copy(*old, bias.begin());
  }
  OpBuilder builder(op);
  if (scales) {
    ElementsAttr attr = getConstantAttr(anchor.weights->get());
    FailureOr<std::vector<float>> weights = getFloatValues(attr);
    if (failed(weights))
      return failure();
    for (int64_t i = 0, e = weights->size(); i < e; i += anchor.run) {
      double factor = affine.factor[anchor.channelOf(i)];
      for (float &weight : MutableArrayRef<float>(*weights).slice(i, anchor.run))
        weight = float(weight * factor);
    }
    anchor.weights->set(ConstOp::create(builder, anchor.weights->get().getLoc(),
                                        makeFloatConstant(cast<RankedTensorType>(attr.getType()), *weights)));
  }
  for (int64_t c = 0; c < channels; ++c)
    bias[c] = bias[c] * affine.factor[c] + affine.shift[c];
  if (!anchor.bias.empty() || !llvm::all_of(bias, [](double value) { return value == 0; }))
    anchor.bias.assign(makeChannelConstant(builder, op->getLoc(), resultType.getElementType(), bias));
  return success();
}

/// Constant zeros around the image that a convolution reads become its pads.
bool absorbPadding(Operation *op) {
  if (!isa<Conv2DOp, DepthwiseConv2DOp>(op))
    return false;
  auto pad = op->getOperand(0).getDefiningOp<PadV3Op>();
  auto format = op->getAttrOfType<StringAttr>("data_format");
  auto pads = op->getAttrOfType<DenseI64ArrayAttr>("pads");
  if (!pad || !format || !pads || pad.getMode() != "constant")
    return false;
  if (Value fill = pad.getConstantValues()) {
    std::optional<double> value = getSplatValue(getConstantAttr(fill));
    if (!value || *value != 0)
      return false;
  }
  FailureOr<SmallVector<int64_t>> paddings = getIntValues(getConstantAttr(pad.getPaddings()));
  if (failed(paddings) || paddings->size() != 8 || llvm::any_of(*paddings, [](int64_t p) { return p < 0; }))
    return false;
  auto at = [&](int64_t dim, int64_t side) {
    return (*paddings)[pad.getPaddingsContiguous() ? 2 * dim + side : 4 * side + dim];
  };
  int64_t h = format.getValue() == "NCHW" ? 2 : 1, c = h == 2 ? 1 : 3;
  if (at(0, 0) || at(0, 1) || at(c, 0) || at(c, 1))
    return false;
  SmallVector<int64_t> sums(pads.asArrayRef());
  for (int64_t i = 0; i < 4; ++i)
    sums[i] += at(h + i / 2, i % 2);
  op->setAttr("pads", DenseI64ArrayAttr::get(op->getContext(), sums));
  op->setOperand(0, pad.getX());
  if (pad->use_empty())
    pad->erase();
  return true;
}

struct FuseConvBiasBN : ge::impl::FuseConvBiasBNPassBase<FuseConvBiasBN> {
  void runOnOperation() override {
    SmallVector<Operation *> anchors;
    getOperation().walk([&](Operation *op) {
      if (isa<Conv2DOp, DepthwiseConv2DOp, Conv2DTransposeOp, MatMulV2Op, BatchMatMulV2Op>(op))
        anchors.push_back(op);
    });
    for (Operation *op : anchors) {
      numFused += absorbPadding(op);
      while (fuseUser(op))
        ++numFused;
    }
    getOperation().walk([](Operation *op) {
      if (op->hasTrait<OpTrait::ConstantLike>() && op->use_empty())
        op->erase();
    });
  }

  static bool fuseUser(Operation *op) {
    std::optional<Anchor> anchor = getAnchor(op);
    if (!anchor || !op->getResult(0).hasOneUse())
      return false;
    Operation *user = *op->getResult(0).user_begin();
    std::optional<ChannelAffine> affine = getChannelAffine(user, op->getResult(0), anchor->channel);
    if (!affine || failed(absorb(op, *anchor, *affine)))
      return false;
    // The pair is known by the later name first.
    op->setLoc(FusedLoc::get(op->getContext(), {user->getLoc(), op->getLoc()}));
    user->getResult(0).replaceAllUsesWith(op->getResult(0));
    user->erase();
    return true;
  }
};

} // namespace
