//===- Error.h - failures as values -----------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The error type of the model container and the runtime. Nothing throws across
// an interface, and neither of them knows LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_SUPPORT_ERROR_H
#define GEMLIR_SUPPORT_ERROR_H

#include <string>
#include <utility>

namespace gemlir {

/// What kind of failure it was; the text says the rest.
enum class ErrorCode {
  Success = 0,
  /// The caller broke the interface: null pointer, unknown index, bad option.
  InvalidArgument,
  /// A file cannot be opened or read.
  FileRead,
  /// A file cannot be written completely.
  FileWrite,
  /// The model's length is not what its header or its tables say.
  ModelSize,
  /// The model's structure is wrong: magic, table, partition, program.
  ModelFormat,
  /// The model's bytes do not have the recorded hash.
  ModelHash,
  /// The model is sound but needs what this build or machine does not have.
  Unsupported,
  /// An input does not fit the model: count, size or shape.
  InputMismatch,
  /// An output does not fit the model: count or size.
  OutputMismatch,
  OutOfMemory,
  /// The program stopped itself: a check failed.
  Execution,
};

/// Success, or a code with a text. Converts to true on failure:
/// `if (Error error = f()) return error;`.
class [[nodiscard]] Error {
public:
  Error() = default;
  Error(ErrorCode code, std::string text) : failure(code), message(std::move(text)) {}

  static Error success() { return {}; }

  explicit operator bool() const { return failure != ErrorCode::Success; }
  ErrorCode code() const { return failure; }
  const std::string &text() const { return message; }

private:
  ErrorCode failure = ErrorCode::Success;
  std::string message;
};

} // namespace gemlir

#endif // GEMLIR_SUPPORT_ERROR_H
