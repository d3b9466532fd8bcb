//===- FollowTest.cpp - M and FIX behind each other, fractal by fractal ---===//
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

constexpr uint64_t kRows = 128, kColumns = 256, kFractals = kRows / 16 * kColumns / 16;

/// Two products, one after the other in the same accumulators, that FIX stores.
struct FollowTest : ::testing::Test {
  TestChip chip{"Ascend910B1"};
  std::vector<uint8_t> memory = std::vector<uint8_t>(kRows * kColumns * 2);
  Fix fix;
  const uint64_t handoff = uint64_t(chip.description.aiCore->handoffCycles);

  FollowTest() {
    fix.dst = chip.map(memory), fix.quant = 1, fix.dstPitch = kColumns * 2;
    fix.m = kRows, fix.n = kColumns, fix.srcPitch = kRows / 16;
    DmaFill fill;
    fill.dst = tagged(Space::L1, 0), fill.rowBytes = 32 << 10, fill.rows = 1;
    chip.program.add(fill).order(Queue::MTE2, Queue::MTE1);
    for (uint64_t target : {0, 1}) {
      Load2d load;
      load.target = target, load.order = load.scale = 1, load.cols = 4;
      load.rows = load.srcPitch = load.dstPitch = target ? kColumns / 16 : kRows / 16;
      chip.program.add(load);
    }
    chip.program.order(Queue::MTE1, Queue::M);
  }

  void wait(Queue src, Queue dst, bool follows) {
    Follow follow;
    follow.src = uint64_t(src), follow.dst = uint64_t(dst);
    if (follows)
      chip.program.add(follow);
    else
      chip.program.wait(src, dst, 0);
  }

  void addProducts(bool follows) {
    Mmad mmad;
    mmad.init = 1, mmad.m = kRows, mmad.k = 64, mmad.n = kColumns;
    for (bool second : {false, true}) {
      if (second)
        wait(Queue::FIX, Queue::M, follows);
      chip.program.add(mmad).set(Queue::M, Queue::FIX, 0);
      wait(Queue::M, Queue::FIX, follows);
      chip.program.add(fix);
      if (!second)
        chip.program.set(Queue::FIX, Queue::M, 0);
    }
  }

  /// Runs the program; its products and stores are in `products` and `stores`.
  Result run() {
    Options options;
    options.timing = options.races = options.trace = true;
    chip.simulator->setOptions(options);
    Result result = chip.run(/*vector=*/false);
    EXPECT_FALSE(result.trap) << result.trap->message();
    for (const Event &event : result.events)
      if (event.queue == Queue::M || event.queue == Queue::FIX)
        (event.queue == Queue::M ? products : stores).push_back(event);
    return result;
  }
  std::vector<Event> products, stores;

  /// Whether all of `later` comes behind `earlier`, fractal by fractal, and no later than
  /// it has to, or its queue is free.
  void expectFollows(const Event &later, const Event &earlier, uint64_t free = 0) {
    const uint64_t pace = ceilDiv(earlier.end - earlier.start, kFractals), tail = earlier.done - earlier.end;
    const uint64_t first = earlier.start + pace + tail + handoff + 1;
    const uint64_t busy = later.end - later.start, end = earlier.done + handoff + ceilDiv(busy, kFractals);
    EXPECT_GE(later.start, first);
    EXPECT_GE(later.end, end);
    EXPECT_TRUE(later.start == first || later.end == end || later.start == free);
    EXPECT_LT(later.start, earlier.done);
  }
};

TEST_F(FollowTest, TakesFractalsOnceTheyAreDone) {
  addProducts(/*follows=*/true);
  run();
  ASSERT_EQ(products.size(), 2u);
  ASSERT_EQ(stores.size(), 2u);
  expectFollows(stores[0], products[0]);
  // M is free once it has set its flag and taken that of FIX.
  expectFollows(products[1], stores[0], products[0].end + 2);
  EXPECT_GE(stores[1].start, stores[0].end);
}

TEST_F(FollowTest, IsFasterThanFlags) {
  addProducts(/*follows=*/false);
  const uint64_t cycles = run().cycles;
  EXPECT_GE(stores[0].start, products[0].done + handoff);
  EXPECT_GE(products[1].start, stores[0].done + handoff);
  FollowTest_IsFasterThanFlags_Test other;
  other.addProducts(/*follows=*/true);
  EXPECT_LT(other.run().cycles + 500, cycles);
}

TEST_F(FollowTest, CountsEveryCycleOnce) {
  addProducts(/*follows=*/true);
  expectEveryCycleOnce(run().cores[0]);
}

TEST_F(FollowTest, WaitsForOtherAccumulators) {
  Mmad mmad;
  mmad.init = 1, mmad.m = kRows, mmad.k = 64, mmad.n = kColumns;
  chip.program.add(mmad).set(Queue::M, Queue::FIX, 0);
  wait(Queue::M, Queue::FIX, /*follows=*/true);
  fix.n = kColumns / 2;
  chip.program.add(fix);
  run();
  EXPECT_GE(stores[0].start, products[0].done + handoff);
}

TEST_F(FollowTest, WaitsForAFlagInFrontOfWhichNothingWasDone) {
  chip.program.set(Queue::FIX, Queue::M, 0);
  wait(Queue::FIX, Queue::M, /*follows=*/true);
  addProducts(/*follows=*/true);
  run();
  expectFollows(stores[0], products[0]);
}

TEST_F(FollowTest, IsKnownToADeadlock) {
  wait(Queue::FIX, Queue::M, /*follows=*/true);
  chip.expectTrap(false, "deadlock", "queue M waits at 0x10");
}

TEST_F(FollowTest, IsOfMAndFIXAlone) {
  wait(Queue::MTE1, Queue::M, /*follows=*/true);
  chip.expectTrap(false, "illegal", "only M and FIX follow each other");
}

} // namespace
