//===- LowerDepthwise.cpp - npu.depthwise to vector loops -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A register tile is a run of output columns of one vector of channels. Filter
// columns are unrolled, so that a vector of the image that several outputs read
// is loaded once.
//
//===----------------------------------------------------------------------===//

#include "Geometry.h"
#include "TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace gemlir {

namespace {

class DepthwiseEmitter {
public:
  DepthwiseEmitter(npu::DepthwiseOp op, const device::Description &device)
      : op(op), b(op.getLoc(), op), plan(planDepthwise(op, device, [&](Value memref) { return b.sizes(memref); })) {
    image = b.sizes(op.getImage());
    output = b.sizes(op.getInit());
    filter = cast<MemRefType>(op.getFilter().getType()).getShape();
    auto window = [&](unsigned axis) {
      return Window{filter[1 + axis],        output[2 + axis],       op.getStrides()[axis],
                    op.getDilations()[axis], op.getPads()[2 * axis], image[2 + axis]};
    };
    vertical = window(0);
    horizontal = window(1);
    accumulator = op.getBody().front().getArgument(0).getType();
    unsigned bits = std::max(accumulator.getIntOrFloatBitWidth(), 8u);
    channelBlockSize = *image[4].known();
    lanes = std::min<int64_t>(device.lanes(bits), channelBlockSize);
    while (channelBlockSize % lanes)
      lanes /= 2;
    vector = VectorType::get({lanes}, accumulator);
  }

  LogicalResult emit();
  int64_t registerTiles = 0;

private:
  void emitTile(Value tile);
  void emitLine(Value channelBlock, Value block, Value line);
  void emitColumns(Value begin, Value end, const ColumnTiles &tiles);
  void emitDynamicColumns();
  void emitLanes(Value column, const ColumnTiles &tiles);
  void emitRegisterTile(Value column, const ColumnTiles &tiles, Value lane);
  SmallVector<Value> accumulateEdge(Value row, Value column, Value lane, ValueRange initial);
  SmallVector<Value> accumulateRow(Value row, Value column, const ColumnTiles &tiles, Value lane, ValueRange initial);

  npu::DepthwiseOp op;
  LoopBuilder b;
  TilePlan plan;
  SmallVector<Dim> image, output;
  ArrayRef<int64_t> filter;
  Window vertical, horizontal;
  Type accumulator;
  VectorType vector;
  int64_t lanes = 1, channelBlockSize = 1;
  FlatBuffer source, taps;
  Epilogue epilogue;

  // Of the line at hand: where its image row 0, its filter and its results are,
  // and the filter rows that are inside.
  Value sourceBase, filterBase, outputBase, channelBase, rowBegin, rowEnd;
};

} // namespace

LogicalResult DepthwiseEmitter::emit() {
  FailureOr<FlatBuffer> first = b.flatten(op.getImage()), second = b.flatten(op.getFilter());
  if (failed(first) || failed(second) || first->strides.back() != 1 || second->strides.back() != 1)
    return op.emitOpError("expects buffers of known strides");
  source = *first;
  taps = *second;
  if (failed(epilogue.prepare(op, op.getBody(), op.getEpilogue(), op.getInit(), b)))
    return failure();
  auto [begin, end] = getTileRange(b, op, plan.tiles());
  b.loop(begin, end, 1, [&](Value tile) { emitTile(tile); });
  op.erase();
  return success();
}

void DepthwiseEmitter::emitTile(Value tile) {
  Value rowBlock = b.rem(tile, plan.rowBlocks);
  Value block = b.div(tile, plan.rowBlocks);
  Value channelBlock = image[0] == 1 ? block : b.rem(block, image[1]);
  Value begin = b.mul(rowBlock, plan.rowsPerBlock);
  Value end = b.index(vertical.output);
  if (plan.rowBlocks != 1)
    end = b.min(b.add(begin, plan.rowsPerBlock), end);
  b.loop(begin, end, 1, [&](Value line) { emitLine(channelBlock, block, line); });
}

void DepthwiseEmitter::emitLine(Value channelBlock, Value block, Value line) {
  ArrayRef<Dim> in = source.strides, out = epilogue.destination().strides;
  Value origin = b.add(b.mul(line, vertical.stride), -vertical.padLow);
  rowBegin = b.index(0);
  rowEnd = b.index(vertical.kernel);
  if (!vertical.needsNoPadding()) {
    int64_t d = vertical.dilation;
    Value above = b.max(b.sub(b.index(0), origin), b.index(0));
    Value inside = b.max(b.sub(b.index(vertical.input), origin), b.index(0));
    rowBegin = b.min(b.div(b.add(above, d - 1), d), rowEnd);
    rowEnd = b.min(b.div(b.add(inside, d - 1), d), rowEnd);
  }
  // Batch and channel block are one dimension of the storage.
  sourceBase = b.add(b.add(b.mul(block, in[1]), b.mul(origin, in[2])), in[3] * -horizontal.padLow);
  outputBase = b.add(b.mul(block, out[1]), b.mul(line, out[2]));
  filterBase = b.mul(channelBlock, taps.strides[0]);
  channelBase = b.mul(channelBlock, channelBlockSize);
  if (horizontal.isDynamic())
    return emitDynamicColumns();
  for (const ColumnTiles &tiles : divideLine(horizontal, plan.tileRows))
    emitColumns(b.index(tiles.start), b.index(tiles.start + tiles.size * tiles.count), tiles);
}

void DepthwiseEmitter::emitColumns(Value begin, Value end, const ColumnTiles &tiles) {
  b.loop(begin, end, tiles.size, [&](Value column) { emitLanes(column, tiles); });
}

/// The vectors of a channel block: a few in a row, many in a loop.
void DepthwiseEmitter::emitLanes(Value column, const ColumnTiles &tiles) {
  constexpr int64_t kMostInRow = 4;
  if (channelBlockSize / lanes > kMostInRow) {
    b.loop(b.index(0), b.index(channelBlockSize), lanes, [&](Value lane) { emitRegisterTile(column, tiles, lane); });
    return;
  }
  for (int64_t lane = 0; lane < channelBlockSize; lane += lanes)
    emitRegisterTile(column, tiles, b.index(lane));
}

/// A line of unknown length: tiles whose taps are all inside, and single columns
/// at both ends.
void DepthwiseEmitter::emitDynamicColumns() {
  const Window &window = horizontal;
  Value all = b.index(window.output);
  Value begin = b.min(b.index(llvm::divideCeil(window.padLow, window.stride)), all);
  int64_t reach = window.padLow - (window.kernel - 1) * window.dilation;
  Value end = b.max(b.min(b.index(floorDiv(window.input + (reach - 1), window.stride) + 1), all), begin);
  emitColumns(b.index(0), begin, {0, 1, 1, false});
  b.loopHalving(begin, end, plan.tileRows,
                [&](Value column, int64_t count) { emitLanes(column, {0, count, 1, true}); });
  emitColumns(end, all, {0, 1, 1, false});
}

void DepthwiseEmitter::emitRegisterTile(Value column, const ColumnTiles &tiles, Value lane) {
  ++registerTiles;
  epilogue.clearCache();
  SmallVector<Value> initial(tiles.size, b.zero(vector));
  SmallVector<Value> values = b.loop(rowBegin, rowEnd, 1, initial, [&](Value row, ValueRange inner) {
    if (horizontal.isDynamic() && !tiles.interior)
      return accumulateEdge(row, column, lane, inner);
    return accumulateRow(row, column, tiles, lane, inner);
  });
  Destination to;
  to.lanes = to.valid = lanes;
  to.column = b.add(channelBase, lane);
  for (int64_t i = 0; i < tiles.size; ++i) {
    Value point = b.mul(b.add(column, i), epilogue.destination().strides[3]);
    to.position = b.add(b.add(outputBase, point), lane);
    epilogue.store(b, values[i], to);
  }
}

/// One column, of whose taps only the execution knows which are inside.
SmallVector<Value> DepthwiseEmitter::accumulateEdge(Value row, Value column, Value lane, ValueRange initial) {
  ArrayRef<Dim> in = source.strides;
  int64_t d = horizontal.dilation;
  Value origin = b.add(b.mul(column, horizontal.stride), -horizontal.padLow), taps = b.index(horizontal.kernel);
  Value before = b.max(b.sub(b.index(0), origin), b.index(0));
  Value inside = b.max(b.sub(b.index(horizontal.input), origin), b.index(0));
  Value base = b.add(sourceBase, b.mul(row, in[2] * vertical.dilation));
  base = b.add(b.add(base, b.mul(column, in[3] * horizontal.stride)), lane);
  Value filterRow = b.add(b.add(filterBase, b.mul(row, this->taps.strides[1])), lane);
  Value begin = b.min(b.div(b.add(before, d - 1), d), taps), end = b.min(b.div(b.add(inside, d - 1), d), taps);
  return b.loop(begin, end, 1, initial, [&](Value tap, ValueRange values) {
    Value at = b.add(filterRow, b.mul(tap, this->taps.strides[2]));
    Value weight = b.convert(b.loadVector(this->taps, at, lanes), accumulator);
    Value pixel = b.convert(b.loadVector(source, b.add(base, b.mul(tap, in[3] * d)), lanes), accumulator);
    return SmallVector<Value>{b.multiplyAdd(pixel, weight, values.front())};
  });
}

SmallVector<Value> DepthwiseEmitter::accumulateRow(Value row, Value column, const ColumnTiles &tiles, Value lane,
                                                   ValueRange initial) {
  ArrayRef<Dim> in = source.strides;
  SmallVector<Value> values(initial);
  Value base = b.add(sourceBase, b.mul(row, in[2] * vertical.dilation));
  base = b.add(b.add(base, b.mul(column, in[3] * horizontal.stride)), lane);
  Value filterRow = b.add(b.add(filterBase, b.mul(row, taps.strides[1])), lane);
  SmallVector<Value> weights;
  for (int64_t tap = 0; tap < horizontal.kernel; ++tap)
    weights.push_back(b.convert(b.loadVector(taps, b.add(filterRow, taps.strides[2] * tap), lanes), accumulator));
  // In the order of the image's columns, so that few of its vectors live at a
  // time.
  int64_t last = (tiles.size - 1) * horizontal.stride + (horizontal.kernel - 1) * horizontal.dilation;
  for (int64_t position = 0; position <= last; ++position) {
    Value pixel;
    for (int64_t tap = 0; tap < horizontal.kernel; ++tap) {
      int64_t distance = position - tap * horizontal.dilation, i = distance / horizontal.stride;
      if (distance < 0 || distance % horizontal.stride || i >= tiles.size)
        continue;
      if (!tiles.interior && !horizontal.reads(tiles.start + i, tap))
        continue;
      if (!pixel)
        pixel = b.convert(b.loadVector(source, b.add(base, in[3] * position), lanes), accumulator);
      values[i] = b.multiplyAdd(pixel, weights[tap], values[i]);
    }
  }
  return values;
}

LogicalResult lowerDepthwise(npu::DepthwiseOp op, const device::Description &device, int64_t &registerTiles) {
  DepthwiseEmitter emitter(op, device);
  LogicalResult result = emitter.emit();
  registerTiles += emitter.registerTiles;
  return result;
}

} // namespace gemlir
