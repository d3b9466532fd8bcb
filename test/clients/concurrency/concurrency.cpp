//===- concurrency.cpp - sessions and models at the same time -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include <atomic>
#include <thread>

using namespace client;

namespace {

void compileInEightSessions() {
  std::atomic<int> wrong(0);
  std::vector<std::thread> threads;
  std::vector<ge::ModelBufferData> models(8);
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i, &wrong, &models] {
      ge::GeSession session((Options()));
      if (session.AddGraph(1, makeLayer("layer", i)) != ge::SUCCESS || session.CompileGraph(1) != ge::SUCCESS ||
          session.GetCompiledModel(1, models[i]) != ge::SUCCESS)
        ++wrong;
      // Texts are the thread's own.
      if (session.CompileGraph(100 + i) != ge::GE_GRAPH_GRAPH_NOT_EXIST ||
          std::strstr(ge::GEGetErrorMsgV3().GetString(), ("has no graph " + std::to_string(100 + i)).c_str()) ==
              nullptr)
        ++wrong;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT(wrong == 0);
  const std::vector<float> x = pattern(kBatch * kIn, 4);
  for (int i = 0; i < 8; ++i) {
    uint32_t id = 0;
    std::vector<float> y;
    REQUIRE(aclmdlLoadFromMem(models[i].data.get(), models[i].length, &id) == ACL_SUCCESS);
    EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
    EXPECT(close(y.data(), layerReference(x, i)));
    EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  }
}

/// Loads and unloads interleaved: what is loaded works, what is not is gone.
void loadManyTimes() {
  const ge::ModelBufferData model = compileLayer();
  const std::vector<float> x = pattern(kBatch * kIn, 6);
  std::vector<uint32_t> live;
  for (int i = 0; i < 1000; ++i) {
    uint32_t id = 0;
    REQUIRE(aclmdlLoadFromMem(model.data.get(), model.length, &id) == ACL_SUCCESS);
    live.push_back(id);
    if (i % 100 == 99) {
      std::vector<float> y;
      EXPECT(executeModel(live[live.size() / 2], x, y) == ACL_SUCCESS);
      EXPECT(close(y.data(), layerReference(x)));
    }
    if (live.size() > 5) {
      const size_t at = static_cast<size_t>(i * 7) % live.size();
      EXPECT(aclmdlUnload(live[at]) == ACL_SUCCESS);
      EXPECT(i % 100 != 0 || aclmdlUnload(live[at]) != ACL_SUCCESS);
      live.erase(live.begin() + at);
    }
  }
  for (uint32_t id : live)
    EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
}

void runAsynchronously() {
  ge::GeSession session((Options()));
  REQUIRE(session.AddGraph(1, makeLayer("layer")) == ge::SUCCESS);
  std::vector<float> x = pattern(kBatch * kIn, 8);
  std::atomic<int> good(0), bad(0);
  for (int i = 0; i < 16; ++i) {
    std::vector<gert::Tensor> inputs;
    inputs.emplace_back(gert::StorageShape({kBatch, kIn}, {kBatch, kIn}),
                        gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, x.data());
    EXPECT(session.RunGraphAsync(1, inputs, [&](ge::Status status, std::vector<gert::Tensor> &outputs) {
      if (status == ge::SUCCESS && outputs.size() == 1 && close(outputs[0].GetData<float>(), layerReference(x)))
        ++good;
      else
        ++bad;
    }) == ge::SUCCESS);
  }
  while (good + bad < 16)
    std::this_thread::yield();
  EXPECT(bad == 0);
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  compileInEightSessions();
  loadManyTimes();
  runAsynchronously();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("concurrency");
}
