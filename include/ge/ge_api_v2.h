//===- ge_api_v2.h - sessions -----------------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_API_V2_H
#define GE_GE_API_V2_H

#include "exe_graph/runtime/tensor.h"
#include "ge/ge_allocator.h"
#include "ge/ge_api_error_codes.h"
#include "ge/ge_api_types.h"
#include "ge/ge_graph_compile_summary.h"
#include "graph/graph.h"
#include "graph/tensor.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

#ifndef INFERENCE_RULE
#define INFERENCE_RULE "_inference_rule"
#endif

namespace ge {
using RunCallback = std::function<Status(uint32_t graph_id, const std::map<AscendString, gert::Tensor> &params)>;

/// Starts the library in this process. A second call changes nothing.
GE_FUNC_VISIBILITY Status GEInitializeV2(const std::map<AscendString, AscendString> &options);
/// Releases what the sessions that are still alive hold.
GE_FUNC_VISIBILITY Status GEFinalizeV2();
/// The texts of the calling thread's failures since the last call.
GE_FUNC_VISIBILITY ge::AscendString GEGetErrorMsgV3();
GE_FUNC_VISIBILITY ge::AscendString GEGetWarningMsgV3();

/// Graphs with ids, their compiled models and their executions. A session may
/// be constructed before GEInitializeV2 and destroyed after GEFinalizeV2; in
/// between it works. Every failure leaves a text for GEGetErrorMsgV3.
class GE_FUNC_VISIBILITY GeSession {
public:
  explicit GeSession(const std::map<AscendString, AscendString> &options);
  ~GeSession();
  GeSession(const GeSession &) = delete;
  GeSession &operator=(const GeSession &) = delete;

  Status AddGraph(uint32_t graph_id, const Graph &graph);
  Status AddGraph(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options);
  /// The session gets a copy of its own.
  Status AddGraphClone(uint32_t graph_id, const Graph &graph);
  Status AddGraphClone(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options);
  Status RemoveGraph(uint32_t graph_id);
  bool IsGraphNeedRebuild(uint32_t graph_id);
  uint64_t GetSessionId() const;

  Status CompileGraph(uint32_t graph_id);
  /// Shape and type of `inputs` replace those of the graph's inputs.
  Status CompileGraph(uint32_t graph_id, const std::vector<ge::Tensor> &inputs);
  CompiledGraphSummaryPtr GetCompiledGraphSummary(uint32_t graph_id);
  /// The offline model of a compiled graph.
  Status GetCompiledModel(uint32_t graph_id, ModelBufferData &model_buffer);

  Status LoadGraph(const uint32_t graph_id, const std::map<AscendString, AscendString> &options, void *stream) const;
  Status GraphDebugJSONPrint(const uint32_t graph_id, uint32_t flags, AscendString &json) const;
  Status RunGraph(uint32_t graph_id, const std::vector<gert::Tensor> &inputs, std::vector<gert::Tensor> &outputs);
  Status RunGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<gert::Tensor> &inputs,
                                 std::vector<gert::Tensor> &outputs);
  Status RunGraphAsync(uint32_t graph_id, const std::vector<gert::Tensor> &inputs, RunAsyncCallbackV2 callback);
  Status RegisterCallBackFunc(const char *key, const RunCallback &callback);

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

extern "C" {
GE_FUNC_VISIBILITY bool IsIrRepSupport(const char *rep);
/// Names and kinds of the inputs, outputs and attributes of an operator type.
GE_FUNC_VISIBILITY ge::Status GetRegisteredIrDef(const char *op_type,
                                                 std::vector<std::pair<ge::AscendString, ge::AscendString>> &inputs,
                                                 std::vector<std::pair<ge::AscendString, ge::AscendString>> &outputs,
                                                 std::vector<std::pair<ge::AscendString, ge::AscendString>> &attrs);
}

#endif // GE_GE_API_V2_H
