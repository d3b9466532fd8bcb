//===- ApplyPDLPatterns.cpp - patterns from a file ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "mlir/Dialect/PDL/IR/PDL.h"
#include "mlir/Dialect/PDL/IR/PDLOps.h"
#include "mlir/Dialect/PDLInterp/IR/PDLInterp.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::ge {
#define GEN_PASS_DEF_APPLYPDLPATTERNSPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;

namespace {

struct ApplyPDLPatterns : ge::impl::ApplyPDLPatternsPassBase<ApplyPDLPatterns> {
  using ApplyPDLPatternsPassBase::ApplyPDLPatternsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (patterns.empty())
      return emitError(UnknownLoc::get(context), "'patterns' names no file, expected one with pdl.pattern operations");
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(patterns, ParserConfig(context));
    if (!module)
      return failure();
    auto found = module->getOps<pdl::PatternOp>();
    if (found.empty())
      return module->emitError("found no pdl.pattern operation in '") << patterns << "'";
    for (pdl::PatternOp pattern : found)
      if (failed(checkNatives(pattern)))
        return failure();
    numFound = llvm::range_size(found);
    rewrites = FrozenRewritePatternSet(RewritePatternSet(PDLPatternModule(std::move(module))));
    return success();
  }

  void runOnOperation() override {
    numPatterns = numFound;
    // Patterns that feed each other would go on forever.
    int64_t operations = 0;
    getOperation()->walk([&](Operation *) { ++operations; });
    GreedyRewriteConfig config;
    config.setMaxNumRewrites(100 * operations);
    if (failed(applyPatternsGreedily(getOperation(), rewrites, config))) {
      getOperation()->emitError("the patterns of '") << patterns << "' do not come to an end";
      signalPassFailure();
    }
  }

private:
  /// The interpreter ends the process on functions that nobody registered.
  static LogicalResult checkNatives(pdl::PatternOp pattern) {
    WalkResult result = pattern.walk([](Operation *op) -> WalkResult {
      auto rewrite = dyn_cast<pdl::RewriteOp>(op);
      if (isa<pdl::ApplyNativeConstraintOp, pdl::ApplyNativeRewriteOp>(op) || (rewrite && rewrite.getName()))
        return op->emitOpError("calls a native function, which a file cannot bring along");
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  FrozenRewritePatternSet rewrites;
  unsigned numFound = 0;
};

} // namespace
