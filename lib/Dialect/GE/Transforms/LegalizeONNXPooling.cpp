//===- LegalizeONNXPooling.cpp - pooling --------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXWindow.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// The window of the node over the spatial dimensions of `x`.
bool readPool(Node &n, Value x, Window &window) {
  if (!x || !n.typeOf(x))
    return false;
  Ints shape = n.shapeOf(x);
  if (shape.size() < 3) {
    n.invalid("the input has rank " + Twine(shape.size()) + ", expected at least 3");
    return false;
  }
  ArrayRef<int64_t> spatial = ArrayRef<int64_t>(shape).drop_front(2);
  if (!readWindow(n, n.getInts("kernel_shape"), spatial, window))
    return false;
  return true;
}

/// The number of windows; rounding up keeps those that start inside.
int64_t countWindows(int64_t size, const Window &window, size_t i, bool ceil) {
  int64_t room = size + window.before[i] + window.after[i] - window.extent(i);
  if (room < 0)
    return 0;
  int64_t count = (ceil ? (room + window.strides[i] - 1) / window.strides[i] : room / window.strides[i]) + 1;
  if (ceil && (count - 1) * window.strides[i] >= size + window.before[i])
    --count;
  return count;
}

/// Pools `[N, C, H, W]` or `[N, C, W]`. Dilated windows are combined from
/// strided slices, as the operator has none.
Value maxPool2D(Node &n, Value x, const Window &window, bool ceil) {
  int64_t rank = n.rank(x);
  Value y = n.emit<MaxPoolV3Op>(toImage(n, x), window.asNCHW(window.kernel), window.asNCHW(window.strides),
                                StringRef("CALCULATED"), window.pads2D(), StringRef("NCHW"), false, ceil);
  return fromImage(n, y, rank);
}

/// The lowest value of a type, which padding has in a maximum.
Value lowest(Node &n, Value x) {
  Type element = n.elem(x);
  if (auto type = dyn_cast_if_present<FloatType>(element))
    return n.scalar(type, -APFloat::getLargest(type.getFloatSemantics()).convertToDouble());
  if (element && element.isUnsignedInteger())
    return n.scalar(element, 0);
  return element ? n.scalar(element, -std::ldexp(1.0, element.getIntOrFloatBitWidth() - 1)) : Value();
}

/// Any rank and dilation: the maximum of one strided slice for each place of the
/// window, dimension by dimension.
Value maxPoolSeparable(Node &n, Value x, const Window &window, bool ceil) {
  if (!n.needStatic(x))
    return {};
  for (size_t i = 0; i < window.size() && !n.hasFailed(); ++i) {
    Ints shape = n.shapeOf(x);
    int64_t count = countWindows(shape[i + 2], window, i, ceil);
    if (count <= 0)
      return n.invalid("the window does not fit into the padded image");
    int64_t reach = (count - 1) * window.strides[i] + window.extent(i);
    Ints pads(2 * shape.size(), 0);
    pads[2 * (i + 2)] = window.before[i];
    pads[2 * (i + 2) + 1] = std::max<int64_t>(0, reach - shape[i + 2] - window.before[i]);
    Value padded = n.emit<PadV3Op>(x, n.ints(pads), Node::Optional{lowest(n, x)}, StringRef("constant"), true);
    Value best;
    for (int64_t k = 0; k < window.kernel[i]; ++k) {
      Ints begin(shape.size(), 0), end(shape), by(shape.size(), 1);
      begin[i + 2] = k * window.dilations[i];
      end[i + 2] = begin[i + 2] + (count - 1) * window.strides[i] + 1;
      by[i + 2] = window.strides[i];
      Value part = n.slice(padded, begin, end, by);
      best = k == 0 ? part : n.emit<MaximumOp>(best, part);
    }
    x = best;
  }
  return x;
}

/// All windows side by side, `[N * C, places, windows]`, with the places' flat
/// indices in an image; -1 where a place is padding. For the indices of maxima.
void mapMaxPoolIndices(Node &n, Value x, const Window &window, bool ceil) {
  if (!n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x), out;
  int64_t spatial = 1, places = 1, windows = 1, images = shape[0] * shape[1];
  for (size_t i = 0; i < window.size(); ++i) {
    out.push_back(countWindows(shape[i + 2], window, i, ceil));
    spatial *= shape[i + 2];
    places *= window.kernel[i];
    windows *= out.back();
  }
  if (windows <= 0 || double(places) * windows > (1 << 22))
    return (void)n.unsupported("indices of maxima over " + Twine(windows) + " windows");
  bool columnMajor = n.getInt("storage_order", 0) != 0;
  SmallVector<double> index, padding, numbers;
  for (int64_t p = 0; p < places; ++p)
    for (int64_t w = 0; w < windows; ++w) {
      int64_t restPlace = p, restWindow = w, flat = 0, stride = 1, number = 0, numberStride = 1;
      bool inside = true;
      Ints at(window.size());
      for (size_t i = window.size(); i-- > 0;) {
        at[i] = (restWindow % out[i]) * window.strides[i] - window.before[i] +
                (restPlace % window.kernel[i]) * window.dilations[i];
        restWindow /= out[i];
        restPlace /= window.kernel[i];
        inside &= at[i] >= 0 && at[i] < shape[i + 2];
        flat += at[i] * stride;
        stride *= shape[i + 2];
      }
      for (size_t i = 0; columnMajor && i < window.size(); numberStride *= shape[i + 2], ++i)
        number += at[i] * numberStride;
      index.push_back(inside ? flat : 0);
      padding.push_back(inside ? 0 : 1);
      numbers.push_back(inside ? (columnMajor ? number : flat) : 0);
    }
  Builder &b = n.builder();
  Value indices = n.reshape(n.tensor(b.getI64Type(), {places, windows}, index), {places * windows});
  Value rows = n.reshape(n.gather(n.reshape(x, {images, spatial}), indices, 1), {images, places, windows});
  Value outside = n.emit<NotEqualOp>(n.tensor(b.getI64Type(), {1, places, windows}, padding), n.intScalar(0));
  rows = n.select(outside, lowest(n, x), rows);
  Value best = n.argExtreme<ArgMaxV2Op>(rows, 1);
  // The place of the maximum, then what it is called in the whole tensor.
  Value column = n.tensor(b.getI64Type(), {1, windows}, llvm::to_vector_of<double>(llvm::seq<int64_t>(0, windows)));
  Value flatPlace = n.add(n.mulScalar(best, windows), column);
  Value local =
      n.gather(n.reshape(n.tensor(b.getI64Type(), {places, windows}, numbers), {places * windows}), flatPlace, 0);
  if (!n.canList(images))
    return;
  SmallVector<double> starts;
  for (int64_t i = 0; i < images; ++i)
    starts.push_back(double(i) * spatial);
  Value all = n.add(local, n.tensor(b.getI64Type(), {images, 1}, starts));
  Ints result = {shape[0], shape[1]};
  result.append(out);
  n.set(1, n.reshape(all, result));
}

void mapMaxPool(Node &n) {
  Value x = n.need(0);
  Window window;
  if (!readPool(n, x, window))
    return;
  bool ceil = n.getInt("ceil_mode", 0) != 0;
  bool padded = llvm::any_of(window.before, [](int64_t p) { return p < 0; });
  if (window.size() > 2 || window.isDilated() || padded)
    n.set(0, maxPoolSeparable(n, x, window, ceil));
  else
    n.set(0, maxPool2D(n, x, window, ceil));
  if (n.isUsed(1))
    mapMaxPoolIndices(n, x, window, ceil);
}

/// How many elements of the image (or of the padded image) each window has, as
/// a constant `[1, 1, windows...]`.
Value countElements(Node &n, ArrayRef<int64_t> spatial, const Window &window, bool ceil, bool withPadding,
                    Type element) {
  Ints shape = {1, 1};
  SmallVector<SmallVector<int64_t>> counts;
  int64_t total = 1;
  for (size_t i = 0; i < window.size(); ++i) {
    counts.emplace_back();
    int64_t low = withPadding ? -window.before[i] : 0;
    int64_t high = withPadding ? spatial[i] + window.after[i] : spatial[i];
    for (int64_t w = 0, e = countWindows(spatial[i], window, i, ceil); w < e; ++w) {
      int64_t count = 0;
      for (int64_t k = 0; k < window.kernel[i]; ++k) {
        int64_t at = w * window.strides[i] - window.before[i] + k * window.dilations[i];
        count += at >= low && at < high;
      }
      counts[i].push_back(count);
    }
    shape.push_back(counts[i].size());
    total *= counts[i].size();
  }
  if (!n.canList(total))
    return {};
  SmallVector<double> values(total);
  for (int64_t flat = 0; flat < total; ++flat) {
    int64_t rest = flat, product = 1;
    for (size_t i = window.size(); i-- > 0; rest /= counts[i].size())
      product *= counts[i][rest % counts[i].size()];
    values[flat] = std::max<int64_t>(product, 1);
  }
  return n.tensor(element, shape, values);
}

/// Any rank and dilation: sums of strided slices, divided by the number of
/// elements that count.
Value averagePoolSeparable(Node &n, Value x, const Window &window, bool ceil, bool withPadding) {
  if (!n.needStatic(x))
    return {};
  Ints original = n.shapeOf(x);
  for (size_t i = 0; i < window.size() && !n.hasFailed(); ++i) {
    Ints shape = n.shapeOf(x);
    int64_t count = countWindows(shape[i + 2], window, i, ceil);
    if (count <= 0)
      return n.invalid("the window does not fit into the padded image");
    int64_t reach = (count - 1) * window.strides[i] + window.extent(i);
    Ints pads(2 * shape.size(), 0);
    pads[2 * (i + 2)] = window.before[i];
    pads[2 * (i + 2) + 1] = std::max<int64_t>(0, reach - shape[i + 2] - window.before[i]);
    Value padded = n.emit<PadV3Op>(x, n.ints(pads), Node::Optional{}, StringRef("constant"), true);
    Value sum;
    for (int64_t k = 0; k < window.kernel[i]; ++k) {
      Ints begin(shape.size(), 0), end(shape), by(shape.size(), 1);
      begin[i + 2] = k * window.dilations[i];
      end[i + 2] = begin[i + 2] + (count - 1) * window.strides[i] + 1;
      by[i + 2] = window.strides[i];
      Value part = n.slice(padded, begin, end, by);
      sum = k == 0 ? part : n.add(sum, part);
    }
    x = sum;
  }
  ArrayRef<int64_t> spatial = ArrayRef<int64_t>(original).drop_front(2);
  return n.div(x, countElements(n, spatial, window, ceil, withPadding, n.elem(x)));
}

Value averagePool(Node &n, Value x, const Window &window, bool ceil, bool withPadding) {
  bool negative = llvm::any_of(window.before, [](int64_t p) { return p < 0; });
  if (window.size() > 2 || window.isDilated() || negative)
    return averagePoolSeparable(n, x, window, ceil, withPadding);
  int64_t rank = n.rank(x);
  Value y = n.emit<AvgPoolV2Op>(toImage(n, x), window.asNCHW(window.kernel), window.asNCHW(window.strides),
                                StringRef("CALCULATED"), window.pads2D(), StringRef("NCHW"), false, ceil, !withPadding,
                                int64_t(0));
  return fromImage(n, y, rank);
}

} // namespace

Value mlir::ge::onnx::poolAverage(Node &n, Value x) {
  Window window;
  if (!readPool(n, x, window))
    return {};
  return averagePool(n, x, window, n.getInt("ceil_mode", 0) != 0, n.getInt("count_include_pad", 0) != 0);
}

namespace {

void mapAveragePool(Node &n) { n.set(0, poolAverage(n, n.need(0))); }

/// The p-norm of each window: p-th powers averaged, times their number.
void mapLpPool(Node &n) {
  Value x = n.need(0);
  Window window;
  double p = n.version() < 2 ? n.getFloat("p", 2) : n.getInt("p", 2);
  if (!readPool(n, x, window))
    return;
  double places = 1;
  for (int64_t k : window.kernel)
    places *= k;
  Value power = n.emit<PowOp>(n.emit<AbsOp>(x), n.scalarLike(x, p));
  // Only whole windows are of one size, so padding must count as zeros.
  Value mean = averagePoolSeparable(n, power, window, n.getInt("ceil_mode", 0) != 0, /*withPadding=*/true);
  Value sum = n.mulScalar(mean, places);
  n.set(0, n.emit<PowOp>(sum, n.scalarLike(x, 1 / p)));
}

Ints spatialAxes(Node &n, Value x) { return llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, n.rank(x)))); }

void mapGlobalAveragePool(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  n.set(0, n.rank(x) == 4 ? n.emit<GlobalAveragePoolOp>(x) : n.reduceMean(x, spatialAxes(n, x)));
}

void mapGlobalMaxPool(Node &n) {
  Value x = n.need(0);
  if (x && n.typeOf(x))
    n.set(0, n.reduceMax(x, spatialAxes(n, x)));
}

void mapGlobalLpPool(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  double p = n.version() < 2 ? n.getFloat("p", 2) : n.getInt("p", 2);
  Value sum = n.reduceSum(n.emit<PowOp>(n.emit<AbsOp>(x), n.scalarLike(x, p)), spatialAxes(n, x));
  n.set(0, n.emit<PowOp>(sum, n.scalarLike(x, 1 / p)));
}

/// Puts each value at the index that MaxPool recorded, in zeros.
void mapMaxUnpool(Node &n) {
  Value x = n.need(0), indices = n.need(1);
  Window window;
  if (!readPool(n, x, window) || !indices || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x), target;
  Ints natural = {shape[0], shape[1]};
  for (size_t i = 0; i < window.size(); ++i)
    natural.push_back((shape[i + 2] - 1) * window.strides[i] + window.kernel[i] - window.before[i] - window.after[i]);
  if (!n.has(2) || !n.needInts(n.in(2), "output_shape", target))
    target = natural;
  if (n.hasFailed() || target.size() != shape.size())
    return (void)n.invalid("output_shape has " + Twine(target.size()) + " elements");
  int64_t count = n.typeOf(x).getNumElements(), total = 1;
  for (int64_t dim : natural)
    total *= dim;
  Value flat = n.emit<ScatterElementsOp>(n.splat(n.elem(x), {total}, 0), n.reshape(indices, {count}),
                                         n.reshape(x, {count}), int64_t(0), StringRef("none"));
  Value y = n.reshape(flat, natural);
  // A larger output keeps the image in its leading corner.
  Ints pads(2 * shape.size(), 0);
  for (size_t i = 0; i < shape.size(); ++i)
    pads[2 * i + 1] = target[i] - natural[i];
  if (target != natural)
    y = n.emit<PadV3Op>(y, n.ints(pads), Node::Optional{}, StringRef("constant"), true);
  n.set(0, y);
}

} // namespace

void mlir::ge::onnx::populatePooling(MappingTable &table) {
  table.add("MaxPool", mapMaxPool);
  table.add("AveragePool", mapAveragePool);
  table.add("LpPool", mapLpPool);
  table.add("GlobalAveragePool", mapGlobalAveragePool);
  table.add("GlobalMaxPool", mapGlobalMaxPool);
  table.add("GlobalLpPool", mapGlobalLpPool);
  table.add("MaxUnpool", mapMaxUnpool);
}
