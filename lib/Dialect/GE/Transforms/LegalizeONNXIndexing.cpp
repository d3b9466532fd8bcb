//===- LegalizeONNXIndexing.cpp - gathers, scatters, selection ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// Indices may be negative in ONNX; GE wants to be told.
void mapGather(Node &n) {
  Value x = n.need(0), indices = n.need(1);
  if (!x || !n.typeOf(x))
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  n.set(0, n.emit<GatherV2Op>(x, indices, n.intScalar(axis), int64_t(0), false, true));
}

void mapGatherElements(Node &n) {
  Value x = n.need(0), indices = n.need(1);
  if (!x || !n.typeOf(x))
    return;
  n.set(0, n.emit<GatherElementsOp>(x, indices, n.normalizeAxis(n.getInt("axis", 0), n.rank(x))));
}

/// How long the tuples of a list are says what is indexed.
bool needTuples(Node &n, Value indices) {
  return indices && n.typeOf(indices) && (n.rank(indices) == 0 || n.needStatic(indices, {n.rank(indices) - 1}));
}

/// Batch dimensions become part of the tuples.
void mapGatherND(Node &n) {
  Value x = n.need(0), indices = n.need(1);
  int64_t batch = n.getInt("batch_dims", 0);
  if (!x || !needTuples(n, indices))
    return;
  if (batch == 0)
    return n.set(0, n.emit<GatherNdOp>(x, indices, true));
  DimList outer = n.dimsOf(indices);
  int64_t rank = outer.size();
  if (batch < 0 || batch >= rank)
    return (void)n.invalid("batch_dims is " + Twine(batch) + ", expected less than the rank of the indices");
  outer.back() = 1;
  SmallVector<Value> parts;
  for (int64_t i = 0; i < batch; ++i)
    parts.push_back(n.expandTo(n.counting(n.elem(indices), outer[i], i, rank), outer));
  parts.push_back(indices);
  n.set(0, n.emit<GatherNdOp>(x, n.concat(parts, rank - 1), true));
}

void mapScatterElements(Node &n) {
  Value data = n.need(0);
  if (!data || !n.typeOf(data))
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(data));
  n.set(0, n.emit<ScatterElementsOp>(data, n.need(1), n.need(2), axis, n.getString("reduction", "none")));
}

/// A reduction is computed on the flat tensor, where a tuple is one index.
void mapScatterND(Node &n) {
  Value data = n.need(0), indices = n.need(1), updates = n.need(2);
  StringRef reduction = n.getString("reduction", "none");
  if (!needTuples(n, indices))
    return;
  if (reduction == "none")
    return n.set(0, n.emit<TensorScatterUpdateOp>(data, indices, updates));
  if (!data || !indices || !updates || !n.needStatic(data) || !n.needStatic(indices) || !n.needStatic(updates))
    return;
  Ints shape = n.shapeOf(data), tuples = n.shapeOf(indices);
  if (tuples.empty() || tuples.back() > int64_t(shape.size()))
    return (void)n.invalid("the tuples of indices are longer than the rank of the data");
  int64_t depth = tuples.back(), inner = 1;
  for (size_t i = depth; i < shape.size(); ++i)
    inner *= shape[i];
  Type element = n.elem(indices);
  SmallVector<double> strides(depth), sizes(depth);
  for (int64_t i = depth - 1, stride = inner; i >= 0; stride *= shape[i], --i) {
    strides[i] = stride;
    sizes[i] = shape[i];
  }
  Value negative = n.emit<LessOp>(indices, n.scalarLike(indices, 0));
  Value places = n.select(negative, n.add(indices, n.tensor(element, {depth}, sizes)), indices);
  Value starts = n.reduceSum(n.mul(places, n.tensor(element, {depth}, strides)), {int64_t(tuples.size()) - 1});
  if (!n.canList(inner))
    return;
  SmallVector<double> offsets;
  for (int64_t i = 0; i < inner; ++i)
    offsets.push_back(i);
  // One row of indices for each tuple.
  int64_t rows = n.typeOf(indices).getNumElements() / std::max<int64_t>(depth, 1);
  Value flat = n.add(n.reshape(starts, {rows, 1}), n.tensor(element, {1, inner}, offsets));
  Value result =
      n.emit<ScatterElementsOp>(n.reshape(data, {n.typeOf(data).getNumElements()}), n.reshape(flat, {rows * inner}),
                                n.reshape(updates, {rows * inner}), int64_t(0), reduction);
  n.set(0, n.reshape(result, shape));
}

void mapOneHot(Node &n) {
  Value indices = n.need(0), values = n.need(2);
  int64_t depth = 0;
  SmallVector<double> depthValue;
  if (!indices || !values || !n.typeOf(indices) || !n.needFloats(n.in(1), "depth", depthValue))
    return;
  if (depthValue.size() != 1 || depthValue[0] < 0)
    return (void)n.invalid("depth has no one non-negative value");
  depth = static_cast<int64_t>(depthValue[0]);
  int64_t rank = n.rank(indices), axis = n.normalizeAxis(n.getInt("axis", -1), rank + 1);
  // Negative indices count from the end; fractional ones are cut off.
  Value x = n.cast(indices, n.builder().getI64Type());
  x = n.select(n.emit<LessOp>(x, n.scalarLike(x, 0)), n.addScalar(x, depth), x);
  Value off = n.reshape(n.sliceAxis(values, 0, 0, 1), {}), on = n.reshape(n.sliceAxis(values, 0, 1, 2), {});
  n.set(0, n.emit<OneHotOp>(x, n.intScalar(depth), on, off, axis == rank ? int64_t(-1) : axis));
}

void mapTopK(Node &n) {
  Value x = n.need(0);
  int64_t k = n.getInt("k", -1);
  Value count = n.version() >= 10 && n.isRead(n.in(1)) ? n.in(1) : Value();
  if (!x || !n.typeOf(x) || (n.version() >= 10 && !count && !n.needInt(n.in(1), "k", k)))
    return;
  int64_t dim = n.normalizeAxis(n.getInt("axis", -1), n.rank(x));
  auto results = n.emitWith<TopKV2Op>(2, {x, count ? count : n.intScalar(k)}, [&](TopKV2Op::Properties &properties) {
    Builder &b = n.builder();
    properties.sorted = b.getBoolAttr(n.getInt("sorted", 1) != 0);
    properties.dim = b.getI64IntegerAttr(dim);
    properties.largest = b.getBoolAttr(n.getInt("largest", 1) != 0);
    properties.indices_dtype = TypeAttr::get(b.getI64Type());
  });
  n.set(0, results[0]);
  n.set(1, results[1]);
}

} // namespace

void mlir::ge::onnx::populateIndexing(MappingTable &table) {
  table.add("Gather", mapGather);
  table.add("GatherElements", mapGatherElements);
  table.add("GatherND", mapGatherND);
  table.add("Scatter", mapScatterElements);
  table.add("ScatterElements", mapScatterElements);
  table.add("ScatterND", mapScatterND);
  table.add("OneHot", mapOneHot);
  table.add("TopK", mapTopK);
}
