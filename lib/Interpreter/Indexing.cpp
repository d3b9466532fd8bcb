//===- Indexing.cpp - gathers, scatters and one-hot -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// Indices count from the end if negative; an index out of range is an error.
FailureOr<int64_t> checkIndex(Call &call, int64_t index, int64_t extent) {
  if (index < -extent || index >= extent)
    return call.error() << "expects indices in [" << -extent << ", " << extent << "), but got " << index;
  return index < 0 ? index + extent : index;
}

LogicalResult gather(Call &call) {
  const Tensor &x = call.in(0), &indices = call.in(1), *axisOperand = call.optional(2);
  FailureOr<int64_t> axis = normalizeAxis(call, axisOperand ? axisOperand->getInt(0) : 0, x.getRank());
  int64_t batch = call.intAttr("batch_dims");
  if (batch < 0)
    batch += indices.getRank();
  if (failed(axis))
    return failure();
  if (batch > *axis || batch > indices.getRank())
    return call.error() << "expects 'batch_dims' not after the axis and the indices' rank, but got " << batch;
  ArrayRef<int64_t> shape = x.getShape(), indexShape = indices.getShape();
  SmallVector<int64_t> result(shape.take_front(*axis));
  llvm::append_range(result, indexShape.drop_front(batch));
  llvm::append_range(result, shape.drop_front(*axis + 1));
  int64_t batches = getSize(shape.take_front(batch)), outer = getSize(shape.slice(batch, *axis - batch));
  int64_t count = getSize(indexShape.drop_front(batch)), inner = getSize(shape.drop_front(*axis + 1));
  int64_t extent = shape.empty() ? 1 : shape[*axis];
  Tensor &y = call.make(result);
  for (int64_t b = 0; b < batches; ++b)
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t k = 0; k < count; ++k) {
        FailureOr<int64_t> index = checkIndex(call, indices.getInt(b * count + k), extent);
        if (failed(index))
          return failure();
        int64_t row = b * outer + o;
        for (int64_t i = 0; i < inner; ++i)
          y.copyElement((row * count + k) * inner + i, x, (row * extent + *index) * inner + i);
      }
  return success();
}

/// The offset of the slice that one index vector points at.
FailureOr<int64_t> sliceOffset(Call &call, const Tensor &indices, int64_t begin, int64_t depth,
                               ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides = getStrides(shape);
  int64_t at = 0;
  for (int64_t d = 0; d < depth; ++d) {
    FailureOr<int64_t> index = checkIndex(call, indices.getInt(begin + d), shape[d]);
    if (failed(index))
      return failure();
    at += *index * strides[d];
  }
  return at;
}

/// The length of the index vectors of an N-dimensional gather or scatter.
FailureOr<int64_t> indexDepth(Call &call, const Tensor &indices, int64_t rank) {
  int64_t depth = indices.getRank() ? indices.getDim(indices.getRank() - 1) : -1;
  if (depth < 0 || depth > rank)
    return call.error() << "expects index vectors of at most " << rank << " elements, but got " << depth;
  return depth;
}

LogicalResult gatherNd(Call &call) {
  const Tensor &x = call.in(0), &indices = call.in(1);
  FailureOr<int64_t> depth = indexDepth(call, indices, x.getRank());
  if (failed(depth))
    return failure();
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  int64_t count = getSize(shape), inner = getSize(x.getShape().drop_front(*depth));
  llvm::append_range(shape, x.getShape().drop_front(*depth));
  Tensor &y = call.make(shape);
  for (int64_t k = 0; k < count; ++k) {
    FailureOr<int64_t> at = sliceOffset(call, indices, k * *depth, *depth, x.getShape());
    if (failed(at))
      return failure();
    for (int64_t i = 0; i < inner; ++i)
      y.copyElement(k * inner + i, x, *at + i);
  }
  return success();
}

LogicalResult gatherElements(Call &call) {
  const Tensor &x = call.in(0), &indices = call.in(1);
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("dim"), x.getRank());
  if (failed(axis))
    return failure();
  if (indices.getRank() != x.getRank())
    return call.error() << "expects indices of rank " << x.getRank() << ", but got " << indices.getRank();
  SmallVector<int64_t> strides = getStrides(x.getShape()), index(x.getRank(), 0);
  Tensor &y = call.make(indices.getShape());
  for (int64_t i = 0, e = y.size(); i < e; ++i) {
    FailureOr<int64_t> at = checkIndex(call, indices.getInt(i), x.getDim(*axis));
    if (failed(at))
      return failure();
    y.copyElement(i, x, offset(index, strides) + (*at - index[*axis]) * strides[*axis]);
    next(index, indices.getShape());
  }
  return success();
}

/// Stores or combines one update.
void update(Tensor &y, int64_t i, const Tensor &from, int64_t k, StringRef reduction) {
  if (reduction == "none" || reduction.empty() || reduction == "update") {
    y.copyElement(i, from, k);
    return;
  }
  if (y.isFloat()) {
    double a = y.getDouble(i), b = from.getDouble(k);
    y.set(i, reduction == "add"   ? a + b
             : reduction == "mul" ? a * b
             : reduction == "max" ? std::max(a, b)
                                  : std::min(a, b));
    return;
  }
  int64_t a = y.getInt(i), b = from.getInt(k);
  y.setInt(i, reduction == "add"   ? int64_t(uint64_t(a) + uint64_t(b))
              : reduction == "mul" ? int64_t(uint64_t(a) * uint64_t(b))
              : reduction == "max" ? std::max(a, b)
                                   : std::min(a, b));
}

LogicalResult scatterElements(Call &call) {
  const Tensor &indices = call.in(1), &updates = call.in(2);
  call.results.push_back(call.in(0));
  Tensor &y = call.results.back();
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("axis"), y.getRank());
  if (failed(axis))
    return failure();
  if (indices.getRank() != y.getRank() || indices.getShape() != updates.getShape())
    return call.error() << "expects indices and updates of the same shape and of rank " << y.getRank();
  SmallVector<int64_t> strides = getStrides(y.getShape()), index(y.getRank(), 0);
  for (int64_t i = 0, e = indices.size(); i < e; ++i) {
    FailureOr<int64_t> at = checkIndex(call, indices.getInt(i), y.getDim(*axis));
    if (failed(at))
      return failure();
    update(y, offset(index, strides) + (*at - index[*axis]) * strides[*axis], updates, i, call.strAttr("reduction"));
    next(index, indices.getShape());
  }
  return success();
}

LogicalResult scatterSlices(Call &call, Tensor &y, const Tensor &indices, const Tensor &updates, StringRef reduction) {
  FailureOr<int64_t> depth = indexDepth(call, indices, y.getRank());
  if (failed(depth))
    return failure();
  int64_t count = *depth ? indices.size() / *depth : getSize(indices.getShape().drop_back());
  int64_t inner = getSize(y.getShape().drop_front(*depth));
  if (updates.size() != count * inner)
    return call.error() << "expects " << count * inner << " updates, but got " << updates.size();
  for (int64_t k = 0; k < count; ++k) {
    FailureOr<int64_t> at = sliceOffset(call, indices, k * *depth, *depth, y.getShape());
    if (failed(at))
      return failure();
    for (int64_t i = 0; i < inner; ++i)
      update(y, *at + i, updates, k * inner + i, reduction);
  }
  return success();
}

LogicalResult tensorScatterUpdate(Call &call) {
  call.results.push_back(call.in(0));
  return scatterSlices(call, call.results.back(), call.in(1), call.in(2), call.strAttr("reduction"));
}

/// Into zeros; updates of the same element add up.
LogicalResult scatterNd(Call &call) {
  Tensor &y = call.make(call.in(2).getInts());
  return scatterSlices(call, y, call.in(0), call.in(1), "add");
}

/// An index out of [0, depth) sets nothing.
LogicalResult oneHot(Call &call) {
  const Tensor &x = call.in(0), &on = call.in(2), &off = call.in(3);
  int64_t depth = call.in(1).getInt(0);
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("axis", -1), x.getRank() + 1);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(x.getShape());
  shape.insert(shape.begin() + *axis, depth);
  int64_t inner = getSize(x.getShape().drop_front(*axis));
  Tensor &y = call.make(shape);
  for (int64_t i = 0, e = y.size(); i < e; ++i) {
    int64_t position = i / inner % depth, from = i / (inner * depth) * inner + i % inner;
    bool hot = x.isFloat() ? x.getDouble(from) == double(position) : x.getInt(from) == position;
    y.copyElement(i, hot ? on : off, 0);
  }
  return success();
}

} // namespace

void gemlir::interp::registerIndexing(Registry &registry) {
  registry["gather_v2"] = gather;
  registry["gather_nd"] = gatherNd;
  registry["gather_elements"] = gatherElements;
  registry["scatter_elements"] = scatterElements;
  registry["tensor_scatter_update"] = tensorScatterUpdate;
  registry["scatter_nd"] = scatterNd;
  registry["one_hot"] = oneHot;
}
