//===- ge_api_error_codes.h - status codes of the session interface --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_GE_API_ERROR_CODES_H
#define GE_GE_API_ERROR_CODES_H

#include "ge_common/ge_common_api_error_codes.h"
#include "graph/ge_error_codes.h"

#endif // GE_GE_API_ERROR_CODES_H
