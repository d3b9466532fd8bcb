//===- Functions.cpp - inlines the local functions of an ONNX model -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Functions.h"

#include <map>
#include <tuple>

using namespace gemlir::onnx;

namespace {

/// Functions that call functions grow exponentially in a hostile file.
constexpr size_t kMaxInlinedNodes = 1 << 20;
constexpr unsigned kMaxCallDepth = 64;

using Renaming = std::map<std::string_view, std::string_view>;

class Inliner {
public:
  Inliner(ModelView &model, std::deque<std::string> &names, ReadError &error) : names(names), error(error) {
    for (const FunctionView &function : model.functions)
      functions[{function.domain == "ai.onnx" ? std::string_view() : function.domain, function.name,
                 function.overload}] = &function;
  }

  bool runOnGraph(GraphView &graph, unsigned depth) { return runOnNodes(graph.nodes, depth); }

private:
  bool runOnNodes(std::vector<NodeView> &nodes, unsigned depth);
  bool inlineCall(const NodeView &call, const FunctionView &function, std::vector<NodeView> &out, unsigned depth);
  NodeView rename(const NodeView &node, const std::string &prefix, Renaming &renaming, const NodeView *call,
                  const FunctionView *function);
  std::shared_ptr<GraphView> renameGraph(const GraphView &graph, const std::string &prefix, Renaming renaming,
                                         const NodeView *call, const FunctionView *function);
  std::string_view keep(std::string text) {
    names.push_back(std::move(text));
    return names.back();
  }
  std::string_view define(std::string_view name, const std::string &prefix, Renaming &renaming) {
    if (name.empty())
      return name;
    return renaming[name] = keep(prefix + std::string(name));
  }

  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const FunctionView *> functions;
  std::deque<std::string> &names;
  ReadError &error;
  size_t inlined = 0;
  size_t calls = 0;
};

bool Inliner::runOnNodes(std::vector<NodeView> &nodes, unsigned depth) {
  std::vector<NodeView> result;
  result.reserve(nodes.size());
  for (NodeView &node : nodes) {
    for (AttributeView &attribute : node.attributes)
      for (std::shared_ptr<GraphView> &graph : attribute.graphs)
        if (!runOnGraph(*graph, depth))
          return false;
    auto found = functions.find({node.domain, node.type, node.overload});
    if (found == functions.end())
      result.push_back(std::move(node));
    else if (!inlineCall(node, *found->second, result, depth + 1))
      return false;
  }
  nodes = std::move(result);
  return true;
}

bool Inliner::inlineCall(const NodeView &call, const FunctionView &function, std::vector<NodeView> &out,
                         unsigned depth) {
  std::string what = "function '" + std::string(function.name) + "', called by node '" + std::string(call.name) + "'";
  if (depth > kMaxCallDepth)
    return error.setAt(call.offset,
                       what + ", nests deeper than " + std::to_string(kMaxCallDepth) + " calls, or calls itself");
  if (call.inputs.size() > function.inputs.size() || call.outputs.size() > function.outputs.size())
    return error.setAt(call.offset, what + ": found " + std::to_string(call.inputs.size()) + " inputs and " +
                                        std::to_string(call.outputs.size()) + " outputs, expected at most " +
                                        std::to_string(function.inputs.size()) + " and " +
                                        std::to_string(function.outputs.size()));
  std::string prefix =
      (call.name.empty() ? std::string(call.type) + "_" + std::to_string(calls) : std::string(call.name)) + "/";
  // Two calls may carry the same name, or none.
  prefix += call.name.empty() ? "" : std::to_string(calls) + "/";
  ++calls;
  Renaming renaming;
  for (size_t i = 0; i < function.inputs.size(); ++i)
    renaming[function.inputs[i]] = i < call.inputs.size() ? call.inputs[i] : std::string_view();
  std::vector<NodeView> body;
  for (size_t i = 0; i < function.outputs.size(); ++i) {
    // An output that is an input passes through.
    auto passed = renaming.find(function.outputs[i]);
    if (passed == renaming.end()) {
      if (i < call.outputs.size() && !call.outputs[i].empty())
        renaming[function.outputs[i]] = call.outputs[i];
    } else if (i < call.outputs.size() && !call.outputs[i].empty()) {
      NodeView identity;
      identity.type = "Identity";
      identity.name = keep(prefix + "Identity_" + std::to_string(i));
      identity.inputs = {passed->second};
      identity.outputs = {call.outputs[i]};
      identity.offset = call.offset;
      body.push_back(std::move(identity));
    }
  }
  for (const NodeView &node : function.nodes) {
    if (++inlined > kMaxInlinedNodes)
      return error.setAt(call.offset, "functions expand to more than " + std::to_string(kMaxInlinedNodes) + " nodes");
    body.push_back(rename(node, prefix, renaming, &call, &function));
  }
  if (!runOnNodes(body, depth))
    return false;
  for (NodeView &node : body)
    out.push_back(std::move(node));
  return true;
}

NodeView Inliner::rename(const NodeView &node, const std::string &prefix, Renaming &renaming, const NodeView *call,
                         const FunctionView *function) {
  NodeView copy = node;
  copy.name = keep(
      prefix + (node.name.empty() ? std::string(node.type) + "_" + std::to_string(inlined) : std::string(node.name)));
  if (copy.version == 0)
    for (const OpsetView &opset : function->opsets)
      if (opset.domain == node.domain)
        copy.version = opset.version;
  for (std::string_view &input : copy.inputs) {
    auto found = renaming.find(input);
    if (found != renaming.end())
      input = found->second;
  }
  copy.attributes.clear();
  for (const AttributeView &attribute : node.attributes) {
    AttributeView value = attribute;
    if (!attribute.refName.empty()) {
      const AttributeView *given = call->find(attribute.refName);
      for (const AttributeView &fallback : function->defaults)
        if (!given && fallback.name == attribute.refName)
          given = &fallback;
      // A reference to an attribute nobody gave leaves the operator's default.
      if (!given)
        continue;
      value = *given;
      value.name = attribute.name;
    }
    for (std::shared_ptr<GraphView> &graph : value.graphs)
      graph = renameGraph(*graph, prefix, renaming, call, function);
    copy.attributes.push_back(std::move(value));
  }
  for (std::string_view &output : copy.outputs) {
    auto found = renaming.find(output);
    output = found != renaming.end() ? found->second : define(output, prefix, renaming);
  }
  return copy;
}

std::shared_ptr<GraphView> Inliner::renameGraph(const GraphView &graph, const std::string &prefix, Renaming renaming,
                                                const NodeView *call, const FunctionView *function) {
  auto copy = std::make_shared<GraphView>();
  copy->name = graph.name;
  copy->initializers = graph.initializers;
  copy->inputs = graph.inputs;
  copy->outputs = graph.outputs;
  // Names of a body shadow the function's.
  for (ValueInfo &input : copy->inputs)
    input.name = define(input.name, prefix, renaming);
  for (TensorView &initializer : copy->initializers)
    initializer.name = define(initializer.name, prefix, renaming);
  for (const NodeView &node : graph.nodes)
    copy->nodes.push_back(rename(node, prefix, renaming, call, function));
  for (ValueInfo &output : copy->outputs) {
    auto found = renaming.find(output.name);
    if (found != renaming.end())
      output.name = found->second;
  }
  return copy;
}

} // namespace

bool gemlir::onnx::inlineFunctions(ModelView &model, std::deque<std::string> &names, ReadError &error) {
  if (model.functions.empty())
    return true;
  return Inliner(model, names, error).runOnGraph(model.graph, 0);
}
