//===- TileEmitter.h - what the emitters of tile operations share -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOVECTOR_TILEEMITTER_H
#define GEMLIR_LIB_CONVERSION_NPUTOVECTOR_TILEEMITTER_H

#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"
#include "ge-mlir/Dialect/Utils/Dim.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace gemlir {

/// A buffer addressed by one number: element `offset + i` of `memref`.
struct FlatBuffer {
  mlir::Value memref;
  /// Null for zero.
  mlir::Value offset;
  /// Strides of the original dimensions.
  llvm::SmallVector<Dim> strides;
};

/// Index arithmetic, loops and vectors on flat buffers.
class LoopBuilder : public mlir::ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;
  using Body = llvm::function_ref<void(mlir::Value)>;
  using ValueBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)>;

  /// Sizes and strides of a buffer, with the values of this builder's scope as
  /// symbols. What is asked for first must be so outside all loops.
  llvm::SmallVector<Dim> sizes(mlir::Value memref);
  mlir::FailureOr<llvm::SmallVector<Dim>> strides(mlir::Value memref);

  mlir::Value index(int64_t value);
  mlir::Value index(Dim value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b);
  mlir::Value add(mlir::Value a, Dim b) { return b.known() ? add(a, *b.known()) : add(a, index(b)); }
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b);
  mlir::Value mul(mlir::Value a, Dim b);
  mlir::Value div(mlir::Value a, int64_t b);
  mlir::Value div(mlir::Value a, Dim b);
  mlir::Value rem(mlir::Value a, int64_t b);
  mlir::Value rem(mlir::Value a, Dim b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value equals(mlir::Value a, int64_t b);

  /// for (i = from; i < to; i += step), without values or with. A loop of one
  /// known iteration is no loop.
  void loop(mlir::Value from, mlir::Value to, int64_t step, Body body);
  llvm::SmallVector<mlir::Value> loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange initial,
                                      ValueBody body);
  /// All of [from, to): as many of `step` as fit, then of half as many, down to
  /// one.
  void loopHalving(mlir::Value from, mlir::Value to, int64_t step, llvm::function_ref<void(mlir::Value, int64_t)> body);
  using StepBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, int64_t, mlir::ValueRange)>;
  llvm::SmallVector<mlir::Value> loopHalving(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange initial,
                                             StepBody body);
  void ifTrue(mlir::Value condition, llvm::function_ref<void()> body);

  /// The buffer as one dimension; fails on strides that are not known.
  mlir::FailureOr<FlatBuffer> flatten(mlir::Value memref);
  mlir::Value loadScalar(const FlatBuffer &buffer, mlir::Value position);
  mlir::Value loadVector(const FlatBuffer &buffer, mlir::Value position, int64_t lanes);
  /// The first `valid` lanes; the others are zero.
  mlir::Value loadVector(const FlatBuffer &buffer, mlir::Value position, int64_t lanes, int64_t valid);
  mlir::Value loadVector(const FlatBuffer &buffer, mlir::Value position, int64_t lanes, mlir::Value valid);
  void storeVector(const FlatBuffer &buffer, mlir::Value position, mlir::Value value);
  void storeVector(const FlatBuffer &buffer, mlir::Value position, mlir::Value value, int64_t valid);
  void storeVector(const FlatBuffer &buffer, mlir::Value position, mlir::Value value, mlir::Value valid);

  /// `value` (scalar or vector) with elements of `element` type.
  mlir::Value convert(mlir::Value value, mlir::Type element);
  mlir::Value broadcast(mlir::Value scalar, int64_t lanes);
  mlir::Value zero(mlir::VectorType type);
  /// a · b + c
  mlir::Value multiplyAdd(mlir::Value a, mlir::Value b, mlir::Value c);

private:
  mlir::Value at(const FlatBuffer &buffer, mlir::Value position);
  mlir::Value mask(int64_t lanes, mlir::Value valid);
  /// One constant for each value, in the entry block of the kernel.
  mlir::Value constant(mlir::TypedAttr value);

  Dim sizeOf(mlir::OpFoldResult size);
  /// Before the loops that this builder makes.
  mlir::OpBuilder outside();

  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  DimScope scope{getContext()};
  mlir::Operation *anchor = nullptr;
  /// The index of each scalar of the kernel, and the sizes of other buffers.
  llvm::DenseMap<mlir::Value, mlir::Value> scalars;
  llvm::DenseMap<std::pair<mlir::Value, unsigned>, mlir::Value> dims;
};

/// Where a vector of results goes.
struct Destination {
  mlir::Value position; ///< in the flat destination
  mlir::Value column;   ///< of the first lane
  int64_t lanes = 0;
  int64_t valid = 0; ///< lanes that are stored
  /// The number of `column` in the last panel, which may reach beyond per-column
  /// operands; not set elsewhere.
  std::optional<int64_t> knownColumn = {};
  /// Columns from the first lane to the last column, if only the execution knows
  /// where columns end and they may do so in this vector.
  mlir::Value remaining = {};
};

/// The epilogue of a tile operation on vectors of accumulators.
class Epilogue {
public:
  /// `operands` are the epilogue's, `init` the destination.
  mlir::LogicalResult prepare(mlir::Operation *op, mlir::Region &region, mlir::ValueRange operands, mlir::Value init,
                              LoopBuilder &builder);

  /// Applies the region to `accumulator` and stores. `columnCache` keeps
  /// per-column vectors for tiles with several rows; clear it between tiles.
  void store(LoopBuilder &builder, mlir::Value accumulator, const Destination &to);

  /// Stores the accumulator as it is, and loads it back: blocks of a reduction.
  void storeRaw(LoopBuilder &builder, mlir::Value accumulator, const Destination &to);
  mlir::Value loadRaw(LoopBuilder &builder, mlir::Type element, const Destination &to);

  void clearCache() { columnCache.clear(); }
  const FlatBuffer &destination() const { return init; }

private:
  enum class Kind { Element, Column, Single };
  struct Operand {
    Kind kind;
    FlatBuffer buffer;
    int64_t elements;
    mlir::Value single;
  };

  mlir::Value operandVector(LoopBuilder &builder, unsigned index, const Destination &to);

  mlir::Block *body = nullptr;
  FlatBuffer init;
  llvm::SmallVector<Operand> operands;
  llvm::DenseMap<std::pair<unsigned, mlir::Value>, mlir::Value> columnCache;
};

/// Whether all operations of a region of scalars can be done on vectors.
bool isVectorizable(mlir::Operation *op);

/// A copy of the scalar operation `op` on vectors of `lanes`; `map` has the
/// vectors of its operands, others are broadcast.
void cloneOnVectors(mlir::OpBuilder &builder, mlir::Operation *op, int64_t lanes, mlir::IRMapping &map);

/// Allows multiplications and additions to fuse.
void allowContraction(mlir::Operation *op);

/// First and last tile that this call executes: `npu.tile_range` in a kernel
/// of several tiles, else all.
std::pair<mlir::Value, mlir::Value> getTileRange(LoopBuilder &builder, mlir::Operation *op, Dim tiles);

mlir::LogicalResult lowerMmad(mlir::npu::MmadOp op, const device::Description &device, int64_t &registerTiles);
mlir::LogicalResult lowerDepthwise(mlir::npu::DepthwiseOp op, const device::Description &device,
                                   int64_t &registerTiles);

mlir::LogicalResult lowerAttention(mlir::npu::AttentionOp op, const device::Description &device);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOVECTOR_TILEEMITTER_H
