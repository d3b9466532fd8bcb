//===- GraphImporter.h - ge::Graph to the ge dialect and back ---*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_IMPORT_GRAPH_GRAPHIMPORTER_H
#define GE_MLIR_IMPORT_GRAPH_GRAPHIMPORTER_H

// The one door into MLIR. What the two sides call the same thing:
//
//   Data, NetOutput       arguments and return of the function @main, named by
//                         the attribute ge.name
//   node                  operation; its name is the location
//   FrameworkOp           ge.framework_op
//   type without an op    ge.custom
//   Const                 ge.const; more than 1 KiB as a dense resource that
//                         aliases the tensor's memory and keeps it alive
//   control edge          ge.control_inputs, a list of node names
//   subgraph              region
//   attribute             attribute of the operation; one that the operation
//                         does not declare is in the dictionary ge.attrs
//
// Which operation a type is comes from the table that the operators' TableGen
// records generate.

#include "graph/graph.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace gemlir {

struct GraphImportOptions {
  /// Take the described types of outputs as they are. Otherwise types are
  /// inferred, and a description counts only where inference has no answer.
  bool trustDescriptions = false;
};

/// Null on failure, after a diagnostic at the node.
mlir::OwningOpRef<mlir::ModuleOp> importGraph(const ::ge::Graph &graph, mlir::MLIRContext *context,
                                              const GraphImportOptions &options = {});

struct GraphExportOptions {
  /// Constants alias the module's memory, which must then outlive the graph.
  bool aliasConstants = false;
};

/// Fails after a diagnostic if an operation is none of the ge dialect's.
mlir::LogicalResult exportGraph(mlir::ModuleOp module, ::ge::Graph &graph, const GraphExportOptions &options = {});

} // namespace gemlir

#endif // GE_MLIR_IMPORT_GRAPH_GRAPHIMPORTER_H
