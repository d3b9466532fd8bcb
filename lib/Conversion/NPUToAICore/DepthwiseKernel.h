//===- DepthwiseKernel.h - depthwise convolutions on vector cores -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_DEPTHWISEKERNEL_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_DEPTHWISEKERNEL_H

#include "LocalBuffers.h"

namespace gemlir {

/// Replaces the body, an `npu.depthwise` and what it needs, by a loop over parts of
/// the result with local buffers. Says in `reason` why the vector unit cannot
/// execute the kernel, leaves it as it is, and fails.
llvm::LogicalResult emitDepthwiseKernel(mlir::npu::KernelOp kernel, const device::Description &device,
                                        std::string &reason);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_DEPTHWISEKERNEL_H
