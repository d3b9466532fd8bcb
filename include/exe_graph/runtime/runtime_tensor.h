//===- runtime_tensor.h - tensors at run time -------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_RUNTIME_TENSOR_H
#define EXE_GRAPH_RUNTIME_RUNTIME_TENSOR_H

#include "exe_graph/runtime/storage_format.h"
#include "exe_graph/runtime/storage_shape.h"
#include "exe_graph/runtime/stride.h"
#include "exe_graph/runtime/tensor_data.h"
#include "graph/types.h"

#include <memory>
#include <new>
#include <type_traits>

namespace gert {
enum TensorVersion : uint8_t {
  kTensorV1 = 0,
  kTensorV2 = 1,
};

/// Shape, format, type and memory of a tensor. Its layout is an interface, so
/// everything is in the header.
class Tensor {
public:
  Tensor() = default;
  Tensor(const StorageShape &storage_shape, const StorageFormat &storage_format, ge::DataType data_type)
      : storage_shape_(storage_shape), storage_format_(storage_format), data_type_(data_type) {}
  /// With a manager the tensor releases `addr`, without one the caller does.
  Tensor(const StorageShape &storage_shape, const StorageFormat &storage_format, const TensorPlacement placement,
         const ge::DataType data_type, void *addr, TensorAddrManager manager)
      : storage_shape_(storage_shape), storage_format_(storage_format), data_type_(data_type),
        tensor_data_(addr, manager, BytesOf(storage_shape, data_type), placement) {}
  Tensor(const StorageShape &storage_shape, const StorageFormat &storage_format, const TensorPlacement placement,
         const ge::DataType data_type, void *addr)
      : Tensor(storage_shape, storage_format, placement, data_type, addr, nullptr) {}

  /// A tensor with room for `shape_size` elements right behind it.
  static std::unique_ptr<uint8_t[]> CreateFollowing(int64_t shape_size, ge::DataType data_type, size_t &total_size) {
    const int64_t size = ge::GetSizeInBytes(shape_size, data_type);
    if (size < 0)
      return nullptr;
    return CreateFollowing(data_type, static_cast<size_t>(size), total_size);
  }
  static std::unique_ptr<uint8_t[]> CreateFollowing(ge::DataType data_type, size_t tensor_size, size_t &total_size) {
    if (tensor_size > SIZE_MAX - sizeof(Tensor))
      return nullptr;
    total_size = tensor_size + sizeof(Tensor);
    std::unique_ptr<uint8_t[]> holder(new (std::nothrow) uint8_t[total_size]);
    if (holder == nullptr)
      return nullptr;
    Tensor *tensor = new (holder.get()) Tensor();
    tensor->data_type_ = data_type;
    tensor->tensor_data_ = TensorData(nullptr, nullptr, tensor_size, kFollowing);
    return holder;
  }

  int64_t GetShapeSize() const { return storage_shape_.GetStorageShape().GetShapeSize(); }
  template <class T>
  const T *GetData() const {
    return static_cast<const T *>(GetAddr());
  }
  template <class T>
  T *GetData() {
    return static_cast<T *>(GetAddr());
  }
  const void *GetAddr() const {
    return GetPlacement() == kFollowing ? static_cast<const void *>(this + 1) : tensor_data_.GetAddr();
  }
  void *GetAddr() { return GetPlacement() == kFollowing ? static_cast<void *>(this + 1) : tensor_data_.GetAddr(); }
  size_t GetSize() const { return tensor_data_.GetSize(); }
  void SetSize(size_t size) { tensor_data_.SetSize(size); }
  void SetData(TensorData &&data) { tensor_data_ = std::move(data); }
  const TensorData &GetTensorData() const { return tensor_data_; }
  TensorData &MutableTensorData() { return tensor_data_; }

  ge::DataType GetDataType() const { return data_type_; }
  void SetDataType(ge::DataType data_type) { data_type_ = data_type; }
  TensorPlacement GetPlacement() const { return tensor_data_.GetPlacement(); }
  void SetPlacement(TensorPlacement placement) { tensor_data_.SetPlacement(placement); }

  const StorageShape &GetShape() const { return storage_shape_; }
  StorageShape &GetShape() { return storage_shape_; }
  const Shape &GetStorageShape() const { return storage_shape_.GetStorageShape(); }
  Shape &MutableStorageShape() { return storage_shape_.MutableStorageShape(); }
  const Shape &GetOriginShape() const { return storage_shape_.GetOriginShape(); }
  Shape &MutableOriginShape() { return storage_shape_.MutableOriginShape(); }

  const StorageFormat &GetFormat() const { return storage_format_; }
  StorageFormat &MutableFormat() { return storage_format_; }
  ge::Format GetStorageFormat() const { return storage_format_.GetStorageFormat(); }
  void SetStorageFormat(ge::Format format) { storage_format_.SetStorageFormat(format); }
  ge::Format GetOriginFormat() const { return storage_format_.GetOriginFormat(); }
  void SetOriginFormat(ge::Format format) { storage_format_.SetOriginFormat(format); }
  ExpandDimsType GetExpandDimsType() const { return storage_format_.GetExpandDimsType(); }
  void SetExpandDimsType(const ExpandDimsType &type) { storage_format_.SetExpandDimsType(type); }
  TensorVersion GetVersion() const { return static_cast<TensorVersion>(version_); }

protected:
  void SetVersion(TensorVersion version) { version_ = version; }

private:
  static size_t BytesOf(const StorageShape &shape, ge::DataType data_type) {
    const int64_t size = ge::GetSizeInBytes(shape.GetStorageShape().GetShapeSize(), data_type);
    return size < 0 ? 0 : static_cast<size_t>(size);
  }

  StorageShape storage_shape_;
  StorageFormat storage_format_;
  uint8_t version_ = kTensorV1;
  uint8_t reserved_[3] __attribute__((unused)) = {};
  ge::DataType data_type_ = ge::DT_UNDEFINED;
  TensorData tensor_data_;
  uint8_t reserved_field_[40] __attribute__((unused)) = {};
};

static_assert(std::is_standard_layout<Tensor>::value, "the layout is an interface");

/// A tensor that is a view: with strides and an offset.
class TensorV2 : public Tensor {
public:
  TensorV2() { SetVersion(kTensorV2); }
  TensorV2(const StorageShape &storage_shape, const StorageFormat &storage_format, TensorPlacement placement,
           ge::DataType data_type, void *addr, TensorAddrManager manager, const Stride &stride, int64_t offset)
      : Tensor(storage_shape, storage_format, placement, data_type, addr, manager), stride_(stride), offset_(offset) {
    SetVersion(kTensorV2);
  }
  const Stride &GetStride() const { return stride_; }
  Stride &MutableStride() { return stride_; }
  int64_t GetOffset() const { return offset_; }
  void SetOffset(int64_t offset) { offset_ = offset; }

private:
  Stride stride_;
  int64_t offset_ = 0;
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_RUNTIME_TENSOR_H
