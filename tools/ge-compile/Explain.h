//===- Explain.h - why a node's kernel is as it is -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_COMPILE_EXPLAIN_H
#define GEMLIR_TOOLS_GE_COMPILE_EXPLAIN_H

#include "ge-mlir/Compiler/Compiler.h"

#include <string>

/// Tiles that `explain` shows.
constexpr unsigned kExplainedTiles = 12;

/// Says of each kernel of a model for an NPU that computes `node` where it runs, which
/// tiles it could have with the cycles that the compiler predicts, and what the
/// simulator counts for the model as it is. Without such a kernel, or if the model
/// cannot be executed, `error` says why.
bool explain(const gemlir::CompiledModel &model, const std::string &device, const std::string &node, std::string &text,
             std::string &error);

#endif // GEMLIR_TOOLS_GE_COMPILE_EXPLAIN_H
