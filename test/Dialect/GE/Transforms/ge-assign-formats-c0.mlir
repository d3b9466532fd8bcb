// RUN: ge-opt %s -ge-assign-formats=c0=2 | FileCheck %s

// A constant per channel is laid out again, a scalar is not.
// CHECK-LABEL: func.func @constants
func.func @constants(%x: tensor<1x3x2x2xf32>, %w: tensor<2x3x1x1xf32>) -> tensor<1x2x2x2xf32> {
  %c = ge.const dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %s = ge.const dense<3.0> : tensor<f32>
  // CHECK: ge.const dense<{{.*}}1.000000e+00, 2.000000e+00]]]]]> :
  // CHECK-SAME: tensor<1x1x1x1x2xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 2, 1, 1]>>
  // CHECK: ge.add
  // CHECK: ge.mul {{.*}}tensor<f32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x2x2xf32>, tensor<2x3x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = ge.add %0, %c : (tensor<1x2x2x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2x2xf32>
  %2 = ge.mul %1, %s : (tensor<1x2x2x2xf32>, tensor<f32>) -> tensor<1x2x2x2xf32>
  return %2 : tensor<1x2x2x2xf32>
}
