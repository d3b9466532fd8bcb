//===- GenericEmitter.cpp - one linalg operation to loops -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace gemlir {

GenericEmitter::Form GenericEmitter::emit() {
  Positions positions;
  for (const Operand &operand : operands)
    positions.push_back(b.index(operand.constant));
  for (Value &index : indices)
    index = b.index(0);
  emitOuter(0, positions);
  op.erase();
  if (!vectorLoop)
    return Form::Scalar;
  return reducesLanes ? Form::Reduction : Form::Vector;
}

GenericEmitter::Positions GenericEmitter::advance(const Positions &positions, const Loop &loop, Value i) {
  Positions result;
  for (auto [position, stride] : llvm::zip(positions, loop.strides))
    result.push_back(stride != 0 ? b.add(position, b.mul(i, stride)) : position);
  if (hasIndex)
    indices[loop.dimension] = i;
  return result;
}

void GenericEmitter::emitOuter(unsigned level, const Positions &positions) {
  if (level < loops.size() && !loops[level].reduction) {
    const Loop &loop = loops[level];
    return b.loop(b.index(0), b.index(loop.size), 1,
                  [&](Value i) { emitOuter(level + 1, advance(positions, loop, i)); });
  }
  if (!vectorLoop)
    emitPoint(positions, 1);
  else if (reducesLanes)
    emitReductionPoint(positions);
  else
    emitVectorLoop(positions);
}

/// Widths of vectors, widest first. Accumulators of a reduction hide the latency
/// of their addition by their number; functions need the registers themselves.
SmallVector<int64_t> GenericEmitter::getWidths() const {
  bool reduces = llvm::any_of(loops, [](const Loop &loop) { return loop.reduction; });
  SmallVector<int64_t> widths;
  if (!hasFunctions && (reduces || reducesLanes))
    widths.push_back(4 * nativeLanes);
  if (!hasFunctions)
    widths.push_back(2 * nativeLanes);
  widths.push_back(nativeLanes);
  for (int64_t narrow = nativeLanes / 2; narrow >= 4; narrow /= 2)
    widths.push_back(narrow);
  return widths;
}

//===----------------------------------------------------------------------===//
// Lanes over a parallel loop
//===----------------------------------------------------------------------===//

void GenericEmitter::emitVectorLoop(const Positions &positions) {
  const Loop &loop = *vectorLoop;
  SmallVector<int64_t> widths = getWidths();
  widths.push_back(1);
  Value begin = b.index(0);
  for (int64_t width : widths) {
    if (loop.size.isStatic() && begin && getConstantIntValue(begin) == loop.size.known())
      return;
    Value end = b.index(loop.size);
    if (width > 1) {
      Value remaining = b.sub(end, begin);
      end = b.add(begin, b.sub(remaining, b.rem(remaining, width)));
    }
    b.loop(begin, end, width, [&](Value i) { emitPoint(advance(positions, loop, i), width); });
    begin = end;
  }
}

/// All reductions at one point of the parallel loops, with accumulators of
/// `lanes` lanes.
void GenericEmitter::emitPoint(const Positions &positions, int64_t lanes) {
  unsigned level = 0;
  while (level < loops.size() && !loops[level].reduction)
    ++level;
  Values accumulators;
  for (unsigned i = inputs; i < operands.size(); ++i)
    accumulators.push_back(body->getArgument(i).use_empty() ? Value() : loadOperand(i, positions, lanes));
  if (level == loops.size())
    return store(positions, evaluate(positions, accumulators, lanes), lanes);
  // A reduction that ignores its old value still carries the new one.
  for (unsigned i = inputs; i < operands.size(); ++i)
    if (!accumulators[i - inputs])
      accumulators[i - inputs] = loadOperand(i, positions, lanes);
  store(positions, reduce(level, positions, accumulators, lanes), lanes);
}

GenericEmitter::Values GenericEmitter::reduce(unsigned level, const Positions &positions, ValueRange accumulators,
                                              int64_t lanes) {
  if (level == loops.size()) {
    Values results = evaluate(positions, accumulators, lanes);
    for (Value &result : results)
      if (lanes > 1 && !isa<VectorType>(result.getType()))
        result = b.broadcast(result, lanes);
    return results;
  }
  const Loop &loop = loops[level];
  return b.loop(b.index(0), b.index(loop.size), 1, accumulators, [&](Value i, ValueRange values) {
    return reduce(level + 1, advance(positions, loop, i), values, lanes);
  });
}

//===----------------------------------------------------------------------===//
// Lanes over a reduction
//===----------------------------------------------------------------------===//

void GenericEmitter::emitReductionPoint(const Positions &positions) {
  unsigned level = 0;
  while (level < loops.size() && !loops[level].reduction)
    ++level;
  Values accumulators;
  for (unsigned i = inputs; i < operands.size(); ++i)
    accumulators.push_back(loadOperand(i, positions, 1));
  store(positions, reduceRows(level, positions, accumulators), 1);
}

/// Reduction loops outside the vector loop.
GenericEmitter::Values GenericEmitter::reduceRows(unsigned level, const Positions &positions, ValueRange accumulators) {
  if (level < loops.size()) {
    const Loop &loop = loops[level];
    return b.loop(b.index(0), b.index(loop.size), 1, accumulators, [&](Value i, ValueRange values) {
      return reduceRows(level + 1, advance(positions, loop, i), values);
    });
  }
  Values row = reduceRow(positions), results;
  for (auto [output, pair] : llvm::enumerate(llvm::zip(accumulators, row)))
    results.push_back(combine(output, std::get<0>(pair), std::get<1>(pair)));
  return results;
}

/// One row: ever narrower accumulators, each starting with what the wider one
/// folds to. The order depends on the row's length alone.
GenericEmitter::Values GenericEmitter::reduceRow(const Positions &positions) {
  const Loop &loop = *vectorLoop;
  SmallVector<int64_t> widths = getWidths();
  // A width that never runs would only cost its fold.
  llvm::erase_if(widths, [&](int64_t width) { return loop.size.isStatic() && width > *loop.size.known(); });
  widths.push_back(1);
  Values values;
  for (unsigned output = 0; output < combiners.size(); ++output)
    values.push_back(identity(output, widths.front()));
  Value begin = b.index(0);
  int64_t previous = widths.front();
  for (int64_t width : widths) {
    for (auto [output, value] : llvm::enumerate(values))
      for (int64_t lanes = previous; lanes > width; lanes /= 2)
        value = fold(output, value, lanes);
    previous = width;
    Value end = b.index(loop.size);
    if (width > 1) {
      Value remaining = b.sub(end, begin);
      end = b.add(begin, b.sub(remaining, b.rem(remaining, width)));
    }
    values = b.loop(begin, end, width, values, [&](Value i, ValueRange accumulators) {
      Positions at = advance(positions, loop, i);
      Values results = evaluate(at, accumulators, width);
      return results;
    });
    begin = end;
  }
  return values;
}

Value GenericEmitter::combine(unsigned output, Value a, Value c) {
  Operation *combiner = combiners[output];
  OperationState state(b.getLoc(), combiner->getName());
  state.addOperands({a, c});
  state.addTypes(a.getType());
  state.addAttributes(combiner->getAttrs());
  Operation *result = b.create(state);
  allowContraction(result);
  return result->getResult(0);
}

Value GenericEmitter::identity(unsigned output, int64_t lanes) {
  Operation *combiner = combiners[output];
  Type type = combiner->getResult(0).getType();
  TypedAttr attr;
  if (auto floats = dyn_cast<FloatType>(type)) {
    double value = isa<arith::MulFOp>(combiner)                         ? 1
                   : isa<arith::MaximumFOp, arith::MaxNumFOp>(combiner) ? -INFINITY
                   : isa<arith::MinimumFOp, arith::MinNumFOp>(combiner) ? INFINITY
                                                                        : -0.0;
    attr = b.getFloatAttr(floats, value);
  } else {
    unsigned width = type.getIntOrFloatBitWidth();
    APInt value = isa<arith::MulIOp>(combiner)                   ? APInt(width, 1)
                  : isa<arith::MaxSIOp>(combiner)                ? APInt::getSignedMinValue(width)
                  : isa<arith::MinSIOp>(combiner)                ? APInt::getSignedMaxValue(width)
                  : isa<arith::MinUIOp, arith::AndIOp>(combiner) ? APInt::getAllOnes(width)
                                                                 : APInt::getZero(width);
    attr = b.getIntegerAttr(type, value);
  }
  if (lanes > 1)
    attr = DenseElementsAttr::get(VectorType::get({lanes}, type), Attribute(attr));
  return arith::ConstantOp::create(b, attr);
}

/// The lower half of a vector combined with the upper.
Value GenericEmitter::fold(unsigned output, Value vector, int64_t lanes) {
  if (lanes == 2)
    return combine(output, vector::ExtractOp::create(b, vector, 0), vector::ExtractOp::create(b, vector, 1));
  SmallVector<int64_t> lower = llvm::to_vector(llvm::seq<int64_t>(0, lanes / 2));
  SmallVector<int64_t> upper = llvm::to_vector(llvm::seq<int64_t>(lanes / 2, lanes));
  Value low = vector::ShuffleOp::create(b, vector, vector, lower);
  Value high = vector::ShuffleOp::create(b, vector, vector, upper);
  return combine(output, low, high);
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

Value GenericEmitter::loadOperand(unsigned index, const Positions &positions, int64_t lanes) {
  const Operand &operand = operands[index];
  if (operand.scalar)
    return operand.scalar;
  bool vector = lanes > 1 && vectorLoop->strides[index] == 1;
  return vector ? b.loadVector(operand.buffer, positions[index], lanes)
                : b.loadScalar(operand.buffer, positions[index]);
}

void GenericEmitter::store(const Positions &positions, ValueRange values, int64_t lanes) {
  for (auto [output, value] : llvm::enumerate(values)) {
    const FlatBuffer &buffer = operands[inputs + output].buffer;
    Value position = positions[inputs + output];
    if (lanes == 1) {
      if (buffer.offset)
        position = b.add(buffer.offset, position);
      memref::StoreOp::create(b, value, buffer.memref, ValueRange{position});
      continue;
    }
    Value vector = value;
    if (!isa<VectorType>(vector.getType()))
      vector = b.broadcast(vector, lanes);
    b.storeVector(buffer, position, vector);
  }
}

GenericEmitter::Values GenericEmitter::evaluate(const Positions &positions, ValueRange accumulators, int64_t lanes) {
  IRMapping map;
  for (unsigned i = 0; i < inputs; ++i)
    if (!body->getArgument(i).use_empty())
      map.map(body->getArgument(i), loadOperand(i, positions, lanes));
  for (auto [i, accumulator] : llvm::enumerate(accumulators))
    if (accumulator)
      map.map(body->getArgument(inputs + i), accumulator);
  for (Operation &inner : body->without_terminator())
    if (Value result = evaluateOp(&inner, map, lanes))
      map.map(inner.getResult(0), result);
  Values results;
  for (Value yielded : body->getTerminator()->getOperands())
    results.push_back(map.lookupOrDefault(yielded));
  return results;
}

Value GenericEmitter::stepVector(int64_t lanes) {
  return vector::StepOp::create(b, VectorType::get({lanes}, b.getIndexType()));
}

/// The value of the body as a vector, whatever it is kept as.
Value GenericEmitter::asVector(Value original, IRMapping &map, int64_t lanes) {
  Value value = map.lookupOrDefault(original);
  if (isa<VectorType>(value.getType()))
    return value;
  Value vector = b.broadcast(value, lanes);
  if (kindOf(original, kinds) == LaneKind::Unit)
    vector = arith::AddIOp::create(b, vector, stepVector(lanes));
  return vector;
}

/// The copy of one operation of the body. Null if it has been mapped already.
Value GenericEmitter::evaluateOp(Operation *inner, IRMapping &map, int64_t lanes) {
  if (auto index = dyn_cast<linalg::IndexOp>(inner))
    return indices[index.getDim()];
  bool scalar = lanes == 1;
  if (!scalar) {
    LaneKind kind = inner->getNumResults() ? kindOf(inner->getResult(0), kinds) : LaneKind::Uniform;
    // In the reduction of lanes the combiner meets vectors of accumulators.
    bool anyVector = llvm::any_of(
        inner->getOperands(), [&](Value operand) { return isa<VectorType>(map.lookupOrDefault(operand).getType()); });
    scalar = !anyVector && kind != LaneKind::Vector;
  }
  if (scalar) {
    Operation *copy = b.clone(*inner, map);
    copy->walk([](Operation *nested) { allowContraction(nested); });
    return Value();
  }
  if (auto load = dyn_cast<memref::LoadOp>(inner)) {
    SmallVector<Value> at;
    for (Value index : load.getIndices())
      at.push_back(map.lookupOrDefault(index));
    auto type = VectorType::get({lanes}, load.getType());
    return vector::LoadOp::create(b, type, map.lookupOrDefault(load.getMemRef()), at);
  }
  SmallVector<Value> values;
  for (auto [position, operand] : llvm::enumerate(inner->getOperands())) {
    bool condition = isa<arith::SelectOp>(inner) && position == 0;
    Value mapped = map.lookupOrDefault(operand);
    // A condition that holds for all lanes selects whole vectors.
    bool keep = condition && !isa<VectorType>(mapped.getType()) && kindOf(operand, kinds) == LaneKind::Uniform;
    values.push_back(keep ? mapped : asVector(operand, map, lanes));
  }
  OperationState state(inner->getLoc(), inner->getName());
  state.addOperands(values);
  state.addTypes(VectorType::get({lanes}, inner->getResult(0).getType()));
  state.addAttributes(inner->getAttrs());
  Operation *copy = b.create(state);
  allowContraction(copy);
  return copy->getResult(0);
}

} // namespace gemlir
