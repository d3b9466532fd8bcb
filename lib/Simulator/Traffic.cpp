//===- Traffic.cpp - what all cores share on the way to memory ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traffic.h"

#include <algorithm>
#include <limits>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

Cache::Cache(const device::AICore &core)
    : lineBytes(core.cacheLine), sets(std::max<uint64_t>(1, core.cacheBytes / core.cacheLine / kWays)),
      tags(sets * kWays, 0) {}

bool Cache::touchLine(uint64_t line) {
  uint64_t *set = &tags[line % sets * kWays];
  const uint64_t tag = line + 1;
  unsigned way = 0;
  while (way < kWays && set[way] != tag)
    ++way;
  const bool hit = way < kWays;
  std::copy_backward(set, set + (hit ? way : kWays - 1), set + (hit ? way : kWays - 1) + 1);
  set[0] = tag;
  return hit;
}

uint64_t Cache::touch(const Range &range, uint64_t &touched) {
  uint64_t missing = 0;
  for (uint64_t plane = 0; plane < range.planes; ++plane)
    for (uint64_t row = 0; row < range.rows; ++row) {
      const uint64_t at = range.address + plane * range.planePitch + row * range.pitch;
      for (uint64_t line = at / lineBytes; line <= (at + range.bytes - 1) / lineBytes; ++line) {
        ++touched;
        missing += !touchLine(line);
      }
    }
  return missing;
}

Traffic::Traffic(const device::AICore &core)
    : capacity{core.cacheReadBytesPerCycle, core.cacheWriteBytesPerCycle, core.memoryBytesPerCycle},
      end(std::numeric_limits<double>::infinity()) {}

/// Raises all rates together; a transfer stops at its cap, or when something that
/// it needs is used up.
void Traffic::share() {
  double left[3] = {capacity[0], capacity[1], capacity[2]};
  for (Transfer &t : transfers)
    t.rate = 0;
  std::vector<Transfer *> open;
  for (Transfer &t : transfers)
    open.push_back(&t);
  while (!open.empty()) {
    double weight[3] = {0, 0, 0};
    double rise = std::numeric_limits<double>::infinity();
    for (const Transfer *t : open) {
      weight[t->write] += 1;
      weight[2] += t->missing;
      rise = std::min(rise, t->cap - t->rate);
    }
    for (int i = 0; i < 3; ++i)
      if (weight[i] > 0)
        rise = std::min(rise, left[i] / weight[i]);
    for (int i = 0; i < 3; ++i)
      left[i] -= rise * weight[i];
    auto isDone = [&](Transfer *t) {
      t->rate += rise;
      constexpr double kNothing = 1e-9;
      return t->cap - t->rate < kNothing || left[t->write] < kNothing || (t->missing > 0 && left[2] < kNothing);
    };
    open.erase(std::remove_if(open.begin(), open.end(), isDone), open.end());
  }
  end = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < transfers.size(); ++i) {
    const double when = time + transfers[i].left / transfers[i].rate;
    if (when < end) {
      end = when;
      next = i;
    }
  }
}

void Traffic::advance(double now) {
  for (Transfer &t : transfers)
    t.left = std::max(0.0, t.left - t.rate * (now - time));
  time = now;
}

void Traffic::start(double now, const Transfer &transfer) {
  advance(std::max(now, time));
  transfers.push_back(transfer);
  share();
}

Traffic::Transfer Traffic::finish() {
  const Transfer done = transfers[next];
  const size_t index = next;
  advance(end);
  transfers.erase(transfers.begin() + ptrdiff_t(index));
  share();
  return done;
}

} // namespace sim
} // namespace gemlir
