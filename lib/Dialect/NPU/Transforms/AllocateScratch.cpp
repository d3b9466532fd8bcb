//===- AllocateScratch.cpp - buffers for what launches keep for themselves ===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Scratch.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUALLOCATESCRATCH
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

SmallVector<MemRefType> npu::makeScratchOutputs(KernelOp kernel) {
  SmallVector<MemRefType> types;
  for (ScratchOp scratch : llvm::make_early_inc_range(kernel.getBody().front().getOps<ScratchOp>())) {
    auto type = cast<MemRefType>(scratch.getBuffer().getType());
    // Behind the outputs come the scalars.
    const unsigned position = kernel.getNumArguments() - kernel.getScalars().size();
    (void)kernel.insertArgument(position, type, DictionaryAttr(), scratch.getLoc());
    kernel.setNumOutputs(kernel.getNumOutputs() + 1);
    scratch.getBuffer().replaceAllUsesWith(kernel.getArgument(position));
    scratch.erase();
    types.push_back(type);
  }
  return types;
}

/// The launch with results for the kernel's further outputs, which nobody reads.
static void addResults(LaunchOp launch, ArrayRef<MemRefType> scratch) {
  OpBuilder b(launch);
  SmallVector<Type> types(launch.getResultTypes());
  SmallVector<int64_t> tied(launch.getTied() ? *launch.getTied() : ArrayRef<int64_t>());
  tied.resize(types.size(), -1);
  for (MemRefType type : scratch) {
    types.push_back(RankedTensorType::get(type.getShape(), type.getElementType()));
    tied.push_back(-1);
  }
  auto extended = LaunchOp::create(b, launch.getLoc(), types, launch.getKernelAttr(), launch.getOperands(),
                                   b.getDenseI64ArrayAttr(tied));
  extended->setDiscardableAttrs(launch->getDiscardableAttrDictionary());
  launch.replaceAllUsesWith(extended.getResults().take_front(launch.getNumResults()));
  launch.erase();
}

namespace {
struct AllocateScratch : npu::impl::NPUAllocateScratchBase<AllocateScratch> {
  void runOnOperation() override {
    llvm::StringMap<SmallVector<MemRefType>> kernels;
    for (auto kernel : getOperation().getOps<KernelOp>())
      if (SmallVector<MemRefType> types = makeScratchOutputs(kernel); !types.empty()) {
        numBuffers += types.size();
        kernels[kernel.getSymName()] = std::move(types);
      }
    if (kernels.empty())
      return;
    SmallVector<LaunchOp> launches;
    getOperation().walk([&](LaunchOp launch) { launches.push_back(launch); });
    for (LaunchOp launch : launches)
      if (auto found = kernels.find(launch.getKernel()); found != kernels.end())
        addResults(launch, found->second);
  }
};
} // namespace
