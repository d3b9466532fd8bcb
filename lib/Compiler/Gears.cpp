//===- Gears.cpp - the shapes that a model is compiled for -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Gears.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

using namespace gemlir;
using model::GearKind;

namespace {

// Fewer would need no choice; more is not what compiling for each is for.
constexpr size_t kMinGears = 2, kMaxGears = 100;

bool parseValues(const std::string &text, std::vector<int64_t> &values) {
  for (const char *next = text.c_str();;) {
    char *end = nullptr;
    errno = 0;
    const long long value = std::strtoll(next, &end, 10);
    if (end == next || errno || (*end && *end != ','))
      return false;
    values.push_back(value);
    if (!*end)
      return true;
    next = end + 1;
  }
}

std::vector<std::string> split(const std::string &text, char separator) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

const char *getForm(GearKind kind) {
  return kind == GearKind::Batch ? "\"1,2,4\"" : kind == GearKind::ImageSize ? "\"224,224;448,448\"" : "\"1,16;2,32\"";
}

} // namespace

bool gemlir::parseGears(GearKind kind, const std::string &text, GearOptions &gears, std::string &error) {
  auto fail = [&](const std::string &what, const char *code) {
    error = "the gears '" + text + "' " + what + " [" + code + "]";
    return false;
  };
  GearOptions result;
  result.kind = kind;
  for (const std::string &part : split(text, kind == GearKind::Batch ? ',' : ';')) {
    std::vector<int64_t> &values = result.values.emplace_back();
    if (!parseValues(part, values))
      return fail("have '" + part + "', expected a form like " + getForm(kind), "E10018");
    const size_t expected = kind == GearKind::Batch ? 1 : kind == GearKind::ImageSize ? 2 : result.values[0].size();
    if (values.size() != expected)
      return fail("have " + std::to_string(values.size()) + " values in '" + part + "', expected " +
                      std::to_string(expected),
                  "E10037");
    if (std::any_of(values.begin(), values.end(), [](int64_t value) { return value <= 0; }))
      return fail("have a size in '" + part + "' that is not positive", "E10038");
    if (std::count(result.values.begin(), result.values.end(), values) > 1)
      return fail("have '" + part + "' twice", "E10039");
  }
  if (result.values.size() < kMinGears)
    return fail("are " + std::to_string(result.values.size()) + ", expected at least " + std::to_string(kMinGears),
                "E10035");
  if (result.values.size() > kMaxGears)
    return fail("are " + std::to_string(result.values.size()) + ", expected at most " + std::to_string(kMaxGears),
                "E10036");
  gears = std::move(result);
  return true;
}

bool gemlir::fillOpenDimensions(GearKind kind, const std::vector<int64_t> &values, NamedShapes &shapes,
                                std::string &error) {
  size_t open = 0;
  for (auto &[name, dims] : shapes) {
    const size_t own = std::count(dims.begin(), dims.end(), -1);
    if ((kind == GearKind::Batch && own > 1) || (kind == GearKind::ImageSize && own != 0 && own != 2)) {
      error = "input '" + name + "' has " + std::to_string(own) + " open dimensions, expected " +
              (kind == GearKind::Batch ? "at most 1 with gears of the batch" : "2 with gears of the image's size") +
              " [E10045]";
      return false;
    }
    size_t next = kind == GearKind::Dims ? open : 0;
    open += own;
    for (int64_t &dim : dims)
      if (dim == -1) {
        // Whether there are as many as needed shows below.
        dim = next < values.size() ? values[next] : 1;
        ++next;
      }
  }
  if (open == 0 || (kind == GearKind::Dims && open != values.size())) {
    error = "the inputs have " + std::to_string(open) + " open dimensions (-1), expected " +
            (kind == GearKind::Dims ? std::to_string(values.size()) + ", as a gear has values"
                                    : std::string("at least 1 for the gears to fill")) +
            " [E10045]";
    return false;
  }
  return true;
}
