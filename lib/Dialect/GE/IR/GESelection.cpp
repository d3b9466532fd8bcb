//===- GESelection.cpp - inference of slices, gathers and selections ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dims.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  FailureOr<int64_t> nOffsets = infer.vectorSize(op.getOffsets(), "offsets"),
                     nSize = infer.vectorSize(op.getSize(), "size");
  if (failed(nOffsets) || failed(nSize))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  int64_t rank = dims ? int64_t(dims->size()) : isDynamic(*nSize) ? *nOffsets : *nSize;
  // C1
  if (differ(*nOffsets, rank) || differ(*nSize, rank))
    return infer.error("expects 'offsets' and 'size' to have an element for each of ", dimText(rank),
                       " dimensions, but got ", dimText(*nOffsets), " and ", dimText(*nSize));
  if (isDynamic(rank))
    return infer.plain(results, element, std::nullopt);
  auto offsets = getConstantInts(op.getOffsets()), sizes = getConstantInts(op.getSize());
  Dims result(rank, kDynamic);
  for (int64_t i = 0; i < rank; ++i) {
    int64_t dim = dims ? (*dims)[i] : kDynamic;
    int64_t offset = offsets ? (*offsets)[i] : kDynamic, size = sizes ? (*sizes)[i] : kDynamic;
    bool rest = sizes && size == -1;
    if (!rest)
      result[i] = size;
    else if (!isDynamic(dim) && !isDynamic(offset))
      result[i] = dim - offset;
    // C2
    if ((offsets && offset < 0) || (sizes && size < -1) || (!isDynamic(result[i]) && result[i] < 0) ||
        (offsets && !isDynamic(dim) && offset + std::max<int64_t>(isDynamic(result[i]) ? 0 : result[i], 0) > dim))
      return infer.error("expects a box inside ", dims ? dimsText(*dims) : "the operand", ", but got offset ",
                         dimText(offset), " and size ", dimText(size), " in dimension ", i);
  }
  return infer.plain(results, element, result);
}

namespace {
/// The sliced dimension of one element of begin, end and strides.
struct SliceSpec {
  std::optional<int64_t> begin, end, stride;
  bool beginOpen, endOpen;
};
} // namespace

/// How many elements a strided slice takes of a dimension.
static int64_t sliceLength(int64_t dim, const SliceSpec &spec) {
  if (!spec.stride || isDynamic(dim) || (!spec.beginOpen && !spec.begin) || (!spec.endOpen && !spec.end))
    return kDynamic;
  int64_t stride = *spec.stride, low = stride > 0 ? 0 : -1, high = stride > 0 ? dim : dim - 1;
  auto place = [&](int64_t at) { return std::clamp(at < 0 ? at + dim : at, low, high); };
  int64_t begin = spec.beginOpen ? (stride > 0 ? low : high) : place(*spec.begin);
  int64_t end = spec.endOpen ? (stride > 0 ? high : low) : place(*spec.end);
  int64_t span = stride > 0 ? end - begin : begin - end;
  return span <= 0 ? 0 : llvm::divideCeil(span, std::abs(stride));
}

static LogicalResult checkStrides(Inference &infer, const std::optional<SmallVector<int64_t>> &strides) {
  if (strides && llvm::is_contained(*strides, 0))
    return infer.error("expects 'strides' without zeros, but got ", dimsText(*strides));
  return success();
}

/// The length that some vector operands share, or kDynamic.
static FailureOr<int64_t> commonLength(Inference &infer, ArrayRef<std::pair<Value, StringRef>> vectors) {
  int64_t length = kDynamic;
  for (auto [value, name] : vectors) {
    if (!value)
      continue;
    FailureOr<int64_t> size = infer.vectorSize(value, name);
    if (failed(size))
      return failure();
    if (differ(length, *size))
      return infer.error("expects '", vectors.front().second, "' and '", name, "' of one length, but got ", length,
                         " and ", *size);
    if (isDynamic(length))
      length = *size;
  }
  return length;
}

LogicalResult StridedSliceOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  // C1
  FailureOr<int64_t> length =
      commonLength(infer, {{op.getBegin(), "begin"}, {op.getEnd(), "end"}, {op.getStrides(), "strides"}});
  if (failed(length))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  // C4
  uint64_t ellipsis = op.getEllipsisMask(), newAxis = op.getNewAxisMask(), shrink = op.getShrinkAxisMask();
  if (llvm::popcount(ellipsis) > 1)
    return infer.error("expects 'ellipsis_mask' with at most one bit, but got ", op.getEllipsisMask());
  auto begin = getConstantInts(op.getBegin()), end = getConstantInts(op.getEnd()),
       strides = getConstantInts(op.getStrides());
  // C2
  if (failed(checkStrides(infer, strides)))
    return failure();
  if (!dims || isDynamic(*length) || *length > 63)
    return infer.plain(results, element, std::nullopt);

  auto bit = [](uint64_t mask, int64_t i) { return bool(mask >> i & 1); };
  int64_t rank = dims->size(), named = 0;
  for (int64_t i = 0; i < *length; ++i)
    named += !bit(ellipsis, i) && !bit(newAxis, i);
  // C3
  if (named > rank)
    return infer.error("expects slices of at most ", rank, " dimensions, but got ", named);
  Dims result;
  int64_t from = 0;
  for (int64_t i = 0; i < *length; ++i) {
    if (bit(ellipsis, i)) {
      for (int64_t n = rank - named; n > 0; --n)
        result.push_back((*dims)[from++]);
    } else if (bit(newAxis, i)) {
      result.push_back(1);
    } else if (bit(shrink, i)) {
      int64_t dim = (*dims)[from++];
      // C5
      if (begin && !isDynamic(dim) && ((*begin)[i] < -dim || (*begin)[i] >= dim))
        return infer.error("expects an index in [", -dim, ", ", dim, ") where 'shrink_axis_mask' takes one, but got ",
                           (*begin)[i]);
    } else {
      auto at = [&](const auto &list) { return list ? std::optional<int64_t>((*list)[i]) : std::nullopt; };
      result.push_back(sliceLength(
          (*dims)[from++], {at(begin), at(end), at(strides), bit(op.getBeginMask(), i), bit(op.getEndMask(), i)}));
    }
  }
  result.append(dims->begin() + from, dims->end());
  return infer.plain(results, element, result);
}

LogicalResult StridedSliceV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  // C1
  FailureOr<int64_t> length = commonLength(
      infer, {{op.getBegin(), "begin"}, {op.getEnd(), "end"}, {op.getAxes(), "axes"}, {op.getStrides(), "strides"}});
  if (failed(length))
    return failure();
  if (op.getEllipsisMask() || op.getNewAxisMask() || op.getShrinkAxisMask())
    return infer.error("expects no 'ellipsis_mask', 'new_axis_mask' and 'shrink_axis_mask'");
  auto begin = getConstantInts(op.getBegin()), end = getConstantInts(op.getEnd()),
       strides = getConstantInts(op.getStrides()), axes = getConstantInts(op.getAxes());
  // C2
  if (failed(checkStrides(infer, strides)))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims)
    return infer.plain(results, element, std::nullopt);
  if ((op.getAxes() && !axes) || isDynamic(*length))
    return infer.plain(results, element, Dims(dims->size(), kDynamic));
  if (!op.getAxes())
    axes = llvm::to_vector(llvm::seq<int64_t>(0, *length));
  // C3
  FailureOr<SmallVector<int64_t>> places = infer.axes(*axes, dims->size(), "axes");
  if (failed(places))
    return failure();
  for (auto [i, place] : llvm::enumerate(*places)) {
    auto at = [&, i = i](const auto &list) { return list ? std::optional<int64_t>((*list)[i]) : std::nullopt; };
    SliceSpec spec{at(begin), at(end), op.getStrides() ? at(strides) : 1, bool(op.getBeginMask() >> i & 1),
                   bool(op.getEndMask() >> i & 1)};
    (*dims)[place] = sliceLength((*dims)[place], spec);
  }
  return infer.plain(results, element, dims);
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

LogicalResult GatherV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  // C1
  FailureOr<std::optional<int64_t>> constant = infer.scalar(op.getAxis(), "axis");
  if (failed(constant))
    return failure();
  MaybeDims x = Inference::dims(op.getX()), indices = Inference::dims(op.getIndices());
  if (!x || !indices)
    return infer.plain(results, element, std::nullopt);
  int64_t batch = op.getBatchDims();
  if (batch < 0)
    batch += indices->size();
  // C2
  if (batch < 0 || batch > int64_t(indices->size()) || batch >= std::max<int64_t>(x->size(), 1))
    return infer.error("expects 'batch_dims' inside the dimensions of 'x' and 'indices', but got ", op.getBatchDims());
  if (!*constant)
    return infer.plain(results, element, Dims(x->size() - 1 + indices->size() - batch, kDynamic));
  FailureOr<int64_t> axis = infer.axis(**constant, x->size(), "axis");
  if (failed(axis))
    return failure();
  if (*axis < batch)
    return infer.error("expects 'axis' not below 'batch_dims', but got ", *axis, " and ", batch);
  // C3
  for (int64_t i = 0; i < batch; ++i)
    if (differ((*x)[i], (*indices)[i]))
      return infer.error("expects common leading dimensions, but got shapes ", dimsText(*x), " and ",
                         dimsText(*indices));
  Dims result(x->begin(), x->begin() + *axis);
  result.append(indices->begin() + batch, indices->end());
  result.append(x->begin() + *axis + 1, x->end());
  return infer.plain(results, element, result);
}

/// The shape of slices that tuples in the last dimension of `indices` name.
static FailureOr<MaybeDims> tupleSlices(Inference &infer, const MaybeDims &x, const MaybeDims &indices) {
  if (!x || !indices)
    return MaybeDims();
  if (indices->empty() || (!isDynamic(indices->back()) && indices->back() > int64_t(x->size())))
    return infer.error("expects 'indices' with tuples of at most ", x->size(), " elements, but got shape ",
                       dimsText(*indices));
  if (isDynamic(indices->back()))
    return MaybeDims();
  Dims result(indices->begin(), indices->end() - 1);
  result.append(x->begin() + indices->back(), x->end());
  return MaybeDims(result);
}

LogicalResult GatherNdOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<MaybeDims> dims = tupleSlices(infer, Inference::dims(op.getX()), Inference::dims(op.getIndices()));
  if (failed(dims))
    return failure();
  return infer.plain(results, Inference::elementType(op.getX()), *dims);
}

LogicalResult GatherElementsOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  MaybeDims x = Inference::dims(op.getX()), index = Inference::dims(op.getIndex());
  // C1
  if (x && index && x->size() != index->size())
    return infer.error("expects 'x' and 'index' of one rank, but got shapes ", dimsText(*x), " and ", dimsText(*index));
  // C2
  if (x && failed(infer.axis(op.getDim(), x->size(), "dim")))
    return failure();
  return infer.plain(results, Inference::elementType(op.getX()), index);
}

LogicalResult ScatterElementsOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  MaybeDims data = Inference::dims(op.getData()), indices = Inference::dims(op.getIndices()),
            updates = Inference::dims(op.getUpdates());
  // C1
  if (failed(infer.checkSameElementTypes(ValueRange{op.getData(), op.getUpdates()})))
    return failure();
  if (indices && updates && failed(verifyCompatibleShape(*indices, *updates)))
    return infer.error("expects 'indices' and 'updates' of one shape, but got ", dimsText(*indices), " and ",
                       dimsText(*updates));
  if (data && indices && data->size() != indices->size())
    return infer.error("expects 'data' and 'indices' of one rank, but got shapes ", dimsText(*data), " and ",
                       dimsText(*indices));
  // C2
  if (data && failed(infer.axis(op.getAxis(), data->size(), "axis")))
    return failure();
  // C3
  if (failed(infer.checkOneOf("reduction", op.getReduction(), {"none", "add", "mul", "max", "min"})))
    return failure();
  return infer.unary(results);
}

LogicalResult TensorScatterUpdateOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(ValueRange{op.getX(), op.getUpdates()})))
    return failure();
  // C2
  FailureOr<MaybeDims> dims = tupleSlices(infer, Inference::dims(op.getX()), Inference::dims(op.getIndices()));
  if (failed(dims))
    return failure();
  // C3
  MaybeDims updates = Inference::dims(op.getUpdates());
  if (*dims && updates && failed(verifyCompatibleShape(**dims, *updates)))
    return infer.error("expects 'updates' of shape ", dimsText(**dims), ", but got ", dimsText(*updates));
  return infer.unary(results);
}

LogicalResult ScatterNdOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<int64_t> rank = infer.vectorSize(op.getShape(), "shape");
  if (failed(rank))
    return failure();
  MaybeDims shape;
  if (auto constant = getConstantInts(op.getShape()))
    shape = Dims(*constant);
  else if (!isDynamic(*rank))
    shape = Dims(*rank, kDynamic);
  // C2
  FailureOr<MaybeDims> slices = tupleSlices(infer, shape, Inference::dims(op.getIndices()));
  if (failed(slices))
    return failure();
  MaybeDims x = Inference::dims(op.getX());
  if (*slices && x && failed(verifyCompatibleShape(**slices, *x)))
    return infer.error("expects 'x' of shape ", dimsText(**slices), ", but got ", dimsText(*x));
  return infer.plain(results, Inference::elementType(op.getX()), shape);
}

//===----------------------------------------------------------------------===//
// Repetition and padding
//===----------------------------------------------------------------------===//

LogicalResult TileOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  FailureOr<int64_t> size = infer.vectorSize(op.getMultiples(), "multiples");
  if (failed(size))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims || isDynamic(*size))
    return infer.plain(results, element, std::nullopt);
  // C1
  auto multiples = getConstantInts(op.getMultiples());
  if (*size < int64_t(dims->size()) || (multiples && llvm::any_of(*multiples, [](int64_t n) { return n < 0; })))
    return infer.error("expects 'multiples' with a non-negative element for each of ", dims->size(),
                       " dimensions, but got ", multiples ? dimsText(*multiples) : std::to_string(*size));
  dims->insert(dims->begin(), *size - dims->size(), 1);
  for (auto [i, dim] : llvm::enumerate(*dims))
    dim = !multiples || isDynamic(dim) ? kDynamic : dim * (*multiples)[i];
  return infer.plain(results, element, dims);
}

LogicalResult BroadcastToOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  FailureOr<int64_t> size = infer.vectorSize(op.getShape(), "shape");
  if (failed(size))
    return failure();
  if (isDynamic(*size))
    return infer.plain(results, element, std::nullopt);
  MaybeDims x = Inference::dims(op.getX());
  // C1
  auto shape = getConstantInts(op.getShape());
  if ((x && int64_t(x->size()) > *size) || (shape && llvm::any_of(*shape, [](int64_t dim) { return dim < -1; })))
    return infer.error("expects 'shape' with an element for each of ", x ? x->size() : 0, " dimensions, but got ",
                       shape ? dimsText(*shape) : std::to_string(*size));
  if (!shape)
    return infer.plain(results, element, Dims(*size, kDynamic));
  // A -1 leaves the dimension of the operand, as GE does.
  llvm::replace(*shape, int64_t(-1), int64_t(1));
  if (!x) {
    // Where the shape has a 1, the operand's dimension counts.
    llvm::replace(*shape, int64_t(1), kDynamic);
    return infer.plain(results, element, Dims(*shape));
  }
  // C2
  MaybeDims dims = broadcastDims(*shape, *x);
  if (!dims)
    return infer.error("expects 'shape' to which ", dimsText(*x), " broadcasts, but got ", dimsText(*shape));
  return infer.plain(results, element, dims);
}

/// The shape after paddings of (before, after) pairs, or all before then all after.
static FailureOr<MaybeDims> paddedDims(Inference &infer, Value x, Value paddings, bool pairs, bool mayCrop) {
  MaybeDims dims = Inference::dims(x);
  if (!dims)
    return MaybeDims();
  int64_t rank = dims->size(), count = kDynamic;
  if (MaybeDims shape = Inference::dims(paddings))
    if (llvm::none_of(*shape, isDynamic))
      count = ShapedType::getNumElements(*shape);
  if (differ(count, 2 * rank))
    return infer.error("expects 'paddings' with two elements for each of ", rank, " dimensions, but got ", count);
  auto constant = getConstantInts(paddings);
  if (!constant)
    return MaybeDims(Dims(rank, kDynamic));
  for (int64_t i = 0; i < rank; ++i) {
    int64_t before = (*constant)[pairs ? 2 * i : i], after = (*constant)[pairs ? 2 * i + 1 : rank + i];
    if (!mayCrop && (before < 0 || after < 0))
      return infer.error("expects 'paddings' without negative elements, but got ", dimsText(*constant));
    int64_t &dim = (*dims)[i];
    if (isDynamic(dim))
      continue;
    dim += before + after;
    if (dim < 0)
      return infer.error("expects 'paddings' that leave a result, but got ", dimsText(*constant));
  }
  return dims;
}

LogicalResult PadV3Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<MaybeDims> dims = paddedDims(infer, op.getX(), op.getPaddings(), op.getPaddingsContiguous(), true);
  // C2
  if (failed(dims) ||
      failed(infer.checkOneOf("mode", op.getMode(), {"constant", "reflect", "edge", "symmetric", "wrap"})))
    return failure();
  // C3
  if (Value value = op.getConstantValues())
    if (failed(infer.checkOneElement(value, "constant_values")) ||
        failed(infer.checkSameElementTypes(ValueRange{op.getX(), value})))
      return failure();
  return infer.plain(results, Inference::elementType(op.getX()), *dims);
}

LogicalResult MirrorPadOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<MaybeDims> dims = paddedDims(infer, op.getX(), op.getPaddings(), true, false);
  // C2
  if (failed(dims) || failed(infer.checkOneOf("mode", op.getMode(), {"REFLECT", "SYMMETRIC"})))
    return failure();
  return infer.plain(results, Inference::elementType(op.getX()), *dims);
}

LogicalResult ReverseV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  auto axes = getConstantInts(op.getAxis());
  MaybeDims dims = Inference::dims(op.getX());
  if (failed(infer.vectorSize(op.getAxis(), "axis")) ||
      (dims && axes && failed(infer.axes(*axes, dims->size(), "axis"))))
    return failure();
  return infer.unary(results);
}

LogicalResult ReverseSequenceOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  if (MaybeDims dims = Inference::dims(op.getX())) {
    // C1
    FailureOr<int64_t> sequence = infer.axis(op.getSeqDim(), dims->size(), "seq_dim");
    FailureOr<int64_t> batch = infer.axis(op.getBatchDim(), dims->size(), "batch_dim");
    if (failed(sequence) || failed(batch))
      return failure();
    if (*sequence == *batch)
      return infer.error("expects 'seq_dim' and 'batch_dim' to differ, but got ", *sequence);
    // C2
    FailureOr<int64_t> size = infer.vectorSize(op.getSeqLengths(), "seq_lengths");
    if (failed(size))
      return failure();
    if (differ(*size, (*dims)[*batch]))
      return infer.error("expects 'seq_lengths' to have ", (*dims)[*batch], " elements, but got ", *size);
  }
  return infer.unary(results);
}

//===----------------------------------------------------------------------===//
// Made-up tensors
//===----------------------------------------------------------------------===//

LogicalResult OneHotOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getOnValue());
  // C1
  FailureOr<std::optional<int64_t>> depth = infer.scalar(op.getDepth(), "depth");
  if (failed(depth))
    return failure();
  if (*depth && **depth < 0)
    return infer.error("expects 'depth' not to be negative, but got ", **depth);
  // C2
  if (failed(infer.checkOneElement(op.getOnValue(), "on_value")) ||
      failed(infer.checkOneElement(op.getOffValue(), "off_value")) ||
      failed(infer.checkSameElementTypes(ValueRange{op.getOnValue(), op.getOffValue()})))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims)
    return infer.plain(results, element, std::nullopt);
  // C3
  int64_t rank = dims->size(), axis = op.getAxis();
  if (axis < -1 || axis > rank)
    return infer.error("expects 'axis' in [-1, ", rank, "], but got ", axis);
  dims->insert(dims->begin() + (axis == -1 ? rank : axis), depth->value_or(kDynamic));
  return infer.plain(results, element, dims);
}

/// The value of a constant of one element as a double.
static std::optional<double> constantNumber(Value value) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || elements.getNumElements() != 1)
    return std::nullopt;
  if (isa<FloatType>(elements.getElementType())) {
    APFloat number = *elements.getValues<APFloat>().begin();
    bool ignored;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &ignored);
    return number.convertToDouble();
  }
  auto ints = getConstantInts(value);
  return ints ? std::optional<double>(double(ints->front())) : std::nullopt;
}

LogicalResult RangeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getStart());
  // C1
  if (failed(infer.checkSameElementTypes(infer.operands)) || failed(infer.checkOneElement(op.getStart(), "start")) ||
      failed(infer.checkOneElement(op.getLimit(), "limit")) || failed(infer.checkOneElement(op.getDelta(), "delta")))
    return failure();
  auto start = constantNumber(op.getStart()), limit = constantNumber(op.getLimit()),
       delta = constantNumber(op.getDelta());
  // C2
  if (delta && *delta == 0)
    return infer.error("expects 'delta' not to be 0");
  if (!start || !limit || !delta)
    return infer.plain(results, element, Dims{kDynamic});
  double steps = (*limit - *start) / *delta;
  if (!std::isfinite(steps) || steps > 1e15)
    return infer.error("expects finite 'start', 'limit' and 'delta', but got ", *start, ", ", *limit, " and ", *delta);
  int64_t count = op.getIsClosed() ? int64_t(std::floor(steps)) + 1 : int64_t(std::ceil(steps));
  return infer.plain(results, element, Dims{std::max<int64_t>(count, 0)});
}

LogicalResult TopKV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<std::optional<int64_t>> k = infer.scalar(op.getK(), "k");
  if (failed(k))
    return failure();
  // C3
  Type dtype = op.getIndicesDtype();
  if (!dtype.isSignlessInteger(32) && !dtype.isSignlessInteger(64))
    return infer.error("expects 'indices_dtype' to be i32 or i64, but got ", dtype);
  MaybeDims dims = Inference::dims(op.getX());
  if (dims) {
    // C2
    FailureOr<int64_t> dim = infer.axis(op.getDim(), dims->size(), "dim");
    if (failed(dim))
      return failure();
    int64_t &size = (*dims)[*dim];
    if (*k && (**k < 0 || (!isDynamic(size) && **k > size)))
      return infer.error("expects 'k' in [0, ", dimText(size), "], but got ", **k);
    size = k->value_or(kDynamic);
  }
  (void)infer.plain(results, Inference::elementType(op.getX()), dims);
  return infer.plain(results, dtype, dims);
}

LogicalResult Inference::triangle(Results &results, Value x) const {
  // C1
  MaybeDims shape = dims(x);
  if (shape && shape->size() < 2)
    return error("expects 'x' to have at least 2 dimensions, but got shape ", dimsText(*shape));
  return unary(results);
}

LogicalResult EyeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  int64_t rows = op.getNumRows(), columns = op.getNumColumns();
  if (rows <= 0 || columns < 0 || llvm::any_of(op.getBatchShape(), [](int64_t dim) { return dim < 0; }))
    return infer.error("expects a positive number of rows and no negative number, but got ", rows, " rows, ", columns,
                       " columns and batch ", dimsText(op.getBatchShape()));
  Dims dims(op.getBatchShape());
  dims.append({rows, columns == 0 ? rows : columns});
  return infer.plain(results, op.getDtype(), dims);
}

LogicalResult FillOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getValue());
  // C1
  FailureOr<int64_t> rank = infer.vectorSize(op.getDims(), "dims");
  // C2
  if (failed(rank) || failed(infer.checkOneElement(op.getValue(), "value")))
    return failure();
  auto dims = getConstantInts(op.getDims());
  if (!dims)
    return infer.plain(results, element, isDynamic(*rank) ? MaybeDims() : MaybeDims(Dims(*rank, kDynamic)));
  if (llvm::any_of(*dims, [](int64_t dim) { return dim < 0; }))
    return infer.error("expects 'dims' without negative elements, but got ", dimsText(*dims));
  return infer.plain(results, element, Dims(*dims));
}

//===----------------------------------------------------------------------===//
// Results as large as the data say
//===----------------------------------------------------------------------===//

static LogicalResult checkIndexType(Inference &infer, StringRef attribute, Type type) {
  if (type.isSignlessInteger(32) || type.isSignlessInteger(64))
    return success();
  return infer.error("expects '", attribute, "' to be i32 or i64, but got ", type);
}

LogicalResult NonZeroOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkIndexType(infer, "dtype", op.getDtype())))
    return failure();
  MaybeDims x = Inference::dims(op.getX());
  Dims dims{x ? std::max<int64_t>(x->size(), 1) : kDynamic, kDynamic};
  if (op.getTranspose())
    std::swap(dims.front(), dims.back());
  return infer.plain(results, op.getDtype(), dims);
}

LogicalResult UniqueOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<Dims> dims = infer.dimsOfRank(op.getX(), "x", 1);
  // C2
  if (failed(dims) || failed(checkIndexType(infer, "out_idx", op.getOutIdx())))
    return failure();
  (void)infer.plain(results, Inference::elementType(op.getX()), Dims{kDynamic});
  return infer.plain(results, op.getOutIdx(), *dims);
}

LogicalResult NonMaxSuppressionV6Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  FailureOr<Dims> boxes = infer.dimsOfRank(op.getBoxes(), "boxes", 3),
                  scores = infer.dimsOfRank(op.getScores(), "scores", 3);
  if (failed(boxes) || failed(scores))
    return failure();
  if (differ(boxes->front(), scores->front()) || differ((*boxes)[1], scores->back()) || differ(boxes->back(), 4))
    return infer.error("expects 'boxes' of shape [batches, boxes, 4] and 'scores' of shape [batches, classes, boxes], "
                       "but got ",
                       dimsText(*boxes), " and ", dimsText(*scores));
  // C2
  if (failed(infer.checkSameElementTypes(ValueRange{op.getBoxes(), op.getScores()})))
    return failure();
  // C3
  for (auto [value, name] :
       {std::pair{op.getMaxOutputSize(), "max_output_size"}, std::pair{op.getIouThreshold(), "iou_threshold"},
        std::pair{op.getScoreThreshold(), "score_threshold"}})
    if (value && failed(infer.checkOneElement(value, name)))
      return failure();
  // C4
  if (op.getCenterPointBox() < 0 || op.getCenterPointBox() > 1 || op.getMaxBoxesSize() < 0)
    return infer.error("expects 'center_point_box' to be 0 or 1 and 'max_boxes_size' not negative, but got ",
                       op.getCenterPointBox(), " and ", op.getMaxBoxesSize());
  return infer.plain(results, IntegerType::get(infer.context, 32), Dims{kDynamic, 3});
}
