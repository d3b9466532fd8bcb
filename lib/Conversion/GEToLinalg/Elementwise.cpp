//===- Elementwise.cpp - arithmetic, comparisons, casts and selection -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

#include <cmath>

using namespace mlir;
using namespace gemlir::lowering;

LogicalResult gemlir::lowering::requireFloat(Operation *op) {
  Type element = getOperandElement(op);
  if (isa<FloatType>(element))
    return success();
  return emitLoweringError(op) << "expects floating-point elements, but got " << element;
}

LogicalResult gemlir::lowering::lowerElementwise(Operation *op, Emitter &b, Type domain,
                                                 llvm::function_ref<Value(Scalar &, ArrayRef<Value>)> compute) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands()) {
    Tensor aligned = alignTo(b, operand, op->getResult(0));
    if (!aligned)
      return emitLoweringError(op) << "cannot broadcast " << operand.getType() << " to " << type;
    operands.push_back(aligned);
  }
  Tensor result = b.elementwise(b.getShape(op->getResult(0)), type.getElementType(), operands, [&](ArrayRef<Value> in) {
    SmallVector<Value> values;
    for (auto [value, operand] : llvm::zip_equal(in, operands))
      values.push_back(domain ? castScalar(b, value, operand.element, domain) : value);
    Scalar scalar(b, domain ? domain : operands.front().element);
    return compute(scalar, values);
  });
  b.set(op->getResult(0), result.value);
  return success();
}

//===----------------------------------------------------------------------===//
// Kinds of operators
//===----------------------------------------------------------------------===//

using Unary = Value (*)(Scalar &, Value);
using Binary = Value (*)(Scalar &, Value, Value);

/// The operands' type is the result's.
template <typename OpTy>
static void addBinary(LoweringTable &table, Binary fn) {
  table.add(OpTy::getOperationName(), [fn](Operation *op, Emitter &b) {
    return lowerElementwise(op, b, getResultElement(op),
                            [fn](Scalar &s, ArrayRef<Value> in) { return fn(s, in[0], in[1]); });
  });
}

template <typename OpTy>
static void addCompare(LoweringTable &table, Compare relation) {
  table.add(OpTy::getOperationName(), [relation](Operation *op, Emitter &b) {
    return lowerElementwise(op, b, getOperandElement(op),
                            [relation](Scalar &s, ArrayRef<Value> in) { return s.compare(relation, in[0], in[1]); });
  });
}

/// On any element type.
template <typename OpTy>
static void addUnary(LoweringTable &table, Unary fn) {
  table.add(OpTy::getOperationName(), [fn](Operation *op, Emitter &b) {
    return lowerElementwise(op, b, getOperandElement(op), [fn](Scalar &s, ArrayRef<Value> in) { return fn(s, in[0]); });
  });
}

/// A function of the math dialect; integers are left as they are if `ofIntegers`.
template <typename OpTy, typename MathOp>
static void addMath(LoweringTable &table, bool ofIntegers = false) {
  table.add(OpTy::getOperationName(), [ofIntegers](Operation *op, Emitter &b) -> LogicalResult {
    if (!ofIntegers && failed(requireFloat(op)))
      return failure();
    return lowerElementwise(op, b, getOperandElement(op),
                            [](Scalar &s, ArrayRef<Value> in) { return s.isFloat() ? s.call<MathOp>(in[0]) : in[0]; });
  });
}

template <typename ArithOp>
static LogicalResult lowerBitwise(Operation *op, Emitter &b) {
  if (isa<FloatType>(getResultElement(op)))
    return emitLoweringError(op) << "expects integer elements, but got " << getResultElement(op);
  return lowerElementwise(op, b, getResultElement(op),
                          [&](Scalar &, ArrayRef<Value> in) -> Value { return ArithOp::create(b, in[0], in[1]); });
}

//===----------------------------------------------------------------------===//
// Operators with attributes or operands of their own
//===----------------------------------------------------------------------===//

static LogicalResult lowerCast(ge::CastOp op, Emitter &b) {
  return lowerElementwise(op, b, getResultElement(op), [](Scalar &, ArrayRef<Value> in) { return in[0]; });
}

/// The bits as they are stored: a computation type might change those of a NaN.
static LogicalResult lowerBitcast(ge::BitcastOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  Type element = getResultElement(op);
  Type from = getElementTypeOrSelf(x.value.getType()), to = getStorageElement(element);
  Value result = x.value;
  if (from != to) {
    SmallVector<AffineMap> maps(2, b.identity(x.rank()));
    SmallVector<IteratorType> iterators(x.rank(), IteratorType::parallel);
    Tensor init = b.empty(x.shape(), element);
    result = linalg::GenericOp::create(b, TypeRange{init.value.getType()}, ValueRange{x.value}, ValueRange{init.value},
                                       maps, iterators,
                                       [&](OpBuilder &body, Location loc, ValueRange in) {
                                         Value bits = arith::BitcastOp::create(body, loc, to, in[0]);
                                         linalg::YieldOp::create(body, loc, bits);
                                       })
                 .getResult(0);
  }
  b.set(op.getY(), result);
  return success();
}

static LogicalResult lowerSelect(ge::SelectOp op, Emitter &b) {
  return lowerElementwise(op, b, Type(), [&](Scalar &, ArrayRef<Value> in) {
    Value condition = Scalar(b, getOperandElement(op, 0)).isTrue(in[0]);
    return b.select(condition, in[1], castScalar(b, in[2], getOperandElement(op, 2), getOperandElement(op, 1)));
  });
}

static LogicalResult lowerClip(ge::ClipByValueV2Op op, Emitter &b) {
  return lowerElementwise(op, b, getResultElement(op), [](Scalar &s, ArrayRef<Value> in) {
    return s.minKeeping(s.maxKeeping(in[0], in[1]), in[2]);
  });
}

static LogicalResult lowerRound(ge::RoundOp op, Emitter &b) {
  int64_t decimals = op.getDecimals();
  return lowerElementwise(op, b, getOperandElement(op), [&](Scalar &s, ArrayRef<Value> in) -> Value {
    if (!s.isFloat())
      return in[0];
    if (decimals == 0)
      return s.call<math::RoundEvenOp>(in[0]);
    Value scale = s.constant(std::pow(10.0, decimals));
    return s.div(s.call<math::RoundEvenOp>(s.mul(in[0], scale)), scale);
  });
}

static LogicalResult lowerInvert(ge::InvertOp op, Emitter &b) {
  return lowerElementwise(op, b, getOperandElement(op), [&](Scalar &s, ArrayRef<Value> in) -> Value {
    return arith::XOrIOp::create(b, in[0], s.constant(s.isBool() ? 1 : -1));
  });
}

/// base^(scale * x + shift), e for base -1.
static Value computeExp(Scalar &s, Value x, ge::ExpOp op) {
  double base = op.getBase(), scale = op.getScale(), shift = op.getShift();
  double factor = base > 0 ? std::log(base) : 1;
  if (scale * factor != 1)
    x = s.mul(x, s.constant(scale * factor));
  if (shift != 0)
    x = s.add(x, s.constant(shift * factor));
  return s.exp(x);
}

/// Logarithm of scale * x + shift to the base, e for base -1.
static Value computeLog(Scalar &s, Value x, ge::LogOp op) {
  double base = op.getBase(), scale = op.getScale(), shift = op.getShift();
  if (scale != 1)
    x = s.mul(x, s.constant(scale));
  if (shift != 0)
    x = s.add(x, s.constant(shift));
  Value result = s.log(x);
  return base > 0 ? s.mul(result, s.constant(1 / std::log(base))) : result;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static void populateBinary(LoweringTable &table) {
  addBinary<ge::AddOp>(table, [](Scalar &s, Value x, Value y) { return s.add(x, y); });
  addBinary<ge::SubOp>(table, [](Scalar &s, Value x, Value y) { return s.sub(x, y); });
  addBinary<ge::MulOp>(table, [](Scalar &s, Value x, Value y) { return s.mul(x, y); });
  addBinary<ge::RealDivOp>(table, [](Scalar &s, Value x, Value y) { return s.div(x, y); });
  addBinary<ge::DivOp>(table, [](Scalar &s, Value x, Value y) { return s.div(x, y); });
  addBinary<ge::FloorDivOp>(table, [](Scalar &s, Value x, Value y) { return s.floorDiv(x, y); });
  addBinary<ge::FloorModOp>(table, [](Scalar &s, Value x, Value y) { return s.floorMod(x, y); });
  addBinary<ge::ModOp>(table, [](Scalar &s, Value x, Value y) { return s.rem(x, y); });
  addBinary<ge::PowOp>(table, [](Scalar &s, Value x, Value y) { return s.pow(x, y); });
  addBinary<ge::MaximumOp>(table, [](Scalar &s, Value x, Value y) { return s.maximum(x, y); });
  addBinary<ge::MinimumOp>(table, [](Scalar &s, Value x, Value y) { return s.minimum(x, y); });
  addBinary<ge::SquaredDifferenceOp>(table, [](Scalar &s, Value x, Value y) { return s.square(s.sub(x, y)); });
  addBinary<ge::LeftShiftOp>(table, [](Scalar &s, Value x, Value y) { return s.shiftLeft(x, y); });
  addBinary<ge::RightShiftOp>(table, [](Scalar &s, Value x, Value y) { return s.shiftRight(x, y); });
  addBinary<ge::LogicalOrOp>(table, [](Scalar &s, Value x, Value y) { return s.add(x, y); });
  addBinary<ge::LogicalAndOp>(table, [](Scalar &s, Value x, Value y) { return s.mul(x, y); });
  table.add(ge::BitwiseAndOp::getOperationName(), lowerBitwise<arith::AndIOp>);
  table.add(ge::BitwiseOrOp::getOperationName(), lowerBitwise<arith::OrIOp>);
  table.add(ge::BitwiseXorOp::getOperationName(), lowerBitwise<arith::XOrIOp>);
  table.add(ge::Atan2Op::getOperationName(), [](Operation *op, Emitter &b) -> LogicalResult {
    if (failed(requireFloat(op)))
      return failure();
    return lowerElementwise(op, b, getResultElement(op), [&](Scalar &, ArrayRef<Value> in) -> Value {
      return math::Atan2Op::create(b, in[0], in[1]);
    });
  });
  addCompare<ge::EqualOp>(table, Compare::Equal);
  addCompare<ge::NotEqualOp>(table, Compare::NotEqual);
  addCompare<ge::LessOp>(table, Compare::Less);
  addCompare<ge::LessEqualOp>(table, Compare::LessEqual);
  addCompare<ge::GreaterOp>(table, Compare::Greater);
  addCompare<ge::GreaterEqualOp>(table, Compare::GreaterEqual);
}

static void populateUnary(LoweringTable &table) {
  addUnary<ge::AbsOp>(table, [](Scalar &s, Value x) { return s.abs(x); });
  addUnary<ge::NegOp>(table, [](Scalar &s, Value x) { return s.neg(x); });
  addUnary<ge::SignOp>(table, [](Scalar &s, Value x) { return s.sign(x); });
  addUnary<ge::SquareOp>(table, [](Scalar &s, Value x) { return s.square(x); });
  addUnary<ge::ReciprocalOp>(table, [](Scalar &s, Value x) { return s.reciprocal(x); });
  addUnary<ge::LogicalNotOp>(table, [](Scalar &s, Value x) { return s.compare(Compare::Equal, x, s.constant(0)); });
  addMath<ge::SqrtOp, math::SqrtOp>(table);
  addMath<ge::Expm1Op, math::ExpM1Op>(table);
  addMath<ge::Log1pOp, math::Log1pOp>(table);
  addMath<ge::CeilOp, math::CeilOp>(table, /*ofIntegers=*/true);
  addMath<ge::FloorOp, math::FloorOp>(table, /*ofIntegers=*/true);
  addMath<ge::RintOp, math::RoundEvenOp>(table, /*ofIntegers=*/true);
  addMath<ge::SinOp, math::SinOp>(table);
  addMath<ge::CosOp, math::CosOp>(table);
  addMath<ge::TanOp, math::TanOp>(table);
  addMath<ge::AsinOp, math::AsinOp>(table);
  addMath<ge::AcosOp, math::AcosOp>(table);
  addMath<ge::AtanOp, math::AtanOp>(table);
  addMath<ge::SinhOp, math::SinhOp>(table);
  addMath<ge::CoshOp, math::CoshOp>(table);
  addMath<ge::TanhOp, math::TanhOp>(table);
  addMath<ge::AsinhOp, math::AsinhOp>(table);
  addMath<ge::AcoshOp, math::AcoshOp>(table);
  addMath<ge::AtanhOp, math::AtanhOp>(table);
  addMath<ge::ErfOp, math::ErfOp>(table);
  addFloatUnary<ge::RsqrtOp>(table, [](Scalar &s, Value x, ge::RsqrtOp) { return s.reciprocal(s.sqrt(x)); });
  addFloatUnary<ge::ExpOp>(table, computeExp);
  addFloatUnary<ge::LogOp>(table, computeLog);
  addFloatUnary<ge::IsNanOp>(table, [](Scalar &s, Value x, ge::IsNanOp) { return s.compare(Compare::NotEqual, x, x); });
  addFloatUnary<ge::IsInfOp>(
      table, [](Scalar &s, Value x, ge::IsInfOp) { return s.compare(Compare::Equal, s.abs(x), s.constant(INFINITY)); });
  addFloatUnary<ge::IsFiniteOp>(table, [](Scalar &s, Value x, ge::IsFiniteOp) {
    return s.compare(Compare::Less, s.abs(x), s.constant(INFINITY));
  });
}

void gemlir::lowering::populateElementwise(LoweringTable &table) {
  populateBinary(table);
  populateUnary(table);
  table.add(lowerBitcast);
  table.add(lowerCast);
  table.add(lowerSelect);
  table.add(lowerClip);
  table.add(lowerRound);
  table.add(lowerInvert);
}
