//===- MultiBuffer.cpp - copies of buffers that queues hand over -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/MapVector.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUMULTIBUFFER
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;

SmallVector<BufferUse> gemlir::findUses(npu::LocalOp local) {
  SmallVector<BufferUse> uses;
  SmallVector<Value> views{local.getBuffer()};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers()) {
      if (isa<ViewLikeOpInterface>(user)) {
        views.push_back(user->getResult(0));
        continue;
      }
      std::optional<engine::Queue> queue = npu::getQueue(user);
      auto effects = dyn_cast<MemoryEffectOpInterface>(user);
      if (!queue || !effects)
        continue;
      BufferUse use{user, *queue, false, false};
      SmallVector<MemoryEffects::EffectInstance> instances;
      effects.getEffectsOnValue(view, instances);
      for (const MemoryEffects::EffectInstance &instance : instances) {
        use.reads |= isa<MemoryEffects::Read>(instance.getEffect());
        use.writes |= isa<MemoryEffects::Write>(instance.getEffect());
      }
      uses.push_back(use);
    }
  }
  return uses;
}

bool gemlir::isHandedOver(ArrayRef<BufferUse> uses) {
  return llvm::any_of(uses, [&](const BufferUse &use) { return use.queue != uses.front().queue; });
}

LogicalResult gemlir::lookupDevice(MLIRContext *context, const std::string &name, device::Description &device) {
  std::string error;
  // A pipeline hands a description over as it is.
  const bool isText = StringRef(name).starts_with("{");
  if (isText ? !device::fromJson(name, device, error) : !device::lookup(name, device, error))
    return emitError(UnknownLoc::get(context)) << error;
  if (device.kind != device::Kind::AICore)
    return emitError(UnknownLoc::get(context)) << "found device '" << name << "', expected an NPU";
  return success();
}

/// How often the body of a loop is executed, if that is the same each time.
static std::optional<int64_t> getTrips(scf::ForOp loop) {
  std::optional<int64_t> begin = getConstantIntValue(loop.getLowerBound()),
                         end = getConstantIntValue(loop.getUpperBound()), step = getConstantIntValue(loop.getStep());
  if (!begin || !end || !step || *end < *begin)
    return std::nullopt;
  return llvm::divideCeil(*end - *begin, *step);
}

/// Number of the iteration of `loop`, on from those that it made in the iterations
/// before of the loop around it.
static Value createNumber(OpBuilder &b, scf::ForOp loop, int64_t copies) {
  Location loc = loop.getLoc();
  Value number = arith::SubIOp::create(b, loc, loop.getInductionVar(), loop.getLowerBound());
  number = arith::DivUIOp::create(b, loc, number, loop.getStep());
  auto outer = dyn_cast<scf::ForOp>(loop->getParentOp());
  std::optional<int64_t> trips = getTrips(loop);
  // After whole rounds the copies go on by themselves.
  if (!outer || !trips || *trips % copies == 0)
    return number;
  Value before =
      arith::MulIOp::create(b, loc, createNumber(b, outer, copies), arith::ConstantIndexOp::create(b, loc, *trips));
  return arith::AddIOp::create(b, loc, before, number);
}

/// The copy that an iteration of `loop` uses, computed at the start of its body.
static Value createSlot(scf::ForOp loop, int64_t copies) {
  OpBuilder b = OpBuilder::atBlockBegin(loop.getBody());
  Location loc = loop.getLoc();
  return arith::RemUIOp::create(b, loc, createNumber(b, loop, copies), arith::ConstantIndexOp::create(b, loc, copies));
}

/// More copies of what a loop has in L1, where there is room: with two, the next transfer
/// from global memory waits until one of them was fed.
static void addCopies(npu::KernelOp kernel, const device::Description &device) {
  // Each copy has a flag of its own.
  constexpr int64_t kMost = 4;
  int64_t used = 0, flags = device.aiCore->flags;
  llvm::MapVector<Operation *, SmallVector<npu::LocalOp>> loops;
  kernel.walk([&](npu::LocalOp local) {
    if (npu::getSpace(local.getBuffer().getType()) != engine::Space::L1)
      return;
    used += local.getCopyBytes() * local.getCopies();
    flags -= local.getCopies();
    if (local.getCopies() == 2)
      loops[local->getParentOp()].push_back(local);
  });
  for (auto &[loop, locals] : loops) {
    int64_t bytes = 0;
    for (npu::LocalOp local : locals)
      bytes += local.getCopyBytes();
    const int64_t room = int64_t(device.bytesOf("L1")) - used, count = locals.size();
    const int64_t more = std::min({kMost - 2, room / std::max<int64_t>(1, bytes), flags / count});
    if (more <= 0)
      continue;
    used += more * bytes;
    flags -= more * count;
    Value slot = createSlot(cast<scf::ForOp>(loop), 2 + more);
    for (npu::LocalOp local : locals) {
      local.getSlotMutable().assign(slot);
      local.setCopies(2 + more);
    }
  }
}

unsigned gemlir::multiBuffer(npu::KernelOp kernel, const device::Description &device) {
  int64_t used[engine::kQueues + 4] = {};
  SmallVector<npu::LocalOp> candidates;
  kernel.walk([&](npu::LocalOp local) {
    used[unsigned(npu::getSpace(local.getBuffer().getType()))] += local.getCopyBytes() * local.getCopies();
    if (local.getCopies() == 1 && isa<scf::ForOp>(local->getParentOp()) && isHandedOver(findUses(local)))
      candidates.push_back(local);
  });
  DenseMap<Operation *, Value> slots;
  unsigned doubled = 0;
  for (npu::LocalOp local : candidates) {
    const unsigned space = unsigned(npu::getSpace(local.getBuffer().getType()));
    const int64_t bytes = local.getCopyBytes();
    // Temporaries share memory, so the sum may be more than is needed: then the
    // planner is asked.
    if (bytes * 2 > int64_t(device.bytesOf(engine::kSpaceNames[space])))
      continue;
    if (space != unsigned(engine::Space::UB) &&
        used[space] + bytes > int64_t(device.bytesOf(engine::kSpaceNames[space])))
      continue;
    used[space] += bytes;
    Value &slot = slots[local->getParentOp()];
    if (!slot)
      slot = createSlot(cast<scf::ForOp>(local->getParentOp()), 2);
    local.getSlotMutable().assign(slot);
    local.setCopies(2);
    ++doubled;
  }
  addCopies(kernel, device);
  return doubled;
}

namespace {
struct NPUMultiBuffer : gemlir::impl::NPUMultiBufferBase<NPUMultiBuffer> {
  using NPUMultiBufferBase::NPUMultiBufferBase;
  device::Description description;

  LogicalResult initialize(MLIRContext *context) override { return lookupDevice(context, device, description); }
  void runOnOperation() override { numDoubled += multiBuffer(getOperation(), description); }
};
} // namespace
