//===- Image.h - a kernel's ELF file ---------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_SIMULATOR_IMAGE_H
#define GE_MLIR_SIMULATOR_IMAGE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gemlir {
namespace sim {

/// A part of the program at its address in global memory.
struct Segment {
  uint64_t address = 0;
  std::vector<uint8_t> bytes;
  bool writable = false, executable = false;

  bool contains(uint64_t where, uint64_t size) const {
    return where >= address && where - address <= bytes.size() && size <= bytes.size() - (where - address);
  }
};

struct Symbol {
  uint64_t address = 0, size = 0;
  std::string name;
};

/// Where in the model the code from an address on comes from; no one knows if the place
/// is empty.
struct Line {
  uint64_t address = 0;
  std::string place;
};

/// A kernel of a device binary: the entries for cube cores, vector cores and
/// AICPU harts, 0 where it has none.
struct KernelEntry {
  std::string name;
  uint64_t cube = 0, vector = 0, aicpu = 0;
  /// Blocks of a launch; 0 for one on each core.
  unsigned blocks = 0;

  /// "cube", "vector", "mix" or "aicpu".
  const char *unit() const { return aicpu ? "aicpu" : !cube ? "vector" : !vector ? "cube" : "mix"; }
};

/// A static, fully linked RV64 ELF file, copied and checked: nothing in it
/// refers to the file any more.
class Image {
public:
  /// Program addresses are below this one; buffers are above.
  static constexpr uint64_t kLimit = uint64_t(1) << 32;

  /// Reads a file's bytes. Returns false and says in `error` what was found and
  /// what was expected.
  bool load(const void *data, size_t size, std::string &error);

  /// A program of these instructions.
  static Image fromWords(const std::vector<uint32_t> &words, uint64_t address);

  const std::vector<Segment> &segments() const { return parts; }
  /// Symbols by address.
  const std::vector<Symbol> &symbols() const { return names; }
  /// The kernels of the section `.npu.kernels`; none if there is no such section.
  const std::vector<KernelEntry> &kernels() const { return entries; }
  /// The section `.npu.lines` by address; none if there is no such section.
  const std::vector<Line> &lines() const { return places; }
  /// The device of the section `.npu.target` as JSON; empty if there is none.
  const std::string &target() const { return targetText; }
  /// The ELF header's entry.
  uint64_t entry() const { return start; }
  /// The address of a symbol, 0 if there is none.
  uint64_t find(const std::string &symbol) const;
  /// "symbol+0x1c", or the address alone; with " (place)" if the lines say it.
  std::string describe(uint64_t address) const;

private:
  std::vector<Segment> parts;
  std::vector<Symbol> names;
  std::vector<KernelEntry> entries;
  std::vector<Line> places;
  std::string targetText;
  uint64_t start = 0;

  void readLines(const uint8_t *table, uint64_t size);
  bool readKernels(const uint8_t *table, uint64_t size, std::string &error);
};

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_SIMULATOR_IMAGE_H
