//===- Passes.h - passes on the npu dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES_H
#define GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES_H

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
namespace affine {
class AffineDialect;
}
namespace func {
class FuncOp;
}
namespace linalg {
class LinalgDialect;
}
namespace scf {
class SCFDialect;
}
} // namespace mlir

namespace mlir::npu {

#define GEN_PASS_DECL
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"

} // namespace mlir::npu

#endif // GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES_H
