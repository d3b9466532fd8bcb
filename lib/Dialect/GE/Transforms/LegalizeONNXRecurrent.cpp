//===- LegalizeONNXRecurrent.cpp - LSTM, GRU, RNN -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXLoop.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

/// Longer sequences become a loop, so that a program's size does not depend on
/// theirs.
constexpr int64_t kMaxUnrolled = 4;

/// One activation with its parameters.
struct Activation {
  std::string name;
  float alpha, beta;

  Value operator()(Node &n, Value x) const {
    if (name == "sigmoid")
      return n.emit<SigmoidOp>(x);
    if (name == "tanh")
      return n.emit<TanhOp>(x);
    if (name == "relu")
      return n.emit<ReluOp>(x);
    if (name == "leakyrelu")
      return n.emit<LeakyReluOp>(x, alpha);
    if (name == "thresholdedrelu")
      return n.emit<ThresholdedReluOp>(x, alpha);
    if (name == "affine")
      return n.addScalar(n.mulScalar(x, alpha), beta);
    if (name == "scaledtanh")
      return n.mulScalar(n.emit<TanhOp>(n.mulScalar(x, beta)), alpha);
    if (name == "hardsigmoid")
      return n.emit<HardSigmoidOp>(x, alpha, beta);
    if (name == "elu")
      return n.emit<EluOp>(x, alpha, 1.0f, 1.0f);
    if (name == "softsign")
      return n.emit<SoftsignOp>(x);
    if (name == "softplus")
      return n.emit<SoftplusOp>(x);
    return n.unsupported("activation " + name);
  }
};

/// A recurrent node in the layout [steps, batch, ...], seen by all directions.
struct Cell {
  Value x, w, r, bias, peephole;
  Value lengths;                ///< of the sequences; null if all are whole
  DimList sizes;                ///< of x
  int64_t steps = 0, batch = 0, ///< may be dynamic
      input = 0, hidden = 0, directions = 1, gates = 1;
  bool batchFirst = false;
  double clip = 0;
  SmallVector<Activation> activations;
};

void readActivations(Node &n, Cell &cell, ArrayRef<StringRef> defaults) {
  SmallVector<StringRef> names;
  if (auto list = dyn_cast_if_present<ArrayAttr>(n.attr("activations")))
    for (Attribute name : list)
      names.push_back(isa<StringAttr>(name) ? llvm::cast<StringAttr>(name).getValue() : StringRef());
  while (names.size() < defaults.size() * cell.directions)
    names.push_back(defaults[names.size() % defaults.size()]);
  SmallVector<double> alphas = n.getFloats("activation_alpha"), betas = n.getFloats("activation_beta");
  size_t nextAlpha = 0, nextBeta = 0;
  for (StringRef name : names) {
    Activation activation{name.lower(), 0, 0};
    // Lists name values only for activations that take them.
    struct Defaults {
      const char *name;
      float alpha, beta;
      bool hasBeta;
    };
    static const Defaults table[] = {
        {"leakyrelu", 0.01f, 0, false}, {"thresholdedrelu", 1, 0, false},  {"affine", 1, 0, true},
        {"scaledtanh", 1, 1, true},     {"hardsigmoid", 0.2f, 0.5f, true}, {"elu", 1, 0, false}};
    for (const Defaults &entry : table)
      if (activation.name == entry.name) {
        activation.alpha = nextAlpha < alphas.size() ? static_cast<float>(alphas[nextAlpha++]) : entry.alpha;
        if (entry.hasBeta)
          activation.beta = nextBeta < betas.size() ? static_cast<float>(betas[nextBeta++]) : entry.beta;
      }
    cell.activations.push_back(activation);
  }
}

bool readCell(Node &n, int64_t gates, ArrayRef<StringRef> defaults, Cell &cell) {
  cell.x = n.need(0);
  cell.w = n.need(1);
  cell.r = n.need(2);
  cell.bias = n.in(3);
  cell.gates = gates;
  cell.batchFirst = n.getInt("layout", 0) != 0;
  cell.clip = n.getFloat("clip", 0);
  if (!cell.x || !cell.w || !cell.r || !n.typeOf(cell.x) || !n.needStatic(cell.w) || !n.needStatic(cell.r))
    return false;
  if (cell.batchFirst && n.rank(cell.x) == 3)
    cell.x = n.transpose(cell.x, {1, 0, 2});
  if (n.rank(cell.x) == 3 && !n.needStatic(cell.x, {2}))
    return false;
  Ints x = n.shapeOf(cell.x), w = n.shapeOf(cell.w), r = n.shapeOf(cell.r);
  if (x.size() != 3 || w.size() != 3 || r.size() != 3 || w[0] != r[0] || w[2] != x[2] || r[1] != gates * r[2] ||
      w[1] != r[1]) {
    n.invalid("the shapes of X, W and R do not fit together");
    return false;
  }
  cell.sizes = n.dimsOf(cell.x);
  cell.steps = x[0];
  cell.batch = x[1];
  cell.input = x[2];
  cell.hidden = r[2];
  cell.directions = w[0];
  if (cell.steps == 0) {
    n.unsupported("a sequence of 0 steps");
    return false;
  }
  if (n.has(4)) {
    std::optional<Ints> lengths = n.constInts(n.in(4));
    if (!lengths || llvm::any_of(*lengths, [&](int64_t length) { return length != cell.steps; }))
      cell.lengths = n.in(4);
  }
  readActivations(n, cell, defaults);
  return !n.hasFailed();
}

/// The part of a parameter that belongs to one direction, without that dimension.
Value ofDirection(Node &n, Value value, int64_t direction) {
  Ints shape = n.shapeOf(value);
  if (shape.empty())
    return {};
  Value part = n.sliceAxis(value, 0, direction, direction + 1);
  shape.erase(shape.begin());
  return part ? n.reshape(part, shape) : part;
}

/// Block `index` of `count` equal blocks of the last dimension.
Value block(Node &n, Value value, int64_t index, int64_t width) {
  return value ? n.sliceAxis(value, n.rank(value) - 1, index * width, (index + 1) * width) : value;
}

Value clipped(Node &n, const Cell &cell, Value x) {
  if (cell.clip <= 0)
    return x;
  return n.emit<ClipByValueV2Op>(x, n.scalarLike(x, -cell.clip), n.scalarLike(x, cell.clip));
}

/// The state of one direction, and what its step needs.
struct Direction {
  int64_t index = 0;
  Value w, r, wBias, rBias; ///< w and r transposed: [input, gates * hidden]
  Value hidden, cell;
  Value projected; ///< [steps, batch, gates * hidden], biases of the input included
};

/// Computes the next state from one step's projected input.
using Step = void (*)(Node &, const Cell &, Direction &, Value gates);

Value initialState(Node &n, const Cell &cell, Value given, int64_t direction) {
  if (!given)
    return n.fill(n.elem(cell.x), {cell.sizes[1], cell.hidden}, 0);
  if (cell.batchFirst)
    given = n.transpose(given, {1, 0, 2});
  Value state = ofDirection(n, given, direction);
  // Its batch is that of the input.
  return state ? n.reshapeTo(state, {cell.sizes[1], cell.hidden}) : state;
}

Direction makeDirection(Node &n, const Cell &cell, int64_t index, bool hasCellState) {
  Direction d;
  d.index = index;
  d.w = n.transpose(ofDirection(n, cell.w, index), {1, 0});
  d.r = n.transpose(ofDirection(n, cell.r, index), {1, 0});
  int64_t width = cell.gates * cell.hidden;
  if (cell.bias) {
    Value both = ofDirection(n, cell.bias, index);
    d.wBias = block(n, both, 0, width);
    d.rBias = block(n, both, 1, width);
  }
  d.hidden = initialState(n, cell, n.in(5), index);
  if (hasCellState)
    d.cell = initialState(n, cell, n.in(6), index);
  // One product for all steps.
  d.projected = n.matmul(cell.x, d.w);
  if (d.wBias)
    d.projected = n.add(d.projected, d.wBias);
  return d;
}

/// One step at `place` of the sequence, given as a scalar; returns what the
/// sequence gives there.
Value runStep(Node &n, const Cell &cell, Direction &d, Step step, Value gates, Value place) {
  Value oldHidden = d.hidden, oldCell = d.cell;
  step(n, cell, d, gates);
  if (!cell.lengths)
    return d.hidden;
  Value running = n.emit<GreaterOp>(cell.lengths, n.cast(place, n.elem(cell.lengths)));
  running = running ? n.reshape(running, {cell.batch, 1}) : running;
  d.hidden = n.select(running, d.hidden, oldHidden);
  if (d.cell)
    d.cell = n.select(running, d.cell, oldCell);
  // Past its end a sequence gives zeros.
  return n.select(running, d.hidden, n.scalarLike(d.hidden, 0));
}

/// Writes all steps of a direction one after another: [steps, 1, batch, hidden].
Value unrollDirection(Node &n, const Cell &cell, Direction &d, Step step, bool backward) {
  SmallVector<Value> made(cell.steps);
  for (int64_t i = 0; i < cell.steps && !n.hasFailed(); ++i) {
    int64_t place = backward ? cell.steps - 1 - i : i;
    Value gates = n.reshape(n.sliceAxis(d.projected, 0, place, place + 1), {cell.batch, cell.gates * cell.hidden});
    Value state = runStep(n, cell, d, step, gates, n.intScalar(place));
    made[place] = n.hasFailed() ? state : n.reshape(state, {1, 1, cell.batch, cell.hidden});
  }
  return n.hasFailed() ? Value() : n.concat(made, 0);
}

/// The same as a loop.
Value loopDirection(Node &n, const Cell &cell, Direction &d, Step step, bool backward) {
  bool collects = n.isUsed(0);
  Value room = collects ? n.fill(n.elem(cell.x), {cell.sizes[0], cell.sizes[1], cell.hidden}, 0) : Value();
  Value steps = cell.steps < 0 ? n.reshape(n.sizes({cell.sizes[0]}), {}) : n.intScalar(cell.steps);
  if (n.hasFailed())
    return {};
  LoopBuilder loop(n, steps);
  Cell inside = cell;
  inside.lengths = loop.use(cell.lengths);
  inside.peephole = loop.use(cell.peephole);
  Direction state = d;
  state.hidden = loop.carry(d.hidden);
  if (d.cell)
    state.cell = loop.carry(d.cell);
  state.r = loop.use(d.r);
  state.rBias = loop.use(d.rBias);
  Value place = backward ? n.sub(n.sub(loop.use(steps), n.intScalar(1)), loop.counter()) : loop.counter();
  Value made = runStep(n, inside, state, step, loop.sliceOf(d.projected, place), place);
  SmallVector<Value> next = {state.hidden};
  if (d.cell)
    next.push_back(state.cell);
  if (collects && made)
    next.push_back(Collector(loop, room).put(n, place, made));
  SmallVector<Value> last = loop.finish(next);
  if (n.hasFailed())
    return {};
  d.hidden = last[0];
  if (d.cell)
    d.cell = last[1];
  return collects ? n.reshapeTo(last.back(), {cell.sizes[0], 1, cell.sizes[1], cell.hidden}) : Value();
}

void runDirections(Node &n, Cell &cell, bool hasCellState, Step step) {
  StringRef mode = n.getString("direction", "forward");
  SmallVector<Value> outputs, lastHidden, lastCell;
  for (int64_t k = 0; k < cell.directions; ++k) {
    bool backward = mode == "reverse" || k == 1;
    Direction d = makeDirection(n, cell, k, hasCellState);
    if (n.hasFailed())
      return;
    outputs.push_back(cell.steps < 0 || cell.steps > kMaxUnrolled ? loopDirection(n, cell, d, step, backward)
                                                                  : unrollDirection(n, cell, d, step, backward));
    lastHidden.push_back(d.hidden);
    lastCell.push_back(d.cell);
  }
  if (n.hasFailed())
    return;
  auto stackStates = [&](ArrayRef<Value> states) {
    SmallVector<Value> parts;
    for (Value state : states)
      parts.push_back(n.reshape(state, {1, cell.batch, cell.hidden}));
    Value all = n.concat(parts, 0);
    return cell.batchFirst ? n.transpose(all, {1, 0, 2}) : all;
  };
  if (n.isUsed(0)) {
    Value all = n.concat(outputs, 1);
    n.set(0, cell.batchFirst ? n.transpose(all, {2, 0, 1, 3}) : all);
  }
  if (n.isUsed(1))
    n.set(1, stackStates(lastHidden));
  if (hasCellState && n.isUsed(2))
    n.set(2, stackStates(lastCell));
}

Value recurrent(Node &n, const Direction &d) {
  Value product = n.matmul(d.hidden, d.r);
  return d.rBias ? n.add(product, d.rBias) : product;
}

void stepRNN(Node &n, const Cell &cell, Direction &d, Value gates) {
  d.hidden = cell.activations[d.index](n, clipped(n, cell, n.add(gates, recurrent(n, d))));
}

/// Gates in the order input, output, forget, cell.
void stepLSTM(Node &n, const Cell &cell, Direction &d, Value gates) {
  const Activation *f = &cell.activations[3 * d.index];
  Value all = n.add(gates, recurrent(n, d)), p = cell.peephole ? ofDirection(n, cell.peephole, d.index) : Value();
  auto gate = [&](int64_t index, int64_t peephole, Value state) {
    Value z = block(n, all, index, cell.hidden);
    return clipped(n, cell, p ? n.add(z, n.mul(state, block(n, p, peephole, cell.hidden))) : z);
  };
  Value input = f[0](n, gate(0, 0, d.cell));
  Value forget = n.getInt("input_forget", 0) ? n.sub(n.scalarLike(input, 1), input) : f[0](n, gate(2, 2, d.cell));
  Value candidate = f[1](n, clipped(n, cell, block(n, all, 3, cell.hidden)));
  d.cell = n.add(n.mul(forget, d.cell), n.mul(input, candidate));
  Value output = f[0](n, gate(1, 1, d.cell));
  d.hidden = n.mul(output, f[2](n, d.cell));
}

/// Gates in the order update, reset, hidden.
void stepGRU(Node &n, const Cell &cell, Direction &d, Value gates) {
  const Activation *f = &cell.activations[2 * d.index];
  int64_t h = cell.hidden;
  bool linear = n.getInt("linear_before_reset", 0) != 0;
  Value product = n.matmul(d.hidden, d.r);
  Value all = d.rBias ? n.add(product, d.rBias) : product;
  Value update = f[0](n, clipped(n, cell, n.add(block(n, gates, 0, h), block(n, all, 0, h))));
  Value reset = f[0](n, clipped(n, cell, n.add(block(n, gates, 1, h), block(n, all, 1, h))));
  Value inner;
  if (linear) {
    inner = n.mul(reset, block(n, all, 2, h));
  } else {
    inner = n.matmul(n.mul(reset, d.hidden), block(n, d.r, 2, h));
    if (d.rBias)
      inner = n.add(inner, block(n, d.rBias, 2, h));
  }
  Value candidate = f[1](n, clipped(n, cell, n.add(block(n, gates, 2, h), inner)));
  d.hidden = n.add(n.mul(n.sub(n.scalarLike(update, 1), update), candidate), n.mul(update, d.hidden));
}

void mapRNN(Node &n) {
  Cell cell;
  if (readCell(n, 1, {"Tanh"}, cell))
    runDirections(n, cell, false, stepRNN);
}

void mapLSTM(Node &n) {
  Cell cell;
  if (!readCell(n, 4, {"Sigmoid", "Tanh", "Tanh"}, cell))
    return;
  cell.peephole = n.in(7);
  runDirections(n, cell, true, stepLSTM);
}

void mapGRU(Node &n) {
  Cell cell;
  if (readCell(n, 3, {"Sigmoid", "Tanh"}, cell))
    runDirections(n, cell, false, stepGRU);
}

} // namespace

void mlir::ge::onnx::populateRecurrent(MappingTable &table) {
  table.add("RNN", mapRNN);
  table.add("LSTM", mapLSTM);
  table.add("GRU", mapGRU);
}
