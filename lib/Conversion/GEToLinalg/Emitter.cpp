//===- Emitter.cpp - builds structured operations for ge operators -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "Scalar.h"
#include "SmallTypes.h"

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

namespace gemlir {

using namespace mlir;
using namespace lowering;

//===----------------------------------------------------------------------===//
// Types and names
//===----------------------------------------------------------------------===//

Type lowering::getStorageElement(Type element) {
  if (element.isInteger(1) || isSmallFloat(element) || isSubByte(element))
    return IntegerType::get(element.getContext(), 8);
  if (element.isUnsignedInteger() || element.isSignedInteger())
    return IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth());
  return element;
}

Type lowering::getComputeElement(Type element) {
  if (element.isF16() || element.isBF16() || isSmallFloat(element))
    return Float32Type::get(element.getContext());
  return element.isInteger(1) ? element : getStorageElement(element);
}

RankedTensorType getStorageType(RankedTensorType type) {
  return RankedTensorType::get(type.getShape(), getStorageElement(type.getElementType()));
}

/// The name in a location, that of the first part for a fused one.
static StringRef findName(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().getValue();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (StringRef name = findName(part); !name.empty())
        return name;
  return {};
}

StringRef lowering::getNodeName(Operation *op) { return findName(op->getLoc()); }

InFlightDiagnostic lowering::emitLoweringError(Operation *op) {
  InFlightDiagnostic diagnostic = op->emitOpError();
  if (StringRef name = getNodeName(op); !name.empty())
    diagnostic << "(node '" << name << "') ";
  return diagnostic;
}

SmallVector<int64_t> lowering::normalizeAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes)
    result.push_back(axis < 0 ? axis + rank : axis);
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
  return result;
}

//===----------------------------------------------------------------------===//
// Values of the graph
//===----------------------------------------------------------------------===//

ElementsAttr Emitter::getConstant(Value graphValue) {
  ElementsAttr attr;
  return matchPattern(graphValue, m_Constant(&attr)) ? attr : ElementsAttr();
}

FailureOr<SmallVector<int64_t>> Emitter::getInts(Value graphValue) {
  return gemlir::getIntValues(getConstant(graphValue));
}

FailureOr<Shape> Emitter::getElements(Value graphValue) {
  std::optional<ge::DimList> elements = shapes.getElementsOrSymbols(graphValue);
  if (!elements)
    return failure();
  return Shape(*elements);
}

Tensor Emitter::get(Value graphValue) {
  Value lowered = values.lookupOrNull(graphValue);
  if (!lowered)
    return {};
  Tensor result{lowered, cast<RankedTensorType>(graphValue.getType()).getElementType(), getShape(graphValue)};
  auto dense = dyn_cast_if_present<DenseElementsAttr>(getConstant(graphValue));
  if (dense && (dense.isSplat() || dense.getNumElements() == 1))
    result.splat = cast<TypedAttr>(*dense.getValues<Attribute>().begin());
  return result;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Sizes as what an operation takes: attributes, or values at run time.
static SmallVector<OpFoldResult> getMixed(Emitter &b, ArrayRef<Dim> dims) {
  SmallVector<OpFoldResult> result;
  for (Dim dim : dims)
    result.push_back(dim.isStatic() ? OpFoldResult(b.getIndexAttr(*dim.known())) : OpFoldResult(b.index(dim)));
  return result;
}

Tensor Emitter::empty(const Shape &shape, Type element) {
  for (Dim dim : shape)
    if (dim.isStatic() && ShapedType::isDynamic(*dim.known()))
      fixed(newSymbol(), "a size of its result");
  return {tensor::EmptyOp::create(*this, getMixed(*this, shape), getStorageElement(element)), element, shape};
}

Tensor Emitter::fill(const Shape &shape, Type element, Value computed) {
  Value stored = store(computed, element);
  Tensor init = empty(shape, element);
  return {linalg::FillOp::create(*this, stored, init.value).getResult(0), element, shape};
}

/// Signed elements of 2 or 4 bits, a byte each with their sign.
static ElementsAttr extendSigns(ElementsAttr value, RankedTensorType stored) {
  FailureOr<SmallVector<int64_t>> elements = gemlir::getIntValues(value);
  std::vector<char> bytes(succeeded(elements) ? elements->begin() : nullptr,
                          succeeded(elements) ? elements->end() : nullptr);
  return gemlir::makeConstant(stored, bytes);
}

ElementsAttr Emitter::toStorage(ElementsAttr value) {
  auto type = cast<RankedTensorType>(value.getShapedType());
  RankedTensorType stored = getStorageType(type);
  if (stored == type)
    return value;
  if (isSubByte(type.getElementType()) && type.getElementType().isSignlessInteger())
    return extendSigns(value, stored);
  // The blob of a bool resource has a byte per element already.
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return DenseResourceElementsAttr::get(stored, resource.getRawHandle());
  auto dense = cast<DenseElementsAttr>(value);
  if (type.getElementType().isInteger(1)) {
    if (dense.isSplat())
      return DenseElementsAttr::get(stored, APInt(8, dense.getSplatValue<bool>()));
    SmallVector<int8_t> bytes;
    for (bool bit : dense.getValues<bool>())
      bytes.push_back(bit);
    return DenseElementsAttr::get(stored, ArrayRef<int8_t>(bytes));
  }
  if (stored.getElementType() != type.getElementType()) {
    // Elements of less than a byte have one each already.
    if (isSubByte(type.getElementType()))
      return DenseElementsAttr::getFromRawBuffer(stored, dense.getRawData());
    dense = dense.bitcast(stored.getElementType());
  }
  return dense.reshape(stored);
}

Tensor Emitter::constant(ElementsAttr value) {
  Tensor result{arith::ConstantOp::create(*this, cast<TypedAttr>(toStorage(value))), value.getElementType()};
  if (auto dense = dyn_cast<DenseElementsAttr>(value); dense && dense.isSplat())
    result.splat = cast<TypedAttr>(dense.getSplatValue<Attribute>());
  return result;
}

Tensor Emitter::constantInts(ArrayRef<int64_t> shape, ArrayRef<int32_t> elements) {
  return constant(DenseElementsAttr::get(RankedTensorType::get(shape, getI32Type()), elements));
}

Tensor Emitter::constantFloats(ArrayRef<int64_t> shape, ArrayRef<float> elements) {
  return constant(DenseElementsAttr::get(RankedTensorType::get(shape, getF32Type()), elements));
}

/// Groups of dimensions of two shapes with equal products, the finest there are.
static void groupDimensions(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                            SmallVectorImpl<ReassociationIndices> &fromGroups,
                            SmallVectorImpl<ReassociationIndices> &toGroups) {
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    int64_t fromProduct = from[i], toProduct = to[j];
    ReassociationIndices fromGroup{int64_t(i++)}, toGroup{int64_t(j++)};
    while (fromProduct != toProduct) {
      if (fromProduct < toProduct) {
        fromProduct *= from[i];
        fromGroup.push_back(i++);
      } else {
        toProduct *= to[j];
        toGroup.push_back(j++);
      }
    }
    fromGroups.push_back(fromGroup);
    toGroups.push_back(toGroup);
  }
  // What is left over has size 1.
  for (; i < from.size() && !fromGroups.empty(); ++i)
    fromGroups.back().push_back(i);
  for (; j < to.size() && !toGroups.empty(); ++j)
    toGroups.back().push_back(j);
}

/// The same for sizes that are expressions: groups are closed where their
/// products are known to be equal; the rest is one group.
static void groupDynamicDimensions(ArrayRef<Dim> from, ArrayRef<Dim> to,
                                   SmallVectorImpl<ReassociationIndices> &fromGroups,
                                   SmallVectorImpl<ReassociationIndices> &toGroups) {
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    size_t iEnd = from.size(), jEnd = to.size();
    for (size_t count = 2; count < from.size() + to.size() - i - j; ++count) {
      bool found = false;
      for (size_t m = 1; m < count && !found; ++m) {
        size_t n = count - m;
        if (i + m > from.size() || j + n > to.size())
          continue;
        if (gemlir::product(from.slice(i, m)) != gemlir::product(to.slice(j, n)))
          continue;
        iEnd = i + m;
        jEnd = j + n;
        found = true;
      }
      if (found)
        break;
    }
    fromGroups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(i, iEnd)));
    toGroups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(j, jEnd)));
    i = iEnd;
    j = jEnd;
  }
  for (; i < from.size() && !fromGroups.empty(); ++i)
    fromGroups.back().push_back(i);
  for (; j < to.size() && !toGroups.empty(); ++j)
    toGroups.back().push_back(j);
}

Tensor Emitter::reshape(Tensor tensor, const Shape &shape) {
  if (tensor.shape() == shape)
    return tensor;
  auto type = RankedTensorType::get(gemlir::toShape(shape), getStorageElement(tensor.element));
  Tensor result(tensor.value, tensor.element, shape, tensor.splat);
  if (auto constantOp = tensor.value.getDefiningOp<arith::ConstantOp>()) {
    ElementsAttr reshaped = gemlir::reshapeConstant(cast<ElementsAttr>(constantOp.getValue()), type);
    result.value = arith::ConstantOp::create(*this, cast<TypedAttr>(reshaped));
    return result;
  }
  if (llvm::is_contained(shape, Dim(0))) {
    result.value = empty(shape, tensor.element).value;
    return result;
  }
  SmallVector<ReassociationIndices> fromGroups, toGroups;
  bool isStatic = type.hasStaticShape() && llvm::all_of(tensor.shape(), [](Dim dim) { return dim.isStatic(); });
  if (isStatic)
    groupDimensions(gemlir::toShape(tensor.shape()), type.getShape(), fromGroups, toGroups);
  else
    groupDynamicDimensions(tensor.shape(), shape, fromGroups, toGroups);
  auto single = [](const ReassociationIndices &group) { return group.size() == 1; };
  if (!llvm::all_of(fromGroups, single) || (shape.empty() && tensor.rank() != 0)) {
    Shape common;
    for (const ReassociationIndices &group : fromGroups) {
      common.push_back(1);
      // A dimension of unknown size makes the product one, whatever the other is.
      for (int64_t dim : group)
        common.back() *= tensor.dim(dim);
    }
    auto collapsed = RankedTensorType::get(gemlir::toShape(common), type.getElementType());
    result.value = tensor::CollapseShapeOp::create(*this, collapsed, result.value, fromGroups);
  }
  // Between the two, a size that is known one way only.
  SmallVector<int64_t> middle;
  for (const ReassociationIndices &group : toGroups) {
    Dim size = 1;
    for (int64_t dim : group)
      size *= shape[dim];
    middle.push_back(size.toShape());
  }
  if (shape.empty())
    middle.clear();
  auto between = RankedTensorType::get(middle, type.getElementType());
  if (!isStatic && result.value.getType() != between && between.getRank() == int64_t(toGroups.size()))
    result.value = tensor::CastOp::create(*this, between, result.value);
  // A tensor without dimensions has no groups, but still grows.
  const bool hasRank = cast<RankedTensorType>(result.value.getType()).getRank() == type.getRank();
  if (hasRank && llvm::all_of(toGroups, single) && !shape.empty())
    return result;
  if (result.value.getType() != type)
    result.value =
        isStatic
            ? tensor::ExpandShapeOp::create(*this, type, result.value, toGroups).getResult()
            : tensor::ExpandShapeOp::create(*this, type, result.value, toGroups, getMixed(*this, shape)).getResult();
  return result;
}

Tensor Emitter::transpose(Tensor tensor, ArrayRef<int64_t> permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
    return tensor;
  Shape shape;
  SmallVector<AffineExpr> indices(permutation.size());
  int64_t last = -1;
  bool keepsOrder = true; // of the dimensions that matter
  for (auto [to, from] : llvm::enumerate(permutation)) {
    shape.push_back(tensor.dim(from));
    indices[from] = d(to);
    if (tensor.dim(from) == 1)
      continue;
    keepsOrder &= from > last;
    last = from;
  }
  if (keepsOrder)
    return reshape(tensor, shape);
  return generate(shape, tensor.element, Access{tensor, map(shape.size(), indices)},
                  [](ArrayRef<Value> in) { return in[0]; });
}

/// Whether a unit-stride part is one range of memory.
static bool isContiguous(ArrayRef<Dim> shape, ArrayRef<Dim> sizes) {
  bool partial = false; // a dimension further in is not whole
  for (auto [size, whole] : llvm::reverse(llvm::zip_equal(sizes, shape))) {
    if (partial && size != 1)
      return false;
    partial |= size != whole;
  }
  return true;
}

Tensor Emitter::slice(Tensor tensor, const Shape &offsets, const Shape &sizes, ArrayRef<int64_t> strides) {
  bool unit = llvm::all_of(strides, [](int64_t stride) { return stride == 1; });
  if (unit && tensor.shape() == sizes)
    return tensor;
  if (unit && isContiguous(tensor.shape(), sizes)) {
    Shape ones(sizes.size(), 1);
    return {tensor::ExtractSliceOp::create(*this, tensor.value, getMixed(*this, offsets), getMixed(*this, sizes),
                                           getMixed(*this, ones)),
            tensor.element, sizes, tensor.splat};
  }
  auto stride = [&](int64_t dim) { return strides.empty() ? 1 : strides[dim]; };
  // A map would take the loop's bound from the operand where it is the loop itself.
  bool isMap = true;
  SmallVector<AffineExpr> indices;
  for (auto [dim, offset] : llvm::enumerate(offsets)) {
    isMap &= offset.isStatic() && (offset != 0 || stride(dim) != 1 || tensor.dim(dim) == sizes[dim]);
    indices.push_back(d(dim) * stride(dim) + offset.known().value_or(0));
  }
  if (isMap) // fuses with its neighbours
    return generate(sizes, tensor.element, Access{tensor, map(sizes.size(), indices)},
                    [](ArrayRef<Value> in) { return in[0]; });
  return generate(sizes, tensor.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> places;
    for (auto [dim, offset] : llvm::enumerate(offsets))
      places.push_back(addIndex(mulIndex(loopIndex(dim), stride(dim)), offset));
    return extract(tensor, places);
  });
}

Tensor Emitter::insert(Tensor part, Tensor whole, const Shape &offsets) {
  Shape ones(offsets.size(), 1);
  return {tensor::InsertSliceOp::create(*this, part.value, whole.value, getMixed(*this, offsets),
                                        getMixed(*this, part.shape()), getMixed(*this, ones)),
          whole.element, whole.shape()};
}

/// Offsets and sizes of the slice of size 1 at `place`, which stays in range.
static void placeSlice(Emitter &b, Tensor tensor, int64_t axis, Value place, SmallVectorImpl<OpFoldResult> &offsets,
                       SmallVectorImpl<OpFoldResult> &sizes) {
  offsets.assign(tensor.rank(), b.getIndexAttr(0));
  for (int64_t dim = 0; dim < tensor.rank(); ++dim)
    sizes.push_back(dim == axis ? OpFoldResult(b.getIndexAttr(1)) : getMixed(b, tensor.dim(dim)).front());
  Value negative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, place, b.index(0));
  Value fromStart = b.select(negative, b.addIndex(place, tensor.dim(axis)), place);
  offsets[axis] = b.clampIndex(fromStart, 0, tensor.dim(axis) - 1);
}

Tensor Emitter::sliceAt(Tensor tensor, int64_t axis, Value place) {
  SmallVector<OpFoldResult> offsets, sizes, ones(tensor.rank(), getIndexAttr(1));
  placeSlice(*this, tensor, axis, place, offsets, sizes);
  Shape shape = tensor.shape();
  shape[axis] = 1;
  return {tensor::ExtractSliceOp::create(*this, tensor.value, offsets, sizes, ones), tensor.element, shape,
          tensor.splat};
}

Tensor Emitter::insertAt(Tensor part, Tensor whole, int64_t axis, Value place) {
  SmallVector<OpFoldResult> offsets, sizes, ones(whole.rank(), getIndexAttr(1));
  placeSlice(*this, whole, axis, place, offsets, sizes);
  return {tensor::InsertSliceOp::create(*this, part.value, whole.value, offsets, sizes, ones), whole.element,
          whole.shape()};
}

Tensor Emitter::convert(Tensor tensor, Type element) {
  if (tensor.element == element)
    return tensor;
  // Weights in half precision widen here, not in every execution.
  auto constantOp = tensor.value.getDefiningOp<arith::ConstantOp>();
  if (constantOp && element.isF32() && (tensor.element.isF16() || tensor.element.isBF16())) {
    FailureOr<std::vector<float>> wide = gemlir::getFloatValues(constantOp.getValue());
    if (succeeded(wide) && tensor.size() == static_cast<int64_t>(wide->size()))
      return constant(
          gemlir::makeFloatConstant(RankedTensorType::get(gemlir::toShape(tensor.shape()), element), *wide));
  }
  Tensor result = elementwise(tensor.shape(), element, tensor,
                              [&](ArrayRef<Value> in) { return castScalar(*this, in[0], tensor.element, element); });
  if (element.isF32() && (tensor.element.isF16() || tensor.element.isBF16()))
    unwidened[result.value] = tensor.value;
  return result;
}

Tensor Emitter::broadcast(Tensor tensor, const Shape &shape) {
  if (tensor.shape() == shape)
    return tensor;
  return elementwise(shape, tensor.element, tensor, [](ArrayRef<Value> in) { return in[0]; });
}

//===----------------------------------------------------------------------===//
// Generics
//===----------------------------------------------------------------------===//

AffineMap Emitter::broadcastMap(const Shape &shape, const Shape &target) {
  int64_t offset = int64_t(target.size()) - int64_t(shape.size());
  SmallVector<AffineExpr> results;
  for (auto [index, size] : llvm::enumerate(shape))
    results.push_back(size == 1 && target[index + offset] != 1 ? c(0) : d(index + offset));
  return map(target.size(), results);
}

SmallVector<Tensor> Emitter::generic(ArrayRef<Access> operands, ArrayRef<Access> inits,
                                     ArrayRef<IteratorType> iterators, Body body) {
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  bool readsResults = llvm::is_contained(iterators, IteratorType::reduction);
  // The bounds of reduction loops follow from the operands, so these stay.
  auto isInlined = [&](const Access &access) { return access.tensor.splat && !readsResults; };
  for (const Access &access : operands) {
    if (isInlined(access))
      continue;
    inputs.push_back(access.tensor.value);
    maps.push_back(access.map);
  }
  for (const Access &access : inits) {
    outputs.push_back(access.tensor.value);
    maps.push_back(access.map);
  }
  auto build = [&](OpBuilder &nested, Location, ValueRange arguments) {
    OpBuilder::InsertionGuard guard(*this);
    setInsertionPoint(nested.getInsertionBlock(), nested.getInsertionPoint());
    SmallVector<Value> in, out;
    unsigned position = 0;
    for (const Access &access : operands)
      in.push_back(isInlined(access) ? scalar(access.tensor.splat)
                                     : load(arguments[position++], access.tensor.element));
    for (const Access &access : inits)
      if (readsResults)
        out.push_back(load(arguments[position++], access.tensor.element));
    SmallVector<Value> computed = body(in, out);
    for (auto [value, access] : llvm::zip_equal(computed, inits))
      value = store(value, access.tensor.element);
    linalg::YieldOp::create(*this, computed);
  };
  auto op = linalg::GenericOp::create(*this, ValueRange(outputs).getTypes(), inputs, outputs, maps, iterators, build);
  SmallVector<Tensor> results;
  for (auto [value, access] : llvm::zip_equal(op.getResults(), inits))
    results.push_back({value, access.tensor.element, access.tensor.shape()});
  return results;
}

Tensor Emitter::generate(const Shape &shape, Type element, ArrayRef<Access> operands, MapBody body) {
  SmallVector<IteratorType> iterators(shape.size(), IteratorType::parallel);
  return generic(operands, Access{empty(shape, element), identity(shape.size())}, iterators,
                 [&](ArrayRef<Value> in, ArrayRef<Value>) { return SmallVector<Value>{body(in)}; })
      .front();
}

Tensor Emitter::elementwise(const Shape &shape, Type element, ArrayRef<Tensor> operands, MapBody body) {
  SmallVector<Access> accesses;
  for (const Tensor &operand : operands) {
    Tensor repeated = repeatAtRunTime(operand, shape);
    accesses.push_back({repeated, broadcastMap(repeated.shape(), shape)});
  }
  return generate(shape, element, accesses, body);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

Value Emitter::load(Value stored, Type element) {
  Type compute = getComputeElement(element);
  if (element.isInteger(1)) {
    Value zero = arith::ConstantOp::create(*this, getI8IntegerAttr(0));
    return arith::CmpIOp::create(*this, arith::CmpIPredicate::ne, stored, zero);
  }
  if (isSmallFloat(element))
    return decodeSmallFloat(*this, stored, element);
  return compute == stored.getType() ? stored : Value(arith::ExtFOp::create(*this, compute, stored));
}

Value Emitter::store(Value computed, Type element) {
  Type storage = getStorageElement(element);
  if (computed.getType() == storage)
    return computed;
  if (isSmallFloat(element))
    return encodeSmallFloat(*this, computed, element);
  if (element.isInteger(1))
    return arith::ExtUIOp::create(*this, storage, computed);
  return arith::TruncFOp::create(*this, storage, computed);
}

Value Emitter::extract(Tensor tensor, ValueRange indices) {
  if (tensor.splat)
    return scalar(tensor.splat);
  return load(tensor::ExtractOp::create(*this, tensor.value, indices), tensor.element);
}

Value Emitter::scalar(TypedAttr value) {
  Type compute = getComputeElement(value.getType());
  if (auto number = dyn_cast<FloatAttr>(value)) {
    APFloat converted = number.getValue();
    bool lost;
    converted.convert(cast<FloatType>(compute).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
    return arith::ConstantOp::create(*this, FloatAttr::get(compute, converted));
  }
  APInt number = cast<IntegerAttr>(value).getValue();
  if (isSubByte(value.getType()))
    number = value.getType().isUnsignedInteger() ? number.zext(8) : number.sext(8);
  return arith::ConstantOp::create(*this, IntegerAttr::get(compute, number));
}

Value Emitter::scalar(Type element, double value) {
  Type compute = getComputeElement(element);
  if (isa<FloatType>(compute))
    return arith::ConstantOp::create(*this, getFloatAttr(compute, value));
  return arith::ConstantOp::create(*this, getIntegerAttr(compute, static_cast<int64_t>(value)));
}

Value Emitter::clampIndex(Value value, Dim low, Dim high) {
  Value atLeast = arith::MaxSIOp::create(*this, value, index(low));
  return arith::MinSIOp::create(*this, atLeast, index(high));
}

Value Emitter::inRange(Value value, Dim low, Dim high) {
  // One unsigned comparison covers both bounds.
  Value offset = low == 0 ? value : Value(arith::SubIOp::create(*this, value, index(low)));
  return arith::CmpIOp::create(*this, arith::CmpIPredicate::ult, offset, index(high - low));
}

Value Emitter::toIndex(Value computed, Type element, Dim extent) {
  if (element.isUnsignedInteger() || element.isInteger(1)) {
    Value position = arith::IndexCastUIOp::create(*this, getIndexType(), computed);
    return arith::MinUIOp::create(*this, position, index(extent - 1));
  }
  Value position = arith::IndexCastOp::create(*this, getIndexType(), computed);
  Value negative = arith::CmpIOp::create(*this, arith::CmpIPredicate::slt, position, index(0));
  return clampIndex(select(negative, addIndex(position, extent), position), 0, extent - 1);
}

} // namespace gemlir
