//===- ge_api_types.h - options and types of the session interface --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_API_TYPES_H
#define GE_GE_API_TYPES_H

#include "ge_common/ge_common_api_types.h"

#endif // GE_GE_API_TYPES_H
