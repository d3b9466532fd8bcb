//===- EngineOps.h - engine commands as operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_ENGINEOPS_H
#define GEMLIR_DIALECT_NPU_IR_ENGINEOPS_H

#include "ge-mlir/Device/Engine.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include <variant>

#include "ge-mlir/Dialect/NPU/IR/EngineInterfaces.h.inc"

namespace mlir::npu {

/// Effects on the memories that the command concerns, and on the order of
/// commands.
void addEngineEffects(EngineOpInterface op,
                      SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects);

LogicalResult verifyEngineOp(EngineOpInterface op);

/// The value of a field for `createEngineOp`: a register's value, a number, or
/// the name of a member, type or queue.
using EngineFieldValue = std::variant<Value, int64_t, StringRef>;

/// Creates the operation of a command; fields that are not given are 0. Fails on
/// the name of a field or value that the command does not have.
FailureOr<Operation *> createEngineOp(OpBuilder &builder, Location loc, gemlir::engine::CommandId command,
                                      ArrayRef<std::pair<StringRef, EngineFieldValue>> fields);

/// The number that a static field's attribute stands for; fails on a name that
/// the field does not have.
FailureOr<uint64_t> getStaticField(EngineOpInterface op, const gemlir::engine::FieldInfo &field);

} // namespace mlir::npu

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/NPU/IR/EngineOps.h.inc"

#endif // GEMLIR_DIALECT_NPU_IR_ENGINEOPS_H
