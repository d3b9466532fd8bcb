//===- LocalMemory.h - memories and queues of operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_LOCALMEMORY_H
#define GEMLIR_DIALECT_NPU_IR_LOCALMEMORY_H

#include "ge-mlir/Device/Engine.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

namespace mlir::npu {

/// The memory of a buffer.
gemlir::engine::Space getSpace(Type memref);
inline bool isIn(Value memref, gemlir::engine::Space space) { return getSpace(memref.getType()) == space; }

/// A memref type in a local memory.
MemRefType getLocalType(ArrayRef<int64_t> shape, Type element, gemlir::engine::Space space);

/// The queue that executes an operation of NPULocalOps.td or `npu.move`; none for
/// any other operation, or if no queue moves between these memories.
std::optional<gemlir::engine::Queue> getQueue(Operation *op);

/// The `npu.local` that a view comes from, or null.
LocalOp getLocal(Value memref);

/// The code of an element type in commands, or none.
std::optional<gemlir::engine::Type> getEngineType(Type type);

} // namespace mlir::npu

#endif // GEMLIR_DIALECT_NPU_IR_LOCALMEMORY_H
