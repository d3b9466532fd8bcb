//===- MappedFile.cpp - a file as memory ----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Support/MappedFile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gemlir {

Error MappedFile::open(const std::string &path, std::unique_ptr<MappedFile> &result) {
  auto fail = [&](int fd, int reason) {
    if (fd >= 0)
      ::close(fd);
    return Error(ErrorCode::FileRead, "cannot read '" + path + "': " + std::strerror(reason));
  };
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return fail(fd, errno);
  struct stat info;
  if (::fstat(fd, &info))
    return fail(fd, errno);
  if (!S_ISREG(info.st_mode))
    return fail(fd, S_ISDIR(info.st_mode) ? EISDIR : EINVAL);
  void *address = nullptr;
  if (info.st_size) {
    address = ::mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (address == MAP_FAILED)
      return fail(fd, errno);
  }
  ::close(fd);
  result.reset(new MappedFile(address, info.st_size));
  return Error::success();
}

MappedFile::~MappedFile() {
  if (address)
    ::munmap(address, length);
}

} // namespace gemlir
