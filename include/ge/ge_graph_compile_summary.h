//===- ge_graph_compile_summary.h - what a compiled graph needs --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_GRAPH_COMPILE_SUMMARY_H
#define GE_GE_GRAPH_COMPILE_SUMMARY_H

#include "ge/ge_external_weight_desc.h"
#include "ge/ge_feature_memory.h"
#include "ge_common/ge_common_api_types.h"
#include "graph/tensor.h"

#include <map>
#include <utility>
#include <vector>

namespace ge {
class CompiledGraphSummary;
using CompiledGraphSummaryPtr = std::shared_ptr<CompiledGraphSummary>;

/// One logical stream of a graph. Programs run on one.
class GE_FUNC_VISIBILITY LogicalStreamAllocationInfo {
public:
  explicit LogicalStreamAllocationInfo(std::vector<AscendString> nodes) : nodes_(std::move(nodes)) {}
  AscendString ToStringInfo() const;
  int64_t GetLogicalStreamId() const { return 0; }
  AscendString GetUsrStreamLabel() const { return AscendString(); }
  bool IsAssignedByStreamPass() const { return false; }
  std::vector<int64_t> GetAttachedStreamIds() const { return std::vector<int64_t>(); }
  size_t GetPhysicalStreamNum() const { return 1; }
  int64_t GetHcclFollowedStreamNum() const { return 0; }
  const std::vector<AscendString> &GetAllNodes() const { return nodes_; }

private:
  std::vector<AscendString> nodes_;
};

class GE_FUNC_VISIBILITY StreamAllocationSummary {
public:
  StreamAllocationSummary(std::map<AscendString, AscendString> graphs,
                          std::map<AscendString, std::vector<LogicalStreamAllocationInfo>> streams)
      : graphs_(std::move(graphs)), streams_(std::move(streams)) {}
  /// Graph name to a picture in the DOT language.
  const std::map<AscendString, AscendString> &ToStreamGraph() const { return graphs_; }
  const std::map<AscendString, std::vector<LogicalStreamAllocationInfo>> &GetAllLogicalStreamInfos() const {
    return streams_;
  }

private:
  std::map<AscendString, AscendString> graphs_;
  std::map<AscendString, std::vector<LogicalStreamAllocationInfo>> streams_;
};

class GE_FUNC_VISIBILITY CompiledGraphSummary {
public:
  class Builder;
  ~CompiledGraphSummary();
  CompiledGraphSummary(const CompiledGraphSummary &) = delete;
  CompiledGraphSummary &operator=(const CompiledGraphSummary &) = delete;

  bool IsStatic() const;
  Status GetConstMemorySize(size_t &size) const;
  Status GetFeatureMemorySize(size_t &size) const;
  Status GetFixedFeatureMemorySize(size_t &size) const;
  Status GetRefreshableFeatureMemorySize(size_t &size) const;
  std::vector<FeatureMemoryPtr> GetAllFeatureMemoryTypeSize() const;
  Status GetFeatureMemoryBaseRefreshable(bool &refreshable) const;
  Status GetStreamNum(size_t &number) const;
  Status GetEventNum(size_t &number) const;
  Status GetOutputShapes(std::vector<ge::Shape> &shapes) const;
  Status GetOutputDtypes(std::vector<ge::DataType> &types) const;
  Status GetIOIndexesWithSameAddr(std::vector<std::pair<uint32_t, uint32_t>> &indexes) const;
  Status GetExternalWeightPaths(std::vector<ExternalWeightDescPtr> &weights) const;
  Status GetStreamAllocationSummary(std::shared_ptr<StreamAllocationSummary> &summary) const;

private:
  class Impl;
  CompiledGraphSummary();
  std::unique_ptr<Impl> impl_;
};
} // namespace ge

#endif // GE_GE_GRAPH_COMPILE_SUMMARY_H
