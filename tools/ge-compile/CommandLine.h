//===- CommandLine.h - options of ge-compile and atc -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_COMPILE_COMMANDLINE_H
#define GEMLIR_TOOLS_GE_COMPILE_COMMANDLINE_H

#include "ge-mlir/Compiler/Compiler.h"

#include <string>
#include <utility>
#include <vector>

/// What the command line asks for.
struct CommandLine {
  std::string model, output, inputShape, precision, explain;
  std::string device = "Host";
  gemlir::Stage stage = gemlir::Stage::OM;
  bool printAfterAll = false;
  bool preflight = false, preflightJSON = false;
  bool allowHostKernels = false;
  bool placement = false, placementJSON = false;
  unsigned threads = 0;
  bool verifyEachNumerically = false;
  std::vector<std::string> passPlugins;
  std::vector<std::pair<std::string, std::string>> insertedPasses;
  int framework = 0; ///< ATC's number; 0 goes by the file's ending
  gemlir::GearOptions gears;
  gemlir::model::WeightPlacement weights = gemlir::model::WeightPlacement::Embedded;
};

enum class ParseResult { Run, Help, Error };

/// Reads `--name=value`, `--name value`, `-o value` and one model; with `asATC`,
/// ATC's option names. Prints the help itself.
ParseResult parseCommandLine(int argc, char **argv, bool asATC, CommandLine &command, std::string &error);

#endif // GEMLIR_TOOLS_GE_COMPILE_COMMANDLINE_H
