//===- AttrValueImpl.h - what an attribute value holds ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_GRAPH_ATTRVALUEIMPL_H
#define GE_MLIR_GRAPH_ATTRVALUEIMPL_H

#include "graph/attr_value.h"

#include <string>
#include <variant>
#include <vector>

namespace ge {

/// One alternative per kind of attribute. 32-bit integers are kept as int64_t.
using AttrVariant =
    std::variant<std::monostate, int64_t, float, bool, std::string, Tensor, TensorDesc, DataType, NamedAttrs,
                 std::vector<uint8_t>, std::vector<int64_t>, std::vector<float>, std::vector<bool>,
                 std::vector<std::string>, std::vector<Tensor>, std::vector<DataType>, std::vector<NamedAttrs>,
                 std::vector<std::vector<int64_t>>, std::vector<std::vector<float>>>;

class AttrValueImpl {
public:
  explicit AttrValueImpl(AttrVariant value) : value(std::move(value)) {}
  const AttrVariant value;
};

/// The library's own way to a value's content.
struct AttrValueAccess {
  static const AttrVariant &get(const AttrValue &attr);
  static AttrValue make(AttrVariant value);
  /// The kind as prototypes spell it: "Int", "ListFloat", ...; empty for none.
  static const char *kind(const AttrValue &attr);
  /// Text for dumps; payloads are abbreviated.
  static std::string toString(const AttrValue &attr);
};

} // namespace ge

#endif // GE_MLIR_GRAPH_ATTRVALUEIMPL_H
