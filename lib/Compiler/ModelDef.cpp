//===- ModelDef.cpp - the graph of an offline model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelDef.h"

#include "Diagnostics.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Import/AIR/Schema.h"
#include "ge-mlir/Support/Wire.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace gemlir;

//===----------------------------------------------------------------------===//
// Messages of ge.proto, written field by field
//===----------------------------------------------------------------------===//

namespace {

using Message = WireWriter;

/// Turns one function into a GraphDef.
class GraphWriter {
public:
  explicit GraphWriter(const Signature &signature) : signature(signature) {}
  LogicalResult write(func::FuncOp func, Message &graph);

private:
  void addData(func::FuncOp func, Message &graph);
  LogicalResult addOperation(Operation &op, Message &graph);
  void addNetOutput(Operation &terminator, Message &graph);
  void addInputs(Operation &op, Message &node);
  void addConstantValue(Operation &op, ElementsAttr value, Message &node);
  std::string makeName(Operation &op);

  const Signature &signature;
  llvm::StringSet<> names;
  /// "node:index" of each value.
  DenseMap<Value, std::string> sources;
  int64_t nextId = 0;
};

} // namespace

static StringRef getLayout(RankedTensorType type) {
  if (auto format = dyn_cast_or_null<mlir::ge::FormatAttr>(type.getEncoding()))
    return stringifyFormat(format.getFormat());
  return type.getRank() == 4 ? "NCHW" : "ND";
}

static Message makeInt(int64_t value) {
  Message attr;
  attr.addInt(3, value);
  return attr;
}

static Message makeString(StringRef value) {
  Message attr;
  attr.addBytes(2, value);
  return attr;
}

static Message makeInts(ArrayRef<int64_t> values) {
  Message list, attr;
  list.addPacked(3, values.data(), values.size());
  list.addInt(20, 2); // VT_LIST_INT
  attr.addMessage(1, list);
  return attr;
}

static Message describe(Type type, StringRef name) {
  Message desc;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return desc;
  desc.addBytes(1, name);
  desc.addInt(2, air::toProtoType(getDataTypeNumber(tensor.getElementType())));
  Message shape;
  shape.addPacked(1, tensor.getShape().data(), tensor.getShape().size());
  desc.addMessage(3, shape);
  desc.addBytes(4, getLayout(tensor));
  if (auto format = dyn_cast_or_null<mlir::ge::FormatAttr>(tensor.getEncoding())) {
    desc.addEntry(5, "origin_format", makeString(stringifyFormat(format.getOrigin())));
    desc.addEntry(5, "origin_shape", makeInts(format.getOriginShape()));
  }
  return desc;
}

/// An attribute of a node, or nothing if the container has no form for it.
static std::optional<Message> convertAttribute(Attribute attribute) {
  Message attr;
  if (auto flag = dyn_cast<BoolAttr>(attribute)) {
    attr.addInt(5, flag.getValue());
  } else if (auto integer = dyn_cast<IntegerAttr>(attribute)) {
    return makeInt(integer.getValue().getSExtValue());
  } else if (auto real = dyn_cast<FloatAttr>(attribute)) {
    attr.addFloat(4, static_cast<float>(real.getValueAsDouble()));
  } else if (auto text = dyn_cast<StringAttr>(attribute)) {
    return makeString(text.getValue());
  } else if (auto ints = dyn_cast<DenseI64ArrayAttr>(attribute)) {
    return makeInts(ints.asArrayRef());
  } else if (auto type = dyn_cast<TypeAttr>(attribute)) {
    attr.addInt(15, getDataTypeNumber(type.getValue()));
  } else {
    return std::nullopt;
  }
  return attr;
}

std::string GraphWriter::makeName(Operation &op) {
  std::string base = findNode(op.getLoc());
  if (base.empty())
    base = op.getName().stripDialect().str();
  std::string name = base;
  for (unsigned i = 1; !names.insert(name).second; ++i)
    name = base + "_" + std::to_string(i);
  return name;
}

void GraphWriter::addData(func::FuncOp func, Message &graph) {
  for (auto [argument, info] : llvm::zip(func.getArguments(), signature.inputs)) {
    names.insert(info.name);
    sources[argument] = info.name + ":0";
    Message node;
    node.addBytes(1, info.name);
    node.addBytes(2, "Data");
    node.addEntry(10, "index", makeInt(argument.getArgNumber()));
    node.addInt(21, nextId++);
    node.addMessage(34, describe(argument.getType(), "y"));
    graph.addMessage(6, node);
  }
}

void GraphWriter::addInputs(Operation &op, Message &node) {
  for (Value operand : op.getOperands())
    node.addBytes(5, sources.lookup(operand));
}

void GraphWriter::addConstantValue(Operation &op, ElementsAttr value, Message &node) {
  Message tensor, attr;
  tensor.addMessage(1, describe(value.getType(), ""));
  std::optional<ArrayRef<char>> bytes = gemlir::getRawBytes(value);
  if (bytes && static_cast<int64_t>(bytes->size()) <= gemlir::kMaxDenseBytes)
    tensor.addBytes(2, std::string_view(bytes->data(), bytes->size()));
  attr.addMessage(12, tensor);
  node.addEntry(10, "value", attr);
}

LogicalResult GraphWriter::addOperation(Operation &op, Message &graph) {
  std::string name = makeName(op);
  for (OpResult result : op.getResults())
    sources[result] = name + ":" + std::to_string(result.getResultNumber());
  Message node;
  node.addBytes(1, name);
  node.addBytes(2, cast<mlir::ge::GEOperator>(op).getGEType());
  addInputs(op, node);
  for (NamedAttribute attribute : op.getAttrs()) {
    if (auto value = dyn_cast<ElementsAttr>(attribute.getValue()); value && attribute.getName() == "value")
      addConstantValue(op, value, node);
    else if (std::optional<Message> converted = convertAttribute(attribute.getValue()))
      node.addEntry(10, attribute.getName().getValue(), *converted);
  }
  node.addInt(21, nextId++);
  for (Value operand : op.getOperands())
    node.addMessage(33, describe(operand.getType(), ""));
  for (OpResult result : op.getResults())
    node.addMessage(34, describe(result.getType(), ""));
  graph.addMessage(6, node);
  return success();
}

void GraphWriter::addNetOutput(Operation &terminator, Message &graph) {
  Message node;
  names.insert("Node_Output");
  node.addBytes(1, "Node_Output");
  node.addBytes(2, "NetOutput");
  addInputs(terminator, node);
  node.addInt(21, nextId++);
  for (Value operand : terminator.getOperands())
    node.addMessage(33, describe(operand.getType(), ""));
  graph.addMessage(6, node);
}

LogicalResult GraphWriter::write(func::FuncOp func, Message &graph) {
  graph.addBytes(1, signature.name);
  for (const model::TensorInfo &input : signature.inputs)
    graph.addBytes(4, input.name + ":0");
  graph.addBytes(5, "Node_Output:0");
  addData(func, graph);
  for (Operation &op : func.getBody().front()) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      addNetOutput(op, graph);
    else if (failed(addOperation(op, graph)))
      return failure();
  }
  return success();
}

LogicalResult gemlir::serializeModelDef(func::FuncOp func, const Signature &signature, std::vector<uint8_t> &bytes) {
  Message model, graph;
  if (failed(GraphWriter(signature).write(func, graph)))
    return failure();
  model.addBytes(1, signature.name);
  model.addInt(2, 1);
  model.addMessage(7, graph);
  bytes = model.take();
  return success();
}
