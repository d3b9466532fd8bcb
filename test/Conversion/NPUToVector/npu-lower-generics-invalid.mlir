// RUN: ge-opt %s -split-input-file -verify-diagnostics --npu-lower-generics=device=x86-64-v3
// RUN: not ge-opt %s --npu-lower-generics=device=nothing 2>&1 | FileCheck %s

// CHECK: unknown device 'nothing'

npu.kernel @tensors(%x: memref<4xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %z = arith.constant 0.0 : f32
  %a = tensor.empty() : tensor<4xf32>
  // expected-error @+1 {{expects buffers, found tensors}}
  %0 = linalg.fill ins(%z : f32) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  npu.return
}
