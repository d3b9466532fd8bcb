//===- Tensor.cpp - tensor values of the interpreter ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Interpreter/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir;
using namespace gemlir::interp;

double gemlir::interp::roundToType(double value, FloatType type) {
  if (type.isF64())
    return value;
  if (type.isF32())
    return float(value);
  llvm::APFloat narrow(value);
  bool losesInfo;
  narrow.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  narrow.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return narrow.convertToDouble();
}

int64_t gemlir::interp::wrapToType(int64_t value, Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() >= 64)
    return value;
  uint64_t mask = (uint64_t(1) << integer.getWidth()) - 1;
  if (integer.isUnsigned() || integer.getWidth() == 1)
    return int64_t(uint64_t(value) & mask);
  return llvm::SignExtend64(uint64_t(value) & mask, integer.getWidth());
}

Tensor::Tensor(RankedTensorType type) : type(type) {
  if (isFloat())
    floats.resize(type.getNumElements());
  else
    ints.resize(type.getNumElements());
}

Tensor::Tensor(Type elementType, ArrayRef<int64_t> shape, Attribute encoding)
    : Tensor(RankedTensorType::get(shape, elementType, encoding)) {}

bool Tensor::isSupported(Type elementType) {
  if (elementType.isIndex())
    return true;
  // Powers of two alone have no zero to start from.
  if (isa<FloatType>(elementType))
    return llvm::isPowerOf2_32(elementType.getIntOrFloatBitWidth()) && elementType.getIntOrFloatBitWidth() <= 64 &&
           !isa<Float8E8M0FNUType>(elementType);
  auto integer = dyn_cast<IntegerType>(elementType);
  return integer && (llvm::isPowerOf2_32(integer.getWidth()) && integer.getWidth() <= 64);
}

FailureOr<Tensor> Tensor::fromBytes(RankedTensorType type, ArrayRef<char> bytes) {
  Type element = type.getElementType();
  int64_t size = element.isIndex() ? 8 : gemlir::getElementBytes(element);
  if (!type.hasStaticShape() || !isSupported(element) || type.getNumElements() * size != int64_t(bytes.size()))
    return failure();
  Tensor result(type);
  for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
    if (element.isF32()) {
      float value;
      std::memcpy(&value, bytes.data() + i * 4, 4);
      result.floats[i] = value;
      continue;
    }
    uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * size, size);
    if (auto floatType = dyn_cast<FloatType>(element)) {
      llvm::APFloat value(floatType.getFloatSemantics(), llvm::APInt(floatType.getWidth(), bits, false, true));
      bool losesInfo;
      value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      result.floats[i] = value.convertToDouble();
    } else {
      result.ints[i] = wrapToType(int64_t(bits), element);
    }
  }
  return result;
}

FailureOr<Tensor> Tensor::fromAttr(Attribute attr) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attr);
  auto type = elements ? dyn_cast<RankedTensorType>(elements.getType()) : RankedTensorType();
  if (!type || !type.hasStaticShape() || !isSupported(type.getElementType()))
    return failure();
  if (std::optional<ArrayRef<char>> bytes = gemlir::getRawBytes(attr))
    return fromBytes(type, *bytes);
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  if (!dense)
    return failure();
  Tensor result(type);
  if (result.isFloat()) {
    for (auto [i, value] : llvm::enumerate(dense.getValues<llvm::APFloat>())) {
      llvm::APFloat wide = value;
      bool losesInfo;
      wide.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      result.floats[i] = wide.convertToDouble();
    }
    return result;
  }
  for (auto [i, value] : llvm::enumerate(dense.getValues<llvm::APInt>()))
    result.ints[i] = wrapToType(int64_t(value.getRawData()[0]), type.getElementType());
  return result;
}

Tensor Tensor::fromInts(MLIRContext *context, ArrayRef<int64_t> values, Type elementType) {
  if (!elementType)
    elementType = IntegerType::get(context, 64);
  Tensor result(elementType, {int64_t(values.size())});
  for (auto [i, value] : llvm::enumerate(values))
    result.setInt(i, value);
  return result;
}

std::vector<char> Tensor::toBytes() const {
  Type element = getElementType();
  int64_t size = element.isIndex() ? 8 : gemlir::getElementBytes(element);
  std::vector<char> bytes(this->size() * size);
  for (int64_t i = 0, e = this->size(); i < e; ++i) {
    uint64_t bits = 0;
    if (element.isF32()) {
      float value = float(floats[i]);
      std::memcpy(&bits, &value, 4);
    } else if (auto floatType = dyn_cast<FloatType>(element)) {
      llvm::APFloat value(floats[i]);
      bool losesInfo;
      value.convert(floatType.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      bits = value.bitcastToAPInt().getZExtValue();
    } else {
      bits = uint64_t(ints[i]);
      if (gemlir::isPacked(element))
        bits &= (uint64_t(1) << element.getIntOrFloatBitWidth()) - 1;
    }
    std::memcpy(bytes.data() + i * size, &bits, size);
  }
  return bytes;
}

DenseElementsAttr Tensor::toDenseElements() const {
  if (getElementType().isInteger(1)) {
    SmallVector<bool> values(ints.begin(), ints.end());
    return DenseElementsAttr::get(type, values);
  }
  return DenseElementsAttr::getFromRawBuffer(type, toBytes());
}

ElementsAttr Tensor::toAttr() const {
  if (getElementType().isIndex())
    return toDenseElements();
  return gemlir::makeConstant(type, toBytes());
}

double Tensor::getDouble(int64_t i) const {
  if (isFloat())
    return floats[i];
  return isUnsigned() ? double(uint64_t(ints[i])) : double(ints[i]);
}

/// Truncates towards zero; values that fit u64 only keep their bits, others
/// saturate, so that the result is defined for every input.
static int64_t truncate(double value) {
  if (std::isnan(value))
    return 0;
  if (value >= 9223372036854775808.0)
    return value < 18446744073709551616.0 ? int64_t(uint64_t(value)) : std::numeric_limits<int64_t>::max();
  return value <= -9223372036854775808.0 ? std::numeric_limits<int64_t>::min() : int64_t(value);
}

int64_t Tensor::getInt(int64_t i) const { return isFloat() ? truncate(floats[i]) : ints[i]; }

void Tensor::set(int64_t i, double value) {
  if (isFloat())
    floats[i] = roundToType(value, cast<FloatType>(getElementType()));
  else
    setInt(i, truncate(value));
}

void Tensor::setInt(int64_t i, int64_t value) {
  if (isFloat())
    floats[i] = roundToType(double(value), cast<FloatType>(getElementType()));
  else
    ints[i] = wrapToType(value, getElementType());
}

void Tensor::copyElement(int64_t i, const Tensor &from, int64_t j) {
  if (isFloat())
    floats[i] = from.floats[j];
  else
    ints[i] = from.ints[j];
}

SmallVector<int64_t> Tensor::getInts() const {
  SmallVector<int64_t> values;
  for (int64_t i = 0, e = size(); i < e; ++i)
    values.push_back(getInt(i));
  return values;
}

Tensor Tensor::reshaped(ArrayRef<int64_t> shape) const {
  return withType(RankedTensorType::get(shape, getElementType()));
}

Tensor Tensor::withType(RankedTensorType newType) const {
  Tensor result = *this;
  result.type = newType;
  return result;
}
