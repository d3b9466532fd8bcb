// Activation functions agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<2x53xf32> {test.low = -8.0 : f64, test.high = 8.0 : f64}) -> (tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>) {
  %0 = ge.relu %x : tensor<2x53xf32>
  %1 = ge.relu6 %x : tensor<2x53xf32>
  %2 = ge.sigmoid %x : tensor<2x53xf32>
  %3 = ge.softplus %x : tensor<2x53xf32>
  %4 = ge.softsign %x : tensor<2x53xf32>
  %5 = ge.selu %x : tensor<2x53xf32>
  %6 = ge.hard_swish %x : tensor<2x53xf32>
  %7 = ge.mish %x : tensor<2x53xf32>
  %8 = ge.swish %x {scale = 1.5 : f32} : tensor<2x53xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>
}

// -----
func.func @main(%x: tensor<2x53xf32> {test.low = -4.0 : f64, test.high = 4.0 : f64}) -> (tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>) {
  %0 = ge.gelu %x : tensor<2x53xf32>
  %1 = ge.gelu_v2 %x : tensor<2x53xf32>
  %2 = ge.gelu_v2 %x {approximate = "tanh"} : tensor<2x53xf32>
  %3 = ge.fast_gelu %x : tensor<2x53xf32>
  %4 = ge.leaky_relu %x {negative_slope = 0.1 : f32} : tensor<2x53xf32>
  %5 = ge.elu %x {alpha = 0.7 : f32, scale = 1.2 : f32, input_scale = 0.9 : f32} : tensor<2x53xf32>
  %6 = ge.celu %x {alpha1 = 1.5 : f32, alpha2 = 1.5 : f32} : tensor<2x53xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>
}

// -----
func.func @main(%x: tensor<2x53xf32>) -> (tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>) {
  %0 = ge.hard_sigmoid %x {alpha = 0.2 : f32, beta = 0.4 : f32} : tensor<2x53xf32>
  %1 = ge.thresholded_relu %x {alpha = 0.5 : f32} : tensor<2x53xf32>
  %2 = ge.hard_shrink %x {lambd = 0.6 : f32} : tensor<2x53xf32>
  %3 = ge.soft_shrink %x {lambd = 0.6 : f32} : tensor<2x53xf32>
  return %0, %1, %2, %3 : tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>, tensor<2x53xf32>
}

// -----
func.func @main(%x: tensor<2x20x3x5xf32>, %w: tensor<20xf32>, %v: tensor<5xf32>) -> (tensor<2x20x3x5xf32>, tensor<2x20x3x5xf32>) {
  %0 = ge.p_relu %x, %w : (tensor<2x20x3x5xf32>, tensor<20xf32>) -> tensor<2x20x3x5xf32>
  %one = ge.const dense<0.25> : tensor<1xf32>
  %1 = ge.p_relu %x, %one : (tensor<2x20x3x5xf32>, tensor<1xf32>) -> tensor<2x20x3x5xf32>
  return %0, %1 : tensor<2x20x3x5xf32>, tensor<2x20x3x5xf32>
}
