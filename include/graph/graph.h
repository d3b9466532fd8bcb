//===- graph.h - a graph of operators ---------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "graph/gnode.h"
#include "graph/operator.h"

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace ge {
class Graph;
class GraphBuffer;
class GraphImpl;
struct GraphAccess;

using GraphPtr = std::shared_ptr<Graph>;
using ConstGraphPtr = std::shared_ptr<const Graph>;

/// A handle of a graph; copies are the same graph.
class GE_FUNC_VISIBILITY Graph {
public:
  enum class DumpFormat : uint32_t { kOnnx, kTxt, kReadable };

  Graph();
  explicit Graph(const char *name);
  explicit Graph(const std::string &name) : Graph(name.c_str()) {}
  ~Graph() = default;

  // Construction from linked operators. SetInputs collects every operator that
  // is linked to the given ones, forward and backward.

  Graph &SetInputs(const std::vector<Operator> &inputs);
  Graph &SetOutputs(const std::vector<Operator> &outputs);
  Graph &SetOutputs(const std::vector<std::pair<Operator, std::vector<size_t>>> &output_indexes);
  Graph &SetOutputs(const std::vector<std::pair<Operator, AscendString>> &outputs);
  Graph &SetOutputs(const std::vector<std::pair<Operator, std::string>> &outputs) {
    std::vector<std::pair<Operator, AscendString>> named;
    for (const auto &output : outputs)
      named.emplace_back(output.first, AscendString(output.second.c_str()));
    return SetOutputs(named);
  }
  graphStatus SetOutputs(const std::vector<std::pair<GNode, int32_t>> &outputs);
  /// Operators that run though nothing reads them.
  Graph &SetTargets(const std::vector<Operator> &targets);
  static GraphPtr ConstructFromInputs(const std::vector<Operator> &inputs, const AscendString &name);

  bool IsValid() const;
  graphStatus SetValid();
  graphStatus AddOp(const Operator &op);
  graphStatus FindOpByName(const char *name, Operator &op) const;
  graphStatus FindOpByType(const char *type, std::vector<Operator> &ops) const;
  graphStatus GetAllOpName(std::vector<AscendString> &names) const;
  graphStatus FindOpByName(const std::string &name, Operator &op) const { return FindOpByName(name.c_str(), op); }
  graphStatus FindOpByType(const std::string &type, std::vector<Operator> &ops) const {
    return FindOpByType(type.c_str(), ops);
  }
  graphStatus GetAllOpName(std::vector<std::string> &names) const {
    std::vector<AscendString> texts;
    const graphStatus status = GetAllOpName(texts);
    names.clear();
    for (const AscendString &text : texts)
      names.emplace_back(text.GetString());
    return status;
  }

  graphStatus SaveToFile(const char *file) const;
  graphStatus LoadFromFile(const char *file);
  graphStatus SaveToFile(const std::string &file) const { return SaveToFile(file.c_str()); }
  graphStatus LoadFromFile(const std::string &file) { return LoadFromFile(file.c_str()); }
  graphStatus LoadFromSerializedModelArray(const void *data, size_t size);
  graphStatus SaveToMem(GraphBuffer &buffer) const;
  graphStatus LoadFromMem(const GraphBuffer &buffer);
  graphStatus LoadFromMem(const uint8_t *data, size_t size);

  graphStatus GetName(AscendString &name) const;
  /// The text lives until the calling thread's next call.
  const std::string &GetName() const {
    static thread_local std::string text;
    AscendString name;
    (void)GetName(name);
    text = name.GetString();
    return text;
  }
  void SetNeedIteration(bool need_iteration);

  /// All nodes, those of subgraphs included.
  std::vector<GNode> GetAllNodes() const;
  std::vector<GNode> GetDirectNode() const;
  GNodePtr FindNodeByName(const AscendString &name) const;
  std::vector<GraphPtr> GetAllSubgraphs() const;
  GraphPtr GetSubGraph(const char *name) const;
  graphStatus AddSubGraph(const Graph &subgraph);
  graphStatus RemoveSubgraph(const char *name);
  ConstGraphPtr GetParentGraph() const;
  GNodePtr GetParentNode() const;

  // Editing. Port -1 is a control edge.

  graphStatus RemoveNode(GNode &node);
  graphStatus RemoveNode(GNode &node, bool contain_subgraph);
  graphStatus RemoveEdge(GNode &src_node, const int32_t src_port, GNode &dst_node, const int32_t dst_port);
  GNode AddNodeByOp(const Operator &op);
  graphStatus AddDataEdge(GNode &src_node, const int32_t src_port, GNode &dst_node, const int32_t dst_port);
  graphStatus AddControlEdge(GNode &src_node, GNode &dst_node);
  graphStatus CopyFrom(const Graph &src_graph);

  graphStatus SetAttr(const AscendString &name, const AttrValue &value);
  graphStatus GetAttr(const AscendString &name, AttrValue &value) const;

  graphStatus Dump(DumpFormat format, std::ostream &stream) const;
  graphStatus DumpToFile(DumpFormat format, const AscendString &suffix) const;

private:
  friend struct GraphAccess;
  explicit Graph(std::shared_ptr<GraphImpl> impl);
  std::shared_ptr<GraphImpl> impl_;
};
} // namespace ge

#endif // GRAPH_GRAPH_H
