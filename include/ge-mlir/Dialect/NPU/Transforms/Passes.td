//===- Passes.td - passes on the npu dialect -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES
#define GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// On tensors: before kernels are formed
//===----------------------------------------------------------------------===//

def NPUCollapseLoops : Pass<"npu-collapse-loops", "::mlir::func::FuncOp"> {
  let summary = "collapse loops that every operand walks together";
  let description = [{
    Neighbouring loops of a `linalg.generic` become one if in every operand their
    dimensions lie side by side or are absent. Reshapes of whole tensors cost
    nothing; long inner loops run at the speed of memory. If sizes are open, that is
    done with loops that are reduced alone: results keep their shapes.

    Before:
    ```mlir
    %y = linalg.generic {(d0, d1, d2) -> (d0, d1, d2)} ins(%x : tensor<4x56x16xf32>) ...
    ```
    After:
    ```mlir
    %c = tensor.collapse_shape %x [[0, 1, 2]] : tensor<4x56x16xf32> into tensor<3584xf32>
    %y = linalg.generic {(d0) -> (d0)} ins(%c : tensor<3584xf32>) ...
    ```
  }];
  let statistics = [Statistic<"numCollapsed", "collapsed", "Number of operations with fewer loops">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def NPUFoldPacks : Pass<"npu-fold-packs", "::mlir::func::FuncOp"> {
  let summary = "pack constant operands at compile time and lower other packs to loops";
  let description = [{
    A `npu.pack_panels` of a constant becomes a constant in panel order; any other
    one a `linalg.generic` that gathers. For the cube of an AI Core, which turns
    matrices on their way to it, products take matrices as they are instead, with the
    attribute `order`.

    Before:
    ```mlir
    %w = arith.constant dense_resource<w> : tensor<64x32xf32>
    %p = npu.pack_panels %w kn {n0 = 16 : i64} : tensor<64x32xf32> -> tensor<2x64x16xf32>
    ```
    After:
    ```mlir
    %p = arith.constant dense_resource<w_kn> : tensor<2x64x16xf32>
    ```
  }];
  let options = [Option<"device", "device", "std::string", /*default=*/"\"Host\"",
                        "Device to pack for: a name or a JSON file">];
  let statistics = [Statistic<"numFolded", "packed", "Number of constants packed">,
                    Statistic<"numTaken", "taken", "Number of matrices that products take as they are">,
                    Statistic<"numLowered", "lowered", "Number of packs left to run time">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def NPUFuseElementwise : Pass<"npu-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "fuse element-wise operations into their only consumer";
  let description = [{
    Upstream's element-wise fusion, where it does not repeat work: the producer
    has one user, and if the user's iteration space is larger than the producer's
    result, the producer does no transcendental work. With `round-once`, what was
    rounded to f16 or bf16 between two operations keeps the type of their arithmetic.

    Before:
    ```mlir
    %1 = linalg.generic {negf} ins(%x) outs(%e)
    %2 = linalg.generic {expf} ins(%1) outs(%e)
    ```
    After:
    ```mlir
    %2 = linalg.generic {negf, expf} ins(%x) outs(%e)
    ```
  }];
  let options = [Option<"roundOnce", "round-once", "bool", /*default=*/"false",
                        "Do not round between operations that are fused">];
  let statistics = [Statistic<"numFused", "fused", "Number of operations that disappeared">,
                    Statistic<"numKept", "kept", "Number of roundings that disappeared">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def NPUFuseEpilogue : Pass<"npu-fuse-epilogue", "::mlir::func::FuncOp"> {
  let summary = "move element-wise consumers onto the accumulators of tile operations";
  let description = [{
    An element-wise `linalg.generic` that is the only user of an `npu.mmad` or
    `npu.depthwise` becomes part of its epilogue: bias, residual and activation
    cost no pass over memory. For the cube of an AI Core only what fixpipe does
    becomes one: a bias for each column, rectification, conversion, bytes of scaled
    sums. There, f16 and
    bf16 are rounded once, behind all that is fused.

    Before:
    ```mlir
    %0 = npu.mmad ins(%a, %b) outs(%c) { ^bb0(%acc: f32): npu.yield %acc }
    %1 = linalg.generic {maximumf with 0} ins(%0) outs(%e)
    ```
    After:
    ```mlir
    %1 = npu.mmad ins(%a, %b) outs(%e) { ^bb0(%acc: f32): %m = arith.maximumf %acc, %zero; npu.yield %m }
    ```
  }];
  let options = [Option<"device", "device", "std::string", /*default=*/"\"Host\"",
                        "Device to fuse for: a name or a JSON file">];
  let statistics = [Statistic<"numFused", "fused", "Number of operations that became an epilogue">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::npu::NPUDialect"];
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

def NPUFormKernels : Pass<"npu-form-kernels", "::mlir::ModuleOp"> {
  let summary = "outline work into kernels and leave launches";
  let description = [{
    Every operation of `@main` that computes becomes an `npu.kernel` with the
    cheap operations it needs (fills, scalars, `npu.im2col`), launched on tensors.
    Row-wise chains (a reduction, what feeds it and what uses its result over the
    same rows) form one kernel. Dynamic dimensions and other values of type `index`
    are scalars of the kernel, computed by the program. Views of whole tensors and contiguous slices stay
    behind: the program does them without a launch.

    Before:
    ```mlir
    %0 = linalg.generic {addf} ins(%x, %y) outs(%e)
    ```
    After:
    ```mlir
    npu.kernel @elementwise_0(%x: memref<8xf32>, %y: memref<8xf32>, %z: memref<8xf32>) ...
    %0 = npu.launch @elementwise_0(%x, %y) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    ```
  }];
  let statistics = [Statistic<"numKernels", "kernels", "Number of kernels formed">];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::npu::NPUDialect"];
}

def NPUDeduplicateKernels : Pass<"npu-deduplicate-kernels", "::mlir::ModuleOp"> {
  let summary = "keep one of equal kernels";
  let description = [{
    Kernels are equal if they are so without names and locations.

    Before:
    ```mlir
    npu.launch @relu_0(%x, %y)
    npu.launch @relu_1(%y, %z)
    ```
    After:
    ```mlir
    npu.launch @relu_0(%x, %y)
    npu.launch @relu_0(%y, %z)
    ```
  }];
  let statistics = [Statistic<"numRemoved", "removed", "Number of kernels removed">];
}

def NPUTileKernels : Pass<"npu-tile-kernels", "::mlir::npu::KernelOp"> {
  let summary = "divide a kernel into tiles from the device description";
  let description = [{
    Sets `tiles` and makes the body compute the range that `npu.tile_range`
    gives. A single structured operation becomes one slice of it; a row-wise chain
    a loop over rows, whose intermediate values are as large as one row. The
    number of tiles depends on shapes and the device, never on threads.

    Before:
    ```mlir
    npu.kernel @k(...) { %0 = linalg.generic ... outs(%e : tensor<64x64xf32>) }
    ```
    After:
    ```mlir
    npu.kernel @k(...) attributes {tiles = 16 : i64} {
      %begin, %end = npu.tile_range
      %0 = linalg.generic ... outs(%slice : tensor<?x64xf32>)
    }
    ```
  }];
  let options = [Option<"device", "device", "std::string", /*default=*/"\"Host\"",
                        "Device to tile for: a name or a JSON file">];
  let statistics = [Statistic<"numTiled", "tiled", "Number of kernels with more than one tile">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::npu::NPUDialect"];
}

def NPUBufferizeKernels : Pass<"npu-bufferize-kernels", "::mlir::npu::KernelOp"> {
  let summary = "bufferize the body of a kernel";
  let description = [{
    One-shot bufferization; then temporary buffers of static size go to the
    stack, and one of unknown size is an error, because kernels import nothing,
    not even an allocator.

    Before:
    ```mlir
    %0 = bufferization.to_tensor %x restrict : memref<8xf32> to tensor<8xf32>
    %1 = linalg.generic ... ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>)
    ```
    After:
    ```mlir
    linalg.generic ... ins(%x : memref<8xf32>) outs(%y : memref<8xf32>)
    ```
  }];
  let options = [Option<"maxStackBytes", "max-stack-bytes", "int64_t", /*default=*/"262144",
                        "Largest sum of temporary buffers">];
  let statistics = [Statistic<"numStackBuffers", "stack-buffers", "Number of temporary buffers">];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect"];
}

//===----------------------------------------------------------------------===//
// Program
//===----------------------------------------------------------------------===//

def NPUAllocateScratch : Pass<"npu-allocate-scratch", "::mlir::ModuleOp"> {
  let summary = "make the scratch memory of kernels buffers of the program";
  let description = [{
    `npu.scratch` becomes an output of the kernel, and its launches get a result that
    nobody reads, so that the plan of the arena has its bytes.

    Before:
    ```mlir
    npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) { %s = npu.scratch : memref<64xf32> ... }
    %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
    ```
    After:
    ```mlir
    npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>, %s: memref<64xf32>) { ... }
    %0:2 = npu.launch @k(%x) : (tensor<8xf32>) -> (tensor<8xf32>, tensor<64xf32>)
    ```
  }];
  let statistics = [Statistic<"numBuffers", "buffers", "Number of scratch buffers">];
}

def NPUBuildProgram : Pass<"npu-build-program", "::mlir::ModuleOp"> {
  let summary = "turn the function of launches into a program on buffers";
  let description = [{
    Values become buffers: arguments and results the program's own, constants
    `npu.constant`, the rest `memref.alloc`. Scalars become registers, computed as
    early as they are known. Views alias; a value that is only
    inserted into a contiguous slice of another, or only returned, is computed in
    place there.

    Before:
    ```mlir
    func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
      %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    ```
    After:
    ```mlir
    npu.program @main(%x: memref<8xf32>, %y: memref<8xf32>) {
      npu.launch @k(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
      npu.return
    }
    ```
  }];
  let statistics = [Statistic<"numCopies", "copies", "Number of copies that could not be avoided">];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::npu::NPUDialect"];
}

def NPUPlanMemory : Pass<"npu-plan-memory", "::mlir::npu::ProgramOp"> {
  let summary = "give every temporary buffer of a program its place in the arena";
  let description = [{
    Buffers whose lifetimes do not meet share memory; larger ones are placed
    first, each at the lowest offset that is free during its lifetime. A buffer of
    dynamic shape is taken from the execution's pool before its first use and
    returned after its last.

    Before:
    ```mlir
    %t = memref.alloc() : memref<8xf32>
    ```
    After:
    ```mlir
    %t = npu.arena 0 : memref<8xf32>
    ```
  }];
  let options = [Option<"alignment", "alignment", "int64_t", /*default=*/"64", "Alignment of buffers in bytes">];
  let statistics = [Statistic<"arenaBytes", "arena-bytes", "Size of the arena">,
                    Statistic<"totalBytes", "total-bytes", "Sum of the sizes of all buffers">,
                    Statistic<"numPooled", "pooled", "Number of buffers from the pool">];
}

#endif // GEMLIR_DIALECT_NPU_TRANSFORMS_PASSES
