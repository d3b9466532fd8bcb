//===- ConversionTest.cpp - what the way into and out of the cube makes ---===//
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

/// One fractal, from global memory to where the cube takes it.
DmaLoad2d loadFractal(Space to, uint64_t from) {
  DmaLoad2d c;
  c.dst = tagged(to, 0), c.src = from, c.rows = c.cols = c.dstPitch = 1;
  return c;
}

uint32_t bitsOf(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

//===----------------------------------------------------------------------===//
// Between rows, columns and fractals
//===----------------------------------------------------------------------===//

TEST(LayoutTest, TakesColumnsAndGivesRows) {
  // 21 rows and 19 columns of 2 bytes, one column after the other.
  TestChip chip("Ascend910B1:1");
  std::vector<uint16_t> columns(19 * 24), rows(21 * 19);
  for (size_t i = 0; i < columns.size(); ++i)
    columns[i] = uint16_t(i * 3);
  Dn2nz load;
  load.dst = tagged(Space::L1, 0), load.src = chip.map(columns), load.rows = 21, load.cols = 19, load.srcPitch = 48;
  load.planes = 1, load.type = uint64_t(Type::F16), load.dstPitch = 32;
  Nz2nd store;
  store.dst = chip.map(rows), store.src = load.dst, store.rows = 21, store.cols = 19, store.dstPitch = 38;
  store.planes = 1, store.type = load.type, store.srcPitch = 32;
  chip.program.add(load).order(Queue::MTE2, Queue::MTE3).add(store);
  chip.expectEnd(false);
  for (size_t row = 0; row < 21; ++row)
    for (size_t column = 0; column < 19; ++column)
      EXPECT_EQ(rows[row * 19 + column], columns[column * 24 + row]) << row << " " << column;
}

TEST(LayoutTest, GathersRowsOfATable) {
  TestChip chip("Ascend910B1:1");
  std::vector<float> table(10 * 6), result(4 * 8);
  for (size_t i = 0; i < table.size(); ++i)
    table[i] = float(i);
  std::vector<int32_t> numbers = {9, 0, 4, 4};
  DmaGather gather;
  gather.dst = tagged(Space::UB, 1024), gather.src = chip.map(table), gather.rowBytes = 20, gather.rows = 4;
  gather.srcPitch = 24, gather.dstPitch = 32, gather.index = tagged(Space::UB, 0), gather.limit = 10;
  DmaFill fill;
  fill.dst = gather.dst, fill.value = bitsOf(-1.5f), fill.rowBytes = 128, fill.rows = 1;
  DmaOut out;
  out.dst = chip.map(result), out.src = gather.dst, out.rowBytes = 128, out.rows = out.planes = 1;
  chip.program.add(copyIn(tagged(Space::UB, 0), chip.map(numbers), 16)).add(fill).add(gather);
  chip.program.order(Queue::MTE2, Queue::MTE3).add(out);
  chip.expectEnd(true);
  for (size_t row = 0; row < 4; ++row)
    for (size_t i = 0; i < 8; ++i)
      EXPECT_EQ(result[row * 8 + i], i < 5 ? float(numbers[row] * 6) + float(i) : -1.5f);
  // A number beyond the table.
  numbers[2] = 10;
  chip.expectTrap(true, "bounds", "row 2 asks for row 10, expected 0 to 9");
}

//===----------------------------------------------------------------------===//
// Fixpipe
//===----------------------------------------------------------------------===//

/// C = A for a matrix of 16 by 16, times one on the diagonal, then what `fix` makes of
/// it. FB has 16 scales from blk 0 and 16 slopes from blk 2.
template <typename T>
std::vector<T> convert(const std::vector<float> &values, Fix fix, size_t count) {
  TestChip chip("Ascend910B1:1");
  std::vector<_Float16> a(values.begin(), values.end()), b(256);
  for (size_t i = 0; i < 16; ++i)
    b[i * 16 + i] = 1;
  std::vector<float> parameters(32);
  for (size_t i = 0; i < 16; ++i) {
    parameters[i] = float(i + 1) / 4;
    parameters[16 + i] = -float(i);
  }
  std::vector<T> result(count);
  const DmaLoad2d left = loadFractal(Space::L0A, chip.map(a)), right = loadFractal(Space::L0B, chip.map(b));
  ParameterLoad load;
  load.count = 32;
  Mmad mmad;
  mmad.init = 1, mmad.m = mmad.k = mmad.n = 16;
  fix.dst = chip.map(result), fix.m = fix.n = 16, fix.srcPitch = 1;
  chip.program.add(left).add(right).add(copyIn(tagged(Space::L1, 0), chip.map(parameters), 128));
  chip.program.order(Queue::MTE2, Queue::FIX, 0).order(Queue::MTE2, Queue::M, 1).add(load);
  chip.program.add(mmad).order(Queue::M, Queue::FIX).add(fix);
  chip.expectEnd(false);
  return result;
}

std::vector<float> makeValues() {
  std::vector<float> values(256);
  for (size_t i = 0; i < 256; ++i)
    values[i] = float(i * 11 % 97) - 48;
  return values;
}

TEST(FixTest, QuantizesByColumns) {
  const auto values = makeValues();
  Fix fix;
  fix.quant = 4, fix.dstPitch = 16, fix.zero = uint64_t(-3) & 0xffff, fix.table = 0;
  const auto bytes = convert<int8_t>(values, fix, 256);
  fix.quant = 7, fix.zero = 3, fix.table = 0xffff, fix.scale = bitsOf(2.5f);
  const auto unsignedBytes = convert<uint8_t>(values, fix, 256);
  for (size_t i = 0; i < 256; ++i) {
    const float scale = float(i % 16 + 1) / 4;
    EXPECT_EQ(bytes[i], int(std::clamp(std::nearbyint(values[i] * scale) - 3, -128.0f, 127.0f))) << i;
    EXPECT_EQ(unsignedBytes[i], int(std::clamp(std::nearbyint(values[i] * 2.5f) + 3, 0.0f, 255.0f))) << i;
  }
}

TEST(FixTest, RectifiesWithSlopes) {
  const auto values = makeValues();
  Fix fix;
  fix.relu = 1, fix.dstPitch = 64, fix.kind = 1, fix.slope = bitsOf(0.25f);
  const auto leaky = convert<float>(values, fix, 256);
  fix.kind = 2, fix.slopes = 2;
  const auto byColumns = convert<float>(values, fix, 256);
  for (size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(leaky[i], values[i] < 0 ? values[i] * 0.25f : values[i]);
    EXPECT_EQ(byColumns[i], values[i] < 0 ? values[i] * -float(i % 16) : values[i]);
  }
}

TEST(FixTest, StoresColumnsAndFractals) {
  const auto values = makeValues();
  Fix fix;
  fix.quant = 1, fix.layout = 2, fix.dstPitch = 40;
  const auto columns = convert<_Float16>(values, fix, 16 * 20);
  fix.layout = 1, fix.quant = 0, fix.dstPitch = 16 * 32;
  const auto fractals = convert<float>(values, fix, 256);
  for (size_t row = 0; row < 16; ++row)
    for (size_t column = 0; column < 16; ++column) {
      EXPECT_EQ(float(columns[column * 20 + row]), values[row * 16 + column]);
      // Columns of fractals of f32 are 8 wide.
      EXPECT_EQ(fractals[column / 8 * 128 + row * 8 + column % 8], values[row * 16 + column]);
    }
}

//===----------------------------------------------------------------------===//
// Products of integers, and biases
//===----------------------------------------------------------------------===//

template <typename A>
void checkIntegers(uint64_t type) {
  TestChip chip("Ascend910B1:1");
  std::vector<A> a(16 * 32);
  std::vector<int8_t> b(16 * 32);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = A(i * 37 % 251);
    b[i] = int8_t(i * 53 % 256 - 128);
  }
  std::vector<int32_t> bias(16), c(256);
  for (size_t i = 0; i < 16; ++i)
    bias[i] = int32_t(i) * 1000 - 7000;
  const DmaLoad2d left = loadFractal(Space::L0A, chip.map(a)), right = loadFractal(Space::L0B, chip.map(b));
  BiasLoad load;
  load.count = 16;
  Mmad mmad;
  mmad.type = type, mmad.init = 2, mmad.m = mmad.n = 16, mmad.k = 32;
  Fix fix;
  fix.dst = chip.map(c), fix.m = fix.n = 16, fix.srcPitch = 1, fix.dstPitch = 64;
  chip.program.add(left)
      .add(right)
      .add(copyIn(tagged(Space::L1, 0), chip.map(bias), 64))
      .order(Queue::MTE2, Queue::MTE1);
  chip.program.add(load).order(Queue::MTE1, Queue::M).order(Queue::MTE2, Queue::M).add(mmad);
  chip.program.order(Queue::M, Queue::FIX).add(fix);
  chip.expectEnd(false);
  for (size_t row = 0; row < 16; ++row)
    for (size_t column = 0; column < 16; ++column) {
      int32_t sum = bias[column];
      // B's fractal has the columns as rows.
      for (size_t k = 0; k < 32; ++k)
        sum += int32_t(a[row * 32 + k]) * int32_t(b[column * 32 + k]);
      EXPECT_EQ(c[row * 16 + column], sum) << row << " " << column;
    }
}

TEST(IntegerTest, MultipliesBytesOntoABias) {
  checkIntegers<int8_t>(3);
  checkIntegers<uint8_t>(4);
}

//===----------------------------------------------------------------------===//
// Permutations
//===----------------------------------------------------------------------===//

/// `command` on f32 in UB: the source at blk 0, `second` at 64, the result at 128.
template <typename T>
std::vector<float> permute(const std::vector<float> &source, const std::vector<T> &second, VPermute command,
                           size_t count) {
  TestChip chip("Ascend910B1:1");
  std::vector<float> first = source, result(count);
  std::vector<T> other = second;
  DmaFill fill;
  fill.dst = tagged(Space::UB, 4096), fill.rowBytes = 1024, fill.rows = 1;
  command.type = uint64_t(Type::F32), command.dst = 128, command.idx = 64, command.rows = 1,
  command.cols = source.size();
  DmaOut out;
  out.dst = chip.map(result), out.src = tagged(Space::UB, 4096), out.rowBytes = count * 4, out.rows = out.planes = 1;
  chip.program.add(fill).add(copyIn(tagged(Space::UB, 0), chip.map(first), first.size() * 4));
  chip.program.add(copyIn(tagged(Space::UB, 2048), chip.map(other), other.size() * sizeof(T)))
      .order(Queue::MTE2, Queue::V);
  chip.program.add(command).order(Queue::V, Queue::MTE3).add(out);
  chip.expectEnd(true);
  return result;
}

TEST(PermuteTest, PacksInterleavesAndScatters) {
  const std::vector<float> x = {1, 2, 3, 4, 5, 6, 7, 8, 9}, y = {-1, -2, -3, -4, -5, -6, -7, -8, -9};
  VPermute c;
  c.op = 3; // the bits 1, 3, 4, 8
  EXPECT_EQ(permute(x, std::vector<uint8_t>{0x1a, 0x01}, c, 9), (std::vector<float>{2, 4, 5, 9, 0, 0, 0, 0, 0}));
  c.op = 4;
  const auto both = permute(x, y, c, 18);
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(both[2 * i], x[i]);
    EXPECT_EQ(both[2 * i + 1], y[i]);
  }
  c.op = 2, c.extent = 2;
  EXPECT_EQ(permute(x, std::vector<int32_t>{15, 0, 2, 4, 6, 8, 10, 12, 14}, c, 16),
            (std::vector<float>{2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 1}));
}

} // namespace
