//===- shape.h - a shape in place -------------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_SHAPE_H
#define EXE_GRAPH_RUNTIME_SHAPE_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace gert {
/// Up to 25 dimensions, in place.
class Shape {
public:
  enum : size_t { kMaxDimNum = 25 };
  enum : int64_t { kInvalidDimValue = INT64_MIN };

  Shape() = default;
  Shape(std::initializer_list<int64_t> values) {
    for (int64_t value : values)
      AppendDim(value);
  }

  size_t GetDimNum() const { return dim_num_; }
  /// Larger numbers than kMaxDimNum are cut.
  void SetDimNum(size_t number) { dim_num_ = number > kMaxDimNum ? size_t(kMaxDimNum) : number; }
  int64_t GetDim(size_t index) const { return index < kMaxDimNum ? dims_[index] : int64_t(kInvalidDimValue); }
  void SetDim(size_t index, int64_t value) {
    if (index < kMaxDimNum)
      dims_[index] = value;
  }
  const int64_t &operator[](size_t index) const { return dims_[index]; }
  int64_t &operator[](size_t index) { return dims_[index]; }
  Shape &AppendDim(int64_t value) {
    if (dim_num_ < kMaxDimNum)
      dims_[dim_num_++] = value;
    return *this;
  }

  bool IsScalar() const { return dim_num_ == 0; }
  void SetScalar() { dim_num_ = 0; }
  /// The product of the dimensions, 1 for a scalar, kInvalidDimValue on
  /// overflow.
  int64_t GetShapeSize() const {
    int64_t size = 1;
    for (size_t i = 0; i < dim_num_; ++i)
      if (__builtin_mul_overflow(size, dims_[i], &size))
        return kInvalidDimValue;
    return size;
  }

  bool operator==(const Shape &other) const {
    if (dim_num_ != other.dim_num_)
      return false;
    for (size_t i = 0; i < dim_num_; ++i)
      if (dims_[i] != other.dims_[i])
        return false;
    return true;
  }
  bool operator!=(const Shape &other) const { return !(*this == other); }

private:
  size_t dim_num_ = 0;
  int64_t dims_[kMaxDimNum] = {};
  uint8_t reserved_[40] __attribute__((unused)) = {};
};

static_assert(sizeof(Shape) == 8 + 25 * 8 + 40, "the layout is an interface");
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_SHAPE_H
