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

template <typename T>
struct UnaryLoop {
  GEMLIR_INLINE static void run(const VUnary &c, const uint8_t *src, uint8_t *dst) {
    forEachRepeat<T>(c.rows, c.cols, [&](uint64_t row, uint64_t at, uint64_t count) __attribute__((always_inline)) {
      Repeat<T> x;
      x.read(src + row * c.sPitch * 32, at, count);
      withOp(c.op, [&](auto op) __attribute__((always_inline)) {
        if constexpr (isFloat<T> ? op != 8 : op == 1 || op == 7 || op == 8)
          for (uint64_t i = 0; i < count; ++i)
            x.lanes[i] = applyUnary(op, x.lanes[i]);
      });
      x.write(dst + row * c.dPitch * 32, at, count);
    });
  }
};

bool perform(Core &core, const VUnary &c) {
  return !c.rows || !c.cols || withWord(c.type, [&](auto element) {
    runOnProcessor<UnaryLoop<decltype(element)>>(c, inUnifiedBuffer(core, c.src), inUnifiedBuffer(core, c.dst));
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

/// Writes the bits of comparisons, from element `at` on.
GEMLIR_INLINE static void writeBits(uint8_t *row, uint64_t at, uint64_t count, const bool *bits) {
  for (uint64_t i = 0; i < count; i += 8) {
    uint8_t byte = 0;
    const uint64_t held = std::min<uint64_t>(8, count - i);
    for (uint64_t bit = 0; bit < held; ++bit)
      byte = uint8_t(byte | unsigned(bits[i + bit]) << bit);
    uint8_t &to = row[(at + i) / 8];
    to = uint8_t((to & ~((1u << held) - 1)) | byte);
  }
}

template <typename T>
struct BinaryLoop {
  static constexpr uint64_t kCompare = 11;

  GEMLIR_INLINE static void run(const VBinary &c, const uint8_t *a, const uint8_t *b, uint8_t *dst,
                                const uint64_t *mask) {
    forEachRepeat<T>(c.rows, c.cols, [&](uint64_t row, uint64_t at, uint64_t count) __attribute__((always_inline)) {
      Repeat<T> x, y;
      x.read(a + row * c.aPitch * 32, at, count, c.aStride);
      y.read(b + row * c.bPitch * 32, at, count, c.bStride);
      uint8_t *to = dst + row * c.dPitch * 32;
      bool bits[Repeat<T>::kLanes];
      withOp(c.op, [&](auto op) __attribute__((always_inline)) {
        constexpr bool isArithmetic = op <= 2 || op == 4 || op == 5;
        if constexpr (op >= kCompare)
          for (uint64_t i = 0; i < count; ++i)
            bits[i] = compare(op - kCompare, x.lanes[i], y.lanes[i]);
        else if constexpr (isArithmetic || (op == 3) == isFloat<T>)
          x.combine(y, count, [&](auto p, auto q) __attribute__((always_inline)) { return applyBinary(op, p, q); });
      });
      if (c.op >= kCompare)
        return writeBits(to, at, count, bits);
      if (mask) {
        y.read(to, at, count, c.dStride);
        for (uint64_t i = 0; i < count; ++i)
          x.lanes[i] = mask[i / 64] >> i % 64 & 1 ? x.lanes[i] : y.lanes[i];
      }
      x.write(to, at, count, c.dStride);
    });
  }
};

/// Rows that lie behind each other in all operands are one row.
static VBinary flatten(VBinary c) {
  const uint64_t bytes = c.cols * size(c.type);
  const bool isDense = c.aPitch * 32 == bytes && c.bPitch * 32 == bytes && c.dPitch * 32 == bytes && c.aStride == 1 &&
                       c.bStride == 1 && c.dStride == 1;
  if (isDense && !c.mask && c.op < BinaryLoop<float>::kCompare) {
    c.cols *= c.rows;
    c.rows = 1;
  }
  return c;
}

bool perform(Core &core, const VBinary &c) {
  if (!c.rows || !c.cols)
    return true;
  if (c.mask && size(c.type) == 1)
    return core.fail("type", "a masked command has elements of 2 or 4 bytes");
  return withWord(c.type, [&](auto element) {
    runOnProcessor<BinaryLoop<decltype(element)>>(flatten(c), inUnifiedBuffer(core, c.a), inUnifiedBuffer(core, c.b),
                                                  inUnifiedBuffer(core, c.dst), c.mask ? core.getLaneMask() : nullptr);
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

template <typename T>
struct ScalarLoop {
  GEMLIR_INLINE static void run(const VScalar &c, const uint8_t *src, uint8_t *dst) {
    constexpr uint64_t kCompare = 10;
    const auto scalar = scalarOf<T>(c.scalar);
    forEachRepeat<T>(c.rows, c.cols, [&](uint64_t row, uint64_t at, uint64_t count) __attribute__((always_inline)) {
      Repeat<T> x;
      x.read(src + row * c.sPitch * 32, at, count);
      uint8_t *to = dst + row * c.dPitch * 32;
      bool bits[Repeat<T>::kLanes];
      withOp(c.op, [&](auto op) __attribute__((always_inline)) {
        constexpr bool isShift = op == 8 || op == 9, isFloating = op == 3 || op == 4 || op == 7;
        if constexpr (op >= kCompare)
          for (uint64_t i = 0; i < count; ++i)
            bits[i] = compare(op - kCompare, x.lanes[i], scalar);
        else if constexpr (isFloat<T> ? !isShift : !isFloating)
          for (uint64_t i = 0; i < count; ++i)
            x.lanes[i] = applyScalar(op, x.lanes[i], scalar);
      });
      if (c.op >= kCompare)
        writeBits(to, at, count, bits);
      else
        x.write(to, at, count);
    });
  }
};

bool perform(Core &core, const VScalar &c) {
  return !c.rows || !c.cols || withWord(c.type, [&](auto element) {
    runOnProcessor<ScalarLoop<decltype(element)>>(c, inUnifiedBuffer(core, c.src), inUnifiedBuffer(core, c.dst));
    return true;
  });
}

template <typename T>
struct TernaryLoop {
  GEMLIR_INLINE static void run(const VTernary &c, const uint8_t *a, const uint8_t *b, const uint8_t *third,
                                uint8_t *dst) {
    forEachRepeat<T>(c.rows, c.cols, [&](uint64_t row, uint64_t at, uint64_t count) __attribute__((always_inline)) {
      Repeat<T> x, y, z;
      x.read(a + row * c.aPitch * 32, at, count);
      y.read(b + row * c.bPitch * 32, at, count);
      const uint8_t *more = third + row * c.cPitch * 32;
      if (c.op == 1) {
        for (uint64_t i = 0; i < count; ++i)
          x.lanes[i] = getBit(more, at + i) ? x.lanes[i] : y.lanes[i];
      } else {
        z.read(more, at, count);
        for (uint64_t i = 0; i < count; ++i)
          if (c.op == 2)
            x.lanes[i] = minimum(maximum(x.lanes[i], y.lanes[i]), z.lanes[i]);
          else if constexpr (isFloat<T>)
            x.lanes[i] = std::fma(x.lanes[i], y.lanes[i], z.lanes[i]);
      }
      x.write(dst + row * c.dPitch * 32, at, count);
    });
  }
};

bool perform(Core &core, const VTernary &c) {
  return !c.rows || !c.cols || withWord(c.type, [&](auto element) {
    runOnProcessor<TernaryLoop<decltype(element)>>(c, inUnifiedBuffer(core, c.a), inUnifiedBuffer(core, c.b),
                                                   inUnifiedBuffer(core, c.c), inUnifiedBuffer(core, c.dst));
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Two operations at once
//===----------------------------------------------------------------------===//

template <typename C>
static C applyFused(uint64_t op, C a, C b, C s) {
  if constexpr (std::is_floating_point_v<C>)
    if (op == 0)
      return std::fma(a, s, b);
  const C sum = applyBinary(op == 1 ? 0 : 1, a, b);
  return sum > C(0) || sum != sum ? sum : C(0);
}

template <typename T>
struct FusedLoop {
  GEMLIR_INLINE static void run(const VFused &c, const uint8_t *a, const uint8_t *b, uint8_t *dst) {
    const auto scalar = scalarOf<T>(c.scalar);
    forEachRepeat<T>(c.rows, c.cols, [&](uint64_t row, uint64_t at, uint64_t count) __attribute__((always_inline)) {
      Repeat<T> x, y;
      x.read(a + row * c.aPitch * 32, at, count, c.aStride);
      y.read(b + row * c.bPitch * 32, at, count, c.bStride);
      uint8_t *to = dst + row * c.dPitch * 32;
      if (c.op == 3)
        return writeBytes(c, x, y, to + at, count);
      x.combine(y, count,
                [&](auto p, auto q) __attribute__((always_inline)) { return applyFused(c.op, p, q, scalar); });
      x.write(to, at, count, c.dStride);
    });
  }

  static void writeBytes(const VFused &c, const Repeat<T> &x, const Repeat<T> &y, uint8_t *to, uint64_t count) {
    const float low = c.toUnsigned ? 0.0f : -128.0f, high = c.toUnsigned ? 255.0f : 127.0f;
    for (uint64_t i = 0; i < count; ++i) {
      const float product = std::nearbyint(float(x.lanes[i]) * float(y.lanes[i]));
      to[i] = uint8_t(product != product ? 0 : int(std::min(std::max(product, low), high)));
    }
  }
};

bool perform(Core &core, const VFused &c) {
  return !c.rows || !c.cols || withWord(c.type, [&](auto element) {
    runOnProcessor<FusedLoop<decltype(element)>>(c, inUnifiedBuffer(core, c.a), inUnifiedBuffer(core, c.b),
                                                 inUnifiedBuffer(core, c.dst));
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
GEMLIR_INLINE static void castOne(uint8_t *at, double value, const VCast &c) {
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

template <typename From, typename To>
struct CastLoop {
  GEMLIR_INLINE static void run(const VCast &c, const uint8_t *src, uint8_t *dst) {
    for (uint64_t row = 0; row < c.rows; ++row) {
      const uint8_t *from = src + row * c.sPitch * 32;
      uint8_t *to = dst + row * c.dPitch * 32;
      for (uint64_t at = 0; at < c.cols; at += Repeat<From>::kLanes) {
        const uint64_t count = std::min(c.cols - at, Repeat<From>::kLanes);
        Repeat<From> x;
        x.read(from, at, count);
        for (uint64_t i = 0; i < count; ++i)
          if constexpr (isFloat<From> && isFloat<To>)
            store<To>(to + (at + i) * sizeof(To), x.lanes[i]);
          else
            castOne<To>(to + (at + i) * sizeof(To), double(x.lanes[i]), c);
      }
    }
  }
};

bool perform(Core &core, const VCast &c) {
  return !c.rows || !c.cols || withType(c.from, [&](auto source) {
    return withType(c.to, [&](auto target) {
      using From = decltype(source);
      using To = decltype(target);
      const uint8_t *src = inUnifiedBuffer(core, c.src);
      uint8_t *dst = inUnifiedBuffer(core, c.dst);
      if constexpr (isFloat<From> && isFloat<To>)
        runOnProcessor<CastLoop<From, To>>(c, src, dst);
      else
        CastLoop<From, To>::run(c, src, dst);
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
