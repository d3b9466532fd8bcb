//===- GEOpsReduce.cpp - reductions and scans of the ge dialect -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dims.h"
#include "GEOpParsing.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::ge;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsReduce.cpp.inc"

void GEDialect::registerReduceOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsReduce.cpp.inc"
      >();
}

/// The result of a reduction over axes that are not known.
static MaybeDims reduceUnknownAxes(const Dims &dims, int64_t count, bool keepDims, bool noopWithEmptyAxes) {
  int64_t rank = dims.size();
  if (keepDims)
    return Dims(rank, kDynamic);
  if (ShapedType::isDynamic(count) || count > rank)
    return std::nullopt;
  return Dims(count == 0 && !noopWithEmptyAxes ? 0 : rank - count, kDynamic);
}

LogicalResult Inference::reduce(Results &results, Value x, Value axesOperand, bool keepDims,
                                bool noopWithEmptyAxes) const {
  FailureOr<int64_t> count = vectorSize(axesOperand, "axes");
  if (failed(count))
    return failure();
  Type element = elementType(x);
  FormatAttr format = formatOf(x.getType());
  // C2
  if (format && !keepDims)
    return error("expects 'keep_dims' for an operand with the storage format ", stringifyFormat(format.getFormat()));
  MaybeDims shape = dims(x);
  if (!shape)
    return plain(results, element, std::nullopt);
  auto constant = getConstantInts(axesOperand);
  if (!constant && *count != 0)
    return storedLike(results, x, element, reduceUnknownAxes(*shape, *count, keepDims, noopWithEmptyAxes));

  // C1
  int64_t rank = shape->size();
  FailureOr<SmallVector<int64_t>> reduced =
      axes(constant ? ArrayRef<int64_t>(*constant) : ArrayRef<int64_t>(), rank, "axes");
  if (failed(reduced))
    return failure();
  if (reduced->empty() && !noopWithEmptyAxes)
    reduced->assign(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  // C2
  std::optional<int64_t> channels = format ? channelDim(format.getOrigin()) : std::nullopt;
  if (channels && llvm::is_contained(*reduced, *channels))
    return error("expects 'axes' without the channels of the storage format ", stringifyFormat(format.getFormat()),
                 ", but got ", dimsText(*reduced));
  Dims result;
  for (auto [i, dim] : llvm::enumerate(*shape)) {
    if (!llvm::is_contained(*reduced, int64_t(i)))
      result.push_back(dim);
    else if (keepDims)
      result.push_back(1);
  }
  return storedLike(results, x, element, result);
}

LogicalResult Inference::argReduce(Results &results, Value x, Value dimension, Type dtype) const {
  // C2
  if (!dtype.isSignlessInteger(32) && !dtype.isSignlessInteger(64))
    return error("expects 'dtype' to be i32 or i64, but got ", dtype);
  // C1
  FailureOr<std::optional<int64_t>> constant = scalar(dimension, "dimension");
  if (failed(constant))
    return failure();
  MaybeDims shape = dims(x);
  if (!shape)
    return plain(results, dtype, std::nullopt);
  int64_t rank = shape->size();
  if (rank == 0)
    return error("expects 'x' to have a dimension, but got a scalar");
  if (!*constant)
    return plain(results, dtype, Dims(rank - 1, kDynamic));
  FailureOr<int64_t> place = axis(**constant, rank, "dimension");
  if (failed(place))
    return failure();
  shape->erase(shape->begin() + *place);
  return plain(results, dtype, shape);
}

LogicalResult Inference::scan(Results &results, Value x, Value axisOperand) const {
  // C1
  FailureOr<std::optional<int64_t>> constant = scalar(axisOperand, "axis");
  if (failed(constant))
    return failure();
  MaybeDims shape = dims(x);
  if (shape && *constant && failed(axis(**constant, shape->size(), "axis")))
    return failure();
  results.push_back(x.getType());
  return success();
}
