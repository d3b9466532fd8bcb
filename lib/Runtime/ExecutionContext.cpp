//===- ExecutionContext.cpp - memory of one execution ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executable.h"
#include "SimulatedDevice.h"
#include "ge-mlir/Model/DataTypes.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace gemlir::runtime {

using namespace model;

namespace {

/// Inputs may be this much longer than the model needs, since memory interfaces
/// round sizes up.
constexpr int64_t kInputSlack = 64;
constexpr int64_t kSmallestBlock = 64;
/// No machine has more.
constexpr size_t kMostMemory = size_t(1) << 40;
/// Blocks of the pool that so many executions did not take are given back.
constexpr int64_t kIdleRuns = 32;

bool isDynamicKind(BufferKind kind) { return kind == BufferKind::Pool || kind == BufferKind::View; }

std::string describe(const char *kind, size_t index, const TensorInfo &info) {
  return std::string(kind) + ' ' + std::to_string(index) + " '" + info.name + "'";
}

std::string toString(const std::vector<int64_t> &dims) {
  std::string result = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    result += (i ? "," : "") + std::to_string(dims[i]);
  return result + "]";
}

} // namespace

void *allocateAligned(size_t size) {
  // Large blocks start on a huge page, so that the system may use one.
  constexpr size_t kHugePage = 2 << 20;
  if (size >= kMostMemory)
    return nullptr;
  size_t alignment = size >= 2 * kHugePage ? kHugePage : kMemoryAlignment;
  void *memory = nullptr;
  if (posix_memalign(&memory, alignment, std::max<size_t>(size, 1)))
    return nullptr;
  if (alignment == kHugePage)
    madvise(memory, size, MADV_HUGEPAGE);
  return memory;
}

void Executable::prepare() {
  const Program &p = program;
  std::vector<uint32_t> counts(p.buffers.size() + 1);
  auto forEachUse = [&](auto visit) {
    for (const Instruction &inst : p.code)
      if (inst.opcode == Opcode::Launch)
        for (uint32_t i = 0; i < inst.bufferCount; ++i)
          visit(p.operands[inst.operandBegin + i], inst.operandBegin + i);
  };
  forEachUse([&](uint32_t buffer, uint32_t) { ++counts[buffer + 1]; });
  for (size_t i = 1; i < counts.size(); ++i)
    counts[i] += counts[i - 1];
  useBegin = counts;
  uses.resize(counts.back());
  forEachUse([&](uint32_t buffer, uint32_t position) { uses[counts[buffer]++] = position; });
  for (uint32_t i = 0; i < p.buffers.size(); ++i) {
    BufferKind kind = p.buffers[i].kind;
    if (kind == BufferKind::Input || kind == BufferKind::Output)
      externalBuffers.push_back(i);
    else if (isDynamicKind(kind))
      dynamicBuffers.push_back(i);
  }
  hasDynamicOperand.resize(p.code.size());
  for (size_t i = 0; i < p.code.size(); ++i) {
    const Instruction &inst = p.code[i];
    maxScalars = std::max(maxScalars, inst.scalarCount);
    if (inst.opcode != Opcode::Launch)
      continue;
    for (uint32_t j = 0; j < inst.bufferCount; ++j) {
      const Buffer &buffer = p.buffers[p.operands[inst.operandBegin + j]];
      if (isDynamicKind(buffer.kind) || buffer.size == kDynamic)
        hasDynamicOperand[i] = true;
    }
  }
}

const uint8_t *Executable::findWeights(int64_t offset, int64_t size) const {
  // Kernels do not touch what is empty, but it has an address.
  static const uint8_t empty = 0;
  auto range = std::upper_bound(weights.begin(), weights.end(), offset,
                                [](int64_t offset, const WeightRange &range) { return offset < range.offset; });
  if (range != weights.begin()) {
    --range;
    const int64_t at = offset - range->offset;
    if (at <= range->size && size <= range->size - at)
      return range->data + at;
  }
  return size ? nullptr : &empty;
}

ExecutionContext::ExecutionContext(const Executable &executable)
    : executable(executable), program(executable.program), registers(program.numRegisters),
      addresses(program.buffers.size()), sizes(program.buffers.size()), operands(program.operands.size()),
      scalars(executable.maxScalars), inputDims(program.inputs.size()), outputDims(program.outputs.size()),
      bufferDims(program.buffers.size()), outputIsOurs(program.outputs.size()) {}

ExecutionContext::~ExecutionContext() = default;

std::unique_ptr<ExecutionContext> ExecutionContext::create(const Executable &executable, void *arena) {
  std::unique_ptr<ExecutionContext> context(new ExecutionContext(executable));
  const Program &program = executable.program;
  if (!arena) {
    context->ownArena.reset(allocateAligned(program.arenaSize));
    arena = context->ownArena.get();
    if (!arena)
      return nullptr;
  }
  if (executable.binary) {
    context->device = std::make_unique<SimulatedDevice>(*executable.binary);
    context->placeLasting(arena);
  }
  for (uint32_t i = 0; i < program.buffers.size(); ++i) {
    const Buffer &buffer = program.buffers[i];
    const void *base = nullptr;
    if (buffer.kind == BufferKind::Arena)
      base = arena;
    else if (buffer.kind == BufferKind::Constant)
      base = executable.findWeights(buffer.offset, buffer.size);
    else if (buffer.kind == BufferKind::State)
      base = executable.states[buffer.slot];
    else if (isDynamicKind(buffer.kind))
      context->bufferDims[i].resize(buffer.rank);
    // A constant was found with its offset.
    const int64_t offset = buffer.kind == BufferKind::Constant ? 0 : buffer.offset;
    if (base)
      context->setBuffer(i, const_cast<uint8_t *>(static_cast<const uint8_t *>(base)) + offset, buffer.size);
  }
  return context;
}

void ExecutionContext::placeLasting(void *arena) {
  device->place(arena, program.arenaSize, /*writable=*/true, /*lasting=*/true);
  for (const Executable::WeightRange &range : executable.weights)
    device->place(range.data, range.size, /*writable=*/false, /*lasting=*/true);
  for (size_t i = 0; i < executable.states.size(); ++i)
    device->place(executable.states[i], program.states[i].size, /*writable=*/true, /*lasting=*/true);
}

/// Outputs first, so that what is both may be written.
void ExecutionContext::placeOperands(const std::vector<InputBuffer> &inputs, const std::vector<OutputBuffer> &outputs) {
  device->forget();
  for (const OutputBuffer &output : outputs)
    device->place(output.data, output.size, /*writable=*/true, /*lasting=*/false);
  for (const InputBuffer &input : inputs)
    device->place(input.data, input.size, /*writable=*/false, /*lasting=*/false);
}

void ExecutionContext::setBuffer(uint32_t buffer, void *address, int64_t size) {
  sizes[buffer] = size;
  if (addresses[buffer] == address)
    return;
  addresses[buffer] = static_cast<uint8_t *>(address);
  for (uint32_t i = executable.useBegin[buffer]; i < executable.useBegin[buffer + 1]; ++i)
    operands[executable.uses[i]] = address;
}

Error ExecutionContext::bindInput(size_t index, const InputBuffer &input) {
  const TensorInfo &info = program.inputs[index];
  auto fail = [&](const std::string &text) {
    return Error(ErrorCode::InputMismatch, describe("input", index, info) + text);
  };
  std::vector<int64_t> &dims = inputDims[index];
  int64_t expected = info.byteSize;
  if (!input.dims.empty()) {
    bool fits = input.dims.size() == info.dims.size();
    for (size_t i = 0; fits && i < info.dims.size(); ++i)
      fits = input.dims[i] >= 0 && (info.dims[i] < 0 || info.dims[i] == input.dims[i]);
    if (!fits)
      return fail(" has shape " + toString(input.dims) + ", expected " + toString(info.dims));
  }
  if (expected == kDynamic) {
    if (input.dims.empty())
      return fail(" has a dynamic shape " + toString(info.dims) + ", so its dimensions must be given");
    int64_t count = 1;
    for (int64_t dim : input.dims)
      if (__builtin_mul_overflow(count, dim, &count))
        return fail(" has too many elements");
    expected = model::getByteSize(info.dataType, count);
    if (expected < 0)
      return fail(" has too many elements");
    dims = input.dims;
  } else if (dims.empty()) {
    dims = info.dims;
  }
  if (input.size < size_t(expected) || input.size > size_t(expected) + kInputSlack)
    return fail(" has " + std::to_string(input.size) + " bytes, expected " + std::to_string(expected));
  if (!input.data && expected)
    return fail(" has no data");
  return Error::success();
}

Error ExecutionContext::bindOutput(size_t index, OutputBuffer &output) {
  const TensorInfo &info = program.outputs[index];
  outputDims[index] = info.dims;
  outputIsOurs[index] = !output.data;
  if (!output.data) {
    output.size = 0;
    if (info.byteSize == kDynamic)
      return Error::success(); // its Alloc will come
    output.data = allocateAligned(info.byteSize);
    if (!output.data)
      return Error(ErrorCode::OutOfMemory, "no memory for " + describe("output", index, info) + " of " +
                                               std::to_string(info.byteSize) + " bytes");
    output.size = info.byteSize;
  } else if (info.byteSize != kDynamic && output.size < size_t(info.byteSize)) {
    return Error(ErrorCode::OutputMismatch, describe("output", index, info) + " has " + std::to_string(output.size) +
                                                " bytes, expected " + std::to_string(info.byteSize));
  }
  return Error::success();
}

Error ExecutionContext::bind(const std::vector<InputBuffer> &inputs, std::vector<OutputBuffer> &outputs) {
  std::fill(outputIsOurs.begin(), outputIsOurs.end(), false);
  if (inputs.size() != program.inputs.size())
    return Error(ErrorCode::InputMismatch, "found " + std::to_string(inputs.size()) + " inputs, expected " +
                                               std::to_string(program.inputs.size()));
  if (outputs.empty())
    outputs.resize(program.outputs.size());
  if (outputs.size() != program.outputs.size())
    return Error(ErrorCode::OutputMismatch, "found " + std::to_string(outputs.size()) + " outputs, expected " +
                                                std::to_string(program.outputs.size()));
  for (size_t i = 0; i < inputs.size(); ++i)
    if (Error error = bindInput(i, inputs[i]))
      return error;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (Error error = bindOutput(i, outputs[i]))
      return error;
  for (uint32_t i : executable.externalBuffers) {
    const Buffer &buffer = program.buffers[i];
    bool isInput = buffer.kind == BufferKind::Input;
    auto *base =
        static_cast<uint8_t *>(isInput ? const_cast<void *>(inputs[buffer.slot].data) : outputs[buffer.slot].data);
    // An empty input may be nowhere; views of it are somewhere.
    static uint8_t nothing[1];
    if (isInput && !base)
      base = nothing;
    int64_t size = buffer.size;
    if (size == kDynamic)
      size = isInput ? inputs[buffer.slot].size : outputs[buffer.slot].size;
    // A dynamic output is usable once Alloc has seen that it is large enough.
    if (!isInput && buffer.size == kDynamic)
      base = nullptr;
    setBuffer(i, base ? base + buffer.offset : nullptr, size);
  }
  for (uint32_t i : executable.dynamicBuffers)
    setBuffer(i, nullptr, 0);
  boundOutputs = &outputs;
  if (device)
    placeOperands(inputs, outputs);
  return Error::success();
}

void ExecutionContext::finish(std::vector<OutputBuffer> &outputs, bool succeeded) {
  boundOutputs = nullptr;
  for (PoolBlock &block : pool)
    block.used = false;
  // Blocks of sizes that no longer come go back, so that memory does not grow
  // with the number of different shapes.
  pool.erase(std::remove_if(pool.begin(), pool.end(),
                            [&](const PoolBlock &block) { return runs - block.lastRun >= kIdleRuns; }),
             pool.end());
  ++runs;
  for (size_t i = 0; i < outputs.size() && i < outputIsOurs.size(); ++i) {
    if (succeeded) {
      outputs[i].dims = outputDims[i];
    } else if (outputIsOurs[i]) {
      freeOutput(outputs[i].data);
      outputs[i].data = nullptr;
      outputs[i].size = 0;
    }
  }
}

std::vector<int64_t> &ExecutionContext::getDims(uint32_t index) {
  const Buffer &buffer = program.buffers[index];
  if (buffer.kind == BufferKind::Input)
    return inputDims[buffer.slot];
  if (buffer.kind == BufferKind::Output)
    return outputDims[buffer.slot];
  return bufferDims[index];
}

/// A few sizes for each power of two, so that shapes which differ little share
/// blocks.
static int64_t roundBlockSize(int64_t size) {
  if (size_t(size) >= kMostMemory)
    return size;
  int64_t step = kSmallestBlock;
  while (step * 8 <= size)
    step *= 2;
  return (size + step - 1) / step * step;
}

void *ExecutionContext::takeFromPool(int64_t size) {
  PoolBlock *best = nullptr;
  for (PoolBlock &block : pool)
    if (!block.used && block.size >= size && (!best || block.size < best->size))
      best = &block;
  // A block much too large would keep its memory from those who need it.
  if (best && best->size <= 2 * std::max<int64_t>(size, 4096)) {
    best->used = true;
    best->lastRun = runs;
    return best->memory.get();
  }
  size = roundBlockSize(size);
  AlignedMemory memory(allocateAligned(size));
  if (!memory)
    return nullptr;
  if (device)
    device->place(memory.get(), size, /*writable=*/true, /*lasting=*/true);
  pool.push_back({std::move(memory), size, true, runs});
  return pool.back().memory.get();
}

void ExecutionContext::returnToPool(void *address) {
  for (PoolBlock &block : pool)
    if (block.memory.get() == address)
      block.used = false;
}

} // namespace gemlir::runtime
