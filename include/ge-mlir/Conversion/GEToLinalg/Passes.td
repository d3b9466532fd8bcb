//===- Passes.td - from ge to linalg -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_GETOLINALG_PASSES
#define GEMLIR_CONVERSION_GETOLINALG_PASSES

include "mlir/Pass/PassBase.td"

def ConvertGEToLinalg : Pass<"convert-ge-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "convert graph operators to structured operations on tensors";
  let description = [{
    Rewrites every operation of the `ge` dialect. Below the pass a tensor has
    the storage shape and no encoding; a bool is one byte, 0 or 1; unsigned
    integers are signless, and operations know the sign. `f16` and `bf16` are
    storage types: arithmetic is in `f32`. Only the operands of products stay what
    they are if both have one of these types and the cube of the device multiplies
    it, onto accumulators of `f32`. With `cube-type`, operands of `f32` of products,
    convolutions and attention are rounded to that type, if the cube multiplies it;
    what is too large in a constant becomes the largest number.

    Element-wise operators, movement, pooling and reductions become
    `linalg.generic`; products and convolutions in floating point become
    `npu.mmad` and `npu.depthwise` on packed operands; reshapes become
    `tensor.collapse_shape` and `tensor.expand_shape`; an operator whose result
    is a part of another tensor, or made of parts, becomes `tensor.extract_slice`
    or `tensor.insert_slice`.

    Before:
    ```mlir
    %0 = ge.relu %x : tensor<8xf16>
    ```
    After:
    ```mlir
    %init = tensor.empty() : tensor<8xf16>
    %0 = linalg.generic {...} ins(%x : tensor<8xf16>) outs(%init : tensor<8xf16>) {
    ^bb0(%in: f16, %out: f16):
      %1 = arith.extf %in : f16 to f32
      %2 = arith.cmpf olt, %1, %zero : f32
      %3 = arith.select %2, %zero, %1 : f32
      %4 = arith.truncf %3 : f32 to f16
      linalg.yield %4 : f16
    } -> tensor<8xf16>
    ```
  }];
  let options = [
    Option<"device", "device", "std::string", /*default=*/"\"Host\"",
           "the device whose panels and channel blocks operands are packed for">,
    Option<"cubeType", "cube-type", "std::string", /*default=*/"\"\"",
           "what a cube's operands of f32 are rounded to: f16, or nothing">
  ];
  let statistics = [
    Statistic<"numLowered", "num-lowered", "Number of ge operations lowered">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::npu::NPUDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def VerifyGELowering : Pass<"verify-ge-lowering", "::mlir::func::FuncOp"> {
  let summary = "report every operation that convert-ge-to-linalg cannot lower";
  let description = [{
    Changes nothing. Emits an error for every operation of the `ge` dialect that
    has no lowering, or works on elements that are no numbers, and fails after the
    last one, where the conversion would stop at the first.

    Before:
    ```mlir
    %0 = ge.custom "Sort2" (%x) : (tensor<8xf32>) -> tensor<8xf32>
    ```
    After: the same, and
    ```
    error: operator Sort2: the operator has no lowering; replace it in the graph, or compute it outside [E13010]
    ```
  }];
  let statistics = [
    Statistic<"numChecked", "num-checked", "Number of ge operations checked">
  ];
}

#endif // GEMLIR_CONVERSION_GETOLINALG_PASSES
