// REQUIRES: ge-compile, ge-run
// RUN: ge-compile %s --device=Ascend910B1:2 --emit=npu -o - | FileCheck %s --check-prefix=NPU
// RUN: ge-compile %s --device=Ascend910B1:2 -o %t.om --placement | FileCheck %s
// RUN: ge-compile %s --device=Host -o %t.host.om
// RUN: rm -rf %t && mkdir %t
// RUN: ge-run %t.host.om --output-dir %t
// RUN: ge-run %t.om --expect y=%t/y.npy

// A product with bias on the cube, an activation that fixpipe does not have and a
// row-wise operator on the vector unit: the same numbers as on the host.
// NPU-DAG: npu.engine = "cube"
// NPU-DAG: npu.engine = "vector"
// CHECK-DAG: cube
// CHECK-DAG: vector
func.func @main(%x: tensor<70x64xf32> {ge.name = "x"}, %w: tensor<64x40xf32> {ge.name = "w"}) -> (tensor<70x40xf32> {ge.name = "y"}) {
  %0 = ge.mat_mul_v2 %x, %w : (tensor<70x64xf32>, tensor<64x40xf32>) -> tensor<70x40xf32>
  %1 = ge.tanh %0 : tensor<70x40xf32>
  %2 = ge.softmax_v2 %1 {axes = array<i64: -1>} : tensor<70x40xf32>
  return %2 : tensor<70x40xf32>
}
