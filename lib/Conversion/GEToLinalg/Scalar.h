//===- Scalar.h - arithmetic on elements -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators on scalars in compute type. The class knows the element type, so
// that unsigned integers get unsigned operations, and guards integer operations
// that have undefined cases.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_SCALAR_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_SCALAR_H

#include "Emitter.h"

namespace gemlir::lowering {

enum class Compare { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

class Scalar {
public:
  Scalar(Emitter &b, Type element)
      : b(b), element(element), type(getComputeElement(element)), floating(isa<FloatType>(type)),
        unsignedInt(element.isUnsignedInteger() || element.isInteger(1)) {}

  Type getType() const { return type; }
  bool isFloat() const { return floating; }
  bool isUnsigned() const { return unsignedInt; }
  bool isBool() const { return type.isInteger(1); }

  Value constant(double value) { return b.scalar(element, value); }
  /// The least and the greatest value; infinite for floats.
  Value lowest();
  Value highest();

  Value add(Value lhs, Value rhs);
  Value sub(Value lhs, Value rhs);
  Value mul(Value lhs, Value rhs);
  /// Quotient: truncated for integers, 0 for a zero divisor.
  Value div(Value lhs, Value rhs);
  Value floorDiv(Value lhs, Value rhs);
  /// Remainder with the sign of the dividend.
  Value rem(Value lhs, Value rhs);
  /// Remainder with the sign of the divisor.
  Value floorMod(Value lhs, Value rhs);
  Value pow(Value lhs, Value rhs);
  /// NaN if one of the operands is.
  Value maximum(Value lhs, Value rhs);
  Value minimum(Value lhs, Value rhs);
  /// The greater one; `kept` unless `other` is greater, so that a NaN in `kept`
  /// stays and a NaN in `other` is ignored. One instruction on common targets.
  Value maxKeeping(Value kept, Value other);
  Value minKeeping(Value kept, Value other);
  Value compare(Compare relation, Value lhs, Value rhs);
  /// Whether the value is not zero.
  Value isTrue(Value value);
  Value choose(Value condition, Value yes, Value no) { return b.select(condition, yes, no); }
  /// `positive` where value > 0, else `other`. NaN is not positive; what `other`
  /// computes from it is NaN again.
  Value choosePositive(Value value, Value positive, Value other) {
    return choose(compare(Compare::Greater, value, constant(0)), positive, other);
  }
  Value neg(Value value);
  Value abs(Value value);
  Value sign(Value value);
  Value square(Value value) { return mul(value, value); }
  Value shiftLeft(Value lhs, Value rhs);
  Value shiftRight(Value lhs, Value rhs);

  // Floating point only.
  template <typename OpTy>
  Value call(Value value) {
    return OpTy::create(b, value);
  }
  Value exp(Value value) { return math::ExpOp::create(b, value); }
  Value log(Value value) { return math::LogOp::create(b, value); }
  Value sqrt(Value value) { return math::SqrtOp::create(b, value); }
  Value reciprocal(Value value) { return div(constant(1), value); }
  Value sigmoid(Value value) { return reciprocal(add(constant(1), exp(neg(value)))); }
  Value softplus(Value value);
  /// value to the power of a constant.
  Value powConstant(Value value, double exponent);

private:
  Value guardedDivisor(Value divisor, Value &isZero, Value &isMinusOne);
  Value floatRem(Value lhs, Value rhs);
  Value intPow(Value base, Value exponent);

  Emitter &b;
  Type element;
  Type type;
  bool floating;
  bool unsignedInt;
};

/// A value in compute type of element `from` to the compute type of `to`: floats
/// to integers truncate and saturate (NaN gives 0), anything to bool is != 0,
/// integers wrap.
Value castScalar(Emitter &b, Value value, Type from, Type to);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_SCALAR_H
