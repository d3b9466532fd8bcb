//===- RecognizeNormalizations.cpp - normalizations that a graph spells out -===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "llvm/ADT/STLExtras.h"
#include <vector>

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

/// A mean over the trailing dimensions from `begin` on, which stay as 1.
struct Mean {
  Value x;
  int64_t begin;
};

std::optional<Mean> getTrailingMean(Value value) {
  auto op = value.getDefiningOp<ReduceMeanOp>();
  if (!op || !op.getKeepDims())
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(op.getX().getType());
  FailureOr<SmallVector<int64_t>> axes = getIntValues(getConstantAttr(op.getAxes()));
  if (!type || failed(axes) || axes->empty())
    return std::nullopt;
  for (int64_t &axis : *axes)
    axis = axis < 0 ? axis + type.getRank() : axis;
  llvm::sort(*axes);
  int64_t begin = type.getRank() - int64_t(axes->size());
  for (auto [i, axis] : llvm::enumerate(*axes))
    if (axis != begin + int64_t(i))
      return std::nullopt;
  return Mean{op.getX(), begin};
}

/// The operand of a square, however it is written.
Value getSquared(Value value) {
  if (auto square = value.getDefiningOp<SquareOp>())
    return square.getX();
  if (auto product = value.getDefiningOp<MulOp>(); product && product.getX1() == product.getX2())
    return product.getX1();
  if (auto power = value.getDefiningOp<PowOp>()) {
    std::optional<double> exponent = getScalar(power->getOperand(1));
    if (exponent && *exponent == 2 && power->getOperand(0).getType() == value.getType())
      return power->getOperand(0);
  }
  return {};
}

/// `mean(x^2) + epsilon`
struct Moment {
  Value x;
  int64_t begin;
  double epsilon;
};

std::optional<Moment> getSecondMoment(Value value) {
  auto add = value.getDefiningOp<AddOp>();
  for (int i = 0; add && i < 2; ++i) {
    std::optional<double> epsilon = getScalar(add->getOperand(i));
    std::optional<Mean> mean = getTrailingMean(add->getOperand(1 - i));
    Value x = mean ? getSquared(mean->x) : Value();
    if (epsilon && x && *epsilon >= 0)
      return Moment{x, mean->begin, *epsilon};
  }
  return std::nullopt;
}

/// `x / sqrt(mean(x^2) + epsilon)`, divided or multiplied.
std::optional<Moment> getNormalized(Operation *op) {
  std::optional<Moment> moment;
  if (isa<RealDivOp, DivOp>(op)) {
    auto root = op->getOperand(1).getDefiningOp<SqrtOp>();
    moment = root ? getSecondMoment(root.getX()) : std::nullopt;
    return moment && moment->x == op->getOperand(0) ? moment : std::nullopt;
  }
  if (!isa<MulOp>(op))
    return std::nullopt;
  for (int i = 0; i < 2; ++i) {
    Value radicand;
    if (auto rsqrt = op->getOperand(i).getDefiningOp<RsqrtOp>())
      radicand = rsqrt.getX();
    else if (auto reciprocal = op->getOperand(i).getDefiningOp<ReciprocalOp>())
      if (auto root = reciprocal.getX().getDefiningOp<SqrtOp>())
        radicand = root.getX();
    moment = radicand ? getSecondMoment(radicand) : std::nullopt;
    if (moment && moment->x == op->getOperand(1 - i))
      return moment;
  }
  return std::nullopt;
}

/// Whether a parameter has the shape of `type` from `begin` on, leading ones
/// aside.
bool isParameter(Value value, RankedTensorType type, int64_t begin) {
  auto own = dyn_cast<RankedTensorType>(value.getType());
  ArrayRef<int64_t> expected = type.getShape().drop_front(begin);
  if (!own || own.getRank() < int64_t(expected.size()) || own.getRank() > type.getRank() ||
      own.getElementType() != type.getElementType() || own.getShape().take_back(expected.size()) != expected)
    return false;
  return llvm::all_of(own.getShape().drop_back(expected.size()), [](int64_t dim) { return dim == 1; });
}

/// The parameter that the only user of `value` applies to it, if that user is an
/// `OpTy` that keeps the type.
template <typename OpTy>
Value getAppliedParameter(Value value, RankedTensorType type, int64_t begin) {
  if (!value.hasOneUse())
    return {};
  auto user = dyn_cast<OpTy>(*value.user_begin());
  if (!user || user.getY().getType() != type)
    return {};
  Value parameter = user->getOperand(user->getOperand(0) == value ? 1 : 0);
  return isParameter(parameter, type, begin) ? parameter : Value();
}

struct Builder {
  OpBuilder builder;
  Location loc;
  RankedTensorType type;
  int64_t begin;

  RankedTensorType parameterType() const {
    return RankedTensorType::get(type.getShape().drop_front(begin), type.getElementType());
  }
  Value splat(float value) {
    std::vector<float> values(parameterType().getNumElements(), value);
    return ConstOp::create(builder, loc, makeFloatConstant(parameterType(), values));
  }
  /// Drops leading ones.
  Value fit(Value parameter) {
    if (parameter.getType() == parameterType())
      return parameter;
    Value shape = ConstOp::create(builder, loc, makeIntConstant(builder.getContext(), parameterType().getShape()));
    return ReshapeOp::create(builder, loc, parameter, shape);
  }
};

/// `(x - mean) * rstd * gamma + beta`; parameters not applied are 1 and 0.
bool replaceNormalization(Operation *op) {
  std::optional<Moment> moment = getNormalized(op);
  auto type = moment ? dyn_cast<RankedTensorType>(op->getResult(0).getType()) : RankedTensorType();
  if (!type || moment->x.getType() != type || type.getEncoding() ||
      ShapedType::isDynamicShape(type.getShape().drop_front(moment->begin)))
    return false;
  int64_t begin = moment->begin;
  auto centered = moment->x.getDefiningOp<SubOp>();
  std::optional<Mean> mean = centered ? getTrailingMean(centered.getX2()) : std::nullopt;
  bool isLayerNorm = mean && mean->x == centered.getX1() && mean->begin == begin;
  Value last = op->getResult(0);
  Value gamma = getAppliedParameter<MulOp>(last, type, begin), beta;
  if (gamma)
    last = last.user_begin()->getResult(0);
  if (isLayerNorm && (beta = getAppliedParameter<AddOp>(last, type, begin)))
    last = last.user_begin()->getResult(0);
  if (!isLayerNorm && !gamma)
    return false;
  Builder b{OpBuilder(last.getDefiningOp()), last.getLoc(), type, begin};
  gamma = gamma ? b.fit(gamma) : b.splat(1);
  Value y;
  if (isLayerNorm) {
    beta = beta ? b.fit(beta) : b.splat(0);
    auto norm = LayerNormV3Op::create(b.builder, b.loc, mean->x, gamma, beta, begin, begin, float(moment->epsilon));
    y = norm.getY();
  } else {
    y = RmsNormOp::create(b.builder, b.loc, moment->x, gamma, float(moment->epsilon)).getY();
  }
  last.replaceAllUsesWith(y);
  return true;
}

} // namespace

unsigned ge::recognizeNormalizations(Operation *root) {
  SmallVector<Operation *> candidates;
  root->walk([&](Operation *op) {
    if (isa<RealDivOp, DivOp, MulOp>(op))
      candidates.push_back(op);
  });
  unsigned count = 0;
  // What becomes dead is erased by the caller's rewriting.
  for (Operation *op : candidates)
    count += replaceNormalization(op);
  return count;
}
