//===- ge_feature_memory.h - memory of a compiled graph by type --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_FEATURE_MEMORY_H
#define GE_GE_FEATURE_MEMORY_H

#include "ge_common/ge_common_api_types.h"

namespace ge {
class FeatureMemory;
using FeatureMemoryPtr = std::shared_ptr<FeatureMemory>;

class GE_FUNC_VISIBILITY FeatureMemory {
public:
  FeatureMemory(MemoryType type, size_t size, bool is_fixed) : type_(type), size_(size), is_fixed_(is_fixed) {}
  MemoryType GetType() const { return type_; }
  size_t GetSize() const { return size_; }
  bool IsFixed() const { return is_fixed_; }

private:
  MemoryType type_;
  size_t size_;
  bool is_fixed_;
};
} // namespace ge

#endif // GE_GE_FEATURE_MEMORY_H
