//===- Instruction.h - decoded scalar instructions -------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_INSTRUCTION_H
#define GE_MLIR_LIB_SIMULATOR_INSTRUCTION_H

#include <cstdint>

namespace gemlir {
namespace sim {

/// `Command` is an engine's word.
enum class Code : uint8_t {
  Illegal,
  Command,
#define INSTRUCTION(code, text, mask, match, form) code,
#include "Instructions.def"
};

struct Instruction {
  Code code = Code::Illegal;
  uint8_t rd = 0, rs1 = 0, rs2 = 0;
  /// Also rs3 of fused operations and the rounding mode in bits 8..10.
  int32_t immediate = 0;
};

Instruction decode(uint32_t word);

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_INSTRUCTION_H
