//===- GeUtils.cpp - checks on graphs outside a session -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge/ge_utils.h"

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/IR/GEOpTable.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ge {
namespace {

/// Writes the descriptions of outputs into the nodes of the same names.
void writeBack(const GraphImpl &from, const GraphImpl &to) {
  for (const auto &node : from.nodes) {
    auto found = to.byName.find(node->desc->name);
    if (found == to.byName.end())
      continue;
    std::vector<Port> &ports = found->second->desc->outputs;
    for (size_t i = 0; i < std::min(ports.size(), node->desc->outputs.size()); ++i) {
      ports[i].desc = node->desc->outputs[i].desc;
      ports[i].described = true;
    }
  }
}

} // namespace

Status GeUtils::InferShape(const Graph &graph, const std::vector<Shape> &input_shapes) {
  const std::shared_ptr<GraphImpl> &impl = GraphAccess::get(graph);
  const std::shared_ptr<GraphImpl> copy = impl->clone();
  const std::vector<NodeImpl *> data = copy->dataNodes();
  if (data.size() != input_shapes.size()) {
    gemlir::reportError("E10401", "graph '" + impl->name + "' has " + std::to_string(data.size()) + " inputs, but " +
                                      std::to_string(input_shapes.size()) + " shapes were given");
    return PARAM_INVALID;
  }
  for (size_t i = 0; i < data.size(); ++i)
    for (std::vector<Port> *ports : {&data[i]->desc->inputs, &data[i]->desc->outputs})
      for (Port &port : *ports) {
        port.desc.SetShape(input_shapes[i]);
        port.desc.SetOriginShape(input_shapes[i]);
        port.described = true;
      }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  std::string errors;
  context.getDiagEngine().registerHandler(
      [&](mlir::Diagnostic &diagnostic) { errors += (errors.empty() ? "" : "; ") + diagnostic.str(); });
  // The importer infers the types of what nobody described; the graph that
  // comes back describes everything.
  for (const auto &node : copy->nodes)
    if (node->desc->type != "Data" && node->desc->type != "RefData")
      for (Port &port : node->desc->outputs)
        port.described = false;
  mlir::OwningOpRef<mlir::ModuleOp> module = gemlir::importGraph(GraphAccess::make(copy), &context);
  Graph inferred;
  gemlir::GraphExportOptions options;
  options.aliasConstants = true;
  if (!module || failed(gemlir::exportGraph(*module, inferred, options))) {
    gemlir::reportError("E10001", errors);
    return FAILED;
  }
  writeBack(*GraphAccess::get(inferred), *impl);
  return SUCCESS;
}

Status GeUtils::CheckNodeSupportOnAicore(const GNode &node, bool &supported, AscendString &reason) {
  AscendString type;
  if (node.GetType(type) != GRAPH_SUCCESS) {
    gemlir::reportError("E10001", "the node is not part of a graph");
    return PARAM_INVALID;
  }
  supported = type == "Data" || type == "NetOutput" || type == "Constant" ||
              mlir::ge::lookupOpByType(type.GetString()) != nullptr;
  reason = supported ? AscendString("")
                     : AscendString((std::string("no implementation of type ") + type.GetString()).c_str());
  return SUCCESS;
}

} // namespace ge
