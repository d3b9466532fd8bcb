//===- Registry.h - evaluators by operator name -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_INTERPRETER_REGISTRY_H
#define GE_MLIR_LIB_INTERPRETER_REGISTRY_H

#include "ge-mlir/Interpreter/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

namespace gemlir::interp {

/// One operation being evaluated: typed access to operands and attributes by
/// their declared position and name, so that evaluators stay independent of the
/// operation classes.
class Call {
public:
  Call(mlir::Operation *op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results)
      : op(op), operands(operands), results(results) {}

  /// The operands of one declared (possibly variadic or optional) group.
  llvm::ArrayRef<Tensor> group(unsigned index) const;
  /// A declared operand that must be there.
  const Tensor &in(unsigned index) const { return group(index).front(); }
  /// An optional operand, or null.
  const Tensor *optional(unsigned index) const {
    llvm::ArrayRef<Tensor> values = group(index);
    return values.empty() ? nullptr : &values.front();
  }

  int64_t intAttr(llvm::StringRef name, int64_t fallback = 0) const;
  double floatAttr(llvm::StringRef name, double fallback = 0) const;
  bool boolAttr(llvm::StringRef name) const;
  llvm::StringRef strAttr(llvm::StringRef name) const;
  llvm::SmallVector<int64_t> intsAttr(llvm::StringRef name) const;

  /// Appends a result of zeros with the operation's declared element type.
  Tensor &make(llvm::ArrayRef<int64_t> shape);
  mlir::Type resultElement(unsigned index = 0) const;
  mlir::InFlightDiagnostic error() const { return op->emitOpError(); }

  mlir::Operation *const op;
  const llvm::ArrayRef<Tensor> operands;
  llvm::SmallVectorImpl<Tensor> &results;
};

using Evaluator = mlir::LogicalResult (*)(Call &);
/// By operation name without the dialect prefix.
using Registry = llvm::StringMap<Evaluator>;

void registerAttention(Registry &registry);
void registerUnary(Registry &registry);
void registerBinary(Registry &registry);
void registerReductions(Registry &registry);
void registerShapes(Registry &registry);
void registerMovement(Registry &registry);
void registerIndexing(Registry &registry);
void registerContractions(Registry &registry);
void registerPooling(Registry &registry);
void registerResize(Registry &registry);
void registerSelection(Registry &registry);
void registerNormalization(Registry &registry);
void registerFormats(Registry &registry);

/// Row-major strides of a shape.
llvm::SmallVector<int64_t> getStrides(llvm::ArrayRef<int64_t> shape);
int64_t getSize(llvm::ArrayRef<int64_t> shape);
/// Steps `index` through `shape` in row-major order; false after the last.
bool next(llvm::MutableArrayRef<int64_t> index, llvm::ArrayRef<int64_t> shape);
/// Offset of `index` under `strides`.
int64_t offset(llvm::ArrayRef<int64_t> index, llvm::ArrayRef<int64_t> strides);
/// `axis` counted from the end if negative; fails, with an error, out of range.
mlir::FailureOr<int64_t> normalizeAxis(Call &call, int64_t axis, int64_t rank);

/// The common shape of operands under multidirectional broadcasting.
mlir::FailureOr<llvm::SmallVector<int64_t>> broadcastShapes(Call &call, llvm::ArrayRef<llvm::ArrayRef<int64_t>> shapes);
/// Strides that read a tensor of `shape` as if broadcast to `target`.
llvm::SmallVector<int64_t> broadcastStrides(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> target);

} // namespace gemlir::interp

#endif // GE_MLIR_LIB_INTERPRETER_REGISTRY_H
