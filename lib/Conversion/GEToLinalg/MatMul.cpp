//===- MatMul.cpp - products of matrices -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mmad.h"
#include "Scalar.h"

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Dialect/Utils/Saturation.h"

using namespace mlir;
using namespace gemlir::lowering;

//===----------------------------------------------------------------------===//
// Tile operations
//===----------------------------------------------------------------------===//

bool gemlir::lowering::isMmadElement(Type element) { return getComputeElement(element).isF32(); }

Type gemlir::lowering::getProductElement(const Emitter &b, Type lhs, Type rhs) {
  if (lhs == rhs && llvm::is_contained(b.getProducts(), lhs))
    return lhs;
  auto isHalfOrMore = [](Type type) { return type.isF16() || type.isF32(); };
  const bool shortens = b.shortensProducts() && isHalfOrMore(lhs) && isHalfOrMore(rhs);
  return shortens ? Type(Float16Type::get(b.getContext())) : Float32Type::get(b.getContext());
}

/// What a view of all its elements in another shape shows, if that is of known size.
static Value skipReshapes(Value value) {
  while (Operation *view = value.getDefiningOp()) {
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(view) ||
        !cast<RankedTensorType>(view->getOperand(0).getType()).hasStaticShape())
      break;
    value = view->getOperand(0);
  }
  return value;
}

Tensor gemlir::lowering::toProduct(Emitter &b, Tensor operand, Type element) {
  // Converted where it is made: that is one operation for all that look at it, and
  // what has been f16 before needs none.
  if (Value made = skipReshapes(operand.value); made != operand.value && operand.element.isF32() && !element.isF32())
    return b.reshape(toProduct(b, {made, operand.element}, element), operand.shape());
  if (Value exact = b.getUnwidened(operand.value);
      exact && cast<RankedTensorType>(exact.getType()).getElementType() == element)
    return {exact, element, operand.shape()};
  auto constant = operand.value.getDefiningOp<arith::ConstantOp>();
  if (!constant || !operand.element.isF32() || element.isF32())
    return b.convert(operand, element);
  FailureOr<std::vector<float>> values = gemlir::getFloatValues(constant.getValue());
  if (failed(values) || operand.size() != static_cast<int64_t>(values->size()))
    return b.convert(operand, element);
  gemlir::saturate(*values, element);
  return b.constant(
      gemlir::makeFloatConstant(RankedTensorType::get(gemlir::toShape(operand.shape()), element), *values));
}

Tensor gemlir::lowering::packPanels(Emitter &b, Tensor source, npu::PanelOrder order, int64_t c0) {
  auto orderAttr = npu::PanelOrderAttr::get(b.getContext(), order);
  int64_t n0 = order == npu::PanelOrder::Depthwise ? c0 : b.getPanelWidth();
  Value panels =
      npu::PackPanelsOp::create(b, source.value, orderAttr, b.getI64IntegerAttr(n0), b.getI64IntegerAttr(c0));
  Shape shape(cast<RankedTensorType>(panels.getType()).getShape());
  if (order == npu::PanelOrder::KN || order == npu::PanelOrder::NK) {
    Dim k = source.dim(source.rank() - 2), n = source.shape().back();
    if (order == npu::PanelOrder::NK)
      std::swap(k, n);
    shape = source.shape();
    shape.resize(source.rank() - 2);
    shape.append({ceilDiv(n, n0), k, Dim(n0)});
  }
  return {panels, source.element, shape};
}

void gemlir::lowering::buildBiasEpilogue(Emitter &b, Region &region, Tensor bias, Type element) {
  OpBuilder::InsertionGuard guard(b);
  const Type accumulator = isa<IntegerType>(element) ? Type(b.getI32Type()) : b.getF32Type();
  SmallVector<Type> types{accumulator};
  if (bias)
    types.push_back(getStorageElement(bias.element));
  Block *body = b.createBlock(&region, {}, types, SmallVector<Location>(types.size(), b.getLoc()));
  Value value = body->getArgument(0);
  if (bias) {
    Value added = castScalar(b, b.load(body->getArgument(1), bias.element), bias.element, accumulator);
    value = Scalar(b, accumulator).add(value, added);
  }
  npu::YieldOp::create(b, b.store(value, element));
}

/// Whether adding the tensor changes nothing.
static bool isZero(Tensor tensor) {
  if (auto value = dyn_cast_if_present<IntegerAttr>(tensor.splat))
    return value.getValue().isZero();
  if (auto value = dyn_cast_if_present<FloatAttr>(tensor.splat))
    return value.getValue().isPosZero();
  return false;
}

Tensor gemlir::lowering::multiply(Emitter &b, Value lhs, Tensor rhs, Tensor bias, const Shape &shape, Type element,
                                  Dim columns, std::optional<npu::PanelOrder> order, bool isUnsigned) {
  if (bias && isZero(bias))
    bias = {};
  Tensor init = b.empty(shape, element);
  Dim held = shape.size() == 5 ? shape[1] * shape[4] : shape.back();
  IntegerAttr columnsAttr =
      held == columns ? IntegerAttr() : b.getI64IntegerAttr(b.fixed(columns, "the number of columns"));
  SmallVector<Value> epilogue;
  if (bias)
    epilogue.push_back(bias.value);
  auto op =
      npu::MmadOp::create(b, init.value.getType(), lhs, rhs.value, epilogue, init.value, columnsAttr,
                          order ? npu::PanelOrderAttr::get(b.getContext(), *order) : npu::PanelOrderAttr(), isUnsigned);
  buildBiasEpilogue(b, op.getBody(), bias, element);
  return {op.getResult(), element, shape};
}

//===----------------------------------------------------------------------===//
// MatMulV2 and BatchMatMulV2
//===----------------------------------------------------------------------===//

namespace {
struct MatMul {
  Tensor lhs, rhs, bias;
  bool transposeLhs, transposeRhs;
  /// Of the result: batch dimensions, rows and columns; K is reduced.
  Shape batch;
  Dim m, n, k;
  Type element;

  Shape resultShape() const {
    Shape shape = batch;
    shape.append({m, n});
    return shape;
  }
};
} // namespace

using gemlir::product;

/// Swaps the last two dimensions.
static Tensor transposeMatrix(Emitter &b, Tensor tensor) {
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, tensor.rank()));
  std::swap(permutation[tensor.rank() - 1], permutation[tensor.rank() - 2]);
  return b.transpose(tensor, permutation);
}

/// A bias that the epilogue can take: one element per column, one in all, or one
/// per element.
static Tensor toEpilogueBias(Emitter &b, const MatMul &matmul, const Shape &shape) {
  if (!matmul.bias)
    return {};
  Dim size = matmul.bias.size();
  bool perColumn = size == matmul.n && (size == 1 || matmul.bias.shape().back() == matmul.n);
  if (b.hasCube() && !perColumn) // a cube starts from an element for each column
    return {};
  if (perColumn || size == 1)
    return b.reshape(matmul.bias, {size});
  return size == product(shape) ? b.reshape(matmul.bias, shape) : Tensor();
}

/// Whether the cube multiplies bytes to sums of 32 bits: those of the right factor are signed.
static bool isByteProduct(Emitter &b, const MatMul &matmul) {
  return llvm::is_contained(b.getProducts(), b.getI8Type()) && matmul.lhs.element.isInteger(8) &&
         matmul.rhs.element.isSignlessInteger(8) && matmul.element.isInteger(32) && matmul.k != 0;
}

/// A constant matrix of bytes [K, N] as [N, K].
static Tensor transposeBytes(Emitter &b, Tensor matrix) {
  auto constant = matrix.value.getDefiningOp<arith::ConstantOp>();
  std::optional<ArrayRef<char>> bytes = constant ? gemlir::getRawBytes(constant.getValue()) : std::nullopt;
  auto type = cast<RankedTensorType>(matrix.value.getType());
  if (!bytes || type.getRank() != 2 || int64_t(bytes->size()) != type.getNumElements())
    return {};
  const int64_t k = type.getDimSize(0), n = type.getDimSize(1);
  std::vector<char> turned(bytes->size());
  for (int64_t row = 0; row < k; ++row)
    for (int64_t column = 0; column < n; ++column)
      turned[column * k + row] = (*bytes)[row * n + column];
  return b.constant(gemlir::makeConstant(RankedTensorType::get({n, k}, type.getElementType()), turned));
}

/// By npu.mmad: one product if the right side has no batch, else a batch.
static Tensor multiplyTiles(Emitter &b, MatMul &matmul, bool &addedBias) {
  bool shared = product(ArrayRef<Dim>(matmul.rhs.shape()).drop_back(2)) == 1, isByte = matmul.element.isInteger(32);
  Tensor lhs = matmul.transposeLhs ? transposeMatrix(b, matmul.lhs) : matmul.lhs, rhs = matmul.rhs;
  if (!isByte) {
    Type element = getProductElement(b, lhs.element, rhs.element);
    lhs = toProduct(b, lhs, element);
    rhs = toProduct(b, rhs, element);
  }
  Shape shape;
  if (shared) {
    Dim rows = product(ArrayRef<Dim>(lhs.shape()).drop_back());
    lhs = b.reshape(lhs, {rows, matmul.k});
    rhs = b.reshape(rhs, ArrayRef<Dim>(rhs.shape()).take_back(2));
    shape = {rows, matmul.n};
  } else {
    Dim batch = product(matmul.batch);
    auto expand = [&](Tensor tensor) {
      Shape full = matmul.batch;
      llvm::append_range(full, ArrayRef<Dim>(tensor.shape()).take_back(2));
      tensor = b.broadcast(tensor, full);
      return b.reshape(tensor, Shape{batch, full[full.size() - 2], full.back()});
    };
    lhs = expand(lhs);
    rhs = expand(rhs);
    shape = {batch, matmul.m, matmul.n};
  }
  npu::PanelOrder order = matmul.transposeRhs ? npu::PanelOrder::NK : npu::PanelOrder::KN;
  Tensor bias = toEpilogueBias(b, matmul, shape);
  addedBias = bool(bias);
  // The cube takes bytes by columns.
  if (Tensor turned = isByte && !matmul.transposeRhs ? transposeBytes(b, rhs) : Tensor()) {
    rhs = turned;
    order = npu::PanelOrder::NK;
  }
  if (isByte)
    return multiply(b, lhs.value, rhs, bias, shape, matmul.element, matmul.n, order,
                    matmul.lhs.element.isUnsignedInteger());
  return multiply(b, lhs.value, packPanels(b, rhs, order), bias, shape, matmul.element, matmul.n);
}

/// Any type, as a contraction that the type's own arithmetic accumulates.
static Tensor multiplyGeneric(Emitter &b, const MatMul &matmul) {
  unsigned rank = matmul.batch.size() + 2;
  Shape shape = matmul.resultShape();
  auto operandMap = [&](const Tensor &tensor, AffineExpr row, AffineExpr column, bool transposed) {
    SmallVector<AffineExpr> indices;
    unsigned offset = rank - tensor.rank();
    for (int64_t index = 0; index < tensor.rank() - 2; ++index)
      indices.push_back(tensor.dim(index) == 1 ? b.c(0) : b.d(index + offset));
    indices.append({transposed ? column : row, transposed ? row : column});
    return b.map(rank + 1, indices);
  };
  Access lhs{matmul.lhs, operandMap(matmul.lhs, b.d(rank - 2), b.d(rank), matmul.transposeLhs)};
  Access rhs{matmul.rhs, operandMap(matmul.rhs, b.d(rank), b.d(rank - 1), matmul.transposeRhs)};
  Type accumulator = getComputeElement(matmul.element);
  SmallVector<AffineExpr> indices;
  for (unsigned index = 0; index < rank; ++index)
    indices.push_back(b.d(index));
  Access init{b.fillZero(shape, accumulator), b.map(rank + 1, indices)};
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  iterators.push_back(IteratorType::reduction);
  Tensor result = b.generic({lhs, rhs}, init, iterators, [&](ArrayRef<Value> in, ArrayRef<Value> out) {
    Scalar s(b, accumulator);
    Value x = castScalar(b, in[0], matmul.lhs.element, accumulator);
    Value y = castScalar(b, in[1], matmul.rhs.element, accumulator);
    return SmallVector<Value>{s.add(out[0], s.mul(x, y))};
  })[0];
  result.element = accumulator;
  return b.convert(result, matmul.element);
}

static LogicalResult lowerMatMul(Operation *op, Emitter &b, Value x1, Value x2, Value bias, bool transpose1,
                                 bool transpose2) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  MatMul matmul{b.get(x1), b.get(x2), bias ? b.get(bias) : Tensor(), transpose1, transpose2, {}, 0,
                0,         0,         type.getElementType()};
  if (matmul.lhs.rank() < 2 || matmul.rhs.rank() < 2)
    return emitLoweringError(op) << "expects matrices, but got " << x1.getType() << " and " << x2.getType();
  ArrayRef<Dim> lhs = ArrayRef<Dim>(matmul.lhs.shape()).take_back(2);
  Shape shape = b.getShape(op->getResult(0));
  matmul.batch.assign(shape.begin(), shape.end() - 2);
  matmul.m = lhs[transpose1 ? 1 : 0];
  matmul.k = lhs[transpose1 ? 0 : 1];
  matmul.n = shape.back();
  bool floating = isMmadElement(matmul.lhs.element) && isMmadElement(matmul.rhs.element) && matmul.k != 0;
  bool addedBias = false;
  Tensor result =
      floating || isByteProduct(b, matmul) ? multiplyTiles(b, matmul, addedBias) : multiplyGeneric(b, matmul);
  result = b.reshape(result, shape);
  if (matmul.bias && !addedBias) {
    Tensor product = result;
    result = b.elementwise(shape, matmul.element, {product, matmul.bias}, [&](ArrayRef<Value> in) {
      Value added = castScalar(b, in[1], matmul.bias.element, matmul.element);
      return Scalar(b, matmul.element).add(in[0], added);
    });
  }
  b.set(op->getResult(0), result.value);
  return success();
}

static LogicalResult rejectOffsets(Operation *op, Value offsetW, int64_t offsetX) {
  if (!offsetW && offsetX == 0)
    return success();
  return emitLoweringError(op) << "expects no 'offset_w' and 'offset_x' = 0, but got "
                               << (offsetW ? "'offset_w'" : "'offset_x' = ") << (offsetW ? 0 : offsetX);
}

static LogicalResult lowerMatMulV2(ge::MatMulV2Op op, Emitter &b) {
  if (failed(rejectOffsets(op, op.getOffsetW(), op.getOffsetX())))
    return failure();
  return lowerMatMul(op, b, op.getX1(), op.getX2(), op.getBias(), op.getTransposeX1(), op.getTransposeX2());
}

static LogicalResult lowerBatchMatMulV2(ge::BatchMatMulV2Op op, Emitter &b) {
  if (failed(rejectOffsets(op, op.getOffsetW(), op.getOffsetX())))
    return failure();
  return lowerMatMul(op, b, op.getX1(), op.getX2(), op.getBias(), op.getAdjX1(), op.getAdjX2());
}

/// alpha * a · b + beta * c
static LogicalResult lowerGemm(ge::GEMMOp op, Emitter &b) {
  if (failed(lowerMatMul(op, b, op.getA(), op.getB(), Value(), op.getTransposeA(), op.getTransposeB())))
    return failure();
  auto type = cast<RankedTensorType>(op.getY().getType());
  Tensor product = b.get(op.getY());
  product.splat = {};
  SmallVector<Tensor> operands{product, b.get(op.getC()), b.get(op.getAlpha()), b.get(op.getBeta())};
  Tensor result = b.elementwise(b.getShape(op.getY()), type.getElementType(), operands, [&](ArrayRef<Value> in) {
    Scalar s(b, type.getElementType());
    SmallVector<Value> values;
    for (auto [value, operand] : llvm::zip_equal(in, operands))
      values.push_back(castScalar(b, value, operand.element, type.getElementType()));
    return s.add(s.mul(values[2], values[0]), s.mul(values[3], values[1]));
  });
  b.set(op.getY(), result.value);
  return success();
}

void gemlir::lowering::populateMatMul(LoweringTable &table) {
  table.add(lowerMatMulV2);
  table.add(lowerBatchMatMulV2);
  table.add(lowerGemm);
}
