//===- Roundings.h - between operations of one body ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_ROUNDINGS_H
#define GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_ROUNDINGS_H

#include "mlir/IR/Block.h"

namespace mlir::npu {

/// Lets what a body rounds to a shorter type, only to widen it again, keep its type.
/// The number of roundings that disappeared.
unsigned dropRoundings(Block &body);

} // namespace mlir::npu

#endif // GEMLIR_LIB_DIALECT_NPU_TRANSFORMS_ROUNDINGS_H
