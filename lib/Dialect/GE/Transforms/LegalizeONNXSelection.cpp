//===- LegalizeONNXSelection.cpp - results as large as the data say -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NonZero, Compress, Unique and NonMaxSuppression: how many elements there are is
// computed first, read by the program, and the size of all that follows.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include "mlir/IR/Matchers.h"

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

/// The indices of the elements of `x` that are not 0, a row for each dimension.
Value findNonZero(Node &n, Value x) {
  Value found = n.emitWith<NonZeroOp>(1, {x}, [&](NonZeroOp::Properties &properties) {
                   properties.transpose = n.builder().getBoolAttr(false);
                   properties.dtype = TypeAttr::get(n.builder().getI64Type());
                 }).front();
  return found && (matchPattern(found, m_Constant()) || canSelect(n)) ? found : Value();
}

void mapNonZero(Node &n) {
  if (Value x = n.need(0))
    n.set(0, findNonZero(n, x));
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
  n.set(0, n.gather(x, n.reshape(findNonZero(n, condition), {-1}), axis));
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

/// The elements of a vector of any size.
void mapUniqueElements(Node &n, Value x) {
  Type i64 = n.builder().getI64Type();
  auto found =
      n.emitWith<UniqueOp>(2, {x}, [&](UniqueOp::Properties &properties) { properties.out_idx = TypeAttr::get(i64); });
  Value y = found[0], places = found[1];
  Value count = n.emitWith<SizeOp>(1, {y}, [&](SizeOp::Properties &properties) {
                   properties.dtype = TypeAttr::get(i64);
                 }).front();
  Value all = n.emit<RangeOp>(n.intScalar(0), count, n.intScalar(1));
  if (n.getInt("sorted", 1)) {
    Value less = n.emit<LessOp>(n.reshape(y, {1, -1}), n.reshape(y, {-1, 1}));
    Value ranks = n.reduceSum(toI64(n, less), {1}, /*keepDims=*/false);
    Value room = n.emit<FillOp>(n.reshape(count, {1}), n.intScalar(0));
    y = n.gather(y, n.emit<ScatterElementsOp>(room, ranks, all, int64_t(0), StringRef("none")), 0);
    places = n.gather(ranks, places, 0);
  }
  n.set(0, y);
  n.set(2, places);
  if (!n.isUsed(1) && !n.isUsed(3))
    return;
  Value members = toI64(n, n.emit<EqualOp>(n.reshape(all, {-1, 1}), n.reshape(places, {1, -1})));
  n.set(1, n.argExtreme<ArgMaxV2Op>(members, 1));
  n.set(3, n.reduceSum(members, {1}, /*keepDims=*/false));
}

void mapUnique(Node &n) {
  Value x = n.need(0);
  if (!x || !canSelect(n) || !n.typeOf(x))
    return;
  bool isVector = !n.hasAttr("axis") || n.rank(x) == 1;
  if (isVector && !n.elem(x).isInteger(1))
    return mapUniqueElements(n, n.rank(x) == 1 ? x : n.reshape(x, {-1}));
  if (!n.needStatic(x))
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

/// Rows of batch, class and box.
void mapNonMaxSuppression(Node &n) {
  Value boxes = n.need(0), scores = n.need(1);
  if (!boxes || !scores || !canSelect(n) || !n.typeOf(boxes) || !n.typeOf(scores))
    return;
  Ints shape = n.shapeOf(scores);
  auto contradicts = [](int64_t a, int64_t b) {
    return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a != b;
  };
  Ints own = n.shapeOf(boxes);
  if (shape.size() != 3 || own.size() != 3 || contradicts(own[0], shape[0]) || contradicts(own[1], shape[2]) ||
      contradicts(own[2], 4))
    return (void)n.invalid("boxes and scores have no shapes [batches, boxes, 4] and [batches, classes, boxes]");
  SmallVector<Value> operands{boxes, scores};
  Type i32 = n.builder().getI32Type();
  if (n.has(2)) { // any number that no program reaches stands for all
    Value greatest = n.intScalar(std::numeric_limits<int32_t>::max());
    operands.push_back(n.cast(n.emit<MinimumOp>(n.reshape(n.in(2), {}), greatest), i32));
  }
  for (unsigned i : {3, 4})
    if (n.has(i))
      operands.push_back(n.reshape(n.in(i), {}));
  Value rows = n.emitWith<NonMaxSuppressionV6Op>(1, operands, [&](NonMaxSuppressionV6Op::Properties &properties) {
                  Builder &b = n.builder();
                  properties.operandSegmentSizes = {1, 1, n.has(2), n.has(3), n.has(4)};
                  properties.center_point_box = b.getI64IntegerAttr(n.getInt("center_point_box", 0));
                  properties.max_boxes_size = b.getI64IntegerAttr(0);
                }).front();
  n.set(0, toI64(n, rows));
}

} // namespace

void mlir::ge::onnx::populateSelection(MappingTable &table) {
  table.add("NonZero", mapNonZero);
  table.add("Compress", mapCompress);
  table.add("Unique", mapUnique);
  table.add("NonMaxSuppression", mapNonMaxSuppression);
}
