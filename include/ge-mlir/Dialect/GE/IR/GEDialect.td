//===- GEDialect.td - the ge dialect -----------------------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEDIALECT_TD
#define GEMLIR_DIALECT_GE_IR_GEDIALECT_TD

include "mlir/IR/OpBase.td"

def GE_Dialect : Dialect {
  let name = "ge";
  let summary = "graphs of GE operators on tensors";
  let description = [{
    The graph level of the compiler. An operation is a GE operator: its name,
    operands, results, attributes and defaults are GE's, so that a graph converts
    to this dialect and back without loss. A tensor's shape is its storage shape;
    a `#ge.format` encoding says what it stands for.

    Data nodes are arguments of a function, NetOutput is its return. A node's
    name is the operation's location. Control edges are the discardable attribute
    `ge.control_inputs`, a list of node names.
  }];
  let cppNamespace = "::mlir::ge";
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    /// GE's element types that MLIR has none for are opaque: `!ge.string`,
    /// `!ge.undefined`.
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;

  private:
    // Each beside the definitions that it registers.
    void registerAttributes();
    void registerControlOps();
    void registerElementwiseOps();
    void registerMovementOps();
    void registerNNOps();
    void registerReduceOps();
    void registerVariableOps();
  }];
}

#endif // GEMLIR_DIALECT_GE_IR_GEDIALECT_TD
