//===- operator.h - an operator under construction --------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_OPERATOR_H
#define GRAPH_OPERATOR_H

#include "graph/attr_value.h"
#include "graph/tensor.h"

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace ge {
class Graph;
class InferenceContext;
class OperatorImpl;
struct OperatorAccess;

using SubgraphBuilder = std::function<Graph()>;

/// A handle of an operator; copies are the same operator. Everything that takes
/// std::string is an inline forward, so that the library serves clients with
/// either layout of it.
class GE_FUNC_VISIBILITY Operator {
public:
  using OpInt = int64_t;
  using OpFloat = float32_t;
  using OpString = std::string;
  using OpAscendString = AscendString;
  using OpBool = bool;
  using OpTensor = Tensor;
  using OpType = ge::DataType;
  using OpNamedAttrs = ge::NamedAttrs;
  using OpListInt = std::vector<int64_t>;
  using OpListFloat = std::vector<float32_t>;
  using OpListString = std::vector<std::string>;
  using OpListAscendString = std::vector<AscendString>;
  using OpListAcendString = OpListAscendString;
  using OpListBool = std::vector<bool>;
  using OpListTensor = std::vector<Tensor>;
  using OpBytes = std::vector<uint8_t>;
  using OpListListInt = std::vector<std::vector<int64_t>>;
  using OpListType = std::vector<ge::DataType>;
  using OpListNamedAttrs = std::vector<ge::NamedAttrs>;

  Operator() = default;
  explicit Operator(const char *type);
  Operator(const char *name, const char *type);
  Operator(const AscendString &name, const AscendString &type);
  explicit Operator(const std::string &type) : Operator(type.c_str()) {}
  Operator(const std::string &name, const std::string &type) : Operator(name.c_str(), type.c_str()) {}
  Operator(const Operator &) = default;
  Operator(Operator &&) = default;
  Operator &operator=(const Operator &) = default;
  Operator &operator=(Operator &&) = default;
  virtual ~Operator();

  bool IsEmpty() const;
  graphStatus GetName(AscendString &name) const;
  graphStatus GetOpType(AscendString &type) const;
  std::string GetName() const {
    AscendString name;
    (void)GetName(name);
    return name.GetString();
  }
  std::string GetOpType() const {
    AscendString type;
    (void)GetOpType(type);
    return type.GetString();
  }

  // Links. A source with one output may leave it out; of several outputs it
  // names one or gives its index.

  Operator &SetInput(const char *dst_name, const Operator &src);
  Operator &SetInput(const char *dst_name, const Operator &src, const char *src_output);
  Operator &SetInput(const char *dst_name, const Operator &src, uint32_t src_index);
  Operator &SetInput(uint32_t dst_index, const Operator &src, uint32_t src_index);
  Operator &SetInput(const char *dst_name, uint32_t dst_index, const Operator &src);
  Operator &SetInput(const char *dst_name, uint32_t dst_index, const Operator &src, const char *src_output);
  Operator &SetInput(const std::string &dst_name, const Operator &src) { return SetInput(dst_name.c_str(), src); }
  Operator &SetInput(const std::string &dst_name, const Operator &src, const std::string &src_output) {
    return SetInput(dst_name.c_str(), src, src_output.c_str());
  }
  Operator &SetInput(const std::string &dst_name, const Operator &src, uint32_t src_index) {
    return SetInput(dst_name.c_str(), src, src_index);
  }
  Operator &AddControlInput(const Operator &src);
  void BreakConnect() const;

  // Descriptions.

  TensorDesc GetInputDescByName(const char *name) const;
  TensorDesc GetInputDesc(uint32_t index) const;
  graphStatus TryGetInputDesc(const char *name, TensorDesc &desc) const;
  graphStatus UpdateInputDesc(const char *name, const TensorDesc &desc);
  graphStatus UpdateInputDesc(uint32_t index, const TensorDesc &desc);
  TensorDesc GetOutputDescByName(const char *name) const;
  TensorDesc GetOutputDesc(uint32_t index) const;
  graphStatus UpdateOutputDesc(const char *name, const TensorDesc &desc);
  graphStatus UpdateOutputDesc(uint32_t index, const TensorDesc &desc);
  TensorDesc GetDynamicInputDesc(const char *name, uint32_t index) const;
  graphStatus UpdateDynamicInputDesc(const char *name, uint32_t index, const TensorDesc &desc);
  TensorDesc GetDynamicOutputDesc(const char *name, uint32_t index) const;
  graphStatus UpdateDynamicOutputDesc(const char *name, uint32_t index, const TensorDesc &desc);
  TensorDesc GetInputDesc(const std::string &name) const { return GetInputDescByName(name.c_str()); }
  TensorDesc GetOutputDesc(const std::string &name) const { return GetOutputDescByName(name.c_str()); }
  graphStatus UpdateInputDesc(const std::string &name, const TensorDesc &desc) {
    return UpdateInputDesc(name.c_str(), desc);
  }
  graphStatus UpdateOutputDesc(const std::string &name, const TensorDesc &desc) {
    return UpdateOutputDesc(name.c_str(), desc);
  }
  int GetDynamicInputNum(const char *name) const;
  int GetDynamicOutputNum(const char *name) const;
  size_t GetInputsSize() const;
  size_t GetOutputsSize() const;
  /// The value of an input that is a constant; GRAPH_FAILED otherwise.
  graphStatus GetInputConstData(const char *name, Tensor &data) const;
  graphStatus GetInputConstData(const std::string &name, Tensor &data) const {
    return GetInputConstData(name.c_str(), data);
  }

  // Attributes. Reading an absent one, or one of another type, is
  // GRAPH_FAILED.

  Operator &SetAttr(const char *name, int64_t value);
  Operator &SetAttr(const char *name, int32_t value);
  Operator &SetAttr(const char *name, uint32_t value);
  Operator &SetAttr(const char *name, float32_t value);
  Operator &SetAttr(const char *name, bool value);
  Operator &SetAttr(const char *name, const char *value);
  Operator &SetAttr(const char *name, const AscendString &value);
  Operator &SetAttr(const char *name, const Tensor &value);
  Operator &SetAttr(const char *name, const TensorDesc &value);
  Operator &SetAttr(const char *name, const NamedAttrs &value);
  Operator &SetAttr(const char *name, const AttrValue &value);
  Operator &SetAttr(const char *name, const DataType &value);
  Operator &SetAttr(const char *name, const std::vector<int64_t> &value);
  Operator &SetAttr(const char *name, const std::vector<int32_t> &value);
  Operator &SetAttr(const char *name, const std::vector<uint32_t> &value);
  Operator &SetAttr(const char *name, const std::vector<float32_t> &value);
  Operator &SetAttr(const char *name, const std::vector<bool> &value);
  Operator &SetAttr(const char *name, const std::vector<AscendString> &value);
  Operator &SetAttr(const char *name, const std::vector<Tensor> &value);
  Operator &SetAttr(const char *name, const std::vector<DataType> &value);
  Operator &SetAttr(const char *name, const std::vector<NamedAttrs> &value);
  Operator &SetAttr(const char *name, const std::vector<uint8_t> &value);
  Operator &SetAttr(const char *name, const std::vector<std::vector<int64_t>> &value);
  Operator &SetAttr(const char *name, std::initializer_list<int64_t> &&value) {
    return SetAttr(name, std::vector<int64_t>(value));
  }
  Operator &SetAttr(const char *name, const std::string &value) {
    return SetAttr(name, AscendString(value.c_str(), value.size()));
  }
  Operator &SetAttr(const char *name, const std::vector<std::string> &value) { return SetAttr(name, Texts(value)); }
  template <typename Value>
  Operator &SetAttr(const std::string &name, const Value &value) {
    return SetAttr(name.c_str(), value);
  }
  Operator &SetAttr(const std::string &name, std::initializer_list<int64_t> &&value) {
    return SetAttr(name.c_str(), std::vector<int64_t>(value));
  }

  graphStatus GetAttr(const char *name, int64_t &value) const;
  graphStatus GetAttr(const char *name, int32_t &value) const;
  graphStatus GetAttr(const char *name, uint32_t &value) const;
  graphStatus GetAttr(const char *name, float32_t &value) const;
  graphStatus GetAttr(const char *name, bool &value) const;
  graphStatus GetAttr(const char *name, AscendString &value) const;
  graphStatus GetAttr(const char *name, Tensor &value) const;
  graphStatus GetAttr(const char *name, TensorDesc &value) const;
  graphStatus GetAttr(const char *name, NamedAttrs &value) const;
  graphStatus GetAttr(const char *name, AttrValue &value) const;
  graphStatus GetAttr(const char *name, DataType &value) const;
  graphStatus GetAttr(const char *name, std::vector<int64_t> &value) const;
  graphStatus GetAttr(const char *name, std::vector<int32_t> &value) const;
  graphStatus GetAttr(const char *name, std::vector<uint32_t> &value) const;
  graphStatus GetAttr(const char *name, std::vector<float32_t> &value) const;
  graphStatus GetAttr(const char *name, std::vector<bool> &value) const;
  graphStatus GetAttr(const char *name, std::vector<AscendString> &value) const;
  graphStatus GetAttr(const char *name, std::vector<Tensor> &value) const;
  graphStatus GetAttr(const char *name, std::vector<DataType> &value) const;
  graphStatus GetAttr(const char *name, std::vector<NamedAttrs> &value) const;
  graphStatus GetAttr(const char *name, std::vector<uint8_t> &value) const;
  graphStatus GetAttr(const char *name, std::vector<std::vector<int64_t>> &value) const;
  graphStatus GetAttr(const char *name, std::string &value) const {
    AscendString text;
    const graphStatus status = GetAttr(name, text);
    if (status == GRAPH_SUCCESS)
      value.assign(text.GetString(), text.GetLength());
    return status;
  }
  graphStatus GetAttr(const char *name, std::vector<std::string> &value) const {
    std::vector<AscendString> texts;
    const graphStatus status = GetAttr(name, texts);
    if (status == GRAPH_SUCCESS)
      value = Texts(texts);
    return status;
  }
  template <typename Value>
  graphStatus GetAttr(const std::string &name, Value &value) const {
    return GetAttr(name.c_str(), value);
  }
  bool HasAttr(const char *name) const;
  graphStatus GetAllAttrNamesAndTypes(std::map<AscendString, AscendString> &types) const;
  graphStatus GetAllIrAttrNamesAndTypes(std::map<AscendString, AscendString> &types) const;

  // Attributes of one input or output.

  template <typename Value>
  Operator &SetInputAttr(int32_t index, const char *name, const Value &value) {
    return SetPortAttr(true, index, nullptr, name, MakeAttr(value));
  }
  template <typename Value>
  Operator &SetInputAttr(const char *port, const char *name, const Value &value) {
    return SetPortAttr(true, -1, port, name, MakeAttr(value));
  }
  template <typename Value>
  Operator &SetOutputAttr(int32_t index, const char *name, const Value &value) {
    return SetPortAttr(false, index, nullptr, name, MakeAttr(value));
  }
  template <typename Value>
  Operator &SetOutputAttr(const char *port, const char *name, const Value &value) {
    return SetPortAttr(false, -1, port, name, MakeAttr(value));
  }
  template <typename Value>
  graphStatus GetInputAttr(int32_t index, const char *name, Value &value) const {
    return TakeAttr(GetPortAttr(true, index, nullptr, name), value);
  }
  template <typename Value>
  graphStatus GetInputAttr(const char *port, const char *name, Value &value) const {
    return TakeAttr(GetPortAttr(true, -1, port, name), value);
  }
  template <typename Value>
  graphStatus GetOutputAttr(int32_t index, const char *name, Value &value) const {
    return TakeAttr(GetPortAttr(false, index, nullptr, name), value);
  }
  template <typename Value>
  graphStatus GetOutputAttr(const char *port, const char *name, Value &value) const {
    return TakeAttr(GetPortAttr(false, -1, port, name), value);
  }

  // Subgraphs.

  size_t GetSubgraphNamesCount() const;
  graphStatus GetSubgraphNames(std::vector<AscendString> &names) const;
  SubgraphBuilder GetSubgraphBuilder(const char *name) const;
  Graph GetSubgraph(const char *name) const;
  SubgraphBuilder GetDynamicSubgraphBuilder(const char *name, uint32_t index) const;
  Graph GetDynamicSubgraph(const char *name, uint32_t index) const;
  void SubgraphCountRegister(const char *ir_name, uint32_t count);
  void SetSubgraphBuilder(const char *ir_name, uint32_t index, const SubgraphBuilder &builder);
  void SetSubgraphInstanceName(const uint32_t index, const char *name);

  // Inference and verification.

  graphStatus InferShapeAndType();
  graphStatus VerifyAllAttr(bool disable_common_verifier = false);
  void SetInferenceContext(const std::shared_ptr<InferenceContext> &context);
  std::shared_ptr<InferenceContext> GetInferenceContext() const;

  // Registration of operators that no prototype declares.

  void InputRegister(const char *name);
  void InputRegister(const char *name, const char *datatype_symbol);
  void OptionalInputRegister(const char *name);
  void OptionalInputRegister(const char *name, const char *datatype_symbol);
  void OutputRegister(const char *name);
  void OutputRegister(const char *name, const char *datatype_symbol);
  void DynamicInputRegister(const char *name, const uint32_t number, bool is_push_back = true);
  void DynamicInputRegister(const char *name, const uint32_t number, const char *datatype_symbol,
                            bool is_push_back = true);
  void DynamicInputRegisterByIndex(const char *name, const uint32_t number, size_t index);
  void DynamicOutputRegister(const char *name, const uint32_t number, bool is_push_back = true);
  void DynamicOutputRegister(const char *name, const uint32_t number, const char *datatype_symbol,
                             bool is_push_back = true);
  /// Declares an attribute with a default.
  void AttrRegister(const char *name, const AttrValue &value);
  void AttrRegister(const char *name, const char *type, const AttrValue &value);

protected:
  void RequiredAttrWithTypeRegister(const char *name, const char *type);
  void RequiredAttrRegister(const char *name);
  void DataTypeRegister(const char *symbol, const TensorType &type);
  void DataTypeRegister(const char *symbol, const ListTensorType &type);
  void DataTypeRegister(const char *symbol, const Promote &type);
  void SubgraphRegister(const char *ir_name, bool dynamic);
  void InferFuncRegister(const std::function<graphStatus(Operator &)> &infer_function);
  void VerifierFuncRegister(const std::function<graphStatus(Operator &)> &verify_function);
  void InferFormatFuncRegister(const std::function<graphStatus(Operator &)> &infer_format_function);
  graphStatus VerifyAll();

  // Prototypes write sets of element types without their class.
  static TensorType BasicType() { return TensorType::BasicType(); }
  static TensorType NumberType() { return TensorType::NumberType(); }
  static TensorType RealNumberType() { return TensorType::RealNumberType(); }
  static TensorType QuantifiedType() { return TensorType::QuantifiedType(); }
  static TensorType OrdinaryType() { return TensorType::OrdinaryType(); }
  static TensorType ComplexDataType() { return TensorType::ComplexDataType(); }
  static TensorType IntegerDataType() { return TensorType::IntegerDataType(); }
  static TensorType SignedDataType() { return TensorType::SignedDataType(); }
  static TensorType UnsignedDataType() { return TensorType::UnsignedDataType(); }
  static TensorType FloatingDataType() { return TensorType::FloatingDataType(); }
  static TensorType IndexNumberType() { return TensorType::IndexNumberType(); }
  static TensorType UnaryDataType() { return TensorType::UnaryDataType(); }

  template <typename Value>
  static AttrValue MakeAttr(const Value &value) {
    AttrValue attr;
    (void)attr.SetAttrValue(value);
    return attr;
  }

private:
  friend class Graph;
  friend struct OperatorAccess;
  explicit Operator(std::shared_ptr<OperatorImpl> impl);

  template <typename Value>
  static graphStatus TakeAttr(const AttrValue &attr, Value &value) {
    return attr.IsEmpty() ? GRAPH_FAILED : attr.GetAttrValue(value);
  }
  static std::vector<AscendString> Texts(const std::vector<std::string> &value) {
    std::vector<AscendString> texts;
    for (const std::string &text : value)
      texts.emplace_back(text.c_str(), text.size());
    return texts;
  }
  static std::vector<std::string> Texts(const std::vector<AscendString> &value) {
    std::vector<std::string> texts;
    for (const AscendString &text : value)
      texts.emplace_back(text.GetString(), text.GetLength());
    return texts;
  }
  Operator &SetPortAttr(bool input, int32_t index, const char *port, const char *name, const AttrValue &value);
  AttrValue GetPortAttr(bool input, int32_t index, const char *port, const char *name) const;

  std::shared_ptr<OperatorImpl> impl_;
};
} // namespace ge

#endif // GRAPH_OPERATOR_H
