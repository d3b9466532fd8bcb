//===- GEOps.td - all operations of the ge dialect ---------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPS_TD
#define GEMLIR_DIALECT_GE_IR_GEOPS_TD

include "ge-mlir/Dialect/GE/IR/GEOpsControl.td"
include "ge-mlir/Dialect/GE/IR/GEOpsElementwise.td"
include "ge-mlir/Dialect/GE/IR/GEOpsMovement.td"
include "ge-mlir/Dialect/GE/IR/GEOpsNN.td"
include "ge-mlir/Dialect/GE/IR/GEOpsReduce.td"
include "ge-mlir/Dialect/GE/IR/GEOpsVariables.td"

#endif // GEMLIR_DIALECT_GE_IR_GEOPS_TD
