//===- Format.cpp - storage formats ---------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace gemlir::interp;
using mlir::ge::Format;
using mlir::ge::FormatAttr;

namespace {

/// The origin index that a storage index stands for; one of its elements may be
/// out of range, in the padding.
using IndexMap = SmallVector<int64_t> (*)(FormatAttr, ArrayRef<int64_t> index, ArrayRef<int64_t> storage);

/// [N, C1, H, W, C0]
SmallVector<int64_t> fromNC1HWC0(FormatAttr format, ArrayRef<int64_t> index, ArrayRef<int64_t> storage) {
  int64_t channel = index[1] * storage[4] + index[4];
  if (format.getOrigin() == Format::NHWC)
    return {index[0], index[2], index[3], channel};
  return {index[0], channel, index[2], index[3]};
}

/// [C1 * KH * KW, N1, 16, C0] of a filter [N, C, KH, KW]
SmallVector<int64_t> fromFractalZ(FormatAttr format, ArrayRef<int64_t> index, ArrayRef<int64_t> storage) {
  int64_t kh = format.getOriginShape()[2], kw = format.getOriginShape()[3];
  return {index[1] * storage[2] + index[2], index[0] / (kh * kw) * storage[3] + index[3], index[0] / kw % kh,
          index[0] % kw};
}

/// [..., N1, M1, M0, N0] of matrices [..., M, N]
SmallVector<int64_t> fromFractalNZ(FormatAttr, ArrayRef<int64_t> index, ArrayRef<int64_t> storage) {
  size_t batch = index.size() - 4;
  SmallVector<int64_t> result(index.take_front(batch));
  result.push_back(index[batch + 1] * storage[batch + 2] + index[batch + 2]);
  result.push_back(index[batch] * storage[batch + 3] + index[batch + 3]);
  return result;
}

SmallVector<int64_t> fromPlain(FormatAttr format, ArrayRef<int64_t> index, ArrayRef<int64_t>) {
  if (format.getFormat() == Format::NHWC && format.getOrigin() == Format::NCHW)
    return {index[0], index[3], index[1], index[2]};
  if (format.getFormat() == Format::NCHW && format.getOrigin() == Format::NHWC)
    return {index[0], index[2], index[3], index[1]};
  return SmallVector<int64_t>(index);
}

/// The map of a format, or null if storage and origin do not fit it.
IndexMap getMap(FormatAttr format, ArrayRef<int64_t> storage) {
  ArrayRef<int64_t> origin = format.getOriginShape();
  switch (format.getFormat()) {
  case Format::NC1HWC0:
    return storage.size() == 5 && origin.size() == 4 && mlir::ge::channelDim(format.getOrigin()) ? fromNC1HWC0
                                                                                                 : nullptr;
  case Format::FRACTAL_Z:
    return storage.size() == 4 && origin.size() == 4 && format.getOrigin() == Format::NCHW ? fromFractalZ : nullptr;
  case Format::FRACTAL_NZ: return storage.size() >= 4 && origin.size() + 2 == storage.size() ? fromFractalNZ : nullptr;
  default:
    return origin.size() == storage.size() && (format.getFormat() == format.getOrigin() || origin.size() == 4)
               ? fromPlain
               : nullptr;
  }
}

/// Calls `body(storageOffset, originOffset)` for every element of the origin.
template <typename Body>
LogicalResult forEachPair(FormatAttr format, ArrayRef<int64_t> storage, Body body) {
  IndexMap map = getMap(format, storage);
  if (!map || llvm::any_of(format.getOriginShape(), ShapedType::isDynamic))
    return failure();
  SmallVector<int64_t> index(storage.size(), 0), strides = getStrides(format.getOriginShape());
  for (int64_t i = 0, e = getSize(storage); i < e; ++i, next(index, storage)) {
    SmallVector<int64_t> origin = map(format, index, storage);
    bool inside = true;
    for (auto [at, extent] : llvm::zip_equal(origin, format.getOriginShape()))
      inside &= at < extent;
    if (inside)
      body(i, offset(origin, strides));
  }
  return success();
}

/// Images between the two plain orders of their dimensions.
Tensor reorder(const Tensor &x, bool fromNHWC, bool toNHWC) {
  if (x.getRank() != 4 || fromNHWC == toNHWC)
    return x;
  const int64_t perm[2][4] = {{0, 3, 1, 2}, {0, 2, 3, 1}};
  SmallVector<int64_t> shape, strides, own = getStrides(x.getShape()), index(4, 0);
  for (int64_t dim : perm[toNHWC]) {
    shape.push_back(x.getDim(dim));
    strides.push_back(own[dim]);
  }
  Tensor result(x.getElementType(), shape);
  for (int64_t i = 0, e = x.size(); i < e; ++i, next(index, shape))
    result.copyElement(i, x, offset(index, strides));
  return result;
}

/// A plain side has the format that the attribute names.
bool isNHWC(RankedTensorType type, StringRef name) {
  auto format = dyn_cast_or_null<FormatAttr>(type.getEncoding());
  return format ? format.getOrigin() == Format::NHWC : name == "NHWC";
}

/// Conversion goes through the origin.
LogicalResult transData(Call &call) {
  FailureOr<Tensor> source = unpack(call.in(0));
  auto type = dyn_cast<RankedTensorType>(call.op->getResult(0).getType());
  if (failed(source) || !type)
    return call.error() << "expects formats that can be interpreted";
  bool fromNHWC = isNHWC(call.in(0).getType(), call.strAttr("src_format"));
  bool plainTarget =
      !type.getEncoding() && call.strAttr("dst_format") != "NHWC" && call.strAttr("dst_format") != "NCHW";
  Tensor origin = plainTarget ? *source : reorder(*source, fromNHWC, isNHWC(type, call.strAttr("dst_format")));
  if (!type.getEncoding()) {
    call.results.push_back(std::move(origin));
    return success();
  }
  FailureOr<Tensor> packed = pack(origin, type);
  if (failed(packed))
    return call.error() << "expects formats that can be interpreted";
  call.results.push_back(std::move(*packed));
  return success();
}

} // namespace

FailureOr<Tensor> gemlir::interp::unpack(const Tensor &value) {
  auto format = dyn_cast_or_null<FormatAttr>(value.getType().getEncoding());
  if (!format)
    return value.getType().getEncoding() ? FailureOr<Tensor>(failure()) : FailureOr<Tensor>(value);
  if (llvm::any_of(format.getOriginShape(), ShapedType::isDynamic))
    return failure();
  Tensor result(value.getElementType(), format.getOriginShape());
  if (failed(forEachPair(format, value.getShape(), [&](int64_t i, int64_t j) { result.copyElement(j, value, i); })))
    return failure();
  return result;
}

/// The static storage type of a value of the given dimensions, for a type whose
/// dimensions may be dynamic; null if they do not fit.
static RankedTensorType resolve(RankedTensorType type, ArrayRef<int64_t> shape) {
  auto format = dyn_cast_or_null<FormatAttr>(type.getEncoding());
  if (!format || failed(verifyCompatibleShape(format.getOriginShape(), shape)))
    return {};
  if (type.hasStaticShape() && format.getOriginShape() == shape)
    return type;
  auto storage = mlir::ge::storageShape(format.getFormat(), format.getOrigin(), shape, type.getShape().back());
  if (!storage)
    return {};
  auto resolved = FormatAttr::get(type.getContext(), format.getFormat(), format.getOrigin(), shape);
  return RankedTensorType::get(*storage, type.getElementType(), resolved);
}

FailureOr<Tensor> gemlir::interp::pack(const Tensor &value, RankedTensorType type) {
  type = resolve(type, value.getShape());
  auto format = type ? dyn_cast<FormatAttr>(type.getEncoding()) : FormatAttr();
  if (!format || !type.hasStaticShape() || format.getOriginShape() != value.getShape())
    return failure();
  // Padding lanes become zero; nothing may depend on that.
  Tensor result(type);
  if (failed(forEachPair(format, type.getShape(), [&](int64_t i, int64_t j) { result.copyElement(i, value, j); })))
    return failure();
  return result;
}

void gemlir::interp::registerFormats(Registry &registry) { registry["trans_data"] = transData; }
