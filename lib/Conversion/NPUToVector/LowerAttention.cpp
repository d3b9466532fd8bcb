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

AttentionPlan planAttention(npu::AttentionOp op, const device::Description &device) {
  AttentionPlan plan;
  npu::AttentionOp::Dims query = op.getQueryDims(), key = op.getKeyDims();
  int64_t native = device.lanes(32);
  plan.vectors = query.rows > native ? 2 : 1;
  plan.lanes = native;
  plan.tilesOfHead = divideCeil(query.rows, plan.queries());
  plan.tiles = query.batch * query.heads * plan.tilesOfHead;
  // The exponentials of a block stay in half the first-level cache.
  int64_t block = std::max<int64_t>(16, device.l1Bytes / 2 / (plan.queries() * sizeof(float)));
  plan.keyBlock = divideCeil(key.rows, divideCeil(key.rows, block));
  int64_t registers = std::max<int64_t>(device.vectorRegisters, 4);
  plan.tileRows = std::clamp<int64_t>((registers - plan.vectors - 1) / plan.vectors, 1, 12);
  return plan;
}

namespace {

/// Where one operand's rows lie: elements of a row are adjacent.
struct Rows {
  FlatBuffer buffer;
  int64_t batch, head, row;
};

class AttentionEmitter {
public:
  AttentionEmitter(npu::AttentionOp op, const device::Description &device)
      : op(op), plan(planAttention(op, device)), queryDims(op.getQueryDims()), keyDims(op.getKeyDims()),
        b(op.getLoc(), op), vector(VectorType::get({plan.lanes}, b.getF32Type())) {}
  LogicalResult emit();

private:
  using Values = SmallVector<Value>;

  LogicalResult prepare();
  FailureOr<Rows> rowsOf(Value operand, bool headsInside);
  void emitTile(Value tile);
  void emitQueries(int64_t count);
  void packQueries(int64_t count);
  Values emitBlock(Value first, int64_t size, bool isOnly, ValueRange state, int64_t count);
  Values emitScores(Value first, int64_t size, int64_t count, ValueRange maxima);
  Values emitExponentials(int64_t size, ValueRange maxima);
  void emitResults(Value first, int64_t size, ValueRange scale);
  void storeResults(int64_t count, ValueRange sums);

  Values multiplyRows(int64_t rows, const FlatBuffer &source, Value position, int64_t rowStride, int64_t stepStride,
                      const FlatBuffer &panel, int64_t steps, ValueRange initial);
  Value loadMask(Value key, int64_t v, int64_t count);
  FlatBuffer makeScratch(int64_t rows);
  Value loadPanel(const FlatBuffer &panel, Value row, int64_t v);
  void storePanel(const FlatBuffer &panel, Value row, int64_t v, Value value);
  Values splat(double value);
  /// Walks [0, size) in steps of `plan.tileRows` and a shorter last one.
  Values tileRows(int64_t size, ValueRange initial,
                  llvm::function_ref<Values(Value row, int64_t rows, ValueRange values)> body);

  npu::AttentionOp op;
  AttentionPlan plan;
  npu::AttentionOp::Dims queryDims, keyDims;
  LoopBuilder b;
  VectorType vector;
  Rows query, key, value, result;
  FlatBuffer mask;
  /// Strides of the mask [B, N, S, M]; 0 where it repeats.
  SmallVector<int64_t> maskStrides;
  FlatBuffer queries, exponentials, results;

  /// Of the tile of the moment.
  Value queryBase, keyBase, valueBase, resultBase, maskBase;
};

} // namespace

FailureOr<Rows> AttentionEmitter::rowsOf(Value operand, bool headsInside) {
  FailureOr<FlatBuffer> flat = b.flatten(operand);
  if (failed(flat) || flat->strides.back() != 1 ||
      llvm::any_of(flat->strides, [](Dim stride) { return stride.isDynamic(); }))
    return failure();
  auto stride = [&](unsigned dim) { return *flat->strides[dim].known(); };
  Rows rows{*flat, stride(0), stride(headsInside ? 2 : 1), stride(headsInside ? 1 : 2)};
  return rows;
}

LogicalResult AttentionEmitter::prepare() {
  FailureOr<Rows> q = rowsOf(op.getQuery(), op.getQueryHeadsInside()), k = rowsOf(op.getKey(), op.getKeyHeadsInside()),
                  v = rowsOf(op.getValue(), op.getKeyHeadsInside()), o = rowsOf(op.getInit(), op.getQueryHeadsInside());
  if (failed(q) || failed(k) || failed(v) || failed(o))
    return op.emitOpError("expects buffers whose rows are contiguous and whose strides are static");
  query = *q, key = *k, value = *v, result = *o;
  if (op.getMask()) {
    FailureOr<FlatBuffer> flat = b.flatten(op.getMask());
    if (failed(flat) || llvm::any_of(flat->strides, [](Dim stride) { return stride.isDynamic(); }))
      return op.emitOpError("expects a mask with static strides");
    mask = *flat;
    for (auto [size, stride] : llvm::zip(cast<MemRefType>(op.getMask().getType()).getShape(), flat->strides))
      maskStrides.push_back(size == 1 ? 0 : *stride.known());
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
  return Values(plan.vectors, constant);
}

AttentionEmitter::Values
AttentionEmitter::tileRows(int64_t size, ValueRange initial,
                           llvm::function_ref<Values(Value, int64_t, ValueRange)> body) {
  int64_t rows = std::min(plan.tileRows, size), whole = size - size % rows;
  Values values = b.loop(b.index(0), b.index(whole), rows, initial,
                         [&](Value row, ValueRange inner) { return body(row, rows, inner); });
  return whole == size ? values : body(b.index(whole), size - whole, values);
}

/// A register tile of a product: `rows` rows of `source`, `rowStride` apart and
/// with steps `stepStride` apart, times the panel's rows.
AttentionEmitter::Values AttentionEmitter::multiplyRows(int64_t rows, const FlatBuffer &source, Value position,
                                                        int64_t rowStride, int64_t stepStride, const FlatBuffer &panel,
                                                        int64_t steps, ValueRange initial) {
  return b.loop(b.index(0), b.index(steps), 1, initial, [&](Value step, ValueRange accumulators) {
    Values values(accumulators), columns;
    for (int64_t v = 0; v < plan.vectors; ++v)
      columns.push_back(loadPanel(panel, step, v));
    Value at = b.add(position, b.mul(step, stepStride));
    for (int64_t row = 0; row < rows; ++row) {
      Value element = b.broadcast(b.loadScalar(source, b.add(at, row * rowStride)), plan.lanes);
      for (int64_t v = 0; v < plan.vectors; ++v) {
        Value &sum = values[row * plan.vectors + v];
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
  int64_t rows = queryDims.rows, last = rows % plan.queries();
  if (last == 0 || plan.tilesOfHead == 1)
    return emitQueries(std::min(rows, plan.queries()));
  auto isLast = scf::IfOp::create(b, b.equals(rowTile, plan.tilesOfHead - 1), /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(isLast.thenBlock());
  emitQueries(last);
  b.setInsertionPointToStart(isLast.elseBlock());
  emitQueries(plan.queries());
}

/// `count` queries against all keys.
void AttentionEmitter::emitQueries(int64_t count) {
  packQueries(count);
  // Maxima, then sums. The lowest number, not infinity, of which nothing can be
  // subtracted.
  Values state = splat(std::numeric_limits<float>::lowest());
  llvm::append_range(state, splat(0));
  int64_t whole = keyDims.rows - keyDims.rows % plan.keyBlock;
  if (plan.keyBlock == keyDims.rows) {
    state = emitBlock(b.index(0), plan.keyBlock, /*isOnly=*/true, state, count);
  } else {
    Value zero = splat(0).front();
    b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value row) {
      for (int64_t v = 0; v < plan.vectors; ++v)
        storePanel(results, row, v, zero);
    });
    state = b.loop(b.index(0), b.index(whole), plan.keyBlock, state, [&](Value first, ValueRange values) {
      return emitBlock(first, plan.keyBlock, /*isOnly=*/false, values, count);
    });
    if (whole != keyDims.rows)
      state = emitBlock(b.index(whole), keyDims.rows - whole, /*isOnly=*/false, state, count);
  }
  storeResults(count, ArrayRef<Value>(state).drop_front(plan.vectors));
}

/// Columns of queries, scaled; lanes without a query are zero.
void AttentionEmitter::packQueries(int64_t count) {
  Value scale = arith::ConstantOp::create(b, op.getScaleAttr());
  if (count < plan.queries()) {
    Value zero = splat(0).front();
    b.loop(b.index(0), b.index(queryDims.columns), 1, [&](Value row) {
      for (int64_t v = 0; v < plan.vectors; ++v)
        storePanel(queries, row, v, zero);
    });
  }
  b.loop(b.index(0), b.index(count), 1, [&](Value lane) {
    Value from = b.add(queryBase, b.mul(lane, query.row));
    b.loop(b.index(0), b.index(queryDims.columns), 1, [&](Value column) {
      Value element = b.loadScalar(query.buffer, b.add(from, column));
      Value position = b.add(b.mul(column, plan.queries()), lane);
      memref::StoreOp::create(b, arith::MulFOp::create(b, element, scale), queries.memref, ValueRange{position});
    });
  });
}

/// `size` keys from `first` on. `state` holds maxima and sums so far.
AttentionEmitter::Values AttentionEmitter::emitBlock(Value first, int64_t size, bool isOnly, ValueRange state,
                                                     int64_t count) {
  ValueRange before = state.take_front(plan.vectors), sums = state.drop_front(plan.vectors);
  Values maxima = emitScores(first, size, count, before), added = emitExponentials(size, maxima), scale;
  for (int64_t v = 0; v < plan.vectors && !isOnly; ++v) {
    scale.push_back(math::ExpOp::create(b, arith::SubFOp::create(b, before[v], maxima[v])));
    added[v] = b.multiplyAdd(sums[v], scale[v], added[v]);
  }
  emitResults(first, size, scale);
  llvm::append_range(maxima, added);
  return maxima;
}

/// Additive mask of one key for a vector of queries.
Value AttentionEmitter::loadMask(Value key, int64_t v, int64_t count) {
  Value position = b.add(maskBase, b.mul(key, maskStrides[2]));
  if (maskStrides[3] == 0)
    return b.broadcast(b.loadScalar(mask, position), plan.lanes);
  int64_t valid = std::clamp<int64_t>(count - v * plan.lanes, 0, plan.lanes);
  if (valid == 0)
    return b.zero(vector);
  position = b.add(position, v * plan.lanes);
  return valid == plan.lanes ? b.loadVector(mask, position, plan.lanes) : b.loadVector(mask, position, plan.lanes, valid);
}

/// Stores the scores of a block and returns the maxima.
AttentionEmitter::Values AttentionEmitter::emitScores(Value first, int64_t size, int64_t count, ValueRange maxima) {
  return tileRows(size, maxima, [&](Value row, int64_t rows, ValueRange inner) {
    Values zeros(rows * plan.vectors, b.zero(vector)), highest(inner);
    Value number = b.add(first, row), position = b.add(keyBase, b.mul(number, key.row));
    Values scores = multiplyRows(rows, key.buffer, position, key.row, 1, queries, queryDims.columns, zeros);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < plan.vectors; ++v) {
        Value score = scores[i * plan.vectors + v];
        if (op.getMask())
          score = arith::AddFOp::create(b, score, loadMask(b.add(number, i), v, count));
        highest[v] = arith::MaximumFOp::create(b, highest[v], score);
        storePanel(exponentials, b.add(row, i), v, score);
      }
    return highest;
  });
}

/// Replaces scores by exponentials and returns their sums.
AttentionEmitter::Values AttentionEmitter::emitExponentials(int64_t size, ValueRange maxima) {
  return b.loop(b.index(0), b.index(size), 1, splat(0), [&](Value row, ValueRange sums) {
    Values results;
    for (int64_t v = 0; v < plan.vectors; ++v) {
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
void AttentionEmitter::emitResults(Value first, int64_t size, ValueRange scale) {
  Value start = b.add(valueBase, b.mul(first, value.row));
  tileRows(keyDims.valueColumns, {}, [&](Value row, int64_t rows, ValueRange) {
    Values sums(rows * plan.vectors, b.zero(vector));
    for (int64_t i = 0; i < rows && !scale.empty(); ++i)
      for (int64_t v = 0; v < plan.vectors; ++v)
        sums[i * plan.vectors + v] = arith::MulFOp::create(b, loadPanel(results, b.add(row, i), v), scale[v]);
    sums = multiplyRows(rows, value.buffer, b.add(start, row), 1, value.row, exponentials, size, sums);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t v = 0; v < plan.vectors; ++v)
        storePanel(results, b.add(row, i), v, sums[i * plan.vectors + v]);
    return Values();
  });
}

/// Divides by the sums and writes rows of the result.
void AttentionEmitter::storeResults(int64_t count, ValueRange sums) {
  Value ones = splat(1).front();
  Values scale;
  for (Value sum : sums)
    scale.push_back(arith::DivFOp::create(b, ones, sum));
  b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value row) {
    for (int64_t v = 0; v < plan.vectors; ++v)
      storePanel(results, row, v, arith::MulFOp::create(b, loadPanel(results, row, v), scale[v]));
  });
  b.loop(b.index(0), b.index(count), 1, [&](Value lane) {
    Value to = b.add(resultBase, b.mul(lane, result.row));
    b.loop(b.index(0), b.index(keyDims.valueColumns), 1, [&](Value column) {
      Value element = b.loadScalar(results, b.add(b.mul(column, plan.queries()), lane));
      Value position = b.add(to, column);
      if (result.buffer.offset)
        position = b.add(result.buffer.offset, position);
      memref::StoreOp::create(b, element, result.buffer.memref, ValueRange{position});
    });
  });
}

LogicalResult lowerAttention(npu::AttentionOp op, const device::Description &device) {
  return AttentionEmitter(op, device).emit();
}

} // namespace gemlir
