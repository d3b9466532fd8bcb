//===- ProgramPrinter.cpp - disassembly of programs -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quote.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"

#include <ostream>

namespace gemlir::model {

namespace {

constexpr const char *kOpcodeNames[kNumOpcodes] = {
    "const",  "move",   "add",    "sub",    "mul",    "floordiv", "ceildiv", "rem",   "min",   "max",
    "cmp.eq", "cmp.ne", "cmp.lt", "cmp.le", "select", "dim",      "setdim",  "read",  "alloc", "free",
    "view",   "launch", "copy",   "check",  "jump",   "branch",   "call",    "return"};

constexpr const char *kKindNames[] = {"input", "output", "constant", "state", "arena", "pool", "view"};

class Printer {
public:
  Printer(const Program &program, std::ostream &os) : program(program), os(os) {}

  void print();

private:
  void printTables();
  void printBuffer(size_t index);
  void print(const Instruction &inst);
  void printOperands(const Instruction &inst);

  const Program &program;
  std::ostream &os;
};

void Printer::printBuffer(size_t index) {
  const Buffer &buffer = program.buffers[index];
  os << "  m" << index << " = " << kKindNames[unsigned(buffer.kind)];
  switch (buffer.kind) {
  case BufferKind::Input:
  case BufferKind::Output:
  case BufferKind::State: os << ' ' << buffer.slot; break;
  default: break;
  }
  if (buffer.size != kDynamic)
    os << " [" << buffer.offset << ", " << buffer.offset + buffer.size << ")";
  if (buffer.rank)
    os << " rank " << buffer.rank;
  os << '\n';
}

void Printer::printTables() {
  os << "program for device " << quote(program.device) << ", " << program.numRegisters << " registers, arena "
     << program.arenaSize << " bytes, weights " << program.weightSize << " bytes\n";
  if (!program.features.empty()) {
    os << "requires";
    for (const std::string &feature : program.features)
      os << ' ' << feature;
    os << '\n';
  }
  for (const Binary &binary : program.binaries) {
    os << "  binary " << quote(binary.item) << " group " << binary.group;
    for (const std::string &feature : binary.features)
      os << ' ' << feature;
    os << '\n';
  }
  for (size_t i = 0; i < program.kernels.size(); ++i) {
    const Kernel &kernel = program.kernels[i];
    os << "  kernel @" << kernel.symbol << " group " << kernel.group;
    if (!kernel.debugName.empty())
      os << ' ' << quote(kernel.debugName);
    os << '\n';
  }
  for (const State &state : program.states)
    os << "  state " << quote(state.name) << ' ' << state.size << " bytes"
       << (state.initial == kDynamic ? std::string() : " from weights " + std::to_string(state.initial)) << '\n';
  for (size_t i = 0; i < program.buffers.size(); ++i)
    printBuffer(i);
}

void Printer::printOperands(const Instruction &inst) {
  const uint32_t *operand = program.operands.data() + inst.operandBegin;
  const char *separator = "";
  os << '(';
  for (uint32_t i = 0; i < inst.bufferCount; ++i, separator = ", ")
    os << separator << 'm' << *operand++;
  for (uint32_t i = 0; i < inst.scalarCount; ++i, separator = ", ")
    os << separator << 'r' << *operand++;
  os << ')';
}

void Printer::print(const Instruction &inst) {
  const char *name = getOpcodeName(inst.opcode);
  switch (inst.opcode) {
  case Opcode::Const: os << 'r' << inst.a << " = const " << inst.imm; break;
  case Opcode::Move: os << 'r' << inst.a << " = r" << inst.b; break;
  case Opcode::Select: os << 'r' << inst.a << " = select r" << inst.b << ", r" << inst.c << ", r" << inst.d; break;
  case Opcode::Dim: os << 'r' << inst.a << " = dim m" << inst.b << ", " << inst.imm; break;
  case Opcode::SetDim: os << "setdim m" << inst.a << ", " << inst.imm << ", r" << inst.b; break;
  case Opcode::Read:
    os << 'r' << inst.a << " = read " << getDataTypeName(inst.imm) << " m" << inst.b << "[r" << inst.c << ']';
    break;
  case Opcode::Alloc: os << "alloc m" << inst.a << ", r" << inst.b; break;
  case Opcode::Free: os << "free m" << inst.a; break;
  case Opcode::View: os << 'm' << inst.a << " = view m" << inst.b << " + r" << inst.c; break;
  case Opcode::Launch:
    os << "launch @" << program.kernels[inst.a].symbol;
    printOperands(inst);
    os << " tiles ";
    if (inst.imm == kDynamic)
      os << 'r' << inst.b;
    else
      os << inst.imm;
    if (inst.d != kNone)
      os << ' ' << quote(program.texts[inst.d]);
    break;
  case Opcode::Copy:
    os << "copy m" << inst.b << " to m" << inst.a << ", ";
    if (inst.imm == kDynamic)
      os << 'r' << inst.c;
    else
      os << inst.imm;
    break;
  case Opcode::Check: os << "check r" << inst.a << ", " << quote(program.texts[inst.b]); break;
  case Opcode::Jump: os << "jump " << inst.a; break;
  case Opcode::Branch: os << "branch r" << inst.a << ", " << inst.b << ", " << inst.c; break;
  case Opcode::Call:
    os << "call @" << program.functions[inst.a].name;
    printOperands(inst);
    break;
  case Opcode::Return: os << name; break;
  default: // register arithmetic
    os << 'r' << inst.a << " = " << name << " r" << inst.b << ", r" << inst.c;
    break;
  }
  os << '\n';
}

void Printer::print() {
  printTables();
  for (const Function &function : program.functions) {
    os << "function @" << function.name << '(';
    const char *separator = "";
    for (uint32_t parameter : function.parameters) {
      os << separator << 'm' << parameter;
      separator = ", ";
    }
    os << ")\n";
    for (uint32_t i = function.begin; i < function.end; ++i) {
      os << "  " << i << ": ";
      print(program.code[i]);
    }
  }
}

} // namespace

const char *getOpcodeName(Opcode opcode) {
  return unsigned(opcode) < kNumOpcodes ? kOpcodeNames[unsigned(opcode)] : "unknown";
}

void printProgram(const Program &program, std::ostream &os) { Printer(program, os).print(); }

} // namespace gemlir::model
