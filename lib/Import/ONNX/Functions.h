//===- Functions.h - local functions of an ONNX model -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_IMPORT_ONNX_FUNCTIONS_H
#define GE_MLIR_LIB_IMPORT_ONNX_FUNCTIONS_H

#include "Proto.h"

#include <deque>

namespace gemlir {
namespace onnx {

/// Replaces every call of a local function, nested ones too, by the function's
/// nodes. New names live in `names`.
bool inlineFunctions(ModelView &model, std::deque<std::string> &names, ReadError &error);

} // namespace onnx
} // namespace gemlir

#endif // GE_MLIR_LIB_IMPORT_ONNX_FUNCTIONS_H
