//===- Mmad.h - products of matrices as tile operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_MMAD_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_MMAD_H

#include "Emitter.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

namespace gemlir::lowering {

/// Whether `npu.mmad` multiplies elements of this type, as they are or converted.
bool isMmadElement(Type element);

/// The type in which `npu.mmad` multiplies elements of these types: f16 or bf16 if
/// both are and the device has that product, f16 if f32 is to be multiplied so, else
/// f32, the type of its accumulators.
Type getProductElement(const Emitter &b, Type lhs, Type rhs);

/// An operand of a product in the product's type. Of a constant, what is too large for
/// it becomes the largest number: what masks leaves a number that sums can take.
Tensor toProduct(Emitter &b, Tensor operand, Type element);

/// The right operand of `npu.mmad` in panels of its own elements.
Tensor packPanels(Emitter &b, Tensor source, npu::PanelOrder order, int64_t c0 = 16);

/// lhs · rhs (+ bias for each column) in a new tensor. `lhs` is a matrix or
/// an `npu.im2col` with the elements of `rhs`, which holds panels, or is a matrix of this `order`; `columns` counts
/// those with values. The accumulators have `element`'s kind.
Tensor multiply(Emitter &b, Value lhs, Tensor rhs, Tensor bias, const Shape &shape, Type element, Dim columns,
                std::optional<npu::PanelOrder> order = {}, bool isUnsigned = false);

/// The body of an epilogue that adds a bias, if there is one, to the accumulator.
void buildBiasEpilogue(Emitter &b, Region &region, Tensor bias, Type element);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_MMAD_H
