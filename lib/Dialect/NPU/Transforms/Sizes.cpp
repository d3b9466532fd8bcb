//===- Sizes.cpp - sizes of tensors that only the execution knows ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Sizes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::npu;

//===----------------------------------------------------------------------===//
// Sizes in a function
//===----------------------------------------------------------------------===//

/// The scalar that the kernel takes for the size.
static OpFoldResult getLaunchSize(LaunchOp launch, unsigned result, unsigned dim) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<KernelOp>(launch, launch.getKernelAttr());
  if (!kernel)
    return {};
  unsigned argument = kernel.getOutputs()[result].getArgNumber();
  unsigned scalar = kernel.getSizeScalar(argument, dim);
  Value operand = launch.getOperands().take_back(kernel.getScalars().size())[scalar];
  if (auto cast = operand.getDefiningOp<arith::IndexCastOp>())
    return cast.getIn();
  OpBuilder builder(launch);
  return arith::IndexCastOp::create(builder, launch.getLoc(), builder.getIndexType(), operand).getResult();
}

/// The operand of `npu.if` for a dynamic dimension of a result.
static OpFoldResult getBranchSize(IfOp op, unsigned result, unsigned dim) {
  unsigned position = 0;
  for (unsigned i = 0; i < result; ++i)
    position += cast<RankedTensorType>(op.getResult(i).getType()).getNumDynamicDims();
  return op.getSizes()[position + cast<RankedTensorType>(op.getResult(result).getType()).getDynamicDimIndex(dim)];
}

OpFoldResult SizeResolver::computeSize(Value tensor, unsigned dim) {
  MLIRContext *context = tensor.getContext();
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    if (argument.getOwner() != &block) {
      // Every step of a loop has the sizes that it starts with.
      Operation *loop = argument.getOwner()->getParentOp();
      if (auto counted = dyn_cast<ForOp>(loop))
        return getSize(counted.getInits()[argument.getArgNumber() - 1], dim);
      if (auto open = dyn_cast<WhileOp>(loop))
        return getSize(open.getInits()[argument.getArgNumber()], dim);
      return {};
    }
    OpBuilder builder(&block, block.begin());
    return tensor::DimOp::create(builder, argument.getLoc(), argument, dim).getResult();
  }
  Operation *op = tensor.getDefiningOp();
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return empty.getMixedSizes()[dim];
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return expand.getMixedOutputShape()[dim];
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    SmallVector<OpFoldResult> sizes;
    for (auto [index, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped[index])
        sizes.push_back(size);
    return sizes[dim];
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return getSize(insert.getDest(), dim);
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return getSize(cast.getSource(), dim);
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    OpBuilder builder(context);
    builder.setInsertionPointAfter(op);
    Value product;
    ReassociationIndices group = collapse.getReassociationIndices()[dim];
    for (int64_t from : group) {
      OpFoldResult size = getSize(collapse.getSrc(), from);
      if (!size)
        return {};
      Value factor = getValueOrCreateConstantIndexOp(builder, op->getLoc(), size);
      product = product ? arith::MulIOp::create(builder, op->getLoc(), product, factor).getResult() : factor;
    }
    return product;
  }
  if (auto decision = dyn_cast<IfOp>(op))
    return getBranchSize(decision, cast<OpResult>(tensor).getResultNumber(), dim);
  if (auto loop = dyn_cast<ForOp>(op))
    return getSize(loop.getInits()[cast<OpResult>(tensor).getResultNumber()], dim);
  if (auto loop = dyn_cast<WhileOp>(op))
    return getSize(loop.getInits()[cast<OpResult>(tensor).getResultNumber()], dim);
  if (auto launch = dyn_cast<LaunchOp>(op))
    return getLaunchSize(launch, cast<OpResult>(tensor).getResultNumber(), dim);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return getSize(loop.getTiedLoopInit(cast<OpResult>(tensor))->get(), dim);
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
    return getSize(dps.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  return {};
}

OpFoldResult SizeResolver::getSize(Value tensor, unsigned dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return Builder(type.getContext()).getIndexAttr(type.getDimSize(dim));
  if (OpFoldResult size = known.lookup({tensor, dim}))
    return size;
  OpFoldResult size = computeSize(tensor, dim);
  return known[{tensor, dim}] = size;
}

FailureOr<SmallVector<OpFoldResult>> SizeResolver::getSizes(Value tensor) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0, rank = cast<RankedTensorType>(tensor.getType()).getRank(); dim < rank; ++dim) {
    sizes.push_back(getSize(tensor, dim));
    if (!sizes.back())
      return emitError(tensor.getLoc()) << "has a dimension " << dim << " of a size that nothing states";
  }
  return sizes;
}

void SizeResolver::setSizes(Value tensor, ArrayRef<OpFoldResult> sizes) {
  for (auto [dim, size] : llvm::enumerate(sizes))
    known[{tensor, unsigned(dim)}] = size;
}

gemlir::Dim SizeResolver::getDim(OpFoldResult size) {
  // However often it is asked for, a dimension is one symbol.
  if (auto value = dyn_cast<Value>(size))
    if (auto op = value.getDefiningOp<tensor::DimOp>())
      if (std::optional<int64_t> index = op.getConstantIndex())
        if (OpFoldResult first = getSize(op.getSource(), *index); first && first != size)
          return getDim(first);
  return scope.get(size);
}

SmallVector<gemlir::Dim> SizeResolver::getDims(ArrayRef<OpFoldResult> sizes) {
  return llvm::map_to_vector(sizes, [&](OpFoldResult size) { return getDim(size); });
}

SmallVector<gemlir::Dim> SizeResolver::getDims(Value tensor) {
  SmallVector<gemlir::Dim> dims;
  for (int64_t dim = 0, rank = cast<RankedTensorType>(tensor.getType()).getRank(); dim < rank; ++dim) {
    OpFoldResult size = getSize(tensor, dim);
    dims.push_back(size ? getDim(size) : scope.newSymbol());
  }
  return dims;
}

Value SizeResolver::materialize(gemlir::Dim dim, Operation *op) {
  OpBuilder builder(op);
  // What was made for another place may come too late here.
  scope.forgetValues();
  return scope.materialize(dim, builder, op->getLoc());
}

/// Arithmetic that canonicalization of reshapes leaves behind.
static void expandApply(affine::AffineApplyOp op) {
  gemlir::DimScope scope(op.getContext());
  SmallVector<AffineExpr> operands;
  for (Value operand : op.getMapOperands())
    operands.push_back(scope.get(operand).toExpr(op.getContext()));
  unsigned dims = op.getAffineMap().getNumDims();
  AffineExpr expr = op.getAffineMap().getResult(0).replaceDimsAndSymbols(ArrayRef(operands).take_front(dims),
                                                                         ArrayRef(operands).drop_front(dims));
  OpBuilder builder(op);
  op.getResult().replaceAllUsesWith(scope.materialize(gemlir::Dim(expr), builder, op.getLoc()));
  op.erase();
}

LogicalResult SizeResolver::resolveDimOps() {
  // Between kernels, in branches and steps too; the bodies of operations that
  // become kernels take sizes as they are.
  SmallVector<affine::AffineApplyOp> applies;
  SmallVector<tensor::DimOp> ops;
  auto collect = [&](auto &&self, Block &from) -> void {
    for (Operation &op : from) {
      if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
        applies.push_back(apply);
      else if (auto dim = dyn_cast<tensor::DimOp>(op))
        ops.push_back(dim);
      if (isa<IfOp, ForOp, WhileOp>(op))
        for (Region &region : op.getRegions())
          self(self, region.front());
    }
  };
  collect(collect, block);
  for (affine::AffineApplyOp op : applies)
    expandApply(op);
  for (tensor::DimOp op : ops) {
    std::optional<int64_t> index = op.getConstantIndex();
    if (!index)
      return op.emitOpError("expects a constant dimension");
    auto argument = dyn_cast<BlockArgument>(op.getSource());
    if (argument && argument.getOwner() == &block) {
      // The first one serves all.
      OpFoldResult &first = known[{argument, unsigned(*index)}];
      if (!first) {
        op->moveBefore(&block, block.begin());
        if (Operation *constant = op.getIndex().getDefiningOp())
          constant->moveBefore(&block, block.begin());
        first = op.getResult();
        continue;
      }
    }
    OpFoldResult size = getSize(op.getSource(), *index);
    if (!size)
      return op.emitOpError("asks for a size that nothing states");
    OpBuilder builder(op);
    op.getResult().replaceAllUsesWith(getValueOrCreateConstantIndexOp(builder, op.getLoc(), size));
    op.erase();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Sizes in a kernel
//===----------------------------------------------------------------------===//

static std::optional<gemlir::Dim> traceDim(KernelOp kernel, Value tensor, unsigned dim) {
  auto type = cast<ShapedType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return gemlir::Dim(type.getDimSize(dim));
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    if (argument.getOwner() != &kernel.getBody().front())
      return std::nullopt;
    unsigned scalar = kernel.getSizeScalar(argument.getArgNumber(), dim);
    return gemlir::Dim(getAffineSymbolExpr(scalar, kernel.getContext()));
  }
  Operation *op = tensor.getDefiningOp();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return traceDim(kernel, loop.getTiedLoopInit(cast<OpResult>(tensor))->get(), dim);
  if (auto toTensor = dyn_cast<bufferization::ToTensorOp>(op))
    return traceDim(kernel, toTensor.getBuffer(), dim);
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return traceSize(kernel, empty.getMixedSizes()[dim]);
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
    return traceDim(kernel, dps.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  return std::nullopt;
}

std::optional<gemlir::Dim> npu::traceSize(KernelOp kernel, OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return gemlir::Dim(*constant);
  Operation *op = cast<Value>(size).getDefiningOp();
  if (auto cast = dyn_cast_or_null<arith::IndexCastOp>(op)) {
    auto argument = dyn_cast<BlockArgument>(cast.getIn());
    if (!argument || argument.getOwner() != &kernel.getBody().front())
      return std::nullopt;
    unsigned scalar = argument.getArgNumber() - (kernel.getNumArguments() - kernel.getScalars().size());
    return gemlir::Dim(getAffineSymbolExpr(scalar, kernel.getContext()));
  }
  if (auto dim = dyn_cast_or_null<tensor::DimOp>(op))
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return traceDim(kernel, dim.getSource(), *index);
  if (auto dim = dyn_cast_or_null<memref::DimOp>(op))
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return traceDim(kernel, dim.getSource(), *index);
  return std::nullopt;
}

SmallVector<gemlir::Dim> npu::traceSizes(KernelOp kernel, Value tensor) {
  SmallVector<gemlir::Dim> sizes;
  for (int64_t dim = 0, rank = cast<ShapedType>(tensor.getType()).getRank(); dim < rank; ++dim)
    sizes.push_back(*traceDim(kernel, tensor, dim));
  return sizes;
}
