// Interpolation agrees with its definition in all modes.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<1x3x5x6xf32>) -> (tensor<1x3x10x12xf32>, tensor<1x3x8x9xf32>, tensor<1x3x8x9xf32>, tensor<1x3x3x4xf32>, tensor<1x3x15x6xf32>) {
  %s0 = ge.const dense<[1, 3, 10, 12]> : tensor<4xi64>
  %s1 = ge.const dense<[1, 3, 8, 9]> : tensor<4xi64>
  %s3 = ge.const dense<[1, 3, 3, 4]> : tensor<4xi64>
  %s4 = ge.const dense<[1, 3, 15, 6]> : tensor<4xi64>
  %0 = ge.resize %x sizes(%s0) {coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x10x12xf32>
  %1 = ge.resize %x sizes(%s1) : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x8x9xf32>
  %2 = ge.resize %x sizes(%s1) {nearest_mode = "ceil", coordinate_transformation_mode = "align_corners"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x8x9xf32>
  %3 = ge.resize %x sizes(%s3) {nearest_mode = "round_prefer_ceil", coordinate_transformation_mode = "tf_half_pixel_for_nn"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x3x4xf32>
  %4 = ge.resize %x sizes(%s4) : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x15x6xf32>
  return %0, %1, %2, %3, %4 : tensor<1x3x10x12xf32>, tensor<1x3x8x9xf32>, tensor<1x3x8x9xf32>, tensor<1x3x3x4xf32>, tensor<1x3x15x6xf32>
}

// -----
func.func @main(%x: tensor<1x3x5x6xf32>) -> (tensor<1x3x10x12xf32>, tensor<1x3x8x9xf32>, tensor<1x3x8x9xf32>, tensor<1x3x3x4xf32>, tensor<1x3x7x6xf32>, tensor<1x3x1x9xf32>) {
  %s0 = ge.const dense<[1, 3, 10, 12]> : tensor<4xi64>
  %s1 = ge.const dense<[1, 3, 8, 9]> : tensor<4xi64>
  %s3 = ge.const dense<[1, 3, 3, 4]> : tensor<4xi64>
  %s4 = ge.const dense<[1, 3, 7, 6]> : tensor<4xi64>
  %s5 = ge.const dense<[1, 3, 1, 9]> : tensor<4xi64>
  %0 = ge.resize %x sizes(%s0) {mode = "linear"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x10x12xf32>
  %1 = ge.resize %x sizes(%s1) {mode = "linear", coordinate_transformation_mode = "align_corners"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x8x9xf32>
  %2 = ge.resize %x sizes(%s1) {mode = "linear", coordinate_transformation_mode = "asymmetric"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x8x9xf32>
  %3 = ge.resize %x sizes(%s3) {mode = "linear", coordinate_transformation_mode = "half_pixel_symmetric"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x3x4xf32>
  %4 = ge.resize %x sizes(%s4) {mode = "linear"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x7x6xf32>
  %5 = ge.resize %x sizes(%s5) {mode = "linear", coordinate_transformation_mode = "pytorch_half_pixel"} : (tensor<1x3x5x6xf32>, tensor<4xi64>) -> tensor<1x3x1x9xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<1x3x10x12xf32>, tensor<1x3x8x9xf32>, tensor<1x3x8x9xf32>, tensor<1x3x3x4xf32>, tensor<1x3x7x6xf32>, tensor<1x3x1x9xf32>
}

// -----
func.func @main(%x: tensor<1x2x5x6xf32>) -> (tensor<1x2x8x9xf32>, tensor<1x2x8x9xf32>, tensor<1x2x7x4xf32>, tensor<1x2x3x3xf32>) {
  %s1 = ge.const dense<[1, 2, 8, 9]> : tensor<4xi64>
  %scales = ge.const dense<[1.0, 1.0, 1.5, 0.7]> : tensor<4xf32>
  %s3 = ge.const dense<[1, 2, 3, 3]> : tensor<4xi64>
  %roi = ge.const dense<[0.0, 0.0, 0.4, -0.2, 1.0, 1.0, 0.6, 1.2]> : tensor<8xf32>
  %0 = ge.resize %x sizes(%s1) {mode = "cubic"} : (tensor<1x2x5x6xf32>, tensor<4xi64>) -> tensor<1x2x8x9xf32>
  %1 = ge.resize %x sizes(%s1) {mode = "cubic", cubic_coeff_a = -0.5 : f32, exclude_outside = 1 : i64, coordinate_transformation_mode = "asymmetric"} : (tensor<1x2x5x6xf32>, tensor<4xi64>) -> tensor<1x2x8x9xf32>
  %2 = ge.resize %x scales(%scales) {mode = "linear"} : (tensor<1x2x5x6xf32>, tensor<4xf32>) -> tensor<1x2x7x4xf32>
  %3 = ge.resize %x roi(%roi) sizes(%s3) {mode = "linear", coordinate_transformation_mode = "tf_crop_and_resize", extrapolation_value = 10.0 : f32} : (tensor<1x2x5x6xf32>, tensor<8xf32>, tensor<4xi64>) -> tensor<1x2x3x3xf32>
  return %0, %1, %2, %3 : tensor<1x2x8x9xf32>, tensor<1x2x8x9xf32>, tensor<1x2x7x4xf32>, tensor<1x2x3x3xf32>
}

// -----
// On blocked channels, and on integers.
func.func @main(%x: tensor<1x3x6x6xf32>, %w: tensor<20x3x3x3xf32> {test.constant}, %i: tensor<1x1x3x4xi32>) -> (tensor<1x20x12x12xf32>, tensor<1x20x9x9xf32>, tensor<1x1x6x8xi32>) {
  %s0 = ge.const dense<[1, 20, 12, 12]> : tensor<4xi64>
  %s1 = ge.const dense<[1, 20, 9, 9]> : tensor<4xi64>
  %s2 = ge.const dense<[1, 1, 6, 8]> : tensor<4xi64>
  %c = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x6x6xf32>, tensor<20x3x3x3xf32>) -> tensor<1x20x6x6xf32>
  %0 = ge.resize %c sizes(%s0) : (tensor<1x20x6x6xf32>, tensor<4xi64>) -> tensor<1x20x12x12xf32>
  %1 = ge.resize %c sizes(%s1) {mode = "linear"} : (tensor<1x20x6x6xf32>, tensor<4xi64>) -> tensor<1x20x9x9xf32>
  %2 = ge.resize %i sizes(%s2) {mode = "linear"} : (tensor<1x1x3x4xi32>, tensor<4xi64>) -> tensor<1x1x6x8xi32>
  return %0, %1, %2 : tensor<1x20x12x12xf32>, tensor<1x20x9x9xf32>, tensor<1x1x6x8xi32>
}
