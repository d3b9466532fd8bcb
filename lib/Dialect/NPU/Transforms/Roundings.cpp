//===- Roundings.cpp - between operations of one body ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roundings.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

unsigned npu::dropRoundings(Block &body) {
  unsigned dropped = 0;
  for (auto widened : llvm::make_early_inc_range(body.getOps<arith::ExtFOp>())) {
    auto rounded = widened.getIn().getDefiningOp<arith::TruncFOp>();
    if (!rounded || rounded.getIn().getType() != widened.getType())
      continue;
    widened.replaceAllUsesWith(rounded.getIn());
    widened.erase();
    if (rounded->use_empty())
      rounded.erase();
    ++dropped;
  }
  return dropped;
}
