//===- ModelTest.cpp - tests of loading and executing models
//-------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <algorithm>
#include <atomic>
#include <dirent.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <thread>
#include <unistd.h>

using namespace gemlir;
using namespace gemlir::model;
using namespace gemlir::runtime;
using namespace gemlir::test;

namespace {

void expectSmallModelWorks(Model &model) {
  std::vector<float> x = {1, 2, 3, 4}, z(4);
  std::vector<OutputBuffer> outputs = {out(z)};
  Error error = model.execute({in(x)}, outputs);
  ASSERT_FALSE(error) << error.text();
  EXPECT_EQ(z, (std::vector<float>{12, 24, 36, 48}));
}

std::string writeFile(const std::vector<uint8_t> &bytes) {
  char name[] = "/tmp/gemlir-model-XXXXXX";
  int fd = mkstemp(name);
  EXPECT_EQ(write(fd, bytes.data(), bytes.size()), ssize_t(bytes.size()));
  close(fd);
  return name;
}

TEST(Model, FromMemory) {
  std::shared_ptr<Model> model;
  {
    std::vector<uint8_t> bytes = makeSmallModel();
    ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
    std::fill(bytes.begin(), bytes.end(), 0xcc);
  }
  EXPECT_EQ(model->name(), "test");
  EXPECT_EQ(model->inputs()[0].name, "x");
  EXPECT_EQ(model->workSize(), 64u);
  EXPECT_EQ(model->weightSize(), 16u);
  expectSmallModelWorks(*model);
}

TEST(Model, FromFile) {
  std::string path = writeFile(makeSmallModel());
  std::shared_ptr<Model> model;
  LoadOptions options;
  options.verifyWeights = true;
  Error error = Model::loadFromFile(path, options, model);
  ASSERT_FALSE(error) << error.text();
  unlink(path.c_str());
  expectSmallModelWorks(*model);
}

TEST(Model, CallersMemory) {
  alignas(64) uint8_t work[64], weights[64];
  std::vector<uint8_t> bytes = makeSmallModel();
  LoadOptions options;
  options.workMemory = work;
  options.workMemorySize = sizeof(work);
  options.weightMemory = weights;
  options.weightMemorySize = sizeof(weights);
  std::shared_ptr<Model> model;
  ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), options, model));
  expectSmallModelWorks(*model);
  const float expected[] = {2, 4, 6, 8};
  EXPECT_EQ(std::memcmp(work, expected, sizeof(expected)), 0);
  options.workMemorySize = 63;
  EXPECT_EQ(Model::loadFromMemory(bytes.data(), bytes.size(), options, model).code(), ErrorCode::InvalidArgument);
  options.workMemorySize = 64;
  options.weightMemorySize = 15;
  EXPECT_EQ(Model::loadFromMemory(bytes.data(), bytes.size(), options, model).code(), ErrorCode::InvalidArgument);
}

TEST(Model, UnreadableFiles) {
  std::shared_ptr<Model> model;
  for (const char *path : {"", "/no/such/file", "/tmp", "/dev/null"}) {
    Error error = Model::loadFromFile(path, {}, model);
    EXPECT_EQ(error.code(), ErrorCode::FileRead) << path;
    EXPECT_NE(error.text().find(path), std::string::npos);
  }
  std::string empty = writeFile({});
  EXPECT_EQ(Model::loadFromFile(empty, {}, model).code(), ErrorCode::ModelSize);
  unlink(empty.c_str());
}

TEST(Model, TruncatedAnywhere) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::shared_ptr<Model> model;
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 64) {
    std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + size);
    ASSERT_TRUE(Model::loadFromMemory(cut.data(), cut.size(), {}, model));
  }
}

TEST(Model, DamagedWeightsAreFoundOnRequest) {
  std::vector<uint8_t> bytes = makeSmallModel();
  OMView view;
  ASSERT_FALSE(readOM(bytes.data(), bytes.size(), view));
  bytes[view.weights.data - bytes.data()] ^= 1;
  std::shared_ptr<Model> model;
  EXPECT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  LoadOptions options;
  options.verifyWeights = true;
  EXPECT_EQ(Model::loadFromMemory(bytes.data(), bytes.size(), options, model).code(), ErrorCode::ModelHash);
}

TEST(Model, WrongInputsAndOutputs) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::shared_ptr<Model> model;
  ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  std::vector<float> x(4), z(4), less(3), more(1000);
  std::vector<OutputBuffer> outputs = {out(z)};
  EXPECT_EQ(model->execute({}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({in(x), in(x)}, outputs).code(), ErrorCode::InputMismatch);
  Error error = model->execute({in(less)}, outputs);
  EXPECT_EQ(error.code(), ErrorCode::InputMismatch);
  EXPECT_EQ(error.text(), "input 0 'x' has 12 bytes, expected 16");
  EXPECT_EQ(model->execute({in(more)}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({{nullptr, 16, {}}}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({in(x, {2, 2})}, outputs).code(), ErrorCode::InputMismatch);
  outputs = {out(less)};
  EXPECT_EQ(model->execute({in(x)}, outputs).code(), ErrorCode::OutputMismatch);
  outputs = {out(z), out(z)};
  EXPECT_EQ(model->execute({in(x)}, outputs).code(), ErrorCode::OutputMismatch);
  // Allocated outputs do not leak when another output is wrong.
  expectSmallModelWorks(*model);
}

TEST(Model, AllocatesOutputs) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::shared_ptr<Model> model;
  ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  std::vector<float> x = {1, 2, 3, 4};
  std::vector<OutputBuffer> outputs;
  ASSERT_FALSE(model->execute({in(x)}, outputs));
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].size, 16u);
  EXPECT_EQ(outputs[0].dims, std::vector<int64_t>{4});
  EXPECT_EQ(static_cast<float *>(outputs[0].data)[3], 48);
  freeOutput(outputs[0].data);
}

std::vector<uint8_t> makeVariant(int64_t number) {
  TestModel b;
  std::vector<uint8_t> &elf = b.om.binaries[0].bytes;
  const int64_t marker[2] = {0x1122334455667788, 1};
  auto *begin = reinterpret_cast<const uint8_t *>(marker);
  auto at = std::search(elf.begin(), elf.end(), begin, begin + sizeof(marker));
  EXPECT_NE(at, elf.end());
  std::memcpy(&*at + 8, &number, 8);
  b.program.outputs = {{"n", 9, 2, {}, 8}};
  uint32_t n = b.output(0, 8);
  b.beginFunction("main");
  b.launch(b.kernel("variant"), 1, {n});
  b.ret();
  return b.write();
}

// Two libraries in memory must not be taken for one by the dynamic loader.
TEST(Model, LibrariesAreNotConfused) {
  std::vector<std::shared_ptr<Model>> models;
  for (int64_t number = 0; number < 20; ++number) {
    std::vector<uint8_t> bytes = makeVariant(number);
    models.emplace_back();
    ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, models.back()));
    if (number % 3 == 2)
      models[number - 1] = nullptr;
  }
  for (int64_t number = 0; number < 20; ++number) {
    if (!models[number])
      continue;
    std::vector<int64_t> result = {-1};
    std::vector<OutputBuffer> outputs = {out(result)};
    ASSERT_FALSE(models[number]->execute({}, outputs));
    EXPECT_EQ(result[0], number);
  }
}

size_t countEntries(const char *folder) {
  size_t count = 0;
  DIR *dir = opendir(folder);
  while (readdir(dir))
    ++count;
  closedir(dir);
  return count;
}

size_t countMappings() {
  std::ifstream maps("/proc/self/maps");
  size_t count = 0;
  for (std::string line; std::getline(maps, line);)
    ++count;
  return count;
}

TEST(Model, ThousandLoadsLeakNothing) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::string path = writeFile(bytes);
  auto round = [&](int i) {
    std::shared_ptr<Model> first, second;
    ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, first));
    ASSERT_FALSE(Model::loadFromFile(path, {}, second));
    expectSmallModelWorks(*(i % 2 ? first : second));
    first = nullptr;
    expectSmallModelWorks(*second);
  };
  for (int i = 0; i < 20; ++i)
    round(i);
  size_t descriptors = countEntries("/proc/self/fd");
  size_t mappings = countMappings();
  size_t heap = mallinfo2().uordblks;
  for (int i = 0; i < 1000; ++i)
    round(i);
  unlink(path.c_str());
  EXPECT_EQ(countEntries("/proc/self/fd"), descriptors);
  EXPECT_LE(countMappings(), mappings + 2);
  EXPECT_LE(mallinfo2().uordblks, heap + (64 << 10));
}

TEST(Model, ConcurrentExecutions) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::shared_ptr<Model> model;
  ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        float value = t * 2000 + i;
        std::vector<float> x(4, value), z(4);
        std::vector<OutputBuffer> outputs = {out(z)};
        ExecOptions options;
        options.threads = 1 + i % 3;
        if (model->execute({in(x)}, outputs, options) || z[0] != value * 2 + 10 || z[3] != value * 2 + 40)
          ++wrong;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Model, ProcessorFeatures) {
  EXPECT_FALSE(hasCpuFeature("no-such-feature"));
  EXPECT_FALSE(hasCpuFeature(""));
  EXPECT_TRUE(hasCpuFeature("generic"));
  EXPECT_TRUE(hasCpuFeature("-prefer-256-bit"));
#if defined(__x86_64__)
  EXPECT_TRUE(hasCpuFeature("x86-64"));
  EXPECT_EQ(hasCpuFeature("x86-64-v3"), bool(__builtin_cpu_supports("avx2")));
  EXPECT_EQ(hasCpuFeature("+avx512f"), bool(__builtin_cpu_supports("avx512f")));
#endif
  auto loadWith = [](std::vector<std::string> all, std::vector<std::string> first, bool fallback) {
    TestModel b;
    b.program.features = std::move(all);
    b.program.binaries = {{"ge_mlir.host.best", 0, std::move(first)}};
    b.om.binaries.push_back({"ge_mlir.host.best", {'b', 'a', 'd'}});
    if (fallback)
      b.program.binaries.push_back({kItem, 0, {}});
    b.beginFunction("main");
    b.launch(b.kernel("nothing"), 1, {});
    b.ret();
    std::vector<uint8_t> bytes = b.write();
    std::shared_ptr<Model> model;
    return Model::loadFromMemory(bytes.data(), bytes.size(), {}, model);
  };
  Error error = loadWith({"warp-drive"}, {}, true);
  EXPECT_EQ(error.code(), ErrorCode::Unsupported);
  EXPECT_NE(error.text().find("'warp-drive'"), std::string::npos);
  EXPECT_FALSE(loadWith({}, {"warp-drive"}, true));
  error = loadWith({}, {"warp-drive"}, false);
  EXPECT_EQ(error.code(), ErrorCode::Unsupported);
  EXPECT_NE(error.text().find("ge_mlir.host.best needs 'warp-drive'"), std::string::npos);
  // A binary that is no shared object is refused before anybody maps it.
  EXPECT_EQ(loadWith({}, {}, true).code(), ErrorCode::ModelFormat);
}

TEST(Model, MissingKernelAndForeignDevice) {
  for (bool foreign : {false, true}) {
    TestModel b;
    if (foreign)
      b.program.device = "Ascend910B1";
    b.beginFunction("main");
    b.launch(b.kernel(foreign ? "nothing" : "no_such_kernel"), 1, {});
    b.ret();
    std::vector<uint8_t> bytes = b.write();
    std::shared_ptr<Model> model;
    Error error = Model::loadFromMemory(bytes.data(), bytes.size(), {}, model);
    EXPECT_EQ(error.code(), ErrorCode::ModelFormat);
    // The kernels of a host are none of an NPU.
    EXPECT_NE(error.text().find(foreign ? "expected 243 (RISC-V)" : "no kernel 'no_such_kernel'"), std::string::npos)
        << error.text();
  }
}

TEST(Model, QuerySize) {
  std::vector<uint8_t> bytes = makeSmallModel();
  size_t work = 0, weights = 0;
  ASSERT_FALSE(querySize(bytes.data(), bytes.size(), work, weights));
  EXPECT_EQ(work, 64u);
  EXPECT_EQ(weights, 16u);
  EXPECT_TRUE(querySize(bytes.data(), bytes.size() - 1, work, weights));
}

} // namespace
