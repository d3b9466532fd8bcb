//===- Elementwise.h - one generic per element-wise operator -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_ELEMENTWISE_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_ELEMENTWISE_H

#include "Scalar.h"

namespace gemlir::lowering {

/// Lowers `op` to one generic over its first result. Operands broadcast and are
/// cast to `domain`, the element type on which `compute` works.
LogicalResult lowerElementwise(Operation *op, Emitter &b, Type domain,
                               llvm::function_ref<Value(Scalar &, ArrayRef<Value>)> compute);

inline Type getResultElement(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getElementType();
}
inline Type getOperandElement(Operation *op, unsigned index = 0) {
  return cast<RankedTensorType>(op->getOperand(index).getType()).getElementType();
}

/// Fails with an error unless the first operand holds floats.
LogicalResult requireFloat(Operation *op);

/// A function of one float element and the operation's attributes.
template <typename OpTy>
void addFloatUnary(LoweringTable &table, Value (*fn)(Scalar &, Value, OpTy)) {
  table.add(OpTy::getOperationName(), [fn](Operation *op, Emitter &b) -> LogicalResult {
    if (failed(requireFloat(op)))
      return failure();
    return lowerElementwise(op, b, getOperandElement(op),
                            [&](Scalar &s, ArrayRef<Value> in) { return fn(s, in[0], cast<OpTy>(op)); });
  });
}

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_ELEMENTWISE_H
