//===- Options.h - command line of ge-run -----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_RUN_OPTIONS_H
#define GEMLIR_TOOLS_GE_RUN_OPTIONS_H

#include "ge-mlir/Support/Error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gemlir::run {

struct Options {
  std::string model;
  std::map<std::string, std::string> inputFiles, expectedFiles;
  std::map<std::string, std::vector<int64_t>> inputShapes;
  std::string outputDir, jsonFile;
  unsigned threads = 0, warmup = 0, iterations = 1;
  std::optional<unsigned> spin; ///< microseconds
  uint64_t seed = 0;
  double tolerance = 1e-3;
  bool profile = false, races = false, verify = false, allowHostKernels = false, help = false;
};

extern const char *const kUsage;

/// Reads "NAME:DIMS", as "x:1,3,48,320".
Error parseShape(const std::string &text, std::map<std::string, std::vector<int64_t>> &result);

Error parseOptions(int argc, char **argv, Options &options);

} // namespace gemlir::run

#endif // GEMLIR_TOOLS_GE_RUN_OPTIONS_H
