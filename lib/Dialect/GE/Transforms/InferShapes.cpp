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
#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

namespace mlir::ge {
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;

/// A tensor of sizes whose elements are known after all is a constant.
static void foldElements(Operation *op, ge::SymbolicShapes &shapes) {
  for (OpResult result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || !type.hasStaticShape() || !type.getElementType().isSignlessInteger() || result.use_empty() ||
        op->hasTrait<OpTrait::ConstantLike>() || type.getEncoding())
      continue;
    std::optional<ge::DimList> elements = shapes.getElements(result);
    if (!elements || llvm::any_of(*elements, [](ge::Dim element) { return element.isDynamic(); }))
      continue;
    SmallVector<APInt> values;
    for (ge::Dim element : *elements)
      values.emplace_back(type.getElementTypeBitWidth(), *element.known(), /*isSigned=*/true, /*implicitTrunc=*/true);
    OpBuilder builder(op);
    auto constant = ge::ConstOp::create(builder, op->getLoc(), DenseElementsAttr::get(type, values));
    result.replaceAllUsesWith(constant.getResult());
  }
}

namespace {
struct InferShapes : ge::impl::InferShapesPassBase<InferShapes> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    ge::SymbolicShapes shapes(&getContext());
    // Operations come after what they use, so one walk reaches everything.
    for (Operation &op : func.getBody().front().without_terminator()) {
      FailureOr<unsigned> refined = ge::refineResultTypes(&op);
      if (failed(refined))
        return signalPassFailure();
      numRefined += *refined + ge::refineBySymbols(&op, shapes);
      foldElements(&op, shapes);
    }
    ge::refineFunctionType(func);
  }
};
} // namespace
