//===- Export.cpp - ge::Graph to ge.proto -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Import/AIR/AIR.h"

#include "Document.h"
#include "Names.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Model/DataTypes.h"

#include <set>

using namespace gemlir;
using namespace gemlir::air;

namespace {

std::string_view toView(const uint8_t *data, size_t size) { return {reinterpret_cast<const char *>(data), size}; }

class Exporter {
public:
  explicit Exporter(Detail detail) : detail(detail) {}
  void run(const ::ge::GraphImpl &graph);
  Document document;

private:
  const std::string &nameGraph(const ::ge::GraphImpl &graph);
  void addGraph(const ::ge::GraphImpl &graph, Message &message);
  void addNode(const ::ge::NodeImpl &node, int64_t id, Message &message);
  void addNetOutput(const ::ge::GraphImpl &graph, int64_t id, Message &message);
  void addPortNames(const ::ge::OpDesc &desc, Message &node);
  void addDesc(const ::ge::TensorDesc &desc, Message &message);
  void addPort(const ::ge::Port &port, Message &message);
  void addTensor(const ::ge::Tensor &tensor, Message &message);
  void addNamedAttrs(const ::ge::NamedAttrs &attrs, Message &message);
  void addAttr(const ::ge::AttrValue &value, Message &attr);
  void addStrings(const char *key, const std::vector<std::string> &values, Message &node);
  void addInts(const char *key, const std::vector<int64_t> &values, Message &node);
  std::string_view own(std::string text) { return document.own(std::move(text)); }

  const Detail detail;
  std::map<const ::ge::GraphImpl *, std::string> names;
  std::set<std::string> taken;
  std::vector<const ::ge::GraphImpl *> waiting;
  std::vector<std::shared_ptr<::ge::GraphImpl>> built; ///< kept until they are written
};

} // namespace

/// Graphs are told apart by their names in a model.
const std::string &Exporter::nameGraph(const ::ge::GraphImpl &graph) {
  std::string &name = names[&graph];
  if (name.empty()) {
    name = graph.name.empty() ? "graph" : graph.name;
    for (unsigned i = 1; !taken.insert(name).second; ++i)
      name = graph.name + "_" + std::to_string(i);
    waiting.push_back(&graph);
  }
  return name;
}

void Exporter::addStrings(const char *key, const std::vector<std::string> &values, Message &node) {
  Message &list = node.addEntry(node.type->find(std::string_view("attr"))->number, key).addMessage(attr_def::list);
  for (const std::string &value : values)
    list.addBytes(list_value::s, own(value));
  list.addInt(list_value::val_type, kStrings);
}

void Exporter::addInts(const char *key, const std::vector<int64_t> &values, Message &node) {
  Message &list = node.addEntry(node.type->find(std::string_view("attr"))->number, key).addMessage(attr_def::list);
  for (int64_t value : values)
    list.addInt(list_value::i, value);
  list.addInt(list_value::val_type, kInts);
}

void Exporter::addDesc(const ::ge::TensorDesc &desc, Message &message) {
  const std::string name = desc.GetName();
  if (!name.empty())
    message.addBytes(desc_def::name, own(name));
  message.addInt(desc_def::dtype, toProtoType(desc.GetDataType()));
  Message &shape = message.addMessage(desc_def::shape);
  const std::vector<int64_t> dims = desc.GetShape().GetDims(), origin = desc.GetOriginShape().GetDims();
  for (int64_t dim : dims)
    shape.addInt(kElements, dim);
  message.addBytes(desc_def::layout, model::getFormatName(::ge::GetPrimaryFormat(desc.GetFormat())));
  if (desc.GetOriginFormat() != desc.GetFormat())
    message.addEntry(desc_def::attr, kOriginFormat)
        .addBytes(attr_def::s, model::getFormatName(::ge::GetPrimaryFormat(desc.GetOriginFormat())));
  if (origin != dims && !origin.empty()) {
    Message &list = message.addEntry(desc_def::attr, kOriginShape).addMessage(attr_def::list);
    for (int64_t dim : origin)
      list.addInt(list_value::i, dim);
    list.addInt(list_value::val_type, kInts);
  }
}

void Exporter::addPort(const ::ge::Port &port, Message &message) {
  if (detail == Detail::Structure)
    return;
  // What nobody described has no type.
  if (port.described)
    addDesc(port.desc, message);
  for (const auto &[name, value] : port.attrs)
    if (!value.IsEmpty())
      addAttr(value, message.addEntry(desc_def::attr, own(name)));
}

void Exporter::addTensor(const ::ge::Tensor &tensor, Message &message) {
  addDesc(tensor.GetTensorDesc(), message.addMessage(tensor_def::desc));
  if (detail == Detail::Full)
    message.addBytes(tensor_def::data, toView(tensor.GetData(), tensor.GetSize()));
}

void Exporter::addNamedAttrs(const ::ge::NamedAttrs &attrs, Message &message) {
  ::ge::AscendString name;
  (void)attrs.GetName(name);
  message.addBytes(named_attrs::name, own(name.GetString()));
  for (const auto &[key, value] : attrs.GetAllAttrs())
    if (!value.IsEmpty())
      addAttr(value, message.addEntry(named_attrs::attr, own(key.GetString())));
}

void Exporter::addAttr(const ::ge::AttrValue &value, Message &attr) {
  auto makeList = [&](int64_t type, auto fill) {
    Message &list = attr.addMessage(attr_def::list);
    fill(list);
    list.addInt(list_value::val_type, type);
  };
  auto write = [&](const auto &content) {
    using T = std::decay_t<decltype(content)>;
    if constexpr (std::is_same_v<T, bool>) {
      attr.addInt(attr_def::b, content);
    } else if constexpr (std::is_same_v<T, int64_t>) {
      attr.addInt(attr_def::i, content);
    } else if constexpr (std::is_same_v<T, float>) {
      attr.addFloat(attr_def::f, content);
    } else if constexpr (std::is_same_v<T, std::string>) {
      attr.addBytes(attr_def::s, own(content));
    } else if constexpr (std::is_same_v<T, ::ge::DataType>) {
      attr.addInt(attr_def::dt, content);
    } else if constexpr (std::is_same_v<T, std::vector<uint8_t>>) {
      attr.addBytes(attr_def::bt, own(std::string(content.begin(), content.end())));
    } else if constexpr (std::is_same_v<T, ::ge::Tensor>) {
      addTensor(content, attr.addMessage(attr_def::t));
    } else if constexpr (std::is_same_v<T, ::ge::TensorDesc>) {
      addDesc(content, attr.addMessage(attr_def::td));
    } else if constexpr (std::is_same_v<T, ::ge::NamedAttrs>) {
      addNamedAttrs(content, attr.addMessage(attr_def::func));
    } else if constexpr (std::is_same_v<T, std::vector<int64_t>>) {
      makeList(kInts, [&](Message &list) {
        for (int64_t element : content)
          list.addInt(list_value::i, element);
      });
    } else if constexpr (std::is_same_v<T, std::vector<float>>) {
      makeList(kFloats, [&](Message &list) {
        for (float element : content)
          list.addFloat(list_value::f, element);
      });
    } else if constexpr (std::is_same_v<T, std::vector<bool>>) {
      makeList(kBools, [&](Message &list) {
        for (bool element : content)
          list.addInt(list_value::b, element);
      });
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      makeList(kStrings, [&](Message &list) {
        for (const std::string &element : content)
          list.addBytes(list_value::s, own(element));
      });
    } else if constexpr (std::is_same_v<T, std::vector<::ge::Tensor>>) {
      makeList(kTensors, [&](Message &list) {
        for (const ::ge::Tensor &element : content)
          addTensor(element, list.addMessage(list_value::t));
      });
    } else if constexpr (std::is_same_v<T, std::vector<::ge::DataType>>) {
      makeList(kDataTypes, [&](Message &list) {
        for (::ge::DataType element : content)
          list.addInt(list_value::dt, element);
      });
    } else if constexpr (std::is_same_v<T, std::vector<::ge::NamedAttrs>>) {
      makeList(kNamedAttrs, [&](Message &list) {
        for (const ::ge::NamedAttrs &element : content)
          addNamedAttrs(element, list.addMessage(list_value::na));
      });
    } else if constexpr (std::is_same_v<T, std::vector<std::vector<int64_t>>>) {
      Message &lists = attr.addMessage(attr_def::list_list_int);
      for (const std::vector<int64_t> &inner : content) {
        Message &list = lists.addMessage(kElements);
        for (int64_t element : inner)
          list.addInt(kElements, element);
      }
    } else if constexpr (std::is_same_v<T, std::vector<std::vector<float>>>) {
      Message &lists = attr.addMessage(attr_def::list_list_float);
      for (const std::vector<float> &inner : content) {
        Message &list = lists.addMessage(kElements);
        for (float element : inner)
          list.addFloat(kElements, element);
      }
    }
  };
  std::visit(write, ::ge::AttrValueAccess::get(value));
}

void Exporter::addPortNames(const ::ge::OpDesc &desc, Message &node) {
  auto add = [&](const std::vector<::ge::Port> &ports, const char *keys, const char *values) {
    std::vector<std::string> names;
    std::vector<int64_t> places;
    for (const ::ge::Port &port : ports) {
      names.push_back(port.name);
      places.push_back(static_cast<int64_t>(places.size()));
    }
    if (names.empty())
      return;
    addStrings(keys, names, node);
    addInts(values, places, node);
  };
  auto addIr = [&](const std::vector<::ge::IrPort> &ports, const char *keys, const char *values) {
    std::vector<std::string> names;
    std::vector<int64_t> kinds;
    for (const ::ge::IrPort &port : ports) {
      names.push_back(port.name);
      kinds.push_back(static_cast<int64_t>(port.kind));
    }
    if (names.empty())
      return;
    addStrings(keys, names, node);
    addInts(values, kinds, node);
  };
  add(desc.inputs, kInputNames, kInputPlaces);
  add(desc.outputs, kOutputNames, kOutputPlaces);
  addIr(desc.irInputs, kIrInputNames, kIrInputKinds);
  addIr(desc.irOutputs, kIrOutputNames, kIrOutputKinds);
  std::vector<std::string> attrs;
  for (const ::ge::IrAttr &attr : desc.irAttrs)
    attrs.push_back(attr.name);
  if (!attrs.empty())
    addStrings(kIrAttrNames, attrs, node);
}

void Exporter::addNode(const ::ge::NodeImpl &node, int64_t id, Message &message) {
  const ::ge::OpDesc &desc = *node.desc;
  message.addBytes(op_def::name, own(desc.name));
  message.addBytes(op_def::type, own(desc.type));
  for (size_t i = 0; i < desc.inputs.size(); ++i) {
    const ::ge::Edge edge = node.input(i);
    message.addBytes(op_def::input,
                     edge.node ? own(edge.node->desc->name + ":" + std::to_string(edge.port)) : std::string_view());
  }
  for (const ::ge::NodeImpl *control : node.controlInputs)
    message.addBytes(op_def::input, own(control->desc->name + ":-1"));
  std::vector<std::string> irNames;
  std::vector<int64_t> places;
  std::vector<std::string> graphs;
  for (const ::ge::SubgraphSlot &slot : desc.subgraphs) {
    ::ge::SubgraphSlot copy = slot;
    if (std::shared_ptr<::ge::GraphImpl> body = ::ge::getOrBuild(copy)) {
      irNames.push_back(slot.irName);
      places.push_back(slot.index);
      graphs.push_back(nameGraph(slot.instance ? *slot.instance : *body));
      if (!slot.instance)
        built.push_back(body);
    }
  }
  if (detail != Detail::Structure) {
    for (const auto &[name, value] : desc.attrs)
      if (!value.IsEmpty())
        addAttr(value, message.addEntry(op_def::attr, own(name)));
    addPortNames(desc, message);
  }
  if (!graphs.empty()) {
    addStrings(kSubgraphNames, irNames, message);
    addInts(kSubgraphPlaces, places, message);
  }
  message.addInt(op_def::id, id);
  for (const ::ge::Port &port : desc.inputs)
    addPort(port, message.addMessage(op_def::input_desc));
  for (const ::ge::Port &port : desc.outputs)
    addPort(port, message.addMessage(op_def::output_desc));
  for (const std::string &graph : graphs)
    message.addBytes(op_def::subgraph, own(graph));
}

/// The results of a graph are the inputs of a node of their own, in a graph that
/// has none.
void Exporter::addNetOutput(const ::ge::GraphImpl &graph, int64_t id, Message &message) {
  std::string name = "Node_Output";
  while (graph.byName.count(name))
    name += "_";
  message.addBytes(op_def::name, own(name));
  message.addBytes(op_def::type, "NetOutput");
  for (const ::ge::GraphOutput &output : graph.outputs)
    message.addBytes(op_def::input, own(output.node->desc->name + ":" + std::to_string(output.port)));
  for (const ::ge::NodeImpl *target : graph.targets)
    message.addBytes(op_def::input, own(target->desc->name + ":-1"));
  message.addInt(op_def::id, id);
  for (const ::ge::GraphOutput &output : graph.outputs)
    addPort(output.node->desc->outputs[output.port], message.addMessage(op_def::input_desc));
}

void Exporter::addGraph(const ::ge::GraphImpl &graph, Message &message) {
  message.addBytes(graph_def::name, own(names[&graph]));
  for (const ::ge::NodeImpl *node : graph.dataNodes())
    message.addBytes(graph_def::input, own(node->desc->name + ":0"));
  std::vector<std::string> outputNames;
  bool named = false;
  for (const ::ge::GraphOutput &output : graph.outputs) {
    message.addBytes(graph_def::output, own(output.node->desc->name + ":" + std::to_string(output.port)));
    outputNames.push_back(output.name);
    named |= !output.name.empty();
  }
  int64_t id = 0;
  for (const auto &node : graph.nodes)
    addNode(*node, id++, message.addMessage(graph_def::op));
  if (!graph.outputs.empty() || !graph.targets.empty())
    addNetOutput(graph, id, message.addMessage(graph_def::op));
  if (detail == Detail::Structure)
    return;
  for (const auto &[name, value] : graph.attrs)
    if (!value.IsEmpty() && !(named && name == kOutputNameList))
      addAttr(value, message.addEntry(graph_def::attr, own(name)));
  if (named)
    addStrings(kOutputNameList, outputNames, message);
}

void Exporter::run(const ::ge::GraphImpl &graph) {
  document.root.addBytes(model_def::name, own(nameGraph(graph)));
  document.root.addInt(model_def::version, 1);
  // Writing a graph finds those that its nodes hold.
  for (size_t i = 0; i < waiting.size(); ++i)
    addGraph(*waiting[i], document.root.addMessage(model_def::graph));
}

std::vector<uint8_t> gemlir::air::exportGraph(const ::ge::Graph &graph, Format format, Detail detail) {
  Exporter exporter(detail);
  exporter.run(*::ge::GraphAccess::get(graph));
  if (format == Format::Binary)
    return writeBinary(exporter.document.root);
  const std::string text = writeText(exporter.document.root);
  return {text.begin(), text.end()};
}
