//===- LoopBuilder.cpp - loops and vectors on flat buffers ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace gemlir {

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

Value LoopBuilder::constant(TypedAttr value) {
  Value &result = constants[value];
  if (result)
    return result;
  Block *block = getInsertionBlock();
  while (!block->getParentOp()->hasTrait<OpTrait::IsIsolatedFromAbove>())
    block = block->getParentOp()->getBlock();
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(&block->getParent()->front());
  return result = arith::ConstantOp::create(*this, value);
}

Value LoopBuilder::index(int64_t value) { return constant(getIndexAttr(value)); }

/// Folds what is known, so that the emitted text stays short.
static std::optional<int64_t> known(Value value) { return getConstantIntValue(value); }

Value LoopBuilder::add(Value a, Value b) {
  if (!a || known(a) == 0)
    return b ? b : index(0);
  if (!b || known(b) == 0)
    return a;
  if (known(a) && known(b))
    return index(*known(a) + *known(b));
  return arith::AddIOp::create(*this, a, b);
}

Value LoopBuilder::add(Value a, int64_t b) { return b == 0 && a ? a : add(a, index(b)); }

Value LoopBuilder::sub(Value a, Value b) {
  if (known(a) && known(b))
    return index(*known(a) - *known(b));
  return known(b) == 0 ? a : arith::SubIOp::create(*this, a, b).getResult();
}

Value LoopBuilder::mul(Value a, Dim b) {
  if (b.isStatic())
    return mul(a, *b.known());
  if (known(a) == 0)
    return a;
  return known(a) == 1 ? index(b) : arith::MulIOp::create(*this, a, index(b)).getResult();
}

Value LoopBuilder::div(Value a, Dim b) {
  return b.isStatic() ? div(a, *b.known()) : Value(arith::DivUIOp::create(*this, a, index(b)));
}

Value LoopBuilder::rem(Value a, Dim b) {
  return b.isStatic() ? rem(a, *b.known()) : Value(arith::RemUIOp::create(*this, a, index(b)));
}

Value LoopBuilder::mul(Value a, int64_t b) {
  if (known(a))
    return index(*known(a) * b);
  return b == 1 ? a : arith::MulIOp::create(*this, a, index(b)).getResult();
}

Value LoopBuilder::div(Value a, int64_t b) {
  if (known(a))
    return index(*known(a) / b);
  return b == 1 ? a : arith::DivUIOp::create(*this, a, index(b)).getResult();
}

Value LoopBuilder::rem(Value a, int64_t b) {
  if (b == 1)
    return index(0);
  if (known(a))
    return index(*known(a) % b);
  return arith::RemUIOp::create(*this, a, index(b));
}

Value LoopBuilder::min(Value a, Value b) {
  if (known(a) && known(b))
    return index(std::min(*known(a), *known(b)));
  return arith::MinSIOp::create(*this, a, b);
}

Value LoopBuilder::max(Value a, Value b) {
  if (known(a) && known(b))
    return index(std::max(*known(a), *known(b)));
  return arith::MaxSIOp::create(*this, a, b);
}

Value LoopBuilder::equals(Value a, int64_t b) {
  return arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, a, index(b));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void LoopBuilder::loop(Value from, Value to, int64_t step, Body body) {
  loop(from, to, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return SmallVector<Value>();
  });
}

SmallVector<Value> LoopBuilder::loop(Value from, Value to, int64_t step, ValueRange initial, ValueBody body) {
  if (known(from) && known(to)) {
    if (*known(from) >= *known(to))
      return initial;
    if (*known(from) + step >= *known(to))
      return body(from, initial);
  }
  auto op = scf::ForOp::create(*this, from, to, index(step), initial);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.getBody());
  SmallVector<Value> results = body(op.getInductionVar(), op.getRegionIterArgs());
  if (!initial.empty())
    scf::YieldOp::create(*this, results);
  return SmallVector<Value>(op.getResults());
}

void LoopBuilder::loopHalving(Value from, Value to, int64_t step, llvm::function_ref<void(Value, int64_t)> body) {
  loopHalving(from, to, step, ValueRange(), [&](Value i, int64_t count, ValueRange) {
    body(i, count);
    return SmallVector<Value>();
  });
}

SmallVector<Value> LoopBuilder::loopHalving(Value from, Value to, int64_t step, ValueRange initial, StepBody body) {
  SmallVector<Value> values(initial);
  for (; step > 0; step /= 2) {
    Value end = to;
    if (step > 1) {
      Value remaining = max(sub(to, from), index(0));
      end = add(from, sub(remaining, rem(remaining, step)));
    }
    values = loop(from, end, step, values, [&](Value i, ValueRange inner) { return body(i, step, inner); });
    from = end;
  }
  return values;
}

void LoopBuilder::ifTrue(Value condition, llvm::function_ref<void()> body) {
  auto op = scf::IfOp::create(*this, condition);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  body();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

OpBuilder LoopBuilder::outside() {
  // Loops are made where the builder is; what they all may use, before an
  // operation that stays ahead of them.
  if (!anchor)
    anchor = arith::ConstantIndexOp::create(*this, 0);
  return OpBuilder(anchor);
}

Value LoopBuilder::index(Dim value) {
  if (std::optional<int64_t> constant = value.known())
    return index(*constant);
  OpBuilder builder = outside();
  return scope.materialize(value, builder, getLoc());
}

/// The scalar of the kernel that a size is, or null.
static Value getScalar(OpFoldResult size) {
  auto cast = llvm::cast<Value>(size).getDefiningOp<arith::IndexCastOp>();
  return cast && isa<BlockArgument>(cast.getIn()) ? cast.getIn() : Value();
}

/// Equal sizes have one symbol, whichever operation states them.
Dim LoopBuilder::sizeOf(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return *constant;
  Value value = cast<Value>(size);
  if (auto dim = value.getDefiningOp<memref::DimOp>())
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return sizes(dim.getSource())[*index];
  Value scalar = getScalar(size);
  if (!scalar) {
    outside();
    return scope.get(value);
  }
  auto [entry, inserted] = scalars.try_emplace(scalar);
  if (inserted) {
    OpBuilder builder = outside();
    entry->second = arith::IndexCastOp::create(builder, getLoc(), getIndexType(), scalar);
  }
  return scope.get(entry->second);
}

SmallVector<Dim> LoopBuilder::sizes(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<Dim> result = toDims(type.getShape());
  if (type.hasStaticShape())
    return result;
  if (auto subview = memref.getDefiningOp<memref::SubViewOp>()) {
    llvm::SmallBitVector dropped = subview.getDroppedDims();
    result.clear();
    for (auto [dim, size] : llvm::enumerate(subview.getMixedSizes()))
      if (!dropped[dim])
        result.push_back(sizeOf(size));
    return result;
  }
  auto argument = dyn_cast<BlockArgument>(memref);
  auto kernel = argument ? dyn_cast<npu::KernelOp>(argument.getOwner()->getParentOp()) : npu::KernelOp();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    OpBuilder builder = outside();
    if (kernel) {
      Value scalar = kernel.getScalars()[kernel.getSizeScalar(argument.getArgNumber(), dim)];
      result[dim] = sizeOf(arith::IndexCastOp::create(builder, getLoc(), getIndexType(), scalar).getResult());
    } else {
      Value &size = dims[{memref, unsigned(dim)}];
      if (!size)
        size = memref::DimOp::create(builder, getLoc(), memref, dim);
      result[dim] = scope.get(size);
    }
  }
  return result;
}

FailureOr<SmallVector<Dim>> LoopBuilder::strides(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<int64_t> stated;
  int64_t offset;
  if (failed(type.getStridesAndOffset(stated, offset)))
    return failure();
  SmallVector<Dim> result = toDims(stated);
  if (llvm::none_of(stated, ShapedType::isDynamic))
    return result;
  if (type.getLayout().isIdentity()) {
    SmallVector<Dim> whole = sizes(memref);
    Dim stride = 1;
    for (size_t dim = result.size(); dim-- > 0;) {
      result[dim] = stride;
      stride *= whole[dim];
    }
    return result;
  }
  auto subview = memref.getDefiningOp<memref::SubViewOp>();
  if (!subview)
    return failure();
  FailureOr<SmallVector<Dim>> whole = strides(subview.getSource());
  if (failed(whole))
    return failure();
  llvm::SmallBitVector dropped = subview.getDroppedDims();
  result.clear();
  for (auto [dim, step] : llvm::enumerate(subview.getMixedStrides()))
    if (!dropped[dim])
      result.push_back((*whole)[dim] * sizeOf(step));
  return result;
}

FailureOr<FlatBuffer> LoopBuilder::flatten(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  FlatBuffer flat;
  FailureOr<SmallVector<Dim>> known = strides(memref);
  if (failed(known))
    return failure();
  flat.strides = *known;
  if (type.getLayout().isIdentity()) {
    flat.memref = memref;
    if (type.getRank() > 1) {
      ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
      flat.memref = memref::CollapseShapeOp::create(*this, memref, ArrayRef<ReassociationIndices>{all});
    } else if (type.getRank() == 0) {
      auto line = MemRefType::get({1}, type.getElementType());
      flat.memref = memref::ExpandShapeOp::create(*this, line, memref, ArrayRef<ReassociationIndices>{});
    }
    return flat;
  }
  auto metadata = memref::ExtractStridedMetadataOp::create(*this, memref);
  flat.offset = metadata.getOffset();
  auto line = MemRefType::get({std::numeric_limits<int32_t>::max()}, type.getElementType());
  flat.memref = memref::ReinterpretCastOp::create(*this, line, metadata.getBaseBuffer(), /*offset=*/0, line.getShape(),
                                                  ArrayRef<int64_t>{1});
  return flat;
}

Value LoopBuilder::at(const FlatBuffer &buffer, Value position) {
  return buffer.offset ? add(buffer.offset, position) : position;
}

Value LoopBuilder::loadScalar(const FlatBuffer &buffer, Value position) {
  return memref::LoadOp::create(*this, buffer.memref, ValueRange{at(buffer, position)});
}

static VectorType vectorOf(const FlatBuffer &buffer, int64_t lanes) {
  return VectorType::get({lanes}, cast<MemRefType>(buffer.memref.getType()).getElementType());
}

Value LoopBuilder::loadVector(const FlatBuffer &buffer, Value position, int64_t lanes) {
  return vector::LoadOp::create(*this, vectorOf(buffer, lanes), buffer.memref, ValueRange{at(buffer, position)});
}

Value LoopBuilder::mask(int64_t lanes, Value valid) {
  auto type = VectorType::get({lanes}, getI1Type());
  return vector::CreateMaskOp::create(*this, type, ValueRange{valid});
}

Value LoopBuilder::loadVector(const FlatBuffer &buffer, Value position, int64_t lanes, int64_t valid) {
  return valid >= lanes ? loadVector(buffer, position, lanes) : loadVector(buffer, position, lanes, index(valid));
}

Value LoopBuilder::loadVector(const FlatBuffer &buffer, Value position, int64_t lanes, Value valid) {
  VectorType type = vectorOf(buffer, lanes);
  return vector::MaskedLoadOp::create(*this, type, buffer.memref, ValueRange{at(buffer, position)}, mask(lanes, valid),
                                      zero(type));
}

void LoopBuilder::storeVector(const FlatBuffer &buffer, Value position, Value value) {
  vector::StoreOp::create(*this, value, buffer.memref, ValueRange{at(buffer, position)});
}

void LoopBuilder::storeVector(const FlatBuffer &buffer, Value position, Value value, int64_t valid) {
  int64_t lanes = cast<VectorType>(value.getType()).getDimSize(0);
  if (valid >= lanes)
    return storeVector(buffer, position, value);
  storeVector(buffer, position, value, index(valid));
}

void LoopBuilder::storeVector(const FlatBuffer &buffer, Value position, Value value, Value valid) {
  int64_t lanes = cast<VectorType>(value.getType()).getDimSize(0);
  vector::MaskedStoreOp::create(*this, buffer.memref, ValueRange{at(buffer, position)}, mask(lanes, valid), value);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value LoopBuilder::convert(Value value, Type element) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == element)
    return value;
  Type type = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(element);
  if (isa<FloatType>(from))
    return from.getIntOrFloatBitWidth() < element.getIntOrFloatBitWidth()
               ? arith::ExtFOp::create(*this, type, value).getResult()
               : arith::TruncFOp::create(*this, type, value).getResult();
  if (from.getIntOrFloatBitWidth() > element.getIntOrFloatBitWidth())
    return arith::TruncIOp::create(*this, type, value);
  return from.isUnsignedInteger() ? arith::ExtUIOp::create(*this, type, value).getResult()
                                  : arith::ExtSIOp::create(*this, type, value).getResult();
}

Value LoopBuilder::broadcast(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(*this, VectorType::get({lanes}, scalar.getType()), scalar);
}

Value LoopBuilder::zero(VectorType type) {
  return constant(DenseElementsAttr::get(type, Attribute(getZeroAttr(type.getElementType()))));
}

Value LoopBuilder::multiplyAdd(Value a, Value b, Value c) {
  if (isa<FloatType>(getElementTypeOrSelf(c.getType())))
    return vector::FMAOp::create(*this, a, b, c);
  return arith::AddIOp::create(*this, arith::MulIOp::create(*this, a, b), c);
}

//===----------------------------------------------------------------------===//
// Scalar operations on vectors
//===----------------------------------------------------------------------===//

bool isVectorizable(Operation *op) {
  if (op->getNumRegions() != 0 || op->getNumResults() != 1)
    return false;
  Type result = op->getResult(0).getType();
  if (!result.isIntOrFloat())
    return false;
  return isa<arith::ConstantOp>(op) ||
         (OpTrait::hasElementwiseMappableTraits(op) &&
          llvm::all_of(op->getOperandTypes(), [](Type type) { return type.isIntOrFloat(); }));
}

void allowContraction(Operation *op) {
  auto floats = dyn_cast<arith::ArithFastMathInterface>(op);
  if (!floats || !isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(op))
    return;
  arith::FastMathFlags flags = arith::FastMathFlags::none;
  if (arith::FastMathFlagsAttr attr = floats.getFastMathFlagsAttr())
    flags = attr.getValue();
  flags = flags | arith::FastMathFlags::contract;
  op->setAttr(floats.getFastMathAttrName(), arith::FastMathFlagsAttr::get(op->getContext(), flags));
}

void cloneOnVectors(OpBuilder &builder, Operation *op, int64_t lanes, IRMapping &map) {
  Location loc = op->getLoc();
  auto type = VectorType::get({lanes}, op->getResult(0).getType());
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto splat = DenseElementsAttr::get(type, cast<TypedAttr>(constant.getValue()));
    map.map(op->getResult(0), arith::ConstantOp::create(builder, loc, type, splat));
    return;
  }
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    Value mapped = map.lookupOrDefault(operand);
    if (!isa<VectorType>(mapped.getType()))
      mapped = vector::BroadcastOp::create(builder, loc, VectorType::get({lanes}, mapped.getType()), mapped);
    operands.push_back(mapped);
  }
  OperationState state(loc, op->getName());
  state.addOperands(operands);
  state.addTypes(type);
  state.addAttributes(op->getAttrs());
  Operation *copy = builder.create(state);
  allowContraction(copy);
  map.map(op->getResult(0), copy->getResult(0));
}

//===----------------------------------------------------------------------===//
// Tile range
//===----------------------------------------------------------------------===//

std::pair<Value, Value> getTileRange(LoopBuilder &builder, Operation *op, Dim tiles) {
  auto kernel = op->getParentOfType<npu::KernelOp>();
  if (!kernel || kernel.getTiles() == 1)
    return {builder.index(0), builder.index(tiles)};
  auto range = npu::TileRangeOp::create(builder);
  return {range.getBegin(), range.getEnd()};
}

} // namespace gemlir
