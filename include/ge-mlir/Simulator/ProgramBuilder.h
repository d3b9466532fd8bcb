//===- ProgramBuilder.h - programs made of commands ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_SIMULATOR_PROGRAMBUILDER_H
#define GE_MLIR_SIMULATOR_PROGRAMBUILDER_H

#include "ge-mlir/Device/Engine.h"
#include "ge-mlir/Simulator/Image.h"

namespace gemlir {
namespace sim {

/// Assembles commands whose operands are constants, or constants and the values of
/// registers; for measurements and tests. Registers a0 and a1 are the builder's own.
class ProgramBuilder {
public:
  static constexpr uint64_t kEntry = 0x10000;

  /// A command with its operands, and the parameter registers that it reads.
  template <typename Command>
  ProgramBuilder &add(const Command &command) {
    return addRaw(command.encode());
  }
  ProgramBuilder &addRaw(const engine::RawCommand &raw) { return addRaw(raw, 0, 0); }
  /// The same, with the values of registers added to rs1 and rs2.
  template <typename Command>
  ProgramBuilder &addAt(const Command &command, unsigned first, unsigned second) {
    return addRaw(command.encode(), first, second);
  }
  ProgramBuilder &set(engine::Queue src, engine::Queue dst, unsigned event) { return addFlag(src, dst, event, false); }
  ProgramBuilder &wait(engine::Queue src, engine::Queue dst, unsigned event) { return addFlag(src, dst, event, true); }
  /// Sets a flag and waits for it.
  ProgramBuilder &order(engine::Queue src, engine::Queue dst, unsigned event = 0) {
    return set(src, dst, event).wait(src, dst, event);
  }
  ProgramBuilder &addWord(uint32_t word) {
    words.push_back(word);
    return *this;
  }
  ProgramBuilder &load(unsigned reg, uint64_t value) {
    loadConstant(reg, int64_t(value));
    return *this;
  }
  /// rd = a op b.
  enum class Op { Add, Mul, Divide, Remainder };
  ProgramBuilder &compute(Op op, unsigned rd, unsigned a, unsigned b);
  /// A place to go back to, with anything in the parameter registers.
  size_t startLoop() {
    known = 0;
    return words.size();
  }
  /// Counts the register down and goes back until it is 0.
  ProgramBuilder &endLoop(size_t start, unsigned counter);
  /// The program, ended.
  Image build() const;

private:
  ProgramBuilder &addFlag(engine::Queue src, engine::Queue dst, unsigned event, bool waits);
  ProgramBuilder &addRaw(const engine::RawCommand &raw, unsigned first, unsigned second);
  void loadConstant(unsigned reg, int64_t value);

  std::vector<uint32_t> words;
  /// What is in the pairs of parameter registers whose bit is set.
  uint64_t parameters[engine::kParameters] = {};
  unsigned known = 0xff;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_SIMULATOR_PROGRAMBUILDER_H
