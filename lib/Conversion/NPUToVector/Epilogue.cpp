//===- Epilogue.cpp - epilogues of tile operations on vectors -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace gemlir {

LogicalResult Epilogue::prepare(Operation *op, Region &region, ValueRange values, Value destination,
                                LoopBuilder &builder) {
  body = &region.front();
  auto type = cast<MemRefType>(destination.getType());
  auto flatten = [&](Value value) -> FailureOr<FlatBuffer> {
    FailureOr<FlatBuffer> flat = builder.flatten(value);
    if (failed(flat))
      return op->emitOpError("expects buffers of known strides, but got ") << value.getType();
    return flat;
  };
  FailureOr<FlatBuffer> flat = flatten(destination);
  if (failed(flat))
    return failure();
  init = *flat;
  for (Operation &inner : body->without_terminator())
    if (!isVectorizable(&inner))
      return op->emitOpError("has an epilogue that cannot run on vectors: ") << inner.getName();
  for (Value value : values) {
    auto operandType = cast<MemRefType>(value.getType());
    FailureOr<FlatBuffer> buffer = flatten(value);
    if (failed(buffer))
      return failure();
    bool isStatic = operandType.hasStaticShape();
    Operand operand{Kind::Element, *buffer, isStatic ? operandType.getNumElements() : 0, Value()};
    if (operandType.getShape() != type.getShape()) {
      bool single = isStatic && operandType.getNumElements() == 1;
      operand.kind = single ? Kind::Single : Kind::Column;
      if (single)
        operand.single = builder.loadScalar(*buffer, builder.index(0));
    } else if (buffer->strides != init.strides &&
               !(operandType.getLayout().isIdentity() && type.getLayout().isIdentity())) {
      // Dense buffers of one shape have the same strides, whatever values state them.
      return op->emitOpError("expects epilogue operands of its result's shape to have its strides");
    }
    operands.push_back(operand);
  }
  return success();
}

Value Epilogue::operandVector(LoopBuilder &builder, unsigned index, const Destination &to) {
  const Operand &operand = operands[index];
  if (operand.kind == Kind::Element)
    return to.remaining ? builder.loadVector(operand.buffer, to.position, to.lanes, to.remaining)
                        : builder.loadVector(operand.buffer, to.position, to.lanes, to.valid);
  if (operand.kind == Kind::Single)
    return operand.single;
  Value &cached = columnCache[{index, to.column}];
  if (!cached) {
    int64_t valid = to.lanes;
    if (to.knownColumn)
      valid = std::clamp<int64_t>(operand.elements - *to.knownColumn, 0, to.lanes);
    cached = to.remaining ? builder.loadVector(operand.buffer, to.column, to.lanes, to.remaining)
                          : builder.loadVector(operand.buffer, to.column, to.lanes, valid);
  }
  return cached;
}

void Epilogue::store(LoopBuilder &builder, Value accumulator, const Destination &to) {
  IRMapping map;
  map.map(body->getArgument(0), accumulator);
  for (unsigned i = 0; i < operands.size(); ++i)
    map.map(body->getArgument(i + 1), operandVector(builder, i, to));
  for (Operation &op : body->without_terminator())
    cloneOnVectors(builder, &op, to.lanes, map);
  Value result = map.lookupOrDefault(body->getTerminator()->getOperand(0));
  if (!isa<VectorType>(result.getType()))
    result = builder.broadcast(result, to.lanes);
  storeRaw(builder, result, to);
}

void Epilogue::storeRaw(LoopBuilder &builder, Value accumulator, const Destination &to) {
  if (to.remaining)
    builder.storeVector(init, to.position, accumulator, to.remaining);
  else
    builder.storeVector(init, to.position, accumulator, to.valid);
}

Value Epilogue::loadRaw(LoopBuilder &builder, Type element, const Destination &to) {
  if (to.remaining)
    return builder.loadVector(init, to.position, to.lanes, to.remaining);
  return builder.loadVector(init, to.position, to.lanes, to.valid);
}

} // namespace gemlir
