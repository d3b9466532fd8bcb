//===- DeviceTest.cpp - models for a simulated NPU ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Runtime/Model.h"

#include "TestModel.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <gtest/gtest.h>

using namespace gemlir;
using namespace gemlir::runtime;
using namespace gemlir::test;

namespace {

constexpr const char *kDeviceItem = "ge_mlir.aicore";

std::vector<uint8_t> readBinary() {
  std::ifstream file(GEMLIR_NPU_KERNELS, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A model of one input and one output of four floats for an NPU.
struct NPUModel : TestModel {
  explicit NPUModel(std::vector<uint8_t> binary = readBinary()) {
    om.binaries = {{kDeviceItem, std::move(binary)}};
    program.binaries = {{kDeviceItem, 0, {}}};
    program.device = "Ascend910B1";
    program.inputs = {{"x", 0, 2, {4}, 16}};
    program.outputs = {{"y", 0, 2, {4}, 16}};
    program.arenaSize = 64;
    x = input(0, 16);
    y = output(0, 16);
    beginFunction("main");
  }
  uint32_t x, y;
};

/// A kernel from the input to the output.
std::vector<uint8_t> makeModel(const char *kernel, std::vector<uint8_t> binary = readBinary()) {
  NPUModel b(std::move(binary));
  b.launch(b.kernel(kernel), 4, {b.x, b.y}, {b.immediate(3), b.immediate(4)}, b.text("node7"));
  b.ret();
  return b.write();
}

Error tryLoad(const std::vector<uint8_t> &bytes, std::shared_ptr<Model> &model) {
  return Model::loadFromMemory(bytes.data(), bytes.size(), {}, model);
}

Error execute(Model &model, std::vector<float> &y, const ExecOptions &options = {}) {
  const std::vector<float> x = {1, 2, 3, 4};
  std::vector<OutputBuffer> outputs = {out(y)};
  return model.execute({in(x)}, outputs, options);
}

TEST(DeviceTest, RunsKernelsOnTheSimulator) {
  NPUModel b;
  const uint32_t middle = b.arena(0, 16);
  b.launch(b.kernel("twice"), 4, {b.x, middle}, {}, b.text("mul"));
  b.launch(b.kernel("block"), 1, {middle}, {}, b.text("nothing"));
  b.launch(b.kernel("add"), 1, {middle, b.y}, {b.immediate(3), b.immediate(4)}, b.text("add"));
  b.ret();
  std::shared_ptr<Model> model = b.load();
  for (unsigned threads : {1u, 4u}) {
    std::vector<float> y(4);
    std::vector<LaunchProfile> profile;
    ExecOptions options;
    options.threads = threads;
    options.profile = &profile;
    options.simulation.timing = true;
    Error error = execute(*model, y, options);
    ASSERT_FALSE(error) << error.text();
    EXPECT_EQ(y, (std::vector<float>{5, 7, 9, 11}));
    ASSERT_EQ(profile.size(), 3u);
    EXPECT_EQ(profile[0].unit, "aicpu");
    EXPECT_EQ(profile[0].result->cores.size(), 4u);
    EXPECT_EQ(profile[1].unit, "vector");
    EXPECT_EQ(profile[1].result->cores.size(), 3u);
    EXPECT_GT(profile[2].result->cycles, 0u);
  }
}

TEST(DeviceTest, NamesTheNodeWhoseKernelTraps) {
  for (auto [kernel, text] : {std::pair("before", "load from"), std::pair("back", "store to")}) {
    std::shared_ptr<Model> model;
    Error error = tryLoad(makeModel(kernel), model);
    ASSERT_FALSE(error) << error.text();
    std::vector<float> y(4);
    error = execute(*model, y);
    ASSERT_TRUE(error);
    EXPECT_EQ(
        error.text().find(std::string("node 'node7': kernel '") + kernel + "': AICPU hart 0: bounds: at " + kernel), 0u)
        << error.text();
    EXPECT_NE(error.text().find(text), std::string::npos) << error.text();
    // The model is as good as before.
    EXPECT_EQ(execute(*model, y).text(), error.text());
  }
}

TEST(DeviceTest, StaysInsideOfOutputs) {
  // As many elements as the node says, which is one too many.
  NPUModel b;
  b.launch(b.kernel("add"), 1, {b.x, b.y}, {b.immediate(3), b.immediate(5)}, b.text("long"));
  b.ret();
  std::vector<float> y(4);
  Error error = execute(*b.load(), y);
  ASSERT_TRUE(error);
  EXPECT_NE(error.text().find("node 'long': kernel 'add': AICPU hart 0: bounds"), std::string::npos) << error.text();
}

TEST(DeviceTest, RefusesWhatIsNoBinary) {
  std::shared_ptr<Model> model;
  auto expect = [&](const std::vector<uint8_t> &bytes, const std::string &text) {
    Error error = tryLoad(bytes, model);
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error.code(), ErrorCode::ModelFormat);
    EXPECT_NE(error.text().find(text), std::string::npos) << error.text();
  };
  expect(makeModel("other"), "the model's binary has no kernel 'other'");
  expect(makeModel("twice", {1, 2, 3}), "the binary 'ge_mlir.aicore': found 3 bytes, expected an ELF file");
  expect(makeModel("twice", readKernels()), "the binary 'ge_mlir.aicore': found machine");
  std::vector<uint8_t> binary = readBinary();
  const std::string name = "Ascend910B1";
  auto at = std::search(binary.begin(), binary.end(), name.begin(), name.end());
  ASSERT_NE(at, binary.end());
  *at = 'X';
  expect(makeModel("twice", binary), "section .npu.target: base: unknown device 'Xscend910B1'");
}

TEST(DeviceTest, SurvivesDamagedBinaries) {
  const std::vector<uint8_t> whole = readBinary();
  uint32_t random = 7;
  unsigned refused = 0, failed = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<uint8_t> binary = whole;
    for (int i = 0; i < 2; ++i) {
      random = random * 1664525 + 1013904223;
      binary[(random >> 8) % binary.size()] = uint8_t(random);
    }
    std::shared_ptr<Model> model;
    std::vector<float> y(4);
    if (tryLoad(makeModel(round % 2 ? "add" : "block", binary), model))
      ++refused;
    else if (execute(*model, y))
      ++failed;
  }
  EXPECT_GT(refused, 0u);
  EXPECT_GT(failed, 0u);
}

} // namespace
