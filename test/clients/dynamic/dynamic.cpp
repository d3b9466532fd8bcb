//===- dynamic.cpp - one model for any shape ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dimensions that the compiler does not know, without a list of choices: the
// model is compiled once, and every execution says how large its inputs are.
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

using namespace client;

namespace {

/// The rows of `x` times a matrix, plus a row or as many rows, in [0, inf).
ge::Graph makeModel(const char *name) {
  ge::op::Data x("x"), z("z");
  const ge::TensorDesc rows(ge::Shape(std::vector<int64_t>{-1, kIn}), ge::FORMAT_ND, ge::DT_FLOAT);
  const ge::TensorDesc more(ge::Shape(std::vector<int64_t>{-1, kOut}), ge::FORMAT_ND, ge::DT_FLOAT);
  x.set_attr_index(0);
  x.update_input_desc_x(rows);
  x.update_output_desc_y(rows);
  z.set_attr_index(1);
  z.update_input_desc_x(more);
  z.update_output_desc_y(more);
  ge::op::Const w("w");
  w.set_attr_value(makeTensor({kIn, kOut}, pattern(kIn * kOut, 0)));
  ge::op::MatMulV2 product("product");
  product.set_input_x1(x).set_input_x2(w);
  ge::op::Add sum("rows_and_more");
  sum.set_input_x1(product).set_input_x2(z);
  ge::op::Relu y("y");
  y.set_input_x(sum);
  ge::Graph graph(name);
  graph.SetInputs(std::vector<ge::Operator>{x, z}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

std::vector<float> reference(const std::vector<float> &x, const std::vector<float> &z) {
  const std::vector<float> w = pattern(kIn * kOut, 0);
  std::vector<float> y(x.size() / kIn * kOut);
  for (size_t i = 0; i < y.size(); ++i) {
    double sum = z[i % z.size()];
    for (int k = 0; k < kIn; ++k)
      sum += double(x[i / kOut * kIn + k]) * w[k * kOut + i % kOut];
    y[i] = float(sum > 0 ? sum : 0);
  }
  return y;
}

/// A dataset over memory of the program, each buffer with its dimensions.
class Dataset {
public:
  Dataset() : set(aclmdlCreateDataset()) {}
  ~Dataset() {
    for (size_t i = 0; i < aclmdlGetDatasetNumBuffers(set); ++i)
      EXPECT(aclDestroyDataBuffer(aclmdlGetDatasetBuffer(set, i)) == ACL_SUCCESS);
    EXPECT(aclmdlDestroyDataset(set) == ACL_SUCCESS);
  }
  void add(void *data, size_t size) {
    REQUIRE(aclmdlAddDatasetBuffer(set, aclCreateDataBuffer(data, size)) == ACL_SUCCESS);
  }
  void describe(size_t index, const std::vector<int64_t> &dims) {
    aclTensorDesc *desc = aclCreateTensorDesc(ACL_FLOAT, int(dims.size()), dims.data(), ACL_FORMAT_ND);
    EXPECT(aclmdlSetDatasetTensorDesc(set, desc, index) == ACL_SUCCESS);
    aclDestroyTensorDesc(desc);
  }
  int64_t dim(size_t buffer, size_t index) const {
    int64_t size = -1;
    EXPECT(aclGetTensorDescDimV2(aclmdlGetDatasetTensorDesc(set, buffer), index, &size) == ACL_SUCCESS);
    return size;
  }

  aclmdlDataset *set;
};

bool recentErrorHas(const char *part) {
  const char *text = aclGetRecentErrMsg();
  const bool found = text != nullptr && std::strstr(text, part) != nullptr;
  if (!found)
    std::fprintf(stderr, "error text '%s' lacks '%s'\n", text == nullptr ? "" : text, part);
  return found;
}

/// One execution with `n` rows and `m` more.
aclError execute(uint32_t id, std::vector<float> &x, std::vector<float> &z, std::vector<float> &y, int64_t &rows) {
  Dataset in, out;
  in.add(x.data(), x.size() * sizeof(float));
  in.add(z.data(), z.size() * sizeof(float));
  in.describe(0, {int64_t(x.size() / kIn), kIn});
  in.describe(1, {int64_t(z.size() / kOut), kOut});
  out.add(y.data(), y.size() * sizeof(float));
  const aclError error = aclmdlExecute(id, in.set, out.set);
  if (error == ACL_SUCCESS)
    rows = out.dim(0, 0);
  return error;
}

void atSeveralSizes(uint32_t id) {
  std::vector<float> y(64 * kOut);
  for (int rows : {1, 3, 64, 2, 17, 64}) {
    for (int more : {1, rows}) {
      std::vector<float> x = pattern(rows * kIn, rows), z = pattern(more * kOut, more);
      int64_t found = 0;
      REQUIRE(execute(id, x, z, y, found) == ACL_SUCCESS);
      EXPECT(found == rows && close(y.data(), reference(x, z)));
    }
  }
}

void description(uint32_t id) {
  aclmdlDesc *desc = aclmdlCreateDesc();
  REQUIRE(aclmdlGetDesc(desc, id) == ACL_SUCCESS);
  aclmdlIODims dims;
  EXPECT(aclmdlGetInputDims(desc, 0, &dims) == ACL_SUCCESS && dims.dimCount == 2 && dims.dims[0] == -1 &&
         dims.dims[1] == kIn);
  EXPECT(aclmdlGetOutputDims(desc, 0, &dims) == ACL_SUCCESS && dims.dims[0] == -1 && dims.dims[1] == kOut);
  // No choice of shapes: any will do, and so no size is known.
  EXPECT(aclmdlGetInputSizeByIndex(desc, 0) == 0);
  size_t count = 7;
  EXPECT(aclmdlGetInputDynamicGearCount(desc, static_cast<size_t>(-1), &count) == ACL_SUCCESS && count == 0);
  EXPECT(aclmdlGetInputDynamicDims(desc, static_cast<size_t>(-1), &dims, 0) == ACL_SUCCESS);
  EXPECT(aclmdlGetInputIndexByName(desc, ACL_DYNAMIC_TENSOR_NAME, &count) != ACL_SUCCESS);
  EXPECT(aclmdlDestroyDesc(desc) == ACL_SUCCESS);
  Dataset in;
  float element = 0;
  in.add(&element, sizeof(element));
  EXPECT(aclmdlSetInputDynamicDims(id, in.set, 0, &dims) == ACL_ERROR_MODEL_NOT_DYNAMIC);
}

/// Sizes that cannot be: the text says which input or operator.
void wrongSizes(uint32_t id) {
  std::vector<float> x = pattern(4 * kIn, 1), z = pattern(3 * kOut, 2), y(4 * kOut);
  int64_t rows = 0;
  EXPECT(execute(id, x, z, y, rows) != ACL_SUCCESS);
  EXPECT(recentErrorHas("node 'rows_and_more': operator add got shapes that do not broadcast"));
  z.resize(kOut);
  y.resize(3 * kOut);
  EXPECT(execute(id, x, z, y, rows) != ACL_SUCCESS);
  EXPECT(recentErrorHas("has 192 bytes, expected 256"));
  y.resize(4 * kOut);
  Dataset in, out;
  in.add(x.data(), x.size() * sizeof(float));
  in.add(z.data(), z.size() * sizeof(float));
  out.add(y.data(), y.size() * sizeof(float));
  in.describe(1, {1, kOut});
  EXPECT(aclmdlExecute(id, in.set, out.set) != ACL_SUCCESS);
  EXPECT(recentErrorHas("input 0 'x' has a dynamic shape [-1,8], so its dimensions must be given"));
  in.describe(0, {4, kIn - 1});
  EXPECT(aclmdlExecute(id, in.set, out.set) != ACL_SUCCESS);
  EXPECT(recentErrorHas("input 0 'x' has shape [4,7], expected [-1,8]"));
  in.describe(0, {-4, kIn});
  EXPECT(aclmdlExecute(id, in.set, out.set) != ACL_SUCCESS);
  in.describe(0, {1024, kIn});
  EXPECT(aclmdlExecute(id, in.set, out.set) != ACL_SUCCESS);
  EXPECT(recentErrorHas("input 0 'x' has 128 bytes, expected 32768"));
  // None of this did harm.
  in.describe(0, {4, kIn});
  EXPECT(aclmdlExecute(id, in.set, out.set) == ACL_SUCCESS && close(y.data(), reference(x, z)));
}

/// Without memory of its own an output gets as much as it needs.
void memoryFromRuntime(uint32_t id) {
  std::vector<float> x = pattern(5 * kIn, 1), z = pattern(kOut, 2);
  Dataset in, out;
  in.add(x.data(), x.size() * sizeof(float));
  in.add(z.data(), z.size() * sizeof(float));
  in.describe(0, {5, kIn});
  in.describe(1, {1, kOut});
  out.add(nullptr, 0);
  REQUIRE(aclmdlExecute(id, in.set, out.set) == ACL_SUCCESS);
  aclDataBuffer *buffer = aclmdlGetDatasetBuffer(out.set, 0);
  EXPECT(aclGetDataBufferSizeV2(buffer) == 5 * kOut * sizeof(float) && out.dim(0, 0) == 5);
  EXPECT(close(static_cast<float *>(aclGetDataBufferAddr(buffer)), reference(x, z)));
  EXPECT(aclrtFree(aclGetDataBufferAddr(buffer)) == ACL_SUCCESS);
}

long residentPages() {
  long total = 0, resident = 0;
  std::FILE *file = std::fopen("/proc/self/statm", "r");
  if (file != nullptr && std::fscanf(file, "%ld %ld", &total, &resident) != 2)
    resident = 0;
  if (file != nullptr)
    std::fclose(file);
  return resident;
}

/// Many executions, no two after each other of one size, need no more memory
/// than the largest of them did.
void manyRuns(uint32_t id) {
  const int largest = 2000;
  std::vector<float> x = pattern(largest * kIn, 1), z = pattern(kOut, 1), y(largest * kOut), part;
  int64_t rows = 0;
  REQUIRE(execute(id, x, z, y, rows) == ACL_SUCCESS);
  const long before = residentPages();
  for (int run = 0; run < 10000; ++run) {
    const int size = 1 + run % largest;
    part.assign(x.begin(), x.begin() + size * kIn);
    REQUIRE(execute(id, part, z, y, rows) == ACL_SUCCESS && rows == size);
  }
  // A megabyte or so for what this loop itself allocates.
  EXPECT(before > 0 && residentPages() <= before + 300);
  EXPECT(close(y.data(), reference(part, z)));
}

void inSession() {
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, makeModel("session")) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  ge::CompiledGraphSummaryPtr summary = session.GetCompiledGraphSummary(1);
  REQUIRE(summary != nullptr);
  EXPECT(!summary->IsStatic());
  for (int rows : {2, 33, 1}) {
    std::vector<float> x = pattern(rows * kIn, rows), z = pattern(rows * kOut, 1);
    std::vector<gert::Tensor> inputs, outputs;
    inputs.emplace_back(gert::StorageShape({rows, kIn}, {rows, kIn}),
                        gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, x.data());
    inputs.emplace_back(gert::StorageShape({rows, kOut}, {rows, kOut}),
                        gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, z.data());
    REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS && outputs.size() == 1);
    EXPECT(outputs[0].GetStorageShape().GetDim(0) == rows);
    EXPECT(close(outputs[0].GetData<float>(), reference(x, z)));
  }
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  Options global;
  REQUIRE(ge::aclgrphBuildInitialize(global) == ge::GRAPH_SUCCESS);
  ge::ModelBufferData model;
  REQUIRE(ge::aclgrphBuildModel(makeModel("any"), Options(), model) == ge::GRAPH_SUCCESS);
  REQUIRE(ge::aclgrphSaveModel("dynamic_model", model) == ge::GRAPH_SUCCESS);
  ge::aclgrphBuildFinalize();
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromFile("dynamic_model.om", &id) == ACL_SUCCESS);
  description(id);
  atSeveralSizes(id);
  wrongSizes(id);
  memoryFromRuntime(id);
  manyRuns(id);
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  inSession();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("dynamic");
}
