// REQUIRES: ge-compile, ge-run
// DEFINE: %{same} = --expect y=%t/y.npy
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t
// RUN: ge-compile %s --device=Ascend910B1:2 -o %t/apart.om --placement | FileCheck %s --check-prefix=MIX
// RUN: ge-run %t/apart.om --tolerance 0.00001 %{same}
// RUN: ge-compile %s --device=Ascend910A --precision_mode=cube_fp16in_fp32out -o %t/coupled.om --placement | FileCheck %s
// RUN: ge-run %t/coupled.om --tolerance 0.01 %{same}

// What a graph spells out is one kernel for cube and vector cores, but where a core is
// both, its products are the cube's and its softmax the vector unit's.
// MIX: mix attention
// CHECK-NOT: {{^(mix|aicpu) attention}}
// CHECK: {{^}}cube matmul
// CHECK: {{^}}vector rows
// CHECK: {{^}}cube matmul
func.func @main(%q: tensor<2x50x3x32xf32> {ge.name = "q"}, %k: tensor<2x70x3x32xf32> {ge.name = "k"}, %v: tensor<2x70x3x32xf32> {ge.name = "v"}, %m: tensor<2x1x1x70xf32> {ge.name = "m"}) -> (tensor<2x50x3x32xf32> {ge.name = "y"}) {
  %outside = ge.const dense<[0, 2, 1, 3]> : tensor<4xi64>
  %turned = ge.const dense<[0, 2, 3, 1]> : tensor<4xi64>
  %factor = ge.const dense<0.25> : tensor<f32>
  %0 = ge.transpose %q, %outside : (tensor<2x50x3x32xf32>, tensor<4xi64>) -> tensor<2x3x50x32xf32>
  %1 = ge.transpose %k, %turned : (tensor<2x70x3x32xf32>, tensor<4xi64>) -> tensor<2x3x32x70xf32>
  %2 = ge.transpose %v, %outside : (tensor<2x70x3x32xf32>, tensor<4xi64>) -> tensor<2x3x70x32xf32>
  %3 = ge.batch_mat_mul_v2 %0, %1 : (tensor<2x3x50x32xf32>, tensor<2x3x32x70xf32>) -> tensor<2x3x50x70xf32>
  %4 = ge.mul %3, %factor : (tensor<2x3x50x70xf32>, tensor<f32>) -> tensor<2x3x50x70xf32>
  %5 = ge.add %4, %m : (tensor<2x3x50x70xf32>, tensor<2x1x1x70xf32>) -> tensor<2x3x50x70xf32>
  %6 = ge.softmax_v2 %5 : tensor<2x3x50x70xf32>
  %7 = ge.batch_mat_mul_v2 %6, %2 : (tensor<2x3x50x70xf32>, tensor<2x3x70x32xf32>) -> tensor<2x3x50x32xf32>
  %8 = ge.transpose %7, %outside : (tensor<2x3x50x32xf32>, tensor<4xi64>) -> tensor<2x50x3x32xf32>
  return %8 : tensor<2x50x3x32xf32>
}
