//===- NPUOps.td - all operations of the npu dialect -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "ge-mlir/Dialect/NPU/IR/NPUCoreOps.td"
include "ge-mlir/Dialect/NPU/IR/NPULocalOps.td"
include "ge-mlir/Dialect/NPU/IR/NPUProgramOps.td"
