//===- ExpandMath.cpp - mathematical functions as arithmetic --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUEXPANDMATH
#include "ge-mlir/Conversion/NPUToLLVM/Passes.h.inc"
} // namespace gemlir

using namespace mlir;

void gemlir::populateExpandMathPatterns(RewritePatternSet &patterns) {
  auto all = [](StringRef) { return true; };
  populateMathF32ExpansionPatterns(patterns, all);
  populateMathPolynomialApproximationPatterns(patterns, all);
}

namespace {
struct NPUExpandMath : gemlir::impl::NPUExpandMathBase<NPUExpandMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    gemlir::populateExpandMathPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
