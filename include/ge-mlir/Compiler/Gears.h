//===- Gears.h - the shapes that a model is compiled for -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_COMPILER_GEARS_H
#define GEMLIR_COMPILER_GEARS_H

#include "ge-mlir/Model/OM.h"

#include <string>
#include <utility>
#include <vector>

namespace gemlir {

/// Shapes of named inputs; -1 is an open dimension.
using NamedShapes = std::vector<std::pair<std::string, std::vector<int64_t>>>;

/// The choice of shapes of one model.
struct GearOptions {
  model::GearKind kind = model::GearKind::None;
  std::vector<std::vector<int64_t>> values; ///< of each gear

  bool empty() const { return values.empty(); }
};

/// Reads "1,2,4" (batch sizes), "224,224;448,448" (image sizes) or "1,16;2,32"
/// (open dimensions). `error` ends with a code.
bool parseGears(model::GearKind kind, const std::string &text, GearOptions &gears, std::string &error);

/// The shapes of one gear: `shapes` with its open dimensions filled, in order.
bool fillOpenDimensions(model::GearKind kind, const std::vector<int64_t> &values, NamedShapes &shapes,
                        std::string &error);

} // namespace gemlir

#endif // GEMLIR_COMPILER_GEARS_H
