// Operators of two or three operands agree with their definition, with broadcast.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%a: tensor<4x1x7xf32>, %b: tensor<3x7xf32> {test.low = 0.5 : f64}) -> (tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>) {
  %0 = ge.add %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %1 = ge.sub %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %2 = ge.mul %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %3 = ge.real_div %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %4 = ge.maximum %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %5 = ge.minimum %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %6 = ge.squared_difference %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  %7 = ge.atan2 %a, %b : (tensor<4x1x7xf32>, tensor<3x7xf32>) -> tensor<4x3x7xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>, tensor<4x3x7xf32>
}

// -----
func.func @main(%a: tensor<90xf32> {test.low = -9.0 : f64, test.high = 9.0 : f64}, %b: tensor<90xf32> {test.low = 0.3 : f64, test.high = 3.0 : f64}) -> (tensor<90xf32>, tensor<90xf32>, tensor<90xf32>, tensor<90xf32>, tensor<90xf32>) {
  %0 = ge.floor_div %a, %b : tensor<90xf32>
  %1 = ge.floor_mod %a, %b : tensor<90xf32>
  %2 = ge.mod %a, %b : tensor<90xf32>
  %3 = ge.div %a, %b : tensor<90xf32>
  %4 = ge.pow %b, %a : tensor<90xf32>
  return %0, %1, %2, %3, %4 : tensor<90xf32>, tensor<90xf32>, tensor<90xf32>, tensor<90xf32>, tensor<90xf32>
}

// -----
func.func @main(%a: tensor<60xf32> {test.low = 0.1 : f64}) -> (tensor<60xf32>, tensor<60xf32>, tensor<60xf32>, tensor<60xf32>) {
  %two = ge.const dense<2.0> : tensor<f32>
  %half = ge.const dense<0.5> : tensor<f32>
  %third = ge.const dense<0.333> : tensor<f32>
  %minus = ge.const dense<-0.5> : tensor<1xf32>
  %0 = ge.pow %a, %two : (tensor<60xf32>, tensor<f32>) -> tensor<60xf32>
  %1 = ge.pow %a, %half : (tensor<60xf32>, tensor<f32>) -> tensor<60xf32>
  %2 = ge.pow %a, %third : (tensor<60xf32>, tensor<f32>) -> tensor<60xf32>
  %3 = ge.pow %a, %minus : (tensor<60xf32>, tensor<1xf32>) -> tensor<60xf32>
  return %0, %1, %2, %3 : tensor<60xf32>, tensor<60xf32>, tensor<60xf32>, tensor<60xf32>
}

// -----
// Integers: truncated and floored quotients, remainders of both signs, wrap-around.
func.func @main(%a: tensor<64xi32> {test.low = -50.0 : f64, test.high = 50.0 : f64}, %b: tensor<64xi32> {test.values = dense<[1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8]> : tensor<64xi32>}) -> (tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>) {
  %0 = ge.div %a, %b : tensor<64xi32>
  %1 = ge.floor_div %a, %b : tensor<64xi32>
  %2 = ge.floor_mod %a, %b : tensor<64xi32>
  %3 = ge.mod %a, %b : tensor<64xi32>
  %4 = ge.mul %a, %b : tensor<64xi32>
  %5 = ge.maximum %a, %b : tensor<64xi32>
  %6 = ge.bitwise_and %a, %b : tensor<64xi32>
  %7 = ge.bitwise_or %a, %b : tensor<64xi32>
  %8 = ge.bitwise_xor %a, %b : tensor<64xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>
}

// -----
func.func @main(%a: tensor<30xi64>, %b: tensor<30xi64> {test.low = 0.0 : f64, test.high = 7.0 : f64}) -> (tensor<30xi64>, tensor<30xi64>, tensor<30xi64>) {
  %0 = ge.pow %a, %b : tensor<30xi64>
  %1 = ge.left_shift %a, %b : tensor<30xi64>
  %2 = ge.right_shift %a, %b : tensor<30xi64>
  return %0, %1, %2 : tensor<30xi64>, tensor<30xi64>, tensor<30xi64>
}

// -----
// Unsigned elements compare, divide and shift as unsigned.
func.func @main(%a: tensor<60xui8> {test.high = 255.0 : f64}, %b: tensor<60xui8> {test.low = 1.0 : f64, test.high = 255.0 : f64}, %c: tensor<60xui8> {test.high = 7.0 : f64}) -> (tensor<60xui8>, tensor<60xui8>, tensor<60xi1>, tensor<60xui8>, tensor<60xui8>) {
  %0 = ge.div %a, %b : tensor<60xui8>
  %1 = ge.maximum %a, %b : tensor<60xui8>
  %2 = ge.less %a, %b : (tensor<60xui8>, tensor<60xui8>) -> tensor<60xi1>
  %3 = ge.right_shift %a, %c : tensor<60xui8>
  %4 = ge.mod %a, %b : tensor<60xui8>
  return %0, %1, %2, %3, %4 : tensor<60xui8>, tensor<60xui8>, tensor<60xi1>, tensor<60xui8>, tensor<60xui8>
}

// -----
func.func @main(%a: tensor<6x5xi32> {test.low = -2.0 : f64, test.high = 2.0 : f64}, %b: tensor<5xi32> {test.low = -2.0 : f64, test.high = 2.0 : f64}) -> (tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>) {
  %0 = ge.equal %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  %1 = ge.not_equal %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  %2 = ge.greater %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  %3 = ge.greater_equal %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  %4 = ge.less %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  %5 = ge.less_equal %a, %b : (tensor<6x5xi32>, tensor<5xi32>) -> tensor<6x5xi1>
  return %0, %1, %2, %3, %4, %5 : tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>
}

// -----
func.func @main(%a: tensor<6x5xf32>, %b: tensor<5xf32>, %p: tensor<6x5xi1>, %q: tensor<5xi1>) -> (tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xf32>, tensor<6x5xf32>) {
  %0 = ge.less %a, %b : (tensor<6x5xf32>, tensor<5xf32>) -> tensor<6x5xi1>
  %1 = ge.logical_and %p, %q : (tensor<6x5xi1>, tensor<5xi1>) -> tensor<6x5xi1>
  %2 = ge.logical_or %p, %q : (tensor<6x5xi1>, tensor<5xi1>) -> tensor<6x5xi1>
  %3 = ge.select %p, %a, %b : (tensor<6x5xi1>, tensor<6x5xf32>, tensor<5xf32>) -> tensor<6x5xf32>
  %lo = ge.const dense<-0.5> : tensor<f32>
  %hi = ge.const dense<0.75> : tensor<f32>
  %4 = ge.clip_by_value_v2 %a, %lo, %hi : (tensor<6x5xf32>, tensor<f32>, tensor<f32>) -> tensor<6x5xf32>
  return %0, %1, %2, %3, %4 : tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xi1>, tensor<6x5xf32>, tensor<6x5xf32>
}

// -----
// NaN propagates through maximum and minimum, on either side.
func.func @main(%a: tensor<4xf32> {test.values = dense<[0x7FC00000, 1.0, -0.0, 0x7F800000]> : tensor<4xf32>}, %b: tensor<4xf32> {test.values = dense<[1.0, 0x7FC00000, 0.0, 1.0]> : tensor<4xf32>}) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>) {
  %0 = ge.maximum %a, %b : tensor<4xf32>
  %1 = ge.minimum %a, %b : tensor<4xf32>
  %2 = ge.not_equal %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>
}
