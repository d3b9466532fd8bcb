//===- LowerMmad.cpp - npu.mmad to register-blocked loops -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One emitter for products of matrices and for convolutions. Both are a walk over
// points (rows, or output columns of an image's line) in register tiles; what
// differs is how the first operand is addressed, which `MmadGeometry` has as
// numbers. Accumulators are loop values, each a vector of register size, so LLVM
// has nothing left to optimize but addresses.
//
//===----------------------------------------------------------------------===//

#include "Geometry.h"
#include "TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using llvm::divideCeil;

namespace gemlir {

namespace {

/// Terms of a partial sum, at least.
constexpr int64_t kPartialSum = 128;

/// Panels that one register tile covers.
struct PanelRange {
  Value first;
  int64_t count = 1;
  /// Set for the last panel, if columns end inside it.
  std::optional<int64_t> known = {};
  /// Whether columns may end inside, and only the execution knows where.
  bool partial = false;
};

/// Points that one register tile covers, all in one line.
struct PointRange {
  Value batch;
  Value point;  ///< number of the first point in the batch
  Value source; ///< element of the first operand under the first point
  int64_t count = 1;
  Value rowBegin = {}, rowEnd = {}; ///< filter rows inside the image
  /// For tiles at an edge: the number of the first output column.
  std::optional<int64_t> edge = {};
  /// For a single point at an edge that only the execution knows: the filter
  /// columns inside the image.
  Value tapBegin = {}, tapEnd = {};
};

class MmadEmitter {
public:
  MmadEmitter(npu::MmadOp op, const device::Description &device)
      : op(op), b(op.getLoc(), op), geometry(op, [&](Value memref) { return b.sizes(memref); }),
        plan(planMmad(op, device, [&](Value memref) { return b.sizes(memref); })) {
    accumulator = geometry.accumulator;
    unsigned bits = std::max(accumulator.getIntOrFloatBitWidth(), 8u);
    // The columns of a matrix that is not packed are no neighbours, or end with it.
    lanes = op.getOrder() ? 1 : std::min<int64_t>(device.lanes(bits), geometry.panelWidth);
    while (geometry.panelWidth % lanes)
      lanes /= 2;
    auto init = cast<MemRefType>(op.getInit().getType());
    blocked = init.getRank() == 5;
    if (blocked)
      while (init.getDimSize(4) % lanes)
        lanes /= 2;
    vector = VectorType::get({lanes}, accumulator);
    // Where accumulators leave no registers, a second step would spill.
    int64_t accumulators = plan.tileRows * plan.tilePanels * geometry.panelWidth / lanes;
    unrolled = accumulators > 24 ? 1 : 2;
    padValue = geometry.isImage ? op.getImage().getPadValue() : 0;
  }

  LogicalResult emit();
  int64_t registerTiles = 0;

private:
  LogicalResult prepare();
  void emitTile(Value tile);
  void emitReductionBlocks(Value batch, Value rowBlock, Value group);
  void emitPanels(Value batch, Value rowBlock, Value group);
  void emitPoints(Value batch, Value rowBlock, const PanelRange &panels);
  void emitDynamicPanels(Value batch, Value rowBlock);
  void emitRows(Value batch, Value rowBlock, const PanelRange &panels);
  void emitLines(Value rowBlock, const PanelRange &panels);
  void emitLine(Value line, const PanelRange &panels);
  void emitDynamicLine(PointRange points, Value base, Value firstPoint, const PanelRange &panels);
  void emitRegisterTile(const PointRange &points, const PanelRange &panels);

  int64_t vectorsOf(const PanelRange &panels) const;
  Value groupBase(const PanelRange &panels);
  Value widenLeft(Value element);
  Value matrixElement(const PanelRange &panels, int64_t v, Value row);
  Destination destination(const PointRange &points, const PanelRange &panels, int64_t row, int64_t v, Value column);
  SmallVector<Value> accumulate(const Segment &segment, const PointRange &points, const PanelRange &panels,
                                ValueRange initial);
  SmallVector<Value> accumulateChannels(const Segment &segment, const PointRange &points, const PanelRange &panels,
                                        Value first, Value last, ValueRange initial);
  SmallVector<Value> accumulateTaps(const Segment &segment, const PointRange &points, const PanelRange &panels,
                                    Value source, Value reduction, ValueRange initial);
  SmallVector<Value> accumulateTapRange(const Segment &segment, int64_t taps, ArrayRef<int64_t> rows,
                                        const PanelRange &panels, Value source, Value reduction, ValueRange initial);
  SmallVector<Value> accumulateRun(Dim length, int64_t step, ArrayRef<int64_t> rows, const PanelRange &panels,
                                   Value source, Value reduction, ValueRange initial);
  SmallVector<Value> multiplyAdd(ArrayRef<int64_t> rows, const PanelRange &panels, Value source, Value reduction,
                                 ValueRange accumulators);
  SmallVector<Value> loadColumns(const PanelRange &panels, Value reduction);
  SmallVector<Value> startFromPads(const PointRange &points, const PanelRange &panels, ValueRange initial);

  npu::MmadOp op;
  LoopBuilder b;
  MmadGeometry geometry;
  TilePlan plan;
  Type accumulator;
  VectorType vector;
  int64_t lanes = 1;
  bool blocked = false;
  /// Steps of the reduction in one iteration: they share the loop's own
  /// instructions. Longer straight code makes LLVM's scheduler load so early that
  /// it spills.
  int64_t unrolled = 1;
  /// What lies around the image.
  int64_t padValue = 0;

  FlatBuffer lhs, rhs;
  Dim rhsBatchStride = 0;
  Dim lhsBatchStride = 0, lhsPointStride = 0;
  Epilogue epilogue;
  /// Bounds of the reduction block of the moment, and whether it is the first or
  /// last; null without blocks.
  Value blockBegin, blockEnd, isFirst, isLast;
  Value panelBatch;
};

} // namespace

LogicalResult MmadEmitter::prepare() {
  Value source = op.getImage() ? op.getImage().getImage() : op.getLhs();
  if (!isa<MemRefType>(source.getType()) || !isa<MemRefType>(op.getInit().getType()))
    return op.emitOpError("expects buffers, found tensors");
  FailureOr<FlatBuffer> first = b.flatten(source), second = b.flatten(op.getRhs());
  if (failed(first) || failed(second))
    return op.emitOpError("expects buffers of known strides");
  lhs = *first;
  rhs = *second;
  lhsBatchStride = geometry.batchStride;
  lhsPointStride = geometry.pointStride;
  if (!op.getImage()) {
    // Rows may lie in a larger matrix; their elements must be adjacent.
    if (lhs.strides.back() != 1 && geometry.reduction != 1)
      return op.emitOpError("expects rows of 'lhs' to be contiguous");
    lhsPointStride = lhs.strides[lhs.strides.size() - 2];
    lhsBatchStride = op.isBatched() ? lhs.strides.front() : geometry.rows * lhsPointStride;
  }
  if (op.isBatched())
    rhsBatchStride = rhs.strides.front();
  return epilogue.prepare(op, op.getBody(), op.getEpilogue(), op.getInit(), b);
}

LogicalResult MmadEmitter::emit() {
  if (failed(prepare()))
    return failure();
  auto [begin, end] = getTileRange(b, op, plan.tiles());
  b.loop(begin, end, 1, [&](Value tile) { emitTile(tile); });
  npu::Im2ColOp image = op.getImage();
  op.erase();
  if (image && image->use_empty())
    image.erase();
  return success();
}

void MmadEmitter::emitTile(Value tile) {
  Value group = b.rem(tile, plan.panelGroups);
  Value block = b.div(tile, plan.panelGroups);
  Value rowBlock = b.rem(block, plan.rowBlocks);
  Value batch = b.div(block, plan.rowBlocks);
  if (plan.batch == 1)
    batch = b.index(0);
  panelBatch = rhsBatchStride != 0 ? b.mul(batch, rhsBatchStride) : Value();
  emitReductionBlocks(batch, rowBlock, group);
}

void MmadEmitter::emitReductionBlocks(Value batch, Value rowBlock, Value group) {
  if (geometry.reduction.isDynamic() || plan.reductionBlock >= *geometry.reduction.known())
    return emitPanels(batch, rowBlock, group);
  Value all = b.index(geometry.reduction);
  b.loop(b.index(0), all, plan.reductionBlock, [&](Value k) {
    blockBegin = k;
    blockEnd = b.min(b.add(k, plan.reductionBlock), all);
    isFirst = b.equals(k, 0);
    isLast = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, blockEnd, all);
    emitPanels(batch, rowBlock, group);
  });
}

void MmadEmitter::emitPanels(Value batch, Value rowBlock, Value group) {
  if (geometry.columns.isDynamic())
    return emitDynamicPanels(batch, rowBlock);
  bool partial = *geometry.columns.known() % geometry.panelWidth != 0;
  int64_t full = *geometry.panels.known() - partial, wide = plan.tilePanels;
  Value begin = b.mul(group, plan.panelsPerGroup);
  Value limit = b.min(b.add(begin, plan.panelsPerGroup), b.index(full));
  if (plan.panelGroups == 1)
    limit = b.index(full);
  // Groups begin at multiples of the tile's panels, so only the last ends with
  // fewer.
  Value wideEnd = limit;
  if (full % wide)
    wideEnd = b.min(limit, b.index(full - full % wide));
  b.loop(begin, wideEnd, wide, [&](Value j) { emitPoints(batch, rowBlock, {j, wide}); });
  auto inLastGroup = [&](llvm::function_ref<void()> body) {
    if (plan.panelGroups == 1)
      return body();
    b.ifTrue(b.equals(group, plan.panelGroups - 1), body);
  };
  if (full % wide)
    inLastGroup([&] { emitPoints(batch, rowBlock, {b.index(full - full % wide), full % wide}); });
  if (partial)
    inLastGroup([&] { emitPoints(batch, rowBlock, {b.index(full), 1, full}); });
}

void MmadEmitter::emitDynamicPanels(Value batch, Value rowBlock) {
  Value full = b.index(floorDiv(geometry.columns, geometry.panelWidth));
  b.loopHalving(b.index(0), full, plan.tilePanels,
                [&](Value j, int64_t count) { emitPoints(batch, rowBlock, {j, count}); });
  Value rest = b.index(remainder(geometry.columns, geometry.panelWidth));
  Value ends = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, rest, b.index(0));
  b.ifTrue(ends, [&] {
    PanelRange last{full};
    last.partial = true;
    emitPoints(batch, rowBlock, last);
  });
}

void MmadEmitter::emitPoints(Value batch, Value rowBlock, const PanelRange &panels) {
  if (geometry.isImage)
    emitLines(rowBlock, panels);
  else
    emitRows(batch, rowBlock, panels);
}

/// Where the patches of these panels start in an image.
Value MmadEmitter::groupBase(const PanelRange &panels) {
  if (geometry.groups == 1)
    return b.index(0);
  return b.mul(b.div(panels.first, *geometry.panels.known() / geometry.groups), geometry.groupStride);
}

void MmadEmitter::emitRows(Value batch, Value rowBlock, const PanelRange &panels) {
  Value base = b.add(b.mul(batch, lhsBatchStride), groupBase(panels));
  auto emit = [&](Value row, int64_t count) {
    PointRange points;
    points.batch = batch;
    points.point = row;
    points.source = b.add(base, b.mul(row, lhsPointStride));
    points.count = count;
    emitRegisterTile(points, panels);
  };
  Value begin = b.mul(rowBlock, plan.rowsPerBlock);
  if (geometry.rows.isDynamic()) {
    Value end = b.min(b.add(begin, plan.rowsPerBlock), b.index(geometry.rows));
    return b.loopHalving(begin, end, plan.tileRows, emit);
  }
  int64_t rows = *geometry.rows.known(), height = plan.tileRows, rest = rows % height;
  // A remainder of few rows would leave the multipliers waiting: share it with
  // the tile before.
  SmallVector<int64_t, 2> tail;
  if (rest && rest * 2 < height && rows > height)
    tail = {(rest + height + 1) / 2, (rest + height) / 2};
  else if (rest)
    tail = {rest};
  int64_t tailRows = std::accumulate(tail.begin(), tail.end(), int64_t(0));
  Value end = b.index(rows - tailRows);
  if (plan.rowBlocks != 1)
    end = b.min(b.add(begin, plan.rowsPerBlock), end);
  b.loop(begin, end, height, [&](Value row) { emit(row, height); });
  if (tail.empty())
    return;
  auto emitTail = [&] {
    int64_t row = rows - tailRows;
    for (int64_t count : tail) {
      emit(b.index(row), count);
      row += count;
    }
  };
  if (plan.rowBlocks == 1)
    return emitTail();
  b.ifTrue(b.equals(rowBlock, *plan.rowBlocks.known() - 1), emitTail);
}

void MmadEmitter::emitLines(Value rowBlock, const PanelRange &panels) {
  Value begin = b.mul(rowBlock, plan.rowsPerBlock);
  Value end = b.index(geometry.lines());
  if (plan.rowBlocks != 1)
    end = b.min(b.add(begin, plan.rowsPerBlock), end);
  b.loop(begin, end, 1, [&](Value line) { emitLine(line, panels); });
}

void MmadEmitter::emitLine(Value line, const PanelRange &panels) {
  const Window &vertical = geometry.vertical, &horizontal = geometry.horizontal;
  Value image = geometry.imageCount == 1 ? b.index(0) : b.div(line, vertical.output);
  Value outputRow = geometry.imageCount == 1 ? line : b.rem(line, vertical.output);
  Value origin = b.add(b.mul(outputRow, vertical.stride), -vertical.padLow);
  PointRange points;
  points.batch = image;
  points.rowBegin = b.index(0);
  points.rowEnd = b.index(vertical.kernel);
  if (!vertical.needsNoPadding()) {
    // Rows k with 0 <= origin + k·dilation < input.
    int64_t d = vertical.dilation;
    Value above = b.max(b.sub(b.index(0), origin), b.index(0));
    Value inside = b.max(b.sub(b.index(vertical.input), origin), b.index(0));
    points.rowBegin = b.min(b.div(b.add(above, d - 1), d), points.rowEnd);
    points.rowEnd = b.min(b.div(b.add(inside, d - 1), d), points.rowEnd);
  }
  Value base = b.add(b.mul(image, geometry.batchStride), b.mul(origin, geometry.lineStride));
  base = b.add(base, groupBase(panels));
  Value firstPoint = b.mul(outputRow, horizontal.output);
  if (horizontal.isDynamic())
    return emitDynamicLine(points, base, firstPoint, panels);
  int64_t element = *geometry.pointStride.known() / horizontal.stride;
  for (const ColumnTiles &tiles : divideLine(horizontal, plan.tileRows)) {
    Value begin = b.index(tiles.start), end = b.index(tiles.start + tiles.size * tiles.count);
    b.loop(begin, end, tiles.size, [&](Value column) {
      points.count = tiles.size;
      points.point = b.add(firstPoint, column);
      points.source = b.add(base, b.add(b.mul(column, geometry.pointStride), -horizontal.padLow * element));
      points.edge.reset();
      if (!tiles.interior)
        points.edge = tiles.start;
      emitRegisterTile(points, panels);
    });
  }
}

/// A line of unknown length: tiles of points whose taps are all inside, and at
/// both ends single points, each with its own taps.
void MmadEmitter::emitDynamicLine(PointRange points, Value base, Value firstPoint, const PanelRange &panels) {
  const Window &window = geometry.horizontal;
  int64_t element = *geometry.pointStride.known() / window.stride, d = window.dilation;
  auto place = [&](Value column) {
    points.point = b.add(firstPoint, column);
    points.source = b.add(base, b.add(b.mul(column, geometry.pointStride), -window.padLow * element));
  };
  auto emitEdge = [&](Value column) {
    place(column);
    Value origin = b.add(b.mul(column, window.stride), -window.padLow), taps = b.index(window.kernel);
    Value before = b.max(b.sub(b.index(0), origin), b.index(0));
    Value inside = b.max(b.sub(b.index(window.input), origin), b.index(0));
    points.count = 1;
    points.tapBegin = b.min(b.div(b.add(before, d - 1), d), taps);
    points.tapEnd = b.min(b.div(b.add(inside, d - 1), d), taps);
    emitRegisterTile(points, panels);
    points.tapBegin = points.tapEnd = Value();
  };
  // Outputs o with 0 <= o·stride - padLow and o·stride - padLow + (kernel - 1)·d < input.
  Value all = b.index(window.output);
  Value begin = b.min(b.index(divideCeil(window.padLow, window.stride)), all);
  Dim fitting = floorDiv(window.input + (window.padLow - (window.kernel - 1) * d - 1), window.stride) + 1;
  Value end = b.max(b.min(b.index(fitting), all), begin);
  b.loop(b.index(0), begin, 1, emitEdge);
  b.loopHalving(begin, end, plan.tileRows, [&](Value column, int64_t count) {
    place(column);
    points.count = count;
    emitRegisterTile(points, panels);
  });
  b.loop(end, all, 1, emitEdge);
}

/// Vectors of the tile's panels that hold columns.
int64_t MmadEmitter::vectorsOf(const PanelRange &panels) const {
  int64_t vectors = panels.count * geometry.panelWidth / lanes;
  if (!panels.known)
    return vectors;
  int64_t columns = *geometry.columns.known() - *panels.known * geometry.panelWidth;
  return std::min<int64_t>(vectors, divideCeil(columns, lanes));
}

Destination MmadEmitter::destination(const PointRange &points, const PanelRange &panels, int64_t row, int64_t v,
                                     Value column) {
  ArrayRef<Dim> strides = epilogue.destination().strides;
  ArrayRef<int64_t> shape = cast<MemRefType>(op.getInit().getType()).getShape();
  Destination to;
  to.column = column;
  to.lanes = to.valid = lanes;
  if (panels.known)
    to.knownColumn = *panels.known * geometry.panelWidth + v * lanes;
  if (panels.partial)
    to.remaining = b.sub(b.index(geometry.columns), column);
  Value point = b.add(points.point, row);
  if (!blocked) {
    // Points of an image count on through its batch.
    if (op.getImage())
      point = b.add(point, b.mul(points.batch, geometry.vertical.output * geometry.horizontal.output));
    Value base = op.isBatched() ? b.mul(points.batch, strides[0]) : b.index(0);
    to.position = b.add(b.add(base, b.mul(point, strides[strides.size() - 2])), column);
    if (to.knownColumn)
      to.valid = std::clamp<int64_t>(*geometry.columns.known() - *to.knownColumn, 0, lanes);
    return to;
  }
  int64_t c0 = shape[4], inPanel = v * lanes;
  Value block, lane;
  if (geometry.panelWidth % c0 == 0) {
    block = b.add(b.mul(panels.first, geometry.panelWidth / c0), inPanel / c0);
    lane = b.index(inPanel % c0);
  } else {
    block = b.div(column, c0);
    lane = b.rem(column, c0);
  }
  Value place = b.add(b.mul(points.batch, strides[0]), b.mul(block, strides[1]));
  to.position = b.add(b.add(place, b.mul(point, strides[3])), lane);
  return to;
}

void MmadEmitter::emitRegisterTile(const PointRange &points, const PanelRange &panels) {
  ++registerTiles;
  epilogue.clearCache();
  int64_t vectors = vectorsOf(panels);
  SmallVector<Destination> to;
  SmallVector<Value> columns;
  for (int64_t v = 0; v < vectors; ++v)
    columns.push_back(b.add(b.mul(panels.first, geometry.panelWidth), v * lanes));
  for (int64_t row = 0; row < points.count; ++row)
    for (int64_t v = 0; v < vectors; ++v)
      to.push_back(destination(points, panels, row, v, columns[v]));

  SmallVector<Value> values(to.size(), b.zero(vector));
  if (isFirst) {
    auto start = scf::IfOp::create(b, SmallVector<Type>(to.size(), vector), isFirst, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(start.thenBlock());
    scf::YieldOp::create(b, values);
    b.setInsertionPointToStart(start.elseBlock());
    SmallVector<Value> loaded;
    for (const Destination &d : to)
      loaded.push_back(epilogue.loadRaw(b, accumulator, d));
    scf::YieldOp::create(b, loaded);
    values.assign(start.result_begin(), start.result_end());
  }
  if (padValue)
    values = startFromPads(points, panels, values);
  for (const Segment &segment : geometry.segments)
    values = accumulate(segment, points, panels, values);
  auto finish = [&] {
    for (auto [value, d] : llvm::zip(values, to))
      epilogue.store(b, value, d);
  };
  if (!isLast)
    return finish();
  auto stop = scf::IfOp::create(b, isLast, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(stop.thenBlock());
  finish();
  b.setInsertionPointToStart(stop.elseBlock());
  for (auto [value, d] : llvm::zip(values, to))
    epilogue.storeRaw(b, value, d);
}

//===----------------------------------------------------------------------===//
// The reduction
//===----------------------------------------------------------------------===//

/// Loops over channels and filter rows.
SmallVector<Value> MmadEmitter::accumulate(const Segment &segment, const PointRange &points, const PanelRange &panels,
                                           ValueRange initial) {
  if (blockBegin) {
    Value source = b.add(points.source, segment.offset);
    SmallVector<int64_t> rows = llvm::to_vector(llvm::seq<int64_t>(0, points.count));
    // Blocks begin at even numbers.
    int64_t steps = *segment.length.known() % unrolled ? 1 : unrolled;
    return b.loop(blockBegin, blockEnd, steps, initial, [&](Value k, ValueRange values) {
      SmallVector<Value> results(values);
      for (int64_t i = 0; i < steps; ++i)
        results = multiplyAdd(rows, panels, b.add(b.add(source, k), i), b.add(k, i), results);
      return results;
    });
  }
  // The error of a sum grows with the number of terms added one after another:
  // a long sum is one of partial sums. Their totals live in memory meanwhile.
  const Dim terms = segment.length * (segment.taps * (geometry.isImage ? geometry.vertical.kernel : 1));
  const int64_t together = divideCeil(kPartialSum, terms.known().value_or(kPartialSum));
  if (!isa<FloatType>(accumulator) || segment.channels <= together)
    return accumulateChannels(segment, points, panels, b.index(0), b.index(segment.channels), initial);
  return b.loop(b.index(0), b.index(segment.channels), together, initial, [&](Value first, ValueRange totals) {
    Value last = b.add(first, together);
    if (segment.channels % together)
      last = b.min(last, b.index(segment.channels));
    SmallVector<Value> zeros(totals.size(), b.zero(vector));
    SmallVector<Value> sums = accumulateChannels(segment, points, panels, first, last, zeros);
    for (auto [sum, total] : llvm::zip_equal(sums, totals))
      sum = arith::AddFOp::create(b, total, sum);
    return sums;
  });
}

SmallVector<Value> MmadEmitter::accumulateChannels(const Segment &segment, const PointRange &points,
                                                   const PanelRange &panels, Value first, Value last,
                                                   ValueRange initial) {
  Value source = b.add(points.source, segment.offset);
  Value begin = b.index(segment.reduction);
  return b.loop(first, last, 1, initial, [&](Value channel, ValueRange values) {
    Value channelSource = b.add(source, b.mul(channel, segment.channelStride));
    Value channelBegin = b.add(begin, b.mul(channel, segment.channelReduction));
    if (!points.rowBegin)
      return accumulateTaps(segment, points, panels, channelSource, channelBegin, values);
    return b.loop(points.rowBegin, points.rowEnd, 1, values, [&](Value row, ValueRange inner) {
      return accumulateTaps(segment, points, panels, b.add(channelSource, b.mul(row, segment.rowStride)),
                            b.add(channelBegin, b.mul(row, segment.rowReduction)), inner);
    });
  });
}

/// Loops over filter columns. In an edge tile each column has its own points that
/// read inside the image; neighbours with the same points go together.
SmallVector<Value> MmadEmitter::accumulateTaps(const Segment &segment, const PointRange &points,
                                               const PanelRange &panels, Value source, Value reduction,
                                               ValueRange initial) {
  if (points.tapBegin)
    return b.loop(points.tapBegin, points.tapEnd, 1, initial, [&](Value tap, ValueRange values) {
      return accumulateRun(segment.length, segment.step, {0}, panels, b.add(source, b.mul(tap, segment.tapStride)),
                           b.add(reduction, b.mul(tap, segment.tapReduction)), values);
    });
  auto rowsOf = [&](int64_t tap) {
    auto all = llvm::seq<int64_t>(0, points.count);
    return llvm::to_vector(llvm::make_filter_range(
        all, [&](int64_t row) { return !points.edge || geometry.horizontal.reads(*points.edge + row, tap); }));
  };
  SmallVector<Value> values(initial);
  for (int64_t tap = 0; tap < segment.taps;) {
    SmallVector<int64_t> rows = rowsOf(tap);
    int64_t end = tap + 1;
    while (end < segment.taps && rowsOf(end) == rows)
      ++end;
    if (!rows.empty())
      values = accumulateTapRange(segment, end - tap, rows, panels, b.add(source, tap * segment.tapStride),
                                  b.add(reduction, tap * segment.tapReduction), values);
    tap = end;
  }
  return values;
}

/// Some filter columns, the same points inside for all of them. Columns whose
/// elements follow each other are one run.
SmallVector<Value> MmadEmitter::accumulateTapRange(const Segment &segment, int64_t taps, ArrayRef<int64_t> rows,
                                                   const PanelRange &panels, Value source, Value reduction,
                                                   ValueRange initial) {
  if (segment.length == 1 && taps > 1)
    return accumulateRun(taps, segment.tapStride, rows, panels, source, reduction, initial);
  if (taps == 1 || segment.length * segment.step == segment.tapStride)
    return accumulateRun(segment.length * taps, segment.step, rows, panels, source, reduction, initial);
  return b.loop(b.index(0), b.index(taps), 1, initial, [&](Value tap, ValueRange values) {
    return accumulateRun(segment.length, segment.step, rows, panels, b.add(source, b.mul(tap, segment.tapStride)),
                         b.add(reduction, b.mul(tap, segment.tapReduction)), values);
  });
}

/// The innermost loop: `length` elements of the first operand `step` apart and
/// as many rows of the panels.
SmallVector<Value> MmadEmitter::accumulateRun(Dim length, int64_t step, ArrayRef<int64_t> rows,
                                              const PanelRange &panels, Value source, Value reduction,
                                              ValueRange initial) {
  auto emitSteps = [&](Value first, int64_t count, ValueRange values) {
    SmallVector<Value> results(values);
    for (int64_t k = 0; k < count; ++k)
      results = multiplyAdd(rows, panels, b.add(source, b.mul(b.add(first, k), step)),
                            b.add(reduction, b.add(first, k)), results);
    return results;
  };
  if (length.isDynamic())
    return b.loop(b.index(0), b.index(length), 1, initial,
                  [&](Value k, ValueRange inner) { return emitSteps(k, 1, inner); });
  int64_t all = *length.known(), whole = all - all % unrolled;
  SmallVector<Value> values = b.loop(b.index(0), b.index(whole), unrolled, initial,
                                     [&](Value k, ValueRange inner) { return emitSteps(k, unrolled, inner); });
  return emitSteps(b.index(whole), all - whole, values);
}

Value MmadEmitter::widenLeft(Value element) {
  Value wide = op.getUnsignedLhs() ? arith::ExtUIOp::create(b, accumulator, element) : b.convert(element, accumulator);
  if (!padValue)
    return wide;
  return arith::SubIOp::create(b, wide, arith::ConstantIntOp::create(b, accumulator, padValue));
}

/// The products of a filter that sees padding alone. What the image has is counted from
/// there, so that taps outside of it add nothing.
SmallVector<Value> MmadEmitter::startFromPads(const PointRange &points, const PanelRange &panels, ValueRange initial) {
  Value padding = b.broadcast(arith::ConstantIntOp::create(b, accumulator, padValue), lanes);
  const size_t vectors = vectorsOf(panels);
  SmallVector<Value> zeros(vectors, b.zero(vector));
  SmallVector<Value> sums = b.loop(b.index(0), b.index(geometry.reduction), 1, zeros, [&](Value k, ValueRange totals) {
    SmallVector<Value> results(totals);
    for (auto [result, column] : llvm::zip_equal(results, loadColumns(panels, k)))
      result = b.multiplyAdd(padding, column, result);
    return results;
  });
  SmallVector<Value> values(initial);
  for (auto [i, value] : llvm::enumerate(values))
    value = arith::AddIOp::create(b, value, sums[i % vectors]);
  return values;
}

/// Where column `v` of the panels has its element in a row of a matrix that is not
/// packed. A panel that ends early has the last column for those it lacks.
Value MmadEmitter::matrixElement(const PanelRange &panels, int64_t v, Value row) {
  Dim rowStride = rhs.strides[rhs.strides.size() - 2], columnStride = rhs.strides.back();
  if (*op.getOrder() == npu::PanelOrder::NK)
    std::swap(rowStride, columnStride);
  Value column = b.add(b.mul(panels.first, geometry.panelWidth), v);
  if (panels.partial)
    column = b.min(column, b.index(geometry.columns - 1));
  Value position = b.add(b.mul(column, columnStride), b.mul(row, rowStride));
  return panelBatch ? b.add(position, panelBatch) : position;
}

/// A vector of each panel column.
SmallVector<Value> MmadEmitter::loadColumns(const PanelRange &panels, Value reduction) {
  int64_t vectors = vectorsOf(panels), perPanel = geometry.panelWidth / lanes;
  SmallVector<Value> columns;
  Value first = b.mul(b.add(b.mul(panels.first, geometry.reduction), reduction), geometry.panelWidth);
  if (panelBatch)
    first = b.add(first, panelBatch);
  for (int64_t v = 0; v < vectors; ++v) {
    Dim offset = geometry.reduction * (v / perPanel * geometry.panelWidth) + v % perPanel * lanes;
    Value position = op.getOrder() ? matrixElement(panels, v, reduction) : b.add(first, offset);
    columns.push_back(b.convert(b.loadVector(rhs, position, lanes), accumulator));
  }
  return columns;
}

/// One step of the reduction: a vector of each panel column times one element of
/// each of `rows`.
SmallVector<Value> MmadEmitter::multiplyAdd(ArrayRef<int64_t> rows, const PanelRange &panels, Value source,
                                            Value reduction, ValueRange accumulators) {
  SmallVector<Value> values(accumulators), columns = loadColumns(panels, reduction);
  int64_t vectors = columns.size();
  for (int64_t row : rows) {
    Value scalar = widenLeft(b.loadScalar(lhs, b.add(source, lhsPointStride * row)));
    Value element = b.broadcast(scalar, lanes);
    for (int64_t v = 0; v < vectors; ++v) {
      Value &value = values[row * vectors + v];
      value = b.multiplyAdd(element, columns[v], value);
    }
  }
  return values;
}

LogicalResult lowerMmad(npu::MmadOp op, const device::Description &device, int64_t &registerTiles) {
  MmadEmitter emitter(op, device);
  LogicalResult result = emitter.emit();
  registerTiles += emitter.registerTiles;
  return result;
}

} // namespace gemlir
