//===- GEInference.cpp - inference of result types ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEInference.h"
#include "Dims.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::ge;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

std::string ge::dimsText(ArrayRef<int64_t> dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "[";
  llvm::interleaveComma(dims, os, [&](int64_t dim) { os << dimText(dim); });
  os << "]";
  return text;
}

std::string ge::dimText(int64_t dim) { return ShapedType::isDynamic(dim) ? "?" : std::to_string(dim); }

/// The type that a tensor stands for, whatever its format.
static TensorType plainType(Type type) {
  auto ranked = dyn_cast<RankedTensorType>(type);
  return ranked ? originType(ranked) : dyn_cast<TensorType>(type);
}

bool ge::areCompatibleTypes(TypeRange inferred, TypeRange actual, bool anyFormat) {
  if (inferred.size() != actual.size())
    return false;
  for (auto [a, b] : llvm::zip_equal(inferred, actual)) {
    TensorType x = plainType(a), y = plainType(b);
    if (!x || !y || x.getElementType() != y.getElementType() || failed(verifyCompatibleShape(x, y)))
      return false;
    if (!anyFormat && formatOf(a) != formatOf(b))
      return false;
  }
  return true;
}

std::optional<SmallVector<int64_t>> ge::getConstantInts(Value value) {
  DenseIntElementsAttr elements;
  if (!value || !matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  bool isUnsigned = elements.getElementType().isUnsignedInteger() || elements.getElementType().isInteger(1);
  SmallVector<int64_t> result;
  result.reserve(elements.getNumElements());
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(isUnsigned ? int64_t(element.getZExtValue()) : element.getSExtValue());
  return result;
}

MaybeDims ge::broadcastDims(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Dims result(a);
  size_t lead = a.size() - b.size();
  for (auto [i, dim] : llvm::enumerate(b)) {
    int64_t &out = result[lead + i];
    if (dim == out || dim == 1)
      continue;
    if (out == 1 || (ShapedType::isDynamic(out) && !ShapedType::isDynamic(dim)))
      out = dim;
    else if (!ShapedType::isDynamic(dim))
      return std::nullopt;
  }
  return result;
}

void ge::addInferredTypes(OpBuilder &builder, OperationState &state, InferFunction infer) {
  SmallVector<Type> types;
  SmallVector<Region *> regions;
  if (failed(infer(builder.getContext(), state.location, state.operands,
                   state.attributes.getDictionary(builder.getContext()), state.getRawProperties(), regions, types)))
    mlir::detail::reportFatalInferReturnTypesError(state);
  state.addTypes(types);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

MaybeDims Inference::dims(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return std::nullopt;
  return Dims(originType(type).getShape());
}

FailureOr<Dims> Inference::dimsOfRank(Value value, StringRef operand, int64_t rank) const {
  MaybeDims result = dims(value);
  if (!result)
    return Dims(rank, kDynamic);
  if (int64_t(result->size()) != rank)
    return error("expects '", operand, "' to have ", rank, " dimensions, but got shape ", dimsText(*result));
  return *result;
}

FailureOr<int64_t> Inference::vectorSize(Value value, StringRef operand) const {
  MaybeDims result = dims(value);
  if (!result)
    return kDynamic;
  if (result->size() == 1)
    return result->front();
  if (result->empty())
    // GE clients give a scalar where they mean a vector of one element.
    return 1;
  return error("expects '", operand, "' to be a vector, but got shape ", dimsText(*result));
}

LogicalResult Inference::checkOneElement(Value value, StringRef operand) const {
  MaybeDims result = dims(value);
  if (!result || llvm::all_of(*result, [](int64_t dim) { return dim == 1 || ShapedType::isDynamic(dim); }))
    return success();
  return error("expects '", operand, "' to have one element, but got shape ", dimsText(*result));
}

FailureOr<std::optional<int64_t>> Inference::scalar(Value value, StringRef operand) const {
  if (failed(checkOneElement(value, operand)))
    return failure();
  auto constant = getConstantInts(value);
  if (!constant || constant->size() != 1)
    return std::optional<int64_t>();
  return std::optional<int64_t>(constant->front());
}

LogicalResult Inference::checkSameElementTypes(ValueRange values) const {
  for (Value value : values)
    if (elementType(value) != elementType(values.front()))
      return error("expects operands of one element type, but got ", elementType(values.front()), " and ",
                   elementType(value));
  return success();
}

LogicalResult Inference::checkPlain() const {
  for (auto [i, operand] : llvm::enumerate(operands))
    if (FormatAttr format = formatOf(operand.getType()))
      return error("expects plain operands, but operand ", i, " has the storage format ",
                   stringifyFormat(format.getFormat()));
  return success();
}

FailureOr<int64_t> Inference::axis(int64_t axis, int64_t rank, StringRef attribute) const {
  if (axis < -rank || axis >= rank)
    return error("expects '", attribute, "' in [", -rank, ", ", rank, "), but got ", axis);
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>> Inference::axes(ArrayRef<int64_t> list, int64_t rank, StringRef attribute) const {
  SmallVector<int64_t> result;
  for (int64_t element : list) {
    FailureOr<int64_t> normal = axis(element, rank, attribute);
    if (failed(normal))
      return failure();
    if (llvm::is_contained(result, *normal))
      return error("expects '", attribute, "' to name each dimension once, but got ", dimsText(list));
    result.push_back(*normal);
  }
  return result;
}

LogicalResult Inference::checkOneOf(StringRef attribute, StringRef value, ArrayRef<StringRef> allowed) const {
  if (llvm::is_contained(allowed, value))
    return success();
  return error("expects '", attribute, "' to be one of ", llvm::join(allowed, ", "), ", but got '", value, "'");
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

LogicalResult Inference::plain(Results &results, Type elementType, const MaybeDims &dims) const {
  if (dims)
    results.push_back(RankedTensorType::get(*dims, elementType));
  else
    results.push_back(UnrankedTensorType::get(elementType));
  return success();
}

LogicalResult Inference::storedLike(Results &results, Value like, Type elementType, const MaybeDims &dims) const {
  if (!dims || !formatOf(like.getType()))
    return plain(results, elementType, dims);
  RankedTensorType type =
      ge::storedLike(RankedTensorType::get(*dims, elementType), cast<RankedTensorType>(like.getType()));
  if (!type)
    return error("expects a result that the format ", stringifyFormat(formatOf(like.getType()).getFormat()),
                 " can store, but got shape ", dimsText(*dims));
  results.push_back(type);
  return success();
}

LogicalResult Inference::unary(Results &results, Type elementType) const {
  auto type = cast<TensorType>(operands.front().getType());
  results.push_back(elementType ? type.clone(elementType) : type);
  return success();
}

LogicalResult Inference::broadcast(Results &results, Type elementType) const {
  // C1
  if (failed(checkSameElementTypes(operands)))
    return failure();
  return broadcast(operands, results, elementType ? elementType : Inference::elementType(operands.front()));
}

/// Whether two operands of different shapes may be combined lane by lane.
static bool sameLayout(RankedTensorType a, RankedTensorType b) {
  FormatAttr x = formatOf(a), y = formatOf(b);
  if (x.getFormat() != y.getFormat() || x.getOrigin() != y.getOrigin() ||
      x.getOriginShape().size() != y.getOriginShape().size())
    return false;
  if (a.getRank() > 0 && a.getShape().back() != b.getShape().back())
    return false;
  // A channel that is broadcast sits in one lane only.
  if (x.getFormat() == Format::NC1HWC0) {
    int64_t c = *channelDim(x.getOrigin());
    return x.getOriginShape()[c] == y.getOriginShape()[c];
  }
  return x == y || x.getFormat() == x.getOrigin() || x.getFormat() == Format::ND;
}

LogicalResult Inference::broadcast(ValueRange values, Results &results, Type elementType) const {
  Value stored;
  for (Value value : values)
    if (formatOf(value.getType())) {
      if (!stored)
        stored = value;
      else if (!sameLayout(cast<RankedTensorType>(stored.getType()), cast<RankedTensorType>(value.getType())))
        // C3
        return error("expects operands of one storage format with as many channels, but got ", stored.getType(),
                     " and ", value.getType());
    }
  MaybeDims shape;
  for (Value value : values) {
    MaybeDims next = dims(value);
    if (!next)
      return plain(results, elementType, std::nullopt);
    if (stored && !formatOf(value.getType()) && llvm::any_of(*next, [](int64_t dim) { return dim != 1; }))
      // C3
      return error("expects an operand of one element beside one with the storage format ",
                   stringifyFormat(formatOf(stored.getType()).getFormat()), ", but got ", value.getType());
    MaybeDims joined = shape ? broadcastDims(*shape, *next) : next;
    if (!joined)
      // C2
      return error("expects shapes that broadcast, but got ", dimsText(*shape), " and ", dimsText(*next));
    shape = joined;
  }
  return stored ? storedLike(results, stored, elementType, shape) : plain(results, elementType, shape);
}
