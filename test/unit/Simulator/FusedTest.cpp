//===- FusedTest.cpp - commands of two operations, blocks, and paths ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestChip.h"

#include <cmath>
#include <cstring>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

constexpr uint64_t kSecond = 1024, kResult = 2048; // blk

/// Loads up to two buffers into UB, runs one command, and stores `count` elements.
template <typename R, typename A, typename B, typename Command>
std::vector<R> runCommand(const std::vector<A> &a, const std::vector<B> &b, const Command &command, size_t count,
                          const char *trap = nullptr) {
  TestChip chip("Ascend910B1:1");
  std::vector<A> first = a;
  std::vector<B> second = b;
  std::vector<R> result(count);
  auto load = [&](auto &from, uint64_t blk) {
    DmaIn c;
    c.dst = tagged(Space::UB, blk * 32), c.src = chip.map(from), c.rowBytes = from.size() * sizeof(from[0]);
    c.rows = c.planes = 1;
    chip.program.add(c);
  };
  load(first, 0);
  load(second, kSecond);
  DmaOut out;
  out.dst = chip.map(result), out.src = tagged(Space::UB, kResult * 32), out.rowBytes = count * sizeof(R);
  out.rows = out.planes = 1;
  chip.program.order(Queue::MTE2, Queue::V).add(command).order(Queue::V, Queue::MTE3).add(out);
  if (trap)
    chip.expectTrap(true, "bounds", trap);
  else
    chip.expectEnd(true);
  return result;
}

template <typename T>
std::vector<T> makeNumbers(size_t count, float scale) {
  std::vector<T> numbers(count);
  for (size_t i = 0; i < count; ++i)
    numbers[i] = T((float(i * 37 % 64) - 31) * scale);
  return numbers;
}

VFused makeFused(uint64_t op, Type type, uint64_t cols) {
  VFused c;
  c.op = op, c.type = uint64_t(type), c.dst = kResult, c.b = kSecond, c.rows = 1, c.cols = cols;
  c.dStride = c.aStride = c.bStride = 1;
  return c;
}

TEST(FusedTest, ScalesAndAdds) {
  const auto a = makeNumbers<float>(101, 0.3f), b = makeNumbers<float>(101, 7.1f);
  VFused c = makeFused(0, Type::F32, 101);
  const float scale = -1.7f;
  uint32_t bits;
  memcpy(&bits, &scale, 4);
  c.scalar = bits;
  const auto y = runCommand<float>(a, b, c, 101);
  for (size_t i = 0; i < 101; ++i)
    EXPECT_EQ(y[i], std::fma(a[i], scale, b[i])) << i;
}

TEST(FusedTest, AddsSubtractsAndRectifies) {
  const auto a = makeNumbers<_Float16>(150, 0.25f), b = makeNumbers<_Float16>(150, -0.5f);
  const auto sum = runCommand<_Float16>(a, b, makeFused(1, Type::F16, 150), 150);
  const auto difference = runCommand<_Float16>(a, b, makeFused(2, Type::F16, 150), 150);
  for (size_t i = 0; i < 150; ++i) {
    EXPECT_EQ(float(sum[i]), std::max(0.0f, float(a[i]) + float(b[i]))) << i;
    EXPECT_EQ(float(difference[i]), std::max(0.0f, float(a[i]) - float(b[i]))) << i;
  }
  const std::vector<int16_t> x = {5, -9, 100, 0, 32767, 3}, y = {-6, 8, 1, 0, 1, 4};
  // Integers wrap around.
  EXPECT_EQ(runCommand<int16_t>(x, y, makeFused(1, Type::S16, 6), 6), (std::vector<int16_t>{0, 0, 101, 0, 0, 7}));
}

TEST(FusedTest, RepeatsRowsAndBlocks) {
  // Rows of two blocks; b is one row for all, of one block.
  const auto a = makeNumbers<float>(48, 1), b = makeNumbers<float>(8, 3);
  VFused c = makeFused(1, Type::F32, 16);
  c.rows = 3, c.dPitch = c.aPitch = 2, c.bPitch = 0, c.bStride = 0;
  const auto y = runCommand<float>(a, b, c, 48);
  for (size_t i = 0; i < 48; ++i)
    EXPECT_EQ(y[i], std::max(0.0f, a[i] + b[i % 8])) << i;
}

TEST(FusedTest, MultipliesToBytes) {
  const std::vector<_Float16> a = {1, 3, 2, -5, 100, 100, 0.5f, 1.5f}, b = {2, 0.5f, 0.75f, 0.5f, 2, -2, 1, 1};
  VFused c = makeFused(3, Type::F16, 8);
  EXPECT_EQ(runCommand<int8_t>(a, b, c, 8), (std::vector<int8_t>{2, 2, 2, -2, 127, -128, 0, 2}));
  c.toUnsigned = 1;
  EXPECT_EQ(runCommand<uint8_t>(a, b, c, 8), (std::vector<uint8_t>{2, 2, 2, 0, 200, 0, 0, 2}));
}

//===----------------------------------------------------------------------===//
// Blocks, pairs, patterns
//===----------------------------------------------------------------------===//

VReduce makeReduce(uint64_t op, Type type, uint64_t rows, uint64_t cols, uint64_t pitch) {
  VReduce c;
  c.op = op, c.type = uint64_t(type), c.dst = kResult, c.rows = rows, c.cols = cols, c.sPitch = pitch;
  return c;
}

TEST(BlockTest, ReducesBlocks) {
  // Rows of 21 elements, three blocks of which the last has 5.
  const auto x = makeNumbers<float>(72, 0.5f);
  const auto largest = runCommand<float>(x, x, makeReduce(13, Type::F32, 3, 21, 3), 9);
  const auto smallest = runCommand<float>(x, x, makeReduce(14, Type::F32, 3, 21, 3), 9);
  const auto sums = runCommand<float>(x, x, makeReduce(12, Type::F32, 3, 21, 3), 9);
  for (size_t row = 0; row < 3; ++row)
    for (size_t block = 0; block < 3; ++block) {
      const float *from = &x[row * 24 + block * 8], *to = from + (block == 2 ? 5 : 8);
      float sum = 0;
      for (const float *at = from; at < to; ++at)
        sum += *at;
      EXPECT_EQ(largest[row * 3 + block], *std::max_element(from, to));
      EXPECT_EQ(smallest[row * 3 + block], *std::min_element(from, to));
      EXPECT_EQ(sums[row * 3 + block], sum);
    }
}

TEST(BlockTest, AddsNeighboursFirst) {
  // One by one, ones would be lost beside 2^24.
  std::vector<float> x = {16777216, 1, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(runCommand<float>(x, x, makeReduce(12, Type::F32, 1, 8, 0), 1)[0], 16777216.0f + 6);
  const auto pairs = runCommand<float>(x, x, makeReduce(15, Type::F32, 1, 7, 0), 4);
  EXPECT_EQ(pairs, (std::vector<float>{16777216, 2, 2, 1}));
}

TEST(BlockTest, KeepsADistanceBetweenRows) {
  const auto x = makeNumbers<_Float16>(128, 0.5f);
  VReduce c = makeReduce(13, Type::F16, 2, 64, 4);
  c.dPitch = 1;
  // What lies between is not written, so that it cannot be read.
  TestChip chip("Ascend910B1:1");
  std::vector<_Float16> copy = x, result(4);
  DmaIn in;
  in.dst = tagged(Space::UB, 0), in.src = chip.map(copy), in.rowBytes = 256, in.rows = in.planes = 1;
  DmaOut out;
  out.dst = chip.map(result), out.src = tagged(Space::UB, (kResult + 1) * 32), out.rowBytes = 8,
  out.rows = out.planes = 1;
  chip.program.add(in).order(Queue::MTE2, Queue::V).add(c).order(Queue::V, Queue::MTE3).add(out);
  chip.expectEnd(true);
  for (size_t block = 0; block < 4; ++block)
    EXPECT_EQ(float(result[block]), float(*std::max_element(&x[64 + block * 16], &x[64 + block * 16] + 16)));
}

TEST(BlockTest, GathersBlocks) {
  const auto x = makeNumbers<float>(64, 1);
  const std::vector<int32_t> numbers = {7, 0, 3, 3};
  VPermute c;
  c.op = 7, c.type = uint64_t(Type::F32), c.dst = kResult, c.idx = kSecond, c.rows = 1, c.cols = 29, c.extent = 8;
  const auto y = runCommand<float>(x, numbers, c, 29);
  for (size_t i = 0; i < 29; ++i)
    EXPECT_EQ(y[i], x[size_t(numbers[i / 8]) * 8 + i % 8]) << i;
  c.extent = 7;
  runCommand<float>(x, numbers, c, 29, "v.permute bounds: at 0x10");
  runCommand<float>(x, std::vector<int32_t>{0, -1, 0, 0}, c, 29, "found block number -1, expected 0 to 6");
}

TEST(BlockTest, PicksByPatterns) {
  const auto x = makeNumbers<int16_t>(37, 1);
  for (uint64_t pattern = 1; pattern <= 7; ++pattern) {
    std::vector<int16_t> expected;
    for (size_t i = 0; i < x.size(); ++i)
      if (pattern == 7 || (pattern < 3 ? i % 2 == pattern - 1 : i % 4 == pattern - 3))
        expected.push_back(x[i]);
    VPermute c;
    c.op = 8, c.type = uint64_t(Type::S16), c.dst = kResult, c.rows = 1, c.cols = 37, c.extent = pattern;
    EXPECT_EQ(runCommand<int16_t>(x, x, c, expected.size()), expected) << pattern;
  }
}

TEST(BlockTest, RefusesWhatHasNoMeaning) {
  auto expectTrap = [](const auto &command, const char *kind, const char *text) {
    TestChip chip("Ascend910B1:1");
    chip.program.add(command);
    chip.expectTrap(true, kind, text);
  };
  VPermute pick;
  pick.op = 8, pick.type = uint64_t(Type::F32), pick.rows = pick.cols = 1;
  expectTrap(pick, "illegal", "unknown pattern of pick");
  VReduce blocks = makeReduce(12, Type::F32, 2, 128, 16);
  blocks.dPitch = 1;
  expectTrap(blocks, "illegal", "rows of the result overlap");
  expectTrap(makeFused(0, Type::S16, 8), "type", "bad element type, found v.fused.axpy.s16");
  expectTrap(makeFused(4, Type::F16, 8), "illegal", "unknown member of the family");
}

//===----------------------------------------------------------------------===//
// Banks of the UB
//===----------------------------------------------------------------------===//

uint64_t countCycles(const char *device, uint64_t dStride, uint64_t aStride, uint64_t bStride, uint64_t b) {
  TestChip chip(device);
  VBinary c;
  c.op = 0, c.type = uint64_t(Type::F32), c.dst = 0, c.a = 1, c.b = b, c.rows = 10, c.cols = 64;
  c.dPitch = c.aPitch = c.bPitch = 8, c.dStride = dStride, c.aStride = aStride, c.bStride = bStride;
  DmaFill fill;
  fill.dst = tagged(Space::UB, 0), fill.rowBytes = 64 << 10, fill.rows = 1;
  chip.program.add(fill).order(Queue::MTE2, Queue::V).add(c);
  const Result result = chip.run(true);
  EXPECT_FALSE(result.trap) << result.trap->message();
  return result.cores[0].busy[unsigned(Queue::V)] - 10;
}

TEST(BankTest, CountsBlocksOfOneGroup) {
  // Dense: the measured rate. Codes 4 and 5 are 8 and 16 blocks apart: two groups of
  // 16, and one.
  EXPECT_EQ(countCycles("Ascend910B1:1", 1, 1, 1, 64), 20u);
  EXPECT_EQ(countCycles("Ascend910B1:1", 2, 1, 1, 64), 20u);
  EXPECT_EQ(countCycles("Ascend910B1:1", 4, 1, 1, 64), 40u);
  EXPECT_EQ(countCycles("Ascend910B1:1", 5, 1, 1, 64), 80u);
  EXPECT_EQ(countCycles("Ascend910B1:1", 1, 5, 1, 64), 80u);
  // Both sources in one group, and in two.
  EXPECT_EQ(countCycles("Ascend910B1:1", 1, 5, 5, 65), 160u);
  EXPECT_EQ(countCycles("Ascend910B1:1", 1, 5, 5, 66), 80u);
  // Eight groups that give two blocks at once, but take one.
  EXPECT_EQ(countCycles("Ascend950PR:1", 1, 4, 1, 64), 40u);
  EXPECT_EQ(countCycles("Ascend950PR:1", 4, 1, 1, 64), 80u);
}

//===----------------------------------------------------------------------===//
// Paths that some devices have
//===----------------------------------------------------------------------===//

/// Two fractals of A, and B of one, from global memory at once.
void checkDirectLoad(bool transpose) {
  TestChip chip("Ascend910B1:1");
  std::vector<_Float16> a(2 * 256), b(256);
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = _Float16(float(i * 7 % 19) - 9);
  for (size_t i = 0; i < 16; ++i)
    b[i * 16 + i] = 1;
  std::vector<float> c(32 * 16);
  DmaLoad2d left, right;
  left.dst = tagged(Space::L0A, 0), left.src = chip.map(a), left.transpose = transpose;
  // A source of one row of two fractals becomes two rows of one.
  left.rows = transpose ? 1 : 2, left.cols = transpose ? 2 : 1, left.srcPitch = 512, left.dstPitch = 1;
  right.dst = tagged(Space::L0B, 0), right.src = chip.map(b), right.rows = right.cols = right.dstPitch = 1;
  Mmad mmad;
  mmad.init = 1, mmad.m = 32, mmad.k = mmad.n = 16;
  Fix fix;
  fix.dst = chip.map(c), fix.m = 32, fix.n = 16, fix.srcPitch = 2, fix.dstPitch = 64;
  chip.program.add(left).add(right).order(Queue::MTE2, Queue::M).add(mmad).order(Queue::M, Queue::FIX).add(fix);
  chip.expectEnd(false);
  for (size_t row = 0; row < 32; ++row)
    for (size_t k = 0; k < 16; ++k)
      EXPECT_EQ(c[row * 16 + k], float(a[row / 16 * 256 + (transpose ? k * 16 + row % 16 : row % 16 * 16 + k)]));
}

TEST(PathTest, LoadsTheCubeFromGlobalMemory) {
  checkDirectLoad(false);
  checkDirectLoad(true);
}

TEST(PathTest, RefusesPathsThatADeviceLacks) {
  for (bool timing : {false, true}) {
    TestChip chip("Ascend950PR:1");
    Options options;
    options.timing = timing;
    chip.simulator->setOptions(options);
    std::vector<uint8_t> buffer(1024);
    DmaLoad2d load;
    load.dst = tagged(Space::L0A, 0), load.src = chip.map(buffer), load.rows = load.cols = load.dstPitch = 1;
    chip.program.add(load);
    chip.expectTrap(false, "space", "dma.load2d space: at 0x10");
  }
  TestChip chip("Ascend950PR:1");
  std::vector<uint8_t> buffer(1024);
  const uint64_t address = chip.map(buffer);
  chip.program.add(copyIn(tagged(Space::L1, 0), address, 512)).order(Queue::MTE2, Queue::MTE3);
  chip.program.add(copyOut(address, tagged(Space::L1, 0), 512));
  chip.expectTrap(false, "space", "this device has no path from L1 to GM");
}

/// A program for each kind of core: the address of the vector cores' is behind the
/// word that ends that of the cube core.
Image join(const ProgramBuilder &cube, const ProgramBuilder &vector, uint64_t &vectorEntry) {
  std::vector<uint32_t> words;
  for (const ProgramBuilder *program : {&cube, &vector}) {
    const Image image = program->build();
    const std::vector<uint8_t> &bytes = image.segments()[0].bytes;
    vectorEntry = ProgramBuilder::kEntry + words.size() * 4;
    words.resize(words.size() + bytes.size() / 4);
    memcpy(&words[words.size() - bytes.size() / 4], bytes.data(), bytes.size());
  }
  return Image::fromWords(words, ProgramBuilder::kEntry);
}

CrossFlag meet(Queue queue, bool wait) {
  CrossFlag flag;
  flag.queue = uint64_t(queue), flag.mode = 2, flag.wait = wait, flag.flag = 0;
  return flag;
}

/// Vector cores 0 and 1 write beside each other into L1. The cube core multiplies nothing:
/// it gives what it got to both vector cores, which store it.
struct HandOverTest : ::testing::Test {
  TestChip chip{"Ascend950PR:1"};
  std::vector<uint32_t> input = std::vector<uint32_t>(32), there = std::vector<uint32_t>(64);

  Result run(const Options &options, bool cubeWaits, bool vectorWaits) {
    for (size_t i = 0; i < input.size(); ++i)
      input[i] = uint32_t(i * 3);
    const uint64_t from = chip.map(input), toCube = chip.map(there);
    ProgramBuilder cube, vector;
    Get sub;
    sub.what = 2;
    constexpr unsigned kSub = 5, kBytes = 6, kPlace = 7;
    vector.add(sub).compute(ProgramBuilder::Op::Add, kSub, 10, 0).load(kBytes, 128);
    vector.compute(ProgramBuilder::Op::Mul, kPlace, kSub, kBytes);
    vector.add(copyIn(tagged(Space::UB, 0), from, 128)).order(Queue::MTE2, Queue::MTE3);
    vector.addAt(copyOut(tagged(Space::Peer, 0), tagged(Space::UB, 0), 128), kPlace, 0);
    vector.add(meet(Queue::MTE3, false));
    if (vectorWaits)
      vector.add(meet(Queue::MTE3, true));
    vector.addAt(copyOut(toCube, tagged(Space::UB, 4096), 128), kPlace, 0);
    if (cubeWaits)
      cube.add(meet(Queue::MTE3, true));
    for (uint64_t core : {0, 1})
      cube.add(copyOut(tagged(Space::Peer, core << 48 | 4096), tagged(Space::L1, core * 128), 128));
    cube.add(meet(Queue::MTE3, false));
    uint64_t vectorEntry;
    chip.simulator->setOptions(options);
    chip.simulator->load(join(cube, vector, vectorEntry));
    Launch launch;
    launch.cubeEntry = ProgramBuilder::kEntry;
    launch.vectorEntry = vectorEntry;
    return chip.simulator->run(launch);
  }

  void expectRace(bool cubeWaits, bool vectorWaits, const std::string &text) {
    Options options;
    options.functional = false;
    options.timing = options.races = true;
    const Result result = run(options, cubeWaits, vectorWaits);
    ASSERT_TRUE(result.trap);
    EXPECT_EQ(result.trap->kind, "race") << result.trap->message();
    EXPECT_NE(result.trap->message().find(text), std::string::npos) << result.trap->message();
  }
};

TEST_F(HandOverTest, GoesBetweenCoresOfAGroup) {
  Options options;
  options.timing = options.races = true;
  const Result result = run(options, /*cubeWaits=*/true, /*vectorWaits=*/true);
  ASSERT_FALSE(result.trap) << result.trap->message();
  for (size_t i = 0; i < 64; ++i)
    EXPECT_EQ(there[i], i % 32 * 3) << i;
  EXPECT_EQ(result.cores[1].moved[unsigned(Space::UB)][unsigned(Space::L1)], 128u);
  EXPECT_EQ(result.cores[0].moved[unsigned(Space::L1)][unsigned(Space::UB)], 256u);
}

TEST_F(HandOverTest, HasRacesInMemoryOfOtherCores) {
  expectRace(/*cubeWaits=*/false, /*vectorWaits=*/true,
             "writes L1[0x0] of core 0 without an order after core 0 queue MTE3 read it");
  expectRace(/*cubeWaits=*/true, /*vectorWaits=*/false,
             "writes UB[0x1000] of core 1 without an order after core 1 queue MTE3 read it");
}

TEST(PathTest, HasNoPeerWithoutItsCore) {
  // Vector cores alone have no cube core beside them.
  TestChip chip("Ascend950PR:1");
  std::vector<uint8_t> buffer(64);
  chip.program.add(copyIn(tagged(Space::UB, 0), chip.map(buffer), 64)).order(Queue::MTE2, Queue::MTE3);
  chip.program.add(copyOut(tagged(Space::Peer, 0), tagged(Space::UB, 0), 64));
  chip.expectTrap(true, "space", "this core has no such memory");
}

} // namespace
