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

#include "CubeKernel.h"

#include "BufferAddress.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using namespace gemlir;
using engine::Space;

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// The kernel's buffer that a product is stored to, or null.
static Value getDestination(npu::MmadOp mmad) {
  if (!mmad.getResult() || !mmad.getResult().hasOneUse())
    return {};
  auto store = dyn_cast<bufferization::MaterializeInDestinationOp>(*mmad.getResult().user_begin());
  return store ? store.getDest() : Value();
}

static bool isZero(Value value) {
  return matchPattern(value, m_PosZeroFloat()) || matchPattern(value, m_NegZeroFloat());
}

/// What the epilogue does, from what it yields back to the accumulator: a
/// conversion, a rectification, a bias for each column.
static bool matchEpilogue(CubeSpace &space) {
  Block *body = &space.mmad.getBody().front();
  Value value = cast<npu::YieldOp>(body->getTerminator()).getValue();
  auto stripRelu = [&] {
    auto max = value.getDefiningOp<arith::MaximumFOp>();
    if (!max || !isZero(max.getRhs()) || space.relu)
      return;
    space.relu = true;
    value = max.getLhs();
  };
  stripRelu();
  if (auto trunc = value.getDefiningOp<arith::TruncFOp>())
    value = trunc.getIn();
  stripRelu();
  const Value accumulator = body->getArgument(0);
  if (auto sum = value.getDefiningOp<arith::AddFOp>()) {
    if (sum.getLhs() != accumulator && sum.getRhs() != accumulator)
      return false;
    Value other = sum.getLhs() == accumulator ? sum.getRhs() : sum.getLhs();
    if (auto wide = other.getDefiningOp<arith::ExtFOp>())
      other = wide.getIn();
    auto argument = dyn_cast<BlockArgument>(other);
    if (!argument || argument.getOwner() != body || argument.getArgNumber() == 0)
      return false;
    space.bias = space.mmad.getEpilogue()[argument.getArgNumber() - 1];
    value = accumulator;
  }
  return value == accumulator;
}

/// Takes a convolution whose filter has one place, which is a product of pixels
/// by channels. Says why not, or nothing.
static std::string analyzeImage(CubeSpace &space) {
  npu::Im2ColOp image = space.mmad.getImage();
  auto in = cast<RankedTensorType>(image.getImage().getType());
  auto out = cast<RankedTensorType>(space.mmad.getInit().getType());
  auto all = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_of(values, [&](int64_t v) { return v == value; });
  };
  if (in.getRank() != 5 || out.getRank() != 5 || !in.hasStaticShape() || !out.hasStaticShape())
    return "a convolution of images that are not NC1HWC0 of known size";
  if (!all(image.getKernel(), 1) || !all(image.getStrides(), 1) || !all(image.getPads(), 0))
    return "a convolution whose filter has more than one place";
  if (image.getChannels() % 16 || in.getDimSize(4) != 16 || out.getDimSize(4) != 16)
    return "a convolution of channels that do not fill their blocks";
  space.isImage = true;
  space.element = in.getElementType();
  space.batch = in.getDimSize(0);
  space.m = out.getDimSize(2) * out.getDimSize(3);
  space.n = out.getDimSize(1) * 16;
  space.k = image.getChannels();
  return {};
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
    } else if (!isa<arith::ConstantOp, npu::Im2ColOp, tensor::EmptyOp, bufferization::ToTensorOp,
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
    std::string why = analyzeImage(space);
    if (!why.empty())
      return refuse(std::move(why));
    lhs = cast<RankedTensorType>(image.getImage().getType());
  }
  if (!lhs || !getBuffer(image ? image.getImage() : space.mmad.getLhs()) || !getBuffer(space.mmad.getRhs()) || !getDestination(space.mmad))
    return refuse("a product of what is not in global memory");
  if (init.getRank() != lhs.getRank())
    return refuse("a product whose result is no matrix");
  space.element = lhs.getElementType();
  if (rhs.getElementType() != space.element || !(space.element.isF16() || space.element.isBF16() || space.element.isF32()))
    return refuse("the cube has no product of these element types");
  Type result = init.getElementType();
  if (!result.isF32() && !result.isF16() && !result.isBF16())
    return refuse("fixpipe has no conversion to the result's element type");
  if (!matchEpilogue(space))
    return refuse("an epilogue that is no bias for each column, rectification and conversion");
  auto size = [](int64_t n) { return ShapedType::isDynamic(n) ? -1 : n; };
  if (!space.isImage) {
    space.batch = lhs.getRank() == 3 ? size(lhs.getDimSize(0)) : 1;
    space.m = size(init.getDimSize(init.getRank() - 2));
    space.n = size(init.getDimSize(init.getRank() - 1));
    space.k = size(lhs.getDimSize(lhs.getRank() - 1));
  }
  if (space.n < 0 || space.k < 0 || rhs.getDimSize(rhs.getRank() - 1) != 16)
    return refuse("a product whose columns or depth only the execution knows");
  if (space.bias) {
    auto type = cast<RankedTensorType>(space.bias.getType());
    if (type.getRank() != 1 || type.getDimSize(0) != space.n || !getBuffer(space.bias))
      return refuse("an epilogue operand that is not one element for each column");
  }
  return space;
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// What of the device limits tiles.
struct CubeLimits {
  int64_t l0a, l0b, l0c, l1, bias;
  double cyclesPerFractal, bytesPerCycle;
  int64_t cores, launch;
};

static CubeLimits getLimits(const CubeSpace &space, const device::Description &device) {
  const device::AICore &core = *device.aiCore;
  CubeLimits limits{int64_t(device.bytesOf("L0A")), int64_t(device.bytesOf("L0B")), int64_t(device.bytesOf("L0C")),
                    int64_t(device.bytesOf("L1")),  int64_t(device.bytesOf("BT")),  1, 1, core.cubeCores, 0};
  const StringRef name = engine::kTypeNames[unsigned(*npu::getEngineType(space.element))];
  for (const device::CubeRate &rate : core.cubeRates)
    if (name == rate.type)
      limits.cyclesPerFractal = rate.cyclesPerFractal;
  const device::DataPath *path = core.findPath("GM", "L1");
  limits.bytesPerCycle = std::min(path ? path->bytesPerCycle : 1, core.cacheReadBytesPerCycle / core.cubeCores);
  return limits;
}

/// Estimated cycles of the whole product: what the busiest core computes or
/// loads, whichever takes longer, and stores.
static double estimate(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile) {
  const int64_t bytes = getElementBytes(space.element);
  const int64_t m = space.m < 0 ? tile.rows * limits.cores : space.m;
  const int64_t tiles = std::max<int64_t>(space.batch, 1) * llvm::divideCeil(m, tile.rows) *
                        llvm::divideCeil(space.n, tile.columns);
  const int64_t rounds = llvm::divideCeil(tiles, limits.cores);
  const double rows = std::min(m, tile.rows), columns = std::min(space.n, tile.columns);
  const double fractals = std::ceil(rows / 16) * std::ceil(columns / 16) * std::ceil(space.k * bytes / 32.0);
  const double compute = fractals * limits.cyclesPerFractal + 2.0 * space.k / tile.step;
  const double load = (rows + columns) * space.k * bytes / limits.bytesPerCycle;
  const double store = rows * columns * 4 / 112;
  // Two copies of the accumulators hide the store; a slab that ends early does not
  // hide the latency of the next.
  const bool hidden = 2 * tile.rows * tile.columns * 4 <= limits.l0c;
  const double slabs = 40.0 * llvm::divideCeil(space.k, tile.slab) + (space.k % tile.slab ? 200 : 0);
  const double inner = std::max({compute, load, hidden ? store : 0}) + slabs;
  return rounds * (inner + (hidden ? 0 : store)) + 1000;
}

CubeTile gemlir::chooseCubeTile(const CubeSpace &space, const device::Description &device) {
  const CubeLimits limits = getLimits(space, device);
  const int64_t bytes = getElementBytes(space.element), c0 = 32 / bytes;
  CubeTile best;
  double least = -1;
  for (int64_t rows = 16; rows <= 512; rows += 16)
    for (int64_t columns = 16; columns <= 512; columns += 16) {
      CubeTile tile{rows, columns, 0, 0};
      if (rows * columns * 4 > limits.l0c || (space.bias && 2 * columns * 4 > limits.bias))
        continue;
      // Two copies of everything in L1, L0A and L0B.
      tile.step = std::min(limits.l0a / (2 * rows * bytes), limits.l0b / (2 * columns * bytes)) / 16 * 16;
      tile.step = std::min<int64_t>({tile.step, 256, int64_t(llvm::alignTo(space.k, 16))});
      if (tile.step < std::max<int64_t>(c0, 16))
        continue;
      const int64_t room = limits.l1 - (space.bias ? 2 * columns * 4 + 64 : 0);
      const int64_t steps = room / (2 * (rows + columns) * bytes * tile.step);
      tile.slab = tile.step * std::clamp<int64_t>(steps, 1, std::max<int64_t>(1, 256 / tile.step));
      if (!steps)
        continue;
      // Blocks of tiles that are about square.
      const int64_t down = llvm::divideCeil(space.m < 0 ? tile.rows * limits.cores : space.m, rows);
      const int64_t all = llvm::divideCeil(space.n, columns), share = llvm::divideCeil(down * all, limits.cores);
      tile.across = std::clamp<int64_t>(std::lround(std::sqrt(double(share) * rows / columns)), 1, all);
      const double time = estimate(space, limits, tile);
      if (least < 0 || time < least) {
        least = time;
        best = tile;
      }
    }
  return best;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

class CubeEmitter {
public:
  CubeEmitter(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile)
      : kernel(kernel), space(space), tile(tile), b(kernel.getContext()), loc(this->space.mmad.getLoc()),
        lhs(getBuffer(space.isImage ? this->space.mmad.getImage().getImage() : this->space.mmad.getLhs())), rhs(getBuffer(this->space.mmad.getRhs())),
        init(getDestination(this->space.mmad)), c0(32 / getElementBytes(space.element)) {}

  void emit();

private:
  void emitTile(Value number);
  Value emitBias();
  void emitSlab(Value k);
  void emitStep(Value k, Value step, OpFoldResult depth, Value left, Value right);
  void setTiles();

  Value local(ArrayRef<int64_t> shape, Type element, Space memory) {
    return npu::LocalOp::create(b, loc, npu::getLocalType(shape, element, memory));
  }
  Value view(Value buffer, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes, unsigned rank);
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, loc, n); }
  Value toValue(OpFoldResult size) { return getValueOrCreateConstantIndexOp(b, loc, size); }
  /// What is left of `size` at `offset`, at most `most`.
  OpFoldResult rest(OpFoldResult size, OpFoldResult offset, int64_t most);
  SmallVector<OpFoldResult> prefix() {
    return isBatched() ? SmallVector<OpFoldResult>{batch} : SmallVector<OpFoldResult>{};
  }
  bool isBatched() { return space.isImage || space.mmad.isBatched(); }
  /// An NC1HWC0 image with its pixels in one dimension.
  Value flattenPixels(Value image) {
    return memref::CollapseShapeOp::create(b, loc, image, ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}, {4}});
  }
  OpFoldResult number(int64_t n) { return b.getIndexAttr(n); }

  npu::KernelOp kernel;
  CubeSpace space;
  CubeTile tile;
  OpBuilder b;
  Location loc;
  Value lhs, rhs, init;
  int64_t c0;
  /// Of the product and the tile at hand.
  OpFoldResult allRows, batch, row, column, rows, columns;
  Value accumulators, bias;
};

} // namespace

Value CubeEmitter::view(Value buffer, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes, unsigned rank) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<OpFoldResult> strides(offsets.size(), number(1));
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes.take_back(rank))
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  auto result = memref::SubViewOp::inferRankReducedResultType(shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(b, loc, result, buffer, offsets, sizes, strides);
}

OpFoldResult CubeEmitter::rest(OpFoldResult size, OpFoldResult offset, int64_t most) {
  std::optional<int64_t> known = getConstantIntValue(size);
  if (known && *known % most == 0)
    return number(most);
  if (known && *known < most)
    return size;
  Value left = arith::SubIOp::create(b, loc, toValue(size), toValue(offset));
  return arith::MinUIOp::create(b, loc, left, constant(most)).getResult();
}

/// How many tiles the result has.
void CubeEmitter::setTiles() {
  const int64_t acrossN = llvm::divideCeil(space.n, tile.columns);
  auto type = cast<MemRefType>(init.getType());
  auto argument = cast<BlockArgument>(init);
  if (space.isImage)
    return kernel.setTiles(space.batch * llvm::divideCeil(space.m, tile.rows) * acrossN);
  AffineExpr all = b.getAffineConstantExpr(acrossN);
  auto size = [&](unsigned dim) {
    return type.isDynamicDim(dim) ? b.getAffineSymbolExpr(kernel.getSizeScalar(argument.getArgNumber(), dim))
                                  : b.getAffineConstantExpr(type.getDimSize(dim));
  };
  all = all * size(type.getRank() - 2).ceilDiv(tile.rows);
  if (space.mmad.isBatched())
    all = all * size(0);
  if (auto known = dyn_cast<AffineConstantExpr>(all))
    return kernel.setTiles(known.getValue());
  kernel.setTiles(-1);
  kernel.setTileCount(AffineMap::get(0, kernel.getScalars().size(), all));
}

/// The bias of the tile's columns in BT.
Value CubeEmitter::emitBias() {
  Value from = getBuffer(space.bias);
  Type element = cast<MemRefType>(from.getType()).getElementType();
  Value staged = view(local({tile.columns}, element, Space::L1), {number(0)}, {columns}, 1);
  npu::MoveOp::create(b, loc, view(from, {column}, {columns}, 1), staged);
  Value table = local({tile.columns}, b.getF32Type(), Space::BT);
  npu::FeedOp::create(b, loc, staged, table);
  return table;
}

void CubeEmitter::emitStep(Value k, Value step, OpFoldResult depth, Value left, Value right) {
  OpFoldResult size = rest(depth, step, tile.step);
  Value l0a = local({tile.rows, tile.step}, space.element, Space::L0A);
  Value l0b = local({tile.step, tile.columns}, space.element, Space::L0B);
  OpFoldResult firstBlock = ceilDivide(b, loc, step, c0), blocks = ceilDivide(b, loc, size, c0);
  npu::FeedOp::create(b, loc,
                      view(left, {firstBlock, number(0), number(0)}, {blocks, rows, number(c0)}, 3), l0a);
  npu::FeedOp::create(b, loc,
                      view(right, {number(0), step, number(0)},
                           {multiply(b, loc, ceilDivide(b, loc, columns, 16), number(16 / c0)), size, number(c0)}, 3),
                      l0b);
  Value isFirst = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                        arith::AddIOp::create(b, loc, k, step), constant(0));
  Value m = toValue(rows), n = toValue(columns), d = toValue(size);
  auto choice = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/true);
  for (bool first : {true, false}) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(first ? choice.thenBlock() : choice.elseBlock());
    npu::MultiplyOp::create(b, loc, l0a, l0b, first ? bias : Value(), accumulators, m, d, n, first);
  }
}

void CubeEmitter::emitSlab(Value k) {
  OpFoldResult depth = rest(number(space.k), k, tile.slab);
  Value left = local({tile.slab / c0, tile.rows, c0}, space.element, Space::L1);
  SmallVector<OpFoldResult> offsets = prefix(), sizes(offsets.size(), number(1));
  if (space.isImage) {
    offsets.append({ceilDivide(b, loc, k, 16), row, number(0)});
    sizes.append({ceilDivide(b, loc, depth, 16), rows, number(16)});
    npu::FractalsOp::create(b, loc, view(lhs, offsets, sizes, 3), left);
  } else {
    offsets.append({row, k});
    sizes.append({rows, depth});
    npu::FractalsOp::create(b, loc, view(lhs, offsets, sizes, 2), left);
  }

  // A panel of 16 columns is 16 / C0 columns of fractals.
  const int64_t split = 16 / c0;
  Value right = local({tile.columns / c0, tile.slab, c0}, space.element, Space::L1);
  OpFoldResult panels = ceilDivide(b, loc, columns, 16);
  offsets = space.isImage ? SmallVector<OpFoldResult>() : prefix();
  sizes.assign(offsets.size(), number(1));
  offsets.append({ceilDivide(b, loc, column, 16), k, number(0)});
  sizes.append({panels, depth, number(16)});
  Value from = view(rhs, offsets, sizes, 3);
  Value to = view(right, {number(0), number(0), number(0)}, {panels, depth, number(c0)}, 3);
  if (split == 1 && space.k % 16 == 0)
    npu::MoveOp::create(b, loc, from, to);
  else
    npu::FractalsOp::create(b, loc, from, right);

  auto steps = scf::ForOp::create(b, loc, constant(0), toValue(depth), constant(tile.step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(steps.getBody());
  emitStep(k, steps.getInductionVar(), depth, left, right);
}

void CubeEmitter::emitTile(Value t) {
  const int64_t across = llvm::divideCeil(space.n, tile.columns);
  Value down = toValue(ceilDivide(b, loc, allRows, tile.rows));
  if (isBatched()) {
    Value each = arith::MulIOp::create(b, loc, down, constant(across));
    batch = arith::DivUIOp::create(b, loc, t, each).getResult();
    t = arith::RemUIOp::create(b, loc, t, each);
  }
  // Down a group of columns, then the next group, of which the last may be narrower.
  Value group = arith::MulIOp::create(b, loc, down, constant(tile.across));
  Value first = arith::MulIOp::create(b, loc, arith::DivUIOp::create(b, loc, t, group), constant(tile.across));
  Value within = arith::RemUIOp::create(b, loc, t, group);
  Value width = arith::MinUIOp::create(b, loc, constant(tile.across),
                                       arith::SubIOp::create(b, loc, constant(across), first));
  Value i = arith::DivUIOp::create(b, loc, within, width);
  Value j = arith::AddIOp::create(b, loc, first, arith::RemUIOp::create(b, loc, within, width));
  row = multiply(b, loc, i, number(tile.rows));
  column = multiply(b, loc, j, number(tile.columns));
  rows = rest(allRows, row, tile.rows);
  columns = rest(number(space.n), column, tile.columns);
  accumulators = local({tile.rows, tile.columns}, b.getF32Type(), Space::L0C);
  bias = space.bias ? emitBias() : Value();
  auto slabs = scf::ForOp::create(b, loc, constant(0), constant(space.k), constant(tile.slab));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(slabs.getBody());
    emitSlab(slabs.getInductionVar());
  }
  SmallVector<OpFoldResult> offsets = prefix(), sizes(offsets.size(), number(1));
  if (space.isImage) {
    offsets.append({ceilDivide(b, loc, column, 16), row, number(0)});
    sizes.append({ceilDivide(b, loc, columns, 16), rows, number(16)});
    npu::DrainOp::create(b, loc, accumulators, view(init, offsets, sizes, 3), space.relu);
    return;
  }
  offsets.append({row, column});
  sizes.append({rows, columns});
  npu::DrainOp::create(b, loc, accumulators, view(init, offsets, sizes, 2), space.relu);
}

void CubeEmitter::emit() {
  Block &body = kernel.getBody().front();
  b.setInsertionPoint(body.getTerminator());
  setTiles();
  const unsigned rank = cast<MemRefType>(init.getType()).getRank();
  if (space.isImage) {
    lhs = flattenPixels(lhs);
    init = flattenPixels(init);
  }
  allRows = space.m < 0 ? OpFoldResult(memref::DimOp::create(b, loc, init, rank - 2).getResult()) : number(space.m);
  auto range = npu::TileRangeOp::create(b, loc);
  auto loop = scf::ForOp::create(b, loc, range.getBegin(), range.getEnd(), constant(1));
  b.setInsertionPointToStart(loop.getBody());
  emitTile(loop.getInductionVar());
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<npu::MmadOp, npu::Im2ColOp, tensor::EmptyOp, bufferization::ToTensorOp, bufferization::MaterializeInDestinationOp>(op)) {
      op.dropAllUses();
      op.erase();
    }
}

void gemlir::emitCubeKernel(npu::KernelOp kernel, const CubeSpace &space, const CubeTile &tile) {
  CubeEmitter(kernel, space, tile).emit();
}
