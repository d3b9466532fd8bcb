//===- Pipelines.cpp - the order of the compiler's stages -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Pipelines.h"

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"
#include "ge-mlir/Conversion/NPUToAICore/NPUToAICore.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void gemlir::buildGEToLinalgPipeline(OpPassManager &pm, const DevicePipelineOptions &options) {
  ConvertGEToLinalgOptions conversion;
  conversion.device = options.device;
  conversion.cubeType = options.cubeType;
  pm.addNestedPass<func::FuncOp>(createConvertGEToLinalg(conversion));
  // Because fusion looks for single users, and lowering leaves equal constants and dead code.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Because a packed constant needs no kernel.
  npu::NPUFoldPacksOptions packing;
  packing.device = options.device;
  pm.addNestedPass<func::FuncOp>(npu::createNPUFoldPacks(packing));
  npu::NPUFuseElementwiseOptions chains;
  chains.roundOnce = options.roundOnce;
  pm.addNestedPass<func::FuncOp>(npu::createNPUFuseElementwise(chains));
  // Because chains are one operation by now, a tile operation takes them at once.
  npu::NPUFuseEpilogueOptions fusion;
  fusion.device = options.device;
  pm.addNestedPass<func::FuncOp>(npu::createNPUFuseEpilogue(fusion));
  // Because a unit dimension between two others keeps their loops apart.
  pm.addNestedPass<func::FuncOp>(createLinalgFoldUnitExtentDimsPass());
  pm.addNestedPass<func::FuncOp>(npu::createNPUCollapseLoops());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void gemlir::buildLinalgToNPUPipeline(OpPassManager &pm, const DevicePipelineOptions &options) {
  pm.addPass(npu::createNPUFormKernels());
  // Because equal kernels are found by comparing them, the fewer operations the cheaper.
  pm.addPass(npu::createNPUDeduplicateKernels());
  npu::NPUTileKernelsOptions tiling;
  tiling.device = options.device;
  OpPassManager &kernels = pm.nest<npu::KernelOp>();
  device::Description description;
  std::string error;
  // The passes report a device that does not exist.
  if (device::lookup(options.device, description, error) && description.kind == device::Kind::AICore) {
    NPUTileEnginesOptions engines;
    engines.device = options.device;
    engines.candidates = options.candidates;
    kernels.addPass(createNPUTileEngines(engines));
  }
  kernels.addPass(npu::createNPUTileKernels(tiling));
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
  kernels.addPass(npu::createNPUBufferizeKernels());
  // Because a copy of a slice onto itself shows when equal slices are one.
  kernels.addPass(createCSEPass());
  kernels.addPass(createCanonicalizerPass());
  pm.addPass(npu::createNPUAllocateScratch());
  pm.addPass(npu::createNPUBuildProgram());
  pm.addNestedPass<npu::ProgramOp>(npu::createNPUPlanMemory());
}

void gemlir::registerPipelines() {
  PassPipelineRegistration<DevicePipelineOptions>(
      "ge-to-linalg-pipeline", "Lower ge to fused linalg and tile operations", buildGEToLinalgPipeline);
  PassPipelineRegistration<DevicePipelineOptions>(
      "linalg-to-npu-pipeline", "Form, tile and bufferize kernels and build the program", buildLinalgToNPUPipeline);
}
