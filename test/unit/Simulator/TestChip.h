//===- TestChip.h - a chip, its buffers, and a program ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TEST_UNIT_SIMULATOR_TESTCHIP_H
#define GE_MLIR_TEST_UNIT_SIMULATOR_TESTCHIP_H

#include "ge-mlir/Simulator/ProgramBuilder.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

/// A program of commands on a chip that looks for races and counts cycles.
struct TestChip {
  explicit TestChip(const char *device) {
    std::string error;
    EXPECT_TRUE(gemlir::device::lookup(device, description, error)) << error;
    gemlir::sim::Options options;
    options.races = options.timing = true;
    simulator = std::make_unique<gemlir::sim::Simulator>(description, options);
  }

  template <typename T>
  uint64_t map(std::vector<T> &buffer) {
    return simulator->map(buffer.data(), buffer.size() * sizeof(T), true);
  }

  gemlir::sim::Result run(bool vector) {
    simulator->load(program.build());
    gemlir::sim::Launch launch;
    (vector ? launch.vectorEntry : launch.cubeEntry) = gemlir::sim::ProgramBuilder::kEntry;
    return simulator->run(launch);
  }
  void expectEnd(bool vector) {
    const gemlir::sim::Result result = run(vector);
    EXPECT_FALSE(result.trap) << result.trap->message();
    EXPECT_GT(result.cycles, 0u);
  }
  /// Expects a trap of a kind whose text contains `text`.
  void expectTrap(bool vector, const char *kind, const std::string &text) {
    const gemlir::sim::Result result = run(vector);
    ASSERT_TRUE(result.trap) << "expected " << kind;
    EXPECT_EQ(result.trap->kind, kind) << result.trap->message();
    EXPECT_NE(result.trap->message().find(text), std::string::npos) << result.trap->message();
  }

  gemlir::device::Description description;
  std::unique_ptr<gemlir::sim::Simulator> simulator;
  gemlir::sim::ProgramBuilder program;
};

/// Expects each cycle of each queue of a core to be busy or one of its stalls.
inline void expectEveryCycleOnce(const gemlir::sim::CoreStatistics &core) {
  for (unsigned q = 0; q < gemlir::engine::kQueues; ++q) {
    uint64_t sum = core.busy[q];
    for (uint64_t cycles : core.stalls[q])
      sum += cycles;
    EXPECT_EQ(sum, core.cycles) << gemlir::engine::kQueueNames[q];
  }
}

/// A row of bytes from global memory.
inline gemlir::engine::DmaIn copyIn(uint64_t dst, uint64_t src, uint64_t bytes) {
  gemlir::engine::DmaIn c;
  c.dst = dst, c.src = src, c.rowBytes = bytes, c.rows = c.planes = 1;
  return c;
}
/// A row of bytes to global memory.
inline gemlir::engine::DmaOut copyOut(uint64_t dst, uint64_t src, uint64_t bytes) {
  gemlir::engine::DmaOut c;
  c.dst = dst, c.src = src, c.rowBytes = bytes, c.rows = c.planes = 1;
  return c;
}

#endif // GE_MLIR_TEST_UNIT_SIMULATOR_TESTCHIP_H
