//===- Scalar.cpp - arithmetic on elements -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"
#include "SmallTypes.h"

#include <cmath>

using namespace mlir;
using namespace gemlir::lowering;

//===----------------------------------------------------------------------===//
// Constants and comparisons
//===----------------------------------------------------------------------===//

static Value integer(Emitter &b, Type type, const APInt &value) {
  return arith::ConstantOp::create(b, IntegerAttr::get(type, value));
}

Value Scalar::lowest() {
  if (floating)
    return constant(-INFINITY);
  unsigned width = type.getIntOrFloatBitWidth();
  return integer(b, type, unsignedInt ? APInt::getZero(width) : APInt::getSignedMinValue(width));
}

Value Scalar::highest() {
  if (floating)
    return constant(INFINITY);
  unsigned width = type.getIntOrFloatBitWidth();
  return integer(b, type, unsignedInt ? APInt::getAllOnes(width) : APInt::getSignedMaxValue(width));
}

Value Scalar::compare(Compare relation, Value lhs, Value rhs) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  static constexpr F floats[] = {F::OEQ, F::UNE, F::OLT, F::OLE, F::OGT, F::OGE};
  static constexpr I ints[] = {I::eq, I::ne, I::slt, I::sle, I::sgt, I::sge};
  static constexpr I unsignedInts[] = {I::eq, I::ne, I::ult, I::ule, I::ugt, I::uge};
  unsigned which = static_cast<unsigned>(relation);
  if (floating)
    return arith::CmpFOp::create(b, floats[which], lhs, rhs);
  return arith::CmpIOp::create(b, (unsignedInt ? unsignedInts : ints)[which], lhs, rhs);
}

Value Scalar::isTrue(Value value) { return isBool() ? value : compare(Compare::NotEqual, value, constant(0)); }

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value Scalar::add(Value lhs, Value rhs) {
  if (floating)
    return arith::AddFOp::create(b, lhs, rhs);
  if (isBool())
    return arith::OrIOp::create(b, lhs, rhs);
  return arith::AddIOp::create(b, lhs, rhs);
}

Value Scalar::sub(Value lhs, Value rhs) {
  if (floating)
    return arith::SubFOp::create(b, lhs, rhs);
  return arith::SubIOp::create(b, lhs, rhs);
}

Value Scalar::mul(Value lhs, Value rhs) {
  if (floating)
    return arith::MulFOp::create(b, lhs, rhs);
  return arith::MulIOp::create(b, lhs, rhs);
}

/// 1 in place of the divisors that an integer division traps on. `isMinusOne`
/// stays null for unsigned integers; both stay null for a safe constant.
Value Scalar::guardedDivisor(Value divisor, Value &isZero, Value &isMinusOne) {
  APInt known;
  if (matchPattern(divisor, m_ConstantInt(&known)) && !known.isZero() && !known.isAllOnes())
    return divisor;
  isZero = compare(Compare::Equal, divisor, constant(0));
  Value bad = isZero;
  if (!unsignedInt) {
    isMinusOne = compare(Compare::Equal, divisor, constant(-1));
    bad = arith::OrIOp::create(b, isZero, isMinusOne);
  }
  return b.select(bad, constant(1), divisor);
}

Value Scalar::div(Value lhs, Value rhs) {
  if (floating)
    return arith::DivFOp::create(b, lhs, rhs);
  Value isZero, isMinusOne;
  Value divisor = guardedDivisor(rhs, isZero, isMinusOne);
  Value quotient =
      unsignedInt ? Value(arith::DivUIOp::create(b, lhs, divisor)) : Value(arith::DivSIOp::create(b, lhs, divisor));
  if (isMinusOne)
    quotient = b.select(isMinusOne, neg(lhs), quotient);
  return isZero ? b.select(isZero, constant(0), quotient) : quotient;
}

/// fmod without a library call: the quotient in f64 is off by one at most, and
/// the fused remainder is exact.
Value Scalar::floatRem(Value lhs, Value rhs) {
  Type wide = b.getF64Type();
  auto widen = [&](Value v) { return type == wide ? v : Value(arith::ExtFOp::create(b, wide, v)); };
  Value x = widen(lhs), y = widen(rhs);
  Value absX = math::AbsFOp::create(b, x), absY = math::AbsFOp::create(b, y);
  Value quotient = math::TruncOp::create(b, arith::DivFOp::create(b, absX, absY));
  Value remainder = math::FmaOp::create(b, arith::NegFOp::create(b, quotient), absY, absX);
  Value zero = arith::ConstantOp::create(b, b.getF64FloatAttr(0));
  Value negative = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, remainder, zero);
  remainder = b.select(negative, arith::AddFOp::create(b, remainder, absY), remainder);
  // A finite dividend of an infinite divisor is its own remainder.
  Value infinity = arith::ConstantOp::create(b, b.getF64FloatAttr(INFINITY));
  Value endless = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, absY, infinity);
  Value finite = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, absX, infinity);
  remainder = b.select(arith::AndIOp::create(b, endless, finite), absX, remainder);
  remainder = math::CopySignOp::create(b, remainder, x);
  return type == wide ? remainder : Value(arith::TruncFOp::create(b, type, remainder));
}

Value Scalar::rem(Value lhs, Value rhs) {
  if (floating)
    return floatRem(lhs, rhs);
  Value isZero, isMinusOne;
  Value divisor = guardedDivisor(rhs, isZero, isMinusOne);
  // The remainder of 1, which stands for 0 and -1, is 0.
  return unsignedInt ? Value(arith::RemUIOp::create(b, lhs, divisor)) : Value(arith::RemSIOp::create(b, lhs, divisor));
}

Value Scalar::floorMod(Value lhs, Value rhs) {
  Value remainder = rem(lhs, rhs);
  if (unsignedInt)
    return remainder;
  Value zero = constant(0);
  Value remainderNegative = compare(Compare::Less, remainder, zero);
  Value divisorNegative = compare(Compare::Less, rhs, zero);
  Value differs = arith::XOrIOp::create(b, remainderNegative, divisorNegative);
  Value adjust = arith::AndIOp::create(b, differs, compare(Compare::NotEqual, remainder, zero));
  return b.select(adjust, add(remainder, rhs), remainder);
}

Value Scalar::floorDiv(Value lhs, Value rhs) {
  if (floating)
    return math::FloorOp::create(b, div(lhs, rhs));
  Value quotient = div(lhs, rhs);
  if (unsignedInt)
    return quotient;
  Value zero = constant(0);
  Value remainder = rem(lhs, rhs);
  Value negative = arith::XOrIOp::create(b, compare(Compare::Less, remainder, zero), compare(Compare::Less, rhs, zero));
  Value adjust = arith::AndIOp::create(b, negative, compare(Compare::NotEqual, remainder, zero));
  return b.select(adjust, sub(quotient, constant(1)), quotient);
}

/// Square and multiply over the six low bits of the exponent: more than a
/// 64-bit result of a base other than 0, 1 and -1 can use.
Value Scalar::intPow(Value base, Value exponent) {
  Value one = constant(1), zero = constant(0);
  Value result = one, power = base;
  for (unsigned bit = 0; bit < 6; ++bit) {
    Value mask = integer(b, type, APInt(type.getIntOrFloatBitWidth(), 1ull << bit));
    Value isSet = compare(Compare::NotEqual, arith::AndIOp::create(b, exponent, mask), zero);
    result = b.select(isSet, mul(result, power), result);
    if (bit != 5)
      power = mul(power, power);
  }
  if (unsignedInt)
    return result;
  // 1/base truncates to 0 unless base is 1 or -1.
  Value odd = compare(Compare::NotEqual, arith::AndIOp::create(b, exponent, one), zero);
  Value minusOne = constant(-1);
  Value ofMinusOne = b.select(odd, minusOne, one);
  Value inverse = b.select(compare(Compare::Equal, base, one), one,
                           b.select(compare(Compare::Equal, base, minusOne), ofMinusOne, zero));
  return b.select(compare(Compare::Less, exponent, zero), inverse, result);
}

Value Scalar::pow(Value lhs, Value rhs) {
  if (!floating)
    return intPow(lhs, rhs);
  FloatAttr exponent;
  if (matchPattern(rhs, m_Constant(&exponent)))
    return powConstant(lhs, exponent.getValueAsDouble());
  return math::PowFOp::create(b, lhs, rhs);
}

Value Scalar::powConstant(Value value, double exponent) {
  if (exponent == 0)
    return constant(1);
  if (exponent == 1)
    return value;
  if (exponent == 2)
    return square(value);
  if (exponent == 3)
    return mul(square(value), value);
  if (exponent == -1)
    return reciprocal(value);
  // The root of -0 is -0, its power 0.5 is 0; the sum makes up for it.
  if (exponent == 0.5)
    return sqrt(add(value, constant(0)));
  if (exponent == -0.5)
    return reciprocal(sqrt(add(value, constant(0))));
  return math::PowFOp::create(b, value, constant(exponent));
}

Value Scalar::maximum(Value lhs, Value rhs) {
  if (floating)
    return arith::MaximumFOp::create(b, lhs, rhs);
  if (unsignedInt)
    return arith::MaxUIOp::create(b, lhs, rhs);
  return arith::MaxSIOp::create(b, lhs, rhs);
}

Value Scalar::minimum(Value lhs, Value rhs) {
  if (floating)
    return arith::MinimumFOp::create(b, lhs, rhs);
  if (unsignedInt)
    return arith::MinUIOp::create(b, lhs, rhs);
  return arith::MinSIOp::create(b, lhs, rhs);
}

Value Scalar::maxKeeping(Value kept, Value other) {
  return floating ? b.select(compare(Compare::Less, kept, other), other, kept) : maximum(kept, other);
}

Value Scalar::minKeeping(Value kept, Value other) {
  return floating ? b.select(compare(Compare::Greater, kept, other), other, kept) : minimum(kept, other);
}

Value Scalar::neg(Value value) { return floating ? Value(arith::NegFOp::create(b, value)) : sub(constant(0), value); }

Value Scalar::abs(Value value) {
  if (floating)
    return math::AbsFOp::create(b, value);
  return unsignedInt ? value : maximum(value, neg(value));
}

Value Scalar::sign(Value value) {
  Value zero = constant(0), one = constant(1);
  Value positive = compare(Compare::Greater, value, zero);
  if (unsignedInt)
    return b.select(positive, one, zero);
  Value negative = compare(Compare::Less, value, zero);
  // Neither positive nor negative: zero or NaN, which is its own sign.
  return b.select(positive, one, b.select(negative, constant(-1), value));
}

Value Scalar::shiftLeft(Value lhs, Value rhs) {
  unsigned width = type.getIntOrFloatBitWidth();
  Value fits = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, rhs, constant(width));
  Value amount = b.select(fits, rhs, constant(0));
  return b.select(fits, arith::ShLIOp::create(b, lhs, amount), constant(0));
}

Value Scalar::shiftRight(Value lhs, Value rhs) {
  unsigned width = type.getIntOrFloatBitWidth();
  Value fits = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, rhs, constant(width));
  if (!unsignedInt) // what is shifted out entirely leaves the sign
    return arith::ShRSIOp::create(b, lhs, b.select(fits, rhs, constant(width - 1)));
  Value amount = b.select(fits, rhs, constant(0));
  return b.select(fits, arith::ShRUIOp::create(b, lhs, amount), constant(0));
}

Value Scalar::softplus(Value value) {
  // log(1 + e^x) = max(x, 0) + log1p(e^-|x|) does not overflow.
  Value tail = math::Log1pOp::create(b, exp(neg(abs(value))));
  return add(maxKeeping(value, constant(0)), tail);
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

/// Truncates and saturates; NaN gives 0.
static Value floatToInt(Emitter &b, Value value, Type to, bool isUnsigned) {
  auto floatType = cast<FloatType>(value.getType());
  unsigned width = to.getIntOrFloatBitWidth();
  auto bound = [&](const APInt &limit) {
    APFloat converted(floatType.getFloatSemantics());
    converted.convertFromAPInt(limit, !isUnsigned, APFloat::rmTowardZero);
    return Value(arith::ConstantOp::create(b, FloatAttr::get(floatType, converted)));
  };
  APInt least = isUnsigned ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  APInt greatest = isUnsigned ? APInt::getAllOnes(width) : APInt::getSignedMaxValue(width);
  // The greatest float that fits is below the greatest integer for wide types:
  // convert what is clamped to it, then choose the greatest integer above it.
  Value low = bound(least), high = bound(greatest);
  Value zero = arith::ConstantOp::create(b, b.getFloatAttr(floatType, 0));
  Value isNumber = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, value, value);
  value = b.select(isNumber, value, zero);
  Value above = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, value, high);
  Value below = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, value, low);
  Value clamped = b.select(above, high, b.select(below, low, value));
  Value converted =
      isUnsigned ? Value(arith::FPToUIOp::create(b, to, clamped)) : Value(arith::FPToSIOp::create(b, to, clamped));
  return b.select(above, integer(b, to, greatest), converted);
}

Value gemlir::lowering::castScalar(Emitter &b, Value value, Type from, Type to) {
  Type source = getComputeElement(from), target = getComputeElement(to);
  if (from == to)
    return value;
  if (to.isInteger(1))
    return Scalar(b, from).isTrue(value);
  bool fromUnsigned = from.isUnsignedInteger() || from.isInteger(1);
  if (auto floatTarget = dyn_cast<FloatType>(target)) {
    if (auto floatSource = dyn_cast<FloatType>(source)) {
      // A value wider than its storage is rounded when it is stored.
      if (floatSource.getWidth() == floatTarget.getWidth())
        return value;
      return floatSource.getWidth() < floatTarget.getWidth() ? Value(arith::ExtFOp::create(b, target, value))
                                                             : Value(arith::TruncFOp::create(b, target, value));
    }
    return fromUnsigned ? Value(arith::UIToFPOp::create(b, target, value))
                        : Value(arith::SIToFPOp::create(b, target, value));
  }
  if (isa<FloatType>(source)) {
    if (!isSubByte(to))
      return floatToInt(b, value, target, to.isUnsignedInteger());
    // Integers of few bits wrap.
    Value wide = floatToInt(b, value, b.getI32Type(), /*isUnsigned=*/false);
    return wrapSmallInteger(b, arith::TruncIOp::create(b, target, wide), to);
  }
  unsigned sourceWidth = source.getIntOrFloatBitWidth(), targetWidth = target.getIntOrFloatBitWidth();
  if (sourceWidth > targetWidth)
    value = arith::TruncIOp::create(b, target, value);
  if (isSubByte(to))
    return wrapSmallInteger(b, sourceWidth < targetWidth ? Value(arith::ExtUIOp::create(b, target, value)) : value, to);
  if (sourceWidth >= targetWidth)
    return value;
  return fromUnsigned ? Value(arith::ExtUIOp::create(b, target, value))
                      : Value(arith::ExtSIOp::create(b, target, value));
}
