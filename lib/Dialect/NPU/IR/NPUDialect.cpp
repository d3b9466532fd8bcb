//===- NPUDialect.cpp - the npu dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::npu;

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.cpp.inc"
#include "ge-mlir/Dialect/NPU/IR/NPUEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "ge-mlir/Dialect/NPU/IR/NPUAttrs.cpp.inc"

void NPUDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "ge-mlir/Dialect/NPU/IR/NPUTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ge-mlir/Dialect/NPU/IR/NPUAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/NPU/IR/NPUOps.cpp.inc"
      >();
  addEngineOps();
}

Type MatrixType::parse(AsmParser &parser) {
  SmallVector<int64_t> dims;
  Type elementType;
  if (parser.parseLess() || parser.parseDimensionList(dims, /*allowDynamic=*/true) || parser.parseType(elementType) ||
      parser.parseGreater())
    return {};
  if (dims.size() != 2) {
    parser.emitError(parser.getNameLoc(), "expected rows and columns, but got ") << dims.size() << " dimensions";
    return {};
  }
  return get(parser.getContext(), dims[0], dims[1], elementType);
}

void MatrixType::print(AsmPrinter &printer) const {
  printer << '<';
  for (int64_t size : {getRows(), getColumns()}) {
    if (ShapedType::isDynamic(size))
      printer << "?x";
    else
      printer << size << 'x';
  }
  printer << getElementType() << '>';
}
