//===- VerifyNoFormats.cpp - prove that no storage format is left ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::ge {
#define GEN_PASS_DEF_VERIFYNOFORMATSPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;

namespace {
struct VerifyNoFormats : ge::impl::VerifyNoFormatsPassBase<VerifyNoFormats> {
  void runOnOperation() override {
    bool found = false;
    auto check = [&](Operation *op, Type type) {
      ++numChecked;
      auto tensor = dyn_cast<RankedTensorType>(type);
      if (!tensor || !tensor.getEncoding())
        return;
      found = true;
      op->emitOpError("expects tensors without encoding below the graph, but got ") << type;
    };
    getOperation()->walk([&](Operation *op) {
      for (Type type : op->getResultTypes())
        check(op, type);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (Type type : block.getArgumentTypes())
            check(op, type);
    });
    if (found)
      signalPassFailure();
  }
};
} // namespace
