//===- Shapes.cpp - views, shape queries and generated tensors ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace gemlir::interp;

namespace {

LogicalResult viewAs(Call &call, const Tensor &x, ArrayRef<int64_t> shape) {
  if (getSize(shape) != x.size())
    return call.error() << "expects a shape of " << x.size() << " elements, but got " << getSize(shape);
  call.results.push_back(x.reshaped(shape));
  return success();
}

/// `shape` replaces dimensions [axis, axis + num_axes): 0 keeps a dimension, -1
/// is deduced.
LogicalResult reshape(Call &call) {
  const Tensor &x = call.in(0);
  int64_t rank = x.getRank(), axis = call.intAttr("axis"), count = call.intAttr("num_axes", -1);
  if (axis < 0)
    axis += rank + 1;
  int64_t end = count < 0 ? rank : axis + count;
  if (axis < 0 || axis > rank || end > rank)
    return call.error() << "expects 'axis' and 'num_axes' within rank " << rank;
  SmallVector<int64_t> shape(x.getShape().take_front(axis));
  for (auto [i, dim] : llvm::enumerate(call.in(1).getInts())) {
    if (dim == 0 && x.size() != 0 && axis + int64_t(i) < rank)
      dim = x.getDim(axis + i);
    shape.push_back(dim);
  }
  llvm::append_range(shape, x.getShape().drop_front(end));
  int64_t known = 1, unknown = -1;
  for (auto [i, dim] : llvm::enumerate(shape)) {
    if (dim < 0)
      unknown = i;
    else
      known *= dim;
  }
  if (unknown >= 0)
    shape[unknown] = known ? x.size() / known : 0;
  return viewAs(call, x, shape);
}

LogicalResult squeeze(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> axes = call.intsAttr("axis"), shape;
  for (int64_t &axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, x.getRank());
    if (failed(normalized))
      return failure();
    axis = *normalized;
  }
  for (int64_t i = 0; i < x.getRank(); ++i)
    if (axes.empty() ? x.getDim(i) != 1 : !llvm::is_contained(axes, i))
      shape.push_back(x.getDim(i));
  return viewAs(call, x, shape);
}

LogicalResult insertUnits(Call &call, ArrayRef<int64_t> axes) {
  const Tensor &x = call.in(0);
  int64_t rank = x.getRank() + axes.size();
  SmallVector<int64_t> shape(rank, 0);
  for (int64_t axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, rank);
    if (failed(normalized))
      return failure();
    shape[*normalized] = 1;
  }
  const int64_t *dim = x.getShape().begin();
  for (int64_t &extent : shape)
    if (extent == 0 && dim != x.getShape().end())
      extent = *dim++;
  return viewAs(call, x, shape);
}

LogicalResult unsqueeze(Call &call) { return insertUnits(call, call.intsAttr("axes")); }
LogicalResult expandDims(Call &call) { return insertUnits(call, call.in(1).getInts()); }

/// Into a matrix: [0, axis) and [axis, rank).
LogicalResult flatten(Call &call) {
  const Tensor &x = call.in(0);
  int64_t axis = call.intAttr("axis", 1), rank = x.getRank();
  if (axis < 0)
    axis += rank;
  if (axis < 0 || axis > rank)
    return call.error() << "expects 'axis' within rank " << rank;
  return viewAs(call, x, {getSize(x.getShape().take_front(axis)), getSize(x.getShape().drop_front(axis))});
}

/// Dimensions [axis, end_axis] into one.
LogicalResult flattenV2(Call &call) {
  const Tensor &x = call.in(0);
  if (x.getRank() == 0)
    return viewAs(call, x, {1});
  FailureOr<int64_t> begin = normalizeAxis(call, call.intAttr("axis", 1), x.getRank());
  FailureOr<int64_t> end = normalizeAxis(call, call.intAttr("end_axis", -1), x.getRank());
  if (failed(begin) || failed(end))
    return failure();
  if (*begin > *end)
    return call.error() << "expects 'axis' not after 'end_axis'";
  SmallVector<int64_t> shape(x.getShape().take_front(*begin));
  shape.push_back(getSize(x.getShape().slice(*begin, *end - *begin + 1)));
  llvm::append_range(shape, x.getShape().drop_front(*end + 1));
  return viewAs(call, x, shape);
}

LogicalResult shapeOf(Call &call) {
  call.results.push_back(Tensor::fromInts(call.op->getContext(), call.in(0).getShape(), call.resultElement()));
  return success();
}

LogicalResult sizeOf(Call &call) {
  call.make({}).setInt(0, call.in(0).size());
  return success();
}

LogicalResult rankOf(Call &call) {
  call.make({}).setInt(0, call.in(0).getRank());
  return success();
}

LogicalResult fill(Call &call) {
  Tensor &result = call.make(call.in(0).getInts());
  for (int64_t i = 0, e = result.size(); i < e; ++i)
    result.copyElement(i, call.in(1), 0);
  return success();
}

/// start + i * step before the limit, or up to it if closed.
LogicalResult range(Call &call) {
  const Tensor &start = call.in(0), &limit = call.in(1), &step = call.in(2);
  if (step.getDouble(0) == 0)
    return call.error() << "expects a step other than 0";
  bool closed = call.boolAttr("is_closed");
  if (start.isFloat()) {
    double steps = (limit.getDouble(0) - start.getDouble(0)) / step.getDouble(0);
    double count = closed ? std::floor(steps) + 1 : std::ceil(steps);
    Tensor &result = call.make({std::max<int64_t>(0, int64_t(count))});
    for (int64_t i = 0, e = result.size(); i < e; ++i)
      result.set(i, start.getDouble(0) + double(i) * step.getDouble(0));
    return success();
  }
  int64_t a = start.getInt(0), b = limit.getInt(0), s = step.getInt(0);
  int64_t distance = (s > 0 ? b - a : a - b) + closed, stride = s > 0 ? s : -s;
  Tensor &result = call.make({distance > 0 ? (distance + stride - 1) / stride : 0});
  for (int64_t i = 0, e = result.size(); i < e; ++i)
    result.setInt(i, a + i * s);
  return success();
}

LogicalResult eye(Call &call) {
  int64_t rows = call.intAttr("num_rows"), columns = call.intAttr("num_columns");
  SmallVector<int64_t> shape = call.intsAttr("batch_shape");
  columns = columns > 0 ? columns : rows;
  shape.append({rows, columns});
  Tensor &result = call.make(shape);
  for (int64_t i = 0, e = result.size(); i < e; ++i)
    if (i / columns % rows == i % columns)
      result.setInt(i, 1);
  return success();
}

/// Zeros out what is above (lower) or below the diagonal of every matrix.
template <bool lower>
LogicalResult triangle(Call &call) {
  const Tensor &x = call.in(0);
  if (x.getRank() < 2)
    return call.error() << "expects an operand of rank 2 or more, but got " << x.getRank();
  int64_t diagonal = call.intAttr("diagonal"), columns = x.getDim(x.getRank() - 1), rows = x.getDim(x.getRank() - 2);
  Tensor &result = call.make(x.getShape());
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    int64_t distance = i % columns - i / columns % rows;
    if (lower ? distance <= diagonal : distance >= diagonal)
      result.copyElement(i, x, i);
  }
  return success();
}

} // namespace

void gemlir::interp::registerShapes(Registry &registry) {
  registry["reshape"] = reshape;
  registry["squeeze"] = squeeze;
  registry["unsqueeze"] = unsqueeze;
  registry["expand_dims"] = expandDims;
  registry["flatten"] = flatten;
  registry["flatten_v2"] = flattenV2;
  registry["shape"] = shapeOf;
  registry["size"] = sizeOf;
  registry["rank"] = rankOf;
  registry["fill"] = fill;
  registry["range"] = range;
  registry["eye"] = eye;
  registry["tril"] = triangle<true>;
  registry["triu"] = triangle<false>;
}
