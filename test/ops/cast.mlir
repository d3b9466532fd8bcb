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
