//===- IRBuild.cpp - offline compilation ----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge/ge_ir_build.h"

#include "Options.h"
#include "SessionCore.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Model/WeightFiles.h"
#include "graph/operator_factory.h"

#include <cstring>
#include <fstream>
#include <mutex>

namespace ge {
namespace {

using gemlir::reportError;
using gemlir::api::Options;
using gemlir::api::OptionScope;

struct Builder {
  std::mutex mutex;
  bool initialized = false;
  Options options;
  gemlir::api::WeightFolder weightFolder{gemlir::api::nextSessionId()};
};

Builder &builder() {
  static Builder *instance = new Builder;
  return *instance;
}

graphStatus unsupported(const char *what, const char *instead) {
  reportError("E10055", std::string(what) + " is not supported: " + instead);
  return GRAPH_FAILED;
}

graphStatus missing(const char *function, const char *parameter) {
  reportError("E10001", std::string(function) + ": the parameter '" + parameter + "' is null or empty");
  return GRAPH_PARAM_INVALID;
}

bool endsWith(const std::string &text, const std::string &end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

} // namespace

graphStatus aclgrphBuildInitialize(std::map<AscendString, AscendString> &global_options) {
  Options options;
  if (!gemlir::api::readOptions(global_options, OptionScope::BuildInitialize, options))
    return GRAPH_PARAM_INVALID;
  Builder &state = builder();
  std::lock_guard<std::mutex> lock(state.mutex);
  if (state.initialized)
    gemlir::reportWarning("W11002", "aclgrphBuildInitialize was called before; "
                                    "the options of the first call stay");
  else
    state.options = std::move(options);
  state.initialized = true;
  return GRAPH_SUCCESS;
}

void aclgrphBuildFinalize() {
  Builder &state = builder();
  std::lock_guard<std::mutex> lock(state.mutex);
  state.initialized = false;
  state.options.clear();
  state.weightFolder.remove();
}

graphStatus aclgrphBuildModel(const ge::Graph &graph, const std::map<AscendString, AscendString> &build_options,
                              ModelBufferData &model) {
  Options options;
  if (!gemlir::api::readOptions(build_options, OptionScope::BuildModel, options))
    return GRAPH_PARAM_INVALID;
  {
    Builder &state = builder();
    std::lock_guard<std::mutex> lock(state.mutex);
    if (!state.initialized) {
      reportError("E10062", "aclgrphBuildModel was called before "
                            "aclgrphBuildInitialize");
      return GRAPH_FAILED;
    }
    options = gemlir::api::mergeOptions(state.options, options);
  }
  const Status status = gemlir::api::compileGraph(graph, /*graphId=*/0, options, builder().weightFolder, model);
  if (status == PARAM_INVALID)
    return GRAPH_PARAM_INVALID;
  return status == SUCCESS ? GRAPH_SUCCESS : GRAPH_FAILED;
}

graphStatus aclgrphSaveModel(const char *output_file, const ModelBufferData &model) {
  if (output_file == nullptr || *output_file == '\0')
    return missing("aclgrphSaveModel", "output_file");
  if (model.data == nullptr || model.length == 0)
    return missing("aclgrphSaveModel", "model");
  gemlir::model::OMView view;
  gemlir::Error error = gemlir::model::readOM(model.data.get(), model.length, view);
  if (!error)
    error = gemlir::model::checkVersion(view);
  if (error) {
    reportError("E10041", "aclgrphSaveModel: the buffer of " + std::to_string(model.length) +
                              " bytes is not a model: " + error.text());
    return GRAPH_PARAM_INVALID;
  }
  std::string path = output_file;
  if (!endsWith(path, ".om"))
    path += ".om";
  error = gemlir::model::saveOM(model.data.get(), model.length, path);
  return gemlir::api::toStatus(error, "aclgrphSaveModel") == SUCCESS ? GRAPH_SUCCESS : GRAPH_FAILED;
}

graphStatus aclgrphSaveModel(const char *output_file, const aclmdlModel *model) {
  if (output_file == nullptr || model == nullptr)
    return missing("aclgrphSaveModel", output_file == nullptr ? "output_file" : "model");
  return unsupported("aclgrphSaveModel of a model handle", "pass the ModelBufferData of aclgrphBuildModel");
}

graphStatus aclgrphConvertToWeightRefreshableGraphs(const ge::Graph &, const std::vector<AscendString> &,
                                                    WeightRefreshableGraphs &) {
  return unsupported("aclgrphConvertToWeightRefreshableGraphs", "weights are part of the model");
}
graphStatus aclgrphBundleBuildModel(const std::vector<ge::GraphWithOptions> &, ModelBufferData &) {
  return unsupported("aclgrphBundleBuildModel", "build one model per graph");
}
graphStatus aclgrphBundleSaveModel(const char *, const ModelBufferData &) {
  return unsupported("aclgrphBundleSaveModel", "save one model per file");
}

graphStatus aclgrphGetIRVersion(int32_t *major_version, int32_t *minor_version, int32_t *patch_version) {
  if (major_version == nullptr || minor_version == nullptr || patch_version == nullptr) {
    (void)missing("aclgrphGetIRVersion", "version");
    return GRAPH_FAILED;
  }
  *major_version = IR_MAJOR_VERSION;
  *minor_version = IR_MINOR_VERSION;
  *patch_version = IR_PATCH_VERSION;
  return GRAPH_SUCCESS;
}

graphStatus aclgrphDumpGraph(const ge::Graph &graph, const char *file, const size_t len) {
  if (file == nullptr || len == 0 || std::strlen(file) != len) {
    (void)missing("aclgrphDumpGraph", "file");
    return GRAPH_PARAM_INVALID;
  }
  const std::string path = std::string(file) + ".txt";
  std::ofstream stream(path);
  if (!stream) {
    reportError("E13001", "aclgrphDumpGraph: cannot open '" + path + "' for writing");
    return GRAPH_FAILED;
  }
  return graph.Dump(Graph::DumpFormat::kReadable, stream);
}

//===----------------------------------------------------------------------===//
// Graphs of one operator
//===----------------------------------------------------------------------===//

graphStatus aclgrphGenerateForOp(const AscendString &op_type, const std::vector<TensorDesc> &inputs,
                                 const std::vector<TensorDesc> &outputs, Graph &graph) {
  Operator op = OperatorFactory::CreateOperator(op_type.GetString(), op_type.GetString());
  if (op.IsEmpty())
    return GRAPH_PARAM_INVALID;
  if (inputs.size() > op.GetInputsSize() || outputs.size() > op.GetOutputsSize()) {
    reportError("E10401", std::string("operator ") + op_type.GetString() + " has " +
                              std::to_string(op.GetInputsSize()) + " inputs and " +
                              std::to_string(op.GetOutputsSize()) + " outputs, but " + std::to_string(inputs.size()) +
                              " and " + std::to_string(outputs.size()) + " were given");
    return GRAPH_PARAM_INVALID;
  }
  Graph result(op_type.GetString());
  std::vector<Operator> data;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Operator input(("data_" + std::to_string(i)).c_str(), "Data");
    input.InputRegister("x");
    input.OutputRegister("y");
    input.AttrRegister("index", AttrValue());
    input.SetAttr("index", static_cast<int64_t>(i));
    (void)input.UpdateInputDesc("x", inputs[i]);
    (void)input.UpdateOutputDesc("y", inputs[i]);
    op.SetInput(static_cast<uint32_t>(i), input, 0U);
    data.push_back(input);
  }
  for (size_t i = 0; i < outputs.size(); ++i)
    (void)op.UpdateOutputDesc(static_cast<uint32_t>(i), outputs[i]);
  result.SetInputs(data).SetOutputs(std::vector<Operator>{op});
  if (!result.IsValid())
    return GRAPH_FAILED;
  graph = result;
  return GRAPH_SUCCESS;
}
graphStatus aclgrphGenerateForOp(const AscendString &, std::vector<Graph> &) {
  return unsupported("aclgrphGenerateForOp of a file", "describe the operator by tensor descriptions");
}
graphStatus aclgrphSetOpAttr(Graph &, aclgrphAttrType, const char *) {
  return unsupported("aclgrphSetOpAttr", "element types are those of the graph");
}

//===----------------------------------------------------------------------===//
// Model handles
//===----------------------------------------------------------------------===//

graphStatus aclgrphBuildModelFromFile(const char *, const std::map<AscendString, AscendString> &, aclmdlModel **) {
  return unsupported("aclgrphBuildModelFromFile", "build from a Graph by aclgrphBuildModel");
}
graphStatus aclgrphBuildModelFromData(const void *, size_t, const std::map<AscendString, AscendString> &,
                                      aclmdlModel **) {
  return unsupported("aclgrphBuildModelFromData", "build from a Graph by aclgrphBuildModel");
}
graphStatus aclgrphSaveModelToBuffer(ModelBufferData &, const aclmdlModel *) {
  return unsupported("aclgrphSaveModelToBuffer", "aclgrphBuildModel fills a buffer");
}
graphStatus aclgrphDestroyModel(const aclmdlModel *model) {
  // No function makes a handle, so only null can be right.
  return model == nullptr ? missing("aclgrphDestroyModel", "model")
                          : unsupported("aclgrphDestroyModel", "there are no model handles");
}

} // namespace ge
