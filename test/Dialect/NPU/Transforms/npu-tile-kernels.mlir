// RUN: ge-opt %s -split-input-file -pass-pipeline='builtin.module(npu.kernel(npu-tile-kernels,cse))' | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>

// Work enough for several tiles is one slice between the bounds of the call.
// CHECK-LABEL: npu.kernel @negate
// CHECK-SAME: tiles = {{([2-9]|[0-9]{2,})}} : i64
npu.kernel @negate(%x: memref<1024x1024xf32>, %y: memref<1024x1024xf32>) {
  // CHECK: %[[B:.*]], %[[E:.*]] = npu.tile_range
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x1024xf32>)
  // CHECK: tensor.insert_slice
  %0 = bufferization.to_tensor %x restrict : memref<1024x1024xf32> to tensor<1024x1024xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<1024x1024xf32> to tensor<1024x1024xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1024x1024xf32>) outs(%1 : tensor<1024x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<1024x1024xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<1024x1024xf32>, memref<1024x1024xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// A row-wise chain is a loop over rows, and what it keeps between is one row.
// CHECK-LABEL: npu.kernel @rows
npu.kernel @rows(%x: memref<8x4xf32>, %y: memref<8x4xf32>) attributes {npu.rows = 1 : i64} {
  // CHECK: scf.for
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1xf32>)
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x4xf32>)
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<8x4xf32> to tensor<8x4xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<8x4xf32> to tensor<8x4xf32>
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %s = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<8x4xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<8xf32>
  %q = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %s : tensor<8x4xf32>, tensor<8xf32>) outs(%1 : tensor<8x4xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %a = arith.divf %in, %sum : f32
    linalg.yield %a : f32
  } -> tensor<8x4xf32>
  bufferization.materialize_in_destination %q in restrict writable %y : (tensor<8x4xf32>, memref<8x4xf32>) -> ()
  npu.return
}
