//===- OpCheck.cpp - compares compiled operators with their definition -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// gemlir-op-check [options] file.mlir... compiles each module of the files (separated
// by "// -----") to an offline model, executes it on generated inputs and compares
// the results with those of the reference interpreter.
//
//   --device=NAME    compiles for this device; of an NPU, accesses that nothing
//                    orders are failures
//   --tolerance=X    for all results, where @main does not say it
//   --placement      prints where the kernels of a model for an NPU run, one a line:
//                    unit, nodes that it computes, reason; separated by tabs
//   --mutants        removes each synchronising command of a model for an NPU in turn and
//                    prints how many of these models stop, and those that do not
//   --operators      prints the operators of the dialect, and checks nothing
//
// Unknown dimensions of results are inferred.
//
// Attributes of an argument of @main say what to generate: `test.low` and
// `test.high` (f64) bound uniform values, `test.values` (dense) gives them, and
// `test.constant` makes the argument a constant of the compiled graph; `test.open`
// (array<i64>) are the dimensions that are unknown when the graph is compiled.
// Attributes of @main: `test.tolerance` (f64) is the error allowed relative to
// max(|value|, root mean square of the result); `test.runs` (i64) says how often
// to execute, variables keeping their content.
//
//===----------------------------------------------------------------------===//

#include "Mutants.h"

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Compiler/Registration.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Refinement.h"
#include "ge-mlir/Interpreter/Interpreter.h"
#include "ge-mlir/Runtime/Model.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <random>

using namespace mlir;
using gemlir::interp::Tensor;

namespace {

struct Options {
  std::string device = "Host";
  bool placement = false, mutants = false;
  /// Negative for one by the type of the result.
  double tolerance = -1;
};

/// One module of a file.
struct Case {
  std::string file;
  size_t line;
  std::string text;

  llvm::raw_ostream &report() const { return llvm::errs() << file << ":" << line << ": "; }
};

std::vector<Case> readCases(const std::string &file) {
  std::vector<Case> cases;
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return cases;
  StringRef rest = (*buffer)->getBuffer();
  size_t line = 1;
  while (!rest.empty()) {
    auto [text, tail] = rest.split("// -----\n");
    if (text.contains("func.func"))
      cases.push_back({file, line, text.str()});
    line += text.count('\n') + 1;
    rest = tail;
  }
  return cases;
}

/// Values for one argument; the same for each run.
Tensor makeInput(func::FuncOp func, unsigned index, std::mt19937 &random) {
  auto type = cast<RankedTensorType>(func.getArgument(index).getType());
  if (auto values = func.getArgAttrOfType<DenseElementsAttr>(index, "test.values"))
    return *Tensor::fromAttr(values);
  Type element = type.getElementType();
  bool isFloat = isa<FloatType>(element);
  double low = isFloat ? -2 : element.isUnsignedInteger() ? 0 : -8, high = isFloat ? 2 : 8;
  if (element.isInteger(1)) {
    low = 0;
    high = 1;
  }
  if (auto attr = func.getArgAttrOfType<FloatAttr>(index, "test.low"))
    low = attr.getValueAsDouble();
  if (auto attr = func.getArgAttrOfType<FloatAttr>(index, "test.high"))
    high = attr.getValueAsDouble();
  Tensor input(type);
  // The distributions of the standard library differ between implementations.
  auto uniform = [&] { return random() / 4294967296.0; };
  for (int64_t i = 0, e = input.size(); i < e; ++i) {
    if (isFloat)
      input.set(i, low + uniform() * (high - low));
    else
      input.setInt(i, static_cast<int64_t>(std::floor(low + uniform() * (high - low + 1))));
  }
  return input;
}

double getTolerance(func::FuncOp func, Type element) {
  if (auto attr = func->getAttrOfType<FloatAttr>("test.tolerance"))
    return attr.getValueAsDouble();
  if (element.isF64())
    return 1e-9;
  if (element.isF16())
    return 2e-3;
  return element.isBF16() ? 1.6e-2 : 1e-5;
}

bool areClose(double value, double expected, double bound) {
  if (std::isnan(expected))
    return std::isnan(value);
  if (std::isinf(expected))
    return value == expected;
  return std::abs(value - expected) <= bound;
}

bool compare(const Case &test, StringRef name, const Tensor &result, const Tensor &expected, double tolerance) {
  double squares = 0;
  int64_t finite = 0, wrong = 0;
  for (int64_t i = 0, e = expected.size(); i < e; ++i)
    if (std::isfinite(expected.getDouble(i))) {
      squares += expected.getDouble(i) * expected.getDouble(i);
      ++finite;
    }
  double rms = finite ? std::sqrt(squares / finite) : 0;
  for (int64_t i = 0, e = expected.size(); i < e; ++i) {
    double want = expected.getDouble(i), got = result.getDouble(i);
    bool same = expected.isFloat() ? areClose(got, want, tolerance * std::max(std::abs(want), rms))
                                   : result.getInt(i) == expected.getInt(i);
    if (!same && ++wrong <= 3)
      test.report() << name << ": expected " << want << " at " << i << ", but got " << got << "\n";
  }
  if (wrong)
    test.report() << name << ": " << wrong << " of " << expected.size() << " elements differ\n";
  return wrong == 0;
}

/// Reports mutants that were not found, and prints how many were.
bool checkMutants(const Case &test, const std::vector<uint8_t> &model,
                  const std::vector<gemlir::runtime::InputBuffer> &inputs) {
  Mutants mutants;
  if (gemlir::Error error = findMutants(model, inputs, mutants)) {
    test.report() << "has no mutants: " << error.text() << "\n";
    return false;
  }
  for (const std::string &missed : mutants.missed)
    llvm::outs() << "missed\t" << missed << "\n";
  llvm::outs() << "found\t" << mutants.found << "\t" << mutants.found + mutants.missed.size() << "\n";
  return true;
}

/// Compiles and executes; fails with a report.
bool execute(const Case &test, const Options &options, ModuleOp module, ArrayRef<Tensor> inputs,
             ArrayRef<Tensor> expected, std::vector<Tensor> &results) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  // With the bytes of resources, and the names of nodes.
  module.print(stream, OpPrintingFlags().enableDebugInfo());
  gemlir::CompiledModel compiled;
  gemlir::CompileError error;
  gemlir::CompileOptions compileOptions;
  compileOptions.device = options.device;
  if (!gemlir::compileModuleText(text.data(), text.size(), compileOptions, compiled, error)) {
    test.report() << "does not compile: " << error.text << "\n";
    return false;
  }
  if (options.placement)
    for (const gemlir::KernelPlacement &kernel : compiled.placements)
      for (const std::string &nodes : kernel.nodes)
        llvm::outs() << kernel.unit << "\t" << nodes << "\t" << kernel.reason << "\n";
  std::shared_ptr<gemlir::runtime::Model> model;
  if (gemlir::Error loadError =
          gemlir::runtime::Model::loadFromMemory(compiled.bytes.data(), compiled.bytes.size(), {}, model)) {
    test.report() << "does not load: " << loadError.text() << "\n";
    return false;
  }
  std::vector<std::vector<char>> bytes;
  std::vector<gemlir::runtime::InputBuffer> buffers;
  for (const Tensor &input : inputs)
    bytes.push_back(input.toBytes());
  for (auto [input, own] : llvm::zip_equal(bytes, inputs)) {
    ArrayRef<int64_t> dims = own.getType().getShape();
    buffers.push_back({input.data(), input.size(), {dims.begin(), dims.end()}});
  }
  std::vector<gemlir::runtime::OutputBuffer> outputs;
  gemlir::runtime::ExecOptions execOptions;
  execOptions.simulation.races = true;
  for (size_t count = 0; count < expected.size() || count == 0;) {
    std::vector<gemlir::runtime::OutputBuffer> once;
    if (gemlir::Error runError = model->execute(buffers, once, execOptions)) {
      test.report() << "does not run: " << runError.text() << "\n";
      return false;
    }
    outputs.insert(outputs.end(), once.begin(), once.end());
    count += std::max<size_t>(once.size(), 1);
  }
  if (outputs.size() != expected.size()) {
    test.report() << "has " << outputs.size() << " outputs, expected " << expected.size() << "\n";
    return false;
  }
  for (auto [output, reference] : llvm::zip_equal(outputs, expected)) {
    FailureOr<Tensor> result =
        Tensor::fromBytes(reference.getType(), {static_cast<const char *>(output.data), output.size});
    if (failed(result)) {
      test.report() << "has an output of " << output.size << " bytes, expected " << reference.getType() << "\n";
      return false;
    }
    results.push_back(*result);
    gemlir::runtime::freeOutput(output.data);
  }
  return !options.mutants || checkMutants(test, compiled.bytes, buffers);
}

/// Forgets the dimensions that `test.open` lists, and what follows from them.
void open(func::FuncOp func) {
  bool isOpen = false;
  for (BlockArgument argument : func.getArguments()) {
    auto dims = func.getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(), "test.open");
    func.removeArgAttr(argument.getArgNumber(), "test.open");
    if (!dims)
      continue;
    auto type = cast<RankedTensorType>(argument.getType());
    SmallVector<int64_t> shape(type.getShape());
    for (int64_t dim : dims.asArrayRef())
      shape[dim] = ShapedType::kDynamic;
    argument.setType(type.clone(shape));
    isOpen = true;
  }
  if (!isOpen)
    return;
  for (Operation &op : func.getBody().front().without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>())
      continue;
    for (OpResult result : op.getResults()) {
      auto type = cast<RankedTensorType>(result.getType());
      result.setType(type.clone(SmallVector<int64_t>(type.getRank(), ShapedType::kDynamic)));
    }
    (void)mlir::ge::refineResultTypes(&op);
  }
  mlir::ge::refineFunctionType(func);
}

/// Turns arguments marked `test.constant` into constants with their values and
/// removes the attributes that only this program reads.
void prepare(func::FuncOp func, std::vector<Tensor> &inputs) {
  OpBuilder builder = OpBuilder::atBlockBegin(&func.getBody().front());
  for (unsigned index = func.getNumArguments(); index-- > 0;) {
    bool isConstant = bool(func.getArgAttr(index, "test.constant"));
    for (StringRef name : {"test.low", "test.high", "test.values"})
      func.removeArgAttr(index, name);
    if (!isConstant)
      continue;
    auto constant = mlir::ge::ConstOp::create(builder, func.getLoc(), inputs[index].toAttr());
    func.getArgument(index).replaceAllUsesWith(constant->getResult(0));
    (void)func.eraseArgument(index);
    inputs.erase(inputs.begin() + index);
  }
  func->removeAttr("test.tolerance");
  func->removeAttr("test.runs");
  open(func);
}

/// Of results whose text leaves dimensions unknown, infers them.
bool refine(func::FuncOp func) {
  for (Operation &op : func.getBody().front().without_terminator())
    if (!op.hasTrait<OpTrait::ConstantLike>() && failed(mlir::ge::refineResultTypes(&op)))
      return false;
  mlir::ge::refineFunctionType(func);
  return true;
}

/// What a report calls a result: by the node that gives it, if it has a name.
std::string nameResult(func::FuncOp func, unsigned index) {
  std::string name = "result " + std::to_string(index);
  Operation *terminator = func.getBody().front().getTerminator();
  // Results of several runs follow each other.
  Value value = terminator->getOperand(index % terminator->getNumOperands());
  if (Operation *op = value.getDefiningOp())
    if (auto location = dyn_cast<NameLoc>(op->getLoc()))
      name += " (" + location.getName().str() + ")";
  return name;
}

bool check(const Case &test, const Options &options, MLIRContext &context) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(test.text, &context);
  auto func = module ? module->lookupSymbol<func::FuncOp>("main") : func::FuncOp();
  if (!func) {
    test.report() << "has no function @main\n";
    return false;
  }
  if (!refine(func)) {
    test.report() << "has operands that an operator does not take\n";
    return false;
  }
  std::mt19937 random(1);
  std::vector<Tensor> inputs, results;
  for (unsigned index = 0; index < func.getNumArguments(); ++index)
    inputs.push_back(makeInput(func, index, random));
  SmallVector<Tensor> expected;
  gemlir::interp::Variables variables;
  auto runs = func->getAttrOfType<IntegerAttr>("test.runs");
  for (int64_t run = 0; run < (runs ? runs.getInt() : 1); ++run)
    if (failed(gemlir::interp::evaluate(func, inputs, expected, &variables))) {
      test.report() << "has no reference\n";
      return false;
    }
  double tolerance = func->hasAttr("test.tolerance") ? getTolerance(func, Type()) : options.tolerance;
  prepare(func, inputs);
  if (!execute(test, options, *module, inputs, expected, results))
    return false;
  bool same = true;
  for (unsigned index = 0; index < results.size(); ++index)
    same &= compare(test, nameResult(func, index), results[index], expected[index],
                    tolerance >= 0 ? tolerance : getTolerance(func, expected[index].getElementType()));
  return same;
}

} // namespace

int main(int argc, char **argv) {
  DialectRegistry registry;
  gemlir::registerDialects(registry);
  Options options;
  unsigned failures = 0, count = 0;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    if (argument == "--operators") {
      MLIRContext context(registry, MLIRContext::Threading::DISABLED);
      context.loadDialect<mlir::ge::GEDialect>();
      for (RegisteredOperationName name : context.getRegisteredOperationsByDialect("ge"))
        llvm::outs() << name.stripDialect() << "\n";
      return 0;
    }
    if (argument.consume_front("--device=")) {
      options.device = argument.str();
      continue;
    }
    if (argument.consume_front("--tolerance=")) {
      if (argument.getAsDouble(options.tolerance)) {
        llvm::errs() << "found tolerance '" << argument << "', expected a number\n";
        return 1;
      }
      continue;
    }
    if (argument == "--mutants") {
      options.mutants = true;
      continue;
    }
    if (argument == "--placement") {
      options.placement = true;
      continue;
    }
    std::vector<Case> cases = readCases(argv[i]);
    if (cases.empty()) {
      llvm::errs() << argv[i] << ": has no cases\n";
      ++failures;
    }
    for (const Case &test : cases) {
      MLIRContext context(registry, MLIRContext::Threading::DISABLED);
      failures += !check(test, options, context);
      ++count;
    }
  }
  llvm::outs() << count << " cases, " << failures << " failures\n";
  return failures != 0 || count == 0;
}
