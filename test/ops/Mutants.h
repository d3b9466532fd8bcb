//===- Mutants.h - models that lack one synchronising command ---*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TEST_OPS_MUTANTS_H
#define GEMLIR_TEST_OPS_MUTANTS_H

#include "ge-mlir/Runtime/Model.h"

#include <cstdint>
#include <string>
#include <vector>

/// What became of the mutants of a model for an NPU.
struct Mutants {
  unsigned found = 0;
  /// Those that ran as if nothing was missing: "kernel+0x1c: np.flag ...".
  std::vector<std::string> missed;
};

/// Replaces each flag that is set or waited for, each barrier and each flag between
/// cores in the engines' code of a model, one after the other, by an instruction that
/// does nothing, and executes the model. A mutant is found if the simulator stops.
gemlir::Error findMutants(const std::vector<uint8_t> &model, const std::vector<gemlir::runtime::InputBuffer> &inputs,
                          Mutants &mutants);

#endif // GEMLIR_TEST_OPS_MUTANTS_H
