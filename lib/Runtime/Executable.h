//===- Executable.h - a program bound to its memory and kernels -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_EXECUTABLE_H
#define GEMLIR_LIB_RUNTIME_EXECUTABLE_H

#include "ThreadPool.h"
#include "ge-mlir/Model/Program.h"
#include "ge-mlir/Runtime/Model.h"

#include <cstdlib>
#include <memory>
#include <vector>

namespace gemlir::sim {
struct KernelEntry;
struct Result;
} // namespace gemlir::sim

namespace gemlir::runtime {

class DeviceBinary;
class SimulatedDevice;

constexpr size_t kMemoryAlignment = 64;

/// Memory aligned for any vector; null if there is none.
void *allocateAligned(size_t size);
struct AlignedFree {
  void operator()(void *data) const { std::free(data); }
};
using AlignedMemory = std::unique_ptr<void, AlignedFree>;

/// What all executions of a model share; constant but for the content of the
/// states.
struct Executable {
  model::Program program;
  std::vector<KernelFunction> kernels;
  /// Of a model for a simulated NPU; a kernel has a place there or a function.
  const DeviceBinary *binary = nullptr;
  std::vector<const sim::KernelEntry *> deviceKernels;
  /// The weights from byte `offset` on; in one piece unless they lie in files.
  struct WeightRange {
    int64_t offset, size;
    const uint8_t *data;
  };
  std::vector<WeightRange> weights; ///< by offset
  std::vector<void *> states;       ///< memory of a StateStore

  /// uses[useBegin[b] .. useBegin[b + 1]) are the operands that name buffer b.
  std::vector<uint32_t> useBegin, uses;
  /// Input and output buffers, in the order of the table.
  std::vector<uint32_t> externalBuffers;
  /// Pool and view buffers.
  std::vector<uint32_t> dynamicBuffers;
  /// Of each instruction, whether a buffer operand is set at run time only.
  std::vector<bool> hasDynamicOperand;
  uint32_t maxScalars = 0;

  /// Fills the tables that follow from the program.
  void prepare();
  /// Where these bytes of the weights lie, or null if not within one range.
  const uint8_t *findWeights(int64_t offset, int64_t size) const;
};

/// What one execution at a time needs: arena, registers, and the addresses of
/// all buffers. The operands of launches are an array of addresses that is
/// ready to be passed; setting a buffer writes it wherever it is used.
class ExecutionContext {
public:
  /// Null if there is not enough memory. `arena` may be the caller's.
  static std::unique_ptr<ExecutionContext> create(const Executable &executable, void *arena);
  ~ExecutionContext();

  /// Checks the inputs and outputs and binds them.
  Error bind(const std::vector<InputBuffer> &inputs, std::vector<OutputBuffer> &outputs);
  Error run(const ExecOptions &options, unsigned threads);
  /// Hands allocated outputs and the outputs' shapes to the caller, or, after a
  /// failure, returns the memory.
  void finish(std::vector<OutputBuffer> &outputs, bool succeeded);

private:
  explicit ExecutionContext(const Executable &executable);

  void setBuffer(uint32_t buffer, void *address, int64_t size);
  Error bindInput(size_t index, const InputBuffer &input);
  Error bindOutput(size_t index, OutputBuffer &output);
  int64_t getReg(uint32_t index) const { return registers[index]; }
  std::vector<int64_t> &getDims(uint32_t buffer);

  Error compute(const model::Instruction &inst);
  Error divide(const model::Instruction &inst);
  Error read(const model::Instruction &inst);
  Error allocate(const model::Instruction &inst);
  Error free(const model::Instruction &inst);
  Error makeView(const model::Instruction &inst);
  Error copy(const model::Instruction &inst);
  void passArguments(const model::Instruction &inst);
  Error launch(const model::Instruction &inst, uint32_t index, const ExecOptions &options, unsigned threads);
  /// The simulated NPU's kernel of a launch; null if the host runs it.
  const sim::KernelEntry *findDeviceKernel(const model::Instruction &inst) const {
    return device ? executable.deviceKernels[inst.a] : nullptr;
  }
  Error launchOnDevice(const model::Instruction &inst, int64_t tiles, const ExecOptions &options, unsigned threads);
  void placeLasting(void *arena);
  void placeOperands(const std::vector<InputBuffer> &inputs, const std::vector<OutputBuffer> &outputs);
  Error checkOperands(const model::Instruction &inst);
  void *takeFromPool(int64_t size);
  void returnToPool(void *address);

  const Executable &executable;
  const model::Program &program;
  AlignedMemory ownArena;
  /// Null on the host.
  std::unique_ptr<SimulatedDevice> device;
  std::vector<int64_t> operandSizes;
  /// Of the last launch on the device.
  std::shared_ptr<sim::Result> result;
  std::vector<int64_t> registers;
  std::vector<uint8_t *> addresses; ///< of each buffer; null if not set
  std::vector<int64_t> sizes;       ///< of each buffer
  std::vector<void *> operands;     ///< parallel to the program's
  std::vector<int64_t> scalars;
  std::vector<std::vector<int64_t>> inputDims, outputDims, bufferDims;
  std::vector<bool> outputIsOurs;
  std::vector<OutputBuffer> *boundOutputs = nullptr;
  std::vector<uint32_t> returns; ///< the call stack

  /// Memory of Alloc, kept for the next execution.
  struct PoolBlock {
    AlignedMemory memory;
    int64_t size;
    bool used;
    int64_t lastRun;
  };
  std::vector<PoolBlock> pool;
  int64_t runs = 0;
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_EXECUTABLE_H
