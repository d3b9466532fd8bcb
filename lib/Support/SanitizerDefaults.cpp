//===- SanitizerDefaults.cpp - how programs run under ASan ----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Part of every program of the `asan` preset. Debian's LLVM has no sanitizer: what
// LLVM's headers poison in our code, its libraries would never unpoison.
//
//===----------------------------------------------------------------------===//

extern "C" __attribute__((visibility("default"))) const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}

/// A fatal error of LLVM's leaves its text behind when code generation jumps out
/// of it, so that the process goes on.
extern "C" __attribute__((visibility("default"))) const char *__lsan_default_suppressions() {
  return "leak:llvm::Twine::str\n";
}
