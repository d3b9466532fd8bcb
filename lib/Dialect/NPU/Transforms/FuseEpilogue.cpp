//===- FuseEpilogue.cpp - element-wise consumers onto accumulators -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUFUSEEPILOGUE
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

/// The dimensions of the destination that a per-column epilogue operand follows:
/// the last of `[M, N]`, C1 and C0 of NC1HWC0.
static SmallVector<int64_t> columnDims(int64_t rank) {
  return rank == 5 ? SmallVector<int64_t>{1, 4} : SmallVector<int64_t>{rank - 1};
}

/// How an operand of the generic becomes an epilogue operand.
enum class EpilogueForm { None, AsIs, Flatten };

/// `map` takes the destination's points, of shape `shape`, to the operand's
/// elements.
static EpilogueForm classify(RankedTensorType type, AffineMap map, ArrayRef<int64_t> shape) {
  if (type.hasStaticShape() && type.getNumElements() == 1)
    return EpilogueForm::AsIs;
  if (map.isIdentity())
    return type.getShape() == shape ? EpilogueForm::AsIs : EpilogueForm::None;
  SmallVector<int64_t> columns = columnDims(shape.size()), found;
  for (auto [expr, size] : llvm::zip(map.getResults(), type.getShape())) {
    if (size == 1)
      continue;
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim)
      return EpilogueForm::None;
    found.push_back(dim.getPosition());
  }
  // Unit dimensions of the operand may stand for unit dimensions of the columns (C1 = 1).
  for (int64_t dim : columns)
    if (shape[dim] != 1 && !llvm::is_contained(found, dim))
      return EpilogueForm::None;
  llvm::erase_if(columns, [&](int64_t dim) { return !llvm::is_contained(found, dim); });
  if (found != columns)
    return EpilogueForm::None;
  return type.getRank() == 1 ? EpilogueForm::AsIs : EpilogueForm::Flatten;
}

static Value flatten(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  ReassociationIndices all(llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
  return tensor::CollapseShapeOp::create(builder, loc, value, ArrayRef<ReassociationIndices>{all});
}

/// The operand of `generic` whose producer is a tile operation that may take
/// `generic` as its epilogue, or null.
template <typename OpTy> static OpOperand *findAccumulator(linalg::GenericOp generic) {
  for (OpOperand *input : generic.getDpsInputOperands()) {
    auto producer = input->get().getDefiningOp<OpTy>();
    if (producer && producer->hasOneUse() && producer->getBlock() == generic->getBlock() && generic.getMatchingIndexingMap(input).isIdentity())
      return input;
  }
  return nullptr;
}

static bool isElementwise(linalg::GenericOp generic) {
  if (generic.getNumResults() != 1 || generic.getNumParallelLoops() != generic.getNumLoops() ||
      generic.hasIndexSemantics() || !generic.hasPureTensorSemantics())
    return false;
  if (!generic.getMatchingIndexingMap(generic.getDpsInitOperand(0)).isIdentity() ||
      generic.payloadUsesValueFromOperand(generic.getDpsInitOperand(0)))
    return false;
  return llvm::all_of(generic.getBody()->without_terminator(), [](Operation &op) {
    return OpTrait::hasElementwiseMappableTraits(&op) || isa<arith::ConstantOp>(op);
  });
}

/// Whether the fixpipe of a cube does what `generic` does to an accumulator: it
/// rectifies and converts, and a bias for each column is where the sum starts.
static bool isFixpipe(linalg::GenericOp generic, OpOperand *accumulator, Block &epilogue) {
  bool canAdd = epilogue.without_terminator().empty();
  for (Operation &op : generic.getBody()->without_terminator()) {
    const bool isBias = isa<arith::AddFOp>(op) && canAdd && generic.getNumDpsInputs() == 2;
    const bool isRelu = isa<arith::MaximumFOp>(op) && matchPattern(op.getOperand(1), m_AnyZeroFloat());
    if (!isBias && !isRelu && !isa<arith::TruncFOp, arith::ExtFOp, arith::ConstantOp>(op))
      return false;
    canAdd = false;
  }
  return llvm::all_of(generic.getDpsInputOperands(), [&](OpOperand *input) {
    return input == accumulator || generic.getMatchingIndexingMap(input).getNumResults() == 1;
  });
}

template <typename OpTy> static bool fuse(linalg::GenericOp generic, bool onlyFixpipe) {
  OpOperand *accumulator = isElementwise(generic) ? findAccumulator<OpTy>(generic) : nullptr;
  if (!accumulator)
    return false;
  if (onlyFixpipe && !isFixpipe(generic, accumulator, accumulator->get().getDefiningOp()->getRegion(0).front()))
    return false;
  auto producer = accumulator->get().getDefiningOp<OpTy>();
  auto type = cast<RankedTensorType>(producer.getResult().getType());
  if (generic.getResult(0).getType() != type)
    return false;
  SmallVector<OpOperand *> others;
  for (OpOperand *input : generic.getDpsInputOperands()) {
    if (input == accumulator)
      continue;
    if (classify(cast<RankedTensorType>(input->get().getType()), generic.getMatchingIndexingMap(input),
                 type.getShape()) == EpilogueForm::None)
      return false;
    others.push_back(input);
  }

  OpBuilder builder(generic);
  Location loc = FusedLoc::get(generic.getContext(), {producer.getLoc(), generic.getLoc()});
  SmallVector<Value> operands(producer->getOperands().drop_back());
  for (OpOperand *input : others) {
    auto inputType = cast<RankedTensorType>(input->get().getType());
    bool whole = classify(inputType, generic.getMatchingIndexingMap(input), type.getShape()) ==
                 EpilogueForm::AsIs;
    operands.push_back(whole ? input->get() : flatten(builder, loc, input->get()));
  }
  operands.push_back(producer.getInit());
  OperationState state(loc, producer->getName(), operands, TypeRange(type), producer->getAttrs());
  state.propertiesAttr = producer->getPropertiesAsAttribute();
  state.addRegion()->takeBody(producer.getBody());
  auto fused = cast<OpTy>(builder.create(state));

  Block &body = fused.getBody().front();
  auto oldYield = cast<YieldOp>(body.getTerminator());
  IRMapping mapping;
  mapping.map(generic.getMatchingBlockArgument(accumulator), oldYield.getValue());
  for (OpOperand *input : others) {
    Type elementType = cast<RankedTensorType>(input->get().getType()).getElementType();
    mapping.map(generic.getMatchingBlockArgument(input), body.addArgument(elementType, loc));
  }
  builder.setInsertionPoint(oldYield);
  for (Operation &op : generic.getBody()->without_terminator())
    builder.clone(op, mapping);
  Value stored = mapping.lookupOrDefault(generic.getBody()->getTerminator()->getOperand(0));
  // The body may use constants defined outside; an epilogue is self-contained.
  oldYield.getValueMutable().assign(stored);
  generic.getResult(0).replaceAllUsesWith(fused.getResult());
  generic.erase();
  producer.erase();
  return true;
}

/// Clones scalar constants that a tile operation's region uses from outside
/// into it.
static void internalizeConstants(Operation *op) {
  Region &region = op->getRegion(0);
  region.walk([&](Operation *inner) {
    for (OpOperand &operand : inner->getOpOperands()) {
      Operation *definition = operand.get().getDefiningOp();
      if (!definition || region.isAncestor(definition->getParentRegion()) ||
          !definition->hasTrait<OpTrait::ConstantLike>())
        continue;
      OpBuilder builder(inner);
      operand.set(builder.clone(*definition)->getResult(0));
    }
  });
}

namespace {
struct FuseEpilogue : npu::impl::NPUFuseEpilogueBase<FuseEpilogue> {
  using NPUFuseEpilogueBase::NPUFuseEpilogueBase;

  bool onlyFixpipe = false;

  LogicalResult initialize(MLIRContext *context) override {
    gemlir::device::Description description;
    std::string error;
    if (!gemlir::device::lookup(device, description, error))
      return emitError(UnknownLoc::get(context)) << error;
    onlyFixpipe = description.kind == gemlir::device::Kind::AICore;
    return success();
  }

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> generics;
    getOperation().walk([&](linalg::GenericOp op) { generics.push_back(op); });
    // In program order, so that a chain ends up in one epilogue.
    for (linalg::GenericOp generic : generics)
      if (fuse<MmadOp>(generic, onlyFixpipe) || fuse<DepthwiseOp>(generic, onlyFixpipe))
        ++numFused;
    getOperation().walk([](Operation *op) {
      if (isa<MmadOp, DepthwiseOp>(op))
        internalizeConstants(op);
    });
  }
};
} // namespace
