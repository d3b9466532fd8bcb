//===- OnnxParser.cpp - ONNX models for clients ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "parser/onnx_parser.h"

#include "Options.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/ONNX/Importer.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace ir = ge::ir_option;

namespace ge {
namespace {

using gemlir::reportError;
using gemlir::api::getOption;
using gemlir::api::Options;

/// Reads the parameters that change how the model is read.
bool readParameters(const std::map<AscendString, AscendString> &from, Options &options,
                    gemlir::onnx::ImportOptions &import) {
  if (!gemlir::api::readOptions(from, gemlir::api::OptionScope::Parse, options))
    return false;
  for (const char *key :
       {ir::INPUT_FP16_NODES, ir::IS_INPUT_ADJUST_HW_LAYOUT, ir::IS_OUTPUT_ADJUST_HW_LAYOUT, ir::INPUT_DATA_NAMES}) {
    const std::string value = getOption(options, {key});
    if (value.empty() || value == "false")
      continue;
    reportError("E10055", std::string("the parser parameter '") + key + "' is not supported");
    return false;
  }
  const std::string shapes = getOption(options, {ir::INPUT_SHAPE});
  std::string why;
  if (shapes.empty() || gemlir::onnx::parseInputShapes(shapes, import.inputShapes, why))
    return true;
  reportError("E10002", "the input shapes '" + shapes + "' are wrong: " + why);
  return false;
}

/// Makes the results those that "node:0;other:1" names.
bool selectOutputs(GraphImpl &graph, const std::string &list) {
  std::vector<GraphOutput> outputs;
  size_t at = 0;
  while (at <= list.size()) {
    const size_t end = std::min(list.find(';', at), list.size());
    const std::string item = list.substr(at, end - at);
    at = end + 1;
    if (item.empty())
      continue;
    const size_t colon = item.rfind(':');
    const bool numbered = colon != std::string::npos && colon + 1 < item.size() &&
                          item.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
                          item.size() - colon <= 6;
    const std::string name = numbered ? item.substr(0, colon) : item;
    const int port = numbered ? std::stoi(item.substr(colon + 1)) : 0;
    auto node = graph.byName.find(name);
    if (node == graph.byName.end() || static_cast<size_t>(port) >= node->second->desc->outputs.size()) {
      reportError("E10001", "the output '" + item +
                                "' is not one of the model's nodes; expected "
                                "\"node:index\"");
      return false;
    }
    outputs.push_back(GraphOutput{node->second, port, item});
  }
  if (outputs.empty())
    return true;
  graph.outputs = std::move(outputs);
  graph.attrs.erase("output_names");
  return true;
}

graphStatus finish(const Options &options, Graph &parsed, Graph &graph) {
  GraphImpl &impl = *GraphAccess::get(parsed);
  const std::string name = getOption(options, {ir::OUTPUT});
  if (!name.empty())
    impl.name = name;
  if (!selectOutputs(impl, getOption(options, {ir::OUT_NODES})))
    return GRAPH_PARAM_INVALID;
  graph = parsed;
  return GRAPH_SUCCESS;
}

} // namespace

graphStatus aclgrphParseONNX(const char *model_file, const std::map<AscendString, AscendString> &parser_params,
                             ge::Graph &graph) {
  if (model_file == nullptr || *model_file == '\0') {
    reportError("E10001", "aclgrphParseONNX: the model file has no name");
    return GRAPH_PARAM_INVALID;
  }
  Options options;
  gemlir::onnx::ImportOptions import;
  if (!readParameters(parser_params, options, import))
    return GRAPH_PARAM_INVALID;
  if (::access(model_file, R_OK) != 0) {
    reportError("E13001", std::string("cannot open '") + model_file + "': " + std::strerror(errno));
    return GRAPH_FAILED;
  }
  Graph parsed;
  std::string why;
  if (!gemlir::onnx::importModelFile(model_file, import, parsed, why)) {
    gemlir::api::reportErrorWithCode(std::string("model '") + model_file + "': " + why, "E16001");
    return GRAPH_FAILED;
  }
  return finish(options, parsed, graph);
}

graphStatus aclgrphParseONNXFromMem(const char *buffer, size_t size,
                                    const std::map<AscendString, AscendString> &parser_params, ge::Graph &graph) {
  if (buffer == nullptr || size == 0) {
    reportError("E10001", "aclgrphParseONNXFromMem: the buffer is empty");
    return GRAPH_PARAM_INVALID;
  }
  Options options;
  gemlir::onnx::ImportOptions import;
  if (!readParameters(parser_params, options, import))
    return GRAPH_PARAM_INVALID;
  Graph parsed;
  std::string why;
  if (!gemlir::onnx::importModel(buffer, size, import, parsed, why)) {
    gemlir::api::reportErrorWithCode("the model of " + std::to_string(size) + " bytes: " + why, "E16001");
    return GRAPH_FAILED;
  }
  return finish(options, parsed, graph);
}

} // namespace ge
