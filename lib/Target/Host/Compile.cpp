//===- Compile.cpp - kernels to a shared object ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Codegen.h"

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Threading.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;

namespace gemlir {
namespace host {

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

void registerHostTarget(DialectRegistry &registry) {
  registry.insert<affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect, linalg::LinalgDialect,
                  LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, npu::NPUDialect,
                  scf::SCFDialect, ub::UBDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

namespace {

/// One kernel on its way through code generation.
struct Unit {
  Location loc;
  std::string name;
  ModuleOp module;
  /// Loops that no emitter shaped are LLVM's to vectorize.
  bool vectorizeLoops;
  SmallVector<char, 0> code = {};
  std::string error = {};
};

/// The kernels of a module, each in a module of its own inside `holder`.
class Compilation {
public:
  Compilation(ModuleOp source, const device::Description &device, const CodegenOptions &options)
      : source(source), device(device), options(options) {}

  LogicalResult run(Output output);

  SmallVector<Unit, 0> units;
  SmallVector<char, 0> support;

private:
  void split();
  LogicalResult lower();
  void generate(Unit &unit, Output output);

  ModuleOp source;
  const device::Description &device;
  const CodegenOptions &options;
  OwningOpRef<ModuleOp> holder;
};

} // namespace

void Compilation::split() {
  MLIRContext *context = source.getContext();
  holder = ModuleOp::create(UnknownLoc::get(context));
  OpBuilder builder = OpBuilder::atBlockEnd(holder->getBody());
  for (auto kernel : source.getOps<npu::KernelOp>()) {
    auto module = ModuleOp::create(builder, kernel.getLoc());
    OpBuilder::atBlockEnd(module.getBody()).clone(*kernel.getOperation());
    bool hasTileOps = false;
    kernel.walk([&](Operation *op) { hasTileOps |= isa<npu::MmadOp, npu::DepthwiseOp, npu::AttentionOp>(op); });
    units.push_back(Unit{kernel.getLoc(), kernel.getSymName().str(), module, !hasTileOps});
  }
}

LogicalResult Compilation::lower() {
  std::string layout, error;
  if (!getDataLayout(device, layout, error))
    return source.emitError() << error;
  MLIRContext *context = source.getContext();
  for (Unit &unit : units) {
    unit.module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(), StringAttr::get(context, layout));
    unit.module->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                         StringAttr::get(context, device.triple));
  }
  PassManager pm(context, ModuleOp::getOperationName());
  if (options.printAfterAll)
    pm.enableIRPrinting();
  buildNPUToLLVMPipeline(pm.nest<ModuleOp>(), device);
  return pm.run(*holder);
}

/// Makes the linker fail.
static void callUndefinedSymbol(llvm::Module &module) {
  auto symbol = module.getOrInsertFunction("injected_undefined_symbol",
                                           llvm::Type::getVoidTy(module.getContext()));
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      llvm::CallInst::Create(symbol, "", function.getEntryBlock().getTerminator()->getIterator());
}

void Compilation::generate(Unit &unit, Output output) {
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
        generateCode(*module, device, unit.vectorizeLoops, output, unit.code, unit.error);
      },
      crash);
  if (!completed)
    unit.error = crash;
}

LogicalResult Compilation::run(Output output) {
  split();
  if (failed(lower()))
    return failure();
  RecoveryScope scope;
  // Diagnostics wait until all threads are done, so that their order is that of
  // the kernels.
  parallelFor(source.getContext(), 0, units.size(), [&](size_t i) { generate(units[i], output); });
  LogicalResult result = success();
  for (Unit &unit : units)
    if (!unit.error.empty())
      result = mlir::emitError(unit.loc) << "code generation of kernel '" << unit.name << "' failed: " << unit.error;
  std::string error;
  if (succeeded(result) && output == Output::Object &&
      !generateSupport(device, output, support, error))
    result = source.emitError() << "code generation of support functions failed: " << error;
  return result;
}

LogicalResult compileKernels(ModuleOp module, const device::Description &device,
                             const CodegenOptions &options, SmallVectorImpl<char> &elf) {
  Compilation compilation(module, device, options);
  if (failed(compilation.run(Output::Object)))
    return failure();
  std::vector<SmallVector<char, 0>> objects;
  for (Unit &unit : compilation.units)
    objects.push_back(std::move(unit.code));
  objects.push_back(std::move(compilation.support));
  std::string error;
  if (linkShared(objects, elf, error))
    return success();
  return module.emitError() << "linking of kernels failed: " << error;
}

static LogicalResult emitText(ModuleOp module, const device::Description &device,
                              const CodegenOptions &options, Output output, raw_ostream &os) {
  Compilation compilation(module, device, options);
  if (failed(compilation.run(output)))
    return failure();
  for (const Unit &unit : compilation.units)
    os << StringRef(unit.code.data(), unit.code.size());
  return success();
}

LogicalResult emitLLVM(ModuleOp module, const device::Description &device, const CodegenOptions &options,
                       raw_ostream &os) {
  return emitText(module, device, options, Output::IR, os);
}

LogicalResult emitAssembly(ModuleOp module, const device::Description &device,
                           const CodegenOptions &options, raw_ostream &os) {
  return emitText(module, device, options, Output::Assembly, os);
}

} // namespace host
} // namespace gemlir
