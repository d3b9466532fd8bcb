//===- LegalizeONNXQuantization.h - quantized numbers -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXQUANTIZATION_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXQUANTIZATION_H

#include "LegalizeONNXNode.h"

namespace mlir::ge::onnx {

/// A scale or zero point, which is a scalar, a vector along `axis` of `x`, or one
/// number for each block (attribute block_size), as it broadcasts to `x`.
Value alignParameter(Node &n, Value parameter, Value x, int64_t axis);

/// round(x / scale) + zero, limited to what `type` holds. `zero` may be null.
Value quantize(Node &n, Value x, Value scale, Value zero, Type type, int64_t axis);
/// The same of numbers that are scaled already.
Value quantizeScaled(Node &n, Value scaled, Value zero, Type type, int64_t axis);
/// (x - zero) * scale, in the scale's type. `zero` may be null.
Value dequantize(Node &n, Value x, Value scale, Value zero, int64_t axis);

/// The type that a zero point has, ui8 without one; null, with a failure, if it
/// is no type of quantized numbers.
Type getQuantizedType(Node &n, Value zero);

struct DynamicQuantization {
  Value values, scale, zero;
};
/// `x` as ui8 with scale and zero point from its own range, which holds zero.
DynamicQuantization quantizeDynamically(Node &n, Value x);

/// `x` minus its zero point, which is a scalar or runs along `axis`, in `type`.
Value centre(Node &n, Value x, Value zero, int64_t axis, Type type);

/// The product of centred 8-bit numbers as i32. Zero points run along the rows of `a` and
/// the columns of `c`, a matrix that may lie `transposed`. They may be null, and so may
/// `bias`, numbers of 32 bits that are added.
Value multiplyCentred(Node &n, Value a, Value zeroA, Value c, Value zeroC, bool transposed = false,
                      Value bias = Value());

/// Makes a QLinearConv of a QuantizeLinear node, a Conv and what dequantizes its
/// operands; false if they are none.
bool fuseQuantizedConvolution(FrameworkOp quantize);

} // namespace mlir::ge::onnx

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXQUANTIZATION_H
