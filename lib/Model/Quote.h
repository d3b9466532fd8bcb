//===- Quote.h - names in readable output -----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_MODEL_QUOTE_H
#define GEMLIR_LIB_MODEL_QUOTE_H

#include <string>

namespace gemlir::model {

/// The text in quotes on one line, with control characters as \xx.
inline std::string quote(const std::string &text) {
  std::string result = "\"";
  for (char character : text) {
    unsigned char code = character;
    if (code >= 0x20 && code != '"' && code != '\\' && code != 0x7f) {
      result += character;
      continue;
    }
    const char *digits = "0123456789abcdef";
    result += {'\\', digits[code >> 4], digits[code & 15]};
  }
  return result + '"';
}

} // namespace gemlir::model

#endif // GEMLIR_LIB_MODEL_QUOTE_H
