//===- Dims.h - arithmetic of dimensions that may be dynamic ----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_DIALECT_GE_IR_DIMS_H
#define GEMLIR_LIB_DIALECT_GE_IR_DIMS_H

#include "mlir/IR/BuiltinTypes.h"

namespace mlir::ge {

inline constexpr int64_t kDynamic = ShapedType::kDynamic;

inline bool isDynamic(int64_t dim) { return ShapedType::isDynamic(dim); }

/// Whether two dimensions are known and not the same.
inline bool differ(int64_t a, int64_t b) { return !isDynamic(a) && !isDynamic(b) && a != b; }

/// The product of some dimensions, or kDynamic. A zero makes it known.
inline int64_t product(ArrayRef<int64_t> dims) {
  int64_t result = 1;
  for (int64_t dim : dims) {
    if (dim == 0)
      return 0;
    result = isDynamic(dim) || isDynamic(result) ? kDynamic : result * dim;
  }
  return result;
}

} // namespace mlir::ge

#endif // GEMLIR_LIB_DIALECT_GE_IR_DIMS_H
