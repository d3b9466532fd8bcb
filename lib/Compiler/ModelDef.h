//===- ModelDef.h - the graph of an offline model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_COMPILER_MODELDEF_H
#define GEMLIR_LIB_COMPILER_MODELDEF_H

#include "Signature.h"

#include <cstdint>
#include <vector>

namespace gemlir {

/// Serializes `func`, in the `ge` dialect with formats assigned, as the
/// container's MODEL_DEF partition (a ge.proto.ModelDef). Constants appear with
/// their types only; the weights of the model are in packed form elsewhere.
mlir::LogicalResult serializeModelDef(mlir::func::FuncOp func, const Signature &signature, std::vector<uint8_t> &bytes);

} // namespace gemlir

#endif // GEMLIR_LIB_COMPILER_MODELDEF_H
