//===- expand_dims_type.h - where a format adds dimensions ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_EXPAND_DIMS_TYPE_H
#define EXE_GRAPH_RUNTIME_EXPAND_DIMS_TYPE_H

#include "exe_graph/runtime/shape.h"
#include "graph/ge_error_codes.h"

#include <string>

namespace gert {
/// Which dimensions of the expanded shape are new: a mask of 56 bits behind a
/// length of 8.
class ExpandDimsType {
public:
  using AxisIndex = uint64_t;
  enum : size_t { kMaxExpandSize = 56 };

  ExpandDimsType() : value_(0) {}
  explicit ExpandDimsType(const int64_t &value) : value_(static_cast<uint64_t>(value)) {}
  /// From a text of '1' (new) and '0' (kept).
  ExpandDimsType(const char *text) : value_(0) {
    if (text == nullptr)
      return;
    uint64_t size = 0;
    for (; text[size] != '\0' && size < kMaxExpandSize; ++size)
      if (text[size] == '1')
        value_ |= uint64_t(1) << (size + 8);
    value_ |= size;
  }

  AxisIndex GetFullSize() const { return value_ & 0xffU; }
  void SetExpandIndex(AxisIndex index) {
    if (index < kMaxExpandSize)
      value_ |= uint64_t(1) << (index + 8);
  }
  bool IsExpandIndex(AxisIndex index) const { return index < GetFullSize() && ((value_ >> (index + 8)) & 1U) != 0; }
  bool operator==(const ExpandDimsType &other) const { return value_ == other.value_; }
  bool operator!=(const ExpandDimsType &other) const { return !(*this == other); }

  /// GRAPH_FAILED when the result would have more dimensions than a shape can.
  ge::graphStatus Expand(const Shape &shape, Shape &out) const {
    const size_t size = GetFullSize();
    Shape result;
    size_t from = 0;
    for (size_t i = 0; i < size; ++i) {
      if (IsExpandIndex(i))
        result.AppendDim(1);
      else if (from < shape.GetDimNum())
        result.AppendDim(shape.GetDim(from++));
    }
    if (result.GetDimNum() + shape.GetDimNum() - from > Shape::kMaxDimNum)
      return ge::GRAPH_FAILED;
    while (from < shape.GetDimNum())
      result.AppendDim(shape.GetDim(from++));
    out = result;
    return ge::GRAPH_SUCCESS;
  }

private:
  uint64_t value_;
  uint8_t reserved_[40] __attribute__((unused)) = {};
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_EXPAND_DIMS_TYPE_H
