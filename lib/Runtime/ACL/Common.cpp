//===- Common.cpp - messages, data types and numbers of acl
//--------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "ge-mlir/Model/DataTypes.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace gemlir::acl {

namespace {

thread_local std::string recentMessages;
thread_local std::string returnedMessages;

aclError toAclError(ErrorCode code) {
  switch (code) {
  case ErrorCode::Success: return ACL_SUCCESS;
  case ErrorCode::InvalidArgument: return ACL_ERROR_GE_PARAM_INVALID;
  case ErrorCode::FileRead: return ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID;
  case ErrorCode::FileWrite: return ACL_ERROR_WRITE_FILE;
  case ErrorCode::ModelSize:
  case ErrorCode::ModelFormat: return ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID;
  case ErrorCode::ModelHash: return ACL_ERROR_GE_LOAD_MODEL;
  case ErrorCode::Unsupported: return ACL_ERROR_FEATURE_UNSUPPORTED;
  case ErrorCode::InputMismatch: return ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID;
  case ErrorCode::OutputMismatch: return ACL_ERROR_MODEL_OUTPUT_NOT_MATCH;
  case ErrorCode::OutOfMemory: return ACL_ERROR_GE_MEMORY_ALLOCATION;
  case ErrorCode::Execution: return ACL_ERROR_RT_MODEL_EXECUTE;
  }
  return ACL_ERROR_INTERNAL_ERROR;
}

} // namespace

aclError fail(aclError code, const char *function, const std::string &text) {
  // Somebody who never reads the messages must not collect them for ever.
  constexpr size_t kMostMessages = 64 << 10;
  if (recentMessages.size() > kMostMessages)
    recentMessages.clear();
  recentMessages += "[" + std::to_string(code) + "] " + function + ": " + text + "\n";
  return code;
}

aclError fail(const Error &error, const char *function) {
  return fail(toAclError(error.code()), function, error.text());
}

} // namespace gemlir::acl

using namespace gemlir;
using namespace gemlir::acl;

const char *aclGetRecentErrMsg() {
  if (recentMessages.empty())
    return nullptr;
  returnedMessages = std::move(recentMessages);
  recentMessages.clear();
  return returnedMessages.c_str();
}

size_t aclDataTypeSize(aclDataType dataType) {
  unsigned bits = model::getBitWidth(dataType);
  return bits % 8 ? 0 : bits / 8;
}

float aclFloat16ToFloat(aclFloat16 value) {
  uint32_t sign = uint32_t(value & 0x8000) << 16;
  uint32_t exponent = value >> 10 & 31, fraction = value & 0x3ff;
  uint32_t bits;
  if (exponent == 31) {
    bits = sign | 0x7f800000 | fraction << 13;
  } else if (exponent) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else {
    // A denormal half is a normal float.
    float magnitude = float(fraction) * (1.0f / (1 << 24));
    std::memcpy(&bits, &magnitude, sizeof(bits));
    bits |= sign;
  }
  float result;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

aclFloat16 aclFloatToFloat16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  uint16_t sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) // not a number; it stays quiet
    return sign | 0x7e00 | (magnitude >> 13 & 0x1ff);
  if (magnitude >= 0x47800000) // 65536 and above; what rounds up to it follows
    return sign | 0x7c00;
  int32_t exponent = int32_t(magnitude >> 23) - 112;
  uint32_t fraction = (magnitude & 0x7fffff) | (exponent < 1 ? 0x800000 : 0);
  unsigned shift = exponent < 1 ? 14 - exponent : 13;
  if (shift > 24)
    return sign;
  uint32_t half = exponent < 1 ? 0 : uint32_t(exponent) << 10;
  half += fraction >> shift;
  // To nearest, ties to even; a carry moves on into the exponent.
  uint32_t rest = fraction & ((1u << shift) - 1), tie = 1u << (shift - 1);
  if (rest > tie || (rest == tie && (half & 1)))
    ++half;
  return sign | uint16_t(half);
}

void aclAppLog(aclLogLevel logLevel, const char *func, const char *file, uint32_t line, const char *fmt, ...) {
  static const bool isOn = [] {
    const char *value = std::getenv("ASCEND_SLOG_PRINT_TO_STDOUT");
    return value && !std::strcmp(value, "1");
  }();
  if (!isOn || !fmt)
    return;
  static const char *const names[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
  char text[1024];
  va_list arguments;
  va_start(arguments, fmt);
  std::vsnprintf(text, sizeof(text), fmt, arguments);
  va_end(arguments);
  std::printf("[%s] %s:%u %s: %s\n", unsigned(logLevel) < 4 ? names[logLevel] : "LOG", file ? file : "", line,
              func ? func : "", text);
}
