//===- Model.h - loading and executing offline models -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime's C++ interface. The acl functions, GeSession and the tools are
// built on it.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_RUNTIME_MODEL_H
#define GEMLIR_RUNTIME_MODEL_H

#include "ge-mlir/Model/OM.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gemlir::sim {
struct Result;
}

namespace gemlir::runtime {

using model::TensorInfo;

/// Buffers that keep their content between executions, by name. Models that are
/// loaded with one store share them, and their executions take turns. Safe to
/// use from many threads.
class StateStore {
public:
  StateStore();
  ~StateStore();
  StateStore(const StateStore &) = delete;
  StateStore &operator=(const StateStore &) = delete;

  /// The names of all states, sorted.
  std::vector<std::string> names() const;
  /// Bytes of a state, -1 if there is none of the name.
  int64_t size(const std::string &name) const;
  /// Copies a whole state out or in; `size` must be its own.
  Error read(const std::string &name, void *data, size_t size) const;
  Error write(const std::string &name, const void *data, size_t size);
  /// Gives all states the content that they started with.
  void reset();

private:
  friend class Model;
  struct Impl;
  std::unique_ptr<Impl> impl;
};

struct LoadOptions {
  /// Check the weights too; without it only everything else is.
  bool verifyWeights = false;
  /// Memory of the caller for the weights and for the arena of one execution at
  /// a time; it must outlive the model and be 64-byte aligned. Null: our own.
  void *weightMemory = nullptr;
  size_t weightMemorySize = 0;
  void *workMemory = nullptr;
  size_t workMemorySize = 0;
  /// The bytes are a buffer of the compiler rather than a file's: refuse those
  /// of another version.
  bool requireSameVersion = false;
  /// Load native code of the host that a model for an NPU brings along.
  bool allowHostKernels = false;
  /// The folder of the weight files of a model that has them outside; empty for
  /// where the model says, or `weight` beside its file.
  std::string weightDirectory;
  /// Weight files that the caller holds in memory, by name; the memory must
  /// outlive the model.
  std::map<std::string, model::ByteSpan> weightFiles;
  /// Where the model's states live; null: in a store of its own. A state that
  /// the store has already keeps its content.
  std::shared_ptr<StateStore> states;
};

/// What a model is to its caller. With gears, `inputs` and `outputs` have -1 for
/// the dimensions in which the gears differ.
struct Description {
  struct Gear {
    std::vector<int64_t> values;
    std::vector<TensorInfo> inputs, outputs;
  };
  std::vector<TensorInfo> inputs, outputs;
  model::GearKind gearKind = model::GearKind::None;
  std::vector<Gear> gears;
};

/// An input of an execution. `dims` may stay empty if the input's shape is
/// static.
struct InputBuffer {
  const void *data = nullptr;
  size_t size = 0;
  std::vector<int64_t> dims;
};

/// An output of an execution. With `data` null the runtime allocates, and the
/// caller returns the memory by `freeOutput`. `dims` are those of the result.
struct OutputBuffer {
  void *data = nullptr;
  size_t size = 0;
  std::vector<int64_t> dims;
};
void freeOutput(void *data);

struct LaunchProfile {
  std::string kernel; ///< symbol
  std::string origin; ///< the nodes it came from
  int64_t tiles = 0;
  int64_t nanoseconds = 0;
  /// Where it ran: "host", or "cube", "vector", "mix", "aicpu" of a simulated NPU.
  std::string unit = "host";
  /// What the simulator says; null on the host.
  std::shared_ptr<const sim::Result> result;
};

/// Of a model for a simulated NPU, what an execution finds out besides the results.
struct SimulationOptions {
  /// Whether the engines' commands compute; without, only time passes.
  bool functional = true;
  /// Count cycles; look for accesses without an order; record commands.
  bool timing = false, races = false, trace = false;
};

struct ExecOptions {
  /// Threads that take part, the caller among them; 0: what the process may
  /// use. The results do not depend on it.
  unsigned threads = 0;
  /// How long a thread that waits for others spins before it sleeps, while an
  /// execution runs; between executions none does. Not set: GE_MLIR_SPIN, else
  /// 100, or 0 where a quota limits the process's time.
  std::optional<unsigned> spinMicroseconds;
  /// Filled with one entry per launch, in order, if not null.
  std::vector<LaunchProfile> *profile = nullptr;
  SimulationOptions simulation;
};

/// A loaded model. Executions may run concurrently from any threads.
class Model {
public:
  /// Maps the file; the weights stay in it.
  static Error loadFromFile(const std::string &path, const LoadOptions &options, std::shared_ptr<Model> &result);
  /// Copies what it needs; the bytes may go when it returns.
  static Error loadFromMemory(const void *data, size_t size, const LoadOptions &options,
                              std::shared_ptr<Model> &result);
  ~Model();
  Model(const Model &) = delete;
  Model &operator=(const Model &) = delete;

  const std::string &name() const;
  const Description &description() const;
  const std::vector<TensorInfo> &inputs() const { return description().inputs; }
  const std::vector<TensorInfo> &outputs() const { return description().outputs; }
  size_t workSize() const;
  size_t weightSize() const;
  StateStore &states() const;

  /// `inputs` are in the order of `inputs()`; `outputs` is resized to the
  /// number of outputs if it is empty. A model with gears runs the one of the
  /// inputs' dimensions.
  Error execute(const std::vector<InputBuffer> &inputs, std::vector<OutputBuffer> &outputs,
                const ExecOptions &options = {});

private:
  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// Describes a model without loading it.
Error describe(const void *data, size_t size, Description &description);

/// Bytes of work memory (arena) and of weights that a model needs.
Error querySize(const void *data, size_t size, size_t &workSize, size_t &weightSize);

/// The processors that this process may use: affinity mask and cgroup quota.
unsigned getAvailableThreads();
/// True if a cgroup pays for less time than the processors have.
bool hasProcessorQuota();
/// True if this processor and operating system have the feature (LLVM's name,
/// or a level such as "x86-64-v3").
bool hasCpuFeature(const std::string &name);

} // namespace gemlir::runtime

#endif // GEMLIR_RUNTIME_MODEL_H
