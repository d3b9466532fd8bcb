//===- LegalizeONNXControl.cpp - conditions and loops -------------------===//
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

/// A loop is unrolled up to this many times.
constexpr int64_t kMaxIterations = 1024;

/// Whether all that is wrong with a body is that its operators reject the shapes
/// they get.
bool breaksRules(ArrayRef<UnsupportedNode> failures) {
  return llvm::all_of(failures, [](const UnsupportedNode &failure) { return failure.code == "E16006"; });
}

/// A known predicate chooses a branch. Another one chooses between the results
/// of both branches, which have no side effects.
void mapIf(Node &n) {
  Region *thenBody = n.getBody("then_branch"), *elseBody = n.getBody("else_branch");
  Value condition = n.need(0);
  if (!thenBody || !elseBody)
    return (void)n.invalid("a branch is missing");
  std::optional<Ints> known = n.constInts(condition);
  Legalizer &legalizer = n.getLegalizer();
  if (known && !known->empty()) {
    auto results = legalizer.inlineBody(n, known->front() ? *thenBody : *elseBody, n.getCaptures());
    for (unsigned i = 0; results && i < results->size(); ++i)
      n.set(i, (*results)[i]);
    return;
  }
  std::vector<UnsupportedNode> thenFailures, elseFailures;
  auto thenResults = legalizer.inlineBody(n, *thenBody, n.getCaptures(), &thenFailures);
  auto elseResults = legalizer.inlineBody(n, *elseBody, n.getCaptures(), &elseFailures);
  if (n.hasFailed() || !condition || !n.typeOf(condition))
    return;
  if (!thenResults && (!elseResults || !breaksRules(thenFailures)))
    return legalizer.reportAll(n, thenFailures);
  if (!elseResults && !breaksRules(elseFailures))
    return legalizer.reportAll(n, elseFailures);
  if (!thenResults || !elseResults) {
    // The model itself would fail there: only the other branch can be meant.
    emitWarning(n.loc()) << "ONNX operator If: the " << (thenResults ? "else" : "then")
                         << " branch does not fit the shapes of the inputs, the other one is taken always";
    for (auto [i, value] : llvm::enumerate(thenResults ? *thenResults : *elseResults))
      n.set(i, value);
    return;
  }
  if (n.rank(condition) != 0)
    condition = n.reshape(condition, {});
  for (unsigned i = 0; i < std::min(thenResults->size(), elseResults->size()); ++i) {
    Value a = (*thenResults)[i], c = (*elseResults)[i];
    RankedTensorType type = n.typeOf(a);
    if (!type || !type.hasStaticShape() || n.typeOf(c) != type)
      return n.recordFailure(n.makeValueFailure(condition, "the condition of branches with different shapes"));
    n.set(i, n.select(condition, a, c));
  }
}

/// Puts the slices that a loop made one after the other.
Value stack(Node &n, ArrayRef<Value> slices, int64_t axis) {
  SmallVector<Value> parts;
  for (Value slice : slices) {
    Ints shape = n.shapeOf(slice);
    shape.insert(shape.begin() + n.normalizeAxis(axis, shape.size() + 1), 1);
    parts.push_back(n.reshape(slice, shape));
  }
  return n.hasFailed() || parts.empty() ? Value() : n.concat(parts, n.normalizeAxis(axis, n.rank(parts.front())));
}

/// Body: (iteration, condition, carried..., captures...) -> (condition,
/// carried..., scanned...).
void mapLoop(Node &n) {
  Region *body = n.getBody("body");
  if (!body)
    return (void)n.invalid("the body is missing");
  int64_t limit = INT64_MAX;
  Ints condition = {1};
  if ((n.has(0) && !n.needInt(n.in(0), "the trip count", limit)) ||
      (n.has(1) && !n.needInts(n.in(1), "the condition", condition)))
    return;
  SmallVector<Value> carried;
  for (unsigned i = 2; i < n.numInputs(); ++i)
    carried.push_back(n.need(i));
  if (n.numOutputs() < carried.size())
    return (void)n.invalid("the loop has fewer outputs than carried values");
  SmallVector<SmallVector<Value>> scanned(n.numOutputs() - carried.size());
  Type i1 = n.builder().getI1Type();
  for (int64_t i = 0; i < limit && !condition.empty() && condition[0]; ++i) {
    if (i == kMaxIterations)
      return (void)n.unsupported("a loop of more than " + Twine(kMaxIterations) + " iterations");
    SmallVector<Value> arguments = {n.intScalar(i), n.scalar(i1, 1)};
    llvm::append_range(arguments, carried);
    llvm::append_range(arguments, n.getCaptures());
    auto results = n.getLegalizer().inlineBody(n, *body, arguments);
    if (!results)
      return;
    if (results->size() != 1 + carried.size() + scanned.size())
      return (void)n.invalid("the body has " + Twine(results->size()) + " outputs, expected " +
                             Twine(1 + carried.size() + scanned.size()));
    if (!n.needInts((*results)[0], "the condition that the loop's body computes", condition))
      return;
    for (size_t k = 0; k < carried.size(); ++k)
      carried[k] = (*results)[1 + k];
    for (size_t k = 0; k < scanned.size(); ++k)
      scanned[k].push_back((*results)[1 + carried.size() + k]);
  }
  for (size_t k = 0; k < carried.size(); ++k)
    n.set(k, carried[k]);
  for (size_t k = 0; k < scanned.size(); ++k)
    if (n.isUsed(carried.size() + k))
      n.set(carried.size() + k, scanned[k].empty() ? n.unsupported("a loop without iterations that collects values")
                                                   : stack(n, scanned[k], 0));
}

/// Body: (states..., slices..., captures...) -> (states..., slices...).
void mapScan(Node &n) {
  Region *body = n.getBody("body");
  int64_t scans = n.getInt("num_scan_inputs", 0), inputs = n.numInputs();
  if (n.version() < 9)
    return (void)n.unsupported("Scan of operator set 8", "export the model with operator set 9 or later");
  if (!body || scans <= 0 || scans > inputs)
    return (void)n.invalid("the body is missing, or num_scan_inputs is out of range");
  int64_t states = inputs - scans, outputs = int64_t(n.numOutputs()) - states, length = -1;
  if (outputs < 0)
    return (void)n.invalid("the node has fewer outputs than states");
  Ints inAxes = n.getInts("scan_input_axes", Ints(scans, 0)), outAxes = n.getInts("scan_output_axes", Ints(outputs, 0));
  Ints inBack = n.getInts("scan_input_directions", Ints(scans, 0));
  Ints outBack = n.getInts("scan_output_directions", Ints(outputs, 0));
  if (int64_t(inAxes.size()) != scans || int64_t(inBack.size()) != scans || int64_t(outAxes.size()) != outputs ||
      int64_t(outBack.size()) != outputs)
    return (void)n.invalid("axes or directions have the wrong length");
  for (int64_t k = 0; k < scans; ++k) {
    Value x = n.need(states + k);
    if (!x || !n.needStatic(x))
      return;
    inAxes[k] = n.normalizeAxis(inAxes[k], n.rank(x));
    if (n.hasFailed() || n.rank(x) == 0)
      return (void)n.invalid("a scanned input is a scalar");
    int64_t own = n.shapeOf(x)[inAxes[k]];
    if (length >= 0 && own != length)
      return (void)n.invalid("scanned inputs have lengths " + Twine(length) + " and " + Twine(own));
    length = own;
  }
  if (length > kMaxIterations || length == 0)
    return (void)n.unsupported("a scan over " + Twine(length) + " steps");
  SmallVector<Value> state(n.allInputs().take_front(states));
  SmallVector<SmallVector<Value>> collected(outputs);
  for (int64_t i = 0; i < length; ++i) {
    SmallVector<Value> arguments(state);
    for (int64_t k = 0; k < scans; ++k) {
      Value x = n.in(states + k);
      int64_t place = inBack[k] ? length - 1 - i : i;
      Ints shape = n.shapeOf(x);
      shape.erase(shape.begin() + inAxes[k]);
      Value slice = n.sliceAxis(x, inAxes[k], place, place + 1);
      arguments.push_back(slice ? n.reshape(slice, shape) : slice);
    }
    llvm::append_range(arguments, n.getCaptures());
    auto results = n.getLegalizer().inlineBody(n, *body, arguments);
    if (!results)
      return;
    if (int64_t(results->size()) != states + outputs)
      return (void)n.invalid("the body has " + Twine(results->size()) + " outputs, expected " +
                             Twine(states + outputs));
    std::copy(results->begin(), results->begin() + states, state.begin());
    for (int64_t k = 0; k < outputs; ++k)
      collected[k].push_back((*results)[states + k]);
  }
  for (int64_t k = 0; k < states; ++k)
    n.set(k, state[k]);
  for (int64_t k = 0; k < outputs; ++k) {
    if (outBack[k])
      std::reverse(collected[k].begin(), collected[k].end());
    n.set(states + k, stack(n, collected[k], outAxes[k]));
  }
}

} // namespace

void mlir::ge::onnx::populateControl(MappingTable &table) {
  table.add("If", mapIf);
  table.add("Loop", mapLoop);
  table.add("Scan", mapScan);
}
