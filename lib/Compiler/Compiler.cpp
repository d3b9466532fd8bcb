//===- Compiler.cpp - compile a graph to an offline model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"

#include "Diagnostics.h"
#include "ModelDef.h"
#include "Signature.h"
#include "ge-mlir/Compiler/Pipelines.h"
#include "ge-mlir/Compiler/Registration.h"
#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/GE/Transforms/Pipelines.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Support/ErrorCode.h"
#include "ge-mlir/Target/Host/Host.h"
#include "ge-mlir/Target/Program/TranslateProgram.h"

#include "graph/graph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ThreadPool.h"

using namespace mlir;
using namespace gemlir;

const char *gemlir::getCompilerVersion() { return GEMLIR_VERSION; }

bool gemlir::parseStage(const std::string &text, Stage &stage) {
  static const std::pair<const char *, Stage> names[] = {
      {"ge", Stage::GE},   {"linalg", Stage::Linalg}, {"npu", Stage::NPU}, {"llvm", Stage::LLVM},
      {"asm", Stage::Asm}, {"obj", Stage::Obj},       {"om", Stage::OM}};
  for (auto [name, value] : names)
    if (text == name) {
      stage = value;
      return true;
    }
  return false;
}

/// One registry for all contexts of the process: filling it is slow, copying it
/// is not.
static const DialectRegistry &getRegistry() {
  static const DialectRegistry registry = [] {
    DialectRegistry filled;
    registerDialects(filled);
    return filled;
  }();
  return registry;
}

/// Threads are shared by all compilations of the process.
static llvm::ThreadPoolInterface &getThreadPool() {
  static llvm::DefaultThreadPool pool(llvm::hardware_concurrency());
  return pool;
}

namespace {

/// One compilation: a context, and a module that goes through the stages.
class Compilation {
public:
  Compilation(const CompileOptions &options, CompiledModel &model, CompileError &error);

  MLIRContext *getContext() { return &context; }
  /// Compiles `module`; on failure the error is in the caller's CompileError.
  bool run(OwningOpRef<ModuleOp> module);
  bool fail(const std::string &code, const std::string &text);

private:
  bool runStages(ModuleOp module);
  LogicalResult runPipeline(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build);
  LogicalResult emitText(ModuleOp module);
  LogicalResult emitModel(ModuleOp module);
  bool stopsAfter(Stage stage) const { return options.stopAfter == stage; }

  const CompileOptions &options;
  CompiledModel &model;
  CompileError &error;
  MLIRContext context;
  DiagnosticCollector diagnostics;
  device::Description device;
  Signature signature;
  std::vector<uint8_t> modelDef;
};

} // namespace

Compilation::Compilation(const CompileOptions &options, CompiledModel &model, CompileError &error)
    : options(options), model(model), error(error), context(getRegistry(), MLIRContext::Threading::DISABLED),
      diagnostics(&context) {
  if (options.threads != 1)
    context.setThreadPool(getThreadPool());
  context.loadAllAvailableDialects();
  // A model is too large to be part of a message.
  context.printOpOnDiagnostic(false);
}

bool Compilation::fail(const std::string &code, const std::string &text) {
  error.code = code;
  error.text = text;
  return false;
}

LogicalResult Compilation::runPipeline(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(&context);
  if (options.printAfterAll) {
    context.disableMultithreading();
    OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(16);
    pm.enableIRPrinting([](Pass *, Operation *) { return false; }, [](Pass *, Operation *) { return true; },
                        /*printModuleScope=*/true, /*printAfterOnlyOnChange=*/true,
                        /*printAfterOnlyOnFailure=*/false, llvm::errs(), flags);
  }
  build(pm);
  return pm.run(module);
}

LogicalResult Compilation::emitText(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  host::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  LogicalResult result = success();
  if (stopsAfter(Stage::LLVM))
    result = host::emitLLVM(module, device, codegen, os);
  else if (stopsAfter(Stage::Asm))
    result = host::emitAssembly(module, device, codegen, os);
  else
    module.print(os, OpPrintingFlags().elideLargeElementsAttrs(64).elideLargeResourceString(64));
  model.bytes.assign(text.begin(), text.end());
  return result;
}

LogicalResult Compilation::emitModel(ModuleOp module) {
  host::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  if (const char *inject = std::getenv("GEMLIR_INJECT"))
    host::parseInject(inject, codegen.inject);
  llvm::SmallVector<char> elf;
  if (failed(host::compileKernels(module, device, codegen, elf)))
    return failure();
  if (stopsAfter(Stage::Obj)) {
    model.bytes.assign(elf.begin(), elf.end());
    return success();
  }
  std::string item = "ge_mlir.host." + device.level;
  TranslatedProgram translated;
  translated.program.device = "Host";
  translated.program.inputs = signature.inputs;
  translated.program.outputs = signature.outputs;
  model::Binary binary;
  binary.item = item;
  binary.features = device.features;
  binary.features.insert(binary.features.begin(), device.cpu);
  translated.program.binaries.push_back(binary);
  if (failed(translateProgram(module, translated)))
    return failure();
  model::OMContents contents;
  contents.name = options.modelName.empty() ? signature.name : options.modelName;
  contents.program = std::move(translated.program);
  contents.modelDef = std::move(modelDef);
  contents.weights = std::move(translated.weights);
  contents.binaries.push_back({item, std::vector<uint8_t>(elf.begin(), elf.end())});
  contents.manifest = std::string("compiler: ge-mlir ") + getCompilerVersion() + "\ndevice: " + device.level + "\n";
  if (Error failure = model::writeOM(contents, model.bytes))
    return module.emitError() << failure.text();
  return success();
}

bool Compilation::runStages(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main)
    return module.emitError("expects a function named 'main'"), false;
  if (failed(applyInputShapes(main, options.inputShapes)))
    return false;
  mlir::ge::GEPipelineOptions graph;
  graph.c0 = device.channelBlock;
  if (failed(runPipeline(module, [&](OpPassManager &pm) { mlir::ge::buildGEPipeline(pm, graph); })))
    return false;
  main = module.lookupSymbol<func::FuncOp>("main");
  if (failed(describeSignature(main, signature)))
    return false;
  // What no lowering takes is reported all at once.
  if (failed(runPipeline(module, [](OpPassManager &pm) { pm.addNestedPass<func::FuncOp>(createVerifyGELowering()); })))
    return false;
  if (options.preflight)
    return true;
  if (stopsAfter(Stage::GE))
    return succeeded(emitText(module));
  if (stopsAfter(Stage::OM) && failed(serializeModelDef(main, signature, modelDef)))
    return false;
  DevicePipelineOptions pipeline;
  pipeline.device = options.device;
  if (failed(runPipeline(module, [&](OpPassManager &pm) { buildGEToLinalgPipeline(pm, pipeline); })))
    return false;
  if (stopsAfter(Stage::Linalg))
    return succeeded(emitText(module));
  if (failed(runPipeline(module, [&](OpPassManager &pm) { buildLinalgToNPUPipeline(pm, pipeline); })))
    return false;
  if (stopsAfter(Stage::Obj) || stopsAfter(Stage::OM))
    return succeeded(emitModel(module));
  return succeeded(emitText(module));
}

bool Compilation::run(OwningOpRef<ModuleOp> module) {
  std::string why;
  if (!device::lookup(options.device, device, why))
    return fail("E10001", why);
  bool success = module && runStages(*module);
  model.warnings = diagnostics.getWarnings();
  if (!success)
    diagnostics.describe(error);
  return success;
}

bool gemlir::compile(const ::ge::Graph &graph, const CompileOptions &options, CompiledModel &model,
                     CompileError &error) {
  Compilation compilation(options, model, error);
  return compilation.run(importGraph(graph, compilation.getContext()));
}

bool gemlir::compileModuleText(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                               CompileError &error) {
  Compilation compilation(options, model, error);
  ParserConfig config(compilation.getContext());
  return compilation.run(parseSourceString<ModuleOp>(StringRef(data, size), config));
}

bool gemlir::compileONNX(const char *data, size_t size, const std::string &externalDataDir,
                         const CompileOptions &options, CompiledModel &model, CompileError &error) {
  onnx::ImportOptions import;
  import.externalDataDir = externalDataDir;
  // The caller keeps the bytes; there is nothing to own.
  import.owner = std::shared_ptr<const void>(data, [](const void *) {});
  for (const auto &[name, shape] : options.inputShapes)
    import.inputShapes[name] = shape;
  std::vector<onnx::ImportIssue> found;
  import.issues = &found;
  ::ge::Graph graph;
  std::string why;
  if (!onnx::importModel(data, size, import, graph, why)) {
    error.code = takeErrorCode(why);
    error.text = why;
    error.issues = {{"", "", error.code, why, ""}};
    return false;
  }
  CompileOptions rest = options;
  rest.inputShapes.clear(); // applied by the importer
  if (found.empty())
    return compile(graph, rest, model, error);
  // The rest of the model is looked at nevertheless, for one report.
  rest.preflight = true;
  std::string text;
  std::vector<Issue> issues;
  for (onnx::ImportIssue &issue : found) {
    text += "node '" + issue.node + "': " + issue.why + "; " + issue.advice + "\n";
    issues.push_back({issue.node, issue.type, issue.code, issue.why, issue.advice});
  }
  if (!compile(graph, rest, model, error)) {
    text += error.text;
    issues.insert(issues.end(), error.issues.begin(), error.issues.end());
  }
  while (text.back() == '\n')
    text.pop_back();
  error = {issues.front().code, issues.front().node, text, issues};
  return false;
}
