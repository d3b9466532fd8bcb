//===- LegalizeONNXElementwise.cpp - arithmetic, comparisons, casts -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

template <typename OpTy>
void mapUnary(Node &n) {
  n.set(0, n.emit<OpTy>(n.need(0)));
}

/// The second operand of a version before 7 is aligned by `axis`, and only where
/// `broadcast` is set.
Value alignLegacy(Node &n, Value a, Value c) {
  if (n.version() >= 7 || n.getInt("broadcast", 0) == 0 || !n.hasAttr("axis") || !a || !c)
    return c;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(a));
  return n.hasFailed() ? Value() : n.alignTo(c, axis, n.rank(a));
}

template <typename OpTy>
void mapBinary(Node &n) {
  Value a = n.need(0);
  n.set(0, n.emit<OpTy>(a, alignLegacy(n, a, n.need(1))));
}

void mapDiv(Node &n) {
  Value a = n.need(0);
  n.set(0, n.div(a, alignLegacy(n, a, n.need(1))));
}

/// The result has the base's type; the exponent may have another one.
void mapPow(Node &n) {
  Value base = n.need(0), exponent = n.need(1);
  if (!base || !exponent || !n.typeOf(base) || !n.typeOf(exponent))
    return;
  exponent = alignLegacy(n, base, exponent);
  std::optional<SmallVector<double>> known = n.constFloats(exponent);
  bool scalar = known && known->size() == 1 && n.rank(exponent) <= n.rank(base);
  if (scalar && known->front() == 2.0)
    return n.set(0, n.emit<SquareOp>(base));
  if (scalar && known->front() == 0.5 && n.isFloat(base))
    return n.set(0, n.emit<SqrtOp>(base));
  Type element = n.elem(base);
  if (n.isFloat(base) || n.isInteger(exponent))
    return n.set(0, n.emit<PowOp>(base, n.cast(exponent, element)));
  // An integer to a fractional power is computed in the exponent's type.
  Value power = n.emit<PowOp>(n.cast(base, n.elem(exponent)), exponent);
  n.set(0, n.cast(power, element));
}

void mapMod(Node &n) {
  bool truncates = n.getInt("fmod", 0) != 0;
  if (!truncates && n.has(0) && n.isFloat(n.in(0)))
    return (void)n.invalid("fmod=0 with floating-point inputs, expected fmod=1");
  truncates ? mapBinary<ModOp>(n) : mapBinary<FloorModOp>(n);
}

void mapBitShift(Node &n) {
  StringRef direction = n.getString("direction", "");
  if (direction == "LEFT")
    return mapBinary<LeftShiftOp>(n);
  if (direction == "RIGHT")
    return mapBinary<RightShiftOp>(n);
  n.invalid("direction is '" + direction + "', expected LEFT or RIGHT");
}

/// Bool operands compare like the numbers 0 and 1.
template <typename OpTy>
void mapCompare(Node &n) {
  Value a = n.need(0), c = alignLegacy(n, a, n.need(1));
  n.set(0, n.emit<OpTy>(a, c));
}

void mapXor(Node &n) {
  Value a = n.need(0);
  n.set(0, n.emit<NotEqualOp>(a, alignLegacy(n, a, n.need(1))));
}

/// Folds any number of operands by `OpTy`.
template <typename OpTy>
Value foldOperands(Node &n) {
  Value result = n.need(0);
  for (unsigned i = 1; i < n.numInputs(); ++i)
    result = n.emit<OpTy>(result, n.need(i));
  return result;
}

template <typename OpTy>
void mapVariadic(Node &n) {
  n.set(0, foldOperands<OpTy>(n));
}

void mapMean(Node &n) {
  Value sum = foldOperands<AddOp>(n);
  n.set(0, n.numInputs() <= 1 ? sum : n.mulScalar(sum, 1.0 / n.numInputs()));
}

void mapClip(Node &n) {
  Value x = n.need(0), low = n.in(1), high = n.in(2);
  if (n.version() < 11 && n.hasAttr("min"))
    low = n.scalarLike(x, n.getFloat("min", 0));
  if (n.version() < 11 && n.hasAttr("max"))
    high = n.scalarLike(x, n.getFloat("max", 0));
  if (low && high) {
    // One of the hardware's own forms, which fuse best.
    auto lowValue = n.constFloats(low), highValue = n.constFloats(high);
    if (lowValue && highValue && lowValue->size() == 1 && highValue->size() == 1 && lowValue->front() == 0 &&
        highValue->front() == 6 && n.isFloat(x))
      return n.set(0, n.emit<Relu6Op>(x));
    return n.set(0, n.emit<ClipByValueV2Op>(x, low, high));
  }
  Value result = x;
  if (low)
    result = n.emit<MaximumOp>(result, low);
  if (high)
    result = n.emit<MinimumOp>(result, high);
  n.set(0, result);
}

void mapWhere(Node &n) { n.set(0, n.select(n.need(0), n.need(1), n.need(2))); }

void mapIdentity(Node &n) { n.set(0, n.need(0)); }

void mapIsInf(Node &n) {
  Value x = n.need(0), result = n.emit<IsInfOp>(x);
  if (!n.getInt("detect_negative", 1))
    result = n.emit<LogicalAndOp>(result, n.emit<GreaterOp>(x, n.scalarLike(x, 0)));
  if (!n.getInt("detect_positive", 1))
    result = n.emit<LogicalAndOp>(result, n.emit<LessOp>(x, n.scalarLike(x, 0)));
  n.set(0, result);
}

} // namespace

void mlir::ge::onnx::populateElementwise(MappingTable &table) {
  table.add("Abs", mapUnary<AbsOp>);
  table.add("Acos", mapUnary<AcosOp>);
  table.add("Acosh", mapUnary<AcoshOp>);
  table.add("Asin", mapUnary<AsinOp>);
  table.add("Asinh", mapUnary<AsinhOp>);
  table.add("Atan", mapUnary<AtanOp>);
  table.add("Atanh", mapUnary<AtanhOp>);
  table.add("Ceil", mapUnary<CeilOp>);
  table.add("Cos", mapUnary<CosOp>);
  table.add("Cosh", mapUnary<CoshOp>);
  table.add("Erf", mapUnary<ErfOp>);
  table.add("Exp", mapUnary<ExpOp>);
  table.add("Floor", mapUnary<FloorOp>);
  table.add("IsNaN", mapUnary<IsNanOp>);
  table.add("Log", mapUnary<LogOp>);
  table.add("Neg", mapUnary<NegOp>);
  table.add("Not", mapUnary<LogicalNotOp>);
  table.add("BitwiseNot", mapUnary<InvertOp>);
  table.add("Reciprocal", mapUnary<ReciprocalOp>);
  table.add("Round", mapUnary<RintOp>);
  table.add("Sign", mapUnary<SignOp>);
  table.add("Sin", mapUnary<SinOp>);
  table.add("Sinh", mapUnary<SinhOp>);
  table.add("Sqrt", mapUnary<SqrtOp>);
  table.add("Tan", mapUnary<TanOp>);
  table.add("IsInf", mapIsInf);
  table.add("Add", mapBinary<AddOp>);
  table.add("Sub", mapBinary<SubOp>);
  table.add("Mul", mapBinary<MulOp>);
  table.add("Div", mapDiv);
  table.add("Pow", mapPow);
  table.add("Mod", mapMod);
  table.add("BitShift", mapBitShift);
  table.add("BitwiseAnd", mapBinary<BitwiseAndOp>);
  table.add("BitwiseOr", mapBinary<BitwiseOrOp>);
  table.add("BitwiseXor", mapBinary<BitwiseXorOp>);
  table.add("And", mapBinary<LogicalAndOp>);
  table.add("Or", mapBinary<LogicalOrOp>);
  table.add("Xor", mapXor);
  table.add("Equal", mapCompare<EqualOp>);
  table.add("Greater", mapCompare<GreaterOp>);
  table.add("GreaterOrEqual", mapCompare<GreaterEqualOp>);
  table.add("Less", mapCompare<LessOp>);
  table.add("LessOrEqual", mapCompare<LessEqualOp>);
  table.add("Max", mapVariadic<MaximumOp>);
  table.add("Min", mapVariadic<MinimumOp>);
  table.add("Sum", mapVariadic<AddOp>);
  table.add("Mean", mapMean);
  table.add("Clip", mapClip);
  table.add("Where", mapWhere);
  table.add("Identity", mapIdentity);
}
