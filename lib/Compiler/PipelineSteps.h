//===- PipelineSteps.h - a pass pipeline, one pass at a time -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_COMPILER_PIPELINESTEPS_H
#define GEMLIR_LIB_COMPILER_PIPELINESTEPS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace gemlir {

/// One pass of a pipeline, with the nesting it runs in.
struct PipelineStep {
  std::string pass;        ///< argument of the pass: "canonicalize"
  std::string pipeline;    ///< "builtin.module(func.func(canonicalize{...}))"
  bool isInserted = false; ///< not of the compiler's own pipeline

  /// Runs the pass on `module`; `setUp` may change the manager that does.
  mlir::LogicalResult
  run(mlir::ModuleOp module, llvm::function_ref<void(mlir::PassManager &)> setUp = [](mlir::PassManager &) {}) const;
};

/// The passes of `pm` in the order they run; a pass that is nested runs on all
/// operations of its kind before the next one does.
std::vector<PipelineStep> splitPipeline(mlir::OpPassManager &pm);

/// Makes the passes of a shared library known; returns why it cannot, or "".
std::string loadPassPlugin(const std::string &file);

/// Puts the pipeline `text`, anchored on the module ("func.func(my-pass)"),
/// behind each step that runs the pass `after`.
/// Returns false if no step does.
bool insertSteps(std::vector<PipelineStep> &steps, llvm::StringRef after, llvm::StringRef text);

} // namespace gemlir

#endif // GEMLIR_LIB_COMPILER_PIPELINESTEPS_H
