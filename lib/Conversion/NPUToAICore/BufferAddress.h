//===- BufferAddress.h - where a view of a buffer is -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_BUFFERADDRESS_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_BUFFERADDRESS_H

#include "ge-mlir/Dialect/NPU/IR/LocalMemory.h"
#include "ge-mlir/Dialect/Utils/Constants.h"

namespace gemlir {

/// Sums and products of sizes, folded where they are known.
mlir::OpFoldResult add(mlir::OpBuilder &b, mlir::Location loc, mlir::OpFoldResult x, mlir::OpFoldResult y);
mlir::OpFoldResult multiply(mlir::OpBuilder &b, mlir::Location loc, mlir::OpFoldResult x, mlir::OpFoldResult y);
/// x / y, rounded up; y is positive.
mlir::OpFoldResult ceilDivide(mlir::OpBuilder &b, mlir::Location loc, mlir::OpFoldResult x, int64_t y);

/// The kernel's buffer that a tensor stands for, or null.
mlir::Value getBuffer(mlir::Value tensor);

/// A view: where it starts, in bytes (from the start of its memory, or an address
/// of global memory), its sizes, and strides in elements.
struct BufferAddress {
  engine::Space space = engine::Space::GM;
  mlir::Type element;
  mlir::OpFoldResult start;
  llvm::SmallVector<mlir::OpFoldResult> sizes, strides;

  int64_t elementBytes() const { return getElementBytes(element); }
};

/// Finds where views are. Buffers of the kernel are given by their addresses.
class AddressResolver {
public:
  /// Adds a buffer whose strides are those of the identity layout.
  void setBuffer(mlir::Value buffer, BufferAddress address) { buffers[buffer] = std::move(address); }

  /// Fails, with an error, at an operation that it does not know.
  mlir::FailureOr<BufferAddress> resolve(mlir::OpBuilder &b, mlir::Value memref);

private:
  mlir::FailureOr<BufferAddress> resolveReshape(mlir::OpBuilder &b, mlir::Operation *op, mlir::Value source,
                                                mlir::MemRefType type);

  llvm::DenseMap<mlir::Value, BufferAddress> buffers;
};

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_BUFFERADDRESS_H
