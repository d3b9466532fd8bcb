//===- versions.cpp - models of another version ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// layer_0_1_0.om is y = relu(x * w + b) with x of 4x8, w of 8x16 quarters and b
// of -4 to 11, written by ge-mlir 0.1.0 for Host:x86-64-v3.
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include <fstream>
#include <iterator>

using namespace client;

int main(int argc, char **argv) {
  REQUIRE(argc == 2);
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  std::ifstream file(argv[1], std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  REQUIRE(bytes.size() > 256);

  // In memory it would be a buffer of another compiler.
  uint32_t id = 0;
  EXPECT(aclmdlLoadFromMem(bytes.data(), bytes.size(), &id) != ACL_SUCCESS);
  const char *text = aclGetRecentErrMsg();
  EXPECT(text != nullptr && std::strstr(text, "made by ge-mlir 0.1.0, but this is ge-mlir ") != nullptr);
  ge::ModelBufferData buffer;
  buffer.length = bytes.size();
  buffer.data.reset(new uint8_t[bytes.size()], std::default_delete<uint8_t[]>());
  std::memcpy(buffer.data.get(), bytes.data(), bytes.size());
  EXPECT(ge::aclgrphSaveModel("versions_old", buffer) == ge::GRAPH_PARAM_INVALID);
  EXPECT(errorHas("made by ge-mlir 0.1.0, but this is ge-mlir "));
  EXPECT(!std::ifstream("versions_old.om").good());

  // A file lasts.
  const aclError error = aclmdlLoadFromFile(argv[1], &id);
  if (error == ACL_ERROR_FEATURE_UNSUPPORTED) {
    std::printf("versions: this processor does not run x86-64-v3\n");
  } else {
    REQUIRE(error == ACL_SUCCESS);
    const std::vector<float> x = pattern(kBatch * kIn, 5);
    std::vector<float> y, expected;
    for (int i = 0; i < kBatch; ++i)
      for (int j = 0; j < kOut; ++j) {
        float sum = static_cast<float>(j - 4);
        for (int k = 0; k < kIn; ++k)
          sum += x[i * kIn + k] / 4;
        expected.push_back(sum > 0 ? sum : 0);
      }
    EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
    EXPECT(close(y.data(), expected));
    EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  }
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("versions");
}
