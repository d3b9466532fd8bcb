//===- Pipelines.h - the order of the compiler's stages -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_COMPILER_PIPELINES_H
#define GEMLIR_COMPILER_PIPELINES_H

#include "mlir/Pass/PassOptions.h"
#include <string>

namespace mlir {
class OpPassManager;
}

namespace gemlir {

/// Options of the stages below `ge`.
struct DevicePipelineOptions : mlir::PassPipelineOptions<DevicePipelineOptions> {
  Option<std::string> device{*this, "device", llvm::cl::desc("Device to compile for: a name or a JSON file"),
                             llvm::cl::init("Host")};
  Option<unsigned> candidates{*this, "candidates", llvm::cl::desc("Of kernels for engines, list so many of the tiles"),
                              llvm::cl::init(0)};
  Option<std::string> cubeType{*this, "cube-type",
                               llvm::cl::desc("What a cube's operands of f32 are rounded to: f16, or nothing"),
                               llvm::cl::init("")};
  Option<bool> roundOnce{*this, "round-once", llvm::cl::desc("Do not round between operations that are fused"),
                         llvm::cl::init(false)};
};

/// From `ge` with formats to linalg and tile operations on tensors, fused.
void buildGEToLinalgPipeline(mlir::OpPassManager &pm, const DevicePipelineOptions &options);

/// From linalg on tensors to kernels and a program on buffers.
void buildLinalgToNPUPipeline(mlir::OpPassManager &pm, const DevicePipelineOptions &options);

/// Makes the pipelines known to textual pipeline descriptions:
/// `ge-to-linalg-pipeline` and `linalg-to-npu-pipeline`.
void registerPipelines();

} // namespace gemlir

#endif // GEMLIR_COMPILER_PIPELINES_H
