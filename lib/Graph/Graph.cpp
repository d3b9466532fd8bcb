//===- Graph.cpp - graphs as clients see them -----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/graph.h"

#include "graph/graph_buffer.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"

#include <algorithm>

namespace ge {
namespace {

std::string str(const char *text) { return text == nullptr ? "" : text; }

/// Adds results `ports` of an operator; all of them if there are none.
void addOutputs(GraphImpl &graph, const Operator &op, const std::vector<size_t> &ports) {
  NodeImpl *node = graph.nodeOf(OperatorAccess::get(op));
  if (node == nullptr) {
    gemlir::reportError("E10001", "an output of graph '" + graph.name + "' is an empty operator");
    graph.broken = true;
    return;
  }
  std::vector<size_t> all = ports;
  if (all.empty())
    for (size_t i = 0; i < node->desc->outputs.size(); ++i)
      all.push_back(i);
  for (size_t port : all) {
    if (port >= node->desc->outputs.size()) {
      gemlir::reportError("E10001", "an output of graph '" + graph.name + "' is output " + std::to_string(port) +
                                        " of '" + node->desc->name + "', which has " +
                                        std::to_string(node->desc->outputs.size()));
      graph.broken = true;
      continue;
    }
    graph.outputs.push_back(GraphOutput{node, static_cast<int>(port), ""});
  }
}

void allSubgraphs(const GraphImpl &graph, std::vector<std::shared_ptr<GraphImpl>> &result) {
  auto add = [&](const std::shared_ptr<GraphImpl> &subgraph) {
    if (!subgraph || std::find(result.begin(), result.end(), subgraph) != result.end())
      return;
    result.push_back(subgraph);
    allSubgraphs(*subgraph, result);
  };
  for (const auto &node : graph.nodes)
    for (SubgraphSlot &slot : node->desc->subgraphs)
      add(getOrBuild(slot));
  for (const auto &subgraph : graph.subgraphs)
    add(subgraph);
}

NodeImpl *nodeIn(const GraphImpl &graph, const GNode &node) {
  const std::shared_ptr<NodeImpl> impl = NodeAccess::get(node);
  return impl && impl->graph == &graph ? impl.get() : nullptr;
}

graphStatus notInGraph(const GraphImpl &graph) {
  gemlir::reportError("E10001", "a node is not in graph '" + graph.name + "'");
  return GRAPH_FAILED;
}

} // namespace

const std::shared_ptr<GraphImpl> &GraphAccess::get(const Graph &graph) { return graph.impl_; }
Graph GraphAccess::make(std::shared_ptr<GraphImpl> impl) { return Graph(std::move(impl)); }

Graph::Graph(std::shared_ptr<GraphImpl> impl) : impl_(std::move(impl)) {}
Graph::Graph() : Graph("") {}
Graph::Graph(const char *name) : impl_(std::make_shared<GraphImpl>()) { impl_->name = str(name); }

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

Graph &Graph::SetInputs(const std::vector<Operator> &inputs) {
  impl_->collect(inputs);
  impl_->inputs.clear();
  for (const Operator &op : inputs) {
    NodeImpl *node = impl_->nodeOf(OperatorAccess::get(op));
    if (node == nullptr) {
      gemlir::reportError("E10001", "an input of graph '" + impl_->name + "' is an empty operator");
      impl_->broken = true;
      continue;
    }
    impl_->inputs.push_back(node);
  }
  return *this;
}

Graph &Graph::SetOutputs(const std::vector<Operator> &outputs) {
  impl_->outputs.clear();
  for (const Operator &op : outputs)
    addOutputs(*impl_, op, {});
  return *this;
}

Graph &Graph::SetOutputs(const std::vector<std::pair<Operator, std::vector<size_t>>> &outputs) {
  impl_->outputs.clear();
  for (const auto &output : outputs)
    addOutputs(*impl_, output.first, output.second);
  return *this;
}

Graph &Graph::SetOutputs(const std::vector<std::pair<Operator, AscendString>> &outputs) {
  impl_->outputs.clear();
  for (const auto &output : outputs) {
    const auto &op = OperatorAccess::get(output.first);
    const int port = op ? op->desc->findOutput(output.second.GetString()) : -1;
    if (output.second.GetLength() == 0) {
      addOutputs(*impl_, output.first, {});
    } else if (port < 0) {
      gemlir::reportError("E10001", "an output of graph '" + impl_->name + "' names the unknown output '" +
                                        output.second.GetString() + "'");
      impl_->broken = true;
    } else {
      addOutputs(*impl_, output.first, {static_cast<size_t>(port)});
    }
  }
  return *this;
}

graphStatus Graph::SetOutputs(const std::vector<std::pair<GNode, int32_t>> &outputs) {
  std::vector<GraphOutput> result;
  for (const auto &output : outputs) {
    NodeImpl *node = nodeIn(*impl_, output.first);
    if (node == nullptr)
      return notInGraph(*impl_);
    if (output.second < 0 || static_cast<size_t>(output.second) >= node->desc->outputs.size()) {
      gemlir::reportError("E10001", "'" + node->desc->name + "' has no output " + std::to_string(output.second));
      return GRAPH_PARAM_INVALID;
    }
    result.push_back(GraphOutput{node, output.second, ""});
  }
  impl_->outputs = std::move(result);
  return GRAPH_SUCCESS;
}

Graph &Graph::SetTargets(const std::vector<Operator> &targets) {
  impl_->targets.clear();
  for (const Operator &op : targets)
    if (NodeImpl *node = impl_->nodeOf(OperatorAccess::get(op)))
      impl_->targets.push_back(node);
  return *this;
}

GraphPtr Graph::ConstructFromInputs(const std::vector<Operator> &inputs, const AscendString &name) {
  if (inputs.empty()) {
    gemlir::reportError("E10001", "a graph needs at least one input operator");
    return nullptr;
  }
  auto graph = std::make_shared<Graph>(name.GetString());
  graph->SetInputs(inputs);
  return graph->IsValid() ? graph : nullptr;
}

bool Graph::IsValid() const { return impl_ && impl_->valid && !impl_->broken; }
graphStatus Graph::SetValid() {
  impl_->valid = true;
  return GRAPH_SUCCESS;
}
graphStatus Graph::AddOp(const Operator &op) {
  return impl_->nodeOf(OperatorAccess::get(op)) ? GRAPH_SUCCESS : GRAPH_FAILED;
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

graphStatus Graph::FindOpByName(const char *name, Operator &op) const {
  auto it = impl_->byName.find(str(name));
  if (it == impl_->byName.end())
    return GRAPH_FAILED;
  op = makeOperator(*it->second);
  return GRAPH_SUCCESS;
}
graphStatus Graph::FindOpByType(const char *type, std::vector<Operator> &ops) const {
  ops.clear();
  for (const auto &node : impl_->nodes)
    if (node->desc->type == str(type))
      ops.push_back(makeOperator(*node));
  return GRAPH_SUCCESS;
}
graphStatus Graph::GetAllOpName(std::vector<AscendString> &names) const {
  names.clear();
  for (const auto &node : impl_->nodes)
    names.emplace_back(node->desc->name.c_str());
  return GRAPH_SUCCESS;
}
graphStatus Graph::GetName(AscendString &name) const {
  name = AscendString(impl_->name.c_str());
  return GRAPH_SUCCESS;
}
void Graph::SetNeedIteration(bool need_iteration) { impl_->needIteration = need_iteration; }
std::vector<GNode> Graph::GetDirectNode() const {
  std::vector<GNode> result;
  for (const auto &node : impl_->nodes)
    result.push_back(NodeAccess::make(node.get()));
  return result;
}
std::vector<GNode> Graph::GetAllNodes() const {
  std::vector<GNode> result = GetDirectNode();
  for (const GraphPtr &subgraph : GetAllSubgraphs())
    for (const GNode &node : subgraph->GetDirectNode())
      result.push_back(node);
  return result;
}
GNodePtr Graph::FindNodeByName(const AscendString &name) const {
  auto it = impl_->byName.find(name.GetString());
  return it == impl_->byName.end() ? nullptr : std::make_shared<GNode>(NodeAccess::make(it->second));
}
std::vector<GraphPtr> Graph::GetAllSubgraphs() const {
  std::vector<std::shared_ptr<GraphImpl>> all;
  allSubgraphs(*impl_, all);
  std::vector<GraphPtr> result;
  for (auto &subgraph : all)
    result.push_back(std::make_shared<Graph>(GraphAccess::make(subgraph)));
  return result;
}
GraphPtr Graph::GetSubGraph(const char *name) const {
  for (const GraphPtr &subgraph : GetAllSubgraphs())
    if (GraphAccess::get(*subgraph)->name == str(name))
      return subgraph;
  return nullptr;
}
graphStatus Graph::AddSubGraph(const Graph &subgraph) {
  const auto &impl = GraphAccess::get(subgraph);
  if (GetSubGraph(impl->name.c_str()) != nullptr) {
    gemlir::reportError("E10001", "graph '" + impl_->name + "' already has a subgraph '" + impl->name + "'");
    return GRAPH_FAILED;
  }
  impl_->subgraphs.push_back(impl);
  impl_->adopt(impl, nullptr);
  return GRAPH_SUCCESS;
}
graphStatus Graph::RemoveSubgraph(const char *name) {
  auto &list = impl_->subgraphs;
  auto at = std::find_if(list.begin(), list.end(), [&](const auto &subgraph) { return subgraph->name == str(name); });
  if (at != list.end()) {
    (*at)->parentGraph = nullptr;
    list.erase(at);
    return GRAPH_SUCCESS;
  }
  for (const auto &node : impl_->nodes)
    for (SubgraphSlot &slot : node->desc->subgraphs)
      if (slot.instance && slot.instance->name == str(name)) {
        slot.instance->parentGraph = nullptr;
        slot.instance->parentNode = nullptr;
        slot.instance.reset();
        slot.builder = SubgraphBuilder();
        return GRAPH_SUCCESS;
      }
  return GRAPH_FAILED;
}
ConstGraphPtr Graph::GetParentGraph() const {
  return impl_->parentGraph == nullptr
             ? nullptr
             : std::make_shared<const Graph>(GraphAccess::make(impl_->parentGraph->shared_from_this()));
}
GNodePtr Graph::GetParentNode() const {
  return impl_->parentNode == nullptr ? nullptr : std::make_shared<GNode>(NodeAccess::make(impl_->parentNode));
}
graphStatus Graph::SetAttr(const AscendString &name, const AttrValue &value) {
  impl_->attrs[name.GetString()] = value;
  return GRAPH_SUCCESS;
}
graphStatus Graph::GetAttr(const AscendString &name, AttrValue &value) const {
  auto it = impl_->attrs.find(name.GetString());
  if (it == impl_->attrs.end())
    return GRAPH_FAILED;
  value = it->second;
  return GRAPH_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Editing
//===----------------------------------------------------------------------===//

graphStatus Graph::RemoveNode(GNode &node) { return RemoveNode(node, false); }
graphStatus Graph::RemoveNode(GNode &node, bool contain_subgraph) {
  NodeImpl *impl = nodeIn(*impl_, node);
  if (impl == nullptr)
    return notInGraph(*impl_);
  if (contain_subgraph)
    for (SubgraphSlot &slot : impl->desc->subgraphs) {
      slot.instance.reset();
      slot.builder = SubgraphBuilder();
    }
  return impl_->removeNode(*impl) ? GRAPH_SUCCESS : GRAPH_FAILED;
}
graphStatus Graph::RemoveEdge(GNode &src_node, const int32_t src_port, GNode &dst_node, const int32_t dst_port) {
  NodeImpl *src = nodeIn(*impl_, src_node);
  NodeImpl *dst = nodeIn(*impl_, dst_node);
  if (src == nullptr || dst == nullptr)
    return notInGraph(*impl_);
  if (impl_->removeEdge(*src, src_port, *dst, dst_port))
    return GRAPH_SUCCESS;
  gemlir::reportError("E10001", "no edge from output " + std::to_string(src_port) + " of '" + src->desc->name +
                                    "' to input " + std::to_string(dst_port) + " of '" + dst->desc->name + "'");
  return GRAPH_FAILED;
}
GNode Graph::AddNodeByOp(const Operator &op) {
  const auto &impl = OperatorAccess::get(op);
  NodeImpl *node = impl ? impl_->addNode(impl->desc) : nullptr;
  return node != nullptr ? NodeAccess::make(node) : GNode();
}
graphStatus Graph::AddDataEdge(GNode &src_node, const int32_t src_port, GNode &dst_node, const int32_t dst_port) {
  NodeImpl *src = nodeIn(*impl_, src_node);
  NodeImpl *dst = nodeIn(*impl_, dst_node);
  if (src == nullptr || dst == nullptr)
    return notInGraph(*impl_);
  return impl_->addEdge(*src, src_port, *dst, dst_port) ? GRAPH_SUCCESS : GRAPH_FAILED;
}
graphStatus Graph::AddControlEdge(GNode &src_node, GNode &dst_node) {
  NodeImpl *src = nodeIn(*impl_, src_node);
  NodeImpl *dst = nodeIn(*impl_, dst_node);
  if (src == nullptr || dst == nullptr)
    return notInGraph(*impl_);
  return impl_->addControlEdge(*src, *dst) ? GRAPH_SUCCESS : GRAPH_FAILED;
}
graphStatus Graph::CopyFrom(const Graph &src_graph) {
  const auto &source = GraphAccess::get(src_graph);
  if (impl_ == source)
    return GRAPH_SUCCESS;
  std::shared_ptr<GraphImpl> copy = source->clone();
  if (!impl_->name.empty())
    copy->name = impl_->name;
  impl_ = std::move(copy);
  return GRAPH_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Serialization
//===----------------------------------------------------------------------===//

class BufferImpl {
public:
  std::vector<uint8_t> bytes;
};

GraphBuffer::GraphBuffer() : buffer_(std::make_shared<BufferImpl>()) {}
const uint8_t *GraphBuffer::GetData() const { return buffer_->bytes.data(); }
size_t GraphBuffer::GetSize() const { return buffer_->bytes.size(); }

void GraphImpl::setBytes(GraphBuffer &buffer, std::vector<uint8_t> bytes) { buffer.buffer_->bytes = std::move(bytes); }

} // namespace ge
