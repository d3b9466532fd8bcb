// RUN: ge-opt %s -split-input-file -pass-pipeline='builtin.module(npu.kernel(npu-bufferize-kernels))' | FileCheck %s

#id = affine_map<(d0) -> (d0)>

// The result is computed in the output buffer: no copy, no allocation.
// CHECK-LABEL: npu.kernel @negate
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
npu.kernel @negate(%x: memref<8xf32>, %y: memref<8xf32>) {
  // CHECK-NOT: alloc
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
  // CHECK-NOT: copy
  // CHECK: npu.return
  %0 = bufferization.to_tensor %x restrict : memref<8xf32> to tensor<8xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<8xf32> to tensor<8xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%1 : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<8xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<8xf32>, memref<8xf32>) -> ()
  npu.return
}
