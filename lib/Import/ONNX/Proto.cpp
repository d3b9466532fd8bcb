//===- Proto.cpp - reads the messages of an ONNX model --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Proto.h"

#include <algorithm>

using namespace gemlir::onnx;

namespace {

/// Bodies nest; a hostile file could nest them until the stack ends.
constexpr unsigned kMaxDepth = 64;

bool readGraph(Span span, GraphView &graph, ReadError &error, unsigned depth);

/// Reads one length-delimited field with `read` and appends the result.
template <typename T, typename Read>
bool appendMessage(WireReader &reader, std::vector<T> &list, Read read) {
  Span bytes;
  if (!reader.readBytes(bytes))
    return false;
  list.emplace_back();
  return read(bytes, list.back());
}

/// A message of ONNX, and the numbers of the fields that it has in the newest IR version known here.
struct Message {
  const char *name;
  std::initializer_list<uint32_t> fields;
};
constexpr int64_t kNewestIRVersion = 13, kNewestOpset = 27;
constexpr Message kModel{"ModelProto", {1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26}};
constexpr Message kGraph{"GraphProto", {1, 2, 5, 10, 11, 12, 13, 14, 15, 16}};
constexpr Message kNode{"NodeProto", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
constexpr Message kAttribute{"AttributeProto", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 20, 21, 22, 23}};
constexpr Message kTensor{"TensorProto", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16}};
// 2 and 3 are of functions before IR version 8.
constexpr Message kFunction{"FunctionProto", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}};
constexpr Message kValueInfo{"ValueInfoProto", {1, 2, 3, 4}};
constexpr Message kType{"TypeProto", {1, 4, 5, 6, 7, 8, 9}};
constexpr Message kTensorType{"TypeProto.Tensor", {1, 2}};
constexpr Message kShape{"TensorShapeProto", {1}};
constexpr Message kDimension{"TensorShapeProto.Dimension", {1, 2, 3}};
constexpr Message kOpset{"OperatorSetIdProto", {1, 2}};
constexpr Message kEntry{"StringStringEntryProto", {1, 2}};

/// Skips what is not needed. A field that ONNX does not have is noted: a newer one may mean something by it.
bool skip(WireReader &reader, const Message &message) {
  std::string &note = reader.getError().unknownField;
  if (note.empty() && std::find(message.fields.begin(), message.fields.end(), reader.field()) == message.fields.end())
    note = "at byte " + std::to_string(reader.offset()) + ": " + message.name + " has the field " +
           std::to_string(reader.field());
  return reader.skip();
}

bool appendText(WireReader &reader, std::vector<std::string_view> &list) {
  list.emplace_back();
  return reader.readText(list.back());
}

bool readExternalEntry(Span span, TensorView &tensor, ReadError &error) {
  std::string_view key, value;
  WireReader reader(span, error);
  while (reader.next())
    if (!(reader.field() == 1   ? reader.readText(key)
          : reader.field() == 2 ? reader.readText(value)
                                : skip(reader, kEntry)))
      return false;
  if (key == "location")
    tensor.location = value;
  else if (key == "offset")
    tensor.externalOffset = value;
  else if (key == "length")
    tensor.externalLength = value;
  return error.empty();
}

/// Typed tensor fields: packed payloads are kept as spans, loose values read.
bool readTensorPayload(WireReader &reader, TensorView &tensor) {
  bool packed = reader.wireType() == WireType::Bytes;
  Span bytes;
  switch (reader.field()) {
  case 4:
    return packed ? reader.readBytes(bytes) && (tensor.floatData.push_back(bytes), true)
                  : reader.readFloats(tensor.looseFloats);
  case 10: {
    if (packed)
      return reader.readBytes(bytes) && (tensor.doubleData.push_back(bytes), true);
    uint64_t raw;
    if (!reader.readFixed64(raw))
      return false;
    double value;
    std::memcpy(&value, &raw, 8);
    tensor.looseDoubles.push_back(value);
    return true;
  }
  default: {
    if (!packed)
      return reader.readInts(tensor.looseInts);
    auto &list = reader.field() == 5 ? tensor.int32Data : reader.field() == 7 ? tensor.int64Data : tensor.uint64Data;
    return reader.readBytes(bytes) && (list.push_back(bytes), true);
  }
  }
}

bool readTensorType(Span span, TypeView &type, ReadError &error) {
  WireReader reader(span, error);
  while (reader.next()) {
    Span bytes;
    if (reader.field() == 1) {
      if (!reader.readInt(type.elementType))
        return false;
    } else if (reader.field() == 2) {
      if (!reader.readBytes(bytes))
        return false;
      type.hasShape = true;
      WireReader shape(bytes, error);
      while (shape.next()) {
        if (shape.field() != 1) {
          if (!skip(shape, kShape))
            return false;
          continue;
        }
        Span dimension;
        if (!shape.readBytes(dimension))
          return false;
        int64_t value = -1;
        std::string_view name;
        WireReader dim(dimension, error);
        while (dim.next())
          if (!(dim.field() == 1 ? dim.readInt(value) : dim.field() == 2 ? dim.readText(name) : skip(dim, kDimension)))
            return false;
        type.dims.push_back(value < 0 ? -1 : value);
        type.names.push_back(name);
      }
    } else if (!skip(reader, kTensorType)) {
      return false;
    }
  }
  return error.empty();
}

bool readType(Span span, TypeView &type, ReadError &error) {
  WireReader reader(span, error);
  while (reader.next()) {
    Span bytes;
    switch (reader.field()) {
    case 1:
      type.kind = TypeView::Tensor;
      if (!reader.readBytes(bytes) || !readTensorType(bytes, type, error))
        return false;
      continue;
    case 4: type.kind = TypeView::Sequence; break;
    case 5: type.kind = TypeView::Map; break;
    case 8: type.kind = TypeView::SparseTensor; break;
    case 9: type.kind = TypeView::Optional; break;
    }
    if (!skip(reader, kType))
      return false;
  }
  return error.empty();
}

bool readValueInfo(Span span, ValueInfo &value, ReadError &error) {
  WireReader reader(span, error);
  while (reader.next()) {
    Span bytes;
    bool ok = true;
    if (reader.field() == 1)
      ok = reader.readText(value.name);
    else if (reader.field() == 2)
      ok = reader.readBytes(bytes) && readType(bytes, value.type, error);
    else
      ok = skip(reader, kValueInfo);
    if (!ok)
      return false;
  }
  return error.empty();
}

/// Writers before IR version 2 left the type out; the field present tells it.
void inferAttributeType(AttributeView &attribute, uint32_t lastField) {
  static const int64_t types[] = {0,
                                  0,
                                  AttributeView::Float,
                                  AttributeView::Int,
                                  AttributeView::String,
                                  AttributeView::Tensor,
                                  AttributeView::Graph,
                                  AttributeView::Floats,
                                  AttributeView::Ints,
                                  AttributeView::Strings,
                                  AttributeView::Tensors,
                                  AttributeView::Graphs};
  if (attribute.type == AttributeView::Undefined && lastField < sizeof(types) / sizeof(types[0]))
    attribute.type = types[lastField];
}

bool readAttribute(Span span, AttributeView &attribute, ReadError &error, unsigned depth) {
  WireReader reader(span, error);
  uint32_t lastField = 0;
  auto tensor = [&](Span bytes, TensorView &out) { return readTensor(bytes, out, error); };
  auto graph = [&](Span bytes, std::shared_ptr<GraphView> &out) {
    out = std::make_shared<GraphView>();
    return readGraph(bytes, *out, error, depth + 1);
  };
  while (reader.next()) {
    bool ok;
    if (reader.field() >= 2 && reader.field() <= 11)
      lastField = reader.field();
    switch (reader.field()) {
    case 1: ok = reader.readText(attribute.name); break;
    case 2: ok = reader.readFloat(attribute.f); break;
    case 3: ok = reader.readInt(attribute.i); break;
    case 4: ok = reader.readText(attribute.s); break;
    case 5:
    case 10: ok = appendMessage(reader, attribute.tensors, tensor); break;
    case 6:
    case 11: ok = appendMessage(reader, attribute.graphs, graph); break;
    case 7: ok = reader.readFloats(attribute.floats); break;
    case 8: ok = reader.readInts(attribute.ints); break;
    case 9: ok = appendText(reader, attribute.strings); break;
    case 20: ok = reader.readInt(attribute.type); break;
    case 21: ok = reader.readText(attribute.refName); break;
    default: ok = skip(reader, kAttribute);
    }
    if (!ok)
      return false;
  }
  inferAttributeType(attribute, lastField);
  // A reader of the attribute takes element 0 for granted.
  if ((attribute.type == AttributeView::Tensor && attribute.tensors.empty() && attribute.refName.empty()) ||
      (attribute.type == AttributeView::Graph && attribute.graphs.empty() && attribute.refName.empty()))
    return error.setAt(span.begin, "attribute '" + std::string(attribute.name) + "' has no value");
  return error.empty();
}

bool readNode(Span span, NodeView &node, ReadError &error, unsigned depth) {
  node.offset = span.begin;
  WireReader reader(span, error);
  auto attribute = [&](Span bytes, AttributeView &out) { return readAttribute(bytes, out, error, depth); };
  while (reader.next()) {
    bool ok;
    switch (reader.field()) {
    case 1: ok = appendText(reader, node.inputs); break;
    case 2: ok = appendText(reader, node.outputs); break;
    case 3: ok = reader.readText(node.name); break;
    case 4: ok = reader.readText(node.type); break;
    case 5: ok = appendMessage(reader, node.attributes, attribute); break;
    case 7: ok = reader.readText(node.domain); break;
    case 8: ok = reader.readText(node.overload); break;
    default: ok = skip(reader, kNode);
    }
    if (!ok)
      return false;
  }
  if (error.empty() && node.type.empty())
    return error.setAt(span.begin, "node '" + std::string(node.name) + "' has no operator type");
  // Two spellings of the default domain.
  if (node.domain == "ai.onnx")
    node.domain = "";
  return error.empty();
}

bool readGraph(Span span, GraphView &graph, ReadError &error, unsigned depth) {
  if (depth > kMaxDepth)
    return error.setAt(span.begin, "graphs nest deeper than " + std::to_string(kMaxDepth));
  WireReader reader(span, error);
  auto node = [&](Span bytes, NodeView &out) { return readNode(bytes, out, error, depth); };
  auto tensor = [&](Span bytes, TensorView &out) { return readTensor(bytes, out, error); };
  auto value = [&](Span bytes, ValueInfo &out) { return readValueInfo(bytes, out, error); };
  while (reader.next()) {
    bool ok;
    switch (reader.field()) {
    case 1: ok = appendMessage(reader, graph.nodes, node); break;
    case 2: ok = reader.readText(graph.name); break;
    case 5: ok = appendMessage(reader, graph.initializers, tensor); break;
    case 11: ok = appendMessage(reader, graph.inputs, value); break;
    case 12: ok = appendMessage(reader, graph.outputs, value); break;
    case 13: ok = appendMessage(reader, graph.values, value); break;
    case 15:
      ++graph.sparseInitializers;
      ok = skip(reader, kGraph);
      break;
    default: ok = skip(reader, kGraph);
    }
    if (!ok)
      return false;
  }
  return error.empty();
}

bool readOpset(Span span, OpsetView &opset, ReadError &error) {
  WireReader reader(span, error);
  while (reader.next())
    if (!(reader.field() == 1   ? reader.readText(opset.domain)
          : reader.field() == 2 ? reader.readInt(opset.version)
                                : skip(reader, kOpset)))
      return false;
  if (opset.domain == "ai.onnx")
    opset.domain = "";
  return error.empty();
}

/// Later versions may give an operator another meaning.
bool checkOpsets(const std::vector<OpsetView> &opsets, ReadError &error) {
  for (const OpsetView &opset : opsets)
    if (opset.domain.empty() && opset.version > kNewestOpset)
      return error.set("found operator set version " + std::to_string(opset.version) + ", expected at most " +
                       std::to_string(kNewestOpset) + "; export the model for an older one");
  return true;
}

bool readFunction(Span span, FunctionView &function, ReadError &error) {
  WireReader reader(span, error);
  while (reader.next()) {
    bool ok;
    switch (reader.field()) {
    case 1: ok = reader.readText(function.name); break;
    case 4: ok = appendText(reader, function.inputs); break;
    case 5: ok = appendText(reader, function.outputs); break;
    case 6: ok = appendText(reader, function.attributes); break;
    case 7:
      ok = appendMessage(reader, function.nodes, [&](Span b, NodeView &out) { return readNode(b, out, error, 1); });
      break;
    case 9:
      ok = appendMessage(reader, function.opsets, [&](Span b, OpsetView &out) { return readOpset(b, out, error); });
      break;
    case 10: ok = reader.readText(function.domain); break;
    case 11:
      ok = appendMessage(reader, function.defaults,
                         [&](Span b, AttributeView &out) { return readAttribute(b, out, error, 1); });
      break;
    case 13: ok = reader.readText(function.overload); break;
    default: ok = skip(reader, kFunction);
    }
    if (!ok)
      return false;
  }
  return error.empty();
}

} // namespace

const AttributeView *NodeView::find(std::string_view attribute) const {
  for (const AttributeView &candidate : attributes)
    if (candidate.name == attribute)
      return &candidate;
  return nullptr;
}

bool gemlir::onnx::readTensor(Span span, TensorView &tensor, ReadError &error) {
  tensor.offset = span.begin;
  WireReader reader(span, error);
  while (reader.next()) {
    Span bytes;
    int64_t number;
    bool ok;
    switch (reader.field()) {
    case 1: ok = reader.readInts(tensor.dims); break;
    case 2: ok = reader.readInt(tensor.dataType); break;
    case 4:
    case 5:
    case 7:
    case 10:
    case 11: ok = readTensorPayload(reader, tensor); break;
    case 6: ok = appendText(reader, tensor.strings); break;
    case 8: ok = reader.readText(tensor.name); break;
    case 9:
      ok = reader.readBytes(tensor.raw);
      tensor.hasRaw = true;
      break;
    case 13: ok = reader.readBytes(bytes) && readExternalEntry(bytes, tensor, error); break;
    case 14:
      ok = reader.readInt(number);
      tensor.external = ok && number == 1;
      break;
    default: ok = skip(reader, kTensor);
    }
    if (!ok)
      return false;
  }
  return error.empty();
}

bool gemlir::onnx::readModel(Span span, ModelView &model, ReadError &error) {
  bool hasGraph = false;
  WireReader reader(span, error);
  while (reader.next()) {
    Span bytes;
    bool ok;
    switch (reader.field()) {
    case 1: ok = reader.readInt(model.irVersion); break;
    case 7:
      hasGraph = true;
      ok = reader.readBytes(bytes) && readGraph(bytes, model.graph, error, 0);
      break;
    case 8:
      ok = appendMessage(reader, model.opsets, [&](Span b, OpsetView &out) { return readOpset(b, out, error); });
      break;
    case 25:
      ok = appendMessage(reader, model.functions,
                         [&](Span b, FunctionView &out) { return readFunction(b, out, error); });
      break;
    default: ok = skip(reader, kModel);
    }
    if (!ok)
      return false;
  }
  if (!error.empty())
    return false;
  if (!hasGraph)
    return error.setAt(span.end, "the file ends without a graph");
  if (model.opsets.empty())
    return error.setAt(span.end, "the file ends without an operator set version (opset_import)");
  if (model.irVersion > kNewestIRVersion && !error.unknownField.empty())
    return error.set(error.unknownField + ", which IR version " + std::to_string(kNewestIRVersion) +
                     " does not have; found IR version " + std::to_string(model.irVersion));
  bool known = checkOpsets(model.opsets, error);
  for (const FunctionView &function : model.functions)
    known = known && checkOpsets(function.opsets, error);
  return known;
}
