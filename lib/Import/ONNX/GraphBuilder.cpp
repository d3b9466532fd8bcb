//===- GraphBuilder.cpp - ONNX graphs become ge::Graph --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

#include <algorithm>

using namespace gemlir::onnx;

namespace {

::ge::AscendString toAscend(std::string_view text) { return ::ge::AscendString(text.data(), text.size()); }

/// Collects what a graph uses and does not define, in order of first use.
void collectFree(const GraphView &graph, std::vector<std::unordered_set<std::string_view>> &scopes,
                 std::unordered_set<std::string_view> &seen, std::vector<std::string_view> &free) {
  std::unordered_set<std::string_view> defined;
  for (const ValueInfo &input : graph.inputs)
    defined.insert(input.name);
  for (const TensorView &initializer : graph.initializers)
    defined.insert(initializer.name);
  for (const NodeView &node : graph.nodes)
    defined.insert(node.outputs.begin(), node.outputs.end());
  scopes.push_back(std::move(defined));
  auto use = [&](std::string_view name) {
    if (name.empty())
      return;
    for (const auto &scope : scopes)
      if (scope.count(name))
        return;
    if (seen.insert(name).second)
      free.push_back(name);
  };
  for (const NodeView &node : graph.nodes) {
    for (std::string_view input : node.inputs)
      use(input);
    for (const AttributeView &attribute : node.attributes)
      for (const std::shared_ptr<GraphView> &body : attribute.graphs)
        collectFree(*body, scopes, seen, free);
  }
  for (const ValueInfo &output : graph.outputs)
    use(output.name);
  scopes.pop_back();
}

/// What the bodies of a node take from outside.
std::vector<std::string_view> getCaptures(const NodeView &node) {
  std::vector<std::string_view> captures;
  std::unordered_set<std::string_view> seen;
  std::vector<std::unordered_set<std::string_view>> scopes;
  for (const AttributeView &attribute : node.attributes)
    for (const std::shared_ptr<GraphView> &body : attribute.graphs)
      collectFree(*body, scopes, seen, captures);
  return captures;
}

::ge::TensorDesc makeDesc(const std::vector<int64_t> &dims, ::ge::DataType type, std::string_view valueName) {
  ::ge::Shape shape(dims);
  ::ge::TensorDesc desc(shape, ::ge::FORMAT_ND, type);
  desc.SetOriginShape(shape);
  desc.SetOriginFormat(::ge::FORMAT_ND);
  desc.SetName(std::string(valueName).c_str());
  return desc;
}

const std::vector<int64_t> kUnknownRank = {-2};
constexpr uint64_t kMaxElements = uint64_t(1) << 40;

} // namespace

std::string GraphBuilder::describe(const NodeView &node) const {
  return "node '" + std::string(node.name) + "' (" + std::string(node.type) + ")";
}

std::string GraphBuilder::unique(const std::string &wanted) {
  std::string candidate = wanted.empty() ? "node" : wanted;
  for (size_t i = 1; !names.insert(candidate).second; ++i)
    candidate = wanted + "_" + std::to_string(i);
  return candidate;
}

bool GraphBuilder::define(std::string_view valueName, ::ge::GNode node, int32_t port, size_t offset) {
  if (valueName.empty())
    return true;
  if (!values.emplace(valueName, Value{node, port}).second)
    return context.error.setAt(offset, "value '" + std::string(valueName) + "' is defined twice");
  return true;
}

::ge::TensorDesc GraphBuilder::getOutputDesc(std::string_view valueName) const {
  auto found = types.find(valueName);
  if (found == types.end() || found->second->kind != TypeView::Tensor)
    return makeDesc(kUnknownRank, ::ge::DT_UNDEFINED, valueName);
  const TypeView &type = *found->second;
  // Given shapes may contradict what the model says of its inner values.
  bool useShape = type.hasShape && context.options.inputShapes.empty();
  return makeDesc(useShape ? type.dims : kUnknownRank, toDataType(type.elementType), valueName);
}

bool GraphBuilder::addData(std::string_view valueName, const TypeView &type, int64_t index) {
  return addData(valueName, type, index, toDataType(type.elementType));
}

bool GraphBuilder::addData(std::string_view valueName, const TypeView &type, int64_t index, ::ge::DataType element) {
  std::string nodeName = unique(std::string(valueName));
  ::ge::Operator op(nodeName.c_str(), "Data");
  op.InputRegister("x");
  op.OutputRegister("y");
  ::ge::TensorDesc desc = makeDesc(type.hasShape ? type.dims : kUnknownRank, element, valueName);
  op.UpdateInputDesc("x", desc);
  op.UpdateOutputDesc("y", desc);
  op.SetAttr("index", index);
  // Dimensions of the same name have the same size.
  bool isNamed = false;
  std::vector<::ge::AscendString> names;
  for (size_t dim = 0; dim < type.dims.size(); ++dim) {
    std::string name(dim < type.names.size() && type.dims[dim] < 0 ? type.names[dim] : std::string_view());
    isNamed |= !name.empty();
    names.emplace_back(name.c_str());
  }
  if (isNamed)
    op.SetAttr("dim_names", names);
  return define(valueName, graph.AddNodeByOp(op), 0, 0);
}

bool GraphBuilder::addInputs(const std::vector<std::string_view> &captures) {
  std::unordered_set<std::string_view> initialized;
  for (const TensorView &initializer : view.initializers)
    initialized.insert(initializer.name);
  int64_t index = 0;
  for (const ValueInfo &input : view.inputs) {
    if (initialized.count(input.name))
      continue;
    std::string what = "graph input '" + std::string(input.name) + "'", why;
    if (input.type.kind != TypeView::Tensor && input.type.kind != TypeView::None)
      why = "is a sequence, map, optional or sparse tensor, expected a tensor";
    else if (input.type.kind == TypeView::Tensor && toDataType(input.type.elementType) == ::ge::DT_UNDEFINED)
      why = "has element " + getTypeName(input.type.elementType) + ", which is not supported";
    if (!why.empty()) {
      if (!context.options.issues)
        return context.error.set(what + " " + why + " [E16004]");
      context.options.issues->push_back({std::string(input.name), "Input", "E16004", "the input " + why,
                                         "give the model tensors of numbers, and do the rest outside"});
      if (!addData(input.name, TypeView(), index++, ::ge::DT_UNDEFINED))
        return false;
      continue;
    }
    // Whoever multiplies dimensions below may rely on an exact product.
    uint64_t elements = 1;
    for (int64_t dim : input.type.dims)
      if (dim > 0 &&
          (__builtin_mul_overflow(elements, static_cast<uint64_t>(dim), &elements) || elements > kMaxElements))
        return context.error.set(what + " has more than 2^40 elements [E16004]");
    if (!addData(input.name, input.type, index++))
      return false;
  }
  for (std::string_view capture : captures)
    if (!addData(capture, TypeView(), index++))
      return false;
  return true;
}

bool GraphBuilder::addConst(std::string_view valueName, const std::string &nodeName, const TensorView &tensor,
                            size_t offset) {
  ::ge::Tensor value;
  if (!makeTensor(tensor, context.options, context.files, value, context.error))
    return false;
  std::string constName = unique(nodeName);
  ::ge::Operator op(constName.c_str(), "Const");
  op.OutputRegister("y");
  ::ge::TensorDesc desc = value.GetTensorDesc();
  desc.SetName(std::string(valueName).c_str());
  op.UpdateOutputDesc("y", desc);
  op.SetAttr("value", value);
  return define(valueName, graph.AddNodeByOp(op), 0, offset);
}

bool GraphBuilder::addConstantNode(const NodeView &node) {
  if (node.attributes.size() != 1 || node.outputs.size() != 1)
    return context.error.setAt(node.offset, describe(node) + " has " + std::to_string(node.attributes.size()) +
                                                " attributes, expected one value");
  const AttributeView &attribute = node.attributes[0];
  std::string nodeName(node.name.empty() ? node.outputs[0] : node.name);
  if (attribute.type == AttributeView::Tensor)
    return addConst(node.outputs[0], nodeName, attribute.tensors[0], node.offset);
  TensorView tensor;
  tensor.offset = node.offset;
  switch (attribute.type) {
  case AttributeView::Floats: tensor.dims = {static_cast<int64_t>(attribute.floats.size())}; [[fallthrough]];
  case AttributeView::Float:
    tensor.dataType = kFloat;
    tensor.looseFloats = attribute.type == AttributeView::Float ? std::vector<float>{attribute.f} : attribute.floats;
    break;
  case AttributeView::Ints: tensor.dims = {static_cast<int64_t>(attribute.ints.size())}; [[fallthrough]];
  case AttributeView::Int:
    tensor.dataType = kInt64;
    tensor.looseInts = attribute.type == AttributeView::Int ? std::vector<int64_t>{attribute.i} : attribute.ints;
    break;
  case AttributeView::Strings: tensor.dims = {static_cast<int64_t>(attribute.strings.size())}; [[fallthrough]];
  case AttributeView::String:
    tensor.dataType = kString;
    tensor.strings =
        attribute.type == AttributeView::String ? std::vector<std::string_view>{attribute.s} : attribute.strings;
    break;
  default:
    return context.error.setAt(node.offset, describe(node) + " holds a sparse tensor, which is not supported [E16004]");
  }
  return addConst(node.outputs[0], nodeName, tensor, node.offset);
}

bool GraphBuilder::getVersion(const NodeView &node, int64_t &version) {
  version = node.version;
  if (version)
    return true;
  for (const OpsetView &opset : context.model.opsets)
    if (opset.domain == node.domain)
      version = opset.version;
  if (!version)
    return context.error.setAt(node.offset, describe(node) + " is of domain '" + std::string(node.domain) +
                                                "', for which the model imports no operator set");
  return true;
}

bool GraphBuilder::resolveInputs(const NodeView &node, std::vector<Value> &inputs, std::vector<int64_t> &slots) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i].empty())
      continue;
    auto found = values.find(node.inputs[i]);
    if (found == values.end())
      return context.error.setAt(node.offset, describe(node) + " uses value '" + std::string(node.inputs[i]) +
                                                  "', which no earlier node, input or initializer defines");
    inputs.push_back(found->second);
    slots.push_back(static_cast<int64_t>(i));
  }
  return true;
}

bool GraphBuilder::setAttributes(const NodeView &node, ::ge::Operator &op) {
  for (const AttributeView &attribute : node.attributes) {
    std::string key(attribute.name);
    std::vector<::ge::AscendString> strings;
    for (std::string_view text : attribute.strings)
      strings.push_back(toAscend(text));
    std::vector<::ge::Tensor> tensors(attribute.tensors.size());
    for (size_t i = 0; i < tensors.size(); ++i)
      if (!makeTensor(attribute.tensors[i], context.options, context.files, tensors[i], context.error))
        return false;
    switch (attribute.type) {
    case AttributeView::Float: op.SetAttr(key.c_str(), attribute.f); break;
    case AttributeView::Int: op.SetAttr(key.c_str(), attribute.i); break;
    case AttributeView::String: op.SetAttr(key.c_str(), toAscend(attribute.s)); break;
    case AttributeView::Tensor: op.SetAttr(key.c_str(), tensors[0]); break;
    case AttributeView::Floats: op.SetAttr(key.c_str(), attribute.floats); break;
    case AttributeView::Ints: op.SetAttr(key.c_str(), attribute.ints); break;
    case AttributeView::Strings: op.SetAttr(key.c_str(), strings); break;
    case AttributeView::Tensors: op.SetAttr(key.c_str(), tensors); break;
    case AttributeView::Graph:
    case AttributeView::Graphs: break; // bodies, see addBodies
    case AttributeView::TypeProto:
    case AttributeView::TypeProtos: break; // they only repeat what the values' types say
    default:
      return context.error.setAt(node.offset, describe(node) + ": attribute '" + key + "' is of type number " +
                                                  std::to_string(attribute.type) + ", which is not supported [E16004]");
    }
  }
  return true;
}

bool GraphBuilder::addBodies(const NodeView &node, const std::string &nodeName, ::ge::Operator &op,
                             const std::vector<std::string_view> &captures) {
  for (const AttributeView &attribute : node.attributes) {
    if (attribute.graphs.empty())
      continue;
    std::string key(attribute.name);
    op.SubgraphCountRegister(key.c_str(), static_cast<uint32_t>(attribute.graphs.size()));
    for (size_t i = 0; i < attribute.graphs.size(); ++i) {
      std::string bodyName = name + "/" + nodeName + "/" + key;
      if (attribute.type == AttributeView::Graphs)
        bodyName += "_" + std::to_string(i);
      GraphBuilder builder(context, *attribute.graphs[i], bodyName);
      if (!builder.run(captures))
        return false;
      ::ge::Graph body = builder.getGraph();
      op.SetSubgraphBuilder(key.c_str(), static_cast<uint32_t>(i), [body]() { return body; });
    }
  }
  return true;
}

bool GraphBuilder::addNode(const NodeView &node) {
  ++nodeNumber;
  if (node.type == "Constant" && node.domain.empty())
    return addConstantNode(node);
  int64_t version;
  std::vector<Value> inputs;
  std::vector<int64_t> slots;
  if (!getVersion(node, version) || !resolveInputs(node, inputs, slots))
    return false;
  std::vector<std::string_view> captures = getCaptures(node);
  for (std::string_view capture : captures) {
    auto found = values.find(capture);
    if (found == values.end())
      return context.error.setAt(node.offset, "a body of " + describe(node) + " uses value '" + std::string(capture) +
                                                  "', which no earlier node, input or initializer defines");
    inputs.push_back(found->second);
  }
  std::string nodeName = unique(node.name.empty() ? std::string(node.type) + "_" + std::to_string(nodeNumber - 1)
                                                  : std::string(node.name));
  ::ge::Operator op(nodeName.c_str(), "FrameworkOp");
  op.DynamicInputRegister("args", static_cast<uint32_t>(inputs.size()));
  op.DynamicOutputRegister("rets", static_cast<uint32_t>(node.outputs.size()));
  for (size_t i = 0; i < node.outputs.size(); ++i)
    op.UpdateDynamicOutputDesc("rets", static_cast<uint32_t>(i), getOutputDesc(node.outputs[i]));
  if (!setAttributes(node, op) || !addBodies(node, nodeName, op, captures))
    return false;
  op.SetAttr("original_type", toAscend(node.type));
  op.SetAttr("domain", toAscend(node.domain));
  op.SetAttr("version", version);
  op.SetAttr("output_num", static_cast<int64_t>(node.outputs.size()));
  // Positions need saying only where an input is left out before another.
  if (!slots.empty() && slots.back() != static_cast<int64_t>(slots.size()) - 1)
    op.SetAttr("input_indices", slots);
  if (!captures.empty())
    op.SetAttr("captures", static_cast<int64_t>(captures.size()));
  ::ge::GNode added = graph.AddNodeByOp(op);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (graph.AddDataEdge(inputs[i].node, inputs[i].port, added, static_cast<int32_t>(i)) != ::ge::GRAPH_SUCCESS)
      return context.error.setAt(node.offset, "cannot connect input " + std::to_string(i) + " of " + describe(node));
  for (size_t i = 0; i < node.outputs.size(); ++i)
    if (!define(node.outputs[i], added, static_cast<int32_t>(i), node.offset))
      return false;
  return true;
}

bool GraphBuilder::addOutputs() {
  std::vector<std::pair<::ge::GNode, int32_t>> outputs;
  std::vector<::ge::AscendString> outputNames;
  for (const ValueInfo &output : view.outputs) {
    auto found = values.find(output.name);
    if (found == values.end())
      return context.error.set("graph output '" + std::string(output.name) +
                               "' is produced by no node, input or initializer");
    outputs.emplace_back(found->second.node, found->second.port);
    outputNames.push_back(toAscend(output.name));
  }
  if (graph.SetOutputs(outputs) != ::ge::GRAPH_SUCCESS)
    return context.error.set("cannot set the outputs of graph '" + name + "'");
  ::ge::AttrValue value;
  value.SetAttrValue(outputNames);
  graph.SetAttr("output_names", value);
  return true;
}

bool GraphBuilder::run(const std::vector<std::string_view> &captures) {
  for (const ValueInfo &value : view.values)
    types[value.name] = &value.type;
  for (const ValueInfo &value : view.outputs)
    types[value.name] = &value.type;
  if (view.sparseInitializers)
    return context.error.set("graph '" + name + "' has sparse initializers, which are not supported [E16004]");
  // Data first: a node or constant of the same name gives way to an input's.
  if (!addInputs(captures))
    return false;
  for (const TensorView &initializer : view.initializers)
    if (!addConst(initializer.name, std::string(initializer.name), initializer, initializer.offset))
      return false;
  for (const NodeView &node : view.nodes)
    if (!addNode(node))
      return false;
  return addOutputs();
}
