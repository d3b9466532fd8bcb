//===- GEOpParsing.cpp - directives of the ge assembly format -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GEOpParsing.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

ParseResult ge::parseUniformType(OpAsmParser &parser, MutableArrayRef<Type *> operands, Type &result) {
  SMLoc loc = parser.getCurrentLocation();
  Type type;
  if (parser.parseType(type))
    return failure();
  auto function = dyn_cast<FunctionType>(type);
  if (!function) {
    for (Type *operand : operands)
      *operand = type;
    result = type;
    return success();
  }
  if (function.getNumInputs() != operands.size() || function.getNumResults() != 1)
    return parser.emitError(loc, "expected a type with ")
           << operands.size() << " operands and one result, but got " << type;
  for (auto [operand, input] : llvm::zip_equal(operands, function.getInputs()))
    *operand = input;
  result = function.getResult(0);
  return success();
}

void ge::printUniformType(OpAsmPrinter &printer, TypeRange operands, Type result) {
  if (llvm::all_of(operands, [&](Type type) { return type == result; })) {
    printer << result;
    return;
  }
  printer << "(";
  llvm::interleaveComma(operands, printer, [&](Type type) { printer << type; });
  printer << ") -> " << result;
}
