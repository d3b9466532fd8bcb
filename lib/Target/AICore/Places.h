//===- Places.h - where instructions come from ------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_TARGET_AICORE_PLACES_H
#define GEMLIR_LIB_TARGET_AICORE_PLACES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace gemlir {
namespace aicore {

/// From this distance to a symbol on, until the next one, code comes from `place`.
struct PlaceRow {
  uint64_t offset;
  std::string place;
};

/// The places of a kernel's operations as lines of LLVM's debug information, which
/// survive what LLVM does to code. The lines count places; no file has them.
class Places {
public:
  /// Gives the functions of the LLVM dialect in `module`, and what is in them, lines.
  /// What says nothing about itself comes from `kernel`.
  void attach(mlir::ModuleOp module, mlir::Location kernel);

  /// The rows of an object made of `module`, for the code behind `symbol`; none if the
  /// object has no lines.
  std::vector<PlaceRow> read(llvm::ArrayRef<char> object, llvm::StringRef symbol) const;

private:
  /// By line, of which the first is 1.
  std::vector<std::string> places;
};

} // namespace aicore
} // namespace gemlir

#endif // GEMLIR_LIB_TARGET_AICORE_PLACES_H
