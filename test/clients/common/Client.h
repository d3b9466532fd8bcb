//===- Client.h - what the client programs share ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TEST_CLIENTS_COMMON_CLIENT_H
#define GE_MLIR_TEST_CLIENTS_COMMON_CLIENT_H

// C++11, and independent of the standard library's string layout. Expectations
// print what failed and count; main returns the count.

#include "acl/acl.h"
// all_ops.h would take a minute to compile.
#include "array_ops.h"
#include "elewise_calculation_ops.h"
#include "ge/ge_api_v2.h"
#include "ge/ge_ir_build.h"
#include "graph/graph.h"
#include "matrix_calculation_ops.h"
#include "nonlinear_fuc_ops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <map>
#include <string>
#include <vector>

namespace client {

using Options = std::map<ge::AscendString, ge::AscendString>;

inline int &failures() {
  static int count = 0;
  return count;
}

inline void expect(bool ok, const char *what, const char *file, int line) {
  if (ok)
    return;
  ++failures();
  const char *recent = aclGetRecentErrMsg();
  std::fprintf(stderr, "%s:%d: failed: %s\n%s%s\n", file, line, what, ge::GEGetErrorMsgV3().GetString(),
               recent == nullptr ? "" : recent);
}

#define EXPECT(condition) client::expect((condition), #condition, __FILE__, __LINE__)
/// Ends the program: what follows makes no sense.
#define REQUIRE(condition)                                                                                             \
  do {                                                                                                                 \
    const bool good = (condition);                                                                                     \
    client::expect(good, #condition, __FILE__, __LINE__);                                                              \
    if (!good)                                                                                                         \
      std::exit(1);                                                                                                    \
  } while (false)

/// Whether the thread's error text has `part`; reading forgets the text.
inline bool errorHas(const char *part) {
  const ge::AscendString text = ge::GEGetErrorMsgV3();
  const bool found = std::strstr(text.GetString(), part) != nullptr;
  if (!found)
    std::fprintf(stderr, "error text '%s' lacks '%s'\n", text.GetString(), part);
  return found;
}

/// The names in a folder, in order, without hidden ones.
inline std::vector<std::string> list(const std::string &folder) {
  std::vector<std::string> names;
  DIR *dir = ::opendir(folder.c_str());
  while (dirent *entry = dir ? ::readdir(dir) : nullptr)
    if (entry->d_name[0] != '.')
      names.push_back(entry->d_name);
  if (dir)
    ::closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

const int kBatch = 4, kIn = 8, kOut = 16;

/// Values that are exact in float and differ by position.
inline std::vector<float> pattern(size_t count, int seed) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>((static_cast<int>(i) * 7 + seed) % 11 - 5) / 4.0f;
  return values;
}

inline ge::Tensor makeTensor(const std::vector<int64_t> &dims, const std::vector<float> &values) {
  return ge::Tensor(ge::TensorDesc(ge::Shape(dims), ge::FORMAT_ND, ge::DT_FLOAT),
                    reinterpret_cast<const uint8_t *>(values.data()), values.size() * sizeof(float));
}

/// relu(x * w + b), by prototypes, on `batch` rows; -1 for any number.
inline ge::Graph makeLayer(const char *name, int seed = 0, int64_t batch = kBatch) {
  const ge::TensorDesc input(ge::Shape(std::vector<int64_t>{batch, kIn}), ge::FORMAT_ND, ge::DT_FLOAT);
  ge::op::Data x("x");
  x.set_attr_index(0);
  x.update_input_desc_x(input);
  x.update_output_desc_y(input);
  ge::op::Const w("w"), b("b");
  w.set_attr_value(makeTensor({kIn, kOut}, pattern(kIn * kOut, seed)));
  b.set_attr_value(makeTensor({kOut}, pattern(kOut, seed + 3)));
  ge::op::MatMulV2 product("product");
  product.set_input_x1(x).set_input_x2(w);
  ge::op::Add sum("sum");
  sum.set_input_x1(product).set_input_x2(b);
  ge::op::Relu y("y");
  y.set_input_x(sum);
  ge::Graph graph(name);
  graph.SetInputs(std::vector<ge::Operator>{x}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

/// What the layer computes.
inline std::vector<float> layerReference(const std::vector<float> &x, int seed = 0) {
  const std::vector<float> w = pattern(kIn * kOut, seed);
  const std::vector<float> b = pattern(kOut, seed + 3);
  std::vector<float> y(kBatch * kOut);
  for (int i = 0; i < kBatch; ++i)
    for (int j = 0; j < kOut; ++j) {
      double sum = b[j];
      for (int k = 0; k < kIn; ++k)
        sum += static_cast<double>(x[i * kIn + k]) * w[k * kOut + j];
      y[i * kOut + j] = static_cast<float>(sum > 0 ? sum : 0);
    }
  return y;
}

inline bool close(const float *got, const std::vector<float> &expected) {
  for (size_t i = 0; i < expected.size(); ++i)
    if (!(std::fabs(got[i] - expected[i]) <= 1e-5f)) {
      std::fprintf(stderr, "element %zu is %g, expected %g\n", i, got[i], expected[i]);
      return false;
    }
  return true;
}

/// Runs a loaded model of one input and one output through acl.
inline aclError executeModel(uint32_t modelId, const std::vector<float> &input, std::vector<float> &output) {
  aclmdlDesc *desc = aclmdlCreateDesc();
  REQUIRE(aclmdlGetDesc(desc, modelId) == ACL_SUCCESS);
  EXPECT(aclmdlGetNumInputs(desc) == 1 && aclmdlGetNumOutputs(desc) == 1);
  const size_t outputSize = aclmdlGetOutputSizeByIndex(desc, 0);
  void *in = nullptr, *out = nullptr;
  const size_t inputSize = input.size() * sizeof(float);
  REQUIRE(aclrtMalloc(&in, inputSize, ACL_MEM_MALLOC_HUGE_FIRST) == ACL_SUCCESS);
  REQUIRE(aclrtMalloc(&out, outputSize, ACL_MEM_MALLOC_HUGE_FIRST) == ACL_SUCCESS);
  EXPECT(aclrtMemcpy(in, inputSize, input.data(), inputSize, ACL_MEMCPY_HOST_TO_DEVICE) == ACL_SUCCESS);
  aclDataBuffer *inBuffer = aclCreateDataBuffer(in, inputSize);
  aclDataBuffer *outBuffer = aclCreateDataBuffer(out, outputSize);
  aclmdlDataset *inputs = aclmdlCreateDataset();
  aclmdlDataset *outputs = aclmdlCreateDataset();
  EXPECT(aclmdlAddDatasetBuffer(inputs, inBuffer) == ACL_SUCCESS);
  EXPECT(aclmdlAddDatasetBuffer(outputs, outBuffer) == ACL_SUCCESS);
  const aclError error = aclmdlExecute(modelId, inputs, outputs);
  output.resize(outputSize / sizeof(float));
  EXPECT(aclrtMemcpy(output.data(), outputSize, out, outputSize, ACL_MEMCPY_DEVICE_TO_HOST) == ACL_SUCCESS);
  EXPECT(aclmdlDestroyDataset(inputs) == ACL_SUCCESS);
  EXPECT(aclmdlDestroyDataset(outputs) == ACL_SUCCESS);
  EXPECT(aclDestroyDataBuffer(inBuffer) == ACL_SUCCESS);
  EXPECT(aclDestroyDataBuffer(outBuffer) == ACL_SUCCESS);
  EXPECT(aclrtFree(in) == ACL_SUCCESS && aclrtFree(out) == ACL_SUCCESS);
  EXPECT(aclmdlDestroyDesc(desc) == ACL_SUCCESS);
  return error;
}

/// The compiled layer.
inline ge::ModelBufferData compileLayer(int seed = 0) {
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, makeLayer("layer", seed)) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(1) == ge::SUCCESS);
  ge::ModelBufferData model;
  model.length = 0;
  REQUIRE(session.GetCompiledModel(1, model) == ge::SUCCESS);
  return model;
}

inline int finish(const char *name) {
  if (failures() == 0)
    std::printf("%s: ok\n", name);
  return failures() == 0 ? 0 : 1;
}

} // namespace client

#endif // GE_MLIR_TEST_CLIENTS_COMMON_CLIENT_H
