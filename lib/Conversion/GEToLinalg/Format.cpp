//===- Format.cpp - storage formats of tensors -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace gemlir::lowering;

static ge::FormatAttr getFormatAttr(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_if_present<ge::FormatAttr>(tensor.getEncoding()) : ge::FormatAttr();
}

bool gemlir::lowering::isBlocked(Type type) {
  ge::FormatAttr format = getFormatAttr(type);
  return format && format.getFormat() == ge::Format::NC1HWC0;
}

ArrayRef<int64_t> gemlir::lowering::getOriginShape(RankedTensorType type) {
  ge::FormatAttr format = getFormatAttr(type);
  return format ? format.getOriginShape() : type.getShape();
}

//===----------------------------------------------------------------------===//
// NCHW <-> NC1HWC0
//===----------------------------------------------------------------------===//

/// Blocks the channels of a dense NCHW constant, writing zero to the lanes beyond.
static ElementsAttr packConstant(ElementsAttr value, int64_t c0) {
  auto type = cast<RankedTensorType>(value.getShapedType());
  std::optional<ArrayRef<char>> source = gemlir::getRawBytes(value);
  int64_t bytes = gemlir::getElementBytes(type.getElementType());
  std::vector<char> repeated;
  if (auto dense = dyn_cast<DenseElementsAttr>(value); dense && dense.isSplat()) {
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      llvm::append_range(repeated, dense.getRawData());
    source = ArrayRef<char>(repeated);
  }
  if (!source)
    return {};
  int64_t n = type.getDimSize(0), c = type.getDimSize(1), area = type.getDimSize(2) * type.getDimSize(3);
  int64_t c1 = llvm::divideCeil(c, c0);
  std::vector<char> packed(n * c1 * area * c0 * bytes, 0);
  for (int64_t image = 0; image < n; ++image)
    for (int64_t channel = 0; channel < c; ++channel)
      for (int64_t position = 0; position < area; ++position) {
        int64_t to = ((image * c1 + channel / c0) * area + position) * c0 + channel % c0;
        int64_t from = (image * c + channel) * area + position;
        std::memcpy(packed.data() + to * bytes, source->data() + from * bytes, bytes);
      }
  auto packedType = RankedTensorType::get({n, c1, type.getDimSize(2), type.getDimSize(3), c0}, type.getElementType());
  return gemlir::makeConstant(packedType, packed);
}

Tensor gemlir::lowering::packChannels(Emitter &b, Tensor tensor, int64_t c0) {
  Dim n = tensor.dim(0), h = tensor.dim(2), w = tensor.dim(3);
  int64_t c = b.fixed(tensor.dim(1), "the number of channels"), c1 = llvm::divideCeil(c, c0);
  if (auto constant = tensor.value.getDefiningOp<arith::ConstantOp>())
    if (ElementsAttr packed = packConstant(cast<ElementsAttr>(constant.getValue()), c0))
      return {arith::ConstantOp::create(b, cast<TypedAttr>(packed)), tensor.element};
  if (c % c0 == 0)
    return b.transpose(b.reshape(tensor, {n, c1, c0, h, w}), {0, 1, 3, 4, 2});
  return b.generate({n, c1, h, w, c0}, tensor.element, {}, [&](ArrayRef<Value>) {
    Value channel = b.addIndex(b.mulIndex(b.loopIndex(1), c0), b.loopIndex(4));
    Value clamped = arith::MinSIOp::create(b, channel, b.index(c - 1));
    Value element = b.extract(tensor, {b.loopIndex(0), clamped, b.loopIndex(2), b.loopIndex(3)});
    return b.select(b.inRange(channel, 0, c), element, b.scalar(tensor.element, 0));
  });
}

Tensor gemlir::lowering::unpackChannels(Emitter &b, Tensor tensor, Dim channels) {
  Dim n = tensor.dim(0), c1 = tensor.dim(1), h = tensor.dim(2), w = tensor.dim(3), c0 = tensor.dim(4);
  // All lanes, then the first channels, unless that would leave gaps.
  if (channels == c1 * c0 || n == 1 || h * w == 1) {
    Tensor all = b.reshape(b.transpose(tensor, {0, 1, 4, 2, 3}), {n, c1 * c0, h, w});
    return b.slice(all, {0, 0, 0, 0}, {n, channels, h, w});
  }
  return b.generate({n, channels, h, w}, tensor.element, {}, [&](ArrayRef<Value>) {
    Value block = arith::DivUIOp::create(b, b.loopIndex(1), b.index(c0));
    Value lane = arith::RemUIOp::create(b, b.loopIndex(1), b.index(c0));
    return b.extract(tensor, {b.loopIndex(0), block, b.loopIndex(2), b.loopIndex(3), lane});
  });
}

//===----------------------------------------------------------------------===//
// Operands of formatted results
//===----------------------------------------------------------------------===//

/// What depends on sizes that are expressions is checked when they are known.
static bool canBroadcast(ArrayRef<Dim> from, ArrayRef<Dim> to) {
  if (from.size() > to.size())
    return false;
  for (auto [size, target] : llvm::zip_equal(from, to.take_back(from.size())))
    if (size.isStatic() && target.isStatic() && size != 1 && size != target)
      return false;
  return true;
}

Tensor gemlir::lowering::alignTo(Emitter &b, Value operand, Value resultValue) {
  Tensor tensor = b.get(operand);
  auto result = cast<RankedTensorType>(resultValue.getType());
  if (isBlocked(result) && !isBlocked(operand.getType())) {
    if (tensor.size() == 1)
      return b.reshape(tensor, {1});
    if (tensor.splat)
      return b.constant(
          DenseElementsAttr::get(RankedTensorType::get({1}, tensor.element), ArrayRef<Attribute>(tensor.splat)));
    if (tensor.rank() > 4)
      return {};
    Shape shape(4 - tensor.rank(), 1);
    llvm::append_range(shape, tensor.shape());
    tensor = b.reshape(tensor, shape);
    if (getFormatAttr(result).getOrigin() == ge::Format::NHWC)
      tensor = b.transpose(tensor, {0, 3, 1, 2});
    if (tensor.dim(1) == 1)
      tensor = b.reshape(tensor, {tensor.dim(0), 1, tensor.dim(2), tensor.dim(3), 1});
    else
      tensor = packChannels(b, tensor, result.getShape().back());
  } else if (isBlocked(operand.getType()) && !isBlocked(result)) {
    return {};
  }
  return canBroadcast(tensor.shape(), b.getShape(resultValue)) ? tensor : Tensor();
}

Tensor gemlir::lowering::alignChannels(Emitter &b, Tensor vector, RankedTensorType target, int64_t channelAxis) {
  Dim channels = vector.size();
  if (isBlocked(target)) {
    TypedAttr splat = vector.splat;
    Tensor packed = packChannels(b, b.reshape(vector, {1, channels, 1, 1}), target.getShape().back());
    packed.splat = splat;
    return packed;
  }
  Shape shape(target.getRank() - channelAxis, 1);
  shape.front() = channels;
  return b.reshape(vector, shape);
}

//===----------------------------------------------------------------------===//
// TransData
//===----------------------------------------------------------------------===//

namespace {
enum class Layout { Plain, NHWC, Blocked, Other };
} // namespace

static Layout getLayout(Type type, StringRef name) {
  ge::Format format = ge::Format::ND;
  if (ge::FormatAttr attr = getFormatAttr(type))
    format = attr.getFormat();
  else if (std::optional<ge::Format> named = ge::symbolizeFormat(name))
    format = *named;
  switch (format) {
  case ge::Format::NC1HWC0: return Layout::Blocked;
  case ge::Format::NHWC: return Layout::NHWC;
  case ge::Format::NCHW:
  case ge::Format::ND: return Layout::Plain;
  default: return Layout::Other;
  }
}

static LogicalResult lowerTransData(ge::TransDataOp op, Emitter &b) {
  auto sourceType = cast<RankedTensorType>(op.getSrc().getType());
  auto targetType = cast<RankedTensorType>(op.getDst().getType());
  Layout from = getLayout(sourceType, op.getSrcFormat()), to = getLayout(targetType, op.getDstFormat());
  Tensor tensor = b.get(op.getSrc());
  if (from == Layout::Other || to == Layout::Other ||
      (from != to && (from == Layout::Blocked ? sourceType.getRank() != 5 : sourceType.getRank() != 4)))
    return emitLoweringError(op) << "expects a conversion among NCHW, NHWC and NC1HWC0, but got " << op.getSrcFormat()
                                 << " " << sourceType << " to " << op.getDstFormat() << " " << targetType;
  if (from != to) {
    // Through NCHW; two transpositions of one tensor meet here only for NHWC.
    bool originNHWC = getFormatAttr(from == Layout::Blocked ? sourceType : targetType) &&
                      getFormatAttr(from == Layout::Blocked ? sourceType : targetType).getOrigin() == ge::Format::NHWC;
    if (from == Layout::NHWC || (from == Layout::Plain && to == Layout::Blocked && originNHWC))
      tensor = b.transpose(tensor, {0, 3, 1, 2});
    else if (from == Layout::Blocked) {
      bool toNHWC = to == Layout::NHWC || originNHWC;
      tensor = unpackChannels(b, tensor, b.getOrigin(op.getDst())[toNHWC ? 3 : 1]);
    }
    if (to == Layout::Blocked)
      tensor = packChannels(b, tensor, targetType.getShape().back());
    else if (to == Layout::NHWC || (from == Layout::Blocked && originNHWC))
      tensor = b.transpose(tensor, {0, 2, 3, 1});
  }
  b.set(op.getDst(), tensor.value);
  return success();
}

void gemlir::lowering::populateFormat(LoweringTable &table) { table.add(lowerTransData); }
