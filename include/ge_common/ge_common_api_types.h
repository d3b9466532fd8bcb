//===- ge_common_api_types.h - options and types of the session interface --*-
// C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_COMMON_GE_COMMON_API_TYPES_H
#define GE_COMMON_GE_COMMON_API_TYPES_H

#include "ge_common/ge_common_api_error_codes.h"
#include "graph/tensor.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gert {
class Tensor;
}

namespace ge {
// Keys of options. Where an option has several, the graph's win over the
// session's, and the session's over the process's.

const char *const OPTION_GRAPH_RUN_MODE = "ge.graphRunMode";
const char *const OPTION_EXEC_DEVICE_ID = "ge.exec.deviceId";
const char *const OPTION_EXEC_SESSION_ID = "ge.exec.sessionId";
const char *const OPTION_SESSION_DEVICE_ID = "ge.session_device_id";
const char *const OPTION_EXEC_JOB_ID = "ge.exec.jobId";
const char *const OPTION_EXEC_IS_USEHCOM = "ge.exec.isUseHcom";
const char *const OPTION_EXEC_RANK_ID = "ge.exec.rankId";
const char *const OPTION_EXEC_DEPLOY_MODE = "ge.exec.deployMode";
const char *const OPTION_EXEC_RANK_TABLE_FILE = "ge.exec.rankTableFile";
const char *const OPTION_EXEC_ENABLE_DUMP = "ge.exec.enableDump";
const char *const OPTION_EXEC_DUMP_PATH = "ge.exec.dumpPath";
const char *const OPTION_EXEC_DUMP_STEP = "ge.exec.dumpStep";
const char *const OPTION_EXEC_DUMP_MODE = "ge.exec.dumpMode";
const char *const OPTION_EXEC_DUMP_DATA = "ge.exec.dumpData";
const char *const OPTION_EXEC_DUMP_LAYER = "ge.exec.dumpLayer";
const char *const OPTION_EXEC_ENABLE_DUMP_DEBUG = "ge.exec.enableDumpDebug";
const char *const OPTION_EXEC_DUMP_DEBUG_MODE = "ge.exec.dumpDebugMode";
const char *const OPTION_EXEC_ENABLE_EXCEPTION_DUMP = "ge.exec.enable_exception_dump";
const char *const OPTION_EXEC_PROFILING_MODE = "ge.exec.profilingMode";
const char *const OPTION_EXEC_PROFILING_OPTIONS = "ge.exec.profilingOptions";
const char *const OPTION_EXEC_DISABLE_REUSED_MEMORY = "ge.exec.disableReuseMemory";
const char *const OPTION_EXEC_DYNAMIC_INPUT = "ge.exec.dynamicInput";
const char *const OPTION_EXEC_DYNAMIC_EXECUTE_MODE = "ge.exec.dynamicGraphExecuteMode";
const char *const OPTION_EXEC_DATA_INPUTS_SHAPE_RANGE = "ge.exec.dataInputsShapeRange";
const char *const OPTION_EXEC_ENABLE_COPY_OUTPUT_ADDR = "ge.exec.enableCopyOutputAddr";
const char *const OPTION_EXEC_STATIC_MEMORY_POLICY = "ge.exec.staticMemoryPolicy";
const char *const OPTION_FEATURE_BASE_REFRESHABLE = "ge.featureBaseRefreshable";
const char *const OPTION_CONST_LIFECYCLE = "ge.constLifecycle";
const char *const OPTION_GRAPH_IO_MEM_ALLOC_MODE = "ge.exec.graphIOMemAllocMode";
const char *const OPTION_INPUT_REUSE_MEM_INDEXES = "ge.exec.inputReuseMemIndexes";
const char *const OPTION_OUTPUT_REUSE_MEM_INDEXES = "ge.exec.outputReuseMemIndexes";
const char *const OPTION_OUTPUT_REUSE_INPUT_MEM_INDEXES = "ge.exec.outputReuseInputMemIndexes";
const char *const OPTION_EXPORT_COMPILE_STAT = "ge.exportCompileStat";
const char *const OPTION_ALL_TENSOR_NOT_EMPTY = "ge.exec.allTensorNotEmpty";
const char *const OPTION_TOPOSORTING_MODE = "ge.topoSortingMode";
const char *const OPTION_GRAPH_COMPILER_CACHE_DIR = "ge.graph_compiler_cache_dir";
const char *const OPTION_GRAPH_KEY = "ge.graph_key";
const char *const OPTION_H2D_OVERLAPPED_WITH_COMPUTE = "ge.compile.h2dOverlappedWithCompute";
const char *const OPTION_BUILD_CONFIG = "ge.buildConfig";
const char *const OPTION_NAME_MAP = "ge.optionNameMap";
const char *const OPTION_FROZEN_INPUT_INDEXES = "ge.exec.frozenInputIndexes";
const char *const OPTION_HOST_INPUT_INDEXES = "ge.exec.hostInputIndexes";

namespace configure_option {
const char *const STREAM_NUM = "ge.streamNum";
const char *const HEAD_STREAM = "ge.headStream";
const char *const SOC_VERSION = "ge.socVersion";
const char *const CORE_TYPE = "ge.engineType";
const char *const AICORE_NUM = "ge.aicoreNum";
const char *const VIRTUAL_TYPE = "ge.virtual_type";
const char *const PRECISION_MODE = "ge.exec.precision_mode";
const char *const PRECISION_MODE_V2 = "ge.exec.precision_mode_v2";
const char *const OP_PRECISION_MODE = "ge.exec.op_precision_mode";
const char *const MODIFY_MIXLIST = "ge.exec.modify_mixlist";
const char *const CUSTOMIZE_DTYPES = "ge.customizeDtypes";
const char *const ALLOW_HF32 = "ge.exec.allow_hf32";
const char *const EXTERNAL_WEIGHT = "ge.externalWeight";
const char *const EXTERNAL_WEIGHT_DIR = "ge.externalWeightDir";
const char *const VARIABLE_ACC = "ge.exec.variable_acc";
const char *const INPUT_SHAPE = "ge.inputShape";
const char *const DYNAMIC_NODE_TYPE = "ge.dynamicNodeType";
const char *const DYNAMIC_DIMS = "ge.dynamicDims";
const char *const DYNAMIC_BATCH_SIZE = "ge.dynamicBatchSize";
const char *const DYNAMIC_IMAGE_SIZE = "ge.dynamicImageSize";
const char *const INPUT_HINT_SHAPE = "ge.inputHintShape";
const char *const INPUT_HINT_VALUE = "ge.inputHintValue";
const char *const OUTPUT_TYPE = "ge.outputDatatype";
const char *const OUT_NODES = "ge.outputNodeName";
const char *const OO_LEVEL = "ge.oo.level";
const char *const OO_CONSTANT_FOLDING = "ge.oo.constantFolding";
const char *const OO_DEAD_CODE_ELIMINATION = "ge.oo.deadCodeElimination";
const char *const OPTIMIZATION_SWITCH = "ge.optimizationSwitch";
const char *const DISABLE_OPTIMIZATIONS = "ge.disableOptimizations";
const char *const FUSION_SWITCH_FILE = "ge.fusionSwitchFile";
const char *const EXEC_DISABLE_REUSED_MEMORY = "ge.exec.disableReuseMemory";
const char *const MEMORY_OPTIMIZATION_POLICY = "ge.exec.memoryOptimizationPolicy";
const char *const ENABLE_SINGLE_STREAM = "ge.enableSingleStream";
const char *const AC_PARALLEL_ENABLE = "ac_parallel_enable";
const char *const OP_COMPILER_CACHE_MODE = "ge.op_compiler_cache_mode";
const char *const OP_COMPILER_CACHE_DIR = "ge.op_compiler_cache_dir";
const char *const JIT_COMPILE = "ge.jit_compile";
const char *const DETERMINISTIC = "ge.deterministic";
const char *const DETERMINISTIC_LEVEL = "ge.deterministicLevel";
const char *const OP_DEBUG_LEVEL = "ge.opDebugLevel";
const char *const OP_DEBUG_OPTION = "op_debug_option";
const char *const DEBUG_DIR = "ge.debugDir";
const char *const STATUS_CHECK = "ge.status_check";
const char *const QUANT_DUMPABLE = "ge.quant_dumpable";
const char *const TILING_SCHEDULE_OPTIMIZE = "ge.tiling_schedule_optimize";
const char *const GRAPH_MAX_PARALLEL_MODEL_NUM = "ge.graphMaxParallelModelNum";
const char *const BUFFER_OPTIMIZE = "ge.bufferOptimize";
const char *const ENABLE_COMPRESS_WEIGHT = "ge.enableCompressWeight";
const char *const SPARSITY = "ge.enableSparseMatrixWeight";
const char *const COMPRESSION_OPTIMIZE_CONF = "ge.compressionOptimizeConf";
const char *const ENABLE_SMALL_CHANNEL = "ge.enableSmallChannel";
const char *const OP_SELECT_IMPL_MODE = "ge.opSelectImplmode";
const char *const OPTYPELIST_FOR_IMPLMODE = "ge.optypelistForImplmode";
const char *const TUNE_DEVICE_IDS = "ge.exec.tuneDeviceIds";
const char *const AUTO_TUNE_MODE = "ge.autoTuneMode";
const char *const INSERT_OP_FILE = "ge.insertOpFile";
const char *const INPUT_FP16_NODES = "ge.INPUT_NODES_SET_FP16";
const char *const MDL_BANK_PATH = "ge.mdl_bank_path";
const char *const OP_BANK_PATH = "ge.op_bank_path";
const char *const OP_BANK_UPDATE = "ge.op_bank_update";
const char *const PERFORMANCE_MODE = "ge.performance_mode";
const char *const SHAPE_GENERALIZED_BUILD_MODE = "ge.shape_generalized_build_mode";
const char *const BUILD_INNER_MODEL = "ge.build_inner_model";
const char *const EXCLUDE_ENGINES = "ge.exec.exclude_engines";
const char *const DISTRIBUTED_CLUSTER_BUILD = "ge.distributed_cluster_build";
const char *const MODEL_RELATION_CONFIG = "ge.offline_model_relation";
const char *const ENABLE_GRAPH_PARALLEL = "ge.enableGraphParallel";
const char *const GRAPH_PARALLEL_OPTION_PATH = "ge.graphParallelOptionPath";
const char *const CLUSTER_CONFIG = "ge.cluster_config";
const char *const HCCL_SUB_COMM_CONFIG = "ge.hccl_sub_comm_config";
const char *const OP_DEPENDENCY_IN_OM = "ge.op_dependency_in_om";
} // namespace configure_option

using configure_option::AC_PARALLEL_ENABLE;
using configure_option::AICORE_NUM;
using configure_option::ALLOW_HF32;
using configure_option::AUTO_TUNE_MODE;
using configure_option::BUFFER_OPTIMIZE;
using configure_option::BUILD_INNER_MODEL;
using configure_option::CLUSTER_CONFIG;
using configure_option::COMPRESSION_OPTIMIZE_CONF;
using configure_option::CORE_TYPE;
using configure_option::CUSTOMIZE_DTYPES;
using configure_option::DEBUG_DIR;
using configure_option::DETERMINISTIC;
using configure_option::DETERMINISTIC_LEVEL;
using configure_option::DISABLE_OPTIMIZATIONS;
using configure_option::DISTRIBUTED_CLUSTER_BUILD;
using configure_option::DYNAMIC_BATCH_SIZE;
using configure_option::DYNAMIC_DIMS;
using configure_option::DYNAMIC_IMAGE_SIZE;
using configure_option::DYNAMIC_NODE_TYPE;
using configure_option::ENABLE_COMPRESS_WEIGHT;
using configure_option::ENABLE_GRAPH_PARALLEL;
using configure_option::ENABLE_SINGLE_STREAM;
using configure_option::ENABLE_SMALL_CHANNEL;
using configure_option::EXCLUDE_ENGINES;
using configure_option::EXEC_DISABLE_REUSED_MEMORY;
using configure_option::EXTERNAL_WEIGHT;
using configure_option::EXTERNAL_WEIGHT_DIR;
using configure_option::FUSION_SWITCH_FILE;
using configure_option::GRAPH_MAX_PARALLEL_MODEL_NUM;
using configure_option::GRAPH_PARALLEL_OPTION_PATH;
using configure_option::HCCL_SUB_COMM_CONFIG;
using configure_option::HEAD_STREAM;
using configure_option::INPUT_FP16_NODES;
using configure_option::INPUT_HINT_SHAPE;
using configure_option::INPUT_HINT_VALUE;
using configure_option::INSERT_OP_FILE;
using configure_option::JIT_COMPILE;
using configure_option::MDL_BANK_PATH;
using configure_option::MEMORY_OPTIMIZATION_POLICY;
using configure_option::MODEL_RELATION_CONFIG;
using configure_option::MODIFY_MIXLIST;
using configure_option::OO_CONSTANT_FOLDING;
using configure_option::OO_DEAD_CODE_ELIMINATION;
using configure_option::OO_LEVEL;
using configure_option::OP_BANK_PATH;
using configure_option::OP_BANK_UPDATE;
using configure_option::OP_COMPILER_CACHE_DIR;
using configure_option::OP_COMPILER_CACHE_MODE;
using configure_option::OP_DEBUG_LEVEL;
using configure_option::OP_DEBUG_OPTION;
using configure_option::OP_DEPENDENCY_IN_OM;
using configure_option::OP_PRECISION_MODE;
using configure_option::OP_SELECT_IMPL_MODE;
using configure_option::OPTIMIZATION_SWITCH;
using configure_option::OPTYPELIST_FOR_IMPLMODE;
using configure_option::OUTPUT_TYPE;
using configure_option::PERFORMANCE_MODE;
using configure_option::PRECISION_MODE;
using configure_option::PRECISION_MODE_V2;
using configure_option::QUANT_DUMPABLE;
using configure_option::SHAPE_GENERALIZED_BUILD_MODE;
using configure_option::SOC_VERSION;
using configure_option::SPARSITY;
using configure_option::STREAM_NUM;
using configure_option::TILING_SCHEDULE_OPTIMIZE;
using configure_option::TUNE_DEVICE_IDS;
using configure_option::VARIABLE_ACC;
using configure_option::VIRTUAL_TYPE;

// Keys of the offline build and of the parsers. Some differ from the session's.
namespace ir_option {
using configure_option::AICORE_NUM;
using configure_option::ALLOW_HF32;
using configure_option::CORE_TYPE;
using configure_option::CUSTOMIZE_DTYPES;
using configure_option::EXTERNAL_WEIGHT;
using configure_option::EXTERNAL_WEIGHT_DIR;
using configure_option::HEAD_STREAM;
using configure_option::MODIFY_MIXLIST;
using configure_option::OP_PRECISION_MODE;
using configure_option::PRECISION_MODE;
using configure_option::PRECISION_MODE_V2;
using configure_option::SOC_VERSION;
using configure_option::STREAM_NUM;
using configure_option::VARIABLE_ACC;
using configure_option::VIRTUAL_TYPE;
const char *const INPUT_SHAPE = "input_shape";
using configure_option::AC_PARALLEL_ENABLE;
using configure_option::AUTO_TUNE_MODE;
using configure_option::BUFFER_OPTIMIZE;
using configure_option::BUILD_INNER_MODEL;
using configure_option::CLUSTER_CONFIG;
using configure_option::COMPRESSION_OPTIMIZE_CONF;
using configure_option::DEBUG_DIR;
using configure_option::DETERMINISTIC;
using configure_option::DETERMINISTIC_LEVEL;
using configure_option::DISABLE_OPTIMIZATIONS;
using configure_option::DISTRIBUTED_CLUSTER_BUILD;
using configure_option::DYNAMIC_BATCH_SIZE;
using configure_option::DYNAMIC_DIMS;
using configure_option::DYNAMIC_IMAGE_SIZE;
using configure_option::DYNAMIC_NODE_TYPE;
using configure_option::ENABLE_COMPRESS_WEIGHT;
using configure_option::ENABLE_GRAPH_PARALLEL;
using configure_option::ENABLE_SINGLE_STREAM;
using configure_option::ENABLE_SMALL_CHANNEL;
using configure_option::EXCLUDE_ENGINES;
using configure_option::EXEC_DISABLE_REUSED_MEMORY;
using configure_option::FUSION_SWITCH_FILE;
using configure_option::GRAPH_MAX_PARALLEL_MODEL_NUM;
using configure_option::GRAPH_PARALLEL_OPTION_PATH;
using configure_option::HCCL_SUB_COMM_CONFIG;
using configure_option::INPUT_FP16_NODES;
using configure_option::INPUT_HINT_SHAPE;
using configure_option::INPUT_HINT_VALUE;
using configure_option::INSERT_OP_FILE;
using configure_option::JIT_COMPILE;
using configure_option::MDL_BANK_PATH;
using configure_option::MEMORY_OPTIMIZATION_POLICY;
using configure_option::MODEL_RELATION_CONFIG;
using configure_option::OO_CONSTANT_FOLDING;
using configure_option::OO_DEAD_CODE_ELIMINATION;
using configure_option::OO_LEVEL;
using configure_option::OP_BANK_PATH;
using configure_option::OP_BANK_UPDATE;
using configure_option::OP_COMPILER_CACHE_DIR;
using configure_option::OP_COMPILER_CACHE_MODE;
using configure_option::OP_DEBUG_LEVEL;
using configure_option::OP_DEBUG_OPTION;
using configure_option::OP_DEPENDENCY_IN_OM;
using configure_option::OP_SELECT_IMPL_MODE;
using configure_option::OPTIMIZATION_SWITCH;
using configure_option::OPTYPELIST_FOR_IMPLMODE;
using configure_option::OUT_NODES;
using configure_option::OUTPUT_TYPE;
using configure_option::PERFORMANCE_MODE;
using configure_option::QUANT_DUMPABLE;
using configure_option::SHAPE_GENERALIZED_BUILD_MODE;
using configure_option::SPARSITY;
using configure_option::STATUS_CHECK;
using configure_option::TILING_SCHEDULE_OPTIMIZE;
using configure_option::TUNE_DEVICE_IDS;
const char *const OPTION_BUILD_CONFIG = "ge.buildConfig";
const char *const OPTION_EXPORT_COMPILE_STAT = "ge.exportCompileStat";
const char *const OPTION_H2D_OVERLAPPED_WITH_COMPUTE = "ge.compile.h2dOverlappedWithCompute";
const char *const OPTION_OUTPUT_REUSE_INPUT_MEM_INDEXES = "ge.exec.outputReuseInputMemIndexes";
const char *const INPUT_FORMAT = "input_format";
const char *const INPUT_SHAPE_RANGE = "input_shape_range";
const char *const OP_NAME_MAP = "op_name_map";
const char *const IS_DYNAMIC_INPUT = "is_dynamic_input";
const char *const IS_INPUT_ADJUST_HW_LAYOUT = "is_input_adjust_hw_layout";
const char *const IS_OUTPUT_ADJUST_HW_LAYOUT = "is_output_adjust_hw_layout";
const char *const ENABLE_SCOPE_FUSION_PASSES = "enable_scope_fusion_passes";
const char *const OUTPUT = "output";
const char *const COMPRESS_WEIGHT_CONF = "compress_weight_conf";
const char *const LOG_LEVEL = "log";
const char *const INPUT_DATA_NAMES = "input_data_names";
const char *const OP_DEBUG_CONFIG = "op_debug_config";
const char *const OFFLINE_MODE = "ge.offlineMode";
const char *const EXEC_DEVICE_CONFIG_PATH = "ge.exec.exec_device_config_path";
} // namespace ir_option

enum GraphRunMode : int32_t { PREDICTION = 0, TRAIN };

enum class MemoryType : int64_t { MEMORY_TYPE_DEFAULT, MEMORY_TYPE_P2P };

/// A serialised offline model.
struct ModelBufferData {
  std::shared_ptr<uint8_t> data = nullptr;
  uint64_t length;
};

struct InputTensorInfo {
  uint32_t data_type;
  std::vector<int64_t> dims;
  void *data;
  int64_t length;
};

struct OutputTensorInfo {
  uint32_t data_type = 0;
  std::vector<int64_t> dims;
  std::unique_ptr<uint8_t[]> data;
  int64_t length = 0;

  OutputTensorInfo() = default;
  OutputTensorInfo(OutputTensorInfo &&) = default;
  OutputTensorInfo &operator=(OutputTensorInfo &&) = default;
  OutputTensorInfo(const OutputTensorInfo &) = delete;
  OutputTensorInfo &operator=(const OutputTensorInfo &) = delete;
};

struct ModelDistibuteDesc {
  uint32_t logic_device_number;
};

using RunAsyncCallback = std::function<void(Status, std::vector<ge::Tensor> &)>;
using RunAsyncCallbackV2 = std::function<void(Status, std::vector<gert::Tensor> &)>;
} // namespace ge

#endif // GE_COMMON_GE_COMMON_API_TYPES_H
