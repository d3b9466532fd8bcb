//===- Codegen.h - one LLVM module to an object or assembly -----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TARGET_LLVM_CODEGEN_H
#define GEMLIR_TARGET_LLVM_CODEGEN_H

#include "ge-mlir/Device/Description.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"

#include <string>

namespace gemlir {
namespace target {

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
bool generateCode(llvm::Module &module, const device::Description &device, bool vectorizeLoops, Output output,
                  llvm::SmallVectorImpl<char> &result, std::string &error);

/// The same for the text of a module, such as functions that LLVM may call on its
/// own.
bool generateText(const char *text, const device::Description &device, Output output,
                  llvm::SmallVectorImpl<char> &result, std::string &error);

/// memcpy, memmove and memset as text for `generateText`: by words where both sides are
/// multiples of `alignment` bytes, 1 for processors that access words anywhere. Small
/// copies of known size LLVM expands itself.
std::string getMemoryFunctions(unsigned alignment);

/// Links relocatable objects with these arguments of lld besides those that every
/// link has: no libraries, nothing undefined, the same bytes each time. `error`
/// has the linker's messages. One link at a time in a process.
bool link(llvm::ArrayRef<llvm::SmallVector<char, 0>> objects, llvm::ArrayRef<const char *> arguments,
          llvm::SmallVectorImpl<char> &elf, std::string &error);

} // namespace target
} // namespace gemlir

#endif // GEMLIR_TARGET_LLVM_CODEGEN_H
