//===- AscendString.cpp - strings and status texts ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/ascend_string.h"

#include "ge_common/ge_common_api_error_codes.h"

#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ge {

class AscendStringImpl {
public:
  explicit AscendStringImpl(std::string text) : text(std::move(text)) {}
  const std::string text;
};

namespace {
const std::string kEmpty;
}

AscendString::AscendString(const char *name) {
  if (name != nullptr)
    impl_ = std::make_shared<AscendStringImpl>(name);
}

AscendString::AscendString(const char *name, size_t length) {
  if (name != nullptr)
    impl_ = std::make_shared<AscendStringImpl>(std::string(name, length));
}

const char *AscendString::GetString() const { return impl_ ? impl_->text.c_str() : ""; }

size_t AscendString::GetLength() const { return impl_ ? impl_->text.size() : 0; }

size_t AscendString::Find(const AscendString &other) const {
  if (!impl_ || !other.impl_)
    return std::string::npos;
  return impl_->text.find(other.impl_->text);
}

size_t AscendString::Hash() const { return std::hash<std::string>()(impl_ ? impl_->text : kEmpty); }

namespace {
int compare(const AscendString &a, const AscendString &b) {
  return std::string(a.GetString(), a.GetLength()).compare(0, std::string::npos, b.GetString(), b.GetLength());
}
} // namespace

bool AscendString::operator<(const AscendString &other) const { return compare(*this, other) < 0; }
bool AscendString::operator>(const AscendString &other) const { return compare(*this, other) > 0; }
bool AscendString::operator<=(const AscendString &other) const { return compare(*this, other) <= 0; }
bool AscendString::operator>=(const AscendString &other) const { return compare(*this, other) >= 0; }
bool AscendString::operator==(const AscendString &other) const { return compare(*this, other) == 0; }
bool AscendString::operator!=(const AscendString &other) const { return compare(*this, other) != 0; }
bool AscendString::operator==(const char *other) const {
  return other != nullptr && std::strcmp(GetString(), other) == 0;
}
bool AscendString::operator!=(const char *other) const { return !(*this == other); }

namespace {
struct StatusTexts {
  std::mutex mutex;
  std::unordered_map<uint32_t, AscendString> texts;

  StatusTexts() {
#define GE_REGISTER_STATUS(name, value, text) texts.emplace(value, text);
    GE_FOR_EACH_STATUS(GE_REGISTER_STATUS)
#undef GE_REGISTER_STATUS
  }
};

StatusTexts &statusTexts() {
  // Not destroyed: clients may ask while their own statics go.
  static StatusTexts *texts = new StatusTexts;
  return *texts;
}
} // namespace

StatusFactory *StatusFactory::Instance() {
  static StatusFactory factory;
  return &factory;
}

void StatusFactory::RegisterErrorNo(uint32_t code, const char *text) {
  StatusTexts &all = statusTexts();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.texts.emplace(code, text);
}

AscendString StatusFactory::GetErrDescV2(uint32_t code) {
  StatusTexts &all = statusTexts();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto it = all.texts.find(code);
  return it == all.texts.end() ? AscendString("Unknown") : it->second;
}

} // namespace ge
