// RUN: ge-eval --all %s | FileCheck %s

// Padding never wins a maximum; a mean leaves it out unless told otherwise.
// CHECK-LABEL: @pool
// CHECK-NEXT: dense<{{\[\[\[\[}}-1.000000e+00, -3.000000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}-1.000000e+00, -3.500000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}-5.000000e-01, -3.500000e+00]]]]> : tensor<1x1x1x2xf32>
func.func @pool() -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  %x = ge.const dense<[[[[-1.0, -3.0, -4.0]]]]> : tensor<1x1x1x3xf32>
  %0 = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 1, 2>, pads = array<i64: 0, 0, 1, 0>, strides = array<i64: 1, 1, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x2xf32>
  %1 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 1, 2>, pads = array<i64: 0, 0, 1, 0>, strides = array<i64: 1, 1, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x2xf32>
  %2 = ge.avg_pool_v2 %x {exclusive = false, ksize = array<i64: 1, 1, 1, 2>, pads = array<i64: 0, 0, 1, 0>, strides = array<i64: 1, 1, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x2xf32>
  return %0, %1, %2 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// With ceil_mode the last window may reach beyond the image; SAME computes its padding.
// CHECK-LABEL: @modes
// CHECK-NEXT: dense<{{\[\[\[\[}}2.000000e+00, 3.000000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}1.500000e+00, 3.000000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK-NEXT: dense<2.000000e+00> : tensor<1x1x1x1xf32>
func.func @modes() -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>) {
  %x = ge.const dense<[[[[1.0, 2.0, 3.0]]]]> : tensor<1x1x1x3xf32>
  %0 = ge.max_pool_v3 %x {ceil_mode = true, ksize = array<i64: 1, 1, 1, 2>, strides = array<i64: 1, 1, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x2xf32>
  %1 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 1, 2>, padding_mode = "SAME", strides = array<i64: 1, 1, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x2xf32>
  %2 = ge.global_average_pool %x : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x1xf32>
  return %0, %1, %2 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>
}

// CHECK-LABEL: @resize
// CHECK-NEXT: dense<{{\[\[}}1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00]]> : tensor<1x4xf32>
// CHECK-NEXT: dense<{{\[\[}}1.000000e+00, 1.250000e+00, 1.750000e+00, 2.000000e+00]]> : tensor<1x4xf32>
// CHECK-NEXT: dense<{{\[\[}}1.000000e+00, 1.333333{{[0-9]*}}, 1.666666{{[0-9]*}}, 2.000000e+00]]> : tensor<1x4xf32>
func.func @resize() -> (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) {
  %x = ge.const dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %scales = ge.const dense<[1.0, 2.0]> : tensor<2xf32>
  %sizes = ge.const dense<[1, 4]> : tensor<2xi64>
  %0 = ge.resize %x scales(%scales) {coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"} : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x4xf32>
  %1 = ge.resize %x sizes(%sizes) {mode = "linear"} : (tensor<1x2xf32>, tensor<2xi64>) -> tensor<1x4xf32>
  %2 = ge.resize %x sizes(%sizes) {coordinate_transformation_mode = "align_corners", mode = "linear"} : (tensor<1x2xf32>, tensor<2xi64>) -> tensor<1x4xf32>
  return %0, %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>
}
