//===- Engine.h - commands of an AI Core, decoded ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A structure for each command of EngineCommands.td, with what may be asked of it
// without executing it: whether it is legal, which bytes it reads and writes, how
// much work it is. The helpers are those that the records' expressions use.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DEVICE_ENGINE_H
#define GE_MLIR_DEVICE_ENGINE_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace gemlir {
namespace engine {

constexpr unsigned kQueues = 7;
constexpr unsigned kParameters = 16;

#define GEMLIR_ENGINE_ENUMS
#include "ge-mlir/Device/EngineCommands.h.inc"

/// A command as it is issued: the word and the values it takes along.
struct RawCommand {
  uint32_t word = 0;
  CommandId id = CommandId::None;
  uint64_t rs1 = 0, rs2 = 0;
  uint64_t parameters[kParameters] = {};

  uint64_t funct7() const { return word >> 25; }
};

/// Rows of bytes in planes. `address` is tagged. Atomic ranges are updated in
/// one step for all cores.
struct Range {
  uint64_t address = 0, bytes = 0;
  uint64_t rows = 1, pitch = 0;
  uint64_t planes = 1, planePitch = 0;
  uint32_t alignment = 0;
  bool atomic = false;

  bool empty() const { return !bytes || !rows || !planes; }
  uint64_t total() const { return bytes * rows * planes; }
  /// Bytes from the first to behind the last.
  uint64_t extent() const { return (planes - 1) * planePitch + (rows - 1) * pitch + bytes; }
};

struct Access {
  const char *name;
  Range range;
  bool isWrite;
};

constexpr uint64_t bits(uint64_t value, unsigned lsb, unsigned width) {
  return width == 64 ? value : (value >> lsb) & ((uint64_t(1) << width) - 1);
}
constexpr uint64_t ceilDiv(uint64_t a, uint64_t b) { return (a + b - 1) / b; }
constexpr uint64_t roundUp(uint64_t a, uint64_t b) { return ceilDiv(a, b) * b; }

constexpr uint64_t kAddressMask = (uint64_t(1) << 60) - 1;
constexpr uint64_t tagged(Space space, uint64_t offset) { return uint64_t(space) << 60 | offset; }
constexpr Space spaceOf(uint64_t address) { return Space(address >> 60); }
inline bool isOneOf(uint64_t address, std::initializer_list<Space> spaces) {
  for (Space space : spaces)
    if (spaceOf(address) == space)
      return true;
  return false;
}

/// Bytes of an element type's code.
constexpr uint64_t size(uint64_t type) { return kTypeBytes[type & 7]; }

/// Rows that touch are one row, and a row that repeats is read once.
inline Range planesOf(uint64_t address, uint64_t bytes, uint64_t rows, uint64_t pitch, uint64_t planes,
                      uint64_t planePitch) {
  Range range;
  range.address = address;
  range.bytes = bytes;
  range.rows = rows;
  range.pitch = pitch;
  range.planes = planes;
  range.planePitch = planePitch;
  if (range.rows > 1 && pitch == 0)
    range.rows = 1;
  if (range.rows > 1 && pitch == bytes) {
    range.bytes *= range.rows;
    range.rows = 1;
  }
  if (range.planes > 1 && planePitch == 0)
    range.planes = 1;
  return range;
}
inline Range rowsOf(uint64_t address, uint64_t bytes, uint64_t rows, uint64_t pitch) {
  return planesOf(address, bytes, rows, pitch, 1, 0);
}
inline Range aligned(uint32_t alignment, Range range) {
  range.alignment = alignment;
  return range;
}
inline Range atomicIf(uint64_t atomic, Range range) {
  range.atomic = atomic != 0;
  return range;
}

inline Range inUB(uint64_t blk, uint64_t bytes, uint64_t rows, uint64_t pitch) {
  return rowsOf(tagged(Space::UB, blk * 32), bytes, rows, pitch * 32);
}
/// Distance in blk of the blocks of a row for a stride's code.
constexpr uint64_t strideOf(uint64_t code) { return code ? uint64_t(1) << (code - 1) : 0; }
inline Range blocksInUB(uint64_t blk, uint64_t bytes, uint64_t rows, uint64_t pitch, uint64_t code) {
  if (code == 1 || bytes <= 32)
    return inUB(blk, bytes, rows, pitch);
  return planesOf(tagged(Space::UB, blk * 32), 32, ceilDiv(bytes, 32), strideOf(code) * 32, rows, pitch * 32);
}
/// One element per row; with pitch 0 side by side.
inline Range reduced(uint64_t blk, uint64_t bytes, uint64_t rows, uint64_t pitch) {
  return pitch ? inUB(blk, bytes, rows, pitch) : inUB(blk, bytes * rows, 1, 0);
}
/// Bytes of a row's results of the reductions by blocks, and by pairs (15).
constexpr uint64_t reducedBytes(uint64_t op, uint64_t cols, uint64_t bytes) {
  return op == 15 ? ceilDiv(cols, 2) * bytes : ceilDiv(cols * bytes, 32) * bytes;
}
/// The first element, and the distance, of those that a pattern of v.permute.pick
/// names, and how many of `cols` they are.
constexpr uint64_t firstOfPattern(uint64_t pattern) {
  return pattern < 3 ? pattern - 1 : pattern < 7 ? pattern - 3 : 0;
}
constexpr uint64_t stepOfPattern(uint64_t pattern) { return pattern < 3 ? 2 : pattern < 7 ? 4 : 1; }
constexpr uint64_t pickedOf(uint64_t pattern, uint64_t cols) {
  const uint64_t first = firstOfPattern(pattern);
  return cols > first ? ceilDiv(cols - first, stepOfPattern(pattern)) : 0;
}

/// Repeats of 256 bytes: of the block as one row if all pitches equal the row,
/// else of each row.
inline uint64_t repeats(uint64_t rows, uint64_t bytes, std::initializer_list<uint64_t> pitches) {
  bool dense = true;
  for (uint64_t pitch : pitches)
    dense &= pitch * 32 == bytes;
  return dense ? ceilDiv(rows * bytes, 256) : rows * ceilDiv(bytes, 256);
}

constexpr uint64_t loadTarget(uint64_t target, uint64_t blk) {
  return tagged(target ? Space::L0B : Space::L0A, blk * 32);
}
/// Fractals of the result of a load of `rows` by `cols` fractals.
constexpr uint64_t loadRows(uint64_t transpose, uint64_t scale, uint64_t rows, uint64_t cols) {
  return transpose ? cols * (32 >> scale) / 16 : rows;
}
constexpr uint64_t loadCols(uint64_t transpose, uint64_t scale, uint64_t rows, uint64_t cols) {
  return transpose ? rows * 16 / (32 >> scale) : cols;
}
inline Range fractalsOf(uint64_t address, uint64_t rows, uint64_t cols, uint64_t pitch, uint64_t order) {
  return rowsOf(address, (order ? rows : cols) * 512, order ? cols : rows, pitch * 512);
}
/// Elements of k in a fractal of mmad's operands.
constexpr uint64_t cubeDepth(uint64_t type) { return type >= 3 ? 32 : type == 2 ? 8 : 16; }
/// Bytes of fix's results.
constexpr uint64_t fixBytes(uint64_t quant) { return quant == 0 ? 4 : quant <= 3 ? 2 : 1; }
inline Range fixTarget(uint64_t dst, uint64_t layout, uint64_t m, uint64_t n, uint64_t bytes, uint64_t pitch) {
  if (layout == 0)
    return rowsOf(dst, n * bytes, m, pitch);
  if (layout == 1)
    return rowsOf(dst, roundUp(m, 16) * 32, ceilDiv(n * bytes, 32), pitch);
  return rowsOf(dst, m * bytes, n, pitch);
}

/// For the disassembler and people: what the records say.
struct FieldInfo {
  const char *name;
  int place; // -3 funct7, -2 rs1, -1 rs2, else the number of the parameter register
  unsigned lsb, width;
  /// Names of the values, if they have names.
  const char *const *names;
  unsigned nameCount;
};
struct OpInfo {
  const char *name;
  unsigned code;
  unsigned types; // a bit for each type's code
  VectorRow row;
};
struct CommandInfo {
  const char *mnemonic;
  Queue queue;
  uint32_t opcode, funct3, selectMask, select;
  const FieldInfo *fields;
  size_t fieldCount;
  const OpInfo *ops;
  size_t opCount;
  bool hasResult;
};

/// The member of a family with this code, or null.
const OpInfo *findOp(const CommandInfo &info, uint64_t code);

#define GEMLIR_ENGINE_COMMANDS
#include "ge-mlir/Device/EngineCommands.h.inc"

/// The records' facts of a command.
const CommandInfo &getInfo(CommandId id);

/// What a word commands; `None` if it is no command.
CommandId identify(uint32_t word);

/// Calls `f` with the decoded structure of any command but `None`.
#define GEMLIR_ENGINE_VISIT
#include "ge-mlir/Device/EngineCommands.h.inc"

} // namespace engine
} // namespace gemlir

#endif // GE_MLIR_DEVICE_ENGINE_H
