//===- selection.cpp - results as large as the data say ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Graphs of NonZero, Unique and NonMaxSuppressionV6: shapes that no one knows
// before a run, in a session.
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"
#include "nn_detect_ops.h"

using namespace client;

namespace {

ge::op::Data makeData(const char *name, const std::vector<int64_t> &dims, int64_t index) {
  ge::op::Data data(name);
  const ge::TensorDesc desc(ge::Shape(dims), ge::FORMAT_ND, ge::DT_FLOAT);
  data.set_attr_index(index);
  data.update_input_desc_x(desc);
  data.update_output_desc_y(desc);
  return data;
}

template <typename T>
ge::op::Const makeScalar(const char *name, T value, ge::DataType type) {
  ge::op::Const constant(name);
  constant.set_attr_value(ge::Tensor(ge::TensorDesc(ge::Shape(), ge::FORMAT_ND, type),
                                     reinterpret_cast<const uint8_t *>(&value), sizeof(value)));
  return constant;
}

gert::Tensor makeInput(std::vector<float> &values, const gert::StorageShape &shape) {
  return gert::Tensor(shape, gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT,
                      values.data());
}

std::vector<int64_t> dimsOf(const gert::Tensor &tensor) {
  std::vector<int64_t> dims;
  for (size_t i = 0; i < tensor.GetStorageShape().GetDimNum(); ++i)
    dims.push_back(tensor.GetStorageShape().GetDim(i));
  return dims;
}

/// The places of what is not zero in rows of any number, and the different
/// elements of the first column.
void places() {
  ge::op::Data x = makeData("x", {-1, 3}, 0), v = makeData("v", {-1}, 1);
  ge::op::NonZero found("found");
  found.set_input_x(x).set_attr_transpose(true).set_attr_dtype(ge::DT_INT32);
  ge::op::Unique unique("unique");
  unique.set_input_x(v);
  ge::Graph graph("places");
  graph.SetInputs(std::vector<ge::Operator>{x, v})
      .SetOutputs(std::vector<std::pair<ge::Operator, std::vector<size_t>>>{{found, {0}}, {unique, {0, 1}}});
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  for (int rows : {1, 40, 7}) {
    std::vector<float> a = pattern(rows * 3, rows), b = pattern(rows, 2);
    std::vector<int32_t> expected;
    for (int i = 0; i < rows * 3; ++i)
      if (a[i] != 0)
        expected.insert(expected.end(), {i / 3, i % 3});
    std::vector<float> different;
    for (float value : b)
      if (std::find(different.begin(), different.end(), value) == different.end())
        different.push_back(value);
    std::vector<gert::Tensor> inputs, outputs;
    inputs.push_back(makeInput(a, {{rows, 3}, {rows, 3}}));
    inputs.push_back(makeInput(b, {{rows}, {rows}}));
    REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS && outputs.size() == 3);
    EXPECT(dimsOf(outputs[0]) == std::vector<int64_t>({int64_t(expected.size() / 2), 2}));
    EXPECT(std::equal(expected.begin(), expected.end(), outputs[0].GetData<int32_t>()));
    EXPECT(dimsOf(outputs[1]) == std::vector<int64_t>({int64_t(different.size())}));
    EXPECT(std::equal(different.begin(), different.end(), outputs[1].GetData<float>()));
    EXPECT(dimsOf(outputs[2]) == std::vector<int64_t>({rows}));
    for (int i = 0; i < rows; ++i)
      EXPECT(different[outputs[2].GetData<int32_t>()[i]] == b[i]);
  }
}

/// Three boxes, of which the second overlaps with the first.
void boxes() {
  ge::op::Data box = makeData("boxes", {1, -1, 4}, 0), score = makeData("scores", {1, 1, -1}, 1);
  ge::op::NonMaxSuppressionV6 best("best");
  best.set_input_boxes(box)
      .set_input_scores(score)
      .set_input_max_output_size(makeScalar<int32_t>("most", 5, ge::DT_INT32))
      .set_input_iou_threshold(makeScalar("overlap", 0.5f, ge::DT_FLOAT));
  ge::Graph graph("boxes");
  graph.SetInputs(std::vector<ge::Operator>{box, score}).SetOutputs(std::vector<ge::Operator>{best});
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  std::vector<float> corners = {0, 0, 1, 2, 0, 0, 1, 3, 9, 9, 8, 8}, scores = {0.5f, 0.75f, 1.0f};
  std::vector<gert::Tensor> inputs, outputs;
  inputs.push_back(makeInput(corners, {{1, 3, 4}, {1, 3, 4}}));
  inputs.push_back(makeInput(scores, {{1, 1, 3}, {1, 1, 3}}));
  REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS && outputs.size() == 1);
  const std::vector<int32_t> expected = {0, 0, 2, 0, 0, 1};
  EXPECT(dimsOf(outputs[0]) == std::vector<int64_t>({2, 3}));
  EXPECT(std::equal(expected.begin(), expected.end(), outputs[0].GetData<int32_t>()));
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  places();
  boxes();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("selection");
}
