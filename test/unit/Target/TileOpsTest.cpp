//===- TileOpsTest.cpp - products and convolutions against plain loops ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes are chosen for their edges: tails of rows, panels and channels, padding
// wider than tiles, strides, dilations, batches.
//
//===----------------------------------------------------------------------===//

#include "KernelRunner.h"

#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"

#include <cmath>
#include <cstring>

using namespace gemlir;

namespace {

constexpr float guard = 77;

std::vector<float> numbers(size_t count, unsigned seed) {
  std::vector<float> values(count);
  for (float &value : values) {
    seed = seed * 1664525 + 1013904223;
    value = static_cast<int>(seed >> 16 & 0x3ff) / 512.0f - 1;
  }
  return values;
}

std::string join(std::initializer_list<int64_t> sizes, const char *separator = "x") {
  std::string text;
  for (int64_t size : sizes)
    text += (text.empty() ? "" : separator) + std::to_string(size);
  return text;
}

std::string memref(std::initializer_list<int64_t> sizes, const char *type = "f32") {
  return "memref<" + join(sizes) + "x" + type + ">";
}

/// Compiles the kernel with the plan's number of tiles; returns that number.
int64_t compileTiled(KernelRunner &runner, const std::string &arguments, const std::string &body) {
  auto text = [&](int64_t tiles) {
    return "npu.kernel @k(" + arguments + ") attributes {num_outputs = 1 : i64, tiles = " + std::to_string(tiles) +
           " : i64} {\n" + body + "\nnpu.return\n}";
  };
  int64_t tiles = 1;
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text(1), &runner.context);
  if (!module)
    return 0;
  auto sizesOf = [](mlir::Value value) { return toDims(mlir::cast<mlir::ShapedType>(value.getType()).getShape()); };
  module->walk([&](mlir::npu::MmadOp op) { tiles = *planMmad(op, runner.description, sizesOf).tiles().known(); });
  module->walk(
      [&](mlir::npu::DepthwiseOp op) { tiles = *planDepthwise(op, runner.description, sizesOf).tiles().known(); });
  return runner.compile(text(tiles)) ? tiles : 0;
}

/// Executes the tiles in two calls, the second half first.
void runTiles(KernelRunner &runner, std::vector<void *> buffers, int64_t tiles) {
  int64_t middle = tiles / 2;
  runner.run("k", buffers, middle, tiles);
  if (middle)
    runner.run("k", buffers, 0, middle);
}

const std::string biasAndRelu = R"( {
    ^bb0(%acc: f32, %e: f32):
      %0 = arith.addf %acc, %e : f32
      %z = arith.constant 0.0 : f32
      %1 = arith.maximumf %0, %z : f32
      npu.yield %1 : f32
    })";

struct Product {
  int64_t batch, m, n, k;
};

class ProductTest : public ::testing::TestWithParam<Product> {};

TEST_P(ProductTest, AgreesWithPlainLoops) {
  auto [batch, m, n, k] = GetParam();
  KernelRunner runner;
  int64_t n0 = runner.description.mmadTile().columns, n1 = (n + n0 - 1) / n0;
  bool batched = batch > 1;
  std::string a = batched ? memref({batch, m, k}) : memref({m, k});
  std::string p = batched ? memref({batch, n1, k, n0}) : memref({n1, k, n0});
  std::string c = batched ? memref({batch, m, n}) : memref({m, n}), d = memref({n});
  int64_t tiles = compileTiled(runner, "%a: " + a + ", %p: " + p + ", %d: " + d + ", %c: " + c,
                               "npu.mmad ins(%a, %p : " + a + ", " + p + ") epilogue(%d : " + d + ") outs(%c : " + c +
                                   ")" + biasAndRelu);
  ASSERT_GT(tiles, 0) << runner.errors;
  auto x = numbers(batch * m * k, 1), w = numbers(batch * k * n, 2), bias = numbers(n, 3);
  std::vector<float> panels(batch * n1 * k * n0), y(batch * m * n + 16, guard);
  for (int64_t t = 0; t < batch; ++t)
    for (int64_t i = 0; i < k; ++i)
      for (int64_t j = 0; j < n; ++j)
        panels[((t * n1 + j / n0) * k + i) * n0 + j % n0] = w[(t * k + i) * n + j];
  runTiles(runner, {x.data(), panels.data(), bias.data(), y.data()}, tiles);
  for (int64_t t = 0; t < batch; ++t)
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        double sum = bias[j];
        for (int64_t q = 0; q < k; ++q)
          sum += double(x[(t * m + i) * k + q]) * w[(t * k + q) * n + j];
        ASSERT_NEAR(y[(t * m + i) * n + j], std::max(sum, 0.0), 1e-4 * std::sqrt(k)) << i << " " << j;
      }
  for (int64_t i = 0; i < 16; ++i)
    EXPECT_EQ(y[batch * m * n + i], guard) << "written beyond the end";
}

INSTANTIATE_TEST_SUITE_P(Sizes, ProductTest,
                         ::testing::Values(Product{1, 6, 16, 32}, Product{1, 7, 17, 33}, Product{1, 1, 100, 64},
                                           Product{1, 2, 100, 64}, Product{1, 3, 33, 64}, Product{1, 5, 200, 64},
                                           Product{1, 97, 50, 77}, Product{1, 13, 40, 3000}, Product{5, 20, 37, 40},
                                           Product{3, 1, 5, 7}, Product{1, 1, 1, 1}, Product{1, 300, 130, 256}));

struct Filter {
  int64_t batch, channels, height, width, outputs, kernel, stride, pad, dilation;
  bool nchw, residual;

  int64_t out(int64_t size) const { return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1; }
};

class ConvolutionTest : public ::testing::TestWithParam<Filter> {};

TEST_P(ConvolutionTest, AgreesWithPlainLoops) {
  const Filter &f = GetParam();
  KernelRunner runner;
  int64_t n0 = runner.description.mmadTile().columns, n1 = (f.outputs + n0 - 1) / n0, c0 = 16;
  int64_t c1 = (f.channels + c0 - 1) / c0, o1 = (f.outputs + c0 - 1) / c0, area = f.kernel * f.kernel;
  int64_t oh = f.out(f.height), ow = f.out(f.width), k = f.channels * area, m = f.batch * oh * ow;
  std::string image =
      f.nchw ? memref({f.batch, f.channels, f.height, f.width}) : memref({f.batch, c1, f.height, f.width, c0});
  std::string p = memref({n1, k, n0}), d = memref({f.outputs}), out = memref({f.batch, o1, oh, ow, c0});
  std::string matrix = "!npu.matrix<" + join({m, k}) + "xf32>";
  auto pair = [](int64_t v) { return "array<i64: " + join({v, v}, ", ") + ">"; };
  std::string body =
      "%m = npu.im2col %x {channels = " + std::to_string(f.channels) + " : i64, kernel = " + pair(f.kernel) +
      ", output = array<i64: " + join({oh, ow}, ", ") + ">, strides = " + pair(f.stride) +
      ", pads = array<i64: " + join({f.pad, f.pad, f.pad, f.pad}, ", ") + ">, dilations = " + pair(f.dilation) +
      "} : " + image + " -> " + matrix + "\nnpu.mmad ins(%m, %p : " + matrix + ", " + p + ") epilogue(%d, %r : " + d +
      ", " + out + ") outs(%y : " + out + ") attributes {columns = " + std::to_string(f.outputs) + R"( : i64} {
    ^bb0(%acc: f32, %e: f32, %s: f32):
      %0 = arith.addf %acc, %e : f32
      %1 = arith.addf %0, %s : f32
      %z = arith.constant 0.0 : f32
      %2 = arith.maximumf %1, %z : f32
      npu.yield %2 : f32
    })";
  int64_t tiles =
      compileTiled(runner, "%x: " + image + ", %p: " + p + ", %d: " + d + ", %r: " + out + ", %y: " + out, body);
  ASSERT_GT(tiles, 0) << runner.errors;

  auto x = numbers(f.batch * f.channels * f.height * f.width, 1), w = numbers(f.outputs * k, 2);
  auto bias = numbers(f.outputs, 3), residual = numbers(f.batch * o1 * oh * ow * c0, 4);
  // Lanes of the storage without a channel must not matter.
  std::vector<float> blocked(f.batch * c1 * f.height * f.width * c0, NAN), panels(n1 * k * n0);
  int64_t pixels = f.height * f.width;
  for (int64_t b = 0; b < f.batch; ++b)
    for (int64_t c = 0; c < f.channels; ++c)
      for (int64_t i = 0; i < pixels; ++i)
        blocked[((b * c1 + c / c0) * pixels + i) * c0 + c % c0] = x[(b * f.channels + c) * pixels + i];
  for (int64_t o = 0; o < f.outputs; ++o)
    for (int64_t c = 0; c < f.channels; ++c)
      for (int64_t t = 0; t < area; ++t) {
        int64_t depth = std::min(c0, f.channels - c / c0 * c0);
        int64_t row = f.nchw ? c * area + t : c / c0 * c0 * area + t * depth + c % c0;
        panels[(o / n0 * k + row) * n0 + o % n0] = w[(o * f.channels + c) * area + t];
      }
  std::vector<float> y(residual.size() + 16, guard);
  runTiles(runner, {f.nchw ? x.data() : blocked.data(), panels.data(), bias.data(), residual.data(), y.data()}, tiles);

  for (int64_t b = 0; b < f.batch; ++b)
    for (int64_t o = 0; o < f.outputs; ++o)
      for (int64_t r = 0; r < oh; ++r)
        for (int64_t s = 0; s < ow; ++s) {
          int64_t at = (((b * o1 + o / c0) * oh + r) * ow + s) * c0 + o % c0;
          double sum = double(bias[o]) + residual[at];
          for (int64_t c = 0; c < f.channels; ++c)
            for (int64_t i = 0; i < f.kernel; ++i)
              for (int64_t j = 0; j < f.kernel; ++j) {
                int64_t h = r * f.stride - f.pad + i * f.dilation, v = s * f.stride - f.pad + j * f.dilation;
                if (h >= 0 && h < f.height && v >= 0 && v < f.width)
                  sum += double(x[(b * f.channels + c) * pixels + h * f.width + v]) *
                         w[((o * f.channels + c) * f.kernel + i) * f.kernel + j];
              }
          ASSERT_NEAR(y[at], std::max(sum, 0.0), 1e-3) << o << " " << r << " " << s;
        }
  for (int64_t i = 0; i < 16; ++i)
    EXPECT_EQ(y[residual.size() + i], guard) << "written beyond the end";
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ConvolutionTest,
    ::testing::Values(
        Filter{1, 16, 8, 8, 16, 3, 1, 1, 1, false, true}, Filter{2, 20, 9, 11, 40, 3, 1, 1, 1, false, true},
        Filter{1, 20, 9, 11, 40, 3, 2, 1, 1, false, true}, Filter{2, 33, 9, 11, 40, 5, 2, 2, 1, false, true},
        Filter{1, 33, 19, 21, 17, 3, 1, 2, 2, false, true}, Filter{2, 24, 7, 7, 30, 1, 1, 0, 1, false, true},
        Filter{2, 24, 7, 7, 30, 1, 2, 0, 1, false, true}, Filter{2, 3, 15, 17, 30, 7, 2, 3, 1, true, true},
        Filter{2, 3, 15, 17, 30, 3, 1, 2, 2, true, true}, Filter{2, 5, 7, 7, 16, 1, 1, 0, 1, true, true},
        Filter{1, 64, 7, 7, 64, 3, 1, 1, 1, false, true}, Filter{1, 16, 3, 3, 16, 7, 1, 3, 1, false, true},
        Filter{1, 16, 30, 40, 8, 3, 3, 0, 1, false, true}));

class DepthwiseTest : public ::testing::TestWithParam<Filter> {};

TEST_P(DepthwiseTest, AgreesWithPlainLoops) {
  const Filter &f = GetParam();
  KernelRunner runner;
  int64_t c0 = 16, c1 = f.channels / c0, oh = f.out(f.height), ow = f.out(f.width), area = f.kernel * f.kernel;
  std::string image = memref({f.batch, c1, f.height, f.width, c0}), out = memref({f.batch, c1, oh, ow, c0});
  std::string p = memref({c1, f.kernel, f.kernel, c0}), d = memref({f.channels});
  auto pair = [](int64_t v) { return "array<i64: " + join({v, v}, ", ") + ">"; };
  int64_t tiles = compileTiled(runner, "%x: " + image + ", %p: " + p + ", %d: " + d + ", %y: " + out,
                               "npu.depthwise ins(%x, %p : " + image + ", " + p + ") epilogue(%d : " + d +
                                   ") outs(%y : " + out + ") attributes {strides = " + pair(f.stride) +
                                   ", pads = array<i64: " + join({f.pad, f.pad, f.pad, f.pad}, ", ") +
                                   ">, dilations = " + pair(f.dilation) + "}" + biasAndRelu);
  ASSERT_GT(tiles, 0) << runner.errors;
  auto x = numbers(f.batch * f.channels * f.height * f.width, 1), w = numbers(f.channels * area, 2);
  auto bias = numbers(f.channels, 3);
  std::vector<float> y(f.batch * f.channels * oh * ow + 16, guard);
  runTiles(runner, {x.data(), w.data(), bias.data(), y.data()}, tiles);
  for (int64_t b = 0; b < f.batch * c1; ++b)
    for (int64_t r = 0; r < oh; ++r)
      for (int64_t s = 0; s < ow; ++s)
        for (int64_t lane = 0; lane < c0; ++lane) {
          double sum = bias[b % c1 * c0 + lane];
          for (int64_t i = 0; i < f.kernel; ++i)
            for (int64_t j = 0; j < f.kernel; ++j) {
              int64_t h = r * f.stride - f.pad + i * f.dilation, v = s * f.stride - f.pad + j * f.dilation;
              if (h >= 0 && h < f.height && v >= 0 && v < f.width)
                sum += double(x[((b * f.height + h) * f.width + v) * c0 + lane]) *
                       w[((b % c1 * f.kernel + i) * f.kernel + j) * c0 + lane];
            }
          ASSERT_NEAR(y[((b * oh + r) * ow + s) * c0 + lane], std::max(sum, 0.0), 1e-4) << r << " " << s;
        }
  EXPECT_EQ(y[f.batch * f.channels * oh * ow], guard) << "written beyond the end";
}

INSTANTIATE_TEST_SUITE_P(Shapes, DepthwiseTest,
                         ::testing::Values(Filter{1, 16, 8, 8, 0, 3, 1, 1, 1, false, false},
                                           Filter{2, 32, 9, 13, 0, 3, 2, 1, 1, false, false},
                                           Filter{1, 48, 14, 14, 0, 5, 1, 2, 1, false, false},
                                           Filter{1, 48, 14, 15, 0, 5, 2, 2, 1, false, false},
                                           Filter{1, 16, 14, 15, 0, 3, 1, 2, 2, false, false},
                                           Filter{1, 16, 3, 3, 0, 5, 1, 2, 1, false, false},
                                           Filter{1, 16, 120, 60, 0, 3, 1, 1, 1, false, false}));

TEST(ProductTypesTest, AccumulatesHalvesInSingleAndBytesInWords) {
  // One row times the identity gives the row back.
  KernelRunner runner;
  ASSERT_GT(compileTiled(runner, "%a: memref<3x16xf16>, %p: memref<1x16x16xf16>, %c: memref<3x16xf32>", R"(
    npu.mmad ins(%a, %p : memref<3x16xf16>, memref<1x16x16xf16>) outs(%c : memref<3x16xf32>) {
    ^bb0(%acc: f32):
      npu.yield %acc : f32
    })"),
            0)
      << runner.errors;
  std::vector<uint16_t> a(48), p(256);
  std::vector<float> c(48);
  for (int i = 0; i < 48; ++i)
    a[i] = 0x3c00 + 8 * i; // 1 + i / 128
  for (int i = 0; i < 16; ++i)
    p[i * 17] = 0x3c00;
  runner.run("k", {a.data(), p.data(), c.data()});
  for (int i = 0; i < 48; ++i)
    EXPECT_EQ(c[i], 1 + i / 128.0f);

  KernelRunner bytes;
  ASSERT_GT(compileTiled(bytes, "%a: memref<7x40xi8>, %p: memref<2x40x16xi8>, %c: memref<7x20xi32>", R"(
    npu.mmad ins(%a, %p : memref<7x40xi8>, memref<2x40x16xi8>) outs(%c : memref<7x20xi32>) {
    ^bb0(%acc: i32):
      npu.yield %acc : i32
    })"),
            0)
      << bytes.errors;
  std::vector<int8_t> left(280, -3), right(1280, 100);
  std::vector<int32_t> product(140);
  bytes.run("k", {left.data(), right.data(), product.data()});
  for (int32_t value : product)
    EXPECT_EQ(value, -300 * 40);
}

/// Loops of assembly that contain a fused multiply-add, innermost only.
std::vector<std::string> innerLoops(const std::string &assembly, const char *multiplyAdd) {
  std::vector<std::string> lines, loops;
  for (size_t at = 0; at < assembly.size();) {
    size_t end = assembly.find('\n', at);
    lines.push_back(assembly.substr(at, end - at));
    at = end + 1;
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    size_t label = lines[i].find(".LBB");
    if (lines[i].empty() || lines[i][0] != '\t' || label == std::string::npos)
      continue;
    std::string target = lines[i].substr(label) + ":", body;
    for (size_t j = i; j-- > 0;) {
      body = lines[j] + "\n" + body;
      if (lines[j].compare(0, target.size(), target) == 0) {
        // A label inside makes it an outer loop.
        bool inner = body.find("\n.LBB") == std::string::npos;
        if (inner && body.find(multiplyAdd) != std::string::npos)
          loops.push_back(body);
        break;
      }
      if (j + 400 < i)
        break;
    }
  }
  return loops;
}

TEST(AssemblyTest, KeepsAccumulatorsInRegisters) {
  struct Level {
    const char *name, *multiplyAdd, *reg, *stack;
    /// Accumulators, times the steps of the reduction in an iteration.
    size_t multiplyAdds;
  };
  for (const Level &level :
       {Level{"x86-64-v3", "vfmadd231ps", "ymm", "(%rsp)", 2 * 12},
        Level{"x86-64-v4", "vfmadd231ps", "zmm", "(%rsp)", 28}, Level{"aarch64", "fmla", "v", "[sp", 2 * 24}}) {
    KernelRunner runner;
    std::string error, assembly;
    ASSERT_TRUE(device::lookup(level.name, runner.description, error)) << error;
    std::string n0 = std::to_string(runner.description.mmadTile().columns);
    auto module = mlir::parseSourceString<mlir::ModuleOp>(
        "npu.kernel @k(%a: memref<84x256xf32>, %p: memref<4x256x" + n0 +
            "xf32>, %c: memref<84x64xf32>) attributes "
            "{num_outputs = 1 : i64, tiles = 1 : i64} {\nnpu.mmad ins(%a, %p : memref<84x256xf32>, memref<4x256x" +
            n0 + "xf32>) outs(%c : memref<84x64xf32>) {\n^bb0(%acc: f32):\nnpu.yield %acc : f32\n}\nnpu.return\n}",
        &runner.context);
    ASSERT_TRUE(module);
    llvm::raw_string_ostream os(assembly);
    ASSERT_TRUE(mlir::succeeded(host::emitAssembly(*module, runner.description, {}, os)));
    std::vector<std::string> loops = innerLoops(assembly, level.multiplyAdd);
    ASSERT_FALSE(loops.empty()) << level.name << "\n" << assembly;
    size_t most = 0;
    for (const std::string &loop : loops) {
      size_t count = 0;
      for (size_t at = 0; (at = loop.find(level.multiplyAdd, at)) != std::string::npos; ++at)
        ++count;
      most = std::max(most, count);
      EXPECT_EQ(loop.find(level.stack), std::string::npos) << level.name << " spills:\n" << loop;
      EXPECT_NE(loop.find(level.reg), std::string::npos) << level.name << "\n" << loop;
    }
    EXPECT_EQ(most, level.multiplyAdds) << level.name;
  }
}

} // namespace
