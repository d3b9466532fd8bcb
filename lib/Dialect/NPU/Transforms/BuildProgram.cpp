//===- BuildProgram.cpp - from launches on tensors to a program on buffers -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registers.h"

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

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

namespace {

/// Gives each tensor value of the function a buffer. A value that is computed
/// only to become (part of) another one is placed there before it is computed.
class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp func)
      : func(func), builder(func.getContext()), registers(func.getBody().front(), builder) {}
  LogicalResult run();
  int64_t numCopies = 0;

private:
  void createProgram();
  LogicalResult convert(Operation &op);
  void convertLaunch(LaunchOp launch);
  void convertInsert(tensor::InsertSliceOp insert);
  void convertReturn(func::ReturnOp ret);
  LogicalResult convertBlock(Block &block);
  LogicalResult convertBranch(Region &region, Block *after);
  LogicalResult convertIf(IfOp op);
  LogicalResult convertFor(ForOp op);
  LogicalResult convertWhile(WhileOp op);
  /// Fills the places of a loop's values, which are also those of its results.
  void startLoop(Operation *loop, ValueRange inits);
  /// Brings what a branch or step ends with into the places of the results.
  void convertNext(NextOp next);
  Value getResultPlace(Operation *op, unsigned index);
  /// Whether no one needs the value of a step once `producer` makes the next.
  bool isOverwritten(BlockArgument argument, Operation *producer);
  void convertRead(ReadStateOp read);
  void convertWrite(WriteStateOp write);

  /// The buffer of the state itself.
  Value getState(StringAttr name, std::optional<ElementsAttr> initial, Type type, Location loc);
  /// Whether the content that a read saw stays in the state for all its users.
  bool outlivesUsers(ReadStateOp read);
  /// Whether no one needs the old content of the state once `producer` runs.
  bool isOverwritten(WriteStateOp write, Operation *producer);
  /// Whether `user` may change the memory of its operand `value`.
  bool owns(Value value, Operation *user);

  /// The buffer of `value`, of its type.
  Value getBuffer(Value value) { return buffers.lookup(value); }
  /// Where `value` is to be computed: its place in what it becomes part of, or
  /// a new buffer.
  Value getPlace(Value value);
  Value findPlace(Value value);
  Value findPlaceInSlice(Value value, tensor::InsertSliceOp insert);
  /// The part of `buffer` that is the slice `op`, or without one all of it, as
  /// another type.
  Value viewAs(Value buffer, Operation *op, MemRefType type, Location loc);
  /// The buffer of an output, with the dimensions of `value`, or null if they
  /// are not known yet.
  Value getOutput(unsigned index, Value value);
  /// A buffer of the type of `value`, or null if its size is not known yet.
  Value allocate(Value value);
  /// Copies all of `value` from one buffer to another.
  void copy(Value value, Value from, Value to, Location loc);

  func::FuncOp func;
  OpBuilder builder;
  ProgramOp program;
  Registers registers;
  DenseMap<Value, Value> buffers;
  /// Values passed to npu.next that are computed where they are to be.
  DenseSet<OpOperand *> inPlace;
  /// Insertions whose source, and returned operands whose value, are computed
  /// in place.
  DenseSet<Operation *> placed;
  DenseSet<unsigned> returned;
  /// Reads whose value is the state itself.
  SmallVector<ReadStateOp> aliases;
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
  program = cast<ProgramOp>(
      Operation::create(func.getLoc(), OperationName(ProgramOp::getOperationName(), func.getContext()), TypeRange(),
                        ValueRange(), NamedAttrList(), OpaqueProperties(nullptr), BlockRange(), 1));
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

Value ProgramBuilder::viewAs(Value buffer, Operation *op, MemRefType type, Location loc) {
  if (!op && buffer.getType() == type)
    return buffer;
  Value offset = op ? registers.getByteOffset(op, loc) : arith::ConstantIntOp::create(builder, loc, 0, /*width=*/64);
  if (matchPattern(offset, m_Zero()) && buffer.getType() == type)
    return buffer;
  return ViewOp::create(builder, loc, type, buffer, offset);
}

void ProgramBuilder::copy(Value value, Value from, Value to, Location loc) {
  bool isStatic = cast<RankedTensorType>(value.getType()).hasStaticShape();
  CopyOp::create(builder, loc, from, to, isStatic ? Value() : registers.getBytes(value, loc));
  ++numCopies;
}

Value ProgramBuilder::getOutput(unsigned index, Value value) {
  Value output = program.getArgument(func.getNumArguments() + index);
  if (cast<MemRefType>(output.getType()).hasStaticShape())
    return output;
  std::optional<SmallVector<Value>> sizes = registers.getDynamicSizes(value);
  if (!sizes)
    return {};
  for (Value &size : *sizes)
    size = registers.toI64(size, value.getLoc());
  SetDimsOp::create(builder, value.getLoc(), output, *sizes);
  return output;
}

Value ProgramBuilder::allocate(Value value) {
  std::optional<SmallVector<Value>> sizes = registers.getDynamicSizes(value);
  if (!sizes)
    return {};
  return memref::AllocOp::create(builder, value.getLoc(), toMemRef(value.getType()), *sizes);
}

/// `value` is inserted into a contiguous slice of a tensor that starts out
/// empty: it is computed in that slice.
Value ProgramBuilder::findPlaceInSlice(Value value, tensor::InsertSliceOp insert) {
  if (insert.getSource() != value)
    return {};
  // All updates of the chain share the buffer of the empty tensor it starts from.
  Value root = insert.getDest();
  while (auto earlier = root.getDefiningOp<tensor::InsertSliceOp>()) {
    if (!earlier.getResult().hasOneUse())
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
      if (!later || later.getDest() != end)
        break;
      end = later.getResult();
    }
    Value place = getPlace(end);
    if (!place)
      return {};
    buffers[root] = place;
  }
  placed.insert(insert);
  return viewAs(buffers[root], insert, toMemRef(value.getType()), value.getLoc());
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

Value ProgramBuilder::getState(StringAttr name, std::optional<ElementsAttr> initial, Type type, Location loc) {
  return StateOp::create(builder, loc, toMemRef(type), name, initial ? *initial : ElementsAttr());
}

/// Whether an operation gives the memory of its first operand another type.
static bool isReshape(Operation *op) {
  return isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op);
}

/// Calls `visit` for everything that reads the memory of `value`, views of it
/// included, until it returns false.
static bool visitReaders(Value value, llvm::function_ref<bool(Operation *)> visit) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (isReshape(user) || isa<tensor::ExtractSliceOp>(user))
      return visitReaders(user->getResult(0), visit);
    return visit(user);
  });
}

bool ProgramBuilder::outlivesUsers(ReadStateOp read) {
  WalkResult result = func.walk([&](WriteStateOp write) {
    if (write.getNameAttr() != read.getNameAttr())
      return WalkResult::advance();
    if (write->getBlock() != read->getBlock())
      return WalkResult::interrupt();
    if (write->isBeforeInBlock(read))
      return WalkResult::advance();
    bool isOld = visitReaders(read.getValue(), [&](Operation *user) {
      Operation *ancestor = write->getBlock()->findAncestorOpInBlock(*user);
      return ancestor && (ancestor == write || ancestor->isBeforeInBlock(write));
    });
    return isOld ? WalkResult::advance() : WalkResult::interrupt();
  });
  return !result.wasInterrupted();
}

bool ProgramBuilder::isOverwritten(WriteStateOp write, Operation *producer) {
  Block *block = write->getBlock();
  if (producer->getBlock() != block)
    return false;
  for (ReadStateOp read : aliases) {
    if (read.getNameAttr() != write.getNameAttr())
      continue;
    bool isOver = visitReaders(read.getValue(), [&](Operation *user) {
      Operation *ancestor = block->findAncestorOpInBlock(*user);
      return ancestor && ancestor->isBeforeInBlock(producer);
    });
    if (read->getBlock() != block || (read->isBeforeInBlock(write) && !isOver))
      return false;
  }
  // Another read or write between the two would see or make another content.
  for (Operation *op = producer; op != write; op = op->getNextNode())
    if (op->walk([&](Operation *inner) {
            auto read = dyn_cast<ReadStateOp>(inner);
            auto other = dyn_cast<WriteStateOp>(inner);
            return (read && read.getNameAttr() == write.getNameAttr()) ||
                           (other && other.getNameAttr() == write.getNameAttr())
                       ? WalkResult::interrupt()
                       : WalkResult::advance();
          }).wasInterrupted())
      return false;
  return true;
}

/// What a value is computed for and nothing else, through updates in place: the
/// use of the last of them, or null.
static OpOperand *findEnd(Value value) {
  while (value.hasOneUse()) {
    OpOperand &use = *value.use_begin();
    Operation *user = use.getOwner();
    if (user->getBlock() != value.getParentBlock())
      return nullptr;
    auto launch = dyn_cast<LaunchOp>(user);
    auto insert = dyn_cast<tensor::InsertSliceOp>(user);
    bool updates = isReshape(user) || (insert && insert.getDest() == value) ||
                   (launch && launch.getTied() && launch->getNumResults() == 1 &&
                    (*launch.getTied())[0] == int64_t(use.getOperandNumber()));
    if (!updates)
      return &use;
    value = user->getResult(0);
  }
  return nullptr;
}

bool ProgramBuilder::owns(Value value, Operation *user) {
  Value part = value;
  while (value.hasOneUse() && value.getParentBlock() == user->getBlock() && isReshape(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  // What is an argument, a constant or still needed must not change; nor what a
  // loop finds again in its next step.
  if (!value.hasOneUse() || value.getParentBlock() != user->getBlock())
    return false;
  OpOperand *end = findEnd(part);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *loop = argument.getOwner()->getParentOp();
    unsigned first = isa<ForOp>(loop) ? 1 : 0;
    return isa<ForOp, WhileOp>(loop) && end && isa<NextOp>(end->getOwner()) &&
           end->getOperandNumber() + first == argument.getArgNumber();
  }
  auto read = value.getDefiningOp<ReadStateOp>();
  if (!read)
    return isa<LaunchOp, tensor::InsertSliceOp, tensor::EmptyOp, IfOp, ForOp, WhileOp>(value.getDefiningOp());
  if (!llvm::is_contained(aliases, read))
    return true; // a copy
  auto write = end ? dyn_cast<WriteStateOp>(end->getOwner()) : WriteStateOp();
  if (!write || write.getNameAttr() != read.getNameAttr())
    return false;
  // This read ends here; the others must have ended.
  llvm::erase(aliases, read);
  bool isLast = isOverwritten(write, user);
  aliases.push_back(read);
  return isLast;
}

void ProgramBuilder::convertRead(ReadStateOp read) {
  Value state = getState(read.getNameAttr(), read.getInitial(), read.getValue().getType(), read.getLoc());
  if (outlivesUsers(read)) {
    aliases.push_back(read);
    buffers[read.getValue()] = state;
    return;
  }
  buffers[read.getValue()] = getPlace(read.getValue());
  copy(read.getValue(), state, buffers[read.getValue()], read.getLoc());
}

void ProgramBuilder::convertWrite(WriteStateOp write) {
  Value from = getBuffer(write.getValue());
  auto state = from.getDefiningOp<StateOp>();
  if (state && state.getNameAttr() == write.getNameAttr())
    return; // computed or updated in place
  copy(write.getValue(), from,
       getState(write.getNameAttr(), write.getInitial(), write.getValue().getType(), write.getLoc()), write.getLoc());
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

Value ProgramBuilder::findPlace(Value value) {
  if (!value.hasOneUse())
    return {};
  OpOperand &use = *value.use_begin();
  Operation *user = use.getOwner();
  MemRefType type = toMemRef(value.getType());
  // A loop would not compute it again.
  if (user->getBlock() != value.getParentBlock())
    return {};
  if (isa<func::ReturnOp>(user)) {
    Value output = getOutput(use.getOperandNumber(), value);
    if (output)
      returned.insert(use.getOperandNumber());
    return output;
  }
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user)) {
    Value place = findPlace(user->getResult(0));
    return place ? viewAs(place, nullptr, type, value.getLoc()) : Value();
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(user))
    return findPlaceInSlice(value, insert);
  Operation *producer = value.getDefiningOp();
  while (isReshape(producer))
    producer = producer->getOperand(0).getDefiningOp();
  if (isa<ForOp, WhileOp>(user) && user->getNumResults() != 0) {
    inPlace.insert(&use);
    return getResultPlace(user, use.getOperandNumber() - (isa<ForOp>(user) ? 1 : 0));
  }
  // The parts of a joined tensor are computed long before it.
  if (!isa_and_nonnull<LaunchOp>(producer))
    return {};
  if (isa<NextOp>(user)) {
    Operation *parent = user->getParentOp();
    unsigned index = use.getOperandNumber();
    Block *block = user->getBlock();
    if (!isa<IfOp>(parent) && !isOverwritten(block->getArgument(index + (isa<ForOp>(parent) ? 1 : 0)), producer))
      return {};
    inPlace.insert(&use);
    return getResultPlace(parent, index);
  }
  auto write = dyn_cast<WriteStateOp>(user);
  if (write && isOverwritten(write, producer))
    return getState(write.getNameAttr(), write.getInitial(), value.getType(), value.getLoc());
  return {};
}

Value ProgramBuilder::getPlace(Value value) {
  if (Value place = findPlace(value))
    return place;
  return allocate(value);
}

void ProgramBuilder::convertLaunch(LaunchOp launch) {
  SmallVector<Value> operands, scalars;
  for (Value operand : launch.getOperands()) {
    if (isa<RankedTensorType>(operand.getType()))
      operands.push_back(getBuffer(operand));
    else
      scalars.push_back(registers.lookup(operand));
  }
  for (auto [index, result] : llvm::enumerate(launch.getResults())) {
    int64_t tied = launch.getTied() ? (*launch.getTied())[index] : -1;
    Value place;
    if (tied >= 0) {
      bool own = owns(launch.getOperand(tied), launch);
      place = own ? operands[tied] : getPlace(result);
      if (!own)
        copy(result, operands[tied], place, launch.getLoc());
      operands[tied] = place;
    } else {
      place = getPlace(result);
    }
    buffers[result] = place;
    operands.push_back(place);
  }
  llvm::append_range(operands, scalars);
  LaunchOp::create(builder, launch.getLoc(), TypeRange(), launch.getKernelAttr(), operands, DenseI64ArrayAttr());
}

void ProgramBuilder::convertInsert(tensor::InsertSliceOp insert) {
  Value dest = insert.getDest(), target = getBuffer(dest);
  Location loc = insert.getLoc();
  if (!target || !owns(dest, insert)) {
    Value place = getPlace(insert.getResult());
    if (target)
      copy(dest, target, place, loc);
    target = place;
  }
  Value source = getBuffer(insert.getSource());
  if (!placed.contains(insert))
    copy(insert.getSource(), source, viewAs(target, insert, cast<MemRefType>(source.getType()), loc), loc);
  buffers[insert.getResult()] = target;
}

void ProgramBuilder::convertReturn(func::ReturnOp ret) {
  for (OpOperand &operand : ret->getOpOperands()) {
    if (returned.contains(operand.getOperandNumber()))
      continue;
    Value output = getOutput(operand.getOperandNumber(), operand.get());
    copy(operand.get(), getBuffer(operand.get()), output, ret.getLoc());
  }
  ReturnOp::create(builder, ret.getLoc());
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

Value ProgramBuilder::getResultPlace(Operation *op, unsigned index) {
  Value result = op->getResult(index);
  if (!buffers.count(result))
    buffers[result] = getPlace(result);
  return buffers[result];
}

bool ProgramBuilder::isOverwritten(BlockArgument argument, Operation *producer) {
  Block *block = argument.getOwner();
  return producer->getBlock() == block && visitReaders(argument, [&](Operation *user) {
           Operation *ancestor = block->findAncestorOpInBlock(*user);
           return ancestor && ancestor->isBeforeInBlock(producer);
         });
}

void ProgramBuilder::startLoop(Operation *loop, ValueRange inits) {
  for (auto [i, init] : llvm::enumerate(inits)) {
    Value place = getResultPlace(loop, i);
    if (init.getDefiningOp<tensor::EmptyOp>())
      continue; // the loop fills it
    if (!inPlace.contains(&loop->getOpOperand(loop->getNumOperands() - inits.size() + i)))
      copy(init, getBuffer(init), place, loop->getLoc());
  }
}

/// The argument of a step whose memory a value has.
static BlockArgument findArgument(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isReshape(op) && !isa<tensor::ExtractSliceOp>(op))
      return {};
    value = op->getOperand(0);
  }
  return dyn_cast<BlockArgument>(value);
}

void ProgramBuilder::convertNext(NextOp next) {
  Operation *parent = next->getParentOp();
  SmallVector<std::tuple<Value, Value, Value>> copies;
  for (OpOperand &operand : next->getOpOperands()) {
    Value from = getBuffer(operand.get()), place = getResultPlace(parent, operand.getOperandNumber());
    if (inPlace.contains(&operand) || from == place)
      continue;
    // A value of this step that becomes another one is saved before all change.
    BlockArgument argument = findArgument(operand.get());
    if (argument && argument.getOwner() == next->getBlock()) {
      Value saved = allocate(operand.get());
      copy(operand.get(), from, saved, next.getLoc());
      from = saved;
    }
    copies.push_back({operand.get(), from, place});
  }
  for (auto [value, from, place] : copies)
    copy(value, from, place, next.getLoc());
}

LogicalResult ProgramBuilder::convertBranch(Region &region, Block *after) {
  builder.createBlock(after);
  if (failed(convertBlock(region.front())))
    return failure();
  cf::BranchOp::create(builder, region.getLoc(), after);
  return success();
}

LogicalResult ProgramBuilder::convertIf(IfOp op) {
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    getResultPlace(op, i);
  Block *before = builder.getInsertionBlock();
  Block *after = builder.createBlock(&program.getBody(), std::next(before->getIterator()));
  Block *targets[2];
  for (Region &region : op->getRegions()) {
    Block *last = after->getPrevNode();
    if (failed(convertBranch(region, after)))
      return failure();
    targets[region.getRegionNumber()] = last->getNextNode();
  }
  builder.setInsertionPointToEnd(before);
  cf::CondBranchOp::create(builder, op.getLoc(), registers.lookup(op.getCondition()), targets[0], ValueRange(),
                           targets[1], ValueRange());
  builder.setInsertionPointToStart(after);
  return success();
}

LogicalResult ProgramBuilder::convertFor(ForOp op) {
  Location loc = op.getLoc();
  startLoop(op, op.getInits());
  Block &graph = op.getBody().front();
  for (auto [argument, result] : llvm::zip_equal(graph.getArguments().drop_front(), op.getResults()))
    buffers[argument] = buffers[result];
  Value count = registers.lookup(op.getCount());
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  Block *before = builder.getInsertionBlock();
  Block *after = builder.createBlock(&program.getBody(), std::next(before->getIterator()));
  Block *header = builder.createBlock(after, {builder.getIndexType()}, {loc});
  Value counter = header->getArgument(0);
  registers.map(graph.getArgument(0), counter);
  Block *body = builder.createBlock(after);
  if (failed(convertBlock(graph)))
    return failure();
  Value next = arith::AddIOp::create(builder, loc, counter, one);
  cf::BranchOp::create(builder, loc, header, next);
  builder.setInsertionPointToEnd(before);
  cf::BranchOp::create(builder, loc, header, zero);
  builder.setInsertionPointToEnd(header);
  Value goesOn = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, counter, count);
  cf::CondBranchOp::create(builder, loc, goesOn, body, ValueRange(), after, ValueRange());
  builder.setInsertionPointToStart(after);
  return success();
}

LogicalResult ProgramBuilder::convertWhile(WhileOp op) {
  Location loc = op.getLoc();
  startLoop(op, op.getInits());
  for (Region *region : {&op.getBefore(), &op.getBody()})
    for (auto [argument, result] : llvm::zip_equal(region->getArguments(), op.getResults()))
      buffers[argument] = buffers[result];
  Block *before = builder.getInsertionBlock();
  Block *after = builder.createBlock(&program.getBody(), std::next(before->getIterator()));
  Block *header = builder.createBlock(after);
  if (failed(convertBlock(op.getBefore().front())))
    return failure();
  Block *decision = builder.getInsertionBlock();
  auto condition = cast<ConditionOp>(op.getBefore().front().getTerminator());
  Block *body = builder.createBlock(after);
  if (failed(convertBlock(op.getBody().front())))
    return failure();
  cf::BranchOp::create(builder, loc, header);
  builder.setInsertionPointToEnd(before);
  cf::BranchOp::create(builder, loc, header);
  builder.setInsertionPointToEnd(decision);
  cf::CondBranchOp::create(builder, loc, registers.lookup(condition.getCondition()), body, ValueRange(), after,
                           ValueRange());
  builder.setInsertionPointToStart(after);
  return success();
}

LogicalResult ProgramBuilder::convert(Operation &op) {
  if (auto decision = dyn_cast<IfOp>(op))
    return convertIf(decision);
  if (auto loop = dyn_cast<ForOp>(op))
    return convertFor(loop);
  if (auto loop = dyn_cast<WhileOp>(op))
    return convertWhile(loop);
  if (isa<ConditionOp>(op))
    return success();
  if (auto next = dyn_cast<NextOp>(op))
    return convertNext(next), success();
  if (Registers::isScalar(op)) {
    bool looks = op.getNumOperands() != 0 && isa<RankedTensorType>(op.getOperand(0).getType());
    return registers.convert(op, looks ? getBuffer(op.getOperand(0)) : Value());
  }
  if (auto launch = dyn_cast<LaunchOp>(op)) {
    convertLaunch(launch);
  } else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    convertInsert(insert);
  } else if (auto ret = dyn_cast<func::ReturnOp>(op)) {
    convertReturn(ret);
  } else if (auto check = dyn_cast<CheckOp>(op)) {
    CheckOp::create(builder, op.getLoc(), registers.lookup(check.getCondition()), check.getMessageAttr());
  } else if (auto read = dyn_cast<ReadStateOp>(op)) {
    convertRead(read);
  } else if (auto write = dyn_cast<WriteStateOp>(op)) {
    convertWrite(write);
  } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    buffers[constant] =
        ConstantOp::create(builder, op.getLoc(), toMemRef(constant.getType()), cast<ElementsAttr>(constant.getValue()));
  } else if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op)) {
    Value result = op.getResult(0);
    buffers[result] = viewAs(getBuffer(op.getOperand(0)), nullptr, toMemRef(result.getType()), op.getLoc());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    buffers[slice] = viewAs(getBuffer(slice.getSource()), slice, toMemRef(slice.getType()), op.getLoc());
  } else if (!isa<tensor::EmptyOp>(op)) {
    return op.emitError("expects launches, views and constants in a program");
  } else if (!buffers.count(op.getResult(0)) &&
             !llvm::all_of(op.getUsers(), llvm::IsaPred<tensor::InsertSliceOp, ForOp, WhileOp>)) {
    buffers[op.getResult(0)] = getPlace(op.getResult(0));
  }
  return success();
}

LogicalResult ProgramBuilder::convertBlock(Block &block) {
  for (Operation &op : block)
    if (failed(convert(op)))
      return failure();
  return success();
}

LogicalResult ProgramBuilder::run() {
  if (failed(registers.prepare()))
    return failure();
  createProgram();
  if (failed(convertBlock(func.getBody().front())))
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
