//===- LayoutTest.cpp - gears, weights in files, older files -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include "ge-mlir/Model/WeightFiles.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

using namespace gemlir;
using namespace gemlir::test;
using runtime::Model;

namespace {

/// A folder that goes with the test.
struct Folder {
  Folder() {
    char text[] = "/tmp/gemlir-layout-XXXXXX";
    path = ::mkdtemp(text);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

std::vector<uint8_t> read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// z = 2 x + w, x and z of `size` floats, over weights of 4 floats.
model::Program makeProgram(int64_t size, int64_t weightSize) {
  TestModel b;
  b.program.inputs = {{"x", 0, 2, {size, 4}, size * 16}};
  b.program.outputs = {{"z", 0, 2, {size, 4}, size * 16}};
  b.program.arenaSize = 64 * size;
  b.program.weightSize = weightSize;
  b.beginFunction("main");
  auto one = b.immediate(1), four = b.immediate(4);
  for (int64_t row = 0; row < size; ++row) {
    uint32_t x = b.input(0, 16, row * 16), y = b.arena(row * 64, 16), z = b.output(0, 16, row * 16);
    b.launch(b.kernel("twice"), 4, {x, y}, {one, four});
    b.launch(b.kernel("add4"), 1, {y, b.constant(0, 16), z});
  }
  b.ret();
  model::Program program;
  die(b.finish(program));
  return program;
}

const float kWeights[4] = {10, 20, 30, 40};

model::OMContents makeGears() {
  model::OMContents contents = TestModel().om;
  contents.weights = {{kWeights, sizeof(kWeights), 64}};
  contents.gearKind = model::GearKind::Batch;
  for (int64_t size : {1, 3})
    contents.gears.push_back({{size}, makeProgram(size, 16)});
  return contents;
}

std::vector<uint8_t> write(const model::OMContents &contents) {
  std::vector<uint8_t> bytes;
  die(model::writeOM(contents, bytes));
  return bytes;
}

void check(Model &model, int64_t rows) {
  std::vector<float> x(rows * 4), z(rows * 4);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = float(i) - 2;
  std::vector<runtime::OutputBuffer> outputs = {out(z)};
  Error error = model.execute({in(x, {rows, 4})}, outputs);
  ASSERT_FALSE(error) << error.text();
  EXPECT_EQ(outputs[0].dims, (std::vector<int64_t>{rows, 4}));
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_EQ(z[i], 2 * x[i] + kWeights[i % 4]);
}

TEST(Gears, ShapesChoose) {
  std::vector<uint8_t> bytes = write(makeGears());
  std::shared_ptr<Model> model;
  die(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  EXPECT_EQ(model->inputs()[0].dims, (std::vector<int64_t>{-1, 4}));
  ASSERT_EQ(model->description().gears.size(), 2u);
  EXPECT_EQ(model->description().gears[1].outputs[0].dims, (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(model->workSize(), 192u);
  for (int64_t rows : {3, 1, 3})
    check(*model, rows);
  std::vector<float> x(8), z(12);
  std::vector<runtime::OutputBuffer> outputs = {out(z)};
  Error error = model->execute({in(x, {2, 4})}, outputs);
  EXPECT_EQ(error.code(), ErrorCode::InputMismatch);
  EXPECT_EQ(error.text(), "the inputs have the shapes x[2,4], expected one of the gears; x[1,4]; x[3,4]");
  EXPECT_EQ(model->execute({in(x)}, outputs).code(), ErrorCode::InputMismatch);
}

TEST(Gears, RoundTrip) {
  std::vector<uint8_t> bytes = write(makeGears());
  model::OMView view;
  die(model::readOM(bytes.data(), bytes.size(), view));
  model::OMContents contents;
  die(model::readContents(view, contents));
  EXPECT_EQ(write(contents), bytes);
}

TEST(Gears, OnlyDimensionsDiffer) {
  model::OMContents contents = makeGears();
  contents.gears[1].program.inputs[0].name = "other";
  std::vector<uint8_t> bytes;
  EXPECT_TRUE(model::writeOM(contents, bytes));
  contents = makeGears();
  contents.gears[0].program.weightSize = 32;
  EXPECT_TRUE(model::writeOM(contents, bytes));
}

TEST(WeightFiles, SeparateAndCombined) {
  for (auto placement : {model::WeightPlacement::Separate, model::WeightPlacement::Combined}) {
    Folder folder;
    model::OMContents contents = makeGears();
    die(model::externalizeWeights(contents, placement, folder.path + "/a/b", /*embedWhenSaved=*/false));
    std::vector<uint8_t> bytes = write(contents);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path + "/a/b"), {}), 1);
    std::shared_ptr<Model> model;
    die(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
    check(*model, 3);
    die(model::saveOM(bytes.data(), bytes.size(), folder.path + "/model.om"));
    std::filesystem::remove_all(folder.path + "/a");
    check(*model, 1);
    EXPECT_EQ(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model).code(), ErrorCode::FileRead);
    die(Model::loadFromFile(folder.path + "/model.om", {}, model));
    check(*model, 3);
    // The saved file says nothing of where it was made.
    std::vector<uint8_t> saved = read(folder.path + "/model.om");
    const std::string text(saved.begin(), saved.end());
    EXPECT_EQ(text.find(folder.path), std::string::npos);
    // In memory it has no folder to look into.
    EXPECT_EQ(Model::loadFromMemory(saved.data(), saved.size(), {}, model).code(), ErrorCode::InvalidArgument);
    runtime::LoadOptions options;
    options.weightDirectory = folder.path + "/weight";
    die(Model::loadFromMemory(saved.data(), saved.size(), options, model));
    std::vector<float> memory(4);
    options.weightMemory = memory.data();
    options.weightMemorySize = 15;
    EXPECT_EQ(Model::loadFromMemory(saved.data(), saved.size(), options, model).code(), ErrorCode::InvalidArgument);
    options.weightMemorySize = 16;
    die(Model::loadFromMemory(saved.data(), saved.size(), options, model));
    std::filesystem::remove_all(folder.path + "/weight");
    EXPECT_EQ(memory[3], 40);
    check(*model, 3);
  }
}

TEST(WeightFiles, EmbeddedWhenSaved) {
  Folder folder;
  model::OMContents contents = makeGears();
  const std::vector<uint8_t> whole = write(contents);
  die(model::externalizeWeights(contents, model::WeightPlacement::Separate, folder.path, true));
  std::vector<uint8_t> bytes = write(contents);
  die(model::saveOM(bytes.data(), bytes.size(), folder.path + "/model.om"));
  EXPECT_FALSE(std::filesystem::exists(folder.path + "/weight"));
  EXPECT_EQ(read(folder.path + "/model.om"), whole);
}

TEST(WeightFiles, NamesStayInTheFolder) {
  Folder folder;
  model::OMContents contents = makeGears();
  die(model::externalizeWeights(contents, model::WeightPlacement::Separate, folder.path, false));
  for (const char *name : {"../x", "/etc/passwd", "..", ""}) {
    contents.external.pieces[0].file = name;
    std::vector<uint8_t> bytes = write(contents);
    model::OMView view;
    EXPECT_EQ(model::readOM(bytes.data(), bytes.size(), view).code(), ErrorCode::ModelFormat) << name;
  }
}

static bool runsOldModel() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

// layer_0_1_0.om is y = relu(x * w + b), with x of 4x8, w of quarters and b of -4
// to 11.
TEST(Version, AnOlderFileLoads) {
  std::shared_ptr<Model> model;
  if (!runsOldModel())
    GTEST_SKIP() << "the file holds code for x86-64 with AVX2, which this processor does not run";
  Error error = Model::loadFromFile(GEMLIR_OLD_MODEL, {}, model);
  ASSERT_FALSE(error) << error.text();
  std::vector<float> x(32, 1), y(64);
  std::vector<runtime::OutputBuffer> outputs = {out(y)};
  error = model->execute({in(x)}, outputs);
  ASSERT_FALSE(error) << error.text();
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(y[i], std::max(0.0f, float(i % 16) - 2));
}

TEST(Version, AnOlderBufferDoesNot) {
  const std::vector<uint8_t> bytes = read(GEMLIR_OLD_MODEL);
  model::OMView view;
  die(model::readOM(bytes.data(), bytes.size(), view));
  const Error error = model::checkVersion(view);
  EXPECT_EQ(error.code(), ErrorCode::Unsupported);
  EXPECT_NE(error.text().find("made by ge-mlir 0.1.0, but this is ge-mlir " + std::string(getVersion())),
            std::string::npos);
}

} // namespace
