//===- Movement.cpp - operators that only move elements -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// Result element at each index is the operand's element at `from(index)`, or
/// `fill` (zero if null) where that is negative.
template <typename From>
void gatherInto(Tensor &result, const Tensor &x, From from, const Tensor *fill = nullptr) {
  SmallVector<int64_t> index(result.getRank(), 0);
  for (int64_t i = 0, e = result.size(); i < e; ++i) {
    int64_t at = from(ArrayRef<int64_t>(index));
    if (at >= 0)
      result.copyElement(i, x, at);
    else if (fill)
      result.copyElement(i, *fill, 0);
    next(index, result.getShape());
  }
}

LogicalResult transpose(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> perm = call.in(1).getInts(), shape, strides, own = getStrides(x.getShape());
  if (int64_t(perm.size()) != x.getRank())
    return call.error() << "expects a permutation of " << x.getRank() << " dimensions, but got " << perm.size();
  for (int64_t &axis : perm) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, x.getRank());
    if (failed(normalized))
      return failure();
    shape.push_back(x.getDim(*normalized));
    strides.push_back(own[*normalized]);
  }
  gatherInto(call.make(shape), x, [&](ArrayRef<int64_t> index) { return offset(index, strides); });
  return success();
}

LogicalResult join(Call &call, ArrayRef<Tensor> parts, int64_t axis) {
  SmallVector<int64_t> shape(parts.front().getShape());
  shape[axis] = 0;
  for (const Tensor &part : parts) {
    SmallVector<int64_t> other(part.getShape());
    shape[axis] += other[axis];
    other[axis] = shape[axis];
    if (other != shape)
      return call.error() << "expects operands that differ in dimension " << axis << " only";
  }
  Tensor &result = call.make(shape);
  int64_t inner = getSize(ArrayRef<int64_t>(shape).drop_front(axis + 1)), begin = 0;
  for (const Tensor &part : parts) {
    int64_t run = part.getDim(axis) * inner, pitch = shape[axis] * inner;
    for (int64_t i = 0, e = part.size(); i < e; ++i)
      result.copyElement(i / run * pitch + begin + i % run, part, i);
    begin += run;
  }
  return success();
}

LogicalResult concat(Call &call) {
  ArrayRef<Tensor> parts = call.operands.drop_back();
  if (parts.empty())
    return call.error() << "expects at least one part";
  FailureOr<int64_t> axis = normalizeAxis(call, call.operands.back().getInt(0), parts.front().getRank());
  return failed(axis) ? failure() : join(call, parts, *axis);
}

LogicalResult packTensors(Call &call) {
  if (call.operands.empty())
    return call.error() << "expects at least one part";
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("axis"), call.operands.front().getRank() + 1);
  if (failed(axis))
    return failure();
  SmallVector<Tensor> parts;
  for (const Tensor &operand : call.operands) {
    SmallVector<int64_t> shape(operand.getShape());
    shape.insert(shape.begin() + *axis, 1);
    parts.push_back(operand.reshaped(shape));
  }
  return join(call, parts, *axis);
}

/// Cuts `x` along `axis` into parts of the given extents.
LogicalResult cut(Call &call, const Tensor &x, int64_t axis, ArrayRef<int64_t> extents, bool dropAxis) {
  int64_t inner = getSize(x.getShape().drop_front(axis + 1)), pitch = x.getDim(axis) * inner, begin = 0;
  for (int64_t extent : extents) {
    SmallVector<int64_t> shape(x.getShape());
    shape[axis] = extent;
    if (dropAxis)
      shape.erase(shape.begin() + axis);
    Tensor &part = call.make(shape);
    int64_t run = extent * inner;
    for (int64_t i = 0, e = part.size(); i < e; ++i)
      part.copyElement(i, x, i / run * pitch + begin + i % run);
    begin += run;
  }
  return success();
}

LogicalResult unpackTensors(Call &call) {
  const Tensor &x = call.in(0);
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("axis"), x.getRank());
  if (failed(axis))
    return failure();
  return cut(call, x, *axis, SmallVector<int64_t>(x.getDim(*axis), 1), /*dropAxis=*/true);
}

LogicalResult split(Call &call) {
  const Tensor &x = call.in(1);
  FailureOr<int64_t> axis = normalizeAxis(call, call.in(0).getInt(0), x.getRank());
  if (failed(axis))
    return failure();
  int64_t count = call.intAttr("num_split");
  if (count <= 0 || x.getDim(*axis) % count != 0)
    return call.error() << "expects dimension " << *axis << " of size " << x.getDim(*axis) << " to divide into "
                        << count;
  return cut(call, x, *axis, SmallVector<int64_t>(count, x.getDim(*axis) / count), /*dropAxis=*/false);
}

LogicalResult splitV(Call &call) {
  const Tensor &x = call.in(0);
  FailureOr<int64_t> axis = normalizeAxis(call, call.in(2).getInt(0), x.getRank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> extents = call.in(1).getInts();
  int64_t known = 0;
  for (int64_t extent : extents)
    known += std::max<int64_t>(extent, 0);
  for (int64_t &extent : extents)
    if (extent < 0) {
      extent = x.getDim(*axis) - known;
      known = x.getDim(*axis);
    }
  if (known != x.getDim(*axis))
    return call.error() << "expects sizes that add up to " << x.getDim(*axis) << ", but got " << known;
  return cut(call, x, *axis, extents, /*dropAxis=*/false);
}

LogicalResult slice(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> begin = call.in(1).getInts(), shape = call.in(2).getInts(), strides = getStrides(x.getShape());
  if (int64_t(begin.size()) != x.getRank() || int64_t(shape.size()) != x.getRank())
    return call.error() << "expects " << x.getRank() << " offsets and sizes, but got " << begin.size() << " and "
                        << shape.size();
  for (int64_t i = 0; i < x.getRank(); ++i) {
    if (shape[i] < 0)
      shape[i] = x.getDim(i) - begin[i];
    if (begin[i] < 0 || shape[i] < 0 || begin[i] + shape[i] > x.getDim(i))
      return call.error() << "expects a slice within dimension " << i << " of size " << x.getDim(i) << ", but got ["
                          << begin[i] << ", " << begin[i] + shape[i] << ")";
  }
  int64_t base = offset(begin, strides);
  gatherInto(call.make(shape), x, [&](ArrayRef<int64_t> index) { return base + offset(index, strides); });
  return success();
}

/// Where a strided slice starts, steps and ends up.
struct StridedSlicer {
  int64_t base = 0;
  SmallVector<int64_t> steps, shape;
};

/// Adds one sliced dimension; a missing bound is the far end in the direction.
LogicalResult addSlice(Call &call, StridedSlicer &slicer, int64_t extent, int64_t pitch, std::optional<int64_t> begin,
                       std::optional<int64_t> end, int64_t step) {
  if (step == 0)
    return call.error() << "expects strides other than 0";
  auto clamp = [&](int64_t value) {
    value = value < 0 ? value + extent : value;
    return step > 0 ? std::clamp<int64_t>(value, 0, extent) : std::clamp<int64_t>(value, -1, extent - 1);
  };
  int64_t first = begin ? clamp(*begin) : (step > 0 ? 0 : extent - 1);
  int64_t last = end ? clamp(*end) : (step > 0 ? extent : -1);
  int64_t count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
  slicer.base += first * pitch;
  slicer.steps.push_back(step * pitch);
  slicer.shape.push_back(std::max<int64_t>(count, 0));
  return success();
}

/// A specification entry that takes one index and drops the dimension.
LogicalResult addIndex(Call &call, StridedSlicer &slicer, int64_t extent, int64_t pitch, int64_t at) {
  at = at < 0 ? at + extent : at;
  if (at < 0 || at >= extent)
    return call.error() << "expects an index within size " << extent << ", but got " << at;
  slicer.base += at * pitch;
  return success();
}

LogicalResult finish(Call &call, const StridedSlicer &slicer) {
  gatherInto(call.make(slicer.shape), call.in(0),
             [&](ArrayRef<int64_t> index) { return slicer.base + offset(index, slicer.steps); });
  return success();
}

LogicalResult stridedSlice(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> begin = call.in(1).getInts(), end = call.in(2).getInts(), strides = call.in(3).getInts();
  SmallVector<int64_t> pitches = getStrides(x.getShape());
  auto has = [&](StringRef mask, size_t i) { return (call.intAttr(mask) >> i & 1) != 0; };
  int64_t consumed = 0;
  for (size_t i = 0; i < begin.size(); ++i)
    consumed += !has("ellipsis_mask", i) && !has("new_axis_mask", i);
  StridedSlicer slicer;
  int64_t dim = 0;
  auto keep = [&] {
    slicer.steps.push_back(pitches[dim]);
    slicer.shape.push_back(x.getDim(dim++));
  };
  for (size_t i = 0; i < begin.size(); ++i) {
    if (has("ellipsis_mask", i)) {
      for (int64_t n = x.getRank() - consumed; n > 0; --n)
        keep();
      continue;
    }
    if (has("new_axis_mask", i)) {
      slicer.steps.push_back(0);
      slicer.shape.push_back(1);
      continue;
    }
    if (dim >= x.getRank())
      return call.error() << "expects a specification of " << x.getRank() << " dimensions, but got more";
    int64_t step = i < strides.size() ? strides[i] : 1, extent = x.getDim(dim), pitch = pitches[dim];
    ++dim;
    std::optional<int64_t> first, last;
    if (!has("begin_mask", i))
      first = begin[i];
    if (!has("end_mask", i))
      last = end[i];
    LogicalResult added = has("shrink_axis_mask", i) ? addIndex(call, slicer, extent, pitch, first.value_or(0))
                                                     : addSlice(call, slicer, extent, pitch, first, last, step);
    if (failed(added))
      return failure();
  }
  while (dim < x.getRank())
    keep();
  return finish(call, slicer);
}

/// Bounds per listed axis; the other dimensions are kept.
LogicalResult stridedSliceV2(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> begin = call.in(1).getInts(), end = call.in(2).getInts();
  const Tensor *axes = call.optional(3), *strides = call.optional(4);
  SmallVector<int64_t> entry(x.getRank(), -1), pitches = getStrides(x.getShape());
  for (size_t i = 0; i < begin.size(); ++i) {
    FailureOr<int64_t> axis = normalizeAxis(call, axes ? axes->getInt(i) : int64_t(i), x.getRank());
    if (failed(axis))
      return failure();
    entry[*axis] = i;
  }
  StridedSlicer slicer;
  for (int64_t d = 0; d < x.getRank(); ++d) {
    std::optional<int64_t> first, last;
    int64_t step = 1, i = entry[d];
    if (i >= 0 && !(call.intAttr("begin_mask") >> i & 1))
      first = begin[i];
    if (i >= 0 && !(call.intAttr("end_mask") >> i & 1))
      last = end[i];
    if (i >= 0 && strides)
      step = strides->getInt(i);
    bool shrink = i >= 0 && (call.intAttr("shrink_axis_mask") >> i & 1);
    LogicalResult added = shrink ? addIndex(call, slicer, x.getDim(d), pitches[d], first.value_or(0))
                                 : addSlice(call, slicer, x.getDim(d), pitches[d], first, last, step);
    if (failed(added))
      return failure();
  }
  return finish(call, slicer);
}

LogicalResult tile(Call &call) {
  Tensor x = call.in(0);
  SmallVector<int64_t> multiples = call.in(1).getInts(), shape(x.getShape());
  // Missing leading dimensions count as 1, on either side.
  if (multiples.size() > shape.size())
    shape.insert(shape.begin(), multiples.size() - shape.size(), 1);
  multiples.insert(multiples.begin(), shape.size() - multiples.size(), 1);
  SmallVector<int64_t> extents = shape, strides = getStrides(shape);
  for (size_t i = 0; i < shape.size(); ++i)
    shape[i] *= multiples[i];
  gatherInto(call.make(shape), x, [&](ArrayRef<int64_t> index) {
    int64_t at = 0;
    for (size_t i = 0; i < index.size(); ++i)
      at += index[i] % extents[i] * strides[i];
    return at;
  });
  return success();
}

LogicalResult broadcastTo(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> target = call.in(1).getInts();
  int64_t lead = int64_t(target.size()) - x.getRank();
  for (auto [i, dim] : llvm::enumerate(target))
    if (dim == -1 && int64_t(i) >= lead)
      dim = x.getDim(i - lead);
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(call, {x.getShape(), target});
  if (failed(shape))
    return failure();
  SmallVector<int64_t> strides = broadcastStrides(x.getShape(), *shape);
  gatherInto(call.make(*shape), x, [&](ArrayRef<int64_t> index) { return offset(index, strides); });
  return success();
}

enum class PadMode { Constant, Reflect, Symmetric, Edge, Wrap };

/// The source index of position `i` before or behind `extent` elements, -1 for
/// the fill value.
int64_t padIndex(PadMode mode, int64_t i, int64_t extent) {
  if (i >= 0 && i < extent)
    return i;
  if (extent == 0)
    return -1;
  int64_t period = extent;
  switch (mode) {
  case PadMode::Constant: return -1;
  case PadMode::Edge: return i < 0 ? 0 : extent - 1;
  case PadMode::Wrap: return ((i % extent) + extent) % extent;
  case PadMode::Reflect:
    if (extent == 1)
      return 0;
    period = 2 * (extent - 1);
    i = ((i % period) + period) % period;
    return i < extent ? i : period - i;
  case PadMode::Symmetric:
    period = 2 * extent;
    i = ((i % period) + period) % period;
    return i < extent ? i : period - 1 - i;
  }
  return -1;
}

LogicalResult padWith(Call &call, ArrayRef<int64_t> before, ArrayRef<int64_t> after, PadMode mode, const Tensor *fill) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> shape, strides = getStrides(x.getShape());
  for (int64_t i = 0; i < x.getRank(); ++i)
    shape.push_back(std::max<int64_t>(0, before[i] + x.getDim(i) + after[i]));
  gatherInto(
      call.make(shape), x,
      [&](ArrayRef<int64_t> index) {
        int64_t at = 0;
        for (size_t i = 0; i < index.size(); ++i) {
          int64_t from = padIndex(mode, index[i] - before[i], x.getDim(i));
          if (from < 0)
            return int64_t(-1);
          at += from * strides[i];
        }
        return at;
      },
      fill);
  return success();
}

LogicalResult readPaddings(Call &call, bool contiguous, SmallVector<int64_t> &before, SmallVector<int64_t> &after) {
  SmallVector<int64_t> paddings = call.in(1).getInts();
  int64_t rank = call.in(0).getRank();
  if (int64_t(paddings.size()) != 2 * rank)
    return call.error() << "expects " << 2 * rank << " paddings, but got " << paddings.size();
  for (int64_t i = 0; i < rank; ++i) {
    before.push_back(paddings[contiguous ? 2 * i : i]);
    after.push_back(paddings[contiguous ? 2 * i + 1 : rank + i]);
  }
  return success();
}

LogicalResult padV3(Call &call) {
  SmallVector<int64_t> before, after;
  if (failed(readPaddings(call, call.boolAttr("paddings_contiguous"), before, after)))
    return failure();
  StringRef name = call.strAttr("mode");
  PadMode mode = name == "reflect"                      ? PadMode::Reflect
                 : name == "symmetric"                  ? PadMode::Symmetric
                 : name == "edge"                       ? PadMode::Edge
                 : name == "wrap" || name == "circular" ? PadMode::Wrap
                                                        : PadMode::Constant;
  return padWith(call, before, after, mode, call.optional(2));
}

LogicalResult mirrorPad(Call &call) {
  SmallVector<int64_t> before, after;
  if (failed(readPaddings(call, /*contiguous=*/true, before, after)))
    return failure();
  return padWith(call, before, after, call.strAttr("mode") == "REFLECT" ? PadMode::Reflect : PadMode::Symmetric,
                 nullptr);
}

LogicalResult reverse(Call &call) {
  const Tensor &x = call.in(0);
  SmallVector<int64_t> axes = call.in(1).getInts(), strides = getStrides(x.getShape());
  int64_t base = 0;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, x.getRank());
    if (failed(normalized))
      return failure();
    base += (x.getDim(*normalized) - 1) * strides[*normalized];
    strides[*normalized] = -strides[*normalized];
  }
  gatherInto(call.make(x.getShape()), x, [&](ArrayRef<int64_t> index) { return base + offset(index, strides); });
  return success();
}

LogicalResult reverseSequence(Call &call) {
  const Tensor &x = call.in(0), &lengths = call.in(1);
  FailureOr<int64_t> batch = normalizeAxis(call, call.intAttr("batch_dim"), x.getRank());
  FailureOr<int64_t> seq = normalizeAxis(call, call.intAttr("seq_dim"), x.getRank());
  if (failed(batch) || failed(seq))
    return failure();
  SmallVector<int64_t> strides = getStrides(x.getShape());
  gatherInto(call.make(x.getShape()), x, [&](ArrayRef<int64_t> index) {
    int64_t length = lengths.getInt(index[*batch]), at = offset(index, strides);
    return index[*seq] < length ? at + (length - 1 - 2 * index[*seq]) * strides[*seq] : at;
  });
  return success();
}

/// The dimensions of a 4-D image by meaning.
struct Image {
  int64_t c, h, w;
};
Image imageDims(Call &call) { return call.strAttr("data_format") == "NCHW" ? Image{1, 2, 3} : Image{3, 1, 2}; }

/// Between a channel and (block row, block column, rest): CRD puts the rest first.
LogicalResult depthToSpace(Call &call) {
  const Tensor &x = call.in(0);
  int64_t block = call.intAttr("block_size");
  auto [c, h, w] = imageDims(call);
  if (x.getRank() != 4 || block < 1 || x.getDim(c) % (block * block) != 0)
    return call.error() << "expects a 4-D operand whose channels divide by 'block_size' squared";
  bool crd = call.strAttr("mode") == "CRD";
  SmallVector<int64_t> shape(x.getShape()), strides = getStrides(shape);
  shape[c] /= block * block;
  shape[h] *= block;
  shape[w] *= block;
  int64_t depth = shape[c];
  gatherInto(call.make(shape), x, [&, c = c, h = h, w = w](ArrayRef<int64_t> index) {
    SmallVector<int64_t> from(index);
    int64_t cell = index[h] % block * block + index[w] % block;
    from[h] = index[h] / block;
    from[w] = index[w] / block;
    from[c] = crd ? index[c] * block * block + cell : cell * depth + index[c];
    return offset(from, strides);
  });
  return success();
}

LogicalResult spaceToDepth(Call &call) {
  const Tensor &x = call.in(0);
  int64_t block = call.intAttr("block_size");
  auto [c, h, w] = imageDims(call);
  if (x.getRank() != 4 || block < 1 || x.getDim(h) % block != 0 || x.getDim(w) % block != 0)
    return call.error() << "expects a 4-D operand whose height and width divide by 'block_size'";
  SmallVector<int64_t> shape(x.getShape()), strides = getStrides(shape);
  int64_t depth = shape[c];
  shape[c] *= block * block;
  shape[h] /= block;
  shape[w] /= block;
  gatherInto(call.make(shape), x, [&, c = c, h = h, w = w](ArrayRef<int64_t> index) {
    SmallVector<int64_t> from(index);
    int64_t cell = index[c] / depth;
    from[c] = index[c] % depth;
    from[h] = index[h] * block + cell / block;
    from[w] = index[w] * block + cell % block;
    return offset(from, strides);
  });
  return success();
}

} // namespace

void gemlir::interp::registerMovement(Registry &registry) {
  registry["transpose"] = transpose;
  registry["concat_v2"] = concat;
  registry["pack"] = packTensors;
  registry["unpack"] = unpackTensors;
  registry["split"] = split;
  registry["split_v"] = splitV;
  registry["slice"] = slice;
  registry["strided_slice"] = stridedSlice;
  registry["strided_slice_v2"] = stridedSliceV2;
  registry["tile"] = tile;
  registry["broadcast_to"] = broadcastTo;
  registry["pad_v3"] = padV3;
  registry["mirror_pad"] = mirrorPad;
  registry["reverse_v2"] = reverse;
  registry["reverse_sequence"] = reverseSequence;
  registry["depth_to_space"] = depthToSpace;
  registry["space_to_depth"] = spaceToDepth;
}
