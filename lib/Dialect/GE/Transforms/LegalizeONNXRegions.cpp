//===- LegalizeONNXRegions.cpp - pooling of regions of images -----------===//
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

Value column(Node &n, Value regions, int64_t i, ArrayRef<int64_t> shape) {
  Value part = n.sliceAxis(regions, 1, i, i + 1);
  return part ? n.reshape(part, shape) : part;
}

//===----------------------------------------------------------------------===//
// RoiAlign
//===----------------------------------------------------------------------===//

/// The neighbours of the samples along one dimension, `[R, bins, samples]` each.
struct Neighbours {
  Value low, high, lowWeight, highWeight;
};

class RoiAlign {
public:
  explicit RoiAlign(Node &n) : n(n) {}

  void run() {
    Value x = n.need(0), regions = n.need(1), batches = n.need(2);
    if (!x || !regions || !batches || !n.needStatic(x) || !n.needStatic(regions) || !n.needStatic(batches))
      return;
    Ints s = n.shapeOf(x), r = n.shapeOf(regions);
    samples = n.getInt("sampling_ratio", 0);
    if (s.size() != 4 || r.size() != 2 || r[1] != 4)
      return (void)n.invalid("the image has rank " + Twine(s.size()) + ", expected 4, and regions of 4 numbers");
    if (samples <= 0 || samples > 64)
      return (void)n.unsupported("sampling_ratio " + Twine(samples) + ", expected 1 to 64",
                                 "give the number of samples; 0 makes it depend on the data");
    Ints bins = {n.getInt("output_height", 1), n.getInt("output_width", 1)};
    Neighbours rows = locate(regions, 1, bins[0], s[2]), columns = locate(regions, 0, bins[1], s[3]);
    // Rows of channels, one for each pixel of the batch.
    Value pixels = n.reshape(n.transpose(x, {0, 2, 3, 1}), {s[0] * s[2] * s[3], s[1]});
    Value first = n.mulScalar(n.reshape(n.cast(batches, n.builder().getI64Type()), {r[0], 1, 1, 1, 1}), s[2] * s[3]);
    SmallVector<Value> parts;
    for (int corner = 0; corner < 4; ++corner) {
      bool lower = corner & 2, right = corner & 1;
      Ints down = {r[0], bins[0], samples, 1, 1}, along = {r[0], 1, 1, bins[1], samples};
      Value y = n.reshape(n.cast(lower ? rows.high : rows.low, n.builder().getI64Type()), down);
      Value z = n.reshape(n.cast(right ? columns.high : columns.low, n.builder().getI64Type()), along);
      Value place = n.add(n.add(first, n.mulScalar(y, s[3])), z);
      Value weight = n.mul(n.reshape(lower ? rows.highWeight : rows.lowWeight, down),
                           n.reshape(right ? columns.highWeight : columns.lowWeight, along));
      Ints full = {r[0], bins[0], samples, bins[1], samples, 1};
      parts.push_back(n.mul(n.gather(pixels, place, 0), n.reshape(weight, full)));
    }
    Value y = combine(parts);
    n.set(0, y ? n.transpose(y, {0, 3, 1, 2}) : y);
  }

private:
  /// The samples of each region along a dimension of `size` pixels. `first` is
  /// the column of the region's start, its end is two columns on.
  Neighbours locate(Value regions, int64_t first, int64_t bins, int64_t size) {
    // Before operator set 16 regions were not moved by half a pixel.
    StringRef fallback = n.version() < 16 ? "output_half_pixel" : "half_pixel";
    bool moves = n.getString("coordinate_transformation_mode", fallback) == "half_pixel";
    double scale = n.getFloat("spatial_scale", 1);
    Ints each = {n.shapeOf(regions)[0], 1, 1};
    Value start = n.addScalar(n.mulScalar(column(n, regions, first, each), scale), moves ? -0.5 : 0);
    Value end = n.addScalar(n.mulScalar(column(n, regions, first + 2, each), scale), moves ? -0.5 : 0);
    Value extent = n.sub(end, start);
    if (!moves)
      extent = n.emit<MaximumOp>(extent, n.scalarLike(extent, 1));
    Value bin = n.mulScalar(extent, 1.0 / bins);
    Type element = n.elem(regions);
    Value steps = n.add(n.counting(element, bins, 1, 3),
                        n.mulScalar(n.addScalar(n.counting(element, samples, 2, 3), 0.5), 1.0 / samples));
    Value at = n.add(start, n.mul(bin, steps));
    // A sample more than a pixel outside counts as zero; others are moved in.
    Value inside = n.emit<LogicalAndOp>(n.emit<GreaterEqualOp>(at, n.scalarLike(at, -1)),
                                        n.emit<LessEqualOp>(at, n.scalarLike(at, size)));
    Value moved = n.emit<ClipByValueV2Op>(at, n.scalarLike(at, 0), n.scalarLike(at, size - 1));
    Neighbours result;
    result.low = n.emit<FloorOp>(moved);
    result.high = n.emit<MinimumOp>(n.addScalar(result.low, 1), n.scalarLike(at, size - 1));
    Value kept = n.cast(inside, element), fraction = n.sub(moved, result.low);
    result.lowWeight = n.mul(kept, n.sub(n.scalarLike(fraction, 1), fraction));
    result.highWeight = n.mul(kept, fraction);
    return result;
  }

  /// The mean of the samples of a bin, or the greatest weighted neighbour.
  Value combine(ArrayRef<Value> corners) {
    bool isMax = n.getString("mode", "avg") == "max";
    Value all = corners[0];
    for (Value corner : corners.drop_front())
      all = isMax ? n.emit<MaximumOp>(all, corner) : n.add(all, corner);
    return isMax ? n.reduceMax(all, {2, 4}, false) : n.reduceMean(all, {2, 4}, false);
  }

  Node &n;
  int64_t samples = 0;
};

void mapRoiAlign(Node &n) { RoiAlign(n).run(); }

//===----------------------------------------------------------------------===//
// MaxRoiPool
//===----------------------------------------------------------------------===//

/// Whether each pixel along a dimension is in each bin: `[R, bins, size]`.
Value findMembers(Node &n, Value regions, int64_t first, int64_t bins, int64_t size) {
  Ints each = {n.shapeOf(regions)[0], 1, 1};
  double scale = n.getFloat("spatial_scale", 1);
  auto round = [&](Value value) { return n.emit<FloorOp>(n.addScalar(n.mulScalar(value, scale), 0.5)); };
  Value start = round(column(n, regions, first, each)), end = round(column(n, regions, first + 2, each));
  Value extent = n.addScalar(n.sub(end, start), 1);
  extent = n.emit<MaximumOp>(extent, n.scalarLike(extent, 1));
  Value bin = n.mulScalar(extent, 1.0 / bins), steps = n.counting(n.elem(regions), bins, 1, 3);
  Value low = n.add(start, n.emit<FloorOp>(n.mul(bin, steps)));
  Value high = n.add(start, n.emit<CeilOp>(n.mul(bin, n.addScalar(steps, 1))));
  Value pixels = n.counting(n.elem(regions), size, 2, 3);
  return n.emit<LogicalAndOp>(n.emit<GreaterEqualOp>(pixels, low), n.emit<LessOp>(pixels, high));
}

/// The greatest of the members along axis `axis` of `x`, `[R, C, H, W]`-like, for
/// each bin; `members` has rank 5 and `x` gains a dimension of one before `axis`.
Value reduceMembers(Node &n, Value x, Value members, int64_t axis) {
  Ints wide = n.shapeOf(x);
  wide.insert(wide.begin() + axis, 1);
  Value held = n.select(members, n.reshape(x, wide), n.scalarLike(x, -INFINITY));
  return n.reduceMax(held, {axis + 1}, false);
}

void mapMaxRoiPool(Node &n) {
  Value x = n.need(0), regions = n.need(1);
  Ints bins = n.getInts("pooled_shape");
  if (!x || !regions || !n.needStatic(x) || !n.needStatic(regions))
    return;
  Ints s = n.shapeOf(x), r = n.shapeOf(regions);
  if (s.size() != 4 || r.size() != 2 || r[1] != 5 || bins.size() != 2 || bins[0] <= 0 || bins[1] <= 0)
    return (void)n.invalid("the image, the regions and pooled_shape do not fit together");
  Value batches = n.cast(column(n, regions, 0, {r[0]}), n.builder().getI64Type());
  Value images = n.gather(x, batches, 0);
  Value rows = n.reshape(findMembers(n, regions, 2, bins[0], s[2]), {r[0], 1, bins[0], s[2], 1});
  Value columns = n.reshape(findMembers(n, regions, 1, bins[1], s[3]), {r[0], 1, 1, bins[1], s[3]});
  Value y = reduceMembers(n, images, columns, 3);
  y = reduceMembers(n, y, rows, 2);
  // An empty bin is zero.
  n.set(0, n.select(n.emit<EqualOp>(y, n.scalarLike(y, -INFINITY)), n.scalarLike(y, 0), y));
}

} // namespace

void mlir::ge::onnx::populateRegions(MappingTable &table) {
  table.add("RoiAlign", mapRoiAlign);
  table.add("MaxRoiPool", mapMaxRoiPool);
}
