//===- DepthwiseKernel.cpp - depthwise convolutions on vector cores -------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is some rows of one block of channels of the result. What their filters
// cover of the image is moved into UB among zeros for the padding, and each tap is a
// product of blocks of 32 bytes, half of a place's channels, by the tap's. Batch,
// height and width may be scalars of the kernel: then tiles are chosen for a typical
// size, and the last one of a row or column ends with it.
//
//===----------------------------------------------------------------------===//

#include "DepthwiseKernel.h"

#include "BufferAddress.h"
#include "TileCount.h"

#include "ge-mlir/Dialect/NPU/Transforms/SimpleEpilogue.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;
using engine::Space;

/// Channels of a place, and of a block of 32 bytes.
static constexpr int64_t kLanes = 16, kBlock = 8;

namespace {

struct Depthwise {
  npu::DepthwiseOp op;
  Value image, filter, init, bias;
  bool relu = false;
  int64_t batch = 1, blocks = 1;
  /// Height and width, of the image and of the result; negative, as the batch, if only
  /// the execution knows.
  int64_t size[2] = {1, 1}, places[2] = {1, 1}, kernel[2] = {1, 1}, strides[2] = {1, 1}, dilations[2] = {1, 1};
  int64_t pads[4] = {0, 0, 0, 0};

  /// Positions of the image, with pads, that filters at so many places cover.
  int64_t cover(unsigned axis, int64_t count) const {
    return (count - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
  }
};

/// Rows and columns of the result.
struct Part {
  int64_t rows = 1, columns = 1;
};

class DepthwiseEmitter {
public:
  DepthwiseEmitter(npu::KernelOp kernel, const Depthwise &conv, const Part &part)
      : kernel(kernel), conv(conv), part(part), b(kernel.getContext()), loc(this->conv.op.getLoc()) {}
  void emit();

private:
  /// A range along an axis: where it starts in the image, what is staged of it, and
  /// how much padding is in front.
  struct Window {
    Value start, size, before;
  };
  Window getWindow(Value first, OpFoldResult count, unsigned axis);
  void prepare();
  void emitTile(Value number);
  Value stageImage(Value batch, Value block, Value row, Value column);
  Value emitTaps(Value image, Value filter);
  Value finish(Value sum, Value bias);
  void emitVector(StringRef function, ValueRange inputs, Value target, Value scalar = {});

  Value local(int64_t elements, Type element) {
    return npu::LocalOp::create(b, loc, npu::getLocalType({elements}, element, Space::UB));
  }
  Value recast(Value buffer, OpFoldResult offset, ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
    return memref::ReinterpretCastOp::create(b, loc, buffer, offset, sizes, strides);
  }
  /// A vector of a buffer of global memory in UB.
  Value stageVector(Value buffer, OpFoldResult offset, int64_t elements);
  /// Halves of places: [rows, columns, 8] of a buffer with rows of `width` places.
  Value halves(Value buffer, int64_t offset, int64_t rowPitch, int64_t placePitch) {
    return recast(buffer, number(offset), {rows, columns, number(kBlock)},
                  {number(rowPitch), number(placePitch), number(1)});
  }
  /// A block of 32 bytes for all places.
  Value repeated(Value buffer, int64_t offset) {
    return recast(buffer, number(offset), {rows, columns, number(kBlock)}, {number(0), number(0), number(1)});
  }
  /// Dense rows of all channels.
  Value dense(Value buffer) {
    return recast(buffer, number(0), {rows, scaled(columns, kLanes)}, {number(part.columns * kLanes), number(1)});
  }
  template <typename OpTy>
  Value fold(Value x, Value y) {
    return b.createOrFold<OpTy>(loc, x, y);
  }
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, loc, n); }
  Value toValue(OpFoldResult x) { return getValueOrCreateConstantIndexOp(b, loc, x); }
  OpFoldResult number(int64_t n) { return b.getIndexAttr(n); }
  OpFoldResult scaled(OpFoldResult x, int64_t n) { return multiply(b, loc, x, number(n)); }
  OpFoldResult times(OpFoldResult x, OpFoldResult y) { return multiply(b, loc, x, y); }
  OpFoldResult plus(OpFoldResult x, OpFoldResult y) { return add(b, loc, x, y); }
  OpFoldResult dim(Value buffer, unsigned number);
  OpFoldResult rest(OpFoldResult size, Value offset, int64_t most);

  npu::KernelOp kernel;
  Depthwise conv;
  Part part;
  OpBuilder b;
  Location loc;
  /// Height and width.
  OpFoldResult size[2], places[2];
  /// Of the tile at hand.
  OpFoldResult rows, columns;
};

} // namespace

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

static bool isPowerOfTwo(int64_t n, int64_t most) { return n <= most && llvm::isPowerOf2_64(n); }

/// Says why the vector unit cannot do it, or nothing.
static std::string analyze(npu::KernelOp kernel, Depthwise &conv) {
  for (Operation &op : kernel.getBody().front())
    if (auto found = dyn_cast<npu::DepthwiseOp>(op); found && !conv.op)
      conv.op = found;
    else if (!isa<arith::ConstantOp, arith::IndexCastOp, tensor::EmptyOp, bufferization::ToTensorOp,
                  bufferization::MaterializeInDestinationOp, npu::ReturnOp>(op))
      return ("no engine lowering of '" + op.getName().getStringRef() + "' beside a depthwise convolution").str();
  npu::DepthwiseOp op = conv.op;
  auto in = cast<RankedTensorType>(op.getImage().getType()), out = cast<RankedTensorType>(op.getInit().getType());
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  auto known = [](int64_t n) { return ShapedType::isDynamic(n) ? -1 : n; };
  if (in.isDynamicDim(1) || out.isDynamicDim(1) || !filter.hasStaticShape() || in.getDimSize(4) != kLanes)
    return "a depthwise convolution of images whose channels only the execution knows";
  if (!in.getElementType().isF32() || !filter.getElementType().isF32() ||
      !(out.getElementType().isF32() || out.getElementType().isF16()))
    return "a depthwise convolution of other elements than f32";
  std::optional<SimpleEpilogue> epilogue = matchEpilogue(op.getBody().front());
  if (!epilogue)
    return "an epilogue that is no bias for each channel, rectification and conversion";
  conv.relu = epilogue->relu;
  conv.image = getBuffer(op.getImage());
  conv.filter = getBuffer(op.getFilter());
  auto store = op.getResult() && op.getResult().hasOneUse()
                   ? dyn_cast<bufferization::MaterializeInDestinationOp>(*op.getResult().user_begin())
                   : nullptr;
  if (!conv.image || !conv.filter || !store)
    return "a depthwise convolution of what is not in global memory";
  conv.init = store.getDest();
  conv.batch = known(in.getDimSize(0));
  conv.blocks = in.getDimSize(1);
  if (epilogue->bias) {
    Value bias = op.getEpilogue()[*epilogue->bias];
    auto type = cast<RankedTensorType>(bias.getType());
    conv.bias = getBuffer(bias);
    if (!conv.bias || type.getRank() != 1 || type.getDimSize(0) != conv.blocks * kLanes ||
        !type.getElementType().isF32())
      return "an epilogue operand that is not one f32 for each channel";
  }
  for (unsigned axis : {0, 1}) {
    conv.size[axis] = known(in.getDimSize(2 + axis));
    conv.places[axis] = known(out.getDimSize(2 + axis));
    conv.kernel[axis] = filter.getDimSize(1 + axis);
    conv.strides[axis] = op.getStrides()[axis];
    conv.dilations[axis] = op.getDilations()[axis];
    for (unsigned side : {0, 1})
      conv.pads[2 * axis + side] = op.getPads()[2 * axis + side];
  }
  // Blocks of a row are 1, 2, 4 up to 64 blocks apart, and a place has two.
  if (!isPowerOfTwo(conv.strides[1], 32))
    return "a depthwise convolution whose stride is no power of two up to 32";
  return {};
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// Bytes in UB, with two copies of what is moved.
static int64_t countBytes(const Depthwise &conv, const Part &part) {
  const int64_t window = conv.cover(0, part.rows) * conv.cover(1, part.columns), result = part.rows * part.columns;
  const int64_t place = kLanes * 4, filter = (conv.kernel[0] * conv.kernel[1] + 1) * place;
  // Sum, product and what leaves.
  return 2 * (window * place + filter) + 4 * result * place + 256;
}

static std::optional<Part> choosePart(const Depthwise &conv, const device::Description &device) {
  const int64_t room = device.bytesOf("UB"),
                cores = device.aiCore->coupled ? device.aiCore->cubeCores : device.aiCore->vectorCores;
  // Pitches of rows have 12 bits.
  constexpr int64_t kLargestPitch = 4095;
  // What is unknown has some length.
  constexpr int64_t kTypical = 64;
  auto typical = [](int64_t size) { return size < 0 ? kTypical : size; };
  const int64_t height = typical(conv.places[0]), width = typical(conv.places[1]);
  Part part{1, width};
  auto fits = [&] {
    return countBytes(conv, part) <= room && conv.cover(1, part.columns) * conv.strides[0] * 2 <= kLargestPitch &&
           part.columns * kLanes <= 65504;
  };
  while (!fits() && part.columns > 1)
    part.columns = llvm::divideCeil(part.columns, 2);
  if (!fits())
    return std::nullopt;
  // As many rows as fit, as long as every core has a part.
  const int64_t others = std::max<int64_t>(conv.batch, 1) * conv.blocks * llvm::divideCeil(width, part.columns);
  const int64_t wanted = std::max<int64_t>(1, height * others / cores);
  while (part.rows < std::min(height, wanted)) {
    ++part.rows;
    if (!fits()) {
      --part.rows;
      break;
    }
  }
  return part;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

OpFoldResult DepthwiseEmitter::dim(Value buffer, unsigned number) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(number))
    return this->number(type.getDimSize(number));
  return memref::DimOp::create(b, loc, buffer, number).getResult();
}

OpFoldResult DepthwiseEmitter::rest(OpFoldResult size, Value offset, int64_t most) {
  std::optional<int64_t> known = getConstantIntValue(size);
  if (most == 1 || (known && *known % most == 0))
    return number(most);
  return getAsOpFoldResult(fold<arith::MinUIOp>(fold<arith::SubIOp>(toValue(size), offset), constant(most)));
}

void DepthwiseEmitter::emitVector(StringRef function, ValueRange inputs, Value target, Value scalar) {
  npu::VectorOp::create(b, loc, function, inputs, scalar, target, 0);
}

Value DepthwiseEmitter::stageVector(Value buffer, OpFoldResult offset, int64_t elements) {
  Value staged = local(elements, b.getF32Type());
  npu::MoveOp::create(b, loc, recast(buffer, offset, {number(elements)}, {number(1)}), staged);
  return staged;
}

DepthwiseEmitter::Window DepthwiseEmitter::getWindow(Value first, OpFoldResult count, unsigned axis) {
  Value begin =
      fold<arith::SubIOp>(fold<arith::MulIOp>(first, constant(conv.strides[axis])), constant(conv.pads[2 * axis]));
  Value length = fold<arith::AddIOp>(fold<arith::MulIOp>(toValue(count), constant(conv.strides[axis])),
                                     constant(conv.cover(axis, 1) - conv.strides[axis]));
  Value zero = constant(0), end = toValue(size[axis]);
  auto clamp = [&](Value x) { return fold<arith::MinSIOp>(fold<arith::MaxSIOp>(x, zero), end); };
  Window window;
  window.start = clamp(begin);
  window.size = fold<arith::SubIOp>(clamp(fold<arith::AddIOp>(begin, length)), window.start);
  window.before = fold<arith::MaxSIOp>(fold<arith::SubIOp>(zero, begin), zero);
  return window;
}

/// The part of the image that the tile's filters cover, with its padding.
Value DepthwiseEmitter::stageImage(Value batch, Value block, Value row, Value column) {
  const int64_t height = conv.cover(0, part.rows), width = conv.cover(1, part.columns) * kLanes;
  Value staged = local(height * width, b.getF32Type());
  if (llvm::any_of(conv.pads, [](int64_t pad) { return pad != 0; }))
    emitVector("generate.dup", {},
               recast(staged, number(0), {number(height), number(width)}, {number(width), number(1)}),
               arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0)));
  Window down = getWindow(row, rows, 0), across = getWindow(column, columns, 1);
  OpFoldResult rowElements = scaled(size[1], kLanes), area = times(size[0], rowElements);
  OpFoldResult from = plus(times(scaled(batch, conv.blocks), area), times(block, area));
  from = plus(from, times(getAsOpFoldResult(down.start), rowElements));
  from = plus(from, scaled(getAsOpFoldResult(across.start), kLanes));
  OpFoldResult to =
      plus(scaled(getAsOpFoldResult(down.before), width), scaled(getAsOpFoldResult(across.before), kLanes));
  SmallVector<OpFoldResult> sizes{getAsOpFoldResult(down.size), scaled(getAsOpFoldResult(across.size), kLanes)};
  npu::MoveOp::create(b, loc, recast(conv.image, from, sizes, {rowElements, number(1)}),
                      recast(staged, to, sizes, {number(width), number(1)}));
  return staged;
}

/// The sum of the products of all taps, of which the first needs no addition.
Value DepthwiseEmitter::emitTaps(Value image, Value filter) {
  Value sum = local(part.rows * part.columns * kLanes, b.getF32Type()), product;
  const int64_t width = conv.cover(1, part.columns) * kLanes, pitch = part.columns * kLanes;
  for (int64_t kh = 0; kh < conv.kernel[0]; ++kh)
    for (int64_t kw = 0; kw < conv.kernel[1]; ++kw) {
      const int64_t tap = kh * conv.kernel[1] + kw;
      if (tap == 1)
        product = local(part.rows * part.columns * kLanes, b.getF32Type());
      Value target = tap ? product : sum;
      const int64_t first = kh * conv.dilations[0] * width + kw * conv.dilations[1] * kLanes;
      for (int64_t half = 0; half < kLanes; half += kBlock)
        emitVector("binary.mul",
                   {halves(image, first + half, conv.strides[0] * width, conv.strides[1] * kLanes),
                    repeated(filter, tap * kLanes + half)},
                   halves(target, half, pitch, kLanes));
      if (tap)
        emitVector("binary.add", {dense(sum), dense(product)}, dense(sum));
    }
  return sum;
}

/// Bias, rectification and conversion.
Value DepthwiseEmitter::finish(Value sum, Value bias) {
  const int64_t pitch = part.columns * kLanes;
  if (bias)
    for (int64_t half = 0; half < kLanes; half += kBlock)
      emitVector("binary.add", {halves(sum, half, pitch, kLanes), repeated(bias, half)},
                 halves(sum, half, pitch, kLanes));
  if (conv.relu)
    emitVector("unary.relu", dense(sum), dense(sum));
  Type element = cast<MemRefType>(conv.init.getType()).getElementType();
  if (element.isF32())
    return sum;
  Value narrow = local(part.rows * part.columns * kLanes, element);
  emitVector("cast", dense(sum), dense(narrow));
  return narrow;
}

void DepthwiseEmitter::emitTile(Value t) {
  OpFoldResult down = ceilDivide(b, loc, places[0], part.rows), across = ceilDivide(b, loc, places[1], part.columns);
  auto split = [&](OpFoldResult count) {
    Value position = fold<arith::RemUIOp>(t, toValue(count));
    t = fold<arith::DivUIOp>(t, toValue(count));
    return position;
  };
  Value column = fold<arith::MulIOp>(split(across), constant(part.columns));
  Value row = fold<arith::MulIOp>(split(down), constant(part.rows));
  Value block = split(number(conv.blocks)), batch = t;
  rows = rest(places[0], row, part.rows);
  columns = rest(places[1], column, part.columns);
  Value image = stageImage(batch, block, row, column);
  const int64_t taps = conv.kernel[0] * conv.kernel[1];
  Value filter = stageVector(conv.filter, scaled(block, taps * kLanes), taps * kLanes);
  Value bias = conv.bias ? stageVector(conv.bias, scaled(block, kLanes), kLanes) : Value();
  Value result = finish(emitTaps(image, filter), bias);
  OpFoldResult rowElements = scaled(places[1], kLanes), area = times(places[0], rowElements);
  OpFoldResult to = plus(times(scaled(batch, conv.blocks), area), times(block, area));
  to = plus(to, times(row, rowElements));
  to = plus(to, scaled(column, kLanes));
  npu::MoveOp::create(b, loc, dense(result),
                      recast(conv.init, to, {rows, scaled(columns, kLanes)}, {rowElements, number(1)}));
}

/// The sizes, and how many tiles they make.
void DepthwiseEmitter::prepare() {
  for (unsigned axis : {0, 1}) {
    size[axis] = dim(conv.image, 2 + axis);
    places[axis] = dim(conv.init, 2 + axis);
  }
  setTileCount(kernel, getSizeExpr(kernel, conv.init, 0) * conv.blocks *
                           getSizeExpr(kernel, conv.init, 2).ceilDiv(part.rows) *
                           getSizeExpr(kernel, conv.init, 3).ceilDiv(part.columns));
}

void DepthwiseEmitter::emit() {
  Block &body = kernel.getBody().front();
  b.setInsertionPoint(body.getTerminator());
  prepare();
  auto range = npu::TileRangeOp::create(b, loc);
  auto loop = scf::ForOp::create(b, loc, range.getBegin(), range.getEnd(), constant(1));
  b.setInsertionPointToStart(loop.getBody());
  emitTile(loop.getInductionVar());
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<npu::DepthwiseOp, tensor::EmptyOp, bufferization::ToTensorOp, bufferization::MaterializeInDestinationOp>(
            op)) {
      op.dropAllUses();
      op.erase();
    }
}

LogicalResult gemlir::emitDepthwiseKernel(npu::KernelOp kernel, const device::Description &device,
                                          std::string &reason) {
  Depthwise conv;
  reason = analyze(kernel, conv);
  if (!reason.empty())
    return failure();
  std::optional<Part> part = choosePart(conv, device);
  if (!part) {
    reason = "no part of the convolution fits the unified buffer";
    return failure();
  }
  DepthwiseEmitter(kernel, conv, *part).emit();
  return success();
}
