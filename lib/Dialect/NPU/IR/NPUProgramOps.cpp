//===- NPUProgramOps.cpp - program-level operations of the npu dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace mlir::npu;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUOps.cpp.inc"

using EffectList = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

template <typename Effect>
static void addEffect(EffectList &effects, OpOperand &operand) {
  effects.emplace_back(Effect::get(), &operand, SideEffects::DefaultResource::get());
}

//===----------------------------------------------------------------------===//
// ProgramOp
//===----------------------------------------------------------------------===//

ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &b, ArrayRef<Type> ins, ArrayRef<Type> outs, function_interface_impl::VariadicFlag,
                  std::string &) { return b.getFunctionType(ins, outs); };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false,
                                                  getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void ProgramOp::print(OpAsmPrinter &p) {
  function_interface_impl::printFunctionOp(p, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult ProgramOp::verify() {
  for (auto [index, type] : llvm::enumerate(getFunctionType().getInputs()))
    if (!isa<MemRefType>(type))
      return emitOpError("expects argument ") << index << " to be a memref, but got " << type;
  if (getFunctionType().getNumResults() != 0)
    return emitOpError("expects no results, but got ") << getFunctionType().getNumResults();
  if (getNumOutputs() > getNumArguments())
    return emitOpError("expects 'num_outputs' to be at most the number of arguments, ")
           << getNumArguments() << ", but got " << getNumOutputs();
  return success();
}

//===----------------------------------------------------------------------===//
// LaunchOp, CallOp
//===----------------------------------------------------------------------===//

/// The shape and element type that a kernel argument and a launch operand share.
static bool sameStorage(Type argument, Type operand) {
  auto a = dyn_cast<ShapedType>(argument), b = dyn_cast<ShapedType>(operand);
  if (!a || !b)
    return argument == operand;
  return a.getShape() == b.getShape() && a.getElementType() == b.getElementType();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel) // C1
    return emitOpError("expects '") << getKernel() << "' to name an npu.kernel";
  SmallVector<Type> given, scalars;
  for (Type type : getOperandTypes())
    (isa<ShapedType>(type) ? given : scalars).push_back(type);
  llvm::append_range(given, getResultTypes());
  llvm::append_range(given, scalars);
  if (given.size() != kernel.getNumArguments()) // C2
    return emitOpError("expects ") << kernel.getNumArguments() << " operands and results, but got " << given.size();
  for (auto [index, pair] : llvm::enumerate(llvm::zip(kernel.getArgumentTypes(), given)))
    if (!sameStorage(std::get<0>(pair), std::get<1>(pair)))
      return emitOpError("expects argument ")
             << index << " to be " << std::get<0>(pair) << ", but got " << std::get<1>(pair);
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto program = symbols.lookupNearestSymbolFrom<ProgramOp>(*this, getProgramAttr());
  if (!program)
    return emitOpError("expects '") << getProgram() << "' to name an npu.program";
  if (TypeRange(getOperandTypes()) != TypeRange(program.getArgumentTypes()))
    return emitOpError("expects operands of the program's argument types");
  return success();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

void AllocOp::getEffects(EffectList &effects) {
  effects.emplace_back(MemoryEffects::Allocate::get(), getOperation()->getOpResult(0),
                       SideEffects::DefaultResource::get());
}

void FreeOp::getEffects(EffectList &effects) { addEffect<MemoryEffects::Free>(effects, getBufferMutable()); }

void CopyOp::getEffects(EffectList &effects) {
  addEffect<MemoryEffects::Read>(effects, getSourceMutable());
  addEffect<MemoryEffects::Write>(effects, getTargetMutable());
}

LogicalResult CopyOp::verify() {
  auto bytes = [](Type type) -> int64_t {
    auto memref = cast<MemRefType>(type);
    return memref.hasStaticShape() ? memref.getNumElements() * memref.getElementTypeBitWidth() : -1;
  };
  int64_t source = bytes(getSource().getType()), target = bytes(getTarget().getType());
  if (source != target && source >= 0 && target >= 0) // C1
    return emitOpError("expects buffers of equal size, but got ")
           << getSource().getType() << " and " << getTarget().getType();
  if ((source < 0 || target < 0) && !getSize()) // C2
    return emitOpError("expects a size beside buffers of dynamic shape");
  return success();
}

void SetDimsOp::getEffects(EffectList &effects) { addEffect<MemoryEffects::Write>(effects, getBufferMutable()); }

LogicalResult SetDimsOp::verify() {
  auto type = cast<MemRefType>(getBuffer().getType());
  if (getSizes().size() != static_cast<size_t>(type.getNumDynamicDims())) // C1
    return emitOpError("expects ") << type.getNumDynamicDims() << " sizes, but got " << getSizes().size();
  return success();
}

void CheckOp::getEffects(EffectList &effects) {
  effects.emplace_back(MemoryEffects::Write::get(), SideEffects::DefaultResource::get());
}

void ReadOp::getEffects(EffectList &effects) { addEffect<MemoryEffects::Read>(effects, getBufferMutable()); }

Value ViewOp::getViewSource() { return getSource(); }

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Checks that a region ends in npu.next with values of some types.
static LogicalResult verifyNext(Operation *op, Region &region, TypeRange types) {
  auto next = dyn_cast<NextOp>(region.front().getTerminator());
  if (next && TypeRange(next.getOperands()) == types)
    return success();
  return op->emitOpError("expects region ")
         << region.getRegionNumber() << " to end in npu.next with the types of the results";
}

LogicalResult IfOp::verify() {
  // C2
  int64_t dynamic = 0;
  for (Type type : getResultTypes())
    dynamic += cast<RankedTensorType>(type).getNumDynamicDims();
  if (dynamic != int64_t(getSizes().size()))
    return emitOpError("expects ") << dynamic << " sizes, but got " << getSizes().size();
  // C1
  return failure(failed(verifyNext(*this, getThenRegion(), getResultTypes())) ||
                 failed(verifyNext(*this, getElseRegion(), getResultTypes())));
}

LogicalResult ForOp::verify() {
  Block &body = getBody().front();
  if (body.getNumArguments() == 0 || !body.getArgument(0).getType().isIndex() ||
      TypeRange(body.getArgumentTypes()).drop_front() != TypeRange(getInits())) // C1
    return emitOpError("expects a body with an index and the types of the initial values as arguments");
  if (TypeRange(getInits()) != getResultTypes()) // C2
    return emitOpError("expects results of the types of the initial values");
  return verifyNext(*this, getBody(), getResultTypes());
}

LogicalResult WhileOp::verify() {
  for (Region *region : {&getBefore(), &getBody()})
    if (TypeRange(region->getArgumentTypes()) != TypeRange(getInits())) // C1
      return emitOpError("expects region ")
             << region->getRegionNumber() << " to have the types of the initial values as arguments";
  if (TypeRange(getInits()) != getResultTypes()) // C2
    return emitOpError("expects results of the types of the initial values");
  if (!isa<ConditionOp>(getBefore().front().getTerminator()))
    return emitOpError("expects region 0 to end in npu.condition");
  return verifyNext(*this, getBody(), getResultTypes());
}
