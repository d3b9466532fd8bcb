// RUN: ge-opt %s -split-input-file -ge-recognize-patterns -canonicalize | FileCheck %s
// RUN: ge-opt %s -split-input-file -ge-recognize-patterns=fuse-attention=false -canonicalize | FileCheck %s --check-prefix=APART

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
// APART-LABEL: func.func @outside
// APART-NOT: ge.prompt_flash_attention
// APART: ge.batch_mat_mul_v2
// APART: ge.softmax_v2
// APART: ge.batch_mat_mul_v2
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

// -----

// Sizes that only the execution knows are equal where they are the same expression:
// the cache and the new keys are what the mask has, and heads are shared.
// CHECK-LABEL: func.func @cached
// APART-LABEL: func.func @cached
// APART: ge.prompt_flash_attention
// CHECK: %[[K:.*]] = ge.concat_v2
// CHECK: %[[V:.*]] = ge.concat_v2
// CHECK: ge.prompt_flash_attention %arg0, %[[K]], %[[V]] shift(%arg5) {input_layout = "BNSD", num_heads = 4 : i64, num_key_value_heads = 2 : i64, scale_value = 2.500000e-01 : f32}
// CHECK-SAME: -> tensor<?x4x?x8xf32>
// CHECK-NOT: ge.softmax_v2
func.func @cached(%q: tensor<?x4x?x8xf32> {ge.attrs = {dim_names = ["batch", "", "new", ""]}},
                  %k: tensor<?x2x?x8xf32> {ge.attrs = {dim_names = ["batch", "", "new", ""]}},
                  %v: tensor<?x2x?x8xf32> {ge.attrs = {dim_names = ["batch", "", "new", ""]}},
                  %pastK: tensor<?x2x?x8xf32> {ge.attrs = {dim_names = ["batch", "", "past", ""]}},
                  %pastV: tensor<?x2x?x8xf32> {ge.attrs = {dim_names = ["batch", "", "past", ""]}},
                  %m: tensor<?x1x?x?xf32> {ge.attrs = {dim_names = ["batch", "", "new", "all"]}}) -> tensor<?x4x?x8xf32> {
  %two = ge.const dense<2> : tensor<i64>
  %turn = ge.const dense<[0, 1, 3, 2]> : tensor<4xi64>
  %half = ge.const dense<0.5> : tensor<f32>
  %heads = ge.const dense<[0, 4, -1, 8]> : tensor<4xi64>
  %times = ge.const dense<[1, 1, 2, 1, 1]> : tensor<5xi64>
  %0 = ge.concat_v2 %pastK, %k, %two {N = 2 : i64} : (tensor<?x2x?x8xf32>, tensor<?x2x?x8xf32>, tensor<i64>) -> tensor<?x2x?x8xf32>
  %1 = ge.concat_v2 %pastV, %v, %two {N = 2 : i64} : (tensor<?x2x?x8xf32>, tensor<?x2x?x8xf32>, tensor<i64>) -> tensor<?x2x?x8xf32>
  %2 = ge.unsqueeze %0 {axes = array<i64: 2>} : (tensor<?x2x?x8xf32>) -> tensor<?x2x1x?x8xf32>
  %3 = ge.tile %2, %times : (tensor<?x2x1x?x8xf32>, tensor<5xi64>) -> tensor<?x2x2x?x8xf32>
  %4 = ge.reshape %3, %heads : (tensor<?x2x2x?x8xf32>, tensor<4xi64>) -> tensor<?x4x?x8xf32>
  %5 = ge.unsqueeze %1 {axes = array<i64: 2>} : (tensor<?x2x?x8xf32>) -> tensor<?x2x1x?x8xf32>
  %6 = ge.tile %5, %times : (tensor<?x2x1x?x8xf32>, tensor<5xi64>) -> tensor<?x2x2x?x8xf32>
  %7 = ge.reshape %6, %heads : (tensor<?x2x2x?x8xf32>, tensor<4xi64>) -> tensor<?x4x?x8xf32>
  %8 = ge.mul %q, %half : (tensor<?x4x?x8xf32>, tensor<f32>) -> tensor<?x4x?x8xf32>
  %9 = ge.transpose %4, %turn : (tensor<?x4x?x8xf32>, tensor<4xi64>) -> tensor<?x4x8x?xf32>
  %10 = ge.mul %9, %half : (tensor<?x4x8x?xf32>, tensor<f32>) -> tensor<?x4x8x?xf32>
  %11 = ge.batch_mat_mul_v2 %8, %10 : (tensor<?x4x?x8xf32>, tensor<?x4x8x?xf32>) -> tensor<?x4x?x?xf32>
  %12 = ge.add %11, %m : (tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x4x?x?xf32>
  %13 = ge.softmax_v2 %12 : tensor<?x4x?x?xf32>
  %14 = ge.batch_mat_mul_v2 %13, %7 : (tensor<?x4x?x?xf32>, tensor<?x4x?x8xf32>) -> tensor<?x4x?x8xf32>
  return %14 : tensor<?x4x?x8xf32>
}

// -----

// A mask whose number of queries may be another one could repeat the scores.
// CHECK-LABEL: func.func @mask_of_any_size
// CHECK-NOT: ge.prompt_flash_attention
func.func @mask_of_any_size(%q: tensor<1x4x?x8xf32>, %k: tensor<1x4x9x8xf32>, %v: tensor<1x4x9x8xf32>, %m: tensor<1x1x?x9xf32>)
    -> tensor<1x4x?x8xf32> {
  %1 = ge.batch_mat_mul_v2 %q, %k {adj_x2 = true} : (tensor<1x4x?x8xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x?x9xf32>
  %2 = ge.add %1, %m : (tensor<1x4x?x9xf32>, tensor<1x1x?x9xf32>) -> tensor<1x4x?x9xf32>
  %3 = ge.softmax_v2 %2 : tensor<1x4x?x9xf32>
  %4 = ge.batch_mat_mul_v2 %3, %v : (tensor<1x4x?x9xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x?x8xf32>
  return %4 : tensor<1x4x?x8xf32>
}

// -----

// Keys that are transposed first and repeated for the heads that share them then.
// CHECK-LABEL: func.func @repeated_columns
// CHECK-NOT: ge.tile
// CHECK: ge.prompt_flash_attention %arg0, %arg1, %arg2 {input_layout = "BSND", num_heads = 4 : i64, num_key_value_heads = 2 : i64}
func.func @repeated_columns(%q: tensor<1x7x4x8xf32>, %k: tensor<1x9x2x8xf32>, %v: tensor<1x9x2x8xf32>) -> tensor<1x4x7x8xf32> {
  %outside = ge.const dense<[0, 2, 1, 3]> : tensor<4xi64>
  %turned = ge.const dense<[0, 2, 3, 1]> : tensor<4xi64>
  %times = ge.const dense<[1, 1, 2, 1, 1]> : tensor<5xi64>
  %columns = ge.const dense<[1, 4, 8, 9]> : tensor<4xi64>
  %rows = ge.const dense<[1, 4, 9, 8]> : tensor<4xi64>
  %0 = ge.transpose %q, %outside : (tensor<1x7x4x8xf32>, tensor<4xi64>) -> tensor<1x4x7x8xf32>
  %1 = ge.transpose %k, %turned : (tensor<1x9x2x8xf32>, tensor<4xi64>) -> tensor<1x2x8x9xf32>
  %2 = ge.unsqueeze %1 {axes = array<i64: 2>} : (tensor<1x2x8x9xf32>) -> tensor<1x2x1x8x9xf32>
  %3 = ge.tile %2, %times : (tensor<1x2x1x8x9xf32>, tensor<5xi64>) -> tensor<1x2x2x8x9xf32>
  %4 = ge.reshape %3, %columns : (tensor<1x2x2x8x9xf32>, tensor<4xi64>) -> tensor<1x4x8x9xf32>
  %5 = ge.transpose %v, %outside : (tensor<1x9x2x8xf32>, tensor<4xi64>) -> tensor<1x2x9x8xf32>
  %6 = ge.unsqueeze %5 {axes = array<i64: 2>} : (tensor<1x2x9x8xf32>) -> tensor<1x2x1x9x8xf32>
  %7 = ge.tile %6, %times : (tensor<1x2x1x9x8xf32>, tensor<5xi64>) -> tensor<1x2x2x9x8xf32>
  %8 = ge.reshape %7, %rows : (tensor<1x2x2x9x8xf32>, tensor<4xi64>) -> tensor<1x4x9x8xf32>
  %9 = ge.batch_mat_mul_v2 %0, %4 : (tensor<1x4x7x8xf32>, tensor<1x4x8x9xf32>) -> tensor<1x4x7x9xf32>
  %10 = ge.softmax_v2 %9 : tensor<1x4x7x9xf32>
  %11 = ge.batch_mat_mul_v2 %10, %8 : (tensor<1x4x7x9xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32>
  return %11 : tensor<1x4x7x8xf32>
}
