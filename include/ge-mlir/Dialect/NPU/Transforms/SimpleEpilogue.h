//===- SimpleEpilogue.h - what fixpipe does to accumulators -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_NPU_TRANSFORMS_SIMPLEEPILOGUE_H
#define GE_MLIR_DIALECT_NPU_TRANSFORMS_SIMPLEEPILOGUE_H

#include "mlir/IR/Block.h"

#include <optional>

namespace gemlir {

/// What makes bytes of sums of 32 bits: scaled as f32, by a number or the epilogue
/// operand `scales`, rounded half to even, moved and saturated.
struct Requantization {
  float scale = 1;
  std::optional<unsigned> scales;
  int64_t zero = 0;
  bool isUnsigned = false;
};

/// A bias for each column, a rectification and a conversion, in this order, of which
/// each may be missing.
struct SimpleEpilogue {
  /// Number of the epilogue operand that is added.
  std::optional<unsigned> bias;
  bool relu = false;
  std::optional<Requantization> quantization;
};

/// Reads the body of `npu.mmad` or `npu.depthwise`, or finds that it does more.
std::optional<SimpleEpilogue> matchEpilogue(mlir::Block &body);

} // namespace gemlir

#endif // GE_MLIR_DIALECT_NPU_TRANSFORMS_SIMPLEEPILOGUE_H
