//===- Importer.h - ONNX models become ge::Graph ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reader walks protobuf's wire format over the caller's bytes. Nothing is
// copied that the graph can alias; nothing is trusted.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_IMPORT_ONNX_IMPORTER_H
#define GE_MLIR_IMPORT_ONNX_IMPORTER_H

#include "graph/graph.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gemlir {
namespace onnx {

using ShapeMap = std::map<std::string, std::vector<int64_t>>;
/// In the order in which somebody named them.
using ShapeList = std::vector<std::pair<std::string, std::vector<int64_t>>>;

/// What a model holds that cannot be compiled, and does not keep the rest from
/// being read.
struct ImportIssue {
  std::string node;   ///< or the graph's input
  std::string type;   ///< operator, "Input" for an input
  std::string code;   ///< stable, like "E16004"
  std::string why;    ///< what was found, and what was expected
  std::string advice; ///< what to do
};

struct ImportOptions {
  /// Shapes that replace the model's own, by input name; -1 stays dynamic.
  ShapeMap inputShapes;
  /// The folder that external data is looked up in. Empty: external data is
  /// refused.
  std::string externalDataDir;
  /// Keeps the model's bytes alive. With an owner the graph's constants alias
  /// the bytes; without one they are copied.
  std::shared_ptr<const void> owner;
  /// Receives issues; what they are about has no type in the graph. Null: the
  /// first one is the error.
  std::vector<ImportIssue> *issues = nullptr;
};

/// Reads a serialised ModelProto. On failure `error` says what was found at
/// which byte or node, and `graph` is unchanged.
///
/// Graph inputs become Data, initializers and Constant nodes Const, every other
/// node a FrameworkOp (attributes original_type, domain, version, output_num and
/// the node's own). A FrameworkOp whose ONNX node leaves out optional inputs in
/// the middle carries `input_indices`, the ONNX positions of its inputs. Bodies of
/// If, Loop and Scan become subgraphs; what they capture from outside is
/// appended to the node's inputs and to the bodies' Data, `captures` in number.
bool importModel(const void *data, size_t size, const ImportOptions &options, ::ge::Graph &graph, std::string &error);

/// Maps the file and reads it; external data is looked up beside it unless the
/// options name a folder.
bool importModelFile(const std::string &path, ImportOptions options, ::ge::Graph &graph, std::string &error);

/// Reads ATC's notation "x:1,3,224,224;y:-1,16"; "x:" is a scalar.
bool parseInputShapes(const std::string &text, ShapeMap &shapes, std::string &error);
bool parseInputShapes(const std::string &text, ShapeList &shapes, std::string &error);

} // namespace onnx
} // namespace gemlir

#endif // GE_MLIR_IMPORT_ONNX_IMPORTER_H
