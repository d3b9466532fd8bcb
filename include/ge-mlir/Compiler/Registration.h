//===- Registration.h - dialects, passes and pipelines of the project -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_COMPILER_REGISTRATION_H
#define GEMLIR_COMPILER_REGISTRATION_H

namespace mlir {
class DialectRegistry;
}

namespace gemlir {

/// The project's dialects, the upstream ones that its stages use, and the
/// interfaces that tiling, bufferization and lowering need.
void registerDialects(mlir::DialectRegistry &registry);

/// The project's passes and named pipelines, and upstream's that it uses.
void registerPasses();

} // namespace gemlir

#endif // GEMLIR_COMPILER_REGISTRATION_H
