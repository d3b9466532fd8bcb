//===- LegalizeONNXSampling.cpp - sampling at places that are data ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXWindow.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// One coordinate of all samples, `[N, P]`, and the image's size along it.
struct Axis {
  Value at;
  int64_t size;
};

/// Takes pixels of images, `[N, C, pixels]`, at places that are no whole numbers.
class Sampler {
public:
  Sampler(Node &n, StringRef padding, bool alignCorners) : n(n), padding(padding), alignCorners(alignCorners) {}

  /// From [-1, 1] to pixels.
  Value denormalize(Value grid, int64_t size) {
    Value moved = n.addScalar(grid, 1);
    return alignCorners ? n.mulScalar(moved, (size - 1) / 2.0) : n.addScalar(n.mulScalar(moved, size / 2.0), -0.5);
  }

  /// Each sample's own pixel, `[N, C, P]`.
  Value sampleNearest(Value image, ArrayRef<Axis> axes) {
    SmallVector<Axis> places;
    for (const Axis &axis : axes)
      places.push_back({n.emit<RintOp>(bring(axis.at, axis.size)), axis.size});
    return pick(image, places);
  }

  /// The neighbours before and after along each axis.
  Value sampleLinear(Value image, ArrayRef<Axis> axes) {
    SmallVector<Value> base, after, before;
    for (const Axis &axis : axes) {
      Value at = bring(axis.at, axis.size);
      base.push_back(n.emit<FloorOp>(at));
      after.push_back(n.sub(at, base.back()));
      before.push_back(n.sub(n.scalarLike(at, 1), after.back()));
    }
    Value result;
    for (unsigned corner = 0; corner < 1u << axes.size(); ++corner) {
      SmallVector<Axis> places;
      Value weight;
      for (auto [i, axis] : llvm::enumerate(axes)) {
        // The first axis counts slowest.
        unsigned step = corner >> (axes.size() - 1 - i) & 1;
        places.push_back({n.addScalar(base[i], step), axis.size});
        Value part = step ? after[i] : before[i];
        weight = weight ? n.mul(weight, part) : part;
      }
      Value part = n.mul(pick(image, places), expand(weight));
      result = result ? n.add(result, part) : part;
    }
    return result;
  }

  /// The four neighbours along each of two axes.
  Value sampleCubic(Value image, const Axis &row, const Axis &column) {
    Value y0 = n.emit<FloorOp>(row.at), x0 = n.emit<FloorOp>(column.at), result;
    SmallVector<Value> wy = weighCubic(n.sub(row.at, y0)), wx = weighCubic(n.sub(column.at, x0));
    for (int dy = 0; dy < 4; ++dy)
      for (int dx = 0; dx < 4; ++dx) {
        Value pixels = pick(image, {{n.addScalar(y0, dy - 1), row.size}, {n.addScalar(x0, dx - 1), column.size}});
        Value part = n.mul(pixels, expand(n.mul(wy[dy], wx[dx])));
        result = result ? n.add(result, part) : part;
      }
    return result;
  }

  /// `[N, P]` to `[N, 1, P]`, to multiply pixels.
  Value expand(Value value) {
    Ints shape = n.shapeOf(value);
    return shape.size() == 2 ? n.reshape(value, {shape[0], 1, shape[1]}) : Value();
  }

private:
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
  Value pick(Value image, ArrayRef<Axis> places) {
    Value flat, inside;
    for (const Axis &place : places) {
      Value at = bring(place.at, place.size), own = isInside(at, place.size);
      Value whole = clamp(at, 0, place.size - 1);
      // Whole numbers up to 2^24 are exact in f32.
      flat = flat ? n.add(n.mulScalar(flat, place.size), whole) : whole;
      inside = inside ? n.emit<LogicalAndOp>(inside, own) : own;
    }
    Type i64 = n.builder().getI64Type();
    Value pixels = n.emit<GatherV2Op>(image, n.cast(flat, i64), n.intScalar(2), int64_t(1), false, false);
    return padding == "zeros" ? n.mul(pixels, expand(n.cast(inside, n.elem(image)))) : pixels;
  }

  /// The four weights of cubic convolution at distance `t` from the second tap.
  SmallVector<Value> weighCubic(Value t) {
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

void mapGridSample(Node &n) {
  Value x = n.need(0), grid = n.need(1);
  if (!x || !grid || !n.needStatic(x) || !n.needStatic(grid))
    return;
  Ints s = n.shapeOf(x), g = n.shapeOf(grid);
  int64_t dims = int64_t(s.size()) - 2, points = 1, pixels = 1;
  if (dims < 1 || dims > 3)
    return (void)n.unsupported("images of rank " + Twine(s.size()) + ", expected 3 to 5");
  if (g.size() != s.size() || g.back() != dims || g[0] != s[0])
    return (void)n.invalid("the grid does not fit an image of rank " + Twine(s.size()));
  StringRef mode = n.getString("mode", "linear"), padding = n.getString("padding_mode", "zeros");
  Sampler sampler(n, padding, n.getInt("align_corners", 0) != 0);
  Ints result = {s[0], s[1]};
  for (int64_t i = 0; i < dims; ++i) {
    points *= g[1 + i];
    pixels *= s[2 + i];
    result.push_back(g[1 + i]);
  }
  SmallVector<Axis> axes;
  for (int64_t i = 0; i < dims; ++i) {
    // The first coordinate is that of the last dimension.
    int64_t which = dims - 1 - i, size = s[2 + i];
    Value part = n.reshape(n.sliceAxis(grid, dims + 1, which, which + 1), {g[0], points});
    axes.push_back({sampler.denormalize(n.cast(part, n.elem(x)), size), size});
  }
  Value image = n.reshape(x, {s[0], s[1], pixels}), y;
  if (mode == "nearest")
    y = sampler.sampleNearest(image, axes);
  else if (mode == "linear" || mode == "bilinear")
    y = sampler.sampleLinear(image, axes);
  else if ((mode == "cubic" || mode == "bicubic") && dims == 2)
    y = sampler.sampleCubic(image, axes[0], axes[1]);
  else
    return (void)n.invalid("mode is '" + mode + "' for images of rank " + Twine(s.size()));
  n.set(0, y ? n.reshape(y, result) : y);
}

//===----------------------------------------------------------------------===//
// Deformable convolution
//===----------------------------------------------------------------------===//

/// What DeformConv's offsets move: the places of a window's taps, one number for
/// each of `[taps..., result...]`, along one spatial dimension.
SmallVector<double> listTapPlaces(const Window &window, ArrayRef<int64_t> result, unsigned dim) {
  SmallVector<double> places;
  for (int64_t ky = 0; ky < window.kernel[0]; ++ky)
    for (int64_t kx = 0; kx < window.kernel[1]; ++kx)
      for (int64_t y = 0; y < result[0]; ++y)
        for (int64_t x = 0; x < result[1]; ++x) {
          int64_t tap = dim == 0 ? ky : kx, at = dim == 0 ? y : x;
          places.push_back(at * window.strides[dim] - window.before[dim] + tap * window.dilations[dim]);
        }
  return places;
}

/// The pixels under all taps, `[N, C, taps * result]`, one group of offsets after
/// the other, with the mask applied.
Value sampleTaps(Node &n, Value x, const Window &window, ArrayRef<int64_t> result, int64_t offsetGroups) {
  Ints s = n.shapeOf(x);
  int64_t taps = window.kernel[0] * window.kernel[1], places = result[0] * result[1], perGroup = s[1] / offsetGroups;
  if (!n.canList(taps, places))
    return {};
  Ints split = {s[0], offsetGroups, taps, 2, places};
  Value offsets = n.reshape(n.need(2), split), image = n.reshape(x, {s[0], s[1], s[2] * s[3]});
  Value mask = n.has(4) ? n.reshape(n.in(4), {s[0], offsetGroups, taps * places}) : Value();
  Sampler sampler(n, "zeros", true);
  SmallVector<Value> groups;
  for (int64_t group = 0; group < offsetGroups && !n.hasFailed(); ++group) {
    SmallVector<Axis> axes;
    for (unsigned dim = 0; dim < 2; ++dim) {
      Value own = n.sliceAxis(n.sliceAxis(offsets, 1, group, group + 1), 3, dim, dim + 1);
      Value base = n.tensor(n.elem(x), {1, taps * places}, listTapPlaces(window, result, dim));
      axes.push_back({n.add(own ? n.reshape(own, {s[0], taps * places}) : own, base), s[2 + dim]});
    }
    Value part = sampler.sampleLinear(n.sliceAxis(image, 1, group * perGroup, (group + 1) * perGroup), axes);
    groups.push_back(mask ? n.mul(part, n.sliceAxis(mask, 1, group, group + 1)) : part);
  }
  return n.hasFailed() ? Value() : n.concat(groups, 1);
}

void mapDeformConv(Node &n) {
  Value x = n.need(0), w = n.need(1), offset = n.need(2);
  if (!x || !w || !offset || !n.needStatic(x) || !n.needStatic(w) || !n.needStatic(offset))
    return;
  Ints s = n.shapeOf(x), filter = n.shapeOf(w), o = n.shapeOf(offset);
  int64_t groups = n.getInt("group", 1), offsetGroups = n.getInt("offset_group", 1);
  if (s.size() != 4)
    return (void)n.unsupported("images of rank " + Twine(s.size()) + ", expected 4");
  if (filter.size() != 4)
    return (void)n.invalid("the filter has rank " + Twine(filter.size()) + ", expected 4");
  Window window;
  if (!readWindow(n, n.getInts("kernel_shape", ArrayRef<int64_t>(filter).drop_front(2)),
                  ArrayRef<int64_t>(s).drop_front(2), window))
    return;
  int64_t taps = window.kernel[0] * window.kernel[1];
  Ints result = {o.size() == 4 ? o[2] : 0, o.size() == 4 ? o[3] : 0};
  if (o.size() != 4 || groups <= 0 || offsetGroups <= 0 || s[1] != filter[1] * groups || filter[0] % groups ||
      s[1] % offsetGroups || o[0] != s[0] || o[1] != offsetGroups * taps * 2)
    return (void)n.invalid("the image, the filter and the offsets do not fit together");
  Value columns = sampleTaps(n, x, window, result, offsetGroups);
  int64_t places = result[0] * result[1], depth = filter[1] * taps;
  columns = columns ? n.reshape(columns, {s[0], groups, depth, places}) : columns;
  Value y = n.matmul(n.reshape(w, {groups, filter[0] / groups, depth}), columns);
  y = y ? n.reshape(y, {s[0], filter[0], result[0], result[1]}) : y;
  n.set(0, n.has(3) ? n.add(y, n.alignTo(n.in(3), 1, 4)) : y);
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
  table.add("DeformConv", mapDeformConv);
  table.add("Col2Im", mapCol2Im);
  table.add("Det", mapDet);
}
