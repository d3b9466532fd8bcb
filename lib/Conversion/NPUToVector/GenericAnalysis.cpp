//===- GenericAnalysis.cpp - loops and strides of linalg operations -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace gemlir {

GenericEmitter::GenericEmitter(linalg::LinalgOp op, const device::Description &device)
    : op(op), body(op.getBlock()), b(op.getLoc(), op), inputs(op.getNumDpsInputs()) {
  unsigned bits = 8;
  auto consider = [&](Type type) {
    if (type.isIntOrFloat())
      bits = std::max(bits, type.getIntOrFloatBitWidth());
  };
  for (Type type : body->getArgumentTypes())
    consider(type);
  op->walk([&](Operation *inner) {
    hasIndex |= isa<linalg::IndexOp>(inner);
    hasFunctions |= isa<math::MathDialect>(inner->getDialect()) &&
                    !isa<math::AbsFOp, math::FmaOp, math::CopySignOp, math::RoundEvenOp>(inner);
    for (Type type : inner->getResultTypes())
      consider(type);
  });
  nativeLanes = device.lanes(bits);
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

/// Adds `factor` times `expr` to `strides` and `constant`; fails unless linear.
static LogicalResult addLinear(AffineExpr expr, Dim factor, SmallVectorImpl<Dim> &strides, Dim &constant) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    strides[dim.getPosition()] += factor;
    return success();
  }
  if (auto value = dyn_cast<AffineConstantExpr>(expr)) {
    constant += factor * Dim(value.getValue());
    return success();
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return failure();
  if (binary.getKind() == AffineExprKind::Add)
    return success(succeeded(addLinear(binary.getLHS(), factor, strides, constant)) &&
                   succeeded(addLinear(binary.getRHS(), factor, strides, constant)));
  auto scale = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (binary.getKind() != AffineExprKind::Mul || !scale)
    return failure();
  return addLinear(binary.getLHS(), factor * Dim(scale.getValue()), strides, constant);
}

LogicalResult GenericEmitter::analyzeOperand(OpOperand &operand) {
  unsigned index = operand.getOperandNumber();
  operands.emplace_back();
  Operand &result = operands.back();
  SmallVector<Dim> strides(loops.size(), 0);
  if (!isa<MemRefType>(operand.get().getType())) {
    result.scalar = operand.get();
  } else {
    FailureOr<FlatBuffer> flat = b.flatten(operand.get());
    if (failed(flat))
      return failure();
    result.buffer = *flat;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [expr, stride] : llvm::zip(map.getResults(), flat->strides))
      if (failed(addLinear(expr, stride, strides, result.constant)))
        return failure();
  }
  for (auto [loop, stride] : llvm::zip(loops, strides))
    loop.strides.resize(index + 1, 0), loop.strides[index] = stride;
  return success();
}

/// Sizes from the first operand that has the dimension as such.
LogicalResult GenericEmitter::addSizes() {
  SmallVector<int64_t> known = op.getStaticLoopRanges();
  for (auto [dimension, loop] : llvm::enumerate(loops)) {
    loop.size = known[dimension];
    if (!ShapedType::isDynamic(known[dimension]))
      continue;
    bool found = false;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<MemRefType>(operand.get().getType()))
        continue;
      AffineMap map = op.getMatchingIndexingMap(&operand);
      std::optional<unsigned> position = map.getResultPosition(b.getAffineDimExpr(dimension));
      if (!position)
        continue;
      loop.size = b.sizes(operand.get())[*position];
      found = true;
      break;
    }
    if (!found)
      return failure();
  }
  return success();
}

LogicalResult GenericEmitter::analyze() {
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (auto [dimension, iterator] : llvm::enumerate(iterators))
    loops.push_back({Dim(), iterator != utils::IteratorType::parallel, {}, unsigned(dimension)});
  indices.resize(iterators.size());
  for (OpOperand &operand : op->getOpOperands())
    if (failed(analyzeOperand(operand)))
      return failure();
  if (failed(addSizes()))
    return failure();
  // A scan writes along a reduction; its outputs are no accumulators.
  for (const Loop &loop : loops)
    if (loop.reduction && llvm::any_of(ArrayRef(loop.strides).drop_front(inputs), [](Dim s) { return s != 0; }))
      return failure();
  if (!hasIndex)
    mergeLoops();
  if (!chooseVectorLoop())
    kinds.clear();
  orderLoops();
  return success();
}

/// Neighbouring loops that every operand walks as one become one.
void GenericEmitter::mergeLoops() {
  llvm::erase_if(loops, [](const Loop &loop) { return loop.size == 1; });
  for (size_t outer = 0; outer + 1 < loops.size();) {
    Loop &first = loops[outer], &second = loops[outer + 1];
    bool merges = first.reduction == second.reduction &&
                  llvm::all_of(llvm::zip(first.strides, second.strides),
                               [&](auto pair) { return std::get<0>(pair) == std::get<1>(pair) * second.size; });
    if (!merges) {
      ++outer;
      continue;
    }
    second.size = first.size * second.size;
    loops.erase(loops.begin() + outer);
    if (outer)
      --outer;
  }
}

/// Parallel loops outside, those that move the results most first.
void GenericEmitter::orderLoops() {
  auto movement = [&](const Loop &loop) { return loop.strides.back().estimate(/*typical=*/64); };
  llvm::stable_sort(loops, [&](const Loop &a, const Loop &c) {
    if (a.reduction != c.reduction)
      return c.reduction;
    return !a.reduction && movement(a) > movement(c);
  });
}

//===----------------------------------------------------------------------===//
// Lanes
//===----------------------------------------------------------------------===//

LaneKind GenericEmitter::kindOf(Value value, const DenseMap<Value, LaneKind> &kinds) const {
  auto it = kinds.find(value);
  return it == kinds.end() ? LaneKind::Uniform : it->second;
}

LaneKind GenericEmitter::classifyLoad(memref::LoadOp load, const DenseMap<Value, LaneKind> &kinds,
                                      bool &possible) const {
  SmallVector<LaneKind> indexKinds;
  for (Value index : load.getIndices())
    indexKinds.push_back(kindOf(index, kinds));
  if (llvm::all_of(indexKinds, [](LaneKind kind) { return kind == LaneKind::Uniform; }))
    return LaneKind::Uniform;
  SmallVector<int64_t> strides;
  int64_t offset;
  bool contiguous = succeeded(load.getMemRefType().getStridesAndOffset(strides, offset)) && strides.back() == 1;
  bool uniformBefore =
      llvm::all_of(ArrayRef(indexKinds).drop_back(), [](LaneKind kind) { return kind == LaneKind::Uniform; });
  possible &= contiguous && uniformBefore && indexKinds.back() == LaneKind::Unit;
  return LaneKind::Vector;
}

/// The kinds of the body's values if the lanes are iterations of `loop`. Returns
/// whether the body can be evaluated so.
bool GenericEmitter::classify(const Loop &loop, bool reduction, DenseMap<Value, LaneKind> &result) {
  for (unsigned i = 0; i < operands.size(); ++i) {
    bool isOutput = i >= inputs;
    bool varies = loop.strides[i] != 0 || (isOutput && !reduction);
    result[body->getArgument(i)] = varies ? LaneKind::Vector : LaneKind::Uniform;
  }
  bool possible = true;
  for (Operation &inner : body->without_terminator()) {
    LaneKind kind = LaneKind::Uniform;
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      kind = index.getDim() == loop.dimension ? LaneKind::Unit : LaneKind::Uniform;
    } else if (auto load = dyn_cast<memref::LoadOp>(inner)) {
      kind = classifyLoad(load, result, possible);
    } else if (inner.getNumRegions() != 0) {
      return false;
    } else {
      SmallVector<LaneKind> operandKinds;
      for (Value operand : inner.getOperands())
        operandKinds.push_back(kindOf(operand, result));
      bool anyVector = llvm::is_contained(operandKinds, LaneKind::Vector);
      bool anyUnit = llvm::is_contained(operandKinds, LaneKind::Unit);
      bool shifted =
          !anyVector && anyUnit &&
          ((isa<arith::AddIOp>(inner) && operandKinds[0] != operandKinds[1]) ||
           (isa<arith::SubIOp>(inner) && operandKinds[0] == LaneKind::Unit && operandKinds[1] == LaneKind::Uniform));
      if (shifted)
        kind = LaneKind::Unit;
      else if (anyVector || anyUnit)
        kind = LaneKind::Vector;
      if (kind == LaneKind::Vector && !OpTrait::hasElementwiseMappableTraits(&inner))
        return false;
    }
    for (Value value : inner.getResults())
      result[value] = kind;
  }
  return possible;
}

/// Whether vectors over `loop` load and store well.
bool GenericEmitter::fitsLanes(const Loop &loop, bool reduction) {
  for (unsigned i = 0; i < operands.size(); ++i) {
    Dim stride = loop.strides[i];
    if (i >= inputs ? stride != (reduction ? 0 : 1) : stride != 0 && stride != 1)
      return false;
  }
  return true;
}

/// Each output is its old element combined with a value that does not depend on
/// outputs.
bool GenericEmitter::matchCombiners() {
  combiners.clear();
  for (unsigned output = 0; output + inputs < operands.size(); ++output) {
    BlockArgument old = body->getArgument(inputs + output);
    Operation *combiner = body->getTerminator()->getOperand(output).getDefiningOp();
    if (!combiner || !old.hasOneUse() || *old.user_begin() != combiner ||
        !isa<arith::AddFOp, arith::MulFOp, arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp,
             arith::AddIOp, arith::MulIOp, arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp,
             arith::AndIOp, arith::OrIOp, arith::XOrIOp>(combiner) ||
        !combiner->getResult(0).hasOneUse())
      return false;
    combiners.push_back(combiner);
  }
  return true;
}

bool GenericEmitter::chooseVectorLoop() {
  auto size = [](const Loop &loop) { return loop.size.known().value_or(std::numeric_limits<int32_t>::max()); };
  auto take = [&](size_t index, bool reduction) {
    DenseMap<Value, LaneKind> found;
    if (!fitsLanes(loops[index], reduction) || !classify(loops[index], reduction, found))
      return false;
    // A vector that nothing varies in is no vector.
    kinds = std::move(found);
    reducesLanes = reduction;
    vectorLoop = loops[index];
    loops.erase(loops.begin() + index);
    return true;
  };
  int64_t least = std::min<int64_t>(nativeLanes, 4);
  for (size_t i = loops.size(); i-- > 0;)
    if (!loops[i].reduction && size(loops[i]) >= least && take(i, /*reduction=*/false))
      return true;
  if (!matchCombiners())
    return false;
  for (size_t i = loops.size(); i-- > 0;)
    if (loops[i].reduction && size(loops[i]) >= least && take(i, /*reduction=*/true))
      return true;
  return false;
}

} // namespace gemlir
