//===- ProgramBuilder.cpp - writing programs ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/Program.h"

namespace gemlir::model {

namespace {

template <typename Key, typename Table, typename Entry>
uint32_t intern(std::map<Key, uint32_t> &ids, const Key &key, Table &table, Entry &&entry) {
  auto [it, isNew] = ids.try_emplace(key, uint32_t(table.size()));
  if (isNew)
    table.push_back(std::forward<Entry>(entry));
  return it->second;
}

} // namespace

uint32_t ProgramBuilder::text(const std::string &value) { return intern(textIds, value, program.texts, value); }

uint32_t ProgramBuilder::kernel(const std::string &symbol, uint32_t group, const std::string &debugName) {
  return intern(kernelIds, std::make_pair(symbol, group), program.kernels, Kernel{symbol, group, debugName});
}

uint32_t ProgramBuilder::state(const std::string &name, int64_t size) {
  return intern(stateIds, name, program.states, State{name, size});
}

ProgramBuilder::BufferId ProgramBuilder::buffer(const Buffer &buffer) {
  program.buffers.push_back(buffer);
  return program.buffers.size() - 1;
}

ProgramBuilder::BufferId ProgramBuilder::input(uint32_t slot, int64_t size, int64_t offset) {
  return buffer({BufferKind::Input, slot, 0, offset, size});
}

ProgramBuilder::BufferId ProgramBuilder::output(uint32_t slot, int64_t size, int64_t offset) {
  return buffer({BufferKind::Output, slot, 0, offset, size});
}

ProgramBuilder::BufferId ProgramBuilder::constant(int64_t offset, int64_t size) {
  return buffer({BufferKind::Constant, 0, 0, offset, size});
}

ProgramBuilder::BufferId ProgramBuilder::arena(int64_t offset, int64_t size) {
  return buffer({BufferKind::Arena, 0, 0, offset, size});
}

ProgramBuilder::BufferId ProgramBuilder::stateBuffer(uint32_t slot, int64_t size, int64_t offset) {
  return buffer({BufferKind::State, slot, 0, offset, size});
}

ProgramBuilder::BufferId ProgramBuilder::pool(uint32_t rank) {
  return buffer({BufferKind::Pool, 0, rank, 0, kDynamic});
}

ProgramBuilder::BufferId ProgramBuilder::view(uint32_t rank) {
  return buffer({BufferKind::View, 0, rank, 0, kDynamic});
}

ProgramBuilder::Register ProgramBuilder::immediate(int64_t value) {
  Register result = newRegister();
  emit(Opcode::Const, result, 0, 0, 0, value);
  return result;
}

ProgramBuilder::Register ProgramBuilder::binary(Opcode opcode, Register lhs, Register rhs) {
  Register result = newRegister();
  emit(opcode, result, lhs, rhs);
  return result;
}

ProgramBuilder::Register ProgramBuilder::select(Register condition, Register ifTrue, Register ifFalse) {
  Register result = newRegister();
  emit(Opcode::Select, result, condition, ifTrue, ifFalse);
  return result;
}

ProgramBuilder::Register ProgramBuilder::dim(BufferId buffer, int64_t index) {
  Register result = newRegister();
  emit(Opcode::Dim, result, buffer, 0, 0, index);
  return result;
}

ProgramBuilder::Register ProgramBuilder::read(BufferId buffer, Register index, int32_t dataType) {
  Register result = newRegister();
  emit(Opcode::Read, result, buffer, index, 0, dataType);
  return result;
}

void ProgramBuilder::move(Register target, Register source) { emit(Opcode::Move, target, source); }

void ProgramBuilder::setDim(BufferId buffer, int64_t index, Register value) {
  emit(Opcode::SetDim, buffer, value, 0, 0, index);
}

void ProgramBuilder::alloc(BufferId buffer, Register size) { emit(Opcode::Alloc, buffer, size); }

void ProgramBuilder::free(BufferId buffer) { emit(Opcode::Free, buffer); }

void ProgramBuilder::view(BufferId target, BufferId source, Register offset) {
  emit(Opcode::View, target, source, offset);
}

void ProgramBuilder::launch(uint32_t kernel, int64_t tiles, const std::vector<BufferId> &buffers,
                            const std::vector<Register> &scalars, uint32_t originText) {
  setOperands(emit(Opcode::Launch, kernel, 0, 0, originText, tiles), buffers, scalars);
}

void ProgramBuilder::launchDynamic(uint32_t kernel, Register tiles, const std::vector<BufferId> &buffers,
                                   const std::vector<Register> &scalars, uint32_t originText) {
  setOperands(emit(Opcode::Launch, kernel, tiles, 0, originText, kDynamic), buffers, scalars);
}

void ProgramBuilder::copy(BufferId target, BufferId source, int64_t size) {
  emit(Opcode::Copy, target, source, 0, 0, size);
}

void ProgramBuilder::copyDynamic(BufferId target, BufferId source, Register size) {
  emit(Opcode::Copy, target, source, size, 0, kDynamic);
}

void ProgramBuilder::check(Register condition, const std::string &message) {
  emit(Opcode::Check, condition, text(message));
}

ProgramBuilder::Label ProgramBuilder::newLabel() {
  labels.push_back(kNone);
  return {uint32_t(labels.size() - 1)};
}

void ProgramBuilder::bind(Label label) { labels[label.id] = program.code.size(); }

// Until `finish`, jumps hold label numbers in place of instructions.
void ProgramBuilder::jump(Label label) { emit(Opcode::Jump, label.id); }

void ProgramBuilder::branch(Register condition, Label ifTrue, Label ifFalse) {
  emit(Opcode::Branch, condition, ifTrue.id, ifFalse.id);
}

void ProgramBuilder::call(uint32_t function, const std::vector<BufferId> &buffers) {
  setOperands(emit(Opcode::Call, function), buffers, {});
}

void ProgramBuilder::ret() { emit(Opcode::Return); }

uint32_t ProgramBuilder::beginFunction(const std::string &name, const std::vector<BufferId> &parameters) {
  uint32_t begin = program.code.size();
  if (!program.functions.empty())
    program.functions.back().end = begin;
  program.functions.push_back({name, begin, begin, parameters});
  return program.functions.size() - 1;
}

Error ProgramBuilder::finish(Program &result) {
  if (!program.functions.empty())
    program.functions.back().end = program.code.size();
  for (Instruction &inst : program.code) {
    auto resolve = [&](uint32_t &target) { target = target < labels.size() ? labels[target] : kNone; };
    if (inst.opcode == Opcode::Jump)
      resolve(inst.a);
    if (inst.opcode == Opcode::Branch) {
      resolve(inst.b);
      resolve(inst.c);
    }
  }
  if (Error error = program.verify())
    return error;
  result = std::move(program);
  return Error::success();
}

Instruction &ProgramBuilder::emit(Opcode opcode, uint32_t a, uint32_t b, uint32_t c, uint32_t d, int64_t imm) {
  program.code.push_back({opcode, a, b, c, d, imm, 0, 0, 0});
  return program.code.back();
}

void ProgramBuilder::setOperands(Instruction &instruction, const std::vector<BufferId> &buffers,
                                 const std::vector<Register> &scalars) {
  instruction.operandBegin = program.operands.size();
  instruction.bufferCount = buffers.size();
  instruction.scalarCount = scalars.size();
  program.operands.insert(program.operands.end(), buffers.begin(), buffers.end());
  program.operands.insert(program.operands.end(), scalars.begin(), scalars.end());
}

} // namespace gemlir::model
