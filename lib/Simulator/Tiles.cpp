//===- Tiles.cpp - runs the AICPU harts of a launch -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Chip.h"

#include <algorithm>

namespace gemlir {
namespace sim {

/// The harts share what they read; what a tile writes is its own. So each may run
/// on a thread of its own, and the result does not depend on it.
Result Chip::run(const TileLaunch &launch) {
  result = Result();
  const device::AICPU &cpu = getDevice().aicpu;
  const unsigned count = unsigned(std::clamp<int64_t>(launch.tiles, 0, cpu.harts));
  while (harts.size() < count)
    harts.push_back(std::make_unique<AICPUHart>(device, unsigned(harts.size())));
  if (!tileCode)
    tileCode = std::make_unique<AICPUCode>(image);

  std::vector<uint64_t> words = launch.buffers;
  words.insert(words.end(), launch.scalars.begin(), launch.scalars.end());
  std::vector<MemoryWindow> windows = global.getBuffers();
  const uint64_t address = uint64_t(Image::kLimit) * 2;
  windows.push_back({address, words.size() * 8, reinterpret_cast<uint8_t *>(words.data()), false});
  // A constant; what a program could write would not be the same for each tile.
  for (const Segment &segment : image.segments())
    windows.push_back({segment.address, segment.bytes.size(), const_cast<uint8_t *>(segment.bytes.data()), false});

  auto bound = [&](uint64_t part) { return uint64_t((unsigned __int128)(launch.tiles) * part / count); };
  AICPUHart::Call call;
  call.code = tileCode.get();
  call.windows = &windows;
  call.entry = launch.entry;
  call.timing = options.timing;
  call.maxInstructions = options.maxInstructions;
  call.image = &image;
  auto run = [&](unsigned i, AICPUHart::Call call, uint64_t begin, uint64_t end) {
    const uint64_t values[] = {address, address + launch.buffers.size() * 8, begin, end, 0};
    std::copy(std::begin(values), std::end(values), call.arguments);
    return harts[i]->run(call);
  };
  for (unsigned i = 0; i < count; ++i)
    harts[i]->start();
  if (options.races) {
    // Each tile is a call of its own, so that all are told apart.
    TileRaces tileRaces(windows);
    call.races = &tileRaces;
    bool good = true;
    for (unsigned i = 0; i < count && good; ++i)
      for (uint64_t tile = bound(i); tile < bound(i + 1) && good; ++tile) {
        tileRaces.startTile(tile);
        good = run(i, call, tile, tile + 1);
      }
  } else if (options.parallel && count > 1) {
    options.parallel(count, [&](unsigned i) { run(i, call, bound(i), bound(i + 1)); });
  } else {
    for (unsigned i = 0; i < count; ++i)
      run(i, call, bound(i), bound(i + 1));
  }

  for (unsigned i = 0; i < count; ++i) {
    if (std::unique_ptr<Trap> found = harts[i]->takeTrap())
      trap(std::move(*found));
    CoreStatistics &statistics = result.cores.emplace_back();
    statistics.kind = 3;
    statistics.instructions = harts[i]->getInstructions();
    if (!options.timing)
      continue;
    // Cycles of the cores' clock.
    const double own = double(harts[i]->getCycles());
    constexpr double kMostCycles = 1e18;
    statistics.busy[0] = uint64_t(std::min(own * device.gigahertz / cpu.gigahertz, kMostCycles));
    statistics.stalls[0][unsigned(Stall::Launch)] = uint64_t(getDevice().launchCycles);
    statistics.cycles = statistics.busy[0] + uint64_t(getDevice().launchCycles);
    result.cycles = std::max(result.cycles, statistics.cycles);
    result.bytesRead += harts[i]->getMisses() * 64;
    if (options.trace)
      result.events.push_back({i, engine::Queue::S, "tiles", getDevice().launchCycles, statistics.cycles,
                               statistics.cycles, statistics.instructions});
  }
  return std::move(result);
}

} // namespace sim
} // namespace gemlir
