//===- GEOpsVariables.cpp - variables -------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GEOpParsing.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::ge;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsVariables.cpp.inc"

void GEDialect::registerVariableOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsVariables.cpp.inc"
      >();
}

LogicalResult VariableOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getType());
  // C1
  if (!type || !type.hasStaticShape())
    return emitOpError("expects a tensor type of static shape, but got ") << getType();
  // C2
  if (getValue() && getValue()->getType() != getType())
    return emitOpError("expects a value of type ") << getType() << ", but got " << getValue()->getType();
  return success();
}

static LogicalResult verifyAccess(Operation *op, FlatSymbolRefAttr name, Type type, SymbolTableCollection &symbols) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(op, name);
  // C1
  if (!variable)
    return op->emitOpError("expects '") << name.getValue() << "' to name a variable";
  // C2
  if (!areCompatibleTypes(TypeRange(type), TypeRange(variable.getType()), /*anyFormat=*/false))
    return op->emitOpError("expects the type of variable '")
           << name.getValue() << "', " << variable.getType() << ", but got " << type;
  return success();
}

LogicalResult ReadVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyAccess(*this, getVariableAttr(), getY().getType(), symbols);
}

LogicalResult AssignOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyAccess(*this, getVariableAttr(), getValue().getType(), symbols);
}
