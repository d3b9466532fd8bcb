//===- LegalizeONNXMovement.cpp - reshapes, joins, slices, padding ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// A list that is an attribute before version `since` and input `slot` later.
/// False, perhaps with a failure, if it is absent.
bool readList(Node &n, const char *name, int64_t since, unsigned slot, Ints &values) {
  if (n.version() < since) {
    values = n.getInts(name);
    return n.hasAttr(name);
  }
  return n.has(slot) && n.needInts(n.in(slot), name, values);
}

void mapReshape(Node &n) {
  Value x = n.need(0);
  Ints dims;
  bool allowZero = n.getInt("allowzero", 0) != 0;
  // GE reads a 0 as the operand's dimension. With `allowzero` it is a size, so what is
  // read must not be one: a list of data may, sizes do not.
  if (x && n.version() >= 5 && n.isRead(n.in(1)) && (!allowZero || n.isShape(n.in(1))))
    return n.set(0, n.emit<ReshapeOp>(x, n.in(1)));
  if (!x || !n.typeOf(x) || !readList(n, "shape", 5, 1, dims))
    return (void)n.invalid("the new shape is missing");
  Ints shape = n.shapeOf(x), given = dims;
  int64_t known = 1, open = -1;
  for (auto [i, dim] : llvm::enumerate(dims)) {
    if (dim == 0 && !allowZero) {
      if (i >= shape.size())
        return (void)n.invalid("shape element " + Twine(i) + " is 0, but the input has rank " + Twine(shape.size()));
      dim = shape[i];
    } else if (dim < -1 || (dim == -1 && open >= 0)) {
      return (void)n.invalid("shape element " + Twine(i) + " is " + Twine(dim) + ", expected one -1 at most");
    } else if (dim == -1) {
      open = i;
      continue;
    }
    known = dim < 0 || known < 0 ? -1 : known * dim;
  }
  RankedTensorType type = n.typeOf(x);
  if (open >= 0 && type.hasStaticShape() && known > 0) {
    if (type.getNumElements() % known)
      return (void)n.invalid("cannot reshape " + Twine(type.getNumElements()) + " elements: they are no multiple of " +
                             Twine(known));
    dims[open] = type.getNumElements() / known;
  }
  // GE reads a 0 as the operand's dimension; an empty tensor is a constant anyway.
  bool isEmpty = !type.hasStaticShape() || type.getNumElements() == 0;
  if (allowZero && llvm::is_contained(dims, 0) && isEmpty && llvm::none_of(dims, [](int64_t dim) { return dim < 0; }))
    return n.set(0, n.splat(type.getElementType(), dims, 0));
  // Several dimensions of unknown size that stay where they are.
  if (!allowZero && llvm::count_if(dims, [](int64_t dim) { return dim < 0; }) > 1)
    return n.set(0, n.emit<ReshapeOp>(x, n.ints(given)));
  n.set(0, n.reshape(x, dims));
}

void mapSqueeze(Node &n) {
  Value x = n.need(0);
  Ints axes;
  bool given = readList(n, "axes", 13, 1, axes);
  if (!x || !n.typeOf(x) || n.hasFailed())
    return;
  Ints shape = n.shapeOf(x), result;
  bool isOpen = false; // whether the execution must check a size
  n.normalizeAxes(axes, shape.size());
  for (auto [i, dim] : llvm::enumerate(shape)) {
    bool drop = given ? llvm::is_contained(axes, int64_t(i)) : dim == 1;
    if (drop && dim != 1 && dim != ShapedType::kDynamic)
      return (void)n.invalid("dimension " + Twine(i) + " is " + Twine(dim) + ", expected 1");
    isOpen |= drop && dim == ShapedType::kDynamic;
    if (!drop)
      result.push_back(dim);
  }
  // Reshape takes one unknown dimension; more need the operator itself.
  if (isOpen || llvm::count(result, ShapedType::kDynamic) > 1)
    return n.set(0, n.emit<SqueezeOp>(x, ArrayRef<int64_t>(axes)));
  n.set(0, n.reshape(x, result));
}

void mapUnsqueeze(Node &n) {
  Value x = n.need(0);
  Ints axes;
  if (!x || !n.typeOf(x) || !readList(n, "axes", 13, 1, axes))
    return (void)n.invalid("axes are missing");
  Ints shape = n.shapeOf(x), result;
  int64_t rank = shape.size() + axes.size();
  if (!n.normalizeAxes(axes, rank))
    return;
  llvm::sort(axes);
  if (std::unique(axes.begin(), axes.end()) != axes.end())
    return (void)n.invalid("an axis is given twice");
  for (int64_t i = 0, next = 0; i < rank; ++i)
    result.push_back(llvm::is_contained(axes, i) ? 1 : shape[next++]);
  if (llvm::count(result, ShapedType::kDynamic) > 1)
    return n.set(0, n.emit<UnsqueezeOp>(x, ArrayRef<int64_t>(axes)));
  n.set(0, n.reshape(x, result));
}

void mapFlatten(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  int64_t rank = n.rank(x), axis = n.getInt("axis", 1);
  if (axis < -rank || axis > rank)
    return (void)n.invalid("axis " + Twine(axis) + " is out of range for rank " + Twine(rank));
  axis = axis < 0 ? axis + rank : axis;
  if (!n.typeOf(x).hasStaticShape())
    return n.set(0, n.emit<FlattenOp>(x, axis));
  int64_t rows = 1, columns = 1;
  for (auto [i, dim] : llvm::enumerate(n.shapeOf(x)))
    (int64_t(i) < axis ? rows : columns) *= dim;
  n.set(0, n.reshape(x, {rows, columns}));
}

void mapTranspose(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  int64_t rank = n.rank(x);
  Ints permutation = n.getInts("perm", llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank))));
  n.set(0, n.transpose(x, permutation));
}

void mapConcat(Node &n) {
  SmallVector<Value> parts;
  for (unsigned i = 0; i < n.numInputs(); ++i)
    parts.push_back(n.need(i));
  if (parts.empty() || !n.need(0) || !n.typeOf(parts[0]) || n.hasFailed())
    return (void)n.invalid("expected at least one input");
  int64_t axis = n.normalizeAxis(n.getInt("axis", 1), n.rank(parts[0]));
  // Exporters leave empty lists in shape arithmetic.
  llvm::erase_if(parts, [&](Value part) {
    Ints shape = n.shapeOf(part);
    return shape.size() == 1 && shape[0] == 0;
  });
  if (parts.empty())
    return n.set(0, n.in(0));
  n.set(0, n.concat(parts, axis));
}

/// Parts of a dimension of unknown size: all as long as the first, but the last if
/// the operator set allows it.
void splitEvenly(Node &n, Value x, int64_t axis) {
  int64_t parts = n.numOutputs();
  if (n.version() < 18) {
    SmallVector<Value> found = n.emitMany<SplitOp>(parts, n.intScalar(axis), x, parts);
    for (int64_t i = 0; i < parts; ++i)
      n.set(i, found[i]);
    return;
  }
  Dim size = n.dimsOf(x)[axis], each = ceilDiv(size, parts);
  for (int64_t i = 0; i < parts; ++i)
    if (n.isUsed(i))
      n.set(i, n.emit<StridedSliceV2Op>(x, n.sizes(n.getLegalizer().getShapes().min(each * i, size)),
                                        n.sizes(n.getLegalizer().getShapes().min(each * (i + 1), size)),
                                        Node::Optional{n.ints({axis})}, Node::Optional{n.ints({1})}));
}

void mapSplit(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x) || n.numOutputs() == 0)
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x)), parts = n.numOutputs();
  if (n.hasFailed() || n.rank(x) == 0)
    return;
  int64_t dim = n.shapeOf(x)[axis];
  Ints sizes;
  bool given = n.version() == 1 && n.has(1) ? n.needInts(n.in(1), "split", sizes) : readList(n, "split", 13, 1, sizes);
  if (n.hasFailed())
    return;
  if (!given && dim < 0)
    return splitEvenly(n, x, axis);
  if (!given) {
    int64_t each = (dim + parts - 1) / parts;
    for (int64_t i = 0, left = dim; i < parts; ++i, left -= sizes.back())
      sizes.push_back(std::max<int64_t>(0, std::min(each, left)));
  }
  if (int64_t(sizes.size()) != parts)
    return (void)n.invalid("split has " + Twine(sizes.size()) + " elements, but the node " + Twine(parts) + " outputs");
  if (dim >= 0 && std::accumulate(sizes.begin(), sizes.end(), int64_t(0)) != dim)
    return (void)n.invalid("split does not add up to the dimension, " + Twine(dim));
  int64_t begin = 0;
  // Slices of constants fold, and unused parts are never made.
  for (int64_t i = 0; i < parts; ++i, begin += sizes[i - 1])
    if (n.isUsed(i))
      n.set(i, n.sliceAxis(x, axis, begin, begin + sizes[i]));
}

/// Bounds may be read; which dimensions they are of and the steps decide what is
/// compiled.
void sliceAtRunTime(Node &n, Value x) {
  Ints bounds, axes, steps;
  if (!n.typeOf(x) || (!n.isRead(n.in(1)) && !n.needInts(n.in(1), "starts", bounds)) ||
      (!n.isRead(n.in(2)) && !n.needInts(n.in(2), "ends", bounds)) ||
      (n.has(3) && !n.needInts(n.in(3), "axes", axes)) || (n.has(4) && !n.needInts(n.in(4), "steps", steps)))
    return;
  if (llvm::is_contained(steps, 0))
    return (void)n.invalid("a step is 0");
  n.set(0, n.emit<StridedSliceV2Op>(x, n.in(1), n.in(2), Node::Optional{n.has(3) ? n.ints(axes) : Value()},
                                    Node::Optional{n.has(4) ? n.ints(steps) : Value()}));
}

void mapSlice(Node &n) {
  Value x = n.need(0);
  Ints starts, ends, axes, steps;
  if (x && n.version() >= 10 && (n.isRead(n.in(1)) || n.isRead(n.in(2))))
    return sliceAtRunTime(n, x);
  if (!x || !n.typeOf(x) || !readList(n, "starts", 10, 1, starts) || !readList(n, "ends", 10, 2, ends))
    return (void)n.invalid("starts or ends are missing");
  if (!readList(n, "axes", 10, 3, axes))
    axes = llvm::to_vector(llvm::seq<int64_t>(0, starts.size()));
  if (n.version() < 10 || !n.has(4) || !n.needInts(n.in(4), "steps", steps))
    steps = Ints(starts.size(), 1);
  Ints shape = n.shapeOf(x);
  if (!n.normalizeAxes(axes, shape.size()))
    return;
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    return (void)n.invalid("starts, ends, axes and steps have different lengths");
  // What counts from an end that is not known stays so.
  for (auto [axis, start, stop, step] : llvm::zip(axes, starts, ends, steps))
    if (shape[axis] < 0 && step != 0 && (step < 0 || start < 0 || stop < 0))
      return n.set(0, n.emit<StridedSliceV2Op>(x, n.ints(starts), n.ints(ends), Node::Optional{n.ints(axes)},
                                               Node::Optional{n.ints(steps)}));
  Ints begin(shape.size(), 0), end(shape), by(shape.size(), 1);
  for (int64_t &e : end)
    e = e < 0 ? INT64_MAX : e;
  for (auto [axis, start, stop, step] : llvm::zip(axes, starts, ends, steps)) {
    if (step == 0)
      return (void)n.invalid("a step is 0");
    int64_t dim = shape[axis];
    if (dim >= 0) {
      // Clamp as ONNX does, so that no operator below has to know the rule.
      auto place = [&](int64_t p, int64_t low, int64_t high) { return std::clamp(p < 0 ? p + dim : p, low, high); };
      start = step > 0 ? place(start, 0, dim) : place(start, 0, dim - 1);
      stop = step > 0 ? place(stop, 0, dim) : place(std::max(stop, -dim - 1), -1, dim - 1);
      if (step > 0 ? start >= stop : start <= stop || dim == 0) {
        start = stop = 0;
        step = 1;
      } else if (step < 0 && stop == -1) {
        // GE counts -1 from the end; only a place before it is before the first.
        stop = -dim - 1;
      }
    }
    begin[axis] = start;
    end[axis] = stop;
    by[axis] = step;
  }
  n.set(0, n.slice(x, begin, end, by));
}

void mapExpand(Node &n) {
  Value x = n.need(0);
  Ints target;
  if (x && n.typeOf(x) && n.isRead(n.in(1))) {
    Value shape = n.in(1);
    if (int64_t missing = n.rank(x) - n.shapeOf(shape)[0]; missing > 0)
      shape = n.concat({n.ints(Ints(missing, 1)), shape}, 0);
    return n.set(0, n.emit<BroadcastToOp>(x, shape));
  }
  if (!x || !n.typeOf(x) || !n.needInts(n.in(1), "shape", target))
    return;
  // Expand broadcasts both ways.
  Ints shape = n.shapeOf(x);
  while (target.size() < shape.size())
    target.insert(target.begin(), 1);
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t &dim = target[target.size() - shape.size() + i];
    if (dim == 1 && shape[i] >= 0)
      dim = shape[i];
  }
  n.set(0, n.broadcastTo(x, target));
}

void mapTile(Node &n) {
  Value x = n.need(0);
  Ints repeats;
  if (!x || !n.typeOf(x))
    return;
  if (n.version() < 6) {
    // Version 1: a number of tiles along one axis.
    int64_t tiles, axis;
    if (!n.needInt(n.in(1), "tiles", tiles) || !n.needInt(n.in(2), "axis", axis))
      return;
    repeats = Ints(n.rank(x), 1);
    axis = n.normalizeAxis(axis, n.rank(x));
    if (n.hasFailed() || repeats.empty())
      return;
    repeats[axis] = tiles;
  } else if (n.isRead(n.in(1))) {
    return n.set(0, n.emit<TileOp>(x, n.in(1)));
  } else if (!n.needInts(n.in(1), "repeats", repeats)) {
    return;
  }
  n.set(0, n.emit<TileOp>(x, n.ints(repeats)));
}

void mapPad(Node &n) {
  Value x = n.need(0), value = n.version() >= 11 ? n.in(2) : Value();
  Ints pads;
  const char *name = n.version() < 2 ? "paddings" : "pads";
  // Padding by sizes that are not known comes in ONNX's order.
  if (x && n.version() >= 11 && !n.has(3) && n.isRead(n.in(1))) {
    StringRef mode = n.getString("mode", "constant");
    if (mode != "constant")
      value = Value();
    if (value && n.rank(value) != 0)
      value = n.reshape(value, {});
    return n.set(0, n.emit<PadV3Op>(x, n.in(1), Node::Optional{value}, mode, false));
  }
  if (!x || !n.typeOf(x) || !readList(n, name, 11, 1, pads))
    return (void)n.invalid("pads are missing");
  int64_t rank = n.rank(x);
  Ints axes;
  if (!n.has(3) || !n.needInts(n.in(3), "axes", axes))
    axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (!n.normalizeAxes(axes, rank))
    return;
  if (pads.size() != 2 * axes.size())
    return (void)n.invalid("pads has " + Twine(pads.size()) + " elements, expected " + Twine(2 * axes.size()));
  Ints full(2 * rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    full[2 * axis] = pads[i];
    full[2 * axis + 1] = pads[axes.size() + i];
  }
  StringRef mode = n.getString("mode", "constant");
  if (!value && n.version() < 11)
    value = n.scalarLike(x, n.getFloat("value", 0));
  if (value && mode != "constant")
    value = Value();
  if (value && n.rank(value) != 0)
    value = n.reshape(value, {});
  if (llvm::all_of(full, [](int64_t pad) { return pad == 0; }))
    return n.set(0, x);
  n.set(0, n.emit<PadV3Op>(x, n.ints(full), Node::Optional{value}, mode, true));
}

void mapDepthToSpace(Node &n) {
  n.set(0, n.emit<DepthToSpaceOp>(n.need(0), n.getInt("blocksize", 1), n.getString("mode", "DCR"), StringRef("NCHW")));
}

/// In mode CRD the pixel's place in the block is the faster part of the channel.
void mapSpaceToDepth(Node &n) {
  Value x = n.need(0);
  int64_t block = n.getInt("blocksize", 1);
  if (n.getString("mode", "DCR") == "DCR")
    return n.set(0, n.emit<SpaceToDepthOp>(x, block, StringRef("NCHW")));
  if (!x || !n.needStatic(x))
    return;
  Ints s = n.shapeOf(x);
  if (s.size() != 4 || block <= 0 || s[2] % block || s[3] % block)
    return (void)n.invalid("blocksize is " + Twine(block) + ", expected a divisor of height and width");
  Value parts = n.reshape(x, {s[0], s[1], s[2] / block, block, s[3] / block, block});
  n.set(0, n.reshape(n.transpose(parts, {0, 1, 3, 5, 2, 4}), {s[0], s[1] * block * block, s[2] / block, s[3] / block}));
}

void mapReverseSequence(Node &n) {
  int64_t time = n.getInt("time_axis", 0), batch = n.getInt("batch_axis", 1);
  n.set(0, n.emit<ReverseSequenceOp>(n.need(0), n.need(1), time, batch));
}

void mapTrilu(Node &n) {
  Value x = n.need(0);
  int64_t k = 0;
  if (n.has(1) && !n.needInt(n.in(1), "k", k))
    return;
  n.set(0, n.getInt("upper", 1) ? n.emit<TriuOp>(x, k) : n.emit<TrilOp>(x, k));
}

/// Crops or pads each axis around its centre.
void mapCenterCropPad(Node &n) {
  Value x = n.need(0);
  Ints target;
  if (!x || !n.needStatic(x) || !n.needInts(n.in(1), "shape", target))
    return;
  Ints shape = n.shapeOf(x), axes = n.getInts("axes", llvm::to_vector(llvm::seq<int64_t>(0, shape.size())));
  if (!n.normalizeAxes(axes, shape.size()))
    return;
  if (axes.size() != target.size())
    return (void)n.invalid("shape has " + Twine(target.size()) + " elements, expected " + Twine(axes.size()));
  Ints pads(2 * shape.size(), 0), begin(shape.size(), 0), end(shape), ones(shape.size(), 1);
  for (auto [axis, size] : llvm::zip(axes, target)) {
    int64_t extra = size - shape[axis];
    if (extra >= 0) {
      pads[2 * axis] = extra / 2;
      pads[2 * axis + 1] = extra - extra / 2;
    } else {
      begin[axis] = -extra / 2;
      end[axis] = begin[axis] + size;
    }
  }
  Value cropped = n.slice(x, begin, end, ones);
  if (llvm::any_of(pads, [](int64_t pad) { return pad != 0; }))
    cropped = n.emit<PadV3Op>(cropped, n.ints(pads), Node::Optional{}, StringRef("constant"), true);
  n.set(0, cropped);
}

} // namespace

void mlir::ge::onnx::populateMovement(MappingTable &table) {
  table.add("Reshape", mapReshape);
  table.add("Squeeze", mapSqueeze);
  table.add("Unsqueeze", mapUnsqueeze);
  table.add("Flatten", mapFlatten);
  table.add("Transpose", mapTranspose);
  table.add("Concat", mapConcat);
  table.add("Split", mapSplit);
  table.add("Slice", mapSlice);
  table.add("Expand", mapExpand);
  table.add("Tile", mapTile);
  table.add("Pad", mapPad);
  table.add("DepthToSpace", mapDepthToSpace);
  table.add("SpaceToDepth", mapSpaceToDepth);
  table.add("ReverseSequence", mapReverseSequence);
  table.add("Trilu", mapTrilu);
  table.add("CenterCropPad", mapCenterCropPad);
}
