//===- Float16.h - numbers of 16 bits --------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_FLOAT16_H
#define GE_MLIR_LIB_SIMULATOR_FLOAT16_H

#include <cstdint>
#include <cstring>

namespace gemlir {
namespace sim {

/// IEEE half precision; arithmetic is in f32, each result rounded to nearest even.
struct Half {
  uint16_t bits = 0;

  Half() = default;
  /// Without branches, so that loops over it become vector code.
  explicit Half(float value) {
    uint32_t u, sum;
    memcpy(&u, &value, 4);
    const uint32_t sign = u >> 16 & 0x8000;
    u &= 0x7fffffff;
    // Subnormal or zero: to add aligns the mantissa, and rounds.
    float magnitude;
    memcpy(&magnitude, &u, 4);
    magnitude += 0.5f;
    memcpy(&sum, &magnitude, 4);
    const uint32_t small = sum - 0x3f000000;
    const uint32_t normal = (u - 0x38000000 + 0xfff + (u >> 13 & 1)) >> 13;
    const uint32_t finite = u < 0x38800000 ? small : normal;
    // What rounds to 65536 is too large.
    const uint32_t large = u > 0x7f800000 ? 0x7e00 : 0x7c00;
    bits = uint16_t(sign | (u >= 0x477ff000 ? large : finite));
  }
  /// The same.
  explicit operator float() const {
    const uint32_t magnitude = bits & 0x7fff, sign = uint32_t(bits & 0x8000) << 16;
    const float tiny = float(int32_t(magnitude)) * 0x1p-24f;
    uint32_t small;
    memcpy(&small, &tiny, 4);
    const uint32_t normal = (magnitude << 13) + (112u << 23);
    const uint32_t large = magnitude >= 0x7c00 ? normal | 0x7f800000 : normal;
    const uint32_t u = (magnitude < 0x400 ? small : large) | sign;
    float result;
    memcpy(&result, &u, 4);
    return result;
  }
};

struct BFloat {
  uint16_t bits = 0;

  BFloat() = default;
  explicit BFloat(float value) {
    uint32_t u;
    memcpy(&u, &value, 4);
    bits = (u & 0x7fffffff) > 0x7f800000 ? uint16_t(u >> 16 | 0x40) : uint16_t((u + 0x7fff + (u >> 16 & 1)) >> 16);
  }
  explicit operator float() const {
    const uint32_t u = uint32_t(bits) << 16;
    float result;
    memcpy(&result, &u, 4);
    return result;
  }
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_FLOAT16_H
