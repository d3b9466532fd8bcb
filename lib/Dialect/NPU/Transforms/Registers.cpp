//===- Registers.cpp - the registers of a program -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registers.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::npu;
using gemlir::Dim;

static int64_t elementBytes(Type type) { return llvm::divideCeil(cast<ShapedType>(type).getElementTypeBitWidth(), 8); }

bool Registers::isScalar(Operation &op) {
  return op.getNumResults() != 0 && op.getNumRegions() == 0 && !op.hasTrait<OpTrait::IsTerminator>() &&
         llvm::none_of(op.getResultTypes(), [](Type type) { return isa<ShapedType>(type); }) && isMemoryEffectFree(&op);
}

/// Moves each operation on scalars behind the last one of its block that it
/// depends on.
static void hoistScalars(Block &block) {
  SmallVector<Operation *> scalars;
  for (Operation &op : block)
    if (Registers::isScalar(op))
      scalars.push_back(&op);
  // What depends on nothing in the block keeps its order at the start.
  Operation *lastEarly = nullptr;
  DenseSet<Operation *> early;
  for (Operation *op : scalars) {
    Operation *last = nullptr;
    for (Value operand : op->getOperands()) {
      Operation *definition = operand.getDefiningOp();
      if (!definition || definition->getBlock() != &block || early.contains(definition))
        continue;
      if (!last || last->isBeforeInBlock(definition))
        last = definition;
    }
    if (last) {
      op->moveAfter(last);
      continue;
    }
    if (lastEarly)
      op->moveAfter(lastEarly);
    else
      op->moveBefore(&block, block.begin());
    lastEarly = op;
    early.insert(op);
  }
}

LogicalResult Registers::prepare() {
  SmallVector<Operation *> slices;
  block.walk([&](Operation *op) {
    if (isa<tensor::ExtractSliceOp, tensor::InsertSliceOp>(op))
      slices.push_back(op);
  });
  for (Operation *op : slices) {
    auto insert = dyn_cast<tensor::InsertSliceOp>(op);
    std::optional<Dim> offset =
        insert ? getContiguousOffset(insert, sizes) : getContiguousOffset(cast<tensor::ExtractSliceOp>(op), sizes);
    if (!offset)
      return op->emitError("expects a contiguous slice between kernels");
    if (std::optional<int64_t> known = offset->known())
      offsets[op] = builder.getIndexAttr(*known);
    else
      offsets[op] = sizes.materialize(*offset, op);
  }
  // Sizes that only follow from others become operations here.
  SmallVector<Value> dynamic;
  block.walk([&](Operation *op) {
    for (Value result : op->getResults())
      if (auto type = dyn_cast<RankedTensorType>(result.getType()); type && !type.hasStaticShape())
        dynamic.push_back(result);
  });
  for (Value result : dynamic)
    (void)sizes.getSizes(result);
  for (BlockArgument argument : block.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(argument.getType()); type && !type.hasStaticShape())
      (void)sizes.getSizes(argument);
  hoistScalars(block);
  block.walk([](Operation *op) {
    for (Region &region : op->getRegions())
      if (!region.empty())
        hoistScalars(region.front());
  });
  return success();
}

Value Registers::toI64(Value value, Location loc) {
  Type i64 = builder.getI64Type();
  if (value.getType() == i64)
    return value;
  return arith::IndexCastOp::create(builder, loc, i64, value);
}

/// The element of a buffer at `indices`, row by row.
static LogicalResult convertExtract(tensor::ExtractOp op, Value buffer, ValueRange indices, ArrayRef<Value> dims,
                                    OpBuilder &builder, IRMapping &mapping) {
  Location loc = op.getLoc();
  Value position = arith::ConstantIndexOp::create(builder, loc, 0);
  for (auto [index, size] : llvm::zip_equal(indices, dims))
    position = arith::AddIOp::create(builder, loc, arith::MulIOp::create(builder, loc, position, size), index);
  Value at = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), position);
  Value read = ReadOp::create(builder, loc, builder.getI64Type(), buffer, at);
  Type type = op.getType();
  if (!type.isIntOrIndex())
    return op.emitError("expects integers where a program reads an element, but got ") << type;
  if (type != read.getType())
    read = type.isIndex() ? arith::IndexCastOp::create(builder, loc, type, read).getResult()
                          : arith::TruncIOp::create(builder, loc, type, read).getResult();
  mapping.map(op.getResult(), read);
  return success();
}

LogicalResult Registers::convert(Operation &op, Value buffer) {
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    Value size = DimOp::create(builder, op.getLoc(), builder.getI64Type(), buffer, *dim.getConstantIndex());
    mapping.map(dim.getResult(), arith::IndexCastOp::create(builder, op.getLoc(), builder.getIndexType(), size));
    return success();
  }
  if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
    SmallVector<Value> indices, dims;
    for (Value index : extract.getIndices())
      indices.push_back(mapping.lookupOrDefault(index));
    auto type = cast<RankedTensorType>(extract.getTensor().getType());
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      OpFoldResult size = sizes.getSize(extract.getTensor(), dim);
      if (std::optional<int64_t> known = getConstantIntValue(size))
        dims.push_back(arith::ConstantIndexOp::create(builder, op.getLoc(), *known));
      else
        dims.push_back(mapping.lookup(cast<Value>(size)));
    }
    return convertExtract(extract, buffer, indices, dims, builder, mapping);
  }
  builder.clone(op, mapping);
  return success();
}

std::optional<SmallVector<Value>> Registers::getDynamicSizes(Value tensor) {
  SmallVector<Value> result;
  auto type = cast<RankedTensorType>(tensor.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    OpFoldResult size = sizes.getSize(tensor, dim);
    if (!size)
      return std::nullopt;
    if (std::optional<int64_t> known = getConstantIntValue(size)) {
      result.push_back(arith::ConstantIndexOp::create(builder, tensor.getLoc(), *known));
      continue;
    }
    Value value = mapping.lookupOrNull(cast<Value>(size));
    if (!value)
      return std::nullopt;
    result.push_back(value);
  }
  return result;
}

Value Registers::getBytes(Value tensor, Location loc) {
  auto type = cast<RankedTensorType>(tensor.getType());
  std::optional<SmallVector<Value>> dynamic = getDynamicSizes(tensor);
  if (!dynamic)
    return {};
  int64_t known = elementBytes(type);
  for (int64_t size : type.getShape())
    known *= ShapedType::isDynamic(size) ? 1 : size;
  Value bytes = arith::ConstantIndexOp::create(builder, loc, known);
  for (Value size : *dynamic)
    bytes = arith::MulIOp::create(builder, loc, bytes, size);
  return toI64(bytes, loc);
}

Value Registers::getByteOffset(Operation *op, Location loc) {
  OpFoldResult offset = offsets.lookup(op);
  int64_t width = elementBytes(op->getOperand(0).getType());
  if (std::optional<int64_t> known = getConstantIntValue(offset))
    return arith::ConstantIntOp::create(builder, loc, *known * width, /*width=*/64);
  Value factor = arith::ConstantIndexOp::create(builder, loc, width);
  return toI64(arith::MulIOp::create(builder, loc, mapping.lookup(cast<Value>(offset)), factor), loc);
}
