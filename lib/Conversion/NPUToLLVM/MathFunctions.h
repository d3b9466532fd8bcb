//===- MathFunctions.h - functions as expressions ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `Real` is a value of f32 or f64, or a vector of them, with the operators of
// C++; the functions below build the expressions that compute mathematical
// functions on it. Each is written once for both widths.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOLLVM_MATHFUNCTIONS_H
#define GEMLIR_LIB_CONVERSION_NPUTOLLVM_MATHFUNCTIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace gemlir {

class Real {
public:
  Real(mlir::ImplicitLocOpBuilder &builder, mlir::Value value) : b(&builder), v(value) {}

  mlir::Value value() const { return v; }
  mlir::ImplicitLocOpBuilder &builder() const { return *b; }
  /// Whether elements are f64 rather than f32.
  bool isWide() const;

  Real constant(double value) const;
  /// The value in the other width.
  Real widened() const;
  Real narrowed() const;

  Real operator-() const;
  Real operator+(Real other) const;
  Real operator-(Real other) const;
  Real operator*(Real other) const;
  Real operator/(Real other) const;
  Real operator+(double c) const { return *this + constant(c); }
  Real operator-(double c) const { return *this - constant(c); }
  Real operator*(double c) const { return *this * constant(c); }
  Real operator/(double c) const { return *this / constant(c); }

  /// Comparisons give i1, or vectors of it; false on NaN.
  mlir::Value operator<(Real other) const;
  mlir::Value operator>(Real other) const { return other < *this; }
  mlir::Value operator==(Real other) const;
  mlir::Value operator<(double c) const { return *this < constant(c); }
  mlir::Value operator>(double c) const { return *this > constant(c); }
  mlir::Value operator==(double c) const { return *this == constant(c); }
  mlir::Value isNaN() const;
  /// Whether the sign bit is set.
  mlir::Value isNegative() const;

private:
  mlir::ImplicitLocOpBuilder *b;
  mlir::Value v;
};

// Each of these is an instruction, or a few.
Real fma(Real a, Real b, Real c);
Real select(mlir::Value condition, Real a, Real b);
Real abs(Real x);
Real sqrt(Real x);
Real trunc(Real x);
Real roundEven(Real x);
Real copySign(Real magnitude, Real sign);
/// The smaller or larger one; `b` if `a` is NaN.
Real least(Real a, Real b);
Real greatest(Real a, Real b);

Real exp(Real x);
Real exp2(Real x);
Real expm1(Real x);
Real log(Real x);
Real log1p(Real x);
Real log2(Real x);
Real log10(Real x);
Real pow(Real x, Real y);
Real cbrt(Real x);
Real sin(Real x);
Real cos(Real x);
Real tan(Real x);
Real asin(Real x);
Real acos(Real x);
Real atan(Real x);
Real atan2(Real y, Real x);
Real sinh(Real x);
Real cosh(Real x);
Real tanh(Real x);
Real asinh(Real x);
Real acosh(Real x);
Real atanh(Real x);
Real erf(Real x);
Real erfc(Real x);

/// The remainder of truncated division, exact; scalars only.
Real remainder(Real x, Real y);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOLLVM_MATHFUNCTIONS_H
