//===- SessionCore.h - sessions of both interfaces --------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_API_SESSIONCORE_H
#define GE_MLIR_LIB_API_SESSIONCORE_H

#include "Options.h"
#include "exe_graph/runtime/tensor.h"
#include "ge-mlir/Runtime/Model.h"
#include "ge/ge_graph_compile_summary.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace gemlir::api {

using ::ge::Status;

/// Whether the library is started; reports E10062 if not.
bool requireInitialized(const char *what);
/// Reports that sessions do not offer `what`, and why: UNSUPPORTED, or FAILED if the
/// library is not started.
Status refuse(const char *what, const char *why);
inline constexpr const char *kOwnsMemory = "the runtime manages the memory of graphs";
inline constexpr const char *kNoCallbacks = "no operator calls back";
Status initialize(const AscendMap &options);
Status finalize();

/// A number that no session of the process has had.
uint64_t nextSessionId();

/// Runs tasks in order on a thread of its own, which starts with the first.
class Worker {
public:
  ~Worker();
  void post(std::function<void()> task);
  /// Waits until everything posted has run.
  void drain();

private:
  void run();
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> tasks;
  bool busy = false;
  bool stopping = false;
  std::thread thread;
};

/// How a graph was run first; a graph stays with one style.
enum class RunStyle { None, Sync, Async, Stream };

/// One graph of a session. Its mutex is held while it compiles, loads or runs.
struct GraphEntry {
  uint32_t id = 0;
  std::mutex mutex;
  ::ge::Graph graph;
  Options options;
  ::ge::ModelBufferData compiled{nullptr, 0};
  std::shared_ptr<runtime::Model> model;
  bool loadedByUser = false;
  RunStyle style = RunStyle::None;
};

class SessionCore {
public:
  explicit SessionCore(const AscendMap &options);
  ~SessionCore();

  uint64_t id() const { return sessionId; }

  Status addGraph(uint32_t graphId, const ::ge::Graph &graph, const AscendMap &options, bool clone);
  Status removeGraph(uint32_t graphId);
  Status compile(uint32_t graphId, const std::vector<::ge::Tensor> *inputs);
  Status load(uint32_t graphId, const AscendMap &options);
  Status run(uint32_t graphId, const std::vector<gert::Tensor> &inputs, std::vector<gert::Tensor> &outputs,
             RunStyle style);
  Status runAsync(uint32_t graphId, const std::vector<gert::Tensor> &inputs,
                  std::function<void(Status, std::vector<gert::Tensor> &)> done);
  Status getModel(uint32_t graphId, ::ge::ModelBufferData &model);
  ::ge::CompiledGraphSummaryPtr getSummary(uint32_t graphId);
  bool needsRebuild(uint32_t graphId);
  /// The content of variables, by name, as the runs so far have left it.
  Status getVariables(const std::vector<std::string> &names, std::vector<::ge::Tensor> &values);
  /// Drops all graphs: the library was finalized.
  void clear();

private:
  /// Null after a reported error.
  std::shared_ptr<GraphEntry> find(uint32_t graphId, const char *what);
  Options effectiveOptions(const GraphEntry &entry) const;
  Status compileLocked(GraphEntry &entry, const std::vector<::ge::Tensor> *inputs);
  Status loadLocked(GraphEntry &entry);

  const uint64_t sessionId;
  Options sessionOptions;
  WeightFolder weightFolder;
  /// The variables of all graphs of the session.
  std::shared_ptr<runtime::StateStore> variables = std::make_shared<runtime::StateStore>();
  std::mutex mutex;
  std::map<uint32_t, std::shared_ptr<GraphEntry>> graphs;
  Worker worker;
};

/// Work of a graph starts after what is in the stream.
Status waitForStream(void *stream);

/// Reports a failure of the runtime and says it as a status.
Status toStatus(const Error &error, const std::string &what);

} // namespace gemlir::api

/// How the library makes summaries; clients only read them.
class ge::CompiledGraphSummary::Builder {
public:
  static CompiledGraphSummaryPtr build(const ModelBufferData &model);
};

#endif // GE_MLIR_LIB_API_SESSIONCORE_H
