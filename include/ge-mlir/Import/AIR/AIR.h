//===- AIR.h - graphs as ge.proto messages -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A `.air` file is a serialised ge.proto.ModelDef: the graph first, then the
// graphs that its nodes hold. Both ways are lossless for what a ge::Graph has.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_IMPORT_AIR_AIR_H
#define GEMLIR_IMPORT_AIR_AIR_H

#include "graph/graph.h"

#include <memory>
#include <string>
#include <vector>

namespace gemlir::air {

enum class Format { Binary, Text };

/// How much of a graph is written. The numbers are those of DUMP_GE_GRAPH.
enum class Detail {
  Full = 1,
  NoWeights = 2, ///< constants without their data
  Structure = 3, ///< nodes and edges
};

std::vector<uint8_t> exportGraph(const ::ge::Graph &graph, Format format, Detail detail = Detail::Full);

/// Reads either format. With an `owner`, constants alias the bytes and keep it
/// alive; without one they are copied. On failure `error` says what was found
/// where, with its code at the end, and `graph` is unchanged.
bool importGraph(const void *data, size_t size, std::shared_ptr<const void> owner, ::ge::Graph &graph,
                 std::string &error);
bool importGraphFile(const std::string &path, ::ge::Graph &graph, std::string &error);

/// The bytes of a ModelDef as text.
bool printModelDef(const void *data, size_t size, Detail detail, std::string &text, std::string &error);
/// The bytes of a ModelDef as the text of an ONNX ModelProto, for viewers of
/// those: operators are "ge:Type", and descriptions are attributes.
bool printAsONNX(const void *data, size_t size, Detail detail, std::string &text, std::string &error);

} // namespace gemlir::air

#endif // GEMLIR_IMPORT_AIR_AIR_H
