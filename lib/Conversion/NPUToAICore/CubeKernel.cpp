//===- CubeKernel.cpp - kernels of the cube -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix product walks tiles of the result; for each, slabs of both operands are
// staged in L1 as columns of fractals, and steps of a slab fed to L0A and L0B. The
// accumulators leave through fixpipe, which converts and rectifies them; a bias is
// what they start from.
//
//===----------------------------------------------------------------------===//

#include "CubeEmitter.h"
#include "CubeTiling.h"
#include "TileCount.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <cmath>

using namespace mlir;
using namespace gemlir;
using engine::Space;

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// Why the cube has no product of elements of these types in this order, or nothing.
static std::optional<std::string> checkTypes(const CubeSpace &space, Type rhs, Type result) {
  const Type type = space.element;
  const bool isByte = type.isInteger(8);
  if (rhs != type || !(isByte ? space.accumulator.isInteger(32) : type.isF16() || type.isBF16() || type.isF32()))
    return "the cube has no product of these element types";
  // Panels of 16 columns have half a block of 32 bytes then, and rows of a matrix
  // that is transposed are no whole fractals.
  if (isByte && space.order != npu::PanelOrder::NK)
    return "a right operand of 8 bits whose columns lie side by side";
  if (result != space.accumulator && (isByte ? !result.isInteger(8) : !result.isF16() && !result.isBF16()))
    return "fixpipe has no conversion to the result's element type";
  return std::nullopt;
}

/// Takes patches of an image of one row and channel as rows that overlap, if they are.
static bool matchLine(CubeSpace &space) {
  npu::Im2ColOp op = space.mmad.getImage();
  auto in = cast<RankedTensorType>(op.getImage().getType());
  auto out = cast<RankedTensorType>(space.mmad.getInit().getType());
  auto isAll = [](ArrayRef<int64_t> numbers, int64_t n) {
    return llvm::all_of(numbers, [&](int64_t number) { return number == n; });
  };
  if (in.getRank() != 4 || in.getDimSize(1) != 1 || in.getDimSize(2) != 1 || op.getGroups() != 1 ||
      op.getChannels() != 1 || op.getKernel()[0] != 1 || !isAll(op.getDilations(), 1) || !isAll(op.getPads(), 0) ||
      (out.getRank() != 2 && (out.getRank() != 5 || out.isDynamicDim(1) || out.getDimSize(4) != 16)))
    return false;
  auto known = [](int64_t n) { return ShapedType::isDynamic(n) ? -1 : n; };
  const int64_t stride = op.getStrides()[1];
  space.lineStride = stride;
  space.batch = known(in.getDimSize(0));
  space.k = op.getKernel()[1];
  space.m = in.isDynamicDim(3) ? -1 : (in.getDimSize(3) - space.k) / stride + 1;
  space.n = space.mmad.getN();
  return true;
}

FailureOr<CubeSpace> gemlir::analyzeCubeKernel(npu::KernelOp kernel, std::string &reason) {
  auto refuse = [&](std::string why) {
    reason = std::move(why);
    return failure();
  };
  CubeSpace space;
  for (Operation &op : kernel.getBody().front()) {
    if (auto mmad = dyn_cast<npu::MmadOp>(op)) {
      if (space.mmad)
        return refuse("several products in a kernel");
      space.mmad = mmad;
    } else if (!isa<arith::ConstantOp, arith::IndexCastOp, npu::Im2ColOp, tensor::EmptyOp, bufferization::ToTensorOp,
                    bufferization::MaterializeInDestinationOp, npu::ReturnOp>(op)) {
      return refuse(("no engine lowering of '" + op.getName().getStringRef() + "' beside a product").str());
    }
  }
  if (!space.mmad)
    return refuse("no product for the cube");
  auto lhs = dyn_cast<RankedTensorType>(space.mmad.getLhs().getType());
  auto rhs = cast<RankedTensorType>(space.mmad.getRhs().getType());
  auto init = cast<RankedTensorType>(space.mmad.getInit().getType());
  npu::Im2ColOp image = space.mmad.getImage();
  if (image) {
    lhs = cast<RankedTensorType>(image.getImage().getType());
    space.element = lhs.getElementType();
    std::string why = matchLine(space) ? std::string() : analyzeImage(space);
    if (!why.empty())
      return refuse(std::move(why));
  }
  if (!lhs || !getBuffer(image ? image.getImage() : space.mmad.getLhs()) || !getBuffer(space.mmad.getRhs()) ||
      !getDestination(space.mmad))
    return refuse("a product of what is not in global memory");
  if (!image && init.getRank() != lhs.getRank())
    return refuse("a product whose result is no matrix");
  space.element = lhs.getElementType();
  space.accumulator = space.mmad.getBody().front().getArgument(0).getType();
  space.order = space.mmad.getOrder();
  if (std::optional<std::string> why = checkTypes(space, rhs.getElementType(), init.getElementType()))
    return refuse(std::move(*why));
  std::optional<SimpleEpilogue> epilogue = matchEpilogue(space.mmad.getBody().front());
  if (!epilogue)
    return refuse("an epilogue that is no bias for each column, rectification and conversion");
  space.relu = epilogue->relu;
  if (epilogue->bias)
    space.bias = space.mmad.getEpilogue()[*epilogue->bias];
  space.quantization = epilogue->quantization;
  if (space.quantization && space.quantization->scales)
    space.scales = space.mmad.getEpilogue()[*space.quantization->scales];
  auto size = [](int64_t n) { return ShapedType::isDynamic(n) ? -1 : n; };
  if (!image) {
    space.batch = lhs.getRank() == 3 ? size(lhs.getDimSize(0)) : 1;
    space.m = size(init.getDimSize(init.getRank() - 2));
    space.n = size(init.getDimSize(init.getRank() - 1));
    space.k = size(lhs.getDimSize(lhs.getRank() - 1));
  }
  if (space.mmad.getPanelWidth() != 16)
    return refuse("a right operand in panels of other than 16 columns");
  for (Value operand : {space.bias, space.scales}) {
    auto type = operand ? cast<RankedTensorType>(operand.getType()) : RankedTensorType();
    if (type && (type.getRank() != 1 || size(type.getDimSize(0)) != space.n || !getBuffer(operand)))
      return refuse("an epilogue operand that is not one element for each column");
  }
  return space;
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

CubeLimits gemlir::getCubeLimits(const CubeSpace &space, const device::Description &device) {
  const device::AICore &core = *device.aiCore;
  auto rate = [&](const char *from, const char *to) {
    const device::DataPath *path = core.findPath(from, to);
    return path ? path->bytesPerCycle : 1;
  };
  CubeLimits limits{int64_t(device.bytesOf("L0A")),
                    int64_t(device.bytesOf("L0B")),
                    int64_t(device.bytesOf("L0C")),
                    int64_t(device.bytesOf("L1")),
                    int64_t(device.bytesOf("BT")),
                    int64_t(device.bytesOf("FB")),
                    1,
                    std::min<double>(rate("GM", "L1"), core.cacheReadBytesPerCycle / core.cubeCores),
                    rate("L1", "L0A"),
                    rate("L1", "L0B"),
                    std::min<double>(rate("L0C", "GM"), core.memoryBytesPerCycle / core.cubeCores),
                    core.cubeCores};
  const StringRef name = engine::kTypeNames[unsigned(*npu::getEngineType(space.element))];
  for (const device::CubeRate &product : core.cubeRates)
    if (name == product.type)
      limits.cyclesPerFractal = product.cyclesPerFractal;
  return limits;
}

int64_t gemlir::getCubeStep(const CubeLimits &limits, int64_t rows, int64_t columns, int64_t elementBytes) {
  const int64_t step = std::min(limits.l0a / (2 * rows * elementBytes), limits.l0b / (2 * columns * elementBytes));
  const int64_t grain = getStepGrain(elementBytes);
  return std::min<int64_t>(step, 256) / grain * grain;
}

double gemlir::addStore(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile, double rows,
                        double columns, double inner) {
  auto result = cast<RankedTensorType>(npu::MmadOp(space.mmad).getInit().getType());
  const double store = rows * columns * getElementBytes(result.getElementType()) / limits.storeBytesPerCycle + 100;
  if (2 * tile.rows * tile.columns * 4 <= limits.l0c)
    return std::max(inner, store);
  const double fractals =
      std::ceil(rows / 16) * std::ceil(columns / 16) * std::ceil(tile.step * getElementBytes(space.element) / 32.0);
  return inner + std::max(0.0, store - 2 * fractals * limits.cyclesPerFractal);
}

/// Estimated cycles of the whole product: what the busiest core computes or
/// loads, whichever takes longer, and stores.
static double estimate(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile) {
  const int64_t bytes = getElementBytes(space.element);
  const int64_t m = space.m < 0 ? tile.rows * limits.cores : space.m;
  const int64_t tiles =
      std::max<int64_t>(space.batch, 1) * llvm::divideCeil(m, tile.rows) * llvm::divideCeil(space.n, tile.columns);
  const int64_t rounds = llvm::divideCeil(tiles, limits.cores);
  const double rows = std::min(m, tile.rows), columns = std::min(space.n, tile.columns);
  const double fractals = std::ceil(rows / 16) * std::ceil(columns / 16) * std::ceil(space.k * bytes / 32.0);
  const double compute = fractals * limits.cyclesPerFractal + 2.0 * space.k / tile.step;
  const double load = (rows + columns) * space.k * bytes / limits.bytesPerCycle;
  // A slab that ends early does not hide the latency of the next.
  const double slabs = 40.0 * llvm::divideCeil(space.k, tile.slab) + (space.k % tile.slab ? 200 : 0);
  return rounds * (addStore(space, limits, tile, rows, columns, std::max(compute, load)) + slabs) + 1000;
}

/// The tiles of a matrix product that fit. Unknown columns and depths are taken for
/// some of them.
static std::vector<CubeCandidate> listProductTiles(CubeSpace space, const CubeLimits &limits) {
  constexpr int64_t kTypical = 128;
  for (int64_t *size : {&space.n, &space.k})
    if (*size < 0)
      *size = kTypical;
  const int64_t bytes = getElementBytes(space.element);
  std::vector<CubeCandidate> tiles;
  for (int64_t rows = 16; rows <= 512; rows += 16)
    for (int64_t columns = 16; columns <= 512; columns += 16) {
      CubeTile tile{rows, columns, 0, 0};
      if (rows * columns * 4 > limits.l0c || (space.bias && 2 * columns * 4 > limits.bias) ||
          (space.scales && columns * 4 > limits.scales))
        continue;
      // Blocks of tiles that are about square.
      const int64_t down = llvm::divideCeil(space.m < 0 ? tile.rows * limits.cores : space.m, rows);
      const int64_t all = llvm::divideCeil(space.n, columns), share = llvm::divideCeil(down * all, limits.cores);
      tile.across = std::clamp<int64_t>(std::lround(std::sqrt(double(share) * rows / columns)), 1, all);
      // At least two copies of everything in L1, L0A and L0B.
      const int64_t vectors = (space.bias ? 1 : 0) + (space.scales ? 1 : 0);
      const int64_t room = limits.l1 - vectors * (2 * columns * 4 + 64);
      const int64_t grain = getStepGrain(bytes);
      const int64_t largest =
          std::min<int64_t>(getCubeStep(limits, rows, columns, bytes), llvm::alignTo(space.k, grain));
      std::optional<CubeCandidate> best;
      for (tile.step = largest; tile.step > 0 && 2 * tile.step >= largest; tile.step -= grain) {
        const int64_t steps = room / (2 * (rows + columns) * bytes * tile.step);
        if (!steps)
          continue;
        // Of this depth L1 holds more than two, which hide the latency of the next.
        constexpr int64_t kDeepest = 192;
        tile.slab = tile.step * std::clamp<int64_t>(steps, 1, std::max<int64_t>(1, kDeepest / tile.step));
        // Slabs of one size, so that none ends early.
        tile.slab = llvm::alignTo(llvm::divideCeil(space.k, llvm::divideCeil(space.k, tile.slab)), tile.step);
        if (double time = estimate(space, limits, tile); !best || time < best->cycles)
          best = {tile, time};
      }
      if (best)
        tiles.push_back(*best);
    }
  return tiles;
}

std::vector<CubeCandidate> gemlir::rankCubeTiles(const CubeSpace &space, const device::Description &device) {
  const CubeLimits limits = getCubeLimits(space, device);
  std::vector<CubeCandidate> tiles =
      space.image ? listConvolutionTiles(space, limits) : listProductTiles(space, limits);
  llvm::stable_sort(tiles, [](const CubeCandidate &a, const CubeCandidate &b) { return a.cycles < b.cycles; });
  return tiles;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

class ProductEmitter : public CubeEmitter {
public:
  using CubeEmitter::CubeEmitter;

private:
  Value countDown() override { return toValue(ceilDivide(b, loc, allRows, tile.rows)); }
  void setTiles() override;
  void prepare() override;
  void emitTile(Value i) override;
  bool isBatched() override { return space.lineStride || space.mmad.isBatched(); }

  void prepareLine();
  void storeLine();
  void emitSlab(Value k);
  Value stageMatrix(Value k, OpFoldResult depth);
  Value stagePanels(Value k, OpFoldResult depth);
  void emitStep(Value k, Value step, OpFoldResult depth, Value left, Value right);
  SmallVector<OpFoldResult> prefix() {
    return isBatched() ? SmallVector<OpFoldResult>{batch} : SmallVector<OpFoldResult>{};
  }

  /// Of the product and the tile at hand.
  OpFoldResult allRows, allDepth, row, rows;
};

} // namespace

void ProductEmitter::setTiles() {
  if (space.lineStride) {
    AffineExpr places = (getSizeExpr(kernel, lhs, 3) - space.k).floorDiv(*space.lineStride) + 1;
    return setTileCount(kernel, getSizeExpr(kernel, lhs, 0) * places.ceilDiv(tile.rows) *
                                    llvm::divideCeil(space.n, tile.columns));
  }
  const unsigned rank = cast<MemRefType>(init.getType()).getRank();
  AffineExpr all = getSizeExpr(kernel, init, rank - 2).ceilDiv(tile.rows) *
                   getSizeExpr(kernel, init, rank - 1).ceilDiv(tile.columns);
  setTileCount(kernel, isBatched() ? all * getSizeExpr(kernel, init, 0) : all);
}

/// The patches as a matrix for each image, and places of the result side by side.
void ProductEmitter::prepareLine() {
  OpFoldResult images = memref::getMixedSize(b, loc, lhs, 0), size = memref::getMixedSize(b, loc, lhs, 3);
  const int64_t stride = *space.lineStride;
  allDepth = number(space.k);
  allRows = add(b, loc, size, number(stride - space.k));
  allRows = getAsOpFoldResult(b.createOrFold<arith::DivUIOp>(loc, toValue(allRows), constant(stride)));
  auto recast = [&](Value buffer, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) -> Value {
    return memref::ReinterpretCastOp::create(b, loc, buffer, number(0), sizes, strides);
  };
  lhs = recast(lhs, {images, allRows, allDepth}, {size, number(stride), number(1)});
  auto type = cast<MemRefType>(init.getType());
  if (type.getRank() == 2)
    return;
  OpFoldResult block = multiply(b, loc, allRows, number(16)), blocks = number(type.getDimSize(1));
  init = recast(init, {images, blocks, allRows, number(16)},
                {multiply(b, loc, block, blocks), block, number(16), number(1)});
}

void ProductEmitter::prepare() {
  if (space.lineStride)
    return prepareLine();
  const unsigned rank = cast<MemRefType>(init.getType()).getRank();
  auto sizeOf = [&](int64_t known, Value buffer, unsigned dim) -> OpFoldResult {
    return known < 0 ? OpFoldResult(memref::DimOp::create(b, loc, buffer, dim).getResult()) : number(known);
  };
  allRows = sizeOf(space.m, init, rank - 2);
  allDepth = sizeOf(space.k, lhs, rank - 1);
}

void ProductEmitter::emitStep(Value k, Value step, OpFoldResult depth, Value left, Value right) {
  OpFoldResult size = rest(depth, step, tile.step);
  Value l0a = local({tile.rows, tile.step}, leftElement(), Space::L0A);
  Value l0b = local({tile.step, tile.columns}, space.element, Space::L0B);
  OpFoldResult firstBlock = ceilDivide(b, loc, step, c0), blocks = ceilDivide(b, loc, size, c0);
  npu::FeedOp::create(b, loc, view(left, {firstBlock, number(0), number(0)}, {blocks, rows, number(c0)}, 3), l0a);
  if (space.order == npu::PanelOrder::NK)
    feedTurned(right, step, size, l0b);
  else
    feedRight(right, step, size, l0b);
  emitMultiply(l0a, l0b, k, step, rows, size);
}

void ProductEmitter::emitSlab(Value k) {
  OpFoldResult depth = rest(allDepth, k, tile.slab);
  Value left = local({tile.slab / c0, tile.rows, c0}, space.element, Space::L1);
  SmallVector<OpFoldResult> offsets = prefix(), sizes(offsets.size(), number(1));
  offsets.append({row, k});
  sizes.append({rows, depth});
  npu::FractalsOp::create(b, loc, view(lhs, offsets, sizes, 2), left);

  Value right = space.order ? stageMatrix(k, depth) : stagePanels(k, depth);
  auto steps = scf::ForOp::create(b, loc, constant(0), toValue(depth), constant(tile.step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(steps.getBody());
  emitStep(k, steps.getInductionVar(), depth, left, right);
}

/// A slab of a right operand that is a matrix, turned on its way or not.
Value ProductEmitter::stageMatrix(Value k, OpFoldResult depth) {
  const bool isTurned = space.order == npu::PanelOrder::NK;
  Value right = isTurned ? local({tile.slab / c0, tile.columns, c0}, space.element, Space::L1)
                         : local({tile.columns / c0, tile.slab, c0}, space.element, Space::L1);
  SmallVector<OpFoldResult> offsets = prefix(), sizes(offsets.size(), number(1));
  if (isTurned) {
    offsets.append({column, k});
    sizes.append({columns, depth});
  } else {
    offsets.append({k, column});
    sizes.append({depth, columns});
  }
  npu::FractalsOp::create(b, loc, view(rhs, offsets, sizes, 2), right);
  return right;
}

/// A slab of panels. One of 16 columns is 16 / C0 columns of fractals.
Value ProductEmitter::stagePanels(Value k, OpFoldResult depth) {
  const int64_t split = 16 / c0;
  Value right = local({tile.columns / c0, tile.slab, c0}, space.element, Space::L1);
  OpFoldResult panels = ceilDivide(b, loc, columns, 16);
  // All lines have one filter.
  SmallVector<OpFoldResult> offsets = space.lineStride ? SmallVector<OpFoldResult>() : prefix();
  SmallVector<OpFoldResult> sizes(offsets.size(), number(1));
  offsets.append({ceilDivide(b, loc, column, 16), k, number(0)});
  sizes.append({panels, depth, number(16)});
  Value from = view(rhs, offsets, sizes, 3);
  Value to = view(right, {number(0), number(0), number(0)}, {panels, depth, number(c0)}, 3);
  if (split == 1 && space.k > 0 && space.k % 16 == 0)
    npu::MoveOp::create(b, loc, from, to);
  else
    npu::FractalsOp::create(b, loc, from, right);
  return right;
}

/// Stores places in order, or blocks of 16 channels of them.
void ProductEmitter::storeLine() {
  if (cast<MemRefType>(init.getType()).getRank() == 2)
    return emitDrain(view(init, {add(b, loc, multiply(b, loc, batch, allRows), row), column}, {rows, columns}, 2));
  emitDrain(view(init, {batch, ceilDivide(b, loc, column, 16), row, number(0)},
                 {number(1), ceilDivide(b, loc, columns, 16), rows, number(16)}, 3));
}

void ProductEmitter::emitTile(Value i) {
  row = multiply(b, loc, i, number(tile.rows));
  rows = rest(allRows, row, tile.rows);
  bias = emitBias();
  auto slabs = scf::ForOp::create(b, loc, constant(0), toValue(allDepth), constant(tile.slab));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(slabs.getBody());
    emitSlab(slabs.getInductionVar());
  }
  if (space.lineStride)
    return storeLine();
  SmallVector<OpFoldResult> offsets = prefix(), sizes(offsets.size(), number(1));
  offsets.append({row, column});
  sizes.append({rows, columns});
  emitDrain(view(init, offsets, sizes, 2));
}

void gemlir::emitCubeKernel(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile) {
  if (space.image)
    return emitConvolution(kernel, space, tile);
  ProductEmitter(kernel, space, tile).emit();
}
