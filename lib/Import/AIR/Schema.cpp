//===- Schema.cpp - the messages of ge.proto -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Import/AIR/Schema.h"

#include <iterator>

// Tables, a row in a line.
// clang-format off
using namespace gemlir;
using namespace gemlir::air;

namespace {

extern const MessageType kAttrDef, kDescDef, kTensorDef, kGraphDef, kNamedAttrsDef;

const FieldType kAttrEntryFields[] = {{entry::key, "key", Kind::Text},
                                      {entry::value, "value", Kind::Message, false, &kAttrDef}};
const MessageType kAttrEntry = {"AttrEntry", kAttrEntryFields, std::size(kAttrEntryFields)};

const FieldType kShapeFields[] = {{kElements, "dim", Kind::Int, true}};
const MessageType kShapeDef = {"ShapeDef", kShapeFields, std::size(kShapeFields)};

const FieldType kListIntFields[] = {{kElements, "list_i", Kind::Int, true}};
const MessageType kListInt = {"ListInt", kListIntFields, std::size(kListIntFields)};
const FieldType kListListIntFields[] = {{kElements, "list_list_i", Kind::Message, true, &kListInt}};
const MessageType kListListInt = {"ListListInt", kListListIntFields, std::size(kListListIntFields)};

const FieldType kListFloatFields[] = {{kElements, "list_f", Kind::Float, true}};
const MessageType kListFloat = {"ListFloat", kListFloatFields, std::size(kListFloatFields)};
const FieldType kListListFloatFields[] = {{kElements, "list_list_f", Kind::Message, true, &kListFloat}};
const MessageType kListListFloat = {"ListListFloat", kListListFloatFields, std::size(kListListFloatFields)};

const FieldType kListValueFields[] = {
    {list_value::s, "s", Kind::Bytes, true},
    {list_value::i, "i", Kind::Int, true},
    {list_value::f, "f", Kind::Float, true},
    {list_value::b, "b", Kind::Bool, true},
    {list_value::bt, "bt", Kind::Bytes, true},
    {list_value::td, "td", Kind::Message, true, &kDescDef},
    {list_value::t, "t", Kind::Message, true, &kTensorDef},
    {list_value::na, "na", Kind::Message, true, &kNamedAttrsDef},
    {list_value::dt, "dt", Kind::Int, true},
    {list_value::val_type, "val_type", Kind::ListType},
};
const MessageType kListValue = {"ListValue", kListValueFields, std::size(kListValueFields)};

const FieldType kAttrFields[] = {
    {attr_def::list, "list", Kind::Message, false, &kListValue},
    {attr_def::s, "s", Kind::Bytes},
    {attr_def::i, "i", Kind::Int},
    {attr_def::f, "f", Kind::Float},
    {attr_def::b, "b", Kind::Bool},
    {attr_def::bt, "bt", Kind::Bytes},
    {attr_def::func, "func", Kind::Message, false, &kNamedAttrsDef},
    {attr_def::td, "td", Kind::Message, false, &kDescDef},
    {attr_def::t, "t", Kind::Message, false, &kTensorDef},
    {attr_def::list_list_int, "list_list_int", Kind::Message, false, &kListListInt},
    {attr_def::dt, "dt", Kind::Int},
    {attr_def::list_list_float, "list_list_float", Kind::Message, false, &kListListFloat},
};
const MessageType kAttrDef = {"AttrDef", kAttrFields, std::size(kAttrFields)};

const FieldType kNamedAttrsFields[] = {{named_attrs::name, "name", Kind::Text},
                                       {named_attrs::attr, "attr", Kind::Message, true, &kAttrEntry}};
const MessageType kNamedAttrsDef = {"NamedAttrs", kNamedAttrsFields, std::size(kNamedAttrsFields)};

const FieldType kDescFields[] = {
    {desc_def::name, "name", Kind::Text},
    {desc_def::dtype, "dtype", Kind::DataType},
    {desc_def::shape, "shape", Kind::Message, false, &kShapeDef},
    {desc_def::layout, "layout", Kind::Text},
    {desc_def::attr, "attr", Kind::Message, true, &kAttrEntry},
};
const MessageType kDescDef = {"TensorDescriptor", kDescFields, std::size(kDescFields)};

const FieldType kTensorFields[] = {{tensor_def::desc, "desc", Kind::Message, false, &kDescDef},
                                   {tensor_def::data, "data", Kind::Bytes}};
const MessageType kTensorDef = {"TensorDef", kTensorFields, std::size(kTensorFields)};

const FieldType kOpFields[] = {
    {op_def::name, "name", Kind::Text},
    {op_def::type, "type", Kind::Text},
    {op_def::input, "input", Kind::Text, true},
    {op_def::attr, "attr", Kind::Message, true, &kAttrEntry},
    {op_def::id, "id", Kind::Int},
    {op_def::input_desc, "input_desc", Kind::Message, true, &kDescDef},
    {op_def::output_desc, "output_desc", Kind::Message, true, &kDescDef},
    {op_def::subgraph, "subgraph_name", Kind::Text, true},
};
const MessageType kOpDef = {"OpDef", kOpFields, std::size(kOpFields)};

const FieldType kGraphFields[] = {
    {graph_def::name, "name", Kind::Text},
    {graph_def::input, "input", Kind::Text, true},
    {graph_def::output, "output", Kind::Text, true},
    {graph_def::op, "op", Kind::Message, true, &kOpDef},
    {graph_def::attr, "attr", Kind::Message, true, &kAttrEntry},
};
const MessageType kGraphDef = {"GraphDef", kGraphFields, std::size(kGraphFields)};

const FieldType kModelFields[] = {
    {model_def::name, "name", Kind::Text},
    {model_def::version, "version", Kind::Int},
    {model_def::graph, "graph", Kind::Message, true, &kGraphDef},
    {model_def::attr, "attr", Kind::Message, true, &kAttrEntry},
};

struct TypeRow {
  int8_t number, proto;
  const char *name;
};
// By the client API's number.
const TypeRow kTypes[] = {
    {0, 1, "DT_FLOAT"},          {1, 2, "DT_FLOAT16"},       {2, 3, "DT_INT8"},
    {3, 7, "DT_INT32"},          {4, 4, "DT_UINT8"},         {6, 5, "DT_INT16"},
    {7, 6, "DT_UINT16"},         {8, 9, "DT_UINT32"},        {9, 8, "DT_INT64"},
    {10, 10, "DT_UINT64"},       {11, 12, "DT_DOUBLE"},      {12, 11, "DT_BOOL"},
    {13, 13, "DT_STRING"},       {14, 14, "DT_DUAL_SUB_INT8"}, {15, 15, "DT_DUAL_SUB_UINT8"},
    {16, 16, "DT_COMPLEX64"},    {17, 17, "DT_COMPLEX128"},  {18, 18, "DT_QINT8"},
    {19, 19, "DT_QINT16"},       {20, 20, "DT_QINT32"},      {21, 21, "DT_QUINT8"},
    {22, 22, "DT_QUINT16"},      {23, 23, "DT_RESOURCE"},    {24, 24, "DT_STRING_REF"},
    {25, 25, "DT_DUAL"},         {26, 26, "DT_VARIANT"},     {27, 27, "DT_BF16"},
    {28, 0, "DT_UNDEFINED"},     {29, 28, "DT_INT4"},        {30, 29, "DT_UINT1"},
    {31, 30, "DT_INT2"},         {32, 31, "DT_UINT2"},       {33, 32, "DT_COMPLEX32"},
    {34, 33, "DT_HIFLOAT8"},     {35, 34, "DT_FLOAT8_E5M2"}, {36, 35, "DT_FLOAT8_E4M3FN"},
    {37, 36, "DT_FLOAT8_E8M0"},  {38, 37, "DT_FLOAT6_E3M2"}, {39, 38, "DT_FLOAT6_E2M3"},
    {40, 39, "DT_FLOAT4_E2M1"},  {41, 40, "DT_FLOAT4_E1M2"}, {42, 41, "DT_HIFLOAT4"},
    // Types of ONNX models, by numbers that GE leaves free.
    {61, 61, "DT_UINT4"},        {62, 62, "DT_FLOAT8_E4M3FNUZ"}, {63, 63, "DT_FLOAT8_E5M2FNUZ"},
};
constexpr int64_t kUndefined = 28;

const char *const kListTypes[] = {"VT_LIST_NONE",  "VT_LIST_STRING", "VT_LIST_INT",         "VT_LIST_FLOAT",
                                  "VT_LIST_BOOL",  "VT_LIST_BYTES",  "VT_LIST_TENSOR_DESC", "VT_LIST_TENSOR",
                                  "VT_LIST_GRAPH", "VT_LIST_NAMED_ATTRS", "VT_LIST_DATA_TYPE"};

} // namespace

const MessageType gemlir::air::kModelDef = {"ModelDef", kModelFields, std::size(kModelFields)};

const FieldType *MessageType::find(uint32_t number) const {
  for (size_t i = 0; i < count; ++i)
    if (fields[i].number == number)
      return &fields[i];
  return nullptr;
}

const FieldType *MessageType::find(std::string_view name) const {
  for (size_t i = 0; i < count; ++i)
    if (fields[i].name == name)
      return &fields[i];
  return nullptr;
}

int64_t gemlir::air::toProtoType(int64_t dataType) {
  for (const TypeRow &row : kTypes)
    if (row.number == dataType)
      return row.proto;
  return 0;
}

int64_t gemlir::air::fromProtoType(int64_t protoType) {
  for (const TypeRow &row : kTypes)
    if (row.proto == protoType)
      return row.number;
  return kUndefined;
}

std::string_view gemlir::air::getEnumName(Kind kind, int64_t number) {
  if (kind == Kind::ListType)
    return number >= 0 && number < int64_t(std::size(kListTypes)) ? kListTypes[number] : "";
  for (const TypeRow &row : kTypes)
    if (row.proto == number)
      return row.name;
  return "";
}

int64_t gemlir::air::findEnum(Kind kind, std::string_view name) {
  if (kind == Kind::ListType) {
    for (size_t i = 0; i < std::size(kListTypes); ++i)
      if (name == kListTypes[i])
        return int64_t(i);
    return -1;
  }
  for (const TypeRow &row : kTypes)
    if (name == row.name)
      return row.proto;
  return -1;
}
