//===- LowerTileOps.cpp - tile operations to register-blocked loops -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace gemlir {
#define GEN_PASS_DEF_NPULOWERTILEOPS
#include "ge-mlir/Conversion/NPUToVector/Passes.h.inc"
} // namespace gemlir

using namespace mlir;

namespace {

struct NPULowerTileOps : gemlir::impl::NPULowerTileOpsBase<NPULowerTileOps> {
  using NPULowerTileOpsBase::NPULowerTileOpsBase;
  NPULowerTileOps() = default;
  explicit NPULowerTileOps(const gemlir::device::Description &description)
      : description(description), hasDescription(true) {}

  LogicalResult initialize(MLIRContext *context) override {
    std::string error;
    if (hasDescription || gemlir::device::lookup(device, description, error))
      return success();
    return emitError(UnknownLoc::get(context)) << error;
  }

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<npu::MmadOp, npu::DepthwiseOp, npu::AttentionOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      int64_t registerTiles = 0;
      LogicalResult lowered = success();
      if (auto mmad = dyn_cast<npu::MmadOp>(op))
        lowered = gemlir::lowerMmad(mmad, description, registerTiles);
      else if (auto attention = dyn_cast<npu::AttentionOp>(op))
        lowered = gemlir::lowerAttention(attention, description);
      else
        lowered = gemlir::lowerDepthwise(cast<npu::DepthwiseOp>(op), description, registerTiles);
      if (failed(lowered))
        return signalPassFailure();
      ++numLowered;
      numRegisterTiles += registerTiles;
    }
  }

private:
  gemlir::device::Description description;
  bool hasDescription = false;
};

} // namespace

std::unique_ptr<Pass> gemlir::createLowerTileOpsPass(const device::Description &device) {
  return std::make_unique<NPULowerTileOps>(device);
}
