//===- LegalizeONNXSampling.cpp - sampling at places that are data ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// One coordinate of all samples, `[N, P]`, and the image's size along it.
struct Axis {
  Value at;
  int64_t size;
};

class GridSampler {
public:
  GridSampler(Node &n, StringRef padding, bool alignCorners) : n(n), padding(padding), alignCorners(alignCorners) {}

  /// From [-1, 1] to pixels.
  Value denormalize(Value grid, int64_t size) {
    Value moved = n.addScalar(grid, 1);
    return alignCorners ? n.mulScalar(moved, (size - 1) / 2.0) : n.addScalar(n.mulScalar(moved, size / 2.0), -0.5);
  }

  /// Moves a coordinate that is outside, unless outside is zero.
  Value bring(Value at, int64_t size) {
    if (padding == "border")
      return clamp(at, 0, size - 1);
    if (padding != "reflection")
      return at;
    double low = alignCorners ? 0 : -0.5, span = alignCorners ? size - 1 : size;
    if (span == 0)
      return n.mulScalar(at, 0);
    Value far = n.emit<AbsOp>(n.addScalar(at, -low));
    Value rest = n.emit<ModOp>(far, n.scalarLike(far, 2 * span));
    Value back = n.sub(n.scalarLike(rest, 2 * span), rest);
    Value folded = n.emit<MinimumOp>(rest, back);
    return clamp(n.addScalar(folded, low), 0, size - 1);
  }

  /// The pixels at whole coordinates, `[N, C, P]`; zero outside if so padded.
  Value pick(Value image, const Axis &y, const Axis &x) {
    Value row = bring(y.at, y.size), column = bring(x.at, x.size);
    Type i64 = n.builder().getI64Type();
    Value flat = n.add(n.mulScalar(clamp(row, 0, y.size - 1), x.size), clamp(column, 0, x.size - 1));
    // Whole numbers up to 2^24 are exact in f32.
    Value pixels = n.emit<GatherV2Op>(image, n.cast(flat, i64), n.intScalar(2), int64_t(1), false, false);
    if (padding != "zeros")
      return pixels;
    Value inside = n.emit<LogicalAndOp>(isInside(row, y.size), isInside(column, x.size));
    Value kept = expand(n.cast(inside, n.elem(image)));
    return n.mul(pixels, kept);
  }

  /// `[N, P]` to `[N, 1, P]`, to multiply pixels.
  Value expand(Value value) {
    Ints shape = n.shapeOf(value);
    return shape.size() == 2 ? n.reshape(value, {shape[0], 1, shape[1]}) : Value();
  }

  Value weighted(Value pixels, Value weight) { return n.mul(pixels, expand(weight)); }

private:
  Value clamp(Value at, double low, double high) {
    return n.emit<ClipByValueV2Op>(at, n.scalarLike(at, low), n.scalarLike(at, high));
  }
  Value isInside(Value at, int64_t size) {
    return n.emit<LogicalAndOp>(n.emit<GreaterEqualOp>(at, n.scalarLike(at, 0)),
                                n.emit<LessEqualOp>(at, n.scalarLike(at, size - 1)));
  }

  Node &n;
  StringRef padding;
  bool alignCorners;
};

/// The four weights of cubic convolution at distance `t` from the second tap.
SmallVector<Value> cubicWeights(Node &n, Value t) {
  const double a = -0.75;
  auto polynomial = [&](Value x, double c3, double c2, double c1, double c0) {
    Value sum = n.addScalar(n.mulScalar(x, c3), c2);
    sum = n.addScalar(n.mul(sum, x), c1);
    return n.addScalar(n.mul(sum, x), c0);
  };
  auto outer = [&](Value x) { return polynomial(x, a, -5 * a, 8 * a, -4 * a); };
  auto inner = [&](Value x) { return polynomial(x, a + 2, -(a + 3), 0, 1); };
  Value rest = n.sub(n.scalarLike(t, 1), t);
  return {outer(n.addScalar(t, 1)), inner(t), inner(rest), outer(n.addScalar(rest, 1))};
}

void mapGridSample(Node &n) {
  Value x = n.need(0), grid = n.need(1);
  if (!x || !grid || !n.needStatic(x) || !n.needStatic(grid))
    return;
  Ints s = n.shapeOf(x), g = n.shapeOf(grid);
  if (s.size() != 4 || g.size() != 4 || g[3] != 2 || g[0] != s[0])
    return (void)n.unsupported("images of rank " + Twine(s.size()) + ", expected 4");
  StringRef mode = n.getString("mode", "linear"), padding = n.getString("padding_mode", "zeros");
  GridSampler sampler(n, padding, n.getInt("align_corners", 0) != 0);
  int64_t points = g[1] * g[2];
  auto coordinate = [&](int64_t which, int64_t size) {
    Value part = n.reshape(n.sliceAxis(grid, 3, which, which + 1), {g[0], points});
    return sampler.denormalize(n.cast(part, n.elem(x)), size);
  };
  Axis column{coordinate(0, s[3]), s[3]}, row{coordinate(1, s[2]), s[2]};
  Value image = n.reshape(x, {s[0], s[1], s[2] * s[3]}), result;
  if (mode == "nearest") {
    result = sampler.pick(image, {n.emit<RintOp>(sampler.bring(row.at, s[2])), s[2]},
                          {n.emit<RintOp>(sampler.bring(column.at, s[3])), s[3]});
  } else if (mode == "linear" || mode == "bilinear") {
    Value cy = sampler.bring(row.at, s[2]), cx = sampler.bring(column.at, s[3]);
    Value y0 = n.emit<FloorOp>(cy), x0 = n.emit<FloorOp>(cx);
    Value ty = n.sub(cy, y0), tx = n.sub(cx, x0);
    for (int dy = 0; dy < 2; ++dy)
      for (int dx = 0; dx < 2; ++dx) {
        Value weight = n.mul(dy ? ty : n.sub(n.scalarLike(ty, 1), ty), dx ? tx : n.sub(n.scalarLike(tx, 1), tx));
        Value part =
            sampler.weighted(sampler.pick(image, {n.addScalar(y0, dy), s[2]}, {n.addScalar(x0, dx), s[3]}), weight);
        result = result ? n.add(result, part) : part;
      }
  } else if (mode == "cubic" || mode == "bicubic") {
    Value y0 = n.emit<FloorOp>(row.at), x0 = n.emit<FloorOp>(column.at);
    SmallVector<Value> wy = cubicWeights(n, n.sub(row.at, y0)), wx = cubicWeights(n, n.sub(column.at, x0));
    for (int dy = 0; dy < 4; ++dy)
      for (int dx = 0; dx < 4; ++dx) {
        Value pixels = sampler.pick(image, {n.addScalar(y0, dy - 1), s[2]}, {n.addScalar(x0, dx - 1), s[3]});
        Value part = sampler.weighted(pixels, n.mul(wy[dy], wx[dx]));
        result = result ? n.add(result, part) : part;
      }
  } else {
    return (void)n.invalid("mode is '" + mode + "'");
  }
  n.set(0, result ? n.reshape(result, {s[0], s[1], g[1], g[2]}) : result);
}

/// Expansion along the first row; `columns` are those left.
Value determinant(Node &n, ArrayRef<SmallVector<Value>> rows, size_t first, ArrayRef<int64_t> columns) {
  if (columns.size() == 1)
    return rows[first][columns[0]];
  Value sum;
  for (size_t i = 0; i < columns.size(); ++i) {
    Ints rest(columns);
    rest.erase(rest.begin() + i);
    Value part = n.mul(rows[first][columns[i]], determinant(n, rows, first + 1, rest));
    sum = i == 0 ? part : i % 2 ? n.sub(sum, part) : n.add(sum, part);
  }
  return sum;
}

void mapDet(Node &n) {
  Value x = n.need(0);
  if (!x || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x), outer(shape);
  int64_t rank = shape.size();
  if (rank < 2 || shape[rank - 1] != shape[rank - 2] || shape[rank - 1] < 1 || shape[rank - 1] > 4)
    return (void)n.unsupported("determinants of matrices that are not square, or larger than 4 by 4");
  outer.resize(rank - 2);
  SmallVector<SmallVector<Value>> rows(shape[rank - 1]);
  for (int64_t i = 0; i < shape[rank - 1]; ++i)
    for (int64_t j = 0; j < shape[rank - 1]; ++j) {
      Value element = n.sliceAxis(n.sliceAxis(x, rank - 2, i, i + 1), rank - 1, j, j + 1);
      rows[i].push_back(element ? n.reshape(element, outer) : element);
    }
  n.set(0, determinant(n, rows, 0, llvm::to_vector(llvm::seq<int64_t>(0, shape[rank - 1]))));
}

/// Places of an affine map of the unit square or cube: the grid of GridSample.
void mapAffineGrid(Node &n) {
  Value theta = n.need(0);
  Ints size;
  if (!theta || !n.needStatic(theta) || !n.needInts(n.in(1), "size", size))
    return;
  int64_t rank = int64_t(size.size()) - 2, points = 1;
  if ((rank != 2 && rank != 3) || n.rank(theta) != 3)
    return (void)n.invalid("size has " + Twine(size.size()) + " elements, expected 4 or 5");
  ArrayRef<int64_t> spatial = ArrayRef<int64_t>(size).drop_front(2);
  for (int64_t dim : spatial) {
    if (!n.canList(points, dim))
      return;
    points *= dim;
  }
  bool corners = n.getInt("align_corners", 0) != 0;
  SmallVector<double> base;
  for (int64_t p = 0; p < points; ++p) {
    SmallVector<double> at;
    int64_t rest = p;
    // The last dimension is the first coordinate.
    for (int64_t d = rank - 1; d >= 0; rest /= spatial[d], --d) {
      double place = rest % spatial[d], count = spatial[d];
      at.push_back(corners ? (count > 1 ? 2 * place / (count - 1) - 1 : 0) : (2 * place + 1) / count - 1);
    }
    base.append(at);
    base.push_back(1);
  }
  Value grid = n.matmul(n.tensor(n.elem(theta), {1, points, rank + 1}, base), n.transpose(theta, {0, 2, 1}));
  Ints shape = {size[0]};
  shape.append(spatial.begin(), spatial.end());
  shape.push_back(rank);
  n.set(0, grid ? n.reshape(grid, shape) : grid);
}

/// Adds overlapping blocks, the columns of `[N, C * block, blocks]`, to images.
void mapCol2Im(Node &n) {
  Value x = n.need(0);
  Ints image, kernel;
  if (!x || !n.needStatic(x) || !n.needInts(n.in(1), "image_shape", image) ||
      !n.needInts(n.in(2), "block_shape", kernel))
    return;
  size_t rank = image.size();
  Ints shape = n.shapeOf(x), strides = n.getInts("strides", Ints(rank, 1)), pads = n.getInts("pads", Ints(2 * rank, 0));
  Ints dilations = n.getInts("dilations", Ints(rank, 1)), counts;
  int64_t pixels = 1, taps = 1, blocks = 1;
  if (shape.size() != 3 || kernel.size() != rank || strides.size() != rank || pads.size() != 2 * rank ||
      dilations.size() != rank || llvm::is_contained(strides, 0))
    return (void)n.invalid("the lists have different lengths");
  for (size_t i = 0; i < rank; ++i) {
    counts.push_back((image[i] + pads[i] + pads[rank + i] - dilations[i] * (kernel[i] - 1) - 1) / strides[i] + 1);
    pixels *= image[i];
    taps *= kernel[i];
    blocks *= counts[i];
  }
  if (taps <= 0 || blocks != shape[2] || shape[1] % taps || double(taps) * blocks > (1 << 22))
    return (void)n.invalid("found " + Twine(shape[2]) + " blocks, expected " + Twine(blocks));
  // What falls on padding is added to a pixel beyond the image.
  SmallVector<double> places;
  for (int64_t t = 0; t < taps; ++t)
    for (int64_t b = 0; b < blocks; ++b) {
      int64_t restTap = t, restBlock = b, flat = 0, stride = 1;
      bool inside = true;
      for (size_t i = rank; i-- > 0;) {
        int64_t at = (restBlock % counts[i]) * strides[i] - pads[i] + (restTap % kernel[i]) * dilations[i];
        restTap /= kernel[i];
        restBlock /= counts[i];
        inside &= at >= 0 && at < image[i];
        flat += at * stride;
        stride *= image[i];
      }
      places.push_back(inside ? flat : pixels);
    }
  int64_t planes = shape[0] * (shape[1] / taps);
  Value indices =
      n.broadcastTo(n.tensor(n.builder().getI64Type(), {1, taps * blocks}, places), {planes, taps * blocks});
  Value sum = n.emit<ScatterElementsOp>(n.splat(n.elem(x), {planes, pixels + 1}, 0), indices,
                                        n.reshape(x, {planes, taps * blocks}), int64_t(1), StringRef("add"));
  Ints result = {shape[0], shape[1] / taps};
  result.append(image);
  sum = n.sliceAxis(sum, 1, 0, pixels);
  n.set(0, sum ? n.reshape(sum, result) : sum);
}

} // namespace

void mlir::ge::onnx::populateSampling(MappingTable &table) {
  table.add("GridSample", mapGridSample);
  table.add("AffineGrid", mapAffineGrid);
  table.add("Col2Im", mapCol2Im);
  table.add("Det", mapDet);
}
