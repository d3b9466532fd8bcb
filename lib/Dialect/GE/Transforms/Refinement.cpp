//===- Refinement.cpp - types and constants that follow from operands -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Transforms/Refinement.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Interpreter/Interpreter.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Whether a graph left out the element type.
static bool isUndefined(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  auto element = tensor ? dyn_cast<OpaqueType>(tensor.getElementType()) : OpaqueType();
  return element && element.getTypeData() == "undefined";
}

Type ge::meetTypes(Type a, Type b) {
  if (a == b || isUndefined(b))
    return a;
  if (isUndefined(a))
    return b;
  auto ta = dyn_cast<TensorType>(a), tb = dyn_cast<TensorType>(b);
  if (!ta || !tb || ta.getElementType() != tb.getElementType())
    return {};
  if (!ta.hasRank())
    return b;
  if (!tb.hasRank())
    return a;
  auto ra = cast<RankedTensorType>(ta), rb = cast<RankedTensorType>(tb);
  if (ra.getEncoding() || rb.getEncoding())
    // A storage format is a choice, not knowledge; the operation verifies it.
    return ra.getEncoding() ? a : b;
  if (ra.getRank() != rb.getRank())
    return {};
  SmallVector<int64_t> shape;
  for (auto [da, db] : llvm::zip_equal(ra.getShape(), rb.getShape())) {
    if (!ShapedType::isDynamic(da) && !ShapedType::isDynamic(db) && da != db)
      return {};
    shape.push_back(ShapedType::isDynamic(da) ? db : da);
  }
  return RankedTensorType::get(shape, ra.getElementType());
}

static FailureOr<unsigned> refine(Operation *op, OpResult result, Type inferred) {
  Type type = meetTypes(result.getType(), inferred);
  if (!type)
    return op->emitOpError("has result ")
           << result.getResultNumber() << " of type " << result.getType() << ", but its operands give " << inferred;
  if (type == result.getType())
    return 0u;
  result.setType(type);
  return 1u;
}

static FailureOr<unsigned> refineAll(Operation *op, TypeRange inferred) {
  unsigned count = 0;
  for (auto [result, type] : llvm::zip_equal(op->getResults(), inferred)) {
    FailureOr<unsigned> refined = refine(op, result, type);
    if (failed(refined))
      return failure();
    count += *refined;
  }
  return count;
}

/// Refines a region whose arguments have (at least) the given types.
static LogicalResult refineRegion(Region &region, TypeRange argumentTypes) {
  for (auto [argument, type] : llvm::zip_equal(region.getArguments(), argumentTypes))
    if (Type meet = meetTypes(argument.getType(), type))
      argument.setType(meet);
  for (Operation &op : region.front().without_terminator())
    if (failed(refineResultTypes(&op)))
      return failure();
  return success();
}

/// What two branches have in common.
static Type joinTypes(Type a, Type b) {
  if (a == b)
    return a;
  auto ra = dyn_cast<RankedTensorType>(a), rb = dyn_cast<RankedTensorType>(b);
  if (!ra || !rb || ra.getRank() != rb.getRank() || ra.getEncoding() != rb.getEncoding())
    return UnrankedTensorType::get(cast<TensorType>(a).getElementType());
  SmallVector<int64_t> shape;
  for (auto [da, db] : llvm::zip_equal(ra.getShape(), rb.getShape()))
    shape.push_back(da == db ? da : ShapedType::kDynamic);
  return RankedTensorType::get(shape, ra.getElementType());
}

static FailureOr<unsigned> refineBranches(Operation *op) {
  SmallVector<Type> joined;
  for (Region &region : op->getRegions()) {
    if (failed(refineRegion(region, op->getOperands().drop_front().getTypes())))
      return failure();
    TypeRange yielded = region.front().getTerminator()->getOperandTypes();
    if (joined.empty()) {
      llvm::append_range(joined, yielded);
      continue;
    }
    for (auto [type, other] : llvm::zip_equal(joined, yielded))
      type = joinTypes(type, other);
  }
  return refineAll(op, joined);
}

/// A loop's values have one type in all iterations, so only what operands and
/// body agree on already holds: the regions are refined with the types they have.
static FailureOr<unsigned> refineLoop(Operation *op) {
  for (Region &region : op->getRegions())
    if (failed(refineRegion(region, region.getArgumentTypes())))
      return failure();
  return 0u;
}

FailureOr<unsigned> ge::refineResultTypes(Operation *op) {
  if (isa<WhileOp>(op))
    return refineLoop(op);
  if (isa<IfOp, CaseOp>(op))
    return refineBranches(op);
  auto inferable = dyn_cast<InferTypeOpInterface>(op);
  if (!inferable)
    return 0u;
  SmallVector<Type> inferred;
  if (failed(inferable.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(),
                                        op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
                                        op->getRegions(), inferred)))
    return failure();
  return refineAll(op, inferred);
}

void ge::refineFunctionType(func::FuncOp func) {
  if (func.isExternal())
    return;
  Operation *terminator = func.getBody().front().getTerminator();
  func.setFunctionType(
      FunctionType::get(func.getContext(), func.getBody().getArgumentTypes(), terminator->getOperandTypes()));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static int64_t getBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() ? getTensorBytes(tensor) : -1;
}

/// The dimensions that a tensor stands for, if all are known.
static std::optional<ArrayRef<int64_t>> getStaticOrigin(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return std::nullopt;
  auto format = dyn_cast_or_null<FormatAttr>(tensor.getEncoding());
  ArrayRef<int64_t> shape = format ? format.getOriginShape() : tensor.getShape();
  if (ShapedType::isDynamicShape(shape))
    return std::nullopt;
  return shape;
}

/// Shape, Size and Rank need no value.
static bool evaluateShapeQuery(Operation *op, SmallVectorImpl<ElementsAttr> &values) {
  if (!isa<ShapeOp, SizeOp, RankOp>(op))
    return false;
  auto x = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  std::optional<ArrayRef<int64_t>> shape = getStaticOrigin(op->getOperand(0).getType());
  if (!x || (!shape && !(isa<RankOp>(op) && !x.getEncoding())))
    return false;
  using gemlir::interp::Tensor;
  if (isa<ShapeOp>(op)) {
    values.push_back(Tensor::fromInts(op->getContext(), *shape, element).toAttr());
    return true;
  }
  Tensor scalar(element, ArrayRef<int64_t>{});
  scalar.setInt(0,
                isa<RankOp>(op) ? (shape ? int64_t(shape->size()) : x.getRank()) : ShapedType::getNumElements(*shape));
  values.push_back(scalar.toAttr());
  return true;
}

Evaluation ge::evaluateResults(Operation *op, int64_t maxBytes, SmallVectorImpl<ElementsAttr> &values) {
  if (op->getNumRegions() != 0 || op->hasTrait<OpTrait::ConstantLike>() || !isMemoryEffectFree(op) ||
      !gemlir::interp::canEvaluate(op))
    return Evaluation::Unknown;
  if (evaluateShapeQuery(op, values))
    return Evaluation::Known;
  SmallVector<ElementsAttr> constants;
  int64_t operandBytes = 0;
  for (Value operand : op->getOperands()) {
    constants.push_back(getConstantAttr(operand));
    if (!constants.back())
      return Evaluation::Unknown;
    operandBytes += getBytes(operand.getType());
  }
  for (Type type : op->getResultTypes()) {
    int64_t bytes = getBytes(type);
    if (bytes > maxBytes && bytes > operandBytes)
      return Evaluation::OverBudget;
  }
  SmallVector<gemlir::interp::Tensor> inputs, results;
  for (ElementsAttr constant : constants) {
    FailureOr<gemlir::interp::Tensor> tensor = gemlir::interp::Tensor::fromAttr(constant);
    if (failed(tensor))
      return Evaluation::Unknown;
    inputs.push_back(std::move(*tensor));
  }
  // An operation that cannot be computed is reported where it would run.
  ScopedDiagnosticHandler quiet(op->getContext(), [](Diagnostic &) { return success(); });
  if (failed(gemlir::interp::evaluate(op, inputs, results)))
    return Evaluation::Unknown;
  for (const gemlir::interp::Tensor &result : results)
    values.push_back(result.toAttr());
  return Evaluation::Known;
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Which region runs, if constants say so.
static Region *getKnownRegion(Operation *op) {
  ElementsAttr selector = getConstantAttr(op->getOperand(0));
  FailureOr<gemlir::interp::Tensor> value = gemlir::interp::Tensor::fromAttr(selector);
  if (!selector || failed(value))
    return nullptr;
  if (isa<CaseOp>(op)) {
    int64_t index = value->getInt(0), count = op->getNumRegions();
    return &op->getRegion(index < 0 || index >= count ? count - 1 : index);
  }
  bool holds = value->size() == 1 ? value->getDouble(0) != 0 : value->size() != 0;
  return &op->getRegion(holds ? 0 : 1);
}

/// Whether the loop's condition is false whatever its values are.
static bool neverRuns(WhileOp loop) {
  Operation *yield = loop->getRegion(0).front().getTerminator();
  ElementsAttr condition = getConstantAttr(yield->getOperand(0));
  std::optional<double> value = getSplatValue(condition);
  return value && *value == 0;
}

bool ge::inlineKnownPath(Operation *op) {
  if (auto loop = dyn_cast<WhileOp>(op)) {
    if (!neverRuns(loop))
      return false;
    op->replaceAllUsesWith(op->getOperands());
    op->erase();
    return true;
  }
  Region *region = isa<IfOp, CaseOp>(op) ? getKnownRegion(op) : nullptr;
  if (!region)
    return false;
  Block &block = region->front();
  for (auto [argument, operand] : llvm::zip_equal(block.getArguments(), op->getOperands().drop_front()))
    argument.replaceAllUsesWith(operand);
  Operation *yield = block.getTerminator();
  op->getBlock()->getOperations().splice(op->getIterator(), block.getOperations(), block.begin(), yield->getIterator());
  op->replaceAllUsesWith(yield->getOperands());
  op->erase();
  return true;
}
