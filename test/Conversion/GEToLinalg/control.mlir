// Constants keep their value, bools become bytes, and what the shape says is constant.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg -mlir-print-debuginfo -mlir-pretty-debuginfo | FileCheck %s --check-prefix=LOC

// CHECK-LABEL: func.func @constants
func.func @constants() -> (tensor<2xi1>, tensor<2xui8>, tensor<2xf32>) {
  // CHECK-DAG: arith.constant dense<[1, 0]> : tensor<2xi8>
  // CHECK-DAG: arith.constant dense<[-1, 1]> : tensor<2xi8>
  // CHECK-DAG: arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %0 = ge.const dense<[true, false]> : tensor<2xi1>
  %1 = ge.const dense<[255, 1]> : tensor<2xui8>
  %2 = ge.const dense<[1.0, 2.0]> : tensor<2xf32>
  return %0, %1, %2 : tensor<2xi1>, tensor<2xui8>, tensor<2xf32>
}

// -----
// CHECK-LABEL: func.func @shape
func.func @shape(%x: tensor<2x3xf32>) -> tensor<2xi64> {
  // CHECK: arith.constant dense<[2, 3]> : tensor<2xi64>
  %0 = ge.shape %x {dtype = i64} : (tensor<2x3xf32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----
// A node's name stays with what it becomes.
// LOC-LABEL: func.func @locations
// LOC: linalg.generic
// LOC: } -> tensor<8xf32> "my_relu"
func.func @locations(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = ge.relu %x : tensor<8xf32> loc("my_relu")
  return %0 : tensor<8xf32>
}
