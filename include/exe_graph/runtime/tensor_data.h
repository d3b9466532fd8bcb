//===- tensor_data.h - the memory of a tensor -------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_TENSOR_DATA_H
#define EXE_GRAPH_RUNTIME_TENSOR_DATA_H

#include "graph/ge_error_codes.h"

#include <cstddef>
#include <cstdint>

namespace gert {
enum TensorPlacement : int32_t {
  kOnDeviceHbm = 0,
  kOnHost = 1,
  kFollowing = 2,
  kOnDeviceP2p = 3,
  kTensorPlacementEnd = 4,
};

class TensorPlacementUtils {
public:
  static bool IsOnDevice(TensorPlacement placement) { return placement == kOnDeviceHbm || placement == kOnDeviceP2p; }
  static bool IsOnHost(TensorPlacement placement) { return placement == kOnHost || placement == kFollowing; }
  static bool IsOnDeviceHbm(TensorPlacement placement) { return placement == kOnDeviceHbm; }
  static bool IsOnDeviceP2p(TensorPlacement placement) { return placement == kOnDeviceP2p; }
  static bool IsOnHostFollowing(TensorPlacement placement) { return placement == kFollowing; }
  static bool IsOnHostNotFollowing(TensorPlacement placement) { return placement == kOnHost; }
};

enum TensorOperateType : int32_t {
  kGetTensorAddress = 0,
  kFreeTensor = 1,
  kPlusShareCount = 2,
  kTensorOperateType = 3,
};

using TensorAddress = void *;
using ConstTensorAddressPtr = const void *;
/// Answers for memory that somebody manages; null when the caller keeps it.
using TensorAddrManager = ge::graphStatus (*)(TensorAddress addr, TensorOperateType operate_type, void **out);

/// An address, perhaps behind a manager that counts its users. Movable only.
class TensorData {
public:
  explicit TensorData(TensorAddress addr = nullptr, TensorAddrManager manager = nullptr)
      : TensorData(addr, manager, 0, kTensorPlacementEnd) {}
  TensorData(TensorAddress addr, TensorAddrManager manager, size_t size, TensorPlacement placement)
      : addr_(addr), manager_(manager), size_(size), placement_(placement), reserved_0_(0) {
    for (uint8_t &byte : reserved_1_)
      byte = 0;
  }
  TensorData(const TensorData &) = delete;
  TensorData &operator=(const TensorData &) = delete;
  TensorData(TensorData &&other) noexcept : TensorData(other.addr_, other.manager_, other.size_, other.placement_) {
    other.Forget();
  }
  TensorData &operator=(TensorData &&other) noexcept {
    if (this != &other) {
      (void)Free();
      addr_ = other.addr_;
      manager_ = other.manager_;
      size_ = other.size_;
      placement_ = other.placement_;
      other.Forget();
    }
    return *this;
  }
  ~TensorData() noexcept { (void)Free(); }

  TensorAddress GetAddr() const {
    if (manager_ == nullptr || addr_ == nullptr)
      return addr_;
    TensorAddress addr = nullptr;
    return manager_(addr_, kGetTensorAddress, &addr) == ge::GRAPH_SUCCESS ? addr : nullptr;
  }
  size_t GetSize() const { return size_; }
  void SetSize(size_t size) { size_ = size; }
  TensorPlacement GetPlacement() const { return placement_; }
  void SetPlacement(TensorPlacement placement) { placement_ = placement; }

  /// Lets go of the memory: the manager, if there is one, counts down.
  ge::graphStatus Free() {
    if (manager_ == nullptr)
      return ge::GRAPH_SUCCESS;
    const ge::graphStatus status = manager_(addr_, kFreeTensor, nullptr);
    if (status == ge::GRAPH_SUCCESS) {
      manager_ = nullptr;
      addr_ = nullptr;
    }
    return status;
  }
  ge::graphStatus SetAddr(ConstTensorAddressPtr addr, TensorAddrManager manager) {
    const ge::graphStatus status = Free();
    if (status != ge::GRAPH_SUCCESS)
      return status;
    addr_ = const_cast<TensorAddress>(addr);
    manager_ = manager;
    return ge::GRAPH_SUCCESS;
  }
  /// Becomes a further user of `other`'s memory.
  ge::graphStatus ShareFrom(const TensorData &other) {
    if (IsSharedWith(other))
      return ge::GRAPH_SUCCESS;
    ge::graphStatus status = Free();
    if (status != ge::GRAPH_SUCCESS)
      return status;
    if (other.manager_ != nullptr) {
      status = other.manager_(other.addr_, kPlusShareCount, nullptr);
      if (status != ge::GRAPH_SUCCESS)
        return status;
    }
    addr_ = other.addr_;
    manager_ = other.manager_;
    size_ = other.size_;
    placement_ = other.placement_;
    return ge::GRAPH_SUCCESS;
  }
  /// Hands address and manager to the caller.
  TensorAddress Release(TensorAddrManager &manager) {
    TensorAddress addr = addr_;
    manager = manager_;
    Forget();
    return addr;
  }
  bool IsSharedWith(const TensorData &other) const {
    return addr_ == other.addr_ && manager_ == other.manager_ && size_ == other.size_ && placement_ == other.placement_;
  }

private:
  void Forget() {
    addr_ = nullptr;
    manager_ = nullptr;
    size_ = 0;
    placement_ = kTensorPlacementEnd;
  }

  TensorAddress addr_;
  TensorAddrManager manager_;
  size_t size_;
  TensorPlacement placement_;
  uint32_t reserved_0_ __attribute__((unused));
  uint8_t reserved_1_[40] __attribute__((unused));
};
} // namespace gert

#endif // EXE_GRAPH_RUNTIME_TENSOR_DATA_H
