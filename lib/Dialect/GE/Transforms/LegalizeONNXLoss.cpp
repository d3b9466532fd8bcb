//===- LegalizeONNXLoss.cpp - losses ------------------------------------===//
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

/// The negative of the log probability at each target, weighted by class;
/// ignored targets count nothing.
void setLoss(Node &n, Value logProbabilities, Value target, Value weight) {
  if (!logProbabilities || !target || !n.typeOf(logProbabilities) || !n.typeOf(target))
    return;
  Ints shape = n.shapeOf(target), column(shape);
  if (n.rank(logProbabilities) != int64_t(shape.size()) + 1 || shape.empty())
    return (void)n.invalid("the target has rank " + Twine(shape.size()) + ", expected one less than the input");
  column.insert(column.begin() + 1, 1);
  Type element = n.elem(logProbabilities);
  Value keep;
  if (n.hasAttr("ignore_index")) {
    keep = n.emit<NotEqualOp>(target, n.scalarLike(target, n.getInt("ignore_index", 0)));
    target = n.select(keep, target, n.scalarLike(target, 0));
  }
  Value picked = n.emit<GatherElementsOp>(logProbabilities, n.reshape(target, column), int64_t(1));
  Value loss = n.emit<NegOp>(n.reshape(picked, shape));
  Value weights = weight ? n.gather(weight, target, 0) : Value();
  if (!weights && keep)
    weights = n.cast(keep, element);
  else if (keep)
    weights = n.mul(weights, n.cast(keep, element));
  if (weights)
    loss = n.mul(loss, weights);
  StringRef reduction = n.getString("reduction", "mean");
  Ints all = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  if (reduction == "none")
    return n.set(0, loss);
  if (reduction == "sum")
    return n.set(0, n.reduceSum(loss, all, false));
  if (reduction != "mean")
    return (void)n.invalid("reduction is '" + reduction + "', expected none, sum or mean");
  n.set(0, weights ? n.div(n.reduceSum(loss, all, false), n.reduceSum(weights, all, false))
                   : n.reduceMean(loss, all, false));
}

void mapNegativeLogLikelihood(Node &n) { setLoss(n, n.need(0), n.need(1), n.in(2)); }

void mapSoftmaxCrossEntropy(Node &n) {
  Value logs = n.emit<LogSoftmaxV2Op>(n.need(0), ArrayRef<int64_t>{1});
  n.set(1, logs);
  setLoss(n, logs, n.need(1), n.in(2));
}

} // namespace

void mlir::ge::onnx::populateLoss(MappingTable &table) {
  table.add("NegativeLogLikelihoodLoss", mapNegativeLogLikelihood);
  table.add("SoftmaxCrossEntropyLoss", mapSoftmaxCrossEntropy);
}
