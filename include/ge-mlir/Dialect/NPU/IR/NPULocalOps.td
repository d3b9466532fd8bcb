//===- NPULocalOps.td - work on a core's local memories -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The level between tiled kernels and engine commands: memrefs whose memory space
// is the tag of a memory of Device/EngineCommands.td (1 UB, 2 L1, 3 L0A, 4 L0B,
// 5 L0C, 6 BT, 7 FB; none or 0 is global memory), and operations on them, each of which
// one queue executes.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_NPULOCALOPS
#define GEMLIR_DIALECT_NPU_IR_NPULOCALOPS

include "ge-mlir/Dialect/NPU/IR/NPUBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NPU_LocalOp : NPU_Op<"local"> {
  let summary = "a buffer in a local memory of the core";
  let description = [{
    Lives for one iteration of the loop around it. With `copies` there are so many
    buffers, and this is number `slot`. `npu-plan-local-memory` gives the byte
    address of the first; the others follow it.

    Constraints: (C1) a memref of static shape and identity layout in a local
    memory. (C2) a `slot` if there is more than one copy.

    Example:
    ```mlir
    %a = npu.local : memref<4096xf32, 1>
    %b = npu.local [%slot] {address = 32768 : i64, copies = 2 : i64} : memref<4096xf32, 1>
    ```
  }];
  let arguments = (ins Optional<Index>:$slot, DefaultValuedAttr<I64Attr, "1">:$copies, OptionalAttr<I64Attr>:$address);
  let results = (outs Res<AnyMemRef, "", [MemAlloc]>:$buffer);
  let assemblyFormat = "(`[` $slot^ `]`)? attr-dict `:` type($buffer)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::MemRefType":$type), [{
    build($_builder, $_state, type, ::mlir::Value(), 1, ::mlir::IntegerAttr());
  }]>];
  let extraClassDeclaration = [{
    /// Bytes of one copy, padded to the memory's largest alignment.
    int64_t getCopyBytes();
  }];
}

def NPU_VectorOp : NPU_Op<"vector", [
    AttrSizedOperandSegments, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a command of the vector unit on buffers in UB";
  let description = [{
    `function` is a family of Device/EngineVector.td and its member, as in
    `binary.add`; `cast` has none. Buffers are rows of columns, or one row; rows
    start at multiples of 32 bytes. An input of one row stands for each row of the
    target. An input of `binary` or `fused` whose rows have 32 bytes, where the target's
    are longer, repeats them along its row. A target of `reduce` of one dimension
    takes the rows' results side by side. Buffers of `binary` and `fused` may also be
    rows of blocks of 32 bytes, `[rows, blocks, n]`, which are 0, 1, 2, 4 up to 64
    blocks apart.

    Constraints: (C1) a known function. (C2) buffers in UB of at most two
    dimensions, or three for `binary` and `fused`, the last one dense.

    Example:
    ```mlir
    npu.vector "binary.add" ins(%a, %b : memref<4096xf32, 1>, memref<4096xf32, 1>) outs(%c : memref<4096xf32, 1>)
    npu.vector "scalar.muls" ins(%a : memref<4096xf32, 1>) scalar(%s : f32) outs(%c : memref<4096xf32, 1>)
    npu.vector "cast" ins(%a : memref<4096xf32, 1>) outs(%h : memref<4096xf16, 1>) {round = 4 : i64}
    ```
  }];
  let arguments = (ins
    StrAttr:$function,
    Variadic<AnyMemRef>:$inputs,
    Optional<AnyType>:$scalar,
    AnyMemRef:$target,
    DefaultValuedAttr<I64Attr, "0">:$round);
  let assemblyFormat = [{
    $function (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`scalar` `(` $scalar^ `:` type($scalar) `)`)?
    `outs` `(` $target `:` type($target) `)` attr-dict
  }];
  let hasVerifier = 1;
}

def NPU_FractalsOp : NPU_Op<"fractals", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "copies a row-major matrix from global memory to L1 as columns of fractals (NZ)";
  let description = [{
    `target` is `[columns / C0, rows, C0]`, C0 elements are 32 bytes; what the
    matrix lacks up to whole fractals becomes zero. Several matrices, `[n, rows,
    columns]`, lie side by side in it, or at the places that a target
    `[n, columns / C0, rows, C0]` gives; they are copied one after the other. A
    matrix may also lie in global memory column by column.

    Constraints: (C1) matrices in global memory and a target of one dimension more
    than each, or than all of them, in L1, of one element type.

    Example: `npu.fractals %a to %b : memref<128x256xf16>, memref<16x128x16xf16, 2>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target);
  let assemblyFormat = "$source `to` $target attr-dict `:` type($source) `,` type($target)";
  let hasVerifier = 1;
}

def NPU_FeedOp : NPU_Op<"feed", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "loads columns of fractals from L1 into L0A or L0B, or a vector into BT or FB";
  let description = [{
    `source` is `[columns / C0, rows, C0]`. L0A gets it as `mmad` takes its left
    operand; L0B as its right operand, of which rows are k, or columns if it is
    `transposed`. BT takes a vector, widened to f32 or of i32, and FB one of 32 bits.

    Constraints: (C1) a source in L1 and a target in L0A, L0B, BT or FB. (C2) only a
    right operand is `transposed`.

    Example: `npu.feed %b to %l0 : memref<4x128x16xf16, strided<[2048, 16, 1]>, 2>, memref<128x64xf16, 3>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target, UnitAttr:$transposed);
  let assemblyFormat = "$source `to` $target attr-dict `:` type($source) `,` type($target)";
  let hasVerifier = 1;
}

def NPU_PatchesOp : NPU_Op<"patches", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "loads a part of the matrix of an image's patches from L1 into L0A";
  let description = [{
    `source` is a part `[C1, H, W, lanes]` of an image. Row `m` of the matrix is the
    patch under the filter at place `(m / OW, m % OW)`, column `k` is
    `(c1, kh, kw, lane)`; places outside of `source` read `pad_value`. `rows` rows from `row`
    on and `columns` columns from `column` on are loaded. `pads` is top, left, right;
    what is below the source needs no size. OW follows from the width, the pads left
    and right, and the filter's.

    Constraints: (C1) a source of four dimensions in L1 and a target in L0A. (C2)
    lanes of 32 bytes, or of 64 if the filter's columns are not dilated.

    Example:
    ```mlir
    npu.patches %x[%row, %k] [%m, %size] pads [%top, %left, %right] to %a
      {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>}
      : memref<?x?x?x16xf16, strided<[?, ?, 16, 1]>, 2>, memref<128x64xf16, 3>
    ```
  }];
  let arguments = (ins
    AnyMemRef:$source,
    AnyMemRef:$target,
    Index:$row, Index:$column, Index:$rows, Index:$columns,
    Index:$pad_top, Index:$pad_left, Index:$pad_right,
    DenseI64ArrayAttr:$kernel,
    DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$dilations,
    DefaultValuedAttr<I64Attr, "0">:$pad_value);
  let assemblyFormat = [{
    $source `[` $row `,` $column `]` `[` $rows `,` $columns `]` `pads` `[` $pad_top `,` $pad_left `,` $pad_right `]`
    `to` $target attr-dict `:` type($source) `,` type($target)
  }];
  let hasVerifier = 1;
}

def NPU_MultiplyOp : NPU_Op<"multiply", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "multiplies L0A by L0B onto accumulators in L0C";
  let description = [{
    The product is `m` by `k` by `n`, which may be less than the buffers hold.
    With `start` the accumulators start from `bias`, else from zero; without it the
    product is added to them.

    Constraints: (C1) operands in L0A, L0B, BT and L0C. (C2) `bias` only beside
    `start`.

    Example:
    `npu.multiply %a, %b into %c [%m, %k, %n] {start} : memref<128x64xf16, 3>, memref<64x256xf16, 4>, memref<128x256xf32, 5>`
  }];
  let arguments = (ins AnyMemRef:$lhs, AnyMemRef:$rhs, Optional<AnyMemRef>:$bias, AnyMemRef:$target,
                   Index:$m, Index:$k, Index:$n, UnitAttr:$start);
  let assemblyFormat = [{
    $lhs `,` $rhs `into` $target `[` $m `,` $k `,` $n `]` (`bias` `(` $bias^ `:` type($bias) `)`)? attr-dict
    `:` type($lhs) `,` type($rhs) `,` type($target)
  }];
  let hasVerifier = 1;
}

def NPU_DrainOp : NPU_Op<"drain", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "converts accumulators and stores them to global memory";
  let description = [{
    Rows and columns are those of `target`; its element type is the accumulators'
    or f16 or bf16. `relu` rectifies. With a `scale`, or `scales` for each column in
    FB, the target has 8 bits: a value is scaled, rounded to the nearest, half to
    even, moved by `zero` and limited to what i8 holds, or ui8 if it is
    `unsigned_target`.

    Constraints: (C1) a source in L0C and a row-major matrix in global memory. (C2) one
    of `scale` and `scales` (in FB) where the target has 8 bits, else none.

    Example: `npu.drain %c to %y {relu} : memref<128x256xf32, 5>, memref<?x?xf16, strided<[512, 1], offset: ?>>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target, Optional<AnyMemRef>:$scales, UnitAttr:$relu,
                   OptionalAttr<F32Attr>:$scale, DefaultValuedAttr<I64Attr, "0">:$zero, UnitAttr:$unsigned_target);
  let assemblyFormat = [{
    $source `to` $target (`scales` `(` $scales^ `:` type($scales) `)`)? attr-dict `:` type($source) `,` type($target)
  }];
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$source, "::mlir::Value":$target, CArg<"bool", "false">:$relu), [{
    build($_builder, $_state, source, target, ::mlir::Value(), relu, ::mlir::FloatAttr());
  }]>];
}

//===----------------------------------------------------------------------===//
// Kernels of cube and vector cores together
//===----------------------------------------------------------------------===//

def NPU_SectionOp : NPU_Op<"section", [SingleBlock, NoTerminator, NoRegionArguments, RecursiveMemoryEffects]> {
  let summary = "the part of a kernel that one kind of core executes";
  let description = [{
    A kernel of both kinds of cores has a section for each, `cube` and `vector`. The
    sections run side by side, on the cores of one group, and meet by `npu.signal`
    and `npu.await`. What is outside of them both execute. `npu-split-mix` makes a
    kernel of each.

    Constraints: (C1) `core` is `cube` or `vector`.

    Example: `npu.section "cube" { npu.signal 0 behind "FIX" }`
  }];
  let arguments = (ins StrAttr:$core);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$core $body attr-dict";
  let hasVerifier = 1;
}

def NPU_ScratchOp : NPU_Op<"scratch"> {
  let summary = "global memory that a launch has for itself";
  let description = [{
    All cores of the launch see it; nothing is known of what it holds at first.
    `npu-allocate-scratch` makes it a buffer of the program.

    Example: `%s = npu.scratch : memref<24x2x128x512xf32>`
  }];
  let results = (outs Res<AnyStaticShapeMemRef, "", [MemAlloc]>:$buffer);
  let assemblyFormat = "attr-dict `:` type($buffer)";
}

def NPU_SubCoreOp : NPU_Op<"sub_core", [Pure]> {
  let summary = "the number of a vector core among those of its group";
  let description = [{
    Example: `%i = npu.sub_core`
  }];
  let results = (outs Index:$number);
  let assemblyFormat = "attr-dict";
}

class NPU_MeetingOp<string mnemonic> : NPU_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>]> {
  let arguments = (ins I64Attr:$flag, StrAttr:$queue);
}

def NPU_SignalOp : NPU_MeetingOp<"signal"> {
  let summary = "tells the other kind of core of the group that a queue is so far";
  let description = [{
    Counts up `flag` of the vector cores of the group, or of its cube core once all
    its vector cores have told it, when `queue` has done what it took before.

    Example: `npu.signal 0 behind "FIX"`
  }];
  let assemblyFormat = "$flag `behind` $queue attr-dict";
}

def NPU_AwaitOp : NPU_MeetingOp<"await"> {
  let summary = "holds a queue until a flag was counted up, and counts it down";
  let description = [{
    Example: `npu.await 0 before "MTE2"`
  }];
  let assemblyFormat = "$flag `before` $queue attr-dict";
}

#endif // GEMLIR_DIALECT_NPU_IR_NPULOCALOPS
