//===- Resize.h - what the lowerings of Resize share ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_RESIZE_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_RESIZE_H

#include "Emitter.h"

namespace gemlir::lowering {

struct ResizeOptions {
  StringRef mode, transformation, nearestMode;
  double cubicCoefficient, extrapolation;
  bool excludeOutside;
};

/// A storage axis that is resized, if one of its sizes is dynamic.
struct DynamicAxis {
  int64_t axis;
  Dim sourceSize, size;
  /// None for the quotient of the sizes.
  std::optional<double> scale;
  /// How often each element is repeated in place, or 0.
  int64_t repetition;
  /// The part of the operand that tf_crop_and_resize shows.
  double begin, end;
};

/// `x` with the axes resized; its elements may be of a wider type then.
Tensor resizeDynamic(Emitter &b, Tensor x, const ResizeOptions &options, ArrayRef<DynamicAxis> axes);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_RESIZE_H
