//===- GEPrecompiledHeaders.h - MLIR and dialect headers parsed once -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What PrecompiledHeaders.h is to users of MLIR, to users of the ge dialect.
//
//===----------------------------------------------------------------------===//

#include "PrecompiledHeaders.h"

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
