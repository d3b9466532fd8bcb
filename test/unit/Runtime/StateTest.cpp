//===- StateTest.cpp - states that outlive executions ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include "gtest/gtest.h"

using namespace gemlir;
using namespace gemlir::runtime;
using gemlir::test::TestModel;

namespace {

const int64_t kStart = 40;

/// A model whose output is how often it ran, from `kStart` on.
struct Counter : TestModel {
  Counter() {
    program.outputs = {{"n", 9, 2, {}, 8}};
    uint32_t slot = state("count", 8);
    program.states[slot].initial = 0;
    om.weights.push_back({reinterpret_cast<const char *>(&kStart), 8});
    uint32_t memory = stateBuffer(slot, 8), n = output(0, 8);
    beginFunction("main");
    launch(kernel("increment"), 1, {memory, n});
    ret();
  }
};

int64_t run(Model &model) {
  int64_t result = 0;
  std::vector<OutputBuffer> outputs = {{&result, 8, {}}};
  Error error = model.execute({}, outputs);
  EXPECT_FALSE(error) << error.text();
  return result;
}

} // namespace

TEST(States, StartAsTheModelSaysAndAreReset) {
  Counter counter;
  std::shared_ptr<Model> model = counter.load();
  EXPECT_EQ(run(*model), kStart + 1);
  EXPECT_EQ(run(*model), kStart + 2);
  model->states().reset();
  EXPECT_EQ(run(*model), kStart + 1);
}

TEST(States, AreReadAndWrittenByName) {
  Counter counter;
  std::shared_ptr<Model> model = counter.load();
  StateStore &states = model->states();
  EXPECT_EQ(states.names(), std::vector<std::string>{"count"});
  EXPECT_EQ(states.size("count"), 8);
  EXPECT_EQ(states.size("other"), -1);
  int64_t value = 7;
  ASSERT_FALSE(states.write("count", &value, 8));
  EXPECT_EQ(run(*model), 8);
  ASSERT_FALSE(states.read("count", &value, 8));
  EXPECT_EQ(value, 8);
  EXPECT_TRUE(states.read("other", &value, 8));
  EXPECT_TRUE(states.write("count", &value, 4));
}

TEST(States, AreSharedByModelsOfOneStore) {
  LoadOptions options;
  options.states = std::make_shared<StateStore>();
  Counter first, second;
  std::shared_ptr<Model> a = first.load(options), b = second.load(options);
  EXPECT_EQ(run(*a), kStart + 1);
  EXPECT_EQ(run(*b), kStart + 2);
  // A state outlives the model that made it.
  a.reset();
  EXPECT_EQ(run(*b), kStart + 3);
  Counter third;
  EXPECT_EQ(run(*third.load(options)), kStart + 4);
}

TEST(States, MustHaveOneSizeInAStore) {
  LoadOptions options;
  options.states = std::make_shared<StateStore>();
  Counter counter;
  std::shared_ptr<Model> model = counter.load(options);
  TestModel other;
  other.program.outputs = {{"n", 9, 2, {}, 8}};
  uint32_t memory = other.stateBuffer(other.state("count", 16), 16);
  uint32_t n = other.output(0, 8);
  other.beginFunction("main");
  other.launch(other.kernel("increment"), 1, {memory, n});
  other.ret();
  std::vector<uint8_t> bytes = other.write();
  Error error = Model::loadFromMemory(bytes.data(), bytes.size(), options, model);
  ASSERT_TRUE(error);
  EXPECT_EQ(error.text(), "state 'count': found 8 bytes, expected 16");
}

TEST(States, InitialContentLiesInTheWeights) {
  Counter counter;
  counter.program.states[0].initial = 8;
  model::Program program;
  int64_t total;
  model::layoutWeights(counter.om.weights, total);
  counter.program.weightSize = total;
  EXPECT_TRUE(counter.finish(program));
}
