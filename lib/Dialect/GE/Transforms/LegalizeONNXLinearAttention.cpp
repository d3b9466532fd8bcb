//===- LegalizeONNXLinearAttention.cpp - attention with a state ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LinearAttention and CausalConvWithState, which carry a state from call to
// call, and FlexAttention, whose scores the model modifies.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// Longer sequences would make too large a program.
constexpr int64_t kMaxSteps = 1024;

//===----------------------------------------------------------------------===//
// LinearAttention
//===----------------------------------------------------------------------===//

/// The recurrence over the steps of a sequence; the state is `[B, Hkv, Dk, Dv]`.
class LinearAttention {
public:
  explicit LinearAttention(Node &n) : n(n), rule(n.getString("update_rule", "gated_delta")) {}

  void run() {
    if (!read())
      return;
    SmallVector<Value> outputs;
    for (int64_t t = 0; t < steps && !n.hasFailed(); ++t)
      outputs.push_back(step(t));
    Value y = n.hasFailed() ? Value() : n.concat(outputs, 1);
    n.set(0, n.cast(y, n.elem(n.in(0))));
    n.set(1, n.cast(state, stateElement));
  }

private:
  bool isGated() const { return rule == "gated" || rule == "gated_delta"; }
  bool isDelta() const { return rule == "delta" || rule == "gated_delta"; }

  bool read() {
    for (unsigned i = 0; i < 3; ++i)
      if (!n.needStatic(n.need(i)))
        return false;
    if (!isGated() && !isDelta() && rule != "linear")
      return n.invalid("update_rule is '" + rule + "', expected linear, gated, delta or gated_delta"), false;
    Ints q = n.shapeOf(n.in(0)), v = n.shapeOf(n.in(2));
    queryHeads = n.getInt("q_num_heads", 0);
    heads = n.getInt("kv_num_heads", 0);
    if (q.size() != 3 || v.size() != 3 || heads <= 0 || queryHeads <= 0 || queryHeads % heads || q[2] % queryHeads ||
        v[2] % heads)
      return n.invalid("the inputs do not split into " + Twine(queryHeads) + " and " + Twine(heads) + " heads"), false;
    batch = q[0], steps = q[1], keySize = q[2] / queryHeads, valueSize = v[2] / heads;
    if (steps == 0 || steps > kMaxSteps)
      return n.unsupported("a sequence of " + Twine(steps) + " steps, expected 1 to " + Twine(kMaxSteps)), false;
    scale = n.getFloat("scale", 0);
    scale = scale == 0 ? 1 / std::sqrt(double(keySize)) : scale;
    Value past = n.in(3);
    stateElement = n.elem(past ? past : n.in(0));
    wide = n.elem(n.in(0)).isF64() ? Type(n.builder().getF64Type()) : Type(n.builder().getF32Type());
    state = past ? n.cast(past, wide) : n.splat(wide, {batch, heads, keySize, valueSize}, 0);
    for (unsigned i : {4u, 5u})
      if ((i == 4 ? isGated() : isDelta()) && (!n.needStatic(n.need(i)) || n.rank(n.in(i)) != 3))
        return n.invalid("input " + Twine(i) + " does not have rank 3"), false;
    return bool(state);
  }

  /// Step `t` of `[B, T, heads * size]`, as `shape`.
  Value at(unsigned input, int64_t t, ArrayRef<int64_t> shape) {
    Value x = n.sliceAxis(n.in(input), 1, t, t + 1);
    return x ? n.reshape(n.cast(x, wide), shape) : x;
  }

  /// Updates the state and returns `[B, 1, Hq * Dv]`.
  Value step(int64_t t) {
    Value key = at(1, t, {batch, heads, 1, keySize});
    Value value = at(2, t, {batch, heads, 1, valueSize});
    if (isGated()) {
      int64_t width = n.shapeOf(n.in(4))[2] / heads;
      Value decay = at(4, t, {batch, heads, width, 1});
      state = n.mul(state, n.emit<ExpOp>(decay));
    }
    if (isDelta()) {
      Value beta = at(5, t, {batch, n.shapeOf(n.in(5))[2], 1, 1});
      value = n.mul(n.sub(value, n.matmul(key, state)), beta);
    }
    state = n.add(state, n.mul(n.reshape(key, {batch, heads, keySize, 1}), value));
    // The queries' heads that share a state are rows of one product.
    Value query = at(0, t, {batch, heads, queryHeads / heads, keySize});
    return n.reshape(n.mulScalar(n.matmul(query, state), scale), {batch, 1, queryHeads * valueSize});
  }

  Node &n;
  StringRef rule;
  int64_t batch = 0, steps = 0, queryHeads = 0, heads = 0, keySize = 0, valueSize = 0;
  double scale = 1;
  Type wide, stateElement;
  Value state;
};

void mapLinearAttention(Node &n) { LinearAttention(n).run(); }

//===----------------------------------------------------------------------===//
// CausalConvWithState
//===----------------------------------------------------------------------===//

/// A depthwise convolution along the sequence, behind what the state holds.
void mapCausalConvWithState(Node &n) {
  Value x = n.need(0), w = n.need(1);
  if (!x || !w || !n.needStatic(x) || !n.needStatic(w))
    return;
  Ints shape = n.shapeOf(x), filter = n.shapeOf(w);
  StringRef activation = n.getString("activation", "none");
  if (shape.size() != 3 || filter.size() != 3 || filter[0] != shape[1] || filter[1] != 1)
    return (void)n.invalid("the input and the filter do not fit a depthwise convolution");
  if (activation != "none" && activation != "silu" && activation != "swish")
    return (void)n.invalid("activation is '" + activation + "', expected none, silu or swish");
  int64_t kept = filter[2] - 1, length = shape[2];
  Value past = n.in(3);
  if (!past && kept > 0)
    past = n.splat(n.elem(x), {shape[0], shape[1], kept}, 0);
  Value all = kept > 0 ? n.concat({past, x}, 2) : x, sum;
  // The taps as shifted products: short filters, and all channels at once. Sums of
  // halves are kept in f32.
  Type wide = n.elem(x).isF64() ? n.elem(x) : Type(n.builder().getF32Type());
  Value source = n.cast(all, wide), filters = n.cast(w, wide);
  for (int64_t tap = 0; tap < filter[2] && !n.hasFailed(); ++tap) {
    Value weight = n.reshape(n.sliceAxis(filters, 2, tap, tap + 1), {1, shape[1], 1});
    Value part = n.mul(n.sliceAxis(source, 2, tap, tap + length), weight);
    sum = sum ? n.add(sum, part) : part;
  }
  if (n.has(2))
    sum = n.add(sum, n.cast(n.alignTo(n.in(2), 1, 3), wide));
  sum = activation == "none" ? sum : n.emit<SwishOp>(sum, 1.0f);
  n.set(0, n.cast(sum, n.elem(x)));
  n.set(1, kept > 0 ? n.sliceAxis(all, 2, length, length + kept) : n.splat(n.elem(x), {shape[0], shape[1], 0}, 0));
}

//===----------------------------------------------------------------------===//
// FlexAttention
//===----------------------------------------------------------------------===//

/// What the body that an attribute holds makes of `value`; `value` without one.
Value modify(Node &n, StringRef attribute, Value value) {
  Region *body = n.getBody(attribute);
  if (!body || !value)
    return value;
  SmallVector<Value> arguments = {value};
  llvm::append_range(arguments, n.getCaptures());
  auto results = n.getLegalizer().inlineBody(n, *body, arguments);
  if (!results)
    return {};
  if (results->size() != 1)
    return n.invalid(attribute + " has " + Twine(results->size()) + " outputs, expected 1");
  return results->front();
}

void mapFlexAttention(Node &n) {
  Value q = n.need(0), k = n.need(1), v = n.need(2);
  if (!q || !k || !v || !n.needStatic(q) || !n.needStatic(k) || !n.needStatic(v))
    return;
  Ints queries = n.shapeOf(q), keys = n.shapeOf(k), values = n.shapeOf(v);
  if (queries.size() != 4 || keys.size() != 4 || values.size() != 4 || keys[1] <= 0 || queries[1] % keys[1])
    return (void)n.invalid("the inputs are no batches of heads that fit together");
  Type element = n.elem(q);
  Type wide = element.isF64() ? Type(n.builder().getF64Type()) : Type(n.builder().getF32Type());
  if (n.hasAttr("softmax_precision"))
    wide = toElementType(n, n.getInt("softmax_precision", 1));
  int64_t group = queries[1] / keys[1], length = queries[2];
  double scale = n.hasAttr("scale") ? n.getFloat("scale", 1) : 1 / std::sqrt(double(queries[3]));
  // The queries' heads that share keys are rows of one product.
  Ints shared = {queries[0], keys[1], group * length, queries[3]};
  Value rows = n.mulScalar(n.cast(n.reshape(q, shared), wide), scale);
  Value scores = n.matmul(rows, n.transpose(n.cast(k, wide), {0, 1, 3, 2}));
  Ints full = {queries[0], queries[1], length, keys[2]};
  scores = modify(n, "score_mod", scores ? n.reshape(scores, full) : scores);
  Value weights = modify(n, "prob_mod", n.emit<SoftmaxV2Op>(scores, ArrayRef<int64_t>{3}));
  weights = weights ? n.reshape(weights, {queries[0], keys[1], group * length, keys[2]}) : weights;
  Value y = n.matmul(weights, n.cast(v, wide));
  n.set(0, y ? n.cast(n.reshape(y, {queries[0], queries[1], length, values[3]}), element) : y);
}

} // namespace

void mlir::ge::onnx::populateLinearAttention(MappingTable &table) {
  table.add("LinearAttention", mapLinearAttention);
  table.add("CausalConvWithState", mapCausalConvWithState);
  table.add("ai.onnx.preview", "FlexAttention", mapFlexAttention);
}
