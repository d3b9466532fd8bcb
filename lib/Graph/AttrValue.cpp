//===- AttrValue.cpp - values of attributes -------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/AttrValueImpl.h"

#include <limits>
#include <sstream>

namespace ge {
namespace {

AscendString toAscend(const std::string &text) { return AscendString(text.c_str(), text.size()); }

std::string toString(const AscendString &text) { return std::string(text.GetString(), text.GetLength()); }

template <typename T>
bool narrow(int64_t from, T &to) {
  if (from < std::numeric_limits<T>::min() || from > static_cast<int64_t>(std::numeric_limits<T>::max()))
    return false;
  to = static_cast<T>(from);
  return true;
}

template <typename T>
graphStatus read(const AttrVariant &from, T &to) {
  if (const T *value = std::get_if<T>(&from)) {
    to = *value;
    return GRAPH_SUCCESS;
  }
  return GRAPH_FAILED;
}

// Element types are numbers to clients: an Int attribute may be set with DT_*,
// and a Type attribute with its number.
graphStatus readInt(const AttrVariant &from, int64_t &to) {
  if (const DataType *type = std::get_if<DataType>(&from)) {
    to = *type;
    return GRAPH_SUCCESS;
  }
  return read(from, to);
}

graphStatus readInts(const AttrVariant &from, std::vector<int64_t> &to) {
  if (const auto *types = std::get_if<std::vector<DataType>>(&from)) {
    to.assign(types->begin(), types->end());
    return GRAPH_SUCCESS;
  }
  return read(from, to);
}

template <typename T>
graphStatus readNarrow(const AttrVariant &from, T &to) {
  int64_t value;
  return readInt(from, value) == GRAPH_SUCCESS && narrow(value, to) ? GRAPH_SUCCESS : GRAPH_FAILED;
}

template <typename T>
graphStatus readNarrow(const AttrVariant &from, std::vector<T> &to) {
  std::vector<int64_t> wide;
  if (readInts(from, wide) != GRAPH_SUCCESS)
    return GRAPH_FAILED;
  std::vector<T> result(wide.size());
  for (size_t i = 0; i < wide.size(); ++i)
    if (!narrow(wide[i], result[i]))
      return GRAPH_FAILED;
  to = std::move(result);
  return GRAPH_SUCCESS;
}

template <typename T>
std::vector<int64_t> widen(const std::vector<T> &values) {
  return std::vector<int64_t>(values.begin(), values.end());
}

} // namespace

//===----------------------------------------------------------------------===//
// AttrValue
//===----------------------------------------------------------------------===//

AttrValue::AttrValue() = default;

bool AttrValue::IsEmpty() const { return !impl_; }

const AttrVariant &AttrValueAccess::get(const AttrValue &attr) {
  static const AttrVariant empty;
  return attr.impl_ ? attr.impl_->value : empty;
}

AttrValue AttrValueAccess::make(AttrVariant value) {
  AttrValue attr;
  if (value.index() != 0)
    attr.impl_ = std::make_shared<AttrValueImpl>(std::move(value));
  return attr;
}

#define GEMLIR_SET(Type)                                                                                               \
  graphStatus AttrValue::SetAttrValue(const Type &value) {                                                             \
    *this = AttrValueAccess::make(value);                                                                              \
    return GRAPH_SUCCESS;                                                                                              \
  }
GEMLIR_SET(int64_t)
GEMLIR_SET(float32_t)
GEMLIR_SET(bool)
GEMLIR_SET(Tensor)
GEMLIR_SET(TensorDesc)
GEMLIR_SET(DataType)
GEMLIR_SET(NamedAttrs)
GEMLIR_SET(std::vector<uint8_t>)
GEMLIR_SET(std::vector<int64_t>)
GEMLIR_SET(std::vector<float32_t>)
GEMLIR_SET(std::vector<bool>)
GEMLIR_SET(std::vector<Tensor>)
GEMLIR_SET(std::vector<DataType>)
GEMLIR_SET(std::vector<NamedAttrs>)
GEMLIR_SET(std::vector<std::vector<int64_t>>)
GEMLIR_SET(std::vector<std::vector<float32_t>>)
#undef GEMLIR_SET

graphStatus AttrValue::SetAttrValue(const int32_t &value) { return SetAttrValue(static_cast<int64_t>(value)); }
graphStatus AttrValue::SetAttrValue(const uint32_t &value) { return SetAttrValue(static_cast<int64_t>(value)); }
graphStatus AttrValue::SetAttrValue(const std::vector<int32_t> &value) { return SetAttrValue(widen(value)); }
graphStatus AttrValue::SetAttrValue(const std::vector<uint32_t> &value) { return SetAttrValue(widen(value)); }
graphStatus AttrValue::SetAttrValue(const char *value) {
  if (value == nullptr)
    return GRAPH_FAILED;
  *this = AttrValueAccess::make(std::string(value));
  return GRAPH_SUCCESS;
}
graphStatus AttrValue::SetAttrValue(const AscendString &value) {
  *this = AttrValueAccess::make(toString(value));
  return GRAPH_SUCCESS;
}
graphStatus AttrValue::SetAttrValue(const std::vector<AscendString> &value) {
  std::vector<std::string> texts;
  for (const AscendString &text : value)
    texts.push_back(toString(text));
  *this = AttrValueAccess::make(std::move(texts));
  return GRAPH_SUCCESS;
}

#define GEMLIR_GET(Type)                                                                                               \
  graphStatus AttrValue::GetAttrValue(Type &value) const { return read(AttrValueAccess::get(*this), value); }
GEMLIR_GET(float32_t)
GEMLIR_GET(bool)
GEMLIR_GET(Tensor)
GEMLIR_GET(TensorDesc)
GEMLIR_GET(NamedAttrs)
GEMLIR_GET(std::vector<uint8_t>)
GEMLIR_GET(std::vector<float32_t>)
GEMLIR_GET(std::vector<bool>)
GEMLIR_GET(std::vector<Tensor>)
GEMLIR_GET(std::vector<DataType>)
GEMLIR_GET(std::vector<NamedAttrs>)
GEMLIR_GET(std::vector<std::vector<int64_t>>)
GEMLIR_GET(std::vector<std::vector<float32_t>>)
#undef GEMLIR_GET

graphStatus AttrValue::GetAttrValue(int64_t &value) const { return readInt(AttrValueAccess::get(*this), value); }
graphStatus AttrValue::GetAttrValue(int32_t &value) const { return readNarrow(AttrValueAccess::get(*this), value); }
graphStatus AttrValue::GetAttrValue(uint32_t &value) const { return readNarrow(AttrValueAccess::get(*this), value); }
graphStatus AttrValue::GetAttrValue(DataType &value) const {
  int64_t number;
  if (readInt(AttrValueAccess::get(*this), number) != GRAPH_SUCCESS || number < 0 || number > DT_MAX)
    return GRAPH_FAILED;
  value = static_cast<DataType>(number);
  return GRAPH_SUCCESS;
}
graphStatus AttrValue::GetAttrValue(std::vector<int64_t> &value) const {
  return readInts(AttrValueAccess::get(*this), value);
}
graphStatus AttrValue::GetAttrValue(std::vector<int32_t> &value) const {
  return readNarrow(AttrValueAccess::get(*this), value);
}
graphStatus AttrValue::GetAttrValue(std::vector<uint32_t> &value) const {
  return readNarrow(AttrValueAccess::get(*this), value);
}
graphStatus AttrValue::GetAttrValue(AscendString &value) const {
  std::string text;
  const graphStatus status = read(AttrValueAccess::get(*this), text);
  if (status == GRAPH_SUCCESS)
    value = toAscend(text);
  return status;
}
graphStatus AttrValue::GetAttrValue(std::vector<AscendString> &value) const {
  std::vector<std::string> texts;
  const graphStatus status = read(AttrValueAccess::get(*this), texts);
  if (status == GRAPH_SUCCESS) {
    value.clear();
    for (const std::string &text : texts)
      value.push_back(toAscend(text));
  }
  return status;
}

//===----------------------------------------------------------------------===//
// Names and texts
//===----------------------------------------------------------------------===//

const char *AttrValueAccess::kind(const AttrValue &attr) {
  // In the order of AttrVariant.
  static const char *const kinds[] = {
      "",           "Int",        "Float",          "Bool",        "String",       "Tensor",   "TensorDesc",
      "Type",       "NamedAttrs", "Bytes",          "ListInt",     "ListFloat",    "ListBool", "ListString",
      "ListTensor", "ListType",   "ListNamedAttrs", "ListListInt", "ListListFloat"};
  static_assert(sizeof(kinds) / sizeof(*kinds) == std::variant_size_v<AttrVariant>);
  return kinds[get(attr).index()];
}

namespace {

struct Printer {
  std::ostream &os;

  void operator()(std::monostate) const { os << "none"; }
  void operator()(int64_t value) const { os << value; }
  void operator()(float value) const { os << value; }
  void operator()(bool value) const { os << (value ? "true" : "false"); }
  void operator()(const std::string &value) const { os << '"' << value << '"'; }
  void operator()(DataType value) const { os << "dtype " << int(value); }
  void operator()(uint8_t value) const { os << int(value); }
  void operator()(const TensorDesc &value) const {
    os << "desc<" << int(value.GetDataType());
    for (int64_t dim : value.GetShape().GetDims())
      os << ',' << dim;
    os << '>';
  }
  void operator()(const Tensor &value) const {
    os << "tensor<";
    (*this)(value.GetTensorDesc());
    os << ", " << value.GetSize() << " bytes>";
  }
  void operator()(const NamedAttrs &value) const {
    AscendString name;
    (void)value.GetName(name);
    os << name.GetString() << '{';
    const char *separator = "";
    for (const auto &attr : value.GetAllAttrs()) {
      os << separator << attr.first.GetString() << ": ";
      std::visit(*this, AttrValueAccess::get(attr.second));
      separator = ", ";
    }
    os << '}';
  }
  template <typename T>
  void operator()(const std::vector<T> &values) const {
    os << '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i != 0)
        os << ", ";
      (*this)(T(values[i]));
    }
    os << ']';
  }
};

} // namespace

std::string AttrValueAccess::toString(const AttrValue &attr) {
  std::ostringstream os;
  std::visit(Printer{os}, get(attr));
  return os.str();
}

//===----------------------------------------------------------------------===//
// NamedAttrs
//===----------------------------------------------------------------------===//

graphStatus NamedAttrs::SetName(const char *name) {
  name_ = name;
  return name != nullptr ? GRAPH_SUCCESS : GRAPH_FAILED;
}

graphStatus NamedAttrs::GetName(AscendString &name) const {
  name = name_;
  return GRAPH_SUCCESS;
}

graphStatus NamedAttrs::SetAttr(const AscendString &name, const AttrValue &value) {
  attrs_[name] = value;
  return GRAPH_SUCCESS;
}

graphStatus NamedAttrs::GetAttr(const AscendString &name, AttrValue &value) const {
  auto it = attrs_.find(name);
  if (it == attrs_.end())
    return GRAPH_FAILED;
  value = it->second;
  return GRAPH_SUCCESS;
}

} // namespace ge
