// REQUIRES: ge-compile, ge-run
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t/host
// RUN: ge-compile %s --device=Ascend910B1 -o %t/24.om --placement | FileCheck %s
// RUN: ge-compile %s --device=Ascend910B1:1 -o %t/1.om && ge-run %t/1.om --expect y=%t/host/y.npy | FileCheck %s --check-prefix=SAME
// RUN: ge-compile %s --device=Ascend910B1:4 -o %t/4.om && ge-run %t/4.om --expect y=%t/host/y.npy | FileCheck %s --check-prefix=SAME
// RUN: ge-run %t/24.om --expect y=%t/host/y.npy | FileCheck %s --check-prefix=SAME

// The stem of a network: an NCHW image with a stride, then a window with pads that
// differ and channels that fill no block, then one for each channel.
// CHECK-DAG: cube conv
// CHECK-DAG: cube conv
// CHECK-DAG: vector depthwise
// CHECK-NOT: aicpu conv
// CHECK-NOT: aicpu depthwise
// SAME: output 'y': close
func.func @main(%x: tensor<2x3x33x21xf32> {ge.name = "x"}, %a: tensor<20xf32> {ge.name = "a"}) -> (tensor<2x24x9x7xf32> {ge.name = "y"}) {
  %w0 = ge.const dense<0.25> : tensor<20x3x3x3xf32>
  %w1 = ge.const dense<0.125> : tensor<24x20x3x5xf32>
  %w2 = ge.const dense<0.5> : tensor<24x1x3x3xf32>
  %0 = ge.conv2d %x, %w0 bias(%a) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x3x33x21xf32>, tensor<20x3x3x3xf32>, tensor<20xf32>) -> tensor<2x20x17x11xf32>
  %1 = ge.relu %0 : tensor<2x20x17x11xf32>
  %2 = ge.conv2d %1, %w1 {data_format = "NCHW", pads = array<i64: 2, 1, 1, 2>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x20x17x11xf32>, tensor<24x20x3x5xf32>) -> tensor<2x24x18x10xf32>
  %3 = ge.depthwise_conv2d %2, %w2 {data_format = "NCHW", pads = array<i64: 1, 0, 1, 4>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x24x18x10xf32>, tensor<24x1x3x3xf32>) -> tensor<2x24x9x7xf32>
  return %3 : tensor<2x24x9x7xf32>
}
