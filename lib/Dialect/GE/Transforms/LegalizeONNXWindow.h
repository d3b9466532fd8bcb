//===- LegalizeONNXWindow.h - padding of sliding windows ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXWINDOW_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXWINDOW_H

#include "LegalizeONNXNode.h"

namespace mlir::ge::onnx {

/// The sliding window of a convolution or pooling, one number for each spatial
/// dimension.
struct Window {
  Ints kernel, strides, dilations, before, after;

  size_t size() const { return kernel.size(); }
  /// How far the dilated kernel reaches.
  int64_t extent(size_t i) const { return (kernel[i] - 1) * dilations[i] + 1; }
  bool isDilated() const {
    return llvm::any_of(dilations, [](int64_t d) { return d != 1; });
  }
  /// Height and width; a leading dimension is added to a window of one.
  Ints as2D(ArrayRef<int64_t> values, int64_t missing) const;
  /// NCHW lists of four: {1, 1, H, W}.
  Ints asNCHW(ArrayRef<int64_t> values) const;
  /// top, bottom, left, right.
  Ints pads2D() const;
};

/// Reads strides, dilations, pads and auto_pad. `spatial` are the input's
/// dimensions that SAME needs. False, with a failure, if they do not fit.
bool readWindow(Node &n, ArrayRef<int64_t> kernel, ArrayRef<int64_t> spatial, Window &window);

/// Gives `[N, C, W]` a height of one; other ranks are left.
Value toImage(Node &n, Value x);
/// Takes the added height away again.
Value fromImage(Node &n, Value y, int64_t rank);

/// The average pooling that the node describes, of an operand it may have prepared.
Value poolAverage(Node &n, Value x);

/// The convolution that the node describes, of operands it may have prepared.
Value convolve(Node &n, Value x, Value w, Value bias);

} // namespace mlir::ge::onnx

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXWINDOW_H
