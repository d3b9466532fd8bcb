//===- InferShapes.cpp - infer result types again -------------------------===//
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
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;

namespace {
struct InferShapes : ge::impl::InferShapesPassBase<InferShapes> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    // Operations come after what they use, so one walk reaches everything.
    for (Operation &op : func.getBody().front().without_terminator()) {
      FailureOr<unsigned> refined = ge::refineResultTypes(&op);
      if (failed(refined))
        return signalPassFailure();
      numRefined += *refined;
    }
    ge::refineFunctionType(func);
  }
};
} // namespace
