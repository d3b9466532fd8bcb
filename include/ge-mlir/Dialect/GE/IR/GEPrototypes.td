//===- GEPrototypes.td - all prototypes --------------------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEPROTOTYPES_TD
#define GEMLIR_DIALECT_GE_IR_GEPROTOTYPES_TD

include "ge-mlir/Dialect/GE/IR/GEOps.td"
include "ge-mlir/Dialect/GE/IR/GEPrototypesAC.td"
include "ge-mlir/Dialect/GE/IR/GEPrototypesDG.td"
include "ge-mlir/Dialect/GE/IR/GEPrototypesHP.td"
include "ge-mlir/Dialect/GE/IR/GEPrototypesQS.td"
include "ge-mlir/Dialect/GE/IR/GEPrototypesTZ.td"

#endif // GEMLIR_DIALECT_GE_IR_GEPROTOTYPES_TD
