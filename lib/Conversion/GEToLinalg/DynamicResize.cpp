//===- DynamicResize.cpp - Resize of images of dynamic size ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a result's element comes from is computed with the element, since no
// table can hold it. Whole-number enlargements by the nearest element are a
// broadcast all the same.
//
//===----------------------------------------------------------------------===//

#include "Resize.h"
#include "Scalar.h"

using namespace mlir;
using namespace gemlir::lowering;

namespace {
/// A tap of one axis: the place in the operand, and its weight or null for 1.
struct Tap {
  Value place, weight;
};
} // namespace

static Value toFloat(Emitter &b, Value index) {
  Value integer = arith::IndexCastOp::create(b, b.getI64Type(), index);
  return arith::SIToFPOp::create(b, b.getF32Type(), integer);
}

static Value toPlace(Emitter &b, Value number, Dim size) {
  Value integer = arith::FPToSIOp::create(b, b.getI64Type(), number);
  Value place = arith::IndexCastOp::create(b, b.getIndexType(), integer);
  return b.clampIndex(place, 0, size - 1);
}

/// The exact size of the result, before it was rounded down.
static Value getExactSize(Emitter &b, Scalar &s, const DynamicAxis &axis) {
  if (!axis.scale)
    return b.toScalar(axis.size, b.getF32Type());
  return s.mul(b.toScalar(axis.sourceSize, b.getF32Type()), s.constant(*axis.scale));
}

/// The place of the first element plus equal steps to the last one; `single` if
/// there is one element only.
static Value spread(Emitter &b, Scalar &s, Value here, Value first, Value length, Value exact, Value single) {
  Value isSingle = s.compare(Compare::Equal, exact, s.constant(1));
  Value steps = b.select(isSingle, s.constant(1), s.sub(exact, s.constant(1)));
  Value place = s.div(s.mul(here, length), steps);
  return b.select(isSingle, single, first ? s.add(first, place) : place);
}

/// The position in the operand of the result's element at hand.
static Value findPosition(Emitter &b, Scalar &s, const ResizeOptions &options, const DynamicAxis &axis) {
  Value here = toFloat(b, b.loopIndex(axis.axis));
  Value last = b.toScalar(axis.sourceSize - 1, b.getF32Type());
  StringRef kind = options.transformation;
  if (kind == "align_corners")
    return spread(b, s, here, Value(), last, getExactSize(b, s, axis), s.constant(0));
  if (kind == "tf_crop_and_resize")
    return spread(b, s, here, s.mul(last, s.constant(axis.begin)), s.mul(last, s.constant(axis.end - axis.begin)),
                  getExactSize(b, s, axis), s.mul(last, s.constant(0.5 * (axis.begin + axis.end))));
  Value scale = axis.scale ? s.constant(*axis.scale)
                           : s.div(b.toScalar(axis.size, b.getF32Type()), b.toScalar(axis.sourceSize, b.getF32Type()));
  if (kind == "asymmetric")
    return s.div(here, scale);
  Value center = s.div(s.add(here, s.constant(0.5)), scale);
  if (kind == "tf_half_pixel_for_nn")
    return center;
  center = s.sub(center, s.constant(0.5));
  if (kind == "half_pixel_symmetric" && axis.scale) {
    // What rounding cut off is missing on both sides.
    Value kept = s.div(b.toScalar(axis.size, b.getF32Type()), getExactSize(b, s, axis));
    Value half = s.mul(b.toScalar(axis.sourceSize, b.getF32Type()), s.constant(0.5));
    return s.add(s.mul(half, s.sub(s.constant(1), kept)), center);
  }
  if (kind != "pytorch_half_pixel")
    return center;
  Value isSingle = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, b.index(axis.size), b.index(int64_t(1)));
  return b.select(isSingle, s.constant(0), center);
}

/// Keys' kernel at a distance of at most 1, or from there to 2.
static Value weighCubic(Scalar &s, Value x, double a, bool isNear) {
  auto horner = [&](std::initializer_list<double> coefficients) {
    Value sum;
    for (double coefficient : coefficients)
      sum = sum ? s.add(s.mul(sum, x), s.constant(coefficient)) : s.constant(coefficient);
    return sum;
  };
  return isNear ? horner({a + 2, -(a + 3), 0, 1}) : horner({a, -5 * a, 8 * a, -4 * a});
}

static SmallVector<Tap> findCubicTaps(Emitter &b, Scalar &s, const ResizeOptions &options, const DynamicAxis &axis,
                                      Value base, Value fraction) {
  Value one = s.constant(1), rest = s.sub(one, fraction), total;
  Value distances[] = {s.add(fraction, one), fraction, rest, s.add(rest, one)};
  SmallVector<Tap> taps;
  for (int tap = 0; tap < 4; ++tap) {
    Value weight = weighCubic(s, distances[tap], options.cubicCoefficient, tap == 1 || tap == 2);
    Value place = s.add(base, s.constant(tap - 1));
    if (options.excludeOutside) {
      Value isInside =
          arith::AndIOp::create(b, s.compare(Compare::GreaterEqual, place, s.constant(0)),
                                s.compare(Compare::Less, place, b.toScalar(axis.sourceSize, b.getF32Type())));
      weight = b.select(isInside, weight, s.constant(0));
      total = total ? s.add(total, weight) : weight;
    }
    taps.push_back({toPlace(b, place, axis.sourceSize), weight});
  }
  for (Tap &tap : taps)
    tap.weight = total ? s.div(tap.weight, total) : tap.weight;
  return taps;
}

static SmallVector<Tap> findTaps(Emitter &b, const ResizeOptions &options, const DynamicAxis &axis) {
  Scalar s(b, b.getF32Type());
  Value position = findPosition(b, s, options, axis);
  auto floor = [&](Value number) { return s.call<math::FloorOp>(number); };
  if (options.mode != "nearest") {
    Value base = floor(position), fraction = s.sub(position, base);
    if (options.mode == "cubic")
      return findCubicTaps(b, s, options, axis, base, fraction);
    return {{toPlace(b, base, axis.sourceSize), s.sub(s.constant(1), fraction)},
            {toPlace(b, s.add(base, s.constant(1)), axis.sourceSize), fraction}};
  }
  Value nearest;
  if (options.nearestMode == "floor")
    nearest = floor(position);
  else if (options.nearestMode == "ceil")
    nearest = s.call<math::CeilOp>(position);
  else if (options.nearestMode == "round_prefer_ceil")
    nearest = floor(s.add(position, s.constant(0.5)));
  else
    nearest = s.call<math::CeilOp>(s.sub(position, s.constant(0.5)));
  return {{toPlace(b, nearest, axis.sourceSize), Value()}};
}

/// The sum over the taps of axes from `next` on.
static Value sumTaps(Emitter &b, Tensor x, Type accumulator, ArrayRef<DynamicAxis> axes,
                     ArrayRef<SmallVector<Tap>> taps, SmallVectorImpl<Value> &indices, unsigned next) {
  if (next == axes.size())
    return castScalar(b, b.extract(x, indices), x.element, accumulator);
  Scalar s(b, accumulator);
  Value sum;
  for (const Tap &tap : taps[next]) {
    indices[axes[next].axis] = tap.place;
    Value value = sumTaps(b, x, accumulator, axes, taps, indices, next + 1);
    if (tap.weight)
      value = s.mul(value, castScalar(b, tap.weight, b.getF32Type(), accumulator));
    sum = sum ? s.add(sum, value) : value;
  }
  return sum;
}

static Tensor repeat(Emitter &b, Tensor x, ArrayRef<DynamicAxis> axes) {
  Shape expanded, shape = x.shape();
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < x.rank(); ++dim) {
    indices.push_back(b.d(expanded.size()));
    expanded.push_back(x.dim(dim));
    for (const DynamicAxis &axis : axes)
      if (axis.axis == dim) {
        expanded.push_back(axis.repetition);
        shape[dim] = axis.size;
      }
  }
  Tensor repeated = b.generate(expanded, x.element, Access{x, b.map(expanded.size(), indices)},
                               [](ArrayRef<Value> in) { return in[0]; });
  return b.reshape(repeated, shape);
}

/// Resizes some axes in one generic.
static Tensor interpolate(Emitter &b, Tensor x, Type accumulator, const ResizeOptions &options,
                          ArrayRef<DynamicAxis> axes) {
  Shape shape = x.shape();
  for (const DynamicAxis &axis : axes)
    shape[axis.axis] = axis.size;
  return b.generate(shape, accumulator, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> indices;
    for (int64_t dim = 0; dim < x.rank(); ++dim)
      indices.push_back(b.loopIndex(dim));
    SmallVector<SmallVector<Tap>> taps;
    for (const DynamicAxis &axis : axes)
      taps.push_back(findTaps(b, options, axis));
    return sumTaps(b, x, accumulator, axes, taps, indices, 0);
  });
}

/// Puts the extrapolation value where any axis is outside of the operand.
static Tensor extrapolate(Emitter &b, Tensor x, const ResizeOptions &options, ArrayRef<DynamicAxis> axes) {
  return b.generate(x.shape(), x.element, Access{x, b.identity(x.rank())}, [&](ArrayRef<Value> in) {
    Scalar s(b, b.getF32Type());
    Value value = in[0], outer = b.scalar(x.element, options.extrapolation);
    for (const DynamicAxis &axis : axes) {
      Value position = findPosition(b, s, options, axis), last = b.toScalar(axis.sourceSize - 1, b.getF32Type());
      value = b.select(s.compare(Compare::Less, position, s.constant(0)), outer, value);
      value = b.select(s.compare(Compare::Greater, position, last), outer, value);
    }
    return value;
  });
}

Tensor gemlir::lowering::resizeDynamic(Emitter &b, Tensor x, const ResizeOptions &options, ArrayRef<DynamicAxis> axes) {
  if (llvm::all_of(axes, [](const DynamicAxis &axis) { return axis.repetition != 0; }))
    return repeat(b, x, axes);
  bool nearest = options.mode == "nearest";
  Type accumulator = nearest                     ? x.element
                     : isa<FloatType>(x.element) ? getComputeElement(x.element)
                                                 : Type(b.getF32Type());
  // Two linear axes together, more taps one axis after the other.
  size_t together = nearest ? axes.size() : options.mode == "linear" ? 2 : 1;
  for (ArrayRef<DynamicAxis> rest = axes; !rest.empty(); rest = rest.drop_front(std::min(together, rest.size())))
    x = interpolate(b, x, accumulator, options, rest.take_front(together));
  return options.transformation == "tf_crop_and_resize" ? extrapolate(b, x, options, axes) : x;
}
