//===- AttentionKernel.h - attention on cube and vector cores --*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_ATTENTIONKERNEL_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_ATTENTIONKERNEL_H

#include "LocalBuffers.h"

namespace gemlir {

/// Replaces the attention of a kernel by sections for the cube core and the vector
/// cores of each group. Says in `reason` why they cannot execute it, and fails.
llvm::LogicalResult emitAttentionKernel(mlir::npu::KernelOp kernel, const device::Description &device,
                                        std::string &reason);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_ATTENTIONKERNEL_H
