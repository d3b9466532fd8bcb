//===- Saturation.cpp - numbers that a type does not hold -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/Utils/Saturation.h"

#include <cmath>

bool gemlir::saturate(llvm::MutableArrayRef<float> values, mlir::Type type) {
  const auto &semantics = llvm::cast<mlir::FloatType>(type).getFloatSemantics();
  const float largest = llvm::APFloat::getLargest(semantics).convertToFloat();
  bool any = false;
  for (float &value : values)
    if (std::isfinite(value) && std::abs(value) > largest) {
      value = std::copysign(largest, value);
      any = true;
    }
  return any;
}
