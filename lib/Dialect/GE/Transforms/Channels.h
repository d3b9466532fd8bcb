//===- Channels.h - constants that vary along one dimension -----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_CHANNELS_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_CHANNELS_H

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "mlir/IR/Builders.h"
#include <optional>
#include <vector>

namespace mlir::ge {

/// Per channel: y = factor * x + shift.
struct ChannelAffine {
  std::vector<double> factor, shift;
};

/// The values of a float constant, one per channel, if the constant broadcasts
/// to `type` without enlarging it and varies along dimension `channel` only.
std::optional<std::vector<double>> getChannelValues(Value value, RankedTensorType type, int64_t channel);

/// What `op` does to its operand `x`, if that is one affine function per channel
/// with constants, and result and operand have one type. Understands Add, Sub,
/// Mul, RealDiv, Div and BatchNorm with given statistics.
std::optional<ChannelAffine> getChannelAffine(Operation *op, Value x, int64_t channel);

/// The affine function of a BatchNorm with constant, given statistics.
std::optional<ChannelAffine> getBatchNormAffine(BatchNormOp op);

/// The dimension of the channels in a data format of the given rank.
int64_t getChannelDim(StringRef dataFormat, int64_t rank);

/// A constant of `values`, as a vector, or broadcastable to rank `rank` with the
/// channels in dimension `channel`.
Value makeChannelConstant(OpBuilder &builder, Location loc, Type elementType, ArrayRef<double> values, int64_t rank = 1,
                          int64_t channel = 0);

} // namespace mlir::ge

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_CHANNELS_H
