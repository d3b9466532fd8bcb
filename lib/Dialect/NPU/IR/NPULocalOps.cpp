//===- NPULocalOps.cpp - work on a core's local memories -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/LocalMemory.h"
#include "ge-mlir/Dialect/Utils/Constants.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::npu;
using gemlir::engine::Queue;
using gemlir::engine::Space;

using EffectList = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

//===----------------------------------------------------------------------===//
// Memories and queues
//===----------------------------------------------------------------------===//

Space npu::getSpace(Type type) {
  auto space = dyn_cast_or_null<IntegerAttr>(cast<BaseMemRefType>(type).getMemorySpace());
  return space ? Space(space.getInt()) : Space::GM;
}

MemRefType npu::getLocalType(ArrayRef<int64_t> shape, Type element, Space space) {
  return MemRefType::get(shape, element, MemRefLayoutAttrInterface(),
                         Builder(element.getContext()).getI64IntegerAttr(int64_t(space)));
}

std::optional<Queue> npu::getQueue(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Queue>>(op)
      .Case([](VectorOp) { return Queue::V; })
      .Case([](FractalsOp) { return Queue::MTE2; })
      .Case([](FeedOp feed) { return isIn(feed.getTarget(), Space::FB) ? Queue::FIX : Queue::MTE1; })
      .Case([](PatchesOp) { return Queue::MTE1; })
      .Case([](MultiplyOp) { return Queue::M; })
      .Case([](DrainOp) { return Queue::FIX; })
      .Case([](MoveOp move) -> std::optional<Queue> {
        if (isIn(move.getSource(), Space::GM) && !isIn(move.getTarget(), Space::GM))
          return Queue::MTE2;
        if (isIn(move.getTarget(), Space::GM) && !isIn(move.getSource(), Space::GM))
          return Queue::MTE3;
        return std::nullopt;
      })
      .Default([](Operation *) { return std::nullopt; });
}

LocalOp npu::getLocal(Value memref) {
  while (Operation *op = memref.getDefiningOp()) {
    if (auto local = dyn_cast<LocalOp>(op))
      return local;
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      break;
    memref = view.getViewSource();
  }
  return {};
}

std::optional<gemlir::engine::Type> npu::getEngineType(Type type) {
  using gemlir::engine::Type;
  if (type.isF16())
    return Type::F16;
  if (type.isBF16())
    return Type::BF16;
  if (type.isF32())
    return Type::F32;
  const bool isUnsigned = type.isUnsignedInteger();
  if (type.isInteger(1))
    return Type::U8;
  if (type.isInteger(8))
    return isUnsigned ? Type::U8 : Type::S8;
  if (type.isInteger(16) && !isUnsigned)
    return Type::S16;
  if (type.isInteger(32))
    return isUnsigned ? Type::U32 : Type::S32;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// LocalOp
//===----------------------------------------------------------------------===//

int64_t LocalOp::getCopyBytes() {
  auto type = cast<MemRefType>(getBuffer().getType());
  const Space space = getSpace(type);
  // mmad takes accumulators by fractals of 1024 bytes.
  const int64_t alignment = space == Space::L0C ? 1024 : gemlir::engine::kSpaceAlignment[unsigned(space)];
  return llvm::alignTo(type.getNumElements() * gemlir::getElementBytes(type.getElementType()), alignment);
}

LogicalResult LocalOp::verify() {
  auto type = cast<MemRefType>(getBuffer().getType());
  if (getSpace(type) == Space::GM || unsigned(getSpace(type)) >= unsigned(Space::Peer) || !type.hasStaticShape() ||
      !type.getLayout().isIdentity()) // C1
    return emitOpError("expects a buffer of static shape in a local memory, but got ") << type;
  if (getCopies() > 1 && !getSlot()) // C2
    return emitOpError("expects a slot that chooses one of ") << getCopies() << " copies";
  return success();
}

//===----------------------------------------------------------------------===//
// Effects and constraints of the others
//===----------------------------------------------------------------------===//

static void addEffect(EffectList &effects, MemoryEffects::Effect *effect, OpOperand &operand) {
  if (isa<BaseMemRefType>(operand.get().getType()))
    effects.emplace_back(effect, &operand, SideEffects::DefaultResource::get());
}

/// Reads all operands but the last memref, which it writes.
template <typename OpTy>
static void addOperandEffects(OpTy op, EffectList &effects) {
  for (OpOperand &operand : op->getOpOperands())
    if (&operand != &op.getTargetMutable())
      addEffect(effects, MemoryEffects::Read::get(), operand);
  addEffect(effects, MemoryEffects::Write::get(), op.getTargetMutable());
}

void VectorOp::getEffects(EffectList &effects) { addOperandEffects(*this, effects); }
void FractalsOp::getEffects(EffectList &effects) { addOperandEffects(*this, effects); }
void FeedOp::getEffects(EffectList &effects) { addOperandEffects(*this, effects); }
void PatchesOp::getEffects(EffectList &effects) { addOperandEffects(*this, effects); }
void DrainOp::getEffects(EffectList &effects) { addOperandEffects(*this, effects); }

void MultiplyOp::getEffects(EffectList &effects) {
  addOperandEffects(*this, effects);
  if (!getStart())
    addEffect(effects, MemoryEffects::Read::get(), getTargetMutable());
}

LogicalResult VectorOp::verify() {
  using namespace gemlir::engine;
  auto [family, member] = getFunction().split('.');
  const CommandInfo *info = nullptr;
  for (unsigned id = 1; id < kCommands; ++id)
    if (StringRef(getInfo(CommandId(id)).mnemonic) == ("v." + family).str())
      info = &getInfo(CommandId(id));
  auto isMember = [&, member = member](const OpInfo &op) { return member == op.name; };
  if (!info || (info->opCount ? llvm::none_of(ArrayRef(info->ops, info->opCount), isMember) : !member.empty())) // C1
    return emitOpError("expects a family and a member of it, but got '") << getFunction() << "'";
  for (Value operand : getOperands()) {
    auto type = dyn_cast<MemRefType>(operand.getType());
    if (!type)
      continue;
    int64_t offset;
    SmallVector<int64_t> strides;
    const bool hasBlocks = type.getRank() == 3 && (family == "binary" || family == "fused") &&
                           type.getDimSize(2) * gemlir::getElementBytes(type.getElementType()) == 32;
    if (!isIn(operand, Space::UB) || type.getRank() < 1 || (type.getRank() > 2 && !hasBlocks) ||
        failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1) // C2
      return emitOpError("expects buffers in UB of rows of dense columns, but got ") << type;
  }
  return success();
}

LogicalResult FractalsOp::verify() {
  auto source = cast<MemRefType>(getSource().getType()), target = cast<MemRefType>(getTarget().getType());
  if (source.getRank() < 2 || source.getRank() > 3 || target.getRank() < 3 || target.getRank() > source.getRank() + 1 ||
      !isIn(getSource(), Space::GM) || !isIn(getTarget(), Space::L1) ||
      source.getElementType() != target.getElementType()) // C1
    return emitOpError("expects one or more matrices in GM and columns of fractals in L1 of one type, but got ")
           << source << " and " << target;
  return success();
}

LogicalResult FeedOp::verify() {
  const Space target = getSpace(getTarget().getType());
  if (!isIn(getSource(), Space::L1) ||
      !llvm::is_contained({Space::L0A, Space::L0B, Space::BT, Space::FB}, target)) // C1
    return emitOpError("expects a source in L1 and a target in L0A, L0B, BT or FB, but got ")
           << getSource().getType() << " and " << getTarget().getType();
  if (getTransposed() && target != Space::L0B) // C2
    return emitOpError("expects only a right operand to be transposed, but got ") << getTarget().getType();
  return success();
}

LogicalResult SectionOp::verify() {
  if (getCore() != "cube" && getCore() != "vector") // C1
    return emitOpError("expects the core 'cube' or 'vector', but got '") << getCore() << "'";
  return success();
}

LogicalResult PatchesOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  if (!isIn(getSource(), Space::L1) || !isIn(getTarget(), Space::L0A) || source.getRank() != 4) // C1
    return emitOpError("expects a source of four dimensions in L1 and a target in L0A, but got ")
           << source << " and " << getTarget().getType();
  const int64_t bytes = source.getDimSize(3) * gemlir::getElementBytes(source.getElementType());
  const bool isDilated = getKernel()[1] > 1 && getDilations()[1] > 1;
  if (bytes != 32 && (bytes != 64 || isDilated)) // C2
    return emitOpError("expects lanes of 32 bytes, or of 64 under columns that are not dilated, but got ") << source;
  return success();
}

LogicalResult MultiplyOp::verify() {
  if (!isIn(getLhs(), Space::L0A) || !isIn(getRhs(), Space::L0B) || !isIn(getTarget(), Space::L0C) ||
      (getBias() && !isIn(getBias(), Space::BT))) // C1
    return emitOpError("expects operands in L0A, L0B, BT and L0C");
  if (getBias() && !getStart()) // C2
    return emitOpError("expects 'bias' only beside 'start'");
  return success();
}

LogicalResult DrainOp::verify() {
  auto target = cast<MemRefType>(getTarget().getType());
  if (!isIn(getSource(), Space::L0C) || !isIn(getTarget(), Space::GM) || target.getRank() < 2 ||
      target.getRank() > 3) // C1
    return emitOpError("expects a source in L0C and a matrix or blocks of columns in GM, but got ")
           << getSource().getType() << " and " << target;
  const int given = (getScale() ? 1 : 0) + (getScales() ? 1 : 0);
  if (given != (target.getElementType().isInteger(8) ? 1 : 0) || (getScales() && !isIn(getScales(), Space::FB))) // C2
    return emitOpError("expects one scale, or scales in FB, for a target of 8 bits alone, but got ")
           << given << " for " << target;
  return success();
}
