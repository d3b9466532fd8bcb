//===- Npy.cpp - arrays in NumPy's file format
//---------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Support/Npy.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace gemlir {

using namespace model;

namespace {

const char kMagic[] = "\x93NUMPY";
constexpr size_t kMagicSize = 6;

struct TypeRow {
  const char *code; ///< without byte order
  int32_t dataType;
  unsigned scalarSize; ///< of what byte order applies to
};

constexpr TypeRow kTypes[] = {
    {"f4", kFloat, 4},  {"f2", kFloat16, 2}, {"f8", kDouble, 8},    {"i1", kInt8, 1},        {"i2", kInt16, 2},
    {"i4", kInt32, 4},  {"i8", kInt64, 8},   {"u1", kUInt8, 1},     {"u2", kUInt16, 2},      {"u4", kUInt32, 4},
    {"u8", kUInt64, 8}, {"b1", kBool, 1},    {"c8", kComplex64, 4}, {"c16", kComplex128, 8}, {"V2", kBFloat16, 2},
};

Error fail(const std::string &text) { return Error(ErrorCode::ModelFormat, text); }

/// The dictionary literal that NumPy writes before the elements.
class HeaderParser {
public:
  explicit HeaderParser(const std::string &text) : text(text) {}

  bool parse() {
    if (!eat('{'))
      return false;
    while (!eat('}')) {
      std::string key;
      if (!readString(key) || !eat(':'))
        return false;
      bool good = key == "descr"           ? readString(descr)
                  : key == "fortran_order" ? readBool(isFortran)
                  : key == "shape"         ? readShape()
                                           : false;
      if (!good)
        return false;
      eat(',');
    }
    return !descr.empty() && hasShape;
  }

  std::string descr;
  bool isFortran = false;
  std::vector<int64_t> shape;

private:
  void skipSpace() {
    while (at < text.size() && std::isspace((unsigned char)text[at]))
      ++at;
  }
  bool eat(char character) {
    skipSpace();
    if (at >= text.size() || text[at] != character)
      return false;
    ++at;
    return true;
  }
  bool readString(std::string &result) {
    skipSpace();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"'))
      return false;
    size_t end = text.find(text[at], at + 1);
    if (end == std::string::npos)
      return false;
    result = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return true;
  }
  bool readBool(bool &result) {
    skipSpace();
    for (bool value : {false, true}) {
      const char *word = value ? "True" : "False";
      if (text.compare(at, std::strlen(word), word) == 0) {
        at += std::strlen(word);
        result = value;
        return true;
      }
    }
    return false;
  }
  bool readShape() {
    hasShape = true;
    if (!eat('('))
      return false;
    while (!eat(')')) {
      skipSpace();
      int64_t value = 0;
      size_t begin = at;
      for (; at < text.size() && std::isdigit((unsigned char)text[at]); ++at)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[at] - '0', &value))
          return false;
      if (at == begin)
        return false;
      shape.push_back(value);
      eat(',');
    }
    return true;
  }

  const std::string &text;
  size_t at = 0;
  bool hasShape = false;
};

void swapBytes(std::vector<uint8_t> &data, unsigned scalarSize) {
  for (size_t i = 0; i + scalarSize <= data.size(); i += scalarSize)
    std::reverse(data.begin() + i, data.begin() + i + scalarSize);
}

/// From the first dimension fastest to the last dimension fastest.
std::vector<uint8_t> toRowMajor(const std::vector<uint8_t> &from, const std::vector<int64_t> &shape,
                                size_t elementSize) {
  std::vector<uint8_t> to(from.size());
  std::vector<int64_t> index(shape.size());
  for (size_t i = 0; i < to.size(); i += elementSize) {
    size_t source = 0;
    for (size_t d = shape.size(); d--;)
      source = source * shape[d] + index[d];
    std::memcpy(&to[i], &from[source * elementSize], elementSize);
    for (size_t d = shape.size(); d-- && ++index[d] == shape[d];)
      index[d] = 0;
  }
  return to;
}

} // namespace

Error parseNpy(const void *bytes, size_t size, NpyArray &array) {
  auto *data = static_cast<const uint8_t *>(bytes);
  if (size < kMagicSize + 4 || std::memcmp(data, kMagic, kMagicSize))
    return fail("not a .npy file");
  unsigned major = data[kMagicSize];
  if (major < 1 || major > 3)
    return fail("found .npy version " + std::to_string(major) + ", expected 1 to 3");
  size_t at = kMagicSize + 2, lengthSize = major == 1 ? 2 : 4;
  size_t length = 0;
  for (size_t i = 0; i < lengthSize && at + i < size; ++i)
    length |= size_t(data[at + i]) << (8 * i);
  at += lengthSize;
  if (at > size || length > size - at)
    return fail("the header is cut off");
  std::string header(reinterpret_cast<const char *>(data + at), length);
  at += length;
  HeaderParser parser(header);
  if (!parser.parse())
    return fail("the header is not as NumPy writes it: " + header);
  char order = parser.descr[0];
  const TypeRow *type = nullptr;
  for (const TypeRow &row : kTypes)
    if (parser.descr.substr(1) == row.code)
      type = &row;
  if (!type || !std::strchr("<>|=", order))
    return fail("element type '" + parser.descr + "' is not supported");
  NpyArray result;
  result.dataType = type->dataType;
  result.shape = parser.shape;
  int64_t count = 1;
  for (int64_t dim : result.shape)
    if (__builtin_mul_overflow(count, dim, &count))
      return fail("the array has too many elements");
  int64_t expected = getByteSize(result.dataType, count);
  if (expected < 0 || uint64_t(expected) != size - at)
    return fail("found " + std::to_string(size - at) + " bytes of elements, expected " + std::to_string(expected));
  result.data.assign(data + at, data + size);
  if (order == '>')
    swapBytes(result.data, type->scalarSize);
  if (parser.isFortran)
    result.data = toRowMajor(result.data, result.shape, getByteSize(result.dataType, 1));
  array = std::move(result);
  return Error::success();
}

Error readNpy(const std::string &path, NpyArray &array) {
  std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  auto noFile = [&] { return Error(ErrorCode::FileRead, "cannot read '" + path + "': " + std::strerror(errno)); };
  if (!file)
    return noFile();
  std::vector<uint8_t> bytes;
  uint8_t block[1 << 16];
  while (size_t count = std::fread(block, 1, sizeof(block), file.get()))
    bytes.insert(bytes.end(), block, block + count);
  if (std::ferror(file.get()))
    return noFile();
  if (Error error = parseNpy(bytes.data(), bytes.size(), array))
    return Error(error.code(), "'" + path + "': " + error.text());
  return Error::success();
}

Error formatNpy(int32_t dataType, const std::vector<int64_t> &shape, const void *data, std::vector<uint8_t> &bytes) {
  const TypeRow *type = nullptr;
  int32_t writtenType = dataType == kBFloat16 ? int32_t(kFloat) : dataType;
  for (const TypeRow &row : kTypes)
    if (row.dataType == writtenType)
      type = &row;
  if (!type)
    return Error(ErrorCode::Unsupported, "NumPy has no element type for " + std::string(getDataTypeName(dataType)));
  int64_t count = 1;
  std::string dims;
  for (int64_t dim : shape) {
    count *= dim;
    dims += std::to_string(dim) + ", ";
  }
  if (shape.size() > 1)
    dims.resize(dims.size() - 2);
  else if (shape.size() == 1)
    dims.resize(dims.size() - 1);
  std::string header = std::string("{'descr': '") + (type->scalarSize == 1 ? '|' : '<') + type->code +
                       "', 'fortran_order': False, 'shape': (" + dims + "), }";
  // The elements start at a multiple of 64, and a line end comes before them.
  constexpr size_t kBefore = kMagicSize + 4;
  header.append(63 - (kBefore + header.size()) % 64, ' ');
  header += '\n';
  bytes.assign(kMagic, kMagic + kMagicSize);
  bytes.insert(bytes.end(), {1, 0, uint8_t(header.size()), uint8_t(header.size() >> 8)});
  bytes.insert(bytes.end(), header.begin(), header.end());
  auto *from = static_cast<const uint8_t *>(data);
  if (dataType != kBFloat16) {
    bytes.insert(bytes.end(), from, from + getByteSize(dataType, count));
    return Error::success();
  }
  for (int64_t i = 0; i < count; ++i)
    bytes.insert(bytes.end(), {0, 0, from[2 * i], from[2 * i + 1]});
  return Error::success();
}

bool hasNpyType(int32_t dataType) {
  return std::any_of(std::begin(kTypes), std::end(kTypes),
                     [&](const TypeRow &row) { return row.dataType == dataType; });
}

Error writeNpy(const std::string &path, int32_t dataType, const std::vector<int64_t> &shape, const void *data) {
  std::vector<uint8_t> bytes;
  if (Error error = formatNpy(dataType, shape, data, bytes))
    return error;
  return writeFileAtomically({{bytes.data(), bytes.size()}}, path);
}

} // namespace gemlir
