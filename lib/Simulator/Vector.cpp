//===- Vector.cpp - element-wise commands of the vector unit --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorTypes.h"

#include <algorithm>
#include <vector>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

template <typename C>
static C applyUnary(uint64_t op, C a) {
  if constexpr (std::is_floating_point_v<C>) {
    switch (op) {
    case 0: return std::fabs(a);
    case 1: return -a;
    case 2: return std::exp(a);
    case 3: return std::log(a);
    case 4: return std::sqrt(a);
    case 5: return C(1) / std::sqrt(a);
    case 6: return C(1) / a;
    case 7: return a > 0 || a != a ? a : C(0);
    case 9: return std::sin(a);
    case 10: return std::cos(a);
    case 11: return std::tanh(a);
    case 12: return std::erf(a);
    case 13: return std::floor(a);
    case 14: return std::ceil(a);
    default: return std::nearbyint(a);
    }
  } else {
    switch (op) {
    case 1: return C(0 - uint64_t(int64_t(a)));
    case 7: return a > C(0) ? a : C(0);
    default: return C(~a);
    }
  }
}

bool perform(Core &core, const VUnary &c) {
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    for (uint64_t row = 0; row < c.rows && c.cols; ++row) {
      const uint8_t *src = inUnifiedBuffer(core, c.src) + row * c.sPitch * 32;
      uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
      for (uint64_t i = 0; i < c.cols; ++i)
        store<T>(dst + i * sizeof(T), applyUnary(c.op, load<T>(src + i * sizeof(T))));
    }
    return true;
  });
}

template <typename C>
static C applyBinary(uint64_t op, C a, C b) {
  switch (op) {
  case 0: return wrapping(a, b, [](auto x, auto y) { return x + y; });
  case 1: return wrapping(a, b, [](auto x, auto y) { return x - y; });
  case 2: return wrapping(a, b, [](auto x, auto y) { return x * y; });
  case 3:
    if constexpr (std::is_floating_point_v<C>)
      return a / b;
    return a;
  case 4: return maximum(a, b);
  case 5: return minimum(a, b);
  default: return bitwise(op, a, b);
  }
}

/// `op` counts from eq: eq, ne, lt, le, gt, ge.
template <typename C>
static bool compare(uint64_t op, C a, C b) {
  switch (op) {
  case 0: return a == b;
  case 1: return a != b;
  case 2: return a < b;
  case 3: return a <= b;
  case 4: return a > b;
  default: return a >= b;
  }
}

/// Byte of element i of a row whose blocks are a stride's code apart.
static uint64_t elementOffset(uint64_t i, uint64_t bytes, uint64_t code) {
  const uint64_t at = i * bytes;
  return code == 1 ? at : at / 32 * strideOf(code) * 32 + at % 32;
}

bool perform(Core &core, const VBinary &c) {
  if (!c.rows || !c.cols)
    return true;
  if (c.mask && size(c.type) == 1)
    return core.fail("type", "a masked command has elements of 2 or 4 bytes");
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    constexpr uint64_t kCompare = 11, kBytes = sizeof(T), kLanes = 256 / kBytes;
    for (uint64_t row = 0; row < c.rows; ++row) {
      const uint8_t *a = inUnifiedBuffer(core, c.a) + row * c.aPitch * 32;
      const uint8_t *b = inUnifiedBuffer(core, c.b) + row * c.bPitch * 32;
      uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
      for (uint64_t i = 0; i < c.cols; ++i) {
        const auto x = load<T>(a + elementOffset(i, kBytes, c.aStride));
        const auto y = load<T>(b + elementOffset(i, kBytes, c.bStride));
        const uint64_t lane = i % kLanes;
        if (c.op >= kCompare)
          putBit(dst, i, compare(c.op - kCompare, x, y));
        else if (!c.mask || (core.laneMask[lane / 64] >> lane % 64 & 1))
          store<T>(dst + elementOffset(i, kBytes, c.dStride), applyBinary(c.op, x, y));
      }
    }
    return true;
  });
}

template <typename C>
static C applyScalar(uint64_t op, C a, C s) {
  switch (op) {
  case 0: return applyBinary(0, a, s);
  case 1: return applyBinary(1, s, a);
  case 2: return applyBinary(2, a, s);
  case 3: return applyBinary(3, a, s);
  case 4: return applyBinary(3, s, a);
  case 5: return applyBinary(4, a, s);
  case 6: return applyBinary(5, a, s);
  case 7: return a >= C(0) ? a : applyBinary(2, a, s);
  case 8: return bitwise(9, a, s);
  default: return bitwise(10, a, s);
  }
}

bool perform(Core &core, const VScalar &c) {
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    constexpr uint64_t kCompare = 10;
    const auto scalar = scalarOf<T>(c.scalar);
    for (uint64_t row = 0; row < c.rows && c.cols; ++row) {
      const uint8_t *src = inUnifiedBuffer(core, c.src) + row * c.sPitch * 32;
      uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
      for (uint64_t i = 0; i < c.cols; ++i) {
        const auto value = load<T>(src + i * sizeof(T));
        if (c.op >= kCompare)
          putBit(dst, i, compare(c.op - kCompare, value, scalar));
        else
          store<T>(dst + i * sizeof(T), applyScalar(c.op, value, scalar));
      }
    }
    return true;
  });
}

bool perform(Core &core, const VTernary &c) {
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    for (uint64_t row = 0; row < c.rows && c.cols; ++row) {
      const uint8_t *a = inUnifiedBuffer(core, c.a) + row * c.aPitch * 32;
      const uint8_t *b = inUnifiedBuffer(core, c.b) + row * c.bPitch * 32;
      const uint8_t *third = inUnifiedBuffer(core, c.c) + row * c.cPitch * 32;
      uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
      for (uint64_t i = 0; i < c.cols; ++i) {
        const uint64_t at = i * sizeof(T);
        auto result = load<T>(a + at);
        const auto other = load<T>(b + at);
        if (c.op == 1)
          result = getBit(third, i) ? result : other;
        else if (c.op == 2)
          result = minimum(maximum(result, other), load<T>(third + at));
        else if constexpr (isFloat<T>)
          result = std::fma(result, other, load<T>(third + at));
        store<T>(dst + at, result);
      }
    }
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

static double roundValue(double value, uint64_t how) {
  switch (how) {
  case 1: return std::floor(value);
  case 2: return std::ceil(value);
  case 3: return std::round(value);
  case 4: return std::trunc(value);
  default: return std::nearbyint(value);
  }
}

template <typename To>
static void castOne(uint8_t *at, double value, const VCast &c) {
  if constexpr (isFloat<To>) {
    store<To>(at, float(value));
  } else {
    const double rounded = std::isnan(value) ? 0 : roundValue(value, c.round);
    const double low = double(std::numeric_limits<To>::min()), high = double(std::numeric_limits<To>::max());
    constexpr double kLimit = 9e18;
    const double clamped = c.saturate ? std::clamp(rounded, low, high) : std::clamp(rounded, -kLimit, kLimit);
    store<To>(at, To(int64_t(clamped)));
  }
}

bool perform(Core &core, const VCast &c) {
  return withType(c.from, [&](auto source) {
    return withType(c.to, [&](auto target) {
      using From = decltype(source);
      using To = decltype(target);
      for (uint64_t row = 0; row < c.rows && c.cols; ++row) {
        const uint8_t *src = inUnifiedBuffer(core, c.src) + row * c.sPitch * 32;
        uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
        for (uint64_t i = 0; i < c.cols; ++i)
          castOne<To>(dst + i * sizeof(To), double(load<From>(src + i * sizeof(From))), c);
      }
      return true;
    });
  });
}

bool perform(Core &core, const VGenerate &c) {
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    const auto scalar = scalarOf<T>(c.scalar);
    for (uint64_t row = 0; row < c.rows && c.cols; ++row) {
      uint8_t *dst = inUnifiedBuffer(core, c.dst) + row * c.dPitch * 32;
      if (c.op == 2) {
        memmove(dst, inUnifiedBuffer(core, c.src) + row * c.sPitch * 32, c.cols * sizeof(T));
        continue;
      }
      for (uint64_t i = 0; i < c.cols; ++i)
        store<T>(dst + i * sizeof(T), c.op == 0 ? scalar : Compute<T>(scalar + Compute<T>(row * c.cols + i)));
    }
    return true;
  });
}

} // namespace sim
} // namespace gemlir
