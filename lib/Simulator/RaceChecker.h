//===- RaceChecker.h - finds accesses without an order ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every queue of every core counts its steps and knows, in a vector clock, the
// last step of each other queue that happened before. Flags, barriers and the
// issue of commands carry clocks. Memory remembers, in lines, the last accesses;
// two that touch a byte, one of them a write, must be ordered by the clocks.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_RACECHECKER_H
#define GE_MLIR_LIB_SIMULATOR_RACECHECKER_H

#include "ge-mlir/Device/Engine.h"

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace gemlir {
namespace sim {

/// The last steps of all queues that happened before. Those of the own core are
/// kept apart: other cores' change only where cores meet.
struct Clock {
  std::array<uint32_t, 8> own = {};
  std::shared_ptr<const std::vector<uint32_t>> others;
};

class RaceChecker {
public:
  /// Forgets the launch before.
  void start(unsigned launchCores);

  Clock &clock(unsigned core, engine::Queue queue) { return clocks[core * 8 + unsigned(queue)]; }
  /// Orders what follows in `clock` of the core after `before`, of the same core.
  void join(Clock &clock, const Clock &before) const;
  /// What other cores learn of a core's clock.
  std::shared_ptr<const std::vector<uint32_t>> publish(unsigned core, const Clock &clock) const;
  /// What a core learns from another one, which may be news of its own queues.
  void receive(unsigned core, Clock &clock, const std::shared_ptr<const std::vector<uint32_t>> &before) const;
  void joinOthers(Clock &clock, const std::shared_ptr<const std::vector<uint32_t>> &before) const;

  /// Counts the queue's next step and returns its number.
  uint32_t step(unsigned core, engine::Queue queue) { return ++clock(core, queue).own[unsigned(queue)]; }

  /// Records an access in the queue's present step, of global memory or the local ones
  /// of core `owner`. Returns false if it races.
  bool access(unsigned core, engine::Queue queue, uint64_t pc, const engine::Range &range, bool write, unsigned owner);
  /// What the last race was with.
  struct Conflict {
    unsigned core = 0;
    engine::Queue queue = engine::Queue::S;
    bool write = false;
    uint64_t pc = 0, address = 0;
  };
  const Conflict &getConflict() const { return conflict; }

private:
  static constexpr uint64_t kLine = 512;
  /// What a command did to bytes of a line, from `begin` to `end`, each of them a bit.
  struct Mark {
    uint64_t pc;
    uint32_t step;
    uint16_t core, begin, end;
    uint8_t queue;
    bool write, atomic;
    uint64_t bytes[kLine / 64];

    void add(uint64_t first, uint64_t last);
    void remove(const Mark &other);
    bool isSameCommand(const Mark &other) const;
    /// The first byte of both, or kLine.
    uint64_t findShared(const Mark &other) const;
  };
  struct Line {
    uint64_t launch = 0;
    std::vector<Mark> marks;
  };

  Line &getLine(unsigned owner, uint64_t base);
  bool isBefore(const Mark &mark, unsigned core, const Clock &clock) const;
  bool accessLine(Line &line, const Mark &mark, uint64_t base);

  unsigned cores = 0;
  uint64_t launch = 0;
  std::vector<Clock> clocks;
  /// Of each core's memories, by tag and offset.
  std::vector<std::array<std::vector<Line>, 16>> local;
  /// By the address of a line.
  std::unordered_map<uint64_t, Line> global;
  Conflict conflict;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_RACECHECKER_H
