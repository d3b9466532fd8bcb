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
  explicit Half(float value) {
    uint32_t u;
    memcpy(&u, &value, 4);
    const uint16_t sign = uint16_t(u >> 16 & 0x8000);
    u &= 0x7fffffff;
    if (u > 0x7f800000) {
      bits = sign | 0x7e00;
    } else if (u >= 0x477ff000) { // rounds to 65536 or is larger
      bits = sign | 0x7c00;
    } else if (u < 0x38800000) { // subnormal or zero: add aligns the mantissa and rounds
      float magnitude, half = 0.5f;
      memcpy(&magnitude, &u, 4);
      magnitude += half;
      uint32_t sum;
      memcpy(&sum, &magnitude, 4);
      bits = sign | uint16_t(sum - 0x3f000000);
    } else {
      const uint32_t odd = u >> 13 & 1;
      bits = sign | uint16_t((u - 0x38000000 + 0xfff + odd) >> 13);
    }
  }
  /// Without branches, so that loops over it become vector code.
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
