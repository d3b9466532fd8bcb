//===- AICore.h - kernels to the device binary of an NPU --------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels become one static RISC-V ELF file. A kernel that the engines can
// compute becomes programs of the cube and vector cores; every other one becomes
// ordinary code for the AICPU harts beside them, so a model is complete in itself.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_AICORE_AICORE_H
#define GEMLIR_TARGET_AICORE_AICORE_H

#include "ge-mlir/Target/LLVM/KernelCompiler.h"

namespace gemlir {
namespace aicore {

/// Where a kernel runs, and for those on an AICPU why not on the engines.
struct Placement {
  std::string kernel;
  std::string unit; ///< "cube", "vector", "mix", "aicpu" or "host"
  std::string reason;
  /// Of a kernel for the cube, on demand: the best tiles, as `npu.tile_candidates`.
  std::vector<std::vector<int64_t>> tiles;
};

/// Compiles every `npu.kernel` directly in `module` (bufferized; other operations
/// are ignored) to an ELF file with the section `.npu.kernels`, which names all
/// kernels and their entries, and `.npu.target`, the device as JSON. The module is
/// left as it is. Errors are diagnostics at the kernel.
///
/// With `host`, what the engines cannot compute becomes a shared object for that
/// device instead of code for the AICPU harts.
struct Binaries {
  llvm::SmallVector<char> device, host; ///< `host` is empty if it has no kernel
  std::vector<Placement> placements;
};
mlir::LogicalResult compileKernels(mlir::ModuleOp module, const device::Description &device,
                                   const device::Description *host, const target::CodegenOptions &options,
                                   Binaries &result);

/// The same, stopping earlier: the optimized LLVM IR or the assembly of all
/// kernels as text.
mlir::LogicalResult emitText(mlir::ModuleOp module, const device::Description &device,
                             const target::CodegenOptions &options, target::Output output, llvm::raw_ostream &os);

} // namespace aicore
} // namespace gemlir

#endif // GEMLIR_TARGET_AICORE_AICORE_H
