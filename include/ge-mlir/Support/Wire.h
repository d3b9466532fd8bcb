//===- Wire.h - bounds-checked protobuf wire format -------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_SUPPORT_WIRE_H
#define GEMLIR_SUPPORT_WIRE_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace gemlir {

/// The first problem met while reading; later ones are consequences of it.
struct ReadError {
  std::string text;
  /// Where the first field was that the reader of its message does not know, if it
  /// says so. No error in itself.
  std::string unknownField;

  bool empty() const { return text.empty(); }
  /// Returns false, so that a reader can `return error.set(...)`.
  bool set(std::string message) {
    if (text.empty())
      text = std::move(message);
    return false;
  }
  bool setAt(size_t offset, const std::string &message) {
    return set("at byte " + std::to_string(offset) + ": " + message);
  }
};

enum class WireType : uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

/// A window on the file. Its offsets are the file's.
struct Span {
  const uint8_t *file = nullptr;
  size_t begin = 0, end = 0;

  const uint8_t *data() const { return file + begin; }
  size_t size() const { return end - begin; }
  std::string_view text() const { return {reinterpret_cast<const char *>(data()), size()}; }
};

/// Walks the fields of one message. A call that returns false has either met the
/// end (next() only, with no error set) or has set the error.
class WireReader {
public:
  WireReader(Span span, ReadError &error) : span(span), pos(span.begin), error(error) {}

  bool next();
  uint32_t field() const { return fieldNumber; }
  WireType wireType() const { return type; }
  size_t offset() const { return fieldOffset; }

  bool readVarint(uint64_t &value);
  bool readFixed32(uint32_t &value);
  bool readFixed64(uint64_t &value);
  bool readBytes(Span &value);
  bool skip();

  /// Typed reads of the current field; they check the wire type.
  bool readInt(int64_t &value);
  bool readText(std::string_view &value);
  bool readFloat(float &value);
  /// Repeated scalars, packed or one by one.
  bool readInts(std::vector<int64_t> &values);
  bool readFloats(std::vector<float> &values);
  bool expect(WireType wanted);

  ReadError &getError() { return error; }

private:
  bool readRawVarint(uint64_t &value);

  Span span;
  size_t pos;
  size_t fieldOffset = 0;
  uint32_t fieldNumber = 0;
  WireType type = WireType::Varint;
  ReadError &error;
};

/// The bytes of a message. Fields are written in the order of the calls, so equal
/// calls give equal bytes.
class WireWriter {
public:
  void addInt(uint32_t field, int64_t value) {
    addTag(field, WireType::Varint);
    addVarint(static_cast<uint64_t>(value));
  }
  void addBytes(uint32_t field, std::string_view value) {
    addLength(field, value.size());
    bytes.insert(bytes.end(), value.begin(), value.end());
  }
  void addFloat(uint32_t field, float value);
  void addMessage(uint32_t field, const WireWriter &value) { addBytes(field, value.str()); }
  void addPacked(uint32_t field, const int64_t *values, size_t count);
  /// An entry of a map from names to messages.
  void addEntry(uint32_t field, std::string_view key, const WireWriter &value);
  /// What stands before `size` bytes that the caller adds next.
  void addLength(uint32_t field, size_t size) {
    addTag(field, WireType::Bytes);
    addVarint(size);
  }
  void addVarint(uint64_t value);

  std::string_view str() const { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }
  std::vector<uint8_t> take() { return std::move(bytes); }

  /// Bytes that a number takes.
  static size_t getVarintSize(uint64_t value);

private:
  void addTag(uint32_t field, WireType type) { addVarint(uint64_t(field) << 3 | unsigned(type)); }

  std::vector<uint8_t> bytes;
};

} // namespace gemlir

#endif // GEMLIR_SUPPORT_WIRE_H
