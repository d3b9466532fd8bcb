//===- Signature.h - the inputs and outputs of a model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_COMPILER_SIGNATURE_H
#define GEMLIR_LIB_COMPILER_SIGNATURE_H

#include "ge-mlir/Compiler/Gears.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace gemlir {

/// What `ge` knows of a model's interface and lower stages do not: names, and
/// element types with sign.
struct Signature {
  std::string name;
  std::vector<model::TensorInfo> inputs, outputs;
};

/// Describes the arguments and results of `func`.
mlir::LogicalResult describeSignature(mlir::func::FuncOp func, Signature &signature);

/// Gives the arguments named in `shapes` these shapes. Fails on a name that no
/// argument has and on a shape that contradicts the argument's.
mlir::LogicalResult applyInputShapes(mlir::func::FuncOp func,
                                     llvm::ArrayRef<std::pair<std::string, std::vector<int64_t>>> shapes);

/// Gives the arguments the shapes of a gear: their open dimensions, first those
/// of the inputs that `order` names, are `values`.
mlir::LogicalResult applyGear(mlir::func::FuncOp func, const NamedShapes &order, model::GearKind kind,
                              const std::vector<int64_t> &values);

/// The client API's number (ge::DataType) of an element type, or -1.
int32_t getDataTypeNumber(mlir::Type type);

} // namespace gemlir

#endif // GEMLIR_LIB_COMPILER_SIGNATURE_H
