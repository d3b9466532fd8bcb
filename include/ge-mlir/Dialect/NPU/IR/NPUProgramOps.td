//===- NPUProgramOps.td - program-level operations of the npu dialect -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_NPUPROGRAMOPS
#define GEMLIR_DIALECT_NPU_IR_NPUPROGRAMOPS

include "ge-mlir/Dialect/NPU/IR/NPUBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

def NPU_ProgramOp : NPU_Op<"program", [FunctionOpInterface, IsolatedFromAbove, Symbol]> {
  let summary = "what the runtime does: a control-flow graph over registers and buffers";
  let description = [{
    The arguments are the model's inputs, then its `num_outputs` outputs. The
    body uses `i64` values as registers (`arith`, `cf`), memrefs as buffers, and
    the operations of this section. `npu-to-program` encodes it flat for the
    runtime.

    Example:
    ```mlir
    npu.program @main(%x: memref<8xf32>, %y: memref<8xf32>) attributes {arena_size = 0 : i64, num_outputs = 1 : i64} {
      npu.launch @double(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
      npu.return
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    TypeAttrOf<FunctionType>:$function_type,
    DefaultValuedAttr<I64Attr, "1">:$num_outputs,
    DefaultValuedAttr<I64Attr, "0">:$arena_size,
    OptionalAttr<StrAttr>:$sym_visibility,
    OptionalAttr<DictArrayAttr>:$arg_attrs,
    OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::mlir::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def NPU_LaunchOp : NPU_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "execution of a kernel over all its tiles";
  let description = [{
    On buffers the operands are the kernel's arguments in order and there are no
    results. On tensors the operands are the kernel's inputs and the results its
    outputs; `tied[i]`, if not -1, is the operand whose storage result `i` takes
    over and updates in place. `i64` operands are the kernel's scalars.

    Constraints: (C1) the callee is an `npu.kernel`. (C2) operand and result
    types agree with the kernel's arguments.

    Example: `npu.launch @k(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()`
  }];
  let arguments = (ins
    FlatSymbolRefAttr:$kernel,
    Variadic<AnyType>:$operands,
    OptionalAttr<DenseI64ArrayAttr>:$tied);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = "$kernel `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
}

def NPU_ConstantOp : NPU_Op<"constant", [Pure]> {
  let summary = "a buffer of the model's weights";
  let description = [{
    Example: `%w = npu.constant dense<1.0> : tensor<8xf32> -> memref<8xf32>`
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$value attr-dict `->` type($buffer)";
}

def NPU_StateOp : NPU_Op<"state", [Pure]> {
  let summary = "a buffer that keeps its content between executions";
  let description = [{
    It starts as `initial`, or as zeros without one.

    Example: `%s = npu.state "hidden" : memref<1x128xf32>`
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<ElementsAttr>:$initial);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$name (`=` $initial^)? attr-dict `:` type($buffer)";
}

def NPU_States : Resource<"::mlir::npu::StateResource">;

def NPU_ReadStateOp : NPU_Op<"read_state", [MemoryEffects<[MemRead<NPU_States>]>]> {
  let summary = "the content of a state as a tensor, before programs have buffers";
  let description = [{
    Example: `%h = npu.read_state "hidden" : tensor<1x128xf32>`
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<ElementsAttr>:$initial);
  let results = (outs AnyRankedTensor:$value);
  let assemblyFormat = "$name (`=` $initial^)? attr-dict `:` type($value)";
}

def NPU_WriteStateOp : NPU_Op<"write_state", [MemoryEffects<[MemWrite<NPU_States>]>]> {
  let summary = "new content for a state, before programs have buffers";
  let description = [{
    Example: `npu.write_state %h, "hidden" : tensor<1x128xf32>`
  }];
  let arguments = (ins AnyRankedTensor:$value, StrAttr:$name, OptionalAttr<ElementsAttr>:$initial);
  let assemblyFormat = "$value `,` $name (`=` $initial^)? attr-dict `:` type($value)";
}

def NPU_ArenaOp : NPU_Op<"arena", [Pure]> {
  let summary = "a buffer at a planned byte offset of the execution's arena";
  let description = [{
    Example: `%t = npu.arena 4096 : memref<8xf32>`
  }];
  let arguments = (ins I64Attr:$offset);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$offset attr-dict `:` type($buffer)";
}

def NPU_AllocOp : NPU_Op<"alloc", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a buffer of run-time size from the execution's pool";
  let description = [{
    Example: `%t = npu.alloc %bytes : memref<?xf32>`
  }];
  let arguments = (ins I64:$size);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$size attr-dict `:` type($buffer)";
}

def NPU_FreeOp : NPU_Op<"free", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "return of a buffer to the pool";
  let description = [{
    Example: `npu.free %t : memref<?xf32>`
  }];
  let arguments = (ins AnyMemRef:$buffer);
  let assemblyFormat = "$buffer attr-dict `:` type($buffer)";
}

def NPU_ViewOp : NPU_Op<"view", [
    Pure, DeclareOpInterfaceMethods<ViewLikeOpInterface>]> {
  let summary = "the bytes of a buffer from an offset on, as another type";
  let description = [{
    Example: `%v = npu.view %b[%offset] : memref<64xf32> -> memref<8xf32>`
  }];
  let arguments = (ins AnyMemRef:$source, I64:$offset);
  let results = (outs AnyMemRef:$view);
  let assemblyFormat = "$source `[` $offset `]` attr-dict `:` type($source) `->` type($view)";
}

def NPU_CopyOp : NPU_Op<"copy", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "copy of whole buffers";
  let description = [{
    Constraints: (C1) equal sizes in bytes. (C2) `size`, in bytes, beside buffers
    of dynamic shape.

    Example: `npu.copy %a to %b : memref<8xf32>, memref<8xf32>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target, Optional<I64>:$size);
  let assemblyFormat = [{
    $source `to` $target (`size` $size^)? attr-dict `:` type($source) `,` type($target)
  }];
  let hasVerifier = 1;
}

def NPU_SetDimsOp : NPU_Op<"set_dims", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the dynamic dimensions of an output, once they are known";
  let description = [{
    Gives an output of dynamic shape its dimensions and makes sure that it has
    room for them. Comes before the first operation that writes the output.

    Constraints: (C1) a size for each dynamic dimension, in order.

    Example: `npu.set_dims %y[%n] : memref<?x4xf32>`
  }];
  let arguments = (ins AnyMemRef:$buffer, Variadic<I64>:$sizes);
  let assemblyFormat = "$buffer `[` $sizes `]` attr-dict `:` type($buffer)";
  let hasVerifier = 1;
}

def NPU_CheckOp : NPU_Op<"check", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a run-time assertion that names its operator";
  let description = [{
    Ends the execution with `message` if `condition` is zero.

    Example: `npu.check %ok, "node 'conv1': expected 3 channels"`
  }];
  let arguments = (ins I64:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict";
}

def NPU_DimOp : NPU_Op<"dim", [Pure]> {
  let summary = "a dimension of an input or pool buffer at run time";
  let description = [{
    Example: `%n = npu.dim %x, 0 : memref<?x4xf32>`
  }];
  let arguments = (ins AnyMemRef:$buffer, I64Attr:$index);
  let results = (outs I64:$size);
  let assemblyFormat = "$buffer `,` $index attr-dict `:` type($buffer)";
}

def NPU_ReadOp : NPU_Op<"read", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "an integer element of a buffer as a register";
  let description = [{
    Example: `%k = npu.read %b[%i] : memref<1xi32>`
  }];
  let arguments = (ins AnyMemRef:$buffer, I64:$index);
  let results = (outs I64:$value);
  let assemblyFormat = "$buffer `[` $index `]` attr-dict `:` type($buffer)";
}

def NPU_CallOp : NPU_Op<"call", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "execution of another program";
  let description = [{
    Example: `npu.call @body(%x, %y) : memref<8xf32>, memref<8xf32>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$program, Variadic<AnyMemRef>:$operands);
  let assemblyFormat = "$program `(` $operands `)` attr-dict `:` type($operands)";
}

//===----------------------------------------------------------------------===//
// Control flow on tensors, before programs have buffers. Regions see what comes
// before them; what they compute leaves through npu.next.
//===----------------------------------------------------------------------===//

def NPU_NextOp : NPU_Op<"next", [Pure, Terminator, ReturnLike, ParentOneOf<["IfOp", "ForOp", "WhileOp"]>]> {
  let summary = "the results of a branch, or the next values of a loop";
  let description = [{
    Example: `npu.next %a, %b : tensor<8xf32>, tensor<4xf32>`
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$operands);
  let assemblyFormat = "($operands^ `:` type($operands))? attr-dict";
}

def NPU_ConditionOp : NPU_Op<"condition", [Pure, Terminator, HasParent<"WhileOp">]> {
  let summary = "whether a loop goes on";
  let description = [{
    Example: `npu.condition %c`
  }];
  let arguments = (ins I1:$condition);
  let assemblyFormat = "$condition attr-dict";
}

def NPU_IfOp : NPU_Op<"if", [RecursiveMemoryEffects, SingleBlock, NoRegionArguments]> {
  let summary = "one of two parts of a program";
  let description = [{
    `sizes` are the dynamic dimensions of the results, in order.

    Constraints: (C1) both regions end in `npu.next` with the types of the
    results. (C2) there is a size for each dynamic dimension.

    Example:
    ```mlir
    %y = npu.if %c -> (tensor<8xf32>) {
      %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
      npu.next %0 : tensor<8xf32>
    } else {
      npu.next %x : tensor<8xf32>
    }
    ```
  }];
  let arguments = (ins I1:$condition, Variadic<Index>:$sizes);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let assemblyFormat = [{
    $condition (`sizes` `(` $sizes^ `)`)? (`->` `(` type($results)^ `)`)? $then_region `else` $else_region attr-dict
  }];
  let hasVerifier = 1;
}

def NPU_ForOp : NPU_Op<"for", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "a part of a program, a number of times";
  let description = [{
    Runs the body with the numbers from 0 to `count` - 1, in order. The body's
    other arguments are `inits` at first, then what the body passed to `npu.next`;
    the results are the last of them.

    Constraints: (C1) the body's arguments are an `index` and tensors of the
    types of `inits`. (C2) `npu.next` and the results have these types.

    Example:
    ```mlir
    %y = npu.for %n init(%x : tensor<8xf32>) -> tensor<8xf32> {
    ^bb0(%i: index, %a: tensor<8xf32>):
      %0 = npu.launch @k(%a) : (tensor<8xf32>) -> tensor<8xf32>
      npu.next %0 : tensor<8xf32>
    }
    ```
  }];
  let arguments = (ins Index:$count, Variadic<AnyRankedTensor>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$count (`init` `(` $inits^ `:` type($inits) `)` `->` type($results))? $body attr-dict";
  let hasVerifier = 1;
}

def NPU_WhileOp : NPU_Op<"while", [RecursiveMemoryEffects]> {
  let summary = "a part of a program, as long as a condition holds";
  let description = [{
    The arguments of both regions are `inits` at first, then what `body` passed
    to `npu.next`. `before` decides by `npu.condition` whether the body runs
    (again); the results are the values with which it does not.

    Constraints: (C1) the arguments of both regions have the types of `inits`.
    (C2) `npu.next` and the results have these types.

    Example:
    ```mlir
    %y = npu.while init(%x : tensor<i64>) -> tensor<i64> {
    ^bb0(%a: tensor<i64>):
      %v = tensor.extract %a[] : tensor<i64>
      %c = arith.cmpi slt, %v, %ten : i64
      npu.condition %c
    } do {
    ^bb0(%a: tensor<i64>):
      %0 = npu.launch @k(%a) : (tensor<i64>) -> tensor<i64>
      npu.next %0 : tensor<i64>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$before, SizedRegion<1>:$body);
  let assemblyFormat = "(`init` `(` $inits^ `:` type($inits) `)` `->` type($results))? $before `do` $body attr-dict";
  let hasVerifier = 1;
}

#endif // GEMLIR_DIALECT_NPU_IR_NPUPROGRAMOPS
