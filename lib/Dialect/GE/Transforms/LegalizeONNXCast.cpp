//===- LegalizeONNXCast.cpp - conversions between element types ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

Type mlir::ge::onnx::toElementType(Node &n, int64_t onnxType) {
  Builder b(n.context());
  auto unsignedType = [&](unsigned width) { return b.getIntegerType(width, /*isSigned=*/false); };
  switch (onnxType) {
  case 1: return b.getF32Type();
  case 2: return unsignedType(8);
  case 3: return b.getIntegerType(8);
  case 4: return unsignedType(16);
  case 5: return b.getIntegerType(16);
  case 6: return b.getI32Type();
  case 7: return b.getI64Type();
  case 9: return b.getI1Type();
  case 10: return b.getF16Type();
  case 11: return b.getF64Type();
  case 12: return unsignedType(32);
  case 13: return unsignedType(64);
  case 16: return b.getBF16Type();
  case 17: return b.getType<Float8E4M3FNType>();
  case 18: return b.getType<Float8E4M3FNUZType>();
  case 19: return b.getType<Float8E5M2Type>();
  case 20: return b.getType<Float8E5M2FNUZType>();
  case 21: return unsignedType(4);
  case 22: return b.getIntegerType(4);
  case 23: return b.getType<Float4E2M1FNType>();
  case 24: return b.getType<Float8E8M0FNUType>();
  case 25: return unsignedType(2);
  case 26: return b.getIntegerType(2);
  }
  n.unsupported("element type number " + Twine(onnxType));
  return {};
}

Value mlir::ge::onnx::limitToType(Node &n, Value x, Type type) {
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType || floatType.getWidth() != 8)
    return x;
  double greatest = APFloat::getLargest(floatType.getFloatSemantics()).convertToDouble();
  return n.emit<ClipByValueV2Op>(x, n.scalarLike(x, -greatest), n.scalarLike(x, greatest));
}

namespace {

/// Positive numbers as powers of two: the exponent of f32, rounded as asked.
Value castToPower(Node &n, Value x, Type type) {
  Type i32 = n.builder().getI32Type();
  StringRef mode = n.getString("round_mode", "up");
  bool saturates = n.getInt("saturate", 1) != 0;
  auto word = [&](int64_t value) { return n.scalar(i32, value); };
  auto masked = [&](Value bits, int64_t mask) { return n.emit<BitwiseAndOp>(bits, word(mask)); };
  Value bits = n.emit<BitcastOp>(n.cast(x, n.builder().getF32Type()), i32);
  Value exponent = masked(n.emit<RightShiftOp>(bits, word(23)), 255);
  // The least fraction that rounds up; half of a power itself goes up, too,
  // unless the exponent is the least.
  Value fraction = masked(bits, 0x7fffff), up;
  if (mode == "up") {
    up = n.emit<GreaterOp>(fraction, word(0));
  } else if (mode == "nearest") {
    Value half = n.select(n.emit<GreaterOp>(exponent, word(0)), word(0x3fffff), word(0x400000));
    up = n.emit<GreaterOp>(fraction, half);
  } else if (mode != "down") {
    return n.invalid("round_mode is '" + mode + "', expected up, down or nearest");
  }
  Value result = up ? n.add(exponent, n.cast(up, i32)) : exponent;
  if (saturates)
    result = n.select(n.emit<EqualOp>(exponent, word(254)), word(254), result);
  // Infinity and NaN are NaN.
  result = n.emit<MinimumOp>(result, word(255));
  return n.emit<BitcastOp>(n.cast(result, n.builder().getIntegerType(8, /*isSigned=*/false)), type);
}

void castTo(Node &n, Value x, Type type) {
  if (!x || !type || !n.typeOf(x))
    return;
  if (isa<Float8E8M0FNUType>(type) && n.elem(x) != type)
    return n.set(0, castToPower(n, x, type));
  if (n.elem(x) != type && isa<FloatType>(type) && type.getIntOrFloatBitWidth() == 8) {
    // Too large a number becomes the greatest one, unless the node says otherwise.
    if (!n.isFloat(x) || n.elem(x).getIntOrFloatBitWidth() <= 8)
      x = n.cast(x, n.builder().getF32Type());
    if (n.getInt("saturate", 1))
      x = limitToType(n, x, type);
  }
  n.set(0, n.cast(x, type));
}

void mapCast(Node &n) {
  // Before version 6 the type was a string.
  static const std::pair<StringRef, int64_t> names[] = {
      {"FLOAT", 1}, {"UINT8", 2}, {"INT8", 3},     {"UINT16", 4},  {"INT16", 5},   {"INT32", 6},
      {"INT64", 7}, {"BOOL", 9},  {"FLOAT16", 10}, {"DOUBLE", 11}, {"UINT32", 12}, {"UINT64", 13}};
  int64_t to = n.getInt("to", 0);
  for (auto [name, number] : names)
    if (n.getString("to", "") == name)
      to = number;
  castTo(n, n.need(0), toElementType(n, to));
}

void mapCastLike(Node &n) { castTo(n, n.need(0), n.elem(n.need(1))); }

void mapBitCast(Node &n) {
  Value x = n.need(0);
  Type type = toElementType(n, n.getInt("to", 0));
  if (x && type)
    n.set(0, n.emit<BitcastOp>(x, type));
}

} // namespace

void mlir::ge::onnx::populateCast(MappingTable &table) {
  table.add("Cast", mapCast);
  table.add("CastLike", mapCastLike);
  table.add("BitCast", mapBitCast);
}
