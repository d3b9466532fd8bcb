//===- Schema.h - the messages of ge.proto -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_IMPORT_AIR_SCHEMA_H
#define GEMLIR_IMPORT_AIR_SCHEMA_H

#include <cstddef>
#include <cstdint>
#include <string_view>

// Tables, a row in a line.
// clang-format off
namespace gemlir::air {

enum class Kind : uint8_t { Int, Bool, Float, Text, Bytes, DataType, ListType, Message };

struct MessageType;

struct FieldType {
  uint32_t number;
  const char *name;
  Kind kind;
  bool repeated = false;
  const MessageType *message = nullptr;
};

/// A message, as far as graphs need it; readers skip what is not listed.
struct MessageType {
  const char *name;
  const FieldType *fields;
  size_t count;

  const FieldType *find(uint32_t number) const;
  const FieldType *find(std::string_view name) const;
};

extern const MessageType kModelDef;

// Numbers of fields, by message.
namespace model_def {
enum : uint32_t { name = 1, version = 2, graph = 7, attr = 11 };
}
namespace graph_def {
enum : uint32_t { name = 1, input = 4, output = 5, op = 6, attr = 11 };
}
namespace op_def {
enum : uint32_t { name = 1, type = 2, input = 5, attr = 10, id = 21, input_desc = 33, output_desc = 34, subgraph = 35 };
}
namespace desc_def {
enum : uint32_t { name = 1, dtype = 2, shape = 3, layout = 4, attr = 5 };
}
namespace tensor_def {
enum : uint32_t { desc = 1, data = 2 };
}
namespace attr_def {
enum : uint32_t {
  list = 1, s = 2, i = 3, f = 4, b = 5, bt = 7, func = 10, td = 11, t = 12, list_list_int = 14, dt = 15,
  list_list_float = 16
};
}
namespace list_value {
enum : uint32_t { s = 2, i = 3, f = 4, b = 5, bt = 7, td = 8, t = 9, na = 11, dt = 12, val_type = 20 };
}
namespace named_attrs {
enum : uint32_t { name = 1, attr = 2 };
}
namespace entry {
enum : uint32_t { key = 1, value = 2 };
}
/// The message has one field of this number: shapes and lists of lists.
constexpr uint32_t kElements = 1;

/// The kinds of elements of a list.
enum ListType : int64_t {
  kNone, kStrings, kInts, kFloats, kBools, kBytes, kDescs, kTensors, kGraphs, kNamedAttrs, kDataTypes
};

/// ge.proto numbers data types in a way of its own. 0 for what it does not have.
int64_t toProtoType(int64_t dataType);
/// The client API's number; DT_UNDEFINED for what that does not have.
int64_t fromProtoType(int64_t protoType);

/// "DT_FLOAT" or "VT_LIST_INT"; empty if there is none.
std::string_view getEnumName(Kind kind, int64_t number);
/// -1 if there is none.
int64_t findEnum(Kind kind, std::string_view name);

} // namespace gemlir::air

#endif // GEMLIR_IMPORT_AIR_SCHEMA_H
