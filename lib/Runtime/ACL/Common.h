//===- Common.h - what the acl functions share ------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_ACL_COMMON_H
#define GEMLIR_LIB_RUNTIME_ACL_COMMON_H

#include "acl/acl.h"
#include "ge-mlir/Support/Error.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gemlir::acl {

/// Adds "[code] function: text" to the thread's recent messages and returns the
/// code.
aclError fail(aclError code, const char *function, const std::string &text);
/// The same for a failure of the model or the runtime.
aclError fail(const Error &error, const char *function);

// The commonest failures of an interface of pointers.
#define ACL_RETURN_IF_NULL(pointer, code)                                                                              \
  do {                                                                                                                 \
    if (!(pointer))                                                                                                    \
      return ::gemlir::acl::fail(code, __func__, #pointer " is null");                                                 \
  } while (false)

/// Handles that the caller got from us. One that was destroyed, or never was
/// one, is found out instead of followed.
template <typename T>
class HandleTable {
public:
  void *add(std::shared_ptr<T> object) {
    std::lock_guard<std::mutex> lock(mutex);
    void *handle = object.get();
    objects[handle] = std::move(object);
    return handle;
  }
  std::shared_ptr<T> find(const void *handle) {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = objects.find(handle);
    return it == objects.end() ? nullptr : it->second;
  }
  std::shared_ptr<T> take(const void *handle) {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = objects.find(handle);
    if (it == objects.end())
      return nullptr;
    std::shared_ptr<T> result = std::move(it->second);
    objects.erase(it);
    return result;
  }
  std::vector<std::shared_ptr<T>> all() {
    std::lock_guard<std::mutex> lock(mutex);
    std::vector<std::shared_ptr<T>> result;
    for (auto &entry : objects)
      result.push_back(entry.second);
    return result;
  }

private:
  std::mutex mutex;
  std::unordered_map<const void *, std::shared_ptr<T>> objects;
};

/// Makes memory that the runtime allocated known to aclrtFree.
void adoptMemory(void *data);

} // namespace gemlir::acl

#endif // GEMLIR_LIB_RUNTIME_ACL_COMMON_H
