//===- GEOpsControl.cpp - constants, foreign operators and control flow ---===//
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
#include "ge-mlir/Dialect/GE/IR/GEOpsControl.cpp.inc"

void GEDialect::registerControlOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsControl.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Constants and foreign operators
//===----------------------------------------------------------------------===//

OpFoldResult ConstOp::fold(FoldAdaptor) { return getValue(); }

Value ge::getForeignInput(OperandRange operands, std::optional<ArrayRef<int64_t>> indices, int64_t index) {
  if (!indices)
    return index >= 0 && index < int64_t(operands.size()) ? operands[index] : Value();
  for (auto [i, input] : llvm::enumerate(*indices))
    if (input == index)
      return operands[i];
  return {};
}

/// C1 of foreign operators.
static LogicalResult verifyInputIndices(Operation *op, std::optional<ArrayRef<int64_t>> indices) {
  if (!indices)
    return success();
  if (indices->size() != op->getNumOperands())
    return op->emitOpError("expects 'input_indices' to have an element for each operand, but got ")
           << indices->size() << " for " << op->getNumOperands();
  int64_t last = -1;
  for (int64_t index : *indices) {
    if (index <= last)
      return op->emitOpError("expects 'input_indices' to be ascending and not negative, but got ")
             << dimsText(*indices);
    last = index;
  }
  return success();
}

LogicalResult FrameworkOp::verify() {
  // C1
  if (failed(verifyInputIndices(*this, getInputIndices())))
    return failure();
  // C2
  size_t names = getBodyNames() ? getBodyNames()->size() : 0;
  if (names != getBodies().size())
    return emitOpError("expects 'body_names' to have an element for each body, but got ")
           << names << " for " << getBodies().size();
  return success();
}

LogicalResult CustomOp::verify() {
  // C1
  if (failed(verifyInputIndices(*this, getInputIndices())))
    return failure();
  // C2
  if (getInputNames() && getInputNames()->size() != getNumOperands())
    return emitOpError("expects 'input_names' to have an element for each operand, but got ")
           << getInputNames()->size() << " for " << getNumOperands();
  if (getOutputNames() && getOutputNames()->size() != getNumResults())
    return emitOpError("expects 'output_names' to have an element for each result, but got ")
           << getOutputNames()->size() << " for " << getNumResults();
  return success();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Whether values of some types may flow where others are expected: the same
/// elements, no contradiction of shapes.
static bool flowsTo(TypeRange from, TypeRange to) { return areCompatibleTypes(from, to, /*anyFormat=*/false); }

static LogicalResult verifyArguments(Operation *op, Region &region, StringRef name, TypeRange inputs) {
  if (flowsTo(inputs, region.getArgumentTypes()))
    return success();
  return op->emitOpError("expects the arguments of ") << name << " to have the types of its inputs (" << inputs
                                                      << "), but got (" << region.getArgumentTypes() << ")";
}

static LogicalResult verifyYield(Operation *op, Region &region, StringRef name, TypeRange results) {
  TypeRange yielded = region.front().getTerminator()->getOperandTypes();
  if (flowsTo(yielded, results))
    return success();
  return op->emitOpError("expects ") << name << " to yield (" << results << "), but got (" << yielded << ")";
}

LogicalResult IfOp::verify() {
  for (auto [region, name] : {std::pair<Region *, StringRef>(&getThenBranch(), "'then_branch'"),
                              std::pair<Region *, StringRef>(&getElseBranch(), "'else_branch'")})
    // C1, C2
    if (failed(verifyArguments(*this, *region, name, getInput().getTypes())) ||
        failed(verifyYield(*this, *region, name, getResultTypes())))
      return failure();
  return success();
}

LogicalResult CaseOp::verify() {
  // C1
  if (getBranches().empty())
    return emitOpError("expects a branch, but got none");
  for (auto [i, region] : llvm::enumerate(getBranches())) {
    std::string name = "branch " + std::to_string(i);
    // C2, C3
    if (failed(verifyArguments(*this, region, name, getInput().getTypes())) ||
        failed(verifyYield(*this, region, name, getResultTypes())))
      return failure();
  }
  return success();
}

LogicalResult WhileOp::verify() {
  // C1
  if (failed(verifyArguments(*this, getCond(), "'cond'", getInput().getTypes())) ||
      failed(verifyArguments(*this, getBody(), "'body'", getInput().getTypes())))
    return failure();
  // C2
  if (size_t count = getCond().front().getTerminator()->getNumOperands(); count != 1)
    return emitOpError("expects 'cond' to yield one tensor, but got ") << count;
  // C3
  if (getNumResults() != getInput().size())
    return emitOpError("expects as many results as inputs, but got ")
           << getNumResults() << " and " << getInput().size();
  return verifyYield(*this, getBody(), "'body'", getResultTypes());
}
