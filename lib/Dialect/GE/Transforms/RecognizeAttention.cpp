//===- RecognizeAttention.cpp - attention that a graph spells out ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

RankedTensorType getType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && !type.getEncoding() ? type : RankedTensorType();
}

std::optional<SmallVector<int64_t>> getPermutation(Value value) {
  auto op = value.getDefiningOp<TransposeOp>();
  if (!op)
    return std::nullopt;
  FailureOr<SmallVector<int64_t>> perm = getIntValues(getConstantAttr(op.getPerm()));
  if (failed(perm))
    return std::nullopt;
  for (int64_t &axis : *perm)
    axis = axis < 0 ? axis + int64_t(perm->size()) : axis;
  return *perm;
}

/// The operand of a transposition by `perm`, or null.
Value getTransposed(Value value, ArrayRef<int64_t> perm) {
  std::optional<SmallVector<int64_t>> found = getPermutation(value);
  return found && ArrayRef<int64_t>(*found) == perm ? value.getDefiningOp()->getOperand(0) : Value();
}

/// Rows of the heads of one operand: [B, N, S, D], or [B, S, N, D] if
/// `headsInside`.
struct Heads {
  Value value;
  bool headsInside = false;
};

/// What a transposition of [B, S, N, D] reads, if that is what `value` is.
std::optional<Heads> findInside(Value value) {
  Value source = getTransposed(value, {0, 2, 1, 3});
  return source && getType(source) ? std::optional(Heads{source, true}) : std::nullopt;
}

/// The heads that `value` [B, N, S, D] repeats `groups` times each, or `value`.
Value getUnrepeated(Value value, int64_t &groups) {
  groups = 1;
  auto reshape = value.getDefiningOp<ReshapeOp>();
  Operation *repeat = reshape ? reshape.getX().getDefiningOp() : nullptr;
  if (!isa_and_nonnull<BroadcastToOp, TileOp>(repeat))
    return value;
  RankedTensorType type = getType(value), wide = getType(repeat->getResult(0)), narrow = getType(repeat->getOperand(0));
  // [B, N', 1, S, D] to [B, N', groups, S, D]
  if (!type || !wide || !narrow || type.getRank() != 4 || wide.getRank() != 5 || narrow.getRank() != 5)
    return value;
  SmallVector<int64_t> expected(narrow.getShape());
  expected[2] = wide.getDimSize(2);
  if (narrow.getDimSize(2) != 1 || wide.getShape() != ArrayRef<int64_t>(expected) ||
      type.getDimSize(1) != expected[1] * expected[2] || type.getDimSize(2) != expected[3])
    return value;
  Value source = repeat->getOperand(0);
  SmallVector<int64_t> plain{expected[0], expected[1], expected[3], expected[4]};
  // The unit dimension came by a reshape of what has the heads.
  Operation *unit = source.getDefiningOp();
  if (!isa_and_nonnull<ReshapeOp, UnsqueezeOp, ExpandDimsOp>(unit))
    return value;
  RankedTensorType type4 = getType(unit->getOperand(0));
  if (!type4 || type4.getShape() != ArrayRef<int64_t>(plain))
    return value;
  groups = expected[2];
  return unit->getOperand(0);
}

/// Products and softmax around one attention.
struct Attention {
  Value query, key, value, mask;
  double scale = 1;
  bool keyTransposed = false;
};

/// The product and the factor that scores are.
std::optional<Attention> findScores(Value scores) {
  Attention found;
  while (true) {
    Operation *op = scores.getDefiningOp();
    if (!op || !scores.hasOneUse())
      return std::nullopt;
    if (auto product = dyn_cast<BatchMatMulV2Op>(op)) {
      if (product.getBias() || product.getAdjX1())
        return std::nullopt;
      found.query = product.getX1();
      found.key = product.getX2();
      found.keyTransposed = product.getAdjX2();
      return found;
    }
    bool divides = isa<RealDivOp, DivOp>(op);
    if (!divides && !isa<MulOp>(op))
      return std::nullopt;
    std::optional<double> second = getScalar(op->getOperand(1)), first = getScalar(op->getOperand(0));
    if (second && *second != 0) {
      found.scale *= divides ? 1 / *second : *second;
      scores = op->getOperand(0);
    } else if (first && !divides) {
      found.scale *= *first;
      scores = op->getOperand(1);
    } else {
      return std::nullopt;
    }
  }
}

/// Fills what is found of `softmax(q k^T * scale + mask) v` from its last product.
std::optional<Attention> findAttention(BatchMatMulV2Op op) {
  auto softmax = op.getX1().getDefiningOp<SoftmaxV2Op>();
  RankedTensorType type = softmax ? getType(softmax.getX()) : RankedTensorType();
  if (!type || type.getRank() != 4 || op.getBias() || op.getAdjX1() || op.getAdjX2() || !softmax->hasOneUse() ||
      softmax.getAxes().size() != 1 || (softmax.getAxes()[0] != -1 && softmax.getAxes()[0] != 3) ||
      softmax.getY().getType() != type || !type.getElementType().isF32())
    return std::nullopt;
  Value scores = softmax.getX(), mask;
  if (auto add = scores.getDefiningOp<AddOp>(); add && scores.hasOneUse()) {
    for (int i = 0; i < 2 && !mask; ++i) {
      RankedTensorType other = getType(add->getOperand(i));
      if (!other || add->getOperand(1 - i).getType() != type || !findScores(add->getOperand(1 - i)))
        continue;
      mask = add->getOperand(i);
      scores = add->getOperand(1 - i);
    }
    if (!mask)
      return std::nullopt;
  }
  std::optional<Attention> found = findScores(scores);
  if (!found)
    return std::nullopt;
  found->value = op.getX2();
  found->mask = mask;
  return found;
}

Value reshape(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> shape) {
  return ReshapeOp::create(builder, loc, value, ConstOp::create(builder, loc, makeIntConstant(builder.getContext(), shape)));
}

/// Whether a factor was multiplied into the queries before the product; taken out.
void takeQueryScale(Attention &found) {
  while (auto mul = found.query.getDefiningOp<MulOp>()) {
    std::optional<double> second = getScalar(mul.getX2()), first = getScalar(mul.getX1());
    if (!found.query.hasOneUse() || (!second && !first))
      return;
    found.scale *= second ? *second : *first;
    found.query = second ? mul.getX1() : mul.getX2();
  }
}

/// Brings query, key and value to one layout, with heads not repeated. Returns
/// whether that has the heads inside.
std::optional<bool> unifyLayouts(BatchMatMulV2Op op, Attention &found, int64_t &groups) {
  int64_t valueGroups = 1;
  Value key = getUnrepeated(found.key, groups), value = getUnrepeated(found.value, valueGroups);
  if (groups != valueGroups)
    return std::nullopt;
  std::optional<Heads> k, v = findInside(value), q = findInside(found.query);
  if (found.keyTransposed) {
    k = findInside(key);
  } else if (Value rows = getTransposed(key, {0, 2, 3, 1})) {
    k = Heads{rows, true};
    OpBuilder builder(op);
    Value perm = ConstOp::create(builder, op.getLoc(), makeIntConstant(op.getContext(), {0, 2, 1, 3}));
    key = TransposeOp::create(builder, op.getLoc(), rows, perm); // dead if all are inside
  } else if (Value rows = getTransposed(key, {0, 1, 3, 2})) {
    k = findInside(rows);
    key = rows;
  } else {
    return std::nullopt;
  }
  bool inside = k && v && q;
  found.key = inside ? k->value : key;
  found.value = inside ? v->value : value;
  found.query = inside ? q->value : found.query;
  return inside;
}

bool replaceAttention(BatchMatMulV2Op op) {
  std::optional<Attention> found = findAttention(op);
  if (!found)
    return false;
  takeQueryScale(*found);
  int64_t groups = 1;
  std::optional<bool> layout = unifyLayouts(op, *found, groups);
  if (!layout)
    return false;
  bool inside = *layout;
  Value query = found->query, key = found->key, value = found->value;
  RankedTensorType queryType = getType(query), keyType = getType(key), valueType = getType(value);
  if (!queryType || !keyType || !valueType || queryType.getRank() != 4 || keyType.getRank() != 4 ||
      valueType.getRank() != 4)
    return false;
  int64_t headDim = inside ? 2 : 1, heads = queryType.getDimSize(headDim), keyHeads = keyType.getDimSize(headDim);
  if (queryType.getDimSize(0) != keyType.getDimSize(0) || valueType.getDimSize(0) != keyType.getDimSize(0) ||
      heads != keyHeads * groups || valueType.getDimSize(headDim) != keyHeads)
    return false;
  OpBuilder builder(op);
  Location loc = builder.getFusedLoc({op.getLoc(), op.getX1().getLoc()});
  Value mask = found->mask;
  if (mask) {
    SmallVector<int64_t> shape(getType(mask).getShape());
    if (shape.size() > 4)
      return false;
    if (shape.size() < 4) {
      shape.insert(shape.begin(), 4 - shape.size(), 1);
      mask = reshape(builder, loc, mask, shape);
    }
  }
  auto attention = PromptFlashAttentionOp::create(
      builder, loc, query, key, value, mask, heads, float(found->scale), inside ? "BSND" : "BNSD", groups > 1 ? keyHeads : 0);
  Value result = attention.getAttentionOut();
  if (inside) {
    Value perm = ConstOp::create(builder, loc, makeIntConstant(op.getContext(), {0, 2, 1, 3}));
    result = TransposeOp::create(builder, loc, result, perm);
  }
  op.getY().replaceAllUsesWith(result);
  return true;
}

} // namespace

unsigned ge::recognizeAttention(Operation *root) {
  SmallVector<BatchMatMulV2Op> candidates;
  root->walk([&](BatchMatMulV2Op op) { candidates.push_back(op); });
  unsigned count = 0;
  // What becomes dead is erased by the caller's rewriting.
  for (BatchMatMulV2Op op : candidates)
    count += replaceAttention(op);
  return count;
}
