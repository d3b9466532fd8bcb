//===- Wire.cpp - bounds-checked protobuf wire format ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Support/Wire.h"

using namespace gemlir;

bool WireReader::readRawVarint(uint64_t &value) {
  size_t start = pos;
  value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (pos >= span.end)
      return error.setAt(start, "a number is cut off at byte " + std::to_string(span.end));
    uint8_t byte = span.file[pos++];
    if (shift < 64)
      value |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return error.setAt(start, "a number has more than 10 bytes");
}

bool WireReader::next() {
  if (!error.empty() || pos >= span.end)
    return false;
  fieldOffset = pos;
  uint64_t tag;
  if (!readRawVarint(tag))
    return false;
  unsigned wire = tag & 7;
  if (wire != 0 && wire != 1 && wire != 2 && wire != 5)
    return error.setAt(fieldOffset, "found wire type " + std::to_string(wire) + ", expected 0, 1, 2 or 5");
  if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
    return error.setAt(fieldOffset, "field number " + std::to_string(tag >> 3) + " is out of range");
  fieldNumber = static_cast<uint32_t>(tag >> 3);
  type = static_cast<WireType>(wire);
  return true;
}

bool WireReader::expect(WireType wanted) {
  if (type == wanted)
    return true;
  return error.setAt(fieldOffset, "field " + std::to_string(fieldNumber) + " has wire type " +
                                      std::to_string(unsigned(type)) + ", expected " +
                                      std::to_string(unsigned(wanted)));
}

bool WireReader::readVarint(uint64_t &value) { return expect(WireType::Varint) && readRawVarint(value); }

bool WireReader::readFixed32(uint32_t &value) {
  if (!expect(WireType::Fixed32))
    return false;
  if (span.end - pos < 4)
    return error.setAt(pos, "a 4-byte value is cut off at byte " + std::to_string(span.end));
  std::memcpy(&value, span.file + pos, 4);
  pos += 4;
  return true;
}

bool WireReader::readFixed64(uint64_t &value) {
  if (!expect(WireType::Fixed64))
    return false;
  if (span.end - pos < 8)
    return error.setAt(pos, "an 8-byte value is cut off at byte " + std::to_string(span.end));
  std::memcpy(&value, span.file + pos, 8);
  pos += 8;
  return true;
}

bool WireReader::readBytes(Span &value) {
  if (!expect(WireType::Bytes))
    return false;
  uint64_t length;
  if (!readRawVarint(length))
    return false;
  if (length > span.end - pos)
    return error.setAt(fieldOffset, "field " + std::to_string(fieldNumber) + " claims " + std::to_string(length) +
                                        " bytes, but its message ends after " + std::to_string(span.end - pos) +
                                        ", at byte " + std::to_string(span.end));
  value = {span.file, pos, pos + static_cast<size_t>(length)};
  pos = value.end;
  return true;
}

bool WireReader::skip() {
  uint64_t wide;
  uint32_t narrow;
  Span bytes;
  switch (type) {
  case WireType::Varint: return readVarint(wide);
  case WireType::Fixed64: return readFixed64(wide);
  case WireType::Bytes: return readBytes(bytes);
  case WireType::Fixed32: return readFixed32(narrow);
  }
  return false;
}

bool WireReader::readInt(int64_t &value) {
  uint64_t raw;
  if (!readVarint(raw))
    return false;
  value = static_cast<int64_t>(raw);
  return true;
}

bool WireReader::readText(std::string_view &value) {
  Span bytes;
  if (!readBytes(bytes))
    return false;
  value = bytes.text();
  return true;
}

bool WireReader::readFloat(float &value) {
  uint32_t raw;
  if (!readFixed32(raw))
    return false;
  std::memcpy(&value, &raw, 4);
  return true;
}

bool WireReader::readInts(std::vector<int64_t> &values) {
  if (type == WireType::Varint) {
    int64_t value;
    if (!readInt(value))
      return false;
    values.push_back(value);
    return true;
  }
  Span packed;
  if (!readBytes(packed))
    return false;
  WireReader inner(packed, error);
  while (inner.pos < packed.end) {
    uint64_t raw;
    if (!inner.readRawVarint(raw))
      return false;
    values.push_back(static_cast<int64_t>(raw));
  }
  return true;
}

bool WireReader::readFloats(std::vector<float> &values) {
  if (type == WireType::Fixed32) {
    float value;
    if (!readFloat(value))
      return false;
    values.push_back(value);
    return true;
  }
  Span packed;
  if (!readBytes(packed))
    return false;
  if (packed.size() % 4)
    return error.setAt(packed.begin,
                       "found " + std::to_string(packed.size()) + " bytes of packed floats, expected a multiple of 4");
  size_t first = values.size();
  values.resize(first + packed.size() / 4);
  if (packed.size())
    std::memcpy(values.data() + first, packed.data(), packed.size());
  return true;
}

void WireWriter::addVarint(uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    bytes.push_back(static_cast<uint8_t>(value | 0x80));
  bytes.push_back(static_cast<uint8_t>(value));
}

size_t WireWriter::getVarintSize(uint64_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7)
    ++size;
  return size;
}

void WireWriter::addFloat(uint32_t field, float value) {
  addTag(field, WireType::Fixed32);
  const auto *raw = reinterpret_cast<const uint8_t *>(&value);
  bytes.insert(bytes.end(), raw, raw + sizeof value);
}

void WireWriter::addPacked(uint32_t field, const int64_t *values, size_t count) {
  size_t size = 0;
  for (size_t i = 0; i < count; ++i)
    size += getVarintSize(static_cast<uint64_t>(values[i]));
  addLength(field, size);
  for (size_t i = 0; i < count; ++i)
    addVarint(static_cast<uint64_t>(values[i]));
}

void WireWriter::addEntry(uint32_t field, std::string_view key, const WireWriter &value) {
  WireWriter entry;
  entry.addBytes(1, key);
  entry.addMessage(2, value);
  addMessage(field, entry);
}
