//===- LegalizeONNXControl.cpp - conditions and loops -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXLoop.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;
using namespace gemlir;

namespace {

/// Loops of so few steps are written out.
constexpr int64_t kFewSteps = 4;
/// A loop whose steps differ is written out up to this many times.
constexpr int64_t kMaxIterations = 1024;

/// Whether all that is wrong with a body is that its operators reject the shapes
/// they get.
bool breaksRules(ArrayRef<UnsupportedNode> failures) {
  return llvm::all_of(failures, [](const UnsupportedNode &failure) { return failure.code == "E16006"; });
}

/// One branch of an If that decides at run time, in a region of its own.
struct Branch {
  explicit Branch(Node &n) : n(n) {}

  Node &n;
  std::unique_ptr<Region> region = std::make_unique<Region>();
  std::optional<SmallVector<Value>> results;
  std::vector<UnsupportedNode> failures;

  ~Branch() {
    if (region)
      n.getLegalizer().discard(*region);
  }
};

/// Maps a branch. Its arguments are `inputs`; constants it gets copies of.
void mapBranch(Node &n, Region &body, ArrayRef<Value> inputs, Branch &branch) {
  OpBuilder::InsertionGuard guard(n.builder());
  auto *block = new Block;
  branch.region->push_back(block);
  n.builder().setInsertionPointToEnd(block);
  SmallVector<Value> arguments;
  for (Value capture : n.getCaptures())
    if (ElementsAttr value = getConstantAttr(capture))
      arguments.push_back(n.constant(value));
    else
      arguments.push_back(nullptr);
  for (Value input : inputs) {
    Value argument = block->addArgument(input.getType(), n.loc());
    n.getLegalizer().setOrigin(argument, input, /*changes=*/false);
    for (auto [capture, value] : llvm::zip_equal(n.getCaptures(), arguments))
      if (capture == input)
        value = argument;
  }
  branch.results = n.getLegalizer().inlineBody(n, body, arguments, &branch.failures);
  if (branch.results)
    YieldOp::create(n.builder(), n.loc(), *branch.results);
}

/// The type of what two branches give, or null if they differ in more than what
/// their types say of sizes.
Type joinTypes(Node &n, Value a, Value c) {
  auto one = dyn_cast<RankedTensorType>(a.getType()), other = dyn_cast<RankedTensorType>(c.getType());
  if (one == other || !one || !other)
    return a.getType() == c.getType() ? a.getType() : Type();
  SymbolicShapes &shapes = n.getLegalizer().getShapes();
  DimList sizes(shapes.getShape(a));
  if (one.getElementType() != other.getElementType() || sizes != DimList(shapes.getShape(c)))
    return {};
  return RankedTensorType::get(gemlir::toShape(sizes), one.getElementType());
}

/// Runs the branch that the condition chooses.
void emitIf(Node &n, Value condition, ArrayRef<Value> inputs, Branch &thenBranch, Branch &elseBranch) {
  SmallVector<Type> types;
  for (auto [a, c] : llvm::zip(*thenBranch.results, *elseBranch.results)) {
    Type type = joinTypes(n, a, c);
    auto tensor = dyn_cast_or_null<RankedTensorType>(type);
    SymbolicShapes &shapes = n.getLegalizer().getShapes();
    // Room for a result is made before the decision.
    if (!type || (tensor && !tensor.hasStaticShape() && DimList(shapes.getShape(a)) != DimList(shapes.getShape(c))))
      return n.recordFailure(n.makeValueFailure(condition, "the condition of branches with different shapes"));
    types.push_back(type);
  }
  if (n.rank(condition) != 0)
    condition = n.reshape(condition, {});
  if (n.hasFailed())
    return;
  OperationState state(n.loc(), IfOp::getOperationName());
  state.addOperands(condition);
  state.addOperands(inputs);
  state.addTypes(types);
  state.addRegion(std::move(thenBranch.region));
  state.addRegion(std::move(elseBranch.region));
  Operation *op = n.builder().create(state);
  for (unsigned i = 0; i < std::min<size_t>(n.numOutputs(), types.size()); ++i)
    n.set(i, op->getResult(i));
}

void inlineBranch(Node &n, Region &body) {
  auto results = n.getLegalizer().inlineBody(n, body, n.getCaptures());
  for (unsigned i = 0; results && i < results->size(); ++i)
    n.set(i, (*results)[i]);
}

/// The operation that computes an element, whatever shape it was given since.
Operation *findProducer(Value value) {
  while (Operation *op = value ? value.getDefiningOp() : nullptr) {
    if (!isa<ReshapeOp, SqueezeOp, UnsqueezeOp, ExpandDimsOp, CastOp, IdentityOp>(op))
      return op;
    value = op->getOperand(0);
  }
  return nullptr;
}

/// Whether a branch takes a dimension away where it is 1, and the condition says
/// that it is: exporters write that for a dimension that they expect to be 1. The
/// squeeze itself lets each execution check it.
bool isSqueezeOfOne(Node &n, Value condition, Region &body) {
  auto equal = dyn_cast_or_null<EqualOp>(findProducer(condition));
  auto squeeze = body.front().getTerminator()->getNumOperands() == 1
                     ? body.front().getTerminator()->getOperand(0).getDefiningOp<FrameworkOp>()
                     : FrameworkOp();
  if (!equal || !squeeze || squeeze.getOriginalType() != "Squeeze")
    return false;
  SymbolicShapes &shapes = n.getLegalizer().getShapes();
  std::optional<DimList> a = shapes.getElements(equal.getX1()), b = shapes.getElements(equal.getX2());
  return a && b && a->size() == 1 && b->size() == 1 && (a->front() == 1 || b->front() == 1);
}

void mapIf(Node &n) {
  Region *thenBody = n.getBody("then_branch"), *elseBody = n.getBody("else_branch");
  Value condition = n.need(0);
  if (!thenBody || !elseBody)
    return (void)n.invalid("a branch is missing");
  if (std::optional<Ints> known = n.knownInts(condition); known && !known->empty())
    return inlineBranch(n, known->front() ? *thenBody : *elseBody);
  if (condition && isSqueezeOfOne(n, condition, *thenBody))
    return inlineBranch(n, *thenBody);
  SmallVector<Value> inputs;
  for (Value capture : n.getCaptures())
    if (!getConstantAttr(capture) && !llvm::is_contained(inputs, capture))
      inputs.push_back(capture);
  Branch thenBranch(n), elseBranch(n);
  mapBranch(n, *thenBody, inputs, thenBranch);
  mapBranch(n, *elseBody, inputs, elseBranch);
  if (n.hasFailed() || !condition || !n.typeOf(condition))
    return;
  if (!thenBranch.results && (!elseBranch.results || !breaksRules(thenBranch.failures)))
    return n.getLegalizer().reportAll(n, thenBranch.failures);
  if (!elseBranch.results && !breaksRules(elseBranch.failures))
    return n.getLegalizer().reportAll(n, elseBranch.failures);
  if (thenBranch.results && elseBranch.results)
    return emitIf(n, condition, inputs, thenBranch, elseBranch);
  // The model itself would fail there: only the other branch can be meant.
  emitWarning(n.loc()) << "ONNX operator If: the " << (thenBranch.results ? "else" : "then")
                       << " branch does not fit the shapes of the inputs, the other one is taken always";
  inlineBranch(n, thenBranch.results ? *thenBody : *elseBody);
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

//===----------------------------------------------------------------------===//
// Loop. Body: (iteration, condition, carried..., captures...) -> (condition,
// carried..., scanned...)
//===----------------------------------------------------------------------===//

struct Loop {
  Region *body = nullptr;
  /// Inputs of the node; null where left out.
  Value limit, condition;
  std::optional<int64_t> steps; ///< the limit, if known
  SmallVector<Value> carried;
  size_t numScanned = 0;
};

bool checkResults(Node &n, const Loop &loop, ArrayRef<Value> results) {
  size_t expected = 1 + loop.carried.size() + loop.numScanned;
  if (results.size() == expected)
    return true;
  n.invalid("the body has " + Twine(results.size()) + " outputs, expected " + Twine(expected));
  return false;
}

/// Writes all steps one after another, which must be known to be run.
void unrollLoop(Node &n, const Loop &loop) {
  Ints condition = {1};
  if (loop.condition && !n.needInts(loop.condition, "the condition", condition))
    return;
  int64_t limit = loop.steps.value_or(INT64_MAX);
  if (loop.limit && !loop.steps && !n.needInt(loop.limit, "the trip count", limit))
    return;
  SmallVector<Value> carried = loop.carried;
  SmallVector<SmallVector<Value>> scanned(loop.numScanned);
  Type i1 = n.builder().getI1Type();
  for (int64_t i = 0; i < limit && !condition.empty() && condition[0]; ++i) {
    if (i == kMaxIterations)
      return (void)n.unsupported("a loop of more than " + Twine(kMaxIterations) + " steps that differ");
    SmallVector<Value> arguments = {n.intScalar(i), n.scalar(i1, 1)};
    llvm::append_range(arguments, carried);
    llvm::append_range(arguments, n.getCaptures());
    std::vector<UnsupportedNode> failures;
    auto results = n.getLegalizer().inlineBody(n, *loop.body, arguments, &failures);
    if (!results)
      return n.hasFailed() ? void() : n.getLegalizer().reportAll(n, failures);
    if (!checkResults(n, loop, *results) ||
        !n.needInts((*results)[0], "the condition that the loop's body computes", condition))
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

/// Writes one step that runs as often as the execution says.
void emitLoop(Node &n, const Loop &loop, std::vector<UnsupportedNode> &failures) {
  Value limit = loop.limit;
  if (limit && n.rank(limit) != 0)
    limit = n.reshape(limit, {});
  Value condition = loop.condition;
  std::optional<Ints> known = condition ? n.constInts(condition) : Ints{1};
  bool startsTrue = known && !known->empty() && known->front();
  if (condition && n.rank(condition) != 0)
    condition = n.reshape(condition, {});
  Type i1 = n.builder().getI1Type();
  if (!condition)
    condition = n.scalar(i1, 1);
  LoopBuilder builder(n, limit);
  SmallVector<Value> arguments = {builder.counter(), n.scalar(i1, 1)}, next;
  for (Value value : loop.carried)
    arguments.push_back(builder.carry(value));
  for (Value capture : n.getCaptures())
    arguments.push_back(builder.use(capture));
  auto results = n.getLegalizer().inlineBody(n, *loop.body, arguments, &failures);
  if (!results || !checkResults(n, loop, *results))
    return;
  std::optional<Ints> goesOn = n.constInts((*results)[0]);
  bool counts = startsTrue && goesOn && !goesOn->empty() && goesOn->front();
  if (counts && !limit)
    return (void)n.unsupported("a loop without an end");
  for (size_t k = 0; k < loop.carried.size(); ++k)
    next.push_back((*results)[1 + k]);
  for (size_t k = 0; k < loop.numScanned; ++k) {
    Value slice = (*results)[1 + loop.carried.size() + k];
    if (!counts && !loop.steps && !loop.limit)
      return (void)n.unsupported("a loop that collects values and whose number of steps the execution decides");
    if (!loop.steps)
      return n.recordFailure(n.makeValueFailure(loop.limit, "the trip count of a loop that collects values"));
    if (!startsTrue)
      return n.recordFailure(n.makeValueFailure(loop.condition, "the condition of a loop that collects values"));
    if (!counts)
      return (void)n.unsupported("a loop that collects values and whose number of steps the execution decides");
    if (!n.needStatic(slice))
      return;
    Collector collector(builder, n, n.typeOf(slice), std::max<int64_t>(*loop.steps, 0));
    next.push_back(collector.put(n, builder.counter(), slice));
  }
  if (!counts) {
    builder.setCondition(condition);
    next.push_back(n.rank((*results)[0]) == 0 ? (*results)[0] : n.reshape((*results)[0], {}));
  }
  SmallVector<Value> last = builder.finish(next);
  for (unsigned k = 0; k < n.numOutputs(); ++k)
    n.set(k, last[k]);
}

void mapLoop(Node &n) {
  Loop loop;
  loop.body = n.getBody("body");
  if (!loop.body)
    return (void)n.invalid("the body is missing");
  loop.limit = n.in(0);
  loop.condition = n.in(1);
  if (std::optional<Ints> steps = loop.limit ? n.constInts(loop.limit) : std::nullopt; steps && steps->size() == 1)
    loop.steps = steps->front();
  for (unsigned i = 2; i < n.numInputs(); ++i)
    loop.carried.push_back(n.need(i));
  if (n.hasFailed())
    return;
  if (n.numOutputs() < loop.carried.size())
    return (void)n.invalid("the loop has fewer outputs than carried values");
  loop.numScanned = n.numOutputs() - loop.carried.size();
  std::optional<Ints> condition = loop.condition ? n.constInts(loop.condition) : Ints{1};
  bool isKnown = condition && !condition->empty() && (loop.steps || !loop.limit);
  bool isShort = isKnown && (condition->front() == 0 || (loop.steps && *loop.steps <= kFewSteps));
  if (isShort) {
    unrollLoop(n, loop);
    if (!n.hasFailed())
      return;
    (void)n.takeFailure();
  }
  std::vector<UnsupportedNode> failures;
  emitLoop(n, loop, failures);
  if (!n.hasFailed() && failures.empty())
    return;
  Failure why = n.hasFailed() ? n.takeFailure() : Failure();
  // With its number of steps known, a loop whose steps differ can be written out.
  auto isValue = [](const UnsupportedNode &failure) { return failure.code == "E16007"; };
  bool needsValues = failures.empty() ? !why.why.empty() : llvm::all_of(failures, isValue);
  if (!isKnown && needsValues && StringRef(why.code) != "E16006")
    return n.recordFailure(n.makeValueFailure(loop.limit && !loop.steps ? loop.limit : loop.condition,
                                              "the trip count or condition of a loop whose steps differ"));
  if (isKnown && !isShort) {
    unrollLoop(n, loop);
    if (!n.hasFailed())
      return;
    (void)n.takeFailure();
  }
  if (!failures.empty())
    return n.getLegalizer().reportAll(n, failures);
  n.recordFailure(why);
}

//===----------------------------------------------------------------------===//
// Scan. Body: (states..., slices..., captures...) -> (states..., slices...)
//===----------------------------------------------------------------------===//

struct Scan {
  Region *body = nullptr;
  int64_t length = -1;
  SmallVector<Value> states, inputs; ///< inputs with the scanned axis first
  Ints inBack, outAxes, outBack;
};

bool readAxes(Node &n, Scan &scan, int64_t states, int64_t scans, int64_t outputs) {
  Ints inAxes = n.getInts("scan_input_axes", Ints(scans, 0));
  scan.outAxes = n.getInts("scan_output_axes", Ints(outputs, 0));
  scan.inBack = n.getInts("scan_input_directions", Ints(scans, 0));
  scan.outBack = n.getInts("scan_output_directions", Ints(outputs, 0));
  if (int64_t(inAxes.size()) != scans || int64_t(scan.inBack.size()) != scans ||
      int64_t(scan.outAxes.size()) != outputs || int64_t(scan.outBack.size()) != outputs) {
    n.invalid("axes or directions have the wrong length");
    return false;
  }
  for (int64_t k = 0; k < scans; ++k) {
    Value x = n.need(states + k);
    if (!x || !n.needStatic(x))
      return false;
    int64_t axis = n.normalizeAxis(inAxes[k], n.rank(x));
    if (n.hasFailed() || n.rank(x) == 0) {
      n.invalid("a scanned input is a scalar");
      return false;
    }
    int64_t own = n.shapeOf(x)[axis];
    if (scan.length >= 0 && own != scan.length) {
      n.invalid("scanned inputs have lengths " + Twine(scan.length) + " and " + Twine(own));
      return false;
    }
    scan.length = own;
    Ints order = {axis};
    for (int64_t dim = 0; dim < n.rank(x); ++dim)
      if (dim != axis)
        order.push_back(dim);
    scan.inputs.push_back(axis == 0 ? x : n.transpose(x, order));
  }
  return true;
}

/// Moves the first dimension to `axis`.
Value moveFirst(Node &n, Value value, int64_t axis) {
  axis = n.normalizeAxis(axis, n.rank(value));
  if (n.hasFailed() || axis == 0)
    return value;
  Ints order;
  for (int64_t dim = 1; dim < n.rank(value); ++dim)
    order.push_back(dim);
  order.insert(order.begin() + axis, 0);
  return n.transpose(value, order);
}

std::optional<SmallVector<Value>> mapStep(Node &n, const Scan &scan, ArrayRef<Value> arguments, size_t outputs,
                                          std::vector<UnsupportedNode> &failures) {
  auto results = n.getLegalizer().inlineBody(n, *scan.body, arguments, &failures);
  if (results && results->size() != scan.states.size() + outputs) {
    n.invalid("the body has " + Twine(results->size()) + " outputs, expected " + Twine(scan.states.size() + outputs));
    return std::nullopt;
  }
  return results;
}

/// Writes all steps one after another; gives the last states, then what was
/// collected.
SmallVector<Value> unrollScan(Node &n, const Scan &scan, std::vector<UnsupportedNode> &failures) {
  SmallVector<Value> last = scan.states;
  SmallVector<SmallVector<Value>> collected(scan.outAxes.size());
  for (int64_t i = 0; i < scan.length; ++i) {
    SmallVector<Value> arguments(last);
    for (auto [x, isBack] : llvm::zip_equal(scan.inputs, scan.inBack))
      arguments.push_back(n.gather(x, n.intScalar(isBack ? scan.length - 1 - i : i), 0));
    llvm::append_range(arguments, n.getCaptures());
    auto results = mapStep(n, scan, arguments, collected.size(), failures);
    if (!results)
      return {};
    std::copy(results->begin(), results->begin() + last.size(), last.begin());
    for (size_t k = 0; k < collected.size(); ++k)
      collected[k].push_back((*results)[last.size() + k]);
  }
  for (size_t k = 0; k < collected.size(); ++k) {
    if (scan.outBack[k])
      std::reverse(collected[k].begin(), collected[k].end());
    last.push_back(stack(n, collected[k], scan.outAxes[k]));
  }
  return last;
}

SmallVector<Value> emitScan(Node &n, const Scan &scan, std::vector<UnsupportedNode> &failures) {
  LoopBuilder loop(n, scan.length);
  Value backward;
  auto index = [&](bool isBack) {
    if (isBack && !backward)
      backward = n.sub(n.intScalar(scan.length - 1), loop.counter());
    return isBack ? backward : loop.counter();
  };
  SmallVector<Value> arguments, next;
  for (Value state : scan.states)
    arguments.push_back(loop.carry(state));
  for (auto [x, isBack] : llvm::zip_equal(scan.inputs, scan.inBack))
    arguments.push_back(loop.sliceOf(x, index(isBack)));
  for (Value capture : n.getCaptures())
    arguments.push_back(loop.use(capture));
  auto results = mapStep(n, scan, arguments, scan.outAxes.size(), failures);
  if (!results)
    return {};
  next.assign(results->begin(), results->begin() + scan.states.size());
  for (size_t k = 0; k < scan.outAxes.size(); ++k) {
    Value slice = (*results)[scan.states.size() + k];
    if (!n.needStatic(slice))
      return {};
    Collector collector(loop, n, n.typeOf(slice), scan.length);
    next.push_back(collector.put(n, index(scan.outBack[k]), slice));
  }
  SmallVector<Value> last = loop.finish(next);
  for (size_t k = 0; k < scan.outAxes.size() && !n.hasFailed(); ++k)
    last[scan.states.size() + k] = moveFirst(n, last[scan.states.size() + k], scan.outAxes[k]);
  return last;
}

SmallVector<Value> runScan(Node &n, const Scan &scan) {
  std::vector<UnsupportedNode> failures;
  SmallVector<Value> last;
  if (scan.length > kFewSteps)
    last = emitScan(n, scan, failures);
  if (scan.length <= kFewSteps || n.hasFailed() || !failures.empty()) {
    if (scan.length > kMaxIterations) {
      if (!n.hasFailed())
        n.getLegalizer().reportAll(n, failures);
      return {};
    }
    if (n.hasFailed())
      (void)n.takeFailure();
    failures.clear();
    last = unrollScan(n, scan, failures);
  }
  if (!failures.empty() && !n.hasFailed())
    n.getLegalizer().reportAll(n, failures);
  return last;
}

/// Operator set 8: all values have a batch in front, and each of its elements is
/// scanned on its own.
void mapBatchedScan(Node &n, Scan &scan, int64_t scans) {
  int64_t states = int64_t(n.numInputs()) - 1 - scans, outputs = int64_t(n.numOutputs()) - states;
  if (n.has(0))
    return (void)n.unsupported("Scan of operator set 8 with sequence lengths",
                               "export the model with operator set 9 or later");
  if (states < 0 || outputs < 0)
    return (void)n.invalid("the node has fewer inputs or outputs than states");
  Ints directions = n.getInts("directions", Ints(scans, 0));
  scan.inBack = directions;
  scan.outAxes.assign(outputs, 0);
  scan.outBack.assign(outputs, 0);
  Value first = n.need(1);
  if (!first || !n.needStatic(first) || n.rank(first) == 0 || int64_t(directions.size()) != scans)
    return (void)n.invalid("directions or the batch are missing");
  int64_t batch = n.shapeOf(first)[0];
  SmallVector<SmallVector<Value>> results(n.numOutputs());
  for (int64_t b = 0; b < batch && !n.hasFailed(); ++b) {
    scan.states.clear();
    scan.inputs.clear();
    for (int64_t k = 0; k < states + scans; ++k) {
      Value part = n.gather(n.need(1 + k), n.intScalar(b), 0);
      (k < states ? scan.states : scan.inputs).push_back(part);
    }
    if (n.hasFailed() || !n.needStatic(scan.inputs.front()))
      return;
    scan.length = n.shapeOf(scan.inputs.front())[0];
    SmallVector<Value> last = runScan(n, scan);
    for (size_t k = 0; k < last.size() && !n.hasFailed(); ++k)
      results[k].push_back(last[k]);
  }
  for (unsigned k = 0; k < n.numOutputs() && !n.hasFailed(); ++k)
    n.set(k, stack(n, results[k], 0));
}

void mapScan(Node &n) {
  Scan scan;
  scan.body = n.getBody("body");
  int64_t scans = n.getInt("num_scan_inputs", 0), inputs = n.numInputs();
  if (!scan.body || scans <= 0 || scans > inputs)
    return (void)n.invalid("the body is missing, or num_scan_inputs is out of range");
  if (n.version() < 9)
    return mapBatchedScan(n, scan, scans);
  int64_t states = inputs - scans, outputs = int64_t(n.numOutputs()) - states;
  if (outputs < 0)
    return (void)n.invalid("the node has fewer outputs than states");
  scan.states.assign(n.allInputs().begin(), n.allInputs().begin() + states);
  if (!readAxes(n, scan, states, scans, outputs))
    return;
  if (scan.length == 0)
    return (void)n.unsupported("a scan over 0 steps");
  SmallVector<Value> last = runScan(n, scan);
  for (size_t k = 0; k < last.size() && !n.hasFailed(); ++k)
    n.set(k, last[k]);
}

} // namespace

void mlir::ge::onnx::populateControl(MappingTable &table) {
  table.add("If", mapIf);
  table.add("Loop", mapLoop);
  table.add("Scan", mapScan);
}
