//===- Passes.td - passes from kernels to the LLVM dialect -*- tablegen -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOLLVM_PASSES
#define GEMLIR_CONVERSION_NPUTOLLVM_PASSES

include "mlir/Pass/PassBase.td"

def ConvertNPUToLLVM : Pass<"convert-npu-to-llvm", "::mlir::ModuleOp"> {
  let summary = "convert kernels at loop level to the LLVM dialect";
  let description = [{
    Each `npu.kernel` becomes an exported function with the kernel ABI, which
    loads the buffers' addresses, and an internal one with the body, whose buffer
    pointers do not alias. With `expand-half`, conversions from `f16` to `f32` are
    written out.

    Before:
    ```mlir
    npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) { ... npu.return }
    ```
    After:
    ```mlir
    llvm.func internal @k.body(%x: !llvm.ptr {llvm.noalias}, %y: !llvm.ptr {llvm.noalias}, %begin: i64, %end: i64) { ... }
    llvm.func @k(%buffers: !llvm.ptr, %scalars: !llvm.ptr, %begin: i64, %end: i64, %context: !llvm.ptr) {
      %0 = llvm.load %buffers : !llvm.ptr -> !llvm.ptr
      ...
      llvm.call @k.body(%0, %1, %begin, %end)
      llvm.return
    }
    ```
  }];
  let options = [Option<"expandHalf", "expand-half", "bool", /*default=*/"false",
                        "Convert f16 to f32 by arithmetic, for a processor without an instruction">];
  let statistics = [Statistic<"numKernels", "kernels", "Number of kernels converted">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def NPUExpandMath : Pass<"npu-expand-math"> {
  let summary = "replace mathematical functions by arithmetic";
  let description = [{
    Kernels import nothing, so functions that the processor has no instruction
    for become polynomials and rational functions of a few ULP, on scalars and on
    vectors alike.

    Before:
    ```mlir
    %y = math.exp %x : vector<8xf32>
    ```
    After:
    ```mlir
    %0 = arith.mulf %x, %log2e : vector<8xf32>
    %1 = math.roundeven %0 : vector<8xf32>
    ...
    ```
  }];
  let statistics = [Statistic<"numExpanded", "expanded", "Number of functions replaced">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

#endif // GEMLIR_CONVERSION_NPUTOLLVM_PASSES
