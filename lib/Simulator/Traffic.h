//===- Traffic.h - what all cores share on the way to memory ---*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_TRAFFIC_H
#define GE_MLIR_LIB_SIMULATOR_TRAFFIC_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Device/Engine.h"

#include <vector>

namespace gemlir {
namespace sim {

/// The cache between the cores and memory: sets of 16 lines, the least recently
/// used of a set makes room.
class Cache {
public:
  explicit Cache(const device::AICore &core);
  /// Touches a range; returns how many lines were missing, and adds how many
  /// there were to `touched`.
  uint64_t touch(const engine::Range &range, uint64_t &touched);

private:
  static constexpr unsigned kWays = 16;
  bool touchLine(uint64_t line);
  uint64_t lineBytes, sets;
  std::vector<uint64_t> tags; // kWays per set, the most recent first; 0 is empty
};

/// Transfers under way. Each goes at its path's rate, or at its fair share of
/// what the cache or memory can do for all.
class Traffic {
public:
  explicit Traffic(const device::AICore &core);

  struct Transfer {
    unsigned core;
    engine::Queue queue;
    double left; // bytes
    double cap;  // bytes per cycle
    bool write;
    double missing; // share of the bytes that memory moves
    double rate = 0;
  };
  /// Starts at `now`, which never goes back.
  void start(double now, const Transfer &transfer);
  /// When the next transfer ends; infinity if there is none.
  double nextEnd() const { return end; }
  /// Takes out the transfer that ends next, and returns it.
  Transfer finish();
  double getTime() const { return time; }

private:
  void advance(double now);
  void share();

  std::vector<Transfer> transfers;
  double capacity[3]; // reads and writes of the cache, memory
  double time = 0, end;
  size_t next = 0;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_TRAFFIC_H
