//===- Host.h - kernels to native code -*- C++ -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels become one shared object that imports nothing.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_HOST_HOST_H
#define GEMLIR_TARGET_HOST_HOST_H

#include "ge-mlir/Target/LLVM/KernelCompiler.h"

namespace mlir {
class DialectRegistry;
}

namespace gemlir {
namespace host {

using target::CodegenOptions;
using target::Inject;
using target::parseInject;

/// What a context needs before `compileKernels` and its relatives: dialects,
/// interfaces and translations.
void registerHostTarget(mlir::DialectRegistry &registry);

/// Compiles every `npu.kernel` directly in `module` (bufferized; other
/// operations are ignored) to a shared object with one exported function for each
/// kernel. The module is left as it is. Errors are diagnostics at the kernel.
mlir::LogicalResult compileKernels(mlir::ModuleOp module, const device::Description &device,
                                   const CodegenOptions &options, llvm::SmallVectorImpl<char> &elf);

/// Links those kernels of `compiler` that `which` takes, whose code is for
/// `device`, to a shared object.
mlir::LogicalResult linkShared(target::KernelCompiler &compiler,
                               llvm::function_ref<bool(const target::KernelUnit &)> which, mlir::ModuleOp module,
                               const device::Description &device, llvm::SmallVectorImpl<char> &elf);

/// The same, stopping earlier: the optimized LLVM IR or the assembly of all
/// kernels as text.
mlir::LogicalResult emitLLVM(mlir::ModuleOp module, const device::Description &device, const CodegenOptions &options,
                             llvm::raw_ostream &os);
mlir::LogicalResult emitAssembly(mlir::ModuleOp module, const device::Description &device,
                                 const CodegenOptions &options, llvm::raw_ostream &os);

} // namespace host
} // namespace gemlir

#endif // GEMLIR_TARGET_HOST_HOST_H
