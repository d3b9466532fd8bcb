//===- Geometry.h - where tile operations read and write --------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shapes of `npu.mmad` and `npu.depthwise` as numbers, the same for tensors
// and memrefs: what planning and emission both need.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GEOMETRY_H
#define GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GEOMETRY_H

#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "ge-mlir/Dialect/Utils/Dim.h"
#include "llvm/ADT/SmallVector.h"

namespace gemlir {

/// One dimension of a convolution window. Its sizes may be dynamic; then only
/// the run knows which taps are inside.
struct Window {
  int64_t kernel = 1;
  Dim output = 1;
  int64_t stride = 1, dilation = 1, padLow = 0;
  Dim input = 1;

  bool isDynamic() const { return output.isDynamic() || input.isDynamic(); }
  bool isIdentity() const { return kernel == 1 && stride == 1 && padLow == 0 && output == input; }
  /// First input position under output position `o` and tap 0.
  int64_t origin(int64_t o) const { return o * stride - padLow; }
  /// Whether tap `k` of output `o` reads inside the input.
  bool reads(int64_t o, int64_t k) const {
    int64_t i = origin(o) + k * dilation;
    return i >= 0 && i < *input.known();
  }
  /// Whether all taps of outputs `first` to `first + count - 1` read inside.
  bool isInterior(int64_t first, int64_t count) const {
    return reads(first, 0) && reads(first + count - 1, kernel - 1);
  }
  /// Whether no tap of any output is known to fall outside.
  bool needsNoPadding() const { return !isDynamic() && isInterior(0, *output.known()); }
};

/// A part of the reduction of one register tile: a nest of loops over channels,
/// filter rows, filter columns and contiguous elements. Strides are in elements
/// of the first operand; reduction indices count rows of a panel.
struct Segment {
  Dim offset = 0;
  int64_t reduction = 0;
  int64_t channels = 1;
  Dim channelStride = 0;
  int64_t channelReduction = 0;
  int64_t taps = 1, tapStride = 0, tapReduction = 0; ///< filter columns
  Dim rowStride = 0;
  int64_t rowReduction = 0; ///< filter rows
  Dim length = 1;           ///< innermost elements
  int64_t step = 1;
};

struct MmadGeometry {
  /// `sizesOf` gives the sizes of operands, numbers where they are static.
  MmadGeometry(mlir::npu::MmadOp op, SizesOf sizesOf);

  Dim batch = 1, rows = 1, columns = 1, reduction = 1;
  int64_t panelWidth = 1;
  Dim panels = 1;
  mlir::Type accumulator;
  /// Groups of channels, and the elements of the image from one to the next.
  int64_t groups = 1;
  Dim groupStride = 0;

  /// Rows of the first operand are `pointStride` apart, and the reduction visits
  /// `segments` of each. An image with padding, strides or taps has lines:
  /// windows say which filter rows and columns are inside.
  bool isImage = false;
  Window vertical, horizontal;
  Dim pointStride = 1;
  llvm::SmallVector<Segment, 2> segments;
  /// Elements from one product or image to the next, and from one line of an
  /// image to the next.
  Dim batchStride = 0, lineStride = 0;

  /// Units of planning: lines of all images, or rows.
  Dim lines() const { return isImage ? imageCount * vertical.output : rows; }
  Dim imageCount = 1;
  /// Elements of the first operand that a line or row brings in.
  Dim elementsPerLine = 1;

private:
  void setRows(mlir::npu::MmadOp op, SizesOf sizesOf);
  void setImage(mlir::npu::Im2ColOp image, SizesOf sizesOf);
};

/// The size of the output of a convolution along one axis.
Dim getOutputSize(Dim input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow, int64_t padHigh);

/// Columns `start` to `start + size·count - 1` of a line: `count` tiles of `size`.
struct ColumnTiles {
  int64_t start, size, count;
  bool interior;
};

/// Divides a line of `window.output` columns into tiles of at most `limit`, of
/// nearly equal size; tiles at the edges stand alone.
llvm::SmallVector<ColumnTiles> divideLine(const Window &window, int64_t limit);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GEOMETRY_H
