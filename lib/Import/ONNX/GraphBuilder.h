//===- GraphBuilder.h - ONNX graphs become ge::Graph ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_IMPORT_ONNX_GRAPHBUILDER_H
#define GE_MLIR_LIB_IMPORT_ONNX_GRAPHBUILDER_H

#include "Tensors.h"

#include <unordered_map>
#include <unordered_set>

namespace gemlir {
namespace onnx {

/// What is common to a model's graphs.
struct ModelContext {
  const ModelView &model;
  const ImportOptions &options;
  ExternalFiles files;
  ReadError &error;

  ModelContext(const ModelView &model, const ImportOptions &options, ReadError &error)
      : model(model), options(options), files(options.externalDataDir), error(error) {}
};

/// Builds one graph, or the body of a node.
class GraphBuilder {
public:
  GraphBuilder(ModelContext &context, const GraphView &view, const std::string &name)
      : context(context), view(view), graph(name.c_str()), name(name) {}

  /// `captures` are the outer values that the body uses, and their types.
  bool run(const std::vector<std::string_view> &captures);
  ::ge::Graph getGraph() const { return graph; }

private:
  struct Value {
    ::ge::GNode node;
    int32_t port = 0;
  };

  bool addInputs(const std::vector<std::string_view> &captures);
  bool addData(std::string_view valueName, const TypeView &type, int64_t index);
  bool addData(std::string_view valueName, const TypeView &type, int64_t index, ::ge::DataType element);
  bool addConst(std::string_view valueName, const std::string &nodeName, const TensorView &tensor, size_t offset);
  bool addConstantNode(const NodeView &node);
  bool addNode(const NodeView &node);
  bool addOutputs();
  bool resolveInputs(const NodeView &node, std::vector<Value> &inputs, std::vector<int64_t> &slots);
  bool setAttributes(const NodeView &node, ::ge::Operator &op);
  bool addBodies(const NodeView &node, const std::string &nodeName, ::ge::Operator &op,
                 const std::vector<std::string_view> &captures);
  bool define(std::string_view valueName, ::ge::GNode node, int32_t port, size_t offset);
  bool getVersion(const NodeView &node, int64_t &version);
  ::ge::TensorDesc getOutputDesc(std::string_view valueName) const;
  std::string unique(const std::string &wanted);
  std::string describe(const NodeView &node) const;

  ModelContext &context;
  const GraphView &view;
  ::ge::Graph graph;
  std::string name;
  std::unordered_map<std::string_view, Value> values;
  std::unordered_map<std::string_view, const TypeView *> types;
  std::unordered_set<std::string> names;
  size_t nodeNumber = 0;
};

} // namespace onnx
} // namespace gemlir

#endif // GE_MLIR_LIB_IMPORT_ONNX_GRAPHBUILDER_H
