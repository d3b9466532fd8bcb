//===- AssignPrecision.cpp - shorter element types by precision mode ------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Dialect/Utils/Saturation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

namespace mlir::ge {
#define GEN_PASS_DEF_ASSIGNPRECISIONPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;

/// Products: few operations bring most of the time, and sums stay in range.
static bool isAlwaysShort(Operation *op) {
  return isa<ge::MatMulV2Op, ge::BatchMatMulV2Op, ge::Conv2DOp, ge::DepthwiseConv2DOp, ge::Conv2DTransposeOp>(op);
}

/// Operators that leave the range of a shorter type, or lose small parts of a
/// sum, and those whose operands are no data.
static bool isNeverShort(Operation *op) {
  return isa<ge::ExpOp, ge::Expm1Op, ge::LogOp, ge::Log1pOp, ge::PowOp, ge::ReciprocalOp, ge::RsqrtOp, ge::SinhOp,
             ge::CoshOp, ge::SquareOp, ge::SquaredDifferenceOp, ge::RealDivOp, ge::SoftplusOp, ge::SoftmaxV2Op,
             ge::LogSoftmaxV2Op, ge::LayerNormV3Op, ge::BatchNormOp, ge::InstanceNormOp, ge::GroupNormOp, ge::RmsNormOp,
             ge::LRNOp, ge::ReduceSumOp, ge::ReduceMeanOp, ge::ReduceProdOp, ge::ReduceLogSumExpOp, ge::CumsumOp,
             ge::CumprodOp, ge::AvgPoolV2Op, ge::GlobalAveragePoolOp, ge::ResizeOp, ge::RangeOp, ge::CastOp,
             ge::ConstOp, ge::FrameworkOp, ge::CustomOp>(op) ||
         op->getNumRegions() != 0 || !isa<InferTypeOpInterface>(op);
}

static bool hasElements(Type type, Type element) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getElementType() == element;
}

namespace {
struct AssignPrecision : ge::impl::AssignPrecisionPassBase<AssignPrecision> {
  using AssignPrecisionPassBase::AssignPrecisionPassBase;
  void runOnOperation() override;

private:
  void runOnBlock(Block &block);
  bool isChosen(Operation *op);
  void shorten(Operation *op);
  Value toShort(Value value);
  void saturate(ge::ConstOp constant);
  Value makeCast(Value value, Type element);

  Type wide, narrow;
  /// The conversion of each value that has one, and of what it is one.
  DenseMap<Value, Value> shortened, widened;
};
} // namespace

Value AssignPrecision::makeCast(Value value, Type element) {
  OpBuilder builder(&getContext());
  builder.setInsertionPointAfterValue(value);
  ++numCasts;
  return ge::CastOp::create(builder, value.getLoc(), value, TypeAttr::get(element));
}

/// Gives what is too large for the shorter type its largest number.
void AssignPrecision::saturate(ge::ConstOp constant) {
  auto attr = cast<ElementsAttr>(constant.getValue());
  FailureOr<std::vector<float>> values = gemlir::getFloatValues(attr);
  if (failed(values) || !gemlir::saturate(*values, narrow))
    return;
  auto type = cast<RankedTensorType>(attr.getType());
  OpBuilder builder(constant);
  auto saturated = ge::ConstOp::create(builder, constant.getLoc(), gemlir::makeFloatConstant(type, *values));
  shortened[constant.getResult()] = makeCast(saturated.getResult(), narrow);
  ++numSaturated;
}

Value AssignPrecision::toShort(Value value) {
  if (Value source = widened.lookup(value))
    return source;
  if (auto constant = value.getDefiningOp<ge::ConstOp>(); constant && !shortened.contains(value))
    saturate(constant);
  Value &cast = shortened[value];
  if (!cast)
    cast = makeCast(value, narrow);
  return cast;
}

bool AssignPrecision::isChosen(Operation *op) {
  if (isNeverShort(op))
    return false;
  bool reads = false, all = true;
  for (Value operand : op->getOperands()) {
    if (!hasElements(operand.getType(), wide))
      continue;
    reads = true;
    all &= widened.contains(operand) || isa_and_nonnull<ge::ConstOp>(operand.getDefiningOp());
  }
  // A constant alone is no reason.
  const bool follows = all && llvm::any_of(op->getOperands(), [&](Value operand) { return widened.contains(operand); });
  return reads && (isAlwaysShort(op) || everywhere || follows);
}

void AssignPrecision::shorten(Operation *op) {
  SmallVector<Value> operands(op->getOperands());
  for (Value &operand : operands)
    if (hasElements(operand.getType(), wide))
      operand = toShort(operand);
  SmallVector<Type> types;
  auto inference = cast<InferTypeOpInterface>(op);
  if (failed(inference.inferReturnTypes(&getContext(), op->getLoc(), operands, op->getDiscardableAttrDictionary(),
                                        op->getPropertiesStorage(), op->getRegions(), types)))
    return signalPassFailure();
  op->setOperands(operands);
  ++numShortened;
  for (auto [result, type] : llvm::zip(op->getResults(), types)) {
    const bool changes = hasElements(result.getType(), wide) && hasElements(type, narrow);
    result.setType(type);
    if (!changes || result.use_empty())
      continue;
    Value cast = makeCast(result, wide);
    result.replaceAllUsesExcept(cast, cast.getDefiningOp());
    widened[cast] = result;
  }
}

void AssignPrecision::runOnOperation() {
  func::FuncOp func = getOperation();
  if (func.isExternal())
    return;
  wide = Float32Type::get(&getContext());
  narrow = type == "bf16" ? Type(BFloat16Type::get(&getContext())) : Type(Float16Type::get(&getContext()));
  if (type != "bf16" && type != "f16") {
    func.emitError("precision type '") << type << "' is not supported, expected f16 or bf16 [E10006]";
    return signalPassFailure();
  }
  runOnBlock(func.getBody().front());
}

/// Regions take their operands and give their results as they are; what is converted
/// in one is nothing to the others.
void AssignPrecision::runOnBlock(Block &block) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        runOnBlock(inner);
  shortened.clear();
  widened.clear();
  for (Operation &op : llvm::make_early_inc_range(block.without_terminator()))
    if (isChosen(&op))
      shorten(&op);
  // Conversions that nobody reads any more.
  for (auto [cast, source] : widened)
    if (cast.use_empty()) {
      cast.getDefiningOp()->erase();
      --numCasts;
    }
}
