//===- Movement.cpp - reshapes, transpositions, joins, padding and filling -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

using namespace mlir;
using namespace gemlir::lowering;

static RankedTensorType resultType(Operation *op) { return cast<RankedTensorType>(op->getResult(0).getType()); }

/// The constant axis operand of an operator, counted from the front.
static FailureOr<int64_t> getAxis(Operation *op, Value operand, int64_t rank, StringRef name) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(operand);
  if (succeeded(axes) && axes->size() == 1)
    return normalizeAxes(*axes, rank).front();
  emitLoweringError(op) << "expects a constant '" << name << "'";
  return failure();
}

static SmallVector<Value> loopIndices(Emitter &b, int64_t rank) {
  SmallVector<Value> indices;
  for (int64_t dim = 0; dim < rank; ++dim)
    indices.push_back(b.loopIndex(dim));
  return indices;
}

//===----------------------------------------------------------------------===//
// Views and permutations
//===----------------------------------------------------------------------===//

static LogicalResult lowerReshape(Operation *op, Emitter &b, Value x) {
  if (isBlocked(x.getType()) && x.getType() != op->getResult(0).getType())
    return emitLoweringError(op) << "expects an operand without storage format, but got " << x.getType();
  b.set(op->getResult(0), b.reshape(b.get(x), b.getShape(op->getResult(0))).value);
  return success();
}

template <typename OpTy>
static void addReshape(LoweringTable &table) {
  table.add(OpTy::getOperationName(),
            [](Operation *op, Emitter &b) { return lowerReshape(op, b, cast<OpTy>(op).getX()); });
}

static LogicalResult lowerTranspose(ge::TransposeOp op, Emitter &b) {
  FailureOr<SmallVector<int64_t>> permutation = Emitter::getInts(op.getPerm());
  if (failed(permutation))
    return emitLoweringError(op) << "expects a constant 'perm'";
  Tensor x = b.get(op.getX());
  for (int64_t &dim : *permutation)
    dim = dim < 0 ? dim + x.rank() : dim;
  b.set(op.getY(), b.transpose(x, *permutation).value);
  return success();
}

static LogicalResult lowerDepthToSpace(ge::DepthToSpaceOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  bool isNHWC = op.getDataFormat() == "NHWC", isDCR = op.getMode() == "DCR";
  int64_t block = op.getBlockSize();
  Dim n = x.dim(0);
  if (isNHWC) {
    Dim h = x.dim(1), w = x.dim(2), c = floorDiv(x.dim(3), block * block);
    x = isDCR ? b.transpose(b.reshape(x, {n, h, w, block, block, c}), {0, 1, 3, 2, 4, 5})
              : b.transpose(b.reshape(x, {n, h, w, c, block, block}), {0, 1, 4, 2, 5, 3});
  } else {
    Dim c = floorDiv(x.dim(1), block * block), h = x.dim(2), w = x.dim(3);
    x = isDCR ? b.transpose(b.reshape(x, {n, block, block, c, h, w}), {0, 3, 4, 1, 5, 2})
              : b.transpose(b.reshape(x, {n, c, block, block, h, w}), {0, 1, 4, 2, 5, 3});
  }
  b.set(op.getY(), b.reshape(x, b.getShape(op->getResult(0))).value);
  return success();
}

static LogicalResult lowerSpaceToDepth(ge::SpaceToDepthOp op, Emitter &b) {
  Tensor x = b.get(op.getX());
  int64_t block = op.getBlockSize();
  Dim n = x.dim(0);
  if (op.getDataFormat() == "NHWC") {
    Dim h = floorDiv(x.dim(1), block), w = floorDiv(x.dim(2), block), c = x.dim(3);
    x = b.transpose(b.reshape(x, {n, h, block, w, block, c}), {0, 1, 3, 2, 4, 5});
  } else {
    Dim c = x.dim(1), h = floorDiv(x.dim(2), block), w = floorDiv(x.dim(3), block);
    x = b.transpose(b.reshape(x, {n, c, h, block, w, block}), {0, 3, 5, 1, 2, 4});
  }
  b.set(op.getY(), b.reshape(x, b.getShape(op->getResult(0))).value);
  return success();
}

//===----------------------------------------------------------------------===//
// Joins
//===----------------------------------------------------------------------===//

/// Writes the parts side by side along `axis` of the storage.
static void concatenate(Operation *op, Emitter &b, ArrayRef<Tensor> parts, int64_t axis) {
  RankedTensorType type = resultType(op);
  SmallVector<Tensor> filled;
  for (const Tensor &part : parts)
    if (part.size() != 0)
      filled.push_back(part);
  if (filled.size() == 1) {
    b.set(op->getResult(0), filled.front().value);
    return;
  }
  Tensor whole = b.empty(b.getShape(op->getResult(0)), type.getElementType());
  Shape offsets(type.getRank(), 0);
  for (const Tensor &part : filled) {
    whole = b.insert(part, whole, offsets);
    offsets[axis] += part.dim(axis);
  }
  b.set(op->getResult(0), whole.value);
}

static LogicalResult lowerConcat(ge::ConcatV2Op op, Emitter &b) {
  RankedTensorType type = resultType(op);
  FailureOr<int64_t> axis = getAxis(op, op.getConcatDim(), getOriginShape(type).size(), "concat_dim");
  if (failed(axis))
    return failure();
  SmallVector<Tensor> parts;
  for (Value x : op.getX()) {
    parts.push_back(b.get(x));
    if (isBlocked(x.getType()) != isBlocked(type))
      return emitLoweringError(op) << "expects operands and result in one format, but got " << x.getType() << " and "
                                   << type;
  }
  if (isBlocked(type) && *axis == 1)
    for (Value x : op.getX().drop_back())
      if (int64_t channels = getOriginShape(cast<RankedTensorType>(x.getType()))[1];
          channels % type.getShape().back() != 0)
        return emitLoweringError(op) << "expects full blocks of channels in all parts but the last, but got "
                                     << channels << " channels";
  concatenate(op, b, parts, *axis);
  return success();
}

static LogicalResult lowerPack(ge::PackOp op, Emitter &b) {
  RankedTensorType type = resultType(op);
  int64_t axis = normalizeAxes(op.getAxis(), type.getRank()).front();
  Shape part = b.getShape(op->getResult(0));
  part[axis] = 1;
  SmallVector<Tensor> parts;
  for (Value x : op.getX())
    parts.push_back(b.reshape(b.get(x), part));
  concatenate(op, b, parts, axis);
  return success();
}

//===----------------------------------------------------------------------===//
// Repetition and padding
//===----------------------------------------------------------------------===//

static LogicalResult lowerBroadcastTo(ge::BroadcastToOp op, Emitter &b) {
  b.set(op.getY(), b.broadcast(b.get(op.getX()), b.getShape(op.getY())).value);
  return success();
}

/// Loops (r0, s0, r1, s1, ...) over repetitions and dimensions.
static LogicalResult lowerTile(ge::TileOp op, Emitter &b) {
  RankedTensorType type = resultType(op);
  Tensor x = b.get(op.getX());
  Shape sizes(type.getRank() - x.rank(), 1), expanded;
  llvm::append_range(sizes, x.shape());
  x = b.reshape(x, sizes);
  SmallVector<AffineExpr> indices;
  for (auto [size, total] : llvm::zip_equal(sizes, b.getShape(op.getY()))) {
    expanded.append({floorDiv(total, size), size});
    indices.push_back(b.d(expanded.size() - 1));
  }
  Tensor tiled = b.generate(expanded, x.element, Access{x, b.map(expanded.size(), indices)},
                            [](ArrayRef<Value> in) { return in[0]; });
  b.set(op.getY(), b.reshape(tiled, b.getShape(op.getY())).value);
  return success();
}

/// The place that a padded place repeats, for each mode but constant.
static Value reflectIndex(Emitter &b, Value place, StringRef mode, Dim size, Dim before) {
  if (mode == "edge" || size == 1)
    return b.clampIndex(place, 0, size - 1);
  bool wraps = mode == "wrap", reflects = mode == "reflect";
  Dim period = wraps ? size : (reflects ? size - 1 : size) * 2;
  if (before.isStatic())
    before = std::max<int64_t>(*before.known(), 0);
  Value positive = b.addIndex(place, ceilDiv(before, period) * period);
  Value phase = arith::RemUIOp::create(b, positive, b.index(period));
  if (wraps)
    return phase;
  Value mirrored = arith::SubIOp::create(b, b.index(reflects ? period : period - 1), phase);
  return arith::MinSIOp::create(b, phase, mirrored);
}

/// `paddings` holds {before, after} for each dimension.
static LogicalResult padTensor(Operation *op, Emitter &b, Tensor x, const Shape &paddings, StringRef mode,
                               Tensor constant) {
  auto mayPad = [](Dim count) { return count.isDynamic() || *count.known() > 0; };
  Tensor result = b.generate(b.getShape(op->getResult(0)), x.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> indices;
    Value valid;
    for (int64_t dim = 0; dim < x.rank(); ++dim) {
      Dim before = paddings[2 * dim], after = paddings[2 * dim + 1], size = x.dim(dim);
      Value place = b.addIndex(b.loopIndex(dim), before * -1);
      if (mayPad(before) || mayPad(after)) {
        if (mode == "constant") {
          Value inside = b.inRange(place, 0, size);
          valid = valid ? Value(arith::AndIOp::create(b, valid, inside)) : inside;
          place = b.clampIndex(place, 0, size - 1);
        } else {
          place = reflectIndex(b, place, mode, size, before);
        }
      }
      indices.push_back(place);
    }
    Value element = b.extract(x, indices);
    if (!valid)
      return element;
    Value padding = constant ? b.extract(constant, SmallVector<Value>(constant.rank(), b.index(int64_t(0))))
                             : b.scalar(x.element, 0);
    return b.select(valid, element, padding);
  });
  b.set(op->getResult(0), result.value);
  return success();
}

static LogicalResult lowerPad(ge::PadV3Op op, Emitter &b) {
  FailureOr<Shape> paddings = b.getElements(op.getPaddings());
  Tensor x = b.get(op.getX());
  if (failed(paddings) || static_cast<int64_t>(paddings->size()) != 2 * x.rank())
    return emitLoweringError(op) << "expects 'paddings' with two elements for each dimension";
  Tensor constant = op.getConstantValues() ? b.get(op.getConstantValues()) : Tensor();
  if (x.size() == 0) { // all of the result is padding
    Tensor value = constant ? b.reshape(constant, {}) : b.fillZero({}, x.element);
    b.set(op.getY(), b.broadcast(value, b.getShape(op.getY())).value);
    return success();
  }
  Shape pairs;
  for (int64_t dim = 0; dim < x.rank(); ++dim)
    if (op.getPaddingsContiguous())
      pairs.append({(*paddings)[2 * dim], (*paddings)[2 * dim + 1]});
    else
      pairs.append({(*paddings)[dim], (*paddings)[x.rank() + dim]});
  return padTensor(op, b, x, pairs, op.getMode(), constant);
}

static LogicalResult lowerMirrorPad(ge::MirrorPadOp op, Emitter &b) {
  FailureOr<Shape> paddings = b.getElements(op.getPaddings());
  Tensor x = b.get(op.getX());
  if (failed(paddings) || static_cast<int64_t>(paddings->size()) != 2 * x.rank())
    return emitLoweringError(op) << "expects 'paddings' with two elements for each dimension";
  return padTensor(op, b, x, *paddings, op.getMode() == "REFLECT" ? "reflect" : "symmetric", Tensor());
}

//===----------------------------------------------------------------------===//
// Filling
//===----------------------------------------------------------------------===//

static LogicalResult lowerFill(ge::FillOp op, Emitter &b) {
  b.set(op.getY(), b.broadcast(b.reshape(b.get(op.getValue()), {}), b.getShape(op.getY())).value);
  return success();
}

/// How many numbers there are, where the program cannot tell by itself: -1 if
/// the distance is 0.
static Tensor countRange(ge::RangeOp op, Emitter &b) {
  Type element = resultType(op).getElementType(), number = b.getI64Type();
  SmallVector<Tensor> operands;
  for (Value operand : {op.getStart(), op.getLimit(), op.getDelta()})
    operands.push_back(b.reshape(b.get(operand), {}));
  return b.elementwise({}, number, operands, [&](ArrayRef<Value> in) {
    Type wide = isa<FloatType>(element) ? Type(b.getF64Type()) : number;
    Scalar s(b, element), w(b, wide), n(b, number);
    Value span = w.sub(castScalar(b, in[1], element, wide), castScalar(b, in[0], element, wide));
    Value delta = castScalar(b, in[2], element, wide), count;
    if (isa<FloatType>(element)) {
      Value steps = w.div(span, delta);
      count = op.getIsClosed() ? w.add(w.call<math::FloorOp>(steps), w.constant(1)) : w.call<math::CeilOp>(steps);
      count = castScalar(b, count, wide, number);
    } else {
      count = op.getIsClosed() ? w.add(w.floorDiv(span, delta), w.constant(1)) : w.neg(w.floorDiv(w.neg(span), delta));
    }
    count = n.maximum(count, n.constant(0));
    return b.select(s.compare(Compare::Equal, in[2], s.constant(0)), n.constant(-1), count);
  });
}

static LogicalResult lowerRange(ge::RangeOp op, Emitter &b) {
  RankedTensorType type = resultType(op);
  if (b.isOpen(op.getY(), 0)) {
    Value count = b.readIndex(countRange(op, b));
    b.check(arith::CmpIOp::create(b, arith::CmpIPredicate::sge, count, b.index(int64_t(0))), op, "a delta of 0");
    b.setSize(op.getY(), 0, count);
  }
  SmallVector<Tensor> operands{b.reshape(b.get(op.getStart()), {}), b.reshape(b.get(op.getDelta()), {})};
  Tensor result = b.elementwise(b.getShape(op->getResult(0)), type.getElementType(), operands, [&](ArrayRef<Value> in) {
    Scalar s(b, type.getElementType());
    Value number = arith::IndexCastOp::create(b, b.getI64Type(), b.loopIndex(0));
    return s.add(in[0], s.mul(castScalar(b, number, b.getI64Type(), type.getElementType()), in[1]));
  });
  b.set(op->getResult(0), result.value);
  return success();
}

static LogicalResult lowerEye(ge::EyeOp op, Emitter &b) {
  RankedTensorType type = resultType(op);
  Tensor result = b.generate(type.getShape(), type.getElementType(), {}, [&](ArrayRef<Value>) {
    Value same = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, b.loopIndex(type.getRank() - 2),
                                       b.loopIndex(type.getRank() - 1));
    return b.select(same, b.scalar(type.getElementType(), 1), b.scalar(type.getElementType(), 0));
  });
  b.set(op.getY(), result.value);
  return success();
}

static LogicalResult lowerTriangle(Operation *op, Emitter &b, int64_t diagonal, bool lower) {
  Tensor x = b.get(op->getOperand(0));
  Tensor result = b.generate(x.shape(), x.element, Access{x, b.identity(x.rank())}, [&](ArrayRef<Value> in) {
    Value bound = b.addIndex(b.loopIndex(x.rank() - 2), diagonal);
    Value keeps = arith::CmpIOp::create(b, lower ? arith::CmpIPredicate::sle : arith::CmpIPredicate::sge,
                                        b.loopIndex(x.rank() - 1), bound);
    return b.select(keeps, in[0], b.scalar(x.element, 0));
  });
  b.set(op->getResult(0), result.value);
  return success();
}

static LogicalResult lowerTril(ge::TrilOp op, Emitter &b) {
  return lowerTriangle(op, b, op.getDiagonal(), /*lower=*/true);
}

static LogicalResult lowerTriu(ge::TriuOp op, Emitter &b) {
  return lowerTriangle(op, b, op.getDiagonal(), /*lower=*/false);
}

/// An index outside [0, depth) sets no element.
static LogicalResult lowerOneHot(ge::OneHotOp op, Emitter &b) {
  RankedTensorType type = resultType(op);
  int64_t axis = normalizeAxes(op.getAxis(), type.getRank()).front();
  Tensor x = b.get(op.getX()), on = b.reshape(b.get(op.getOnValue()), {}), off = b.reshape(b.get(op.getOffValue()), {});
  SmallVector<AffineExpr> indices;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (dim != axis)
      indices.push_back(b.d(dim));
  AffineMap none = b.map(type.getRank(), {});
  SmallVector<Access> operands{{x, b.map(type.getRank(), indices)}, {on, none}, {off, none}};
  Tensor result = b.generate(b.getShape(op.getY()), type.getElementType(), operands, [&](ArrayRef<Value> in) {
    // In the type of x, so that a fraction or a negative index sets nothing.
    Type element = isa<FloatType>(x.element) ? x.element : Type(b.getI64Type());
    Scalar s(b, element);
    Value index = castScalar(b, in[0], x.element, element);
    Value here = arith::IndexCastOp::create(b, b.getI64Type(), b.loopIndex(axis));
    here = castScalar(b, here, b.getI64Type(), element);
    return b.select(s.compare(Compare::Equal, index, here), in[1], in[2]);
  });
  b.set(op.getY(), result.value);
  return success();
}

//===----------------------------------------------------------------------===//
// Reversal
//===----------------------------------------------------------------------===//

static LogicalResult lowerReverse(ge::ReverseV2Op op, Emitter &b) {
  FailureOr<SmallVector<int64_t>> axes = Emitter::getInts(op.getAxis());
  if (failed(axes))
    return emitLoweringError(op) << "expects a constant 'axis'";
  Tensor x = b.get(op.getX());
  Tensor result = b.generate(x.shape(), x.element, {}, [&](ArrayRef<Value>) {
    SmallVector<Value> indices = loopIndices(b, x.rank());
    for (int64_t axis : normalizeAxes(*axes, x.rank()))
      indices[axis] = arith::SubIOp::create(b, b.index(x.dim(axis) - 1), indices[axis]);
    return b.extract(x, indices);
  });
  b.set(op.getY(), result.value);
  return success();
}

static LogicalResult lowerReverseSequence(ge::ReverseSequenceOp op, Emitter &b) {
  Tensor x = b.get(op.getX()), lengths = b.get(op.getSeqLengths());
  int64_t axis = normalizeAxes(op.getSeqDim(), x.rank()).front();
  int64_t batch = normalizeAxes(op.getBatchDim(), x.rank()).front();
  Access length{lengths, b.map(x.rank(), {b.d(batch)})};
  Tensor result = b.generate(x.shape(), x.element, length, [&](ArrayRef<Value> in) {
    SmallVector<Value> indices = loopIndices(b, x.rank());
    Value limit = b.clampIndex(arith::IndexCastOp::create(b, b.getIndexType(), in[0]), 0, x.dim(axis));
    Value mirrored = arith::SubIOp::create(b, b.addIndex(limit, -1), indices[axis]);
    Value within = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, indices[axis], limit);
    indices[axis] = b.select(within, mirrored, indices[axis]);
    return b.extract(x, indices);
  });
  b.set(op.getY(), result.value);
  return success();
}

void gemlir::lowering::populateMovement(LoweringTable &table) {
  addReshape<ge::ReshapeOp>(table);
  addReshape<ge::SqueezeOp>(table);
  addReshape<ge::UnsqueezeOp>(table);
  addReshape<ge::ExpandDimsOp>(table);
  addReshape<ge::FlattenOp>(table);
  addReshape<ge::FlattenV2Op>(table);
  table.add(lowerTranspose);
  table.add(lowerDepthToSpace);
  table.add(lowerSpaceToDepth);
  table.add(lowerConcat);
  table.add(lowerPack);
  table.add(lowerBroadcastTo);
  table.add(lowerTile);
  table.add(lowerPad);
  table.add(lowerMirrorPad);
  table.add(lowerFill);
  table.add(lowerRange);
  table.add(lowerEye);
  table.add(lowerTril);
  table.add(lowerTriu);
  table.add(lowerOneHot);
  table.add(lowerReverse);
  table.add(lowerReverseSequence);
}
