//===- TranslateProgram.h - npu.program to the runtime's program -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H
#define GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H

#include "ge-mlir/Model/OM.h"
#include "mlir/IR/BuiltinOps.h"

#include <deque>
#include <vector>

namespace gemlir {

/// A program and the weights that its constants refer to.
struct TranslatedProgram {
  model::Program program;
  std::vector<model::WeightSegment> weights;
  /// Bytes of constants that no attribute holds contiguously.
  std::deque<std::vector<char>> owned;
};

/// Translates the `npu.program` operations of `module`; `@main` is the entry.
/// `result.program.inputs` and `outputs` describe the model and are filled by
/// the caller; binaries too. The weights alias attributes of `module`.
mlir::LogicalResult translateProgram(mlir::ModuleOp module, TranslatedProgram &result);

} // namespace gemlir

#endif // GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H
