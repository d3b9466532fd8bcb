//===- LegalizeONNXAttention.cpp - attention and what belongs to it -----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// `[batch, heads, length, size]` each.
struct Heads {
  Value query, key, value;
  int64_t batch = 0, queryLength = 0, keyLength = 0, queryHeads = 0, keyHeads = 0;
};

/// Splits the last dimension of `[batch, length, heads * size]` into heads.
Value splitHeads(Node &n, Value x, int64_t heads) {
  if (!n.needStatic(x) || n.rank(x) == 4)
    return n.hasFailed() ? Value() : x;
  Ints shape = n.shapeOf(x);
  if (shape.size() != 3 || heads <= 0 || shape[2] % heads)
    return n.invalid("an input does not split into " + Twine(heads) + " heads");
  return n.transpose(n.reshape(x, {shape[0], shape[1], heads, shape[2] / heads}), {0, 2, 1, 3});
}

/// Repeats each head of keys or values for the queries' heads that share it.
Value repeatHeads(Node &n, Value x, int64_t times) {
  Ints s = n.shapeOf(x);
  if (times == 1 || s.size() != 4)
    return x;
  Value wide = n.broadcastTo(n.reshape(x, {s[0], s[1], 1, s[2], s[3]}), {s[0], s[1], times, s[2], s[3]});
  return n.reshape(wide, {s[0], s[1] * times, s[2], s[3]});
}

/// What is added to the scores: 0 where a key is seen, minus infinity elsewhere.
class ScoreBias {
public:
  ScoreBias(Node &n, const Heads &heads, Type element) : n(n), heads(heads), element(element) {}

  void add(Value value) { bias = bias ? n.add(bias, value) : value; }
  void allowWhere(Value condition) { add(n.select(condition, n.scalar(element, 0), n.scalar(element, -INFINITY))); }

  /// A mask that is given; keys beyond its end are not seen.
  void addMask(Value mask) {
    if (!n.needStatic(mask))
      return;
    Ints shape = n.shapeOf(mask);
    bool isBool = n.elem(mask).isInteger(1);
    if (!isBool)
      mask = n.cast(mask, element);
    if (int64_t missing = shape.empty() ? 0 : heads.keyLength - shape.back(); missing > 0 && shape.back() != 1) {
      Ints pads(2 * shape.size(), 0);
      pads.back() = missing;
      Value filler = isBool ? n.scalar(n.elem(mask), 0) : n.scalar(element, -INFINITY);
      mask = n.emit<PadV3Op>(mask, n.ints(pads), Node::Optional{filler}, StringRef("constant"), true);
    }
    isBool ? allowWhere(mask) : add(mask);
  }

  /// Keys j of queries i with `low <= j - i - offset <= high`. The offset is a
  /// number, or a value for each batch.
  void addBand(int64_t offset, Value batchOffset, bool hasLow, int64_t low, bool hasHigh, int64_t high) {
    if (!n.canList(heads.queryLength, heads.keyLength))
      return;
    SmallVector<double> distance;
    for (int64_t i = 0; i < heads.queryLength; ++i)
      for (int64_t j = 0; j < heads.keyLength; ++j)
        distance.push_back(j - i - offset);
    Value at = n.tensor(n.builder().getI64Type(), {1, 1, heads.queryLength, heads.keyLength}, distance);
    if (batchOffset)
      at = n.sub(at, n.reshape(batchOffset, {heads.batch, 1, 1, 1}));
    if (hasLow)
      allowWhere(n.emit<GreaterEqualOp>(at, n.intScalar(low)));
    if (hasHigh)
      allowWhere(n.emit<LessEqualOp>(at, n.intScalar(high)));
  }

  /// Only the first keys of each batch are keys.
  void addLengths(Value lengths) {
    if (!n.canList(heads.keyLength))
      return;
    SmallVector<double> counting;
    for (int64_t j = 0; j < heads.keyLength; ++j)
      counting.push_back(j);
    Value places = n.tensor(n.builder().getI64Type(), {1, 1, 1, heads.keyLength}, counting);
    allowWhere(n.emit<LessOp>(places, n.reshape(lengths, {heads.batch, 1, 1, 1})));
  }

  Value get() const { return bias; }

  /// Zeroes rows that see no key, whose softmax is no number.
  Value guard(Value rows) {
    if (!bias || !rows)
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

private:
  Node &n;
  const Heads &heads;
  Type element;
  Value bias;
};

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
  if (n.hasFailed() || !n.needStatic(heads.key))
    return false;
  n.set(1, heads.key);
  n.set(2, heads.value);
  Ints queryShape = n.shapeOf(heads.query), keyShape = n.shapeOf(heads.key);
  heads.batch = queryShape[0];
  heads.queryHeads = queryShape[1];
  heads.queryLength = queryShape[2];
  heads.keyHeads = keyShape[1];
  heads.keyLength = keyShape[2];
  if (heads.keyHeads == 0 || heads.queryHeads % heads.keyHeads) {
    n.invalid("found " + Twine(heads.queryHeads) + " heads of queries and " + Twine(heads.keyHeads) + " of keys");
    return false;
  }
  heads.key = repeatHeads(n, heads.key, heads.queryHeads / heads.keyHeads);
  heads.value = repeatHeads(n, heads.value, heads.queryHeads / heads.keyHeads);
  return true;
}

void mapAttention(Node &n) {
  Heads heads;
  if (!readHeads(n, heads))
    return;
  Type element = n.elem(heads.query);
  int64_t size = n.shapeOf(heads.query)[3];
  double root = std::sqrt(n.hasAttr("scale") ? n.getFloat("scale", 1) : 1 / std::sqrt(double(size)));
  ScoreBias bias(n, heads, element);
  if (n.has(3))
    bias.addMask(n.in(3));
  // A cache puts the queries behind the keys that it holds.
  int64_t offset = n.has(4) ? n.shapeOf(n.in(4))[2] : 0;
  Value batchOffset;
  if (n.has(6)) {
    batchOffset = n.sub(n.cast(n.in(6), n.builder().getI64Type()), n.intScalar(heads.queryLength));
    offset = 0;
  }
  if (n.getInt("is_causal", 0))
    bias.addBand(offset, batchOffset, false, 0, true, 0);
  int64_t left = n.getInt("left_window_size", -1), right = n.getInt("right_window_size", -1);
  if (left >= 0 || right >= 0)
    bias.addBand(offset, batchOffset, left >= 0, -left, right >= 0, right);
  if (n.has(6))
    bias.addLengths(n.cast(n.in(6), n.builder().getI64Type()));

  Value keys = n.transpose(n.mulScalar(heads.key, root), {0, 1, 3, 2});
  SmallVector<Value> stages;
  stages.push_back(n.matmul(n.mulScalar(heads.query, root), keys));
  double cap = n.getFloat("softcap", 0);
  stages.push_back(cap > 0 ? n.mulScalar(n.emit<TanhOp>(n.mulScalar(stages[0], 1 / cap)), cap) : stages[0]);
  stages.push_back(bias.get() ? n.add(stages[1], bias.get()) : stages[1]);
  Value scores = stages[2];
  if (n.hasAttr("softmax_precision"))
    scores = n.cast(scores, toElementType(n, n.getInt("softmax_precision", 1)));
  Value weights = n.cast(n.emit<SoftmaxV2Op>(scores, ArrayRef<int64_t>{3}), element);
  stages.push_back(bias.guard(weights));
  int64_t mode = n.getInt("qk_matmul_output_mode", 0);
  if (mode < 0 || mode > 3)
    return (void)n.invalid("qk_matmul_output_mode is " + Twine(mode) + ", expected 0 to 3");
  n.set(3, stages[mode]);
  Value y = n.matmul(stages[3], heads.value);
  if (n.rank(n.in(0)) == 3 && y) {
    Ints shape = n.shapeOf(y);
    y = n.reshape(n.transpose(y, {0, 2, 1, 3}), {shape[0], shape[2], shape[1] * shape[3]});
  }
  n.set(0, y);
}

/// Turns pairs of elements by the angles of their positions.
void mapRotaryEmbedding(Node &n) {
  Value x = n.need(0), cosine = n.need(1), sine = n.need(2);
  if (!x || !cosine || !sine || !n.needStatic(x))
    return;
  bool flat = n.rank(x) == 3;
  Value heads = splitHeads(n, x, n.getInt("num_heads", 0));
  if (!heads)
    return;
  Ints s = n.shapeOf(heads);
  int64_t turned = n.getInt("rotary_embedding_dim", 0);
  turned = turned == 0 ? s[3] : turned;
  if (turned < 2 || turned % 2 || turned > s[3])
    return (void)n.invalid("rotary_embedding_dim is " + Twine(turned) + " for heads of " + Twine(s[3]));
  if (n.has(3)) {
    cosine = n.gather(cosine, n.in(3), 0);
    sine = n.gather(sine, n.in(3), 0);
  }
  Ints angles = {s[0], 1, s[2], turned / 2};
  cosine = n.reshape(cosine, angles);
  sine = n.reshape(sine, angles);
  Value part = n.sliceAxis(heads, 3, 0, turned), first, second;
  Ints half = {s[0], s[1], s[2], turned / 2};
  bool interleaved = n.getInt("interleaved", 0) != 0;
  if (interleaved) {
    Value pairs = n.reshape(part, {s[0], s[1], s[2], turned / 2, 2});
    first = n.reshape(n.sliceAxis(pairs, 4, 0, 1), half);
    second = n.reshape(n.sliceAxis(pairs, 4, 1, 2), half);
  } else {
    first = n.sliceAxis(part, 3, 0, turned / 2);
    second = n.sliceAxis(part, 3, turned / 2, turned);
  }
  Value real = n.sub(n.mul(cosine, first), n.mul(sine, second));
  Value imaginary = n.add(n.mul(sine, first), n.mul(cosine, second));
  Value result;
  if (interleaved) {
    Ints pair = half;
    pair.push_back(1);
    result = n.reshape(n.concat({n.reshape(real, pair), n.reshape(imaginary, pair)}, 4), {s[0], s[1], s[2], turned});
  } else {
    result = n.concat({real, imaginary}, 3);
  }
  if (turned < s[3])
    result = n.concat({result, n.sliceAxis(heads, 3, turned, s[3])}, 3);
  n.set(0, flat ? n.reshape(n.transpose(result, {0, 2, 1, 3}), n.shapeOf(x)) : result);
}

void mapSwiGLU(Node &n) {
  n.set(0, n.mul(n.emit<SwishOp>(n.need(0), static_cast<float>(n.getFloat("alpha", 1))), n.need(1)));
}

/// Writes the update into the cache from each batch's place on.
void mapTensorScatter(Node &n) {
  Value cache = n.need(0), update = n.need(1);
  if (!cache || !update || !n.needStatic(cache) || !n.needStatic(update))
    return;
  int64_t rank = n.rank(cache), axis = n.normalizeAxis(n.getInt("axis", -2), rank);
  Ints shape = n.shapeOf(update), along(rank, 1), batches(rank, 1);
  if (n.hasFailed() || int64_t(shape.size()) != rank)
    return (void)n.invalid("cache and update have different ranks");
  along[axis] = shape[axis];
  batches[0] = shape[0];
  if (!n.canList(shape[axis]))
    return;
  SmallVector<double> counting;
  for (int64_t i = 0; i < shape[axis]; ++i)
    counting.push_back(i);
  Value places = n.tensor(n.builder().getI64Type(), along, counting);
  if (n.has(2))
    places = n.add(places, n.reshape(n.cast(n.in(2), n.builder().getI64Type()), batches));
  if (n.getString("mode", "linear") == "circular")
    places = n.emit<FloorModOp>(places, n.intScalar(n.shapeOf(cache)[axis]));
  n.set(0, n.emit<ScatterElementsOp>(cache, n.broadcastTo(places, shape), update, axis, StringRef("none")));
}

//===----------------------------------------------------------------------===//
// ONNX Runtime's own forms, which its optimizer writes
//===----------------------------------------------------------------------===//

void mapFusedMatMul(Node &n) {
  Value a = n.need(0), c = n.need(1);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return;
  auto swapped = [&](Value value) {
    Ints order = llvm::to_vector(llvm::seq<int64_t>(0, n.rank(value)));
    if (order.size() >= 2)
      std::swap(order[order.size() - 1], order[order.size() - 2]);
    return n.transpose(value, order);
  };
  if (n.getInt("transBatchA", 0) || n.getInt("transBatchB", 0))
    return (void)n.unsupported("transBatchA or transBatchB");
  Value product = n.matmul(n.getInt("transA", 0) ? swapped(a) : a, n.getInt("transB", 0) ? swapped(c) : c);
  n.set(0, n.mulScalar(product, n.getFloat("alpha", 1)));
}

void mapBiasGelu(Node &n) { n.set(0, n.emit<GeluV2Op>(n.add(n.need(0), n.need(1)), StringRef("none"))); }

void mapFastGelu(Node &n) {
  Value x = n.need(0);
  n.set(0, n.emit<GeluV2Op>(n.has(1) ? n.add(x, n.in(1)) : x, StringRef("tanh")));
}

void mapQuickGelu(Node &n) { n.set(0, n.emit<SwishOp>(n.need(0), static_cast<float>(n.getFloat("alpha", 1.702)))); }

/// Adds the skip connection, then normalizes; the sum is the fourth output.
template <bool IsSimplified>
void mapSkipLayerNorm(Node &n) {
  Value sum = n.add(n.need(0), n.need(1)), gamma = n.need(2);
  unsigned biasSlot = IsSimplified ? 3 : 4;
  if (n.has(biasSlot))
    sum = n.add(sum, n.in(biasSlot));
  if (!sum || !gamma || !n.typeOf(sum))
    return;
  n.set(3, sum);
  float epsilon = static_cast<float>(n.getFloat("epsilon", 1e-5));
  int64_t axis = n.rank(sum) - 1;
  if (IsSimplified)
    return n.set(0, n.emitMany<RmsNormOp>(2, sum, gamma, epsilon)[0]);
  Value beta = n.has(3) ? n.in(3) : n.zerosLike(gamma);
  auto results = n.emitMany<LayerNormV3Op>(3, sum, gamma, beta, axis, axis, epsilon);
  for (unsigned i = 0; i < 3; ++i)
    n.set(i, results[i]);
}

} // namespace

void mlir::ge::onnx::populateAttention(MappingTable &table) {
  table.add("Attention", mapAttention);
  table.add("RotaryEmbedding", mapRotaryEmbedding);
  table.add("SwiGLU", mapSwiGLU);
  table.add("TensorScatter", mapTensorScatter);
  table.add("com.microsoft", "FusedMatMul", mapFusedMatMul);
  table.add("com.microsoft", "BiasGelu", mapBiasGelu);
  table.add("com.microsoft", "FastGelu", mapFastGelu);
  table.add("com.microsoft", "QuickGelu", mapQuickGelu);
  table.add("com.microsoft", "SkipLayerNormalization", mapSkipLayerNorm<false>);
  table.add("com.microsoft", "SkipSimplifiedLayerNormalization", mapSkipLayerNorm<true>);
}
