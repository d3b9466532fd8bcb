//===- RecognizeAttention.cpp - attention that a graph spells out ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

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

/// The operand [B, S, N, D], with its heads inside, of which `value` [B, N, S, D] is
/// a transposition, or null.
Value findInside(Value value) { return getTransposed(value, {0, 2, 1, 3}); }

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

/// Takes a factor out of an operand of the product that makes the scores.
void takeScale(Value &operand, double &scale) {
  while (auto mul = operand.getDefiningOp<MulOp>()) {
    std::optional<double> second = getScalar(mul.getX2()), first = getScalar(mul.getX1());
    Value rest = second ? mul.getX1() : mul.getX2();
    if ((!second && !first) || rest.getType() != operand.getType())
      return;
    scale *= second ? *second : *first;
    operand = rest;
  }
}

/// Finds attention in one function, whose sizes it compares as expressions.
class Recognizer {
public:
  explicit Recognizer(MLIRContext *context) : shapes(context) {}
  bool replace(BatchMatMulV2Op op);

private:
  std::optional<DimList> getSizes(Value value);
  Value getUnrepeated(Value value, int64_t &groups);
  bool addsMask(Value mask, Value scores, Value sum);
  std::optional<Attention> find(BatchMatMulV2Op op);
  std::optional<bool> unifyLayouts(BatchMatMulV2Op op, Attention &found, int64_t &groups);
  bool fit(const Attention &found, bool inside, int64_t groups, int64_t &heads, int64_t &keyHeads);

  SymbolicShapes shapes;
};

} // namespace

/// The sizes of a tensor of four or more dimensions without format; none of others.
std::optional<DimList> Recognizer::getSizes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getEncoding() || type.getRank() < 4)
    return std::nullopt;
  return DimList(shapes.getShape(value));
}

/// The heads that `value` [B, N, S, D] repeats `groups` times each, or `value`.
Value Recognizer::getUnrepeated(Value value, int64_t &groups) {
  groups = 1;
  auto reshape = value.getDefiningOp<ReshapeOp>();
  Operation *repeat = reshape ? reshape.getX().getDefiningOp() : nullptr;
  if (!isa_and_nonnull<BroadcastToOp, TileOp>(repeat))
    return value;
  std::optional<DimList> all = getSizes(value), wide = getSizes(repeat->getResult(0)),
                         narrow = getSizes(repeat->getOperand(0));
  // [B, N', 1, S, D] to [B, N', groups, S, D]
  if (!all || !wide || !narrow || all->size() != 4 || wide->size() != 5 || narrow->size() != 5 || (*narrow)[2] != 1 ||
      (*wide)[2].isDynamic())
    return value;
  DimList expected(*narrow);
  expected[2] = (*wide)[2];
  if (*wide != expected || *all != DimList{expected[0], expected[1] * expected[2], expected[3], expected[4]})
    return value;
  // The unit dimension came by a reshape of what has the heads.
  Operation *unit = repeat->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<ReshapeOp, UnsqueezeOp, ExpandDimsOp>(unit))
    return value;
  std::optional<DimList> plain = getSizes(unit->getOperand(0));
  if (!plain || *plain != DimList{expected[0], expected[1], expected[3], expected[4]})
    return value;
  groups = *expected[2].known();
  return unit->getOperand(0);
}

/// Whether `sum` is `scores` with a mask that broadcasts to them. How many keys the
/// mask has may be left to the execution: the product with the values wants as many
/// as there are.
bool Recognizer::addsMask(Value mask, Value scores, Value sum) {
  auto type = dyn_cast<RankedTensorType>(mask.getType());
  std::optional<DimList> whole = getSizes(scores), result = getSizes(sum);
  return type && !type.getEncoding() && type.getRank() <= 4 && whole && result && result->size() == whole->size() &&
         llvm::equal(ArrayRef(*whole).drop_back(), ArrayRef(*result).drop_back());
}

/// Fills what is found of `softmax(q k^T * scale + mask) v` from its last product.
std::optional<Attention> Recognizer::find(BatchMatMulV2Op op) {
  auto softmax = op.getX1().getDefiningOp<SoftmaxV2Op>();
  std::optional<DimList> sizes = softmax ? getSizes(softmax.getX()) : std::nullopt;
  if (!sizes || sizes->size() != 4 || op.getBias() || op.getAdjX1() || op.getAdjX2() || !softmax->hasOneUse() ||
      softmax.getAxes().size() != 1 || (softmax.getAxes()[0] != -1 && softmax.getAxes()[0] != 3) ||
      !getElementTypeOrSelf(softmax.getX().getType()).isF32() ||
      !getElementTypeOrSelf(softmax.getY().getType()).isF32())
    return std::nullopt;
  Value scores = softmax.getX(), mask;
  if (auto add = scores.getDefiningOp<AddOp>(); add && scores.hasOneUse()) {
    for (int i = 0; i < 2 && !mask; ++i) {
      if (!findScores(add->getOperand(1 - i)) || !addsMask(add->getOperand(i), add->getOperand(1 - i), scores))
        continue;
      mask = add->getOperand(i);
    }
    if (!mask)
      return std::nullopt;
    scores = add.getX1() == mask ? add.getX2() : add.getX1();
  }
  std::optional<Attention> found = findScores(scores);
  if (!found)
    return std::nullopt;
  found->value = op.getX2();
  found->mask = mask;
  return found;
}

/// Brings query, key and value to one layout, with heads not repeated. Returns
/// whether that has the heads inside.
std::optional<bool> Recognizer::unifyLayouts(BatchMatMulV2Op op, Attention &found, int64_t &groups) {
  // Heads may be repeated before or after the keys are transposed.
  int64_t outerGroups = 1, valueGroups = 1;
  Value key = getUnrepeated(found.key, outerGroups);
  if (Value rows = found.keyTransposed ? Value() : getTransposed(key, {0, 2, 3, 1})) {
    OpBuilder builder(op);
    Value perm = ConstOp::create(builder, op.getLoc(), makeIntConstant(op.getContext(), {0, 2, 1, 3}));
    key = TransposeOp::create(builder, op.getLoc(), rows, perm); // dead if all are inside
  } else if (!found.keyTransposed) {
    key = getTransposed(key, {0, 1, 3, 2});
    if (!key)
      return std::nullopt;
  }
  takeScale(key, found.scale);
  key = getUnrepeated(key, groups);
  groups *= outerGroups;
  Value value = getUnrepeated(found.value, valueGroups);
  if (groups != valueGroups)
    return std::nullopt;
  Value q = findInside(found.query), k = findInside(key), v = findInside(value);
  bool inside = q && k && v;
  found.key = inside ? k : key;
  found.value = inside ? v : value;
  found.query = inside ? q : found.query;
  takeScale(found.query, found.scale);
  takeScale(found.key, found.scale);
  return inside;
}

/// Whether the sizes are those of one attention.
bool Recognizer::fit(const Attention &found, bool inside, int64_t groups, int64_t &heads, int64_t &keyHeads) {
  std::optional<DimList> query = getSizes(found.query), key = getSizes(found.key), value = getSizes(found.value);
  if (!query || !key || !value || query->size() != 4 || key->size() != 4 || value->size() != 4)
    return false;
  int64_t head = inside ? 2 : 1, row = 3 - head;
  for (Dim known : {(*query)[head], (*key)[head], (*query)[3], (*key)[3], (*value)[3]})
    if (known.isDynamic())
      return false;
  heads = *(*query)[head].known();
  keyHeads = *(*key)[head].known();
  return (*query)[0] == (*key)[0] && (*value)[0] == (*key)[0] && (*value)[row] == (*key)[row] &&
         heads == keyHeads * groups && (*value)[head] == keyHeads;
}

bool Recognizer::replace(BatchMatMulV2Op op) {
  std::optional<Attention> found = find(op);
  if (!found)
    return false;
  takeScale(found->query, found->scale);
  takeScale(found->key, found->scale);
  int64_t groups = 1, heads = 0, keyHeads = 0;
  std::optional<bool> layout = unifyLayouts(op, *found, groups);
  if (!layout || !fit(*found, *layout, groups, heads, keyHeads))
    return false;
  bool inside = *layout;
  OpBuilder builder(op);
  Location loc = builder.getFusedLoc({op.getLoc(), op.getX1().getLoc()});
  Value mask = found->mask;
  if (int64_t missing = mask ? 4 - cast<RankedTensorType>(mask.getType()).getRank() : 0)
    mask = UnsqueezeOp::create(builder, loc, mask, llvm::to_vector(llvm::seq<int64_t>(0, missing)));
  auto attention =
      PromptFlashAttentionOp::create(builder, loc, found->query, found->key, found->value, mask, heads,
                                     float(found->scale), inside ? "BSND" : "BNSD", groups > 1 ? keyHeads : 0);
  refineBySymbols(attention, shapes);
  Value result = attention.getAttentionOut();
  if (inside) {
    Value perm = ConstOp::create(builder, loc, makeIntConstant(op.getContext(), {0, 2, 1, 3}));
    result = TransposeOp::create(builder, loc, result, perm);
  }
  op.getY().replaceAllUsesWith(result);
  return true;
}

unsigned ge::recognizeAttention(Operation *root, bool ofKnownSizes) {
  SmallVector<BatchMatMulV2Op> candidates;
  root->walk([&](BatchMatMulV2Op op) {
    auto weights = dyn_cast<RankedTensorType>(op.getX1().getType());
    if (ofKnownSizes || !weights || !weights.hasStaticShape())
      candidates.push_back(op);
  });
  unsigned count = 0;
  Recognizer recognizer(root->getContext());
  // What becomes dead is erased by the caller's rewriting.
  for (BatchMatMulV2Op op : candidates)
    count += recognizer.replace(op);
  return count;
}
