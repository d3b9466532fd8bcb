//===- Contraction.cpp - matrix products and convolutions -----------------===//
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

/// An accumulator of the kind of the operands: f64, or wrapping i64.
class Accumulator {
public:
  explicit Accumulator(bool isFloat) : isFloat(isFloat) {}
  /// Adds the products of `count` elements of `a` from `i` on and of `b` from `j`
  /// on, at the given distances. Both tensors have the accumulator's kind; integers of
  /// `a` count from `offset`.
  void addProducts(const Tensor &a, int64_t i, int64_t stepA, const Tensor &b, int64_t j, int64_t stepB, int64_t count,
                   int64_t offset = 0) {
    if (isFloat) {
      const double *pa = a.getFloatData().data() + i, *pb = b.getFloatData().data() + j;
      for (int64_t k = 0; k < count; ++k)
        total += pa[k * stepA] * pb[k * stepB];
      return;
    }
    const int64_t *pa = a.getIntData().data() + i, *pb = b.getIntData().data() + j;
    for (int64_t k = 0; k < count; ++k)
      intTotal += uint64_t(pa[k * stepA] - offset) * uint64_t(pb[k * stepB]);
  }
  void add(const Tensor &a, int64_t i) {
    if (isFloat)
      total += a.getDouble(i);
    else
      intTotal += uint64_t(a.getInt(i));
  }
  void store(Tensor &result, int64_t i) const {
    if (isFloat)
      result.set(i, total);
    else
      result.setInt(i, int64_t(intTotal));
  }

private:
  bool isFloat;
  double total = 0;
  uint64_t intTotal = 0;
};

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// Dimension positions of one matrix operand.
struct Matrix {
  Matrix(const Tensor &x, bool transposed) {
    SmallVector<int64_t> strides = getStrides(x.getShape());
    int64_t r = x.getRank() - 2, c = x.getRank() - 1;
    if (transposed)
      std::swap(r, c);
    rows = x.getDim(r);
    columns = x.getDim(c);
    rowStride = strides[r];
    columnStride = strides[c];
  }
  int64_t rows, columns, rowStride, columnStride;
};

LogicalResult multiply(Call &call, bool transposeA, bool transposeB, const Tensor *bias) {
  const Tensor &a = call.in(0), &b = call.in(1);
  if (a.getRank() < 2 || b.getRank() < 2)
    return call.error() << "expects matrices, but got ranks " << a.getRank() << " and " << b.getRank();
  Matrix ma(a, transposeA), mb(b, transposeB);
  if (ma.columns != mb.rows)
    return call.error() << "expects equal contracted sizes, but got " << ma.columns << " and " << mb.rows;
  if (a.isFloat() != b.isFloat())
    return call.error() << "expects operands of one kind";
  ArrayRef<int64_t> batchA = a.getShape().drop_back(2), batchB = b.getShape().drop_back(2);
  FailureOr<SmallVector<int64_t>> batch = broadcastShapes(call, {batchA, batchB});
  if (failed(batch))
    return failure();
  SmallVector<int64_t> shape = *batch, stridesA = broadcastStrides(batchA, *batch),
                       stridesB = broadcastStrides(batchB, *batch), index(batch->size(), 0);
  shape.append({ma.rows, mb.columns});
  SmallVector<int64_t> biasStrides;
  if (bias)
    biasStrides = broadcastStrides(bias->getShape(), shape);
  Tensor &y = call.make(shape);
  int64_t out = 0, sizeA = ma.rows * ma.columns, sizeB = mb.rows * mb.columns;
  for (int64_t k = 0, batches = getSize(*batch); k < batches; ++k, next(index, *batch)) {
    int64_t baseA = offset(index, stridesA) * sizeA, baseB = offset(index, stridesB) * sizeB;
    for (int64_t i = 0; i < ma.rows; ++i)
      for (int64_t j = 0; j < mb.columns; ++j, ++out) {
        Accumulator sum(a.isFloat());
        sum.addProducts(a, baseA + i * ma.rowStride, ma.columnStride, b, baseB + j * mb.columnStride, mb.rowStride,
                        ma.columns);
        if (bias) {
          SmallVector<int64_t> at(index);
          at.append({i, j});
          sum.add(*bias, offset(at, biasStrides));
        }
        sum.store(y, out);
      }
  }
  return success();
}

LogicalResult matMul(Call &call) {
  return multiply(call, call.boolAttr("transpose_x1"), call.boolAttr("transpose_x2"), call.optional(2));
}

LogicalResult batchMatMul(Call &call) {
  return multiply(call, call.boolAttr("adj_x1"), call.boolAttr("adj_x2"), call.optional(2));
}

/// alpha * a * b + beta * c
LogicalResult gemm(Call &call) {
  const Tensor &a = call.in(0), &b = call.in(1), &c = call.in(2), &alpha = call.in(3), &beta = call.in(4);
  Matrix ma(a, call.boolAttr("transpose_a")), mb(b, call.boolAttr("transpose_b"));
  if (ma.columns != mb.rows)
    return call.error() << "expects equal contracted sizes, but got " << ma.columns << " and " << mb.rows;
  Tensor &y = call.make({ma.rows, mb.columns});
  SmallVector<int64_t> strides = broadcastStrides(c.getShape(), y.getShape());
  for (int64_t i = 0; i < ma.rows; ++i)
    for (int64_t j = 0; j < mb.columns; ++j) {
      double sum = 0;
      for (int64_t p = 0; p < ma.columns; ++p)
        sum +=
            a.getDouble(i * ma.rowStride + p * ma.columnStride) * b.getDouble(p * mb.rowStride + j * mb.columnStride);
      y.set(i * mb.columns + j, alpha.getDouble(0) * sum + beta.getDouble(0) * c.getDouble(offset({i, j}, strides)));
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Positions of the image's dimensions, and the window's geometry, whatever the
/// data format.
struct Window {
  int64_t c, h, w;
  int64_t strideH, strideW, dilationH, dilationW, top, bottom, left, right;
};

FailureOr<Window> readWindow(Call &call, const Tensor &x) {
  SmallVector<int64_t> strides = call.intsAttr("strides"), pads = call.intsAttr("pads"),
                       dilations = call.intsAttr("dilations");
  bool isNCHW = call.strAttr("data_format") == "NCHW";
  if (x.getRank() != 4 || strides.size() != 4 || pads.size() != 4 || (!dilations.empty() && dilations.size() != 4))
    return call.error() << "expects a 4-D operand and 4 strides, pads and dilations";
  Window window;
  window.c = isNCHW ? 1 : 3;
  window.h = isNCHW ? 2 : 1;
  window.w = isNCHW ? 3 : 2;
  window.strideH = strides[window.h];
  window.strideW = strides[window.w];
  window.dilationH = dilations.empty() ? 1 : dilations[window.h];
  window.dilationW = dilations.empty() ? 1 : dilations[window.w];
  window.top = pads[0];
  window.bottom = pads[1];
  window.left = pads[2];
  window.right = pads[3];
  return window;
}

/// A filter seen as [out, in, height, width]: stored so for NCHW, and as
/// [height, width, in, out] for NHWC.
struct Filter {
  Filter(const Tensor &filter, bool isNCHW) {
    const int64_t order[2][4] = {{3, 2, 0, 1}, {0, 1, 2, 3}};
    SmallVector<int64_t> own = getStrides(filter.getShape());
    for (int64_t i = 0; i < 4; ++i) {
      shape[i] = filter.getDim(order[isNCHW][i]);
      strides[i] = own[order[isNCHW][i]];
    }
  }
  int64_t shape[4], strides[4];
};

/// Output channel `o` reads `in` input channels from `firstIn(o)` on, with the
/// weights from `firstWeight(o)` on, which are `filter.strides[1]` apart.
LogicalResult convolve(Call &call, const Filter &filter, int64_t outChannels, int64_t in,
                       function_ref<int64_t(int64_t o)> firstIn, function_ref<int64_t(int64_t o)> firstWeight) {
  const Tensor &x = call.in(0), &weights = call.in(1), *bias = call.optional(2);
  FailureOr<Window> window = readWindow(call, x);
  if (failed(window))
    return failure();
  if (x.isFloat() != weights.isFloat())
    return call.error() << "expects image and filter of one kind";
  const Window &win = *window;
  const int64_t offset = call.intAttr("offset_x", 0);
  int64_t kh = filter.shape[2], kw = filter.shape[3], height = x.getDim(win.h), width = x.getDim(win.w);
  SmallVector<int64_t> shape(x.getShape()), strides = getStrides(x.getShape()), index(4, 0);
  shape[win.c] = outChannels;
  shape[win.h] = (height + win.top + win.bottom - win.dilationH * (kh - 1) - 1) / win.strideH + 1;
  shape[win.w] = (width + win.left + win.right - win.dilationW * (kw - 1) - 1) / win.strideW + 1;
  if (shape[win.h] < 0 || shape[win.w] < 0)
    return call.error() << "expects a filter that fits the padded image";
  Tensor &y = call.make(shape);
  for (int64_t out = 0, e = y.size(); out < e; ++out, next(index, shape)) {
    int64_t o = index[win.c];
    Accumulator sum(x.isFloat());
    for (int64_t r = 0; r < kh; ++r)
      for (int64_t s = 0; s < kw; ++s) {
        int64_t row = index[win.h] * win.strideH - win.top + r * win.dilationH;
        int64_t column = index[win.w] * win.strideW - win.left + s * win.dilationW;
        if (row < 0 || row >= height || column < 0 || column >= width)
          continue;
        int64_t base = index[0] * strides[0] + row * strides[win.h] + column * strides[win.w];
        sum.addProducts(x, base + firstIn(o) * strides[win.c], strides[win.c], weights,
                        firstWeight(o) + r * filter.strides[2] + s * filter.strides[3], filter.strides[1], in, offset);
      }
    if (bias)
      sum.add(*bias, bias->size() == 1 ? 0 : o);
    sum.store(y, out);
  }
  return success();
}

LogicalResult conv2d(Call &call) {
  bool isNCHW = call.strAttr("data_format") == "NCHW";
  if (call.in(0).getRank() != 4 || call.in(1).getRank() != 4)
    return call.error() << "expects 4-D operands";
  Filter filter(call.in(1), isNCHW);
  int64_t groups = call.intAttr("groups", 1), channels = call.in(0).getDim(isNCHW ? 1 : 3), in = filter.shape[1];
  if (in * groups != channels || filter.shape[0] % groups != 0)
    return call.error() << "expects filters of " << channels << " / " << groups << " channels, but got " << in;
  int64_t outPerGroup = filter.shape[0] / groups;
  return convolve(
      call, filter, filter.shape[0], in, [=](int64_t o) { return o / outPerGroup * in; },
      [&](int64_t o) { return o * filter.strides[0]; });
}

/// Each input channel has its own filters. For NCHW the filter is
/// [channels * multiplier, 1, H, W]; for NHWC [H, W, channels, multiplier].
LogicalResult depthwiseConv2d(Call &call) {
  bool isNCHW = call.strAttr("data_format") == "NCHW";
  if (call.in(0).getRank() != 4 || call.in(1).getRank() != 4)
    return call.error() << "expects 4-D operands";
  Filter filter(call.in(1), isNCHW);
  int64_t channels = call.in(0).getDim(isNCHW ? 1 : 3);
  int64_t outChannels = filter.shape[0] * filter.shape[1];
  if (outChannels % channels != 0)
    return call.error() << "expects a multiple of " << channels << " filters, but got " << outChannels;
  int64_t multiplier = outChannels / channels, inner = isNCHW ? filter.shape[1] : filter.shape[0];
  return convolve(
      call, filter, outChannels, 1, [=](int64_t o) { return o / multiplier; },
      [&, inner](int64_t o) {
        // NHWC stores [.., channel, multiplier], NCHW [channel * multiplier, 1, ..].
        int64_t outer = o / inner, rest = o % inner;
        return isNCHW ? outer * filter.strides[0] + rest * filter.strides[1]
                      : outer * filter.strides[1] + rest * filter.strides[0];
      });
}

/// The gradient of conv2d with respect to its image. The filter is [in, out /
/// groups, H, W] for NCHW, that is, the filter of that conv2d.
LogicalResult conv2dTranspose(Call &call) {
  const Tensor &inputSize = call.in(0), &x = call.in(1), &weights = call.in(2), *bias = call.optional(3);
  bool isNCHW = call.strAttr("data_format") == "NCHW";
  FailureOr<Window> window = readWindow(call, x);
  if (failed(window))
    return failure();
  const Window &win = *window;
  if (weights.getRank() != 4 || x.isFloat() != weights.isFloat())
    return call.error() << "expects a 4-D filter of the image's kind";
  Filter filter(weights, isNCHW);
  int64_t groups = call.intAttr("groups", 1), in = x.getDim(win.c), outPerGroup = filter.shape[1];
  if (filter.shape[0] != in || in % groups != 0)
    return call.error() << "expects filters for " << in << " channels, but got " << filter.shape[0];
  int64_t kh = filter.shape[2], kw = filter.shape[3], inPerGroup = in / groups;
  SmallVector<int64_t> extra = call.intsAttr("output_padding"), shape(x.getShape()), given = inputSize.getInts();
  extra.resize(4, 0);
  shape[win.c] = outPerGroup * groups;
  shape[win.h] =
      (x.getDim(win.h) - 1) * win.strideH + win.dilationH * (kh - 1) + 1 - win.top - win.bottom + extra[win.h];
  shape[win.w] =
      (x.getDim(win.w) - 1) * win.strideW + win.dilationW * (kw - 1) + 1 - win.left - win.right + extra[win.w];
  if (given.size() == 4 && llvm::all_of(given, [](int64_t dim) { return dim > 0; }))
    shape = given;
  SmallVector<int64_t> strides = getStrides(x.getShape()), index(4, 0);
  Tensor &y = call.make(shape);
  for (int64_t out = 0, e = y.size(); out < e; ++out, next(index, shape)) {
    int64_t group = index[win.c] / outPerGroup, o = index[win.c] % outPerGroup;
    Accumulator sum(x.isFloat());
    for (int64_t r = 0; r < kh; ++r)
      for (int64_t s = 0; s < kw; ++s) {
        int64_t row = index[win.h] + win.top - r * win.dilationH, column = index[win.w] + win.left - s * win.dilationW;
        if (row < 0 || column < 0 || row % win.strideH || column % win.strideW)
          continue;
        row /= win.strideH;
        column /= win.strideW;
        if (row >= x.getDim(win.h) || column >= x.getDim(win.w))
          continue;
        int64_t base = index[0] * strides[0] + row * strides[win.h] + column * strides[win.w];
        int64_t first = group * inPerGroup;
        sum.addProducts(x, base + first * strides[win.c], strides[win.c], weights,
                        first * filter.strides[0] + o * filter.strides[1] + r * filter.strides[2] +
                            s * filter.strides[3],
                        filter.strides[0], inPerGroup);
      }
    if (bias)
      sum.add(*bias, index[win.c]);
    sum.store(y, out);
  }
  return success();
}

} // namespace

void gemlir::interp::registerContractions(Registry &registry) {
  registry["mat_mul_v2"] = matMul;
  registry["batch_mat_mul_v2"] = batchMatMul;
  registry["gemm"] = gemm;
  registry["conv2d"] = conv2d;
  registry["depthwise_conv2d"] = depthwiseConv2d;
  registry["conv2d_transpose"] = conv2dTranspose;
}
