//===- AICPU.h - a processor beside the cores ------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A hart that executes the tiles of a kernel as ordinary code. It is made for
// speed: instructions are decoded once, and each base register remembers the
// piece of memory that it pointed into last. Whatever the code does, it reaches
// nothing but the memory that the launch has made visible.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_AICPU_H
#define GE_MLIR_LIB_SIMULATOR_AICPU_H

#include "Instruction.h"
#include "Memory.h"
#include "TileRaces.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cstdlib>
#include <memory>
#include <vector>

namespace gemlir {
namespace sim {

/// Code of a program in the form that harts execute: branches count
/// instructions, and nothing leaves a segment but by a jump through a register.
class AICPUCode {
public:
  explicit AICPUCode(const Image &image);

  struct Part {
    uint64_t address;
    std::vector<Instruction> code; // ends with an illegal one
  };
  /// The instruction at an address, and the part that it is in; null if there is
  /// no code.
  const Instruction *find(uint64_t address, const Part *&part) const;

private:
  std::vector<Part> parts;
};

class AICPUHart {
public:
  static constexpr uint64_t kStackAddress = Image::kLimit * 3, kStackBytes = uint64_t(8) << 20;

  AICPUHart(const device::Description &device, unsigned number);

  /// What a call sees and where it begins. The windows belong to the launch.
  struct Call {
    const AICPUCode *code = nullptr;
    const std::vector<MemoryWindow> *windows = nullptr;
    uint64_t entry = 0;
    uint64_t arguments[5] = {};
    bool timing = false;
    uint64_t maxInstructions = 0;
    /// Where accesses are recorded, or null.
    TileRaces *races = nullptr;
    const Image *image = nullptr;
  };
  /// Before the first call of a launch: nothing is counted, nothing is in the cache.
  void start();
  /// Runs until the function returns; false after a trap.
  bool run(const Call &call);

  uint64_t getInstructions() const { return instructions; }
  /// In cycles of the hart's clock.
  uint64_t getCycles() const { return cycles / kCycleParts; }
  uint64_t getMisses() const { return misses; }
  std::unique_ptr<Trap> takeTrap() { return std::move(trap); }

private:
  /// Cycles are counted in parts, because instructions may take less than one.
  static constexpr unsigned kCycleParts = 64;

  template <bool Timing, bool Races>
  void runPlain();
  template <bool Timing, bool Races>
  void runFused();
  uint8_t *findMemory(uint64_t address, uint64_t size, bool write, MemoryWindow &window);
  uint64_t readControl(const Instruction &in, bool &exists) const;
  void touch(uint64_t address);
  void fail(const char *kind, const std::string &text, uint64_t pc);
  void failRace(uint64_t pc);

  const unsigned number;
  struct Free {
    void operator()(uint8_t *memory) const { std::free(memory); }
  };
  std::unique_ptr<uint8_t, Free> stack;
  const Call *call = nullptr;
  uint64_t x[32] = {}, f[32] = {};
  /// By base register.
  MemoryWindow reads[32], writes[32];
  uint64_t instructions = 0, cycles = 0, misses = 0;
  uint32_t costs[256] = {};
  uint32_t missCost = 0;
  std::vector<uint64_t> tags;
  std::unique_ptr<Trap> trap;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_AICPU_H
