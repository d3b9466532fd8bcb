//===- LegalizeONNXSignal.cpp - windows and Fourier transforms ----------===//
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

constexpr double kPi = 3.14159265358979323846;
/// A transform is a product with its matrix; larger ones would not be small.
constexpr int64_t kMaxTransform = 4096;

/// a0 - a1 cos(2 pi k / N) + a2 cos(4 pi k / N).
void setWindow(Node &n, double a0, double a1, double a2) {
  int64_t size;
  if (!n.needInt(n.in(0), "size", size))
    return;
  if (size < 0 || size > 1 << 24)
    return (void)n.invalid("size is " + Twine(size));
  double period = n.getInt("periodic", 1) ? size : size - 1;
  SmallVector<double> values;
  for (int64_t k = 0; k < size; ++k) {
    double angle = period > 0 ? 2 * kPi * k / period : 0;
    values.push_back(a0 - a1 * std::cos(angle) + a2 * std::cos(2 * angle));
  }
  n.set(0, n.tensor(toElementType(n, n.getInt("output_datatype", 1)), {size}, values));
}

void mapHann(Node &n) { setWindow(n, 0.5, 0.5, 0); }
void mapHamming(Node &n) { setWindow(n, 25.0 / 46.0, 1 - 25.0 / 46.0, 0); }
void mapBlackman(Node &n) { setWindow(n, 0.42, 0.5, 0.08); }

/// Triangular filters at equal distances on the mel scale.
void mapMelWeightMatrix(Node &n) {
  int64_t bands, length, rate;
  SmallVector<double> low, high;
  if (!n.needInt(n.in(0), "num_mel_bins", bands) || !n.needInt(n.in(1), "dft_length", length) ||
      !n.needInt(n.in(2), "sample_rate", rate) || !n.needFloats(n.in(3), "lower_edge_hertz", low) ||
      !n.needFloats(n.in(4), "upper_edge_hertz", high))
    return;
  if (bands <= 0 || length <= 0 || rate <= 0 || low.size() != 1 || high.size() != 1 || bands > 1 << 14 ||
      length > 1 << 16)
    return (void)n.invalid("the sizes are out of range");
  auto toMel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  auto toHertz = [](double mel) { return 700 * (std::pow(10, mel / 2595) - 1); };
  int64_t bins = length / 2 + 1;
  double start = toMel(low[0]), step = (toMel(high[0]) - start) / (bands + 2);
  SmallVector<int64_t> edges;
  for (int64_t i = 0; i < bands + 2; ++i)
    edges.push_back(static_cast<int64_t>(std::floor((length + 1) * toHertz(start + i * step) / rate)));
  SmallVector<double> values(bins * bands, 0);
  auto put = [&](int64_t bin, int64_t band, double value) {
    if (bin >= 0 && bin < bins)
      values[bin * bands + band] = value;
  };
  for (int64_t band = 0; band < bands; ++band) {
    int64_t left = edges[band], centre = edges[band + 1], right = edges[band + 2];
    if (centre == left)
      put(centre, band, 1);
    for (int64_t bin = left; bin <= centre && centre != left; ++bin)
      put(bin, band, double(bin - left) / (centre - left));
    for (int64_t bin = centre; bin < right && right != centre; ++bin)
      put(bin, band, double(right - bin) / (right - centre));
  }
  n.set(0, n.tensor(toElementType(n, n.getInt("output_datatype", 1)), {bins, bands}, values));
}

/// cos and sin of the transform, `[from, to]` each.
struct TransformMatrix {
  Value real, imaginary;
};

TransformMatrix makeTransform(Node &n, Type element, int64_t from, int64_t to, int64_t length, bool inverse) {
  SmallVector<double> real, imaginary;
  for (int64_t k = 0; k < from; ++k)
    for (int64_t i = 0; i < to; ++i) {
      double angle = 2 * kPi * ((k * i) % length) / length, scale = inverse ? 1.0 / length : 1;
      real.push_back(scale * std::cos(angle));
      imaginary.push_back((inverse ? scale : -scale) * std::sin(angle));
    }
  return {n.tensor(element, {from, to}, real), n.tensor(element, {from, to}, imaginary)};
}

/// Transforms the last dimension of the parts; `im` may be null. Returns both
/// parts with a last dimension of two.
Value transformLast(Node &n, Value re, Value im, int64_t to, int64_t length, bool inverse) {
  Ints shape = n.shapeOf(re);
  if (shape.empty())
    return {};
  TransformMatrix m = makeTransform(n, n.elem(re), shape.back(), to, length, inverse);
  Value real = n.matmul(re, m.real), imaginary = n.matmul(re, m.imaginary);
  if (im) {
    real = n.sub(real, n.matmul(im, m.imaginary));
    imaginary = n.add(imaginary, n.matmul(im, m.real));
  }
  shape.back() = to;
  shape.push_back(1);
  if (n.hasFailed())
    return {};
  return n.concat({n.reshape(real, shape), n.reshape(imaginary, shape)}, shape.size() - 1);
}

/// The real signal of `to` values whose transform's first half is given.
Value transformBack(Node &n, Value re, Value im, int64_t to) {
  Ints shape = n.shapeOf(re);
  if (shape.empty())
    return {};
  SmallVector<double> real, imaginary;
  for (int64_t k = 0; k < shape.back(); ++k)
    for (int64_t i = 0; i < to; ++i) {
      // The other half repeats all but the first and, for even lengths, the last value.
      double weight = (k == 0 || 2 * k == to ? 1.0 : 2 * k < to ? 2.0 : 0.0) / to;
      double angle = 2 * kPi * ((k * i) % to) / to;
      real.push_back(weight * std::cos(angle));
      imaginary.push_back(-weight * std::sin(angle));
    }
  Ints matrix = {shape.back(), to};
  Value y = n.matmul(re, n.tensor(n.elem(re), matrix, real));
  if (im)
    y = n.add(y, n.matmul(im, n.tensor(n.elem(re), matrix, imaginary)));
  shape.back() = to;
  shape.push_back(1);
  return y ? n.reshape(y, shape) : y;
}

/// Splits `[..., 1 or 2]` into its parts.
bool splitComplex(Node &n, Value x, Value &re, Value &im) {
  Ints shape = n.shapeOf(x);
  if (shape.size() < 2 || (shape.back() != 1 && shape.back() != 2)) {
    n.invalid("the last dimension is not 1 or 2");
    return false;
  }
  bool complex = shape.back() == 2;
  int64_t last = shape.size() - 1;
  Value first = n.sliceAxis(x, last, 0, 1), second = complex ? n.sliceAxis(x, last, 1, 2) : Value();
  shape.pop_back();
  re = first ? n.reshape(first, shape) : first;
  im = second ? n.reshape(second, shape) : second;
  return !n.hasFailed();
}

void mapDFT(Node &n) {
  Value x = n.need(0), re, im;
  if (!x || !n.needStatic(x) || !splitComplex(n, x, re, im))
    return;
  int64_t axis = n.getInt("axis", 1), length;
  if (n.version() >= 20 && n.has(2) ? !n.needInt(n.in(2), "axis", axis) : false)
    return;
  if (n.version() >= 20 && !n.has(2))
    axis = -2;
  axis = n.normalizeAxis(axis, n.rank(x));
  int64_t rank = n.rank(re);
  if (axis >= rank)
    return (void)n.invalid("axis " + Twine(axis) + " is that of the complex parts");
  bool inverse = n.getInt("inverse", 0) != 0, onesided = n.getInt("onesided", 0) != 0;
  int64_t given = n.shapeOf(re)[axis];
  length = inverse && onesided ? 2 * (given - 1) : given;
  if (n.has(1) && !n.needInt(n.in(1), "dft_length", length))
    return;
  if (length <= 0 || length > kMaxTransform)
    return (void)n.unsupported("a transform of length " + Twine(length) + ", expected at most " + Twine(kMaxTransform));
  // A shorter transform cuts the signal off, a longer one continues it by zeros, which add nothing.
  auto prepare = [&](Value part) -> Value {
    if (!part)
      return {};
    if (int64_t used = inverse && onesided ? length / 2 + 1 : length; used < given)
      part = n.sliceAxis(part, axis, 0, used);
    Ints order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    std::swap(order[axis], order[rank - 1]);
    return n.transpose(part, order);
  };
  int64_t to = onesided ? length / 2 + 1 : length;
  Value y = inverse && onesided ? transformBack(n, prepare(re), prepare(im), length)
                                : transformLast(n, prepare(re), prepare(im), to, length, inverse);
  Ints back = llvm::to_vector(llvm::seq<int64_t>(0, rank + 1));
  std::swap(back[axis], back[rank - 1]);
  n.set(0, y ? n.transpose(y, back) : y);
}

/// Transforms of overlapping, weighted frames.
void mapSTFT(Node &n) {
  Value x = n.need(0), window = n.in(2), re, im;
  int64_t step, frame = 0;
  if (!x || !n.needStatic(x) || !n.needInt(n.in(1), "frame_step", step))
    return;
  if (n.rank(x) == 2) {
    re = x;
  } else if (!splitComplex(n, x, re, im)) {
    return;
  }
  if (n.has(3)) {
    if (!n.needInt(n.in(3), "frame_length", frame))
      return;
  } else if (window && n.needStatic(window) && n.rank(window) == 1) {
    frame = n.shapeOf(window)[0];
  }
  int64_t size = n.shapeOf(re).back(), batch = n.shapeOf(re)[0];
  if (n.hasFailed() || step <= 0 || frame <= 0 || frame > size || frame > kMaxTransform)
    return (void)n.invalid("frame_step or frame_length is out of range");
  int64_t frames = (size - frame) / step + 1;
  if (!n.canList(frames, frame))
    return;
  SmallVector<double> places;
  for (int64_t i = 0; i < frames; ++i)
    for (int64_t k = 0; k < frame; ++k)
      places.push_back(i * step + k);
  Value indices = n.tensor(n.builder().getI64Type(), {frames * frame}, places);
  auto cut = [&](Value part) -> Value {
    if (!part)
      return {};
    Value all = n.reshape(n.gather(part, indices, 1), {batch, frames, frame});
    return window ? n.mul(all, window) : all;
  };
  bool onesided = n.getInt("onesided", 1) != 0;
  n.set(0, transformLast(n, cut(re), cut(im), onesided ? frame / 2 + 1 : frame, frame, false));
}

} // namespace

void mlir::ge::onnx::populateSignal(MappingTable &table) {
  table.add("HannWindow", mapHann);
  table.add("HammingWindow", mapHamming);
  table.add("BlackmanWindow", mapBlackman);
  table.add("MelWeightMatrix", mapMelWeightMatrix);
  table.add("DFT", mapDFT);
  table.add("STFT", mapSTFT);
}
