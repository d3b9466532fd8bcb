//===- Channels.cpp - constants that vary along one dimension -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Channels.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

int64_t ge::getChannelDim(StringRef dataFormat, int64_t rank) { return dataFormat.ends_with("C") ? rank - 1 : 1; }

std::optional<std::vector<double>> ge::getChannelValues(Value value, RankedTensorType type, int64_t channel) {
  ElementsAttr attr = getConstantAttr(value);
  auto own = dyn_cast<RankedTensorType>(value.getType());
  if (!attr || !own || own.getEncoding() || own.getRank() > type.getRank() || type.isDynamicDim(channel))
    return std::nullopt;
  int64_t lead = type.getRank() - own.getRank(), channels = type.getDimSize(channel);
  for (int64_t i = 0; i < own.getRank(); ++i)
    if (own.getDimSize(i) != 1 && (lead + i != channel || own.getDimSize(i) != channels))
      return std::nullopt;
  FailureOr<std::vector<float>> values = getFloatValues(attr);
  if (failed(values) || own.getElementType().isF64())
    return std::nullopt;
  std::vector<double> result(channels);
  for (int64_t c = 0; c < channels; ++c)
    result[c] = (*values)[values->size() == 1 ? 0 : c];
  return result;
}

/// The values of a vector of per-channel parameters.
static std::optional<std::vector<double>> getVector(Value value) {
  FailureOr<std::vector<float>> values = getFloatValues(getConstantAttr(value));
  if (failed(values))
    return std::nullopt;
  return std::vector<double>(values->begin(), values->end());
}

std::optional<ChannelAffine> ge::getBatchNormAffine(BatchNormOp op) {
  if (op.getIsTraining() || !op.getMean() || !op.getVariance())
    return std::nullopt;
  auto scale = getVector(op.getScale()), offset = getVector(op.getOffset()), mean = getVector(op.getMean()),
       variance = getVector(op.getVariance());
  if (!scale || !offset || !mean || !variance)
    return std::nullopt;
  double epsilon = op.getEpsilon();
  ChannelAffine result;
  for (size_t c = 0; c < scale->size(); ++c) {
    double factor = (*scale)[c] / std::sqrt((*variance)[c] + epsilon);
    result.factor.push_back(factor);
    result.shift.push_back((*offset)[c] - (*mean)[c] * factor);
  }
  return result;
}

/// Whether only the first result is used.
static bool onlyFirstUsed(Operation *op) {
  return llvm::all_of(op->getResults().drop_front(), [](Value value) { return value.use_empty(); });
}

std::optional<ChannelAffine> ge::getChannelAffine(Operation *op, Value x, int64_t channel) {
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type || channel >= type.getRank() || op->getNumResults() == 0 || op->getResult(0).getType() != type)
    return std::nullopt;
  if (auto norm = dyn_cast<BatchNormOp>(op)) {
    if (norm.getX() != x || getChannelDim(norm.getDataFormat(), type.getRank()) != channel || !onlyFirstUsed(op))
      return std::nullopt;
    return getBatchNormAffine(norm);
  }
  if (!isa<AddOp, SubOp, MulOp, RealDivOp, DivOp>(op) || op->getOperand(0) == op->getOperand(1))
    return std::nullopt;
  bool isLeft = op->getOperand(0) == x;
  auto values = getChannelValues(op->getOperand(isLeft ? 1 : 0), type, channel);
  if (!values || (isa<RealDivOp, DivOp>(op) && !isLeft))
    return std::nullopt;
  ChannelAffine result{std::vector<double>(values->size(), 1), std::vector<double>(values->size(), 0)};
  if (isa<MulOp>(op)) {
    result.factor = *values;
  } else if (isa<AddOp>(op)) {
    result.shift = *values;
  } else if (isa<SubOp>(op)) {
    for (auto [c, value] : llvm::enumerate(*values)) {
      result.factor[c] = isLeft ? 1 : -1;
      result.shift[c] = isLeft ? -value : value;
    }
  } else {
    for (auto [c, value] : llvm::enumerate(*values))
      result.factor[c] = 1 / value;
  }
  return result;
}

Value ge::makeChannelConstant(OpBuilder &builder, Location loc, Type elementType, ArrayRef<double> values, int64_t rank,
                              int64_t channel) {
  SmallVector<int64_t> shape(rank, 1);
  shape[channel] = values.size();
  std::vector<float> floats(values.begin(), values.end());
  return ConstOp::create(builder, loc, makeFloatConstant(RankedTensorType::get(shape, elementType), floats));
}
