//===- MappedFile.h - a file as memory --------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_SUPPORT_MAPPEDFILE_H
#define GEMLIR_SUPPORT_MAPPEDFILE_H

#include "ge-mlir/Support/Error.h"

#include <cstddef>
#include <memory>

namespace gemlir {

/// A regular file, mapped for reading.
class MappedFile {
public:
  static Error open(const std::string &path, std::unique_ptr<MappedFile> &result);
  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  const void *data() const { return address; }
  size_t size() const { return length; }

private:
  MappedFile(void *address, size_t length) : address(address), length(length) {}
  void *address;
  size_t length;
};

} // namespace gemlir

#endif // GEMLIR_SUPPORT_MAPPEDFILE_H
