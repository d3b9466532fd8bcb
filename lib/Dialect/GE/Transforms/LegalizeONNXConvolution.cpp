//===- LegalizeONNXConvolution.cpp - convolutions -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXWindow.h"

#include <utility>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

Ints Window::as2D(ArrayRef<int64_t> values, int64_t missing) const {
  Ints result(values);
  if (result.size() == 1)
    result.insert(result.begin(), missing);
  return result;
}

Ints Window::asNCHW(ArrayRef<int64_t> values) const {
  Ints result = as2D(values, 1);
  result.insert(result.begin(), {1, 1});
  return result;
}

Ints Window::pads2D() const {
  Ints low = as2D(before, 0), high = as2D(after, 0);
  return {low[0], high[0], low[1], high[1]};
}

/// A list of one number for each dimension, with its default.
static bool readDims(Node &n, const char *name, size_t size, int64_t fallback, int64_t least, Ints &result) {
  result = n.getInts(name, Ints(size, fallback));
  if (result.size() != size) {
    n.invalid(Twine(name) + " has " + Twine(result.size()) + " elements, expected " + Twine(size));
    return false;
  }
  for (int64_t value : result)
    if (value < least || value > INT32_MAX) {
      n.invalid(Twine(name) + " has the element " + Twine(value) + ", expected at least " + Twine(least));
      return false;
    }
  return true;
}

bool mlir::ge::onnx::readWindow(Node &n, ArrayRef<int64_t> kernel, ArrayRef<int64_t> spatial, Window &window) {
  size_t size = spatial.size();
  window.kernel = Ints(kernel);
  if (kernel.size() != size) {
    n.invalid("the kernel has " + Twine(kernel.size()) + " dimensions, expected " + Twine(size));
    return false;
  }
  for (int64_t k : kernel)
    if (k <= 0 || k > INT32_MAX) {
      n.invalid("the kernel has a dimension of " + Twine(k));
      return false;
    }
  Ints pads;
  if (!readDims(n, "strides", size, 1, 1, window.strides) || !readDims(n, "dilations", size, 1, 1, window.dilations) ||
      !readDims(n, "pads", 2 * size, 0, INT32_MIN, pads))
    return false;
  StringRef mode = n.getString("auto_pad", "NOTSET");
  window.before.assign(size, 0);
  window.after.assign(size, 0);
  for (size_t i = 0; i < size; ++i) {
    if (mode == "NOTSET" || mode.empty()) {
      window.before[i] = pads[i];
      window.after[i] = pads[size + i];
    } else if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
      // With a stride of 1 it is the same for all sizes.
      int64_t total = window.extent(i) - 1;
      if (spatial[i] < 0 && window.strides[i] != 1) {
        n.fail("E16008", "auto_pad is " + mode + ", but a dimension of the image is unknown",
               "fix the dynamic dimensions of the model's inputs (--input_shape)");
        return false;
      }
      if (spatial[i] >= 0) {
        int64_t windows = (spatial[i] + window.strides[i] - 1) / window.strides[i];
        total = std::max<int64_t>(0, (windows - 1) * window.strides[i] + window.extent(i) - spatial[i]);
      }
      window.before[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      window.after[i] = total - window.before[i];
    } else if (mode != "VALID") {
      n.invalid("auto_pad is '" + mode + "'");
      return false;
    }
  }
  return true;
}

Value mlir::ge::onnx::toImage(Node &n, Value x) {
  Ints shape = n.shapeOf(x);
  if (shape.size() != 3)
    return x;
  return n.reshape(x, {shape[0], shape[1], 1, shape[2]});
}

Value mlir::ge::onnx::fromImage(Node &n, Value y, int64_t rank) {
  if (!y || rank != 3)
    return y;
  Ints shape = n.shapeOf(y);
  return n.reshape(y, {shape[0], shape[1], shape[3]});
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {

/// Pads an image by negative numbers, which no convolution takes, beforehand.
Value cropNegativePads(Node &n, Value x, Window &window) {
  Ints shape = n.shapeOf(x), begin(shape.size(), 0), end(shape), ones(shape.size(), 1);
  bool any = false;
  for (size_t i = 0; i < window.size(); ++i) {
    any |= window.before[i] < 0 || window.after[i] < 0;
    begin[i + 2] = std::max<int64_t>(0, -window.before[i]);
    end[i + 2] -= std::max<int64_t>(0, -window.after[i]);
    window.before[i] = std::max<int64_t>(0, window.before[i]);
    window.after[i] = std::max<int64_t>(0, window.after[i]);
  }
  if (!any)
    return x;
  return n.needStatic(x) ? n.slice(x, begin, end, ones) : Value();
}

Value conv2D(Node &n, Value x, Value w, Value bias, const Window &window, int64_t group) {
  Ints shape = n.shapeOf(x), filter = n.shapeOf(w);
  bool isFloat = n.isFloat(x);
  if (shape.size() == 4 && group > 1 && group == shape[1] && filter[1] == 1 && isFloat)
    return n.emit<DepthwiseConv2DOp>(x, w, Node::Optional{bias}, Node::Optional{}, window.asNCHW(window.strides),
                                     window.asNCHW(window.dilations), window.pads2D(), StringRef("NCHW"), int64_t(0));
  return n.emit<Conv2DOp>(x, w, Node::Optional{bias}, Node::Optional{}, window.asNCHW(window.strides), window.pads2D(),
                          window.asNCHW(window.dilations), group, StringRef("NCHW"), int64_t(0));
}

/// Three spatial dimensions: the sum over the kernel's depth of planar
/// convolutions, with depth in the batch.
Value conv3D(Node &n, Value x, Value w, Value bias, const Window &window, int64_t group) {
  if (!n.needStatic(x) || !n.needStatic(w))
    return {};
  Ints pads(10, 0);
  pads[4] = window.before[0];
  pads[5] = window.after[0];
  if (pads[4] || pads[5])
    x = n.emit<PadV3Op>(x, n.ints(pads), Node::Optional{}, StringRef("constant"), true);
  Ints s = n.shapeOf(x), f = n.shapeOf(w);
  if (n.hasFailed())
    return {};
  int64_t depth = (s[2] - window.extent(0)) / window.strides[0] + 1;
  if (depth <= 0)
    return n.invalid("the kernel does not fit into the padded image");
  Window plane;
  plane.kernel = Ints(ArrayRef<int64_t>(window.kernel).drop_front());
  plane.strides = Ints(ArrayRef<int64_t>(window.strides).drop_front());
  plane.dilations = Ints(ArrayRef<int64_t>(window.dilations).drop_front());
  plane.before = Ints(ArrayRef<int64_t>(window.before).drop_front());
  plane.after = Ints(ArrayRef<int64_t>(window.after).drop_front());
  Value sum;
  for (int64_t k = 0; k < window.kernel[0]; ++k) {
    int64_t first = k * window.dilations[0];
    Value part = n.slice(x, {0, 0, first, 0, 0}, {s[0], s[1], first + (depth - 1) * window.strides[0] + 1, s[3], s[4]},
                         {1, 1, window.strides[0], 1, 1});
    Value images = n.reshape(n.transpose(part, {0, 2, 1, 3, 4}), {s[0] * depth, s[1], s[3], s[4]});
    Value filter = n.reshape(n.sliceAxis(w, 2, k, k + 1), {f[0], f[1], f[3], f[4]});
    Value y = conv2D(n, images, filter, k == 0 ? bias : Value(), plane, group);
    sum = k == 0 ? y : n.add(sum, y);
  }
  Ints y = n.shapeOf(sum);
  if (n.hasFailed())
    return {};
  return n.transpose(n.reshape(sum, {s[0], depth, y[1], y[2], y[3]}), {0, 2, 1, 3, 4});
}

} // namespace

Value mlir::ge::onnx::convolve(Node &n, Value x, Value w, Value bias) {
  if (!x || !w || !n.typeOf(x) ||
      !n.needStatic(w, llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, n.rank(w))))))
    return {};
  int64_t rank = n.rank(x), group = n.getInt("group", 1);
  if (rank < 3 || rank > 5 || n.rank(w) != rank)
    return n.unsupported("convolution of rank " + Twine(rank) + " by rank " + Twine(n.rank(w)) + ", expected 3 to 5");
  Ints shape = n.shapeOf(x), filter = n.shapeOf(w);
  Ints kernel = n.getInts("kernel_shape", ArrayRef<int64_t>(filter).drop_front(2));
  Window window;
  if (ArrayRef<int64_t>(kernel) != ArrayRef<int64_t>(filter).drop_front(2))
    return n.invalid("kernel_shape is not the shape of the weights");
  if (!readWindow(n, kernel, ArrayRef<int64_t>(shape).drop_front(2), window))
    return {};
  x = cropNegativePads(n, x, window);
  if (rank == 5)
    return conv3D(n, x, w, bias, window, group);
  return fromImage(n, conv2D(n, toImage(n, x), toImage(n, w), bias, window, group), rank);
}

namespace {

void mapConv(Node &n) { n.set(0, convolve(n, n.need(0), n.need(1), n.in(2))); }

/// Chooses pads so that the result has `output_shape`, or the shape that
/// auto_pad asks for.
bool adjustTransposedPads(Node &n, ArrayRef<int64_t> spatial, Ints &outputPadding, Window &window) {
  Ints target = n.getInts("output_shape");
  StringRef mode = n.getString("auto_pad", "NOTSET");
  bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  if (target.size() > spatial.size())
    target.erase(target.begin(), target.end() - spatial.size());
  if (target.empty() && !same)
    return true;
  for (size_t i = 0; i < spatial.size(); ++i) {
    if (spatial[i] < 0) {
      n.fail("E16008", "a dimension of the image is unknown", "fix the dynamic dimensions (--input_shape)");
      return false;
    }
    int64_t wanted = target.empty() ? spatial[i] * window.strides[i] : target[i];
    int64_t total = window.strides[i] * (spatial[i] - 1) + outputPadding[i] + window.extent(i) - wanted;
    // What lies beyond the image's reach is bias alone.
    if (total < 0)
      outputPadding[i] -= std::exchange(total, 0);
    window.before[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
    window.after[i] = total - window.before[i];
  }
  return true;
}

/// Puts zeros between the elements along the spatial dimensions.
Value spreadByStrides(Node &n, Value x, ArrayRef<int64_t> strides) {
  for (auto [i, stride] : llvm::enumerate(strides)) {
    int64_t axis = i + 2;
    Ints shape = n.shapeOf(x), split(shape);
    if (stride == 1 || n.hasFailed())
      continue;
    split.insert(split.begin() + axis + 1, 1);
    Ints pads(2 * split.size(), 0);
    pads[2 * (axis + 1) + 1] = stride - 1;
    Value wide = n.emit<PadV3Op>(n.reshape(x, split), n.ints(pads), Node::Optional{}, StringRef("constant"), true);
    int64_t last = (shape[axis] - 1) * stride + 1;
    shape[axis] *= stride;
    x = n.sliceAxis(n.reshape(wide, shape), axis, 0, last);
  }
  return x;
}

/// Three spatial dimensions: a convolution of the spread image with the filter
/// turned around.
Value convTranspose3D(Node &n, Value x, Value w, Value bias, Window window, ArrayRef<int64_t> outputPadding,
                      int64_t group) {
  if (!n.needStatic(x) || !n.needStatic(w))
    return {};
  Ints f = n.shapeOf(w);
  if (group <= 0 || f[0] % group)
    return n.invalid("group is " + Twine(group) + " for " + Twine(f[0]) + " channels");
  int64_t in = f[0] / group, out = f[1];
  Value turned = n.transpose(n.reshape(w, {group, in, out, f[2], f[3], f[4]}), {0, 2, 1, 3, 4, 5});
  turned = n.emit<ReverseV2Op>(n.reshape(turned, {group * out, in, f[2], f[3], f[4]}), n.ints({2, 3, 4}));
  x = spreadByStrides(n, x, window.strides);
  for (size_t i = 0; i < window.size(); ++i) {
    window.before[i] = window.extent(i) - 1 - window.before[i];
    window.after[i] = window.extent(i) - 1 - window.after[i] + outputPadding[i];
    window.strides[i] = 1;
  }
  x = cropNegativePads(n, x, window);
  return conv3D(n, x, turned, bias, window, group);
}

void mapConvTranspose(Node &n) {
  Value x = n.need(0), w = n.need(1), bias = n.in(2);
  if (!x || !w || !n.typeOf(x) ||
      !n.needStatic(w, llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, n.rank(w))))))
    return;
  int64_t rank = n.rank(x), group = n.getInt("group", 1);
  if (rank < 3 || rank > 5 || n.rank(w) != rank)
    return (void)n.unsupported("transposed convolution of rank " + Twine(rank) + ", expected 3 to 5");
  Ints shape = n.shapeOf(x), filter = n.shapeOf(w), outputPadding;
  ArrayRef<int64_t> spatial = ArrayRef<int64_t>(shape).drop_front(2);
  Window window;
  // SAME is about the result here, not about the windows.
  if (!readWindow(n, ArrayRef<int64_t>(filter).drop_front(2), spatial, window))
    return;
  if (!n.getString("auto_pad", "").empty() && n.getString("auto_pad", "") != "NOTSET") {
    window.before.assign(spatial.size(), 0);
    window.after.assign(spatial.size(), 0);
  }
  outputPadding = n.getInts("output_padding", Ints(spatial.size(), 0));
  if (outputPadding.size() != spatial.size())
    return (void)n.invalid("output_padding has " + Twine(outputPadding.size()) + " elements");
  if (!adjustTransposedPads(n, spatial, outputPadding, window))
    return;
  if (rank == 5)
    return n.set(0, convTranspose3D(n, x, w, bias, window, outputPadding, group));
  Ints size(4, 0), extra = window.as2D(outputPadding, 0);
  extra.insert(extra.begin(), {0, 0});
  Value y = n.emit<Conv2DTransposeOp>(n.ints(size), toImage(n, x), toImage(n, w), Node::Optional{bias},
                                      Node::Optional{}, window.asNCHW(window.strides), window.pads2D(),
                                      window.asNCHW(window.dilations), group, StringRef("NCHW"), extra, int64_t(0));
  n.set(0, fromImage(n, y, rank));
}

} // namespace

void mlir::ge::onnx::populateConvolution(MappingTable &table) {
  table.add("Conv", mapConv);
  table.add("ConvTranspose", mapConvTranspose);
}
