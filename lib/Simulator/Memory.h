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

#include "ge-mlir/Simulator/Simulator.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace gemlir {
namespace sim {

/// A memory of one core. Each byte knows whether it was ever written.
class LocalMemory {
public:
  void resize(uint64_t size) {
    bytes.assign(size, 0);
    written.assign(size, 0);
  }
  /// A new kernel finds nothing in it.
  void clear() { std::fill(written.begin(), written.end(), uint8_t(0)); }

  uint64_t size() const { return bytes.size(); }
  uint8_t *data() { return bytes.data(); }
  void markWritten(uint64_t offset, uint64_t length) { memset(written.data() + offset, 1, length); }
  bool isWritten(uint64_t offset, uint64_t length) const {
    return !length || memchr(written.data() + offset, 0, length) == nullptr;
  }

private:
  std::vector<uint8_t> bytes, written;
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
    if (last && last->contains(address, size) && (!write || last->writable))
      return last->data + (address - last->address);
    if (arguments.contains(address, size))
      return write ? nullptr : arguments.data + (address - arguments.address);
    // An input may be the memory of an output too.
    for (const MemoryWindow &buffer : buffers)
      if (buffer.contains(address, size) && (!write || buffer.writable)) {
        last = &buffer;
        return buffer.data + (address - buffer.address);
      }
    return nullptr;
  }
  const std::vector<MemoryWindow> &getBuffers() const { return buffers; }
  const std::vector<Segment> &getProgram() const { return program; }

private:
  std::vector<Segment> program;
  std::vector<MemoryWindow> buffers;
  MemoryWindow arguments = {};
  const MemoryWindow *last = nullptr;
  /// Arguments are between the program and the buffers.
  uint64_t next = Simulator::kFirstBuffer;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_MEMORY_H
