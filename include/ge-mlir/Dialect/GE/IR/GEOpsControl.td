//===- GEOpsControl.td - constants, foreign operators and control flow --*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSCONTROL_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSCONTROL_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

//===----------------------------------------------------------------------===//
// Constants and foreign operators
//===----------------------------------------------------------------------===//

def GE_Tensor : Attr<CPred<"::llvm::isa<::mlir::ElementsAttr>($_self)">, "constant tensor attribute">,
                GE_AttrKind<"Tensor"> {
  let storageType = "::mlir::ElementsAttr";
  let returnType = "::mlir::ElementsAttr";
  let convertFromStorage = "$_self";
  let geDefault = "Tensor()";
}

def GE_ConstOp : GE_Op<"const", "Const", [ConstantLike]> {
  let summary = "a constant tensor";
  let semantics = "Holds its value as dense elements, which fold, or as a dense resource, whose bytes may alias a "
      "mapped file.";
  let constraints = "(C1) the result has the type of the value.";
  let example = "%y = ge.const dense<[1, 2, 3]> : tensor<3xi64>";
  let arguments = (ins GE_Tensor:$value);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = "attr-dict $value";
  let inference = [{
    results.push_back(op.getValue().getType());
    return ::mlir::success();
  }];
  let hasFolder = 1;
}

// An operator that the dialect has no operation for.
class GE_ForeignOp<string mnemonic, string type, list<Trait> traits = [], code extra = "">
    : GE_BaseOp<mnemonic, type, traits> {
  let hasPrototype = 0; // stands for any operator
  let declarations = extra # [{
    /// The operand that is input `index` of the operator, or null if that input
    /// is absent.
    ::mlir::Value getInput(int64_t index);
  }];
  let definitions = [{
    ::mlir::Value $cppClass::getInput(int64_t index) {
      return ::mlir::ge::getForeignInput(getInputs(), getInputIndices(), index);
    }
  }];
  let hasVerifier = 1;
}

def GE_FrameworkOp : GE_ForeignOp<"framework_op", "FrameworkOp", [IsolatedFromAbove]> {
  let summary = "an operator of another framework, not mapped yet";
  let semantics = "A node as its framework (for example ONNX) defines it, with attributes under their own names. "
      "`input_indices` tells which inputs the operands are; without it they are the first ones. `body_names` are "
      "the names of the attributes that hold the graphs in `bodies`; these see their arguments only and end in "
      "ge.yield. What they use from outside are the last operands and the last arguments of each body.";
  let constraints = "(C1) `input_indices` has an ascending, non-negative element for each operand. "
      "(C2) `body_names` has an element for each body.";
  let example = "%y = ge.framework_op \"Relu\"(%x) {domain = \"\", version = 13 : i64} : "
      "(tensor<2x3xf32>) -> tensor<2x3xf32>";
  let arguments = (ins StrAttr:$original_type, DefaultValuedStrAttr<StrAttr, "">:$domain,
                       DefaultValuedAttr<GE_Int, "0">:$version,
                       DefaultValuedAttr<DictionaryAttr, "{}">:$node_attributes,
                       OptionalAttr<DenseI64ArrayAttr>:$input_indices,
                       OptionalAttr<StrArrayAttr>:$body_names,
                       Variadic<GE_AnyTensor>:$inputs);
  let results = (outs Variadic<GE_AnyTensor>:$outputs);
  let regions = (region VariadicRegion<SizedRegion<1>>:$bodies);
  let assemblyFormat = [{
    $original_type `(` $inputs `)` attr-dict `:` functional-type(operands, results) (`bodies` $bodies^)?
  }];
}

def GE_CustomOp : GE_ForeignOp<"custom", "Custom"> {
  let declarations = [{
    /// The operand that is input `index` of the operator, or null if that input
    /// is absent.
    ::mlir::Value getInput(int64_t index);
    /// The type of the GE node.
    ::llvm::StringRef getGEType() { return getOpType(); }
  }];
  let summary = "a GE operator that has no operation of its own";
  let semantics = "A GE node of type `op_type`, with attributes under GE's names. `input_indices` tells which inputs "
      "the operands are; `input_names` and `output_names` are GE's names of operands and results.";
  let constraints = "(C1) `input_indices` has an ascending, non-negative element for each operand. (C2) "
      "`input_names` and `output_names` name each operand and each result.";
  let example = "%y = ge.custom \"Foo\"(%x) {node_attributes = {k = 3 : i64}} : (tensor<2x3xf32>) -> tensor<2x3xf32>";
  let arguments = (ins StrAttr:$op_type, DefaultValuedAttr<DictionaryAttr, "{}">:$node_attributes,
                       OptionalAttr<DenseI64ArrayAttr>:$input_indices,
                       OptionalAttr<StrArrayAttr>:$input_names, OptionalAttr<StrArrayAttr>:$output_names,
                       Variadic<GE_AnyTensor>:$inputs);
  let results = (outs Variadic<GE_AnyTensor>:$outputs);
  let assemblyFormat = [{
    $op_type `(` $inputs `)` attr-dict `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// Control flow. Regions see their arguments only and end in ge.yield.
//===----------------------------------------------------------------------===//

def GE_YieldOp : Op<GE_Dialect, "yield", [Pure, ReturnLike, Terminator,
                                          ParentOneOf<["IfOp", "CaseOp", "WhileOp", "FrameworkOp"]>]> {
  let summary = "the results of a region";
  let description = [{
    Ends a region of `ge.if`, `ge.case`, `ge.while` or `ge.framework_op`.
  }];
  let arguments = (ins Variadic<GE_AnyTensor>:$operands);
  let assemblyFormat = "($operands^)? attr-dict (`:` type($operands)^)?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

class GE_ControlOp<string mnemonic, string type>
    : GE_BaseOp<mnemonic, type, [IsolatedFromAbove, RecursiveMemoryEffects, RecursivelySpeculatable,
                                 SingleBlockImplicitTerminator<"YieldOp">]> {
  let header = "functional_ops";
  let results = (outs Variadic<GE_AnyTensor>:$output);
  let hasVerifier = 1;
}

def GE_IfOp : GE_ControlOp<"if", "If"> {
  let summary = "one of two graphs";
  let semantics = "Runs `then_branch` on `input` if `cond` holds, else `else_branch`. A `cond` that is not bool holds "
      "if it is not zero; one that is not a scalar, if it is not empty.";
  let constraints = "(C1) the arguments of both branches have the types of `input`. (C2) both yield the types of the "
      "results.";
  let example = [{%y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
    ^bb0(%a: tensor<2xf32>):
      %n = ge.neg %a : tensor<2xf32>
      ge.yield %n : tensor<2xf32>
    } else {
    ^bb0(%a: tensor<2xf32>):
      ge.yield %a : tensor<2xf32>
    }
  }];
  let arguments = (ins GE_AnyTensor:$cond, Variadic<GE_AnyTensor>:$input);
  let regions = (region SizedRegion<1>:$then_branch, SizedRegion<1>:$else_branch);
  let assemblyFormat = [{
    $cond `(` $input `)` attr-dict `:` functional-type(operands, results)
    `then` $then_branch `else` $else_branch
  }];
}

def GE_CaseOp : GE_ControlOp<"case", "Case"> {
  let summary = "one of several graphs";
  let semantics = "Runs the branch that `branch_index` names on `input`; an index out of range names the last one.";
  let constraints = "(C1) there is a branch. (C2) the arguments of every branch have the types of `input`. (C3) every "
      "branch yields the types of the results.";
  let example = [{%y = ge.case %i(%x) : (tensor<i32>, tensor<2xf32>) -> tensor<2xf32> branches {
    ^bb0(%a: tensor<2xf32>):
      ge.yield %a : tensor<2xf32>
    }, {
    ^bb0(%a: tensor<2xf32>):
      %n = ge.neg %a : tensor<2xf32>
      ge.yield %n : tensor<2xf32>
    }
  }];
  let arguments = (ins GE_IndexTensor:$branch_index, Variadic<GE_AnyTensor>:$input);
  let regions = (region VariadicRegion<SizedRegion<1>>:$branches);
  let assemblyFormat = [{
    $branch_index `(` $input `)` attr-dict `:` functional-type(operands, results) `branches` $branches
  }];
}

def GE_WhileOp : GE_ControlOp<"while", "While"> {
  let summary = "a graph repeated while a condition holds";
  let semantics = "While `cond`, run on the loop's values, yields true, runs `body` on them, which yields the next "
      "values. The values are `input` at first and the results at last.";
  let constraints = "(C1) the arguments of both regions have the types of `input`, up to dynamic dimensions. (C2) "
      "`cond` yields one tensor. (C3) `body` yields the types of the results, which are as many as `input`.";
  let example = [{%y = ge.while(%x) : (tensor<2xf32>) -> tensor<2xf32> cond {
    ^bb0(%a: tensor<2xf32>):
      %c = ge.const dense<false> : tensor<i1>
      ge.yield %c : tensor<i1>
    } body {
    ^bb0(%a: tensor<2xf32>):
      ge.yield %a : tensor<2xf32>
    }
  }];
  let arguments = (ins Variadic<GE_AnyTensor>:$input, GE_Default<GE_Int, "10">:$parallel_iterations);
  let regions = (region SizedRegion<1>:$cond, SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $input `)` attr-dict `:` functional-type(operands, results) `cond` $cond `body` $body
  }];
}

#endif // GEMLIR_DIALECT_GE_IR_GEOPSCONTROL_TD
