//===- BuildProgram.cpp - from launches on tensors to a program on buffers -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Slices.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUBUILDPROGRAM
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

static MemRefType toMemRef(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

static int64_t elementBytes(Type type) {
  return llvm::divideCeil(cast<ShapedType>(type).getElementTypeBitWidth(), 8);
}

namespace {

/// Gives each tensor value of the function a buffer. A value that is computed
/// only to become (part of) another one is placed there before it is computed.
class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp func) : func(func), builder(func.getContext()) {}
  LogicalResult run();
  int64_t numCopies = 0;

private:
  void createProgram();
  LogicalResult convert(Operation &op);
  void convertLaunch(LaunchOp launch);
  void convertInsert(tensor::InsertSliceOp insert);
  void convertReturn(func::ReturnOp ret);

  /// The buffer of `value`, of its type.
  Value getBuffer(Value value) { return buffers.lookup(value); }
  /// Where `value` is to be computed: its place in what it becomes part of, or
  /// a new buffer.
  Value getPlace(Value value);
  Value findPlace(Value value);
  Value findPlaceInSlice(Value value, tensor::InsertSliceOp insert);
  Value viewAs(Value buffer, int64_t elementOffset, MemRefType type, Location loc);
  void copy(Value from, Value to, Location loc);

  func::FuncOp func;
  OpBuilder builder;
  ProgramOp program;
  DenseMap<Value, Value> buffers;
  /// Insertions whose source, and returned operands whose value, are computed
  /// in place.
  DenseSet<Operation *> placed;
  DenseSet<unsigned> returned;
};

} // namespace

void ProgramBuilder::createProgram() {
  SmallVector<Type> arguments;
  SmallVector<Attribute> attributes;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    arguments.push_back(toMemRef(func.getArgument(i).getType()));
    attributes.push_back(func.getArgAttrDict(i) ? func.getArgAttrDict(i) : builder.getDictionaryAttr({}));
  }
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    arguments.push_back(toMemRef(func.getResultTypes()[i]));
    attributes.push_back(func.getResultAttrDict(i) ? func.getResultAttrDict(i) : builder.getDictionaryAttr({}));
  }
  builder.setInsertionPoint(func);
  program = cast<ProgramOp>(Operation::create(func.getLoc(), OperationName(ProgramOp::getOperationName(), func.getContext()),
                                              TypeRange(), ValueRange(), NamedAttrList(),
                                              OpaqueProperties(nullptr), BlockRange(), 1));
  program.setSymName(func.getSymName());
  program.setFunctionType(builder.getFunctionType(arguments, {}));
  program.setNumOutputs(func.getNumResults());
  program.setArenaSize(0);
  program.setArgAttrsAttr(builder.getArrayAttr(attributes));
  builder.insert(program);
  Block *block = builder.createBlock(&program.getBody());
  for (Type type : arguments)
    block->addArgument(type, func.getLoc());
  for (BlockArgument argument : func.getArguments())
    buffers[argument] = block->getArgument(argument.getArgNumber());
}

Value ProgramBuilder::viewAs(Value buffer, int64_t elementOffset, MemRefType type, Location loc) {
  if (elementOffset == 0 && buffer.getType() == type)
    return buffer;
  Value offset =
      arith::ConstantIntOp::create(builder, loc, elementOffset * elementBytes(type), /*width=*/64);
  return ViewOp::create(builder, loc, type, buffer, offset);
}

void ProgramBuilder::copy(Value from, Value to, Location loc) {
  CopyOp::create(builder, loc, from, to);
  ++numCopies;
}

/// `value` is inserted into a contiguous slice of a tensor that starts out
/// empty: it is computed in that slice.
Value ProgramBuilder::findPlaceInSlice(Value value, tensor::InsertSliceOp insert) {
  if (insert.getSource() != value || !isContiguousSlice(insert))
    return {};
  // All updates of the chain share the buffer of the empty tensor it starts from.
  Value root = insert.getDest();
  while (auto earlier = root.getDefiningOp<tensor::InsertSliceOp>()) {
    if (!earlier.getResult().hasOneUse() || !isContiguousSlice(earlier))
      return {};
    root = earlier.getDest();
  }
  if (!root.getDefiningOp<tensor::EmptyOp>() || !root.hasOneUse())
    return {};
  if (!buffers.count(root)) {
    // The chain's end decides where the whole tensor lies.
    Value end = insert.getResult();
    while (end.hasOneUse()) {
      auto later = dyn_cast<tensor::InsertSliceOp>(*end.user_begin());
      if (!later || later.getDest() != end || !isContiguousSlice(later))
        break;
      end = later.getResult();
    }
    buffers[root] = getPlace(end);
  }
  placed.insert(insert);
  int64_t offset = *getContiguousOffset(insert.getDestType().getShape(), insert.getStaticOffsets(),
                                        insert.getStaticSizes(), insert.getStaticStrides());
  return viewAs(buffers[root], offset, toMemRef(value.getType()), value.getLoc());
}

Value ProgramBuilder::findPlace(Value value) {
  if (!value.hasOneUse())
    return {};
  OpOperand &use = *value.use_begin();
  Operation *user = use.getOwner();
  MemRefType type = toMemRef(value.getType());
  if (isa<func::ReturnOp>(user)) {
    returned.insert(use.getOperandNumber());
    return program.getArgument(func.getNumArguments() + use.getOperandNumber());
  }
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user)) {
    Value place = findPlace(user->getResult(0));
    return place ? viewAs(place, 0, type, value.getLoc()) : Value();
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(user))
    return findPlaceInSlice(value, insert);
  return {};
}

Value ProgramBuilder::getPlace(Value value) {
  if (Value place = findPlace(value))
    return place;
  return memref::AllocOp::create(builder, value.getLoc(), toMemRef(value.getType()));
}

void ProgramBuilder::convertLaunch(LaunchOp launch) {
  SmallVector<Value> operands;
  for (Value operand : launch.getOperands())
    operands.push_back(isa<RankedTensorType>(operand.getType()) ? getBuffer(operand) : operand);
  for (auto [index, result] : llvm::enumerate(launch.getResults())) {
    int64_t tied = launch.getTied() ? (*launch.getTied())[index] : -1;
    Value place;
    if (tied >= 0) {
      Value source = launch.getOperand(tied);
      bool own = source.hasOneUse() && source.getDefiningOp() && !source.getDefiningOp<arith::ConstantOp>();
      // What is an argument, a constant or still needed must not change.
      place = own ? operands[tied] : getPlace(result);
      if (!own)
        copy(operands[tied], place, launch.getLoc());
      operands[tied] = place;
    } else {
      place = getPlace(result);
    }
    buffers[result] = place;
    operands.push_back(place);
  }
  LaunchOp::create(builder, launch.getLoc(), TypeRange(), launch.getKernelAttr(), operands, DenseI64ArrayAttr());
}

void ProgramBuilder::convertInsert(tensor::InsertSliceOp insert) {
  Value dest = insert.getDest(), target = getBuffer(dest);
  Location loc = insert.getLoc();
  bool own = dest.hasOneUse() && dest.getDefiningOp() && !dest.getDefiningOp<arith::ConstantOp>();
  if (!target || !own) {
    Value place = getPlace(insert.getResult());
    if (target)
      copy(target, place, loc);
    target = place;
  }
  int64_t offset = *getContiguousOffset(insert.getDestType().getShape(), insert.getStaticOffsets(),
                                        insert.getStaticSizes(), insert.getStaticStrides());
  Value source = getBuffer(insert.getSource());
  if (!placed.contains(insert))
    copy(source, viewAs(target, offset, cast<MemRefType>(source.getType()), loc), loc);
  buffers[insert.getResult()] = target;
}

void ProgramBuilder::convertReturn(func::ReturnOp ret) {
  for (OpOperand &operand : ret->getOpOperands()) {
    Value output = program.getArgument(func.getNumArguments() + operand.getOperandNumber());
    if (!returned.contains(operand.getOperandNumber()))
      copy(getBuffer(operand.get()), output, ret.getLoc());
  }
  ReturnOp::create(builder, ret.getLoc());
}

LogicalResult ProgramBuilder::convert(Operation &op) {
  if (auto launch = dyn_cast<LaunchOp>(op)) {
    convertLaunch(launch);
  } else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    convertInsert(insert);
  } else if (auto ret = dyn_cast<func::ReturnOp>(op)) {
    convertReturn(ret);
  } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    buffers[constant] = ConstantOp::create(builder, op.getLoc(), toMemRef(constant.getType()),
                                           cast<ElementsAttr>(constant.getValue()));
  } else if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op)) {
    Value result = op.getResult(0);
    buffers[result] = viewAs(getBuffer(op.getOperand(0)), 0, toMemRef(result.getType()), op.getLoc());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    int64_t offset = *getContiguousOffset(slice.getSourceType().getShape(), slice.getStaticOffsets(),
                                          slice.getStaticSizes(), slice.getStaticStrides());
    buffers[slice] = viewAs(getBuffer(slice.getSource()), offset, toMemRef(slice.getType()), op.getLoc());
  } else if (!isa<tensor::EmptyOp>(op)) {
    return op.emitError("expects launches, views and constants in a program");
  } else if (!buffers.count(op.getResult(0)) && !llvm::all_of(op.getUsers(), llvm::IsaPred<tensor::InsertSliceOp>)) {
    buffers[op.getResult(0)] = getPlace(op.getResult(0));
  }
  return success();
}

LogicalResult ProgramBuilder::run() {
  createProgram();
  for (Operation &op : func.getBody().front())
    if (failed(convert(op)))
      return failure();
  func.erase();
  return success();
}

namespace {
struct BuildProgram : npu::impl::NPUBuildProgramBase<BuildProgram> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main)
      return;
    ProgramBuilder builder(main);
    if (failed(builder.run()))
      return signalPassFailure();
    numCopies += builder.numCopies;
  }
};
} // namespace
