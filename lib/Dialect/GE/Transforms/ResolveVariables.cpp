//===- ResolveVariables.cpp - reads and assignments of variables ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "ge-mlir/Dialect/GE/Transforms/Refinement.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringSwitch.h"

namespace mlir::ge {
#define GEN_PASS_DEF_RESOLVEVARIABLESPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;

namespace {

enum class Access { None, Declare, Read, Assign, Add, Sub };

Access getAccess(Operation *op) {
  auto custom = dyn_cast<CustomOp>(op);
  if (!custom)
    return Access::None;
  return llvm::StringSwitch<Access>(custom.getOpType())
      .Cases({"Variable", "VariableV2"}, Access::Declare)
      .Cases({"ReadVariable", "ReadVariableOp"}, Access::Read)
      .Case("Assign", Access::Assign)
      .Case("AssignAdd", Access::Add)
      .Case("AssignSub", Access::Sub)
      .Default(Access::None);
}

struct ResolveVariables : ge::impl::ResolveVariablesPassBase<ResolveVariables> {
  void runOnOperation() override {
    variables.clear();
    SmallVector<Operation *> work, resolved;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) { work.push_back(op); });
    for (Operation *op : work) {
      if (failed(resolve(op)))
        return signalPassFailure();
      if (getAccess(op) != Access::None)
        resolved.push_back(op);
    }
    for (Operation *op : llvm::reverse(resolved))
      op->erase();
    // What reads a variable may not have known its type.
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      WalkResult refined = func.walk<WalkOrder::PreOrder>([](GEOperator op) {
        return failed(refineResultTypes(op)) ? WalkResult::interrupt() : WalkResult::advance();
      });
      if (refined.wasInterrupted())
        return signalPassFailure();
      refineFunctionType(func);
    }
  }

private:
  /// Makes what `op` does with variables explicit; operands come before users.
  LogicalResult resolve(Operation *op) {
    Access access = getAccess(op);
    if (access == Access::Declare)
      return declare(cast<CustomOp>(op));
    bool writes = access == Access::Assign || access == Access::Add || access == Access::Sub;
    if (writes)
      return assign(cast<CustomOp>(op), access);
    for (OpOperand &operand : op->getOpOperands())
      if (VariableOp variable = variables.lookup(operand.get()))
        operand.set(read(op, variable));
    if (access == Access::Read && op->getNumOperands() == 1 && op->getNumResults() == 1)
      op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    return success();
  }

  LogicalResult declare(CustomOp op) {
    auto value = op.getNodeAttributes().getAs<ElementsAttr>("value");
    if (op->getNumResults() != 1)
      return op.emitError("expects a variable with 1 output, but got ") << op->getNumResults() << " [E10401]";
    auto type = dyn_cast<RankedTensorType>(op.getResult(0).getType());
    if (value && value.getNumElements() > 0 &&
        (!type || !type.hasStaticShape() || isa<OpaqueType>(type.getElementType())))
      type = cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape())
      return op.emitError("expects a variable of static shape, but got ") << op.getResult(0).getType() << " [E10011]";
    // A client that gives no initial value leaves an empty one.
    if (value && value.getType() != type) {
      if (value.getNumElements() != 0)
        return op.emitError("expects an initial value of type ")
               << type << ", but got " << value.getType() << " [E14001]";
      value = {};
    }
    auto name = op->getLoc()->findInstanceOf<NameLoc>();
    auto builder = OpBuilder::atBlockBegin(getOperation().getBody());
    auto variable =
        VariableOp::create(builder, op.getLoc(), name ? name.getName().getValue() : StringRef("variable"), type, value);
    if (name && SymbolTable::lookupSymbolIn(getOperation(), name.getName()) != variable)
      return op.emitError("expects one variable of the name '") << name.getName().getValue() << "' [E10001]";
    if (!name && failed(SymbolTable(getOperation()).rename(variable, "variable_" + std::to_string(numVariables))))
      return failure();
    variables[op.getResult(0)] = variable;
    ++numVariables;
    return success();
  }

  Value read(Operation *user, VariableOp variable) {
    ++numReads;
    OpBuilder builder(user);
    return ReadVariableOp::create(builder, user->getLoc(), variable.getType(),
                                  FlatSymbolRefAttr::get(variable.getSymNameAttr()));
  }

  LogicalResult assign(CustomOp op, Access access) {
    VariableOp variable = op->getNumOperands() == 2 ? variables.lookup(op->getOperand(0)) : VariableOp();
    if (!variable)
      return op.emitError("'") << op.getOpType()
                               << "' expects a variable and a value, but its input 0 is no variable "
                                  "[E10401]";
    OpBuilder builder(op);
    Value value = op->getOperand(1);
    if (VariableOp other = variables.lookup(value))
      value = read(op, other);
    if (access == Access::Add)
      value = AddOp::create(builder, op.getLoc(), read(op, variable), value);
    else if (access == Access::Sub)
      value = SubOp::create(builder, op.getLoc(), read(op, variable), value);
    if (!areCompatibleTypes(TypeRange(value.getType()), TypeRange(variable.getType()), /*anyFormat=*/false))
      return op.emitError("expects a value of type ")
             << variable.getType() << " for variable '" << variable.getSymName() << "', but got " << value.getType()
             << " [E14001]";
    AssignOp::create(builder, op.getLoc(), value, FlatSymbolRefAttr::get(variable.getSymNameAttr()));
    for (Value result : op->getResults())
      variables[result] = variable;
    ++numAssignments;
    return success();
  }

  /// The variable whose content a value is a reference to.
  DenseMap<Value, VariableOp> variables;
};

} // namespace
