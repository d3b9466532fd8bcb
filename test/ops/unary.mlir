// Functions of one element agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<3x37xf32>) -> (tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>) {
  %0 = ge.abs %x : tensor<3x37xf32>
  %1 = ge.neg %x : tensor<3x37xf32>
  %2 = ge.sign %x : tensor<3x37xf32>
  %3 = ge.square %x : tensor<3x37xf32>
  %4 = ge.reciprocal %x : tensor<3x37xf32>
  %5 = ge.ceil %x : tensor<3x37xf32>
  %6 = ge.floor %x : tensor<3x37xf32>
  %7 = ge.rint %x : tensor<3x37xf32>
  %8 = ge.round %x {decimals = 1 : i64} : tensor<3x37xf32>
  %9 = ge.round %x : tensor<3x37xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>, tensor<3x37xf32>
}

// -----
func.func @main(%x: tensor<111xf32>) -> (tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>) {
  %0 = ge.exp %x : tensor<111xf32>
  %1 = ge.exp %x {base = 2.0 : f32, scale = 0.5 : f32, shift = 1.0 : f32} : tensor<111xf32>
  %2 = ge.expm1 %x : tensor<111xf32>
  %3 = ge.sin %x : tensor<111xf32>
  %4 = ge.cos %x : tensor<111xf32>
  %5 = ge.tan %x : tensor<111xf32>
  %6 = ge.atan %x : tensor<111xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>
}

// -----
func.func @main(%x: tensor<111xf32>) -> (tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>) {
  %0 = ge.sinh %x : tensor<111xf32>
  %1 = ge.cosh %x : tensor<111xf32>
  %2 = ge.tanh %x : tensor<111xf32>
  %3 = ge.asinh %x : tensor<111xf32>
  %4 = ge.erf %x : tensor<111xf32>
  %5 = ge.identity %x : tensor<111xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>
}

// -----
func.func @main(%x: tensor<111xf32> {test.low = 0.01 : f64, test.high = 3.0 : f64}) -> (tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>) {
  %0 = ge.sqrt %x : tensor<111xf32>
  %1 = ge.rsqrt %x : tensor<111xf32>
  %2 = ge.log %x : tensor<111xf32>
  %3 = ge.log %x {base = 2.0 : f32, scale = 2.0 : f32, shift = 1.0 : f32} : tensor<111xf32>
  %4 = ge.log1p %x : tensor<111xf32>
  return %0, %1, %2, %3, %4 : tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>, tensor<111xf32>
}

// -----
func.func @main(%x: tensor<64xf32> {test.low = -0.99 : f64, test.high = 0.99 : f64}, %y: tensor<64xf32> {test.low = 1.001 : f64, test.high = 9.0 : f64}) -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %0 = ge.asin %x : tensor<64xf32>
  %1 = ge.acos %x : tensor<64xf32>
  %2 = ge.atanh %x : tensor<64xf32>
  %3 = ge.acosh %y : tensor<64xf32>
  return %0, %1, %2, %3 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----
// Special values.
func.func @main(%x: tensor<8xf32> {test.values = dense<[0x7FC00000, 0x7F800000, 0xFF800000, 0.0, -0.0, 1.5, -2.5, 88.0]> : tensor<8xf32>}) -> (tensor<8xi1>, tensor<8xi1>, tensor<8xi1>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %0 = ge.is_nan %x : (tensor<8xf32>) -> tensor<8xi1>
  %1 = ge.is_inf %x : (tensor<8xf32>) -> tensor<8xi1>
  %2 = ge.is_finite %x : (tensor<8xf32>) -> tensor<8xi1>
  %3 = ge.relu %x : tensor<8xf32>
  %4 = ge.sign %x : tensor<8xf32>
  %5 = ge.abs %x : tensor<8xf32>
  %6 = ge.rint %x : tensor<8xf32>
  %7 = ge.exp %x : tensor<8xf32>
  %8 = ge.sigmoid %x : tensor<8xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<8xi1>, tensor<8xi1>, tensor<8xi1>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----
func.func @main(%x: tensor<5x9xi32>, %b: tensor<5x9xi1>, %u: tensor<40xui8> {test.high = 255.0 : f64}, %s: tensor<40xi8> {test.low = -128.0 : f64, test.high = 127.0 : f64}) -> (tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi1>, tensor<40xui8>, tensor<40xui8>, tensor<40xi8>) {
  %0 = ge.abs %x : tensor<5x9xi32>
  %1 = ge.neg %x : tensor<5x9xi32>
  %2 = ge.sign %x : tensor<5x9xi32>
  %3 = ge.invert %x : tensor<5x9xi32>
  %4 = ge.logical_not %b : tensor<5x9xi1>
  %5 = ge.invert %u : tensor<40xui8>
  %6 = ge.square %u : tensor<40xui8>
  %7 = ge.abs %s : tensor<40xi8>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi32>, tensor<5x9xi1>, tensor<40xui8>, tensor<40xui8>, tensor<40xi8>
}

// -----
// Half precision computes in f32.
func.func @main(%x: tensor<50xf16>, %y: tensor<50xbf16>) -> (tensor<50xf16>, tensor<50xbf16>, tensor<50xf16>, tensor<50xbf16>) {
  %0 = ge.exp %x : tensor<50xf16>
  %1 = ge.tanh %y : tensor<50xbf16>
  %2 = ge.gelu_v2 %x : tensor<50xf16>
  %3 = ge.abs %y : tensor<50xbf16>
  return %0, %1, %2, %3 : tensor<50xf16>, tensor<50xbf16>, tensor<50xf16>, tensor<50xbf16>
}

// -----
func.func @main(%x: tensor<50xf64> {test.low = 0.1 : f64}) -> (tensor<50xf64>, tensor<50xf64>) {
  %0 = ge.sqrt %x : tensor<50xf64>
  %1 = ge.square %x : tensor<50xf64>
  return %0, %1 : tensor<50xf64>, tensor<50xf64>
}
