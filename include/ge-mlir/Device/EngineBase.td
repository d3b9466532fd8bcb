//===- EngineBase.td - how a command of an engine is declared -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A command is one R-type word of a RISC-V control core: static choices are in
// funct7, everything else in the values of rs1, rs2 and, for long shapes, in the
// parameter registers P0..P15, whose values the command takes along when it is
// issued. ge-tblgen turns the records into the decoder, the encoder, the header
// for kernels in C, the disassembler's table and the reference page.
//
// Expressions (ranges, checks, amounts of work) are C++ over the fields' names,
// each an unsigned 64-bit value, and the helpers of ge-mlir/Device/Engine.h.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DEVICE_ENGINEBASE
#define GE_MLIR_DEVICE_ENGINEBASE

/// An in-order queue; the queues of a core run beside each other.
class EngineQueue<string mnemonic, int n, string what> {
  string name = mnemonic;
  int number = n;
  string summary = what;
}

/// A memory; `tag` is bits 63:60 of an address.
class EngineSpace<string mnemonic, int n, int align, string what> {
  string name = mnemonic;
  int tag = n;
  int alignment = align;
  string summary = what;
}

class EngineType<string mnemonic, int n, int size> {
  string name = mnemonic;
  int number = n;
  int bytes = size;
}

/// What holds a field: funct7 of the word, a source register, or a parameter
/// register.
class EngineRegister<string mnemonic, int n> {
  string name = mnemonic;
  int number = n;
}
def Funct7 : EngineRegister<"funct7", -3>;
def Rs1 : EngineRegister<"rs1", -2>;
def Rs2 : EngineRegister<"rs2", -1>;
foreach n = 0...15 in
  def P#n : EngineRegister<"P"#n, n>;

class EngineField<string label, EngineRegister place, int low, int count, string what> {
  string name = label;
  EngineRegister register = place;
  int lsb = low;
  int width = count;
  string summary = what;
  /// The class of the records whose names stand for the values, if they have names.
  string values = "";
}
class F7<string label, int low, int count, string what> : EngineField<label, Funct7, low, count, what>;
class QueueF7<string label, int low, string what> : F7<label, low, 3, what> { let values = "EngineQueue"; }
class TypeF7<string label, int low, string what> : F7<label, low, 3, what> { let values = "EngineType"; }
class R1<string label, int low, int count, string what> : EngineField<label, Rs1, low, count, what>;
class R2<string label, int low, int count, string what> : EngineField<label, Rs2, low, count, what>;
class PR<int n, string label, int low, int count, string what>
    : EngineField<label, !cast<EngineRegister>("P"#n), low, count, what>;

/// Bytes that a command reads or writes: an expression of type `Range`.
/// `condition` says when it does at all.
class EngineAccess<string operand, string expression, string when, bit writes> {
  string name = operand;
  string range = expression;
  string condition = when;
  bit isWrite = writes;
}
class Read<string operand, string range, string condition = ""> : EngineAccess<operand, range, condition, 0>;
class Write<string operand, string range, string condition = ""> : EngineAccess<operand, range, condition, 1>;

/// What must hold, else the command traps with the text.
class EngineCheck<string cond, string what> {
  string condition = cond;
  string text = what;
}

/// A member of a family: its number in the field `op`, the element types it
/// takes, and the row of the device's table of vector timings.
class EngineOp<string mnemonic, int n, list<EngineType> elements, string row, string what> {
  string name = mnemonic;
  int number = n;
  list<EngineType> types = elements;
  string timing = row;
  string summary = what;
}

class EngineCommand<string text, EngineQueue engine, int major, int minor> {
  string mnemonic = text;
  /// The queue that executes it; S means that the control core does.
  EngineQueue queue = engine;
  int opcode = major;
  int funct3 = minor;
  /// Bits of funct7 that tell commands of one funct3 apart, as (mask, value).
  int selectMask = 0;
  int select = 0;
  list<EngineField> fields = [];
  list<EngineOp> ops = [];
  list<EngineAccess> accesses = [];
  list<EngineCheck> checks = [];
  /// Whether the word writes rd.
  bit hasResult = 0;
  /// Amount of work: bytes of a transfer, fractals of the cube, repeats of
  /// 256 bytes of the vector unit.
  string work = "0";
  /// How the device's tables are asked for its time.
  string timing = "one cycle";
  string summary = ?;
  string description = "";
}

#endif // GE_MLIR_DEVICE_ENGINEBASE
