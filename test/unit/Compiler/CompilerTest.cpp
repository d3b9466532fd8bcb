//===- CompilerTest.cpp - compile() from text to a running model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Runtime/Model.h"

#include "gtest/gtest.h"

#include <cstring>
#include <thread>

using namespace gemlir;

namespace {

// MatMul, bias, Relu: the smallest network that has an anchor and an epilogue.
const char *const kDense = R"mlir(
func.func @main(%x: tensor<2x4xf32> {ge.name = "x"}) -> (tensor<2x3xf32> {ge.name = "y"}) {
  %w = ge.const dense<[[1.0, 0.0, -1.0], [0.0, 1.0, 2.0], [1.0, 1.0, 0.0], [2.0, -1.0, 1.0]]> : tensor<4x3xf32>
  %b = ge.const dense<[0.5, -20.0, 0.0]> : tensor<3xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32> loc("dense")
  %1 = ge.add %0, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("bias")
  %2 = ge.relu %1 : tensor<2x3xf32> loc("relu")
  return %2 : tensor<2x3xf32>
}
)mlir";

bool compileText(const char *text, CompiledModel &model, CompileError &error, const CompileOptions &options = {}) {
  return compileModuleText(text, strlen(text), options, model, error);
}

TEST(Compiler, RunsWhatItCompiles) {
  CompiledModel model;
  CompileError error;
  ASSERT_TRUE(compileText(kDense, model, error)) << error.text;
  std::shared_ptr<runtime::Model> loaded;
  Error failure = runtime::Model::loadFromMemory(model.bytes.data(), model.bytes.size(), {}, loaded);
  ASSERT_FALSE(failure) << failure.text();
  ASSERT_EQ(loaded->inputs().size(), 1u);
  EXPECT_EQ(loaded->inputs()[0].name, "x");
  EXPECT_EQ(loaded->outputs()[0].name, "y");
  float x[8] = {1, 2, 3, 4, -1, -2, -3, -4}, y[6] = {};
  std::vector<runtime::OutputBuffer> outputs(1);
  outputs[0].data = y;
  outputs[0].size = sizeof y;
  failure = loaded->execute({{x, sizeof x, {}}}, outputs);
  ASSERT_FALSE(failure) << failure.text();
  const float expected[6] = {12.5f, 0, 7, 0, 0, 0};
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(y[i], expected[i]) << "element " << i;
}

TEST(Compiler, GivesTheSameBytesForTheSameInput) {
  CompiledModel first, second;
  CompileError error;
  ASSERT_TRUE(compileText(kDense, first, error)) << error.text;
  CompileOptions oneThread;
  oneThread.threads = 1;
  ASSERT_TRUE(compileText(kDense, second, error, oneThread)) << error.text;
  EXPECT_EQ(first.bytes, second.bytes);
}

TEST(Compiler, StopsAtEachStage) {
  const std::pair<Stage, const char *> stages[] = {{Stage::GE, "ge.mat_mul_v2"},
                                                   {Stage::Linalg, "npu.mmad"},
                                                   {Stage::NPU, "npu.program @main"},
                                                   {Stage::LLVM, "define"},
                                                   {Stage::Asm, "matmul"}};
  for (auto [stage, expected] : stages) {
    CompileOptions options;
    options.stopAfter = stage;
    CompiledModel model;
    CompileError error;
    ASSERT_TRUE(compileText(kDense, model, error, options)) << error.text;
    std::string text(model.bytes.begin(), model.bytes.end());
    EXPECT_NE(text.find(expected), std::string::npos) << "stage " << static_cast<int>(stage);
  }
}

TEST(Compiler, NamesTheNodeOfAnError) {
  const char *text = R"mlir(
func.func @main(%x: tensor<2x4xf32> {ge.name = "x"}) -> tensor<2x4xf32> {
  %0 = ge.custom "Fantasy" (%x) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("dreamer")
  return %0 : tensor<2x4xf32>
}
)mlir";
  CompiledModel model;
  CompileError error;
  ASSERT_FALSE(compileText(text, model, error));
  EXPECT_EQ(error.node, "dreamer");
  EXPECT_NE(error.text.find("Fantasy"), std::string::npos) << error.text;
  EXPECT_TRUE(model.bytes.empty());
}

TEST(Compiler, RefusesUnknownRanks) {
  const char *text = R"mlir(
func.func @main(%x: tensor<*xf32> {ge.name = "x"}) -> tensor<*xf32> {
  %0 = ge.relu %x : tensor<*xf32>
  return %0 : tensor<*xf32>
}
)mlir";
  CompiledModel model;
  CompileError error;
  ASSERT_FALSE(compileText(text, model, error));
  EXPECT_EQ(error.code, "E10011") << error.text;
  CompileOptions options;
  for (int64_t rows : {3, -1}) {
    options.inputShapes = {{"x", {rows, 4}}};
    EXPECT_TRUE(compileText(text, model, error, options)) << error.text;
  }
  options.inputShapes = {{"nobody", {3, 4}}};
  ASSERT_FALSE(compileText(text, model, error, options));
  EXPECT_EQ(error.code, "E10016") << error.text;
}

TEST(Compiler, ReportsFailuresOfCodeGeneration) {
  for (const char *kind : {"codegen-fatal", "codegen-crash", "link"}) {
    setenv("GEMLIR_INJECT", kind, 1);
    CompiledModel model;
    CompileError error;
    EXPECT_FALSE(compileText(kDense, model, error)) << kind;
    EXPECT_FALSE(error.text.empty()) << kind;
    unsetenv("GEMLIR_INJECT");
    EXPECT_TRUE(compileText(kDense, model, error)) << "after " << kind << ": " << error.text;
  }
}

TEST(Compiler, CompilesInManyThreads) {
  CompiledModel reference;
  CompileError error;
  ASSERT_TRUE(compileText(kDense, reference, error)) << error.text;
  std::vector<CompiledModel> models(8);
  std::vector<std::thread> threads;
  for (CompiledModel &model : models)
    threads.emplace_back([&model] {
      CompileError own;
      compileText(kDense, model, own);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const CompiledModel &model : models)
    EXPECT_EQ(model.bytes, reference.bytes);
}

} // namespace
