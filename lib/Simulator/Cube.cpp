//===- Cube.cpp - what the commands of the cube do ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Chip.h"
#include "Core.h"
#include "CubeKernel.h"
#include "VectorTypes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

namespace {

/// Panels of A (all rows, `kPanelDepth` elements of k of each) and of B (k rows of 16
/// columns) as f32 or s32.
template <typename T>
struct Panels {
  std::vector<T> a, b;
};

struct Operands {
  const Mmad &c;
  const uint8_t *a, *b;
  bool leftByColumns;
};

template <typename From, typename T>
__attribute__((always_inline)) inline T widen(const uint8_t *bytes) {
  From value;
  memcpy(&value, bytes, sizeof(From));
  return T(value);
}

/// A row of a fractal, the first `depth` elements.
template <typename From, typename T>
__attribute__((always_inline)) inline void widenRow(const uint8_t *from, T *to, uint64_t depth) {
  constexpr uint64_t kFull = 32 / sizeof(From);
  if (depth == kFull)
    for (uint64_t k = 0; k < kFull; ++k)
      to[k] = widen<From, T>(from + k * sizeof(From));
  else
    for (uint64_t k = 0; k < depth; ++k)
      to[k] = widen<From, T>(from + k * sizeof(From));
}

/// One for the processor at hand, where `IsWide`, and one for any.
template <bool IsWide, typename FromA, typename FromB, typename T>
__attribute__((always_inline)) inline void unpack(const Operands &x, Panels<T> &panels) {
  const Mmad &c = x.c;
  const uint64_t c0 = cubeDepth(c.type), m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16), k1 = ceilDiv(c.k, c0);
  panels.a.resize(m1 * 16 * roundUp(c.k, kPanelDepth));
  panels.b.resize(n1 * 16 * c.k);
  for (uint64_t i = 0; i < m1; ++i)
    for (uint64_t j = 0; j < k1; ++j) {
      const uint8_t *fractal = x.a + (x.leftByColumns ? j * m1 + i : i * k1 + j) * 512;
      T *panel = &panels.a[j * c0 / kPanelDepth * m1 * 16 * kPanelDepth + j * c0 % kPanelDepth];
#if defined(__x86_64__)
      if constexpr (IsWide && std::is_same_v<FromA, Half>) {
        widenFractal(fractal, panel + i * 16 * kPanelDepth);
        continue;
      }
#endif
      for (uint64_t row = 0; row < 16; ++row)
        widenRow<FromA, T>(fractal + row * 32, panel + (i * 16 + row) * kPanelDepth, std::min(c0, c.k - j * c0));
    }
  for (uint64_t j = 0; j < k1; ++j)
    for (uint64_t i = 0; i < n1; ++i) {
      const uint8_t *fractal = x.b + (j * n1 + i) * 512;
      const uint64_t depth = std::min(c0, c.k - j * c0);
      T *to = &panels.b[(i * c.k + j * c0) * 16];
#if defined(__x86_64__)
      if constexpr (IsWide && std::is_same_v<FromB, Half>) {
        turnFractal(fractal, to, depth);
        continue;
      }
#endif
      if constexpr (sizeof(FromB) == 4) {
        for (uint64_t half = 0; half < 16; half += 8) {
          WordRow rows[8];
          memcpy(rows, fractal + half * 32, sizeof(rows));
          turn(rows);
          for (uint64_t k = 0; k < depth; ++k)
            memcpy(to + k * 16 + half, &rows[k], sizeof(WordRow));
        }
        continue;
      }
      if constexpr (sizeof(FromB) == 2) {
        HalfRow rows[16];
        memcpy(rows, fractal, sizeof(rows));
        turn(rows);
        for (uint64_t k = 0; k < depth; ++k)
          widenRow<FromB, T>(reinterpret_cast<const uint8_t *>(&rows[k]), to + k * 16, 16);
        continue;
      }
      T rows[16][32];
      for (uint64_t column = 0; column < 16; ++column)
        widenRow<FromB, T>(fractal + column * 32, rows[column], depth);
      for (uint64_t k = 0; k < depth; ++k)
        for (uint64_t column = 0; column < 16; ++column)
          to[k * 16 + column] = rows[column][k];
    }
}

template <typename T>
void start(const Mmad &c, T *result, const T *bias) {
  const uint64_t m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16);
  if (c.init == 1)
    memset(result, 0, m1 * n1 * 1024);
  if (c.init != 2)
    return;
  for (uint64_t n = 0; n < n1; ++n)
    for (uint64_t row = 0; row < m1 * 16; ++row)
      for (uint64_t column = 0; column < 16; ++column)
        result[(n * m1 * 16 + row) * 16 + column] = n * 16 + column < c.n ? bias[n * 16 + column] : T(0);
}

template <bool IsWide, typename FromA, typename FromB, typename T>
__attribute__((always_inline)) inline void multiplyAll(const Operands &x, Panels<T> &panels, T *result) {
  using Row = std::conditional_t<std::is_same_v<T, float>, FloatRow, IntRow>;
  const Mmad &c = x.c;
  unpack<IsWide, FromA, FromB>(x, panels);
  const uint64_t m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16);
  // So many rows of a panel of A stay in the host's first cache for all columns.
  constexpr uint64_t kRows = 48;
  for (uint64_t k = 0; k < c.k; k += kPanelDepth)
    for (uint64_t row = 0; row < m1 * 16; row += kRows)
      for (uint64_t n = 0; n < n1; ++n)
        multiplyColumn<T, Row>(&panels.a[k * m1 * 16 + row * kPanelDepth], &panels.b[(n * c.k + k) * 16],
                               result + (n * m1 * 16 + row) * 16, int64_t(std::min(kRows, m1 * 16 - row)),
                               int64_t(std::min<uint64_t>(kPanelDepth, c.k - k)));
}

template <typename FromA, typename FromB, typename T>
void multiplyPlain(const Operands &x, Panels<T> &panels, T *result) {
  multiplyAll<false, FromA, FromB>(x, panels, result);
}
#if defined(__x86_64__)
template <typename FromA, typename FromB, typename T>
__attribute__((target("avx2,fma,f16c"))) void multiplyWide(const Operands &x, Panels<T> &panels, T *result) {
  multiplyAll<true, FromA, FromB>(x, panels, result);
}
#endif

template <typename FromA, typename FromB, typename T>
bool multiplyAs(Core &core, const Mmad &c) {
  static thread_local Panels<T> panels;
  const Operands x{c, core.host(tagged(Space::L0A, c.a * 32)), core.host(tagged(Space::L0B, c.b * 32)),
                   core.chip.getDevice().leftOrder == "zN"};
  T *result = reinterpret_cast<T *>(core.host(tagged(Space::L0C, c.c * 32)));
  start(c, result, c.init == 2 ? reinterpret_cast<const T *>(core.host(tagged(Space::BT, c.bias * 32))) : nullptr);
#if defined(__x86_64__)
  static const bool isWide =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (isWide) {
    multiplyWide<FromA, FromB>(x, panels, result);
    return true;
  }
#endif
  multiplyPlain<FromA, FromB>(x, panels, result);
  return true;
}

} // namespace

bool perform(Core &core, const Mmad &c) {
  if (!c.m || !c.k || !c.n)
    return true;
  switch (c.type) {
  case 0: return multiplyAs<Half, Half, float>(core, c);
  case 1: return multiplyAs<BFloat, BFloat, float>(core, c);
  case 2: return multiplyAs<float, float, float>(core, c);
  case 3: return multiplyAs<int8_t, int8_t, int32_t>(core, c);
  default: return multiplyAs<uint8_t, int8_t, int32_t>(core, c);
  }
}

namespace {

/// What fix does to a value on its way.
struct Converter {
  const Fix &c;
  const float *scales = nullptr, *slopes = nullptr;
  float scale, slope;

  Converter(Core &core, const Fix &c) : c(c) {
    const uint32_t scaleBits = uint32_t(c.scale), slopeBits = uint32_t(c.slope);
    memcpy(&scale, &scaleBits, 4);
    memcpy(&slope, &slopeBits, 4);
    if (c.quant >= 3 && c.table != 0xffff)
      scales = reinterpret_cast<const float *>(core.host(tagged(Space::FB, c.table * 32)));
    if (c.relu && c.kind == 2)
      slopes = reinterpret_cast<const float *>(core.host(tagged(Space::FB, c.slopes * 32)));
  }

  /// Writes the element of column n; `bits` is what L0C holds.
  void convert(uint32_t bits, uint64_t n, uint8_t *to) const {
    const bool isInteger = c.quant == 3 || c.quant == 5 || c.quant == 6;
    float value;
    memcpy(&value, &bits, 4);
    if (isInteger)
      value = float(int32_t(bits));
    if (c.relu && !(value >= 0))
      value = c.kind == 0 ? (std::isnan(value) ? value : 0.0f) : value * (slopes ? slopes[n] : slope);
    if (c.quant == 0) {
      memcpy(to, c.relu ? reinterpret_cast<const uint8_t *>(&value) : reinterpret_cast<const uint8_t *>(&bits), 4);
      return;
    }
    if (c.quant >= 3)
      value *= scales ? scales[n] : scale;
    if (c.quant == 2) {
      const BFloat result(value);
      memcpy(to, &result, 2);
    } else if (c.quant == 1 || c.quant == 3) {
      const Half result(value);
      memcpy(to, &result, 2);
    } else {
      const bool isSigned = c.quant < 6;
      const float moved = std::nearbyint(value) + float(int16_t(c.zero));
      const float low = isSigned ? -128.0f : 0.0f, high = isSigned ? 127.0f : 255.0f;
      const int result = std::isnan(moved) ? 0 : int(std::min(std::max(moved, low), high));
      *to = uint8_t(result);
    }
  }
};

/// Whether rows leave as f32, f16 or bf16, rectified or not: most that kernels do.
bool isPlain(const Fix &c) { return c.quant <= 2 && c.layout == 0 && !c.atomic && (!c.relu || c.kind == 0); }

struct StoreLoop {
  GEMLIR_INLINE static void run(const Fix &c, const uint8_t *src, uint8_t *dst) {
    const uint64_t bytes = fixBytes(c.quant);
    for (uint64_t m = 0; m < c.m; ++m)
      for (uint64_t n = 0; n < c.n; n += 16) {
        const uint64_t count = std::min<uint64_t>(16, c.n - n);
        const uint8_t *from = src + (n / 16 * c.srcPitch + m / 16) * 1024 + m % 16 * 64;
        uint8_t *to = dst + m * c.dstPitch + n * bytes;
        float values[16];
        memcpy(values, from, sizeof(values));
        for (uint64_t i = 0; c.relu && i < 16; ++i)
          values[i] = values[i] >= 0 || values[i] != values[i] ? values[i] : 0.0f;
        if (c.quant == 0)
          memcpy(to, values, count * 4);
        else if (c.quant == 1)
          storeAll<Half>(to, values, count);
        else
          storeAll<BFloat>(to, values, count);
      }
  }
  template <typename T>
  GEMLIR_INLINE static void storeAll(uint8_t *to, const float *values, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i)
      store<T>(to + i * sizeof(T), values[i]);
  }
};

template <typename T, typename Wide>
void combine(uint8_t *to, const uint8_t *from, uint64_t how) {
  T a, b;
  memcpy(&a, to, sizeof(T));
  memcpy(&b, from, sizeof(T));
  const Wide x = Wide(a), y = Wide(b);
  const T result = T(how == 1 ? Wide(x + y) : how == 2 ? (y > x ? y : x) : (y < x ? y : x));
  memcpy(to, &result, sizeof(T));
}

} // namespace

bool perform(Core &core, const Fix &c) {
  if (!c.m || !c.n)
    return true;
  const Converter converter(core, c);
  const uint8_t *src = core.host(tagged(Space::L0C, c.c * 32));
  uint8_t *dst = core.host(c.dst);
  const uint64_t bytes = fixBytes(c.quant), c0 = 32 / bytes;
  if (isPlain(c)) {
    runOnProcessor<StoreLoop>(c, src, dst);
    return true;
  }
  // NZ holds whole fractals: what the matrix lacks is zero.
  const uint64_t m1 = c.layout == 1 ? roundUp(c.m, 16) : c.m, n1 = c.layout == 1 ? roundUp(c.n, c0) : c.n;
  for (uint64_t m = 0; m < m1; ++m)
    for (uint64_t n = 0; n < n1; ++n) {
      uint8_t value[4] = {};
      if (m < c.m && n < c.n) {
        uint32_t bits;
        memcpy(&bits, src + (n / 16 * c.srcPitch + m / 16) * 1024 + (m % 16 * 16 + n % 16) * 4, 4);
        converter.convert(bits, n, value);
      }
      uint8_t *to = c.layout == 0   ? dst + m * c.dstPitch + n * bytes
                    : c.layout == 1 ? dst + n / c0 * c.dstPitch + m * 32 + n % c0 * bytes
                                    : dst + n * c.dstPitch + m * bytes;
      if (!c.atomic)
        memcpy(to, value, bytes);
      else if (bytes == 4)
        combine<float, float>(to, value, c.atomic);
      else if (c.quant == 2)
        combine<BFloat, float>(to, value, c.atomic);
      else
        combine<Half, float>(to, value, c.atomic);
    }
  return true;
}

} // namespace sim
} // namespace gemlir
