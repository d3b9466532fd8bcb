// Statistics of a row have no reduced dimensions, so that rows can be fused.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s

// CHECK-DAG: #[[$ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<4x10xf32>) -> tensor<4x10xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ROW]]], iterator_types = ["parallel", "reduction"]}
  // CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ROW]], #[[$ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK: math.exp
  // CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ROW]]], iterator_types = ["parallel", "reduction"]}
  // CHECK: arith.divf
  // CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ROW]], #[[$ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK: arith.mulf
  // CHECK-NOT: tensor.expand_shape
  %0 = ge.softmax_v2 %x : tensor<4x10xf32>
  return %0 : tensor<4x10xf32>
}

// -----
// The variance is that of differences from the mean.
// CHECK-LABEL: func.func @layer_norm
func.func @layer_norm(%x: tensor<4x10xf32>, %g: tensor<10xf32>, %b: tensor<10xf32>) -> tensor<4x10xf32> {
  // CHECK: iterator_types = ["parallel", "reduction"]
  // CHECK: iterator_types = ["parallel", "reduction"]
  // CHECK: %[[D:.*]] = arith.subf
  // CHECK: arith.mulf %[[D]], %[[D]]
  // CHECK: math.sqrt
  // CHECK: iterator_types = ["parallel", "parallel"]
  // CHECK-NOT: tensor.expand_shape
  %y, %m, %r = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = 1 : i64, begin_params_axis = 1 : i64} : (tensor<4x10xf32>, tensor<10xf32>, tensor<10xf32>) -> (tensor<4x10xf32>, tensor<4x1xf32>, tensor<4x1xf32>)
  return %y : tensor<4x10xf32>
}
