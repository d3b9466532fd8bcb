//===- ErrorCode.h - the stable code that ends an error's text --*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where an error is only a text (importers, MLIR diagnostics), its code ends it:
// "expected 3 inputs, found 2 [E10001]".
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_SUPPORT_ERRORCODE_H
#define GE_MLIR_SUPPORT_ERRORCODE_H

#include <string>

namespace gemlir {

/// Removes the code that ends `text` and returns it; "" if none does.
inline std::string takeErrorCode(std::string &text) {
  const size_t open = text.rfind(" [E");
  if (open == std::string::npos || text.back() != ']')
    return {};
  std::string code = text.substr(open + 2, text.size() - open - 3);
  text.resize(open);
  return code;
}

} // namespace gemlir

#endif // GE_MLIR_SUPPORT_ERRORCODE_H
