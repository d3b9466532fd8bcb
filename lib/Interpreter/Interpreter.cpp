//===- Interpreter.cpp - evaluation of operations and functions -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Interpreter/Interpreter.h"
#include "Registry.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/DenseMap.h"
#include <algorithm>

using namespace mlir;
using namespace gemlir::interp;

//===----------------------------------------------------------------------===//
// Shape arithmetic
//===----------------------------------------------------------------------===//

SmallVector<int64_t> gemlir::interp::getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

int64_t gemlir::interp::getSize(ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t dim : shape)
    size *= dim;
  return size;
}

bool gemlir::interp::next(MutableArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  for (int64_t i = int64_t(shape.size()) - 1; i >= 0; --i) {
    if (++index[i] < shape[i])
      return true;
    index[i] = 0;
  }
  return false;
}

int64_t gemlir::interp::offset(ArrayRef<int64_t> index, ArrayRef<int64_t> strides) {
  int64_t result = 0;
  for (size_t i = 0; i < index.size(); ++i)
    result += index[i] * strides[i];
  return result;
}

FailureOr<int64_t> gemlir::interp::normalizeAxis(Call &call, int64_t axis, int64_t rank) {
  int64_t extent = std::max<int64_t>(rank, 1);
  if (axis < -extent || axis >= extent)
    return call.error() << "expects an axis in [" << -rank << ", " << rank << "), but got " << axis;
  return axis < 0 ? axis + extent : axis;
}

FailureOr<SmallVector<int64_t>> gemlir::interp::broadcastShapes(Call &call, ArrayRef<ArrayRef<int64_t>> shapes) {
  size_t rank = 0;
  for (ArrayRef<int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  SmallVector<int64_t> result(rank, 1);
  for (ArrayRef<int64_t> shape : shapes)
    for (size_t i = 0; i < shape.size(); ++i) {
      int64_t &dim = result[rank - shape.size() + i];
      if (dim != shape[i] && dim != 1 && shape[i] != 1)
        return call.error() << "expects shapes that broadcast, but got sizes " << dim << " and " << shape[i];
      if (dim == 1)
        dim = shape[i];
    }
  return result;
}

SmallVector<int64_t> gemlir::interp::broadcastStrides(ArrayRef<int64_t> shape, ArrayRef<int64_t> target) {
  SmallVector<int64_t> strides(target.size(), 0), own = getStrides(shape);
  size_t lead = target.size() - shape.size();
  for (size_t i = 0; i < shape.size(); ++i)
    strides[lead + i] = shape[i] == 1 ? 0 : own[i];
  return strides;
}

//===----------------------------------------------------------------------===//
// Call
//===----------------------------------------------------------------------===//

ArrayRef<Tensor> Call::group(unsigned index) const {
  std::optional<Attribute> segments = op->getInherentAttr("operandSegmentSizes");
  if (auto sizes = dyn_cast_or_null<DenseI32ArrayAttr>(segments.value_or(Attribute()))) {
    size_t begin = 0;
    for (unsigned i = 0; i < index; ++i)
      begin += sizes[i];
    return operands.slice(begin, sizes[index]);
  }
  // Without segments only the last declared operand can be missing.
  return index < operands.size() ? operands.slice(index, 1) : ArrayRef<Tensor>();
}

int64_t Call::intAttr(StringRef name, int64_t fallback) const {
  auto attr = op->getAttrOfType<IntegerAttr>(name);
  return attr ? attr.getValue().getSExtValue() : fallback;
}

double Call::floatAttr(StringRef name, double fallback) const {
  auto attr = op->getAttrOfType<FloatAttr>(name);
  return attr ? attr.getValueAsDouble() : fallback;
}

bool Call::boolAttr(StringRef name) const {
  auto attr = op->getAttrOfType<BoolAttr>(name);
  return attr && attr.getValue();
}

StringRef Call::strAttr(StringRef name) const {
  auto attr = op->getAttrOfType<StringAttr>(name);
  return attr ? attr.getValue() : StringRef();
}

SmallVector<int64_t> Call::intsAttr(StringRef name) const {
  auto attr = op->getAttrOfType<DenseI64ArrayAttr>(name);
  return attr ? SmallVector<int64_t>(attr.asArrayRef()) : SmallVector<int64_t>();
}

Type Call::resultElement(unsigned index) const { return getElementTypeOrSelf(op->getResult(index).getType()); }

Tensor &Call::make(ArrayRef<int64_t> shape) {
  results.push_back(Tensor(resultElement(results.size()), shape));
  return results.back();
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

static const Registry &getRegistry() {
  static const Registry registry = [] {
    Registry all;
    registerAttention(all);
    registerUnary(all);
    registerBinary(all);
    registerReductions(all);
    registerShapes(all);
    registerMovement(all);
    registerIndexing(all);
    registerContractions(all);
    registerPooling(all);
    registerResize(all);
    registerSelection(all);
    registerNormalization(all);
    registerFormats(all);
    return all;
  }();
  return registry;
}

static Evaluator lookup(Operation *op) {
  StringRef name = op->getName().getStringRef();
  return name.consume_front("ge.") ? getRegistry().lookup(name) : nullptr;
}

static bool isControlFlow(Operation *op) {
  StringRef name = op->getName().getStringRef();
  return name == "ge.if" || name == "ge.case" || name == "ge.while";
}

bool gemlir::interp::canEvaluate(Operation *op) {
  return lookup(op) || isControlFlow(op) || op->hasTrait<OpTrait::ConstantLike>();
}

static LogicalResult evaluateOp(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results,
                                Variables *variables);

/// Reads or assigns a variable.
static LogicalResult accessVariable(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results,
                                    Variables &variables) {
  auto name = op->getAttrOfType<FlatSymbolRefAttr>("variable");
  if (!operands.empty()) {
    variables[name.getValue()] = operands.front();
    return success();
  }
  auto [entry, inserted] = variables.try_emplace(name.getValue());
  if (inserted) {
    Operation *variable = SymbolTable::lookupNearestSymbolFrom(op, name);
    auto type = variable ? variable->getAttrOfType<TypeAttr>("type") : TypeAttr();
    if (!type)
      return op->emitOpError("expects '") << name.getValue() << "' to name a variable";
    entry->second = Tensor(cast<RankedTensorType>(type.getValue()));
    if (Attribute value = variable->getAttr("value")) {
      FailureOr<Tensor> initial = Tensor::fromAttr(value);
      if (failed(initial))
        return variable->emitOpError("has a value that cannot be interpreted");
      entry->second = std::move(*initial);
    }
  }
  results.push_back(entry->second);
  return success();
}

static bool isVariableAccess(Operation *op) {
  StringRef name = op->getName().getStringRef();
  return name == "ge.read_variable" || name == "ge.assign";
}

static LogicalResult evaluateBlock(Block &block, ArrayRef<Tensor> arguments, SmallVectorImpl<Tensor> &results,
                                   Variables *variables) {
  llvm::DenseMap<Value, Tensor> values;
  llvm::DenseMap<Value, unsigned> usesLeft;
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    values[argument] = value;
  for (Operation &op : block) {
    SmallVector<Tensor> operands, produced;
    for (Value operand : op.getOperands())
      operands.push_back(values[operand]);
    if (op.hasTrait<OpTrait::IsTerminator>()) {
      results.append(operands.begin(), operands.end());
      return success();
    }
    if (failed(evaluateOp(&op, operands, produced, variables)))
      return failure();
    for (auto [result, value] : llvm::zip_equal(op.getResults(), produced)) {
      if (result.use_empty())
        continue;
      usesLeft[result] = std::distance(result.use_begin(), result.use_end());
      values[result] = std::move(value);
    }
    for (Value operand : op.getOperands())
      if (auto it = usesLeft.find(operand); it != usesLeft.end() && --it->second == 0)
        values.erase(operand);
  }
  return success();
}

static bool isTrue(const Tensor &value) { return value.size() == 1 ? value.getDouble(0) != 0 : value.size() != 0; }

static LogicalResult evaluateControlFlow(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results,
                                         Variables *variables) {
  StringRef name = op->getName().getStringRef();
  if (name == "ge.while") {
    SmallVector<Tensor> state(operands), condition, nextState;
    while (true) {
      condition.clear();
      if (failed(evaluateBlock(op->getRegion(0).front(), state, condition, variables)))
        return failure();
      if (condition.size() != 1)
        return op->emitOpError("expects a condition with 1 result, but got ") << condition.size();
      if (!isTrue(condition.front()))
        break;
      nextState.clear();
      if (failed(evaluateBlock(op->getRegion(1).front(), state, nextState, variables)))
        return failure();
      std::swap(state, nextState);
    }
    results.append(state.begin(), state.end());
    return success();
  }
  int64_t branch = 0;
  if (name == "ge.if") {
    branch = isTrue(operands.front()) ? 0 : 1;
  } else {
    // As documented for Case, an index out of range takes the last branch.
    int64_t count = op->getNumRegions();
    branch = operands.front().getInt(0);
    if (branch < 0 || branch >= count)
      branch = count - 1;
  }
  return evaluateBlock(op->getRegion(branch).front(), operands.drop_front(), results, variables);
}

static RankedTensorType getEncodedType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getEncoding() ? tensor : RankedTensorType();
}

/// Computes in the origin format and packs what the operation declares packed.
static LogicalResult evaluateUnpacked(Operation *op, Evaluator evaluator, ArrayRef<Tensor> operands,
                                      SmallVectorImpl<Tensor> &results) {
  SmallVector<Tensor> plain;
  for (const Tensor &operand : operands) {
    FailureOr<Tensor> value = unpack(operand);
    if (failed(value))
      return op->emitOpError("has an operand whose format cannot be interpreted: ") << operand.getType();
    plain.push_back(std::move(*value));
  }
  SmallVector<Tensor> computed;
  Call call(op, plain, computed);
  if (failed(evaluator(call)))
    return failure();
  for (auto [value, result] : llvm::zip_equal(computed, op->getResults())) {
    RankedTensorType type = getEncodedType(result.getType());
    FailureOr<Tensor> packed = type ? pack(value, type) : FailureOr<Tensor>(value);
    if (failed(packed))
      return op->emitOpError("has a result whose format cannot be interpreted: ") << result.getType();
    results.push_back(std::move(*packed));
  }
  return success();
}

LogicalResult gemlir::interp::evaluate(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  return evaluateOp(op, operands, results, nullptr);
}

static LogicalResult evaluateOp(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results,
                                Variables *variables) {
  Attribute constant;
  if (op->hasTrait<OpTrait::ConstantLike>() && matchPattern(op, m_Constant(&constant))) {
    FailureOr<Tensor> value = Tensor::fromAttr(constant);
    if (failed(value))
      return op->emitOpError("has a value that cannot be interpreted");
    results.push_back(std::move(*value));
    return success();
  }
  if (isControlFlow(op))
    return evaluateControlFlow(op, operands, results, variables);
  if (variables && isVariableAccess(op))
    return accessVariable(op, operands, results, *variables);
  Evaluator evaluator = lookup(op);
  if (!evaluator)
    return op->emitOpError("has no reference semantics");
  for (Type type : op->getResultTypes())
    if (!Tensor::isSupported(getElementTypeOrSelf(type)))
      return op->emitOpError("has a result of element type ")
             << getElementTypeOrSelf(type) << ", which cannot be interpreted";
  auto isEncoded = [](Type type) { return bool(getEncodedType(type)); };
  bool encoded = llvm::any_of(operands, [&](const Tensor &value) { return isEncoded(value.getType()); }) ||
                 llvm::any_of(op->getResultTypes(), isEncoded);
  // TransData is about formats itself.
  if (encoded && op->getName().getStringRef() != "ge.trans_data")
    return evaluateUnpacked(op, evaluator, operands, results);
  Call call(op, operands, results);
  return evaluator(call);
}

LogicalResult gemlir::interp::evaluate(func::FuncOp func, ArrayRef<Tensor> inputs, SmallVectorImpl<Tensor> &outputs,
                                       Variables *variables) {
  if (func.isExternal())
    return func.emitOpError("has no body to evaluate");
  if (inputs.size() != func.getNumArguments())
    return func.emitOpError("expects ") << func.getNumArguments() << " inputs, but got " << inputs.size();
  for (auto [i, value] : llvm::enumerate(inputs)) {
    auto expected = dyn_cast<RankedTensorType>(func.getArgumentTypes()[i]);
    if (!expected || expected.getElementType() != value.getElementType() ||
        failed(verifyCompatibleShape(expected.getShape(), value.getShape())))
      return func.emitOpError("expects input ")
             << i << " of type " << func.getArgumentTypes()[i] << ", but got " << value.getType();
  }
  Variables own;
  return evaluateBlock(func.getBody().front(), inputs, outputs, variables ? variables : &own);
}
