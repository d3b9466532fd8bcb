//===- Sizes.cpp - sizes that only the execution knows --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

using namespace mlir;
using namespace gemlir;
using namespace gemlir::lowering;

//===----------------------------------------------------------------------===//
// Shapes of graph values
//===----------------------------------------------------------------------===//

Shape lowering::getStoredShape(ArrayRef<Dim> origin, RankedTensorType type) {
  auto format = dyn_cast_if_present<ge::FormatAttr>(type.getEncoding());
  if (!format)
    return Shape(origin);
  Shape stored(type.getShape());
  if (format.getFormat() == ge::Format::NC1HWC0) {
    bool last = format.getOrigin() == ge::Format::NHWC;
    Dim c0 = stored[4];
    return {origin[0], ceilDiv(origin[last ? 3 : 1], c0), origin[last ? 1 : 2], origin[last ? 2 : 3], c0};
  }
  return stored;
}

Shape Emitter::getShape(Value graphValue) {
  auto type = cast<RankedTensorType>(graphValue.getType());
  if (type.hasStaticShape())
    return Shape(type.getShape());
  return getStoredShape(shapes.getShape(graphValue), type);
}

int64_t Emitter::fixed(Dim dim, StringRef what) {
  if (dim.isStatic())
    return *dim.known();
  if (!failed && current)
    emitLoweringError(current) << "expects " << what << " to be known when it is compiled, but it is dynamic";
  failed = true;
  return 1;
}

SmallVector<int64_t> Emitter::fixed(ArrayRef<Dim> dims, StringRef what) {
  return llvm::map_to_vector(dims, [&](Dim dim) { return fixed(dim, what); });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

OpBuilder::InsertPoint Emitter::getOutside() {
  if (!home)
    return saveInsertionPoint();
  // A body under construction may not be in the block yet; it will be its end.
  for (Block *block = getInsertionBlock(); block && block != home;) {
    Operation *parent = block->getParentOp();
    if (parent && parent->getBlock() == home)
      return {home, parent->getIterator()};
    block = parent ? parent->getBlock() : nullptr;
  }
  return {home, home->end()};
}

Value Emitter::getSymbolValue(const ge::SizeSymbol &symbol) {
  using Kind = ge::SizeSymbol::Kind;
  OpBuilder::InsertionGuard guard(*this);
  restoreInsertionPoint(getOutside());
  auto number = [&](Dim dim) -> Value { return index(dim); };
  switch (symbol.kind) {
  case Kind::Dimension:
    if (!symbol.value)
      return index(int64_t(0));
    if (Value tensor = values.lookupOrNull(symbol.value))
      return tensor::DimOp::create(*this, tensor, symbol.index);
    return index(fixed(newSymbol(), "dimension " + std::to_string(symbol.index) + " of a tensor"));
  case Kind::Element: {
    Value tensor = values.lookupOrNull(symbol.value);
    if (!tensor)
      return index(fixed(newSymbol(), "element " + std::to_string(symbol.index) + " of a tensor of sizes"));
    SmallVector<Value> indices;
    int64_t rest = symbol.index;
    for (int64_t size : llvm::reverse(cast<RankedTensorType>(tensor.getType()).getShape())) {
      indices.insert(indices.begin(), index(rest % size));
      rest /= size;
    }
    Value element = tensor::ExtractOp::create(*this, tensor, indices);
    return arith::IndexCastOp::create(*this, getIndexType(), element);
  }
  case Kind::Max: return arith::MaxSIOp::create(*this, number(symbol.a), number(symbol.b));
  case Kind::Min: return arith::MinSIOp::create(*this, number(symbol.a), number(symbol.b));
  case Kind::Replace: {
    Value a = number(symbol.a);
    Value same = arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, a, index(symbol.index));
    return arith::SelectOp::create(*this, same, number(symbol.b), a);
  }
  case Kind::Wrap: {
    Value a = number(symbol.a);
    Value negative = arith::CmpIOp::create(*this, arith::CmpIPredicate::slt, a, index(int64_t(0)));
    return arith::SelectOp::create(*this, negative, arith::AddIOp::create(*this, a, number(symbol.b)), a);
  }
  }
  llvm_unreachable("unknown kind of symbol");
}

bool Emitter::isOpen(Value graphValue, unsigned dim) {
  Dim size = shapes.getShape(graphValue)[dim];
  auto symbol = dyn_cast<AffineSymbolExpr>(size.toExpr(getContext()));
  if (!symbol)
    return false;
  const ge::SizeSymbol &known = shapes.getSymbol(symbol.getPosition());
  return known.kind == ge::SizeSymbol::Kind::Dimension && known.value == graphValue;
}

void Emitter::setSize(Value graphValue, unsigned dim, Value size) {
  Dim symbol = shapes.getShape(graphValue)[dim];
  while (scope.size() < shapes.getNumSymbols())
    scope.newSymbol();
  scope.setSymbol(symbol, size);
}

Value Emitter::extractOnly(Tensor tensor) {
  SmallVector<Value> zeros(tensor.rank(), tensor.rank() ? index(int64_t(0)) : Value());
  return tensor::ExtractOp::create(*this, tensor.value, zeros);
}

Value Emitter::readIndex(Tensor tensor) {
  return arith::IndexCastOp::create(*this, getIndexType(), extractOnly(tensor));
}

Value Emitter::index(Dim value) {
  if (std::optional<int64_t> constant = value.known())
    return index(*constant);
  while (scope.size() < shapes.getNumSymbols())
    scope.newSymbol();
  SmallVector<unsigned> missing;
  value.toExpr(getContext()).walk([&](AffineExpr expr) {
    auto symbol = dyn_cast<AffineSymbolExpr>(expr);
    if (symbol && !scope.getSymbol(symbol.getPosition()))
      missing.push_back(symbol.getPosition());
  });
  for (unsigned position : missing)
    if (!scope.getSymbol(position)) {
      Value made = getSymbolValue(ge::SizeSymbol(shapes.getSymbol(position)));
      scope.setSymbol(getAffineSymbolExpr(position), made);
    }
  OpBuilder outside(getContext());
  outside.restoreInsertionPoint(getOutside());
  return scope.materialize(value, outside, getLoc());
}

Value Emitter::toScalar(Dim size, Type element) {
  if (std::optional<int64_t> known = size.known())
    return scalar(element, double(*known));
  Type compute = getComputeElement(element);
  if (!isa<FloatType>(compute))
    return arith::IndexCastOp::create(*this, compute, index(size));
  Value integer = arith::IndexCastOp::create(*this, getI64Type(), index(size));
  return arith::SIToFPOp::create(*this, compute, integer);
}

//===----------------------------------------------------------------------===//
// Assumptions
//===----------------------------------------------------------------------===//

/// "node 'add1': operator add", as far as there are names.
static std::string describeOperator(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (StringRef node = getNodeName(op); !node.empty())
    os << "node '" << node << "': ";
  if (isa<ge::GEOperator>(op))
    os << "operator " << op->getName().stripDialect() << " got";
  else
    os << "inputs have";
  return text;
}

void Emitter::check(Value condition, Operation *op, StringRef what) {
  npu::CheckOp::create(*this, arith::ExtUIOp::create(*this, getI64Type(), condition),
                       getStringAttr(describeOperator(op) + " " + what));
}

/// Whether `op` is in a region of `current` or of what comes after it.
static bool isDeeper(Operation *op, Operation *current) {
  return current && op->getBlock() && !op->getBlock()->findAncestorOpInBlock(*current);
}

void Emitter::checkAssumptions() {
  llvm::append_range(unchecked, shapes.getAssumptions().drop_front(numSeen));
  numSeen = shapes.getAssumptions().size();
  SmallVector<ge::SizeAssumption> left;
  for (ge::SizeAssumption assumption : std::exchange(unchecked, {})) {
    if (isDeeper(assumption.op, current)) {
      left.push_back(assumption);
      continue;
    }
    OpBuilder::InsertionGuard guard(*this);
    restoreInsertionPoint(getOutside());
    Value equal = arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, index(assumption.a), index(assumption.b));
    check(equal, assumption.op, "sizes that do not fit together");
  }
  llvm::append_range(unchecked, left);
}

Tensor Emitter::repeatAtRunTime(Tensor tensor, const Shape &shape) {
  int64_t lead = int64_t(shape.size()) - tensor.rank();
  auto needsLook = [&](int64_t dim) {
    Dim own = tensor.dim(dim), whole = shape[lead + dim];
    if (own.isStatic() || own == whole)
      return false;
    return llvm::none_of(shapes.getAssumptions(), [&](const ge::SizeAssumption &known) {
      return (known.a == own && known.b == whole) || (known.a == whole && known.b == own);
    });
  };
  if (tensor.splat || llvm::none_of(llvm::seq<int64_t>(0, tensor.rank()), needsLook))
    return tensor;
  Shape target;
  for (int64_t dim = 0; dim < tensor.rank(); ++dim) {
    if (!needsLook(dim))
      continue;
    OpBuilder::InsertionGuard guard(*this);
    restoreInsertionPoint(getOutside());
    Value own = index(tensor.dim(dim)), whole = index(shape[lead + dim]);
    Value isOne = arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, own, index(int64_t(1)));
    Value isWhole = arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, own, whole);
    check(arith::OrIOp::create(*this, isOne, isWhole), current, "shapes that do not broadcast");
  }
  for (int64_t dim = 0; dim < tensor.rank(); ++dim)
    target.push_back(needsLook(dim) ? shape[lead + dim] : tensor.dim(dim));
  return generate(target, tensor.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < tensor.rank(); ++dim) {
      Value place = loopIndex(dim);
      if (needsLook(dim)) // the only element, or the one of the same place
        place = arith::MinSIOp::create(*this, place, addIndex(index(tensor.dim(dim)), -1));
      places.push_back(place);
    }
    return extract(tensor, places);
  });
}
