//===- LegalizeONNXShape.cpp - shapes and generated tensors -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Interpreter/Interpreter.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// What a model may ask for in one constant.
constexpr double kMaxGenerated = 1 << 24;

template <typename OpTy>
Value emitSized(Node &n, Value x) {
  auto setType = [&](auto &properties) { properties.dtype = TypeAttr::get(n.builder().getI64Type()); };
  return n.emitWith<OpTy>(1, x, setType).front();
}

void mapShape(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Ints shape = n.shapeOf(x);
  int64_t rank = shape.size();
  auto place = [&](int64_t p) { return std::clamp<int64_t>(p < 0 ? p + rank : p, 0, rank); };
  int64_t start = place(n.getInt("start", 0)), end = std::max(start, place(n.getInt("end", rank)));
  ArrayRef<int64_t> part = ArrayRef<int64_t>(shape).slice(start, end - start);
  if (llvm::all_of(part, [](int64_t dim) { return dim >= 0; }))
    return n.set(0, n.ints(part));
  Value all = emitSized<ShapeOp>(n, x);
  n.set(0, n.slice(all, {start}, {end}, {1}));
}

void mapSize(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  if (n.typeOf(x).hasStaticShape())
    return n.set(0, n.intScalar(n.typeOf(x).getNumElements()));
  n.set(0, emitSized<SizeOp>(n, x));
}

/// The element of ConstantOfShape as a scalar.
Value getFillValue(Node &n) {
  auto value = dyn_cast_if_present<ElementsAttr>(n.attr("value"));
  return value ? n.reshape(n.constant(value), {}) : n.scalar(n.builder().getF32Type(), 0);
}

void mapConstantOfShape(Node &n) {
  Ints shape;
  if (n.isRead(n.in(0)))
    return n.set(0, n.emit<FillOp>(n.in(0), getFillValue(n)));
  if (!n.needInts(n.in(0), "shape", shape))
    return;
  for (int64_t dim : shape)
    if (dim < 0)
      return (void)n.invalid("shape has a negative element");
  auto value = dyn_cast_if_present<ElementsAttr>(n.attr("value"));
  if (!value)
    return n.set(0, n.splat(n.builder().getF32Type(), shape, 0));
  FailureOr<gemlir::interp::Tensor> element = gemlir::interp::Tensor::fromAttr(value);
  if (failed(element) || element->size() != 1)
    return (void)n.invalid("value is not one element");
  // An i64 beyond 2^53 would not survive a double.
  DenseElementsAttr dense = element->toDenseElements();
  auto type = RankedTensorType::get(shape, element->getElementType());
  n.set(0, n.constant(element->isFloat() ? DenseElementsAttr::get(type, *dense.value_begin<APFloat>())
                                         : DenseElementsAttr::get(type, *dense.value_begin<APInt>())));
}

void mapRange(Node &n) {
  SmallVector<double> start, limit, delta;
  bool known = llvm::all_of(llvm::seq(0u, 3u), [&](unsigned i) { return n.has(i) && n.constFloats(n.in(i)); });
  if (!known && !n.isNested() && n.has(0) && n.has(1) && n.has(2))
    return n.set(0, n.emit<RangeOp>(n.in(0), n.in(1), n.in(2)));
  if (!n.needFloats(n.in(0), "start", start) || !n.needFloats(n.in(1), "limit", limit) ||
      !n.needFloats(n.in(2), "delta", delta))
    return;
  if (start.size() != 1 || limit.size() != 1 || delta.size() != 1 || delta[0] == 0)
    return (void)n.invalid("start, limit and delta are not one value each, or delta is 0");
  double count = std::max(0.0, std::ceil((limit[0] - start[0]) / delta[0]));
  if (!(count <= kMaxGenerated))
    return (void)n.unsupported("a range of more than " + Twine(int64_t(kMaxGenerated)) + " elements");
  SmallVector<double> values;
  for (int64_t i = 0; i < int64_t(count); ++i)
    values.push_back(start[0] + i * delta[0]);
  n.set(0, n.tensor(n.elem(n.in(0)), {int64_t(count)}, values));
}

void mapEyeLike(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Ints shape = n.shapeOf(x);
  if (shape.size() != 2)
    return (void)n.invalid("the input has rank " + Twine(shape.size()) + ", expected 2");
  Type element = n.hasAttr("dtype") ? toElementType(n, n.getInt("dtype", 1)) : n.elem(x);
  int64_t k = n.getInt("k", 0);
  if (!n.typeOf(x).hasStaticShape()) {
    Type i64 = n.builder().getI64Type();
    Value rows = n.counting(i64, n.dimsOf(x)[0], 0, 2), columns = n.counting(i64, n.dimsOf(x)[1], 1, 2);
    return n.set(0, n.cast(n.emit<EqualOp>(n.addScalar(rows, k), columns), element));
  }
  if (double(shape[0]) * shape[1] > kMaxGenerated)
    return (void)n.unsupported("a matrix of more than " + Twine(int64_t(kMaxGenerated)) + " elements");
  SmallVector<double> values(shape[0] * shape[1], 0);
  for (int64_t i = 0; i < shape[0]; ++i)
    if (i + k >= 0 && i + k < shape[1])
      values[i * shape[1] + i + k] = 1;
  if (values.empty())
    return n.set(0, n.splat(element, shape, 0));
  n.set(0, n.tensor(element, shape, values));
}

/// A tensor is there, and an input that is left out is not: what may be either
/// never gets here.
void mapOptionalHasElement(Node &n) { n.set(0, n.scalar(n.builder().getI1Type(), n.has(0))); }

/// An optional tensor that is there is the tensor.
void mapOptionalElement(Node &n) { n.set(0, n.need(0)); }

} // namespace

void mlir::ge::onnx::populateShape(MappingTable &table) {
  table.add("Shape", mapShape);
  table.add("Size", mapSize);
  table.add("Optional", mapOptionalElement);
  table.add("OptionalGetElement", mapOptionalElement);
  table.add("OptionalHasElement", mapOptionalHasElement);
  table.add("ConstantOfShape", mapConstantOfShape);
  table.add("Range", mapRange);
  table.add("EyeLike", mapEyeLike);
}
