//===- TileCount.h - how many tiles a kernel has ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_TILECOUNT_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_TILECOUNT_H

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

namespace gemlir {

/// Dimension `dim` of a kernel's buffer, of which it may be a scalar: symbols are the
/// kernel's scalars.
mlir::AffineExpr getSizeExpr(mlir::npu::KernelOp kernel, mlir::Value buffer, unsigned dim);

/// Gives the kernel so many tiles.
void setTileCount(mlir::npu::KernelOp kernel, mlir::AffineExpr tiles);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_TILECOUNT_H
