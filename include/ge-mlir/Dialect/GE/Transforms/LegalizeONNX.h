//===- LegalizeONNX.h - ONNX operators become ge operators ------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_GE_TRANSFORMS_LEGALIZEONNX_H
#define GE_MLIR_DIALECT_GE_TRANSFORMS_LEGALIZEONNX_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

namespace mlir::ge {

/// What the legalization cannot map, one entry a node.
struct UnsupportedNode {
  std::string node;   ///< name
  std::string type;   ///< ONNX operator, with its domain if not the default
  std::string code;   ///< stable, like "E16002"
  std::string why;    ///< what was found, and what was expected
  std::string advice; ///< what to do
  std::string input;  ///< the graph input whose value had to be known, if that is why
  Location location;
};

/// Maps all `ge.framework_op` of `func` in one forward walk. Operations whose
/// operands are constant, or whose result follows from static shapes, are
/// folded on the way, so that shape arithmetic of a model with static inputs is
/// gone afterwards, and `If` with a predicate that became constant is inlined.
/// Everything that has no mapping is collected in `unsupported`; the function is
/// then partly mapped and of no further use. With `byteProducts` convolutions of
/// bytes stay such.
LogicalResult legalizeONNX(func::FuncOp func, std::vector<UnsupportedNode> &unsupported, bool byteProducts = false);

/// The operators that have a mapping, sorted; those of another domain than ONNX's
/// own as "domain::Operator".
std::vector<llvm::StringRef> getSupportedONNXOperators();

} // namespace mlir::ge

#endif // GE_MLIR_DIALECT_GE_TRANSFORMS_LEGALIZEONNX_H
