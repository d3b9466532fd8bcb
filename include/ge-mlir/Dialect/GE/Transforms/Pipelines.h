//===- Pipelines.h - the order of passes on the ge dialect ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_GE_TRANSFORMS_PIPELINES_H
#define GE_MLIR_DIALECT_GE_TRANSFORMS_PIPELINES_H

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::ge {

/// What the graph stage can be told; the command line, the C++ API and Python
/// share it.
struct GEPipelineOptions : PassPipelineOptions<GEPipelineOptions> {
  Option<int64_t> c0{*this, "c0", llvm::cl::desc("Channels in a block of NC1HWC0"), llvm::cl::init(16)};
  Option<bool> assignFormats{*this, "assign-formats", llvm::cl::desc("Store images as NC1HWC0"), llvm::cl::init(true)};
  Option<std::string> precision{*this, "precision",
                                llvm::cl::desc("Compute in a shorter type: f16, bf16, mix-f16 or mix-bf16"),
                                llvm::cl::init("")};
  Option<bool> fastMath{*this, "fast-math", llvm::cl::desc("Divide by constants through their reciprocal"),
                        llvm::cl::init(true)};
  Option<bool> fuseAttention{
      *this, "fuse-attention",
      llvm::cl::desc("Make products around a softmax one operator also if their sizes are known"),
      llvm::cl::init(true)};
  Option<bool> byteProducts{*this, "byte-products", llvm::cl::desc("Convolve bytes as bytes"), llvm::cl::init(false)};
  Option<int64_t> maxFoldedBytes{*this, "max-folded-bytes", llvm::cl::desc("Largest constant that folding may create"),
                                 llvm::cl::init(16 << 20)};
};

/// From a `ge` module as imported to one that `convert-ge-to-linalg` takes. `pm`
/// runs on modules.
void buildGEPipeline(OpPassManager &pm, const GEPipelineOptions &options);

/// Makes `ge-pipeline` known to textual pipeline descriptions.
void registerGEPipeline();

} // namespace mlir::ge

#endif // GE_MLIR_DIALECT_GE_TRANSFORMS_PIPELINES_H
