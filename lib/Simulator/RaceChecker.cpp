//===- RaceChecker.cpp - finds accesses without an order ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RaceChecker.h"

#include <algorithm>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

void RaceChecker::join(Clock &clock, const Clock &before) const {
  for (size_t i = 0; i < clock.own.size(); ++i)
    clock.own[i] = std::max(clock.own[i], before.own[i]);
  joinOthers(clock, before.others);
}

void RaceChecker::joinOthers(Clock &clock, const std::shared_ptr<const std::vector<uint32_t>> &before) const {
  if (!before || before == clock.others)
    return;
  if (!clock.others) {
    clock.others = before;
    return;
  }
  auto merged = std::make_shared<std::vector<uint32_t>>(*clock.others);
  for (size_t i = 0; i < merged->size(); ++i)
    (*merged)[i] = std::max((*merged)[i], (*before)[i]);
  clock.others = merged;
}

void RaceChecker::receive(unsigned core, Clock &clock,
                          const std::shared_ptr<const std::vector<uint32_t>> &before) const {
  joinOthers(clock, before);
  for (size_t i = 0; before && i < clock.own.size(); ++i)
    clock.own[i] = std::max(clock.own[i], (*before)[core * 8 + i]);
}

std::shared_ptr<const std::vector<uint32_t>> RaceChecker::publish(unsigned core, const Clock &clock) const {
  auto all = clock.others ? std::make_shared<std::vector<uint32_t>>(*clock.others)
                          : std::make_shared<std::vector<uint32_t>>(cores * 8);
  for (size_t i = 0; i < clock.own.size(); ++i)
    (*all)[core * 8 + i] = std::max((*all)[core * 8 + i], clock.own[i]);
  return all;
}

bool RaceChecker::isBefore(const Mark &mark, unsigned core, const Clock &clock) const {
  if (mark.core == core)
    return clock.own[mark.queue] >= mark.step;
  return clock.others && (*clock.others)[mark.core * 8 + mark.queue] >= mark.step;
}

bool RaceChecker::accessLine(Line &line, const Mark &mark, uint64_t base) {
  const Clock &now = clocks[mark.core * 8 + mark.queue];
  size_t kept = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const Mark &old = line[i];
    const bool overlaps = old.begin < mark.end && mark.begin < old.end;
    const bool before = isBefore(old, mark.core, now);
    if (overlaps && !before && (old.write || mark.write) && !(old.atomic && mark.atomic)) {
      conflict = {old.core, Queue(old.queue), old.write, old.pc, base + std::max(old.begin, mark.begin)};
      return false;
    }
    // What races with the old access in future races with the new one too.
    const bool covered = before && old.begin >= mark.begin && old.end <= mark.end && (mark.write || !old.write);
    if (!covered)
      line[kept++] = old;
  }
  line.resize(kept);
  line.push_back(mark);
  return true;
}

bool RaceChecker::access(unsigned core, Queue queue, uint64_t pc, const Range &range, bool write) {
  if (range.empty())
    return true;
  auto &lines = spaceOf(range.address) == Space::GM ? global : local[core];
  Mark mark{pc, clock(core, queue).own[unsigned(queue)], uint16_t(core), 0, 0, uint8_t(queue), write, range.atomic};
  for (uint64_t plane = 0; plane < range.planes; ++plane)
    for (uint64_t row = 0; row < range.rows; ++row) {
      uint64_t at = range.address + plane * range.planePitch + row * range.pitch;
      const uint64_t end = at + range.bytes;
      while (at < end) {
        const uint64_t base = at / kLine * kLine, stop = std::min(end, base + kLine);
        mark.begin = uint16_t(at - base);
        mark.end = uint16_t(stop - base);
        if (!accessLine(lines[base], mark, base))
          return false;
        at = stop;
      }
    }
  return true;
}

} // namespace sim
} // namespace gemlir
