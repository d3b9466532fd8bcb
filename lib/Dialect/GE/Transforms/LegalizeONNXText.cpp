//===- LegalizeONNXText.cpp - counting of tokens, simple features -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

//===----------------------------------------------------------------------===//
// TfIdfVectorizer
//===----------------------------------------------------------------------===//

/// The n-grams of one length.
struct Grams {
  int64_t length = 0;
  Ints items;   ///< `length` tokens each
  Ints outputs; ///< the result element of each
};

bool readGrams(Node &n, SmallVectorImpl<Grams> &all, int64_t &outputs) {
  Ints starts = n.getInts("ngram_counts"), pool = n.getInts("pool_int64s"), places = n.getInts("ngram_indexes");
  int64_t shortest = n.getInt("min_gram_length", 1), longest = n.getInt("max_gram_length", 1);
  if (n.hasAttr("pool_strings"))
    return n.unsupported("strings", "turn words into numbers before the model"), false;
  outputs = 0;
  for (int64_t place : places) {
    if (place < 0 || place > 1 << 24)
      return n.invalid("ngram_indexes has an element of " + Twine(place)), false;
    outputs = std::max(outputs, place + 1);
  }
  size_t next = 0;
  for (size_t i = 0; i < starts.size(); ++i) {
    int64_t begin = starts[i], end = i + 1 < starts.size() ? starts[i + 1] : pool.size(), length = i + 1;
    if (begin < 0 || end < begin || end > int64_t(pool.size()) || (end - begin) % length)
      return n.invalid("ngram_counts does not divide the pool into n-grams"), false;
    Grams grams{length, Ints(ArrayRef<int64_t>(pool).slice(begin, end - begin)), {}};
    for (int64_t k = 0; k < (end - begin) / length; ++k, ++next) {
      if (next >= places.size())
        return n.invalid("ngram_indexes has fewer elements than the pool has n-grams"), false;
      grams.outputs.push_back(places[next]);
    }
    if (length >= shortest && length <= longest && !grams.outputs.empty())
      all.push_back(std::move(grams));
  }
  return true;
}

/// How often each n-gram occurs in each row of `x`, `[B, C]`, with tokens
/// `distance` apart: `[B, grams]`.
Value countGrams(Node &n, Value x, const Grams &grams, int64_t distance) {
  Ints shape = n.shapeOf(x);
  int64_t windows = shape[1] - (grams.length - 1) * distance, count = grams.outputs.size();
  if (windows <= 0)
    return {};
  Value hit;
  for (int64_t k = 0; k < grams.length; ++k) {
    Ints tokens;
    for (int64_t g = 0; g < count; ++g)
      tokens.push_back(grams.items[g * grams.length + k]);
    Value part = n.sliceAxis(x, 1, k * distance, k * distance + windows);
    Value equal = n.emit<EqualOp>(n.reshape(part, {shape[0], windows, 1}), n.reshape(n.ints(tokens), {1, 1, count}));
    hit = hit ? n.emit<LogicalAndOp>(hit, equal) : equal;
  }
  return n.reduceSum(n.cast(hit, n.builder().getF32Type()), {1}, false);
}

void mapTfIdfVectorizer(Node &n) {
  Value x = n.need(0);
  SmallVector<Grams> all;
  int64_t outputs = 0;
  if (!x || !n.needStatic(x) || !readGrams(n, all, outputs))
    return;
  Ints shape = n.shapeOf(x);
  if (shape.size() > 2)
    return (void)n.invalid("the input has rank " + Twine(shape.size()) + ", expected 1 or 2");
  int64_t rows = shape.size() == 2 ? shape[0] : 1, columns = shape.empty() ? 1 : shape.back();
  Type f32 = n.builder().getF32Type();
  x = n.reshape(n.cast(x, n.builder().getI64Type()), {rows, columns});
  int64_t skips = n.getInt("max_skip_count", 0);
  if (skips < 0 || skips > 1024)
    return (void)n.unsupported("max_skip_count " + Twine(skips) + ", expected 0 to 1024");
  Value sum = n.splat(f32, {rows, outputs}, 0);
  for (const Grams &grams : all) {
    int64_t count = grams.outputs.size();
    if (!n.canList(count, outputs))
      return;
    SmallVector<double> where(count * outputs, 0);
    for (int64_t g = 0; g < count; ++g)
      where[g * outputs + grams.outputs[g]] = 1;
    // One token has no distance.
    for (int64_t distance = 1; distance <= (grams.length == 1 ? 1 : skips + 1) && !n.hasFailed(); ++distance)
      if (Value counts = countGrams(n, x, grams, distance))
        sum = n.add(sum, n.matmul(counts, n.tensor(f32, {count, outputs}, where)));
  }
  StringRef mode = n.getString("mode", "TF");
  SmallVector<double> weights = n.getFloats("weights");
  if (!weights.empty() && int64_t(weights.size()) < outputs)
    return (void)n.invalid("weights has " + Twine(weights.size()) + " elements, expected " + Twine(outputs));
  weights.resize(weights.empty() ? 0 : outputs);
  if (mode == "IDF")
    sum = n.cast(n.emit<GreaterOp>(sum, n.scalarLike(sum, 0)), f32);
  if (mode != "TF" && !weights.empty())
    sum = n.mul(sum, n.tensor(f32, {1, outputs}, weights));
  n.set(0, shape.size() == 2 ? sum : n.reshape(sum, {outputs}));
}

//===----------------------------------------------------------------------===//
// ai.onnx.ml
//===----------------------------------------------------------------------===//

void mapArrayFeatureExtractor(Node &n) {
  Value x = n.need(0), indices = n.need(1);
  if (!x || !indices || !n.needStatic(x) || !n.needStatic(indices))
    return;
  int64_t rank = n.rank(x), count = n.typeOf(indices).getNumElements();
  if (rank == 0)
    return (void)n.invalid("the input is a scalar");
  Value y = n.gather(x, n.reshape(indices, {count}), rank - 1);
  n.set(0, rank == 1 ? n.reshape(y, {1, count}) : y);
}

void mapBinarizer(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Value above = n.emit<GreaterOp>(x, n.scalarLike(x, n.getFloat("threshold", 0)));
  n.set(0, n.cast(above, n.elem(x)));
}

/// (x - offset) * scale, one number each or one for each feature.
void mapScaler(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  Type f32 = n.builder().getF32Type();
  SmallVector<double> offset = n.getFloats("offset"), scale = n.getFloats("scale");
  Value y = n.cast(x, f32);
  if (!offset.empty())
    y = n.sub(y, n.tensor(f32, {int64_t(offset.size())}, offset));
  n.set(0, scale.empty() ? y : n.mul(y, n.tensor(f32, {int64_t(scale.size())}, scale)));
}

} // namespace

void mlir::ge::onnx::populateText(MappingTable &table) {
  table.add("TfIdfVectorizer", mapTfIdfVectorizer);
  table.add("ai.onnx.ml", "ArrayFeatureExtractor", mapArrayFeatureExtractor);
  table.add("ai.onnx.ml", "Binarizer", mapBinarizer);
  table.add("ai.onnx.ml", "Scaler", mapScaler);
}
