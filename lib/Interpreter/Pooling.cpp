//===- Pooling.cpp - pooling ----------------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// The windows along one dimension.
struct Axis {
  int64_t dim, extent, kernel, stride, before, after, count;
};

/// How many windows fit, and the padding that the mode asks for.
LogicalResult place(Call &call, Axis &axis, StringRef mode, bool ceilMode) {
  if (axis.kernel <= 0 || axis.stride <= 0)
    return call.error() << "expects positive window sizes and strides";
  if (mode == "SAME") {
    axis.count = (axis.extent + axis.stride - 1) / axis.stride;
    int64_t total = std::max<int64_t>(0, (axis.count - 1) * axis.stride + axis.kernel - axis.extent);
    axis.before = total / 2;
    axis.after = total - axis.before;
    return success();
  }
  if (mode == "VALID")
    axis.before = axis.after = 0;
  int64_t span = axis.extent + axis.before + axis.after - axis.kernel;
  if (span < 0)
    return call.error() << "expects a window that fits the padded size";
  axis.count = (ceilMode ? span + axis.stride - 1 : span) / axis.stride + 1;
  // The last window starts inside the image or its leading padding.
  if (ceilMode && (axis.count - 1) * axis.stride >= axis.extent + axis.before)
    --axis.count;
  return success();
}

FailureOr<std::pair<Axis, Axis>> readAxes(Call &call, const Tensor &x) {
  bool isNCHW = call.strAttr("data_format") != "NHWC";
  SmallVector<int64_t> kernel = call.intsAttr("ksize"), strides = call.intsAttr("strides"),
                       pads = call.intsAttr("pads");
  if (x.getRank() != 4 || kernel.size() != 4 || strides.size() != 4)
    return call.error() << "expects a 4-D operand and 4 window sizes and strides";
  pads.resize(4, 0);
  int64_t hDim = isNCHW ? 2 : 1, wDim = hDim + 1;
  StringRef mode = call.strAttr("padding_mode");
  Axis h{hDim, x.getDim(hDim), kernel[hDim], strides[hDim], pads[0], pads[1], 1};
  Axis w{wDim, x.getDim(wDim), kernel[wDim], strides[wDim], pads[2], pads[3], 1};
  if (call.boolAttr("global_pooling")) {
    h = {hDim, h.extent, h.extent, 1, 0, 0, 1};
    w = {wDim, w.extent, w.extent, 1, 0, 0, 1};
    return std::make_pair(h, w);
  }
  bool ceilMode = call.boolAttr("ceil_mode");
  if (failed(place(call, h, mode, ceilMode)) || failed(place(call, w, mode, ceilMode)))
    return failure();
  return std::make_pair(h, w);
}

/// `body(result, i, offsets, cells)`: elements inside the image, and how many
/// cells of the window lie in the padded image.
template <typename Body>
LogicalResult pool(Call &call, Body body) {
  const Tensor &x = call.in(0);
  auto axes = readAxes(call, x);
  if (failed(axes))
    return failure();
  auto [h, w] = *axes;
  SmallVector<int64_t> shape(x.getShape()), strides = getStrides(x.getShape()), index(4, 0), offsets;
  shape[h.dim] = h.count;
  shape[w.dim] = w.count;
  Tensor &result = call.make(shape);
  for (int64_t i = 0, e = result.size(); i < e; ++i, next(index, shape)) {
    int64_t top = index[h.dim] * h.stride - h.before, left = index[w.dim] * w.stride - w.before;
    int64_t bottom = std::min(top + h.kernel, h.extent + h.after),
            right = std::min(left + w.kernel, w.extent + w.after);
    int64_t cells = (bottom - top) * (right - left);
    SmallVector<int64_t> at(index);
    at[h.dim] = at[w.dim] = 0;
    int64_t base = offset(at, strides);
    offsets.clear();
    for (int64_t r = std::max<int64_t>(top, 0); r < std::min(bottom, h.extent); ++r)
      for (int64_t c = std::max<int64_t>(left, 0); c < std::min(right, w.extent); ++c)
        offsets.push_back(base + r * strides[h.dim] + c * strides[w.dim]);
    body(result, i, ArrayRef<int64_t>(offsets), cells);
  }
  return success();
}

LogicalResult maxPool(Call &call) {
  const Tensor &x = call.in(0);
  return pool(call, [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets, int64_t) {
    if (offsets.empty()) {
      result.set(i, -std::numeric_limits<double>::infinity());
      return;
    }
    int64_t best = offsets.front();
    for (int64_t at : offsets)
      if (x.isFloat() ? x.getDouble(at) > x.getDouble(best) || std::isnan(x.getDouble(at))
                      : x.getInt(at) > x.getInt(best))
        best = at;
    result.copyElement(i, x, best);
  });
}

LogicalResult avgPool(Call &call) {
  const Tensor &x = call.in(0);
  bool exclusive = call.boolAttr("exclusive");
  int64_t divisor = call.intAttr("divisor_override");
  return pool(call, [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets, int64_t cells) {
    double sum = 0;
    for (int64_t at : offsets)
      sum += x.getDouble(at);
    int64_t count = divisor ? divisor : exclusive ? int64_t(offsets.size()) : cells;
    result.set(i, count ? sum / double(count) : 0);
  });
}

/// Over all dimensions behind the channels, which stay as 1.
LogicalResult globalAveragePool(Call &call) {
  const Tensor &x = call.in(0);
  if (x.getRank() < 3)
    return call.error() << "expects an operand of rank 3 or more, but got " << x.getRank();
  SmallVector<int64_t> shape(x.getRank(), 1);
  shape[0] = x.getDim(0);
  shape[1] = x.getDim(1);
  int64_t area = getSize(x.getShape().drop_front(2));
  Tensor &result = call.make(shape);
  for (int64_t i = 0, e = result.size(); i < e; ++i) {
    double sum = 0;
    for (int64_t k = 0; k < area; ++k)
      sum += x.getDouble(i * area + k);
    result.set(i, sum / double(area));
  }
  return success();
}

} // namespace

void gemlir::interp::registerPooling(Registry &registry) {
  registry["max_pool_v3"] = maxPool;
  registry["avg_pool_v2"] = avgPool;
  registry["global_average_pool"] = globalAveragePool;
}
