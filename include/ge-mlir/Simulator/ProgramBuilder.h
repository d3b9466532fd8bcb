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

/// Assembles a straight line of commands whose operands are constants; for
/// measurements and tests.
class ProgramBuilder {
public:
  static constexpr uint64_t kEntry = 0x10000;

  /// A command with its operands, and the parameter registers that it reads.
  template <typename Command>
  ProgramBuilder &add(const Command &command) {
    return addRaw(command.encode());
  }
  ProgramBuilder &addRaw(const engine::RawCommand &raw);
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
  /// The program, ended.
  Image build() const;

private:
  ProgramBuilder &addFlag(engine::Queue src, engine::Queue dst, unsigned event, bool waits);
  void loadConstant(unsigned reg, int64_t value);

  std::vector<uint32_t> words;
  uint64_t parameters[engine::kParameters] = {};
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_SIMULATOR_PROGRAMBUILDER_H
