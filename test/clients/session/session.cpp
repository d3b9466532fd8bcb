//===- session.cpp - build, compile, save, load, run ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

using namespace client;

namespace {

/// As applications have it: the session is a member, so it is constructed
/// before the library starts and destroyed after it ended.
class Application {
public:
  Application() : session(Options()) {}

  void start() {
    ge::ModelBufferData model;
    EXPECT(session.AddGraph(1, makeLayer("early")) == ge::FAILED);
    EXPECT(errorHas("E10062"));
    REQUIRE(ge::GEInitializeV2({{ge::OPTION_GRAPH_RUN_MODE, "0"}}) == ge::SUCCESS);
    REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  }

  void compile() {
    REQUIRE(session.AddGraph(7, makeLayer("layer")) == ge::SUCCESS);
    EXPECT(session.IsGraphNeedRebuild(7));
    REQUIRE(session.CompileGraph(7) == ge::SUCCESS);
    EXPECT(session.CompileGraph(7) == ge::SUCCESS);
    EXPECT(!session.IsGraphNeedRebuild(7));
    model.length = 0;
    REQUIRE(session.GetCompiledModel(7, model) == ge::SUCCESS);
    REQUIRE(model.data != nullptr && model.length > 256);
    ge::CompiledGraphSummaryPtr summary = session.GetCompiledGraphSummary(7);
    REQUIRE(summary != nullptr);
    std::vector<ge::Shape> shapes;
    std::vector<ge::DataType> types;
    EXPECT(summary->IsStatic());
    EXPECT(summary->GetOutputShapes(shapes) == ge::SUCCESS);
    EXPECT(shapes.size() == 1 && shapes[0].GetDims() == (std::vector<int64_t>{kBatch, kOut}));
    EXPECT(summary->GetOutputDtypes(types) == ge::SUCCESS);
    EXPECT(types == std::vector<ge::DataType>{ge::DT_FLOAT});
    size_t weights = 0;
    EXPECT(summary->GetConstMemorySize(weights) == ge::SUCCESS);
    EXPECT(weights >= kIn * kOut * sizeof(float));
  }

  /// The second overload: the tensors say the shapes.
  void compileWithShapes() {
    ge::op::Data x("x");
    ge::op::Relu y("y");
    y.set_input_x(x);
    ge::Graph graph("open");
    graph.SetInputs({x}).SetOutputs(std::vector<ge::Operator>{y});
    const ge::Tensor shape(ge::TensorDesc(ge::Shape(std::vector<int64_t>{2, 3}), ge::FORMAT_ND, ge::DT_FLOAT));
    REQUIRE(session.AddGraph(8, graph) == ge::SUCCESS);
    EXPECT(session.CompileGraph(8, {shape, shape}) == ge::PARAM_INVALID);
    EXPECT(errorHas("1 inputs, but 2 were given"));
    REQUIRE(session.CompileGraph(8, {shape}) == ge::SUCCESS);
    std::vector<ge::Shape> shapes;
    ge::CompiledGraphSummaryPtr summary = session.GetCompiledGraphSummary(8);
    REQUIRE(summary != nullptr);
    EXPECT(summary->GetOutputShapes(shapes) == ge::SUCCESS);
    EXPECT(shapes.size() == 1 && shapes[0].GetDims() == (std::vector<int64_t>{2, 3}));
    EXPECT(session.RemoveGraph(8) == ge::SUCCESS);
  }

  void runInSession() {
    std::vector<float> x = pattern(kBatch * kIn, 1);
    std::initializer_list<int64_t> dims = {kBatch, kIn};
    gert::StorageShape shape(dims, dims);
    gert::StorageFormat format(ge::FORMAT_ND, ge::FORMAT_ND, {});
    gert::Tensor input(shape, format, gert::kOnHost, ge::DT_FLOAT, x.data(), nullptr);
    std::vector<gert::Tensor> inputs;
    inputs.push_back(std::move(input));
    for (int i = 0; i < 3; ++i) {
      REQUIRE(session.RunGraph(7, inputs, outputs) == ge::SUCCESS);
      REQUIRE(outputs.size() == 1);
      EXPECT(outputs[0].GetDataType() == ge::DT_FLOAT);
      EXPECT(outputs[0].GetStorageShape().GetDimNum() == 2);
      EXPECT(outputs[0].GetSize() == kBatch * kOut * sizeof(float));
      EXPECT(close(outputs[0].GetData<float>(), layerReference(x)));
    }
    EXPECT(session.RunGraphAsync(7, inputs, nullptr) == ge::UNSUPPORTED);
    EXPECT(errorHas("E10062"));
  }

  void saveAndExecute() {
    REQUIRE(ge::aclgrphSaveModel("session_layer", model) == ge::GRAPH_SUCCESS);
    uint32_t fromFile = 0, fromMemory = 0;
    REQUIRE(aclmdlLoadFromFile("session_layer.om", &fromFile) == ACL_SUCCESS);
    std::vector<uint8_t> bytes(model.data.get(), model.data.get() + model.length);
    REQUIRE(aclmdlLoadFromMem(bytes.data(), bytes.size(), &fromMemory) == ACL_SUCCESS);
    bytes.assign(bytes.size(), 0); // the buffer may go once it is loaded
    EXPECT(fromFile != fromMemory);
    const std::vector<float> x = pattern(kBatch * kIn, 2);
    for (uint32_t id : {fromFile, fromMemory}) {
      std::vector<float> y;
      EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
      EXPECT(close(y.data(), layerReference(x)));
      EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
    }
  }

  void stop() { EXPECT(ge::GEFinalizeV2() == ge::SUCCESS); }

private:
  ge::GeSession session;
  ge::ModelBufferData model;
  std::vector<gert::Tensor> outputs;
};

} // namespace

int main() {
  {
    Application application;
    application.start();
    application.compile();
    application.compileWithShapes();
    application.runInSession();
    application.saveAndExecute();
    application.stop();
  }
  return finish("session");
}
