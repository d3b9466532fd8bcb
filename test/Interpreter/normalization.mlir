// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @softmax
// CHECK-NEXT: dense<{{\[\[}}2.500000e-01, 7.500000e-01]]> : tensor<1x2xf32>
// CHECK-NEXT: dense<{{\[\[}}-1.38629436, -0.287682086]]> : tensor<1x2xf32>
func.func @softmax() -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %y = ge.const dense<[[0.0, 1.09861228866811]]> : tensor<1x2xf64>
  %0 = ge.softmax_v2 %y : tensor<1x2xf64>
  %1 = ge.cast %0 {dst_type = f32} : (tensor<1x2xf64>) -> tensor<1x2xf32>
  %2 = ge.log_softmax_v2 %y : tensor<1x2xf64>
  %3 = ge.cast %2 {dst_type = f32} : (tensor<1x2xf64>) -> tensor<1x2xf32>
  return %1, %3 : tensor<1x2xf32>, tensor<1x2xf32>
}

// Mean 2, variance 1: with epsilon 3 the reciprocal deviation is 1/2.
// CHECK-LABEL: @layer_norm
// CHECK-NEXT: dense<{{\[\[}}0.000000e+00, 2.500000e+00]]> : tensor<1x2xf32>
// CHECK-NEXT: dense<2.000000e+00> : tensor<1x1xf32>
// CHECK-NEXT: dense<5.000000e-01> : tensor<1x1xf32>
func.func @layer_norm() -> (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>) {
  %x = ge.const dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %g = ge.const dense<[2.0, 3.0]> : tensor<2xf32>
  %b = ge.const dense<1.0> : tensor<2xf32>
  %y, %m, %r = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = 1 : i64, begin_params_axis = 1 : i64, epsilon = 3.0 : f32} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
  return %y, %m, %r : tensor<1x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>
}

// The mean of squares is 5, epsilon 4.
// CHECK-LABEL: @rms_norm
// CHECK-NEXT: dense<{{\[\[}}0.333333343, 2.000000e+00]]> : tensor<1x2xf32>
func.func @rms_norm() -> tensor<1x2xf32> {
  %x = ge.const dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %g = ge.const dense<[1.0, 2.0]> : tensor<2xf32>
  %y, %r = ge.rms_norm %x, %g {epsilon = 4.0 : f32} : (tensor<1x2xf32>, tensor<2xf32>) -> (tensor<1x2xf32>, tensor<1x1xf32>)
  return %y : tensor<1x2xf32>
}

// Each channel with its own statistics: given, of the image, and of the group.
// CHECK-LABEL: @image_norms
// CHECK-NEXT: dense<{{\[\[\[\[}}1.000000e+00, 3.000000e+00]], {{\[\[}}4.000000e+00, 8.000000e+00]]]]> : tensor<1x2x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}-5.000000e-01, 5.000000e-01]], {{\[\[}}-0.755928933, 0.755928933]]]]> : tensor<1x2x1x2xf32>
// CHECK-NEXT: dense<{{\[\[\[\[}}-0.904534041, 0.301511347]], {{\[\[}}-0.904534041, 1.50755668]]]]> : tensor<1x2x1x2xf32>
func.func @image_norms() -> (tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>) {
  %x = ge.const dense<[[[[1.0, 3.0]], [[1.0, 5.0]]]]> : tensor<1x2x1x2xf32>
  %one = ge.const dense<1.0> : tensor<2xf32>
  %zero = ge.const dense<0.0> : tensor<2xf32>
  %s = ge.const dense<[2.0, 2.0]> : tensor<2xf32>
  %o = ge.const dense<[0.0, 3.0]> : tensor<2xf32>
  %m = ge.const dense<[0.0, 0.0]> : tensor<2xf32>
  %v = ge.const dense<[1.0, 1.0]> : tensor<2xf32>
  %y:6 = ge.batch_norm %x, %s, %o mean(%m) variance(%v) {data_format = "NCHW", epsilon = 3.0 : f32, is_training = false} : (tensor<1x2x1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  %i, %im, %iv = ge.instance_norm %x, %one, %zero {data_format = "NCHW", epsilon = 3.0 : f32} : (tensor<1x2x1x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x1x2xf32>, tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>)
  %g, %gm, %gv = ge.group_norm %x, %one, %zero {eps = 0.0 : f32, num_groups = 1 : i64} : (tensor<1x2x1x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x1x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
  return %y#0, %i, %g : tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>
}

// x / (1 + 1 * (squares of the neighbours)) ^ 1
// CHECK-LABEL: @lrn
// CHECK-NEXT: dense<{{\[\[\[\[}}0.166666672]], {{\[\[}}0.13333334]], {{\[\[}}0.214285716]]]]> : tensor<1x3x1x1xf32>
func.func @lrn() -> tensor<1x3x1x1xf32> {
  %x = ge.const dense<[[[[1.0]], [[2.0]], [[3.0]]]]> : tensor<1x3x1x1xf32>
  %0 = ge.lrn %x {beta = 1.0 : f32, depth_radius = 1 : i64} : tensor<1x3x1x1xf32>
  return %0 : tensor<1x3x1x1xf32>
}
