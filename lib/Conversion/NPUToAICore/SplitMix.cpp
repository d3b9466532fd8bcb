//===- SplitMix.cpp - kernels of both kinds of cores become two -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

namespace gemlir {
#define GEN_PASS_DEF_NPUSPLITMIX
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;

/// Keeps the section of one kind of core, in the place of the section.
static void keepSection(npu::KernelOp kernel, StringRef core) {
  Block &body = kernel.getBody().front();
  for (npu::SectionOp section : llvm::make_early_inc_range(body.getOps<npu::SectionOp>())) {
    if (section.getCore() == core)
      body.getOperations().splice(section->getIterator(), section.getBody().front().getOperations());
    section.erase();
  }
  // What only the other section used.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

SmallVector<npu::KernelOp> gemlir::splitMix(npu::KernelOp kernel) {
  auto engine = kernel->getAttrOfType<StringAttr>(kEngineAttrName);
  if (!engine || engine.getValue() != kMixEngine)
    return {kernel};
  OpBuilder b(kernel);
  SmallVector<npu::KernelOp> parts;
  for (StringRef core : {"cube", "vector"}) {
    auto part = cast<npu::KernelOp>(b.clone(*kernel));
    part.setSymName((kernel.getSymName() + "." + core).str());
    part->setAttr(kEngineAttrName, b.getStringAttr(core));
    part->setAttr(kMixAttrName, b.getUnitAttr());
    keepSection(part, core);
    parts.push_back(part);
  }
  kernel.erase();
  return parts;
}

namespace {
struct NPUSplitMix : gemlir::impl::NPUSplitMixBase<NPUSplitMix> {
  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<npu::KernelOp>()))
      numSplit += splitMix(kernel).size() > 1;
  }
};
} // namespace
