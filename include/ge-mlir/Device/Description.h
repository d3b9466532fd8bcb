//===- Description.h - what a device is made of -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device as data. Passes, the cost model and the runtime ask the description;
// none of them compares a device's name. Descriptions come from a built-in table
// or from JSON of the same fields.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DEVICE_DESCRIPTION_H
#define GE_MLIR_DEVICE_DESCRIPTION_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gemlir {
namespace device {

/// How kernels are lowered: to vector instructions of the host processor, or to
/// engine commands of an AI Core.
enum class Kind { Host, AICore };

/// A register tile of the matrix unit: `rows` accumulator rows of `columns`
/// lanes. `columns` is the panel width n0 of packed operands.
struct TileShape {
  int64_t rows = 0;
  int64_t columns = 0;
};

/// A memory that kernels address.
struct MemorySpace {
  std::string name;
  /// Size of one instance; 0 for memory without a bound that matters.
  uint64_t bytes = 0;
  uint32_t alignment = 64;
  /// Sustained read bandwidth of one core.
  double bytesPerCycle = 0;
  /// Whether all cores share the instance.
  bool shared = false;
};

/// A path between memories of an AI Core, as its queue works: a transfer of b
/// bytes occupies the queue for `setup + b / bytesPerCycle` cycles and is done
/// after `latency + b / latencyBytesPerCycle` cycles, or with the queue if that
/// is later.
struct DataPath {
  /// Names of memories; "NZ" after GM stands for a copy that makes fractals.
  std::string from, to;
  double setup = 0;
  double bytesPerCycle = 0;
  double latency = 0;
  double latencyBytesPerCycle = 0;
};

/// Cycles of the cube for a pair of fractals of a type of mmad.
struct CubeRate {
  std::string type;
  double cyclesPerFractal = 0;
};

/// Cycles of a row of the vector unit's timings: `head` on an idle unit, `slope`
/// for each repeat of 256 bytes of elements of 2 or 4 bytes (1 counts as 2),
/// `tail` until the result can be used.
struct VectorRate {
  std::string row;
  double head = 0;
  double slope16 = 0;
  double slope32 = 0;
  double tail = 0;
};

/// Processors beside the cores, which run what the engines cannot do as ordinary
/// code. Times are in cycles of their own clock.
struct AICPU {
  unsigned harts = 0;
  double gigahertz = 0;
  /// LLVM's names of what they have beyond the control cores.
  std::vector<std::string> features;
  /// Of most instructions on average, of floating-point arithmetic, and of a
  /// division or a root.
  double instructionCycles = 0;
  double floatCycles = 0;
  double divideCycles = 0;
  /// The first-level cache of a hart, and what a load that misses it waits.
  uint64_t cacheBytes = 0;
  double missCycles = 0;
};

/// The cores of a simulated NPU. Times are in cycles of the cube's clock.
struct AICore {
  /// Cube cores, and vector cores beside them; `coupled` cores are both, and
  /// then there are no vector cores.
  unsigned cubeCores = 0;
  unsigned vectorCores = 0;
  bool coupled = false;
  /// Order of fractals in L0A: "zZ" rows of fractals, "zN" columns.
  std::string leftOrder;
  /// Flags of each ordered pair of queues, and those between cores.
  unsigned flags = 0;
  unsigned crossFlags = 0;
  unsigned queueDepth = 0;

  /// From a flag's set to its wait, and between cores.
  unsigned handoffCycles = 0;
  unsigned crossFlagCycles = 0;
  unsigned launchCycles = 0;
  unsigned dispatchCycles = 0;
  /// Loads of the control core, from its cache and from global memory.
  unsigned loadCycles = 0;
  unsigned missCycles = 0;

  double cubeSetup = 0;
  double cubeTail = 0;
  std::vector<CubeRate> cubeRates;
  std::vector<VectorRate> vectorRates;
  /// Blocks of 32 bytes of the UB lie in so many groups of banks by turns, 0 if that is
  /// not known. In a cycle a group gives `bankReads` blocks and takes one.
  unsigned bankGroups = 0;
  unsigned bankReads = 1;
  std::vector<DataPath> paths;

  /// The cache that all cores share, and what all cores together can move.
  uint64_t cacheBytes = 0;
  uint64_t cacheLine = 0;
  unsigned cacheMissCycles = 0;
  double cacheReadBytesPerCycle = 0;
  double cacheWriteBytesPerCycle = 0;
  double memoryBytesPerCycle = 0;

  AICPU aicpu;

  /// Where the figures come from.
  std::vector<std::string> sources;

  /// The path from one memory to another, or null.
  const DataPath *findPath(const std::string &from, const std::string &to) const {
    for (const DataPath &path : paths)
      if (path.from == from && path.to == to)
        return &path;
    return nullptr;
  }
};

struct Description {
  /// What `lookup` finds it by, e.g. "Host".
  std::string name;
  Kind kind = Kind::Host;
  /// Instruction-set level, e.g. "x86-64-v3", "x86-64-v4", "aarch64".
  std::string level;

  /// LLVM target.
  std::string triple;
  std::string cpu;
  std::vector<std::string> features;

  /// Vector unit of the processor that runs kernels as ordinary code: the host's,
  /// or an AICPU's; 0 bits if it has none.
  unsigned vectorBits = 0;
  unsigned vectorRegisters = 0;
  unsigned fmaPorts = 0;
  double gigahertz = 0;

  /// Cores to plan for; the runtime counts those it may really use.
  unsigned cores = 1;

  /// Data caches of one core, and the cache line.
  uint64_t l1Bytes = 0;
  uint64_t l2Bytes = 0;
  uint64_t l3Bytes = 0;
  unsigned cacheLine = 64;

  /// Channels per block of the NC1HWC0 format.
  int64_t channelBlock = 16;
  /// Register tiles of `npu.mmad` for f32, the best one for large sizes first.
  std::vector<TileShape> mmadTiles;
  /// Longest reduction that one pass over the accumulators takes.
  int64_t kBlock = 0;
  /// Least work (multiply-adds, or bytes moved) that is worth a tile of its own.
  int64_t tileWork = 0;

  std::vector<MemorySpace> spaces;

  /// Of a device of kind AICore, the cores.
  std::optional<AICore> aiCore;

  /// Bytes of a memory by name; 0 if there is none.
  uint64_t bytesOf(const std::string &space) const {
    for (const MemorySpace &s : spaces)
      if (s.name == space)
        return s.bytes;
    return 0;
  }

  /// Lanes of a vector of elements of `bits` bits; 1 without a vector unit.
  unsigned lanes(unsigned bits) const { return bits && vectorBits > bits ? vectorBits / bits : 1; }
  const TileShape &mmadTile() const { return mmadTiles.front(); }
};

/// Names that `lookup` knows without a file.
std::vector<std::string> builtinNames();

/// The NPUs among them.
std::vector<std::string> aiCoreNames();

/// The level of this machine's processor, empty if none of the built-in ones
/// can run on it.
std::string hostLevel();

/// Finds a device: "Host" (this machine's best level), "Host:LEVEL" or "LEVEL"
/// of the built-in table, the name of an NPU ("Ascend910B1"; "Ascend910B1:4" for
/// a slice with 4 cube cores), or the path of a JSON file (anything that ends in
/// ".json"). Returns false and says why in `error`.
bool lookup(const std::string &name, Description &result, std::string &error);

/// Reads a description from JSON. A "base" field names a built-in level whose
/// values stand for absent fields; without it every field is required. Errors
/// name the field, what was found and what was expected.
bool fromJson(const std::string &text, Description &result, std::string &error);

/// The description as JSON that `fromJson` reads back unchanged.
std::string toJson(const Description &description);

} // namespace device
} // namespace gemlir

#endif // GE_MLIR_DEVICE_DESCRIPTION_H
