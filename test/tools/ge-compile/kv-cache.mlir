// A step writes its rows into a cache where it lies: nothing of the cache is
// copied, and what attends to it reads the state itself.
// RUN: ge-compile %s --device=Host --emit=npu -o - | FileCheck %s

// CHECK-LABEL: npu.program @main
// CHECK: %[[KEYS:.*]] = npu.state "keys" : memref<1x4x64x8xf32>
// CHECK-NOT: npu.copy
// CHECK: npu.launch @for(%[[KEYS]], %{{.*}}, %{{.*}}, %[[KEYS]])
// CHECK-NOT: npu.copy
// CHECK: npu.return
ge.variable @keys : tensor<1x4x64x8xf32>
func.func @main(%k: tensor<1x4x1x8xf32> {ge.name = "k"}, %at: tensor<1x4x1x8xi64> {ge.name = "at"}) -> (tensor<1x4x64xf32> {ge.name = "y"}) {
  %axes = ge.const dense<3> : tensor<1xi64>
  %old = ge.read_variable @keys : tensor<1x4x64x8xf32>
  %new = ge.scatter_elements %old, %at, %k {axis = 2 : i64} : (tensor<1x4x64x8xf32>, tensor<1x4x1x8xi64>, tensor<1x4x1x8xf32>) -> tensor<1x4x64x8xf32>
  ge.assign %new, @keys : tensor<1x4x64x8xf32>
  %now = ge.read_variable @keys : tensor<1x4x64x8xf32>
  %y = ge.reduce_sum %now, %axes : (tensor<1x4x64x8xf32>, tensor<1xi64>) -> tensor<1x4x64xf32>
  return %y : tensor<1x4x64xf32>
}
