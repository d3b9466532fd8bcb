//===- AICores.h - the built-in NPUs ---------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DEVICE_AICORES_H
#define GE_MLIR_LIB_DEVICE_AICORES_H

#include "ge-mlir/Device/Description.h"

namespace gemlir {
namespace device {

/// Finds an NPU, or a slice of it ("NAME:CORES"). Returns false with an empty
/// error if there is none of this name.
bool findAICore(const std::string &name, Description &result, std::string &error);

} // namespace device
} // namespace gemlir

#endif // GE_MLIR_LIB_DEVICE_AICORES_H
