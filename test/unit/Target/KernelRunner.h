//===- KernelRunner.h - compile and call kernels in a test ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TEST_UNIT_TARGET_KERNELRUNNER_H
#define GEMLIR_TEST_UNIT_TARGET_KERNELRUNNER_H

#include "ge-mlir/Target/Host/Host.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace gemlir {

/// Compiles the kernels of a text for this machine.
class KernelRunner {
public:
  using Kernel = void (*)(void *const *, const int64_t *, int64_t, int64_t, void *);

  KernelRunner() {
    mlir::DialectRegistry registry;
    host::registerHostTarget(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    std::string error;
    EXPECT_TRUE(device::lookup("Host", description, error)) << error;
  }
  ~KernelRunner() {
    if (library)
      dlclose(library);
  }

  bool compile(const std::string &text, const host::CodegenOptions &options = {}) {
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      return mlir::success();
    });
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module)
      return false;
    return mlir::succeeded(host::compileKernels(*module, description, options, elf)) && load();
  }

  Kernel find(const std::string &name) const { return reinterpret_cast<Kernel>(dlsym(library, name.c_str())); }
  void run(const std::string &name, std::vector<void *> buffers, int64_t begin = 0, int64_t end = 1) const {
    Kernel kernel = find(name);
    ASSERT_NE(kernel, nullptr) << name;
    kernel(buffers.data(), nullptr, begin, end, nullptr);
  }

  mlir::MLIRContext context;
  device::Description description;
  std::string errors;
  llvm::SmallVector<char> elf;

private:
  bool load() {
    static int count = 0;
    int file = memfd_create("kernels", 0);
    if (file < 0 || write(file, elf.data(), elf.size()) != static_cast<ssize_t>(elf.size()))
      return false;
    // A path that was not opened before, or the loader returns another library.
    std::string path = "/tmp/gemlir-kernels-" + std::to_string(getpid()) + "-" + std::to_string(count++);
    std::string source = "/proc/self/fd/" + std::to_string(file);
    bool linked = symlink(source.c_str(), path.c_str()) == 0;
    library = linked ? dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library)
      errors += dlerror();
    unlink(path.c_str());
    close(file);
    return library != nullptr;
  }

  void *library = nullptr;
};

} // namespace gemlir

#endif // GEMLIR_TEST_UNIT_TARGET_KERNELRUNNER_H
