//===- Slice.cpp - parts of tensors -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

using namespace mlir;
using namespace gemlir::lowering;

namespace {
/// Where the elements of each dimension of a part come from.
struct Part {
  Shape offsets, sizes;
  SmallVector<int64_t> strides;
};
} // namespace

/// Takes a part and gives it the shape of a result.
static void setPart(Emitter &b, Value result, Tensor x, const Part &part) {
  Tensor taken;
  if (llvm::all_of(part.strides, [](int64_t stride) { return stride > 0; })) {
    taken = b.slice(x, part.offsets, part.sizes, part.strides);
  } else {
    taken = b.generate(part.sizes, x.element, {}, [&](ArrayRef<Value>) {
      SmallVector<Value> indices;
      for (int64_t dim = 0; dim < x.rank(); ++dim)
        indices.push_back(b.addIndex(b.mulIndex(b.loopIndex(dim), part.strides[dim]), part.offsets[dim]));
      return b.extract(x, indices);
    });
  }
  b.set(result, b.reshape(taken, b.getShape(result)).value);
}

static Part wholeOf(Tensor x) { return {Shape(x.rank(), 0), x.shape(), SmallVector<int64_t>(x.rank(), 1)}; }

static LogicalResult requirePlain(Operation *op, Value x) {
  if (!isBlocked(x.getType()))
    return success();
  return emitLoweringError(op) << "expects an operand without storage format, but got " << x.getType();
}

//===----------------------------------------------------------------------===//
// Equal and given parts
//===----------------------------------------------------------------------===//

/// Cuts `x` along `axis` into parts as long as the results.
static LogicalResult lowerSplit(Operation *op, Emitter &b, Value xValue, int64_t axis) {
  if (failed(requirePlain(op, xValue)))
    return failure();
  Tensor x = b.get(xValue);
  Part part = wholeOf(x);
  for (Value result : op->getResults()) {
    part.sizes[axis] = b.getShape(result)[axis];
    setPart(b, result, x, part);
    part.offsets[axis] += part.sizes[axis];
  }
  return success();
}

static LogicalResult lowerSplitAlong(Operation *op, Emitter &b, Value x, Value splitDim) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(splitDim);
  if (failed(axes) || axes->size() != 1)
    return emitLoweringError(op) << "expects a constant 'split_dim'";
  return lowerSplit(op, b, x, normalizeAxes(*axes, b.get(x).rank()).front());
}

static LogicalResult lowerSplitEqual(ge::SplitOp op, Emitter &b) {
  return lowerSplitAlong(op, b, op.getX(), op.getSplitDim());
}

static LogicalResult lowerSplitV(ge::SplitVOp op, Emitter &b) {
  return lowerSplitAlong(op, b, op.getX(), op.getSplitDim());
}

static LogicalResult lowerUnpack(ge::UnpackOp op, Emitter &b) {
  if (failed(requirePlain(op, op.getX())))
    return failure();
  Tensor x = b.get(op.getX());
  int64_t axis = normalizeAxes(op.getAxis(), x.rank()).front();
  Part part = wholeOf(x);
  part.sizes[axis] = 1;
  for (auto [index, result] : llvm::enumerate(op->getResults())) {
    part.offsets[axis] = int64_t(index);
    setPart(b, result, x, part);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

static LogicalResult lowerSlice(ge::SliceOp op, Emitter &b) {
  if (failed(requirePlain(op, op.getX())))
    return failure();
  Tensor x = b.get(op.getX());
  FailureOr<Shape> offsets = b.getElements(op.getOffsets());
  if (failed(offsets) || static_cast<int64_t>(offsets->size()) != x.rank())
    return emitLoweringError(op) << "expects 'offsets' with an element for each dimension";
  Part part = wholeOf(x);
  part.offsets = *offsets;
  part.sizes = b.getShape(op.getY());
  setPart(b, op.getY(), x, part);
  return success();
}

namespace {
/// The operands and masks of a strided slice.
struct SliceSpec {
  Shape begin, end;
  SmallVector<int64_t> strides;
  int64_t beginMask, endMask, ellipsisMask, newAxisMask, shrinkMask;

  static bool has(int64_t mask, size_t bit) { return mask >> bit & 1; }
};
} // namespace

/// Applies element `index` of the specification to dimension `dim`.
static void applySpec(Operation *op, Emitter &b, Part &part, const SliceSpec &spec, size_t index, int64_t dim,
                      Dim extent) {
  std::optional<Dim> begin, end;
  if (!SliceSpec::has(spec.beginMask, index))
    begin = spec.begin[index];
  if (!SliceSpec::has(spec.endMask, index))
    end = spec.end[index];
  if (SliceSpec::has(spec.shrinkMask, index)) {
    Dim at = begin.value_or(0);
    part.offsets[dim] = at.isStatic() && *at.known() < 0 ? at + extent : at;
    part.sizes[dim] = 1;
    return;
  }
  // Bounds that a mask leaves out are the far ends.
  part.strides[dim] = spec.strides.empty() ? 1 : spec.strides[index];
  std::tie(part.offsets[dim], part.sizes[dim]) = b.getShapes().getSlice(op, extent, begin, end, part.strides[dim]);
}

template <typename OpTy>
static FailureOr<SliceSpec> readSpec(OpTy op, Emitter &b) {
  FailureOr<Shape> begin = b.getElements(op.getBegin()), end = b.getElements(op.getEnd());
  FailureOr<SmallVector<int64_t>> strides = SmallVector<int64_t>();
  if (op.getStrides())
    strides = Emitter::getInts(op.getStrides());
  if (failed(begin) || failed(end) || failed(strides)) {
    emitLoweringError(op) << "expects 'begin' and 'end' of known length and constant 'strides'";
    return failure();
  }
  if (failed(requirePlain(op, op.getX())))
    return failure();
  return SliceSpec{*begin,
                   *end,
                   *strides,
                   op.getBeginMask(),
                   op.getEndMask(),
                   op.getEllipsisMask(),
                   op.getNewAxisMask(),
                   op.getShrinkAxisMask()};
}

static LogicalResult lowerStridedSlice(ge::StridedSliceOp op, Emitter &b) {
  FailureOr<SliceSpec> spec = readSpec(op, b);
  if (failed(spec))
    return failure();
  Tensor x = b.get(op.getX());
  Part part = wholeOf(x);
  int64_t named = 0;
  for (size_t index = 0; index < spec->begin.size(); ++index)
    named += !SliceSpec::has(spec->ellipsisMask, index) && !SliceSpec::has(spec->newAxisMask, index);
  int64_t dim = 0;
  for (size_t index = 0; index < spec->begin.size(); ++index) {
    if (SliceSpec::has(spec->ellipsisMask, index)) {
      dim += x.rank() - named;
    } else if (!SliceSpec::has(spec->newAxisMask, index)) {
      if (dim >= x.rank())
        return emitLoweringError(op) << "expects at most " << x.rank() << " dimensions, but got more";
      applySpec(op, b, part, *spec, index, dim, x.dim(dim));
      ++dim;
    }
  }
  setPart(b, op.getY(), x, part);
  return success();
}

static LogicalResult lowerStridedSliceV2(ge::StridedSliceV2Op op, Emitter &b) {
  FailureOr<SliceSpec> spec = readSpec(op, b);
  if (failed(spec))
    return failure();
  Tensor x = b.get(op.getX());
  Part part = wholeOf(x);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, spec->begin.size()));
  if (op.getAxes()) {
    FailureOr<SmallVector<int64_t>> given = Emitter::getInts(op.getAxes());
    if (failed(given) || given->size() != spec->begin.size())
      return emitLoweringError(op) << "expects constant 'axes', as many as 'begin'";
    axes = *given;
  }
  for (auto [index, axis] : llvm::enumerate(axes)) {
    int64_t dim = axis < 0 ? axis + x.rank() : axis;
    applySpec(op, b, part, *spec, index, dim, x.dim(dim));
  }
  setPart(b, op.getY(), x, part);
  return success();
}

void gemlir::lowering::populateSlice(LoweringTable &table) {
  table.add(lowerSplitEqual);
  table.add(lowerSplitV);
  table.add(lowerUnpack);
  table.add(lowerSlice);
  table.add(lowerStridedSlice);
  table.add(lowerStridedSliceV2);
}
