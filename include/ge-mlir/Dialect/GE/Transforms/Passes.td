//===- Passes.td - passes on the ge dialect ----------------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES
#define GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Graph passes, alphabetical
//===----------------------------------------------------------------------===//

def ApplyPDLPatternsPass : Pass<"ge-apply-pdl-patterns"> {
  let summary = "rewrite with PDL patterns from a file";
  let description = [{
    Applies the `pdl.pattern` operations of a file, greedily and until none
    matches, so that a rewrite can be tried without building anything. The file
    is MLIR text or bytecode; `mlir-pdll -x=mlir` makes it from PDLL. Patterns
    cannot call native functions.

    With `patterns` naming a file that holds
    ```mlir
    pdl.pattern @double_negation : benefit(1) {
      %type = pdl.type
      %x = pdl.operand
      %0 = pdl.operation "ge.neg"(%x : !pdl.value) -> (%type : !pdl.type)
      %1 = pdl.result 0 of %0
      %2 = pdl.operation "ge.neg"(%1 : !pdl.value) -> (%type : !pdl.type)
      pdl.rewrite %2 {
        pdl.replace %2 with (%x : !pdl.value)
      }
    }
    ```
    Before:
    ```mlir
    %0 = ge.neg %x : tensor<4xf32>
    %1 = ge.neg %0 : tensor<4xf32>
    %2 = ge.relu %1 : tensor<4xf32>
    ```
    After:
    ```mlir
    %0 = ge.relu %x : tensor<4xf32>
    ```
  }];
  let options = [
    Option<"patterns", "patterns", "std::string", /*default=*/"\"\"", "file with pdl.pattern operations">
  ];
  let statistics = [
    Statistic<"numPatterns", "num-patterns", "Number of patterns in the file">
  ];
  let dependentDialects = ["::mlir::pdl::PDLDialect", "::mlir::pdl_interp::PDLInterpDialect"];
}

def AssignFormatsPass : Pass<"ge-assign-formats", "::mlir::func::FuncOp"> {
  let summary = "store images as NC1HWC0 where that saves conversions";
  let description = [{
    Gives convolutions, and what lies between them, the storage format that the
    device computes on, and inserts `ge.trans_data` where a stored and a plain
    tensor meet. Operators that accept both formats are stored or plain by the
    minimum of a cost model over the whole function: elements converted on every
    edge between the two worlds (a tensor is converted once for all its users),
    plus the penalty of a convolution on plain images. Small constants that
    vary along channels only are laid out again at compile time.

    Before:
    ```mlir
    %0 = ge.conv2d %x, %w {...} : (tensor<1x32x8x8xf32>, tensor<64x32x3x3xf32>) -> tensor<1x64x8x8xf32>
    %1 = ge.relu %0 : tensor<1x64x8x8xf32>
    ```
    After:
    ```mlir
    #x = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 8, 8]>
    #y = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 8, 8]>
    %t = ge.trans_data %x {...} : (tensor<1x32x8x8xf32>) -> tensor<1x2x8x8x16xf32, #x>
    %0 = ge.conv2d %t, %w {...} : (tensor<1x2x8x8x16xf32, #x>, tensor<64x32x3x3xf32>) -> tensor<1x4x8x8x16xf32, #y>
    %1 = ge.relu %0 : tensor<1x4x8x8x16xf32, #y>
    %2 = ge.trans_data %1 {...} : (tensor<1x4x8x8x16xf32, #y>) -> tensor<1x64x8x8xf32>
    ```
  }];
  let options = [
    Option<"c0", "c0", "int64_t", /*default=*/"16", "channels in a block">
  ];
  let statistics = [
    Statistic<"numConversions", "num-conversions", "Number of ge.trans_data inserted">,
    Statistic<"numConverted", "num-elements-converted", "Number of elements they convert">,
    Statistic<"numStored", "num-stored", "Number of operations on NC1HWC0">
  ];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def AssignPrecisionPass : Pass<"ge-assign-precision", "::mlir::func::FuncOp"> {
  let summary = "compute in a shorter element type where the precision mode says so";
  let description = [{
    Lets operators on `f32` compute in `type` (`f16` or `bf16`). Products of
    matrices and convolutions always do. Operators that sum or exponentiate
    (reductions, normalisations, `SoftmaxV2`, `Exp`, `Pow`, ...) never do,
    because their results leave the range. The others do with `everywhere`, and
    otherwise where all that they read is in `type` already. Arguments and
    results of the function, and of the regions in it, keep their types; `ge.cast`
    stands where the types meet, once for each value. What is too large for `type` in
    a constant becomes its largest number.

    Before:
    ```mlir
    %0 = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
    %1 = ge.relu %0 : tensor<2x3xf32>
    ```
    After:
    ```mlir
    %a = ge.cast %x {dst_type = f16} : (tensor<2x4xf32>) -> tensor<2x4xf16>
    %b = ge.cast %w {dst_type = f16} : (tensor<4x3xf32>) -> tensor<4x3xf16>
    %0 = ge.mat_mul_v2 %a, %b : (tensor<2x4xf16>, tensor<4x3xf16>) -> tensor<2x3xf16>
    %1 = ge.relu %0 : tensor<2x3xf16>
    %2 = ge.cast %1 {dst_type = f32} : (tensor<2x3xf16>) -> tensor<2x3xf32>
    ```
  }];
  let options = [
    Option<"type", "type", "std::string", /*default=*/"\"f16\"", "f16 or bf16">,
    Option<"everywhere", "everywhere", "bool", /*default=*/"false",
           "also operators that read what is not in the shorter type">
  ];
  let statistics = [
    Statistic<"numShortened", "num-shortened", "Number of operations that compute in the shorter type">,
    Statistic<"numCasts", "num-casts", "Number of ge.cast inserted">,
    Statistic<"numSaturated", "num-saturated", "Number of constants with numbers too large">
  ];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def DecomposePass : Pass<"ge-decompose", "::mlir::func::FuncOp"> {
  let summary = "rewrite composite operators into those that have a lowering of their own";
  let description = [{
    `GEMM` becomes `MatMulV2` with a bias, and scaling only where the factors
    are not 1. `BatchNorm` with given statistics becomes one multiplication and
    one addition per channel, whose factors are computed here if the statistics
    are constant.

    Before:
    ```mlir
    %y:6 = ge.batch_norm %x, %s, %o mean(%m) variance(%v) {is_training = false, ...} : ...
    ```
    After:
    ```mlir
    %0 = ge.mul %x, %factor : (tensor<1x8x4x4xf32>, tensor<1x8x1x1xf32>) -> tensor<1x8x4x4xf32>
    %1 = ge.add %0, %shift : (tensor<1x8x4x4xf32>, tensor<1x8x1x1xf32>) -> tensor<1x8x4x4xf32>
    ```
  }];
  let statistics = [Statistic<"numDecomposed", "num-decomposed", "Number of operations rewritten">];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def FoldConstantsPass : Pass<"ge-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "evaluate operations whose operands are constant";
  let description = [{
    Evaluates, in one forward walk, every operation whose result follows from
    constant operands, or from static operand shapes alone (`Shape`, `Size`,
    `Rank`), with the reference interpreter. Result types are refined on the
    way, so that arithmetic on shapes disappears whatever its length. A result
    larger than the budget stays unfolded, with a remark, unless it is smaller
    than the operands together.

    Before:
    ```mlir
    %0 = ge.shape %x {dtype = i64} : (tensor<2x3xf32>) -> tensor<2xi64>
    %1 = ge.gather_v2 %0, %c1, %c0 : (tensor<2xi64>, tensor<i64>, tensor<i32>) -> tensor<i64>
    ```
    After:
    ```mlir
    %1 = ge.const dense<3> : tensor<i64>
    ```
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", /*default=*/"16777216", "largest result to fold, in bytes">
  ];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Number of operations evaluated">,
    Statistic<"numSkipped", "num-skipped", "Number of operations over the budget">
  ];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def FuseConvBiasBNPass : Pass<"ge-fuse-conv-bias-bn", "::mlir::func::FuncOp"> {
  let summary = "fold per-channel constants into weights and bias";
  let description = [{
    A convolution or matrix product followed by an addition, a multiplication or
    an inference-mode `BatchNorm` with constants that vary along the output
    channels only takes them into its weights and bias: `f * (w x + b) + s`
    becomes `(f w) x + (f b + s)`. Constant padding with zeros before a
    convolution becomes part of its pads.

    Before:
    ```mlir
    %0 = ge.conv2d %x, %w {...} : (tensor<1x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x8x8xf32>
    %1 = ge.add %0, %b : (tensor<1x8x8x8xf32>, tensor<1x8x1x1xf32>) -> tensor<1x8x8x8xf32>
    ```
    After:
    ```mlir
    %1 = ge.conv2d %x, %w bias(%b2) {...} :
        (tensor<1x3x8x8xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
    ```
  }];
  let statistics = [
    Statistic<"numFused", "num-fused", "Number of operations folded into weights and bias">
  ];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def InferShapesPass : Pass<"ge-infer-shapes", "::mlir::func::FuncOp"> {
  let summary = "infer the types of results again from operands";
  let description = [{
    Walks operations in order, infers the types of their results and takes over
    what is more precise than before, also through the regions of control flow;
    then does the same to the results of the function.

    Before:
    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<?x?xf32> {
      %0 = ge.relu %x : (tensor<2x3xf32>) -> tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
      %0 = ge.relu %x : tensor<2x3xf32>
      return %0 : tensor<2x3xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numRefined", "num-refined", "Number of results with a more precise type">];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def InlineControlFlowPass : Pass<"ge-inline-control-flow", "::mlir::func::FuncOp"> {
  let summary = "replace control flow whose path is known by its branch";
  let description = [{
    An `If` or `Case` with a constant predicate becomes the branch it takes, a
    `While` whose condition is false from the start becomes its operands.

    Before:
    ```mlir
    %c = ge.const dense<true> : tensor<i1>
    %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
    ^bb0(%a: tensor<2xf32>):
      %n = ge.neg %a : tensor<2xf32>
      ge.yield %n : tensor<2xf32>
    } else { ... }
    ```
    After:
    ```mlir
    %y = ge.neg %x : tensor<2xf32>
    ```
  }];
  let statistics = [Statistic<"numInlined", "num-inlined", "Number of operations replaced">];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def LegalizeONNXPass : Pass<"ge-legalize-onnx", "::mlir::func::FuncOp"> {
  let summary = "map ONNX operators to ge operators";
  let description = [{
    Replaces every `ge.framework_op` of the ONNX domain by `ge` operators, in one
    forward walk that infers types and folds shape arithmetic, because many
    mappings need ranks and constant operands. All nodes without a mapping are
    reported together. With `byte-products`, `ConvInteger`, `QLinearConv` and a `Conv` between
    `DequantizeLinear` and `QuantizeLinear` become convolutions of bytes, with channels
    last, as a device takes them that multiplies bytes; else of floating-point numbers.

    Before:
    ```mlir
    %0 = ge.framework_op "Relu"(%x) {version = 13 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
    ```
    After:
    ```mlir
    %0 = ge.relu %x : tensor<2x3xf32>
    ```
  }];
  let options = [
    Option<"byteProducts", "byte-products", "bool", /*default=*/"false", "convolve bytes as bytes">
  ];
  let statistics = [Statistic<"numLegalized", "num-legalized", "Number of nodes mapped">];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def RecognizePatternsPass : Pass<"ge-recognize-patterns", "::mlir::func::FuncOp"> {
  let summary = "find operators that a graph spells out";
  let description = [{
    Exporters write activations and normalisations as several operators. The
    pass finds `HardSwish`, `Swish`, `Mish`, `Gelu` (through erf and tanh),
    `LayerNormV3`, `RmsNorm`, `PromptFlashAttention`, `Square` and `Relu6`, turns divisions by a constant
    into multiplications where the reciprocal is exact (or anywhere with
    `fast-math`), grouped convolutions of single channels into
    `DepthwiseConv2D`, moves transpositions of matrices into the product, and
    makes reshapes of transpositions that move no data. Without `fuse-attention`,
    products around a softmax stay three operators if their sizes are known, for a
    device that computes products on one unit and attention not.

    Before:
    ```mlir
    %0 = ge.sigmoid %x : tensor<2x3xf32>
    %1 = ge.mul %x, %0 : tensor<2x3xf32>
    ```
    After:
    ```mlir
    %1 = ge.swish %x : tensor<2x3xf32>
    ```
  }];
  let options = [
    Option<"fastMath", "fast-math", "bool", /*default=*/"true",
           "allow a reciprocal that is off by half a unit in the last place">,
    Option<"fuseAttention", "fuse-attention", "bool", /*default=*/"true",
           "make products around a softmax one operator also if their sizes are known">
  ];
  let statistics = [Statistic<"numRecognized", "num-recognized", "Number of patterns replaced">];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

def ResolveVariablesPass : Pass<"ge-resolve-variables", "::mlir::ModuleOp"> {
  let summary = "make variables symbols, and reads and assignments of them explicit";
  let description = [{
    Each `Variable` and `VariableV2` node becomes a `ge.variable` of the module
    with the node's name. A user of the node, or of the result of an assignment,
    reads the variable right before it runs; `Assign`, `AssignAdd` and
    `AssignSub` become `ge.assign`, after an addition or subtraction. The order of
    the operations, in which control edges have been respected, says which
    content a read sees.

    Before:
    ```mlir
    %v = ge.custom "Variable"() {node_attributes = {value = dense<0.0> : tensor<2xf32>}} : () -> tensor<2xf32> loc("sum")
    %n = ge.custom "AssignAdd"(%v, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    return %n : tensor<2xf32>
    ```
    After:
    ```mlir
    ge.variable @sum : tensor<2xf32> = dense<0.0> : tensor<2xf32>
    ...
    %0 = ge.read_variable @sum : tensor<2xf32>
    %1 = ge.add %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    ge.assign %1, @sum : tensor<2xf32>
    %2 = ge.read_variable @sum : tensor<2xf32>
    return %2 : tensor<2xf32>
    ```
  }];
  let statistics = [
    Statistic<"numVariables", "num-variables", "Number of variables">,
    Statistic<"numReads", "num-reads", "Number of reads">,
    Statistic<"numAssignments", "num-assignments", "Number of assignments">
  ];
  let dependentDialects = ["::mlir::ge::GEDialect"];
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

def VerifyNoFormatsPass : Pass<"npu-verify-no-formats"> {
  let summary = "prove that no storage format is left below the graph";
  let description = [{
    Fails on every operation and block argument whose type has an encoding, and
    leaves the module as it is.

    Before and after:
    ```mlir
    %0 = tensor.empty() : tensor<1x2x8x8x16xf32>
    ```
  }];
  let statistics = [Statistic<"numChecked", "num-checked", "Number of values checked">];
}

#endif // GE_MLIR_DIALECT_GE_TRANSFORMS_PASSES
