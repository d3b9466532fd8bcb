//===- GEInference.h - inference of result types ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules by which ge operations infer their result types. They work on origin
// shapes (what a tensor stands for); the results are stored as the operands are.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEINFERENCE_H
#define GEMLIR_DIALECT_GE_IR_GEINFERENCE_H

#include "ge-mlir/Dialect/GE/IR/GEAttrs.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Value.h"
#include "mlir/IR/ValueRange.h"
#include <optional>

namespace mlir::ge {

/// Dimensions of a tensor; none if its rank is unknown.
using Dims = SmallVector<int64_t>;
using MaybeDims = std::optional<Dims>;

/// Whether operations may have results of types `actual` where `inferred` types
/// were inferred: the same element types, no contradiction between the shapes
/// that the tensors stand for, and the same storage format unless `anyFormat`.
bool areCompatibleTypes(TypeRange inferred, TypeRange actual, bool anyFormat);

/// The integers of a constant operand (dense elements), or none.
std::optional<SmallVector<int64_t>> getConstantInts(Value value);

/// The broadcast of two shapes; none if they do not broadcast.
MaybeDims broadcastDims(ArrayRef<int64_t> a, ArrayRef<int64_t> b);

/// Text of a shape for messages: [2, ?, 4].
std::string dimsText(ArrayRef<int64_t> dims);
/// Text of a dimension for messages: 2 or ?.
std::string dimText(int64_t dim);

using InferFunction = LogicalResult (*)(MLIRContext *, std::optional<Location>, ValueRange, DictionaryAttr,
                                        OpaqueProperties, RegionRange, SmallVectorImpl<Type> &);

/// Adds the result types that operands and properties in `state` give.
void addInferredTypes(OpBuilder &builder, OperationState &state, InferFunction infer);

/// One inference: the operation's context, and rules that several operations
/// share. Rules emit errors that start with the operation's name.
class Inference {
public:
  using Results = SmallVectorImpl<Type>;

  Inference(MLIRContext *context, std::optional<Location> location, StringRef name, ValueRange operands)
      : context(context), location(location), name(name), operands(operands) {}

  MLIRContext *const context;
  const std::optional<Location> location;
  const StringRef name;
  const ValueRange operands;

  /// Emits "'<name>' op <args>" if there is a location; fails.
  template <typename... Args>
  LogicalResult error(Args &&...args) const {
    return emitOptionalError(location, "'", name, "' op ", std::forward<Args>(args)...);
  }

  //===--- operands -------------------------------------------------------===//

  static Type elementType(Value value) { return cast<TensorType>(value.getType()).getElementType(); }
  /// The dimensions of the operand's origin.
  static MaybeDims dims(Value value);
  /// The same, with `rank` unknown dimensions if the rank is unknown; fails if
  /// the operand has another rank.
  FailureOr<Dims> dimsOfRank(Value value, StringRef operand, int64_t rank) const;
  /// The size of a vector operand, or kDynamic; fails if it is no vector.
  FailureOr<int64_t> vectorSize(Value value, StringRef operand) const;
  /// The value of a constant operand of one element, or none; fails if it has more.
  FailureOr<std::optional<int64_t>> scalar(Value value, StringRef operand) const;
  LogicalResult checkSameElementTypes(ValueRange values) const;
  LogicalResult checkOneElement(Value value, StringRef operand) const;
  /// Fails if an operand has a storage format.
  LogicalResult checkPlain() const;
  /// A non-negative `axis` of `rank` dimensions.
  FailureOr<int64_t> axis(int64_t axis, int64_t rank, StringRef attribute) const;
  /// The same for a list, which must not name a dimension twice.
  FailureOr<SmallVector<int64_t>> axes(ArrayRef<int64_t> axes, int64_t rank, StringRef attribute) const;
  LogicalResult checkOneOf(StringRef attribute, StringRef value, ArrayRef<StringRef> allowed) const;

  //===--- results --------------------------------------------------------===//

  /// A plain result; of unknown rank if there are no dimensions.
  LogicalResult plain(Results &results, Type elementType, const MaybeDims &dims) const;
  /// A result stored like `like`.
  LogicalResult storedLike(Results &results, Value like, Type elementType, const MaybeDims &dims) const;

  //===--- rules of several operations ------------------------------------===//

  /// The type of the first operand, with other elements if given.
  LogicalResult unary(Results &results, Type elementType = {}) const;
  /// The broadcast of all operands.
  LogicalResult broadcast(Results &results, Type elementType = {}) const;
  /// The broadcast of some operands, as the only result.
  LogicalResult broadcast(ValueRange values, Results &results, Type elementType) const;
  LogicalResult pool(Results &results, Value x, ArrayRef<int64_t> ksize, ArrayRef<int64_t> strides,
                     ArrayRef<int64_t> pads, StringRef paddingMode, StringRef dataFormat, bool global, bool ceil) const;
  LogicalResult reduce(Results &results, Value x, Value axes, bool keepDims, bool noopWithEmptyAxes) const;
  LogicalResult argReduce(Results &results, Value x, Value dimension, Type dtype) const;
  LogicalResult scan(Results &results, Value x, Value axis) const;
  LogicalResult triangle(Results &results, Value x) const;
};

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_IR_GEINFERENCE_H
