//===- Memory.h - memories of a chip ---------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_MEMORY_H
#define GE_MLIR_LIB_SIMULATOR_MEMORY_H

#include "ge-mlir/Device/Engine.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <vector>

namespace gemlir {
namespace sim {

/// A line of the host's cache, for memory that begins with one.
struct alignas(64) HostLine {
  uint8_t bytes[64];
};

/// A memory of one core. Each byte knows whether it was ever written; one that was not
/// is never read, but for the stack, which control cores read without asking.
class LocalMemory {
public:
  void resize(uint64_t size) {
    length = size;
    lines.assign(size / sizeof(HostLine) + 1, HostLine());
    written.assign(size / kWordBytes + 1, 0);
    isWhole.assign(size / kChunkBytes + 1, 0);
    used = {size, 0};
  }
  /// A new kernel finds nothing in it.
  void clear() {
    auto forget = [&](auto &marks, uint64_t bytes) {
      std::fill(marks.begin() + ptrdiff_t(used.begin / bytes), marks.begin() + ptrdiff_t(used.end / bytes + 1), 0);
    };
    if (used.begin < used.end) {
      forget(written, kWordBytes);
      forget(isWhole, kChunkBytes);
    }
    used = {size(), 0};
  }
  /// Before `clear`, where reads do not ask.
  void zero() {
    if (used.begin < used.end)
      memset(data() + used.begin, 0, used.end - used.begin);
  }

  uint64_t size() const { return length; }
  uint8_t *data() { return lines.empty() ? nullptr : lines[0].bytes; }
  /// Remembers a change, for the next `clear`.
  void touch(uint64_t offset, uint64_t length) {
    used = {std::min(used.begin, offset), std::max(used.end, offset + length)};
  }
  void markWritten(uint64_t offset, uint64_t length) {
    if (!length)
      return;
    touch(offset, length);
    forEachPart(offset, length, [&](uint64_t begin, uint64_t bytes) {
      const Span span(begin, bytes);
      written[span.first] |= span.head;
      if (span.first != span.last) {
        std::fill(&written[span.first + 1], &written[span.last], ~uint64_t(0));
        written[span.last] |= span.tail;
      }
      if (bytes == kChunkBytes)
        isWhole[begin / kChunkBytes] = 1;
      return true;
    });
  }
  bool isWritten(uint64_t offset, uint64_t length) const {
    return forEachPart(offset, length, [&](uint64_t begin, uint64_t bytes) {
      const Span span(begin, bytes);
      uint64_t all = written[span.first] | ~span.head;
      if (span.first != span.last) {
        for (uint64_t word = span.first + 1; word < span.last; ++word)
          all &= written[word];
        all &= written[span.last] | ~span.tail;
      }
      return all == ~uint64_t(0);
    });
  }

private:
  static constexpr uint64_t kWordBytes = 64, kChunkBytes = 64 * kWordBytes;

  /// Calls `f` for the parts of a range in chunks that are not whole, until it returns false.
  template <typename F>
  bool forEachPart(uint64_t offset, uint64_t length, F &&f) const {
    for (uint64_t at = offset, end = offset + length; at < end;) {
      const uint64_t chunk = at / kChunkBytes, stop = std::min(end, (chunk + 1) * kChunkBytes);
      if (!isWhole[chunk] && !f(at, stop - at))
        return false;
      at = stop;
    }
    return true;
  }

  /// The words of a range, and its bits in the first and the last one.
  struct Span {
    Span(uint64_t offset, uint64_t length)
        : first(offset / kWordBytes), last((offset + length - 1) / kWordBytes), head(~uint64_t(0) << offset % 64),
          tail(~uint64_t(0) >> (63 - (offset + length - 1) % 64)) {
      if (first == last)
        head &= tail;
    }
    uint64_t first, last, head, tail;
  };

  uint64_t length = 0;
  std::vector<HostLine> lines;
  std::vector<uint64_t> written; // a bit for each byte
  std::vector<uint8_t> isWhole;  // whether all bytes of a chunk were written at once
  struct {
    uint64_t begin = 0, end = 0;
  } used;
};

/// Those of a core, by their tags.
struct LocalMemories {
  LocalMemory spaces[10];
};

/// A piece of global memory at its address.
struct MemoryWindow {
  uint64_t address = 0, size = 0;
  uint8_t *data = nullptr;
  bool writable = false;

  bool contains(uint64_t where, uint64_t length) const {
    return where >= address && where - address <= size && length <= size - (where - address);
  }
};

/// What the cores share: the program and the buffers.
class GlobalMemory {
public:
  /// Forgets the program before; the buffers stay.
  void load(const Image &image) {
    program = image.segments();
    last = nullptr;
  }
  uint64_t map(void *data, uint64_t size, bool writable) {
    const uint64_t address = next;
    place(address, data, size, writable);
    // Guard space between buffers, so that no access goes from one to the next.
    next += engine::roundUp(size, 4096) + 4096;
    return address;
  }
  void place(uint64_t address, void *data, uint64_t size, bool writable) {
    buffers.push_back({address, size, static_cast<uint8_t *>(data), writable});
    last = nullptr;
  }
  void clear() {
    buffers.clear();
    last = nullptr;
  }
  /// The arguments of a launch, readable at `address`.
  void setArguments(uint64_t address, void *data, uint64_t size) {
    arguments = {address, size, static_cast<uint8_t *>(data), false};
  }
  /// The host's bytes of a range inside of one buffer or segment, or null.
  uint8_t *find(uint64_t address, uint64_t size, bool write) {
    if (address < Image::kLimit) {
      for (Segment &segment : program)
        if (segment.contains(address, size) && (!write || segment.writable))
          return segment.bytes.data() + (address - segment.address);
      return nullptr;
    }
    const MemoryWindow *recent = last.load(std::memory_order_relaxed);
    if (recent && recent->contains(address, size) && (!write || recent->writable))
      return recent->data + (address - recent->address);
    if (arguments.contains(address, size))
      return write ? nullptr : arguments.data + (address - arguments.address);
    // An input may be the memory of an output too.
    for (const MemoryWindow &buffer : buffers)
      if (buffer.contains(address, size) && (!write || buffer.writable)) {
        last.store(&buffer, std::memory_order_relaxed);
        return buffer.data + (address - buffer.address);
      }
    return nullptr;
  }
  /// Whether no command of the launch can write there.
  bool isConstant(uint64_t address, uint64_t size) const {
    if (arguments.contains(address, size))
      return true;
    return std::any_of(program.begin(), program.end(),
                       [&](const Segment &segment) { return !segment.writable && segment.contains(address, size); });
  }
  const std::vector<MemoryWindow> &getBuffers() const { return buffers; }
  const std::vector<Segment> &getProgram() const { return program; }

private:
  std::vector<Segment> program;
  std::vector<MemoryWindow> buffers;
  MemoryWindow arguments = {};
  /// The buffer found last; cores look for theirs at the same time.
  std::atomic<const MemoryWindow *> last{nullptr};
  /// Arguments are between the program and the buffers.
  uint64_t next = Simulator::kFirstBuffer;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_MEMORY_H
