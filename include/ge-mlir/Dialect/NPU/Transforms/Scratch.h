//===- Scratch.h - global memory of a launch -------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_NPU_TRANSFORMS_SCRATCH_H
#define GE_MLIR_DIALECT_NPU_TRANSFORMS_SCRATCH_H

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

namespace mlir::npu {

/// Turns the `npu.scratch` of a kernel into outputs behind the others; returns their
/// types. Launches of the kernel need as many more results or operands.
SmallVector<MemRefType> makeScratchOutputs(KernelOp kernel);

} // namespace mlir::npu

#endif // GE_MLIR_DIALECT_NPU_TRANSFORMS_SCRATCH_H
