//===- Passes.h - passes on the ge dialect ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES_H
#define GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::ge {

#define GEN_PASS_DECL
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"

} // namespace mlir::ge

#endif // GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES_H
