//===- Attention.cpp - attention to npu.attention -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mmad.h"

#include "ge-mlir/Dialect/GE/IR/GEOps.h"

using namespace mlir;
using namespace gemlir::lowering;

/// An operand [B, S, H] as [B, S, N, D], any other as it is.
static Tensor splitHeads(Emitter &b, Tensor tensor, int64_t heads) {
  if (tensor.rank() != 3)
    return tensor;
  return b.reshape(tensor, {tensor.dim(0), tensor.dim(1), heads, floorDiv(tensor.dim(2), heads)});
}

/// What is added to the scores of shape `scores`, as [B, N, S, M]: the order of the
/// kernel's. Only dimensions that are known to be 1 repeat in there.
static Tensor makeMask(Emitter &b, ge::PromptFlashAttentionOp op, const Shape &scores) {
  Tensor mask;
  if (op.getPseShift())
    mask = b.convert(b.get(op.getPseShift()), b.getF32Type());
  if (op.getAttenMask()) {
    Tensor excluded = b.get(op.getAttenMask());
    Tensor shift = b.elementwise(excluded.shape(), b.getF32Type(), excluded, [&](ArrayRef<Value> in) {
      Value nothing = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
      Value low = arith::ConstantOp::create(b, b.getF32FloatAttr(-1e30f));
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(in[0].getType())), isSet;
      if (isa<FloatType>(zero.getType()))
        isSet = arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, in[0], zero);
      else
        isSet = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, in[0], zero);
      return b.select(isSet, low, nothing);
    });
    if (mask) {
      Shape shape;
      for (auto [x, y] : llvm::zip_equal(mask.shape(), shift.shape()))
        shape.push_back(x == 1 ? y : x);
      mask = b.elementwise(shape, b.getF32Type(), {mask, shift},
                           [&](ArrayRef<Value> in) { return arith::AddFOp::create(b, in[0], in[1]).getResult(); });
    } else {
      mask = shift;
    }
  }
  if (!mask)
    return mask;
  Shape target;
  for (auto [own, whole] : llvm::zip_equal(mask.shape(), scores))
    target.push_back(own == 1 ? own : whole);
  if (ArrayRef<Dim>(target) != ArrayRef<Dim>(mask.shape()))
    mask = b.elementwise(target, mask.element, mask, [](ArrayRef<Value> in) { return in[0]; });
  return b.transpose(mask, {0, 1, 3, 2});
}

static LogicalResult lowerAttention(ge::PromptFlashAttentionOp op, Emitter &b) {
  for (Value unsupported : {op.getActualSeqLengths(), op.getActualSeqLengthsKv(), op.getDeqScale1(),
                            op.getQuantScale1(), op.getDeqScale2(), op.getQuantScale2(), op.getQuantOffset2()})
    if (unsupported)
      return emitLoweringError(op) << "expects no sequence lengths and no scales of quantization";
  int64_t heads = op.getNumHeads(), keyHeads = op.getNumKeyValueHeads() ? op.getNumKeyValueHeads() : heads;
  bool inside = op.getInputLayout() != "BNSD";
  Type element = getProductElement(b, b.get(op.getQuery()).element, b.get(op.getKey()).element);
  auto wide = [&](Value value, int64_t count) { return splitHeads(b, toProduct(b, b.get(value), element), count); };
  Tensor query = wide(op.getQuery(), heads), key = wide(op.getKey(), keyHeads), value = wide(op.getValue(), keyHeads);
  bool queryInside = inside;
  int64_t rows = inside ? 1 : 2;
  Tensor mask = makeMask(b, op, {query.dim(0), heads, query.dim(rows), key.dim(rows)});
  b.fixed(query.dim(3), "the number of columns of its queries");
  b.fixed(value.dim(3), "the number of columns of its values");
  Shape plain = query.shape();
  // One query for several heads with the same keys: the heads are the rows.
  if (plain[rows] == 1 && heads != keyHeads && (!mask || mask.dim(1) == 1)) {
    query = b.reshape(query, {plain[0], keyHeads, heads / keyHeads, plain[3]});
    queryInside = false;
  }
  Shape shape = query.shape();
  shape[3] = value.dim(3);
  Tensor init = b.empty(shape, element);
  auto attention = npu::AttentionOp::create(b, init.value.getType(), query.value, key.value, value.value, init.value,
                                            mask ? mask.value : Value(), b.getF32FloatAttr(op.getScaleValue()),
                                            b.getBoolAttr(queryInside), b.getBoolAttr(inside));
  auto type = cast<RankedTensorType>(op.getAttentionOut().getType());
  Tensor result = b.convert({attention.getResult(), element, shape}, type.getElementType());
  b.set(op.getAttentionOut(), b.reshape(result, b.getShape(op.getAttentionOut())).value);
  return success();
}

void gemlir::lowering::populateAttention(LoweringTable &table) { table.add(lowerAttention); }
