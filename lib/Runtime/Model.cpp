//===- Model.cpp - loading and executing offline models -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Runtime/Model.h"
#include "Executable.h"
#include "KernelLibrary.h"
#include "StateStore.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Runtime/MappedFile.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace gemlir::runtime {

using namespace model;

struct Model::Impl {
  std::string name;
  std::unique_ptr<MappedFile> file;
  AlignedMemory weightCopy;
  std::vector<std::unique_ptr<KernelLibrary>> libraries;
  Executable executable;
  void *workMemory = nullptr;

  std::mutex contextMutex;
  std::vector<std::unique_ptr<ExecutionContext>> freeContexts;
  bool workMemoryUsed = false;
  std::shared_ptr<StateStore> states;

  Error load(const void *data, size_t size, bool isMapped,
             const LoadOptions &options);
  Error loadWeights(const OMView &view, bool isMapped,
                    const LoadOptions &options);
  Error loadKernels(const OMView &view);
  Error makeStates(const LoadOptions &options);
  std::unique_ptr<ExecutionContext> takeContext();
};

namespace {

/// The first feature of the list that this machine lacks, or null.
const std::string *findMissing(const std::vector<std::string> &features) {
  for (const std::string &feature : features)
    if (!hasCpuFeature(feature))
      return &feature;
  return nullptr;
}

unsigned getDefaultThreads() {
  static const unsigned threads = [] {
    if (const char *text = std::getenv("GE_MLIR_NUM_THREADS")) {
      long value = std::strtol(text, nullptr, 10);
      if (value > 0 && value <= 1024)
        return unsigned(value);
    }
    return getAvailableThreads();
  }();
  return threads;
}

} // namespace

Error Model::Impl::loadWeights(const OMView &view, bool isMapped,
                               const LoadOptions &options) {
  if (options.verifyWeights)
    if (Error error = verifyWeights(view))
      return error;
  ByteSpan weights = view.weights;
  if (!weights.size || (isMapped && !options.weightMemory)) {
    executable.weights = weights.data;
    return Error::success();
  }
  void *target = options.weightMemory;
  if (target && options.weightMemorySize < weights.size)
    return Error(ErrorCode::InvalidArgument,
                 "found " + std::to_string(options.weightMemorySize) +
                     " bytes of memory for the weights, expected " +
                     std::to_string(weights.size));
  if (!target) {
    weightCopy.reset(allocateAligned(weights.size));
    target = weightCopy.get();
  }
  if (!target)
    return Error(ErrorCode::OutOfMemory, "no memory for the weights of " +
                                             std::to_string(weights.size) +
                                             " bytes");
  std::memcpy(target, weights.data, weights.size);
  executable.weights = static_cast<const uint8_t *>(target);
  return Error::success();
}

Error Model::Impl::loadKernels(const OMView &view) {
  const Program &program = executable.program;
  if (program.device != "Host")
    return Error(ErrorCode::Unsupported,
                 "the model was compiled for device '" + program.device +
                     "', but this runtime executes 'Host'");
  if (const std::string *feature = findMissing(program.features))
    return Error(ErrorCode::Unsupported,
                 "the model needs the processor feature '" + *feature +
                     "', which this machine does not have");
  std::map<uint32_t, KernelLibrary *> groups;
  for (const Kernel &kernel : program.kernels) {
    KernelLibrary *&library = groups[kernel.group];
    std::string missing;
    for (const Binary &binary : program.binaries) {
      if (library || binary.group != kernel.group)
        continue;
      if (const std::string *feature = findMissing(binary.features)) {
        missing += (missing.empty() ? "" : ", ") + binary.item + " needs '" +
                   *feature + "'";
        continue;
      }
      std::unique_ptr<KernelLibrary> loaded;
      if (Error error = KernelLibrary::load(
              binary.item, view.findItem(binary.item)->bytes, loaded))
        return error;
      library = loaded.get();
      libraries.push_back(std::move(loaded));
    }
    if (!library)
      return Error(ErrorCode::Unsupported,
                   "no binary of the model runs on this processor: " + missing);
    executable.kernels.push_back(library->find(kernel.symbol));
    if (!executable.kernels.back())
      return Error(ErrorCode::ModelFormat,
                   "the model's binary has no kernel '" + kernel.symbol + "'");
  }
  return Error::success();
}

Error Model::Impl::makeStates(const LoadOptions &options) {
  states = options.states ? options.states : std::make_shared<StateStore>();
  for (const State &state : executable.program.states) {
    const uint8_t *initial =
        state.initial == kDynamic ? nullptr : executable.weights + state.initial;
    void *memory = nullptr;
    if (Error error =
            states->impl->add(state.name, state.size, initial, memory))
      return error;
    executable.states.push_back(memory);
  }
  return Error::success();
}

Error Model::Impl::load(const void *data, size_t size, bool isMapped,
                        const LoadOptions &options) {
  OMView view;
  if (Error error = readOM(data, size, view))
    return error;
  name = view.name;
  if (Error error = readProgram(view, executable.program))
    return error;
  if (Error error = loadKernels(view))
    return error;
  if (Error error = loadWeights(view, isMapped, options))
    return error;
  if (Error error = makeStates(options))
    return error;
  workMemory = options.workMemory;
  if (workMemory &&
      options.workMemorySize < size_t(executable.program.arenaSize))
    return Error(ErrorCode::InvalidArgument,
                 "found " + std::to_string(options.workMemorySize) +
                     " bytes of work memory, expected " +
                     std::to_string(executable.program.arenaSize));
  executable.prepare();
  return Error::success();
}

std::unique_ptr<ExecutionContext> Model::Impl::takeContext() {
  void *arena = nullptr;
  {
    std::lock_guard<std::mutex> lock(contextMutex);
    if (!freeContexts.empty()) {
      auto context = std::move(freeContexts.back());
      freeContexts.pop_back();
      return context;
    }
    if (workMemory && !workMemoryUsed) {
      workMemoryUsed = true;
      arena = workMemory;
    }
  }
  return ExecutionContext::create(executable, arena);
}

Model::Model(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Model::~Model() = default;

Error Model::loadFromFile(const std::string &path, const LoadOptions &options,
                          std::shared_ptr<Model> &result) {
  auto impl = std::make_unique<Impl>();
  if (Error error = MappedFile::open(path, impl->file))
    return error;
  if (Error error = impl->load(impl->file->data(), impl->file->size(),
                               /*isMapped=*/true, options))
    return Error(error.code(), "'" + path + "': " + error.text());
  result.reset(new Model(std::move(impl)));
  return Error::success();
}

Error Model::loadFromMemory(const void *data, size_t size,
                            const LoadOptions &options,
                            std::shared_ptr<Model> &result) {
  auto impl = std::make_unique<Impl>();
  if (Error error = impl->load(data, size, /*isMapped=*/false, options))
    return error;
  result.reset(new Model(std::move(impl)));
  return Error::success();
}

const std::string &Model::name() const { return impl->name; }
const std::vector<TensorInfo> &Model::inputs() const {
  return program().inputs;
}
const std::vector<TensorInfo> &Model::outputs() const {
  return program().outputs;
}
const Program &Model::program() const { return impl->executable.program; }
size_t Model::workSize() const { return program().arenaSize; }
size_t Model::weightSize() const { return program().weightSize; }
StateStore &Model::states() const { return *impl->states; }

Error Model::execute(const std::vector<InputBuffer> &inputs,
                     std::vector<OutputBuffer> &outputs,
                     const ExecOptions &options) {
  std::unique_ptr<ExecutionContext> context = impl->takeContext();
  if (!context)
    return Error(ErrorCode::OutOfMemory, "no memory for the arena of " +
                                             std::to_string(workSize()) +
                                             " bytes");
  unsigned threads = options.threads ? options.threads : getDefaultThreads();
  // States are one place for all executions, so those take turns.
  std::unique_lock<std::mutex> stateLock(impl->states->impl->mutex,
                                         std::defer_lock);
  if (!impl->executable.states.empty())
    stateLock.lock();
  Error error = context->bind(inputs, outputs);
  if (!error)
    error = context->run(options, threads);
  context->finish(outputs, !error);
  std::lock_guard<std::mutex> lock(impl->contextMutex);
  impl->freeContexts.push_back(std::move(context));
  return error;
}

void freeOutput(void *data) { std::free(data); }

Error querySize(const void *data, size_t size, size_t &workSize,
                size_t &weightSize) {
  OMView view;
  Program program;
  if (Error error = readOM(data, size, view))
    return error;
  if (Error error = readProgram(view, program))
    return error;
  workSize = program.arenaSize;
  weightSize = program.weightSize;
  return Error::success();
}

} // namespace gemlir::runtime
