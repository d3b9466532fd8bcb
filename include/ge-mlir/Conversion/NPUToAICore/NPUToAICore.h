//===- NPUToAICore.h - kernels to engine commands -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The road of a kernel on an AI Core: tiles and local buffers, copies, addresses,
// flags, commands, words. What a kernel's function looks like:
//
//   llvm.func @NAME.vector(%args: !llvm.ptr) // or .cube
//
// `args` points at an array of 64-bit words: the buffers' addresses in the order
// of the kernel's arguments, then its scalars. The attribute `npu.blocks` says on
// how many blocks it runs.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOAICORE_NPUTOAICORE_H
#define GEMLIR_CONVERSION_NPUTOAICORE_NPUTOAICORE_H

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
namespace affine {
class AffineDialect;
}
namespace scf {
class SCFDialect;
}
namespace LLVM {
class LLVMDialect;
}
} // namespace mlir

namespace gemlir {

/// Of a kernel for the engines of an AI Core: the kind of core, "vector" or "cube", or
/// kMixEngine.
constexpr llvm::StringLiteral kEngineAttrName = "npu.engine";
/// The engine of a kernel with sections for both kinds of cores.
constexpr llvm::StringLiteral kMixEngine = "mix";
/// Of one of the two kernels that such a kernel becomes.
constexpr llvm::StringLiteral kMixAttrName = "npu.mix";
/// Of a kernel without an engine lowering: why.
constexpr llvm::StringLiteral kReasonAttrName = "npu.aicpu_reason";
/// Of a kernel for the cube or for vector cores, on demand: the best tiles, that of the
/// kernel first, each with its rows, columns, depths of a slab and of a step (0 on vector
/// cores), and estimated cycles.
constexpr llvm::StringLiteral kCandidatesAttrName = "npu.tile_candidates";
/// Of the function of an engine kernel: on how many blocks it runs.
constexpr llvm::StringLiteral kBlocksAttrName = "npu.blocks";

/// From kernels that `npu-tile-engines` took to functions of the LLVM dialect;
/// other kernels stay. Adds passes for modules.
void buildNPUToAICorePipeline(mlir::OpPassManager &pm, const device::Description &device);

/// Makes the pipeline known as `npu-to-aicore-pipeline`.
void registerNPUToAICorePipeline();

#define GEN_PASS_DECL
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"

} // namespace gemlir

#endif // GEMLIR_CONVERSION_NPUTOAICORE_NPUTOAICORE_H
