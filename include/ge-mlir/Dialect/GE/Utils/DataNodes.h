//===- DataNodes.h - attributes of Data nodes -------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_UTILS_DATANODES_H
#define GEMLIR_DIALECT_GE_UTILS_DATANODES_H

#include "llvm/ADT/StringRef.h"

namespace mlir::ge {

/// The attribute of a function's argument that holds what its Data node says
/// beyond name and index.
inline constexpr llvm::StringLiteral kAttrsAttr = "ge.attrs";

/// In it, the names of the node's dynamic dimensions: equal names are equal sizes.
inline constexpr llvm::StringLiteral kDimNamesAttr = "dim_names";

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_UTILS_DATANODES_H
