//===- Program.h - what the runtime executes --------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program is a control-flow graph over 64-bit registers and buffers, the form
// in which `npu.program` leaves the compiler. It has a flat little-endian byte
// form; `decode` checks every index, size, offset and jump target once, so that
// the interpreter does not check them again.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_MODEL_PROGRAM_H
#define GEMLIR_MODEL_PROGRAM_H

#include "ge-mlir/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gemlir::model {

/// The absent index, and the size of a buffer that only the execution knows.
constexpr uint32_t kNone = 0xffffffffu;
constexpr int64_t kDynamic = -1;

/// A model input or output. `dataType` and `format` are the client API's
/// numbers (ge::DataType, ge::Format). `byteSize` is kDynamic if a dimension
/// is.
struct TensorInfo {
  std::string name;
  int32_t dataType = 0;
  int32_t format = 2; // ND
  std::vector<int64_t> dims;
  int64_t byteSize = 0;
};

/// One device binary of the kernel store. Binaries of the same group are
/// alternatives with the same symbols; the loader takes the first whose
/// features the processor has, so they are listed best first.
struct Binary {
  std::string item;
  uint32_t group = 0;
  std::vector<std::string> features;
};

/// A kernel: a symbol in the chosen binary of a group.
struct Kernel {
  std::string symbol;
  uint32_t group = 0;
  std::string debugName;
};

/// A buffer that keeps its content between executions. It starts as the `size`
/// bytes of the weights from `initial` on, or as zeros if that is kDynamic.
struct State {
  std::string name;
  int64_t size = 0;
  int64_t initial = kDynamic;
};

enum class BufferKind : uint8_t {
  Input,    ///< slot = input index, from byte `offset` on
  Output,   ///< slot = output index, from byte `offset` on
  Constant, ///< bytes [offset, offset + size) of the weights
  State,    ///< slot = state index, from byte `offset` on
  Arena,    ///< bytes [offset, offset + size) of the execution's arena
  Pool,     ///< memory that Alloc provides at run time
  View,     ///< set by View, or a function's parameter set by Call
};

/// A place for data. Pool and View buffers are dynamic: their address and size
/// (kDynamic here) are known when an instruction has set them. An Input or
/// Output of kDynamic size is as large as what the caller passes. `rank` says
/// how many dimensions Dim and SetDim of a Pool or View buffer may name; an
/// Input's and Output's are those of its TensorInfo.
struct Buffer {
  BufferKind kind = BufferKind::Arena;
  uint32_t slot = 0;
  uint32_t rank = 0;
  int64_t offset = 0;
  int64_t size = 0;
};

/// r[x] is a register, m[x] a buffer; a, b, c, d, imm are an Instruction's
/// fields. Arithmetic wraps; division by zero ends the execution.
enum class Opcode : uint16_t {
  Const,    ///< r[a] = imm
  Move,     ///< r[a] = r[b]
  Add,      ///< r[a] = r[b] + r[c]
  Sub,      ///< r[a] = r[b] - r[c]
  Mul,      ///< r[a] = r[b] * r[c]
  FloorDiv, ///< r[a] = floor(r[b] / r[c])
  CeilDiv,  ///< r[a] = ceil(r[b] / r[c])
  Rem,      ///< r[a] = r[b] - trunc(r[b] / r[c]) * r[c]
  Min,      ///< r[a] = min(r[b], r[c])
  Max,      ///< r[a] = max(r[b], r[c])
  CmpEq,    ///< r[a] = r[b] == r[c]
  CmpNe,    ///< r[a] = r[b] != r[c]
  CmpLt,    ///< r[a] = r[b] < r[c]
  CmpLe,    ///< r[a] = r[b] <= r[c]
  Select,   ///< r[a] = r[b] != 0 ? r[c] : r[d]
  Dim,      ///< r[a] = dimension imm of m[b]
  SetDim,   ///< dimension imm of m[a] = r[b]; m[a] is Output, Pool or View
  Read,     ///< r[a] = element r[c] of m[b], which holds elements of type imm
  Alloc,    ///< m[a] (Pool, or Output of dynamic size) = r[b] bytes
  Free,     ///< return m[a] (Pool)
  View,     ///< m[a] (View) = m[b] from byte r[c] on
  Launch,   ///< kernel a over imm tiles, or r[b] tiles if imm is kDynamic; its
            ///< operands are buffers, then registers; d = text of its origin
  Copy,     ///< m[a] = imm bytes of m[b], or r[c] bytes if imm is kDynamic
  Check,    ///< end the execution with text b if r[a] is zero
  Jump,     ///< go to instruction a
  Branch,   ///< go to instruction b if r[a] is not zero, else to c
  Call,     ///< run function a; its buffer operands become the parameters
  Return,   ///< end of the function
};
constexpr unsigned kNumOpcodes = unsigned(Opcode::Return) + 1;

/// The operands of Launch and Call are `bufferCount` buffers, then
/// `scalarCount` registers, in Program::operands from `operandBegin` on.
struct Instruction {
  Opcode opcode = Opcode::Return;
  uint32_t a = 0, b = 0, c = 0, d = 0;
  int64_t imm = 0;
  uint32_t operandBegin = 0, bufferCount = 0, scalarCount = 0;
};

/// A range of instructions. Registers and buffers belong to the program, so
/// functions do not recurse. Function 0 is the entry and has no parameters.
struct Function {
  std::string name;
  uint32_t begin = 0, end = 0;
  std::vector<uint32_t> parameters; ///< buffers of kind View
};

struct Program {
  std::string device = "Host";
  /// What the processor must have whichever binary is taken.
  std::vector<std::string> features;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<Binary> binaries;
  std::vector<Kernel> kernels;
  std::vector<State> states;
  std::vector<Buffer> buffers;
  std::vector<std::string> texts;
  std::vector<Function> functions;
  std::vector<Instruction> code;
  std::vector<uint32_t> operands;
  uint32_t numRegisters = 0;
  int64_t arenaSize = 0;
  int64_t weightSize = 0; ///< bytes of WEIGHTS_DATA

  /// Everything `decode` checks beyond the form of the bytes.
  Error verify() const;
  /// The same program always gives the same bytes.
  std::vector<uint8_t> encode() const;
  /// Never reads outside [data, data + size); the result is verified.
  static Error decode(const void *data, size_t size, Program &program);
};

/// The mnemonic of an opcode, as the disassembly prints it.
const char *getOpcodeName(Opcode opcode);

/// Fills a program's tables and code. Tables that need no bookkeeping (inputs,
/// outputs, binaries, device, arenaSize, weightSize) are filled directly
/// through `program`.
///
///   ProgramBuilder b;
///   b.beginFunction("main");
///   b.launch(b.kernel("k0"), /*tiles=*/4, {in, out});
///   b.ret();
///   Program program;
///   if (Error error = b.finish(program)) ...
class ProgramBuilder {
public:
  using Register = uint32_t;
  using BufferId = uint32_t;
  struct Label {
    uint32_t id;
  };

  Program program;

  uint32_t text(const std::string &value); ///< equal texts are one
  uint32_t kernel(const std::string &symbol, uint32_t group = 0,
                  const std::string &debugName = {});    ///< one per symbol, group
  uint32_t state(const std::string &name, int64_t size); ///< one per name
  BufferId buffer(const Buffer &buffer);
  BufferId input(uint32_t slot, int64_t size, int64_t offset = 0);
  BufferId output(uint32_t slot, int64_t size, int64_t offset = 0);
  BufferId constant(int64_t offset, int64_t size);
  BufferId arena(int64_t offset, int64_t size);
  BufferId stateBuffer(uint32_t slot, int64_t size, int64_t offset = 0);
  BufferId pool(uint32_t rank = 0);
  BufferId view(uint32_t rank = 0);

  Register newRegister() { return program.numRegisters++; }
  Register immediate(int64_t value);
  Register binary(Opcode opcode, Register lhs, Register rhs);
  Register select(Register condition, Register ifTrue, Register ifFalse);
  Register dim(BufferId buffer, int64_t index);
  Register read(BufferId buffer, Register index, int32_t dataType);
  void move(Register target, Register source);
  void setDim(BufferId buffer, int64_t index, Register value);
  void alloc(BufferId buffer, Register size);
  void free(BufferId buffer);
  void view(BufferId target, BufferId source, Register offset);
  void launch(uint32_t kernel, int64_t tiles, const std::vector<BufferId> &buffers,
              const std::vector<Register> &scalars = {}, uint32_t originText = kNone);
  void launchDynamic(uint32_t kernel, Register tiles, const std::vector<BufferId> &buffers,
                     const std::vector<Register> &scalars = {}, uint32_t originText = kNone);
  void copy(BufferId target, BufferId source, int64_t size);
  void copyDynamic(BufferId target, BufferId source, Register size);
  void check(Register condition, const std::string &message);
  Label newLabel();
  void bind(Label label);
  void jump(Label label);
  void branch(Register condition, Label ifTrue, Label ifFalse);
  void call(uint32_t function, const std::vector<BufferId> &buffers);
  void ret();

  /// Functions are written one after another; the first is the entry. Calls may
  /// name functions that come later.
  uint32_t beginFunction(const std::string &name, const std::vector<BufferId> &parameters = {});

  /// Resolves labels, closes the last function and verifies.
  Error finish(Program &result);

private:
  Instruction &emit(Opcode opcode, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint32_t d = 0, int64_t imm = 0);
  void setOperands(Instruction &instruction, const std::vector<BufferId> &buffers,
                   const std::vector<Register> &scalars);

  std::map<std::string, uint32_t> textIds;
  std::map<std::pair<std::string, uint32_t>, uint32_t> kernelIds;
  std::map<std::string, uint32_t> stateIds;
  std::vector<uint32_t> labels; ///< instruction of each label, kNone if unbound
};

} // namespace gemlir::model

#endif // GEMLIR_MODEL_PROGRAM_H
