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
#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/GE/Transforms/Pipelines.h"
#include "ge-mlir/Import/AIR/AIR.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Support/ErrorCode.h"
#include "ge-mlir/Support/Version.h"
#include "ge-mlir/Target/AICore/AICore.h"
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
  static const std::pair<const char *, const char *> modes[] = {{"force_fp16", "f16"},
                                                                {"force_fp32", ""},
                                                                {"cube_fp16in_fp32out", "cube-f16"},
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
  LogicalResult translate(unsigned gear, WeightPool &weights, model::Program &program,
                          std::vector<model::OMBinary> &binaries);
  /// Reports a failure at the module.
  void emitError(const Error &error);

  std::string code, text; ///< of a failure before there are diagnostics
  std::vector<uint8_t> bytes, modelDef;
  std::vector<KernelPlacement> placements;
  DiagnosticCollector &getDiagnostics() { return diagnostics; }
  const Signature &getSignature() const { return signature; }
  const device::Description &getDevice() const { return device; }

private:
  bool runStages(unsigned gear);
  void buildPasses(Stage stage, OpPassManager &pm);
  void setUp(PassManager &pm);
  LogicalResult runPasses(Stage stage);
  LogicalResult setUpSteps();
  LogicalResult runSteps(Stage stage);
  LogicalResult emitText();
  LogicalResult emitKernels(ModuleOp kernels, std::vector<uint8_t> &elf);
  LogicalResult compileForNPU(ModuleOp kernels, const target::CodegenOptions &codegen,
                              llvm::SmallVectorImpl<char> &binary);
  LogicalResult translate(ModuleOp lowered, const Signature &interface, std::vector<uint8_t> elf, unsigned gear,
                          WeightPool &weights, model::Program &program, std::vector<model::OMBinary> &binaries);
  void addHostKernels(unsigned gear, model::Program &program, std::vector<model::OMBinary> &binaries);
  LogicalResult packForVerification(ModuleOp lowered, func::FuncOp graph, std::vector<uint8_t> &om);
  bool stopsAfter(Stage stage) const { return options.stopAfter == stage; }

  const CompileOptions &options;
  MLIRContext context;
  DiagnosticCollector diagnostics;
  device::Description device;
  /// Of an NPU's model with kernels of the host, the host and their code.
  device::Description host;
  std::vector<uint8_t> hostBytes;
  Signature signature;
  OwningOpRef<ModuleOp> module;

  /// All passes one by one, if the options want something to happen between
  /// them, and where each stage ends.
  std::vector<PipelineStep> steps;
  size_t nextStep = 0;
  llvm::SmallVector<std::pair<Stage, size_t>> stageEnds;
  std::optional<NumericVerifier> verifier;
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

/// The passes that end in `stage`: GE, Linalg or NPU.
void Compilation::buildPasses(Stage stage, OpPassManager &pm) {
  mlir::ge::GEPipelineOptions graph;
  graph.c0 = device.channelBlock;
  // One core that is both has no two that hand over an attention to each other, but it
  // multiplies.
  graph.fuseAttention = !device.aiCore || !device.aiCore->coupled;
  DevicePipelineOptions pipeline;
  llvm::StringRef precision = options.precision;
  if (precision.consume_front("cube-")) {
    pipeline.cubeType = precision.str();
  } else {
    graph.precision = precision.str();
    pipeline.roundOnce = !precision.empty();
  }
  pipeline.device = options.device;
  pipeline.candidates = options.tileCandidates;
  if (stage == Stage::GE) {
    mlir::ge::buildGEPipeline(pm, graph);
    // What no lowering takes is reported all at once.
    pm.addNestedPass<func::FuncOp>(createVerifyGELowering());
  } else if (stage == Stage::Linalg)
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

LogicalResult Compilation::runPasses(Stage stage) {
  if (!steps.empty())
    return runSteps(stage);
  PassManager pm(&context);
  setUp(pm);
  buildPasses(stage, pm);
  return pm.run(*module);
}

/// Takes the pipelines apart if the options ask for passes between passes.
LogicalResult Compilation::setUpSteps() {
  if (!options.verifyEachNumerically && options.insertedPasses.empty())
    return success();
  for (const std::string &file : options.passPlugins)
    if (std::string why = loadPassPlugin(file); !why.empty())
      return module->emitError() << why << " [E10001]";
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
      return module->emitError() << "no pass '" << after << "' runs that '" << text << "' could follow [E10001]";
  if (options.verifyEachNumerically)
    verifier.emplace(steps, [this](ModuleOp lowered, func::FuncOp graph, std::vector<uint8_t> &om) {
      return packForVerification(lowered, graph, om);
    });
  return success();
}

LogicalResult Compilation::runSteps(Stage stage) {
  size_t end = llvm::find_if(stageEnds, [&](auto &entry) { return entry.first == stage; })->second;
  for (; nextStep < end; ++nextStep)
    if (failed(steps[nextStep].run(*module, [this](PassManager &pm) { setUp(pm); })) ||
        (verifier && failed(verifier->check(*module, nextStep))))
      return failure();
  return success();
}

LogicalResult Compilation::emitText() {
  std::string text;
  llvm::raw_string_ostream os(text);
  target::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  const bool onHost = device.kind == device::Kind::Host;
  LogicalResult result = success();
  if (stopsAfter(Stage::LLVM))
    result = onHost ? host::emitLLVM(*module, device, codegen, os)
                    : aicore::emitText(*module, device, codegen, target::Output::IR, os);
  else if (stopsAfter(Stage::Asm))
    result = onHost ? host::emitAssembly(*module, device, codegen, os)
                    : aicore::emitText(*module, device, codegen, target::Output::Assembly, os);
  else
    module->print(os, OpPrintingFlags().elideLargeElementsAttrs(64).elideLargeResourceString(64));
  bytes.assign(text.begin(), text.end());
  return result;
}

LogicalResult Compilation::compileForNPU(ModuleOp kernels, const target::CodegenOptions &codegen,
                                         llvm::SmallVectorImpl<char> &binary) {
  if (options.allowHostKernels) {
    std::string error;
    if (!device::lookup("Host", host, error))
      return kernels.emitError() << error;
  }
  aicore::Binaries found;
  if (failed(aicore::compileKernels(kernels, device, options.allowHostKernels ? &host : nullptr, codegen, found)))
    return failure();
  binary = std::move(found.device);
  hostBytes.assign(found.host.begin(), found.host.end());
  placements.clear();
  for (aicore::Placement &placement : found.placements) {
    placements.push_back({placement.kernel, placement.unit, placement.reason, {}, {}});
    for (const std::vector<int64_t> &tile : placement.tiles)
      placements.back().tiles.push_back({tile[0], tile[1], tile[2], tile[3], tile[4]});
  }
  return success();
}

LogicalResult Compilation::emitKernels(ModuleOp kernels, std::vector<uint8_t> &elf) {
  target::CodegenOptions codegen;
  codegen.printAfterAll = options.printAfterAll;
  if (const char *inject = std::getenv("GEMLIR_INJECT"))
    target::parseInject(inject, codegen.inject);
  llvm::SmallVector<char> binary;
  if (failed(device.kind == device::Kind::Host ? host::compileKernels(kernels, device, codegen, binary)
                                               : compileForNPU(kernels, codegen, binary)))
    return failure();
  elf.assign(binary.begin(), binary.end());
  return success();
}

LogicalResult Compilation::translate(ModuleOp lowered, const Signature &interface, std::vector<uint8_t> elf,
                                     unsigned gear, WeightPool &weights, model::Program &program,
                                     std::vector<model::OMBinary> &binaries) {
  model::OMBinary &binary = binaries.emplace_back();
  const bool onHost = device.kind == device::Kind::Host;
  binary.item = (onHost ? "ge_mlir.host." + device.level : "ge_mlir.aicore") + (gear ? "." + std::to_string(gear) : "");
  binary.bytes = std::move(elf);
  program.device = onHost ? "Host" : device.name;
  program.inputs = interface.inputs;
  program.outputs = interface.outputs;
  model::Binary entry;
  entry.item = binary.item;
  // What a simulated device needs, it brings along.
  if (onHost) {
    entry.features = device.features;
    entry.features.insert(entry.features.begin(), device.cpu);
  }
  program.binaries.push_back(entry);
  if (failed(translateProgram(lowered, program, weights)))
    return failure();
  if (!hostBytes.empty())
    addHostKernels(gear, program, binaries);
  return success();
}

/// What an NPU's model has of the host's is a group of its own.
void Compilation::addHostKernels(unsigned gear, model::Program &program, std::vector<model::OMBinary> &binaries) {
  model::Binary entry;
  entry.item = "ge_mlir.host." + host.level + (gear ? "." + std::to_string(gear) : "");
  entry.group = 1;
  entry.features = host.features;
  entry.features.insert(entry.features.begin(), host.cpu);
  program.binaries.push_back(entry);
  binaries.push_back({entry.item, hostBytes});
  for (model::Kernel &kernel : program.kernels)
    for (const KernelPlacement &placement : placements)
      if (placement.kernel == kernel.symbol && placement.unit == "host")
        kernel.group = entry.group;
}

LogicalResult Compilation::translate(unsigned gear, WeightPool &weights, model::Program &program,
                                     std::vector<model::OMBinary> &binaries) {
  return translate(*module, signature, std::move(bytes), gear, weights, program, binaries);
}

/// A model of `lowered`, whose interface is that of `graph`.
LogicalResult Compilation::packForVerification(ModuleOp lowered, func::FuncOp graph, std::vector<uint8_t> &om) {
  Signature interface;
  std::vector<uint8_t> elf;
  model::OMContents contents;
  WeightPool weights(model::getWeightAlignment(model::WeightPlacement::Embedded));
  if (failed(describeSignature(graph, interface)) || failed(emitKernels(lowered, elf)) ||
      failed(translate(lowered, interface, std::move(elf), /*gear=*/0, weights, contents.program, contents.binaries)))
    return failure();
  contents.name = interface.name;
  contents.weights = weights.getSegments();
  (void)model::layoutWeights(contents.weights, contents.program.weightSize);
  if (Error error = model::writeOM(contents, om))
    return lowered.emitError() << error.text();
  return success();
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
  if (failed(setUpSteps()) || failed(runPasses(Stage::GE)))
    return false;
  diagnostics.acceptGraph();
  main = module->lookupSymbol<func::FuncOp>("main");
  if (failed(describeSignature(main, signature)))
    return false;
  if (options.preflight)
    return true;
  if (stopsAfter(Stage::GE))
    return succeeded(emitText());
  if (stopsAfter(Stage::OM) && gear == 0 && failed(serializeModelDef(main, signature, modelDef)))
    return false;
  if (failed(runPasses(Stage::Linalg)))
    return false;
  if (stopsAfter(Stage::Linalg))
    return succeeded(emitText());
  if (failed(runPasses(Stage::NPU)))
    return false;
  if (stopsAfter(Stage::Obj) || stopsAfter(Stage::OM))
    return succeeded(emitKernels(*module, bytes));
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

/// Says which nodes the kernels compute.
static void nameNodes(const model::Program &program, std::vector<KernelPlacement> &placements) {
  for (const model::Instruction &inst : program.code)
    if (inst.opcode == model::Opcode::Launch && inst.d != model::kNone)
      for (KernelPlacement &placement : placements)
        if (placement.kernel == program.kernels[inst.a].symbol)
          placement.nodes.push_back(program.texts[inst.d]);
}

/// What the manifest calls a device.
static const std::string &getName(const device::Description &device) {
  return device.kind == device::Kind::Host ? device.level : device.name;
}

/// Puts together what the compilations, one for each gear, have made.
static bool assemble(const CompileOptions &options, ArrayRef<std::unique_ptr<Compilation>> compilations,
                     std::vector<uint8_t> &bytes) {
  model::OMContents contents;
  WeightPool weights(model::getWeightAlignment(options.weights));
  for (auto [i, compilation] : llvm::enumerate(compilations)) {
    model::Gear &gear = contents.gears.emplace_back();
    if (!options.gears.empty())
      gear.values = options.gears.values[i];
    if (failed(compilation->translate(i, weights, gear.program, contents.binaries)))
      return false;
  }
  contents.weights = weights.getSegments();
  int64_t total = 0;
  (void)model::layoutWeights(contents.weights, total);
  for (model::Gear &gear : contents.gears)
    gear.program.weightSize = total;
  contents.gearKind = options.gears.kind;
  Compilation &first = *compilations.front();
  nameNodes(contents.gears[0].program, first.placements);
  if (options.gears.empty()) {
    contents.program = std::move(contents.gears[0].program);
    contents.gears.clear();
  }
  contents.name = options.modelName.empty() ? first.getSignature().name : options.modelName;
  contents.modelDef = std::move(first.modelDef);
  contents.manifest =
      std::string("compiler: ge-mlir ") + getVersion() + "\ndevice: " + getName(first.getDevice()) + "\n";
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
  model.placements.clear();
  for (size_t gear = 0; gear < count; ++gear) {
    Compilation &compilation = *compilations.emplace_back(std::make_unique<Compilation>(options));
    const bool good = compilation.run(makeModule, gear);
    if (gear == 0)
      model.warnings = compilation.getDiagnostics().getWarnings();
    if (!good)
      return fail(compilation);
  }
  if (!toModel || options.preflight) {
    model.bytes = std::move(compilations[0]->bytes);
    return true;
  }
  // A program that cannot be translated is a failure of its own compilation.
  if (assemble(options, compilations, model.bytes)) {
    model.placements = std::move(compilations[0]->placements);
    return true;
  }
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
                               CompileError &error, const std::string &fileName) {
  return compileModule(options, model, error, [&](MLIRContext *context) {
    ParserConfig config(context);
    return parseSourceString<ModuleOp>(StringRef(data, size), config, fileName);
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
  if (rest.gears.empty())
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

bool gemlir::compileAIR(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                        CompileError &error) {
  ::ge::Graph graph;
  std::shared_ptr<const void> caller(data, [](const void *) {});
  if (air::importGraph(data, size, caller, graph, error.text))
    return compile(graph, options, model, error);
  error.code = takeErrorCode(error.text);
  return false;
}
