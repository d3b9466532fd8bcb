//===- Host.h - kernels to native code -*- C++ -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels become one shared object that imports nothing. Code generation runs
// in the context's threads, one kernel each, under a crash-recovery context; a
// fatal error of LLVM or of the linker is a diagnostic like any other.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_HOST_HOST_H
#define GEMLIR_TARGET_HOST_HOST_H

#include "ge-mlir/Device/Description.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir {
class DialectRegistry;
}

namespace gemlir {
namespace host {

/// Failures that tests ask for.
enum class Inject {
  None,
  CodegenFatal, ///< LLVM reports a fatal error
  CodegenCrash, ///< code generation reads through a null pointer
  LinkFailure,  ///< the linker finds an undefined symbol
};

struct CodegenOptions {
  Inject inject = Inject::None;
  /// Print the IR after each pass to standard error.
  bool printAfterAll = false;
};

/// Parses "codegen-fatal", "codegen-crash", "link" (or empty for none).
bool parseInject(llvm::StringRef text, Inject &inject);

/// What a context needs before `compileKernels` and its relatives: dialects,
/// interfaces and translations.
void registerHostTarget(mlir::DialectRegistry &registry);

/// Compiles every `npu.kernel` directly in `module` (bufferized; other
/// operations are ignored) to a shared object with one exported function for each
/// kernel. The module is left as it is. Errors are diagnostics at the kernel.
mlir::LogicalResult compileKernels(mlir::ModuleOp module, const device::Description &device,
                                   const CodegenOptions &options, llvm::SmallVectorImpl<char> &elf);

/// The same, stopping earlier: the optimized LLVM IR or the assembly of all
/// kernels as text.
mlir::LogicalResult emitLLVM(mlir::ModuleOp module, const device::Description &device,
                             const CodegenOptions &options, llvm::raw_ostream &os);
mlir::LogicalResult emitAssembly(mlir::ModuleOp module, const device::Description &device,
                                 const CodegenOptions &options, llvm::raw_ostream &os);

/// Links relocatable objects to a shared object; `error` has the linker's
/// messages. One link at a time in a process.
bool linkShared(llvm::ArrayRef<llvm::SmallVector<char, 0>> objects, llvm::SmallVectorImpl<char> &elf,
                std::string &error);

} // namespace host
} // namespace gemlir

#endif // GEMLIR_TARGET_HOST_HOST_H
