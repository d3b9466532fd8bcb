//===- Options.h - options of sessions, builds and parsers ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_API_OPTIONS_H
#define GE_MLIR_LIB_API_OPTIONS_H

#include "WeightFolder.h"
#include "ge-mlir/Compiler/Compiler.h"
#include "ge_common/ge_common_api_types.h"
#include "graph/graph.h"

#include <map>
#include <string>

namespace gemlir::api {

using AscendMap = std::map<::ge::AscendString, ::ge::AscendString>;
using Options = std::map<std::string, std::string>;

/// Who takes the options: an unknown one is a warning for the first, an error
/// for the others.
enum class OptionScope { Session, BuildInitialize, BuildModel, Parse };

/// Checks keys and the syntax of values; false after a reported error.
bool readOptions(const AscendMap &from, OptionScope scope, Options &to);

/// `over` wins over `under`.
Options mergeOptions(const Options &under, const Options &over);

/// The value of the first of the keys that is set; empty if none is.
std::string getOption(const Options &options, std::initializer_list<const char *> keys);

/// What the options ask of the compiler. Reports and returns a status other
/// than SUCCESS for a value that is wrong or not supported.
::ge::Status toCompileOptions(const Options &options, CompileOptions &result);

/// Reports a text that may end with its code, as in "... [E10018]".
void reportErrorWithCode(std::string text, const char *otherwise);

/// Runs the compiler and reports its failure. Weights that go to files without a
/// folder of the user's go to `folder`; dumps are called by `graphId`.
::ge::Status compileGraph(const ::ge::Graph &graph, uint32_t graphId, const Options &options, WeightFolder &folder,
                          ::ge::ModelBufferData &model);

} // namespace gemlir::api

#endif // GE_MLIR_LIB_API_OPTIONS_H
