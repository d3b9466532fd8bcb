//===- variables.cpp - variables of a session ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include "ge/ge_api.h"
#include "state_ops.h"

using namespace client;

namespace {

const ge::TensorDesc kDesc(ge::Shape(std::vector<int64_t>{4}), ge::FORMAT_ND, ge::DT_FLOAT);

ge::op::Variable makeVariable(const char *name, bool withValue) {
  ge::op::Variable variable(name);
  variable.update_output_desc_y(kDesc);
  if (withValue)
    variable.set_attr_value(makeTensor({4}, {1, 2, 3, 4}));
  return variable;
}

ge::op::Data makeData() {
  ge::op::Data x("x");
  x.update_input_desc_x(kDesc);
  x.update_output_desc_y(kDesc);
  return x;
}

/// Adds x to the variable and returns its new content.
ge::Graph makeAccumulator(bool withValue) {
  ge::op::Data x = makeData();
  ge::op::Variable total = makeVariable("total", withValue);
  ge::op::AssignAdd add("add");
  add.set_input_ref(total).set_input_value(x);
  ge::op::Identity y("y");
  y.set_input_x(add);
  ge::Graph graph("accumulate");
  graph.SetInputs(std::vector<ge::Operator>{x, total}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

/// Makes x the content of the variable.
ge::Graph makeSetter() {
  ge::op::Data x = makeData();
  ge::op::Variable total = makeVariable("total", false);
  ge::op::Assign assign("assign");
  assign.set_input_ref(total).set_input_value(x);
  ge::Graph graph("set");
  graph.SetInputs(std::vector<ge::Operator>{x, total}).SetOutputs(std::vector<ge::Operator>{assign});
  return graph;
}

/// x minus the variable.
ge::Graph makeReader() {
  ge::op::Data x = makeData();
  ge::op::Variable total = makeVariable("total", false);
  ge::op::Sub y("y");
  y.set_input_x1(x).set_input_x2(total);
  ge::Graph graph("read");
  graph.SetInputs(std::vector<ge::Operator>{x, total}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

std::vector<float> run(ge::GeSession &session, uint32_t id, std::vector<float> x) {
  std::vector<gert::Tensor> inputs, outputs;
  inputs.emplace_back(gert::StorageShape({4}, {4}), gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}),
                      gert::kOnHost, ge::DT_FLOAT, x.data());
  REQUIRE(session.RunGraph(id, inputs, outputs) == ge::SUCCESS);
  REQUIRE(outputs.size() == 1);
  const float *data = outputs[0].GetData<float>();
  return std::vector<float>(data, data + 4);
}

using Values = std::vector<float>;

void sharedByGraphs() {
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, makeAccumulator(true)) == ge::SUCCESS);
  REQUIRE(session.AddGraph(2, makeReader()) == ge::SUCCESS);
  REQUIRE(session.AddGraph(3, makeSetter()) == ge::SUCCESS);
  // It starts as its initial value and keeps what runs leave.
  EXPECT(run(session, 1, {1, 1, 1, 1}) == (Values{2, 3, 4, 5}));
  EXPECT(run(session, 1, {1, 1, 1, 1}) == (Values{3, 4, 5, 6}));
  EXPECT(run(session, 2, {10, 10, 10, 10}) == (Values{7, 6, 5, 4}));
  EXPECT(run(session, 3, {5, 5, 5, 5}) == (Values{5, 5, 5, 5}));
  EXPECT(run(session, 2, {10, 10, 10, 10}) == (Values{5, 5, 5, 5}));
  EXPECT(run(session, 1, {0, 1, 2, 3}) == (Values{5, 6, 7, 8}));
  // A graph may go, the variable stays.
  EXPECT(!session.IsGraphNeedRebuild(1));
  EXPECT(session.RemoveGraph(1) == ge::SUCCESS);
  EXPECT(run(session, 2, {10, 10, 10, 10}) == (Values{5, 4, 3, 2}));
  REQUIRE(session.AddGraph(1, makeAccumulator(true)) == ge::SUCCESS);
  EXPECT(session.IsGraphNeedRebuild(1));
  EXPECT(run(session, 1, {1, 1, 1, 1}) == (Values{6, 7, 8, 9}));

  // Another session has variables of its own; without a value they are zero.
  ge::GeSession other((Options()));
  REQUIRE(other.AddGraph(1, makeAccumulator(false)) == ge::SUCCESS);
  EXPECT(run(other, 1, {1, 2, 3, 4}) == (Values{1, 2, 3, 4}));
  EXPECT(run(session, 1, {0, 0, 0, 0}) == (Values{6, 7, 8, 9}));
}

/// The compiled model needs the documented answer, and has variables of its own.
void compiledModel() {
  ge::GeSession session((Options()));
  ge::ModelBufferData model;
  for (const char *answer : {"", "True"}) {
    const uint32_t id = *answer ? 2 : 1;
    Options options;
    if (*answer)
      options["ge.exec.variable_acc"] = answer;
    REQUIRE(session.AddGraph(id, makeAccumulator(true), options) == ge::SUCCESS);
    REQUIRE(session.CompileGraph(id) == ge::SUCCESS);
    EXPECT(session.GetCompiledModel(id, model) == ge::UNSUPPORTED);
    EXPECT(errorHas("ge.exec.variable_acc"));
  }
  REQUIRE(session.AddGraph(3, makeAccumulator(true), {{"ge.exec.variable_acc", "False"}}) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(3) == ge::SUCCESS);
  REQUIRE(session.GetCompiledModel(3, model) == ge::SUCCESS);
  REQUIRE(ge::aclgrphSaveModel("variables_model", model) == ge::GRAPH_SUCCESS);
  for (int i = 0; i < 2; ++i) {
    uint32_t id = 0;
    REQUIRE(aclmdlLoadFromFile("variables_model.om", &id) == ACL_SUCCESS);
    std::vector<float> y;
    EXPECT(executeModel(id, {1, 1, 1, 1}, y) == ACL_SUCCESS);
    EXPECT(close(y.data(), {2, 3, 4, 5}));
    EXPECT(executeModel(id, {1, 1, 1, 1}, y) == ACL_SUCCESS);
    EXPECT(close(y.data(), {3, 4, 5, 6}));
    EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  }
}

/// The older interface reads variables by name.
void readByName() {
  ge::Session session((Options()));
  REQUIRE(session.AddGraph(1, makeAccumulator(true)) == ge::SUCCESS);
  std::vector<ge::Tensor> outputs;
  REQUIRE(session.RunGraph(1, {makeTensor({4}, {1, 1, 1, 1})}, outputs) == ge::SUCCESS);
  std::vector<ge::Tensor> variables;
  REQUIRE(session.GetVariables(std::vector<ge::AscendString>{"total"}, variables) == ge::SUCCESS);
  REQUIRE(variables.size() == 1 && variables[0].GetSize() == 4 * sizeof(float));
  EXPECT(variables[0].GetTensorDesc().GetDataType() == ge::DT_FLOAT);
  EXPECT(variables[0].GetTensorDesc().GetShape().GetDims() == std::vector<int64_t>{4});
  EXPECT(close(reinterpret_cast<const float *>(variables[0].GetData()), {2, 3, 4, 5}));
  EXPECT(session.GetVariables(std::vector<ge::AscendString>{"nothing"}, variables) != ge::SUCCESS);
  EXPECT(errorHas("'nothing'"));
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  sharedByGraphs();
  compiledModel();
  readByName();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("variables");
}
