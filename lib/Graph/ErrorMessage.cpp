//===- ErrorMessage.cpp - texts of failures, per thread -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/ErrorMessage.h"

#include <utility>

namespace gemlir {
namespace {
// A caller that never asks must not make the process grow.
constexpr size_t kMaxBytes = 1 << 16;

struct Messages {
  std::string errors;
  std::string warnings;
};

Messages &messages() {
  static thread_local Messages perThread;
  return perThread;
}

void append(std::string &to, const char *code, const std::string &text) {
  if (to.size() > kMaxBytes)
    return;
  to += code;
  to += ": ";
  to += text;
  to += '\n';
}
} // namespace

void reportError(const char *code, const std::string &text) { append(messages().errors, code, text); }

void reportWarning(const char *code, const std::string &text) { append(messages().warnings, code, text); }

std::string takeErrors() { return std::exchange(messages().errors, {}); }

std::string takeWarnings() { return std::exchange(messages().warnings, {}); }

} // namespace gemlir
