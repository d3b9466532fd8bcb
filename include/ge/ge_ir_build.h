//===- ge_ir_build.h - offline compilation ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_IR_BUILD_H
#define GE_GE_IR_BUILD_H

#include "ge/ge_api_error_codes.h"
#include "ge/ge_api_types.h"
#include "graph/graph.h"
#include "graph/tensor.h"

#include <map>
#include <string>
#include <vector>

namespace ge {
const int32_t IR_MAJOR_VERSION = 1;
const int32_t IR_MINOR_VERSION = 0;
const int32_t IR_PATCH_VERSION = 0;

typedef void *aclmdlModel;

struct GraphWithOptions {
  ge::Graph graph;
  std::map<AscendString, AscendString> build_options;
};

struct WeightRefreshableGraphs {
  ge::Graph infer_graph;
  ge::Graph var_init_graph;
  ge::Graph var_update_graph;
};

enum aclgrphAttrType {
  ATTR_TYPE_KEEP_DTYPE = 0,
  ATTR_TYPE_WEIGHT_COMPRESS,
};

namespace detail {
inline std::map<AscendString, AscendString> toAscendMap(const std::map<std::string, std::string> &options) {
  std::map<AscendString, AscendString> result;
  for (const auto &option : options)
    result[AscendString(option.first.c_str())] = AscendString(option.second.c_str());
  return result;
}
} // namespace detail

/// Once per process, before the first build. An unknown option is an error.
GE_FUNC_VISIBILITY graphStatus aclgrphBuildInitialize(std::map<AscendString, AscendString> &global_options);
inline graphStatus aclgrphBuildInitialize(std::map<std::string, std::string> global_options) {
  std::map<AscendString, AscendString> options = detail::toAscendMap(global_options);
  return aclgrphBuildInitialize(options);
}
GE_FUNC_VISIBILITY void aclgrphBuildFinalize();

GE_FUNC_VISIBILITY graphStatus aclgrphBuildModel(const ge::Graph &graph,
                                                 const std::map<AscendString, AscendString> &build_options,
                                                 ModelBufferData &model);
inline graphStatus aclgrphBuildModel(const ge::Graph &graph, const std::map<std::string, std::string> &build_options,
                                     ModelBufferData &model) {
  return aclgrphBuildModel(graph, detail::toAscendMap(build_options), model);
}

/// Writes the model to `output_file`, with ".om" appended if it lacks it. The
/// file appears complete or not at all.
GE_FUNC_VISIBILITY graphStatus aclgrphSaveModel(const char *output_file, const ModelBufferData &model);
GE_FUNC_VISIBILITY graphStatus aclgrphSaveModel(const char *output_file, const aclmdlModel *model);
inline graphStatus aclgrphSaveModel(const std::string &output_file, const ModelBufferData &model) {
  return aclgrphSaveModel(output_file.c_str(), model);
}

GE_FUNC_VISIBILITY graphStatus
aclgrphConvertToWeightRefreshableGraphs(const ge::Graph &origin_graph, const std::vector<AscendString> &const_names,
                                        WeightRefreshableGraphs &weight_refreshable_graphs);
GE_FUNC_VISIBILITY graphStatus aclgrphBundleBuildModel(const std::vector<ge::GraphWithOptions> &graphs,
                                                       ModelBufferData &model);
GE_FUNC_VISIBILITY graphStatus aclgrphBundleSaveModel(const char *output_file, const ModelBufferData &model);

GE_FUNC_VISIBILITY graphStatus aclgrphGetIRVersion(int32_t *major_version, int32_t *minor_version,
                                                   int32_t *patch_version);
GE_FUNC_VISIBILITY graphStatus aclgrphDumpGraph(const ge::Graph &graph, const char *file, const size_t len);
GE_FUNC_VISIBILITY graphStatus aclgrphGenerateForOp(const AscendString &op_type, const std::vector<TensorDesc> &inputs,
                                                    const std::vector<TensorDesc> &outputs, Graph &graph);
GE_FUNC_VISIBILITY graphStatus aclgrphGenerateForOp(const AscendString &json_path, std::vector<Graph> &graphs);
GE_FUNC_VISIBILITY graphStatus aclgrphSetOpAttr(Graph &graph, aclgrphAttrType attr_type, const char *cfg_path);

GE_FUNC_VISIBILITY graphStatus aclgrphBuildModelFromFile(const char *graph_file,
                                                         const std::map<AscendString, AscendString> &build_options,
                                                         aclmdlModel **model);
GE_FUNC_VISIBILITY graphStatus aclgrphBuildModelFromData(const void *data, size_t size,
                                                         const std::map<AscendString, AscendString> &build_options,
                                                         aclmdlModel **model);
GE_FUNC_VISIBILITY graphStatus aclgrphSaveModelToBuffer(ModelBufferData &buffer, const aclmdlModel *model);
GE_FUNC_VISIBILITY graphStatus aclgrphDestroyModel(const aclmdlModel *model);
} // namespace ge

#endif // GE_GE_IR_BUILD_H
