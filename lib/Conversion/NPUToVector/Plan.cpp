//===- Plan.cpp - geometry and blocking of tile operations ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Geometry.h"

#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using llvm::divideCeil;

namespace gemlir {

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

Dim getOutputSize(Dim input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow, int64_t padHigh) {
  return floorDiv(input + (padLow + padHigh - dilation * (kernel - 1) - 1), stride) + 1;
}

MmadGeometry::MmadGeometry(npu::MmadOp op, SizesOf sizesOf) {
  panelWidth = op.getPanelWidth();
  columns = ShapedType::isDynamic(op.getN()) ? sizesOf(op.getInit()).back() : Dim(op.getN());
  panels = ceilDiv(columns, panelWidth);
  reduction = ShapedType::isDynamic(op.getK()) ? sizesOf(op.getLhs()).back() : Dim(op.getK());
  accumulator = op.getBody().front().getArgument(0).getType();
  if (npu::Im2ColOp image = op.getImage())
    setImage(image, sizesOf);
  else
    setRows(op, sizesOf);
}

void MmadGeometry::setRows(npu::MmadOp op, SizesOf sizesOf) {
  SmallVector<Dim> init = sizesOf(op.getInit());
  batch = op.isBatched() ? init[0] : Dim(1);
  rows = init[init.size() - 2];
  // The storage of an image is written image by image.
  if (init.size() == 5) {
    batch = init[0];
    rows = init[2] * init[3];
  }
  pointStride = reduction;
  batchStride = rows * reduction;
  elementsPerLine = reduction;
  Segment segment;
  segment.length = reduction;
  segments.push_back(segment);
}

void MmadGeometry::setImage(npu::Im2ColOp image, SizesOf sizesOf) {
  SmallVector<Dim> shape = sizesOf(image.getImage());
  bool blocked = shape.size() == 5;
  int64_t block = blocked ? *shape[4].known() : 1;
  Dim height = shape[2], width = shape[3];
  auto window = [&](unsigned axis, Dim input) {
    int64_t kernel = image.getKernel()[axis], stride = image.getStrides()[axis], dilation = image.getDilations()[axis];
    int64_t padLow = image.getPads()[2 * axis], stated = image.getOutput()[axis];
    Dim output = stated;
    if (ShapedType::isDynamic(stated))
      output = getOutputSize(input, kernel, stride, dilation, padLow, image.getPads()[2 * axis + 1]);
    return Window{kernel, output, stride, dilation, padLow, input};
  };
  vertical = window(0, height);
  horizontal = window(1, width);
  imageCount = shape[0];
  isImage = !(vertical.isIdentity() && horizontal.isIdentity());
  if (!isImage)
    batch = imageCount;
  rows = vertical.output * horizontal.output * (isImage ? imageCount : 1);
  batchStride = shape[1] * height * width * block;
  lineStride = width * block;
  pointStride = horizontal.stride * block;
  int64_t channels = image.getChannels();
  groups = image.getGroups();
  groupStride = height * width * channels;
  elementsPerLine = isImage ? width * (channels * std::min(vertical.stride, vertical.kernel)) : Dim(channels);

  int64_t taps = horizontal.kernel, filter = vertical.kernel * taps;
  int64_t full = image.getChannels() / block, rest = image.getChannels() % block;
  auto add = [&](int64_t blocks, int64_t depth, Dim offset, int64_t start) {
    Segment segment;
    segment.offset = offset;
    segment.reduction = start;
    segment.channels = blocks;
    segment.channelStride = height * width * block;
    segment.channelReduction = filter * depth;
    segment.rowStride = vertical.dilation * lineStride;
    segment.rowReduction = taps * depth;
    segment.taps = taps;
    segment.tapStride = horizontal.dilation * block;
    segment.tapReduction = depth;
    segment.length = depth;
    segments.push_back(segment);
  };
  if (full)
    add(full, block, 0, 0);
  if (rest)
    add(1, rest, height * width * (full * block), full * filter * block);
}

SmallVector<ColumnTiles> divideLine(const Window &window, int64_t limit) {
  SmallVector<ColumnTiles> result;
  int64_t output = *window.output.known(), count = divideCeil(output, limit);
  int64_t size = output / count, larger = output % count;
  int64_t start = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t current = size + (i < larger);
    bool interior = window.isInterior(start, current);
    if (interior && !result.empty() && result.back().interior && result.back().size == current)
      ++result.back().count;
    else
      result.push_back({start, current, 1, interior});
    start += current;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

static unsigned bitsOf(Type type) { return std::max(type.getIntOrFloatBitWidth(), 8u); }

int64_t getPanelWidth(const device::Description &device, Type element) {
  // Narrow types accumulate in 32 bits.
  unsigned bits = std::max(bitsOf(element), 32u);
  return std::max<int64_t>(1, device.mmadTile().columns * 32 / bits);
}

/// Rows and panels of the register tile: accumulators, a vector of the panel for
/// each column vector, and one broadcast fit the registers.
static void chooseTile(TilePlan &plan, const MmadGeometry &geometry, const device::Description &device) {
  int64_t vectors = std::max<int64_t>(1, geometry.panelWidth / device.lanes(bitsOf(geometry.accumulator)));
  int64_t registers = std::max<int64_t>(device.vectorRegisters, 4);
  plan.tileRows = std::max<int64_t>(1, (registers - vectors - 1) / vectors);
  for (const device::TileShape &tile : device.mmadTiles)
    if (tile.columns == geometry.panelWidth) {
      plan.tileRows = std::min(plan.tileRows, tile.rows);
      break;
    }
  Dim width = geometry.isImage ? geometry.horizontal.output : geometry.rows;
  plan.tileRows = std::min(plan.tileRows, width.known().value_or(plan.tileRows));
  // Few rows leave accumulators unused, and too few to hide the latency of a
  // multiply-add: take more columns.
  int64_t accumulators = registers * 3 / 4;
  plan.tilePanels = std::clamp<int64_t>(accumulators / (plan.tileRows * vectors), 1, 4);
  if (plan.tileRows * 2 > accumulators / vectors)
    plan.tilePanels = 1;
  plan.tilePanels = std::min(plan.tilePanels, geometry.panels.known().value_or(plan.tilePanels));
  // A tile's columns have the patches of one group.
  if (geometry.groups > 1)
    plan.tilePanels = std::gcd(plan.tilePanels, *geometry.panels.known() / geometry.groups);
}

/// Work items that make two or more threads finish at about the same time.
static constexpr int64_t wantedTiles = 16;

/// What a size that only the execution knows is taken for in a plan.
static int64_t estimate(Dim size) { return size.estimate(/*typical=*/64); }

TilePlan planMmad(npu::MmadOp op, const device::Description &device, SizesOf sizesOf) {
  MmadGeometry geometry(op, sizesOf);
  TilePlan plan;
  plan.batch = geometry.batch;
  chooseTile(plan, geometry, device);

  // Blocks of the reduction cost a pass over the results, so only long
  // reductions have them; they need the accumulator's type in memory.
  int64_t reduction = estimate(geometry.reduction);
  plan.reductionBlock = reduction;
  Type stored = cast<ShapedType>(op.getInit().getType()).getElementType();
  bool flat = geometry.segments.size() == 1 && geometry.segments.front().channels == 1 && !geometry.isImage &&
              geometry.reduction.isStatic();
  if (flat && stored == geometry.accumulator && reduction > device.kBlock) {
    int64_t count = divideCeil(reduction, device.kBlock);
    plan.reductionBlock = llvm::alignTo(divideCeil(reduction, count), 8);
  }

  // A row block of the first operand stays in half of the second-level cache
  // while all panels pass; the other half is for what streams by: the panels and
  // the results. But a panel should serve eight tiles.
  int64_t lines = estimate(geometry.lines()), elementsPerLine = estimate(geometry.elementsPerLine);
  int64_t elementBytes = divideCeil(bitsOf(cast<ShapedType>(op.getRhs().getType()).getElementType()), 8);
  int64_t lineElements = geometry.isImage ? elementsPerLine : std::min(elementsPerLine, plan.reductionBlock);
  int64_t lineBytes = std::max<int64_t>(1, lineElements * elementBytes);
  int64_t step = geometry.isImage ? 1 : plan.tileRows;
  int64_t least = geometry.isImage
                      ? divideCeil(8 * plan.tileRows, std::max<int64_t>(1, estimate(geometry.horizontal.output)))
                      : 8 * step;
  int64_t fitting = std::max<int64_t>(device.l2Bytes / 2 / lineBytes, least);
  int64_t blocks = divideCeil(lines, std::min(fitting, lines));
  // How many lines there will be is not known: blocks small enough for some to
  // be there.
  if (geometry.lines().isDynamic())
    blocks = std::max(blocks, std::min<int64_t>(wantedTiles, divideCeil(lines, least)));
  plan.rowsPerBlock = llvm::alignTo(divideCeil(lines, blocks), step);
  plan.rowBlocks = ceilDiv(geometry.lines(), plan.rowsPerBlock);

  // Groups of panels make up for too few row blocks, as long as the work is
  // worth it.
  if (geometry.panels.isDynamic()) {
    plan.panelsPerGroup = std::numeric_limits<int32_t>::max();
    return plan;
  }
  int64_t panels = *geometry.panels.known();
  int64_t work = estimate(geometry.batch * geometry.rows * geometry.columns) * reduction;
  int64_t most = std::max<int64_t>(1, work / std::max<int64_t>(1, device.tileWork));
  int64_t wanted = std::min(most, wantedTiles);
  int64_t groups = divideCeil(wanted, std::max<int64_t>(1, estimate(plan.batch * plan.rowBlocks)));
  int64_t steps = divideCeil(panels, plan.tilePanels);
  groups = std::clamp<int64_t>(groups, 1, steps);
  plan.panelsPerGroup = divideCeil(steps, groups) * plan.tilePanels;
  plan.panelGroups = divideCeil(panels, plan.panelsPerGroup);
  return plan;
}

TilePlan planDepthwise(npu::DepthwiseOp op, const device::Description &device, SizesOf sizesOf) {
  SmallVector<Dim> init = sizesOf(op.getInit());
  ArrayRef<int64_t> filter = cast<ShapedType>(op.getFilter().getType()).getShape();
  TilePlan plan;
  plan.batch = init[0] * init[1];
  int64_t lines = estimate(init[2]);
  int64_t lineWork = estimate(init[3] * init[4]) * filter[1] * filter[2];
  int64_t least = divideCeil(device.tileWork, std::max<int64_t>(1, lineWork));
  int64_t blocks = divideCeil(wantedTiles, std::max<int64_t>(1, estimate(plan.batch)));
  blocks = std::clamp<int64_t>(blocks, 1, std::max<int64_t>(1, lines / least));
  plan.rowsPerBlock = divideCeil(lines, blocks);
  plan.rowBlocks = ceilDiv(init[2], plan.rowsPerBlock);
  // Accumulators, the taps of a filter row, one or two vectors of the image.
  int64_t registers = std::max<int64_t>(device.vectorRegisters, 4);
  plan.tileRows = std::clamp<int64_t>(registers - filter[2] - 2, 2, 14);
  plan.tileRows = std::min(plan.tileRows, init[3].known().value_or(plan.tileRows));
  return plan;
}

} // namespace gemlir
