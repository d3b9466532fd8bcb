//===- gnode.h - a node of a graph ------------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_GNODE_H
#define GRAPH_GNODE_H

#include "graph/attr_value.h"
#include "graph/tensor.h"

#include <utility>
#include <vector>

namespace ge {
class GNode;
class Graph;
class NodeImpl;
struct NodeAccess;

using GNodePtr = std::shared_ptr<GNode>;
using GraphPtr = std::shared_ptr<Graph>;

/// A handle of a node; copies are the same node. It does not keep the graph
/// alive: once the graph is gone, everything fails.
class GE_FUNC_VISIBILITY GNode {
public:
  GNode() = default;
  ~GNode() = default;

  graphStatus GetType(AscendString &type) const;
  graphStatus GetName(AscendString &name) const;

  std::pair<GNodePtr, int32_t> GetInDataNodesAndPortIndexs(const int32_t index) const;
  std::vector<GNodePtr> GetInControlNodes() const;
  std::vector<std::pair<GNodePtr, int32_t>> GetOutDataNodesAndPortIndexs(const int32_t index) const;
  std::vector<GNodePtr> GetOutControlNodes() const;
  /// The value of an input that is a constant; GRAPH_NODE_WITHOUT_CONST_INPUT
  /// otherwise.
  graphStatus GetInputConstData(const int32_t index, Tensor &data) const;

  graphStatus GetInputIndexByName(const AscendString &name, int32_t &index) const;
  graphStatus GetOutputIndexByName(const AscendString &name, int32_t &index) const;
  graphStatus GetDynamicInputIndexesByName(const AscendString &name, std::vector<int32_t> &indexes) const;
  graphStatus GetDynamicOutputIndexesByName(const AscendString &name, std::vector<int32_t> &indexes) const;
  size_t GetInputsSize() const;
  size_t GetOutputsSize() const;
  graphStatus GetInputDesc(const int32_t index, TensorDesc &desc) const;
  graphStatus UpdateInputDesc(const int32_t index, const TensorDesc &desc);
  graphStatus GetOutputDesc(const int32_t index, TensorDesc &desc) const;
  graphStatus UpdateOutputDesc(const int32_t index, const TensorDesc &desc);

  graphStatus GetAttr(const AscendString &name, int64_t &value) const;
  graphStatus GetAttr(const AscendString &name, int32_t &value) const;
  graphStatus GetAttr(const AscendString &name, uint32_t &value) const;
  graphStatus GetAttr(const AscendString &name, float32_t &value) const;
  graphStatus GetAttr(const AscendString &name, bool &value) const;
  graphStatus GetAttr(const AscendString &name, AscendString &value) const;
  graphStatus GetAttr(const AscendString &name, Tensor &value) const;
  graphStatus GetAttr(const AscendString &name, DataType &value) const;
  graphStatus GetAttr(const AscendString &name, AttrValue &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<int64_t> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<int32_t> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<uint32_t> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<float32_t> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<bool> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<AscendString> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<Tensor> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<DataType> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<uint8_t> &value) const;
  graphStatus GetAttr(const AscendString &name, std::vector<std::vector<int64_t>> &value) const;

  graphStatus SetAttr(const AscendString &name, int64_t &value) const;
  graphStatus SetAttr(const AscendString &name, int32_t &value) const;
  graphStatus SetAttr(const AscendString &name, uint32_t &value) const;
  graphStatus SetAttr(const AscendString &name, float32_t &value) const;
  graphStatus SetAttr(const AscendString &name, bool &value) const;
  graphStatus SetAttr(const AscendString &name, AscendString &value) const;
  graphStatus SetAttr(const AscendString &name, Tensor &value) const;
  graphStatus SetAttr(const AscendString &name, DataType &value) const;
  graphStatus SetAttr(const AscendString &name, AttrValue &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<int64_t> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<int32_t> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<uint32_t> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<float32_t> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<bool> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<AscendString> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<Tensor> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<DataType> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<uint8_t> &value) const;
  graphStatus SetAttr(const AscendString &name, std::vector<std::vector<int64_t>> &value) const;
  bool HasAttr(const AscendString &name) const;
  graphStatus SetInputAttr(const AscendString &name, uint32_t index, const AttrValue &value) const;
  graphStatus SetOutputAttr(const AscendString &name, uint32_t index, const AttrValue &value) const;
  graphStatus GetInputAttr(const AscendString &name, uint32_t index, AttrValue &value) const;
  graphStatus GetOutputAttr(const AscendString &name, uint32_t index, AttrValue &value) const;

  graphStatus GetSubgraph(uint32_t index, GraphPtr &graph) const;
  graphStatus GetALLSubgraphs(std::vector<GraphPtr> &graphs) const;
  graphStatus SetSubgraph(const AscendString &ir_name, const Graph &subgraph);
  graphStatus SetSubgraphs(const AscendString &ir_name, const std::vector<Graph> &subgraphs);

private:
  friend struct NodeAccess;
  explicit GNode(std::weak_ptr<NodeImpl> impl);
  std::weak_ptr<NodeImpl> impl_;
};
} // namespace ge

#endif // GRAPH_GNODE_H
