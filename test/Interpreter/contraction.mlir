// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @mat_mul
// CHECK-NEXT: dense<{{\[\[}}1.500000e+01, 2.800000e+01], [3.300000e+01, 5.500000e+01]]> : tensor<2x2xf32>
// CHECK-NEXT: dense<{{\[\[}}1.500000e+01, 2.800000e+01], [3.300000e+01, 5.500000e+01]]> : tensor<2x2xf32>
func.func @mat_mul() -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %a = ge.const dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %b = ge.const dense<[[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]]> : tensor<3x2xf32>
  %bt = ge.const dense<[[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]> : tensor<2x3xf32>
  %at = ge.const dense<[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]> : tensor<3x2xf32>
  %bias = ge.const dense<[1.0, 8.0]> : tensor<2xf32>
  %0 = ge.mat_mul_v2 %a, %b bias(%bias) : (tensor<2x3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %1 = ge.mat_mul_v2 %at, %bt bias(%bias) {transpose_x1 = true, transpose_x2 = true} : (tensor<3x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// Leading dimensions broadcast.
// CHECK-LABEL: @batch_mat_mul
// CHECK-NEXT: dense<{{\[\[\[}}1.100000e+01]], {{\[\[}}3.900000e+01]]]> : tensor<2x1x1xf32>
func.func @batch_mat_mul() -> tensor<2x1x1xf32> {
  %a = ge.const dense<[[[1.0, 2.0]], [[5.0, 6.0]]]> : tensor<2x1x2xf32>
  %b = ge.const dense<[[3.0], [4.0]]> : tensor<2x1xf32>
  %0 = ge.batch_mat_mul_v2 %a, %b : (tensor<2x1x2xf32>, tensor<2x1xf32>) -> tensor<2x1x1xf32>
  return %0 : tensor<2x1x1xf32>
}

// CHECK-LABEL: @gemm
// CHECK-NEXT: dense<1.600000e+01> : tensor<1x1xf32>
func.func @gemm() -> tensor<1x1xf32> {
  %a = ge.const dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %b = ge.const dense<[[3.0, 4.0]]> : tensor<1x2xf32>
  %c = ge.const dense<10.0> : tensor<1xf32>
  %alpha = ge.const dense<1.0> : tensor<1xf32>
  %beta = ge.const dense<0.5> : tensor<1xf32>
  %0 = ge.gemm %a, %b, %c, %alpha, %beta {transpose_b = true} : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// A 2x2 filter of ones with stride 2 sums blocks; padding counts as zero.
// CHECK-LABEL: @conv
// CHECK-NEXT: dense<{{\[\[\[\[}}1.000000e+01, 1.800000e+01], [4.200000e+01, 5.000000e+01]]]]> : tensor<1x1x2x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}0.000000e+00, 3.000000e+00, 3.000000e+00], [1.200000e+01, 3.000000e+01, 1.800000e+01], [1.200000e+01, 2.700000e+01, 1.500000e+01]]]]> : tensor<1x1x3x3xf32>
func.func @conv() -> (tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>) {
  %x = ge.const dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0], [12.0, 13.0, 14.0, 15.0]]]]> : tensor<1x1x4x4xf32>
  %w = ge.const dense<1.0> : tensor<1x1x2x2xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %1 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32>
  return %0, %1 : tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>
}

// Groups read their own channels; NHWC stores the filter as [H, W, C, N].
// CHECK-LABEL: @layouts
// CHECK-NEXT: dense<{{\[\[\[\[}}3.000000e+00]], {{\[\[}}8.000000e+00]]]]> : tensor<1x2x1x1xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}1.100000e+01, 1.400000e+01]]]]> : tensor<1x1x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}3.000000e+00]], {{\[\[}}4.000000e+00]], {{\[\[}}1.000000e+01]], {{\[\[}}1.200000e+01]]]]> : tensor<1x4x1x1xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}3.000000e+00, 4.000000e+00, 1.000000e+01, 1.200000e+01]]]]> : tensor<1x1x1x4xf32>
func.func @layouts() -> (tensor<1x2x1x1xf32>, tensor<1x1x1x2xf32>, tensor<1x4x1x1xf32>, tensor<1x1x1x4xf32>) {
  %x = ge.const dense<[[[[1.0]], [[2.0]]]]> : tensor<1x2x1x1xf32>
  %xl = ge.const dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>
  %g = ge.const dense<[[[[3.0]]], [[[4.0]]]]> : tensor<2x1x1x1xf32>
  %0 = ge.conv2d %x, %g {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  %hwio = ge.const dense<[[[[3.0, 4.0], [4.0, 5.0]]]]> : tensor<1x1x2x2xf32>
  %1 = ge.conv2d %xl, %hwio {data_format = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x1x2xf32>
  %d = ge.const dense<[[[[3.0]]], [[[4.0]]], [[[5.0]]], [[[6.0]]]]> : tensor<4x1x1x1xf32>
  %2 = ge.depthwise_conv2d %x, %d {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x2x1x1xf32>, tensor<4x1x1x1xf32>) -> tensor<1x4x1x1xf32>
  %dl = ge.const dense<[[[[3.0, 4.0], [5.0, 6.0]]]]> : tensor<1x1x2x2xf32>
  %3 = ge.depthwise_conv2d %xl, %dl {data_format = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x1x4xf32>
  return %0, %1, %2, %3 : tensor<1x2x1x1xf32>, tensor<1x1x1x2xf32>, tensor<1x4x1x1xf32>, tensor<1x1x1x4xf32>
}

// Each element spreads over its window; overlaps add up.
// CHECK-LABEL: @conv_transpose
// CHECK-NEXT: dense<{{\[\[\[\[}}1.000000e+00, 3.000000e+00, 2.000000e+00]]]]> : tensor<1x1x1x3xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00, 0.000000e+00]]]]> : tensor<1x1x1x5xf32>
func.func @conv_transpose() -> (tensor<1x1x1x3xf32>, tensor<1x1x1x5xf32>) {
  %size = ge.const dense<0> : tensor<4xi64>
  %x = ge.const dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>
  %w = ge.const dense<1.0> : tensor<1x1x1x2xf32>
  %0 = ge.conv2d_transpose %size, %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x3xf32>
  %1 = ge.conv2d_transpose %size, %x, %w {data_format = "NCHW", output_padding = array<i64: 0, 0, 0, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 2>} : (tensor<4xi64>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x5xf32>
  return %0, %1 : tensor<1x1x1x3xf32>, tensor<1x1x1x5xf32>
}
