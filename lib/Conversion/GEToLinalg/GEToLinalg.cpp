//===- GEToLinalg.cpp - the pass convert-ge-to-linalg -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of the graph is one block without control flow, so the pass builds
// a new block beside it, operation by operation, and drops the old one at the
// end. If a lowering fails, the function is left as it was.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "Emitter.h"
#include "SmallTypes.h"

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace gemlir {
#define GEN_PASS_DEF_CONVERTGETOLINALG
#include "ge-mlir/Conversion/GEToLinalg/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;
using namespace gemlir::lowering;

static const LoweringTable &getTable() {
  static const LoweringTable table = [] {
    LoweringTable result;
    populateActivation(result);
    populateAttention(result);
    populateControl(result);
    populateControlFlow(result);
    populateConvolution(result);
    populateElementwise(result);
    populateFormat(result);
    populateGather(result);
    populateMatMul(result);
    populateMovement(result);
    populateNormalization(result);
    populatePooling(result);
    populateReduction(result);
    populateResize(result);
    populateScatter(result);
    populateSelection(result);
    populateSlice(result);
    populateSort(result);
    return result;
  }();
  return table;
}

bool gemlir::hasLinalgLowering(Operation *op) { return getTable().find(op) != nullptr; }

/// Every tensor must have a known rank.
static LogicalResult checkShapes(Operation *op) {
  auto check = [&](Type type, StringRef what, unsigned index) -> LogicalResult {
    if (auto tensor = dyn_cast<TensorType>(type); tensor && !tensor.hasRank())
      return emitLoweringError(op) << "expects a known rank of " << what << " " << index << ", but got " << type;
    return success();
  };
  for (auto [index, type] : llvm::enumerate(op->getOperandTypes()))
    if (failed(check(type, "operand", index)))
      return failure();
  for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
    if (failed(check(type, "result", index)))
      return failure();
  return success();
}

static bool hasElements(Type type) { return !llvm::is_contained(cast<RankedTensorType>(type).getShape(), 0); }

/// A tensor of sizes is made of registers; mostly nothing uses it but shapes.
static bool lowerToRegisters(Operation *op, Emitter &b) {
  if (op->getNumResults() != 1 || op->hasTrait<OpTrait::ConstantLike>())
    return false;
  Value result = op->getResult(0);
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type || !type.hasStaticShape() || type.getRank() > 1 || !type.getElementType().isSignlessInteger())
    return false;
  std::optional<ge::DimList> elements = b.getShapes().getElements(result);
  if (!elements || llvm::all_of(*elements, [](Dim element) { return element.isStatic(); }))
    return false;
  SmallVector<Value> values;
  for (Dim element : *elements)
    values.push_back(b.store(b.toScalar(element, type.getElementType()), type.getElementType()));
  b.set(result, tensor::FromElementsOp::create(b, getStorageType(type), values));
  return true;
}

/// The lowered results must be what users of the results expect.
static LogicalResult checkResults(Operation *op, Emitter &b) {
  for (OpResult result : op->getResults()) {
    if (result.use_empty())
      continue;
    RankedTensorType expected = getStorageType(cast<RankedTensorType>(result.getType()));
    Tensor lowered = b.get(result);
    // One of the two may know more sizes.
    if (lowered && lowered.value.getType() != expected && !expected.hasStaticShape() &&
        tensor::CastOp::areCastCompatible(lowered.value.getType(), expected))
      continue;
    if (!lowered || lowered.value.getType() != expected)
      return emitLoweringError(op) << "lowers result " << result.getResultNumber() << " to "
                                   << (lowered ? lowered.value.getType() : Type(NoneType::get(op->getContext())))
                                   << ", but its type is stored as " << expected;
  }
  return success();
}

static LogicalResult lowerOperation(Operation *op, Emitter &b) {
  b.setLoc(op->getLoc());
  b.setOperation(op);
  const LoweringFn *fn = getTable().find(op);
  if (!fn)
    return emitLoweringError(op) << "has no lowering";
  if (failed(checkShapes(op)))
    return failure();
  if (op->getNumResults() != 0 && llvm::none_of(op->getResultTypes(), hasElements)) {
    for (OpResult result : op->getResults()) {
      auto type = cast<RankedTensorType>(result.getType());
      b.set(result, b.empty(b.getShape(result), type.getElementType()).value);
    }
    return success();
  }
  // Of static results too, whose operands may have to fit.
  for (Value result : op->getResults())
    (void)b.getOrigin(result);
  b.checkAssumptions();
  if (lowerToRegisters(op, b))
    return success();
  if (failed((*fn)(op, b)) || b.hasFailed())
    return failure();
  return checkResults(op, b);
}

LogicalResult gemlir::lowering::lowerBody(Block &graph, Emitter &b, SmallVectorImpl<Value> &yielded) {
  for (Operation &op : graph.without_terminator())
    if (failed(lowerOperation(&op, b)))
      return failure();
  for (Value operand : graph.getTerminator()->getOperands())
    yielded.push_back(b.get(operand).value);
  return success();
}

namespace {
struct ConvertGEToLinalg : public gemlir::impl::ConvertGEToLinalgBase<ConvertGEToLinalg> {
  using ConvertGEToLinalgBase::ConvertGEToLinalgBase;

  int64_t panelWidth = 0;
  SmallVector<Type> products;
  bool shortens = false;

  LogicalResult initialize(MLIRContext *context) override {
    device::Description description;
    std::string error;
    if (!device::lookup(device, description, error))
      return emitError(UnknownLoc::get(context)) << error;
    if (!cubeType.empty() && cubeType != "f16")
      return emitError(UnknownLoc::get(context)) << "cube type '" << cubeType << "' is not supported, expected f16";
    panelWidth = description.mmadTile().columns;
    products.clear();
    if (description.aiCore)
      for (const device::CubeRate &rate : description.aiCore->cubeRates)
        for (auto [name, type] :
             {std::pair("f16", Type(Float16Type::get(context))), std::pair("bf16", Type(BFloat16Type::get(context))),
              std::pair("s8", Type(IntegerType::get(context, 8)))})
          if (name == rate.type)
            products.push_back(type);
    shortens = !cubeType.empty() && llvm::is_contained(products, Type(Float16Type::get(context)));
    return success();
  }

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    if (!func.getBody().hasOneBlock()) {
      func.emitOpError("expects one block, but got ") << func.getBody().getBlocks().size();
      return signalPassFailure();
    }
    Block *graph = &func.getBody().front();
    auto *lowered = new Block();
    func.getBody().push_back(lowered);
    if (failed(lowerBlock(*graph, *lowered))) {
      lowered->dropAllDefinedValueUses();
      lowered->erase();
      return signalPassFailure();
    }
    graph->dropAllReferences();
    graph->dropAllDefinedValueUses();
    graph->erase();
    func.setType(
        FunctionType::get(&getContext(), lowered->getArgumentTypes(), lowered->getTerminator()->getOperandTypes()));
    eraseDeadOperations(*lowered);
  }

  LogicalResult lowerBlock(Block &graph, Block &lowered) {
    Emitter b(&getContext(), panelWidth, products, shortens);
    b.setInsertionPointToEnd(&lowered);
    b.setHome(&lowered);
    for (BlockArgument argument : graph.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        return getOperation().emitOpError("expects a known rank of argument ")
               << argument.getArgNumber() << ", but got " << argument.getType();
      if (isSubByte(type.getElementType()) && !type.hasStaticShape())
        return getOperation().emitOpError("expects a static shape of elements smaller than a byte, but got ") << type;
      Value packed = lowered.addArgument(getInterfaceType(type), argument.getLoc());
      b.setLoc(argument.getLoc());
      b.set(argument, unpackInterface(b, packed, type).value);
    }
    for (Operation &op : graph) {
      if (auto returnOp = dyn_cast<func::ReturnOp>(op)) {
        SmallVector<Value> results;
        b.setLoc(op.getLoc());
        for (Value operand : returnOp.getOperands())
          results.push_back(matchType(b, packInterface(b, b.get(operand), cast<RankedTensorType>(operand.getType())),
                                      getInterfaceType(cast<RankedTensorType>(operand.getType()))));
        func::ReturnOp::create(b, op.getLoc(), results);
      } else if (failed(lowerOperation(&op, b))) {
        return failure();
      } else {
        ++numLowered;
      }
    }
    return success();
  }

  /// `value` with as many sizes known as the function's type says.
  static Value matchType(Emitter &b, Value value, Type type) {
    return value.getType() == type ? value : tensor::CastOp::create(b, type, value).getResult();
  }

  /// Constants that were parameters of an operator, unused extra results.
  static void eraseDeadOperations(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
