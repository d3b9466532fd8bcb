//===- session_v1.cpp - the first session interface -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge/ge_api.h"

#include "../common/Client.h"

using namespace client;

int main() {
  std::map<std::string, std::string> options;
  options["ge.graphRunMode"] = "0";
  REQUIRE(ge::GEInitialize(options) == ge::SUCCESS);
  REQUIRE(aclInit(nullptr) == ACL_SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  {
    ge::Session session(options);
    REQUIRE(session.AddGraph(1, makeLayer("layer")) == ge::SUCCESS);
    const std::vector<float> x = pattern(kBatch * kIn, 5);
    std::vector<ge::Tensor> outputs;
    REQUIRE(session.RunGraph(1, {makeTensor({kBatch, kIn}, x)}, outputs) == ge::SUCCESS);
    REQUIRE(outputs.size() == 1);
    EXPECT(outputs[0].GetTensorDesc().GetShape().GetDims() == (std::vector<int64_t>{kBatch, kOut}));
    EXPECT(close(reinterpret_cast<const float *>(outputs[0].GetData()), layerReference(x)));
    EXPECT(session.RunGraph(2, {}, outputs) == ge::GE_GRAPH_GRAPH_NOT_EXIST);
    EXPECT(ge::GEGetErrorMsg().find("has no graph 2") != std::string::npos);
    EXPECT(session.RemoveGraph(1) == ge::SUCCESS);
  }
  EXPECT(ge::GEFinalize() == ge::SUCCESS);
  EXPECT(aclFinalize() == ACL_SUCCESS);
  return finish("session_v1");
}
