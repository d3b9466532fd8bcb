//===- LegalizeONNXAttention.h - parts of attention ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXATTENTION_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXATTENTION_H

#include "LegalizeONNXNode.h"

#include <cmath>

namespace mlir::ge::onnx {

/// Queries, keys and values, `[batch, heads, length, size]` each.
struct Heads {
  Value query, key, value;
  Dim batch = 0, queryLength = 0, keyLength = 0;
  int64_t queryHeads = 0, size = 0;

  /// Reads the sizes from the values, and repeats keys and values for the
  /// queries' heads that share them. False, with a failure, if they do not fit.
  bool complete(Node &n);
};

/// `[batch, length, heads * size]` to `[batch, heads, length, size]` and back.
Value splitHeads(Node &n, Value x, int64_t heads);
Value joinHeads(Node &n, Value x);

/// What is added to the scores, `[batch, heads, queries, keys]`: 0 where a key is
/// seen, `hidden` where a mask hides it, minus infinity outside a band.
class ScoreBias {
public:
  ScoreBias(Node &n, const Heads &heads, Type element, double hidden = -INFINITY)
      : n(n), heads(heads), element(element), hidden(hidden) {}

  void add(Value value);
  void allowWhere(Value condition);
  /// A mask that is given; keys beyond its end are not seen.
  void addMask(Value mask);
  /// Keys j of queries i with `low <= j - i - offset <= high`. The offset is a
  /// number, plus a value for each batch.
  void addBand(Dim offset, Value batchOffset, std::optional<int64_t> low, std::optional<int64_t> high);
  /// Only the first keys of each batch are keys.
  void addLengths(Value lengths);

  Value get() const { return bias; }
  /// Zeroes rows that see no key, whose softmax is no number.
  Value guard(Value rows);

private:
  void allowWhere(Value condition, double otherwise);
  Value distances(Dim offset);

  Node &n;
  const Heads &heads;
  Type element;
  double hidden;
  Value bias;
  /// Whether all that hides is a band that leaves each query its own key.
  bool seesItself = true;
};

struct AttentionRule {
  double scale = 0;   ///< of the scores; 0 for 1 / sqrt(size)
  double softcap = 0; ///< scores are limited to this; 0 for no limit
  Type softmaxType;   ///< null for the queries' own
  Value sink;         ///< a score of each head that belongs to no key, or null
};

/// softmax(query * key) * value. `stages` receives the scores, those limited,
/// those with the bias, and the weights.
Value attend(Node &n, const Heads &heads, ScoreBias &bias, const AttentionRule &rule,
             SmallVectorImpl<Value> *stages = nullptr);

/// Turns the first `turned` elements of each head (0: all) by the angles of
/// their positions, `[batch or 1, length, turned / 2]`.
Value rotate(Node &n, Value heads, Value cosine, Value sine, int64_t turned, bool interleaved);

} // namespace mlir::ge::onnx

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXATTENTION_H
