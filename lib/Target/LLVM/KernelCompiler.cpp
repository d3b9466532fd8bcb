//===- KernelCompiler.cpp - kernels to objects or text ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Target/LLVM/KernelCompiler.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Threading.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;

namespace gemlir {
namespace target {

bool parseInject(StringRef text, Inject &inject) {
  if (text.empty())
    inject = Inject::None;
  else if (text == "codegen-fatal")
    inject = Inject::CodegenFatal;
  else if (text == "codegen-crash")
    inject = Inject::CodegenCrash;
  else if (text == "link")
    inject = Inject::LinkFailure;
  else
    return false;
  return true;
}

KernelCompiler::KernelCompiler(ModuleOp source, const device::Description &device, const CodegenOptions &options)
    : source(source), device(device), options(options) {
  MLIRContext *context = source.getContext();
  holder = ModuleOp::create(UnknownLoc::get(context));
  OpBuilder builder = OpBuilder::atBlockEnd(holder->getBody());
  for (auto kernel : source.getOps<npu::KernelOp>()) {
    auto module = ModuleOp::create(builder, kernel.getLoc());
    OpBuilder::atBlockEnd(module.getBody()).clone(*kernel.getOperation());
    bool hasTileOps = false;
    kernel.walk([&](Operation *op) { hasTileOps |= isa<npu::MmadOp, npu::DepthwiseOp, npu::AttentionOp>(op); });
    units.push_back(KernelUnit{kernel.getLoc(), kernel.getSymName().str(), module, !hasTileOps, &device});
  }
}

LogicalResult KernelCompiler::runPasses(llvm::function_ref<void(OpPassManager &)> build) {
  std::string layout, error;
  if (!getDataLayout(device, layout, error))
    return source.emitError() << error;
  MLIRContext *context = source.getContext();
  for (KernelUnit &unit : units) {
    unit.module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(), StringAttr::get(context, layout));
    unit.module->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(), StringAttr::get(context, device.triple));
  }
  PassManager pm(context, ModuleOp::getOperationName());
  if (options.printAfterAll)
    pm.enableIRPrinting();
  build(pm.nest<ModuleOp>());
  return pm.run(*holder);
}

/// Makes the linker fail.
static void callUndefinedSymbol(llvm::Module &module) {
  auto symbol = module.getOrInsertFunction("injected_undefined_symbol", llvm::Type::getVoidTy(module.getContext()));
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      llvm::CallInst::Create(symbol, "", function.getEntryBlock().getTerminator()->getIterator());
}

void KernelCompiler::generate(KernelUnit &unit, Output output) {
  std::string crash;
  bool completed = runRecoverably(
      [&] {
        if (options.inject == Inject::CodegenFatal)
          llvm::report_fatal_error("injected fatal error", /*gen_crash_diag=*/false);
        if (options.inject == Inject::CodegenCrash)
          __builtin_trap();
        llvm::LLVMContext context;
        std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(unit.module, context, "kernel");
        if (!module) {
          unit.error = "cannot translate to LLVM IR";
          return;
        }
        if (options.inject == Inject::LinkFailure)
          callUndefinedSymbol(*module);
        generateCode(*module, *unit.device, unit.vectorizeLoops, output, unit.code, unit.error);
      },
      crash);
  if (!completed)
    unit.error = crash;
}

LogicalResult KernelCompiler::generate(Output output) {
  RecoveryScope scope;
  // Diagnostics wait until all threads are done, so that their order is that of
  // the kernels.
  parallelFor(source.getContext(), 0, units.size(), [&](size_t i) { generate(units[i], output); });
  LogicalResult result = success();
  for (KernelUnit &unit : units)
    if (!unit.error.empty())
      result = mlir::emitError(unit.loc) << "code generation of kernel '" << unit.name << "' failed: " << unit.error;
  return result;
}

LogicalResult KernelCompiler::emitText(Output output, raw_ostream &os) {
  if (failed(generate(output)))
    return failure();
  for (const KernelUnit &unit : units)
    os << StringRef(unit.code.data(), unit.code.size());
  return success();
}

LogicalResult KernelCompiler::link(llvm::function_ref<bool(const KernelUnit &)> which,
                                   std::vector<SmallVector<char, 0>> others, ArrayRef<const char *> arguments,
                                   SmallVectorImpl<char> &elf) {
  std::vector<SmallVector<char, 0>> objects;
  for (KernelUnit &unit : units)
    if (which(unit))
      objects.push_back(std::move(unit.code));
  for (SmallVector<char, 0> &other : others)
    objects.push_back(std::move(other));
  std::string error;
  if (target::link(objects, arguments, elf, error))
    return success();
  return source.emitError() << "linking of kernels failed: " << error;
}

} // namespace target
} // namespace gemlir
