//===- GEAttrs.cpp - storage formats --------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dims.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::ge;

//===----------------------------------------------------------------------===//
// Textual form
//===----------------------------------------------------------------------===//

static ParseResult parseDimensions(AsmParser &parser, SmallVectorImpl<int64_t> &dims) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalQuestion())) {
      dims.push_back(ShapedType::kDynamic);
      return success();
    }
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseInteger(dims.emplace_back()))
      return failure();
    if (dims.back() < 0)
      return parser.emitError(loc, "expected a non-negative dimension, but got ") << dims.back();
    return success();
  });
}

static void printDimensions(AsmPrinter &printer, ArrayRef<int64_t> dims) { printer << dimsText(dims); }

#include "ge-mlir/Dialect/GE/IR/GEEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEAttrs.cpp.inc"

void GEDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ge-mlir/Dialect/GE/IR/GEAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Storage and origin
//===----------------------------------------------------------------------===//

static bool isPlain(Format format) { return format == Format::NCHW || format == Format::NHWC || format == Format::ND; }

static int64_t ceilDiv(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) ? ShapedType::kDynamic : llvm::divideCeil(a, b);
}

FormatAttr ge::formatOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_if_present<FormatAttr>(tensor.getEncoding()) : FormatAttr();
}

RankedTensorType ge::originType(RankedTensorType type) {
  FormatAttr format = formatOf(type);
  return format ? RankedTensorType::get(format.getOriginShape(), type.getElementType()) : type;
}

std::optional<int64_t> ge::channelDim(Format plain) {
  if (plain == Format::NCHW)
    return 1;
  if (plain == Format::NHWC)
    return 3;
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> ge::storageShape(Format format, Format origin, ArrayRef<int64_t> dims, int64_t c0) {
  if (!isPlain(origin) || (origin != Format::ND && dims.size() != 4))
    return std::nullopt;
  switch (format) {
  case Format::ND: return SmallVector<int64_t>(dims);
  case Format::NCHW:
  case Format::NHWC:
    if (origin == Format::ND)
      return std::nullopt;
    if (format == origin)
      return SmallVector<int64_t>(dims);
    if (format == Format::NHWC)
      return SmallVector<int64_t>{dims[0], dims[2], dims[3], dims[1]};
    return SmallVector<int64_t>{dims[0], dims[3], dims[1], dims[2]};
  case Format::NC1HWC0:
    if (origin == Format::NCHW)
      return SmallVector<int64_t>{dims[0], ceilDiv(dims[1], c0), dims[2], dims[3], c0};
    if (origin == Format::NHWC)
      return SmallVector<int64_t>{dims[0], ceilDiv(dims[3], c0), dims[1], dims[2], c0};
    return std::nullopt;
  case Format::FRACTAL_Z:
    if (origin != Format::NCHW)
      return std::nullopt;
    return SmallVector<int64_t>{product({ceilDiv(dims[1], c0), dims[2], dims[3]}), ceilDiv(dims[0], kFractalRows),
                                kFractalRows, c0};
  case Format::FRACTAL_NZ: {
    if (origin != Format::ND || dims.size() < 2)
      return std::nullopt;
    SmallVector<int64_t> result(dims.drop_back(2));
    result.append({ceilDiv(dims.back(), c0), ceilDiv(dims[dims.size() - 2], kFractalRows), kFractalRows, c0});
    return result;
  }
  }
  return std::nullopt;
}

RankedTensorType ge::storedType(RankedTensorType plain, Format format, Format origin, int64_t c0) {
  auto shape = storageShape(format, origin, plain.getShape(), c0);
  if (!shape)
    return {};
  return RankedTensorType::get(*shape, plain.getElementType(),
                               FormatAttr::get(plain.getContext(), format, origin, plain.getShape()));
}

RankedTensorType ge::storedLike(RankedTensorType plain, RankedTensorType like) {
  FormatAttr format = formatOf(like);
  if (!format)
    return plain;
  return storedType(plain, format.getFormat(), format.getOrigin(),
                    like.getRank() == 0 ? kDefaultC0 : like.getShape().back());
}

LogicalResult FormatAttr::verify(function_ref<InFlightDiagnostic()> emitError, Format format, Format origin,
                                 ArrayRef<int64_t> originShape) {
  if (!isPlain(origin))
    return emitError() << "expected origin NCHW, NHWC or ND, but got " << stringifyFormat(origin);
  if (!storageShape(format, origin, originShape))
    return emitError() << "format " << stringifyFormat(format) << " cannot store origin " << stringifyFormat(origin)
                       << " of shape " << dimsText(originShape);
  return success();
}

LogicalResult FormatAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                                         function_ref<InFlightDiagnostic()> emitError) const {
  int64_t c0 = shape.empty() ? 0 : shape.back();
  bool blocked = !isPlain(getFormat());
  if (blocked && (ShapedType::isDynamic(c0) || c0 <= 0))
    return emitError() << "format " << stringifyFormat(getFormat())
                       << " expects a positive last storage dimension, but got storage shape " << dimsText(shape);
  auto expected = storageShape(getFormat(), getOrigin(), getOriginShape(), c0);
  if (!expected || ArrayRef<int64_t>(*expected) != shape)
    return emitError() << "format " << stringifyFormat(getFormat()) << " of origin shape " << dimsText(getOriginShape())
                       << " expects storage shape " << (expected ? dimsText(*expected) : "of another rank")
                       << ", but got " << dimsText(shape);
  return success();
}
