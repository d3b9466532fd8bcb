//===- GEToLinalg.h - from ge to linalg -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass `convert-ge-to-linalg`, and the questions other stages ask about it.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_GETOLINALG_GETOLINALG_H
#define GEMLIR_CONVERSION_GETOLINALG_GETOLINALG_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Pass/Pass.h"

namespace gemlir {

/// The type below `ge` of a tensor of the `ge` dialect: no encoding, bool as
/// `i8`, unsigned integers signless.
mlir::RankedTensorType getStorageType(mlir::RankedTensorType type);

/// Whether `convert-ge-to-linalg` knows the operation.
bool hasLinalgLowering(mlir::Operation *op);

#define GEN_PASS_DECL
#include "ge-mlir/Conversion/GEToLinalg/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Conversion/GEToLinalg/Passes.h.inc"

} // namespace gemlir

#endif // GEMLIR_CONVERSION_GETOLINALG_GETOLINALG_H
