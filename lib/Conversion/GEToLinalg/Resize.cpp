//===- Resize.cpp - interpolation to another size -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions and weights depend on shapes and attributes only, so they are
// computed here, per axis, as tables of taps. What remains is a weighted sum of
// elements that the tables name; whole-number enlargements by the nearest
// element become a broadcast.
//
//===----------------------------------------------------------------------===//

#include "Resize.h"
#include "Scalar.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

#include <cmath>

using namespace mlir;
using namespace gemlir::lowering;

namespace {
/// How the elements of one storage axis of the result come from the operand.
struct ResizedAxis {
  int64_t axis, sourceSize, size;
  /// Source elements and their weights: `taps` of each for every result index.
  int64_t taps;
  SmallVector<int32_t> sources;
  SmallVector<float> weights;
  /// 1 for result indices outside the region of tf_crop_and_resize.
  SmallVector<int32_t> outside;
};

} // namespace

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// The position in the operand of result index `index`. Where the size of the
/// result counts, it is the exact one, before it was rounded down to `size`.
static double findSource(const ResizeOptions &options, int64_t index, double scale, int64_t sourceSize, int64_t size,
                         double begin, double end) {
  StringRef kind = options.transformation;
  double last = sourceSize - 1, center = index + 0.5, exact = scale * sourceSize;
  if (kind == "asymmetric")
    return index / scale;
  if (kind == "align_corners")
    return index == 0 || exact == 1 ? 0 : index * last / (exact - 1);
  if (kind == "tf_half_pixel_for_nn")
    return center / scale;
  if (kind == "tf_crop_and_resize") {
    if (exact == 1)
      return 0.5 * (begin + end) * last;
    return begin * last + (index == 0 ? 0 : index * (end - begin) * last / (exact - 1));
  }
  if (kind == "pytorch_half_pixel" && size == 1)
    return 0;
  if (kind == "half_pixel_symmetric")
    return sourceSize / 2.0 * (1 - size / exact) + center / scale - 0.5;
  return center / scale - 0.5;
}

static int64_t roundNearest(StringRef mode, double position) {
  if (mode == "floor")
    return std::floor(position);
  if (mode == "ceil")
    return std::ceil(position);
  return mode == "round_prefer_ceil" ? std::floor(position + 0.5) : std::ceil(position - 0.5);
}

/// Keys' cubic kernel.
static double weighCubic(double distance, double a) {
  double x = std::abs(distance);
  if (x <= 1)
    return (a + 2) * x * x * x - (a + 3) * x * x + 1;
  return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0;
}

/// Appends the taps of one result index whose position is `position`.
static void addTaps(const ResizeOptions &options, double position, ResizedAxis &axis) {
  auto addTap = [&](int64_t source, double weight) {
    axis.sources.push_back(std::clamp<int64_t>(source, 0, axis.sourceSize - 1));
    axis.weights.push_back(weight);
  };
  if (options.mode == "nearest")
    return addTap(roundNearest(options.nearestMode, position), 1);
  int64_t base = std::floor(position);
  double fraction = position - base;
  if (options.mode == "linear") {
    addTap(base, 1 - fraction);
    return addTap(base + 1, fraction);
  }
  double weights[4], total = 0;
  for (int tap = 0; tap < 4; ++tap) {
    int64_t source = base + tap - 1;
    bool counts = !options.excludeOutside || (source >= 0 && source < axis.sourceSize);
    weights[tap] = counts ? weighCubic(fraction - (tap - 1), options.cubicCoefficient) : 0;
    total += weights[tap];
  }
  for (int tap = 0; tap < 4; ++tap)
    addTap(base + tap - 1, options.excludeOutside ? weights[tap] / total : weights[tap]);
}

static FailureOr<std::vector<float>> getFloats(Value value) {
  return value ? gemlir::getFloatValues(Emitter::getConstant(value)) : FailureOr<std::vector<float>>(failure());
}

/// The storage dimension of a dimension of the origin shape.
static int64_t toStorageAxis(RankedTensorType type, int64_t axis) {
  if (!isBlocked(type))
    return axis;
  auto format = cast<ge::FormatAttr>(type.getEncoding());
  return format.getOrigin() == ge::Format::NHWC && axis != 0 ? axis + 1 : axis;
}

/// The positions of one axis as a table.
static ResizedAxis tabulate(const ResizeOptions &options, int64_t axis, int64_t from, int64_t to, double scale,
                            double begin = 0, double end = 1) {
  ResizedAxis result{axis, from, to, 1, {}, {}, {}};
  bool crops = options.transformation == "tf_crop_and_resize";
  for (int64_t index = 0; index < to; ++index) {
    double position = findSource(options, index, scale, from, to, begin, end);
    result.outside.push_back(crops && (position < 0 || position > from - 1));
    addTaps(options, position, result);
  }
  result.taps = result.sources.size() / to;
  return result;
}

/// The part of the operand that tf_crop_and_resize shows: the starts, then the
/// ends; nothing for other transformations.
static FailureOr<SmallVector<double>> readRegion(ge::ResizeOp op, const ResizeOptions &options, size_t rank) {
  if (options.transformation != "tf_crop_and_resize")
    return SmallVector<double>();
  FailureOr<std::vector<float>> region = getFloats(op.getRoi());
  if (succeeded(region) && region->size() == 2 * rank)
    return SmallVector<double>(region->begin(), region->end());
  emitLoweringError(op) << "expects a constant 'roi' of " << 2 * rank << " elements";
  return failure();
}

static FailureOr<SmallVector<ResizedAxis>> analyze(ge::ResizeOp op, const ResizeOptions &options) {
  auto sourceType = cast<RankedTensorType>(op.getX().getType()), type = cast<RankedTensorType>(op.getY().getType());
  ArrayRef<int64_t> from = getOriginShape(sourceType), to = getOriginShape(type);
  int64_t rank = from.size();
  FailureOr<std::vector<float>> scales = getFloats(op.getScales());
  FailureOr<SmallVector<double>> region = readRegion(op, options, rank);
  if (failed(region))
    return failure();
  bool hasSizes = op.getSizes() && cast<RankedTensorType>(op.getSizes().getType()).getNumElements() != 0;
  bool hasScales = !hasSizes && succeeded(scales) && static_cast<int64_t>(scales->size()) == rank;
  bool crops = !region->empty();
  SmallVector<ResizedAxis> axes;
  for (int64_t dim = 0; dim < rank; ++dim) {
    double scale = hasScales ? (*scales)[dim] : double(to[dim]) / from[dim];
    if (!crops && scale == 1 && to[dim] == from[dim])
      continue;
    int64_t axis = toStorageAxis(type, dim);
    if (isBlocked(type) && axis != 2 && axis != 3) {
      if (to[dim] == from[dim])
        continue;
      emitLoweringError(op) << "expects to resize height and width of NC1HWC0 only";
      return failure();
    }
    axes.push_back(tabulate(options, axis, from[dim], to[dim], scale, crops ? (*region)[dim] : 0,
                            crops ? (*region)[rank + dim] : 1));
  }
  return axes;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// How often each element is repeated in place, or 0 if it is not that simple.
static int64_t getRepetition(const ResizedAxis &axis) {
  if (axis.taps != 1 || axis.size % axis.sourceSize != 0)
    return 0;
  int64_t repetition = axis.size / axis.sourceSize;
  for (int64_t index = 0; index < axis.size; ++index)
    if (axis.sources[index] != index / repetition)
      return 0;
  return repetition;
}

static Tensor repeat(Emitter &b, Tensor x, ArrayRef<ResizedAxis> axes) {
  Shape expanded, shape = x.shape();
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < x.rank(); ++dim) {
    indices.push_back(b.d(expanded.size()));
    expanded.push_back(x.dim(dim));
    for (const ResizedAxis &axis : axes)
      if (axis.axis == dim) {
        expanded.push_back(getRepetition(axis));
        shape[dim] = axis.size;
      }
  }
  Tensor repeated = b.generate(expanded, x.element, Access{x, b.map(expanded.size(), indices)},
                               [](ArrayRef<Value> in) { return in[0]; });
  return b.reshape(repeated, shape);
}

/// The sum over the taps of axes from `next` on, at `indices` of the others.
/// `tables` holds the sources, then the weights, of each axis.
static Value sumTaps(Emitter &b, Tensor x, Type accumulator, ArrayRef<ResizedAxis> axes, ArrayRef<Value> tables,
                     SmallVectorImpl<Value> &indices, unsigned next) {
  if (next == axes.size())
    return castScalar(b, b.extract(x, indices), x.element, accumulator);
  int64_t taps = axes[next].taps;
  Scalar s(b, accumulator);
  Value sum;
  for (int64_t tap = 0; tap < taps; ++tap) {
    indices[axes[next].axis] = arith::IndexCastOp::create(b, b.getIndexType(), tables[tap]);
    bool weighs = taps > 1;
    Value value = sumTaps(b, x, accumulator, axes, tables.drop_front(weighs ? 2 * taps : taps), indices, next + 1);
    if (weighs)
      value = s.mul(value, castScalar(b, tables[taps + tap], b.getF32Type(), accumulator));
    sum = sum ? s.add(sum, value) : value;
  }
  return sum;
}

/// Resizes some axes in one generic.
static Tensor interpolate(Emitter &b, Tensor x, Type accumulator, ArrayRef<ResizedAxis> axes) {
  Shape shape = x.shape();
  for (const ResizedAxis &axis : axes)
    shape[axis.axis] = axis.size;
  SmallVector<Access> tables;
  for (const ResizedAxis &axis : axes) {
    SmallVector<Tensor> parts{b.constantInts({axis.size, axis.taps}, axis.sources)};
    if (axis.taps > 1)
      parts.push_back(b.constantFloats({axis.size, axis.taps}, axis.weights));
    for (Tensor part : parts)
      for (int64_t tap = 0; tap < axis.taps; ++tap)
        tables.push_back({part, b.map(shape.size(), {b.d(axis.axis), b.c(tap)})});
  }
  return b.generate(shape, accumulator, tables, [&](ArrayRef<Value> in) {
    SmallVector<Value> indices;
    for (int64_t dim = 0; dim < x.rank(); ++dim)
      indices.push_back(b.loopIndex(dim));
    return sumTaps(b, x, accumulator, axes, in, indices, 0);
  });
}

/// Puts the extrapolation value where any axis is outside the region.
static Tensor extrapolate(Emitter &b, Tensor x, ArrayRef<ResizedAxis> axes, double value) {
  SmallVector<Access> operands{{x, b.identity(x.rank())}};
  for (const ResizedAxis &axis : axes)
    operands.push_back({b.constantInts({axis.size}, axis.outside), b.map(x.rank(), {b.d(axis.axis)})});
  return b.generate(x.shape(), x.element, operands, [&](ArrayRef<Value> in) {
    Value outside = in[1];
    for (Value other : in.drop_front(2))
      outside = arith::OrIOp::create(b, outside, other);
    Scalar flag(b, b.getI32Type());
    return b.select(flag.isTrue(outside), b.scalar(x.element, value), in[0]);
  });
}

/// To the operand's type; integers round to the nearest.
static Tensor finish(Emitter &b, Tensor x, Type element) {
  if (x.element == element)
    return x;
  return b.elementwise(x.shape(), element, x, [&](ArrayRef<Value> in) {
    Value value = in[0];
    if (!isa<FloatType>(element))
      value = math::RoundOp::create(b, value);
    return castScalar(b, value, x.element, element);
  });
}

/// The axes of an image of dynamic size that change it.
static FailureOr<SmallVector<DynamicAxis>> analyzeDynamic(ge::ResizeOp op, Emitter &b, const ResizeOptions &options) {
  auto type = cast<RankedTensorType>(op.getY().getType());
  Shape from = b.getOrigin(op.getX()), to = b.getOrigin(op.getY());
  FailureOr<std::vector<float>> scales = getFloats(op.getScales());
  bool hasScales = succeeded(scales) && scales->size() == from.size();
  FailureOr<SmallVector<double>> region = readRegion(op, options, from.size());
  if (failed(region))
    return failure();
  bool crops = !region->empty();
  SmallVector<DynamicAxis> axes;
  for (auto [dim, source] : llvm::enumerate(from)) {
    if (!crops && source == to[dim])
      continue;
    DynamicAxis axis{toStorageAxis(type, dim), source, to[dim], std::nullopt, 0, 0, 1};
    if (crops)
      std::tie(axis.begin, axis.end) = std::pair((*region)[dim], (*region)[from.size() + dim]);
    if (hasScales)
      axis.scale = (*scales)[dim];
    if (isBlocked(type) && axis.axis != 2 && axis.axis != 3) {
      emitLoweringError(op) << "expects to resize height and width of NC1HWC0 only";
      return failure();
    }
    // A whole number of times as large: what holds for a few elements holds for all.
    std::optional<int64_t> times = floorDiv(to[dim], source).known();
    constexpr int64_t sample = 8;
    if (!crops && times && *times > 0 && source * *times == to[dim])
      axis.repetition = getRepetition(tabulate(options, axis.axis, sample, sample * *times, *times));
    axes.push_back(axis);
  }
  return axes;
}

static LogicalResult lowerDynamicResize(ge::ResizeOp op, Emitter &b, const ResizeOptions &options) {
  FailureOr<SmallVector<DynamicAxis>> axes = analyzeDynamic(op, b, options);
  if (failed(axes))
    return failure();
  Tensor x = b.get(op.getX());
  x.splat = {};
  Tensor resized = axes->empty() ? x : resizeDynamic(b, x, options, *axes);
  b.set(op.getY(), finish(b, resized, x.element).value);
  return success();
}

static LogicalResult lowerResize(ge::ResizeOp op, Emitter &b) {
  if (isBlocked(op.getX().getType()) != isBlocked(op.getY().getType()))
    return emitLoweringError(op) << "expects operand and result in one format";
  ResizeOptions options{op.getMode(),        op.getCoordinateTransformationMode(), op.getNearestMode(),
                        op.getCubicCoeffA(), op.getExtrapolationValue(),           op.getExcludeOutside() != 0};
  if (!cast<RankedTensorType>(op.getX().getType()).hasStaticShape() ||
      !cast<RankedTensorType>(op.getY().getType()).hasStaticShape())
    return lowerDynamicResize(op, b, options);
  FailureOr<SmallVector<ResizedAxis>> axes = analyze(op, options);
  if (failed(axes))
    return failure();
  Tensor x = b.get(op.getX());
  x.splat = {};
  Type element = x.element;
  if (llvm::all_of(*axes, [](const ResizedAxis &axis) { return getRepetition(axis) != 0; })) {
    x = axes->empty() ? x : repeat(b, x, *axes);
  } else if (options.mode == "nearest") {
    x = interpolate(b, x, element, *axes);
  } else {
    // Two linear axes together, more taps one axis after the other.
    Type accumulator = isa<FloatType>(element) ? getComputeElement(element) : Type(b.getF32Type());
    for (ArrayRef<ResizedAxis> rest = *axes; !rest.empty();) {
      size_t count = rest.size() > 1 && rest[0].taps * rest[1].taps <= 4 ? 2 : 1;
      x = interpolate(b, x, accumulator, rest.take_front(count));
      rest = rest.drop_front(count);
    }
  }
  if (options.transformation == "tf_crop_and_resize")
    x = extrapolate(b, x, *axes, options.extrapolation);
  b.set(op.getY(), finish(b, x, element).value);
  return success();
}

void gemlir::lowering::populateResize(LoweringTable &table) { table.add(lowerResize); }
