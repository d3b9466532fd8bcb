//===- LowerAttention.cpp - npu.attention to register-blocked loops -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lanes of vectors are queries. Then scores, kept as [keys, queries], are a
// product of rows of K, read in place, and a small panel of queries; maxima and
// sums over keys are vertical; and the result, kept as [D, queries], is a product
// of columns of V, read in place, and the exponentials. Nothing but the queries is
// packed, and no vector is reduced across its lanes. Keys go by in blocks, and what
// was summed up before a block is scaled to its maximum (online softmax).
//
// How many queries and keys there are may be known to the execution only. Then each
// tile looks how many queries are left, and takes one vector where that holds them;
// and each block, how many keys.
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using llvm::divideCeil;

namespace gemlir {

namespace {

/// The sizes of queries or keys, whatever their order.
struct HeadRows {
  Dim batch, rows;
  int64_t heads, columns, valueColumns;
};

/// Where one operand's rows lie: elements of a row are adjacent.
struct Rows {
  FlatBuffer buffer;
  Dim batch, head, row;
};

} // namespace

static HeadRows getHeadRows(ArrayRef<Dim> sizes, npu::AttentionOp::Dims known, bool headsInside) {
  return {sizes[0], sizes[headsInside ? 1 : 2], known.heads, known.columns, known.valueColumns};
}

AttentionPlan planAttention(npu::AttentionOp op, const device::Description &device, SizesOf sizesOf) {
  AttentionPlan plan;
  HeadRows query = getHeadRows(sizesOf(op.getQuery()), op.getQueryDims(), op.getQueryHeadsInside());
  int64_t keys = op.getKeyDims().rows;
  plan.lanes = device.lanes(32);
  plan.vectors = query.rows.isDynamic() || *query.rows.known() > plan.lanes ? 2 : 1;
  plan.tilesOfHead = ceilDiv(query.rows, plan.queries());
  plan.tiles = query.batch * query.heads * plan.tilesOfHead;
  // The exponentials of a block stay in half the first-level cache.
  plan.keyBlock = std::max<int64_t>(16, device.l1Bytes / 2 / (plan.queries() * sizeof(float)));
  if (!ShapedType::isDynamic(keys) && keys > 0)
    plan.keyBlock = divideCeil(keys, divideCeil(keys, plan.keyBlock));
  plan.registers = std::max<int64_t>(device.vectorRegisters, 4);
  return plan;
}

namespace {

class AttentionEmitter {
public:
  AttentionEmitter(npu::AttentionOp op, const device::Description &device)
      : op(op), b(op.getLoc(), op), plan(planAttention(op, device, [&](Value memref) { return b.sizes(memref); })),
        queryDims(getHeadRows(b.sizes(op.getQuery()), op.getQueryDims(), op.getQueryHeadsInside())),
        keyDims(getHeadRows(b.sizes(op.getKey()), op.getKeyDims(), op.getKeyHeadsInside())), vectors(plan.vectors),
        vector(VectorType::get({plan.lanes}, b.getF32Type())) {}
  LogicalResult emit();

private:
  using Values = SmallVector<Value>;

  LogicalResult prepare();
  FailureOr<Rows> rowsOf(Value operand, bool headsInside);
  void emitTile(Value tile);
  void emitKnownRows(Value rowTile);
  void emitOpenRows(Value row);
  void emitQueries(Value count);
  void packQueries(Value count);
  Values emitBlocks(Values state, Value count);
  Values emitBlock(Value first, Value size, bool isOnly, ValueRange state, Value count);
  Values emitScores(Value first, Value size, Value count, ValueRange maxima);
  Values emitExponentials(Value size, ValueRange maxima);
  void emitResults(Value first, Value size, ValueRange scale);
  void storeResults(Value count, ValueRange sums);

  Values multiplyRows(int64_t rows, const FlatBuffer &source, Value position, Dim rowStride, Dim stepStride,
                      const FlatBuffer &panel, Value steps, ValueRange initial);
  Value loadMask(Value key, int64_t v, Value count);
  FlatBuffer makeScratch(int64_t rows);
  Value loadPanel(const FlatBuffer &panel, Value row, int64_t v);
  void storePanel(const FlatBuffer &panel, Value row, int64_t v, Value value);
  Values splat(double value);
  /// Walks [0, size) in steps of the register tile's rows and shorter last ones.
  Values tileRows(Value size, ValueRange initial,
                  llvm::function_ref<Values(Value row, int64_t rows, ValueRange values)> body);

  npu::AttentionOp op;
  LoopBuilder b;
  AttentionPlan plan;
  HeadRows queryDims, keyDims;
  /// Of queries, in the tile of the moment; the plan's, or fewer.
  int64_t vectors;
  VectorType vector;
  Rows query, key, value, result;
  FlatBuffer mask;
  /// Strides of the mask [B, N, S, M]; 0 where it repeats.
  SmallVector<Dim> maskStrides;
  FlatBuffer queries, exponentials, results;

  /// Of the tile of the moment.
  Value queryBase, keyBase, valueBase, resultBase, maskBase;
};

} // namespace

FailureOr<Rows> AttentionEmitter::rowsOf(Value operand, bool headsInside) {
  FailureOr<FlatBuffer> flat = b.flatten(operand);
  if (failed(flat) || flat->strides.back() != 1)
    return failure();
  return Rows{*flat, flat->strides[0], flat->strides[headsInside ? 2 : 1], flat->strides[headsInside ? 1 : 2]};
}

LogicalResult AttentionEmitter::prepare() {
  FailureOr<Rows> q = rowsOf(op.getQuery(), op.getQueryHeadsInside()), k = rowsOf(op.getKey(), op.getKeyHeadsInside()),
                  v = rowsOf(op.getValue(), op.getKeyHeadsInside()), o = rowsOf(op.getInit(), op.getQueryHeadsInside());
  if (failed(q) || failed(k) || failed(v) || failed(o))
    return op.emitOpError("expects buffers whose rows are contiguous and whose strides are known");
  query = *q, key = *k, value = *v, result = *o;
  if (op.getMask()) {
    FailureOr<FlatBuffer> flat = b.flatten(op.getMask());
    if (failed(flat))
      return op.emitOpError("expects a mask of known strides");
    mask = *flat;
    for (auto [size, stride] : llvm::zip(cast<MemRefType>(op.getMask().getType()).getShape(), flat->strides))
      maskStrides.push_back(size == 1 ? Dim(0) : stride);
  }
  queries = makeScratch(queryDims.columns);
  exponentials = makeScratch(plan.keyBlock);
  results = makeScratch(keyDims.valueColumns);
  return success();
}

LogicalResult AttentionEmitter::emit() {
  if (failed(prepare()))
    return failure();
  auto [begin, end] = getTileRange(b, op, plan.tiles);
  b.loop(begin, end, 1, [&](Value tile) { emitTile(tile); });
  op.erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Panels: rows of as many elements as there are queries in a tile
//===----------------------------------------------------------------------===//

FlatBuffer AttentionEmitter::makeScratch(int64_t rows) {
  auto type = MemRefType::get({rows * plan.queries()}, b.getF32Type());
  FlatBuffer buffer;
  buffer.memref = memref::AllocaOp::create(b, type, b.getI64IntegerAttr(64));
  buffer.strides = {1};
  return buffer;
}

Value AttentionEmitter::loadPanel(const FlatBuffer &panel, Value row, int64_t v) {
  return b.loadVector(panel, b.add(b.mul(row, plan.queries()), v * plan.lanes), plan.lanes);
}

void AttentionEmitter::storePanel(const FlatBuffer &panel, Value row, int64_t v, Value value) {
  b.storeVector(panel, b.add(b.mul(row, plan.queries()), v * plan.lanes), value);
}

AttentionEmitter::Values AttentionEmitter::splat(double value) {
  Value constant = arith::ConstantOp::create(b, DenseElementsAttr::get(vector, float(value)));
  return Values(vectors, constant);
}

AttentionEmitter::Values AttentionEmitter::tileRows(Value size, ValueRange initial,
                                                    llvm::function_ref<Values(Value, int64_t, ValueRange)> body) {
  int64_t most = plan.tileRows(vectors);
  std::optional<int64_t> known = getConstantIntValue(size);
  if (!known)
    return b.loopHalving(b.index(0), size, most, initial, body);
  int64_t rows = std::min(most, *known), whole = *known - *known % rows;
  Values values = b.loop(b.index(0), b.index(whole), rows, initial,
                         [&](Value row, ValueRange inner) { return body(row, rows, inner); });
  return whole == *known ? values : body(b.index(whole), *known - whole, values);
}

/// A register tile of a product: `rows` rows of `source`, `rowStride` apart and
/// with steps `stepStride` apart, times the panel's rows.
AttentionEmitter::Values AttentionEmitter::multiplyRows(int64_t rows, const FlatBuffer &source, Value position,
                                                        Dim rowStride, Dim stepStride, const FlatBuffer &panel,
                                                        Value steps, ValueRange initial) {
  return b.loop(b.index(0), steps, 1, initial, [&](Value step, ValueRange accumulators) {
    Values values(accumulators), columns;
    for (int64_t v = 0; v < vectors; ++v)
      columns.push_back(loadPanel(panel, step, v));
    Value at = b.add(position, b.mul(step, stepStride));
    for (int64_t row = 0; row < rows; ++row) {
      Value element =
          b.broadcast(b.convert(b.loadScalar(source, b.add(at, rowStride * row)), b.getF32Type()), plan.lanes);
      for (int64_t v = 0; v < vectors; ++v) {
        Value &sum = values[row * vectors + v];
        sum = b.multiplyAdd(element, columns[v], sum);
      }
    }
    return values;
  });
}

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

void AttentionEmitter::emitTile(Value tile) {
  Value rowTile = b.rem(tile, plan.tilesOfHead), rest = b.div(tile, plan.tilesOfHead);
  Value head = b.rem(rest, queryDims.heads), batch = b.div(rest, queryDims.heads);
  if (queryDims.batch == 1)
    batch = b.index(0);
  Value keyHead = b.div(head, queryDims.heads / keyDims.heads), row = b.mul(rowTile, plan.queries());
  auto base = [&](const Rows &rows, Value head, Value row) {
    Value place = b.add(b.mul(batch, rows.batch), b.mul(head, rows.head));
    return row ? b.add(place, b.mul(row, rows.row)) : place;
  };
  queryBase = base(query, head, row);
  resultBase = base(result, head, row);
  keyBase = base(key, keyHead, Value());
  valueBase = base(value, keyHead, Value());
  if (op.getMask())
    maskBase = b.add(b.add(b.mul(batch, maskStrides[0]), b.mul(head, maskStrides[1])), b.mul(row, maskStrides[3]));
  if (queryDims.rows.isStatic())
    emitKnownRows(rowTile);
  else
    emitOpenRows(row);
}

void AttentionEmitter::emitKnownRows(Value rowTile) {
  int64_t rows = *queryDims.rows.known(), last = rows % plan.queries();
  if (last == 0 || plan.tilesOfHead == 1)
    return emitQueries(b.index(std::min(rows, plan.queries())));
  Value isLast = b.equals(rowTile, *plan.tilesOfHead.known() - 1);
  auto choice = scf::IfOp::create(b, isLast, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  emitQueries(b.index(last));
  b.setInsertionPointToStart(choice.elseBlock());
  emitQueries(b.index(plan.queries()));
}

/// The rows from `row` on, if only the execution knows how many there are.
void AttentionEmitter::emitOpenRows(Value row) {
  Value left = b.sub(b.index(queryDims.rows), row);
  Value isShort = arith::CmpIOp::create(b, arith::CmpIPredicate::sle, left, b.index(plan.lanes));
  auto choice = scf::IfOp::create(b, isShort, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  vectors = 1;
  emitQueries(left);
  b.setInsertionPointToStart(choice.elseBlock());
  vectors = plan.vectors;
  emitQueries(b.min(left, b.index(plan.queries())));
}

/// `count` queries against all keys.
void AttentionEmitter::emitQueries(Value count) {
  packQueries(count);
  // Maxima, then sums. The lowest number, not infinity, of which nothing can be
  // subtracted.
  Values state = splat(std::numeric_limits<float>::lowest());
  llvm::append_range(state, splat(0));
  if (plan.keyBlock == keyDims.rows) {
    state = emitBlock(b.index(0), b.index(plan.keyBlock), /*isOnly=*/true, state, count);
  } else {
    Value zero = splat(0).front();
    b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value row) {
      for (int64_t v = 0; v < vectors; ++v)
        storePanel(results, row, v, zero);
    });
    state = emitBlocks(state, count);
  }
  storeResults(count, ArrayRef<Value>(state).drop_front(vectors));
}

/// All blocks of keys, if there may be several.
AttentionEmitter::Values AttentionEmitter::emitBlocks(Values state, Value count) {
  Value block = b.index(plan.keyBlock);
  if (keyDims.rows.isDynamic()) {
    Value all = b.index(keyDims.rows);
    return b.loop(b.index(0), all, plan.keyBlock, state, [&](Value first, ValueRange values) {
      return emitBlock(first, b.min(b.sub(all, first), block), /*isOnly=*/false, values, count);
    });
  }
  int64_t rows = *keyDims.rows.known(), whole = rows - rows % plan.keyBlock;
  state = b.loop(b.index(0), b.index(whole), plan.keyBlock, state, [&](Value first, ValueRange values) {
    return emitBlock(first, block, /*isOnly=*/false, values, count);
  });
  return whole == rows ? state : emitBlock(b.index(whole), b.index(rows - whole), /*isOnly=*/false, state, count);
}

/// Columns of queries, scaled; lanes without a query are zero.
void AttentionEmitter::packQueries(Value count) {
  Value scale = arith::ConstantOp::create(b, op.getScaleAttr());
  if (getConstantIntValue(count) != plan.queries()) {
    Value zero = splat(0).front();
    b.loop(b.index(0), b.index(queryDims.columns), 1, [&](Value row) {
      for (int64_t v = 0; v < vectors; ++v)
        storePanel(queries, row, v, zero);
    });
  }
  b.loop(b.index(0), count, 1, [&](Value lane) {
    Value from = b.add(queryBase, b.mul(lane, query.row));
    b.loop(b.index(0), b.index(queryDims.columns), 1, [&](Value column) {
      Value element = b.convert(b.loadScalar(query.buffer, b.add(from, column)), b.getF32Type());
      Value position = b.add(b.mul(column, plan.queries()), lane);
      memref::StoreOp::create(b, arith::MulFOp::create(b, element, scale), queries.memref, ValueRange{position});
    });
  });
}

/// `size` keys from `first` on. `state` holds maxima and sums so far.
AttentionEmitter::Values AttentionEmitter::emitBlock(Value first, Value size, bool isOnly, ValueRange state,
                                                     Value count) {
  ValueRange before = state.take_front(vectors), sums = state.drop_front(vectors);
  Values maxima = emitScores(first, size, count, before), added = emitExponentials(size, maxima), scale;
  for (int64_t v = 0; v < vectors && !isOnly; ++v) {
    scale.push_back(math::ExpOp::create(b, arith::SubFOp::create(b, before[v], maxima[v])));
    added[v] = b.multiplyAdd(sums[v], scale[v], added[v]);
  }
  emitResults(first, size, scale);
  llvm::append_range(maxima, added);
  return maxima;
}

/// Additive mask of one key for a vector of queries.
Value AttentionEmitter::loadMask(Value key, int64_t v, Value count) {
  Value position = b.add(maskBase, b.mul(key, maskStrides[2]));
  if (maskStrides[3] == 0)
    return b.broadcast(b.loadScalar(mask, position), plan.lanes);
  std::optional<int64_t> known = getConstantIntValue(count);
  if (known && *known <= v * plan.lanes)
    return b.zero(vector);
  position = b.add(position, v * plan.lanes);
  if (known)
    return b.loadVector(mask, position, plan.lanes, *known - v * plan.lanes);
  return b.loadVector(mask, position, plan.lanes, b.sub(count, b.index(v * plan.lanes)));
}

/// Stores the scores of a block and returns the maxima.
AttentionEmitter::Values AttentionEmitter::emitScores(Value first, Value size, Value count, ValueRange maxima) {
  return tileRows(size, maxima, [&](Value row, int64_t rows, ValueRange inner) {
    Values zeros(rows * vectors, b.zero(vector)), highest(inner);
    Value number = b.add(first, row), position = b.add(keyBase, b.mul(number, key.row));
    Values scores = multiplyRows(rows, key.buffer, position, key.row, 1, queries, b.index(queryDims.columns), zeros);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < vectors; ++v) {
        Value score = scores[i * vectors + v];
        if (op.getMask())
          score = arith::AddFOp::create(b, score, loadMask(b.add(number, i), v, count));
        highest[v] = arith::MaximumFOp::create(b, highest[v], score);
        storePanel(exponentials, b.add(row, i), v, score);
      }
    return highest;
  });
}

/// Replaces scores by exponentials and returns their sums.
AttentionEmitter::Values AttentionEmitter::emitExponentials(Value size, ValueRange maxima) {
  return b.loop(b.index(0), size, 1, splat(0), [&](Value row, ValueRange sums) {
    Values results;
    for (int64_t v = 0; v < vectors; ++v) {
      Value shifted = arith::SubFOp::create(b, loadPanel(exponentials, row, v), maxima[v]);
      Value power = math::ExpOp::create(b, shifted);
      storePanel(exponentials, row, v, power);
      results.push_back(arith::AddFOp::create(b, sums[v], power));
    }
    return results;
  });
}

/// Adds the block's values, weighted, to the results, which `scale` brings to the
/// new maxima. Without scale there are none yet.
void AttentionEmitter::emitResults(Value first, Value size, ValueRange scale) {
  Value start = b.add(valueBase, b.mul(first, value.row));
  tileRows(b.index(keyDims.valueColumns), {}, [&](Value row, int64_t rows, ValueRange) {
    Values sums(rows * vectors, b.zero(vector));
    for (int64_t i = 0; i < rows && !scale.empty(); ++i)
      for (int64_t v = 0; v < vectors; ++v)
        sums[i * vectors + v] = arith::MulFOp::create(b, loadPanel(results, b.add(row, i), v), scale[v]);
    sums = multiplyRows(rows, value.buffer, b.add(start, row), 1, value.row, exponentials, size, sums);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < vectors; ++v)
        storePanel(results, b.add(row, i), v, sums[i * vectors + v]);
    return Values();
  });
}

/// Divides by the sums and writes rows of the result.
void AttentionEmitter::storeResults(Value count, ValueRange sums) {
  Value ones = splat(1).front();
  Values scale;
  for (Value sum : sums) {
    scale.push_back(arith::DivFOp::create(b, ones, sum));
    // Over no keys the sum, of nothing, is zero.
    if (keyDims.rows.isDynamic() || keyDims.rows == 0)
      scale.back() = arith::SelectOp::create(b, b.equals(b.index(keyDims.rows), 0), b.zero(vector), scale.back());
  }
  b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value row) {
    for (int64_t v = 0; v < vectors; ++v)
      storePanel(results, row, v, arith::MulFOp::create(b, loadPanel(results, row, v), scale[v]));
  });
  b.loop(b.index(0), count, 1, [&](Value lane) {
    Value to = b.add(resultBase, b.mul(lane, result.row));
    b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value column) {
      Value element = b.loadScalar(results, b.add(b.mul(column, plan.queries()), lane));
      Value position = b.add(to, column);
      if (result.buffer.offset)
        position = b.add(result.buffer.offset, position);
      Type stored = cast<MemRefType>(result.buffer.memref.getType()).getElementType();
      memref::StoreOp::create(b, b.convert(element, stored), result.buffer.memref, ValueRange{position});
    });
  });
}

LogicalResult lowerAttention(npu::AttentionOp op, const device::Description &device) {
  return AttentionEmitter(op, device).emit();
}

} // namespace gemlir
