//===- air.cpp - graphs as ge.proto, in files and dumps ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include "graph/graph_buffer.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace client;

namespace {

std::string read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

bool has(const std::string &text, const char *part) {
  if (text.find(part) != std::string::npos)
    return true;
  std::fprintf(stderr, "text lacks '%s':\n%s\n", part, text.c_str());
  return false;
}

/// Compiles the graph and runs it.
void checkLayer(const ge::Graph &graph) {
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
  std::vector<float> x = pattern(kBatch * kIn, 2);
  std::vector<gert::Tensor> inputs, outputs;
  inputs.emplace_back(gert::StorageShape({kBatch, kIn}, {kBatch, kIn}),
                      gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, x.data());
  REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS);
  EXPECT(close(outputs[0].GetData<float>(), layerReference(x)));
}

void filesAndMemory() {
  const ge::Graph layer = makeLayer("layer");
  REQUIRE(layer.SaveToFile("air_layer.air") == ge::GRAPH_SUCCESS);
  ge::Graph loaded;
  REQUIRE(loaded.LoadFromFile("air_layer.air") == ge::GRAPH_SUCCESS);
  ge::AscendString name;
  EXPECT(loaded.GetName(name) == ge::GRAPH_SUCCESS && name == "layer");
  EXPECT(loaded.IsValid() && loaded.GetDirectNode().size() == layer.GetDirectNode().size());
  checkLayer(loaded);

  // Memory gives the same bytes, and keeps none of the reader's.
  const std::string bytes = read("air_layer.air");
  ge::GraphBuffer buffer;
  REQUIRE(layer.SaveToMem(buffer) == ge::GRAPH_SUCCESS);
  EXPECT(buffer.GetSize() == bytes.size() && std::memcmp(buffer.GetData(), bytes.data(), bytes.size()) == 0);
  ge::Graph fromBuffer, fromArray;
  REQUIRE(fromBuffer.LoadFromMem(buffer) == ge::GRAPH_SUCCESS);
  std::string copy = bytes;
  REQUIRE(fromArray.LoadFromSerializedModelArray(copy.data(), copy.size()) == ge::GRAPH_SUCCESS);
  copy.assign(copy.size(), 'x');
  checkLayer(fromBuffer);
  checkLayer(fromArray);

  EXPECT(ge::Graph().LoadFromFile("air_missing.air") == ge::GRAPH_FAILED);
  EXPECT(errorHas("E13001"));
  EXPECT(ge::Graph().LoadFromFile(static_cast<const char *>(nullptr)) == ge::GRAPH_PARAM_INVALID);
  EXPECT(layer.SaveToFile("no/such/folder/layer.air") == ge::GRAPH_FAILED);
  EXPECT(errorHas("E13003"));
  ::unlink("air_layer.air");

  // Cut at any byte it is refused or is a smaller message, never a crash.
  size_t refused = 0;
  for (size_t size = 1; size < bytes.size(); ++size) {
    ge::Graph cut;
    const std::string part = bytes.substr(0, size);
    if (cut.LoadFromMem(reinterpret_cast<const uint8_t *>(part.data()), part.size()) != ge::GRAPH_SUCCESS) {
      ++refused;
      EXPECT(ge::GEGetErrorMsgV3().GetLength() > 0 && !cut.IsValid());
    }
  }
  EXPECT(refused > bytes.size() * 9 / 10);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    std::string edited = bytes;
    edited[at] ^= 0x41;
    ge::Graph graph;
    (void)graph.LoadFromMem(reinterpret_cast<const uint8_t *>(edited.data()), edited.size());
  }
  (void)ge::GEGetErrorMsgV3();
}

/// Graphs that nodes hold, optional inputs that are left out, control edges.
void structure() {
  const ge::TensorDesc scalar(ge::Shape(std::vector<int64_t>{}), ge::FORMAT_ND, ge::DT_BOOL);
  const ge::TensorDesc vector(ge::Shape(std::vector<int64_t>{4}), ge::FORMAT_ND, ge::DT_FLOAT);
  ge::op::Data condition("condition"), x("x");
  condition.set_attr_index(0).update_output_desc_y(scalar);
  x.set_attr_index(1).update_output_desc_y(vector);
  ge::op::Relu first("first");
  first.set_input_x(x);
  ge::op::Neg second("second");
  second.set_input_x(x);
  second.AddControlInput(first);
  ge::Graph graph("structure");
  graph.SetInputs(std::vector<ge::Operator>{condition, x})
      .SetOutputs(std::vector<ge::Operator>{first, second})
      .SetTargets({second});
  EXPECT(graph.SetAttr("purpose", [] {
    ge::AttrValue value;
    (void)value.SetAttrValue(std::vector<std::vector<int64_t>>{{1, 2}, {}, {3}});
    return value;
  }()) == ge::GRAPH_SUCCESS);
  ge::GraphBuffer buffer, again;
  REQUIRE(graph.SaveToMem(buffer) == ge::GRAPH_SUCCESS);
  ge::Graph loaded;
  REQUIRE(loaded.LoadFromMem(buffer) == ge::GRAPH_SUCCESS);
  REQUIRE(loaded.SaveToMem(again) == ge::GRAPH_SUCCESS);
  EXPECT(again.GetSize() == buffer.GetSize() && std::memcmp(again.GetData(), buffer.GetData(), buffer.GetSize()) == 0);
  ge::GNodePtr node = loaded.FindNodeByName("second");
  REQUIRE(node != nullptr);
  EXPECT(node->GetInControlNodes().size() == 1);
  EXPECT(node->GetInDataNodesAndPortIndexs(0).second == 0);
  ge::AttrValue value;
  std::vector<std::vector<int64_t>> lists;
  EXPECT(loaded.GetAttr("purpose", value) == ge::GRAPH_SUCCESS && value.GetAttrValue(lists) == ge::GRAPH_SUCCESS &&
         lists == (std::vector<std::vector<int64_t>>{{1, 2}, {}, {3}}));
}

/// The names without their numbers.
std::vector<std::string> takeDumps(const char *detail, const char *level, const char *formats, std::string *text) {
  ::setenv("DUMP_GE_GRAPH", detail, 1);
  ::setenv("DUMP_GRAPH_PATH", "air_dumps", 1);
  level ? ::setenv("DUMP_GRAPH_LEVEL", level, 1) : ::unsetenv("DUMP_GRAPH_LEVEL");
  formats ? ::setenv("DUMP_GRAPH_FORMAT", formats, 1) : ::unsetenv("DUMP_GRAPH_FORMAT");
  {
    ge::GeSession session((Options()));
    REQUIRE(session.AddGraph(7, makeLayer("layer")) == ge::SUCCESS);
    REQUIRE(session.CompileGraph(7) == ge::SUCCESS);
  }
  ::unsetenv("DUMP_GE_GRAPH");
  const std::string folder = "air_dumps/pid_" + std::to_string(::getpid()) + "_deviceid_0";
  std::vector<std::string> names;
  for (const std::string &name : list(folder)) {
    if (text != nullptr)
      *text += read(folder + "/" + name);
    ::unlink((folder + "/" + name).c_str());
    const size_t number = name.find("_0");
    REQUIRE(number != std::string::npos);
    names.push_back(name.substr(0, number) + name.substr(number + 9));
  }
  std::sort(names.begin(), names.end());
  ::rmdir(folder.c_str());
  ::rmdir("air_dumps");
  return names;
}

void dumps() {
  using Names = std::vector<std::string>;
  std::string text;
  EXPECT(takeDumps("1", nullptr, nullptr, &text) ==
         (Names{"ge_onnx_graph_7_Build.pbtxt", "ge_onnx_graph_7_PreRunBegin.pbtxt", "ge_proto_graph_7_Build.txt",
                "ge_proto_graph_7_PreRunBegin.txt"}));
  EXPECT(has(text, "op_type: \"ge:MatMulV2\"") && has(text, "type: \"Relu\"") && has(text, "    data: \""));
  text.clear();
  EXPECT(takeDumps("2", "3", "ge_proto", &text) == (Names{"ge_proto_graph_7_Build.txt"}));
  EXPECT(has(text, "dtype: DT_FLOAT") && text.find("data: ") == std::string::npos);
  text.clear();
  EXPECT(takeDumps("3", "RunBe|NoSuch", "ge_proto|readable", &text) ==
         (Names{"ge_proto_graph_7_PreRunBegin.txt", "ge_readable_graph_7_PreRunBegin.txt"}));
  EXPECT(has(text, "input: \"product:0\"") && text.find("dtype") == std::string::npos);
  EXPECT(takeDumps("1", "4", "onnx", nullptr) == (Names{"ge_onnx_graph_7_PreRunBegin.pbtxt"}));
  EXPECT(takeDumps("0", nullptr, nullptr, nullptr).empty());
  // Clients dump graphs of their own.
  std::ostringstream stream;
  EXPECT(makeLayer("own").Dump(ge::Graph::DumpFormat::kTxt, stream) == ge::GRAPH_SUCCESS);
  EXPECT(has(stream.str(), "name: \"own\""));
  EXPECT(makeLayer("own").Dump(ge::Graph::DumpFormat::kOnnx, stream) == ge::GRAPH_SUCCESS);
  EXPECT(has(stream.str(), "producer_name"));
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  filesAndMemory();
  structure();
  dumps();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("air");
}
