//===- DumpGraph.cpp - graphs in files, as the environment asks -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DumpGraph.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Import/AIR/AIR.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace gemlir::api {

namespace {

std::string getVariable(const char *name, const char *otherwise = "") {
  const char *value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// Files are numbered over the process.
std::string nextNumber() {
  static std::atomic<uint32_t> counter{0};
  char text[16];
  std::snprintf(text, sizeof(text), "%08u", counter++);
  return text;
}

/// Whether `part` is one of the words that | separates.
bool hasWord(const std::string &list, const std::string &part) {
  return ("|" + list + "|").find("|" + part + "|") != std::string::npos;
}

} // namespace

GraphDumper::GraphDumper(uint32_t graphId) : graphId(graphId) {
  const std::string value = getVariable("DUMP_GE_GRAPH");
  if (value != "1" && value != "2" && value != "3")
    return;
  detail = value[0] - '0';
  formats = getVariable("DUMP_GRAPH_FORMAT", "ge_proto|onnx");
  level = getVariable("DUMP_GRAPH_LEVEL", "2");
  folder = ".";
  for (const char *name : {"ASCEND_DUMP_PATH", "DUMP_GRAPH_PATH", "ASCEND_WORK_PATH"})
    if (const std::string path = getVariable(name); !path.empty()) {
      folder = path + "/pid_" + std::to_string(::getpid()) + "_deviceid_0";
      break;
    }
}

/// Levels 1 and 2 have all stages that there are, 3 the last, 4 the first; other
/// levels are parts of names.
bool GraphDumper::wants(const char *stage) const {
  if (!detail)
    return false;
  if (level == "1" || level == "2")
    return true;
  if (level == "3" || level == "4")
    return std::strcmp(stage, level == "3" ? kBuild : kBegin) == 0;
  std::stringstream parts(level);
  for (std::string part; std::getline(parts, part, '|');)
    if (!part.empty() && std::strstr(stage, part.c_str()))
      return true;
  return false;
}

void GraphDumper::write(const char *form, const char *stage, const char *ending, const std::string &text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path =
      folder + "/" + form + "_" + nextNumber() + "_graph_" + std::to_string(graphId) + "_" + stage + ending;
  std::ofstream file(path);
  file << text;
  if (!file.flush())
    reportWarning("W11001", "the graph cannot be dumped to '" + path + "'");
}

void GraphDumper::dump(const char *stage, const ::ge::Graph &graph) {
  if (!wants(stage))
    return;
  const std::vector<uint8_t> bytes = air::exportGraph(graph, air::Format::Binary, air::Detail(detail));
  dump(stage, bytes.data(), bytes.size());
}

void GraphDumper::dump(const char *stage, const void *data, size_t size) {
  if (!wants(stage))
    return;
  std::string text, error;
  if (hasWord(formats, "ge_proto") && air::printModelDef(data, size, air::Detail(detail), text, error))
    write("ge_proto", stage, ".txt", text);
  if (hasWord(formats, "onnx") && air::printAsONNX(data, size, air::Detail(detail), text, error))
    write("ge_onnx", stage, ".pbtxt", text);
  ::ge::Graph graph;
  std::ostringstream readable;
  if (hasWord(formats, "readable") && air::importGraph(data, size, nullptr, graph, error) &&
      graph.Dump(::ge::Graph::DumpFormat::kReadable, readable) == ::ge::GRAPH_SUCCESS)
    write("ge_readable", stage, ".txt", readable.str());
}

} // namespace gemlir::api
