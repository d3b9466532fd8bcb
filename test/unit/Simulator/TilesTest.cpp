//===- TilesTest.cpp - kernels on AICPU harts -----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Simulator/Simulator.h"

#include <gtest/gtest.h>

#include <thread>

using namespace gemlir;
using namespace gemlir::sim;

namespace {

/// out[i] = 2 * in[i] for the floats of the tiles.
const std::vector<uint32_t> doubling = {
    0x00053283, // ld t0, 0(a0)
    0x00853303, // ld t1, 8(a0)
    0x02d65263, // bge a2, a3, 36
    0x00261393, // slli t2, a2, 2
    0x00728e33, // add t3, t0, t2
    0x000e2507, // flw fa0, 0(t3)
    0x00a57553, // fadd.s fa0, fa0, fa0
    0x00730e33, // add t3, t1, t2
    0x00ae2027, // fsw fa0, 0(t3)
    0x00160613, // addi a2, a2, 1
    0xfe1ff06f, // j -32
    0x00008067, // ret
};

struct Harts {
  explicit Harts(const std::vector<uint32_t> &words, const Options &options = {}) {
    std::string error;
    EXPECT_TRUE(device::lookup("Ascend910B1", description, error)) << error;
    simulator = std::make_unique<Simulator>(description, options);
    simulator->load(Image::fromWords(words, kEntry));
  }
  Result run(int64_t tiles) { return simulator->run(TileLaunch{kEntry, tiles, buffers, {}}); }
  void expectTrap(const std::string &text) {
    const Result result = run(1);
    ASSERT_TRUE(result.trap) << "expected " << text;
    EXPECT_NE(result.trap->message().find(text), std::string::npos) << result.trap->message();
  }

  static constexpr uint64_t kEntry = 0x10000;
  device::Description description;
  std::unique_ptr<Simulator> simulator;
  std::vector<uint64_t> buffers;
};

struct Doubling : Harts {
  explicit Doubling(const Options &options = {}) : Harts(doubling, options), input(100), output(100) {
    for (size_t i = 0; i < input.size(); ++i)
      input[i] = float(i) - 7;
    buffers = {simulator->map(input.data(), 400, false), simulator->map(output.data(), 400, true)};
  }
  std::vector<float> input, output;
};

TEST(TilesTest, DividesTilesAmongHarts) {
  for (unsigned tiles : {1u, 5u, 100u}) {
    Doubling harts;
    const Result result = harts.run(tiles);
    ASSERT_FALSE(result.trap) << result.trap->message();
    EXPECT_EQ(result.cores.size(), std::min(tiles, harts.description.aiCore->aicpu.harts));
    uint64_t instructions = 0;
    for (const CoreStatistics &core : result.cores)
      instructions += core.instructions;
    EXPECT_EQ(instructions, result.cores.size() * 4 + tiles * 9);
    for (unsigned i = 0; i < 100; ++i)
      EXPECT_EQ(harts.output[i], i < tiles ? 2 * harts.input[i] : 0) << i;
  }
}

TEST(TilesTest, GivesTheSameWithThreadsAndTime) {
  Options options;
  options.timing = true;
  Doubling alone(options);
  const uint64_t cycles = alone.run(100).cycles;
  options.parallel = [](unsigned count, const std::function<void(unsigned)> &work) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i)
      threads.emplace_back([&work, i] { work(i); });
    for (std::thread &thread : threads)
      thread.join();
  };
  Doubling together(options);
  EXPECT_EQ(together.run(100).cycles, cycles);
  EXPECT_EQ(together.run(100).cycles, cycles);
  EXPECT_EQ(together.output, alone.output);
  // A launch costs as much as one on the cores.
  EXPECT_GT(cycles, alone.description.aiCore->launchCycles);
}

TEST(TilesTest, StaysInsideOfItsBuffers) {
  Doubling harts;
  Result result = harts.run(101);
  ASSERT_TRUE(result.trap);
  EXPECT_EQ(result.trap->kind, "bounds");
  EXPECT_EQ(result.trap->core, 5u);
  // The first byte behind the input.
  EXPECT_NE(result.trap->message().find("AICPU hart 5: bounds: at 0x10014: load from"), std::string::npos)
      << result.trap->message();
  // The input is not for writing.
  std::swap(harts.buffers[0], harts.buffers[1]);
  harts.expectTrap("bounds: at 0x10020: store to");
  // Nothing is visible any more.
  harts.simulator->unmap();
  harts.expectTrap("bounds: at 0x10014: load from");
}

TEST(TilesTest, FindsTilesThatDependOnEachOther) {
  Options options;
  options.races = true;
  Doubling independent(options);
  Result result = independent.run(100);
  ASSERT_FALSE(result.trap) << result.trap->message();
  EXPECT_EQ(independent.output[99], 2 * independent.input[99]);
  // In place it is, too.
  independent.buffers[0] = independent.buffers[1];
  EXPECT_FALSE(independent.run(100).trap);

  // out[i + 1] = 2 * out[i]: fsw fa0, 4(t3)
  std::vector<uint32_t> words = doubling;
  words[8] = 0x00ae2227;
  for (const int64_t tiles : {2, 60}) {
    Harts harts(words, options);
    std::vector<float> values(100);
    const uint64_t address = harts.simulator->map(values.data(), 400, true);
    harts.buffers = {address, address};
    result = harts.run(tiles);
    ASSERT_TRUE(result.trap);
    EXPECT_EQ(result.trap->kind, "race");
    EXPECT_NE(result.trap->message().find("at 0x10014: tile 1 reads"), std::string::npos) << result.trap->message();
    EXPECT_NE(result.trap->message().find("which tile 0 wrote at 0x10020"), std::string::npos);
  }
}

TEST(TilesTest, ReadsAndWritesWithoutAlignment) {
  std::vector<uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0};
  // ld t0, 0(a0); lw t1, 1(t0); sw t1, 7(t0); ret
  Harts harts({0x00053283, 0x0012a303, 0x0062a3a3, 0x00008067});
  harts.buffers = {harts.simulator->map(bytes.data(), bytes.size(), true)};
  const Result result = harts.run(1);
  ASSERT_FALSE(result.trap) << result.trap->message();
  EXPECT_EQ(bytes, (std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 0}));
}

TEST(TilesTest, StopsWhatIsNoKernel) {
  Harts({0x00000000}).expectTrap("instruction: at 0x10000: illegal instruction");
  // Runs off the end; jumps out of the code, at once and through a register.
  Harts({0x00000013}).expectTrap("instruction: at 0x10004: illegal instruction");
  Harts({0x0100006f}).expectTrap("instruction: at 0x10000: illegal instruction");
  Harts({0x00028067}).expectTrap("instruction: at 0x10000: no code at 0x0");
  // lui t0, 0x20; jr t0
  Harts({0x000202b7, 0x00028067}).expectTrap("no code at 0x20000");
  Harts({0x006e22af}).expectTrap("an atomic instruction in a tile");
  // np.sys end
  Harts({0x0000700b}).expectTrap("a command, but an AICPU has no engines");
  // Writes to its own code.
  Harts({0x00000297, 0x0052a023}).expectTrap("bounds: at 0x10004: store to 0x10000");
  // Below its stack: li t0, 8 << 20; sub sp, sp, t0; sd ra, -8(sp)
  Harts({0x008002b7, 0x40510133, 0xfe113c23}).expectTrap("bounds: at 0x10008: store to");
  Options options;
  options.maxInstructions = 1000;
  Harts({0x0000006f}, options).expectTrap("limit: at 0x10000: executed 1001 instructions");
}

} // namespace
