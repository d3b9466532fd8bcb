//===- FormKernels.cpp - outline work into kernels -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass decides for each operation of the function whether it stays (views
// and constants: the program handles them without a launch), is copied into the
// kernels that need it (fills, scalars, im2col), or computes. What computes is
// gathered into groups, and each group becomes a kernel.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Sizes.h"
#include "ge-mlir/Dialect/NPU/Transforms/Slices.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUFORMKERNELS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

/// Rows of intermediate values longer than this leave the first-level cache, so
/// that fusing a chain over them gains nothing.
static constexpr int64_t kMaxRowElements = 16384;

namespace {
enum class Role { Stays, Copied, Computes };
} // namespace

static bool isScalarOp(Operation *op) {
  return op->getNumResults() != 0 && op->getNumRegions() == 0 && isMemoryEffectFree(op) &&
         llvm::none_of(op->getResultTypes(), [](Type type) { return isa<ShapedType>(type); });
}

static Role getRole(Operation *op, SizeResolver &sizes) {
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp, func::ReturnOp, CheckOp, ReadStateOp,
          WriteStateOp, IfOp, ForOp, WhileOp, NextOp, ConditionOp>(op))
    return Role::Stays;
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return isa<ShapedType>(constant.getType()) ? Role::Stays : Role::Copied;
  if (isa<tensor::EmptyOp, linalg::FillOp, Im2ColOp>(op) || isScalarOp(op))
    return Role::Copied;
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return isContiguousSlice(slice, sizes) ? Role::Stays : Role::Computes;
  if (auto slice = dyn_cast<tensor::InsertSliceOp>(op))
    return isContiguousSlice(slice, sizes) ? Role::Stays : Role::Computes;
  return Role::Computes;
}

//===----------------------------------------------------------------------===//
// Row-wise chains
//===----------------------------------------------------------------------===//

/// Whether each element of `op`'s result is computed from elements its indexing
/// maps name.
static bool isRowwise(linalg::GenericOp op) {
  return op && op.getNumResults() == 1 && op.hasPureTensorSemantics() && !op.hasIndexSemantics() &&
         llvm::none_of(op.getBody()->getOperations(), llvm::IsaPred<tensor::ExtractOp>);
}

/// Whether a reduction of `op` is over its innermost loops only and its result
/// keeps the outer loops in order.
static bool reducesRows(linalg::GenericOp op) {
  unsigned parallel = op.getNumParallelLoops();
  if (parallel == 0 || parallel == op.getNumLoops())
    return false;
  for (auto [index, type] : llvm::enumerate(op.getIteratorTypesArray()))
    if ((type == utils::IteratorType::parallel) != (index < parallel))
      return false;
  return op.getMatchingIndexingMap(op.getDpsInitOperand(0)) ==
         AffineMap::getMultiDimIdentityMap(op.getNumLoops(), op.getContext()).getMajorSubMap(parallel);
}

/// How a row's elements of `value` are read by `op`: whether row i of the
/// result needs only row i of `value`, for the leading `rows` dimensions.
static bool followsRows(linalg::GenericOp op, Value value, unsigned rows) {
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (input->get() != value)
      continue;
    AffineMap map = op.getMatchingIndexingMap(input);
    if (map.getNumResults() < rows)
      return false;
    for (unsigned i = 0; i < rows; ++i)
      if (map.getResult(i) != getAffineDimExpr(i, op.getContext()))
        return false;
  }
  return true;
}

/// The number of leading parallel loops, in destination order.
static unsigned countRowLoops(linalg::GenericOp op) {
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  unsigned rows = 0;
  while (rows < map.getNumResults() && rows < op.getNumLoops() &&
         map.getResult(rows) == getAffineDimExpr(rows, op.getContext()) &&
         op.getIteratorTypesArray()[rows] == utils::IteratorType::parallel)
    ++rows;
  return rows;
}

namespace {

/// Operations that become one kernel, in program order.
struct Group {
  SmallVector<Operation *> ops;
  /// Leading dimensions that a row-wise chain shares; 0 for a single operation.
  unsigned rows = 0;
};

/// Grows a row-wise chain from reductions towards their users. All values that
/// the chain passes on inside are used inside only, so the last operation is the
/// only one whose result leaves.
class RowGrouping {
public:
  /// Assigns every row-wise operation of `block` to a group.
  void run(Block &block);
  Group *lookup(Operation *op) { return groupOf.lookup(op); }

private:
  bool canJoin(Group &group, linalg::GenericOp op);

  std::vector<std::unique_ptr<Group>> groups;
  DenseMap<Operation *, Group *> groupOf;
};

} // namespace

/// `op` may join if it reads at least one value of the group, follows its rows,
/// and is as small in a row as the cache wants.
bool RowGrouping::canJoin(Group &group, linalg::GenericOp op) {
  auto type = cast<RankedTensorType>(op.getResult(0).getType());
  auto first = cast<linalg::GenericOp>(group.ops.front());
  SmallVector<int64_t> ranges = first.getStaticLoopRanges(), own = op.getStaticLoopRanges();
  if (countRowLoops(op) < group.rows)
    return false;
  for (unsigned i = 0; i < group.rows; ++i)
    if (own[i] != ranges[i])
      return false;
  int64_t row = 1;
  for (int64_t size : type.getShape().drop_front(std::min<size_t>(group.rows, type.getRank()))) {
    // Intermediate rows lie on the stack.
    if (ShapedType::isDynamic(size))
      return false;
    row *= size;
  }
  if (row > kMaxRowElements)
    return false;
  return llvm::all_of(group.ops, [&](Operation *member) { return followsRows(op, member->getResult(0), group.rows); });
}

void RowGrouping::run(Block &block) {
  for (Operation &operation : block) {
    auto op = dyn_cast<linalg::GenericOp>(operation);
    if (!op || !isRowwise(op))
      continue;
    // The group of an operand whose users will all be inside.
    Group *joined = nullptr;
    for (OpOperand *input : op.getDpsInputOperands()) {
      Operation *producer = input->get().getDefiningOp();
      Group *group = producer ? groupOf.lookup(producer) : nullptr;
      if (group && group != joined && canJoin(*group, op)) {
        joined = group;
        break;
      }
    }
    if (!joined && reducesRows(op)) {
      groups.push_back(std::make_unique<Group>());
      joined = groups.back().get();
      joined->rows = op.getNumParallelLoops();
    }
    if (!joined)
      continue;
    joined->ops.push_back(op);
    groupOf[op] = joined;
  }
  // Only the last operation's result may leave: cut a group after the first
  // prefix for which that holds, and free the rest.
  for (auto &group : groups) {
    auto closed = [&](size_t length) {
      SmallPtrSet<Operation *, 8> inside(group->ops.begin(), group->ops.begin() + length);
      for (size_t i = 0; i + 1 < length; ++i)
        if (!llvm::all_of(group->ops[i]->getUsers(), [&](Operation *user) { return inside.contains(user); }))
          return false;
      return true;
    };
    size_t length = group->ops.size();
    while (length > 1 && !closed(length))
      --length;
    for (size_t i = length; i < group->ops.size(); ++i)
      groupOf.erase(group->ops[i]);
    if (length <= 1 && !group->ops.empty())
      groupOf.erase(group->ops.front());
    group->ops.resize(length);
  }
}

//===----------------------------------------------------------------------===//
// Outlining
//===----------------------------------------------------------------------===//

/// A name that says what a kernel does.
static StringRef describe(ArrayRef<Operation *> ops) {
  Operation *op = ops.back();
  if (ops.size() > 1)
    return "rows";
  if (auto mmad = dyn_cast<MmadOp>(op))
    return mmad.getImage() ? "conv" : "matmul";
  if (isa<DepthwiseOp>(op))
    return "depthwise";
  if (isa<tensor::ExtractSliceOp, tensor::InsertSliceOp>(op))
    return "slice";
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    bool gathers = op->walk([](tensor::ExtractOp) { return WalkResult::interrupt(); }).wasInterrupted();
    if (linalgOp.getNumReductionLoops())
      return "reduce";
    return gathers ? "gather" : "elementwise";
  }
  return op->getName().stripDialect();
}

namespace {

/// Builds the kernel of one group and the launch that replaces it.
class Outliner {
public:
  Outliner(SymbolTable &symbols, SizeResolver &sizes, ArrayRef<Operation *> group, unsigned rows)
      : symbols(symbols), sizes(sizes), group(group), rows(rows), inside(group.begin(), group.end()) {}
  LogicalResult run();

private:
  void collect(Operation *op);
  void visitOperand(Value value);
  LogicalResult addSizes(Value tensor);
  KernelOp createKernel();
  void addArguments(KernelOp kernel, Block &block, IRMapping &mapping, SmallVectorImpl<Value> &outputArguments);
  void replaceGroup(KernelOp kernel);

  SymbolTable &symbols;
  SizeResolver &sizes;
  ArrayRef<Operation *> group;
  unsigned rows;
  SmallPtrSet<Operation *, 8> inside;
  /// Group and copied operations, in dependence order.
  llvm::SetVector<Operation *> body;
  /// Values from outside that become arguments.
  llvm::SetVector<Value> inputs;
  SmallVector<Value> outputs;
  /// Values of type index from outside, which become scalars; and those that
  /// are the dynamic dimensions of each input and output.
  llvm::SetVector<Value> scalars;
  DenseMap<Value, SmallVector<int64_t>> sizeScalars;
};

} // namespace

void Outliner::visitOperand(Value value) {
  Operation *definition = value.getDefiningOp();
  if (definition && inside.contains(definition))
    return;
  // A size is computed once, between kernels, however many of them need it.
  if (value.getType().isIndex() && !isa_and_nonnull<arith::ConstantOp>(definition)) {
    scalars.insert(value);
    return;
  }
  if (definition && getRole(definition, sizes) == Role::Copied)
    return collect(definition);
  inputs.insert(value);
}

void Outliner::collect(Operation *op) {
  if (body.contains(op))
    return;
  for (Value operand : op->getOperands())
    visitOperand(operand);
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  for (Value value : captured)
    visitOperand(value);
  body.insert(op);
}

/// Lets the computation of `result` start from the kernel's output buffer
/// instead of an empty tensor, so that bufferization needs no copy.
static void writeInto(OpBuilder &builder, Value result, Value output) {
  OpOperand *init = nullptr;
  if (auto dps = result.getDefiningOp<DestinationStyleOpInterface>())
    init = dps.getTiedOpOperand(cast<OpResult>(result));
  else if (auto loop = result.getDefiningOp<scf::ForOp>())
    init = loop.getTiedLoopInit(cast<OpResult>(result));
  if (!init)
    return;
  Operation *definition = init->get().getDefiningOp();
  OpOperand *target = init;
  if (auto fill = dyn_cast_or_null<linalg::FillOp>(definition); fill && fill->hasOneUse()) {
    target = fill.getDpsInitOperand(0);
    definition = target->get().getDefiningOp();
  }
  if (!isa_and_nonnull<tensor::EmptyOp>(definition))
    return;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(definition);
  target->set(bufferization::ToTensorOp::create(builder, result.getLoc(), result.getType(), output,
                                                /*restrict=*/true, /*writable=*/true));
}

/// The tensor that `op` changes in part to make its only result: the one that an
/// insertion writes into, or that a loop starts from; null if there is none.
static OpOperand *getUpdated(Operation *op) {
  if (auto insert = dyn_cast_or_null<tensor::InsertSliceOp>(op))
    return &insert.getDestMutable();
  if (auto insert = dyn_cast_or_null<tensor::InsertOp>(op))
    return &insert.getDestMutable();
  auto loop = dyn_cast_or_null<scf::ForOp>(op);
  if (!loop || loop.getNumResults() != 1 || !isa<RankedTensorType>(loop.getResult(0).getType()))
    return nullptr;
  // Whoever reads the former content in a step must find it.
  OpOperand *init = loop.getTiedLoopInit(cast<OpResult>(loop.getResult(0)));
  bool isRead = llvm::any_of(init->get().getUsers(), [&](Operation *user) { return loop->isProperAncestor(user); });
  return isRead ? nullptr : init;
}

/// Lets a partial update change the kernel's output buffer, which holds the
/// former content: the launch ties it to the operand.
static void updateInPlace(OpBuilder &builder, OpOperand &updated, Value output) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(updated.getOwner());
  updated.set(bufferization::ToTensorOp::create(builder, updated.getOwner()->getLoc(), updated.get().getType(), output,
                                                /*restrict=*/true, /*writable=*/true));
}

/// Makes the dynamic dimensions of an input or output scalars.
LogicalResult Outliner::addSizes(Value tensor) {
  SmallVector<int64_t> &positions = sizeScalars[tensor];
  FailureOr<SmallVector<OpFoldResult>> all = sizes.getSizes(tensor);
  if (failed(all))
    return failure();
  for (auto [dim, size] : llvm::enumerate(*all)) {
    if (!cast<RankedTensorType>(tensor.getType()).isDynamicDim(dim))
      continue;
    OpBuilder builder(group.front());
    Value value = getValueOrCreateConstantIndexOp(builder, tensor.getLoc(), size);
    scalars.insert(value);
    positions.push_back(llvm::find(scalars, value) - scalars.begin());
  }
  return success();
}

static MemRefType toMemRef(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

void Outliner::addArguments(KernelOp kernel, Block &block, IRMapping &mapping,
                            SmallVectorImpl<Value> &outputArguments) {
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  Location loc = kernel.getLoc();
  auto addBuffer = [&](Value tensor) {
    Value argument = block.addArgument(toMemRef(tensor.getType()), tensor.getLoc());
    if (!sizeScalars[tensor].empty())
      kernel.setArgAttr(block.getNumArguments() - 1, KernelOp::kSizesAttrName,
                        builder.getDenseI64ArrayAttr(sizeScalars[tensor]));
    return argument;
  };
  for (Value input : inputs) {
    Value argument = addBuffer(input);
    mapping.map(input, bufferization::ToTensorOp::create(builder, loc, input.getType(), argument, /*restrict=*/true));
  }
  for (Value output : outputs)
    outputArguments.push_back(addBuffer(output));
  for (Value scalar : scalars) {
    Value argument = block.addArgument(builder.getI64Type(), scalar.getLoc());
    mapping.map(scalar, arith::IndexCastOp::create(builder, loc, builder.getIndexType(), argument));
  }
}

KernelOp Outliner::createKernel() {
  MLIRContext *context = group.front()->getContext();
  SmallVector<Type> arguments;
  for (Value input : inputs)
    arguments.push_back(toMemRef(input.getType()));
  for (Value output : outputs)
    arguments.push_back(toMemRef(output.getType()));
  arguments.append(scalars.size(), IntegerType::get(context, 64));

  OpBuilder builder(context);
  Location loc = group.back()->getLoc();
  OperationState state(loc, KernelOp::getOperationName());
  state.addRegion();
  auto kernel = cast<KernelOp>(Operation::create(loc, state.name, TypeRange(), ValueRange(), NamedAttrList(),
                                                 OpaqueProperties(nullptr), BlockRange(), 1));
  kernel.setSymName(describe(group));
  kernel.setFunctionType(builder.getFunctionType(arguments, {}));
  kernel.setNumOutputs(outputs.size());
  if (rows)
    kernel->setDiscardableAttr("npu.rows", builder.getI64IntegerAttr(rows));
  symbols.insert(kernel);

  Block *block = builder.createBlock(&kernel.getBody());
  IRMapping mapping;
  SmallVector<Value> outputArguments;
  addArguments(kernel, *block, mapping, outputArguments);
  for (Operation *op : body)
    builder.clone(*op, mapping);
  for (auto [output, argument] : llvm::zip(outputs, outputArguments)) {
    Value result = mapping.lookup(output);
    OpOperand *updated = getUpdated(result.getDefiningOp());
    if (updated &&
        (isa<tensor::InsertSliceOp>(updated->getOwner()) || updated->get().getDefiningOp<bufferization::ToTensorOp>()))
      updateInPlace(builder, *updated, argument);
    else
      writeInto(builder, result, argument);
    bufferization::MaterializeInDestinationOp::create(builder, loc, TypeRange(), result, argument,
                                                      /*restrict=*/true, /*writable=*/true);
  }
  ReturnOp::create(builder, loc);
  return kernel;
}

void Outliner::replaceGroup(KernelOp kernel) {
  Operation *last = group.back();
  OpBuilder builder(last);
  SmallVector<Type> types;
  for (Value output : outputs)
    types.push_back(output.getType());
  SmallVector<Location> locations;
  for (Operation *op : group)
    locations.push_back(op->getLoc());
  Location loc = FusedLoc::get(last->getContext(), locations);
  SmallVector<Value> operands(inputs.getArrayRef());
  for (Value scalar : scalars)
    operands.push_back(arith::IndexCastOp::create(builder, loc, builder.getI64Type(), scalar));
  auto launch = LaunchOp::create(builder, loc, types, FlatSymbolRefAttr::get(kernel.getSymNameAttr()), operands,
                                 DenseI64ArrayAttr());
  // A partial update keeps the rest of its destination.
  if (OpOperand *updated = getUpdated(last)) {
    auto position = llvm::find(inputs, updated->get());
    if (position != inputs.end())
      launch.setTied(ArrayRef<int64_t>{position - inputs.begin()});
  }
  for (auto [output, result] : llvm::zip(outputs, launch.getResults())) {
    sizes.setSizes(result, *sizes.getSizes(output));
    output.replaceAllUsesWith(result);
  }
  for (Operation *op : llvm::reverse(group))
    op->erase();
}

/// Whether a destination that only carries values through loops is more than one
/// of them: each tile has a part of it, which the stack cannot hold.
static bool isTensorOfMany(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && (!tensor.hasStaticShape() || tensor.getNumElements() > 1);
}

LogicalResult Outliner::run() {
  for (Operation *op : group)
    collect(op);
  for (Operation *op : group)
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(),
                       [&](Operation *user) {
                         return !inside.contains(user->getParentOp()->getBlock() == op->getBlock() ? user->getParentOp()
                                                                                                   : user);
                       }) ||
          (result.use_empty() && isTensorOfMany(result.getType())))
        outputs.push_back(result);
  for (Value input : inputs) {
    if (!isa<RankedTensorType>(input.getType()))
      return group.back()->emitError("expects tensors of known rank as operands, but got ") << input.getType();
    if (failed(addSizes(input)))
      return failure();
  }
  for (Value output : outputs) {
    if (!isa<RankedTensorType>(output.getType()))
      return group.back()->emitError("expects tensors of known rank as results, but got ") << output.getType();
    if (failed(addSizes(output)))
      return failure();
  }
  replaceGroup(createKernel());
  return success();
}

/// Lets generics read the scalar instead of a tensor filled with it: where a
/// reduction of one step disappeared, what it started from is left as an operand
/// that a kernel would have to hold as a whole.
static void readFillsAsScalars(func::FuncOp func) {
  func.walk([](linalg::GenericOp generic) {
    for (OpOperand *input : generic.getDpsInputOperands())
      if (auto fill = input->get().getDefiningOp<linalg::FillOp>();
          fill && fill.value().getType() == generic.getMatchingBlockArgument(input).getType())
        generic.getMatchingBlockArgument(input).replaceAllUsesWith(fill.value());
  });
}

namespace {
struct FormKernels : npu::impl::NPUFormKernelsBase<FormKernels> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main)
      return;
    readFillsAsScalars(main);
    // A reshaped empty tensor is an empty tensor: a destination, not an operand.
    RewritePatternSet patterns(&getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    if (failed(applyPatternsGreedily(main, std::move(patterns))))
      return signalPassFailure();
    SymbolTable symbols(getOperation());
    SizeResolver sizes(main.getBody().front());
    if (failed(sizes.resolveDimOps()) || failed(formKernels(main.getBody().front(), symbols, sizes)))
      return signalPassFailure();
  }

  /// Whether a value that kernels would rather compute themselves is needed as a
  /// tensor between them.
  static bool isNeeded(Operation *op, SizeResolver &sizes) {
    return isa<linalg::FillOp>(op) &&
           llvm::any_of(op->getUsers(), [&](Operation *user) { return getRole(user, sizes) == Role::Stays; });
  }

  LogicalResult formKernels(Block &block, SymbolTable &symbols, SizeResolver &sizes) {
    RowGrouping grouping;
    grouping.run(block);
    SmallVector<Operation *> ops;
    for (Operation &op : block)
      ops.push_back(&op);
    for (Operation *op : ops) {
      if (isa<IfOp, ForOp, WhileOp>(op))
        for (Region &region : op->getRegions())
          if (failed(formKernels(region.front(), symbols, sizes)))
            return failure();
      if ((getRole(op, sizes) != Role::Computes && !isNeeded(op, sizes)) || op->use_empty())
        continue;
      Group *group = grouping.lookup(op);
      if (group && group->ops.size() > 1 && group->ops.back() != op)
        continue; // outlined with the last operation of its group
      SmallVector<Operation *> members{op};
      unsigned rows = 0;
      if (group && group->ops.size() > 1) {
        members = group->ops;
        rows = group->rows;
      }
      if (failed(Outliner(symbols, sizes, members, rows).run()))
        return failure();
      ++numKernels;
    }
    eraseDead(block);
    return success();
  }

  /// Copied operations have served.
  static void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
