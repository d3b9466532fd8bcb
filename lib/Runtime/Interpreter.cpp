//===- Interpreter.cpp - execution of programs ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program has been verified: indices are not checked here. What depends on
// run-time values is: sizes, divisors, and whether a dynamic buffer is set.
//
//===----------------------------------------------------------------------===//

#include "Executable.h"
#include "FloatMode.h"
#include "SimulatedDevice.h"
#include "ge-mlir/Model/DataTypes.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

namespace gemlir::runtime {

using namespace model;

namespace {

Error fail(const std::string &text) { return Error(ErrorCode::Execution, text); }

int64_t wrap(uint64_t value) { return int64_t(value); }

template <typename T>
int64_t load(const uint8_t *from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return int64_t(value);
}

int64_t loadElement(int64_t dataType, const uint8_t *from) {
  switch (dataType) {
  case kBool: return *from != 0;
  case kInt8: return load<int8_t>(from);
  case kUInt8: return load<uint8_t>(from);
  case kInt16: return load<int16_t>(from);
  case kUInt16: return load<uint16_t>(from);
  case kInt32: return load<int32_t>(from);
  case kUInt32: return load<uint32_t>(from);
  default: // 64 bits; the verifier lets nothing else through
    return load<int64_t>(from);
  }
}

} // namespace

Error ExecutionContext::divide(const Instruction &inst) {
  int64_t lhs = getReg(inst.b), rhs = getReg(inst.c);
  if (rhs == 0)
    return fail("division of " + std::to_string(lhs) + " by zero");
  int64_t quotient, remainder;
  if (rhs == -1) { // the only case in which the quotient may not fit
    quotient = wrap(0 - uint64_t(lhs));
    remainder = 0;
  } else {
    quotient = lhs / rhs;
    remainder = lhs % rhs;
  }
  bool negative = (remainder < 0) != (rhs < 0);
  if (inst.opcode == Opcode::Rem)
    registers[inst.a] = remainder;
  else if (inst.opcode == Opcode::FloorDiv)
    registers[inst.a] = quotient - (remainder != 0 && negative);
  else
    registers[inst.a] = quotient + (remainder != 0 && !negative);
  return Error::success();
}

/// Register arithmetic and everything else that runs too seldom for its time to
/// matter.
Error ExecutionContext::compute(const Instruction &inst) {
  int64_t &result = registers[inst.a];
  auto lhs = [&] { return getReg(inst.b); };
  auto rhs = [&] { return getReg(inst.c); };
  switch (inst.opcode) {
  case Opcode::Const: result = inst.imm; break;
  case Opcode::Move: result = lhs(); break;
  case Opcode::Add: result = wrap(uint64_t(lhs()) + uint64_t(rhs())); break;
  case Opcode::Sub: result = wrap(uint64_t(lhs()) - uint64_t(rhs())); break;
  case Opcode::Mul: result = wrap(uint64_t(lhs()) * uint64_t(rhs())); break;
  case Opcode::FloorDiv:
  case Opcode::CeilDiv:
  case Opcode::Rem: return divide(inst);
  case Opcode::Min: result = std::min(lhs(), rhs()); break;
  case Opcode::Max: result = std::max(lhs(), rhs()); break;
  case Opcode::CmpEq: result = lhs() == rhs(); break;
  case Opcode::CmpNe: result = lhs() != rhs(); break;
  case Opcode::CmpLt: result = lhs() < rhs(); break;
  case Opcode::CmpLe: result = lhs() <= rhs(); break;
  case Opcode::Select: result = lhs() ? rhs() : getReg(inst.d); break;
  case Opcode::Dim: result = getDims(inst.b)[inst.imm]; break;
  default: break;
  }
  return Error::success();
}

Error ExecutionContext::read(const Instruction &inst) {
  int64_t index = getReg(inst.c);
  int64_t width = getBitWidth(inst.imm) / 8;
  if (!addresses[inst.b])
    return fail("read of buffer " + std::to_string(inst.b) + ", which is not set");
  if (index < 0 || index >= sizes[inst.b] / width)
    return fail("read of element " + std::to_string(index) + " of buffer " + std::to_string(inst.b) + ", which has " +
                std::to_string(sizes[inst.b] / width));
  registers[inst.a] = loadElement(inst.imm, addresses[inst.b] + index * width);
  return Error::success();
}

Error ExecutionContext::allocate(const Instruction &inst) {
  int64_t size = getReg(inst.b);
  const Buffer &buffer = program.buffers[inst.a];
  auto noMemory = [&] {
    return Error(ErrorCode::OutOfMemory, "no memory for a buffer of " + std::to_string(size) + " bytes");
  };
  if (size < 0)
    return noMemory();
  if (buffer.kind == BufferKind::Pool) {
    if (addresses[inst.a])
      returnToPool(addresses[inst.a]);
    void *memory = takeFromPool(size);
    if (!memory)
      return noMemory();
    setBuffer(inst.a, memory, size);
    return Error::success();
  }
  OutputBuffer &output = (*boundOutputs)[buffer.slot];
  if (outputIsOurs[buffer.slot] && output.size < size_t(size)) {
    freeOutput(output.data);
    output.data = allocateAligned(size);
    output.size = output.data ? size : 0;
    if (!output.data)
      return noMemory();
  } else if (outputIsOurs[buffer.slot] && !output.data) {
    output.data = allocateAligned(0);
    if (!output.data)
      return noMemory();
  }
  if (output.size < size_t(size))
    return Error(ErrorCode::OutputMismatch,
                 "output " + std::to_string(buffer.slot) + " '" + program.outputs[buffer.slot].name + "' has " +
                     std::to_string(output.size) + " bytes, expected " + std::to_string(size));
  if (outputIsOurs[buffer.slot])
    output.size = size;
  if (device && outputIsOurs[buffer.slot])
    device->place(output.data, size, /*writable=*/true, /*lasting=*/false);
  // Other buffers may stand for the same output.
  for (uint32_t i : executable.externalBuffers)
    if (program.buffers[i].kind == BufferKind::Output && program.buffers[i].slot == buffer.slot)
      setBuffer(i, output.data, size);
  return Error::success();
}

Error ExecutionContext::free(const Instruction &inst) {
  if (!addresses[inst.a])
    return fail("free of buffer " + std::to_string(inst.a) + ", which is not allocated");
  returnToPool(addresses[inst.a]);
  setBuffer(inst.a, nullptr, 0);
  return Error::success();
}

Error ExecutionContext::makeView(const Instruction &inst) {
  int64_t offset = getReg(inst.c);
  if (!addresses[inst.b])
    return fail("view of buffer " + std::to_string(inst.b) + ", which is not set");
  if (offset < 0 || offset > sizes[inst.b])
    return fail("view from byte " + std::to_string(offset) + " of buffer " + std::to_string(inst.b) + ", which has " +
                std::to_string(sizes[inst.b]));
  setBuffer(inst.a, addresses[inst.b] + offset, sizes[inst.b] - offset);
  return Error::success();
}

Error ExecutionContext::copy(const Instruction &inst) {
  int64_t size = inst.imm == kDynamic ? getReg(inst.c) : inst.imm;
  if (size < 0 || size > sizes[inst.a] || size > sizes[inst.b])
    return fail("copy of " + std::to_string(size) + " bytes from buffer " + std::to_string(inst.b) + " of " +
                std::to_string(sizes[inst.b]) + " to buffer " + std::to_string(inst.a) + " of " +
                std::to_string(sizes[inst.a]));
  if (!size)
    return Error::success();
  if (!addresses[inst.a] || !addresses[inst.b])
    return fail("copy of a buffer that is not set");
  std::memmove(addresses[inst.a], addresses[inst.b], size);
  return Error::success();
}

void ExecutionContext::passArguments(const Instruction &inst) {
  const std::vector<uint32_t> &parameters = program.functions[inst.a].parameters;
  for (size_t i = 0; i < parameters.size(); ++i) {
    uint32_t argument = program.operands[inst.operandBegin + i];
    setBuffer(parameters[i], addresses[argument], sizes[argument]);
    const std::vector<int64_t> &from = getDims(argument);
    std::vector<int64_t> &to = getDims(parameters[i]);
    std::copy_n(from.begin(), std::min(from.size(), to.size()), to.begin());
  }
}

Error ExecutionContext::checkOperands(const Instruction &inst) {
  for (uint32_t i = 0; i < inst.bufferCount; ++i) {
    uint32_t buffer = program.operands[inst.operandBegin + i];
    // An empty tensor has no address and kernels do not touch it.
    if (!addresses[buffer] && sizes[buffer])
      return fail("launch of '" + program.kernels[inst.a].symbol + "' with buffer " + std::to_string(buffer) +
                  ", which is not set");
    if (!addresses[buffer] && program.buffers[buffer].kind != BufferKind::Input)
      return fail("launch of '" + program.kernels[inst.a].symbol + "' before buffer " + std::to_string(buffer) +
                  " is allocated");
  }
  return Error::success();
}

Error ExecutionContext::launch(const Instruction &inst, uint32_t index, const ExecOptions &options, unsigned threads) {
  int64_t tiles = inst.imm == kDynamic ? getReg(inst.b) : inst.imm;
  if (__builtin_expect(executable.hasDynamicOperand[index], false))
    if (Error error = checkOperands(inst))
      return error;
  const uint32_t *scalar = program.operands.data() + inst.operandBegin + inst.bufferCount;
  for (uint32_t i = 0; i < inst.scalarCount; ++i)
    scalars[i] = registers[scalar[i]];
  if (tiles <= 0)
    return Error::success();
  if (findDeviceKernel(inst))
    return launchOnDevice(inst, tiles, options, threads);
  Job job = {executable.kernels[inst.a], operands.data() + inst.operandBegin, scalars.data(), tiles};
  std::optional<FloatMode> mode;
  if (device) // among kernels that do not flush
    mode.emplace();
  if (threads > 1 && tiles > 1)
    ThreadPool::get().run(job, threads, options.spinMicroseconds.value_or(0));
  else
    job.function(job.buffers, job.scalars, 0, tiles, nullptr);
  return Error::success();
}

Error ExecutionContext::launchOnDevice(const Instruction &inst, int64_t tiles, const ExecOptions &options,
                                       unsigned threads) {
  operandSizes.clear();
  for (uint32_t i = 0; i < inst.bufferCount; ++i)
    operandSizes.push_back(sizes[program.operands[inst.operandBegin + i]]);
  result = std::make_shared<sim::Result>();
  Error error = device->launch(
      *executable.deviceKernels[inst.a],
      {operands.data() + inst.operandBegin, operandSizes.data(), operandSizes.size(), scalars.data(), inst.scalarCount},
      tiles, options, threads, *result);
  if (!error || inst.d == kNone)
    return error;
  return Error(error.code(), "node '" + program.texts[inst.d] + "': " + error.text());
}

Error ExecutionContext::run(const ExecOptions &options, unsigned threads) {
  // An NPU has denormal numbers.
  FloatMode mode(/*flush=*/!device);
  using Clock = std::chrono::steady_clock;
  const Instruction *code = program.code.data();
  uint32_t pc = 0;
  returns.clear();
  while (true) {
    const Instruction &inst = code[pc++];
    switch (inst.opcode) {
    case Opcode::Launch: {
      Clock::time_point begin;
      if (options.profile)
        begin = Clock::now();
      if (Error error = launch(inst, pc - 1, options, threads))
        return error;
      if (options.profile) {
        auto time = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
        const sim::KernelEntry *kernel = findDeviceKernel(inst);
        options.profile->push_back({program.kernels[inst.a].symbol,
                                    inst.d == kNone ? std::string() : program.texts[inst.d],
                                    inst.imm == kDynamic ? getReg(inst.b) : inst.imm, time.count(),
                                    kernel ? kernel->unit() : "host", std::move(result)});
      }
      break;
    }
    case Opcode::SetDim: getDims(inst.a)[inst.imm] = getReg(inst.b); break;
    case Opcode::Read:
      if (Error error = read(inst))
        return error;
      break;
    case Opcode::Alloc:
      if (Error error = allocate(inst))
        return error;
      break;
    case Opcode::Free:
      if (Error error = free(inst))
        return error;
      break;
    case Opcode::View:
      if (Error error = makeView(inst))
        return error;
      break;
    case Opcode::Copy:
      if (Error error = copy(inst))
        return error;
      break;
    case Opcode::Check:
      if (!getReg(inst.a))
        return fail(program.texts[inst.b]);
      break;
    case Opcode::Jump: pc = inst.a; break;
    case Opcode::Branch: pc = getReg(inst.a) ? inst.b : inst.c; break;
    case Opcode::Call:
      passArguments(inst);
      returns.push_back(pc);
      pc = program.functions[inst.a].begin;
      break;
    case Opcode::Return:
      if (returns.empty())
        return Error::success();
      pc = returns.back();
      returns.pop_back();
      break;
    default:
      if (Error error = compute(inst))
        return error;
      break;
    }
  }
}

} // namespace gemlir::runtime
