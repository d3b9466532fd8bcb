//===- LegalizeONNXMicrosoftAttention.cpp - com.microsoft's attention ---===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXAttention.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// Part `which` of a dimension, which is removed.
Value takePart(Node &n, Value x, int64_t axis, int64_t which) {
  Value part = n.sliceAxis(x, axis, which, which + 1);
  return n.emit<SqueezeOp>(part, ArrayRef<int64_t>{axis});
}

bool hasRank(Node &n, Value x, int64_t rank) {
  if (!n.typeOf(x))
    return false;
  if (n.rank(x) != rank)
    n.invalid("an input has rank " + Twine(n.rank(x)) + ", expected " + Twine(rank));
  return !n.hasFailed();
}

AttentionRule readRule(Node &n) {
  AttentionRule rule;
  rule.scale = n.getFloat("scale", 0);
  rule.softcap = n.getFloat("softcap", 0);
  return rule;
}

bool refuse(Node &n, unsigned input, const char *what) {
  if (n.has(input))
    n.unsupported(what);
  return n.has(input);
}

//===----------------------------------------------------------------------===//
// MultiHeadAttention, Attention
//===----------------------------------------------------------------------===//

/// Masks as numbers: lengths of the keys, ends and starts, or 1 for each key that
/// is seen.
void addKeyMask(Node &n, Value mask, const Heads &heads, ScoreBias &bias) {
  if (!n.typeOf(mask))
    return;
  DimList shape = n.dimsOf(mask);
  std::optional<int64_t> batch = heads.batch.known();
  if (shape == DimList{heads.batch})
    return bias.addLengths(mask);
  if (batch && shape == DimList{*batch * 2}) {
    bias.addLengths(n.sliceAxis(mask, 0, 0, *batch));
    Value starts = n.cast(n.sliceAxis(mask, 0, *batch, 2 * *batch), n.builder().getI64Type());
    return bias.allowWhere(n.emit<GreaterEqualOp>(n.counting(n.builder().getI64Type(), heads.keyLength, 3, 4),
                                                  n.reshape(starts, {*batch, 1, 1, 1})));
  }
  // Sizes that only the execution knows are those of the keys and queries.
  auto fits = [&](ArrayRef<Dim> wanted) {
    return shape.size() == wanted.size() && llvm::all_of(llvm::zip(shape, wanted), [](auto sizes) {
             auto [own, whole] = sizes;
             return own == whole || own.isDynamic() || whole.isDynamic();
           });
  };
  if (fits({heads.batch, heads.keyLength}))
    mask = n.emit<UnsqueezeOp>(mask, ArrayRef<int64_t>{1, 2});
  else if (fits({heads.batch, heads.queryLength, heads.keyLength}))
    mask = n.emit<UnsqueezeOp>(mask, ArrayRef<int64_t>{1});
  else
    return (void)n.unsupported("a mask of rank " + Twine(shape.size()) +
                               " whose shape is none of keys, or queries and keys");
  bias.allowWhere(n.emit<NotEqualOp>(mask, n.scalarLike(mask, 0)));
}

/// Scores, softmax and the product, with the masks that both operators share.
void finishAttention(Node &n, Heads &heads, Value mask, Value given, Dim past) {
  if (n.hasFailed() || !heads.complete(n))
    return;
  ScoreBias bias(n, heads, n.elem(heads.query), n.getFloat("mask_filter_value", -10000));
  if (mask)
    addKeyMask(n, mask, heads, bias);
  if (given)
    bias.add(given);
  if (n.getInt("unidirectional", 0))
    bias.addBand(past, Value(), std::nullopt, 0);
  n.set(0, joinHeads(n, attend(n, heads, bias, readRule(n))));
}

void mapMultiHeadAttention(Node &n) {
  Value q = n.need(0), k = n.in(1), v = n.in(2), biases = n.in(3);
  if (!q || !n.typeOf(q) || refuse(n, 8, "past_sequence_length, for a cache that is shared") ||
      refuse(n, 9, "cache_indirection, for a search of beams"))
    return;
  int64_t count = n.getInt("num_heads", 0), used = 0;
  Heads heads;
  auto project = [&](Value x) {
    if (biases && n.rank(x) == 3 && n.needStatic(x, {2})) {
      int64_t width = n.shapeOf(x)[2];
      x = n.add(x, n.sliceAxis(biases, 0, used, used + width));
      used += width;
    }
    return splitHeads(n, x, count);
  };
  auto unpack = [&](Value x, int64_t which) { return n.transpose(takePart(n, x, 3, which), {0, 2, 1, 3}); };
  if (n.rank(q) == 5) {
    if (biases)
      return (void)n.unsupported("a bias of packed queries, keys and values");
    heads = {unpack(q, 0), unpack(q, 1), unpack(q, 2)};
  } else if (k && n.rank(k) == 5) {
    heads.query = project(q);
    heads.key = unpack(k, 0);
    heads.value = unpack(k, 1);
  } else {
    heads.query = project(q);
    heads.key = project(n.need(1));
    heads.value = project(v ? v : n.need(2));
  }
  Dim past = 0;
  if (n.has(6) && n.has(7) && hasRank(n, n.in(6), 4)) {
    past = n.dimsOf(n.in(6))[2];
    heads.key = n.concat({n.in(6), heads.key}, 2);
    heads.value = n.concat({n.in(7), heads.value}, 2);
  }
  n.set(1, heads.key);
  n.set(2, heads.value);
  finishAttention(n, heads, n.in(4), n.in(5), past);
}

void mapMicrosoftAttention(Node &n) {
  Value x = n.need(0), weights = n.need(1);
  if (!x || !weights || !hasRank(n, x, 3) || !hasRank(n, weights, 2) || !n.needStatic(weights) ||
      refuse(n, 6, "past_sequence_length, for a cache that is shared"))
    return;
  if (n.getInt("do_rotary", 0))
    return (void)n.unsupported("do_rotary=1");
  int64_t count = n.getInt("num_heads", 0), third = n.shapeOf(weights).back() / 3, used = 0;
  Dim past = 0;
  Ints sizes = n.getInts("qkv_hidden_sizes", {third, third, third});
  if (sizes.size() != 3)
    return (void)n.invalid("qkv_hidden_sizes has " + Twine(sizes.size()) + " elements, expected 3");
  Value all = n.matmul(x, weights);
  if (n.has(2))
    all = n.add(all, n.in(2));
  auto take = [&](int64_t width) {
    used += width;
    return splitHeads(n, n.sliceAxis(all, 2, used - width, used), count);
  };
  Heads heads = {take(sizes[0]), take(sizes[1]), take(sizes[2])};
  if (n.has(4) && hasRank(n, n.in(4), 5)) {
    past = n.dimsOf(n.in(4))[3];
    heads.key = n.concat({takePart(n, n.in(4), 0, 0), heads.key}, 2);
    heads.value = n.concat({takePart(n, n.in(4), 0, 1), heads.value}, 2);
  }
  if (n.isUsed(1) && heads.key && heads.value) {
    auto pack = [&](Value x) { return n.emit<UnsqueezeOp>(x, ArrayRef<int64_t>{0}); };
    n.set(1, n.concat({pack(heads.key), pack(heads.value)}, 0));
  }
  finishAttention(n, heads, n.in(3), n.in(5), past);
}

//===----------------------------------------------------------------------===//
// GroupQueryAttention
//===----------------------------------------------------------------------===//

class GroupQueryAttention {
public:
  explicit GroupQueryAttention(Node &n) : n(n) {}

  void run() {
    if (!readInputs())
      return;
    if (n.getInt("do_rotary", 0))
      rotateAll();
    heads.key = append(n.in(3), heads.key);
    heads.value = append(n.in(4), heads.value);
    n.set(1, heads.key);
    n.set(2, heads.value);
    if (n.hasFailed() || !heads.complete(n))
      return;
    ScoreBias bias(n, heads, n.elem(heads.query));
    int64_t window = n.getInt("local_window_size", -1);
    if (n.getInt("causal", 1))
      bias.addBand(0, start, window > 0 ? std::optional(1 - window) : std::nullopt, 0);
    else
      bias.addLengths(n.addScalar(n.cast(n.in(5), n.builder().getI64Type()), 1));
    if (n.has(10))
      bias.addMask(n.in(10));
    AttentionRule rule = readRule(n);
    if (n.has(11))
      rule.sink = n.reshape(n.in(11), {1, heads.queryHeads, 1, 1});
    else if (n.getInt("smooth_softmax", 0) > 0)
      rule.sink = n.splat(n.elem(heads.query), {1, 1, 1, 1}, 0);
    n.set(0, joinHeads(n, attend(n, heads, bias, rule)));
  }

private:
  bool readInputs() {
    Value q = n.need(0);
    if (!q || !n.needStatic(q) || !hasRank(n, q, 3))
      return false;
    for (unsigned input : {12u, 13u, 14u, 15u, 16u})
      if (refuse(n, input, "a quantized cache, norms of queries and keys, or query_seqlens"))
        return false;
    if (n.getInt("sliding_window_cache", 0))
      return n.unsupported("sliding_window_cache=1"), false;
    int64_t count = n.getInt("num_heads", 0), shared = n.getInt("kv_num_heads", 0);
    Ints shape = n.shapeOf(q);
    batch = shape[0], length = shape[1];
    if (n.has(1)) {
      heads = {splitHeads(n, q, count), splitHeads(n, n.need(1), shared), splitHeads(n, n.need(2), shared)};
    } else {
      // Queries, keys and values side by side.
      Value all = splitHeads(n, q, count + 2 * shared);
      heads = {n.sliceAxis(all, 1, 0, count), n.sliceAxis(all, 1, count, count + shared),
               n.sliceAxis(all, 1, count + shared, count + 2 * shared)};
    }
    if (!n.needInt(n.in(6), "total_sequence_length", total) || !n.need(5))
      return false;
    Type i64 = n.builder().getI64Type();
    isPrompt = total == length;
    // A first prompt starts at zero even where a batch's own length is shorter.
    start =
        isPrompt ? n.splat(i64, {batch}, 0) : n.addScalar(n.cast(n.reshape(n.in(5), {batch}), i64), 1 - double(length));
    return !n.hasFailed();
  }

  void rotateAll() {
    Value from = start;
    if (n.has(9) && isPrompt)
      from = n.reshape(n.sliceAxis(n.reshape(n.in(9), {n.typeOf(n.in(9)).getNumElements()}), 0, 0, 1), {});
    Value places = n.has(9) && !isPrompt ? n.in(9)
                                         : n.add(n.rank(from) == 0 ? from : n.reshape(from, {batch, 1}),
                                                 n.counting(n.builder().getI64Type(), length, 1, 2));
    Value cosine = n.gather(n.need(7), places, 0), sine = n.gather(n.need(8), places, 0);
    if (!cosine || !sine)
      return;
    bool interleaved = n.getInt("rotary_interleaved", 0) != 0;
    int64_t turned = 2 * n.shapeOf(cosine).back();
    heads.query = rotate(n, heads.query, cosine, sine, turned, interleaved);
    heads.key = rotate(n, heads.key, cosine, sine, turned, interleaved);
  }

  /// The cache with the new rows written from each batch's start on.
  Value append(Value past, Value rows) {
    if (!rows || !hasRank(n, rows, 4) || (past && (!n.needStatic(past) || !hasRank(n, past, 4))))
      return {};
    Ints shape = n.shapeOf(rows);
    int64_t held = past ? n.shapeOf(past)[2] : 0;
    if (held == 0) {
      if (total != length)
        return n.invalid("total_sequence_length is " + Twine(total) + " without a cache, expected " + Twine(length));
      return rows;
    }
    if (total > held) {
      shape[2] = total - held;
      past = n.concat({past, n.splat(n.elem(past), shape, 0)}, 2);
      shape = n.shapeOf(rows);
    }
    Value places = n.add(n.reshape(start, {batch, 1, 1, 1}), n.counting(n.builder().getI64Type(), length, 2, 4));
    return n.emit<ScatterElementsOp>(past, n.broadcastTo(places, shape), rows, int64_t(2), StringRef("none"));
  }

  Node &n;
  Heads heads;
  int64_t batch = 0, length = 0, total = 0;
  bool isPrompt = false;
  Value start; ///< the position of each batch's first new row, i64 `[batch]`
};

void mapGroupQueryAttention(Node &n) { GroupQueryAttention(n).run(); }

//===----------------------------------------------------------------------===//
// RotaryEmbedding, EmbedLayerNormalization
//===----------------------------------------------------------------------===//

void mapMicrosoftRotaryEmbedding(Node &n) {
  Value x = n.need(0), places = n.need(1), cosine = n.need(2), sine = n.need(3);
  if (!x || !places || !cosine || !sine || !n.typeOf(x) || !n.typeOf(places) || !hasRank(n, cosine, 2) ||
      !n.needStatic(cosine, {1}))
    return;
  if (n.getInt("is_packed_batching", 0) || n.getFloat("scale", 1) != 1)
    return (void)n.unsupported("is_packed_batching=1, or a scale other than 1");
  int64_t turned = 2 * n.shapeOf(cosine).back(), count = n.getInt("num_heads", 0);
  if (count == 0 && n.rank(x) == 3 && turned > 0 && n.needStatic(x, {2}))
    count = n.shapeOf(x)[2] / turned;
  Value heads = splitHeads(n, x, count);
  if (!heads)
    return;
  // One number is the place of the first row.
  if (n.rank(places) == 1)
    places = n.add(n.cast(n.reshape(places, {1, 1}), n.builder().getI64Type()),
                   n.counting(n.builder().getI64Type(), n.dimsOf(heads)[2], 1, 2));
  Value y =
      rotate(n, heads, n.gather(cosine, places, 0), n.gather(sine, places, 0), turned, n.getInt("interleaved", 0) != 0);
  n.set(0, n.rank(x) == 3 ? joinHeads(n, y) : y);
}

void mapEmbedLayerNorm(Node &n) {
  Value words = n.need(0), gamma = n.need(5), beta = n.need(6);
  if (!words || !gamma || !beta || !hasRank(n, words, 2))
    return;
  Dim length = n.dimsOf(words)[1];
  Value places = n.has(8) ? n.in(8) : n.counting(n.builder().getI64Type(), length, 1, 2);
  Value sum = n.add(n.gather(n.need(2), words, 0), n.gather(n.need(3), places, 0));
  if (n.has(1) && n.has(4))
    sum = n.add(sum, n.gather(n.in(4), n.in(1), 0));
  n.set(0, n.emitMany<LayerNormV3Op>(3, sum, gamma, beta, int64_t(2), int64_t(2),
                                     static_cast<float>(n.getFloat("epsilon", 1e-12)))[0]);
  Type i32 = n.builder().getI32Type();
  n.set(1, n.has(7) ? n.reduceSum(n.cast(n.in(7), i32), {1}, false) : n.fill(i32, n.dimsOf(words)[0], 0));
  n.set(2, sum);
}

} // namespace

void mlir::ge::onnx::populateMicrosoftAttention(MappingTable &table) {
  table.add("com.microsoft", "Attention", mapMicrosoftAttention);
  table.add("com.microsoft", "MultiHeadAttention", mapMultiHeadAttention);
  table.add("com.microsoft", "GroupQueryAttention", mapGroupQueryAttention);
  table.add("com.microsoft", "RotaryEmbedding", mapMicrosoftRotaryEmbedding);
  table.add("com.microsoft", "EmbedLayerNormalization", mapEmbedLayerNorm);
}
