//===- Summary.cpp - what a compiled graph needs --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SessionCore.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Model/OM.h"

namespace ge {

class CompiledGraphSummary::Impl {
public:
  std::vector<gemlir::model::TensorInfo> outputs;
  std::string name;
  size_t weightSize = 0;
  size_t workSize = 0;
  bool isStatic = true;
  gemlir::model::ExternalWeights external;
};

CompiledGraphSummary::CompiledGraphSummary() : impl_(new Impl) {}
CompiledGraphSummary::~CompiledGraphSummary() = default;

CompiledGraphSummaryPtr CompiledGraphSummary::Builder::build(const ModelBufferData &model) {
  gemlir::model::OMView view;
  std::shared_ptr<CompiledGraphSummary> summary(new CompiledGraphSummary);
  Impl &impl = *summary->impl_;
  gemlir::Error error = gemlir::model::readOM(model.data.get(), model.length, view);
  gemlir::runtime::Description description;
  if (!error)
    error = gemlir::runtime::describe(model.data.get(), model.length, description);
  if (!error)
    error = gemlir::runtime::querySize(model.data.get(), model.length, impl.workSize, impl.weightSize);
  if (error) {
    (void)gemlir::api::toStatus(error, "reading the compiled graph failed");
    return nullptr;
  }
  impl.name = view.name;
  impl.external = view.external;
  impl.outputs = description.outputs;
  // A choice of static shapes is static; the largest stands for all.
  for (const gemlir::runtime::Description::Gear &gear : description.gears)
    for (size_t i = 0; i < impl.outputs.size(); ++i)
      if (impl.outputs[i].byteSize < gear.outputs[i].byteSize)
        impl.outputs[i] = gear.outputs[i];
  if (description.gears.empty())
    for (const auto *list : {&description.inputs, &description.outputs})
      for (const gemlir::model::TensorInfo &info : *list)
        for (int64_t dim : info.dims)
          impl.isStatic &= dim >= 0;
  return summary;
}

namespace {
Status needStatic(bool isStatic, const char *what) {
  if (!isStatic)
    gemlir::reportError("E10055", std::string(what) + " has no answer for a "
                                                      "graph with dynamic shapes");
  return isStatic ? SUCCESS : FAILED;
}
} // namespace

bool CompiledGraphSummary::IsStatic() const { return impl_->isStatic; }
Status CompiledGraphSummary::GetConstMemorySize(size_t &size) const {
  size = impl_->weightSize;
  return needStatic(impl_->isStatic, "GetConstMemorySize");
}
Status CompiledGraphSummary::GetFeatureMemorySize(size_t &size) const {
  size = impl_->workSize;
  return needStatic(impl_->isStatic, "GetFeatureMemorySize");
}
Status CompiledGraphSummary::GetFixedFeatureMemorySize(size_t &size) const {
  size = 0;
  return SUCCESS;
}
Status CompiledGraphSummary::GetRefreshableFeatureMemorySize(size_t &size) const {
  size = impl_->workSize;
  return needStatic(impl_->isStatic, "GetRefreshableFeatureMemorySize");
}
std::vector<FeatureMemoryPtr> CompiledGraphSummary::GetAllFeatureMemoryTypeSize() const {
  return {std::make_shared<FeatureMemory>(MemoryType::MEMORY_TYPE_DEFAULT, impl_->workSize, false)};
}
Status CompiledGraphSummary::GetFeatureMemoryBaseRefreshable(bool &refreshable) const {
  refreshable = false;
  return needStatic(impl_->isStatic, "GetFeatureMemoryBaseRefreshable");
}
Status CompiledGraphSummary::GetStreamNum(size_t &number) const {
  number = 1;
  return SUCCESS;
}
Status CompiledGraphSummary::GetEventNum(size_t &number) const {
  number = 0;
  return SUCCESS;
}
Status CompiledGraphSummary::GetOutputShapes(std::vector<ge::Shape> &shapes) const {
  shapes.clear();
  for (const gemlir::model::TensorInfo &output : impl_->outputs)
    shapes.emplace_back(output.dims);
  return needStatic(impl_->isStatic, "GetOutputShapes");
}
Status CompiledGraphSummary::GetOutputDtypes(std::vector<ge::DataType> &types) const {
  types.clear();
  for (const gemlir::model::TensorInfo &output : impl_->outputs)
    types.push_back(static_cast<DataType>(output.dataType));
  return SUCCESS;
}
Status CompiledGraphSummary::GetIOIndexesWithSameAddr(std::vector<std::pair<uint32_t, uint32_t>> &indexes) const {
  indexes.clear();
  return SUCCESS;
}
Status CompiledGraphSummary::GetExternalWeightPaths(std::vector<ExternalWeightDescPtr> &weights) const {
  weights.clear();
  for (const gemlir::model::ExternalWeight &piece : impl_->external.pieces)
    weights.push_back(std::make_shared<ExternalWeightDesc>((impl_->external.directory + "/" + piece.file).c_str(),
                                                           piece.size, piece.fileOffset, piece.file.c_str()));
  return SUCCESS;
}
Status CompiledGraphSummary::GetStreamAllocationSummary(std::shared_ptr<StreamAllocationSummary> &summary) const {
  const AscendString graph(impl_->name.c_str());
  const std::string dot = "digraph \"" + impl_->name + "\" { stream_0; }\n";
  summary = std::make_shared<StreamAllocationSummary>(
      std::map<AscendString, AscendString>{{graph, dot.c_str()}},
      std::map<AscendString, std::vector<LogicalStreamAllocationInfo>>{{graph, {LogicalStreamAllocationInfo({})}}});
  return SUCCESS;
}

AscendString LogicalStreamAllocationInfo::ToStringInfo() const {
  return AscendString("logic_stream_id: 0, physical_stream_num: 1");
}

} // namespace ge
