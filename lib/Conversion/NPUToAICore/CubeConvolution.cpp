//===- CubeConvolution.cpp - convolutions on the cube ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution is a product of the image's patches and the filter. A tile is some
// places of the result, in order or in one row, by some channels. Slabs are blocks
// of channels: the part of the image under the tile's filters is staged in L1 once
// for all taps, and npu.patches takes the steps' columns from it. Channels that the
// last block lacks become zeros on both sides. Of NCHW, and of f32 whose filter has
// distances between its columns, a slab is one block of 32 bytes of channels, which
// is gathered from all places. Bytes are images [H, W, C] and filters [N, KH, KW, C],
// of which each block of 32 channels is gathered.
//
//===----------------------------------------------------------------------===//

#include "CubeEmitter.h"
#include "CubeTiling.h"
#include "TileCount.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <cmath>

using namespace mlir;
using namespace gemlir;
using engine::Space;

/// Places behind the image that a transfer of whole fractals fills.
static constexpr int64_t kSlack = 16;

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// Whether the fields of `l0.load3d` hold the numbers of the image, of which each
/// column counts `parts`-fold.
static bool fitsFields(const CubeImage &image, int64_t parts) {
  constexpr int64_t kByte = 255, kHalf = 65535;
  for (unsigned axis : {0, 1}) {
    const int64_t scale = axis ? parts : 1;
    const int64_t largest =
        std::max({image.kernel[axis], image.strides[axis], image.pads[2 * axis], image.pads[2 * axis + 1]});
    if (largest * scale > kByte || image.extent(axis) > kByte || image.dilations[axis] > kByte ||
        image.size[axis] * scale > kHalf || image.places[axis] > kHalf)
      return false;
  }
  return image.blockDepth() <= kHalf;
}

std::string gemlir::analyzeImage(CubeSpace &space) {
  CubeImage image;
  image.op = space.mmad.getImage();
  auto in = cast<RankedTensorType>(image.op.getImage().getType());
  auto out = cast<RankedTensorType>(space.mmad.getInit().getType());
  image.isPlain = in.getRank() == 4;
  const int64_t c0 = 32 / getElementBytes(space.element);
  if (in.isDynamicDim(1) || (out.getRank() == 5 && out.isDynamicDim(1)))
    return "a convolution of images whose channels only the execution knows";
  auto known = [](int64_t n) { return ShapedType::isDynamic(n) ? -1 : n; };
  image.channels = image.op.getChannels();
  image.groups = image.op.getGroups();
  image.isChannelsLast = space.element.isInteger(8);
  const int64_t held = image.isChannelsLast ? image.channels : 16;
  if ((image.isPlain ? image.isChannelsLast : in.getRank() != 5 || in.getDimSize(4) != held) ||
      (image.isChannelsLast && (in.getDimSize(1) != 1 || out.getRank() != 2)) ||
      (out.getRank() != 2 && (out.getRank() != 5 || out.getDimSize(4) != 16)))
    return "a convolution of images that are neither NC1HWC0 nor NCHW, or of bytes whose channels are not last";
  for (unsigned axis : {0, 1}) {
    image.size[axis] = known(in.getDimSize(2 + axis));
    image.places[axis] = image.size[axis] < 0 ? -1 : known(image.op.getOutput()[axis]);
    image.kernel[axis] = image.op.getKernel()[axis];
    image.strides[axis] = image.op.getStrides()[axis];
    image.dilations[axis] = image.kernel[axis] == 1 ? 1 : image.op.getDilations()[axis];
    for (unsigned side : {0, 1}) {
      image.pads[2 * axis + side] = image.op.getPads()[2 * axis + side];
      if (image.pads[2 * axis + side] >= image.extent(axis))
        return "a convolution with pads as wide as its filter";
    }
  }
  // Lanes of two blocks of 32 bytes are columns of an image of twice the width, in
  // which the columns of a filter are neighbours.
  image.isSplit = !image.isPlain && c0 < 16 && image.dilations[1] > 1;
  image.padValue = image.op.getPadValue();
  if (image.isGathered())
    image.lanes = c0;
  image.blocks = llvm::divideCeil(image.channels, image.lanes);
  const int64_t parts = image.lanes / c0;
  if (!fitsFields(image, parts))
    return "a convolution whose sizes are too large for l0.load3d";
  // Pixels of a filter of one place need no rows. Of unknown sizes a tile sees a part.
  const bool isOpen = image.size[0] < 0 || image.size[1] < 0;
  image.isFlat = !image.isGathered() && image.taps() == 1 && image.strides[0] == 1 && image.strides[1] == 1 &&
                 llvm::all_of(image.pads, [](int64_t pad) { return pad == 0; }) &&
                 (isOpen || image.size[0] * image.size[1] * parts <= 65535);
  if (image.isFlat)
    for (int64_t *size : {image.size, image.places}) {
      size[1] = isOpen ? -1 : size[0] * size[1];
      size[0] = 1;
    }
  space.image = image;
  space.batch = known(in.getDimSize(0));
  space.m = image.places[0] < 0 || image.places[1] < 0 ? -1 : image.places[0] * image.places[1];
  space.n = space.mmad.getN();
  space.k = image.op.getChannels() * image.taps();
  return {};
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

std::pair<int64_t, int64_t> gemlir::getImageWindow(const CubeImage &image, const CubeTile &tile) {
  auto limit = [](int64_t size, int64_t most) { return most < 0 ? size : std::min(size, most); };
  int64_t rows = 1, columns = image.places[1];
  if (tile.isSegment)
    columns = limit(tile.rows, columns);
  else if (tile.rows % columns == 0)
    rows = tile.rows / columns;
  else
    rows = (tile.rows - 2) / columns + 2;
  rows = limit(rows, image.places[0]);
  return {limit((rows - 1) * image.strides[0] + image.extent(0), image.size[0]),
          limit((columns - 1) * image.strides[1] + image.extent(1), image.size[1])};
}

/// The same with sizes of some length where they are unknown.
static CubeSpace makeTypical(const CubeSpace &space) {
  constexpr int64_t kTypical = 64;
  CubeSpace typical = space;
  CubeImage &image = *typical.image;
  for (unsigned axis : {0, 1}) {
    if (image.size[axis] >= 0)
      continue;
    image.places[axis] = image.isFlat ? kTypical * kTypical : kTypical;
    image.size[axis] = image.places[axis] * image.strides[axis];
  }
  typical.batch = std::max<int64_t>(space.batch, 1);
  typical.m = image.places[0] * image.places[1];
  return typical;
}

/// Elements of a slab of so many blocks: of the image and of the filter.
static std::pair<int64_t, int64_t> getSlabSizes(const CubeImage &image, const CubeTile &tile, int64_t blocks) {
  auto [rows, columns] = getImageWindow(image, tile);
  return {(blocks * rows * columns + kSlack) * image.lanes,
          int64_t(llvm::alignTo(blocks * image.blockDepth() + (image.lanes < 16 ? 8 : 0), 16)) * tile.columns};
}

static int64_t countTiles(const CubeImage &image, const CubeTile &tile) {
  return tile.isSegment ? image.places[0] * llvm::divideCeil(image.places[1], tile.rows)
                        : llvm::divideCeil(image.places[0] * image.places[1], tile.rows);
}

/// Cycles of a slab of so many columns of patches by so many rows and columns. The
/// next step is fed while one computes, through one queue for both operands with
/// some cycles for each piece and for the hand-over.
static double estimateSlab(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile, double depth,
                           double rows, double columns) {
  const CubeImage &image = *space.image;
  const double bytes = getElementBytes(space.element), c0 = 32 / bytes;
  auto compute = [&](double step) {
    return std::ceil(rows / 16) * std::ceil(columns / 16) * std::ceil(step / c0) * limits.cyclesPerFractal + 2;
  };
  auto feed = [&](double step) {
    return step * bytes * (rows / limits.leftBytesPerCycle + columns / limits.rightBytesPerCycle) +
           5 * (image.taps() * image.lanes / c0 + columns / c0) + 60;
  };
  const double whole = std::floor(depth / tile.step), rest = depth - whole * tile.step;
  const double pace = std::max(compute(tile.step), feed(tile.step));
  if (!rest)
    return whole * pace;
  return (whole ? (whole - 1) * pace + std::max(compute(tile.step), feed(rest)) : 0) +
         std::max(compute(rest), whole ? feed(tile.step) : feed(rest));
}

/// Estimated cycles of the whole convolution.
static double estimate(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile) {
  const CubeImage &image = *space.image;
  const int64_t bytes = getElementBytes(space.element);
  const int64_t tiles = space.batch * countTiles(image, tile) * llvm::divideCeil(space.n, tile.columns);
  const double rounds = llvm::divideCeil(tiles, limits.cores), depth = image.depth();
  const double rows = std::min(tile.isSegment ? image.places[1] : space.m, tile.rows);
  const double columns = std::min<double>(llvm::alignTo(space.n, 16), tile.columns);
  const double slabs = std::floor(depth / tile.slab), rest = depth - slabs * tile.slab;
  const double compute = slabs * estimateSlab(space, limits, tile, tile.slab, rows, columns) +
                         (rest ? estimateSlab(space, limits, tile, rest, rows, columns) : 0);
  auto [height, width] = getImageWindow(image, tile);
  // Of channels side by side each block of a place is a row of its own.
  const double pace = image.isChannelsLast ? std::min<double>(limits.bytesPerCycle, 32) : limits.bytesPerCycle;
  const double load = (double(height * width * image.blocks * image.lanes) + columns * depth) * bytes / pace +
                      20 * std::ceil(depth / tile.slab);
  return rounds * (addStore(space, limits, tile, rows, columns, std::max(compute, load)) + 100) + 1000;
}

/// Tries steps, and slabs of as many blocks of channels as fit or fewer; none if none
/// fits.
static std::optional<CubeCandidate> chooseSlab(const CubeSpace &space, const CubeSpace &typical,
                                               const CubeLimits &limits, CubeTile tile) {
  const CubeImage &image = *space.image;
  const int64_t bytes = getElementBytes(space.element);
  const int64_t vectors = (space.bias ? 1 : 0) + (space.scales ? 1 : 0), grain = getStepGrain(bytes);
  const int64_t room = limits.l1 - vectors * (2 * tile.columns * 4 + 64);
  const int64_t largest =
      std::min<int64_t>(getCubeStep(limits, tile.rows, tile.columns, bytes), llvm::alignTo(image.depth(), grain));
  std::optional<CubeCandidate> best;
  int64_t last = 0;
  // Not so many that little of the loads overlaps.
  const int64_t limit = image.isGathered() && !image.isChannelsLast ? 1 : image.blocks;
  for (int64_t most = std::clamp<int64_t>(768 / image.blockDepth(), 1, limit); most; --most) {
    // Slabs of one size, so that none ends early.
    const int64_t blocks = llvm::divideCeil(image.blocks, llvm::divideCeil(image.blocks, most));
    auto [left, right] = getSlabSizes(image, tile, blocks);
    if (blocks == last || 2 * (left + right) * bytes > room)
      continue;
    last = blocks;
    tile.slab = blocks * image.blockDepth();
    for (tile.step = largest; tile.step > 0 && 2 * tile.step >= largest; tile.step -= grain)
      if (double time = estimate(typical, limits, tile); !best || time < best->cycles)
        best = {tile, time};
  }
  return best;
}

std::vector<CubeCandidate> gemlir::listConvolutionTiles(const CubeSpace &space, const CubeLimits &limits) {
  const CubeSpace typical = makeTypical(space);
  const CubeImage &image = *typical.image;
  std::vector<CubeCandidate> tiles;
  for (bool isSegment : {false, true}) {
    // How many rows of an image places in order have is not known.
    if (!isSegment && space.image->places[1] < 0)
      continue;
    for (int64_t rows = 16; rows <= 512; rows += 16)
      for (int64_t columns = 16; columns <= 512; columns += 16) {
        CubeTile tile{rows, columns, 0, 0, 1, isSegment};
        if (rows * columns * 4 > limits.l0c || (space.bias && 2 * columns * 4 > limits.bias) ||
            (space.scales && columns * 4 > limits.scales))
          continue;
        // The columns of a tile have the patches of one group.
        if (image.groups > 1 && space.n / image.groups % columns)
          continue;
        const int64_t down = typical.batch * countTiles(image, tile), all = llvm::divideCeil(space.n, columns);
        const int64_t share = llvm::divideCeil(down * all, limits.cores);
        tile.across = std::clamp<int64_t>(std::lround(std::sqrt(double(share) * rows / columns)), 1, all);
        if (std::optional<CubeCandidate> best = chooseSlab(space, typical, limits, tile))
          tiles.push_back(*best);
      }
  }
  return tiles;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

/// A range of rows or columns of the image: where it starts, how long it is, and how
/// much padding is in front of it and, of columns, behind it.
struct Window {
  Value start, size, before, behind;
};

class ConvolutionEmitter : public CubeEmitter {
public:
  ConvolutionEmitter(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile)
      : CubeEmitter(kernel, space, tile), image(*space.image), slabBlocks(tile.slab / image.blockDepth()) {}

private:
  Value countDown() override;
  void setTiles() override;
  void prepare() override;
  void emitTile(Value i) override;
  bool isBatched() override { return true; }

  Window getWindow(Value first, Value last, unsigned axis);
  void emitSlab(Value block);
  void stageImage(Value block, OpFoldResult full, Value buffer);
  void stageImageTail(Value last, Value buffer);
  void gatherImage(Value block, OpFoldResult channels, Value buffer);
  void gatherFilter(Value block, OpFoldResult channels, Value buffer);
  void gatherChannelsLast(Value block, OpFoldResult blocks, Value pixels, Value filter);
  void stageFilter(Value block, OpFoldResult full, Value buffer);
  void stageFilterTail(Value last, Value buffer);
  /// Elements of a panel: where the rows of a block of channels start, and the
  /// distances of taps and of channels.
  struct Taps {
    OpFoldResult first, tapPitch, channelPitch;
  };
  void stageTaps(Taps rows, OpFoldResult channels, OpFoldResult target, Value buffer);
  void emitStep(Value k, Value step, OpFoldResult depth, Value patches, Value right);
  void storePlaces();
  /// Emits what `body` does if the last block of the slab is the image's last one.
  void ifLast(Value isLast, function_ref<void()> body);

  /// A view of all of a buffer in another shape.
  Value recast(Value buffer, OpFoldResult offset, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
    return memref::ReinterpretCastOp::create(b, loc, buffer, offset, sizes, strides);
  }
  template <typename OpTy>
  Value fold(Value x, Value y) {
    return b.createOrFold<OpTy>(loc, x, y);
  }
  Value plus(Value x, int64_t n) { return fold<arith::AddIOp>(x, constant(n)); }
  Value times(Value x, int64_t n) { return fold<arith::MulIOp>(x, constant(n)); }
  OpFoldResult scaled(OpFoldResult x, int64_t n) { return multiply(b, loc, x, number(n)); }
  OpFoldResult folded(Value x) { return getAsOpFoldResult(x); }

  const CubeImage image;
  const int64_t slabBlocks;
  /// Of the image and of the result, as CubeImage has them; how many places that are.
  OpFoldResult size[2], places[2], allPlaces;
  /// The image as the kernel has it.
  Value whole;
  /// Of the tile at hand: its first place in the result, how many places it has,
  /// its group of channels, and its first row of patches in the window.
  OpFoldResult place, rows, group;
  Value firstPatch;
  Window down, across;
  /// Elements of a row and of a block of channels of the staged image.
  OpFoldResult rowPitch, plane;
};

} // namespace

void ConvolutionEmitter::setTiles() {
  AffineExpr sizes[2] = {getSizeExpr(kernel, lhs, 2), getSizeExpr(kernel, lhs, 3)};
  for (unsigned axis : {0, 1})
    sizes[axis] = (sizes[axis] + (image.pads[2 * axis] + image.pads[2 * axis + 1] - image.extent(axis)))
                      .floorDiv(image.strides[axis]) +
                  1;
  AffineExpr all = sizes[0] * sizes[1], down = all.ceilDiv(tile.rows);
  if (tile.isSegment && !image.isFlat)
    down = sizes[0] * sizes[1].ceilDiv(tile.rows);
  setTileCount(kernel, getSizeExpr(kernel, lhs, 0) * down * llvm::divideCeil(space.n, tile.columns));
}

Value ConvolutionEmitter::countDown() {
  if (!tile.isSegment)
    return toValue(ceilDivide(b, loc, allPlaces, tile.rows));
  return toValue(multiply(b, loc, places[0], ceilDivide(b, loc, places[1], tile.rows)));
}

void ConvolutionEmitter::prepare() {
  whole = lhs;
  auto dim = [&](unsigned number) -> OpFoldResult {
    const int64_t known = cast<MemRefType>(lhs.getType()).getDimSize(number);
    return ShapedType::isDynamic(known) ? folded(memref::DimOp::create(b, loc, lhs, number)) : this->number(known);
  };
  for (unsigned axis : {0, 1}) {
    size[axis] = dim(2 + axis);
    const int64_t shift = image.pads[2 * axis] + image.pads[2 * axis + 1] - image.extent(axis);
    Value reach = fold<arith::DivUIOp>(plus(toValue(size[axis]), shift), constant(image.strides[axis]));
    places[axis] = folded(plus(reach, 1));
  }
  if (image.isFlat)
    for (OpFoldResult *axes : {size, places}) {
      axes[1] = multiply(b, loc, axes[0], axes[1]);
      axes[0] = number(1);
    }
  allPlaces = multiply(b, loc, places[0], places[1]);
  const int64_t blocks = image.groups * image.blocks;
  // Rows, with the lanes of their places side by side.
  if (!image.isGathered()) {
    OpFoldResult row = scaled(size[1], 16), area = multiply(b, loc, size[0], row);
    lhs = recast(lhs, number(0), {dim(0), number(blocks), size[0], row}, {scaled(area, blocks), area, row, number(1)});
  }
  if (auto type = cast<MemRefType>(init.getType()); type.getRank() == 5) {
    const int64_t columns = type.getDimSize(1);
    OpFoldResult block = scaled(allPlaces, 16);
    init = recast(init, number(0), {dim(0), number(columns), allPlaces, number(16)},
                  {scaled(block, columns), block, number(16), number(1)});
  }
}

/// What the filters at places `first` to `last` cover, without the pads.
Window ConvolutionEmitter::getWindow(Value first, Value last, unsigned axis) {
  const int64_t stride = image.strides[axis], pad = image.pads[2 * axis];
  Value begin = plus(times(first, stride), -pad), end = plus(times(last, stride), image.extent(axis) - pad);
  Value zero = constant(0), size = toValue(this->size[axis]);
  Window window;
  window.start = fold<arith::MaxSIOp>(begin, zero);
  Value stop = fold<arith::MinSIOp>(end, size);
  window.size = fold<arith::SubIOp>(stop, window.start);
  window.before = fold<arith::SubIOp>(window.start, begin);
  window.behind = fold<arith::SubIOp>(end, stop);
  return window;
}

void ConvolutionEmitter::ifLast(Value isLast, function_ref<void()> body) {
  if (std::optional<int64_t> known = getConstantIntValue(isLast)) {
    if (*known)
      body();
    return;
  }
  auto choice = scf::IfOp::create(b, loc, isLast, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  body();
}

/// The last block has places of fewer channels, which zeros fill up.
void ConvolutionEmitter::stageImageTail(Value last, Value buffer) {
  const int64_t lanes = image.lanes;
  OpFoldResult row = scaled(size[1], lanes), area = multiply(b, loc, size[0], row);
  OpFoldResult height = folded(down.size), width = folded(across.size), one = number(1);
  OpFoldResult start = add(b, loc, scaled(batch, image.blocks), number(image.blocks - 1));
  start = multiply(b, loc, start, area);
  start = add(b, loc, start, multiply(b, loc, folded(down.start), row));
  start = add(b, loc, start, scaled(folded(across.start), lanes));
  Value from = recast(whole, start, {height, width, number(image.tail())}, {row, number(lanes), one});
  npu::MoveOp::create(b, loc, from,
                      recast(buffer, multiply(b, loc, folded(last), plane), {height, width, number(lanes)},
                             {rowPitch, number(lanes), one}));
}

/// A block of channels of the image, [H, W, channels], with zeros for what it lacks.
/// An NCHW image is turned on its way.
void ConvolutionEmitter::gatherImage(Value block, OpFoldResult channels, Value buffer) {
  const int64_t lanes = image.lanes, held = image.isPlain ? 1 : 16;
  OpFoldResult height = folded(down.size), width = folded(across.size), one = number(1);
  OpFoldResult row = scaled(size[1], held), area = multiply(b, loc, size[0], row);
  const int64_t planes = image.isPlain ? image.channels : llvm::divideCeil(image.channels, 16);
  OpFoldResult first = scaled(add(b, loc, scaled(batch, image.groups), group), planes);
  first = add(b, loc, first,
              image.isPlain ? scaled(folded(block), lanes) : folded(fold<arith::DivUIOp>(block, constant(16 / lanes))));
  OpFoldResult start = multiply(b, loc, first, area);
  if (!image.isPlain)
    start = add(b, loc, start, scaled(folded(fold<arith::RemUIOp>(block, constant(16 / lanes))), lanes));
  start = add(b, loc, start, multiply(b, loc, folded(down.start), row));
  start = add(b, loc, start, scaled(folded(across.start), held));
  Value from = recast(whole, start, {height, width, channels}, {row, number(held), image.isPlain ? area : one});
  npu::FractalsOp::create(
      b, loc, from,
      recast(buffer, number(0), {height, one, width, number(lanes)},
             {rowPitch, number(llvm::alignTo(getImageWindow(image, tile).second, 16) * lanes), number(lanes), one}));
}

/// Some blocks of channels of an image [H, W, C] and of a filter [N, KH, KW, C], one by
/// one: whole fractals fill up places behind an image, where the next block begins.
void ConvolutionEmitter::gatherChannelsLast(Value block, OpFoldResult blocks, Value pixels, Value filter) {
  const int64_t lanes = image.lanes, channels = image.channels, taps = image.taps();
  OpFoldResult height = folded(down.size), width = folded(across.size), one = number(1);
  OpFoldResult row = scaled(size[1], channels);
  OpFoldResult corner =
      add(b, loc, multiply(b, loc, batch, multiply(b, loc, size[0], row)), multiply(b, loc, folded(down.start), row));
  corner = add(b, loc, corner, scaled(folded(across.start), channels));
  auto loop = scf::ForOp::create(b, loc, constant(0), toValue(blocks), constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value part = loop.getInductionVar();
  Value first = times(fold<arith::AddIOp>(block, part), lanes);
  OpFoldResult held = rest(number(channels), first, lanes);
  Value from = recast(whole, add(b, loc, corner, folded(first)), {height, width, held}, {row, number(channels), one});
  const int64_t widest = llvm::alignTo(getImageWindow(image, tile).second, 16);
  npu::FractalsOp::create(b, loc, from,
                          recast(pixels, multiply(b, loc, folded(part), plane), {height, one, width, number(lanes)},
                                 {rowPitch, number(widest * lanes), number(lanes), one}));
  OpFoldResult panel = number(tile.columns * lanes);
  npu::FractalsOp::create(b, loc,
                          recast(rhs, add(b, loc, scaled(column, space.k), folded(first)),
                                 {number(taps), columns, held}, {number(channels), number(space.k), one}),
                          recast(filter, scaled(folded(part), taps * tile.columns * lanes),
                                 {number(taps), one, columns, number(lanes)}, {panel, panel, number(lanes), one}));
}

void ConvolutionEmitter::stageImage(Value block, OpFoldResult full, Value buffer) {
  OpFoldResult height = folded(down.size), row = scaled(folded(across.size), 16), one = number(1);
  OpFoldResult first = add(b, loc, scaled(group, image.blocks), folded(block));
  Value from =
      view(lhs, {batch, first, folded(down.start), scaled(folded(across.start), 16)}, {one, full, height, row}, 3);
  npu::MoveOp::create(b, loc, from, recast(buffer, number(0), {full, height, row}, {plane, rowPitch, one}));
}

/// The rows of the filter that belong to whole blocks of channels, of all panels.
void ConvolutionEmitter::stageFilter(Value block, OpFoldResult full, Value buffer) {
  OpFoldResult depth = scaled(full, image.blockDepth()), panels = ceilDivide(b, loc, columns, 16);
  Value from = view(rhs, {ceilDivide(b, loc, column, 16), scaled(folded(block), image.blockDepth()), number(0)},
                    {panels, depth, number(16)}, 3);
  if (c0 == 16)
    npu::MoveOp::create(b, loc, from, view(buffer, {number(0), number(0), number(0)}, {panels, depth, number(16)}, 3));
  else
    npu::FractalsOp::create(b, loc, from, buffer);
}

/// The rows of the last block: a tap has as many as there are channels, and gets
/// zeros behind them.
void ConvolutionEmitter::stageFilterTail(Value last, Value buffer) {
  const int64_t channels = image.tail();
  stageTaps({number((image.blocks - 1) * image.blockDepth() * 16), number(channels * 16), number(16)}, number(channels),
            scaled(folded(last), image.blockDepth() * c0), buffer);
}

/// The rows of a block of channels. Columns of patches are (c, kh, kw) of an NCHW
/// image, (kh, kw, c) of each 16 channels of NC1HWC0.
void ConvolutionEmitter::gatherFilter(Value block, OpFoldResult channels, Value buffer) {
  const int64_t taps = image.taps(), lanes = image.lanes;
  if (image.isPlain)
    return stageTaps({scaled(folded(block), lanes * taps * 16), number(16), number(taps * 16)}, channels, number(0),
                     buffer);
  Value whole = fold<arith::DivUIOp>(block, constant(16 / lanes));
  OpFoldResult held = rest(number(image.channels), times(whole, 16), 16);
  OpFoldResult first = scaled(folded(fold<arith::RemUIOp>(block, constant(16 / lanes))), lanes * 16);
  first = add(b, loc, first, scaled(folded(whole), taps * 16 * 16));
  stageTaps({first, scaled(held, 16), number(16)}, channels, number(0), buffer);
}

/// Of each panel the rows of all taps, with zeros behind the channels of each.
void ConvolutionEmitter::stageTaps(Taps rows, OpFoldResult channels, OpFoldResult target, Value buffer) {
  const int64_t height = cast<MemRefType>(buffer.getType()).getDimSize(1);
  auto loop = scf::ForOp::create(b, loc, constant(0), toValue(ceilDivide(b, loc, columns, 16)), constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value panel = loop.getInductionVar();
  OpFoldResult from = add(b, loc, ceilDivide(b, loc, column, 16), panel);
  from = add(b, loc, scaled(from, space.k * 16), rows.first);
  OpFoldResult to = add(b, loc, scaled(panel, 16 * height), target), taps = number(image.taps());
  npu::FractalsOp::create(
      b, loc, recast(rhs, from, {taps, channels, number(16)}, {rows.tapPitch, rows.channelPitch, number(1)}),
      recast(buffer, to, {taps, number(16 / c0), channels, number(c0)},
             {number(image.lanes * c0), number(height * c0), number(c0), number(1)}));
}

void ConvolutionEmitter::emitStep(Value k, Value step, OpFoldResult depth, Value patches, Value right) {
  OpFoldResult size = rest(depth, step, tile.step);
  Value l0a = local({tile.rows, tile.step}, leftElement(), Space::L0A);
  Value l0b = local({tile.step, tile.columns}, space.element, Space::L0B);
  npu::PatchesOp::create(b, loc, patches, l0a, firstPatch, step, toValue(rows), toValue(size), down.before,
                         across.before, across.behind, image.kernel, image.strides, image.dilations, image.padValue);
  image.isChannelsLast ? feedTurned(right, step, size, l0b) : feedRight(right, step, size, l0b);
  emitMultiply(l0a, l0b, k, step, rows, size);
}

void ConvolutionEmitter::emitSlab(Value block) {
  OpFoldResult blocks = rest(number(image.blocks), block, slabBlocks), full = blocks;
  auto [imageSize, filterSize] = getSlabSizes(image, tile, slabBlocks);
  Value pixels = local({imageSize}, space.element, Space::L1);
  const int64_t filterDepth = filterSize / tile.columns;
  Value filter = image.isChannelsLast ? local({filterDepth / c0, tile.columns, c0}, space.element, Space::L1)
                                      : local({tile.columns / c0, filterDepth, c0}, space.element, Space::L1);
  const int64_t wholeBlocks = image.isGathered() ? 0 : image.blocks - (image.tail() ? 1 : 0);
  Value isLast, last;
  if (image.isChannelsLast) {
    gatherChannelsLast(block, blocks, pixels, filter);
  } else if (image.isGathered()) {
    OpFoldResult channels = rest(number(image.channels), times(block, image.lanes), image.lanes);
    gatherImage(block, channels, pixels);
    gatherFilter(block, channels, filter);
  } else if (image.tail()) {
    Value end = fold<arith::AddIOp>(block, toValue(blocks));
    isLast = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, end, constant(image.blocks));
    last = fold<arith::SubIOp>(toValue(blocks), constant(1));
    full = folded(fold<arith::MinSIOp>(toValue(blocks), fold<arith::SubIOp>(constant(wholeBlocks), block)));
  }
  if (wholeBlocks) {
    stageImage(block, full, pixels);
    stageFilter(block, full, filter);
  }
  if (isLast)
    ifLast(isLast, [&] {
      stageImageTail(last, pixels);
      stageFilterTail(last, filter);
    });
  OpFoldResult lanes = number(image.lanes);
  Value patches = recast(pixels, number(0), {blocks, folded(down.size), folded(across.size), lanes},
                         {plane, rowPitch, lanes, number(1)});
  OpFoldResult depth = scaled(blocks, image.blockDepth());
  auto steps = scf::ForOp::create(b, loc, constant(0), toValue(depth), constant(tile.step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(steps.getBody());
  emitStep(block, steps.getInductionVar(), depth, patches, filter);
}

void ConvolutionEmitter::storePlaces() {
  if (cast<MemRefType>(init.getType()).getRank() == 2) {
    OpFoldResult row = add(b, loc, multiply(b, loc, batch, allPlaces), place);
    return emitDrain(view(init, {row, column}, {rows, columns}, 2));
  }
  Value to = view(init, {batch, ceilDivide(b, loc, column, 16), place, number(0)},
                  {number(1), ceilDivide(b, loc, columns, 16), rows, number(16)}, 3);
  emitDrain(to);
}

void ConvolutionEmitter::emitTile(Value i) {
  Value width = toValue(places[1]);
  Value row, lastRow, first, lastColumn;
  if (tile.isSegment) {
    Value segments = toValue(ceilDivide(b, loc, places[1], tile.rows));
    row = lastRow = fold<arith::DivUIOp>(i, segments);
    first = times(fold<arith::RemUIOp>(i, segments), tile.rows);
    rows = rest(places[1], first, tile.rows);
    lastColumn = plus(fold<arith::AddIOp>(first, toValue(rows)), -1);
    firstPatch = constant(0);
    place = folded(fold<arith::AddIOp>(fold<arith::MulIOp>(row, width), first));
  } else {
    Value begin = times(i, tile.rows);
    place = folded(begin);
    rows = rest(allPlaces, begin, tile.rows);
    row = fold<arith::DivUIOp>(begin, width);
    lastRow = fold<arith::DivUIOp>(plus(fold<arith::AddIOp>(begin, toValue(rows)), -1), width);
    firstPatch = fold<arith::RemUIOp>(begin, width);
    first = constant(0);
    lastColumn = plus(width, -1);
  }
  group =
      image.groups == 1 ? number(0) : folded(fold<arith::DivUIOp>(toValue(column), constant(space.n / image.groups)));
  down = getWindow(row, lastRow, 0);
  across = getWindow(first, lastColumn, 1);
  rowPitch = scaled(folded(across.size), image.lanes);
  plane = multiply(b, loc, folded(down.size), rowPitch);
  bias = emitBias();
  auto slabs = scf::ForOp::create(b, loc, constant(0), constant(image.blocks), constant(slabBlocks));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(slabs.getBody());
    emitSlab(slabs.getInductionVar());
  }
  storePlaces();
}

void gemlir::emitConvolution(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile) {
  ConvolutionEmitter(kernel, space, tile).emit();
}
