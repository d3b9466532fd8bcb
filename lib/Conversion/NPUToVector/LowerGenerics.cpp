//===- LowerGenerics.cpp - linalg on memrefs to vector loops --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"

#include "GenericEmitter.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace gemlir {
#define GEN_PASS_DEF_NPULOWERGENERICS
#include "ge-mlir/Conversion/NPUToVector/Passes.h.inc"
} // namespace gemlir

using namespace mlir;

namespace {

struct NPULowerGenerics : gemlir::impl::NPULowerGenericsBase<NPULowerGenerics> {
  using NPULowerGenericsBase::NPULowerGenericsBase;
  NPULowerGenerics() = default;
  explicit NPULowerGenerics(const gemlir::device::Description &description)
      : description(description), hasDescription(true) {}

  LogicalResult initialize(MLIRContext *context) override {
    std::string error;
    if (hasDescription || gemlir::device::lookup(device, description, error))
      return success();
    return emitError(UnknownLoc::get(context)) << error;
  }

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp op) { copies.push_back(op); });
    for (memref::CopyOp op : copies)
      replaceCopy(op, rewriter);
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      if (failed(lower(op, rewriter)))
        return signalPassFailure();
  }

private:
  /// A copy is a generic without arithmetic.
  void replaceCopy(memref::CopyOp op, IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    int64_t rank = cast<MemRefType>(op.getTarget().getType()).getRank();
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    linalg::GenericOp::create(rewriter, op.getLoc(), op.getSource(), op.getTarget(),
                              ArrayRef<AffineMap>{identity, identity}, iterators,
                              [](OpBuilder &builder, Location loc, ValueRange arguments) {
                                linalg::YieldOp::create(builder, loc, arguments.front());
                              });
    rewriter.eraseOp(op);
  }

  LogicalResult lower(linalg::LinalgOp op, IRRewriter &rewriter) {
    if (!op.hasPureBufferSemantics())
      return op.emitOpError("expects buffers, found tensors");
    rewriter.setInsertionPoint(op);
    gemlir::GenericEmitter emitter(op, description);
    if (succeeded(emitter.analyze())) {
      switch (emitter.emit()) {
      case gemlir::GenericEmitter::Form::Vector: ++numVectorized; break;
      case gemlir::GenericEmitter::Form::Reduction: ++numReductions; break;
      case gemlir::GenericEmitter::Form::Scalar: ++numScalar; break;
      }
      return success();
    }
    if (failed(linalg::linalgOpToLoops(rewriter, op)))
      return op.emitOpError("has no lowering to loops");
    rewriter.eraseOp(op);
    ++numScalar;
    return success();
  }

  gemlir::device::Description description;
  bool hasDescription = false;
};

} // namespace

std::unique_ptr<Pass> gemlir::createLowerGenericsPass(const device::Description &device) {
  return std::make_unique<NPULowerGenerics>(device);
}
