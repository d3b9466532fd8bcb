//===- VectorRows.cpp - reductions and permutations of the vector unit ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorTypes.h"

#include <algorithm>
#include <numeric>
#include <vector>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

template <typename C>
static C combine(uint64_t op, C a, C b) {
  switch (op) {
  case 1: return maximum(a, b);
  case 2: return minimum(a, b);
  case 0: return wrapping(a, b, [](auto x, auto y) { return x + y; });
  default: return wrapping(a, b, [](auto x, auto y) { return x * y; });
  }
}

/// Lane by lane, then halves of the lanes: the order that the unit adds in.
template <typename T>
static Compute<T> reduceRow(const uint8_t *src, uint64_t cols, uint64_t op) {
  using C = Compute<T>;
  constexpr uint64_t kLanes = 256 / sizeof(T);
  C lanes[kLanes];
  const uint64_t used = std::min(cols, kLanes);
  for (uint64_t i = 0; i < used; ++i)
    lanes[i] = load<T>(src + i * sizeof(T));
  for (uint64_t i = kLanes; i < cols; ++i)
    lanes[i % kLanes] = combine(op, lanes[i % kLanes], load<T>(src + i * sizeof(T)));
  for (uint64_t width = kLanes / 2; width; width /= 2)
    for (uint64_t i = 0; i < width && i + width < used; ++i)
      lanes[i] = combine(op, lanes[i], lanes[i + width]);
  return lanes[0];
}

template <typename T>
static int32_t findExtreme(const uint8_t *src, uint64_t cols, bool largest) {
  uint64_t best = 0;
  for (uint64_t i = 1; i < cols; ++i) {
    const auto value = load<T>(src + i * sizeof(T)), old = load<T>(src + best * sizeof(T));
    if (largest ? value > old : value < old)
      best = i;
  }
  return int32_t(best);
}

template <typename T>
static bool countNonzero(const uint8_t *src, uint64_t cols, bool all) {
  for (uint64_t i = 0; i < cols; ++i)
    if ((load<T>(src + i * sizeof(T)) != Compute<T>(0)) != all)
      return !all;
  return all;
}

template <typename T>
static void reduceColumns(const VReduce &c, const uint8_t *src, uint8_t *dst) {
  std::vector<Compute<T>> result(c.cols);
  for (uint64_t row = 0; row < c.rows; ++row)
    for (uint64_t i = 0; i < c.cols; ++i) {
      const auto value = load<T>(src + row * c.sPitch * 32 + i * sizeof(T));
      result[i] = row ? combine(c.op - 8, result[i], value) : value;
    }
  for (uint64_t i = 0; i < c.cols; ++i)
    store<T>(dst + i * sizeof(T), result[i]);
}

/// Neighbours, then neighbours of what they give: `count` values become one.
template <typename C>
static C reduceTree(C *values, uint64_t count, uint64_t op) {
  for (; count > 1; count = ceilDiv(count, 2))
    for (uint64_t i = 0; i < count; i += 2)
      values[i / 2] = i + 1 < count ? combine(op, values[i], values[i + 1]) : values[i];
  return values[0];
}

/// A row's results by blocks of 32 bytes, or by pairs.
template <typename T>
static void reduceBlocks(const VReduce &c, const uint8_t *src, uint8_t *dst) {
  const uint64_t together = c.op == 15 ? 2 : 32 / sizeof(T), member = c.op == 15 ? 0 : c.op - 12;
  const uint64_t results = ceilDiv(c.cols, together), pitch = c.dPitch ? c.dPitch * 32 : results * sizeof(T);
  std::vector<T> row(results);
  for (uint64_t r = 0; r < c.rows; ++r) {
    for (uint64_t i = 0; i < results; ++i) {
      const uint64_t count = std::min(together, c.cols - i * together);
      Compute<T> values[32 / sizeof(T)];
      for (uint64_t k = 0; k < count; ++k)
        values[k] = load<T>(src + r * c.sPitch * 32 + (i * together + k) * sizeof(T));
      row[i] = T(reduceTree(values, count, member));
    }
    memcpy(dst + r * pitch, row.data(), results * sizeof(T));
  }
}

bool perform(Core &core, const VReduce &c) {
  return withType(c.type, [&](auto element) {
    using T = decltype(element);
    const uint8_t *src = inUnifiedBuffer(core, c.src);
    uint8_t *dst = inUnifiedBuffer(core, c.dst);
    if (c.op >= 12) {
      if constexpr (isFloat<T>)
        reduceBlocks<T>(c, src, dst);
      return true;
    }
    if (c.op >= 8) {
      reduceColumns<T>(c, src, dst);
      return true;
    }
    for (uint64_t row = 0; row < c.rows; ++row) {
      const uint8_t *from = src + row * c.sPitch * 32;
      const bool position = c.op == 4 || c.op == 5;
      uint8_t *to = dst + (c.dPitch ? row * c.dPitch * 32 : row * (position ? 4 : sizeof(T)));
      if (position) {
        const int32_t found = findExtreme<T>(from, c.cols, c.op == 4);
        memcpy(to, &found, 4);
      } else if (c.op >= 6) {
        store<T>(to, Compute<T>(countNonzero<T>(from, c.cols, c.op == 7)));
      } else {
        store<T>(to, reduceRow<T>(from, c.cols, c.op));
      }
    }
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Permutations
//===----------------------------------------------------------------------===//

namespace {

/// One row of a permutation, its places resolved.
struct Row {
  const VPermute &c;
  uint8_t *dst;
  const uint8_t *src;
  uint8_t *idx;
  uint64_t bytes;
};

void packRow(const Row &row) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < row.c.cols; ++i)
    if (getBit(row.idx, i))
      memmove(row.dst + count++ * row.bytes, row.src + i * row.bytes, row.bytes);
  memset(row.dst + count * row.bytes, 0, (row.c.cols - count) * row.bytes);
}

void interleaveRow(const Row &row) {
  std::vector<uint8_t> result(row.c.cols * row.bytes * 2);
  for (uint64_t i = 0; i < row.c.cols; ++i) {
    memcpy(&result[2 * i * row.bytes], row.src + i * row.bytes, row.bytes);
    memcpy(&result[(2 * i + 1) * row.bytes], row.idx + i * row.bytes, row.bytes);
  }
  memcpy(row.dst, result.data(), result.size());
}

template <typename T>
void sortRow(const Row &row) {
  std::vector<uint32_t> order(row.c.cols);
  std::iota(order.begin(), order.end(), 0);
  auto value = [&](uint32_t i) { return load<T>(row.src + i * sizeof(T)); };
  // NaN is the largest, as the first of equals stays first.
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const auto x = value(a), y = value(b);
    return x != x ? y == y : x > y;
  });
  std::vector<uint8_t> result(row.c.cols * sizeof(T));
  for (size_t i = 0; i < order.size(); ++i)
    memcpy(&result[i * sizeof(T)], row.src + order[i] * sizeof(T), sizeof(T));
  memcpy(row.dst, result.data(), result.size());
  memcpy(row.idx, order.data(), order.size() * 4);
}

/// Elements by number, from or to a table of `extent` blk.
bool moveByNumber(Core &core, const Row &row, uint8_t *table, bool gathers) {
  const uint64_t entries = row.c.extent * 32 / row.bytes;
  for (uint64_t i = 0; i < row.c.cols; ++i) {
    int32_t at;
    memcpy(&at, row.idx + i * 4, 4);
    if (at < 0 || uint64_t(at) >= entries)
      return core.fail("bounds", "found element number " + std::to_string(at) + ", expected 0 to " +
                                     std::to_string(int64_t(entries) - 1));
    if (gathers)
      memcpy(row.dst + i * row.bytes, table + uint64_t(at) * row.bytes, row.bytes);
    else
      memcpy(table + uint64_t(at) * row.bytes, row.src + i * row.bytes, row.bytes);
  }
  return true;
}

/// Blocks of 32 bytes by number from a table of `extent` blk.
bool gatherBlocks(Core &core, const Row &row, const uint8_t *table) {
  const uint64_t rowBytes = row.c.cols * row.bytes;
  for (uint64_t i = 0; i * 32 < rowBytes; ++i) {
    int32_t at;
    memcpy(&at, row.idx + i * 4, 4);
    if (at < 0 || uint64_t(at) >= row.c.extent)
      return core.fail("bounds", "found block number " + std::to_string(at) + ", expected 0 to " +
                                     std::to_string(int64_t(row.c.extent) - 1));
    memmove(row.dst + i * 32, table + uint64_t(at) * 32, std::min<uint64_t>(32, rowBytes - i * 32));
  }
  return true;
}

void pickRow(const Row &row) {
  const uint64_t first = firstOfPattern(row.c.extent), step = stepOfPattern(row.c.extent);
  for (uint64_t i = 0; i < pickedOf(row.c.extent, row.c.cols); ++i)
    memmove(row.dst + i * row.bytes, row.src + (first + i * step) * row.bytes, row.bytes);
}

void transpose(const VPermute &c, const uint8_t *src, uint8_t *dst, uint64_t bytes) {
  std::vector<uint8_t> block(c.rows * c.cols * bytes);
  for (uint64_t row = 0; row < c.rows; ++row)
    for (uint64_t i = 0; i < c.cols; ++i)
      memcpy(&block[(i * c.rows + row) * bytes], src + row * c.sPitch * 32 + i * bytes, bytes);
  for (uint64_t i = 0; i < c.cols; ++i)
    memcpy(dst + i * c.dPitch * 32, &block[i * c.rows * bytes], c.rows * bytes);
}

} // namespace

bool perform(Core &core, const VPermute &c) {
  if (!c.rows || !c.cols)
    return true;
  const uint64_t bytes = size(c.type);
  uint8_t *ub = inUnifiedBuffer(core, 0);
  if (c.op == 0) {
    transpose(c, ub + c.src * 32, ub + c.dst * 32, bytes);
    return true;
  }
  for (uint64_t i = 0; i < c.rows; ++i) {
    const Row row{c, ub + (c.dst + i * c.dPitch) * 32, ub + (c.src + i * c.sPitch) * 32,
                  ub + (c.idx + i * c.iPitch) * 32, bytes};
    switch (c.op) {
    case 1:
      if (!moveByNumber(core, row, ub + c.src * 32, true))
        return false;
      break;
    case 2:
      if (!moveByNumber(core, row, ub + c.dst * 32, false))
        return false;
      break;
    case 3: packRow(row); break;
    case 4: interleaveRow(row); break;
    case 5: {
      const uint8_t *from = c.sPitch ? row.src : ub + c.src * 32 + i * bytes;
      std::vector<uint8_t> value(from, from + bytes);
      for (uint64_t k = 0; k < c.cols; ++k)
        memcpy(row.dst + k * bytes, value.data(), bytes);
      break;
    }
    case 7:
      if (!gatherBlocks(core, row, ub + c.src * 32))
        return false;
      break;
    case 8: pickRow(row); break;
    default:
      if (c.type == uint64_t(Type::F16))
        sortRow<Half>(row);
      else
        sortRow<float>(row);
    }
  }
  return true;
}

} // namespace sim
} // namespace gemlir
