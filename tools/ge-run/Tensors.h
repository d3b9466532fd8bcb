//===- Tensors.h - inputs and outputs of ge-run -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_RUN_TENSORS_H
#define GEMLIR_TOOLS_GE_RUN_TENSORS_H

#include "Options.h"
#include "ge-mlir/Runtime/Model.h"
#include "ge-mlir/Support/Npy.h"

namespace gemlir::run {

/// One array per input of the model: from its file, or generated.
Error makeInputs(const runtime::Model &model, const Options &options, std::vector<NpyArray> &inputs);

/// One file name per output: its name with everything but letters, digits, '.',
/// '_' and '-' replaced, and never two alike.
std::vector<std::string> makeFileNames(const std::vector<model::TensorInfo> &outputs);

/// How far an array is from the expected one.
struct Comparison {
  bool isClose = true;
  double maxError = 0; ///< largest |a - b| / max(|b|, rms(b))
  size_t wrong = 0, count = 0;
};
Error compare(const NpyArray &found, const NpyArray &expected, double tolerance, Comparison &result);

std::string toString(const std::vector<int64_t> &dims);

} // namespace gemlir::run

#endif // GEMLIR_TOOLS_GE_RUN_TENSORS_H
