//===- NumericVerifier.cpp - compare results after every pass -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NumericVerifier.h"

#include "Diagnostics.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Runtime/Model.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace gemlir;
using interp::Tensor;

/// Passes without which everything still compiles. What a new pass does is
/// needed until it is named here.
static bool isOptional(const PipelineStep &step) {
  static const llvm::StringSet<> names = {"canonicalize",           "cse",
                                          "npu-fuse-elementwise",   "npu-fuse-epilogue",
                                          "npu-collapse-loops",     "linalg-fold-unit-extent-dims",
                                          "npu-deduplicate-kernels"};
  return step.isInserted || names.contains(step.pass);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Repeatable values for an argument: floats in [-1, 1), integers 0 or 1, which
/// are valid as indices, lengths and flags.
static Tensor makeInput(RankedTensorType type, uint64_t seed) {
  Tensor tensor(type);
  uint64_t state = 0x9e3779b97f4a7c15 ^ (seed + 1) * 0xd1342543de82ef95;
  for (int64_t i = 0, e = tensor.size(); i < e; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    if (tensor.isFloat())
      tensor.set(i, double(state >> 11) / double(uint64_t(1) << 52) - 1);
    else
      tensor.setInt(i, state >> 40 & 1);
  }
  return tensor;
}

/// What rounding in another order may change, relative to
/// max(|value|, root mean square).
static double getTolerance(Type type) { return type.isF32() || type.isF64() ? 1e-3 : 2e-2; }

/// Says how `value` differs from `expected`; empty if it does not.
static std::string compare(const Tensor &value, const Tensor &expected) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (value.getShape() != expected.getShape()) {
    os << "has type " << value.getType() << ", expected " << expected.getType();
    return text;
  }
  double squares = 0;
  for (int64_t i = 0, e = expected.size(); i < e; ++i)
    if (double element = expected.getDouble(i); std::isfinite(element))
      squares += element * element / e;
  double rms = std::sqrt(squares), tolerance = expected.isFloat() ? getTolerance(expected.getElementType()) : 0;
  int64_t wrong = 0;
  for (int64_t i = 0, e = expected.size(); i < e; ++i) {
    double got = value.getDouble(i), want = expected.getDouble(i);
    bool same = got == want || (std::isnan(got) && std::isnan(want)) ||
                std::abs(got - want) <= tolerance * std::max(std::abs(want), rms);
    if (!same && wrong++ == 0)
      os << "is " << got << " at " << i << ", expected " << want;
  }
  if (wrong)
    os << "; " << wrong << " of " << expected.size() << " elements differ";
  return text;
}

static std::string compareAll(ArrayRef<Tensor> values, ArrayRef<Tensor> expected) {
  for (auto [index, pair] : llvm::enumerate(llvm::zip_equal(values, expected)))
    if (std::string text = compare(std::get<0>(pair), std::get<1>(pair)); !text.empty())
      return "result " + std::to_string(index) + " " + text;
  return {};
}

static func::FuncOp getMain(ModuleOp module) { return module.lookupSymbol<func::FuncOp>("main"); }

/// Whether the interpreter knows every operation.
static bool isGraph(ModuleOp module) {
  func::FuncOp main = getMain(module);
  return main && llvm::all_of(main.getBody().front().without_terminator(),
                              [](Operation &op) { return interp::canEvaluate(&op); });
}

//===----------------------------------------------------------------------===//
// Computing a module
//===----------------------------------------------------------------------===//

bool NumericVerifier::setReference(ModuleOp module) {
  func::FuncOp main = getMain(module);
  inputs.clear();
  for (auto [index, type] : llvm::enumerate(main.getArgumentTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || !Tensor::isSupported(tensor.getElementType()))
      return false;
    inputs.push_back(makeInput(tensor, index));
  }
  std::optional<Values> values = interpret(module);
  if (values)
    reference = std::move(*values);
  return bool(values);
}

std::optional<NumericVerifier::Values> NumericVerifier::interpret(ModuleOp module) {
  Values results;
  if (failed(interp::evaluate(getMain(module), inputs, results)))
    return std::nullopt;
  return results;
}

/// Runs all steps from `first` to `last` on a copy of `module`, then those that
/// nothing compiles without, and executes the result. Nullopt, and the reason in
/// `why`, if that fails.
std::optional<NumericVerifier::Values> NumericVerifier::complete(ModuleOp module, size_t first, size_t last,
                                                                 std::string &why) {
  OwningOpRef<ModuleOp> copy(module.clone());
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error && why.empty())
      why = diagnostic.str();
    return success();
  });
  for (size_t i = first; i < steps.size(); ++i)
    if ((i <= last || !isOptional(steps[i])) && failed(steps[i].run(*copy)))
      return std::nullopt;
  std::vector<uint8_t> om;
  if (failed(pack(*copy, getMain(*graph), om)))
    return std::nullopt;
  return execute(om, why);
}

std::optional<NumericVerifier::Values> NumericVerifier::execute(ArrayRef<uint8_t> om, std::string &why) {
  std::shared_ptr<runtime::Model> model;
  runtime::LoadOptions load;
  load.allowHostKernels = true; // our own
  Error error = runtime::Model::loadFromMemory(om.data(), om.size(), load, model);
  std::vector<std::vector<char>> bytes;
  std::vector<runtime::InputBuffer> buffers;
  for (const Tensor &input : inputs)
    bytes.push_back(input.toBytes());
  for (const std::vector<char> &input : bytes)
    buffers.push_back({input.data(), input.size(), {}});
  std::vector<runtime::OutputBuffer> outputs;
  if (!error)
    error = model->execute(buffers, outputs);
  if (error) {
    why = error.text();
    return std::nullopt;
  }
  Values results;
  for (auto [output, type] : llvm::zip_equal(outputs, getMain(*graph).getResultTypes())) {
    FailureOr<Tensor> value =
        Tensor::fromBytes(cast<RankedTensorType>(type), {static_cast<const char *>(output.data), output.size});
    runtime::freeOutput(output.data);
    if (failed(value))
      return std::nullopt;
    results.push_back(std::move(*value));
  }
  return results;
}

//===----------------------------------------------------------------------===//
// Finding the operator
//===----------------------------------------------------------------------===//

/// Evaluates `main` and gives every result to `visit`, which returns false to
/// stop.
static void evaluateEach(func::FuncOp main, ArrayRef<Tensor> inputs,
                         llvm::function_ref<bool(Operation *, ArrayRef<Tensor>)> visit) {
  DenseMap<Value, Tensor> values;
  for (auto [argument, input] : llvm::zip_equal(main.getArguments(), inputs))
    values[argument] = input;
  for (Operation &op : main.getBody().front().without_terminator()) {
    SmallVector<Tensor> operands, results;
    for (Value operand : op.getOperands())
      operands.push_back(values.lookup(operand));
    if (failed(interp::evaluate(&op, operands, results)) || !visit(&op, results))
      return;
    for (auto [result, value] : llvm::zip_equal(op.getResults(), results))
      values[result] = std::move(value);
  }
}

/// The first operation of `module` that stands for a node of the graph before
/// and computes something else than that did.
Operation *NumericVerifier::findOperatorInGraph(ModuleOp module) {
  llvm::StringMap<SmallVector<Tensor>> known;
  evaluateEach(getMain(*graph), inputs, [&](Operation *op, ArrayRef<Tensor> results) {
    if (std::string name = findNode(op->getLoc()); !name.empty())
      known[name].assign(results.begin(), results.end());
    return true;
  });
  Operation *found = nullptr;
  evaluateEach(getMain(module), inputs, [&](Operation *op, ArrayRef<Tensor> results) {
    auto it = known.find(findNode(op->getLoc()));
    if (it == known.end() || it->second.size() != results.size())
      return true;
    for (auto [value, expected] : llvm::zip_equal(results, it->second)) {
      FailureOr<Tensor> plain = interp::unpack(value), was = interp::unpack(expected);
      // A pass may move a transposition or a reshape across the node.
      if (succeeded(plain) && succeeded(was) && plain->getShape() == was->getShape() && !compare(*plain, *was).empty())
        found = op;
    }
    return !found;
  });
  return found;
}

/// `module` without what follows operation `last` of @main; it returns the values
/// that are alive there, in their plain format.
static OwningOpRef<ModuleOp> cutBehind(ModuleOp module, unsigned last) {
  OwningOpRef<ModuleOp> copy(module.clone());
  func::FuncOp main = getMain(*copy);
  Block &block = main.getBody().front();
  auto end = std::next(block.begin(), last + 1);
  SmallVector<Value> alive;
  for (Operation &op : llvm::make_range(block.begin(), end))
    for (Value result : op.getResults())
      if (!op.hasTrait<OpTrait::ConstantLike>() && llvm::any_of(result.getUsers(), [&](Operation *user) {
            return !block.findAncestorOpInBlock(*user)->isBeforeInBlock(&*end);
          }))
        alive.push_back(result);
  OpBuilder builder(&*end);
  for (Value &value : alive) {
    auto type = cast<RankedTensorType>(value.getType());
    auto format = dyn_cast_or_null<mlir::ge::FormatAttr>(type.getEncoding());
    if (!format)
      continue;
    auto plain = RankedTensorType::get(format.getOriginShape(), type.getElementType());
    value = mlir::ge::TransDataOp::create(builder, value.getLoc(), plain, value,
                                          builder.getStringAttr(stringifyFormat(format.getFormat())),
                                          builder.getStringAttr(stringifyFormat(format.getOrigin())));
  }
  Operation *cut = func::ReturnOp::create(builder, main.getLoc(), alive);
  while (&block.back() != cut) {
    block.back().dropAllUses();
    block.back().erase();
  }
  main.removeResAttrsAttr();
  main.setFunctionType(FunctionType::get(main.getContext(), main.getArgumentTypes(), ValueRange(alive).getTypes()));
  return copy;
}

/// The operation of `graph` behind which the values that steps up to `index`
/// compute differ first, found by bisection.
Operation *NumericVerifier::findOperatorBelow(size_t index) {
  OwningOpRef<ModuleOp> whole(graph->clone());
  std::string why;
  auto differs = [&](unsigned last) {
    graph = cutBehind(*whole, last);
    std::optional<Values> want = interpret(*graph);
    std::optional<Values> got = complete(*graph, graphStep + 1, index, why);
    return want && got && !compareAll(*got, *want).empty();
  };
  unsigned low = 0, high = std::distance(getMain(*whole).getBody().front().begin(),
                                         getMain(*whole).getBody().front().getTerminator()->getIterator());
  // Behind `high` - 1 the whole graph differs.
  for (--high; low < high;) {
    unsigned middle = (low + high) / 2;
    differs(middle) ? high = middle : low = middle + 1;
  }
  graph = std::move(whole);
  return &*std::next(getMain(*graph).getBody().front().begin(), low);
}

//===----------------------------------------------------------------------===//
// Verdicts
//===----------------------------------------------------------------------===//

/// Fails with an error that names the pass of step `index` and the operator.
LogicalResult NumericVerifier::blame(size_t index, Operation *op, StringRef difference) {
  StringRef pass = steps[index].pass;
  if (!op)
    return emitError(getMain(*graph).getLoc())
           << "results differ after pass '" << pass << "': " << difference << " [E19013]";
  return emitError(op->getLoc()) << "results differ after pass '" << pass << "', first at '" << op->getName()
                                 << "': " << difference << " [E19013]";
}

LogicalResult NumericVerifier::checkGraph(ModuleOp module, size_t index) {
  if (reference.empty() && !setReference(module))
    return success();
  std::optional<Values> results = interpret(module);
  if (!results)
    return success();
  if (std::string difference = compareAll(*results, reference); !difference.empty())
    return blame(index, findOperatorInGraph(module), difference);
  graph = module.clone();
  graphStep = index;
  ++numVerified;
  return success();
}

LogicalResult NumericVerifier::checkLowered(ModuleOp module, size_t index) {
  std::string why;
  std::optional<Values> results = complete(module, index + 1, index, why);
  if (!results) {
    emitWarning(module.getLoc()) << "results after pass '" << steps[index].pass << "' are not known: " << why;
    return success();
  }
  if (std::string difference = compareAll(*results, reference); !difference.empty())
    return blame(index, findOperatorBelow(index), difference);
  ++numVerified;
  return success();
}

LogicalResult NumericVerifier::check(ModuleOp module, size_t index) {
  OperationFingerPrint now(module);
  if (before && *before == now)
    return success();
  before.emplace(now);
  if (isGraph(module))
    return checkGraph(module, index);
  // What precedes the graph has no meaning that could be computed.
  return graph ? checkLowered(module, index) : success();
}
