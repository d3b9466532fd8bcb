//===- Reduction.cpp - reductions, scans and searches along axes ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/SmallBitVector.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// A reduction over some dimensions: `outer` counts the results, `inner` the
/// elements reduced into each.
struct Reduction {
  SmallVector<int64_t> outerShape, outerStrides, innerShape, innerStrides, resultShape;
};

FailureOr<Reduction> plan(Call &call, const Tensor &x, ArrayRef<int64_t> axes, bool keepDims) {
  llvm::SmallBitVector reduced(x.getRank());
  for (int64_t axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, x.getRank());
    if (failed(normalized))
      return failure();
    if (*normalized < x.getRank())
      reduced.set(*normalized);
  }
  Reduction result;
  SmallVector<int64_t> strides = getStrides(x.getShape());
  for (int64_t i = 0; i < x.getRank(); ++i) {
    (reduced[i] ? result.innerShape : result.outerShape).push_back(x.getDim(i));
    (reduced[i] ? result.innerStrides : result.outerStrides).push_back(strides[i]);
    if (!reduced[i] || keepDims)
      result.resultShape.push_back(reduced[i] ? 1 : x.getDim(i));
  }
  return result;
}

/// The axes operand; an empty one means none or all, as the attribute says.
SmallVector<int64_t> getAxes(Call &call, bool emptyMeansNone) {
  const Tensor *operand = call.optional(1);
  SmallVector<int64_t> axes = operand ? operand->getInts() : SmallVector<int64_t>();
  if (axes.empty() && !emptyMeansNone) {
    axes.resize(call.in(0).getRank());
    std::iota(axes.begin(), axes.end(), 0);
  }
  return axes;
}

/// `body(result, i, offsets)` with the offsets of the elements of result `i`.
template <typename Body>
LogicalResult reduceOver(Call &call, ArrayRef<int64_t> axes, Body body) {
  const Tensor &x = call.in(0);
  FailureOr<Reduction> reduction = plan(call, x, axes, call.boolAttr("keep_dims"));
  if (failed(reduction))
    return failure();
  Tensor &result = call.make(reduction->resultShape);
  SmallVector<int64_t> outer(reduction->outerShape.size(), 0);
  std::vector<int64_t> offsets(getSize(reduction->innerShape));
  for (int64_t i = 0, e = result.size(); i < e; ++i) {
    int64_t base = offset(outer, reduction->outerStrides);
    SmallVector<int64_t> inner(reduction->innerShape.size(), 0);
    for (int64_t &at : offsets) {
      at = base + offset(inner, reduction->innerStrides);
      next(inner, reduction->innerShape);
    }
    body(result, i, offsets);
    next(outer, reduction->outerShape);
  }
  return success();
}

enum class Kind { Sum, Mean, Max, Min, Prod };

double combine(Kind kind, double a, double b) {
  switch (kind) {
  case Kind::Sum:
  case Kind::Mean: return a + b;
  case Kind::Prod: return a * b;
  case Kind::Max: return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);
  case Kind::Min: return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b);
  }
  return 0;
}

int64_t combine(Kind kind, int64_t a, int64_t b, bool isUnsigned) {
  bool less = isUnsigned ? uint64_t(a) < uint64_t(b) : a < b;
  switch (kind) {
  case Kind::Sum:
  case Kind::Mean: return int64_t(uint64_t(a) + uint64_t(b));
  case Kind::Prod: return int64_t(uint64_t(a) * uint64_t(b));
  case Kind::Max: return less ? b : a;
  case Kind::Min: return less ? a : b;
  }
  return 0;
}

/// What a reduction of no elements gives.
double neutral(Kind kind) {
  const double infinity = std::numeric_limits<double>::infinity();
  return kind == Kind::Prod ? 1 : kind == Kind::Max ? -infinity : kind == Kind::Min ? infinity : 0;
}

int64_t neutral(Kind kind, Type type) {
  if (kind == Kind::Prod)
    return 1;
  if (kind == Kind::Sum || kind == Kind::Mean)
    return 0;
  auto integer = dyn_cast<IntegerType>(type);
  unsigned width = integer ? integer.getWidth() : 64;
  bool isUnsigned = integer && (integer.isUnsigned() || width == 1);
  uint64_t high = isUnsigned ? ~uint64_t(0) >> (64 - width) : ~uint64_t(0) >> (65 - width);
  return int64_t(kind == Kind::Min ? high : isUnsigned ? 0 : ~high);
}

template <Kind kind>
LogicalResult reduce(Call &call) {
  const Tensor &x = call.in(0);
  return reduceOver(call, getAxes(call, call.boolAttr("noop_with_empty_axes")),
                    [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets) {
                      int64_t count = offsets.size();
                      if (!x.isFloat()) {
                        // Narrow types wrap once, in the result: the accumulator has 64 bits.
                        int64_t value = neutral(kind, x.getElementType());
                        for (int64_t at : offsets)
                          value = combine(kind, value, x.getInt(at), x.isUnsigned());
                        result.setInt(i, kind == Kind::Mean && count ? value / count : value);
                        return;
                      }
                      double value = neutral(kind);
                      for (int64_t at : offsets)
                        value = combine(kind, value, x.getDouble(at));
                      result.set(i, kind == Kind::Mean ? value / double(count) : value);
                    });
}

LogicalResult logSumExp(Call &call) {
  const Tensor &x = call.in(0);
  return reduceOver(call, getAxes(call, call.boolAttr("noop_with_empty_axes")),
                    [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets) {
                      double high = -std::numeric_limits<double>::infinity(), sum = 0;
                      for (int64_t at : offsets)
                        high = std::max(high, x.getDouble(at));
                      if (std::isinf(high)) {
                        result.set(i, high);
                        return;
                      }
                      for (int64_t at : offsets)
                        sum += std::exp(x.getDouble(at) - high);
                      result.set(i, high + std::log(sum));
                    });
}

template <bool all>
LogicalResult logicalReduce(Call &call) {
  const Tensor &x = call.in(0);
  return reduceOver(call, getAxes(call, /*emptyMeansNone=*/true),
                    [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets) {
                      bool value = all;
                      for (int64_t at : offsets)
                        value = all ? value && x.getInt(at) : value || x.getInt(at);
                      result.setInt(i, value);
                    });
}

bool precedes(const Tensor &x, int64_t a, int64_t b, bool largest) {
  if (!x.isFloat() && !x.isUnsigned())
    return largest ? x.getInt(a) > x.getInt(b) : x.getInt(a) < x.getInt(b);
  if (!x.isFloat())
    return largest ? uint64_t(x.getInt(a)) > uint64_t(x.getInt(b)) : uint64_t(x.getInt(a)) < uint64_t(x.getInt(b));
  return largest ? x.getDouble(a) > x.getDouble(b) : x.getDouble(a) < x.getDouble(b);
}

/// The first position of the extreme value.
template <bool largest>
LogicalResult argExtreme(Call &call) {
  const Tensor &x = call.in(0);
  return reduceOver(call, call.in(1).getInts(), [&](Tensor &result, int64_t i, ArrayRef<int64_t> offsets) {
    int64_t best = 0;
    for (int64_t k = 1, e = offsets.size(); k < e; ++k)
      if (precedes(x, offsets[k], offsets[best], largest))
        best = k;
    result.setInt(i, best);
  });
}

/// Runs `body(offsets)` for each line along `axis`.
template <typename Body>
void forEachLine(const Tensor &x, int64_t axis, Body body) {
  SmallVector<int64_t> strides = getStrides(x.getShape());
  int64_t extent = x.getDim(axis), step = strides[axis];
  std::vector<int64_t> offsets(extent);
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    if (i / step % extent != 0)
      continue;
    for (int64_t k = 0; k < extent; ++k)
      offsets[k] = i + k * step;
    body(offsets);
  }
}

template <bool product>
LogicalResult scan(Call &call) {
  const Tensor &x = call.in(0);
  FailureOr<int64_t> axis = normalizeAxis(call, call.in(1).getInt(0), x.getRank());
  if (failed(axis))
    return failure();
  bool exclusive = call.boolAttr("exclusive"), reverse = call.boolAttr("reverse");
  Tensor &result = call.make(x.getShape());
  if (x.getRank() == 0) {
    if (exclusive)
      result.set(0, product);
    else
      result.copyElement(0, x, 0);
    return success();
  }
  forEachLine(x, *axis, [&](std::vector<int64_t> &offsets) {
    if (reverse)
      std::reverse(offsets.begin(), offsets.end());
    double total = product;
    int64_t intTotal = product;
    for (int64_t at : offsets) {
      double before = total;
      int64_t intBefore = intTotal;
      total = product ? total * x.getDouble(at) : total + x.getDouble(at);
      uint64_t a = uint64_t(intTotal), b = uint64_t(x.getInt(at));
      intTotal = int64_t(product ? a * b : a + b);
      if (x.isFloat())
        result.set(at, exclusive ? before : total);
      else
        result.setInt(at, exclusive ? intBefore : intTotal);
    }
  });
  return success();
}

/// Equal values are taken in order of their position.
LogicalResult topK(Call &call) {
  const Tensor &x = call.in(0);
  FailureOr<int64_t> axis = normalizeAxis(call, call.intAttr("dim", -1), x.getRank());
  if (failed(axis))
    return failure();
  if (x.getRank() == 0)
    return call.error() << "expects an operand of rank 1 or more, but got a scalar";
  int64_t k = call.in(1).getInt(0);
  if (k < 0 || k > x.getDim(*axis))
    return call.error() << "expects k in [0, " << x.getDim(*axis) << "], but got " << k;
  bool largest = call.boolAttr("largest");
  SmallVector<int64_t> shape(x.getShape());
  shape[*axis] = k;
  Tensor values(call.resultElement(0), shape), indices(call.resultElement(1), shape);
  int64_t step = getStrides(x.getShape())[*axis], extent = x.getDim(*axis);
  forEachLine(x, *axis, [&](std::vector<int64_t> &offsets) {
    std::vector<int64_t> order(extent);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int64_t a, int64_t b) { return precedes(x, offsets[a], offsets[b], largest); });
    int64_t inner = offsets[0] % step, outer = offsets[0] / (step * extent);
    for (int64_t i = 0; i < k; ++i) {
      int64_t at = (outer * k + i) * step + inner;
      values.copyElement(at, x, offsets[order[i]]);
      indices.setInt(at, order[i]);
    }
  });
  call.results.push_back(std::move(values));
  call.results.push_back(std::move(indices));
  return success();
}

} // namespace

void gemlir::interp::registerReductions(Registry &registry) {
  registry["reduce_sum"] = reduce<Kind::Sum>;
  registry["reduce_mean"] = reduce<Kind::Mean>;
  registry["reduce_max"] = reduce<Kind::Max>;
  registry["reduce_min"] = reduce<Kind::Min>;
  registry["reduce_prod"] = reduce<Kind::Prod>;
  registry["reduce_log_sum_exp"] = logSumExp;
  registry["reduce_all"] = logicalReduce<true>;
  registry["reduce_any"] = logicalReduce<false>;
  registry["arg_max_v2"] = argExtreme<true>;
  registry["arg_min"] = argExtreme<false>;
  registry["cumsum"] = scan<false>;
  registry["cumprod"] = scan<true>;
  registry["top_k_v2"] = topK;
}
