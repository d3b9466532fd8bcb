//===- LegalizeONNXResize.cpp - interpolation ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

struct ResizeInputs {
  SmallVector<double> roi, scales;
  Ints sizes;
};

/// An operand that may be absent or empty.
bool readScales(Node &n, Value value, SmallVector<double> &scales) {
  return !value || n.needFloats(value, "scales", scales);
}

/// Spreads values of some axes to all dimensions.
template <typename T>
bool spread(Node &n, ArrayRef<int64_t> axes, const char *what, ArrayRef<T> fallback, SmallVector<T> &values) {
  if (values.empty())
    return true;
  if (values.size() != axes.size()) {
    n.invalid(Twine(what) + " has " + Twine(values.size()) + " elements, expected " + Twine(axes.size()));
    return false;
  }
  SmallVector<T> full(fallback);
  for (auto [axis, value] : llvm::zip(axes, values))
    full[axis] = value;
  values = full;
  return true;
}

/// One common scale for all resized axes.
void keepAspectRatio(Node &n, StringRef policy, ArrayRef<int64_t> shape, ArrayRef<int64_t> axes, Ints &sizes) {
  if (policy == "stretch" || sizes.empty())
    return;
  double scale = policy == "not_larger" ? INFINITY : 0;
  for (int64_t axis : axes) {
    double own = double(sizes[axis]) / shape[axis];
    scale = policy == "not_larger" ? std::min(scale, own) : std::max(scale, own);
  }
  for (int64_t axis : axes)
    sizes[axis] = static_cast<int64_t>(std::floor(scale * shape[axis] + 0.5));
}

/// `sizes`, if not null, are the sizes that `inputs` does not know.
void emitResize(Node &n, Value x, const ResizeInputs &inputs, Value sizes, StringRef mode, StringRef coordinates,
                StringRef nearest) {
  Type f32 = n.builder().getF32Type();
  Value roi, scales;
  if (!inputs.roi.empty() && coordinates == "tf_crop_and_resize")
    roi = n.tensor(f32, {int64_t(inputs.roi.size())}, inputs.roi);
  if (!inputs.sizes.empty())
    sizes = n.ints(inputs.sizes);
  else if (!sizes)
    scales = n.tensor(f32, {int64_t(inputs.scales.size())}, inputs.scales);
  n.set(0, n.emit<ResizeOp>(x, Node::Optional{roi}, Node::Optional{scales}, Node::Optional{sizes}, coordinates,
                            static_cast<float>(n.getFloat("cubic_coeff_a", -0.75)), n.getInt("exclude_outside", 0),
                            static_cast<float>(n.getFloat("extrapolation_value", 0)), mode, nearest));
}

/// The place in the operand of result index `i`, by the rules of the operator.
std::optional<double> findSource(StringRef coordinates, double i, double scale, double from, double to) {
  double exact = scale * from;
  if (coordinates == "asymmetric")
    return i / scale;
  if (coordinates == "align_corners")
    return i == 0 || exact == 1 ? 0 : i * (from - 1) / (exact - 1);
  double halfPixel = (i + 0.5) / scale - 0.5;
  if (coordinates == "half_pixel")
    return halfPixel;
  if (coordinates == "pytorch_half_pixel")
    return to == 1 ? 0 : halfPixel;
  if (coordinates == "half_pixel_symmetric")
    return from / 2 * (1 - to / exact) + halfPixel;
  return std::nullopt;
}

/// The kernel of a mode at a distance in pixels of the smaller image.
double weigh(bool isCubic, double a, double distance) {
  double x = std::abs(distance);
  if (!isCubic)
    return std::max(0.0, 1 - x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/// The matrix that resizes `from` elements to `to`: a kernel stretched by the
/// factor by which the image shrinks, so that every element counts.
Value makeFilter(Node &n, Type element, int64_t from, int64_t to, double scale) {
  StringRef coordinates = n.getString("coordinate_transformation_mode", "half_pixel");
  bool isCubic = n.getString("mode", "nearest") == "cubic", excludes = n.getInt("exclude_outside", 0) != 0;
  double a = n.getFloat("cubic_coeff_a", -0.75), stretch = std::min(scale, 1.0);
  int64_t reach = static_cast<int64_t>(std::ceil((isCubic ? 2 : 1) / stretch));
  if (!n.canList(from, to))
    return {};
  SmallVector<double> matrix(from * to, 0);
  for (int64_t i = 0; i < to; ++i) {
    std::optional<double> place = findSource(coordinates, i, scale, from, to);
    if (!place)
      return n.unsupported("antialias=1 with coordinate_transformation_mode '" + coordinates + "'");
    double total = 0;
    int64_t base = static_cast<int64_t>(std::floor(*place));
    for (int64_t k = base - reach; k <= base + reach + 1; ++k) {
      if (excludes && (k < 0 || k >= from))
        continue;
      double weight = weigh(isCubic, a, (k - *place) * stretch);
      matrix[i * from + std::clamp<int64_t>(k, 0, from - 1)] += weight;
      total += weight;
    }
    for (int64_t k = 0; k < from; ++k)
      matrix[i * from + k] /= total == 0 ? 1 : total;
  }
  return n.tensor(element, {to, from}, matrix);
}

/// One matrix product for each axis.
void resizeAntialiased(Node &n, Value x, const ResizeInputs &inputs) {
  StringRef mode = n.getString("mode", "nearest");
  if (mode != "linear" && mode != "cubic")
    return (void)n.invalid("antialias=1 with mode '" + mode + "', expected linear or cubic");
  if (!n.isFloat(x))
    return (void)n.unsupported("antialias=1 of integers", "cast the image to float32 beforehand");
  Ints shape = n.shapeOf(x);
  for (size_t axis = 0; axis < shape.size() && x; ++axis) {
    int64_t from = shape[axis];
    double scale = inputs.sizes.empty() ? inputs.scales[axis] : double(inputs.sizes[axis]) / from;
    int64_t to = inputs.sizes.empty() ? static_cast<int64_t>(std::floor(from * scale)) : inputs.sizes[axis];
    if (scale == 1 && to == from)
      continue;
    if (from <= 0 || to <= 0 || !std::isfinite(scale))
      return (void)n.invalid("an axis of " + Twine(from) + " elements is resized to " + Twine(to));
    int64_t outer = 1, inner = 1;
    for (size_t i = 0; i < shape.size(); ++i)
      (i < axis ? outer : inner) *= i == axis ? 1 : shape[i];
    shape[axis] = to;
    Value filter = makeFilter(n, n.elem(x), from, to, scale);
    x = n.reshape(n.matmul(filter, n.reshape(x, {outer, from, inner})), shape);
  }
  n.set(0, x);
}

/// Whether sizes that are read when the model runs are those of all axes, as they
/// are.
bool readsSizes(Node &n, ArrayRef<int64_t> axes, size_t rank) {
  return n.version() >= 11 && n.isRead(n.in(3)) && llvm::equal(axes, llvm::seq<int64_t>(0, rank)) &&
         n.shapeOf(n.in(3)) == Ints{int64_t(rank)} && n.getString("keep_aspect_ratio_policy", "stretch") == "stretch" &&
         !n.getInt("antialias", 0);
}

void mapResize(Node &n) {
  Value x = n.need(0);
  ResizeInputs inputs;
  if (!x || !n.typeOf(x))
    return;
  Ints shape = n.shapeOf(x), axes = n.getInts("axes", llvm::to_vector(llvm::seq<int64_t>(0, shape.size())));
  StringRef mode = n.getString("mode", "nearest");
  if (n.version() < 11) {
    // The rule of version 10, and of Upsample.
    if (!readScales(n, n.need(1), inputs.scales))
      return;
    return emitResize(n, x, inputs, Value(), mode, "asymmetric", "floor");
  }
  if (!n.normalizeAxes(axes, shape.size()))
    return;
  StringRef coordinates = n.getString("coordinate_transformation_mode", "half_pixel");
  if (coordinates == "tf_crop_and_resize" && n.has(1) && !n.needFloats(n.in(1), "roi", inputs.roi))
    return;
  if (readsSizes(n, axes, shape.size()))
    return emitResize(n, x, inputs, n.in(3), mode, coordinates, n.getString("nearest_mode", "round_prefer_floor"));
  if (!readScales(n, n.in(2), inputs.scales) || (n.has(3) && !n.needInts(n.in(3), "sizes", inputs.sizes)))
    return;
  if (inputs.sizes.empty() && inputs.scales.empty())
    return (void)n.invalid("neither scales nor sizes are given");
  size_t rank = shape.size();
  if (!inputs.roi.empty()) {
    // Starts of all axes come before their ends.
    SmallVector<double> starts(inputs.roi.begin(), inputs.roi.begin() + inputs.roi.size() / 2);
    SmallVector<double> ends(inputs.roi.begin() + inputs.roi.size() / 2, inputs.roi.end());
    if (!spread<double>(n, axes, "roi", SmallVector<double>(rank, 0), starts) ||
        !spread<double>(n, axes, "roi", SmallVector<double>(rank, 1), ends))
      return;
    inputs.roi = starts;
    inputs.roi.append(ends);
  }
  if (!spread<double>(n, axes, "scales", SmallVector<double>(rank, 1), inputs.scales) ||
      !spread<int64_t>(n, axes, "sizes", shape, inputs.sizes))
    return;
  keepAspectRatio(n, n.getString("keep_aspect_ratio_policy", "stretch"), shape, axes, inputs.sizes);
  if (n.getInt("antialias", 0))
    return resizeAntialiased(n, x, inputs);
  emitResize(n, x, inputs, Value(), mode, coordinates, n.getString("nearest_mode", "round_prefer_floor"));
}

void mapUpsample(Node &n) {
  Value x = n.need(0);
  ResizeInputs inputs;
  if (!x || !n.typeOf(x))
    return;
  if (n.version() >= 9) {
    if (!readScales(n, n.need(1), inputs.scales))
      return;
  } else if (n.version() >= 7) {
    inputs.scales = n.getFloats("scales");
  } else {
    inputs.scales = {1, 1, n.getFloat("height_scale", 1), n.getFloat("width_scale", 1)};
  }
  StringRef mode = n.getString("mode", "nearest");
  emitResize(n, x, inputs, Value(), mode == "bilinear" ? "linear" : mode, "asymmetric", "floor");
}

} // namespace

void mlir::ge::onnx::populateResize(MappingTable &table) {
  table.add("Resize", mapResize);
  table.add("Upsample", mapUpsample);
}
