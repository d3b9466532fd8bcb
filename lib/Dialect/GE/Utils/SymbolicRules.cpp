//===- SymbolicRules.cpp - sizes of results as expressions ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One rule for each family of operators. A rule answers for what inference of
// types cannot know; it may rely on types having been checked. An empty list
// says that only the execution knows.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::ge;

namespace {

/// The rules for one operation.
class Rules {
public:
  Rules(OpResult result, SymbolicShapes &shapes) : op(result.getOwner()), result(result), shapes(shapes) {}
  DimList run();

private:
  DimList get(Value value) { return DimList(shapes.getShape(value)); }
  /// The only element of a constant, or none.
  static std::optional<int64_t> scalar(Value value) {
    std::optional<SmallVector<int64_t>> ints = getConstantInts(value);
    return ints && ints->size() == 1 ? std::optional(ints->front()) : std::nullopt;
  }
  static int64_t place(int64_t axis, int64_t rank) { return axis < 0 ? axis + rank : axis; }

  DimList broadcastOperands(ValueRange operands);
  DimList reduce(Value x, Value axes, bool keepDims, bool noopWithEmptyAxes);
  DimList argReduce(Value x, Value dimension);
  DimList product(Value a, Value b, bool transposeA, bool transposeB);
  template <typename OpTy>
  DimList convolution(OpTy op);
  DimList transposedConvolution(Conv2DTransposeOp op);
  template <typename OpTy>
  DimList pool(OpTy op);
  DimList resize(ResizeOp op);
  DimList attention(PromptFlashAttentionOp op);

  DimList reshape(ReshapeOp op);
  DimList squeeze(SqueezeOp op);
  DimList insertOnes(Value x, ArrayRef<int64_t> axes);
  DimList flatten(FlattenOp op);
  DimList flattenV2(FlattenV2Op op);
  DimList transpose(TransposeOp op);
  DimList blocks(Value x, int64_t block, StringRef format, bool toSpace);
  DimList concat(ConcatV2Op op);
  DimList pack(PackOp op);
  DimList unpack(UnpackOp op);
  DimList split(SplitOp op);
  DimList splitV(SplitVOp op);
  DimList slice(SliceOp op);
  DimList stridedSlice(StridedSliceOp op);
  DimList stridedSliceV2(StridedSliceV2Op op);
  DimList gather(GatherV2Op op);
  DimList tuples(Value x, Value indices);
  DimList tile(TileOp op);
  DimList broadcastTo(BroadcastToOp op);
  DimList pad(Value x, Value paddings, bool pairs);
  DimList oneHot(OneHotOp op);
  DimList range(RangeOp op);
  DimList topK(TopKV2Op op);

  DimList branches();

  DimList runMovement();

  Operation *op;
  OpResult result;
  SymbolicShapes &shapes;
};

} // namespace

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

DimList Rules::broadcastOperands(ValueRange operands) {
  DimList all = get(operands.front());
  for (Value operand : operands.drop_front())
    all = shapes.broadcast(op, all, shapes.getShape(operand));
  return all;
}

DimList Rules::reduce(Value x, Value axesOperand, bool keepDims, bool noopWithEmptyAxes) {
  std::optional<SmallVector<int64_t>> axes = getConstantInts(axesOperand);
  if (!axes)
    return {};
  DimList shape = get(x), kept;
  int64_t rank = shape.size();
  if (axes->empty() && !noopWithEmptyAxes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  for (int64_t &axis : *axes)
    axis = place(axis, rank);
  for (auto [i, size] : llvm::enumerate(shape)) {
    if (!llvm::is_contained(*axes, int64_t(i)))
      kept.push_back(size);
    else if (keepDims)
      kept.push_back(1);
  }
  return kept;
}

DimList Rules::argReduce(Value x, Value dimension) {
  std::optional<int64_t> axis = scalar(dimension);
  DimList shape = get(x);
  if (!axis)
    return {};
  shape.erase(shape.begin() + place(*axis, shape.size()));
  return shape;
}

DimList Rules::product(Value x1, Value x2, bool transposeA, bool transposeB) {
  ArrayRef<Dim> a = shapes.getShape(x1), b = shapes.getShape(x2);
  Dim m = a[a.size() - (transposeA ? 1 : 2)], n = b[b.size() - (transposeB ? 2 : 1)];
  shapes.unify(op, a[a.size() - (transposeA ? 2 : 1)], b[b.size() - (transposeB ? 1 : 2)]);
  DimList lead = shapes.broadcast(op, a.drop_back(2), b.drop_back(2));
  lead.append({m, n});
  return lead;
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

static Dim countWindows(Dim size, int64_t kernel, int64_t stride, int64_t before, int64_t after) {
  return floorDiv(size + (before + after - kernel), stride) + 1;
}

template <typename OpTy>
DimList Rules::convolution(OpTy conv) {
  DimList shape = get(conv.getX());
  ArrayRef<int64_t> filter = originType(cast<RankedTensorType>(conv.getFilter().getType())).getShape();
  bool first = conv.getDataFormat() == "NCHW";
  for (int64_t axis : {0, 1}) {
    int64_t dim = axis + (first ? 2 : 1), kernel = filter[axis + (first ? 2 : 0)];
    if (ShapedType::isDynamic(kernel))
      return {};
    kernel = (kernel - 1) * conv.getDilations()[dim] + 1;
    shape[dim] = countWindows(shape[dim], kernel, conv.getStrides()[dim], conv.getPads()[2 * axis],
                              conv.getPads()[2 * axis + 1]);
  }
  int64_t channel = first ? 1 : 3;
  shape[channel] = originType(cast<RankedTensorType>(result.getType())).getDimSize(channel);
  return shape;
}

DimList Rules::transposedConvolution(Conv2DTransposeOp conv) {
  DimList shape = get(conv.getX());
  ArrayRef<int64_t> filter = originType(cast<RankedTensorType>(conv.getFilter().getType())).getShape();
  bool first = conv.getDataFormat() == "NCHW";
  std::optional<DimList> given = shapes.getElements(conv.getInputSize());
  bool isGiven = given && given->size() == 4 &&
                 llvm::none_of(*given, [](Dim size) { return size.isStatic() && *size.known() <= 0; });
  for (int64_t axis : {0, 1}) {
    int64_t dim = axis + (first ? 2 : 1), kernel = filter[axis + (first ? 2 : 0)];
    kernel = (kernel - 1) * conv.getDilations()[dim] + 1;
    int64_t rest = kernel + conv.getOutputPadding()[dim] - conv.getPads()[2 * axis] - conv.getPads()[2 * axis + 1];
    shape[dim] = isGiven ? (*given)[dim] : (shape[dim] - 1) * conv.getStrides()[dim] + rest;
  }
  int64_t channel = first ? 1 : 3;
  shape[channel] = originType(cast<RankedTensorType>(result.getType())).getDimSize(channel);
  return shape;
}

template <typename OpTy>
DimList Rules::pool(OpTy pool) {
  DimList shape = get(pool.getX());
  bool first = pool.getDataFormat() == "NCHW";
  for (int64_t axis : {0, 1}) {
    int64_t dim = axis + (first ? 2 : 1), kernel = pool.getKsize()[dim], stride = pool.getStrides()[dim];
    int64_t before = pool.getPads()[2 * axis], after = pool.getPads()[2 * axis + 1];
    Dim size = shape[dim];
    if (pool.getGlobalPooling())
      shape[dim] = 1;
    else if (pool.getPaddingMode() == "SAME")
      shape[dim] = ceilDiv(size, stride);
    else if (pool.getPaddingMode() == "VALID")
      shape[dim] = countWindows(size, kernel, stride, 0, 0);
    else if (!pool.getCeilMode())
      shape[dim] = countWindows(size, kernel, stride, before, after);
    else // a window that starts in the trailing padding sees no element
      shape[dim] = shapes.min(ceilDiv(size + (before + after - kernel), stride) + 1, ceilDiv(size + before, stride));
  }
  return shape;
}

DimList Rules::resize(ResizeOp resize) {
  DimList shape = get(resize.getX());
  auto isGiven = [](Value value) {
    auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
    return type && type.getShape() != ArrayRef<int64_t>{0};
  };
  if (isGiven(resize.getSizes())) {
    std::optional<DimList> sizes = shapes.getElementsOrSymbols(resize.getSizes());
    return sizes && sizes->size() == shape.size() ? *sizes : DimList();
  }
  DenseFPElementsAttr scales;
  if (!resize.getScales() || !matchPattern(resize.getScales(), m_Constant(&scales)) ||
      scales.getNumElements() != int64_t(shape.size()))
    return {};
  for (auto [size, scale] : llvm::zip_equal(shape, scales.getValues<APFloat>())) {
    // An f32 is a number times a power of two; the product is exact so.
    double factor = scale.convertToFloat();
    int64_t divisor = 1;
    while (factor != std::floor(factor) && divisor < (int64_t(1) << 30)) {
      factor *= 2;
      divisor *= 2;
    }
    size = floorDiv(size * int64_t(factor), divisor);
  }
  return shape;
}

/// Rows are dimension 1 of every layout but BNSD. The query may have more heads
/// than the value.
DimList Rules::attention(PromptFlashAttentionOp attention) {
  DimList shape = get(attention.getQuery()), key = get(attention.getKey()), value = get(attention.getValue());
  size_t rows = attention.getInputLayout() == "BNSD" ? 2 : 1;
  shape[0] = shapes.unify(op, shape[0], shapes.unify(op, key[0], value[0]));
  shapes.unify(op, key[rows], value[rows]);
  int64_t heads = attention.getNumHeads(),
          own = attention.getNumKeyValueHeads() ? attention.getNumKeyValueHeads() : heads;
  shape.back() = shape.size() == 3 ? floorDiv(value.back(), own) * heads : value.back();
  return shape;
}

//===----------------------------------------------------------------------===//
// The same elements under another shape
//===----------------------------------------------------------------------===//

/// A shape that is read at run time may hold a 0, which copies, and a -1, which
/// takes what is left.
static DimList resolveShape(SymbolicShapes &shapes, ArrayRef<Dim> x, ArrayRef<Dim> given) {
  DimList shape;
  Dim held = 1;
  for (auto [i, size] : llvm::enumerate(given)) {
    shape.push_back(i < x.size() ? shapes.replace(size, 0, x[i]) : size);
    held *= shapes.max(shape.back(), 1);
  }
  Dim rest = floorDiv(gemlir::product(x), held);
  for (Dim &size : shape)
    size = shapes.replace(size, -1, rest);
  return shape;
}

DimList Rules::reshape(ReshapeOp reshape) {
  if (reshape.getAxis() != 0 || reshape.getNumAxes() != -1)
    return {};
  std::optional<DimList> given = shapes.getElements(reshape.getShape());
  DimList x = get(reshape.getX()), shape;
  if (!given) {
    given = shapes.getElementsOrSymbols(reshape.getShape());
    if (!given)
      return {};
    shape = resolveShape(shapes, x, *given);
    shapes.unify(op, gemlir::product(x), gemlir::product(shape));
    return shape;
  }
  std::optional<size_t> rest;
  for (auto [i, size] : llvm::enumerate(*given)) {
    if (size == -1)
      rest = i;
    shape.push_back(size == 0 && i < x.size() ? x[i] : size == -1 ? Dim(1) : size);
  }
  if (rest) // `floorDiv` divides without remainder where it can
    shape[*rest] = floorDiv(gemlir::product(x), gemlir::product(shape));
  shapes.unify(op, gemlir::product(x), gemlir::product(shape));
  return shape;
}

DimList Rules::squeeze(SqueezeOp squeeze) {
  DimList x = get(squeeze.getX()), kept;
  if (squeeze.getAxis().empty())
    return {};
  SmallVector<int64_t> axes;
  for (int64_t axis : squeeze.getAxis())
    axes.push_back(place(axis, x.size()));
  for (auto [i, size] : llvm::enumerate(x)) {
    if (llvm::is_contained(axes, int64_t(i)))
      shapes.unify(op, size, 1);
    else
      kept.push_back(size);
  }
  return kept;
}

DimList Rules::insertOnes(Value x, ArrayRef<int64_t> axes) {
  DimList shape = get(x);
  int64_t rank = shape.size() + axes.size();
  SmallVector<int64_t> places;
  for (int64_t axis : axes)
    places.push_back(place(axis, rank));
  llvm::sort(places);
  for (int64_t at : places)
    shape.insert(shape.begin() + at, 1);
  return shape;
}

DimList Rules::flatten(FlattenOp flatten) {
  DimList x = get(flatten.getX());
  int64_t split = place(flatten.getAxis(), x.size());
  return {gemlir::product(ArrayRef(x).take_front(split)), gemlir::product(ArrayRef(x).drop_front(split))};
}

DimList Rules::flattenV2(FlattenV2Op flatten) {
  DimList x = get(flatten.getX());
  int64_t begin = place(flatten.getAxis(), x.size()), end = place(flatten.getEndAxis(), x.size());
  DimList shape(x.begin(), x.begin() + begin);
  shape.push_back(gemlir::product(ArrayRef(x).slice(begin, end - begin + 1)));
  shape.append(x.begin() + end + 1, x.end());
  return shape;
}

DimList Rules::transpose(TransposeOp transpose) {
  std::optional<SmallVector<int64_t>> perm = getConstantInts(transpose.getPerm());
  if (!perm)
    return {};
  DimList x = get(transpose.getX()), shape;
  for (int64_t from : *perm)
    shape.push_back(x[from]);
  return shape;
}

DimList Rules::blocks(Value x, int64_t block, StringRef format, bool toSpace) {
  DimList shape = get(x);
  bool first = format == "NCHW";
  Dim &channels = shape[first ? 1 : 3];
  channels = toSpace ? floorDiv(channels, block * block) : channels * (block * block);
  for (int64_t dim : {first ? 2 : 1, first ? 3 : 2})
    shape[dim] = toSpace ? shape[dim] * block : floorDiv(shape[dim], block);
  return shape;
}

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

DimList Rules::concat(ConcatV2Op concat) {
  std::optional<int64_t> constant = scalar(concat.getConcatDim());
  if (!constant)
    return {};
  DimList shape = get(concat.getX().front());
  int64_t axis = place(*constant, shape.size());
  for (Value part : concat.getX().drop_front())
    for (auto [i, size] : llvm::enumerate(shapes.getShape(part))) {
      if (int64_t(i) == axis)
        shape[i] += size;
      else
        shape[i] = shapes.unify(op, shape[i], size);
    }
  return shape;
}

DimList Rules::pack(PackOp pack) {
  DimList shape = get(pack.getX().front());
  for (Value part : pack.getX().drop_front())
    for (auto [i, size] : llvm::enumerate(shapes.getShape(part)))
      shape[i] = shapes.unify(op, shape[i], size);
  shape.insert(shape.begin() + place(pack.getAxis(), shape.size() + 1), int64_t(pack.getX().size()));
  return shape;
}

DimList Rules::unpack(UnpackOp unpack) {
  DimList shape = get(unpack.getX());
  int64_t axis = place(unpack.getAxis(), shape.size());
  shapes.unify(op, shape[axis], int64_t(unpack.getNum()));
  shape.erase(shape.begin() + axis);
  return shape;
}

DimList Rules::split(SplitOp split) {
  std::optional<int64_t> axis = scalar(split.getSplitDim());
  if (!axis)
    return {};
  DimList shape = get(split.getX());
  Dim &size = shape[place(*axis, shape.size())];
  int64_t parts = split.getNumSplit();
  shapes.unify(op, size, floorDiv(size, parts) * parts);
  size = floorDiv(size, parts);
  return shape;
}

DimList Rules::splitV(SplitVOp split) {
  std::optional<int64_t> axis = scalar(split.getSplitDim());
  std::optional<DimList> sizes = shapes.getElementsOrSymbols(split.getSizeSplits());
  if (!axis || !sizes || sizes->size() <= result.getResultNumber())
    return {};
  DimList shape = get(split.getX());
  Dim &whole = shape[place(*axis, shape.size())];
  Dim rest = whole;
  bool open = false;
  for (Dim size : *sizes) {
    open |= size == -1;
    if (size != -1)
      rest = rest - size;
  }
  if (!open)
    shapes.unify(op, rest, 0);
  Dim own = (*sizes)[result.getResultNumber()];
  whole = own == -1 ? rest : own;
  return shape;
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

DimList Rules::slice(SliceOp slice) {
  std::optional<DimList> offsets = shapes.getElementsOrSymbols(slice.getOffsets()),
                         sizes = shapes.getElementsOrSymbols(slice.getSize());
  DimList shape = get(slice.getX());
  if (!sizes || !offsets)
    return {};
  for (auto [i, size] : llvm::enumerate(shape))
    size = (*sizes)[i] == -1 ? size - (*offsets)[i] : (*sizes)[i];
  return shape;
}

DimList Rules::stridedSlice(StridedSliceOp slice) {
  std::optional<DimList> begin = shapes.getElementsOrSymbols(slice.getBegin()),
                         end = shapes.getElementsOrSymbols(slice.getEnd());
  std::optional<SmallVector<int64_t>> strides = getConstantInts(slice.getStrides());
  if (!begin || !end || !strides)
    return {};
  DimList x = get(slice.getX()), shape;
  auto bit = [](uint64_t mask, int64_t i) { return bool(mask >> i & 1); };
  int64_t length = strides->size(), named = 0, from = 0;
  for (int64_t i = 0; i < length; ++i)
    named += !bit(slice.getEllipsisMask(), i) && !bit(slice.getNewAxisMask(), i);
  for (int64_t i = 0; i < length; ++i) {
    if (bit(slice.getEllipsisMask(), i)) {
      for (int64_t n = int64_t(x.size()) - named; n > 0; --n)
        shape.push_back(x[from++]);
    } else if (bit(slice.getNewAxisMask(), i)) {
      shape.push_back(1);
    } else if (bit(slice.getShrinkAxisMask(), i)) {
      ++from;
    } else {
      shape.push_back(shapes
                          .getSlice(op, x[from++],
                                    bit(slice.getBeginMask(), i) ? std::nullopt : std::optional((*begin)[i]),
                                    bit(slice.getEndMask(), i) ? std::nullopt : std::optional((*end)[i]), (*strides)[i])
                          .second);
    }
  }
  shape.append(x.begin() + from, x.end());
  return shape;
}

DimList Rules::stridedSliceV2(StridedSliceV2Op slice) {
  std::optional<DimList> begin = shapes.getElementsOrSymbols(slice.getBegin()),
                         end = shapes.getElementsOrSymbols(slice.getEnd());
  if (!begin || !end)
    return {};
  std::optional<SmallVector<int64_t>> axes, strides;
  if (slice.getAxes() && !(axes = getConstantInts(slice.getAxes())))
    return {};
  if (slice.getStrides() && !(strides = getConstantInts(slice.getStrides())))
    return {};
  DimList shape = get(slice.getX());
  for (int64_t i = 0, e = begin->size(); i < e; ++i) {
    Dim &size = shape[place(axes ? (*axes)[i] : i, shape.size())];
    size = shapes
               .getSlice(op, size, slice.getBeginMask() >> i & 1 ? std::nullopt : std::optional((*begin)[i]),
                         slice.getEndMask() >> i & 1 ? std::nullopt : std::optional((*end)[i]),
                         strides ? (*strides)[i] : 1)
               .second;
  }
  return shape;
}

//===----------------------------------------------------------------------===//
// Gather, repetition, padding
//===----------------------------------------------------------------------===//

DimList Rules::gather(GatherV2Op gather) {
  std::optional<int64_t> constant = scalar(gather.getAxis());
  if (!constant)
    return {};
  DimList x = get(gather.getX()), indices = get(gather.getIndices());
  int64_t batch = place(gather.getBatchDims(), indices.size()), axis = place(*constant, x.size());
  for (int64_t i = 0; i < batch; ++i)
    x[i] = shapes.unify(op, x[i], indices[i]);
  DimList shape(x.begin(), x.begin() + axis);
  shape.append(indices.begin() + batch, indices.end());
  shape.append(x.begin() + axis + 1, x.end());
  return shape;
}

/// The shape of the slices that tuples in the last dimension of `indices` name.
DimList Rules::tuples(Value xValue, Value indicesValue) {
  DimList x = get(xValue), indices = get(indicesValue);
  std::optional<int64_t> length = indices.back().known();
  if (!length)
    return {};
  DimList shape(indices.begin(), indices.end() - 1);
  shape.append(x.begin() + *length, x.end());
  return shape;
}

DimList Rules::tile(TileOp tile) {
  std::optional<DimList> multiples = shapes.getElementsOrSymbols(tile.getMultiples());
  DimList shape = get(tile.getX());
  if (!multiples || multiples->size() < shape.size())
    return {};
  shape.insert(shape.begin(), multiples->size() - shape.size(), 1);
  for (auto [size, count] : llvm::zip_equal(shape, *multiples))
    size *= count;
  return shape;
}

DimList Rules::broadcastTo(BroadcastToOp broadcast) {
  std::optional<DimList> shape = shapes.getElementsOrSymbols(broadcast.getShape());
  if (!shape)
    return {};
  // A -1 leaves the dimension of the operand.
  for (Dim &size : *shape)
    if (size == -1)
      size = 1;
  return shapes.broadcast(op, *shape, shapes.getShape(broadcast.getX()));
}

DimList Rules::pad(Value x, Value paddings, bool pairs) {
  std::optional<DimList> counts = shapes.getElementsOrSymbols(paddings);
  DimList shape = get(x);
  int64_t rank = shape.size();
  if (!counts || int64_t(counts->size()) != 2 * rank)
    return {};
  for (int64_t i = 0; i < rank; ++i)
    shape[i] += (*counts)[pairs ? 2 * i : i] + (*counts)[pairs ? 2 * i + 1 : rank + i];
  return shape;
}

DimList Rules::oneHot(OneHotOp oneHot) {
  std::optional<DimList> depth = shapes.getElementsOrSymbols(oneHot.getDepth());
  DimList shape = get(oneHot.getX());
  if (!depth || depth->size() != 1)
    return {};
  int64_t axis = oneHot.getAxis();
  shape.insert(shape.begin() + (axis == -1 ? int64_t(shape.size()) : axis), depth->front());
  return shape;
}

DimList Rules::range(RangeOp range) {
  if (!isa<IntegerType>(getElementTypeOrSelf(range.getStart().getType())))
    return {};
  std::optional<DimList> start = shapes.getElementsOrSymbols(range.getStart()),
                         limit = shapes.getElementsOrSymbols(range.getLimit()),
                         delta = shapes.getElements(range.getDelta());
  if (!start || !limit || !delta || start->size() != 1 || limit->size() != 1 || delta->size() != 1 ||
      !delta->front().isStatic() || delta->front() == 0)
    return {};
  int64_t step = *delta->front().known();
  Dim span = step > 0 ? limit->front() - start->front() : start->front() - limit->front();
  step = std::abs(step);
  Dim count = range.getIsClosed() ? floorDiv(span, step) + 1 : ceilDiv(span, step);
  return {shapes.isSize(span) ? count : shapes.max(count, 0)};
}

DimList Rules::topK(TopKV2Op topK) {
  std::optional<DimList> k = shapes.getElementsOrSymbols(topK.getK());
  DimList shape = get(topK.getX());
  if (!k || k->size() != 1)
    return {};
  shape[place(topK.getDim(), shape.size())] = k->front();
  return shape;
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// The sizes that all branches give, if they are the same.
DimList Rules::branches() {
  std::optional<DimList> all;
  for (Region &region : op->getRegions()) {
    DimList own = get(region.front().getTerminator()->getOperand(result.getResultNumber()));
    if (all && *all != own)
      return {};
    all = own;
  }
  return all.value_or(DimList());
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

DimList Rules::runMovement() {
  return llvm::TypeSwitch<Operation *, DimList>(op)
      .Case([&](ReshapeOp o) { return reshape(o); })
      .Case([&](SqueezeOp o) { return squeeze(o); })
      .Case([&](UnsqueezeOp o) { return insertOnes(o.getX(), o.getAxes()); })
      .Case([&](ExpandDimsOp o) {
        std::optional<int64_t> axis = scalar(o.getAxis());
        return axis ? insertOnes(o.getX(), {*axis}) : DimList();
      })
      .Case([&](FlattenOp o) { return flatten(o); })
      .Case([&](FlattenV2Op o) { return flattenV2(o); })
      .Case([&](TransposeOp o) { return transpose(o); })
      .Case([&](TransDataOp o) { return get(o.getSrc()); })
      .Case([&](DepthToSpaceOp o) { return blocks(o.getX(), o.getBlockSize(), o.getDataFormat(), true); })
      .Case([&](SpaceToDepthOp o) { return blocks(o.getX(), o.getBlockSize(), o.getDataFormat(), false); })
      .Case([&](ConcatV2Op o) { return concat(o); })
      .Case([&](PackOp o) { return pack(o); })
      .Case([&](UnpackOp o) { return unpack(o); })
      .Case([&](SplitOp o) { return split(o); })
      .Case([&](SplitVOp o) { return splitV(o); })
      .Case([&](SliceOp o) { return slice(o); })
      .Case([&](StridedSliceOp o) { return stridedSlice(o); })
      .Case([&](StridedSliceV2Op o) { return stridedSliceV2(o); })
      .Case([&](GatherV2Op o) { return gather(o); })
      .Case([&](GatherNdOp o) { return tuples(o.getX(), o.getIndices()); })
      .Case([&](GatherElementsOp o) { return get(o.getIndex()); })
      .Case([&](ScatterNdOp o) { return shapes.getElementsOrSymbols(o.getShape()).value_or(DimList()); })
      .Case([&](TileOp o) { return tile(o); })
      .Case([&](BroadcastToOp o) { return broadcastTo(o); })
      .Case([&](PadV3Op o) { return pad(o.getX(), o.getPaddings(), o.getPaddingsContiguous()); })
      .Case([&](MirrorPadOp o) { return pad(o.getX(), o.getPaddings(), true); })
      .Case([&](OneHotOp o) { return oneHot(o); })
      .Case([&](RangeOp o) { return range(o); })
      .Case([&](TopKV2Op o) { return topK(o); })
      .Case([&](FillOp o) { return shapes.getElementsOrSymbols(o.getDims()).value_or(DimList()); })
      .Case([&](GEMMOp o) { return product(o.getA(), o.getB(), o.getTransposeA(), o.getTransposeB()); })
      .Default([](Operation *) { return DimList(); });
}

DimList Rules::run() {
  // Those that broadcast, and those that keep the shape of their first operand.
  if (isa<PReluOp>(op))
    return get(op->getOperand(0));
  if (op->hasTrait<ElementwiseTrait>() || op->hasTrait<BroadcastTrait>())
    return broadcastOperands(op->getOperands());
  if (isa<SoftmaxV2Op, LogSoftmaxV2Op, LayerNormV3Op, BatchNormOp, InstanceNormOp, GroupNormOp, RmsNormOp, LRNOp,
          CumsumOp, CumprodOp, ScatterElementsOp, TensorScatterUpdateOp, TrilOp, TriuOp, ReverseV2Op,
          ReverseSequenceOp>(op))
    return result.getResultNumber() == 0 ? get(op->getOperand(0)) : DimList();
  return llvm::TypeSwitch<Operation *, DimList>(op)
      .Case<ReduceSumOp, ReduceMeanOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp, ReduceLogSumExpOp>(
          [&](auto o) { return reduce(o.getX(), o.getAxes(), o.getKeepDims(), o.getNoopWithEmptyAxes()); })
      .Case<ReduceAllOp, ReduceAnyOp>([&](auto o) { return reduce(o.getX(), o.getAxes(), o.getKeepDims(), true); })
      .Case<ArgMaxV2Op, ArgMinOp>([&](auto o) { return argReduce(o.getX(), o.getDimension()); })
      .Case([&](MatMulV2Op o) { return product(o.getX1(), o.getX2(), o.getTransposeX1(), o.getTransposeX2()); })
      .Case([&](BatchMatMulV2Op o) { return product(o.getX1(), o.getX2(), o.getAdjX1(), o.getAdjX2()); })
      .Case<Conv2DOp, DepthwiseConv2DOp>([&](auto o) { return convolution(o); })
      .Case([&](Conv2DTransposeOp o) { return transposedConvolution(o); })
      .Case<MaxPoolV3Op, AvgPoolV2Op>([&](auto o) { return pool(o); })
      .Case([&](GlobalAveragePoolOp o) {
        DimList shape = get(o.getX());
        std::fill(shape.begin() + 2, shape.end(), Dim(1));
        return shape;
      })
      .Case([&](ResizeOp o) { return resize(o); })
      .Case([&](PromptFlashAttentionOp o) { return attention(o); })
      .Case<IfOp, CaseOp>([&](auto) { return branches(); })
      .Case([&](WhileOp o) { return get(o.getInput()[result.getResultNumber()]); })
      .Default([&](Operation *) { return runMovement(); });
}

DimList ge::inferSymbolicShape(OpResult result, SymbolicShapes &shapes) { return Rules(result, shapes).run(); }
