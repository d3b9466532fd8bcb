//===- FuseEpilogue.cpp - element-wise consumers onto accumulators -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roundings.h"

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/NPU/Transforms/SimpleEpilogue.h"

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
template <typename OpTy>
static OpOperand *findAccumulator(linalg::GenericOp generic) {
  for (OpOperand *input : generic.getDpsInputOperands()) {
    auto producer = input->get().getDefiningOp<OpTy>();
    if (producer && producer->hasOneUse() && producer->getBlock() == generic->getBlock() &&
        generic.getMatchingIndexingMap(input).isIdentity())
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

/// Whether the fixpipe of a cube can take the operands of `generic` beside the
/// accumulator: a bias has one element for each column, and so have scales.
static bool areBiases(linalg::GenericOp generic, OpOperand *accumulator) {
  auto type = cast<RankedTensorType>(accumulator->get().getType());
  return llvm::all_of(generic.getDpsInputOperands(), [&](OpOperand *input) {
    if (input == accumulator)
      return true;
    auto bias = cast<RankedTensorType>(input->get().getType());
    // Any other shape becomes a vector.
    if (bias.getRank() != 1 && (!bias.hasStaticShape() || generic.getMatchingIndexingMap(input).isIdentity()))
      return false;
    const int64_t elements = bias.getRank() == 1 ? bias.getDimSize(0) : bias.getNumElements();
    return type.getRank() == 5 ? bias.getRank() == 1 : elements == type.getShape().back();
  });
}

/// Continues the epilogue with what `generic` does to the element that it yields. The
/// operands `others` of `generic` become the last arguments.
static void append(linalg::GenericOp generic, OpOperand *accumulator, ArrayRef<OpOperand *> others, Block &epilogue) {
  auto yield = cast<YieldOp>(epilogue.getTerminator());
  IRMapping mapping;
  mapping.map(generic.getMatchingBlockArgument(accumulator), yield.getValue());
  for (OpOperand *input : others) {
    Type element = cast<RankedTensorType>(input->get().getType()).getElementType();
    mapping.map(generic.getMatchingBlockArgument(input), epilogue.addArgument(element, generic.getLoc()));
  }
  OpBuilder builder(yield);
  for (Operation &op : generic.getBody()->without_terminator())
    builder.clone(op, mapping);
  // The body may use constants defined outside; an epilogue is self-contained.
  yield.getValueMutable().assign(mapping.lookupOrDefault(generic.getBody()->getTerminator()->getOperand(0)));
}

template <typename OpTy>
static bool fuse(linalg::GenericOp generic, bool onlyFixpipe) {
  OpOperand *accumulator = isElementwise(generic) ? findAccumulator<OpTy>(generic) : nullptr;
  if (!accumulator)
    return false;
  auto producer = accumulator->get().getDefiningOp<OpTy>();
  auto type = cast<RankedTensorType>(producer.getResult().getType());
  auto result = cast<RankedTensorType>(generic.getResult(0).getType());
  // Fixpipe converts to any type that it stores.
  if (onlyFixpipe ? result.getShape() != type.getShape() || !areBiases(generic, accumulator) : result != type)
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

  Region region;
  IRMapping mapping;
  producer.getBody().cloneInto(&region, mapping);
  append(generic, accumulator, others, region.front());
  if (onlyFixpipe) {
    // Accumulators are rounded once, when they are stored.
    dropRoundings(region.front());
    if (!gemlir::matchEpilogue(region.front()))
      return false;
  }
  OpBuilder builder(generic);
  Location loc = FusedLoc::get(generic.getContext(), {producer.getLoc(), generic.getLoc()});
  SmallVector<Value> operands(producer->getOperands().drop_back());
  for (OpOperand *input : others) {
    auto inputType = cast<RankedTensorType>(input->get().getType());
    bool whole = classify(inputType, generic.getMatchingIndexingMap(input), type.getShape()) == EpilogueForm::AsIs;
    operands.push_back(whole ? input->get() : flatten(builder, loc, input->get()));
  }
  operands.push_back(result == type ? producer.getInit() : generic.getDpsInitOperand(0)->get());
  OperationState state(loc, producer->getName(), operands, TypeRange(result), producer->getAttrs());
  state.propertiesAttr = producer->getPropertiesAsAttribute();
  state.addRegion()->takeBody(region);
  auto fused = cast<OpTy>(builder.create(state));
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
