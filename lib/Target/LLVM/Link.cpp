//===- Link.cpp - objects to an ELF file with lld -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Target/LLVM/Codegen.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

namespace gemlir {
namespace target {

namespace {
/// A directory that goes away with its content.
class TemporaryDirectory {
public:
  ~TemporaryDirectory() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  std::error_code create() { return llvm::sys::fs::createUniqueDirectory("ge-mlir", path); }
  std::string file(const llvm::Twine &name) const {
    llvm::SmallString<128> result(path);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }
  /// `text` without the directory, which says nothing to a reader.
  std::string strip(std::string text) const {
    std::string prefix = path.str().str() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    while (!text.empty() && text.back() == '\n')
      text.pop_back();
    return text;
  }

private:
  llvm::SmallString<128> path;
};
} // namespace

static bool writeFile(const std::string &path, llvm::ArrayRef<char> content, std::string &error) {
  std::error_code code;
  llvm::raw_fd_ostream os(path, code);
  if (!code) {
    os.write(content.data(), content.size());
    os.close();
    code = os.error();
    os.clear_error();
  }
  if (!code)
    return true;
  error = "cannot write a temporary object: " + code.message();
  return false;
}

/// lld keeps global state: one call at a time, and none after one that it could
/// not clean up.
static bool runLinker(llvm::ArrayRef<const char *> arguments, std::string &error) {
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable) {
    error = "the linker crashed before in this process and cannot run again";
    return false;
  }
  llvm::raw_string_ostream os(error);
  lld::Result result = lld::lldMain(arguments, os, os, {{lld::Gnu, &lld::elf::link}});
  usable = result.canRunAgain;
  return result.retCode == 0;
}

bool link(llvm::ArrayRef<llvm::SmallVector<char, 0>> objects, llvm::ArrayRef<const char *> options,
          llvm::SmallVectorImpl<char> &elf, std::string &error) {
  TemporaryDirectory directory;
  if (std::error_code code = directory.create()) {
    error = "cannot create a temporary directory: " + code.message();
    return false;
  }
  std::vector<std::string> files;
  for (const llvm::SmallVector<char, 0> &object : objects) {
    files.push_back(directory.file("kernel" + llvm::Twine(files.size()) + ".o"));
    if (!writeFile(files.back(), object, error))
      return false;
  }
  std::string output = directory.file("kernels.elf");
  std::vector<const char *> arguments = {"ld.lld",           "-nostdlib",   "--no-undefined", "--build-id=none",
                                         "--gc-sections",    "--threads=1", "-znoexecstack",  "-zseparate-code",
                                         "--error-limit=20", "-o",          output.c_str()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  for (const std::string &file : files)
    arguments.push_back(file.c_str());
  if (!runLinker(arguments, error)) {
    error = directory.strip(error);
    return false;
  }
  auto buffer = llvm::MemoryBuffer::getFile(output, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer) {
    error = "cannot read the linked object: " + buffer.getError().message();
    return false;
  }
  elf.assign((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
  return true;
}

} // namespace target
} // namespace gemlir
