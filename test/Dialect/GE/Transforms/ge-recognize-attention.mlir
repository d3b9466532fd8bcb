// RUN: ge-opt %s -split-input-file -ge-recognize-patterns -canonicalize | FileCheck %s

// Queries, keys and values with their heads inside: no transposition is left.
// CHECK-LABEL: func.func @encoder
// CHECK-SAME: %[[Q:[a-z0-9]+]]: tensor<1x7x4x8xf32>, %[[K:[a-z0-9]+]]: tensor<1x9x4x8xf32>, %[[V:[a-z0-9]+]]: tensor<1x9x4x8xf32>
// CHECK-NOT: ge.transpose
// CHECK: %[[Y:.*]] = ge.prompt_flash_attention %[[Q]], %[[K]], %[[V]] shift(%{{.*}}) {input_layout = "BSND", num_heads = 4 : i64, scale_value = 5.000000e-01 : f32}
// CHECK: return %[[Y]]
func.func @encoder(%q: tensor<1x7x4x8xf32>, %k: tensor<1x9x4x8xf32>, %v: tensor<1x9x4x8xf32>, %m: tensor<1x1x1x9xf32>)
    -> tensor<1x7x4x8xf32> {
  %outside = ge.const dense<[0, 2, 1, 3]> : tensor<4xi64>
  %turned = ge.const dense<[0, 2, 3, 1]> : tensor<4xi64>
  %root = ge.const dense<2.0> : tensor<f32>
  %0 = ge.transpose %q, %outside : (tensor<1x7x4x8xf32>, tensor<4xi64>) -> tensor<1x4x7x8xf32>
  %1 = ge.transpose %k, %turned : (tensor<1x9x4x8xf32>, tensor<4xi64>) -> tensor<1x4x8x9xf32>
  %2 = ge.transpose %v, %outside : (tensor<1x9x4x8xf32>, tensor<4xi64>) -> tensor<1x4x9x8xf32>
  %3 = ge.batch_mat_mul_v2 %0, %1 : (tensor<1x4x7x8xf32>, tensor<1x4x8x9xf32>) -> tensor<1x4x7x9xf32>
  %4 = ge.real_div %3, %root : (tensor<1x4x7x9xf32>, tensor<f32>) -> tensor<1x4x7x9xf32>
  %5 = ge.add %4, %m : (tensor<1x4x7x9xf32>, tensor<1x1x1x9xf32>) -> tensor<1x4x7x9xf32>
  %6 = ge.softmax_v2 %5 : tensor<1x4x7x9xf32>
  %7 = ge.batch_mat_mul_v2 %6, %2 : (tensor<1x4x7x9xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32>
  %8 = ge.transpose %7, %outside : (tensor<1x4x7x8xf32>, tensor<4xi64>) -> tensor<1x7x4x8xf32>
  return %8 : tensor<1x7x4x8xf32>
}

// -----

// Heads outside, a factor on the queries, keys transposed by the product.
// CHECK-LABEL: func.func @outside
// CHECK: ge.prompt_flash_attention %arg0, %arg1, %arg2 {input_layout = "BNSD", num_heads = 4 : i64, scale_value = 2.500000e-01 : f32}
func.func @outside(%q: tensor<1x4x7x8xf32>, %k: tensor<1x4x9x8xf32>, %v: tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32> {
  %factor = ge.const dense<0.25> : tensor<f32>
  %0 = ge.mul %q, %factor : (tensor<1x4x7x8xf32>, tensor<f32>) -> tensor<1x4x7x8xf32>
  %1 = ge.batch_mat_mul_v2 %0, %k {adj_x2 = true} : (tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x9xf32>
  %2 = ge.softmax_v2 %1 : tensor<1x4x7x9xf32>
  %3 = ge.batch_mat_mul_v2 %2, %v : (tensor<1x4x7x9xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32>
  return %3 : tensor<1x4x7x8xf32>
}

// -----

// Scores that are used elsewhere must exist.
// CHECK-LABEL: func.func @used
// CHECK-NOT: ge.prompt_flash_attention
func.func @used(%q: tensor<1x4x7x8xf32>, %k: tensor<1x4x9x8xf32>, %v: tensor<1x4x9x8xf32>)
    -> (tensor<1x4x7x8xf32>, tensor<1x4x7x9xf32>) {
  %1 = ge.batch_mat_mul_v2 %q, %k {adj_x2 = true} : (tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x9xf32>
  %2 = ge.softmax_v2 %1 : tensor<1x4x7x9xf32>
  %3 = ge.batch_mat_mul_v2 %2, %v : (tensor<1x4x7x9xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32>
  return %3, %2 : tensor<1x4x7x8xf32>, tensor<1x4x7x9xf32>
}
