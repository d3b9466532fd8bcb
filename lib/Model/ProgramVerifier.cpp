//===- ProgramVerifier.cpp - what every program must satisfy --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter indexes without checks; everything it may index with is
// checked here, once. Whether a dynamic buffer has been set, and its size, are
// known at run time only and checked there.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/Program.h"

namespace gemlir::model {

namespace {

// Registers are allocated at load, so a program may not ask for any number.
constexpr uint32_t kMaxRegisters = 1u << 24;
constexpr uint32_t kMaxRank = 128;
constexpr int64_t kMaxMemory = int64_t(1) << 46;

Error fail(const std::string &text) { return Error(ErrorCode::ModelFormat, text); }

bool contains(int64_t wholeSize, int64_t offset, int64_t size) {
  return offset >= 0 && size >= 0 && offset <= wholeSize && size <= wholeSize - offset;
}

class Verifier {
public:
  explicit Verifier(const Program &program) : program(program) {}

  Error run() {
    if (Error error = checkTables())
      return error;
    for (size_t i = 0; i < program.buffers.size(); ++i)
      if (Error error = checkBuffer(i))
        return error;
    if (Error error = checkFunctions())
      return error;
    return checkRecursion();
  }

private:
  Error checkTables();
  Error checkTensors(const char *what, const std::vector<TensorInfo> &tensors);
  Error checkBuffer(size_t index);
  Error checkFunctions();
  Error checkInstruction(const Function &function, uint32_t index);
  Error checkCall(const Instruction &instruction);
  Error checkRecursion();

  bool isRegister(uint32_t index) const { return index < program.numRegisters; }
  bool areRegisters(std::initializer_list<uint32_t> indices) const {
    for (uint32_t index : indices)
      if (!isRegister(index))
        return false;
    return true;
  }
  bool isBuffer(uint32_t index) const { return index < program.buffers.size(); }
  bool isKind(uint32_t index, std::initializer_list<BufferKind> kinds) const {
    if (!isBuffer(index))
      return false;
    for (BufferKind kind : kinds)
      if (program.buffers[index].kind == kind)
        return true;
    return false;
  }
  /// Whether an instruction may write to a buffer; parameters may be anything.
  bool isWritable(uint32_t index) const {
    return isBuffer(index) && !isKind(index, {BufferKind::Input, BufferKind::Constant});
  }
  bool isDimension(uint32_t buffer, int64_t dimension) const { return dimension >= 0 && dimension < getRank(buffer); }
  int64_t getRank(uint32_t index) const;
  bool hasOperands(const Instruction &instruction) const;
  /// The size of a buffer, or kDynamic.
  int64_t getSize(uint32_t index) const { return program.buffers[index].size; }

  const Program &program;
};

Error Verifier::checkTensors(const char *what, const std::vector<TensorInfo> &tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    const TensorInfo &info = tensors[i];
    std::string name = std::string(what) + " " + std::to_string(i);
    if (info.dims.size() > kMaxRank)
      return fail(name + " has " + std::to_string(info.dims.size()) + " dimensions, expected at most " +
                  std::to_string(kMaxRank));
    int64_t count = 1;
    for (int64_t dim : info.dims) {
      if (dim < -1)
        return fail(name + " has dimension " + std::to_string(dim));
      if (dim == -1)
        count = -1;
      else if (count >= 0 && __builtin_mul_overflow(count, dim, &count))
        return fail(name + " has too many elements");
    }
    int64_t expected = count < 0 ? kDynamic : getByteSize(info.dataType, count);
    if (count >= 0 && expected < 0)
      return fail(name + " has data type " + std::to_string(info.dataType) + ", which has no size");
    if (info.byteSize != expected)
      return fail(name + " has " + std::to_string(info.byteSize) + " bytes, expected " + std::to_string(expected));
  }
  return Error::success();
}

Error Verifier::checkTables() {
  if (Error error = checkTensors("input", program.inputs))
    return error;
  if (Error error = checkTensors("output", program.outputs))
    return error;
  if (program.numRegisters > kMaxRegisters)
    return fail("found " + std::to_string(program.numRegisters) + " registers, expected at most " +
                std::to_string(kMaxRegisters));
  if (program.arenaSize < 0 || program.arenaSize > kMaxMemory)
    return fail("arena size " + std::to_string(program.arenaSize) + " is out of range");
  if (program.weightSize < 0 || program.weightSize > kMaxMemory)
    return fail("weight size " + std::to_string(program.weightSize) + " is out of range");
  for (const State &state : program.states) {
    if (state.size < 0 || state.size > kMaxMemory)
      return fail("state '" + state.name + "' has size " + std::to_string(state.size));
    if (state.initial != kDynamic && !contains(program.weightSize, state.initial, state.size))
      return fail("state '" + state.name + "' starts as bytes " + std::to_string(state.initial) + " + " +
                  std::to_string(state.size) + " of the weights, which have " + std::to_string(program.weightSize));
  }
  for (const Kernel &kernel : program.kernels) {
    bool found = false;
    for (const Binary &binary : program.binaries)
      found |= binary.group == kernel.group;
    if (!found)
      return fail("kernel '" + kernel.symbol + "' is in binary group " + std::to_string(kernel.group) +
                  ", which has no binary");
  }
  return Error::success();
}

Error Verifier::checkBuffer(size_t index) {
  const Buffer &buffer = program.buffers[index];
  std::string name = "buffer " + std::to_string(index);
  auto checkRange = [&](const char *where, int64_t wholeSize) -> Error {
    if (contains(wholeSize, buffer.offset, buffer.size))
      return Error::success();
    return fail(name + " has bytes " + std::to_string(buffer.offset) + " + " + std::to_string(buffer.size) + " of " +
                where + ", which has " + std::to_string(wholeSize));
  };
  auto checkTensor = [&](const char *where, const std::vector<TensorInfo> &tensors) -> Error {
    if (buffer.slot >= tensors.size())
      return fail(name + " is " + where + " " + std::to_string(buffer.slot) + " of " + std::to_string(tensors.size()));
    int64_t wholeSize = tensors[buffer.slot].byteSize;
    if (wholeSize != kDynamic)
      return checkRange(where, wholeSize);
    if (buffer.offset != 0 || buffer.size != kDynamic)
      return fail(name + " is a part of a dynamic " + where);
    return Error::success();
  };
  if (buffer.rank > kMaxRank)
    return fail(name + " has rank " + std::to_string(buffer.rank));
  switch (buffer.kind) {
  case BufferKind::Input: return checkTensor("input", program.inputs);
  case BufferKind::Output: return checkTensor("output", program.outputs);
  case BufferKind::Constant: return checkRange("the weights", program.weightSize);
  case BufferKind::Arena: return checkRange("the arena", program.arenaSize);
  case BufferKind::State:
    if (buffer.slot >= program.states.size())
      return fail(name + " is state " + std::to_string(buffer.slot) + " of " + std::to_string(program.states.size()));
    return checkRange("its state", program.states[buffer.slot].size);
  case BufferKind::Pool:
  case BufferKind::View:
    if (buffer.size != kDynamic || buffer.offset != 0)
      return fail(name + " is dynamic but has a size or an offset");
    return Error::success();
  }
  return fail(name + " has the unknown kind " + std::to_string(unsigned(buffer.kind)));
}

int64_t Verifier::getRank(uint32_t index) const {
  const Buffer &buffer = program.buffers[index];
  switch (buffer.kind) {
  case BufferKind::Input: return program.inputs[buffer.slot].dims.size();
  case BufferKind::Output: return program.outputs[buffer.slot].dims.size();
  case BufferKind::Pool:
  case BufferKind::View: return buffer.rank;
  default: return 0;
  }
}

bool Verifier::hasOperands(const Instruction &instruction) const {
  uint64_t end = uint64_t(instruction.operandBegin) + instruction.bufferCount + instruction.scalarCount;
  if (end > program.operands.size())
    return false;
  const uint32_t *operand = program.operands.data() + instruction.operandBegin;
  for (uint32_t i = 0; i < instruction.bufferCount; ++i)
    if (!isBuffer(*operand++))
      return false;
  for (uint32_t i = 0; i < instruction.scalarCount; ++i)
    if (!isRegister(*operand++))
      return false;
  return true;
}

Error Verifier::checkFunctions() {
  if (program.functions.empty())
    return fail("the program has no function");
  if (!program.functions[0].parameters.empty())
    return fail("the entry function has parameters");
  uint32_t next = 0;
  for (const Function &function : program.functions) {
    if (function.begin != next || function.end <= function.begin || function.end > program.code.size())
      return fail("function '" + function.name + "' has instructions " + std::to_string(function.begin) + " to " +
                  std::to_string(function.end) + " of " + std::to_string(program.code.size()));
    next = function.end;
    for (uint32_t parameter : function.parameters)
      if (!isKind(parameter, {BufferKind::View}))
        return fail("function '" + function.name + "' has parameter " + std::to_string(parameter) +
                    ", which is not a view");
    for (uint32_t i = function.begin; i < function.end; ++i)
      if (Error error = checkInstruction(function, i))
        return error;
    Opcode last = program.code[function.end - 1].opcode;
    if (last != Opcode::Return && last != Opcode::Jump && last != Opcode::Branch)
      return fail("function '" + function.name + "' ends in '" + getOpcodeName(last) + "'");
  }
  if (next != program.code.size())
    return fail("instructions from " + std::to_string(next) + " on belong to no function");
  return Error::success();
}

Error Verifier::checkCall(const Instruction &instruction) {
  if (instruction.a >= program.functions.size())
    return fail("call of function " + std::to_string(instruction.a) + " of " +
                std::to_string(program.functions.size()));
  const Function &callee = program.functions[instruction.a];
  if (callee.parameters.size() != instruction.bufferCount)
    return fail("call of '" + callee.name + "' with " + std::to_string(instruction.bufferCount) +
                " buffers, expected " + std::to_string(callee.parameters.size()));
  if (instruction.scalarCount)
    return fail("call of '" + callee.name + "' with registers");
  return Error::success();
}

Error Verifier::checkInstruction(const Function &function, uint32_t index) {
  const Instruction &inst = program.code[index];
  auto inFunction = [&](uint32_t target) { return target >= function.begin && target < function.end; };
  auto check = [&](bool good) -> Error {
    if (good)
      return Error::success();
    return fail("instruction " + std::to_string(index) + " '" + getOpcodeName(inst.opcode) +
                "' has an operand that does not exist or does not fit");
  };
  if (unsigned(inst.opcode) >= kNumOpcodes)
    return fail("instruction " + std::to_string(index) + " has the unknown opcode " +
                std::to_string(unsigned(inst.opcode)));
  if (!hasOperands(inst))
    return check(false);
  switch (inst.opcode) {
  case Opcode::Const: return check(isRegister(inst.a));
  case Opcode::Move: return check(areRegisters({inst.a, inst.b}));
  case Opcode::Select: return check(areRegisters({inst.a, inst.b, inst.c, inst.d}));
  case Opcode::Dim: return check(isRegister(inst.a) && isBuffer(inst.b) && isDimension(inst.b, inst.imm));
  case Opcode::SetDim:
    return check(isRegister(inst.b) && isKind(inst.a, {BufferKind::Output, BufferKind::Pool, BufferKind::View}) &&
                 isDimension(inst.a, inst.imm));
  case Opcode::Read: return check(areRegisters({inst.a, inst.c}) && isBuffer(inst.b) && isReadableType(inst.imm));
  case Opcode::Alloc:
    return check(isRegister(inst.b) && isKind(inst.a, {BufferKind::Pool, BufferKind::Output}) &&
                 getSize(inst.a) == kDynamic);
  case Opcode::Free: return check(isKind(inst.a, {BufferKind::Pool}));
  case Opcode::View: return check(isKind(inst.a, {BufferKind::View}) && isBuffer(inst.b) && isRegister(inst.c));
  case Opcode::Launch:
    return check(inst.a < program.kernels.size() && (inst.imm == kDynamic ? isRegister(inst.b) : inst.imm >= 0) &&
                 (inst.d == kNone || inst.d < program.texts.size()));
  case Opcode::Copy:
    if (!isWritable(inst.a) || !isBuffer(inst.b))
      return check(false);
    if (inst.imm == kDynamic)
      return check(isRegister(inst.c));
    return check((getSize(inst.a) == kDynamic || contains(getSize(inst.a), 0, inst.imm)) &&
                 (getSize(inst.b) == kDynamic || contains(getSize(inst.b), 0, inst.imm)) && inst.imm >= 0);
  case Opcode::Check: return check(isRegister(inst.a) && inst.b < program.texts.size());
  case Opcode::Jump: return check(inFunction(inst.a));
  case Opcode::Branch: return check(isRegister(inst.a) && inFunction(inst.b) && inFunction(inst.c));
  case Opcode::Call: return checkCall(inst);
  case Opcode::Return: return Error::success();
  default: // register arithmetic
    return check(areRegisters({inst.a, inst.b, inst.c}));
  }
}

/// Functions share registers, and the interpreter's call stack has the depth of
/// the call graph: a function may not reach itself.
Error Verifier::checkRecursion() {
  enum Color : uint8_t { White, Grey, Black };
  std::vector<Color> colors(program.functions.size(), White);
  // An explicit stack of (function, next instruction): the graph may be deep.
  for (uint32_t root = 0; root < program.functions.size(); ++root) {
    if (colors[root] != White)
      continue;
    std::vector<std::pair<uint32_t, uint32_t>> stack;
    stack.push_back({root, program.functions[root].begin});
    colors[root] = Grey;
    while (!stack.empty()) {
      auto &[function, next] = stack.back();
      if (next == program.functions[function].end) {
        colors[function] = Black;
        stack.pop_back();
        continue;
      }
      const Instruction &inst = program.code[next++];
      if (inst.opcode != Opcode::Call || colors[inst.a] == Black)
        continue;
      if (colors[inst.a] == Grey)
        return fail("function '" + program.functions[inst.a].name + "' calls itself");
      colors[inst.a] = Grey;
      stack.push_back({inst.a, program.functions[inst.a].begin});
    }
  }
  return Error::success();
}

} // namespace

Error Program::verify() const { return Verifier(*this).run(); }

} // namespace gemlir::model
