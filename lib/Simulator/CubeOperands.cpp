//===- CubeOperands.cpp - operands on their way to the cube ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CubeOperands.h"

#include "Core.h"

#include <algorithm>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

namespace {

/// What a command reads, or writes.
template <typename Command>
Access getAccess(const Command &command, bool isWrite) {
  Access found = {"", Range(), isWrite};
  command.accesses([&](const Access &access) {
    if (access.isWrite == isWrite)
      found = access;
  });
  return found;
}

uint64_t endOf(const Range &range) { return range.address + range.extent(); }

bool overlap(const Range &range, uint64_t begin, uint64_t end) { return range.address < end && begin < endOf(range); }

uint64_t resultRows(const Load2d &c) { return loadRows(c.transpose, c.scale, c.rows, c.cols); }
uint64_t resultCols(const Load2d &c) { return loadCols(c.transpose, c.scale, c.rows, c.cols); }

} // namespace

//===----------------------------------------------------------------------===//
// What can wait
//===----------------------------------------------------------------------===//

bool DeferredMoves::take(Core &core, const Nd2nz &c) {
  const uint64_t bytes = c.cols * size(c.type), blocks = bytes / 32;
  // Neither zeros to add nor gaps to leave.
  if (!c.rows || !blocks || !c.planes || bytes % 32 || c.rows % 16 || c.dstPitch != c.rows ||
      (c.planes > 1 && c.dstPlane != blocks * c.dstPitch * 32))
    return false;
  Move move;
  move.raw = c.encode();
  move.columnBytes = c.rows * 32;
  move.source.bytes = core.host(c.src);
  move.source.fractalPitch = c.srcPitch * 16;
  move.source.rowPitch = c.srcPitch;
  move.source.planeBlocks = blocks;
  move.source.planePitch = c.srcPlane;
  move.sourceEnd = move.source.bytes + getAccess(c, /*isWrite=*/false).range.extent();
  return take(core, move, getAccess(c, /*isWrite=*/true));
}

bool DeferredMoves::take(Core &core, const DmaIn &c) {
  if (spaceOf(c.dst) != Space::L1 || !c.rows || !c.rowBytes || !c.planes || c.pad)
    return false;
  // Columns of fractals are rows, or planes whose rows touch.
  const bool arePlanes = c.srcPitch == c.rowBytes && (c.rows == 1 || c.dstPitch == c.rowBytes);
  const uint64_t columnBytes = arePlanes ? c.rows * c.rowBytes : c.rowBytes;
  if (columnBytes % 512 || (arePlanes ? c.planes > 1 && c.dstPlane != columnBytes
                                      : c.planes > 1 || (c.rows > 1 && c.dstPitch != columnBytes)))
    return false;
  Move move;
  move.raw = c.encode();
  move.columnBytes = columnBytes;
  move.source.bytes = core.host(c.src);
  move.source.planePitch = arePlanes ? c.srcPlane : c.srcPitch;
  move.sourceEnd = move.source.bytes + getAccess(c, /*isWrite=*/false).range.extent();
  return take(core, move, getAccess(c, /*isWrite=*/true));
}

bool DeferredMoves::take(Core &core, const Move &move, const Access &write) {
  const uint64_t begin = write.range.address, end = endOf(write.range);
  // Loads still need what was there; other than that, what the new one overwrites was
  // not needed.
  settleLoads(core, begin, end, /*written=*/false);
  moves.erase(
      std::remove_if(moves.begin(), moves.end(), [&](const Move &old) { return begin <= old.begin && old.end <= end; }),
      moves.end());
  settleMoves(core, begin, end);
  moves.push_back(move);
  moves.back().begin = begin;
  moves.back().end = end;
  return true;
}

bool DeferredMoves::take(Core &core, const Load2d &c) {
  // Products take their left operand as it is, the right one turned too.
  if (!c.rows || !c.cols || c.dstPitch != (c.order ? resultRows(c) : resultCols(c)) ||
      (c.transpose && (!c.target || c.scale == 0)))
    return false;
  const Range written = getAccess(c, /*isWrite=*/true).range;
  loads.erase(std::remove_if(loads.begin(), loads.end(),
                             [&](const Load2d &old) {
                               const Range range = getAccess(old, /*isWrite=*/true).range;
                               return written.address <= range.address && endOf(range) <= endOf(written);
                             }),
              loads.end());
  settleLoads(core, written.address, endOf(written), /*written=*/true);
  loads.push_back(c);
  return true;
}

//===----------------------------------------------------------------------===//
// What cannot
//===----------------------------------------------------------------------===//

void DeferredMoves::settleAll(Core &core) {
  settleLoads(core, 0, ~uint64_t(0), /*written=*/true);
  settleMoves(core, 0, ~uint64_t(0));
}

void DeferredMoves::settleAny(Core &core, const Range &range, bool isWrite) {
  if (range.empty())
    return;
  const uint64_t begin = range.address, end = endOf(range);
  switch (spaceOf(begin)) {
  case Space::GM: {
    if (!isWrite)
      return;
    // Buffers may share memory of the host.
    const uint8_t *first = core.host(begin), *last = first + range.extent();
    for (size_t i = 0; i < moves.size();)
      if (first < moves[i].sourceEnd && moves[i].source.bytes < last)
        settleMoves(core, moves[i].begin, moves[i].end);
      else
        ++i;
    return;
  }
  case Space::L1:
    if (isWrite)
      settleLoads(core, begin, end, /*written=*/false);
    settleMoves(core, begin, end);
    return;
  case Space::L0A:
  case Space::L0B: settleLoads(core, begin, end, /*written=*/true); return;
  default: return;
  }
}

/// Those into a range of L1.
void DeferredMoves::settleMoves(Core &core, uint64_t begin, uint64_t end) {
  for (size_t i = 0; i < moves.size();) {
    if (moves[i].end <= begin || end <= moves[i].begin) {
      ++i;
      continue;
    }
    const RawCommand raw = moves[i].raw;
    moves.erase(moves.begin() + ptrdiff_t(i));
    if (raw.id == CommandId::Nd2nz)
      perform(core, Nd2nz(raw));
    else
      perform(core, DmaIn(raw));
  }
}

/// Those that write, or read, bytes of a range.
void DeferredMoves::settleLoads(Core &core, uint64_t begin, uint64_t end, bool written) {
  for (size_t i = 0; i < loads.size();) {
    const Load2d load = loads[i];
    if (!overlap(getAccess(load, written).range, begin, end)) {
      ++i;
      continue;
    }
    loads.erase(loads.begin() + ptrdiff_t(i));
    const Range source = getAccess(load, /*isWrite=*/false).range;
    settleMoves(core, source.address, endOf(source));
    perform(core, load);
  }
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

Fractals DeferredMoves::find(Core &core, uint64_t address, uint64_t across, uint64_t depth, bool byColumns,
                             uint64_t elementBytes) {
  const auto load = std::find_if(loads.begin(), loads.end(), [&](const Load2d &c) {
    return loadTarget(c.target, c.dst) == address && resultRows(c) == across && resultCols(c) == depth &&
           bool(c.order) == byColumns && (!c.transpose || uint64_t(1) << c.scale == elementBytes);
  });
  Fractals found;
  if (load == loads.end()) {
    settleLoads(core, address, address + across * depth * 512, /*written=*/true);
    found.bytes = core.host(address);
    found.fractalPitch = 512 * (byColumns ? 1 : depth);
    found.planePitch = 512 * (byColumns ? across : 1);
    return found;
  }
  const Range source = getAccess(*load, /*isWrite=*/false).range;
  for (const Move &move : moves) {
    const uint64_t offset = source.address - move.begin, row = offset % move.columnBytes / 32;
    if (source.address < move.begin || endOf(source) > move.end || load->srcPitch * 512 != move.columnBytes ||
        row * 32 + load->rows * 512 > move.columnBytes)
      continue;
    found = move.source;
    found.bytes += row * found.rowPitch;
    found.firstBlock = offset / move.columnBytes;
    found.isGlobal = true;
    found.turned = load->transpose;
    return found;
  }
  settleMoves(core, source.address, endOf(source));
  found.bytes = core.host(source.address);
  found.planePitch = load->srcPitch * 512;
  found.turned = load->transpose;
  return found;
}

} // namespace sim
} // namespace gemlir
