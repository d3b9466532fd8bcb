//===- CubeKernel.h - kernels of the cube -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H

#include "LocalBuffers.h"

#include "ge-mlir/Dialect/NPU/Transforms/SimpleEpilogue.h"

#include <optional>

namespace gemlir {

/// Rows and columns of the accumulators of a tile, the depth of what is staged in
/// L1, and of what is fed to the cube at once.
struct CubeTile {
  int64_t rows = 16, columns = 16, slab = 16, step = 16;
  /// Tiles side by side before the walk goes down a row, so that what cores load
  /// at a time is still in the cache.
  int64_t across = 1;
  /// Whether the rows of a tile are places of one row of an image, not places in
  /// order.
  bool isSegment = false;
};

/// The image whose patches are the rows of a product. Sizes are pairs of height and
/// width, negative if only the execution knows; `pads` is top, bottom, left, right.
struct CubeImage {
  mlir::npu::Im2ColOp op;
  int64_t channels = 0, size[2] = {1, 1}, places[2] = {1, 1};
  int64_t kernel[2] = {1, 1}, strides[2] = {1, 1}, pads[4] = {0, 0, 0, 0}, dilations[2] = {1, 1};
  /// Whether the image is NCHW, not NC1HWC0.
  bool isPlain = false;
  /// Whether the places of NC1HWC0 are taken as blocks of 32 bytes.
  bool isSplit = false;
  /// Whether the channels of a place are neighbours in memory, [H, W, C].
  bool isChannelsLast = false;
  /// Whether its pixels, of which each is a patch, are taken as one row.
  bool isFlat = false;
  /// Channels of a place in L1, and how many such blocks there are.
  int64_t lanes = 16, blocks = 1;
  /// Groups of so many channels, each with its own columns of the product.
  int64_t groups = 1;
  /// What lies around the image.
  int64_t padValue = 0;

  int64_t taps() const { return kernel[0] * kernel[1]; }
  /// Columns of the patches of a block of channels; that of all blocks.
  int64_t blockDepth() const { return taps() * lanes; }
  int64_t depth() const { return blocks * blockDepth(); }
  /// Places that a filter covers from its first to its last tap.
  int64_t extent(unsigned axis) const { return (kernel[axis] - 1) * dilations[axis] + 1; }
  /// Whether blocks of channels are staged one by one, gathered from all places.
  bool isGathered() const { return isPlain || isSplit || isChannelsLast; }
  /// Channels of the last block if they do not fill it, else none.
  int64_t tail() const { return channels % lanes; }
};

/// A product for the cube; sizes are negative if only the execution knows.
struct CubeSpace {
  mlir::npu::MmadOp mmad;
  /// Rows are patches of an image.
  std::optional<CubeImage> image;
  /// Rows are patches of an image of one row and one channel, without pads: rows of a
  /// matrix that overlap, at this distance.
  std::optional<int64_t> lineStride;
  int64_t batch = 1, m = 0, n = 0, k = 0;
  /// Of the operands, and of what they are multiplied to.
  mlir::Type element, accumulator;
  /// Where the right operand is a matrix, not panels.
  std::optional<mlir::npu::PanelOrder> order;
  /// The operand that is added to each column, or null; what follows it.
  mlir::Value bias;
  bool relu = false;
  /// What makes bytes of the sums, and the scales of columns if it has them.
  std::optional<Requantization> quantization;
  mlir::Value scales;
};

/// Says in `reason` why the cube cannot execute the kernel, and fails.
llvm::FailureOr<CubeSpace> analyzeCubeKernel(mlir::npu::KernelOp kernel, std::string &reason);

/// A tile that fits, and the estimated cycles of the whole kernel with it.
struct CubeCandidate {
  CubeTile tile;
  double cycles;
};

/// All tiles that fit the device's memories, the one with the least estimated time
/// first.
std::vector<CubeCandidate> rankCubeTiles(const CubeSpace &space, const device::Description &device);

/// Replaces the body by loops over tiles, slabs and steps with local buffers.
void emitCubeKernel(mlir::npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBEKERNEL_H
