//===- SessionCore.cpp - sessions of both interfaces ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SessionCore.h"

#include "acl/acl_rt.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Model/DataTypes.h"

#include <algorithm>
#include <atomic>

namespace gemlir::api {

//===----------------------------------------------------------------------===//
// The state of the library
//===----------------------------------------------------------------------===//

namespace {
struct Library {
  std::mutex mutex;
  bool initialized = false;
  Options options;
  std::set<SessionCore *> sessions;
};

Library &library() {
  // Not destroyed: static sessions of clients go late.
  static Library *instance = new Library;
  return *instance;
}
} // namespace

uint64_t nextSessionId() {
  static std::atomic<uint64_t> counter{0};
  return counter++;
}

bool requireInitialized(const char *what) {
  Library &lib = library();
  std::lock_guard<std::mutex> lock(lib.mutex);
  if (!lib.initialized)
    reportError("E10062", std::string(what) + " was called before GEInitializeV2 or after "
                                              "GEFinalizeV2");
  return lib.initialized;
}

Status refuse(const char *what, const char *why) {
  if (!requireInitialized(what))
    return ::ge::FAILED;
  reportError("E10055", std::string(what) + " is not supported: " + why);
  return ::ge::UNSUPPORTED;
}

Status initialize(const AscendMap &options) {
  Options parsed;
  if (!readOptions(options, OptionScope::Session, parsed))
    return ::ge::FAILED;
  Library &lib = library();
  std::lock_guard<std::mutex> lock(lib.mutex);
  if (lib.initialized) {
    if (lib.options != parsed)
      reportWarning("W11002", "GEInitializeV2 was called before; the options "
                              "of the first call stay");
    return ::ge::SUCCESS;
  }
  lib.initialized = true;
  lib.options = std::move(parsed);
  return ::ge::SUCCESS;
}

Status finalize() {
  Library &lib = library();
  std::lock_guard<std::mutex> lock(lib.mutex);
  // A session cannot be destroyed meanwhile: its destructor takes the lock.
  lib.initialized = false;
  lib.options.clear();
  for (SessionCore *session : lib.sessions)
    session->clear();
  return ::ge::SUCCESS;
}

//===----------------------------------------------------------------------===//
// Worker
//===----------------------------------------------------------------------===//

Worker::~Worker() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    stopping = true;
  }
  wake.notify_all();
  if (thread.joinable())
    thread.join();
}

void Worker::post(std::function<void()> task) {
  std::lock_guard<std::mutex> lock(mutex);
  tasks.push_back(std::move(task));
  if (!thread.joinable())
    thread = std::thread([this] { run(); });
  wake.notify_all();
}

void Worker::drain() {
  std::unique_lock<std::mutex> lock(mutex);
  wake.wait(lock, [&] { return tasks.empty() && !busy; });
}

void Worker::run() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    wake.wait(lock, [&] { return stopping || !tasks.empty(); });
    if (tasks.empty())
      return;
    std::function<void()> task = std::move(tasks.front());
    tasks.pop_front();
    busy = true;
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
    busy = false;
    wake.notify_all();
  }
}

//===----------------------------------------------------------------------===//
// Memory of outputs
//===----------------------------------------------------------------------===//

namespace {

/// Memory that the runtime allocated for an output, with its users counted.
struct OutputBlock {
  std::atomic<uint32_t> users{1};
  void *data;
};

::ge::graphStatus manageOutput(void *address, gert::TensorOperateType operation, void **out) {
  auto *block = static_cast<OutputBlock *>(address);
  if (block == nullptr)
    return operation == gert::kFreeTensor ? ::ge::GRAPH_SUCCESS : ::ge::GRAPH_FAILED;
  switch (operation) {
  case gert::kGetTensorAddress:
    if (out == nullptr)
      return ::ge::GRAPH_FAILED;
    *out = block->data;
    return ::ge::GRAPH_SUCCESS;
  case gert::kPlusShareCount: ++block->users; return ::ge::GRAPH_SUCCESS;
  case gert::kFreeTensor:
    if (--block->users == 0) {
      runtime::freeOutput(block->data);
      delete block;
    }
    return ::ge::GRAPH_SUCCESS;
  default: return ::ge::GRAPH_FAILED;
  }
}

void setShape(gert::Shape &shape, const std::vector<int64_t> &dims) {
  shape.SetDimNum(0);
  for (int64_t dim : dims)
    shape.AppendDim(dim);
}

gert::Tensor makeOutput(const runtime::TensorInfo &info, runtime::OutputBuffer &buffer) {
  auto *block = new OutputBlock;
  block->data = buffer.data;
  buffer.data = nullptr;
  const auto format = static_cast<::ge::Format>(info.format);
  gert::Tensor tensor(gert::StorageShape(), {format, format, {}}, static_cast<::ge::DataType>(info.dataType));
  const std::vector<int64_t> &dims = buffer.dims.empty() ? info.dims : buffer.dims;
  setShape(tensor.MutableOriginShape(), dims);
  setShape(tensor.MutableStorageShape(), dims);
  tensor.SetData(gert::TensorData(block, manageOutput, buffer.size, gert::kOnHost));
  return tensor;
}

std::string text(const std::vector<int64_t> &dims) {
  std::string result = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    result += (i ? "," : "") + std::to_string(dims[i]);
  return result + "]";
}

/// Checks the inputs of a run against the model's.
Status bindInputs(const runtime::Model &model, const std::vector<gert::Tensor> &inputs,
                  std::vector<runtime::InputBuffer> &buffers) {
  const std::vector<runtime::TensorInfo> &infos = model.inputs();
  if (inputs.size() != infos.size()) {
    reportError("E10401", "the graph has " + std::to_string(infos.size()) + " inputs, but " +
                              std::to_string(inputs.size()) + " were given");
    return ::ge::PARAM_INVALID;
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const gert::Tensor &tensor = inputs[i];
    const runtime::TensorInfo &info = infos[i];
    std::vector<int64_t> dims;
    const gert::Shape &shape = tensor.GetStorageShape();
    for (size_t d = 0; d < shape.GetDimNum(); ++d)
      dims.push_back(shape.GetDim(d));
    const std::string which = "input " + std::to_string(i) + " ('" + info.name + "')";
    if (tensor.GetDataType() != info.dataType) {
      reportError("E14002", which + " has data type " + std::to_string(tensor.GetDataType()) + ", expected " +
                                std::to_string(info.dataType));
      return ::ge::PARAM_INVALID;
    }
    bool fits = dims.size() == info.dims.size();
    for (size_t d = 0; fits && d < dims.size(); ++d)
      fits = info.dims[d] < 0 || info.dims[d] == dims[d];
    if (!fits) {
      reportError("E10049", which + " has shape " + text(dims) + ", expected " + text(info.dims));
      return ::ge::PARAM_INVALID;
    }
    runtime::InputBuffer buffer;
    buffer.data = tensor.GetAddr();
    buffer.size = tensor.GetSize();
    buffer.dims = dims;
    // Of an open shape, what the tensor's own says.
    int64_t expected = info.byteSize;
    if (expected < 0) {
      int64_t count = 1;
      for (int64_t dim : dims)
        count *= dim;
      expected = model::getByteSize(info.dataType, count);
    }
    if (expected > 0 && (buffer.data == nullptr || buffer.size < static_cast<size_t>(expected))) {
      reportError("E10401",
                  which + " has " +
                      (buffer.data == nullptr ? std::string("no memory") : std::to_string(buffer.size) + " bytes") +
                      ", expected " + std::to_string(expected) + " bytes");
      return ::ge::PARAM_INVALID;
    }
    if (expected > 0)
      buffer.size = static_cast<size_t>(expected);
    buffers.push_back(std::move(buffer));
  }
  return ::ge::SUCCESS;
}

} // namespace

Status toStatus(const Error &error, const std::string &what) {
  if (error.code() == ErrorCode::Success)
    return ::ge::SUCCESS;
  const char *code = "E19999";
  Status status = ::ge::FAILED;
  switch (error.code()) {
  case ErrorCode::InvalidArgument:
  case ErrorCode::InputMismatch:
  case ErrorCode::OutputMismatch:
    code = "E10401";
    status = ::ge::PARAM_INVALID;
    break;
  case ErrorCode::FileRead: code = "E13001"; break;
  case ErrorCode::FileWrite: code = "E13003"; break;
  case ErrorCode::ModelSize: code = "E13023"; break;
  case ErrorCode::ModelFormat:
  case ErrorCode::ModelHash: code = "E10041"; break;
  case ErrorCode::Unsupported:
    code = "E10055";
    status = ::ge::UNSUPPORTED;
    break;
  case ErrorCode::OutOfMemory:
    code = "E19999";
    status = ::ge::OUT_OF_MEMORY;
    break;
  default: break;
  }
  reportError(code, what + ": " + error.text());
  return status;
}

Status waitForStream(void *stream) {
  if (stream == nullptr)
    return ::ge::SUCCESS;
  const aclError error = aclrtSynchronizeStream(stream);
  if (error == ACL_SUCCESS)
    return ::ge::SUCCESS;
  reportError("E19999", "waiting for the stream failed with acl error " + std::to_string(error));
  return ::ge::FAILED;
}

//===----------------------------------------------------------------------===//
// SessionCore
//===----------------------------------------------------------------------===//

SessionCore::SessionCore(const AscendMap &options) : sessionId(nextSessionId()), weightFolder(sessionId) {
  // A wrong value shows when the session is used; keys only warn.
  (void)readOptions(options, OptionScope::Session, sessionOptions);
  Library &lib = library();
  std::lock_guard<std::mutex> lock(lib.mutex);
  lib.sessions.insert(this);
}

SessionCore::~SessionCore() {
  Library &lib = library();
  {
    std::lock_guard<std::mutex> lock(lib.mutex);
    lib.sessions.erase(this);
  }
  worker.drain();
}

void SessionCore::clear() {
  std::map<uint32_t, std::shared_ptr<GraphEntry>> old;
  std::lock_guard<std::mutex> lock(mutex);
  old.swap(graphs);
  variables = std::make_shared<runtime::StateStore>();
  weightFolder.remove();
}

std::shared_ptr<GraphEntry> SessionCore::find(uint32_t graphId, const char *what) {
  std::lock_guard<std::mutex> lock(mutex);
  auto it = graphs.find(graphId);
  if (it != graphs.end())
    return it->second;
  reportError("E10001", std::string(what) + ": session " + std::to_string(sessionId) + " has no graph " +
                            std::to_string(graphId));
  return nullptr;
}

Options SessionCore::effectiveOptions(const GraphEntry &entry) const {
  Library &lib = library();
  std::lock_guard<std::mutex> lock(lib.mutex);
  return mergeOptions(mergeOptions(lib.options, sessionOptions), entry.options);
}

Status SessionCore::addGraph(uint32_t graphId, const ::ge::Graph &graph, const AscendMap &options, bool clone) {
  auto entry = std::make_shared<GraphEntry>();
  entry->id = graphId;
  if (!readOptions(options, OptionScope::Session, entry->options))
    return ::ge::PARAM_INVALID;
  if (!graph.IsValid()) {
    ::ge::AscendString name;
    (void)graph.GetName(name);
    reportError("E10001", std::string("graph '") + name.GetString() +
                              "' is not valid: it has no operators, or its "
                              "construction failed");
    return ::ge::PARAM_INVALID;
  }
  if (clone)
    entry->graph = ::ge::GraphAccess::make(::ge::GraphAccess::get(graph)->clone());
  else
    entry->graph = graph;
  std::lock_guard<std::mutex> lock(mutex);
  if (!graphs.emplace(graphId, std::move(entry)).second)
    reportWarning("W11003", "session " + std::to_string(sessionId) + " already has a graph " + std::to_string(graphId) +
                                ", which stays");
  return ::ge::SUCCESS;
}

Status SessionCore::removeGraph(uint32_t graphId) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "RemoveGraph");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  // Wait for what runs on it.
  std::lock_guard<std::mutex> wait(entry->mutex);
  std::lock_guard<std::mutex> lock(mutex);
  graphs.erase(graphId);
  return ::ge::SUCCESS;
}

Status SessionCore::compile(uint32_t graphId, const std::vector<::ge::Tensor> *inputs) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "CompileGraph");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  std::lock_guard<std::mutex> lock(entry->mutex);
  return compileLocked(*entry, inputs);
}

Status SessionCore::compileLocked(GraphEntry &entry, const std::vector<::ge::Tensor> *inputs) {
  if (entry.compiled.data)
    return ::ge::SUCCESS;
  const auto &impl = ::ge::GraphAccess::get(entry.graph);
  const Options options = effectiveOptions(entry);
  if (inputs == nullptr || inputs->empty())
    return compileGraph(entry.graph, entry.id, options, weightFolder, entry.compiled);
  const std::shared_ptr<::ge::GraphImpl> copy = impl->clone();
  const std::vector<::ge::NodeImpl *> data = copy->dataNodes();
  if (data.size() != inputs->size()) {
    reportError("E10401", "graph '" + impl->name + "' has " + std::to_string(data.size()) + " inputs, but " +
                              std::to_string(inputs->size()) + " were given");
    return ::ge::PARAM_INVALID;
  }
  for (size_t i = 0; i < data.size(); ++i) {
    const ::ge::TensorDesc desc = (*inputs)[i].GetTensorDesc();
    for (std::vector<::ge::Port> *ports : {&data[i]->desc->inputs, &data[i]->desc->outputs})
      for (::ge::Port &port : *ports) {
        port.desc = desc;
        port.described = true;
      }
  }
  return compileGraph(::ge::GraphAccess::make(copy), entry.id, options, weightFolder, entry.compiled);
}

Status SessionCore::load(uint32_t graphId, const AscendMap &options) {
  for (const auto &option : options)
    if (option.first != ::ge::OPTION_FROZEN_INPUT_INDEXES && option.first != ::ge::OPTION_HOST_INPUT_INDEXES) {
      reportError("E10001", std::string("LoadGraph does not take the option '") + option.first.GetString() + "'");
      return ::ge::PARAM_INVALID;
    }
  std::shared_ptr<GraphEntry> entry = find(graphId, "LoadGraph");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  std::lock_guard<std::mutex> lock(entry->mutex);
  if (entry->loadedByUser) {
    reportError("E10062", "graph " + std::to_string(graphId) + " was loaded before");
    return ::ge::GE_GRAPH_REPEAT_OPERATION;
  }
  const Status status = loadLocked(*entry);
  entry->loadedByUser = status == ::ge::SUCCESS;
  return status;
}

Status SessionCore::loadLocked(GraphEntry &entry) {
  if (entry.model)
    return ::ge::SUCCESS;
  const Status status = compileLocked(entry, nullptr);
  if (status != ::ge::SUCCESS)
    return status;
  runtime::LoadOptions options;
  {
    std::lock_guard<std::mutex> lock(mutex);
    options.states = variables;
  }
  return toStatus(
      runtime::Model::loadFromMemory(entry.compiled.data.get(), entry.compiled.length, options, entry.model),
      "loading the compiled graph failed");
}

static Status claimStyle(GraphEntry &entry, uint32_t graphId, RunStyle style) {
  if (entry.style == RunStyle::None)
    entry.style = style;
  if (entry.style == style)
    return ::ge::SUCCESS;
  reportError("E10062", "graph " + std::to_string(graphId) +
                            " was run in another way before; RunGraph, RunGraphAsync and "
                            "RunGraphWithStreamAsync exclude each other");
  return style == RunStyle::Stream ? ::ge::FAILED : ::ge::UNSUPPORTED;
}

Status SessionCore::run(uint32_t graphId, const std::vector<gert::Tensor> &inputs, std::vector<gert::Tensor> &outputs,
                        RunStyle style) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "RunGraph");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  std::lock_guard<std::mutex> lock(entry->mutex);
  if (Status status = claimStyle(*entry, graphId, style); status != ::ge::SUCCESS)
    return status;
  Status status = loadLocked(*entry);
  if (status != ::ge::SUCCESS)
    return status;
  std::vector<runtime::InputBuffer> buffers;
  status = bindInputs(*entry->model, inputs, buffers);
  if (status != ::ge::SUCCESS)
    return status;
  std::vector<runtime::OutputBuffer> results;
  const bool given = style == RunStyle::Stream && !outputs.empty();
  if (given) {
    for (gert::Tensor &output : outputs) {
      results.emplace_back();
      results.back().data = output.GetAddr();
      results.back().size = output.GetSize();
    }
  }
  status = toStatus(entry->model->execute(buffers, results), "running graph " + std::to_string(graphId) + " failed");
  if (status != ::ge::SUCCESS)
    return status;
  if (given)
    return ::ge::SUCCESS;
  outputs.clear();
  for (size_t i = 0; i < results.size(); ++i)
    outputs.push_back(makeOutput(entry->model->outputs()[i], results[i]));
  return ::ge::SUCCESS;
}

Status SessionCore::runAsync(uint32_t graphId, const std::vector<gert::Tensor> &inputs,
                             std::function<void(Status, std::vector<gert::Tensor> &)> done) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "RunGraphAsync");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  {
    std::lock_guard<std::mutex> lock(entry->mutex);
    if (Status status = claimStyle(*entry, graphId, RunStyle::Async); status != ::ge::SUCCESS)
      return status;
  }
  // The caller keeps the memory of the inputs until the callback; the vector
  // itself may go.
  auto held = std::make_shared<std::vector<gert::Tensor>>();
  for (const gert::Tensor &input : inputs) {
    gert::Tensor copy(input.GetShape(), input.GetFormat(), input.GetDataType());
    copy.SetData(gert::TensorData(const_cast<void *>(input.GetAddr()), nullptr, input.GetSize(), gert::kOnHost));
    held->push_back(std::move(copy));
  }
  worker.post([this, graphId, held, done = std::move(done)] {
    std::vector<gert::Tensor> outputs;
    const Status status = run(graphId, *held, outputs, RunStyle::Async);
    if (status != ::ge::SUCCESS)
      outputs.clear();
    if (done)
      done(status, outputs);
  });
  return ::ge::SUCCESS;
}

static bool isVariable(const ::ge::GNode &node) {
  ::ge::AscendString type;
  (void)node.GetType(type);
  return type == "Variable" || type == "VariableV2";
}

static bool hasVariables(const ::ge::Graph &graph) {
  const std::vector<::ge::GNode> nodes = graph.GetAllNodes();
  return std::any_of(nodes.begin(), nodes.end(), isVariable);
}

/// What a variable holds: as its node says, or else its initial value.
static bool describeVariable(const ::ge::Graph &graph, const std::string &name, ::ge::TensorDesc &desc) {
  for (const ::ge::GNode &node : graph.GetAllNodes()) {
    ::ge::AscendString found;
    (void)node.GetName(found);
    if (!isVariable(node) || found != name.c_str())
      continue;
    ::ge::Tensor value;
    (void)node.GetOutputDesc(0, desc);
    if (node.GetAttr("value", value) == ::ge::GRAPH_SUCCESS && value.GetSize() != 0)
      desc = value.GetTensorDesc();
    return true;
  }
  return false;
}

Status SessionCore::getVariables(const std::vector<std::string> &names, std::vector<::ge::Tensor> &values) {
  std::lock_guard<std::mutex> lock(mutex);
  std::vector<::ge::Tensor> result;
  for (const std::string &name : names) {
    ::ge::TensorDesc desc;
    const bool known = std::any_of(graphs.begin(), graphs.end(), [&](const auto &entry) {
      return describeVariable(entry.second->graph, name, desc);
    });
    const int64_t size = variables->size(name);
    if (!known || size < 0) {
      reportError("E10001", "session " + std::to_string(sessionId) + " has no variable '" + name +
                                (known ? "' yet: no graph with it was loaded" : "'"));
      return ::ge::GE_GRAPH_VARIABLE_DOES_NOT_EXIST;
    }
    std::vector<uint8_t> bytes(static_cast<size_t>(size));
    if (Status status =
            toStatus(variables->read(name, bytes.data(), bytes.size()), "reading variable '" + name + "' failed");
        status != ::ge::SUCCESS)
      return status;
    result.emplace_back(desc, bytes);
  }
  values = std::move(result);
  return ::ge::SUCCESS;
}

Status SessionCore::getModel(uint32_t graphId, ::ge::ModelBufferData &model) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "GetCompiledModel");
  if (!entry)
    return ::ge::GE_GRAPH_GRAPH_NOT_EXIST;
  std::lock_guard<std::mutex> lock(entry->mutex);
  if (!entry->compiled.data) {
    reportError("E10062", "GetCompiledModel was called before CompileGraph for "
                          "graph " +
                              std::to_string(graphId));
    return ::ge::PARAM_INVALID;
  }
  const std::string accelerate = getOption(effectiveOptions(*entry), {"ge.exec.variable_acc"});
  // A graph with variables needs the answer, others must not say the opposite.
  const bool isFalse = accelerate == "False" || accelerate == "false";
  if (!isFalse && (!accelerate.empty() || hasVariables(entry->graph))) {
    reportError("E10055", "GetCompiledModel needs the option "
                          "'ge.exec.variable_acc' to be \"False\"" +
                              std::string(accelerate.empty() ? " for a graph with variables" : ""));
    return ::ge::UNSUPPORTED;
  }
  model = entry->compiled;
  return ::ge::SUCCESS;
}

::ge::CompiledGraphSummaryPtr SessionCore::getSummary(uint32_t graphId) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "GetCompiledGraphSummary");
  if (!entry)
    return nullptr;
  std::lock_guard<std::mutex> lock(entry->mutex);
  if (!entry->compiled.data) {
    reportError("E10062", "GetCompiledGraphSummary was called before "
                          "CompileGraph for graph " +
                              std::to_string(graphId));
    return nullptr;
  }
  return ::ge::CompiledGraphSummary::Builder::build(entry->compiled);
}

bool SessionCore::needsRebuild(uint32_t graphId) {
  std::shared_ptr<GraphEntry> entry = find(graphId, "IsGraphNeedRebuild");
  if (!entry)
    return true;
  std::lock_guard<std::mutex> lock(entry->mutex);
  return !entry->compiled.data;
}

} // namespace gemlir::api
