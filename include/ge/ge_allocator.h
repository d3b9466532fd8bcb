//===- ge_allocator.h - allocators of the caller ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_ALLOCATOR_H
#define GE_GE_ALLOCATOR_H

#include "graph/ascend_string.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace ge {
class MemBlock;

/// Memory that the caller manages. It outlives the blocks it gave out.
class GE_FUNC_VISIBILITY Allocator {
public:
  Allocator() = default;
  virtual ~Allocator() = default;
  Allocator(const Allocator &) = delete;
  Allocator &operator=(const Allocator &) = delete;

  virtual MemBlock *Malloc(size_t size) = 0;
  virtual void Free(MemBlock *block) = 0;
  virtual MemBlock *MallocAdvise(size_t size, void *addr) {
    (void)addr;
    return Malloc(size);
  }
};
using AllocatorPtr = std::shared_ptr<Allocator>;

/// A counted piece of an allocator's memory.
class GE_FUNC_VISIBILITY MemBlock {
public:
  MemBlock(Allocator &allocator, void *addr, size_t size) : allocator_(allocator), addr_(addr), size_(size) {}
  virtual ~MemBlock() = default;

  const void *GetAddr() const { return addr_; }
  void *GetAddr() { return addr_; }
  size_t GetSize() const { return size_; }
  void SetSize(size_t size) { size_ = size; }
  /// Returns the block to its allocator when nobody uses it any more.
  void Free() {
    if (SubCount() == 0)
      allocator_.Free(this);
  }
  size_t AddCount() { return ++count_; }
  size_t SubCount() { return count_ == 0 ? 0 : --count_; }
  size_t GetCount() const { return count_; }

private:
  Allocator &allocator_;
  void *addr_;
  size_t count_ = 1;
  size_t size_;
};
} // namespace ge

#endif // GE_GE_ALLOCATOR_H
