//===- attr_value.h - values of attributes ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_ATTR_VALUE_H
#define GRAPH_ATTR_VALUE_H

#include "graph/tensor.h"

#include <map>
#include <string>
#include <vector>

namespace ge {
class AttrValueImpl;
class NamedAttrs;
/// Gives the implementation of the library access to a value's content.
struct AttrValueAccess;

/// The value of one attribute. Integers are kept with 64 bits; reading one into
/// a smaller type fails when it does not fit. Copies share, setting a value
/// does not change the copies.
class GE_FUNC_VISIBILITY AttrValue {
public:
  using INT = int64_t;
  using FLOAT = float32_t;
  using STR = std::string;

  AttrValue();
  ~AttrValue() = default;

  bool IsEmpty() const;

  graphStatus SetAttrValue(const int64_t &value);
  graphStatus SetAttrValue(const int32_t &value);
  graphStatus SetAttrValue(const uint32_t &value);
  graphStatus SetAttrValue(const float32_t &value);
  graphStatus SetAttrValue(const bool &value);
  graphStatus SetAttrValue(const char *value);
  graphStatus SetAttrValue(const AscendString &value);
  graphStatus SetAttrValue(const Tensor &value);
  graphStatus SetAttrValue(const TensorDesc &value);
  graphStatus SetAttrValue(const DataType &value);
  graphStatus SetAttrValue(const NamedAttrs &value);
  graphStatus SetAttrValue(const std::vector<uint8_t> &value);
  graphStatus SetAttrValue(const std::vector<int64_t> &value);
  graphStatus SetAttrValue(const std::vector<int32_t> &value);
  graphStatus SetAttrValue(const std::vector<uint32_t> &value);
  graphStatus SetAttrValue(const std::vector<float32_t> &value);
  graphStatus SetAttrValue(const std::vector<bool> &value);
  graphStatus SetAttrValue(const std::vector<AscendString> &value);
  graphStatus SetAttrValue(const std::vector<Tensor> &value);
  graphStatus SetAttrValue(const std::vector<DataType> &value);
  graphStatus SetAttrValue(const std::vector<NamedAttrs> &value);
  graphStatus SetAttrValue(const std::vector<std::vector<int64_t>> &value);
  graphStatus SetAttrValue(const std::vector<std::vector<float32_t>> &value);
  graphStatus SetAttrValue(const std::string &value) { return SetAttrValue(AscendString(value.c_str(), value.size())); }
  graphStatus SetAttrValue(const std::vector<std::string> &value) {
    std::vector<AscendString> texts;
    for (const std::string &text : value)
      texts.emplace_back(text.c_str(), text.size());
    return SetAttrValue(texts);
  }

  graphStatus GetAttrValue(int64_t &value) const;
  graphStatus GetAttrValue(int32_t &value) const;
  graphStatus GetAttrValue(uint32_t &value) const;
  graphStatus GetAttrValue(float32_t &value) const;
  graphStatus GetAttrValue(bool &value) const;
  graphStatus GetAttrValue(AscendString &value) const;
  graphStatus GetAttrValue(Tensor &value) const;
  graphStatus GetAttrValue(TensorDesc &value) const;
  graphStatus GetAttrValue(DataType &value) const;
  graphStatus GetAttrValue(NamedAttrs &value) const;
  graphStatus GetAttrValue(std::vector<uint8_t> &value) const;
  graphStatus GetAttrValue(std::vector<int64_t> &value) const;
  graphStatus GetAttrValue(std::vector<int32_t> &value) const;
  graphStatus GetAttrValue(std::vector<uint32_t> &value) const;
  graphStatus GetAttrValue(std::vector<float32_t> &value) const;
  graphStatus GetAttrValue(std::vector<bool> &value) const;
  graphStatus GetAttrValue(std::vector<AscendString> &value) const;
  graphStatus GetAttrValue(std::vector<Tensor> &value) const;
  graphStatus GetAttrValue(std::vector<DataType> &value) const;
  graphStatus GetAttrValue(std::vector<NamedAttrs> &value) const;
  graphStatus GetAttrValue(std::vector<std::vector<int64_t>> &value) const;
  graphStatus GetAttrValue(std::vector<std::vector<float32_t>> &value) const;
  graphStatus GetAttrValue(std::string &value) const {
    AscendString text;
    const graphStatus status = GetAttrValue(text);
    if (status == GRAPH_SUCCESS)
      value.assign(text.GetString(), text.GetLength());
    return status;
  }
  graphStatus GetAttrValue(std::vector<std::string> &value) const {
    std::vector<AscendString> texts;
    const graphStatus status = GetAttrValue(texts);
    if (status == GRAPH_SUCCESS) {
      value.clear();
      for (const AscendString &text : texts)
        value.emplace_back(text.GetString(), text.GetLength());
    }
    return status;
  }

  /// The older spelling: `value.GetValue<AttrValue::INT>(x)`.
  template <typename T, typename Value>
  graphStatus GetValue(Value &value) const {
    T read;
    const graphStatus status = GetAttrValue(read);
    if (status == GRAPH_SUCCESS)
      value = read;
    return status;
  }
  template <typename T>
  graphStatus GetValue(T &value) const {
    return GetAttrValue(value);
  }
  template <typename T, typename Value>
  static T CreateFrom(Value &&value) {
    return T(std::forward<Value>(value));
  }

private:
  friend struct AttrValueAccess;
  std::shared_ptr<AttrValueImpl> impl_;
};

/// A name and attributes of its own: the value of an attribute that describes
/// a function.
class GE_FUNC_VISIBILITY NamedAttrs {
public:
  graphStatus SetName(const char *name);
  graphStatus GetName(AscendString &name) const;
  graphStatus SetAttr(const AscendString &name, const AttrValue &value);
  graphStatus GetAttr(const AscendString &name, AttrValue &value) const;
  const std::map<AscendString, AttrValue> &GetAllAttrs() const { return attrs_; }

private:
  AscendString name_;
  std::map<AscendString, AttrValue> attrs_;
};
} // namespace ge

#endif // GRAPH_ATTR_VALUE_H
