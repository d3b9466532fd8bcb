//===- KernelCompiler.h - kernels to objects or text ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all targets have in common: each kernel of a module goes its own way
// through the passes and through LLVM, in the context's threads, under a
// crash-recovery context. A fatal error of LLVM or of the linker is a diagnostic
// like any other.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_LLVM_KERNELCOMPILER_H
#define GEMLIR_TARGET_LLVM_KERNELCOMPILER_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Target/LLVM/Codegen.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir {
class OpPassManager;
}

namespace gemlir {
namespace target {

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

/// One kernel on its way through code generation.
struct KernelUnit {
  mlir::Location loc;
  std::string name;
  mlir::ModuleOp module;
  /// Loops that no emitter shaped are LLVM's to vectorize.
  bool vectorizeLoops;
  /// What its code is for, if not the device of all.
  const device::Description *device;
  llvm::SmallVector<char, 0> code = {};
  std::string error = {};
};

class KernelCompiler {
public:
  /// Copies every `npu.kernel` directly in `source` to a module of its own.
  KernelCompiler(mlir::ModuleOp source, const device::Description &device, const CodegenOptions &options);

  /// Runs the passes that `build` adds on the module of each kernel.
  mlir::LogicalResult runPasses(llvm::function_ref<void(mlir::OpPassManager &)> build);
  /// Generates the code of each kernel from its module, which is LLVM dialect by
  /// now.
  mlir::LogicalResult generate(Output output);
  /// The same, written one after the other.
  mlir::LogicalResult emitText(Output output, llvm::raw_ostream &os);
  /// Links `others` and the objects of those kernels that `which` takes.
  mlir::LogicalResult link(llvm::function_ref<bool(const KernelUnit &)> which,
                           std::vector<llvm::SmallVector<char, 0>> others, llvm::ArrayRef<const char *> arguments,
                           llvm::SmallVectorImpl<char> &elf);

  llvm::SmallVector<KernelUnit, 0> units;

private:
  void generate(KernelUnit &unit, Output output);

  mlir::ModuleOp source;
  const device::Description &device;
  const CodegenOptions &options;
  mlir::OwningOpRef<mlir::ModuleOp> holder;
};

} // namespace target
} // namespace gemlir

#endif // GEMLIR_TARGET_LLVM_KERNELCOMPILER_H
