//===- Version.h - which ge-mlir this is ------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_SUPPORT_VERSION_H
#define GEMLIR_SUPPORT_VERSION_H

namespace gemlir {

/// "1.2.3": what models record and caches compare.
const char *getVersion();

} // namespace gemlir

#endif // GEMLIR_SUPPORT_VERSION_H
