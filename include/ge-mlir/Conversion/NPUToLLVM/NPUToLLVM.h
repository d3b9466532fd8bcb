//===- NPUToLLVM.h - kernels to the LLVM dialect -*- C++ -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel becomes two functions of the LLVM dialect: an internal one with a
// pointer for each buffer, and the exported one with the kernel ABI, which loads
// the pointers:
//
//   void NAME(void *const *buffers, const int64_t *scalars,
//             int64_t begin, int64_t end, void *context)
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOLLVM_NPUTOLLVM_H
#define GEMLIR_CONVERSION_NPUTOLLVM_NPUTOLLVM_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
class RewritePatternSet;
namespace arith {
class ArithDialect;
}
namespace cf {
class ControlFlowDialect;
}
namespace LLVM {
class LLVMDialect;
}
namespace math {
class MathDialect;
}
namespace scf {
class SCFDialect;
}
namespace vector {
class VectorDialect;
}
} // namespace mlir

namespace gemlir {

/// Patterns that replace operations of the math dialect for which no processor
/// has an instruction, and `arith.remf`, on f16, bf16, f32, f64 and vectors of
/// them, by arithmetic of a few ULP.
void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);

/// From modules with bufferized kernels (tile operations, linalg, scf, vector,
/// memref) to the LLVM dialect. Adds passes for modules.
void buildNPUToLLVMPipeline(mlir::OpPassManager &pm, const device::Description &device);

#define GEN_PASS_DECL
#include "ge-mlir/Conversion/NPUToLLVM/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Conversion/NPUToLLVM/Passes.h.inc"

} // namespace gemlir

#endif // GEMLIR_CONVERSION_NPUTOLLVM_NPUTOLLVM_H
