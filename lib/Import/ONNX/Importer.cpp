//===- Importer.cpp - ONNX models become ge::Graph ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Import/ONNX/Importer.h"

#include "Functions.h"
#include "GraphBuilder.h"

#include <cstdlib>

using namespace gemlir::onnx;

namespace {

std::string toText(const std::vector<int64_t> &dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? "," : "") + std::to_string(dims[i]);
  return text + "]";
}

/// Puts the caller's shapes in the place of the model's.
bool applyShapes(ModelView &model, const ShapeMap &shapes, ReadError &error) {
  for (const auto &[name, dims] : shapes) {
    ValueInfo *found = nullptr;
    std::string known;
    for (ValueInfo &input : model.graph.inputs) {
      known += (known.empty() ? "'" : ", '") + std::string(input.name) + "'";
      if (input.name == name)
        found = &input;
    }
    if (!found)
      return error.set("input_shape names '" + name + "', but the model's inputs are " + known + " [E10016]");
    TypeView &type = found->type;
    bool fits = !type.hasShape || type.dims.size() == dims.size();
    for (size_t i = 0; fits && type.hasShape && i < dims.size(); ++i)
      fits = type.dims[i] < 0 || dims[i] < 0 || type.dims[i] == dims[i];
    if (!fits)
      return error.set("input_shape gives " + toText(dims) + " for input '" + name + "', but the model declares " +
                       toText(type.dims) + " [E10002]");
    // A dynamic dimension in the option keeps what the model knows.
    for (size_t i = 0; i < dims.size(); ++i)
      if (!type.hasShape || dims[i] >= 0) {
        type.dims.resize(dims.size(), -1);
        type.dims[i] = dims[i];
      }
    type.dims.resize(dims.size());
    type.hasShape = true;
  }
  return true;
}

} // namespace

bool gemlir::onnx::importModel(const void *data, size_t size, const ImportOptions &options, ::ge::Graph &graph,
                               std::string &error) {
  ReadError problem;
  ModelView model;
  std::deque<std::string> names;
  auto fail = [&]() {
    error = "cannot read the ONNX model: " + problem.text;
    if (error.back() != ']')
      error += " [E16001]";
    return false;
  };
  if (!data || size == 0) {
    problem.set("it is empty");
    return fail();
  }
  Span span{static_cast<const uint8_t *>(data), 0, size};
  if (!readModel(span, model, problem) || !inlineFunctions(model, names, problem) ||
      !applyShapes(model, options.inputShapes, problem))
    return fail();
  ModelContext context(model, options, problem);
  std::string name(model.graph.name.empty() ? std::string_view("main") : model.graph.name);
  GraphBuilder builder(context, model.graph, name);
  if (!builder.run({}))
    return fail();
  graph = builder.getGraph();
  return true;
}

bool gemlir::onnx::importModelFile(const std::string &path, ImportOptions options, ::ge::Graph &graph,
                                   std::string &error) {
  Span bytes;
  if (!mapFile(path, options.owner, bytes, error)) {
    error += " [E16001]";
    return false;
  }
  if (options.externalDataDir.empty()) {
    size_t slash = path.rfind('/');
    options.externalDataDir = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  }
  if (importModel(bytes.data(), bytes.size(), options, graph, error))
    return true;
  error = path + ": " + error;
  return false;
}

bool gemlir::onnx::parseInputShapes(const std::string &text, ShapeMap &shapes, std::string &error) {
  ShapeList list;
  if (!parseInputShapes(text, list, error))
    return false;
  for (auto &entry : list)
    shapes[entry.first] = std::move(entry.second);
  return true;
}

bool gemlir::onnx::parseInputShapes(const std::string &text, ShapeList &shapes, std::string &error) {
  for (size_t start = 0; start < text.size();) {
    size_t end = std::min(text.find(';', start), text.size());
    std::string item = text.substr(start, end - start);
    start = end + 1;
    // Names may hold colons; dimensions do not.
    size_t colon = item.rfind(':');
    if (colon == std::string::npos || colon == 0) {
      error = "input_shape has '" + item + "', expected NAME:DIM,DIM,... [E10002]";
      return false;
    }
    std::vector<int64_t> dims;
    const char *cursor = item.c_str() + colon + 1;
    while (*cursor) {
      char *next;
      errno = 0;
      long long value = std::strtoll(cursor, &next, 10);
      if (next == cursor || errno || value < -1 || (*next && *next != ',') || (*next == ',' && !next[1])) {
        error = "input_shape has '" + item + "', expected dimensions of at least -1 separated by commas [E10002]";
        return false;
      }
      dims.push_back(value);
      cursor = *next ? next + 1 : next;
    }
    shapes.emplace_back(item.substr(0, colon), std::move(dims));
  }
  return true;
}
