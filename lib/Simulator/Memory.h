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
#include "ge-mlir/Simulator/Image.h"

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
    buffers.push_back({address, size, static_cast<uint8_t *>(data), writable});
    // Guard space between buffers, so that no access goes from one to the next.
    next += engine::roundUp(size, 4096) + 4096;
    last = nullptr;
    return address;
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
    if (last && last->contains(address, size))
      return !write || last->writable ? last->data + (address - last->address) : nullptr;
    if (arguments.contains(address, size))
      return write ? nullptr : arguments.data + (address - arguments.address);
    for (const Buffer &buffer : buffers)
      if (buffer.contains(address, size)) {
        last = &buffer;
        return !write || buffer.writable ? buffer.data + (address - buffer.address) : nullptr;
      }
    return nullptr;
  }
  const std::vector<Segment> &getProgram() const { return program; }

private:
  struct Buffer {
    uint64_t address, size;
    uint8_t *data;
    bool writable;
    bool contains(uint64_t where, uint64_t length) const {
      return where >= address && where - address <= size && length <= size - (where - address);
    }
  };
  std::vector<Segment> program;
  std::vector<Buffer> buffers;
  Buffer arguments = {};
  const Buffer *last = nullptr;
  /// Arguments are between the program and the buffers.
  uint64_t next = Image::kLimit * 4;
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_MEMORY_H
