//===- ge_common_api_error_codes.h - status codes of the session interface --*-
// C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_COMMON_GE_COMMON_API_ERROR_CODES_H
#define GE_COMMON_GE_COMMON_API_ERROR_CODES_H

// A code is runtime << 30 | type << 28 | level << 25 | system << 17 |
// module << 12 | value. The one list below makes the constants, and the texts
// that StatusFactory knows.

#include "graph/ascend_string.h"

#include <cstdint>
#include <string>

namespace ge {
using Status = uint32_t;

/// The texts of status codes.
class GE_FUNC_VISIBILITY StatusFactory {
public:
  static StatusFactory *Instance();
  void RegisterErrorNo(uint32_t code, const char *text);
  /// "Unknown" for a code that nobody registered.
  AscendString GetErrDescV2(uint32_t code);
  void RegisterErrorNo(uint32_t code, const std::string &text) { RegisterErrorNo(code, text.c_str()); }
  std::string GetErrDesc(uint32_t code) { return GetErrDescV2(code).GetString(); }

private:
  StatusFactory() = default;
};

/// Registers the text of a code when it is constructed.
class GE_FUNC_VISIBILITY ErrorNoRegisterar {
public:
  ErrorNoRegisterar(uint32_t code, const char *text) { StatusFactory::Instance()->RegisterErrorNo(code, text); }
  ErrorNoRegisterar(uint32_t code, const std::string &text) { StatusFactory::Instance()->RegisterErrorNo(code, text); }
};

#define GE_ERRORNO_EXTERNAL(name, text) const ErrorNoRegisterar g_errorno_##name((name), (text));
#define GE_ERRORNO_DEFINE(runtime, type, level, sysid, modid, name, value)                                             \
  constexpr ge::Status name = (static_cast<uint32_t>(runtime) << 30U) | (static_cast<uint32_t>(type) << 28U) |         \
                              (static_cast<uint32_t>(level) << 25U) | (static_cast<uint32_t>(sysid) << 17U) |          \
                              (static_cast<uint32_t>(modid) << 12U) | static_cast<uint32_t>(value);
#define GE_ERRORNO(runtime, type, level, sysid, modid, name, value, text)                                              \
  GE_ERRORNO_DEFINE(runtime, type, level, sysid, modid, name, value)                                                   \
  GE_ERRORNO_EXTERNAL(name, text)
#define GET_ERRORNO_STR(value) ge::StatusFactory::Instance()->GetErrDesc(value)

// clang-format off
#define GE_FOR_EACH_STATUS(X) \
  X(SUCCESS, 0U, "success") \
  X(FAILED, 0xFFFFFFFFU, "failed") \
  X(PARAM_INVALID, 50331649U, "parameter is invalid") \
  X(MEMALLOC_FAILED, 1343225856U, "memory allocation failed") \
  X(CCE_FAILED, 1343225858U, "operator library call failed") \
  X(CSEC_ERROR, 1343225861U, "secure function call failed") \
  X(TEE_ERROR, 1343225862U, "trusted environment call failed") \
  X(END_OF_SEQUENCE, 1343225863U, "end of sequence") \
  X(PATH_INVALID, 1343225864U, "path is invalid") \
  X(GE_PLGMGR_PATH_INVALID, 1343225886U, "plug-in path is invalid") \
  X(GE_PLGMGR_SO_NOT_EXIST, 1343225887U, "plug-in library does not exist") \
  X(UNSUPPORTED, 1343225956U, "operation is not supported") \
  X(OUT_OF_MEMORY, 1343225957U, "out of memory") \
  X(GE_CLI_INIT_FAILED, 1343229953U, "initialization failed") \
  X(GE_CLI_FINAL_FAILED, 1343229954U, "finalization failed") \
  X(GE_CLI_SESS_CONSTRUCT_FAILED, 1343229955U, "session construction failed") \
  X(GE_CLI_SESS_DESTROY_FAILED, 1343229956U, "session destruction failed") \
  X(GE_CLI_SESS_ADD_FAILED, 1343229957U, "adding a session failed") \
  X(GE_CLI_SESS_ADD_GRAPH_FAILED, 1343229958U, "adding a graph to a session failed") \
  X(GE_CLI_SESS_REMOVE_FAILED, 1343229959U, "removing a graph from a session failed") \
  X(GE_CLI_SESS_RUN_FAILED, 1343229960U, "running a graph failed") \
  X(GE_CLI_SESS_RUN_TENSOR_FAILED, 1343229961U, "a tensor of a run is invalid") \
  X(GE_CLI_GE_ALREADY_INITIALIZED, 1343229962U, "already initialized") \
  X(GE_CLI_GE_NOT_INITIALIZED, 1343229963U, "not initialized") \
  X(GE_MULTI_INIT, 1343234048U, "initialized more than once") \
  X(GE_FINALIZE_NOT_INIT, 1343234049U, "finalized without initialization") \
  X(GE_MULTI_FINALIZE, 1343234050U, "finalized more than once") \
  X(GE_PROF_MULTI_INIT, 1343234051U, "profiling initialized more than once") \
  X(GE_PROF_NOT_INIT, 1343234052U, "profiling not initialized") \
  X(GE_PROF_MODE_CONFLICT, 1343234053U, "profiling modes conflict") \
  X(GE_SESS_INIT_FAILED, 1343238144U, "session initialization failed") \
  X(GE_SESS_ALREADY_RUNNING, 1343238145U, "session is already running") \
  X(GE_SESS_GRAPH_NOT_EXIST, 1343238146U, "graph does not exist in the session") \
  X(GE_SESS_GRAPH_ALREADY_EXIST, 1343238147U, "graph already exists in the session") \
  X(GE_SESS_GRAPH_IS_RUNNING, 1343238148U, "graph is running") \
  X(GE_SESSION_NOT_EXIST, 1343238149U, "session does not exist") \
  X(GE_SESSION_MANAGER_NOT_INIT, 1343238150U, "session manager is not initialized") \
  X(GE_GRAPH_INIT_FAILED, 1343242240U, "graph initialization failed") \
  X(GE_GRAPH_ALREADY_RUNNING, 1343242241U, "graph is already running") \
  X(GE_GRAPH_GRAPH_NOT_EXIST, 1343242242U, "graph does not exist") \
  X(GE_GRAPH_GRAPH_ALREADY_EXIST, 1343242243U, "graph already exists") \
  X(GE_GRAPH_GRAPH_IS_RUNNING, 1343242244U, "graph is running") \
  X(GE_GRAPH_MALLOC_FAILED, 1343242245U, "graph memory allocation failed") \
  X(GE_GRAPH_PARAM_NULLPTR, 1343242248U, "parameter is null") \
  X(GE_GRAPH_PREPROCESS_FAILED, 1343242253U, "graph preprocessing failed") \
  X(GE_GRAPH_FUSION_FAILED, 1343242254U, "graph fusion failed") \
  X(GE_GRAPH_EXECUTE_FAILED, 1343242261U, "graph execution failed") \
  X(GE_GRAPH_PREPARE_FAILED, 1343242265U, "graph preparation failed") \
  X(GE_GRAPH_SERIALIZE_FAILED, 1343242266U, "graph serialization failed") \
  X(GE_GRAPH_SAVE_FAILED, 1343242267U, "graph saving failed") \
  X(GE_GRAPH_PRERUN_FAILED, 1343242268U, "graph compilation failed") \
  X(GE_GRAPH_INFERSHAPE_FAILED, 1343242270U, "shape inference failed") \
  X(GE_GRAPH_RUNGRAPH_FAILED, 1343242273U, "running the graph failed") \
  X(GE_GRAPH_NOT_INIT, 1343242277U, "graph is not initialized") \
  X(GE_GRAPH_TOPO_SORT_FAILED, 1343242279U, "the graph has a cycle") \
  X(GE_GRAPH_UNSUPPORTED, 1343242281U, "the graph is not supported") \
  X(GE_GRAPH_ASSIGN_ENGINE_FAILED, 1343242282U, "an operator has no implementation") \
  X(GE_GRAPH_PARSE_OUT_NODE_FAILED, 1343242284U, "an output node is invalid") \
  X(GE_GRAPH_SAVE_WEIGHTS_FAILED, 1343242286U, "saving weights failed") \
  X(GE_GRAPH_VARIABLE_DOES_NOT_EXIST, 1343242290U, "variable does not exist") \
  X(GE_GRAPH_OPTIONS_INVALID, 1343242291U, "graph options are invalid") \
  X(GE_GRAPH_GRAPH_NOT_BUILT, 1343242295U, "graph is not compiled") \
  X(GE_GRAPH_SAVEMODEL_FAILED, 1343242296U, "saving the model failed") \
  X(GE_GRAPH_MEMORY_ALLOC_FAILED, 1343242297U, "graph memory allocation failed") \
  X(NOT_CHANGED, 1343242304U, "nothing changed") \
  X(SUSPEND, 1343242305U, "suspended") \
  X(GE_GRAPH_REPEAT_OPERATION, 1343242306U, "operation was already done")
// clang-format on

#define GE_DECLARE_STATUS(name, value, text) constexpr Status name = value;
GE_FOR_EACH_STATUS(GE_DECLARE_STATUS)
#undef GE_DECLARE_STATUS
} // namespace ge

#endif // GE_COMMON_GE_COMMON_API_ERROR_CODES_H
