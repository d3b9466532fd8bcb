//===- VectorTypes.h - elements of the vector unit -------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_VECTORTYPES_H
#define GE_MLIR_LIB_SIMULATOR_VECTORTYPES_H

#include "Core.h"
#include "Float16.h"

#include <cmath>
#include <cstring>
#include <type_traits>

namespace gemlir {
namespace sim {

/// What an element is computed in: floats of 16 bits in f32, integers in their
/// own width, wrapping.
template <typename T>
struct ComputeType {
  using type = T;
};
template <>
struct ComputeType<Half> {
  using type = float;
};
template <>
struct ComputeType<BFloat> {
  using type = float;
};
template <typename T>
using Compute = typename ComputeType<T>::type;

template <typename T>
constexpr bool isFloat = std::is_same_v<Compute<T>, float>;

template <typename T>
Compute<T> load(const uint8_t *at) {
  T value;
  memcpy(&value, at, sizeof(T));
  return Compute<T>(value);
}
template <typename T>
void store(uint8_t *at, Compute<T> value) {
  const T result(value);
  memcpy(at, &result, sizeof(T));
}
/// A scalar operand: its low bits.
template <typename T>
Compute<T> scalarOf(uint64_t bits) {
  T value;
  memcpy(&value, &bits, sizeof(T));
  return Compute<T>(value);
}

/// Calls `f` with a value of the C++ type of an element type's code.
template <typename F>
bool withType(uint64_t type, F &&f) {
  switch (engine::Type(type)) {
  case engine::Type::F16: return f(Half());
  case engine::Type::BF16: return f(BFloat());
  case engine::Type::F32: return f(float());
  case engine::Type::S8: return f(int8_t());
  case engine::Type::S16: return f(int16_t());
  case engine::Type::S32: return f(int32_t());
  case engine::Type::U8: return f(uint8_t());
  case engine::Type::U32: return f(uint32_t());
  }
  return false;
}

inline uint8_t *inUnifiedBuffer(Core &core, uint64_t blk) {
  return core.host(engine::tagged(engine::Space::UB, blk * 32));
}
inline bool getBit(const uint8_t *bits, uint64_t i) { return bits[i / 8] >> (i % 8) & 1; }
inline void putBit(uint8_t *bits, uint64_t i, bool value) {
  bits[i / 8] = uint8_t((bits[i / 8] & ~(1u << i % 8)) | unsigned(value) << i % 8);
}

/// The larger or smaller; NaN if any is.
template <typename C>
C maximum(C a, C b) {
  return a != a || a > b ? a : b;
}
template <typename C>
C minimum(C a, C b) {
  return a != a || a < b ? a : b;
}

/// Arithmetic that wraps for integers.
template <typename C, typename F>
C wrapping(C a, C b, F &&f) {
  if constexpr (std::is_floating_point_v<C>)
    return f(a, b);
  else
    return C(f(uint64_t(int64_t(a)), uint64_t(int64_t(b))));
}

/// Bits of an integer element; floats have no such operations.
template <typename C>
C bitwise(uint64_t op, C a, C b) {
  if constexpr (std::is_floating_point_v<C>) {
    return a;
  } else {
    constexpr uint64_t kWidth = sizeof(C) * 8;
    const uint64_t x = uint64_t(int64_t(a)), y = uint64_t(int64_t(b));
    switch (op) {
    case 6: return C(x & y);
    case 7: return C(x | y);
    case 8: return C(x ^ y);
    case 9: return y < kWidth ? C(x << y) : C(0);
    default: return C(a >> (y < kWidth ? y : kWidth - 1) >> (y < kWidth || std::is_signed_v<C> ? 0 : 1));
    }
  }
}

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_VECTORTYPES_H
