//===- LegalizeONNXLoop.cpp - loops that mappings emit --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXLoop.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;
using namespace gemlir;

LoopBuilder::LoopBuilder(Node &n, Value limit)
    : n(n), limit(limit), guard(n.builder()), region(std::make_unique<Region>()), body(new Block) {
  region->push_back(body);
  operands.push_back(n.intScalar(0));
  auto i64 = RankedTensorType::get({}, n.builder().getI64Type());
  body->addArgument(i64, n.loc());
  n.builder().setInsertionPointToEnd(body);
}

LoopBuilder::~LoopBuilder() {
  // A loop that was given up.
  if (region)
    n.getLegalizer().discard(*region);
}

Value LoopBuilder::carry(Value init) {
  if (!n.typeOf(init))
    return {};
  carried.push_back(operands.size());
  operands.push_back(init);
  Value argument = body->addArgument(init.getType(), n.loc());
  n.getLegalizer().setOrigin(argument, init, /*changes=*/true);
  return argument;
}

Value LoopBuilder::use(Value outer) {
  if (!outer || outer.getParentRegion() == region.get())
    return outer;
  Value &inside = known[outer];
  if (inside)
    return inside;
  if (ElementsAttr value = getConstantAttr(outer)) {
    OpBuilder::InsertionGuard atStart(n.builder());
    n.builder().setInsertionPointToStart(body);
    return inside = n.constant(value);
  }
  operands.push_back(outer);
  inside = body->addArgument(outer.getType(), n.loc());
  n.getLegalizer().setOrigin(inside, outer, /*changes=*/false);
  return inside;
}

Value LoopBuilder::sliceOf(Value outer, Value index) { return n.gather(use(outer), index, 0); }

SmallVector<Value> LoopBuilder::finish(ArrayRef<Value> next) {
  SmallVector<Value> results(carried.size());
  if (n.hasFailed() || next.size() != carried.size() || llvm::is_contained(next, Value()) ||
      llvm::is_contained(operands, Value()))
    return results;
  for (auto [position, value] : llvm::zip_equal(carried, next))
    if (value.getType() != operands[position].getType()) {
      auto text = [](Type type) {
        std::string result;
        llvm::raw_string_ostream(result) << type;
        return result;
      };
      n.unsupported("a value of a loop that is " + text(operands[position].getType()) + " before a step and " +
                    text(value.getType()) + " after it");
      return results;
    }
  Value end = limit && getConstantAttr(limit) ? Value() : use(limit);
  OpBuilder &b = n.builder();
  b.setInsertionPointToEnd(body);
  // What is not carried stays as it is.
  SmallVector<Value> yielded(body->args_begin(), body->args_end());
  yielded[0] = n.add(counter(), n.intScalar(1));
  for (auto [position, value] : llvm::zip_equal(carried, next))
    yielded[position] = value;
  YieldOp::create(b, n.loc(), yielded);

  auto test = std::make_unique<Region>();
  auto *cond = new Block;
  test->push_back(cond);
  cond->addArguments(body->getArgumentTypes(), SmallVector<Location>(body->getNumArguments(), n.loc()));
  b.setInsertionPointToEnd(cond);
  auto inCond = [&](Value argument) { return cond->getArgument(cast<BlockArgument>(argument).getArgNumber()); };
  Value goesOn = condition ? Value(inCond(condition)) : Value();
  if (limit) {
    Value last = end ? Value(inCond(end)) : n.constant(getConstantAttr(limit));
    Value counts = n.emit<LessOp>(inCond(counter()), last);
    goesOn = goesOn ? n.emit<LogicalAndOp>(counts, goesOn) : counts;
  }
  if (n.hasFailed() || !goesOn)
    return results;
  YieldOp::create(b, n.loc(), goesOn);

  b.setInsertionPoint(n.getOp());
  OperationState state(n.loc(), WhileOp::getOperationName());
  state.addOperands(operands);
  state.addTypes(ValueRange(operands).getTypes());
  state.addRegion(std::move(test));
  state.addRegion(std::move(region));
  Operation *loop = b.create(state);
  for (auto [result, position] : llvm::zip_equal(results, carried))
    result = loop->getResult(position);
  return results;
}

Collector::Collector(LoopBuilder &loop, Node &n, RankedTensorType slice, int64_t steps) {
  if (!slice)
    return;
  Ints shape(slice.getShape());
  shape.insert(shape.begin(), steps);
  OpBuilder::InsertionGuard guard(n.builder());
  n.builder().setInsertionPoint(n.getOp());
  current = loop.carry(n.splat(slice.getElementType(), shape, 0));
}

Value Collector::put(Node &n, Value index, Value slice) {
  return n.emit<TensorScatterUpdateOp>(current, n.reshape(index, {1}), slice);
}
