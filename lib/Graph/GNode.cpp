//===- GNode.cpp - nodes as clients see them ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/gnode.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"

#include <algorithm>

namespace ge {
namespace {

bool inRange(const std::vector<Port> &ports, int64_t index) {
  return index >= 0 && static_cast<size_t>(index) < ports.size();
}

graphStatus toIndexes(const std::vector<int> &from, std::vector<int32_t> &to) {
  to.assign(from.begin(), from.end());
  return from.empty() ? GRAPH_FAILED : GRAPH_SUCCESS;
}

graphStatus setAttr(std::vector<Port> &ports, uint32_t index, const AscendString &name, const AttrValue &value) {
  if (!inRange(ports, index))
    return GRAPH_FAILED;
  ports[index].attrs[name.GetString()] = value;
  return GRAPH_SUCCESS;
}

graphStatus getAttr(const std::vector<Port> &ports, uint32_t index, const AscendString &name, AttrValue &value) {
  if (!inRange(ports, index))
    return GRAPH_FAILED;
  auto it = ports[index].attrs.find(name.GetString());
  if (it == ports[index].attrs.end())
    return GRAPH_FAILED;
  value = it->second;
  return GRAPH_SUCCESS;
}

std::vector<GNodePtr> wrap(const std::vector<NodeImpl *> &nodes) {
  std::vector<GNodePtr> result;
  for (NodeImpl *node : nodes)
    result.push_back(std::make_shared<GNode>(NodeAccess::make(node)));
  return result;
}

} // namespace

std::shared_ptr<NodeImpl> NodeAccess::get(const GNode &node) { return node.impl_.lock(); }
GNode NodeAccess::make(NodeImpl *node) { return GNode(std::weak_ptr<NodeImpl>(node->shared_from_this())); }

GNode::GNode(std::weak_ptr<NodeImpl> impl) : impl_(std::move(impl)) {}

graphStatus GNode::GetType(AscendString &type) const {
  const auto node = impl_.lock();
  if (!node)
    return GRAPH_FAILED;
  type = AscendString(node->desc->type.c_str());
  return GRAPH_SUCCESS;
}
graphStatus GNode::GetName(AscendString &name) const {
  const auto node = impl_.lock();
  if (!node)
    return GRAPH_FAILED;
  name = AscendString(node->desc->name.c_str());
  return GRAPH_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Neighbours
//===----------------------------------------------------------------------===//

std::pair<GNodePtr, int32_t> GNode::GetInDataNodesAndPortIndexs(const int32_t index) const {
  const auto node = impl_.lock();
  if (!node || index < 0)
    return {nullptr, -1};
  const Edge edge = node->input(index);
  if (edge.node == nullptr)
    return {nullptr, -1};
  return {std::make_shared<GNode>(NodeAccess::make(edge.node)), edge.port};
}
std::vector<GNodePtr> GNode::GetInControlNodes() const {
  const auto node = impl_.lock();
  return node ? wrap(node->controlInputs) : std::vector<GNodePtr>();
}
std::vector<std::pair<GNodePtr, int32_t>> GNode::GetOutDataNodesAndPortIndexs(const int32_t index) const {
  std::vector<std::pair<GNodePtr, int32_t>> result;
  if (const auto node = impl_.lock())
    for (const OutEdge &out : node->outEdges)
      if (out.srcPort == index)
        result.emplace_back(std::make_shared<GNode>(NodeAccess::make(out.node)), out.dstPort);
  return result;
}
std::vector<GNodePtr> GNode::GetOutControlNodes() const {
  const auto node = impl_.lock();
  return node ? wrap(node->controlOutputs) : std::vector<GNodePtr>();
}
graphStatus GNode::GetInputConstData(const int32_t index, Tensor &data) const {
  const auto node = impl_.lock();
  if (!node || index < 0)
    return GRAPH_FAILED;
  const Edge edge = node->input(index);
  return edge.node != nullptr && getConstValue(*edge.node->desc, data) ? GRAPH_SUCCESS : GRAPH_NODE_WITHOUT_CONST_INPUT;
}

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

graphStatus GNode::GetInputIndexByName(const AscendString &name, int32_t &index) const {
  const auto node = impl_.lock();
  index = node ? node->desc->findInput(name.GetString()) : -1;
  return index >= 0 ? GRAPH_SUCCESS : GRAPH_FAILED;
}
graphStatus GNode::GetOutputIndexByName(const AscendString &name, int32_t &index) const {
  const auto node = impl_.lock();
  index = node ? node->desc->findOutput(name.GetString()) : -1;
  return index >= 0 ? GRAPH_SUCCESS : GRAPH_FAILED;
}
graphStatus GNode::GetDynamicInputIndexesByName(const AscendString &name, std::vector<int32_t> &indexes) const {
  const auto node = impl_.lock();
  return node ? toIndexes(OpDesc::group(node->desc->irInputs, node->desc->inputs, name.GetString()), indexes)
              : GRAPH_FAILED;
}
graphStatus GNode::GetDynamicOutputIndexesByName(const AscendString &name, std::vector<int32_t> &indexes) const {
  const auto node = impl_.lock();
  return node ? toIndexes(OpDesc::group(node->desc->irOutputs, node->desc->outputs, name.GetString()), indexes)
              : GRAPH_FAILED;
}
size_t GNode::GetInputsSize() const {
  const auto node = impl_.lock();
  return node ? node->desc->inputs.size() : 0;
}
size_t GNode::GetOutputsSize() const {
  const auto node = impl_.lock();
  return node ? node->desc->outputs.size() : 0;
}
graphStatus GNode::GetInputDesc(const int32_t index, TensorDesc &desc) const {
  const auto node = impl_.lock();
  if (!node || !inRange(node->desc->inputs, index))
    return GRAPH_FAILED;
  desc = node->desc->inputs[index].desc;
  return GRAPH_SUCCESS;
}
graphStatus GNode::UpdateInputDesc(const int32_t index, const TensorDesc &desc) {
  const auto node = impl_.lock();
  if (!node || !inRange(node->desc->inputs, index))
    return GRAPH_FAILED;
  node->desc->inputs[index].desc = desc;
  node->desc->inputs[index].described = true;
  return GRAPH_SUCCESS;
}
graphStatus GNode::GetOutputDesc(const int32_t index, TensorDesc &desc) const {
  const auto node = impl_.lock();
  if (!node || !inRange(node->desc->outputs, index))
    return GRAPH_FAILED;
  desc = node->desc->outputs[index].desc;
  return GRAPH_SUCCESS;
}
graphStatus GNode::UpdateOutputDesc(const int32_t index, const TensorDesc &desc) {
  const auto node = impl_.lock();
  if (!node || !inRange(node->desc->outputs, index))
    return GRAPH_FAILED;
  node->desc->outputs[index].desc = desc;
  node->desc->outputs[index].described = true;
  return GRAPH_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

graphStatus GNode::GetAttr(const AscendString &name, AttrValue &value) const {
  const auto node = impl_.lock();
  const AttrValue found = node ? node->desc->getAttr(name.GetString()) : AttrValue();
  if (found.IsEmpty())
    return GRAPH_FAILED;
  value = found;
  return GRAPH_SUCCESS;
}
graphStatus GNode::SetAttr(const AscendString &name, AttrValue &value) const {
  const auto node = impl_.lock();
  if (!node)
    return GRAPH_FAILED;
  node->desc->attrs[name.GetString()] = value;
  return GRAPH_SUCCESS;
}

#define GEMLIR_ATTR(Type)                                                                                              \
  graphStatus GNode::GetAttr(const AscendString &name, Type &value) const {                                            \
    AttrValue attr;                                                                                                    \
    return GetAttr(name, attr) == GRAPH_SUCCESS ? attr.GetAttrValue(value) : GRAPH_FAILED;                             \
  }                                                                                                                    \
  graphStatus GNode::SetAttr(const AscendString &name, Type &value) const {                                            \
    AttrValue attr;                                                                                                    \
    const graphStatus status = attr.SetAttrValue(value);                                                               \
    return status == GRAPH_SUCCESS ? SetAttr(name, attr) : status;                                                     \
  }
GEMLIR_ATTR(int64_t)
GEMLIR_ATTR(int32_t)
GEMLIR_ATTR(uint32_t)
GEMLIR_ATTR(float32_t)
GEMLIR_ATTR(bool)
GEMLIR_ATTR(AscendString)
GEMLIR_ATTR(Tensor)
GEMLIR_ATTR(DataType)
GEMLIR_ATTR(std::vector<int64_t>)
GEMLIR_ATTR(std::vector<int32_t>)
GEMLIR_ATTR(std::vector<uint32_t>)
GEMLIR_ATTR(std::vector<float32_t>)
GEMLIR_ATTR(std::vector<bool>)
GEMLIR_ATTR(std::vector<AscendString>)
GEMLIR_ATTR(std::vector<Tensor>)
GEMLIR_ATTR(std::vector<DataType>)
GEMLIR_ATTR(std::vector<uint8_t>)
GEMLIR_ATTR(std::vector<std::vector<int64_t>>)
#undef GEMLIR_ATTR

bool GNode::HasAttr(const AscendString &name) const {
  AttrValue value;
  return GetAttr(name, value) == GRAPH_SUCCESS;
}
graphStatus GNode::SetInputAttr(const AscendString &name, uint32_t index, const AttrValue &value) const {
  const auto node = impl_.lock();
  return node ? setAttr(node->desc->inputs, index, name, value) : GRAPH_FAILED;
}
graphStatus GNode::SetOutputAttr(const AscendString &name, uint32_t index, const AttrValue &value) const {
  const auto node = impl_.lock();
  return node ? setAttr(node->desc->outputs, index, name, value) : GRAPH_FAILED;
}
graphStatus GNode::GetInputAttr(const AscendString &name, uint32_t index, AttrValue &value) const {
  const auto node = impl_.lock();
  return node ? getAttr(node->desc->inputs, index, name, value) : GRAPH_FAILED;
}
graphStatus GNode::GetOutputAttr(const AscendString &name, uint32_t index, AttrValue &value) const {
  const auto node = impl_.lock();
  return node ? getAttr(node->desc->outputs, index, name, value) : GRAPH_FAILED;
}

//===----------------------------------------------------------------------===//
// Subgraphs
//===----------------------------------------------------------------------===//

graphStatus GNode::GetSubgraph(uint32_t index, GraphPtr &graph) const {
  const auto node = impl_.lock();
  if (!node || index >= node->desc->subgraphs.size())
    return GRAPH_FAILED;
  std::shared_ptr<GraphImpl> impl = getOrBuild(node->desc->subgraphs[index]);
  if (!impl)
    return GRAPH_FAILED;
  graph = std::make_shared<Graph>(GraphAccess::make(std::move(impl)));
  return GRAPH_SUCCESS;
}
graphStatus GNode::GetALLSubgraphs(std::vector<GraphPtr> &graphs) const {
  const auto node = impl_.lock();
  if (!node)
    return GRAPH_FAILED;
  graphs.clear();
  for (SubgraphSlot &slot : node->desc->subgraphs)
    if (std::shared_ptr<GraphImpl> impl = getOrBuild(slot))
      graphs.push_back(std::make_shared<Graph>(GraphAccess::make(impl)));
  return GRAPH_SUCCESS;
}
graphStatus GNode::SetSubgraph(const AscendString &ir_name, const Graph &subgraph) {
  return SetSubgraphs(ir_name, {subgraph});
}
graphStatus GNode::SetSubgraphs(const AscendString &ir_name, const std::vector<Graph> &subgraphs) {
  const auto node = impl_.lock();
  if (!node)
    return GRAPH_FAILED;
  auto &slots = node->desc->subgraphs;
  slots.erase(std::remove_if(slots.begin(), slots.end(),
                             [&](const SubgraphSlot &slot) { return ir_name == slot.irName.c_str(); }),
              slots.end());
  for (size_t i = 0; i < subgraphs.size(); ++i) {
    SubgraphSlot slot;
    slot.irName = ir_name.GetString();
    slot.index = static_cast<unsigned>(i);
    slot.instance = GraphAccess::get(subgraphs[i]);
    node->graph->adopt(slot.instance, node.get());
    slots.push_back(std::move(slot));
  }
  return GRAPH_SUCCESS;
}

} // namespace ge
