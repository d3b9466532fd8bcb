//===- Reduction.h - reductions over some dimensions -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_REDUCTION_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_REDUCTION_H

#include "Scalar.h"

namespace gemlir::lowering {

/// The accumulator's next value, from its current one and the operands' elements.
using Combine = llvm::function_ref<Value(Scalar &, Value, ArrayRef<Value>)>;

/// Reduces the dimensions `axes` of operands that broadcast to `shape`. The
/// accumulator, of type `accumulator`, starts at `initial`; reduced dimensions
/// are dropped.
Tensor reduce(Emitter &b, const Shape &shape, ArrayRef<Tensor> operands, ArrayRef<int64_t> axes, Type accumulator,
              llvm::function_ref<Value(Scalar &)> initial, Combine combine);

/// The sum in the type of the accumulator, which operands are converted to.
Tensor reduceSum(Emitter &b, Tensor x, ArrayRef<int64_t> axes, Type accumulator);
/// The maximum, in the operand's type; NaN if an element is.
Tensor reduceMax(Emitter &b, Tensor x, ArrayRef<int64_t> axes);

/// `shape` with 1 for the dimensions `axes`.
Shape keepDims(const Shape &shape, ArrayRef<int64_t> axes);
/// A value divided by a number of elements.
Value divideByCount(Emitter &b, Scalar &s, Value value, Dim count);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_REDUCTION_H
