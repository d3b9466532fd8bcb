//===- Arithmetic.h - what scalar instructions compute ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that the expressions of Arithmetic.def use.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_ARITHMETIC_H
#define GE_MLIR_LIB_SIMULATOR_ARITHMETIC_H

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace gemlir {
namespace sim {

inline uint64_t extendWord(uint64_t value) { return uint64_t(int64_t(int32_t(uint32_t(value)))); }

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

inline uint64_t divide(uint64_t a, uint64_t b, bool isSigned, bool remainder) {
  if (b == 0)
    return remainder ? a : ~uint64_t(0);
  if (!isSigned)
    return remainder ? a % b : a / b;
  if (int64_t(a) == std::numeric_limits<int64_t>::min() && int64_t(b) == -1)
    return remainder ? 0 : a;
  return uint64_t(remainder ? int64_t(a) % int64_t(b) : int64_t(a) / int64_t(b));
}

inline uint64_t rotate(uint64_t value, uint64_t by, unsigned width) {
  by &= width - 1;
  const uint64_t mask = width == 64 ? ~uint64_t(0) : 0xffffffff;
  value &= mask;
  return by ? (value << by | value >> (width - by)) & mask : value;
}

inline uint64_t combineBytes(uint64_t value) {
  uint64_t result = 0;
  for (unsigned i = 0; i < 64; i += 8)
    if (value >> i & 0xff)
      result |= uint64_t(0xff) << i;
  return result;
}

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

/// A register seen as a float: one that is not boxed is NaN.
struct Single {
  using Type = float;
  static float get(uint64_t bits) {
    uint32_t low = bits >> 32 == 0xffffffff ? uint32_t(bits) : 0x7fc00000;
    float value;
    memcpy(&value, &low, 4);
    return value;
  }
  static uint64_t put(float value) {
    uint32_t low;
    memcpy(&low, &value, 4);
    if (std::isnan(value))
      low = 0x7fc00000;
    return low | 0xffffffff00000000;
  }
  static constexpr uint64_t kSign = 0x80000000;
};

struct Double {
  using Type = double;
  static double get(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
  }
  static uint64_t put(double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return std::isnan(value) ? 0x7ff8000000000000 : bits;
  }
  static constexpr uint64_t kSign = 0x8000000000000000;
};

/// As the rounding mode of the instruction says; the dynamic one is to nearest.
inline double roundAs(double value, unsigned mode) {
  switch (mode) {
  case 1: return std::trunc(value);
  case 2: return std::floor(value);
  case 3: return std::ceil(value);
  case 4: return std::round(value);
  default: return std::nearbyint(value);
  }
}

template <typename T>
uint64_t convertToInteger(double value, unsigned mode) {
  const double rounded = roundAs(value, mode);
  // Above every value of T, exactly.
  const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
  T result;
  if (std::isnan(rounded) || rounded >= limit)
    result = std::numeric_limits<T>::max();
  else if (rounded < double(std::numeric_limits<T>::min()))
    result = std::numeric_limits<T>::min();
  else
    result = T(rounded);
  return sizeof(T) == 4 ? extendWord(uint64_t(result)) : uint64_t(result);
}

template <typename F>
uint64_t classify(typename F::Type value, bool quiet) {
  const bool negative = std::signbit(value);
  switch (std::fpclassify(value)) {
  case FP_INFINITE: return negative ? 1 << 0 : 1 << 7;
  case FP_NORMAL: return negative ? 1 << 1 : 1 << 6;
  case FP_SUBNORMAL: return negative ? 1 << 2 : 1 << 5;
  case FP_ZERO: return negative ? 1 << 3 : 1 << 4;
  default: return quiet ? 1 << 9 : 1 << 8;
  }
}

template <typename T>
T smaller(T a, T b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? b : a;
  return a < b || (a == b && std::signbit(a)) ? a : b;
}

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_ARITHMETIC_H
