// RUN: ge-eval --all %s | FileCheck %s

// Integer division truncates, also of negative numbers; FloorDiv and FloorMod
// follow the divisor's sign.
// CHECK-LABEL: @integer_division
// CHECK-NEXT: dense<[-3, 3, -3, 3]> : tensor<4xi32>
// CHECK-NEXT: dense<[-4, 3, -4, 3]> : tensor<4xi32>
// CHECK-NEXT: dense<[1, 1, -1, -1]> : tensor<4xi32>
// CHECK-NEXT: dense<[-1, 1, 1, -1]> : tensor<4xi32>
func.func @integer_division() -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) {
  %a = ge.const dense<[-7, 7, 7, -7]> : tensor<4xi32>
  %b = ge.const dense<[2, 2, -2, -2]> : tensor<4xi32>
  %0 = ge.div %a, %b : tensor<4xi32>
  %1 = ge.floor_div %a, %b : tensor<4xi32>
  %2 = ge.floor_mod %a, %b : tensor<4xi32>
  %3 = ge.mod %a, %b : tensor<4xi32>
  return %0, %1, %2, %3 : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
}

// Integers wrap in their width.
// CHECK-LABEL: @wrap
// CHECK-NEXT: dense<[-128, 4]> : tensor<2xi8>
// CHECK-NEXT: dense<[0, 4]> : tensor<2xui8>
func.func @wrap() -> (tensor<2xi8>, tensor<2xui8>) {
  %a = ge.const dense<[127, 2]> : tensor<2xi8>
  %b = ge.const dense<[1, 2]> : tensor<2xi8>
  %c = ge.const dense<[255, 2]> : tensor<2xui8>
  %d = ge.const dense<[1, 2]> : tensor<2xui8>
  %0 = ge.add %a, %b : tensor<2xi8>
  %1 = ge.add %c, %d : tensor<2xui8>
  return %0, %1 : tensor<2xi8>, tensor<2xui8>
}

// Unsigned elements compare and shift as unsigned.
// CHECK-LABEL: @unsigned
// CHECK-NEXT: dense<[true, false]> : tensor<2xi1>
// CHECK-NEXT: dense<[127, 0]> : tensor<2xui8>
// CHECK-NEXT: dense<[-1, 0]> : tensor<2xi8>
func.func @unsigned() -> (tensor<2xi1>, tensor<2xui8>, tensor<2xi8>) {
  %a = ge.const dense<[255, 1]> : tensor<2xui8>
  %one = ge.const dense<1> : tensor<ui8>
  %b = ge.const dense<[-1, 1]> : tensor<2xi8>
  %two = ge.const dense<1> : tensor<i8>
  %0 = ge.greater %a, %one : (tensor<2xui8>, tensor<ui8>) -> tensor<2xi1>
  %1 = ge.right_shift %a, %one : (tensor<2xui8>, tensor<ui8>) -> tensor<2xui8>
  %2 = ge.right_shift %b, %two : (tensor<2xi8>, tensor<i8>) -> tensor<2xi8>
  return %0, %1, %2 : tensor<2xi1>, tensor<2xui8>, tensor<2xi8>
}

// Operands broadcast in both directions.
// CHECK-LABEL: @broadcast
// CHECK-NEXT: dense<{{\[\[}}1.100000e+01, 2.100000e+01], [1.200000e+01, 2.200000e+01]]> : tensor<2x2xf32>
func.func @broadcast() -> tensor<2x2xf32> {
  %a = ge.const dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %b = ge.const dense<[10.0, 20.0]> : tensor<2xf32>
  %0 = ge.add %a, %b : (tensor<2x1xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// NaN wins in Maximum and Minimum.
// CHECK-LABEL: @nan
// CHECK-NEXT: dense<0x7F{{[CF].*}}> : tensor<1xf32>
// CHECK-NEXT: dense<true> : tensor<1xi1>
func.func @nan() -> (tensor<1xf32>, tensor<1xi1>) {
  %a = ge.const dense<0x7FC00000> : tensor<1xf32>
  %b = ge.const dense<1.0> : tensor<1xf32>
  %0 = ge.maximum %b, %a : tensor<1xf32>
  %1 = ge.minimum %a, %b : tensor<1xf32>
  %2 = ge.is_nan %1 : (tensor<1xf32>) -> tensor<1xi1>
  return %0, %2 : tensor<1xf32>, tensor<1xi1>
}

// Halves round to even.
// CHECK-LABEL: @round
// CHECK-NEXT: dense<[0.000000e+00, 2.000000e+00, 2.000000e+00, -2.000000e+00]> : tensor<4xf32>
// CHECK-NEXT: dense<[0.000000e+00, 2.000000e+00, 2.000000e+00, -2.000000e+00]> : tensor<4xf32>
func.func @round() -> (tensor<4xf32>, tensor<4xf32>) {
  %a = ge.const dense<[0.5, 1.5, 2.5, -1.5]> : tensor<4xf32>
  %0 = ge.rint %a : tensor<4xf32>
  %1 = ge.round %a : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Casts truncate towards zero, wrap, and ask for zero.
// CHECK-LABEL: @cast
// CHECK-NEXT: dense<[-1, 2, 44]> : tensor<3xi8>
// CHECK-NEXT: dense<true> : tensor<3xi1>
// CHECK-NEXT: dense<[-1.500000e+00, 2.500000e+00, 3.000000e+02]> : tensor<3xf16>
func.func @cast() -> (tensor<3xi8>, tensor<3xi1>, tensor<3xf16>) {
  %a = ge.const dense<[-1.5, 2.5, 300.0]> : tensor<3xf32>
  %0 = ge.cast %a {dst_type = i8} : (tensor<3xf32>) -> tensor<3xi8>
  %1 = ge.cast %a {dst_type = i1} : (tensor<3xf32>) -> tensor<3xi1>
  %2 = ge.cast %a {dst_type = f16} : (tensor<3xf32>) -> tensor<3xf16>
  return %0, %1, %2 : tensor<3xi8>, tensor<3xi1>, tensor<3xf16>
}

// Results round once to the element type.
// CHECK-LABEL: @narrow
// CHECK-NEXT: dense<3.332520e-01> : tensor<1xf16>
// CHECK-NEXT: dense<3.339840e-01> : tensor<1xbf16>
func.func @narrow() -> (tensor<1xf16>, tensor<1xbf16>) {
  %a = ge.const dense<3.0> : tensor<1xf16>
  %b = ge.const dense<3.0> : tensor<1xbf16>
  %0 = ge.reciprocal %a : tensor<1xf16>
  %1 = ge.reciprocal %b : tensor<1xbf16>
  return %0, %1 : tensor<1xf16>, tensor<1xbf16>
}

// Activations at -1 and 2 (values from the definitions, in f64).
// CHECK-LABEL: @activations
// CHECK-NEXT: dense<[-0.333333343, 1.66666663]> : tensor<2xf32>
// CHECK-NEXT: dense<[-0.268941432, 1.76159418]> : tensor<2xf32>
// CHECK-NEXT: dense<[-0.158655256, 1.95449972]> : tensor<2xf32>
// CHECK-NEXT: dense<[-0.158808008, 1.95459771]> : tensor<2xf32>
// CHECK-NEXT: dense<[-0.632120549, 2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: dense<[0.333333343, 0.833333313]> : tensor<2xf32>
// CHECK-NEXT: dense<[0.313261688, 2.12692809]> : tensor<2xf32>
func.func @activations() -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %x = ge.const dense<[-1.0, 2.0]> : tensor<2xf32>
  %0 = ge.hard_swish %x : tensor<2xf32>
  %1 = ge.swish %x : tensor<2xf32>
  %2 = ge.gelu_v2 %x : tensor<2xf32>
  %3 = ge.gelu %x : tensor<2xf32>
  %4 = ge.elu %x : tensor<2xf32>
  %5 = ge.hard_sigmoid %x : tensor<2xf32>
  %6 = ge.softplus %x : tensor<2xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// Slopes of PRelu run along dimension 1.
// CHECK-LABEL: @prelu
// CHECK-NEXT: dense<{{\[\[\[}}-1.000000e+01, -2.000000e+01], [-3.000000e+02, 4.000000e+00]]]> : tensor<1x2x2xf32>
func.func @prelu() -> tensor<1x2x2xf32> {
  %x = ge.const dense<[[[-1.0, -2.0], [-3.0, 4.0]]]> : tensor<1x2x2xf32>
  %w = ge.const dense<[10.0, 100.0]> : tensor<2xf32>
  %0 = ge.p_relu %x, %w : (tensor<1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %0 : tensor<1x2x2xf32>
}

// CHECK-LABEL: @select_and_clip
// CHECK-NEXT: dense<[1, 20]> : tensor<2xi32>
// CHECK-NEXT: dense<[0.000000e+00, 5.000000e-01, 1.000000e+00]> : tensor<3xf32>
func.func @select_and_clip() -> (tensor<2xi32>, tensor<3xf32>) {
  %c = ge.const dense<[true, false]> : tensor<2xi1>
  %a = ge.const dense<[1, 2]> : tensor<2xi32>
  %b = ge.const dense<20> : tensor<i32>
  %0 = ge.select %c, %a, %b : (tensor<2xi1>, tensor<2xi32>, tensor<i32>) -> tensor<2xi32>
  %x = ge.const dense<[-3.0, 0.5, 3.0]> : tensor<3xf32>
  %low = ge.const dense<0.0> : tensor<f32>
  %high = ge.const dense<1.0> : tensor<f32>
  %1 = ge.clip_by_value_v2 %x, %low, %high : (tensor<3xf32>, tensor<f32>, tensor<f32>) -> tensor<3xf32>
  return %0, %1 : tensor<2xi32>, tensor<3xf32>
}

// The bits of a number under another type.
// CHECK-LABEL: @bitcast
// CHECK-NEXT: dense<[1065353216, -2147483648]> : tensor<2xi32>
// CHECK-NEXT: dense<[1.000000e+00, -0.000000e+00]> : tensor<2xf16>
func.func @bitcast() -> (tensor<2xi32>, tensor<2xf16>) {
  %a = ge.const dense<[1.0, -0.0]> : tensor<2xf32>
  %b = ge.const dense<[15360, 32768]> : tensor<2xui16>
  %0 = ge.bitcast %a {type = i32} : (tensor<2xf32>) -> tensor<2xi32>
  %1 = ge.bitcast %b {type = f16} : (tensor<2xui16>) -> tensor<2xf16>
  return %0, %1 : tensor<2xi32>, tensor<2xf16>
}

// Small types round and wrap.
// CHECK-LABEL: @small
// CHECK-NEXT: dense<[7, -8]> : tensor<2xi4>
// CHECK-NEXT: dense<[3.000000e+00, 4.480000e+02]> : tensor<2xf8E4M3FN>
func.func @small() -> (tensor<2xi4>, tensor<2xf8E4M3FN>) {
  %a = ge.const dense<[-9, 8]> : tensor<2xi32>
  %b = ge.const dense<[3.1, 450.0]> : tensor<2xf32>
  %0 = ge.cast %a {dst_type = i4} : (tensor<2xi32>) -> tensor<2xi4>
  %1 = ge.cast %b {dst_type = f8E4M3FN} : (tensor<2xf32>) -> tensor<2xf8E4M3FN>
  return %0, %1 : tensor<2xi4>, tensor<2xf8E4M3FN>
}
