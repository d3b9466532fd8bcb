//===- ge_utils.h - checks on graphs outside a session ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_UTILS_H
#define GE_GE_UTILS_H

#include "ge_common/ge_common_api_types.h"
#include "graph/graph.h"

namespace ge {
class GE_FUNC_VISIBILITY GeUtils {
public:
  /// Infers the shapes of all nodes from those of the inputs and writes them
  /// into the graph.
  static Status InferShape(const Graph &graph, const std::vector<Shape> &input_shapes);
  /// Whether the compiler has an implementation of the node; the reason if not.
  static Status CheckNodeSupportOnAicore(const GNode &node, bool &supported, AscendString &reason);
};
} // namespace ge

#endif // GE_GE_UTILS_H
