//===- LegalizeONNXMicrosoftQuantization.cpp - com.microsoft's integers -===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXQuantization.h"
#include "LegalizeONNXWindow.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;
using namespace gemlir;

namespace {

//===----------------------------------------------------------------------===//
// The QLinear family: dequantize, compute, quantize
//===----------------------------------------------------------------------===//

/// The input at `slot` with its scale and zero point behind it, as numbers.
Value readQuantized(Node &n, unsigned slot, int64_t axis = 0) {
  Value x = n.need(slot), scale = n.need(slot + 1);
  if (!x || !scale || !n.typeOf(x) || !n.typeOf(scale))
    return {};
  return dequantize(n, x, scale, n.in(slot + 2), axis);
}

/// Sets the result by the scale and zero point at `slot`; without a zero point
/// it has the type of input 0.
void setQuantized(Node &n, Value y, unsigned slot, unsigned like = 0) {
  Value zero = n.in(slot + 1);
  if (y && n.need(slot))
    n.set(0, quantize(n, y, n.in(slot), zero, zero ? getQuantizedType(n, zero) : n.elem(n.in(like)), 0));
}

void mapQLinearAdd(Node &n) { setQuantized(n, n.add(readQuantized(n, 0), readQuantized(n, 3)), 6); }
void mapQLinearMul(Node &n) { setQuantized(n, n.mul(readQuantized(n, 0), readQuantized(n, 3)), 6); }
void mapQLinearSigmoid(Node &n) { setQuantized(n, n.emit<SigmoidOp>(readQuantized(n, 0)), 3); }

void mapQLinearLeakyRelu(Node &n) {
  setQuantized(n, n.emit<LeakyReluOp>(readQuantized(n, 0), static_cast<float>(n.getFloat("alpha", 0.01))), 3);
}

/// Channels last to channels first and back, if the node's channels are last.
Value moveChannels(Node &n, Value x, bool first) {
  if (!n.getInt("channels_last", 0) || !x || !n.typeOf(x))
    return x;
  int64_t rank = n.rank(x);
  Ints order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (rank > 2 && first)
    std::rotate(order.begin() + 1, order.end() - 1, order.end());
  else if (rank > 2)
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  return n.transpose(x, order);
}

void mapQLinearAveragePool(Node &n) {
  Value x = moveChannels(n, readQuantized(n, 0), true);
  if (x)
    setQuantized(n, moveChannels(n, poolAverage(n, x), false), 3);
}

void mapQLinearGlobalAveragePool(Node &n) {
  Value x = moveChannels(n, readQuantized(n, 0), true);
  if (!x || !n.typeOf(x))
    return;
  if (n.rank(x) < 3)
    return (void)n.invalid("the input has rank " + Twine(n.rank(x)) + ", expected at least 3");
  Value y = n.reduceMean(x, llvm::to_vector(llvm::seq<int64_t>(2, n.rank(x))));
  setQuantized(n, moveChannels(n, y, false), 3);
}

void mapQLinearReduceMean(Node &n) {
  Value x = readQuantized(n, 0);
  if (!x || !n.typeOf(x))
    return;
  Ints axes = n.getInts("axes", llvm::to_vector(llvm::seq<int64_t>(0, n.rank(x))));
  if (n.normalizeAxes(axes, n.rank(x)))
    setQuantized(n, n.reduceMean(x, axes, n.getInt("keepdims", 1) != 0), 3);
}

void mapQLinearSoftmax(Node &n) {
  Value x = readQuantized(n, 0);
  if (!x || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x);
  int64_t rank = shape.size(), axis = n.normalizeAxis(n.getInt("axis", -1), rank);
  if (n.getInt("opset", 13) >= 13)
    return setQuantized(n, n.emit<SoftmaxV2Op>(x, ArrayRef<int64_t>{axis}), 3);
  // Before operator set 13 all dimensions from the axis on were one.
  int64_t outer = 1, inner = 1;
  for (int64_t i = 0; i < rank; ++i)
    (i < axis ? outer : inner) *= shape[i];
  Value y = n.emit<SoftmaxV2Op>(n.reshape(x, {outer, inner}), ArrayRef<int64_t>{1});
  setQuantized(n, y ? n.reshape(y, shape) : y, 3);
}

void mapQLinearConcat(Node &n) {
  SmallVector<Value> parts;
  for (unsigned i = 2; i + 1 < n.numInputs() && !n.hasFailed(); i += 3)
    parts.push_back(readQuantized(n, i));
  if (parts.empty() || n.hasFailed() || llvm::is_contained(parts, Value()))
    return (void)n.invalid("found " + Twine(n.numInputs()) + " inputs, expected two and three for each part");
  setQuantized(n, n.concat(parts, n.normalizeAxis(n.getInt("axis", 0), n.rank(parts[0]))), 0, 2);
}

void mapQLinearWhere(Node &n) { setQuantized(n, n.select(n.need(0), readQuantized(n, 1), readQuantized(n, 4)), 7, 1); }

//===----------------------------------------------------------------------===//
// Products of matrices
//===----------------------------------------------------------------------===//

/// Sums of products of integers as f32, which is exact up to 2^24, times both
/// scales, plus an optional bias. Parameters of the right factor run along its
/// columns.
Value scaleProduct(Node &n, Value a, Value c, Value scaleA, Value scaleC, Value zeroA, Value zeroC, Value bias) {
  if (!a || !c || !scaleA || !scaleC || !n.typeOf(a) || !n.typeOf(c))
    return {};
  Type wide = n.elem(scaleC);
  Value product = multiplyCentred(n, a, zeroA, c, zeroC);
  Value y = n.mul(n.cast(product, wide), n.cast(alignParameter(n, scaleA, product, 0), wide));
  y = n.mul(y, alignParameter(n, scaleC, product, product ? n.rank(product) - 1 : 0));
  return bias ? n.add(y, bias) : y;
}

void mapMatMulIntegerToFloat(Node &n) {
  n.set(0, scaleProduct(n, n.need(0), n.need(1), n.need(2), n.need(3), n.in(4), n.in(5), n.in(6)));
}

void mapDynamicQuantizeMatMul(Node &n) {
  Value a = n.need(0);
  if (!a || !n.typeOf(a))
    return;
  DynamicQuantization left = quantizeDynamically(n, a);
  n.set(0, scaleProduct(n, left.values, n.need(1), left.scale, n.need(2), left.zero, n.in(3), n.in(4)));
}

void mapQGemm(Node &n) {
  Value a = n.need(0), c = n.need(3), scaleA = n.need(1), scaleC = n.need(4);
  if (!a || !c || !scaleA || !scaleC || !n.typeOf(a) || !n.typeOf(c))
    return;
  if (n.rank(a) != 2 || n.rank(c) != 2)
    return (void)n.invalid("a factor is no matrix");
  if (n.getInt("transA", 0))
    a = n.transpose(a, {1, 0});
  // The parameters of the right factor belong to the columns of the product.
  Value sum = multiplyCentred(n, a, n.in(2), c, n.in(5), n.getInt("transB", 0) != 0, n.in(6));
  Value scale = n.mul(alignParameter(n, scaleA, sum, 0), alignParameter(n, scaleC, sum, 1));
  scale = n.mulScalar(scale, n.getFloat("alpha", 1));
  if (n.has(7))
    scale = n.div(scale, alignParameter(n, n.in(7), sum, 1));
  Value y = n.mul(n.cast(sum, n.elem(scaleA)), scale);
  if (!n.has(7))
    return n.set(0, y);
  Value zero = n.in(8);
  n.set(0, quantizeScaled(n, y, zero, zero ? getQuantizedType(n, zero) : n.elem(a), 1));
}

//===----------------------------------------------------------------------===//
// Weights of few bits
//===----------------------------------------------------------------------===//

/// Numbers of `bits` bits that bytes hold, the lowest first: the last dimension
/// grows by 8 / bits.
Value unpackBits(Node &n, Value bytes, int64_t bits) {
  if (bits == 8 || !bytes)
    return bytes;
  Ints shape = n.shapeOf(bytes), single(shape);
  single.push_back(1);
  SmallVector<Value> parts;
  for (int64_t shift = 0; shift < 8; shift += bits) {
    Value part = shift ? n.emit<RightShiftOp>(bytes, n.scalarLike(bytes, shift)) : bytes;
    parts.push_back(n.reshape(n.emit<BitwiseAndOp>(part, n.scalarLike(bytes, (1 << bits) - 1)), single));
  }
  shape.back() *= parts.size();
  return n.hasFailed() ? Value() : n.reshape(n.concat(parts, shape.size()), shape);
}

/// The weights `[rows, blocks, blockSize]` as numbers: (packed - zero) * scale.
Value unpackWeights(Node &n, Value packed, Value scales, Value zeros, Ints shape, int64_t bits) {
  Type element = n.elem(scales);
  Value weights = n.cast(n.reshape(unpackBits(n, packed, bits), shape), element);
  Ints each = {shape[0], shape[1], 1};
  Value zero = n.scalar(element, std::ldexp(1.0, bits - 1));
  if (zeros && n.elem(zeros) == n.elem(packed)) {
    // Zero points are packed by rows, which end with a whole byte.
    Value flat = n.reshape(zeros, {shape[0], n.typeOf(zeros).getNumElements() / std::max<int64_t>(shape[0], 1)});
    zero = n.cast(n.reshape(n.sliceAxis(unpackBits(n, flat, bits), 1, 0, shape[1]), each), element);
  } else if (zeros) {
    zero = n.cast(n.reshape(zeros, each), element);
  }
  return n.mul(n.sub(weights, zero), n.reshape(scales, each));
}

void mapMatMulNBits(Node &n) {
  Value a = n.need(0), packed = n.need(1), scales = n.need(2), zeros = n.in(3);
  if (!a || !packed || !scales || !n.needStatic(a) || !n.needStatic(packed) || !n.needStatic(scales) ||
      (zeros && !n.needStatic(zeros)))
    return;
  int64_t bits = n.getInt("bits", 4), block = n.getInt("block_size", 32), rows = n.getInt("N", 0);
  int64_t depth = n.getInt("K", 0), blocks = block > 0 ? (depth + block - 1) / block : 0;
  if (bits != 2 && bits != 4 && bits != 8)
    return (void)n.unsupported("weights of " + Twine(bits) + " bits, expected 2, 4 or 8");
  if (n.has(4) || n.getInt("weight_prepacked", 0))
    return (void)n.unsupported("g_idx, or weights that are packed for a device");
  if (rows <= 0 || blocks <= 0 || n.typeOf(packed).getNumElements() * 8 != rows * blocks * block * bits)
    return (void)n.invalid("the packed weights are not " + Twine(rows) + " rows of " + Twine(blocks) + " blocks");
  Value weights = unpackWeights(n, packed, scales, zeros, {rows, blocks, block}, bits);
  // The last block of a row may be filled up.
  weights = n.sliceAxis(n.reshape(weights, {rows, blocks * block}), 1, 0, depth);
  Value y = n.matmul(a, n.transpose(n.cast(weights, n.elem(a)), {1, 0}));
  n.set(0, n.has(5) ? n.add(y, n.in(5)) : y);
}

/// Rows of a quantized table, dequantized after they were taken.
void mapGatherBlockQuantized(Node &n) {
  Value table = n.need(0), indices = n.need(1), scales = n.need(2), zeros = n.in(3);
  if (!table || !indices || !scales || !n.needStatic(table) || !n.needStatic(indices) || !n.needStatic(scales))
    return;
  Ints shape = n.shapeOf(table);
  int64_t rank = shape.size(), block = n.getInt("block_size", 128), bits = n.getInt("bits", 4);
  int64_t axis = n.normalizeAxis(n.getInt("quantize_axis", 1), rank);
  if (n.normalizeAxis(n.getInt("gather_axis", 0), rank) != 0 || rank != 2 || axis != 1)
    return (void)n.unsupported("a table that is not gathered by rows and quantized along them");
  bool isPacked = n.elem(table).isUnsignedInteger(8);
  if (isPacked && bits != 2 && bits != 4 && bits != 8)
    return (void)n.unsupported("a table of " + Twine(bits) + " bits, expected 2, 4 or 8");
  int64_t perByte = isPacked ? 8 / bits : 1;
  Value rows = n.reshape(indices, {n.typeOf(indices).getNumElements()});
  auto take = [&](Value x) { return n.gather(x, rows, 0); };
  Value values = take(table), scale = take(scales), zero = zeros ? take(zeros) : Value();
  Type element = n.elem(scales);
  int64_t count = n.shapeOf(rows)[0], width = shape[1] * perByte, blocks = n.shapeOf(scales)[1];
  if (n.hasFailed() || blocks * block != width)
    return (void)n.unsupported("rows of " + Twine(width) + " elements in blocks of " + Twine(block));
  Ints split = {count, blocks, block}, each = {count, blocks, 1};
  Value numbers = isPacked ? unpackBits(n, values, bits) : values;
  numbers = n.cast(n.reshape(numbers, split), element);
  if (zero && isPacked)
    zero = n.sliceAxis(unpackBits(n, zero, bits), 1, 0, blocks);
  Value from =
      zero ? n.cast(n.reshape(zero, each), element) : n.scalar(element, isPacked ? std::ldexp(1.0, bits - 1) : 0);
  Value y = n.mul(n.sub(numbers, from), n.reshape(scale, each));
  Ints result = n.shapeOf(indices);
  result.push_back(width);
  n.set(0, y ? n.reshape(y, result) : y);
}

} // namespace

void mlir::ge::onnx::populateMicrosoftQuantization(MappingTable &table) {
  constexpr StringLiteral domain = "com.microsoft";
  table.add(domain, "QLinearAdd", mapQLinearAdd);
  table.add(domain, "QLinearMul", mapQLinearMul);
  table.add(domain, "QLinearSigmoid", mapQLinearSigmoid);
  table.add(domain, "QLinearLeakyRelu", mapQLinearLeakyRelu);
  table.add(domain, "QLinearAveragePool", mapQLinearAveragePool);
  table.add(domain, "QLinearGlobalAveragePool", mapQLinearGlobalAveragePool);
  table.add(domain, "QLinearReduceMean", mapQLinearReduceMean);
  table.add(domain, "QLinearSoftmax", mapQLinearSoftmax);
  table.add(domain, "QLinearConcat", mapQLinearConcat);
  table.add(domain, "QLinearWhere", mapQLinearWhere);
  table.add(domain, "QGemm", mapQGemm);
  table.add(domain, "MatMulIntegerToFloat", mapMatMulIntegerToFloat);
  table.add(domain, "DynamicQuantizeMatMul", mapDynamicQuantizeMatMul);
  table.add(domain, "MatMulNBits", mapMatMulNBits);
  table.add(domain, "GatherBlockQuantized", mapGatherBlockQuantized);
}
