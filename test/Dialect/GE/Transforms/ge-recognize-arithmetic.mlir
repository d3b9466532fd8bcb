// RUN: ge-opt %s -split-input-file -ge-recognize-patterns | FileCheck %s
// RUN: ge-opt %s -split-input-file -ge-recognize-patterns="fast-math=false" | FileCheck %s --check-prefix=EXACT

// CHECK-LABEL: func.func @square
func.func @square(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %two = ge.const dense<2.0> : tensor<f32>
  // CHECK: ge.square %arg0
  %0 = ge.pow %x, %two : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// The reciprocal of a power of two is exact, that of 3 is not.
// CHECK-LABEL: func.func @division
// EXACT-LABEL: func.func @division
func.func @division(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %eight = ge.const dense<8.0> : tensor<f32>
  %three = ge.const dense<3.0> : tensor<f32>
  // CHECK: %[[A:.*]] = ge.const dense<1.250000e-01> : tensor<f32>
  // CHECK: ge.mul %arg0, %[[A]]
  // CHECK: %[[B:.*]] = ge.const dense<0.333333343> : tensor<f32>
  // CHECK: ge.mul %arg0, %[[B]]
  // EXACT: ge.mul
  // EXACT: ge.real_div
  %0 = ge.real_div %x, %eight : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.real_div %x, %three : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// Integers divide.
// CHECK-LABEL: func.func @integer_division
func.func @integer_division(%x: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %two = ge.const dense<2> : tensor<i32>
  // CHECK: ge.real_div
  %0 = ge.real_div %x, %two : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// -----

// 1 / sqrt(x)
// CHECK-LABEL: func.func @rsqrt
func.func @rsqrt(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %one = ge.const dense<1.0> : tensor<f32>
  // CHECK: ge.rsqrt %arg0
  %0 = ge.sqrt %x : tensor<2x3xf32>
  %1 = ge.real_div %one, %0 : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -----

// A group per channel is a depthwise convolution.
// CHECK-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x8x6x6xf32>, %w: tensor<8x1x3x3xf32>) -> tensor<1x8x4x4xf32> {
  // CHECK: ge.depthwise_conv2d %arg0, %arg1
  %0 = ge.conv2d %x, %w {data_format = "NCHW", groups = 8 : i64, pads = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>} : (tensor<1x8x6x6xf32>, tensor<8x1x3x3xf32>) -> tensor<1x8x4x4xf32>
  return %0 : tensor<1x8x4x4xf32>
}

// -----

// A product reads a transposed operand in place.
// CHECK-LABEL: func.func @transposed_product
func.func @transposed_product(%x: tensor<2x4x8xf32>, %y: tensor<2x6x8xf32>) -> tensor<2x4x6xf32> {
  %perm = ge.const dense<[0, 2, 1]> : tensor<3xi64>
  // CHECK: ge.batch_mat_mul_v2 %arg0, %arg1 {adj_x2 = true}
  %0 = ge.transpose %y, %perm : (tensor<2x6x8xf32>, tensor<3xi64>) -> tensor<2x8x6xf32>
  %1 = ge.batch_mat_mul_v2 %x, %0 : (tensor<2x4x8xf32>, tensor<2x8x6xf32>) -> tensor<2x4x6xf32>
  return %1 : tensor<2x4x6xf32>
}

// -----

// Moving dimensions of size 1 moves no data.
// CHECK-LABEL: func.func @unit_transpose
func.func @unit_transpose(%x: tensor<2x1x8x1xf32>) -> tensor<1x2x1x8xf32> {
  %perm = ge.const dense<[1, 0, 3, 2]> : tensor<4xi64>
  // CHECK: %[[S:.*]] = ge.const dense<[1, 2, 1, 8]> : tensor<4xi64>
  // CHECK: ge.reshape %arg0, %[[S]]
  %0 = ge.transpose %x, %perm : (tensor<2x1x8x1xf32>, tensor<4xi64>) -> tensor<1x2x1x8xf32>
  return %0 : tensor<1x2x1x8xf32>
}
