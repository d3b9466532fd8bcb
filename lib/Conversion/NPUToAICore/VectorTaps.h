//===- VectorTaps.h - elements that a body takes by number -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pooling, padding and the like take elements by numbers that they compute from the
// loops. A tap is one such access of a body: for a tile it is a part of the tensor,
// moved in with strides, repeated where a number stops at a limit, and among a value
// where a condition does not hold. Where other numbers decide, as of a gather or a limit
// that only the execution knows, the control core computes them for each row, which is
// moved alone.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTAPS_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTAPS_H

#include "VectorCompute.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace gemlir {

/// A sum of multiples of the loops and a number, at least `low` and at most `high`; or,
/// of one loop, how often a period fits it, or what that leaves; or a `number` of the
/// body, where the factors only say which loops it depends on.
struct Position {
  enum class Part { Whole, Quotient, Remainder, Computed };

  llvm::SmallVector<int64_t> factors;
  int64_t offset = 0;
  int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  Part part = Part::Whole;
  int64_t period = 1;
  mlir::Value number;

  bool uses(unsigned loop) const { return factors[loop] != 0; }
  /// The smallest and the largest sum, without the limits; those of all numbers where a
  /// size is negative because only the execution knows it.
  std::pair<int64_t, int64_t> range(llvm::ArrayRef<int64_t> sizes) const;
  /// Whether the limit is the sum's in some iteration.
  bool stopsLow(llvm::ArrayRef<int64_t> sizes) const { return range(sizes).first < low; }
  bool stopsHigh(llvm::ArrayRef<int64_t> sizes) const { return range(sizes).second > high; }
};

/// `tensor` at `positions` where all `conditions` are within their limits, else
/// `fill`, a constant of the tensor's elements, which is null if there are none. The last
/// dimensions, if they have one place, have no positions.
struct Tap {
  mlir::Value tensor;
  mlir::TypedAttr fill;
  llvm::SmallVector<Position> positions, conditions;

  const Position &dense() const { return positions.back(); }
};

/// The tap that `op`, an extraction or a choice between one, widened or not, and a
/// constant, stands for in loops of these sizes; none if its numbers are others than a
/// tap's.
std::optional<Tap> matchTap(mlir::Operation *op, llvm::ArrayRef<int64_t> sizes);

/// Whether all that a body does with a number is to take elements by it.
bool isPlaceOnly(mlir::Value number);

/// The loop along which a tap is dense, or none.
std::optional<unsigned> getDenseLoop(const Tap &tap);

/// The blocks in which the tap's elements are dense; 1 if they are without end. Tiles
/// start at one.
inline int64_t getPeriod(const Tap &tap) { return tap.dense().period; }

/// Why a tile with these rows and columns cannot have the tap, or empty.
llvm::StringRef checkTap(const Tap &tap, const VectorSpace &space);

/// Where a tile is: the offset and the extent of each loop.
struct TilePlace {
  llvm::ArrayRef<mlir::OpFoldResult> offsets, extents;
};

/// Moves what the tile needs of the taps' tensors into UB.
llvm::SmallVector<VectorValue> loadTaps(mlir::OpBuilder &b, mlir::Location loc, VectorCompute &compute,
                                        llvm::ArrayRef<Tap> taps, const VectorSpace &space, const TilePlace &place);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_VECTORTAPS_H
