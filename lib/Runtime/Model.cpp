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
#include "SimulatedDevice.h"
#include "StateStore.h"
#include "ge-mlir/Model/WeightFiles.h"
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace gemlir::runtime {

using namespace model;

namespace {

/// What one program needs; a model has as many as gears.
struct Unit {
  Executable executable;
  std::vector<std::unique_ptr<ExecutionContext>> freeContexts;
};

/// Whether an execution with these inputs is one of the gear.
bool fits(const std::vector<TensorInfo> &gear, const std::vector<InputBuffer> &inputs) {
  if (gear.size() != inputs.size())
    return false;
  for (size_t i = 0; i < gear.size(); ++i)
    if (!inputs[i].dims.empty() && inputs[i].dims != gear[i].dims)
      return false;
  return true;
}

std::string toString(const std::vector<TensorInfo> &tensors) {
  std::string result;
  for (const TensorInfo &info : tensors) {
    result += (result.empty() ? "" : " ") + info.name + "[";
    for (size_t d = 0; d < info.dims.size(); ++d)
      result += (d ? "," : "") + std::to_string(info.dims[d]);
    result += "]";
  }
  return result;
}

} // namespace

struct Model::Impl {
  std::string name;
  Description description;
  std::unique_ptr<MappedFile> file;
  WeightFiles weightFiles;
  AlignedMemory weightCopy;
  std::map<std::string, std::unique_ptr<KernelLibrary>> libraries; ///< by item
  std::map<std::string, std::unique_ptr<DeviceBinary>> deviceBinaries;
  std::vector<std::unique_ptr<Unit>> units;
  size_t workSize = 0, weightSize = 0;
  void *workMemory = nullptr;
  /// Of executions whose options do not say.
  unsigned threads = 1, spinMicroseconds = 0;

  std::mutex contextMutex;
  bool workMemoryUsed = false;
  std::shared_ptr<StateStore> states;

  Error load(const void *data, size_t size, const std::string &path, const LoadOptions &options);
  Error findWeights(const OMView &view, const std::string &path, const LoadOptions &options,
                    std::vector<Executable::WeightRange> &ranges);
  Error copyWeights(const LoadOptions &options, bool isMapped, std::vector<Executable::WeightRange> &ranges);
  Error prepare(Unit &unit, const OMView &view, bool allowHostKernels);
  Error makeStates(Executable &executable);
  Error loadKernels(Executable &executable, const OMView &view, bool allowHostKernels);
  Error loadDevice(Executable &executable, const OMView &view, bool allowHostKernels);
  Error choose(const std::vector<InputBuffer> &inputs, Unit *&unit) const;
  std::unique_ptr<ExecutionContext> takeContext(Unit &unit);
};

namespace {

/// The first feature of the list that this machine lacks, or null.
const std::string *findMissing(const std::vector<std::string> &features) {
  for (const std::string &feature : features)
    if (!hasCpuFeature(feature))
      return &feature;
  return nullptr;
}

void describe(const OMView &view, const std::vector<Program> &programs, Description &description) {
  description.inputs = view.inputs;
  description.outputs = view.outputs;
  description.gearKind = view.gearKind;
  description.gears.clear();
  for (size_t i = 0; i < view.gearValues.size(); ++i)
    description.gears.push_back({view.gearValues[i], programs[i].inputs, programs[i].outputs});
}

/// Leaves `value` as it is if the environment does not have `name`.
Error readEnvironment(const char *name, long least, long most, unsigned &value) {
  const char *text = std::getenv(name);
  if (!text)
    return Error::success();
  char *end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (end == text || *end || number < least || number > most)
    return Error(ErrorCode::InvalidArgument, "the environment's " + std::string(name) + " is '" + text +
                                                 "', expected a number from " + std::to_string(least) + " to " +
                                                 std::to_string(most));
  value = number;
  return Error::success();
}

} // namespace

Error Model::Impl::findWeights(const OMView &view, const std::string &path, const LoadOptions &options,
                               std::vector<Executable::WeightRange> &ranges) {
  const ExternalWeights &external = view.external;
  if (external.pieces.empty()) {
    if (options.verifyWeights)
      if (Error error = verifyWeights(view))
        return error;
    if (view.weights.size)
      ranges = {{0, int64_t(view.weights.size), view.weights.data}};
    return Error::success();
  }
  std::string directory = options.weightDirectory;
  if (directory.empty()) {
    if (path.empty() && external.directory.empty() && options.weightFiles.empty())
      return Error(ErrorCode::InvalidArgument,
                   "the weights of the model are in files, and a model in memory has no folder to look for "
                   "them: give the folder when loading");
    directory = getWeightDirectory(external, path);
  }
  if (Error error = WeightFiles::open(external, directory, options.weightFiles, weightFiles))
    return error;
  for (size_t i = 0; i < external.pieces.size(); ++i)
    ranges.push_back({external.pieces[i].offset, int64_t(external.pieces[i].size), weightFiles.pieces()[i].data});
  return Error::success();
}

/// Brings the weights to memory that stays: the caller's, or our own.
Error Model::Impl::copyWeights(const LoadOptions &options, bool isMapped,
                               std::vector<Executable::WeightRange> &ranges) {
  if (!weightSize || (isMapped && !options.weightMemory))
    return Error::success();
  void *target = options.weightMemory;
  if (target && options.weightMemorySize < weightSize)
    return Error(ErrorCode::InvalidArgument, "found " + std::to_string(options.weightMemorySize) +
                                                 " bytes of memory for the weights, expected " +
                                                 std::to_string(weightSize));
  if (!target) {
    weightCopy.reset(allocateAligned(weightSize));
    target = weightCopy.get();
  }
  if (!target)
    return Error(ErrorCode::OutOfMemory, "no memory for the weights of " + std::to_string(weightSize) + " bytes");
  for (Executable::WeightRange &range : ranges) {
    auto *place = static_cast<uint8_t *>(target) + range.offset;
    std::memcpy(place, range.data, range.size);
    range.data = place;
  }
  return Error::success();
}

/// The first binary of a model for an NPU says what NPU; it has the kernels of
/// group 0. Others are of the host.
Error Model::Impl::loadDevice(Executable &executable, const OMView &view, bool allowHostKernels) {
  const Program &program = executable.program;
  if (program.binaries.empty() || program.binaries[0].group != 0)
    return Error(ErrorCode::ModelFormat, "the model for device '" + program.device + "' has no binary for it");
  const std::string &item = program.binaries[0].item;
  std::unique_ptr<DeviceBinary> &binary = deviceBinaries[item];
  if (!binary)
    if (Error error = DeviceBinary::load(item, view.findItem(item)->bytes, binary))
      return error;
  executable.binary = binary.get();
  for (const Kernel &kernel : program.kernels) {
    executable.deviceKernels.push_back(kernel.group ? nullptr : binary->find(kernel.symbol));
    if (kernel.group && !allowHostKernels)
      return Error(ErrorCode::Unsupported, "the model for device '" + program.device +
                                               "' has native code of a host, '" + kernel.symbol +
                                               "', which loads only where the caller allows it");
    if (!kernel.group && !executable.deviceKernels.back())
      return Error(ErrorCode::ModelFormat, "the model's binary has no kernel '" + kernel.symbol + "'");
  }
  return Error::success();
}

Error Model::Impl::loadKernels(Executable &executable, const OMView &view, bool allowHostKernels) {
  const Program &program = executable.program;
  if (program.device != "Host")
    if (Error error = loadDevice(executable, view, allowHostKernels))
      return error;
  if (const std::string *feature = findMissing(program.features))
    return Error(ErrorCode::Unsupported,
                 "the model needs the processor feature '" + *feature + "', which this machine does not have");
  std::map<uint32_t, KernelLibrary *> groups;
  for (const Kernel &kernel : program.kernels) {
    const size_t index = executable.kernels.size();
    if (executable.binary && executable.deviceKernels[index]) {
      executable.kernels.push_back(nullptr);
      continue;
    }
    KernelLibrary *&library = groups[kernel.group];
    std::string missing;
    for (const Binary &binary : program.binaries) {
      if (library || binary.group != kernel.group)
        continue;
      if (const std::string *feature = findMissing(binary.features)) {
        missing += (missing.empty() ? "" : ", ") + binary.item + " needs '" + *feature + "'";
        continue;
      }
      std::unique_ptr<KernelLibrary> &loaded = libraries[binary.item];
      if (!loaded)
        if (Error error = KernelLibrary::load(binary.item, view.findItem(binary.item)->bytes, loaded))
          return error;
      library = loaded.get();
    }
    if (!library)
      return Error(ErrorCode::Unsupported, "no binary of the model runs on this processor: " + missing);
    executable.kernels.push_back(library->find(kernel.symbol));
    if (!executable.kernels.back())
      return Error(ErrorCode::ModelFormat, "the model's binary has no kernel '" + kernel.symbol + "'");
  }
  return Error::success();
}

Error Model::Impl::makeStates(Executable &executable) {
  for (const State &state : executable.program.states) {
    const uint8_t *initial = nullptr;
    if (state.initial != kDynamic && !(initial = executable.findWeights(state.initial, state.size)))
      return Error(ErrorCode::ModelFormat, "state '" + state.name + "' starts from bytes " +
                                               std::to_string(state.initial) + " + " + std::to_string(state.size) +
                                               " of the weights, which are not in one file");
    void *memory = nullptr;
    if (Error error = states->impl->add(state.name, state.size, initial, memory))
      return error;
    executable.states.push_back(memory);
  }
  return Error::success();
}

/// What follows once the unit has its program and its weights.
Error Model::Impl::prepare(Unit &unit, const OMView &view, bool allowHostKernels) {
  Executable &executable = unit.executable;
  const Program &program = executable.program;
  if (Error error = loadKernels(executable, view, allowHostKernels))
    return error;
  for (const Buffer &buffer : program.buffers)
    if (buffer.kind == BufferKind::Constant && !executable.findWeights(buffer.offset, buffer.size))
      return Error(ErrorCode::ModelFormat, "a constant has bytes " + std::to_string(buffer.offset) + " + " +
                                               std::to_string(buffer.size) +
                                               " of the weights, which are not in one file");
  if (Error error = makeStates(executable))
    return error;
  workSize = std::max(workSize, size_t(program.arenaSize));
  executable.prepare();
  return Error::success();
}

Error Model::Impl::load(const void *data, size_t size, const std::string &path, const LoadOptions &options) {
  threads = getAvailableThreads();
  spinMicroseconds = hasProcessorQuota() ? 0 : 100;
  if (Error error = readEnvironment("GE_MLIR_NUM_THREADS", 1, 1024, threads))
    return error;
  if (Error error = readEnvironment("GE_MLIR_SPIN", 0, 1000000, spinMicroseconds))
    return error;
  OMView view;
  if (Error error = readOM(data, size, view))
    return error;
  if (options.requireSameVersion)
    if (Error error = checkVersion(view))
      return error;
  name = view.name;
  std::vector<Program> programs;
  if (Error error = readPrograms(view, programs))
    return error;
  weightSize = programs[0].weightSize;
  states = options.states ? options.states : std::make_shared<StateStore>();
  std::vector<Executable::WeightRange> ranges;
  if (Error error = findWeights(view, path, options, ranges))
    return error;
  const bool isMapped = !path.empty() || !view.external.pieces.empty();
  if (Error error = copyWeights(options, isMapped, ranges))
    return error;
  describe(view, programs, description);
  for (Program &program : programs) {
    units.push_back(std::make_unique<Unit>());
    units.back()->executable.program = std::move(program);
    units.back()->executable.weights = ranges;
    if (Error error = prepare(*units.back(), view, options.allowHostKernels))
      return error;
  }
  workMemory = options.workMemory;
  if (workMemory && options.workMemorySize < workSize)
    return Error(ErrorCode::InvalidArgument, "found " + std::to_string(options.workMemorySize) +
                                                 " bytes of work memory, expected " + std::to_string(workSize));
  return Error::success();
}

Error Model::Impl::choose(const std::vector<InputBuffer> &inputs, Unit *&unit) const {
  unit = units[0].get();
  if (description.gears.empty())
    return Error::success();
  for (size_t i = 0; i < inputs.size() && i < description.inputs.size(); ++i)
    if (inputs[i].dims.empty() && description.inputs[i].byteSize == kDynamic)
      return Error(ErrorCode::InputMismatch, "input " + std::to_string(i) + " '" + description.inputs[i].name +
                                                 "' has gears, so its dimensions must be given");
  std::string known;
  for (size_t i = 0; i < description.gears.size(); ++i) {
    if (fits(description.gears[i].inputs, inputs)) {
      unit = units[i].get();
      return Error::success();
    }
    known += "; " + toString(description.gears[i].inputs);
  }
  std::vector<TensorInfo> found;
  for (size_t i = 0; i < inputs.size(); ++i)
    found.push_back({i < description.inputs.size() ? description.inputs[i].name : "", 0, 0, inputs[i].dims, 0});
  return Error(ErrorCode::InputMismatch,
               "the inputs have the shapes " + toString(found) + ", expected one of the gears" + known);
}

std::unique_ptr<ExecutionContext> Model::Impl::takeContext(Unit &unit) {
  void *arena = nullptr;
  {
    std::lock_guard<std::mutex> lock(contextMutex);
    if (!unit.freeContexts.empty()) {
      auto context = std::move(unit.freeContexts.back());
      unit.freeContexts.pop_back();
      return context;
    }
    if (workMemory && !workMemoryUsed) {
      workMemoryUsed = true;
      arena = workMemory;
    }
  }
  return ExecutionContext::create(unit.executable, arena);
}

Model::Model(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Model::~Model() = default;

Error Model::loadFromFile(const std::string &path, const LoadOptions &options, std::shared_ptr<Model> &result) {
  auto impl = std::make_unique<Impl>();
  if (Error error = MappedFile::open(path, impl->file))
    return error;
  if (Error error = impl->load(impl->file->data(), impl->file->size(), path, options))
    return Error(error.code(), "'" + path + "': " + error.text());
  result.reset(new Model(std::move(impl)));
  return Error::success();
}

Error Model::loadFromMemory(const void *data, size_t size, const LoadOptions &options, std::shared_ptr<Model> &result) {
  auto impl = std::make_unique<Impl>();
  if (Error error = impl->load(data, size, /*path=*/"", options))
    return error;
  result.reset(new Model(std::move(impl)));
  return Error::success();
}

const std::string &Model::name() const { return impl->name; }
const Description &Model::description() const { return impl->description; }
size_t Model::workSize() const { return impl->workSize; }
size_t Model::weightSize() const { return impl->weightSize; }
StateStore &Model::states() const { return *impl->states; }

Error Model::execute(const std::vector<InputBuffer> &inputs, std::vector<OutputBuffer> &outputs,
                     const ExecOptions &options) {
  Unit *unit = nullptr;
  if (Error error = impl->choose(inputs, unit))
    return error;
  std::unique_ptr<ExecutionContext> context = impl->takeContext(*unit);
  if (!context)
    return Error(ErrorCode::OutOfMemory, "no memory for the arena of " + std::to_string(workSize()) + " bytes");
  unsigned threads = options.threads ? options.threads : impl->threads;
  // States are one place for all executions, so those take turns.
  std::unique_lock<std::mutex> stateLock(impl->states->impl->mutex, std::defer_lock);
  if (!unit->executable.states.empty())
    stateLock.lock();
  Error error = context->bind(inputs, outputs);
  if (!error) {
    std::optional<ThreadPool::Execution> inPool;
    if (threads > 1)
      inPool.emplace();
    ExecOptions known = options;
    known.spinMicroseconds = options.spinMicroseconds.value_or(impl->spinMicroseconds);
    error = context->run(known, threads);
  }
  context->finish(outputs, !error);
  std::lock_guard<std::mutex> lock(impl->contextMutex);
  unit->freeContexts.push_back(std::move(context));
  return error;
}

void freeOutput(void *data) { std::free(data); }

static Error read(const void *data, size_t size, OMView &view, std::vector<Program> &programs) {
  Error error = readOM(data, size, view);
  return error ? error : readPrograms(view, programs);
}

Error describe(const void *data, size_t size, Description &description) {
  OMView view;
  std::vector<Program> programs;
  if (Error error = read(data, size, view, programs))
    return error;
  describe(view, programs, description);
  return Error::success();
}

Error querySize(const void *data, size_t size, size_t &workSize, size_t &weightSize) {
  OMView view;
  std::vector<Program> programs;
  if (Error error = read(data, size, view, programs))
    return error;
  workSize = 0;
  for (const Program &program : programs)
    workSize = std::max(workSize, size_t(program.arenaSize));
  weightSize = programs[0].weightSize;
  return Error::success();
}

} // namespace gemlir::runtime
