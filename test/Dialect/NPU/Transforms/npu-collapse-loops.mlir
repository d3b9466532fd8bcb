// RUN: ge-opt %s -npu-collapse-loops | FileCheck %s

#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#last = affine_map<(d0, d1, d2) -> (d2)>

// All loops become one.
// CHECK-LABEL: func.func @all
func.func @all(%x: tensor<4x56x16xf32>) -> tensor<4x56x16xf32> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel"]{{.*}} outs(%{{.*}} : tensor<3584xf32>)
  %e = tensor.empty() : tensor<4x56x16xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<4x56x16xf32>) outs(%e : tensor<4x56x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<4x56x16xf32>
  return %y : tensor<4x56x16xf32>
}

// The loop that an operand walks alone stays.
// CHECK-LABEL: func.func @broadcast
func.func @broadcast(%x: tensor<4x56x16xf32>, %b: tensor<16xf32>) -> tensor<4x56x16xf32> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]{{.*}} outs(%{{.*}} : tensor<224x16xf32>)
  %e = tensor.empty() : tensor<4x56x16xf32>
  %y = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %b : tensor<4x56x16xf32>, tensor<16xf32>) outs(%e : tensor<4x56x16xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %n = arith.addf %in, %bias : f32
    linalg.yield %n : f32
  } -> tensor<4x56x16xf32>
  return %y : tensor<4x56x16xf32>
}

#blocked = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#sums = affine_map<(d0, d1, d2, d3) -> (d0, d3)>

// Of open sizes, what is reduced becomes one loop; the result keeps its shape.
// CHECK-LABEL: func.func @open
func.func @open(%x: tensor<?x?x?x16xf32>, %e: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // CHECK: tensor.collapse_shape %arg0 {{\[}}[0], [1, 2], [3]] : tensor<?x?x?x16xf32> into tensor<?x?x16xf32>
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]{{.*}} outs(%arg1 : tensor<?x16xf32>)
  %y = linalg.generic {indexing_maps = [#blocked, #sums], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%x : tensor<?x?x?x16xf32>) outs(%e : tensor<?x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.addf %out, %in : f32
    linalg.yield %s : f32
  } -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// Loops of a result of open sizes stay.
// CHECK-LABEL: func.func @open_result
func.func @open_result(%x: tensor<?x56x16xf32>, %e: tensor<?x56x16xf32>) -> tensor<?x56x16xf32> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel"]
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<?x56x16xf32>) outs(%e : tensor<?x56x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<?x56x16xf32>
  return %y : tensor<?x56x16xf32>
}
