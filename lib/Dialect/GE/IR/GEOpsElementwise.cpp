//===- GEOpsElementwise.cpp - element-wise ge operations ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GEOpParsing.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::ge;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsElementwise.cpp.inc"

void GEDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsElementwise.cpp.inc"
      >();
}

LogicalResult GeluV2Op::verify() {
  // C2
  if (getApproximate() != "none" && getApproximate() != "tanh")
    return emitOpError("expects 'approximate' to be none or tanh, but got '") << getApproximate() << "'";
  return success();
}

LogicalResult BitcastOp::verify() {
  // C2
  auto bits = [](Type element) -> unsigned {
    return !element.isIntOrFloat() ? 0 : element.isInteger(1) ? 8 : element.getIntOrFloatBitWidth();
  };
  Type from = cast<TensorType>(getX().getType()).getElementType();
  Type to = cast<TensorType>(getY().getType()).getElementType();
  if (bits(from) == bits(to) && bits(from) != 0)
    return success();
  return emitOpError("expects 'type' to have as many bits as ") << from << ", but got " << to;
}

LogicalResult PReluOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(infer.operands)))
    return failure();
  MaybeDims x = Inference::dims(op.getX()), weight = Inference::dims(op.getWeight());
  if (x && weight) {
    // C2
    bool perChannel = weight->size() == 1 && x->size() >= 2 && broadcastDims({weight->front()}, {(*x)[1]}) &&
                      (weight->front() == (*x)[1] || ShapedType::isDynamic((*x)[1]));
    MaybeDims joined = broadcastDims(*x, *weight);
    if (!perChannel && (!joined || joined->size() != x->size() || failed(verifyCompatibleShape(*joined, *x))))
      return infer.error("expects 'weight' to have an element for each channel or to broadcast to ", dimsText(*x),
                         ", but got shape ", dimsText(*weight));
  }
  return infer.unary(results);
}

LogicalResult ClipByValueV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(infer.operands)))
    return failure();
  MaybeDims x = Inference::dims(op.getX());
  for (Value limit : {op.getClipValueMin(), op.getClipValueMax()}) {
    MaybeDims dims = Inference::dims(limit);
    if (!x || !dims)
      continue;
    // C2
    MaybeDims joined = broadcastDims(*x, *dims);
    if (!joined || joined->size() != x->size() || failed(verifyCompatibleShape(*joined, *x)))
      return infer.error("expects limits that broadcast to ", dimsText(*x), ", but got shape ", dimsText(*dims));
  }
  return infer.unary(results);
}

LogicalResult SelectOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(ValueRange{op.getX1(), op.getX2()})))
    return failure();
  // C2
  return infer.broadcast(infer.operands, results, Inference::elementType(op.getX1()));
}
