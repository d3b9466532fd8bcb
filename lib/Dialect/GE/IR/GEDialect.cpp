//===- GEDialect.cpp - the ge dialect -------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace mlir::ge;

#include "ge-mlir/Dialect/GE/IR/GEDialect.cpp.inc"
#include "ge-mlir/Dialect/GE/IR/GEInterfaces.cpp.inc"

void GEDialect::initialize() {
  registerAttributes();
  registerControlOps();
  registerElementwiseOps();
  registerMovementOps();
  registerNNOps();
  registerReduceOps();
  registerVariableOps();
}

Type GEDialect::parseType(DialectAsmParser &parser) const {
  StringRef name;
  if (failed(parser.parseKeyword(&name)))
    return {};
  return OpaqueType::get(StringAttr::get(getContext(), getNamespace()), name);
}

Operation *GEDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstOp::create(builder, loc, elements);
}

LogicalResult GEDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != kControlInputsAttr)
    return success();
  auto names = dyn_cast<ArrayAttr>(attribute.getValue());
  if (!names || !llvm::all_of(names, llvm::IsaPred<StringAttr>))
    return op->emitOpError("expects '") << kControlInputsAttr << "' to be a list of node names, but got "
                                        << attribute.getValue();
  return success();
}
