//===- TileEngines.cpp - tiles for the engines of an AI Core -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionKernel.h"
#include "CubeKernel.h"
#include "DepthwiseKernel.h"
#include "VectorKernel.h"
#include "VectorTiling.h"

#include "ge-mlir/Dialect/NPU/Transforms/Scratch.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Threading.h"
#include <cmath>

namespace gemlir {
#define GEN_PASS_DEF_NPUTILEENGINES
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;

/// Bytes of a tile below which a transfer is mostly latency.
static constexpr int64_t kSmallTransfer = 16 << 10;
/// The largest count of a field of 16 bits that is a multiple of all blocks.
static constexpr int64_t kLargestCount = 65504;

/// What the fullest memory needs with this tile, or a reason.
static FailureOr<MemoryUse> measure(npu::KernelOp kernel, const device::Description &device, const VectorTile &tile,
                                    std::string &reason) {
  OwningOpRef<npu::KernelOp> copy = kernel.clone();
  MemoryUse use;
  LogicalResult emitted = emitVectorKernel(*copy, tile, reason);
  if (succeeded(emitted)) {
    multiBuffer(*copy, device);
    (void)planLocalMemory(*copy, device, /*report=*/false, use);
  }
  if (failed(emitted))
    return failure();
  return use;
}

/// Tiles of one dimension: how long for `total` elements in all, of which at most
/// `most` fit, on `cores`; a multiple of `grain`.
static int64_t balance(int64_t total, int64_t most, int64_t least, int64_t cores, int64_t grain) {
  if (total < 0)
    return most;
  const int64_t share = llvm::divideCeil(total, cores);
  // A few tiles for each core, so that its queues overlap, unless they get small.
  const int64_t rounds =
      std::max<int64_t>(llvm::divideCeil(share, most), std::min<int64_t>(4, std::max<int64_t>(share / least, 1)));
  return std::clamp<int64_t>(llvm::alignTo(llvm::divideCeil(share, rounds), grain), grain, most);
}

/// The largest value of a tile's dimension that fits: memory grows with it.
static FailureOr<int64_t> findLargest(npu::KernelOp kernel, const device::Description &device, int64_t limit,
                                      int64_t grain, llvm::function_ref<VectorTile(int64_t)> make,
                                      std::string &reason) {
  FailureOr<MemoryUse> use = measure(kernel, device, make(grain), reason);
  if (failed(use))
    return failure();
  if (use->bytes > use->capacity) {
    reason = "a row needs " + std::to_string(use->bytes) + " bytes of local memory, more than the " +
             std::to_string(use->capacity) + " that a core has";
    return failure();
  }
  int64_t size =
      std::min(llvm::alignTo(limit, grain), uint64_t(grain * (use->capacity / std::max<int64_t>(use->bytes, 1))));
  size = std::max(size / grain * grain, grain);
  while (size > grain) {
    use = measure(kernel, device, make(size), reason);
    if (failed(use)) // a command that takes fewer rows than this
      return grain;
    if (use->bytes <= use->capacity)
      break;
    size = std::max(size * 9 / 10 / grain * grain, grain);
  }
  return size;
}

/// A tile of which an operand is turned has sides of some length, so that moves have
/// long rows in both directions; a side that is short makes room for the other one.
static FailureOr<VectorTile> chooseTurnedTile(npu::KernelOp kernel, const device::Description &device,
                                              const VectorSpace &space, int64_t cores, std::string &reason) {
  constexpr int64_t kSide = 64;
  const int64_t columns = space.columns(), rows = space.rows();
  auto isShort = [](int64_t size) { return size > 0 && size <= kSide; };
  auto grow = [&](int64_t size, int64_t others, llvm::function_ref<VectorTile(int64_t)> make) -> FailureOr<VectorTile> {
    FailureOr<int64_t> most = findLargest(kernel, device, size < 0 ? kLargestCount : size, kSide, make, reason);
    if (failed(most))
      return failure();
    const int64_t total = size < 0 ? -1 : size * space.outer() * others;
    return make(balance(total, *most, kSide, cores, kSide));
  };
  if (isShort(rows))
    return grow(columns, 1, [&](int64_t size) { return VectorTile{rows, size}; });
  return grow(rows, columns < 0 ? 1 : llvm::divideCeil(columns, kSide),
              [&](int64_t size) { return VectorTile{size, isShort(columns) ? columns : kSide}; });
}

/// A reduction over rows: enough columns for all cores, and as many rows as fit.
static FailureOr<VectorTile> chooseReducedTile(npu::KernelOp kernel, const device::Description &device,
                                               const VectorSpace &space, int64_t cores, std::string &reason) {
  constexpr int64_t kMost = 2048, kGrain = 64;
  const int64_t all = space.columns();
  int64_t columns = all < 0 ? kMost : std::min(all, kMost);
  if (all > 0)
    columns = std::clamp<int64_t>(llvm::alignTo(llvm::divideCeil(all * space.outer(), cores), kGrain),
                                  std::min(all, kGrain), columns);
  auto make = [&](int64_t size) { return VectorTile{size, columns}; };
  FailureOr<int64_t> rows = findLargest(
      kernel, device, space.rows() < 0 ? kLargestCount : std::min(space.rows(), kLargestCount), 1, make, reason);
  if (failed(rows))
    return failure();
  return make(*rows);
}

static FailureOr<VectorTile> chooseVectorTile(npu::KernelOp kernel, const device::Description &device,
                                              const VectorSpace &space, std::string &reason) {
  const device::AICore &core = *device.aiCore;
  const int64_t cores = core.coupled ? core.cubeCores : core.vectorCores;
  const int64_t columns = space.columns(), rows = space.rows();
  const int64_t smallest = kSmallTransfer / space.elementBytes;
  constexpr int64_t kGrain = 64;
  if (space.isTurned)
    return chooseTurnedTile(kernel, device, space, cores, reason);
  if (space.reducesRows)
    return chooseReducedTile(kernel, device, space, cores, reason);
  std::string whole;
  if (space.sizes.size() > 1 && columns > 0 && columns <= kLargestCount) {
    auto make = [&](int64_t size) { return VectorTile{size, columns}; };
    FailureOr<int64_t> most =
        findLargest(kernel, device, rows < 0 ? kLargestCount : std::min(rows, kLargestCount), 1, make, whole);
    if (succeeded(most)) {
      const int64_t total = rows < 0 ? -1 : rows * space.outer();
      return make(std::min(balance(total, *most, std::max<int64_t>(smallest / columns, 1), cores, 1), *most));
    }
  }
  if (space.wholeRows && space.sizes.size() > 1) {
    reason = whole.empty() ? "the length of the rows that it reduces is not known" : whole;
    return failure();
  }
  const int64_t limit = columns < 0 || !space.wholeRows ? kLargestCount : columns;
  if (space.wholeRows && (columns < 0 || columns > kLargestCount)) {
    reason = "it reduces all elements of a tensor that is too long";
    return failure();
  }
  if (space.wholeRows) {
    auto make = [&](int64_t) { return VectorTile{1, columns}; };
    if (failed(findLargest(kernel, device, 1, 1, make, reason)))
      return failure();
    return make(1);
  }
  auto make = [](int64_t size) { return VectorTile{1, size}; };
  FailureOr<int64_t> most =
      findLargest(kernel, device, columns < 0 ? limit : std::min(columns, limit), kGrain, make, reason);
  if (failed(most))
    return failure();
  const int64_t total = columns < 0 || rows < 0 ? -1 : columns * rows * space.outer();
  return make(balance(total, *most, smallest, cores, kGrain));
}

/// What a kernel with this tile is expected to cost; none if the tile does not fit.
static std::optional<double> assess(npu::KernelOp kernel, const device::Description &device, const VectorTile &tile) {
  OwningOpRef<npu::KernelOp> copy = kernel.clone();
  std::string reason;
  MemoryUse use;
  if (failed(emitVectorKernel(*copy, tile, reason)))
    return std::nullopt;
  std::optional<double> cycles = estimateVectorKernel(*copy, device);
  multiBuffer(*copy, device);
  return succeeded(planLocalMemory(*copy, device, /*report=*/false, use)) ? cycles : std::nullopt;
}

namespace {
struct VectorCandidate {
  VectorTile tile;
  double cycles;
};
} // namespace

/// The chosen tile, and behind it those of other sizes that fit, the cheapest first.
static std::vector<VectorCandidate> listVectorTiles(npu::KernelOp kernel, const device::Description &device,
                                                    const VectorSpace &space, const VectorTile &chosen) {
  constexpr int64_t kGrain = 64;
  auto vary = [](int64_t size, int64_t all, int64_t grain) {
    SmallVector<int64_t> sizes{size};
    for (int64_t factor : {2, 4, 8}) {
      sizes.push_back(llvm::alignTo(llvm::divideCeil(size, factor), grain));
      sizes.push_back(std::min(size * factor, std::min(all < 0 ? kLargestCount : all, kLargestCount)));
    }
    llvm::sort(sizes);
    sizes.erase(llvm::unique(sizes), sizes.end());
    return sizes;
  };
  const bool isWhole = chosen.columns == space.columns(), isMatrix = space.sizes.size() > 1;
  const bool variesRows = isMatrix && (isWhole || space.isTurned || space.reducesRows);
  std::vector<VectorCandidate> tiles;
  for (int64_t rows : variesRows ? vary(chosen.rows, space.rows(), 1) : SmallVector<int64_t>{chosen.rows})
    for (int64_t columns : isWhole ? SmallVector<int64_t>{chosen.columns} : vary(chosen.columns, space.columns(), kGrain))
      if (std::optional<double> cycles = assess(kernel, device, {rows, columns}))
        tiles.push_back({{rows, columns}, *cycles});
  auto rank = [&](const VectorCandidate &x) {
    const bool isChosen = x.tile.rows == chosen.rows && x.tile.columns == chosen.columns;
    return std::make_pair(!isChosen, x.cycles);
  };
  llvm::stable_sort(tiles, [&](const VectorCandidate &a, const VectorCandidate &b) { return rank(a) < rank(b); });
  return tiles;
}

/// Lowers a tiled kernel as the passes behind this one will. What stops them is the
/// reason why the kernel is none of an engine.
static LogicalResult tryLowering(npu::KernelOp tiled, const device::Description &device, std::string &reason) {
  const uint64_t thread = llvm::get_threadid();
  ScopedDiagnosticHandler handler(tiled.getContext(), [&](Diagnostic &diagnostic) {
    // Other kernels' threads report here too.
    if (llvm::get_threadid() != thread)
      return failure();
    if (reason.empty() && diagnostic.getSeverity() == DiagnosticSeverity::Error)
      reason = diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module = ModuleOp::create(tiled.getLoc());
  npu::KernelOp kernel = tiled.clone();
  module->push_back(kernel);
  if (failed(verify(kernel)))
    return failure();
  npu::makeScratchOutputs(kernel);
  for (npu::KernelOp part : splitMix(kernel)) {
    MemoryUse use;
    size_t edges;
    multiBuffer(part, device);
    if (failed(planLocalMemory(part, device, /*report=*/true, use)) || failed(insertSync(part, device, edges)) ||
        failed(convertToEngine(part, device)))
      return failure();
  }
  // Fields that numbers do not fit are found by the commands' own verifiers.
  return verify(*module);
}

namespace {
struct NPUTileEngines : gemlir::impl::NPUTileEnginesBase<NPUTileEngines> {
  using NPUTileEnginesBase::NPUTileEnginesBase;
  device::Description description;

  LogicalResult initialize(MLIRContext *context) override { return lookupDevice(context, device, description); }

  void runOnOperation() override {
    npu::KernelOp kernel = getOperation();
    std::string reason;
    Block &body = kernel.getBody().front();
    const bool isCube = !body.getOps<npu::MmadOp>().empty(), isDepthwise = !body.getOps<npu::DepthwiseOp>().empty(),
               isMix = !body.getOps<npu::AttentionOp>().empty();
    // A copy, because what no engine takes after all stays as it is.
    OwningOpRef<npu::KernelOp> tiled = kernel.clone();
    if (failed(isMix         ? emitAttentionKernel(*tiled, description, reason)
               : isCube      ? tileCube(*tiled, reason)
               : isDepthwise ? emitDepthwiseKernel(*tiled, description, reason)
                             : tileVector(*tiled, reason)) ||
        failed(markAndTry(*tiled,
                          isMix    ? StringRef(kMixEngine)
                          : isCube ? "cube"
                                   : "vector",
                          reason))) {
      kernel->setAttr(kReasonAttrName, StringAttr::get(&getContext(), reason));
      ++numLeft;
      return;
    }
    kernel.getBody().takeBody(tiled->getBody());
    kernel->setAttrs((*tiled)->getAttrDictionary());
    isMix ? ++numMix : isCube ? ++numCube : ++numVector;
  }

  LogicalResult markAndTry(npu::KernelOp tiled, StringRef engine, std::string &reason) {
    tiled->setAttr(kEngineAttrName, StringAttr::get(&getContext(), engine));
    reason.clear();
    return tryLowering(tiled, description, reason);
  }

  LogicalResult tileCube(npu::KernelOp kernel, std::string &reason) {
    FailureOr<CubeSpace> space = analyzeCubeKernel(kernel, reason);
    if (failed(space))
      return failure();
    const std::vector<CubeCandidate> tiles = rankCubeTiles(*space, description);
    if (tiles.empty()) {
      reason = "no tile of the product fits the local memories";
      return failure();
    }
    emitCubeKernel(kernel, *space, tiles.front().tile);
    Builder b(&getContext());
    SmallVector<Attribute> rows;
    for (auto &[tile, cycles] : ArrayRef(tiles).take_front(candidates))
      rows.push_back(
          b.getDenseI64ArrayAttr({tile.rows, tile.columns, tile.slab, tile.step, int64_t(std::llround(cycles))}));
    setCandidates(kernel, rows);
    return success();
  }

  /// Lists the best tiles, as far as the pass is asked to.
  void setCandidates(npu::KernelOp kernel, ArrayRef<Attribute> tiles) {
    if (!tiles.empty())
      kernel->setAttr(kCandidatesAttrName, ArrayAttr::get(&getContext(), tiles));
  }

  LogicalResult tileVector(npu::KernelOp kernel, std::string &reason) {
    legalizeVectorKernel(kernel);
    FailureOr<VectorSpace> space = analyzeVectorKernel(kernel, reason);
    if (failed(space))
      return failure();
    FailureOr<VectorTile> tile = chooseVectorTile(kernel, description, *space, reason);
    if (failed(tile))
      return failure();
    Builder b(&getContext());
    SmallVector<Attribute> rows;
    std::vector<VectorCandidate> tiles;
    if (candidates)
      tiles = listVectorTiles(kernel, description, *space, *tile);
    for (auto &[other, cycles] : ArrayRef(tiles).take_front(candidates))
      rows.push_back(b.getDenseI64ArrayAttr({other.rows, other.columns, 0, 0, int64_t(std::llround(cycles))}));
    if (failed(emitVectorKernel(kernel, *tile, reason)))
      return failure();
    setCandidates(kernel, rows);
    return success();
  }
};
} // namespace
