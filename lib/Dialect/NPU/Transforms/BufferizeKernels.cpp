//===- BufferizeKernels.cpp - bufferize the body of a kernel -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUBUFFERIZEKERNELS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;
using namespace mlir::bufferization;

/// A copy within a kernel is a loop of the kernel, not a call of a library.
static LogicalResult copyByLoop(OpBuilder &builder, Location loc, Value from, Value to) {
  if (from != to)
    linalg::CopyOp::create(builder, loc, from, to);
  return success();
}

static OneShotBufferizationOptions getOptions() {
  OneShotBufferizationOptions options;
  options.bufferAlignment = 64;
  options.memCpyFn = copyByLoop;
  return options;
}

/// Moves a static allocation to the kernel's entry as a stack buffer; only one
/// iteration of a loop uses it at a time.
static int64_t moveToStack(memref::AllocOp alloc, Block &entry) {
  MemRefType type = alloc.getType();
  OpBuilder builder(&entry, entry.begin());
  auto stack = memref::AllocaOp::create(builder, alloc.getLoc(), type, ValueRange(), builder.getI64IntegerAttr(64));
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    if (isa<memref::DeallocOp>(user))
      user->erase();
  alloc.getResult().replaceAllUsesWith(stack.getResult());
  alloc.erase();
  int64_t bits = type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

namespace {
struct BufferizeKernels : npu::impl::NPUBufferizeKernelsBase<BufferizeKernels> {
  using NPUBufferizeKernelsBase::NPUBufferizeKernelsBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    NPUBufferizeKernelsBase::getDependentDialects(registry);
    registerBufferizableOpInterfaceExternalModels(registry);
  }

  void runOnOperation() override {
    KernelOp kernel = getOperation();
    OneShotBufferizationOptions options = getOptions();
    BufferizationState state;
    IRRewriter rewriter(&getContext());
    if (failed(bufferization::eliminateEmptyTensors(rewriter, kernel)))
      return signalPassFailure();
    if (failed(runOneShotBufferize(kernel, options, state)))
      return signalPassFailure();
    if (failed(placeTemporaries(kernel)))
      return signalPassFailure();
  }

  LogicalResult placeTemporaries(KernelOp kernel) {
    int64_t bytes = 0;
    SmallVector<memref::AllocOp> allocs;
    kernel.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
    for (memref::AllocOp alloc : allocs) {
      if (!alloc.getType().hasStaticShape())
        return alloc.emitError("expects temporary buffers of static size in a kernel, but got ") << alloc.getType();
      bytes += moveToStack(alloc, kernel.getBody().front());
      ++numStackBuffers;
    }
    if (bytes > maxStackBytes)
      return kernel.emitError("expects at most ")
             << static_cast<int64_t>(maxStackBytes) << " bytes of temporary buffers in a kernel, but got " << bytes;
    return success();
  }
};
} // namespace
