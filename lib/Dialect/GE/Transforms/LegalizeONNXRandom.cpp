//===- LegalizeONNXRandom.cpp - random numbers as arithmetic ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random numbers are a hash (SplitMix64) of their place and a seed, so they are
// the same for any number of threads, and on every run. The seed is the node's
// own, or follows from its name.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <cmath>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

class RandomNumbers {
public:
  /// Numbers are made in `element` if it is f64, else in f32.
  RandomNumbers(Node &n, Type element) : n(n) {
    Builder &b = n.builder();
    wide = element && element.isF64() ? Type(b.getF64Type()) : Type(b.getF32Type());
    bits64 = b.getIntegerType(64, /*isSigned=*/false);
    if (n.hasAttr("seed"))
      seed = llvm::bit_cast<uint64_t>(n.getFloat("seed", 0));
    else
      for (char c : getNodeName())
        seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }

  Type getType() const { return wide; }

  /// Uniform in [0, 1), independent for each `stream`.
  Value uniform(ArrayRef<int64_t> shape, unsigned stream) {
    int64_t digits = wide.isF64() ? 53 : 24;
    Value bits = n.emit<RightShiftOp>(hash(shape, stream), word(64 - digits));
    return n.mulScalar(n.cast(bits, wide), std::ldexp(1.0, -digits));
  }

  /// Normal with mean 0 and deviation 1, by Box and Muller's rule.
  Value normal(ArrayRef<int64_t> shape) {
    // 1 - u is never 0, whose logarithm is infinite.
    Value u = uniform(shape, 0), rest = n.sub(n.scalarLike(u, 1), u);
    Value radius = n.emit<SqrtOp>(n.mulScalar(n.emit<LogOp>(rest), -2));
    return n.mul(radius, n.emit<CosOp>(n.mulScalar(uniform(shape, 1), 2 * M_PI)));
  }

private:
  StringRef getNodeName() {
    auto name = dyn_cast<NameLoc>(n.loc());
    return name ? name.getName().getValue() : StringRef();
  }

  Value word(uint64_t value) {
    return n.constant(DenseElementsAttr::get(RankedTensorType::get({}, bits64), APInt(64, value)));
  }

  Value hash(ArrayRef<int64_t> shape, unsigned stream) {
    int64_t count = 1;
    for (int64_t dim : shape) {
      if (dim < 0 || !n.canList(count, dim))
        return n.unsupported("a random tensor with an unknown or too large shape");
      count *= dim;
    }
    Value places = n.emit<RangeOp>(n.intScalar(0), n.intScalar(count), n.intScalar(1));
    Value z = n.mul(n.cast(places, bits64), word(0x9E3779B97F4A7C15));
    z = n.add(z, word(seed + 0x632BE59BD9B4E019 * (stream + 1)));
    auto mix = [&](int64_t shift, uint64_t factor) {
      z = n.emit<BitwiseXorOp>(z, n.emit<RightShiftOp>(z, word(shift)));
      z = factor ? n.mul(z, word(factor)) : z;
    };
    mix(30, 0xBF58476D1CE4E5B9);
    mix(27, 0x94D049BB133111EB);
    mix(31, 0);
    return z ? n.reshape(z, shape) : z;
  }

  Node &n;
  Type wide, bits64;
  uint64_t seed = 0xCBF29CE484222325;
};

/// The shape and element type of a result, given or those of the input.
bool readTarget(Node &n, bool isLike, Ints &shape, Type &element) {
  Value x = isLike ? n.need(0) : Value();
  if (isLike && (!x || !n.needStatic(x)))
    return false;
  shape = isLike ? n.shapeOf(x) : n.getInts("shape");
  element = !isLike || n.hasAttr("dtype") ? toElementType(n, n.getInt("dtype", 1)) : n.elem(x);
  if (element && !isa<FloatType>(element))
    n.invalid("dtype is not a floating-point type");
  return !n.hasFailed();
}

template <bool IsLike>
void mapRandomUniform(Node &n) {
  Ints shape;
  Type element;
  if (!readTarget(n, IsLike, shape, element))
    return;
  double low = n.getFloat("low", 0), high = n.getFloat("high", 1);
  Value u = RandomNumbers(n, element).uniform(shape, 0);
  n.set(0, n.cast(n.addScalar(n.mulScalar(u, high - low), low), element));
}

template <bool IsLike>
void mapRandomNormal(Node &n) {
  Ints shape;
  Type element;
  if (!readTarget(n, IsLike, shape, element))
    return;
  Value x = RandomNumbers(n, element).normal(shape);
  n.set(0, n.cast(n.addScalar(n.mulScalar(x, n.getFloat("scale", 1)), n.getFloat("mean", 0)), element));
}

/// 1 with the probability that the input gives.
void mapBernoulli(Node &n) {
  Value x = n.need(0);
  if (!x || !n.needStatic(x))
    return;
  Type element = n.hasAttr("dtype") ? toElementType(n, n.getInt("dtype", 1)) : n.elem(x);
  RandomNumbers random(n, n.elem(x));
  Value drawn = random.uniform(n.shapeOf(x), 0);
  n.set(0, n.cast(n.emit<LessOp>(drawn, n.cast(x, random.getType())), element));
}

/// The class whose log-probability plus Gumbel noise is the greatest.
void mapMultinomial(Node &n) {
  Value x = n.need(0);
  if (!x || !n.needStatic(x))
    return;
  Ints shape = n.shapeOf(x);
  int64_t count = n.getInt("sample_size", 1);
  if (shape.size() != 2 || count < 1)
    return (void)n.invalid("the input has rank " + Twine(shape.size()) + ", expected 2");
  RandomNumbers random(n, n.elem(x));
  Value u = random.uniform({shape[0], count, shape[1]}, 0);
  // u is moved off 0.
  Value safe = n.emit<MaximumOp>(u, n.scalarLike(u, 1e-12));
  Value noise = n.emit<NegOp>(n.emit<LogOp>(n.emit<NegOp>(n.emit<LogOp>(safe))));
  Value scores = n.add(noise, n.reshape(n.cast(x, random.getType()), {shape[0], 1, shape[1]}));
  Value drawn = n.argExtreme<ArgMaxV2Op>(scores, 2);
  n.set(0, n.cast(drawn, toElementType(n, n.getInt("dtype", 6))));
}

} // namespace

/// Keeps elements with probability 1 - ratio, and scales them up.
void mlir::ge::onnx::dropRandomly(Node &n, Value x, double ratio) {
  if (!x || !n.needStatic(x))
    return;
  if (!(ratio >= 0 && ratio < 1))
    return (void)n.invalid("ratio is not in [0, 1)");
  Value drawn = RandomNumbers(n, n.elem(x)).uniform(n.shapeOf(x), 0);
  Value kept = n.emit<GreaterEqualOp>(drawn, n.scalarLike(drawn, ratio));
  n.set(0, n.select(kept, n.mulScalar(x, 1 / (1 - ratio)), n.scalarLike(x, 0)));
  n.set(1, n.version() >= 10 ? kept : n.cast(kept, n.elem(x)));
}

void mlir::ge::onnx::populateRandom(MappingTable &table) {
  table.add("RandomUniform", mapRandomUniform<false>);
  table.add("RandomUniformLike", mapRandomUniform<true>);
  table.add("RandomNormal", mapRandomNormal<false>);
  table.add("RandomNormalLike", mapRandomNormal<true>);
  table.add("Bernoulli", mapBernoulli);
  table.add("Multinomial", mapMultinomial);
}
