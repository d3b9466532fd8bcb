//===- ge_external_weight_desc.h - weights outside the model ----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_EXTERNAL_WEIGHT_DESC_H
#define GE_GE_EXTERNAL_WEIGHT_DESC_H

#include "ge_common/ge_common_api_types.h"

namespace ge {
class ExternalWeightDesc;
using ExternalWeightDescPtr = std::shared_ptr<ExternalWeightDesc>;

class GE_FUNC_VISIBILITY ExternalWeightDesc {
public:
  ExternalWeightDesc(const AscendString &location, size_t size, size_t offset, const AscendString &id)
      : location_(location), size_(size), offset_(offset), id_(id) {}
  AscendString GetLocation() const { return location_; }
  size_t GetSize() const { return size_; }
  size_t GetOffset() const { return offset_; }
  AscendString GetId() const { return id_; }

private:
  AscendString location_;
  size_t size_;
  size_t offset_;
  AscendString id_;
};
} // namespace ge

#endif // GE_GE_EXTERNAL_WEIGHT_DESC_H
