//===- MathFunctions.cpp - functions as expressions -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Polynomials are interpolations at Chebyshev nodes of the function named beside
// them, good to about the last place of their width. Functions that are rarely
// hot compute f32 in f64, where even simple forms are exact enough.
//
//===----------------------------------------------------------------------===//

#include "MathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <limits>

using namespace mlir;

namespace gemlir {

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double piHalf = 1.5707963267948966;
/// 1 / ln 2
constexpr double log2e = 1.4426950408889634;

/// ln 2 as a sum of two numbers of the width of `x`.
Real ln2High(Real x) { return x.constant(x.isWide() ? 0.6931471805599453 : 0.6931471824645996); }
Real ln2Low(Real x) { return x.constant(x.isWide() ? 2.3190468138462996e-17 : -1.9046542121259336e-09); }

/// c[0] + c[1] x + c[2] x² ...
Real polynomial(Real x, ArrayRef<double> c) {
  Real sum = x.constant(c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = fma(sum, x, x.constant(coefficient));
  return sum;
}

/// Bits of the floating-point format.
struct Format {
  explicit Format(Real x) : wide(x.isWide()), type(x.value().getType()), b(x.builder()) {}

  int mantissa() const { return wide ? 52 : 23; }
  int bias() const { return wide ? 1023 : 127; }
  Type integer(unsigned bits) const {
    Type element = b.getIntegerType(bits);
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.clone(element);
    return element;
  }
  Type bitsType() const { return integer(wide ? 64 : 32); }
  Value constant(Type integerType, int64_t value) const {
    TypedAttr attr = b.getIntegerAttr(getElementTypeOrSelf(integerType), value);
    if (auto vector = dyn_cast<VectorType>(integerType))
      attr = DenseElementsAttr::get(vector, Attribute(attr));
    return arith::ConstantOp::create(b, attr);
  }
  /// A whole number of small magnitude as i32: processors convert that in both
  /// widths.
  Value toInteger(Real x) const { return arith::FPToSIOp::create(b, integer(32), x.value()); }
  Real toReal(Value i32) const { return Real(b, arith::SIToFPOp::create(b, type, i32)); }
  Value add(Value i, int64_t c) const { return arith::AddIOp::create(b, i, constant(i.getType(), c)); }
  Value sub(Value i, Value j) const { return arith::SubIOp::create(b, i, j); }
  Value shiftRight(Value i, int64_t c) const { return arith::ShRSIOp::create(b, i, constant(i.getType(), c)); }
  /// 2^i, for i of normal results.
  Real powerOfTwo(Value i32) const {
    Value biased = add(i32, bias());
    if (wide)
      biased = arith::ExtSIOp::create(b, bitsType(), biased);
    Value bits = arith::ShLIOp::create(b, biased, constant(bitsType(), mantissa()));
    return Real(b, arith::BitcastOp::create(b, type, bits));
  }

  bool wide;
  Type type;
  ImplicitLocOpBuilder &b;
};

/// x · 2^n for whole n, also into the denormal range: in two steps.
Real scale(Real x, Real n) {
  Format format(x);
  Value i = format.toInteger(n), half = format.shiftRight(i, 1);
  return x * format.powerOfTwo(half) * format.powerOfTwo(format.sub(i, half));
}

/// (e^r - 1 - r) / r² on [-ln 2 / 2, ln 2 / 2]
Real exponentialTail(Real r) {
  if (!r.isWide())
    return polynomial(r, {0.5, 0.16666576998242924, 0.041666554627878084, 0.008363177629994445, 0.0013926181810489343});
  return polynomial(r, {0.5, 0.16666666666666666, 0.04166666666666668, 0.008333333333333333, 0.0013888888888879075,
                        0.000198412698412633, 2.480158733643726e-05, 2.755731924721541e-06, 2.755726328441651e-07,
                        2.5052071097844777e-08, 2.0918135766484712e-09, 1.6086626642965137e-10});
}

/// e^r - 1 for small r.
Real exponentialMinusOne(Real r) { return fma(r * r, exponentialTail(r), r); }

/// Bounds beyond which e^x is surely 0 or infinite, with room for the exponent.
Real clampExponent(Real x) {
  double low = x.isWide() ? -760 : -120, high = x.isWide() ? 720 : 100;
  return least(greatest(x, x.constant(low)), x.constant(high));
}

/// e^(x + low), low being small beside x.
Real exponential(Real x, std::optional<Real> low = std::nullopt) {
  Real bounded = clampExponent(x);
  Real n = roundEven(bounded * log2e);
  Real r = fma(-n, ln2Low(x), fma(-n, ln2High(x), bounded));
  if (low)
    r = r + *low;
  Real result = scale(exponentialMinusOne(r) + 1, n);
  return select(x.isNaN(), x, result);
}

/// x = m · 2^e with m in [√½, √2).
struct Decomposition {
  Real m, e;
};
Decomposition decompose(Real x) {
  Format format(x);
  // Denormals have no leading one: give them one.
  Real smallest = x.constant(format.wide ? 0x1p-1022 : 0x1p-126);
  Value denormal = x < smallest;
  double shift = format.wide ? 54 : 25;
  Real normal = select(denormal, x * x.constant(format.wide ? 0x1p54 : 0x1p25), x);
  Value bits = arith::BitcastOp::create(format.b, format.bitsType(), normal.value());
  // The representation of √½.
  int64_t root = format.wide ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  Value exponent = format.shiftRight(format.add(bits, -root), format.mantissa());
  Value shifted = arith::ShLIOp::create(format.b, exponent, format.constant(format.bitsType(), format.mantissa()));
  Real m(format.b, arith::BitcastOp::create(format.b, format.type, format.sub(bits, shifted)));
  if (format.wide)
    exponent = arith::TruncIOp::create(format.b, format.integer(32), exponent);
  Real e = format.toReal(exponent);
  return {m, select(denormal, e - shift, e)};
}

/// (2 artanh(s) - 2 s) / s² / s as a function of s², for the logarithm of
/// numbers in [√½, √2].
Real logarithmTail(Real z) {
  if (!z.isWide())
    return polynomial(z, {0.6666666655430018, 0.4000012200081688, 0.2855080255327671, 0.2333096405177204});
  return polynomial(z, {0.6666666666666666, 0.4000000000000088, 0.28571428570801954, 0.22222222392089008,
                        0.18181795600060793, 0.15386241881938595, 0.13268714792348096, 0.1308723619665962});
}

/// log(1 + f) for f in [√½ - 1, √2 - 1]: f - (f²/2 - s (f²/2 + tail)).
Real logarithmNearOne(Real f) {
  Real s = f / (f + 2);
  Real z = s * s;
  Real half = f * f * 0.5;
  return f - (half - s * (half + z * logarithmTail(z)));
}

/// `result` where x is a positive number; else what a logarithm is there.
Real finishLogarithm(Real x, Real result) {
  result = select(x == infinity, x, result);
  result = select(x == 0.0, x.constant(-infinity), result);
  Value positive = arith::CmpFOp::create(x.builder(), arith::CmpFPredicate::OGE, x.value(), x.constant(0).value());
  return select(positive, result, x.constant(nan));
}

/// The logarithm of a positive f64 as a sum, good to more than 60 bits.
std::pair<Real, Real> logarithmOfTwoParts(Real x) {
  Decomposition d = decompose(x);
  Real f = d.m - 1, g = f + 2;
  Real s = f / g;
  // What is missing from s, through the exact remainder of the division.
  Real gLow = f - (g - 2);
  Real sLow = fma(-s, gLow, fma(-s, g, f)) / g;
  Real z = s * s;
  Real low = fma(s * z, logarithmTail(z), sLow * 2) + d.e * ln2Low(x);
  // e · ln 2 in two parts, and the sum of the large ones with its error.
  Real high = d.e * ln2High(x);
  Real highError = fma(d.e, ln2High(x), -high);
  Real twice = s * 2;
  Real sum = high + twice;
  Real part = sum - high;
  Real sumError = (high - (sum - part)) + (twice - part);
  low = low + (sumError + highError);
  Real result = sum + low;
  return {result, low - (result - sum)};
}

/// Runs `function` in f64.
template <typename Function, typename... Arguments>
Real inWide(Function function, Real x, Arguments... rest) {
  return function(x.widened(), rest.widened()...).narrowed();
}

/// A remainder r = x - n π/2 in [-π/4, π/4] of an f64, and n.
struct Quadrant {
  Real r;
  Value n;
};
Quadrant reduceAngle(Real x) {
  Real n = roundEven(x * (1 / piHalf));
  Real r = fma(-n, x.constant(piHalf), x);
  r = fma(-n, x.constant(6.123233995736766e-17), r);
  r = fma(-n, x.constant(-1.4973849048591698e-33), r);
  Format format(x);
  return {r, format.toInteger(least(greatest(n, x.constant(-0x1p30)), x.constant(0x1p30)))};
}

/// Whether bit `bit` of the quadrant's number is set.
Value quadrantBit(Format format, Value n, int64_t bit) {
  Value masked = arith::AndIOp::create(format.b, n, format.constant(n.getType(), bit));
  return arith::CmpIOp::create(format.b, arith::CmpIPredicate::ne, masked, format.constant(n.getType(), 0));
}

Real sineNearZero(Real r) {
  Real z = r * r;
  return fma(r * z,
             polynomial(z, {-0.16666666666666666, 0.008333333333333331, -0.00019841269841265063, 2.7557319219337672e-06,
                            -2.5052106231927857e-08, 1.6058531536611833e-10, -7.586692262094344e-13}),
             r);
}

Real cosineNearZero(Real r) {
  Real z = r * r;
  Real tail =
      polynomial(z, {0.041666666666666664, -0.0013888888888888887, 2.4801587301584645e-05, -2.7557319221401993e-07,
                     2.087675579079147e-09, -1.1470460841811526e-11, 4.7458692024108734e-14});
  return fma(z * z, tail, fma(z, z.constant(-0.5), z.constant(1)));
}

/// atan of an f64 in [0, ∞].
Real arcTangentOfPositive(Real x) {
  // Above 1 through the reciprocal, above tan(π/8) through the difference to π/4.
  Value inverted = x > 1;
  Real t = select(inverted, x.constant(1) / x, x);
  Value upper = t > 0.41421356237309503;
  Real u = select(upper, (t - 1) / (t + 1), t);
  Real z = u * u;
  Real series = polynomial(z, {1.0, -0.33333333333333326, 0.1999999999999701, -0.14285714285329157, 0.11111111085289108,
                               -0.09090908057872502, 0.07692281074229669, -0.06666204885567677, 0.05876830376390379,
                               -0.05217289404904717, 0.04499407099173034, -0.03338565506199253, 0.0151115697574964});
  Real angle = select(upper, fma(u, series, u.constant(piHalf / 2)), u * series);
  Real complement = (x.constant(piHalf) - angle) + 6.123233995736766e-17;
  return select(inverted, complement, angle);
}

/// erfc(x) e^(x²) for x in [1, 28], by a polynomial in (x - 3) / (x + 3).
Real scaledComplement(Real x) {
  return polynomial((x - 3) / (x + 3),
                    {0.17900115118138996,    -0.3262335600430372,    0.2456038017123311,    -0.15011593650077662,
                     0.07166583719795913,    -0.024392499318696324,  0.004269136333516442,  0.0007077464391818998,
                     -0.0005970619608001586, 4.525530176898081e-05,  6.405668158758907e-05, -1.2860596350061318e-05,
                     -7.97888949303997e-06,  2.12095630243759e-06,   1.255029035761768e-06, -2.984460748581384e-07,
                     -2.383974561929355e-07, 3.9410193344182884e-08, 4.602033746156639e-08, -1.0037946067987078e-08,
                     -2.0745902828272892e-09});
}

/// erf for x in [-1, 1].
Real errorFunctionNearZero(Real x) {
  if (!x.isWide())
    return x * polynomial(x * x, {1.128379166, -0.3761262667, 0.1128359472, -0.02685421201, 0.005189087423,
                                  -0.0008016864287, 7.875875063e-05});
  return x * polynomial(x * x, {1.1283791670955126, -0.37612638903183543, 0.11283791670945006, -0.02686617064323777,
                                0.0052239776071164225, -0.0008548325975389692, 0.00012055294904839707,
                                -1.492473690741966e-05, 1.6447424703317362e-06, -1.6208483801871705e-07,
                                1.3720064546777686e-08, -7.795898827002142e-10});
}

/// erfc of an f64 of at least 1.
Real complementOfLarge(Real x) {
  Real bounded = least(greatest(x, x.constant(1)), x.constant(28));
  Real square = bounded * bounded;
  Real error = fma(bounded, bounded, -square);
  return exponential(-square, -error) * scaledComplement(bounded);
}

} // namespace

//===----------------------------------------------------------------------===//
// Exponentials and logarithms
//===----------------------------------------------------------------------===//

Real exp(Real x) { return exponential(x); }

Real exp2(Real x) {
  double low = x.isWide() ? -1090 : -160, high = x.isWide() ? 1030 : 130;
  Real bounded = least(greatest(x, x.constant(low)), x.constant(high));
  Real n = roundEven(bounded);
  Real r = bounded - n;
  Real scaled = fma(r, ln2High(x), r * ln2Low(x));
  return select(x.isNaN(), x, scale(exponentialMinusOne(scaled) + 1, n));
}

Real expm1(Real x) {
  double low = x.isWide() ? -60 : -30, high = x.isWide() ? 710 : 89;
  Real bounded = least(greatest(x, x.constant(low)), x.constant(high));
  Real n = roundEven(bounded * log2e);
  Real r = fma(-n, ln2Low(x), fma(-n, ln2High(x), bounded));
  // 2^n (e^r - 1) + (2^n - 1), with half of 2^n so that it stays finite.
  Format format(x);
  Real power = format.powerOfTwo(format.add(format.toInteger(n), -1));
  Real half = fma(power, exponentialMinusOne(r), power - 0.5);
  return select(x.isNaN(), x, select(x == 0.0, x, half + half));
}

Real log(Real x) {
  Decomposition d = decompose(x);
  Real near = logarithmNearOne(d.m - 1);
  return finishLogarithm(x, fma(d.e, ln2High(x), fma(d.e, ln2Low(x), near)));
}

Real log2(Real x) {
  Decomposition d = decompose(x);
  return finishLogarithm(x, fma(logarithmNearOne(d.m - 1), x.constant(log2e), d.e));
}

Real log10(Real x) {
  if (!x.isWide())
    return inWide(log10, x);
  Decomposition d = decompose(x);
  Real near = logarithmNearOne(d.m - 1) * 0.4342944819032518;
  Real low = fma(d.e, x.constant(-2.8037281277851704e-18), near);
  return finishLogarithm(x, fma(d.e, x.constant(0.3010299956639812), low));
}

Real log1p(Real x) {
  // The rounding of 1 + x, divided by the derivative, goes back in.
  Real sum = x + 1;
  Real lost = x - (sum - 1);
  Real corrected = log(sum) + lost / sum;
  Real result = select(sum == infinity, sum, corrected);
  result = select(x == -1.0, x.constant(-infinity), result);
  return select(x == 0.0, x, result);
}

Real pow(Real x, Real y) {
  Real magnitude = abs(x);
  Real result = magnitude;
  if (x.isWide()) {
    auto [high, low] = logarithmOfTwoParts(magnitude);
    // Outside of numbers the second part means nothing.
    Real logarithm = finishLogarithm(magnitude, high);
    Real product = y * logarithm;
    Real rest = fma(y, logarithm, -product) + y * low;
    result = exponential(product, select(abs(product) < 800, rest, x.constant(0)));
  } else {
    result = exp(y.widened() * log(magnitude.widened())).narrowed();
  }
  // 1 to any power, and -1 to infinity.
  result = select(magnitude == 1.0, select(y.isNaN(), y, x.constant(1)), result);
  // Negative bases: whole exponents only, odd ones keep the sign.
  Real halfOfY = y * 0.5;
  Value whole = trunc(y) == y;
  Value even = trunc(halfOfY) == halfOfY;
  Value finite = abs(y) < infinity;
  Real negated = select(even, result, -result);
  Real signedResult = select(whole, negated, x.constant(nan));
  signedResult = select(finite, signedResult, result);
  Value isZero = magnitude == 0.0;
  signedResult = select(isZero, select(whole, negated, result), signedResult);
  Value isInfinite = magnitude == infinity;
  signedResult = select(isInfinite, select(whole, negated, result), signedResult);
  result = select(x.isNegative(), signedResult, result);
  result = select(x.isNaN(), x, result);
  result = select(x == 1.0, x, result);
  return select(y == 0.0, x.constant(1), result);
}

Real cbrt(Real x) {
  if (!x.isWide())
    return inWide(cbrt, x);
  // Cubes of small roots would lose bits as denormals.
  Value small = abs(x) < 0x1p-600;
  Real magnitude = select(small, abs(x) * 0x1p600, abs(x));
  Real root = exp(log(magnitude) / 3);
  // One step of Newton's method for the last bits.
  Real square = root * root;
  Real better = root - fma(square, root, -magnitude) / (square * 3);
  better = select(small, better * 0x1p-200, better);
  Value special = arith::OrIOp::create(x.builder(), magnitude == 0.0, magnitude == infinity);
  return select(special, x, copySign(better, x));
}

//===----------------------------------------------------------------------===//
// Angles
//===----------------------------------------------------------------------===//

Real sin(Real x) {
  if (!x.isWide())
    return inWide(sin, x);
  Quadrant q = reduceAngle(x);
  Format format(x);
  Real value = select(quadrantBit(format, q.n, 1), cosineNearZero(q.r), sineNearZero(q.r));
  return select(x == 0.0, x, select(quadrantBit(format, q.n, 2), -value, value));
}

Real cos(Real x) {
  if (!x.isWide())
    return inWide(cos, x);
  Quadrant q = reduceAngle(x);
  Format format(x);
  Real value = select(quadrantBit(format, q.n, 1), sineNearZero(q.r), cosineNearZero(q.r));
  return select(quadrantBit(format, format.add(q.n, 1), 2), -value, value);
}

Real tan(Real x) {
  if (!x.isWide())
    return inWide(tan, x);
  Quadrant q = reduceAngle(x);
  Real sine = sineNearZero(q.r), cosine = cosineNearZero(q.r);
  Real value = select(quadrantBit(Format(x), q.n, 1), -(cosine / sine), sine / cosine);
  return select(x == 0.0, x, value);
}

Real atan(Real x) {
  if (!x.isWide())
    return inWide(atan, x);
  return select(x.isNaN(), x, copySign(arcTangentOfPositive(abs(x)), x));
}

Real asin(Real x) {
  if (!x.isWide())
    return inWide(asin, x);
  Real magnitude = abs(x);
  Real other = sqrt((x.constant(1) - magnitude) * (magnitude + 1));
  Real angle = arcTangentOfPositive(magnitude / (other + 1));
  Real result = select(x.isNaN(), x, copySign(angle + angle, x));
  return select(magnitude > 1, x.constant(nan), result);
}

Real acos(Real x) {
  if (!x.isWide())
    return inWide(acos, x);
  Real angle = arcTangentOfPositive(sqrt((x.constant(1) - x) / (x + 1)));
  Real result = select(x.isNaN(), x, angle + angle);
  return select(abs(x) > 1, x.constant(nan), result);
}

Real atan2(Real y, Real x) {
  if (!x.isWide())
    return inWide(atan2, y, x);
  ImplicitLocOpBuilder &b = x.builder();
  Real height = abs(y), width = abs(x);
  Value steep = height > width;
  Real larger = select(steep, height, width), smaller = select(steep, width, height);
  Real ratio = smaller / larger;
  ratio = select(larger == 0.0, x.constant(0), ratio);
  ratio = select(smaller == infinity, x.constant(1), ratio);
  Real angle = arcTangentOfPositive(ratio);
  angle = select(steep, x.constant(piHalf) - angle, angle);
  angle = select(x.isNegative(), x.constant(2 * piHalf) - angle, angle);
  Value unordered = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, x.value(), y.value());
  return select(unordered, x + y, copySign(angle, y));
}

//===----------------------------------------------------------------------===//
// Hyperbolic functions
//===----------------------------------------------------------------------===//

Real sinh(Real x) {
  Real magnitude = abs(x);
  Real e = expm1(magnitude);
  Real usual = (e + e / (e + 1)) * 0.5;
  // Beyond, half of e^x as a product that overflows no sooner than the result.
  Real half = exp(magnitude * 0.5);
  Real large = half * 0.5 * half;
  Real result = select(magnitude > 22, large, usual);
  return select(x == 0.0, x, copySign(result, x));
}

Real cosh(Real x) {
  Real magnitude = abs(x);
  Real half = exp(magnitude * 0.5);
  Real e = exp(magnitude);
  Real usual = (e + x.constant(1) / e) * 0.5;
  return select(magnitude > 22, half * 0.5 * half, usual);
}

Real tanh(Real x) {
  // For 20 and beyond the result is 1.
  Real magnitude = least(abs(x), x.constant(20));
  Real e = expm1(magnitude + magnitude);
  Real result = copySign(e / (e + 2), x);
  return select(x.isNaN(), x, result);
}

Real asinh(Real x) {
  Real magnitude = abs(x);
  Real square = magnitude * magnitude;
  Real usual = log1p(magnitude + square / (sqrt(square + 1) + 1));
  Real large = log(magnitude) + 0.6931471805599453;
  double limit = x.isWide() ? 0x1p28 : 0x1p13;
  return select(x == 0.0, x, copySign(select(magnitude > limit, large, usual), x));
}

Real acosh(Real x) {
  Real above = x - 1;
  Real usual = log1p(above + sqrt(above * above + above * 2));
  Real large = log(x) + 0.6931471805599453;
  double limit = x.isWide() ? 0x1p28 : 0x1p13;
  return select(x < 1, x.constant(nan), select(x > limit, large, usual));
}

Real atanh(Real x) {
  Real magnitude = abs(x);
  Real result = log1p(magnitude * 2 / (x.constant(1) - magnitude)) * 0.5;
  return select(x == 0.0, x, copySign(result, x));
}

//===----------------------------------------------------------------------===//
// Error functions
//===----------------------------------------------------------------------===//

/// erfc of an f32 of at least 1, exact enough to be taken from 1.
static Real complementForDifference(Real x) {
  Real bounded = least(greatest(x, x.constant(1)), x.constant(4.25));
  Real scaled = polynomial((bounded - 2) / (bounded + 2), {0.2553956787, -0.4271860198, 0.2416577348, -0.07896698082,
                                                           0.003745300051, 0.006800156511, -0.0009242564428});
  return exponential(-(bounded * bounded)) * scaled;
}

Real erf(Real x) {
  Real magnitude = abs(x);
  Real complement = x.isWide() ? complementOfLarge(magnitude) : complementForDifference(magnitude);
  Real large = copySign(x.constant(1) - complement, x);
  Real result = select(magnitude < 1, errorFunctionNearZero(x), large);
  return select(x.isNaN(), x, result);
}

Real erfc(Real x) {
  if (!x.isWide())
    return inWide(erfc, x);
  Real magnitude = abs(x);
  Real tail = complementOfLarge(magnitude);
  Real large = select(x < 0, x.constant(2) - tail, tail);
  Real result = select(magnitude < 1, x.constant(1) - errorFunctionNearZero(x), large);
  return select(x.isNaN(), x, result);
}

} // namespace gemlir
