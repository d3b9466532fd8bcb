//===- ONNXFuzzTest.cpp - damaged and senseless ONNX models ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever the bytes of a model are, everything before the first lowering ends
// with a graph or with a text. Numbers are seeded, so a failure comes back.
//
//===----------------------------------------------------------------------===//

#include "ONNXWriter.h"

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Dialect/GE/Transforms/LegalizeONNX.h"

#include "gtest/gtest.h"
#include <cstring>
#include <random>

using namespace gemlir;

namespace {

/// Looks at a model in a heap block of exactly its size, so that a sanitizer sees
/// the first byte beyond. Returns whether it can be compiled.
bool preflight(const std::string &bytes, CompileError &error) {
  std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  CompileOptions options;
  options.preflight = true;
  options.threads = 1;
  CompiledModel model;
  return compileONNX(copy.get(), bytes.size(), "", options, model, error);
}

/// A failure has a code, a text and an entry in the report.
void expectText(const std::string &bytes, const std::string &what) {
  CompileError error;
  if (preflight(bytes, error))
    return;
  EXPECT_EQ(error.code.substr(0, 1), "E") << what;
  EXPECT_FALSE(error.text.empty()) << what;
  EXPECT_FALSE(error.issues.empty()) << what;
}

std::string raw(std::initializer_list<int64_t> values) {
  return std::string(reinterpret_cast<const char *>(values.begin()), values.size() * 8);
}

/// Convolution, shape arithmetic, 4-bit weights.
std::string makeNetwork() {
  writer::Graph graph;
  graph.nodes = {writer::node("Conv", "conv", {"x", "w"}, {"c"}, {writer::intsAttribute("pads", {1, 1, 1, 1})}),
                 writer::node("Shape", "shape", {"c"}, {"s"}),
                 writer::node("Gather", "gather", {"s", "zero"}, {"n"}),
                 writer::node("Concat", "concat", {"n", "rest"}, {"t"}, {writer::intAttribute("axis", 0)}),
                 writer::node("Reshape", "reshape", {"c", "t"}, {"r"}),
                 writer::node("DequantizeLinear", "weights", {"q", "scale"}, {"d"}),
                 writer::node("MatMul", "matmul", {"r", "d"}, {"y"})};
  graph.initializers = {writer::floats("w", {1, 2, 3, 3}, std::vector<float>(18, 0.5f)),
                        writer::tensor("zero", 7, {1}, raw({0})), writer::tensor("rest", 7, {1}, raw({-1})),
                        writer::tensor("q", 22, {16, 3}, std::string(24, '\x5a')), writer::floats("scale", {}, {0.5f})};
  graph.inputs = {writer::value("x", 1, {1, 2, 4, 4})};
  graph.outputs = {writer::value("y", 1, {1, 3})};
  return writer::model(graph, 21);
}

/// A branch and a loop with captures.
std::string makeControlFlow() {
  writer::Graph body, outer;
  body.nodes = {writer::node("Add", "", {"v", "x"}, {"next"}), writer::node("Identity", "", {"go"}, {"more"})};
  body.inputs = {writer::value("i", 7, {}), writer::value("go", 9, {}), writer::value("v", 1, {2})};
  body.outputs = {writer::value("more", 9, {}), writer::value("next", 1, {2})};
  writer::Graph thenBody, elseBody;
  thenBody.nodes = {writer::node("Neg", "", {"l"}, {"a"})};
  thenBody.outputs = {writer::value("a", 1, {2})};
  elseBody.nodes = {writer::node("Abs", "", {"l"}, {"b"})};
  elseBody.outputs = {writer::value("b", 1, {2})};
  outer.nodes = {
      writer::node("Loop", "loop", {"count", "", "x"}, {"l"}, {writer::graphAttribute("body", body.serialize())}),
      writer::node("If", "if", {"which"}, {"y"},
                   {writer::graphAttribute("then_branch", thenBody.serialize()),
                    writer::graphAttribute("else_branch", elseBody.serialize())})};
  outer.initializers = {writer::tensor("count", 7, {}, raw({3}))};
  outer.inputs = {writer::value("x", 1, {2}), writer::value("which", 9, {})};
  outer.outputs = {writer::value("y", 1, {2})};
  return writer::model(outer);
}

std::string makeFunctions() {
  writer::Graph graph;
  graph.nodes = {writer::node("Twice", "twice", {"x"}, {"y"}, {}, "my.domain")};
  graph.inputs = {writer::value("x", 10, {-1, 3})};
  graph.outputs = {writer::value("y", 10, {-1, 3})};
  return writer::model(
      graph, 13,
      {writer::function("my.domain", "Twice", {"a"}, {"b"}, {},
                        {writer::node("Add", "", {"a", "a"}, {"s"}), writer::node("Relu", "", {"s"}, {"b"})})},
      {writer::opset("my.domain", 1)});
}

TEST(ONNXFuzz, WholeModelsAreLegal) {
  for (const std::string &bytes : {makeNetwork(), makeControlFlow()}) {
    CompileError error;
    EXPECT_TRUE(preflight(bytes, error)) << error.text;
  }
}

TEST(ONNXFuzz, CutAnywhere) {
  for (const std::string &bytes : {makeNetwork(), makeControlFlow(), makeFunctions()})
    for (size_t size = 0; size < bytes.size(); ++size)
      expectText(bytes.substr(0, size), "cut at byte " + std::to_string(size));
}

TEST(ONNXFuzz, BytesDamaged) {
  std::mt19937 random(1);
  for (const std::string &bytes : {makeNetwork(), makeControlFlow(), makeFunctions()})
    for (int round = 0; round < 400; ++round) {
      std::string damaged = bytes;
      for (int flips = 1 + random() % 4; flips > 0; --flips)
        damaged[random() % damaged.size()] ^= static_cast<char>(1u << random() % 8);
      expectText(damaged, "round " + std::to_string(round));
    }
}

/// A node with inputs of random types and shapes, some of them constant, and
/// random attributes under common names.
std::string makeSenseless(const std::string &domain, const std::string &type, std::mt19937 &random) {
  static const int64_t types[] = {1, 1, 1, 10, 7, 6, 2, 3, 9, 11, 17, 22};
  static const unsigned widths[] = {4, 4, 4, 2, 8, 4, 1, 1, 1, 8, 1, 1};
  static const char *const names[] = {"axis", "axes", "to", "kernel_shape", "pads", "group", "num_heads", "block_size"};
  writer::Graph graph;
  std::vector<std::string> inputs;
  for (unsigned i = 0, count = random() % 6; i < count; ++i) {
    std::string name = "x" + std::to_string(i);
    inputs.push_back(random() % 8 == 0 ? "" : name);
    unsigned kind = random() % std::size(types);
    std::vector<int64_t> dims;
    int64_t elements = 1;
    for (unsigned d = random() % 6; d > 0; --d) {
      dims.push_back(random() % 5);
      elements *= dims.back();
    }
    if (random() % 3 == 0) {
      std::string payload(types[kind] == 22 ? (elements + 1) / 2 : elements * widths[kind], '\0');
      for (size_t at = 0; at < payload.size(); at += widths[kind])
        payload[at] = static_cast<char>(random() % 4);
      graph.initializers.push_back(writer::tensor(name, types[kind], dims, payload));
    } else {
      graph.inputs.push_back(writer::value(name, types[kind], dims));
    }
  }
  std::vector<writer::Message> attributes;
  for (const char *name : names) {
    if (random() % 4)
      continue;
    std::vector<int64_t> values;
    for (unsigned i = random() % 4; i > 0; --i)
      values.push_back(int64_t(random() % 7) - 2);
    attributes.push_back(values.size() == 1 ? writer::intAttribute(name, values[0])
                                            : writer::intsAttribute(name, values));
  }
  graph.nodes = {writer::node(type, "node", inputs, {"y"}, attributes, domain)};
  graph.outputs = {writer::value("y", 1, {})};
  return writer::model(graph, 7 + random() % 18, {},
                       domain.empty() ? std::vector<writer::Message>()
                                      : std::vector<writer::Message>{writer::opset(domain, 1)});
}

TEST(ONNXFuzz, OperatorsWithoutSense) {
  std::mt19937 random(2);
  for (llvm::StringRef name : mlir::ge::getSupportedONNXOperators()) {
    auto [domain, type] = name.contains("::") ? name.rsplit("::") : std::pair(llvm::StringRef(), name);
    for (int round = 0; round < 5; ++round)
      expectText(makeSenseless(domain.str(), type.str(), random), name.str() + " round " + std::to_string(round));
  }
}

} // namespace
