//===- storage_shape.h - origin and storage shape ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_STORAGE_SHAPE_H
#define EXE_GRAPH_RUNTIME_STORAGE_SHAPE_H

#include "exe_graph/runtime/shape.h"

namespace gert {
/// The shape that a tensor stands for, and the shape that it has in memory.
class StorageShape {
public:
  StorageShape() = default;
  StorageShape(std::initializer_list<int64_t> origin_shape, std::initializer_list<int64_t> storage_shape)
      : origin_shape_(origin_shape), storage_shape_(storage_shape) {}

  const Shape &GetOriginShape() const { return origin_shape_; }
  const Shape &GetStorageShape() const { return storage_shape_; }
  Shape &MutableOriginShape() { return origin_shape_; }
  Shape &MutableStorageShape() { return storage_shape_; }

  bool operator==(const StorageShape &other) const {
    return origin_shape_ == other.origin_shape_ && storage_shape_ == other.storage_shape_;
  }
  bool operator!=(const StorageShape &other) const { return !(*this == other); }

private:
  Shape origin_shape_;
  Shape storage_shape_;
  uint8_t reserved_[40] __attribute__((unused)) = {};
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_STORAGE_SHAPE_H
