//===- ProgramBuilder.cpp - programs made of commands ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Simulator/ProgramBuilder.h"

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

static constexpr unsigned kFirst = 10, kSecond = 11; // a0, a1, as encode() has them

/// The shortest of the usual sequences: lui and addi for 32 bits, else the upper
/// part, shifted, and 12 bits more.
void ProgramBuilder::loadConstant(unsigned reg, int64_t value) {
  auto immediate = [&](uint32_t opcode, uint32_t funct3, unsigned source, int64_t bits) {
    words.push_back(uint32_t(bits & 0xfff) << 20 | source << 15 | funct3 << 12 | reg << 7 | opcode);
  };
  const int64_t low = int64_t(uint64_t(value) << 52) >> 52;
  if (value == low) {
    immediate(0x13, 0, 0, low);
    return;
  }
  if (value == int64_t(int32_t(value))) {
    words.push_back(uint32_t(value - low) >> 12 << 12 | reg << 7 | 0x37);
    if (low)
      immediate(0x1b, 0, reg, low);
    return;
  }
  const int64_t high = int64_t(uint64_t(value) - uint64_t(low)) >> 12;
  const int zeros = __builtin_ctzll(uint64_t(high));
  loadConstant(reg, high >> zeros);
  immediate(0x13, 1, reg, 12 + zeros);
  if (low)
    immediate(0x13, 0, reg, low);
}

static uint32_t makeOperation(uint32_t funct7, uint32_t funct3, unsigned rd, unsigned a, unsigned b) {
  return funct7 << 25 | b << 20 | a << 15 | funct3 << 12 | rd << 7 | 0x33;
}

ProgramBuilder &ProgramBuilder::compute(Op op, unsigned rd, unsigned a, unsigned b) {
  constexpr uint32_t kFunct3[] = {0, 0, 5, 7};
  return addWord(makeOperation(op == Op::Add ? 0 : 1, kFunct3[unsigned(op)], rd, a, b));
}

ProgramBuilder &ProgramBuilder::endLoop(size_t start, unsigned counter) {
  known = 0;
  words.push_back(0xfffu << 20 | counter << 15 | counter << 7 | 0x13); // addi counter, counter, -1
  // Too far for a branch: beqz counter, 8; j start.
  words.push_back(counter << 15 | 4 << 8 | 0x63);
  const uint32_t offset = uint32_t(int64_t(start) - int64_t(words.size())) * 4;
  words.push_back((offset >> 20 & 1) << 31 | (offset >> 1 & 0x3ff) << 21 | (offset >> 11 & 1) << 20 |
                  (offset >> 12 & 0xff) << 12 | 0x6f);
  return *this;
}

ProgramBuilder &ProgramBuilder::addRaw(const RawCommand &raw, unsigned first, unsigned second) {
  unsigned used = 0;
  const CommandInfo &info = getInfo(raw.id);
  for (size_t i = 0; i < info.fieldCount; ++i)
    if (info.fields[i].place >= 0)
      used |= 1u << info.fields[i].place / 2;
  for (unsigned p = 0; p < kParameters; p += 2) {
    const bool same = raw.parameters[p] == parameters[p] && raw.parameters[p + 1] == parameters[p + 1];
    if (!(used >> p / 2 & 1) || ((known >> p / 2 & 1) && same))
      continue;
    PSet set;
    set.index = p / 2;
    loadConstant(kFirst, int64_t(raw.parameters[p]));
    loadConstant(kSecond, int64_t(raw.parameters[p + 1]));
    words.push_back(set.encode().word);
    known |= 1u << p / 2;
    parameters[p] = raw.parameters[p];
    parameters[p + 1] = raw.parameters[p + 1];
  }
  loadConstant(kFirst, int64_t(raw.rs1));
  if (first)
    compute(Op::Add, kFirst, kFirst, first);
  loadConstant(kSecond, int64_t(raw.rs2));
  if (second)
    compute(Op::Add, kSecond, kSecond, second);
  words.push_back(raw.word);
  return *this;
}

ProgramBuilder &ProgramBuilder::addFlag(Queue src, Queue dst, unsigned event, bool waits) {
  Flag flag;
  flag.src = uint64_t(src);
  flag.dst = uint64_t(dst);
  flag.wait = waits;
  flag.event = event;
  return addRaw(flag.encode());
}

Image ProgramBuilder::build() const {
  std::vector<uint32_t> all = words;
  all.push_back(System().encode().word);
  return Image::fromWords(all, kEntry);
}

} // namespace sim
} // namespace gemlir
