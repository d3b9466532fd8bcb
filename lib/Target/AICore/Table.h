//===- Table.h - the kernels that a device binary has ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_TARGET_AICORE_TABLE_H
#define GEMLIR_LIB_TARGET_AICORE_TABLE_H

#include "Places.h"

#include "ge-mlir/Target/LLVM/Codegen.h"

#include <string>
#include <vector>

namespace gemlir {
namespace aicore {

/// A kernel with the symbols of its entries; empty if there is none for a unit.
struct TableEntry {
  std::string name, cube, vector, aicpu;
  /// Blocks of a launch, 0 for one on each core.
  uint32_t blocks = 0;
  /// Where in the model the code of the AICPU comes from. Commands of engines say it
  /// themselves.
  std::vector<PlaceRow> places;
};

/// The object with the sections `.npu.kernels` and `.npu.target`, and the rows of
/// `.npu.lines` for kernels of the AICPU.
bool generateTable(const std::vector<TableEntry> &entries, const device::Description &device,
                   llvm::SmallVectorImpl<char> &result, std::string &error);

} // namespace aicore
} // namespace gemlir

#endif // GEMLIR_LIB_TARGET_AICORE_TABLE_H
