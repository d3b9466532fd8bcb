//===- BrokenPasses.cpp - passes that compute something wrong -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

namespace {

/// Turns products into sums.
struct BreakMul : PassWrapper<BreakMul, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BreakMul)
  StringRef getArgument() const override { return "test-break-mul"; }
  StringRef getDescription() const override { return "Replace products by sums"; }

  void runOnOperation() override {
    getOperation().walk([](ge::MulOp op) {
      OpBuilder builder(op);
      Value sum = ge::AddOp::create(builder, op.getLoc(), op.getX1(), op.getX2());
      op->replaceAllUsesWith(ValueRange{sum});
      op.erase();
    });
  }
};

/// Turns comparisons of floats around.
struct BreakCompare : PassWrapper<BreakCompare, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BreakCompare)
  StringRef getArgument() const override { return "test-break-compare"; }
  StringRef getDescription() const override { return "Exchange the operands of comparisons"; }

  void runOnOperation() override {
    getOperation().walk([](arith::CmpFOp op) {
      Value left = op.getLhs();
      op.getLhsMutable().assign(op.getRhs());
      op.getRhsMutable().assign(left);
    });
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "BrokenPasses", LLVM_VERSION_STRING, [] {
            PassRegistration<BreakMul>();
            PassRegistration<BreakCompare>();
          }};
}
