//===- InterpreterTest.cpp - tests of the program's instructions
//---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "ge-mlir/Model/DataTypes.h"

#include <cmath>
#include <gtest/gtest.h>
#include <pmmintrin.h>

using namespace gemlir;
using namespace gemlir::model;
using namespace gemlir::runtime;
using namespace gemlir::test;

namespace {

/// Runs arithmetic on two inputs and returns the result or the error.
struct Arithmetic {
  std::shared_ptr<Model> model;

  explicit Arithmetic(Opcode opcode) {
    TestModel b;
    b.program.inputs = {{"a", 9, 2, {2}, 16}};
    b.program.outputs = {{"r", 9, 2, {}, 8}};
    uint32_t a = b.input(0, 16), r = b.output(0, 8);
    b.beginFunction("main");
    auto lhs = b.read(a, b.immediate(0), 9);
    auto rhs = b.read(a, b.immediate(1), 9);
    b.launch(b.kernel("store"), 1, {r}, {b.binary(opcode, lhs, rhs)});
    b.ret();
    model = b.load();
  }
  Error run(int64_t lhs, int64_t rhs, int64_t &result) {
    std::vector<int64_t> a = {lhs, rhs}, r = {0};
    std::vector<OutputBuffer> outputs = {out(r)};
    Error error = model->execute({in(a)}, outputs);
    result = r[0];
    return error;
  }
  int64_t operator()(int64_t lhs, int64_t rhs) {
    int64_t result;
    Error error = run(lhs, rhs, result);
    EXPECT_FALSE(error) << error.text();
    return result;
  }
};

TEST(Interpreter, Arithmetic) {
  EXPECT_EQ(Arithmetic(Opcode::Add)(INT64_MAX, 1), INT64_MIN);
  EXPECT_EQ(Arithmetic(Opcode::Sub)(3, 5), -2);
  EXPECT_EQ(Arithmetic(Opcode::Mul)(-3, 5), -15);
  EXPECT_EQ(Arithmetic(Opcode::Min)(-3, 5), -3);
  EXPECT_EQ(Arithmetic(Opcode::Max)(-3, 5), 5);
  EXPECT_EQ(Arithmetic(Opcode::CmpEq)(2, 2), 1);
  EXPECT_EQ(Arithmetic(Opcode::CmpNe)(2, 2), 0);
  EXPECT_EQ(Arithmetic(Opcode::CmpLt)(-1, 0), 1);
  EXPECT_EQ(Arithmetic(Opcode::CmpLe)(0, -1), 0);
}

TEST(Interpreter, Division) {
  Arithmetic floor(Opcode::FloorDiv), ceil(Opcode::CeilDiv), rem(Opcode::Rem);
  for (int64_t lhs = -7; lhs <= 7; ++lhs) {
    for (int64_t rhs = -3; rhs <= 3; ++rhs) {
      if (!rhs)
        continue;
      double quotient = double(lhs) / double(rhs);
      EXPECT_EQ(floor(lhs, rhs), int64_t(std::floor(quotient)));
      EXPECT_EQ(ceil(lhs, rhs), int64_t(std::ceil(quotient)));
      EXPECT_EQ(rem(lhs, rhs), lhs % rhs);
    }
  }
  EXPECT_EQ(floor(INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(rem(INT64_MIN, -1), 0);
  int64_t result;
  for (Arithmetic *division : {&floor, &ceil, &rem}) {
    Error error = division->run(1, 0, result);
    EXPECT_EQ(error.code(), ErrorCode::Execution);
    EXPECT_EQ(error.text(), "division of 1 by zero");
  }
}

/// y = 2 * x for x of any length: dimension, allocation, loop, view, call.
std::shared_ptr<Model> makeDynamicModel() {
  TestModel b;
  b.program.inputs = {{"x", 0, 2, {-1, 4}, kDynamic}};
  b.program.outputs = {{"y", 0, 2, {-1, 4}, kDynamic}};
  uint32_t x = b.input(0, kDynamic), y = b.output(0, kDynamic);
  uint32_t t = b.pool(2), vx = b.view(), vt = b.view();
  uint32_t px = b.view(2), pt = b.view();
  b.beginFunction("main");
  auto rows = b.dim(x, 0), four = b.immediate(4), sixteen = b.immediate(16);
  auto one = b.immediate(1), zero = b.immediate(0);
  auto bytes = b.binary(Opcode::Mul, rows, sixteen);
  b.check(b.binary(Opcode::CmpLe, rows, b.immediate(100)), "node 'mul': expected at most 100 rows");
  b.alloc(t, bytes);
  // Row by row through views.
  auto i = b.newRegister();
  b.move(i, zero);
  auto head = b.newLabel(), body = b.newLabel(), end = b.newLabel();
  b.bind(head);
  b.branch(b.binary(Opcode::CmpLt, i, rows), body, end);
  b.bind(body);
  auto offset = b.binary(Opcode::Mul, i, sixteen);
  b.view(vx, x, offset);
  b.view(vt, t, offset);
  b.call(1, {vx, vt});
  b.move(i, b.binary(Opcode::Add, i, one));
  b.jump(head);
  b.bind(end);
  b.alloc(y, bytes);
  b.setDim(y, 0, rows);
  b.copyDynamic(y, t, bytes);
  b.free(t);
  b.ret();
  b.beginFunction("row", {px, pt});
  b.launchDynamic(b.kernel("twice"), four, {px, pt}, {one, four});
  b.ret();
  return b.load();
}

TEST(Interpreter, DynamicShapes) {
  std::shared_ptr<Model> model = makeDynamicModel();
  for (int64_t rows : {1, 7, 3, 100, 0}) {
    std::vector<float> x(rows * 4);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = i;
    std::vector<OutputBuffer> outputs;
    Error error = model->execute({in(x, {rows, 4})}, outputs);
    ASSERT_FALSE(error) << error.text();
    EXPECT_EQ(outputs[0].dims, (std::vector<int64_t>{rows, 4}));
    ASSERT_EQ(outputs[0].size, x.size() * 4);
    for (size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(static_cast<float *>(outputs[0].data)[i], 2.0f * i);
    freeOutput(outputs[0].data);
  }
}

TEST(Interpreter, DynamicShapeFailures) {
  std::shared_ptr<Model> model = makeDynamicModel();
  std::vector<float> x(404), y(400);
  std::vector<OutputBuffer> outputs;
  Error error = model->execute({in(x, {101, 4})}, outputs);
  EXPECT_EQ(error.code(), ErrorCode::Execution);
  EXPECT_EQ(error.text(), "node 'mul': expected at most 100 rows");
  EXPECT_EQ(outputs[0].data, nullptr);
  EXPECT_EQ(model->execute({in(x)}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({in(x, {101, 3})}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({in(x, {102, 4})}, outputs).code(), ErrorCode::InputMismatch);
  EXPECT_EQ(model->execute({in(x, {INT64_MAX, 4})}, outputs).code(), ErrorCode::InputMismatch);
  // The output's size shows only at run time.
  x.resize(8);
  y.resize(7);
  outputs = {out(y)};
  EXPECT_EQ(model->execute({in(x, {2, 4})}, outputs).code(), ErrorCode::OutputMismatch);
  y.resize(8);
  outputs = {out(y)};
  EXPECT_FALSE(model->execute({in(x, {2, 4})}, outputs));
}

Error runProgram(void (*build)(TestModel &)) {
  TestModel b;
  b.program.inputs = {{"a", 9, 2, {2}, 16}};
  b.program.outputs = {{"r", 9, 2, {2}, 16}};
  b.input(0, 16);
  b.output(0, 16);
  b.beginFunction("main");
  build(b);
  b.ret();
  std::vector<int64_t> a = {0, 5};
  std::vector<OutputBuffer> outputs;
  Error error = b.load()->execute({in(a)}, outputs);
  if (!error)
    freeOutput(outputs[0].data);
  return error;
}

TEST(Interpreter, RunTimeChecks) {
  void (*programs[])(TestModel &) = {
      [](TestModel &b) { b.read(0, b.immediate(2), 9); },
      [](TestModel &b) { b.read(0, b.immediate(-1), 9); },
      [](TestModel &b) { b.read(b.pool(), b.immediate(0), 9); },
      [](TestModel &b) { b.free(b.pool()); },
      [](TestModel &b) { b.view(b.view(), 0, b.immediate(17)); },
      [](TestModel &b) { b.view(b.view(), 0, b.immediate(-1)); },
      [](TestModel &b) { b.view(b.view(), b.pool(), b.immediate(0)); },
      [](TestModel &b) { b.copyDynamic(1, 0, b.immediate(17)); },
      [](TestModel &b) { b.copyDynamic(1, 0, b.immediate(-1)); },
      [](TestModel &b) { b.launch(b.kernel("nothing"), 1, {b.pool()}); },
      [](TestModel &b) { b.check(b.immediate(0), "stop"); },
  };
  for (auto *build : programs) {
    Error error = runProgram(build);
    EXPECT_EQ(error.code(), ErrorCode::Execution);
    EXPECT_FALSE(error.text().empty());
  }
  Error error = runProgram([](TestModel &b) { b.alloc(b.pool(), b.immediate(-1)); });
  EXPECT_EQ(error.code(), ErrorCode::OutOfMemory);
  error = runProgram([](TestModel &b) { b.alloc(b.pool(), b.immediate(int64_t(1) << 60)); });
  EXPECT_EQ(error.code(), ErrorCode::OutOfMemory);
}

TEST(Interpreter, ReadsEveryIntegerType) {
  struct Row {
    int32_t dataType;
    int64_t value;
  };
  // The first bytes of the input are all ones.
  const Row rows[] = {{2, -1}, {4, 255}, {6, -1}, {7, 65535}, {3, -1}, {8, 0xffffffff}, {9, -1}, {10, -1}, {12, 1}};
  for (const Row &row : rows) {
    TestModel b;
    b.program.inputs = {{"a", 9, 2, {}, 8}};
    b.program.outputs = {{"r", 9, 2, {}, 8}};
    uint32_t a = b.input(0, 8), r = b.output(0, 8);
    b.beginFunction("main");
    b.launch(b.kernel("store"), 1, {r}, {b.read(a, b.immediate(0), row.dataType)});
    b.ret();
    std::vector<int64_t> x = {-1}, y = {0};
    std::vector<OutputBuffer> outputs = {out(y)};
    ASSERT_FALSE(b.load()->execute({in(x)}, outputs));
    EXPECT_EQ(y[0], row.value) << row.dataType;
  }
}

TEST(Interpreter, StatesKeepTheirContent) {
  TestModel b;
  b.program.outputs = {{"n", 9, 2, {}, 8}};
  uint32_t state = b.stateBuffer(b.state("count", 8), 8), n = b.output(0, 8);
  b.beginFunction("main");
  b.launch(b.kernel("increment"), 1, {state, n});
  b.ret();
  std::shared_ptr<Model> model = b.load();
  for (int64_t expected = 1; expected < 5; ++expected) {
    std::vector<int64_t> result = {0};
    std::vector<OutputBuffer> outputs = {out(result)};
    ASSERT_FALSE(model->execute({}, outputs));
    EXPECT_EQ(result[0], expected);
  }
}

TEST(Interpreter, LoopsCallFunctions) {
  TestModel b;
  b.program.inputs = {{"n", 9, 2, {}, 8}};
  b.program.outputs = {{"count", 9, 2, {}, 8}};
  uint32_t n = b.input(0, 8), count = b.output(0, 8);
  uint32_t state = b.stateBuffer(b.state("count", 8), 8);
  uint32_t first = b.view(), second = b.view();
  b.beginFunction("main");
  uint32_t zero = b.immediate(0), one = b.immediate(1), i = b.newRegister();
  b.move(i, zero);
  uint32_t limit = b.read(n, zero, model::kInt64);
  auto header = b.newLabel(), body = b.newLabel(), end = b.newLabel();
  b.bind(header);
  b.branch(b.binary(Opcode::CmpLt, i, limit), body, end);
  b.bind(body);
  b.call(1, {state, count});
  b.move(i, b.binary(Opcode::Add, i, one));
  b.jump(header);
  b.bind(end);
  b.ret();
  b.beginFunction("step", {first, second});
  b.launch(b.kernel("increment"), 1, {first, second});
  b.ret();
  std::shared_ptr<Model> model = b.load();
  for (int64_t expected : {7, 14}) {
    std::vector<int64_t> steps = {7}, result = {0};
    std::vector<OutputBuffer> outputs = {out(result)};
    ASSERT_FALSE(model->execute({in(steps)}, outputs));
    EXPECT_EQ(result[0], expected);
  }
}

TEST(Interpreter, FlushesDenormalsAndRestoresTheCallersMode) {
  TestModel b;
  b.program.inputs = {{"x", 0, 2, {}, 4}};
  b.program.outputs = {{"y", 0, 2, {}, 4}};
  uint32_t x = b.input(0, 4), y = b.output(0, 4);
  b.beginFunction("main");
  b.launch(b.kernel("half"), 1, {x, y});
  b.ret();
  std::shared_ptr<Model> model = b.load();
  unsigned before = _mm_getcsr();
  std::vector<float> small = {1.5e-38f}, result = {1};
  std::vector<OutputBuffer> outputs = {out(result)};
  ASSERT_FALSE(model->execute({in(small)}, outputs));
  EXPECT_EQ(result[0], 0.0f);
  EXPECT_EQ(_mm_getcsr(), before);
}

TEST(Interpreter, Profile) {
  std::vector<uint8_t> bytes = makeSmallModel();
  std::shared_ptr<Model> model;
  ASSERT_FALSE(Model::loadFromMemory(bytes.data(), bytes.size(), {}, model));
  std::vector<float> x = {1, 2, 3, 4}, z(4);
  std::vector<OutputBuffer> outputs = {out(z)};
  std::vector<LaunchProfile> profile;
  ExecOptions options;
  options.profile = &profile;
  ASSERT_FALSE(model->execute({in(x)}, outputs, options));
  ASSERT_EQ(profile.size(), 2u);
  EXPECT_EQ(profile[0].kernel, "twice");
  EXPECT_EQ(profile[0].origin, "mul");
  EXPECT_EQ(profile[0].tiles, 4);
  EXPECT_EQ(profile[1].kernel, "add4");
  EXPECT_GE(profile[1].nanoseconds, 0);
}

} // namespace
