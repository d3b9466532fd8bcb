//===- Tensors.cpp - inputs and outputs of ge-run
//------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tensors.h"
#include "acl/acl_base.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <set>

namespace gemlir::run {

using namespace model;

namespace {

Error fail(const std::string &text) { return Error(ErrorCode::InputMismatch, text); }

/// Equal on every machine, unlike the standard library's distributions.
class Random {
public:
  Random(uint64_t seed, size_t stream) : state(seed + stream * 0x632be59bd9b4e019) {}
  uint64_t next() {
    uint64_t value = state += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
  }
  /// From [-1, 1), with 24 bits so that a float holds it exactly.
  float nextFloat() { return float(next() >> 40) / float(1 << 23) - 1.0f; }

private:
  uint64_t state;
};

uint16_t toBFloat16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

float fromBFloat16(uint16_t value) {
  uint32_t bits = uint32_t(value) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

/// Floats lie in [-1, 1). Integers are 0 or 1, so that they are also indices of
/// any axis with two elements; bytes are pixels.
void generate(NpyArray &array, Random random) {
  size_t size = array.data.size();
  auto fill = [&](auto zero, auto make) {
    using T = decltype(zero);
    for (size_t i = 0; i + sizeof(T) <= size; i += sizeof(T)) {
      T value = T(make());
      std::memcpy(&array.data[i], &value, sizeof(T));
    }
  };
  auto real = [&] { return random.nextFloat(); };
  auto bit = [&] { return random.next() >> 63; };
  switch (array.dataType) {
  case kFloat:
  case kComplex64: return fill(float(), real);
  case kDouble:
  case kComplex128: return fill(double(), real);
  case kFloat16: return fill(uint16_t(), [&] { return aclFloatToFloat16(real()); });
  case kBFloat16: return fill(uint16_t(), [&] { return toBFloat16(real()); });
  case kInt64:
  case kUInt64: return fill(int64_t(), bit);
  case kInt32:
  case kUInt32: return fill(int32_t(), bit);
  case kInt16:
  case kUInt16: return fill(int16_t(), bit);
  case kInt8:
  case kUInt8: return fill(uint8_t(), [&] { return random.next() >> 57; });
  default: return fill(uint8_t(), bit);
  }
}

bool fits(const std::vector<int64_t> &dims, const TensorInfo &info) {
  bool result = dims.size() == info.dims.size();
  for (size_t i = 0; result && i < dims.size(); ++i)
    result = info.dims[i] < 0 || info.dims[i] == dims[i];
  return result;
}

Error readRaw(const std::string &path, NpyArray &array) {
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(path, file))
    return error;
  if (file->size() != array.data.size())
    return fail("'" + path + "' has " + std::to_string(file->size()) + " bytes, expected " +
                std::to_string(array.data.size()));
  if (file->size())
    std::memcpy(array.data.data(), file->data(), file->size());
  return Error::success();
}

bool endsWith(const std::string &text, const std::string &end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Error makeInput(const TensorInfo &info, size_t index, const Options &options, NpyArray &array) {
  std::string name = "input '" + info.name + "'";
  auto file = options.inputFiles.find(info.name);
  bool isRaw = file != options.inputFiles.end() && endsWith(file->second, ".bin");
  if (file != options.inputFiles.end() && !isRaw) {
    if (Error error = readNpy(file->second, array))
      return error;
    if (array.dataType != info.dataType)
      return fail(name + " has type " + getDataTypeName(array.dataType) + ", expected " +
                  getDataTypeName(info.dataType));
    if (!fits(array.shape, info))
      return fail(name + " has shape " + toString(array.shape) + ", expected " + toString(info.dims));
    return Error::success();
  }
  auto shape = options.inputShapes.find(info.name);
  array.dataType = info.dataType;
  array.shape = shape == options.inputShapes.end() ? info.dims : shape->second;
  if (!fits(array.shape, info))
    return fail(name + ": --input-shape gives " + toString(array.shape) + ", expected " + toString(info.dims));
  int64_t count = 1;
  for (int64_t dim : array.shape) {
    if (dim < 0)
      return fail(name + " has the dynamic shape " + toString(info.dims) + ": give it by --input or --input-shape");
    if (__builtin_mul_overflow(count, dim, &count))
      return fail(name + " has too many elements");
  }
  array.data.resize(std::max<int64_t>(0, getByteSize(info.dataType, count)));
  if (isRaw)
    return readRaw(file->second, array);
  generate(array, Random(options.seed, index));
  return Error::success();
}

/// An element as a number; complex numbers count as two elements.
double getNumber(const NpyArray &array, size_t i) {
  auto load = [&](auto zero) {
    std::memcpy(&zero, &array.data[i * sizeof(zero)], sizeof(zero));
    return zero;
  };
  switch (array.dataType) {
  case kFloat:
  case kComplex64: return load(float());
  case kDouble:
  case kComplex128: return load(double());
  case kFloat16: return aclFloat16ToFloat(load(uint16_t()));
  case kBFloat16: return fromBFloat16(load(uint16_t()));
  case kInt64: return double(load(int64_t()));
  case kUInt64: return double(load(uint64_t()));
  case kInt32: return load(int32_t());
  case kUInt32: return load(uint32_t());
  case kInt16: return load(int16_t());
  case kUInt16: return load(uint16_t());
  case kInt8: return load(int8_t());
  default: return load(uint8_t());
  }
}

size_t countNumbers(const NpyArray &array) {
  size_t width = getBitWidth(array.dataType) / 8;
  if (array.dataType == kComplex64 || array.dataType == kComplex128)
    width /= 2;
  return width ? array.data.size() / width : 0;
}

} // namespace

std::string toString(const std::vector<int64_t> &dims) {
  std::string result = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    result += (i ? "," : "") + (dims[i] < 0 ? "?" : std::to_string(dims[i]));
  return result + "]";
}

Error makeInputs(const runtime::Model &model, const Options &options, std::vector<NpyArray> &inputs) {
  const std::vector<TensorInfo> &infos = model.inputs();
  auto isInput = [&](const std::string &name) {
    return std::any_of(infos.begin(), infos.end(), [&](const TensorInfo &info) { return info.name == name; });
  };
  for (const auto &entry : options.inputFiles)
    if (!isInput(entry.first))
      return fail("the model has no input '" + entry.first + "'");
  for (const auto &entry : options.inputShapes)
    if (!isInput(entry.first))
      return fail("the model has no input '" + entry.first + "'");
  inputs.resize(infos.size());
  for (size_t i = 0; i < infos.size(); ++i)
    if (Error error = makeInput(infos[i], i, options, inputs[i]))
      return error;
  return Error::success();
}

std::vector<std::string> makeFileNames(const std::vector<TensorInfo> &outputs) {
  std::vector<std::string> names;
  std::set<std::string> used;
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::string name = outputs[i].name.substr(0, 200);
    for (char &character : name)
      if (!std::isalnum((unsigned char)character) && !std::strchr("._-", character))
        character = '_';
    // Neither hidden files nor options of other programs.
    if (name.empty() || name[0] == '.' || name[0] == '-')
      name = "output" + name;
    std::string unique = name;
    for (size_t suffix = i; !used.insert(unique).second; ++suffix)
      unique = name + "_" + std::to_string(suffix);
    names.push_back(unique + (hasNpyType(outputs[i].dataType) ? ".npy" : ".bin"));
  }
  return names;
}

Error compare(const NpyArray &found, const NpyArray &expected, double tolerance, Comparison &result) {
  size_t count = countNumbers(expected);
  if (found.shape != expected.shape || countNumbers(found) != count)
    return fail("found shape " + toString(found.shape) + ", expected " + toString(expected.shape));
  result.count = count;
  double squares = 0;
  size_t finite = 0;
  for (size_t i = 0; i < count; ++i) {
    double value = getNumber(expected, i);
    if (!std::isfinite(value))
      continue;
    squares += value * value;
    ++finite;
  }
  double rms = finite ? std::sqrt(squares / double(finite)) : 0;
  for (size_t i = 0; i < count; ++i) {
    double a = getNumber(found, i), b = getNumber(expected, i);
    if (a == b || (std::isnan(a) && std::isnan(b)))
      continue;
    double scale = std::max(std::fabs(b), rms);
    double error = scale > 0 ? std::fabs(a - b) / scale : HUGE_VAL;
    // A comparison with NaN is false, and NaN is wrong.
    if (!(error <= result.maxError))
      result.maxError = error;
    if (!(error <= tolerance))
      ++result.wrong;
  }
  result.isClose = !result.wrong;
  return Error::success();
}

} // namespace gemlir::run
