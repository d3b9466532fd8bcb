//===- GenericsTest.cpp - linalg kernels against plain loops --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelRunner.h"

#include <cmath>
#include <cstdint>

using namespace gemlir;

namespace {

std::vector<float> numbers(size_t count, unsigned seed = 1) {
  std::vector<float> values(count);
  for (float &value : values) {
    seed = seed * 1664525 + 1013904223;
    value = static_cast<int>(seed >> 16 & 0x3ff) / 512.0f - 1;
  }
  return values;
}

/// A kernel with the arguments `%x0`... and this body.
std::string kernel(const std::string &arguments, const std::string &body, int tiles = 1) {
  return "npu.kernel @k(" + arguments + ") attributes {num_outputs = 1 : i64, tiles = " + std::to_string(tiles) +
         " : i64} {\n" + body + "\nnpu.return\n}\n";
}

TEST(GenericsTest, BroadcastsARowAndAColumn) {
  KernelRunner runner;
  ASSERT_TRUE(
      runner.compile(kernel("%x: memref<5x33xf32>, %r: memref<33xf32>, %c: memref<5x1xf32>, %y: memref<5x33xf32>", R"(
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, 0)>, affine_map<(i, j) -> (i, j)>],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x, %r, %c : memref<5x33xf32>, memref<33xf32>, memref<5x1xf32>) outs(%y : memref<5x33xf32>) {
    ^bb0(%a: f32, %b: f32, %d: f32, %o: f32):
      %0 = arith.addf %a, %b : f32
      %1 = arith.mulf %0, %d : f32
      linalg.yield %1 : f32
    })")))
      << runner.errors;
  auto x = numbers(165), r = numbers(33, 2), c = numbers(5, 3);
  std::vector<float> y(165);
  runner.run("k", {x.data(), r.data(), c.data(), y.data()});
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 33; ++j)
      EXPECT_NEAR(y[i * 33 + j], (x[i * 33 + j] + r[j]) * c[i], 1e-6);
}

TEST(GenericsTest, Transposes) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<17x9xf32>, %y: memref<9x17xf32>", R"(
    linalg.transpose ins(%x : memref<17x9xf32>) outs(%y : memref<9x17xf32>) permutation = [1, 0])")))
      << runner.errors;
  auto x = numbers(153);
  std::vector<float> y(153);
  runner.run("k", {x.data(), y.data()});
  for (int i = 0; i < 17; ++i)
    for (int j = 0; j < 9; ++j)
      EXPECT_EQ(y[j * 17 + i], x[i * 9 + j]);
}

struct RowReduction {
  const char *op;
  const char *initial;
  float (*combine)(float, float);
};

TEST(GenericsTest, ReducesRows) {
  const RowReduction cases[] = {{"arith.addf", "0.0", [](float a, float b) { return a + b; }},
                                {"arith.maximumf", "0xFF800000", [](float a, float b) { return std::fmax(a, b); }},
                                {"arith.minimumf", "0x7F800000", [](float a, float b) { return std::fmin(a, b); }}};
  for (int length : {1, 3, 7, 8, 31, 64, 197})
    for (const RowReduction &c : cases) {
      std::string buffer = "memref<4x" + std::to_string(length) + "xf32>";
      KernelRunner runner;
      ASSERT_TRUE(runner.compile(
          kernel("%x: " + buffer + ", %y: memref<4xf32>", std::string("%z = arith.constant ") + c.initial + R"( : f32
        linalg.fill ins(%z : f32) outs(%y : memref<4xf32>)
        linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                        iterator_types = ["parallel", "reduction"]}
            ins(%x : )" + buffer + R"() outs(%y : memref<4xf32>) {
        ^bb0(%a: f32, %o: f32):
          %0 = )" + c.op + R"( %o, %a : f32
          linalg.yield %0 : f32
        })")))
          << runner.errors;
      auto x = numbers(4 * length, length);
      std::vector<float> y(4);
      runner.run("k", {x.data(), y.data()});
      for (int i = 0; i < 4; ++i) {
        float expected = x[i * length];
        for (int j = 1; j < length; ++j)
          expected = c.combine(expected, x[i * length + j]);
        EXPECT_NEAR(y[i], expected, 1e-4) << c.op << " of " << length;
      }
    }
}

TEST(GenericsTest, ReducesColumnsAndInnerDimensions) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<2x13x16xf32>, %y: memref<2x16xf32>", R"(
    %z = arith.constant 0.0 : f32
    linalg.fill ins(%z : f32) outs(%y : memref<2x16xf32>)
    linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, k)>],
                    iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x : memref<2x13x16xf32>) outs(%y : memref<2x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      %0 = arith.addf %o, %a : f32
      linalg.yield %0 : f32
    })")))
      << runner.errors;
  auto x = numbers(2 * 13 * 16);
  std::vector<float> y(32);
  runner.run("k", {x.data(), y.data()});
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 16; ++k) {
      float sum = 0;
      for (int j = 0; j < 13; ++j)
        sum += x[(i * 13 + j) * 16 + k];
      EXPECT_NEAR(y[i * 16 + k], sum, 1e-5);
    }
}

TEST(GenericsTest, FindsTheFirstLargestElement) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<3x50xf32>, %v: memref<3xf32>, %p: memref<3xi64>", R"(
    %z = arith.constant 0xFF800000 : f32
    %n = arith.constant 0 : i64
    linalg.fill ins(%z : f32) outs(%v : memref<3xf32>)
    linalg.fill ins(%n : i64) outs(%p : memref<3xi64>)
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>],
                    iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<3x50xf32>) outs(%v, %p : memref<3xf32>, memref<3xi64>) {
    ^bb0(%a: f32, %o: f32, %q: i64):
      %j = linalg.index 1 : index
      %i = arith.index_cast %j : index to i64
      %0 = arith.cmpf ogt, %a, %o : f32
      %1 = arith.select %0, %a, %o : f32
      %2 = arith.select %0, %i, %q : i64
      linalg.yield %1, %2 : f32, i64
    })")))
      << runner.errors;
  auto x = numbers(150);
  std::vector<float> v(3);
  std::vector<int64_t> p(3);
  runner.run("k", {x.data(), v.data(), p.data()});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(p[i], std::max_element(x.begin() + i * 50, x.begin() + i * 50 + 50) - (x.begin() + i * 50));
}

TEST(GenericsTest, PoolsByIndexing) {
  // The body computes addresses itself: rows uniform, lanes of the last
  // dimension contiguous.
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<9x9x16xf32>, %y: memref<4x4x16xf32>", R"(
    %c2 = arith.constant 2 : index
    %c1 = arith.constant 1 : index
    linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>], iterator_types = ["parallel", "parallel", "parallel"]}
        outs(%y : memref<4x4x16xf32>) {
    ^bb0(%o: f32):
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %k = linalg.index 2 : index
      %h = arith.muli %i, %c2 : index
      %w = arith.muli %j, %c2 : index
      %w1 = arith.addi %w, %c1 : index
      %a = memref.load %x[%h, %w, %k] : memref<9x9x16xf32>
      %b = memref.load %x[%h, %w1, %k] : memref<9x9x16xf32>
      %s = arith.cmpi eq, %i, %c1 : index
      %m = arith.maximumf %a, %b : f32
      %r = arith.select %s, %a, %m : f32
      linalg.yield %r : f32
    })")))
      << runner.errors;
  auto x = numbers(9 * 9 * 16);
  std::vector<float> y(4 * 4 * 16);
  runner.run("k", {x.data(), y.data()});
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      for (int k = 0; k < 16; ++k) {
        float a = x[(2 * i * 9 + 2 * j) * 16 + k], b = x[(2 * i * 9 + 2 * j + 1) * 16 + k];
        EXPECT_EQ(y[(i * 4 + j) * 16 + k], i == 1 ? a : std::max(a, b));
      }
}

TEST(GenericsTest, ReadsLanesOfReversedAndRepeatedIndices) {
  // A reversed index cannot be a vector; a lane's own number can.
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<2x20xf32>, %y: memref<2x20xf32>", R"(
    %c19 = arith.constant 19 : index
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        outs(%y : memref<2x20xf32>) {
    ^bb0(%o: f32):
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %r = arith.subi %c19, %j : index
      %a = memref.load %x[%i, %r] : memref<2x20xf32>
      linalg.yield %a : f32
    })")))
      << runner.errors;
  auto x = numbers(40);
  std::vector<float> y(40);
  runner.run("k", {x.data(), y.data()});
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(y[i], x[i / 20 * 20 + 19 - i % 20]);

  KernelRunner lower;
  ASSERT_TRUE(lower.compile(kernel("%x: memref<20x20xi32>, %y: memref<20x20xi32>", R"(
    %c0 = arith.constant 0 : i32
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<20x20xi32>) outs(%y : memref<20x20xi32>) {
    ^bb0(%a: i32, %o: i32):
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %below = arith.cmpi sge, %i, %j : index
      %r = arith.select %below, %a, %c0 : i32
      linalg.yield %r : i32
    })")))
      << lower.errors;
  std::vector<int32_t> in(400, 5), out(400);
  lower.run("k", {in.data(), out.data()});
  for (int i = 0; i < 400; ++i)
    EXPECT_EQ(out[i], i / 20 >= i % 20 ? 5 : 0);
}

TEST(GenericsTest, ComputesSlicesOfRunTimeSize) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<10x12xf32>, %y: memref<10x12xf32>", R"(
    %b, %e = npu.tile_range
    %n = arith.subi %e, %b : index
    %xs = memref.subview %x[%b, 0] [%n, 12] [1, 1] : memref<10x12xf32> to memref<?x12xf32, strided<[12, 1], offset: ?>>
    %ys = memref.subview %y[%b, 0] [%n, 12] [1, 1] : memref<10x12xf32> to memref<?x12xf32, strided<[12, 1], offset: ?>>
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%xs : memref<?x12xf32, strided<[12, 1], offset: ?>>) outs(%ys : memref<?x12xf32, strided<[12, 1], offset: ?>>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.addf %a, %a : f32
      linalg.yield %r : f32
    })",
                                    10)))
      << runner.errors;
  auto x = numbers(120);
  std::vector<float> y(120, 7);
  runner.run("k", {x.data(), y.data()}, 3, 8);
  for (int i = 0; i < 120; ++i)
    EXPECT_EQ(y[i], i / 12 >= 3 && i / 12 < 8 ? 2 * x[i] : 7) << i;
}

TEST(GenericsTest, MultipliesMatrices) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<7x9xf32>, %w: memref<9x45xf32>, %y: memref<7x45xf32>", R"(
    %z = arith.constant 0.0 : f32
    linalg.fill ins(%z : f32) outs(%y : memref<7x45xf32>)
    linalg.matmul ins(%x, %w : memref<7x9xf32>, memref<9x45xf32>) outs(%y : memref<7x45xf32>))")))
      << runner.errors;
  auto x = numbers(63), w = numbers(405, 5);
  std::vector<float> y(315);
  runner.run("k", {x.data(), w.data(), y.data()});
  for (int i = 0; i < 7; ++i)
    for (int j = 0; j < 45; ++j) {
      float sum = 0;
      for (int k = 0; k < 9; ++k)
        sum += x[i * 9 + k] * w[k * 45 + j];
      EXPECT_NEAR(y[i * 45 + j], sum, 1e-5);
    }
}

template <typename T>
void addInType(const char *type, std::vector<T> a, std::vector<T> expected) {
  KernelRunner runner;
  std::string buffer = "memref<" + std::to_string(a.size()) + "x" + type + ">";
  std::string op = type[0] == 'i' ? "arith.addi" : "arith.addf";
  ASSERT_TRUE(
      runner.compile(kernel("%x: " + buffer + ", %y: " + buffer,
                            "linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], "
                            "iterator_types = [\"parallel\"]} ins(%x : " +
                                buffer + ") outs(%y : " + buffer + ") {\n^bb0(%a: " + type + ", %o: " + type +
                                "):\n%0 = " + op + " %a, %a : " + type + "\nlinalg.yield %0 : " + type + "\n}")))
      << runner.errors;
  std::vector<T> y(a.size());
  runner.run("k", {a.data(), y.data()});
  EXPECT_EQ(y, expected) << type;
}

TEST(GenericsTest, AddsInEveryType) {
  std::vector<int8_t> bytes, doubledBytes;
  std::vector<int64_t> longs, doubledLongs;
  std::vector<double> doubles, doubledDoubles;
  std::vector<uint16_t> halves, doubledHalves, brains, doubledBrains;
  for (int i = 0; i < 77; ++i) {
    bytes.push_back(i), doubledBytes.push_back(static_cast<int8_t>(2 * i));
    longs.push_back(i * 1000000007LL), doubledLongs.push_back(2 * longs.back());
    doubles.push_back(i * 0.1), doubledDoubles.push_back(doubles.back() * 2);
    // Doubling a normal number adds one to its exponent.
    halves.push_back(0x3c00 + i), doubledHalves.push_back(0x4000 + i);
    brains.push_back(0x3f80 + i), doubledBrains.push_back(0x4000 + i);
  }
  addInType("i8", bytes, doubledBytes);
  addInType("i64", longs, doubledLongs);
  addInType("f64", doubles, doubledDoubles);
  addInType("f16", halves, doubledHalves);
  addInType("bf16", brains, doubledBrains);
}

TEST(GenericsTest, CopiesStridedBuffers) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(kernel("%x: memref<6x40xf32>, %y: memref<4x20xf32>", R"(
    %s = memref.subview %x[1, 10] [4, 20] [1, 1] : memref<6x40xf32> to memref<4x20xf32, strided<[40, 1], offset: 50>>
    memref.copy %s, %y : memref<4x20xf32, strided<[40, 1], offset: 50>> to memref<4x20xf32>)")))
      << runner.errors;
  auto x = numbers(240);
  std::vector<float> y(80);
  runner.run("k", {x.data(), y.data()});
  for (int i = 0; i < 80; ++i)
    EXPECT_EQ(y[i], x[(i / 20 + 1) * 40 + 10 + i % 20]);
}

} // namespace
