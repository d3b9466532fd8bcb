//===- acl_in_c.c - acl is a C interface ----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "acl/acl.h"

int main(void) {
  aclDataBuffer *buffer;
  char bytes[8];
  if (aclDataTypeSize(ACL_FLOAT) != 4 || aclDataTypeSize(ACL_INT64) != 8)
    return 1;
  buffer = aclCreateDataBuffer(bytes, sizeof bytes);
  if (buffer == 0 || aclGetDataBufferAddr(buffer) != bytes || aclGetDataBufferSizeV2(buffer) != sizeof bytes)
    return 1;
  return aclDestroyDataBuffer(buffer) == ACL_SUCCESS ? 0 : 1;
}
