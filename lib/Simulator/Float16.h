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
  explicit operator float() const {
    uint32_t exponent = bits >> 10 & 31, mantissa = bits & 0x3ff, u;
    const uint32_t sign = uint32_t(bits & 0x8000) << 16;
    if (exponent == 31)
      u = 0x7f800000 | mantissa << 13;
    else if (exponent)
      u = (exponent + 112) << 23 | mantissa << 13;
    else {
      const float value = float(mantissa) * 0x1p-24f;
      memcpy(&u, &value, 4);
    }
    u |= sign;
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
