//===- Compile.cpp - kernels to a shared object ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"
#include "ge-mlir/Target/Host/Host.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

using namespace mlir;

namespace gemlir {
namespace host {

void registerHostTarget(DialectRegistry &registry) {
  registry.insert<affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect, linalg::LinalgDialect,
                  LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, npu::NPUDialect, scf::SCFDialect,
                  ub::UBDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

static LogicalResult lower(target::KernelCompiler &compiler, const device::Description &device) {
  return compiler.runPasses([&](OpPassManager &pm) { buildNPUToLLVMPipeline(pm, device); });
}

LogicalResult linkShared(target::KernelCompiler &compiler, llvm::function_ref<bool(const target::KernelUnit &)> which,
                         ModuleOp module, const device::Description &device, SmallVectorImpl<char> &elf) {
  std::vector<SmallVector<char, 0>> support(1);
  std::string error;
  if (!target::generateText(target::getMemoryFunctions(/*alignment=*/1).c_str(), device, target::Output::Object,
                            support[0], error))
    return module.emitError() << "code generation of support functions failed: " << error;
  return compiler.link(which, std::move(support), {"-shared", "--strip-all", "--hash-style=gnu", "-Bsymbolic"}, elf);
}

LogicalResult compileKernels(ModuleOp module, const device::Description &device, const CodegenOptions &options,
                             SmallVectorImpl<char> &elf) {
  target::KernelCompiler compiler(module, device, options);
  if (failed(lower(compiler, device)) || failed(compiler.generate(target::Output::Object)))
    return failure();
  return linkShared(compiler, [](const target::KernelUnit &) { return true; }, module, device, elf);
}

LogicalResult emitLLVM(ModuleOp module, const device::Description &device, const CodegenOptions &options,
                       raw_ostream &os) {
  target::KernelCompiler compiler(module, device, options);
  return failed(lower(compiler, device)) ? failure() : compiler.emitText(target::Output::IR, os);
}

LogicalResult emitAssembly(ModuleOp module, const device::Description &device, const CodegenOptions &options,
                           raw_ostream &os) {
  target::KernelCompiler compiler(module, device, options);
  return failed(lower(compiler, device)) ? failure() : compiler.emitText(target::Output::Assembly, os);
}

} // namespace host
} // namespace gemlir
