//===- LegalizeONNXQuantization.cpp - quantized operators as arithmetic -===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXQuantization.h"
#include "LegalizeONNXWindow.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// One parameter for each block of elements along an axis.
Value spreadBlocks(Node &n, Value parameter, Value x, int64_t axis) {
  if (!n.needStatic(x) || !n.needStatic(parameter))
    return {};
  int64_t block = n.getInt("block_size", 0);
  Ints target = n.shapeOf(x), blocks = n.shapeOf(parameter), wide(blocks), merged(blocks);
  axis = n.normalizeAxis(axis, target.size());
  if (n.hasFailed() || block <= 0 || blocks[axis] * block < target[axis])
    return n.invalid("block_size is " + Twine(block) + " for " + Twine(blocks[axis]) + " blocks of " +
                     Twine(target[axis]) + " elements");
  wide.insert(wide.begin() + axis + 1, block);
  Ints single(wide);
  single[axis + 1] = 1;
  merged[axis] *= block;
  Value spread = n.reshape(n.broadcastTo(n.reshape(parameter, single), wide), merged);
  return n.sliceAxis(spread, axis, 0, target[axis]);
}

/// Limited to what an integer type holds, in x's own type.
Value saturate(Node &n, Value x, Type type) {
  auto integer = cast<IntegerType>(type);
  double half = std::ldexp(1.0, integer.getWidth() - 1);
  double low = integer.isUnsigned() ? 0 : -half, high = integer.isUnsigned() ? 2 * half - 1 : half - 1;
  return n.emit<ClipByValueV2Op>(x, n.scalarLike(x, low), n.scalarLike(x, high));
}

} // namespace

Value mlir::ge::onnx::alignParameter(Node &n, Value parameter, Value x, int64_t axis) {
  if (!parameter || !n.typeOf(parameter))
    return {};
  if (n.rank(parameter) == 0)
    return parameter;
  if (n.shapeOf(parameter) == Ints{1})
    return n.reshape(parameter, {});
  if (n.getInt("block_size", 0) != 0 && n.rank(parameter) == n.rank(x))
    return spreadBlocks(n, parameter, x, axis);
  if (n.rank(parameter) != 1)
    return n.invalid("a scale or zero point has rank " + Twine(n.rank(parameter)));
  return n.alignTo(parameter, n.normalizeAxis(axis, n.rank(x)), n.rank(x));
}

Value mlir::ge::onnx::quantize(Node &n, Value x, Value scale, Value zero, Type type, int64_t axis) {
  Type wide = n.elem(x);
  if (!wide || !type)
    return {};
  return quantizeScaled(n, n.div(x, n.cast(alignParameter(n, scale, x, axis), wide)), zero, type, axis);
}

Value mlir::ge::onnx::quantizeScaled(Node &n, Value scaled, Value zero, Type type, int64_t axis) {
  Type wide = n.elem(scaled);
  if (!wide || !type)
    return {};
  // Floating-point numbers have no zero point, and are rounded by the cast.
  if (!isa<FloatType, IntegerType>(type))
    return n.invalid("the quantized type is no type of numbers");
  if (isa<FloatType>(type))
    return n.cast(n.getInt("saturate", 1) ? limitToType(n, scaled, type) : scaled, type);
  scaled = n.emit<RintOp>(scaled);
  if (zero)
    scaled = n.add(scaled, n.cast(alignParameter(n, zero, scaled, axis), wide));
  return n.cast(saturate(n, scaled, type), type);
}

Value mlir::ge::onnx::dequantize(Node &n, Value x, Value scale, Value zero, int64_t axis) {
  Type wide = n.elem(scale);
  Value centred = n.cast(x, wide);
  if (zero)
    centred = n.sub(centred, n.cast(alignParameter(n, zero, x, axis), wide));
  return n.mul(centred, alignParameter(n, scale, x, axis));
}

Type mlir::ge::onnx::getQuantizedType(Node &n, Value zero) {
  return zero ? n.elem(zero) : n.builder().getIntegerType(8, /*isSigned=*/false);
}

DynamicQuantization mlir::ge::onnx::quantizeDynamically(Node &n, Value x) {
  Ints axes = llvm::to_vector(llvm::seq<int64_t>(0, n.rank(x)));
  Value zero = n.scalarLike(x, 0);
  Value high = n.emit<MaximumOp>(n.reduce<ReduceMaxOp>(x, axes, false), zero);
  Value low = n.emit<MinimumOp>(n.reduce<ReduceMinOp>(x, axes, false), zero);
  Value scale = n.mulScalar(n.sub(high, low), 1.0 / 255);
  Type type = n.builder().getIntegerType(8, /*isSigned=*/false);
  Value point = n.emit<RintOp>(saturate(n, n.sub(zero, n.div(low, scale)), type));
  Value scaled = n.add(n.emit<RintOp>(n.div(x, scale)), point);
  return {n.cast(saturate(n, scaled, type), type), scale, n.cast(point, type)};
}

Value mlir::ge::onnx::centre(Node &n, Value x, Value zero, int64_t axis, Type type) {
  Value wide = n.cast(x, type);
  return zero ? n.sub(wide, n.cast(alignParameter(n, zero, x, axis), type)) : wide;
}

/// The elements of a constant matrix of bytes [K, N], which may lie `transposed`, minus
/// the zero points of its columns, if those are bytes too.
static std::optional<std::vector<int64_t>> centreConstant(Node &n, Value c, Value zero, bool transposed) {
  ElementsAttr factor = gemlir::getConstantAttr(c), points = zero ? gemlir::getConstantAttr(zero) : ElementsAttr();
  auto type = n.typeOf(c);
  if (!factor || !type || type.getRank() != 2 || (zero && !points))
    return std::nullopt;
  auto values = gemlir::getIntValues(factor);
  SmallVector<int64_t> zeros{0};
  if (points) {
    auto read = gemlir::getIntValues(points);
    if (failed(read))
      return std::nullopt;
    zeros = *read;
  }
  const int64_t columns = type.getDimSize(!transposed), rows = type.getDimSize(transposed);
  if (failed(values) || int64_t(values->size()) != rows * columns ||
      (zeros.size() != 1 && int64_t(zeros.size()) != columns))
    return std::nullopt;
  std::vector<int64_t> centred(values->size());
  for (auto [i, value] : llvm::enumerate(centred)) {
    const int64_t row = i / columns, column = i % columns;
    value = (*values)[transposed ? column * rows + row : i] - zeros[zeros.size() == 1 ? 0 : column];
    if (value < -128 || value > 127)
      return std::nullopt;
  }
  return centred;
}

/// With a right factor whose centred numbers are constant bytes, and one zero point on
/// the left: that is taken away from each column's sum of products at once,
/// Σ (a - z) c = Σ a c - z Σ c. `added` may be null, or has a number for each column.
static Value multiplyBytes(Node &n, Value a, Value zeroA, Value c, Value zeroC, bool transposed = false,
                           Value added = Value()) {
  auto isByte = [&](Value x) { return n.elem(x) && n.elem(x).isInteger(8); };
  const bool isSingle = !zeroA || n.rank(zeroA) == 0 || n.shapeOf(zeroA) == Ints{1};
  if (!isByte(a) || !isByte(c) || !isSingle || n.rank(a) < 2)
    return {};
  std::optional<std::vector<int64_t>> centred = centreConstant(n, c, zeroC, transposed);
  if (!centred)
    return {};
  const Type i32 = n.builder().getI32Type();
  const int64_t columns = n.shapeOf(c)[!transposed], rows = n.shapeOf(c)[transposed];
  std::vector<char> bytes(centred->begin(), centred->end());
  std::vector<double> sums(columns, 0);
  for (auto [i, value] : llvm::enumerate(*centred))
    sums[i % columns] -= value;
  Node::Optional bias{added};
  if (zeroA) {
    Value taken = n.mul(n.tensor(i32, {columns}, sums), n.cast(alignParameter(n, zeroA, a, 0), i32));
    bias.value = added ? n.add(added, taken) : taken;
  }
  Value factor =
      n.constant(gemlir::makeConstant(RankedTensorType::get({rows, columns}, n.builder().getI8Type()), bytes));
  return n.rank(a) == 2 ? n.emit<MatMulV2Op>(a, factor, bias, Node::Optional{}, false, false, int64_t(0))
                        : n.emit<BatchMatMulV2Op>(a, factor, bias, Node::Optional{}, false, false, int64_t(0));
}

Value mlir::ge::onnx::multiplyCentred(Node &n, Value a, Value zeroA, Value c, Value zeroC, bool transposed,
                                      Value bias) {
  const bool isRow = bias && n.typeOf(bias) && n.elem(bias).isInteger(32) && n.typeOf(bias).hasStaticShape() &&
                     n.typeOf(bias).getNumElements() == n.shapeOf(c)[n.rank(c) - (transposed ? 2 : 1)];
  Value row = isRow ? n.reshape(bias, {n.typeOf(bias).getNumElements()}) : Value();
  Value sum = multiplyBytes(n, a, zeroA, c, zeroC, transposed, row);
  if (!sum) {
    // Zero points are given a row of the left and a column of the right factor.
    const Type type = n.builder().getI32Type();
    sum = n.matmul(centre(n, a, zeroA, n.rank(a) - 2, type),
                   centre(n, transposed ? n.transpose(c, {1, 0}) : c, zeroC, n.rank(c) - 1, type));
    row = {};
  }
  return bias && !row ? n.add(sum, bias) : sum;
}

namespace {

void mapQuantizeLinear(Node &n) {
  Value x = n.need(0), zero = n.in(2);
  Type type = getQuantizedType(n, zero);
  if (n.getInt("output_dtype", 0) != 0)
    type = toElementType(n, n.getInt("output_dtype", 0));
  if (!x || !type || !n.typeOf(x))
    return;
  if (n.getInt("precision", 0) != 0)
    x = n.cast(x, toElementType(n, n.getInt("precision", 1)));
  else if (!n.isFloat(x))
    x = n.cast(x, n.elem(n.need(1)));
  n.set(0, quantize(n, x, n.need(1), zero, type, n.getInt("axis", 1)));
}

void mapDequantizeLinear(Node &n) {
  Value x = n.need(0), scale = n.need(1);
  if (!x || !scale || !n.typeOf(x) || !n.typeOf(scale))
    return;
  Value y = dequantize(n, x, scale, n.in(2), n.getInt("axis", 1));
  n.set(0, n.getInt("output_dtype", 0) != 0 ? n.cast(y, toElementType(n, n.getInt("output_dtype", 1))) : y);
}

void mapDynamicQuantizeLinear(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  DynamicQuantization result = quantizeDynamically(n, x);
  n.set(0, result.values);
  n.set(1, result.scale);
  n.set(2, result.zero);
}

void mapMatMulInteger(Node &n) {
  Value a = n.need(0), c = n.need(1);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return;
  n.set(0, multiplyCentred(n, a, n.in(2), c, n.in(3)));
}

void mapQLinearMatMul(Node &n) {
  Value a = n.need(0), c = n.need(3);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return;
  Value scaleA = n.need(1), scaleC = n.need(4), scaleY = n.need(6);
  // Sums of whole numbers, rescaled once; f16 does not hold them.
  const bool isWide = scaleA && n.elem(scaleA) && n.elem(scaleA).isF32();
  if (Value sum = isWide ? multiplyBytes(n, a, n.need(2), c, n.need(5)) : Value()) {
    const int64_t columns = n.rank(sum) - 1;
    Value scale = n.div(n.mul(alignParameter(n, scaleA, sum, 0), alignParameter(n, scaleC, sum, columns)),
                        alignParameter(n, scaleY, sum, columns));
    n.set(0, quantizeScaled(n, n.mul(n.cast(sum, n.elem(scaleA)), scale), n.need(7), getQuantizedType(n, n.need(7)),
                            columns));
    return;
  }
  Value product = n.matmul(dequantize(n, a, n.need(1), n.need(2), n.rank(a) - 2),
                           dequantize(n, c, n.need(4), n.need(5), n.rank(c) - 1));
  if (product)
    n.set(0, quantize(n, product, n.need(6), n.need(7), getQuantizedType(n, n.need(7)), n.rank(product) - 1));
}

/// The elements of a constant filter [N, C, KH, KW] of bytes minus the zero points of its
/// filters, as [KH, KW, C, N]; null if they are no bytes.
Value centreFilter(Node &n, Value w, Value zero) {
  ElementsAttr filter = gemlir::getConstantAttr(w), points = zero ? gemlir::getConstantAttr(zero) : ElementsAttr();
  if (!filter || (zero && !points))
    return {};
  Ints shape = n.shapeOf(w), zeros{0};
  auto values = gemlir::getIntValues(filter);
  if (points) {
    auto read = gemlir::getIntValues(points);
    if (failed(read))
      return {};
    zeros.assign(read->begin(), read->end());
  }
  const int64_t columns = shape[0], channels = shape[1], taps = shape[2] * shape[3];
  if (failed(values) || int64_t(values->size()) != columns * channels * taps ||
      (zeros.size() != 1 && int64_t(zeros.size()) != columns))
    return {};
  std::vector<char> bytes(values->size());
  for (auto [i, value] : llvm::enumerate(*values)) {
    const int64_t column = i / (channels * taps), channel = i / taps % channels;
    value -= zeros[zeros.size() == 1 ? 0 : column];
    if (value < -128 || value > 127)
      return {};
    bytes[(i % taps * channels + channel) * columns + column] = char(value);
  }
  auto type = RankedTensorType::get({shape[2], shape[3], channels, columns}, n.builder().getI8Type());
  return n.constant(gemlir::makeConstant(type, bytes));
}

/// The sums [N, H, W, C] of 32 bits of a convolution of bytes by constant ones, where a
/// device has their products; null elsewhere.
Value convolveBytes(Node &n, Value x, Value zeroX, Value w, Value zeroW, Value bias) {
  auto isByte = [&](Value value) { return n.elem(value) && n.elem(value).isInteger(8); };
  const int64_t rank = n.rank(x);
  if (!n.getLegalizer().multipliesBytes() || !isByte(x) || !isByte(w) || (rank != 3 && rank != 4) ||
      n.rank(w) != rank || n.getInt("group", 1) != 1 || !n.typeOf(x).hasStaticShape())
    return {};
  std::optional<Ints> offset = zeroX ? n.constInts(zeroX) : std::optional(Ints{0});
  Ints filter = n.shapeOf(w), kernel = n.getInts("kernel_shape", ArrayRef<int64_t>(filter).drop_front(2));
  if (!offset || offset->size() != 1 || ArrayRef<int64_t>(kernel) != ArrayRef<int64_t>(filter).drop_front(2))
    return {};
  Value factor = centreFilter(n, toImage(n, w), zeroW);
  Window window;
  if (!factor || !readWindow(n, kernel, ArrayRef<int64_t>(n.shapeOf(x)).drop_front(2), window) ||
      llvm::any_of(window.pads2D(), [](int64_t pad) { return pad < 0; }))
    return {};
  auto asNHWC = [&](ArrayRef<int64_t> values) {
    Ints image = window.as2D(values, 1);
    return Ints{1, image[0], image[1], 1};
  };
  return n.emit<Conv2DOp>(n.transpose(toImage(n, x), {0, 2, 3, 1}), factor, Node::Optional{bias}, Node::Optional{},
                          asNHWC(window.strides), window.pads2D(), asNHWC(window.dilations), int64_t(1),
                          StringRef("NHWC"), offset->front());
}

/// From [N, H, W, C] to the image that `rank` asks for.
Value moveChannelsFirst(Node &n, Value y, int64_t rank) { return fromImage(n, n.transpose(y, {0, 3, 1, 2}), rank); }

/// Products of centred 8-bit numbers are whole in f32 up to 2^24.
void mapConvInteger(Node &n) {
  Value x = n.need(0), w = n.need(1);
  if (!x || !w || !n.typeOf(x) || !n.typeOf(w))
    return;
  if (Value sums = convolveBytes(n, x, n.in(2), w, n.in(3), Value()))
    return n.set(0, moveChannelsFirst(n, sums, n.rank(x)));
  Type wide = n.builder().getF32Type();
  Value y = convolve(n, centre(n, x, n.in(2), 1, wide), centre(n, w, n.in(3), 0, wide), Value());
  n.set(0, n.cast(y, n.builder().getI32Type()));
}

void mapQLinearConv(Node &n) {
  Value x = n.need(0), w = n.need(3);
  if (!x || !w || !n.typeOf(x) || !n.typeOf(w))
    return;
  Value bias = n.in(8), scaleX = n.need(1), scaleW = n.need(4), scaleY = n.need(6);
  const bool isWide = scaleX && n.elem(scaleX) && n.elem(scaleX).isF32();
  if (Value sums = isWide ? convolveBytes(n, x, n.need(2), w, n.need(5), bias) : Value()) {
    // Rescaled once, as a matrix of places by channels, which its product is.
    Ints shape = n.shapeOf(sums);
    Value rows = n.reshape(sums, {shape[0] * shape[1] * shape[2], shape[3]});
    Value scale = n.div(n.mul(alignParameter(n, scaleX, rows, 1), alignParameter(n, scaleW, rows, 1)),
                        alignParameter(n, scaleY, rows, 1));
    Value y =
        quantizeScaled(n, n.mul(n.cast(rows, n.elem(scaleX)), scale), n.need(7), getQuantizedType(n, n.need(7)), 1);
    return n.set(0, moveChannelsFirst(n, n.reshape(y, shape), n.rank(x)));
  }
  Type wide = n.builder().getF32Type();
  // Sums are whole numbers until one rescaling at the end, bias included.
  Value y = convolve(n, centre(n, x, n.need(2), 1, wide), centre(n, w, n.need(5), 0, wide),
                     bias ? n.cast(bias, wide) : Value());
  Type type = getQuantizedType(n, n.need(7));
  if (!y || !type)
    return;
  Value scale = n.mul(alignParameter(n, n.need(1), y, 1), alignParameter(n, n.need(4), y, 1));
  n.set(0, quantize(n, n.mul(y, scale), n.need(6), n.need(7), type, 1));
}

} // namespace

void mlir::ge::onnx::populateQuantization(MappingTable &table) {
  for (StringRef domain : {"", "com.microsoft"}) {
    table.add(domain, "QuantizeLinear", mapQuantizeLinear);
    table.add(domain, "DequantizeLinear", mapDequantizeLinear);
  }
  table.add("DynamicQuantizeLinear", mapDynamicQuantizeLinear);
  table.add("MatMulInteger", mapMatMulInteger);
  table.add("QLinearMatMul", mapQLinearMatMul);
  table.add("ConvInteger", mapConvInteger);
  table.add("QLinearConv", mapQLinearConv);
}
