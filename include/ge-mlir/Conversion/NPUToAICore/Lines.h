//===- Lines.h - where in the model code comes from ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_CONVERSION_NPUTOAICORE_LINES_H
#define GE_MLIR_CONVERSION_NPUTOAICORE_LINES_H

#include "mlir/IR/Location.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace gemlir {

/// Nodes by name, or a line of a file; empty if the location has neither.
std::string describePlace(mlir::Location loc);

/// Assembly of a row of the section `.npu.lines`: the code at `symbol`, until the next
/// row, comes from `place`.
std::string makeLineRow(llvm::StringRef symbol, llvm::StringRef place);

} // namespace gemlir

#endif // GE_MLIR_CONVERSION_NPUTOAICORE_LINES_H
