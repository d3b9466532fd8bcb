//===- GEOpParsing.h - directives of the ge assembly format -----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_DIALECT_GE_IR_GEOPPARSING_H
#define GEMLIR_LIB_DIALECT_GE_IR_GEOPPARSING_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"

namespace mlir::ge {

/// One type if operands and result share it, else a function type.
ParseResult parseUniformType(OpAsmParser &parser, MutableArrayRef<Type *> operands, Type &result);
void printUniformType(OpAsmPrinter &printer, TypeRange operands, Type result);

inline ParseResult parseUniformType(OpAsmParser &parser, Type &operand, Type &result) {
  Type *operands[] = {&operand};
  return parseUniformType(parser, operands, result);
}
inline ParseResult parseUniformType(OpAsmParser &parser, Type &first, Type &second, Type &result) {
  Type *operands[] = {&first, &second};
  return parseUniformType(parser, operands, result);
}
inline void printUniformType(OpAsmPrinter &printer, Operation *, Type operand, Type result) {
  printUniformType(printer, TypeRange{operand}, result);
}
inline void printUniformType(OpAsmPrinter &printer, Operation *, Type first, Type second, Type result) {
  printUniformType(printer, TypeRange{first, second}, result);
}

} // namespace mlir::ge

#endif // GEMLIR_LIB_DIALECT_GE_IR_GEOPPARSING_H
