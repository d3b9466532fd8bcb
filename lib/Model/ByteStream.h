//===- ByteStream.h - little-endian writing and checked reading -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_MODEL_BYTESTREAM_H
#define GEMLIR_LIB_MODEL_BYTESTREAM_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace gemlir::model {

/// Appends integers in little-endian order, whatever the machine's.
class ByteWriter {
public:
  template <typename T>
  void integer(T value) {
    static_assert(std::is_integral_v<T>);
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (size_t i = 0; i < sizeof(T); ++i)
      bytes.push_back(uint8_t(uint64_t(bits) >> (8 * i)));
  }
  void raw(const void *data, size_t size) {
    auto *begin = static_cast<const uint8_t *>(data);
    bytes.insert(bytes.end(), begin, begin + size);
  }
  void raw(const std::string &text) { raw(text.data(), text.size()); }
  /// A length of 32 bits, then the characters.
  void string(const std::string &text) {
    integer(uint32_t(text.size()));
    raw(text);
  }
  void zeros(size_t count) { bytes.resize(bytes.size() + count); }
  void patch32(size_t position, uint32_t value) {
    for (size_t i = 0; i < 4; ++i)
      bytes[position + i] = uint8_t(value >> (8 * i));
  }

  std::vector<uint8_t> bytes;
};

/// Reads what ByteWriter writes. Past the end, or after any failure, everything
/// reads as zero and `failed()` holds; so a caller checks once per table.
class ByteReader {
public:
  ByteReader(const void *data, size_t size) : next(static_cast<const uint8_t *>(data)), left(size) {}

  template <typename T>
  T integer() {
    static_assert(std::is_integral_v<T>);
    const uint8_t *from = raw(sizeof(T));
    if (!from)
      return 0;
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      bits |= uint64_t(from[i]) << (8 * i);
    return static_cast<T>(bits);
  }
  /// The next `size` bytes, or null if there are not as many.
  const uint8_t *raw(size_t size) {
    if (bad || size > left) {
      bad = true;
      return nullptr;
    }
    const uint8_t *result = next;
    next += size;
    left -= size;
    return result;
  }
  std::string string(size_t size) {
    const uint8_t *from = raw(size);
    return from ? std::string(reinterpret_cast<const char *>(from), size) : std::string();
  }
  std::string string() {
    uint32_t size = integer<uint32_t>();
    return string(size);
  }
  /// The number of entries of a table whose entries take at least `minimum`
  /// bytes each; more than can follow is a failure, so that nobody reserves
  /// memory for them.
  uint32_t count(size_t minimum) {
    uint32_t result = integer<uint32_t>();
    if (uint64_t(result) * minimum > left)
      bad = true;
    return bad ? 0 : result;
  }

  void fail() { bad = true; }
  bool failed() const { return bad; }
  size_t remaining() const { return left; }

private:
  const uint8_t *next;
  size_t left;
  bool bad = false;
};

} // namespace gemlir::model

#endif // GEMLIR_LIB_MODEL_BYTESTREAM_H
