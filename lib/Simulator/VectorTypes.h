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

#include <algorithm>
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

/// The same for the types that functions and operations take.
template <typename F>
bool withWord(uint64_t type, F &&f) {
  switch (engine::Type(type)) {
  case engine::Type::F16: return f(Half());
  case engine::Type::F32: return f(float());
  case engine::Type::S16: return f(int16_t());
  case engine::Type::S32: return f(int32_t());
  case engine::Type::U32: return f(uint32_t());
  default: return false;
  }
}

//===----------------------------------------------------------------------===//
// Loops for more than one processor
//===----------------------------------------------------------------------===//

#define GEMLIR_INLINE __attribute__((always_inline)) inline

template <typename Loop, typename... Args>
void runPlain(const Args &...args) {
  Loop::run(args...);
}
#if defined(__x86_64__)
template <typename Loop, typename... Args>
__attribute__((target("avx2,fma"))) void runWide(const Args &...args) {
  Loop::run(args...);
}
#endif

/// Calls `Loop::run`, which is inlined into code for the processor at hand.
template <typename Loop, typename... Args>
void runOnProcessor(const Args &...args) {
#if defined(__x86_64__)
  static const bool isWide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isWide)
    return runWide<Loop>(args...);
#endif
  runPlain<Loop>(args...);
}

/// Calls `f` with a constant, so that a loop in it has no choice left to make.
template <typename F>
GEMLIR_INLINE void withOp(uint64_t op, F &&f) {
  switch (op) {
#define GEMLIR_OP(n)                                                                                                   \
  case n: return f(std::integral_constant<uint64_t, n>());
    GEMLIR_OP(0)
    GEMLIR_OP(1) GEMLIR_OP(2) GEMLIR_OP(3) GEMLIR_OP(4) GEMLIR_OP(5) GEMLIR_OP(6) GEMLIR_OP(7) GEMLIR_OP(8) GEMLIR_OP(9)
        GEMLIR_OP(10) GEMLIR_OP(11) GEMLIR_OP(12) GEMLIR_OP(13) GEMLIR_OP(14) GEMLIR_OP(15)
#undef GEMLIR_OP
  }
}

/// A repeat of the unit: what it computes on at once. It reads all of it before it
/// writes any.
template <typename T>
struct Repeat {
  static constexpr uint64_t kLanes = 256 / sizeof(T);
  Compute<T> lanes[kLanes];

  /// Elements from `at` on of a row whose blocks of 32 bytes are a stride's code apart.
  GEMLIR_INLINE void read(const uint8_t *row, uint64_t at, uint64_t count, uint64_t code = 1) {
    const uint8_t *from = row + at * sizeof(T);
    uint8_t packed[256];
    if (code != 1) {
      from = row + at * sizeof(T) / 32 * engine::strideOf(code) * 32;
      for (uint64_t byte = 0; byte < count * sizeof(T); byte += 32)
        memcpy(packed + byte, from + byte / 32 * engine::strideOf(code) * 32,
               std::min<uint64_t>(32, count * sizeof(T) - byte));
      from = packed;
    }
    for (uint64_t i = 0; i < count; ++i)
      lanes[i] = load<T>(from + i * sizeof(T));
  }
  GEMLIR_INLINE void write(uint8_t *row, uint64_t at, uint64_t count, uint64_t code = 1) const {
    uint8_t packed[256];
    uint8_t *to = code == 1 ? row + at * sizeof(T) : packed;
    for (uint64_t i = 0; i < count; ++i)
      store<T>(to + i * sizeof(T), lanes[i]);
    if (code == 1)
      return;
    to = row + at * sizeof(T) / 32 * engine::strideOf(code) * 32;
    for (uint64_t byte = 0; byte < count * sizeof(T); byte += 32)
      memcpy(to + byte / 32 * engine::strideOf(code) * 32, packed + byte,
             std::min<uint64_t>(32, count * sizeof(T) - byte));
  }
  GEMLIR_INLINE void fill(Compute<T> value) {
    for (uint64_t i = 0; i < kLanes; ++i)
      lanes[i] = value;
  }
  /// Each lane becomes f(lane, that of `other`).
  template <typename F>
  GEMLIR_INLINE void combine(const Repeat &other, uint64_t count, F &&f) {
    for (uint64_t i = 0; i < count; ++i)
      lanes[i] = f(lanes[i], other.lanes[i]);
  }
};

/// Calls f(row, first element, elements) for each repeat of each row.
template <typename T, typename F>
GEMLIR_INLINE void forEachRepeat(uint64_t rows, uint64_t cols, F &&f) {
  for (uint64_t row = 0; row < rows; ++row)
    for (uint64_t at = 0; at < cols; at += Repeat<T>::kLanes)
      f(row, at, std::min(cols - at, Repeat<T>::kLanes));
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
