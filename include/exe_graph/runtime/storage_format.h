//===- storage_format.h - origin and storage format -------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_STORAGE_FORMAT_H
#define EXE_GRAPH_RUNTIME_STORAGE_FORMAT_H

#include "exe_graph/runtime/expand_dims_type.h"
#include "graph/types.h"

namespace gert {
class StorageFormat {
public:
  StorageFormat() = default;
  StorageFormat(ge::Format origin_format, ge::Format storage_format, const ExpandDimsType &expand_dims_type)
      : origin_format_(origin_format), storage_format_(storage_format), expand_dims_type_(expand_dims_type) {}

  ge::Format GetOriginFormat() const { return origin_format_; }
  void SetOriginFormat(ge::Format format) { origin_format_ = format; }
  ge::Format GetStorageFormat() const { return storage_format_; }
  void SetStorageFormat(ge::Format format) { storage_format_ = format; }
  ExpandDimsType GetExpandDimsType() const { return expand_dims_type_; }
  void SetExpandDimsType(ExpandDimsType type) { expand_dims_type_ = type; }
  ExpandDimsType &MutableExpandDimsType() { return expand_dims_type_; }

  bool operator==(const StorageFormat &other) const {
    return origin_format_ == other.origin_format_ && storage_format_ == other.storage_format_ &&
           expand_dims_type_ == other.expand_dims_type_;
  }
  bool operator!=(const StorageFormat &other) const { return !(*this == other); }

private:
  ge::Format origin_format_ = ge::FORMAT_ND;
  ge::Format storage_format_ = ge::FORMAT_ND;
  ExpandDimsType expand_dims_type_;
  uint8_t reserved_[40] __attribute__((unused)) = {};
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_STORAGE_FORMAT_H
