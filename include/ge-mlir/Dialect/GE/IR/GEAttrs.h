//===- GEAttrs.h - storage formats ------------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEATTRS_H
#define GEMLIR_DIALECT_GE_IR_GEATTRS_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include <optional>

#include "ge-mlir/Dialect/GE/IR/GEEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEAttrs.h.inc"

namespace mlir::ge {

/// Channels per block of NC1HWC0 and FRACTAL_Z unless a device says otherwise.
inline constexpr int64_t kDefaultC0 = 16;
/// Rows per block of the fractal formats.
inline constexpr int64_t kFractalRows = 16;

/// The format encoding of a tensor type, or null if the tensor is plain.
FormatAttr formatOf(Type type);

/// The plain type that a tensor stands for: `type` itself if it has no format.
RankedTensorType originType(RankedTensorType type);

/// The place of the channels in a plain four-dimensional format; none for ND.
std::optional<int64_t> channelDim(Format plain);

/// The storage shape of an origin, dynamic dimensions included. `c0` is the last
/// dimension of a blocked format and ignored by plain ones. None if the format
/// cannot store such an origin.
std::optional<SmallVector<int64_t>> storageShape(Format format, Format origin, ArrayRef<int64_t> originShape,
                                                 int64_t c0 = kDefaultC0);

/// The type that stores `plain`, whose dimensions have the order `origin`, in a
/// format. Null if the format cannot store it.
RankedTensorType storedType(RankedTensorType plain, Format format, Format origin, int64_t c0 = kDefaultC0);

/// The type that stores `plain` as `like` stores its origin: same format, same
/// block size; `plain` itself if `like` has no format. Null if impossible.
RankedTensorType storedLike(RankedTensorType plain, RankedTensorType like);

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_IR_GEATTRS_H
