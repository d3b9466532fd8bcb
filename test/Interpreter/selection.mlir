// Results as large as the data say.
// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @non_zero
// CHECK-NEXT: dense<{{\[\[}}0, 1, 1], [1, 0, 2]]> : tensor<2x3xi64>
// CHECK-NEXT: dense<{{\[\[}}0, 1], [1, 0], [1, 2]]> : tensor<3x2xi32>
// CHECK-NEXT: dense<0> : tensor<1x1xi64>
func.func @non_zero() -> (tensor<2x?xi64>, tensor<?x2xi32>, tensor<1x?xi64>) {
  %x = ge.const dense<[[0.0, 2.0, -0.0], [0x7FC00000, 0.0, 1.0]]> : tensor<2x3xf32>
  %s = ge.const dense<true> : tensor<i1>
  %0 = ge.non_zero %x : (tensor<2x3xf32>) -> tensor<2x?xi64>
  %1 = ge.non_zero %x {transpose = true, dtype = i32} : (tensor<2x3xf32>) -> tensor<?x2xi32>
  %2 = ge.non_zero %s : (tensor<i1>) -> tensor<1x?xi64>
  return %0, %1, %2 : tensor<2x?xi64>, tensor<?x2xi32>, tensor<1x?xi64>
}

// CHECK-LABEL: @unique
// CHECK-NEXT: dense<[4, 1, 3]> : tensor<3xi32>
// CHECK-NEXT: dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
// CHECK-NEXT: dense<[0, 1]> : tensor<2xi64>
func.func @unique() -> (tensor<?xi32>, tensor<5xi32>, tensor<2xi64>) {
  %x = ge.const dense<[4, 1, 4, 3, 1]> : tensor<5xi32>
  %n = ge.const dense<0x7FC00000> : tensor<2xf32>
  %0, %1 = ge.unique %x : (tensor<5xi32>) -> (tensor<?xi32>, tensor<5xi32>)
  %2, %3 = ge.unique %n {out_idx = i64} : (tensor<2xf32>) -> (tensor<?xf32>, tensor<2xi64>)
  return %0, %1, %3 : tensor<?xi32>, tensor<5xi32>, tensor<2xi64>
}

// Box 0 covers two thirds of box 1; box 2 lies elsewhere and its corners are the
// other way round.
// CHECK-LABEL: @non_max_suppression
// CHECK-NEXT: dense<{{\[\[}}0, 0, 1], [0, 0, 2], [0, 1, 0], [0, 1, 2]]> : tensor<4x3xi32>
// CHECK-NEXT: dense<{{\[\[}}0, 0, 1], [0, 0, 0]]> : tensor<2x3xi32>
// CHECK-NEXT: tensor<0x3xi32>
func.func @non_max_suppression() -> (tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>) {
  %b = ge.const dense<[[[0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 1.0, 3.0], [9.0, 9.0, 8.0, 8.0]]]> : tensor<1x3x4xf32>
  %s = ge.const dense<[[[0.5, 0.9, 0.5], [0.7, 0.1, 0.7]]]> : tensor<1x2x3xf32>
  %two = ge.const dense<2> : tensor<i32>
  %half = ge.const dense<0.5> : tensor<f32>
  %most = ge.const dense<0.7> : tensor<f32>
  %0 = ge.non_max_suppression_v6 %b, %s max_output_size(%two) iou_threshold(%half) : (tensor<1x3x4xf32>, tensor<1x2x3xf32>, tensor<i32>, tensor<f32>) -> tensor<?x3xi32>
  %1 = ge.non_max_suppression_v6 %b, %s max_output_size(%two) iou_threshold(%most) {max_boxes_size = 2 : i64} : (tensor<1x3x4xf32>, tensor<1x2x3xf32>, tensor<i32>, tensor<f32>) -> tensor<?x3xi32>
  %2 = ge.non_max_suppression_v6 %b, %s iou_threshold(%half) : (tensor<1x3x4xf32>, tensor<1x2x3xf32>, tensor<f32>) -> tensor<?x3xi32>
  return %0, %1, %2 : tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>
}
