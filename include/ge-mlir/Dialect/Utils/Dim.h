//===- Dim.h - sizes that are numbers or expressions ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A size of a tensor, a stride of a buffer or a number of tiles is either known
// or an expression over symbols, which stand for what only the execution knows.
// Equal expressions are one, so that two sizes can be compared without a run.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_UTILS_DIM_H
#define GEMLIR_DIALECT_UTILS_DIM_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include <optional>

namespace gemlir {

/// A number, or an expression over symbols. Arithmetic on numbers is exact;
/// divisions round down or up, by positive divisors.
class Dim {
public:
  Dim() = default;
  Dim(int64_t value) : value(value) {}
  Dim(mlir::AffineExpr expr);

  bool isStatic() const { return !expr; }
  bool isDynamic() const { return bool(expr); }
  std::optional<int64_t> known() const { return expr ? std::nullopt : std::optional(value); }
  /// The number in a type's shape.
  int64_t toShape() const { return expr ? mlir::ShapedType::kDynamic : value; }
  mlir::AffineExpr toExpr(mlir::MLIRContext *context) const;
  /// The number if every symbol were `typical`.
  int64_t estimate(int64_t typical) const;

  friend Dim operator+(Dim a, Dim b);
  friend Dim operator-(Dim a, Dim b) { return a + b * Dim(-1); }
  friend Dim operator*(Dim a, Dim b);
  friend Dim floorDiv(Dim a, Dim b);
  friend Dim ceilDiv(Dim a, Dim b);
  Dim &operator+=(Dim other) { return *this = *this + other; }
  Dim &operator*=(Dim other) { return *this = *this * other; }
  /// Whether two sizes are known to be equal; not equal may mean unknown.
  friend bool operator==(Dim a, Dim b) { return a.expr == b.expr && a.value == b.value; }
  friend bool operator!=(Dim a, Dim b) { return !(a == b); }

private:
  int64_t value = 0;
  mlir::AffineExpr expr; // null if known
};

Dim floorDiv(Dim a, Dim b);
Dim ceilDiv(Dim a, Dim b);
inline Dim remainder(Dim a, Dim b) { return a - floorDiv(a, b) * b; }
Dim product(llvm::ArrayRef<Dim> dims);
llvm::SmallVector<int64_t> toShape(llvm::ArrayRef<Dim> dims);
llvm::SmallVector<Dim> toDims(llvm::ArrayRef<int64_t> shape);

/// The values of the symbols in one region, all of type `index`.
class DimScope {
public:
  explicit DimScope(mlir::MLIRContext *context) : context(context) {}

  /// The number that `value` holds: known if it is a constant, a symbol if not.
  Dim get(mlir::Value value);
  Dim get(mlir::OpFoldResult value);
  /// A symbol whose value is set later.
  Dim newSymbol();
  void setSymbol(Dim symbol, mlir::Value value);
  mlir::Value getSymbol(unsigned position) const { return symbols[position]; }
  unsigned size() const { return symbols.size(); }

  /// The value of `dim`. New operations are made by `builder`, whose place every
  /// later use must come after.
  mlir::Value materialize(Dim dim, mlir::OpBuilder &builder, mlir::Location loc);
  /// Makes values anew from now on, for another place.
  void forgetValues() { values.clear(); }

private:
  mlir::Value materialize(mlir::AffineExpr expr, mlir::OpBuilder &builder, mlir::Location loc);

  mlir::MLIRContext *context;
  llvm::SmallVector<mlir::Value> symbols;
  llvm::DenseMap<mlir::Value, unsigned> positions;
  llvm::DenseMap<mlir::AffineExpr, mlir::Value> values;
};

} // namespace gemlir

#endif // GEMLIR_DIALECT_UTILS_DIM_H
