// REQUIRES: ge-compile
// The table of docs/Sweep.md is what its command prints for the model that it describes.
// RUN: npu-sim %s --device=Ascend910B1:1 --sweep=ub=8K:32K:64K:192K,l1=128K:512K > %t
// RUN: %python %S/check_sweep.py %source_root/docs/Sweep.md %t | FileCheck %s
// CHECK: 9 rows
func.func @main(%x: tensor<512x512xf32> {ge.name = "x"}) -> (tensor<512x512xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<512x512xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<512x512xf32>
  %1 = ge.softmax_v2 %0 {axes = array<i64: -1>} : tensor<512x512xf32>
  return %1 : tensor<512x512xf32>
}
