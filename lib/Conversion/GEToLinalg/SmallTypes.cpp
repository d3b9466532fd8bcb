//===- SmallTypes.cpp - elements of a byte and less -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Floats of 8 and 4 bits are computed with in f32; no target has instructions for
// them, so the conversions are written out in integers. Elements of 4 and 2 bits
// have a byte each inside a model, and share bytes at its interface.
//
//===----------------------------------------------------------------------===//

#include "SmallTypes.h"

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>

using namespace mlir;
using namespace gemlir;
using namespace gemlir::lowering;

namespace {

/// The bits of a float type, and instructions that work on them.
class FloatBits {
public:
  FloatBits(Emitter &b, FloatType type) : b(b), semantics(type.getFloatSemantics()) {
    width = type.getWidth();
    mantissa = APFloat::semanticsPrecision(semantics) - 1;
    minExponent = APFloat::semanticsMinExponent(semantics);
    largest = code(APFloat::getLargest(semantics));
    if (APFloat::semanticsHasInf(semantics))
      infinity = code(APFloat::getInf(semantics));
    if (APFloat::semanticsHasNaN(semantics))
      nan = code(APFloat::getNaN(semantics));
    signBit = APFloat::semanticsHasSignedRepr(semantics) ? 1u << (width - 1) : 0;
    // Where the sign alone is the NaN, there is no negative zero.
    signIsNaN = nan == signBit && signBit != 0;
  }

  Value decode(Value stored) {
    Value bits = arith::ExtUIOp::create(b, b.getI32Type(), stored);
    if (isPowerOfTwo())
      return arith::BitcastOp::create(b, b.getF32Type(), decodePower(bits));
    Value magnitude = both(bits, constant(signBit ? signBit - 1 : ~0u >> (32 - width)));
    // Moved to the exponent of f32; the least ones have no leading bit.
    Value moved = sum(shiftLeft(magnitude, 23 - mantissa), constant(uint32_t(126 + minExponent) << 23));
    Value normal = arith::BitcastOp::create(b, b.getF32Type(), moved);
    Value whole = arith::UIToFPOp::create(b, b.getF32Type(), magnitude);
    Value scaled = arith::MulFOp::create(b, whole, real(std::ldexp(1.0, minExponent - int(mantissa))));
    Value value = b.select(less(magnitude, 1u << mantissa), scaled, normal);
    if (infinity)
      value = b.select(equal(magnitude, *infinity), real(INFINITY), value);
    if (signBit) {
      Value sign = shiftLeft(both(bits, constant(signBit)), 32 - width);
      Value signedBits = arith::OrIOp::create(b, arith::BitcastOp::create(b, b.getI32Type(), value), sign);
      value = arith::BitcastOp::create(b, b.getF32Type(), signedBits);
    }
    if (!nan)
      return value;
    Value isNaN = signIsNaN ? equal(bits, *nan) : infinity ? isGreater(magnitude, *infinity) : equal(magnitude, *nan);
    return b.select(isNaN, real(NAN), value);
  }

  /// Rounds to nearest, ties to even. What is too large becomes infinite, or NaN,
  /// or the largest number, whichever the type has first; without a NaN, NaN
  /// becomes -0. A power of two alone is rounded down.
  Value encode(Value number) {
    Value bits = arith::BitcastOp::create(b, b.getI32Type(), number);
    if (isPowerOfTwo())
      return arith::TruncIOp::create(b, b.getI8Type(), shiftRight(bits, 23));
    Value absolute = math::AbsFOp::create(b, number);
    double limit = 4 * APFloat::getLargest(semantics).convertToDouble();
    Value bounded =
        b.select(arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, absolute, real(limit)), absolute, real(limit));
    // In units of the last place, which below the least exponent stays the same.
    Value exponent = shiftRight(arith::BitcastOp::create(b, b.getI32Type(), bounded), 23);
    exponent = arith::MaxSIOp::create(b, exponent, constant(127 + minExponent));
    Value inverse = shiftLeft(arith::SubIOp::create(b, constant(254 + mantissa), exponent), 23);
    Value units = arith::MulFOp::create(b, bounded, arith::BitcastOp::create(b, b.getF32Type(), inverse));
    Value rounded = arith::FPToSIOp::create(b, b.getI32Type(), math::RoundEvenOp::create(b, units));
    Value step = arith::SubIOp::create(b, exponent, constant(127 + minExponent));
    Value result = sum(shiftLeft(step, mantissa), rounded);
    uint32_t overflow = infinity ? *infinity : nan ? *nan : largest;
    result = b.select(isGreater(result, largest), constant(overflow), result);
    Value isNaN = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, number, number);
    result = b.select(isNaN, constant(nan.value_or(signBit)), result);
    if (signBit) {
      Value sign = both(shiftRight(bits, 32 - width), constant(signBit));
      if (signIsNaN)
        sign = b.select(equal(result, 0), constant(0), sign);
      result = arith::OrIOp::create(b, result, sign);
    }
    return arith::TruncIOp::create(b, b.getI8Type(), result);
  }

private:
  /// Float8E8M0: the exponent of f32 and nothing else.
  bool isPowerOfTwo() const { return signBit == 0 && mantissa == 0; }
  Value decodePower(Value bits) {
    Value moved = b.select(equal(bits, 0), constant(1u << 22), shiftLeft(bits, 23));
    return b.select(equal(bits, 255), constant(0x7fc00000), moved);
  }

  uint32_t code(const APFloat &value) { return static_cast<uint32_t>(value.bitcastToAPInt().getZExtValue()); }

  Value constant(uint32_t value) { return arith::ConstantOp::create(b, b.getI32IntegerAttr(int32_t(value))); }
  Value real(double value) { return arith::ConstantOp::create(b, b.getF32FloatAttr(float(value))); }
  Value sum(Value lhs, Value rhs) { return arith::AddIOp::create(b, lhs, rhs); }
  Value both(Value lhs, Value rhs) { return arith::AndIOp::create(b, lhs, rhs); }
  Value shiftLeft(Value value, unsigned by) { return arith::ShLIOp::create(b, value, constant(by)); }
  Value shiftRight(Value value, unsigned by) { return arith::ShRUIOp::create(b, value, constant(by)); }
  Value compare(arith::CmpIPredicate predicate, Value lhs, uint32_t rhs) {
    return arith::CmpIOp::create(b, predicate, lhs, constant(rhs));
  }
  Value equal(Value lhs, uint32_t rhs) { return compare(arith::CmpIPredicate::eq, lhs, rhs); }
  Value less(Value lhs, uint32_t rhs) { return compare(arith::CmpIPredicate::slt, lhs, rhs); }
  Value isGreater(Value lhs, uint32_t rhs) { return compare(arith::CmpIPredicate::sgt, lhs, rhs); }

  Emitter &b;
  const llvm::fltSemantics &semantics;
  unsigned width, mantissa;
  int minExponent;
  uint32_t largest, signBit;
  std::optional<uint32_t> infinity, nan;
  bool signIsNaN;
};

/// Elements in a byte of a tensor at the interface.
int64_t getPackingFactor(Type element) { return 8 / element.getIntOrFloatBitWidth(); }

} // namespace

bool gemlir::lowering::isSmallFloat(Type element) {
  auto type = dyn_cast<FloatType>(element);
  return type && type.getWidth() <= 8;
}

bool gemlir::lowering::isSubByte(Type element) {
  return element.isIntOrFloat() && element.getIntOrFloatBitWidth() < 8 && !element.isInteger(1);
}

Value gemlir::lowering::decodeSmallFloat(Emitter &b, Value stored, Type element) {
  return FloatBits(b, cast<FloatType>(element)).decode(stored);
}

Value gemlir::lowering::encodeSmallFloat(Emitter &b, Value computed, Type element) {
  return FloatBits(b, cast<FloatType>(element)).encode(computed);
}

Value gemlir::lowering::wrapSmallInteger(Emitter &b, Value value, Type element) {
  unsigned width = element.getIntOrFloatBitWidth();
  Type i8 = b.getI8Type();
  if (element.isUnsignedInteger())
    return arith::AndIOp::create(b, value, arith::ConstantOp::create(b, b.getIntegerAttr(i8, (1 << width) - 1)));
  Value by = arith::ConstantOp::create(b, b.getIntegerAttr(i8, 8 - width));
  return arith::ShRSIOp::create(b, arith::ShLIOp::create(b, value, by), by);
}

RankedTensorType gemlir::lowering::getInterfaceType(RankedTensorType type) {
  Type element = type.getElementType();
  if (!isSubByte(element))
    return getStorageType(type);
  int64_t factor = getPackingFactor(element), bytes = (type.getNumElements() + factor - 1) / factor;
  return RankedTensorType::get({bytes}, IntegerType::get(type.getContext(), 8));
}

Tensor gemlir::lowering::unpackInterface(Emitter &b, Value packed, RankedTensorType type) {
  Type element = type.getElementType(), i8 = b.getI8Type();
  if (!isSubByte(element))
    return {packed, element};
  int64_t factor = getPackingFactor(element), bits = 8 / factor, count = type.getNumElements();
  int64_t bytes = cast<RankedTensorType>(packed.getType()).getDimSize(0);
  if (count == 0)
    return b.empty(type.getShape(), element);
  Tensor source{packed, i8};
  Tensor wide = b.generate({bytes, factor}, i8, Access{source, b.map(2, {b.d(0)})}, [&](ArrayRef<Value> in) -> Value {
    Value place = arith::IndexCastOp::create(b, i8, b.loopIndex(1));
    Value by = arith::MulIOp::create(b, place, arith::ConstantOp::create(b, b.getIntegerAttr(i8, bits)));
    Value low = arith::ShRUIOp::create(b, in[0], by);
    if (isa<IntegerType>(element))
      return wrapSmallInteger(b, low, element);
    return arith::AndIOp::create(b, low, arith::ConstantOp::create(b, b.getIntegerAttr(i8, (1 << bits) - 1)));
  });
  Tensor flat = b.reshape(wide, {bytes * factor});
  if (bytes * factor != count)
    flat = b.slice(flat, {0}, {count});
  Tensor result = b.reshape(flat, type.getShape());
  result.element = element;
  return result;
}

Value gemlir::lowering::packInterface(Emitter &b, Tensor tensor, RankedTensorType type) {
  Type element = type.getElementType(), i8 = b.getI8Type();
  if (!isSubByte(element))
    return tensor.value;
  int64_t factor = getPackingFactor(element), bits = 8 / factor, count = type.getNumElements();
  RankedTensorType interface = getInterfaceType(type);
  int64_t bytes = interface.getDimSize(0);
  if (count == 0)
    return b.empty(interface.getShape(), i8).value;
  tensor.element = i8;
  tensor.splat = {};
  Tensor flat = b.reshape(tensor, {count});
  // The bits that are left over in the last byte are zero.
  if (bytes * factor != count)
    flat = b.generate({bytes * factor}, i8, {}, [&](ArrayRef<Value>) -> Value {
      Value place = b.loopIndex(0), last = b.clampIndex(place, 0, count - 1);
      return b.select(b.inRange(place, 0, count), b.extract(flat, last), b.scalar(i8, 0));
    });
  Tensor wide = b.reshape(flat, {bytes, factor});
  SmallVector<Access> parts;
  for (int64_t i = 0; i < factor; ++i)
    parts.push_back({wide, b.map(1, {b.d(0), b.c(i)})});
  return b
      .generate({bytes}, i8, parts,
                [&](ArrayRef<Value> in) {
                  Value mask = arith::ConstantOp::create(b, b.getIntegerAttr(i8, (1 << bits) - 1)), byte;
                  for (auto [i, value] : llvm::enumerate(in)) {
                    Value own = arith::AndIOp::create(b, value, mask);
                    Value by = arith::ConstantOp::create(b, b.getIntegerAttr(i8, int64_t(i) * bits));
                    own = arith::ShLIOp::create(b, own, by);
                    byte = byte ? Value(arith::OrIOp::create(b, byte, own)) : own;
                  }
                  return byte;
                })
      .value;
}
