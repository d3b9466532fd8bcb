//===- Control.cpp - constants and what needs no code -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

using namespace mlir;
using namespace gemlir::lowering;

static LogicalResult lowerConst(ge::ConstOp op, Emitter &b) {
  ElementsAttr value = Emitter::getConstant(op->getResult(0));
  if (!isa_and_present<DenseElementsAttr, DenseResourceElementsAttr>(value))
    return emitLoweringError(op) << "expects a dense value, but got " << value;
  b.set(op->getResult(0), b.constant(value).value);
  return success();
}

static LogicalResult lowerIdentity(ge::IdentityOp op, Emitter &b) {
  b.set(op->getResult(0), b.get(op->getOperand(0)).value);
  return success();
}

/// The elements of a shape or a number about it, as the result's integer type.
static LogicalResult setIntegers(Operation *op, Emitter &b, ArrayRef<int64_t> numbers) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<APInt> values;
  for (int64_t number : numbers)
    values.emplace_back(type.getElementTypeBitWidth(), number, /*isSigned=*/true, /*implicitTrunc=*/true);
  b.set(op->getResult(0), b.constant(DenseElementsAttr::get(type, values)).value);
  return success();
}

static RankedTensorType operandType(Operation *op) { return cast<RankedTensorType>(op->getOperand(0).getType()); }

/// Of static shape; what is dynamic is made of registers.
static LogicalResult lowerShape(ge::ShapeOp op, Emitter &b) {
  return setIntegers(op, b, b.fixed(b.getOrigin(op.getX()), "a shape of many dimensions"));
}

static LogicalResult lowerSize(ge::SizeOp op, Emitter &b) {
  return setIntegers(op, b, b.fixed(gemlir::product(b.getOrigin(op.getX())), "a size"));
}

static LogicalResult lowerRank(ge::RankOp op, Emitter &b) {
  return setIntegers(op, b, int64_t(getOriginShape(operandType(op)).size()));
}

/// The state that a variable is, and what it starts as.
static std::pair<StringAttr, ElementsAttr> getState(Operation *op, FlatSymbolRefAttr name, Emitter &b) {
  auto variable = SymbolTable::lookupNearestSymbolFrom<ge::VariableOp>(op, name);
  ElementsAttr initial = variable.getValue() ? *variable.getValue() : ElementsAttr();
  return {name.getAttr(), initial ? b.toStorage(initial) : initial};
}

static LogicalResult lowerReadVariable(ge::ReadVariableOp op, Emitter &b) {
  auto [name, initial] = getState(op, op.getVariableAttr(), b);
  auto type = gemlir::getStorageType(cast<RankedTensorType>(op.getY().getType()));
  b.set(op.getY(), npu::ReadStateOp::create(b, type, name, initial));
  return success();
}

static LogicalResult lowerAssign(ge::AssignOp op, Emitter &b) {
  auto [name, initial] = getState(op, op.getVariableAttr(), b);
  npu::WriteStateOp::create(b, b.get(op.getValue()).value, name, initial);
  return success();
}

static LogicalResult rejectImported(Operation *op, Emitter &) {
  // What the node is called in its own world is what a user looks for.
  auto custom = dyn_cast<mlir::ge::CustomOp>(op);
  StringRef type = custom ? custom.getOpType() : cast<mlir::ge::FrameworkOp>(op).getOriginalType();
  return emitLoweringError(op) << "is not supported: no operator implements '" << type << "'";
}

void gemlir::lowering::populateControl(LoweringTable &table) {
  table.add(lowerConst);
  table.add(lowerIdentity);
  table.add(lowerShape);
  table.add(lowerSize);
  table.add(lowerRank);
  table.add(lowerReadVariable);
  table.add(lowerAssign);
  for (StringRef name : {"ge.framework_op", "ge.custom"})
    table.add(name, rejectImported);
}
