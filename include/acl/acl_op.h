//===- acl_op.h - single operators of acl -----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ACL_ACL_OP_H
#define ACL_ACL_OP_H

#include "acl_base.h"

// Operators run as parts of models; execution of single operators is not
// offered, so this header declares the handle types that signatures name.
#ifdef __cplusplus
extern "C" {
#endif

typedef struct aclopHandle aclopHandle;
typedef struct aclopAttr aclopAttr;

#ifdef __cplusplus
}
#endif

#endif // ACL_ACL_OP_H
