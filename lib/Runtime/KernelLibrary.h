//===- KernelLibrary.h - native kernels in memory ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_KERNELLIBRARY_H
#define GEMLIR_LIB_RUNTIME_KERNELLIBRARY_H

#include "ThreadPool.h"
#include "ge-mlir/Model/OM.h"

#include <memory>

namespace gemlir::runtime {

/// A shared object that was loaded from bytes; unloaded when it goes.
class KernelLibrary {
public:
  static Error load(const std::string &name, model::ByteSpan bytes, std::unique_ptr<KernelLibrary> &result);
  ~KernelLibrary();
  KernelLibrary(const KernelLibrary &) = delete;
  KernelLibrary &operator=(const KernelLibrary &) = delete;

  /// Null if the library has no such symbol.
  KernelFunction find(const std::string &symbol) const;

private:
  explicit KernelLibrary(void *handle) : handle(handle) {}
  void *handle;
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_KERNELLIBRARY_H
