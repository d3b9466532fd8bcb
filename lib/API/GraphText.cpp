//===- GraphText.cpp - graphs as text -------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/AIR/AIR.h"

#include <fstream>
#include <ostream>

namespace ge {
namespace {

/// Prints one graph, one line a node:
/// `%2 : [#users=1] = Node[type=Relu] (inputs = (x=%1), attrs = {})`.
class ReadablePrinter {
public:
  explicit ReadablePrinter(std::ostream &os) : os(os) {}

  void print(const GraphImpl &graph) {
    std::vector<NodeImpl *> order;
    if (!graph.topologicalOrder(order)) {
      order.clear();
      for (const auto &node : graph.nodes)
        order.push_back(node.get());
    }
    numbers.clear();
    for (const NodeImpl *node : order)
      numbers.emplace(node, numbers.size());
    os << "graph(\"" << graph.name << "\"):\n";
    for (const NodeImpl *node : order)
      print(*node);
    os << "  return (";
    const char *separator = "";
    for (const GraphOutput &output : graph.outputs) {
      os << separator << value(*output.node, output.port);
      separator = ", ";
    }
    os << ")\n";
  }

private:
  std::ostream &os;
  std::unordered_map<const NodeImpl *, size_t> numbers;

  std::string value(const NodeImpl &node, int port) const {
    std::string text = "%" + std::to_string(numbers.at(&node));
    return node.desc->outputs.size() > 1 ? text + "_" + std::to_string(port) : text;
  }

  void print(const NodeImpl &node) {
    const OpDesc &desc = *node.desc;
    os << "  %" << numbers.at(&node) << " : [#users=" << node.outEdges.size() << "] = Node[type=" << desc.type
       << ", name=" << desc.name << "] (inputs = (";
    const char *separator = "";
    for (size_t i = 0; i < desc.inputs.size(); ++i) {
      const Edge edge = node.input(i);
      if (edge.node == nullptr)
        continue;
      os << separator << desc.inputs[i].name << "=" << value(*edge.node, edge.port);
      separator = ", ";
    }
    for (const NodeImpl *control : node.controlInputs) {
      os << separator << "^%" << numbers.at(control);
      separator = ", ";
    }
    os << "), attrs = {";
    separator = "";
    for (const auto &attr : desc.attrs) {
      os << separator << attr.first << ": " << AttrValueAccess::toString(attr.second);
      separator = ", ";
    }
    for (const SubgraphSlot &slot : desc.subgraphs)
      if (slot.instance) {
        os << separator << slot.irName << ": @" << slot.instance->name;
        separator = ", ";
      }
    os << "})\n";
    if (desc.outputs.size() > 1)
      for (size_t i = 0; i < desc.outputs.size(); ++i)
        os << "  " << value(node, static_cast<int>(i)) << " = get_element[node=%" << numbers.at(&node) << "](" << i
           << ")\n";
  }
};

} // namespace

graphStatus Graph::Dump(DumpFormat format, std::ostream &stream) const {
  if (format == DumpFormat::kReadable) {
    ReadablePrinter printer(stream);
    printer.print(*impl_);
    for (const GraphPtr &subgraph : GetAllSubgraphs()) {
      stream << '\n';
      printer.print(*GraphAccess::get(*subgraph));
    }
    return stream.good() ? GRAPH_SUCCESS : GRAPH_FAILED;
  }
  namespace air = gemlir::air;
  const std::vector<uint8_t> bytes = air::exportGraph(*this, air::Format::Binary, air::Detail::NoWeights);
  std::string text, error;
  const bool good = format == DumpFormat::kTxt
                        ? air::printModelDef(bytes.data(), bytes.size(), air::Detail::NoWeights, text, error)
                        : air::printAsONNX(bytes.data(), bytes.size(), air::Detail::NoWeights, text, error);
  stream << text;
  return good && stream.good() ? GRAPH_SUCCESS : GRAPH_FAILED;
}

graphStatus Graph::DumpToFile(DumpFormat format, const AscendString &suffix) const {
  const char *const begin = format == DumpFormat::kOnnx  ? "ge_onnx_"
                            : format == DumpFormat::kTxt ? "ge_proto_"
                                                         : "ge_readable_";
  const std::string path = std::string(begin) + suffix.GetString() + (format == DumpFormat::kOnnx ? ".pbtxt" : ".txt");
  std::ofstream file(path);
  if (!file) {
    gemlir::reportError("E13001", "cannot open '" + path + "' for writing");
    return GRAPH_FAILED;
  }
  return Dump(format, file);
}

} // namespace ge
