//===- PlanMemory.cpp - places of temporary buffers in the arena -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUPLANMEMORY
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

namespace {

/// A temporary buffer: alive from operation `begin` to operation `end`, both
/// included.
struct Buffer {
  memref::AllocOp alloc;
  int64_t size = 0;
  unsigned begin = 0, end = 0;
  int64_t offset = 0;

  bool meets(const Buffer &other) const { return begin <= other.end && other.begin <= end; }
};

} // namespace

/// Extends [begin, end] by every operation that reaches the buffer, views of it
/// included.
static void extendLifetime(Value value, const DenseMap<Operation *, unsigned> &order, Buffer &buffer) {
  for (Operation *user : value.getUsers()) {
    if (auto view = dyn_cast<ViewOp>(user)) {
      extendLifetime(view.getView(), order, buffer);
      continue;
    }
    unsigned position = order.lookup(user);
    buffer.begin = std::min(buffer.begin, position);
    buffer.end = std::max(buffer.end, position);
  }
}

/// The lowest offset that no placed buffer alive at the same time covers.
static int64_t findOffset(const Buffer &buffer, ArrayRef<Buffer *> placed) {
  // `placed` is sorted by offset.
  int64_t offset = 0;
  for (const Buffer *other : placed) {
    if (!buffer.meets(*other))
      continue;
    if (other->offset >= offset + buffer.size)
      break;
    offset = std::max(offset, other->offset + other->size);
  }
  return offset;
}

namespace {
struct PlanMemory : npu::impl::NPUPlanMemoryBase<PlanMemory> {
  using NPUPlanMemoryBase::NPUPlanMemoryBase;

  void runOnOperation() override {
    ProgramOp program = getOperation();
    takeFromPool();
    DenseMap<Operation *, unsigned> order;
    for (Block &block : program.getBody())
      for (Operation &op : block)
        order.try_emplace(&op, order.size());
    SmallVector<Buffer> buffers;
    program.walk([&](memref::AllocOp alloc) {
      Buffer buffer{alloc, sizeOf(alloc), ~0u, 0, 0};
      extendLifetime(alloc, order, buffer);
      buffers.push_back(buffer);
    });
    extendOverLoops(program, order, buffers);
    place(buffers);
  }

  /// Buffers of a size that only the execution knows come from the pool, and go
  /// back to it after their last use.
  void takeFromPool() {
    SmallVector<memref::AllocOp> allocs;
    getOperation().walk([&](memref::AllocOp alloc) {
      if (!alloc.getType().hasStaticShape())
        allocs.push_back(alloc);
    });
    for (memref::AllocOp alloc : allocs) {
      OpBuilder builder(alloc);
      Location loc = alloc.getLoc();
      int64_t bytes = llvm::divideCeil(alloc.getType().getElementTypeBitWidth(), 8);
      for (int64_t size : alloc.getType().getShape())
        bytes *= ShapedType::isDynamic(size) ? 1 : size;
      Value total = arith::ConstantIndexOp::create(builder, loc, bytes);
      for (Value size : alloc.getDynamicSizes())
        total = arith::MulIOp::create(builder, loc, total, size);
      total = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), total);
      auto pooled = AllocOp::create(builder, loc, alloc.getType(), total);
      alloc.getResult().replaceAllUsesWith(pooled.getBuffer());
      alloc.erase();
      freeAfterLastUse(pooled);
      ++numPooled;
    }
  }

  void freeAfterLastUse(AllocOp alloc) {
    Operation *last = alloc;
    SmallVector<Value> worklist{alloc.getBuffer()};
    while (!worklist.empty())
      for (Operation *user : worklist.pop_back_val().getUsers()) {
        // What another block uses stays until the execution ends.
        if (user->getBlock() != alloc->getBlock())
          return;
        if (auto view = dyn_cast<ViewOp>(user))
          worklist.push_back(view.getView());
        if (last->isBeforeInBlock(user))
          last = user;
      }
    OpBuilder builder(alloc.getContext());
    builder.setInsertionPointAfter(last);
    FreeOp::create(builder, alloc.getLoc(), alloc.getBuffer());
  }

  /// What is made before a loop and used in it, which may be to pass it from step
  /// to step, is alive from its beginning to its end. The blocks of a program are
  /// in the order of its text, so that only a loop jumps back.
  static void extendOverLoops(ProgramOp program, const DenseMap<Operation *, unsigned> &order,
                              MutableArrayRef<Buffer> buffers) {
    SmallVector<std::pair<unsigned, unsigned>> loops;
    for (Block &block : program.getBody())
      for (Block *target : block.getSuccessors())
        if (unsigned begin = order.lookup(&target->front()), end = order.lookup(block.getTerminator()); begin <= end)
          loops.push_back({begin, end});
    // Loops within loops extend in turn.
    for (bool changed = true; std::exchange(changed, false);)
      for (Buffer &buffer : buffers)
        for (auto [begin, end] : loops)
          if (order.lookup(buffer.alloc) < begin && buffer.end >= begin && buffer.begin <= end &&
              (buffer.begin > begin || buffer.end < end)) {
            buffer.begin = std::min(buffer.begin, begin);
            buffer.end = std::max(buffer.end, end);
            changed = true;
          }
  }

  int64_t sizeOf(memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    return llvm::alignTo(std::max<int64_t>(bytes, 1), alignment);
  }

  void place(SmallVector<Buffer> &buffers) {
    SmallVector<Buffer *> bySize, placed;
    for (Buffer &buffer : buffers)
      bySize.push_back(&buffer);
    llvm::stable_sort(bySize, [](Buffer *a, Buffer *b) { return a->size > b->size; });
    int64_t arena = 0;
    for (Buffer *buffer : bySize) {
      buffer->offset = findOffset(*buffer, placed);
      placed.insert(llvm::upper_bound(placed, buffer, [](Buffer *a, Buffer *b) { return a->offset < b->offset; }),
                    buffer);
      arena = std::max(arena, buffer->offset + buffer->size);
      totalBytes += buffer->size;
    }
    for (Buffer &buffer : buffers) {
      OpBuilder builder(buffer.alloc);
      auto arenaOp = ArenaOp::create(builder, buffer.alloc.getLoc(), buffer.alloc.getType(), buffer.offset);
      buffer.alloc.getResult().replaceAllUsesWith(arenaOp.getBuffer());
      buffer.alloc.erase();
    }
    getOperation().setArenaSize(arena);
    arenaBytes += arena;
  }
};
} // namespace
