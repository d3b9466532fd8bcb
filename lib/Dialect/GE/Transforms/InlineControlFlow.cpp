//===- InlineControlFlow.cpp - replace known control flow by its branch ---===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "ge-mlir/Dialect/GE/Transforms/Refinement.h"

namespace mlir::ge {
#define GEN_PASS_DEF_INLINECONTROLFLOWPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;

namespace {
struct InlineControlFlow : ge::impl::InlineControlFlowPassBase<InlineControlFlow> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    // Outer operations first: what is inside of a branch not taken is gone then.
    SmallVector<Operation *> work;
    auto collect = [&](Operation *root) {
      root->walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (!isa<IfOp, CaseOp, WhileOp>(op))
          return WalkResult::advance();
        work.push_back(op);
        return WalkResult::skip();
      });
    };
    collect(func);
    while (!work.empty()) {
      Operation *op = work.pop_back_val(), *previous = op->getPrevNode(), *following = op->getNextNode();
      Block *block = op->getBlock();
      if (!inlineKnownPath(op)) {
        for (Region &region : op->getRegions())
          for (Operation &nested : region.front())
            collect(&nested);
        continue;
      }
      ++numInlined;
      Operation *first = previous ? previous->getNextNode() : &block->front();
      for (Operation *inlined = first; inlined != following; inlined = inlined->getNextNode())
        collect(inlined);
    }
    if (!func.isExternal())
      refineFunctionType(func);
  }
};
} // namespace
