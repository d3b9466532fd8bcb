//===- GraphTest.cpp - collection, queries and edits of graphs ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/graph.h"
#include "ge-mlir/Graph/ErrorMessage.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace ge;

namespace {

Operator make(const char *name, const char *type, unsigned inputs, unsigned outputs = 1) {
  Operator op(name, type);
  for (unsigned i = 0; i < inputs; ++i)
    op.InputRegister(("x" + std::to_string(i)).c_str());
  for (unsigned i = 0; i < outputs; ++i)
    op.OutputRegister(("y" + std::to_string(i)).c_str());
  return op;
}

std::string nameOf(const GNode &node) {
  AscendString name;
  (void)node.GetName(name);
  return name.GetString();
}

std::vector<std::string> names(const Graph &graph) {
  std::vector<std::string> result;
  (void)graph.GetAllOpName(result);
  return result;
}

/// data -> relu -> add <- const, add -> output
struct Diamond {
  Operator data = make("data", "Data", 1);
  Operator weight = make("weight", "Const", 0);
  Operator relu = make("relu", "Relu", 1);
  Operator add = make("add", "Add", 2);
  Graph graph{"diamond"};

  Diamond() {
    const float value = 3;
    weight.SetAttr("value", Tensor(TensorDesc(Shape({1})), reinterpret_cast<const uint8_t *>(&value), 4));
    relu.SetInput("x0", data);
    add.SetInput("x0", relu).SetInput("x1", weight);
    add.AddControlInput(data);
    graph.SetInputs({data}).SetOutputs(std::vector<Operator>{add});
  }
};

} // namespace

TEST(Graph, CollectsForwardAndBackward) {
  Diamond d;
  EXPECT_TRUE(d.graph.IsValid());
  EXPECT_EQ(names(d.graph), (std::vector<std::string>{"data", "relu", "add", "weight"}));
  GNodePtr add = d.graph.FindNodeByName("add");
  ASSERT_TRUE(add);
  EXPECT_EQ(nameOf(*add->GetInDataNodesAndPortIndexs(0).first), "relu");
  EXPECT_EQ(nameOf(*add->GetInDataNodesAndPortIndexs(1).first), "weight");
  EXPECT_EQ(add->GetInDataNodesAndPortIndexs(2).first, nullptr);
  ASSERT_EQ(add->GetInControlNodes().size(), 1u);
  EXPECT_EQ(nameOf(*add->GetInControlNodes()[0]), "data");
  Tensor value;
  EXPECT_EQ(add->GetInputConstData(1, value), GRAPH_SUCCESS);
  EXPECT_EQ(value.GetSize(), 4u);
  EXPECT_EQ(add->GetInputConstData(0, value), GRAPH_NODE_WITHOUT_CONST_INPUT);
}

TEST(Graph, NodesAndOperatorsShareTheirDescription) {
  Diamond d;
  d.relu.SetAttr("late", int64_t(5));
  int64_t late = 0;
  EXPECT_EQ(d.graph.FindNodeByName("relu")->GetAttr("late", late), GRAPH_SUCCESS);
  EXPECT_EQ(late, 5);
  Operator found;
  EXPECT_EQ(d.graph.FindOpByName("add", found), GRAPH_SUCCESS);
  Tensor value;
  EXPECT_EQ(found.GetInputConstData("x1", value), GRAPH_SUCCESS);
}

TEST(Graph, ConsumersKeepDroppedProducers) {
  Graph graph("g");
  Operator last = make("last", "Relu", 1);
  {
    Operator weight = make("weight", "Const", 0);
    last.SetInput("x0", weight);
  }
  graph.SetOutputs(std::vector<Operator>{last});
  EXPECT_EQ(names(graph), (std::vector<std::string>{"last", "weight"}));
}

TEST(Graph, RefusesTwoNodesOfOneName) {
  Operator a = make("same", "Data", 1), b = make("same", "Relu", 1);
  b.SetInput("x0", a);
  Graph graph("g");
  (void)gemlir::takeErrors();
  graph.SetInputs({a}).SetOutputs(std::vector<Operator>{b});
  EXPECT_FALSE(graph.IsValid());
  EXPECT_NE(gemlir::takeErrors().find("two operators of the name 'same'"), std::string::npos);
}

TEST(Graph, NamesUnnamedOperators) {
  Operator a = make("", "Data", 1), b = make("", "Data", 1);
  Graph graph("g");
  graph.SetInputs({a, b});
  EXPECT_EQ(names(graph), (std::vector<std::string>{"Data_0", "Data_1"}));
}

TEST(Graph, EditsNodesAndEdges) {
  Diamond d;
  GNode square = d.graph.AddNodeByOp(make("square", "Square", 1));
  GNodePtr relu = d.graph.FindNodeByName("relu");
  GNodePtr add = d.graph.FindNodeByName("add");
  EXPECT_EQ(d.graph.AddDataEdge(*relu, 0, *add, 0), GRAPH_FAILED);
  EXPECT_EQ(d.graph.RemoveEdge(*relu, 0, *add, 1), GRAPH_FAILED);
  EXPECT_EQ(d.graph.RemoveEdge(*relu, 0, *add, 0), GRAPH_SUCCESS);
  EXPECT_EQ(d.graph.AddDataEdge(*relu, 0, square, 0), GRAPH_SUCCESS);
  EXPECT_EQ(d.graph.AddDataEdge(square, 0, *add, 0), GRAPH_SUCCESS);
  EXPECT_EQ(d.graph.AddDataEdge(square, 1, *add, 0), GRAPH_FAILED);
  EXPECT_EQ(d.graph.AddControlEdge(*relu, *add), GRAPH_SUCCESS);
  EXPECT_EQ(add->GetInControlNodes().size(), 2u);
  EXPECT_EQ(d.graph.RemoveEdge(*relu, -1, *add, -1), GRAPH_SUCCESS);
  EXPECT_EQ(nameOf(*add->GetInDataNodesAndPortIndexs(0).first), "square");
  EXPECT_EQ(d.graph.RemoveNode(square), GRAPH_SUCCESS);
  EXPECT_EQ(add->GetInDataNodesAndPortIndexs(0).first, nullptr);
  EXPECT_TRUE(relu->GetOutDataNodesAndPortIndexs(0).empty());
  AscendString name;
  EXPECT_EQ(square.GetName(name), GRAPH_FAILED);
  EXPECT_EQ(d.graph.FindNodeByName("square"), nullptr);
}

TEST(Graph, NodesOutliveTheirGraphWithoutHarm) {
  GNodePtr node;
  {
    Diamond d;
    node = d.graph.FindNodeByName("relu");
  }
  AscendString name;
  EXPECT_EQ(node->GetName(name), GRAPH_FAILED);
  EXPECT_EQ(node->GetInputsSize(), 0u);
}

TEST(Graph, CopyIsIndependent) {
  Diamond d;
  Graph copy;
  ASSERT_EQ(copy.CopyFrom(d.graph), GRAPH_SUCCESS);
  GNodePtr relu = copy.FindNodeByName("relu");
  ASSERT_TRUE(relu);
  ASSERT_EQ(copy.RemoveNode(*relu), GRAPH_SUCCESS);
  EXPECT_TRUE(d.graph.FindNodeByName("relu"));
  int64_t late = 1;
  EXPECT_EQ(copy.FindNodeByName("add")->SetAttr("late", late), GRAPH_SUCCESS);
  EXPECT_FALSE(d.graph.FindNodeByName("add")->HasAttr("late"));
  EXPECT_EQ(copy.FindNodeByName("add")->GetInControlNodes().size(), 1u);
}

TEST(Graph, BuildsSubgraphsOfNodes) {
  Operator branch = make("if", "If", 1);
  branch.SubgraphCountRegister("then_branch", 1);
  int built = 0;
  branch.SetSubgraphBuilder("then_branch", 0, [&built] {
    ++built;
    Graph body("body");
    Operator data = make("inner", "Data", 1);
    body.SetInputs({data}).SetOutputs(std::vector<Operator>{data});
    return body;
  });
  Graph graph("g");
  graph.SetOutputs(std::vector<Operator>{branch});
  EXPECT_EQ(graph.GetAllSubgraphs().size(), 1u);
  GraphPtr body = graph.GetSubGraph("body");
  ASSERT_TRUE(body);
  EXPECT_EQ(built, 1);
  EXPECT_EQ(nameOf(*body->GetParentNode()), "if");
  AscendString name;
  EXPECT_EQ(body->GetParentGraph()->GetName(name), GRAPH_SUCCESS);
  EXPECT_STREQ(name.GetString(), "g");
  EXPECT_EQ(graph.GetAllNodes().size(), 2u);
  EXPECT_EQ(graph.GetDirectNode().size(), 1u);
}

TEST(Graph, OutputsByIndexAndByName) {
  Operator split = make("split", "Split", 0, 3);
  Graph graph("g");
  (void)gemlir::takeErrors();
  graph.SetOutputs({{split, std::vector<size_t>{0, 3}}});
  EXPECT_FALSE(graph.IsValid());
  EXPECT_NE(gemlir::takeErrors().find("is output 3 of 'split'"), std::string::npos);
  Graph named("n");
  named.SetOutputs(std::vector<std::pair<Operator, std::string>>{{split, "y2"}});
  EXPECT_TRUE(named.IsValid());
  std::ostringstream text;
  EXPECT_EQ(named.Dump(Graph::DumpFormat::kReadable, text), GRAPH_SUCCESS);
  EXPECT_NE(text.str().find("return (%0_2)"), std::string::npos);
}

TEST(Graph, DumpsReadableText) {
  Diamond d;
  std::ostringstream text;
  ASSERT_EQ(d.graph.Dump(Graph::DumpFormat::kReadable, text), GRAPH_SUCCESS);
  EXPECT_EQ(text.str(), "graph(\"diamond\"):\n"
                        "  %0 : [#users=1] = Node[type=Data, name=data] (inputs = (), "
                        "attrs = {})\n"
                        "  %1 : [#users=1] = Node[type=Relu, name=relu] (inputs = (x0=%0), "
                        "attrs = {})\n"
                        "  %2 : [#users=1] = Node[type=Const, name=weight] (inputs = (), "
                        "attrs = {value: tensor<desc<0,1>, 4 bytes>})\n"
                        "  %3 : [#users=0] = Node[type=Add, name=add] (inputs = (x0=%1, "
                        "x1=%2, ^%0), attrs = {})\n"
                        "  return (%3)\n");
}
