//===- BufferAddress.cpp - where a view of a buffer is -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferAddress.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;

Value gemlir::getBuffer(Value tensor) {
  auto toTensor = tensor.getDefiningOp<bufferization::ToTensorOp>();
  return toTensor ? toTensor.getBuffer() : Value();
}

OpFoldResult gemlir::add(OpBuilder &b, Location loc, OpFoldResult x, OpFoldResult y) {
  std::optional<int64_t> m = getConstantIntValue(x), n = getConstantIntValue(y);
  if (m && n)
    return b.getIndexAttr(*m + *n);
  if (m == 0 || n == 0)
    return m == 0 ? y : x;
  return arith::AddIOp::create(b, loc, getValueOrCreateConstantIndexOp(b, loc, x),
                               getValueOrCreateConstantIndexOp(b, loc, y))
      .getResult();
}

OpFoldResult gemlir::multiply(OpBuilder &b, Location loc, OpFoldResult x, OpFoldResult y) {
  std::optional<int64_t> m = getConstantIntValue(x), n = getConstantIntValue(y);
  if (m && n)
    return b.getIndexAttr(*m * *n);
  if (m == 0 || n == 0)
    return b.getIndexAttr(0);
  if (m == 1 || n == 1)
    return m == 1 ? y : x;
  return arith::MulIOp::create(b, loc, getValueOrCreateConstantIndexOp(b, loc, x),
                               getValueOrCreateConstantIndexOp(b, loc, y))
      .getResult();
}

OpFoldResult gemlir::ceilDivide(OpBuilder &b, Location loc, OpFoldResult x, int64_t y) {
  if (y == 1)
    return x;
  if (std::optional<int64_t> m = getConstantIntValue(x))
    return b.getIndexAttr(llvm::divideCeil(*m, y));
  OpFoldResult sum = add(b, loc, x, b.getIndexAttr(y - 1));
  return arith::DivUIOp::create(b, loc, getValueOrCreateConstantIndexOp(b, loc, sum),
                                arith::ConstantIndexOp::create(b, loc, y))
      .getResult();
}

/// The buffer of an `npu.local`, at its planned address.
static FailureOr<BufferAddress> resolveLocal(OpBuilder &b, npu::LocalOp local) {
  if (!local.getAddress())
    return local.emitError("expects an address; npu-plan-local-memory gives it");
  auto type = cast<MemRefType>(local.getBuffer().getType());
  BufferAddress address{npu::getSpace(type), type.getElementType(), b.getIndexAttr(*local.getAddress()), {}, {}};
  if (local.getCopies() > 1)
    address.start = add(b, local.getLoc(), address.start,
                        multiply(b, local.getLoc(), local.getSlot(), b.getIndexAttr(local.getCopyBytes())));
  int64_t stride = 1;
  for (int64_t size : llvm::reverse(type.getShape())) {
    address.sizes.insert(address.sizes.begin(), b.getIndexAttr(size));
    address.strides.insert(address.strides.begin(), b.getIndexAttr(stride));
    stride *= size;
  }
  return address;
}

static BufferAddress resolveSubview(OpBuilder &b, memref::SubViewOp view, const BufferAddress &source) {
  Location loc = view.getLoc();
  BufferAddress address{source.space, source.element, source.start, {}, {}};
  llvm::SmallBitVector dropped = view.getDroppedDims();
  const SmallVector<OpFoldResult> offsets = view.getMixedOffsets(), sizes = view.getMixedSizes(),
                                  strides = view.getMixedStrides();
  for (unsigned i = 0; i < offsets.size(); ++i) {
    OpFoldResult bytes = multiply(b, loc, source.strides[i], b.getIndexAttr(source.elementBytes()));
    address.start = add(b, loc, address.start, multiply(b, loc, offsets[i], bytes));
    if (dropped.test(i))
      continue;
    address.sizes.push_back(sizes[i]);
    address.strides.push_back(multiply(b, loc, source.strides[i], strides[i]));
  }
  return address;
}

static BufferAddress resolveRecast(OpBuilder &b, memref::ReinterpretCastOp view, const BufferAddress &source) {
  Location loc = view.getLoc();
  OpFoldResult offset = view.getMixedOffsets()[0];
  return {source.space, source.element,
          add(b, loc, source.start, multiply(b, loc, offset, b.getIndexAttr(source.elementBytes()))),
          view.getMixedSizes(), view.getMixedStrides()};
}

/// A reshape of dense memory keeps its start; dynamic sizes are at most one, which
/// takes what the others leave.
FailureOr<BufferAddress> AddressResolver::resolveReshape(OpBuilder &b, Operation *op, Value source, MemRefType type) {
  FailureOr<BufferAddress> from = resolve(b, source);
  if (failed(from))
    return failure();
  if (!type.getLayout().isIdentity() || type.getNumDynamicDims() > 1)
    return op->emitError(
               "cannot be converted: expects a reshape of dense memory with at most one dynamic size, but got ")
           << type;
  Location loc = op->getLoc();
  OpFoldResult count = b.getIndexAttr(1);
  for (OpFoldResult size : from->sizes)
    count = multiply(b, loc, count, size);
  int64_t known = 1;
  for (int64_t size : type.getShape())
    known *= ShapedType::isDynamic(size) ? 1 : size;
  BufferAddress address{from->space, from->element, from->start, {}, {}};
  for (int64_t size : type.getShape())
    address.sizes.push_back(ShapedType::isDynamic(size) ? ceilDivide(b, loc, count, known) : b.getIndexAttr(size));
  OpFoldResult stride = b.getIndexAttr(1);
  for (OpFoldResult size : llvm::reverse(address.sizes)) {
    address.strides.insert(address.strides.begin(), stride);
    stride = multiply(b, loc, stride, size);
  }
  return address;
}

FailureOr<BufferAddress> AddressResolver::resolve(OpBuilder &b, Value memref) {
  auto found = buffers.find(memref);
  if (found != buffers.end())
    return found->second;
  Operation *op = memref.getDefiningOp();
  if (auto local = dyn_cast_or_null<npu::LocalOp>(op))
    return resolveLocal(b, local);
  if (auto view = dyn_cast_or_null<memref::SubViewOp>(op)) {
    FailureOr<BufferAddress> source = resolve(b, view.getSource());
    return failed(source) ? source : FailureOr<BufferAddress>(resolveSubview(b, view, *source));
  }
  if (auto view = dyn_cast_or_null<memref::ReinterpretCastOp>(op)) {
    FailureOr<BufferAddress> source = resolve(b, view.getSource());
    return failed(source) ? source : FailureOr<BufferAddress>(resolveRecast(b, view, *source));
  }
  if (auto cast = dyn_cast_or_null<memref::CastOp>(op))
    return resolve(b, cast.getSource());
  if (isa_and_nonnull<memref::CollapseShapeOp, memref::ExpandShapeOp>(op))
    return resolveReshape(b, op, op->getOperand(0), llvm::cast<MemRefType>(memref.getType()));
  return emitError(memref.getLoc(), "cannot be converted: a buffer of unknown place, ") << memref.getType();
}
