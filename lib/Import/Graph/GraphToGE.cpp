//===- GraphToGE.cpp - ge::Graph to the ge dialect ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Import/Graph/GraphImporter.h"

#include "Conversion.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/IR/GEOpTable.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;
using mlir::ge::Arity;
using mlir::ge::OpTableEntry;

namespace gemlir {
namespace {

/// Builds the body of one graph.
class BodyImporter {
public:
  BodyImporter(MLIRContext *context, const GraphImportOptions &options, const ::ge::GraphImpl &graph)
      : context(context), options(options), graph(graph), builder(context) {}

  /// Adds the arguments to `block`, whose types are `hints` where the graph
  /// does not say them, and the operations; then `results` are the graph's.
  LogicalResult run(Block *block, TypeRange hints, SmallVectorImpl<Value> &results);
  SmallVector<::ge::GraphOutput> getOutputs() const;

private:
  using Node = ::ge::NodeImpl;

  Location locOf(const Node &node) const { return NameLoc::get(StringAttr::get(context, node.desc->name)); }
  InFlightDiagnostic emitError(const Node &node) const {
    return mlir::emitError(locOf(node)) << "node '" << node.desc->name << "' (" << node.desc->type << ") ";
  }
  Type argumentType(const Node &node, Type hint) const;
  Type describedType(const ::ge::Port &port) const;

  LogicalResult importNode(const Node &node);
  LogicalResult importConst(const Node &node);
  LogicalResult importFrameworkOp(const Node &node);
  LogicalResult importCustom(const Node &node);
  LogicalResult importKnown(const Node &node, const OpTableEntry &entry);

  LogicalResult addOperands(const Node &node, const OpTableEntry &entry, OperationState &state);
  LogicalResult addAttributes(const Node &node, const OpTableEntry &entry, OperationState &state);
  LogicalResult addRegions(const Node &node, const OpTableEntry &entry, OperationState &state);
  LogicalResult addRegion(const Node &node, const ::ge::SubgraphSlot &slot, TypeRange hints, OperationState &state);
  LogicalResult addForeignOperands(const Node &node, OperationState &state, SmallVectorImpl<int64_t> &slots);
  LogicalResult addOtherAttributes(const Node &node, ArrayRef<StringRef> taken, NamedAttrList &list);
  void addDiscardable(const Node &node, NamedAttrList &attributes);
  LogicalResult inferTypes(const Node &node, Operation *op);
  void finish(const Node &node, OperationState &state);

  Value valueOf(const ::ge::Edge &edge) const { return edge.node ? values.lookup({edge.node, edge.port}) : Value(); }

  MLIRContext *context;
  const GraphImportOptions &options;
  const ::ge::GraphImpl &graph;
  OpBuilder builder;
  DenseMap<std::pair<const Node *, int>, Value> values;
};

bool isData(const ::ge::NodeImpl &node) { return node.desc->type == "Data" || node.desc->type == "RefData"; }

} // namespace

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type BodyImporter::describedType(const ::ge::Port &port) const {
  if (port.described)
    return toTensorType(context, port.desc);
  return UnrankedTensorType::get(toElementType(context, ::ge::DT_UNDEFINED));
}

/// Clients describe a Data node by its output, its input, or both.
Type BodyImporter::argumentType(const Node &node, Type hint) const {
  for (const auto *ports : {&node.desc->outputs, &node.desc->inputs})
    for (const ::ge::Port &port : *ports)
      if (port.described) {
        auto type = cast<TensorType>(describedType(port));
        if (!isUndefined(type.getElementType()))
          return type;
      }
  return hint ? hint : Type(UnrankedTensorType::get(toElementType(context, ::ge::DT_FLOAT)));
}

/// What both types say: known dimensions win over unknown ones. Null if they
/// contradict each other.
static Type meetTypes(Type a, Type b) {
  auto x = cast<TensorType>(a), y = cast<TensorType>(b);
  if (isUndefined(x.getElementType()))
    return b;
  if (isUndefined(y.getElementType()) || !y.hasRank())
    return a;
  if (x.getElementType() != y.getElementType())
    return nullptr;
  if (!x.hasRank())
    return b;
  auto ranked = cast<RankedTensorType>(x);
  if (ranked.getEncoding() != cast<RankedTensorType>(y).getEncoding() || x.getRank() != y.getRank())
    return nullptr;
  SmallVector<int64_t> dims;
  for (auto [m, n] : llvm::zip(x.getShape(), y.getShape())) {
    if (!ShapedType::isDynamic(m) && !ShapedType::isDynamic(n) && m != n)
      return nullptr;
    dims.push_back(ShapedType::isDynamic(m) ? n : m);
  }
  return RankedTensorType::get(dims, x.getElementType(), ranked.getEncoding());
}

/// What holds for both types: a dimension in which they differ is unknown.
static Type joinTypes(Type a, Type b) {
  auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b);
  if (a == b)
    return a;
  Type element = cast<TensorType>(a).getElementType();
  if (!x || !y || x.getRank() != y.getRank())
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> dims;
  for (auto [m, n] : llvm::zip(x.getShape(), y.getShape()))
    dims.push_back(m == n ? m : ShapedType::kDynamic);
  return RankedTensorType::get(dims, element, x.getEncoding());
}

LogicalResult BodyImporter::inferTypes(const Node &node, Operation *op) {
  bool trusted = options.trustDescriptions;
  for (const ::ge::Port &port : node.desc->outputs)
    trusted &= port.described;
  auto inference = dyn_cast<InferTypeOpInterface>(op);
  if (trusted || !inference)
    return success();
  for (Type type : op->getOperandTypes())
    if (isUndefined(cast<TensorType>(type).getElementType()))
      return success();
  SmallVector<Type> types;
  if (failed(inference.inferReturnTypes(context, op->getLoc(), op->getOperands(), op->getDiscardableAttrDictionary(),
                                        op->getPropertiesStorage(), op->getRegions(), types)))
    return failure();
  if (types.size() != op->getNumResults())
    return emitError(node) << "has " << op->getNumResults() << " outputs, expected " << types.size() << " [E10401]";
  for (auto [result, type] : llvm::zip(op->getResults(), types)) {
    Type met = meetTypes(type, result.getType());
    result.setType(met ? met : type);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Operands, attributes, regions
//===----------------------------------------------------------------------===//

/// The ports of a declared input or output, in order. Operators without a
/// prototype name theirs "x" or, if there are several, "x0", "x1", ...
static SmallVector<int> portsOf(const std::vector<::ge::IrPort> &ir, const std::vector<::ge::Port> &ports,
                                const std::string &name, Arity arity) {
  SmallVector<int> result;
  for (int index : ::ge::OpDesc::group(ir, ports, name))
    result.push_back(index);
  if (!result.empty())
    return result;
  if (arity != Arity::Variadic) {
    if (int index = ::ge::OpDesc::find(ports, name); index >= 0)
      result.push_back(index);
    return result;
  }
  for (unsigned i = 0;; ++i) {
    const int index = ::ge::OpDesc::find(ports, name + std::to_string(i));
    if (index < 0)
      return result;
    result.push_back(index);
  }
}

LogicalResult BodyImporter::addOperands(const Node &node, const OpTableEntry &entry, OperationState &state) {
  SmallVector<int32_t> segments;
  const ::ge::OpDesc &desc = *node.desc;
  for (const mlir::ge::OpTableValue &input : entry.inputs) {
    int32_t count = 0;
    for (int port : portsOf(desc.irInputs, desc.inputs, input.name, input.arity)) {
      if (Value value = valueOf(node.input(port))) {
        state.operands.push_back(value);
        ++count;
      } else if (input.arity == Arity::Variadic) {
        return emitError(node) << "has no value for input '" << desc.inputs[port].name << "' [E10401]";
      }
    }
    if (input.arity == Arity::Required && count == 0)
      return emitError(node) << "lacks its input '" << input.name << "' [E10401]";
    segments.push_back(count);
  }
  if (state.name.hasTrait<OpTrait::AttrSizedOperandSegments>())
    state.addAttribute("operandSegmentSizes", builder.getDenseI32ArrayAttr(segments));
  return success();
}

LogicalResult BodyImporter::addOtherAttributes(const Node &node, ArrayRef<StringRef> taken, NamedAttrList &list) {
  for (const auto &entry : node.desc->attrs) {
    const std::string &name = entry.first;
    if (llvm::is_contained(taken, StringRef(name)))
      continue;
    Attribute attr =
        toAttribute(context, entry.second, [&] { return emitError(node) << "attribute '" << name << "': "; });
    if (!attr)
      return failure();
    list.append(name, attr);
  }
  return success();
}

LogicalResult BodyImporter::addAttributes(const Node &node, const OpTableEntry &entry, OperationState &state) {
  SmallVector<StringRef> declared;
  for (const mlir::ge::OpTableAttr &attr : entry.attrs) {
    declared.push_back(attr.name);
    auto found = node.desc->attrs.find(attr.name);
    if (found == node.desc->attrs.end()) {
      if (attr.required)
        return emitError(node) << "lacks its attribute '" << attr.name << "' of type " << attr.type << " [E14001]";
      continue;
    }
    Attribute converted = toAttribute(context, found->second, attr.type, attr.elementType,
                                      [&] { return emitError(node) << "attribute '" << attr.name << "': "; });
    if (!converted)
      return failure();
    state.addAttribute(attr.name, converted);
  }
  NamedAttrList others;
  if (failed(addOtherAttributes(node, declared, others)))
    return failure();
  if (!others.empty())
    state.addAttribute(kAttrsAttr, others.getDictionary(context));
  return success();
}

LogicalResult BodyImporter::addRegion(const Node &node, const ::ge::SubgraphSlot &slot, TypeRange hints,
                                      OperationState &state) {
  ::ge::SubgraphSlot copy = slot;
  std::shared_ptr<::ge::GraphImpl> body = ::ge::getOrBuild(copy);
  if (!body)
    return emitError(node) << "has no graph for '" << slot.irName << "' [E10001]";
  Block *block = new Block;
  state.addRegion()->push_back(block);
  BodyImporter importer(context, options, *body);
  SmallVector<Value> results;
  if (failed(importer.run(block, hints, results)))
    return failure();
  // The region has no operation yet that could tell the context.
  OpBuilder end(context);
  end.setInsertionPointToEnd(block);
  mlir::ge::YieldOp::create(end, locOf(node), results);
  return success();
}

LogicalResult BodyImporter::addRegions(const Node &node, const OpTableEntry &entry, OperationState &state) {
  // The bodies get the variadic input.
  SmallVector<Type> hints;
  for (const mlir::ge::OpTableValue &input : entry.inputs)
    if (input.arity == Arity::Variadic)
      for (int port : portsOf(node.desc->irInputs, node.desc->inputs, input.name, input.arity))
        if (Value value = valueOf(node.input(port)))
          hints.push_back(value.getType());
  for (const mlir::ge::OpTableRegion &region : entry.regions) {
    bool found = false;
    for (const ::ge::SubgraphSlot &slot : node.desc->subgraphs) {
      if (slot.irName != region.name)
        continue;
      found = true;
      if (failed(addRegion(node, slot, hints, state)))
        return failure();
    }
    if (!found)
      return emitError(node) << "lacks its graph '" << region.name << "' [E10001]";
  }
  return success();
}

void BodyImporter::addDiscardable(const Node &node, NamedAttrList &attributes) {
  if (!node.controlInputs.empty()) {
    SmallVector<StringRef> names;
    for (const Node *control : node.controlInputs)
      names.push_back(control->desc->name);
    attributes.set(mlir::ge::kControlInputsAttr, builder.getStrArrayAttr(names));
  }
  SmallVector<StringRef> formats;
  for (const ::ge::Port &port : node.desc->outputs)
    formats.push_back(port.described && !isa<RankedTensorType>(describedType(port)) ? "" : plainFormatName(port.desc));
  // Blocked formats are encodings of the types.
  for (auto [format, port] : llvm::zip(formats, node.desc->outputs))
    if (auto type = dyn_cast<RankedTensorType>(describedType(port)); type && type.getEncoding())
      format = "";
  if (llvm::any_of(formats, [](StringRef name) { return !name.empty(); }))
    attributes.set(kFormatAttr, builder.getStrArrayAttr(formats));
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void BodyImporter::finish(const Node &node, OperationState &state) {
  addDiscardable(node, state.attributes);
  Operation *op = builder.create(state);
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    values[{&node, static_cast<int>(i)}] = result;
}

LogicalResult BodyImporter::importConst(const Node &node) {
  ::ge::Tensor value;
  if (!::ge::getConstValue(*node.desc, value))
    return emitError(node) << "lacks its attribute 'value' of type Tensor "
                              "[E14001]";
  ElementsAttr attr = toElementsAttr(context, value, [&] { return emitError(node); });
  if (!attr)
    return failure();
  OperationState state(locOf(node), mlir::ge::ConstOp::getOperationName());
  state.addAttribute("value", attr);
  state.addTypes(attr.getType());
  finish(node, state);
  return success();
}

LogicalResult BodyImporter::addForeignOperands(const Node &node, OperationState &state,
                                               SmallVectorImpl<int64_t> &slots) {
  for (size_t i = 0; i < node.desc->inputs.size(); ++i)
    if (Value value = valueOf(node.input(i))) {
      state.operands.push_back(value);
      slots.push_back(static_cast<int64_t>(i));
    }
  for (const ::ge::Port &port : node.desc->outputs)
    state.addTypes(describedType(port));
  return success();
}

LogicalResult BodyImporter::importFrameworkOp(const Node &node) {
  const ::ge::OpDesc &desc = *node.desc;
  OperationState state(locOf(node), mlir::ge::FrameworkOp::getOperationName());
  SmallVector<int64_t> connected;
  if (failed(addForeignOperands(node, state, connected)))
    return failure();
  ::ge::AscendString type, domain;
  int64_t version = 0, captures = 0;
  std::vector<int64_t> slots;
  if (desc.getAttr("original_type").GetAttrValue(type) != ::ge::GRAPH_SUCCESS)
    return emitError(node) << "lacks its attribute 'original_type' of type "
                              "String [E14001]";
  (void)desc.getAttr("domain").GetAttrValue(domain);
  (void)desc.getAttr("version").GetAttrValue(version);
  (void)desc.getAttr("captures").GetAttrValue(captures);
  if (desc.getAttr("input_indices").GetAttrValue(slots) == ::ge::GRAPH_SUCCESS) {
    // Captured values follow the inputs.
    while (slots.size() < state.operands.size())
      slots.push_back(slots.empty() ? 0 : slots.back() + 1);
    state.addAttribute("input_indices", builder.getDenseI64ArrayAttr(slots));
  }
  state.addAttribute("original_type", builder.getStringAttr(type.GetString()));
  state.addAttribute("domain", builder.getStringAttr(domain.GetString()));
  state.addAttribute("version", builder.getI64IntegerAttr(version));
  NamedAttrList others;
  if (failed(addOtherAttributes(node, {"original_type", "domain", "version", "input_indices", "output_num"}, others)))
    return failure();
  state.addAttribute("node_attributes", others.getDictionary(context));
  SmallVector<StringRef> names;
  SmallVector<Type> hints;
  for (Value value : ArrayRef<Value>(state.operands).take_back(std::min<size_t>(captures, state.operands.size())))
    hints.push_back(value.getType());
  for (const ::ge::SubgraphSlot &slot : desc.subgraphs) {
    names.push_back(slot.irName);
    if (failed(addRegion(node, slot, hints, state)))
      return failure();
  }
  if (!names.empty())
    state.addAttribute("body_names", builder.getStrArrayAttr(names));
  finish(node, state);
  return success();
}

LogicalResult BodyImporter::importCustom(const Node &node) {
  const ::ge::OpDesc &desc = *node.desc;
  if (!desc.subgraphs.empty())
    return emitError(node) << "has graphs, which its type does not support "
                              "[E13010]";
  OperationState state(locOf(node), mlir::ge::CustomOp::getOperationName());
  SmallVector<int64_t> slots;
  if (failed(addForeignOperands(node, state, slots)))
    return failure();
  SmallVector<StringRef> inputs, outputs;
  bool gaps = false, named = false;
  for (auto [i, slot] : llvm::enumerate(slots)) {
    inputs.push_back(desc.inputs[slot].name);
    gaps |= slot != static_cast<int64_t>(i);
    named |= inputs.back() != "x" + std::to_string(slot);
  }
  state.addAttribute("op_type", builder.getStringAttr(desc.type));
  // The exporter makes up the usual names.
  if (named)
    state.addAttribute("input_names", builder.getStrArrayAttr(inputs));
  named = false;
  for (const ::ge::Port &port : desc.outputs) {
    named |= port.name != "y" + std::to_string(outputs.size());
    outputs.push_back(port.name);
  }
  if (named)
    state.addAttribute("output_names", builder.getStrArrayAttr(outputs));
  if (gaps)
    state.addAttribute("input_indices", builder.getDenseI64ArrayAttr(slots));
  NamedAttrList others;
  if (failed(addOtherAttributes(node, {}, others)))
    return failure();
  state.addAttribute("node_attributes", others.getDictionary(context));
  finish(node, state);
  return success();
}

LogicalResult BodyImporter::importKnown(const Node &node, const OpTableEntry &entry) {
  const ::ge::OpDesc &desc = *node.desc;
  OperationState state(locOf(node), entry.operation);
  if (failed(addOperands(node, entry, state)) || failed(addAttributes(node, entry, state)) ||
      failed(addRegions(node, entry, state)))
    return failure();
  SmallVector<int> ports;
  for (const mlir::ge::OpTableValue &output : entry.outputs) {
    SmallVector<int> group = portsOf(desc.irOutputs, desc.outputs, output.name, output.arity);
    if (group.empty() && output.arity != Arity::Variadic)
      return emitError(node) << "lacks its output '" << output.name << "' [E10401]";
    ports.append(group.begin(), group.end());
  }
  for (int port : ports)
    state.addTypes(describedType(desc.outputs[port]));
  addDiscardable(node, state.attributes);
  // Results of control flow have the types that the bodies yield.
  const bool trusted = options.trustDescriptions;
  for (const std::unique_ptr<Region> &region : state.regions) {
    auto yielded = region->front().getTerminator()->getOperandTypes();
    if (trusted || yielded.size() != state.types.size())
      continue;
    for (auto [type, value] : llvm::zip(state.types, yielded))
      type = isUndefined(cast<TensorType>(type).getElementType()) ? value : joinTypes(type, value);
  }
  Operation *op = builder.create(state);
  if (failed(inferTypes(node, op)))
    return failure();
  for (auto [port, result] : llvm::zip(ports, op->getResults()))
    values[{&node, port}] = result;
  return success();
}

LogicalResult BodyImporter::importNode(const Node &node) {
  const std::string &type = node.desc->type;
  if (isData(node) || type == "NetOutput")
    return success();
  if (type == "Const" || type == "Constant")
    return importConst(node);
  if (type == "FrameworkOp")
    return importFrameworkOp(node);
  if (const OpTableEntry *entry = mlir::ge::lookupOpByType(type))
    return importKnown(node, *entry);
  return importCustom(node);
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

SmallVector<::ge::GraphOutput> BodyImporter::getOutputs() const {
  SmallVector<::ge::GraphOutput> outputs(graph.outputs.begin(), graph.outputs.end());
  if (!outputs.empty())
    return outputs;
  for (const auto &node : graph.nodes)
    if (node->desc->type == "NetOutput")
      for (const ::ge::Edge &edge : node->inputs)
        if (edge.node)
          outputs.push_back({edge.node, edge.port, ""});
  return outputs;
}

LogicalResult BodyImporter::run(Block *block, TypeRange hints, SmallVectorImpl<Value> &results) {
  builder.setInsertionPointToEnd(block);
  const std::vector<::ge::NodeImpl *> data = graph.dataNodes();
  for (auto [i, node] : llvm::enumerate(data)) {
    // Hints are for the last arguments: a loop's own come first.
    const size_t skipped = data.size() - std::min(data.size(), hints.size());
    Type hint = i >= skipped ? hints[i - skipped] : Type();
    values[{node, 0}] = block->addArgument(argumentType(*node, hint), locOf(*node));
  }
  std::vector<::ge::NodeImpl *> order;
  if (!graph.topologicalOrder(order))
    return mlir::emitError(UnknownLoc::get(context)) << "graph '" << graph.name << "' has a cycle through node '"
                                                     << graph.nodes[0]->desc->name << "' or another [E10001]";
  for (const ::ge::NodeImpl *node : order)
    if (failed(importNode(*node)))
      return failure();
  for (const ::ge::GraphOutput &output : getOutputs()) {
    Value value = values.lookup({output.node, output.port});
    if (!value)
      return emitError(*output.node) << "has no output " << output.port << " [E10401]";
    results.push_back(value);
  }
  return success();
}

/// The attributes of a Data node as those of an argument.
static DictionaryAttr argumentAttributes(Builder &builder, const ::ge::NodeImpl &node, Type type) {
  NamedAttrList list;
  list.set(mlir::ge::kNameAttr, builder.getStringAttr(node.desc->name));
  NamedAttrList others;
  for (const auto &[name, value] : node.desc->attrs) {
    int64_t index;
    if (name == "index" && value.GetAttrValue(index) == ::ge::GRAPH_SUCCESS)
      list.set(mlir::ge::kIndexAttr, builder.getI64IntegerAttr(index));
    else if (Attribute attr =
                 toAttribute(builder.getContext(), value, [&] { return emitError(builder.getUnknownLoc()); }))
      others.append(name, attr);
  }
  if (!others.empty())
    list.set(kAttrsAttr, others.getDictionary(builder.getContext()));
  auto ranked = dyn_cast<RankedTensorType>(type);
  for (const ::ge::Port &port : node.desc->outputs)
    if (StringRef format = plainFormatName(port.desc); !format.empty() && !(ranked && ranked.getEncoding()))
      list.set(kFormatAttr, builder.getStringAttr(format));
  return list.getDictionary(builder.getContext());
}

/// Names of the results: given by the graph, or as GE makes them.
static SmallVector<std::string> outputNames(const ::ge::GraphImpl &graph, ArrayRef<::ge::GraphOutput> outputs) {
  std::vector<::ge::AscendString> given;
  auto attr = graph.attrs.find("output_names");
  if (attr != graph.attrs.end())
    (void)attr->second.GetAttrValue(given);
  SmallVector<std::string> names;
  for (auto [i, output] : llvm::enumerate(outputs)) {
    if (!output.name.empty())
      names.push_back(output.name);
    else if (given.size() == outputs.size())
      names.push_back(given[i].GetString());
    else
      names.push_back("output_" + std::to_string(i) + "_" + output.node->desc->name + "_" +
                      std::to_string(output.port));
  }
  return names;
}

OwningOpRef<ModuleOp> importGraph(const ::ge::Graph &graph, MLIRContext *context, const GraphImportOptions &options) {
  context->loadDialect<mlir::ge::GEDialect, func::FuncDialect>();
  const ::ge::GraphImpl &impl = *::ge::GraphAccess::get(graph);
  OpBuilder builder(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
  if (!impl.name.empty())
    module->setSymName(impl.name);
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, builder.getUnknownLoc(), "main", builder.getFunctionType({}, {}));
  Block *block = new Block;
  function.getBody().push_back(block);
  BodyImporter importer(context, options, impl);
  SmallVector<Value> results;
  if (failed(importer.run(block, {}, results)))
    return nullptr;
  // The region has no operation yet that could tell the context.
  OpBuilder end(context);
  end.setInsertionPointToEnd(block);
  func::ReturnOp::create(end, builder.getUnknownLoc(), results);
  function.setFunctionType(builder.getFunctionType(block->getArgumentTypes(), ValueRange(results).getTypes()));
  SmallVector<Attribute> argAttrs;
  for (auto [node, argument] : llvm::zip(impl.dataNodes(), block->getArguments()))
    argAttrs.push_back(argumentAttributes(builder, *node, argument.getType()));
  function.setArgAttrsAttr(builder.getArrayAttr(argAttrs));
  SmallVector<Attribute> resultAttrs;
  for (const std::string &name : outputNames(impl, importer.getOutputs()))
    resultAttrs.push_back(
        builder.getDictionaryAttr(builder.getNamedAttr(mlir::ge::kNameAttr, builder.getStringAttr(name))));
  function.setResAttrsAttr(builder.getArrayAttr(resultAttrs));
  SmallVector<StringRef> targets;
  for (const ::ge::NodeImpl *target : impl.targets)
    targets.push_back(target->desc->name);
  if (!targets.empty())
    function->setAttr(kTargetsAttr, builder.getStrArrayAttr(targets));
  NamedAttrList others;
  for (const auto &[name, value] : impl.attrs)
    if (name != "output_names")
      if (Attribute attr = toAttribute(context, value, [&] { return emitError(builder.getUnknownLoc()); }))
        others.append(name, attr);
  if (!others.empty())
    function->setAttr(kAttrsAttr, others.getDictionary(context));
  if (failed(verify(*module)))
    return nullptr;
  return module;
}

} // namespace gemlir
