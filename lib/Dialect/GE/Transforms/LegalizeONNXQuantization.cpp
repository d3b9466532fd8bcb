//===- LegalizeONNXQuantization.cpp - quantized operators as arithmetic -===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXWindow.h"

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

/// Scales and zero points are scalars, vectors along an axis, or of blocks.
Value alignParameter(Node &n, Value parameter, Value x, int64_t axis) {
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

/// round(x), limited to what `type` holds, in x's own type.
Value saturate(Node &n, Value x, IntegerType type) {
  double low = 0, high = std::ldexp(1.0, type.getWidth()) - 1;
  if (!type.isUnsigned()) {
    low = -std::ldexp(1.0, type.getWidth() - 1);
    high = -low - 1;
  }
  return n.emit<ClipByValueV2Op>(x, n.scalarLike(x, low), n.scalarLike(x, high));
}

Value quantize(Node &n, Value x, Value scale, Value zero, IntegerType type, int64_t axis) {
  Type wide = n.elem(x);
  Value scaled = n.emit<RintOp>(n.div(x, n.cast(alignParameter(n, scale, x, axis), wide)));
  if (zero)
    scaled = n.add(scaled, n.cast(alignParameter(n, zero, x, axis), wide));
  return n.cast(saturate(n, scaled, type), type);
}

Value dequantize(Node &n, Value x, Value scale, Value zero, int64_t axis) {
  Type wide = n.elem(scale);
  Value centred = n.cast(x, wide);
  if (zero)
    centred = n.sub(centred, n.cast(alignParameter(n, zero, x, axis), wide));
  return n.mul(centred, alignParameter(n, scale, x, axis));
}

IntegerType quantizedType(Node &n, Value zero) {
  if (!zero)
    return n.builder().getIntegerType(8, /*isSigned=*/false);
  auto type = dyn_cast_if_present<IntegerType>(n.elem(zero));
  if (!type)
    n.unsupported("a quantized type that is not an integer");
  return type;
}

void mapQuantizeLinear(Node &n) {
  Value x = n.need(0), zero = n.in(2);
  IntegerType type = quantizedType(n, zero);
  if (n.hasAttr("output_dtype") && n.getInt("output_dtype", 0) != 0)
    type = dyn_cast_if_present<IntegerType>(toElementType(n, n.getInt("output_dtype", 0)));
  if (!x || !type || !n.typeOf(x))
    return;
  if (!n.isFloat(x))
    x = n.cast(x, n.elem(n.need(1)));
  n.set(0, quantize(n, x, n.need(1), zero, type, n.getInt("axis", 1)));
}

void mapDequantizeLinear(Node &n) {
  Value x = n.need(0), scale = n.need(1);
  if (x && scale && n.typeOf(x) && n.typeOf(scale))
    n.set(0, dequantize(n, x, scale, n.in(2), n.getInt("axis", 1)));
}

/// Scale and zero point from the tensor's own range, which holds zero.
void mapDynamicQuantizeLinear(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Ints axes = llvm::to_vector(llvm::seq<int64_t>(0, n.rank(x)));
  Value zero = n.scalarLike(x, 0);
  Value high = n.emit<MaximumOp>(n.reduce<ReduceMaxOp>(x, axes, false), zero);
  Value low = n.emit<MinimumOp>(n.reduce<ReduceMinOp>(x, axes, false), zero);
  Value scale = n.mulScalar(n.sub(high, low), 1.0 / 255);
  IntegerType type = n.builder().getIntegerType(8, /*isSigned=*/false);
  Value point = n.emit<RintOp>(saturate(n, n.sub(zero, n.div(low, scale)), type));
  Value scaled = n.add(n.emit<RintOp>(n.div(x, scale)), point);
  n.set(0, n.cast(saturate(n, scaled, type), type));
  n.set(1, scale);
  n.set(2, n.cast(point, type));
}

/// The operand minus its zero point, which is a scalar or runs along `axis`.
Value centre(Node &n, Value x, Value zero, int64_t axis, Type type) {
  Value wide = n.cast(x, type);
  return zero ? n.sub(wide, n.cast(alignParameter(n, zero, x, axis), type)) : wide;
}

void mapMatMulInteger(Node &n) {
  Value a = n.need(0), c = n.need(1);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return;
  // Zero points are given a row of the left and a column of the right factor.
  Type type = n.builder().getI32Type();
  n.set(0, n.matmul(centre(n, a, n.in(2), n.rank(a) - 2, type), centre(n, c, n.in(3), n.rank(c) - 1, type)));
}

void mapQLinearMatMul(Node &n) {
  Value a = n.need(0), c = n.need(3);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return;
  Value product = n.matmul(dequantize(n, a, n.need(1), n.need(2), n.rank(a) - 2),
                           dequantize(n, c, n.need(4), n.need(5), n.rank(c) - 1));
  IntegerType type = quantizedType(n, n.need(7));
  if (product && type)
    n.set(0, quantize(n, product, n.need(6), n.need(7), type, n.rank(product) - 1));
}

/// Products of centred 8-bit numbers are whole in f32 up to 2^24.
void mapConvInteger(Node &n) {
  Value x = n.need(0), w = n.need(1);
  if (!x || !w || !n.typeOf(x) || !n.typeOf(w))
    return;
  Type wide = n.builder().getF32Type();
  Value y = convolve(n, centre(n, x, n.in(2), 1, wide), centre(n, w, n.in(3), 0, wide), Value());
  n.set(0, n.cast(y, n.builder().getI32Type()));
}

void mapQLinearConv(Node &n) {
  Value x = n.need(0), w = n.need(3);
  if (!x || !w || !n.typeOf(x) || !n.typeOf(w))
    return;
  Type wide = n.builder().getF32Type();
  Value bias = n.in(8);
  // Sums are whole numbers until one rescaling at the end, bias included.
  Value y = convolve(n, centre(n, x, n.need(2), 1, wide), centre(n, w, n.need(5), 0, wide),
                     bias ? n.cast(bias, wide) : Value());
  IntegerType type = quantizedType(n, n.need(7));
  if (!y || !type)
    return;
  Value scale = n.mul(alignParameter(n, n.need(1), y, 1), alignParameter(n, n.need(4), y, 1));
  n.set(0, quantize(n, n.mul(y, scale), n.need(6), n.need(7), type, 1));
}

} // namespace

void mlir::ge::onnx::populateQuantization(MappingTable &table) {
  table.add("QuantizeLinear", mapQuantizeLinear);
  table.add("DequantizeLinear", mapDequantizeLinear);
  table.add("DynamicQuantizeLinear", mapDynamicQuantizeLinear);
  table.add("MatMulInteger", mapMatMulInteger);
  table.add("QLinearMatMul", mapQLinearMatMul);
  table.add("ConvInteger", mapConvInteger);
  table.add("QLinearConv", mapQLinearConv);
}
