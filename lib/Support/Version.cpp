//===- Version.cpp - which ge-mlir this is --------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Support/Version.h"

const char *gemlir::getVersion() { return GEMLIR_VERSION; }
