//===- NPUBufferization.cpp - one-shot bufferization of tile operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::npu;
using namespace mlir::bufferization;

namespace {

/// A tile operation becomes itself on buffers. Its destination
/// is written only, so its former content never needs a copy.
template <typename OpTy>
struct TileOpModel : DstBufferizableOpInterfaceExternalModel<TileOpModel<OpTy>, OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return &operand != &cast<OpTy>(op).getInitMutable();
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter, const BufferizationOptions &options,
                          BufferizationState &state) const {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      if (!isa<TensorType>(operand.getType())) {
        operands.push_back(operand);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    OperationState clone(op->getLoc(), op->getName(), operands, TypeRange(), op->getAttrs());
    clone.propertiesAttr = op->getPropertiesAsAttribute();
    for (Region &region : op->getRegions())
      clone.addRegion()->takeBody(region);
    Operation *onBuffers = rewriter.create(clone);
    if (op->getNumResults() == 0)
      rewriter.eraseOp(op);
    else
      replaceOpWithBufferizedValues(rewriter, op, cast<OpTy>(onBuffers).getInit());
    return success();
  }
};

struct Im2ColModel : BufferizableOpInterface::ExternalModel<Im2ColModel, Im2ColOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &, const AnalysisState &) const { return true; }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &, const AnalysisState &) const { return false; }
  AliasingValueList getAliasingValues(Operation *, OpOperand &, const AnalysisState &) const { return {}; }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter, const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto im2col = cast<Im2ColOp>(op);
    if (!isa<TensorType>(im2col.getImage().getType()))
      return success();
    FailureOr<Value> image = getBuffer(rewriter, im2col.getImage(), options, state);
    if (failed(image))
      return failure();
    rewriter.modifyOpInPlace(op, [&] { im2col.getImageMutable().assign(*image); });
    return success();
  }
};

} // namespace

void mlir::npu::registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NPUDialect *) {
    MmadOp::attachInterface<TileOpModel<MmadOp>>(*context);
    DepthwiseOp::attachInterface<TileOpModel<DepthwiseOp>>(*context);
    AttentionOp::attachInterface<TileOpModel<AttentionOp>>(*context);
    Im2ColOp::attachInterface<Im2ColModel>(*context);
  });
}
