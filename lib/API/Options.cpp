//===- Options.cpp - options of sessions, builds and parsers --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/ONNX/Importer.h"

#include <algorithm>
#include <cstring>

namespace ir = ge::ir_option;

namespace gemlir::api {
namespace {

// Sessions know these; they warn of others.
// clang-format off
const char *const kSessionKeys[] = {
    "HCCL_algorithm", "ac_parallel_enable", "distribute_config",
    "es_max_remoteop_num_per_stream", "event_sync_timeout", "execute_times",
    "ge.AllowMultiGraphParallelCompile", "ge.DDK_version",
    "ge.INPUT_NODES_SET_FP16", "ge.TBE_plugin_path", "ge.aicoreNum",
    "ge.aicpuFlag", "ge.aoe_config_file", "ge.autoMultistreamParallelMode",
    "ge.autoTuneMode", "ge.bufferOptimize", "ge.buildConfig",
    "ge.build_inner_model", "ge.calibrationConfFile", "ge.certFile",
    "ge.cluster_config", "ge.cmChiefIp", "ge.cmChiefPort",
    "ge.cmChiefWorkerDevice", "ge.cmWorkerIp", "ge.cmWorkerSize",
    "ge.compile.h2dOverlappedWithCompute", "ge.compileHybridMode",
    "ge.compressFlag", "ge.compressionOptimizeConf", "ge.constLifecycle",
    "ge.customizeDtypes", "ge.debugDir", "ge.deterministic",
    "ge.deterministicLevel", "ge.deviceType", "ge.disableOptimizations",
    "ge.display_model_info", "ge.distributed_cluster_build",
    "ge.dynamicBatchSize", "ge.dynamicDims", "ge.dynamicImageSize",
    "ge.dynamicNodeType", "ge.ekFile", "ge.embedding_dim",
    "ge.enableCompressWeight", "ge.enableGraphParallel", "ge.enablePrintOpPass",
    "ge.enableSingleStream", "ge.enableSmallChannel",
    "ge.enableSparseMatrixWeight", "ge.enabledLocalFmkop", "ge.encryptMode",
    "ge.engineType", "ge.esClusterConfig", "ge.event",
    "ge.exec.allTensorNotEmpty", "ge.exec.allow_hf32",
    "ge.exec.atomicCleanPolicy", "ge.exec.clusterSpec",
    "ge.exec.dataInputsOptimizeShape", "ge.exec.dataInputsShapeRange",
    "ge.exec.deployMode", "ge.exec.deviceId", "ge.exec.disableReuseMemory",
    "ge.exec.dumpData", "ge.exec.dumpDebugMode", "ge.exec.dumpLayer",
    "ge.exec.dumpMode", "ge.exec.dumpPath", "ge.exec.dumpStep",
    "ge.exec.dynamicGraphExecuteMode", "ge.exec.dynamicInput",
    "ge.exec.enableCopyOutputAddr", "ge.exec.enableDump",
    "ge.exec.enableDumpDebug", "ge.exec.enableEngineParallel",
    "ge.exec.enableFusion", "ge.exec.enableIncreBuild",
    "ge.exec.enableScopeFusionPasses", "ge.exec.enable_atomic",
    "ge.exec.enable_exception_dump", "ge.exec.engineParallelConfigPath",
    "ge.exec.exclude_engines", "ge.exec.frozenInputIndexes",
    "ge.exec.graphExecTimeout", "ge.exec.graphIOMemAllocMode",
    "ge.exec.hcclExecuteTimeOut", "ge.exec.hcclFlag",
    "ge.exec.hostInputIndexes", "ge.exec.hostSchedulingMaxThreshold",
    "ge.exec.increBuildCachePath", "ge.exec.inputReuseMemIndexes",
    "ge.exec.input_fusion_size", "ge.exec.isInShardGraph",
    "ge.exec.isTailingOptimization", "ge.exec.isUseHcom", "ge.exec.isUseHvd",
    "ge.exec.isVarInitGraph", "ge.exec.jobId",
    "ge.exec.logicalDeviceClusterDeployMode", "ge.exec.logicalDeviceId",
    "ge.exec.memoryOptimizationPolicy", "ge.exec.modelDeployDevicelist",
    "ge.exec.modelDeployMode", "ge.exec.modify_mixlist",
    "ge.exec.opDebugConfig", "ge.exec.opExecuteTimeout",
    "ge.exec.opWaitTimeout", "ge.exec.op_precision_mode",
    "ge.exec.outputReuseInputMemIndexes", "ge.exec.outputReuseMemIndexes",
    "ge.exec.overflow", "ge.exec.placement", "ge.exec.podName",
    "ge.exec.precision_mode", "ge.exec.precision_mode_v2",
    "ge.exec.profilingBpPointOptions", "ge.exec.profilingFpPointOptions",
    "ge.exec.profilingMode", "ge.exec.profilingOptions", "ge.exec.psId",
    "ge.exec.rankId", "ge.exec.rankMap", "ge.exec.rankTableAddr",
    "ge.exec.rankTableFile", "ge.exec.rankTableLen",
    "ge.exec.reuseZeroCopyMemory", "ge.exec.roleTableAddr",
    "ge.exec.roleTableLen", "ge.exec.sessionId", "ge.exec.single_op",
    "ge.exec.staticMemoryPolicy", "ge.exec.static_model_ops_lower_limit",
    "ge.exec.tuneDeviceIds", "ge.exec.value_bins", "ge.exec.variable_acc",
    "ge.exec.workerNum", "ge.experiment.data_flow_deploy_info_path",
    "ge.experiment.dynamicGraphParallelMode",
    "ge.experiment.memory_pool_threshold", "ge.experiment.quant_bias_optimize",
    "ge.exportCompileStat", "ge.externalWeight", "ge.externalWeightDir",
    "ge.feFlag", "ge.featureBaseRefreshable", "ge.flowGraphMemMaxSize",
    "ge.frameworkType", "ge.fusionSwitchFile", "ge.fusionTensorSize",
    "ge.graphMaxParallelModelNum", "ge.graphMemoryMaxSize",
    "ge.graphParallelOptionPath", "ge.graphRunMode",
    "ge.graph_compiler_cache_dir", "ge.graph_key", "ge.hccl_sub_comm_config",
    "ge.hcomMultiMode", "ge.hcomParallel", "ge.headStream", "ge.host_env_cpu",
    "ge.host_env_os", "ge.hwKeyFile", "ge.inputBatchCpy", "ge.inputHintShape",
    "ge.inputHintValue", "ge.inputShape", "ge.insertOpFile", "ge.jit_compile",
    "ge.jobType", "ge.l1Fusion", "ge.maxDumpFileNum", "ge.maxDumpFileSize",
    "ge.maxDumpOpNum", "ge.max_num", "ge.mdl_bank_path",
    "ge.modelFileNamePrefix", "ge.offline_hccl_compile",
    "ge.offline_model_relation", "ge.oo.constantFolding",
    "ge.oo.deadCodeElimination", "ge.oo.level", "ge.opDebugLevel",
    "ge.opSelectImplmode", "ge.op_bank_path", "ge.op_bank_update",
    "ge.op_compiler_cache_dir", "ge.op_compiler_cache_mode",
    "ge.op_dependency_in_om", "ge.optimizationSwitch", "ge.optionNameMap",
    "ge.optypelistForImplmode", "ge.originalModelFile", "ge.outputDatatype",
    "ge.outputMaxSize", "ge.outputNodeName", "ge.perfLevel",
    "ge.performance_mode", "ge.privateKeyFile", "ge.quant_dumpable",
    "ge.runFlag", "ge.saveOriginalModel", "ge.screen_print_mode",
    "ge.session_device_id", "ge.shape_generalized_build_mode", "ge.soLoadPath",
    "ge.socVersion", "ge.status_check", "ge.streamMaxParallelNum",
    "ge.streamNum", "ge.tiling_schedule_optimize", "ge.topoSortingMode",
    "ge.trainFlag", "ge.tuningPath", "ge.use_counter_filter",
    "ge.variableMemoryMaxSize", "ge.variableUse1gHugePage", "ge.vectorcoreNum",
    "ge.virtual_type", "op_debug_config", "op_debug_option",
    "stream_sync_timeout",
};

const char *const kBuildInitializeKeys[] = {
    ir::CORE_TYPE, ir::SOC_VERSION, ir::VIRTUAL_TYPE, ir::BUFFER_OPTIMIZE,
    ir::ENABLE_COMPRESS_WEIGHT, ir::COMPRESS_WEIGHT_CONF, ir::SPARSITY,
    ir::PRECISION_MODE, ir::PRECISION_MODE_V2, ir::ALLOW_HF32,
    ir::TUNE_DEVICE_IDS, ir::EXEC_DISABLE_REUSED_MEMORY, ir::AUTO_TUNE_MODE,
    ir::ENABLE_SINGLE_STREAM, ir::AC_PARALLEL_ENABLE, ir::AICORE_NUM,
    ir::FUSION_SWITCH_FILE, ir::ENABLE_SMALL_CHANNEL, ir::OP_SELECT_IMPL_MODE,
    ir::OPTYPELIST_FOR_IMPLMODE, ir::OP_DEBUG_LEVEL, ir::OP_DEBUG_OPTION,
    ir::DEBUG_DIR, ir::OP_COMPILER_CACHE_DIR, ir::OP_COMPILER_CACHE_MODE,
    ir::MODIFY_MIXLIST, ir::COMPRESSION_OPTIMIZE_CONF, ir::OP_DEBUG_CONFIG,
    ir::DETERMINISTIC, ir::DETERMINISTIC_LEVEL, ir::CLUSTER_CONFIG,
    ir::HCCL_SUB_COMM_CONFIG, ir::OP_DEPENDENCY_IN_OM,
    ir::TILING_SCHEDULE_OPTIMIZE, ir::GRAPH_MAX_PARALLEL_MODEL_NUM,
    ir::OPTION_BUILD_CONFIG, ir::OO_LEVEL, ir::OO_CONSTANT_FOLDING,
    ir::OO_DEAD_CODE_ELIMINATION, ir::OPTION_EXPORT_COMPILE_STAT,
    ir::OPTION_H2D_OVERLAPPED_WITH_COMPUTE, ir::OPTIMIZATION_SWITCH,
};

const char *const kBuildModelKeys[] = {
    ir::INPUT_FORMAT, ir::INPUT_SHAPE, ir::INPUT_SHAPE_RANGE, ir::OP_NAME_MAP,
    ir::DYNAMIC_BATCH_SIZE, ir::DYNAMIC_IMAGE_SIZE, ir::DYNAMIC_DIMS,
    ir::INSERT_OP_FILE, ir::OP_PRECISION_MODE, ir::ALLOW_HF32,
    ir::PRECISION_MODE, ir::PRECISION_MODE_V2, ir::TUNE_DEVICE_IDS,
    ir::EXEC_DISABLE_REUSED_MEMORY, ir::AUTO_TUNE_MODE, ir::OUTPUT_TYPE,
    ir::OUT_NODES, ir::INPUT_FP16_NODES, ir::LOG_LEVEL, ir::OP_DEBUG_LEVEL,
    ir::OP_DEBUG_OPTION, ir::DEBUG_DIR, ir::OP_COMPILER_CACHE_DIR,
    ir::OP_COMPILER_CACHE_MODE, ir::MDL_BANK_PATH, ir::OP_BANK_PATH,
    ir::OP_BANK_UPDATE, ir::PERFORMANCE_MODE, ir::SHAPE_GENERALIZED_BUILD_MODE,
    ir::MODIFY_MIXLIST, ir::CUSTOMIZE_DTYPES, ir::BUILD_INNER_MODEL,
    ir::OP_DEBUG_CONFIG, ir::EXCLUDE_ENGINES, ir::EXTERNAL_WEIGHT,
    ir::DISTRIBUTED_CLUSTER_BUILD, ir::MODEL_RELATION_CONFIG,
    ir::ENABLE_GRAPH_PARALLEL, ir::AC_PARALLEL_ENABLE,
    ir::GRAPH_PARALLEL_OPTION_PATH, ir::QUANT_DUMPABLE,
    ir::TILING_SCHEDULE_OPTIMIZE, ir::GRAPH_MAX_PARALLEL_MODEL_NUM,
    ir::OPTION_BUILD_CONFIG, ir::OO_LEVEL, ir::OO_CONSTANT_FOLDING,
    ir::OO_DEAD_CODE_ELIMINATION, ir::OPTION_EXPORT_COMPILE_STAT,
    ir::OPTIMIZATION_SWITCH, ir::INPUT_HINT_SHAPE, ir::INPUT_HINT_VALUE,
    ir::OPTION_OUTPUT_REUSE_INPUT_MEM_INDEXES,
    ir::OPTION_H2D_OVERLAPPED_WITH_COMPUTE, ir::OFFLINE_MODE,
    ir::EXEC_DEVICE_CONFIG_PATH,
};

const char *const kParseKeys[] = {
    ir::INPUT_FP16_NODES, ir::IS_INPUT_ADJUST_HW_LAYOUT,
    ir::IS_OUTPUT_ADJUST_HW_LAYOUT, ir::OUTPUT, ir::OUT_NODES,
    ir::ENABLE_SCOPE_FUSION_PASSES, ir::INPUT_DATA_NAMES, ir::INPUT_SHAPE,
};

// Keys whose values are one of a few words.
struct Words {
  const char *key;
  std::initializer_list<const char *> values;
};
const Words kWords[] = {
    {"ge.graphRunMode", {"0", "1"}},
    {"ge.exec.variable_acc", {"True", "False", "true", "false"}},
    {"ge.externalWeight", {"0", "1", "2"}},
    {"ge.deterministic", {"0", "1"}},
    {"ge.deterministicLevel", {"0", "1", "2", "3"}},
    {"ge.enableSingleStream", {"true", "false"}},
    {"ge.oo.level", {"O1", "O3"}},
    {"ge.oo.constantFolding", {"true", "false"}},
    {"ge.oo.deadCodeElimination", {"true", "false"}},
    {"ge.topoSortingMode", {"0", "1", "2", "3"}},
    {"ge.featureBaseRefreshable", {"0", "1"}},
    {"ge.exec.disableReuseMemory", {"0", "1"}},
    {"ge.exec.precision_mode",
     {"force_fp16", "force_fp32", "cube_fp16in_fp32out", "allow_fp32_to_fp16",
      "must_keep_origin_dtype", "allow_mix_precision", "allow_mix_precision_fp16",
      "allow_mix_precision_bf16", "allow_fp32_to_bf16"}},
    {"ge.exec.precision_mode_v2",
     {"fp16", "origin", "cube_fp16in_fp32out", "mixed_float16", "mixed_bfloat16",
      "cube_hif8", "mixed_hif8"}},
};
// clang-format on

template <size_t N>
bool contains(const char *const (&list)[N], const std::string &key) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](const char *known) { return key == known; });
}

bool isKnown(OptionScope scope, const std::string &key) {
  switch (scope) {
  case OptionScope::Session:
    return contains(kSessionKeys, key);
  case OptionScope::BuildInitialize:
    return contains(kBuildInitializeKeys, key);
  case OptionScope::BuildModel:
    return contains(kBuildModelKeys, key);
  case OptionScope::Parse:
    return contains(kParseKeys, key);
  }
  return false;
}

const char *nameOf(OptionScope scope) {
  switch (scope) {
  case OptionScope::Session:
    return "a session";
  case OptionScope::BuildInitialize:
    return "aclgrphBuildInitialize";
  case OptionScope::BuildModel:
    return "aclgrphBuildModel";
  case OptionScope::Parse:
    return "a parser";
  }
  return "";
}

bool checkValue(const std::string &key, const std::string &value) {
  for (const Words &words : kWords) {
    if (key != words.key || value.empty())
      continue;
    std::string expected;
    for (const char *word : words.values) {
      if (value == word)
        return true;
      expected += (expected.empty() ? "" : ", ") + std::string(word);
    }
    reportError("E10006", "option '" + key + "' has the value '" + value +
                              "', expected one of " + expected);
    return false;
  }
  return true;
}

} // namespace

bool readOptions(const AscendMap &from, OptionScope scope, Options &to) {
  Options result;
  for (const auto &option : from) {
    const std::string key = option.first.GetString();
    const std::string value = option.second.GetString();
    if (key.empty()) {
      reportError("E10001", "an option has an empty key");
      return false;
    }
    if (scope == OptionScope::Session && key == "ge.autoTuneMode" &&
        !value.empty()) {
      reportError("E10060", "option 'ge.autoTuneMode' is no longer supported");
      return false;
    }
    if (!isKnown(scope, key)) {
      const std::string text = "option '" + key + "' with the value '" + value +
                               "' is not one of " + nameOf(scope);
      if (scope != OptionScope::Session) {
        reportError("E10001", text);
        return false;
      }
      reportWarning("W11001", text + " and is ignored");
    }
    if (!checkValue(key, value))
      return false;
    result[key] = value;
  }
  to = std::move(result);
  return true;
}

Options mergeOptions(const Options &under, const Options &over) {
  Options result = over;
  result.insert(under.begin(), under.end());
  return result;
}

std::string getOption(const Options &options,
                      std::initializer_list<const char *> keys) {
  for (const char *key : keys) {
    auto it = options.find(key);
    if (it != options.end() && !it->second.empty())
      return it->second;
  }
  return "";
}

::ge::Status toCompileOptions(const Options &options, CompileOptions &result) {
  for (const char *key : {"ge.dynamicDims", "ge.dynamicBatchSize",
                          "ge.dynamicImageSize", ir::INPUT_SHAPE_RANGE})
    if (!getOption(options, {key}).empty()) {
      reportError("E10055", std::string("option '") + key +
                                "' is not supported: compile a model per "
                                "shape, given by '" +
                                ir::INPUT_SHAPE + "' or 'ge.inputShape'");
      return ::ge::UNSUPPORTED;
    }
  const std::string external = getOption(options, {"ge.externalWeight"});
  if (!external.empty() && external != "0") {
    reportError("E10055", "option 'ge.externalWeight' with the value '" +
                              external +
                              "' is not supported: weights are part of the "
                              "model (value 0)");
    return ::ge::UNSUPPORTED;
  }
  const std::string device = getOption(options, {"ge.socVersion"});
  if (!device.empty())
    result.device = device;
  const std::string shapes =
      getOption(options, {ir::INPUT_SHAPE, "ge.inputShape"});
  if (!shapes.empty()) {
    onnx::ShapeMap map;
    std::string why;
    if (!onnx::parseInputShapes(shapes, map, why)) {
      reportError("E10002", "the input shapes '" + shapes + "' are wrong: " +
                                why + "; expected \"name:1,3,-1;other:2\"");
      return ::ge::PARAM_INVALID;
    }
    result.inputShapes.assign(map.begin(), map.end());
  }
  return ::ge::SUCCESS;
}

::ge::Status compileGraph(const ::ge::Graph &graph, const Options &options,
                          ::ge::ModelBufferData &model) {
  const auto &impl = ::ge::GraphAccess::get(graph);
  if (!graph.IsValid() || impl->outputs.empty()) {
    const bool hasNetOutput = std::any_of(
        impl->nodes.begin(), impl->nodes.end(),
        [](const auto &node) { return node->desc->type == "NetOutput"; });
    if (!graph.IsValid() || !hasNetOutput) {
      reportError("E10001",
                  "graph '" + impl->name + "' is not valid: it has " +
                      std::to_string(impl->nodes.size()) + " operators and " +
                      std::to_string(impl->outputs.size()) + " outputs" +
                      (impl->broken ? ", and its construction failed" : ""));
      return ::ge::PARAM_INVALID;
    }
  }
  CompileOptions compileOptions;
  const ::ge::Status status = toCompileOptions(options, compileOptions);
  if (status != ::ge::SUCCESS)
    return status;
  compileOptions.modelName = impl->name;
  auto compiled = std::make_shared<CompiledModel>();
  CompileError error;
  if (!compile(graph, compileOptions, *compiled, error)) {
    const char *code = error.code.empty() ? "E19999" : error.code.c_str();
    reportError(code,
                (error.node.empty() ? "" : "node '" + error.node + "': ") +
                    error.text);
    return ::ge::FAILED;
  }
  if (!compiled->warnings.empty())
    reportWarning("W11001", compiled->warnings);
  model.length = compiled->bytes.size();
  model.data = std::shared_ptr<uint8_t>(compiled, compiled->bytes.data());
  return ::ge::SUCCESS;
}

} // namespace gemlir::api
