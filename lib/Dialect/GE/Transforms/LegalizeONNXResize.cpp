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

void emitResize(Node &n, Value x, const ResizeInputs &inputs, StringRef mode, StringRef coordinates,
                StringRef nearest) {
  Type f32 = n.builder().getF32Type();
  Value roi, scales, sizes;
  if (!inputs.roi.empty() && coordinates == "tf_crop_and_resize")
    roi = n.tensor(f32, {int64_t(inputs.roi.size())}, inputs.roi);
  if (!inputs.sizes.empty())
    sizes = n.ints(inputs.sizes);
  else
    scales = n.tensor(f32, {int64_t(inputs.scales.size())}, inputs.scales);
  n.set(0, n.emit<ResizeOp>(x, Node::Optional{roi}, Node::Optional{scales}, Node::Optional{sizes}, coordinates,
                            static_cast<float>(n.getFloat("cubic_coeff_a", -0.75)), n.getInt("exclude_outside", 0),
                            static_cast<float>(n.getFloat("extrapolation_value", 0)), mode, nearest));
}

void mapResize(Node &n) {
  Value x = n.need(0);
  ResizeInputs inputs;
  if (!x || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x), axes = n.getInts("axes", llvm::to_vector(llvm::seq<int64_t>(0, shape.size())));
  StringRef mode = n.getString("mode", "nearest");
  if (n.version() < 11) {
    // The rule of version 10, and of Upsample.
    if (!readScales(n, n.need(1), inputs.scales))
      return;
    return emitResize(n, x, inputs, mode, "asymmetric", "floor");
  }
  if (n.getInt("antialias", 0))
    return (void)n.unsupported("antialias=1", "resize without it, or blur beforehand");
  if (!n.normalizeAxes(axes, shape.size()))
    return;
  StringRef coordinates = n.getString("coordinate_transformation_mode", "half_pixel");
  if (coordinates == "tf_crop_and_resize" && n.has(1) && !n.needFloats(n.in(1), "roi", inputs.roi))
    return;
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
  emitResize(n, x, inputs, mode, coordinates, n.getString("nearest_mode", "round_prefer_floor"));
}

void mapUpsample(Node &n) {
  Value x = n.need(0);
  ResizeInputs inputs;
  if (!x || !n.needStatic(x))
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
  emitResize(n, x, inputs, mode == "bilinear" ? "linear" : mode, "asymmetric", "floor");
}

} // namespace

void mlir::ge::onnx::populateResize(MappingTable &table) {
  table.add("Resize", mapResize);
  table.add("Upsample", mapUpsample);
}
