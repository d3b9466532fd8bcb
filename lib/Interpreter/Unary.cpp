//===- Unary.cpp - element-wise operators of one operand ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace gemlir::interp;

namespace {

double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double sign(double x) { return std::isnan(x) ? x : double((x > 0) - (x < 0)); }
double relu(double x) { return x < 0 ? 0 : x; }
double relu6(double x) { return x < 0 ? 0 : x > 6 ? 6 : x; }
double gelu(double x) { return 0.5 * x * std::erfc(-x * M_SQRT1_2); }
double geluTanh(double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }
double selu(double x) {
  const double scale = 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717;
  return x > 0 ? scale * x : scale * alpha * std::expm1(x);
}
/// Half to even, whatever the current rounding mode.
double roundHalfEven(double x) {
  double rounded = std::round(x);
  return std::fabs(x - std::trunc(x)) == 0.5 ? 2 * std::round(x / 2) : rounded;
}

template <typename Fn>
LogicalResult map(Call &call, Fn fn) {
  const Tensor &x = call.in(0);
  Tensor &result = call.make(x.getShape());
  for (int64_t i = 0, e = x.size(); i < e; ++i)
    result.set(i, fn(x.getDouble(i)));
  return success();
}

template <double (*fn)(double)>
LogicalResult floatMap(Call &call) {
  return map(call, fn);
}

/// Operators defined on integers too, exactly.
template <double (*onFloat)(double), int64_t (*onInt)(int64_t, bool isUnsigned)>
LogicalResult anyMap(Call &call) {
  const Tensor &x = call.in(0);
  if (x.isFloat())
    return map(call, onFloat);
  Tensor &result = call.make(x.getShape());
  for (int64_t i = 0, e = x.size(); i < e; ++i)
    result.setInt(i, onInt(x.getInt(i), x.isUnsigned()));
  return success();
}

double neg(double x) { return -x; }
int64_t negInt(int64_t x, bool) { return int64_t(-uint64_t(x)); }
int64_t absInt(int64_t x, bool isUnsigned) { return !isUnsigned && x < 0 ? int64_t(-uint64_t(x)) : x; }
int64_t signInt(int64_t x, bool isUnsigned) { return isUnsigned ? x != 0 : (x > 0) - (x < 0); }
double square(double x) { return x * x; }
int64_t squareInt(int64_t x, bool) { return int64_t(uint64_t(x) * uint64_t(x)); }
int64_t reluInt(int64_t x, bool isUnsigned) { return !isUnsigned && x < 0 ? 0 : x; }
int64_t relu6Int(int64_t x, bool isUnsigned) {
  if (x < 0)
    return isUnsigned ? 6 : 0;
  return x > 6 ? 6 : x;
}
int64_t same(int64_t x, bool) { return x; }
double reciprocal(double x) { return 1 / x; }
double rsqrt(double x) { return 1 / std::sqrt(x); }
double softsign(double x) { return x / (1 + std::fabs(x)); }
double hardSwish(double x) { return x * relu6(x + 3) / 6; }
double mish(double x) { return x * std::tanh(softplus(x)); }
double fastGelu(double x) { return x * sigmoid(1.702 * x); }
double isNan(double x) { return std::isnan(x); }
double isInf(double x) { return std::isinf(x); }
double isFinite(double x) { return std::isfinite(x); }

LogicalResult exp(Call &call) {
  double base = call.floatAttr("base", -1), scale = call.floatAttr("scale", 1), shift = call.floatAttr("shift");
  double factor = base > 0 ? std::log(base) : 1;
  return map(call, [=](double x) { return std::exp((scale * x + shift) * factor); });
}

LogicalResult log(Call &call) {
  double base = call.floatAttr("base", -1), scale = call.floatAttr("scale", 1), shift = call.floatAttr("shift");
  double factor = base > 0 ? 1 / std::log(base) : 1;
  return map(call, [=](double x) { return std::log(scale * x + shift) * factor; });
}

LogicalResult round(Call &call) {
  if (!call.in(0).isFloat())
    return anyMap<roundHalfEven, same>(call);
  double scale = std::pow(10.0, double(call.intAttr("decimals")));
  return map(call, [=](double x) { return roundHalfEven(x * scale) / scale; });
}

LogicalResult gelus(Call &call) {
  return call.strAttr("approximate") == "tanh" ? map(call, geluTanh) : map(call, gelu);
}

LogicalResult leakyRelu(Call &call) {
  double slope = call.floatAttr("negative_slope");
  return map(call, [=](double x) { return x < 0 ? slope * x : x; });
}

LogicalResult elu(Call &call) {
  double alpha = call.floatAttr("alpha", 1), scale = call.floatAttr("scale", 1), in = call.floatAttr("input_scale", 1);
  return map(call, [=](double x) { return x > 0 ? scale * x : scale * alpha * std::expm1(in * x); });
}

LogicalResult celu(Call &call) {
  double a1 = call.floatAttr("alpha1", 1), a2 = call.floatAttr("alpha2", 1), a3 = call.floatAttr("alpha3", 1);
  return map(call, [=](double x) { return x > 0 ? a3 * x : x <= 0 ? a1 * std::expm1(x / a2) : x; });
}

LogicalResult hardSigmoid(Call &call) {
  double alpha = call.floatAttr("alpha", 0.16666666), beta = call.floatAttr("beta", 0.5);
  return map(call, [=](double x) {
    double y = alpha * x + beta;
    return y < 0 ? 0 : y > 1 ? 1 : y;
  });
}

LogicalResult thresholdedRelu(Call &call) {
  double alpha = call.floatAttr("alpha", 1);
  return map(call, [=](double x) { return x <= alpha ? 0 : x; });
}

LogicalResult hardShrink(Call &call) {
  double lambd = call.floatAttr("lambd", 0.5);
  return map(call, [=](double x) { return x >= -lambd && x <= lambd ? 0 : x; });
}

LogicalResult softShrink(Call &call) {
  double lambd = call.floatAttr("lambd", 0.5);
  return map(call, [=](double x) { return x > lambd ? x - lambd : x < -lambd ? x + lambd : x == x ? 0 : x; });
}

LogicalResult swish(Call &call) {
  double scale = call.floatAttr("scale", 1);
  return map(call, [=](double x) { return x * sigmoid(scale * x); });
}

LogicalResult logicalNot(Call &call) {
  return map(call, [](double x) { return double(x == 0); });
}

LogicalResult invert(Call &call) {
  const Tensor &x = call.in(0);
  if (x.isFloat())
    return call.error() << "expects an integer operand, but got " << x.getElementType();
  Tensor &result = call.make(x.getShape());
  for (int64_t i = 0, e = x.size(); i < e; ++i)
    result.setInt(i, ~x.getInt(i));
  return success();
}

/// To integers truncates and wraps, to i1 asks whether the value is not zero.
LogicalResult bitcastTo(Call &call) {
  const Tensor &x = call.in(0);
  Tensor &result = call.make(x.getShape());
  FailureOr<Tensor> same = Tensor::fromBytes(result.getType(), x.toBytes());
  if (failed(same))
    return call.error() << "expects elements that have bytes";
  result = std::move(*same);
  return success();
}

LogicalResult castTo(Call &call) {
  const Tensor &x = call.in(0);
  Tensor &result = call.make(x.getShape());
  bool toBool = result.getElementType().isInteger(1);
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    if (toBool)
      result.setInt(i, x.getDouble(i) != 0);
    else if (x.isFloat() || result.isFloat())
      result.set(i, x.getDouble(i));
    else
      result.setInt(i, x.getInt(i));
  }
  return success();
}

LogicalResult identity(Call &call) {
  call.results.push_back(call.in(0));
  return success();
}

} // namespace

void gemlir::interp::registerUnary(Registry &registry) {
  registry["abs"] = anyMap<std::fabs, absInt>;
  registry["neg"] = anyMap<neg, negInt>;
  registry["sign"] = anyMap<sign, signInt>;
  registry["square"] = anyMap<square, squareInt>;
  registry["relu"] = anyMap<relu, reluInt>;
  registry["relu6"] = anyMap<relu6, relu6Int>;
  registry["ceil"] = anyMap<std::ceil, same>;
  registry["floor"] = anyMap<std::floor, same>;
  registry["rint"] = anyMap<roundHalfEven, same>;
  registry["sqrt"] = floatMap<std::sqrt>;
  registry["rsqrt"] = floatMap<rsqrt>;
  registry["expm1"] = floatMap<std::expm1>;
  registry["log1p"] = floatMap<std::log1p>;
  registry["reciprocal"] = floatMap<reciprocal>;
  registry["sin"] = floatMap<std::sin>;
  registry["cos"] = floatMap<std::cos>;
  registry["tan"] = floatMap<std::tan>;
  registry["asin"] = floatMap<std::asin>;
  registry["acos"] = floatMap<std::acos>;
  registry["atan"] = floatMap<std::atan>;
  registry["sinh"] = floatMap<std::sinh>;
  registry["cosh"] = floatMap<std::cosh>;
  registry["tanh"] = floatMap<std::tanh>;
  registry["asinh"] = floatMap<std::asinh>;
  registry["acosh"] = floatMap<std::acosh>;
  registry["atanh"] = floatMap<std::atanh>;
  registry["erf"] = floatMap<std::erf>;
  registry["softplus"] = floatMap<softplus>;
  registry["softsign"] = floatMap<softsign>;
  registry["is_nan"] = floatMap<isNan>;
  registry["is_inf"] = floatMap<isInf>;
  registry["is_finite"] = floatMap<isFinite>;
  registry["selu"] = floatMap<selu>;
  registry["hard_swish"] = floatMap<hardSwish>;
  registry["sigmoid"] = floatMap<sigmoid>;
  registry["mish"] = floatMap<mish>;
  registry["fast_gelu"] = floatMap<fastGelu>;
  registry["gelu"] = floatMap<geluTanh>;
  registry["gelu_v2"] = gelus;
  registry["exp"] = exp;
  registry["log"] = log;
  registry["round"] = round;
  registry["leaky_relu"] = leakyRelu;
  registry["elu"] = elu;
  registry["celu"] = celu;
  registry["hard_sigmoid"] = hardSigmoid;
  registry["thresholded_relu"] = thresholdedRelu;
  registry["hard_shrink"] = hardShrink;
  registry["soft_shrink"] = softShrink;
  registry["swish"] = swish;
  registry["logical_not"] = logicalNot;
  registry["invert"] = invert;
  registry["bitcast"] = bitcastTo;
  registry["cast"] = castTo;
  registry["identity"] = identity;
}
