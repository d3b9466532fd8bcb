//===- LegalizeONNXSelection.cpp - results as large as the data say -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NonZero, Compress, Unique and NonMaxSuppression by what counts, scans and
// scatters: how many elements there are is computed first, read by the program,
// and the size of all that follows.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXLoop.h"
#include "LegalizeONNXNode.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// Sizes that data give cannot be computed inside of branches and loops.
bool canSelect(Node &n) {
  if (n.isNested())
    n.unsupported("a size that depends on data inside of a branch or loop", "move the node out of the body");
  return !n.hasFailed();
}

Value toI64(Node &n, Value value) { return n.cast(value, n.builder().getI64Type()); }

Value scan(Node &n, Value value, int64_t axis, bool exclusive) {
  return n.emit<CumsumOp>(value, n.intScalar(axis), exclusive, false);
}

Value notZero(Node &n, Value x) {
  return n.elem(x).isInteger(1) ? x : n.emit<NotEqualOp>(x, n.scalarLike(x, 0));
}

/// The numbers from 0 up to one for each element of a vector.
Value number(Node &n, Value vector) {
  int64_t size = n.shapeOf(vector).front();
  if (size >= 0)
    return n.counting(n.builder().getI64Type(), size, 0, 1);
  Value count = n.emitWith<SizeOp>(1, {vector}, [&](SizeOp::Properties &properties) {
                   properties.dtype = TypeAttr::get(n.builder().getI64Type());
                 }).front();
  return n.emit<RangeOp>(n.intScalar(0), count, n.intScalar(1));
}

/// The places of a vector where `flags` hold, in order: i64, as many as hold.
Value findPlaces(Node &n, Value flags) {
  if (!canSelect(n) || !n.typeOf(flags))
    return {};
  Value ones = toI64(n, flags), before = scan(n, ones, 0, /*exclusive=*/true);
  Value count = n.reduceSum(ones, {0});
  // What does not hold goes behind all that does, where no one looks.
  Value slots = n.select(flags, before, count);
  Value room = n.emit<FillOp>(n.addScalar(count, 1), n.intScalar(0));
  Value places = n.emit<TensorScatterUpdateOp>(room, n.reshape(slots, {-1, 1}), number(n, flags));
  return n.emit<StridedSliceV2Op>(places, n.ints({0}), count, Node::Optional{}, Node::Optional{});
}

/// Dimension `dim` of `x`, an i64 scalar.
Value sizeOf(Node &n, Value x, int64_t dim) {
  int64_t size = n.shapeOf(x)[dim];
  if (size >= 0)
    return n.intScalar(size);
  Value shape = n.emitWith<ShapeOp>(1, {x}, [&](ShapeOp::Properties &properties) {
                   properties.dtype = TypeAttr::get(n.builder().getI64Type());
                 }).front();
  return n.gather(shape, n.intScalar(dim), 0);
}

/// The places in a constant of any size.
Value findKnown(Node &n, ArrayRef<double> values, ArrayRef<int64_t> shape) {
  SmallVector<Ints> places(std::max<size_t>(shape.size(), 1));
  for (auto [i, value] : llvm::enumerate(values)) {
    if (value == 0)
      continue;
    int64_t rest = i;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d])
      places[d].push_back(rest % shape[d]);
    if (shape.empty())
      places[0].push_back(0);
  }
  SmallVector<double> flat;
  for (const Ints &row : places)
    flat.append(row.begin(), row.end());
  return n.tensor(n.builder().getI64Type(), {int64_t(places.size()), int64_t(places[0].size())}, flat);
}

/// A row of indices for each dimension of the input, a column for each element
/// that is not 0.
void mapNonZero(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  if (std::optional<SmallVector<double>> values = n.constFloats(x))
    return n.set(0, findKnown(n, *values, n.shapeOf(x)));
  int64_t rank = std::max<int64_t>(n.rank(x), 1);
  Value places = findPlaces(n, notZero(n, n.reshape(x, {-1}))), rest = places;
  SmallVector<Value> rows(rank);
  for (int64_t dim = rank; dim-- > 0 && rest;) {
    Value row = rest;
    if (dim > 0) {
      Value size = sizeOf(n, x, dim);
      row = n.emit<ModOp>(rest, size);
      rest = n.div(rest, size);
    }
    rows[dim] = n.reshape(row, {1, -1});
  }
  if (rest)
    n.set(0, n.concat(rows, 0));
}

void mapCompress(Node &n) {
  Value x = n.need(0), condition = n.need(1);
  if (!x || !condition || !n.typeOf(x))
    return;
  int64_t axis = 0;
  if (!n.hasAttr("axis"))
    x = n.reshape(x, {-1});
  else
    axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  std::optional<Ints> known = n.constInts(condition);
  if (!known)
    return n.set(0, n.gather(x, findPlaces(n, notZero(n, condition)), axis));
  Ints kept;
  for (auto [i, keep] : llvm::enumerate(*known))
    if (keep)
      kept.push_back(i);
  n.set(0, n.gather(x, n.ints(kept), axis));
}

//===----------------------------------------------------------------------===//
// Unique
//===----------------------------------------------------------------------===//

/// The number of different rows that come before each of `rows` [N, M]: in the
/// order of their elements, or in that of their first appearance.
Value rankRows(Node &n, Value rows, bool sorted) {
  int64_t count = n.shapeOf(rows)[0], width = n.shapeOf(rows)[1];
  Value a = n.reshape(rows, {count, 1, width}), b = n.reshape(rows, {1, count, width});
  Value differs = toI64(n, n.emit<NotEqualOp>(a, b));
  Value same = n.emit<EqualOp>(n.reduceSum(differs, {2}, /*keepDims=*/false), n.intScalar(0));
  Value first = n.argExtreme<ArgMaxV2Op>(toI64(n, same), 1);
  Value isFirst = toI64(n, n.emit<EqualOp>(first, n.counting(n.builder().getI64Type(), count, 0, 1)));
  if (!sorted)
    return n.gather(scan(n, isFirst, 0, /*exclusive=*/true), first, 0);
  // The first element that differs decides.
  Value decides = n.emit<EqualOp>(scan(n, differs, 2, /*exclusive=*/true), n.intScalar(0));
  Value less = toI64(n, n.emit<LogicalAndOp>(n.emit<LessOp>(a, b), decides));
  Value precedes = n.mul(n.reduceSum(less, {2}, /*keepDims=*/false), n.reshape(isFirst, {count, 1}));
  return n.reduceSum(precedes, {0}, /*keepDims=*/false);
}

void mapUnique(Node &n) {
  Value x = n.need(0);
  if (!x || !canSelect(n) || !n.needStatic(x))
    return;
  int64_t rank = n.rank(x), axis = n.hasAttr("axis") ? n.normalizeAxis(n.getInt("axis", 0), rank) : 0;
  if (n.hasFailed())
    return;
  if (!n.hasAttr("axis"))
    x = n.reshape(x, {n.typeOf(x).getNumElements()});
  Ints order = llvm::to_vector(llvm::seq<int64_t>(0, n.rank(x)));
  std::rotate(order.begin(), order.begin() + axis, order.begin() + axis + 1);
  int64_t count = n.shapeOf(x)[axis], width = count ? n.typeOf(x).getNumElements() / count : 0;
  if (!count || !width)
    return (void)n.unsupported("an empty tensor");
  // All pairs are compared.
  if (!n.canList(count * width, count))
    return;
  Value ranks = rankRows(n, n.reshape(n.transpose(x, order), {count, width}), n.getInt("sorted", 1) != 0);
  Value number = n.addScalar(n.reduceMax(ranks, {0}, /*keepDims=*/false), 1);
  Value all = n.emit<RangeOp>(n.intScalar(0), number, n.intScalar(1));
  Value members = toI64(n, n.emit<EqualOp>(n.reshape(all, {-1, 1}), n.reshape(ranks, {1, count})));
  Value indices = n.argExtreme<ArgMaxV2Op>(members, 1);
  n.set(0, n.gather(x, indices, axis));
  n.set(1, indices);
  n.set(2, ranks);
  n.set(3, n.reduceSum(members, {1}, /*keepDims=*/false));
}

//===----------------------------------------------------------------------===//
// NonMaxSuppression
//===----------------------------------------------------------------------===//

/// Corners and area of boxes, each as [batch, class, box].
struct Boxes {
  Value low[2], high[2], area;
};

/// The boxes of each batch in the order that `indices` [batch, class, box] give.
Boxes readBoxes(Node &n, Value boxes, Value indices) {
  Ints shape = n.shapeOf(indices);
  Value part[4];
  for (int64_t i = 0; i < 4; ++i) {
    Value all = n.reshape(n.sliceAxis(boxes, 2, i, i + 1), {shape[0], 1, shape[2]});
    part[i] = n.emit<GatherElementsOp>(n.broadcastTo(all, shape), indices, int64_t(2));
  }
  Boxes result;
  for (int i = 0; i < 2; ++i) {
    if (n.getInt("center_point_box", 0)) {
      Value half = n.mulScalar(part[i + 2], 0.5);
      result.low[i] = n.sub(part[i], half);
      result.high[i] = n.add(part[i], half);
    } else { // any two corners that face each other
      result.low[i] = n.emit<MinimumOp>(part[i], part[i + 2]);
      result.high[i] = n.emit<MaximumOp>(part[i], part[i + 2]);
    }
  }
  result.area = n.mul(n.sub(result.high[0], result.low[0]), n.sub(result.high[1], result.low[1]));
  return result;
}

/// Whether boxes overlap with `one` of their batch and class by more than a part
/// of what both cover.
Value overlap(Node &n, const Boxes &boxes, const Boxes &one, Value threshold) {
  Value common;
  for (int i = 0; i < 2; ++i) {
    Value length = n.sub(n.emit<MinimumOp>(boxes.high[i], one.high[i]), n.emit<MaximumOp>(boxes.low[i], one.low[i]));
    length = n.emit<MaximumOp>(length, n.scalarLike(length, 0));
    common = common ? n.mul(common, length) : length;
  }
  Value both = n.sub(n.add(boxes.area, one.area), common);
  return n.emit<GreaterOp>(n.div(common, both), threshold);
}

/// Lets each box in turn, if it is still there, take away those after it that
/// overlap with it. `keeps` is [batch, class, box], best first.
Value suppress(Node &n, const Boxes &boxes, Value keeps, Value threshold) {
  Ints shape = n.shapeOf(keeps);
  auto boxFirst = [&](Value value) { return n.transpose(value, {2, 0, 1}); };
  Boxes first{{boxFirst(boxes.low[0]), boxFirst(boxes.low[1])},
              {boxFirst(boxes.high[0]), boxFirst(boxes.high[1])},
              boxFirst(boxes.area)};
  LoopBuilder loop(n, shape[2]);
  Value kept = loop.carry(keeps);
  auto at = [&](Value value) { return n.reshape(loop.sliceOf(value, loop.counter()), {shape[0], shape[1], 1}); };
  Boxes one{{at(first.low[0]), at(first.low[1])}, {at(first.high[0]), at(first.high[1])}, at(first.area)};
  Boxes all{{loop.use(boxes.low[0]), loop.use(boxes.low[1])},
            {loop.use(boxes.high[0]), loop.use(boxes.high[1])},
            loop.use(boxes.area)};
  Value isKept = n.reshape(n.gather(kept, loop.counter(), 2), {shape[0], shape[1], 1});
  Value isLater = n.emit<GreaterOp>(n.counting(n.builder().getI64Type(), shape[2], 2, 3), loop.counter());
  Value goes = n.emit<LogicalAndOp>(n.emit<LogicalAndOp>(overlap(n, all, one, loop.use(threshold)), isKept), isLater);
  return loop.finish({n.emit<LogicalAndOp>(kept, n.emit<LogicalNotOp>(goes))}).front();
}

/// Rows of batch, class and box.
void mapNonMaxSuppression(Node &n) {
  Value boxes = n.need(0), scores = n.need(1);
  if (!boxes || !scores || !canSelect(n) || !n.needStatic(boxes) || !n.needStatic(scores))
    return;
  Ints shape = n.shapeOf(scores);
  if (shape.size() != 3 || n.shapeOf(boxes) != Ints{shape[0], shape[2], 4})
    return (void)n.invalid("boxes and scores have no shapes [batches, boxes, 4] and [batches, classes, boxes]");
  if (!n.canList(shape[0] * shape[1], shape[2]))
    return;
  Type f32 = n.elem(boxes), i64 = n.builder().getI64Type();
  if (n.typeOf(scores).getNumElements() == 0)
    return n.set(0, n.splat(i64, {0, 3}, 0));
  auto scalar = [&](unsigned i, Type element) {
    return n.has(i) ? n.reshape(n.in(i), {}) : n.splat(element, {}, 0);
  };
  auto sorted = n.emitWith<TopKV2Op>(2, {scores, n.intScalar(shape[2])}, [&](TopKV2Op::Properties &properties) {
    Builder &b = n.builder();
    properties.sorted = properties.largest = b.getBoolAttr(true);
    properties.dim = b.getI64IntegerAttr(2);
    properties.indices_dtype = TypeAttr::get(i64);
  });
  Value keeps = n.has(4) ? n.emit<GreaterOp>(sorted[0], scalar(4, f32)) : n.splat(n.builder().getI1Type(), shape, 1);
  keeps = suppress(n, readBoxes(n, boxes, sorted[1]), keeps, scalar(3, f32));
  // As many of a batch and class as are wanted.
  Value isWanted = n.emit<LessEqualOp>(scan(n, toI64(n, keeps), 2, /*exclusive=*/false), scalar(2, i64));
  int64_t count = shape[0] * shape[1] * shape[2];
  Value places = findPlaces(n, n.reshape(n.emit<LogicalAndOp>(keeps, isWanted), {count}));
  Value batch = n.div(places, n.intScalar(shape[1] * shape[2]));
  Value kind = n.emit<ModOp>(n.div(places, n.intScalar(shape[2])), n.intScalar(shape[1]));
  Value box = n.gather(n.reshape(sorted[1], {count}), places, 0);
  SmallVector<Value> columns;
  for (Value column : {batch, kind, box})
    columns.push_back(n.reshape(column, {-1, 1}));
  if (!n.hasFailed())
    n.set(0, n.concat(columns, 1));
}

} // namespace

void mlir::ge::onnx::populateSelection(MappingTable &table) {
  table.add("NonZero", mapNonZero);
  table.add("Compress", mapCompress);
  table.add("Unique", mapUnique);
  table.add("NonMaxSuppression", mapNonMaxSuppression);
}
