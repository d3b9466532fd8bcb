//===- Constants.h - reading and making constant tensors --------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants come in two forms: dense elements (small ones, and integer shape
// operands, so that they fold) and dense resources (weights, whose bytes may
// alias a mapped file and need not be aligned). These helpers hide which.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_UTILS_CONSTANTS_H
#define GEMLIR_DIALECT_UTILS_CONSTANTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <vector>

namespace gemlir {

/// Constants with more bytes than this are dense resources, unless they are
/// integer vectors that may serve as shape operands.
inline constexpr int64_t kMaxDenseBytes = 1024;

/// Bytes of one element in memory; elements of less than a byte take one. 0 if
/// the type has no such size.
int64_t getElementBytes(mlir::Type elementType);

/// Whether elements (of 2 or 4 bits) share bytes outside of the compiler, in
/// files and at a model's interface: the first lies in the lowest bits.
bool isPacked(mlir::Type elementType);

/// Bytes of a static tensor in files and at a model's interface.
int64_t getPackedBytes(mlir::RankedTensorType type);

/// One byte an element, its upper bits zero, from shared bytes and back.
std::vector<char> unpackBytes(mlir::RankedTensorType type, llvm::ArrayRef<char> packed);
std::vector<char> packBytes(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes);

/// Bytes of a static tensor in memory.
int64_t getTensorBytes(mlir::RankedTensorType type);

/// The attribute of a value defined by a constant operation, or null.
mlir::ElementsAttr getConstantAttr(mlir::Value value);

/// The bytes behind a dense resource or a dense, non-splat attribute, without a
/// copy; nothing for splats, i1 and other attributes. Possibly unaligned.
std::optional<llvm::ArrayRef<char>> getRawBytes(mlir::Attribute attr);

/// All values of a float constant (f16, bf16, f32, f64) as float; fails on other
/// attributes. Splats are expanded.
mlir::FailureOr<std::vector<float>> getFloatValues(mlir::Attribute attr);

/// All values of an integer constant, sign- or zero-extended.
mlir::FailureOr<llvm::SmallVector<int64_t>> getIntValues(mlir::Attribute attr);

/// The value if all elements of a constant are equal, as a double.
std::optional<double> getSplatValue(mlir::Attribute attr);

/// A constant of float `type` holding `values` rounded to it.
mlir::ElementsAttr makeFloatConstant(mlir::RankedTensorType type, llvm::ArrayRef<float> values);

/// A constant of `type` with the given little-endian bytes (i1: a byte each),
/// copied.
mlir::ElementsAttr makeConstant(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes);

/// A one-dimensional i64 constant.
mlir::DenseElementsAttr makeIntConstant(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> values);

/// The same bytes under another type of the same size; nothing is copied.
mlir::ElementsAttr reshapeConstant(mlir::ElementsAttr attr, mlir::RankedTensorType type);

} // namespace gemlir

#endif // GEMLIR_DIALECT_UTILS_CONSTANTS_H
