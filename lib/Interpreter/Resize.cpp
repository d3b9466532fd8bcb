//===- Resize.cpp - interpolation of images -------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// One source element and its weight in a result element along one dimension.
struct Tap {
  int64_t at;
  double weight;
};
using Taps = SmallVector<Tap, 4>;

struct Options {
  StringRef mode, nearest, transform;
  double cubicA;
  bool excludeOutside;
};

/// The source position of result position `i`. `scale` is result over source,
/// which makes an exact extent of the result that need not be whole.
double toSource(const Options &options, double i, double scale, double sourceExtent, double resultExtent,
                double roiBegin, double roiEnd) {
  double exactExtent = scale * sourceExtent;
  if (options.transform == "align_corners")
    return i == 0 || exactExtent == 1 ? 0 : i * (sourceExtent - 1) / (exactExtent - 1);
  if (options.transform == "asymmetric")
    return i / scale;
  if (options.transform == "tf_half_pixel_for_nn")
    return (i + 0.5) / scale;
  if (options.transform == "tf_crop_and_resize") {
    if (exactExtent == 1)
      return 0.5 * (roiBegin + roiEnd) * (sourceExtent - 1);
    double step = i == 0 ? 0 : (roiEnd - roiBegin) * (sourceExtent - 1) / (exactExtent - 1);
    return roiBegin * (sourceExtent - 1) + i * step;
  }
  if (options.transform == "pytorch_half_pixel" && resultExtent <= 1)
    return 0;
  if (options.transform == "half_pixel_symmetric") {
    double adjustment = resultExtent / exactExtent, center = sourceExtent / 2;
    return center * (1 - adjustment) + (i + 0.5) / scale - 0.5;
  }
  return (i + 0.5) / scale - 0.5;
}

int64_t nearestIndex(StringRef mode, double x) {
  if (mode == "floor")
    return int64_t(std::floor(x));
  if (mode == "ceil")
    return int64_t(std::ceil(x));
  if (mode == "round_prefer_ceil")
    return int64_t(std::floor(x + 0.5));
  return int64_t(std::ceil(x - 0.5));
}

double cubicWeight(double distance, double a) {
  distance = std::fabs(distance);
  if (distance <= 1)
    return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2)
    return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}

Taps tapsAt(const Options &options, double x, int64_t extent) {
  auto clamp = [&](int64_t i) { return std::min(std::max<int64_t>(i, 0), extent - 1); };
  if (options.mode == "nearest")
    return {{clamp(nearestIndex(options.nearest, x)), 1}};
  int64_t first = int64_t(std::floor(x));
  double fraction = x - double(first);
  if (options.mode == "linear")
    return {{clamp(first), 1 - fraction}, {clamp(first + 1), fraction}};
  Taps taps;
  double total = 0;
  for (int64_t k = -1; k <= 2; ++k) {
    double weight = cubicWeight(fraction - double(k), options.cubicA);
    if (options.excludeOutside && (first + k < 0 || first + k >= extent))
      weight = 0;
    total += weight;
    taps.push_back({clamp(first + k), weight});
  }
  if (options.excludeOutside)
    for (Tap &tap : taps)
      tap.weight /= total;
  return taps;
}

/// The scales and the result shape: given sizes, or sizes from scales.
LogicalResult readSizes(Call &call, const Tensor &x, SmallVector<double> &scales, SmallVector<int64_t> &shape) {
  const Tensor *scaleOperand = call.optional(2), *sizes = call.optional(3);
  int64_t rank = x.getRank();
  if (sizes && sizes->size() == rank) {
    shape = sizes->getInts();
    for (int64_t i = 0; i < rank; ++i)
      scales.push_back(double(shape[i]) / double(x.getDim(i)));
    return success();
  }
  if (!scaleOperand || scaleOperand->size() != rank)
    return call.error() << "expects " << rank << " scales or sizes";
  for (int64_t i = 0; i < rank; ++i) {
    scales.push_back(scaleOperand->getDouble(i));
    shape.push_back(int64_t(std::floor(double(x.getDim(i)) * scales[i])));
  }
  return success();
}

/// Interpolates along one dimension after the other, which is exact because the
/// weights factor.
LogicalResult resize(Call &call) {
  const Tensor &x = call.in(0), *roi = call.optional(1);
  SmallVector<double> scales;
  SmallVector<int64_t> target;
  if (failed(readSizes(call, x, scales, target)))
    return failure();
  Options options{call.strAttr("mode"), call.strAttr("nearest_mode"), call.strAttr("coordinate_transformation_mode"),
                  call.floatAttr("cubic_coeff_a", -0.75), call.intAttr("exclude_outside") != 0};
  bool crop = options.transform == "tf_crop_and_resize";
  int64_t rank = x.getRank();
  if (crop && (!roi || roi->size() != 2 * rank))
    return call.error() << "expects a region of " << 2 * rank << " bounds";
  SmallVector<int64_t> shape(x.getShape());
  std::vector<double> values(x.size());
  for (int64_t i = 0, e = x.size(); i < e; ++i)
    values[i] = x.getDouble(i);
  std::vector<char> outside(getSize(target), false);
  for (int64_t d = 0; d < rank; ++d) {
    if (target[d] == shape[d] && scales[d] == 1 && !crop)
      continue;
    int64_t extent = shape[d], inner = getSize(ArrayRef<int64_t>(shape).drop_front(d + 1));
    int64_t outer = getSize(ArrayRef<int64_t>(shape).take_front(d));
    std::vector<double> resized(outer * target[d] * inner);
    int64_t targetInner = getSize(ArrayRef<int64_t>(target).drop_front(d + 1));
    for (int64_t i = 0; i < target[d]; ++i) {
      double from = toSource(options, double(i), scales[d], double(extent), double(target[d]),
                             crop ? roi->getDouble(d) : 0, crop ? roi->getDouble(rank + d) : 1);
      if (crop && (from < 0 || from > double(extent - 1)))
        for (int64_t k = 0, e = outside.size(); k < e; ++k)
          if (k / targetInner % target[d] == i)
            outside[k] = true;
      Taps taps = tapsAt(options, from, extent);
      for (int64_t o = 0; o < outer; ++o)
        for (int64_t k = 0; k < inner; ++k) {
          double sum = 0;
          for (const Tap &tap : taps)
            sum += tap.weight * values[(o * extent + tap.at) * inner + k];
          resized[(o * target[d] + i) * inner + k] = sum;
        }
    }
    values = std::move(resized);
    shape[d] = target[d];
  }
  Tensor &y = call.make(target);
  double fill = call.floatAttr("extrapolation_value");
  for (int64_t i = 0, e = y.size(); i < e; ++i) {
    double value = outside[i] ? fill : values[i];
    // Integers round to the nearest, as images do.
    y.set(i, y.isFloat() ? value : std::round(value));
  }
  return success();
}

} // namespace

void gemlir::interp::registerResize(Registry &registry) { registry["resize"] = resize; }
