// RUN: ge-opt %s -split-input-file -verify-diagnostics --npu-lower-tile-ops=device=x86-64-v3
// RUN: not ge-opt %s --npu-lower-tile-ops=device=nothing 2>&1 | FileCheck %s

// CHECK: unknown device 'nothing', expected a path that ends in '.json' or one of

npu.kernel @tensors(%x: memref<6x4xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %a = tensor.empty() : tensor<6x4xf32>
  %p = tensor.empty() : tensor<1x4x16xf32>
  %c = tensor.empty() : tensor<6x16xf32>
  // expected-error @+1 {{expects buffers, found tensors}}
  %0 = npu.mmad ins(%a, %p : tensor<6x4xf32>, tensor<1x4x16xf32>) outs(%c : tensor<6x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<6x16xf32>
  npu.return
}

// -----

npu.kernel @columns(%x: memref<6x40xf32>, %p: memref<1x4x16xf32>, %c: memref<6x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %a = memref.subview %x[0, 0] [6, 4] [1, 10] : memref<6x40xf32> to memref<6x4xf32, strided<[40, 10]>>
  // expected-error @+1 {{expects rows of 'lhs' to be contiguous}}
  npu.mmad ins(%a, %p : memref<6x4xf32, strided<[40, 10]>>, memref<1x4x16xf32>) outs(%c : memref<6x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

npu.kernel @epilogue(%a: memref<6x4xf32>, %p: memref<1x4x16xf32>, %t: memref<8xf32>, %c: memref<6x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{has an epilogue that cannot run on vectors: memref.load}}
  npu.mmad ins(%a, %p : memref<6x4xf32>, memref<1x4x16xf32>) outs(%c : memref<6x16xf32>) {
  ^bb0(%acc: f32):
    %0 = memref.load %t[%c0] : memref<8xf32>
    npu.yield %0 : f32
  }
  npu.return
}
