//===- Passes.td - passes from npu and linalg to vector loops -*- tablegen -*--===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOVECTOR_PASSES
#define GEMLIR_CONVERSION_NPUTOVECTOR_PASSES

include "mlir/Pass/PassBase.td"

def NPULowerGenerics : Pass<"npu-lower-generics"> {
  let summary = "lower linalg on memrefs to loops over vectors";
  let description = [{
    The innermost parallel dimension in which every operand is contiguous or
    constant becomes a loop over one-dimensional vectors with a scalar tail; the
    body's operations are cloned on vectors. A reduction over a contiguous
    innermost dimension keeps four vector accumulators, combined in a fixed order.
    Bodies that index or load, and operands that are contiguous nowhere, become
    scalar loops.

    Before:
    ```mlir
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : memref<100xf32>) outs(%y : memref<100xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.mulf %a, %a : f32
      linalg.yield %0 : f32
    }
    ```
    After:
    ```mlir
    scf.for %i = %c0 to %c96 step %c8 {
      %a = vector.load %x[%i] : memref<100xf32>, vector<8xf32>
      %0 = arith.mulf %a, %a fastmath<contract> : vector<8xf32>
      vector.store %0, %y[%i] : memref<100xf32>, vector<8xf32>
    }
    scf.for %i = %c96 to %c100 step %c1 { ... }
    ```
  }];
  let options = [Option<"device", "device", "std::string", /*default=*/"\"Host\"",
                        "Device to lower for: a name or a JSON file">];
  let statistics = [Statistic<"numVectorized", "vectorized", "Number of operations lowered to vectors">,
                    Statistic<"numReductions", "reductions", "Number of reductions lowered to vectors">,
                    Statistic<"numScalar", "scalar", "Number of operations lowered to scalar loops">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def NPULowerTileOps : Pass<"npu-lower-tile-ops"> {
  let summary = "lower npu.mmad and npu.depthwise on memrefs to register-blocked loops";
  let description = [{
    Emits the loops of `planMmad`: for each tile of the kernel's range, panels of
    the packed operand, and register tiles of rows whose accumulators are loop
    values. Rows of the first operand are read in place, also through
    `npu.im2col`: padding is resolved by loop bounds and by tiles of their own at
    the image's left and right edge. The epilogue runs on the accumulators.

    Before:
    ```mlir
    npu.mmad ins(%a, %b : memref<6x64xf32>, memref<1x64x16xf32>) outs(%c : memref<6x16xf32>) {
    ^bb0(%acc: f32):
      npu.yield %acc : f32
    }
    ```
    After:
    ```mlir
    %r:12 = scf.for %k = %c0 to %c64 step %c1 iter_args(%a0 = %zero, ...) -> (vector<8xf32>, ...) {
      %b0 = vector.load %panel[%k0] : memref<1024xf32>, vector<8xf32>
      %s0 = memref.load %rows[%i0] : memref<384xf32>
      %v0 = vector.broadcast %s0 : f32 to vector<8xf32>
      %f0 = vector.fma %v0, %b0, %a0 : vector<8xf32>
      ...
    }
    vector.store %r#0, ...
    ```
  }];
  let options = [Option<"device", "device", "std::string", /*default=*/"\"Host\"",
                        "Device to lower for: a name or a JSON file">];
  let statistics = [Statistic<"numLowered", "lowered", "Number of tile operations lowered">,
                    Statistic<"numRegisterTiles", "register-tiles", "Number of register tiles emitted">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect", "::mlir::npu::NPUDialect"];
}

#endif // GEMLIR_CONVERSION_NPUTOVECTOR_PASSES
