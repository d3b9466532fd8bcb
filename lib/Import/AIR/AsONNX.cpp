//===- AsONNX.cpp - graphs for viewers of ONNX -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Import/AIR/AIR.h"

#include "Document.h"

#include <algorithm>

using namespace gemlir;
using namespace gemlir::air;

namespace {

/// Writes the text format of messages whose schema is not ours.
class Printer {
public:
  void open(const char *name) { line(std::string(name) + " {"), ++depth; }
  void close() { --depth, line("}"); }
  void add(const char *name, int64_t value) { line(std::string(name) + ": " + std::to_string(value)); }
  void add(const char *name, const std::string &value, bool isWord = false) {
    std::string text = std::string(name) + ": ";
    if (isWord)
      return line(text + value);
    text += '"';
    for (char c : value)
      text += c == '"' || c == '\\' ? std::string("\\") + c
              : c == '\n'           ? std::string("\\n")
                                    : std::string(1, static_cast<unsigned char>(c) < 32 ? '?' : c);
    line(text + '"');
  }
  std::string out;

private:
  void line(const std::string &text) { out += std::string(2 * depth, ' ') + text + '\n'; }
  unsigned depth = 0;
};

class Converter {
public:
  std::string run(const Message &model);

private:
  void addGraph(const Message &graph);
  void addNode(const Message &node);
  void addAttr(const std::string &name, const Message &attr);
  void addText(const std::string &name, const std::string &value);
  void addInts(const std::string &name, const std::vector<const Value *> &values);
  void addDescs(const char *what, const std::vector<const Value *> &descs);
  void addValueInfo(const char *field, const std::string &name, const Message *desc);

  Printer printer;
};

} // namespace

void Converter::addText(const std::string &name, const std::string &value) {
  printer.open("attribute");
  printer.add("name", name);
  printer.add("s", value);
  printer.add("type", "STRING", true);
  printer.close();
}

void Converter::addInts(const std::string &name, const std::vector<const Value *> &values) {
  printer.open("attribute");
  printer.add("name", name);
  for (const Value *value : values)
    printer.add("ints", value->integer);
  printer.add("type", "INTS", true);
  printer.close();
}

/// What ONNX has no kind for is text.
void Converter::addAttr(const std::string &name, const Message &attr) {
  if (attr.values.empty())
    return;
  const Value &value = attr.values.back();
  switch (value.type->number) {
  case attr_def::s: return addText(name, std::string(value.bytes));
  case attr_def::i:
  case attr_def::b:
  case attr_def::dt:
    printer.open("attribute");
    printer.add("name", name);
    printer.add("i", value.integer);
    printer.add("type", "INT", true);
    return printer.close();
  case attr_def::f:
    printer.open("attribute");
    printer.add("name", name);
    printer.add("f", std::to_string(value.real), true);
    printer.add("type", "FLOAT", true);
    return printer.close();
  case attr_def::list:
    if (value.message->getInt(list_value::val_type) == kInts)
      return addInts(name, value.message->all(list_value::i));
    [[fallthrough]];
  default: {
    std::string text = value.type->kind == Kind::Message ? writeText(*value.message) : std::string();
    constexpr size_t kMostText = 1024;
    if (text.size() > kMostText)
      text = text.substr(0, kMostText) + "...";
    return addText(name, text);
  }
  }
}

void Converter::addDescs(const char *what, const std::vector<const Value *> &descs) {
  for (size_t i = 0; i < descs.size(); ++i) {
    const Message &desc = *descs[i]->message;
    const std::string place = ":" + std::to_string(i);
    addText(std::string(what) + "_dtype" + place,
            std::string(getEnumName(Kind::DataType, desc.getInt(desc_def::dtype))));
    addText(std::string(what) + "_layout" + place, desc.getText(desc_def::layout));
    if (const Message *shape = desc.getMessage(desc_def::shape))
      addInts(std::string(what) + "_shape" + place, shape->all(kElements));
  }
}

void Converter::addNode(const Message &node) {
  printer.open("node");
  const std::string name = node.getText(op_def::name);
  for (const Value *input : node.all(op_def::input))
    printer.add("input", std::string(input->bytes));
  const size_t outputs = node.all(op_def::output_desc).size();
  for (size_t i = 0; i < outputs; ++i)
    printer.add("output", name + ":" + std::to_string(i));
  printer.add("name", name);
  printer.add("op_type", "ge:" + node.getText(op_def::type));
  for (const Value *attr : node.all(op_def::attr))
    if (const Message *value = attr->message->getMessage(entry::value))
      addAttr(attr->message->getText(entry::key), *value);
  addDescs("input_desc", node.all(op_def::input_desc));
  addDescs("output_desc", node.all(op_def::output_desc));
  printer.close();
}

void Converter::addValueInfo(const char *field, const std::string &name, const Message *desc) {
  // By ge.proto's number.
  static const int8_t types[] = {0, 1, 10, 3, 2, 5, 4, 6, 7, 12, 13, 9, 11};
  printer.open(field);
  printer.add("name", name);
  const int64_t type = desc ? desc->getInt(desc_def::dtype) : 0;
  if (type > 0 && type < int64_t(sizeof(types))) {
    printer.open("type");
    printer.open("tensor_type");
    printer.add("elem_type", types[type]);
    printer.open("shape");
    if (const Message *shape = desc->getMessage(desc_def::shape))
      for (const Value *dim : shape->all(kElements)) {
        printer.open("dim");
        if (dim->integer >= 0)
          printer.add("dim_value", dim->integer);
        printer.close();
      }
    printer.close();
    printer.close();
    printer.close();
  }
  printer.close();
}

void Converter::addGraph(const Message &graph) {
  printer.open("graph");
  const std::vector<const Value *> nodes = graph.all(graph_def::op);
  // Inputs and results of an ONNX graph are not nodes.
  for (const Value *node : nodes)
    if (const std::string type = node->message->getText(op_def::type); type != "Data" && type != "NetOutput")
      addNode(*node->message);
  printer.add("name", graph.getText(graph_def::name));
  for (const Value *value : nodes) {
    const Message &node = *value->message;
    if (node.getText(op_def::type) == "Data")
      addValueInfo("input", node.getText(op_def::name) + ":0", node.getMessage(op_def::output_desc));
    if (node.getText(op_def::type) != "NetOutput")
      continue;
    const std::vector<const Value *> inputs = node.all(op_def::input), descs = node.all(op_def::input_desc);
    for (size_t i = 0; i < inputs.size(); ++i)
      addValueInfo("output", std::string(inputs[i]->bytes), i < descs.size() ? descs[i]->message.get() : nullptr);
  }
  printer.close();
}

std::string Converter::run(const Message &model) {
  printer.add("ir_version", 8);
  printer.add("producer_name", "ge-mlir");
  // The graphs of nodes follow in models of ge.proto; ONNX has one.
  if (const std::vector<const Value *> graphs = model.all(model_def::graph); !graphs.empty())
    addGraph(*graphs[0]->message);
  return printer.out;
}

/// Takes away what `detail` leaves out.
static void reduce(Message &message, Detail detail) {
  auto isLeftOut = [&](const Value &value) {
    const std::string_view type = message.type->name;
    const uint32_t field = value.type->number;
    if (type == "TensorDef")
      return detail != Detail::Full && field == tensor_def::data;
    if (detail != Detail::Structure)
      return false;
    return (type == "GraphDef" && field == graph_def::attr) ||
           (type == "OpDef" && (field == op_def::attr || field == op_def::input_desc));
  };
  message.values.erase(std::remove_if(message.values.begin(), message.values.end(), isLeftOut), message.values.end());
  for (Value &value : message.values) {
    // Results stay, since a viewer counts them.
    if (detail == Detail::Structure && value.type->number == op_def::output_desc &&
        std::string_view(message.type->name) == "OpDef")
      value.message->values.clear();
    else if (value.message)
      reduce(*value.message, detail);
  }
}

static bool read(const void *data, size_t size, Detail detail, Document &document, std::string &error) {
  if (!readBinary(data, size, document, error))
    return false;
  if (detail != Detail::Full)
    reduce(document.root, detail);
  return true;
}

bool gemlir::air::printModelDef(const void *data, size_t size, Detail detail, std::string &text, std::string &error) {
  Document document;
  if (!read(data, size, detail, document, error))
    return false;
  text = writeText(document.root);
  return true;
}

bool gemlir::air::printAsONNX(const void *data, size_t size, Detail detail, std::string &text, std::string &error) {
  Document document;
  if (!read(data, size, detail, document, error))
    return false;
  text = Converter().run(document.root);
  return true;
}
