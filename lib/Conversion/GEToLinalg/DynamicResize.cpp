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

/// The position in the operand of the result's element at hand.
static Value findPosition(Emitter &b, Scalar &s, const ResizeOptions &options, const DynamicAxis &axis) {
  Value here = toFloat(b, b.loopIndex(axis.axis));
  StringRef kind = options.transformation;
  if (kind == "align_corners") {
    // Of the exact size, before it was rounded down.
    Value exact = b.toScalar(axis.size, b.getF32Type());
    if (axis.scale)
      exact = s.mul(b.toScalar(axis.sourceSize, b.getF32Type()), s.constant(*axis.scale));
    Value isSingle = s.compare(Compare::Equal, exact, s.constant(1));
    Value steps = b.select(isSingle, s.constant(1), s.sub(exact, s.constant(1)));
    return s.div(s.mul(here, b.toScalar(axis.sourceSize - 1, b.getF32Type())), steps);
  }
  Value scale = axis.scale ? s.constant(*axis.scale)
                           : s.div(b.toScalar(axis.size, b.getF32Type()), b.toScalar(axis.sourceSize, b.getF32Type()));
  if (kind == "asymmetric")
    return s.div(here, scale);
  Value center = s.sub(s.div(s.add(here, s.constant(0.5)), scale), s.constant(0.5));
  if (kind != "pytorch_half_pixel")
    return center;
  Value isSingle = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, b.index(axis.size), b.index(int64_t(1)));
  return b.select(isSingle, s.constant(0), center);
}

static SmallVector<Tap> findTaps(Emitter &b, const ResizeOptions &options, const DynamicAxis &axis) {
  Scalar s(b, b.getF32Type());
  Value position = findPosition(b, s, options, axis);
  auto floor = [&](Value number) { return s.call<math::FloorOp>(number); };
  if (options.mode == "linear") {
    Value base = floor(position), fraction = s.sub(position, base);
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

FailureOr<Tensor> gemlir::lowering::resizeDynamic(Operation *op, Emitter &b, Tensor x, const ResizeOptions &options,
                                                  ArrayRef<DynamicAxis> axes) {
  if (llvm::all_of(axes, [](const DynamicAxis &axis) { return axis.repetition != 0; }))
    return repeat(b, x, axes);
  if (options.mode == "cubic" ||
      !llvm::is_contained({"asymmetric", "align_corners", "half_pixel", "pytorch_half_pixel"}, options.transformation)) {
    emitLoweringError(op) << "expects mode nearest or linear and a transformation asymmetric, align_corners, half_pixel "
                             "or pytorch_half_pixel for an image of dynamic size, but got "
                          << options.mode << " and " << options.transformation;
    return failure();
  }
  Shape shape = x.shape();
  for (const DynamicAxis &axis : axes)
    shape[axis.axis] = axis.size;
  bool nearest = options.mode == "nearest";
  Type accumulator = nearest                      ? x.element
                     : isa<FloatType>(x.element) ? getComputeElement(x.element)
                                                 : Type(b.getF32Type());
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
