// RUN: ge-opt %s -split-input-file -ge-recognize-patterns | FileCheck %s

// Mean, variance, scale and shift over the last dimension.
// CHECK-LABEL: func.func @layer_norm
func.func @layer_norm(%x: tensor<2x8x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> tensor<2x8x16xf32> {
  %axes = ge.const dense<-1> : tensor<1xi64>
  %two = ge.const dense<2.0> : tensor<f32>
  %eps = ge.const dense<1.0e-5> : tensor<f32>
  // CHECK: %[[Y:[a-z_0-9]+]], %{{.*}}, %{{.*}} = ge.layer_norm_v3 %arg0, %arg1, %arg2
  // CHECK-SAME: begin_norm_axis = 2 : i64, begin_params_axis = 2 : i64
  // CHECK-NEXT: return %[[Y]]
  %mean = ge.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x8x16xf32>, tensor<1xi64>) -> tensor<2x8x1xf32>
  %d = ge.sub %x, %mean : (tensor<2x8x16xf32>, tensor<2x8x1xf32>) -> tensor<2x8x16xf32>
  %p = ge.pow %d, %two : (tensor<2x8x16xf32>, tensor<f32>) -> tensor<2x8x16xf32>
  %v = ge.reduce_mean %p, %axes {keep_dims = true} : (tensor<2x8x16xf32>, tensor<1xi64>) -> tensor<2x8x1xf32>
  %e = ge.add %v, %eps : (tensor<2x8x1xf32>, tensor<f32>) -> tensor<2x8x1xf32>
  %s = ge.sqrt %e : tensor<2x8x1xf32>
  %n = ge.real_div %d, %s : (tensor<2x8x16xf32>, tensor<2x8x1xf32>) -> tensor<2x8x16xf32>
  %m = ge.mul %n, %g : (tensor<2x8x16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  %y = ge.add %m, %b : (tensor<2x8x16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  return %y : tensor<2x8x16xf32>
}

// -----

// Without parameters the operator has ones and zeros.
// CHECK-LABEL: func.func @layer_norm_plain
func.func @layer_norm_plain(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %axes = ge.const dense<1> : tensor<1xi64>
  %eps = ge.const dense<1.0e-5> : tensor<f32>
  // CHECK-DAG: ge.const dense<1.000000e+00> : tensor<4xf32>
  // CHECK-DAG: ge.const dense<0.000000e+00> : tensor<4xf32>
  // CHECK: ge.layer_norm_v3 %arg0
  %mean = ge.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4xf32>, tensor<1xi64>) -> tensor<2x1xf32>
  %d = ge.sub %x, %mean : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %p = ge.mul %d, %d : tensor<2x4xf32>
  %v = ge.reduce_mean %p, %axes {keep_dims = true} : (tensor<2x4xf32>, tensor<1xi64>) -> tensor<2x1xf32>
  %e = ge.add %v, %eps : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %s = ge.rsqrt %e : tensor<2x1xf32>
  %n = ge.mul %d, %s : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

// -----

// Without the mean it is an RMS normalization.
// CHECK-LABEL: func.func @rms_norm
func.func @rms_norm(%x: tensor<2x8x16xf32>, %g: tensor<16xf32>) -> tensor<2x8x16xf32> {
  %axes = ge.const dense<2> : tensor<1xi64>
  %eps = ge.const dense<1.0e-6> : tensor<f32>
  // CHECK: ge.rms_norm %arg0, %arg1
  // CHECK-NOT: ge.mul
  %p = ge.square %x : tensor<2x8x16xf32>
  %v = ge.reduce_mean %p, %axes {keep_dims = true} : (tensor<2x8x16xf32>, tensor<1xi64>) -> tensor<2x8x1xf32>
  %e = ge.add %v, %eps : (tensor<2x8x1xf32>, tensor<f32>) -> tensor<2x8x1xf32>
  %s = ge.sqrt %e : tensor<2x8x1xf32>
  %r = ge.reciprocal %s : tensor<2x8x1xf32>
  %n = ge.mul %x, %r : (tensor<2x8x16xf32>, tensor<2x8x1xf32>) -> tensor<2x8x16xf32>
  %y = ge.mul %g, %n : (tensor<16xf32>, tensor<2x8x16xf32>) -> tensor<2x8x16xf32>
  return %y : tensor<2x8x16xf32>
}

// -----

// A mean over other dimensions than the variance is no normalization.
// CHECK-LABEL: func.func @different_axes
func.func @different_axes(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %a0 = ge.const dense<0> : tensor<1xi64>
  %a1 = ge.const dense<1> : tensor<1xi64>
  %eps = ge.const dense<1.0e-5> : tensor<f32>
  // CHECK-NOT: ge.layer_norm_v3
  // CHECK: ge.real_div
  %mean = ge.reduce_mean %x, %a0 {keep_dims = true} : (tensor<4x4xf32>, tensor<1xi64>) -> tensor<1x4xf32>
  %d = ge.sub %x, %mean : (tensor<4x4xf32>, tensor<1x4xf32>) -> tensor<4x4xf32>
  %p = ge.square %d : tensor<4x4xf32>
  %v = ge.reduce_mean %p, %a1 {keep_dims = true} : (tensor<4x4xf32>, tensor<1xi64>) -> tensor<4x1xf32>
  %e = ge.add %v, %eps : (tensor<4x1xf32>, tensor<f32>) -> tensor<4x1xf32>
  %s = ge.sqrt %e : tensor<4x1xf32>
  %n = ge.real_div %d, %s : (tensor<4x4xf32>, tensor<4x1xf32>) -> tensor<4x4xf32>
  return %n : tensor<4x4xf32>
}
