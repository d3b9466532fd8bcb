//===- FuseElementwise.cpp - fuse element-wise operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roundings.h"

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUFUSEELEMENTWISE
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;

/// More operands than this make a kernel's inner loop run out of registers.
static constexpr unsigned kMaxOperands = 8;

static bool isExpensive(linalg::GenericOp op) {
  return llvm::any_of(op.getBody()->without_terminator(), [](Operation &inner) {
    return isa<math::MathDialect>(inner.getDialect()) || isa<arith::DivFOp, tensor::ExtractOp>(inner);
  });
}

/// The number of points of an operation's iteration space, or -1.
static int64_t countIterations(linalg::LinalgOp op) {
  int64_t count = 1;
  for (int64_t range : op.getStaticLoopRanges())
    count = ShapedType::isDynamic(range) || count < 0 ? -1 : count * range;
  return count;
}

/// Whether fusing the producer of `operand` neither repeats work nor breaks the
/// innermost loop's form.
static bool isProfitable(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  // What is computed before a loop is not computed again in each of its steps.
  if (!producer || !consumer || !producer->hasOneUse() || producer->getBlock() != consumer->getBlock())
    return false;
  if (producer->getNumOperands() + consumer->getNumOperands() > kMaxOperands + 2)
    return false;
  // A body that reads whole tensors by index gains nothing from another level.
  bool reduces = consumer.getNumReductionLoops() > 0;
  if (reduces && isExpensive(producer) && !consumer.getMatchingIndexingMap(operand).isPermutation())
    return false;
  return countIterations(consumer) <= countIterations(producer) || !isExpensive(producer);
}

/// Lets the fused operation know the nodes of both, which upstream's pattern would
/// forget of the producer.
static bool fuses(OpOperand *operand) {
  if (!isProfitable(operand))
    return false;
  Operation *producer = operand->get().getDefiningOp(), *consumer = operand->getOwner();
  consumer->setLoc(FusedLoc::get(consumer->getContext(), {producer->getLoc(), consumer->getLoc()}));
  return true;
}

namespace {
struct FuseElementwise : npu::impl::NPUFuseElementwiseBase<FuseElementwise> {
  using NPUFuseElementwiseBase::NPUFuseElementwiseBase;

  void runOnOperation() override {
    auto countOps = [&] {
      int64_t count = 0;
      getOperation().walk([&](linalg::GenericOp) { ++count; });
      return count;
    };
    int64_t before = countOps();
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, fuses);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns, [](OpOperand *operand) {
      // Only to bring an element-wise operation next to the tile operation that feeds it.
      auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
      return expand && expand->hasOneUse() && isa_and_nonnull<npu::MmadOp>(expand.getSrc().getDefiningOp());
    });
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    numFused += before - countOps();
    if (roundOnce)
      getOperation().walk([&](linalg::GenericOp op) { numKept += npu::dropRoundings(*op.getBody()); });
  }
};
} // namespace
