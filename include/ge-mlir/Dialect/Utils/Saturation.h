//===- Saturation.h - numbers that a type does not hold ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_UTILS_SATURATION_H
#define GEMLIR_DIALECT_UTILS_SATURATION_H

#include "mlir/IR/BuiltinTypes.h"

namespace gemlir {

/// Lets finite numbers that are too large for `type`, a floating-point type, be its
/// largest; whether there were any. A mask's number stays one, of which others can be
/// subtracted.
bool saturate(llvm::MutableArrayRef<float> values, mlir::Type type);

} // namespace gemlir

#endif // GEMLIR_DIALECT_UTILS_SATURATION_H
