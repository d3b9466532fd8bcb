//===- Constants.cpp - reading and making constant tensors ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace mlir;
using namespace gemlir;

int64_t gemlir::getElementBytes(Type elementType) {
  if (!elementType.isIntOrFloat())
    return 0;
  unsigned bits = elementType.getIntOrFloatBitWidth();
  return bits < 8 ? 1 : (bits % 8 ? 0 : bits / 8);
}

bool gemlir::isPacked(Type elementType) {
  return elementType.isIntOrFloat() && elementType.getIntOrFloatBitWidth() < 8 && !elementType.isInteger(1);
}

int64_t gemlir::getPackedBytes(RankedTensorType type) {
  if (!isPacked(type.getElementType()))
    return getTensorBytes(type);
  return llvm::divideCeil(uint64_t(type.getNumElements()) * type.getElementTypeBitWidth(), 8);
}

std::vector<char> gemlir::unpackBytes(RankedTensorType type, ArrayRef<char> packed) {
  unsigned bits = type.getElementTypeBitWidth(), perByte = 8 / bits;
  std::vector<char> bytes(type.getNumElements());
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = char(uint8_t(packed[i / perByte]) >> (i % perByte * bits) & ((1u << bits) - 1));
  return bytes;
}

std::vector<char> gemlir::packBytes(RankedTensorType type, ArrayRef<char> bytes) {
  unsigned bits = type.getElementTypeBitWidth(), perByte = 8 / bits;
  std::vector<char> packed(getPackedBytes(type));
  for (size_t i = 0; i < bytes.size(); ++i)
    packed[i / perByte] |= char((uint8_t(bytes[i]) & ((1u << bits) - 1)) << (i % perByte * bits));
  return packed;
}

int64_t gemlir::getTensorBytes(RankedTensorType type) {
  return type.getNumElements() * getElementBytes(type.getElementType());
}

ElementsAttr gemlir::getConstantAttr(Value value) {
  Attribute attr;
  if (!value || !matchPattern(value, m_Constant(&attr)))
    return {};
  return dyn_cast<ElementsAttr>(attr);
}

std::optional<ArrayRef<char>> gemlir::getRawBytes(Attribute attr) {
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    auto type = dyn_cast<RankedTensorType>(resource.getType());
    if (!blob || !type || int64_t(blob->getData().size()) < getTensorBytes(type))
      return std::nullopt;
    return blob->getData().take_front(getTensorBytes(type));
  }
  auto dense = dyn_cast_or_null<DenseElementsAttr>(attr);
  if (!dense || isa<DenseStringElementsAttr>(dense) || dense.isSplat() || dense.getElementType().isInteger(1))
    return std::nullopt;
  return dense.getRawData();
}

namespace {
/// Reads one little-endian float of any standard type from unaligned bytes.
float readFloat(const char *bytes, Type type) {
  if (type.isF32()) {
    float value;
    std::memcpy(&value, bytes, 4);
    return value;
  }
  if (type.isF64()) {
    double value;
    std::memcpy(&value, bytes, 8);
    return float(value);
  }
  uint16_t half;
  std::memcpy(&half, bytes, 2);
  if (type.isBF16()) {
    uint32_t bits = uint32_t(half) << 16;
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  }
  return llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, half)).convertToFloat();
}

float toFloat(llvm::APFloat value) {
  bool losesInfo;
  value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return value.convertToFloat();
}

bool isStandardFloat(Type type) { return type.isF16() || type.isBF16() || type.isF32() || type.isF64(); }

int64_t readInt(const char *bytes, IntegerType type) {
  unsigned size = unsigned(gemlir::getElementBytes(type));
  uint64_t bits = 0;
  std::memcpy(&bits, bytes, size);
  if (type.isUnsigned() || type.getWidth() == 1 || size == 8)
    return int64_t(bits);
  return llvm::SignExtend64(bits, type.getWidth());
}
} // namespace

FailureOr<std::vector<float>> gemlir::getFloatValues(Attribute attr) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attr);
  if (!elements || !isStandardFloat(elements.getElementType()))
    return failure();
  int64_t count = elements.getNumElements();
  Type type = elements.getElementType();
  if (std::optional<ArrayRef<char>> bytes = getRawBytes(attr)) {
    std::vector<float> values(count);
    if (type.isF32() && llvm::endianness::native == llvm::endianness::little) {
      std::memcpy(values.data(), bytes->data(), bytes->size());
      return values;
    }
    int64_t size = getElementBytes(type);
    for (int64_t i = 0; i < count; ++i)
      values[i] = readFloat(bytes->data() + i * size, type);
    return values;
  }
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  if (!dense)
    return failure();
  if (dense.isSplat())
    return std::vector<float>(count, toFloat(dense.getSplatValue<llvm::APFloat>()));
  return std::vector<float>();
}

FailureOr<SmallVector<int64_t>> gemlir::getIntValues(Attribute attr) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attr);
  if (!elements)
    return failure();
  Type elementType = elements.getElementType();
  SmallVector<int64_t> values;
  if (auto dense = dyn_cast<DenseElementsAttr>(attr); dense && elementType.isIntOrIndex()) {
    bool isUnsigned = elementType.isUnsignedInteger() || elementType.isInteger(1);
    values.reserve(dense.getNumElements());
    for (const llvm::APInt &value : dense.getValues<llvm::APInt>())
      values.push_back(isUnsigned ? int64_t(value.getZExtValue()) : value.getSExtValue());
    return values;
  }
  auto type = dyn_cast<IntegerType>(elementType);
  std::optional<ArrayRef<char>> bytes = getRawBytes(attr);
  if (!type || !bytes || getElementBytes(type) == 0)
    return failure();
  for (int64_t i = 0, e = elements.getNumElements(), size = getElementBytes(type); i < e; ++i)
    values.push_back(readInt(bytes->data() + i * size, type));
  return values;
}

std::optional<double> gemlir::getSplatValue(Attribute attr) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attr);
  if (!elements || elements.getNumElements() == 0)
    return std::nullopt;
  Type type = elements.getElementType();
  if (auto dense = dyn_cast<DenseElementsAttr>(attr); dense && dense.isSplat()) {
    if (isa<FloatType>(type)) {
      llvm::APFloat value = dense.getSplatValue<llvm::APFloat>();
      bool losesInfo;
      value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      return value.convertToDouble();
    }
    if (type.isIntOrIndex()) {
      llvm::APInt value = dense.getSplatValue<llvm::APInt>();
      return type.isUnsignedInteger() || type.isInteger(1) ? double(value.getZExtValue())
                                                           : double(value.getSExtValue());
    }
    return std::nullopt;
  }
  std::optional<ArrayRef<char>> bytes = getRawBytes(attr);
  int64_t size = getElementBytes(type);
  if (!bytes || size == 0)
    return std::nullopt;
  for (int64_t i = 1, e = elements.getNumElements(); i < e; ++i)
    if (std::memcmp(bytes->data(), bytes->data() + i * size, size) != 0)
      return std::nullopt;
  if (type.isF64()) {
    double value;
    std::memcpy(&value, bytes->data(), 8);
    return value;
  }
  if (isStandardFloat(type))
    return readFloat(bytes->data(), type);
  if (auto intType = dyn_cast<IntegerType>(type))
    return double(readInt(bytes->data(), intType));
  return std::nullopt;
}

/// Whether a constant is kept as dense elements, so that it folds.
static bool isKeptDense(RankedTensorType type) {
  if (gemlir::getTensorBytes(type) <= gemlir::kMaxDenseBytes)
    return true;
  return type.getElementType().isIntOrIndex() && type.getRank() <= 1 &&
         gemlir::getTensorBytes(type) <= 64 * gemlir::kMaxDenseBytes;
}

ElementsAttr gemlir::makeConstant(RankedTensorType type, ArrayRef<char> bytes) {
  if (isKeptDense(type)) {
    if (type.getElementType().isInteger(1)) {
      SmallVector<bool> values;
      for (char byte : bytes)
        values.push_back(byte != 0);
      return DenseElementsAttr::get(type, values);
    }
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, "const", std::move(blob));
}

ElementsAttr gemlir::makeFloatConstant(RankedTensorType type, ArrayRef<float> values) {
  Type element = type.getElementType();
  if (element.isF32() && llvm::endianness::native == llvm::endianness::little)
    return makeConstant(type, ArrayRef<char>(reinterpret_cast<const char *>(values.data()), values.size() * 4));
  std::vector<char> bytes(getTensorBytes(type));
  for (auto [i, value] : llvm::enumerate(values)) {
    if (element.isF32()) {
      std::memcpy(bytes.data() + i * 4, &value, 4);
    } else if (element.isF64()) {
      double wide = value;
      std::memcpy(bytes.data() + i * 8, &wide, 8);
    } else {
      llvm::APFloat narrow(value);
      bool losesInfo;
      narrow.convert(cast<FloatType>(element).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      uint64_t bits = narrow.bitcastToAPInt().getZExtValue();
      int64_t size = getElementBytes(element);
      std::memcpy(bytes.data() + i * size, &bits, size);
    }
  }
  return makeConstant(type, bytes);
}

DenseElementsAttr gemlir::makeIntConstant(MLIRContext *context, ArrayRef<int64_t> values) {
  return DenseElementsAttr::get(RankedTensorType::get({int64_t(values.size())}, IntegerType::get(context, 64)), values);
}

ElementsAttr gemlir::reshapeConstant(ElementsAttr attr, RankedTensorType type) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return cast<DenseElementsAttr>(attr).reshape(type);
}
