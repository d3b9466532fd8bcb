//===- TileKernels.cpp - divide kernels into tiles -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToAICore/NPUToAICore.h"
#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Sizes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUTILEKERNELS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

/// More tiles than this only cost; fewer leave cores idle at the end.
static constexpr int64_t kMaxTiles = 64;

/// What a size that only the execution knows is taken for where work is
/// estimated.
static constexpr int64_t kTypicalSize = 64;

namespace {

/// A kernel whose last operation can be tiled, and how.
struct Plan {
  TilingInterface root;
  SmallVector<Range> domain;
  /// The loop that is divided, its iterations, and those of a tile.
  unsigned loop = 0;
  gemlir::Dim extent = 1;
  int64_t size = 1;

  gemlir::Dim tiles() const { return ceilDiv(extent, size); }
};

} // namespace

static bool isOne(const Range &range) { return getConstantIntValue(range.size) == 1; }

static void setTiles(KernelOp kernel, gemlir::Dim tiles) {
  if (std::optional<int64_t> known = tiles.known())
    return kernel.setTiles(*known);
  kernel.setTiles(-1);
  kernel.setTileCount(AffineMap::get(0, kernel.getScalars().size(), tiles.toExpr(kernel.getContext())));
}

/// The operation whose results the kernel stores, if it is only one.
static TilingInterface findRoot(KernelOp kernel) {
  TilingInterface root;
  for (auto store : kernel.getBody().getOps<bufferization::MaterializeInDestinationOp>()) {
    auto producer = store.getSource().getDefiningOp<TilingInterface>();
    if (!producer || (root && producer != root))
      return {};
    root = producer;
  }
  return root;
}

/// Total iterations of the structured operations of a kernel.
static int64_t countWork(KernelOp kernel) {
  int64_t work = 0;
  kernel.walk([&](linalg::LinalgOp op) {
    int64_t points = 1;
    for (int64_t size : op.getStaticLoopRanges())
      points *= ShapedType::isDynamic(size) ? kTypicalSize : std::max<int64_t>(size, 1);
    // Transcendental functions and gathers cost an order of magnitude more than an addition.
    bool expensive = op->walk([](Operation *inner) {
                         return isa<math::MathDialect>(inner->getDialect()) || isa<tensor::ExtractOp>(inner)
                                    ? WalkResult::interrupt()
                                    : WalkResult::advance();
                       }).wasInterrupted();
    work += expensive ? 8 * points : points;
  });
  return work;
}

static std::optional<Plan> makePlan(KernelOp kernel, const gemlir::device::Description &device) {
  Plan plan;
  plan.root = findRoot(kernel);
  if (!plan.root)
    return std::nullopt;
  OpBuilder builder(plan.root);
  plan.domain = plan.root.getIterationDomain(builder);
  SmallVector<utils::IteratorType> iterators = plan.root.getLoopIteratorTypes();
  int64_t work = countWork(kernel), tileWork = std::max<int64_t>(device.tileWork, 1);
  int64_t wanted = std::clamp<int64_t>(work / tileWork, 1, kMaxTiles);
  auto rows = kernel->getAttrOfType<IntegerAttr>("npu.rows");
  unsigned candidates = rows ? rows.getInt() : plan.domain.size();
  // The outermost loop that yields enough tiles, else the longest one: outer
  // loops keep slices contiguous.
  int64_t best = 1;
  for (unsigned i = 0; i < candidates; ++i) {
    std::optional<gemlir::Dim> extent = traceSize(kernel, plan.domain[i].size);
    int64_t size = extent ? extent->known().value_or(kTypicalSize) : 1;
    if (iterators[i] != utils::IteratorType::parallel || size <= best)
      continue;
    best = size;
    plan.loop = i;
    plan.extent = *extent;
    if (size >= wanted)
      break;
  }
  if (plan.extent.isStatic())
    plan.size = llvm::divideCeil(best, std::min(best, wanted));
  else // as many tiles as the work is worth, however long the loop
    plan.size = std::max<int64_t>(1, llvm::divideCeil(tileWork, std::max<int64_t>(1, work / best)));
  return plan;
}

/// Replaces slices of values computed in the kernel by the computation of the
/// slice, from the root towards the arguments.
static LogicalResult fuseProducers(RewriterBase &rewriter, ArrayRef<Operation *> slices) {
  SmallVector<Operation *> worklist(slices);
  while (!worklist.empty()) {
    auto slice = dyn_cast<tensor::ExtractSliceOp>(worklist.pop_back_val());
    if (!slice)
      continue;
    auto producer = dyn_cast<OpResult>(slice.getSource());
    if (!producer || !isa<TilingInterface>(producer.getOwner()))
      continue;
    rewriter.setInsertionPoint(slice);
    FailureOr<TilingResult> tiled = tensor::replaceExtractSliceWithTiledProducer(rewriter, slice, producer);
    if (failed(tiled))
      continue; // the whole value is computed before the loop
    rewriter.replaceOp(slice, tiled->tiledValues[0]);
    llvm::append_range(worklist, tiled->generatedSlices);
  }
  return success();
}

/// Computes iterations [offset, offset + size) of the plan's loop and inserts
/// the results into `outputs`.
static FailureOr<SmallVector<Value>> computeSlice(RewriterBase &rewriter, Plan &plan, ArrayRef<OpFoldResult> offsets,
                                                  ArrayRef<OpFoldResult> sizes, ValueRange outputs) {
  TilingInterface root = plan.root;
  FailureOr<TilingResult> tiled = root.getTiledImplementation(rewriter, offsets, sizes);
  if (failed(tiled))
    return failure();
  SmallVector<Value> results;
  for (auto [index, value] : llvm::enumerate(tiled->tiledValues)) {
    SmallVector<OpFoldResult> resultOffsets, resultSizes;
    if (failed(root.getResultTilePosition(rewriter, index, offsets, sizes, resultOffsets, resultSizes)))
      return failure();
    SmallVector<OpFoldResult> strides(resultOffsets.size(), rewriter.getIndexAttr(1));
    results.push_back(tensor::InsertSliceOp::create(rewriter, root.getLoc(), value, outputs[index], resultOffsets,
                                                    resultSizes, strides));
  }
  if (failed(fuseProducers(rewriter, tiled->generatedSlices)))
    return failure();
  return results;
}

/// The first and last iterations of the plan's loop that the call executes.
static std::pair<Value, Value> computeBounds(OpBuilder &b, Location loc, Plan &plan) {
  auto range = TileRangeOp::create(b, loc);
  Value size = arith::ConstantIndexOp::create(b, loc, plan.size);
  Value extent = getValueOrCreateConstantIndexOp(b, loc, plan.domain[plan.loop].size);
  Value begin = arith::MulIOp::create(b, loc, range.getBegin(), size);
  Value end = arith::MinSIOp::create(b, loc, arith::MulIOp::create(b, loc, range.getEnd(), size), extent);
  return {begin, end};
}

/// The whole iteration space but for the plan's loop.
static void getDomain(Plan &plan, SmallVector<OpFoldResult> &offsets, SmallVector<OpFoldResult> &sizes) {
  for (const Range &range : plan.domain) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
  }
}

/// The tensors that stand for the kernel's outputs.
static SmallVector<Value> getDestinations(Plan &plan) {
  auto dps = cast<DestinationStyleOpInterface>(plan.root.getOperation());
  SmallVector<Value> destinations;
  for (OpOperand &init : dps.getDpsInitsMutable()) {
    Value value = init.get();
    if (auto fill = value.getDefiningOp<linalg::FillOp>())
      value = fill.getDpsInitOperand(0)->get();
    destinations.push_back(value);
  }
  return destinations;
}

/// One slice for all iterations of the call: the operation stays a loop nest.
static LogicalResult tileSingle(RewriterBase &rewriter, KernelOp kernel, Plan &plan) {
  Location loc = plan.root.getLoc();
  rewriter.setInsertionPoint(plan.root);
  auto [begin, end] = computeBounds(rewriter, loc, plan);
  SmallVector<OpFoldResult> offsets, sizes;
  getDomain(plan, offsets, sizes);
  offsets[plan.loop] = begin;
  sizes[plan.loop] = arith::SubIOp::create(rewriter, loc, end, begin).getResult();
  FailureOr<SmallVector<Value>> results = computeSlice(rewriter, plan, offsets, sizes, getDestinations(plan));
  if (failed(results))
    return failure();
  rewriter.replaceOp(plan.root, *results);
  return success();
}

/// A loop over single rows, so that intermediate values are rows.
static LogicalResult tileRows(RewriterBase &rewriter, KernelOp kernel, Plan &plan, unsigned rows) {
  Location loc = plan.root.getLoc();
  rewriter.setInsertionPoint(plan.root);
  auto [begin, end] = computeBounds(rewriter, loc, plan);
  SmallVector<OpFoldResult> offsets, sizes;
  getDomain(plan, offsets, sizes);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0), one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  SmallVector<Value> carried = getDestinations(plan);
  SmallVector<scf::ForOp> loops;
  for (unsigned i = 0; i < rows; ++i) {
    bool divided = i == plan.loop;
    if (!divided && isOne(plan.domain[i])) {
      offsets[i] = rewriter.getIndexAttr(0);
      sizes[i] = rewriter.getIndexAttr(1);
      continue;
    }
    Value upper = divided ? end : getValueOrCreateConstantIndexOp(rewriter, loc, plan.domain[i].size);
    auto loop = scf::ForOp::create(rewriter, loc, divided ? begin : zero, upper, one, carried);
    if (!loops.empty())
      scf::YieldOp::create(rewriter, loc, loop.getResults());
    loops.push_back(loop);
    carried.assign(loop.getRegionIterArgs().begin(), loop.getRegionIterArgs().end());
    offsets[i] = loop.getInductionVar();
    sizes[i] = rewriter.getIndexAttr(1);
    rewriter.setInsertionPointToStart(loop.getBody());
  }
  // The slices of the destination are those of the value that the loops carry.
  auto dps = cast<DestinationStyleOpInterface>(plan.root.getOperation());
  for (auto [init, value] : llvm::zip(dps.getDpsInitsMutable(), carried))
    if (!init.get().getDefiningOp<linalg::FillOp>())
      init.set(value);
  FailureOr<SmallVector<Value>> results = computeSlice(rewriter, plan, offsets, sizes, carried);
  if (failed(results))
    return failure();
  if (loops.empty()) {
    rewriter.replaceOp(plan.root, *results);
    return success();
  }
  rewriter.setInsertionPointToEnd(loops.back().getBody());
  scf::YieldOp::create(rewriter, loc, *results);
  rewriter.replaceOp(plan.root, loops.front().getResults());
  return success();
}

namespace {
struct TileKernels : npu::impl::NPUTileKernelsBase<TileKernels> {
  using NPUTileKernelsBase::NPUTileKernelsBase;

  gemlir::device::Description description;

  LogicalResult initialize(MLIRContext *context) override {
    std::string error;
    if (gemlir::device::lookup(device, description, error))
      return success();
    return emitError(UnknownLoc::get(context)) << error;
  }

  void runOnOperation() override {
    KernelOp kernel = getOperation();
    // Tiled already, for engines.
    if (kernel->hasAttr(gemlir::kEngineAttrName))
      return;
    if (std::optional<gemlir::Dim> tiles = planTileOp(kernel)) {
      setTiles(kernel, *tiles);
    } else if (std::optional<Plan> plan = makePlan(kernel, description)) {
      auto rows = kernel->getAttrOfType<IntegerAttr>("npu.rows");
      IRRewriter rewriter(&getContext());
      if (rows && failed(tileRows(rewriter, kernel, *plan, rows.getInt())))
        return signalPassFailure();
      if (!rows && plan->tiles() != 1 && failed(tileSingle(rewriter, kernel, *plan)))
        return signalPassFailure();
      setTiles(kernel, plan->tiles());
      eraseDead(kernel);
      // A slice of an intermediate value needs room for the slice only.
      RewritePatternSet patterns(&getContext());
      tensor::populateFoldTensorEmptyPatterns(patterns);
      if (failed(applyPatternsGreedily(kernel, std::move(patterns))))
        return signalPassFailure();
    }
    numTiled += kernel.getTiles() != 1;
  }

  /// Tile operations divide their work themselves when they are lowered.
  std::optional<gemlir::Dim> planTileOp(KernelOp kernel) {
    std::optional<gemlir::Dim> tiles;
    auto sizesOf = [&](Value tensor) { return traceSizes(kernel, tensor); };
    for (Operation &op : kernel.getBody().front()) {
      if (auto mmad = dyn_cast<MmadOp>(op))
        tiles = gemlir::planMmad(mmad, description, sizesOf).tiles();
      else if (auto depthwise = dyn_cast<DepthwiseOp>(op))
        tiles = gemlir::planDepthwise(depthwise, description, sizesOf).tiles();
      else if (auto attention = dyn_cast<AttentionOp>(op))
        tiles = gemlir::planAttention(attention, description, sizesOf).tiles;
    }
    return tiles;
  }

  /// Producers that were computed whole before they were fused.
  static void eraseDead(KernelOp kernel) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(kernel.getBody().front())))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
