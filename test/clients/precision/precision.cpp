//===- precision.cpp - element types by precision mode ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

using namespace client;

namespace {

// 1 + 2^-12 is 1 in f16 and in bf16; 1 + 2^-9 is itself in f16 and 1 in bf16.
const float kFine = 1.0f + 1.0f / 4096, kMiddle = 1.0f + 1.0f / 512;

/// product = x * identity, and sum = x + 0: only one is a product.
ge::Graph makeGraph() {
  const ge::TensorDesc desc(ge::Shape(std::vector<int64_t>{1, 2}), ge::FORMAT_ND, ge::DT_FLOAT);
  ge::op::Data x("x");
  x.update_input_desc_x(desc);
  x.update_output_desc_y(desc);
  ge::op::Const identity("identity"), zero("zero");
  identity.set_attr_value(makeTensor({2, 2}, {1, 0, 0, 1}));
  zero.set_attr_value(makeTensor({1, 2}, {0, 0.25f}));
  ge::op::MatMulV2 product("product");
  product.set_input_x1(x).set_input_x2(identity);
  ge::op::Add sum("sum");
  sum.set_input_x1(x).set_input_x2(zero);
  ge::Graph graph("precision");
  graph.SetInputs(std::vector<ge::Operator>{x}).SetOutputs(std::vector<ge::Operator>{product, sum});
  return graph;
}

/// The first element of both results.
std::vector<float> run(const char *key, const char *mode, float value) {
  ge::GeSession session((Options()));
  Options options;
  if (key != nullptr)
    options[key] = mode;
  REQUIRE(session.AddGraph(1, makeGraph(), options) == ge::SUCCESS);
  float data[2] = {value, value};
  std::vector<gert::Tensor> inputs, outputs;
  inputs.emplace_back(gert::StorageShape({1, 2}, {1, 2}), gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}),
                      gert::kOnHost, ge::DT_FLOAT, data);
  REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS);
  REQUIRE(outputs.size() == 2 && outputs[0].GetDataType() == ge::DT_FLOAT);
  return {outputs[0].GetData<float>()[0], outputs[1].GetData<float>()[0]};
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  using Results = std::vector<float>;
  const char *const old = "ge.exec.precision_mode", *const newer = "ge.exec.precision_mode_v2";
  EXPECT(run(nullptr, "", kFine) == (Results{kFine, kFine}));
  for (const char *mode :
       {"must_keep_origin_dtype", "allow_fp32_to_fp16", "allow_fp32_to_bf16", "force_fp32", "cube_fp16in_fp32out"})
    EXPECT(run(old, mode, kFine) == (Results{kFine, kFine}));
  EXPECT(run(newer, "origin", kFine) == (Results{kFine, kFine}));
  EXPECT(run(old, "force_fp16", kFine) == (Results{1, 1}));
  EXPECT(run(newer, "fp16", kFine) == (Results{1, 1}));
  EXPECT(run(newer, "fp16", kMiddle) == (Results{kMiddle, kMiddle}));
  for (const char *mode : {"allow_mix_precision", "allow_mix_precision_fp16"})
    EXPECT(run(old, mode, kFine) == (Results{1, kFine}));
  EXPECT(run(newer, "mixed_float16", kMiddle) == (Results{kMiddle, kMiddle}));
  EXPECT(run(newer, "mixed_bfloat16", kMiddle) == (Results{1, kMiddle}));
  EXPECT(run(old, "allow_mix_precision_bf16", kMiddle) == (Results{1, kMiddle}));

  ge::GeSession session((Options()));
  EXPECT(session.AddGraph(1, makeGraph(), {{old, "force_fp8"}}) == ge::PARAM_INVALID);
  EXPECT(errorHas("E10006"));
  REQUIRE(session.AddGraph(2, makeGraph(), {{newer, "cube_hif8"}}) == ge::SUCCESS);
  EXPECT(session.CompileGraph(2) == ge::UNSUPPORTED);
  EXPECT(errorHas("E10055"));
  REQUIRE(session.AddGraph(3, makeGraph(), {{newer, "fp16"}, {old, "force_fp16"}}) == ge::SUCCESS);
  EXPECT(session.CompileGraph(3) == ge::PARAM_INVALID);
  EXPECT(errorHas("E10009"));
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("precision");
}
