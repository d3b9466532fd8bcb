//===- Simulator.h - runs kernels of a simulated NPU -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chip of RV64 control cores, their engines and memories, after a device
// description. Whatever a kernel does stays inside: every access is checked, and
// a wrong one ends the run with a trap that names core, queue, command and place.
// The same program on the same device gives the same results and cycles.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_SIMULATOR_SIMULATOR_H
#define GE_MLIR_SIMULATOR_SIMULATOR_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Device/Engine.h"
#include "ge-mlir/Simulator/Image.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gemlir {
namespace sim {

class Chip;

struct Options {
  /// Whether commands compute and move data. Without, only time passes, and the
  /// control cores see memory as it was.
  bool functional = true;
  /// Whether cycles are counted.
  bool timing = false;
  /// Whether accesses without an order between them are looked for.
  bool races = false;
  /// Whether commands are recorded for the time line; needs `timing`.
  bool trace = false;
  /// Calls its second argument for 0 up to the first, perhaps on many threads; null
  /// for one after the other. Threads share the AICPU harts of a launch, and what the
  /// commands of cores do to memories; neither results nor cycles depend on them.
  std::function<void(unsigned count, const std::function<void(unsigned)> &work)> parallel;
  /// Instructions after which a core is taken to be lost.
  uint64_t maxInstructions = uint64_t(1) << 33;
};

/// Why a run ended before its kernel did.
struct Trap {
  /// One of: space, bounds, alignment, type, illegal, uninitialised, flag,
  /// deadlock, race, assert, instruction, limit.
  std::string kind;
  std::string text;
  unsigned core = 0;
  engine::Queue queue = engine::Queue::S;
  /// The command's mnemonic, empty for an instruction.
  std::string command;
  uint64_t pc = 0;
  /// `core` is the number of an AICPU hart.
  bool onAICPU = false;

  /// "core 3 queue V: v.binary at kernel+0x1c: bounds: ..."
  std::string message() const;
};

/// A command on the time line: it occupies its queue from `start` to `end`, and
/// its results can be used from `done`.
struct Event {
  unsigned core;
  engine::Queue queue;
  const char *name;
  uint64_t start, end, done, work;
};

/// Why a queue, or the control core, does nothing.
enum class Stall : uint8_t {
  Empty,     ///< the queue has no command
  Flag,      ///< for a flag of another queue of the core
  CrossFlag, ///< for other cores
  Result,    ///< for what an earlier command of the queue computes
  Full,      ///< the control core: for room in a queue
  Barrier,   ///< the control core: until queues are done, at the end too
  Launch,    ///< the control core: before a block begins
};
constexpr unsigned kStalls = 7;
/// For programs: "empty", "flag", "cross_flag", ...
extern const char *const kStallNames[kStalls];

/// A stall on the time line, of which empty queues have none. `from` is the queue
/// that sets the flag, or that is full.
struct Wait {
  unsigned core;
  engine::Queue queue, from;
  Stall cause;
  uint64_t start, end;
};

/// What a core did; cycles only where they are counted.
struct CoreStatistics {
  static constexpr unsigned kSpaces = 10;

  unsigned kind = 0; // 0 cube, 1 vector, 2 both, 3 AICPU hart
  uint64_t instructions = 0, commands = 0;
  uint64_t cycles = 0;
  /// Cycles in which a queue executed, and in which it did not, by cause. Together
  /// they are `cycles`.
  uint64_t busy[engine::kQueues] = {};
  uint64_t stalls[engine::kQueues][kStalls] = {};
  /// Of the stalls for flags, those for each other queue's.
  uint64_t flagsFrom[engine::kQueues][engine::kQueues] = {};
  /// Of the busy cycles, those by which transfers took longer because cores share
  /// the cache and memory.
  uint64_t shared[engine::kQueues] = {};
  /// Bytes by path, from a memory to another.
  uint64_t moved[kSpaces][kSpaces] = {};
  /// Cycles that the multiply-adds of the products take at the cube's full rate: what
  /// fills up fractals, and what begins and ends a command, is not in them.
  double cubeCycles = 0;
  /// What the cube was asked for, with or without cycles.
  uint64_t multiplyAdds = 0;

  /// Adds what another core did, or this one in another launch.
  CoreStatistics &operator+=(const CoreStatistics &other);
};

struct Result {
  /// Null if the kernel ended.
  std::unique_ptr<Trap> trap;
  uint64_t cycles = 0;
  /// Of the device, whether the launch used them or not; a core that is both counts as
  /// both.
  unsigned cubeCores = 0, vectorCores = 0;
  uint64_t bytesRead = 0, bytesWritten = 0;
  uint64_t cacheHits = 0, cacheMisses = 0;
  std::vector<CoreStatistics> cores;
  std::vector<Event> events;
  std::vector<Wait> waits;
  /// Lines of np.sys 3.
  std::vector<std::string> printed;

  /// What the products take at full rate, of what all cube cores of the device could do
  /// from the launch's begin to its end.
  double cubeUse() const;
  /// The time line as Chrome's JSON, one lane per queue, a cycle to a
  /// microsecond; waits are of the category "wait".
  std::string traceJson() const;
};

/// A kernel to run. A kernel with one entry runs a block on each core of that
/// kind; one with both, a block on each cube core and its vector cores.
struct Launch {
  uint64_t cubeEntry = 0, vectorEntry = 0;
  unsigned blocks = 1;
  /// Passed by address in a0.
  std::vector<uint64_t> arguments;
};

/// A kernel's function to run on the AICPU harts, each for its part of the tiles:
/// f(buffers, scalars, first tile, end tile, null).
struct TileLaunch {
  uint64_t entry = 0;
  int64_t tiles = 1;
  std::vector<uint64_t> buffers;
  std::vector<int64_t> scalars;
};

class Simulator {
public:
  /// Buffers are from this address on.
  static constexpr uint64_t kFirstBuffer = Image::kLimit * 4;

  Simulator(const device::Description &device, const Options &options);
  ~Simulator();

  /// For the runs that follow.
  void setOptions(const Options &options);

  /// Copies the program; forgets the one before.
  void load(const Image &image);

  /// Makes `size` bytes at `data` global memory and returns their address. They
  /// must outlive the runs. The address is the same in every run of a program.
  uint64_t map(void *data, size_t size, bool writable);

  /// The same at an address of the caller's choice, not below `kFirstBuffer`.
  void mapAt(uint64_t address, void *data, size_t size, bool writable);
  /// Forgets all buffers.
  void unmap();

  Result run(const Launch &launch);
  Result run(const TileLaunch &launch);

private:
  std::unique_ptr<Chip> chip;
};

/// A word as text: an engine's command with its static fields, or an RV64
/// instruction.
std::string disassemble(uint32_t word, uint64_t pc);

/// A command with the values of all its fields, for traps and tests.
std::string describe(const engine::RawCommand &command);

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_SIMULATOR_SIMULATOR_H
