//===- VectorCompute.h - scalar operations as commands of the vector unit -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORCOMPUTE_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORCOMPUTE_H

#include "VectorKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace gemlir {

/// How a value of the iteration space lies in UB: for each point of the tile, each
/// column, each row (side by side), one in all (a value of the control core), or a
/// bit for each point.
enum class Form { Tile, Row, Column, Scalar, Mask };

struct VectorValue {
  Form form = Form::Scalar;
  /// A view of a local buffer, or the scalar.
  mlir::Value value;
  mlir::Type element;
};

/// Emits commands on the values of one tile.
class VectorCompute {
public:
  VectorCompute(mlir::OpBuilder &b, const VectorTile &tile, bool isMatrix) : b(b), tile(tile), isMatrix(isMatrix) {}

  /// The sizes of the tile at hand.
  void setSizes(mlir::OpFoldResult rows, mlir::OpFoldResult columns) {
    this->rows = rows;
    this->columns = columns;
  }

  /// A new buffer of a form.
  VectorValue create(mlir::Location loc, Form form, mlir::Type element);

  /// The result of an operation of a body on the values of its operands.
  llvm::FailureOr<VectorValue> compute(mlir::Operation *op, llvm::ArrayRef<VectorValue> operands);

  /// Reduces each row, by the member of v.reduce that `combiner` stands for,
  /// starting from `start`.
  llvm::FailureOr<VectorValue> reduce(mlir::Operation *combiner, VectorValue value, VectorValue start);

  /// Reduces the rows to one and puts that into `total`, a row of values.
  llvm::LogicalResult reduceRows(mlir::Operation *combiner, VectorValue value, const VectorValue &total);

  /// A new buffer with the value in another form that has no fewer points.
  VectorValue copy(mlir::Location loc, VectorValue value, Form form);

  /// Several tiles in one new buffer, so that one flag hands all over; of columns by
  /// rows if they are turned, and the tile that such a one becomes.
  llvm::SmallVector<VectorValue> createTiles(mlir::Location loc, unsigned count, bool isTurned, mlir::Type element);
  VectorValue turn(mlir::Location loc, VectorValue turned);

  /// The value as elements of another floating-point type, rounded as v.cast does.
  VectorValue cast(mlir::Location loc, VectorValue x, mlir::Type to, int64_t round = 0);

  /// The value in another form that has no fewer points.
  llvm::FailureOr<VectorValue> expand(mlir::Location loc, VectorValue value, Form form);

  /// Why the last call failed.
  std::string reason;

private:
  VectorValue emit(mlir::Location loc, llvm::StringRef function, llvm::ArrayRef<VectorValue> inputs, Form form,
                   mlir::Type element, mlir::Value scalar = {}, int64_t round = 0);
  llvm::FailureOr<VectorValue> emitUnary(mlir::Operation *op, llvm::StringRef member, VectorValue x);
  llvm::FailureOr<VectorValue> emitBinary(mlir::Operation *op, llvm::StringRef member, llvm::StringRef scalarMember,
                                          llvm::StringRef reversedMember, VectorValue x, VectorValue y);
  llvm::FailureOr<VectorValue> emitCompare(mlir::Operation *op, llvm::StringRef member, VectorValue x, VectorValue y);
  llvm::FailureOr<VectorValue> emitCompare(mlir::arith::CmpIOp op, VectorValue x, VectorValue y);
  llvm::FailureOr<VectorValue> emitSelect(mlir::Operation *op, VectorValue mask, VectorValue x, VectorValue y);
  llvm::FailureOr<VectorValue> emitCast(mlir::Operation *op, VectorValue x, mlir::Type to);
  /// Runs `emit` on f32 where the command does not take narrower floats.
  bool isLegal(llvm::StringRef function, mlir::Type element) const;
  bool fuseRelu(mlir::Operation *op, VectorValue x, VectorValue zero);
  VectorValue reduceBlocks(mlir::Location loc, llvm::StringRef member, VectorValue value, int64_t width);
  VectorValue toBlocks(mlir::Location loc, VectorValue column);
  llvm::LogicalResult fail(mlir::Operation *op);

  mlir::OpBuilder &b;
  VectorTile tile;
  /// Whether tiles have rows; else they are vectors.
  bool isMatrix;
  mlir::OpFoldResult rows, columns;
  llvm::DenseMap<mlir::Value, VectorValue> blocks;
};

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORCOMPUTE_H
