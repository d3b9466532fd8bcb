//===- GraphImpl.cpp - graphs from inside ---------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/GraphImpl.h"

#include "ge-mlir/Graph/ErrorMessage.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

namespace ge {

GraphImpl::~GraphImpl() {
  // A client may still hold a subgraph.
  for (const auto &node : nodes)
    for (const SubgraphSlot &slot : node->desc->subgraphs)
      if (slot.instance && slot.instance->parentGraph == this) {
        slot.instance->parentGraph = nullptr;
        slot.instance->parentNode = nullptr;
      }
  for (const auto &subgraph : subgraphs)
    if (subgraph->parentGraph == this) {
      subgraph->parentGraph = nullptr;
      subgraph->parentNode = nullptr;
    }
}

//===----------------------------------------------------------------------===//
// Collection of linked operators
//===----------------------------------------------------------------------===//

void GraphImpl::collect(const std::vector<Operator> &roots) {
  std::vector<std::shared_ptr<OperatorImpl>> work;
  std::unordered_set<const OperatorImpl *> seen;
  auto push = [&](const std::shared_ptr<OperatorImpl> &op) {
    if (op && seen.insert(op.get()).second)
      work.push_back(op);
  };
  for (const Operator &root : roots)
    push(OperatorAccess::get(root));
  for (size_t next = 0; next < work.size(); ++next) {
    const std::shared_ptr<OperatorImpl> op = work[next];
    for (const Link &link : op->links)
      push(link.producer);
    for (const auto &control : op->controls)
      push(control);
    for (const auto &consumer : op->consumers)
      push(consumer.lock());
  }
  for (const auto &op : work)
    (void)addOperator(op);
  for (const auto &op : work)
    connect(*op);
}

NodeImpl *GraphImpl::nodeOf(const std::shared_ptr<OperatorImpl> &op) {
  if (!op)
    return nullptr;
  collect({OperatorAccess::make(op)});
  auto it = byDesc.find(op->desc.get());
  return it == byDesc.end() ? nullptr : it->second;
}

NodeImpl *GraphImpl::addOperator(const std::shared_ptr<OperatorImpl> &op) {
  auto known = byDesc.find(op->desc.get());
  if (known != byDesc.end())
    return known->second;
  NodeImpl *node = addNode(op->desc);
  if (node != nullptr) {
    operators.push_back(op);
    node->op = op;
  }
  return node;
}

void GraphImpl::connect(const OperatorImpl &op) {
  auto find = [&](const OperatorImpl *producer) -> NodeImpl * {
    if (producer == nullptr)
      return nullptr;
    auto it = byDesc.find(producer->desc.get());
    return it == byDesc.end() ? nullptr : it->second;
  };
  NodeImpl *node = find(&op);
  if (node == nullptr)
    return;
  for (size_t i = 0; i < op.links.size(); ++i) {
    NodeImpl *producer = find(op.links[i].producer.get());
    const Edge old = node->input(i);
    if (producer == nullptr || (old.node == producer && old.port == op.links[i].output))
      continue;
    if (old.node != nullptr)
      (void)removeEdge(*old.node, old.port, *node, static_cast<int>(i));
    (void)addEdge(*producer, op.links[i].output, *node, static_cast<int>(i));
  }
  for (const auto &control : op.controls)
    if (NodeImpl *producer = find(control.get()))
      (void)addControlEdge(*producer, *node);
}

//===----------------------------------------------------------------------===//
// Nodes and edges
//===----------------------------------------------------------------------===//

NodeImpl *GraphImpl::addNode(const std::shared_ptr<OpDesc> &desc) {
  if (desc->name.empty()) {
    do
      desc->name = desc->type + "_" + std::to_string(unnamed[desc->type]++);
    while (byName.count(desc->name) != 0);
  }
  if (byName.count(desc->name) != 0) {
    gemlir::reportError("E13009", "graph '" + name + "' has two operators of the name '" + desc->name +
                                      "', expected unique names");
    broken = true;
    return nullptr;
  }
  auto node = std::make_shared<NodeImpl>();
  node->desc = desc;
  node->graph = this;
  nodes.push_back(node);
  byName[desc->name] = node.get();
  byDesc[desc.get()] = node.get();
  for (SubgraphSlot &slot : desc->subgraphs)
    if (std::shared_ptr<GraphImpl> subgraph = getOrBuild(slot))
      adopt(subgraph, node.get());
  valid = true;
  return node.get();
}

void GraphImpl::adopt(const std::shared_ptr<GraphImpl> &subgraph, NodeImpl *parent) {
  subgraph->parentGraph = this;
  subgraph->parentNode = parent;
}

bool GraphImpl::addEdge(NodeImpl &src, int srcPort, NodeImpl &dst, int dstPort) {
  if (srcPort < 0 || dstPort < 0 || static_cast<size_t>(srcPort) >= src.desc->outputs.size() ||
      static_cast<size_t>(dstPort) >= dst.desc->inputs.size()) {
    gemlir::reportError("E10001", "no edge from output " + std::to_string(srcPort) + " of '" + src.desc->name +
                                      "' (has " + std::to_string(src.desc->outputs.size()) + ") to input " +
                                      std::to_string(dstPort) + " of '" + dst.desc->name + "' (has " +
                                      std::to_string(dst.desc->inputs.size()) + ")");
    return false;
  }
  if (dst.inputs.size() < dst.desc->inputs.size())
    dst.inputs.resize(dst.desc->inputs.size());
  Edge &edge = dst.inputs[dstPort];
  if (edge.node != nullptr) {
    gemlir::reportError("E10001", "input " + std::to_string(dstPort) + " of '" + dst.desc->name +
                                      "' is already connected to '" + edge.node->desc->name + "'");
    return false;
  }
  edge = Edge{&src, srcPort};
  src.outEdges.push_back(OutEdge{&dst, srcPort, dstPort});
  return true;
}

bool GraphImpl::addControlEdge(NodeImpl &src, NodeImpl &dst) {
  auto &controls = dst.controlInputs;
  if (std::find(controls.begin(), controls.end(), &src) != controls.end())
    return true;
  controls.push_back(&src);
  src.controlOutputs.push_back(&dst);
  return true;
}

bool GraphImpl::removeEdge(NodeImpl &src, int srcPort, NodeImpl &dst, int dstPort) {
  if (srcPort < 0 || dstPort < 0) {
    auto at = std::find(dst.controlInputs.begin(), dst.controlInputs.end(), &src);
    if (srcPort != dstPort || at == dst.controlInputs.end())
      return false;
    dst.controlInputs.erase(at);
    auto &outs = src.controlOutputs;
    outs.erase(std::find(outs.begin(), outs.end(), &dst));
    return true;
  }
  const Edge edge = dst.input(dstPort);
  if (edge.node != &src || edge.port != srcPort)
    return false;
  dst.inputs[dstPort] = Edge();
  auto &outs = src.outEdges;
  outs.erase(std::find_if(outs.begin(), outs.end(), [&](const OutEdge &out) {
    return out.node == &dst && out.srcPort == srcPort && out.dstPort == dstPort;
  }));
  return true;
}

bool GraphImpl::removeNode(NodeImpl &node) {
  if (node.graph != this)
    return false;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (Edge edge = node.inputs[i]; edge.node != nullptr)
      (void)removeEdge(*edge.node, edge.port, node, static_cast<int>(i));
  for (const OutEdge &out : std::vector<OutEdge>(node.outEdges))
    (void)removeEdge(node, out.srcPort, *out.node, out.dstPort);
  for (NodeImpl *src : std::vector<NodeImpl *>(node.controlInputs))
    (void)removeEdge(*src, -1, node, -1);
  for (NodeImpl *dst : std::vector<NodeImpl *>(node.controlOutputs))
    (void)removeEdge(node, -1, *dst, -1);
  auto drop = [&](std::vector<NodeImpl *> &list) {
    list.erase(std::remove(list.begin(), list.end(), &node), list.end());
  };
  drop(inputs);
  drop(targets);
  outputs.erase(
      std::remove_if(outputs.begin(), outputs.end(), [&](const GraphOutput &out) { return out.node == &node; }),
      outputs.end());
  byName.erase(node.desc->name);
  byDesc.erase(node.desc.get());
  operators.erase(std::remove_if(operators.begin(), operators.end(),
                                 [&](const std::shared_ptr<OperatorImpl> &op) { return op->desc == node.desc; }),
                  operators.end());
  nodes.erase(std::find_if(nodes.begin(), nodes.end(),
                           [&](const std::shared_ptr<NodeImpl> &other) { return other.get() == &node; }));
  return true;
}

//===----------------------------------------------------------------------===//
// Orders and copies
//===----------------------------------------------------------------------===//

bool GraphImpl::topologicalOrder(std::vector<NodeImpl *> &order) const {
  std::unordered_map<const NodeImpl *, size_t> position;
  for (size_t i = 0; i < nodes.size(); ++i)
    position[nodes[i].get()] = i;
  std::vector<size_t> waiting(nodes.size(), 0);
  std::priority_queue<size_t, std::vector<size_t>, std::greater<size_t>> ready;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const Edge &edge : nodes[i]->inputs)
      waiting[i] += edge.node != nullptr;
    waiting[i] += nodes[i]->controlInputs.size();
    if (waiting[i] == 0)
      ready.push(i);
  }
  order.clear();
  while (!ready.empty()) {
    NodeImpl *node = nodes[ready.top()].get();
    ready.pop();
    order.push_back(node);
    auto release = [&](const NodeImpl *next) {
      const size_t at = position.at(next);
      if (--waiting[at] == 0)
        ready.push(at);
    };
    for (const OutEdge &out : node->outEdges)
      release(out.node);
    for (const NodeImpl *next : node->controlOutputs)
      release(next);
  }
  return order.size() == nodes.size();
}

std::shared_ptr<GraphImpl> GraphImpl::clone() const {
  auto copy = std::make_shared<GraphImpl>();
  copy->name = name;
  copy->attrs = attrs;
  copy->needIteration = needIteration;
  copy->broken = broken;
  std::unordered_map<const NodeImpl *, NodeImpl *> map;
  for (const auto &node : nodes) {
    auto desc = std::make_shared<OpDesc>(*node->desc);
    for (SubgraphSlot &slot : desc->subgraphs)
      if (slot.instance)
        slot.instance = slot.instance->clone();
    map[node.get()] = copy->addNode(desc);
  }
  for (const auto &node : nodes) {
    NodeImpl &to = *map[node.get()];
    for (size_t i = 0; i < node->inputs.size(); ++i)
      if (Edge edge = node->inputs[i]; edge.node != nullptr)
        (void)copy->addEdge(*map[edge.node], edge.port, to, static_cast<int>(i));
    for (NodeImpl *control : node->controlInputs)
      (void)copy->addControlEdge(*map[control], to);
  }
  for (NodeImpl *node : inputs)
    copy->inputs.push_back(map[node]);
  for (const GraphOutput &out : outputs)
    copy->outputs.push_back(GraphOutput{map[out.node], out.port, out.name});
  for (NodeImpl *node : targets)
    copy->targets.push_back(map[node]);
  for (const auto &subgraph : subgraphs) {
    copy->subgraphs.push_back(subgraph->clone());
    copy->adopt(copy->subgraphs.back(), nullptr);
  }
  copy->valid = valid;
  return copy;
}

std::vector<NodeImpl *> GraphImpl::dataNodes() const {
  auto isData = [](const NodeImpl *node) { return node->desc->type == "Data" || node->desc->type == "RefData"; };
  std::vector<NodeImpl *> result;
  for (NodeImpl *node : inputs)
    if (isData(node))
      result.push_back(node);
  for (const auto &node : nodes)
    if (isData(node.get()) && std::find(result.begin(), result.end(), node.get()) == result.end())
      result.push_back(node.get());
  // Indexes count only if they tell the nodes apart; many clients leave 0.
  std::map<int64_t, NodeImpl *> byIndex;
  for (NodeImpl *node : result) {
    int64_t index = 0;
    (void)node->desc->getAttr("index").GetAttrValue(index);
    byIndex.emplace(index, node);
  }
  if (byIndex.size() != result.size())
    return result;
  result.clear();
  for (const auto &entry : byIndex)
    result.push_back(entry.second);
  return result;
}

Operator makeOperator(NodeImpl &node) {
  std::shared_ptr<OperatorImpl> op = node.op.lock();
  if (op)
    return OperatorAccess::make(op);
  op = std::make_shared<OperatorImpl>();
  op->desc = node.desc;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i].node == nullptr)
      continue;
    auto producer = std::make_shared<OperatorImpl>();
    producer->desc = node.inputs[i].node->desc;
    op->link(i) = Link{producer, node.inputs[i].port};
  }
  node.op = op;
  return OperatorAccess::make(op);
}

} // namespace ge
