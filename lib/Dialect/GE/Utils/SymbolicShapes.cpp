//===- SymbolicShapes.cpp - sizes as expressions --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

#include "ge-mlir/Dialect/GE/Utils/DataNodes.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::ge;

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

static bool sameSymbol(const SizeSymbol &x, const SizeSymbol &y) {
  return x.kind == y.kind && x.value == y.value && x.index == y.index && x.a == y.a && x.b == y.b;
}

Dim SymbolicShapes::symbol(SizeSymbol wanted) {
  // Few are made of other sizes; those of a value are asked for once.
  if (!wanted.value)
    for (auto [position, known] : llvm::enumerate(symbols))
      if (sameSymbol(known, wanted))
        return getAffineSymbolExpr(position, context);
  symbols.push_back(wanted);
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

Dim SymbolicShapes::max(Dim a, Dim b) {
  if (a == b)
    return a;
  if (a.isStatic() && b.isStatic())
    return std::max(*a.known(), *b.known());
  if (std::optional<int64_t> difference = (a - b).known())
    return *difference > 0 ? a : b;
  return symbol({SizeSymbol::Kind::Max, Value(), 0, a, b});
}

Dim SymbolicShapes::min(Dim a, Dim b) {
  if (a == b)
    return a;
  if (a.isStatic() && b.isStatic())
    return std::min(*a.known(), *b.known());
  if (std::optional<int64_t> difference = (a - b).known())
    return *difference < 0 ? a : b;
  return symbol({SizeSymbol::Kind::Min, Value(), 0, a, b});
}

static void collectSymbols(Dim dim, MLIRContext *context, llvm::SmallDenseSet<unsigned> &found) {
  dim.toExpr(context).walk([&](AffineExpr expr) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      found.insert(symbol.getPosition());
  });
}

Dim SymbolicShapes::unify(Operation *op, Dim a, Dim b) {
  if (a == b)
    return a;
  bool known = llvm::any_of(
      assumptions, [&](const SizeAssumption &other) { return other.op == op && other.a == a && other.b == b; });
  if (!known)
    assumptions.push_back({op, a, b});
  return a.isStatic() ? a : b.isStatic() ? b : a;
}

Dim SymbolicShapes::broadcast(Operation *op, Dim a, Dim b) {
  if (a == b || b == 1)
    return a;
  if (a == 1)
    return b;
  // What is not 1 is what both become; the other one may still be 1 at run time.
  if (a.isStatic())
    return a;
  if (b.isStatic())
    return b;
  // Two sizes that come from the same one are two ways to say the same: a
  // dimension that was halved and doubled again meets the original.
  llvm::SmallDenseSet<unsigned> left, right;
  collectSymbols(a, context, left);
  collectSymbols(b, context, right);
  if (llvm::any_of(left, [&](unsigned symbol) { return right.contains(symbol); }))
    return unify(op, a, b);
  return replace(a, 1, b);
}

Dim SymbolicShapes::replace(Dim a, int64_t wanted, Dim b) {
  if (a.isStatic())
    return a == wanted ? b : a;
  return symbol({SizeSymbol::Kind::Replace, Value(), wanted, a, b});
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// A bound of a slice in [low, high]. Sizes are not negative; what is read from a
/// tensor may be.
Dim SymbolicShapes::placeBound(Operation *op, Dim bound, Dim size, Dim low, Dim high, bool isBegin) {
  constexpr int64_t far = std::numeric_limits<int32_t>::max();
  if (bound.isStatic() && size.isStatic()) {
    int64_t place = *bound.known() < 0 ? *bound.known() + *size.known() : *bound.known();
    return std::clamp(place, *low.known(), *high.known());
  }
  if (bound.isStatic() && std::abs(*bound.known()) >= far)
    return *bound.known() > 0 ? high : low;
  bool isRead = false;
  llvm::SmallDenseSet<unsigned> used;
  collectSymbols(bound, context, used);
  for (unsigned position : used)
    isRead |= symbols[position].kind == SizeSymbol::Kind::Element;
  if (isRead) {
    bound = symbol({SizeSymbol::Kind::Wrap, Value(), 0, bound, size});
    return min(max(bound, low), high);
  }
  bool fromEnd = bound.isStatic() && *bound.known() < 0;
  // A dimension of which a slice leaves out one at an end has one: no network
  // slices what may be empty, and the length stays a plain difference.
  bool isOne = bound.isStatic() && std::abs(*bound.known()) == 1 && low == 0;
  if (fromEnd)
    bound = size + bound;
  if (bound == low || bound == high)
    return bound;
  if (isOne || (isBegin && !fromEnd && bound.isDynamic()))
    return unify(op, bound, min(max(bound, low), high)), bound;
  return fromEnd ? max(bound, low) : min(bound, high);
}

std::pair<Dim, Dim> SymbolicShapes::getSlice(Operation *op, Dim size, std::optional<Dim> begin, std::optional<Dim> end,
                                             int64_t stride) {
  bool forward = stride > 0;
  Dim low = forward ? Dim(0) : Dim(-1), high = forward ? size : size - 1;
  Dim first = forward ? low : high, last = forward ? high : low;
  Dim from = begin ? placeBound(op, *begin, size, low, high, /*isBegin=*/true) : first;
  Dim to = end ? placeBound(op, *end, size, low, high, /*isBegin=*/false) : last;
  Dim span = forward ? to - from : from - to;
  Dim length = ceilDiv(span, std::abs(stride));
  // Bounds lie between the ends, so only two of them can be the wrong way round.
  bool isOrdered = from == first || to == last;
  return {from, length.isStatic() || !isOrdered ? max(length, 0) : length};
}

bool SymbolicShapes::isSize(Dim dim) const {
  bool isSize = true;
  dim.toExpr(context).walk([&](AffineExpr expr) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr))
      isSize &= constant.getValue() >= 0;
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      isSize &= symbols[symbol.getPosition()].kind == SizeSymbol::Kind::Dimension;
  });
  return isSize;
}

DimList SymbolicShapes::broadcast(Operation *op, ArrayRef<Dim> a, ArrayRef<Dim> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  DimList result(a);
  size_t lead = a.size() - b.size();
  for (auto [i, dim] : llvm::enumerate(b))
    result[lead + i] = broadcast(op, result[lead + i], dim);
  return result;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value SymbolicShapes::getOuter(BlockArgument argument, bool &changes) {
  Operation *op = argument.getOwner()->getParentOp();
  changes = false;
  if (isa_and_nonnull<IfOp, CaseOp>(op))
    return op->getOperand(argument.getArgNumber() + 1);
  auto loop = dyn_cast_or_null<WhileOp>(op);
  if (!loop) {
    // It may be an argument of a body that is still being built.
    auto [outer, isFirst] = outers.lookup(argument);
    changes = isFirst;
    return outer;
  }
  Block &body = loop.getBody().front();
  unsigned position = argument.getArgNumber();
  changes = body.getTerminator()->getOperand(position) != body.getArgument(position);
  return loop.getInput()[position];
}

/// Arguments of a function whose dimensions have the same name have the same
/// size. What a loop passes from step to step keeps its sizes.
DimList SymbolicShapes::computeArgument(BlockArgument argument) {
  bool changes;
  if (Value outer = getOuter(argument, changes))
    return DimList(getShape(outer));
  DimList result;
  // A body that is still being built has no parent.
  auto function = dyn_cast_or_null<FunctionOpInterface>(argument.getOwner()->getParentOp());
  auto attributes =
      function ? function.getArgAttrOfType<DictionaryAttr>(argument.getArgNumber(), kAttrsAttr) : DictionaryAttr();
  auto names = attributes ? attributes.getAs<ArrayAttr>(kDimNamesAttr) : ArrayAttr();
  auto type = originType(cast<RankedTensorType>(argument.getType()));
  for (auto [index, size] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      result.push_back(size);
      continue;
    }
    auto name = names && index < names.size() ? dyn_cast<StringAttr>(names[index]) : StringAttr();
    if (!name || name.empty()) {
      result.push_back(symbol({SizeSymbol::Kind::Dimension, argument, int64_t(index)}));
      continue;
    }
    auto [entry, inserted] = named.try_emplace(name.getValue());
    Dim own = symbol({SizeSymbol::Kind::Dimension, argument, int64_t(index)});
    if (inserted)
      entry->second = own;
    else
      assumptions.push_back({function, entry->second, own});
    result.push_back(entry->second);
  }
  return result;
}

DimList SymbolicShapes::compute(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return computeArgument(argument);
  auto type = originType(cast<RankedTensorType>(value.getType()));
  DimList result = gemlir::toDims(type.getShape());
  auto isRanked = [](Type operand) { return isa<RankedTensorType>(operand); };
  auto isOpen = [](Type operand) { return !cast<RankedTensorType>(operand).hasStaticShape(); };
  auto operands = cast<OpResult>(value).getOwner()->getOperandTypes();
  // What is known of the result may be so only if the operands fit: their rule says
  // what that takes.
  if (type.hasStaticShape() && (!llvm::all_of(operands, isRanked) || llvm::none_of(operands, isOpen)))
    return result;
  DimList inferred = inferSymbolicShape(cast<OpResult>(value), *this);
  for (auto [index, size] : llvm::enumerate(result)) {
    if (!ShapedType::isDynamic(type.getDimSize(index)))
      continue;
    size = inferred.size() == result.size() ? inferred[index]
                                            : symbol({SizeSymbol::Kind::Dimension, value, int64_t(index)});
  }
  return result;
}

ArrayRef<Dim> SymbolicShapes::getShape(Value value) {
  auto found = shapes.find(value);
  if (found == shapes.end()) {
    auto shape = std::make_unique<DimList>(compute(value));
    found = shapes.try_emplace(value, std::move(shape)).first;
  }
  return *found->second;
}

void SymbolicShapes::forget(Value value) {
  shapes.erase(value);
  elements.erase(value);
  readElements.erase(value);
  outers.erase(value);
}

void SymbolicShapes::forget(Operation *op) {
  for (Region &region : op->getRegions())
    forget(region);
  for (Value result : op->getResults())
    forget(result);
}

void SymbolicShapes::forget(Region &region) {
  for (Block &block : region) {
    for (Value argument : block.getArguments())
      forget(argument);
    for (Operation &op : block)
      forget(&op);
  }
}

std::optional<DimList> SymbolicShapes::computeElements(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isIntOrIndex())
    return std::nullopt;
  if (std::optional<SmallVector<int64_t>> constant = getConstantInts(value)) {
    if (int64_t(constant->size()) > kMaxElements)
      return std::nullopt;
    return gemlir::toDims(*constant);
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    bool changes;
    Value outer = getOuter(argument, changes);
    return outer && !changes ? getElements(outer) : std::nullopt;
  }
  auto result = dyn_cast<OpResult>(value);
  if (!result || (type.hasStaticShape() && type.getNumElements() > kMaxElements))
    return std::nullopt;
  std::optional<DimList> elements = inferSymbolicElements(result, *this);
  if (elements && type.hasStaticShape() && int64_t(elements->size()) != type.getNumElements())
    return std::nullopt;
  return elements;
}

std::optional<DimList> SymbolicShapes::getElements(Value value) {
  auto found = elements.find(value);
  if (found == elements.end()) {
    std::optional<DimList> computed = computeElements(value);
    found = elements.try_emplace(value, std::move(computed)).first;
  }
  return found->second;
}

std::optional<DimList> SymbolicShapes::getElementsOrSymbols(Value value) {
  if (std::optional<DimList> known = getElements(value))
    return known;
  if (auto found = readElements.find(value); found != readElements.end())
    return found->second;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() > kMaxElements ||
      !type.getElementType().isSignlessInteger())
    return std::nullopt;
  DimList made;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    made.push_back(symbol({SizeSymbol::Kind::Element, value, i}));
  readElements[value] = made;
  return made;
}

unsigned ge::refineBySymbols(Operation *op, SymbolicShapes &shapes) {
  unsigned count = 0;
  for (OpResult result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || type.hasStaticShape() || type.getEncoding())
      continue;
    SmallVector<int64_t> shape = gemlir::toShape(shapes.getShape(result));
    if (ArrayRef<int64_t>(shape) == type.getShape() ||
        llvm::any_of(shape, [](int64_t size) { return size < 0 && !ShapedType::isDynamic(size); }))
      continue;
    result.setType(RankedTensorType::get(shape, type.getElementType()));
    ++count;
  }
  return count;
}
