//===- TileRaces.h - finds tiles that are not independent ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tiles of an AICPU kernel run in any order, and beside each other: what one writes
// no other may touch. Words of the buffers that may be written remember who read and
// wrote which of their bytes last.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_TILERACES_H
#define GE_MLIR_LIB_SIMULATOR_TILERACES_H

#include "Memory.h"

#include <string>
#include <vector>

namespace gemlir {
namespace sim {

class TileRaces {
public:
  explicit TileRaces(const std::vector<MemoryWindow> &windows);

  /// Records an access of at most 8 bytes of the tile at hand; false if it races.
  bool access(uint64_t address, uint64_t size, bool write, uint64_t pc);
  void startTile(uint64_t tile) { now = uint32_t(tile + 1); }
  /// What the last race was with.
  struct Conflict {
    uint64_t tile = 0, otherTile = 0, address = 0, otherPc = 0;
    bool write = false, otherWrite = false;
  };
  const Conflict &getConflict() const { return conflict; }

private:
  /// The last accesses of a word. Tiles count from 1; 0 is none. Program addresses
  /// have 32 bits.
  struct Word {
    uint32_t writer = 0, writerPc = 0, reader = 0, readerPc = 0;
    uint8_t written = 0, read = 0; // a bit for each byte
  };
  struct Shadow {
    uint64_t address, size;
    std::vector<Word> words;
  };
  bool accessWord(Word &word, uint64_t address, uint8_t bytes, bool write, uint64_t pc);

  std::vector<Shadow> shadows;
  Shadow *last = nullptr;
  uint32_t now = 0;
  Conflict conflict;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_TILERACES_H
