//===- graph.cpp - graphs of GE operators, made in Python -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators without prototypes: builder.py gives the names and kinds that
// ge-tblgen wrote into ops.py, and checks what users pass.
//
//===----------------------------------------------------------------------===//

#include "core.h"

#include "ge-mlir/Model/DataTypes.h"
#include "graph/graph.h"
#include "graph/operator.h"
#include "graph/tensor.h"

#include <limits>

using namespace gemlir;

/// An operator whose ports Python declares.
class NamedOperator : public ge::Operator {
public:
  NamedOperator(const std::string &name, const std::string &type) : Operator(name, type) {}

  void addSubgraph(const std::string &name, bool dynamic, const std::vector<ge::Graph> &graphs) {
    SubgraphRegister(name.c_str(), dynamic);
    SubgraphCountRegister(name.c_str(), graphs.size());
    for (const auto &graph : graphs)
      SetSubgraphBuilder(name.c_str(), &graph - graphs.data(), [graph] { return graph; });
  }
};

/// The number of a type by the name that numpy gives it.
static ge::DataType findDataType(const std::string &name) {
  for (int64_t type = 0; type < ge::DT_MAX; ++type)
    if (name == model::getDataTypeName(type))
      return static_cast<ge::DataType>(type);
  throw nb::value_error(("unknown data type '" + name + "'").c_str());
}

static ge::TensorDesc describe(const Dims &dims, const std::string &type) {
  return ge::TensorDesc(ge::Shape(dims), ge::FORMAT_ND, findDataType(type));
}

static void addPort(NamedOperator &op, bool input, const std::string &name, const std::string &kind, uint32_t count) {
  if (kind == "dynamic")
    input ? op.DynamicInputRegister(name.c_str(), count) : op.DynamicOutputRegister(name.c_str(), count);
  else if (kind == "optional")
    op.OptionalInputRegister(name.c_str());
  else
    input ? op.InputRegister(name.c_str()) : op.OutputRegister(name.c_str());
}

/// Sets an attribute of one of GE's kinds; raises TypeError if `value` is no such.
static void setAttr(NamedOperator &op, const std::string &name, const std::string &kind, nb::object value) {
  auto set = [&](auto sample) { op.SetAttr(name.c_str(), nb::cast<decltype(sample)>(value)); };
  if (kind == "Int" && nb::isinstance<nb::str>(value))
    op.SetAttr(name.c_str(), int64_t(findDataType(nb::cast<std::string>(value))));
  else if (kind == "Type")
    op.SetAttr(name.c_str(), findDataType(nb::cast<std::string>(value)));
  else if (kind == "Int")
    set(int64_t());
  else if (kind == "Float")
    set(float());
  else if (kind == "Bool")
    set(bool());
  else if (kind == "String")
    set(std::string());
  else if (kind == "ListInt")
    set(std::vector<int64_t>());
  else if (kind == "ListFloat")
    set(std::vector<float>());
  else
    throw nb::value_error(("attribute '" + name + "' has kind " + kind + ", which Python cannot set").c_str());
}

static void setTensor(NamedOperator &op, const std::string &name, Bytes data, const Dims &dims,
                      const std::string &type) {
  ge::TensorDesc desc = describe(dims, type);
  op.SetAttr(name.c_str(), ge::Tensor(desc, data.data(), data.size()));
  op.UpdateOutputDesc(0u, desc);
}

static ge::Graph makeGraph(const std::string &name, const std::vector<NamedOperator> &inputs,
                           const std::vector<std::pair<NamedOperator, size_t>> &outputs) {
  ge::Graph graph(name);
  std::vector<std::pair<ge::Operator, std::vector<size_t>>> results;
  for (const auto &output : outputs)
    results.push_back({output.first, {output.second}});
  graph.SetInputs({inputs.begin(), inputs.end()}).SetOutputs(results);
  return graph;
}

void bindGraph(nb::module_ &module) {
  nb::class_<NamedOperator>(module, "Operator")
      .def(nb::init<const std::string &, const std::string &>())
      .def_prop_ro("name", [](const NamedOperator &op) { return op.GetName(); })
      .def_prop_ro("type", [](const NamedOperator &op) { return op.GetOpType(); })
      .def("add_port", &addPort)
      .def("add_subgraph", &NamedOperator::addSubgraph)
      .def("set_attr", &setAttr)
      .def("set_tensor", &setTensor)
      .def("describe", [](NamedOperator &op, const Dims &dims,
                          const std::string &type) { op.UpdateOutputDesc(0u, describe(dims, type)); })
      .def("connect", [](NamedOperator &op, uint32_t input, const NamedOperator &producer, uint32_t output) {
        op.SetInput(input, producer, output);
      });
  nb::class_<ge::Graph>(module, "Graph")
      .def("__init__",
           [](ge::Graph *self, const std::string &name, const std::vector<NamedOperator> &inputs,
              const std::vector<std::pair<NamedOperator, size_t>> &outputs) {
             new (self) ge::Graph(makeGraph(name, inputs, outputs));
           })
      .def("compile", [](const ge::Graph &graph, const std::string &stage, const std::string &device,
                         const std::string &name, unsigned threads, const Shapes &inputShapes) {
        auto compileGraph = [&](const CompileOptions &options, CompiledModel &model, CompileError &error) {
          return compile(graph, options, model, error);
        };
        return compileFrom(compileGraph, stage, device, name, threads, inputShapes);
      });
}
