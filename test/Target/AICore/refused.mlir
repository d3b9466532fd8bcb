// REQUIRES: ge-compile, ge-run
// RUN: rm -rf %t && mkdir %t
// RUN: echo '{"base": "Ascend910B1:1", "name": "Flagless", "flags": 1}' > %t/flagless.json
// RUN: ge-compile %s --device=%t/flagless.json -o %t/y.om --placement | FileCheck %s
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t/host
// RUN: ge-run %t/y.om --expect y=%t/host/y.npy | FileCheck %s --check-prefix=SAME

// What stops a late pass makes a kernel of the AICPU, and is its reason.
// CHECK: aicpu {{.*}}expects at most 1 flags from queue
// SAME: output 'y': close
func.func @main(%x: tensor<70x64xf32> {ge.name = "x"}, %w: tensor<64x40xf32> {ge.name = "w"}) -> (tensor<70x40xf32> {ge.name = "y"}) {
  %0 = ge.mat_mul_v2 %x, %w : (tensor<70x64xf32>, tensor<64x40xf32>) -> tensor<70x40xf32>
  return %0 : tensor<70x40xf32>
}
