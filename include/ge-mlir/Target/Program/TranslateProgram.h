//===- TranslateProgram.h - npu.program to the runtime's program -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H
#define GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H

#include "ge-mlir/Model/OM.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <deque>
#include <vector>

namespace gemlir {

/// The weights of one or more programs, equal ones once. Segments only join at
/// the end, so that the offsets of earlier ones stay.
class WeightPool {
public:
  explicit WeightPool(size_t alignment = 64) : alignment(alignment) {}

  /// The segment with these bytes, which must stay where they are.
  unsigned add(llvm::ArrayRef<char> bytes);
  /// The same, and the pool keeps the bytes.
  unsigned addOwned(std::vector<char> bytes);

  const std::vector<model::WeightSegment> &getSegments() const { return segments; }

private:
  size_t alignment;
  std::vector<model::WeightSegment> segments;
  std::deque<std::vector<char>> owned;
  llvm::DenseMap<uint64_t, llvm::SmallVector<unsigned, 1>> byHash;
};

/// Translates the `npu.program` operations of `module`; `@main` is the entry.
/// `program.inputs` and `outputs` describe the model and are filled by the
/// caller; binaries too. The weights may alias attributes of `module`;
/// `program.weightSize` is what they take so far.
mlir::LogicalResult translateProgram(mlir::ModuleOp module, model::Program &program, WeightPool &weights);

} // namespace gemlir

#endif // GEMLIR_TARGET_PROGRAM_TRANSLATEPROGRAM_H
