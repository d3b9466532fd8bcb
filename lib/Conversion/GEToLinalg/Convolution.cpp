//===- Convolution.cpp - convolutions -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In floating point a convolution is a product of the image's patches and the
// filter (npu.im2col, npu.mmad), a depthwise one npu.depthwise; both write
// NC1HWC0. So is one in groups of whole blocks of channels; a cube takes smaller
// groups together, with zeros between them. Of bytes a cube takes images [H, W, C] and
// constant filters. The rest is a contraction over the padded image.
//
//===----------------------------------------------------------------------===//

#include "Mmad.h"
#include "Scalar.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace gemlir::lowering;

static constexpr int64_t channelBlock = 16;

namespace {
/// A convolution in terms of NCHW, wherever its operands are stored.
struct Convolution {
  Operation *op;
  RankedTensorType imageType, resultType;
  Tensor image, filter, bias;
  /// The filter as the operator has it.
  Tensor ownFilter;
  /// [N, C, H, W] of the image and the result.
  Shape in, out;
  int64_t channels, outChannels;
  SmallVector<int64_t> kernel, strides, pads, dilations;
  int64_t groups;
  /// What stands for zero in an image of integers.
  int64_t offset;
  bool isNHWC;
  Type element;
};
} // namespace

static Shape toNCHW(Shape shape, bool isNHWC) {
  if (isNHWC)
    std::rotate(shape.begin() + 1, shape.begin() + 3, shape.end());
  return shape;
}

/// Whether `element` is a type of integers that has this one.
static bool holds(Type element, int64_t value) {
  auto type = dyn_cast<IntegerType>(element);
  return type && (type.isUnsigned() ? llvm::isUIntN(type.getWidth(), value) : llvm::isIntN(type.getWidth(), value));
}

template <typename OpTy>
static FailureOr<Convolution> analyze(OpTy op, Emitter &b, int64_t groups) {
  Convolution conv;
  conv.op = op;
  conv.imageType = cast<RankedTensorType>(op.getX().getType());
  conv.resultType = cast<RankedTensorType>(op->getResult(0).getType());
  conv.element = conv.resultType.getElementType();
  conv.isNHWC = op.getDataFormat() == "NHWC";
  conv.groups = groups;
  conv.image = b.get(op.getX());
  conv.filter = conv.ownFilter = b.get(op.getFilter());
  if (conv.isNHWC) // the filter is [KH, KW, C, N] then
    conv.filter = b.transpose(conv.filter, {3, 2, 0, 1});
  if (op.getBias())
    conv.bias = b.get(op.getBias());
  conv.offset = op.getOffsetX();
  if (op.getOffsetW() || (conv.offset != 0 && !holds(conv.image.element, conv.offset))) {
    emitLoweringError(op) << "expects no 'offset_w', and an element of integers as 'offset_x', but got "
                          << (op.getOffsetW() ? "'offset_w'" : "'offset_x' = ") << conv.offset;
    return failure();
  }
  conv.in = toNCHW(b.getOrigin(op.getX()), conv.isNHWC);
  conv.out = toNCHW(b.getOrigin(op->getResult(0)), conv.isNHWC);
  if (conv.in.size() != 4 || conv.out.size() != 4 || conv.filter.rank() != 4 || op.getPads().size() != 4) {
    emitLoweringError(op) << "expects two-dimensional images, but got " << conv.imageType;
    return failure();
  }
  using Ints = SmallVector<int64_t>;
  auto spatial = [&](ArrayRef<int64_t> list) -> Ints {
    if (list.size() < 4)
      return list.empty() ? Ints{1, 1} : Ints{list.front(), list.back()};
    return conv.isNHWC ? Ints{list[1], list[2]} : Ints{list[2], list[3]};
  };
  conv.strides = spatial(op.getStrides());
  conv.dilations = spatial(op.getDilations());
  conv.pads = Ints(op.getPads());
  conv.kernel = b.fixed({conv.filter.dim(2), conv.filter.dim(3)}, "the filter");
  conv.channels = b.fixed(conv.in[1], "the number of channels");
  conv.outChannels = b.fixed(conv.out[1], "the number of channels");
  return conv;
}

//===----------------------------------------------------------------------===//
// Images in and out of their formats
//===----------------------------------------------------------------------===//

/// The image as NCHW storage.
static Tensor getPlainImage(Emitter &b, const Convolution &conv) {
  if (isBlocked(conv.imageType))
    return unpackChannels(b, conv.image, conv.in[1]);
  return conv.isNHWC ? b.transpose(conv.image, {0, 3, 1, 2}) : conv.image;
}

static Tensor getBlockedImage(Emitter &b, const Convolution &conv) {
  return isBlocked(conv.imageType) ? conv.image : packChannels(b, getPlainImage(b, conv), channelBlock);
}

static Shape blockedShape(const Shape &nchw) {
  return {nchw[0], ceilDiv(nchw[1], channelBlock), nchw[2], nchw[3], Dim(channelBlock)};
}

/// Stores an NCHW or NC1HWC0 value in the format of the result.
static LogicalResult setResult(Emitter &b, const Convolution &conv, Tensor value, bool blocked) {
  if (isBlocked(conv.resultType)) {
    value = blocked ? value : packChannels(b, value, channelBlock);
  } else {
    value = blocked ? unpackChannels(b, value, conv.out[1]) : value;
    if (conv.isNHWC)
      value = b.transpose(value, {0, 2, 3, 1});
  }
  b.set(conv.op->getResult(0), value.value);
  return success();
}

//===----------------------------------------------------------------------===//
// Conv2D and DepthwiseConv2D
//===----------------------------------------------------------------------===//

static Tensor columnBias(Emitter &b, const Convolution &conv) {
  return conv.bias ? b.reshape(conv.bias, {conv.bias.size()}) : Tensor();
}

static bool isConstant(Tensor tensor) { return tensor.value.getDefiningOp<arith::ConstantOp>() != nullptr; }

/// The panels of a filter [N, C, KH, KW]. Constants are packed at compile time;
/// others are brought into the order of the patches first.
static Tensor packFilter(Emitter &b, Tensor filter, bool blocked) {
  if (isConstant(filter))
    return packPanels(b, filter, blocked ? npu::PanelOrder::ConvNC1HWC0 : npu::PanelOrder::ConvNCHW, channelBlock);
  int64_t n = b.fixed(filter.dim(0), "the filter"), c = b.fixed(filter.dim(1), "the filter");
  int64_t taps = b.fixed(filter.dim(2) * filter.dim(3), "the filter");
  if (!blocked)
    return packPanels(b, b.reshape(filter, {n, c * taps}), npu::PanelOrder::NK);
  filter = b.reshape(filter, {n, c, taps});
  Tensor rows = b.generate({n, c * taps}, filter.element, {}, [&](ArrayRef<Value>) {
    // (c1, tap, c0) in a row; the last block has fewer lanes.
    Value k = b.loopIndex(1), blockSize = b.index(taps * channelBlock);
    Value block = arith::DivUIOp::create(b, k, blockSize), rest = arith::RemUIOp::create(b, k, blockSize);
    Value first = b.mulIndex(block, channelBlock);
    Value left = arith::SubIOp::create(b, b.index(c), first);
    Value lanes = arith::MinUIOp::create(b, left, b.index(channelBlock));
    Value tap = arith::DivUIOp::create(b, rest, lanes), lane = arith::RemUIOp::create(b, rest, lanes);
    return b.extract(filter, {b.loopIndex(0), b.addIndex(first, lane), tap});
  });
  return packPanels(b, rows, npu::PanelOrder::NK);
}

/// The filter [C, 1, KH, KW] of npu.depthwise.
static Tensor packDepthwise(Emitter &b, Tensor filter) {
  if (isConstant(filter))
    return packPanels(b, filter, npu::PanelOrder::Depthwise, channelBlock);
  Dim c = filter.dim(0), h = filter.dim(2), w = filter.dim(3);
  Tensor packed = packChannels(b, b.reshape(filter, {1, c, h, w}), channelBlock);
  return b.reshape(packed, ArrayRef<Dim>(packed.shape()).drop_front());
}

/// Of a number of groups: as many neighbours as together have whole blocks of
/// channels on both sides, or 0.
static int64_t countMergedGroups(Emitter &b, const Convolution &conv) {
  const int64_t panel = std::max(channelBlock, b.getPanelWidth());
  for (int64_t merged = 1; merged <= conv.groups; ++merged)
    if (conv.groups % merged == 0 && merged * conv.channels / conv.groups % channelBlock == 0 &&
        merged * conv.outChannels / conv.groups % panel == 0)
      return merged;
  return 0;
}

/// A constant filter of so many groups as one, with zeros where channels of different
/// groups meet.
static Tensor mergeFilter(Emitter &b, const Convolution &conv, int64_t merged) {
  auto constant = conv.filter.value.getDefiningOp<arith::ConstantOp>();
  FailureOr<std::vector<float>> values = gemlir::getFloatValues(constant.getValue());
  const int64_t c = conv.channels / conv.groups, o = conv.outChannels / conv.groups,
                taps = conv.kernel[0] * conv.kernel[1], part = c * taps;
  if (failed(values) || int64_t(values->size()) != conv.outChannels * part)
    return {};
  std::vector<float> wide(conv.outChannels * merged * part, 0);
  for (int64_t n = 0; n < conv.outChannels; ++n)
    std::copy_n(values->begin() + n * part, part, wide.begin() + (n * merged + n / o % merged) * part);
  auto type =
      RankedTensorType::get({conv.outChannels, merged * c, conv.kernel[0], conv.kernel[1]}, conv.filter.element);
  return b.constant(gemlir::makeFloatConstant(type, wide));
}

/// `conv` with fewer groups, of whole blocks of channels; none if there are none, or
/// zeros would be most of the work. On the host numbers of other groups stay apart,
/// because zero times infinity is no zero.
static std::optional<Convolution> mergeGroups(Emitter &b, Convolution conv) {
  constexpr int64_t kMostMerged = 32;
  int64_t merged = countMergedGroups(b, conv);
  if (merged != 1 && (!b.hasCube() || !isConstant(conv.filter)))
    return std::nullopt;
  if (!merged)
    merged = conv.groups;
  if (merged > kMostMerged)
    return std::nullopt;
  if (merged > 1) {
    conv.filter = mergeFilter(b, conv, merged);
    conv.groups /= merged;
  }
  return conv.filter ? std::optional(conv) : std::nullopt;
}

static LogicalResult lowerToMmad(Emitter &b, const Convolution &conv) {
  bool blocked = isBlocked(conv.imageType) || conv.groups > 1;
  Type element = getProductElement(b, conv.image.element, conv.filter.element);
  Tensor image = toProduct(b, blocked ? getBlockedImage(b, conv) : getPlainImage(b, conv), element);
  SmallVector<int64_t> size{conv.out[2].toShape(), conv.out[3].toShape()};
  auto patches = npu::Im2ColOp::create(b, image.value, conv.channels / conv.groups, conv.kernel, size, conv.strides,
                                       conv.pads, conv.dilations, conv.groups);
  Tensor filter = packFilter(b, toProduct(b, conv.filter, element), blocked);
  Tensor result = multiply(b, patches, filter, columnBias(b, conv), blockedShape(conv.out), conv.element, conv.out[1]);
  return setResult(b, conv, result, /*blocked=*/true);
}

static LogicalResult lowerToDepthwise(Emitter &b, const Convolution &conv) {
  Tensor image = b.convert(getBlockedImage(b, conv), b.getF32Type());
  Tensor filter = packDepthwise(b, b.convert(conv.filter, b.getF32Type()));
  Tensor init = b.empty(blockedShape(conv.out), conv.element);
  SmallVector<Value> epilogue;
  Tensor bias = columnBias(b, conv);
  if (bias) { // one element for each lane
    bias = b.convert(bias, b.getF32Type());
    Dim lanes = init.dim(1) * channelBlock;
    bias = b.reshape(packChannels(b, b.reshape(bias, {1, bias.size(), 1, 1}), channelBlock), {lanes});
    epilogue.push_back(bias.value);
  }
  auto op = npu::DepthwiseOp::create(b, init.value.getType(), image.value, filter.value, epilogue, init.value,
                                     conv.strides, conv.pads, conv.dilations);
  buildBiasEpilogue(b, op.getBody(), bias, conv.element);
  return setResult(b, conv, {op.getResult(), conv.element, init.shape()}, /*blocked=*/true);
}

/// An NCHW image with zeros around it, of just the size that the windows cover: a
/// loop over a single window would take the size of anything larger for its own.
static Tensor padImage(Emitter &b, const Convolution &conv) {
  Tensor image = getPlainImage(b, conv);
  Shape shape = image.shape();
  for (unsigned axis : {0, 1})
    shape[2 + axis] =
        (conv.out[2 + axis] - 1) * conv.strides[axis] + ((conv.kernel[axis] - 1) * conv.dilations[axis] + 1);
  if (llvm::all_of(conv.pads, [](int64_t pad) { return pad == 0; }) && shape == image.shape())
    return image;
  return b.generate(shape, image.element, {}, [&](ArrayRef<Value>) {
    Value h = b.addIndex(b.loopIndex(2), -conv.pads[0]), w = b.addIndex(b.loopIndex(3), -conv.pads[2]);
    Value inside = arith::AndIOp::create(b, b.inRange(h, 0, image.dim(2)), b.inRange(w, 0, image.dim(3)));
    Value element = b.extract(image, {b.loopIndex(0), b.loopIndex(1), b.clampIndex(h, 0, image.dim(2) - 1),
                                      b.clampIndex(w, 0, image.dim(3) - 1)});
    return b.select(inside, element, b.scalar(image.element, conv.offset));
  });
}

/// Adds the bias to an accumulated NCHW result and rounds it to its type.
static Tensor finish(Emitter &b, const Convolution &conv, Tensor sum) {
  if (!conv.bias)
    return b.convert(sum, conv.element);
  Tensor bias = b.reshape(conv.bias, {conv.out[1], 1, 1});
  return b.elementwise(conv.out, conv.element, {sum, bias}, [&](ArrayRef<Value> in) {
    Value added = castScalar(b, in[1], bias.element, sum.element);
    return castScalar(b, Scalar(b, sum.element).add(in[0], added), sum.element, conv.element);
  });
}

/// Loops (n, g, o, oh, ow | c, kh, kw) over the padded image.
static LogicalResult lowerToContraction(Emitter &b, const Convolution &conv) {
  int64_t g = conv.groups, c = conv.channels / g, o = conv.outChannels / g;
  Tensor image = padImage(b, conv);
  image = b.reshape(image, {conv.in[0], g, c, image.dim(2), image.dim(3)});
  Tensor filter = b.reshape(conv.filter, {g, o, c, conv.kernel[0], conv.kernel[1]});
  auto position = [&](unsigned out, unsigned tap, unsigned axis) {
    return b.d(out) * conv.strides[axis] + b.d(tap) * conv.dilations[axis];
  };
  Type accumulator = getComputeElement(conv.element);
  Access init{b.fillZero({conv.out[0], g, o, conv.out[2], conv.out[3]}, accumulator),
              b.map(8, {b.d(0), b.d(1), b.d(2), b.d(3), b.d(4)})};
  Access x{image, b.map(8, {b.d(0), b.d(1), b.d(5), position(3, 6, 0), position(4, 7, 1)})};
  Access w{filter, b.map(8, {b.d(1), b.d(2), b.d(5), b.d(6), b.d(7)})};
  SmallVector<IteratorType> iterators(5, IteratorType::parallel);
  iterators.append(3, IteratorType::reduction);
  Tensor sum = b.generic({x, w}, init, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
    Scalar s(b, accumulator);
    Value counted = castScalar(b, in[0], image.element, accumulator);
    if (conv.offset)
      counted = s.sub(counted, s.constant(conv.offset));
    Value product = s.mul(counted, castScalar(b, in[1], filter.element, accumulator));
    return SmallVector<Value>{s.add(out[0], product)};
  })[0];
  return setResult(b, conv, finish(b, conv, b.reshape(sum, conv.out)), /*blocked=*/false);
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

namespace {
/// A filter of bytes as a matrix [N, KH * KW * C], and the sums of its rows.
struct ByteFilter {
  Tensor matrix;
  SmallVector<int64_t> sums;
};
} // namespace

/// Takes a constant filter whose products a cube adds up to numbers of 32 bits, if all
/// sizes are known.
static std::optional<ByteFilter> takeByteFilter(Emitter &b, const Convolution &conv) {
  auto constant = conv.ownFilter.value.getDefiningOp<arith::ConstantOp>();
  auto isKnown = [](const Shape &shape) { return llvm::all_of(shape, [](Dim size) { return size.known(); }); };
  if (!llvm::is_contained(b.getProducts(), b.getI8Type()) || !conv.image.element.isInteger(8) ||
      !conv.filter.element.isSignlessInteger(8) || !conv.element.isInteger(32) || conv.groups != 1 || !constant ||
      !isKnown(conv.in) || !isKnown(conv.out))
    return std::nullopt;
  const int64_t n = conv.outChannels, c = conv.channels, taps = conv.kernel[0] * conv.kernel[1];
  FailureOr<SmallVector<int64_t>> values = gemlir::getIntValues(cast<ElementsAttr>(constant.getValue()));
  if (failed(values) || int64_t(values->size()) != n * c * taps || values->empty())
    return std::nullopt;
  std::vector<char> ordered(values->size());
  ByteFilter filter;
  filter.sums.assign(n, 0);
  for (int64_t o = 0; o < n; ++o)
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t channel = 0; channel < c; ++channel) {
        const int64_t value = (*values)[conv.isNHWC ? (tap * c + channel) * n + o : (o * c + channel) * taps + tap];
        ordered[(o * taps + tap) * c + channel] = char(value);
        filter.sums[o] += value;
      }
  filter.matrix = b.constant(gemlir::makeConstant(RankedTensorType::get({n, taps * c}, b.getI8Type()), ordered));
  return filter;
}

/// Each sum counts `offset` once for every tap, because it lies around the image too:
/// the bias takes it away.
static Tensor makeByteBias(Emitter &b, const Convolution &conv, const ByteFilter &filter) {
  if (conv.offset == 0)
    return columnBias(b, conv);
  std::vector<int32_t> taken(filter.sums.size());
  for (auto [number, sum] : llvm::zip_equal(taken, filter.sums))
    number = int32_t(uint32_t(-conv.offset * sum));
  auto type = RankedTensorType::get({conv.outChannels}, b.getI32Type());
  if (!conv.bias)
    return b.constant(DenseElementsAttr::get(type, ArrayRef(taken)));
  auto constant = conv.bias.value.getDefiningOp<arith::ConstantOp>();
  FailureOr<SmallVector<int64_t>> own = failure();
  if (constant)
    own = gemlir::getIntValues(cast<ElementsAttr>(constant.getValue()));
  if (failed(own) || own->size() != taken.size()) {
    Tensor correction = b.constant(DenseElementsAttr::get(type, ArrayRef(taken)));
    return b.elementwise({conv.out[1]}, b.getI32Type(), {columnBias(b, conv), correction},
                         [&](ArrayRef<Value> in) { return Scalar(b, b.getI32Type()).add(in[0], in[1]); });
  }
  for (auto [number, value] : llvm::zip_equal(taken, *own))
    number = int32_t(uint32_t(number) + uint32_t(value));
  return b.constant(DenseElementsAttr::get(type, ArrayRef(taken)));
}

/// A product of the patches of an image [H, W, C]; pixels that are patches are a matrix.
static LogicalResult lowerToByteMmad(Emitter &b, const Convolution &conv, const ByteFilter &filter) {
  Tensor image = conv.isNHWC ? conv.image : b.transpose(conv.image, {0, 2, 3, 1});
  auto all = [](ArrayRef<int64_t> list, int64_t value) {
    return llvm::all_of(list, [&](int64_t v) { return v == value; });
  };
  const Dim rows = conv.out[0] * conv.out[2] * conv.out[3], columns = conv.out[1];
  Value patches;
  if (all(conv.kernel, 1) && all(conv.strides, 1) && all(conv.pads, 0)) {
    patches = b.reshape(image, {rows, conv.in[1]}).value;
  } else {
    Tensor blocked = b.reshape(image, {conv.in[0], 1, conv.in[2], conv.in[3], conv.in[1]});
    SmallVector<int64_t> size{conv.out[2].toShape(), conv.out[3].toShape()};
    patches = npu::Im2ColOp::create(b, blocked.value, conv.channels, conv.kernel, size, conv.strides, conv.pads,
                                    conv.dilations, /*groups=*/1, all(conv.pads, 0) ? 0 : conv.offset);
  }
  Tensor sums = multiply(b, patches, filter.matrix, makeByteBias(b, conv, filter), {rows, columns}, conv.element,
                         columns, npu::PanelOrder::NK, conv.image.element.isUnsignedInteger());
  sums = b.reshape(sums, {conv.out[0], conv.out[2], conv.out[3], columns});
  b.set(conv.op->getResult(0), (conv.isNHWC ? sums : b.transpose(sums, {0, 3, 1, 2})).value);
  return success();
}

static LogicalResult lowerConvolution(Emitter &b, const Convolution &conv) {
  bool floating = isMmadElement(conv.image.element) && isMmadElement(conv.filter.element);
  if (floating && conv.groups == 1)
    return lowerToMmad(b, conv);
  if (floating && conv.groups == conv.channels && conv.outChannels == conv.channels)
    return lowerToDepthwise(b, conv);
  if (std::optional<ByteFilter> filter = takeByteFilter(b, conv))
    return lowerToByteMmad(b, conv, *filter);
  if (std::optional<Convolution> merged = floating ? mergeGroups(b, conv) : std::nullopt)
    return lowerToMmad(b, *merged);
  return lowerToContraction(b, conv);
}

static LogicalResult lowerConv2D(ge::Conv2DOp op, Emitter &b) {
  FailureOr<Convolution> conv = analyze(op, b, op.getGroups());
  return failed(conv) ? failure() : lowerConvolution(b, *conv);
}

/// The filter has one input channel per group: [C · multiplier, 1, KH, KW].
static LogicalResult lowerDepthwiseConv2D(ge::DepthwiseConv2DOp op, Emitter &b) {
  FailureOr<Convolution> conv = analyze(op, b, /*groups=*/1);
  if (failed(conv))
    return failure();
  conv->groups = conv->channels;
  if (conv->isNHWC) // [M, C, KH, KW] so far
    conv->filter =
        b.reshape(b.transpose(conv->filter, {1, 0, 2, 3}), {conv->out[1], 1, conv->kernel[0], conv->kernel[1]});
  return lowerConvolution(b, *conv);
}

//===----------------------------------------------------------------------===//
// Conv2DTranspose
//===----------------------------------------------------------------------===//

/// The products of every pixel with the columns of `filter` [C, columns].
static Tensor multiplyPixels(Emitter &b, const Convolution &conv, Tensor filter, Tensor bias) {
  bool blocked = isBlocked(conv.imageType);
  Type element = getProductElement(b, conv.image.element, conv.filter.element);
  Tensor image = toProduct(b, blocked ? conv.image : getPlainImage(b, conv), element);
  SmallVector<int64_t> ones{1, 1}, zeros{0, 0, 0, 0}, size{conv.in[2].toShape(), conv.in[3].toShape()};
  auto pixels = npu::Im2ColOp::create(b, image.value, conv.channels, ones, size, ones, zeros, ones);
  Dim columns = filter.dim(1);
  Tensor panels = packPanels(b, toProduct(b, filter, element), npu::PanelOrder::KN);
  return multiply(b, pixels, panels, bias, {conv.in[0] * conv.in[2] * conv.in[3], columns}, b.getF32Type(), columns);
}

/// The same with every filter tap, a column for each (o, kh, kw).
static Tensor multiplyTaps(Emitter &b, const Convolution &conv, Tensor bias) {
  Tensor filter = b.reshape(conv.filter, {conv.in[1], floorDiv(conv.filter.size(), conv.in[1])});
  return multiplyPixels(b, conv, filter, bias);
}

/// A constant filter [C, O, KH, KW] with a column for each (kh, kw, o), where o
/// runs to the end of a block of channels.
static Tensor blockTaps(Emitter &b, const Convolution &conv, int64_t lanes) {
  auto constant = conv.filter.value.getDefiningOp<arith::ConstantOp>();
  FailureOr<std::vector<float>> values = gemlir::getFloatValues(constant.getValue());
  int64_t c = conv.channels, o = conv.outChannels, taps = conv.kernel[0] * conv.kernel[1];
  if (failed(values) || static_cast<int64_t>(values->size()) != c * o * taps)
    return {};
  std::vector<float> blocked(c * taps * lanes, 0);
  for (int64_t in = 0; in < c; ++in)
    for (int64_t out = 0; out < o; ++out)
      for (int64_t tap = 0; tap < taps; ++tap)
        blocked[(in * taps + tap) * lanes + out] = (*values)[(in * o + out) * taps + tap];
  return b.constant(gemlir::makeFloatConstant(RankedTensorType::get({c, taps * lanes}, b.getF32Type()), blocked));
}

/// Taps that do not overlap, for a blocked result: whole pixels move.
static LogicalResult lowerToBlockShuffle(Emitter &b, const Convolution &conv, Tensor filter) {
  int64_t kh = conv.kernel[0], kw = conv.kernel[1], lanes = *filter.dim(1).known() / (kh * kw);
  Dim n = conv.in[0];
  Tensor bias;
  if (conv.bias) {
    Tensor block = packChannels(b, b.reshape(conv.bias, {1, conv.out[1], 1, 1}), channelBlock);
    bias = b.reshape(b.broadcast(b.reshape(block, {1, lanes}), {kh * kw, lanes}), {kh * kw * lanes});
  }
  Tensor products = multiplyPixels(b, conv, filter, bias);
  products = b.reshape(products, {n, conv.in[2], conv.in[3], kh, kw, lanes / channelBlock, channelBlock});
  Tensor image = b.reshape(b.transpose(products, {0, 5, 1, 3, 2, 4, 6}), blockedShape(conv.out));
  return setResult(b, conv, b.convert(image, conv.element), /*blocked=*/true);
}

/// Taps that do not overlap: a product and a permutation of its columns.
static LogicalResult lowerToPixelShuffle(Emitter &b, const Convolution &conv) {
  int64_t o = conv.outChannels, kh = conv.kernel[0], kw = conv.kernel[1];
  if (isBlocked(conv.resultType) && isConstant(conv.filter))
    if (Tensor filter = blockTaps(b, conv, llvm::alignTo(o, channelBlock)))
      return lowerToBlockShuffle(b, conv, filter);
  Tensor bias;
  if (conv.bias)
    bias = b.reshape(b.broadcast(b.reshape(conv.bias, {o, 1, 1}), {o, kh, kw}), {o * kh * kw});
  Tensor products = multiplyTaps(b, conv, bias);
  products = b.reshape(products, {conv.in[0], conv.in[2], conv.in[3], o, kh, kw});
  Tensor image = b.reshape(b.transpose(products, {0, 3, 1, 4, 2, 5}), conv.out);
  return setResult(b, conv, b.convert(image, conv.element), /*blocked=*/false);
}

/// Sums the products that meet at each pixel of the result.
static LogicalResult lowerToProductSums(Emitter &b, const Convolution &conv) {
  int64_t kh = conv.kernel[0], kw = conv.kernel[1];
  Tensor products = multiplyTaps(b, conv, {});
  products = b.reshape(products, {conv.in[0], conv.in[2], conv.in[3], conv.out[1], kh, kw});
  Tensor sum = b.generate(conv.out, b.getF32Type(), {}, [&](ArrayRef<Value>) {
    Scalar s(b, b.getF32Type());
    // Tap t of an axis is kernel position phase + t * stride, if there is one.
    struct Tap {
      Value pixel, tap, valid;
    };
    auto taps = [&](unsigned axis) {
      int64_t stride = conv.strides[axis], kernel = conv.kernel[axis];
      Dim size = conv.in[2 + axis];
      Value position = b.addIndex(b.loopIndex(2 + axis), conv.pads[2 * axis]);
      Value base = arith::DivUIOp::create(b, position, b.index(stride));
      Value phase = arith::RemUIOp::create(b, position, b.index(stride));
      SmallVector<Tap> result;
      for (int64_t t = 0; t * stride < kernel; ++t) {
        Value tap = b.addIndex(phase, t * stride), pixel = b.addIndex(base, -t);
        Value valid = arith::AndIOp::create(b, b.inRange(tap, 0, kernel), b.inRange(pixel, 0, size));
        result.push_back({b.clampIndex(pixel, 0, size - 1), b.clampIndex(tap, 0, kernel - 1), valid});
      }
      return result;
    };
    SmallVector<Tap> columns = taps(1);
    Value total = s.constant(0);
    for (const Tap &h : taps(0))
      for (const Tap &w : columns) {
        Value element = b.extract(products, {b.loopIndex(0), h.pixel, w.pixel, b.loopIndex(1), h.tap, w.tap});
        Value valid = arith::AndIOp::create(b, h.valid, w.valid);
        total = s.add(total, b.select(valid, element, s.constant(0)));
      }
    return total;
  });
  return setResult(b, conv, finish(b, conv, sum), /*blocked=*/false);
}

/// Loops (n, g, o, oh, ow | c, kh, kw): pixel (oh + pad - kh·dilation) / stride
/// contributes if the division is exact and the pixel exists.
static LogicalResult lowerToGather(Emitter &b, const Convolution &conv) {
  int64_t g = conv.groups, c = conv.channels / g, o = conv.outChannels / g;
  Tensor image = b.reshape(getPlainImage(b, conv), {conv.in[0], g, c, conv.in[2], conv.in[3]});
  Tensor filter = b.reshape(conv.filter, {g, c, o, conv.kernel[0], conv.kernel[1]});
  Type accumulator = getComputeElement(conv.element);
  Access init{b.fillZero({conv.out[0], g, o, conv.out[2], conv.out[3]}, accumulator),
              b.map(8, {b.d(0), b.d(1), b.d(2), b.d(3), b.d(4)})};
  Access w{filter, b.map(8, {b.d(1), b.d(5), b.d(2), b.d(6), b.d(7)})};
  SmallVector<IteratorType> iterators(5, IteratorType::parallel);
  iterators.append(3, IteratorType::reduction);
  Tensor sum = b.generic(w, init, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
    Scalar s(b, accumulator);
    SmallVector<Value> pixels;
    Value valid;
    for (unsigned axis : {0, 1}) {
      Value stride = b.index(conv.strides[axis]);
      Value position = arith::SubIOp::create(b, b.addIndex(b.loopIndex(3 + axis), conv.pads[2 * axis]),
                                             b.mulIndex(b.loopIndex(6 + axis), conv.dilations[axis]));
      Value pixel = arith::DivSIOp::create(b, position, stride);
      Value exact =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq, arith::MulIOp::create(b, pixel, stride), position);
      Value inside = arith::AndIOp::create(b, exact, b.inRange(pixel, 0, conv.in[2 + axis]));
      valid = valid ? Value(arith::AndIOp::create(b, valid, inside)) : inside;
      pixels.push_back(b.clampIndex(pixel, 0, conv.in[2 + axis] - 1));
    }
    Value element = b.extract(image, {b.loopIndex(0), b.loopIndex(1), b.loopIndex(5), pixels[0], pixels[1]});
    Value product =
        s.mul(castScalar(b, element, image.element, accumulator), castScalar(b, in[0], filter.element, accumulator));
    return SmallVector<Value>{s.add(out[0], b.select(valid, product, s.constant(0)))};
  })[0];
  return setResult(b, conv, finish(b, conv, b.reshape(sum, conv.out)), /*blocked=*/false);
}

static LogicalResult lowerConv2DTranspose(ge::Conv2DTransposeOp op, Emitter &b) {
  FailureOr<Convolution> analyzed = analyze(op, b, op.getGroups());
  if (failed(analyzed))
    return failure();
  const Convolution &conv = *analyzed;
  if (conv.offset)
    return emitLoweringError(op) << "expects 'offset_x' = 0, but got " << conv.offset;
  bool floating = isMmadElement(conv.image.element) && isMmadElement(conv.filter.element);
  bool dilated = conv.dilations[0] != 1 || conv.dilations[1] != 1;
  if (!floating || conv.groups != 1 || dilated)
    return lowerToGather(b, conv);
  bool unpadded = llvm::all_of(conv.pads, [](int64_t pad) { return pad == 0; });
  if (unpadded && conv.kernel == conv.strides && conv.out[2] == conv.in[2] * conv.kernel[0] &&
      conv.out[3] == conv.in[3] * conv.kernel[1])
    return lowerToPixelShuffle(b, conv);
  return lowerToProductSums(b, conv);
}

void gemlir::lowering::populateConvolution(LoweringTable &table) {
  table.add(lowerConv2D);
  table.add(lowerDepthwiseConv2D);
  table.add(lowerConv2DTranspose);
}
