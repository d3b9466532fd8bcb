//===- VectorTiling.cpp - what tiles of the vector unit cost --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adds up, from the figures of the device, how long each queue is busy with one tile.
//
//===----------------------------------------------------------------------===//

#include "VectorTiling.h"

#include "BufferAddress.h"

#include "ge-mlir/Dialect/NPU/IR/LocalMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;

namespace {

/// Cycles for which the queues of a vector core are busy.
struct QueueTimes {
  double in = 0, vector = 0, out = 0;
  /// Bytes of global memory that are moved, both ways.
  double bytes = 0;
  /// Until the first move in, and the last one out, are done.
  double latency = 0;
};

class Estimator {
public:
  explicit Estimator(const device::Description &device) : core(*device.aiCore) {}

  unsigned cores() const { return core.coupled ? core.cubeCores : core.vectorCores; }
  /// Adds what a block does, `times` times.
  void add(Block &block, double times, QueueTimes &sum) const;
  void add(npu::MoveOp op, double times, QueueTimes &sum) const;

private:
  void add(npu::VectorOp op, double times, QueueTimes &sum) const;

  const device::AICore &core;
};

} // namespace

/// The most that a size can be: tails are smaller than the constant that limits them.
static std::optional<int64_t> getMost(OpFoldResult size) {
  if (std::optional<int64_t> known = getConstantIntValue(size))
    return known;
  if (auto limited = dyn_cast<Value>(size).getDefiningOp<arith::MinUIOp>())
    return getConstantIntValue(limited.getRhs());
  return std::nullopt;
}

/// Rows, and bytes of a row, of a view of at most two dimensions that are not 1.
static std::pair<int64_t, int64_t> getSize(Value view) {
  auto type = cast<MemRefType>(view.getType());
  SmallVector<int64_t> sizes(type.getShape());
  if (auto part = view.getDefiningOp<memref::SubViewOp>()) {
    const llvm::SmallBitVector dropped = part.getDroppedDims();
    unsigned i = 0;
    for (auto [dim, size] : llvm::enumerate(part.getMixedSizes()))
      if (!dropped[dim])
        sizes[i++] = getMost(size).value_or(part.getSourceType().getDimSize(dim));
  }
  int64_t rows = 1;
  for (int64_t size : ArrayRef(sizes).drop_back(sizes.empty() ? 0 : 1))
    rows *= std::max<int64_t>(size, 1);
  return {rows, (sizes.empty() ? 1 : std::max<int64_t>(sizes.back(), 1)) * getElementBytes(type.getElementType())};
}

void Estimator::add(npu::MoveOp op, double times, QueueTimes &sum) const {
  const bool isIn = npu::isIn(op.getTarget(), engine::Space::UB);
  auto [rows, rowBytes] = getSize(isIn ? op.getTarget() : op.getSource());
  const device::DataPath *path = isIn ? core.findPath("GM", "UB") : core.findPath("UB", "GM");
  if (!path)
    return;
  const double bytes = double(rows * rowBytes);
  (isIn ? sum.in : sum.out) += times * (path->setup + bytes / path->bytesPerCycle);
  sum.bytes += times * bytes;
  sum.latency = std::max(sum.latency, path->latency);
}

void Estimator::add(npu::VectorOp op, double times, QueueTimes &sum) const {
  auto [family, member] = op.getFunction().split('.');
  engine::VectorRow row = engine::VectorRow::cast;
  for (unsigned id = 1; id < engine::kCommands; ++id) {
    const engine::CommandInfo &info = engine::getInfo(engine::CommandId(id));
    if (StringRef(info.mnemonic) == ("v." + family).str())
      for (const engine::OpInfo &found : ArrayRef(info.ops, info.opCount))
        if (member == found.name)
          row = found.row;
  }
  // A reduction walks its operand, all others their result.
  std::pair<int64_t, int64_t> size = getSize(op.getTarget());
  for (Value input : op.getInputs())
    if (std::pair<int64_t, int64_t> other = getSize(input); other.first * other.second > size.first * size.second)
      size = other;
  const auto widest = cast<MemRefType>(op.getTarget().getType()).getElementType();
  for (const device::VectorRate &rate : core.vectorRates)
    if (rate.row == engine::kVectorRowNames[unsigned(row)])
      sum.vector += times * (rate.head + size.first * llvm::divideCeil(size.second, 256) *
                                             (getElementBytes(widest) == 4 ? rate.slope32 : rate.slope16));
}

void Estimator::add(Block &block, double times, QueueTimes &sum) const {
  for (Operation &op : block) {
    if (auto move = dyn_cast<npu::MoveOp>(op))
      add(move, times, sum);
    else if (auto vector = dyn_cast<npu::VectorOp>(op))
      add(vector, times, sum);
    else if (auto loop = dyn_cast<scf::ForOp>(op)) {
      std::optional<int64_t> begin = getConstantIntValue(loop.getLowerBound());
      std::optional<int64_t> end = getConstantIntValue(loop.getUpperBound()),
                             step = getConstantIntValue(loop.getStep());
      const bool isKnown = begin && end && step && *step > 0;
      add(*loop.getBody(), times * (isKnown ? llvm::divideCeil(*end - *begin, *step) : 1), sum);
    }
  }
}

std::optional<double> gemlir::estimateVectorKernel(npu::KernelOp tiled, const device::Description &device) {
  const int64_t tiles = tiled.getTiles();
  auto loops = tiled.getBody().front().getOps<scf::ForOp>();
  if (tiles < 0 || loops.empty())
    return std::nullopt;
  Estimator estimator(device);
  QueueTimes before, tile;
  for (auto move : tiled.getBody().front().getOps<npu::MoveOp>())
    estimator.add(move, 1, before);
  estimator.add(*(*loops.begin()).getBody(), 1, tile);
  const double rounds = double(llvm::divideCeil(tiles, estimator.cores()));
  const double queue = std::max({tile.in, tile.vector, tile.out});
  // All cores share the memory.
  const double memory = tile.bytes * estimator.cores() / device.aiCore->memoryBytesPerCycle;
  return before.in + rounds * std::max(queue, memory) + (tile.in + tile.vector + tile.out - queue) + 2 * tile.latency;
}
