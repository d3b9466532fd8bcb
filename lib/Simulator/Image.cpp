//===- Image.cpp - reads RV64 ELF files -----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Trusts nothing: every offset, size and count is checked before use.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Simulator/Image.h"

#include <algorithm>
#include <cstring>

namespace gemlir {
namespace sim {

namespace {

struct FileHeader {
  uint8_t magic[4], cls, data, version, abi, pad[8];
  uint16_t type, machine;
  uint32_t fileVersion;
  uint64_t entry, programs, sections;
  uint32_t flags;
  uint16_t headerSize, programSize, programCount, sectionSize, sectionCount, nameIndex;
};

struct ProgramHeader {
  uint32_t type, flags;
  uint64_t offset, address, physical, fileSize, memorySize, alignment;
};

struct SectionHeader {
  uint32_t name, type;
  uint64_t flags, address, offset, size;
  uint32_t link, info;
  uint64_t alignment, entrySize;
};

struct SymbolEntry {
  uint32_t name;
  uint8_t info, other;
  uint16_t section;
  uint64_t value, size;
};

/// The file with checked access.
struct Bytes {
  const uint8_t *data;
  size_t size;

  bool holds(uint64_t offset, uint64_t length) const { return offset <= size && length <= size - offset; }
  template <typename T>
  bool read(uint64_t offset, T &value) const {
    if (!holds(offset, sizeof(T)))
      return false;
    memcpy(&value, data + offset, sizeof(T));
    return true;
  }
};

constexpr uint64_t kLargestProgram = uint64_t(64) << 20;

bool fail(std::string &error, const std::string &text) {
  error = text;
  return false;
}

bool checkHeader(const FileHeader &header, std::string &error) {
  if (memcmp(header.magic,
             "\x7f"
             "ELF",
             4) != 0)
    return fail(error, "found no ELF magic, expected an ELF file");
  if (header.cls != 2 || header.data != 1)
    return fail(error, "found an ELF file of another class, expected 64 bits, little endian");
  if (header.machine != 243)
    return fail(error, "found machine " + std::to_string(header.machine) + ", expected 243 (RISC-V)");
  if (header.type != 2)
    return fail(error, "found file type " + std::to_string(header.type) + ", expected 2 (static executable)");
  if (header.flags & 1)
    return fail(error, "found compressed instructions, expected code without the C extension");
  if (header.programSize != sizeof(ProgramHeader) || header.programCount > 64)
    return fail(error, "found damaged program headers");
  return true;
}

bool readSegment(const Bytes &file, const ProgramHeader &header, std::vector<Segment> &segments, std::string &error) {
  constexpr uint32_t kExecutable = 1, kWritable = 2;
  if (header.memorySize == 0)
    return true;
  if (header.fileSize > header.memorySize || !file.holds(header.offset, header.fileSize))
    return fail(error, "found a segment beyond the end of the file");
  if (header.memorySize > kLargestProgram || header.address >= Image::kLimit ||
      header.memorySize > Image::kLimit - header.address)
    return fail(error, "found a segment at " + std::to_string(header.address) + " of " +
                           std::to_string(header.memorySize) + " bytes, expected at most 64 MiB below 4 GiB");
  if ((header.flags & kWritable) && (header.flags & kExecutable))
    return fail(error, "found a segment that is both writable and executable");
  if ((header.flags & kExecutable) && header.address % 4)
    return fail(error, "found code that is not aligned to 4 bytes");
  for (const Segment &other : segments)
    if (header.address < other.address + other.bytes.size() && other.address < header.address + header.memorySize)
      return fail(error, "found segments that overlap");
  Segment segment;
  segment.address = header.address;
  segment.bytes.assign(header.memorySize, 0);
  memcpy(segment.bytes.data(), file.data + header.offset, header.fileSize);
  segment.writable = header.flags & kWritable;
  segment.executable = header.flags & kExecutable;
  segments.push_back(std::move(segment));
  return true;
}

/// Text for people: no control character of a file reaches a terminal.
std::string makePrintable(const char *text, size_t length) {
  std::string result(text, length);
  std::replace_if(result.begin(), result.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return result;
}

/// Symbols only name addresses for people; damaged ones are left out.
void readSymbols(const Bytes &file, const FileHeader &header, std::vector<Symbol> &symbols) {
  constexpr uint32_t kSymbolTable = 2;
  constexpr size_t kMostSymbols = 1 << 16;
  if (header.sectionSize != sizeof(SectionHeader))
    return;
  for (uint64_t i = 0; i < header.sectionCount; ++i) {
    SectionHeader table, strings;
    if (!file.read(header.sections + i * sizeof(SectionHeader), table) || table.type != kSymbolTable ||
        table.link >= header.sectionCount ||
        !file.read(header.sections + table.link * sizeof(SectionHeader), strings) ||
        !file.holds(table.offset, table.size) || !file.holds(strings.offset, strings.size))
      continue;
    for (uint64_t at = 0; at + sizeof(SymbolEntry) <= table.size && symbols.size() < kMostSymbols;
         at += sizeof(SymbolEntry)) {
      SymbolEntry entry;
      file.read(table.offset + at, entry);
      const unsigned kind = entry.info & 15;
      if (entry.section == 0 || kind > 2 || entry.name >= strings.size)
        continue;
      const char *text = reinterpret_cast<const char *>(file.data + strings.offset + entry.name);
      const std::string name = makePrintable(text, strnlen(text, std::min<uint64_t>(strings.size - entry.name, 256)));
      // Mapping symbols of the assembler name no code.
      if (!name.empty() && name[0] != '$' && name[0] != '.')
        symbols.push_back({entry.value, entry.size, name});
    }
  }
  std::sort(symbols.begin(), symbols.end(), [](const Symbol &a, const Symbol &b) {
    return a.address != b.address ? a.address < b.address : a.name < b.name;
  });
}

/// The bytes of a section by name, or null.
const uint8_t *findSection(const Bytes &file, const FileHeader &header, const char *name, uint64_t &size) {
  SectionHeader names, section;
  if (header.sectionSize != sizeof(SectionHeader) || header.nameIndex >= header.sectionCount ||
      !file.holds(header.sections, uint64_t(header.sectionCount) * sizeof(SectionHeader)) ||
      !file.read(header.sections + header.nameIndex * sizeof(SectionHeader), names) ||
      !file.holds(names.offset, names.size))
    return nullptr;
  for (uint64_t i = 0; i < header.sectionCount; ++i) {
    file.read(header.sections + i * sizeof(SectionHeader), section);
    if (section.name >= names.size || !file.holds(section.offset, section.size))
      continue;
    const char *text = reinterpret_cast<const char *>(file.data + names.offset + section.name);
    if (strnlen(text, names.size - section.name) != strlen(name) || memcmp(text, name, strlen(name)) != 0)
      continue;
    size = section.size;
    return file.data + section.offset;
  }
  return nullptr;
}

} // namespace

/// The table is that of the compiler, or the file is refused.
bool Image::readKernels(const uint8_t *table, uint64_t size, std::string &error) {
  struct Row {
    uint64_t name, cube, vector, aicpu;
    uint32_t blocks, reserved;
  };
  constexpr size_t kMostKernels = 1 << 16;
  constexpr unsigned kMostBlocks = 1 << 16;
  if (size % sizeof(Row) || size / sizeof(Row) > kMostKernels)
    return fail(error, "found a table of kernels of " + std::to_string(size) + " bytes, expected entries of " +
                           std::to_string(sizeof(Row)));
  for (uint64_t at = 0; at < size; at += sizeof(Row)) {
    Row row;
    memcpy(&row, table + at, sizeof(Row));
    KernelEntry entry{"", row.cube, row.vector, row.aicpu, row.blocks};
    for (const Segment &part : parts)
      if (part.contains(row.name, 1)) {
        const uint64_t offset = row.name - part.address;
        const char *text = reinterpret_cast<const char *>(part.bytes.data() + offset);
        entry.name = makePrintable(text, strnlen(text, std::min<uint64_t>(part.bytes.size() - offset, 4096)));
      }
    const std::string where = "found kernel '" + entry.name + "' ";
    for (uint64_t code : {row.cube, row.vector, row.aicpu})
      if (code && std::none_of(parts.begin(), parts.end(), [&](const Segment &part) {
            return part.executable && code % 4 == 0 && part.contains(code, 4);
          }))
        return fail(error, where + "with an entry that is no code");
    if (entry.name.empty() || (row.aicpu ? row.cube || row.vector : !row.cube && !row.vector))
      return fail(error, where + "without a name or without the entries of one unit");
    if (row.blocks > kMostBlocks)
      return fail(error, where + "with " + std::to_string(row.blocks) + " blocks, expected at most " +
                             std::to_string(kMostBlocks));
    entries.push_back(std::move(entry));
  }
  return true;
}

/// Rows of an address and text that ends with a zero. Like symbols they only tell
/// people something, so that what is damaged is left out.
void Image::readLines(const uint8_t *table, uint64_t size) {
  constexpr uint64_t kLongest = 1024, kMostBytes = uint64_t(16) << 20;
  for (uint64_t at = 0; size <= kMostBytes && at + sizeof(uint64_t) < size;) {
    Line line;
    memcpy(&line.address, table + at, sizeof(uint64_t));
    at += sizeof(uint64_t);
    const char *text = reinterpret_cast<const char *>(table + at);
    const uint64_t length = strnlen(text, size - at);
    if (length == size - at || length > kLongest)
      break;
    line.place = makePrintable(text, length);
    at += length + 1;
    places.push_back(std::move(line));
  }
  std::stable_sort(places.begin(), places.end(), [](const Line &a, const Line &b) { return a.address < b.address; });
}

bool Image::load(const void *data, size_t size, std::string &error) {
  parts.clear();
  names.clear();
  entries.clear();
  places.clear();
  targetText.clear();
  start = 0;
  const Bytes file{static_cast<const uint8_t *>(data), size};
  FileHeader header;
  if (!file.read(0, header))
    return fail(error, "found " + std::to_string(size) + " bytes, expected an ELF file");
  if (!checkHeader(header, error))
    return false;
  std::vector<Segment> segments;
  uint64_t total = 0;
  for (uint64_t i = 0; i < header.programCount; ++i) {
    ProgramHeader program;
    if (header.programs > size || !file.read(header.programs + i * sizeof(ProgramHeader), program))
      return fail(error, "found program headers beyond the end of the file");
    constexpr uint32_t kLoad = 1, kDynamic = 2, kInterpreter = 3;
    if (program.type == kDynamic || program.type == kInterpreter)
      return fail(error, "found a dynamically linked file, expected a static one");
    if (program.type == kLoad && !readSegment(file, program, segments, error))
      return false;
    total = 0;
    for (const Segment &segment : segments)
      total += segment.bytes.size();
    if (total > kLargestProgram)
      return fail(error, "found a program of more than 64 MiB");
  }
  if (segments.empty())
    return fail(error, "found no segment to load");
  if (header.sections <= size)
    readSymbols(file, header, names);
  parts = std::move(segments);
  start = header.entry;
  uint64_t length = 0;
  if (const uint8_t *target = findSection(file, header, ".npu.target", length))
    targetText.assign(reinterpret_cast<const char *>(target), length);
  if (const uint8_t *lines = findSection(file, header, ".npu.lines", length))
    readLines(lines, length);
  const uint8_t *table = findSection(file, header, ".npu.kernels", length);
  return !table || readKernels(table, length, error);
}

Image Image::fromWords(const std::vector<uint32_t> &words, uint64_t address) {
  Image image;
  Segment segment;
  segment.address = address;
  segment.bytes.resize(words.size() * 4);
  memcpy(segment.bytes.data(), words.data(), segment.bytes.size());
  segment.executable = true;
  image.parts.push_back(std::move(segment));
  image.start = address;
  return image;
}

uint64_t Image::find(const std::string &symbol) const {
  for (const Symbol &s : names)
    if (s.name == symbol)
      return s.address;
  return 0;
}

std::string Image::describe(uint64_t address) const {
  char text[32];
  auto next = std::upper_bound(names.begin(), names.end(), address,
                               [](uint64_t value, const Symbol &s) { return value < s.address; });
  if (next == names.begin()) {
    snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(address));
    return text;
  }
  const Symbol &symbol = *std::prev(next);
  snprintf(text, sizeof(text), "+0x%llx", static_cast<unsigned long long>(address - symbol.address));
  auto line = std::upper_bound(places.begin(), places.end(), address,
                               [](uint64_t value, const Line &l) { return value < l.address; });
  const bool known =
      line != places.begin() && std::prev(line)->address >= symbol.address && !std::prev(line)->place.empty();
  return symbol.name + text + (known ? " (" + std::prev(line)->place + ")" : "");
}

} // namespace sim
} // namespace gemlir
