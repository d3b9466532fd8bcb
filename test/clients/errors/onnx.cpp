//===- onnx.cpp - an ONNX model cut at every byte -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include "parser/onnx_parser.h"

using namespace client;

namespace {

/// Just enough of protobuf's wire format to write a model.
class Message {
public:
  Message &number(unsigned field, uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  Message &bytes(unsigned field, const std::string &value) {
    varint(field << 3 | 2);
    varint(value.size());
    text += value;
    return *this;
  }
  const std::string &str() const { return text; }

private:
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      text += static_cast<char>(value | 0x80);
    text += static_cast<char>(value);
  }
  std::string text;
};

std::string tensorValue(const char *name) {
  Message shape;
  for (uint64_t dim : {2, 3})
    shape.bytes(1, Message().number(1, dim).str());
  const std::string tensor = Message().number(1, 1).bytes(2, shape.str()).str();
  return Message().bytes(1, name).bytes(2, Message().bytes(1, tensor).str()).str();
}

/// y = relu(x + w) on 2x3 floats.
std::string makeModel() {
  std::string payload(6 * sizeof(float), '\0');
  for (int i = 0; i < 6; ++i) {
    const float value = static_cast<float>(i) - 2.5f;
    std::memcpy(&payload[i * sizeof(float)], &value, sizeof(float));
  }
  const std::string weight = Message().number(1, 2).number(1, 3).number(2, 1).bytes(8, "w").bytes(9, payload).str();
  const std::string add = Message().bytes(1, "x").bytes(1, "w").bytes(2, "sum").bytes(3, "add").bytes(4, "Add").str();
  const std::string relu = Message().bytes(1, "sum").bytes(2, "y").bytes(3, "relu").bytes(4, "Relu").str();
  const std::string graph = Message()
                                .bytes(1, add)
                                .bytes(1, relu)
                                .bytes(2, "small")
                                .bytes(5, weight)
                                .bytes(11, tensorValue("x"))
                                .bytes(12, tensorValue("y"))
                                .str();
  return Message().number(1, 8).bytes(7, graph).bytes(8, Message().number(2, 13).str()).str();
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  const std::string model = makeModel();
  for (size_t size = 0; size < model.size(); ++size) {
    ge::Graph graph;
    const ge::graphStatus status = ge::aclgrphParseONNXFromMem(std::string(model, 0, size).data(), size, {}, graph);
    // A cut between fields of the outermost message leaves a smaller message.
    if (status == ge::GRAPH_SUCCESS)
      continue;
    EXPECT(ge::GEGetErrorMsgV3().GetLength() > 0);
    EXPECT(!graph.IsValid());
  }
  ge::Graph graph;
  EXPECT(ge::aclgrphParseONNX(nullptr, {}, graph) == ge::GRAPH_PARAM_INVALID);
  EXPECT(ge::aclgrphParseONNX("no_such.onnx", {}, graph) == ge::GRAPH_FAILED);
  EXPECT(errorHas("no_such.onnx"));
  EXPECT(ge::aclgrphParseONNXFromMem(model.data(), model.size(), {{"no_such_parameter", "1"}}, graph) ==
         ge::GRAPH_PARAM_INVALID);
  REQUIRE(ge::aclgrphParseONNXFromMem(model.data(), model.size(), {{"output", "renamed"}}, graph) == ge::GRAPH_SUCCESS);
  EXPECT(graph.GetName() == "renamed");

  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  ge::ModelBufferData compiled;
  REQUIRE(session.GetCompiledModel(1, compiled) == ge::SUCCESS);
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromMem(compiled.data.get(), compiled.length, &id) == ACL_SUCCESS);
  std::vector<float> y;
  EXPECT(executeModel(id, std::vector<float>(6, 1.0f), y) == ACL_SUCCESS);
  EXPECT(close(y.data(), {0.0f, 0.0f, 0.5f, 1.5f, 2.5f, 3.5f}));
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("errors_onnx");
}
