//===- Movement.cpp - what the commands of movement do --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Core.h"
#include "CubeKernel.h"
#include "VectorTypes.h"

#include <algorithm>
#include <cstring>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

/// Rows may lie upon each other, and then no bound of a memory limits them.
static bool checkWork(Core &core, uint64_t bytes, uint64_t rows, uint64_t planes) {
  constexpr double kMost = double(uint64_t(1) << 32);
  const double all = double(rows) * double(planes) * double(bytes + 64);
  return all <= kMost || core.fail("limit", "moves " + std::to_string(rows) + " rows of " + std::to_string(planes) +
                                                " planes, expected at most 4 GiB");
}

namespace {

struct CopyRows {
  GEMLIR_INLINE static void run(const DmaIn &c, const uint8_t *src, uint8_t *dst) {
    for (uint64_t plane = 0; plane < c.planes; ++plane) {
      const uint8_t *from = src + plane * c.srcPlane;
      uint8_t *to = dst + plane * c.dstPlane;
      if (!c.pad && c.srcPitch == c.rowBytes && c.dstPitch == c.rowBytes) {
        copyBytes(to, from, c.rows * c.rowBytes);
        continue;
      }
      for (uint64_t row = 0; row < c.rows; ++row, from += c.srcPitch, to += c.dstPitch) {
        if (c.rowBytes == 32)
          memcpy(to, from, 32);
        else
          copyBytes(to, from, c.rowBytes);
        if (c.pad)
          memset(to + c.rowBytes, 0, c.pad);
      }
    }
  }
};

} // namespace

bool perform(Core &core, const DmaIn &c) {
  if (!c.rowBytes || !c.rows || !c.planes)
    return true;
  if (!checkWork(core, c.rowBytes + c.pad, c.rows, c.planes))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  runOnProcessor<CopyRows>(c, src, dst);
  return true;
}

namespace {

struct BlockRows {
  /// A plane: whole blocks of 32 bytes go to their columns of fractals.
  GEMLIR_INLINE static void run(const Nd2nz &c, const uint8_t *from, uint8_t *to) {
    const uint64_t blocks = c.cols * size(c.type) / 32, next = c.dstPitch * 32;
    // A line of the host's cache is two blocks. So many of them are read, and written to
    // places that touch, before the next; the rows behind are fetched, for they are too
    // far apart for the host to see what comes.
    constexpr uint64_t kRows = 8;
    uint64_t row = 0;
    for (; row + kRows <= c.rows; row += kRows) {
      const uint8_t *line = from + row * c.srcPitch;
      const uint64_t ahead = row + 2 * kRows <= c.rows ? kRows * c.srcPitch : 0;
      uint8_t *place = to + row * 32;
      uint64_t block = 0;
      for (; block + 2 <= blocks; block += 2, line += 64, place += 2 * next)
        for (uint64_t r = 0; r < kRows; ++r) {
          WordRow pair[2];
          memcpy(pair, line + r * c.srcPitch, sizeof(pair));
          __builtin_prefetch(line + r * c.srcPitch + ahead);
          memcpy(place + r * 32, &pair[0], 32);
          memcpy(place + next + r * 32, &pair[1], 32);
        }
      for (uint64_t r = 0; block < blocks && r < kRows; ++r)
        memcpy(place + r * 32, line + r * c.srcPitch, 32);
    }
    for (; row < c.rows; ++row)
      for (uint64_t block = 0; block < blocks; ++block)
        memcpy(to + block * next + row * 32, from + row * c.srcPitch + block * 32, 32);
  }
};

} // namespace

bool perform(Core &core, const Nd2nz &c) {
  if (!c.rows || !c.cols || !c.planes)
    return true;
  if (!checkWork(core, c.cols * size(c.type), c.rows, c.planes))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  const uint64_t rowBytes = c.cols * size(c.type), full = roundUp(c.rows, 16);
  for (uint64_t plane = 0; plane < c.planes; ++plane) {
    const uint8_t *from = src + plane * c.srcPlane;
    uint8_t *to = dst + plane * c.dstPlane;
    runOnProcessor<BlockRows>(c, from, to);
    if (const uint64_t rest = rowBytes % 32)
      for (uint64_t row = 0; row < c.rows; ++row) {
        uint8_t *place = to + (rowBytes - rest) * c.dstPitch + row * 32;
        memcpy(place, from + row * c.srcPitch + rowBytes - rest, rest);
        memset(place + rest, 0, 32 - rest);
      }
    for (uint64_t column = 0; full > c.rows && column < rowBytes; column += 32)
      memset(to + column * c.dstPitch + c.rows * 32, 0, (full - c.rows) * 32);
  }
  return true;
}

bool perform(Core &core, const Dn2nz &c) {
  if (!c.rows || !c.cols || !c.planes)
    return true;
  if (!checkWork(core, c.rows * size(c.type), c.cols, c.planes))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  const uint64_t bytes = size(c.type), c0 = 32 / bytes, full = roundUp(c.rows, 16);
  for (uint64_t plane = 0; plane < c.planes; ++plane)
    for (uint64_t column = 0; column < roundUp(c.cols, c0); ++column) {
      uint8_t *to = dst + plane * c.dstPlane + column / c0 * c.dstPitch * 32 + column % c0 * bytes;
      const uint8_t *from = src + plane * c.srcPlane + column * c.srcPitch;
      for (uint64_t row = 0; row < full; ++row)
        if (row < c.rows && column < c.cols)
          memcpy(to + row * 32, from + row * bytes, bytes);
        else
          memset(to + row * 32, 0, bytes);
    }
  return true;
}

bool perform(Core &core, const DmaFill &c) {
  if (!c.rowBytes || !c.rows)
    return true;
  uint8_t *dst = core.host(c.dst);
  const uint32_t word = uint32_t(c.value);
  for (uint64_t row = 0; row < (c.dstPitch ? c.rows : 1); ++row)
    for (uint64_t at = 0; at < c.rowBytes; at += 4)
      memcpy(dst + row * c.dstPitch + at, &word, 4);
  return true;
}

bool perform(Core &core, const DmaGather &c) {
  if (!c.rows || !c.rowBytes)
    return true;
  uint8_t *dst = core.host(c.dst);
  const uint8_t *index = core.host(c.index);
  for (uint64_t row = 0; row < c.rows; ++row) {
    int32_t at;
    memcpy(&at, index + row * 4, 4);
    if (at < 0 || uint64_t(at) >= c.limit)
      return core.fail("bounds", "row " + std::to_string(row) + " asks for row " + std::to_string(at) +
                                     ", expected 0 to " + std::to_string(int64_t(c.limit) - 1));
    memcpy(dst + row * c.dstPitch, core.host(c.src + uint64_t(at) * c.srcPitch), c.rowBytes);
  }
  return true;
}

namespace {

template <typename T, typename Wide>
void combine(uint8_t *to, const uint8_t *from, uint64_t bytes, uint64_t how) {
  for (uint64_t at = 0; at < bytes; at += sizeof(T)) {
    T a, b;
    memcpy(&a, to + at, sizeof(T));
    memcpy(&b, from + at, sizeof(T));
    const Wide x = Wide(a), y = Wide(b);
    const T result = T(how == 1 ? Wide(x + y) : how == 2 ? (y > x ? y : x) : (y < x ? y : x));
    memcpy(to + at, &result, sizeof(T));
  }
}

/// Copies bytes to memory, or combines them with what is there.
void update(uint8_t *to, const uint8_t *from, uint64_t bytes, uint64_t how, Type type) {
  if (how == 0) {
    memcpy(to, from, bytes);
    return;
  }
  switch (type) {
  case Type::F16: return combine<Half, float>(to, from, bytes, how);
  case Type::BF16: return combine<BFloat, float>(to, from, bytes, how);
  case Type::F32: return combine<float, float>(to, from, bytes, how);
  case Type::S8: return combine<int8_t, int>(to, from, bytes, how);
  case Type::S16: return combine<int16_t, int>(to, from, bytes, how);
  default: return combine<int32_t, int64_t>(to, from, bytes, how);
  }
}

} // namespace

bool perform(Core &core, const DmaOut &c) {
  if (!c.rowBytes || !c.rows || !c.planes)
    return true;
  if (!checkWork(core, c.rowBytes, c.rows, c.planes))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  for (uint64_t plane = 0; plane < c.planes; ++plane)
    for (uint64_t row = 0; row < c.rows; ++row)
      update(dst + plane * c.dstPlane + row * c.dstPitch, src + plane * c.srcPlane + row * c.srcPitch, c.rowBytes,
             c.atomic, Type(c.type));
  return true;
}

bool perform(Core &core, const Nz2nd &c) {
  if (!c.rows || !c.cols || !c.planes)
    return true;
  if (!checkWork(core, c.cols * size(c.type), c.rows, c.planes))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  const uint64_t rowBytes = c.cols * size(c.type);
  for (uint64_t plane = 0; plane < c.planes; ++plane)
    for (uint64_t column = 0; column < rowBytes; column += 32)
      for (uint64_t row = 0; row < c.rows; ++row)
        memcpy(dst + plane * c.dstPlane + row * c.dstPitch + column,
               src + plane * c.srcPlane + column / 32 * c.srcPitch * 32 + row * 32,
               std::min<uint64_t>(32, rowBytes - column));
  return true;
}

namespace {

/// Where the fractal (i, j) of a load goes.
GEMLIR_INLINE uint8_t *place(const Load2d &c, uint8_t *dst, uint64_t i, uint64_t j) {
  return dst + (c.order ? j * c.dstPitch + i : i * c.dstPitch + j) * 512;
}

/// Fractals of 16 by 16 elements of 2 bytes.
struct TurnHalves {
  GEMLIR_INLINE static void run(const Load2d &c, const uint8_t *src, uint8_t *dst) {
    for (uint64_t i = 0; i < c.rows; ++i)
      for (uint64_t j = 0; j < c.cols; ++j) {
        HalfRow rows[16];
        memcpy(rows, src + (j * c.srcPitch + i) * 512, sizeof(rows));
        turn(rows);
        memcpy(place(c, dst, j, i), rows, sizeof(rows));
      }
  }
};

/// Fractals of 16 by 8 elements of 4 bytes: each half of one becomes half of another.
struct TurnWords {
  GEMLIR_INLINE static void run(const Load2d &c, const uint8_t *src, uint8_t *dst) {
    for (uint64_t i = 0; i < c.rows; ++i)
      for (uint64_t j = 0; j < c.cols; ++j)
        for (uint64_t half = 0; half < 2; ++half) {
          WordRow rows[8];
          memcpy(rows, src + (j * c.srcPitch + i) * 512 + half * 256, sizeof(rows));
          turn(rows);
          memcpy(place(c, dst, j / 2, i * 2 + half) + j % 2 * 256, rows, sizeof(rows));
        }
  }
};

} // namespace

bool perform(Core &core, const Load2d &c) {
  if (!c.rows || !c.cols)
    return true;
  const uint8_t *src = core.host(tagged(Space::L1, c.src * 32));
  uint8_t *dst = core.host(loadTarget(c.target, c.dst));
  if (!c.transpose) {
    // Fractals of a column stay side by side in one order.
    const uint64_t together = c.order ? c.rows : 1;
    for (uint64_t j = 0; j < c.cols; ++j)
      for (uint64_t i = 0; i < c.rows; i += together)
        memcpy(place(c, dst, i, j), src + (j * c.srcPitch + i) * 512, together * 512);
    return true;
  }
  if (c.scale != 0) {
    c.scale == 1 ? runOnProcessor<TurnHalves>(c, src, dst) : runOnProcessor<TurnWords>(c, src, dst);
    return true;
  }
  // Element (row, column) of the block becomes element (column, row).
  for (uint64_t column = 0; column < c.cols * 32; ++column)
    for (uint64_t row = 0; row < c.rows * 16; ++row)
      place(c, dst, column / 16, row / 32)[column % 16 * 32 + row % 32] =
          src[(column / 32 * c.srcPitch + row / 16) * 512 + row % 16 * 32 + column % 32];
  return true;
}

bool perform(Core &core, const DmaLoad2d &c) {
  if (!c.rows || !c.cols)
    return true;
  if (!checkWork(core, 512, c.rows, c.cols))
    return false;
  const uint8_t *src = core.host(c.src);
  uint8_t *dst = core.host(c.dst);
  for (uint64_t j = 0; j < c.cols; ++j)
    for (uint64_t i = 0; i < c.rows; ++i) {
      HalfRow rows[16];
      memcpy(rows, src + j * c.srcPitch + i * 512, sizeof(rows));
      if (c.transpose)
        turn(rows);
      const uint64_t row = c.transpose ? j : i, column = c.transpose ? i : j;
      memcpy(dst + (c.order ? column * c.dstPitch + row : row * c.dstPitch + column) * 512, rows, sizeof(rows));
    }
  return true;
}

/// Whole blocks of 32 bytes, as all columns of a tap of a block of channels are.
static void loadBlocks(const Load3d &c, const uint8_t *src, uint8_t *dst) {
  const int64_t c0 = 32 >> c.scale, taps = int64_t(c.kW * c.kH), c1 = int64_t(ceilDiv(c.channels, uint64_t(c0)));
  const int64_t wo = int64_t(c.width + c.padL + c.padR - c.dW * (c.kW - 1) - 1) / int64_t(c.sW) + 1;
  const int64_t m1 = int64_t(ceilDiv(c.mExt, 16)), k1 = int64_t(ceilDiv(c.kExt, uint64_t(c0)));
  uint8_t padding[32];
  for (int64_t at = 0; at < c0; ++at) {
    memset(padding + (at << c.scale), 0, size_t(1) << c.scale);
    memcpy(padding + (at << c.scale), &c.padValue, size_t(c.scale ? 2 : 1));
  }
  for (int64_t j = 0; j < k1; ++j) {
    const int64_t column = int64_t(c.kStart) / c0 + j, block = column / taps, tap = column % taps;
    const int64_t down = tap / int64_t(c.kW) * int64_t(c.dH) - int64_t(c.padT);
    const int64_t across = tap % int64_t(c.kW) * int64_t(c.dW) - int64_t(c.padL);
    const size_t held = size_t(std::min<int64_t>(c0, int64_t(c.kExt) - j * c0)) << c.scale;
    int64_t oh = int64_t(c.mStart) / wo, ow = int64_t(c.mStart) % wo;
    for (int64_t m = 0; m < m1 * 16; ++m) {
      uint8_t *to =
          dst + (c.order ? j * int64_t(c.dstPitch) + m / 16 : m / 16 * int64_t(c.dstPitch) + j) * 512 + m % 16 * 32;
      const int64_t y = oh * int64_t(c.sH) + down, x = ow * int64_t(c.sW) + across;
      const bool inside = y >= 0 && x >= 0 && y < int64_t(c.height) && x < int64_t(c.width);
      if (m >= int64_t(c.mExt) || block >= c1) {
        memset(to, 0, 32);
      } else {
        memcpy(to, inside ? src + ((block * int64_t(c.height) + y) * int64_t(c.width) + x) * 32 : padding, held);
        memset(to + held, 0, 32 - held);
      }
      if (++ow == wo) {
        ow = 0;
        ++oh;
      }
    }
  }
}

bool perform(Core &core, const Load3d &c) {
  if (!c.mExt || !c.kExt)
    return true;
  if (!c.transpose && c.kStart % (32 >> c.scale) == 0) {
    loadBlocks(c, core.host(tagged(Space::L1, c.src * 32)), core.host(loadTarget(c.target, c.dst)));
    return true;
  }
  const uint8_t *src = core.host(tagged(Space::L1, c.src * 32));
  uint8_t *dst = core.host(loadTarget(c.target, c.dst));
  const int64_t bytes = int64_t(1) << c.scale, c0 = 32 >> c.scale;
  const int64_t wo = int64_t(c.width + c.padL + c.padR - c.dW * (c.kW - 1) - 1) / int64_t(c.sW) + 1;
  const int64_t taps = int64_t(c.kW * c.kH), c1 = int64_t(ceilDiv(c.channels, uint64_t(c0)));
  auto copyValue = [&](int64_t m, int64_t k, uint8_t *to) {
    const int64_t row = int64_t(c.mStart) + m, column = int64_t(c.kStart) + k;
    const int64_t block = column / (taps * c0), tap = column / c0 % taps;
    const int64_t y = row / wo * int64_t(c.sH) - int64_t(c.padT) + tap / int64_t(c.kW) * int64_t(c.dH);
    const int64_t x = row % wo * int64_t(c.sW) - int64_t(c.padL) + tap % int64_t(c.kW) * int64_t(c.dW);
    if (m >= int64_t(c.mExt) || k >= int64_t(c.kExt) || block >= c1)
      memset(to, 0, size_t(bytes));
    else if (y < 0 || x < 0 || y >= int64_t(c.height) || x >= int64_t(c.width))
      memcpy(to, &c.padValue, size_t(std::min<int64_t>(bytes, 2)));
    else
      memcpy(to, src + ((block * int64_t(c.height) + y) * int64_t(c.width) + x) * 32 + column % c0 * bytes,
             size_t(bytes));
  };
  for (int64_t i = 0; i < int64_t(ceilDiv(c.mExt, 16)); ++i)
    for (int64_t j = 0; j < int64_t(ceilDiv(c.kExt, uint64_t(c0))); ++j) {
      const uint64_t row = uint64_t(c.transpose ? j : i), column = uint64_t(c.transpose ? i : j);
      uint8_t *to = dst + (c.order ? column * c.dstPitch + row : row * c.dstPitch + column) * 512;
      if (bytes == 4)
        memset(to, 0, 512);
      for (int64_t m = 0; m < 16; ++m)
        for (int64_t k = 0; k < c0; ++k)
          copyValue(i * 16 + m, j * c0 + k, to + (c.transpose ? k * 32 + m * bytes : m * 32 + k * bytes));
    }
  return true;
}

bool perform(Core &core, const BiasLoad &c) {
  if (!c.count)
    return true;
  const uint8_t *src = core.host(tagged(Space::L1, c.src * 32));
  uint8_t *dst = core.host(tagged(Space::BT, c.dst * 32));
  for (uint64_t i = 0; i < c.count; ++i) {
    float value;
    Half half;
    BFloat brain;
    memcpy(&half, src + i * 2, 2);
    memcpy(&brain, src + i * 2, 2);
    if (c.convert == 0)
      memcpy(&value, src + i * 4, 4);
    else
      value = c.convert == 1 ? float(half) : float(brain);
    memcpy(dst + i * 4, &value, 4);
  }
  return true;
}

bool perform(Core &core, const ParameterLoad &c) {
  if (c.count)
    memcpy(core.host(tagged(Space::FB, c.dst * 32)), core.host(tagged(Space::L1, c.src * 32)), c.count * 4);
  return true;
}

} // namespace sim
} // namespace gemlir
