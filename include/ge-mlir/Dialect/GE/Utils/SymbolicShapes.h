//===- SymbolicShapes.h - sizes as expressions ------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a type cannot say: how the sizes of a graph's tensors depend on each
// other. A size is an expression over symbols; the elements of small integer
// tensors, which shapes are computed from, are expressions too. So a chain of
// Shape, Gather, Concat and Reshape is arithmetic, not data.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_UTILS_SYMBOLICSHAPES_H
#define GEMLIR_DIALECT_GE_UTILS_SYMBOLICSHAPES_H

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/Utils/Dim.h"

namespace mlir::ge {

using gemlir::Dim;
using DimList = SmallVector<Dim>;

/// What a symbol stands for.
struct SizeSymbol {
  enum class Kind {
    Dimension, ///< dimension `index` of `value`, which nothing else gives
    Element,   ///< element `index`, row by row, of `value`
    Max,       ///< the greater of `a` and `b`
    Min,       ///< the smaller
    Replace,   ///< `b` if `a` is `index`, else `a`
    Wrap,      ///< `a + b` if `a` is negative, else `a`: a place counted from the end
  };
  Kind kind;
  Value value;
  int64_t index = 0;
  Dim a = 0, b = 0;
};

/// Two sizes that must be equal for an operation to be valid, though nothing
/// says so before the run.
struct SizeAssumption {
  Operation *op;
  Dim a, b;
};

class SymbolicShapes {
public:
  explicit SymbolicShapes(MLIRContext *context) : context(context) {}

  /// The sizes of what a value of known rank stands for: the origin of a stored
  /// tensor. Computed once for each value.
  ArrayRef<Dim> getShape(Value value);
  /// The elements of an integer tensor of at most `kMaxElements` elements, row by
  /// row, if they follow from sizes and constants.
  std::optional<DimList> getElements(Value value);
  /// The same, with symbols for elements that only the execution knows; nothing
  /// if their number is not known.
  std::optional<DimList> getElementsOrSymbols(Value value);

  /// Forgets the results of an operation that is about to be erased, and what its
  /// regions hold.
  void forget(Operation *op);
  void forget(Region &region);

  /// Lets an argument of a region that has no operation yet have the sizes of a
  /// value outside, and its elements too unless it `changes`.
  void setOuter(Value argument, Value outer, bool changes) { outers[argument] = {outer, changes}; }

  const SizeSymbol &getSymbol(unsigned position) const { return symbols[position]; }
  unsigned getNumSymbols() const { return symbols.size(); }
  ArrayRef<SizeAssumption> getAssumptions() const { return assumptions; }

  Dim max(Dim a, Dim b);
  Dim min(Dim a, Dim b);
  /// The size that two dimensions broadcast to.
  Dim broadcast(Operation *op, Dim a, Dim b);
  /// Whether an expression is known not to be negative: a sum of products of
  /// dimensions and positive numbers.
  bool isSize(Dim dim) const;
  /// One of two sizes that must be equal.
  Dim unify(Operation *op, Dim a, Dim b);
  DimList broadcast(Operation *op, ArrayRef<Dim> a, ArrayRef<Dim> b);
  /// `b` if `a` is `wanted`, else `a`.
  Dim replace(Dim a, int64_t wanted, Dim b);
  /// The first place and the number of places that `begin:end:stride` takes of a
  /// dimension; a bound that is missing is the far end.
  std::pair<Dim, Dim> getSlice(Operation *op, Dim size, std::optional<Dim> begin, std::optional<Dim> end,
                               int64_t stride);
  Dim symbol(SizeSymbol symbol);

  static constexpr int64_t kMaxElements = 64;

private:
  void forget(Value value);
  DimList compute(Value value);
  Dim placeBound(Operation *op, Dim bound, Dim size, Dim low, Dim high, bool isBegin);
  DimList computeArgument(BlockArgument argument);
  /// The operand that an argument of control flow stands for, or null: in the
  /// first step only if it `changes`.
  Value getOuter(BlockArgument argument, bool &changes);
  std::optional<DimList> computeElements(Value value);

  MLIRContext *context;
  SmallVector<SizeSymbol> symbols;
  SmallVector<SizeAssumption> assumptions;
  /// Lists that stay where they are.
  DenseMap<Value, std::unique_ptr<DimList>> shapes;
  DenseMap<Value, std::optional<DimList>> elements;
  /// Symbols for elements that are read; these may be negative, so arithmetic on
  /// sizes does not see them.
  DenseMap<Value, DimList> readElements;
  llvm::StringMap<Dim> named;
  DenseMap<Value, std::pair<Value, bool>> outers;
};

/// Rules for the sizes of an operation's results by kind of operation; an empty
/// list if there is none. Dimensions that the type knows need not be right.
DimList inferSymbolicShape(OpResult result, SymbolicShapes &shapes);
/// Rules for the elements of a result.
std::optional<DimList> inferSymbolicElements(OpResult result, SymbolicShapes &shapes);

/// Gives the results of `op` the sizes that `shapes` knows; returns how many
/// types became more precise.
unsigned refineBySymbols(Operation *op, SymbolicShapes &shapes);

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_UTILS_SYMBOLICSHAPES_H
