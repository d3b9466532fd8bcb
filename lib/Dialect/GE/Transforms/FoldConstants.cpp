//===- FoldConstants.cpp - evaluate constant operations -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "ge-mlir/Dialect/GE/Transforms/Refinement.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

namespace mlir::ge {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;

namespace {

/// Gives branches, and loops that do not change them, their own copies of
/// constant operands, so that they fold inside.
void sinkConstants(Operation *op) {
  auto loop = dyn_cast<WhileOp>(op);
  auto isSame = [&](unsigned i) {
    if (!loop)
      return true;
    Block &body = loop.getBody().front();
    return body.getTerminator()->getOperand(i) == body.getArgument(i);
  };
  SmallVector<bool> same;
  for (unsigned i = 0; i < op->getRegion(0).getNumArguments(); ++i)
    same.push_back(isSame(i));
  for (Region &region : op->getRegions())
    for (auto [argument, operand] :
         llvm::zip_equal(region.getArguments(), op->getOperands().take_back(region.getNumArguments()))) {
      Operation *constant = operand.getDefiningOp();
      if (argument.use_empty() || !same[argument.getArgNumber()] || !constant ||
          !constant->hasTrait<OpTrait::ConstantLike>())
        continue;
      // The loop passes on what it was given.
      if (loop && argument.hasOneUse() && argument.use_begin()->getOwner()->hasTrait<OpTrait::IsTerminator>())
        continue;
      OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
      Value inside = builder.clone(*constant)->getResult(0);
      argument.replaceUsesWithIf(
          inside, [&](OpOperand &use) { return !loop || !use.getOwner()->hasTrait<OpTrait::IsTerminator>(); });
    }
}

struct FoldConstants : ge::impl::FoldConstantsPassBase<FoldConstants> {
  using FoldConstantsPassBase::FoldConstantsPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    if (failed(runOnBlock(func.getBody().front())))
      return signalPassFailure();
    eraseDeadConstants(func);
    refineFunctionType(func);
  }

  LogicalResult runOnBlock(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block.without_terminator())) {
      if (isa<IfOp, CaseOp, WhileOp>(op))
        sinkConstants(&op);
      for (Region &region : op.getRegions())
        if (failed(runOnBlock(region.front())))
          return failure();
      if (failed(refineResultTypes(&op)))
        return failure();
      fold(&op);
    }
    return success();
  }

  void fold(Operation *op) {
    SmallVector<ElementsAttr> values;
    switch (evaluateResults(op, maxBytes, values)) {
    case Evaluation::Unknown: return;
    case Evaluation::OverBudget:
      ++numSkipped;
      op->emitRemark("not folded: the result has more than ") << int64_t(maxBytes) << " bytes";
      return;
    case Evaluation::Known: break;
    }
    OpBuilder builder(op);
    for (auto [result, value] : llvm::zip_equal(op->getResults(), values))
      if (!result.use_empty())
        result.replaceAllUsesWith(ConstOp::create(builder, op->getLoc(), value));
    op->erase();
    ++numFolded;
  }

  static void eraseDeadConstants(func::FuncOp func) {
    func.walk([](Operation *op) {
      if (op->hasTrait<OpTrait::ConstantLike>() && op->use_empty())
        op->erase();
    });
  }
};

} // namespace
