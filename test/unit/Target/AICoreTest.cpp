//===- AICoreTest.cpp - device binaries of an NPU -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelRunner.h"

#include "ge-mlir/Simulator/Simulator.h"
#include "ge-mlir/Target/AICore/AICore.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace gemlir;

namespace {

/// Compiles kernels for an NPU and runs them on its AICPU harts.
struct NPURunner {
  NPURunner() {
    mlir::DialectRegistry registry;
    host::registerHostTarget(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    std::string error;
    EXPECT_TRUE(device::lookup("Ascend910B1", description, error)) << error;
  }

  bool compile(const std::string &text) {
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      return mlir::success();
    });
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    aicore::Binaries result;
    if (!module || failed(aicore::compileKernels(*module, description, /*host=*/nullptr, {}, result)))
      return false;
    elf = std::move(result.device);
    placements = std::move(result.placements);
    return image.load(elf.data(), elf.size(), errors);
  }

  template <typename A, typename B>
  sim::Result run(const std::string &name, std::vector<A> &input, std::vector<B> &output, int64_t tiles = 1) {
    sim::Simulator simulator(description, {});
    simulator.load(image);
    sim::TileLaunch launch;
    for (const sim::KernelEntry &kernel : image.kernels())
      if (kernel.name == name)
        launch.entry = kernel.aicpu;
    launch.tiles = tiles;
    launch.buffers = {simulator.map(input.data(), input.size() * sizeof(A), false),
                      simulator.map(output.data(), output.size() * sizeof(B), true)};
    sim::Result result = simulator.run(launch);
    EXPECT_FALSE(result.trap) << result.trap->message();
    return result;
  }

  mlir::MLIRContext context;
  device::Description description;
  std::string errors;
  llvm::SmallVector<char> elf;
  std::vector<aicore::Placement> placements;
  sim::Image image;
};

/// A kernel that applies `body` to each of `count` elements.
std::string makeMap(const std::string &name, int count, const std::string &from, const std::string &to,
                    const std::string &body) {
  const std::string n = std::to_string(count), x = "memref<" + n + "x" + from + ">", y = "memref<" + n + "x" + to + ">";
  return "npu.kernel @" + name + "(%x: " + x + ", %y: " + y +
         ") attributes {num_outputs = 1 : i64, tiles = 1 : i64} {\n"
         "linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = "
         "[\"parallel\"]} ins(%x : " +
         x + ") outs(%y : " + y + ") {\n^bb0(%a: " + from + ", %o: " + to + "):\n" + body + "linalg.yield %r : " + to +
         "\n}\nnpu.return\n}\n";
}

const char *const copyKernel = R"(
  npu.kernel @copy(%x: memref<1001xi8>, %y: memref<1001xi8>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
    memref.copy %x, %y : memref<1001xi8> to memref<1001xi8>
    npu.return
  })";

TEST(AICoreTest, GivesTheSameBytesEachTime) {
  NPURunner first, second;
  ASSERT_TRUE(first.compile(copyKernel)) << first.errors;
  ASSERT_TRUE(second.compile(copyKernel)) << second.errors;
  EXPECT_EQ(first.elf, second.elf);
  std::string bytes(first.elf.begin(), first.elf.end());
  EXPECT_EQ(bytes.find("/tmp"), std::string::npos);
}

TEST(AICoreTest, ListsItsKernelsAndItsDevice) {
  NPURunner runner;
  ASSERT_TRUE(runner.compile(copyKernel + makeMap("twice", 9, "f32", "f32", "%r = arith.addf %a, %a : f32\n")))
      << runner.errors;
  ASSERT_EQ(runner.image.kernels().size(), 2u);
  EXPECT_EQ(runner.image.kernels()[0].name, "copy");
  EXPECT_STREQ(runner.image.kernels()[1].unit(), "aicpu");
  EXPECT_EQ(runner.image.kernels()[1].aicpu, runner.image.find("twice"));
  EXPECT_EQ(runner.placements[1].unit, "aicpu");
  EXPECT_FALSE(runner.placements[1].reason.empty());
  device::Description found;
  std::string error;
  ASSERT_TRUE(device::fromJson(runner.image.target(), found, error)) << error;
  EXPECT_EQ(device::toJson(found), device::toJson(runner.description));
}

TEST(AICoreTest, CopiesAnySize) {
  NPURunner runner;
  ASSERT_TRUE(runner.compile(copyKernel)) << runner.errors;
  std::vector<int8_t> input(1001), output(1001);
  for (size_t i = 0; i < input.size(); ++i)
    input[i] = int8_t(i * 7);
  runner.run("copy", input, output);
  EXPECT_EQ(output, input);
}

float toFloat(uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                          : exponent == 0 ? std::ldexp(float(fraction), -24)
                                          : std::ldexp(float(fraction + 1024), exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(AICoreTest, ConvertsEveryHalfAndBack) {
  NPURunner runner;
  ASSERT_TRUE(runner.compile(makeMap("widen", 65536, "f16", "f32", "%r = arith.extf %a : f16 to f32\n") +
                             makeMap("narrow", 65536, "f32", "f16", "%r = arith.truncf %a : f32 to f16\n") +
                             makeMap("narrow64", 65536, "f64", "f16", "%r = arith.truncf %a : f64 to f16\n")))
      << runner.errors;
  std::vector<uint16_t> halves(65536), back(65536);
  std::vector<float> floats(65536);
  std::vector<double> doubles(65536);
  for (size_t i = 0; i < halves.size(); ++i)
    halves[i] = uint16_t(i);
  runner.run("widen", halves, floats);
  for (size_t i = 0; i < halves.size(); ++i) {
    const float expected = toFloat(uint16_t(i));
    if (std::isnan(expected))
      EXPECT_TRUE(std::isnan(floats[i])) << i;
    else
      EXPECT_EQ(floats[i], expected) << i;
    doubles[i] = floats[i];
  }
  runner.run("narrow", floats, back);
  for (size_t i = 0; i < halves.size(); ++i)
    if (!std::isnan(floats[i]))
      EXPECT_EQ(back[i], halves[i]);
  runner.run("narrow64", doubles, back);
  for (size_t i = 0; i < halves.size(); ++i)
    if (!std::isnan(floats[i]))
      EXPECT_EQ(back[i], halves[i]);
}

TEST(AICoreTest, RoundsHalvesToNearestEven) {
  NPURunner runner;
  const int count = 8;
  ASSERT_TRUE(runner.compile(makeMap("narrow", count, "f64", "f16", "%r = arith.truncf %a : f64 to f16\n")))
      << runner.errors;
  // Halfway to even and to odd, a hair above halfway that f32 does not hold,
  // overflow and just not, half the smallest denormal and a hair above, NaN.
  std::vector<double> input = {1 + 0x1p-11, 1 + 0x3p-11, 1 + 0x1p-11 + 0x1p-40, 65520,
                               65519.999,   0x1p-25,     0x1p-25 + 0x1p-60,     NAN};
  std::vector<uint16_t> output(count), expected = {0x3c00, 0x3c02, 0x3c01, 0x7c00, 0x7bff, 0, 1, 0x7e00};
  runner.run("narrow", input, output);
  EXPECT_EQ(output, expected);
}

TEST(AICoreTest, KeepsDenormalNumbers) {
  NPURunner runner;
  ASSERT_TRUE(runner.compile(makeMap("twice", 2, "f32", "f32", "%r = arith.addf %a, %a : f32\n"))) << runner.errors;
  std::vector<float> input = {std::numeric_limits<float>::denorm_min(), 0x1.8p-130f}, output(2);
  runner.run("twice", input, output);
  EXPECT_EQ(output, (std::vector<float>{2 * input[0], 0x1.8p-129f}));
}

TEST(AICoreTest, NamesTheNodeOfTheInstructionThatTraps) {
  NPURunner runner;
  // Each node doubles its input into its output.
  auto makeNode = [](const std::string &from, const std::string &to, const std::string &node) {
    return "linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = "
           "[\"parallel\"]} ins(" +
           from + " : memref<64xf32>) outs(" + to +
           " : memref<64xf32>) {\n^bb0(%a: f32, %o: f32):\n"
           "%r = arith.addf %a, %a : f32 loc(\"" +
           node + "\")\nlinalg.yield %r : f32\n} loc(\"" + node + "\")\n";
  };
  ASSERT_TRUE(
      runner.compile("npu.kernel @both(%x: memref<64xf32>, %y: memref<64xf32>, %u: memref<64xf32>, %v: memref<64xf32>) "
                     "attributes {num_outputs = 2 : i64, tiles = 1 : i64} {\n" +
                     makeNode("%x", "%y", "First") + makeNode("%u", "%v", "Second") +
                     "npu.return\n} loc(fused[\"First\", \"Second\"])\n"))
      << runner.errors;
  // One of the buffers is a number too short.
  const char *const expected[] = {"(First): load", "(First): store", "(Second): load", "(Second): store"};
  for (size_t culprit = 0; culprit < 4; ++culprit) {
    sim::Simulator simulator(runner.description, {});
    simulator.load(runner.image);
    std::vector<float> numbers(256);
    sim::TileLaunch launch;
    launch.entry = runner.image.find("both");
    for (size_t i = 0; i < 4; ++i)
      launch.buffers.push_back(simulator.map(&numbers[i * 64], i == culprit ? 63 * 4 : 64 * 4, true));
    const sim::Result result = simulator.run(launch);
    ASSERT_TRUE(result.trap);
    const std::string message = result.trap->message();
    EXPECT_EQ(message.find("AICPU hart 0: bounds: at both+0x"), 0u) << message;
    EXPECT_NE(message.find(expected[culprit]), std::string::npos) << message;
  }
}

TEST(AICoreTest, SurvivesDamage) {
  NPURunner runner;
  ASSERT_TRUE(runner.compile(copyKernel + makeMap("twice", 9, "f32", "f32", "%r = arith.addf %a, %a : f32\n")))
      << runner.errors;
  uint32_t random = 1;
  unsigned refused = 0, trapped = 0;
  for (int round = 0; round < 3000; ++round) {
    llvm::SmallVector<char> damaged = runner.elf;
    for (int i = 0; i < 3; ++i) {
      random = random * 1664525 + 1013904223;
      damaged[(random >> 8) % damaged.size()] = char(random);
    }
    sim::Image image;
    std::string error;
    if (!image.load(damaged.data(), damaged.size(), error)) {
      EXPECT_FALSE(error.empty());
      ++refused;
      continue;
    }
    sim::Options options;
    options.maxInstructions = 100000;
    sim::Simulator simulator(runner.description, options);
    simulator.load(image);
    std::vector<uint8_t> input(1001), output(1001);
    sim::TileLaunch launch;
    launch.buffers = {simulator.map(input.data(), 1001, false), simulator.map(output.data(), 1001, true)};
    for (const sim::KernelEntry &kernel : image.kernels()) {
      launch.entry = kernel.aicpu;
      trapped += simulator.run(launch).trap != nullptr;
    }
  }
  EXPECT_GT(refused, 0u);
  EXPECT_GT(trapped, 0u);
}

} // namespace
