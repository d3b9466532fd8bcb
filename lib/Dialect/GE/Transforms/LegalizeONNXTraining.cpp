//===- LegalizeONNXTraining.cpp - steps of optimizers -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One step of an optimizer for several tensors at once. The inputs are the rate,
// the count of steps, then all tensors, all gradients and all states of each
// kind; the outputs are the new tensors and states in the same order.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// The inputs of one tensor.
struct Step {
  Node &n;
  Value rate, count, x, gradient;
  SmallVector<Value, 2> states;

  /// The gradient with that of the penalty on the tensor's norm.
  Value regularized() { return n.add(n.mulScalar(x, n.getFloat("norm_coefficient", 0)), gradient); }
  /// Whether this is the first step.
  Value isFirst() { return n.emit<EqualOp>(count, n.scalarLike(count, 0)); }
};

/// Calls `update`, which returns the new tensor and sets the new states.
void mapOptimizer(Node &n, unsigned states, Value (*update)(Step &)) {
  unsigned kinds = 2 + states, tensors = n.numInputs() < 2 ? 0 : (n.numInputs() - 2) / kinds;
  if (tensors == 0 || n.numInputs() != 2 + tensors * kinds)
    return (void)n.invalid("found " + Twine(n.numInputs()) + " inputs, expected 2 and " + Twine(kinds) +
                           " for each tensor");
  for (unsigned i = 0; i < tensors; ++i) {
    auto input = [&](unsigned kind) { return n.need(2 + kind * tensors + i); };
    Step step{n, n.need(0), n.need(1), input(0), input(1), {}};
    for (unsigned state = 0; state < states; ++state)
      step.states.push_back(input(2 + state));
    if (!step.x || !n.typeOf(step.x))
      return;
    step.rate = n.cast(n.reshape(step.rate, {}), n.elem(step.x));
    step.count = n.cast(n.reshape(step.count, {}), n.elem(step.x));
    n.set(i, update(step));
    for (unsigned state = 0; state < states; ++state)
      n.set((1 + state) * tensors + i, step.states[state]);
  }
}

Value updateAdagrad(Step &step) {
  Node &n = step.n;
  Value rate = n.div(step.rate, n.addScalar(n.mulScalar(step.count, n.getFloat("decay_factor", 0)), 1));
  Value gradient = step.regularized();
  step.states[0] = n.add(step.states[0], n.emit<SquareOp>(gradient));
  Value root = n.addScalar(n.emit<SqrtOp>(step.states[0]), n.getFloat("epsilon", 1e-6));
  return n.sub(step.x, n.div(n.mul(rate, gradient), root));
}

/// The moving average of `value` with weight `keep` of the old one.
Value average(Node &n, Value old, Value value, double keep) {
  return n.add(n.mulScalar(old, keep), n.mulScalar(value, 1 - keep));
}

Value updateAdam(Step &step) {
  Node &n = step.n;
  double alpha = n.getFloat("alpha", 0.9), beta = n.getFloat("beta", 0.999);
  Value gradient = step.regularized();
  step.states[0] = average(n, step.states[0], gradient, alpha);
  step.states[1] = average(n, step.states[1], n.emit<SquareOp>(gradient), beta);
  // Both averages start at zero, which later steps make up for.
  auto bias = [&](double base) {
    Value power = n.emit<PowOp>(n.scalarLike(step.count, base), step.count);
    return n.sub(n.scalarLike(power, 1), power);
  };
  Value corrected = n.div(n.mul(step.rate, n.emit<SqrtOp>(bias(beta))), bias(alpha));
  Value rate = n.select(step.isFirst(), step.rate, corrected);
  Value root = n.addScalar(n.emit<SqrtOp>(step.states[1]), n.getFloat("epsilon", 1e-6));
  Value x = n.sub(step.x, n.mul(rate, n.div(step.states[0], root)));
  return n.mulScalar(x, 1 - n.getFloat("norm_coefficient_post", 0));
}

Value updateMomentum(Step &step) {
  Node &n = step.n;
  double alpha = n.getFloat("alpha", 0);
  Value gradient = step.regularized(), one = n.scalarLike(step.count, 1);
  Value beta = n.select(step.isFirst(), one, n.scalarLike(step.count, n.getFloat("beta", 1)));
  step.states[0] = n.add(n.mulScalar(step.states[0], alpha), n.mul(beta, gradient));
  Value change = step.states[0];
  if (n.getString("mode", "standard") == "nesterov")
    change = n.add(gradient, n.mulScalar(change, alpha));
  return n.sub(step.x, n.mul(step.rate, change));
}

} // namespace

void mlir::ge::onnx::populateTraining(MappingTable &table) {
  constexpr StringLiteral domain = "ai.onnx.preview.training";
  table.add(domain, "Adagrad", [](Node &n) { mapOptimizer(n, 1, updateAdagrad); });
  table.add(domain, "Adam", [](Node &n) { mapOptimizer(n, 2, updateAdam); });
  table.add(domain, "Momentum", [](Node &n) { mapOptimizer(n, 1, updateMomentum); });
}
