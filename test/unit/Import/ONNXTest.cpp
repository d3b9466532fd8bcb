//===- ONNXTest.cpp - reading ONNX models ---------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ONNXWriter.h"

#include "ge-mlir/Import/ONNX/Importer.h"
#include "gtest/gtest.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace gemlir::onnx;

namespace {

/// Imports bytes that lie in a heap block of exactly their size, so that a
/// sanitizer sees the first byte beyond.
bool import(const std::string &bytes, ge::Graph &graph, std::string &error, ImportOptions options = {}) {
  std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  return importModel(copy.get(), bytes.size(), options, graph, error);
}

std::string importError(const std::string &bytes, ImportOptions options = {}) {
  ge::Graph graph("untouched");
  std::string error;
  EXPECT_FALSE(import(bytes, graph, error, options));
  ge::AscendString name;
  graph.GetName(name);
  EXPECT_STREQ(name.GetString(), "untouched");
  return error;
}

/// x -> Conv(x, w) -> Relu -> y, with the batch symbolic.
writer::Graph makeConv() {
  writer::Graph graph;
  graph.nodes = {writer::node("Conv", "conv", {"x", "w"}, {"c"}, {writer::intsAttribute("pads", {1, 1, 1, 1})}),
                 writer::node("Relu", "", {"c"}, {"y"})};
  graph.initializers = {writer::floats("w", {1, 2, 3, 3}, std::vector<float>(18, 0.5f))};
  graph.inputs = {writer::value("x", 1, {-1, 2, 8, 8}), writer::value("w", 1, {1, 2, 3, 3})};
  graph.outputs = {writer::value("y", 1, {-1, 1, 8, 8})};
  return graph;
}

ge::GNodePtr find(const ge::Graph &graph, const char *name) {
  ge::GNodePtr node = graph.FindNodeByName(ge::AscendString(name));
  EXPECT_NE(node, nullptr) << name;
  return node;
}

std::string textAttr(const ge::GNodePtr &node, const char *name) {
  ge::AscendString value;
  EXPECT_EQ(node->GetAttr(ge::AscendString(name), value), ge::GRAPH_SUCCESS) << name;
  return value.GetString();
}

TEST(ImportONNX, NodesInputsAndConstants) {
  ge::Graph graph;
  std::string error;
  ASSERT_TRUE(import(writer::model(makeConv()), graph, error)) << error;
  ge::TensorDesc desc;
  ASSERT_EQ(find(graph, "x")->GetOutputDesc(0, desc), ge::GRAPH_SUCCESS);
  EXPECT_EQ(desc.GetShape().GetDims(), (std::vector<int64_t>{-1, 2, 8, 8}));
  EXPECT_EQ(desc.GetDataType(), ge::DT_FLOAT);

  ge::GNodePtr conv = find(graph, "conv");
  EXPECT_EQ(textAttr(conv, "original_type"), "Conv");
  EXPECT_EQ(textAttr(conv, "domain"), "");
  int64_t version = 0;
  EXPECT_EQ(conv->GetAttr(ge::AscendString("version"), version), ge::GRAPH_SUCCESS);
  EXPECT_EQ(version, 13);
  std::vector<int64_t> pads;
  EXPECT_EQ(conv->GetAttr(ge::AscendString("pads"), pads), ge::GRAPH_SUCCESS);
  EXPECT_EQ(pads, (std::vector<int64_t>{1, 1, 1, 1}));
  ge::Tensor weights;
  ASSERT_EQ(conv->GetInputConstData(1, weights), ge::GRAPH_SUCCESS);
  EXPECT_EQ(weights.GetSize(), 72u);
  // The initializer is no Data, though the model lists it among the inputs.
  std::string type;
  ge::AscendString text;
  find(graph, "w")->GetType(text);
  EXPECT_STREQ(text.GetString(), "Const");
}

TEST(ImportONNX, ConstantsAliasTheModelWhenItHasAnOwner) {
  std::string bytes = writer::model(makeConv());
  auto owner = std::make_shared<std::string>(bytes);
  ImportOptions options;
  options.owner = owner;
  ge::Graph graph;
  std::string error;
  ASSERT_TRUE(importModel(owner->data(), owner->size(), options, graph, error)) << error;
  options.owner.reset();
  ge::Tensor weights;
  ASSERT_EQ(find(graph, "conv")->GetInputConstData(1, weights), ge::GRAPH_SUCCESS);
  const char *data = reinterpret_cast<const char *>(weights.GetData());
  EXPECT_TRUE(data >= owner->data() && data + 72 <= owner->data() + owner->size());
  // The tensor keeps the bytes alive by itself.
  std::weak_ptr<std::string> watch = owner;
  owner.reset();
  EXPECT_FALSE(watch.expired());
  weights = ge::Tensor();
  graph = ge::Graph("empty");
  EXPECT_TRUE(watch.expired());
}

TEST(ImportONNX, CutAtEveryByte) {
  std::string bytes = writer::model(makeConv());
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::string error = importError(bytes.substr(0, size));
    EXPECT_NE(error.find("[E16001]"), std::string::npos) << size << ": " << error;
    if (size > 0) {
      EXPECT_NE(error.find("at byte "), std::string::npos) << size << ": " << error;
    }
  }
}

TEST(ImportONNX, EveryByteDamaged) {
  std::string bytes = writer::model(makeConv());
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      ge::Graph graph;
      std::string error;
      if (!import(damaged, graph, error)) {
        EXPECT_FALSE(error.empty()) << i;
      }
    }
}

TEST(ImportONNX, ShapesOfTheCaller) {
  ImportOptions options;
  options.inputShapes["x"] = {4, 2, 8, 8};
  ge::Graph graph;
  std::string error;
  ASSERT_TRUE(import(writer::model(makeConv()), graph, error, options)) << error;
  ge::TensorDesc desc;
  find(graph, "x")->GetOutputDesc(0, desc);
  EXPECT_EQ(desc.GetShape().GetDims(), (std::vector<int64_t>{4, 2, 8, 8}));

  options.inputShapes["x"] = {4, 3, 8, 8};
  EXPECT_NE(importError(writer::model(makeConv()), options).find("[4,3,8,8]"), std::string::npos);
  options.inputShapes = {{"z", {1}}};
  EXPECT_NE(importError(writer::model(makeConv()), options).find("'z', but the model's inputs are 'x'"),
            std::string::npos);
}

TEST(ImportONNX, ShapeNotation) {
  ShapeMap shapes;
  std::string error;
  ASSERT_TRUE(parseInputShapes("x:1,-1,8;a:b:2;s:", shapes, error)) << error;
  EXPECT_EQ(shapes["x"], (std::vector<int64_t>{1, -1, 8}));
  EXPECT_EQ(shapes["a:b"], (std::vector<int64_t>{2}));
  EXPECT_EQ(shapes["s"], std::vector<int64_t>());
  for (const char *bad : {"x", ":1", "x:1,", "x:1,,2", "x:a", "x:-2", "x:99999999999999999999"})
    EXPECT_FALSE(parseInputShapes(bad, shapes, error)) << bad;
}

TEST(ImportONNX, LeftOutInputs) {
  writer::Graph graph;
  graph.nodes = {writer::node("Clip", "clip", {"x", "", "max"}, {"y"})};
  graph.initializers = {writer::floats("max", {}, {6})};
  graph.inputs = {writer::value("x", 1, {2})};
  graph.outputs = {writer::value("y", 1, {2})};
  ge::Graph result;
  std::string error;
  ASSERT_TRUE(import(writer::model(graph), result, error)) << error;
  std::vector<int64_t> indices;
  ASSERT_EQ(find(result, "clip")->GetAttr(ge::AscendString("input_indices"), indices), ge::GRAPH_SUCCESS);
  EXPECT_EQ(indices, (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(find(result, "clip")->GetInputsSize(), 2u);
}

TEST(ImportONNX, BodiesTakeWhatTheyCapture) {
  writer::Graph then, otherwise, graph;
  then.nodes = {writer::node("Relu", "r", {"x"}, {"t"})};
  then.outputs = {writer::value("t", 1, {2})};
  otherwise.nodes = {writer::node("Add", "a", {"x", "k"}, {"e"})};
  otherwise.outputs = {writer::value("e", 1, {2})};
  graph.nodes = {writer::node("If", "if", {"c"}, {"y"},
                              {writer::graphAttribute("else_branch", otherwise.serialize()),
                               writer::graphAttribute("then_branch", then.serialize())})};
  graph.initializers = {writer::floats("k", {2}, {1, 2})};
  graph.inputs = {writer::value("c", 9, {}), writer::value("x", 1, {2})};
  graph.outputs = {writer::value("y", 1, {2})};
  ge::Graph result;
  std::string error;
  ASSERT_TRUE(import(writer::model(graph), result, error)) << error;
  ge::GNodePtr node = find(result, "if");
  EXPECT_EQ(node->GetInputsSize(), 3u); // c, x, k
  int64_t captures = 0;
  EXPECT_EQ(node->GetAttr(ge::AscendString("captures"), captures), ge::GRAPH_SUCCESS);
  EXPECT_EQ(captures, 2);
  std::vector<ge::GraphPtr> bodies;
  ASSERT_EQ(node->GetALLSubgraphs(bodies), ge::GRAPH_SUCCESS);
  ASSERT_EQ(bodies.size(), 2u);
  EXPECT_NE(bodies[0]->FindNodeByName(ge::AscendString("a")), nullptr);
  EXPECT_NE(bodies[0]->FindNodeByName(ge::AscendString("k")), nullptr);
}

TEST(ImportONNX, FunctionsAreInlined) {
  writer::Graph graph;
  graph.nodes = {writer::node("Twice", "f", {"x"}, {"y"}, {writer::intAttribute("axis", 1)}, "local")};
  graph.inputs = {writer::value("x", 1, {2, 2})};
  graph.outputs = {writer::value("y", 1, {2, 2})};
  auto twice =
      writer::function("local", "Twice", {"a"}, {"b"}, {"axis"},
                       {writer::node("Softmax", "s", {"a"}, {"t"}, {writer::referenceAttribute("axis", "axis", 2)}),
                        writer::node("Relu", "r", {"t"}, {"b"})});
  ge::Graph result;
  std::string error;
  ASSERT_TRUE(import(writer::model(graph, 13, {twice}, {writer::opset("local", 1)}), result, error)) << error;
  int64_t axis = 0;
  ge::GNodePtr softmax;
  for (ge::GNode &node : result.GetAllNodes()) {
    ge::AscendString type;
    if (node.GetAttr(ge::AscendString("original_type"), type) == ge::GRAPH_SUCCESS) {
      EXPECT_STRNE(type.GetString(), "Twice");
      if (std::string(type.GetString()) == "Softmax")
        EXPECT_EQ(node.GetAttr(ge::AscendString("axis"), axis), ge::GRAPH_SUCCESS);
    }
  }
  EXPECT_EQ(axis, 1);
}

TEST(ImportONNX, FunctionThatCallsItself) {
  writer::Graph graph;
  graph.nodes = {writer::node("F", "f", {"x"}, {"y"}, {}, "local")};
  graph.inputs = {writer::value("x", 1, {2})};
  graph.outputs = {writer::value("y", 1, {2})};
  auto self = writer::function("local", "F", {"a"}, {"b"}, {}, {writer::node("F", "g", {"a"}, {"b"}, {}, "local")});
  std::string error = importError(writer::model(graph, 13, {self}, {writer::opset("local", 1)}));
  EXPECT_NE(error.find("calls itself"), std::string::npos) << error;
}

/// What a newer ONNX may have meant is refused, wherever it stands; its number alone is not.
TEST(ImportONNX, ModelsOfTheFuture) {
  std::string graph = makeConv().serialize(), unknown = writer::number(99, 1);
  auto model = [](int64_t irVersion, const std::string &graph, int64_t opset) {
    return writer::text(7, graph) + writer::text(8, writer::opset("", opset)) + writer::number(1, irVersion);
  };
  ge::Graph result("g");
  std::string error;
  EXPECT_TRUE(import(model(14, graph, 27), result, error)) << error;
  EXPECT_TRUE(import(model(13, graph, 13) + unknown, result, error)) << error;
  EXPECT_TRUE(import(model(14, graph, 13) + writer::text(6, "doc"), result, error)) << error;
  EXPECT_NE(importError(model(14, graph, 13) + unknown).find("ModelProto has the field 99, which IR version 13"),
            std::string::npos);
  EXPECT_NE(importError(model(14, graph + unknown, 13)).find("GraphProto has the field 99"), std::string::npos);
  std::string node = writer::node("Relu", "r", {"x"}, {"z"}) + unknown;
  EXPECT_NE(importError(model(14, graph + writer::text(1, node), 13)).find("NodeProto has the field 99"),
            std::string::npos);
  EXPECT_NE(importError(model(8, graph, 28)).find("operator set version 28, expected at most 27"), std::string::npos);
}

TEST(ImportONNX, BodiesThatNestWithoutEnd) {
  writer::Graph graph;
  graph.outputs = {};
  std::string body = graph.serialize();
  for (int i = 0; i < 200; ++i)
    body = writer::text(1, writer::node("If", "n", {}, {}, {writer::graphAttribute("b", body)}));
  std::string bytes = writer::number(1, 8) + writer::text(7, body) + writer::text(8, writer::opset("", 13));
  EXPECT_NE(importError(bytes).find("nest deeper"), std::string::npos);
}

TEST(ImportONNX, ValuesThatNobodyDefines) {
  writer::Graph graph = makeConv();
  graph.nodes[1] = writer::node("Relu", "relu", {"nowhere"}, {"y"});
  std::string error = importError(writer::model(graph));
  EXPECT_NE(error.find("node 'relu' (Relu) uses value 'nowhere'"), std::string::npos) << error;
}

TEST(ImportONNX, TensorsOfTheWrongSize) {
  writer::Graph graph = makeConv();
  graph.initializers = {writer::tensor("w", 1, {1, 2, 3, 3}, std::string(71, 'a'))};
  EXPECT_NE(importError(writer::model(graph)).find("71 bytes of raw data, expected 72"), std::string::npos);
  graph.initializers = {writer::tensor("w", 1, {1LL << 40, 1LL << 40, 1, 1}, "")};
  EXPECT_NE(importError(writer::model(graph)).find("overflowing shape"), std::string::npos);
  graph.initializers = {writer::tensor("w", 1, {-1, 2, 3, 3}, "")};
  EXPECT_NE(importError(writer::model(graph)).find("negative"), std::string::npos);
  graph.initializers = {writer::tensor("w", 99, {1}, "a")};
  EXPECT_NE(importError(writer::model(graph)).find("[E16004]"), std::string::npos);
}

TEST(ImportONNX, InputsThatNoMachineHolds) {
  writer::Graph graph = makeConv();
  graph.inputs[0] = writer::value("x", 1, {1LL << 32, 1LL << 32, 8, 8});
  std::string error = importError(writer::model(graph));
  EXPECT_NE(error.find("graph input 'x' has more than 2^40 elements"), std::string::npos) << error;
}

/// A folder with a file of external data, and one outside of it.
class ExternalData : public testing::Test {
protected:
  void SetUp() override {
    char pattern[] = "/tmp/onnx-test-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    root = pattern;
    mkdir((root + "/model").c_str(), 0700);
    std::ofstream(root + "/model/weights.bin") << "skip" << std::string(72, '\0');
    std::ofstream(root + "/secret.bin") << std::string(80, 'x');
    ASSERT_EQ(symlink("../secret.bin", (root + "/model/link.bin").c_str()), 0);
  }
  void TearDown() override {
    for (const char *name : {"/model/weights.bin", "/model/link.bin", "/secret.bin"})
      unlink((root + name).c_str());
    rmdir((root + "/model").c_str());
    rmdir(root.c_str());
  }
  std::string modelWith(const std::string &location, const std::string &offset) {
    auto entry = [](const char *key, const std::string &value) {
      return writer::text(13, writer::text(1, key) + writer::text(2, value));
    };
    writer::Graph graph = makeConv();
    graph.initializers = {writer::number(1, 1) + writer::number(1, 2) + writer::number(1, 3) + writer::number(1, 3) +
                          writer::number(2, 1) + writer::text(8, "w") + entry("location", location) +
                          entry("offset", offset) + writer::number(14, 1)};
    return writer::model(graph);
  }
  std::string root;
};

TEST_F(ExternalData, IsMapped) {
  ImportOptions options;
  options.externalDataDir = root + "/model";
  ge::Graph graph;
  std::string error;
  ASSERT_TRUE(import(modelWith("weights.bin", "4"), graph, error, options)) << error;
  ge::Tensor weights;
  ASSERT_EQ(find(graph, "conv")->GetInputConstData(1, weights), ge::GRAPH_SUCCESS);
  EXPECT_EQ(weights.GetSize(), 72u);
  EXPECT_EQ(weights.GetData()[0], 0);
}

TEST_F(ExternalData, StaysInItsFolder) {
  ImportOptions options;
  EXPECT_NE(importError(modelWith("weights.bin", "4"), options).find("no folder"), std::string::npos);
  options.externalDataDir = root + "/model";
  for (const char *bad : {"../secret.bin", "/etc/passwd", "a/../../secret.bin", "link.bin", "", "missing.bin"}) {
    std::string error = importError(modelWith(bad, "0"), options);
    EXPECT_NE(error.find("[E16003]"), std::string::npos) << bad << ": " << error;
  }
  EXPECT_NE(importError(modelWith("weights.bin", "5"), options).find("which has 76"), std::string::npos);
  EXPECT_NE(importError(modelWith("weights.bin", "99999999999999999999"), options).find("malformed"),
            std::string::npos);
}

TEST(ImportONNX, FilesThatAreNone) {
  ge::Graph graph;
  std::string error;
  EXPECT_FALSE(importModelFile("/nonexistent/model.onnx", {}, graph, error));
  EXPECT_NE(error.find("/nonexistent/model.onnx"), std::string::npos);
  EXPECT_FALSE(importModelFile("/tmp", {}, graph, error));
  EXPECT_FALSE(importModel(nullptr, 0, {}, graph, error));
}

} // namespace
