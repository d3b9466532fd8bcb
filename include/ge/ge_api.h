//===- ge_api.h - sessions, first interface ---------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_API_H
#define GE_GE_API_H

// The interface before GeSession. A process uses one of the two.

#include "exe_graph/runtime/tensor.h"
#include "ge/ge_allocator.h"
#include "ge/ge_api_error_codes.h"
#include "ge/ge_api_types.h"
#include "ge/ge_graph_compile_summary.h"
#include "graph/graph.h"
#include "graph/tensor.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ge {
namespace session {
using pCallBackFunc = Status (*)(uint32_t graph_id, const std::map<AscendString, ge::Tensor> &params_list);
} // namespace session

GE_FUNC_VISIBILITY Status GEInitialize(const std::map<AscendString, AscendString> &options);
GE_FUNC_VISIBILITY Status GEFinalize();
GE_FUNC_VISIBILITY ge::AscendString GEGetErrorMsgV2();
GE_FUNC_VISIBILITY ge::AscendString GEGetWarningMsgV2();

inline std::map<AscendString, AscendString> ToAscendOptions(const std::map<std::string, std::string> &options) {
  std::map<AscendString, AscendString> result;
  for (const auto &option : options)
    result[AscendString(option.first.c_str())] = AscendString(option.second.c_str());
  return result;
}

inline Status GEInitialize(const std::map<std::string, std::string> &options) {
  return GEInitialize(ToAscendOptions(options));
}
inline std::string GEGetErrorMsg() { return GEGetErrorMsgV2().GetString(); }
inline std::string GEGetWarningMsg() { return GEGetWarningMsgV2().GetString(); }

class GE_FUNC_VISIBILITY Session {
public:
  explicit Session(const std::map<AscendString, AscendString> &options);
  explicit Session(const std::map<std::string, std::string> &options) : Session(ToAscendOptions(options)) {}
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  Status AddGraph(uint32_t graph_id, const Graph &graph);
  Status AddGraph(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options);
  Status AddGraph(uint32_t graph_id, const Graph &graph, const std::map<std::string, std::string> &options) {
    return AddGraph(graph_id, graph, ToAscendOptions(options));
  }
  Status AddGraphWithCopy(uint32_t graph_id, const Graph &graph);
  Status AddGraphWithCopy(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options);
  Status RemoveGraph(uint32_t graph_id);
  bool IsGraphNeedRebuild(uint32_t graph_id);
  uint64_t GetSessionId() const;

  Status BuildGraph(uint32_t graph_id, const std::vector<InputTensorInfo> &inputs);
  Status BuildGraph(uint32_t graph_id, const std::vector<ge::Tensor> &inputs);
  Status CompileGraph(uint32_t graph_id);
  CompiledGraphSummaryPtr GetCompiledGraphSummary(uint32_t graph_id);
  Status LoadGraph(const uint32_t graph_id, const std::map<AscendString, AscendString> &options, void *stream) const;

  Status RunGraph(uint32_t graph_id, const std::vector<Tensor> &inputs, std::vector<Tensor> &outputs);
  Status RunGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<Tensor> &inputs,
                                 std::vector<Tensor> &outputs);
  Status ExecuteGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<gert::Tensor> &inputs,
                                     std::vector<gert::Tensor> &outputs);
  Status RunGraphAsync(uint32_t graph_id, const std::vector<ge::Tensor> &inputs, RunAsyncCallback callback);

  Status GetVariables(const std::vector<AscendString> &names, std::vector<Tensor> &values);
  Status RegisterCallBackFunc(const char *key, const session::pCallBackFunc &callback);
  Status RegisterCallBackFunc(const std::string &key, const session::pCallBackFunc &callback) {
    return RegisterCallBackFunc(key.c_str(), callback);
  }

  Status SetGraphConstMemoryBase(uint32_t graph_id, const void *const memory, size_t size);
  Status UpdateGraphFeatureMemoryBase(uint32_t graph_id, const void *const memory, size_t size);
  Status SetGraphFixedFeatureMemoryBaseWithType(uint32_t graph_id, MemoryType type, const void *const memory,
                                                size_t size);
  Status UpdateGraphRefreshableFeatureMemoryBase(uint32_t graph_id, const void *const memory, size_t size);
  Status RegisterExternalAllocator(const void *const stream, AllocatorPtr allocator) const;
  Status UnregisterExternalAllocator(const void *const stream) const;

private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};
} // namespace ge

#endif // GE_GE_API_H
