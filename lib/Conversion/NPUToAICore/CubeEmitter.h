//===- CubeEmitter.h - what all kernels of the cube emit -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEEMITTER_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEEMITTER_H

#include "BufferAddress.h"
#include "CubeKernel.h"

namespace gemlir {

/// The walk over tiles; what a tile does is its subclass's.
class CubeEmitter {
public:
  CubeEmitter(mlir::npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile);
  virtual ~CubeEmitter() = default;

  void emit();

protected:
  /// Tiles of one product of the batch from its first to its last row.
  virtual mlir::Value countDown() = 0;
  /// The number of tiles of the kernel.
  virtual void setTiles() = 0;
  /// Work before the walk.
  virtual void prepare() {}
  /// Emits tile `i` of a column of tiles; `batch`, `column`, `columns` are set.
  virtual void emitTile(mlir::Value i) = 0;

  virtual bool isBatched() = 0;

  /// The bias of the tile's columns in BT, or null.
  mlir::Value emitBias();
  /// Stores the accumulators as the epilogue wants them.
  void emitDrain(mlir::Value target);
  /// Feeds part of a slab of the right operand, `depth` rows from `step` on.
  void feedRight(mlir::Value slab, mlir::OpFoldResult step, mlir::OpFoldResult depth, mlir::Value target);
  /// The same of a slab that lies as blocks of depth of all columns.
  void feedTurned(mlir::Value slab, mlir::OpFoldResult step, mlir::OpFoldResult depth, mlir::Value target);
  /// The type of elements of the left operand in L0A.
  mlir::Type leftElement();
  /// Multiplies onto the accumulators, which start where `k` and `step` are zero.
  void emitMultiply(mlir::Value left, mlir::Value right, mlir::Value k, mlir::Value step, mlir::OpFoldResult rows,
                    mlir::OpFoldResult depth);

  /// Elements of the tile's columns of a vector, by way of L1.
  mlir::Value stageVector(mlir::Value vector, mlir::Type element, engine::Space memory);
  mlir::Value local(llvm::ArrayRef<int64_t> shape, mlir::Type element, engine::Space memory);
  /// A view whose last `rank` dimensions stay.
  mlir::Value view(mlir::Value buffer, llvm::ArrayRef<mlir::OpFoldResult> offsets,
                   llvm::ArrayRef<mlir::OpFoldResult> sizes, unsigned rank);
  mlir::Value constant(int64_t n);
  mlir::Value toValue(mlir::OpFoldResult size);
  mlir::OpFoldResult number(int64_t n) { return b.getIndexAttr(n); }
  /// What is left of `size` at `offset`, at most `most`.
  mlir::OpFoldResult rest(mlir::OpFoldResult size, mlir::OpFoldResult offset, int64_t most);

  mlir::npu::KernelOp kernel;
  CubeSpace space;
  CubeTile tile;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::Value lhs, rhs, init;
  int64_t c0;
  mlir::OpFoldResult allColumns;
  /// Of the tile at hand.
  mlir::OpFoldResult batch, column, columns;
  mlir::Value accumulators, bias;
};

/// The kernel's buffer that a product is stored to, or null.
mlir::Value getDestination(mlir::npu::MmadOp mmad);

void emitConvolution(mlir::npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile);

/// Takes the image of a product. Says why not, or nothing.
std::string analyzeImage(CubeSpace &space);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEEMITTER_H
