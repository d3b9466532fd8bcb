//===- AtomicFile.cpp - files that appear whole or not at all -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/OM.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gemlir::model {

namespace {

Error fail(const std::string &path, const char *action) {
  return Error(ErrorCode::FileWrite, "cannot " + std::string(action) + " '" + path + "': " + std::strerror(errno));
}

bool writeAll(int fd, const std::vector<ByteSpan> &parts) {
  for (ByteSpan part : parts) {
    while (part.size) {
      ssize_t written = ::write(fd, part.data, part.size);
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return false;
      part.data += written;
      part.size -= written;
    }
  }
  return true;
}

mode_t getCreationMode() {
  // The mask can only be read by setting it.
  mode_t mask = umask(022);
  umask(mask);
  return 0666 & ~mask;
}

/// Devices and pipes are written in place; renaming would replace them.
Error writeInPlace(const std::vector<ByteSpan> &parts, const std::string &path) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return fail(path, "open");
  bool good = writeAll(fd, parts);
  int reason = errno;
  if (::close(fd) && good) {
    good = false;
    reason = errno;
  }
  errno = reason;
  return good ? Error::success() : fail(path, "write");
}

} // namespace

Error writeFileAtomically(const std::vector<ByteSpan> &parts, const std::string &path) {
  if (path.empty())
    return Error(ErrorCode::FileWrite, "the output path is empty");
  std::string target = path;
  // A link stays, and what it points to is replaced.
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved))
    target = resolved;
  struct stat info;
  if (::stat(target.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    if (!S_ISDIR(info.st_mode))
      return writeInPlace(parts, target);
    errno = EISDIR;
    return fail(path, "write");
  }
  std::string temporary = target + ".XXXXXX";
  int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0)
    return fail(path, "create");
  bool good = writeAll(fd, parts) && ::fchmod(fd, getCreationMode()) == 0;
  int reason = errno;
  if (::close(fd) && good) {
    good = false;
    reason = errno;
  }
  if (good && ::rename(temporary.c_str(), target.c_str()) == 0)
    return Error::success();
  if (good)
    reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  return fail(path, "write");
}

} // namespace gemlir::model
