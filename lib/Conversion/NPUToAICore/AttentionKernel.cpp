//===- AttentionKernel.cpp - attention on cube and vector cores -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is some rows of queries of a head, and its keys go by in blocks. A group of
// a cube core and its vector cores works on a row of blocks, those of its tiles one
// after the other, and hands over three times by global memory:
//
//   cube     S(t) = Q · K(t)                scores
//   vector   P(t) = exp(S(t) - maxima)      exponentials; maxima and sums of rows so far
//   cube     O(t) = P(t) · V(t)
//   vector   O = O · exp(maxima before - maxima) + O(t); behind a tile's last block O / sums
//
// In step t the cube makes O(t - 2) and S(t) by turns, and then the vector cores take
// both, so that neither waits for what the other does in the same step. Everything
// that is handed over has two places. They need no flag of their own to be free: who
// writes S(t) has read P(t - 2), for which S(t - 2) was read; who writes P(t) has
// waited for O(t - 2), for which P(t - 2) was read; and who writes O(t - 1) has read
// P(t - 1), before which its writer had read O(t - 3).
//
//===----------------------------------------------------------------------===//

#include "AttentionKernel.h"

#include "BufferAddress.h"
#include "TileCount.h"

#include "ge-mlir/Dialect/NPU/IR/EngineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;
using engine::Space;

/// Columns of the cube's results in a fractal.
static constexpr int64_t kFractal = 16;
/// Elements of f32 in a block of 32 bytes, which stands for a row's number.
static constexpr int64_t kBlock = 8;
/// Flags between the cores of a group.
static constexpr int64_t kStepDone = 0, kExponentialsDone = 1;
/// Less than any score, but a number, of which others can be subtracted.
static constexpr float kLowest = -1e30f;

namespace {

/// An attention and how it is divided.
struct Attention {
  npu::AttentionOp op;
  /// The batch, and rows of both, are negative if only the execution knows.
  npu::AttentionOp::Dims query, key;
  Value q, k, v, mask, init;
  /// Whether the mask has a number for each query, not only for each key.
  bool isMaskFull = false;
  Type element;
  /// Vector cores of a group, and groups.
  int64_t vectors = 0, groups = 0;
  /// Rows of queries of a tile; keys of a block and of what the cube is fed with at
  /// once; rows that a vector core works on at once.
  int64_t rows = 0, block = 0, chunk = 0, part = 0;

  bool isOpen() const { return query.batch < 0 || query.rows < 0; }
  int64_t tiles() const { return query.batch * query.heads * llvm::divideCeil(query.rows, rows); }
  /// Whether the last block may have fewer keys.
  bool hasRest() const { return key.rows < 0 || key.rows % block; }
  int64_t share() const { return rows / vectors; }
  int64_t elementBytes() const { return element.getIntOrFloatBitWidth() / 8; }
  /// Elements in 32 bytes, the columns of an operand's fractal.
  int64_t lanes() const { return 32 / elementBytes(); }
  /// Columns in whole fractals.
  int64_t depth() const { return llvm::alignTo(query.columns, lanes()); }
  int64_t width() const { return llvm::alignTo(key.valueColumns, kFractal); }
};

} // namespace

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// What UB holds at most, with two copies of what queues hand over.
static int64_t getVectorBytes(const Attention &a) {
  const int64_t state = a.share() * (a.width() * 4 + 5 * kBlock * 4) + a.block * 9;
  const int64_t mask = a.isMaskFull ? a.block * a.part * 4 : a.block * 4;
  const int64_t moved = a.part * (a.block + a.width()) * (4 + a.elementBytes()) + mask;
  const int64_t temporary = a.part * (a.block / 2 * 4 + 3 * kBlock * 4 + 8) + mask + 128;
  return state + 2 * moved + temporary;
}

static bool fits(const Attention &a, const device::Description &device) {
  auto bytes = [&](const char *space) { return int64_t(device.bytesOf(space)); };
  const int64_t left = a.rows * (a.depth() + a.chunk) * a.elementBytes();
  const int64_t right = a.chunk * (a.depth() + a.width()) * a.elementBytes();
  return left <= bytes("L0A") && right <= bytes("L0B") && a.rows * (a.chunk + a.width()) * 4 <= bytes("L0C") &&
         2 * (left + right) <= bytes("L1") && getVectorBytes(a) <= bytes("UB");
}

/// The largest tile that fits; of unknown keys, one that some of them fill.
static bool chooseTile(Attention &a, const device::Description &device) {
  constexpr int64_t kTypical = 128;
  for (int64_t rows : {128, 64, 32})
    for (int64_t chunk : {128, 64})
      for (int64_t block : {512, 256, 128})
        for (int64_t part : {16, 8}) {
          a.rows = rows;
          a.chunk = chunk;
          a.block = std::min<int64_t>(block, a.key.rows < 0 ? kTypical : llvm::alignTo(a.key.rows, 64));
          a.part = part;
          if (a.share() % part == 0 && fits(a, device))
            return true;
        }
  return false;
}

/// The sizes, of which only heads and columns must be known.
static bool takeSizes(Attention &a) {
  a.query = a.op.getQueryDims();
  a.key = a.op.getKeyDims();
  for (npu::AttentionOp::Dims *dims : {&a.query, &a.key}) {
    if (ShapedType::isDynamic(dims->heads) || ShapedType::isDynamic(dims->columns) ||
        ShapedType::isDynamic(dims->valueColumns))
      return false;
    for (int64_t *size : {&dims->batch, &dims->rows})
      if (ShapedType::isDynamic(*size))
        *size = -1;
  }
  return true;
}

/// Says why the cores cannot execute the kernel, or nothing.
static std::string analyze(npu::KernelOp kernel, const device::Description &device, Attention &a) {
  for (Operation &op : kernel.getBody().front())
    if (auto found = dyn_cast<npu::AttentionOp>(op); found && !a.op)
      a.op = found;
    else if (!isa<arith::ConstantOp, arith::IndexCastOp, tensor::EmptyOp, bufferization::ToTensorOp,
                  bufferization::MaterializeInDestinationOp, npu::ReturnOp>(op))
      return ("no engine lowering of '" + op.getName().getStringRef() + "' beside an attention").str();
  const device::AICore &core = *device.aiCore;
  if (core.coupled || !core.cubeCores || core.vectorCores % core.cubeCores)
    return "an attention on a device without vector cores beside its cube cores";
  a.element = cast<ShapedType>(a.op.getQuery().getType()).getElementType();
  const StringRef type = engine::kTypeNames[unsigned(*npu::getEngineType(a.element))];
  if (llvm::none_of(core.cubeRates, [&](const device::CubeRate &rate) { return rate.type == type; }))
    return ("an attention of " + type + ", which the cube does not multiply").str();
  if (!takeSizes(a))
    return "an attention whose heads or columns only the execution knows";
  a.q = getBuffer(a.op.getQuery());
  a.k = getBuffer(a.op.getKey());
  a.v = getBuffer(a.op.getValue());
  auto store = a.op.getResult() && a.op.getResult().hasOneUse()
                   ? dyn_cast<bufferization::MaterializeInDestinationOp>(*a.op.getResult().user_begin())
                   : nullptr;
  if (!a.q || !a.k || !a.v || !store)
    return "an attention to what is not in global memory";
  a.init = store.getDest();
  if (a.op.getMask()) {
    ArrayRef<int64_t> shape = cast<ShapedType>(a.op.getMask().getType()).getShape();
    a.mask = getBuffer(a.op.getMask());
    if (!a.mask || (ShapedType::isDynamic(shape[2]) ? -1 : shape[2]) != a.key.rows)
      return "an attention with a mask that is the same for all keys";
    a.isMaskFull = shape[3] != 1;
  }
  a.vectors = core.vectorCores / core.cubeCores;
  if (!chooseTile(a, device))
    return "an attention of " + std::to_string(std::max(a.query.columns, a.key.valueColumns)) +
           " columns, of which no tile fits the local memories";
  a.groups = a.isOpen() ? core.cubeCores : std::min<int64_t>(core.cubeCores, a.tiles());
  return {};
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

/// Some rows of queries of a head, or some of its keys.
struct Place {
  Value batch, head, first, count;
};

/// What both sections compute alike.
class AttentionEmitter {
public:
  AttentionEmitter(npu::KernelOp kernel, const Attention &a)
      : kernel(kernel), a(a), b(kernel.getContext()), loc(this->a.op.getLoc()) {}

  void emit();

private:
  void emitCube();
  void emitProduct(Value chunk, Value q, Value results);
  void emitScores(Value chunk, Value q);

  void emitVector();
  void emitResults(Value r);
  void emitSoftmax(Value r);
  Value emitReduction(StringRef what, Value rows, Value from);
  void excludeRest(Value scores);
  Value viewMask(Value first, Value rows);
  void addMask(Value r, Value rows, Value scores);

  void setSizes();
  void setStep(Value t, Value end);
  Place getQueries(Value tile);
  Place getKeys(Value tile, Value block);

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, loc, n); }
  Value number(float x) { return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(x)); }
  template <typename OpTy>
  Value fold(Value x, Value y) {
    return b.createOrFold<OpTy>(loc, x, y);
  }
  Value plus(Value x, Value y) { return fold<arith::AddIOp>(x, y); }
  Value minus(Value x, Value y) { return fold<arith::SubIOp>(x, y); }
  Value times(Value x, int64_t n) { return fold<arith::MulIOp>(x, constant(n)); }
  Value over(Value x, Value y) { return fold<arith::DivUIOp>(x, y); }
  Value over(Value x, int64_t n) { return over(x, constant(n)); }
  Value modulo(Value x, Value y) { return fold<arith::RemUIOp>(x, y); }
  Value modulo(Value x, int64_t n) { return modulo(x, constant(n)); }
  Value least(Value x, int64_t n) { return fold<arith::MinSIOp>(x, constant(n)); }
  Value isLess(Value x, Value y) { return b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, x, y); }
  Value isEqual(Value x, int64_t n) {
    return b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, constant(n));
  }
  Value both(Value x, Value y) { return fold<arith::AndIOp>(x, y); }
  OpFoldResult size(int64_t n) { return b.getIndexAttr(n); }

  /// Emits what is done if `condition` holds. What different queues do to a buffer has
  /// a condition each, because flags come to stand between them: a loop of one round or
  /// none, since canonicalization joins neighbouring branches of one condition.
  void when(Value condition, llvm::function_ref<void()> body) {
    loop(arith::IndexCastUIOp::create(b, loc, b.getIndexType(), condition), 1, [&](Value) { body(); });
  }
  void loop(Value end, int64_t step, llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, loc, constant(0), end, constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  Value local(ArrayRef<int64_t> shape, Type element, Space memory) {
    return npu::LocalOp::create(b, loc, npu::getLocalType(shape, element, memory));
  }
  Value scratch(ArrayRef<int64_t> shape, Type element) {
    return npu::ScratchOp::create(b, loc, MemRefType::get(shape, element));
  }
  /// A view of `rank` dimensions, those whose size is not the number 1.
  Value view(Value buffer, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> kept);
  /// Rows from `first` on of a buffer of rows, and its columns up to `columns`.
  Value rowsOf(Value buffer, OpFoldResult first, OpFoldResult rows, int64_t columns, int64_t column = 0) {
    return view(buffer, {first, size(column)}, {rows, size(columns)}, {rows, size(columns)});
  }
  /// The rows of one head of an operand.
  Value headOf(Value operand, bool headsInside, const Place &place, int64_t columns);
  /// Rows of what the group hands over in a step.
  Value handed(Value buffer, Value slot, Value first, Value rows, OpFoldResult column, OpFoldResult columns);
  void vector(StringRef function, ValueRange inputs, Value target, Value scalar = {}) {
    npu::VectorOp::create(b, loc, function, inputs, scalar, target, 0);
  }
  static StringRef queue(engine::Queue q) { return engine::kQueueNames[unsigned(q)]; }

  npu::KernelOp kernel;
  Attention a;
  OpBuilder b;
  Location loc;
  /// Scores, exponentials and products: [groups, 2, rows, columns].
  Value scores, exponentials, products;
  Value begin, end, group;
  /// Rows of a head and its tiles, keys of a head and their blocks.
  Value queryRows, rowTiles, keyRows, blocks;
  /// Of the step at hand: its slot; whether there are scores and products, of which
  /// tile and block.
  Value slot, hasScores, hasProducts, scoreTile, scoreBlock, productTile, productBlock;
  Place scoreKeys, productKeys;

  /// Of a vector core: rows of the step's scores and products that are its own.
  Value firstRow, scoreRows, productRows;
  /// Results so far, maxima; of the last two tiles, sums; of the last two steps, what
  /// the results before are scaled by.
  Value results, maxima, sums, factors;
  /// Numbers of keys, the lowest score, bits of keys that exist.
  Value counting, lowest, bits;
  Value maskRow;
};

} // namespace

Value AttentionEmitter::view(Value buffer, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                             ArrayRef<OpFoldResult> kept) {
  auto fixed = [&](ArrayRef<OpFoldResult> numbers) {
    return llvm::map_to_vector(numbers, [&](OpFoldResult x) {
      std::optional<int64_t> known = getConstantIntValue(x);
      return known ? OpFoldResult(b.getIndexAttr(*known)) : x;
    });
  };
  const SmallVector<OpFoldResult> from = fixed(offsets), counts = fixed(sizes), strides(offsets.size(), size(1));
  SmallVector<int64_t> shape;
  for (OpFoldResult dim : kept)
    shape.push_back(getConstantIntValue(dim).value_or(ShapedType::kDynamic));
  auto type =
      memref::SubViewOp::inferRankReducedResultType(shape, cast<MemRefType>(buffer.getType()), from, counts, strides);
  return memref::SubViewOp::create(b, loc, cast<MemRefType>(type), buffer, from, counts, strides);
}

Value AttentionEmitter::headOf(Value operand, bool headsInside, const Place &place, int64_t columns) {
  SmallVector<OpFoldResult> offsets{place.batch, place.head, place.first, size(0)};
  SmallVector<OpFoldResult> sizes{size(1), size(1), place.count, size(columns)};
  if (headsInside) {
    std::swap(offsets[1], offsets[2]);
    std::swap(sizes[1], sizes[2]);
  }
  return view(operand, offsets, sizes, {place.count, size(columns)});
}

Value AttentionEmitter::handed(Value buffer, Value slot, Value first, Value rows, OpFoldResult column,
                               OpFoldResult columns) {
  return view(buffer, {group, slot, first, column}, {size(1), size(1), rows, columns}, {rows, columns});
}

Place AttentionEmitter::getQueries(Value tile) {
  Value first = times(modulo(tile, rowTiles), a.rows), head = over(tile, rowTiles);
  return {over(head, a.query.heads), modulo(head, a.query.heads), first, least(minus(queryRows, first), a.rows)};
}

Place AttentionEmitter::getKeys(Value tile, Value block) {
  Place queries = getQueries(tile);
  Value first = times(block, a.block);
  return {queries.batch, over(queries.head, a.query.heads / a.key.heads), first, least(minus(keyRows, first), a.block)};
}

/// Computes what tiles and blocks are made of.
void AttentionEmitter::setSizes() {
  const unsigned queryDim = a.op.getQueryHeadsInside() ? 1 : 2, keyDim = a.op.getKeyHeadsInside() ? 1 : 2;
  auto rowsIn = [&](Value buffer, unsigned dim) { return memref::getMixedSize(b, loc, buffer, dim); };
  auto value = [&](OpFoldResult size) { return getValueOrCreateConstantIndexOp(b, loc, size); };
  const OpFoldResult queries = rowsIn(a.q, queryDim), keys = rowsIn(a.k, keyDim);
  queryRows = value(queries);
  rowTiles = value(ceilDivide(b, loc, queries, a.rows));
  keyRows = value(keys);
  blocks = value(ceilDivide(b, loc, keys, a.block));
  setTileCount(kernel,
               getSizeExpr(kernel, a.q, 0) * a.query.heads * getSizeExpr(kernel, a.q, queryDim).ceilDiv(a.rows));
}

/// What step `t` works on.
void AttentionEmitter::setStep(Value t, Value count) {
  constexpr int64_t kLag = 2;
  slot = modulo(t, 2);
  hasScores = isLess(t, count);
  hasProducts = isLess(constant(kLag - 1), t);
  Value before = minus(t, constant(kLag));
  scoreTile = plus(begin, over(t, blocks));
  scoreBlock = modulo(t, blocks);
  productTile = plus(begin, over(before, blocks));
  productBlock = modulo(before, blocks);
  scoreKeys = getKeys(scoreTile, scoreBlock);
  productKeys = getKeys(productTile, productBlock);
}

void AttentionEmitter::emit() {
  Block &body = kernel.getBody().front();
  b.setInsertionPoint(body.getTerminator());
  setSizes();
  scores = scratch({a.groups, 2, a.rows, a.block}, b.getF32Type());
  exponentials = scratch({a.groups, 2, a.rows, a.block}, a.element);
  products = scratch({a.groups, 2, a.rows, a.width()}, b.getF32Type());
  auto range = npu::TileRangeOp::create(b, loc);
  begin = range.getBegin();
  end = range.getEnd();
  for (StringRef core : {"cube", "vector"}) {
    auto section = npu::SectionOp::create(b, loc, core);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&section.getBody().emplaceBlock());
    Value block = (*npu::createEngineOp(b, loc, engine::CommandId::Get, {{"what", int64_t(0)}}))->getResult(0);
    group = arith::IndexCastOp::create(b, loc, b.getIndexType(), block);
    core == "cube" ? emitCube() : emitVector();
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<npu::AttentionOp, tensor::EmptyOp, bufferization::ToTensorOp, bufferization::MaterializeInDestinationOp>(
            op)) {
      op.dropAllUses();
      op.erase();
    }
}

//===----------------------------------------------------------------------===//
// The cube core
//===----------------------------------------------------------------------===//

void AttentionEmitter::emitCube() {
  Value count = fold<arith::MulIOp>(minus(end, begin), blocks);
  loop(plus(count, constant(2)), 1, [&](Value t) {
    setStep(t, count);
    Place queries = getQueries(scoreTile);
    Value q = local({a.depth() / a.lanes(), a.rows, a.lanes()}, a.element, Space::L1);
    when(hasScores, [&] {
      npu::FractalsOp::create(b, loc, headOf(a.q, a.op.getQueryHeadsInside(), queries, a.query.columns), q);
    });
    when(hasProducts, [&] { npu::AwaitOp::create(b, loc, kExponentialsDone, queue(engine::Queue::MTE2)); });
    Value results = local({a.rows, a.width()}, b.getF32Type(), Space::L0C);
    loop(constant(llvm::divideCeil(a.block, a.chunk)), 1, [&](Value chunk) {
      emitProduct(chunk, q, results);
      emitScores(chunk, q);
    });
    Value rows = getQueries(productTile).count;
    when(hasProducts, [&] {
      npu::DrainOp::create(b, loc, results,
                           handed(products, slot, constant(0), rows, size(0), size(a.key.valueColumns)));
    });
    npu::SignalOp::create(b, loc, kStepDone, queue(engine::Queue::FIX));
  });
}

/// Adds the product of a chunk of exponentials and values to the results.
void AttentionEmitter::emitProduct(Value chunk, Value q, Value results) {
  Value offset = times(chunk, a.chunk), rows = getQueries(productTile).count;
  Value valid = both(hasProducts, isLess(offset, productKeys.count));
  Value depth = least(minus(productKeys.count, offset), a.chunk);
  const int64_t lanes = a.lanes(), across = a.width() / lanes;
  Value left = local({a.chunk / lanes, a.rows, lanes}, a.element, Space::L1);
  Value right = local({across, a.chunk, lanes}, a.element, Space::L1);
  when(valid,
       [&] { npu::FractalsOp::create(b, loc, handed(exponentials, slot, constant(0), rows, offset, depth), left); });
  when(valid, [&] {
    Place keys = productKeys;
    keys.first = plus(keys.first, offset);
    keys.count = depth;
    const bool inside = a.op.getKeyHeadsInside();
    npu::FractalsOp::create(b, loc, headOf(a.v, inside, keys, a.key.valueColumns), right);
    // What is turned has whole fractals of the result's columns: no matter what is in
    // those that nobody reads.
    if (a.key.valueColumns + lanes <= a.width())
      npu::FractalsOp::create(b, loc, headOf(a.v, inside, keys, std::min(lanes, a.key.valueColumns)),
                              view(right, {size(across - 1), size(0), size(0)}, {size(1), size(a.chunk), size(lanes)},
                                   {size(1), size(a.chunk), size(lanes)}));
  });
  Value l0a = local({a.rows, a.chunk}, a.element, Space::L0A), l0b = local({a.chunk, a.width()}, a.element, Space::L0B);
  OpFoldResult zero = size(0), blocks = ceilDivide(b, loc, depth, lanes);
  when(valid, [&] {
    SmallVector<OpFoldResult> sizes{blocks, rows, size(lanes)};
    npu::FeedOp::create(b, loc, view(left, {zero, zero, zero}, sizes, sizes), l0a, /*transposed=*/false);
  });
  when(valid, [&] {
    SmallVector<OpFoldResult> sizes{size(across), depth, size(lanes)};
    npu::FeedOp::create(b, loc, view(right, {zero, zero, zero}, sizes, sizes), l0b, /*transposed=*/false);
  });
  Value columns = constant(a.key.valueColumns), isFirst = isEqual(chunk, 0);
  when(valid, [&] {
    auto choice = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/true);
    for (bool first : {true, false}) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(first ? choice.thenBlock() : choice.elseBlock());
      npu::MultiplyOp::create(b, loc, l0a, l0b, Value(), results, rows, depth, columns, first);
    }
  });
}

/// Stores the scores of a chunk of keys.
void AttentionEmitter::emitScores(Value chunk, Value q) {
  Value offset = times(chunk, a.chunk), rows = getQueries(scoreTile).count;
  Value valid = both(hasScores, isLess(offset, scoreKeys.count));
  Value columns = least(minus(scoreKeys.count, offset), a.chunk);
  Value right = local({a.depth() / a.lanes(), a.chunk, a.lanes()}, a.element, Space::L1);
  when(valid, [&] {
    Place keys = scoreKeys;
    keys.first = plus(keys.first, offset);
    keys.count = columns;
    npu::FractalsOp::create(b, loc, headOf(a.k, a.op.getKeyHeadsInside(), keys, a.query.columns), right);
  });
  Value l0a = local({a.rows, a.depth()}, a.element, Space::L0A);
  Value l0b = local({a.depth(), a.chunk}, a.element, Space::L0B);
  OpFoldResult zero = size(0), lanes = size(a.lanes()), blocks = size(a.depth() / a.lanes());
  when(valid, [&] {
    SmallVector<OpFoldResult> sizes{blocks, rows, lanes};
    npu::FeedOp::create(b, loc, view(q, {zero, zero, zero}, sizes, sizes), l0a, /*transposed=*/false);
  });
  when(valid, [&] {
    SmallVector<OpFoldResult> sizes{blocks, columns, lanes};
    npu::FeedOp::create(b, loc, view(right, {zero, zero, zero}, sizes, sizes), l0b, /*transposed=*/true);
  });
  Value tile = local({a.rows, a.chunk}, b.getF32Type(), Space::L0C);
  Value depth = constant(a.query.columns);
  when(valid, [&] { npu::MultiplyOp::create(b, loc, l0a, l0b, Value(), tile, rows, depth, columns, /*start=*/true); });
  when(valid, [&] { npu::DrainOp::create(b, loc, tile, handed(scores, slot, constant(0), rows, offset, columns)); });
}

//===----------------------------------------------------------------------===//
// The vector cores
//===----------------------------------------------------------------------===//

void AttentionEmitter::emitVector() {
  Type f32 = b.getF32Type();
  const int64_t share = a.share();
  results = local({share, a.width()}, f32, Space::UB);
  maxima = local({share, kBlock}, f32, Space::UB);
  sums = local({2 * share, kBlock}, f32, Space::UB);
  factors = local({2 * share, kBlock}, f32, Space::UB);
  vector("generate.dup", {}, results, number(0));
  vector("generate.dup", {}, sums, number(0));
  if (a.hasRest()) {
    counting = local({a.block}, f32, Space::UB);
    lowest = local({a.block}, f32, Space::UB);
    bits = local({int64_t(llvm::alignTo(a.block / 8, 32))}, b.getI8Type(), Space::UB);
    vector("generate.iota", {}, counting, number(0));
    vector("generate.dup", {}, lowest, number(kLowest));
  }
  firstRow = times(npu::SubCoreOp::create(b, loc), share);
  Value count = fold<arith::MulIOp>(minus(end, begin), blocks);
  loop(plus(count, constant(2)), 1, [&](Value t) {
    setStep(t, count);
    auto getShare = [&](Value isAny, Value tile) -> Value {
      Value rows = least(minus(getQueries(tile).count, firstRow), share);
      return arith::SelectOp::create(b, loc, isAny, fold<arith::MaxSIOp>(rows, constant(0)), constant(0));
    };
    scoreRows = getShare(hasScores, scoreTile);
    productRows = getShare(hasProducts, productTile);
    npu::AwaitOp::create(b, loc, kStepDone, queue(engine::Queue::MTE2));
    loop(productRows, a.part, [&](Value r) { emitResults(r); });
    when(both(hasScores, isEqual(scoreBlock, 0)), [&] { vector("generate.dup", {}, maxima, number(kLowest)); });
    if (a.mask && !a.isMaskFull) {
      maskRow = local({a.block}, f32, Space::UB);
      OpFoldResult keys = scoreKeys.count;
      when(hasScores,
           [&] { npu::MoveOp::create(b, loc, viewMask(Value(), Value()), view(maskRow, {size(0)}, {keys}, {keys})); });
    }
    loop(scoreRows, a.part, [&](Value r) { emitSoftmax(r); });
    when(hasScores, [&] { npu::SignalOp::create(b, loc, kExponentialsDone, queue(engine::Queue::MTE3)); });
  });
}

/// Scales some rows of the results and adds the products of two steps ago; stores them
/// behind the last block.
void AttentionEmitter::emitResults(Value r) {
  Value rows = least(minus(productRows, r), a.part);
  const int64_t width = a.key.valueColumns;
  Value added = rowsOf(local({a.part, a.width()}, b.getF32Type(), Space::UB), size(0), rows, width);
  npu::MoveOp::create(b, loc, handed(products, slot, plus(firstRow, r), rows, size(0), size(width)), added);
  Value mine = rowsOf(results, r, rows, width);
  vector("binary.mul", {mine, rowsOf(factors, plus(times(slot, a.share()), r), rows, kBlock)}, mine);
  vector("binary.add", {mine, added}, mine);
  Value isLast = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, productBlock, minus(blocks, constant(1)));
  Value stored = rowsOf(local({a.part, a.width()}, a.element, Space::UB), size(0), rows, width);
  when(isLast, [&] {
    Value total = plus(times(modulo(productTile, 2), a.share()), r);
    Value quotient = a.element.isF32() ? stored : added;
    vector("binary.div", {mine, rowsOf(sums, total, rows, kBlock)}, quotient);
    if (quotient != stored)
      vector("cast", {quotient}, stored);
  });
  when(isLast, [&] {
    Place place = getQueries(productTile);
    place.first = plus(plus(place.first, firstRow), r);
    place.count = rows;
    npu::MoveOp::create(b, loc, stored, headOf(a.init, a.op.getQueryHeadsInside(), place, width));
  });
}

/// Makes the scores behind the last key the lowest: what lies there is of a step
/// before.
void AttentionEmitter::excludeRest(Value scores) {
  when(isLess(scoreKeys.count, constant(a.block)), [&] {
    Value keys = arith::IndexCastOp::create(b, loc, b.getI32Type(), scoreKeys.count);
    Value limit = arith::SIToFPOp::create(b, loc, b.getF32Type(), keys);
    vector("scalar.lts", {counting}, view(bits, {size(0)}, {size(a.block / 8)}, {size(a.block / 8)}), limit);
    vector("ternary.select", {scores, lowest, view(bits, {size(0)}, {size(a.block / 8)}, {size(a.block / 8)})}, scores);
  });
}

/// The results of a reduction of rows, each in a block. Halves of the rows meet first:
/// that takes fewer cycles.
Value AttentionEmitter::emitReduction(StringRef what, Value rows, Value from) {
  constexpr int64_t kRepeat = 64;
  Type f32 = b.getF32Type();
  Value halves = local({a.part, a.block / 2}, f32, Space::UB);
  int64_t width = a.block;
  const std::string binary = ("binary." + StringRef(what == "max" ? "max" : "add")).str();
  for (; width > kRepeat && width % (2 * kBlock) == 0; width /= 2) {
    Value target = rowsOf(halves, size(0), rows, width / 2);
    vector(binary, {rowsOf(from, size(0), rows, width / 2), rowsOf(from, size(0), rows, width / 2, width / 2)}, target);
    from = halves;
  }
  Value column = view(local({a.part}, f32, Space::UB), {size(0)}, {rows}, {rows});
  if (width == kRepeat) {
    // Blocks become one block, and that one number.
    Value eighths = rowsOf(local({a.part, kBlock}, f32, Space::UB), size(0), rows, kBlock);
    vector(("reduce.block" + what).str(), {rowsOf(from, size(0), rows, width)}, eighths);
    vector(("reduce.block" + what).str(), {eighths}, column);
  } else {
    vector(("reduce." + what).str(), {rowsOf(from, size(0), rows, width)}, column);
  }
  Value blocks = rowsOf(local({a.part, kBlock}, f32, Space::UB), size(0), rows, kBlock);
  vector("permute.bcastcol", {column}, blocks);
  return blocks;
}

/// The mask of the step's keys: a number for each, or a row for `rows` queries from
/// `first` on.
Value AttentionEmitter::viewMask(Value first, Value rows) {
  auto shape = cast<MemRefType>(a.mask.getType()).getShape();
  Place queries = getQueries(scoreTile);
  OpFoldResult zero = size(0), one = size(1), keys = scoreKeys.count;
  SmallVector<OpFoldResult> offsets{shape[0] == 1 ? zero : OpFoldResult(queries.batch),
                                    shape[1] == 1 ? zero : OpFoldResult(queries.head), scoreKeys.first, zero};
  if (!a.isMaskFull)
    return view(a.mask, offsets, {one, one, keys, one}, {keys});
  offsets[3] = plus(queries.first, first);
  return view(a.mask, offsets, {one, one, keys, rows}, {keys, rows});
}

void AttentionEmitter::addMask(Value r, Value rows, Value scores) {
  OpFoldResult keys = scoreKeys.count, zero = size(0);
  Value masked = view(scores, {zero, zero}, {rows, keys}, {rows, keys});
  if (!a.isMaskFull)
    return vector("binary.add", {masked, view(maskRow, {zero}, {keys}, {keys})}, masked);
  Value moved = view(local({a.block, a.part}, b.getF32Type(), Space::UB), {zero, zero}, {keys, rows}, {keys, rows});
  npu::MoveOp::create(b, loc, viewMask(plus(firstRow, r), rows), moved);
  Value turned = view(local({a.part, a.block}, b.getF32Type(), Space::UB), {zero, zero}, {rows, keys}, {rows, keys});
  vector("permute.transpose", {moved}, turned);
  vector("binary.add", {masked, turned}, masked);
}

/// The exponentials of some rows of a block of scores.
void AttentionEmitter::emitSoftmax(Value r) {
  Value rows = least(minus(scoreRows, r), a.part), first = plus(firstRow, r);
  Value whole = local({a.part, a.block}, b.getF32Type(), Space::UB);
  Value x = rowsOf(whole, size(0), rows, a.block);
  npu::MoveOp::create(b, loc, handed(scores, slot, first, rows, size(0), size(a.block)), x);
  vector("scalar.muls", {x}, x, number(a.op.getScale().convertToFloat()));
  if (a.mask)
    addMask(r, rows, whole);
  if (a.hasRest())
    excludeRest(x);
  Value before = rowsOf(maxima, r, rows, kBlock);
  Value highest = emitReduction("max", rows, whole);
  vector("binary.max", {before, highest}, highest);
  Value factor = rowsOf(factors, plus(times(slot, a.share()), r), rows, kBlock);
  vector("binary.sub", {before, highest}, factor);
  vector("unary.exp", {factor}, factor);
  vector("generate.copy", {highest}, before);
  vector("binary.sub", {x, highest}, x);
  Value converted = local({a.part, a.block}, a.element, Space::UB), exact = a.element.isF32() ? converted : whole;
  Value stored = rowsOf(converted, size(0), rows, a.block);
  vector("unary.exp", {x}, rowsOf(exact, size(0), rows, a.block));
  if (exact != converted)
    vector("cast", {x}, stored);
  npu::MoveOp::create(b, loc, stored, handed(exponentials, slot, first, rows, size(0), size(a.block)));
  Value added = emitReduction("sum", rows, exact);
  Value total = rowsOf(sums, plus(times(modulo(scoreTile, 2), a.share()), r), rows, kBlock);
  vector("binary.mul", {total, factor}, total);
  vector("binary.add", {total, added}, total);
}

LogicalResult gemlir::emitAttentionKernel(npu::KernelOp kernel, const device::Description &device,
                                          std::string &reason) {
  Attention attention;
  reason = analyze(kernel, device, attention);
  if (!reason.empty())
    return failure();
  AttentionEmitter(kernel, attention).emit();
  return success();
}
