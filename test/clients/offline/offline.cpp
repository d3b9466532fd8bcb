//===- offline.cpp - offline compilation ----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include <sys/stat.h>

using namespace client;

int main() {
  ge::ModelBufferData model;
  model.length = 0;
  EXPECT(ge::aclgrphBuildModel(makeLayer("early"), Options(), model) == ge::GRAPH_FAILED);
  EXPECT(errorHas("E10062"));
  Options global = {{"no.such.option", "1"}};
  EXPECT(ge::aclgrphBuildInitialize(global) == ge::GRAPH_PARAM_INVALID);
  EXPECT(errorHas("no.such.option"));
  global = {{ge::ir_option::SOC_VERSION, "Host"}};
  REQUIRE(ge::aclgrphBuildInitialize(global) == ge::GRAPH_SUCCESS);

  const Options options = {{ge::ir_option::INPUT_FORMAT, "ND"}};
  EXPECT(ge::aclgrphBuildModel(makeLayer("layer"), Options{{"ge.socVersion", "Host"}}, model) ==
         ge::GRAPH_PARAM_INVALID);
  REQUIRE(ge::aclgrphBuildModel(makeLayer("layer"), options, model) == ge::GRAPH_SUCCESS);
  // The same graph and options give the same bytes.
  ge::ModelBufferData again;
  REQUIRE(ge::aclgrphBuildModel(makeLayer("layer"), options, again) == ge::GRAPH_SUCCESS);
  EXPECT(again.length == model.length && std::memcmp(again.data.get(), model.data.get(), model.length) == 0);
  // A name that has the ending keeps it.
  REQUIRE(ge::aclgrphSaveModel("offline_layer.om", model) == ge::GRAPH_SUCCESS);
  struct stat info;
  EXPECT(::stat("offline_layer.om", &info) == 0 && static_cast<uint64_t>(info.st_size) == model.length);
  ge::aclgrphBuildFinalize();

  REQUIRE(aclInit(nullptr) == ACL_SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  size_t work = 0, weight = 0;
  REQUIRE(aclmdlQuerySize("offline_layer.om", &work, &weight) == ACL_SUCCESS);
  EXPECT(weight >= kIn * kOut * sizeof(float));
  void *workMemory = nullptr, *weightMemory = nullptr;
  if (work != 0)
    REQUIRE(aclrtMalloc(&workMemory, work, ACL_MEM_MALLOC_HUGE_FIRST) == ACL_SUCCESS);
  REQUIRE(aclrtMalloc(&weightMemory, weight, ACL_MEM_MALLOC_HUGE_FIRST) == ACL_SUCCESS);
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromFileWithMem("offline_layer.om", &id, workMemory, work, weightMemory, weight) == ACL_SUCCESS);
  const std::vector<float> x = pattern(kBatch * kIn, 9);
  std::vector<float> y;
  EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
  EXPECT(close(y.data(), layerReference(x)));
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  if (workMemory != nullptr)
    EXPECT(aclrtFree(workMemory) == ACL_SUCCESS);
  EXPECT(aclrtFree(weightMemory) == ACL_SUCCESS);
  EXPECT(aclrtResetDevice(0) == ACL_SUCCESS);
  EXPECT(aclFinalize() == ACL_SUCCESS);
  int32_t major = 0, minor = 0, patch = 0;
  EXPECT(ge::aclgrphGetIRVersion(&major, &minor, &patch) == ge::GRAPH_SUCCESS && major == ge::IR_MAJOR_VERSION);
  EXPECT(ge::aclgrphGetIRVersion(&major, nullptr, &patch) == ge::GRAPH_FAILED);
  return finish("offline");
}
