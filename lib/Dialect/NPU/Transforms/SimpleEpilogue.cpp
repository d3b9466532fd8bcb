//===- SimpleEpilogue.cpp - what fixpipe does to accumulators -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/SimpleEpilogue.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace gemlir;

/// What `value` rectifies, or null. Both forms keep what is not a number.
static Value matchRelu(Value value) {
  if (auto max = value.getDefiningOp<arith::MaximumFOp>())
    return matchPattern(max.getRhs(), m_AnyZeroFloat()) ? max.getLhs() : Value();
  auto select = value.getDefiningOp<arith::SelectOp>();
  auto compare = select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  if (!compare || compare.getPredicate() != arith::CmpFPredicate::OLT || compare.getLhs() != select.getFalseValue() ||
      !matchPattern(compare.getRhs(), m_AnyZeroFloat()) || !matchPattern(select.getTrueValue(), m_AnyZeroFloat()))
    return {};
  return compare.getLhs();
}

std::optional<SimpleEpilogue> gemlir::matchEpilogue(Block &body) {
  SimpleEpilogue found;
  // From what it yields back to the accumulator.
  Value value = cast<npu::YieldOp>(body.getTerminator()).getValue();
  auto stripRelu = [&] {
    Value rectified = found.relu ? Value() : matchRelu(value);
    if (!rectified)
      return;
    found.relu = true;
    value = rectified;
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
