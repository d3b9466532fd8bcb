//===- Diagnostics.h - diagnostics of one compilation -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_COMPILER_DIAGNOSTICS_H
#define GEMLIR_LIB_COMPILER_DIAGNOSTICS_H

#include "ge-mlir/Compiler/Compiler.h"
#include "mlir/IR/Diagnostics.h"

#include <atomic>
#include <mutex>

namespace gemlir {

/// The name of the first node that a location names, or "".
std::string findNode(mlir::Location loc);

/// Gathers what passes emit, from any thread, and turns it into an error of the
/// API.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context);

  /// Fills `error` from the errors so far. A message may name its stable code as
  /// "[E12345]" at its end; the node is that of the first error that has one.
  void describe(CompileError &error);
  std::string getWarnings();
  bool hasErrors();
  /// From now on, a failure without a code is the compiler's own, not one of a
  /// node that breaks the rules of its operator.
  void acceptGraph() { blamesGraph = false; }

private:
  void handle(mlir::Diagnostic &diagnostic);

  std::mutex mutex;
  std::atomic<bool> blamesGraph{true};
  std::string errors, warnings, node, code;
  std::vector<Issue> issues;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace gemlir

#endif // GEMLIR_LIB_COMPILER_DIAGNOSTICS_H
