//===- StateStore.h - memory of states -------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_STATESTORE_H
#define GEMLIR_LIB_RUNTIME_STATESTORE_H

#include "Executable.h"
#include "ge-mlir/Runtime/Model.h"

#include <map>
#include <mutex>

namespace gemlir::runtime {

struct StateStore::Impl {
  struct Entry {
    AlignedMemory memory;
    int64_t size = 0;
    std::vector<uint8_t> initial; ///< empty: zeros

    void reset();
  };

  /// Held by who executes with the states, or reads or writes them.
  mutable std::mutex mutex;
  std::map<std::string, Entry> entries;

  /// Finds or makes a state; `initial` (null: zeros) is what a new one holds.
  Error add(const std::string &name, int64_t size, const uint8_t *initial, void *&memory);
  /// The memory of a state of `size` bytes. Under the mutex.
  Error find(const std::string &name, size_t size, void *&memory) const;
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_STATESTORE_H
