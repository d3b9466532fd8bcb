//===- TileRaces.cpp - finds tiles that are not independent ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileRaces.h"

namespace gemlir {
namespace sim {

static constexpr uint64_t kWord = 4;

TileRaces::TileRaces(const std::vector<MemoryWindow> &windows) {
  for (const MemoryWindow &window : windows)
    if (window.writable)
      shadows.push_back({window.address, window.size, std::vector<Word>(window.size / kWord + 1)});
}

bool TileRaces::accessWord(Word &word, uint64_t address, uint8_t bytes, bool write, uint64_t pc) {
  const bool afterWrite = word.writer && word.writer != now && (word.written & bytes);
  const bool afterRead = write && word.reader && word.reader != now && (word.read & bytes);
  if (afterWrite || afterRead) {
    conflict = {now - 1u, (afterWrite ? word.writer : word.reader) - 1u,
                address,  afterWrite ? word.writerPc : word.readerPc,
                write,    afterWrite};
    return false;
  }
  uint32_t &who = write ? word.writer : word.reader;
  uint8_t &which = write ? word.written : word.read;
  which = who == now ? which | bytes : bytes;
  who = now;
  (write ? word.writerPc : word.readerPc) = uint32_t(pc);
  return true;
}

bool TileRaces::access(uint64_t address, uint64_t size, bool write, uint64_t pc) {
  if (!last || address - last->address >= last->size) {
    auto holds = [&](const Shadow &shadow) { return address - shadow.address < shadow.size; };
    auto found = std::find_if(shadows.begin(), shadows.end(), holds);
    if (found == shadows.end())
      return true;
    last = &*found;
  }
  uint64_t at = address - last->address;
  for (const uint64_t end = at + size; at < end;) {
    const uint64_t first = at % kWord, count = std::min(kWord - first, end - at);
    if (!accessWord(last->words[at / kWord], last->address + at, uint8_t(((1u << count) - 1) << first), write, pc))
      return false;
    at += count;
  }
  return true;
}

} // namespace sim
} // namespace gemlir
