//===- GEOps.h - operations of the ge dialect -------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPS_H
#define GEMLIR_DIALECT_GE_IR_GEOPS_H

#include "ge-mlir/Dialect/GE/IR/GEInference.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::ge {

/// Every result element depends on one element of each operand (after
/// broadcasting), whatever the storage format.
template <typename ConcreteType>
class ElementwiseTrait : public OpTrait::TraitBase<ConcreteType, ElementwiseTrait> {};

/// The result shape is the broadcast of the operand shapes.
template <typename ConcreteType>
class BroadcastTrait : public OpTrait::TraitBase<ConcreteType, BroadcastTrait> {};

/// The content of all variables.
struct VariableResource : SideEffects::Resource::Base<VariableResource> {
  StringRef getName() final { return "Variables"; }
};

/// The operand that is input `index`, or null if that input is absent.
Value getForeignInput(OperandRange operands, std::optional<ArrayRef<int64_t>> indices, int64_t index);

/// The operand's definition if it is the same operation, else nothing.
OpFoldResult foldIdempotent(Operation *op);
/// What the operand's definition negates if it is the same operation.
OpFoldResult foldInvolution(Operation *op);

} // namespace mlir::ge

#include "ge-mlir/Dialect/GE/IR/GEInterfaces.h.inc"

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsControl.h.inc"
#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsElementwise.h.inc"
#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsMovement.h.inc"
#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsNN.h.inc"
#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsReduce.h.inc"
#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsVariables.h.inc"

#endif // GEMLIR_DIALECT_GE_IR_GEOPS_H
