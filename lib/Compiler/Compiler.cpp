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
#include "NumericVerifier.h"
#include "PipelineSteps.h"
#include "Signature.h"
#include "ge-mlir/Compiler/Pipelines.h"
#include "ge-mlir/Compiler/Registration.h"
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
#include "llvm/ADT/StringSet.h"
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
  void buildPasses(Stage stage, OpPassManager &pm);
  void setUp(PassManager &pm);
  LogicalResult runPasses(ModuleOp module, Stage stage);
  LogicalResult setUpSteps(ModuleOp module);
  LogicalResult runSteps(ModuleOp module, Stage stage);
  LogicalResult pack(ModuleOp module, const Signature &interface, std::vector<uint8_t> graph,
                     std::vector<uint8_t> &bytes);
  LogicalResult emitText(ModuleOp module);
  bool stopsAfter(Stage stage) const { return options.stopAfter == stage; }

  const CompileOptions &options;
  CompiledModel &model;
  CompileError &error;
  MLIRContext context;
  DiagnosticCollector diagnostics;
  device::Description device;
  Signature signature;
  std::vector<uint8_t> modelDef;

  /// All passes one by one, if the options want something to happen between
  /// them, and where each stage ends.
  std::vector<PipelineStep> steps;
  size_t nextStep = 0;
  llvm::SmallVector<std::pair<Stage, size_t>> stageEnds;
  std::optional<NumericVerifier> verifier;
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

/// The passes that end in `stage`: GE, Linalg or NPU.
void Compilation::buildPasses(Stage stage, OpPassManager &pm) {
  mlir::ge::GEPipelineOptions graph;
  graph.c0 = device.channelBlock;
  DevicePipelineOptions pipeline;
  pipeline.device = options.device;
  if (stage == Stage::GE)
    mlir::ge::buildGEPipeline(pm, graph);
  else if (stage == Stage::Linalg)
    buildGEToLinalgPipeline(pm, pipeline);
  else
    buildLinalgToNPUPipeline(pm, pipeline);
}

/// What the options ask of every pass manager.
void Compilation::setUp(PassManager &pm) {
  if (!options.printAfterAll)
    return;
  context.disableMultithreading();
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16).elideLargeResourceString(16);
  pm.enableIRPrinting([](Pass *, Operation *) { return false; }, [](Pass *, Operation *) { return true; },
                      /*printModuleScope=*/true, /*printAfterOnlyOnChange=*/true,
                      /*printAfterOnlyOnFailure=*/false, llvm::errs(), flags);
}

LogicalResult Compilation::runPasses(ModuleOp module, Stage stage) {
  if (!steps.empty())
    return runSteps(module, stage);
  PassManager pm(&context);
  setUp(pm);
  buildPasses(stage, pm);
  return pm.run(module);
}

/// Takes the pipelines apart if the options ask for passes between passes.
LogicalResult Compilation::setUpSteps(ModuleOp module) {
  if (!options.verifyEachNumerically && options.insertedPasses.empty())
    return success();
  for (const std::string &file : options.passPlugins)
    if (std::string why = loadPassPlugin(file); !why.empty())
      return module.emitError() << why << " [E10001]";
  llvm::StringSet<> inserted;
  for (Stage stage : {Stage::GE, Stage::Linalg, Stage::NPU}) {
    PassManager pm(&context, ModuleOp::getOperationName());
    buildPasses(stage, pm);
    std::vector<PipelineStep> part = splitPipeline(pm);
    for (const auto &[after, text] : options.insertedPasses)
      if (insertSteps(part, after, text))
        inserted.insert(after);
    steps.insert(steps.end(), part.begin(), part.end());
    stageEnds.push_back({stage, steps.size()});
  }
  for (const auto &[after, text] : options.insertedPasses)
    if (!inserted.contains(after))
      return module.emitError() << "no pass '" << after << "' runs that '" << text << "' could follow [E10001]";
  if (options.verifyEachNumerically)
    verifier.emplace(steps, [this](ModuleOp lowered, func::FuncOp graph, std::vector<uint8_t> &om) {
      Signature interface;
      return success(succeeded(describeSignature(graph, interface)) && succeeded(pack(lowered, interface, {}, om)));
    });
  return success();
}

LogicalResult Compilation::runSteps(ModuleOp module, Stage stage) {
  size_t end = llvm::find_if(stageEnds, [&](auto &entry) { return entry.first == stage; })->second;
  for (; nextStep < end; ++nextStep)
    if (failed(steps[nextStep].run(module, [this](PassManager &pm) { setUp(pm); })) || (verifier && failed(verifier->check(module, nextStep))))
      return failure();
  return success();
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

/// Compiles the kernels; what becomes of them is `bytes`: the device binary, or
/// the offline model with `interface` and the serialized `graph`.
LogicalResult Compilation::pack(ModuleOp module, const Signature &interface, std::vector<uint8_t> graph,
                                std::vector<uint8_t> &bytes) {
  host::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  if (const char *inject = std::getenv("GEMLIR_INJECT"))
    host::parseInject(inject, codegen.inject);
  llvm::SmallVector<char> elf;
  if (failed(host::compileKernels(module, device, codegen, elf)))
    return failure();
  if (stopsAfter(Stage::Obj) && &bytes == &model.bytes) {
    bytes.assign(elf.begin(), elf.end());
    return success();
  }
  std::string item = "ge_mlir.host." + device.level;
  TranslatedProgram translated;
  translated.program.device = "Host";
  translated.program.inputs = interface.inputs;
  translated.program.outputs = interface.outputs;
  model::Binary binary;
  binary.item = item;
  binary.features = device.features;
  binary.features.insert(binary.features.begin(), device.cpu);
  translated.program.binaries.push_back(binary);
  if (failed(translateProgram(module, translated)))
    return failure();
  model::OMContents contents;
  contents.name = options.modelName.empty() ? interface.name : options.modelName;
  contents.program = std::move(translated.program);
  contents.modelDef = std::move(graph);
  contents.weights = std::move(translated.weights);
  contents.binaries.push_back({item, std::vector<uint8_t>(elf.begin(), elf.end())});
  contents.manifest = std::string("compiler: ge-mlir ") + getCompilerVersion() + "\ndevice: " + device.level + "\n";
  if (Error failure = model::writeOM(contents, bytes))
    return module.emitError() << failure.text();
  return success();
}

bool Compilation::runStages(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main)
    return module.emitError("expects a function named 'main'"), false;
  if (failed(applyInputShapes(main, options.inputShapes)))
    return false;
  if (failed(setUpSteps(module)) || failed(runPasses(module, Stage::GE)))
    return false;
  main = module.lookupSymbol<func::FuncOp>("main");
  if (failed(describeSignature(main, signature)))
    return false;
  if (stopsAfter(Stage::GE))
    return succeeded(emitText(module));
  if (stopsAfter(Stage::OM) && failed(serializeModelDef(main, signature, modelDef)))
    return false;
  if (failed(runPasses(module, Stage::Linalg)))
    return false;
  if (stopsAfter(Stage::Linalg))
    return succeeded(emitText(module));
  if (failed(runPasses(module, Stage::NPU)))
    return false;
  if (stopsAfter(Stage::Obj) || stopsAfter(Stage::OM))
    return succeeded(pack(module, signature, std::move(modelDef), model.bytes));
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
  ::ge::Graph graph;
  std::string why;
  if (!onnx::importModel(data, size, import, graph, why)) {
    error.code = takeErrorCode(why);
    error.text = why;
    return false;
  }
  CompileOptions rest = options;
  rest.inputShapes.clear(); // applied by the importer
  return compile(graph, rest, model, error);
}
