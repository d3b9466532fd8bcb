//===- SymbolicElements.cpp - elements of shape tensors as expressions ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arithmetic that graphs do on shapes. An element that is an expression is a
// size: it is not negative, and not a -1 that stands for something.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::ge;

using MaybeElements = std::optional<DimList>;

namespace {

class ElementRules {
public:
  ElementRules(OpResult result, SymbolicShapes &shapes) : op(result.getOwner()), result(result), shapes(shapes) {}
  MaybeElements run();

private:
  /// The sizes of a value if all are known.
  std::optional<SmallVector<int64_t>> fixedShape(Value value);
  static std::optional<int64_t> scalar(Value value) {
    std::optional<SmallVector<int64_t>> ints = getConstantInts(value);
    return ints && ints->size() == 1 ? std::optional(ints->front()) : std::nullopt;
  }

  MaybeElements binary(llvm::function_ref<std::optional<Dim>(Dim, Dim)> compute);
  MaybeElements divide();
  MaybeElements compare();
  MaybeElements select(SelectOp select);
  MaybeElements reduce(Value x, Value axes, Dim initial, llvm::function_ref<Dim(Dim, Dim)> combine);
  MaybeElements gather(GatherV2Op gather);
  MaybeElements concat(ConcatV2Op concat);
  MaybeElements pack(PackOp pack);
  MaybeElements slice(Value x, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, ArrayRef<int64_t> strides);
  MaybeElements stridedSlice(StridedSliceOp slice);
  MaybeElements stridedSliceV2(StridedSliceV2Op slice);
  MaybeElements splitPart(Value x, ArrayRef<int64_t> sizes);
  MaybeElements fill(FillOp fill);
  MaybeElements range(RangeOp range);
  MaybeElements repeat(Value x);

  Operation *op;
  OpResult result;
  SymbolicShapes &shapes;
};

} // namespace

std::optional<SmallVector<int64_t>> ElementRules::fixedShape(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return std::nullopt;
  SmallVector<int64_t> shape = gemlir::toShape(shapes.getShape(value));
  if (ShapedType::isDynamicShape(shape) || ShapedType::getNumElements(shape) > SymbolicShapes::kMaxElements)
    return std::nullopt;
  return shape;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Operands of at most one dimension, or of one shape.
MaybeElements ElementRules::binary(llvm::function_ref<std::optional<Dim>(Dim, Dim)> compute) {
  MaybeElements a = shapes.getElements(op->getOperand(0)), b = a ? shapes.getElements(op->getOperand(1)) : a;
  if (!a || !b || (a->size() != b->size() && a->size() != 1 && b->size() != 1))
    return std::nullopt;
  DimList results;
  for (size_t i = 0, e = a->size() == 1 ? b->size() : a->size(); i < e; ++i) {
    std::optional<Dim> element = compute((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]);
    if (!element)
      return std::nullopt;
    results.push_back(*element);
  }
  return results;
}

/// Truncation is flooring where nothing is negative.
MaybeElements ElementRules::divide() {
  return binary([](Dim a, Dim b) -> std::optional<Dim> {
    if (a.isStatic() && b.isStatic())
      return b == 0 ? std::optional<Dim>() : Dim(*a.known() / *b.known());
    if (b.isStatic() && *b.known() <= 0)
      return std::nullopt;
    return floorDiv(a, b);
  });
}

/// What can be decided without a run: sizes are equal, or one is a number that
/// no size is.
MaybeElements ElementRules::compare() {
  return binary([&](Dim a, Dim b) -> std::optional<Dim> {
    bool swap = isa<LessOp, LessEqualOp>(op);
    if (swap)
      std::swap(a, b);
    std::optional<int64_t> difference = (a - b).known();
    if (isa<EqualOp, NotEqualOp>(op)) {
      bool negative = (a.isStatic() && *a.known() < 0) || (b.isStatic() && *b.known() < 0);
      if (!difference && !negative)
        return std::nullopt;
      bool equal = difference && *difference == 0;
      return Dim(int64_t(equal == isa<EqualOp>(op)));
    }
    if (!difference)
      return std::nullopt;
    return Dim(int64_t(isa<GreaterOp, LessOp>(op) ? *difference > 0 : *difference >= 0));
  });
}

MaybeElements ElementRules::select(SelectOp select) {
  MaybeElements condition = shapes.getElements(select.getCondition()), yes = shapes.getElements(select.getX1()),
                no = shapes.getElements(select.getX2());
  if (!condition || !yes || !no)
    return std::nullopt;
  size_t count = std::max({condition->size(), yes->size(), no->size()});
  DimList results;
  for (size_t i = 0; i < count; ++i) {
    auto at = [&](const DimList &list) { return list[list.size() == 1 ? 0 : i]; };
    for (const DimList *list : {&*condition, &*yes, &*no})
      if (list->size() != 1 && list->size() != count)
        return std::nullopt;
    if (!at(*condition).isStatic())
      return std::nullopt;
    results.push_back(at(*condition) == 0 ? at(*no) : at(*yes));
  }
  return results;
}

/// All elements at once.
MaybeElements ElementRules::reduce(Value x, Value axes, Dim initial, llvm::function_ref<Dim(Dim, Dim)> combine) {
  MaybeElements elements = shapes.getElements(x);
  if (!elements || cast<RankedTensorType>(x.getType()).getRank() != 1)
    return std::nullopt;
  Dim total = initial;
  for (Dim element : *elements)
    total = combine(total, element);
  return DimList{total};
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

MaybeElements ElementRules::gather(GatherV2Op gather) {
  MaybeElements x = shapes.getElements(gather.getX());
  std::optional<SmallVector<int64_t>> indices = getConstantInts(gather.getIndices());
  if (!x || !indices || cast<RankedTensorType>(gather.getX().getType()).getRank() != 1)
    return std::nullopt;
  DimList results;
  for (int64_t index : *indices) {
    if (index < 0)
      index += x->size();
    if (index < 0 || index >= int64_t(x->size()))
      return std::nullopt;
    results.push_back((*x)[index]);
  }
  return results;
}

MaybeElements ElementRules::concat(ConcatV2Op concat) {
  DimList results;
  for (Value part : concat.getX()) {
    MaybeElements elements = shapes.getElements(part);
    if (!elements || cast<RankedTensorType>(part.getType()).getRank() != 1)
      return std::nullopt;
    llvm::append_range(results, *elements);
  }
  return results;
}

MaybeElements ElementRules::pack(PackOp pack) {
  DimList results;
  for (Value part : pack.getX()) {
    MaybeElements elements = shapes.getElements(part);
    if (!elements || (elements->size() != 1 && pack.getAxis() != 0))
      return std::nullopt;
    llvm::append_range(results, *elements);
  }
  return results;
}

/// Elements `begin` to `end` of a vector, both clamped to it.
MaybeElements ElementRules::slice(Value x, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, ArrayRef<int64_t> strides) {
  MaybeElements elements = shapes.getElements(x);
  if (!elements || cast<RankedTensorType>(x.getType()).getRank() != 1 || begin.size() != 1 || end.size() != 1)
    return std::nullopt;
  int64_t size = elements->size(), stride = strides.empty() ? 1 : strides.front();
  if (stride == 0)
    return std::nullopt;
  int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? size : size - 1;
  auto place = [&](int64_t at) { return std::clamp(at < 0 ? at + size : at, low, high); };
  DimList results;
  int64_t last = place(end.front());
  for (int64_t i = place(begin.front()); stride > 0 ? i < last : i > last; i += stride)
    results.push_back((*elements)[i]);
  return results;
}

MaybeElements ElementRules::stridedSlice(StridedSliceOp op) {
  std::optional<SmallVector<int64_t>> begin = getConstantInts(op.getBegin()), end = getConstantInts(op.getEnd()),
                                      strides = getConstantInts(op.getStrides());
  if (!begin || !end || !strides || op.getEllipsisMask() || op.getNewAxisMask() || strides->size() != 1)
    return std::nullopt;
  if (op.getShrinkAxisMask())
    return slice(op.getX(), *begin, begin->front() == -1 ? std::numeric_limits<int64_t>::max() : begin->front() + 1,
                 {1});
  int64_t furthest = std::numeric_limits<int32_t>::max(), stride = strides->front();
  if (op.getBeginMask() & 1)
    begin->front() = stride > 0 ? 0 : furthest;
  if (op.getEndMask() & 1)
    end->front() = stride > 0 ? furthest : -furthest;
  return slice(op.getX(), *begin, *end, *strides);
}

MaybeElements ElementRules::stridedSliceV2(StridedSliceV2Op op) {
  std::optional<SmallVector<int64_t>> begin = getConstantInts(op.getBegin()), end = getConstantInts(op.getEnd());
  SmallVector<int64_t> strides;
  if (op.getStrides()) {
    std::optional<SmallVector<int64_t>> given = getConstantInts(op.getStrides());
    if (!given)
      return std::nullopt;
    strides = *given;
  }
  if (!begin || !end || op.getBeginMask() || op.getEndMask())
    return std::nullopt;
  return slice(op.getX(), *begin, *end, strides);
}

/// The part of a split vector that the result is.
MaybeElements ElementRules::splitPart(Value x, ArrayRef<int64_t> sizes) {
  MaybeElements elements = shapes.getElements(x);
  if (!elements || cast<RankedTensorType>(x.getType()).getRank() != 1)
    return std::nullopt;
  int64_t begin = 0;
  for (int64_t size : sizes.take_front(result.getResultNumber()))
    begin += size;
  int64_t size = sizes[result.getResultNumber()];
  if (begin < 0 || size < 0 || begin + size > int64_t(elements->size()))
    return std::nullopt;
  return DimList(ArrayRef(*elements).slice(begin, size));
}

MaybeElements ElementRules::fill(FillOp fill) {
  MaybeElements value = shapes.getElements(fill.getValue());
  std::optional<SmallVector<int64_t>> shape = fixedShape(result);
  if (!value || value->size() != 1 || !shape)
    return std::nullopt;
  return DimList(ShapedType::getNumElements(*shape), value->front());
}

MaybeElements ElementRules::range(RangeOp range) {
  MaybeElements start = shapes.getElements(range.getStart()), delta = shapes.getElements(range.getDelta());
  std::optional<SmallVector<int64_t>> shape = fixedShape(result);
  if (!start || !delta || !shape)
    return std::nullopt;
  DimList results;
  for (int64_t i = 0; i < shape->front(); ++i)
    results.push_back(start->front() + delta->front() * i);
  return results;
}

/// One element for all of the result.
MaybeElements ElementRules::repeat(Value x) {
  MaybeElements elements = shapes.getElements(x);
  std::optional<SmallVector<int64_t>> shape = fixedShape(result);
  if (!elements || !shape)
    return std::nullopt;
  int64_t count = ShapedType::getNumElements(*shape);
  if (int64_t(elements->size()) == count)
    return elements;
  return elements->size() == 1 ? MaybeElements(DimList(count, elements->front())) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

MaybeElements ElementRules::run() {
  auto add = [](Dim a, Dim b) -> std::optional<Dim> { return a + b; };
  auto multiply = [](Dim a, Dim b) -> std::optional<Dim> { return a * b; };
  return llvm::TypeSwitch<Operation *, MaybeElements>(op)
      .Case([&](ShapeOp o) { return MaybeElements(DimList(shapes.getShape(o.getX()))); })
      .Case([&](SizeOp o) { return MaybeElements(DimList{gemlir::product(shapes.getShape(o.getX()))}); })
      .Case([&](RankOp o) { return MaybeElements(DimList{int64_t(shapes.getShape(o.getX()).size())}); })
      .Case([&](AddOp) { return binary(add); })
      .Case([&](SubOp) { return binary([](Dim a, Dim b) -> std::optional<Dim> { return a - b; }); })
      .Case([&](MulOp) { return binary(multiply); })
      .Case<RealDivOp, DivOp, FloorDivOp>([&](auto) { return divide(); })
      .Case<FloorModOp, ModOp>([&](auto) {
        return binary([](Dim a, Dim b) -> std::optional<Dim> {
          if (!b.isStatic() || *b.known() <= 0 || (a.isStatic() && *a.known() < 0))
            return std::nullopt;
          return remainder(a, b);
        });
      })
      .Case([&](MaximumOp) { return binary([&](Dim a, Dim b) -> std::optional<Dim> { return shapes.max(a, b); }); })
      .Case([&](MinimumOp) { return binary([&](Dim a, Dim b) -> std::optional<Dim> { return shapes.min(a, b); }); })
      .Case<EqualOp, NotEqualOp, GreaterOp, GreaterEqualOp, LessOp, LessEqualOp>([&](auto) { return compare(); })
      .Case([&](SelectOp o) { return select(o); })
      .Case<CastOp, IdentityOp, ReshapeOp, SqueezeOp, UnsqueezeOp, ExpandDimsOp, FlattenOp, FlattenV2Op>([&](auto o) {
        return getElementTypeOrSelf(o.getX().getType()).isIntOrIndex() ? shapes.getElements(o.getX()) : std::nullopt;
      })
      .Case([&](NegOp o) -> MaybeElements {
        MaybeElements x = shapes.getElements(o.getX());
        if (!x || llvm::any_of(*x, [](Dim element) { return element.isDynamic(); }))
          return std::nullopt;
        for (Dim &element : *x)
          element = element * -1;
        return x;
      })
      .Case([&](ReduceProdOp o) { return reduce(o.getX(), o.getAxes(), 1, [](Dim a, Dim b) { return a * b; }); })
      .Case([&](ReduceSumOp o) { return reduce(o.getX(), o.getAxes(), 0, [](Dim a, Dim b) { return a + b; }); })
      .Case([&](GatherV2Op o) { return gather(o); })
      .Case([&](ConcatV2Op o) { return concat(o); })
      .Case([&](PackOp o) { return pack(o); })
      .Case([&](SliceOp o) -> MaybeElements {
        std::optional<SmallVector<int64_t>> offsets = getConstantInts(o.getOffsets()),
                                            sizes = getConstantInts(o.getSize());
        if (!offsets || !sizes || sizes->size() != 1)
          return std::nullopt;
        int64_t end = sizes->front() < 0 ? std::numeric_limits<int32_t>::max() : offsets->front() + sizes->front();
        return slice(o.getX(), *offsets, {end}, {});
      })
      .Case([&](StridedSliceOp o) { return stridedSlice(o); })
      .Case([&](StridedSliceV2Op o) { return stridedSliceV2(o); })
      .Case([&](UnpackOp o) { return splitPart(o.getX(), SmallVector<int64_t>(o.getNum(), 1)); })
      .Case([&](SplitOp o) -> MaybeElements {
        std::optional<SmallVector<int64_t>> shape = fixedShape(o.getX());
        if (!shape || shape->size() != 1)
          return std::nullopt;
        int64_t parts = o.getNumSplit();
        return splitPart(o.getX(), SmallVector<int64_t>(parts, shape->front() / parts));
      })
      .Case([&](SplitVOp o) -> MaybeElements {
        std::optional<SmallVector<int64_t>> sizes = getConstantInts(o.getSizeSplits());
        return sizes ? splitPart(o.getX(), *sizes) : std::nullopt;
      })
      .Case([&](FillOp o) { return fill(o); })
      .Case([&](RangeOp o) { return range(o); })
      .Case<BroadcastToOp, TileOp>([&](auto o) { return repeat(o.getX()); })
      .Default([](Operation *) { return MaybeElements(); });
}

std::optional<DimList> ge::inferSymbolicElements(OpResult result, SymbolicShapes &shapes) {
  return ElementRules(result, shapes).run();
}
