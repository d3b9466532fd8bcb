//===- DumpGraph.h - graphs in files, as the environment asks -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_API_DUMPGRAPH_H
#define GE_MLIR_LIB_API_DUMPGRAPH_H

#include "graph/graph.h"

#include <cstddef>
#include <cstdint>

namespace gemlir::api {

/// Writes graphs of a compilation where DUMP_GE_GRAPH asks for it:
/// `ge_proto_<number>_graph_<id>_<stage>.txt`, `ge_onnx_....pbtxt` and
/// `ge_readable_....txt`, as DUMP_GRAPH_FORMAT, DUMP_GRAPH_LEVEL and
/// DUMP_GRAPH_PATH say. A file that cannot be written is a warning.
class GraphDumper {
public:
  explicit GraphDumper(uint32_t graphId);

  /// The stages that there are, first and last.
  static constexpr const char *kBegin = "PreRunBegin", *kBuild = "Build";

  void dump(const char *stage, const ::ge::Graph &graph);
  /// The same for a serialised ge.proto.ModelDef.
  void dump(const char *stage, const void *data, size_t size);

private:
  bool wants(const char *stage) const;
  void write(const char *form, const char *stage, const char *ending, const std::string &text);

  const uint32_t graphId;
  int detail = 0; ///< 0 for nothing
  std::string formats, level, folder;
};

} // namespace gemlir::api

#endif // GE_MLIR_LIB_API_DUMPGRAPH_H
