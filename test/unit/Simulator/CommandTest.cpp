//===- CommandTest.cpp - commands against plain loops ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestChip.h"

#include <cmath>
#include <numeric>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

/// dma.in or dma.out of one row.
template <typename Copy>
Copy copyRow(uint64_t dst, uint64_t src, uint64_t bytes) {
  Copy c;
  c.dst = dst, c.src = src, c.rowBytes = bytes, c.rows = c.planes = 1;
  return c;
}

/// Vector commands on f32: loads `inputs` into UB one after the other, runs
/// `command`, and stores `count` numbers from `result`.
std::vector<float> runVector(const std::vector<std::vector<float>> &inputs,
                             const std::function<void(ProgramBuilder &)> &command, uint64_t resultBlk, size_t count) {
  TestChip chip("Ascend910B1:1");
  std::vector<std::vector<float>> copies = inputs;
  std::vector<float> output(count, -77);
  uint64_t at = 0;
  for (auto &input : copies) {
    chip.program.add(copyRow<DmaIn>(tagged(Space::UB, at), chip.map(input), input.size() * 4));
    at += 1024 * 32;
  }
  chip.program.order(Queue::MTE2, Queue::V);
  command(chip.program);
  chip.program.order(Queue::V, Queue::MTE3);
  chip.program.add(copyRow<DmaOut>(chip.map(output), tagged(Space::UB, resultBlk * 32), count * 4));
  chip.expectEnd(true);
  return output;
}

std::vector<float> makeNumbers(size_t count, float scale = 0.25f) {
  std::vector<float> numbers(count);
  for (size_t i = 0; i < count; ++i)
    numbers[i] = (float(i * 37 % 64) - 31) * scale;
  return numbers;
}

TEST(VectorTest, AddsRowsWithTailsAndBroadcast) {
  // 5 rows of 67 elements, 9 blk apart; b is one row for all.
  const auto a = makeNumbers(5 * 72), b = makeNumbers(67, 3);
  const auto sum = runVector(
      {a, b},
      [](ProgramBuilder &p) {
        VBinary c;
        c.op = 0, c.type = uint64_t(Type::F32), c.dst = 2048, c.a = 0, c.b = 1024, c.rows = 5, c.cols = 67;
        c.dPitch = c.aPitch = 9, c.bPitch = 0, c.dStride = c.aStride = c.bStride = 1;
        VGenerate fill;
        fill.op = 0, fill.type = uint64_t(Type::F32), fill.dst = 2048, fill.rows = 1, fill.cols = 5 * 72;
        p.add(fill).add(c);
      },
      2048, 5 * 72);
  for (size_t row = 0; row < 5; ++row)
    for (size_t i = 0; i < 72; ++i)
      EXPECT_EQ(sum[row * 72 + i], i < 67 ? a[row * 72 + i] + b[i] : 0.0f) << row << " " << i;
}

TEST(VectorTest, ComparesAndSelects) {
  const auto a = makeNumbers(100), b = makeNumbers(100, -0.5f);
  const auto larger = runVector(
      {a, b},
      [](ProgramBuilder &p) {
        VBinary compare;
        compare.op = 15, compare.type = uint64_t(Type::F32), compare.dst = 3000, compare.b = 1024, compare.rows = 1;
        compare.cols = 100, compare.dStride = compare.aStride = compare.bStride = 1;
        VTernary select;
        select.op = 1, select.type = uint64_t(Type::F32), select.dst = 2048, select.b = 1024, select.c = 3000;
        select.rows = 1, select.cols = 100;
        p.add(compare).add(select);
      },
      2048, 100);
  for (size_t i = 0; i < 100; ++i)
    EXPECT_EQ(larger[i], std::max(a[i], b[i]));
}

TEST(VectorTest, AppliesFunctions) {
  std::vector<float> x = makeNumbers(70, 0.1f);
  float (*const functions[])(float) = {std::fabs, nullptr,   std::exp, nullptr,    nullptr,
                                       nullptr,   nullptr,   nullptr,  nullptr,    std::sin,
                                       std::cos,  std::tanh, std::erf, std::floor, std::ceil};
  for (uint64_t op = 0; op < std::size(functions); ++op) {
    if (!functions[op])
      continue;
    const auto y = runVector(
        {x},
        [&](ProgramBuilder &p) {
          VUnary c;
          c.op = op, c.type = uint64_t(Type::F32), c.dst = 2048, c.rows = 1, c.cols = 70;
          p.add(c);
        },
        2048, 70);
    for (size_t i = 0; i < 70; ++i)
      EXPECT_FLOAT_EQ(y[i], functions[op](x[i])) << op;
  }
}

TEST(VectorTest, ReducesRowsAndColumns) {
  const auto x = makeNumbers(3 * 136);
  auto reduce = [&](uint64_t op, size_t count) {
    return runVector(
        {x},
        [&](ProgramBuilder &p) {
          VReduce c;
          c.op = op, c.type = uint64_t(Type::F32), c.dst = 2048, c.rows = 3, c.cols = 133, c.sPitch = 17;
          p.add(c);
        },
        2048, count);
  };
  const auto sums = reduce(0, 3), largest = reduce(1, 3), columns = reduce(8, 133);
  for (size_t row = 0; row < 3; ++row) {
    const float *from = &x[row * 136];
    EXPECT_EQ(sums[row], std::accumulate(from, from + 133, 0.0f));
    EXPECT_EQ(largest[row], *std::max_element(from, from + 133));
  }
  for (size_t i = 0; i < 133; ++i)
    EXPECT_EQ(columns[i], x[i] + x[136 + i] + x[272 + i]);
}

TEST(VectorTest, CastsThroughHalf) {
  const auto x = makeNumbers(77, 1 / 3.0f);
  const auto y = runVector(
      {x},
      [](ProgramBuilder &p) {
        VCast down, up;
        down.from = uint64_t(Type::F32), down.to = uint64_t(Type::F16), down.dst = 1024, down.rows = 1, down.cols = 77;
        up.from = uint64_t(Type::F16), up.to = uint64_t(Type::F32), up.src = 1024, up.dst = 2048, up.rows = 1,
        up.cols = 77;
        p.add(down).add(up);
      },
      2048, 77);
  for (size_t i = 0; i < 77; ++i)
    EXPECT_EQ(y[i], float(_Float16(x[i])));
}

TEST(VectorTest, TransposesGathersAndSorts) {
  const auto x = makeNumbers(5 * 16);
  const auto t = runVector(
      {x},
      [](ProgramBuilder &p) {
        VPermute c;
        c.op = 0, c.type = uint64_t(Type::F32), c.dst = 2048, c.rows = 5, c.cols = 16, c.sPitch = 2, c.dPitch = 1;
        VGenerate fill;
        fill.op = 0, fill.type = uint64_t(Type::F32), fill.dst = 2048, fill.rows = 1, fill.cols = 128;
        p.add(fill).add(c);
      },
      2048, 16 * 8);
  for (size_t row = 0; row < 5; ++row)
    for (size_t i = 0; i < 16; ++i)
      EXPECT_EQ(t[i * 8 + row], x[row * 16 + i]);
  auto sorted = runVector(
      {x},
      [](ProgramBuilder &p) {
        VPermute sort, gather;
        sort.op = 6, sort.type = uint64_t(Type::F32), sort.dst = 1024, sort.idx = 3000, sort.rows = 1, sort.cols = 80;
        gather.op = 1, gather.type = uint64_t(Type::F32), gather.dst = 2048, gather.idx = 3000, gather.rows = 1;
        gather.cols = 80, gather.extent = 10;
        p.add(sort).add(gather);
      },
      2048, 80);
  auto expected = x;
  std::sort(expected.begin(), expected.end(), std::greater<float>());
  EXPECT_EQ(sorted, expected);
}

/// C = A · B (+ bias) on f16, A [m, k], B [k, n] row-major, through nd2nz, loads
/// with transposition, mmad and fix.
void checkMatrixProduct(const char *device, size_t m, size_t k, size_t n, bool relu) {
  TestChip chip(device);
  std::vector<_Float16> a(m * k), b(k * n);
  std::vector<float> c(m * n, -5);
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = _Float16(float(i * 7 % 13) - 6);
  for (size_t i = 0; i < b.size(); ++i)
    b[i] = _Float16(float(i * 5 % 11) / 4 - 1);
  Nd2nz left, right;
  left.dst = tagged(Space::L1, 0), left.src = chip.map(a), left.cols = k, left.rows = m, left.srcPitch = k * 2;
  left.dstPitch = roundUp(m, 16), left.planes = 1;
  right.dst = tagged(Space::L1, 128 << 10), right.src = chip.map(b), right.cols = n, right.rows = k;
  right.srcPitch = n * 2, right.dstPitch = roundUp(k, 16), right.planes = 1;
  Load2d loadA, loadB;
  const uint64_t m1 = ceilDiv(m, 16), k1 = ceilDiv(k, 16), n1 = ceilDiv(n, 16);
  const bool byColumns = chip.description.aiCore->leftOrder == "zN";
  loadA.scale = 1, loadA.rows = m1, loadA.cols = k1, loadA.srcPitch = m1;
  loadA.order = byColumns, loadA.dstPitch = byColumns ? m1 : k1;
  loadB.scale = 1, loadB.target = 1, loadB.transpose = 1, loadB.src = 4096, loadB.rows = k1, loadB.cols = n1;
  loadB.srcPitch = k1, loadB.order = 1, loadB.dstPitch = n1;
  Mmad mmad;
  mmad.init = 1, mmad.m = m, mmad.k = k, mmad.n = n;
  Fix fix;
  fix.dst = chip.map(c), fix.m = m, fix.n = n, fix.srcPitch = m1, fix.dstPitch = n * 4, fix.relu = relu;
  chip.program.add(left).add(right).order(Queue::MTE2, Queue::MTE1).add(loadA).add(loadB);
  chip.program.order(Queue::MTE1, Queue::M).add(mmad).order(Queue::M, Queue::FIX).add(fix);
  chip.expectEnd(false);
  for (size_t i = 0; i < m; ++i)
    for (size_t j = 0; j < n; ++j) {
      float sum = 0;
      for (size_t x = 0; x < k; ++x)
        sum += float(a[i * k + x]) * float(b[x * n + j]);
      ASSERT_EQ(c[i * n + j], relu ? std::max(sum, 0.0f) : sum) << i << " " << j;
    }
}

TEST(CubeTest, MultipliesMatricesWithTails) {
  checkMatrixProduct("Ascend910B1:1", 16, 16, 16, false);
  checkMatrixProduct("Ascend910B1:1", 33, 50, 70, true);
  checkMatrixProduct("Ascend950PR:1", 33, 50, 70, false);
}

TEST(CubeTest, LoadsImagesAsColumns) {
  // One block of 16 channels, 5 x 6, kernel 3 x 2, padded by 1 left and above.
  TestChip chip("Ascend910B1:1");
  constexpr size_t height = 5, width = 6;
  std::vector<_Float16> image(height * width * 16), identity(16 * 16);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = _Float16(float(i % 251) - 100);
  for (size_t i = 0; i < 16; ++i)
    identity[i * 16 + i] = _Float16(1);
  constexpr size_t ho = 4, wo = 6; // (5 + 1 - 3) + 1, (6 + 1 - 2) + 1
  std::vector<float> rows(ho * wo * 16);
  chip.program.add(copyRow<DmaIn>(tagged(Space::L1, 0), chip.map(image), image.size() * 2));
  chip.program.add(copyRow<DmaIn>(tagged(Space::L1, 65536), chip.map(identity), 512));
  chip.program.order(Queue::MTE2, Queue::MTE1);
  Load3d load;
  load.scale = 1, load.channels = 16, load.dstPitch = 1, load.mExt = ho * wo, load.kExt = 16;
  load.kStart = 3 * 16; // tap (1, 1)
  load.width = width, load.height = height, load.padL = load.padT = 1, load.kW = 2, load.kH = 3;
  load.sW = load.sH = load.dW = load.dH = 1;
  Load2d right;
  right.scale = 1, right.target = 1, right.src = 2048, right.rows = right.cols = right.srcPitch = right.dstPitch = 1;
  Mmad mmad;
  mmad.init = 1, mmad.m = ho * wo, mmad.k = mmad.n = 16;
  Fix fix;
  fix.dst = chip.map(rows), fix.m = ho * wo, fix.n = 16, fix.srcPitch = 2, fix.dstPitch = 64;
  chip.program.add(load).add(right).order(Queue::MTE1, Queue::M).add(mmad).order(Queue::M, Queue::FIX).add(fix);
  chip.expectEnd(false);
  for (size_t y = 0; y < ho; ++y)
    for (size_t x = 0; x < wo; ++x)
      for (size_t c = 0; c < 16; ++c) // pixel (y - 1 + 1, x - 1 + 1)
        ASSERT_EQ(rows[(y * wo + x) * 16 + c], float(image[(y * width + x) * 16 + c]));
}

TEST(MovementTest, MovesPlanesAndAddsAtomically) {
  TestChip chip("Ascend910B1:1");
  std::vector<float> source(2 * 3 * 10), target(2 * 3 * 7, 1.0f);
  std::iota(source.begin(), source.end(), 0.0f);
  DmaIn in;
  in.dst = tagged(Space::UB, 0), in.src = chip.map(source), in.rowBytes = 28, in.rows = 3, in.srcPitch = 40;
  in.dstPitch = 32, in.pad = 4, in.planes = 2, in.srcPlane = 120, in.dstPlane = 96;
  DmaOut out;
  out.dst = chip.map(target), out.src = in.dst, out.rowBytes = 28, out.rows = 6, out.srcPitch = 32, out.dstPitch = 28;
  out.planes = 1, out.atomic = 1, out.type = uint64_t(Type::F32);
  chip.program.add(in).order(Queue::MTE2, Queue::MTE3).add(out);
  chip.expectEnd(true);
  for (size_t row = 0; row < 6; ++row)
    for (size_t i = 0; i < 7; ++i)
      EXPECT_EQ(target[row * 7 + i], 1 + float(row * 10 + i));
}

TEST(EncodingTest, IsThatOfThePublishedExamples) {
  Mmad mmad;
  mmad.init = 1;
  EXPECT_EQ(mmad.encode().word, 0x40B5205Bu);
  Flag flag;
  flag.src = uint64_t(Queue::M), flag.dst = uint64_t(Queue::FIX);
  // The example passes the number alone; rs2 is a1 here and zero there.
  EXPECT_EQ(flag.encode().word & ~(31u << 20), 0x2C05200Bu);
  flag.wait = 1;
  EXPECT_EQ(flag.encode().word & ~(31u << 20), 0xAC05200Bu);
  for (unsigned id = 1; id < kCommands; ++id) {
    const CommandInfo &info = getInfo(CommandId(id));
    const uint32_t word = info.select << 25 | info.funct3 << 12 | info.opcode;
    EXPECT_EQ(identify(word), CommandId(id)) << info.mnemonic;
  }
}

} // namespace
