//===- Dim.cpp - sizes that are numbers or expressions --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/Utils/Dim.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace gemlir {

Dim::Dim(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    value = constant.getValue();
  else
    this->expr = expr;
}

AffineExpr Dim::toExpr(MLIRContext *context) const { return expr ? expr : getAffineConstantExpr(value, context); }

static int64_t evaluate(AffineExpr expr, int64_t symbol) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return symbol;
  int64_t lhs = evaluate(binary.getLHS(), symbol), rhs = evaluate(binary.getRHS(), symbol);
  if (binary.getKind() == AffineExprKind::Add)
    return lhs + rhs;
  if (binary.getKind() == AffineExprKind::Mul)
    return lhs * rhs;
  if (rhs == 0)
    return 0;
  if (binary.getKind() == AffineExprKind::CeilDiv)
    return llvm::divideCeilSigned(lhs, rhs);
  int64_t quotient = llvm::divideFloorSigned(lhs, rhs);
  return binary.getKind() == AffineExprKind::Mod ? lhs - quotient * rhs : quotient;
}

int64_t Dim::estimate(int64_t typical) const { return expr ? evaluate(expr, typical) : value; }

//===----------------------------------------------------------------------===//
// A normal form
//===----------------------------------------------------------------------===//

/// Terms of a sum: products of factors in a fixed order, with their numbers.
namespace {
struct Term {
  SmallVector<AffineExpr> factors;
  int64_t number;
};
} // namespace

/// An order of expressions that does not depend on addresses.
static int compare(AffineExpr a, AffineExpr b) {
  if (a == b)
    return 0;
  if (a.getKind() != b.getKind())
    return a.getKind() < b.getKind() ? -1 : 1;
  if (auto symbol = dyn_cast<AffineSymbolExpr>(a))
    return symbol.getPosition() < cast<AffineSymbolExpr>(b).getPosition() ? -1 : 1;
  if (auto dim = dyn_cast<AffineDimExpr>(a))
    return dim.getPosition() < cast<AffineDimExpr>(b).getPosition() ? -1 : 1;
  if (auto constant = dyn_cast<AffineConstantExpr>(a))
    return constant.getValue() < cast<AffineConstantExpr>(b).getValue() ? -1 : 1;
  auto x = cast<AffineBinaryOpExpr>(a), y = cast<AffineBinaryOpExpr>(b);
  int order = compare(x.getLHS(), y.getLHS());
  return order ? order : compare(x.getRHS(), y.getRHS());
}

static int compare(ArrayRef<AffineExpr> a, ArrayRef<AffineExpr> b) {
  if (a.size() != b.size())
    return a.size() < b.size() ? -1 : 1;
  for (auto [x, y] : llvm::zip(a, b))
    if (int order = compare(x, y))
      return order;
  return 0;
}

static SmallVector<Term> getTerms(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return {{{}, constant.getValue()}};
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || (binary.getKind() != AffineExprKind::Add && binary.getKind() != AffineExprKind::Mul))
    return {{{expr}, 1}};
  SmallVector<Term> left = getTerms(binary.getLHS()), right = getTerms(binary.getRHS());
  if (binary.getKind() == AffineExprKind::Add) {
    llvm::append_range(left, right);
    return left;
  }
  SmallVector<Term> result;
  for (const Term &a : left)
    for (const Term &b : right) {
      Term term = a;
      llvm::append_range(term.factors, b.factors);
      llvm::sort(term.factors, [](AffineExpr x, AffineExpr y) { return compare(x, y) < 0; });
      term.number *= b.number;
      result.push_back(term);
    }
  return result;
}

/// A sum of products in a fixed order, so that equal polynomials are one
/// expression. Divisions are factors as they are.
static AffineExpr normalize(AffineExpr expr) {
  SmallVector<Term> terms = getTerms(expr), merged;
  llvm::sort(terms, [](const Term &a, const Term &b) { return compare(a.factors, b.factors) < 0; });
  for (const Term &term : terms) {
    if (!merged.empty() && compare(merged.back().factors, term.factors) == 0)
      merged.back().number += term.number;
    else
      merged.push_back(term);
  }
  llvm::erase_if(merged, [](const Term &term) { return term.number == 0; });
  MLIRContext *context = expr.getContext();
  AffineExpr sum;
  for (const Term &term : llvm::reverse(merged)) {
    AffineExpr product;
    for (AffineExpr factor : term.factors)
      product = product ? getAffineBinaryOpExpr(AffineExprKind::Mul, product, factor) : factor;
    if (!product)
      product = getAffineConstantExpr(term.number, context);
    else if (term.number != 1)
      product = getAffineBinaryOpExpr(AffineExprKind::Mul, product, getAffineConstantExpr(term.number, context));
    sum = sum ? getAffineBinaryOpExpr(AffineExprKind::Add, sum, product) : product;
  }
  return sum ? sum : getAffineConstantExpr(0, context);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static MLIRContext *contextOf(AffineExpr a, AffineExpr b) { return a ? a.getContext() : b.getContext(); }

Dim operator+(Dim a, Dim b) {
  if (a.isStatic() && b.isStatic())
    return a.value + b.value;
  MLIRContext *context = contextOf(a.expr, b.expr);
  return normalize(getAffineBinaryOpExpr(AffineExprKind::Add, a.toExpr(context), b.toExpr(context)));
}

Dim operator*(Dim a, Dim b) {
  if (a.isStatic() && b.isStatic())
    return a.value * b.value;
  if (a == Dim(0) || b == Dim(0))
    return 0;
  MLIRContext *context = contextOf(a.expr, b.expr);
  return normalize(getAffineBinaryOpExpr(AffineExprKind::Mul, a.toExpr(context), b.toExpr(context)));
}

/// `a` / `b` if every term of `a` is a multiple of `b`'s only term.
static std::optional<Dim> divideExactly(Dim a, Dim b, MLIRContext *context) {
  SmallVector<Term> divisor = getTerms(b.toExpr(context));
  if (divisor.size() != 1 || divisor.front().number == 0)
    return std::nullopt;
  Dim quotient;
  for (Term &term : getTerms(a.toExpr(context))) {
    if (term.number % divisor.front().number)
      return std::nullopt;
    Dim part = term.number / divisor.front().number;
    for (AffineExpr factor : divisor.front().factors) {
      auto found = llvm::find(term.factors, factor);
      if (found == term.factors.end())
        return std::nullopt;
      term.factors.erase(found);
    }
    for (AffineExpr factor : term.factors)
      part *= Dim(factor);
    quotient += part;
  }
  return quotient;
}

Dim floorDiv(Dim a, Dim b) {
  if (a.isStatic() && b.isStatic() && b.value > 0)
    return llvm::divideFloorSigned(a.value, b.value);
  if (a.isStatic() && b.isStatic())
    return 0;
  MLIRContext *context = contextOf(a.expr, b.expr);
  if (std::optional<Dim> exact = divideExactly(a, b, context))
    return *exact;
  // Multiples of the divisor leave the division, so that sizes which differ by
  // them can be compared.
  if (b.isStatic() && b.value > 0) {
    Dim whole, rest;
    for (const Term &term : getTerms(a.toExpr(context))) {
      Dim product = 1;
      for (AffineExpr factor : term.factors)
        product *= Dim(factor);
      int64_t count = llvm::divideFloorSigned(term.number, b.value);
      bool moves = term.factors.empty() || term.number % b.value == 0;
      if (moves)
        whole += product * count;
      rest += product * (moves ? term.number - count * b.value : term.number);
    }
    if (rest.isStatic())
      return whole + floorDiv(rest, b);
    // floor(floor(x / p) / q) = floor(x / (p q)).
    auto inner = dyn_cast<AffineBinaryOpExpr>(rest.expr);
    auto divisor = inner && inner.getKind() == AffineExprKind::FloorDiv ? dyn_cast<AffineConstantExpr>(inner.getRHS())
                                                                        : AffineConstantExpr();
    if (divisor)
      return whole + floorDiv(Dim(inner.getLHS()), divisor.getValue() * b.value);
    return whole + Dim(getAffineBinaryOpExpr(AffineExprKind::FloorDiv, rest.expr, b.toExpr(context)));
  }
  return getAffineBinaryOpExpr(AffineExprKind::FloorDiv, a.toExpr(context), b.toExpr(context));
}

Dim ceilDiv(Dim a, Dim b) { return floorDiv(a + b - 1, b); }

Dim product(ArrayRef<Dim> dims) {
  Dim result = 1;
  for (Dim dim : dims)
    result *= dim;
  return result;
}

SmallVector<int64_t> toShape(ArrayRef<Dim> dims) {
  return llvm::map_to_vector(dims, [](Dim dim) { return dim.toShape(); });
}

SmallVector<Dim> toDims(ArrayRef<int64_t> shape) {
  return llvm::map_to_vector(shape, [](int64_t size) { return Dim(size); });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Dim DimScope::get(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return *constant;
  auto [entry, inserted] = positions.try_emplace(value, symbols.size());
  if (inserted)
    symbols.push_back(value);
  return getAffineSymbolExpr(entry->second, context);
}

Dim DimScope::get(OpFoldResult value) {
  if (auto attribute = dyn_cast<Attribute>(value))
    return cast<IntegerAttr>(attribute).getInt();
  return get(cast<Value>(value));
}

Dim DimScope::newSymbol() {
  symbols.push_back(Value());
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

void DimScope::setSymbol(Dim symbol, Value value) {
  unsigned position = cast<AffineSymbolExpr>(symbol.toExpr(context)).getPosition();
  symbols[position] = value;
  positions.try_emplace(value, position);
}

Value DimScope::materialize(Dim dim, OpBuilder &builder, Location loc) {
  return materialize(dim.toExpr(context), builder, loc);
}

Value DimScope::materialize(AffineExpr expr, OpBuilder &builder, Location loc) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  if (Value known = values.lookup(expr))
    return known;
  Value result;
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    result = arith::ConstantIndexOp::create(builder, loc, constant.getValue());
  } else {
    auto binary = cast<AffineBinaryOpExpr>(expr);
    Value a = materialize(binary.getLHS(), builder, loc), b = materialize(binary.getRHS(), builder, loc);
    if (!a || !b)
      return {};
    if (binary.getKind() == AffineExprKind::Add)
      result = arith::AddIOp::create(builder, loc, a, b);
    else if (binary.getKind() == AffineExprKind::Mul)
      result = arith::MulIOp::create(builder, loc, a, b);
    else if (binary.getKind() == AffineExprKind::CeilDiv)
      result = arith::CeilDivSIOp::create(builder, loc, a, b);
    else
      result = arith::FloorDivSIOp::create(builder, loc, a, b);
    // What a floored division leaves is a kind of its own.
    if (binary.getKind() == AffineExprKind::Mod)
      result = arith::SubIOp::create(builder, loc, a, arith::MulIOp::create(builder, loc, result, b));
  }
  return values[expr] = result;
}

} // namespace gemlir
