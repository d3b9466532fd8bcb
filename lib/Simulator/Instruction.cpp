//===- Instruction.cpp - decodes and prints instructions ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Instruction.h"

#include "ge-mlir/Simulator/Simulator.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

namespace {

enum class Form : uint8_t { R, I, L, S, B, U, J, H, W, N, A, C, F, G, M, O, T, V };

struct Pattern {
  Code code;
  const char *text;
  uint32_t mask, match;
  Form form;
};

constexpr Pattern kPatterns[] = {
#define INSTRUCTION(code, text, mask, match, form) {Code::code, text, mask, match, Form::form},
#include "Instructions.def"
};

const char *const kIntegers[] = {"zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
                                 "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
                                 "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
const char *const kFloats[] = {"ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
                               "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
                               "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

const Pattern *findPattern(uint32_t word) {
  for (const Pattern &pattern : kPatterns)
    if ((word & pattern.mask) == pattern.match)
      return &pattern;
  return nullptr;
}

/// Bits `high`..`low` of the word, placed at `at`.
constexpr uint32_t take(uint32_t word, unsigned high, unsigned low, unsigned at) {
  return ((word >> low) & ((1u << (high - low + 1)) - 1)) << at;
}
constexpr int32_t extend(uint32_t value, unsigned width) { return int32_t(value << (32 - width)) >> (32 - width); }

int32_t getImmediate(uint32_t word, Form form) {
  switch (form) {
  case Form::I:
  case Form::L:
  case Form::T: return int32_t(word) >> 20;
  case Form::S:
  case Form::V: return extend(take(word, 31, 25, 5) | take(word, 11, 7, 0), 12);
  case Form::B:
    return extend(take(word, 31, 31, 12) | take(word, 7, 7, 11) | take(word, 30, 25, 5) | take(word, 11, 8, 1), 13);
  case Form::U: return int32_t(word & 0xfffff000);
  case Form::J:
    return extend(take(word, 31, 31, 20) | take(word, 19, 12, 12) | take(word, 20, 20, 11) | take(word, 30, 21, 1), 21);
  case Form::H: return int32_t(take(word, 25, 20, 0));
  case Form::W: return int32_t(take(word, 24, 20, 0));
  case Form::C: return int32_t(word >> 20);
  case Form::M:
  case Form::F:
  case Form::G: return int32_t(word >> 27 | take(word, 14, 12, 8));
  default: return 0;
  }
}

bool isFloatResult(const Pattern &p) {
  switch (p.code) {
  case Code::FleS:
  case Code::FltS:
  case Code::FeqS:
  case Code::FleD:
  case Code::FltD:
  case Code::FeqD:
  case Code::FcvtWS:
  case Code::FcvtWuS:
  case Code::FcvtLS:
  case Code::FcvtLuS:
  case Code::FcvtWD:
  case Code::FcvtWuD:
  case Code::FcvtLD:
  case Code::FcvtLuD:
  case Code::FmvXW:
  case Code::FmvXD:
  case Code::FclassS:
  case Code::FclassD: return false;
  default: return true;
  }
}

bool isFloatSource(const Pattern &p) {
  switch (p.code) {
  case Code::FcvtSW:
  case Code::FcvtSWu:
  case Code::FcvtSL:
  case Code::FcvtSLu:
  case Code::FcvtDW:
  case Code::FcvtDWu:
  case Code::FcvtDL:
  case Code::FcvtDLu:
  case Code::FmvWX:
  case Code::FmvDX: return false;
  default: return true;
  }
}

std::string print(const char *format, ...) __attribute__((format(printf, 1, 2)));
std::string print(const char *format, ...) {
  char text[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return text;
}

std::string disassembleScalar(uint32_t word, uint64_t pc) {
  const Pattern *p = findPattern(word);
  if (!p)
    return print(".word 0x%08x", word);
  const char *rd = kIntegers[word >> 7 & 31], *rs1 = kIntegers[word >> 15 & 31], *rs2 = kIntegers[word >> 20 & 31];
  const char *fd = kFloats[word >> 7 & 31], *fs1 = kFloats[word >> 15 & 31], *fs2 = kFloats[word >> 20 & 31];
  const int32_t imm = getImmediate(word, p->form);
  switch (p->form) {
  case Form::R: return print("%s %s, %s, %s", p->text, rd, rs1, rs2);
  case Form::I:
  case Form::H:
  case Form::W: return print("%s %s, %s, %d", p->text, rd, rs1, imm);
  case Form::L: return print("%s %s, %d(%s)", p->text, rd, imm, rs1);
  case Form::T: return print("%s %s, %d(%s)", p->text, fd, imm, rs1);
  case Form::S: return print("%s %s, %d(%s)", p->text, rs2, imm, rs1);
  case Form::V: return print("%s %s, %d(%s)", p->text, fs2, imm, rs1);
  case Form::B: return print("%s %s, %s, 0x%" PRIx64, p->text, rs1, rs2, pc + uint64_t(int64_t(imm)));
  case Form::U: return print("%s %s, 0x%x", p->text, rd, uint32_t(imm) >> 12);
  case Form::J: return print("%s %s, 0x%" PRIx64, p->text, rd, pc + uint64_t(int64_t(imm)));
  case Form::N: return print("%s %s, %s", p->text, rd, rs1);
  case Form::A:
    return p->code == Code::LrW || p->code == Code::LrD ? print("%s %s, (%s)", p->text, rd, rs1)
                                                        : print("%s %s, %s, (%s)", p->text, rd, rs2, rs1);
  case Form::C: return print("%s %s, 0x%x, %u", p->text, rd, imm & 0xfff, word >> 15 & 31);
  case Form::F: return print("%s %s, %s, %s", p->text, isFloatResult(*p) ? fd : rd, fs1, fs2);
  case Form::G: return print("%s %s, %s", p->text, isFloatResult(*p) ? fd : rd, isFloatSource(*p) ? fs1 : rs1);
  case Form::M: return print("%s %s, %s, %s, %s", p->text, fd, fs1, fs2, kFloats[word >> 27]);
  case Form::O: return p->text;
  }
  return p->text;
}

/// The mnemonic of a command, with the member of its family and its type.
std::string nameOf(const CommandInfo &info, uint64_t funct7) {
  std::string text = info.mnemonic;
  if (info.opCount)
    if (const OpInfo *op = findOp(info, funct7 & 15))
      text += std::string(".") + op->name + "." + kTypeNames[funct7 >> 4 & 7];
  return text;
}

} // namespace

Instruction decode(uint32_t word) {
  Instruction result;
  result.rd = word >> 7 & 31;
  result.rs1 = word >> 15 & 31;
  result.rs2 = word >> 20 & 31;
  if (identify(word) != CommandId::None) {
    result.code = Code::Command;
    return result;
  }
  if (const Pattern *pattern = findPattern(word)) {
    result.code = pattern->code;
    result.immediate = getImmediate(word, pattern->form);
  }
  return result;
}

std::string disassemble(uint32_t word, uint64_t pc) {
  const CommandId id = identify(word);
  if (id == CommandId::None)
    return disassembleScalar(word, pc);
  const CommandInfo &info = getInfo(id);
  std::string text = nameOf(info, word >> 25);
  const char *separator = " ";
  if (info.hasResult) {
    text += print(" %s", kIntegers[word >> 7 & 31]);
    separator = ", ";
  }
  bool used[2] = {false, false};
  for (size_t i = 0; i < info.fieldCount; ++i) {
    const FieldInfo &field = info.fields[i];
    if (field.place == -3) {
      const std::string name = field.name;
      if (info.opCount && (name == "op" || name == "type"))
        continue;
      uint64_t value = bits(word >> 25, field.lsb, field.width);
      bool isQueue = (name == "src" || name == "dst" || name == "queue") && value < kQueues;
      text += separator + name + "=" + (isQueue ? kQueueNames[value] : std::to_string(value));
      separator = ", ";
    } else if (field.place < 0) {
      used[field.place + 2] = true;
    }
  }
  for (int i = 0; i < 2; ++i)
    if (used[i]) {
      text += std::string(separator) + kIntegers[word >> (i ? 20 : 15) & 31];
      separator = ", ";
    }
  return text;
}

std::string describe(const RawCommand &command) {
  const CommandInfo &info = getInfo(command.id);
  std::string text = nameOf(info, command.funct7());
  for (size_t i = 0; i < info.fieldCount; ++i) {
    const FieldInfo &field = info.fields[i];
    if (info.opCount && field.place == -3)
      continue;
    const uint64_t place = field.place == -3   ? command.funct7()
                           : field.place == -2 ? command.rs1
                           : field.place == -1 ? command.rs2
                                               : command.parameters[field.place];
    const uint64_t value = bits(place, field.lsb, field.width);
    text += print(value >> 32 ? " %s=0x%" PRIx64 : " %s=%" PRIu64, field.name, value);
  }
  return text;
}

} // namespace sim
} // namespace gemlir
