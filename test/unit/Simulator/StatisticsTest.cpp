//===- StatisticsTest.cpp - where a core's cycles go ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestChip.h"

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

constexpr unsigned V = unsigned(Queue::V), MTE2 = unsigned(Queue::MTE2), S = unsigned(Queue::S);

uint64_t getStall(const CoreStatistics &core, unsigned queue, Stall cause) {
  return core.stalls[queue][unsigned(cause)];
}

/// Loads 16 KiB `times` times; each time V adds them to themselves.
struct StatisticsTest : ::testing::Test {
  TestChip chip{"Ascend910B1"};
  std::vector<uint8_t> buffer = std::vector<uint8_t>(16 << 10);

  Result run(unsigned blocks, unsigned times) {
    const uint64_t address = chip.map(buffer);
    for (unsigned i = 0; i < times; ++i) {
      DmaIn load;
      load.dst = tagged(Space::UB, 0), load.src = address, load.rowBytes = buffer.size(), load.rows = load.planes = 1;
      VBinary add;
      add.op = 0, add.type = uint64_t(Type::F32), add.dst = add.a = add.b = 0, add.rows = 1, add.cols = 4096;
      add.dStride = add.aStride = add.bStride = 1;
      chip.program.add(load).order(Queue::MTE2, Queue::V).add(add).order(Queue::V, Queue::MTE2, 1);
    }
    Options options;
    options.timing = options.trace = true;
    chip.simulator->setOptions(options);
    chip.simulator->load(chip.program.build());
    Launch launch;
    launch.vectorEntry = ProgramBuilder::kEntry;
    launch.blocks = blocks;
    Result result = chip.simulator->run(launch);
    EXPECT_FALSE(result.trap) << result.trap->message();
    return result;
  }
};

TEST_F(StatisticsTest, CountsEveryCycleOfEveryQueueOnce) {
  // More blocks than cores, so that some cores start again.
  const Result result = run(100, 3);
  ASSERT_EQ(result.cores.size(), 48u);
  for (const CoreStatistics &core : result.cores)
    expectEveryCycleOnce(core);
}

TEST_F(StatisticsTest, AgreesWithTheTimeLine) {
  const Result result = run(2, 3);
  CoreStatistics core = result.cores[1];
  for (const Event &event : result.events)
    if (event.core == 1)
      core.busy[unsigned(event.queue)] -= event.end - event.start;
  for (const Wait &wait : result.waits)
    if (wait.core == 1)
      core.stalls[unsigned(wait.queue)][unsigned(wait.cause)] -= wait.end - wait.start;
  for (unsigned q = 1; q < kQueues; ++q) {
    EXPECT_EQ(core.busy[q], 0u) << kQueueNames[q];
    for (unsigned cause = 1; cause < kStalls; ++cause)
      EXPECT_EQ(core.stalls[q][cause], 0u) << kQueueNames[q] << " " << kStallNames[cause];
  }
}

TEST_F(StatisticsTest, SaysWhatAQueueWaitsFor) {
  const Result result = run(1, 1);
  const CoreStatistics &core = result.cores[0];
  ASSERT_EQ(result.events.size(), 2u);
  const Event &load = result.events[0], &add = result.events[1];
  // V sees the flag a handoff after the loaded bytes are there.
  ASSERT_FALSE(result.waits.empty());
  const auto wait = std::find_if(result.waits.begin(), result.waits.end(),
                                 [](const Wait &w) { return w.queue == Queue::V && w.from == Queue::MTE2; });
  ASSERT_NE(wait, result.waits.end());
  EXPECT_EQ(wait->cause, Stall::Flag);
  EXPECT_EQ(wait->end, load.done + chip.description.aiCore->handoffCycles + 1);
  EXPECT_EQ(wait->end, add.start);
  EXPECT_EQ(core.flagsFrom[V][MTE2], wait->end - wait->start);
  // Setting a flag takes a cycle.
  EXPECT_EQ(getStall(core, V, Stall::Flag), core.flagsFrom[V][MTE2] + 1);
  EXPECT_EQ(core.busy[V], add.end - add.start);
  EXPECT_EQ(core.busy[MTE2], load.end - load.start);
  EXPECT_EQ(getStall(core, S, Stall::Launch), chip.description.aiCore->launchCycles);
  EXPECT_GT(getStall(core, S, Stall::Barrier), 0u);
}

TEST_F(StatisticsTest, CountsBytesByPath) {
  const Result result = run(1, 5);
  uint64_t all = 0;
  for (const auto &from : result.cores[0].moved)
    for (uint64_t bytes : from)
      all += bytes;
  EXPECT_EQ(result.cores[0].moved[unsigned(Space::GM)][unsigned(Space::UB)], 5 * buffer.size());
  EXPECT_EQ(all, 5 * buffer.size());
}

TEST_F(StatisticsTest, CountsWhatSharingCosts) {
  EXPECT_EQ(run(1, 2).cores[0].shared[MTE2], 0u);
  const CoreStatistics one = run(48, 2).cores[0];
  EXPECT_GT(one.shared[MTE2], 0u);
  EXPECT_LT(one.shared[MTE2], one.busy[MTE2]);
}

TEST(CubeUseTest, IsOfAllCoresAndOfWhatWasAskedFor) {
  // Two blocks for 24 cores; half a fractal of f16, and one of f32, which takes twice as
  // long.
  TestChip chip("Ascend910B1");
  DmaFill fill;
  fill.dst = tagged(Space::L1, 0), fill.rowBytes = 4096, fill.rows = 1;
  chip.program.add(fill).order(Queue::MTE2, Queue::MTE1);
  for (uint64_t target : {0, 1}) {
    Load2d load;
    load.target = target, load.order = 1, load.scale = 1, load.rows = load.srcPitch = load.dstPitch = 2, load.cols = 1;
    chip.program.add(load);
  }
  chip.program.order(Queue::MTE1, Queue::M);
  Mmad mmad;
  mmad.init = 1, mmad.m = 8, mmad.k = mmad.n = 16;
  chip.program.add(mmad);
  mmad.m = 16, mmad.k = 8, mmad.type = 2, mmad.c = 32;
  chip.program.add(mmad);
  chip.simulator->load(chip.program.build());
  Launch launch;
  launch.cubeEntry = ProgramBuilder::kEntry;
  launch.blocks = 2;
  const Result result = chip.simulator->run(launch);
  ASSERT_FALSE(result.trap) << result.trap->message();
  ASSERT_EQ(result.cores.size(), 2u);
  EXPECT_EQ(result.cubeCores, 24u);
  EXPECT_EQ(result.vectorCores, 48u);
  EXPECT_DOUBLE_EQ(result.cores[0].cubeCycles, 0.5 + 2);
  EXPECT_DOUBLE_EQ(result.cubeUse(), 2 * 2.5 / (24.0 * double(result.cycles)));
}

TEST_F(StatisticsTest, CountsStallsOfTheControlCore) {
  EXPECT_EQ(getStall(run(1, 2).cores[0], S, Stall::Full), 0u);
  EXPECT_GT(getStall(run(1, 100).cores[0], S, Stall::Full), 0u);
}

} // namespace
