//===- NPUToVector.h - tile operations to vector loops -*- C++ -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lowering of kernels for processors with vector registers (device kind
// Host): tile operations and linalg on memrefs become scf loops over
// one-dimensional vectors. The plan of a tile operation depends on its shape and
// on the device description only, so the pass that sets a kernel's `tiles` and
// the pass that emits the loops agree without talking to each other.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOVECTOR_NPUTOVECTOR_H
#define GEMLIR_CONVERSION_NPUTOVECTOR_NPUTOVECTOR_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "ge-mlir/Dialect/Utils/Dim.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
namespace affine {
class AffineDialect;
}
namespace arith {
class ArithDialect;
}
namespace linalg {
class LinalgDialect;
}
namespace math {
class MathDialect;
}
namespace memref {
class MemRefDialect;
}
namespace scf {
class SCFDialect;
}
namespace vector {
class VectorDialect;
}
} // namespace mlir

namespace gemlir {

/// How the loops of a tile operation are blocked. The tiles of a kernel are
/// numbered batch by batch, in a batch row block by row block, and in a row block
/// panel group by panel group.
struct TilePlan {
  /// Independent products, or images times channel blocks of a depthwise one.
  Dim batch = 1;
  /// Number of row blocks; rows (or lines of an image) of each but the last.
  Dim rowBlocks = 1;
  int64_t rowsPerBlock = 1;
  /// Number of panel groups; panels of each but the last.
  int64_t panelGroups = 1;
  int64_t panelsPerGroup = 1;
  /// Length of a block of the reduction.
  int64_t reductionBlock = 1;
  /// Rows and panels of the register tile.
  int64_t tileRows = 1;
  int64_t tilePanels = 1;

  Dim tiles() const { return batch * rowBlocks * panelGroups; }
};

/// The sizes of a tensor or memref.
using SizesOf = llvm::function_ref<llvm::SmallVector<Dim>(mlir::Value)>;

/// Plans for operations on tensors or memrefs. Blocks have the same numbers of
/// rows whatever dynamic sizes are; how many blocks there are follows from them.
TilePlan planMmad(mlir::npu::MmadOp op, const device::Description &device, SizesOf sizesOf);
TilePlan planDepthwise(mlir::npu::DepthwiseOp op, const device::Description &device, SizesOf sizesOf);

/// How attention is divided: queries into tiles, keys into blocks.
struct AttentionPlan {
  /// Lanes of a vector, and vectors of queries in a tile.
  int64_t lanes = 1, vectors = 1;
  /// Tiles of one head, and of all.
  Dim tilesOfHead = 1, tiles = 1;
  /// Keys whose scores exist at a time, at most.
  int64_t keyBlock = 1;
  int64_t registers = 4;

  int64_t queries() const { return lanes * vectors; }
  /// Rows of the register tile over `vectors` of queries.
  int64_t tileRows(int64_t vectors) const { return std::clamp<int64_t>((registers - vectors - 1) / vectors, 1, 12); }
};

AttentionPlan planAttention(mlir::npu::AttentionOp op, const device::Description &device, SizesOf sizesOf);

/// Panel width n0 that the device wants for products with accumulators of
/// `element` type.
int64_t getPanelWidth(const device::Description &device, mlir::Type element);

/// Passes of this conversion for one device, in order: tile operations, then
/// linalg. Both work on any operation, usually an `npu.kernel`.
std::unique_ptr<mlir::Pass> createLowerTileOpsPass(const device::Description &device);
std::unique_ptr<mlir::Pass> createLowerGenericsPass(const device::Description &device);

#define GEN_PASS_DECL
#include "ge-mlir/Conversion/NPUToVector/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Conversion/NPUToVector/Passes.h.inc"

} // namespace gemlir

#endif // GEMLIR_CONVERSION_NPUTOVECTOR_NPUTOVECTOR_H
