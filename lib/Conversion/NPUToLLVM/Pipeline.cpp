//===- Pipeline.cpp - from bufferized kernels to the LLVM dialect ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"
#include "ge-mlir/Conversion/NPUToVector/NPUToVector.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void gemlir::buildNPUToLLVMPipeline(OpPassManager &pm, const device::Description &device) {
  OpPassManager &kernels = pm.nest<npu::KernelOp>();
  kernels.addPass(createLowerTileOpsPass(device));
  kernels.addPass(createLowerGenericsPass(device));
  kernels.addPass(createCSEPass());
  // Before expansion, because the expanded forms are longer than what they would
  // be cleaned of.
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createNPUExpandMath());
  // After expansion, which computes functions of narrow types in f32 itself.
  arith::ArithEmulateUnsupportedFloatsOptions narrow;
  narrow.sourceTypeStrs = {"bf16", "f16"};
  narrow.targetTypeStr = "f32";
  kernels.addPass(arith::createArithEmulateUnsupportedFloats(narrow));
  kernels.addPass(createConvertVectorToSCFPass(VectorTransferToSCFOptions().enableFullUnroll()));
  kernels.addPass(createLowerAffinePass());
  kernels.addPass(createSCFToControlFlowPass());
  kernels.addPass(memref::createExpandStridedMetadataPass());
  // Strided metadata becomes affine arithmetic.
  kernels.addPass(createLowerAffinePass());
  ConvertNPUToLLVMOptions conversion;
  conversion.expandHalf = device.aiCore.has_value();
  pm.addPass(createConvertNPUToLLVM(conversion));
  pm.addPass(createCSEPass());
}
