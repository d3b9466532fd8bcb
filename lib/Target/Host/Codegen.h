//===- Codegen.h - one LLVM module to an object or assembly -----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_TARGET_HOST_CODEGEN_H
#define GEMLIR_LIB_TARGET_HOST_CODEGEN_H

#include "ge-mlir/Target/Host/Host.h"

#include "llvm/IR/Module.h"

namespace gemlir {
namespace host {

/// What code generation makes of a module.
enum class Output { IR, Assembly, Object };

/// Makes fatal errors of LLVM and crashes recoverable on all threads while it
/// lives.
class RecoveryScope {
public:
  RecoveryScope();
  ~RecoveryScope();
};

/// Runs `work` so that fatal errors of LLVM and crashes come back as `false`
/// with a text. Needs a `RecoveryScope`.
bool runRecoverably(llvm::function_ref<void()> work, std::string &error);

/// Makes the targets of all built-in devices known to LLVM.
void initializeTargets();

/// The device's data layout, or an error for a target that LLVM does not know.
bool getDataLayout(const device::Description &device, std::string &layout, std::string &error);

/// Optimizes `module` and generates code. `vectorizeLoops` is for loops that no
/// emitter shaped.
bool generateCode(llvm::Module &module, const device::Description &device, bool vectorizeLoops,
                  Output output, llvm::SmallVectorImpl<char> &result, std::string &error);

/// The object with what LLVM may call on its own: memcpy, memmove and memset.
bool generateSupport(const device::Description &device, Output output,
                     llvm::SmallVectorImpl<char> &result, std::string &error);

} // namespace host
} // namespace gemlir

#endif // GEMLIR_LIB_TARGET_HOST_CODEGEN_H
