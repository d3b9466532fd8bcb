//===- ascend_string.h - a string with one layout for every client --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_ASCEND_STRING_H
#define GRAPH_ASCEND_STRING_H

#include <cstddef>
#include <functional>
#include <memory>

#ifndef GE_FUNC_VISIBILITY
#define GE_FUNC_VISIBILITY __attribute__((visibility("default")))
#endif
#ifndef GE_FUNC_HOST_VISIBILITY
#define GE_FUNC_HOST_VISIBILITY GE_FUNC_VISIBILITY
#endif
#ifndef GE_FUNC_DEV_VISIBILITY
#define GE_FUNC_DEV_VISIBILITY GE_FUNC_VISIBILITY
#endif

#ifdef NO_METADEF_ABI_COMPATIABLE
#define ATTRIBUTED_DEPRECATED(replacement)
#else
#define ATTRIBUTED_DEPRECATED(replacement) __attribute__((deprecated("use " #replacement " instead")))
#endif

namespace ge {
class AscendStringImpl;

/// A shared, immutable string. Its layout does not depend on the standard
/// library's string, so clients built with either value of
/// _GLIBCXX_USE_CXX11_ABI can pass it to the same library.
class GE_FUNC_VISIBILITY AscendString {
public:
  AscendString() = default;
  AscendString(const char *name);
  AscendString(const char *name, size_t length);

  /// Never null: an empty text for a default-constructed string.
  const char *GetString() const;
  size_t GetLength() const;
  /// The position of the first occurrence, or the largest size_t.
  size_t Find(const AscendString &other) const;
  size_t Hash() const;

  bool operator<(const AscendString &other) const;
  bool operator>(const AscendString &other) const;
  bool operator<=(const AscendString &other) const;
  bool operator>=(const AscendString &other) const;
  bool operator==(const AscendString &other) const;
  bool operator!=(const AscendString &other) const;
  bool operator==(const char *other) const;
  bool operator!=(const char *other) const;

private:
  std::shared_ptr<AscendStringImpl> impl_;
};
} // namespace ge

namespace std {
template <>
struct hash<ge::AscendString> {
  size_t operator()(const ge::AscendString &text) const { return text.Hash(); }
};
} // namespace std

#endif // GRAPH_ASCEND_STRING_H
