//===- LegalizeONNXReduce.cpp - reductions, scans, arg operators --------===//
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

struct Reduction {
  Value x;
  Ints axes;
  bool keepDims = true;
  bool none = false; ///< nothing is reduced
};

/// Axes are an attribute at first and an input later; none stand for all, unless
/// the node says that they stand for nothing.
Reduction readReduction(Node &n, int64_t inputSince) {
  Reduction result;
  result.x = n.need(0);
  result.keepDims = n.getInt("keepdims", 1) != 0;
  if (!result.x || !n.typeOf(result.x))
    return result;
  if (n.version() >= inputSince && n.has(1)) {
    if (!n.needInts(n.in(1), "axes", result.axes))
      return result;
  } else {
    result.axes = n.getInts("axes");
  }
  int64_t rank = n.rank(result.x);
  n.normalizeAxes(result.axes, rank);
  if (result.axes.empty()) {
    result.none = n.getInt("noop_with_empty_axes", 0) != 0;
    if (!result.none)
      result.axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  }
  llvm::sort(result.axes);
  result.axes.erase(std::unique(result.axes.begin(), result.axes.end()), result.axes.end());
  return result;
}

template <typename OpTy>
Value apply(Node &n, const Reduction &r, Value x) {
  if (!x || n.hasFailed())
    return {};
  // A scalar has nothing to reduce.
  if (r.none || (r.axes.empty() && n.rank(x) == 0))
    return x;
  return n.reduce<OpTy>(x, r.axes, r.keepDims);
}

constexpr int64_t kSumSince = 13, kOthersSince = 18;

template <typename OpTy, int64_t Since = kOthersSince>
void mapReduce(Node &n) {
  Reduction r = readReduction(n, Since);
  n.set(0, apply<OpTy>(n, r, r.x));
}

/// The mean of integers is computed in the operand's type, by truncation.
void mapMean(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  if (!r.x || n.isFloat(r.x))
    return n.set(0, apply<ReduceMeanOp>(n, r, r.x));
  Value mean = apply<ReduceMeanOp>(n, r, n.cast(r.x, n.builder().getF32Type()));
  n.set(0, n.cast(mean, n.elem(r.x)));
}

/// The greatest and least of bools are disjunction and conjunction.
template <typename OpTy, typename BoolOp>
void mapExtreme(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  if (!r.x || !n.elem(r.x) || !n.elem(r.x).isInteger(1))
    return n.set(0, apply<OpTy>(n, r, r.x));
  n.set(0, r.none ? r.x : n.emit<BoolOp>(r.x, n.ints(r.axes), r.keepDims));
}

void mapL1(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  n.set(0, apply<ReduceSumOp>(n, r, n.emit<AbsOp>(r.x)));
}

void mapL2(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  Value sum = apply<ReduceSumOp>(n, r, n.emit<SquareOp>(r.x));
  if (!sum)
    return;
  Type element = n.elem(sum);
  Value wide = n.isFloat(sum) ? sum : n.cast(sum, n.builder().getF32Type());
  n.set(0, n.cast(n.emit<SqrtOp>(wide), element));
}

void mapSumSquare(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  n.set(0, apply<ReduceSumOp>(n, r, n.emit<SquareOp>(r.x)));
}

void mapLogSum(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  n.set(0, n.emit<LogOp>(apply<ReduceSumOp>(n, r, r.x)));
}

void mapLogSumExp(Node &n) {
  Reduction r = readReduction(n, kOthersSince);
  n.set(0, apply<ReduceLogSumExpOp>(n, r, r.x));
}

/// The index of the first extreme, or of the last if asked for.
template <typename OpTy>
void mapArg(Node &n) {
  Value x = n.need(0);
  if (!x || !n.typeOf(x))
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  bool last = n.getInt("select_last_index", 0) != 0;
  Ints shape = n.shapeOf(x);
  if (n.hasFailed())
    return;
  Dim length = n.dimsOf(x)[axis];
  if (last)
    x = n.emit<ReverseV2Op>(x, n.ints({axis}));
  Value index = n.argExtreme<OpTy>(x, axis);
  if (last && index)
    index = n.sub(length.isDynamic() ? n.reshape(n.sizes(length - 1), {}) : n.scalarLike(index, *length.known() - 1),
                  index);
  if (n.getInt("keepdims", 1) && index) {
    shape[axis] = 1;
    index = n.reshape(index, shape);
  }
  n.set(0, index);
}

template <typename OpTy>
void mapScan(Node &n) {
  Value x = n.need(0);
  int64_t axis;
  if (!x || !n.typeOf(x) || !n.needInt(n.in(1), "axis", axis))
    return;
  axis = n.normalizeAxis(axis, n.rank(x));
  n.set(0, n.emit<OpTy>(x, n.intScalar(axis), n.getInt("exclusive", 0) != 0, n.getInt("reverse", 0) != 0));
}

} // namespace

void mlir::ge::onnx::populateReduce(MappingTable &table) {
  table.add("ReduceSum", mapReduce<ReduceSumOp, kSumSince>);
  table.add("ReduceMean", mapMean);
  table.add("ReduceMax", mapExtreme<ReduceMaxOp, ReduceAnyOp>);
  table.add("ReduceMin", mapExtreme<ReduceMinOp, ReduceAllOp>);
  table.add("ReduceProd", mapReduce<ReduceProdOp>);
  table.add("ReduceL1", mapL1);
  table.add("ReduceL2", mapL2);
  table.add("ReduceSumSquare", mapSumSquare);
  table.add("ReduceLogSum", mapLogSum);
  table.add("ReduceLogSumExp", mapLogSumExp);
  table.add("ArgMax", mapArg<ArgMaxV2Op>);
  table.add("ArgMin", mapArg<ArgMinOp>);
  table.add("CumSum", mapScan<CumsumOp>);
  table.add("CumProd", mapScan<CumprodOp>);
}
