//===- Compiler.h - compile a graph to an offline model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only orchestration of the project: the client API, ge-compile, the Python
// package and the tests all call `compile`. No MLIR type appears here.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_COMPILER_COMPILER_H
#define GEMLIR_COMPILER_COMPILER_H

#include "ge-mlir/Compiler/Gears.h"
#include "ge-mlir/Model/WeightFiles.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ge {
class Graph;
}

namespace gemlir {

/// What GE's name of a precision mode, of the old or the new option, is for
/// `CompileOptions::precision`; false if this device does not have it.
bool parsePrecisionMode(const std::string &mode, std::string &precision);

/// Where `compile` stops and what it returns: text for all stages but Obj and
/// OM.
enum class Stage {
  GE,     ///< `ge` dialect after legalization, fusion and format assignment
  Linalg, ///< linalg and npu tile operations on tensors
  NPU,    ///< npu.program and npu.kernel on buffers
  LLVM,   ///< LLVM IR of all kernels
  Asm,    ///< assembly of all kernels
  Obj,    ///< the device binary (ELF)
  OM,     ///< the offline model
};

/// Parses "ge", "linalg", "npu", "llvm", "asm", "obj" or "om".
bool parseStage(const std::string &text, Stage &stage);

struct CompileOptions {
  /// What `device::lookup` takes: "Host", "Host:x86-64-v3", "my.json".
  std::string device = "Host";
  /// Of an NPU, run what its engines cannot compute as native code of this machine.
  /// Such a model is as trusted as a shared library, and a loader must allow it.
  bool allowHostKernels = false;
  /// Shapes of named inputs, for dimensions that the model leaves open.
  NamedShapes inputShapes;
  /// Compile for each of these, into one model; `inputShapes`, or the model
  /// itself, leaves the dimensions open. Stages before the last show the first.
  GearOptions gears;
  Stage stopAfter = Stage::OM;
  /// Name of the model in the OM; the graph's own name if empty.
  std::string modelName;
  /// The shorter type to compute in where that is safe: "f16" or "bf16" for all
  /// operators, "mix-f16" or "mix-bf16" for products and what follows them,
  /// "cube-f16" for the operands of a cube alone; empty to keep the types of the
  /// graph.
  std::string precision;
  /// Where the weights go; other places than the model need a folder.
  model::WeightPlacement weights = model::WeightPlacement::Embedded;
  std::string weightDirectory;
  /// What `model::saveOM` does with weights outside the model.
  bool embedWeightsWhenSaved = false;
  /// Threads of the compiler; 0 for all the process may use.
  unsigned threads = 0;
  /// Print the IR after each pass to standard error.
  bool printAfterAll = false;
  /// Compute the model again after each pass, and fail at the first whose
  /// results differ; the error names the pass and the operator.
  bool verifyEachNumerically = false;
  /// Shared libraries with passes, as mlir-opt loads them.
  std::vector<std::string> passPlugins;
  /// Pipelines to run as well, each behind a pass: {"ge-decompose",
  /// "func.func(my-pass)"}.
  std::vector<std::pair<std::string, std::string>> insertedPasses;
  /// How many of the tiles that a kernel of an NPU could have are reported.
  unsigned tileCandidates = 0;
  /// Only find out whether the model can be compiled: stop before the first
  /// lowering, with an empty result.
  bool preflight = false;
};

/// One thing of a model that cannot be compiled.
struct Issue {
  std::string node;   ///< name of the node or input; empty if none is to blame
  std::string op;     ///< its operator, "Input" for an input; empty if unknown
  std::string code;   ///< stable, like "E10001"; `docs/Errors` has a page for each
  std::string why;    ///< what was found, and what was expected
  std::string advice; ///< what to do; may be empty
};

/// Why a model did not compile.
struct CompileError {
  std::string code; ///< stable, like "E10001"; `docs/Errors` has a page for each
  std::string node; ///< name of the node, if one is to blame
  std::string text; ///< all diagnostics, one a line
  /// The same in parts. Everything that can be found before the first lowering is
  /// here at once.
  std::vector<Issue> issues;
};

/// A tile that a kernel can have: its rows and columns, of the result on the cube, where
/// it also has the depths that are staged and fed at a time; the cycles that the compiler
/// estimates.
struct TileCandidate {
  int64_t rows, columns, slab, step, cycles;
};

/// Where a kernel of a model runs.
struct KernelPlacement {
  std::string kernel;
  std::string unit;               ///< "cube", "vector", "mix", "aicpu" or "host"
  std::string reason;             ///< of the last two: why the engines do not run it
  std::vector<std::string> nodes; ///< of each launch, those that it computes
  /// Of a kernel for the cube or for vector cores, as many as
  /// `CompileOptions::tileCandidates` asks for, the chosen one first.
  std::vector<TileCandidate> tiles;
};

/// The result of `compile`: the bytes of the stage asked for.
struct CompiledModel {
  std::vector<uint8_t> bytes;
  /// Of an offline model for an NPU, its kernels; of a model with gears, those of
  /// the first.
  std::vector<KernelPlacement> placements;
  /// What the compiler noticed without failing, one a line.
  std::string warnings;
};

/// Compiles `graph`. Returns false and fills `error` if it cannot; never throws
/// and never ends the process. Safe to call from several threads.
bool compile(const ::ge::Graph &graph, const CompileOptions &options, CompiledModel &model, CompileError &error);

/// The same for the text or bytecode of a `ge` module. Errors and what is traced back
/// to the text name its file by `fileName`, if there is one.
bool compileModuleText(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                       CompileError &error, const std::string &fileName = "");

/// The same for the bytes of an ONNX model; `externalDataDir` is where external
/// weights may lie. The bytes must stay valid during the call.
bool compileONNX(const char *data, size_t size, const std::string &externalDataDir, const CompileOptions &options,
                 CompiledModel &model, CompileError &error);

/// The same for the bytes of a `.air` file, binary or text.
bool compileAIR(const char *data, size_t size, const CompileOptions &options, CompiledModel &model,
                CompileError &error);

/// What a pre-flight found, for people and for programs. `error` is null if the
/// model can be compiled.
std::string formatPreflightText(const std::string &modelName, const CompileError *error);
std::string formatPreflightJSON(const std::string &modelName, const CompileError *error);

/// Which nodes of a model for an NPU run where, for people and for programs.
std::string formatPlacementText(const std::string &modelName, const std::vector<KernelPlacement> &placements);
std::string formatPlacementJSON(const std::string &modelName, const std::vector<KernelPlacement> &placements);

/// Identifies the compiler in models and caches.
const char *getCompilerVersion();

} // namespace gemlir

#endif // GEMLIR_COMPILER_COMPILER_H
