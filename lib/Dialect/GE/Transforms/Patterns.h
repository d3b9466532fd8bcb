//===- Patterns.h - matching of arithmetic ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exporters differ in the order of factors, in dividing or multiplying by the
// reciprocal, and in how they write a power. These helpers see through that:
// a scalar chain is compared as a polynomial, a product as a set of factors.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_PATTERNS_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_PATTERNS_H

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/PatternMatch.h"
#include <array>
#include <optional>

namespace mlir::ge {

/// c[0] + c[1] x + c[2] x^2 + c[3] x^3
using Polynomial = std::array<double, 4>;

/// The value of a constant whose elements are all equal.
std::optional<double> getScalar(Value value);

/// `value` as a polynomial of `x`, if it is one with scalar constants.
std::optional<Polynomial> getPolynomial(Value value, Value x);

/// Whether two numbers are equal but for the rounding of f32, or of a coefficient
/// written with six digits.
bool isClose(double a, double b);

/// A product: its factors that are not constant, and the product of the scalar
/// ones. Only products that nothing else uses are taken apart.
struct Product {
  SmallVector<Value> factors;
  double scale = 1;
};
Product getProduct(Value value);

/// Product of `value` as seen through Mul and division by scalars, with `x` taken
/// out of it; nothing if `x` is no factor.
std::optional<Product> getCofactor(Value value, Value x);

void populateActivationPatterns(RewritePatternSet &patterns);
void populateArithmeticPatterns(RewritePatternSet &patterns, bool fastMath);
void populateMovementPatterns(RewritePatternSet &patterns);

/// Replaces spelled-out normalizations in a function; returns their number.
unsigned recognizeNormalizations(Operation *root);
/// Replaces products around a softmax by PromptFlashAttention, without the
/// transpositions that brought heads outside; returns how many. Without
/// `ofKnownSizes` those whose numbers of queries and keys are known stay.
unsigned recognizeAttention(Operation *root, bool ofKnownSizes);

} // namespace mlir::ge

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_PATTERNS_H
