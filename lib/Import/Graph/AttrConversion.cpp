//===- AttrConversion.cpp - attributes of both sides ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Conversion.h"
#include "ge-mlir/Model/DataTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace gemlir {
namespace {

// Kinds that an attribute does not tell by itself are the value of this key
// beside the content.
constexpr llvm::StringLiteral kKind = "kind";
constexpr llvm::StringLiteral kValue = "value";
constexpr llvm::StringLiteral kFunction = "function";

using ::ge::AttrValue;
using ::ge::AttrValueAccess;

/// Makes an attribute of each kind.
struct AttributeMaker {
  MLIRContext *context;
  EmitError emitError;

  Builder builder() const { return Builder(context); }

  Attribute operator()(std::monostate) const {
    emitError() << "has an attribute without a value [E14001]";
    return nullptr;
  }
  Attribute operator()(int64_t value) const { return builder().getI64IntegerAttr(value); }
  Attribute operator()(float value) const { return builder().getF32FloatAttr(value); }
  Attribute operator()(bool value) const { return builder().getBoolAttr(value); }
  Attribute operator()(const std::string &value) const { return builder().getStringAttr(value); }
  Attribute operator()(const ::ge::Tensor &value) const { return toElementsAttr(context, value, emitError); }
  Attribute operator()(const ::ge::TensorDesc &value) const { return TypeAttr::get(toTensorType(context, value)); }
  Attribute operator()(::ge::DataType value) const { return TypeAttr::get(toElementType(context, value)); }
  Attribute operator()(const ::ge::NamedAttrs &value) const {
    NamedAttrList list;
    for (const auto &[name, attr] : value.GetAllAttrs()) {
      Attribute converted = toAttribute(context, attr, emitError);
      if (!converted)
        return nullptr;
      list.append(name.GetString(), converted);
    }
    ::ge::AscendString name;
    (void)value.GetName(name);
    return builder().getDictionaryAttr({builder().getNamedAttr(kFunction, builder().getStringAttr(name.GetString())),
                                        builder().getNamedAttr(kValue, list.getDictionary(context))});
  }
  Attribute operator()(const std::vector<uint8_t> &value) const {
    return DenseI8ArrayAttr::get(context, ArrayRef(reinterpret_cast<const int8_t *>(value.data()), value.size()));
  }
  Attribute operator()(const std::vector<int64_t> &value) const { return builder().getDenseI64ArrayAttr(value); }
  Attribute operator()(const std::vector<float> &value) const { return builder().getDenseF32ArrayAttr(value); }
  Attribute operator()(const std::vector<bool> &value) const {
    SmallVector<bool> values(value.begin(), value.end());
    return builder().getDenseBoolArrayAttr(values);
  }
  template <typename T>
  Attribute operator()(const std::vector<T> &values) const {
    SmallVector<Attribute> list;
    for (const T &value : values) {
      list.push_back((*this)(value));
      if (!list.back())
        return nullptr;
    }
    Attribute result = builder().getArrayAttr(list);
    // A list says its kind by its elements, an empty one by itself.
    if (list.empty() && !std::is_same_v<T, std::string>)
      result = builder().getDictionaryAttr(
          builder().getNamedAttr(kKind, builder().getStringAttr(AttrValueAccess::kind(AttrValueAccess::make(values)))));
    return result;
  }
};

template <typename T>
AttrValue make(T value) {
  return AttrValueAccess::make(std::move(value));
}

/// A list whose elements all convert to T; an empty value otherwise.
template <typename T>
AttrValue makeList(ArrayAttr list, bool alias) {
  std::vector<T> values;
  for (Attribute element : list) {
    const AttrValue value = toAttrValue(element, alias);
    const T *typed = std::get_if<T>(&AttrValueAccess::get(value));
    if (!typed)
      return AttrValue();
    values.push_back(*typed);
  }
  return make(std::move(values));
}

AttrValue fromArray(ArrayAttr list, bool alias) {
  if (list.empty())
    return make(std::vector<std::string>());
  const AttrValue first = toAttrValue(list[0], alias);
  return std::visit(
      [&](const auto &value) -> AttrValue {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_constructible_v<::ge::AttrVariant, std::vector<T>>)
          return makeList<T>(list, alias);
        else
          return AttrValue();
      },
      AttrValueAccess::get(first));
}

AttrValue emptyList(StringRef kind) {
  if (kind == "ListTensor")
    return make(std::vector<::ge::Tensor>());
  if (kind == "ListType")
    return make(std::vector<::ge::DataType>());
  if (kind == "ListNamedAttrs")
    return make(std::vector<::ge::NamedAttrs>());
  if (kind == "ListListInt")
    return make(std::vector<std::vector<int64_t>>());
  if (kind == "ListListFloat")
    return make(std::vector<std::vector<float>>());
  return AttrValue();
}

AttrValue fromDictionary(DictionaryAttr dictionary, bool alias) {
  if (auto kind = dictionary.getAs<StringAttr>(kKind))
    return emptyList(kind);
  auto function = dictionary.getAs<StringAttr>(kFunction);
  auto content = dictionary.getAs<DictionaryAttr>(kValue);
  if (!function || !content)
    return AttrValue();
  ::ge::NamedAttrs named;
  (void)named.SetName(function.str().c_str());
  for (NamedAttribute attr : content)
    (void)named.SetAttr(attr.getName().str().c_str(), toAttrValue(attr.getValue(), alias));
  return make(named);
}

/// Values that clients set with a neighbouring type.
AttrValue coerce(const AttrValue &value, StringRef kind) {
  int64_t number;
  bool flag;
  float real;
  ::ge::DataType type;
  std::vector<int64_t> numbers;
  const bool isInt = value.GetAttrValue(number) == ::ge::GRAPH_SUCCESS;
  if (kind == "Int") {
    if (isInt)
      return make(number);
    if (value.GetAttrValue(flag) == ::ge::GRAPH_SUCCESS)
      return make(int64_t(flag));
  } else if (kind == "Float" && isInt) {
    return make(float(number));
  } else if (kind == "Bool" && isInt && (number == 0 || number == 1)) {
    return make(number == 1);
  } else if (kind == "Type" && value.GetAttrValue(type) == ::ge::GRAPH_SUCCESS) {
    return make(type);
  } else if (kind == "Type" && isInt && model::getBitWidth(number)) {
    // Types of ONNX models lie beyond those that the client API numbers.
    return make(static_cast<::ge::DataType>(number));
  } else if (kind == "ListInt" && value.GetAttrValue(numbers) == ::ge::GRAPH_SUCCESS) {
    return make(numbers);
  } else if (kind == "ListInt" && isInt) {
    return make(std::vector<int64_t>{number});
  } else if (kind == "ListFloat" && value.GetAttrValue(numbers) == ::ge::GRAPH_SUCCESS) {
    return make(std::vector<float>(numbers.begin(), numbers.end()));
  } else if (kind == "ListFloat" && value.GetAttrValue(real) == ::ge::GRAPH_SUCCESS) {
    return make(std::vector<float>{real});
  }
  return value;
}

} // namespace

Attribute toAttribute(MLIRContext *context, const AttrValue &value, EmitError emitError) {
  return std::visit(AttributeMaker{context, emitError}, AttrValueAccess::get(value));
}

Attribute toAttribute(MLIRContext *context, const AttrValue &value, StringRef kind, bool elementType,
                      EmitError emitError) {
  const AttrValue typed = coerce(value, elementType ? "Type" : kind);
  const StringRef found = AttrValueAccess::kind(typed);
  if (found != (elementType ? "Type" : kind)) {
    emitError() << "expected " << kind << ", but got " << AttrValueAccess::kind(value) << " "
                << AttrValueAccess::toString(value) << " [E14001]";
    return nullptr;
  }
  // The operator says the kind, so an empty list need not.
  if (kind == "ListListInt") {
    SmallVector<Attribute> lists;
    for (const auto &list : std::get<std::vector<std::vector<int64_t>>>(AttrValueAccess::get(typed)))
      lists.push_back(DenseI64ArrayAttr::get(context, list));
    return ArrayAttr::get(context, lists);
  }
  return toAttribute(context, typed, emitError);
}

AttrValue toAttrValue(Attribute attr, bool alias) {
  if (auto value = dyn_cast<BoolAttr>(attr))
    return make(value.getValue());
  if (auto value = dyn_cast<IntegerAttr>(attr))
    return make(int64_t(value.getValue().getSExtValue()));
  if (auto value = dyn_cast<FloatAttr>(attr))
    return make(float(value.getValueAsDouble()));
  if (auto value = dyn_cast<StringAttr>(attr))
    return make(value.str());
  if (auto value = dyn_cast<TypeAttr>(attr)) {
    if (isa<TensorType>(value.getValue()))
      return make(toTensorDesc(value.getValue()));
    return make(toDataType(value.getValue()));
  }
  if (auto value = dyn_cast<DenseI64ArrayAttr>(attr))
    return make(std::vector<int64_t>(value.asArrayRef()));
  if (auto value = dyn_cast<DenseF32ArrayAttr>(attr))
    return make(std::vector<float>(value.asArrayRef()));
  if (auto value = dyn_cast<DenseBoolArrayAttr>(attr))
    return make(std::vector<bool>(value.asArrayRef().begin(), value.asArrayRef().end()));
  if (auto value = dyn_cast<DenseI8ArrayAttr>(attr))
    return make(std::vector<uint8_t>(value.asArrayRef().begin(), value.asArrayRef().end()));
  if (auto value = dyn_cast<ElementsAttr>(attr))
    return make(toTensor(value, alias));
  if (auto value = dyn_cast<ArrayAttr>(attr))
    return fromArray(value, alias);
  if (auto value = dyn_cast<DictionaryAttr>(attr))
    return fromDictionary(value, alias);
  return AttrValue();
}

AttrValue toAttrValue(Attribute attr, StringRef kind, bool alias) {
  if (auto list = dyn_cast<ArrayAttr>(attr); list && list.empty()) {
    const AttrValue empty = emptyList(kind);
    if (!empty.IsEmpty())
      return empty;
  }
  return coerce(toAttrValue(attr, alias), kind);
}

} // namespace gemlir
