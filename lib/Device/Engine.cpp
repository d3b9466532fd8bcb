//===- Engine.cpp - decoder of engine commands ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Engine.h"

namespace gemlir {
namespace engine {

#include "ge-mlir/Device/EngineCommands.cpp.inc"

const CommandInfo &getInfo(CommandId id) { return kInfo[unsigned(id) < kCommands ? unsigned(id) : 0]; }

const OpInfo *findOp(const CommandInfo &info, uint64_t code) {
  for (size_t i = 0; i < info.opCount; ++i)
    if (info.ops[i].code == code)
      return &info.ops[i];
  return nullptr;
}

} // namespace engine
} // namespace gemlir
