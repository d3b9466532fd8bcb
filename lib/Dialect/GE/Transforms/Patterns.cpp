//===- Patterns.cpp - matching of arithmetic ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

std::optional<double> ge::getScalar(Value value) { return getSplatValue(getConstantAttr(value)); }

bool ge::isClose(double a, double b) { return std::fabs(a - b) <= 5e-6 * std::max(std::fabs(a), std::fabs(b)) + 1e-12; }

static std::optional<Polynomial> multiply(const Polynomial &a, const Polynomial &b) {
  Polynomial result{};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      if (a[i] == 0 || b[j] == 0)
        continue;
      if (i + j > 3)
        return std::nullopt;
      result[i + j] += a[i] * b[j];
    }
  return result;
}

static std::optional<Polynomial> power(const Polynomial &base, double exponent) {
  if (exponent != 1 && exponent != 2 && exponent != 3)
    return std::nullopt;
  std::optional<Polynomial> result = base;
  for (int i = 1; i < int(exponent) && result; ++i)
    result = multiply(*result, base);
  return result;
}

static std::optional<Polynomial> getPolynomial(Value value, Value x, int depth) {
  // Shared subexpressions are visited once per use: a bound keeps that cheap.
  if (depth > 10)
    return std::nullopt;
  if (value == x)
    return Polynomial{0, 1, 0, 0};
  if (std::optional<double> scalar = getScalar(value))
    return Polynomial{*scalar, 0, 0, 0};
  Operation *op = value.getDefiningOp();
  // The chain must not broadcast, or it would not be one function of x.
  if (!op || value.getType() != x.getType() || !isa<AddOp, SubOp, MulOp, RealDivOp, DivOp, SquareOp, PowOp, NegOp>(op))
    return std::nullopt;
  std::optional<Polynomial> a = getPolynomial(op->getOperand(0), x, depth + 1);
  if (!a)
    return std::nullopt;
  if (isa<SquareOp>(op))
    return power(*a, 2);
  if (isa<NegOp>(op))
    return multiply(*a, {-1, 0, 0, 0});
  if (isa<PowOp>(op)) {
    std::optional<double> exponent = getScalar(op->getOperand(1));
    return exponent ? power(*a, *exponent) : std::nullopt;
  }
  if (isa<RealDivOp, DivOp>(op)) {
    std::optional<double> divisor = getScalar(op->getOperand(1));
    return divisor ? multiply(*a, {1 / *divisor, 0, 0, 0}) : std::nullopt;
  }
  std::optional<Polynomial> b = getPolynomial(op->getOperand(1), x, depth + 1);
  if (!b)
    return std::nullopt;
  if (isa<MulOp>(op))
    return multiply(*a, *b);
  for (int i = 0; i < 4; ++i)
    (*a)[i] += isa<SubOp>(op) ? -(*b)[i] : (*b)[i];
  return a;
}

std::optional<Polynomial> ge::getPolynomial(Value value, Value x) { return ::getPolynomial(value, x, 0); }

static void addFactors(Value value, Product &product, bool isRoot) {
  if (std::optional<double> scalar = getScalar(value)) {
    product.scale *= *scalar;
    return;
  }
  Operation *op = value.getDefiningOp();
  if (op && (isRoot || value.hasOneUse())) {
    if (isa<MulOp>(op)) {
      addFactors(op->getOperand(0), product, false);
      addFactors(op->getOperand(1), product, false);
      return;
    }
    std::optional<double> divisor = isa<RealDivOp, DivOp>(op) ? getScalar(op->getOperand(1)) : std::nullopt;
    if (divisor) {
      product.scale /= *divisor;
      addFactors(op->getOperand(0), product, false);
      return;
    }
  }
  product.factors.push_back(value);
}

Product ge::getProduct(Value value) {
  Product product;
  addFactors(value, product, /*isRoot=*/true);
  return product;
}

std::optional<Product> ge::getCofactor(Value value, Value x) {
  Product product = getProduct(value);
  auto *it = llvm::find(product.factors, x);
  if (it == product.factors.end())
    return std::nullopt;
  product.factors.erase(it);
  return product;
}
