//===- Pipeline.cpp - from kernels of engines to the LLVM dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void gemlir::buildNPUToAICorePipeline(OpPassManager &pm, const device::Description &device) {
  const std::string text = device.aiCore ? device::toJson(device) : device.name;
  pm.addPass(createNPUSplitMix());
  OpPassManager &kernels = pm.nest<npu::KernelOp>();
  kernels.addPass(createNPUMultiBuffer({text}));
  kernels.addPass(createNPUPlanLocalMemory({text}));
  kernels.addPass(createNPUInsertSync({text}));
  pm.addPass(createConvertNPUToEngine({text}));
  // Because equal sizes must be one value for a parameter to be known.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createConvertEngineToLLVM({/*lines=*/true}));
  pm.addPass(createLoopInvariantCodeMotionPass());
  OpPassManager &functions = pm.nest<LLVM::LLVMFuncOp>();
  functions.addPass(createSCFToControlFlowPass());
  functions.addPass(createArithToLLVMConversionPass());
  functions.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

namespace {
struct AICorePipelineOptions : PassPipelineOptions<AICorePipelineOptions> {
  Option<std::string> device{*this, "device", llvm::cl::desc("Device to compile for: a name or a JSON file"),
                             llvm::cl::init("Ascend910B1")};
};
} // namespace

void gemlir::registerNPUToAICorePipeline() {
  PassPipelineRegistration<AICorePipelineOptions>("npu-to-aicore-pipeline",
                                                  "Lower kernels that engines execute to the LLVM dialect",
                                                  [](OpPassManager &pm, const AICorePipelineOptions &options) {
                                                    device::Description device;
                                                    std::string error;
                                                    // The passes report a device that does not exist.
                                                    if (!device::lookup(options.device, device, error))
                                                      device.name = options.device;
                                                    buildNPUToAICorePipeline(pm, device);
                                                  });
}
