//===- NPUToLLVM.cpp - kernels to the LLVM dialect ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace gemlir {
#define GEN_PASS_DEF_CONVERTNPUTOLLVM
#include "ge-mlir/Conversion/NPUToLLVM/Passes.h.inc"
} // namespace gemlir

using namespace mlir;

namespace {

/// Replaces one kernel by its two functions. Buffers enter the body through
/// unrealized casts from descriptors, which the conversion proper resolves.
class KernelConverter {
public:
  KernelConverter(npu::KernelOp kernel, const LLVMTypeConverter &converter)
      : kernel(kernel), converter(converter), builder(kernel), loc(kernel.getLoc()),
        pointer(LLVM::LLVMPointerType::get(kernel.getContext())), i64(builder.getI64Type()) {}

  void convert() {
    LLVM::LLVMFuncOp body = createBody();
    createEntry(body);
    kernel.erase();
  }

private:
  LLVM::LLVMFuncOp createBody() {
    SmallVector<Type> types;
    for (Type type : kernel.getArgumentTypes())
      types.push_back(isa<MemRefType>(type) ? Type(pointer) : type);
    types.append({i64, i64});
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(kernel.getContext()), types);
    auto func =
        LLVM::LLVMFuncOp::create(builder, loc, (kernel.getSymName() + ".body").str(), type, LLVM::Linkage::Internal);
    func.setNoUnwind(true);
    // The planner of memory lets a kernel write in place only where each element
    // is read before it is written, so that no access moves across another to
    // the same element.
    for (auto [index, argument] : llvm::enumerate(kernel.getArgumentTypes()))
      if (isa<MemRefType>(argument))
        func.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());

    unsigned numScalars = kernel.getScalars().size();
    OpBuilder::InsertionGuard guard(builder);
    Region &region = func.getBody();
    region.takeBody(kernel.getBody());
    Block &entry = region.front();
    builder.setInsertionPointToStart(&entry);
    SmallVector<BlockArgument> old(entry.getArguments());
    SmallVector<Value> converted;
    for (Type argument : types)
      converted.push_back(entry.addArgument(argument, loc));
    ArrayRef<Value> scalars = ArrayRef(converted).take_front(old.size()).take_back(numScalars);
    for (auto [from, to] : llvm::zip(old, converted))
      from.replaceAllUsesWith(toBuffer(from.getArgNumber(), from.getType(), to, scalars));
    entry.eraseArguments(0, old.size());
    replaceKernelOps(region, converted[converted.size() - 2], converted.back());
    return func;
  }

  Value toBuffer(unsigned argument, Type type, Value value, ArrayRef<Value> scalars) {
    auto memref = dyn_cast<MemRefType>(type);
    if (!memref)
      return value;
    Value descriptor = memref.hasStaticShape()
                           ? MemRefDescriptor::fromStaticShape(builder, loc, converter, memref, value)
                           : describe(argument, memref, value, scalars);
    return UnrealizedConversionCastOp::create(builder, loc, type, descriptor).getResult(0);
  }

  /// The descriptor of a buffer of dynamic shape, whose sizes are scalars.
  Value describe(unsigned argument, MemRefType type, Value address, ArrayRef<Value> scalars) {
    auto descriptor = MemRefDescriptor::poison(builder, loc, converter.convertType(type));
    descriptor.setAllocatedPtr(builder, loc, address);
    descriptor.setAlignedPtr(builder, loc, address);
    descriptor.setConstantOffset(builder, loc, 0);
    Value stride = LLVM::ConstantOp::create(builder, loc, i64, builder.getI64IntegerAttr(1));
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      Value size = type.isDynamicDim(dim)
                       ? scalars[kernel.getSizeScalar(argument, dim)]
                       : LLVM::ConstantOp::create(builder, loc, i64, builder.getI64IntegerAttr(type.getDimSize(dim)));
      descriptor.setSize(builder, loc, dim, size);
      descriptor.setStride(builder, loc, dim, stride);
      stride = LLVM::MulOp::create(builder, loc, stride, size);
    }
    return descriptor;
  }

  void replaceKernelOps(Region &region, Value begin, Value end) {
    region.walk([&](Operation *op) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(op);
      if (auto range = dyn_cast<npu::TileRangeOp>(op)) {
        Type index = builder.getIndexType();
        range.getBegin().replaceAllUsesWith(arith::IndexCastOp::create(builder, loc, index, begin));
        range.getEnd().replaceAllUsesWith(arith::IndexCastOp::create(builder, loc, index, end));
        op->erase();
      } else if (isa<npu::ReturnOp>(op)) {
        LLVM::ReturnOp::create(builder, op->getLoc(), ValueRange());
        op->erase();
      }
    });
  }

  void createEntry(LLVM::LLVMFuncOp body) {
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(kernel.getContext()),
                                            {pointer, pointer, i64, i64, pointer});
    auto func = LLVM::LLVMFuncOp::create(builder, loc, kernel.getSymName(), type);
    func.setNoUnwind(true);
    OpBuilder::InsertionGuard guard(builder);
    Block *entry = func.addEntryBlock(builder);
    builder.setInsertionPointToStart(entry);
    SmallVector<Value> operands;
    int32_t buffers = 0, scalars = 0;
    for (Type argument : kernel.getArgumentTypes()) {
      bool isBuffer = isa<MemRefType>(argument);
      Type element = isBuffer ? Type(pointer) : i64;
      Value array = entry->getArgument(isBuffer ? 0 : 1);
      int32_t position = isBuffer ? buffers++ : scalars++;
      Value address = LLVM::GEPOp::create(builder, loc, pointer, element, array, ArrayRef<LLVM::GEPArg>{position});
      operands.push_back(LLVM::LoadOp::create(builder, loc, element, address));
    }
    operands.push_back(entry->getArgument(2));
    operands.push_back(entry->getArgument(3));
    LLVM::CallOp::create(builder, loc, body, operands);
    LLVM::ReturnOp::create(builder, loc, ValueRange());
  }

  npu::KernelOp kernel;
  const LLVMTypeConverter &converter;
  OpBuilder builder;
  Location loc;
  Type pointer, i64;
};

/// From f16 to f32 by arithmetic, for a processor that would call a function for each.
/// The exponent moves by a product, which is exact, also below the least normal number;
/// what has the largest exponent is infinite or no number.
struct ExpandHalf : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn().getType()).isF16() || !getElementTypeOrSelf(op.getType()).isF32())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto shaped = [&](Type element) -> Type {
      auto vector = dyn_cast<VectorType>(op.getType());
      return vector ? Type(vector.clone(element)) : element;
    };
    auto constant = [&](Type type, TypedAttr number) -> Value {
      if (auto vector = dyn_cast<VectorType>(type))
        number = DenseElementsAttr::get(vector, Attribute(number));
      return arith::ConstantOp::create(b, number);
    };
    const Type i16 = shaped(b.getI16Type()), i32 = shaped(b.getI32Type()), f32 = op.getType();
    auto integer = [&](uint32_t bits) { return constant(i32, b.getI32IntegerAttr(int32_t(bits))); };
    auto real = [&](float number) { return constant(f32, b.getF32FloatAttr(number)); };
    Value wide = arith::ExtSIOp::create(b, i32, arith::BitcastOp::create(b, i16, op.getIn()));
    Value bits = arith::AndIOp::create(b, arith::ShLIOp::create(b, wide, integer(13)), integer(0x8fffe000));
    Value number = arith::MulFOp::create(b, arith::BitcastOp::create(b, f32, bits), real(0x1p112f));
    Value special = arith::BitcastOp::create(b, f32, arith::OrIOp::create(b, bits, integer(0x7f800000)));
    Value magnitude = math::AbsFOp::create(b, number);
    Value isFinite = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, magnitude, real(0x1p16f));
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, isFinite, number, special);
    return success();
  }
};

struct ConvertNPUToLLVM : gemlir::impl::ConvertNPUToLLVMBase<ConvertNPUToLLVM> {
  using ConvertNPUToLLVMBase::ConvertNPUToLLVMBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    LowerToLLVMOptions options(context);
    options.overrideIndexBitwidth(64);
    LLVMTypeConverter converter(context, options);

    for (auto kernel : llvm::make_early_inc_range(module.getOps<npu::KernelOp>())) {
      KernelConverter(kernel, converter).convert();
      ++numKernels;
    }

    // Conversions of bf16 are shifts, where LLVM would call a library.
    RewritePatternSet expansions(context);
    arith::populateExpandBFloat16Patterns(expansions);
    if (expandHalf)
      expansions.add<ExpandHalf>(context);
    arith::populateCeilFloorDivExpandOpsPatterns(expansions);
    if (failed(applyPatternsGreedily(module, std::move(expansions))))
      return signalPassFailure();

    RewritePatternSet patterns(context);
    vector::populateVectorMaskOpLoweringPatterns(patterns);
    // Lanes and sizes of a row are far below 2^31.
    vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/true);
    vector::populateVectorStepLoweringPatterns(patterns);
    vector::populateVectorBroadcastLoweringPatterns(patterns);
    vector::populateVectorInterleaveLoweringPatterns(patterns);
    vector::populateVectorInterleaveToShufflePatterns(patterns);
    vector::populateVectorBitCastLoweringPatterns(patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);

    LLVMConversionTarget target(*context);
    target.addLegalOp<ModuleOp>();
    if (failed(applyFullConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    // Those by which the buffers entered meet those of their uses.
    SmallVector<UnrealizedConversionCastOp> casts, remaining;
    module.walk([&](UnrealizedConversionCastOp cast) { casts.push_back(cast); });
    reconcileUnrealizedCasts(casts, &remaining);
    if (!remaining.empty()) {
      remaining.front()->emitError("cannot be converted to the LLVM dialect");
      return signalPassFailure();
    }
  }
};

} // namespace
