//===- Codegen.cpp - one LLVM module to an object or assembly -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Target/LLVM/Codegen.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/PassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86Target();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86AsmPrinter();
void LLVMInitializeX86AsmParser();
void LLVMInitializeAArch64TargetInfo();
void LLVMInitializeAArch64Target();
void LLVMInitializeAArch64TargetMC();
void LLVMInitializeAArch64AsmPrinter();
void LLVMInitializeAArch64AsmParser();
void LLVMInitializeRISCVTargetInfo();
void LLVMInitializeRISCVTarget();
void LLVMInitializeRISCVTargetMC();
void LLVMInitializeRISCVAsmPrinter();
void LLVMInitializeRISCVAsmParser();
}

namespace gemlir {
namespace target {

//===----------------------------------------------------------------------===//
// Recovery
//===----------------------------------------------------------------------===//

/// The last fatal error of this thread.
static thread_local std::string fatalError;

/// Called on the thread that fails; leaves its recovery context.
static void handleFatalError(void *, const char *reason, bool) {
  fatalError = reason;
  llvm::sys::Process::Exit(1);
}

static std::mutex recoveryMutex;
static unsigned recoveryScopes = 0;

RecoveryScope::RecoveryScope() {
  std::lock_guard<std::mutex> lock(recoveryMutex);
  if (recoveryScopes++)
    return;
  llvm::CrashRecoveryContext::Enable();
  llvm::install_fatal_error_handler(handleFatalError);
}

RecoveryScope::~RecoveryScope() {
  std::lock_guard<std::mutex> lock(recoveryMutex);
  if (--recoveryScopes)
    return;
  llvm::remove_fatal_error_handler();
  llvm::CrashRecoveryContext::Disable();
}

bool runRecoverably(llvm::function_ref<void()> work, std::string &error) {
  fatalError.clear();
  llvm::CrashRecoveryContext context;
  if (context.RunSafely(work))
    return true;
  error = fatalError.empty() ? "crashed (code " + std::to_string(context.RetCode) + ")" : fatalError;
  return false;
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTarget();
    LLVMInitializeRISCVTargetMC();
    LLVMInitializeRISCVAsmPrinter();
    LLVMInitializeRISCVAsmParser();
  });
}

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(const device::Description &device, std::string &error) {
  initializeTargets();
  llvm::Triple triple(device.triple);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    error = "device '" + device.name + "': " + error;
    return nullptr;
  }
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  // The host's loader places a shared object; the binary of an NPU has its place.
  const bool isShared = device.kind == device::Kind::Host;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, device.cpu, llvm::join(device.features, ","), options, isShared ? llvm::Reloc::PIC_ : llvm::Reloc::Static,
      isShared ? llvm::CodeModel::Small : llvm::CodeModel::Medium, llvm::CodeGenOptLevel::Default));
  if (!machine)
    error = "device '" + device.name + "': no code generator for '" + device.triple + "'";
  return machine;
}

bool getDataLayout(const device::Description &device, std::string &layout, std::string &error) {
  auto machine = createTargetMachine(device, error);
  if (!machine)
    return false;
  layout = machine->createDataLayout().getStringRepresentation();
  return true;
}

//===----------------------------------------------------------------------===//
// Code generation
//===----------------------------------------------------------------------===//

namespace {
/// Keeps errors that LLVM reports without ending.
struct CollectErrors : llvm::DiagnosticHandler {
  explicit CollectErrors(std::string &error) : error(error) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (info.getSeverity() != llvm::DS_Error)
      return true;
    llvm::raw_string_ostream os(error);
    llvm::DiagnosticPrinterRawOStream printer(os);
    info.print(printer);
    return true;
  }
  std::string &error;
};
} // namespace

static void optimize(llvm::Module &module, llvm::TargetMachine &machine, bool vectorizeLoops) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = vectorizeLoops;
  tuning.LoopInterleaving = vectorizeLoops;
  tuning.LoopUnrolling = vectorizeLoops;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  auto level = vectorizeLoops ? llvm::OptimizationLevel::O2 : llvm::OptimizationLevel::O1;
  builder.buildPerModuleDefaultPipeline(level).run(module, modules);
}

bool generateCode(llvm::Module &module, const device::Description &device, bool vectorizeLoops, Output output,
                  llvm::SmallVectorImpl<char> &result, std::string &error) {
  auto machine = createTargetMachine(device, error);
  if (!machine)
    return false;
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  // Names of the machine that compiled stay out of the object.
  module.setSourceFileName("kernel");
  module.setModuleIdentifier("kernel");
  llvm::raw_string_ostream verifierText(error);
  if (llvm::verifyModule(module, &verifierText)) {
    error = "invalid LLVM IR: " + error;
    return false;
  }
  module.getContext().setDiagnosticHandler(std::make_unique<CollectErrors>(error));
  optimize(module, *machine, vectorizeLoops);
  llvm::raw_svector_ostream os(result);
  if (output == Output::IR) {
    module.print(os, nullptr);
    return error.empty();
  }
  llvm::legacy::PassManager passes;
  auto type = output == Output::Object ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
  if (machine->addPassesToEmitFile(passes, os, nullptr, type)) {
    error = "the target cannot emit this kind of file";
    return false;
  }
  passes.run(module);
  return error.empty();
}

bool generateText(const char *text, const device::Description &device, Output output,
                  llvm::SmallVectorImpl<char> &result, std::string &error) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> module = llvm::parseAssemblyString(text, diagnostic, context);
  if (!module) {
    error = diagnostic.getMessage().str();
    return false;
  }
  return generateCode(*module, device, /*vectorizeLoops=*/true, output, result, error);
}

} // namespace target
} // namespace gemlir
