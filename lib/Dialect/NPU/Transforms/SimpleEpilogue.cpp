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
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

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

//===----------------------------------------------------------------------===//
// Requantization
//===----------------------------------------------------------------------===//

/// No constant behind the rounding is larger.
static constexpr double kLargest = 400;

static std::optional<double> compare(arith::CmpFPredicate predicate, double x, double y) {
  switch (predicate) {
  case arith::CmpFPredicate::OLT:
  case arith::CmpFPredicate::ULT: return x < y;
  case arith::CmpFPredicate::OGT:
  case arith::CmpFPredicate::UGT: return x > y;
  case arith::CmpFPredicate::ORD: return 1;
  default: return std::nullopt;
  }
}

/// What `value` is where `moved` is the whole number `x`; not a number where that is
/// not defined, nothing where it is not known.
static std::optional<double> evaluate(Value value, Value moved, double x) {
  if (value == moved)
    return x;
  Operation *op = value.getDefiningOp();
  FloatAttr real;
  IntegerAttr integer;
  if (!op)
    return std::nullopt;
  if (matchPattern(value, m_Constant(&real)) && std::abs(real.getValueAsDouble()) <= kLargest)
    return real.getValueAsDouble();
  if (matchPattern(value, m_Constant(&integer)))
    return integer.getType().isInteger(1) ? !integer.getValue().isZero() : double(integer.getValue().getSExtValue());
  SmallVector<double, 3> in;
  if (!isa<arith::CmpFOp, arith::SelectOp, arith::MaximumFOp, arith::MinimumFOp, arith::FPToUIOp, arith::FPToSIOp,
           arith::TruncIOp>(op))
    return std::nullopt;
  for (Value operand : op->getOperands()) {
    std::optional<double> number = evaluate(operand, moved, x);
    if (!number)
      return std::nullopt;
    in.push_back(*number);
  }
  if (auto cmp = dyn_cast<arith::CmpFOp>(op))
    return compare(cmp.getPredicate(), in[0], in[1]);
  if (isa<arith::SelectOp>(op))
    return in[0] ? in[1] : in[2];
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(op))
    return isa<arith::MaximumFOp>(op) ? std::max(in[0], in[1]) : std::min(in[0], in[1]);
  if (isa<arith::TruncIOp>(op))
    return in[0];
  const double size = std::ldexp(1.0, value.getType().getIntOrFloatBitWidth());
  const double low = isa<arith::FPToUIOp>(op) ? 0 : -size / 2, high = low + size - 1;
  return in[0] >= low && in[0] <= high ? in[0] : std::nan("");
}

/// Whether `value` is `moved`, which is whole, limited to a byte. All that depends on
/// `moved` changes at constants, so that beyond the largest two numbers stand for all.
static bool saturates(Value value, Value moved, bool isUnsigned) {
  const double low = isUnsigned ? 0 : -128, high = isUnsigned ? 255 : 127;
  auto isRight = [&](double x) {
    std::optional<double> found = evaluate(value, moved, x);
    return found && !std::isnan(*found) && (int64_t(*found) & 255) == (int64_t(std::clamp(x, low, high)) & 255);
  };
  for (double x = -kLargest - 1; x <= kLargest + 1; ++x)
    if (!isRight(x))
      return false;
  return isRight(-1e9) && isRight(1e9);
}

/// What of 32 bits becomes the byte `value`, or null.
static Value matchRequantization(Block &body, Value value, Requantization &found) {
  auto rounds = body.getOps<math::RoundEvenOp>();
  if (!llvm::hasSingleElement(rounds))
    return {};
  math::RoundEvenOp rounded = *rounds.begin();
  Value moved = rounded;
  if (auto sum = rounded->hasOneUse() ? dyn_cast<arith::AddFOp>(*rounded->user_begin()) : arith::AddFOp()) {
    FloatAttr zero;
    if (!matchPattern(sum.getRhs(), m_Constant(&zero)) || std::abs(zero.getValueAsDouble()) > 255 ||
        zero.getValueAsDouble() != std::nearbyint(zero.getValueAsDouble()))
      return {};
    found.zero = int64_t(zero.getValueAsDouble());
    moved = sum;
  }
  auto product = rounded.getOperand().getDefiningOp<arith::MulFOp>();
  if (!product || !product.getType().isF32())
    return {};
  const bool isFirst = bool(product.getLhs().getDefiningOp<arith::SIToFPOp>());
  auto widened = product->getOperand(isFirst ? 0 : 1).getDefiningOp<arith::SIToFPOp>();
  Value scale = product->getOperand(isFirst ? 1 : 0);
  FloatAttr number;
  if (matchPattern(scale, m_Constant(&number)))
    found.scale = float(number.getValueAsDouble());
  else if (auto argument = dyn_cast<BlockArgument>(scale); argument && argument.getOwner() == &body)
    found.scales = argument.getArgNumber() - 1;
  else
    return {};
  if (!widened || !widened.getIn().getType().isInteger(32))
    return {};
  found.isUnsigned = saturates(value, moved, /*isUnsigned=*/true);
  return found.isUnsigned || saturates(value, moved, /*isUnsigned=*/false) ? widened.getIn() : Value();
}

//===----------------------------------------------------------------------===//
// Epilogues
//===----------------------------------------------------------------------===//

std::optional<SimpleEpilogue> gemlir::matchEpilogue(Block &body) {
  SimpleEpilogue found;
  // From what it yields back to the accumulator.
  Value value = cast<npu::YieldOp>(body.getTerminator()).getValue();
  if (value.getType().isInteger(8)) {
    found.quantization.emplace();
    value = matchRequantization(body, value, *found.quantization);
    if (!value)
      return std::nullopt;
  }
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
  if (Operation *sum = value.getDefiningOp(); isa_and_nonnull<arith::AddFOp, arith::AddIOp>(sum)) {
    if (!llvm::is_contained(sum->getOperands(), accumulator))
      return std::nullopt;
    Value other = sum->getOperand(sum->getOperand(0) == accumulator ? 1 : 0);
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
