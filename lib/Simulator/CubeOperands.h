//===- CubeOperands.h - operands on their way to the cube ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_CUBEOPERANDS_H
#define GE_MLIR_LIB_SIMULATOR_CUBEOPERANDS_H

#include "ge-mlir/Device/Engine.h"

#include <vector>

namespace gemlir {
namespace sim {

class Core;

/// Where the host has an operand of mmad: in columns of blocks of 32 bytes, a row below the
/// other. Sixteen rows are a fractal.
struct Fractals {
  const uint8_t *bytes = nullptr;
  /// From one fractal, and from one row of it, to the next below.
  uint64_t fractalPitch = 512, rowPitch = 32;
  /// So many columns of blocks lie side by side, the next ones a plane further on; the
  /// first column of the operand is `firstBlock`.
  uint64_t planeBlocks = 1, planePitch = 512, firstBlock = 0;
  /// In global memory, where the operand of the next product often lies behind this one.
  bool isGlobal = false;
  /// B only: rows of fractals are those of B, along k. Otherwise they are its columns.
  bool turned = false;

  const uint8_t *at(uint64_t fractal, uint64_t block) const {
    block += firstBlock;
    return bytes + fractal * fractalPitch + block / planeBlocks * planePitch + block % planeBlocks * 32;
  }
};

/// Moves from global memory to L1, and loads from L1 to L0A and L0B, whose bytes are
/// still where they were. Most are for products that come before those change, which then
/// take them from there. Whatever else could see that they have not moved makes them do
/// so first.
class DeferredMoves {
public:
  /// Keeps a command for later; returns whether it could.
  bool take(Core &core, const engine::Nd2nz &c);
  bool take(Core &core, const engine::DmaIn &c);
  bool take(Core &core, const engine::Load2d &c);
  /// Finds an operand of `across` fractals along m or n, and `depth` along k, whose fractals
  /// mmad expects by columns or by rows.
  Fractals find(Core &core, uint64_t address, uint64_t across, uint64_t depth, bool byColumns, uint64_t elementBytes);
  /// Before a command other than mmad accesses these bytes.
  void settle(Core &core, const engine::Access &access) {
    if (!moves.empty() || !loads.empty())
      settleAny(core, access.range, access.isWrite);
  }
  void settleAll(Core &core);
  /// The memories have been cleared.
  void forget() {
    moves.clear();
    loads.clear();
  }

private:
  /// Bytes of L1, from `begin` to `end`, that are still in global memory, and where there.
  struct Move {
    engine::RawCommand raw;
    uint64_t begin = 0, end = 0, columnBytes = 0;
    Fractals source;
    const uint8_t *sourceEnd = nullptr;
  };
  bool take(Core &core, const Move &move, const engine::Access &write);
  void settleAny(Core &core, const engine::Range &range, bool isWrite);
  void settleMoves(Core &core, uint64_t begin, uint64_t end);
  void settleLoads(Core &core, uint64_t begin, uint64_t end, bool written);

  std::vector<Move> moves;
  std::vector<engine::Load2d> loads;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_CUBEOPERANDS_H
