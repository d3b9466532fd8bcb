//===- GEToGraph.cpp - the ge dialect to ge::Graph ------------------------===//
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

using namespace mlir;
using mlir::ge::Arity;
using mlir::ge::OpTableEntry;

namespace gemlir {
namespace {

/// Fills one graph from a block.
class BodyExporter {
public:
  BodyExporter(::ge::GraphImpl &graph, const GraphExportOptions &options) : graph(graph), options(options) {}

  LogicalResult run(Block &block);
  ::ge::NodeImpl *addData(BlockArgument argument, DictionaryAttr attributes);

private:
  using Desc = std::shared_ptr<::ge::OpDesc>;

  std::string uniqueName(StringRef wanted, StringRef type);
  LogicalResult exportOp(Operation &op);
  LogicalResult describeKnown(Operation &op, const OpTableEntry &entry, ::ge::OpDesc &desc,
                              SmallVectorImpl<int> &slots);
  LogicalResult describeForeign(Operation &op, ::ge::OpDesc &desc, SmallVectorImpl<int> &slots);
  LogicalResult addBody(Region &region, StringRef irName, unsigned index, ::ge::OpDesc &desc);
  void setAttr(::ge::OpDesc &desc, StringRef name, Attribute attr, StringRef kind = "") {
    desc.attrs[name.str()] =
        kind.empty() ? toAttrValue(attr, options.aliasConstants) : toAttrValue(attr, kind, options.aliasConstants);
  }
  void setAttrs(::ge::OpDesc &desc, DictionaryAttr attrs) {
    if (attrs)
      for (NamedAttribute attr : attrs)
        setAttr(desc, attr.getName(), attr.getValue());
  }

  ::ge::GraphImpl &graph;
  const GraphExportOptions &options;
  DenseMap<Value, ::ge::Edge> edges;
  SmallVector<std::pair<::ge::NodeImpl *, ArrayAttr>> controls;
};

void addPort(std::vector<::ge::Port> &ports, const std::string &name, int ir, Type type) {
  ::ge::Port port;
  port.name = name;
  port.ir = ir;
  if (type) {
    port.desc = toTensorDesc(type);
    port.described = true;
  }
  ports.push_back(std::move(port));
}

} // namespace

std::string BodyExporter::uniqueName(StringRef wanted, StringRef type) {
  std::string name = wanted.empty() ? type.str() : wanted.str();
  std::string candidate = name;
  for (unsigned i = wanted.empty() ? 0 : 1; wanted.empty() || graph.byName.count(candidate) != 0; ++i) {
    candidate = name + "_" + std::to_string(i);
    if (graph.byName.count(candidate) == 0)
      break;
  }
  return candidate;
}

::ge::NodeImpl *BodyExporter::addData(BlockArgument argument, DictionaryAttr attributes) {
  auto desc = std::make_shared<::ge::OpDesc>();
  desc->type = "Data";
  StringRef name = getNodeName(argument.getLoc());
  int64_t index = argument.getArgNumber();
  ::ge::TensorDesc tensor = toTensorDesc(argument.getType());
  if (attributes) {
    if (auto given = attributes.getAs<StringAttr>(mlir::ge::kNameAttr))
      name = given;
    if (auto given = attributes.getAs<IntegerAttr>(mlir::ge::kIndexAttr))
      index = given.getInt();
    if (auto format = attributes.getAs<StringAttr>(kFormatAttr))
      setPlainFormat(tensor, format);
    if (auto others = attributes.getAs<DictionaryAttr>(kAttrsAttr))
      setAttrs(*desc, others);
  }
  desc->name = uniqueName(name, desc->type);
  desc->irInputs.push_back({"x", ::ge::PortKind::Required, ""});
  desc->irOutputs.push_back({"y", ::ge::PortKind::Required, ""});
  desc->attrs["index"] = ::ge::AttrValueAccess::make(index);
  addPort(desc->inputs, "x", 0, argument.getType());
  addPort(desc->outputs, "y", 0, argument.getType());
  desc->inputs[0].desc = desc->outputs[0].desc = tensor;
  ::ge::NodeImpl *node = graph.addNode(desc);
  edges[argument] = {node, 0};
  return node;
}

LogicalResult BodyExporter::addBody(Region &region, StringRef irName, unsigned index, ::ge::OpDesc &desc) {
  ::ge::SubgraphSlot slot;
  slot.irName = irName.str();
  slot.index = index;
  slot.instance = std::make_shared<::ge::GraphImpl>();
  slot.instance->name = desc.name + "_" + irName.str() + (index ? "_" + std::to_string(index) : "");
  BodyExporter body(*slot.instance, options);
  for (BlockArgument argument : region.front().getArguments())
    if (!body.addData(argument, {}))
      return failure();
  if (failed(body.run(region.front())))
    return failure();
  desc.subgraphs.push_back(std::move(slot));
  return success();
}

LogicalResult BodyExporter::describeKnown(Operation &op, const OpTableEntry &entry, ::ge::OpDesc &desc,
                                          SmallVectorImpl<int> &slots) {
  auto kindOf = [](Arity arity) {
    return arity == Arity::Variadic   ? ::ge::PortKind::Dynamic
           : arity == Arity::Optional ? ::ge::PortKind::Optional
                                      : ::ge::PortKind::Required;
  };
  // How many operands each input takes.
  SmallVector<int64_t> counts;
  auto segments = dyn_cast_or_null<DenseI32ArrayAttr>(op.getInherentAttr("operandSegmentSizes").value_or(Attribute()));
  int64_t spare = op.getNumOperands();
  for (const mlir::ge::OpTableValue &input : entry.inputs)
    spare -= input.arity == Arity::Required;
  for (auto [i, input] : llvm::enumerate(entry.inputs))
    counts.push_back(segments ? segments[i] : input.arity == Arity::Required ? 1 : spare);
  unsigned operand = 0;
  for (auto [i, input] : llvm::enumerate(entry.inputs)) {
    desc.irInputs.push_back({input.name, kindOf(input.arity), ""});
    const bool variadic = input.arity == Arity::Variadic;
    for (int64_t k = 0; k < counts[i]; ++k) {
      slots.push_back(static_cast<int>(desc.inputs.size()));
      addPort(desc.inputs, variadic ? input.name + std::to_string(k) : input.name, static_cast<int>(i),
              op.getOperand(operand++).getType());
    }
    if (counts[i] == 0 && !variadic)
      addPort(desc.inputs, input.name, static_cast<int>(i), Type());
  }
  const int64_t dynamic = op.getNumResults() + 1 - static_cast<int64_t>(entry.outputs.size());
  unsigned result = 0;
  for (auto [i, output] : llvm::enumerate(entry.outputs)) {
    desc.irOutputs.push_back({output.name, kindOf(output.arity), ""});
    const bool variadic = output.arity == Arity::Variadic;
    for (int64_t k = 0; k < (variadic ? dynamic : 1); ++k)
      addPort(desc.outputs, variadic ? output.name + std::to_string(k) : output.name, static_cast<int>(i),
              op.getResult(result++).getType());
  }
  for (const mlir::ge::OpTableAttr &attr : entry.attrs) {
    desc.irAttrs.push_back({attr.name, attr.type, attr.required, ::ge::AttrValue()});
    if (std::optional<Attribute> value = op.getInherentAttr(attr.name); value && *value)
      setAttr(desc, attr.name, *value, attr.type);
  }
  unsigned region = 0;
  for (const mlir::ge::OpTableRegion &declared : entry.regions) {
    desc.irSubgraphs.push_back({declared.name, declared.variadic});
    const unsigned end = declared.variadic ? op.getNumRegions() : region + 1;
    for (unsigned k = 0; region < end; ++k)
      if (failed(addBody(op.getRegion(region++), declared.name, k, desc)))
        return failure();
  }
  return success();
}

LogicalResult BodyExporter::describeForeign(Operation &op, ::ge::OpDesc &desc, SmallVectorImpl<int> &slots) {
  auto framework = dyn_cast<mlir::ge::FrameworkOp>(op);
  auto custom = dyn_cast<mlir::ge::CustomOp>(op);
  std::optional<ArrayRef<int64_t>> indices;
  std::optional<ArrayAttr> inputNames, outputNames;
  if (custom) {
    indices = custom.getInputIndices();
    inputNames = custom.getInputNames();
    outputNames = custom.getOutputNames();
    setAttrs(desc, custom.getNodeAttributes());
  } else {
    setAttr(desc, "original_type", framework.getOriginalTypeAttr());
    desc.attrs["domain"] = ::ge::AttrValueAccess::make(framework.getDomain().str());
    desc.attrs["version"] = ::ge::AttrValueAccess::make(int64_t(framework.getVersion()));
    desc.attrs["output_num"] = ::ge::AttrValueAccess::make(int64_t(op.getNumResults()));
    if (auto given = framework.getInputIndices())
      desc.attrs["input_indices"] = ::ge::AttrValueAccess::make(std::vector<int64_t>(given->begin(), given->end()));
    setAttrs(desc, framework.getNodeAttributes());
    desc.irInputs.push_back({"args", ::ge::PortKind::Dynamic, ""});
    desc.irOutputs.push_back({"rets", ::ge::PortKind::Dynamic, ""});
  }
  const int ir = custom ? -1 : 0;
  for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
    const size_t slot = indices ? (*indices)[i] : i;
    while (desc.inputs.size() < slot)
      addPort(desc.inputs, "input" + std::to_string(desc.inputs.size()), ir, Type());
    slots.push_back(static_cast<int>(slot));
    addPort(desc.inputs,
            inputNames ? cast<StringAttr>((*inputNames)[i]).str() : (custom ? "x" : "args") + std::to_string(slot), ir,
            operand.getType());
  }
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    addPort(desc.outputs,
            outputNames ? cast<StringAttr>((*outputNames)[i]).str() : (custom ? "y" : "rets") + std::to_string(i), ir,
            result.getType());
  std::map<std::string, unsigned> counts;
  for (auto [i, region] : llvm::enumerate(op.getRegions())) {
    const std::string name = cast<StringAttr>((*framework.getBodyNames())[i]).str();
    if (failed(addBody(region, name, counts[name]++, desc)))
      return failure();
  }
  return success();
}

LogicalResult BodyExporter::exportOp(Operation &op) {
  const OpTableEntry *entry = mlir::ge::lookupOpByName(op.getName().getStringRef());
  auto custom = dyn_cast<mlir::ge::CustomOp>(op);
  const bool foreign = custom || isa<mlir::ge::FrameworkOp>(op);
  if (!entry && !foreign)
    return op.emitError("'") << op.getName()
                             << "' is not an operation of the ge dialect, which "
                                "graphs are made of";
  auto desc = std::make_shared<::ge::OpDesc>();
  desc->type = custom ? custom.getOpType().str() : foreign ? "FrameworkOp" : std::string(entry->type);
  desc->name = uniqueName(getNodeName(op.getLoc()), desc->type);
  SmallVector<int> slots;
  if (failed(foreign ? describeForeign(op, *desc, slots) : describeKnown(op, *entry, *desc, slots)))
    return failure();
  if (auto formats = op.getAttrOfType<ArrayAttr>(kFormatAttr))
    for (auto [format, port] : llvm::zip(formats, desc->outputs))
      setPlainFormat(port.desc, cast<StringAttr>(format).getValue());
  setAttrs(*desc, op.getAttrOfType<DictionaryAttr>(kAttrsAttr));
  ::ge::NodeImpl *node = graph.addNode(desc);
  if (!node)
    return op.emitError("cannot make a node of name '") << desc->name << "'";
  for (auto [slot, operand] : llvm::zip(slots, op.getOperands())) {
    const ::ge::Edge edge = edges.lookup(operand);
    if (!edge.node || !graph.addEdge(*edge.node, edge.port, *node, slot))
      return op.emitError("operand ") << slot << " is no value of the graph";
  }
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    edges[result] = {node, static_cast<int>(i)};
  if (auto names = op.getAttrOfType<ArrayAttr>(mlir::ge::kControlInputsAttr))
    controls.emplace_back(node, names);
  return success();
}

LogicalResult BodyExporter::run(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(exportOp(op)))
      return failure();
  // A control edge to a node that is gone has nothing to order.
  for (auto [node, names] : controls)
    for (Attribute name : names) {
      auto found = graph.byName.find(cast<StringAttr>(name).str());
      if (found != graph.byName.end() && found->second != node)
        (void)graph.addControlEdge(*found->second, *node);
    }
  for (Value value : block.getTerminator()->getOperands()) {
    const ::ge::Edge edge = edges.lookup(value);
    if (!edge.node)
      return block.getTerminator()->emitError("returns no value of the graph");
    graph.outputs.push_back({edge.node, edge.port, ""});
  }
  graph.valid = true;
  return success();
}

LogicalResult exportGraph(ModuleOp module, ::ge::Graph &graph, const GraphExportOptions &options) {
  auto function = module.lookupSymbol<func::FuncOp>("main");
  if (!function || function.isExternal())
    return module.emitError("expects a function named 'main'");
  if (!function.getBody().hasOneBlock())
    return function.emitError("expects one block in 'main'");
  auto impl = std::make_shared<::ge::GraphImpl>();
  if (auto name = module.getSymName())
    impl->name = name->str();
  BodyExporter exporter(*impl, options);
  for (BlockArgument argument : function.getArguments()) {
    ::ge::NodeImpl *node = exporter.addData(argument, function.getArgAttrDict(argument.getArgNumber()));
    if (!node)
      return failure();
    impl->inputs.push_back(node);
  }
  if (failed(exporter.run(function.getBody().front())))
    return failure();
  for (auto [i, output] : llvm::enumerate(impl->outputs))
    if (auto name = function.getResultAttrOfType<StringAttr>(i, mlir::ge::kNameAttr))
      output.name = name.str();
  if (auto targets = function->getAttrOfType<ArrayAttr>(kTargetsAttr))
    for (Attribute target : targets) {
      auto found = impl->byName.find(cast<StringAttr>(target).str());
      if (found != impl->byName.end())
        impl->targets.push_back(found->second);
    }
  if (auto attrs = function->getAttrOfType<DictionaryAttr>(kAttrsAttr))
    for (NamedAttribute attr : attrs)
      impl->attrs[attr.getName().str()] = toAttrValue(attr.getValue(), options.aliasConstants);
  graph = ::ge::GraphAccess::make(impl);
  return success();
}

} // namespace gemlir
