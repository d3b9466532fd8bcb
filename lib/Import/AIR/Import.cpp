//===- Import.cpp - ge.proto to ge::Graph -*- C++ -*-===//
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
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <set>

using namespace gemlir;
using namespace gemlir::air;

namespace {

/// Attributes of a node that are its structure.
const std::set<std::string> kStructure = {kInputNames,   kInputPlaces,   kOutputNames,    kOutputPlaces,
                                          kIrInputNames, kIrInputKinds,  kIrOutputNames,  kIrOutputKinds,
                                          kIrAttrNames,  kSubgraphNames, kSubgraphPlaces, "_opt_input"};

std::string toText(const Value &value) { return std::string(value.bytes); }

class Importer {
public:
  Importer(const Message &model, std::shared_ptr<const void> owner) : owner(std::move(owner)) {
    for (const Value *graph : model.all(model_def::graph))
      graphs.push_back(graph->message.get());
  }
  std::shared_ptr<::ge::GraphImpl> run();
  std::string error;

private:
  using Desc = std::shared_ptr<::ge::OpDesc>;
  struct Source {
    std::string node;
    int port;
  };

  bool fail(const std::string &text) {
    if (error.empty())
      error = text;
    return false;
  }
  std::shared_ptr<::ge::GraphImpl> importGraph(const Message &message);
  bool importNode(const Message &message, ::ge::GraphImpl &graph);
  bool connect(const Message &message, ::ge::GraphImpl &graph);
  bool addResults(const Message &message, ::ge::GraphImpl &graph);
  bool addSubgraphs(const Message &message, ::ge::OpDesc &desc);
  bool parseSource(std::string_view text, const std::string &node, Source &source);
  void addPorts(const Message &message, ::ge::OpDesc &desc);
  void readPort(const Message *message, ::ge::Port &port);
  ::ge::TensorDesc readDesc(const Message &message);
  ::ge::Tensor readTensor(const Message &message);
  ::ge::NamedAttrs readNamedAttrs(const Message &message);
  ::ge::AttrValue readAttr(const Message &message);
  ::ge::AttrValue readList(const Message &list);
  std::map<std::string, ::ge::AttrValue> readAttrs(const Message &message, uint32_t field);
  std::vector<std::string> getStrings(const Message &node, const char *key);
  std::vector<int64_t> getInts(const Message &node, const char *key);
  const Message *findAttr(const Message &node, const char *key);

  std::shared_ptr<const void> owner;
  std::vector<const Message *> graphs;
  std::set<const Message *> open; ///< graphs that are being read
};

} // namespace

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

::ge::TensorDesc Importer::readDesc(const Message &message) {
  ::ge::TensorDesc desc;
  desc.SetDataType(static_cast<::ge::DataType>(fromProtoType(message.getInt(desc_def::dtype))));
  std::vector<int64_t> dims;
  if (const Message *shape = message.getMessage(desc_def::shape))
    for (const Value *dim : shape->all(kElements))
      dims.push_back(dim->integer);
  desc.SetShape(::ge::Shape(dims));
  desc.SetOriginShape(::ge::Shape(dims));
  auto toFormat = [](const std::string &name) {
    const int64_t number = model::findFormat(name);
    return static_cast<::ge::Format>(number < 0 ? ::ge::FORMAT_ND : number);
  };
  desc.SetFormat(toFormat(message.getText(desc_def::layout)));
  desc.SetOriginFormat(desc.GetFormat());
  if (const std::string name = message.getText(desc_def::name); !name.empty())
    desc.SetName(name.c_str());
  for (const Value *value : message.all(desc_def::attr)) {
    const Message *attr = value->message->getMessage(entry::value);
    const std::string key = value->message->getText(entry::key);
    if (attr && key == kOriginFormat)
      desc.SetOriginFormat(toFormat(attr->getText(attr_def::s)));
    if (const Message *list = attr ? attr->getMessage(attr_def::list) : nullptr; list && key == kOriginShape) {
      dims.clear();
      for (const Value *dim : list->all(list_value::i))
        dims.push_back(dim->integer);
      desc.SetOriginShape(::ge::Shape(dims));
    }
  }
  return desc;
}

::ge::Tensor Importer::readTensor(const Message &message) {
  ::ge::Tensor tensor;
  if (const Message *desc = message.getMessage(tensor_def::desc))
    tensor = ::ge::Tensor(readDesc(*desc));
  const Value *data = message.find(tensor_def::data);
  if (!data)
    return tensor;
  auto *bytes = reinterpret_cast<uint8_t *>(const_cast<char *>(data->bytes.data()));
  if (owner)
    (void)tensor.SetData(bytes, data->bytes.size(), [kept = owner](uint8_t *) {});
  else
    (void)tensor.SetData(static_cast<const uint8_t *>(bytes), data->bytes.size());
  return tensor;
}

::ge::NamedAttrs Importer::readNamedAttrs(const Message &message) {
  ::ge::NamedAttrs attrs;
  (void)attrs.SetName(message.getText(named_attrs::name).c_str());
  for (const auto &[name, value] : readAttrs(message, named_attrs::attr))
    (void)attrs.SetAttr(name.c_str(), value);
  return attrs;
}

::ge::AttrValue Importer::readList(const Message &list) {
  auto collect = [&](uint32_t field, auto convert) {
    std::vector<decltype(convert(std::declval<const Value &>()))> values;
    for (const Value *value : list.all(field))
      values.push_back(convert(*value));
    return ::ge::AttrValueAccess::make(std::move(values));
  };
  int64_t type = list.getInt(list_value::val_type);
  // Writers may leave the kind of a list to what it has.
  if (type == kNone)
    for (auto [field, kind] : {std::pair<uint32_t, ListType>{list_value::s, kStrings},
                               {list_value::i, kInts},
                               {list_value::f, kFloats},
                               {list_value::b, kBools},
                               {list_value::t, kTensors},
                               {list_value::na, kNamedAttrs},
                               {list_value::dt, kDataTypes}})
      if (list.find(field))
        type = kind;
  switch (type) {
  case kStrings: return collect(list_value::s, toText);
  case kFloats: return collect(list_value::f, [](const Value &value) { return value.real; });
  case kBools: return collect(list_value::b, [](const Value &value) { return value.integer != 0; });
  case kBytes: return collect(list_value::bt, toText);
  case kTensors: return collect(list_value::t, [&](const Value &value) { return readTensor(*value.message); });
  case kNamedAttrs: return collect(list_value::na, [&](const Value &value) { return readNamedAttrs(*value.message); });
  case kDataTypes:
    return collect(list_value::dt, [](const Value &value) { return static_cast<::ge::DataType>(value.integer); });
  default: return collect(list_value::i, [](const Value &value) { return value.integer; });
  }
}

::ge::AttrValue Importer::readAttr(const Message &message) {
  if (message.values.empty())
    return ::ge::AttrValue();
  // The last one counts, as in any `oneof`.
  const Value &value = message.values.back();
  auto make = [](auto content) { return ::ge::AttrValueAccess::make(std::move(content)); };
  switch (value.type->number) {
  case attr_def::list: return readList(*value.message);
  case attr_def::s: return make(toText(value));
  case attr_def::i: return make(value.integer);
  case attr_def::f: return make(value.real);
  case attr_def::b: return make(value.integer != 0);
  case attr_def::bt: return make(std::vector<uint8_t>(value.bytes.begin(), value.bytes.end()));
  case attr_def::func: return make(readNamedAttrs(*value.message));
  case attr_def::td: return make(readDesc(*value.message));
  case attr_def::t: return make(readTensor(*value.message));
  case attr_def::dt: return make(static_cast<::ge::DataType>(value.integer));
  case attr_def::list_list_int: {
    std::vector<std::vector<int64_t>> lists;
    for (const Value *list : value.message->all(kElements)) {
      lists.emplace_back();
      for (const Value *element : list->message->all(kElements))
        lists.back().push_back(element->integer);
    }
    return make(std::move(lists));
  }
  case attr_def::list_list_float: {
    std::vector<std::vector<float>> lists;
    for (const Value *list : value.message->all(kElements)) {
      lists.emplace_back();
      for (const Value *element : list->message->all(kElements))
        lists.back().push_back(element->real);
    }
    return make(std::move(lists));
  }
  default: return ::ge::AttrValue();
  }
}

std::map<std::string, ::ge::AttrValue> Importer::readAttrs(const Message &message, uint32_t field) {
  std::map<std::string, ::ge::AttrValue> attrs;
  for (const Value *value : message.all(field))
    if (const Message *attr = value->message->getMessage(entry::value))
      if (::ge::AttrValue read = readAttr(*attr); !read.IsEmpty())
        attrs[value->message->getText(entry::key)] = read;
  return attrs;
}

const Message *Importer::findAttr(const Message &node, const char *key) {
  for (const Value *value : node.all(op_def::attr))
    if (value->message->getText(entry::key) == key)
      if (const Message *attr = value->message->getMessage(entry::value))
        return attr->getMessage(attr_def::list);
  return nullptr;
}

std::vector<std::string> Importer::getStrings(const Message &node, const char *key) {
  std::vector<std::string> result;
  if (const Message *list = findAttr(node, key))
    for (const Value *value : list->all(list_value::s))
      result.push_back(toText(*value));
  return result;
}

std::vector<int64_t> Importer::getInts(const Message &node, const char *key) {
  std::vector<int64_t> result;
  if (const Message *list = findAttr(node, key))
    for (const Value *value : list->all(list_value::i))
      result.push_back(value->integer);
  return result;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void Importer::readPort(const Message *message, ::ge::Port &port) {
  if (!message)
    return;
  port.described = message->getInt(desc_def::dtype) != 0;
  if (port.described)
    port.desc = readDesc(*message);
  for (auto &[name, value] : readAttrs(*message, desc_def::attr))
    if (name != kOriginFormat && name != kOriginShape)
      port.attrs[name] = value;
}

void Importer::addPorts(const Message &message, ::ge::OpDesc &desc) {
  auto readIr = [&](const char *keys, const char *values, std::vector<::ge::IrPort> &ports) {
    const std::vector<std::string> names = getStrings(message, keys);
    const std::vector<int64_t> kinds = getInts(message, values);
    if (names.empty() || kinds.size() != names.size())
      return;
    ports.clear();
    for (size_t i = 0; i < names.size(); ++i)
      ports.push_back({names[i],
                       kinds[i] == 1   ? ::ge::PortKind::Optional
                       : kinds[i] == 2 ? ::ge::PortKind::Dynamic
                                       : ::ge::PortKind::Required,
                       ""});
  };
  // The prototype, where there is one, knows the names of older files.
  if (const ::ge::Operator prototype = ::ge::makePrototype(desc.type); !prototype.IsEmpty()) {
    const ::ge::OpDesc &known = *::ge::OperatorAccess::get(prototype)->desc;
    desc.irInputs = known.irInputs;
    desc.irOutputs = known.irOutputs;
    desc.irAttrs = known.irAttrs;
    desc.irSubgraphs = known.irSubgraphs;
    desc.typeSymbols = known.typeSymbols;
  }
  readIr(kIrInputNames, kIrInputKinds, desc.irInputs);
  readIr(kIrOutputNames, kIrOutputKinds, desc.irOutputs);
  // Without a prototype only the names of its attributes are known.
  if (desc.irAttrs.empty())
    for (const std::string &name : getStrings(message, kIrAttrNames))
      desc.irAttrs.push_back({name, "", false, ::ge::AttrValue()});
  auto makePorts = [&](size_t count, const char *keys, const char *values, const std::vector<::ge::IrPort> &ir,
                       const char *otherwise, std::vector<::ge::Port> &ports) {
    ports.resize(count);
    const std::vector<std::string> names = getStrings(message, keys);
    const std::vector<int64_t> places = getInts(message, values);
    for (size_t i = 0; i < names.size() && i < places.size(); ++i)
      if (places[i] >= 0 && places[i] < static_cast<int64_t>(count))
        ports[places[i]].name = names[i];
    for (size_t i = 0; i < count; ++i) {
      ::ge::Port &port = ports[i];
      if (port.name.empty())
        port.name = i < ir.size() && ir[i].kind != ::ge::PortKind::Dynamic ? ir[i].name
                    : count == 1                                           ? otherwise
                                                                           : otherwise + std::to_string(i);
      for (size_t k = 0; k < ir.size(); ++k) {
        const std::string &name = ir[k].name;
        const bool exact = port.name == name;
        const bool part = ir[k].kind == ::ge::PortKind::Dynamic && port.name.size() > name.size() &&
                          port.name.compare(0, name.size(), name) == 0 &&
                          port.name.find_first_not_of("0123456789", name.size()) == std::string::npos;
        if (exact || (part && port.ir < 0))
          port.ir = static_cast<int>(k);
      }
    }
  };
  size_t inputs = 0;
  for (const Value *input : message.all(op_def::input))
    inputs += input->bytes.size() < 3 || input->bytes.substr(input->bytes.size() - 3) != ":-1";
  const std::vector<const Value *> inputDescs = message.all(op_def::input_desc);
  const std::vector<const Value *> outputDescs = message.all(op_def::output_desc);
  inputs = std::max({inputs, inputDescs.size(), getStrings(message, kInputNames).size()});
  makePorts(inputs, kInputNames, kInputPlaces, desc.irInputs, "x", desc.inputs);
  makePorts(outputDescs.size(), kOutputNames, kOutputPlaces, desc.irOutputs, "y", desc.outputs);
  for (size_t i = 0; i < inputDescs.size(); ++i)
    readPort(inputDescs[i]->message.get(), desc.inputs[i]);
  for (size_t i = 0; i < outputDescs.size(); ++i)
    readPort(outputDescs[i]->message.get(), desc.outputs[i]);
}

bool Importer::addSubgraphs(const Message &message, ::ge::OpDesc &desc) {
  const std::vector<const Value *> bodies = message.all(op_def::subgraph);
  std::vector<std::string> names = getStrings(message, kSubgraphNames);
  std::vector<int64_t> places = getInts(message, kSubgraphPlaces);
  if (names.size() != bodies.size() || places.size() != bodies.size()) {
    // By position among what the prototype declares.
    names.clear();
    places.clear();
    for (size_t i = 0; i < bodies.size(); ++i) {
      const size_t slot = std::min(i, desc.irSubgraphs.empty() ? i : desc.irSubgraphs.size() - 1);
      if (slot >= desc.irSubgraphs.size())
        return fail("node '" + desc.name + "' (" + desc.type + ") does not say what its graphs are");
      names.push_back(desc.irSubgraphs[slot].name);
      places.push_back(desc.irSubgraphs[slot].dynamic ? static_cast<int64_t>(i - slot) : 0);
    }
  }
  for (size_t i = 0; i < bodies.size(); ++i) {
    const std::string name = toText(*bodies[i]);
    const Message *body = nullptr;
    for (const Message *graph : graphs)
      if (graph->getText(graph_def::name) == name)
        body = graph;
    if (!body)
      return fail("node '" + desc.name + "' has the graph '" + name + "', which the model does not have");
    ::ge::SubgraphSlot slot;
    slot.irName = names[i];
    slot.index = static_cast<unsigned>(places[i]);
    slot.instanceName = name;
    slot.instance = importGraph(*body);
    if (!slot.instance)
      return false;
    desc.subgraphs.push_back(std::move(slot));
  }
  return true;
}

bool Importer::importNode(const Message &message, ::ge::GraphImpl &graph) {
  auto desc = std::make_shared<::ge::OpDesc>();
  desc->name = message.getText(op_def::name);
  desc->type = message.getText(op_def::type);
  if (desc->type == "NetOutput")
    return true;
  if (desc->name.empty() || desc->type.empty())
    return fail("graph '" + graph.name + "' has a node without a name or a type");
  if (graph.byName.count(desc->name))
    return fail("graph '" + graph.name + "' has two nodes of the name '" + desc->name + "'");
  addPorts(message, *desc);
  desc->attrs = readAttrs(message, op_def::attr);
  for (const std::string &name : kStructure)
    desc->attrs.erase(name);
  if (!addSubgraphs(message, *desc))
    return false;
  return graph.addNode(desc) || fail("node '" + desc->name + "' cannot be part of graph '" + graph.name + "'");
}

bool Importer::parseSource(std::string_view text, const std::string &node, Source &source) {
  const size_t colon = text.rfind(':');
  const std::string number(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  if (number != "-1" &&
      (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos))
    return fail("node '" + node + "' has the input '" + std::string(text) + "', expected \"node:index\"");
  source = {std::string(text.substr(0, colon)), std::stoi(number)};
  return true;
}

bool Importer::connect(const Message &message, ::ge::GraphImpl &graph) {
  const std::string name = message.getText(op_def::name);
  ::ge::NodeImpl &node = *graph.byName.at(name);
  int port = 0;
  for (const Value *input : message.all(op_def::input)) {
    if (input->bytes.empty()) {
      ++port;
      continue;
    }
    Source source;
    if (!parseSource(input->bytes, name, source))
      return false;
    auto producer = graph.byName.find(source.node);
    if (producer == graph.byName.end())
      return fail("node '" + name + "' has an input from '" + source.node + "', which graph '" + graph.name +
                  "' does not have");
    ::ge::NodeImpl &from = *producer->second;
    if (source.port < 0) {
      (void)graph.addControlEdge(from, node);
      continue;
    }
    if (static_cast<size_t>(source.port) >= from.desc->outputs.size() ||
        !graph.addEdge(from, source.port, node, port++))
      return fail("node '" + name + "' has an input from output " + std::to_string(source.port) + " of '" +
                  source.node + "', which has " + std::to_string(from.desc->outputs.size()));
  }
  return true;
}

/// A NetOutput's inputs are the results of the graph.
bool Importer::addResults(const Message &message, ::ge::GraphImpl &graph) {
  for (const Value *input : message.all(op_def::input)) {
    Source source;
    if (input->bytes.empty())
      continue;
    if (!parseSource(input->bytes, message.getText(op_def::name), source))
      return false;
    auto producer = graph.byName.find(source.node);
    if (producer == graph.byName.end() ||
        (source.port >= 0 && static_cast<size_t>(source.port) >= producer->second->desc->outputs.size()))
      return fail("the results of graph '" + graph.name + "' name '" + toText(*input) + "', which it does not have");
    if (source.port < 0)
      graph.targets.push_back(producer->second);
    else
      graph.outputs.push_back({producer->second, source.port, ""});
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

std::shared_ptr<::ge::GraphImpl> Importer::importGraph(const Message &message) {
  auto graph = std::make_shared<::ge::GraphImpl>();
  graph->name = message.getText(graph_def::name);
  if (!open.insert(&message).second) {
    fail("graph '" + graph->name + "' holds itself");
    return nullptr;
  }
  const std::vector<const Value *> nodes = message.all(graph_def::op);
  for (const Value *node : nodes)
    if (!importNode(*node->message, *graph))
      return nullptr;
  for (const Value *node : nodes) {
    const bool isResults = node->message->getText(op_def::type) == "NetOutput";
    if (!(isResults ? addResults(*node->message, *graph) : connect(*node->message, *graph)))
      return nullptr;
  }
  for (const auto &node : graph->nodes)
    if (node->desc->type == "Data" || node->desc->type == "RefData")
      graph->inputs.push_back(node.get());
  graph->attrs = readAttrs(message, graph_def::attr);
  auto names = graph->attrs.find(kOutputNameList);
  std::vector<std::string> list;
  if (names != graph->attrs.end() && names->second.GetAttrValue(list) == ::ge::GRAPH_SUCCESS &&
      list.size() == graph->outputs.size()) {
    for (size_t i = 0; i < list.size(); ++i)
      graph->outputs[i].name = list[i];
    graph->attrs.erase(names);
  }
  graph->valid = !graph->nodes.empty();
  open.erase(&message);
  return graph;
}

std::shared_ptr<::ge::GraphImpl> Importer::run() {
  if (graphs.empty()) {
    fail("the model has no graph");
    return nullptr;
  }
  return importGraph(*graphs[0]);
}

/// Binary messages have bytes that text does not.
static bool isText(std::string_view bytes) {
  bytes = bytes.substr(0, 4096);
  return std::none_of(bytes.begin(), bytes.end(),
                      [](unsigned char byte) { return byte < 32 && byte != '\n' && byte != '\t' && byte != '\r'; });
}

bool gemlir::air::importGraph(const void *data, size_t size, std::shared_ptr<const void> owner, ::ge::Graph &graph,
                              std::string &error) {
  const std::string_view bytes(static_cast<const char *>(data), size);
  Document document;
  const bool text = isText(bytes);
  if (!(text ? readText(bytes, document, error) : readBinary(data, size, document, error))) {
    error += " [E13005]";
    return false;
  }
  // Strings of text are the document's, so their content is copied.
  Importer importer(document.root, text ? nullptr : std::move(owner));
  std::shared_ptr<::ge::GraphImpl> result = importer.run();
  if (!result) {
    error = importer.error + " [E13005]";
    return false;
  }
  graph = ::ge::GraphAccess::make(std::move(result));
  return true;
}

bool gemlir::air::importGraphFile(const std::string &path, ::ge::Graph &graph, std::string &error) {
  std::unique_ptr<MappedFile> file;
  if (Error failure = MappedFile::open(path, file)) {
    error = failure.text() + " [E13001]";
    return false;
  }
  std::shared_ptr<const MappedFile> owner = std::move(file);
  if (importGraph(owner->data(), owner->size(), owner, graph, error))
    return true;
  error = path + ": " + error;
  return false;
}
