//===- ge-tblgen.cpp - what ODS does not generate from the records --------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-tblgen/MlirTblgenMain.h"

// The generators register themselves; see the other sources of this tool.
int main(int argc, char **argv) { return mlir::MlirTblgenMain(argc, argv); }
