//===- RecognizeMovement.cpp - transpositions that need not move data -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

std::optional<SmallVector<int64_t>> getPermutation(TransposeOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getX().getType());
  FailureOr<SmallVector<int64_t>> perm = getIntValues(getConstantAttr(op.getPerm()));
  if (!type || type.getEncoding() || failed(perm) || int64_t(perm->size()) != type.getRank())
    return std::nullopt;
  for (int64_t &axis : *perm)
    axis = axis < 0 ? axis + type.getRank() : axis;
  return *perm;
}

/// Dimensions of size 1 may go anywhere: such a transposition is a reshape.
struct TransposeToReshape : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> perm = getPermutation(op);
    auto type = dyn_cast<RankedTensorType>(op.getY().getType());
    if (!perm || !type || !type.hasStaticShape())
      return failure();
    auto x = cast<RankedTensorType>(op.getX().getType());
    int64_t last = -1;
    for (int64_t axis : *perm) {
      if (x.getDimSize(axis) == 1)
        continue;
      if (axis < last)
        return failure();
      last = axis;
    }
    Value shape = ConstOp::create(rewriter, op.getLoc(), makeIntConstant(getContext(), type.getShape()));
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getX(), shape);
    return success();
  }
};

/// Whether `value` is matrices transposed; returns them.
Value getTransposedMatrices(Value value) {
  auto transpose = value.getDefiningOp<TransposeOp>();
  if (!transpose)
    return {};
  std::optional<SmallVector<int64_t>> perm = getPermutation(transpose);
  int64_t rank = perm ? perm->size() : 0;
  if (rank < 2)
    return {};
  for (int64_t i = 0; i < rank; ++i) {
    int64_t expected = i < rank - 2 ? i : (rank - 1) - (i - (rank - 2));
    if ((*perm)[i] != expected)
      return {};
  }
  return transpose.getX();
}

/// Products read transposed operands in place.
template <typename OpTy>
struct FoldTransposeIntoProduct : OpRewritePattern<OpTy> {
  FoldTransposeIntoProduct(MLIRContext *context, StringRef first, StringRef second)
      : OpRewritePattern<OpTy>(context), names{first, second} {}
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    bool changed = false;
    for (int i = 0; i < 2; ++i) {
      Value source = getTransposedMatrices(op->getOperand(i));
      if (!source)
        continue;
      bool old = op->template getAttrOfType<BoolAttr>(names[i]).getValue();
      rewriter.modifyOpInPlace(op, [&] {
        op->setOperand(i, source);
        op->setAttr(names[i], rewriter.getBoolAttr(!old));
      });
      changed = true;
    }
    return success(changed);
  }
  StringRef names[2];
};

} // namespace

void ge::populateMovementPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<TransposeToReshape>(context);
  patterns.add<FoldTransposeIntoProduct<MatMulV2Op>>(context, "transpose_x1", "transpose_x2");
  patterns.add<FoldTransposeIntoProduct<BatchMatMulV2Op>>(context, "adj_x1", "adj_x2");
}
