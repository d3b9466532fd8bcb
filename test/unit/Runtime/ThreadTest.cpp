//===- ThreadTest.cpp - tests of the thread pool --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gemlir;
using namespace gemlir::model;
using namespace gemlir::runtime;
using namespace gemlir::test;

namespace {

std::shared_ptr<Model> makeTiled(const char *kernel, int64_t tiles, int64_t bytes) {
  TestModel b;
  b.program.inputs = {{"x", 0, 2, {1024}, 4096}};
  b.program.outputs = {{"y", 3, 2, {bytes / 4}, bytes}};
  uint32_t x = b.input(0, 4096), y = b.output(0, bytes);
  b.beginFunction("main");
  if (std::string(kernel) == "count_tiles")
    b.launch(b.kernel(kernel), tiles, {y});
  else
    b.launch(b.kernel(kernel), tiles, {x, y});
  b.ret();
  return b.load();
}

TEST(Threads, EveryTileRunsOnce) {
  for (int64_t tiles : {1, 2, 3, 7, 64, 1000}) {
    std::shared_ptr<Model> model = makeTiled("count_tiles", tiles, 4 * tiles + 4);
    for (unsigned threads : {0, 1, 2, 3, 5, 16}) {
      std::vector<float> x(1024);
      std::vector<int32_t> counts(tiles + 1);
      std::vector<OutputBuffer> outputs = {out(counts)};
      ExecOptions options;
      options.threads = threads;
      for (int i = 0; i < 50; ++i)
        ASSERT_FALSE(model->execute({in(x)}, outputs, options));
      for (int64_t tile = 0; tile < tiles; ++tile)
        ASSERT_EQ(counts[tile], 50) << tile << " of " << tiles;
      ASSERT_EQ(counts[tiles], 0);
    }
  }
}

TEST(Threads, ResultsAreBitIdentical) {
  std::shared_ptr<Model> model = makeTiled("tile_sums", 777, 777 * 4);
  std::vector<float> x(1024);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = 1.0f / float(i + 3) * (i % 5 ? 1.0f : 1e-38f);
  std::vector<int32_t> expected;
  for (unsigned threads : {1, 2, 3, 4, 8, 33}) {
    for (unsigned spin : {0, 20}) {
      std::vector<int32_t> result(777);
      std::vector<OutputBuffer> outputs = {out(result)};
      ExecOptions options;
      options.threads = threads;
      options.spinMicroseconds = spin;
      ASSERT_FALSE(model->execute({in(x)}, outputs, options));
      if (expected.empty())
        expected = result;
      EXPECT_EQ(result, expected) << threads << " threads";
    }
  }
}

// Many short launches, so that workers often come late or not at all.
TEST(Threads, ManyForks) {
  TestModel b;
  b.program.outputs = {{"y", 3, 2, {4}, 16}};
  uint32_t y = b.output(0, 16);
  b.beginFunction("main");
  for (int i = 0; i < 500; ++i)
    b.launch(b.kernel("count_tiles"), 4, {y});
  b.ret();
  std::shared_ptr<Model> model = b.load();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([&] {
      for (int i = 0; i < 40; ++i) {
        std::vector<int32_t> counts(4);
        std::vector<OutputBuffer> outputs = {out(counts)};
        ExecOptions options;
        options.threads = 4;
        ASSERT_FALSE(model->execute({}, outputs, options));
        ASSERT_EQ(counts, (std::vector<int32_t>{500, 500, 500, 500}));
      }
    });
  for (std::thread &caller : callers)
    caller.join();
}

// Waiting is for the launches of one execution; behind the last no processor is kept busy.
TEST(Threads, WorkersSleepBetweenExecutions) {
  std::shared_ptr<Model> model = makeTiled("count_tiles", 64, 256);
  std::vector<float> x(1024);
  std::vector<int32_t> counts(64);
  std::vector<OutputBuffer> outputs = {out(counts)};
  ExecOptions options;
  options.threads = 4;
  options.spinMicroseconds = 2000000;
  ASSERT_FALSE(model->execute({in(x)}, outputs, options));
  std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 10);
}

TEST(Threads, ChildOfForkExecutes) {
  std::shared_ptr<Model> model = makeTiled("count_tiles", 64, 256);
  std::vector<float> x(1024);
  std::vector<int32_t> counts(64);
  std::vector<OutputBuffer> outputs = {out(counts)};
  ExecOptions options;
  options.threads = 4;
  ASSERT_FALSE(model->execute({in(x)}, outputs, options));
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    Error error = model->execute({in(x)}, outputs, options);
    _exit(!error && counts == std::vector<int32_t>(64, 2) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Threads, AffinityIsHonoured) {
  cpu_set_t old, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(old), &old), 0);
  EXPECT_LE(getAvailableThreads(), unsigned(CPU_COUNT(&old)));
  EXPECT_GE(getAvailableThreads(), 1u);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &old)) {
      CPU_SET(cpu, &one);
      break;
    }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(getAvailableThreads(), 1u);
  sched_setaffinity(0, sizeof(old), &old);
}

TEST(Threads, EnvironmentIsChecked) {
  const std::vector<uint8_t> bytes = makeSmallModel();
  auto load = [&](const char *name, const char *value) {
    setenv(name, value, 1);
    std::shared_ptr<Model> model;
    Error error = Model::loadFromMemory(bytes.data(), bytes.size(), {}, model);
    unsetenv(name);
    return error.text();
  };
  for (const char *wrong : {"", "two", "2x", "0", "-1", "1025", "99999999999999999999"})
    EXPECT_EQ(load("GE_MLIR_NUM_THREADS", wrong), "the environment's GE_MLIR_NUM_THREADS is '" + std::string(wrong) +
                                                      "', expected a number from 1 to 1024");
  EXPECT_EQ(load("GE_MLIR_SPIN", "1000001"),
            "the environment's GE_MLIR_SPIN is '1000001', expected a number from 0 to 1000000");
  EXPECT_EQ(load("GE_MLIR_NUM_THREADS", "2"), "");
  EXPECT_EQ(load("GE_MLIR_SPIN", "0"), "");
}

} // namespace
