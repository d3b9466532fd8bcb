//===- NPUCoreOps.td - core-level operations of the npu dialect -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_NPUCOREOPS
#define GEMLIR_DIALECT_NPU_IR_NPUCOREOPS

include "ge-mlir/Dialect/NPU/IR/NPUBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NPU_KernelOp : NPU_Op<"kernel", [
    FunctionOpInterface, IsolatedFromAbove, Symbol, AutomaticAllocationScope]> {
  let summary = "the work of one launch";
  let description = [{
    A function without results over buffers: first the inputs, then
    `num_outputs` outputs, then any `i64` scalars. A launch divides the kernel
    into `tiles` parts of equal right; a call executes the range of tiles that
    `npu.tile_range` gives. The parts may run in any order and on any core: what
    one writes no other reads.

    The argument attribute `npu.sizes` of a buffer of dynamic shape says which
    scalar holds each of its dynamic dimensions, in order. If the number of tiles
    depends on sizes, `tiles` is -1 and `tile_count` gives it, with the scalars as
    symbols.

    Constraints: (C1) every argument is a memref with identity layout or `i64`.
    (C2) the last `num_outputs` memref arguments exist. (C3) `tiles` is positive,
    or -1 beside a `tile_count` of one result. (C4) `npu.sizes` names a scalar for
    each dynamic dimension.

    Example:
    ```mlir
    npu.kernel @double(%x: memref<8xf32>, %y: memref<8xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
      %c0 = arith.constant 0 : index
      %v = memref.load %x[%c0] : memref<8xf32>
      %w = arith.addf %v, %v : f32
      memref.store %w, %y[%c0] : memref<8xf32>
      npu.return
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    TypeAttrOf<FunctionType>:$function_type,
    DefaultValuedAttr<I64Attr, "1">:$num_outputs,
    DefaultValuedAttr<I64Attr, "1">:$tiles,
    OptionalAttr<AffineMapAttr>:$tile_count,
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
    /// The memref arguments that the kernel reads.
    ::mlir::ArrayRef<::mlir::BlockArgument> getInputs();
    /// The memref arguments that the kernel writes.
    ::mlir::ArrayRef<::mlir::BlockArgument> getOutputs();
    /// The `i64` arguments.
    ::mlir::ArrayRef<::mlir::BlockArgument> getScalars();
    /// The number of the scalar that holds dynamic dimension `dim` of the memref
    /// argument `argument`.
    unsigned getSizeScalar(unsigned argument, unsigned dim);
    static constexpr ::llvm::StringLiteral kSizesAttrName = "npu.sizes";
  }];
}

def NPU_ReturnOp : NPU_Op<"return", [
    Pure, Terminator, ParentOneOf<["KernelOp", "ProgramOp"]>]> {
  let summary = "end of a kernel or program";
  let description = [{
    Example: `npu.return`
  }];
  let assemblyFormat = "attr-dict";
}

def NPU_YieldOp : NPU_Op<"yield", [
    Pure, Terminator, ReturnLike, ParentOneOf<["MmadOp", "DepthwiseOp"]>]> {
  let summary = "the value that an epilogue stores";
  let description = [{
    Example: `npu.yield %v : f32`
  }];
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def NPU_TileRangeOp : NPU_Op<"tile_range", [HasParent<"KernelOp">]> {
  let summary = "the block's identity: which tiles of the kernel this call executes";
  let description = [{
    The call executes tiles `begin` to `end - 1` of the kernel's `tiles`.

    Example: `%begin, %end = npu.tile_range`
  }];
  let results = (outs Index:$begin, Index:$end);
  let assemblyFormat = "attr-dict";
}

def NPU_MoveOp : NPU_Op<"move", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "movement between memory spaces";
  let description = [{
    Copies `source` to `target`; the spaces of the two memrefs name the data
    path. On the way into a local memory rows may get longer, with zeros.

    Constraints: (C1) equal shapes and element types; the last dimension of a
    target in a local memory may be longer.

    Example: `npu.move %a to %b : memref<16xf32>, memref<16xf32, 1>`
  }];
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target);
  let assemblyFormat = "$source `to` $target attr-dict `:` type($source) `,` type($target)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Tile operations
//===----------------------------------------------------------------------===//

def NPU_TensorOrMemRef : AnyTypeOf<[AnyRankedTensor, AnyMemRef], "tensor or memref">;

/// An operation with an accumulator, an epilogue and a destination. `epilogue`
/// operands follow the accumulator as arguments of the region.
class NPU_EpilogueOp<string mnemonic, list<Trait> traits = []> : NPU_Op<mnemonic, !listconcat([
    DestinationStyleOpInterface, SingleBlock,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>], traits)> {
  let results = (outs Optional<AnyRankedTensor>:$result);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  code epilogueDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

def NPU_MmadOp : NPU_EpilogueOp<"mmad"> {
  let summary = "matrix product of tiles, with an epilogue on the accumulator";
  let description = [{
    `init = epilogue(lhs · rhs)`: the matrix tile operation of every device.

    `lhs` is a row-major `[M, K]` tensor or memref, or an `!npu.matrix<MxK>`
    from `npu.im2col`. `rhs` holds panels `[N1, K, n0]`: column `n` is panel
    `n / n0`, lane `n % n0`; lanes from `N` on are zero. With `order` it is the
    matrix itself, `kn` `[K, N]` or `nk` `[N, K]`. With one more leading
    dimension on `lhs`, `rhs` and `init` the operation is a batch of products.
    Integers are signed, those of `lhs` not if it is `unsigned_lhs`.
    `init` is `[M, N]`, or the NC1HWC0 storage `[B, C1, H, W, C0]` of an image
    with `M = B·H·W` and `N ≤ C1·C0`; lanes from `N` on are then unspecified.
    It is written, not read.

    The region gets the accumulator and one element of each `epilogue` operand
    and yields the element to store. An epilogue operand has the shape of
    `init` (one element for each), or one dimension (one element for each
    column: `N`, or `C1·C0` padded), or one element in all.

    Constraints: (C1) `K` of `lhs` and `rhs` agree. (C2) `rhs` has enough panels
    for `init`'s columns. (C3) `M` of `lhs` and `init` agree. (C4) each epilogue
    operand has one of the three shapes. (C5) the region's arguments are the
    accumulator type and the epilogue operands' element types, and it yields
    `init`'s element type. (C6) an `order` is `kn` or `nk`, beside a `lhs` in memory, or
    `nk` beside `npu.im2col`.
    (C7) the columns of a group of `npu.im2col` are whole panels.

    Example:
    ```mlir
    %r = npu.mmad ins(%a, %b : tensor<128x64xf32>, tensor<2x64x16xf32>)
                  epilogue(%bias : tensor<32xf32>)
                  outs(%c : tensor<128x32xf32>) {
    ^bb0(%acc: f32, %e: f32):
      %0 = arith.addf %acc, %e : f32
      npu.yield %0 : f32
    } -> tensor<128x32xf32>
    ```
  }];
  let arguments = (ins
    AnyTypeOf<[AnyRankedTensor, AnyMemRef, NPU_MatrixType]>:$lhs,
    NPU_TensorOrMemRef:$rhs,
    Variadic<NPU_TensorOrMemRef>:$epilogue,
    NPU_TensorOrMemRef:$init,
    OptionalAttr<I64Attr>:$columns,
    OptionalAttr<NPU_PanelOrderAttr>:$order,
    UnitAttr:$unsigned_lhs);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    (`epilogue` `(` $epilogue^ `:` type($epilogue) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict-with-keyword $body (`->` type($result)^)?
  }];
  let extraClassDeclaration = epilogueDeclaration # [{
    /// Whether the operation is a batch of products.
    bool isBatched() {
      auto lhsType = ::mlir::dyn_cast<::mlir::ShapedType>(getLhs().getType());
      return lhsType && lhsType.getRank() == 3;
    }
    /// Number of products (1 if not batched), rows, columns that hold values, reduction length.
    int64_t getBatch();
    int64_t getM();
    int64_t getN();
    int64_t getK();
    /// The `npu.im2col` that produces `lhs`, or null.
    ::mlir::npu::Im2ColOp getImage();
    /// Sizes of one product's right operand, which is a matrix or panels.
    int64_t getRhsDepth();
    int64_t getPanelWidth();
  }];
}

def NPU_Im2ColOp : NPU_Op<"im2col", [Pure]> {
  let summary = "the matrix of patches of an image, not stored";
  let description = [{
    Row `(b, oh, ow)` of the result is the patch of `image` under the filter at
    output position `(oh, ow)`; positions outside the image read `pad_value`, which is not zero
    only of integers.

    `image` is NCHW `[B, C, H, W]`, then a column is `(c, kh, kw)`; or NC1HWC0
    `[B, C1, H, W, C0]`, then a column is `(c1, kh, kw, c0)` with `c0` running
    to `C0`, in the last `c1` to the end of the `channels` real channels. Lanes of
    `image` from `channels` on are never read. `pads` is top, bottom, left,
    right.

    With `groups` the channels of an NC1HWC0 image are so many groups of `channels`,
    one behind the other, as are the columns of the product that takes the matrix: a
    column gets the patches of its own group.

    Constraints: (C1) `rows = B·OH·OW`. (C2) `columns = channels·KH·KW`. (C3) groups
    are whole blocks of NC1HWC0, and all of them.

    Example:
    ```mlir
    %a = npu.im2col %x {channels = 64 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>,
                        output = array<i64: 56, 56>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
         : tensor<1x4x56x56x16xf32> -> !npu.matrix<3136x576xf32>
    ```
  }];
  let arguments = (ins
    NPU_TensorOrMemRef:$image,
    I64Attr:$channels,
    DenseI64ArrayAttr:$kernel,
    DenseI64ArrayAttr:$output,
    DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$pads,
    DenseI64ArrayAttr:$dilations,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    DefaultValuedAttr<I64Attr, "0">:$pad_value);
  let results = (outs NPU_MatrixType:$matrix);
  let assemblyFormat = "$image attr-dict `:` type($image) `->` qualified(type($matrix))";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$image, "int64_t":$channels,
      "::llvm::ArrayRef<int64_t>":$kernel, "::llvm::ArrayRef<int64_t>":$output,
      "::llvm::ArrayRef<int64_t>":$strides, "::llvm::ArrayRef<int64_t>":$pads,
      "::llvm::ArrayRef<int64_t>":$dilations, CArg<"int64_t", "1">:$groups,
      CArg<"int64_t", "0">:$padValue)>];
}

def NPU_DepthwiseOp : NPU_EpilogueOp<"depthwise"> {
  let summary = "depthwise convolution on NC1HWC0, with an epilogue on the accumulator";
  let description = [{
    `init[b, c1, oh, ow, c0] = epilogue(Σ_kh,kw image[b, c1, ih, iw, c0] · filter[c1, kh, kw, c0])`,
    positions outside the image reading zero. `pads` is top, bottom, left,
    right. Epilogue as in `npu.mmad`; a one-dimensional epilogue operand has
    `C1·C0` elements.

    Constraints: (C1) `image`, `filter` and `init` agree in batch, C1 and C0.
    (C2) the output's height and width follow from the image's and the attributes.

    Example:
    ```mlir
    %r = npu.depthwise ins(%x, %w : tensor<1x9x56x56x16xf32>, tensor<9x3x3x16xf32>)
                       outs(%y : tensor<1x9x56x56x16xf32>)
                       attributes {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} {
    ^bb0(%acc: f32):
      npu.yield %acc : f32
    } -> tensor<1x9x56x56x16xf32>
    ```
  }];
  let arguments = (ins
    NPU_TensorOrMemRef:$image,
    NPU_TensorOrMemRef:$filter,
    Variadic<NPU_TensorOrMemRef>:$epilogue,
    NPU_TensorOrMemRef:$init,
    DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$pads,
    DenseI64ArrayAttr:$dilations);
  let assemblyFormat = [{
    `ins` `(` $image `,` $filter `:` type($image) `,` type($filter) `)`
    (`epilogue` `(` $epilogue^ `:` type($epilogue) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict-with-keyword $body (`->` type($result)^)?
  }];
  let extraClassDeclaration = epilogueDeclaration;
}

def NPU_AttentionOp : NPU_Op<"attention", [
    DestinationStyleOpInterface, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "scaled dot-product attention of all heads";
  let description = [{
    `init[b, n, m] = softmax(scale * query[b, n, m] · key[b, k, :] + mask[b, n, :, m]) · value[b, k]`
    with `k = n / (N / K)`: as many neighbouring heads of `query` share a head of
    `key` and `value` as there are fewer of those. The scores never exist as a
    whole.

    Operands are `[B, N, M, D]`, or `[B, M, N, D]` where `query_heads_inside`
    (`query` and `init`) or `key_heads_inside` (`key` and `value`) is set. `mask`
    is `[B, N, S, M]`, a row for each key; a dimension of 1 repeats.

    Constraints: (C1) all have four dimensions, and elements of f32, f16 or bf16 alike
    but for the mask, which has f32. (C2) batches agree
    and the heads of `query` are a multiple of those of `key` and `value`. (C3)
    `key` has the columns of `query`, and the rows of `value`. (C4) `init` has the
    rows of `query` and the columns of `value`. (C5) `mask` broadcasts to the scores.

    Example:
    ```mlir
    %r = npu.attention ins(%q, %k, %v : tensor<1x4x7x8xf32>, tensor<1x2x9x8xf32>, tensor<1x2x9x8xf32>)
                       outs(%o : tensor<1x4x7x8xf32>) {scale = 0.353553385 : f32} -> tensor<1x4x7x8xf32>
    ```
  }];
  let arguments = (ins
    NPU_TensorOrMemRef:$query,
    NPU_TensorOrMemRef:$key,
    NPU_TensorOrMemRef:$value,
    NPU_TensorOrMemRef:$init,
    Optional<NPU_TensorOrMemRef>:$mask,
    F32Attr:$scale,
    DefaultValuedAttr<BoolAttr, "false">:$query_heads_inside,
    DefaultValuedAttr<BoolAttr, "false">:$key_heads_inside);
  let results = (outs Optional<AnyRankedTensor>:$result);
  let assemblyFormat = [{
    `ins` `(` $query `,` $key `,` $value `:` type($query) `,` type($key) `,` type($value) `)`
    (`mask` `(` $mask^ `:` type($mask) `)`)? `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The sizes of one side, whatever their order. `columns` is what query and
    /// key share, `valueColumns` that of value and init.
    struct Dims {
      int64_t batch, heads, rows, columns, valueColumns;
    };
    Dims getQueryDims();
    Dims getKeyDims();
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

def NPU_PackPanelsOp : NPU_Op<"pack_panels", [Pure, InferTypeOpAdaptor]> {
  let summary = "operand `rhs` of `npu.mmad`, or the filter of `npu.depthwise`, in panel order";
  let description = [{
    Reorders `source` into panels `[N1, K, n0]`, zero beyond `N`:

    | order | source | column n, row k |
    | --- | --- | --- |
    | `kn` | `[K, N]` (or a batch `[B, K, N]`) | `source[k, n]` |
    | `nk` | `[N, K]` (or a batch) | `source[n, k]` |
    | `conv_nchw` | `[N, C, KH, KW]` | `k = (c, kh, kw)` |
    | `conv_nc1hwc0` | `[N, C, KH, KW]` | `k = (c1, kh, kw, c0)`, `c0` running to `c0`, at the end to `C` |
    | `depthwise` | `[C, 1, KH, KW]` | result `[C1, KH, KW, n0]` |

    On a constant it is evaluated at compile time (`npu-fold-packs`).

    Example: `%p = npu.pack_panels %w kn {n0 = 16 : i64} : tensor<64x32xf32> -> tensor<2x64x16xf32>`
  }];
  let arguments = (ins
    AnyRankedTensor:$source,
    NPU_PanelOrderAttr:$order,
    I64Attr:$n0,
    DefaultValuedAttr<I64Attr, "16">:$c0);
  let results = (outs AnyRankedTensor:$panels);
  let assemblyFormat = "$source $order attr-dict `:` type($source) `->` type($panels)";
}

#endif // GEMLIR_DIALECT_NPU_IR_NPUCOREOPS
