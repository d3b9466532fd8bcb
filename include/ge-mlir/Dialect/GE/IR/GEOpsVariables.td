//===- GEOpsVariables.td - tensors that outlive an execution --*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a GE graph whoever is connected to a Variable, or to the result of an
// Assign, reads it when it runs. `ge-resolve-variables` makes that explicit: a
// variable is a symbol of the module, and reading and assigning it are
// operations with memory effects in the order of the function.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSVARIABLES_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSVARIABLES_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"
include "mlir/IR/SymbolInterfaces.td"

def GE_Variables : Resource<"::mlir::ge::VariableResource">;

def GE_InitialValue : Attr<CPred<"::llvm::isa<::mlir::ElementsAttr>($_self)">, "constant tensor attribute"> {
  let storageType = "::mlir::ElementsAttr";
  let returnType = "::mlir::ElementsAttr";
  let convertFromStorage = "$_self";
}

class GE_ResolvedOp<string mnemonic, string type, list<Trait> traits> : GE_BaseOp<mnemonic, type, traits> {
  let hasPrototype = 0;
  let header = "state_ops";
}

def GE_VariableOp : GE_ResolvedOp<"variable", "Variable", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a tensor that keeps its content between executions";
  let semantics = "Names a tensor of type `type`, which starts as `value`, or as zeros without one.";
  let constraints = "(C1) `type` is a tensor of static shape. (C2) `value` has this type.";
  let example = "ge.variable @steps : tensor<2xf32> = dense<1.0> : tensor<2xf32>";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<GE_InitialValue>:$value);
  let assemblyFormat = "$sym_name `:` $type (`=` $value^)? attr-dict";
  let hasVerifier = 1;
}

class GE_VariableAccess<string mnemonic, string type, list<Trait> traits>
    : GE_ResolvedOp<mnemonic, type, !listconcat(traits, [DeclareOpInterfaceMethods<SymbolUserOpInterface>])>;

def GE_ReadVariableOp : GE_VariableAccess<"read_variable", "ReadVariable", [MemoryEffects<[MemRead<GE_Variables>]>]> {
  let summary = "the content of a variable";
  let semantics = "Yields what was last assigned to `variable`.";
  let constraints = "(C1) `variable` names a `ge.variable`. (C2) the result has its type.";
  let example = [{ge.variable @steps : tensor<2xf32>
    %y = ge.read_variable @steps : tensor<2xf32>}];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = "$variable attr-dict `:` type($y)";
}

def GE_AssignOp : GE_VariableAccess<"assign", "Assign", [MemoryEffects<[MemWrite<GE_Variables>]>]> {
  let summary = "new content for a variable";
  let semantics = "Makes `value` the content of `variable`.";
  let constraints = "(C1) `variable` names a `ge.variable`. (C2) `value` has its type, up to dynamic dimensions.";
  let example = [{ge.variable @steps : tensor<2xf32>
    ge.assign %x, @steps : tensor<2xf32>}];
  let arguments = (ins GE_AnyTensor:$value, FlatSymbolRefAttr:$variable);
  let assemblyFormat = "$value `,` $variable attr-dict `:` type($value)";
}

#endif // GEMLIR_DIALECT_GE_IR_GEOPSVARIABLES_TD
