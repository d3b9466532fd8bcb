//===- LegalizeONNXAttention.cpp - attention and what belongs to it -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXAttention.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

/// Splits the last dimension of `[batch, length, heads * size]` into heads.
Value mlir::ge::onnx::splitHeads(Node &n, Value x, int64_t heads) {
  if (!x || !n.typeOf(x) || n.rank(x) == 4)
    return n.hasFailed() ? Value() : x;
  DimList shape = n.dimsOf(x);
  if (shape.size() == 3 && !n.needStatic(x, {2}))
    return {};
  if (shape.size() != 3 || heads <= 0 || *shape[2].known() % heads)
    return n.invalid("an input does not split into " + Twine(heads) + " heads");
  return n.transpose(n.reshapeTo(x, {shape[0], shape[1], heads, *shape[2].known() / heads}), {0, 2, 1, 3});
}

Value mlir::ge::onnx::joinHeads(Node &n, Value x) {
  DimList shape = n.dimsOf(x);
  return shape.size() == 4 ? n.reshapeTo(n.transpose(x, {0, 2, 1, 3}), {shape[0], shape[2], shape[1] * shape[3]}) : x;
}

/// Repeats each head of keys or values for the queries' heads that share it.
static Value repeatHeads(Node &n, Value x, int64_t times) {
  DimList s = n.dimsOf(x);
  if (times == 1 || s.size() != 4)
    return x;
  Value wide = n.expandTo(n.emit<UnsqueezeOp>(x, ArrayRef<int64_t>{2}), {s[0], s[1], times, s[2], s[3]});
  return n.reshapeTo(wide, {s[0], s[1] * times, s[2], s[3]});
}

bool Heads::complete(Node &n) {
  if (!n.typeOf(query) || !n.typeOf(key) || !n.typeOf(value))
    return false;
  if (n.rank(query) != 4 || n.rank(key) != 4 || n.rank(value) != 4)
    return n.invalid("queries, keys and values are no batches of heads"), false;
  if (!n.needStatic(query, {1, 3}) || !n.needStatic(key, {1}) || !n.needStatic(value, {3}))
    return false;
  DimList shape = n.dimsOf(query);
  batch = shape[0];
  queryHeads = *shape[1].known();
  queryLength = shape[2];
  size = *shape[3].known();
  keyLength = n.dimsOf(key)[2];
  int64_t keyHeads = n.shapeOf(key)[1];
  if (keyHeads == 0 || queryHeads % keyHeads)
    return n.invalid("found " + Twine(queryHeads) + " heads of queries and " + Twine(keyHeads) + " of keys"), false;
  key = repeatHeads(n, key, queryHeads / keyHeads);
  value = repeatHeads(n, value, queryHeads / keyHeads);
  return !n.hasFailed();
}

//===----------------------------------------------------------------------===//
// What is added to the scores
//===----------------------------------------------------------------------===//

void ScoreBias::add(Value value) {
  bias = bias ? n.add(bias, value) : value;
  seesItself = false;
}

void ScoreBias::allowWhere(Value condition) { allowWhere(condition, hidden); }

void ScoreBias::allowWhere(Value condition, double otherwise) {
  add(n.select(condition, n.scalar(element, 0), n.scalar(element, otherwise)));
}

void ScoreBias::addMask(Value mask) {
  if (!n.typeOf(mask))
    return;
  DimList shape = n.dimsOf(mask);
  bool isBool = n.elem(mask).isInteger(1);
  if (!isBool)
    mask = n.cast(mask, element);
  // One of unknown length has all keys.
  std::optional<int64_t> missing = shape.empty() ? std::nullopt : (heads.keyLength - shape.back()).known();
  if (missing && *missing > 0 && shape.back() != 1) {
    Ints pads(2 * shape.size(), 0);
    pads.back() = *missing;
    Value filler = isBool ? n.scalar(n.elem(mask), 0) : n.scalar(element, -INFINITY);
    mask = n.emit<PadV3Op>(mask, n.ints(pads), Node::Optional{filler}, StringRef("constant"), true);
  }
  isBool ? allowWhere(mask) : add(mask);
}

/// How far each key is behind the query, `[1, 1, queries, keys]`.
Value ScoreBias::distances(Dim offset) {
  Type i64 = n.builder().getI64Type();
  if (heads.queryLength.isDynamic() || heads.keyLength.isDynamic() || offset.isDynamic()) {
    Value at = n.sub(n.counting(i64, heads.keyLength, 3, 4), n.counting(i64, heads.queryLength, 2, 4));
    return offset == 0 ? at : n.sub(at, n.sizes(offset));
  }
  int64_t queries = *heads.queryLength.known(), keys = *heads.keyLength.known();
  if (!n.canList(queries, keys))
    return {};
  SmallVector<double> distance;
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j)
      distance.push_back(j - i - *offset.known());
  return n.tensor(i64, {1, 1, queries, keys}, distance);
}

void ScoreBias::addBand(Dim offset, Value batchOffset, std::optional<int64_t> low, std::optional<int64_t> high) {
  // The first key is in each band that ends at or behind the query.
  bool keeps = seesItself && !batchOffset && !low && high && *high >= 0 && n.getLegalizer().getShapes().isSize(offset);
  Value at = distances(offset);
  if (batchOffset)
    at = n.sub(at, n.reshapeTo(batchOffset, {heads.batch, 1, 1, 1}));
  if (low)
    allowWhere(n.emit<GreaterEqualOp>(at, n.intScalar(*low)), -INFINITY);
  if (high)
    allowWhere(n.emit<LessEqualOp>(at, n.intScalar(*high)), -INFINITY);
  seesItself = keeps;
}

void ScoreBias::addLengths(Value lengths) {
  Value places = n.counting(n.builder().getI64Type(), heads.keyLength, 3, 4);
  allowWhere(n.emit<LessOp>(places, n.reshapeTo(n.cast(lengths, n.builder().getI64Type()), {heads.batch, 1, 1, 1})));
}

Value ScoreBias::guard(Value rows) {
  if (!bias || !rows || hidden != -INFINITY || seesItself)
    return rows;
  std::optional<SmallVector<double>> known = n.constFloats(bias);
  if (known && !known->empty()) {
    int64_t width = n.shapeOf(bias).back();
    bool blind = false;
    for (size_t i = 0; i < known->size(); i += width)
      blind |= llvm::all_of(ArrayRef<double>(*known).slice(i, width), [](double v) { return v == -INFINITY; });
    if (!blind)
      return rows;
  }
  Value best = n.reduceMax(bias, {n.rank(bias) - 1});
  return n.select(n.emit<EqualOp>(best, n.scalarLike(best, -INFINITY)), n.scalarLike(rows, 0), rows);
}

//===----------------------------------------------------------------------===//
// Attention itself
//===----------------------------------------------------------------------===//

/// Softmax over the last dimension, with the extra score of each head in the
/// denominator.
static Value softmaxWithSink(Node &n, Value scores, Value sink) {
  if (!sink || !scores)
    return n.emit<SoftmaxV2Op>(scores, ArrayRef<int64_t>{3});
  DimList column = n.dimsOf(scores);
  column[3] = 1;
  Value all = n.concat({scores, n.expandTo(n.cast(sink, n.elem(scores)), column)}, 3);
  return n.sliceAxis(n.emit<SoftmaxV2Op>(all, ArrayRef<int64_t>{3}), 3, 0, -1);
}

Value mlir::ge::onnx::attend(Node &n, const Heads &heads, ScoreBias &bias, const AttentionRule &rule,
                             SmallVectorImpl<Value> *stages) {
  Type element = n.elem(heads.query);
  double root = std::sqrt(rule.scale != 0 ? rule.scale : 1 / std::sqrt(double(heads.size)));
  Value keys = n.transpose(n.mulScalar(heads.key, root), {0, 1, 3, 2});
  SmallVector<Value> own;
  SmallVectorImpl<Value> &values = stages ? *stages : own;
  values.push_back(n.matmul(n.mulScalar(heads.query, root), keys));
  double cap = rule.softcap;
  values.push_back(cap > 0 ? n.mulScalar(n.emit<TanhOp>(n.mulScalar(values[0], 1 / cap)), cap) : values[0]);
  values.push_back(bias.get() ? n.add(values[1], bias.get()) : values[1]);
  Value scores = rule.softmaxType ? n.cast(values[2], rule.softmaxType) : values[2];
  Value weights = n.cast(softmaxWithSink(n, scores, rule.sink), element);
  values.push_back(stages ? bias.guard(weights) : weights);
  // The result is guarded, not the weights, so that it is one operation with them.
  return bias.guard(n.matmul(weights, heads.value));
}

Value mlir::ge::onnx::rotate(Node &n, Value heads, Value cosine, Value sine, int64_t turned, bool interleaved) {
  DimList s = n.dimsOf(heads);
  if (s.size() == 4 && !n.needStatic(heads, {1, 3}))
    return {};
  int64_t width = s.size() == 4 ? *s[3].known() : 0;
  turned = turned == 0 ? width : turned;
  if (s.size() != 4 || turned < 2 || turned % 2 || turned > width)
    return n.invalid("rotary_embedding_dim is " + Twine(turned) + " for heads of " + Twine(width));
  DimList angles = {n.rank(cosine) == 3 ? n.dimsOf(cosine)[0] : Dim(1), 1, s[2], turned / 2};
  cosine = n.reshapeTo(cosine, angles);
  sine = n.reshapeTo(sine, angles);
  Value part = n.sliceAxis(heads, 3, 0, turned), first, second;
  DimList half = {s[0], s[1], s[2], turned / 2};
  if (interleaved) {
    Value pairs = n.reshapeTo(part, {s[0], s[1], s[2], turned / 2, 2});
    first = n.reshapeTo(n.sliceAxis(pairs, 4, 0, 1), half);
    second = n.reshapeTo(n.sliceAxis(pairs, 4, 1, 2), half);
  } else {
    first = n.sliceAxis(part, 3, 0, turned / 2);
    second = n.sliceAxis(part, 3, turned / 2, turned);
  }
  Value real = n.sub(n.mul(cosine, first), n.mul(sine, second));
  Value imaginary = n.add(n.mul(sine, first), n.mul(cosine, second));
  Value result;
  if (interleaved) {
    DimList pair = half;
    pair.push_back(1);
    result =
        n.reshapeTo(n.concat({n.reshapeTo(real, pair), n.reshapeTo(imaginary, pair)}, 4), {s[0], s[1], s[2], turned});
  } else {
    result = n.concat({real, imaginary}, 3);
  }
  return turned < width ? n.concat({result, n.sliceAxis(heads, 3, turned, width)}, 3) : result;
}

namespace {

/// The heads of all inputs, with the cache before the new keys and values, which
/// are also outputs.
bool readHeads(Node &n, Heads &heads) {
  Value q = n.need(0), k = n.need(1), v = n.need(2);
  if (!q || !k || !v || !n.typeOf(q))
    return false;
  heads.query = splitHeads(n, q, n.getInt("q_num_heads", 0));
  heads.key = splitHeads(n, k, n.getInt("kv_num_heads", 0));
  heads.value = splitHeads(n, v, n.getInt("kv_num_heads", 0));
  if (n.has(4))
    heads.key = n.concat({n.in(4), heads.key}, 2);
  if (n.has(5))
    heads.value = n.concat({n.in(5), heads.value}, 2);
  if (n.hasFailed())
    return false;
  n.set(1, heads.key);
  n.set(2, heads.value);
  return heads.complete(n);
}

void mapAttention(Node &n) {
  Heads heads;
  if (!readHeads(n, heads))
    return;
  ScoreBias bias(n, heads, n.elem(heads.query));
  if (n.has(3))
    bias.addMask(n.in(3));
  // A cache puts the queries behind the keys that it holds.
  Dim offset = n.has(4) ? n.dimsOf(n.in(4))[2] : Dim(0);
  Value batchOffset;
  if (n.has(6)) {
    batchOffset = n.sub(n.cast(n.in(6), n.builder().getI64Type()), n.sizes(heads.queryLength));
    offset = 0;
  }
  if (n.getInt("is_causal", 0))
    bias.addBand(offset, batchOffset, std::nullopt, 0);
  int64_t left = n.getInt("left_window_size", -1), right = n.getInt("right_window_size", -1);
  if (left >= 0 || right >= 0)
    bias.addBand(offset, batchOffset, left >= 0 ? std::optional(-left) : std::nullopt,
                 right >= 0 ? std::optional(right) : std::nullopt);
  if (n.has(6))
    bias.addLengths(n.in(6));

  AttentionRule rule;
  rule.scale = n.hasAttr("scale") ? n.getFloat("scale", 1) : 0;
  rule.softcap = n.getFloat("softcap", 0);
  if (n.hasAttr("softmax_precision"))
    rule.softmaxType = toElementType(n, n.getInt("softmax_precision", 1));
  SmallVector<Value> stages;
  Value y = attend(n, heads, bias, rule, n.isUsed(3) ? &stages : nullptr);
  int64_t mode = n.getInt("qk_matmul_output_mode", 0);
  if (mode < 0 || mode > 3)
    return (void)n.invalid("qk_matmul_output_mode is " + Twine(mode) + ", expected 0 to 3");
  if (n.isUsed(3))
    n.set(3, stages[mode]);
  n.set(0, n.rank(n.in(0)) == 3 ? joinHeads(n, y) : y);
}

/// Turns pairs of elements by the angles of their positions.
void mapRotaryEmbedding(Node &n) {
  Value x = n.need(0), cosine = n.need(1), sine = n.need(2);
  if (!x || !cosine || !sine || !n.typeOf(x))
    return;
  Value heads = splitHeads(n, x, n.getInt("num_heads", 0));
  if (n.has(3)) {
    cosine = n.gather(cosine, n.in(3), 0);
    sine = n.gather(sine, n.in(3), 0);
  }
  if (!heads || !cosine || !sine)
    return;
  Value y = rotate(n, heads, cosine, sine, n.getInt("rotary_embedding_dim", 0), n.getInt("interleaved", 0) != 0);
  n.set(0, n.rank(x) == 3 ? joinHeads(n, y) : y);
}

void mapSwiGLU(Node &n) {
  n.set(0, n.mul(n.emit<SwishOp>(n.need(0), static_cast<float>(n.getFloat("alpha", 1))), n.need(1)));
}

/// Writes the update into the cache from each batch's place on.
void mapTensorScatter(Node &n) {
  Value cache = n.need(0), update = n.need(1);
  if (!cache || !update || !n.typeOf(cache) || !n.typeOf(update))
    return;
  int64_t rank = n.rank(cache), axis = n.normalizeAxis(n.getInt("axis", -2), rank);
  DimList shape = n.dimsOf(update), batches(rank, 1);
  if (n.hasFailed() || int64_t(shape.size()) != rank)
    return (void)n.invalid("cache and update have different ranks");
  batches[0] = shape[0];
  Value places = n.counting(n.builder().getI64Type(), shape[axis], axis, rank);
  if (n.has(2))
    places = n.add(places, n.reshapeTo(n.cast(n.in(2), n.builder().getI64Type()), batches));
  if (n.getString("mode", "linear") == "circular")
    places = n.emit<FloorModOp>(places, n.sizes(n.dimsOf(cache)[axis]));
  n.set(0, n.emit<ScatterElementsOp>(cache, n.expandTo(places, shape), update, axis, StringRef("none")));
}

} // namespace

void mlir::ge::onnx::populateAttention(MappingTable &table) {
  table.add("Attention", mapAttention);
  table.add("RotaryEmbedding", mapRotaryEmbedding);
  table.add("SwiGLU", mapSwiGLU);
  table.add("TensorScatter", mapTensorScatter);
}
