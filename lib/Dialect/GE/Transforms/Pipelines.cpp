//===- Pipelines.cpp - the order of passes on the ge dialect --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Transforms/Pipelines.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void ge::buildGEPipeline(OpPassManager &pm, const GEPipelineOptions &options) {
  // Because no other pass knows that a value may change after it was made.
  pm.addPass(createResolveVariablesPass());
  OpPassManager &func = pm.nest<func::FuncOp>();
  FoldConstantsPassOptions folding;
  folding.maxBytes = options.maxFoldedBytes;
  RecognizePatternsPassOptions recognition;
  recognition.fastMath = options.fastMath;
  recognition.fuseAttention = options.fuseAttention;

  LegalizeONNXPassOptions legalization;
  legalization.byteProducts = options.byteProducts;
  // Because every later pass reads operators, not what frameworks call them.
  func.addPass(createLegalizeONNXPass(legalization));
  // Because a graph from a client states types only where it must.
  func.addPass(createInferShapesPass());
  // Because predicates and shapes are constant only after folding.
  func.addPass(createFoldConstantsPass(folding));
  func.addPass(createInlineControlFlowPass());
  // Because an inlined branch brings constants together with their users.
  func.addPass(createFoldConstantsPass(folding));
  // Because patterns are found only where nothing redundant lies between.
  func.addPass(createCanonicalizerPass());
  func.addPass(createCSEPass());
  // Because a composite hides the product and the addition that fuse.
  func.addPass(createDecomposePass());
  // Because a weight takes a factor before a pattern takes it for something else.
  func.addPass(createFuseConvBiasBNPass());
  func.addPass(createRecognizePatternsPass(recognition));
  // Because a division that became a product may now fold into weights.
  func.addPass(createFuseConvBiasBNPass());
  // Because patterns leave transposed and reshaped constants behind.
  func.addPass(createFoldConstantsPass(folding));
  func.addPass(createCanonicalizerPass());
  func.addPass(createCSEPass());
  if (!options.precision.empty()) {
    AssignPrecisionPassOptions precision;
    llvm::StringRef type = options.precision;
    precision.everywhere = !type.consume_front("mix-");
    precision.type = type.str();
    // Because operators are what they will be, and weights are converted once.
    func.addPass(createAssignPrecisionPass(precision));
    func.addPass(createFoldConstantsPass(folding));
    func.addPass(createCanonicalizerPass());
  }
  if (options.assignFormats) {
    AssignFormatsPassOptions formats;
    formats.c0 = options.c0;
    // Because the cost of conversions is that of the operators which remain.
    func.addPass(createAssignFormatsPass(formats));
    // Because conversions of one value for several users, or there and back, are one or none.
    func.addPass(createCanonicalizerPass());
    func.addPass(createCSEPass());
  }
}

void ge::registerGEPipeline() {
  PassPipelineRegistration<GEPipelineOptions>("ge-pipeline", "From an imported graph to one ready for lowering",
                                              buildGEPipeline);
}
