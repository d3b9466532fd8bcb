//===- stride.h - strides in place ------------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_STRIDE_H
#define EXE_GRAPH_RUNTIME_STRIDE_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace gert {
/// Up to 25 strides, in place.
class Stride {
public:
  enum : size_t { kMaxDimNum = 25 };
  enum : int64_t { kInvalidDimValue = INT64_MIN };

  Stride() = default;
  Stride(std::initializer_list<int64_t> values) {
    for (int64_t value : values)
      AppendDim(value);
  }

  size_t GetDimNum() const { return dim_num_; }
  /// Larger numbers than kMaxDimNum are cut.
  void SetDimNum(size_t number) { dim_num_ = number > kMaxDimNum ? size_t(kMaxDimNum) : number; }
  int64_t GetDim(size_t index) const { return index < kMaxDimNum ? strides_[index] : int64_t(kInvalidDimValue); }
  void SetDim(size_t index, int64_t value) {
    if (index < kMaxDimNum)
      strides_[index] = value;
  }
  const int64_t &operator[](size_t index) const { return strides_[index]; }
  int64_t &operator[](size_t index) { return strides_[index]; }
  Stride &AppendDim(int64_t value) {
    if (dim_num_ < kMaxDimNum)
      strides_[dim_num_++] = value;
    return *this;
  }

  bool operator==(const Stride &other) const {
    if (dim_num_ != other.dim_num_)
      return false;
    for (size_t i = 0; i < dim_num_; ++i)
      if (strides_[i] != other.strides_[i])
        return false;
    return true;
  }
  bool operator!=(const Stride &other) const { return !(*this == other); }

private:
  size_t dim_num_ = 0;
  int64_t strides_[kMaxDimNum] = {};
  uint8_t reserved_[40] __attribute__((unused)) = {};
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_STRIDE_H
