//===- operator_reg.h - prototypes of operators -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_OPERATOR_REG_H
#define GRAPH_OPERATOR_REG_H

// A prototype is a chain of macros:
//
//   REG_OP(Relu)
//       .INPUT(x, TensorType::BasicType())
//       .OUTPUT(y, TensorType::BasicType())
//       .OP_END_FACTORY_REG(Relu)
//
// It becomes a class op::Relu. Each link of the chain closes the function that
// the link before it opened, adds its members, and opens the function that
// registers it; the last one closes the class. Element types of inputs and
// outputs are kept as text, so they may name symbols of DATATYPE.

#include "graph/graph.h"
#include "graph/operator.h"
#include "graph/operator_factory.h"
#include "graph/tensor.h"
#include "graph/types.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace ge {
/// What a chain of prototype macros is written on.
class OpReg {
public:
  OpReg &N() { return *this; }
};

/// Makes an operator of one prototype.
template <typename Prototype>
Operator MakePrototype(const AscendString &name) {
  return Prototype(name);
}

/// The shape and type of an element-wise operation with two operands.
inline graphStatus BroadcastInfer(Operator &op, const char *in1, const char *in2, const char *out) {
  const TensorDesc x1 = op.GetInputDescByName(in1);
  std::vector<int64_t> a = x1.GetShape().GetDims();
  std::vector<int64_t> b = op.GetInputDescByName(in2).GetShape().GetDims();
  if (a.size() < b.size())
    a.swap(b);
  b.insert(b.begin(), a.size() - b.size(), 1);
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || b[i] == 1)
      continue;
    if (a[i] != 1 && a[i] >= 0 && b[i] >= 0)
      return GRAPH_FAILED;
    if (a[i] == 1 || a[i] < 0)
      a[i] = b[i];
  }
  TensorDesc y = op.GetOutputDescByName(out);
  y.SetShape(Shape(a));
  y.SetDataType(x1.GetDataType());
  return op.UpdateOutputDesc(out, y);
}
} // namespace ge

// clang-format off
#define REG_OP(x)                                                              \
  namespace op {                                                               \
  class x : public ge::Operator {                                              \
    typedef x _THIS_TYPE;                                                      \
                                                                               \
  public:                                                                      \
    x() : ge::Operator(#x) { __reg_##x(); }                                    \
    explicit x(const char *name) : ge::Operator(name, #x) { __reg_##x(); }     \
    x(const ge::AscendString &name)                                            \
        : ge::Operator(name, ge::AscendString(#x)) {                           \
      __reg_##x();                                                             \
    }                                                                          \
    explicit x(const std::string &name)                                        \
        : ge::Operator(name.c_str(), #x) {                                     \
      __reg_##x();                                                             \
    }                                                                          \
                                                                               \
  private:                                                                     \
    void __reg_##x() {                                                         \
      ge::OpReg()

#define GEMLIR_INPUT_MEMBERS(x)                                                \
  static const std::string name_in_##x() { return #x; }                        \
  static void name_in_##x(ge::AscendString &name) { name = #x; }               \
  ge::TensorDesc get_input_desc_##x() const {                                  \
    return ge::Operator::GetInputDescByName(#x);                               \
  }                                                                            \
  ge::graphStatus update_input_desc_##x(const ge::TensorDesc &desc) {          \
    return ge::Operator::UpdateInputDesc(#x, desc);                            \
  }                                                                            \
  _THIS_TYPE &set_input_##x(const ge::Operator &v) {                           \
    ge::Operator::SetInput(#x, v);                                             \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_input_##x(const ge::Operator &v, uint32_t index) {           \
    ge::Operator::SetInput(#x, v, index);                                      \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_input_##x(const ge::Operator &v,                             \
                            const std::string &src_name) {                     \
    ge::Operator::SetInput(#x, v, src_name.c_str());                           \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_input_##x##_by_name(const ge::Operator &v,                   \
                                      const char *src_name) {                  \
    ge::Operator::SetInput(#x, v, src_name);                                   \
    return *this;                                                              \
  }

#define INPUT(x, t)                                                            \
  N();                                                                         \
  __input_##x();                                                               \
  }                                                                            \
                                                                               \
public:                                                                        \
  GEMLIR_INPUT_MEMBERS(x)                                                      \
                                                                               \
private:                                                                       \
  void __input_##x() {                                                         \
    ge::Operator::InputRegister(#x, #t);                                       \
    ge::OpReg()

#define OPTIONAL_INPUT(x, t)                                                   \
  N();                                                                         \
  __optional_input_##x();                                                      \
  }                                                                            \
                                                                               \
public:                                                                        \
  GEMLIR_INPUT_MEMBERS(x)                                                      \
                                                                               \
private:                                                                       \
  void __optional_input_##x() {                                                \
    ge::Operator::OptionalInputRegister(#x, #t);                               \
    ge::OpReg()

#define OUTPUT(x, t)                                                           \
  N();                                                                         \
  __output_##x();                                                              \
  }                                                                            \
                                                                               \
public:                                                                        \
  static const std::string name_out_##x() { return #x; }                       \
  static void name_out_##x(ge::AscendString &name) { name = #x; }              \
  ge::TensorDesc get_output_desc_##x() const {                                 \
    return ge::Operator::GetOutputDescByName(#x);                              \
  }                                                                            \
  ge::graphStatus update_output_desc_##x(const ge::TensorDesc &desc) {         \
    return ge::Operator::UpdateOutputDesc(#x, desc);                           \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __output_##x() {                                                        \
    ge::Operator::OutputRegister(#x, #t);                                      \
    ge::OpReg()

#define DYNAMIC_INPUT(x, t)                                                    \
  N();                                                                         \
  __dynamic_input_##x();                                                       \
  }                                                                            \
                                                                               \
public:                                                                        \
  _THIS_TYPE &create_dynamic_input_##x(uint32_t num,                           \
                                       bool isPushBack = true) {               \
    ge::Operator::DynamicInputRegister(#x, num, #t, isPushBack);               \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &create_dynamic_input_byindex_##x(uint32_t num, size_t index) {   \
    ge::Operator::DynamicInputRegisterByIndex(#x, num, index);                 \
    return *this;                                                              \
  }                                                                            \
  ge::TensorDesc get_dynamic_input_desc_##x(uint32_t index) const {            \
    return ge::Operator::GetDynamicInputDesc(#x, index);                       \
  }                                                                            \
  ge::graphStatus update_dynamic_input_desc_##x(uint32_t index,                \
                                                const ge::TensorDesc &desc) {  \
    return ge::Operator::UpdateDynamicInputDesc(#x, index, desc);              \
  }                                                                            \
  _THIS_TYPE &set_dynamic_input_##x(uint32_t dst_index,                        \
                                    const ge::Operator &v) {                   \
    ge::Operator::SetInput(#x, dst_index, v);                                  \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_dynamic_input_##x(uint32_t dst_index, const ge::Operator &v, \
                                    const std::string &src_name) {             \
    ge::Operator::SetInput(#x, dst_index, v, src_name.c_str());                \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_dynamic_input_##x(uint32_t dst_index, const ge::Operator &v, \
                                    const char *src_name) {                    \
    ge::Operator::SetInput(#x, dst_index, v, src_name);                        \
    return *this;                                                              \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __dynamic_input_##x() {                                                 \
    ge::Operator::DynamicInputRegister(#x, 0, #t, true);                       \
    ge::OpReg()

#define DYNAMIC_OUTPUT(x, t)                                                   \
  N();                                                                         \
  __dynamic_output_##x();                                                      \
  }                                                                            \
                                                                               \
public:                                                                        \
  _THIS_TYPE &create_dynamic_output_##x(uint32_t num,                          \
                                        bool isPushBack = true) {              \
    ge::Operator::DynamicOutputRegister(#x, num, #t, isPushBack);              \
    return *this;                                                              \
  }                                                                            \
  ge::TensorDesc get_dynamic_output_desc_##x(uint32_t index) const {           \
    return ge::Operator::GetDynamicOutputDesc(#x, index);                      \
  }                                                                            \
  ge::graphStatus update_dynamic_output_desc_##x(uint32_t index,               \
                                                 const ge::TensorDesc &desc) { \
    return ge::Operator::UpdateDynamicOutputDesc(#x, index, desc);             \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __dynamic_output_##x() {                                                \
    ge::Operator::DynamicOutputRegister(#x, 0, #t, true);                      \
    ge::OpReg()

// String attributes have accessors that do not depend on the standard library's
// string.
#define GEMLIR_ATTR_EXTRA_Int(x)
#define GEMLIR_ATTR_EXTRA_Float(x)
#define GEMLIR_ATTR_EXTRA_Bool(x)
#define GEMLIR_ATTR_EXTRA_AscendString(x)
#define GEMLIR_ATTR_EXTRA_Tensor(x)
#define GEMLIR_ATTR_EXTRA_Type(x)
#define GEMLIR_ATTR_EXTRA_NamedAttrs(x)
#define GEMLIR_ATTR_EXTRA_Bytes(x)
#define GEMLIR_ATTR_EXTRA_ListInt(x)
#define GEMLIR_ATTR_EXTRA_ListFloat(x)
#define GEMLIR_ATTR_EXTRA_ListBool(x)
#define GEMLIR_ATTR_EXTRA_ListAscendString(x)
#define GEMLIR_ATTR_EXTRA_ListTensor(x)
#define GEMLIR_ATTR_EXTRA_ListType(x)
#define GEMLIR_ATTR_EXTRA_ListListInt(x)
#define GEMLIR_ATTR_EXTRA_ListNamedAttrs(x)
#define GEMLIR_ATTR_EXTRA_String(x)                                            \
  ge::graphStatus get_attr_##x(ge::AscendString &value) const {                \
    return ge::Operator::GetAttr(#x, value);                                   \
  }                                                                            \
  _THIS_TYPE &set_attr_##x(const char *value) {                                \
    ge::Operator::SetAttr(#x, value);                                          \
    return *this;                                                              \
  }
#define GEMLIR_ATTR_EXTRA_ListString(x)                                        \
  ge::graphStatus get_attr_##x(std::vector<ge::AscendString> &value) const {   \
    return ge::Operator::GetAttr(#x, value);                                   \
  }                                                                            \
  _THIS_TYPE &set_attr_##x(const std::vector<ge::AscendString> &value) {       \
    ge::Operator::SetAttr(#x, value);                                          \
    return *this;                                                              \
  }                                                                            \
  _THIS_TYPE &set_attr_##x(std::initializer_list<const char *> value) {        \
    return set_attr_##x(                                                       \
        std::vector<ge::AscendString>(value.begin(), value.end()));            \
  }

// A function as value is accepted and ignored. It is a template so that a
// braced list always means the value.
#define GEMLIR_ATTR_MEMBERS(x, Type, ...)                                      \
  static const std::string name_attr_##x() { return #x; }                      \
  static void name_attr_##x(ge::AscendString &name) { name = #x; }             \
  Op##Type get_attr_##x() const {                                              \
    Op##Type value = __VA_ARGS__;                                              \
    (void)ge::Operator::GetAttr(#x, value);                                    \
    return value;                                                              \
  }                                                                            \
  _THIS_TYPE &set_attr_##x(const Op##Type &value) {                            \
    ge::Operator::SetAttr(#x, value);                                          \
    return *this;                                                              \
  }                                                                            \
  template <typename Function>                                                 \
  auto set_attr_##x(const Function &function)                                  \
      ->decltype(Op##Type(function()), *this) {                                \
    return *this;                                                              \
  }                                                                            \
  GEMLIR_ATTR_EXTRA_##Type(x)

#define ATTR(x, Type, ...)                                                     \
  N();                                                                         \
  __attr_##x();                                                                \
  }                                                                            \
                                                                               \
public:                                                                        \
  GEMLIR_ATTR_MEMBERS(x, Type, __VA_ARGS__)                                    \
                                                                               \
private:                                                                       \
  void __attr_##x() {                                                          \
    Op##Type value = __VA_ARGS__;                                              \
    ge::Operator::AttrRegister(#x, #Type, MakeAttr(value));                    \
    ge::OpReg()

#define REQUIRED_ATTR(x, Type)                                                 \
  N();                                                                         \
  __required_attr_##x();                                                       \
  }                                                                            \
                                                                               \
public:                                                                        \
  GEMLIR_ATTR_MEMBERS(x, Type, Op##Type())                                     \
                                                                               \
private:                                                                       \
  void __required_attr_##x() {                                                 \
    ge::Operator::RequiredAttrWithTypeRegister(#x, #Type);                     \
    ge::OpReg()

#define DATATYPE(x, t)                                                         \
  N();                                                                         \
  __data_type_##x();                                                           \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __data_type_##x() {                                                     \
    ge::Operator::DataTypeRegister(#x, t);                                     \
    ge::OpReg()

#define GRAPH(x)                                                               \
  N();                                                                         \
  __graph_##x();                                                               \
  }                                                                            \
                                                                               \
public:                                                                        \
  static const std::string name_graph_##x() { return #x; }                     \
  static void name_graph_##x(ge::AscendString &name) { name = #x; }            \
  ge::SubgraphBuilder get_subgraph_builder_##x() const {                       \
    return ge::Operator::GetSubgraphBuilder(#x);                               \
  }                                                                            \
  _THIS_TYPE &set_subgraph_builder_##x(const ge::SubgraphBuilder &v) {         \
    ge::Operator::SetSubgraphBuilder(#x, 0, v);                                \
    return *this;                                                              \
  }                                                                            \
  ge::Graph get_subgraph_##x() const {                                         \
    return ge::Operator::GetSubgraph(#x);                                      \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __graph_##x() {                                                         \
    ge::Operator::SubgraphRegister(#x, false);                                 \
    ge::Operator::SubgraphCountRegister(#x, 1);                                \
    ge::OpReg()

#define DYNAMIC_GRAPH(x)                                                       \
  N();                                                                         \
  __dynamic_graph_##x();                                                       \
  }                                                                            \
                                                                               \
public:                                                                        \
  static const std::string name_graph_##x() { return #x; }                     \
  static void name_graph_##x(ge::AscendString &name) { name = #x; }            \
  _THIS_TYPE &create_dynamic_subgraph_##x(uint32_t num) {                      \
    ge::Operator::SubgraphCountRegister(#x, num);                              \
    return *this;                                                              \
  }                                                                            \
  ge::SubgraphBuilder get_dynamic_subgraph_builder_##x(uint32_t index) const { \
    return ge::Operator::GetDynamicSubgraphBuilder(#x, index);                 \
  }                                                                            \
  ge::Graph get_dynamic_subgraph_##x(uint32_t index) const {                   \
    return ge::Operator::GetDynamicSubgraph(#x, index);                        \
  }                                                                            \
  _THIS_TYPE &                                                                 \
  set_dynamic_subgraph_builder_##x(uint32_t index,                             \
                                   const ge::SubgraphBuilder &v) {             \
    ge::Operator::SetSubgraphBuilder(#x, index, v);                            \
    return *this;                                                              \
  }                                                                            \
                                                                               \
private:                                                                       \
  void __dynamic_graph_##x() {                                                 \
    ge::Operator::SubgraphRegister(#x, true);                                  \
    ge::OpReg()

#ifdef DISABLE_COMPILE_V1
#define GEMLIR_REGISTER_CREATOR(x, unique)
#else
#define GEMLIR_REGISTER_CREATOR(x, unique)                                     \
  static const ge::PrototypeRegister g_register_##x##_##unique(                \
      #x, &ge::MakePrototype<op::x>);
#endif
#define GEMLIR_REGISTER_CREATOR_1(x, unique)                                   \
  GEMLIR_REGISTER_CREATOR(x, unique)
#define OP_END_FACTORY_REG(x)                                                  \
  N();                                                                         \
  }                                                                            \
  }                                                                            \
  ;                                                                            \
  }                                                                            \
  GEMLIR_REGISTER_CREATOR_1(x, __COUNTER__)

// The names that dynamic inputs and outputs have in models.
#define DYNAMIC_INPUT_TD_NUM(name) ("__dynamic_input_" + (name) + "_cnt")
#define DYNAMIC_OUTPUT_TD_NUM(name) ("__dynamic_output_" + (name) + "_cnt")

// Functions for shape and format inference and for verification.
#define PASTE_IMPL(a, b) a##b
#define PASTE(a, b) PASTE_IMPL(a, b)

#define IMPLEMT_INFERFUNC(op_name, func_name)                                  \
  static ge::graphStatus func_name(op::op_name &op)
#define IMPLEMT_COMMON_INFERFUNC(func_name)                                    \
  static ge::graphStatus func_name(ge::Operator &op)
#define IMPLEMT_VERIFIER(op_name, func_name)                                   \
  static ge::graphStatus func_name(op::op_name op)
#define IMPLEMT_INFERFORMAT_FUNC(op_name, func_name)                           \
  static ge::graphStatus func_name(op::op_name &op)

#define GEMLIR_TYPED_FUNC(op_name, func)                                       \
  [](ge::Operator &v) { return func(static_cast<op::op_name &>(v)); }
#define INFER_FUNC(op_name, func) GEMLIR_TYPED_FUNC(op_name, func)
#define VERIFY_FUNC(op_name, func) GEMLIR_TYPED_FUNC(op_name, func)
#define INFER_FORMAT_FUNC(op_name, func) GEMLIR_TYPED_FUNC(op_name, func)
#define COMMON_INFER_FUNC(func) [](ge::Operator &v) { return func(v); }

#define INFER_FUNC_REG(op_name, func)                                          \
  static const ge::InferShapeFuncRegister PASTE(                               \
      g_infer_##op_name, __COUNTER__)(#op_name, INFER_FUNC(op_name, func));
#define COMMON_INFER_FUNC_REG(op_name, func)                                   \
  static const ge::InferShapeFuncRegister PASTE(                               \
      g_infer_##op_name, __COUNTER__)(#op_name, COMMON_INFER_FUNC(func));
#define VERIFY_FUNC_REG(op_name, func)                                         \
  static const ge::VerifyFuncRegister PASTE(g_verify_##op_name, __COUNTER__)(  \
      #op_name, VERIFY_FUNC(op_name, func));
#define INFER_FORMAT_FUNC_REG(op_name, func)                                   \
  static const ge::InferFormatFuncRegister PASTE(                              \
      g_format_##op_name,                                                      \
      __COUNTER__)(#op_name, INFER_FORMAT_FUNC(op_name, func));
#define INFER_VALUE_RANGE_CUSTOM_FUNC_REG(op_name, when, func)                 \
  static const ge::InferValueRangeFuncRegister PASTE(                          \
      g_range_##op_name,                                                       \
      __COUNTER__)(#op_name, when, COMMON_INFER_FUNC(func));
#define INFER_VALUE_RANGE_DEFAULT_REG(op_name)                                 \
  static const ge::InferValueRangeFuncRegister PASTE(                          \
      g_range_##op_name, __COUNTER__)(#op_name);

#define ELMTWISE_INFER_SHAPEANDTYPE(in_name, out_name)                         \
  [](ge::Operator &op) {                                                       \
    const ge::TensorDesc input = op.GetInputDescByName(in_name);               \
    ge::TensorDesc output = op.GetOutputDescByName(out_name);                  \
    output.SetShape(input.GetShape());                                         \
    output.SetDataType(input.GetDataType());                                   \
    return op.UpdateOutputDesc(out_name, output);                              \
  }
#define BROADCAST_INFER(in1_name, in2_name, out_name)                          \
  [](ge::Operator &op) {                                                       \
    return ge::BroadcastInfer(op, in1_name, in2_name, out_name);               \
  }
// clang-format on

#endif // GRAPH_OPERATOR_REG_H
