//===- GraphFiles.cpp - graphs in files and in memory -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/AIR/AIR.h"
#include "ge-mlir/Model/OM.h"
#include "graph/graph_buffer.h"

namespace ge {

namespace {
graphStatus reportUnreadable(const char *function, const std::string &why) {
  gemlir::api::reportErrorWithCode(std::string(function) + ": " + why, "E13005");
  return GRAPH_FAILED;
}

graphStatus isNull(const char *function, const char *parameter) {
  gemlir::reportError("E10001", std::string(function) + ": the parameter '" + parameter + "' is null or empty");
  return GRAPH_PARAM_INVALID;
}

/// Without an owner the graph has copies of the constants.
graphStatus load(const char *function, const void *data, size_t size, Graph &graph) {
  if (data == nullptr || size == 0)
    return isNull(function, "data");
  std::string error;
  return gemlir::air::importGraph(data, size, nullptr, graph, error) ? GRAPH_SUCCESS
                                                                     : reportUnreadable(function, error);
}
} // namespace

graphStatus Graph::SaveToFile(const char *file) const {
  if (file == nullptr || *file == '\0')
    return isNull("Graph::SaveToFile", "file");
  const std::vector<uint8_t> bytes = gemlir::air::exportGraph(*this, gemlir::air::Format::Binary);
  gemlir::Error error = gemlir::model::writeFileAtomically({{bytes.data(), bytes.size()}}, file);
  if (!error)
    return GRAPH_SUCCESS;
  gemlir::reportError("E13003", "Graph::SaveToFile: " + error.text());
  return GRAPH_FAILED;
}
graphStatus Graph::LoadFromFile(const char *file) {
  if (file == nullptr || *file == '\0')
    return isNull("Graph::LoadFromFile", "file");
  std::string error;
  return gemlir::air::importGraphFile(file, *this, error) ? GRAPH_SUCCESS
                                                          : reportUnreadable("Graph::LoadFromFile", error);
}
graphStatus Graph::LoadFromSerializedModelArray(const void *data, size_t size) {
  return load("Graph::LoadFromSerializedModelArray", data, size, *this);
}
graphStatus Graph::SaveToMem(GraphBuffer &buffer) const {
  GraphImpl::setBytes(buffer, gemlir::air::exportGraph(*this, gemlir::air::Format::Binary));
  return GRAPH_SUCCESS;
}
graphStatus Graph::LoadFromMem(const GraphBuffer &buffer) {
  return load("Graph::LoadFromMem", buffer.GetData(), buffer.GetSize(), *this);
}
graphStatus Graph::LoadFromMem(const uint8_t *data, size_t size) {
  return load("Graph::LoadFromMem", data, size, *this);
}

} // namespace ge
