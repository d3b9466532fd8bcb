//===- Attention.cpp - attention ------------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// The strides of [batch, head, row] in an operand of the layout, and its sizes.
struct Layout {
  int64_t batch, heads, rows, columns;
  int64_t batchStride, headStride, rowStride;
};

Layout getLayout(const Tensor &tensor, StringRef name, int64_t heads) {
  ArrayRef<int64_t> shape = tensor.getShape();
  if (name == "BSH")
    return {shape[0], heads, shape[1], shape[2] / heads, shape[1] * shape[2], shape[2] / heads, shape[2]};
  if (name == "BSND")
    return {shape[0], shape[2], shape[1], shape[3], shape[1] * shape[2] * shape[3], shape[3], shape[2] * shape[3]};
  return {shape[0], shape[1], shape[2], shape[3], shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3]};
}

LogicalResult attention(Call &call) {
  const Tensor &query = call.in(0), &key = call.in(1), &value = call.in(2);
  const Tensor *shift = call.optional(3), *mask = call.optional(4);
  for (unsigned index = 5; index < 12; ++index)
    if (call.optional(index))
      return call.error() << "expects no sequence lengths and no scales of quantization";
  int64_t heads = call.intAttr("num_heads"), keyHeads = call.intAttr("num_key_value_heads");
  StringRef layout = call.strAttr("input_layout");
  Layout q = getLayout(query, layout, heads), k = getLayout(key, layout, keyHeads ? keyHeads : heads),
         v = getLayout(value, layout, keyHeads ? keyHeads : heads);
  Layout o = q;
  SmallVector<int64_t> shape(query.getShape());
  shape.back() = layout == "BSH" ? v.columns * heads : v.columns;
  Tensor result(call.resultElement(), shape);
  o = getLayout(result, layout, heads);
  SmallVector<int64_t> scores{q.batch, q.heads, q.rows, k.rows};
  SmallVector<int64_t> shiftStrides = shift ? broadcastStrides(shift->getShape(), scores) : SmallVector<int64_t>();
  SmallVector<int64_t> maskStrides = mask ? broadcastStrides(mask->getShape(), scores) : SmallVector<int64_t>();
  double scale = call.floatAttr("scale_value");
  std::vector<double> row(k.rows);
  SmallVector<int64_t> at(3, 0);
  do {
    int64_t keyHead = at[1] / (q.heads / k.heads);
    double greatest = -INFINITY, sum = 0;
    for (int64_t j = 0; j < k.rows; ++j) {
      double score = 0;
      for (int64_t d = 0; d < q.columns; ++d)
        score += query.getDouble(at[0] * q.batchStride + at[1] * q.headStride + at[2] * q.rowStride + d) *
                 key.getDouble(at[0] * k.batchStride + keyHead * k.headStride + j * k.rowStride + d);
      SmallVector<int64_t> position{at[0], at[1], at[2], j};
      score = score * scale + (shift ? shift->getDouble(offset(position, shiftStrides)) : 0);
      if (mask && mask->getInt(offset(position, maskStrides)))
        score += -1e30;
      row[j] = score;
      greatest = std::max(greatest, score);
    }
    for (double &score : row)
      sum += score = std::exp(score - greatest);
    for (int64_t d = 0; d < v.columns; ++d) {
      double total = 0;
      for (int64_t j = 0; j < k.rows; ++j)
        total += row[j] * value.getDouble(at[0] * v.batchStride + keyHead * v.headStride + j * v.rowStride + d);
      // Over no keys it is the sum of nothing.
      result.set(at[0] * o.batchStride + at[1] * o.headStride + at[2] * o.rowStride + d, k.rows ? total / sum : 0);
    }
  } while (next(at, {q.batch, q.heads, q.rows}));
  call.results.push_back(std::move(result));
  return success();
}

} // namespace

void gemlir::interp::registerAttention(Registry &registry) { registry["prompt_flash_attention"] = attention; }
