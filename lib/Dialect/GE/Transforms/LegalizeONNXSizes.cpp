//===- LegalizeONNXSizes.cpp - shapes that the execution knows ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emission of what needs a shape with sizes that are expressions. Where all sizes
// are known, or can be said as "the operand's own" and "what is left", the shape
// is a constant; else the graph computes it from the shapes of what it has.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

static bool areKnown(ArrayRef<Dim> dims) {
  return llvm::none_of(dims, [](Dim dim) { return dim.isDynamic(); });
}

DimList Node::dimsOf(Value value) { return typeOf(value) ? DimList(legalizer.getShapes().getShape(value)) : DimList(); }

bool Node::needStatic(Value value, ArrayRef<int64_t> axes) {
  RankedTensorType type = typeOf(value);
  if (!type)
    return false;
  for (int64_t axis : axes) {
    if (axis < type.getRank() && !type.isDynamicDim(axis))
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << type;
    fail("E16008", "found shape " + text + ", expected dimension " + Twine(axis) + " known",
         "fix the dynamic dimensions of the model's inputs (--input_shape)");
    return false;
  }
  return true;
}

/// A size, [1], of something the node can see; null if nothing has it.
Value Node::findSize(Dim dim) {
  auto inside = [&](ValueRange values) -> Value {
    for (Value value : values) {
      if (!value || !isa<RankedTensorType>(value.getType()))
        continue;
      for (auto [axis, own] : llvm::enumerate(legalizer.getShapes().getShape(value)))
        if (own == dim)
          return gather(emitWith<ShapeOp>(
                            1, {value},
                            [&](ShapeOp::Properties &properties) { properties.dtype = TypeAttr::get(b.getI64Type()); })
                            .front(),
                        ints({int64_t(axis)}), 0);
    }
    return {};
  };
  Value found = inside(ValueRange(inputs));
  return found ? found : inside(b.getInsertionBlock()->getArguments());
}

/// The value, [1], of an expression over sizes.
Value Node::computeSize(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return ints({constant.getValue()});
  if (Value found = findSize(expr))
    return found;
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr)) {
    Value lhs = computeSize(binary.getLHS()), rhs = computeSize(binary.getRHS());
    switch (expr.getKind()) {
    case AffineExprKind::Add: return add(lhs, rhs);
    case AffineExprKind::Mul: return mul(lhs, rhs);
    case AffineExprKind::Mod: return emit<FloorModOp>(lhs, rhs);
    case AffineExprKind::FloorDiv: return emit<FloorDivOp>(lhs, rhs);
    default: // CeilDiv
      return emit<FloorDivOp>(add(lhs, addScalar(rhs, -1)), rhs);
    }
  }
  const SizeSymbol symbol = legalizer.getShapes().getSymbol(llvm::cast<AffineSymbolExpr>(expr).getPosition());
  if (symbol.kind == SizeSymbol::Kind::Max)
    return emit<MaximumOp>(sizes(symbol.a), sizes(symbol.b));
  if (symbol.kind == SizeSymbol::Kind::Min)
    return emit<MinimumOp>(sizes(symbol.a), sizes(symbol.b));
  return fail("E16008", "a size depends on data that the node does not have", "give the shapes of the model's inputs");
}

Value Node::sizes(ArrayRef<Dim> dims) {
  if (areKnown(dims))
    return ints(gemlir::toShape(dims));
  SmallVector<Value> parts;
  for (Dim dim : dims)
    parts.push_back(computeSize(dim.toExpr(context())));
  return failed ? Value() : concat(parts, 0);
}

Value Node::reshapeTo(Value value, ArrayRef<Dim> shape) {
  if (!typeOf(value))
    return {};
  if (areKnown(shape))
    return reshape(value, gemlir::toShape(shape));
  DimList from = dimsOf(value);
  if (ArrayRef<Dim>(from) == shape)
    return value;
  Ints given;
  for (auto [i, dim] : llvm::enumerate(shape))
    given.push_back(dim.known() ? *dim.known() : i < from.size() && from[i] == dim ? 0 : -1);
  bool isPlain = llvm::count(given, -1) <= 1 && llvm::none_of(shape, [](Dim dim) { return dim == 0; });
  if (!isPlain)
    return emit<ReshapeOp>(value, sizes(shape));
  Value result = emit<ReshapeOp>(value, ints(given));
  // What is left is known to be the size that was asked for, or it must be said.
  return result && dimsOf(result) != DimList(shape) ? emit<ReshapeOp>(value, sizes(shape)) : result;
}

Value Node::expandTo(Value value, ArrayRef<Dim> shape) {
  if (!typeOf(value))
    return {};
  if (areKnown(shape))
    return broadcastTo(value, gemlir::toShape(shape));
  DimList from = dimsOf(value);
  if (ArrayRef<Dim>(from) == shape)
    return value;
  Ints given;
  for (auto [i, dim] : llvm::enumerate(shape)) {
    int64_t own = int64_t(i) + int64_t(from.size()) - int64_t(shape.size());
    if (dim.isDynamic() && (own < 0 || from[own] != dim))
      return emit<BroadcastToOp>(value, sizes(shape));
    given.push_back(dim.known().value_or(-1));
  }
  return emit<BroadcastToOp>(value, ints(given));
}

Value Node::fill(Type element, ArrayRef<Dim> shape, double value) {
  if (areKnown(shape))
    return splat(element, gemlir::toShape(shape), value);
  return emit<FillOp>(sizes(shape), scalar(element, value));
}

Value Node::counting(Type element, Dim count, int64_t axis, int64_t rank) {
  if (count.isDynamic()) {
    // Inside of a branch or step no size follows from what is computed there.
    if (isNested())
      return fail("E16008", "a size is unknown inside of control flow", "give the shapes of the model's inputs");
    Value all = emit<RangeOp>(intScalar(0), reshape(sizes(count), {}), intScalar(1));
    Ints shape(rank, 1);
    shape[axis] = ShapedType::kDynamic;
    return reshape(cast(all, element), shape);
  }
  int64_t known = *count.known();
  if (!canList(known))
    return {};
  SmallVector<double> values;
  for (int64_t i = 0; i < known; ++i)
    values.push_back(i);
  Ints shape(rank, 1);
  shape[axis] = known;
  return tensor(element, shape, values);
}
