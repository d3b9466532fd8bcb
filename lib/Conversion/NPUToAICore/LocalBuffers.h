//===- LocalBuffers.h - the local buffers of a kernel -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_LOCALBUFFERS_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_LOCALBUFFERS_H

#include "ge-mlir/Conversion/NPUToAICore/NPUToAICore.h"
#include "ge-mlir/Dialect/NPU/IR/LocalMemory.h"

namespace gemlir {

/// An access of a buffer by an operation of a queue.
struct BufferUse {
  mlir::Operation *op;
  engine::Queue queue;
  bool reads, writes;
};

/// All accesses of a buffer, through views too, in no order.
llvm::SmallVector<BufferUse> findUses(mlir::npu::LocalOp local);

/// Whether more than one queue uses the buffer.
bool isHandedOver(llvm::ArrayRef<BufferUse> uses);

/// Gives buffers of loops that queues hand over two copies where the device has room,
/// those in L1 up to four; returns how many.
unsigned multiBuffer(mlir::npu::KernelOp kernel, const device::Description &device);

/// Gives every buffer its address. If they do not fit, says why at the kernel if
/// `report` is set, and fails. `bytes` becomes what the fullest memory needs,
/// `capacity` what it has.
struct MemoryUse {
  int64_t bytes = 0, capacity = 1;
};
llvm::LogicalResult planLocalMemory(mlir::npu::KernelOp kernel, const device::Description &device, bool report,
                                    MemoryUse &use);

/// Inserts the flags that order the queues' accesses of buffers; `edges` becomes how
/// many. Fails, with an error, where the device has too few flags.
llvm::LogicalResult insertSync(mlir::npu::KernelOp kernel, const device::Description &device, size_t &edges);

/// Replaces a kernel whose buffers have addresses by a function of commands. Fails,
/// with an error, at what no command does.
llvm::LogicalResult convertToEngine(mlir::npu::KernelOp kernel, const device::Description &device);

/// The two kernels that a kernel for both kinds of cores becomes, in its place, or the
/// kernel itself if it is another.
llvm::SmallVector<mlir::npu::KernelOp> splitMix(mlir::npu::KernelOp kernel);

/// Finds a pass's device, by name, file or its JSON, and says so if there is none.
llvm::LogicalResult lookupDevice(mlir::MLIRContext *context, const std::string &name, device::Description &device);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_LOCALBUFFERS_H
