//===- Refinement.h - types and constants that follow from operands -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_GE_TRANSFORMS_REFINEMENT_H
#define GE_MLIR_DIALECT_GE_TRANSFORMS_REFINEMENT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::ge {

/// Infers the result types of one operation from its operands and takes over
/// what is more precise; for control flow also in its regions. Returns the number
/// of results refined. Fails, with an error, if the operands are invalid.
FailureOr<unsigned> refineResultTypes(Operation *op);

/// Takes the types of the returned values into the type of the function.
void refineFunctionType(func::FuncOp func);

/// The more precise of two types of one value; null if they contradict.
Type meetTypes(Type a, Type b);

enum class Evaluation { Unknown, OverBudget, Known };

/// The values of all results, if they follow from constant operands or from
/// static operand shapes. A result above `maxBytes` is not computed unless it is
/// smaller than the operands together.
Evaluation evaluateResults(Operation *op, int64_t maxBytes, SmallVectorImpl<ElementsAttr> &values);

/// Replaces an `If`, `Case` or `While` whose path is known by constants by the
/// operations it runs. Returns false if nothing is known.
bool inlineKnownPath(Operation *op);

} // namespace mlir::ge

#endif // GE_MLIR_DIALECT_GE_TRANSFORMS_REFINEMENT_H
