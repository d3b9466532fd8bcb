//===- ConvertToEngine.cpp - kernels to functions of commands -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferAddress.h"
#include "LocalBuffers.h"

#include "ge-mlir/Dialect/NPU/IR/EngineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

namespace gemlir {
#define GEN_PASS_DEF_CONVERTNPUTOENGINE
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;
using gemlir::engine::CommandId;
using gemlir::engine::CommandInfo;
using gemlir::engine::getInfo;
using gemlir::engine::kCommands;
using gemlir::engine::kTypeNames;
using gemlir::engine::OpInfo;
using gemlir::engine::Space;
using gemlir::engine::VectorRow;

using Fields = SmallVector<std::pair<StringRef, npu::EngineFieldValue>>;

/// The command of a family of the vector unit.
static std::optional<CommandId> findFamily(StringRef family) {
  for (unsigned id = 1; id < kCommands; ++id)
    if (StringRef(getInfo(CommandId(id)).mnemonic) == ("v." + family).str())
      return CommandId(id);
  return std::nullopt;
}

/// Whether a member of a family writes bits.
static bool isComparison(CommandId command, StringRef member) {
  const CommandInfo &info = getInfo(command);
  for (const OpInfo &op : ArrayRef(info.ops, info.opCount))
    if (member == op.name)
      return op.row == VectorRow::compare || op.row == VectorRow::compare_scalar;
  return false;
}

namespace {

/// Converts the operations of one kernel in place.
class EngineLowering {
public:
  EngineLowering(npu::KernelOp kernel, const device::Description &device)
      : kernel(kernel), device(device), b(kernel.getContext()), loc(kernel.getLoc()) {}

  LogicalResult run();

private:
  LogicalResult convert(npu::MoveOp op);
  LogicalResult convert(npu::VectorOp op);
  LogicalResult convert(npu::FractalsOp op);
  LogicalResult convert(npu::FeedOp op);
  LogicalResult convert(npu::PatchesOp op);
  LogicalResult convert(npu::MultiplyOp op);
  LogicalResult convert(npu::DrainOp op);
  LogicalResult addScale(npu::DrainOp op, Fields &fields);
  LogicalResult convert(npu::TileRangeOp op);
  LogicalResult convert(npu::SubCoreOp op);
  LogicalResult convert(npu::SignalOp op) { return emitMeeting(op, false); }
  LogicalResult convert(npu::AwaitOp op) { return emitMeeting(op, true); }
  template <typename OpTy>
  LogicalResult emitMeeting(OpTy op, bool wait);
  LogicalResult convert(memref::DimOp op);
  LogicalResult convert(memref::LoadOp op);
  LogicalResult convert(Operation *op);

  LLVM::LLVMFuncOp createFunction();
  void createArguments(Value array);

  LogicalResult emit(CommandId command, const Fields &fields) {
    return failed(npu::createEngineOp(b, loc, command, fields)) ? failure() : success();
  }

  /// A size as a field.
  npu::EngineFieldValue field(OpFoldResult size) {
    if (std::optional<int64_t> known = getConstantIntValue(size))
      return *known;
    return Value(arith::IndexCastOp::create(b, loc, b.getI64Type(), llvm::cast<Value>(size)));
  }
  npu::EngineFieldValue bytes(OpFoldResult elements, const BufferAddress &a) {
    return field(multiply(b, loc, elements, b.getIndexAttr(a.elementBytes())));
  }
  /// A distance as a number of blocks of 32 bytes.
  npu::EngineFieldValue blocks(OpFoldResult elements, const BufferAddress &a) {
    return field(ceilDivide(b, loc, multiply(b, loc, elements, b.getIndexAttr(a.elementBytes())), 32));
  }
  /// The start of a local buffer as a number of blocks of 32 bytes.
  npu::EngineFieldValue place(const BufferAddress &a) { return field(ceilDivide(b, loc, a.start, 32)); }
  /// The address with its memory's tag.
  npu::EngineFieldValue tagged(const BufferAddress &a) {
    npu::EngineFieldValue start = field(a.start);
    const int64_t tag = int64_t(engine::tagged(a.space, 0));
    if (auto *known = std::get_if<int64_t>(&start))
      return *known | tag;
    if (!tag)
      return start;
    return Value(arith::OrIOp::create(b, loc, std::get<Value>(start), arith::ConstantIntOp::create(b, loc, tag, 64)));
  }
  npu::EngineFieldValue typeName(Type type) { return StringRef(kTypeNames[unsigned(*npu::getEngineType(type))]); }
  Value get(int64_t what) { return (*npu::createEngineOp(b, loc, CommandId::Get, {{"what", what}}))->getResult(0); }
  Value getBits(Value scalar);
  /// From row to row; one row stands for all of them.
  npu::EngineFieldValue getPitch(const BufferAddress &a) {
    const bool oneRow = a.sizes.size() < 2 || getConstantIntValue(a.sizes[0]) == 1;
    return oneRow ? npu::EngineFieldValue(int64_t(0)) : blocks(a.strides[0], a);
  }
  void addInputs(StringRef family, ArrayRef<BufferAddress> inputs, const BufferAddress &shape, Fields &fields);
  Value index(Value word) { return arith::IndexCastOp::create(b, loc, b.getIndexType(), word); }

  npu::KernelOp kernel;
  const device::Description &device;
  OpBuilder b;
  Location loc;
  AddressResolver resolver;
  SmallVector<Value> scalars;
};

} // namespace

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LLVM::LLVMFuncOp EngineLowering::createFunction() {
  b.setInsertionPoint(kernel);
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  const StringRef kind = kernel->getAttrOfType<StringAttr>(kEngineAttrName).getValue();
  const bool isMix = kernel->hasAttr(kMixAttrName);
  auto function =
      LLVM::LLVMFuncOp::create(b, loc, isMix ? kernel.getSymName().str() : (kernel.getSymName() + "." + kind).str(),
                               LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointer}));
  function.setNoUnwind(true);
  const device::AICore &cores = *device.aiCore;
  const int64_t count = kind == "vector" && !isMix && !cores.coupled ? cores.vectorCores : cores.cubeCores;
  const int64_t tiles = kernel.getTiles();
  function->setAttr(kBlocksAttrName, b.getI64IntegerAttr(tiles < 0 ? count : std::clamp<int64_t>(tiles, 1, count)));
  return function;
}

/// Loads what the array holds: addresses of the buffers, then the scalars.
void EngineLowering::createArguments(Value array) {
  SmallVector<Value> words;
  for (int32_t i = 0, e = kernel.getNumArguments(); i < e; ++i) {
    Value place = LLVM::GEPOp::create(b, loc, array.getType(), b.getI64Type(), array, ArrayRef<LLVM::GEPArg>{i});
    words.push_back(LLVM::LoadOp::create(b, loc, b.getI64Type(), place));
  }
  const unsigned buffers = kernel.getNumArguments() - kernel.getScalars().size();
  scalars.assign(words.begin() + buffers, words.end());
  for (unsigned i = 0; i < buffers; ++i) {
    auto type = cast<MemRefType>(kernel.getArgument(i).getType());
    BufferAddress address{Space::GM, type.getElementType(), index(words[i]), {}, {}};
    OpFoldResult stride = b.getIndexAttr(1);
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      OpFoldResult size = type.isDynamicDim(dim) ? OpFoldResult(index(scalars[kernel.getSizeScalar(i, dim)]))
                                                 : OpFoldResult(b.getIndexAttr(type.getDimSize(dim)));
      address.sizes.insert(address.sizes.begin(), size);
      address.strides.insert(address.strides.begin(), stride);
      stride = multiply(b, loc, stride, size);
    }
    resolver.setBuffer(kernel.getArgument(i), address);
  }
  for (unsigned i = 0; i < scalars.size(); ++i)
    kernel.getArgument(buffers + i).replaceAllUsesWith(scalars[i]);
}

LogicalResult EngineLowering::run() {
  LLVM::LLVMFuncOp function = createFunction();
  Block *entry = function.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  createArguments(entry->getArgument(0));
  SmallVector<Operation *> ops;
  kernel.getBody().walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    b.setInsertionPoint(op);
    loc = op->getLoc();
    if (failed(convert(op)))
      return failure();
  }
  // Views come after what they view.
  for (Operation *op : llvm::reverse(ops))
    if (isa<npu::LocalOp, memref::SubViewOp, memref::CastOp, memref::CollapseShapeOp, memref::ExpandShapeOp,
            memref::ReinterpretCastOp, npu::MoveOp, npu::VectorOp, npu::FractalsOp, npu::FeedOp, npu::PatchesOp,
            npu::MultiplyOp, npu::DrainOp, npu::TileRangeOp, npu::SubCoreOp, npu::SignalOp, npu::AwaitOp, memref::DimOp,
            memref::LoadOp, npu::ReturnOp>(op))
      op->erase();
  Block &body = kernel.getBody().front();
  entry->getOperations().splice(entry->end(), body.getOperations());
  b.setInsertionPointToEnd(entry);
  if (failed(emit(CommandId::System, {{"what", int64_t(0)}})))
    return failure();
  LLVM::ReturnOp::create(b, kernel.getLoc(), ValueRange());
  kernel.erase();
  return success();
}

LogicalResult EngineLowering::convert(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<npu::MoveOp, npu::VectorOp, npu::FractalsOp, npu::FeedOp, npu::PatchesOp, npu::MultiplyOp, npu::DrainOp,
            npu::TileRangeOp, npu::SubCoreOp, npu::SignalOp, npu::AwaitOp, memref::DimOp, memref::LoadOp>(
          [&](auto typed) { return convert(typed); })
      .Default([](Operation *) { return success(); });
}

LogicalResult EngineLowering::convert(npu::TileRangeOp op) {
  OpFoldResult tiles = b.getIndexAttr(kernel.getTiles());
  if (kernel.getTileCount()) {
    SmallVector<Value> symbols;
    for (Value scalar : scalars)
      symbols.push_back(index(scalar));
    tiles = affine::expandAffineExpr(b, loc, kernel.getTileCount()->getResult(0), {}, symbols);
  }
  Value block = index(get(0)), count = index(get(1)), one = arith::ConstantIndexOp::create(b, loc, 1);
  Value all = getValueOrCreateConstantIndexOp(b, loc, tiles);
  Value next = arith::AddIOp::create(b, loc, block, one);
  auto bound = [&](Value number) -> Value {
    return arith::DivUIOp::create(b, loc, arith::MulIOp::create(b, loc, number, all), count);
  };
  op.getBegin().replaceAllUsesWith(bound(block));
  op.getEnd().replaceAllUsesWith(bound(next));
  return success();
}

LogicalResult EngineLowering::convert(npu::SubCoreOp op) {
  op.getNumber().replaceAllUsesWith(index(get(2)));
  return success();
}

template <typename OpTy>
LogicalResult EngineLowering::emitMeeting(OpTy op, bool wait) {
  constexpr int64_t kCubeAndItsVectors = 2;
  return emit(CommandId::CrossFlag, {{"queue", op.getQueue()},
                                     {"mode", kCubeAndItsVectors},
                                     {"wait", int64_t(wait)},
                                     {"flag", int64_t(op.getFlag())}});
}

LogicalResult EngineLowering::convert(memref::DimOp op) {
  FailureOr<BufferAddress> a = resolver.resolve(b, op.getSource());
  std::optional<int64_t> dim = op.getConstantIndex();
  if (failed(a) || !dim)
    return failure();
  op.getResult().replaceAllUsesWith(getValueOrCreateConstantIndexOp(b, loc, a->sizes[*dim]));
  return success();
}

/// The control core reads an element of global memory.
LogicalResult EngineLowering::convert(memref::LoadOp op) {
  FailureOr<BufferAddress> a = resolver.resolve(b, op.getMemRef());
  if (failed(a))
    return failure();
  OpFoldResult start = a->start;
  for (auto [position, stride] : llvm::zip(op.getIndices(), a->strides))
    start = add(b, loc, start, multiply(b, loc, multiply(b, loc, position, stride), b.getIndexAttr(a->elementBytes())));
  Value word = arith::IndexCastOp::create(b, loc, b.getI64Type(), getValueOrCreateConstantIndexOp(b, loc, start));
  Value pointer = LLVM::IntToPtrOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext()), word);
  op.getResult().replaceAllUsesWith(LLVM::LoadOp::create(b, loc, op.getType(), pointer));
  return success();
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

LogicalResult EngineLowering::convert(npu::MoveOp op) {
  FailureOr<BufferAddress> source = resolver.resolve(b, op.getSource()), target = resolver.resolve(b, op.getTarget());
  if (failed(source) || failed(target))
    return failure();
  const unsigned rank = source->sizes.size();
  // A single element is dense, whatever dimension of size 1 its view has kept.
  auto isDense = [&](const BufferAddress &a) {
    return getConstantIntValue(a.sizes.back()) == 1 || getConstantIntValue(a.strides.back()) == 1;
  };
  if (rank > 3 || (rank && (!isDense(*source) || !isDense(*target))))
    return op.emitError("cannot be converted: expects at most three dimensions, the last one dense");
  auto size = [&](unsigned fromLast) {
    return rank > fromLast ? source->sizes[rank - 1 - fromLast] : b.getIndexAttr(1);
  };
  auto stride = [&](const BufferAddress &a, unsigned fromLast) {
    return rank > fromLast ? a.strides[rank - 1 - fromLast] : OpFoldResult(b.getIndexAttr(0));
  };
  const bool in = source->space == Space::GM;
  Fields fields = {{"dst", tagged(*target)},
                   {"src", tagged(*source)},
                   {"rowBytes", bytes(size(0), *source)},
                   {"rows", field(size(1))},
                   {"planes", field(size(2))},
                   {"srcPitch", bytes(stride(*source, 1), *source)},
                   {"dstPitch", bytes(stride(*target, 1), *target)},
                   {"srcPlane", bytes(stride(*source, 2), *source)},
                   {"dstPlane", bytes(stride(*target, 2), *target)}};
  std::optional<int64_t> from = rank ? getConstantIntValue(source->sizes.back()) : std::nullopt;
  std::optional<int64_t> to = rank ? getConstantIntValue(target->sizes.back()) : std::nullopt;
  if (in && from && to && *from < *to)
    fields.push_back({"pad", (*to - *from) * source->elementBytes()});
  return emit(in ? CommandId::DmaIn : CommandId::DmaOut, fields);
}

LogicalResult EngineLowering::convert(npu::FractalsOp op) {
  FailureOr<BufferAddress> source = resolver.resolve(b, op.getSource()), target = resolver.resolve(b, op.getTarget());
  if (failed(source) || failed(target))
    return failure();
  const bool several = source->sizes.size() == 3, placed = target->sizes.size() == 4;
  OpFoldResult cols = source->sizes.back();
  const bool byColumns = getConstantIntValue(source->strides.back()) != 1;
  if (byColumns && getConstantIntValue(source->strides[several]) != 1)
    return op.emitError("cannot be converted: expects a matrix with dense rows or columns");
  // Several matrices lie side by side, each some columns of fractals, or where the
  // target says.
  OpFoldResult plane =
      placed ? target->strides[0]
             : multiply(b, loc, target->strides[0], ceilDivide(b, loc, cols, 32 / source->elementBytes()));
  Fields fields = {{"dst", tagged(*target)},
                   {"src", tagged(*source)},
                   {"cols", field(cols)},
                   {"rows", field(source->sizes[several])},
                   {"srcPitch", bytes(source->strides[several + byColumns], *source)},
                   {"planes", several ? field(source->sizes[0]) : npu::EngineFieldValue(int64_t(1))},
                   {"type", int64_t(*npu::getEngineType(source->element))},
                   {"dstPitch", blocks(target->strides[placed], *target)}};
  if (several)
    fields.append({{"srcPlane", bytes(source->strides[0], *source)}, {"dstPlane", bytes(plane, *target)}});
  return emit(byColumns ? CommandId::Dn2nz : CommandId::Nd2nz, fields);
}

LogicalResult EngineLowering::convert(npu::FeedOp op) {
  FailureOr<BufferAddress> source = resolver.resolve(b, op.getSource()), target = resolver.resolve(b, op.getTarget());
  if (failed(source) || failed(target))
    return failure();
  if (target->space == Space::BT)
    return emit(CommandId::BiasLoad, {{"dst", place(*target)},
                                      {"src", place(*source)},
                                      {"count", field(source->sizes[0])},
                                      {"convert", int64_t(source->element.isF16()    ? 1
                                                          : source->element.isBF16() ? 2
                                                                                     : 0)}});
  if (target->space == Space::FB)
    return emit(CommandId::ParameterLoad,
                {{"dst", place(*target)}, {"src", place(*source)}, {"count", field(source->sizes[0])}});
  const bool right = target->space == Space::L0B;
  const int64_t c0 = 32 / source->elementBytes();
  OpFoldResult rows = ceilDivide(b, loc, source->sizes[1], 16), cols = source->sizes[0];
  const bool byColumns = right || device.aiCore->leftOrder == "zN";
  // The right operand lies with n in rows of fractals: the block is transposed, if its
  // source is not.
  const bool turns = right && !op.getTransposed();
  OpFoldResult pitch = turns       ? ceilDivide(b, loc, multiply(b, loc, cols, b.getIndexAttr(c0)), 16)
                       : byColumns ? rows
                                   : cols;
  return emit(CommandId::Load2d, {{"target", int64_t(right)},
                                  {"transpose", int64_t(turns)},
                                  {"order", int64_t(byColumns)},
                                  {"scale", int64_t(llvm::Log2_64(source->elementBytes()))},
                                  {"dst", place(*target)},
                                  {"src", place(*source)},
                                  {"rows", field(rows)},
                                  {"cols", field(cols)},
                                  {"srcPitch", field(ceilDivide(b, loc, source->strides[0], 16 * c0))},
                                  {"dstPitch", field(pitch)}});
}

LogicalResult EngineLowering::convert(npu::PatchesOp op) {
  FailureOr<BufferAddress> source = resolver.resolve(b, op.getSource()), target = resolver.resolve(b, op.getTarget());
  if (failed(source) || failed(target))
    return failure();
  // Lanes of 64 bytes are two columns of lanes of 32: an image of twice the width,
  // of which the filter takes twice as many columns at twice the stride.
  const int64_t c0 = 32 / source->elementBytes(), parts = *getConstantIntValue(source->sizes[3]) / c0;
  const bool byColumns = device.aiCore->leftOrder == "zN";
  auto scaled = [&](OpFoldResult size) { return field(multiply(b, loc, size, b.getIndexAttr(parts))); };
  return emit(CommandId::Load3d, {{"order", int64_t(byColumns)},
                                  {"scale", int64_t(llvm::Log2_64(source->elementBytes()))},
                                  {"dst", place(*target)},
                                  {"src", place(*source)},
                                  {"channels", field(multiply(b, loc, source->sizes[0], b.getIndexAttr(c0)))},
                                  {"dstPitch", field(byColumns ? ceilDivide(b, loc, op.getRows(), 16)
                                                               : ceilDivide(b, loc, op.getColumns(), c0))},
                                  {"mExt", field(op.getRows())},
                                  {"kExt", field(op.getColumns())},
                                  {"mStart", field(op.getRow())},
                                  {"kStart", field(op.getColumn())},
                                  {"width", scaled(source->sizes[2])},
                                  {"height", field(source->sizes[1])},
                                  {"padL", scaled(op.getPadLeft())},
                                  {"padR", scaled(op.getPadRight())},
                                  {"padT", field(op.getPadTop())},
                                  // What is below the image needs no size, but room for the filter.
                                  {"padB", (op.getKernel()[0] - 1) * op.getDilations()[0]},
                                  {"sW", op.getStrides()[1] * parts},
                                  {"sH", op.getStrides()[0]},
                                  {"kW", op.getKernel()[1] * parts},
                                  {"kH", op.getKernel()[0]},
                                  {"dW", parts > 1 ? int64_t(1) : op.getDilations()[1]},
                                  {"dH", op.getDilations()[0]},
                                  {"padValue", int64_t(uint8_t(op.getPadValue()))}});
}

//===----------------------------------------------------------------------===//
// Cube
//===----------------------------------------------------------------------===//

LogicalResult EngineLowering::convert(npu::MultiplyOp op) {
  FailureOr<BufferAddress> lhs = resolver.resolve(b, op.getLhs()), rhs = resolver.resolve(b, op.getRhs()),
                           target = resolver.resolve(b, op.getTarget());
  if (failed(lhs) || failed(rhs) || failed(target))
    return failure();
  Type type = lhs->element;
  Fields fields = {{"type", int64_t(type.isF16()                ? 0
                                    : type.isBF16()             ? 1
                                    : type.isF32()              ? 2
                                    : type.isUnsignedInteger(8) ? 4
                                                                : 3)},
                   {"init", int64_t(op.getStart() ? (op.getBias() ? 2 : 1) : 0)},
                   {"a", place(*lhs)},
                   {"b", place(*rhs)},
                   {"c", place(*target)},
                   {"m", field(op.getM())},
                   {"k", field(op.getK())},
                   {"n", field(op.getN())}};
  if (op.getBias()) {
    FailureOr<BufferAddress> bias = resolver.resolve(b, op.getBias());
    if (failed(bias))
      return failure();
    fields.push_back({"bias", place(*bias)});
  }
  return emit(CommandId::Mmad, fields);
}

LogicalResult EngineLowering::convert(npu::DrainOp op) {
  FailureOr<BufferAddress> source = resolver.resolve(b, op.getSource()), target = resolver.resolve(b, op.getTarget());
  if (failed(source) || failed(target))
    return failure();
  Type to = target->element;
  const bool same = to == source->element;
  if (!same && !(source->element.isF32() && (to.isF16() || to.isBF16())) &&
      !(source->element.isInteger(32) && to.isInteger(8)))
    return op.emitError("cannot be converted: no conversion from ") << source->element << " to " << to;
  // Blocks of 16 columns, as of NC1HWC0, are columns of fractals if they have 32
  // bytes and nothing fills up their rows; else they leave one by one.
  const bool byBlocks = target->sizes.size() == 3;
  OpFoldResult rows = target->sizes[byBlocks], fractals = ceilDivide(b, loc, rows, 16),
               pitch = target->strides[byBlocks];
  OpFoldResult columns = target->sizes.back();
  std::optional<int64_t> known = getConstantIntValue(rows);
  const bool byFractals = byBlocks && target->elementBytes() == 2 && known && *known % 16 == 0;
  if (byFractals) {
    pitch = target->strides[0];
    columns = multiply(b, loc, target->sizes[0], b.getIndexAttr(16));
  } else if (byBlocks) {
    auto value = [&](OpFoldResult size) { return getValueOrCreateConstantIndexOp(b, loc, size); };
    auto loop = scf::ForOp::create(b, loc, value(b.getIndexAttr(0)), value(target->sizes[0]), value(b.getIndexAttr(1)));
    b.setInsertionPointToStart(loop.getBody());
    OpFoldResult block = loop.getInductionVar();
    OpFoldResult stride = multiply(b, loc, target->strides[0], b.getIndexAttr(target->elementBytes()));
    target->start = add(b, loc, target->start, multiply(b, loc, block, stride));
    source->start =
        add(b, loc, source->start, multiply(b, loc, block, multiply(b, loc, fractals, b.getIndexAttr(1024))));
  }
  Fields fields = {{"quant", int64_t(same                     ? 0
                                     : to.isF16()             ? 1
                                     : to.isBF16()            ? 2
                                     : op.getUnsignedTarget() ? 6
                                                              : 5)},
                   {"relu", int64_t(op.getRelu())},
                   {"layout", int64_t(byFractals)},
                   {"dst", tagged(*target)},
                   {"c", place(*source)},
                   {"m", field(rows)},
                   {"n", field(columns)},
                   {"srcPitch", field(fractals)},
                   {"dstPitch", bytes(pitch, *target)}};
  if (to.isInteger(8) && failed(addScale(op, fields)))
    return failure();
  return emit(CommandId::Fix, fields);
}

/// Adds what fixpipe scales and moves by.
LogicalResult EngineLowering::addScale(npu::DrainOp op, Fields &fields) {
  constexpr int64_t kNoTable = 0xffff;
  fields.push_back({"zero", int64_t(uint16_t(op.getZero()))});
  if (op.getScale())
    fields.push_back({"scale", int64_t(op.getScale()->bitcastToAPInt().getZExtValue())});
  if (!op.getScales()) {
    fields.push_back({"table", kNoTable});
    return success();
  }
  FailureOr<BufferAddress> table = resolver.resolve(b, op.getScales());
  if (failed(table))
    return failure();
  fields.push_back({"table", place(*table)});
  return success();
}

//===----------------------------------------------------------------------===//
// Vector
//===----------------------------------------------------------------------===//

/// Whether the blocks of a family's rows may be apart.
static bool hasBlockStrides(StringRef family) { return family == "binary" || family == "fused"; }

/// Whether each row of `a` is one block of 32 bytes that repeats along the rows
/// of `shape`.
static bool repeatsBlock(const BufferAddress &a, const BufferAddress &shape) {
  std::optional<int64_t> cols = getConstantIntValue(a.sizes.back());
  return cols && *cols * a.elementBytes() == 32 && cols != getConstantIntValue(shape.sizes.back());
}

/// The code of the distance of a row's blocks of 32 bytes: dense, or the second
/// dimension's of rows of blocks.
static int64_t getStrideCode(const BufferAddress &a) {
  if (a.sizes.size() < 3)
    return 1;
  const int64_t apart = *getConstantIntValue(a.strides[1]) * a.elementBytes() / 32;
  return apart ? llvm::Log2_64(apart) + 1 : 0;
}

/// Adds the fields by which a family names its inputs.
void EngineLowering::addInputs(StringRef family, ArrayRef<BufferAddress> inputs, const BufferAddress &shape,
                               Fields &fields) {
  static constexpr StringLiteral kNames[][2] = {{"a", "aPitch"}, {"b", "bPitch"}, {"c", "cPitch"}};
  const bool several = hasBlockStrides(family) || family == "ternary";
  for (auto [i, input] : llvm::enumerate(inputs)) {
    fields.push_back({several ? StringRef(kNames[i][0]) : "src", place(input)});
    fields.push_back({several ? StringRef(kNames[i][1]) : "sPitch", getPitch(input)});
    if (hasBlockStrides(family))
      fields.push_back({i ? "bStride" : "aStride", repeatsBlock(input, shape) ? 0 : getStrideCode(input)});
  }
}

LogicalResult EngineLowering::convert(npu::VectorOp op) {
  auto [family, member] = op.getFunction().split('.');
  FailureOr<BufferAddress> target = resolver.resolve(b, op.getTarget());
  if (failed(target))
    return failure();
  SmallVector<BufferAddress> inputs;
  for (Value input : op.getInputs()) {
    FailureOr<BufferAddress> address = resolver.resolve(b, input);
    if (failed(address))
      return failure();
    inputs.push_back(*address);
  }
  const CommandId command = *findFamily(family);
  // Reductions and comparisons write less than they walk, transposition writes otherwise.
  const bool walksInput =
      family == "reduce" || op.getFunction() == "permute.transpose" || isComparison(command, member);
  const BufferAddress &shape = walksInput ? inputs[0] : *target;
  const bool isMatrix = shape.sizes.size() >= 2;
  OpFoldResult columns = shape.sizes.back();
  if (shape.sizes.size() == 3)
    columns = multiply(b, loc, columns, shape.sizes[1]);
  Fields fields = {{"dst", place(*target)},
                   {"rows", isMatrix ? field(shape.sizes[0]) : npu::EngineFieldValue(int64_t(1))},
                   {"cols", field(columns)},
                   {"dPitch", getPitch(*target)}};
  addInputs(family, inputs, shape, fields);
  if (command == CommandId::VCast) {
    fields.append({{"from", typeName(inputs[0].element)},
                   {"to", typeName(target->element)},
                   {"round", int64_t(op.getRound())},
                   {"saturate", int64_t(1)}});
    return emit(command, fields);
  }
  fields.append({{"op", member}, {"type", typeName(inputs.empty() ? target->element : inputs[0].element)}});
  if (hasBlockStrides(family))
    fields.push_back({"dStride", getStrideCode(*target)});
  if (op.getScalar())
    fields.push_back({"scalar", getBits(op.getScalar())});
  return emit(command, fields);
}

/// The bits of a scalar of at most 32 bits.
Value EngineLowering::getBits(Value scalar) {
  const unsigned width = scalar.getType().getIntOrFloatBitWidth();
  if (isa<FloatType>(scalar.getType()))
    scalar = arith::BitcastOp::create(b, loc, b.getIntegerType(width), scalar);
  return arith::ExtUIOp::create(b, loc, b.getI64Type(), scalar);
}

LogicalResult gemlir::convertToEngine(npu::KernelOp kernel, const device::Description &device) {
  return EngineLowering(kernel, device).run();
}

namespace {
struct ConvertNPUToEngine : gemlir::impl::ConvertNPUToEngineBase<ConvertNPUToEngine> {
  using ConvertNPUToEngineBase::ConvertNPUToEngineBase;
  device::Description description;

  LogicalResult initialize(MLIRContext *context) override { return lookupDevice(context, device, description); }
  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<npu::KernelOp>())) {
      if (!kernel->hasAttr(kEngineAttrName))
        continue;
      if (failed(convertToEngine(kernel, description)))
        return signalPassFailure();
      ++numKernels;
    }
  }
};
} // namespace
