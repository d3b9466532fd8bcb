//===- SessionV1.cpp - sessions of the first interface --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge/ge_api.h"

#include "SessionCore.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge/ge_api_v2.h"

namespace ge {
namespace {

bool ready(const char *what) { return gemlir::api::requireInitialized(what); }

const std::map<AscendString, AscendString> kNoOptions;

/// A view of a client's tensor; the client keeps the memory.
gert::Tensor toRuntime(const Tensor &tensor) {
  const TensorDesc desc = tensor.GetTensorDesc();
  gert::Tensor result(gert::StorageShape(), gert::StorageFormat(desc.GetOriginFormat(), desc.GetFormat(), {}),
                      desc.GetDataType());
  for (int64_t dim : desc.GetShape().GetDims()) {
    result.MutableOriginShape().AppendDim(dim);
    result.MutableStorageShape().AppendDim(dim);
  }
  result.SetData(gert::TensorData(const_cast<uint8_t *>(tensor.GetData()), nullptr, tensor.GetSize(), gert::kOnHost));
  return result;
}

std::vector<gert::Tensor> toRuntime(const std::vector<Tensor> &tensors) {
  std::vector<gert::Tensor> result;
  for (const Tensor &tensor : tensors)
    result.push_back(toRuntime(tensor));
  return result;
}

/// A client's tensor that holds on to the memory of a result.
std::vector<Tensor> toClient(std::vector<gert::Tensor> &tensors) {
  std::vector<Tensor> result;
  for (gert::Tensor &tensor : tensors) {
    std::vector<int64_t> dims;
    const gert::Shape &shape = tensor.GetStorageShape();
    for (size_t i = 0; i < shape.GetDimNum(); ++i)
      dims.push_back(shape.GetDim(i));
    TensorDesc desc((Shape(dims)), tensor.GetStorageFormat(), tensor.GetDataType());
    desc.SetOriginShape(Shape(dims));
    desc.SetOriginFormat(tensor.GetOriginFormat());
    auto owner = std::make_shared<gert::Tensor>(std::move(tensor));
    Tensor to(desc);
    (void)to.SetData(owner->GetData<uint8_t>(), owner->GetSize(), [owner](uint8_t *) {});
    result.push_back(std::move(to));
  }
  tensors.clear();
  return result;
}

} // namespace

Status GEInitialize(const std::map<AscendString, AscendString> &options) { return GEInitializeV2(options); }
Status GEFinalize() { return GEFinalizeV2(); }
AscendString GEGetErrorMsgV2() { return GEGetErrorMsgV3(); }
AscendString GEGetWarningMsgV2() { return GEGetWarningMsgV3(); }

class Session::Impl {
public:
  explicit Impl(const std::map<AscendString, AscendString> &options) : core(options) {}
  gemlir::api::SessionCore core;
};

Session::Session(const std::map<AscendString, AscendString> &options) : impl_(std::make_shared<Impl>(options)) {}
Session::~Session() = default;

uint64_t Session::GetSessionId() const { return impl_->core.id(); }

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

Status Session::AddGraph(uint32_t graph_id, const Graph &graph) { return AddGraph(graph_id, graph, kNoOptions); }
Status Session::AddGraph(uint32_t graph_id, const Graph &graph, const std::map<AscendString, AscendString> &options) {
  return ready("AddGraph") ? impl_->core.addGraph(graph_id, graph, options, /*clone=*/false) : FAILED;
}
Status Session::AddGraphWithCopy(uint32_t graph_id, const Graph &graph) {
  return AddGraphWithCopy(graph_id, graph, kNoOptions);
}
Status Session::AddGraphWithCopy(uint32_t graph_id, const Graph &graph,
                                 const std::map<AscendString, AscendString> &options) {
  return ready("AddGraphWithCopy") ? impl_->core.addGraph(graph_id, graph, options, /*clone=*/true) : FAILED;
}
Status Session::RemoveGraph(uint32_t graph_id) {
  return ready("RemoveGraph") ? impl_->core.removeGraph(graph_id) : FAILED;
}
bool Session::IsGraphNeedRebuild(uint32_t graph_id) {
  return !ready("IsGraphNeedRebuild") || impl_->core.needsRebuild(graph_id);
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

Status Session::BuildGraph(uint32_t graph_id, const std::vector<InputTensorInfo> &inputs) {
  std::vector<Tensor> tensors;
  for (const InputTensorInfo &input : inputs)
    tensors.emplace_back(TensorDesc(Shape(input.dims), FORMAT_ND, static_cast<DataType>(input.data_type)));
  return BuildGraph(graph_id, tensors);
}
Status Session::BuildGraph(uint32_t graph_id, const std::vector<ge::Tensor> &inputs) {
  return ready("BuildGraph") ? impl_->core.compile(graph_id, &inputs) : FAILED;
}
Status Session::CompileGraph(uint32_t graph_id) {
  return ready("CompileGraph") ? impl_->core.compile(graph_id, nullptr) : FAILED;
}
CompiledGraphSummaryPtr Session::GetCompiledGraphSummary(uint32_t graph_id) {
  return ready("GetCompiledGraphSummary") ? impl_->core.getSummary(graph_id) : nullptr;
}
Status Session::LoadGraph(const uint32_t graph_id, const std::map<AscendString, AscendString> &options,
                          void *stream) const {
  (void)stream;
  return ready("LoadGraph") ? impl_->core.load(graph_id, options) : FAILED;
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

Status Session::RunGraph(uint32_t graph_id, const std::vector<Tensor> &inputs, std::vector<Tensor> &outputs) {
  if (!ready("RunGraph"))
    return FAILED;
  std::vector<gert::Tensor> results;
  const Status status = impl_->core.run(graph_id, toRuntime(inputs), results, gemlir::api::RunStyle::Sync);
  if (status == SUCCESS)
    outputs = toClient(results);
  return status;
}
Status Session::RunGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<Tensor> &inputs,
                                        std::vector<Tensor> &outputs) {
  std::vector<gert::Tensor> results = toRuntime(outputs);
  const Status status = ExecuteGraphWithStreamAsync(graph_id, stream, toRuntime(inputs), results);
  if (status == SUCCESS && outputs.empty())
    outputs = toClient(results);
  return status;
}
Status Session::ExecuteGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<gert::Tensor> &inputs,
                                            std::vector<gert::Tensor> &outputs) {
  if (!ready("ExecuteGraphWithStreamAsync"))
    return FAILED;
  const Status status = gemlir::api::waitForStream(stream);
  return status == SUCCESS ? impl_->core.run(graph_id, inputs, outputs, gemlir::api::RunStyle::Stream) : status;
}
Status Session::RunGraphAsync(uint32_t graph_id, const std::vector<ge::Tensor> &inputs, RunAsyncCallback callback) {
  if (!ready("RunGraphAsync"))
    return FAILED;
  // Copies of tensors share their data, so the callback's capture keeps it.
  const Status status = impl_->core.runAsync(graph_id, toRuntime(inputs),
                                             [callback, inputs](Status result, std::vector<gert::Tensor> &results) {
                                               std::vector<Tensor> outputs = toClient(results);
                                               if (callback)
                                                 callback(result, outputs);
                                             });
  if (status != SUCCESS && callback) {
    std::vector<Tensor> none;
    callback(status, none);
  }
  return status;
}
Status Session::GetVariables(const std::vector<AscendString> &names, std::vector<Tensor> &values) {
  if (!gemlir::api::requireInitialized("GetVariables"))
    return FAILED;
  std::vector<std::string> texts;
  for (const AscendString &name : names)
    texts.emplace_back(name.GetString());
  return impl_->core.getVariables(texts, values);
}
Status Session::RegisterCallBackFunc(const char *, const session::pCallBackFunc &) {
  return gemlir::api::refuse("RegisterCallBackFunc", gemlir::api::kNoCallbacks);
}

//===----------------------------------------------------------------------===//
// Memory of the caller
//===----------------------------------------------------------------------===//

Status Session::SetGraphConstMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("SetGraphConstMemoryBase", gemlir::api::kOwnsMemory);
}
Status Session::UpdateGraphFeatureMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("UpdateGraphFeatureMemoryBase", gemlir::api::kOwnsMemory);
}
Status Session::SetGraphFixedFeatureMemoryBaseWithType(uint32_t, MemoryType, const void *const, size_t) {
  return gemlir::api::refuse("SetGraphFixedFeatureMemoryBaseWithType", gemlir::api::kOwnsMemory);
}
Status Session::UpdateGraphRefreshableFeatureMemoryBase(uint32_t, const void *const, size_t) {
  return gemlir::api::refuse("UpdateGraphRefreshableFeatureMemoryBase", gemlir::api::kOwnsMemory);
}
Status Session::RegisterExternalAllocator(const void *const, AllocatorPtr) const {
  return gemlir::api::refuse("RegisterExternalAllocator", gemlir::api::kOwnsMemory);
}
Status Session::UnregisterExternalAllocator(const void *const) const {
  // Nothing was registered, so there is nothing to undo.
  return ready("UnregisterExternalAllocator") ? SUCCESS : FAILED;
}

} // namespace ge
