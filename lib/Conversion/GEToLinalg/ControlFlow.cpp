//===- ControlFlow.cpp - branches and loops of the program ----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What decides at run time is read by the program, between kernels. A loop that
// counts (`while i < n`, `i + 1`) becomes npu.for: its counter is a register of
// the program, so that slices at the counter are views and cost no launch.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

using namespace mlir;
using namespace gemlir::lowering;

/// Whether a condition of the graph holds, as i1.
static Value lowerCondition(Value condition, Emitter &b) {
  Tensor tensor = b.get(condition);
  if (tensor.size() != 1)
    return arith::ConstantIntOp::create(b, tensor.size() != 0, /*width=*/1);
  Value stored = b.extractOnly(b.convert(tensor, b.getI1Type()));
  Value zero = arith::ConstantIntOp::create(b, 0, /*width=*/8);
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, stored, zero);
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

Value gemlir::lowering::traceRegister(Value graphValue, Emitter &b) {
  auto type = dyn_cast<RankedTensorType>(graphValue.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() != 1 || !isa<IntegerType>(type.getElementType()))
    return {};
  if (Value known = b.getRegister(graphValue))
    return known;
  if (FailureOr<SmallVector<int64_t>> ints = Emitter::getInts(graphValue); succeeded(ints) && ints->size() == 1)
    return b.index(ints->front());
  Operation *op = graphValue.getDefiningOp();
  if (isa_and_nonnull<ge::ReshapeOp, ge::SqueezeOp, ge::UnsqueezeOp, ge::ExpandDimsOp, ge::CastOp, ge::IdentityOp>(op))
    return traceRegister(op->getOperand(0), b);
  if (!isa_and_nonnull<ge::AddOp, ge::SubOp, ge::MulOp>(op))
    return {};
  Value lhs = traceRegister(op->getOperand(0), b), rhs = lhs ? traceRegister(op->getOperand(1), b) : Value();
  if (!rhs)
    return {};
  if (isa<ge::AddOp>(op))
    return b.addIndex(lhs, rhs);
  if (isa<ge::SubOp>(op))
    return arith::SubIOp::create(b, lhs, rhs);
  return arith::MulIOp::create(b, lhs, rhs);
}

/// A tensor of one element from a register.
static Value toTensor(Emitter &b, Value index, RankedTensorType type) {
  return b
      .generate(type.getShape(), type.getElementType(), {},
                [&](ArrayRef<Value>) -> Value {
                  return arith::IndexCastOp::create(b, getComputeElement(type.getElementType()), index);
                })
      .value;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// `value` with what `type` knows of its sizes, or null if they contradict.
static Value matchSizes(Emitter &b, Value value, Type type) {
  if (!value || value.getType() == type)
    return value;
  if (!tensor::CastOp::areCastCompatible(value.getType(), type))
    return {};
  return tensor::CastOp::create(b, type, value);
}

/// The dynamic dimensions of results, which must be known before the decision.
static FailureOr<SmallVector<Value>> getSizes(Operation *op, Emitter &b) {
  SmallVector<Value> sizes;
  for (OpResult result : op->getResults()) {
    RankedTensorType type = gemlir::getStorageType(cast<RankedTensorType>(result.getType()));
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (!type.isDynamicDim(dim))
        continue;
      if (!isBlocked(result.getType()) && b.isOpen(result, dim))
        return emitLoweringError(op) << "expects branches whose results have the same sizes, but dimension " << dim
                                     << " of result " << result.getResultNumber() << " differs";
      sizes.push_back(b.index(b.getShape(result)[dim]));
    }
  }
  return sizes;
}

/// Lowers a branch, whose arguments are `inputs`, into `region`.
static LogicalResult lowerBranch(Operation *op, Region &from, ValueRange inputs, Region &region, TypeRange types,
                                 Emitter &b) {
  OpBuilder::InsertionGuard guard(b);
  Location loc = op->getLoc();
  b.createBlock(&region);
  NestedHome home(b);
  for (auto [argument, input] : llvm::zip_equal(from.getArguments(), inputs))
    b.alias(argument, input);
  SmallVector<Value> results;
  if (failed(lowerBody(from.front(), b, results)))
    return failure();
  b.setLoc(loc);
  for (auto [result, type] : llvm::zip_equal(results, types))
    if (!(result = matchSizes(b, result, type)))
      return emitLoweringError(op) << "expects branches that yield the types of its results, (" << types << ")";
  npu::NextOp::create(b, results);
  return success();
}

static SmallVector<Type> getStorageTypes(TypeRange types) {
  SmallVector<Type> result;
  for (Type type : types)
    result.push_back(gemlir::getStorageType(cast<RankedTensorType>(type)));
  return result;
}

/// What runs if none of the conditions before held: one region, or another
/// decision.
static LogicalResult lowerRest(Operation *op, ArrayRef<Region *> regions, int64_t next, ValueRange inputs,
                               Region &region, TypeRange types, ValueRange sizes, Value selector, Emitter &b) {
  if (regions.size() == 1)
    return lowerBranch(op, *regions.front(), inputs, region, types, b);
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&region);
  Value condition = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, selector,
                                          arith::ConstantOp::create(b, b.getIntegerAttr(selector.getType(), next)));
  auto decision = npu::IfOp::create(b, types, condition, sizes);
  if (failed(lowerBranch(op, *regions.front(), inputs, decision.getThenRegion(), types, b)) ||
      failed(
          lowerRest(op, regions.drop_front(), next + 1, inputs, decision.getElseRegion(), types, sizes, selector, b)))
    return failure();
  npu::NextOp::create(b, decision.getResults());
  return success();
}

static LogicalResult lowerIf(ge::IfOp op, Emitter &b) {
  SmallVector<Type> types = getStorageTypes(op.getResultTypes());
  FailureOr<SmallVector<Value>> sizes = getSizes(op, b);
  if (failed(sizes))
    return failure();
  auto decision = npu::IfOp::create(b, types, lowerCondition(op.getCond(), b), *sizes);
  if (failed(lowerBranch(op, op.getThenBranch(), op.getInput(), decision.getThenRegion(), types, b)) ||
      failed(lowerBranch(op, op.getElseBranch(), op.getInput(), decision.getElseRegion(), types, b)))
    return failure();
  for (auto [result, value] : llvm::zip_equal(op->getResults(), decision.getResults()))
    b.set(result, value);
  return success();
}

/// A chain of decisions; an index out of range reaches the last branch.
static LogicalResult lowerCase(ge::CaseOp op, Emitter &b) {
  SmallVector<Type> types = getStorageTypes(op.getResultTypes());
  SmallVector<Region *> regions = llvm::to_vector(llvm::make_pointer_range(op.getBranches()));
  Value selector = b.extractOnly(b.get(op.getBranchIndex()));
  Value condition = arith::ConstantIntOp::create(b, 1, /*width=*/1);
  if (regions.size() > 1)
    condition = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, selector,
                                      arith::ConstantOp::create(b, b.getIntegerAttr(selector.getType(), 0)));
  FailureOr<SmallVector<Value>> sizes = getSizes(op, b);
  if (failed(sizes))
    return failure();
  auto decision = npu::IfOp::create(b, types, condition, *sizes);
  ArrayRef<Region *> rest = regions;
  if (failed(lowerBranch(op, *regions.front(), op.getInput(), decision.getThenRegion(), types, b)) ||
      failed(lowerRest(op, regions.size() > 1 ? rest.drop_front() : rest, 1, op.getInput(), decision.getElseRegion(),
                       types, *sizes, selector, b)))
    return failure();
  for (auto [result, value] : llvm::zip_equal(op->getResults(), decision.getResults()))
    b.set(result, value);
  return success();
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

namespace {

/// A loop of the graph, whose values are divided into those that stay the same,
/// the counter if there is one, and those that a step passes to the next.
class LoopLowering {
public:
  LoopLowering(ge::WhileOp op, Emitter &b)
      : op(op), b(b), cond(op.getCond().front()), body(op.getBody().front()),
        next(body.getTerminator()->getOperands()) {}
  LogicalResult run();

private:
  bool isInvariant(unsigned i) { return next[i] == body.getArgument(i); }
  void findCounter();
  /// Whether a counted loop writes every slice of a value before it is read, so
  /// that its initial content does not matter.
  bool isFilled(unsigned i);
  LogicalResult lowerCounted();
  LogicalResult lowerUncounted();
  LogicalResult lowerStep(Block &graph, ArrayRef<Value> values);
  LogicalResult keepSizes(Block &graph, unsigned i);
  Value getInit(unsigned i);
  void mapArguments(Block &graph, ArrayRef<Value> values);

  ge::WhileOp op;
  Emitter &b;
  Block &cond, &body;
  OperandRange next;
  SmallVector<unsigned> carried;
  std::optional<unsigned> counter;
  Value limit; ///< a value of the graph: constant, or an operand of the loop
};

} // namespace

/// Looks for `i < n` as the condition and `i + 1` as what follows `i`.
void LoopLowering::findCounter() {
  auto less = cond.getTerminator()->getOperand(0).getDefiningOp<ge::LessOp>();
  if (!less)
    return;
  auto i = dyn_cast<BlockArgument>(less.getX1());
  auto type = i ? dyn_cast<RankedTensorType>(i.getType()) : RankedTensorType();
  if (!type || !type.hasStaticShape() || type.getNumElements() != 1 || !isa<IntegerType>(type.getElementType()))
    return;
  Value n = less.getX2();
  if (auto argument = dyn_cast<BlockArgument>(n)) {
    if (!isInvariant(argument.getArgNumber()))
      return;
    n = op.getInput()[argument.getArgNumber()];
  } else if (!Emitter::getConstant(n)) {
    return;
  }
  auto add = next[i.getArgNumber()].getDefiningOp<ge::AddOp>();
  if (!add || cast<RankedTensorType>(n.getType()).getNumElements() != 1)
    return;
  Value same = body.getArgument(i.getArgNumber());
  Value step = add.getX1() == same ? add.getX2() : add.getX2() == same ? add.getX1() : Value();
  FailureOr<SmallVector<int64_t>> one = step ? Emitter::getInts(step) : FailureOr<SmallVector<int64_t>>(failure());
  if (failed(one) || one->size() != 1 || one->front() != 1)
    return;
  counter = i.getArgNumber();
  limit = n;
}

bool LoopLowering::isFilled(unsigned i) {
  FailureOr<SmallVector<int64_t>> first = Emitter::getInts(op.getInput()[*counter]), steps = Emitter::getInts(limit);
  BlockArgument value = body.getArgument(i);
  if (failed(first) || failed(steps) || first->front() != 0 || !value.hasOneUse() || !cond.getArgument(i).use_empty())
    return false;
  auto update = dyn_cast<ge::TensorScatterUpdateOp>(*value.user_begin());
  if (!update || update.getX() != value || update.getY() != next[i] || !update.getY().hasOneUse() ||
      cast<RankedTensorType>(value.getType()).getDimSize(0) != steps->front() ||
      cast<RankedTensorType>(update.getIndices().getType()).getShape() != ArrayRef<int64_t>{1})
    return false;
  Value index = update.getIndices();
  while (isa_and_nonnull<ge::ReshapeOp, ge::UnsqueezeOp, ge::CastOp>(index.getDefiningOp()))
    index = index.getDefiningOp()->getOperand(0);
  // From the start or from the end.
  Value position = body.getArgument(*counter);
  auto sub = index.getDefiningOp<ge::SubOp>();
  FailureOr<SmallVector<int64_t>> last =
      sub && sub.getX2() == position ? Emitter::getInts(sub.getX1()) : FailureOr<SmallVector<int64_t>>(failure());
  return index == position || (succeeded(last) && last->size() == 1 && last->front() == steps->front() - 1);
}

/// Lets the arguments of a region of the graph stand for `values`, which are
/// those of the carried ones.
void LoopLowering::mapArguments(Block &graph, ArrayRef<Value> values) {
  for (unsigned i = 0; i < graph.getNumArguments(); ++i)
    if (isInvariant(i))
      b.alias(graph.getArgument(i), op.getInput()[i]);
  for (auto [i, value] : llvm::zip_equal(carried, values))
    b.set(graph.getArgument(i), value);
}

/// Lowers the body at the insertion point and passes its values on.
LogicalResult LoopLowering::lowerStep(Block &graph, ArrayRef<Value> values) {
  NestedHome home(b);
  mapArguments(graph, values);
  SmallVector<Value> all, results;
  if (failed(lowerBody(graph, b, all)))
    return failure();
  b.setLoc(op.getLoc());
  for (auto [i, value] : llvm::zip_equal(carried, values)) {
    results.push_back(matchSizes(b, all[i], value.getType()));
    if (!results.back() || failed(keepSizes(graph, i)))
      return emitLoweringError(op) << "expects value " << i << " to have one type in all iterations, "
                                   << value.getType() << ", but the body yields " << all[i].getType();
  }
  npu::NextOp::create(b, results);
  return success();
}

/// Lets the execution check, where nothing proves it, that a step passes on a
/// value as large as it got.
LogicalResult LoopLowering::keepSizes(Block &graph, unsigned i) {
  ge::SymbolicShapes &shapes = b.getShapes();
  if (cast<RankedTensorType>(next[i].getType()).hasStaticShape())
    return success();
  for (auto [before, after] :
       llvm::zip_equal(ge::DimList(shapes.getShape(graph.getArgument(i))), ge::DimList(shapes.getShape(next[i])))) {
    if ((after - before).known().value_or(0) != 0)
      return failure();
    shapes.unify(op, before, after);
  }
  b.checkAssumptions();
  return success();
}

static Value toIndex(Emitter &b, Value graphValue) {
  if (Value known = traceRegister(graphValue, b))
    return known;
  return b.readIndex(b.get(graphValue));
}

/// What a value starts as, with the sizes that every step knows of it.
Value LoopLowering::getInit(unsigned i) {
  Value init = b.get(op.getInput()[i]).value;
  return matchSizes(b, init, gemlir::getStorageType(cast<RankedTensorType>(body.getArgument(i).getType())));
}

LogicalResult LoopLowering::lowerCounted() {
  auto type = cast<RankedTensorType>(op.getInput()[*counter].getType());
  Value first = toIndex(b, op.getInput()[*counter]), end = toIndex(b, limit);
  Value count = arith::MaxSIOp::create(b, arith::SubIOp::create(b, end, first), b.index(0));
  SmallVector<Value> inits;
  for (unsigned i : carried) {
    Tensor init = b.get(op.getInput()[i]);
    inits.push_back(isFilled(i) ? b.empty(init.shape(), init.element).value : getInit(i));
  }
  auto loop = npu::ForOp::create(b, ValueRange(inits).getTypes(), count, inits);
  {
    OpBuilder::InsertionGuard guard(b);
    SmallVector<Type> types = {b.getIndexType()};
    llvm::append_range(types, loop.getResultTypes());
    Block *block = b.createBlock(&loop.getBody(), {}, types, SmallVector<Location>(types.size(), op.getLoc()));
    Value position =
        matchPattern(first, m_Zero()) ? Value(block->getArgument(0)) : b.addIndex(block->getArgument(0), first);
    BlockArgument argument = body.getArgument(*counter);
    b.setRegister(argument, position);
    b.set(argument, toTensor(b, position, cast<RankedTensorType>(argument.getType())));
    SmallVector<Value> values(block->getArguments().drop_front());
    if (failed(lowerStep(body, values)))
      return failure();
  }
  for (auto [i, result] : llvm::zip_equal(carried, loop.getResults()))
    b.set(op->getResult(i), result);
  if (!op->getResult(*counter).use_empty())
    b.set(op->getResult(*counter), toTensor(b, b.addIndex(first, count), type));
  return success();
}

LogicalResult LoopLowering::lowerUncounted() {
  SmallVector<Value> inits;
  for (unsigned i : carried)
    inits.push_back(getInit(i));
  auto loop = npu::WhileOp::create(b, ValueRange(inits).getTypes(), inits);
  {
    OpBuilder::InsertionGuard guard(b);
    SmallVector<Location> locations(inits.size(), op.getLoc());
    Block *before = b.createBlock(&loop.getBefore(), {}, loop.getResultTypes(), locations);
    SmallVector<Value> values(before->getArguments()), condition;
    {
      NestedHome home(b);
      mapArguments(cond, values);
      if (failed(lowerBody(cond, b, condition)))
        return failure();
      b.setLoc(op.getLoc());
      npu::ConditionOp::create(b, lowerCondition(cond.getTerminator()->getOperand(0), b));
    }
    Block *step = b.createBlock(&loop.getBody(), {}, loop.getResultTypes(), locations);
    values.assign(step->args_begin(), step->args_end());
    if (failed(lowerStep(body, values)))
      return failure();
  }
  for (auto [i, result] : llvm::zip_equal(carried, loop.getResults()))
    b.set(op->getResult(i), result);
  return success();
}

LogicalResult LoopLowering::run() {
  findCounter();
  for (unsigned i = 0; i < next.size(); ++i) {
    if (isInvariant(i))
      b.set(op->getResult(i), b.get(op.getInput()[i]).value);
    else if (counter != i)
      carried.push_back(i);
  }
  return counter ? lowerCounted() : lowerUncounted();
}

static LogicalResult lowerWhile(ge::WhileOp op, Emitter &b) { return LoopLowering(op, b).run(); }

void gemlir::lowering::populateControlFlow(LoweringTable &table) {
  table.add(lowerIf);
  table.add(lowerCase);
  table.add(lowerWhile);
}
