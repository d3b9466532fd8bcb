//===- RecognizePatterns.cpp - find operators that a graph spells out -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::ge {
#define GEN_PASS_DEF_RECOGNIZEPATTERNSPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;

namespace {

/// Counts replaced roots.
struct Counter : RewriterBase::Listener {
  void notifyOperationReplaced(Operation *, ValueRange) override { ++count; }
  unsigned count = 0;
};

struct RecognizePatterns : ge::impl::RecognizePatternsPassBase<RecognizePatterns> {
  using RecognizePatternsPassBase::RecognizePatternsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateActivationPatterns(set);
    populateArithmeticPatterns(set, fastMath);
    populateMovementPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    // Before the patterns, which would rewrite parts of a normalization.
    numRecognized += recognizeNormalizations(getOperation());
    numRecognized += recognizeAttention(getOperation(), fuseAttention);
    Counter counter;
    GreedyRewriteConfig config;
    config.setListener(&counter);
    config.enableFolding(false);
    config.enableConstantCSE(false);
    if (failed(applyPatternsGreedily(getOperation(), patterns, config)))
      return signalPassFailure();
    numRecognized += counter.count;
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
