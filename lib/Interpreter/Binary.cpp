//===- Binary.cpp - element-wise operators of several operands ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace gemlir::interp;

namespace {

//===----------------------------------------------------------------------===//
// Drivers
//===----------------------------------------------------------------------===//

/// Calls `body(i, offsets...)` for every element of the broadcast result.
template <typename Body>
LogicalResult forEachBroadcast(Call &call, ArrayRef<Tensor> operands, Body body) {
  SmallVector<ArrayRef<int64_t>> shapes;
  for (const Tensor &operand : operands)
    shapes.push_back(operand.getShape());
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(call, shapes);
  if (failed(shape))
    return failure();
  Tensor &result = call.make(*shape);
  SmallVector<SmallVector<int64_t>> strides;
  for (ArrayRef<int64_t> operandShape : shapes)
    strides.push_back(broadcastStrides(operandShape, *shape));
  SmallVector<int64_t> index(shape->size(), 0), offsets(operands.size());
  for (int64_t i = 0, e = result.size(); i < e; ++i) {
    for (size_t k = 0; k < operands.size(); ++k)
      offsets[k] = offset(index, strides[k]);
    body(result, i, offsets);
    next(index, *shape);
  }
  return success();
}

using FloatFn = double (*)(double, double);
/// Integers with their type, because division, shifts and comparison depend on
/// the sign, and shifts on the width.
using IntFn = int64_t (*)(int64_t, int64_t, IntegerType);

/// Arithmetic: in f64 if any operand is floating point, else exact integers.
template <FloatFn onFloats, IntFn onInts>
LogicalResult arithmetic(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1);
  bool useFloats = a.isFloat() || b.isFloat();
  auto type = dyn_cast<IntegerType>(a.getElementType());
  return forEachBroadcast(call, call.operands, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    if (useFloats)
      result.set(i, onFloats(a.getDouble(at[0]), b.getDouble(at[1])));
    else
      result.setInt(i, onInts(a.getInt(at[0]), b.getInt(at[1]), type));
  });
}

/// Operators of integers only.
template <IntFn onInts>
LogicalResult integral(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1);
  auto type = dyn_cast<IntegerType>(a.getElementType());
  if (!type || b.isFloat())
    return call.error() << "expects integer operands, but got " << a.getElementType() << " and " << b.getElementType();
  return forEachBroadcast(call, call.operands, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    result.setInt(i, onInts(a.getInt(at[0]), b.getInt(at[1]), type));
  });
}

bool isUnsigned(IntegerType type) { return type && (type.isUnsigned() || type.getWidth() == 1); }

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

uint64_t u(int64_t value) { return uint64_t(value); }

double addF(double a, double b) { return a + b; }
int64_t addI(int64_t a, int64_t b, IntegerType type) { return type && type.getWidth() == 1 ? a | b : u(a) + u(b); }
double subF(double a, double b) { return a - b; }
int64_t subI(int64_t a, int64_t b, IntegerType) { return u(a) - u(b); }
double mulF(double a, double b) { return a * b; }
int64_t mulI(int64_t a, int64_t b, IntegerType) { return u(a) * u(b); }
double divF(double a, double b) { return a / b; }

/// Truncates; a zero divisor gives zero, and MIN / -1 wraps.
int64_t divI(int64_t a, int64_t b, IntegerType type) {
  if (b == 0)
    return 0;
  if (isUnsigned(type))
    return u(a) / u(b);
  return b == -1 ? int64_t(-u(a)) : a / b;
}
int64_t modI(int64_t a, int64_t b, IntegerType type) {
  if (b == 0 || (b == -1 && !isUnsigned(type)))
    return 0;
  return isUnsigned(type) ? int64_t(u(a) % u(b)) : a % b;
}
double modF(double a, double b) { return std::fmod(a, b); }

double floorDivF(double a, double b) { return std::floor(a / b); }
int64_t floorDivI(int64_t a, int64_t b, IntegerType type) {
  int64_t quotient = divI(a, b, type);
  if (isUnsigned(type) || b == 0 || b == -1)
    return quotient;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
double floorModF(double a, double b) {
  double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
int64_t floorModI(int64_t a, int64_t b, IntegerType type) {
  int64_t rest = modI(a, b, type);
  return !isUnsigned(type) && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// NaN if either is.
double maxF(double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : (a > b ? a : b); }
double minF(double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : (a < b ? a : b); }
bool lessI(int64_t a, int64_t b, IntegerType type) { return isUnsigned(type) ? u(a) < u(b) : a < b; }
int64_t maxI(int64_t a, int64_t b, IntegerType type) { return lessI(a, b, type) ? b : a; }
int64_t minI(int64_t a, int64_t b, IntegerType type) { return lessI(b, a, type) ? b : a; }

double powF(double a, double b) { return std::pow(a, b); }
/// By squaring, wrapping; a negative exponent gives the truncated reciprocal.
int64_t powI(int64_t a, int64_t b, IntegerType type) {
  if (b < 0 && !isUnsigned(type))
    return a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
  uint64_t result = 1, base = u(a);
  for (uint64_t e = u(b); e; e >>= 1, base *= base)
    if (e & 1)
      result *= base;
  return result;
}

double squaredDifferenceF(double a, double b) { return (a - b) * (a - b); }
int64_t squaredDifferenceI(int64_t a, int64_t b, IntegerType) { return (u(a) - u(b)) * (u(a) - u(b)); }
double atan2F(double a, double b) { return std::atan2(a, b); }
int64_t noInts(int64_t, int64_t, IntegerType) { return 0; }

int64_t andI(int64_t a, int64_t b, IntegerType) { return a & b; }
int64_t orI(int64_t a, int64_t b, IntegerType) { return a | b; }
int64_t xorI(int64_t a, int64_t b, IntegerType) { return a ^ b; }
/// Shifting by the width or more leaves no bit (or the sign only).
int64_t shlI(int64_t a, int64_t b, IntegerType type) { return u(b) >= type.getWidth() ? 0 : int64_t(u(a) << u(b)); }
int64_t shrI(int64_t a, int64_t b, IntegerType type) {
  bool out = u(b) >= type.getWidth();
  if (isUnsigned(type))
    return out ? 0 : int64_t(u(a) >> u(b));
  return out ? (a < 0 ? -1 : 0) : a >> b;
}
int64_t logicalAndI(int64_t a, int64_t b, IntegerType) { return a != 0 && b != 0; }
int64_t logicalOrI(int64_t a, int64_t b, IntegerType) { return a != 0 || b != 0; }

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

enum class Relation { EQ, NE, GT, GE, LT, LE };

template <typename T>
bool holds(Relation relation, T a, T b) {
  switch (relation) {
  case Relation::EQ: return a == b;
  case Relation::NE: return a != b;
  case Relation::GT: return a > b;
  case Relation::GE: return a >= b;
  case Relation::LT: return a < b;
  case Relation::LE: return a <= b;
  }
  return false;
}

template <Relation relation>
LogicalResult compare(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1);
  return forEachBroadcast(call, call.operands, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    bool value;
    if (a.isFloat() || b.isFloat())
      value = holds(relation, a.getDouble(at[0]), b.getDouble(at[1]));
    else if (a.isUnsigned())
      value = holds(relation, u(a.getInt(at[0])), u(b.getInt(at[1])));
    else
      value = holds(relation, a.getInt(at[0]), b.getInt(at[1]));
    result.setInt(i, value);
  });
}

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

/// A vector of slopes runs along the channels (dimension 1); others broadcast.
LogicalResult prelu(Call &call) {
  Tensor x = call.in(0), weight = call.in(1);
  if (x.getRank() >= 2 && weight.getRank() == 1) {
    SmallVector<int64_t> shape(x.getRank() - 1, 1);
    shape.front() = weight.getDim(0);
    weight = weight.reshaped(shape);
  }
  return forEachBroadcast(call, {x, weight}, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    double value = x.getDouble(at[0]);
    result.set(i, value < 0 ? value * weight.getDouble(at[1]) : value);
  });
}

LogicalResult clip(Call &call) {
  const Tensor &x = call.in(0), &low = call.in(1), &high = call.in(2);
  auto type = dyn_cast<IntegerType>(x.getElementType());
  return forEachBroadcast(call, call.operands, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    if (!x.isFloat()) {
      result.setInt(i, minI(maxI(x.getInt(at[0]), low.getInt(at[1]), type), high.getInt(at[2]), type));
      return;
    }
    double value = x.getDouble(at[0]);
    double bound = low.getDouble(at[1]);
    value = value < bound ? bound : value;
    bound = high.getDouble(at[2]);
    result.set(i, value > bound ? bound : value);
  });
}

LogicalResult select(Call &call) {
  const Tensor &condition = call.in(0), &x1 = call.in(1), &x2 = call.in(2);
  return forEachBroadcast(call, call.operands, [&](Tensor &result, int64_t i, ArrayRef<int64_t> at) {
    if (condition.getInt(at[0]))
      result.copyElement(i, x1, at[1]);
    else
      result.copyElement(i, x2, at[2]);
  });
}

} // namespace

void gemlir::interp::registerBinary(Registry &registry) {
  registry["add"] = arithmetic<addF, addI>;
  registry["sub"] = arithmetic<subF, subI>;
  registry["mul"] = arithmetic<mulF, mulI>;
  registry["div"] = arithmetic<divF, divI>;
  registry["real_div"] = arithmetic<divF, divI>;
  registry["maximum"] = arithmetic<maxF, maxI>;
  registry["minimum"] = arithmetic<minF, minI>;
  registry["pow"] = arithmetic<powF, powI>;
  registry["squared_difference"] = arithmetic<squaredDifferenceF, squaredDifferenceI>;
  registry["floor_div"] = arithmetic<floorDivF, floorDivI>;
  registry["floor_mod"] = arithmetic<floorModF, floorModI>;
  registry["mod"] = arithmetic<modF, modI>;
  registry["atan2"] = arithmetic<atan2F, noInts>;
  registry["bitwise_and"] = integral<andI>;
  registry["bitwise_or"] = integral<orI>;
  registry["bitwise_xor"] = integral<xorI>;
  registry["left_shift"] = integral<shlI>;
  registry["right_shift"] = integral<shrI>;
  registry["logical_and"] = integral<logicalAndI>;
  registry["logical_or"] = integral<logicalOrI>;
  registry["equal"] = compare<Relation::EQ>;
  registry["not_equal"] = compare<Relation::NE>;
  registry["greater"] = compare<Relation::GT>;
  registry["greater_equal"] = compare<Relation::GE>;
  registry["less"] = compare<Relation::LT>;
  registry["less_equal"] = compare<Relation::LE>;
  registry["p_relu"] = prelu;
  registry["clip_by_value_v2"] = clip;
  registry["select"] = select;
}
