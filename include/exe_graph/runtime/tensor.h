//===- tensor.h - the older name of runtime_tensor.h ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EXE_GRAPH_RUNTIME_TENSOR_H
#define EXE_GRAPH_RUNTIME_TENSOR_H

#include "exe_graph/runtime/runtime_tensor.h"

#endif // EXE_GRAPH_RUNTIME_TENSOR_H
