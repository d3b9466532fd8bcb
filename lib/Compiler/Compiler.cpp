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
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/GE/Transforms/Pipelines.h"
#include "ge-mlir/Import/AIR/AIR.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Support/ErrorCode.h"
#include "ge-mlir/Support/Version.h"
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

const char *gemlir::getCompilerVersion() { return getVersion(); }

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

bool gemlir::parsePrecisionMode(const std::string &mode, std::string &precision) {
  // Every operator has f32 here, so what is allowed to be shorter need not be.
  static const std::pair<const char *, const char *> modes[] = {
      {"force_fp16", "f16"},
      {"force_fp32", ""},
      {"cube_fp16in_fp32out", ""},
      {"allow_fp32_to_fp16", ""},
      {"allow_fp32_to_bf16", ""},
      {"must_keep_origin_dtype", ""},
      {"allow_mix_precision", "mix-f16"},
      {"allow_mix_precision_fp16", "mix-f16"},
      {"allow_mix_precision_bf16", "mix-bf16"},
      {"fp16", "f16"},
      {"origin", ""},
      {"mixed_float16", "mix-f16"},
      {"mixed_bfloat16", "mix-bf16"}};
  for (auto [name, value] : modes)
    if (mode == name) {
      precision = value;
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

/// Makes the module to compile in a context of its own; null after a diagnostic.
using ModuleMaker = llvm::function_ref<OwningOpRef<ModuleOp>(MLIRContext *)>;

/// One compilation of a module that goes through the stages: a context, what is
/// made of the module, and what went wrong. A model with gears takes one each.
class Compilation {
public:
  explicit Compilation(const CompileOptions &options);

  /// Takes the module to the stage that the options name, for the gear of this
  /// number. Text and machine code are in `bytes`.
  bool run(ModuleMaker makeModule, unsigned gear);
  /// The program of the module with its part of `weights`.
  LogicalResult translate(unsigned gear, WeightPool &weights, model::Program &program, model::OMBinary &binary);
  /// Reports a failure at the module.
  void emitError(const Error &error);

  std::string code, text; ///< of a failure before there are diagnostics
  std::vector<uint8_t> bytes, modelDef;
  DiagnosticCollector &getDiagnostics() { return diagnostics; }
  const Signature &getSignature() const { return signature; }
  const device::Description &getDevice() const { return device; }

private:
  bool runStages(unsigned gear);
  LogicalResult runPipeline(llvm::function_ref<void(OpPassManager &)> build);
  LogicalResult emitText();
  LogicalResult emitKernels();
  bool stopsAfter(Stage stage) const { return options.stopAfter == stage; }

  const CompileOptions &options;
  MLIRContext context;
  DiagnosticCollector diagnostics;
  device::Description device;
  Signature signature;
  OwningOpRef<ModuleOp> module;
};

} // namespace

Compilation::Compilation(const CompileOptions &options)
    : options(options), context(getRegistry(), MLIRContext::Threading::DISABLED), diagnostics(&context) {
  if (options.threads != 1)
    context.setThreadPool(getThreadPool());
  context.loadAllAvailableDialects();
  // A model is too large to be part of a message.
  context.printOpOnDiagnostic(false);
}

LogicalResult Compilation::runPipeline(llvm::function_ref<void(OpPassManager &)> build) {
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
  return pm.run(*module);
}

LogicalResult Compilation::emitText() {
  std::string text;
  llvm::raw_string_ostream os(text);
  host::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  LogicalResult result = success();
  if (stopsAfter(Stage::LLVM))
    result = host::emitLLVM(*module, device, codegen, os);
  else if (stopsAfter(Stage::Asm))
    result = host::emitAssembly(*module, device, codegen, os);
  else
    module->print(os, OpPrintingFlags().elideLargeElementsAttrs(64).elideLargeResourceString(64));
  bytes.assign(text.begin(), text.end());
  return result;
}

LogicalResult Compilation::emitKernels() {
  host::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  if (const char *inject = std::getenv("GEMLIR_INJECT"))
    host::parseInject(inject, codegen.inject);
  llvm::SmallVector<char> elf;
  if (failed(host::compileKernels(*module, device, codegen, elf)))
    return failure();
  bytes.assign(elf.begin(), elf.end());
  return success();
}

LogicalResult Compilation::translate(unsigned gear, WeightPool &weights, model::Program &program,
                                     model::OMBinary &binary) {
  binary.item = "ge_mlir.host." + device.level + (gear ? "." + std::to_string(gear) : "");
  binary.bytes = std::move(bytes);
  program.device = "Host";
  program.inputs = signature.inputs;
  program.outputs = signature.outputs;
  model::Binary entry;
  entry.item = binary.item;
  entry.features = device.features;
  entry.features.insert(entry.features.begin(), device.cpu);
  program.binaries.push_back(entry);
  return translateProgram(*module, program, weights);
}

void Compilation::emitError(const Error &error) {
  module->emitError() << error.text() << (error.code() == ErrorCode::FileWrite ? " [E13003]" : "");
}

bool Compilation::runStages(unsigned gear) {
  auto main = module->lookupSymbol<func::FuncOp>("main");
  if (!main)
    return module->emitError("expects a function named 'main'"), false;
  if (failed(applyInputShapes(main, options.inputShapes)))
    return false;
  if (!options.gears.empty() &&
      failed(applyGear(main, options.inputShapes, options.gears.kind, options.gears.values[gear])))
    return false;
  mlir::ge::GEPipelineOptions graph;
  graph.c0 = device.channelBlock;
  graph.precision = options.precision;
  if (failed(runPipeline([&](OpPassManager &pm) { mlir::ge::buildGEPipeline(pm, graph); })))
    return false;
  main = module->lookupSymbol<func::FuncOp>("main");
  if (failed(describeSignature(main, signature)))
    return false;
  if (stopsAfter(Stage::GE))
    return succeeded(emitText());
  if (stopsAfter(Stage::OM) && gear == 0 && failed(serializeModelDef(main, signature, modelDef)))
    return false;
  DevicePipelineOptions pipeline;
  pipeline.device = options.device;
  if (failed(runPipeline([&](OpPassManager &pm) { buildGEToLinalgPipeline(pm, pipeline); })))
    return false;
  if (stopsAfter(Stage::Linalg))
    return succeeded(emitText());
  if (failed(runPipeline([&](OpPassManager &pm) { buildLinalgToNPUPipeline(pm, pipeline); })))
    return false;
  if (stopsAfter(Stage::Obj) || stopsAfter(Stage::OM))
    return succeeded(emitKernels());
  return succeeded(emitText());
}

bool Compilation::run(ModuleMaker makeModule, unsigned gear) {
  if (!device::lookup(options.device, device, text)) {
    code = "E10001";
    return false;
  }
  module = makeModule(&context);
  return module && runStages(gear);
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

/// Puts together what the compilations, one for each gear, have made.
static bool assemble(const CompileOptions &options, ArrayRef<std::unique_ptr<Compilation>> compilations,
                     std::vector<uint8_t> &bytes) {
  model::OMContents contents;
  WeightPool weights(model::getWeightAlignment(options.weights));
  for (auto [i, compilation] : llvm::enumerate(compilations)) {
    model::Gear &gear = contents.gears.emplace_back();
    if (!options.gears.empty())
      gear.values = options.gears.values[i];
    if (failed(compilation->translate(i, weights, gear.program, contents.binaries.emplace_back())))
      return false;
  }
  contents.weights = weights.getSegments();
  int64_t total = 0;
  (void)model::layoutWeights(contents.weights, total);
  for (model::Gear &gear : contents.gears)
    gear.program.weightSize = total;
  contents.gearKind = options.gears.kind;
  Compilation &first = *compilations.front();
  if (options.gears.empty()) {
    contents.program = std::move(contents.gears[0].program);
    contents.gears.clear();
  }
  contents.name = options.modelName.empty() ? first.getSignature().name : options.modelName;
  contents.modelDef = std::move(first.modelDef);
  contents.manifest =
      std::string("compiler: ge-mlir ") + getVersion() + "\ndevice: " + first.getDevice().level + "\n";
  Error error =
      model::externalizeWeights(contents, options.weights, options.weightDirectory, options.embedWeightsWhenSaved);
  if (!error)
    error = model::writeOM(contents, bytes);
  if (error)
    first.emitError(error);
  return !error;
}

static bool compileModule(const CompileOptions &options, CompiledModel &model, CompileError &error,
                          ModuleMaker makeModule) {
  const bool toModel = options.stopAfter == Stage::OM;
  const size_t count = toModel ? std::max<size_t>(options.gears.values.size(), 1) : 1;
  std::vector<std::unique_ptr<Compilation>> compilations;
  auto fail = [&](Compilation &culprit) {
    if (culprit.code.empty())
      return culprit.getDiagnostics().describe(error), false;
    error.code = culprit.code;
    error.text = culprit.text;
    return false;
  };
  model.warnings.clear();
  for (size_t gear = 0; gear < count; ++gear) {
    Compilation &compilation = *compilations.emplace_back(std::make_unique<Compilation>(options));
    const bool good = compilation.run(makeModule, gear);
    if (gear == 0)
      model.warnings = compilation.getDiagnostics().getWarnings();
    if (!good)
      return fail(compilation);
  }
  if (!toModel) {
    model.bytes = std::move(compilations[0]->bytes);
    return true;
  }
  // A program that cannot be translated is a failure of its own compilation.
  if (assemble(options, compilations, model.bytes))
    return true;
  for (const std::unique_ptr<Compilation> &compilation : compilations)
    if (compilation->getDiagnostics().hasErrors())
      return fail(*compilation);
  return fail(*compilations.front());
}

bool gemlir::compile(const ::ge::Graph &graph, const CompileOptions &options, CompiledModel &model,
                     CompileError &error) {
  return compileModule(options, model, error, [&](MLIRContext *context) { return importGraph(graph, context); });
}

bool gemlir::compileModuleText(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                               CompileError &error) {
  return compileModule(options, model, error, [&](MLIRContext *context) {
    ParserConfig config(context);
    return parseSourceString<ModuleOp>(StringRef(data, size), config);
  });
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
  if (rest.gears.empty())
    rest.inputShapes.clear(); // applied by the importer
  return compile(graph, rest, model, error);
}

bool gemlir::compileAIR(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                        CompileError &error) {
  ::ge::Graph graph;
  std::shared_ptr<const void> caller(data, [](const void *) {});
  if (air::importGraph(data, size, caller, graph, error.text))
    return compile(graph, options, model, error);
  error.code = takeErrorCode(error.text);
  return false;
}
