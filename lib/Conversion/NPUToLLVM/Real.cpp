//===- Real.cpp - operators on floating-point values ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace gemlir {

/// `type` with elements of `element`.
static Type withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(element);
  return element;
}

bool Real::isWide() const { return getElementTypeOrSelf(v.getType()).isF64(); }

Real Real::constant(double value) const {
  Type element = getElementTypeOrSelf(v.getType());
  TypedAttr attr = b->getFloatAttr(element, value);
  if (auto vector = dyn_cast<VectorType>(v.getType()))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return Real(*b, arith::ConstantOp::create(*b, attr));
}

Real Real::widened() const { return Real(*b, arith::ExtFOp::create(*b, withElement(v.getType(), b->getF64Type()), v)); }

Real Real::narrowed() const {
  return Real(*b, arith::TruncFOp::create(*b, withElement(v.getType(), b->getF32Type()), v));
}

Real Real::operator-() const { return Real(*b, arith::NegFOp::create(*b, v)); }
Real Real::operator+(Real other) const { return Real(*b, arith::AddFOp::create(*b, v, other.v)); }
Real Real::operator-(Real other) const { return Real(*b, arith::SubFOp::create(*b, v, other.v)); }
Real Real::operator*(Real other) const { return Real(*b, arith::MulFOp::create(*b, v, other.v)); }
Real Real::operator/(Real other) const { return Real(*b, arith::DivFOp::create(*b, v, other.v)); }

Value Real::operator<(Real other) const { return arith::CmpFOp::create(*b, arith::CmpFPredicate::OLT, v, other.v); }

Value Real::operator==(Real other) const { return arith::CmpFOp::create(*b, arith::CmpFPredicate::OEQ, v, other.v); }

Value Real::isNaN() const { return arith::CmpFOp::create(*b, arith::CmpFPredicate::UNO, v, v); }

Value Real::isNegative() const { return copySign(constant(1), *this) < 0; }

Real fma(Real a, Real b, Real c) {
  return Real(a.builder(), math::FmaOp::create(a.builder(), a.value(), b.value(), c.value()));
}

Real select(Value condition, Real a, Real b) {
  return Real(a.builder(), arith::SelectOp::create(a.builder(), condition, a.value(), b.value()));
}

Real abs(Real x) { return Real(x.builder(), math::AbsFOp::create(x.builder(), x.value())); }
Real sqrt(Real x) { return Real(x.builder(), math::SqrtOp::create(x.builder(), x.value())); }
Real trunc(Real x) { return Real(x.builder(), math::TruncOp::create(x.builder(), x.value())); }
Real roundEven(Real x) { return Real(x.builder(), math::RoundEvenOp::create(x.builder(), x.value())); }

Real copySign(Real magnitude, Real sign) {
  return Real(sign.builder(), math::CopySignOp::create(sign.builder(), magnitude.value(), sign.value()));
}

Real least(Real a, Real b) { return select(a < b, a, b); }
Real greatest(Real a, Real b) { return select(a > b, a, b); }

Real remainder(Real x, Real y) {
  ImplicitLocOpBuilder &b = x.builder();
  Real dividend = abs(x), divisor = abs(y);
  // Nothing to do unless both are finite, the divisor is not zero and not
  // larger.
  Real infinity = x.constant(std::numeric_limits<double>::infinity());
  Value usual =
      arith::AndIOp::create(b, arith::AndIOp::create(b, dividend < infinity, divisor > 0),
                            arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, dividend.value(), divisor.value()));
  Type type = x.value().getType();
  auto reduce = scf::IfOp::create(b, type, usual, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(reduce.thenBlock());
  // Long division in binary: the largest divisor · 2^k, then down to k = 0. All
  // steps are exact. The infinite divisor ends the first loop at once.
  auto grow = scf::WhileOp::create(b, TypeRange{type}, ValueRange{divisor.value()});
  Block *before = b.createBlock(&grow.getBefore(), {}, type, b.getLoc());
  Real scaled(b, before->getArgument(0));
  Value fits = arith::CmpFOp::create(b, arith::CmpFPredicate::OLE, scaled.value(), (dividend * 0.5).value());
  scf::ConditionOp::create(b, fits, before->getArguments());
  Block *after = b.createBlock(&grow.getAfter(), {}, type, b.getLoc());
  Real current(b, after->getArgument(0));
  scf::YieldOp::create(b, (current + current).value());

  b.setInsertionPointAfter(grow);
  SmallVector<Type> types = {type, type};
  auto shrink = scf::WhileOp::create(b, types, ValueRange{dividend.value(), grow.getResult(0)});
  before = b.createBlock(&shrink.getBefore(), {}, types, {b.getLoc(), b.getLoc()});
  Real rest(b, before->getArgument(0)), part(b, before->getArgument(1));
  Value take = arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, rest.value(), part.value());
  Real less = select(take, rest - part, rest);
  Value more = part > divisor;
  scf::ConditionOp::create(b, more, ValueRange{less.value(), part.value()});
  after = b.createBlock(&shrink.getAfter(), {}, types, {b.getLoc(), b.getLoc()});
  Real half = Real(b, after->getArgument(1)) * 0.5;
  scf::YieldOp::create(b, ValueRange{after->getArgument(0), half.value()});

  b.setInsertionPointAfter(shrink);
  scf::YieldOp::create(b, copySign(Real(b, shrink.getResult(0)), x).value());
  // x itself if it is the smaller one; NaN for an infinite x, a zero y, NaN.
  b.setInsertionPointToStart(reduce.elseBlock());
  Real nan = x.constant(std::numeric_limits<double>::quiet_NaN());
  scf::YieldOp::create(b, select(dividend < divisor, x, nan).value());
  return Real(b, reduce.getResult(0));
}

} // namespace gemlir
