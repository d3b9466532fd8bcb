//===- Epilogue.cpp - what happens to accumulators ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Epilogue.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemlir;

static bool isZero(Value value) {
  return matchPattern(value, m_PosZeroFloat()) || matchPattern(value, m_NegZeroFloat());
}

std::optional<SimpleEpilogue> gemlir::matchEpilogue(Block &body) {
  SimpleEpilogue found;
  // From what it yields back to the accumulator.
  Value value = cast<npu::YieldOp>(body.getTerminator()).getValue();
  auto stripRelu = [&] {
    auto max = value.getDefiningOp<arith::MaximumFOp>();
    if (!max || !isZero(max.getRhs()) || found.relu)
      return;
    found.relu = true;
    value = max.getLhs();
  };
  stripRelu();
  if (auto trunc = value.getDefiningOp<arith::TruncFOp>())
    value = trunc.getIn();
  stripRelu();
  const Value accumulator = body.getArgument(0);
  if (auto sum = value.getDefiningOp<arith::AddFOp>()) {
    if (sum.getLhs() != accumulator && sum.getRhs() != accumulator)
      return std::nullopt;
    Value other = sum.getLhs() == accumulator ? sum.getRhs() : sum.getLhs();
    if (auto wide = other.getDefiningOp<arith::ExtFOp>())
      other = wide.getIn();
    auto argument = dyn_cast<BlockArgument>(other);
    if (!argument || argument.getOwner() != &body || argument.getArgNumber() == 0)
      return std::nullopt;
    found.bias = argument.getArgNumber() - 1;
    value = accumulator;
  }
  return value == accumulator ? std::optional(found) : std::nullopt;
}
