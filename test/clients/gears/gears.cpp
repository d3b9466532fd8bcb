//===- gears.cpp - models for a choice of shapes ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

using namespace client;

namespace {

std::vector<float> reference(const std::vector<float> &x, int rows) {
  const std::vector<float> w = pattern(kIn * kOut, 0), b = pattern(kOut, 3);
  std::vector<float> y(rows * kOut);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < kOut; ++j) {
      double sum = b[j];
      for (int k = 0; k < kIn; ++k)
        sum += double(x[i * kIn + k]) * w[k * kOut + j];
      y[i * kOut + j] = float(sum > 0 ? sum : 0);
    }
  return y;
}

/// y = x + z, elementwise, of any height and width or any dimensions.
ge::Graph makeSum(const std::vector<int64_t> &dims) {
  const ge::TensorDesc desc(ge::Shape(dims), ge::FORMAT_NCHW, ge::DT_FLOAT);
  ge::op::Data x("x"), z("z");
  x.set_attr_index(0);
  z.set_attr_index(1);
  for (ge::op::Data *data : {&x, &z}) {
    data->update_input_desc_x(desc);
    data->update_output_desc_y(desc);
  }
  ge::op::Add y("y");
  y.set_input_x1(x).set_input_x2(z);
  ge::Graph graph("sum");
  graph.SetInputs(std::vector<ge::Operator>{x, z}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

/// Buffers as large as the descriptions of a model say.
struct Datasets {
  explicit Datasets(uint32_t id) {
    desc = aclmdlCreateDesc();
    REQUIRE(aclmdlGetDesc(desc, id) == ACL_SUCCESS);
    in = fill(aclmdlGetNumInputs(desc), aclmdlGetInputSizeByIndex);
    out = fill(aclmdlGetNumOutputs(desc), aclmdlGetOutputSizeByIndex);
  }
  ~Datasets() {
    for (aclmdlDataset *set : {in, out}) {
      for (size_t i = 0; i < aclmdlGetDatasetNumBuffers(set); ++i) {
        EXPECT(aclrtFree(aclGetDataBufferAddr(aclmdlGetDatasetBuffer(set, i))) == ACL_SUCCESS);
        EXPECT(aclDestroyDataBuffer(aclmdlGetDatasetBuffer(set, i)) == ACL_SUCCESS);
      }
      EXPECT(aclmdlDestroyDataset(set) == ACL_SUCCESS);
    }
    EXPECT(aclmdlDestroyDesc(desc) == ACL_SUCCESS);
  }
  aclmdlDataset *fill(size_t count, size_t (*size)(aclmdlDesc *, size_t)) {
    aclmdlDataset *set = aclmdlCreateDataset();
    for (size_t i = 0; i < count; ++i) {
      void *memory = nullptr;
      REQUIRE(aclrtMalloc(&memory, size(desc, i), ACL_MEM_MALLOC_HUGE_FIRST) == ACL_SUCCESS);
      EXPECT(aclmdlAddDatasetBuffer(set, aclCreateDataBuffer(memory, size(desc, i))) == ACL_SUCCESS);
    }
    return set;
  }
  float *data(aclmdlDataset *set, size_t i) const {
    return static_cast<float *>(aclGetDataBufferAddr(aclmdlGetDatasetBuffer(set, i)));
  }
  size_t choice() const {
    size_t index = 0;
    REQUIRE(aclmdlGetInputIndexByName(desc, ACL_DYNAMIC_TENSOR_NAME, &index) == ACL_SUCCESS);
    return index;
  }

  aclmdlDesc *desc = nullptr;
  aclmdlDataset *in = nullptr, *out = nullptr;
};

uint32_t build(const ge::Graph &graph, const Options &options, uint64_t *length = nullptr) {
  ge::ModelBufferData model;
  REQUIRE(ge::aclgrphBuildModel(graph, options, model) == ge::GRAPH_SUCCESS);
  if (length != nullptr)
    *length = model.length;
  REQUIRE(ge::aclgrphSaveModel("gears_model", model) == ge::GRAPH_SUCCESS);
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromFile("gears_model.om", &id) == ACL_SUCCESS);
  return id;
}

void batches() {
  const uint32_t id = build(makeLayer("batches", 0, -1), {{"input_shape", "x:-1,8"}, {"ge.dynamicBatchSize", "1,4,6"}});
  Datasets sets(id);
  aclmdlBatch batch;
  EXPECT(aclmdlGetDynamicBatch(sets.desc, &batch) == ACL_SUCCESS);
  EXPECT(batch.batchCount == 3 && batch.batch[0] == 1 && batch.batch[1] == 4 && batch.batch[2] == 6);
  size_t count = 7;
  EXPECT(aclmdlGetInputDynamicGearCount(sets.desc, static_cast<size_t>(-1), &count) == ACL_SUCCESS && count == 0);
  EXPECT(aclmdlGetNumInputs(sets.desc) == 2 && sets.choice() == 1);
  EXPECT(aclmdlGetInputSizeByIndex(sets.desc, 0) == 6 * kIn * sizeof(float));
  EXPECT(aclmdlGetOutputSizeByIndex(sets.desc, 0) == 6 * kOut * sizeof(float));
  aclmdlIODims dims;
  EXPECT(aclmdlGetInputDims(sets.desc, 0, &dims) == ACL_SUCCESS && dims.dims[0] == -1 && dims.dims[1] == kIn);
  EXPECT(aclmdlGetOutputDims(sets.desc, 0, &dims) == ACL_SUCCESS && dims.dims[0] == 6);
  // Nothing was chosen yet.
  EXPECT(aclmdlExecute(id, sets.in, sets.out) != ACL_SUCCESS);
  EXPECT(aclmdlSetDynamicBatchSize(id, sets.in, 1, 5) == ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID);
  const char *text = aclGetRecentErrMsg();
  EXPECT(text != nullptr && std::strstr(text, "found 5, expected one of the gears 1; 4; 6") != nullptr);
  EXPECT(aclmdlSetDynamicBatchSize(id, sets.in, 0, 4) != ACL_SUCCESS);
  EXPECT(aclmdlSetDynamicHWSize(id, sets.in, 1, 4, 4) == ACL_ERROR_MODEL_NOT_DYNAMIC);
  for (int rows : {4, 1, 6, 4}) {
    const std::vector<float> x = pattern(rows * kIn, rows);
    std::copy(x.begin(), x.end(), sets.data(sets.in, 0));
    EXPECT(aclmdlSetDynamicBatchSize(id, sets.in, 1, rows) == ACL_SUCCESS);
    EXPECT(aclmdlGetCurOutputDims(sets.desc, 0, &dims) == ACL_SUCCESS && dims.dims[0] == rows);
    REQUIRE(aclmdlExecute(id, sets.in, sets.out) == ACL_SUCCESS);
    EXPECT(close(sets.data(sets.out, 0), reference(x, rows)));
    int64_t dim = 0;
    EXPECT(aclGetTensorDescDimV2(aclmdlGetDatasetTensorDesc(sets.out, 0), 0, &dim) == ACL_SUCCESS && dim == rows);
  }
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
}

void imageSizes() {
  const uint32_t id =
      build(makeSum({1, 3, -1, -1}), {{"input_shape", "x:1,3,-1,-1;z:1,3,-1,-1"}, {"ge.dynamicImageSize", "2,4;5,3"}});
  Datasets sets(id);
  aclmdlHW hw;
  EXPECT(aclmdlGetDynamicHW(sets.desc, static_cast<size_t>(-1), &hw) == ACL_SUCCESS);
  EXPECT(hw.hwCount == 2 && hw.hw[0][0] == 2 && hw.hw[0][1] == 4 && hw.hw[1][0] == 5 && hw.hw[1][1] == 3);
  for (int gear : {1, 0}) {
    const size_t size = 3 * hw.hw[gear][0] * hw.hw[gear][1];
    const std::vector<float> x = pattern(size, 1), z = pattern(size, 2);
    std::copy(x.begin(), x.end(), sets.data(sets.in, 0));
    std::copy(z.begin(), z.end(), sets.data(sets.in, 1));
    EXPECT(aclmdlSetDynamicHWSize(id, sets.in, sets.choice(), hw.hw[gear][0], hw.hw[gear][1]) == ACL_SUCCESS);
    REQUIRE(aclmdlExecute(id, sets.in, sets.out) == ACL_SUCCESS);
    std::vector<float> sum(size);
    for (size_t i = 0; i < size; ++i)
      sum[i] = x[i] + z[i];
    EXPECT(close(sets.data(sets.out, 0), sum));
  }
  EXPECT(aclmdlSetDynamicHWSize(id, sets.in, sets.choice(), 4, 2) != ACL_SUCCESS);
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
}

/// The values fill the open dimensions in the order in which input_shape names
/// the inputs: z first.
void dims() {
  const uint32_t id = build(makeSum({-1, -1}), {{"input_shape", "z:1,-1;x:-1,-1"}, {"ge.dynamicDims", "3,2,3;5,4,5"}});
  Datasets sets(id);
  size_t count = 0;
  REQUIRE(aclmdlGetInputDynamicGearCount(sets.desc, static_cast<size_t>(-1), &count) == ACL_SUCCESS && count == 2);
  aclmdlIODims gears[2];
  REQUIRE(aclmdlGetInputDynamicDims(sets.desc, static_cast<size_t>(-1), gears, count) == ACL_SUCCESS);
  const std::vector<int64_t> expected = {4, 5, 1, 5};
  EXPECT(gears[1].dimCount == 4 && std::equal(expected.begin(), expected.end(), gears[1].dims));
  const std::vector<float> x = pattern(20, 1), z = pattern(5, 2);
  std::copy(x.begin(), x.end(), sets.data(sets.in, 0));
  std::copy(z.begin(), z.end(), sets.data(sets.in, 1));
  EXPECT(aclmdlSetInputDynamicDims(id, sets.in, sets.choice(), &gears[1]) == ACL_SUCCESS);
  REQUIRE(aclmdlExecute(id, sets.in, sets.out) == ACL_SUCCESS);
  std::vector<float> sum(20);
  for (size_t i = 0; i < sum.size(); ++i)
    sum[i] = x[i] + z[i % 5];
  EXPECT(close(sets.data(sets.out, 0), sum));
  gears[1].dims[0] = 9;
  EXPECT(aclmdlSetInputDynamicDims(id, sets.in, sets.choice(), &gears[1]) != ACL_SUCCESS);
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
}

/// Weights that the gears have in common are in the model once.
void sharedWeights() {
  ge::op::Data x("x");
  const ge::TensorDesc input(ge::Shape(std::vector<int64_t>{-1, 256}), ge::FORMAT_ND, ge::DT_FLOAT);
  x.update_input_desc_x(input);
  x.update_output_desc_y(input);
  ge::op::Const w("w");
  w.set_attr_value(makeTensor({256, 256}, pattern(256 * 256, 0)));
  ge::op::MatMulV2 y("y");
  y.set_input_x1(x).set_input_x2(w);
  ge::Graph graph("shared");
  graph.SetInputs(std::vector<ge::Operator>{x}).SetOutputs(std::vector<ge::Operator>{y});
  uint64_t length = 0;
  const uint32_t id = build(graph, {{"input_shape", "x:-1,256"}, {"ge.dynamicBatchSize", "16,32,48,64"}}, &length);
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  size_t work = 0, weight = 0;
  EXPECT(aclmdlQuerySize("gears_model.om", &work, &weight) == ACL_SUCCESS);
  EXPECT(weight >= 256 * 256 * sizeof(float) && weight < 2 * 256 * 256 * sizeof(float));
}

/// In a session the inputs' shapes choose.
void inSession() {
  ge::GeSession session((Options()));
  const Options options = {{"ge.inputShape", "x:-1,8"}, {"ge.dynamicDims", "1;2;4;8"}, {"ge.dynamicNodeType", "1"}};
  REQUIRE(session.AddGraph(1, makeLayer("session", 0, -1), options) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  ge::CompiledGraphSummaryPtr summary = session.GetCompiledGraphSummary(1);
  REQUIRE(summary != nullptr);
  std::vector<ge::Shape> shapes;
  EXPECT(summary->IsStatic() && summary->GetOutputShapes(shapes) == ge::SUCCESS);
  EXPECT(shapes.size() == 1 && shapes[0].GetDims() == (std::vector<int64_t>{8, kOut}));
  for (int rows : {2, 8, 1, 3}) {
    std::vector<float> x = pattern(rows * kIn, rows);
    std::vector<gert::Tensor> inputs, outputs;
    inputs.emplace_back(gert::StorageShape({rows, kIn}, {rows, kIn}),
                        gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, x.data());
    const ge::Status status = session.RunGraph(1, inputs, outputs);
    EXPECT((status == ge::SUCCESS) == (rows != 3));
    if (rows == 3) {
      EXPECT(errorHas("x[3,8], expected one of the gears; x[1,8]; x[2,8]; x[4,8]; x[8,8]"));
      continue;
    }
    REQUIRE(outputs.size() == 1);
    EXPECT(outputs[0].GetStorageShape().GetDim(0) == rows);
    EXPECT(close(outputs[0].GetData<float>(), reference(x, rows)));
  }
}

void refused() {
  ge::ModelBufferData model;
  const struct {
    const char *shape, *key, *value, *code;
  } cases[] = {
      {"x:-1,8", "ge.dynamicBatchSize", "1,two", "E10018"}, {"x:-1,8", "ge.dynamicBatchSize", "4", "E10035"},
      {"x:-1,8", "ge.dynamicBatchSize", "1,0", "E10038"},   {"x:-1,8", "ge.dynamicBatchSize", "1,1", "E10039"},
      {"x:-1,8", "ge.dynamicImageSize", "1,2;3", "E10037"}, {"x:-1,8", "ge.dynamicImageSize", "1,2;3,4", "E10045"},
      {"x:-1,8", "ge.dynamicDims", "1,2;3,4", "E10045"},    {"x:4,8", "ge.dynamicBatchSize", "1,2", "E10045"},
  };
  for (const auto &wrong : cases) {
    EXPECT(ge::aclgrphBuildModel(makeLayer("refused", 0, -1),
                                 Options{{"input_shape", wrong.shape}, {wrong.key, wrong.value}},
                                 model) != ge::GRAPH_SUCCESS);
    EXPECT(errorHas(wrong.code));
  }
  std::string many = "1";
  for (int i = 2; i <= 101; ++i)
    many += "," + std::to_string(i);
  EXPECT(ge::aclgrphBuildModel(makeLayer("refused", 0, -1), Options{{"ge.dynamicBatchSize", many.c_str()}}, model) !=
         ge::GRAPH_SUCCESS);
  EXPECT(errorHas("E10036"));
  EXPECT(ge::aclgrphBuildModel(makeLayer("refused", 0, -1),
                               Options{{"ge.dynamicBatchSize", "1,2"}, {"ge.dynamicDims", "1;2"}},
                               model) != ge::GRAPH_SUCCESS);
  EXPECT(errorHas("E10009"));
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  Options global;
  REQUIRE(ge::aclgrphBuildInitialize(global) == ge::GRAPH_SUCCESS);
  batches();
  imageSizes();
  dims();
  sharedWeights();
  inSession();
  refused();
  ge::aclgrphBuildFinalize();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("gears");
}
