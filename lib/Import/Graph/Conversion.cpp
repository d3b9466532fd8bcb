//===- Conversion.cpp - types, tensors and names of both sides ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Conversion.h"

#include "ge-mlir/Dialect/GE/IR/GEAttrs.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Model/DataTypes.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>

using namespace mlir;

namespace gemlir {

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

namespace {
struct ElementEntry {
  ::ge::DataType number;
  const char *name;
  Type type;
};

SmallVector<ElementEntry> elementTable(MLIRContext *context) {
  auto opaque = [&](const char *name) -> Type { return OpaqueType::get(StringAttr::get(context, "ge"), name); };
  return {
      {::ge::DT_FLOAT, "float", Float32Type::get(context)},
      {::ge::DT_FLOAT16, "float16", Float16Type::get(context)},
      {::ge::DT_INT8, "int8", IntegerType::get(context, 8)},
      {::ge::DT_INT32, "int32", IntegerType::get(context, 32)},
      {::ge::DT_UINT8, "uint8", IntegerType::get(context, 8, IntegerType::Unsigned)},
      {::ge::DT_INT16, "int16", IntegerType::get(context, 16)},
      {::ge::DT_UINT16, "uint16", IntegerType::get(context, 16, IntegerType::Unsigned)},
      {::ge::DT_UINT32, "uint32", IntegerType::get(context, 32, IntegerType::Unsigned)},
      {::ge::DT_INT64, "int64", IntegerType::get(context, 64)},
      {::ge::DT_UINT64, "uint64", IntegerType::get(context, 64, IntegerType::Unsigned)},
      {::ge::DT_DOUBLE, "double", Float64Type::get(context)},
      {::ge::DT_BOOL, "bool", IntegerType::get(context, 1)},
      {::ge::DT_STRING, "string", opaque("string")},
      {::ge::DT_DUAL_SUB_INT8, "dual_sub_int8", opaque("dual_sub_int8")},
      {::ge::DT_DUAL_SUB_UINT8, "dual_sub_uint8", opaque("dual_sub_uint8")},
      {::ge::DT_COMPLEX64, "complex64", ComplexType::get(Float32Type::get(context))},
      {::ge::DT_COMPLEX128, "complex128", ComplexType::get(Float64Type::get(context))},
      {::ge::DT_QINT8, "qint8", opaque("qint8")},
      {::ge::DT_QINT16, "qint16", opaque("qint16")},
      {::ge::DT_QINT32, "qint32", opaque("qint32")},
      {::ge::DT_QUINT8, "quint8", opaque("quint8")},
      {::ge::DT_QUINT16, "quint16", opaque("quint16")},
      {::ge::DT_RESOURCE, "resource", opaque("resource")},
      {::ge::DT_STRING_REF, "string_ref", opaque("string_ref")},
      {::ge::DT_DUAL, "dual", opaque("dual")},
      {::ge::DT_VARIANT, "variant", opaque("variant")},
      {::ge::DT_BF16, "bf16", BFloat16Type::get(context)},
      {::ge::DT_UNDEFINED, "undefined", opaque("undefined")},
      {::ge::DT_INT4, "int4", IntegerType::get(context, 4)},
      {::ge::DT_UINT1, "uint1", IntegerType::get(context, 1, IntegerType::Unsigned)},
      {::ge::DT_INT2, "int2", IntegerType::get(context, 2)},
      {::ge::DT_UINT2, "uint2", IntegerType::get(context, 2, IntegerType::Unsigned)},
      {::ge::DT_COMPLEX32, "complex32", ComplexType::get(Float16Type::get(context))},
      {::ge::DT_HIFLOAT8, "hifloat8", opaque("hifloat8")},
      {::ge::DT_FLOAT8_E5M2, "float8_e5m2", Float8E5M2Type::get(context)},
      {::ge::DT_FLOAT8_E4M3FN, "float8_e4m3fn", Float8E4M3FNType::get(context)},
      {::ge::DT_FLOAT8_E8M0, "float8_e8m0", Float8E8M0FNUType::get(context)},
      {::ge::DT_FLOAT6_E3M2, "float6_e3m2", Float6E3M2FNType::get(context)},
      {::ge::DT_FLOAT6_E2M3, "float6_e2m3", Float6E2M3FNType::get(context)},
      {::ge::DT_FLOAT4_E2M1, "float4_e2m1", Float4E2M1FNType::get(context)},
      {::ge::DT_FLOAT4_E1M2, "float4_e1m2", opaque("float4_e1m2")},
      {::ge::DT_HIFLOAT4, "hifloat4", opaque("hifloat4")},
      {static_cast<::ge::DataType>(gemlir::model::kUInt4), "uint4",
       IntegerType::get(context, 4, IntegerType::Unsigned)},
      {static_cast<::ge::DataType>(gemlir::model::kFloat8E4M3FNUZ), "float8_e4m3fnuz",
       Float8E4M3FNUZType::get(context)},
      {static_cast<::ge::DataType>(gemlir::model::kFloat8E5M2FNUZ), "float8_e5m2fnuz",
       Float8E5M2FNUZType::get(context)},
  };
}
} // namespace

Type toElementType(MLIRContext *context, ::ge::DataType type) {
  switch (type) {
  case ::ge::DT_FLOAT: return Float32Type::get(context);
  case ::ge::DT_INT64: return IntegerType::get(context, 64);
  default: break;
  }
  for (const ElementEntry &entry : elementTable(context))
    if (entry.number == type)
      return entry.type;
  return toElementType(context, ::ge::DT_UNDEFINED);
}

::ge::DataType toDataType(Type type) {
  for (const ElementEntry &entry : elementTable(type.getContext()))
    if (entry.type == type)
      return entry.number;
  return ::ge::DT_UNDEFINED;
}

bool isUndefined(Type elementType) {
  auto opaque = dyn_cast<OpaqueType>(elementType);
  return opaque && opaque.getTypeData() == "undefined";
}

//===----------------------------------------------------------------------===//
// Tensor types
//===----------------------------------------------------------------------===//

StringRef plainFormatName(const ::ge::TensorDesc &desc) {
  const int32_t format = ::ge::GetPrimaryFormat(desc.GetFormat());
  return format == ::ge::FORMAT_ND || model::findFormat(model::getFormatName(format)) < 0
             ? ""
             : model::getFormatName(format);
}

void setPlainFormat(::ge::TensorDesc &desc, StringRef name) {
  const int64_t format = model::findFormat(name.str());
  if (format < 0)
    return;
  desc.SetFormat(static_cast<::ge::Format>(format));
  desc.SetOriginFormat(static_cast<::ge::Format>(format));
}

static bool isBlocked(int32_t format) {
  return format == ::ge::FORMAT_NC1HWC0 || format == ::ge::FORMAT_FRACTAL_Z || format == ::ge::FORMAT_FRACTAL_NZ;
}

TensorType toTensorType(MLIRContext *context, const ::ge::TensorDesc &desc) {
  Type element = toElementType(context, desc.GetDataType());
  std::vector<int64_t> dims = desc.GetShape().GetDims();
  if (dims == ::ge::UNKNOWN_RANK)
    return UnrankedTensorType::get(element);
  for (int64_t &dim : dims)
    dim = dim < 0 ? ShapedType::kDynamic : dim;
  Attribute encoding;
  const int32_t format = ::ge::GetPrimaryFormat(desc.GetFormat());
  if (isBlocked(format)) {
    std::vector<int64_t> origin = desc.GetOriginShape().GetDims();
    for (int64_t &dim : origin)
      dim = dim < 0 ? ShapedType::kDynamic : dim;
    auto error = [&] { return emitError(UnknownLoc::get(context)); };
    encoding = mlir::ge::FormatAttr::getChecked(
        llvm::function_ref<InFlightDiagnostic()>(error), context, static_cast<mlir::ge::Format>(format),
        static_cast<mlir::ge::Format>(desc.GetOriginFormat()), ArrayRef<int64_t>(origin));
  }
  return RankedTensorType::get(dims, element, encoding);
}

::ge::TensorDesc toTensorDesc(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  if (!tensor)
    return ::ge::TensorDesc();
  ::ge::TensorDesc desc;
  desc.SetDataType(toDataType(tensor.getElementType()));
  auto ranked = dyn_cast<RankedTensorType>(tensor);
  if (!ranked) {
    desc.SetShape(::ge::Shape(::ge::UNKNOWN_RANK));
    desc.SetOriginShape(::ge::Shape(::ge::UNKNOWN_RANK));
    return desc;
  }
  auto toShape = [](ArrayRef<int64_t> dims) {
    std::vector<int64_t> result(dims.begin(), dims.end());
    for (int64_t &dim : result)
      dim = ShapedType::isDynamic(dim) ? ::ge::UNKNOWN_DIM : dim;
    return ::ge::Shape(result);
  };
  desc.SetShape(toShape(ranked.getShape()));
  desc.SetOriginShape(desc.GetShape());
  if (mlir::ge::FormatAttr format = mlir::ge::formatOf(ranked)) {
    desc.SetFormat(static_cast<::ge::Format>(format.getFormat()));
    desc.SetOriginFormat(static_cast<::ge::Format>(format.getOrigin()));
    desc.SetOriginShape(toShape(format.getOriginShape()));
  }
  return desc;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Whether a constant may serve as a shape operand, which must fold.
static bool mayBeShape(RankedTensorType type) {
  constexpr int64_t kMaxShapeElements = 4096;
  return type.getRank() <= 1 && type.getElementType().isSignlessInteger() && type.getElementTypeBitWidth() >= 32 &&
         type.getNumElements() <= kMaxShapeElements;
}

/// A constant of one value in all places, which folds where others do not; null
/// if there are several. The comparison ends with the first that differs.
static ElementsAttr toSplat(RankedTensorType type, ArrayRef<char> data) {
  const size_t size = gemlir::getElementBytes(type.getElementType());
  if (std::memcmp(data.data(), data.data() + size, data.size() - size) != 0)
    return nullptr;
  if (type.getElementType().isInteger(1))
    return DenseElementsAttr::get(type, data.front() != 0);
  return DenseElementsAttr::getFromRawBuffer(type, data.take_front(size));
}

ElementsAttr toElementsAttr(MLIRContext *context, const ::ge::Tensor &tensor, EmitError emitError) {
  auto type = dyn_cast<RankedTensorType>(toTensorType(context, tensor.GetTensorDesc()));
  if (!type || !type.hasStaticShape())
    return emitError() << "has a constant without a static shape [E14002]", nullptr;
  if (gemlir::getElementBytes(type.getElementType()) == 0)
    return emitError() << "has a constant of type " << type << ", which is not supported [E14002]", nullptr;
  // Unlike a scalar, a tensor without content has no dimension to say so.
  const bool absent = type.getRank() == 0 && tensor.GetSize() == 0;
  if (absent)
    type = RankedTensorType::get({0}, type.getElementType());
  const bool packed = gemlir::isPacked(type.getElementType());
  const int64_t bytes = gemlir::getPackedBytes(type);
  if (bytes != static_cast<int64_t>(tensor.GetSize()))
    return emitError() << "has a constant of type " << type << ", which takes " << bytes << " bytes, but got "
                       << tensor.GetSize() << " [E14002]",
           nullptr;
  ArrayRef<char> data(reinterpret_cast<const char *>(tensor.GetData()), bytes);
  if (packed)
    return gemlir::makeConstant(type, gemlir::unpackBytes(type, data));
  if (bytes <= gemlir::kMaxDenseBytes || mayBeShape(type))
    return gemlir::makeConstant(type, data);
  if (ElementsAttr splat = toSplat(type, data))
    return splat;
  // The captured tensor keeps the memory alive.
  AsmResourceBlob blob(
      data, /*dataAlignment=*/1, [owner = tensor](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, "const", std::move(blob));
}

::ge::Tensor toTensor(ElementsAttr attr, bool alias) {
  ::ge::Tensor tensor(toTensorDesc(attr.getType()));
  if (std::optional<ArrayRef<char>> bytes = gemlir::getRawBytes(attr)) {
    auto type = cast<RankedTensorType>(attr.getType());
    if (gemlir::isPacked(type.getElementType())) {
      std::vector<char> packed = gemlir::packBytes(type, *bytes);
      (void)tensor.SetData(reinterpret_cast<const uint8_t *>(packed.data()), packed.size());
      return tensor;
    }
    auto *data = reinterpret_cast<uint8_t *>(const_cast<char *>(bytes->data()));
    if (alias)
      (void)tensor.SetData(data, bytes->size(), [](uint8_t *) {});
    else
      (void)tensor.SetData(data, bytes->size());
    return tensor;
  }
  // Splats and i1, of which every element takes its bytes.
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  if (!dense)
    return tensor;
  std::vector<uint8_t> bytes;
  const int64_t count = dense.getNumElements();
  if (dense.getElementType().isInteger(1)) {
    for (bool value : dense.getValues<bool>())
      bytes.push_back(value);
  } else if (dense.isSplat()) {
    ArrayRef<char> one = dense.getRawData();
    bytes.reserve(one.size() * count);
    for (int64_t i = 0; i < count; ++i)
      bytes.insert(bytes.end(), one.begin(), one.end());
    if (auto type = cast<RankedTensorType>(attr.getType()); gemlir::isPacked(type.getElementType())) {
      std::vector<char> packed = gemlir::packBytes(type, std::vector<char>(bytes.begin(), bytes.end()));
      bytes.assign(packed.begin(), packed.end());
    }
  }
  (void)tensor.SetData(std::move(bytes));
  return tensor;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

StringRef getNodeName(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (StringRef name = getNodeName(part); !name.empty())
        return name;
  return "";
}

} // namespace gemlir
