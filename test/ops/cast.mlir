// Casts between element types agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<70xf32> {test.low = -100.0 : f64, test.high = 100.0 : f64}) -> (tensor<70xi8>, tensor<70xi32>, tensor<70xi64>, tensor<70xi1>, tensor<70xf16>, tensor<70xbf16>, tensor<70xf64>) {
  %0 = ge.cast %x {dst_type = i8} : (tensor<70xf32>) -> tensor<70xi8>
  %1 = ge.cast %x {dst_type = i32} : (tensor<70xf32>) -> tensor<70xi32>
  %2 = ge.cast %x {dst_type = i64} : (tensor<70xf32>) -> tensor<70xi64>
  %3 = ge.cast %x {dst_type = i1} : (tensor<70xf32>) -> tensor<70xi1>
  %4 = ge.cast %x {dst_type = f16} : (tensor<70xf32>) -> tensor<70xf16>
  %5 = ge.cast %x {dst_type = bf16} : (tensor<70xf32>) -> tensor<70xbf16>
  %6 = ge.cast %x {dst_type = f64} : (tensor<70xf32>) -> tensor<70xf64>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<70xi8>, tensor<70xi32>, tensor<70xi64>, tensor<70xi1>, tensor<70xf16>, tensor<70xbf16>, tensor<70xf64>
}

// -----
func.func @main(%x: tensor<70xui8> {test.high = 255.0 : f64}, %b: tensor<70xi1>, %s: tensor<70xi8> {test.low = -128.0 : f64, test.high = 127.0 : f64}) -> (tensor<70xf32>, tensor<70xi32>, tensor<70xi8>, tensor<70xf32>, tensor<70xi64>, tensor<70xui8>, tensor<70xi1>, tensor<70xf32>) {
  %0 = ge.cast %x {dst_type = f32} : (tensor<70xui8>) -> tensor<70xf32>
  %1 = ge.cast %x {dst_type = i32} : (tensor<70xui8>) -> tensor<70xi32>
  %2 = ge.cast %x {dst_type = i8} : (tensor<70xui8>) -> tensor<70xi8>
  %3 = ge.cast %b {dst_type = f32} : (tensor<70xi1>) -> tensor<70xf32>
  %4 = ge.cast %b {dst_type = i64} : (tensor<70xi1>) -> tensor<70xi64>
  %5 = ge.cast %s {dst_type = ui8} : (tensor<70xi8>) -> tensor<70xui8>
  %6 = ge.cast %s {dst_type = i1} : (tensor<70xi8>) -> tensor<70xi1>
  %7 = ge.cast %s {dst_type = f32} : (tensor<70xi8>) -> tensor<70xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<70xf32>, tensor<70xi32>, tensor<70xi8>, tensor<70xf32>, tensor<70xi64>, tensor<70xui8>, tensor<70xi1>, tensor<70xf32>
}

// -----
func.func @main(%x: tensor<33xf32> {test.low = 0.0 : f64, test.high = 255.9 : f64}, %h: tensor<33xf16>, %i: tensor<33xi64>) -> (tensor<33xui8>, tensor<33xf32>, tensor<33xi32>, tensor<33xi32>, tensor<33xf16>) {
  %0 = ge.cast %x {dst_type = ui8} : (tensor<33xf32>) -> tensor<33xui8>
  %1 = ge.cast %h {dst_type = f32} : (tensor<33xf16>) -> tensor<33xf32>
  %2 = ge.cast %h {dst_type = i32} : (tensor<33xf16>) -> tensor<33xi32>
  %3 = ge.cast %i {dst_type = i32} : (tensor<33xi64>) -> tensor<33xi32>
  %4 = ge.cast %i {dst_type = f16} : (tensor<33xi64>) -> tensor<33xf16>
  return %0, %1, %2, %3, %4 : tensor<33xui8>, tensor<33xf32>, tensor<33xi32>, tensor<33xi32>, tensor<33xf16>
}

// -----
// Floats of 8 and 4 bits: numbers, ties, what is too large, and back.
func.func @main(%x: tensor<300xf32> {test.low = -500.0 : f64, test.high = 500.0 : f64}, %s: tensor<300xf32> {test.low = -0.1 : f64, test.high = 0.1 : f64}) -> (tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>) {
  %0 = ge.cast %x {dst_type = f8E4M3FN} : (tensor<300xf32>) -> tensor<300xf8E4M3FN>
  %1 = ge.cast %x {dst_type = f8E5M2} : (tensor<300xf32>) -> tensor<300xf8E5M2>
  %2 = ge.cast %x {dst_type = f8E4M3FNUZ} : (tensor<300xf32>) -> tensor<300xf8E4M3FNUZ>
  %3 = ge.cast %s {dst_type = f8E5M2FNUZ} : (tensor<300xf32>) -> tensor<300xf8E5M2FNUZ>
  %4 = ge.cast %s {dst_type = f8E4M3FN} : (tensor<300xf32>) -> tensor<300xf8E4M3FN>
  %5 = ge.cast %x {dst_type = f4E2M1FN} : (tensor<300xf32>) -> tensor<300xf4E2M1FN>
  %6 = ge.cast %0 {dst_type = f32} : (tensor<300xf8E4M3FN>) -> tensor<300xf32>
  %7 = ge.cast %1 {dst_type = f32} : (tensor<300xf8E5M2>) -> tensor<300xf32>
  %8 = ge.cast %2 {dst_type = f32} : (tensor<300xf8E4M3FNUZ>) -> tensor<300xf32>
  %9 = ge.cast %3 {dst_type = f32} : (tensor<300xf8E5M2FNUZ>) -> tensor<300xf32>
  %10 = ge.cast %4 {dst_type = f32} : (tensor<300xf8E4M3FN>) -> tensor<300xf32>
  %11 = ge.cast %5 {dst_type = f32} : (tensor<300xf4E2M1FN>) -> tensor<300xf32>
  return %6, %7, %8, %9, %10, %11 : tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>
}

// -----
// Integers of 4 and 2 bits wrap.
func.func @main(%x: tensor<70xi32> {test.low = -40.0 : f64, test.high = 40.0 : f64}) -> (tensor<70xi32>, tensor<70xi32>, tensor<70xf32>, tensor<70xi8>) {
  %0 = ge.cast %x {dst_type = i4} : (tensor<70xi32>) -> tensor<70xi4>
  %1 = ge.cast %x {dst_type = ui4} : (tensor<70xi32>) -> tensor<70xui4>
  %2 = ge.cast %x {dst_type = i2} : (tensor<70xi32>) -> tensor<70xi2>
  %3 = ge.cast %x {dst_type = ui2} : (tensor<70xi32>) -> tensor<70xui2>
  %4 = ge.cast %0 {dst_type = i32} : (tensor<70xi4>) -> tensor<70xi32>
  %5 = ge.cast %1 {dst_type = i32} : (tensor<70xui4>) -> tensor<70xi32>
  %6 = ge.cast %2 {dst_type = f32} : (tensor<70xi2>) -> tensor<70xf32>
  %7 = ge.cast %3 {dst_type = i8} : (tensor<70xui2>) -> tensor<70xi8>
  return %4, %5, %6, %7 : tensor<70xi32>, tensor<70xi32>, tensor<70xf32>, tensor<70xi8>
}

// -----
func.func @main(%x: tensor<70xf32>) -> (tensor<70xi32>, tensor<70xf32>) {
  %0 = ge.bitcast %x {type = i32} : (tensor<70xf32>) -> tensor<70xi32>
  %1 = ge.bitcast %0 {type = f32} : (tensor<70xi32>) -> tensor<70xf32>
  return %0, %1 : tensor<70xi32>, tensor<70xf32>
}
