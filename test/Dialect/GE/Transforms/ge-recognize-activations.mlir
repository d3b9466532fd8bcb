// RUN: ge-opt %s -split-input-file -ge-recognize-patterns | FileCheck %s

// CHECK-LABEL: func.func @swish
func.func @swish(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: %[[Y:.*]] = ge.swish %arg0 : tensor<2x3xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.sigmoid %x : tensor<2x3xf32>
  %1 = ge.mul %0, %x : tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -----

// The scale inside of the sigmoid is an attribute.
// CHECK-LABEL: func.func @quick_gelu
func.func @quick_gelu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = ge.const dense<1.702> : tensor<f32>
  // CHECK: ge.swish %arg0 {scale = 1.702000e+00 : f32}
  %0 = ge.mul %x, %c : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.sigmoid %0 : tensor<2x3xf32>
  %2 = ge.mul %x, %1 : tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// -----

// The sigmoid of another value is a gate, not an activation.
// CHECK-LABEL: func.func @gate
func.func @gate(%x: tensor<2x3xf32>, %g: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: ge.mul
  %0 = ge.sigmoid %g : tensor<2x3xf32>
  %1 = ge.mul %x, %0 : tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -----

// x * clip(x + 3, 0, 6) / 6
// CHECK-LABEL: func.func @hard_swish
func.func @hard_swish(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %three = ge.const dense<3.0> : tensor<f32>
  %zero = ge.const dense<0.0> : tensor<f32>
  %six = ge.const dense<6.0> : tensor<f32>
  // CHECK: %[[Y:.*]] = ge.hard_swish %arg0 : tensor<2x3xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.add %x, %three : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.clip_by_value_v2 %0, %zero, %six : (tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = ge.mul %x, %1 : tensor<2x3xf32>
  %3 = ge.real_div %2, %six : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// -----

// relu6(x + 3) * 0.1666 without the product is a hard sigmoid.
// CHECK-LABEL: func.func @hard_sigmoid
func.func @hard_sigmoid(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %three = ge.const dense<3.0> : tensor<f32>
  %sixth = ge.const dense<0.16666667> : tensor<f32>
  // CHECK: ge.hard_sigmoid %arg0
  // CHECK-NEXT: return
  %0 = ge.add %x, %three : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.relu6 %0 : tensor<2x3xf32>
  %2 = ge.mul %1, %sixth : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// -----

// 0.5 * x * (1 + erf(x / sqrt(2)))
// CHECK-LABEL: func.func @gelu_erf
func.func @gelu_erf(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %root = ge.const dense<1.41421354> : tensor<f32>
  %one = ge.const dense<1.0> : tensor<f32>
  %half = ge.const dense<0.5> : tensor<f32>
  // CHECK: %[[Y:.*]] = ge.gelu_v2 %arg0 : tensor<2x3xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.real_div %x, %root : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.erf %0 : tensor<2x3xf32>
  %2 = ge.add %1, %one : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = ge.mul %x, %2 : tensor<2x3xf32>
  %4 = ge.mul %3, %half : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// -----

// 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), the cube by Pow
// CHECK-LABEL: func.func @gelu_tanh
func.func @gelu_tanh(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c0 = ge.const dense<0.044715> : tensor<f32>
  %c1 = ge.const dense<0.797884583> : tensor<f32>
  %cube = ge.const dense<3.0> : tensor<f32>
  %one = ge.const dense<1.0> : tensor<f32>
  %half = ge.const dense<0.5> : tensor<f32>
  // CHECK: %[[Y:.*]] = ge.gelu %arg0 : tensor<2x3xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.pow %x, %cube : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = ge.mul %0, %c0 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = ge.add %x, %1 : tensor<2x3xf32>
  %3 = ge.mul %2, %c1 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = ge.tanh %3 : tensor<2x3xf32>
  %5 = ge.add %4, %one : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %6 = ge.mul %x, %half : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %7 = ge.mul %6, %5 : tensor<2x3xf32>
  return %7 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: func.func @mish
func.func @mish(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: ge.mish %arg0
  %0 = ge.softplus %x : tensor<2x3xf32>
  %1 = ge.tanh %0 : tensor<2x3xf32>
  %2 = ge.mul %x, %1 : tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}
