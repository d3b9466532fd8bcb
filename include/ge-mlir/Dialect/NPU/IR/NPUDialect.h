//===- NPUDialect.h - the npu dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_NPUDIALECT_H
#define GEMLIR_DIALECT_NPU_IR_NPUDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h.inc"
#include "ge-mlir/Dialect/NPU/IR/NPUEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUAttrs.h.inc"

namespace mlir::npu {
class Im2ColOp;
/// The content of all states.
struct StateResource : SideEffects::Resource::Base<StateResource> {
  StringRef getName() final { return "States"; }
};
/// Lets one-shot bufferization handle the tile operations.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);
} // namespace mlir::npu

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUOps.h.inc"

#endif // GEMLIR_DIALECT_NPU_IR_NPUDIALECT_H
