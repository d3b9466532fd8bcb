//===- DeduplicateKernels.cpp - keep one of equal kernels -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/IR/OperationSupport.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUDEDUPLICATEKERNELS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

static bool areEqual(KernelOp a, KernelOp b) {
  return a.getFunctionType() == b.getFunctionType() && a.getNumOutputs() == b.getNumOutputs() &&
         a.getTiles() == b.getTiles() && a.getArgAttrsAttr() == b.getArgAttrsAttr() &&
         OperationEquivalence::isRegionEquivalentTo(&a.getBody(), &b.getBody(), OperationEquivalence::IgnoreLocations);
}

namespace {
struct DeduplicateKernels : npu::impl::NPUDeduplicateKernelsBase<DeduplicateKernels> {
  void runOnOperation() override {
    // Kernels of equal type are few, so comparing within a type is cheap.
    llvm::MapVector<Type, SmallVector<KernelOp>> byType;
    DenseMap<StringAttr, FlatSymbolRefAttr> replacement;
    for (KernelOp kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      SmallVector<KernelOp> &known = byType[kernel.getFunctionType()];
      auto equal = llvm::find_if(known, [&](KernelOp other) { return areEqual(kernel, other); });
      if (equal == known.end()) {
        known.push_back(kernel);
        continue;
      }
      replacement[kernel.getSymNameAttr()] = FlatSymbolRefAttr::get(equal->getSymNameAttr());
      kernel.erase();
      ++numRemoved;
    }
    getOperation().walk([&](LaunchOp launch) {
      if (FlatSymbolRefAttr kept = replacement.lookup(launch.getKernelAttr().getAttr()))
        launch.setKernelAttr(kept);
    });
  }
};
} // namespace
