//===- GraphImpl.h - operators, nodes and graphs from inside ----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_GRAPH_GRAPHIMPL_H
#define GE_MLIR_GRAPH_GRAPHIMPL_H

// Three layers. OpDesc says what an operator is: type, ports, attributes,
// subgraphs. OperatorImpl adds the links of an operator under construction; a
// consumer keeps its producers alive, never the other way, so dropped
// operators go. NodeImpl adds the edges of a node in a graph, which owns it.
// Operator and node share the OpDesc, so a change through either is seen by
// both.

#include "ge-mlir/Graph/AttrValueImpl.h"
#include "graph/graph.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace ge {

enum class PortKind { Required, Optional, Dynamic };

/// "required", "optional" or "dynamic".
const char *toString(PortKind kind);

/// An input or output that the prototype declares.
struct IrPort {
  std::string name;
  PortKind kind;
  std::string type;
};

struct IrAttr {
  std::string name;
  std::string type;
  bool required;
  AttrValue defaultValue;
};

struct IrSubgraph {
  std::string name;
  bool dynamic;
};

/// One input or output of an operator. `ir` is its index in the prototype, -1
/// without one; a dynamic input has as many ports with the same `ir` as were
/// asked for.
struct Port {
  std::string name;
  int ir = -1;
  TensorDesc desc;
  /// Whether anybody set the description.
  bool described = false;
  std::map<std::string, AttrValue> attrs;
};

/// A place for a subgraph: built at first use unless an instance was set.
struct SubgraphSlot {
  std::string irName;
  unsigned index = 0;
  std::string instanceName;
  SubgraphBuilder builder;
  std::shared_ptr<GraphImpl> instance;
};

struct OpDesc {
  std::string name;
  std::string type;
  std::vector<IrPort> irInputs;
  std::vector<IrPort> irOutputs;
  std::vector<IrAttr> irAttrs;
  std::vector<IrSubgraph> irSubgraphs;
  std::map<std::string, std::string> typeSymbols;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::map<std::string, AttrValue> attrs;
  std::vector<SubgraphSlot> subgraphs;

  /// -1 if there is none.
  static int find(const std::vector<Port> &ports, const std::string &name);
  int findInput(const std::string &name) const { return find(inputs, name); }
  int findOutput(const std::string &name) const { return find(outputs, name); }
  /// The ports of a dynamic input or output (or the one of another kind), in
  /// order.
  static std::vector<int> group(const std::vector<IrPort> &ir, const std::vector<Port> &ports, const std::string &name);
  /// Declared value or default; empty if there is neither.
  AttrValue getAttr(const std::string &name) const;
  SubgraphSlot *findSubgraph(const std::string &irName, unsigned index);
};

/// A link of an operator under construction.
struct Link {
  std::shared_ptr<OperatorImpl> producer;
  int output = 0;
};

class OperatorImpl {
public:
  std::shared_ptr<OpDesc> desc = std::make_shared<OpDesc>();
  /// Parallel to desc->inputs, perhaps shorter.
  std::vector<Link> links;
  std::vector<std::shared_ptr<OperatorImpl>> controls;
  std::vector<std::weak_ptr<OperatorImpl>> consumers;
  std::shared_ptr<InferenceContext> context;

  Link &link(size_t input) {
    if (links.size() < desc->inputs.size())
      links.resize(desc->inputs.size());
    return links[input];
  }
};

struct Edge {
  NodeImpl *node = nullptr;
  int port = 0;
};

struct OutEdge {
  NodeImpl *node;
  int srcPort;
  int dstPort;
};

class NodeImpl : public std::enable_shared_from_this<NodeImpl> {
public:
  std::shared_ptr<OpDesc> desc;
  GraphImpl *graph = nullptr;
  std::vector<Edge> inputs;
  std::vector<NodeImpl *> controlInputs;
  std::vector<OutEdge> outEdges;
  std::vector<NodeImpl *> controlOutputs;
  /// For operators handed out for this node.
  std::weak_ptr<OperatorImpl> op;

  Edge input(size_t index) const { return index < inputs.size() ? inputs[index] : Edge(); }
};

/// One result of a graph.
struct GraphOutput {
  NodeImpl *node;
  int port;
  std::string name;
};

class GraphImpl : public std::enable_shared_from_this<GraphImpl> {
public:
  std::string name;
  std::vector<std::shared_ptr<NodeImpl>> nodes;
  std::unordered_map<std::string, NodeImpl *> byName;
  std::vector<NodeImpl *> inputs;
  std::vector<GraphOutput> outputs;
  std::vector<NodeImpl *> targets;
  std::map<std::string, AttrValue> attrs;
  std::vector<std::shared_ptr<GraphImpl>> subgraphs;
  GraphImpl *parentGraph = nullptr;
  NodeImpl *parentNode = nullptr;
  bool needIteration = false;
  bool valid = false;
  /// Set when construction met something wrong; a text was reported.
  bool broken = false;

  ~GraphImpl();

  /// Makes nodes for `roots` and all that is linked to them.
  void collect(const std::vector<Operator> &roots);
  /// The node of an operator, made with its producers if there is none.
  NodeImpl *nodeOf(const std::shared_ptr<OperatorImpl> &op);
  NodeImpl *addNode(const std::shared_ptr<OpDesc> &desc);
  bool addEdge(NodeImpl &src, int srcPort, NodeImpl &dst, int dstPort);
  bool addControlEdge(NodeImpl &src, NodeImpl &dst);
  bool removeEdge(NodeImpl &src, int srcPort, NodeImpl &dst, int dstPort);
  bool removeNode(NodeImpl &node);
  void adopt(const std::shared_ptr<GraphImpl> &subgraph, NodeImpl *parent);
  /// Nodes with producers before consumers, ties in the order of addition;
  /// false if there is a cycle.
  bool topologicalOrder(std::vector<NodeImpl *> &order) const;
  /// A deep copy; tensors share their payload.
  std::shared_ptr<GraphImpl> clone() const;
  /// Data nodes by their attribute `index`, then by position.
  std::vector<NodeImpl *> dataNodes() const;

  static void setBytes(GraphBuffer &buffer, std::vector<uint8_t> bytes);

private:
  std::unordered_map<const OpDesc *, NodeImpl *> byDesc;
  /// The operators that the nodes were made from: a link that a client adds
  /// later still becomes an edge.
  std::vector<std::shared_ptr<OperatorImpl>> operators;
  std::map<std::string, unsigned> unnamed;

  NodeImpl *addOperator(const std::shared_ptr<OperatorImpl> &op);
  void connect(const OperatorImpl &op);
};

struct OperatorAccess {
  static const std::shared_ptr<OperatorImpl> &get(const Operator &op);
  static Operator make(std::shared_ptr<OperatorImpl> impl);
};

struct NodeAccess {
  static std::shared_ptr<NodeImpl> get(const GNode &node);
  static GNode make(NodeImpl *node);
};

struct GraphAccess {
  static const std::shared_ptr<GraphImpl> &get(const Graph &graph);
  static Graph make(std::shared_ptr<GraphImpl> impl);
};

/// The instance of a subgraph, built if need be; null if there is no builder.
std::shared_ptr<GraphImpl> getOrBuild(SubgraphSlot &slot);
/// The value of a Const or Constant node.
bool getConstValue(const OpDesc &desc, Tensor &value);
/// An operator for a node, with its direct producers linked.
Operator makeOperator(NodeImpl &node);
/// The registered prototype of a type; an empty operator without one.
Operator makePrototype(const std::string &type);

} // namespace ge

#endif // GE_MLIR_GRAPH_GRAPHIMPL_H
