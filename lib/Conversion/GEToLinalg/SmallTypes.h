//===- SmallTypes.h - elements of a byte and less -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_SMALLTYPES_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_SMALLTYPES_H

#include "Emitter.h"

namespace gemlir::lowering {

/// Whether an element is a float of at most 8 bits, stored in a byte.
bool isSmallFloat(Type element);
/// Whether an element has 2 or 4 bits: a byte each inside a model (signed ones
/// with their sign), packed at its interface, the first in the lowest bits.
bool isSubByte(Type element);

/// i8 bits of a small float to f32 and back.
Value decodeSmallFloat(Emitter &b, Value stored, Type element);
Value encodeSmallFloat(Emitter &b, Value computed, Type element);
/// An i8 as the byte that stands for its low bits, an integer of few bits.
Value wrapSmallInteger(Emitter &b, Value value, Type element);

/// The type that an argument or result of the model has below `ge`.
RankedTensorType getInterfaceType(RankedTensorType type);
/// An argument as the tensor that stands for it, and a tensor as the result.
Tensor unpackInterface(Emitter &b, Value packed, RankedTensorType type);
Value packInterface(Emitter &b, Tensor tensor, RankedTensorType type);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_SMALLTYPES_H
