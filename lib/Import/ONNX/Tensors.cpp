//===- Tensors.cpp - TensorProto becomes ge::Tensor -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tensors.h"

#include "ge-mlir/Model/DataTypes.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gemlir::onnx;

namespace {

struct ElementInfo {
  int64_t type;
  const char *name;
  ::ge::DataType dataType;
  unsigned bits;
};

const ElementInfo kElements[] = {
    {kFloat, "float32", ::ge::DT_FLOAT, 32},
    {kUInt8, "uint8", ::ge::DT_UINT8, 8},
    {kInt8, "int8", ::ge::DT_INT8, 8},
    {kUInt16, "uint16", ::ge::DT_UINT16, 16},
    {kInt16, "int16", ::ge::DT_INT16, 16},
    {kInt32, "int32", ::ge::DT_INT32, 32},
    {kInt64, "int64", ::ge::DT_INT64, 64},
    {kString, "string", ::ge::DT_STRING, 0},
    {kBool, "bool", ::ge::DT_BOOL, 8},
    {kFloat16, "float16", ::ge::DT_FLOAT16, 16},
    {kDouble, "float64", ::ge::DT_DOUBLE, 64},
    {kUInt32, "uint32", ::ge::DT_UINT32, 32},
    {kUInt64, "uint64", ::ge::DT_UINT64, 64},
    {kComplex64, "complex64", ::ge::DT_COMPLEX64, 64},
    {kComplex128, "complex128", ::ge::DT_COMPLEX128, 128},
    {kBFloat16, "bfloat16", ::ge::DT_BF16, 16},
    {kFloat8E4M3FN, "float8e4m3fn", ::ge::DT_FLOAT8_E4M3FN, 8},
    {kFloat8E5M2, "float8e5m2", ::ge::DT_FLOAT8_E5M2, 8},
    {kFloat8E4M3FNUZ, "float8e4m3fnuz", static_cast<::ge::DataType>(gemlir::model::kFloat8E4M3FNUZ), 8},
    {kFloat8E5M2FNUZ, "float8e5m2fnuz", static_cast<::ge::DataType>(gemlir::model::kFloat8E5M2FNUZ), 8},
    {kUInt4, "uint4", static_cast<::ge::DataType>(gemlir::model::kUInt4), 4},
    {kInt4, "int4", ::ge::DT_INT4, 4},
    {kFloat4E2M1, "float4e2m1", ::ge::DT_FLOAT4_E2M1, 4},
    {kFloat8E8M0, "float8e8m0", ::ge::DT_FLOAT8_E8M0, 8},
    {kUInt2, "uint2", ::ge::DT_UINT2, 2},
    {kInt2, "int2", ::ge::DT_INT2, 2},
};

const ElementInfo *findElement(int64_t type) {
  for (const ElementInfo &element : kElements)
    if (element.type == type)
      return &element;
  return nullptr;
}

std::string describe(const TensorView &view) {
  return view.name.empty() ? std::string("tensor") : "tensor '" + std::string(view.name) + "'";
}

/// Bytes of `count` elements; false if that overflows.
bool getByteSize(const TensorView &view, const ElementInfo &element, size_t &count, size_t &bytes) {
  uint64_t product = 1;
  for (int64_t dim : view.dims)
    if (dim < 0 || __builtin_mul_overflow(product, uint64_t(dim), &product))
      return false;
  uint64_t bits;
  if (__builtin_mul_overflow(product, uint64_t(element.bits), &bits) || bits > (uint64_t(1) << 62))
    return false;
  count = product;
  bytes = (bits + 7) / 8;
  return true;
}

bool adopt(::ge::Tensor &tensor, const uint8_t *data, size_t size, const std::shared_ptr<const void> &owner) {
  if (!owner || size == 0)
    return tensor.SetData(data, size) == ::ge::GRAPH_SUCCESS;
  // The deleter's copy of the owner is what keeps the mapping alive.
  return tensor.SetData(const_cast<uint8_t *>(data), size, [owner](uint8_t *) {}) == ::ge::GRAPH_SUCCESS;
}

/// Values of the integer fields (int32, int64, uint64), packed or not.
bool readIntegers(const TensorView &view, std::vector<int64_t> &values, ReadError &error) {
  values = view.looseInts;
  for (const std::vector<Span> *list : {&view.int32Data, &view.int64Data, &view.uint64Data})
    for (const Span &span : *list) {
      size_t pos = span.begin;
      while (pos < span.end) {
        uint64_t value = 0;
        unsigned shift = 0;
        for (;; shift += 7) {
          if (pos >= span.end || shift >= 70)
            return error.setAt(pos, describe(view) + " has a malformed number");
          uint8_t byte = span.file[pos++];
          if (shift < 64)
            value |= uint64_t(byte & 0x7f) << shift;
          if (!(byte & 0x80))
            break;
        }
        values.push_back(static_cast<int64_t>(value));
      }
    }
  return true;
}

template <typename T>
bool copyFloats(const std::vector<Span> &packed, const std::vector<T> &loose, std::vector<uint8_t> &bytes) {
  for (const Span &span : packed)
    bytes.insert(bytes.end(), span.data(), span.data() + span.size());
  const uint8_t *data = reinterpret_cast<const uint8_t *>(loose.data());
  bytes.insert(bytes.end(), data, data + loose.size() * sizeof(T));
  return true;
}

/// Data in the typed fields.
bool makeTyped(const TensorView &view, const ElementInfo &element, size_t count, size_t size,
               const ImportOptions &options, ::ge::Tensor &tensor, ReadError &error) {
  bool isFloat = element.type == kFloat || element.type == kComplex64;
  bool isDouble = element.type == kDouble || element.type == kComplex128;
  const std::vector<Span> &packed = isFloat ? view.floatData : view.doubleData;
  std::vector<uint8_t> bytes;
  if (isFloat || isDouble) {
    bool loose = isFloat ? !view.looseFloats.empty() : !view.looseDoubles.empty();
    if (packed.size() == 1 && !loose && packed[0].size() == size)
      return adopt(tensor, packed[0].data(), size, options.owner) || error.set("cannot set a tensor's data");
    isFloat ? copyFloats(packed, view.looseFloats, bytes) : copyFloats(packed, view.looseDoubles, bytes);
  } else {
    std::vector<int64_t> values;
    if (!readIntegers(view, values, error))
      return false;
    // Sub-byte elements are one byte pair a value in int32_data, as in raw data.
    size_t width = element.bits < 8 ? 1 : element.bits / 8;
    bytes.resize(values.size() * width);
    for (size_t i = 0; i < values.size(); ++i)
      std::memcpy(bytes.data() + i * width, &values[i], width);
  }
  if (bytes.size() != size)
    return error.setAt(view.offset, describe(view) + " of type " + element.name + " holds " +
                                        std::to_string(bytes.size()) + " bytes, expected " + std::to_string(size) +
                                        " for " + std::to_string(count) + " elements");
  return tensor.SetData(std::move(bytes)) == ::ge::GRAPH_SUCCESS || error.set("cannot set a tensor's data");
}

bool parseNumber(std::string_view text, uint64_t &value) {
  value = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || __builtin_mul_overflow(value, uint64_t(10), &value) ||
        __builtin_add_overflow(value, uint64_t(c - '0'), &value))
      return false;
  }
  return true;
}

bool makeExternal(const TensorView &view, size_t size, ExternalFiles &files, ::ge::Tensor &tensor, ReadError &error) {
  uint64_t offset, length;
  if (!parseNumber(view.externalOffset, offset) || !parseNumber(view.externalLength, length))
    return error.setAt(view.offset, describe(view) + " has a malformed external offset or length");
  std::shared_ptr<const void> owner;
  Span bytes;
  std::string text;
  if (!files.open(std::string(view.location), owner, bytes, text))
    return error.setAt(view.offset, describe(view) + ": " + text);
  if (!view.externalLength.empty() && length != size)
    return error.setAt(view.offset, describe(view) + " has " + std::to_string(length) +
                                        " bytes of external data, expected " + std::to_string(size));
  if (offset > bytes.size() || size > bytes.size() - offset)
    return error.setAt(view.offset, describe(view) + " lies at bytes " + std::to_string(offset) + " to " +
                                        std::to_string(offset + size) + " of '" + std::string(view.location) +
                                        "', which has " + std::to_string(bytes.size()));
  return adopt(tensor, bytes.data() + offset, size, owner) || error.set("cannot set a tensor's data");
}

} // namespace

::ge::DataType gemlir::onnx::toDataType(int64_t onnxType) {
  const ElementInfo *element = findElement(onnxType);
  return element ? element->dataType : ::ge::DT_UNDEFINED;
}

std::string gemlir::onnx::getTypeName(int64_t onnxType) {
  const ElementInfo *element = findElement(onnxType);
  return element ? element->name : "type number " + std::to_string(onnxType);
}

bool gemlir::onnx::mapFile(const std::string &path, std::shared_ptr<const void> &owner, Span &bytes,
                           std::string &error) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    error = "cannot open '" + path + "': " + std::strerror(errno);
    return false;
  }
  struct stat info;
  void *address = MAP_FAILED;
  if (::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
    // Writable and private: a caller that edits a tensor changes its own copy of the page.
    address = ::mmap(nullptr, info.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
  ::close(descriptor);
  if (address == MAP_FAILED) {
    error = "cannot map '" + path + "': it is empty or not a regular file";
    return false;
  }
  size_t size = info.st_size;
  owner = std::shared_ptr<const void>(address, [size](const void *p) { ::munmap(const_cast<void *>(p), size); });
  bytes = {static_cast<const uint8_t *>(address), 0, size};
  return true;
}

bool ExternalFiles::open(const std::string &location, std::shared_ptr<const void> &owner, Span &bytes,
                         std::string &error) {
  auto found = mappings.find(location);
  if (found != mappings.end()) {
    owner = found->second.owner;
    bytes = found->second.bytes;
    return true;
  }
  auto refuse = [&](const char *why) {
    error = "external data at '" + location + "' refused: " + why + " [E16003]";
    return false;
  };
  if (folder.empty())
    return refuse("no folder for external data was given");
  if (location.empty() || location[0] == '/' || location.find('\0') != std::string::npos)
    return refuse("expected a relative path");
  // A ".." inside would leave the folder even where the resolved path does not exist.
  for (size_t start = 0; start <= location.size();) {
    size_t slash = std::min(location.find('/', start), location.size());
    if (location.compare(start, slash - start, "..") == 0)
      return refuse("the path leaves the model's folder");
    start = slash + 1;
  }
  std::unique_ptr<char, void (*)(void *)> root(::realpath(folder.c_str(), nullptr), std::free);
  std::unique_ptr<char, void (*)(void *)> file(::realpath((folder + "/" + location).c_str(), nullptr), std::free);
  if (!root || !file)
    return refuse(std::strerror(errno));
  std::string prefix = root.get();
  if (prefix.back() != '/')
    prefix += '/';
  if (std::strncmp(file.get(), prefix.c_str(), prefix.size()) != 0)
    return refuse("the path leaves the model's folder");
  if (!mapFile(file.get(), owner, bytes, error))
    return false;
  mappings[location] = {owner, bytes};
  return true;
}

bool gemlir::onnx::makeTensor(const TensorView &view, const ImportOptions &options, ExternalFiles &files,
                              ::ge::Tensor &tensor, ReadError &error) {
  const ElementInfo *element = findElement(view.dataType);
  if (!element)
    return error.setAt(view.offset, describe(view) + " has element " + getTypeName(view.dataType) +
                                        ", which is not supported [E16004]");
  size_t count, size;
  if (!getByteSize(view, *element, count, size))
    return error.setAt(view.offset, describe(view) + " has a negative or overflowing shape");
  ::ge::TensorDesc desc(::ge::Shape(view.dims), ::ge::FORMAT_ND, element->dataType);
  desc.SetOriginFormat(::ge::FORMAT_ND);
  desc.SetOriginShape(::ge::Shape(view.dims));
  tensor = ::ge::Tensor(desc);
  if (element->type == kString) {
    if (view.strings.size() != count)
      return error.setAt(view.offset, describe(view) + " holds " + std::to_string(view.strings.size()) +
                                          " strings, expected " + std::to_string(count));
    std::vector<::ge::AscendString> strings;
    for (std::string_view text : view.strings)
      strings.emplace_back(text.data(), text.size());
    return tensor.SetData(strings) == ::ge::GRAPH_SUCCESS || error.set("cannot set a tensor's data");
  }
  if (view.external)
    return makeExternal(view, size, files, tensor, error);
  if (!view.hasRaw)
    return makeTyped(view, *element, count, size, options, tensor, error);
  if (view.raw.size() != size)
    return error.setAt(view.offset, describe(view) + " of type " + element->name + " holds " +
                                        std::to_string(view.raw.size()) + " bytes of raw data, expected " +
                                        std::to_string(size) + " for " + std::to_string(count) + " elements");
  return adopt(tensor, view.raw.data(), size, options.owner) || error.set("cannot set a tensor's data");
}
