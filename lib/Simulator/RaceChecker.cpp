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

void RaceChecker::start(unsigned launchCores) {
  // Lines stay, for the next launch uses many of them again.
  constexpr size_t kMostLines = 1 << 18;
  if (global.size() > kMostLines)
    global.clear();
  ++launch;
  cores = launchCores;
  clocks.assign(size_t(cores) * 8, Clock());
  if (local.size() < cores)
    local.resize(cores);
}

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

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

/// Bytes `first` to `last` of the line; later ones than those before.
void RaceChecker::Mark::add(uint64_t first, uint64_t last) {
  if (end == 0)
    begin = uint16_t(first);
  end = uint16_t(last);
  for (uint64_t word = first / 64; word * 64 < last; ++word) {
    const uint64_t from = std::max(first, word * 64) % 64, upTo = std::min(last, word * 64 + 64) - word * 64;
    bytes[word] |= ~uint64_t(0) >> (64 - (upTo - from)) << from;
  }
}

void RaceChecker::Mark::remove(const Mark &other) {
  uint64_t any = 0;
  for (size_t word = 0; word < kLine / 64; ++word)
    any |= bytes[word] &= ~other.bytes[word];
  if (!any)
    begin = end = 0;
}

bool RaceChecker::Mark::isSameCommand(const Mark &other) const {
  return core == other.core && queue == other.queue && step == other.step && pc == other.pc && write == other.write &&
         atomic == other.atomic;
}

uint64_t RaceChecker::Mark::findShared(const Mark &other) const {
  if (other.end <= begin || end <= other.begin)
    return kLine;
  for (uint64_t word = 0; word < kLine / 64; ++word)
    if (const uint64_t shared = bytes[word] & other.bytes[word])
      return word * 64 + uint64_t(__builtin_ctzll(shared));
  return kLine;
}

RaceChecker::Line &RaceChecker::getLine(unsigned owner, uint64_t base) {
  auto get = [&]() -> Line & {
    if (spaceOf(base) == Space::GM)
      return global[base];
    std::vector<Line> &lines = local[owner][base >> 60];
    const size_t index = size_t((base & kAddressMask) / kLine);
    if (lines.size() <= index)
      lines.resize(index + 1);
    return lines[index];
  };
  Line &line = get();
  if (line.launch != launch) {
    line.launch = launch;
    line.marks.clear();
  }
  return line;
}

bool RaceChecker::accessLine(Line &line, const Mark &mark, uint64_t base) {
  const Clock &now = clocks[mark.core * 8 + mark.queue];
  size_t kept = 0;
  bool merged = false;
  for (size_t i = 0; i < line.marks.size(); ++i) {
    Mark &old = line.marks[i];
    const uint64_t shared = old.findShared(mark);
    if (old.isSameCommand(mark)) {
      for (size_t word = 0; word < kLine / 64; ++word)
        old.bytes[word] |= mark.bytes[word];
      old.begin = std::min(old.begin, mark.begin);
      old.end = std::max(old.end, mark.end);
      merged = true;
    } else if (shared < kLine) {
      const bool before = isBefore(old, mark.core, now);
      if (!before && (old.write || mark.write) && !(old.atomic && mark.atomic)) {
        conflict = {old.core, Queue(old.queue), old.write, old.pc, base + shared};
        return false;
      }
      // What races with the old access in future races with the new one too.
      if (before && (mark.write || !old.write))
        old.remove(mark);
      if (!old.end)
        continue;
    }
    if (kept != i)
      line.marks[kept] = old;
    ++kept;
  }
  line.marks.resize(kept);
  if (!merged)
    line.marks.push_back(mark);
  return true;
}

bool RaceChecker::access(unsigned core, Queue queue, uint64_t pc, const Range &range, bool write, unsigned owner) {
  if (range.empty())
    return true;
  const Mark none{
      pc, clock(core, queue).own[unsigned(queue)], uint16_t(core), 0, 0, uint8_t(queue), write, range.atomic, {}};
  Mark mark = none;
  uint64_t base = ~uint64_t(0);
  auto finishLine = [&] { return mark.end == 0 || accessLine(getLine(owner, base), mark, base); };
  for (uint64_t plane = 0; plane < range.planes; ++plane)
    for (uint64_t row = 0; row < range.rows; ++row) {
      uint64_t at = range.address + plane * range.planePitch + row * range.pitch;
      const uint64_t end = at + range.bytes;
      while (at < end) {
        // Rows of a line are one mark.
        const uint64_t line = at / kLine * kLine, stop = std::min(end, line + kLine);
        if (line != base || at - line < mark.end) {
          if (!finishLine())
            return false;
          base = line;
          mark = none;
        }
        mark.add(at - line, stop - line);
        at = stop;
      }
    }
  return finishLine();
}

} // namespace sim
} // namespace gemlir
