//===- OperandTest.cpp - operands that change before the cube takes them --===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulator lets moves towards the cube wait for its products. Random programs,
// whose commands write over what others move, give the same as where a control core
// looks at memory after each command, which makes all of them move at once.
//
//===----------------------------------------------------------------------===//

#include "TestChip.h"

#include <random>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

constexpr uint64_t kMemory = 64 << 10, kL1 = 32 << 10, kL0 = 8 << 10;

/// Commands that all write to the same few KiB.
class RandomCommands {
public:
  RandomCommands(TestChip &chip, uint64_t memory, unsigned seed, bool looks)
      : program(chip.program), memory(memory), random(seed), looks(looks),
        byColumns(chip.description.aiCore->leftOrder == "zN") {}

  /// All memories have been written, and so can be read.
  void start() {
    DmaFill fill;
    fill.dst = tagged(Space::L1, 0), fill.value = 0x3c003800, fill.rowBytes = 2 * kL1, fill.rows = 1;
    add(fill);
    for (uint64_t target : {0, 1}) {
      Load2d load;
      load.scale = 1, load.target = target, load.rows = 1, load.cols = 2 * kL0 / 512, load.srcPitch = 1;
      load.dstPitch = load.cols;
      add(load);
    }
    for (uint64_t c = 0; c < 4; ++c)
      addProduct(c, /*fresh=*/true);
  }

  void addRandom() {
    switch (below(6)) {
    case 0: return addMatrix();
    case 1: return addRows();
    case 2: return addLoad(0);
    case 3: return addLoad(1);
    case 4: return addProduct(below(4), below(2));
    default: return addStore();
    }
  }

private:
  uint64_t below(uint64_t limit) { return random() % limit; }

  template <typename Command>
  void add(const Command &command) {
    Barrier barrier;
    barrier.queue = 7;
    program.add(command).add(barrier);
    if (!looks)
      return;
    // lw a2, 0(a0), of memory that commands write.
    LaneMask mask;
    mask.low = memory;
    program.add(mask).addWord(0x00052603);
  }

  void addMatrix() {
    Nd2nz c;
    c.type = below(4) ? uint64_t(Type::F16) : uint64_t(Type::F32);
    c.rows = below(5) ? 32 : 16 + below(20), c.cols = 16 * (1 + below(3)), c.planes = 1 + below(2);
    if (!below(6))
      c.cols -= 3;
    const uint64_t bytes = roundUp(c.cols * size(c.type), 32);
    c.srcPitch = bytes + 32 * below(4), c.srcPlane = below(2) ? bytes : c.rows * c.srcPitch;
    c.dstPitch = roundUp(c.rows, 16), c.dstPlane = bytes * c.dstPitch;
    c.src = memory + 32 * below(512), c.dst = tagged(Space::L1, 512 * below(16));
    add(c);
  }
  void addRows() {
    DmaIn c;
    const bool planes = below(2);
    c.rowBytes = planes ? 32 : 1024, c.rows = planes ? 32 : 2, c.planes = planes ? 2 : 1;
    c.srcPitch = planes ? 32 : 1024 + 32 * below(3), c.dstPitch = c.rowBytes;
    c.srcPlane = 1024 + 32 * below(3), c.dstPlane = 1024;
    c.src = memory + 32 * below(512), c.dst = tagged(Space::L1, 512 * below(16));
    add(c);
  }
  /// Mostly two by two fractals, as products take them.
  void addLoad(uint64_t target) {
    Load2d c;
    c.target = target, c.transpose = target && below(4), c.scale = isWide ? 2 : 1;
    const bool words = c.transpose && isWide;
    c.rows = words ? 1 : 2, c.cols = words ? 4 : 2, c.srcPitch = below(4) ? 2 : 1 + below(4);
    c.order = target || byColumns, c.dstPitch = below(6) ? 2 : 3;
    c.src = 16 * below(24), c.dst = 16 * below(6);
    lastLoads[target] = c.dst;
    add(c);
  }
  void addProduct(uint64_t result, bool fresh) {
    Mmad c;
    c.type = isWide ? 2 : 0, c.init = fresh, c.c = result * 128;
    c.m = 32 - below(3), c.n = 32 - below(3), c.k = (isWide ? 16 : 32) - below(3);
    c.a = below(5) ? lastLoads[0] : 16 * below(6), c.b = below(5) ? lastLoads[1] : 16 * below(6);
    add(c);
    if (!below(4))
      isWide = !isWide;
  }
  void addStore() {
    Fix c;
    c.quant = below(2), c.m = c.n = 32, c.srcPitch = 2, c.c = below(4) * 128;
    c.dst = memory + 32 * below(512), c.dstPitch = 32 * (c.quant ? 2 : 4);
    add(c);
  }

  ProgramBuilder &program;
  const uint64_t memory;
  std::mt19937 random;
  const bool looks, byColumns;
  bool isWide = false;
  uint64_t lastLoads[2] = {};
};

std::vector<uint16_t> runCommands(const char *device, unsigned seed, bool looks) {
  TestChip chip(device);
  std::vector<uint16_t> memory(kMemory / 2);
  std::mt19937 random(seed);
  // Halves of 0.5 to 2, of either sign.
  for (uint16_t &half : memory)
    half = uint16_t(0x3800 + random() % 0x800 + (random() % 2 << 15));
  RandomCommands commands(chip, chip.map(memory), seed, looks);
  commands.start();
  for (int i = 0; i < 200; ++i)
    commands.addRandom();
  chip.expectEnd(false);
  return memory;
}

TEST(OperandTest, IsWhatWasMoved) {
  for (unsigned seed = 0; seed < 40; ++seed)
    for (const char *device : {"Ascend910B1:1", "Ascend950PR:1"})
      ASSERT_EQ(runCommands(device, seed, false), runCommands(device, seed, true)) << device << " " << seed;
}

} // namespace
