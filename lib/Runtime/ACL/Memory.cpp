//===- Memory.cpp - memory of acl
//----------------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "Stream.h"

#include <cstdlib>
#include <cstring>
#include <sys/sysinfo.h>

using namespace gemlir;
using namespace gemlir::acl;

namespace {

/// What was allocated here and not freed. There is one memory: "device" memory
/// is the host's.
struct MemoryTable {
  std::mutex mutex;
  std::unordered_map<void *, bool> blocks;

  static MemoryTable &get() {
    // Never destroyed: clients free memory in destructors of static objects.
    static MemoryTable *table = new MemoryTable;
    return *table;
  }
  void add(void *data) {
    std::lock_guard<std::mutex> lock(mutex);
    blocks[data] = true;
  }
  bool take(void *data) {
    std::lock_guard<std::mutex> lock(mutex);
    return blocks.erase(data) != 0;
  }
};

aclError allocate(void **result, size_t size, size_t spare, const char *function) {
  if (!result)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "the address of the result is null");
  *result = nullptr;
  if (!size)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "the size is 0");
  constexpr size_t kAlignment = 64;
  size_t whole = (size + 31) / 32 * 32 + spare;
  void *data = nullptr;
  if (whole < size || posix_memalign(&data, kAlignment, whole))
    return fail(ACL_ERROR_RT_MEMORY_ALLOCATION, function, "no memory for " + std::to_string(size) + " bytes");
  MemoryTable::get().add(data);
  *result = data;
  return ACL_SUCCESS;
}

aclError release(void *data, const char *function) {
  if (!data)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "the address is null");
  if (!MemoryTable::get().take(data))
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "the address was not allocated here, or freed before");
  std::free(data);
  return ACL_SUCCESS;
}

aclError checkCopy(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind,
                   const char *function) {
  if (!dst || !src)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, dst ? "src is null" : "dst is null");
  if (count > destMax)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function,
                "found a count of " + std::to_string(count) + " bytes, expected at most destMax " +
                    std::to_string(destMax));
  if (unsigned(kind) > ACL_MEMCPY_INTER_DEVICE_TO_DEVICE)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "unknown kind " + std::to_string(int(kind)));
  return ACL_SUCCESS;
}

aclError checkSet(void *data, size_t maxCount, size_t count, const char *function) {
  if (!data)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function, "devPtr is null");
  if (count > maxCount)
    return fail(ACL_ERROR_RT_PARAM_INVALID, function,
                "found a count of " + std::to_string(count) + " bytes, expected at most maxCount " +
                    std::to_string(maxCount));
  return ACL_SUCCESS;
}

} // namespace

void gemlir::acl::adoptMemory(void *data) { MemoryTable::get().add(data); }

aclError aclrtMalloc(void **devPtr, size_t size, aclrtMemMallocPolicy policy) {
  return allocate(devPtr, size, 32, __func__);
}

aclError aclrtMallocAlign32(void **devPtr, size_t size, aclrtMemMallocPolicy policy) {
  return allocate(devPtr, size, 0, __func__);
}

aclError aclrtMallocCached(void **devPtr, size_t size, aclrtMemMallocPolicy policy) {
  return allocate(devPtr, size, 32, __func__);
}

aclError aclrtFree(void *devPtr) { return release(devPtr, __func__); }

aclError aclrtMallocHost(void **hostPtr, size_t size) { return allocate(hostPtr, size, 0, __func__); }

aclError aclrtFreeHost(void *hostPtr) { return release(hostPtr, __func__); }

// Host memory is coherent.
aclError aclrtMemFlush(void *devPtr, size_t size) {
  ACL_RETURN_IF_NULL(devPtr, ACL_ERROR_RT_PARAM_INVALID);
  return ACL_SUCCESS;
}

aclError aclrtMemInvalidate(void *devPtr, size_t size) {
  ACL_RETURN_IF_NULL(devPtr, ACL_ERROR_RT_PARAM_INVALID);
  return ACL_SUCCESS;
}

aclError aclrtMemcpy(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind) {
  if (aclError error = checkCopy(dst, destMax, src, count, kind, __func__))
    return error;
  std::memmove(dst, src, count);
  return ACL_SUCCESS;
}

aclError aclrtMemcpyAsync(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind,
                          aclrtStream stream) {
  if (aclError error = checkCopy(dst, destMax, src, count, kind, __func__))
    return error;
  return enqueue(stream, __func__, [=] {
    std::memmove(dst, src, count);
    return Error::success();
  });
}

aclError aclrtMemset(void *devPtr, size_t maxCount, int32_t value, size_t count) {
  if (aclError error = checkSet(devPtr, maxCount, count, __func__))
    return error;
  std::memset(devPtr, value, count);
  return ACL_SUCCESS;
}

aclError aclrtMemsetAsync(void *devPtr, size_t maxCount, int32_t value, size_t count, aclrtStream stream) {
  if (aclError error = checkSet(devPtr, maxCount, count, __func__))
    return error;
  return enqueue(stream, __func__, [=] {
    std::memset(devPtr, value, count);
    return Error::success();
  });
}

aclError aclrtGetMemInfo(aclrtMemAttr attr, size_t *free, size_t *total) {
  ACL_RETURN_IF_NULL(free, ACL_ERROR_RT_PARAM_INVALID);
  ACL_RETURN_IF_NULL(total, ACL_ERROR_RT_PARAM_INVALID);
  if (unsigned(attr) > ACL_HBM_MEM_NORMAL)
    return fail(ACL_ERROR_RT_PARAM_INVALID, __func__, "unknown attribute " + std::to_string(int(attr)));
  struct sysinfo info;
  if (sysinfo(&info))
    return fail(ACL_ERROR_RT_INTERNAL_ERROR, __func__, "the system does not tell its memory");
  *free = size_t(info.freeram + info.bufferram) * info.mem_unit;
  *total = size_t(info.totalram) * info.mem_unit;
  return ACL_SUCCESS;
}
