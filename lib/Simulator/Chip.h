//===- Chip.h - cores, and what they share ---------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_CHIP_H
#define GE_MLIR_LIB_SIMULATOR_CHIP_H

#include "AICPU.h"
#include "Core.h"
#include "RaceChecker.h"
#include "Traffic.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <memory>
#include <vector>

namespace gemlir {
namespace sim {

/// Runs the cores of a launch. Cores run until nothing in them can go on, in the
/// order of their numbers; then the transfer to global memory that starts or ends
/// first goes on, and its core with it. So whatever reaches the shared cache and
/// memory does so in the order of time, and every run is the same. What commands do
/// to bytes follows later, many at a time, as nothing but a load of a control core
/// can see when: of each core in order, of cores beside each other, and of all before
/// a flag between cores or a command that orders itself, like atomic additions.
class Chip {
public:
  Chip(const device::Description &device, const Options &options);

  void load(const Image &image);
  Result run(const Launch &launch);
  Result run(const TileLaunch &launch);

  const device::AICore &getDevice() const { return *device.aiCore; }
  uint64_t bytesOf(engine::Space space) const { return spaceBytes[unsigned(space)]; }
  const device::DataPath *findPath(engine::Space from, engine::Space to, bool fractals = false) const {
    return paths[unsigned(from)][unsigned(to)][fractals];
  }
  const std::vector<std::vector<Instruction>> &getCode() const { return code; }

  bool isTrapped() const { return result.trap != nullptr; }
  void trap(Trap trap);

  /// Asks for the way to memory from time `start` on.
  struct Request {
    uint64_t start = 0;
    unsigned core = 0;
    engine::Queue queue = engine::Queue::S;
    double bytes = 0, cap = 0;
    bool write = false;
    engine::Range range;
  };
  void request(const Request &request);

  /// A cross-core flag is set by `core` at `time`.
  struct Arrival {
    uint64_t time = 0;
    std::shared_ptr<const std::vector<uint32_t>> clock;
  };
  void setCrossFlag(Core &core, const engine::CrossFlag &flag, uint64_t pc, const Arrival &arrival);
  /// Few at a time, and mostly none; the first one came first.
  using Arrivals = std::vector<Arrival>;
  /// Arrivals at a core that it has not waited for yet.
  Arrivals &getArrivals(unsigned core, uint64_t flag) { return arrivals[core * 16 + (flag & 15)]; }

  /// Local memories of a kind of core, with nothing in them. Launches pass them on.
  std::unique_ptr<LocalMemories> takeMemories(unsigned kind);
  void giveBack(unsigned kind, std::unique_ptr<LocalMemories> memories) {
    spareMemories[kind].push_back(std::move(memories));
  }

  /// Moves and computes what all commands taken before do, on as many threads as
  /// there are. Time never depends on it.
  void runPayloads();
  void notePayload() {
    if (++payloads >= kMostPayloads)
      runPayloads();
  }

  /// The vector core of a group, or null.
  Core *findCore(unsigned group, unsigned sub, bool vector);

  const device::Description device;
  Options options;
  Image image;
  GlobalMemory global;
  /// Of a launch where races are looked for, or null.
  std::unique_ptr<RaceChecker> races;
  Result result;

private:
  void makeCores(const Launch &launch);
  void runCores();
  void runTransfers();
  std::vector<Core *> getMembers(const Core &core, uint64_t mode, uint64_t peer, bool senders);
  void reportDeadlock();
  void collect();

  uint64_t spaceBytes[10] = {};
  const device::DataPath *paths[10][10][2] = {};
  /// Decoded code of each segment of the program.
  std::vector<std::vector<Instruction>> code;
  std::vector<std::unique_ptr<LocalMemories>> spareMemories[3];
  std::unique_ptr<RaceChecker> spareRaces;
  std::vector<std::unique_ptr<Core>> cores;
  static constexpr size_t kMostPayloads = 1 << 15;
  size_t payloads = 0;
  std::unique_ptr<AICPUCode> tileCode;
  std::vector<std::unique_ptr<AICPUHart>> harts;
  std::vector<uint64_t> arguments;
  std::vector<Arrivals> arrivals;
  /// Sets that wait for those of other cores, by core, mode and flag.
  std::vector<Arrivals> partial;
  std::unique_ptr<Cache> cache;
  std::unique_ptr<Traffic> traffic;
  std::vector<Request> heap;
  /// Requests under way, by core and queue.
  std::vector<double> extraLatency;
  /// A cross-core flag was set since all cores ran last.
  bool crossed = false;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_CHIP_H
