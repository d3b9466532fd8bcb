//===- GEDialect.h - the ge dialect -----------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect with its attributes and operations.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEDIALECT_H
#define GEMLIR_DIALECT_GE_IR_GEDIALECT_H

#include "ge-mlir/Dialect/GE/IR/GEOps.h"

#include "ge-mlir/Dialect/GE/IR/GEDialect.h.inc"

namespace mlir::ge {

/// Names of the discardable attributes that carry what a GE graph says beyond
/// operators: the name and index of a Data node or an output (on arguments and
/// results of a function), and the nodes that must run before an operation.
inline constexpr StringLiteral kNameAttr = "ge.name";
inline constexpr StringLiteral kIndexAttr = "ge.index";
inline constexpr StringLiteral kControlInputsAttr = "ge.control_inputs";

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_IR_GEDIALECT_H
