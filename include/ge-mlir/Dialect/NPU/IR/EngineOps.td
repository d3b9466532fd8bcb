//===- EngineOps.td - engine commands as operations -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lowest level of the npu dialect: one operation for each command of
// Device/EngineCommands.td, generated from it.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_ENGINEOPS
#define GEMLIR_DIALECT_NPU_IR_ENGINEOPS

include "ge-mlir/Dialect/NPU/IR/NPUBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NPU_EngineOpInterface : OpInterface<"EngineOpInterface"> {
  let cppNamespace = "::mlir::npu";
  let description = [{
    A command of an engine. Its fields in registers are the operands and those of
    the word the attributes, both in the order of `gemlir::engine::getInfo`.
  }];
  let methods = [
    StaticInterfaceMethod<"The command.", "::gemlir::engine::CommandId", "getCommand">,
    StaticInterfaceMethod<"Memories that it may read, bit n for tag n.", "unsigned", "getReadSpaces">,
    StaticInterfaceMethod<"Memories that it may write, bit n for tag n.", "unsigned", "getWrittenSpaces">
  ];
}

/// Constraints of all: (C1) names of families' members, types and queues are
/// known. (C2) attributes and constant operands fit their fields.
class NPU_EngineOp<string mnemonic, string id, int reads, int writes> : NPU_Op<mnemonic, [
    DeclareOpInterfaceMethods<NPU_EngineOpInterface>, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::gemlir::engine::CommandId $cppClass::getCommand() { return ::gemlir::engine::CommandId::}] # id # [{; }
    unsigned $cppClass::getReadSpaces() { return }] # reads # [{; }
    unsigned $cppClass::getWrittenSpaces() { return }] # writes # [{; }
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::mlir::npu::addEngineEffects(*this, effects);
    }
    ::llvm::LogicalResult $cppClass::verify() { return ::mlir::npu::verifyEngineOp(*this); }
  }];
}

include "ge-mlir/Dialect/NPU/IR/EngineCommandOps.td"

#endif // GEMLIR_DIALECT_NPU_IR_ENGINEOPS
