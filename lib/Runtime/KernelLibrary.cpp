//===- KernelLibrary.cpp - native kernels in memory -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLibrary.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace gemlir::runtime {

namespace {

/// The loader maps what the program headers say without asking how long the
/// file is; touching pages past its end would end the process.
bool isLoadable(model::ByteSpan bytes) {
  Elf64_Ehdr header;
  if (bytes.size < sizeof(header))
    return false;
  std::memcpy(&header, bytes.data, sizeof(header));
#if defined(__x86_64__)
  constexpr unsigned machine = EM_X86_64;
#elif defined(__aarch64__)
  constexpr unsigned machine = EM_AARCH64;
#endif
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_type != ET_DYN || header.e_machine != machine || header.e_phentsize != sizeof(Elf64_Phdr))
    return false;
  uint64_t tableSize = uint64_t(header.e_phnum) * sizeof(Elf64_Phdr);
  if (header.e_phoff > bytes.size || tableSize > bytes.size - header.e_phoff)
    return false;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data + header.e_phoff + i * sizeof(Elf64_Phdr), sizeof(segment));
    if (segment.p_type == PT_NULL || segment.p_type == PT_GNU_STACK)
      continue;
    if (segment.p_offset > bytes.size || segment.p_filesz > bytes.size - segment.p_offset)
      return false;
  }
  return true;
}

/// A path to the descriptor that no other library has had. The dynamic loader
/// takes two equal paths for one library, and descriptors are reused; so the
/// path spells a running number in redundant "/" and "/." between its parts.
std::string makeUniquePath(int fd) {
  static std::atomic<uint64_t> counter{0};
  std::string path = "/proc/self/fd";
  for (uint64_t number = ++counter; number; number >>= 1)
    path += number & 1 ? "/." : "/";
  return path + "/" + std::to_string(fd);
}

/// A file in memory that nobody can change any more, or -1.
int makeSealedFile(const std::string &name, model::ByteSpan bytes) {
  // Kernels before 6.3 do not know MFD_EXEC and need none.
  int fd = memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (fd < 0 && errno == EINVAL)
    fd = memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    return -1;
  while (bytes.size) {
    ssize_t written = write(fd, bytes.data, bytes.size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      int reason = errno;
      close(fd);
      errno = reason;
      return -1;
    }
    bytes.data += written;
    bytes.size -= written;
  }
  fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd;
}

} // namespace

Error KernelLibrary::load(const std::string &name, model::ByteSpan bytes, std::unique_ptr<KernelLibrary> &result) {
  if (!isLoadable(bytes))
    return Error(ErrorCode::ModelFormat, "the binary '" + name + "' is not a whole shared object for this machine");
  int fd = makeSealedFile(name, bytes);
  if (fd < 0)
    return Error(ErrorCode::Unsupported, "cannot make a memory file for '" + name + "': " + std::strerror(errno));
  void *handle = dlopen(makeUniquePath(fd).c_str(), RTLD_NOW | RTLD_LOCAL);
  close(fd);
  if (!handle) {
    const char *reason = dlerror();
    return Error(ErrorCode::Unsupported, "cannot load the binary '" + name + "': " + (reason ? reason : "unknown"));
  }
  result.reset(new KernelLibrary(handle));
  return Error::success();
}

KernelLibrary::~KernelLibrary() { dlclose(handle); }

KernelFunction KernelLibrary::find(const std::string &symbol) const {
  return reinterpret_cast<KernelFunction>(dlsym(handle, symbol.c_str()));
}

} // namespace gemlir::runtime
