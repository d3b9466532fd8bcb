//===- Interpreter.h - reference semantics of ge operators ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every `ge` operator means, written as plain loops over plain values and
// independent of the compiler's lowering. Constant folding uses it, and tests
// compare compiled results with it. It is exact rather than fast: floating-point
// operators compute and accumulate in f64 and round once to the element type;
// integer operators wrap in the width of the element type.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_INTERPRETER_INTERPRETER_H
#define GE_MLIR_INTERPRETER_INTERPRETER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <cstdint>
#include <vector>

namespace gemlir::interp {

/// A tensor value: element type, static shape, encoding (if any) and values in
/// row-major order of the storage shape. Values of float element types are held
/// as double, of integer and index types as int64_t (ui64 as the same bits, i1
/// as 0 or 1).
class Tensor {
public:
  Tensor() = default;
  /// A tensor of zeros. `type` must have a static shape.
  explicit Tensor(mlir::RankedTensorType type);
  Tensor(mlir::Type elementType, llvm::ArrayRef<int64_t> shape, mlir::Attribute encoding = {});

  /// Whether the interpreter can hold elements of this type.
  static bool isSupported(mlir::Type elementType);

  /// From any dense or dense_resource constant; fails on other attributes,
  /// on unsupported element types and on blobs of the wrong size.
  static mlir::FailureOr<Tensor> fromAttr(mlir::Attribute attr);
  /// From row-major little-endian values, i1 as one byte each; `bytes` need not
  /// be aligned.
  static mlir::FailureOr<Tensor> fromBytes(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes);
  /// A one-dimensional i64 (or `elementType`) tensor of `values`.
  static Tensor fromInts(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> values, mlir::Type elementType = {});

  mlir::DenseElementsAttr toDenseElements() const;
  /// `toDenseElements` when small or integer shape data, else a dense resource.
  mlir::ElementsAttr toAttr() const;
  std::vector<char> toBytes() const;

  mlir::RankedTensorType getType() const { return type; }
  mlir::Type getElementType() const { return type.getElementType(); }
  mlir::MLIRContext *getContext() const { return type.getContext(); }
  llvm::ArrayRef<int64_t> getShape() const { return type.getShape(); }
  int64_t getRank() const { return type.getRank(); }
  int64_t getDim(int64_t i) const { return type.getDimSize(i); }
  int64_t size() const { return isFloat() ? int64_t(floats.size()) : int64_t(ints.size()); }
  bool isFloat() const { return type && llvm::isa<mlir::FloatType>(type.getElementType()); }
  bool isUnsigned() const { return type.getElementType().isUnsignedInteger() || type.getElementType().isInteger(1); }
  explicit operator bool() const { return bool(type); }

  /// Element `i` as a double, whatever the kind (ui64 as a non-negative number).
  double getDouble(int64_t i) const;
  /// Element `i` as an integer; a float is truncated.
  int64_t getInt(int64_t i) const;
  /// All elements of a float or of an integer tensor, for inner loops.
  llvm::ArrayRef<double> getFloatData() const { return floats; }
  llvm::ArrayRef<int64_t> getIntData() const { return ints; }
  /// Stores `value`, rounded to the float type, or truncated and wrapped to the
  /// integer type.
  void set(int64_t i, double value);
  void setInt(int64_t i, int64_t value);
  /// Copies one element of a tensor of the same element type.
  void copyElement(int64_t i, const Tensor &from, int64_t j);
  /// All elements as integers, for shape-like operands.
  llvm::SmallVector<int64_t> getInts() const;

  /// The same values under another shape of the same size.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  /// The same values with or without a format encoding.
  Tensor withType(mlir::RankedTensorType newType) const;

private:
  mlir::RankedTensorType type;
  std::vector<double> floats;
  std::vector<int64_t> ints;
};

/// The value of `value` rounded to (float) or wrapped in (integer) an element
/// type, as `Tensor::set` and `Tensor::setInt` store it.
double roundToType(double value, mlir::FloatType type);
int64_t wrapToType(int64_t value, mlir::Type type);

/// Computes the results of one operation, shapes included: result types of `op`
/// supply the element types only and may be dynamic. Emits an error on `op` and
/// fails if the operator is unknown or the operands are invalid for it. A value
/// with a format encoding is computed in its origin format.
mlir::LogicalResult evaluate(mlir::Operation *op, llvm::ArrayRef<Tensor> operands,
                             llvm::SmallVectorImpl<Tensor> &results);

/// The content of variables, by name.
using Variables = llvm::StringMap<Tensor>;

/// Computes the results of a function whose body consists of supported operators.
/// Variables that are not in `variables` start with the value that the module
/// gives them; without `variables`, their content ends with the call.
mlir::LogicalResult evaluate(mlir::func::FuncOp func, llvm::ArrayRef<Tensor> inputs,
                             llvm::SmallVectorImpl<Tensor> &outputs, Variables *variables = nullptr);

/// The origin of a value with a format encoding; any other value unchanged.
mlir::FailureOr<Tensor> unpack(const Tensor &value);
/// The value stored as `type`, whose encoding has the value's shape as origin, or
/// dynamic dimensions that take it. Padding lanes are zero.
mlir::FailureOr<Tensor> pack(const Tensor &value, mlir::RankedTensorType type);

/// Whether `evaluate` knows the operator (constants and control flow included).
bool canEvaluate(mlir::Operation *op);

} // namespace gemlir::interp

#endif // GE_MLIR_INTERPRETER_INTERPRETER_H
