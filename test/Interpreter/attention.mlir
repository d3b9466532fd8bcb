// RUN: ge-eval --all %s | FileCheck %s

// Scores 0 and ln 3: weights 1/4 and 3/4 of the values 4 and 8.
// CHECK-LABEL: @weights
// CHECK-NEXT: dense<7.000000e+00> : tensor<1x1x1x1xf32>
func.func @weights() -> tensor<1x1x1x1xf32> {
  %q = ge.const dense<1.0> : tensor<1x1x1x1xf32>
  %k = ge.const dense<[[[[0.0], [2.19722458]]]]> : tensor<1x1x2x1xf32>
  %v = ge.const dense<[[[[4.0], [8.0]]]]> : tensor<1x1x2x1xf32>
  %y = ge.prompt_flash_attention %q, %k, %v {num_heads = 1 : i64, input_layout = "BNSD", scale_value = 0.5 : f32}
      : (tensor<1x1x1x1xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// A mask leaves one key to each of two heads that share keys and values.
// CHECK-LABEL: @mask
// CHECK-NEXT: dense<4.000000e+00> : tensor<1x1x2xf32>
func.func @mask() -> tensor<1x1x2xf32> {
  %q = ge.const dense<1.0> : tensor<1x1x2xf32>
  %k = ge.const dense<1.0> : tensor<1x2x1xf32>
  %v = ge.const dense<[[[4.0], [8.0]]]> : tensor<1x2x1xf32>
  %m = ge.const dense<[[[[false, true]]]]> : tensor<1x1x1x2xi1>
  %y = ge.prompt_flash_attention %q, %k, %v mask(%m) {num_heads = 2 : i64, num_key_value_heads = 1 : i64}
      : (tensor<1x1x2xf32>, tensor<1x2x1xf32>, tensor<1x2x1xf32>, tensor<1x1x1x2xi1>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}
