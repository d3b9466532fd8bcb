//===- OperatorTest.cpp - prototypes and operators ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/ErrorMessage.h"
#include "graph/operator_reg.h"

#include <gtest/gtest.h>

namespace ge {
REG_OP(UnitMix)
    .INPUT(x, TensorType({DT_FLOAT, DT_INT8}))
    .DYNAMIC_INPUT(xs, "T1")
    .OPTIONAL_INPUT(bias, TensorType::ALL())
    .OUTPUT(y, "T1")
    .DYNAMIC_OUTPUT(ys, "T1")
    .REQUIRED_ATTR(pads, ListInt)
    .ATTR(groups, Int, 1)
    .ATTR(scale, Float, 0.5)
    .ATTR(flag, Bool, true)
    .ATTR(format, String, "NCHW")
    .ATTR(names, ListString, {"a", "b"})
    .ATTR(type, Type, DT_FLOAT16)
    .ATTR(value, Tensor, Tensor())
    .ATTR(lists, ListListInt, {{1}, {2, 3}})
    .GRAPH(body)
    .DYNAMIC_GRAPH(branches)
    .DATATYPE(T1, TensorType({BasicType(), DT_BOOL}))
    .OP_END_FACTORY_REG(UnitMix)

        IMPLEMT_VERIFIER(UnitMix, VerifyUnitMix) {
  return op.get_attr_groups() > 0 ? GRAPH_SUCCESS : GRAPH_FAILED;
}
VERIFY_FUNC_REG(UnitMix, VerifyUnitMix)
COMMON_INFER_FUNC_REG(UnitMix, ELMTWISE_INFER_SHAPEANDTYPE("x", "y"))
} // namespace ge

using namespace ge;

TEST(Prototype, GivesDefaultsAndTakesValues) {
  op::UnitMix op("mix");
  EXPECT_EQ(op.GetName(), "mix");
  EXPECT_EQ(op.GetOpType(), "UnitMix");
  EXPECT_EQ(op.get_attr_groups(), 1);
  EXPECT_EQ(op.get_attr_scale(), 0.5f);
  EXPECT_TRUE(op.get_attr_flag());
  EXPECT_EQ(op.get_attr_format(), "NCHW");
  EXPECT_EQ(op.get_attr_names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(op.get_attr_type(), DT_FLOAT16);
  EXPECT_EQ(op.get_attr_lists(), (std::vector<std::vector<int64_t>>{{1}, {2, 3}}));
  EXPECT_TRUE(op.get_attr_pads().empty());
  op.set_attr_pads({0}).set_attr_groups(4).set_attr_format("ND").set_attr_flag(false);
  EXPECT_EQ(op.get_attr_pads(), std::vector<int64_t>{0});
  EXPECT_EQ(op.get_attr_groups(), 4);
  EXPECT_EQ(op.get_attr_format(), "ND");
  EXPECT_FALSE(op.get_attr_flag());
  int32_t narrow;
  EXPECT_EQ(op.GetAttr("groups", narrow), GRAPH_SUCCESS);
  EXPECT_EQ(op.GetAttr("format", narrow), GRAPH_FAILED);
  op.SetAttr("groups", int64_t(1) << 40);
  EXPECT_EQ(op.GetAttr("groups", narrow), GRAPH_FAILED);
}

TEST(Prototype, KeepsPortsInTheOrderOfThePrototype) {
  op::UnitMix op("mix");
  op.create_dynamic_input_xs(2).create_dynamic_output_ys(3);
  EXPECT_EQ(op.GetInputsSize(), 4u);
  EXPECT_EQ(op.GetDynamicInputNum("xs"), 2);
  EXPECT_EQ(op.GetDynamicOutputNum("ys"), 3);
  TensorDesc desc(Shape({5}));
  EXPECT_EQ(op.UpdateInputDesc("bias", desc), GRAPH_SUCCESS);
  EXPECT_EQ(op.GetInputDesc(3).GetShape().GetDim(0), 5);
  EXPECT_EQ(op.update_dynamic_input_desc_xs(1, desc), GRAPH_SUCCESS);
  EXPECT_EQ(op.GetInputDesc(2).GetShape().GetDim(0), 5);
  EXPECT_EQ(op.update_dynamic_input_desc_xs(2, desc), GRAPH_FAILED);
}

TEST(Prototype, RunsRegisteredFunctions) {
  op::UnitMix op("mix");
  EXPECT_EQ(op.VerifyAllAttr(), GRAPH_FAILED);
  EXPECT_NE(gemlir::takeErrors().find("required attribute 'pads'"), std::string::npos);
  op.set_attr_pads({1});
  EXPECT_EQ(op.VerifyAllAttr(), GRAPH_SUCCESS);
  op.set_attr_groups(0);
  EXPECT_EQ(op.VerifyAllAttr(), GRAPH_FAILED);
  op.update_input_desc_x(TensorDesc(Shape({3, 4}), FORMAT_ND, DT_INT8));
  EXPECT_EQ(op.InferShapeAndType(), GRAPH_SUCCESS);
  EXPECT_EQ(op.get_output_desc_y().GetShape().GetDims(), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(op.get_output_desc_y().GetDataType(), DT_INT8);
}

TEST(Prototype, FactoryMakesOperators) {
  EXPECT_TRUE(OperatorFactory::IsExistOp("UnitMix"));
  Operator op = OperatorFactory::CreateOperator("made", "UnitMix");
  EXPECT_EQ(op.GetName(), "made");
  EXPECT_EQ(op.GetInputsSize(), 2u);
  EXPECT_TRUE(OperatorFactory::CreateOperator("x", "NoSuchOp").IsEmpty());
  EXPECT_NE(gemlir::takeErrors().find("'NoSuchOp'"), std::string::npos);
}

TEST(Operator, ReportsWrongLinks) {
  op::UnitMix a("a"), b("b");
  (void)gemlir::takeErrors();
  b.SetInput("nope", a, "y");
  EXPECT_NE(gemlir::takeErrors().find("has no input 'nope'"), std::string::npos);
  b.set_input_x(a, "z");
  EXPECT_NE(gemlir::takeErrors().find("names no output"), std::string::npos);
  b.set_input_x(Operator());
  EXPECT_NE(gemlir::takeErrors().find("is empty"), std::string::npos);
  b.set_input_x(a);
  EXPECT_EQ(gemlir::takeErrors(), "");
}

TEST(Operator, AttributesOfPorts) {
  op::UnitMix op("mix");
  op.SetInputAttr("x", "axis", int64_t(3)).SetOutputAttr(0, "name", "out");
  int64_t axis = 0;
  AscendString name;
  EXPECT_EQ(op.GetInputAttr(0, "axis", axis), GRAPH_SUCCESS);
  EXPECT_EQ(axis, 3);
  EXPECT_EQ(op.GetOutputAttr("y", "name", name), GRAPH_SUCCESS);
  EXPECT_STREQ(name.GetString(), "out");
  EXPECT_EQ(op.GetOutputAttr("y", "axis", axis), GRAPH_FAILED);
}
