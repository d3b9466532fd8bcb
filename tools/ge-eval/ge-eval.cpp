//===- ge-eval.cpp - evaluate a ge module with the reference interpreter --===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Computes the functions of a `ge` module by the operators' reference semantics,
// to compare compiled results with.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Registration.h"
#include "ge-mlir/Interpreter/Interpreter.h"
#include "ge-mlir/Support/Npy.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using gemlir::interp::Tensor;

static llvm::cl::opt<std::string> moduleFile(llvm::cl::Positional, llvm::cl::desc("<module>"), llvm::cl::init("-"));
static llvm::cl::opt<std::string> functionName("function", llvm::cl::desc("Function to evaluate"),
                                               llvm::cl::init("main"));
static llvm::cl::opt<bool> allFunctions("all", llvm::cl::desc("Evaluate all functions, with the same kind of inputs"));
static llvm::cl::list<std::string>
    inputFiles("input", llvm::cl::desc("Value of the next argument: FILE.npy, 'random[:SEED]' in [-1, 1), or 'iota'"));
static llvm::cl::list<std::string> outputFiles("output", llvm::cl::desc("File for the next result (.npy)"));

/// The client API's numbers of the element types, which name them in files.
static const std::pair<int32_t, Type (*)(Builder &)> kElementTypes[] = {
    {0, [](Builder &b) -> Type { return b.getF32Type(); }},
    {1, [](Builder &b) -> Type { return b.getF16Type(); }},
    {2, [](Builder &b) -> Type { return b.getI8Type(); }},
    {3, [](Builder &b) -> Type { return b.getI32Type(); }},
    {4, [](Builder &b) -> Type { return b.getIntegerType(8, false); }},
    {6, [](Builder &b) -> Type { return b.getI16Type(); }},
    {7, [](Builder &b) -> Type { return b.getIntegerType(16, false); }},
    {8, [](Builder &b) -> Type { return b.getIntegerType(32, false); }},
    {9, [](Builder &b) -> Type { return b.getI64Type(); }},
    {10, [](Builder &b) -> Type { return b.getIntegerType(64, false); }},
    {11, [](Builder &b) -> Type { return b.getF64Type(); }},
    {12, [](Builder &b) -> Type { return b.getI1Type(); }},
    {27, [](Builder &b) -> Type { return b.getBF16Type(); }},
};

static FailureOr<Tensor> readFile(MLIRContext *context, const std::string &path, std::string &message) {
  gemlir::NpyArray array;
  if (gemlir::Error error = gemlir::readNpy(path, array)) {
    message = error.text();
    return failure();
  }
  Builder builder(context);
  for (auto [number, make] : kElementTypes)
    if (number == array.dataType)
      return Tensor::fromBytes(RankedTensorType::get(array.shape, make(builder)),
                               {reinterpret_cast<const char *>(array.data.data()), array.data.size()});
  message = path + ": expected numbers of a type that operators have";
  return failure();
}

static gemlir::Error writeFile(const std::string &path, const Tensor &tensor) {
  Builder builder(tensor.getContext());
  std::vector<char> bytes = tensor.toBytes();
  for (auto [number, make] : kElementTypes)
    if (make(builder) == tensor.getElementType())
      return gemlir::writeNpy(path, number, tensor.getShape().vec(), bytes.data());
  return {gemlir::ErrorCode::Unsupported, path + ": expected numbers of a type that NumPy has"};
}

/// A generated value: an xorshift sequence, or 0, 1, 2, ...
static FailureOr<Tensor> generate(RankedTensorType type, StringRef kind) {
  if (!type.hasStaticShape() || !Tensor::isSupported(type.getElementType()))
    return failure();
  uint64_t state = 0x9e3779b97f4a7c15;
  if (StringRef seed = kind.split(':').second; !seed.empty()) {
    uint64_t value;
    if (seed.getAsInteger(10, value))
      return failure();
    state ^= value * 0xd1342543de82ef95;
  }
  Tensor tensor(type);
  for (int64_t i = 0, e = tensor.size(); i < e; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    if (kind == "iota")
      tensor.setInt(i, i);
    else if (tensor.isFloat())
      tensor.set(i, double(state >> 11) / double(uint64_t(1) << 52) - 1);
    else
      tensor.setInt(i, int64_t(state >> 32) % 16);
  }
  return tensor;
}

static FailureOr<Tensor> readInput(func::FuncOp func, unsigned index) {
  auto type = dyn_cast<RankedTensorType>(func.getArgumentTypes()[index]);
  if (!type) {
    func.emitOpError("has input ") << index << " that is no ranked tensor";
    return failure();
  }
  StringRef source = index < inputFiles.size() ? StringRef(inputFiles[index]) : StringRef("random");
  if (source == "iota" || source == "random" || source.starts_with("random:")) {
    FailureOr<Tensor> tensor = generate(type, source);
    if (failed(tensor))
      func.emitOpError("has input ") << index << " of type " << type << " that '" << source << "' cannot fill";
    return tensor;
  }
  std::string message;
  FailureOr<Tensor> tensor = readFile(func.getContext(), source.str(), message);
  if (failed(tensor)) {
    func.emitOpError("cannot read input ") << index << ": " << message;
    return failure();
  }
  if (type.getEncoding() && type.getShape() == tensor->getShape())
    return tensor->withType(type);
  return tensor;
}

static LogicalResult run(func::FuncOp func) {
  SmallVector<Tensor> inputs, outputs;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    FailureOr<Tensor> input = readInput(func, i);
    if (failed(input))
      return failure();
    inputs.push_back(std::move(*input));
  }
  if (failed(gemlir::interp::evaluate(func, inputs, outputs)))
    return failure();
  if (allFunctions)
    llvm::outs() << "@" << func.getName() << "\n";
  for (auto [i, output] : llvm::enumerate(outputs)) {
    if (i >= outputFiles.size()) {
      llvm::outs() << output.toDenseElements() << "\n";
      continue;
    }
    if (gemlir::Error error = writeFile(outputFiles[i], output))
      return func.emitOpError("cannot write output ") << i << ": " << error.text();
  }
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "ge-mlir reference interpreter\n");
  DialectRegistry registry;
  gemlir::registerDialects(registry);
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(moduleFile, &message);
  if (!file) {
    llvm::errs() << "error: " << message << "\n";
    return 1;
  }
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  SourceMgrDiagnosticHandler diagnostics(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return 1;
  if (allFunctions) {
    for (func::FuncOp func : module->getOps<func::FuncOp>())
      if (failed(run(func)))
        return 1;
    return 0;
  }
  auto func = module->lookupSymbol<func::FuncOp>(functionName);
  if (!func) {
    module->emitError("has no function '") << functionName << "'";
    return 1;
  }
  return failed(run(func));
}
