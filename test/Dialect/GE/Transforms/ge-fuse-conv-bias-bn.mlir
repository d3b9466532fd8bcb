// RUN: ge-opt %s -split-input-file -ge-fuse-conv-bias-bn | FileCheck %s

// An addition per channel is a bias.
// CHECK-LABEL: func.func @bias
func.func @bias(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = ge.const dense<[[[[3.0]]], [[[4.0]]]]> : tensor<2x1x1x1xf32>
  %b = ge.const dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  // CHECK: %[[B:.*]] = ge.const dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  // CHECK: %[[Y:.*]] = ge.conv2d %arg0, %{{.*}} bias(%[[B]])
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  %1 = ge.add %0, %b : (tensor<1x2x4x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4x4xf32>
  return %1 : tensor<1x2x4x4xf32>
}

// -----

// A factor and a shift go into weights and the bias that is there already:
// 2 * (w x + b) - 1.
// CHECK-LABEL: func.func @affine
func.func @affine(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = ge.const dense<[[[[3.0]]], [[[4.0]]]]> : tensor<2x1x1x1xf32>
  %b = ge.const dense<[5.0, 6.0]> : tensor<2xf32>
  %f = ge.const dense<2.0> : tensor<f32>
  %s = ge.const dense<1.0> : tensor<1xf32>
  // CHECK-DAG: ge.const dense<{{\[\[\[\[}}6.000000e+00]]], {{\[\[\[}}8.000000e+00]]]]> : tensor<2x1x1x1xf32>
  // CHECK-DAG: ge.const dense<[9.000000e+00, 1.100000e+01]> : tensor<2xf32>
  // CHECK: ge.conv2d
  // CHECK-NEXT: return
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %1 = ge.mul %f, %0 : (tensor<f32>, tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %2 = ge.sub %1, %s : (tensor<1x2x4x4xf32>, tensor<1xf32>) -> tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// -----

// Inference-mode BatchNorm after a transposed convolution with groups: channel
// 1 of the result belongs to group 1 of the filter.
// CHECK-LABEL: func.func @batch_norm
func.func @batch_norm(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %size = ge.const dense<0> : tensor<4xi64>
  %w = ge.const dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %s = ge.const dense<[2.0, 4.0]> : tensor<2xf32>
  %o = ge.const dense<[0.0, 1.0]> : tensor<2xf32>
  %m = ge.const dense<[0.0, 2.0]> : tensor<2xf32>
  %v = ge.const dense<0.75> : tensor<2xf32>
  // CHECK-DAG: ge.const dense<{{\[\[\[\[}}2.000000e+00]]], {{\[\[\[}}8.000000e+00]]]]> : tensor<2x1x1x1xf32>
  // CHECK-DAG: ge.const dense<[0.000000e+00, -7.000000e+00]> : tensor<2xf32>
  // CHECK: ge.conv2d_transpose
  // CHECK-NOT: ge.batch_norm
  %0 = ge.conv2d_transpose %size, %x, %w {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1x2x2x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %y:6 = ge.batch_norm %0, %s, %o mean(%m) variance(%v) {data_format = "NCHW", is_training = false, epsilon = 0.25 : f32} :
      (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) ->
      (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  return %y#0 : tensor<1x2x2x2xf32>
}

// -----

// A matrix product takes what varies along its columns.
// CHECK-LABEL: func.func @matmul
func.func @matmul(%x: tensor<3x1xf32>) -> tensor<3x2xf32> {
  %w = ge.const dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %f = ge.const dense<[10.0, 100.0]> : tensor<2xf32>
  // CHECK: ge.const dense<{{\[\[}}1.000000e+01], [2.000000e+02]]> : tensor<2x1xf32>
  // CHECK: ge.mat_mul_v2
  // CHECK-NEXT: return
  %0 = ge.mat_mul_v2 %x, %w {transpose_x2 = true} : (tensor<3x1xf32>, tensor<2x1xf32>) -> tensor<3x2xf32>
  %1 = ge.mul %0, %f : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// -----

// What varies along rows, what another operator reads too, and what would grow
// the result is left alone.
// CHECK-LABEL: func.func @not_fused
func.func @not_fused(%x: tensor<2x1xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<1x2x2xf32>) {
  %w = ge.const dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %rows = ge.const dense<[[10.0], [100.0]]> : tensor<2x1xf32>
  %columns = ge.const dense<[10.0, 100.0]> : tensor<2xf32>
  %deep = ge.const dense<[[[10.0, 100.0]]]> : tensor<1x1x2xf32>
  // CHECK-COUNT-2: ge.add
  // CHECK: ge.mul
  %0 = ge.mat_mul_v2 %x, %w : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %1 = ge.add %0, %rows : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %2 = ge.mat_mul_v2 %x, %w : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %3 = ge.add %2, %columns : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %4 = ge.mul %2, %deep : (tensor<2x2xf32>, tensor<1x1x2xf32>) -> tensor<1x2x2xf32>
  return %1, %3, %4 : tensor<2x2xf32>, tensor<2x2xf32>, tensor<1x2x2xf32>
}

// -----

// Zeros around the image are pads of the convolution.
// CHECK-LABEL: func.func @padding
func.func @padding(%x: tensor<1x1x4x4xf32>, %w: tensor<2x1x3x3xf32>) -> tensor<1x2x5x6xf32> {
  %p = ge.const dense<[[0, 0], [0, 0], [1, 2], [2, 1]]> : tensor<4x2xi64>
  // CHECK-NOT: ge.pad_v3
  // CHECK: ge.conv2d %arg0, %arg1
  // CHECK-SAME: pads = array<i64: 1, 2, 2, 2>
  %0 = ge.pad_v3 %x, %p : (tensor<1x1x4x4xf32>, tensor<4x2xi64>) -> tensor<1x1x7x7xf32>
  %1 = ge.conv2d %0, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 1>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x1x7x7xf32>, tensor<2x1x3x3xf32>) -> tensor<1x2x5x6xf32>
  return %1 : tensor<1x2x5x6xf32>
}
