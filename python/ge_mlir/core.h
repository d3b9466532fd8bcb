//===- core.h - what the files of the extension share ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_PYTHON_CORE_H
#define GE_MLIR_PYTHON_CORE_H

#include "ge-mlir/Compiler/Compiler.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <functional>

namespace nb = nanobind;

using Bytes = nb::ndarray<const uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Dims = std::vector<int64_t>;
using Shapes = std::vector<std::pair<std::string, Dims>>;

/// Raises ge_mlir.Error(code, node, text).
[[noreturn]] void raise(const std::string &code, const std::string &node, const std::string &text);

/// One of the compiler's doors, with what it compiles.
using Compile = std::function<bool(const gemlir::CompileOptions &, gemlir::CompiledModel &, gemlir::CompileError &)>;
/// The bytes of a stage, and the warnings.
using CompileResult = std::pair<nb::bytes, std::string>;

/// Compiles up to `stage`, or raises.
CompileResult compileFrom(const Compile &compile, const std::string &stage, const std::string &device,
                          const std::string &name, unsigned threads, const Shapes &inputShapes);

/// Defines Operator and Graph, what builder.py makes graphs of.
void bindGraph(nb::module_ &module);

#endif // GE_MLIR_PYTHON_CORE_H
