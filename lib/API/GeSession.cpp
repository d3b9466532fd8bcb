//===- GeSession.cpp - sessions as clients see them -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge/ge_api_v2.h"

#include "SessionCore.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"

#include <cstring>

namespace ge {
namespace {

bool ready(const char *what) { return gemlir::api::requireInitialized(what); }

const std::map<AscendString, AscendString> kNoOptions;

} // namespace

Status GEInitializeV2(const std::map<AscendString, AscendString> &options) { return gemlir::api::initialize(options); }
Status GEFinalizeV2() { return gemlir::api::finalize(); }

AscendString GEGetErrorMsgV3() {
  const std::string text = gemlir::takeErrors();
  return AscendString(text.c_str(), text.size());
}
AscendString GEGetWarningMsgV3() {
  const std::string text = gemlir::takeWarnings();
  return AscendString(text.c_str(), text.size());
}

class GeSession::Impl {
public:
  explicit Impl(const std::map<AscendString, AscendString> &options) : core(options) {}
  gemlir::api::SessionCore core;
};

GeSession::GeSession(const std::map<AscendString, AscendString> &options) : impl_(std::make_shared<Impl>(options)) {}
GeSession::~GeSession() = default;

uint64_t GeSession::GetSessionId() const { return impl_->core.id(); }

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

Status GeSession::AddGraph(uint32_t graph_id, const Graph &graph) { return AddGraph(graph_id, graph, kNoOptions); }
Status GeSession::AddGraph(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options) {
  return ready("AddGraph") ? impl_->core.addGraph(graph_id, graph, options, /*clone=*/false) : FAILED;
}
Status GeSession::AddGraphClone(uint32_t graph_id, const Graph &graph) {
  return AddGraphClone(graph_id, graph, kNoOptions);
}
Status GeSession::AddGraphClone(uint32_t graph_id, const Graph &graph,
                                const std::map<AscendString, AscendString> &options) {
  return ready("AddGraphClone") ? impl_->core.addGraph(graph_id, graph, options, /*clone=*/true) : FAILED;
}
Status GeSession::RemoveGraph(uint32_t graph_id) {
  return ready("RemoveGraph") ? impl_->core.removeGraph(graph_id) : FAILED;
}
bool GeSession::IsGraphNeedRebuild(uint32_t graph_id) {
  return !ready("IsGraphNeedRebuild") || impl_->core.needsRebuild(graph_id);
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

Status GeSession::CompileGraph(uint32_t graph_id) {
  return ready("CompileGraph") ? impl_->core.compile(graph_id, nullptr) : FAILED;
}
Status GeSession::CompileGraph(uint32_t graph_id, const std::vector<ge::Tensor> &inputs) {
  return ready("CompileGraph") ? impl_->core.compile(graph_id, &inputs) : FAILED;
}
CompiledGraphSummaryPtr GeSession::GetCompiledGraphSummary(uint32_t graph_id) {
  return ready("GetCompiledGraphSummary") ? impl_->core.getSummary(graph_id) : nullptr;
}
Status GeSession::GetCompiledModel(uint32_t graph_id, ModelBufferData &model_buffer) {
  return ready("GetCompiledModel") ? impl_->core.getModel(graph_id, model_buffer) : FAILED;
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

Status GeSession::LoadGraph(const uint32_t graph_id, const std::map<AscendString, AscendString> &options,
                            void *stream) const {
  (void)stream; // names the stream of later runs, which bring their own
  return ready("LoadGraph") ? impl_->core.load(graph_id, options) : FAILED;
}
Status GeSession::GraphDebugJSONPrint(const uint32_t, uint32_t, AscendString &) const {
  return gemlir::api::refuse("GraphDebugJSONPrint", "DUMP_GE_GRAPH writes graphs into files");
}
Status GeSession::RunGraph(uint32_t graph_id, const std::vector<gert::Tensor> &inputs,
                           std::vector<gert::Tensor> &outputs) {
  return ready("RunGraph") ? impl_->core.run(graph_id, inputs, outputs, gemlir::api::RunStyle::Sync) : FAILED;
}
Status GeSession::RunGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<gert::Tensor> &inputs,
                                          std::vector<gert::Tensor> &outputs) {
  if (!ready("RunGraphWithStreamAsync"))
    return FAILED;
  const Status status = gemlir::api::waitForStream(stream);
  return status == SUCCESS ? impl_->core.run(graph_id, inputs, outputs, gemlir::api::RunStyle::Stream) : status;
}
Status GeSession::RunGraphAsync(uint32_t graph_id, const std::vector<gert::Tensor> &inputs,
                                RunAsyncCallbackV2 callback) {
  if (!ready("RunGraphAsync"))
    return FAILED;
  const Status status = impl_->core.runAsync(graph_id, inputs, callback);
  if (status != SUCCESS && callback) {
    std::vector<gert::Tensor> none;
    callback(status, none);
  }
  return status;
}
Status GeSession::RegisterCallBackFunc(const char *, const RunCallback &) {
  return gemlir::api::refuse("RegisterCallBackFunc", gemlir::api::kNoCallbacks);
}

//===----------------------------------------------------------------------===//
// Memory of the caller
//===----------------------------------------------------------------------===//

Status GeSession::SetGraphConstMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("SetGraphConstMemoryBase", gemlir::api::kOwnsMemory);
}
Status GeSession::UpdateGraphFeatureMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("UpdateGraphFeatureMemoryBase", gemlir::api::kOwnsMemory);
}
Status GeSession::SetGraphFixedFeatureMemoryBaseWithType(uint32_t, MemoryType, const void *const, size_t) {
  return gemlir::api::refuse("SetGraphFixedFeatureMemoryBaseWithType", gemlir::api::kOwnsMemory);
}
Status GeSession::UpdateGraphRefreshableFeatureMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("UpdateGraphRefreshableFeatureMemoryBase", gemlir::api::kOwnsMemory);
}
Status GeSession::RegisterExternalAllocator(const void *const, AllocatorPtr) const {
  return gemlir::api::refuse("RegisterExternalAllocator", gemlir::api::kOwnsMemory);
}
Status GeSession::UnregisterExternalAllocator(const void *const) const {
  // Nothing was registered, so there is nothing to undo.
  return ready("UnregisterExternalAllocator") ? SUCCESS : FAILED;
}

} // namespace ge

//===----------------------------------------------------------------------===//
// Registered prototypes
//===----------------------------------------------------------------------===//

extern "C" bool IsIrRepSupport(const char *rep) { return rep != nullptr && std::strcmp(rep, INFERENCE_RULE) == 0; }

extern "C" ge::Status GetRegisteredIrDef(const char *op_type,
                                         std::vector<std::pair<ge::AscendString, ge::AscendString>> &inputs,
                                         std::vector<std::pair<ge::AscendString, ge::AscendString>> &outputs,
                                         std::vector<std::pair<ge::AscendString, ge::AscendString>> &attrs) {
  const ge::Operator op = ge::makePrototype(op_type == nullptr ? "" : op_type);
  if (op.IsEmpty()) {
    gemlir::reportError("E13009", std::string("no operator is registered for type '") +
                                      (op_type == nullptr ? "" : op_type) + "'");
    return ge::FAILED;
  }
  const ge::OpDesc &desc = *ge::OperatorAccess::get(op)->desc;
  for (const ge::IrPort &port : desc.irInputs)
    inputs.emplace_back(port.name.c_str(), toString(port.kind));
  for (const ge::IrPort &port : desc.irOutputs)
    outputs.emplace_back(port.name.c_str(), toString(port.kind));
  for (const ge::IrAttr &attr : desc.irAttrs)
    attrs.emplace_back(attr.name.c_str(), attr.type.c_str());
  return ge::SUCCESS;
}
