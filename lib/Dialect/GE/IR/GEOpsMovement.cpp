//===- GEOpsMovement.cpp - shapes and rearrangement in the ge dialect -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dims.h"
#include "GEOpParsing.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::ge;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsMovement.cpp.inc"

void GEDialect::registerMovementOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsMovement.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// The same elements under another shape
//===----------------------------------------------------------------------===//

/// Fills the -1 of `shape` so that it has as many elements as `dims`. Dynamic
/// dimensions that both have at the same places cancel out.
static LogicalResult fillRest(Inference &infer, Dims &shape, ArrayRef<int64_t> dims, std::optional<size_t> rest,
                              ArrayRef<bool> copied) {
  Dims from, to;
  for (auto [i, dim] : llvm::enumerate(dims))
    if (i >= copied.size() || !copied[i])
      from.push_back(dim);
  for (auto [i, dim] : llvm::enumerate(shape))
    if (!copied[i] && (!rest || i != *rest))
      to.push_back(dim);
  int64_t have = product(from), want = product(to);
  if (rest) {
    if (isDynamic(have) || isDynamic(want))
      shape[*rest] = kDynamic;
    else if (want == 0 || have % want != 0)
      // C3
      return infer.error("expects 'shape' to divide the elements of ", dimsText(dims), ", but got ", dimsText(shape));
    else
      shape[*rest] = have / want;
    return success();
  }
  // C3
  if (differ(have, want))
    return infer.error("expects 'shape' with as many elements as ", dimsText(dims), ", but got ", dimsText(shape));
  return success();
}

LogicalResult ReshapeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  FailureOr<int64_t> size = infer.vectorSize(op.getShape(), "shape");
  if (failed(size))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims && (op.getAxis() != 0 || op.getNumAxes() != -1))
    return infer.plain(results, element, std::nullopt);

  // C4
  int64_t rank = dims ? dims->size() : 0, begin = op.getAxis(), count = op.getNumAxes();
  if (begin < 0)
    begin += rank + 1;
  if (begin < 0 || begin > rank || count < -1 || begin + count > rank)
    return infer.error("expects 'axis' and 'num_axes' inside ", rank, " dimensions, but got ", op.getAxis(), " and ",
                       count);
  Dims lead, middle, tail;
  if (dims) {
    ArrayRef<int64_t> all = *dims;
    int64_t length = count < 0 ? rank - begin : count;
    lead = Dims(all.take_front(begin));
    middle = Dims(all.slice(begin, length));
    tail = Dims(all.drop_front(begin + length));
  }

  auto constant = getConstantInts(op.getShape());
  if (!constant) {
    if (isDynamic(*size))
      return infer.plain(results, element, std::nullopt);
    lead.append(*size, kDynamic);
    lead.append(tail);
    return infer.plain(results, element, lead);
  }
  std::optional<size_t> rest;
  Dims shape;
  SmallVector<bool> copied;
  for (auto [i, dim] : llvm::enumerate(*constant)) {
    // C1
    if (dim < -1 || (dim == -1 && rest))
      return infer.error("expects 'shape' with at most one -1 and nothing below, but got ", dimsText(*constant));
    // C2
    if (dim == 0 && dims && i >= middle.size())
      return infer.error("expects a 0 in 'shape' only where 'x' has a dimension, but got ", dimsText(*constant),
                         " for ", dimsText(*dims));
    if (dim == -1)
      rest = i;
    copied.push_back(dim == 0);
    shape.push_back(dim == -1 ? kDynamic : dim == 0 ? (dims ? middle[i] : kDynamic) : dim);
  }
  if (dims && failed(fillRest(infer, shape, middle, rest, copied)))
    return failure();
  lead.append(shape);
  lead.append(tail);
  return infer.plain(results, element, lead);
}

LogicalResult SqueezeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims)
    return infer.plain(results, element, std::nullopt);
  if (op.getAxis().empty()) {
    if (llvm::any_of(*dims, isDynamic))
      return infer.plain(results, element, std::nullopt);
    llvm::erase(*dims, 1);
    return infer.plain(results, element, dims);
  }
  // C1
  FailureOr<SmallVector<int64_t>> axes = infer.axes(op.getAxis(), dims->size(), "axis");
  if (failed(axes))
    return failure();
  Dims result;
  for (auto [i, dim] : llvm::enumerate(*dims)) {
    if (!llvm::is_contained(*axes, int64_t(i)))
      result.push_back(dim);
    else if (differ(dim, 1))
      // C2
      return infer.error("expects 'axis' to name dimensions of size 1, but got ", dimsText(op.getAxis()), " for shape ",
                         dimsText(*dims));
  }
  return infer.plain(results, element, result);
}

/// Inserts dimensions of size 1 at the places `axes` of the result.
static LogicalResult insertOnes(Inference &infer, SmallVectorImpl<Type> &results, Value x, ArrayRef<int64_t> list,
                                StringRef attribute) {
  MaybeDims dims = Inference::dims(x);
  if (!dims)
    return infer.plain(results, Inference::elementType(x), std::nullopt);
  // C1
  int64_t rank = dims->size() + list.size();
  FailureOr<SmallVector<int64_t>> axes = infer.axes(list, rank, attribute);
  if (failed(axes))
    return failure();
  Dims result;
  for (int64_t i = 0, from = 0; i < rank; ++i)
    result.push_back(llvm::is_contained(*axes, i) ? 1 : (*dims)[from++]);
  return infer.plain(results, Inference::elementType(x), result);
}

LogicalResult UnsqueezeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  return insertOnes(infer, results, op.getX(), op.getAxes(), "axes");
}

LogicalResult ExpandDimsOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  FailureOr<std::optional<int64_t>> axis = infer.scalar(op.getAxis(), "axis");
  if (failed(axis))
    return failure();
  if (*axis)
    return insertOnes(infer, results, op.getX(), {**axis}, "axis");
  MaybeDims dims = Inference::dims(op.getX());
  return infer.plain(results, Inference::elementType(op.getX()),
                     dims ? MaybeDims(Dims(dims->size() + 1, kDynamic)) : MaybeDims());
}

LogicalResult FlattenOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims)
    return infer.plain(results, element, Dims{kDynamic, kDynamic});
  // C1
  int64_t rank = dims->size(), axis = op.getAxis();
  if (axis < -rank || axis > rank)
    return infer.error("expects 'axis' in [", -rank, ", ", rank, "], but got ", axis);
  size_t split = axis < 0 ? axis + rank : axis;
  ArrayRef<int64_t> all = *dims;
  return infer.plain(results, element, Dims{product(all.take_front(split)), product(all.drop_front(split))});
}

LogicalResult FlattenV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims)
    return infer.plain(results, element, std::nullopt);
  // C1
  int64_t rank = dims->size();
  FailureOr<int64_t> begin = infer.axis(op.getAxis(), rank, "axis"),
                     end = infer.axis(op.getEndAxis(), rank, "end_axis");
  if (failed(begin) || failed(end))
    return failure();
  if (*begin > *end)
    return infer.error("expects 'axis' not above 'end_axis', but got ", op.getAxis(), " and ", op.getEndAxis());
  ArrayRef<int64_t> all = *dims;
  Dims result(all.take_front(*begin));
  result.push_back(product(all.slice(*begin, *end - *begin + 1)));
  result.append(all.begin() + *end + 1, all.end());
  return infer.plain(results, element, result);
}

//===----------------------------------------------------------------------===//
// Rearrangement
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  FailureOr<int64_t> size = infer.vectorSize(op.getPerm(), "perm");
  if (failed(size))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  int64_t rank = dims ? int64_t(dims->size()) : *size;
  // C1
  if (dims && differ(*size, rank))
    return infer.error("expects 'perm' to have an element for each of ", rank, " dimensions, but got ", *size);
  auto perm = getConstantInts(op.getPerm());
  if (!perm)
    return infer.plain(results, element, isDynamic(rank) ? MaybeDims() : MaybeDims(Dims(rank, kDynamic)));
  SmallVector<int64_t> sorted = *perm;
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, rank)))
    return infer.error("expects 'perm' to be a permutation of ", rank, " dimensions, but got ", dimsText(*perm));
  if (!dims)
    return infer.plain(results, element, Dims(rank, kDynamic));
  Dims result;
  for (int64_t from : *perm)
    result.push_back((*dims)[from]);
  return infer.plain(results, element, result);
}

LogicalResult TransDataOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C3
  std::optional<Format> from = symbolizeFormat(op.getSrcFormat()), to = symbolizeFormat(op.getDstFormat());
  if (!from || !to)
    return infer.error("expects formats NCHW, NHWC, ND, NC1HWC0, FRACTAL_Z or FRACTAL_NZ, but got '",
                       from ? op.getDstFormat() : op.getSrcFormat(), "'");
  auto type = dyn_cast<RankedTensorType>(op.getSrc().getType());
  if (!type)
    return infer.error("expects an operand of known rank, but got ", op.getSrc().getType());
  FormatAttr format = formatOf(type);
  bool plainSource = *from == Format::NCHW || *from == Format::NHWC || *from == Format::ND;
  // C1
  if (format ? format.getFormat() != *from : !plainSource)
    return infer.error("expects an operand in the format ", op.getSrcFormat(), ", but got ", type);
  RankedTensorType plain = originType(type);
  Format origin = format ? format.getOrigin() : *from;
  if (*to == origin) {
    results.push_back(plain);
    return success();
  }
  int64_t c0 = format && !plainSource ? type.getShape().back() : kDefaultC0;
  RankedTensorType result = storedType(plain, *to, origin, c0);
  // C4
  if (!result)
    return infer.error("expects an operand that ", op.getDstFormat(), " can store, but got ", type, " of origin ",
                       stringifyFormat(origin));
  bool plainResult = *to == Format::NCHW || *to == Format::NHWC || *to == Format::ND;
  results.push_back(plainResult ? RankedTensorType::get(result.getShape(), result.getElementType()) : result);
  return success();
}

LogicalResult TransDataOp::verify() {
  FormatAttr src = formatOf(getSrc().getType()), dst = formatOf(getDst().getType());
  // C1
  if (dst && stringifyFormat(dst.getFormat()) != getDstFormat())
    return emitOpError("expects a result in the format ") << getDstFormat() << ", but got " << getDst().getType();
  std::optional<Format> to = symbolizeFormat(getDstFormat());
  if (!dst && to && *to != Format::NCHW && *to != Format::NHWC && *to != Format::ND)
    return emitOpError("expects a result in the format ") << getDstFormat() << ", but got " << getDst().getType();
  // C2
  if (src && dst && src.getOrigin() != dst.getOrigin())
    return emitOpError("expects one origin, but got ")
           << stringifyFormat(src.getOrigin()) << " and " << stringifyFormat(dst.getOrigin());
  return success();
}

/// Height, width and channels of a block rearrangement.
static FailureOr<Dims> blockDims(Inference &infer, Value x, int64_t block, StringRef dataFormat,
                                 SmallVectorImpl<int64_t> &places) {
  FailureOr<Dims> dims = infer.dimsOfRank(x, "x", 4);
  if (failed(dims) || failed(infer.checkOneOf("data_format", dataFormat, {"NCHW", "NHWC"})))
    return failure();
  if (block <= 0)
    return infer.error("expects 'block_size' to be positive, but got ", block);
  if (dataFormat == "NCHW")
    places.assign({2, 3, 1});
  else
    places.assign({1, 2, 3});
  return dims;
}

LogicalResult DepthToSpaceOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  int64_t block = op.getBlockSize();
  SmallVector<int64_t> places;
  // C1, C2, C3
  FailureOr<Dims> dims = blockDims(infer, op.getX(), block, op.getDataFormat(), places);
  // C4
  if (failed(dims) || failed(infer.checkOneOf("mode", op.getMode(), {"DCR", "CRD"})))
    return failure();
  int64_t &channels = (*dims)[places[2]];
  if (!isDynamic(channels)) {
    if (channels % (block * block) != 0)
      return infer.error("expects channels divisible by ", block * block, ", but got ", channels);
    channels /= block * block;
  }
  for (int64_t place : {places[0], places[1]})
    if (!isDynamic((*dims)[place]))
      (*dims)[place] *= block;
  return infer.plain(results, Inference::elementType(op.getX()), *dims);
}

LogicalResult SpaceToDepthOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  int64_t block = op.getBlockSize();
  SmallVector<int64_t> places;
  // C1, C2, C3
  FailureOr<Dims> dims = blockDims(infer, op.getX(), block, op.getDataFormat(), places);
  if (failed(dims))
    return failure();
  for (int64_t place : {places[0], places[1]}) {
    int64_t &dim = (*dims)[place];
    if (isDynamic(dim))
      continue;
    if (dim % block != 0)
      return infer.error("expects height and width divisible by ", block, ", but got ", dim);
    dim /= block;
  }
  int64_t &channels = (*dims)[places[2]];
  if (!isDynamic(channels))
    channels *= block * block;
  return infer.plain(results, Inference::elementType(op.getX()), *dims);
}

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

/// Fails unless parts of NC1HWC0 join without shifting lanes.
static LogicalResult checkStoredParts(Inference &infer, ValueRange parts, int64_t axis) {
  FormatAttr format = formatOf(parts.front().getType());
  for (Value part : parts) {
    FormatAttr other = formatOf(part.getType());
    if (bool(other) != bool(format) ||
        (format && (other.getFormat() != format.getFormat() || other.getOrigin() != format.getOrigin() ||
                    cast<RankedTensorType>(part.getType()).getShape().back() !=
                        cast<RankedTensorType>(parts.front().getType()).getShape().back())))
      return infer.error("expects operands of one storage format, but got ", parts.front().getType(), " and ",
                         part.getType());
  }
  if (!format || format.getFormat() == Format::ND)
    return success();
  if (format.getFormat() != Format::NC1HWC0)
    return infer.error("expects operands that are plain or NC1HWC0, but got ", parts.front().getType());
  if (axis != *channelDim(format.getOrigin()))
    return success();
  int64_t c0 = cast<RankedTensorType>(parts.front().getType()).getShape().back();
  for (Value part : parts.drop_back()) {
    int64_t channels = formatOf(part.getType()).getOriginShape()[axis];
    if (isDynamic(channels) || channels % c0 != 0)
      return infer.error("expects parts with full blocks of ", c0, " channels, but got ", part.getType());
  }
  return success();
}

LogicalResult ConcatV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  ValueRange parts = op.getX();
  // C1
  if (parts.empty())
    return infer.error("expects an operand, but got none");
  // C2, C3
  FailureOr<std::optional<int64_t>> constant = infer.scalar(op.getConcatDim(), "concat_dim");
  if (failed(constant) || failed(infer.checkSameElementTypes(parts)))
    return failure();
  Type element = Inference::elementType(parts.front());
  MaybeDims result;
  for (Value part : parts) {
    MaybeDims dims = Inference::dims(part);
    if (!dims)
      continue;
    if (result && result->size() != dims->size())
      return infer.error("expects operands of one rank, but got ", result->size(), " and ", dims->size(),
                         " dimensions");
    if (!result)
      result = Dims(dims->size(), kDynamic);
  }
  if (!result)
    return infer.plain(results, element, std::nullopt);
  if (!*constant)
    return infer.plain(results, element, Dims(result->size(), kDynamic));
  FailureOr<int64_t> axis = infer.axis(**constant, result->size(), "concat_dim");
  if (failed(axis))
    return failure();
  int64_t sum = 0;
  for (Value part : parts) {
    Dims dims = Inference::dims(part).value_or(Dims(result->size(), kDynamic));
    sum = isDynamic(sum) || isDynamic(dims[*axis]) ? kDynamic : sum + dims[*axis];
    for (auto [i, dim] : llvm::enumerate(dims)) {
      if (int64_t(i) == *axis)
        continue;
      if (differ((*result)[i], dim))
        return infer.error("expects operands that differ in dimension ", *axis, " only, but got ", (*result)[i],
                           " and ", dim, " in dimension ", i);
      if (isDynamic((*result)[i]))
        (*result)[i] = dim;
    }
  }
  (*result)[*axis] = sum;
  // C4
  if (failed(checkStoredParts(infer, parts, *axis)))
    return failure();
  return infer.storedLike(results, parts.front(), element, result);
}

LogicalResult PackOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  ValueRange parts = op.getX();
  // C1
  if (parts.empty())
    return infer.error("expects an operand, but got none");
  // C2
  if (failed(infer.checkSameElementTypes(parts)))
    return failure();
  MaybeDims result;
  for (Value part : parts) {
    MaybeDims dims = Inference::dims(part);
    if (!dims)
      continue;
    if (result && failed(verifyCompatibleShape(*result, *dims)))
      return infer.error("expects operands of one shape, but got ", dimsText(*result), " and ", dimsText(*dims));
    if (!result)
      result = dims;
    for (auto [known, dim] : llvm::zip_equal(*result, *dims))
      if (isDynamic(known))
        known = dim;
  }
  if (result) {
    // C3
    FailureOr<int64_t> axis = infer.axis(op.getAxis(), result->size() + 1, "axis");
    if (failed(axis))
      return failure();
    result->insert(result->begin() + *axis, parts.size());
  }
  return infer.plain(results, Inference::elementType(parts.front()), result);
}

LogicalResult UnpackOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  int64_t num = op.getNum();
  if (num <= 0)
    return infer.error("expects 'num' to be positive, but got ", num);
  MaybeDims dims = Inference::dims(op.getX());
  if (dims) {
    // C1
    FailureOr<int64_t> axis = infer.axis(op.getAxis(), dims->size(), "axis");
    if (failed(axis))
      return failure();
    // C2
    if (differ((*dims)[*axis], num))
      return infer.error("expects 'num' to be the size of dimension ", *axis, ", but got ", num, " for ",
                         (*dims)[*axis]);
    dims->erase(dims->begin() + *axis);
  }
  for (int64_t i = 0; i < num; ++i)
    (void)infer.plain(results, element, dims);
  return success();
}

LogicalResult SplitOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  int64_t num = op.getNumSplit();
  // C1
  if (num <= 0)
    return infer.error("expects 'num_split' to be positive, but got ", num);
  // C2
  FailureOr<std::optional<int64_t>> constant = infer.scalar(op.getSplitDim(), "split_dim");
  if (failed(constant))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  if (dims && !*constant)
    dims = Dims(dims->size(), kDynamic);
  if (dims && *constant) {
    FailureOr<int64_t> axis = infer.axis(**constant, dims->size(), "split_dim");
    if (failed(axis))
      return failure();
    int64_t &dim = (*dims)[*axis];
    // C3
    if (!isDynamic(dim) && dim % num != 0)
      return infer.error("expects 'num_split' to divide dimension ", *axis, ", but got ", num, " for ", dim);
    if (!isDynamic(dim))
      dim /= num;
  }
  for (int64_t i = 0; i < num; ++i)
    (void)infer.plain(results, element, dims);
  return success();
}

LogicalResult SplitVOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  int64_t num = op.getNumSplit();
  FailureOr<int64_t> count = infer.vectorSize(op.getSizeSplits(), "size_splits");
  // C2
  FailureOr<std::optional<int64_t>> constant = infer.scalar(op.getSplitDim(), "split_dim");
  if (failed(count) || failed(constant))
    return failure();
  // C1
  if (num <= 0 || differ(*count, num))
    return infer.error("expects 'num_split' to be the number of 'size_splits', but got ", num, " for ",
                       dimText(*count));
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims || !*constant) {
    for (int64_t i = 0; i < num; ++i)
      (void)infer.plain(results, element, dims ? MaybeDims(Dims(dims->size(), kDynamic)) : MaybeDims());
    return success();
  }
  FailureOr<int64_t> axis = infer.axis(**constant, dims->size(), "split_dim");
  if (failed(axis))
    return failure();
  int64_t whole = (*dims)[*axis];
  SmallVector<int64_t> sizes = getConstantInts(op.getSizeSplits()).value_or(SmallVector<int64_t>(num, kDynamic));
  // C3
  int64_t sum = 0, rests = 0;
  for (int64_t size : sizes) {
    if (!isDynamic(size) && size < -1)
      return infer.error("expects 'size_splits' to be -1 or more, but got ", dimsText(sizes));
    rests += size == -1;
    sum = isDynamic(size) || isDynamic(sum) ? kDynamic : sum + std::max<int64_t>(size, 0);
  }
  if (rests > 1 || (!isDynamic(sum) && !isDynamic(whole) && (rests ? sum > whole : sum != whole)))
    return infer.error("expects 'size_splits' to add up to ", dimText(whole), ", but got ", dimsText(sizes));
  for (int64_t size : sizes) {
    (*dims)[*axis] = size != -1 ? size : isDynamic(whole) || isDynamic(sum) ? kDynamic : whole - sum;
    (void)infer.plain(results, element, dims);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Shapes as data
//===----------------------------------------------------------------------===//

static LogicalResult checkIndexType(Inference &infer, Type dtype) {
  // C1
  if (dtype.isSignlessInteger(32) || dtype.isSignlessInteger(64))
    return success();
  return infer.error("expects 'dtype' to be i32 or i64, but got ", dtype);
}

LogicalResult ShapeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  if (failed(checkIndexType(infer, op.getDtype())))
    return failure();
  MaybeDims dims = Inference::dims(op.getX());
  return infer.plain(results, op.getDtype(), Dims{dims ? int64_t(dims->size()) : kDynamic});
}

LogicalResult SizeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  if (failed(checkIndexType(infer, op.getDtype())))
    return failure();
  return infer.plain(results, op.getDtype(), Dims{});
}

LogicalResult RankOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  return infer.plain(results, IntegerType::get(infer.context, 32), Dims{});
}
