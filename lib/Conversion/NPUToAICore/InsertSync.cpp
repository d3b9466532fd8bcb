//===- InsertSync.cpp - flags between queues -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A buffer belongs to the block of its `npu.local`. What uses it there, loops as a
// whole, is a sequence of accesses of queues; where one conflicts with an earlier
// one of another queue, a flag leads from the earlier to the later. In a loop the
// sequence repeats, which gives the flags back. Between M and FIX the later queue goes
// behind the earlier fractal by fractal where it can.
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

#include "ge-mlir/Dialect/NPU/IR/EngineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUINSERTSYNC
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;
using engine::Queue;

namespace {

/// An operation of the buffer's block, with all that it does to the buffer, in
/// the first or the second round through the block.
struct Step {
  Operation *op = nullptr;
  Queue queue = Queue::S;
  bool reads = false, writes = false;
  unsigned round = 0;
};

/// A flag, or one for each copy of its buffers: set behind `from`, waited for
/// before `to`; `back` if that is in the iteration that uses the same copy next.
struct Edge {
  Queue src, dst;
  Operation *from, *to;
  bool back;
  int64_t copies;
  Value slot;
  /// The buffer, if it is one.
  npu::LocalOp local;
  int64_t event = 0;

  /// Whether one flag can stand for both.
  bool joins(const Edge &other) const {
    if (std::tie(src, dst, back, copies, slot) !=
            std::tie(other.src, other.dst, other.back, other.copies, other.slot) ||
        from->getBlock() != other.from->getBlock())
      return false;
    return back || (from->isBeforeInBlock(other.to) && other.from->isBeforeInBlock(to));
  }
  void join(const Edge &other) {
    if (from->isBeforeInBlock(other.from))
      from = other.from;
    if (other.to->isBeforeInBlock(to))
      to = other.to;
    if (local != other.local)
      local = {};
  }
};

/// Follows the accesses of one buffer and notes the flags that they need.
class Tracker {
public:
  Tracker(npu::LocalOp local, SmallVectorImpl<Edge> &edges) : local(local), edges(edges) {}

  void follow(const Step &step) {
    if (step.reads) {
      // A queue that has read it already has waited for the writer.
      if (!readers.count(step.queue))
        connect(write, step);
      readers[step.queue] = step;
    }
    if (!step.writes)
      return;
    // Who waits for the readers waits for the writer, for which they waited.
    if (readers.empty())
      connect(write, step);
    for (auto &[queue, reader] : readers)
      connect(reader, step);
    readers.clear();
    write = step;
  }

private:
  void connect(const Step &from, const Step &to) {
    // The second round only closes the circle.
    if (!from.op || from.queue == to.queue || from.round == 1)
      return;
    edges.push_back(
        {from.queue, to.queue, from.op, to.op, to.round == 1, int64_t(local.getCopies()), local.getSlot(), local});
  }

  npu::LocalOp local;
  SmallVectorImpl<Edge> &edges;
  Step write;
  std::map<Queue, Step> readers;
};

class SyncInserter {
public:
  SyncInserter(npu::KernelOp kernel, unsigned flags) : kernel(kernel), flags(flags) {}

  LogicalResult run() {
    SmallVector<npu::LocalOp> locals;
    kernel.walk([&](npu::LocalOp local) { locals.push_back(local); });
    for (npu::LocalOp local : locals)
      if (failed(findEdges(local)))
        return failure();
    joinEdges();
    if (failed(assignEvents()))
      return failure();
    for (const Edge &edge : edges)
      insert(edge);
    return success();
  }

  size_t count() const { return edges.size(); }

private:
  /// The accesses of a buffer in the order of its block.
  FailureOr<SmallVector<Step>> findSteps(npu::LocalOp local) {
    llvm::MapVector<Operation *, Step> steps;
    for (const BufferUse &use : findUses(local)) {
      Operation *op = local->getBlock()->findAncestorOpInBlock(*use.op);
      Step &step = steps.insert({op, Step{op, use.queue}}).first->second;
      if (step.queue != use.queue)
        return local.emitError("cannot be ordered: queues hand the buffer over in a loop that it outlives");
      step.reads |= use.reads;
      step.writes |= use.writes;
    }
    SmallVector<Step> sorted;
    for (auto &[op, step] : steps)
      sorted.push_back(step);
    llvm::sort(sorted, [](const Step &a, const Step &b) { return a.op->isBeforeInBlock(b.op); });
    return sorted;
  }

  LogicalResult findEdges(npu::LocalOp local) {
    FailureOr<SmallVector<Step>> steps = findSteps(local);
    if (failed(steps))
      return failure();
    const bool repeats = isa<scf::ForOp>(local->getParentOp());
    if (!repeats && local->getParentOp() != kernel)
      return local.emitError("cannot be ordered: expects a buffer of the kernel or of a loop");
    Tracker tracker(local, edges);
    for (unsigned round = 0; round < (repeats ? 2 : 1); ++round)
      for (Step step : *steps) {
        step.round = round;
        tracker.follow(step);
      }
    return success();
  }

  void joinEdges() {
    SmallVector<Edge> joined;
    for (const Edge &edge : edges) {
      auto *other = llvm::find_if(joined, [&](const Edge &e) { return e.joins(edge); });
      if (other == joined.end())
        joined.push_back(edge);
      else
        other->join(edge);
    }
    edges = std::move(joined);
  }

  LogicalResult assignEvents() {
    std::map<std::pair<Queue, Queue>, int64_t> next;
    for (Edge &edge : edges) {
      int64_t &event = next[{edge.src, edge.dst}];
      edge.event = event;
      event += edge.copies;
      if (event > flags)
        return kernel.emitError("expects at most ")
               << flags << " flags from queue " << engine::kQueueNames[unsigned(edge.src)] << " to queue "
               << engine::kQueueNames[unsigned(edge.dst)] << ", but its buffers need " << event;
    }
    return success();
  }

  /// Whether all commands that the flag lies between, of its two queues, are on the
  /// same accumulators: then the later go fractal by fractal behind the earlier.
  static bool canFollow(Edge edge) {
    if (!edge.local || npu::getSpace(edge.local.getBuffer().getType()) != engine::Space::L0C)
      return false;
    llvm::SmallPtrSet<Operation *, 8> users;
    for (const BufferUse &use : findUses(edge.local))
      users.insert(use.op);
    auto isOnIt = [&](Operation *root, Queue queue) {
      return !root->walk([&](Operation *op) {
                    return npu::getQueue(op) == queue && !users.contains(op) ? WalkResult::interrupt()
                                                                             : WalkResult::advance();
                  })
                  .wasInterrupted();
    };
    return isOnIt(edge.from, edge.src) && isOnIt(edge.to, edge.dst);
  }

  void createFlag(OpBuilder &b, const Edge &edge, bool wait, npu::EngineFieldValue event) {
    (void)npu::createEngineOp(b, edge.from->getLoc(), engine::CommandId::Flag,
                              {{"dst", StringRef(engine::kQueueNames[unsigned(edge.dst)])},
                               {"src", StringRef(engine::kQueueNames[unsigned(edge.src)])},
                               {"wait", int64_t(wait)},
                               {"event", event}});
  }

  npu::EngineFieldValue getEvent(OpBuilder &b, const Edge &edge) {
    if (!edge.slot)
      return edge.event;
    Location loc = edge.from->getLoc();
    Value slot = arith::IndexCastOp::create(b, loc, b.getI64Type(), edge.slot);
    return Value(arith::AddIOp::create(b, loc, slot, arith::ConstantIntOp::create(b, loc, edge.event, 64)));
  }

  void insert(const Edge &edge) {
    OpBuilder b(kernel.getContext());
    b.setInsertionPointAfter(edge.from);
    createFlag(b, edge, /*wait=*/false, getEvent(b, edge));
    b.setInsertionPoint(edge.to);
    if (canFollow(edge))
      (void)npu::createEngineOp(b, edge.from->getLoc(), engine::CommandId::Follow,
                                {{"dst", StringRef(engine::kQueueNames[unsigned(edge.dst)])},
                                 {"src", StringRef(engine::kQueueNames[unsigned(edge.src)])},
                                 {"event", getEvent(b, edge)}});
    else
      createFlag(b, edge, /*wait=*/true, getEvent(b, edge));
    if (!edge.back)
      return;
    Block &body = kernel.getBody().front();
    for (int64_t copy = 0; copy < edge.copies; ++copy) {
      b.setInsertionPointToStart(&body);
      createFlag(b, edge, /*wait=*/false, edge.event + copy);
      b.setInsertionPoint(body.getTerminator());
      createFlag(b, edge, /*wait=*/true, edge.event + copy);
    }
  }

  npu::KernelOp kernel;
  unsigned flags;
  SmallVector<Edge> edges;
};

} // namespace

LogicalResult gemlir::insertSync(npu::KernelOp kernel, const device::Description &device, size_t &edges) {
  SyncInserter inserter(kernel, device.aiCore->flags);
  LogicalResult result = inserter.run();
  edges = inserter.count();
  return result;
}

namespace {
struct NPUInsertSync : gemlir::impl::NPUInsertSyncBase<NPUInsertSync> {
  using NPUInsertSyncBase::NPUInsertSyncBase;
  device::Description description;

  LogicalResult initialize(MLIRContext *context) override { return lookupDevice(context, device, description); }
  void runOnOperation() override {
    size_t edges = 0;
    if (failed(insertSync(getOperation(), description, edges)))
      return signalPassFailure();
    numFlags += edges;
  }
};
} // namespace
