//===- PlanLocalMemory.cpp - addresses of local buffers -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUPLANLOCALMEMORY
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;

namespace {

/// A buffer with its life, as numbers of operations.
struct Life {
  npu::LocalOp local;
  int64_t bytes;
  unsigned begin, end;
  int64_t address = 0;

  bool meets(const Life &other) const { return begin <= other.end && other.begin <= end; }
};

} // namespace

/// Numbers of an operation's start and end in the order of the text.
using Numbers = DenseMap<Operation *, std::pair<unsigned, unsigned>>;

static void number(Operation *op, Numbers &numbers, unsigned &next) {
  numbers[op].first = next++;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (Operation &inner : block)
        number(&inner, numbers, next);
  numbers[op].second = next++;
}

/// The life of a buffer: all of the kernel if queues hand it over, because only
/// flags say when they are done with it.
static Life getLife(npu::LocalOp local, const Numbers &numbers) {
  Life life{local, local.getCopyBytes() * int64_t(local.getCopies()), ~0u, 0};
  SmallVector<BufferUse> uses = findUses(local);
  if (isHandedOver(uses)) {
    life.begin = 0;
    life.end = ~0u;
    return life;
  }
  for (const BufferUse &use : uses) {
    auto [begin, end] = numbers.lookup(local->getBlock()->findAncestorOpInBlock(*use.op));
    life.begin = std::min(life.begin, begin);
    life.end = std::max(life.end, end);
  }
  return life;
}

/// The lowest address at which `life` meets nothing that is placed.
static int64_t findAddress(const Life &life, ArrayRef<Life> placed) {
  SmallVector<const Life *> others;
  for (const Life &other : placed)
    if (life.meets(other))
      others.push_back(&other);
  llvm::sort(others, [](const Life *a, const Life *b) { return a->address < b->address; });
  int64_t address = 0;
  for (const Life *other : others) {
    if (address + life.bytes <= other->address)
      break;
    address = std::max(address, other->address + other->bytes);
  }
  return address;
}

/// Lists what lives when `culprit` does.
static void reportOverflow(npu::KernelOp kernel, StringRef space, Life &culprit, MutableArrayRef<Life> placed,
                           int64_t needed, int64_t capacity) {
  InFlightDiagnostic error = kernel.emitError("expects local buffers of at most ")
                             << capacity << " bytes in " << space << ", but got " << needed;
  Life *largest = &culprit;
  for (Life &life : placed) {
    if (!life.meets(culprit))
      continue;
    error.attachNote(life.local.getLoc()) << life.bytes << " bytes for " << life.local.getBuffer().getType()
                                          << (life.local.getCopies() > 1 ? " in two copies" : "");
    if (life.bytes > largest->bytes)
      largest = &life;
  }
  const int64_t extent = cast<MemRefType>(largest->local.getBuffer().getType()).getDimSize(0);
  error.attachNote(largest->local.getLoc())
      << "a tile of " << extent * capacity / needed << " instead of " << extent << " would fit";
}

LogicalResult gemlir::planLocalMemory(npu::KernelOp kernel, const device::Description &device, bool report,
                                      MemoryUse &use) {
  Numbers numbers;
  unsigned next = 1;
  number(kernel, numbers, next);
  std::map<engine::Space, SmallVector<Life>> spaces;
  kernel.walk<WalkOrder::PreOrder>([&](npu::LocalOp local) {
    spaces[npu::getSpace(local.getBuffer().getType())].push_back(getLife(local, numbers));
  });
  LogicalResult result = success();
  for (auto &[space, lives] : spaces) {
    const StringRef name = engine::kSpaceNames[unsigned(space)];
    const int64_t capacity = device.bytesOf(name.str());
    llvm::stable_sort(lives, [](const Life &a, const Life &b) { return a.begin < b.begin; });
    SmallVector<Life> placed;
    int64_t needed = 0;
    Life *last = nullptr;
    for (Life &life : lives) {
      life.address = findAddress(life, placed);
      life.local.setAddress(life.address);
      placed.push_back(life);
      if (life.address + life.bytes > needed) {
        needed = life.address + life.bytes;
        last = &life;
      }
    }
    if (needed * use.capacity > use.bytes * capacity)
      use = {needed, capacity};
    if (needed <= capacity)
      continue;
    result = failure();
    if (report)
      reportOverflow(kernel, name, *last, placed, needed, capacity);
  }
  return result;
}

namespace {
struct NPUPlanLocalMemory : gemlir::impl::NPUPlanLocalMemoryBase<NPUPlanLocalMemory> {
  using NPUPlanLocalMemoryBase::NPUPlanLocalMemoryBase;
  device::Description description;

  LogicalResult initialize(MLIRContext *context) override { return lookupDevice(context, device, description); }
  void runOnOperation() override {
    MemoryUse use;
    if (failed(planLocalMemory(getOperation(), description, /*report=*/true, use)))
      return signalPassFailure();
    localBytes += use.bytes;
  }
};
} // namespace
