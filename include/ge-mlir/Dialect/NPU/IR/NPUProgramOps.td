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
    over and updates in place.

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
    Example: `%s = npu.state "hidden" : memref<1x128xf32>`
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs AnyMemRef:$buffer);
  let assemblyFormat = "$name attr-dict `:` type($buffer)";
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
    Constraints: (C1) equal sizes in bytes.

    Example: `npu.copy %a to %b : memref<8xf32>, memref<8xf32>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target);
  let assemblyFormat = "$source `to` $target attr-dict `:` type($source) `,` type($target)";
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

#endif // GEMLIR_DIALECT_NPU_IR_NPUPROGRAMOPS
