//===- CubeEmitter.cpp - what all kernels of the cube emit ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CubeEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;
using engine::Space;

Value gemlir::getDestination(npu::MmadOp mmad) {
  if (!mmad.getResult() || !mmad.getResult().hasOneUse())
    return {};
  auto store = dyn_cast<bufferization::MaterializeInDestinationOp>(*mmad.getResult().user_begin());
  return store ? store.getDest() : Value();
}

CubeEmitter::CubeEmitter(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile)
    : kernel(kernel), space(space), tile(tile), b(kernel.getContext()), loc(this->space.mmad.getLoc()),
      lhs(getBuffer(this->space.mmad.getImage() ? this->space.mmad.getImage().getImage() : this->space.mmad.getLhs())),
      rhs(getBuffer(this->space.mmad.getRhs())), init(getDestination(this->space.mmad)),
      c0(32 / getElementBytes(space.element)) {}

Value CubeEmitter::local(ArrayRef<int64_t> shape, Type element, Space memory) {
  return npu::LocalOp::create(b, loc, npu::getLocalType(shape, element, memory));
}

Value CubeEmitter::constant(int64_t n) { return arith::ConstantIndexOp::create(b, loc, n); }

Value CubeEmitter::toValue(OpFoldResult size) { return getValueOrCreateConstantIndexOp(b, loc, size); }

Value CubeEmitter::view(Value buffer, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes, unsigned rank) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<OpFoldResult> strides(offsets.size(), number(1));
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes.take_back(rank))
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  auto result = memref::SubViewOp::inferRankReducedResultType(shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(b, loc, result, buffer, offsets, sizes, strides);
}

OpFoldResult CubeEmitter::rest(OpFoldResult size, OpFoldResult offset, int64_t most) {
  std::optional<int64_t> known = getConstantIntValue(size);
  if (known && *known % most == 0)
    return number(most);
  if (known && *known < most)
    return size;
  Value left = arith::SubIOp::create(b, loc, toValue(size), toValue(offset));
  return arith::MinUIOp::create(b, loc, left, constant(most)).getResult();
}

Value CubeEmitter::stageVector(Value vector, Type element, Space memory) {
  Value from = getBuffer(vector);
  Type held = cast<MemRefType>(from.getType()).getElementType();
  Value staged = view(local({tile.columns}, held, Space::L1), {number(0)}, {columns}, 1);
  npu::MoveOp::create(b, loc, view(from, {column}, {columns}, 1), staged);
  Value table = local({tile.columns}, element, memory);
  npu::FeedOp::create(b, loc, staged, table);
  return table;
}

Value CubeEmitter::emitBias() { return space.bias ? stageVector(space.bias, space.accumulator, Space::BT) : Value(); }

void CubeEmitter::emitDrain(Value target) {
  Value scales = space.scales ? stageVector(space.scales, b.getF32Type(), Space::FB) : Value();
  auto drain = npu::DrainOp::create(b, loc, accumulators, target, space.relu);
  if (!space.quantization)
    return;
  drain.setZero(space.quantization->zero);
  drain.setUnsignedTarget(space.quantization->isUnsigned);
  if (scales)
    drain.getScalesMutable().assign(scales);
  else
    drain.setScaleAttr(b.getF32FloatAttr(space.quantization->scale));
}

void CubeEmitter::feedRight(Value slab, OpFoldResult step, OpFoldResult depth, Value target) {
  OpFoldResult blocks = multiply(b, loc, ceilDivide(b, loc, columns, 16), number(16 / c0));
  npu::FeedOp::create(b, loc, view(slab, {number(0), step, number(0)}, {blocks, depth, number(c0)}, 3), target);
}

void CubeEmitter::feedTurned(Value slab, OpFoldResult step, OpFoldResult depth, Value target) {
  OpFoldResult first = ceilDivide(b, loc, step, c0), blocks = ceilDivide(b, loc, depth, c0);
  npu::FeedOp::create(b, loc, view(slab, {first, number(0), number(0)}, {blocks, columns, number(c0)}, 3), target,
                      /*transposed=*/true);
}

Type CubeEmitter::leftElement() {
  return space.mmad.getUnsignedLhs() ? Type(b.getIntegerType(8, /*isSigned=*/false)) : space.element;
}

void CubeEmitter::emitMultiply(Value left, Value right, Value k, Value step, OpFoldResult rows, OpFoldResult depth) {
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, arith::AddIOp::create(b, loc, k, step), constant(0));
  Value m = toValue(rows), n = toValue(columns), d = toValue(depth);
  auto choice = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/true);
  for (bool first : {true, false}) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(first ? choice.thenBlock() : choice.elseBlock());
    npu::MultiplyOp::create(b, loc, left, right, first ? bias : Value(), accumulators, m, d, n, first);
  }
}

void CubeEmitter::emit() {
  Block &body = kernel.getBody().front();
  b.setInsertionPoint(body.getTerminator());
  setTiles();
  allColumns = number(space.n);
  if (space.n < 0)
    allColumns = memref::DimOp::create(b, loc, init, cast<MemRefType>(init.getType()).getRank() - 1).getResult();
  prepare();
  auto range = npu::TileRangeOp::create(b, loc);
  auto loop = scf::ForOp::create(b, loc, range.getBegin(), range.getEnd(), constant(1));
  b.setInsertionPointToStart(loop.getBody());
  Value t = loop.getInductionVar();
  Value across = toValue(ceilDivide(b, loc, allColumns, tile.columns));
  Value down = countDown();
  if (isBatched()) {
    Value each = arith::MulIOp::create(b, loc, down, across);
    batch = arith::DivUIOp::create(b, loc, t, each).getResult();
    t = arith::RemUIOp::create(b, loc, t, each);
  }
  // Down a group of columns, then the next group, of which the last may be narrower.
  Value group = arith::MulIOp::create(b, loc, down, constant(tile.across));
  Value first = arith::MulIOp::create(b, loc, arith::DivUIOp::create(b, loc, t, group), constant(tile.across));
  Value within = arith::RemUIOp::create(b, loc, t, group);
  Value width = arith::MinUIOp::create(b, loc, constant(tile.across), arith::SubIOp::create(b, loc, across, first));
  Value i = arith::DivUIOp::create(b, loc, within, width);
  Value j = arith::AddIOp::create(b, loc, first, arith::RemUIOp::create(b, loc, within, width));
  column = multiply(b, loc, j, number(tile.columns));
  columns = rest(allColumns, column, tile.columns);
  accumulators = local({tile.rows, tile.columns}, space.accumulator, Space::L0C);
  emitTile(i);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op)) {
      op.erase();
    } else if (isa<npu::MmadOp, npu::Im2ColOp, tensor::EmptyOp, bufferization::ToTensorOp,
                   bufferization::MaterializeInDestinationOp>(op)) {
      op.dropAllUses();
      op.erase();
    }
}
