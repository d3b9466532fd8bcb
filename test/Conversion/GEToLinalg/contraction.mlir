// Products in floating point become npu.mmad on panels, others a contraction.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg=device=Host:x86-64-v3 | FileCheck %s

// CHECK-LABEL: func.func @bias
func.func @bias(%x: tensor<2x5x8xf32>, %w: tensor<20x8xf32>, %b: tensor<20xf32>) -> tensor<2x5x20xf32> {
  // CHECK: %[[A:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<2x5x8xf32> into tensor<10x8xf32>
  // CHECK: %[[B:.*]] = npu.pack_panels %{{.*}} nk {n0 = 16 : i64} : tensor<20x8xf32> -> tensor<2x8x16xf32>
  // CHECK: %[[Y:.*]] = npu.mmad ins(%[[A]], %[[B]] : tensor<10x8xf32>, tensor<2x8x16xf32>) epilogue(%{{.*}} : tensor<20xf32>)
  // CHECK: arith.addf
  // CHECK: npu.yield
  // CHECK: tensor.expand_shape %[[Y]]
  %0 = ge.batch_mat_mul_v2 %x, %w bias(%b) {adj_x2 = true} : (tensor<2x5x8xf32>, tensor<20x8xf32>, tensor<20xf32>) -> tensor<2x5x20xf32>
  return %0 : tensor<2x5x20xf32>
}

// -----
// CHECK-LABEL: func.func @batch
func.func @batch(%x: tensor<2x3x5x8xf32>, %y: tensor<2x3x8x7xf32>) -> tensor<2x3x5x7xf32> {
  // CHECK: npu.pack_panels %{{.*}} kn {n0 = 16 : i64} : tensor<6x8x7xf32> -> tensor<6x1x8x16xf32>
  // CHECK: npu.mmad ins({{.*}} : tensor<6x5x8xf32>, tensor<6x1x8x16xf32>) outs({{.*}} : tensor<6x5x7xf32>)
  %0 = ge.batch_mat_mul_v2 %x, %y : (tensor<2x3x5x8xf32>, tensor<2x3x8x7xf32>) -> tensor<2x3x5x7xf32>
  return %0 : tensor<2x3x5x7xf32>
}

// -----
// CHECK-DAG: #[[$LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[$RHS:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: func.func @integers
func.func @integers(%x: tensor<5x8xi8>, %y: tensor<8x7xi8>) -> tensor<5x7xi32> {
  // CHECK: linalg.fill
  // CHECK: linalg.generic {indexing_maps = [#[[$LHS]], #[[$RHS]], #{{.*}}], iterator_types = ["parallel", "parallel", "reduction"]}
  // CHECK: arith.extsi %{{.*}} : i8 to i32
  // CHECK: arith.muli
  // CHECK: arith.addi
  %0 = ge.mat_mul_v2 %x, %y : (tensor<5x8xi8>, tensor<8x7xi8>) -> tensor<5x7xi32>
  return %0 : tensor<5x7xi32>
}
