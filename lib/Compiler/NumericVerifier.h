//===- NumericVerifier.h - compare results after every pass -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a pass the model is computed again from the IR as it is then: by the
// reference interpreter while it consists of `ge` operators, below that by
// finishing the compilation without the passes that only optimize, and running
// the result. The first pass whose model computes something else is to blame,
// and the graph is cut to find the operator.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_COMPILER_NUMERICVERIFIER_H
#define GEMLIR_LIB_COMPILER_NUMERICVERIFIER_H

#include "PipelineSteps.h"
#include "ge-mlir/Interpreter/Interpreter.h"

#include "mlir/IR/OwningOpRef.h"
#include <functional>
#include <optional>

namespace gemlir {

class NumericVerifier {
public:
  /// Packs a module of kernels and a program, whose interface is that of the
  /// function `graph`, into an offline model.
  using Pack =
      std::function<mlir::LogicalResult(mlir::ModuleOp module, mlir::func::FuncOp graph, std::vector<uint8_t> &om)>;

  /// `steps` are those of the whole compilation.
  NumericVerifier(llvm::ArrayRef<PipelineStep> steps, Pack pack) : steps(steps), pack(std::move(pack)) {}

  /// Checks `module` after step `index` has run. Fails with an error that names
  /// the pass and the operator if results differ from those of the first IR that
  /// the interpreter could evaluate.
  mlir::LogicalResult check(mlir::ModuleOp module, size_t index);

  /// How many passes changed the IR and were found to compute the same.
  unsigned getNumVerified() const { return numVerified; }

private:
  using Values = llvm::SmallVector<interp::Tensor>;

  bool setReference(mlir::ModuleOp module);
  std::optional<Values> interpret(mlir::ModuleOp module);
  std::optional<Values> complete(mlir::ModuleOp module, size_t first, size_t last, std::string &why);
  std::optional<Values> execute(llvm::ArrayRef<uint8_t> om, std::string &why);
  mlir::LogicalResult checkGraph(mlir::ModuleOp module, size_t index);
  mlir::LogicalResult checkLowered(mlir::ModuleOp module, size_t index);
  mlir::LogicalResult blame(size_t index, mlir::Operation *op, llvm::StringRef difference);
  mlir::Operation *findOperatorInGraph(mlir::ModuleOp module);
  mlir::Operation *findOperatorBelow(size_t index);

  llvm::ArrayRef<PipelineStep> steps;
  Pack pack;
  Values inputs, reference;
  /// The last module of `ge` operators that computed the right results, and the
  /// step it came from.
  mlir::OwningOpRef<mlir::ModuleOp> graph;
  size_t graphStep = 0;
  std::optional<mlir::OperationFingerPrint> before;
  unsigned numVerified = 0;
};

} // namespace gemlir

#endif // GEMLIR_LIB_COMPILER_NUMERICVERIFIER_H
