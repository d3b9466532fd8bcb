// RUN: ge-opt %s -split-input-file -ge-decompose | FileCheck %s

// A row to add is the product's bias; factors of 1 need no operator.
// CHECK-LABEL: func.func @gemm_bias
func.func @gemm_bias(%a: tensor<4x8xf32>, %b: tensor<16x8xf32>, %c: tensor<16xf32>) -> tensor<4x16xf32> {
  %one = ge.const dense<1.0> : tensor<1xf32>
  // CHECK: %[[Y:.*]] = ge.mat_mul_v2 %arg0, %arg1 bias(%arg2) {transpose_x2 = true}
  // CHECK-NEXT: return %[[Y]]
  %y = ge.gemm %a, %b, %c, %one, %one {transpose_b = true} : (tensor<4x8xf32>, tensor<16x8xf32>, tensor<16xf32>,
      tensor<1xf32>, tensor<1xf32>) -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// -----

// Other factors scale product and addend.
// CHECK-LABEL: func.func @gemm_scaled
func.func @gemm_scaled(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %alpha = ge.const dense<0.5> : tensor<1xf32>
  %beta = ge.const dense<2.0> : tensor<1xf32>
  // CHECK: %[[C:.*]] = ge.mul %arg2
  // CHECK: %[[P:.*]] = ge.mat_mul_v2 %arg0, %arg1 :
  // CHECK: %[[S:.*]] = ge.mul %[[P]]
  // CHECK: ge.add %[[S]], %[[C]] : tensor<4x16xf32>
  %y = ge.gemm %a, %b, %c, %alpha, %beta : (tensor<4x8xf32>, tensor<8x16xf32>, tensor<4x16xf32>,
      tensor<1xf32>, tensor<1xf32>) -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// -----

// Constant statistics become one factor and one shift per channel: with scale 2,
// offset 1, mean 3 and variance 4 (with epsilon), y = x * 1 - 2.
// CHECK-LABEL: func.func @batch_norm
func.func @batch_norm(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %s = ge.const dense<2.0> : tensor<1xf32>
  %o = ge.const dense<1.0> : tensor<1xf32>
  %m = ge.const dense<3.0> : tensor<1xf32>
  %v = ge.const dense<3.75> : tensor<1xf32>
  // CHECK-DAG: %[[F:.*]] = ge.const dense<1.000000e+00> : tensor<1x1x1x1xf32>
  // CHECK-DAG: %[[S:.*]] = ge.const dense<-2.000000e+00> : tensor<1x1x1x1xf32>
  // CHECK: %[[P:.*]] = ge.mul %arg0, %[[F]]
  // CHECK: ge.add %[[P]], %[[S]]
  %y:6 = ge.batch_norm %x, %s, %o mean(%m) variance(%v) {data_format = "NCHW", is_training = false, epsilon = 0.25 : f32} :
      (tensor<1x1x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) ->
      (tensor<1x1x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
  return %y#0 : tensor<1x1x2x2xf32>
}

// -----

// Statistics known at run time only are computed once per channel.
// CHECK-LABEL: func.func @batch_norm_dynamic
func.func @batch_norm_dynamic(%x: tensor<1x8x4x4xf32>, %p: tensor<8xf32>) -> tensor<1x8x4x4xf32> {
  // CHECK: ge.rsqrt {{.*}} : tensor<8xf32>
  // CHECK: ge.mul %arg0, {{.*}} : (tensor<1x8x4x4xf32>, tensor<1x8x1x1xf32>) -> tensor<1x8x4x4xf32>
  %y:6 = ge.batch_norm %x, %p, %p mean(%p) variance(%p) {data_format = "NCHW", is_training = false} :
      (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) ->
      (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %y#0 : tensor<1x8x4x4xf32>
}

// -----

// In training the statistics are the batch's: not for this pass.
// CHECK-LABEL: func.func @training
func.func @training(%x: tensor<1x8x4x4xf32>, %p: tensor<8xf32>) -> tensor<1x8x4x4xf32> {
  // CHECK: ge.batch_norm
  %y:6 = ge.batch_norm %x, %p, %p {data_format = "NCHW", is_training = true} :
      (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>) ->
      (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %y#0 : tensor<1x8x4x4xf32>
}
