//===- ErrorMessage.h - texts of failures, per thread -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_GRAPH_ERRORMESSAGE_H
#define GE_MLIR_GRAPH_ERRORMESSAGE_H

#include <string>

namespace gemlir {

/// Adds a failure of the calling thread. `code` is stable and documented, like
/// "E10001"; `text` names what was found and what was expected.
void reportError(const char *code, const std::string &text);
void reportWarning(const char *code, const std::string &text);

/// The calling thread's texts, one a line in front of which stands its code.
/// Reading forgets them.
std::string takeErrors();
std::string takeWarnings();

} // namespace gemlir

#endif // GE_MLIR_GRAPH_ERRORMESSAGE_H
