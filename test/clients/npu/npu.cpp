//===- npu.cpp - a model for a simulated NPU ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

using namespace client;

int main() {
  const Options options = {{"ge.socVersion", "Ascend910B1"}};
  REQUIRE(ge::GEInitializeV2(options) == ge::SUCCESS);
  ge::ModelBufferData model = compileLayer();
  REQUIRE(model.length > 256);
  // The header names the device, and says that nothing in it is for the host.
  const uint8_t *bytes = model.data.get();
  EXPECT(std::memcmp(bytes + 160, "Ascend910B1", 12) == 0);
  EXPECT(bytes[194] == 0);

  REQUIRE(aclInit(nullptr) == ACL_SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromMem(bytes, model.length, &id) == ACL_SUCCESS);
  for (int seed = 0; seed < 3; ++seed) {
    const std::vector<float> x = pattern(kBatch * kIn, seed);
    std::vector<float> y;
    EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
    EXPECT(close(y.data(), layerReference(x)));
  }
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  EXPECT(aclrtResetDevice(0) == ACL_SUCCESS);
  EXPECT(aclFinalize() == ACL_SUCCESS);
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("npu");
}
