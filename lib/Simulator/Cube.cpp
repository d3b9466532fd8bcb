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
/// columns, `pitch` elements apart) as f32 or s32.
template <typename T>
struct Panels {
  T *a = nullptr;
  const T *b = nullptr;
  uint64_t pitch = 0;
  std::vector<HostLine> memoryOfA, memoryOfB;

  static T *reserve(std::vector<HostLine> &memory, uint64_t elements) {
    const uint64_t lines = ceilDiv(elements * sizeof(T), sizeof(HostLine));
    if (memory.size() < lines)
      memory.resize(lines);
    return reinterpret_cast<T *>(memory.data());
  }
};

/// Rows of bytes to be read soon, which the host's second cache fetches little by little.
class NextRows {
public:
  void add(const uint8_t *begin, uint64_t bytes, uint64_t rows, uint64_t pitch) {
    blocks[count++] = {begin, bytes, rows, pitch};
    lines += rows * ceilDiv(bytes, 64);
  }
  /// `fetch` is called so many times.
  void spread(uint64_t calls) { lines = ceilDiv(lines, std::max<uint64_t>(calls, 1)); }
  __attribute__((always_inline)) inline void fetch() {
    for (uint64_t line = 0; line < lines && current < count; ++line) {
      Block &block = blocks[current];
      __builtin_prefetch(block.begin + at, 0, 2);
      at += 64;
      if (at < block.bytes)
        continue;
      at = 0;
      block.begin += block.pitch;
      if (--block.rows == 0)
        ++current;
    }
  }

private:
  struct Block {
    const uint8_t *begin = nullptr;
    uint64_t bytes = 0, rows = 0, pitch = 0;
  };
  Block blocks[2];
  uint64_t count = 0, current = 0, at = 0, lines = 0;
};

struct Operands {
  const Mmad &c;
  Fractals a, b;
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

/// A fractal of B, whose columns are its rows, to `depth` rows of 16.
template <bool IsWide, typename From, typename T>
__attribute__((always_inline)) inline void unpackColumns(const uint8_t *fractal, T *to, uint64_t depth) {
#if defined(__x86_64__)
  if constexpr (IsWide && std::is_same_v<From, Half>) {
    turnFractal(fractal, to, depth);
    return;
  }
#endif
  if constexpr (sizeof(From) == 4) {
    for (uint64_t half = 0; half < 16; half += 8) {
      WordRow rows[8];
      memcpy(rows, fractal + half * 32, sizeof(rows));
      turn(rows);
      for (uint64_t k = 0; k < depth; ++k)
        memcpy(to + k * 16 + half, &rows[k], sizeof(WordRow));
    }
  } else if constexpr (sizeof(From) == 2) {
    HalfRow rows[16];
    memcpy(rows, fractal, sizeof(rows));
    turn(rows);
    for (uint64_t k = 0; k < depth; ++k)
      widenRow<From, T>(reinterpret_cast<const uint8_t *>(&rows[k]), to + k * 16, 16);
  } else {
    T rows[16][32];
    for (uint64_t column = 0; column < 16; ++column)
      widenRow<From, T>(fractal + column * 32, rows[column], depth);
    for (uint64_t k = 0; k < depth; ++k)
      for (uint64_t column = 0; column < 16; ++column)
        to[k * 16 + column] = rows[column][k];
  }
}

/// The same of rows that are those of B: block i of 16 columns, from row `k` on.
template <bool IsWide, typename From, typename T>
__attribute__((always_inline)) inline void unpackRows(const Fractals &b, uint64_t i, uint64_t k, T *to,
                                                      uint64_t depth) {
  constexpr uint64_t kBlocks = sizeof(From) / 2;
  const uint8_t *left = b.at(k / 16, kBlocks * i) + k % 16 * b.rowPitch;
  if constexpr (sizeof(From) == 4) {
    const uint8_t *right = b.at(k / 16, kBlocks * i + 1) + k % 16 * b.rowPitch;
    for (uint64_t row = 0; row < depth; ++row) {
      memcpy(to + row * 16, left + row * b.rowPitch, 32);
      memcpy(to + row * 16 + 8, right + row * b.rowPitch, 32);
    }
  } else if constexpr (sizeof(From) == 2) {
    for (uint64_t row = 0; row < depth; ++row) {
      const uint8_t *from = left + row * b.rowPitch;
#if defined(__x86_64__)
      if constexpr (IsWide && std::is_same_v<From, Half>) {
        widenHalves(from, to + row * 16);
        continue;
      }
#endif
      widenRow<From, T>(from, to + row * 16, 16);
    }
  }
}

/// Whether the blocks of a row of A touch.
bool hasRows(const Operands &x) {
  return x.a.firstBlock % x.a.planeBlocks + ceilDiv(x.c.k, cubeDepth(x.c.type)) <= x.a.planeBlocks;
}

/// Elements of a row of a panel of A.
template <bool IsWide, typename From, typename T>
__attribute__((always_inline)) inline void widenElements(const uint8_t *from, T *to, uint64_t count) {
  if (count == uint64_t(kPanelDepth) && std::is_same_v<From, T>) {
    memcpy(to, from, kPanelDepth * sizeof(T));
    return;
  }
#if defined(__x86_64__)
  if constexpr (IsWide && std::is_same_v<From, Half>) {
    // Whole blocks are there, and have room.
    for (uint64_t k = 0; k < count; k += 16)
      widenHalves(from + k * sizeof(From), to + k);
    return;
  }
#endif
  for (uint64_t k = 0; k < count; ++k)
    to[k] = widen<From, T>(from + k * sizeof(From));
}

/// 16 rows of A.
template <bool IsWide, typename From, typename T>
__attribute__((always_inline)) inline void unpackLeft(const Operands &x, uint64_t i, T *panels) {
  const uint64_t c0 = cubeDepth(x.c.type), panelElements = roundUp(x.c.m, 16) * kPanelDepth;
  T *to = panels + i * 16 * kPanelDepth;
  if (!hasRows(x)) {
    for (uint64_t k = 0; k < x.c.k; k += c0) {
      const uint8_t *from = x.a.at(i, k / c0);
      T *panel = to + k / kPanelDepth * panelElements + k % kPanelDepth;
      for (uint64_t row = 0; row < 16; ++row, from += x.a.rowPitch)
        widenElements<IsWide, From, T>(from, panel + row * kPanelDepth, std::min(c0, x.c.k - k));
    }
    return;
  }
  const uint8_t *from = x.a.at(i, 0);
  for (uint64_t row = 0; row < 16; ++row, from += x.a.rowPitch)
    for (uint64_t k = 0; k < x.c.k; k += kPanelDepth) {
      constexpr uint64_t kAhead = 8;
      const uint8_t *part = from + k * sizeof(From);
      for (uint64_t at = 0; at < kPanelDepth * sizeof(From); at += 64)
        __builtin_prefetch(part + kAhead * x.a.rowPitch + at);
      widenElements<IsWide, From, T>(part, to + k / kPanelDepth * panelElements + row * kPanelDepth,
                                     std::min<uint64_t>(kPanelDepth, x.c.k - k));
    }
}

/// Whether the rows of B are panels as they are.
template <typename From, typename T>
bool isUnpacked(const Fractals &b) {
  return std::is_same_v<From, T> && b.turned && b.planeBlocks == 2 && b.firstBlock % 2 == 0 && b.rowPitch == 64 &&
         reinterpret_cast<uintptr_t>(b.bytes) % 64 == 0 && b.planePitch % 64 == 0;
}

/// One for the processor at hand, where `IsWide`, and one for any.
template <bool IsWide, typename FromA, typename FromB, typename T>
__attribute__((always_inline)) inline void unpack(const Operands &x, Panels<T> &panels) {
  const Mmad &c = x.c;
  const uint64_t c0 = cubeDepth(c.type), m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16), k1 = ceilDiv(c.k, c0);
  panels.a = Panels<T>::reserve(panels.memoryOfA, m1 * 16 * roundUp(c.k, kPanelDepth));
  for (uint64_t i = 0; i < m1; ++i)
    unpackLeft<IsWide, FromA, T>(x, i, panels.a);
  if (isUnpacked<FromB, T>(x.b)) {
    panels.b = reinterpret_cast<const T *>(x.b.at(0, 0));
    panels.pitch = x.b.planePitch / sizeof(T);
    return;
  }
  T *memory = Panels<T>::reserve(panels.memoryOfB, n1 * 16 * c.k);
  panels.b = memory;
  panels.pitch = c.k * 16;
  for (uint64_t i = 0; i < n1; ++i)
    for (uint64_t j = 0; j < k1; ++j) {
      const uint64_t depth = std::min(c0, c.k - j * c0);
      T *to = memory + (i * c.k + j * c0) * 16;
      if (x.b.turned) {
        unpackRows<IsWide, FromB, T>(x.b, i, j * c0, to, depth);
        continue;
      }
      uint8_t fractal[512];
      for (uint64_t row = 0; x.b.rowPitch != 32 && row < 16; ++row)
        memcpy(fractal + row * 32, x.b.at(i, j) + row * x.b.rowPitch, 32);
      unpackColumns<IsWide, FromB, T>(x.b.rowPitch == 32 ? x.b.at(i, j) : fractal, to, depth);
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

/// What lies behind operands in global memory: those of the next product, if it goes on
/// along k. Rows are too far apart for the host to see what comes.
template <typename FromA, typename FromB>
NextRows findNext(const Operands &x) {
  NextRows next;
  const uint64_t leftBytes = x.c.k * sizeof(FromA), depthBytes = x.c.k * x.b.rowPitch;
  if (x.a.isGlobal && hasRows(x))
    next.add(x.a.at(0, 0) + leftBytes, leftBytes, roundUp(x.c.m, 16), x.a.rowPitch);
  if (!x.b.isGlobal || !x.b.turned)
    return next;
  // Either blocks of columns by themselves, or whole rows.
  const uint64_t rowBytes = roundUp(x.c.n, 16) * sizeof(FromB);
  if (x.b.planeBlocks * 32 == x.b.rowPitch)
    next.add(x.b.at(0, 0) + depthBytes, depthBytes, ceilDiv(rowBytes, x.b.rowPitch), x.b.planePitch);
  else
    next.add(x.b.at(0, 0) + depthBytes, rowBytes, x.c.k, x.b.rowPitch);
  return next;
}

template <bool IsWide, typename FromA, typename FromB, typename T>
__attribute__((always_inline)) inline void multiplyAll(const Operands &x, Panels<T> &panels, T *result) {
  using Row = std::conditional_t<std::is_same_v<T, float>, FloatRow, IntRow>;
  const Mmad &c = x.c;
  unpack<IsWide, FromA, FromB>(x, panels);
  const uint64_t m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16);
  // So many rows of a panel of A stay in the host's first cache for all columns.
  constexpr uint64_t kRows = 48;
  NextRows next = findNext<FromA, FromB>(x);
  next.spread(ceilDiv(c.k, kPanelDepth) * (m1 * 16 / kRowsAtOnce) * n1);
  for (uint64_t k = 0; k < c.k; k += kPanelDepth)
    for (uint64_t row = 0; row < m1 * 16; row += kRows)
      for (uint64_t n = 0; n < n1; ++n)
        multiplyColumn<T, Row>(panels.a + k * m1 * 16 + row * kPanelDepth, panels.b + n * panels.pitch + k * 16,
                               result + (n * m1 * 16 + row) * 16, int64_t(std::min(kRows, m1 * 16 - row)),
                               int64_t(std::min<uint64_t>(kPanelDepth, c.k - k)),
                               [&]() __attribute__((always_inline)) { next.fetch(); });
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
  const uint64_t m1 = ceilDiv(c.m, 16), n1 = ceilDiv(c.n, 16), k1 = ceilDiv(c.k, cubeDepth(c.type));
  const bool leftByColumns = core.chip.getDevice().leftOrder == "zN";
  const Operands x{c, core.deferred.find(core, tagged(Space::L0A, c.a * 32), m1, k1, leftByColumns, sizeof(FromA)),
                   core.deferred.find(core, tagged(Space::L0B, c.b * 32), n1, k1, /*byColumns=*/true, sizeof(FromB))};
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
        if (c.quant == 0 && count == 16)
          memcpy(to, values, sizeof(values));
        else if (c.quant == 0)
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
